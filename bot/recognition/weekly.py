"""Targets of a week: its own, else those of the month, quarter or year that a day lies in, by working days. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from bot.quota.periods import Kind, Period
from bot.quota.queries import Target
from bot.quota.working_days import WorkingDays

_DAY = timedelta(days=1)
_SHORTEST_FIRST = tuple(Kind)


def weekly(
    targets: Iterable[Target], there: WorkingDays, usual: WorkingDays, first: date, last: date
) -> dict[str, Fraction]:
    """Somebody's targets for the days `first` to `last`, by metric, unrounded.

    Each day that they were there asks for its part of the shortest period's target that it lies in: target ÷ the
    period's usual working days. So nobody is asked for a day that they were away, and none of the others is worth more.

    Args:
        targets: that hold, of any periods; those without a day in the span change nothing.
        there: their working days less absences, over the span at least.
        usual: the same without absences, over all periods.
        first: the first day.
        last: the last day, included.
    """
    by_metric: dict[str, list[Target]] = {}
    for each in targets:
        if each.value is not None:
            by_metric.setdefault(each.metric, []).append(each)
    found = {}
    days = [first + further * _DAY for further in range((last - first).days + 1)]
    for metric, several in by_metric.items():
        parts = [_of_day(several, there, usual, day) for day in days]
        if any(part is not None for part in parts):
            found[metric] = sum((part for part in parts if part is not None), Fraction(0))
    return found


def _of_day(targets: Sequence[Target], there: WorkingDays, usual: WorkingDays, day: date) -> Fraction | None:
    covering = [each for each in targets if day in each.period]
    if not covering:
        return None
    target = min(covering, key=lambda each: _SHORTEST_FIRST.index(each.period.kind))
    whole = usual.between(target.period.first, target.period.last)
    return (target.value or 0) * there.on(day) / whole if whole else None


def reach_of(targets: Iterable[Target], week: Period) -> tuple[date, date]:
    """The days from the first to the last of all these periods and the week."""
    spans = [week, *(each.period for each in targets)]
    return min(each.first for each in spans), max(each.last for each in spans)
