"""The senders of many workspaces: as many threads as for a few, and whoever has much to say delays nobody."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from queue import SimpleQueue

import pytest
from sqlalchemy import insert

from bot.clock import utc_now
from bot.delivery import senders as module
from bot.delivery.carriers import AHEAD, Carriers
from bot.delivery.crew import Crew, Rest
from bot.delivery.outcome import Outcome, Parcel
from bot.delivery.sender import BATCH, CARRIERS
from bot.delivery.senders import ALL_CARRIERS, TAKERS, Senders
from bot.delivery.service import tell_all
from bot.delivery.states import State
from bot.installations.model import Installation
from bot.installations.states import State as Served
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.walls import everywhere, within
from tests.bot.delivery.parcels import Ledger, a_letter
from tests.bot.delivery.post import PATIENCE, Carrier, Counts, eventually, posted

MANY = 40
LARGE = "T0LARGE"
SMALL = [f"T0SMALL{n}" for n in range(MANY)]


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def everybody(store: Store, carrier: Carrier) -> Iterator[Senders]:
    """The senders of a process, which have begun. Nobody ticks."""
    found = Senders(store, carrier, utc_now, Counts())
    found.start()
    yield found
    carrier.goes_on.set()
    found.stop()


def tell(store: Store, workspace_id: str, messages: int = 1) -> None:
    """Something to say there, to so many people."""
    with within(workspace_id), store.write() as tx:
        tell_all(tx, workspace_id, [a_letter(f"U{n:04}") for n in range(messages)], utc_now() - timedelta(seconds=1))


def threads() -> Counter[str]:
    """Those of senders that live, by what they do."""
    return Counter(each.name.partition("_")[0] for each in threading.enumerate())


def states(store: Store) -> list[str]:
    """Where the rows of all workspaces stand."""
    with everywhere():
        return Ledger(store).states()


def all_sent(store: Store) -> bool:
    """Whether nothing waits any more."""
    return set(states(store)) == {State.SENT}


def test_many_workspaces_have_the_threads_of_a_few(store: Store, everybody: Senders, carrier: Carrier) -> None:
    before = threads()
    carrier.goes_on.clear()
    for each in SMALL:
        tell(store, each)
    everybody()
    eventually(lambda: len(carrier.all_handed) == MANY)
    assert threads()["sender"] == before["sender"] <= TAKERS
    assert threads()["carrier"] <= ALL_CARRIERS
    carrier.goes_on.set()
    eventually(lambda: all_sent(store))


def test_a_workspace_that_gets_no_answers_holds_up_none_of_the_others(
    store: Store, everybody: Senders, carrier: Carrier
) -> None:
    opens = threading.Event()

    def does(parcel: Parcel) -> Outcome:
        assert parcel.workspace_id != LARGE or opens.wait(PATIENCE)
        return posted(parcel)

    carrier.does = does
    tell(store, LARGE, 2 * BATCH)
    everybody()
    eventually(lambda: len(carrier.all_handed) == CARRIERS)
    for each in SMALL:
        tell(store, each)
    everybody()
    eventually(lambda: {parcel.workspace_id for parcel in carrier.all_handed} == {LARGE, *SMALL})
    assert len(carrier.all_handed) == CARRIERS + MANY
    opens.set()
    eventually(lambda: all_sent(store))


def test_what_is_told_later_goes_out_though_nobody_ticks(store: Store, everybody: Senders, carrier: Carrier) -> None:
    tell(store, LARGE)
    everybody()
    eventually(lambda: all_sent(store))
    with within(LARGE), store.write() as tx:
        tell_all(tx, LARGE, [a_letter("U0ANA", "another")], utc_now())
    eventually(lambda: len(carrier.all_handed) == 2)
    eventually(lambda: all_sent(store))


def test_where_baton_was_removed_nothing_more_is_taken_and_what_is_in_hand_is_written_down(
    store: Store, everybody: Senders, carrier: Carrier
) -> None:
    carrier.goes_on.clear()
    tell(store, LARGE, 2 * BATCH)
    everybody()
    eventually(lambda: len(carrier.all_handed) == CARRIERS)
    with within(LARGE), store.write() as tx:
        gone = {"state": Served.ENDED, "installed_at": utc_now(), "ended_at": utc_now(), "is_organisation": False}
        tx.execute(insert(table_of(Installation)).values(workspace_id=LARGE, version=1, **gone))
    everybody()
    carrier.goes_on.set()
    eventually(lambda: State.CLAIMED not in states(store))
    assert len(carrier.all_handed) == states(store).count(State.SENT) == CARRIERS


def test_who_stops_writes_down_what_all_workspaces_have_in_hand(store: Store, carrier: Carrier) -> None:
    several = Senders(store, carrier, utc_now, Counts())
    several.start()
    carrier.goes_on.clear()
    for each in SMALL[:5]:
        tell(store, each)
    several()
    eventually(lambda: len(carrier.all_handed) == 5)
    stopping = threading.Thread(target=several.stop)
    stopping.start()
    carrier.goes_on.set()
    stopping.join(PATIENCE)
    assert not stopping.is_alive()
    assert all_sent(store)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_on_sqlite_one_thread_takes(store: Store, everybody: Senders) -> None:
    assert module.TAKERS > 1
    assert len(everybody._crew._threads) == 1


class Hands:
    """Somebody who has so many rows to send, and takes as many as there is room for."""

    def __init__(self, crew: Crew, name: str, rows: int, carried: list[str], goes_on: Callable[[], object]) -> None:
        self.crew, self.name, self.rows, self.carried, self.goes_on = crew, name, rows, carried, goes_on
        self.ended: SimpleQueue[str] = SimpleQueue()

    def turn(self, room: int | None) -> Rest:
        written = 0
        while not self.ended.empty():
            self.carried.append(self.ended.get())
            written += 1
        taken = 0 if room is None else min(room + written, self.rows)
        self.rows -= taken
        self.crew.carriers.let_go(written)
        for _ in range(taken):
            self.crew.carriers.hand_in(self.name, self._carry)
        return Rest(for_room=self.rows > 0)

    def _carry(self) -> None:
        self.goes_on()
        self.ended.put(self.name)
        self.crew.call(self)


def test_while_hands_are_full_nobody_takes_and_then_everybody_does_in_turn() -> None:
    opens, carried = threading.Event(), list[str]()
    crew = Crew(1, 1, 1)
    crew.start()
    large = Hands(crew, LARGE, 100, carried, lambda: opens.wait(PATIENCE))
    small = [Hands(crew, each, 1, carried, lambda: opens.wait(PATIENCE)) for each in SMALL]
    crew.call(large)
    eventually(lambda: large.rows == 100 - AHEAD)
    for each in small:
        crew.call(each)
    eventually(lambda: all(each in crew._for_room for each in small))
    assert large.rows == 100 - AHEAD
    opens.set()
    eventually(lambda: len(carried) == 100 + MANY)
    assert {*carried[: MANY + 3 * AHEAD]} == {LARGE, *SMALL}
    crew.stop()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_no_more_is_held_than_can_be_seen_to_in_time(store: Store, everybody: Senders, carrier: Carrier) -> None:
    carrier.goes_on.clear()
    for n in range(AHEAD * ALL_CARRIERS // BATCH + 2):
        tell(store, f"T0{n}", BATCH)
    everybody()
    eventually(lambda: everybody._crew.carriers.room <= 0 and len(carrier.all_handed) == ALL_CARRIERS)
    everybody()
    assert states(store).count(State.CLAIMED) == AHEAD * ALL_CARRIERS
    carrier.goes_on.set()
    eventually(lambda: all_sent(store))


def test_workspaces_are_carried_in_turn() -> None:
    opens, carried = threading.Event(), list[str]()

    def carries(name: str) -> Callable[[], None]:
        def carry() -> None:
            opens.wait(PATIENCE)
            carried.append(name)

        return carry

    carriers = Carriers(1, 1)
    for each in [LARGE] * 20 + SMALL:
        carriers.hand_in(each, carries(each))
    opens.set()
    carriers.stop()
    assert carried[:2] == [LARGE, LARGE]
    assert carried[2 : 2 + MANY] == SMALL
    assert Counter(carried) == {LARGE: 20} | dict.fromkeys(SMALL, 1)
