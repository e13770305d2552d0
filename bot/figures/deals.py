"""Deals as the figures see them: what they were worth, when they were open, and which stages they passed."""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from bot.money import Money


class ClosedDeal(NamedTuple):
    """A deal that was won or lost, with its days in the workspace's calendar.

    `entered` are the codes of the stages that it ever stood in, in any order; `is_duplicate` that it was lost as one,
    which says nothing of selling.
    """

    id: str
    is_won: bool
    opened: date
    closed: date
    amount: Money | None = None
    entered: frozenset[str] = frozenset()
    segment: str | None = None
    is_duplicate: bool = False


class OpenDeal(NamedTuple):
    """A deal that is neither won nor lost: where it stands, and the day on which it is to close, if any was said."""

    id: str
    stage: str
    opened: date
    amount: Money | None = None
    closes: date | None = None
    segment: str | None = None


class Once(tuple[ClosedDeal, ...]):
    """Deals, each of which is there once."""

    __slots__ = ()


def closed_once(closings: Iterable[ClosedDeal]) -> Once:
    """Each deal once, by its last close: one that was reopened does not count twice. `Once` stays as it is."""
    if isinstance(closings, Once):
        return closings
    return Once({deal.id: deal for deal in sorted(closings, key=attrgetter("closed"))}.values())


def counted(closings: Iterable[ClosedDeal]) -> list[ClosedDeal]:
    """The same without duplicates: what rates are drawn from."""
    return [deal for deal in closed_once(closings) if not deal.is_duplicate]


def reached(deal: ClosedDeal, stages: Sequence[str]) -> int:
    """How many of `stages` (the workspace's open ones, in their order) a deal has entered.

    One that skips a stage has entered it, and a won one all of them. Stages that are not in the list any more are none.
    """
    if deal.is_won:
        return len(stages)
    return max((place for place, stage in enumerate(stages, 1) if stage in deal.entered), default=0)
