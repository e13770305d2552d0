"""A quarter of a sales team that never was: leads come, are offered by the rules and answered, and are settled after
some days of work, while people take leave in five time zones. One seed is one quarter, to the letter.
"""

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import count
from math import ceil
from zoneinfo import ZoneInfo

from bot.clock import instant
from bot.routing.replay import Ended, Event, How, Offered, Share, fair_shares
from bot.routing.rules import Choice, Lead, Verdict
from bot.routing.standing import Standing, Taker, choose
from bot.working_time.clocks import runs_out
from bot.working_time.hours import read_hours
from bot.working_time.presence import Schedule, Span

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
"""65 working days in Berlin."""

PERIOD = Span(datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC))
"""The same from midnight to midnight in Berlin."""

DAYS = (LAST - FIRST).days + 1
TO_ANSWER = timedelta(hours=1)
FORTNIGHT = 14
SEED = 7
THERE = frozenset(
    {Verdict.CHOSEN, Verdict.FULL, Verdict.MORE_LOAD, Verdict.LESS_CREDIT, Verdict.WAITED_LESS, Verdict.HASH}
)
EMEA, AMERICAS, APAC = frozenset({"EMEA"}), frozenset({"AMER"}), frozenset({"APAC"})


@dataclass(frozen=True, slots=True)
class Office:
    """Where some of the team work."""

    name: str
    zone: str
    country: str
    subdivision: str | None
    hours: str
    territories: frozenset[str]
    weights: str
    """The weight of each who works there."""


OFFICES = (
    Office("Berlin", "Europe/Berlin", "DE", "BE", "9-17:30", EMEA, "11111222"),
    Office("New York", "America/New_York", "US", "NY", "9-17:30", AMERICAS, "111122"),
    Office("Kolkata", "Asia/Kolkata", "IN", "WB", "10-18:30", APAC, "1112"),
    Office("Moscow", "Europe/Moscow", "RU", None, "10-19", EMEA, "112"),
    Office("Sydney", "Australia/Sydney", "AU", "NSW", "8:30-17", APAC, "112"),
)
ZONES = {"EMEA": "Europe/Berlin", "AMER": "America/New_York", "APAC": "Asia/Kolkata"}


@dataclass(frozen=True, slots=True)
class Pick:
    """One choice, with the moment of it."""

    at: datetime
    lead: Lead
    choice: Choice


@dataclass(slots=True)
class Quarter:
    """What happened, in the time of `PERIOD`."""

    takers: tuple[Taker, ...]
    events: list[Event] = field(default_factory=list)
    picks: list[Pick] = field(default_factory=list)
    waited: set[str] = field(default_factory=set)
    """Leads that nobody could take at once."""
    unplaced: set[str] = field(default_factory=set)
    """Leads that nobody has taken by the end."""


def team(chance: random.Random) -> tuple[Taker, ...]:
    """24 people in five offices. Every other one has two weeks' leave, everybody now and then some days or an
    afternoon; two take small companies only, one works four short days, and one can have no more than nine open.
    """
    takers = []
    for office in OFFICES:
        for n, weight in enumerate(map(int, office.weights)):
            part_time = office.name == "Berlin" and n == 0
            hours = read_hours("mon-thu 9-14" if part_time else office.hours)
            schedule = Schedule(ZoneInfo(office.zone), hours, office.country, office.subdivision)
            takers.append(
                Taker(
                    id=f"{office.name} {n + 1}",
                    schedule=replace(schedule, absences=_absences(chance, schedule, n % 2 == 1)),
                    weight=weight,
                    cap=weight * (9 if office.name == "Berlin" and n == 1 else 40),
                    territories=office.territories,
                    segments=frozenset({"SMB"}) if n % 5 == 4 else frozenset(),
                )
            )
    return tuple(takers)


def quarter(leads: int, seed: int) -> Quarter:
    """Live through it."""
    chance = random.Random(seed)
    return _World(chance, team(chance)).lived(_arrivals(chance, leads))


def leaves(taker: Taker) -> list[Span]:
    """The fortnights that somebody was on leave."""
    return [each for each in taker.schedule.absences if each.end - each.start > timedelta(days=FORTNIGHT - 1)]


