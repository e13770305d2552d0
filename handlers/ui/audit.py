"""The audit log: who changed what, as sentences."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.access.actor import Actor
from bot.audit.line import Asked
from bot.audit.log import Page
from bot.audit.service import COMMAND_LINE, Change
from bot.reading.text import plain_text
from bot.words import Words
from bot.working_time.hours import Hours
from bot.workspace.names import country_name, hours_line
from bot.workspace.rules import CARD, Setting
from handlers import ids
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    cut,
    escape,
    header,
    in_sections,
    md,
    quote,
    section,
)
from handlers.ui.settings import change_text, setting_name

ROLE = "role."
ABSENCE = "absence"
LONGEST_VALUE = 140
"""Characters of a text that somebody wrote: the log tells what it was, it is not where one reads it."""

SEPARATOR = " · "


def log_page(words: Words, page: Page, reader: Actor, now: datetime) -> Message:
    """One page, newest first: when, who, whom, and what it was and is."""
    title = words("audit.title")
    head = [md(words, f"audit.reach.{page.reach}", name=page.names.get(page.asked.person_id or "", ""))]
    today = now.astimezone(reader.zone).date()
    if page.asked.days:
        first, last = (words.day(day, today) for day in page.asked.days)
        head.append(md(words, "audit.days" if first != last else "audit.day", first=first, last=last))
    lines = [_line(words, change, page.names, reader.zone, today) for change in page.changes]
    lines = lines or [md(words, "audit.nothing")]
    rows = [section(text) for text in in_sections(lines)]
    ways = _ways(words, page)
    blocks = [header(title), context(*head), *rows, *([actions(*ways)] if ways else [])]
    return Message("\n".join([f"{title}. {SEPARATOR.join(head)}", *lines]), blocks)


def not_understood(words: Words, text: str) -> Message:
    """A question to the log that could not be read, whole, and how it is put."""
    said, how = md(words, "audit.not_understood"), md(words, "audit.examples")
    typed = f"{ids.BATON_COMMAND} audit {plain_text(text)}"
    return Message(f"{said} {how}", [section(said), *quote(typed), section(how)])


def sentence(words: Words, change: Change, names: Mapping[str, str], zone: ZoneInfo, today: date) -> Mrkdwn:
    """What was changed: as it was, as it is, and from which day."""
    if change.what.startswith(ROLE) or change.what == ABSENCE:
        was, now = (_span(words, each, zone, today) for each in (change.before, change.after))
        return _span_change(words, _spanned(words, change), was, now)
    if change.what.startswith(CARD):
        return _card(words, change)
    if change.what in set(Setting) and change.person_id is None:
        text = change_text(words, change.what, change.before, change.after)
        return md(words, "audit.changed", what=setting_name(words, change.what), change=text)
    was, now = (_value(words, change.what, each, names) for each in (change.before, change.after))
    text = _from(words, Mrkdwn(f"{was} → {now}"), change, today)
    return md(words, "audit.changed", what=_what(words, change.what), change=text)


def _line(words: Words, change: Change, names: Mapping[str, str], zone: ZoneInfo, today: date) -> Mrkdwn:
    assert change.at is not None  # it was read from the log
    at = change.at.astimezone(zone)
    when = f"{words.day(at.date(), today)} {words.time(at.time())}"
    what = sentence(words, change, names, zone, today)
    who = words("audit.command_line") if change.by == COMMAND_LINE else _name(words, change.by, names)
    if change.person_id is None or change.person_id == change.by:
        return md(words, "audit.line", when=when, who=who, what=what)
    return md(words, "audit.line_of", when=when, who=who, whom=_name(words, change.person_id, names), what=what)


def _name(words: Words, person_id: str, names: Mapping[str, str]) -> str:
    return names.get(person_id) or words("audit.somebody")


def _spanned(words: Words, change: Change) -> str:
    """What has a first and a last day: `SDR`, `vacation`."""
    if change.what == ABSENCE:
        return words(f"absence.{(change.after or change.before)['kind']}")
    return change.what.removeprefix(ROLE)


def _span_change(words: Words, what: str, was: Mrkdwn | None, now: Mrkdwn | None) -> Mrkdwn:
    """A role or an absence that was given, got other days, or was taken back."""
    if was and now:
        return md(words, "audit.changed", what=what, change=Mrkdwn(f"{was} → {now}"))
    return md(words, "audit.taken_back" if was else "audit.given", what=what, span=was or now)


def _span(words: Words, days: Mapping[str, Any] | None, zone: ZoneInfo, today: date) -> Mrkdwn | None:
    """The days of a role or an absence: `from Mon 23 Nov`, `Mon 23 Nov – Fri 27 Nov`, with hours if not whole."""
    if not days:
        return None
    start = _on_wall(days["from"], zone)
    if not days.get("until"):
        return md(words, "audit.from", day=words.day(start.date(), today))
    end = _on_wall(days["until"], zone)
    if end.tzinfo and {start.time(), end.time()} != {time(0)}:
        first, last = (f"{words.day(at.date(), today)} {words.time(at.time())}" for at in (start, end))
    else:
        last_day = end.date() - timedelta(days=bool(end.tzinfo))  # what ends at midnight ends on the day before
        first, last = words.day(start.date(), today), words.day(last_day, today)
    return md(words, "audit.day" if first == last else "audit.days", first=first, last=last)


def _on_wall(text: str, zone: ZoneInfo) -> datetime:
    """A day, or a moment as the reader's clock shows it."""
    at = datetime.fromisoformat(text)
    return at.astimezone(zone) if at.tzinfo else at


