"""How reminders look, and what somebody decided about them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import groupby

from bot.access.actor import Actor
from bot.activity.service import DayCount
from bot.activity.steps import Step
from bot.reading.text import plain_text
from bot.reminders.form import OFF, ON
from bot.reminders.line import EARLY
from bot.reminders.pages import DailyPage, DayOff, FollowUpPage, Page, WeekPage
from bot.reminders.rules import USUAL, Kind
from bot.reminders.service import Act, Line, Overview
from bot.words import Words
from handlers import ids
from handlers.ui import noise
from handlers.ui.activity import SEPARATOR, tally
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    divider,
    escape,
    field_of,
    header,
    in_sections,
    md,
    md_plural,
    modal,
    option,
    quote,
    section,
    select,
    time_input,
)

BAR = "█░ "

VALUE = "value"
"""The action id inside each field; the field's own name is its block id."""

STEPS_SHOWN = 10
"""Follow-ups with buttons in one message; the others stand on Home."""

HINTS = {
    "daily_at": "reminders.form.daily_hint",
    "week_at": "reminders.form.week_hint",
    "quiet_end": "reminders.form.quiet_hint",
}
"""What an empty field means."""

COMMAND = f"{ids.BATON_COMMAND} reminders"


def daily(words: Words, page: DailyPage) -> Message:
    """The day's calls against the goal, before the day is over."""
    count = tally(words, DayCount(page.day, page.calls, page.goal), page.today)
    is_reached = page.calls >= page.goal
    head = md(words, "reminders.daily.reached" if is_reached else "reminders.daily.head")
    is_open = page.act in {None, Act.LOGGED, Act.KEPT} and not is_reached
    buttons = [
        button(words("button.log"), ids.REMIND_LOG, _value(page), primary=True),
        button(words("reminders.button.not_today"), ids.REMIND_NOT_TODAY, _value(page)),
    ]
    blocks = [section(Mrkdwn(f"*{head}*\n{count}")), *([actions(*buttons)] if is_open else [])]
    said = md(words, "reminders.daily.not_today") if page.act == Act.NOT_TODAY else None
    return Message(f"{head} {count.lstrip(BAR)}", [*blocks, *ending(words, page, said)])


def follow_up(words: Words, page: FollowUpPage) -> Message:
    """What was promised for now, each with its two buttons, or with what became of it."""
    waiting = [step for step in page.steps if _waits(step, page.today)]
    shown = page.steps[:STEPS_SHOWN]
    head = _head(words, len(waiting))
    blocks: list[Block] = [section(Mrkdwn(f"*{head}*"))] if len(page.steps) > 1 else []
    for step in shown:
        blocks.append(section(_step(words, step, page.today)))
        if step in waiting and page.act != Act.STOPPED:
            blocks.append(actions(*_step_buttons(words, page, step, is_only=len(waiting) == 1)))
    if len(page.steps) > len(shown):
        blocks.append(context(md_plural(words, "reminders.more", len(page.steps) - len(shown))))
    first = _what((waiting or page.steps)[0])
    said = md(words, "reminders.follow_up.now", what=first) if len(page.steps) == 1 else Mrkdwn(f"{head}: {first}")
    return Message(said, [*blocks, *ending(words, page)])


def week_ahead(words: Words, page: WeekPage) -> Message:
    """What the week brings: what is overdue, what was promised day by day, and the days off."""
    head = md(words, "reminders.week.head")
    summary = _summary(words, page)
    blocks: list[Block] = [section(Mrkdwn(f"*{head}*\n{summary}"))]
    blocks += [section(text) for text in in_sections(_days(words, page))]
    if page.act is None:
        blocks.append(actions(button(words("reminders.button.seen"), ids.REMIND_SEEN, _value(page))))
    return Message(f"{head}: {summary}", [*blocks, *ending(words, page)])


def overview(words: Words, found: Overview, actor: Actor, now: datetime, *, is_new: bool = False) -> Message:
    """Every kind with when it comes, each with the way to mute it; `is_new` says that something was just decided."""
    title = words("reminders.title")
    blocks: list[Block] = [header(title)]
    if is_new:
        blocks.append(context(md(words, "reminders.saved")))
    moved = {each.kind: each for each in found.moved}
    blocks += [
        noise.standing(words, moved[each.kind], actor.zone, nth)
        if each.is_on and each.kind in moved
        else _line(words, each, actor, now, nth)
        for nth, each in enumerate(found.lines)
    ]
    others = [each for each in found.moved if each.kind not in {*Kind}]
    blocks += [noise.standing(words, each, actor.zone, len(Kind) + nth) for nth, each in enumerate(others)]
    blocks += [
        section(_quiet(words, found)),
        actions(button(words("reminders.button.change"), ids.REMIND_OPEN_FORM, ids.pack())),
    ]
    blocks.append(context(md(words, "reminders.examples", command=COMMAND)))
    first = _line_text(words, found.lines[0], actor, now)
    return Message(f"{title}. {first}", blocks)