class _World:
    """All that goes on; `_then` is what is still to happen."""

    def __init__(self, chance: random.Random, takers: tuple[Taker, ...]) -> None:
        self._chance, self._takers = chance, {each.id: each for each in takers}
        self._quarter = Quarter(takers)
        self._standings: dict[str, Standing] = {}
        self._then: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._numbers = count()
        self._waiting: dict[str, Lead] = {}
        self._passed: dict[str, set[str]] = {}

    def lived(self, arrivals: list[tuple[datetime, Lead]]) -> Quarter:
        for at, lead in arrivals:
            self._plan(at, lambda now, lead=lead: self._offer(lead, now))  # type: ignore[misc]
        for hour in range(DAYS * 24):
            self._plan(PERIOD.start + timedelta(hours=hour), self._try_again)
        while self._then and self._then[0][0] < PERIOD.end:
            now, _, happens = heapq.heappop(self._then)
            happens(now)
        self._quarter.unplaced = set(self._waiting)
        return self._quarter

    def _try_again(self, now: datetime) -> None:
        for lead in list(self._waiting.values()):
            self._offer(lead, now)

    def _plan(self, at: datetime, what: Callable[[datetime], None]) -> None:
        heapq.heappush(self._then, (at, next(self._numbers), what))

    def _offer(self, lead: Lead, now: datetime) -> None:
        passed = self._passed.setdefault(lead.id, set())
        choice, self._standings = choose(lead, self._quarter.takers, self._standings, now, passed)
        if choice.winner is None:
            self._waiting[lead.id] = lead
            self._quarter.waited.add(lead.id)
            return
        self._waiting.pop(lead.id, None)
        self._quarter.picks.append(Pick(now, lead, choice))
        self._quarter.events.append(Offered(now, lead, choice.winner))
        self._answer(lead, self._takers[choice.winner], now)

    def _answer(self, lead: Lead, taker: Taker, now: datetime) -> None:
        """One in twelve declines, one in twelve lets it expire, one in fifty is withdrawn; an offer that lies there
        when a leave begins goes on to the next.
        """
        lot, minutes = self._chance.random(), timedelta(minutes=self._chance.randint(1, 59))
        due = runs_out(taker.schedule, now, TO_ANSWER)
        answered = runs_out(taker.schedule, now, minutes) or due
        leave = min((each.start for each in taker.schedule.absences if now < each.start), default=None)
        assert due is not None
        assert answered is not None
        how, at = How.SETTLED, answered
        if lot < 1 / 12:
            how = How.DECLINED
        elif lot < 2 / 12:
            how, at = How.EXPIRED, due
        elif lot < 2 / 12 + 1 / 50:
            how = How.WITHDRAWN
        if leave and leave < at:
            how, at = How.REASSIGNED, leave
        if how is How.SETTLED:
            at = runs_out(taker.schedule, at, timedelta(hours=self._chance.uniform(4, 40))) or at
        self._plan(at, lambda then: self._ends(lead, taker.id, how, then))

    def _ends(self, lead: Lead, taker: str, how: How, now: datetime) -> None:
        self._quarter.events.append(Ended(now, lead.id, taker, how))
        standing = self._standings[taker]
        self._standings[taker] = standing.withdrawn() if how is How.WITHDRAWN else standing.closed()
        if how in (How.DECLINED, How.EXPIRED, How.REASSIGNED):
            self._passed[lead.id].add(taker)
            self._offer(lead, now)


def _arrivals(chance: random.Random, leads: int) -> list[tuple[datetime, Lead]]:
    """Most of them by day and in the week, some at night and on a Sunday; some of nowhere, some of unknown size."""
    found = []
    for _ in range(leads):
        territory = chance.choices(["EMEA", "AMER", "APAC"], [45, 27, 28])[0]
        days = [FIRST + timedelta(days=n) for n in range(DAYS)]
        day = chance.choices(days, [1 if each.weekday() < 5 else 0.15 for each in days])[0]
        hour = chance.randint(9, 17) if chance.random() < 0.8 else chance.randint(0, 23)
        at = instant(day, time(hour, chance.randrange(60), chance.randrange(60)), ZoneInfo(ZONES[territory]))
        segment = chance.choices(["SMB", "ENT", None], [60, 25, 15])[0]
        found.append((at, territory if chance.random() < 0.95 else None, segment))
    return [
        (at, Lead(f"L{n:05}", territory, segment))
        for n, (at, territory, segment) in enumerate(sorted(found, key=lambda each: each[0]))
    ]


def _absences(chance: random.Random, schedule: Schedule, is_long: bool) -> tuple[Span, ...]:
    spans = []
    if is_long:
        spans.append(_days(schedule, chance.randrange(5, DAYS - 30), FORTNIGHT))
    for _ in range(chance.randint(0, 3)):
        spans.append(_days(schedule, chance.randrange(DAYS), chance.randint(1, 3)))
    for _ in range(chance.randint(0, 3)):
        day = FIRST + timedelta(days=chance.randrange(DAYS))
        start = instant(day, time(chance.randint(9, 14)), schedule.zone)
        spans.append(Span(start, start + timedelta(hours=chance.randint(1, 4))))
    return tuple(spans)


def _days(schedule: Schedule, first: int, days: int) -> Span:
    start = FIRST + timedelta(days=first)
    return Span(*(instant(day, time(), schedule.zone) for day in (start, start + timedelta(days=days))))


def chances(found: Quarter, taker: Taker, span: Span) -> list[tuple[bool, Fraction]]:
    """For each lead of a time that somebody was there for and allowed to take, full or not: whether they got it, and
    their part by weight.
    """
    weights = {each.id: each.weight for each in found.takers}
    chances = []
    for pick in found.picks:
        there = [row.candidate for row in pick.choice.rows if row.verdict in THERE]
        if span.start <= pick.at < span.end and taker.id in there:
            part = Fraction(taker.weight, sum(weights[each] for each in there))
            chances.append((pick.choice.winner == taker.id, part))
    return chances


def beyond(chances: list[tuple[bool, Fraction]]) -> int:
    """What somebody got of some leads beyond their fair share of them, rounded up."""
    return sum(got for got, _ in chances) - ceil(sum(part for _, part in chances))


def by_office(found: Quarter, shares: Sequence[Share]) -> dict[str, Fraction]:
    """The fair share of each but those whose cap was in the way, among the colleagues of one office: they are there
    for the same leads, however many leads their office has.
    """
    capped = {row.candidate for pick in found.picks for row in pick.choice.rows if row.verdict is Verdict.FULL}
    got = {each.taker: each.got for each in shares}
    fair: dict[str, Fraction] = {}
    for office in OFFICES:
        here = [each for each in found.takers if each.id.startswith(office.name) and each.id not in capped]
        fair |= fair_shares(got, [replace(each, segments=frozenset()) for each in here], PERIOD.start, PERIOD.end)
    return fair
