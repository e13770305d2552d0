"""How absence looks: what was declared, who is back, the list, the form."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.absence.kinds import AbsenceKind
from bot.absence.rules import LONGEST_NOTE, Asked, Away, Leave, Problem
from bot.absence.schedule import Return
from bot.absence.service import Declared, Ended, Overview
from bot.access.actor import Actor
from bot.clock import instant, zone_or_utc
from bot.people.rules import Member
from bot.reading.text import plain_text
from bot.words import Words
from bot.workspace.names import country_name
from handlers import ids
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    date_input,
    escape,
    field_of,
    header,
    md,
    modal,
    option,
    quote,
    section,
    select,
    text_input,
    time_input,
)

VALUE = "value"
"""The action id inside each field; the field's own name is its block id."""

IN_LIST = 15
"""Absences in one list; each is two blocks."""

SEPARATOR = " · "

WISHES: Mapping[str, str] = {AbsenceKind.VACATION: "away.rest_vacation", AbsenceKind.SICK: "away.rest_sick"}
"""What rests until then, with a word that fits the reason."""


def declared(words: Words, done: Declared, reader: Actor, now: datetime) -> Message:
    """What stands now: the absence, when the person is back, what rests until then, and the ways out."""
    own, running = done.member.id == reader.id, done.leave.covers(now)
    what = described(words, done.leave, done.member, reader, now)
    if own:
        head = md(words, "away.stored" if done.is_new else "away.already", what=what)
    else:
        key = "away.stored_of" if done.is_new else "away.already_of"
        head = md(words, key, name=done.member.name, what=what)
    back = _back(words, done.back, reader, now)
    first = Mrkdwn(SEPARATOR.join([head, *back[:1]]))
    rest = [_rest(words, done, own=own)] if done.is_new else []
    buttons = _ways_out(words, done, running=running)
    note = quote(done.leave.note) if done.leave.note else []
    small = [*back[1:], *rest]
    blocks = [section(first), *note, *([context(*small)] if small else []), actions(*buttons)]
    return Message(" ".join([f"{first}.", *small]), blocks)


def back_again(words: Words, ended: Ended, reader: Actor, now: datetime) -> Message:
    """Somebody is back, or was there all along."""
    own = ended.member.id == reader.id
    if own:
        text = md(words, "away.welcome" if ended.leaves else "away.not_away")
    else:
        text = md(words, "away.welcome_of" if ended.leaves else "away.not_away_of", name=ended.member.name)
    if not ended.leaves:
        return Message(text, [section(text)])
    shown = (described(words, leave, ended.member, reader, now) for leave in ended.leaves)
    over = [md(words, "away.ended", what=what) for what in shown]
    undo = button(words("button.undo"), ids.AWAY_RESTORE, _several(ended.leaves))
    return Message(" ".join([text, *over]), [section(text), context(*over), actions(undo)])


def taken_back(words: Words, ended: Ended, reader: Actor, now: datetime) -> Message:
    """An absence that was taken back, and what stands in its place."""
    gone = [_over(words, leave, ended.member, reader, now) for leave in ended.leaves]
    again = [md(words, "away.again", what=described(words, leave, ended.member, reader, now)) for leave in ended.again]
    way = button(words("button.restore"), ids.AWAY_RESTORE, _several(ended.leaves))
    blocks = [section(gone[0]), *([context(*again)] if again else []), actions(way)]
    return Message(" ".join([*gone, *again]), blocks)


def overview(words: Words, found: Overview, reader: Actor, now: datetime, *, gone: Ended | None = None) -> Message:
    """What runs and what is planned, each with `Cancel`; `gone` was just taken back."""
    own = found.member.id == reader.id
    title = words("away.list") if own else words("away.list_of", name=found.member.name)
    rows: list[Block] = []
    for leave in gone.leaves if gone else ():
        again = button(words("button.restore"), ids.AWAY_RESTORE, _several([leave], person=found.member.id))
        rows.append(section(_over(words, leave, found.member, reader, now), again))
    for leave in found.leaves[:IN_LIST]:
        cancel = button(words("button.cancel"), ids.AWAY_CANCEL, ids.pack(a=str(leave.id), p=found.member.id))
        rows.append(section(described(words, leave, found.member, reader, now), cancel))
    if not found.leaves:
        rows.append(section(md(words, "away.nothing")))
    more = len(found.leaves) - IN_LIST
    if more > 0:
        rows.append(context(Mrkdwn(words.plural("away.more", more))))
    form = button(words("button.away"), ids.AWAY_OPEN_FORM, _form_value(None, None, _other(found.member, reader)))
    shown = [described(words, leave, found.member, reader, now) for leave in found.leaves]
    fallback = "; ".join(shown) or words("away.nothing")
    return Message(f"{title}: {fallback}", [header(title), *rows, actions(form)])


