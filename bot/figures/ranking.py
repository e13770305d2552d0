"""Places in a list, outside the noise only: those who are not told apart share a place.

Whether two tie depends on what is compared: counts, sums of deals, or rates. A tie is handed on: if the first ties with
the second and the second with the third, all three share a place, though the first and the third alone are told apart;
otherwise two that tie would stand in different places. The rules are trade's own (a Poisson count's deviation is
its root, a sum's that of its summands' squares; rates by Newcombe); the handing on is ours.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from bot.figures.rates import Rate, difference
from bot.money import Money

Key = TypeVar("Key")
Value = TypeVar("Value")

_Z_SQUARED = Fraction("1.96") ** 2


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
    return Ranking(_groups(list(counts), worth=Fraction, tie=counts_tie))


def rank_sums(sums: Iterable[tuple[Key, Sequence[Money]]]) -> Ranking[Key]:
    """By the sum of deals, each given with its amounts in one currency."""
    return Ranking(_groups(list(sums), worth=lambda amounts: Fraction(_sum(amounts)), tie=sums_tie))


def rank_rates(rates: Iterable[tuple[Key, Rate]]) -> Ranking[Key]:
    """By rate; those of too few cases have no place."""
    given = list(rates)
    firm = [(key, rate) for key, rate in given if rate.is_firm]
    groups = _groups(firm, worth=lambda rate: rate.share or Fraction(0), tie=rates_tie)
    return Ranking(groups, tuple(key for key, rate in given if not rate.is_firm))


def counts_tie(one: int, other: int) -> bool:
    """Whether two counts are not told apart: │a − b│ ≤ 1.96·√(a + b)."""
    return (one - other) ** 2 <= _Z_SQUARED * (abs(one) + abs(other))


def sums_tie(one: Sequence[Money], other: Sequence[Money]) -> bool:
    """Whether two sums are not told apart: their gap is at most 1.96·√(Σx² + Σy²)."""
    squares = sum(amount.minor**2 for amount in (*one, *other))
    return (_sum(one) - _sum(other)) ** 2 <= _Z_SQUARED * squares


def rates_tie(one: Rate, other: Rate) -> bool:
    """Whether two rates are not told apart; one of no cases ties with all."""
    found = difference(one, other)
    return found is None or not found.is_sure


def _sum(amounts: Sequence[Money]) -> int:
    return sum(amount.minor for amount in amounts)


def _groups(
    given: Sequence[tuple[Key, Value]], *, worth: Callable[[Value], Fraction], tie: Callable[[Value, Value], bool]
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
