"""Whatever somebody does and undoes, in any order: the totals are the sums of what stands, and no past ever changes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import or_, select

from bot.activity import service
from bot.activity.counted import counts
from bot.activity.entry import Entry, Kind
from bot.activity.model import Activity, ActivityDay, NextStep, StepState
from bot.errors import Refused
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.factories import NOW, TODAY, a_follow_up, a_person, an_entry
from tests.lengths import length

activity = table_of(Activity)
total = table_of(ActivityDay)
step = table_of(NextStep)

FIRST = TODAY - timedelta(days=2)

ENTRIES = st.builds(
    an_entry,
    st.sampled_from((Kind.CALL, Kind.EMAIL, Kind.DEMO)),
    st.sampled_from((TODAY, TODAY - timedelta(days=1), FIRST)),
    who=st.sampled_from((None, "Acme", "Globex")),
    count=st.integers(1, 5),
    minutes=st.none() | st.integers(1, 60),
    note=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20).map(lambda text: text or None),
    follow_up=st.none() | st.builds(a_follow_up, st.sampled_from(("send quote", "call back"))),
)

Known = dict[UUID, Entry]


class History(RuleBasedStateMachine):
    """One person at work, beside a plain replay of what they did; a second passes with every step."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.ana = a_person(workspace_id=f"T{uuid4().hex}")
        self.now = NOW
        self.standing: Known = {}
        self.removed: Known = {}
        self.pasts: list[tuple[datetime, Known]] = []
        self.again: Callable[[], Any] = lambda: None

    def does(self, use_case: Callable[..., service.Logged], *args: Any) -> service.Logged:
        """Let a delivery arrive; `again` delivers it once more, later."""
        self.pasts.append((self.now, dict(self.standing)))
        self.now += timedelta(seconds=1)
        origin = uuid4().hex
        self.again = lambda: use_case(self.store, self.ana, *args, origin=origin, now=self.now)
        done: service.Logged = self.again()
        return done

    @rule(entry=ENTRIES)
    def logs(self, entry: Entry) -> None:
        (stored,) = self.does(service.log, [entry]).entries
        self.standing[stored.id] = entry

    @precondition(lambda self: self.standing)
    @rule(entry=ENTRIES, data=st.data())
    def edits(self, entry: Entry, data: st.DataObject) -> None:
        entry_id = data.draw(st.sampled_from(sorted(self.standing)))
        self.does(service.amend, entry_id, entry)
        self.standing.pop(entry_id)
        self.standing[entry_id] = entry

    @precondition(lambda self: self.standing)
    @rule(data=st.data())
    def removes(self, data: st.DataObject) -> None:
        entry_id = data.draw(st.sampled_from(sorted(self.standing)))
        self.does(service.remove, [entry_id])
        self.removed[entry_id] = self.standing.pop(entry_id)

    @rule()
    def undoes(self) -> None:
        if not self.standing:
            with pytest.raises(Refused):
                service.undo_last(self.store, self.ana, origin=uuid4().hex, now=self.now)
            return
        newest = list(self.standing)[-1]
        assert self.does(service.undo_last).entries[0].id == newest
        self.removed[newest] = self.standing.pop(newest)

    @precondition(lambda self: self.removed)
    @rule(data=st.data())
    def brings_back(self, data: st.DataObject) -> None:
        entry_id = data.draw(st.sampled_from(sorted(self.removed)))
        self.does(service.restore, [entry_id])
        self.standing[entry_id] = self.removed.pop(entry_id)

    @rule()
    def the_last_delivery_arrives_again(self) -> None:
        self.again()

    @invariant()
    def what_stands_is_what_a_replay_says(self) -> None:
        found = service.overview(self.store, self.ana, FIRST, TODAY, self.now).entries
        assert {each.id: _bare(each.entry) for each in found} == {
            entry_id: _bare(entry) for entry_id, entry in self.standing.items()
        }

    @invariant()
    def the_totals_are_the_sums(self) -> None:
        sums: Counter[tuple[date, str]] = Counter()
        minutes: Counter[tuple[date, str]] = Counter()
        for entry in self.standing.values():
            sums[entry.day, entry.kind] += entry.count
            minutes[entry.day, entry.kind] += entry.minutes or 0
        with self.store.read() as tx:
            rows = tx.execute(select(total).where(total.c.workspace_id == self.ana.workspace_id)).all()
        assert Counter({(row.day, row.kind): row.quantity for row in rows}) == sums
        assert Counter({(row.day, row.kind): row.minutes for row in rows}) == minutes
        assert service.overview(self.store, self.ana, FIRST, TODAY, self.now).totals == sums

    @invariant()
    def the_open_steps_are_those_of_what_stands(self) -> None:
        here = (step.c.workspace_id == self.ana.workspace_id, step.c.state == StepState.OPEN)
        with self.store.read() as tx:
            found = {row.activity_id: row.what for row in tx.execute(select(step).where(*here))}
        with_step = {key: entry.follow_up.what for key, entry in self.standing.items() if entry.follow_up}
        assert found == with_step

    def teardown(self) -> None:
        """What was known at every moment is known of it now."""
        for moment, known in self.pasts:
            assert self._known_at(moment) == {key: _figures(entry) for key, entry in known.items()}
            sums: Counter[tuple[date, str]] = Counter()
            for entry in known.values():
                sums[entry.day, entry.kind] += entry.count
            with self.store.read() as tx:
                found = counts(tx, self.ana.workspace_id, [self.ana.id], FIRST, TODAY, moment)
            assert {(each.day, each.kind): each.quantity for each in found} == sums

    def _known_at(self, moment: datetime) -> dict[UUID, tuple[Any, ...]]:
        then = select(activity).where(
            activity.c.workspace_id == self.ana.workspace_id,
            activity.c.recorded_at <= moment,
            or_(activity.c.superseded_at.is_(None), activity.c.superseded_at > moment),
        )
        with self.store.read() as tx:
            rows = tx.execute(then).all()
        return {row.id: (row.kind, row.day, row.quantity, row.minutes, row.note) for row in rows}


def _bare(entry: Entry) -> Entry:
    """An entry without the reference that the store adds to a name."""
    return replace(entry, who=replace(entry.who, ref=None)) if entry.who else entry


def _figures(entry: Entry) -> tuple[Any, ...]:
    return entry.kind, entry.day, entry.count, entry.minutes, entry.note


@pytest.mark.usefixtures("unwalled")
@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.short_on("sqlite")
def test_the_totals_and_every_past_hold_in_any_order(store: Store) -> None:
    run_state_machine_as_test(
        lambda: History(store),  # type: ignore[arg-type]  # any factory will do, says its documentation
        settings=settings(
            max_examples=length(30, 500), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
