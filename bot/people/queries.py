"""Reads about people. `day` is the calendar day of a question; what was recorded after `known` is left out."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, bindparam, cast, func, or_, select

from bot.access.actor import Actor
from bot.access.rights import Relation, holds_everything
from bot.clock import zone_or_utc
from bot.people.model import Aspect, Person, Placement, RoleAssignment
from bot.people.rules import Member, Placed, Standing, Stint, line_of, reports_below, standing_of
from bot.store.sql import Param, Prepared, one_of, table_of
from bot.working_time.hours import Hours
from bot.workspace.model import WorkspaceSetting
from bot.workspace.queries import settings
from bot.workspace.rules import Setting, daily_goal

person = table_of(Person)
assignment = table_of(RoleAssignment)
placement = table_of(Placement)
setting = table_of(WorkspaceSetting)

LATEST = datetime(9999, 1, 1, tzinfo=UTC)
"""Everything that is known: not "by now", for the clocks of two processes are never quite the same."""

WORKSPACE: Param = bindparam("workspace")
DAY: Param = bindparam("day", type_=placement.c.start_day.type)
KNOWN: Param = bindparam("known", type_=placement.c.recorded_at.type)

WITH_ROLES = Prepared(
    select(person, assignment.c.role, assignment.c.start_day, assignment.c.end_day, setting.c.value.label("goals"))
    .select_from(
        person.outerjoin(
            assignment,
            and_(
                assignment.c.workspace_id == person.c.workspace_id,
                assignment.c.person_id == person.c.id,
                assignment.c.superseded_at.is_(None),
            ),
        ).outerjoin(
            setting,
            and_(
                setting.c.workspace_id == person.c.workspace_id,
                setting.c.name == Setting.GOALS,
                setting.c.superseded_at.is_(None),
            ),
        )
    )
    .where(person.c.workspace_id == WORKSPACE, person.c.id == bindparam("person"))
)
NAMES = Prepared(
    select(person.c.id, person.c.name).where(person.c.workspace_id == WORKSPACE, one_of(person.c.id, "people"))
)


def as_known(table: Any) -> ColumnElement[bool]:
    """The version of a row that stood at the moment `known`."""
    return and_(table.c.recorded_at <= KNOWN, or_(table.c.superseded_at.is_(None), table.c.superseded_at > KNOWN))


STINT = [assignment.c[name] for name in ("id", "version", "person_id", "role", "start_day", "end_day")]


def _stints() -> Select[Any]:
    return (
        select(*STINT)
        .where(assignment.c.workspace_id == WORKSPACE, as_known(assignment))
        .order_by(assignment.c.start_day, assignment.c.id)
    )


def _placements(*narrower: ColumnElement[bool]) -> Select[Any]:
    """The newest row of each aspect of each person that begins by `day`."""
    newest_first = (placement.c.start_day.desc(), placement.c.recorded_at.desc(), placement.c.id.desc())
    place = func.row_number().over(partition_by=(placement.c.person_id, placement.c.aspect), order_by=newest_first)
    begun = (
        select(placement.c.person_id, placement.c.aspect, placement.c.value, place.label("place"))
        .where(
            placement.c.workspace_id == WORKSPACE,
            placement.c.start_day <= DAY,
            placement.c.recorded_at <= KNOWN,
            *narrower,
        )
        .subquery()
    )
    return select(begun.c.person_id, begun.c.aspect, begun.c.value).where(begun.c.place == 1)


ON_DAY = and_(assignment.c.start_day <= DAY, or_(assignment.c.end_day.is_(None), assignment.c.end_day >= DAY))
MEMBER = [
    person.c[name] for name in "id name email zone language is_active is_guest is_bot is_foreign is_admin".split()
]
EVERYBODY = Prepared(select(person).where(person.c.workspace_id == WORKSPACE))
SOME = Prepared(select(*MEMBER).where(person.c.workspace_id == WORKSPACE, one_of(person.c.id, "people")))
STINTS_ON_DAY = Prepared(_stints().where(ON_DAY))
STINTS_OF = Prepared(_stints().where(one_of(assignment.c.person_id, "people")))
NEWEST_VERSION = Prepared(
    select(*STINT)
    .where(assignment.c.workspace_id == WORKSPACE, assignment.c.id == bindparam("assignment"))
    .order_by(assignment.c.version.desc())
    .limit(1)
)
PLACEMENTS_OF = Prepared(_placements(one_of(placement.c.person_id, "people")))
WORKING_ASPECTS = Prepared(
    _placements(
        one_of(placement.c.person_id, "people"),
        or_(placement.c.aspect == Aspect.HOURS, placement.c.aspect == Aspect.COUNTRY),
    )
)
IN_FEW_WORDS = Prepared(
    select(
        *(person.c[name] for name in "id zone is_active is_guest is_bot is_foreign".split()),
        *(assignment.c[name] for name in "role start_day end_day".split()),
    )
    .select_from(
        person.outerjoin(
            assignment,
            and_(
                assignment.c.workspace_id == person.c.workspace_id,
                assignment.c.person_id == person.c.id,
                assignment.c.superseded_at.is_(None),
            ),
        )
    )
    .where(person.c.workspace_id == WORKSPACE, one_of(person.c.id, "people"))
)
ASPECT = Prepared(_placements(placement.c.aspect == bindparam("aspect")))
HAVING_ROLES = Prepared(
    select(func.count(assignment.c.person_id.distinct()).label("people")).where(
        assignment.c.workspace_id == WORKSPACE,
        assignment.c.superseded_at.is_(None),
        or_(assignment.c.end_day.is_(None), assignment.c.end_day >= DAY),
    )
)
_STANDING = _placements(placement.c.aspect == bindparam("aspect")).subquery()
VALUES = Prepared(select(cast(_STANDING.c.value, Text).label("value")).distinct())
MANAGER_OF = Prepared(_placements(placement.c.aspect == Aspect.MANAGER, placement.c.person_id == bindparam("person")))
STINTS_EVER = Prepared(_stints())


def actor(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> Actor | None:
    """Who this is, with the roles they hold on their own calendar day of `now`; None if never seen."""
    rows = WITH_ROLES.all(tx, {"workspace": workspace_id, "person": person_id})
    return _actor(rows, now) if rows else None


def names(tx: Connection, workspace_id: str, person_ids: Sequence[str]) -> dict[str, str]:
    """The names of those of `person_ids` whom Baton has met, by id."""
    found = NAMES.all(tx, {"workspace": workspace_id, "people": person_ids})
    return {row.id: row.name for row in found}


def name_of(tx: Connection, workspace_id: str, person_id: str | None) -> str:
    """Somebody's name; their id where Baton has not met them."""
    return names(tx, workspace_id, [person_id or ""]).get(person_id or "", person_id or "")


