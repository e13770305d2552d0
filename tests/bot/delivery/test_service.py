"""What can be done with the ledger: say something once, let a card change, note what its reader did."""

from datetime import timedelta

import pytest

from bot.delivery import queries, service
from bot.delivery.rules import PACE
from bot.delivery.service import NEWS
from bot.delivery.states import IfUnsure, State, Way
from bot.ops import causes
from bot.store.engine import Store
from tests.bot.delivery.parcels import HERE, Ledger, a_letter
from tests.factories import NOW

SECOND = timedelta(seconds=1)


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return Ledger(store)


@pytest.fixture
def calls(store: Store) -> list[str]:
    """How often the sender was woken."""
    found: list[str] = []
    store.listen(NEWS, lambda: found.append("woken"))
    return found


def test_a_message_is_stored_as_it_was_told_and_whoever_sends_is_woken(ledger: Ledger, calls: list[str]) -> None:
    letter = a_letter(
        subject={"lead": "1"}, if_unsure=IfUnsure.RESEND, way=Way.EPHEMERAL, place="C1", useful_until=NOW + SECOND
    )
    with ledger.store.write() as tx:
        assert service.tell(tx, HERE, letter, NOW)
        assert calls == []
    assert calls == ["woken"]
    assert letter.id is not None
    row = ledger.row(letter.id)
    assert (row.kind, row.recipient, row.occasion, row.subject) == ("drill", "U0ANA", "today", {"lead": "1"})
    assert (row.if_unsure, row.way, row.place, row.useful_until) == ("resend", "ephemeral", "C1", NOW + SECOND)
    assert (row.state, row.not_before, row.recorded_at, row.version, row.shown) == (State.WAITING, NOW, NOW, 1, 0)


@pytest.mark.parametrize(
    ("other", "is_new"),
    [
        pytest.param({}, False, id="the same again"),
        pytest.param({"subject": {"lead": "2"}}, False, id="about something else"),
        pytest.param({"occasion": "tomorrow"}, True, id="for another occasion"),
        pytest.param({"recipient": "U0BEN"}, True, id="to another recipient"),
        pytest.param({"kind": "another"}, True, id="of another kind"),
    ],
)
def test_one_kind_to_one_recipient_for_one_occasion_is_told_once(
    ledger: Ledger, other: dict[str, str], is_new: bool
) -> None:
    (first,) = ledger.tell(a_letter())
    again = a_letter(**other)
    with ledger.store.write() as tx:
        assert service.tell(tx, HERE, again, NOW) == is_new
    assert {row.id for row in ledger.rows()} == ({first, again.id} if is_new else {first})


def test_of_many_at_once_those_are_stored_that_are_new(ledger: Ledger) -> None:
    ledger.tell(a_letter("U0BEN"))
    letters = [a_letter("U0ANA"), a_letter("U0BEN"), a_letter("U0ANA")]
    with ledger.store.write() as tx:
        service.tell_all(tx, HERE, letters, NOW)
        assert queries.known(tx, HERE, [letter.id for letter in letters if letter.id]) == {letters[0].id}
    assert len(ledger.rows()) == 2


def test_a_row_names_the_request_that_caused_it_and_once_it_stands_that_of_its_last_change(ledger: Ledger) -> None:
    def change() -> str | None:
        with ledger.store.write() as tx:
            service.change(tx, HERE, row, NOW)
        return causes.request()

    with causes.caused_by("/handoff"):
        told = causes.request()
        (row,) = ledger.tell(a_letter())
    with causes.caused_by("block_actions"):
        change()
    assert ledger.row(row).request == told
    ledger.set(row, state=State.SENT, ts="1.1", channel="D0ANA")
    with causes.caused_by("block_actions"):
        changed = change()
    assert ledger.row(row).request == changed != told
    ledger.set(row, state=State.SENT)
    change()
    assert ledger.row(row).request == changed


@pytest.mark.usefixtures("unwalled")
def test_another_workspace_has_its_own_occasions(ledger: Ledger) -> None:
    ledger.tell(a_letter())
    with ledger.store.write() as tx:
        assert service.tell(tx, "T0OTHER", a_letter(), NOW)


def tell_in_vain(ledger: Ledger) -> None:
    """Something is told with a change that then fails."""
    with ledger.store.write() as tx:
        service.tell(tx, HERE, a_letter(), NOW)
        raise ZeroDivisionError


