"""What can be done about absence: one function, one transaction.

All changes of one person's absences go one after the other. Nothing here tells the past anew: an absence that runs
ends now at the earliest, and a new one begins now at the earliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.absence import queries, versions
from bot.absence.kinds import AbsenceKind, Source
from bot.absence.line import mentioned, read
from bot.absence.queries import Version
from bot.absence.rules import Away, Leave, Reading, interval
from bot.absence.schedule import Return, member_today, return_from, schedules
from bot.absence.versions import BY_SLACK
from bot.access.actor import Actor
from bot.access.rights import Action, may
from bot.clock import zone_or_utc
from bot.errors import Refused
from bot.people import queries as people
from bot.people.assignments import refuse_change
from bot.people.history import Stamp
from bot.people.rules import Member
from bot.store.engine import Store
from bot.store.sql import one_at_a_time
from bot.store.types import new_id
from bot.working_time.presence import Presence, Schedule, presence
from bot.workspace import queries as workspace


@dataclass(frozen=True, slots=True)
class Declared:
    """An absence that stands, and when the person is back; not new if they were away then already.

    `replaced` are absences that ended for it.
    """

    member: Member
    leave: Leave
    back: Return
    is_new: bool = True
    replaced: tuple[Leave, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """Absences that were ended or taken back, as they stood; and those that stand again in their place."""

    member: Member
    leaves: tuple[Leave, ...]
    again: tuple[Leave, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """Somebody's absences that run or are planned, in order."""

    member: Member
    leaves: tuple[Leave, ...]


def understand(store: Store, actor: Actor, text: str, now: datetime) -> Reading:
    """Read what somebody typed behind `away`, on the calendar of the person whom it is about."""
    named = mentioned(text)
    return read(text, local_now(store, actor, named[0] if named else None, now))


def local_now(store: Store, actor: Actor, person_id: str | None, now: datetime) -> datetime:
    """The moment on the clock of the person who will be away (None: the actor); a stranger has the actor's clock."""
    if person_id in (None, actor.id):
        return now.astimezone(actor.zone)
    with store.read() as tx:
        member = member_today(tx, actor.workspace_id, str(person_id), now)
    return now.astimezone(zone_or_utc(member.zone) if member else actor.zone)


def declare(store: Store, actor: Actor, away: Away, now: datetime) -> Declared:
    """Let somebody be away: what was said as "until" in the place of what runs, anything else beside it.

    Raises:
        Refused: when the actor may not, when the person does not work here, or when the time is over already.
    """
    with store.write() as tx:
        member, schedule = _at(tx, actor, away.person_id or actor.id, now)
        start, end = interval(away, schedule.zone, schedule.hours, now)
        if end <= start:
            raise Refused("away.problem.past")
        standing = queries.standing(tx, actor.workspace_id, member.id, now)
        running = [each for each in standing if each.runs(now)] if away.from_now else []
        kind = away.kind or (running[-1].kind if running else AbsenceKind.OTHER)
        wanted = Leave(new_id(), 1, member.id, kind, Source.PERSON, start, end, away.note)
        already = _already(standing, wanted, running, away)
        if already:
            return Declared(member, already, return_from(schedule, already, actor.language), is_new=False)
        for each in running:
            versions.end(tx, _stamp(actor, now), each)
        leave = versions.add(tx, _stamp(actor, now), wanted)
        schedule = _schedule(tx, actor.workspace_id, member, now)
        return Declared(member, leave, return_from(schedule, leave, actor.language), replaced=tuple(running))


def come_back(store: Store, actor: Actor, now: datetime, person_id: str | None = None) -> Ended:
    """Let what runs of somebody (None: of the actor) end now, whoever said it; none if they are not away.

    Raises:
        Refused: when the actor may not, or when the person does not work here.
    """
    with store.write() as tx:
        member, _ = _at(tx, actor, person_id or actor.id, now)
        standing = queries.standing(tx, actor.workspace_id, member.id, now)
        running = tuple(each for each in standing if each.runs(now))
        for each in running:
            versions.end(tx, _stamp(actor, now), each)
        return Ended(member, running)


