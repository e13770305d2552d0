"""Places in a list, outside the noise only: those who are not told apart share a place.

Whether two tie depends on what is compared: counts, sums of deals, or rates. A tie is handed on: if the first ties with
the second and the second with the third, all three share a place, though the first and the third alone are told apart;
otherwise two that tie would stand in different places. The rules are the trade's own (a Poisson count's deviation is
its root, a sum's that of its summands' squares; rates by Newcombe); the handing on is ours.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from bot.figures.exact import GRID
from bot.figures.rates import Rate, wilson
from bot.money import Money

Key = TypeVar("Key")
Value = TypeVar("Value")

_Z_HUNDREDTHS = 196


@dataclass(frozen=True, slots=True)
class Ranking(Generic[Key]):
    """Groups of those who share a place, the best first; within a group in the order in which they were given.

    `unranked` have too few cases for a place, or nothing.
    """

    groups: tuple[tuple[Key, ...], ...]
    unranked: tuple[Key, ...] = ()

    @property
    def has_places(self) -> bool:
        """Whether places may be shown; if all tie, the list is one of names."""
        return len(self.groups) > 1

    @property
    def places(self) -> dict[Key, int]:
        """Everybody's place, counted like 1, 1, 3; of nobody where there are none."""
        placed: dict[Key, int] = {}
        for group in self.groups if self.has_places else ():
            placed.update(dict.fromkeys(group, len(placed) + 1))
        return placed


def rank_counts(counts: Iterable[tuple[Key, int]]) -> Ranking[Key]:
    """By how many there are of something; none is a count like any other."""
    return Ranking(_groups(list(counts), worth=int, tie=counts_tie))


def rank_sums(sums: Iterable[tuple[Key, Sequence[Money]]]) -> Ranking[Key]:
    """By the sum of deals, each given with its amounts in one currency."""
    added = [(key, _Sum.of(amounts)) for key, amounts in sums]
    return Ranking(_groups(added, worth=lambda each: each.minor, tie=_tie))


def rank_rates(rates: Iterable[tuple[Key, Rate]]) -> Ranking[Key]:
    """By rate; those of too few cases have no place."""
    given = list(rates)
    firm = [(key, _Range.of(rate)) for key, rate in given if rate.is_firm]
    groups = _groups(firm, worth=lambda each: each.share, tie=_overlap)
    return Ranking(groups, tuple(key for key, rate in given if not rate.is_firm))


class Estimate(NamedTuple):
    """A figure with its noise: its variance, in its own unit squared."""

    value: Fraction
    variance: Fraction


def rank_estimates(estimates: Iterable[tuple[Key, Estimate]]) -> Ranking[Key]:
    """By figures that each bring their own noise."""
    return Ranking(_groups(list(estimates), worth=lambda each: each.value, tie=estimates_tie))


def estimates_tie(one: Estimate, other: Estimate) -> bool:
    """Whether two are not told apart: their gap is at most 1.96·√(variance + variance). Of two counts, each of which
    is its own variance, and of two sums with theirs, that is the rule for counts and for sums.
    """
    gap = 100 * (one.value - other.value)
    return gap**2 <= _Z_HUNDREDTHS**2 * (one.variance + other.variance)


def counts_tie(one: int, other: int) -> bool:
    """Whether two counts are not told apart: │a − b│ ≤ 1.96·√(a + b)."""
    return (100 * (one - other)) ** 2 <= _Z_HUNDREDTHS**2 * (abs(one) + abs(other))


def sums_tie(one: Sequence[Money], other: Sequence[Money]) -> bool:
    """Whether two sums are not told apart: their gap is at most 1.96·√(Σx² + Σy²)."""
    return _tie(_Sum.of(one), _Sum.of(other))


def rates_tie(one: Rate, other: Rate) -> bool:
    """Whether two rates are not told apart, by the difference's interval; one of no cases ties with all."""
    return not one.cases or not other.cases or _overlap(_Range.of(one), _Range.of(other))


class _Sum(NamedTuple):
    """Deals' amounts added up, and their squares."""

    minor: int
    squares: int

    @classmethod
    def of(cls, amounts: Sequence[Money]) -> "_Sum":
        return cls(sum(each.minor for each in amounts), sum(each.minor**2 for each in amounts))


def _tie(one: _Sum, other: _Sum) -> bool:
    return (100 * (one.minor - other.minor)) ** 2 <= _Z_HUNDREDTHS**2 * (one.squares + other.squares)


class _Range(NamedTuple):
    """A rate and what its interval reaches below and above it, in whole parts of `GRID`: quickly compared."""

    share: int
    below: int
    above: int

    @classmethod
    def of(cls, rate: Rate) -> "_Range":
        low, high = wilson(rate.hits, rate.cases)
        share = GRID * rate.hits // rate.cases
        return cls(share, share - int(low * GRID), int(high * GRID) - share)


def _overlap(one: _Range, other: _Range) -> bool:
    """Whether Newcombe's interval of their difference has 0: its nearer end does not pass it, so no root is needed."""
    higher, lower = (one, other) if one.share >= other.share else (other, one)
    return (higher.share - lower.share) ** 2 <= higher.below**2 + lower.above**2


def _groups(
    given: Sequence[tuple[Key, Value]], *, worth: Callable[[Value], int | Fraction], tie: Callable[[Value, Value], bool]
) -> tuple[tuple[Key, ...], ...]:
    """The best first; a group ends where nobody up to here ties with anybody from here on."""
    ordered = sorted(given, key=lambda pair: worth(pair[1]), reverse=True)
    reach, groups, group = 0, [], []
    for at, (key, value) in enumerate(ordered):
        group.append(key)
        further = range(len(ordered) - 1, max(reach, at), -1)
        reach = next((other for other in further if tie(value, ordered[other][1])), max(reach, at))
        if reach == at:
            groups.append(tuple(_as_given(group, given)))
            group = []
    return tuple(groups)


def _as_given(group: Sequence[Key], given: Sequence[tuple[Key, Value]]) -> list[Key]:
    wanted = set(group)
    return [key for key, _ in given if key in wanted]
