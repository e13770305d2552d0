"""Who does what from when: roles, and where somebody stands in the team. One function, one transaction.

All changes of one workspace's people go one after the other, so that of two at once the second sees what the first
did, and every "was" in a reply and in the audit log is what it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import GRANTING, Action, may
from bot.audit import service as audit
from bot.audit.service import Change
from bot.errors import Refused
from bot.people import ever, history, queries
from bot.people.history import Stamp
from bot.people.model import Aspect
from bot.people.rules import Member, Stint, mixes_lines
from bot.store.engine import Store
from bot.store.sql import one_at_a_time
from bot.store.types import new_id

OF_ONESELF = frozenset({Aspect.HOURS, Aspect.COUNTRY})
"""What everybody may say of themselves: when they work, and which public holidays are theirs."""

FURTHEST = timedelta(days=366 * 5)
"""A first day further away than this, either way, is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Assign:
    """From `start` on (and, for the roles, until `end`): roles to hold, and aspects by name with their new values.

    A value is plain JSON: a manager is a Slack id, territories and segments are lists, None takes it away.
    """

    person_id: str
    start: date
    roles: tuple[str, ...] = ()
    end: date | None = None
    aspects: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assigned:
    """What an assignment did: the person as they stand from that day, each change, and what was so already.

    `overtaken` are changes of the same things that somebody else made since the form was opened.
    """

    member: Member
    changes: tuple[Change, ...]
    already: tuple[Stint, ...] = ()
    mixes_lines: bool = False
    overtaken: tuple[Change, ...] = ()


def assign(store: Store, actor: Actor, command: Assign, now: datetime, *, seen_at: datetime | None = None) -> Assigned:
    """Let a person hold roles, and stand somewhere, from a day on. From the actor's today on means from now on: where
    it is still yesterday, from there.

    Args:
        store: the database.
        actor: who says so.
        command: what.
        now: the moment.
        seen_at: when the form was opened whose reader decided this; changes made since are told.

    Raises:
        Refused: when the actor may not, when the person or the manager cannot work here, when a manager would be
            above themselves, or when nothing is left to do because the role is held already.
    """
    with store.write() as tx:
        _let_pass(tx, actor, command, now)
        today = queries.today_of(actor, now)
        if command.start == today:
            command = replace(command, start=_earlier_today(tx, actor, command.person_id, now))
        done = apply(tx, Stamp(actor.workspace_id, actor.id, now), command, today=today)
        return done if seen_at is None else _with_overtaken(tx, actor, done, seen_at)


def assign_all(store: Store, actor: Actor, commands: Sequence[Assign], now: datetime) -> list[Assigned]:
    """Let several people hold roles, and stand somewhere, all of them or none.

    Raises:
        Refused: as `assign`, for the first of them of whom it is true.
    """
    with store.write() as tx:
        done = []
        for command in commands:
            _let_pass(tx, actor, command, now)
            stamp = Stamp(actor.workspace_id, actor.id, now)
            done.append(apply(tx, stamp, command, today=queries.today_of(actor, now)))
        return done


def end(store: Store, actor: Actor, person_id: str, role: str, last_day: date | None, now: datetime) -> Assigned:
    """Let a role end: after `last_day`, or (None) at once, so that its rights are gone too.

    Raises:
        Refused: when the actor may not, when the role is not held, or when it would end before it began.
    """
    with store.write() as tx:
        _let_pass(tx, actor, Assign(person_id, now.date(), (role,)), now)
        today = _earlier_today(tx, actor, person_id, now)
        stint = _running(tx, actor, person_id, role, today)
        last = today - timedelta(days=1) if last_day is None else last_day
        if last_day is not None:
            _check_days(stint._replace(end=last))
        return _replace(tx, actor, stint, None if last < stint.start else stint._replace(end=last), now)


def correct(
    store: Store, actor: Actor, person_id: str, role: str, now: datetime, *, start: date | None, last: date | None
) -> Assigned:
    """Put the days of an assignment right: the one that is held, or else the one nearest to today.

    Raises:
        Refused: as `assign` and `end`.
    """
    with store.write() as tx:
        _let_pass(tx, actor, Assign(person_id, now.date(), (role,)), now)
        stint = _nearest(tx, actor, person_id, role, queries.today_of(actor, now))
        whole = stint._replace(start=start or stint.start, end=last or stint.end)
        _check_days(whole)
        _check_overlap(tx, actor.workspace_id, whole)
        return _replace(tx, actor, stint, whole, now)


def revert(store: Store, actor: Actor, change_ids: Sequence[UUID], now: datetime) -> Assigned:
    """Undo changes that were just made, all or none.

    Raises:
        Refused: when the actor may not, or when somebody has changed the same thing since.
    """
    with store.write() as tx:
        one_at_a_time(tx, _turn(actor.workspace_id))
        made = audit.find(tx, actor.workspace_id, change_ids)
        if len(made) != len(change_ids) or any(each.person_id is None for each in made):
            raise Refused("team.problem.nothing_to_undo")
        undone = tuple(_undo(tx, actor, each, now) for each in reversed(made))
        audit.record(tx, actor.workspace_id, undone, by=actor.id, now=now)
        person_id = str(made[0].person_id)
        return Assigned(_member(tx, actor.workspace_id, person_id, queries.today_of(actor, now)), undone)