def members(
    tx: Connection, workspace_id: str, day: date, known: datetime = LATEST, *, people: Sequence[str] | None = None
) -> dict[str, Member]:
    """People as they stood on `day`: those of `people`, or (None) everybody who held a role then, by id."""
    when = {"workspace": workspace_id, "day": day, "known": known}
    stints: dict[str, list[Stint]] = {}
    if people is None:
        held = [Stint(*row) for row in STINTS_ON_DAY.all(tx, when)]
    else:
        held = [stint for stint in stints_of(tx, workspace_id, people, known) if stint.covers(day)]
    for stint in held:
        stints.setdefault(stint.person_id, []).append(stint)
    wanted = list(stints) if people is None else people
    standings = _standings(PLACEMENTS_OF.all(tx, {**when, "people": wanted}))
    return {
        row.id: _member(row, tuple(stints.get(row.id, ())), standings.get(row.id, Standing()))
        for row in SOME.all(tx, {"workspace": workspace_id, "people": wanted})
    }


def workers(
    tx: Connection, workspace_id: str, day: date, known: datetime = LATEST, *, people: Sequence[str]
) -> dict[str, Member]:
    """People as they stood on `day`, without their roles and with nothing of their standing but when they work."""
    when = {"workspace": workspace_id, "day": day, "known": known, "people": people}
    standings = _standings(WORKING_ASPECTS.all(tx, when))
    return {
        row.id: _member(row, (), standings.get(row.id, Standing()))
        for row in SOME.all(tx, {"workspace": workspace_id, "people": people})
    }


def placed(tx: Connection, workspace_id: str, person_ids: Sequence[str], now: datetime) -> dict[str, Placed]:
    """Many people in few words, each on the calendar day of `now` where they are; those never seen are left out."""
    whom = {"workspace": workspace_id, "people": person_ids}
    aspects: dict[str, dict[str, Any]] = {}
    for row in WORKING_ASPECTS.all(tx, {**whom, "day": now.date(), "known": LATEST}):
        aspects.setdefault(row.person_id, {})[row.aspect] = row.value
    first: dict[str, Any] = {}
    roles: dict[str, set[str]] = {}
    for row in IN_FEW_WORDS.all(tx, whom):
        first.setdefault(row.id, row)
        if row.role and row.start_day <= (today := _today_in(row.zone, now)) <= (row.end_day or today):
            roles.setdefault(row.id, set()).add(row.role)
    return {each: _placed(row, frozenset(roles.get(each, ())), aspects.get(each, {})) for each, row in first.items()}


