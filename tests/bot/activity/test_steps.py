"""Next steps on somebody's desk: due, done, moved, and nobody else's."""

from collections.abc import Callable
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from bot.activity import service, steps
from bot.activity.model import NextStep
from bot.errors import Refused
from bot.store.engine import Store
from bot.working_time.hours import Hours
from tests.factories import NOW, TODAY, a_follow_up, a_member, a_person, an_entry

TOMORROW = TODAY + timedelta(days=1)


def promised(store: Store, what: str = "send quote", day: date = TODAY, at: time | None = None) -> UUID:
    """The step that Ana set with a call to Acme."""
    entry = an_entry(follow_up=a_follow_up(what, day, at=at))
    service.log(store, a_person(), [entry], origin=f"test:{what}", now=NOW - timedelta(days=20))
    return next(each.id for each in everything(store) if each.what == what)


def desk(store: Store, today: date = TODAY) -> steps.Desk:
    """Ana's desk on a day."""
    with store.read() as tx:
        return steps.desk(tx, a_person(), today)


def everything(store: Store) -> tuple[steps.Step, ...]:
    """All that stands on it."""
    found = desk(store)
    return (*found.due, *found.done, *found.coming)


def whats(found: tuple[steps.Step, ...]) -> list[str]:
    """What they are about."""
    return [each.what for each in found]


def test_what_is_due_what_is_overdue_and_what_comes(store: Store) -> None:
    for what, day in (("today", TODAY), ("late", TODAY - timedelta(days=9)), ("soon", TOMORROW)):
        promised(store, what, day)
    service.log(
        store,
        a_person(),
        [an_entry(follow_up=a_follow_up("far away", TODAY + timedelta(days=8)))],
        origin="far",
        now=NOW,
    )
    found = desk(store)
    assert (whats(found.due), whats(found.coming)) == (["late", "today"], ["soon"])
    assert found.due[0].who == "Acme"


def test_done_moves_it_down_and_bringing_it_back_moves_it_up(store: Store) -> None:
    step = promised(store)
    steps.finish(store, a_person(), step, NOW)
    assert (whats(desk(store).due), whats(desk(store).done)) == ([], ["send quote"])
    steps.finish(store, a_person(), step, NOW)
    steps.reopen(store, a_person(), step, NOW)
    assert (whats(desk(store).due), whats(desk(store).done)) == (["send quote"], [])


def test_what_was_done_yesterday_is_gone_today(store: Store) -> None:
    steps.finish(store, a_person(), promised(store), NOW - timedelta(days=1))
    assert everything(store) == ()


def test_later_keeps_the_hour(store: Store) -> None:
    step = promised(store, at=time(10, 30))
    moved = steps.postpone(store, a_person(), step, TOMORROW, NOW)
    assert (moved.day, moved.at) == (TOMORROW, time(10, 30))
    assert whats(desk(store).coming) == ["send quote"]


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda store, who, step: steps.finish(store, who, step, NOW), id="done"),
        pytest.param(lambda store, who, step: steps.reopen(store, who, step, NOW), id="bring back"),
        pytest.param(lambda store, who, step: steps.postpone(store, who, step, TOMORROW, NOW), id="later"),
    ],
)
@pytest.mark.parametrize("whose", ["somebody else's", "nobody's"])
def test_other_peoples_steps_are_out_of_reach(store: Store, act: Callable[..., object], whose: str) -> None:
    step = promised(store) if whose == "somebody else's" else uuid4()
    with pytest.raises(Refused) as told:
        act(store, a_person("U0BEN"), step)
    assert told.value.key == "step.gone"
    assert whats(desk(store).due) == (["send quote"] if whose == "somebody else's" else [])


def test_a_step_taken_back_with_its_entry_is_gone(store: Store) -> None:
    step = promised(store)
    service.undo_last(store, a_person(), origin="undo", now=NOW)
    with pytest.raises(Refused):
        steps.finish(store, a_person(), step, NOW)
    assert everything(store) == ()


def test_what_is_done_is_not_postponed(store: Store) -> None:
    step = promised(store)
    steps.finish(store, a_person(), step, NOW)
    with pytest.raises(Refused):
        steps.postpone(store, a_person(), step, TOMORROW, NOW)


def test_a_step_without_an_hour_is_due_when_its_owner_begins_to_work(store: Store) -> None:
    a_member(store, "U0ANA", hours=Hours.of({0: (time(7), time(15)), 2: (time(10), time(18))}).to_json())
    promised(store, "monday", date(2026, 11, 23))
    promised(store, "tuesday, a day off", date(2026, 11, 24))
    promised(store, "at nine", date(2026, 11, 23), at=time(9))
    with store.read() as tx:
        rows = tx.execute(select(NextStep.what, NextStep.due_at)).all()
    assert {what: due.hour for what, due in rows} == {"monday": 7, "tuesday, a day off": 7, "at nine": 9}