def apply(tx: Connection, stamp: Stamp, command: Assign, *, today: date) -> Assigned:
    """The changes of `command` in a running transaction, without asking who may: for `assign` and imports.

    Raises:
        Refused: as `assign`.
    """
    one_at_a_time(tx, _turn(stamp.workspace_id))
    person = _member(tx, stamp.workspace_id, command.person_id, command.start)
    _check_command(person, command, today)
    placed = _place(tx, stamp, person, command)
    added, already = _add_roles(tx, stamp, command)
    if already and not placed and not added:
        raise _overlap(person.name, already[0])
    if not placed and not added:
        raise Refused("team.problem.nothing_new", name=person.name)
    audit.record(tx, stamp.workspace_id, [*added, *placed], by=stamp.by, now=stamp.at)
    after = _member(tx, stamp.workspace_id, command.person_id, command.start)
    return Assigned(after, (*added, *placed), tuple(already), bool(command.roles) and mixes_lines(after.roles))


def refuse_change(tx: Connection, actor: Actor, person_id: str, now: datetime, *, granting: bool = False) -> NoReturn:
    """Say that `actor` may not change `person_id`, and who can.

    Raises:
        Refused: always.
    """
    can = queries.who_can(tx, actor.workspace_id, None if granting else person_id, queries.today_of(actor, now))
    can = [name for name in can if name != actor.name]
    key = "refused.granting" if granting else "refused.person"
    name = _name(tx, actor.workspace_id, person_id)
    raise Refused(key if can else f"{key}_alone", name=name, can=", ".join(can))


def _earlier_today(tx: Connection, actor: Actor, person_id: str, now: datetime) -> date:
    """The earlier of the two calendar days where the actor and the person are: on it, "now" has begun for both."""
    person = queries.actor(tx, actor.workspace_id, person_id, now)
    return min(queries.today_of(actor, now), queries.today_of(person or actor, now))


def _turn(workspace_id: str) -> str:
    return f"people:{workspace_id}"


def _let_pass(tx: Connection, actor: Actor, command: Assign, now: datetime) -> None:
    """Wait for one's turn, and refuse who may not do this with the names of those who can."""
    one_at_a_time(tx, _turn(actor.workspace_id))
    relation = queries.relation(tx, actor, command.person_id, now)
    own_affair = not command.roles and command.aspects.keys() <= OF_ONESELF
    granting = not GRANTING.isdisjoint(command.roles)
    needed = [Action.SET_HOURS if own_affair else Action.ASSIGN_ROLES, *[Action.GRANT_RIGHTS] * granting]
    if not all(may(actor, action, relation) for action in needed):
        refuse_change(tx, actor, command.person_id, now, granting=granting)


def _check_command(person: Member, command: Assign, today: date) -> None:
    if command.end is not None and command.end < command.start:
        raise _backwards(", ".join(command.roles), command.start, command.end)
    if abs(command.start - today) > FURTHEST:
        raise Refused("team.problem.too_far", day=command.start)
    if not person.may_work:
        raise Refused(_why_not(person), name=person.name)


def _why_not(member: Member) -> str:
    if member.is_bot:
        return "team.problem.bot"
    if member.is_foreign:
        return "team.problem.foreign"
    return "team.problem.guest" if member.is_guest else "team.problem.deactivated"


def _check_days(stint: Stint) -> None:
    if stint.end is not None and stint.end < stint.start:
        raise _backwards(stint.role, stint.start, stint.end)


def _backwards(role: str, start: date, last: date) -> Refused:
    return Refused("team.problem.end_before_start", role=role, start=start, end=last)


def _check_overlap(tx: Connection, workspace_id: str, wanted: Stint) -> None:
    held = history.overlapping(tx, workspace_id, wanted)
    if held:
        raise _overlap(_name(tx, workspace_id, wanted.person_id), held)


def _overlap(name: str, held: Stint) -> Refused:
    key = "team.problem.overlap" if held.end is None else "team.problem.overlap_until"
    return Refused(key, name=name, role=held.role, start=held.start, end=held.end)


def _place(tx: Connection, stamp: Stamp, person: Member, command: Assign) -> list[Change]:
    """Store the aspects that are news."""
    stored = queries.aspects(tx, stamp.workspace_id, person.id, command.start)
    changes = [
        Change(person.id, name, stored.get(name), value, command.start)
        for name, value in command.aspects.items()
        if (stored.get(name) or None) != (value or None)
    ]
    for change in changes:
        if change.what == Aspect.MANAGER and change.after:
            _check_manager(tx, stamp.workspace_id, person, change.after, command.start)
        history.place(tx, stamp, change)
    return changes


