"""A sample team: the people that Slack lists, in their roles, and what they did in the last two weeks."""

import random
from datetime import date, datetime, time, timedelta

from slack_sdk import WebClient

from bot.accounts import service as accounts
from bot.activity import service as activity
from bot.activity.entry import Entry, FollowUp, Kind, Outcome, Who
from bot.clock import instant
from bot.people import service as people
from bot.people.model import Role
from bot.people.rules import Actor
from bot.store import schema
from bot.store.engine import Store
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
    "исходящим лидам": Role.SDR,
    "account executive": Role.AE,
    "менеджер по продажам": Role.AE,
    "customer success": Role.CSM,
    "sales manager": Role.MANAGER,
    "sales operations": Role.OPS,
    "marketing": Role.MARKETING,
}

CALLS_A_DAY = {Role.SDR: (26, 44), Role.AE: (4, 11), Role.CSM: (3, 8)}

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
    _add_companies(store, workspace, now - timedelta(days=days + 1))
    for user in slack.users_list(include_locale=True)["members"]:
        role = _role_of(user)
        if role is None or user.get("deleted"):
            continue
        actor = people.remember(store, workspace, profile_of(user), now - timedelta(days=days + 1))
        start = (now - timedelta(days=90)).date()
        people.assign_role(store, workspace, actor.id, role, start, by=actor.id, now=now)
        known = people.find(store, workspace, actor.id, now)
        assert known is not None
        _add_activity(store, known, role, now, days, dice)


def _add_companies(store: Store, workspace: str, now: datetime) -> None:
    with store.write() as tx:
        rows = {name: accounts.ensure_account(tx, workspace, name, by="demo", now=now) for name in COMPANIES}
        company, name, email, phone = CONTACT
        accounts.add_contact(tx, workspace, rows[company], name, email=email, phone=phone, by="demo", now=now)


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
    if role is not Role.SDR:
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