def _from(words: Words, text: Mrkdwn, change: Change, today: date) -> Mrkdwn:
    if change.start_day is None:
        return text
    return Mrkdwn(f"{text} {md(words, 'audit.from', day=words.day(change.start_day, today))}")


def _what(words: Words, what: str) -> str:
    return words(f"audit.what.{what}") if what in ASPECTS or what in COACHING else what


def _value(words: Words, what: str, value: Any, names: Mapping[str, str]) -> Mrkdwn:
    """The value of something about a person, as one reads it."""
    if not value:
        return md(words, "settings.none")
    if what == "manager":
        return escape(_name(words, value, names))
    if what == "hours":
        return escape(hours_line(Hours.from_json(value), words.language))
    if what == "country":
        return escape(country_name(value, words.language))
    return escape(cut(_plain(value), LONGEST_VALUE))


COACHING = frozenset({"feedback", "kudos", "action_item", "one_on_one", "training"})

ASPECTS = frozenset({"team", "manager", "territories", "segments", "hours", "country", "notes"})


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _card(words: Words, change: Change) -> Mrkdwn:
    """A reworded role card: the texts and the pay that are not what they were."""
    before, after = change.before or {}, change.after or {}
    was, now = before.get("texts") or {}, after.get("texts") or {}
    parts = [
        f"{language}: {_quoted(words, was.get(language))} → {_quoted(words, now.get(language))}"
        for language in sorted({*was, *now})
        if was.get(language) != now.get(language)
    ]
    shares = [_share(words, each.get("base_share")) for each in (before, after)]
    if shares[0] != shares[1]:
        parts.append(md(words, "audit.base_share", was=shares[0], now=shares[1]))
    return md(words, "audit.card", role=change.what.removeprefix(CARD), change=Mrkdwn("; ".join(parts)))


def _quoted(words: Words, text: str | None) -> Mrkdwn:
    if not text:
        return md(words, "audit.standard")
    return md(words, "audit.quoted", text=cut(" ".join(text.split()), LONGEST_VALUE))


def _share(words: Words, share: int | None) -> Mrkdwn:
    return md(words, "audit.standard") if share is None else Mrkdwn(f"{words.number(share)} %")


def _ways(words: Words, page: Page) -> list[Block]:
    older = [button(words("button.older"), f"{ids.AUDIT_PAGE}.0", _place(page, page.number + 1))]
    newer = [button(words("button.newer"), f"{ids.AUDIT_PAGE}.1", _place(page, page.number - 1))]
    return older * page.has_older + newer * (page.number > 0)


def _place(page: Page, number: int) -> str:
    days = page.asked.days and [day.isoformat() for day in page.asked.days]
    return ids.pack(p=page.asked.person_id, d=days, n=number)


def asked_by(value: Mapping[str, Any]) -> tuple[Asked, int]:
    """What a page's button asks for, and the number of the page."""
    days = value.get("d")
    span = (date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None
    return Asked(value.get("p"), span), int(value["n"])
