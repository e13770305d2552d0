"""The sender between a real ledger and a courier that does what the test says."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.clock import utc_now
from bot.delivery import gates, sender
from bot.delivery.outcome import CannotLook, NotSent, NotThere, NotYet, Outcome, Parcel, Refused, Sent, TooFast, Unsure
from bot.delivery.sender import BATCH, Sender
from bot.delivery.states import IfUnsure, State, Way
from bot.store.engine import Store
from tests.bot.delivery.parcels import HERE, a_letter
from tests.bot.delivery.post import PATIENCE, Carrier, Counts, Post, a_sender, eventually, posted

HOUR = timedelta(hours=1)
DEAD = Refused("token_revoked", of_workspace=True)

in_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
in_postgresql = pytest.mark.parametrize("store", ["postgresql"], indirect=True)


def test_what_is_told_is_handed_over_at_once_though_nobody_ticks(post: Post) -> None:
    row = post.tell("U0ANA")
    assert post.carrier.next().id == row
    post.until(State.SENT, [row])
    found = post.ledger.row(row)
    assert (found.channel, found.ts, found.shown) == ("D0ANA", "1.1", 1)
    assert post.counts.of == {("drill", "sent", ""): 1}


def test_what_has_its_moment_later_is_handed_over_then_though_nobody_ticks(post: Post) -> None:
    rows = [post.tell("U0ANA", "first"), post.tell("U0ANA", "a second later")]
    assert [post.carrier.next().id for _ in rows] == rows
    post.until(State.SENT, rows)


def test_a_card_that_changes_is_handed_over_as_an_update(post: Post) -> None:
    row = post.tell("U0ANA")
    post.carrier.next()
    post.until(State.SENT, [row])
    post.change(row)
    update = post.carrier.next()
    assert (update.id, update.way, update.version, update.channel, update.ts) == (row, Way.UPDATE, 2, "D0ANA", "1.1")


def test_more_than_one_batch_goes_out_though_nobody_ticks(post: Post) -> None:
    rows = post.tell_everybody(3 * BATCH)
    post.until(State.SENT, rows)
    assert sorted(parcel.id for parcel in post.carrier.all_handed) == sorted(rows)


def test_a_sender_without_anything_to_do_writes_nothing(post: Post) -> None:
    post.ledger.tell(a_letter(), now=utc_now() + HOUR)
    before = post.store.writes
    for _ in range(5):
        seen = post.store.reads
        post.sender.wake()
        eventually(lambda seen=seen: post.store.reads > seen)  # type: ignore[misc]
    assert post.store.writes == before


def test_a_sender_with_full_hands_leaves_the_database_alone(post: Post) -> None:
    post.carrier.goes_on.clear()
    post.tell_everybody(2 * BATCH)
    eventually(lambda: post.ledger.states().count(State.CLAIMED) == BATCH)
    before = post.store.writes
    for _ in range(50):
        post.sender.wake()
        time.sleep(0.005)
    assert post.store.writes - before <= 2
    post.carrier.goes_on.set()
    eventually(lambda: set(post.ledger.states()) == {State.SENT})


def test_who_stops_writes_down_what_is_in_hand_and_takes_nothing_new(post: Post) -> None:
    post.carrier.goes_on.clear()
    in_hand = post.tell("U0ANA")
    post.carrier.next()
    stopping = threading.Thread(target=post.sender.stop)
    stopping.start()
    eventually(lambda: post.sender._stopping)
    late = post.tell("U0BEN")
    post.carrier.goes_on.set()
    stopping.join(PATIENCE)
    assert not stopping.is_alive()
    assert (post.ledger.row(in_hand).state, post.ledger.row(late).state) == (State.SENT, State.WAITING)
    assert [parcel.id for parcel in post.carrier.all_handed] == [in_hand]


def test_who_stops_does_not_wait_for_ever_for_a_database_that_is_away(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "DATABASE_PAUSE", 0.01)
    post.carrier.goes_on.clear()
    row = post.tell("U0ANA")
    post.carrier.next()
    post.store.away = True
    post.carrier.goes_on.set()
    post.sender.stop()
    assert post.ledger.row(row).state == State.CLAIMED


def test_what_was_sent_while_the_database_was_away_is_written_down_and_not_sent_again(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "DATABASE_PAUSE", 0.01)
    post.carrier.goes_on.clear()
    row = post.tell("U0ANA")
    post.carrier.next()
    post.store.away = True
    post.carrier.goes_on.set()
    eventually(lambda: post.store.failures > 3)
    post.store.away = False
    post.until(State.SENT, [row])
    assert len(post.carrier.all_handed) == 1
    assert post.counts.of == {("drill", "sent", ""): 1}


def test_what_is_of_no_use_any_more_is_dropped_and_counted_but_not_sent(idle: Post) -> None:
    rows = idle.ledger.tell(
        *(a_letter(f"U{n}", useful_until=utc_now() - HOUR) for n in range(3)), now=utc_now() - 2 * HOUR
    )
    idle.sender.start()
    idle.until(State.DROPPED, rows)
    eventually(lambda: idle.counts.of == {("drill", "dropped", "stale"): 3})
    assert idle.carrier.all_handed == []


def test_a_courier_that_breaks_costs_one_message_and_no_more(post: Post) -> None:
    def breaks(parcel: Parcel) -> Outcome:
        if parcel.recipient == "U0001":
            raise ZeroDivisionError
        return posted(parcel)

    post.carrier.does = breaks
    first, broken, last = post.tell_everybody(3)
    post.until(State.SENT, [first, last])
    post.until(State.UNSURE, [broken])
    assert post.ledger.row(broken).reason == "unforeseen"


def test_what_is_not_due_after_all_waits_for_its_moment(post: Post) -> None:
    later = utc_now() + HOUR
    post.carrier.does = lambda _: NotYet(later)
    row = post.tell("U0ANA")
    eventually(lambda: post.ledger.row(row).reason == "not_yet")
    found = post.ledger.row(row)
    assert (found.state, found.not_before, found.attempts) == (State.WAITING, later, 0)


def test_what_this_process_has_no_words_for_is_left_to_others(post: Post) -> None:
    theirs = post.tell("U0ANA", kind="of tomorrow")
    post.until(State.SENT, [post.tell("U0BEN")])
    assert post.ledger.row(theirs).state == State.WAITING


@pytest.mark.parametrize(
    ("first", "state"),
    [
        pytest.param(NotSent("no_connection"), State.SENT, id="not sent"),
        pytest.param(TooFast(0.1), State.SENT, id="too fast"),
        pytest.param(Unsure("reset"), State.SENT, id="unsure and not there"),
        pytest.param(Refused("is_archived"), State.FAILED, id="refused"),
    ],
)
def test_what_did_not_arrive_is_tried_again_where_that_helps(post: Post, first: Outcome, state: State) -> None:
    post.carrier.does = lambda parcel: first if len(post.carrier.all_handed) == 1 else posted(parcel)
    row = post.tell("U0ANA")
    post.until(state, [row])
    assert len(post.carrier.all_handed) == (2 if state == State.SENT else 1)
    assert post.carrier.looked_for == ([row] if isinstance(first, Unsure) else [])


def test_a_message_that_is_found_is_not_sent_again(idle: Post) -> None:
    idle.carrier.finds = lambda _: Sent("D0ANA", "7.7")
    (row,) = idle.ledger.put({"state": State.UNSURE})
    idle.sender.start()
    idle.until(State.SENT, [row])
    assert (idle.ledger.row(row).ts, idle.carrier.all_handed) == ("7.7", [])


def test_a_message_that_changed_before_it_was_found_is_made_to_show_that(idle: Post) -> None:
    idle.carrier.finds = lambda _: Sent("D0ANA", "7.7")
    (row,) = idle.ledger.put({"state": State.UNSURE, "version": 2})
    idle.sender.start()
    update = idle.carrier.next()
    assert (update.id, update.way, update.version, update.ts) == (row, Way.UPDATE, 2, "7.7")
    idle.until(State.SENT, [row])


@pytest.mark.parametrize(
    ("if_unsure", "state", "sends"),
    [
        pytest.param(IfUnsure.RESEND, State.SENT, 1, id="an offer is sent again"),
        pytest.param(IfUnsure.DROP, State.DROPPED, 0, id="a reminder is not"),
    ],
)
def test_where_nobody_can_look_it_depends_on_the_message(
    idle: Post, if_unsure: IfUnsure, state: State, sends: int
) -> None:
    idle.carrier.finds = lambda _: CannotLook()
    (row,) = idle.ledger.put({"state": State.UNSURE, "if_unsure": if_unsure})
    idle.sender.start()
    idle.until(state, [row])
    assert len(idle.carrier.all_handed) == sends
    eventually(lambda: idle.counts.of["cannot look", "drill"] == 1)


def test_an_update_that_may_have_arrived_is_sent_again_without_a_look(idle: Post) -> None:
    idle.carrier.finds = lambda _: CannotLook()
    stands = {"version": 2, "shown": 1, "channel": "D0ANA", "ts": "1.1"}
    (row,) = idle.ledger.put({"state": State.UNSURE, "way": Way.UPDATE, "if_unsure": IfUnsure.DROP, **stands})
    idle.sender.start()
    idle.until(State.SENT, [row])
    assert (idle.ledger.row(row).shown, idle.carrier.looked_for) == (2, [])


@in_sqlite
def test_what_a_process_held_that_is_gone_is_looked_for(idle: Post) -> None:
    (row,) = idle.ledger.put({"state": State.CLAIMED, "claimed_by": "gone", "lease_until": utc_now() + HOUR / 60})
    idle.sender.start()
    idle.until(State.SENT, [row])
    assert idle.carrier.looked_for == [row]


@in_postgresql
def test_what_another_process_holds_is_left_to_it(idle: Post) -> None:
    (row,) = idle.ledger.put({"state": State.CLAIMED, "claimed_by": "other", "lease_until": utc_now() + HOUR / 60})
    idle.sender.start()
    idle.until(State.SENT, [idle.tell("U0ANA")])
    assert idle.ledger.row(row).state == State.CLAIMED


def test_what_slack_wants_left_alone_waits_and_the_rest_goes_on(post: Post) -> None:
    card = post.tell("U0ANA")
    post.until(State.SENT, [card])
    post.carrier.does = lambda parcel: TooFast(3600) if parcel.way == Way.POST else posted(parcel)
    refused = post.tell("U0BEN")
    eventually(lambda: post.counts.of["waits", "post", "3600"] == 1)
    waiting = post.tell_everybody(3)
    post.change(card)
    eventually(lambda: post.ledger.row(card).shown == 2)
    assert {post.ledger.row(row).state for row in [refused, *waiting]} == {State.WAITING}
    assert [(parcel.id, parcel.way) for parcel in post.carrier.all_handed] == [
        (card, Way.POST),
        (refused, Way.POST),
        (card, Way.UPDATE),
    ]


@pytest.mark.parametrize("outcome", [TooFast(3600), DEAD], ids=["too fast", "dead token"])
def test_when_a_gate_closes_only_what_was_in_hand_is_still_tried(idle: Post, outcome: Outcome) -> None:
    idle.carrier.does = lambda _: outcome
    idle.tell_everybody(3 * BATCH)
    idle.sender.start()
    eventually(lambda: State.CLAIMED not in idle.ledger.states() and len(idle.carrier.all_handed) > 1)
    for _ in range(3):
        idle.sender.wake()
        time.sleep(0.01)
    assert len(idle.carrier.all_handed) <= BATCH


def test_while_the_token_is_dead_slack_is_only_asked_and_then_all_is_sent(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "HALT", 0.05)
    post.carrier.does, post.carrier.welcome = lambda _: DEAD, False
    rows = post.tell_everybody(3)
    eventually(lambda: post.ledger.states() == [State.FAILED] * 3)
    assert post.sender.halted == "token_revoked"
    rows += [post.tell(f"U0{n}") for n in range(5)]
    before = post.carrier.asked
    eventually(lambda: post.carrier.asked > before + 3)
    assert len(post.carrier.all_handed) == 3
    post.carrier.does, post.carrier.welcome = posted, True
    post.until(State.SENT, rows)
    assert post.sender.halted is None


def test_a_halted_sender_leaves_the_database_alone(post: Post) -> None:
    post.carrier.does = lambda _: DEAD
    post.tell_everybody(2)
    eventually(lambda: post.ledger.states() == [State.FAILED] * 2)
    before = post.store.reads + post.store.writes
    for _ in range(20):
        post.sender.wake()
        time.sleep(0.005)
    assert post.store.reads + post.store.writes - before <= 2
    assert post.carrier.asked == 0


def test_what_a_dead_token_ended_is_sent_when_the_process_starts_anew(idle: Post) -> None:
    (row,) = idle.ledger.put({"state": State.FAILED, "reason": "token_revoked"})
    idle.sender.start()
    idle.until(State.SENT, [row])


@in_postgresql
def test_two_senders_share_the_rows_and_double_none(idle: Post) -> None:
    both_have_some = threading.Barrier(2, timeout=PATIENCE)
    first_of = {"idle": True, "other": True}

    def working(name: str) -> Callable[[Parcel], Outcome]:
        def does(parcel: Parcel) -> Outcome:
            if first_of.pop(name, False):
                both_have_some.wait()
            return posted(parcel)

        return does

    rows = idle.tell_everybody(6 * BATCH)
    store, other = Store(idle.store.url.render_as_string(hide_password=False)), Carrier(working("other"))
    idle.carrier.does = working("idle")
    senders = [idle.sender, a_sender(store, other, Counts())]
    for each in senders:
        each.start()
    idle.until(State.SENT, rows)
    senders[1].stop()
    store.close()
    handed = [parcel.id for parcel in [*idle.carrier.all_handed, *other.all_handed]]
    assert sorted(handed) == sorted(rows)


@in_postgresql
def test_words_that_took_longer_than_the_lease_are_not_sent_once_another_has_the_row(idle: Post) -> None:
    sent: list[str] = []

    def does(parcel: Parcel) -> Outcome:
        sent.append(parcel.recipient)
        return posted(parcel)

    idle.carrier.does, other = does, Carrier(does)
    idle.carrier.goes_on.clear()
    slow = Sender(idle.store, idle.carrier, HERE, utc_now, Counts(), lease=timedelta(seconds=0.5))
    slow.start()
    row = idle.tell("U0ANA")
    idle.carrier.next()  # its words are being made
    store = Store(idle.store.url.render_as_string(hide_password=False))
    quick = a_sender(store, other, Counts())
    quick.start()

    def has_taken_over() -> bool:
        quick.wake()  # nobody ticks
        return bool(other.all_handed)

    eventually(has_taken_over)
    idle.until(State.SENT, [row])
    idle.carrier.goes_on.set()
    for each in (slow, quick):
        each.stop()
    store.close()
    assert sent == ["U0ANA"]


@in_sqlite
def test_words_that_took_long_are_sent_by_whoever_still_holds_the_row(idle: Post) -> None:
    idle.carrier.goes_on.clear()
    slow = Sender(idle.store, idle.carrier, HERE, utc_now, Counts(), lease=timedelta(seconds=2))
    slow.start()
    row = idle.tell("U0ANA")
    idle.carrier.next()
    before = idle.ledger.row(row).lease_until
    time.sleep(0.5)  # more than the part of the lease in which a try has to begin
    held: list[timedelta] = []

    def does(parcel: Parcel) -> Outcome:
        held.append(idle.ledger.row(row).lease_until - before)
        return posted(parcel)

    idle.carrier.does = does
    idle.carrier.goes_on.set()
    idle.until(State.SENT, [row])
    slow.stop()
    assert held > [timedelta(0)]


def test_who_starts_while_the_database_is_away_begins_once_it_is_back(
    idle: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "DATABASE_PAUSE", 0.01)
    (left_behind,) = idle.ledger.put({"state": State.FAILED, "reason": "token_revoked"})
    idle.store.away = True
    idle.sender.start()
    eventually(lambda: idle.store.failures > 2)
    idle.store.away = False
    idle.until(State.SENT, [left_behind])


def test_what_was_sent_is_written_down_though_nobody_can_be_told_of_the_rest(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sender, "tell_who_can_mend", breaks)
    post.carrier.does = lambda parcel: Refused("is_archived") if parcel.recipient == "U0001" else posted(parcel)
    first, refused, last = post.tell_everybody(3)
    post.until(State.SENT, [first, last])
    post.until(State.FAILED, [refused])


def test_a_look_that_came_too_fast_is_counted_and_made_again(idle: Post) -> None:
    answers = iter([TooFast(0.1)])
    idle.carrier.finds = lambda _: next(answers, NotThere())
    (row,) = idle.ledger.put({"state": State.UNSURE})
    idle.sender.start()
    eventually(lambda: idle.counts.of["waits", "look", "0.1"] == 1)
    assert idle.carrier.all_handed == []
    idle.until(State.SENT, [row])
