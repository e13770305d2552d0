"""What people read of where they stand. Plain values, each as of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.figures.pipeline import Pipeline
from bot.pay.statement import Statement
from bot.quota.metrics import STANDARD, Metric
from bot.quota.periods import Kind, Period
from bot.quota.queries import Subject, Target
from bot.quota.shares import RollUp
from bot.quota.standing import Standing
from bot.quota.whose import Whose

_KINDS = (Kind.QUARTER, Kind.MONTH, Kind.WEEK, Kind.YEAR)
"""Periods in the order in which they are told: pay is by the quarter."""


@dataclass(frozen=True, slots=True)
class When:
    """The moment of a page (UTC), with its day in the workspace's zone; `as_of` is set where it is not now.

    `wall` is the reader's zone, for the time of day.
    """

    at: datetime
    today: date
    zone: ZoneInfo
    wall: ZoneInfo
    as_of: date | None = None

    def elsewhen(self, period: Period) -> str | None:
        """The name of a period that does not run on the page's day: it was asked for by name."""
        return None if self.today in period else period.name


@dataclass(frozen=True, slots=True)
class Part:
    """One metric in one period.

    `has_any` tells 0 from nothing yet. `value` is what stands beside a count: what the renewals were worth.
    `pipeline` is there for money, where the period runs.
    """

    metric: Metric
    period: Period
    standing: Standing
    has_any: bool
    value: int | None = None
    pipeline: Pipeline | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What names it: the metric's code and the period's name."""
        return self.metric.code, self.period.name


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Where one person stands; `name` is None for the reader's own. `pay` is there where a plan pays them, `coming` are
    the targets of periods that are to begin, `period` is the one that was asked about, else the quarter that runs.
    """

    person_id: str
    name: str | None
    parts: tuple[Part, ...]
    pay: Statement | None
    when: When
    currency: str
    can_set: bool
    period: Period
    coming: tuple[Target, ...] = ()

    @property
    def subject(self) -> Subject:
        """Whose targets these are."""
        return Subject.person(self.person_id)


class Course(StrEnum):
    """How somebody goes, in the order in which a manager wants to read it."""

    BEHIND = "behind"
    """Ten points or more."""
    ON = "on"
    NONE = "none"
    """Without a target, or without a pace."""


BEHIND_POINTS = 10
"""Points behind pace from which somebody is told apart."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a group in one metric and period. `until` is set for whoever has left the group meanwhile,
    `is_gone` for whoever has left the company.
    """

    person_id: str
    name: str
    standing: Standing
    has_any: bool
    until: date | None = None
    is_gone: bool = False

    @property
    def course(self) -> Course:
        """How they go."""
        days, target = self.standing.days, self.standing.target
        if self.is_gone or not target or not days.gone:
            return Course.NONE
        # achieved ÷ target − gone ÷ total, in whole numbers: a team may have a thousand people
        gone = days.gone.numerator * days.left.denominator
        total = gone + days.left.numerator * days.gone.denominator
        behind = target * gone - self.standing.achieved * total
        return Course.BEHIND if behind * 100 >= BEHIND_POINTS * target * total else Course.ON


@dataclass(frozen=True, slots=True)
class GroupPart:
    """One metric in one period, of a group: its own target or else the sum of its people's, and how those add up."""

    part: Part
    rolled: RollUp


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Where a team, a territory or (without a `subject`) one's reports stand, person by person in one part."""

    subject: Subject | None
    name: str | None
    parts: tuple[GroupPart, ...]
    shown: GroupPart | None
    rows: tuple[Row, ...]
    when: When
    currency: str
    can_set: bool

    @property
    def whose(self) -> Whose | None:
        """What kind of group."""
        return self.subject.whose if self.subject else None


def in_order(metric: Metric, period: Period) -> tuple[int, int, date]:
    """The place of a part on a page: the longest-lived pay period first, money first."""
    codes = [each.code for each in STANDARD]
    place = codes.index(metric.code) if metric.code in codes else len(codes)
    return _KINDS.index(period.kind), place, period.first


def by_course(rows: Mapping[str, Row]) -> tuple[Row, ...]:
    """Who needs a look first; among their like by name, for nobody is ranked inside the noise."""
    order = {course: place for place, course in enumerate(Course)}
    return tuple(sorted(rows.values(), key=lambda row: (order[row.course], row.name.casefold(), row.person_id)))
