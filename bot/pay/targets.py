"""What tiers are measured by: a person's target of revenue in a period, as quotas have it."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import reduce
from operator import add
from typing import Protocol

from sqlalchemy import Connection

from bot.money import Money
from bot.pay.period import A_DAY, Period
from bot.quota import queries
from bot.quota.metrics import REVENUE
from bot.quota.periods import Kind, period_of
from bot.quota.whose import Whose


class Targets(Protocol):
    """Tells what somebody is to bring in within a period."""

    def __call__(
        self, tx: Connection, workspace_id: str, person_id: str, period: Period, as_of: datetime, /
    ) -> Money | None:
        """The target by what was recorded at `as_of` (UTC), or None where there is none."""


def of_quotas(tx: Connection, workspace_id: str, person_id: str, period: Period, as_of: datetime, /) -> Money | None:
    """The target of revenue that was set for just the days of the period; else the sum of its months', if each has one
    and all are in one currency; else None, for half a target is none.

    The days count and not the name, so that a workspace that moves its fiscal year is measured as before.
    """
    found = queries.targets(tx, workspace_id, Whose.PERSON, [person_id], period.first, period.last, as_of)
    by_days = {
        (each.period.first, each.period.last): each.money
        for each in found
        if each.metric == REVENUE.code and each.period.kind in (Kind.QUARTER, Kind.MONTH)
    }
    whole = by_days.get((period.first, period.last))
    return _summed([by_days.get(month) for month in _months(period)]) if whole is None else whole


def none_set(_tx: Connection, _workspace_id: str, _person_id: str, _period: Period, _as_of: datetime, /) -> None:
    """The targets of a workspace that has none: tiers pay nothing, and the statement says so."""


def _months(period: Period) -> Iterator[tuple[date, date]]:
    """The first and last days of the months that a period has days of."""
    day = period.first
    while day <= period.last:
        month = period_of(Kind.MONTH, day)
        yield month.first, month.last
        day = month.last + A_DAY


def _summed(months: list[Money | None]) -> Money | None:
    amounts = [each for each in months if each is not None]
    is_whole = len(amounts) == len(months) and len({each.currency for each in amounts}) == 1
    return reduce(add, amounts) if is_whole else None
