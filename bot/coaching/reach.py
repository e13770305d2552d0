"""Whom somebody may coach, and of whom they may read. Runs inside a caller's transaction."""

from datetime import datetime

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, may
from bot.errors import Refused
from bot.people import queries as people
from bot.people.rules import Member


def colleague(tx: Connection, actor: Actor, person_id: str, now: datetime) -> Member:
    """Somebody of this workspace who works here.

    Raises:
        Refused: for a guest, an app, somebody who has left or whom Baton has not met.
    """
    member = people.member(tx, actor.workspace_id, person_id, people.today_of(actor, now))
    if member is None:
        raise Refused("coaching.refused.stranger")
    if not member.may_work:
        raise Refused("coaching.refused.no_colleague", name=member.name)
    return member


def let_coach(tx: Connection, actor: Actor, person_id: str, now: datetime, *, oneself: str) -> Member:
    """Let pass who leads somebody, or is of operations.

    Args:
        tx: the transaction.
        actor: who acts.
        person_id: with whom.
        now: the moment.
        oneself: the message key for somebody who means themselves.

    Raises:
        Refused: for oneself, for who is no colleague, and for somebody else's reports; it says who can.
    """
    if person_id == actor.id:
        raise Refused(oneself)
    member = colleague(tx, actor, person_id, now)
    if not may_coach(tx, actor, person_id, now):
        raise refusal(tx, actor, person_id, now)
    return member


def may_coach(tx: Connection, actor: Actor, person_id: str, now: datetime) -> bool:
    """Whether somebody leads a person, or is of operations; nobody coaches themselves."""
    return person_id != actor.id and may(actor, Action.COACH, people.relation(tx, actor, person_id, now))


def let_read(tx: Connection, actor: Actor, person_id: str, now: datetime) -> None:
    """Let pass the person, those above them, and operations.

    Raises:
        Refused: for anybody else, with who can.
    """
    if not may_read(tx, actor, person_id, now):
        raise refusal(tx, actor, person_id, now)


def may_read(tx: Connection, actor: Actor, person_id: str, now: datetime) -> bool:
    """Whether somebody may read what was said of a person."""
    return may(actor, Action.SEE_NUMBERS, people.relation(tx, actor, person_id, now))


def refusal(tx: Connection, actor: Actor, person_id: str, now: datetime) -> Refused:
    """It is for those who lead the person, and operations: who they are."""
    can = people.who_can(tx, actor.workspace_id, person_id, people.today_of(actor, now))
    can = [each for each in can if each != actor.name]
    name = people.name_of(tx, actor.workspace_id, person_id)
    return Refused("coaching.refused.not_yours", name=name, can=", ".join(can) or "OPS")
