"""What is sold: volume, average size, how long it takes, how fast it goes, and who stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from bot.figures.deals import ClosedDeal, OpenDeal, closed_once
from bot.figures.exact import in_coins, mean, part, total
from bot.figures.rates import Rate
from bot.figures.spread import Spread, spread
from bot.money import Money

FEWEST_WINS = 5
"""Wins below which lengths and sizes are listed one by one, and make no factor of another figure."""

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Volume:
    """The plain value of what was won, and how many deals that was; `without_amount` of them had none."""

    value: Money
    deals: int
    without_amount: int


def volume(closings: Iterable[ClosedDeal], currency: str) -> Volume:
    """Of the deals that were won."""
    won = _won(closings)
    amounts = [deal.amount for deal in won if deal.amount]
    return Volume(total(amounts, currency), len(won), len(won) - len(amounts))


@dataclass(frozen=True, slots=True)
class DealSize:
    """The average size of won deals, unrounded and as money, with the spread; `left_out` had no amount, or 0."""

    exact: Fraction
    mean: Money
    spread: Spread[Money]
    left_out: int

    @property
    def is_few(self) -> bool:
        """Whether there are so few that the ends stand beside the average, and no other figure is made of it."""
        return self.spread.cases < FEWEST_WINS


def deal_size(closings: Iterable[ClosedDeal]) -> DealSize | None:
    """Σ won ÷ n won; None where nothing with an amount was won. `exact` is in minor units."""
    won = _won(closings)
    amounts = [deal.amount for deal in won if deal.amount]
    minors = [amount.minor for amount in amounts]
    found, exact = spread(minors), mean(minors)
    if found is None or exact is None:
        return None
    currency = amounts[0].currency
    return DealSize(exact, in_coins(exact, currency), _in_money(found, currency), len(won) - len(amounts))


def _in_money(of: Spread[int], currency: str) -> Spread[Money]:
    """The same of minor units."""
    least, median, most = (Money(currency, minor) for minor in (of.least, of.median, of.most))
    return Spread(of.cases, median, None if of.p90 is None else Money(currency, of.p90), least, most)


def annual_value(amount: Money, months: int) -> Money | None:
    """The ACV: a contract's value for one of its years; None without a length of at least a month."""
    return in_coins(Fraction(amount.minor * MONTHS_OF_YEAR, months), amount.currency) if months > 0 else None


@dataclass(frozen=True, slots=True)
class CycleLength:
    """Opened to closed in calendar days, 0 for a deal closed on its first: the median comes first, the mean beside it.

    `days` are all of them, shortest first, to be listed where they are few. `left_out` closed before they opened, which
    only a wrong import can say.
    """

    days: tuple[int, ...]
    mean: Fraction
    spread: Spread[int]
    left_out: int

    @property
    def is_few(self) -> bool:
        """Whether they are listed, and make no figure."""
        return len(self.days) < FEWEST_WINS


def cycle_length(closings: Iterable[ClosedDeal], *, won: bool = True) -> CycleLength | None:
    """Of won deals, or apart from them of lost ones; None of none."""
    deals = [deal for deal in closed_once(closings) if deal.is_won == won and not deal.is_duplicate]
    lengths = [(deal.closed - deal.opened).days for deal in deals]
    days = tuple(sorted(length for length in lengths if length >= 0))
    found, average = spread(days), mean(days)
    if found is None or average is None:
        return None
    return CycleLength(days, average, found, len(lengths) - len(days))


def oldest_open(deals: Iterable[OpenDeal], today: date) -> int | None:
    """The age in days of the open deal that has been open longest: what cycle lengths do not show; None of none."""
    return max((max(0, (today - deal.opened).days) for deal in deals), default=None)


class NoVelocity(Enum):
    """Why there is no sales velocity."""

    FEW_CLOSED = "few_closed"
    """The win rate is too few to be shown."""
    FEW_WON = "few_won"
    """Too few wins for an average size or a mean length."""
    NO_LENGTH = "no_length"
    """Everything is won on the day that it is opened."""


@dataclass(frozen=True, slots=True)
class Velocity:
    """Money per calendar day, with the factors it is made of; the length is the mean one. Segments do not add up."""

    per_day: Money
    open_deals: int
    win_rate: Rate
    size: DealSize
    length: CycleLength


def velocity(
    open_deals: int, win_rate: Rate, size: DealSize | None, length: CycleLength | None
) -> Velocity | NoVelocity:
    """Open qualified deals × win rate × average deal size ÷ mean cycle days, rounded once."""
    if not win_rate.is_firm or win_rate.share is None:
        return NoVelocity.FEW_CLOSED
    if size is None or length is None or size.is_few or length.is_few:
        return NoVelocity.FEW_WON
    if not length.mean:
        return NoVelocity.NO_LENGTH
    exact = open_deals * win_rate.share * size.exact / length.mean
    return Velocity(in_coins(exact, size.mean.currency), open_deals, win_rate, size, length)


@dataclass(frozen=True, slots=True)
class Customers:
    """The customers of a period's first day and what became of them; who came later is in none of the figures.

    `churned`, `contracted` and `expanded` are the value lost with those who left, lost with those who pay less, and
    gained with those who pay more, each 0 or above. A renewal that is late has not churned until somebody says so.
    """

    at_start: int
    left: int
    value: Money
    churned: Money
    contracted: Money
    expanded: Money

    @property
    def logo_churn(self) -> Rate:
        """Customers lost ÷ customers at the start."""
        return Rate(self.left, self.at_start)

    @property
    def gross_retention(self) -> Fraction | None:
        """GRR: (start − churn − contraction) ÷ start, so never above 1; None where nothing was there to be kept."""
        return part((self.value - self.churned - self.contracted).minor, self.value.minor)

    @property
    def net_retention(self) -> Fraction | None:
        """NRR: the same with expansion."""
        return part((self.value - self.churned - self.contracted + self.expanded).minor, self.value.minor)


def _won(closings: Iterable[ClosedDeal]) -> Sequence[ClosedDeal]:
    return [deal for deal in closed_once(closings) if deal.is_won]