def test_nothing_is_told_and_nobody_woken_by_a_change_that_fails(ledger: Ledger, calls: list[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        tell_in_vain(ledger)
    assert ledger.rows() == []
    assert calls == []


def test_nobody_is_woken_by_the_next_change_either(ledger: Ledger, calls: list[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        tell_in_vain(ledger)
    with ledger.store.write():
        pass
    assert calls == []


def test_to_tell_nothing_wakes_nobody(ledger: Ledger, calls: list[str]) -> None:
    with ledger.store.write() as tx:
        service.tell_all(tx, HERE, [], NOW)
    assert calls == []


def test_messages_to_one_recipient_are_given_a_second_each(ledger: Ledger) -> None:
    told = ledger.tell(*(a_letter("U0ANA", str(n)) for n in range(3)), a_letter("U0BEN"))
    assert [ledger.row(row).not_before for row in told] == [NOW, NOW + PACE, NOW + 2 * PACE, NOW]


def test_later_messages_stand_behind_those_that_wait(ledger: Ledger) -> None:
    ledger.tell(*(a_letter("U0ANA", str(n)) for n in range(3)))
    (later,) = ledger.tell(a_letter("U0ANA", "later"), now=NOW + SECOND)
    assert ledger.row(later).not_before == NOW + 3 * PACE


def test_a_later_try_of_one_holds_up_no_other(ledger: Ledger) -> None:
    (tried,) = ledger.tell(a_letter("U0ANA", "tried in vain"))
    ledger.set(tried, attempts=9, not_before=NOW + timedelta(minutes=10))
    later = NOW + 2 * SECOND
    (row,) = ledger.tell(a_letter("U0ANA", "later"), now=later)
    assert ledger.row(row).not_before == later


def test_who_has_got_nothing_for_a_second_gets_the_next_at_once(ledger: Ledger) -> None:
    ledger.tell(a_letter("U0ANA", "before"))
    (later,) = ledger.tell(a_letter("U0ANA", "later"), now=NOW + PACE)
    assert ledger.row(later).not_before == NOW + PACE


@pytest.mark.parametrize(
    ("state", "after"),
    [
        pytest.param(State.SENT, (State.WAITING, Way.UPDATE, 2, NOW, 0), id="sent: an update waits"),
        pytest.param(State.CLAIMED, (State.CLAIMED, Way.POST, 2, NOW - SECOND, 3), id="under way: noted"),
        pytest.param(State.UNSURE, (State.UNSURE, Way.POST, 2, NOW - SECOND, 3), id="unsure: noted"),
        pytest.param(State.WAITING, (State.WAITING, Way.POST, 2, NOW - SECOND, 3), id="waits: shows it anyway"),
        pytest.param(State.DROPPED, (State.DROPPED, Way.POST, 1, NOW - SECOND, 3), id="dropped: stays"),
        pytest.param(State.FAILED, (State.FAILED, Way.POST, 1, NOW - SECOND, 3), id="failed: stays"),
    ],
)
def test_a_change_reaches_a_row_where_it_stands(ledger: Ledger, state: State, after: tuple[object, ...]) -> None:
    stands = {"channel": "D1", "ts": "1.1", "attempts": 3, "not_before": NOW - SECOND}
    (row,) = ledger.put({"state": state, **stands})
    with ledger.store.write() as tx:
        service.change(tx, HERE, row, NOW)
    found = ledger.row(row)
    assert (found.state, found.way, found.version, found.not_before, found.attempts) == after


def test_a_card_that_stands_changes_although_it_would_come_too_late_today(ledger: Ledger) -> None:
    (row,) = ledger.put({"state": State.SENT, "channel": "D1", "ts": "1.1", "useful_until": NOW - SECOND})
    with ledger.store.write() as tx:
        service.change(tx, HERE, row, NOW)
    assert ledger.row(row).useful_until is None


def test_what_slack_gave_no_name_does_not_change(ledger: Ledger) -> None:
    (row,) = ledger.put({"state": State.SENT, "way": Way.EPHEMERAL, "channel": "C1", "ts": None})
    with ledger.store.write() as tx:
        service.change(tx, HERE, row, NOW)
    assert (ledger.row(row).state, ledger.row(row).way, ledger.row(row).version) == (State.SENT, Way.EPHEMERAL, 1)


@pytest.mark.usefixtures("unwalled")
def test_a_change_touches_one_row_of_one_workspace_and_wakes_the_sender(ledger: Ledger, calls: list[str]) -> None:
    stands = {"state": State.SENT, "channel": "D1", "ts": "1.1"}
    row, _ = ledger.put(stands, stands)
    ledger.put({**stands, "id": row, "workspace_id": "T0OTHER"})
    with ledger.store.write() as tx:
        service.change(tx, HERE, row, NOW)
    assert sorted(ledger.states()) == [State.SENT, State.SENT, State.WAITING]
    assert calls == ["woken"]


def test_what_the_recipient_did_is_noted_and_shown(ledger: Ledger) -> None:
    (row,) = ledger.put({"recipient": "U0ANA", "state": State.SENT, "channel": "D1", "ts": "1.1"})
    with ledger.store.write() as tx:
        assert service.act(tx, HERE, row, "U0ANA", "seen", NOW)
    found = ledger.row(row)
    assert (found.act, found.acted_at, found.state, found.way) == ("seen", NOW, State.WAITING, Way.UPDATE)


def test_nobody_acts_on_the_message_of_another(ledger: Ledger) -> None:
    (row,) = ledger.put({"recipient": "U0ANA", "state": State.SENT, "channel": "D1", "ts": "1.1"})
    with ledger.store.write() as tx:
        assert not service.act(tx, HERE, row, "U0BEN", "seen", NOW)
    found = ledger.row(row)
    assert (found.act, found.state, found.version) == (None, State.SENT, 1)


@pytest.mark.usefixtures("unwalled")
def test_the_ledger_counts_what_is_unsent_by_state_and_kind_and_knows_the_oldest_that_waits(ledger: Ledger) -> None:
    ledger.put({"state": State.SENT, "waits_since": NOW - 3 * SECOND})
    ledger.put({"waits_since": NOW - SECOND}, {"kind": "another", "state": State.UNSURE}, {"state": State.CLAIMED})
    ledger.put({}, {"state": State.SENT}, {"state": State.DROPPED}, {"state": State.FAILED})
    with ledger.store.read() as tx:
        assert sorted(queries.unsent_rows(tx)) == [
            ("claimed", "drill", 1),
            ("unsure", "another", 1),
            ("waiting", "drill", 2),
        ]
        assert queries.oldest_unsent(tx, HERE) == NOW - SECOND
        assert queries.oldest_unsent(tx, "T0OTHER") is None
