"""What can be done on App Home, and what it shows: stored figures only, in a fixed number of look-ups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from bot.absence.schedule import schedules
from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.access.roles import Role
from bot.activity import queries as activity_queries
from bot.activity import service as activity
from bot.activity import steps
from bot.activity.service import Overview
from bot.attainment import service as attainment
from bot.attainment.pages import GroupPage, PersonPage
from bot.clock import zone_or_utc
from bot.deals import glances as deal_glances
from bot.handoffs import sources
from bot.handoffs.glances import Glances, glances
from bot.handoffs.sources import Feedback
from bot.home.model import HomeTab
from bot.home.queries import watching
from bot.noise.acts import moves_of
from bot.noise.lines import Line, lines
from bot.people import queries as people
from bot.people.model import Aspect
from bot.people.rules import Member, line_above, reports_below
from bot.store.engine import Store
from bot.store.sql import upsert
from bot.working_time.presence import Presence, next_working_day, presence
from bot.workspace import queries as workspace
from bot.workspace import service as settings_service
from bot.workspace.rules import Settings, daily_goal

LOOKS_FOR = timedelta(hours=8)
"""How long after its opening somebody's Home is kept current; later it is made anew when they open it."""

LOOKS_NOW_FOR = timedelta(minutes=15)
"""The same where everybody's would change at once: Slack takes about a hundred Homes a minute."""

SOON = timedelta(seconds=1)
"""What is held back now belongs to it."""

