"""What the open deals promise: the weighted forecast with all that it leaves out, and whether they cover the target."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from bot.figures.conversion import WinShares
from bot.figures.deals import OpenDeal
from bot.figures.exact import in_coins, part, total
from bot.figures.rates import Rate
from bot.money import Money


class LeftOut(Enum):
    """Why an open deal adds nothing to the forecast of a period."""

    PAST_DUE = "past_due"
    """Its close day has passed, and it is neither won nor lost."""
    NO_CLOSE_DAY = "no_close_day"
    NO_AMOUNT = "no_amount"
    """It is to close in the period, and what it is worth was never said."""
    OTHER_PERIOD = "other_period"
    """It is to close, but not in this one."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A deal that is to close in the period, and the share of its stage's deals that was won; None: too few to say.

    `exact` is what it adds, in minor units.
    """

    deal: OpenDeal
    amount: Money
    share: Fraction | None

    @property
    def exact(self) -> Fraction | None:
        """Its amount times the share, unrounded."""
        return None if self.share is None else self.amount.minor * self.share


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The deals of a period: those that count, and those that do not with the reason. `won` is what is won so far."""

    won: Money
    closing: tuple[Weighed, ...]
    left_out: tuple[tuple[OpenDeal, LeftOut], ...]

    @property
    def open_amount(self) -> Money:
        """What is to close in the period, unweighted."""
        return total((each.amount for each in self.closing), self.won.currency)

    @property
    def unweighed(self) -> tuple[Weighed, ...]:
        """Those whose stage has too few cases: counted and listed, in no weighted sum."""
        return tuple(each for each in self.closing if each.share is None)

    @property
    def weighted(self) -> Money | None:
        """The open amounts times their shares, summed unrounded and rounded once.

        None where deals are to close and none of them can be weighed: the open amount is shown, with a note.
        """
        is_weighed = len(self.unweighed) < len(self.closing) or not self.closing
        return in_coins(self._exact, self.won.currency) if is_weighed else None

    @property
    def forecast(self) -> Money | None:
        """Won so far and the weighted part; None with it. It stands beside the run rate, never averaged with it."""
        weighted = self.weighted
        return None if weighted is None else self.won + weighted

    @property
    def win_share(self) -> Fraction | None:
        """The part of the weighed amount that its stages' past lets expect; None where nothing is weighed."""
        return part(self._exact, sum(each.amount.minor for each in self.closing if each.share is not None))

    @property
    def _exact(self) -> Fraction:
        return sum((each.exact for each in self.closing if each.exact is not None), Fraction(0))

    def why(self, reason: LeftOut) -> list[OpenDeal]:
        """The deals that are left out for a reason."""
        return [deal for deal, found in self.left_out if found is reason]


def pipeline(
    deals: Iterable[OpenDeal], shares: WinShares, *, won: Money, first: date, last: date, today: date
) -> Pipeline:
    """Sort open deals into those that close from today to `last` of the period that begins with `first`, and the rest.

    A day that has passed is past due whether it lies in the period or before it.
    """
    closing: list[Weighed] = []
    left_out: list[tuple[OpenDeal, LeftOut]] = []
    for deal in deals:
        reason = _why_not(deal, max(first, today), last, today)
        if reason is None and deal.amount is not None:
            closing.append(Weighed(deal, deal.amount, shares.share(deal.stage, deal.segment)))
        elif reason is not None:
            left_out.append((deal, reason))
    return Pipeline(won, tuple(closing), tuple(left_out))


def _why_not(deal: OpenDeal, start: date, last: date, today: date) -> LeftOut | None:
    if deal.closes is None:
        return LeftOut.NO_CLOSE_DAY
    if deal.closes < today:
        return LeftOut.PAST_DUE
    if not start <= deal.closes <= last:
        return LeftOut.OTHER_PERIOD
    return LeftOut.NO_AMOUNT if deal.amount is None else None


class Covered(Enum):
    """There is nothing left that a pipeline would have to cover."""

    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many times the open amount is what is left of the target, and how many times are needed, if that is known."""

    times: Fraction
    required: Fraction | None

    @property
    def is_enough(self) -> bool | None:
        """Whether it reaches what is needed; None where that is not known."""
        return None if self.required is None else self.times >= self.required


def coverage(
    open_amount: Money, target: Money | None, achieved: Money, win_share: Fraction | None
) -> Coverage | Covered | None:
    """Open amount closing in the period ÷ (target − achieved); None without a target.

    What is required is 1 ÷ the win share of that pipeline: the usual "three times" is but the inverse of 33 %.
    """
    if not target:
        return None
    missing = (target - achieved).minor
    if missing <= 0:
        return Covered.REACHED
    return Coverage(Fraction(open_amount.minor, missing), 1 / win_share if win_share else None)


def firm_share(rate: Rate) -> Fraction | None:
    """A win rate to ask coverage by; None where it is too few."""
    return rate.share if rate.is_firm else None
