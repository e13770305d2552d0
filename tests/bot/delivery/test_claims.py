"""Taking rows of the ledger and giving them back, on both databases: who gets which, and where each row goes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from bot.delivery import claims, queries, service, taken_back
from bot.delivery.claims import Holder, Settled
from bot.delivery.outcome import Parcel, Sent
from bot.delivery.rules import LEASE, LOOK, LOOK_AFTER, PACE, Step
from bot.delivery.states import MOVES, State, Way
from bot.store.engine import Store
from tests.bot.delivery.parcels import HERE, Ledger, a_letter
from tests.factories import NOW

ME, OTHER = Holder(HERE, "me"), Holder(HERE, "somebody else")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
THERE = Sent("D1", "1.1")
KINDS = ("drill", "another")


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(store)


def take(ledger: Ledger, most: int = 10, *, now: datetime = NOW, by: Holder = ME, **more: Any) -> list[Parcel]:
    with ledger.store.write() as tx:
        return claims.take(tx, by, now, most, **{"kinds": KINDS, **more})


def taken(ledger: Ledger, most: int = 10, **more: Any) -> list[UUID]:
    return [parcel.id for parcel in take(ledger, most, **more)]


def settle(ledger: Ledger, *settled: Settled, by: Holder = ME, now: datetime = NOW) -> int:
    with ledger.store.write() as tx:
        return claims.settle(tx, by, settled, now)


def sent(parcel: Parcel, where: Sent = THERE) -> Settled:
    return Settled(parcel, Step(State.SENT), where)


def do(ledger: Ledger, what: Callable[..., Any], *args: Any) -> Any:
    with ledger.store.write() as tx:
        return what(tx, HERE, *args)


def test_the_longest_waiting_are_taken_first_and_no_more_than_wanted(ledger: Ledger) -> None:
    moments = [NOW - 3 * SECOND, NOW - 5 * SECOND, NOW - SECOND, NOW - 4 * SECOND]
    rows = ledger.put(*({"not_before": moment} for moment in moments))
    assert taken(ledger, 3) == [rows[1], rows[3], rows[0]]
    assert taken(ledger, 3) == [rows[2]]
    assert taken(ledger, 3) == []


@pytest.mark.usefixtures("unwalled")
def test_only_what_waits_in_this_workspace_is_taken_and_not_before_its_moment(ledger: Ledger) -> None:
    ledger.put({"workspace_id": "T0OTHER"}, {"not_before": NOW + SECOND})
    ledger.put(*({"state": state} for state in (State.SENT, State.DROPPED, State.FAILED, State.CLAIMED)))
    waiting = ledger.put({}, {"state": State.UNSURE})
    assert sorted(taken(ledger)) == sorted(waiting)


def test_a_row_that_is_taken_is_held_with_a_lease_and_its_try_is_counted(ledger: Ledger) -> None:
    (row,) = ledger.put({"attempts": 2})
    (parcel,) = take(ledger)
    held = ledger.row(row)
    assert (held.state, held.claimed_by, held.lease_until) == (State.CLAIMED, "me", NOW + LEASE)
    assert (held.attempts, parcel.attempts, held.tried_at, parcel.tried_at) == (3, 3, NOW, NOW)
    assert not parcel.was_unsure


def test_an_unsure_row_says_when_it_was_tried_first(ledger: Ledger) -> None:
    first = NOW - MINUTE
    ledger.put({"state": State.UNSURE, "tried_at": first, "attempts": 1})
    (parcel,) = take(ledger)
    assert (parcel.was_unsure, parcel.tried_at, parcel.attempts) == (True, first, 2)
    assert ledger.rows()[0].tried_at == first


def test_one_recipient_gets_one_message_and_the_others_follow_a_second_apart(ledger: Ledger) -> None:
    before = [{"recipient": "U0ANA", "occasion": str(n), "not_before": NOW - (9 - n) * SECOND} for n in range(3)]
    rows = ledger.put(*before, {"recipient": "U0BEN"})
    parcels = take(ledger)
    assert [parcel.id for parcel in parcels] == [rows[0], rows[3]]
    settle(ledger, *map(sent, parcels))
    assert [ledger.row(row).not_before for row in rows[1:3]] == [NOW + PACE, NOW + 2 * PACE]
    assert [ledger.row(row).state for row in rows[1:3]] == [State.WAITING] * 2
    assert taken(ledger, now=NOW + 2 * PACE) == [rows[1]]


def test_a_closed_way_is_left_alone_and_the_others_go_on(ledger: Ledger) -> None:
    post, update = ledger.put({"way": Way.POST}, {"way": Way.UPDATE, "channel": "D1", "ts": "1.1"})
    assert taken(ledger, closed=[Way.POST]) == [update]
    assert ledger.row(post).not_before == NOW
    assert taken(ledger, closed=[Way.UPDATE, Way.UPLOAD]) == [post]


def test_a_busy_recipient_waits_and_holds_up_nobody(ledger: Ledger) -> None:
    ledger.put({"recipient": "U0ANA"})
    (row,) = ledger.put({"recipient": "U0BEN"})
    assert taken(ledger, busy=["U0ANA"]) == [row]
    assert [each.state for each in ledger.rows() if each.recipient == "U0ANA"] == [State.WAITING]


def test_who_is_just_getting_something_from_another_process_waits(ledger: Ledger) -> None:
    held, later = ledger.put(*({"recipient": "U0ANA", "occasion": str(n)} for n in range(2)))
    ledger.set(held, state=State.CLAIMED, claimed_by="somebody else", lease_until=NOW + LEASE)
    assert taken(ledger) == []
    assert ledger.row(later).not_before == NOW + PACE
    ledger.set(held, state=State.SENT, claimed_by=None, lease_until=None)
    assert taken(ledger, now=NOW + PACE) == [later]


def test_a_kind_that_this_process_has_no_words_for_is_left_to_others(ledger: Ledger) -> None:
    mine, theirs = ledger.put({}, {"kind": "of tomorrow"})
    assert taken(ledger) == [mine]
    assert ledger.row(theirs).state == State.WAITING


def test_while_nobody_may_look_only_what_is_unsure_waits(ledger: Ledger) -> None:
    unsure, waiting = ledger.put({"state": State.UNSURE}, {})
    assert taken(ledger, closed=[LOOK]) == [waiting]
    assert taken(ledger) == [unsure]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_two_that_take_at_once_pass_by_what_the_other_takes(ledger: Ledger) -> None:
    rows = ledger.put(*[{}] * 4)
    with ledger.store.write() as mine, ledger.store.write() as theirs:
        first = claims.take(mine, ME, NOW, 2, kinds=KINDS)
        second = claims.take(theirs, OTHER, NOW, 10, kinds=KINDS)
    assert sorted(parcel.id for parcel in [*first, *second]) == sorted(rows)
    assert len(first) == 2


def test_what_was_sent_is_written_down_with_its_place(ledger: Ledger) -> None:
    (row,) = ledger.put({"attempts": 4, "reason": "reset"})
    (parcel,) = take(ledger)
    later = NOW + SECOND
    assert settle(ledger, sent(parcel), now=later) == 1
    found = ledger.row(row)
    assert (found.state, found.channel, found.ts, found.shown, found.settled_at) == (State.SENT, "D1", "1.1", 1, later)
    assert (found.attempts, found.reason, found.tried_at) == (0, None, None)
    assert (found.claimed_by, found.lease_until) == (None, None)


@pytest.mark.parametrize(
    ("step", "attempts", "is_settled"),
    [
        pytest.param(Step(State.WAITING, "store", NOW + MINUTE), 3, False, id="waits for its next try"),
        pytest.param(Step(State.WAITING, "ratelimited", NOW + MINUTE, is_try=False), 2, False, id="no try"),
        pytest.param(Step(State.UNSURE, "reset", NOW + MINUTE), 3, False, id="unsure"),
        pytest.param(Step(State.DROPPED, "settled"), 3, True, id="nothing to say"),
        pytest.param(Step(State.FAILED, "is_archived"), 3, True, id="refused"),
    ],
)
def test_what_was_not_sent_is_written_down_with_its_reason(
    ledger: Ledger, step: Step, attempts: int, is_settled: bool
) -> None:
    (row,) = ledger.put({"attempts": 2})
    (parcel,) = take(ledger)
    assert settle(ledger, Settled(parcel, step)) == 1
    found = ledger.row(row)
    assert (found.state, found.reason, found.attempts) == (step.state, step.reason, attempts)
    assert found.not_before == (step.not_before or NOW)
    assert found.settled_at == (NOW if is_settled else None)
    assert found.tried_at == (NOW if step.state == State.UNSURE else None)
    assert (found.claimed_by, found.lease_until) == (None, None)


def test_whoever_holds_a_row_may_hold_it_longer_and_nobody_else(ledger: Ledger) -> None:
    (row,) = ledger.put({})
    (parcel,) = take(ledger)
    late = NOW + 2 * LEASE

    def renew(by: Holder) -> bool:
        with ledger.store.write() as tx:
            return claims.renew(tx, by, parcel, late)

    assert not renew(OTHER)
    assert renew(ME)
    assert ledger.row(row).lease_until == late + LEASE
    do(ledger, claims.expire, late + LEASE)
    assert not renew(ME)


@pytest.mark.parametrize("step", [Step(State.SENT), Step(State.FAILED, "is_archived")], ids=["sent", "failed"])
def test_nobody_settles_what_another_holds_by_now(ledger: Ledger, step: Step) -> None:
    (row,) = ledger.put({})
    (parcel,) = take(ledger)
    late = Settled(parcel, step, THERE)
    assert settle(ledger, late, by=OTHER) == 0
    do(ledger, claims.expire, NOW + LEASE)
    assert taken(ledger, now=NOW + LEASE, by=OTHER) == [row]
    assert settle(ledger, late) == 0
    assert (ledger.row(row).state, ledger.row(row).claimed_by) == (State.CLAIMED, "somebody else")


@pytest.mark.parametrize(
    ("step", "state"),
    [
        pytest.param(Step(State.SENT), State.SENT, id="what has arrived has arrived"),
        pytest.param(Step(State.FAILED, "is_archived"), State.UNSURE, id="the rest is looked into"),
    ],
)
def test_what_ends_after_its_lease_but_before_anybody_looks(ledger: Ledger, step: Step, state: State) -> None:
    (row,) = ledger.put({})
    (parcel,) = take(ledger)
    do(ledger, claims.expire, NOW + LEASE)
    settle(ledger, Settled(parcel, step, THERE))
    assert ledger.row(row).state == state


def test_there_was_nothing_to_say_but_now_there_is(ledger: Ledger) -> None:
    (row,) = ledger.tell(a_letter())
    (parcel,) = take(ledger)
    do(ledger, service.change, row, NOW)
    settle(ledger, Settled(parcel, Step(State.DROPPED, "settled")))
    assert ledger.row(row).state == State.WAITING
    assert taken(ledger) == [row]


def test_of_several_only_those_still_held_are_counted(ledger: Ledger) -> None:
    rows = ledger.put({}, {})
    parcels = take(ledger)
    ledger.set(rows[1], claimed_by="somebody else")
    assert settle(ledger, *map(sent, parcels)) == 1
    assert ledger.states() == [State.SENT, State.CLAIMED]


@pytest.mark.usefixtures("unwalled")
@pytest.mark.parametrize(
    ("lease_until", "is_gone"),
    [
        pytest.param(NOW - SECOND, True, id="ended"),
        pytest.param(NOW, True, id="ends now"),
        pytest.param(NOW + SECOND, False, id="runs"),
        pytest.param(NOW + LEASE, False, id="was just given"),
        pytest.param(NOW + 3 * LEASE, True, id="was given before the clock was set back"),
    ],
)
def test_a_row_whose_holder_is_gone_is_unsure(ledger: Ledger, lease_until: datetime, is_gone: bool) -> None:
    held = {"state": State.CLAIMED, "claimed_by": "me", "lease_until": lease_until}
    row, elsewhere = ledger.put(held, {**held, "workspace_id": "T0OTHER"})
    assert do(ledger, claims.expire, NOW) == is_gone
    found = ledger.row(row)
    assert (found.state, found.claimed_by) == ((State.UNSURE, None) if is_gone else (State.CLAIMED, "me"))
    assert ledger.row(elsewhere).state == State.CLAIMED


def test_who_owns_the_database_waits_for_no_lease_but_gives_slack_time_to_show_the_message(ledger: Ledger) -> None:
    (row,) = ledger.put({})
    take(ledger)
    assert do(ledger, claims.expire_all, NOW + SECOND) == 1
    assert ledger.row(row).state == State.UNSURE
    assert taken(ledger, now=NOW + SECOND) == []
    assert taken(ledger, now=NOW + SECOND + LOOK_AFTER) == [row]


def test_a_card_that_changed_on_its_way_waits_again_as_an_update(ledger: Ledger) -> None:
    (row,) = ledger.tell(a_letter())
    (parcel,) = take(ledger)
    do(ledger, service.change, row, NOW)
    settle(ledger, sent(parcel), now=NOW + SECOND)
    found = ledger.row(row)
    assert (found.state, found.way, found.version, found.shown) == (State.WAITING, Way.UPDATE, 2, 1)
    (update,) = take(ledger, now=NOW + SECOND)
    assert (update.way, update.version, update.channel, update.ts) == (Way.UPDATE, 2, "D1", "1.1")
    settle(ledger, sent(update))
    assert (ledger.row(row).state, ledger.row(row).shown) == (State.SENT, 2)


def test_what_slack_gave_no_name_is_sent_although_it_changed_on_its_way(ledger: Ledger) -> None:
    (row,) = ledger.tell(a_letter(way=Way.EPHEMERAL, place="C1"))
    (parcel,) = take(ledger)
    do(ledger, service.change, row, NOW)
    settle(ledger, sent(parcel, Sent("C1", None)))
    assert (ledger.row(row).state, ledger.row(row).way) == (State.SENT, Way.EPHEMERAL)


def test_of_several_changes_only_the_last_is_sent(ledger: Ledger) -> None:
    (row,) = ledger.tell(a_letter())
    (parcel,) = take(ledger)
    settle(ledger, sent(parcel))
    for _ in range(3):
        do(ledger, service.change, row, NOW)
    (update,) = take(ledger)
    assert update.version == ledger.row(row).version
    settle(ledger, sent(update))
    assert taken(ledger, now=NOW + MINUTE) == []


@pytest.mark.usefixtures("unwalled")
def test_what_is_of_no_use_any_more_is_dropped_and_counted_by_kind(ledger: Ledger) -> None:
    late, ends = {"useful_until": NOW - SECOND}, {"useful_until": NOW}
    gone = ledger.put(late, late, {**late, "kind": "another"})
    ledger.put(*({**late, "state": state} for state in (State.CLAIMED, State.UNSURE, State.SENT)), ends, {})
    ledger.put({**late, "workspace_id": "T0OTHER"})
    assert do(ledger, claims.drop_stale, NOW) == {"drill": 2, "another": 1}
    assert {row.id for row in ledger.rows() if row.state == State.DROPPED} == set(gone)
    assert {(row.reason, row.settled_at) for row in map(ledger.row, gone)} == {("stale", NOW)}


@pytest.mark.usefixtures("unwalled")
def test_what_a_dead_token_ended_waits_again_and_nothing_else_does(ledger: Ledger) -> None:
    failed = {"state": State.FAILED, "attempts": 7, "settled_at": NOW - MINUTE}
    (row,) = ledger.put({**failed, "reason": "token_revoked"})
    ledger.put({**failed, "reason": "is_archived"}, {**failed, "reason": "invalid_auth", "workspace_id": "T0OTHER"})
    assert do(ledger, claims.revive, NOW) == 1
    found = ledger.row(row)
    assert (found.state, found.not_before, found.attempts, found.settled_at) == (State.WAITING, NOW, 0, None)
    assert ledger.states().count(State.FAILED) == 2


@pytest.mark.usefixtures("unwalled")
def test_old_rows_are_forgotten_once_they_are_settled(ledger: Ledger) -> None:
    old = {"settled_at": NOW - SECOND}
    ledger.put(*({**old, "state": state} for state in State))
    ledger.put({"state": State.SENT, "settled_at": NOW}, {**old, "state": State.SENT, "workspace_id": "T0OTHER"})
    assert len(do(ledger, claims.settled_before, NOW, 2)) == 2
    found = do(ledger, claims.settled_before, NOW, 100)
    assert {ledger.row(row).state for row in found} == {State.SENT, State.DROPPED, State.FAILED}
    assert do(ledger, claims.forget, found) == 3
    assert sorted(ledger.states()) == sorted([State.WAITING, State.CLAIMED, State.UNSURE, State.SENT, State.SENT])


def test_what_waits_again_since_it_was_found_old_is_not_forgotten(ledger: Ledger) -> None:
    (row,) = ledger.put({"state": State.SENT, "channel": "D1", "ts": "1.1", "settled_at": NOW - SECOND})
    do(ledger, service.change, row, NOW)
    assert do(ledger, claims.forget, [row]) == 0


def _take(tx: Connection, _: Mapping[State, Parcel]) -> None:
    claims.take(tx, ME, NOW, 100, kinds=KINDS)


def _settle_as(step: Step, **more: Any) -> Callable[[Connection, Mapping[State, Parcel]], None]:
    def settle_each(tx: Connection, parcels: Mapping[State, Parcel]) -> None:
        claims.settle(tx, ME, [Settled(replace(parcel, **more), step, THERE) for parcel in parcels.values()], NOW)

    return settle_each


def _to_each(what: Callable[[Connection, str, UUID, datetime], object]) -> Any:
    def change_each(tx: Connection, parcels: Mapping[State, Parcel]) -> None:
        for parcel in parcels.values():
            what(tx, HERE, parcel.id, NOW)

    return change_each


def _act(tx: Connection, workspace_id: str, delivery_id: UUID, now: datetime) -> None:
    for recipient in ("U0ANA", "U0BEN"):
        service.act(tx, workspace_id, delivery_id, recipient, "seen", now)


def _tell_again(tx: Connection, parcels: Mapping[State, Parcel]) -> None:
    letters = [a_letter(parcel.recipient, parcel.occasion) for parcel in parcels.values()]
    service.tell_all(tx, HERE, letters, NOW)
    assert queries.known(tx, HERE, [letter.id for letter in letters if letter.id]) == set()


STATEMENTS: Mapping[str, Callable[[Connection, Mapping[State, Parcel]], object]] = {
    "take": _take,
    **{
        f"settle as {state}": _settle_as(Step(state, "reset"))
        for state in (State.SENT, State.WAITING, State.UNSURE, State.DROPPED, State.FAILED)
    },
    "settle as sent, though it has changed": _settle_as(Step(State.SENT), version=1),
    "renew": lambda tx, parcels: [claims.renew(tx, ME, parcel, NOW) for parcel in parcels.values()],
    "expire": lambda tx, _: claims.expire(tx, HERE, NOW),
    "expire all": lambda tx, _: claims.expire_all(tx, HERE, NOW),
    "drop stale": lambda tx, _: claims.drop_stale(tx, HERE, NOW),
    "revive": lambda tx, _: claims.revive(tx, HERE, NOW),
    "forget": lambda tx, _: claims.forget(tx, HERE, claims.settled_before(tx, HERE, NOW, 100)),
    "change": _to_each(service.change),
    "act": _to_each(_act),
    "tell again": _tell_again,
    "look before sending": lambda tx, _: taken_back.look_before_sending(tx, NOW, NOW),
}
"""Everything that writes to the ledger."""


def moves_of(ledger: Ledger, statement: str) -> set[tuple[State, State]]:
    """From where to where a statement moves rows of every state that it may touch in any way."""
    ready = {"claimed_by": "me", "lease_until": NOW, "useful_until": NOW - SECOND, "reason": "token_revoked"}
    ready |= {"channel": "D1", "ts": "1.1", "version": 2, "tried_at": NOW}
    rows = dict(zip(State, ledger.put(*({**ready, "state": state} for state in State)), strict=True))
    parcels = {state: _parcel(ledger.row(row)) for state, row in rows.items()}
    with ledger.store.write() as tx:
        STATEMENTS[statement](tx, parcels)
    moved = {(state, State(ledger.row(row).state)) for state, row in rows.items()}
    return {(before, after) for before, after in moved if before != after}


def _parcel(row: Any) -> Parcel:
    values = {name: getattr(row, name) for name in Parcel.__dataclass_fields__ if hasattr(row, name)}
    return Parcel(**{**values, "was_unsure": row.state == State.UNSURE})


def test_statements_make_the_moves_of_the_table_and_no_other(ledger: Ledger) -> None:
    found = {}
    for statement in STATEMENTS:
        found[statement] = moves_of(ledger, statement)
        ledger.clear()
    allowed = {(before, after) for before, following in MOVES.items() for after in following}
    assert {statement: moves - allowed for statement, moves in found.items() if moves - allowed} == {}
    assert allowed - set().union(*found.values()) == set()