NO_DEALS = deal_glances.Glances()


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody of one's team, or a report: whether they are in, and their calls of their own day against the goal."""

    member: Member
    presence: Presence
    calls: int = 0
    goal: int = 0


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything that one person's Home shows at one moment.

    `sources` is there for marketing, `is_setting_up` for whoever sets Baton up; `has_roles` says whether anybody holds
    one yet.
    """

    actor: Actor
    now: datetime
    week: Overview
    desk: steps.Desk
    handoffs: Glances
    me: Member
    presence: Presence
    manager: Member | None
    team: tuple[Mate, ...]
    reports: tuple[Mate, ...]
    settings: Settings
    is_setting_up: bool
    has_roles: bool
    sources: Feedback | None = None
    deals: deal_glances.Glances = NO_DEALS
    standing: PersonPage | None = None
    together: GroupPage | None = None
    instead: tuple[Line, ...] = ()
    """What stands in the place of reminders that were in vain."""


def home(store: Store, actor: Actor, now: datetime) -> HomePage:
    """The Home of `actor` as it is at this moment."""
    week = activity.this_week(store, actor, now)
    today = people.today_of(actor, now)
    with store.read() as tx:
        managers = people.managers(tx, actor.workspace_id, today)
        below = reports_below(managers, actor.id)
        beside = _team(tx, actor, managers, today)
        around = {actor.id, *below, *beside, *line_above(managers, actor.id)[:1]}
        members = people.members(tx, actor.workspace_id, today, people=sorted(around))
        settings = workspace.settings(tx, actor.workspace_id)
        mates = _mates(tx, actor.workspace_id, members, settings, now)
        me = mates[actor.id]
        return HomePage(
            actor=actor,
            now=now,
            week=week,
            desk=steps.desk(tx, actor, today),
            handoffs=glances(tx, actor, below, now),
            instead=_instead(tx, actor, now),
            deals=deal_glances.glances(tx, actor, today),
            standing=attainment.mine(tx, actor, now),
            together=attainment.of_reports(tx, actor, now) if below else None,
            sources=sources.read(tx, actor.workspace_id, now) if Role.MARKETING in actor.roles else None,
            me=me.member,
            presence=me.presence,
            manager=members.get(me.member.standing.manager or ""),
            team=_in_order(mates[each] for each in beside if each in mates and mates[each].member.is_active),
            reports=_in_order(mates[each] for each in below if each in mates and mates[each].member.is_active),
            settings=settings,
            is_setting_up=settings.setup_by == actor.id and not settings.setup_hidden and _may_set_up(actor),
            has_roles=people.how_many_have_roles(tx, actor.workspace_id, today) > 0,
        )


def _instead(tx: Connection, actor: Actor, now: datetime) -> tuple[Line, ...]:
    """The kinds of reminder that stand in the digest for now, with what was held back since they do."""
    moves = moves_of(tx, actor.workspace_id, actor.id, now)
    if not moves:
        return ()
    since = min(each.moved_at for each in moves)
    return tuple(each for each in lines(tx, actor, since, now + SOON, now) if each.move)


def opened(store: Store, actor: Actor, now: datetime) -> None:
    """Remember that somebody looks; the first admin who does is the one who sets Baton up."""
    with store.write() as tx:
        looking = {"workspace_id": actor.workspace_id, "person_id": actor.id, "opened_at": now}
        upsert(tx, HomeTab, looking, ["opened_at"])
    if _may_set_up(actor):
        _take_on_setup(store, actor, now)


def onlookers(
    store: Store, workspace_id: str, changed: Iterable[str], now: datetime, *, of_day: bool = False
) -> set[str]:
    """Whose Home may show something of the people `changed`, of those who look at theirs.

    Themselves, the managers above them, and (unless only their day's figures changed) who is in a team with them.
    Nobody in `changed` means the workspace as a whole: everybody who opened theirs just now.
    """
    changed = set(changed)
    with store.read() as tx:
        looking = watching(tx, workspace_id, now - (LOOKS_FOR if changed else LOOKS_NOW_FOR))
        if not changed or not looking:
            return looking
        managers = people.managers(tx, workspace_id, now.date())
        seen_by = changed.union(*(line_above(managers, each) for each in changed))
        if not of_day:
            teams = people.values_of(tx, workspace_id, Aspect.TEAM, now.date())
            theirs = {_group(managers, teams, each) for each in changed} - {None}
            seen_by |= {each for each in looking if _group(managers, teams, each) in theirs}
        return looking & seen_by


def later(store: Store, actor: Actor, step_id: UUID, now: datetime) -> steps.Step:
    """Move a step to the actor's next working day, at the same hour.

    Raises:
        Refused: when there is no such open step of theirs.
    """
    today = people.today_of(actor, now)
    with store.read() as tx:
        members = people.members(tx, actor.workspace_id, today, people=[actor.id])
        settings = workspace.settings(tx, actor.workspace_id)
        schedule = schedules(tx, actor.workspace_id, members, now, settings)[actor.id]
    day = next_working_day(schedule, today) or today + timedelta(days=1)
    return steps.postpone(store, actor, step_id, day, now)


def _team(tx: Connection, actor: Actor, managers: Mapping[str, str], today: date) -> set[str]:
    """Who is in a team with the actor: of the same name, or (without one) with the same manager."""
    teams = people.values_of(tx, actor.workspace_id, Aspect.TEAM, today)
    mine = _group(managers, teams, actor.id)
    if mine is None:
        return set()
    return {each for each in {*managers, *teams} if _group(managers, teams, each) == mine} - {actor.id}


def _group(managers: Mapping[str, str], teams: Mapping[str, str], person_id: str) -> tuple[str, str] | None:
    if person_id in teams:
        return ("team", teams[person_id])
    return ("manager", managers[person_id]) if person_id in managers else None


def _mates(
    tx: Connection, workspace_id: str, members: Mapping[str, Member], settings: Settings, now: datetime
) -> dict[str, Mate]:
    working = schedules(tx, workspace_id, members, now, settings)
    days = {each: now.astimezone(zone_or_utc(member.zone)).date() for each, member in members.items()}
    calls = activity_queries.calls_of(tx, workspace_id, sorted(members), min(days.values()), max(days.values()))
    return {
        each: Mate(
            member,
            presence(working[each], now),
            calls.get((each, days[each]), 0),
            daily_goal(settings.goals, member.roles),
        )
        for each, member in members.items()
    }


def _in_order(mates: Iterable[Mate]) -> tuple[Mate, ...]:
    return tuple(sorted(mates, key=lambda mate: (mate.member.standing.team or "", mate.member.name.casefold())))


def _may_set_up(actor: Actor) -> bool:
    """Whoever is an admin or owner of the workspace in Slack; holding a role of operations is not the same."""
    return actor.is_admin and may(actor, Action.CHANGE_SETTINGS, Relation.COLLEAGUE)


def _take_on_setup(store: Store, actor: Actor, now: datetime) -> None:
    with store.read() as tx:
        setting_up = workspace.settings(tx, actor.workspace_id).setup_by
        if setting_up == actor.id:
            return
        before = people.actor(tx, actor.workspace_id, setting_up, now) if setting_up else None
    if before is None or not before.is_active or not before.is_admin:
        settings_service.take_on_setup(store, actor, now, from_person=setting_up)
