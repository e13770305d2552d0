"""One deal, several people: whose share of its value is how much.

Shares are percent of the whole, kept as texts by person, beside the deal; the owner's is what the others leave.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import reduce
from operator import add

from bot.access.roles import Role
from bot.errors import Refused
from bot.money import Money

WHOLE = Decimal(100)

MOST = 5
"""Persons who have a share besides the owner."""

FINEST = 2
"""Decimal places of a share."""

SELLERS = frozenset({Role.SDR, Role.MRR, Role.AE, Role.SPECIALIST, Role.CSM})
"""Roles that may have a share of a deal; whoever has no role yet may, too."""

Kept = Mapping[str, str]
"""Shares as they are kept: of whom but the owner, how many percent."""


def percent(share: Decimal) -> str:
    """A share as it is kept, and typed: `40`, `33.33`."""
    text = f"{share:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shares_of(kept: Kept | None) -> dict[str, Decimal]:
    """What was kept, as numbers."""
    return {person: Decimal(share) for person, share in (kept or {}).items()}


def checked(said: Iterable[tuple[str, Decimal]], owner_id: str) -> dict[str, str]:
    """Shares as somebody says them, to be kept.

    Raises:
        Refused: `deals.split.…`, where somebody has a share twice, or is the owner, where one is none, too fine, or all
            of it, where there are too many.
    """
    shares = list(said)
    if len({person for person, _ in shares}) < len(shares):
        raise Refused("deals.split.twice")
    if len(shares) > MOST:
        raise Refused("deals.split.many", most=MOST)
    for person, share in shares:
        if person == owner_id:
            raise Refused("deals.split.owner")
        if share <= 0:
            raise Refused("deals.split.none", share=percent(share))
        if share != round(share, FINEST):
            raise Refused("deals.split.fine", share=percent(share))
    whole = sum((share for _, share in shares), Decimal(0))
    if whole >= WHOLE:
        raise Refused("deals.split.over", sum=percent(whole))
    return {person: percent(share) for person, share in shares}


def by_person(kept: Kept | None, owner_id: str) -> dict[str, Decimal]:
    """Everybody's share in percent, the owner's first; they add up to 100."""
    others = shares_of(kept)
    return {owner_id: WHOLE - sum(others.values(), Decimal(0)), **others}


def credited(value: Money, kept: Kept | None, owner_id: str) -> dict[str, Money]:
    """What each person is credited with: shares are rounded, the remainder is the owner's, who comes first.

    50/50 of 100.01 are 50.00 for the other and 50.01 for the owner.
    """
    others = {person: value.times(share.scaleb(-2)) for person, share in shares_of(kept).items()}
    return {owner_id: value - reduce(add, others.values(), Money(value.currency, 0)), **others}
