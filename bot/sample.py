"""A sample team: the people that Slack lists, in their roles, and what they did in the last two weeks."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import Connection

from bot import sample_pipeline, sample_targets
from bot.absence import service as absence
from bot.absence.kinds import AbsenceKind
from bot.absence.rules import Away
from bot.access.actor import Actor
from bot.access.roles import Role
from bot.accounts import service as accounts
from bot.activity import service as activity
from bot.activity.entry import Entry, FollowUp, Kind, Outcome, Who
from bot.audit import service as audit
from bot.clock import instant
from bot.people import assignments
from bot.people import queries as people_queries
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.people.model import Aspect
from bot.store import schema
from bot.store.engine import Store
from bot.workspace import service as settings
from bot.workspace.rules import CALLERS, Setting
from handlers.gateway import profile_of

DAYS = 14

COMPANIES = (
    "Acme",
    "Acme Corp (EMEA)",
    "Globex",
    "Initech",
    "Umbrella",
    "Hooli",
    "Stark Industries",
    "Wayne",
    "3M",
    "Ромашка",
)
CONTACT = ("Acme", "Jane Roe", "jane@acme.example", "+1 555 0100")

ROLE_OF_TITLE = {
    "sales development": Role.SDR,
    "market response": Role.MRR,
    "исходящим лидам": Role.SDR,
    "account executive": Role.AE,
    "менеджер по продажам": Role.AE,
    "customer success": Role.CSM,
    "sales manager": Role.MANAGER,
    "sales operations": Role.OPS,
    "marketing": Role.MARKETING,
}

TEAM_OF = {Role.SDR: "Outbound", Role.MRR: "Inbound", Role.AE: "Deals", Role.CSM: "Customers"}

TERRITORIES = {"America": "AMER", "Asia": "APAC", "Europe": "EMEA"}

CALLS_A_DAY = {Role.SDR: (26, 44), Role.MRR: (20, 36), Role.AE: (4, 11), Role.CSM: (3, 8)}

NOTES = {
    "en": (
        "wants pricing by Friday",
        "asked for two references",
        "moving offices, try again in January",
        "sent the deck",
    ),
    "ru": (
        "просит цену до пятницы",
        "нужны два отзыва",
        "переезжают, вернуться в январе",
        "отправили презентацию",
    ),
}
STEPS = {
    "en": ("send quote", "call back", "book the demo"),
    "ru": ("отправить КП", "перезвонить", "назначить демо"),
}


def fill(store: Store, slack: WebClient, now: datetime, days: int = DAYS) -> None:
    """A sample team as Slack lists it, with roles, companies, and activity on the working days of `days` behind it."""
    schema.upgrade(store)
    workspace = str(slack.auth_test()["team_id"])
    dice = random.Random(workspace)  # noqa: S311 - sample data, the same at every start
    start = now - timedelta(days=days + 1)
    _add_companies(store, workspace, start)
    team = _meet(store, slack, workspace, start)
    _assign(store, workspace, team, now)
    _set_up(store, workspace, team, now)
    for person_id, role in team.items():
        known = people.find(store, workspace, person_id, now)
        assert known is not None
        _add_activity(store, known, role, now, days, dice)
    _add_targets(store, workspace, team, now)
    _add_pipeline(store, workspace, team, now)


def _meet(store: Store, slack: WebClient, workspace: str, now: datetime) -> dict[str, Role]:
    """Everybody with a title of the trade, by Slack id."""
    team = {}
    for user in slack.users_list(include_locale=True)["members"]:
        role = _role_of(user)
        if role is not None and not user.get("deleted"):
            people.remember(store, workspace, profile_of(user, workspace), now)
            team[str(user["id"])] = role
    return team


def _assign(store: Store, workspace: str, team: dict[str, Role], now: datetime) -> None:
    """Each in the role of their title for three months, with everybody who sells under the manager."""
    by_role = {role: person for person, role in team.items()}
    stamp = Stamp(workspace, by_role.get(Role.OPS, audit.COMMAND_LINE), now)
    today = now.date()
    with store.write() as tx:
        for person_id, role in team.items():
            aspects: dict[str, Any] = {}
            if role in TEAM_OF:
                aspects = {
                    Aspect.TEAM: TEAM_OF[role],
                    Aspect.TERRITORIES: [_territory(tx, workspace, person_id, today)],
                }
            if role in TEAM_OF and by_role.get(Role.MANAGER):
                aspects[Aspect.MANAGER] = by_role[Role.MANAGER]
            command = Assign(person_id, today - timedelta(days=90), (role,), aspects=aspects)
            assignments.apply(tx, stamp, command, today=today)


def _territory(tx: Connection, workspace: str, person_id: str, today: date) -> str:
    """Where somebody sells: the part of the world that they live in."""
    member = people_queries.member(tx, workspace, person_id, today)
    assert member is not None
    return TERRITORIES.get(member.zone.partition("/")[0], "EMEA")


def _set_up(store: Store, workspace: str, team: dict[str, Role], now: datetime) -> None:
    """Operations have begun with the set-up list; whoever looks after the customers is on vacation."""
    by_role = {role: people.find(store, workspace, person, now) for person, role in team.items()}
    ops, csm = by_role.get(Role.OPS), by_role.get(Role.CSM)
    if ops:
        settings.take_on_setup(store, ops, now, from_person=None)
        settings.change(store, ops, {Setting.GOALS: {Role.SDR: 40, Role.MRR: 40, Role.AE: 10}}, now)
    if csm:
        today = now.astimezone(csm.zone).date()
        leave = Away(today, today + timedelta(days=6), kind=AbsenceKind.VACATION)
        absence.declare(store, csm, leave, now)


def _add_companies(store: Store, workspace: str, now: datetime) -> None:
    with store.write() as tx:
        rows = {name: accounts.ensure_account(tx, workspace, name, by="demo", now=now) for name in COMPANIES}
        company, name, email, phone = CONTACT
        accounts.add_contact(tx, workspace, rows[company], name, email=email, phone=phone, by="demo", now=now)


def _add_targets(store: Store, workspace: str, team: dict[str, Role], now: datetime) -> None:
    """What everybody is to reach, where there is somebody to set it."""
    by_role: dict[Role, list[Actor]] = {}
    for person, role in team.items():
        if found := people.find(store, workspace, person, now):
            by_role.setdefault(role, []).append(found)
    if by_role.get(Role.OPS):
        sample_targets.fill(store, by_role, by_role[Role.OPS][0], TEAM_OF[Role.AE], now)


def _add_pipeline(store: Store, workspace: str, team: dict[str, Role], now: datetime) -> None:
    """Leads, hand-offs and deals, where there is somebody on either side."""
    actors = {person: people.find(store, workspace, person, now) for person in team}
    ordered = sorted(team, key=lambda person: team[person] is not Role.MRR)  # inbound leads are claimed by the MRR
    claiming = [found for each in ordered if team[each] is Role.MRR and (found := actors[each])]
    takers = [found for each in ordered if team[each] is Role.AE and (found := actors[each])]
    if claiming and takers:
        sample_pipeline.fill(store, claiming, takers, settings.settings(store, workspace).currency, now)


def _add_activity(store: Store, actor: Actor, role: Role, now: datetime, days: int, dice: random.Random) -> None:
    if role not in CALLS_A_DAY:
        return
    today = now.astimezone(actor.zone).date()
    for back in range(days, -1, -1):
        day = today - timedelta(days=back)
        if day.weekday() < 5:  # Monday to Friday
            for n, (at, entry) in enumerate(_a_day(actor, role, day, dice)):
                moment = instant(day, at, actor.zone)
                if moment < now:
                    activity.log(store, actor, [entry], origin=f"sample:{actor.id}:{day}:{n}", now=moment)


def _a_day(actor: Actor, role: Role, day: date, dice: random.Random) -> list[tuple[time, Entry]]:
    """What somebody of this role logs on one day, in the order of the day."""
    dials = dice.randint(*CALLS_A_DAY[role])
    named = min(dials, dice.randint(4, 7))
    lines = [Entry(Kind.CALL, day, count=dials - named)] if dials > named else []
    lines += [_call(actor, day, dice) for _ in range(named)]
    lines.append(Entry(Kind.EMAIL, day, count=dice.randint(3, 12)))
    if role not in CALLERS:
        lines.append(Entry(Kind.DEMO, day, who=Who(dice.choice(COMPANIES)), minutes=dice.choice((30, 45, 60))))
    minutes = sorted(dice.sample(range(9 * 60, 17 * 60 + 30), len(lines)))
    return [(time(minute // 60, minute % 60), line) for minute, line in zip(minutes, lines, strict=True)]


def _call(actor: Actor, day: date, dice: random.Random) -> Entry:
    outcome = dice.choice((Outcome.CONNECTED, Outcome.VOICEMAIL, Outcome.NO_ANSWER, Outcome.NO_ANSWER, Outcome.BUSY))
    talked = outcome is Outcome.CONNECTED
    step = None
    if talked and dice.random() < 0.3:  # every third talk leads somewhere
        step = FollowUp(day + timedelta(days=dice.choice((2, 6, 7))), dice.choice(STEPS[actor.language]))
    return Entry(
        Kind.CALL,
        day,
        who=Who(dice.choice(COMPANIES)),
        minutes=dice.choice((5, 10, 15, 20)) if talked else None,
        outcome=outcome,
        note=dice.choice(NOTES[actor.language]) if talked and dice.random() < 0.5 else None,
        follow_up=step,
    )


def _role_of(user: dict[str, object]) -> Role | None:
    profile = user.get("profile")
    title = str(profile.get("title", "") if isinstance(profile, dict) else "").casefold()
    return next((role for words, role in ROLE_OF_TITLE.items() if words in title), None)