def cancel(store: Store, actor: Actor, leave_id: UUID, now: datetime, *, replaced: Sequence[UUID] = ()) -> Ended:
    """Take back an absence, and let stand again what it `replaced`; a second time changes nothing more.

    Raises:
        Refused: when the actor may not, or when there is no such absence.
    """
    with store.write() as tx:
        member, chain = _chain(tx, actor, leave_id, now)
        newest = chain[-1]
        if newest.is_closed or newest.leave.end_at <= now:
            return Ended(member, (_before_end(chain, now),))
        versions.end(tx, _stamp(actor, now), newest.leave)
        again = [_again(tx, actor, each, now) for each in replaced]
        return Ended(member, (newest.leave,), tuple(leave for leave in again if leave))


def restore(store: Store, actor: Actor, leave_ids: Sequence[UUID], now: datetime) -> Declared:
    """Let absences stand again that were ended or taken back, from now on; a second time changes nothing more.

    Raises:
        Refused: when the actor may not, when there is no such absence, or when its time is over.
    """
    with store.write() as tx:
        found = [(_chain(tx, actor, each, now)[0], _again(tx, actor, each, now)) for each in leave_ids]
        again = [(member, leave) for member, leave in found if leave]
        if not again:
            raise Refused("away.problem.over")
        member, leave = max(again, key=lambda pair: pair[1].end_at)
        schedule = _schedule(tx, actor.workspace_id, member, now)
        return Declared(member, leave, return_from(schedule, leave, actor.language))


def overview(store: Store, actor: Actor, now: datetime, person_id: str | None = None) -> Overview:
    """What runs and what is planned of somebody (None: of the actor), with the reasons.

    Raises:
        Refused: when they are none of the actor's business, or when the person does not work here.
    """
    with store.read() as tx:
        member, _ = _let_pass(tx, actor, person_id or actor.id, now)
        return Overview(member, queries.standing(tx, actor.workspace_id, member.id, now))


def presence_of(store: Store, workspace_id: str, person_id: str, now: datetime) -> Presence:
    """Whether somebody works at this moment, and when next.

    Raises:
        Refused: when nobody knows this person.
    """
    with store.read() as tx:
        member = member_today(tx, workspace_id, person_id, now)
        if member is None:
            raise Refused("away.problem.stranger")
        return presence(_schedule(tx, workspace_id, member, now), now)


def told_by_slack(store: Store, workspace_id: str, now: datetime) -> set[str]:
    """Whose status in Slack said that they are away at `now` or later."""
    with store.read() as tx:
        return queries.told_by_slack(tx, workspace_id, now)


def follow_status(
    store: Store, workspace_id: str, person_id: str, kind: str | None, until: datetime | None, now: datetime
) -> None:
    """Let the one absence that somebody's Slack status tells of begin, change or end.

    A status without an end says nothing, and one that the person has already answered by being back stays answered.

    Args:
        store: the database.
        workspace_id: theirs.
        person_id: a Slack id.
        kind: `vacation` or `sick`; None without such a status.
        until: when the status ends on its own.
        now: the moment.
    """
    with store.write() as tx:
        one_at_a_time(tx, _turn(workspace_id, person_id))
        told = queries.last_from_slack(tx, workspace_id, person_id)
        newest = told[-1] if told else None
        standing = newest.leave if newest and not newest.is_closed and newest.leave.end_at > now else None
        stamp = Stamp(workspace_id, BY_SLACK, now)
        if kind is None or until is None or until <= now:
            if standing:
                versions.end(tx, stamp, standing)
        elif standing and standing.kind == kind:
            if standing.end_at != until:
                versions.end_at(tx, stamp, standing, until)
        elif standing or not _is_answered(told, kind, until):
            if standing:
                versions.end(tx, stamp, standing)
            leave = Leave(new_id(), 1, person_id, kind, Source.SLACK, now.astimezone(UTC), until)
            versions.add(tx, stamp, leave)


