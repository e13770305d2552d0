"""One deal, several people: whose share of its value is how much."""

from collections.abc import Mapping
from decimal import Decimal
from functools import reduce
from operator import add

from bot.errors import Refused
from bot.money import Money
from bot.pay.plan import plain

WHOLE = Decimal(100)


def split(value: Money, shares: Mapping[str, Decimal], owner: str) -> dict[str, Money]:
    """What each person is credited with: shares in percent, each rounded, the remainder to the owner.

    Args:
        value: of the whole deal.
        shares: above 0, by person; the owner's is among them. The order of people changes nothing.
        owner: who has the deal.

    Raises:
        Refused: `pay.problem.share` with the `share` that is none, `pay.problem.shares` with the `sum` that is not
            100, `pay.problem.no_owner`.
    """
    for share in shares.values():
        if share <= 0:
            raise Refused("pay.problem.share", share=plain(share))
    whole = sum(shares.values(), Decimal(0))
    if whole != WHOLE:
        raise Refused("pay.problem.shares", sum=plain(whole))
    if owner not in shares:
        raise Refused("pay.problem.no_owner")
    credited = {person: value.times(share.scaleb(-2)) for person, share in shares.items()}
    credited[owner] += value - reduce(add, credited.values())
    return credited
