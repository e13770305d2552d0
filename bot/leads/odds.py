"""What share of leads like this one was won: an estimate from the workspace's own closed leads, by naive Bayes.

As in Odoo's documentation, "Assign leads with predictive lead scoring": S(won) is P(won) times P(value│won) for each
value that the lead has, S(lost) likewise, and the share is S(won) ÷ (S(won) + S(lost)). As in Odoo's `crm_lead.py`
each count of a value has 0.1 added against zero frequency, the whole that it is a part of has them too, a value that
is not set does not count, and without any won or any lost there is no figure. Ours: it is not shown before there are
50 of each, and values seen fewer than 10 times are left aside. It takes the values to be independent of each other,
which they are not: it is an estimate beside the score, never in place of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

LEAST = 50
"""Won, and lost, leads that there must be before a share is shown."""

SEEN_LEAST = 10
"""Closed leads that must have had a value for it to count."""

_ADDED = Fraction(1, 10)


class Tally(NamedTuple):
    """How many closed leads were won, and how many lost."""

    won: int
    lost: int

    @property
    def seen(self) -> int:
        """All of them."""
        return self.won + self.lost

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.won + other.won, self.lost + other.lost)


NONE = Tally(0, 0)


@dataclass(frozen=True, slots=True)
class Counts:
    """All closed leads, and those with each value of each feature; a lead without a value is in none of its tallies."""

    closed: Tally = NONE
    by_value: Mapping[str, Mapping[str, Tally]] = field(default_factory=dict)

    @classmethod
    def of(cls, closed: Iterable[tuple[Mapping[str, str], bool]]) -> "Counts":
        """Count closed leads: the values of each by feature (an empty one is not set), and whether it was won."""
        return cls.of_tallies((features, Tally(int(is_won), int(not is_won))) for features, is_won in closed)

    @classmethod
    def of_tallies(cls, closed: Iterable[tuple[Mapping[str, str], Tally]]) -> "Counts":
        """The same of leads that are counted already by the values of all features together."""
        whole = NONE
        by_value: dict[str, dict[str, Tally]] = {}
        for features, tally in closed:
            whole = whole.plus(tally)
            for feature, value in features.items():
                if value:
                    tallies = by_value.setdefault(feature, {})
                    tallies[value] = tallies.get(value, NONE).plus(tally)
        return cls(whole, by_value)

    def tally(self, feature: str, value: str) -> Tally:
        """The closed leads with this value."""
        return self.by_value.get(feature, {}).get(value, NONE)


class Why(StrEnum):
    """Why a feature of the lead did not count."""

    NOT_SET = "not_set"
    NEVER_SEEN = "never_seen"
    """No closed lead had the value."""
    TOO_RARE = "too_rare"


@dataclass(frozen=True, slots=True)
class Used:
    """A value that counted: who had it, and by what factor it moves the odds of won to lost (1: not at all)."""

    feature: str
    value: str
    tally: Tally
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Ignored:
    """A value that did not count."""

    feature: str
    value: str
    tally: Tally
    why: Why


@dataclass(frozen=True, slots=True)
class Odds:
    """The share won of such leads, between 0 and 1 and never either; the closed leads it is drawn from; what it is
    made of, by the names of the features.
    """

    share: Fraction
    cases: Tally
    used: tuple[Used, ...] = ()
    ignored: tuple[Ignored, ...] = ()


@dataclass(frozen=True, slots=True)
class TooFew:
    """There is no share yet: the closed leads there are, and how many there must be of won and of lost."""

    cases: Tally
    least: int = LEAST


def share(counts: Counts, features: Mapping[str, str]) -> Odds | TooFew:
    """The share to show for a lead with these values by feature, or how far the workspace is from one."""
    odds = estimate(counts, features, SEEN_LEAST) if min(counts.closed) >= LEAST else None
    return odds or TooFew(counts.closed)


def estimate(counts: Counts, features: Mapping[str, str], seen_least: int = 1) -> Odds | None:
    """The same from however few: None without any won or any lost.

    Args:
        counts: the closed leads.
        features: the values of the lead in question.
        seen_least: closed leads that must have had a value; one that none of them had never counts.
    """
    if not min(counts.closed):
        return None
    used, ignored = [], []
    for feature, value in sorted(features.items()):
        why = _why_not(value, counts.tally(feature, value), seen_least)
        if why:
            ignored.append(Ignored(feature, value, counts.tally(feature, value), why))
        else:
            used.append(Used(feature, value, counts.tally(feature, value), _factor(counts, feature, value)))
    odds = Fraction(counts.closed.won, counts.closed.lost)
    for each in used:
        odds *= each.factor
    return Odds(odds / (1 + odds), counts.closed, tuple(used), tuple(ignored))


def _why_not(value: str, tally: Tally, seen_least: int) -> Why | None:
    if not value:
        return Why.NOT_SET
    if not tally.seen:
        return Why.NEVER_SEEN
    return Why.TOO_RARE if tally.seen < seen_least else None


def _factor(counts: Counts, feature: str, value: str) -> Fraction:
    """P(value│won) ÷ P(value│lost), each of the leads that have a value of the feature at all."""
    tallies = counts.by_value[feature].values()
    tally, added = counts.tally(feature, value), _ADDED * len(tallies)
    if_won = (tally.won + _ADDED) / (sum(each.won for each in tallies) + added)
    if_lost = (tally.lost + _ADDED) / (sum(each.lost for each in tallies) + added)
    return if_won / if_lost
