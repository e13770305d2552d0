"""Reads about the team: the roster of a day, a person, a role."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.absence import queries as absences
from bot.absence.rules import Leave
from bot.absence.schedule import schedules
from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.access.roles import Role
from bot.audit.service import Change
from bot.people import queries as people
from bot.people.model import Aspect
from bot.people.rules import Member, Stint
from bot.working_time.holidays import has_calendar
from bot.working_time.presence import Presence, Schedule, presence
from bot.workspace import queries as workspace
from bot.workspace.rules import BASE_SHARES, Card


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who holds a role on `day`, by name, with their managers and (today) their absences, each by id.

    A manager may be somebody without a role, or who has left. An absence has no reason where the reader may not know.
    """

    day: date
    today: date
    members: tuple[Member, ...]
    managers: Mapping[str, Member]
    leaves: Mapping[str, Leave]


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Somebody as they stood on `day`, all that they were and will be, and when they work.

    `leave`, `presence` and `schedule` are of the moment `now`, and None for another day than today.
    """

    member: Member
    day: date
    now: datetime
    stints: tuple[Stint, ...]
    manager: Member | None
    schedule: Schedule
    presence: Presence | None
    leave: Leave | None
    has_calendar: bool
    may_assign: bool
    may_set_hours: bool


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A role as the workspace words it, the base share of its pay in percent, and who holds it today."""

    role: Role
    card: Card
    base_share: int
    holders: Roster
    may_edit: bool


def roster(tx: Connection, actor: Actor, day: date, now: datetime) -> Roster:
    """Who was what on `day`. Whoever has left since is listed only for a day in the past."""
    today = people.today_of(actor, now)
    everybody = people.members(tx, actor.workspace_id, day)
    members = [member for member in everybody.values() if member.may_work or day < today]
    above = {member.standing.manager for member in members if member.standing.manager}
    managers = people.members(tx, actor.workspace_id, day, people=sorted(above))
    leaves = absences.away_now(tx, actor, [member.id for member in members], now) if day == today else {}
    return Roster(day, today, _by_name(members), managers, leaves)


def person_card(tx: Connection, actor: Actor, person_id: str, day: date, now: datetime) -> PersonCard | None:
    """Somebody's card; None for somebody whom nobody knows."""
    member = people.member(tx, actor.workspace_id, person_id, day)
    if member is None:
        return None
    is_today = day == people.today_of(actor, now)
    settings = workspace.settings(tx, actor.workspace_id)
    schedule = schedules(tx, actor.workspace_id, {person_id: member}, now, settings)[person_id]
    relation = people.relation(tx, actor, person_id, now)
    manager = member.standing.manager
    return PersonCard(
        member=member,
        day=day,
        now=now,
        stints=tuple(people.stints_of(tx, actor.workspace_id, [person_id])),
        manager=people.member(tx, actor.workspace_id, manager, day) if manager else None,
        schedule=schedule,
        presence=presence(schedule, now) if is_today and member.may_work else None,
        leave=absences.away_now(tx, actor, [person_id], now).get(person_id) if is_today else None,
        has_calendar=has_calendar(schedule.country, schedule.subdivision),
        may_assign=may(actor, Action.ASSIGN_ROLES, relation),
        may_set_hours=may(actor, Action.SET_HOURS, relation),
    )


def role_card(tx: Connection, actor: Actor, role: Role, now: datetime) -> RoleCard:
    """What a role is for, and who holds it today."""
    found = workspace.settings(tx, actor.workspace_id).card(role)
    everybody = roster(tx, actor, people.today_of(actor, now), now)
    holders = tuple(member for member in everybody.members if role in member.roles)
    return RoleCard(
        role=role,
        card=found,
        base_share=BASE_SHARES[role] if found.base_share is None else found.base_share,
        holders=Roster(everybody.day, everybody.today, holders, everybody.managers, everybody.leaves),
        may_edit=may(actor, Action.CHANGE_SETTINGS, Relation.COLLEAGUE),
    )


def holders(tx: Connection, workspace_id: str, day: date) -> dict[Role, int]:
    """How many people hold each role on `day`."""
    members = people.members(tx, workspace_id, day).values()
    return {role: sum(role in member.roles and member.may_work for member in members) for role in Role}


def names_in(tx: Connection, workspace_id: str, changes: Iterable[Change]) -> dict[str, str]:
    """The names of everybody whom changes speak of, or who made them, by id."""
    managers = [value for each in changes if each.what == Aspect.MANAGER for value in (each.before, each.after)]
    ids = {*managers, *(each.by for each in changes), *(each.person_id for each in changes)}
    return people.names(tx, workspace_id, sorted(each for each in ids if each))


def _by_name(members: Iterable[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda member: (member.name.casefold(), member.id)))