def _add_roles(tx: Connection, stamp: Stamp, command: Assign) -> tuple[list[Change], list[Stint]]:
    """The roles that were new, and those that were held already."""
    added, already = [], []
    for role in dict.fromkeys(command.roles):
        wanted = Stint(new_id(), 1, command.person_id, role, command.start, command.end)
        held = history.overlapping(tx, stamp.workspace_id, wanted)
        if held:
            already.append(held)
        else:
            added.append(history.add(tx, stamp, wanted))
    return added, already


def _check_manager(tx: Connection, workspace_id: str, person: Member, manager_id: str, start: date) -> None:
    """A manager works here, is somebody else, and on no day from `start` on reports to the person."""
    if manager_id == person.id:
        raise Refused("team.problem.own_manager", name=person.name)
    manager = _member(tx, workspace_id, manager_id, start)
    if not manager.may_work:
        raise Refused(_why_not(manager), name=manager.name)
    for day in (start, *ever.days_of_new_managers(tx, workspace_id, start)):
        if person.id in queries.line_above(tx, workspace_id, manager_id, day):
            raise Refused("team.problem.circle", name=person.name, manager=manager.name)


def _replace(tx: Connection, actor: Actor, stint: Stint, after: Stint | None, now: datetime) -> Assigned:
    """Another version of an assignment, or none."""
    change = history.change_of(stint, after)
    if change.before == change.after:
        raise Refused("team.problem.nothing_new", name=_name(tx, actor.workspace_id, stint.person_id))
    history.rewrite(tx, Stamp(actor.workspace_id, actor.id, now), stint, change)
    audit.record(tx, actor.workspace_id, [change], by=actor.id, now=now)
    return Assigned(_member(tx, actor.workspace_id, stint.person_id, queries.today_of(actor, now)), (change,))


def _running(tx: Connection, actor: Actor, person_id: str, role: str, today: date) -> Stint:
    """The assignment that is not over yet: the one held today, or else the first to come."""
    left = [stint for stint in _held(tx, actor, person_id, role) if stint.end is None or stint.end >= today]
    if not left:
        raise Refused("team.problem.not_held", name=_name(tx, actor.workspace_id, person_id), role=role)
    return min(left, key=lambda stint: (not stint.covers(today), stint.start))


def _nearest(tx: Connection, actor: Actor, person_id: str, role: str, today: date) -> Stint:
    return min(_held(tx, actor, person_id, role), key=lambda stint: (not stint.covers(today), abs(stint.start - today)))


def _held(tx: Connection, actor: Actor, person_id: str, role: str) -> list[Stint]:
    """Every assignment of this role to this person."""
    held = [stint for stint in queries.stints_of(tx, actor.workspace_id, [person_id]) if stint.role == role]
    if not held:
        raise Refused("team.problem.not_held", name=_name(tx, actor.workspace_id, person_id), role=role)
    return held


def _undo(tx: Connection, actor: Actor, made: Change, now: datetime) -> Change:
    """Put back what stood before `made`, if `made` is what stands now."""
    person_id, stamp = str(made.person_id), Stamp(actor.workspace_id, actor.id, now)
    roles = (made.what.removeprefix(history.ROLE),) if made.what.startswith(history.ROLE) else ()
    day = made.start_day or now.date()
    _let_pass(tx, actor, Assign(person_id, day, roles, aspects={} if roles else {made.what: made.before}), now)
    newest = audit.latest(tx, actor.workspace_id, person_id, made.what)
    if newest is None or newest.id != made.id:
        raise Refused("team.problem.changed_since", who=_name(tx, actor.workspace_id, newest.by) if newest else "")
    back = Change(person_id, made.what, made.after, made.before, day)
    if roles:
        _undo_role(tx, stamp, back)
    else:
        if made.what == Aspect.MANAGER and made.before:
            _check_manager(tx, actor.workspace_id, _member(tx, actor.workspace_id, person_id, day), made.before, day)
        history.place(tx, stamp, back)
    return back


def _undo_role(tx: Connection, stamp: Stamp, back: Change) -> None:
    stint = queries.newest_version(tx, stamp.workspace_id, UUID((back.before or back.after)["id"]))
    assert stint is not None  # the audit log names it
    if back.after:
        _check_overlap(tx, stamp.workspace_id, history.with_days(stint, back.after))
    history.rewrite(tx, stamp, stint, back)


def _with_overtaken(tx: Connection, actor: Actor, done: Assigned, seen_at: datetime) -> Assigned:
    mine = {change.id for change in done.changes}
    things = {change.what for change in done.changes}
    since = audit.changes(tx, actor.workspace_id, people=[done.member.id], start=seen_at)
    others = tuple(each for each in since if each.what in things and each.id not in mine and each.by != actor.id)
    return replace(done, overtaken=others)


def _member(tx: Connection, workspace_id: str, person_id: str, day: date) -> Member:
    found = queries.member(tx, workspace_id, person_id, day)
    if found is None:
        raise Refused("team.problem.unknown_person")
    return found


def _name(tx: Connection, workspace_id: str, person_id: str) -> str:
    return queries.names(tx, workspace_id, [person_id]).get(person_id, "")