def not_understood(words: Words, text: str, found: Overview, actor: Actor, now: datetime) -> Message:
    """The line whole, with what can be said."""
    said = md(words, "reminders.not_understood")
    rest = overview(words, found, actor, now).blocks
    return Message(said, [section(said), *quote(f"{COMMAND} {plain_text(text)}"), *rest])


def reminders_form(words: Words, found: Overview, metadata: str) -> Block:
    """Everything that can be decided, filled with what stands."""
    by_kind = {each.kind: each for each in found.lines}
    day, steps, week, training = (by_kind[kind] for kind in Kind)
    early = [option(_early(words, minutes), str(minutes)) for minutes in EARLY]
    chosen = next((each for each in early if each["value"] == str(steps.choice.early)), early[0])
    blocks = [
        _switch(words, "daily", day),
        _clock(words, "daily_at", "reminders.form.daily_at", day.choice.at),
        _switch(words, "follow_up", steps),
        field_of("early", words("reminders.form.early"), select(VALUE, early, chosen, "–"), optional=False),
        _switch(words, "week", week),
        _clock(words, "week_at", "reminders.form.week_at", week.choice.at),
        _switch(words, "training", training),
        divider(),
        _clock(words, "quiet_start", "reminders.form.quiet_start", found.quiet.start if found.quiet else None),
        _clock(words, "quiet_end", "reminders.form.quiet_end", found.quiet.end if found.quiet else None),
    ]
    title, save = words("reminders.title"), words("form.save")
    return modal(ids.REMIND_FORM, title, blocks, submit=save, close=words("button.cancel"), metadata=metadata)


def ending(words: Words, page: Page, said: Mrkdwn | None = None) -> list[Block]:
    """What its reader did with it, the question whether it should stop, or how to move it."""
    if page.act == Act.STOPPED:
        again = button(words("button.restore"), ids.REMIND_RESUME, _value(page))
        return [context(md(words, "reminders.stopped", command=COMMAND)), actions(again)]
    if page.act == Act.KEPT:
        said = md(words, "reminders.kept")
    if page.asks and page.act is None:
        stop = button(words("reminders.button.stop"), ids.REMIND_STOP, _value(page))
        keep = button(words("reminders.button.keep"), ids.REMIND_KEEP, _value(page))
        return [divider(), section(md(words, "reminders.asks")), actions(stop, keep)]
    return [context(said or md(words, "reminders.hint", command=COMMAND))]


def _waits(step: Step, today: date) -> bool:
    return step.is_open and step.day <= today


def _head(words: Words, waiting: int) -> Mrkdwn:
    return (
        md_plural(words, "reminders.follow_up.head", waiting) if waiting else md(words, "reminders.follow_up.settled")
    )


def _what(step: Step, mark: str = "") -> Mrkdwn:
    """`send quote · Jane Roe (Acme)`; `mark` makes the first part bold."""
    who = f"{step.who} ({step.company})" if step.who and step.company else step.who
    return Mrkdwn(SEPARATOR.join([f"{mark}{escape(step.what)}{mark}", *([escape(who)] if who else [])]))


def _step(words: Words, step: Step, today: date) -> Mrkdwn:
    what = _what(step)
    if step.is_done:
        return md(words, "reminders.step.done", what=what)
    if not step.is_open:
        return md(words, "reminders.step.withdrawn", what=what)
    when = _when(words, step, today)
    if step.day > today:
        return md(words, "reminders.step.later", what=what, when=when)
    return md(words, "reminders.step.open", what=_what(step, "*"), when=when)


def _when(words: Words, step: Step, today: date) -> Mrkdwn:
    at = f" {words.time(step.at)}" if step.at else ""
    if step.day == today:
        return md(words, "home.step_today", at=at)
    key = "home.step_overdue" if step.day < today else "home.step_day"
    return md(words, key, day=f"{words.day(step.day, today)}{at}")


