"""What a deal may be given: an owner, an amount, shares of other people. Runs inside a caller's transaction."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.deals import split
from bot.deals.rules import LARGEST
from bot.errors import Refused
from bot.money import Money
from bot.people import queries as people


def check_owner(tx: Connection, actor: Actor, owner_id: str, now: datetime) -> None:
    """Deals are one's own, or given by whoever leads the person, or by operations.

    Raises:
        Refused: with who can.
    """
    relation = people.relation(tx, actor, owner_id, now)
    if owner_id == actor.id:
        if not may(actor, Action.CHANGE_DEALS, Relation.OWN):
            raise Refused("deals.marketing")
        return
    member = people.member(tx, actor.workspace_id, owner_id, people.today_of(actor, now))
    if member is None or not member.may_work:
        raise Refused("deals.no_owner", who=member.name if member else owner_id)
    if not may(actor, Action.CHANGE_DEALS, relation):
        can = people.who_can(tx, actor.workspace_id, owner_id, people.today_of(actor, now))
        raise Refused("deals.not_given", who=member.name, can=", ".join(can))


def check_money(money: Money | None) -> None:
    """Let an amount pass that a deal can have.

    Raises:
        Refused: when it is negative, or larger than anybody means.
    """
    if money is not None and money.minor < 0:
        raise Refused("deals.negative")
    if money is not None and money.amount > LARGEST:
        raise Refused("deals.too_large")


def shares_said(
    tx: Connection, actor: Actor, owner_id: str, said: Collection[tuple[str, Decimal]], now: datetime
) -> dict[str, str] | None:
    """Shares as they are kept, of people who work here and sell; None for the owner's alone.

    Raises:
        Refused: as `split.checked`, or when somebody is no colleague who works here now, or does not sell.
    """
    kept = split.checked(said, owner_id)
    today = people.today_of(actor, now)
    for person_id in kept:
        member = people.member(tx, actor.workspace_id, person_id, today)
        if member is None or not member.may_work:
            raise Refused("deals.split.nobody", who=member.name if member else person_id)
        if member.roles and split.SELLERS.isdisjoint(member.roles):
            raise Refused("deals.split.no_seller", who=member.name)
    return kept or None