@lru_cache(maxsize=1024)
def _today_in(zone: str, now: datetime) -> date:
    return now.astimezone(zone_or_utc(zone)).date()


def _placed(row: Any, roles: frozenset[str], aspects: dict[str, Any]) -> Placed:
    hours = aspects.get(Aspect.HOURS)
    return Placed(
        id=row.id,
        zone=row.zone,
        may_work=row.is_active and not (row.is_guest or row.is_bot or row.is_foreign),
        roles=roles,
        hours=Hours.from_json(hours) if hours else None,
        country=aspects.get(Aspect.COUNTRY),
    )


def member(tx: Connection, workspace_id: str, person_id: str, day: date, known: datetime = LATEST) -> Member | None:
    """One person as they stood on `day`; None if never seen."""
    return members(tx, workspace_id, day, known, people=[person_id]).get(person_id)


def stints_of(tx: Connection, workspace_id: str, person_ids: Sequence[str], known: datetime = LATEST) -> list[Stint]:
    """Every assignment of these people, past and to come, oldest first."""
    rows = STINTS_OF.all(tx, {"workspace": workspace_id, "people": person_ids, "known": known})
    return [Stint(*row) for row in rows]


def all_stints(tx: Connection, workspace_id: str, known: datetime = LATEST) -> list[Stint]:
    """Every assignment of everybody, past and to come, oldest first."""
    return [Stint(*row) for row in STINTS_EVER.all(tx, {"workspace": workspace_id, "known": known})]


def newest_version(tx: Connection, workspace_id: str, assignment_id: UUID) -> Stint | None:
    """An assignment as it stands, or stood before it was taken back."""
    row = NEWEST_VERSION.first(tx, {"workspace": workspace_id, "assignment": assignment_id})
    return Stint(*row) if row else None


def aspects(tx: Connection, workspace_id: str, person_id: str, day: date) -> dict[str, Any]:
    """Where one person stood on `day`, as it is stored: plain JSON by aspect."""
    whom = {"workspace": workspace_id, "day": day, "known": LATEST, "people": [person_id]}
    return {row.aspect: row.value for row in PLACEMENTS_OF.all(tx, whom)}


def values_of(tx: Connection, workspace_id: str, aspect: Aspect, day: date, known: datetime = LATEST) -> dict[str, Any]:
    """One aspect of everybody for whom it is set on `day`, by person."""
    rows = ASPECT.all(tx, {"workspace": workspace_id, "aspect": aspect, "day": day, "known": known})
    return {row.person_id: row.value for row in rows if row.value}


def values(tx: Connection, workspace_id: str, aspect: Aspect, day: date, known: datetime = LATEST) -> list[Any]:
    """What an aspect is for anybody on `day`, each once."""
    rows = VALUES.all(tx, {"workspace": workspace_id, "aspect": aspect, "day": day, "known": known})
    found = [json.loads(row.value) for row in rows if row.value]
    return [each for each in found if each]


def managers(tx: Connection, workspace_id: str, day: date, known: datetime = LATEST) -> dict[str, str]:
    """Each person's manager on `day`."""
    return values_of(tx, workspace_id, Aspect.MANAGER, day, known)


def line_above(tx: Connection, workspace_id: str, person_id: str, day: date) -> list[str]:
    """The managers above somebody on `day`, nearest first: a look-up for each floor."""
    when = {"workspace": workspace_id, "day": day, "known": LATEST}

    def manager_of(person: str) -> str | None:
        row = MANAGER_OF.first(tx, {**when, "person": person})
        return row.value if row else None

    return line_of(manager_of, person_id)


def relation(tx: Connection, who: Actor, person_id: str, now: datetime) -> Relation:
    """What the data of `person_id` is to `who` today."""
    if who.id == person_id:
        return Relation.OWN
    above = line_above(tx, who.workspace_id, person_id, today_of(who, now))
    return Relation.REPORT if who.id in above else Relation.COLLEAGUE


def reports(tx: Connection, who: Actor, now: datetime) -> set[str]:
    """Everybody who reports to `who` today, at any depth."""
    return reports_below(managers(tx, who.workspace_id, today_of(who, now)), who.id)


