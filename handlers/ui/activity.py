"""How activity looks: the reply to a line, what was asked back, the day and the week."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from uuid import UUID

from bot.activity.entry import AskedBack, Entry, FollowUp, Kind, Offer, Outcome, Problem, Reminder
from bot.activity.queries import Stored
from bot.activity.service import DayCount, Logged, Overview
from bot.reading.text import plain_text
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    bar,
    button,
    context,
    escape,
    header,
    md,
    quote,
    section,
)

SEPARATOR = " · "
PAGE = 15
"""Entries on one page of an overview: two blocks each, and room for headlines within Slack's fifty."""

NOTE_IN_LIST = 140


def logged(words: Words, result: Logged, today: date, *, offers: tuple[Offer, ...] = ()) -> Message:
    """What was stored, the day's count against the goal, and the ways back; `offers` improve what was stored."""
    heads = [md(words, "log.stored", what=describe(words, each, today)) for each in result.entries]
    count = tally(words, result.count, today)
    blocks: list[Block] = []
    for head, stored in zip(heads, result.entries, strict=True):
        blocks += [section(head), *(quote(stored.entry.note) if stored.entry.note else [])]
    steps = [next_step(words, stored.entry.follow_up, today) for stored in result.entries if stored.entry.follow_up]
    new = [md(words, "log.new_name", name=name) for name in result.new_names]
    blocks.append(context(count, *steps, *new))
    blocks.append(actions(*_offer_buttons(words, offers, result.question, today), *_ways_back(words, result.entries)))
    return Message(" ".join([*(f"{head}." for head in heads), count, *steps]), blocks)


def changed(words: Words, result: Logged, today: date) -> Message:
    """An entry after an edit."""
    stored = result.entries[0]
    head = md(words, "log.changed", what=describe(words, stored, today))
    count = tally(words, result.count, today)
    steps = [next_step(words, stored.entry.follow_up, today)] if stored.entry.follow_up else []
    note = quote(stored.entry.note) if stored.entry.note else []
    buttons = actions(*_ways_back(words, result.entries))
    return Message(f"{head}. {count}", [section(head), *note, context(count, *steps), buttons])


def removed(words: Words, result: Logged, today: date) -> Message:
    """What was taken back, and the way to have it again."""
    heads = [md(words, "log.removed", what=describe(words, stored, today)) for stored in result.entries]
    count = tally(words, result.count, today)
    again = button(words("button.restore"), ids.LOG_RESTORE, _entries_value(result.entries))
    return Message(
        " ".join([*(f"{head}." for head in heads), count]),
        [*(section(head) for head in heads), context(count), actions(again)],
    )


def reminded(words: Words, reminder: Reminder, today: date) -> Message:
    """A next step that was stored on its own."""
    what = next_step(words, reminder.follow_up, today)
    text = md(words, "log.reminder_stored", what=what)
    if reminder.who:
        text = md(words, "log.reminder_stored_with", what=what, who=reminder.who.name)
    return Message(text, [section(text)])


def asked_back(words: Words, asked: AskedBack, line: str, question: UUID, today: date) -> Message:
    """Why a line was not stored, what was understood, and the answers to choose from."""
    problem = escape(problem_text(words, asked.problem, today))
    parts = [problem]
    if asked.partial:
        parts.append(md(words, "log.understood", what=describe(words, asked.partial, today)))
    if asked.example:
        parts.append(md(words, "log.example", line=f"{ids.LOG_COMMAND} {asked.example}"))
    typed = f"{ids.LOG_COMMAND} {plain_text(line)}"
    buttons = _offer_buttons(words, asked.offers, question, today)
    form = button(words("button.form"), ids.LOG_OPEN_FORM, ids.pack(q=str(question)))
    cancel = button(words("button.cancel"), ids.LOG_CANCEL, ids.pack(q=str(question)))
    blocks = [section(problem), *quote(typed)]
    blocks += [section(part) for part in parts[1:]]
    return Message(" ".join([*parts, escape(typed)]), [*blocks, actions(*buttons, form, cancel)])


def problem_text(words: Words, problem: Problem, today: date) -> str:
    """The problem in a sentence, as plain text: what a form shows under a field."""
    params = {name: _shown(words, name, value, today) for name, value in problem.params.items()}
    return words(f"log.problem.{problem.code}", **params)


