"""What people do with their activity, on a real store: once for every delivery, and every past stays as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, Row, select

from bot.access.actor import Actor
from bot.accounts import queries as account_queries
from bot.accounts.model import Account
from bot.activity import service
from bot.activity.entry import Entry, Kind, Offer, Reminder, Understood, Who
from bot.activity.model import Activity, NextStep
from bot.activity.questions import Question
from bot.errors import Refused
from bot.ops.causes import Workers
from bot.reading.names import KnownName
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from tests.factories import NOW, TODAY, a_follow_up, a_person, an_entry

ANA, DEVON = a_person("U0ANA"), a_person("U0DEVON")
ANA_ELSEWHERE = a_person("U0ANA", workspace_id="T0OTHER")
LATER = NOW + timedelta(minutes=5)

activity = table_of(Activity)
step = table_of(NextStep)
account = table_of(Account)


def log_one(store: Store, actor: Actor = ANA, entry: Entry | None = None, origin: str = "o") -> UUID:
    """Log an entry and return its id."""
    return service.log(store, actor, [entry or an_entry()], origin=origin, now=NOW).entries[0].id


def calls(store: Store, actor: Actor = ANA) -> int:
    """The day's calls as every reply shows them."""
    return service.overview(store, actor, TODAY, TODAY, NOW).count.calls


def versions_of(store: Store, entry_id: UUID) -> list[Row[tuple[object, ...]]]:
    """Every version of an entry, oldest first."""
    with store.read() as tx:
        return list(tx.execute(select(activity).where(activity.c.id == entry_id).order_by(activity.c.version)))


def steps(store: Store) -> list[tuple[str, str, UUID | None]]:
    """Every next step: what, its state, the entry it stands with."""
    with store.read() as tx:
        found = tx.execute(select(step.c.what, step.c.state, step.c.activity_id).order_by(step.c.recorded_at))
        return [(row.what, row.state, row.activity_id) for row in found]


def test_an_entry_comes_back_as_it_was_logged(store: Store) -> None:
    entry = an_entry(
        who="Acme", minutes=15, outcome="connected", at=time(9, 30), note="wants\npricing", follow_up=a_follow_up()
    )
    entry = replace(entry, colleagues=("U0DANA", "U0ARUN"))
    done = service.log(store, ANA, [entry], origin="o", now=NOW)
    found = service.own_entry(store, ANA, done.entries[0].id)
    assert found.entry.who is not None
    assert found.entry == replace(entry, who=found.entry.who)
    assert (found.entry.who.name, found.person_id, found.recorded_at) == ("Acme", "U0ANA", NOW)
    assert (done.count.calls, done.count.goal, done.new_names) == (1, 10, ("Acme",))


def test_a_delivery_counts_once_and_is_answered_alike(store: Store) -> None:
    first = service.log(store, ANA, [an_entry(follow_up=a_follow_up())], origin="o", now=NOW)
    again = service.log(store, ANA, [an_entry(follow_up=a_follow_up())], origin="o", now=LATER)
    assert [each.id for each in again.entries] == [each.id for each in first.entries]
    assert (first.count.calls, again.count.calls, calls(store)) == (1, 1, 1)
    assert steps(store) == [("send quote", "open", first.entries[0].id)]


def test_several_entries_of_one_line_are_all_stored_once(store: Store) -> None:
    line = [an_entry(who="Acme"), an_entry(who="Globex"), an_entry(Kind.EMAIL, count=4, who=None)]
    first = service.log(store, ANA, line, origin="o", now=NOW)
    again = service.log(store, ANA, line, origin="o", now=NOW)
    assert [each.id for each in again.entries] == [each.id for each in first.entries]
    found = service.overview(store, ANA, TODAY, TODAY, NOW)
    assert found.totals == {(TODAY, "call"): 2, (TODAY, "email"): 4}
    assert len(found.entries) == 3


def test_a_bad_entry_takes_the_whole_line_with_it(store: Store) -> None:
    unknown = Who("Ghost", f"account:{new_id()}")
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        service.log(store, ANA, [an_entry(), replace(an_entry(), who=unknown)], origin="o", now=NOW)
    assert calls(store) == 0
    assert service.overview(store, ANA, TODAY, TODAY, NOW).entries == ()