def _step_buttons(words: Words, page: Page, step: Step, *, is_only: bool) -> list[Block]:
    """Of several none stands out: a row of green buttons says nothing."""
    value = ids.pack(d=page.key, s=str(step.id))
    return [
        button(words("button.done"), ids.REMIND_DONE, value, primary=is_only),
        button(words("button.later"), ids.REMIND_LATER, value),
    ]


def _summary(words: Words, page: WeekPage) -> Mrkdwn:
    parts = [md_plural(words, "reminders.week.steps", len(page.steps))] if page.steps else []
    if not (page.steps or page.overdue):
        parts.append(md(words, "reminders.week.nothing"))
    if page.overdue:
        parts.append(md_plural(words, "reminders.week.overdue", len(page.overdue)))
    return Mrkdwn(SEPARATOR.join(parts))


def _days(words: Words, page: WeekPage) -> Iterable[Mrkdwn]:
    """Day by day, what is overdue first."""
    for step in page.overdue[:STEPS_SHOWN]:
        yield Mrkdwn(f"• {_what(step)}{SEPARATOR}{_when(words, step, page.today)}")
    if len(page.overdue) > STEPS_SHOWN:
        yield md_plural(words, "reminders.more", len(page.overdue) - STEPS_SHOWN)
    off = {each.day: each for each in page.days_off}
    promised = {day: list(steps) for day, steps in groupby(page.steps, key=lambda step: step.day)}
    for day in sorted(off.keys() | promised.keys()):
        yield Mrkdwn(f"\n*{escape(words.day(day, page.today))}*")
        if day in off:
            yield Mrkdwn(f"• {_day_off(words, off[day])}")
        for step in promised.get(day, ()):
            at = f"{words.time(step.at)} " if step.at else ""
            yield Mrkdwn(f"• {at}{_what(step)}")


def _day_off(words: Words, off: DayOff) -> Mrkdwn:
    return md(words, "reminders.week.holiday", name=off.holiday) if off.holiday else md(words, "reminders.week.away")


def _quiet(words: Words, found: Overview) -> Mrkdwn:
    if found.quiet is None:
        return md(words, "reminders.no_quiet")
    return md(words, "reminders.quiet", start=words.time(found.quiet.start), end=words.time(found.quiet.end))


def _line(words: Words, line: Line, actor: Actor, now: datetime, nth: int) -> Block:
    label = words("reminders.button.mute" if line.is_on else "reminders.button.unmute")
    value = ids.pack(k=line.kind, on=not line.is_on)
    return section(_line_text(words, line, actor, now), button(label, f"{ids.REMIND_MUTE}.{nth}", value))


def _line_text(words: Words, line: Line, actor: Actor, now: datetime) -> Mrkdwn:
    name = words(f"reminders.kind.{line.kind}")
    if not line.is_on:
        return md(words, "reminders.line_off", name=name)
    text = md(words, "reminders.line", name=name, when=_comes(words, line))
    if line.next_at is None:
        return text
    local, today = line.next_at.astimezone(actor.zone), now.astimezone(actor.zone).date()
    at = f"{words.day(local.date(), today)} {words.time(local.time())}"
    return Mrkdwn(f"{text}\n{md(words, 'reminders.next', at=at)}")


def _comes(words: Words, line: Line) -> str:
    if line.kind is Kind.TRAINING:
        return words("reminders.comes.training")
    if line.kind is Kind.FOLLOW_UP:
        return _early(words, line.choice.early)
    if line.choice.at:
        return words(f"reminders.comes_at.{line.kind}", at=words.time(line.choice.at))
    return words(f"reminders.comes.{line.kind}", at=words.time(USUAL))


def _early(words: Words, minutes: int) -> str:
    return words.plural("reminders.early", minutes) if minutes else words("reminders.on_time")


def _switch(words: Words, name: str, line: Line) -> Block:
    options: Sequence[Block] = [option(words(f"reminders.form.{state}"), state) for state in (ON, OFF)]
    kind = words(f"reminders.kind.{line.kind}")
    return field_of(name, kind, select(VALUE, options, options[0 if line.is_on else 1], "–"), optional=False)


def _clock(words: Words, name: str, label: str, stands: time | None) -> Block:
    initial = f"{stands:%H:%M}" if stands else None
    hint = words(HINTS[name], at=words.time(USUAL)) if name in HINTS else ""
    return field_of(name, words(label), time_input(VALUE, initial), hint=hint)


def _value(page: Page) -> str:
    return ids.pack(d=page.key)