def _turn(workspace_id: str, person_id: str) -> str:
    return f"absence:{workspace_id}:{person_id}"


def _stamp(actor: Actor, now: datetime) -> Stamp:
    return Stamp(actor.workspace_id, actor.id, now)


def _at(tx: Connection, actor: Actor, person_id: str, now: datetime) -> tuple[Member, Schedule]:
    """Wait for the person's turn; as `_let_pass`."""
    one_at_a_time(tx, _turn(actor.workspace_id, person_id))
    return _let_pass(tx, actor, person_id, now)


def _let_pass(tx: Connection, actor: Actor, person_id: str, now: datetime) -> tuple[Member, Schedule]:
    """The person and their schedule, if their absence is the actor's business."""
    member = member_today(tx, actor.workspace_id, person_id, now)
    if member is None or not member.may_work:
        raise Refused("away.problem.stranger")
    if not may(actor, Action.SET_ABSENCE, people.relation(tx, actor, person_id, now)):
        refuse_change(tx, actor, person_id, now)
    return member, _schedule(tx, actor.workspace_id, member, now)


def _schedule(tx: Connection, workspace_id: str, member: Member, now: datetime) -> Schedule:
    settings = workspace.settings(tx, workspace_id)
    return schedules(tx, workspace_id, {member.id: member}, now, settings)[member.id]


def _already(standing: Sequence[Leave], wanted: Leave, running: Sequence[Leave], away: Away) -> Leave | None:
    """The absence that makes `wanted` no news: one that ends when "until" says, or that holds all of it."""
    if not away.from_now:
        return next((each for each in standing if each.holds(wanted)), None)
    same = len(running) == 1 and running[0].end_at == wanted.end_at and running[0].kind == wanted.kind
    return running[0] if same and away.note in (None, running[0].note) else None


def _chain(tx: Connection, actor: Actor, leave_id: UUID, now: datetime) -> tuple[Member, list[Version]]:
    """Every version of an absence, read when its person's turn has come."""
    found = queries.versions(tx, actor.workspace_id, leave_id)
    if not found:
        raise Refused("away.problem.gone")
    member, _ = _at(tx, actor, found[0].leave.person_id, now)
    return member, queries.versions(tx, actor.workspace_id, leave_id)


def _before_end(chain: Sequence[Version], now: datetime) -> Leave:
    """An absence as it stands, or stood before it was ended or taken back."""
    newest = chain[-1]
    was_ended = not newest.is_closed and newest.leave.end_at <= now and len(chain) > 1
    return chain[-2].leave if was_ended else newest.leave


def _again(tx: Connection, actor: Actor, leave_id: UUID, now: datetime) -> Leave | None:
    """Let an absence stand again for the time that is left of it; None if none is."""
    _, chain = _chain(tx, actor, leave_id, now)
    before = _before_end(chain, now)
    wanted = before._replace(id=new_id(), version=1, start_at=max(before.start_at, now.astimezone(UTC)))
    if wanted.end_at <= wanted.start_at:
        return None
    standing = queries.standing(tx, actor.workspace_id, before.person_id, now)
    held = next((each for each in standing if each.holds(wanted)), None)
    return held or versions.add(tx, _stamp(actor, now), wanted)


def _is_answered(told: Sequence[Version], kind: str, until: datetime) -> bool:
    """Whether this very status was ended by a person before."""
    if not told:
        return False
    ended_by = told[-1].closed_by if told[-1].is_closed else told[-1].by
    same = any((each.leave.kind, each.leave.end_at) == (kind, until) for each in told)
    return same and ended_by != BY_SLACK