def test_an_edit_is_another_version_and_moves_the_count(store: Store) -> None:
    entry_id = log_one(store, entry=an_entry(minutes=15, follow_up=a_follow_up("send quote")))
    yesterday = TODAY - timedelta(days=1)
    other = an_entry(Kind.DEMO, yesterday, who="Globex", count=2, follow_up=a_follow_up("call back"))
    for _ in range(2):
        done = service.amend(store, ANA, entry_id, other, origin="e", now=LATER)
        assert done.entries[0].entry.kind == Kind.DEMO
    first, second = versions_of(store, entry_id)
    assert (first.superseded_at, first.superseded_by, second.recorded_at) == (LATER, "U0ANA", LATER)
    found = service.overview(store, ANA, yesterday, TODAY, NOW)
    assert found.totals == {(yesterday, "demo"): 2}
    assert steps(store) == [("send quote", "withdrawn", None), ("call back", "open", entry_id)]


def test_an_edit_keeps_the_colleagues_that_the_form_has_no_field_for(store: Store) -> None:
    entry_id = log_one(store, entry=replace(an_entry(), colleagues=("U0DANA",)))
    done = service.amend(store, ANA, entry_id, an_entry(minutes=5), origin="e", now=LATER)
    assert done.entries[0].entry.colleagues == ("U0DANA",)


def test_what_was_removed_can_be_brought_back_with_its_next_step(store: Store) -> None:
    entry_id = log_one(store, entry=an_entry(follow_up=a_follow_up()))
    for _ in range(2):
        gone = service.remove(store, ANA, [entry_id], origin="r", now=LATER)
        assert (gone.entries[0].entry.follow_up, gone.count.calls) == (a_follow_up(), 0)
    assert [state for _, state, _ in steps(store)] == ["withdrawn"]
    for _ in range(2):
        back = service.restore(store, ANA, [entry_id], origin="b", now=LATER)
        assert (back.entries[0].entry.follow_up, back.count.calls) == (a_follow_up(), 1)
    assert [(state, entry) for _, state, entry in steps(store)] == [("withdrawn", None), ("open", entry_id)]


def test_undo_takes_back_one_after_the_other_newest_first(store: Store) -> None:
    entries = [log_one(store, origin=f"o{n}") for n in range(2)]
    undone = [
        service.undo_last(store, ANA, origin=origin, now=LATER).entries[0].id for origin in ("u0", "u0", "u1", "u1")
    ]
    assert undone == [entries[1], entries[1], entries[0], entries[0]]
    with pytest.raises(Refused) as refused:
        service.undo_last(store, ANA, origin="u2", now=LATER)
    assert refused.value.key == "log.nothing_to_undo"


def test_undo_takes_back_an_edited_entry_whole(store: Store) -> None:
    first, _ = log_one(store, origin="o0"), log_one(store, origin="o1")
    service.amend(store, ANA, first, an_entry(Kind.EMAIL), origin="e", now=LATER)
    assert service.undo_last(store, ANA, origin="u", now=LATER).entries[0].id == first
    assert service.overview(store, ANA, TODAY, TODAY, NOW).totals == {(TODAY, "call"): 1}


