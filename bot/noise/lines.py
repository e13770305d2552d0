"""What stands in a digest, and on Home, in the place of reminders: each kind, how many, and of what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.activity import steps
from bot.deals import queries as deals
from bot.deals.steps import waits
from bot.noise import queries
from bot.noise.acts import moves_of
from bot.noise.queries import Held, Move
from bot.noise.rules import Why


@dataclass(frozen=True, slots=True)
class Line:
    """The reminders of one kind that somebody was not sent: how many, what of it is still to be done, and the move, if
    the kind stands in the digest now (else it was only too much for one day).
    """

    kind: str
    n: int
    whats: tuple[str, ...] = ()
    move: Move | None = None
    was_moved: bool = False
    """Whether some of them were held back because the kind stood in the digest."""


def lines(tx: Connection, actor: Actor, since: datetime, until: datetime, now: datetime) -> tuple[Line, ...]:
    """What was held back from `since` up to `until` (UTC), and the kinds that stand in the digest now, if that is
    within.
    """
    held = queries.held_between(tx, actor.workspace_id, actor.id, since, until)
    moves = {each.kind: each for each in moves_of(tx, actor.workspace_id, actor.id, now)} if now < until else {}
    kinds = dict.fromkeys([*moves, *(each.kind for each in held)])
    return tuple(
        _line(tx, actor, kind, [each for each in held if each.kind == kind], moves.get(kind)) for kind in kinds
    )


def _line(tx: Connection, actor: Actor, kind: str, held: Sequence[Held], move: Move | None) -> Line:
    was_moved = any(each.why is Why.MOVED for each in held)
    return Line(kind, len(held), whats(tx, actor, held), move, was_moved)


def whats(tx: Connection, actor: Actor, held: Sequence[Held]) -> tuple[str, ...]:
    """What of these is still to be done, each once."""
    of_steps = dict.fromkeys(UUID(each) for one in held for each in one.subject.get("steps", ()))
    found = steps.found(tx, actor.workspace_id, of_steps) if of_steps else {}
    promised = [_said(found[each].what, found[each].who) for each in of_steps if each in found and found[each].is_open]
    for said in {(each["d"], each["k"]): each for one in held for each in one.subject.get("deals", ())}.values():
        row = deals.find(tx, actor.workspace_id, UUID(said["d"]))
        if row and waits(row, actor.id, said["k"]):
            promised.append(_said(said["s"], row.company))
    for account in dict.fromkeys(one.subject["account"] for one in held if "account" in one.subject):
        customer = deals.find_customer(tx, actor.workspace_id, UUID(account))
        if customer and customer.is_active:
            promised.append(customer.company)
    return tuple(promised)


def _said(what: str, who: str | None) -> str:
    return f"{what} · {who}" if who else what
