"""The audit log as somebody may read it: all of it, that of their reports, or their own part."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.audit import service
from bot.audit.line import Asked
from bot.audit.service import Change
from bot.clock import instant
from bot.people import queries as people
from bot.people.assignments import refuse_change
from bot.people.model import Aspect
from bot.store.engine import Store

PAGE = 15


class Reach(StrEnum):
    """Whose changes are shown."""

    EVERYTHING = "everything"
    REPORTS = "reports"
    """The reader's own, and those of everybody who reports to them."""
    OWN = "own"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Page:
    """Changes, newest first, with the names of everybody whom they concern; `number` counts from 0, the newest."""

    asked: Asked
    reach: Reach
    changes: tuple[Change, ...]
    names: dict[str, str] = field(default_factory=dict)
    number: int = 0
    has_older: bool = False


def read(store: Store, actor: Actor, asked: Asked, now: datetime, number: int = 0) -> Page:
    """One page of what `actor` may read of the audit log.

    Raises:
        Refused: when it is about somebody whose changes the actor may not read; it says who can.
    """
    with store.read() as tx:
        reach, whom = _reach(tx, actor, asked, now)
        start, end = _bounds(actor, asked)
        found = service.changes(
            tx, actor.workspace_id, people=whom, start=start, end=end, offset=number * PAGE, limit=PAGE + 1
        )
        named = {name for each in found for name in _named(each)} | ({asked.person_id} - {None})
        names = people.names(tx, actor.workspace_id, sorted(filter(None, named)))
        return Page(asked, reach, tuple(found[:PAGE]), names, number, len(found) > PAGE)


def _reach(tx: Connection, actor: Actor, asked: Asked, now: datetime) -> tuple[Reach, Sequence[str] | None]:
    """How far the actor sees, and the people whose changes are shown (None: everybody's, and the workspace's)."""
    if asked.person_id is not None:
        if not may(actor, Action.READ_AUDIT, people.relation(tx, actor, asked.person_id, now)):
            refuse_change(tx, actor, asked.person_id, now)
        return Reach.OWN if asked.person_id == actor.id else Reach.PERSON, [asked.person_id]
    if may(actor, Action.READ_AUDIT, Relation.COLLEAGUE):
        return Reach.EVERYTHING, None
    if may(actor, Action.READ_AUDIT, Relation.REPORT):
        return Reach.REPORTS, sorted({actor.id, *people.reports(tx, actor, now)})
    return Reach.OWN, [actor.id]


def _bounds(actor: Actor, asked: Asked) -> tuple[datetime | None, datetime | None]:
    """The days asked for as moments, on the reader's clock."""
    if asked.days is None:
        return None, None
    first, last = asked.days
    return _midnight(actor, first), _midnight(actor, last + timedelta(days=1))


def _midnight(actor: Actor, day: date) -> datetime:
    return instant(day, time.min, actor.zone)


def _named(change: Change) -> list[Any]:
    """The Slack ids in a change."""
    managers = [change.before, change.after] if change.what == Aspect.MANAGER else []
    return [each for each in (change.person_id, change.by, *managers) if each]