def asked_back(words: Words, asked: Asked, line: str, today: date) -> Message:
    """Why a line was not stored, what was understood of it, and the form."""
    text = escape(problem_text(words, asked.problem, today))
    understood = [md(words, "away.understood", what=kind_name(words, asked.kind))] if asked.kind else []
    example = md(words, "away.example", command=ids.TEAM_COMMAND)
    form = button(words("button.form"), ids.AWAY_OPEN_FORM, _form_value(asked.kind, asked.note, asked.person_id))
    typed = f"{ids.TEAM_COMMAND} away {plain_text(line)}"
    blocks = [section(text), *quote(typed), *(section(part) for part in (*understood, example)), actions(form)]
    return Message(" ".join([text, *understood, example, escape(typed)]), blocks)


def problem_text(words: Words, problem: Problem, today: date) -> str:
    """The problem in a sentence, as plain text: what a form shows under a field."""
    params = {name: _param(words, value, today) for name, value in problem.params.items()}
    return words(f"away.problem.{problem.code}", **params)


def help_message(words: Words) -> Message:
    """How `away` and `back` are typed."""
    title, text = words("away.help_title"), md(words, "away.help", command=ids.TEAM_COMMAND)
    return Message(f"{title}\n{text}", [header(title), section(text), context(md(words, "away.help_small"))])


def away_form(words: Words, away: Away, *, metadata: str) -> Block:
    """The fields of one absence, filled with `away`; errors come back under the field of the same name."""
    kinds = {str(kind): option(kind_name(words, kind).capitalize(), kind) for kind in AbsenceKind}
    chosen = kinds.get(away.kind) if away.kind else None
    blocks = [
        field_of("first", words("away.field_first"), date_input(VALUE, away.first.isoformat()), optional=False),
        field_of(
            "start", words("away.field_start"), time_input(VALUE, _clock(away.start)), hint=words("away.form_hint")
        ),
        field_of("last", words("away.field_last"), date_input(VALUE, away.last.isoformat()), optional=False),
        field_of("end", words("away.field_end"), time_input(VALUE, _clock(away.end))),
        field_of("kind", words("away.field_kind"), select(VALUE, list(kinds.values()), chosen, words("form.choose"))),
        field_of("note", words("away.field_note"), text_input(VALUE, away.note, multiline=True)),
    ]
    title, submit = words("away.form_title"), words("form.save")
    return modal(ids.AWAY_FORM, title, blocks, submit=submit, close=words("button.cancel"), metadata=metadata)


def kind_name(words: Words, kind: str | None) -> str:
    """Why somebody is away, or for those who see no reason that they are."""
    return words(f"absence.{kind}") if kind in set(AbsenceKind) else words("absence.away")


def described(words: Words, leave: Leave, member: Member, reader: Actor, now: datetime) -> Mrkdwn:
    """`until *Fri 27 Nov* · vacation`: days in full; an absence that runs shows its end only.

    Whole days are the days of the person who is away, times are the reader's.
    """
    when = _span(words, leave, member, reader, now)
    if leave.covers(now):
        last, end = _end(leave, member, reader)
        shown = _moment(words, last, end, now.astimezone(reader.zone).date())
        when = words("away.until" if end else "away.through", end=shown)
    reason = SEPARATOR + kind_name(words, leave.kind) if leave.kind and leave.kind != AbsenceKind.OTHER else ""
    return Mrkdwn(f"*{escape(when)}*{escape(reason)}")


