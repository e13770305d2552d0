"""What one person is paid for a period, what it would be with one more deal, and what it is meant to be on target."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import add

from bot.access.roles import Role
from bot.errors import Refused
from bot.money import Money
from bot.pay.earned import Earned, Line, Notice, Terms
from bot.pay.period import A_DAY, Period
from bot.pay.plan import Event
from bot.pay.rules import Reckoned, reckon

PERIODS = 4
"""Pay periods of a year: quarters."""

BASE_PERCENT = range(101)

_LAST = "~what-if"
"""An id that comes after all others of the same moment."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a period comes to, as it stood at `as_of` (UTC).

    `total` is the sum of `lines`. `brought` is what an earlier period left to be worked off, never above nothing;
    `due` is what is paid out, never below it, and `carried` what the next period begins with.
    """

    period: Period
    lines: tuple[Line, ...]
    brought: Money
    notices: tuple[Notice, ...]
    as_of: datetime
    is_paid: bool = False

    @property
    def total(self) -> Money:
        """What the lines add up to."""
        return _total(self.lines, Money(self.brought.currency, 0))

    @property
    def due(self) -> Money:
        """What is paid out."""
        return max(self.brought + self.total, Money(self.brought.currency, 0))

    @property
    def carried(self) -> Money:
        """What is left to be worked off."""
        return min(self.brought + self.total, Money(self.brought.currency, 0))


def statement(events: Iterable[Earned], terms: Terms, period: Period, as_of: datetime) -> Statement:
    """The statement of a period, as it stood at a moment; while the period runs it is the commission so far.

    Raises:
        ValueError: when the events are of more than one person.
    """
    reckoned = reckon(events, terms, as_of)
    brought = _brought(reckoned, terms, period)
    notices = tuple(notice for notice in reckoned.notices if notice.period == period.name)
    paid = terms.paid.get(period.name)
    found = Statement(
        period, _lines_in(reckoned, period), brought, notices, as_of, is_paid=paid is not None and paid.at <= as_of
    )
    return replace(found, notices=(*found.notices, *_of_debt(found)))


def as_paid(period: Period, lines: tuple[Line, ...], brought: Money, as_of: datetime) -> Statement:
    """A statement of what was kept when its period was closed, whatever is known by now."""
    found = Statement(period, lines, brought, (), as_of, is_paid=True)
    return replace(found, notices=_of_debt(found))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One more won deal: the attained value and the commission of its period, before and with it."""

    attained: Money
    attained_then: Money
    quota: Money | None
    commission: Money
    commission_then: Money

    @property
    def more(self) -> Money:
        """What the deal would bring."""
        return self.commission_then - self.commission

    def percent(self, value: Money) -> Decimal | None:
        """A value in percent of the quota, not rounded; None without one."""
        return value.amount * 100 / self.quota.amount if self.quota else None


def what_if(events: Iterable[Earned], terms: Terms, value: Money, person: str, role: Role, now: datetime) -> WhatIf:
    """What one more deal of `value`, won now in `role`, would change in the period that runs."""
    known = tuple(events)
    deal = Earned(_LAST, person, role, Event.WON, value, now, now, subject="")
    period = terms.period_at(now)
    before, then = (reckon(each, terms, now) for each in (known, (*known, deal)))
    key = (period.name, Event.WON)
    return WhatIf(
        before.attained.get(key, terms.nothing),
        then.attained.get(key, terms.nothing),
        terms.quota(*key),
        _total(_lines_in(before, period), terms.nothing),
        _total(_lines_in(then, period), terms.nothing),
    )


@dataclass(frozen=True, slots=True)
class OnTarget:
    """A year's pay at 100 % of the quota: `base` and `variable` add up to it."""

    base: Money
    variable: Money

    @property
    def per_period(self) -> Money:
        """The on-target pay of one period, besides the base, rounded."""
        return self.variable.times(Decimal(1) / PERIODS)

    def implied_rate(self, quota: Money | None) -> Decimal | None:
        """The rate at which a year's quota pays the variable part, not rounded; None without a quota."""
        return self.variable.amount / quota.amount if quota and quota.minor > 0 else None


def on_target(earnings: Money, base_percent: int) -> OnTarget:
    """Divide on-target earnings (OTE) of a year by the pay mix: the base is rounded, the variable is the rest.

    Raises:
        Refused: `pay.problem.mix` when the base is not 0 to 100 percent.
    """
    if base_percent not in BASE_PERCENT:
        raise Refused("pay.problem.mix", percent=str(base_percent))
    base = earnings.times(Decimal(base_percent).scaleb(-2))
    return OnTarget(base, earnings - base)


def _total(lines: Iterable[Line], start: Money) -> Money:
    return reduce(add, (line.amount for line in lines), start)


def _lines_in(reckoned: Reckoned, period: Period) -> tuple[Line, ...]:
    return tuple(line for line in reckoned.lines if line.period == period.name)


def _brought(reckoned: Reckoned, terms: Terms, period: Period) -> Money:
    """What the periods before left to be worked off, one after the other."""
    days = [terms.day(line.at) for line in reckoned.lines]
    days += [each.first for each in terms.paid.values() if each.first]
    owed = terms.nothing
    if not days:
        return owed
    each = terms.period_of(min(days))
    while each.first < period.first:
        paid = terms.paid.get(each.name)
        made = _total(_lines_in(reckoned, each), terms.nothing) if paid is None or paid.total is None else paid.total
        owed = min(owed + made, terms.nothing)
        each = terms.period_of(each.last + A_DAY)
    return owed


def _of_debt(found: Statement) -> tuple[Notice, ...]:
    """Say what was brought and what goes on."""
    debts = (("pay.notice.brought", found.brought), ("pay.notice.carried", found.carried))
    return tuple(Notice(found.period.name, key, {"amount": -owed}) for key, owed in debts if owed)
