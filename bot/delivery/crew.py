"""The threads of all senders of a process, as many as there are whatever number of workspaces has something to say."""

import heapq
import itertools
import threading
import time
from collections import deque
from enum import Enum, auto
from typing import NamedTuple, Protocol

from bot.delivery.carriers import Carriers


class Rest(NamedTuple):
    """What a sender does after a turn: it wants the next in so many `seconds` (None: when it is called), or as soon as
    there is room for what it may take; or it wants none any more.
    """

    seconds: float | None = None
    for_room: bool = False
    is_over: bool = False


class Taker(Protocol):
    """Takes rows and writes down what became of them, turn by turn."""

    def turn(self, room: int | None) -> Rest:
        """Write down what has ended, and take no more than `room` rows beside those that come in their place; with None
        take nothing, for others wait for room. It raises nothing.
        """


class Place(Enum):
    """Where somebody stands who does not rest."""

    IN_LINE = auto()
    HAS_TURN = auto()
    IS_CALLED_AGAIN = auto()


class Crew:
    """Gives turns: everybody who was called gets one, in the order of the calls, and whoever is called meanwhile gets
    another. While the carriers have their hands full nobody takes; once there is room again, those who waited for it
    take in the order in which they came, and whoever had something goes behind them.

    Args:
        takers: threads that give turns.
        carriers: threads that carry, see `Carriers`.
        each: how many of them carry for one workspace at a time.
    """

    def __init__(self, takers: int, carriers: int, each: int) -> None:
        self.carriers = Carriers(carriers, each)
        self._news = threading.Condition()
        self._places: dict[Taker, Place] = {}
        self._line: deque[Taker] = deque()
        self._for_room: dict[Taker, None] = {}
        self._moments: dict[Taker, float] = {}
        self._coming: list[tuple[float, int, Taker]] = []
        self._numbers = itertools.count()
        self._is_room_next = self._is_over = False
        self._threads = [threading.Thread(target=self._work, name="sender", daemon=True) for _ in range(takers)]

    def start(self) -> None:
        """Begin to give turns."""
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """Give no more turns, and finish what is carried."""
        with self._news:
            self._is_over = True
            self._news.notify_all()
        for each in self._threads:
            if each.is_alive():
                each.join()
        self.carriers.stop()

    def call(self, taker: Taker, after: float = 0.0) -> None:
        """Give `taker` a turn: now, behind those who were called before, or `after` so many seconds if it gets none
        sooner.
        """
        with self._news:
            if after > 0:
                self._plan(taker, time.monotonic() + after)
            else:
                self._enter(taker)
            self._news.notify()

    def _enter(self, taker: Taker) -> None:
        place = self._places.get(taker)
        if place is None:
            self._places[taker] = Place.IN_LINE
            self._line.append(taker)
        elif place is Place.HAS_TURN:
            self._places[taker] = Place.IS_CALLED_AGAIN

    def _plan(self, taker: Taker, moment: float) -> None:
        if moment < self._moments.get(taker, float("inf")):
            self._moments[taker] = moment
            heapq.heappush(self._coming, (moment, next(self._numbers), taker))

    def _work(self) -> None:
        while given := self._next():
            taker, room = given
            self._has_rested(taker, taker.turn(room))

    def _next(self) -> tuple[Taker, int | None] | None:
        """Whose turn it is, with the room there is for them; None once there are no more turns."""
        with self._news:
            while not self._is_over:
                rest = self._call_the_due()
                found = self._waiting_for_room() or self._first_in_line()
                if found:
                    self._places[found[0]] = Place.HAS_TURN
                    self._moments.pop(found[0], None)
                    self._news.notify()  # there may be another one
                    return found
                self._news.wait(rest)
            return None

    def _call_the_due(self) -> float | None:
        """Let those stand in line whose moment has come; seconds until the next one's."""
        now = time.monotonic()
        while self._coming:
            moment, _, taker = self._coming[0]
            is_past = self._moments.get(taker) != moment  # it had a turn, or has an earlier one
            if not is_past and moment > now:
                return moment - now
            heapq.heappop(self._coming)
            if not is_past:
                del self._moments[taker]
                self._enter(taker)
        return None

    def _waiting_for_room(self) -> tuple[Taker, int | None] | None:
        """Whoever has waited longest for room, if there is some; every other turn is of those in line, for they write
        down what has been sent.
        """
        room = self.carriers.room
        self._is_room_next = not self._is_room_next or not self._line
        if room <= 0 or not self._is_room_next:
            return None
        taker = next((each for each in self._for_room if self._places.get(each) is None), None)
        if taker is None:
            return None
        del self._for_room[taker]
        return taker, room

    def _first_in_line(self) -> tuple[Taker, int | None] | None:
        if not self._line:
            return None
        taker = self._line.popleft()
        if self._for_room and next(iter(self._for_room)) is not taker:
            return taker, None
        self._for_room.pop(taker, None)
        return taker, max(0, self.carriers.room)

    def _has_rested(self, taker: Taker, rest: Rest) -> None:
        with self._news:
            is_called = self._places.pop(taker) is Place.IS_CALLED_AGAIN
            if rest.for_room:
                self._for_room.setdefault(taker)
            else:
                self._for_room.pop(taker, None)
            if rest.is_over:
                self._moments.pop(taker, None)
            elif is_called or rest.seconds == 0:
                self._enter(taker)
            elif rest.seconds is not None:
                self._plan(taker, time.monotonic() + rest.seconds)
