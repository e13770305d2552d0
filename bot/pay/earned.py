"""What happened that somebody is paid for, by what it is paid, and the lines that come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.access.roles import Role
from bot.money import Money
from bot.pay.period import A_DAY, Period, PeriodOf
from bot.pay.plan import Event, Plan, Step


class Share(NamedTuple):
    """That a value is a part of a deal: how many percent of how much in all."""

    percent: Decimal
    whole: Money


@dataclass(frozen=True, slots=True)
class Earned:
    """One event of one person; `id` is unique among all that ever happens to them. Moments are UTC.

    `role` is the one that earns it, for there is a plan for each role and an event is paid once, whatever else the
    person does: of a win, a renewal or a loss the role held at that moment (`plan.paid_role` where it is several), of
    `requalified` and `assist_won` the one in which the lead was given, which the giver may have left since.

    `value` is None where nothing is worth anything (`requalified`). `reverses` is the id of the event that this one
    takes back; None for one that stands for itself. `share` says which part it is of a deal that several have,
    `is_help` that it is somebody else's deal, which the person joined.
    """

    id: str
    person: str
    role: Role
    event: Event
    value: Money | None
    happened_at: datetime
    recorded_at: datetime
    subject: str
    reverses: str | None = None
    share: Share | None = None
    is_help: bool = False


class LineKind(StrEnum):
    """How a line came to be: by a step, or because something was taken back."""

    FIXED = "fixed"
    FLAT = "flat"
    TIER = "tier"
    CLAWBACK = "clawback"
    """The mirror of a line: the same, negative."""
    ADJUSTMENT = "adjustment"
    """What the lines that are left pay less (or more) because a deal before them is gone."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement, rounded when it was made, and never changed.

    `id` is the event's with the number of the line among the event's own, the same however often it is computed.
    `period` is the statement that it stands in, `counts_in` the period whose quota it is measured by: another one
    where something came to light after that was paid. `base` is the value that it pays for, None where it pays for
    none. `step` made it; a mirror's is that of the line it takes back, an adjustment has none. `share` is the event's.
    """

    id: str
    period: str
    counts_in: str
    at: datetime
    event: Event
    earned: str
    subject: str
    kind: LineKind
    base: Money | None
    amount: Money
    step: Step | None = None
    share: Share | None = None

    @property
    def key(self) -> str:
        """The message that explains it."""
        if self.kind is LineKind.CLAWBACK:
            return _TAKEN_BACK.get(self.event, "pay.line.reopened")
        if self.step and self.step.is_accelerator:
            return "pay.line.accelerator" if self.step.upper is None else "pay.line.accelerator_to"
        if self.step and self.kind is LineKind.TIER:
            return "pay.line.tier" if self.step.upper is None else "pay.line.tier_to"
        return _KEYS[self.kind]


_TAKEN_BACK = {Event.CHURNED: "pay.line.churned", Event.SPLIT: "pay.line.split"}
_KEYS = {
    LineKind.FIXED: "pay.line.fixed",
    LineKind.FLAT: "pay.line.flat",
    LineKind.ADJUSTMENT: "pay.line.adjustment",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What has to be said about a statement: `pay.notice.…` and what fills it, Money and codes as they are."""

    period: str
    key: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paid:
    """A statement that was paid: when it was closed (UTC), and its lines as they were then.

    Where not all lines are at hand, `total` is what they add up to, and `first` the first day of their period.
    """

    at: datetime
    lines: tuple[Line, ...]
    total: Money | None = None
    first: date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What one person is paid by.

    `plans` and `quotas` are those of the moment that is asked about; `quotas` are the person's, in money, by the name
    of the period and the event whose value counts towards it. `window` is the clawback window in days, of which the
    day of the win is the first: 90 reaches to the 89th day after it, and 0 takes nothing back. `paid` are the
    statements that are closed, by period.
    """

    currency: str
    zone: ZoneInfo
    period_of: PeriodOf
    plans: tuple[Plan, ...]
    quotas: Mapping[tuple[str, Event], Money] = field(default_factory=dict)
    window: int = 90
    paid: Mapping[str, Paid] = field(default_factory=dict)

    @property
    def nothing(self) -> Money:
        """No money."""
        return Money(self.currency, 0)

    def day(self, at: datetime) -> date:
        """The workspace's day of a moment."""
        return at.astimezone(self.zone).date()

    def period_at(self, at: datetime) -> Period:
        """The period that a moment lies in."""
        return self.period_of(self.day(at))

    def quota(self, period: str, event: Event) -> Money | None:
        """The quota that tiers are measured by; None where none is set, or one that nothing is a percent of."""
        quota = self.quotas.get((period, event))
        return quota if quota and quota.minor > 0 else None

    def is_open(self, period: str, at: datetime) -> bool:
        """Whether a statement took new lines at a moment; the very moment of closing still counts."""
        paid = self.paid.get(period)
        return paid is None or at <= paid.at

    def open_period(self, recorded_at: datetime, *periods: Period) -> Period:
        """The first of some periods whose statement was open when something was recorded, or the next after them."""
        for period in periods:
            if self.is_open(period.name, recorded_at):
                return period
        later = periods[-1]
        while not self.is_open(later.name, recorded_at):
            later = self.period_of(later.last + A_DAY)
        return later

    def covers(self, won: datetime, lost: datetime) -> bool:
        """Whether the loss lies in the clawback window of the win."""
        return (self.day(lost) - self.day(won)).days < self.window

    def as_of(self, moment: datetime) -> "Terms":
        """The same while the statements that were paid later were still open."""
        return replace(self, paid={name: paid for name, paid in self.paid.items() if paid.at <= moment})