def cancelled(words: Words, line: str) -> Message:
    """A question that was put away; the line stays, for Slack shows a typed command to nobody."""
    text = md(words, "log.cancelled")
    return Message(text, [section(text), *quote(f"{ids.LOG_COMMAND} {plain_text(line)}")])


def overview(words: Words, found: Overview, today: date, *, page: int = 0, gone: Stored | None = None) -> Message:
    """A day's or a week's entries, each with its buttons, newest first; `gone` was just taken back from them."""
    title = _title(words, found, today)
    count = tally(words, found.count, today)
    here = {"first": found.first.isoformat(), "last": found.last.isoformat(), "page": page}
    blocks: list[Block] = [header(title), context(count)]
    if gone:
        again = button(words("button.restore"), ids.LOG_RESTORE, ids.pack(e=[str(gone.id)], **here))
        blocks.append(section(md(words, "log.removed", what=describe(words, gone, today)), again))
    if not found.entries:
        empty = md(words, "log.nothing_yet")
        ways = actions(log_button(words), *_pages(words, found, page, today))
        return Message(f"{title}. {empty}", [*blocks, section(empty), ways])
    if found.first != found.last:
        blocks += day_lines(words, found, today)
    for stored in found.entries[page * PAGE : (page + 1) * PAGE]:
        blocks += _row(words, stored, today, here)
    blocks.append(actions(log_button(words), *_pages(words, found, page, today)))
    return Message(f"{title}. {count}", blocks)


def describe(words: Words, what: Stored | Entry, today: date) -> Mrkdwn:
    """One entry in a line: kind, with whom, how long, how it ended, when if not today."""
    entry = what.entry if isinstance(what, Stored) else what
    company = what.company if isinstance(what, Stored) else None
    parts = [_kind_and_who(words, entry, company)] if entry.kind else [escape(entry.who.name if entry.who else "…")]
    if entry.minutes:
        parts.append(md(words, "log.minutes", minutes=entry.minutes))
    if entry.outcome:
        parts.append(escape(outcome_name(words, entry.outcome)))
    when = _when(words, entry, today)
    if when:
        parts.append(escape(when))
    if entry.colleagues:
        parts.append(md(words, "log.along", who=Mrkdwn(", ".join(f"<@{person}>" for person in entry.colleagues))))
    return Mrkdwn(SEPARATOR.join(parts))


def tally(words: Words, count: DayCount, today: date) -> Mrkdwn:
    """`████░░░░░░ 12 of 40 calls today`."""
    line = f"{bar(count.calls, count.goal)} "
    numbers = {"calls": words.number(count.calls), "goal": words.number(count.goal)}
    if count.day == today:
        return Mrkdwn(line + words.plural("log.count_today", count.goal, **numbers))
    return Mrkdwn(line + words.plural("log.count_on", count.goal, **numbers, day=words.day(count.day, today)))


def next_step(words: Words, step: FollowUp, today: date) -> Mrkdwn:
    """`Next: Tue 24 Nov send quote`."""
    day = words.day(step.day, today)
    when = f"{day}, {words.time(step.at)}" if step.at else day
    return md(words, "log.next", when=when, what=step.what)


def kind_name(words: Words, kind: str) -> str:
    """A kind in the person's language; one that the workspace added keeps its own name."""
    return words(f"kind.{kind}") if kind in set(Kind) else kind


def outcome_name(words: Words, outcome: str) -> str:
    """An outcome in the person's language."""
    return words(f"outcome.{outcome}") if outcome in set(Outcome) else outcome


def log_button(words: Words) -> Block:
    """`Log`: the empty form."""
    return button(words("button.log"), ids.LOG_OPEN_FORM, ids.pack())


def day_lines(words: Words, found: Overview, today: date) -> list[Block]:
    """One line a day with what was done, newest first."""
    days = sorted({day for day, _ in found.totals}, reverse=True)
    return [section(_day_line(words, found, day, today)) for day in days]


def _kind_and_who(words: Words, entry: Entry, company: str | None) -> Mrkdwn:
    kind = md(words, "log.bold", text=kind_name(words, entry.kind))
    if entry.count > 1 and entry.kind in set(Kind):
        kind = Mrkdwn(f"*{words.plural(f'kind.{entry.kind}.n', entry.count)}*")
    if entry.who is None:
        return kind
    who = f"{entry.who.name} ({company})" if company else entry.who.name
    noun = entry.kind if entry.kind in set(Kind) else "other"
    return md(words, f"kind.{noun}.who", kind=kind, who=who)


