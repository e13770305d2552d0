"""Whose targets and figures somebody may see and set: people by who they report to, teams and territories by who is in.

Everything here runs inside a caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

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


class Roster(NamedTuple):
    """Who was in a team or territory by a day: its name as it is written (None: nobody is in it on that day), and from
    which day to which each was, both included. A spell that goes on is cut at the day.
    """

    name: str | None
    spells: Mapping[str, Sequence[tuple[date, date]]]
    day: date

    @property
    def inside(self) -> set[str]:
        """Who is in it on the day."""
        return {person_id for person_id, spells in self.spells.items() if spells[-1][1] == self.day}

    def since(self, first: date) -> dict[str, list[tuple[date, date]]]:
        """The spells from `first` on; one that began before is cut there."""
        lately = {
            person_id: [(max(start, first), end) for start, end in spells if end >= first]
            for person_id, spells in self.spells.items()
        }
        return {person_id: spells for person_id, spells in lately.items() if spells}


def roster(tx: Connection, workspace_id: str, subject: Subject, day: date, known: datetime = LATEST) -> Roster:
    """Who was in a team or territory at any time up to `day`."""
    name: str | None = None
    found: dict[str, list[tuple[date, date]]] = {}
    here = _Written(subject)
    for person_id, days in ever.values_ever(tx, workspace_id, ASPECTS[subject.whose], day, known).items():
        written = [here[value if isinstance(value, str) else tuple(value or ())] for value in days.values()]
        if not any(written):
            continue
        ends = [*(start - timedelta(days=1) for start in [*days][1:]), day]
        found[person_id] = [(start, end) for start, end, here in zip(days, ends, written, strict=True) if here]
        name = name or written[-1]
    return Roster(name, found, day)


def spells(
    tx: Connection, workspace_id: str, subject: Subject, first: date, last: date, known: datetime = LATEST
) -> dict[str, list[tuple[date, date]]]:
    """Who was in a team or territory at any time from `first` to `last`, and from which day to which, both included.

    A spell that began before `first`, or goes on after `last`, is cut there.
    """
    return roster(tx, workspace_id, subject, last, known).since(first)


class _Written(dict[str | tuple[str, ...], str | None]):
    """How an aspect's value writes a team or territory; None if it is another. Found once: many have the same."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def __missing__(self, value: str | tuple[str, ...]) -> str | None:
        names = (value,) if isinstance(value, str) else value
        whose = self._subject.whose
        self[value] = next((name for name in names if Subject.named(whose, name) == self._subject), None)
        return self[value]


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
