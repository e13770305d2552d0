"""App Home: my day, what I promised, the people around me, my role."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from bot.access.roles import Role
from bot.activity.steps import Step
from bot.clock import zone_or_utc
from bot.home.service import HomePage, Mate
from bot.words import Words
from bot.working_time.presence import Reason
from handlers import ids
from handlers.ui import noise
from handlers.ui.activity import SEPARATOR, day_lines, log_button, tally
from handlers.ui.blocks import (
    Block,
    Mrkdwn,
    actions,
    button,
    context,
    divider,
    escape,
    header,
    home_view,
    in_sections,
    md,
    md_plural,
    section,
)
from handlers.ui.home_deals import my_deals
from handlers.ui.home_handoffs import late, on_desk, waiting, with_others
from handlers.ui.home_quota import my_quota, my_team
from handlers.ui.settings import setup_list
from handlers.ui.sources import on_home

STEPS_SHOWN = 10
"""Next steps with buttons; those after them are counted, for Home has a hundred blocks."""

DONE_SHOWN = 5
COMING_SHOWN = 5
MATES_SHOWN = 60


def home(words: Words, page: HomePage) -> Block:
    """Everything that concerns this person today, the most pressing first."""
    today = page.now.astimezone(page.actor.zone).date()
    return home_view(
        [
            header(words("home.greeting", name=page.actor.name)),
            *_setup(words, page),
            section(_day(words, page, today)),
            actions(log_button(words)),
            *on_desk(words, page),
            *_steps(words, page, today),
            *noise.instead(words, page.instead, page.actor.zone, noise.HOME),
            *my_quota(words, page.standing),
            *my_deals(words, page),
            *waiting(words, page),
            *late(words, page),
            *with_others(words, page),
            *on_home(words, page.sources),
            *my_team(words, page.together),
            *_reports(words, page),
            divider(),
            *_week(words, page, today),
            *_role(words, page),
            *_team(words, page),
            context(md(words, "home.hint", command=ids.LOG_COMMAND)),
        ]
    )


def _week(words: Words, page: HomePage, today: date) -> list[Block]:
    first, last = (words.day(day, today) for day in (page.week.first, page.week.last))
    days = day_lines(words, page.week, today) or [section(md(words, "log.nothing_yet"))]
    return [header(words("log.week_title", first=first, last=last)), *days]


def _setup(words: Words, page: HomePage) -> list[Block]:
    if not page.is_setting_up:
        return []
    return [*setup_list(words, page.settings, page.has_roles), divider()]


def _day(words: Words, page: HomePage, today: date) -> Mrkdwn:
    """The count against the goal; who is away is told until when."""
    count = tally(words, page.week.count, today)
    if page.presence.reason is Reason.AWAY and page.presence.next_start:
        back = moment(words, page.presence.next_start, page.actor.zone.key, page.now)
        return Mrkdwn(f"{md(words, 'home.you_are_away', back=back)}\n{count}")
    return count


def moment(words: Words, at: datetime, zone: str, now: datetime) -> str:
    """A moment on the clock of `zone`: `Mon 30 Nov 09:00`."""
    local, today = at.astimezone(zone_or_utc(zone)), now.astimezone(zone_or_utc(zone)).date()
    return f"{words.day(local.date(), today)} {words.time(local.time())}"


def _steps(words: Words, page: HomePage, today: date) -> list[Block]:
    desk = page.desk
    if not (desk.due or desk.done or desk.coming):
        return []
    blocks: list[Block] = [divider(), header(words("home.steps"))]
    for step in desk.due[:STEPS_SHOWN]:
        blocks += [section(_step(words, step, today)), actions(*_step_buttons(words, step))]
    if len(desk.due) > STEPS_SHOWN:
        blocks.append(context(md_plural(words, "home.steps_more", len(desk.due) - STEPS_SHOWN)))
    if not desk.due:
        blocks.append(section(md(words, "home.steps_none")))
    for step in desk.done[-DONE_SHOWN:]:
        again = button(words("button.restore"), ids.STEP_REOPEN, _value(step))
        blocks.append(section(md(words, "home.step_done", step=_step(words, step, today)), again))
    if desk.coming:
        coming = [_step(words, step, today) for step in desk.coming[:COMING_SHOWN]]
        blocks.append(context(Mrkdwn(f"{md(words, 'home.steps_coming')} {SEPARATOR.join(coming)}")))
    return blocks


def _step(words: Words, step: Step, today: date) -> Mrkdwn:
    """`send quote · Acme · Tue 24 Nov 10:00`; what is overdue says so."""
    who = f"{step.who} ({step.company})" if step.who and step.company else step.who
    at = f" {words.time(step.at)}" if step.at else ""
    key = "home.step_overdue" if step.day < today else "home.step_day"
    when = md(words, key, day=f"{words.day(step.day, today)}{at}")
    if step.day == today:
        when = md(words, "home.step_today", at=at)
    return Mrkdwn(SEPARATOR.join([escape(step.what), *([escape(who)] if who else []), when]))


def _step_buttons(words: Words, step: Step) -> list[Block]:
    return [
        button(words("button.done"), ids.STEP_DONE, _value(step)),
        button(words("button.later"), ids.STEP_LATER, _value(step)),
    ]


def _value(step: Step) -> str:
    return ids.pack(s=str(step.id))


def _reports(words: Words, page: HomePage) -> list[Block]:
    """What a manager looks for in the morning: each report's count, and who is not there, team by team."""
    if not page.reports:
        return []
    blocks: list[Block] = [divider(), header(words("home.reports"))]
    blocks.append(context(_summary(words, page.reports)))
    lines: list[Mrkdwn] = []
    for team, mates in groupby(page.reports, key=lambda mate: mate.member.standing.team):
        title = escape(team) if team else md(words, "home.no_team")
        lines += [Mrkdwn(f"\n*{title}*"), *(_report(words, mate, page.now) for mate in mates)]
    return [*blocks, *(section(text) for text in in_sections(lines))]