def _when(words: Words, entry: Entry, today: date) -> str:
    day = words.day(entry.day, today) if entry.day != today else ""
    at = words.time(entry.at) if entry.at else ""
    return " ".join(part for part in (day, at) if part)


def _shown(words: Words, name: str, value: object, today: date) -> str:
    """A parameter of a problem or an offer in the person's words; what they typed stays as it is."""
    if isinstance(value, list | tuple | frozenset):
        return ", ".join(_shown(words, name.removesuffix("s"), item, today) for item in value)
    match value:
        case date():
            shown = words.day(value, today)
        case time():
            shown = words.time(value)
        case int():
            shown = words.number(value)
        case _ if name == "kind":
            shown = kind_name(words, str(value))
        case _ if name == "outcome":
            shown = outcome_name(words, str(value))
        case _:
            shown = str(value)
    return shown


def _offer_buttons(words: Words, offers: Iterable[Offer], question: UUID | None, today: date) -> list[Block]:
    return [
        button(offer_label(words, offer, today), f"{ids.LOG_ANSWER}.{n}", ids.pack(q=str(question), n=n))
        for n, offer in enumerate(offers)
    ]


def offer_label(words: Words, offer: Offer, today: date) -> str:
    """What stands on the button of an offer."""
    key = "log.offer.store_all" if len(offer.entries) > 2 else offer.label
    return words(key, **{name: _shown(words, name, value, today) for name, value in offer.params.items()})


def _ways_back(words: Words, entries: tuple[Stored, ...]) -> list[Block]:
    value = _entries_value(entries)
    if len(entries) > 1:
        return [button(words("button.undo_all"), ids.LOG_UNDO, value)]
    return [button(words("button.undo"), ids.LOG_UNDO, value), button(words("button.edit"), ids.LOG_EDIT, value)]


def _entries_value(entries: Iterable[Stored]) -> str:
    return ids.pack(e=[str(stored.id) for stored in entries])


def _title(words: Words, found: Overview, today: date) -> str:
    if found.first == found.last:
        return words("log.day_title", day=words.day(found.first, today))
    return words("log.week_title", first=words.day(found.first, today), last=words.day(found.last, today))


def _day_line(words: Words, found: Overview, day: date, today: date) -> Mrkdwn:
    order = {str(kind): place for place, kind in enumerate(Kind)}
    kinds = sorted((kind for at, kind in found.totals if at == day), key=lambda kind: order.get(kind, len(order)))
    sums = SEPARATOR.join(words.plural(f"kind.{kind}.n", found.totals[day, kind]) for kind in kinds)
    return md(words, "log.day_line", day=words.day(day, today), sums=sums)


def _row(words: Words, stored: Stored, today: date, here: dict[str, object]) -> list[Block]:
    text = describe(words, stored, today)
    if stored.entry.note:
        note = stored.entry.note
        short = note if len(note) <= NOTE_IN_LIST else note[:NOTE_IN_LIST] + "…"
        text = Mrkdwn(f"{text}\n>{escape(' '.join(short.split()))}")
    if stored.entry.follow_up:
        text = Mrkdwn(f"{text}\n{next_step(words, stored.entry.follow_up, today)}")
    value = ids.pack(e=[str(stored.id)], **here)
    edit = button(words("button.edit"), ids.LOG_EDIT, value)
    remove = button(words("button.remove"), ids.LOG_REMOVE, value)
    return [section(text), actions(edit, remove)]


def _pages(words: Words, found: Overview, page: int, today: date) -> list[Block]:
    """The ways on: newer and older entries of this list, the day or week before it, and the one after."""
    span = found.last - found.first + timedelta(days=1)
    period = "day" if found.first == found.last else "week"
    turns = [
        ("button.newer", found.first, page - 1, page > 0),
        ("button.older", found.first, page + 1, len(found.entries) > (page + 1) * PAGE),
        (f"button.{period}_before", found.first - span, 0, True),
        (f"button.{period}_after", found.first + span, 0, found.first + span <= today),
    ]
    return [
        button(words(key), f"{ids.LOG_PAGE}.{n}", _where(first, first + span - timedelta(days=1), to))
        for n, (key, first, to, is_there) in enumerate(turns)
        if is_there
    ]


def _where(first: date, last: date, page: int) -> str:
    return ids.pack(first=first.isoformat(), last=last.isoformat(), page=page)
