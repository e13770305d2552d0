"""Where somebody stands with one metric in one period: every figure that `/quota` shows, from four inputs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from bot.quota import pace as rules
from bot.quota.pace import Days, Missed, Needed, NoPace, Pace, Reached
from bot.quota.run_rate import RunRate, TooEarly, Week, run_rate


@dataclass(frozen=True, slots=True)
class Standing:
    """What was achieved of a target on a day of its period, in the metric's unit; `weeks` make the forecast's range."""

    achieved: int
    target: int | None
    days: Days
    weeks: Sequence[Week] = ()

    @property
    def attainment(self) -> Fraction | None:
        """See `bot.quota.pace.attainment`."""
        return rules.attainment(self.achieved, self.target)

    @property
    def bar(self) -> str | None:
        """The attainment as ten cells; None without one."""
        return None if self.attainment is None else rules.bar(self.attainment)

    @property
    def pace(self) -> Pace | NoPace:
        """See `bot.quota.pace.pace`."""
        return rules.pace(self.achieved, self.target, self.days)

    @property
    def needed(self) -> Needed | Reached | Missed | None:
        """See `bot.quota.pace.needed`."""
        return rules.needed(self.achieved, self.target, self.days)

    @property
    def forecast(self) -> RunRate | TooEarly | None:
        """See `bot.quota.run_rate.run_rate`."""
        return run_rate(self.achieved, self.days, self.weeks)

    @property
    def forecast_attainment(self) -> Fraction | None:
        """The forecast ÷ target; None without either."""
        forecast = self.forecast
        return forecast.value / self.target if isinstance(forecast, RunRate) and self.target else None


class WhatIf(NamedTuple):
    """A standing as it is, and as it would be."""

    now: Standing
    then: Standing


def what_if(now: Standing, closed: int) -> WhatIf:
    """As if `closed`, in the metric's unit, were achieved today as well."""
    return WhatIf(now, replace(now, achieved=now.achieved + closed))