@pytest.mark.parametrize("other", [DEVON, ANA_ELSEWHERE], ids=["a colleague", "the same id in another workspace"])
@pytest.mark.parametrize("is_removed", [False, True], ids=["standing", "removed"])
def test_another_persons_entry_is_refused(store: Store, other: Actor, is_removed: bool) -> None:
    entry_id = log_one(store)
    if is_removed:
        service.remove(store, ANA, [entry_id], origin="gone", now=NOW)
    before = versions_of(store, entry_id)
    for attempt in (
        lambda: service.amend(store, other, entry_id, an_entry(), origin="x", now=LATER),
        lambda: service.remove(store, other, [entry_id], origin="x", now=LATER),
        lambda: service.restore(store, other, [entry_id], origin="x", now=LATER),
        lambda: service.own_entry(store, other, entry_id),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.key == "log.not_yours"
    with pytest.raises(Refused):
        service.undo_last(store, other, origin="x", now=LATER)
    assert versions_of(store, entry_id) == before
    assert calls(store, other) == 0


def test_what_is_gone_cannot_be_edited(store: Store) -> None:
    entry_id = log_one(store)
    service.remove(store, ANA, [entry_id], origin="r", now=NOW)
    with pytest.raises(Refused):
        service.amend(store, ANA, entry_id, an_entry(), origin="e", now=LATER)


@pytest.mark.usefixtures("unwalled")
def test_the_same_deliveries_and_names_in_two_workspaces_never_meet(store: Store) -> None:
    for actor in (ANA, ANA_ELSEWHERE):
        line = Reminder(Who("Acme"), a_follow_up())
        service.log(store, actor, [an_entry()], origin="o", now=NOW)
        service.remind(store, actor, line, origin="m", now=NOW)
    assert [calls(store, actor) for actor in (ANA, ANA_ELSEWHERE)] == [1, 1]
    service.undo_last(store, ANA, origin="u", now=LATER)
    assert [calls(store, actor) for actor in (ANA, ANA_ELSEWHERE)] == [0, 1]
    assert service.undo_last(store, ANA_ELSEWHERE, origin="u", now=LATER).entries[0].entry.who is not None
    with store.read() as tx:
        assert sorted(tx.execute(select(account.c.workspace_id)).scalars()) == ["T0BATON", "T0OTHER"]


@pytest.mark.parametrize("typed", ["acme", "ACME", "«Acme»", '"Acme"', "Acme.", "Ａｃｍｅ"])
def test_a_company_is_made_once_for_every_way_to_type_it(store: Store, typed: str) -> None:
    log_one(store, entry=an_entry(who="Acme"))
    log_one(store, entry=an_entry(who=typed), origin="o2")
    with store.read() as tx:
        assert tx.execute(select(account.c.name)).scalars().all() == ["Acme"]


@pytest.mark.usefixtures("unwalled")
def test_a_line_finds_the_company_that_an_earlier_one_made(store: Store) -> None:
    log_one(store, entry=an_entry(who="Acme"))
    reading = service.understand(store, ANA, "call ACME 5m", NOW)
    assert isinstance(reading, Understood)
    assert reading.entries[0].who is not None
    assert reading.entries[0].who.name == "Acme"
    assert service.known_names(store, ANA, "acme").names[0].ref == reading.entries[0].who.ref
    assert service.from_text(store, ANA, "acme called again", NOW).who == reading.entries[0].who
    assert service.known_names(store, ANA_ELSEWHERE, "acme").names == ()


def test_a_company_that_a_colleague_adds_while_the_line_is_read_is_no_misspelling(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = account_queries.similar

    def look_after_a_colleague(tx: Connection, workspace_id: str, key: str) -> list[KnownName]:
        log_one(store, DEVON, an_entry(who="Globex"), origin="meanwhile")
        return look(tx, workspace_id, key)

    monkeypatch.setattr(account_queries, "similar", look_after_a_colleague)
    reading = service.understand(store, ANA, "call Globex 5m", NOW)
    assert isinstance(reading, Understood)
    assert reading.entries[0].who == Who("Globex", service.known_names(store, ANA, "Globex").names[0].ref)


BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


@pytest.mark.parametrize(
    ("zone", "day", "at", "now", "happened"),
    [
        pytest.param(BERLIN, date(2026, 10, 24), time(14, 30), None, "2026-10-24T12:30", id="in summer time"),
        pytest.param(BERLIN, date(2026, 10, 25), time(14, 30), None, "2026-10-25T13:30", id="the day it ends"),
        pytest.param(BERLIN, date(2026, 10, 25), time(2, 30), None, "2026-10-25T00:30", id="an hour that comes twice"),
        pytest.param(BERLIN, date(2026, 10, 24), None, None, "2026-10-24T10:00", id="no time: midday of that day"),
        pytest.param(
            NEW_YORK,
            date(2026, 3, 8),
            time(2, 30),
            "2026-03-09T12:00",
            "2026-03-08T07:00",
            id="an hour that is skipped",
        ),
        pytest.param(BERLIN, date(2026, 11, 18), None, None, "2026-11-18T14:00", id="today, no time: now"),
        pytest.param("Asia/Tokyo", date(2026, 11, 18), time(9, 0), None, "2026-11-18T00:00", id="ahead of UTC"),
    ],
)
def test_when_it_happened_is_the_persons_own_wall_clock(
    store: Store, zone: str, day: date, at: time | None, now: str | None, happened: str
) -> None:
    moment = datetime.fromisoformat(f"{now}+00:00") if now else NOW
    actor = a_person(zone=zone)
    done = service.log(store, actor, [an_entry(day=day, at=at)], origin="o", now=moment)
    (row,) = versions_of(store, done.entries[0].id)
    assert row.happened_at == datetime.fromisoformat(f"{happened}+00:00")
    assert (row.day, row.at, row.recorded_at) == (day, at, moment)


def test_the_week_is_the_one_that_runs_where_the_person_is(store: Store) -> None:
    sunday_evening = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
    for person, day in ((a_person(zone="America/New_York"), 22), (a_person("U0KEN", zone="Asia/Tokyo"), 23)):
        service.log(store, person, [an_entry(day=date(2026, 11, day))], origin=person.id, now=sunday_evening)
        found = service.this_week(store, person, sunday_evening)
        assert found.first <= date(2026, 11, day) <= found.last
        assert (found.first.weekday(), len(found.entries), found.count.calls) == (0, 1, 1)


def test_an_overview_is_the_persons_own_newest_first(store: Store) -> None:
    yesterday = TODAY - timedelta(days=1)
    log_one(store, entry=an_entry(day=yesterday, note="first"), origin="o0")
    log_one(store, entry=an_entry(note="third", at=time(11, 0)), origin="o1")
    log_one(store, entry=an_entry(note="second", at=time(10, 0)), origin="o2")
    log_one(store, DEVON, origin="o3")
    log_one(store, entry=an_entry(day=yesterday - timedelta(days=1)), origin="o4")
    found = service.overview(store, ANA, yesterday, TODAY, NOW)
    assert [each.entry.note for each in found.entries] == ["third", "second", "first"]
    assert found.totals == {(TODAY, "call"): 2, (yesterday, "call"): 1}


def test_a_next_step_may_stand_alone_and_is_kept_once(store: Store) -> None:
    reminder = Reminder(Who("Acme"), a_follow_up(at=time(15, 0)))
    for _ in range(2):
        done = service.remind(store, ANA, reminder, origin="m", now=NOW)
        assert (done.reminder, done.entries, done.count.calls) == (reminder, (), 0)
    assert steps(store) == [("send quote", "open", None)]


OFFERS = (
    Offer("log.offer.store", entries=(an_entry(), an_entry(Kind.EMAIL))),
    Offer("log.offer.reminder", reminder=Reminder(None, a_follow_up())),
)


def test_an_answer_to_a_question_is_stored_once(store: Store) -> None:
    question = service.ask(store, ANA, "call Acme & Globex", OFFERS, NOW)
    assert service.asked(store, ANA, question) == Question("call Acme & Globex", OFFERS, None)
    for _ in range(2):
        assert len(service.take(store, ANA, question, 0, NOW).entries) == 2
    assert service.overview(store, ANA, TODAY, TODAY, NOW).totals == {(TODAY, "call"): 1, (TODAY, "email"): 1}


def test_an_answer_may_be_a_next_step(store: Store) -> None:
    question = service.ask(store, ANA, "call Acme next tue", OFFERS, NOW)
    for _ in range(2):
        assert service.take(store, ANA, question, 1, NOW).reminder == OFFERS[1].reminder
    assert len(steps(store)) == 1
    assert calls(store) == 0


def test_a_question_is_answered_with_one_button(store: Store) -> None:
    question = service.ask(store, ANA, "call Acme & Globex", OFFERS, NOW)
    service.take(store, ANA, question, 0, NOW)
    with pytest.raises(Refused) as refused:
        service.take(store, ANA, question, 1, NOW)
    assert refused.value.key == "log.already_answered"
    assert steps(store) == []


def test_an_answer_may_amend_the_entry_that_is_there(store: Store) -> None:
    offer = Offer("log.offer.outcome", entries=(an_entry(outcome="connected"),), amends=True)
    read = Understood((an_entry(),), (offer,))
    logged = service.log_line(store, ANA, "call Acme", read, origin="line", now=NOW)
    entry_id, question = logged.entries[0].id, logged.question
    assert question is not None
    for _ in range(2):
        (changed,) = service.take(store, ANA, question, 0, LATER).entries
        assert (changed.id, changed.entry.outcome) == (entry_id, "connected")
    assert calls(store) == 1


@pytest.mark.parametrize(
    ("actor", "choice"),
    [
        pytest.param(DEVON, 0, id="a colleague's question"),
        pytest.param(ANA_ELSEWHERE, 0, id="another workspace's"),
        pytest.param(ANA, 2, id="a choice that was not offered"),
        pytest.param(ANA, -1, id="a negative choice"),
    ],
)
def test_an_answer_to_nothing_is_refused(store: Store, actor: Actor, choice: int) -> None:
    question = service.ask(store, ANA, "call Acme & Globex", OFFERS, NOW)
    with pytest.raises(Refused) as refused:
        service.take(store, actor, question, choice, NOW)
    assert refused.value.key == "log.question_gone"
    assert calls(store, actor) == 0


def test_changes_at_the_same_moment_leave_the_sums_right(store: Store) -> None:
    """Edits, removals and returns of one entry from eight threads: whoever wins, it stands once and is counted once."""
    entry_id = log_one(store, entry=an_entry(follow_up=a_follow_up("step 0")))
    refusals: set[str] = set()

    def change(n: int) -> None:
        now = NOW + timedelta(seconds=n)
        entry = an_entry((Kind.CALL, Kind.EMAIL)[n % 2], count=n % 3 + 1, follow_up=a_follow_up(f"step {n}"))
        try:
            (
                lambda: service.amend(store, ANA, entry_id, entry, origin=f"{n}", now=now),
                lambda: service.amend(store, ANA, entry_id, entry, origin=f"{n // 4}-same", now=now),
                lambda: service.remove(store, ANA, [entry_id], origin=f"{n}", now=now),
                lambda: service.undo_last(store, ANA, origin=f"{n // 4}-same-undo", now=now),
                lambda: service.restore(store, ANA, [entry_id], origin=f"{n}", now=now),
                lambda: service.restore(store, ANA, [entry_id], origin=f"{n}", now=now),
            )[n % 6]()
        except Refused as refused:
            refusals.add(refused.key)

    with Workers(8) as threads:
        list(threads.map(change, range(120)))
    assert refusals <= {"log.not_yours", "log.nothing_to_undo"}
    service.restore(store, ANA, [entry_id], origin="last", now=NOW + timedelta(seconds=999))
    standing = service.own_entry(store, ANA, entry_id).entry
    found = service.overview(store, ANA, TODAY, TODAY, NOW)
    assert found.totals == {(TODAY, standing.kind): standing.count}
    assert [each.entry for each in found.entries] == [standing]
    assert standing.follow_up is not None
    assert [row.version for row in versions_of(store, entry_id)] == list(
        range(1, len(versions_of(store, entry_id)) + 1)
    )
    assert [(what, entry) for what, state, entry in steps(store) if state == "open"] == [
        (standing.follow_up.what, entry_id)
    ]


def test_a_delivery_that_arrives_many_times_at_once_is_one(store: Store) -> None:
    with Workers(8) as threads:
        done = [threads.submit(log_one, store, ANA, an_entry(who="Newco"), "same") for _ in range(8)]
    assert len({each.result() for each in done}) == 1
    assert calls(store) == 1


def test_a_new_company_of_eight_people_at_once_is_one(store: Store) -> None:
    with Workers(8) as threads:
        done = [threads.submit(log_one, store, a_person(f"U{n}"), an_entry(who="Newco"), f"o{n}") for n in range(8)]
    assert len({each.result() for each in done}) == 8
    with store.read() as tx:
        assert tx.execute(select(account.c.name)).scalars().all() == ["Newco"]
