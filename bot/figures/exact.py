"""Exact numbers: figures are fractions, so they are never NaN or infinite, and the same on every machine.

Money is rounded once, when it is shown; a float would round at every step, and two sums that are equal might differ.
The one thing that is no fraction, a square root, is cut off at the twelfth digit after the point: a rate's interval is
shown with one.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import isqrt

from bot.money import Money

GRID = 10**12
"""What roots, and what is made of them, are whole parts of, so that their denominators do not grow."""


def root(value: Fraction) -> Fraction:
    """The square root, cut off at the twelfth digit after the point.

    Raises:
        ValueError: when `value` is below zero.
    """
    return Fraction(isqrt(value.numerator * GRID**2 // value.denominator), GRID)


def part(of: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """What part of `whole` something is; None where there is no whole, for nothing is a part of that."""
    return Fraction(of) / whole if whole else None


def mean(values: Iterable[Fraction | int]) -> Fraction | None:
    """The sum divided by how many there are; None of none."""
    counted = list(values)
    return part(sum(counted), len(counted))


def in_coins(minor: Fraction | int, currency: str) -> Money:
    """Minor units and parts of them as money: the nearest coin, a half to the even one."""
    return Money(currency, round(minor))


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts in the workspace's currency; of none it is 0. Another currency raises a ValueError."""
    minor = 0  # and not money by money: there may be a hundred thousand
    for each in amounts:
        if each.currency != currency:
            raise ValueError(f"{each.currency} is not {currency}")
        minor += each.minor
    return Money(currency, minor)