def who_can(tx: Connection, workspace_id: str, person_id: str | None, day: date) -> list[str]:
    """Names of up to three who may change somebody (or, with None, the workspace): their manager, then operations."""
    above = line_above(tx, workspace_id, person_id, day)[:1] if person_id else []
    every = [row for row in EVERYBODY.all(tx, {"workspace": workspace_id}) if row.is_active and row.id != person_id]
    names_above = [row.name for row in every if row.id in above]
    return list(dict.fromkeys([*names_above, *(row.name for row in _able(tx, workspace_id, every, day))]))[:3]


def operators(tx: Connection, workspace_id: str, day: date) -> list[str]:
    """The ids of up to three who keep Baton running in a workspace: operations, else its admins in Slack."""
    every = [row for row in EVERYBODY.all(tx, {"workspace": workspace_id}) if row.is_active]
    return [row.id for row in _able(tx, workspace_id, every, day)][:3]


def _able(tx: Connection, workspace_id: str, every: Sequence[Any], day: date) -> list[Any]:
    """Those of `every` whose rights reach everybody: by role first, then as admins; by name."""
    roles: dict[str, set[str]] = {}
    for row in STINTS_ON_DAY.all(tx, {"workspace": workspace_id, "day": day, "known": LATEST}):
        roles.setdefault(row.person_id, set()).add(row.role)
    able = [row for row in every if holds_everything(roles.get(row.id, ()), is_admin=row.is_admin)]
    return sorted(able, key=lambda row: (not holds_everything(roles.get(row.id, ()), is_admin=False), row.name))


def how_many_have_roles(tx: Connection, workspace_id: str, day: date) -> int:
    """The number of people who hold a role on `day`, or will from a later one."""
    found = HAVING_ROLES.first(tx, {"workspace": workspace_id, "day": day})
    return int(found.people) if found else 0


def everybody(tx: Connection, workspace_id: str) -> list[Any]:
    """The row of every person of a workspace whom Slack has ever listed."""
    return EVERYBODY.all(tx, {"workspace": workspace_id})


def workspaces(tx: Connection) -> list[str]:
    """Every workspace of the database."""
    return list(tx.scalars(select(person.c.workspace_id).distinct().order_by(person.c.workspace_id)))


def start_of_work(tx: Connection, who: Actor, day: date) -> time:
    """When `who` begins to work on `day`, on their own wall: by their hours, else the workspace's. On a day off, when
    they begin on the first day of their week.
    """
    own = aspects(tx, who.workspace_id, who.id, day).get(Aspect.HOURS)
    hours = Hours.from_json(own) if own else settings(tx, who.workspace_id).hours
    shift = hours.week[day.weekday()] or next(shift for shift in hours.week if shift)
    return shift.start


def today_of(who: Actor, now: datetime) -> date:
    """The calendar day where somebody is."""
    return now.astimezone(who.zone).date()


def _standings(rows: Iterable[Any]) -> dict[str, Standing]:
    aspects: dict[str, dict[str, Any]] = {}
    for row in rows:
        aspects.setdefault(row.person_id, {})[row.aspect] = row.value
    return {person_id: standing_of(found) for person_id, found in aspects.items()}


def _member(row: Any, stints: tuple[Stint, ...], standing: Standing) -> Member:
    return Member(
        id=row.id,
        name=row.name,
        email=row.email,
        zone=row.zone,
        language=row.language,
        is_active=row.is_active,
        is_guest=row.is_guest,
        is_bot=row.is_bot,
        is_foreign=row.is_foreign,
        is_admin=row.is_admin,
        stints=stints,
        standing=standing,
    )


def _actor(rows: Sequence[Any], now: datetime) -> Actor:
    who = rows[0]
    zone = zone_or_utc(who.zone)
    today = now.astimezone(zone).date()
    held = {
        row.role
        for row in rows
        if row.role and row.start_day <= today and (row.end_day is None or row.end_day >= today)
    }
    return Actor(
        workspace_id=who.workspace_id,
        id=who.id,
        name=who.name,
        language=who.language,
        zone=zone,
        roles=frozenset(held),
        daily_goal=daily_goal(who.goals, held),
        is_active=who.is_active,
        is_guest=who.is_guest,
        is_bot=who.is_bot,
        is_foreign=who.is_foreign,
        is_admin=who.is_admin,
        checked_at=who.checked_at,
    )