def _report(words: Words, mate: Mate, now: datetime) -> Mrkdwn:
    figures = {"calls": words.number(mate.calls), "goal": words.number(mate.goal)}
    count = md(words, "home.report", name=mate.member.name, **figures)
    absent = presence_mark(words, mate, now)
    return Mrkdwn(f"{count}{SEPARATOR}{absent}") if absent else count


def _summary(words: Words, reports: Sequence[Mate]) -> Mrkdwn:
    away = sum(mate.presence.reason in {Reason.AWAY, Reason.HOLIDAY} for mate in reports)
    calls = sum(mate.calls for mate in reports)
    parts = [
        md_plural(words, "home.people", len(reports)),
        md_plural(words, "home.people_away", away),
        md_plural(words, "kind.call.n", calls),
    ]
    return Mrkdwn(SEPARATOR.join(parts))


def presence_mark(words: Words, mate: Mate, now: datetime) -> Mrkdwn | None:
    """`away, back Mon 30 Nov 09:00`, on a holiday, or outside their hours; nothing for somebody who is in.

    Why somebody is away is not for everybody to read.
    """
    reason, next_start = mate.presence.reason, mate.presence.next_start
    if reason is Reason.WORKING:
        return None
    if reason is Reason.OFF_HOURS or next_start is None:
        return md(words, "home.off_hours")
    back = moment(words, next_start, mate.member.zone, now)
    return md(words, "home.away" if reason is Reason.AWAY else "home.holiday", back=back)


def _role(words: Words, page: HomePage) -> list[Block]:
    """What I do, for whom, and where; the whole card is one press away."""
    if not page.me.roles:
        return []
    names = SEPARATOR.join(words(f"role.{role}") for role in page.me.roles)
    blocks: list[Block] = [divider(), header(names)]
    facts = _standing(words, page)
    if facts:
        blocks.append(context(facts))
    blocks += [section(_card(words, page, role)) for role in page.me.roles]
    return blocks


def _standing(words: Words, page: HomePage) -> Mrkdwn:
    standing = page.me.standing
    parts = [
        md(words, "home.team_is", team=standing.team) if standing.team else None,
        md(words, "home.manager_is", name=page.manager.name) if page.manager else None,
        md(words, "home.territory_is", territory=", ".join(standing.territories)) if standing.territories else None,
        md(words, "home.segment_is", segment=", ".join(standing.segments)) if standing.segments else None,
    ]
    return Mrkdwn(SEPARATOR.join(part for part in parts if part))


def _card(words: Words, page: HomePage, role: Role) -> Mrkdwn:
    """The role's lines, as the workspace words them or as the product does."""
    own = page.settings.card(role).texts.get(words.language)
    text = own or words(f"card.{role}")
    return Mrkdwn("\n".join(f"• {escape(line.strip())}" for line in text.splitlines() if line.strip()))


def _team(words: Words, page: HomePage) -> list[Block]:
    """Who is in and who is not, of those one works beside."""
    if not page.team:
        return []
    blocks: list[Block] = [divider(), header(words("home.team"))]
    lines = [_mate(words, mate, page.now) for mate in page.team[:MATES_SHOWN]]
    blocks += [section(text) for text in in_sections(lines)]
    if len(page.team) > MATES_SHOWN:
        more = md_plural(words, "home.team_more", len(page.team) - MATES_SHOWN, command=ids.TEAM_COMMAND)
        blocks.append(context(more))
    return blocks


def _mate(words: Words, mate: Mate, now: datetime) -> Mrkdwn:
    roles = ", ".join(mate.member.roles)
    parts = [escape(mate.member.name), escape(roles) if roles else None, presence_mark(words, mate, now)]
    return Mrkdwn(SEPARATOR.join(part for part in parts if part))
