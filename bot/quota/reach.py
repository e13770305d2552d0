"""Whose targets and figures somebody may see and set: people by who they report to, teams and territories by who is in.

Everything here runs inside a caller's transaction.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.errors import Refused
from bot.people import ever
from bot.people import queries as people
from bot.people.model import Aspect
from bot.people.queries import LATEST
from bot.quota.queries import Subject
from bot.quota.whose import Whose

ASPECTS = {Whose.TEAM: Aspect.TEAM, Whose.TERRITORY: Aspect.TERRITORIES}


def groups(
    tx: Connection, workspace_id: str, whose: Whose, day: date, known: datetime = LATEST
) -> dict[Subject, tuple[str, set[str]]]:
    """The teams or territories that people are in on `day`: the name as it is written, and the people."""
    found: dict[Subject, tuple[str, set[str]]] = {}
    for person_id, value in sorted(people.values_of(tx, workspace_id, ASPECTS[whose], day, known).items()):
        for name in [value] if isinstance(value, str) else value:
            found.setdefault(Subject.named(whose, name), (name, set()))[1].add(person_id)
    return found


def names(tx: Connection, workspace_id: str, whose: Whose, day: date) -> tuple[str, ...]:
    """What the teams or territories are called."""
    found: dict[Subject, str] = {}
    for value in people.values(tx, workspace_id, ASPECTS[whose], day):
        for name in [value] if isinstance(value, str) else value:
            known = found.setdefault(Subject.named(whose, name), name)
            found[Subject.named(whose, name)] = min(known, name)
    return tuple(sorted(found.values()))


def in_group(tx: Connection, workspace_id: str, subject: Subject, day: date, known: datetime = LATEST) -> set[str]:
    """Who is in a team or territory on `day`."""
    return groups(tx, workspace_id, subject.whose, day, known).get(subject, ("", set[str]()))[1]


def spells(
    tx: Connection, workspace_id: str, subject: Subject, first: date, last: date, known: datetime = LATEST
) -> dict[str, list[tuple[date, date]]]:
    """Who was in a team or territory at any time from `first` to `last`, and from which day to which, both included.

    A spell that began before `first`, or goes on after `last`, is cut there.
    """
    found: dict[str, list[tuple[date, date]]] = {}
    for person_id, days in ever.values_ever(tx, workspace_id, ASPECTS[subject.whose], last, known).items():
        starts = [*days, last + timedelta(days=1)]
        for (start, value), after in zip(days.items(), starts[1:], strict=True):
            names = [value] if isinstance(value, str) else value or []
            end = after - timedelta(days=1)
            if end >= first and any(Subject.named(subject.whose, name) == subject for name in names):
                found.setdefault(person_id, []).append((max(start, first), end))
    return found


def let_act(tx: Connection, actor: Actor, action: Action, subject: Subject, now: datetime) -> None:
    """Let pass who may see or set what concerns a person, or everybody in a team or territory.

    A manager may what concerns a group in which everybody else reports to them.

    Raises:
        Refused: with who can.
    """
    if subject.whose is Whose.PERSON:
        if not may(actor, action, people.relation(tx, actor, subject.key, now)):
            raise refusal(tx, actor, action, subject.key, now)
    elif not may_of_group(
        tx, actor, action, in_group(tx, actor.workspace_id, subject, people.today_of(actor, now)), now
    ):
        raise refusal(tx, actor, action, None, now)


def may_of_group(tx: Connection, actor: Actor, action: Action, group: Iterable[str], now: datetime) -> bool:
    """Whether somebody may see or set what a group has together."""
    if may(actor, action, Relation.COLLEAGUE):
        return True
    others = set(group) - {actor.id}
    return bool(others) and may(actor, action, Relation.REPORT) and others <= people.reports(tx, actor, now)


def refusal(tx: Connection, actor: Actor, action: Action, person_id: str | None, now: datetime) -> Refused:
    """Why not, and who can: the person's manager and operations; of a group (None) operations."""
    day = people.today_of(actor, now)
    can = [name for name in people.who_can(tx, actor.workspace_id, person_id, day) if name != actor.name]
    what = "see" if action is Action.SEE_NUMBERS else "set"
    if person_id is None:
        return Refused(f"quota.refused.{what}_group", can=", ".join(can) or "OPS")
    own = "_own" if what == "set" and person_id == actor.id else ""
    name = people.name_of(tx, actor.workspace_id, person_id)
    return Refused(f"quota.refused.{what}{own}", name=name, can=", ".join(can) or "OPS")
