"""Money: exact, in one currency, kept in its minor units (cents). Floats never."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from babel.numbers import get_currency_precision


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units: `Money("EUR", 2400050)` is 24,000.50 EUR, `Money("JPY", 124)` is 124 JPY.

    Adding two currencies raises a ValueError: Baton has no rates.
    """

    currency: str
    minor: int

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> "Money":
        """The nearest amount that the currency has a coin for; a half goes to the even one."""
        return cls(currency, int(amount.scaleb(digits(currency)).quantize(Decimal(1), ROUND_HALF_EVEN)))

    @property
    def amount(self) -> Decimal:
        """The same in major units, with all the digits that the currency has."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def times(self, rate: Decimal) -> "Money":
        """A part of it, rounded once."""
        return Money.of(self.amount * rate, self.currency)

    def __add__(self, other: "Money") -> "Money":
        """The sum of two amounts of one currency."""
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return Money(self.currency, self.minor + other.minor)

    def __sub__(self, other: "Money") -> "Money":
        """The difference of two amounts of one currency."""
        return self + -other

    def __neg__(self) -> "Money":
        """The same amount, owed."""
        return Money(self.currency, -self.minor)

    def __bool__(self) -> bool:
        """Whether it is anything at all."""
        return self.minor != 0


@cache
def digits(currency: str) -> int:
    """Digits behind the point in a currency (Unicode CLDR after ISO 4217): JPY 0, EUR 2, BHD 3."""
    return get_currency_precision(currency)
