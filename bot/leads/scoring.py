"""How much a lead promises: points for who they are, for what they did, and from whoever knows better, line by line.

A pure function of the rules, the facts and the moment that is asked about, so a score is computed when it is read and
never stored to go stale. What somebody is (fit) and what a person added (manual) stands; what they did (behaviour)
fades by the same part each whole week. The sum is rounded once, half to even, and kept within 0 to 100. Two kinds of
points, fit and engagement, and their decay are the trade's way; what each is worth stands in `scoring_rules`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum
from functools import lru_cache, reduce

from bot.leads.scoring_rules import WHOLE, Grade, Rules
from bot.reading.text import fold
from bot.workspace.places import territory_of

_WEEK = timedelta(weeks=1)
_EXACT = Context(prec=10_000)  # the digits of 0.9 ** weeks, for leads of more than a century


class Part(StrEnum):
    """What a line speaks of."""

    FIT = "fit"
    """Who they are; does not fade."""
    BEHAVIOUR = "behaviour"
    """What they did; fades week by week."""
    MANUAL = "manual"
    """What a person added or took, and why; does not fade."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One activity with the lead, as it was logged."""

    kind: str
    outcome: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Manual:
    """Points that somebody added or took by hand."""

    points: int
    why: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a lead; None and no touches are not known, which is worth nothing and costs nothing.

    Moments are UTC. One that is after the moment asked about counts as of this week.
    """

    source: str
    received_at: datetime
    employees: int | None = None
    industry: str | None = None
    country: str | None = None
    territory: str | None = None
    title: str | None = None
    touches: tuple[Touch, ...] = ()
    manual: tuple[Manual, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One term of the sum.

    `what` is a code: `size`, `industry`, `country`, `territory`, `title`, `source.SOURCE`, `touch.KIND` or
    `touch.KIND.OUTCOME` (the row that matched), `recency`, `manual`. `detail` is the fact behind it as plain data: the
    number of employees, the industry or title as typed, the whole days since the last touch, why somebody gave it.
    `weeks` is None for what does not fade. `points` is exact: `base` after decay.
    """

    part: Part
    what: str
    detail: str
    base: int
    weeks: int | None
    points: Decimal
    at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The points from 0 to 100, their grade, and the lines that add up to them; lines worth nothing are left out."""

    points: int
    grade: Grade
    lines: tuple[Line, ...]

    @property
    def exact(self) -> Decimal:
        """The sum of the lines before it is rounded and kept within the scale."""
        return _sum(line.points for line in self.lines)

    def of(self, part: Part) -> Decimal:
        """What one part adds."""
        return _sum(line.points for line in self.lines if line.part is part)


def score(rules: Rules, facts: Facts, now: datetime) -> Score:
    """The score of a lead at a moment: fit, then behaviour with the newest touch first, then what was given by hand."""
    lines = (*_fit(rules, facts), *_behaviour(rules, facts, now), *_manual(facts))
    exact = _sum(line.points for line in lines)
    points = max(0, min(WHOLE, int(exact.to_integral_value(ROUND_HALF_EVEN))))
    return Score(points, rules.grades.grade(points), lines)


def _fit(rules: Rules, facts: Facts) -> Iterator[Line]:
    size = next((each for each in rules.sizes if each.holds(facts.employees)), None)
    title = next((each for each in rules.titles if each.stands_in(facts.title)), None)
    found = (
        ("size", facts.employees, size.points if size else 0),
        ("industry", facts.industry, _looked_up(rules.industries, facts.industry)),
        ("country", facts.country, _of_country(rules.countries, facts.country)),
        ("territory", facts.territory, _looked_up(rules.territories, facts.territory)),
        ("title", facts.title, title.points if title else 0),
    )
    for what, detail, points in found:
        if points:
            yield Line(Part.FIT, what, str(detail), points, None, Decimal(points))


def _behaviour(rules: Rules, facts: Facts, now: datetime) -> Iterator[Line]:
    earned = rules.sources.get(facts.source, 0)
    if earned:
        yield _faded(rules, f"source.{facts.source}", facts.source, earned, facts.received_at, now)
    last = None
    for touch in sorted(facts.touches, key=lambda each: (each.at, each.kind, each.outcome or ""), reverse=True):
        code = f"{touch.kind}.{touch.outcome}" if touch.outcome else touch.kind
        code = code if code in rules.touches else touch.kind
        earned = rules.touches.get(code, 0)
        if earned:
            yield _faded(rules, f"touch.{code}", code, earned, touch.at, now)
        if earned > 0:
            last = last or touch.at
    if last:
        yield from _recent(rules, last, now)


def _recent(rules: Rules, last: datetime, now: datetime) -> Iterator[Line]:
    ago = max(timedelta(), now - last)
    row = min(
        (each for each in rules.recency if ago < timedelta(days=each.days)), key=lambda each: each.days, default=None
    )
    if row and row.points:
        yield _faded(rules, "recency", str(ago.days), row.points, last, now)


def _faded(rules: Rules, what: str, detail: str, base: int, at: datetime, now: datetime) -> Line:
    weeks = max(0, (now - at) // _WEEK)
    return Line(Part.BEHAVIOUR, what, detail, base, weeks, _EXACT.multiply(base, _left(rules.decay, weeks)), at)


@lru_cache(maxsize=1024)
def _left(decay: Decimal, weeks: int) -> Decimal:
    """What so many weeks leave of a point."""
    return _EXACT.power(decay, weeks) if weeks else Decimal(1)  # 0 ** 0 is not defined for decimals


def _manual(facts: Facts) -> Iterator[Line]:
    for each in sorted(facts.manual, key=lambda each: (each.at, each.why, each.points, each.by)):
        if each.points:
            yield Line(Part.MANUAL, "manual", each.why, each.points, None, Decimal(each.points), at=each.at, by=each.by)


def _sum(points: Iterable[Decimal]) -> Decimal:
    return reduce(_EXACT.add, points, Decimal(0))


def _of_country(table: Mapping[str, int], name: str | None) -> int:
    """By its name as it stands, else by its code (`Germany`, `DE`), else by that of the country that it lies in."""
    code = (territory_of(name) if name else None) or ""
    names = (name, code, code.partition("-")[0])
    found = (_found(table, each) for each in names if each)
    return next((points for points in found if points is not None), 0)


def _looked_up(table: Mapping[str, int], name: str | None) -> int:
    return (_found(table, name) if name else None) or 0


def _found(table: Mapping[str, int], name: str) -> int | None:
    return next((points for key, points in table.items() if fold(key).strip() == fold(name).strip()), None)
