"""Reads about absence. A range of time is [start, end) in UTC."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, bindparam, or_, select

from bot.absence.kinds import Source
from bot.absence.model import Absence
from bot.absence.rules import Leave, without_reason
from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.people import queries as people
from bot.people.queries import LATEST
from bot.store.sql import Param, Prepared, one_of, table_of

absence = table_of(Absence)

WORKSPACE: Param = bindparam("workspace")
START: Param = bindparam("start", type_=absence.c.start_at.type)
END: Param = bindparam("end", type_=absence.c.end_at.type)
KNOWN: Param = bindparam("known", type_=absence.c.recorded_at.type)
LEAVE = [absence.c[name] for name in ("id", "version", "person_id", "kind", "source", "start_at", "end_at", "note")]
AUTHORS = [absence.c[name] for name in ("recorded_by", "superseded_by", "superseded_at")]


def _versions() -> Select[Any]:
    return select(*LEAVE, *AUTHORS).where(absence.c.workspace_id == WORKSPACE)


def _meeting(*narrower: ColumnElement[bool]) -> Select[Any]:
    """The absences of some people that meet a range of time, in order."""
    return (
        select(*LEAVE)
        .where(
            absence.c.workspace_id == WORKSPACE,
            one_of(absence.c.person_id, "people"),
            absence.c.start_at < END,
            absence.c.end_at > START,
            *narrower,
        )
        .order_by(absence.c.start_at, absence.c.id)
    )


STANDING = Prepared(_meeting(absence.c.superseded_at.is_(None)))
KNOWN_THEN = Prepared(
    _meeting(
        absence.c.recorded_at <= KNOWN,
        or_(absence.c.superseded_at.is_(None), absence.c.superseded_at > KNOWN),
    )
)
VERSIONS = Prepared(_versions().where(absence.c.id == bindparam("leave")).order_by(absence.c.version))
FROM_SLACK = Prepared(
    _versions()
    .where(absence.c.person_id == bindparam("person"), absence.c.source == Source.SLACK)
    .order_by(absence.c.id, absence.c.version)
)

TOLD_BY_SLACK = Prepared(
    select(absence.c.person_id)
    .distinct()
    .where(
        absence.c.workspace_id == WORKSPACE,
        absence.c.source == Source.SLACK,
        absence.c.superseded_at.is_(None),
        absence.c.end_at > START,
    )
)


class Version(NamedTuple):
    """One version of an absence: who made it, and who closed it (None while it stands)."""

    leave: Leave
    by: str
    closed_by: str | None
    is_closed: bool


def spans(
    tx: Connection,
    workspace_id: str,
    person_ids: Collection[str],
    start: datetime,
    end: datetime,
    known: datetime | None = None,
) -> dict[str, tuple[Leave, ...]]:
    """The absences of many people that meet [start, end), by person, in order; with reasons, so for reckoning only.

    As they stand, or by what was recorded at `known`.
    """
    when = {"workspace": workspace_id, "people": person_ids, "start": start, "end": end}
    rows = STANDING.all(tx, when) if known is None else KNOWN_THEN.all(tx, {**when, "known": known})
    found: dict[str, list[Leave]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(Leave(*row))
    return {person_id: tuple(leaves) for person_id, leaves in found.items()}


def standing(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> tuple[Leave, ...]:
    """What runs or is planned of one person, in order."""
    return spans(tx, workspace_id, [person_id], now, LATEST).get(person_id, ())


def away_now(tx: Connection, actor: Actor, person_ids: Sequence[str], now: datetime) -> dict[str, Leave]:
    """Who of many people is away, each with the absence that ends last, as `actor` may see it."""
    found = spans(tx, actor.workspace_id, person_ids, now, LATEST)
    running = {person_id: [leave for leave in leaves if leave.covers(now)] for person_id, leaves in found.items()}
    last = {person_id: max(leaves, key=lambda leave: leave.end_at) for person_id, leaves in running.items() if leaves}
    return as_seen(tx, actor, last, now)


def told_by_slack(tx: Connection, workspace_id: str, now: datetime) -> set[str]:
    """Whose status said that they are away, and may have been cleared unseen."""
    return {row.person_id for row in TOLD_BY_SLACK.all(tx, {"workspace": workspace_id, "start": now})}


def as_seen(tx: Connection, actor: Actor, leaves: Mapping[str, Leave], now: datetime) -> dict[str, Leave]:
    """Absences by person, without the reasons that are none of the actor's business."""
    reports = people.reports(tx, actor, now) if leaves.keys() - {actor.id} else set()

    def relation(person_id: str) -> Relation:
        if person_id == actor.id:
            return Relation.OWN
        return Relation.REPORT if person_id in reports else Relation.COLLEAGUE

    return {
        person_id: leave if may(actor, Action.SET_ABSENCE, relation(person_id)) else without_reason(leave)
        for person_id, leave in leaves.items()
    }


def versions(tx: Connection, workspace_id: str, leave_id: UUID) -> list[Version]:
    """Every version of one absence, oldest first."""
    return [_version(row) for row in VERSIONS.all(tx, {"workspace": workspace_id, "leave": leave_id})]


def last_from_slack(tx: Connection, workspace_id: str, person_id: str) -> list[Version]:
    """Every version of the absence that the person's Slack status told of last, oldest first."""
    found = [_version(row) for row in FROM_SLACK.all(tx, {"workspace": workspace_id, "person": person_id})]
    return [each for each in found if each.leave.id == found[-1].leave.id]


def _version(row: Any) -> Version:
    *leave, by, closed_by, closed_at = row
    return Version(Leave(*leave), by, closed_by, closed_at is not None)