def _span(words: Words, leave: Leave, member: Member, reader: Actor, now: datetime) -> str:
    first, start = _start(leave, member, reader)
    last, end = _end(leave, member, reader)
    today = now.astimezone(reader.zone).date()
    if first != last:
        return f"{_moment(words, first, start, today)} – {_moment(words, last, end, today)}"
    day = words.day(first, today)
    if start and end:
        return f"{day} {words.time(start)}–{words.time(end)}"
    if start:
        return words("away.day_from", day=day, time=words.time(start))
    return words("away.day_until", day=day, time=words.time(end)) if end else day


def _start(leave: Leave, member: Member, reader: Actor) -> tuple[date, time | None]:
    """The first day, and the time unless it is the whole day."""
    own, here = zone_or_utc(member.zone), leave.start_at.astimezone(reader.zone)
    if _is_midnight(leave.start_at, own):
        return leave.start_at.astimezone(own).date(), None
    return here.date(), here.time()


def _end(leave: Leave, member: Member, reader: Actor) -> tuple[date, time | None]:
    """The last day, and the time unless it is the whole day."""
    own, here = zone_or_utc(member.zone), leave.end_at.astimezone(reader.zone)
    if _is_midnight(leave.end_at, own):
        return leave.end_at.astimezone(own).date() - timedelta(days=1), None
    return here.date(), here.time()


def _moment(words: Words, day: date, at: time | None, today: date) -> str:
    return f"{words.day(day, today)} {words.time(at)}" if at else words.day(day, today)


def _is_midnight(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether a day begins at `moment`, be it late because the clocks skip midnight."""
    return moment == instant(moment.astimezone(zone).date(), time.min, zone)


def _back(words: Words, back: Return, reader: Actor, now: datetime) -> list[Mrkdwn]:
    """When somebody is back, and what puts it off."""
    if back.at is None:
        return []
    at, today = back.at.astimezone(reader.zone), now.astimezone(reader.zone).date()
    lines = [md(words, "away.back_at", day=words.day(at.date(), today), time=words.time(at.time()))]
    lines += [md(words, "away.holiday", day=words.day(day, today), name=name) for day, name in back.holidays]
    if back.no_calendar:
        lines.append(md(words, "away.no_calendar", country=country_name(back.no_calendar, words.language)))
    return lines


def _rest(words: Words, done: Declared, *, own: bool) -> Mrkdwn:
    """What rests until then, as a kind colleague says it."""
    if not own:
        return md(words, "away.rest_of", name=done.member.name)
    return md(words, WISHES.get(str(done.leave.kind), "away.rest"))


def _over(words: Words, leave: Leave, member: Member, reader: Actor, now: datetime) -> Mrkdwn:
    return md(words, "away.over", what=described(words, leave, member, reader, now))


def _ways_out(words: Words, done: Declared, *, running: bool) -> list[Block]:
    replaced = [str(leave.id) for leave in done.replaced]
    undo = button(words("button.undo"), ids.AWAY_UNDO, ids.pack(a=str(done.leave.id), r=replaced))
    cancel = button(words("button.cancel_away"), ids.AWAY_UNDO, ids.pack(a=str(done.leave.id), r=[]))
    back = button(words("away.button_back"), ids.AWAY_BACK, ids.pack(p=done.member.id))
    return [undo if done.is_new else cancel, *([back] if running else [])]


def _several(leaves: Iterable[Leave], **more: str) -> str:
    return ids.pack(a=[str(leave.id) for leave in leaves], **more)


def _form_value(kind: str | None, note: str | None, person_id: str | None) -> str:
    return ids.pack(k=kind, n=note and note[:LONGEST_NOTE], p=person_id)


def _other(member: Member, reader: Actor) -> str | None:
    return None if member.id == reader.id else member.id


def _clock(at: time | None) -> str | None:
    return at.strftime("%H:%M") if at else None


def _param(words: Words, value: object, today: date) -> str:
    """A parameter of a problem in the person's words; what they typed stays as it is."""
    match value:
        case tuple():
            return ", ".join(_param(words, each, today) for each in value)
        case date():
            return words.day(value, today)
        case int():
            return words.number(value)
    return str(value)
