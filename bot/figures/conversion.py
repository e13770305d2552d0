"""How many go on: the win rate, the conversion of each stage, the share of each stage that is won, hand-offs taken."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.figures.deals import ClosedDeal, counted, reached
from bot.figures.rates import Rate

FEWEST_TO_WEIGH = 30
"""Closed deals that must have entered a stage for its win share to weigh an open one."""


def win_rate(closings: Iterable[ClosedDeal]) -> Rate:
    """Won ÷ (won + lost), of the deals that closed in a period; duplicates are left out."""
    deals = counted(closings)
    return Rate(sum(deal.is_won for deal in deals), len(deals))


def conversions(closings: Iterable[ClosedDeal], stages: Sequence[str]) -> dict[str, Rate]:
    """Of each open stage, in their order: went on ÷ entered; from the last one a deal goes on by being won.

    Of closed deals only: an open one may still go on, and counting those that have already would flatter.
    """
    deals = counted(closings)
    entered = _entered(deals, stages)
    going_on = [*entered[1:], sum(deal.is_won for deal in deals)]
    return {stage: Rate(on, of) for stage, on, of in zip(stages, going_on, entered, strict=True)}


@dataclass(frozen=True, slots=True)
class WinShares:
    """The share of each stage's deals that was won in the end, of the whole workspace and of each segment."""

    workspace: Mapping[str, Rate]
    by_segment: Mapping[str, Mapping[str, Rate]]

    def rate(self, stage: str, segment: str | None = None) -> Rate | None:
        """The rate to weigh a deal by: of its segment where that has 30 cases, else of the workspace; else None.

        A typed-in guess is never put in its place.
        """
        of_segment = self.by_segment.get(segment, {}) if segment is not None else {}
        for rates in (of_segment, self.workspace):
            rate = rates.get(stage)
            if rate and rate.cases >= FEWEST_TO_WEIGH:
                return rate
        return None

    def share(self, stage: str, segment: str | None = None) -> Fraction | None:
        """The same as a number between 0 and 1."""
        rate = self.rate(stage, segment)
        return rate.share if rate else None


def win_shares(closings: Iterable[ClosedDeal], stages: Sequence[str]) -> WinShares:
    """Deals won ÷ deals that ever entered the stage and are closed, of those that closed in the last twelve months."""
    deals = counted(closings)
    segments = {deal.segment for deal in deals if deal.segment is not None}
    by_segment = {
        segment: _won_of_entered([deal for deal in deals if deal.segment == segment], stages) for segment in segments
    }
    return WinShares(_won_of_entered(deals, stages), by_segment)


def _won_of_entered(deals: Sequence[ClosedDeal], stages: Sequence[str]) -> dict[str, Rate]:
    won = sum(deal.is_won for deal in deals)
    return {stage: Rate(won, entered) for stage, entered in zip(stages, _entered(deals, stages), strict=True)}


def _entered(deals: Iterable[ClosedDeal], stages: Sequence[str]) -> list[int]:
    """How many deals have entered each stage."""
    several, alike = list(deals), Counter[tuple[bool, frozenset[str]]]()
    alike.update((deal.is_won, deal.entered) for deal in several)
    one_of = {(deal.is_won, deal.entered): deal for deal in several}
    came = [(reached(one_of[key], stages), deals) for key, deals in alike.items()]
    return [sum(deals for furthest, deals in came if furthest > place) for place in range(len(stages))]


@dataclass(frozen=True, slots=True)
class Handed:
    """Offers of leads by how they ended; `accepted` counts what came of it, too. Passing one on is declining it."""

    accepted: int = 0
    declined: int = 0
    expired: int = 0
    withdrawn: int = 0
    waiting: int = 0
    requalified: int = 0
    rejected: int = 0

    @property
    def offered(self) -> int:
        """All of them, however they ended."""
        return self.accepted + self.declined + self.expired + self.withdrawn + self.waiting

    @property
    def acceptance(self) -> Rate:
        """Accepted ÷ answered or expired. What its giver withdrew, and what still waits, is nobody's refusal."""
        return Rate(self.accepted, self.accepted + self.declined + self.expired)

    @property
    def requalification(self) -> Rate:
        """Re-qualified ÷ checked; an accepted lead that the account executive has not checked yet is not in it."""
        return Rate(self.requalified, self.requalified + self.rejected)
