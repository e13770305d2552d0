"""The replay of a past period under other rules: what is to be tried, and who would have got what."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from bot.handoffs.trial import DAYS, PERIODS, Moved, Tried
from bot.routing.replay import Share
from bot.words import Words
from bot.workspace.form import Filled
from bot.workspace.rules import Settings
from handlers import ids
from handlers.ui.blocks import (
    TABLE_ROWS,
    VALUE_MAX,
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
    in_sections,
    md,
    md_plural,
    modal,
    option,
    people_select,
    section,
    select,
    table,
)
from handlers.ui.routing import VALUE, rule_fields

NAMED = 12
"""Leads that are named."""


def replay_form(words: Words, settings: Settings, today: date, metadata: str) -> Block:
    """When, and what is to be tried."""
    choose = words("settings.choose")
    periods = [option(words.plural("routing.replay.back", days), str(days)) for days in PERIODS]
    blocks = [
        context(md(words, "routing.replay.hint")),
        field_of(
            "period",
            words("routing.replay.period"),
            select(VALUE, [*periods, option(words("routing.replay.days"), DAYS)], periods[1], choose),
            optional=False,
        ),
        field_of("first", words("routing.replay.first"), date_input(VALUE, f"{today - timedelta(days=30)}")),
        field_of("last", words("routing.replay.last"), date_input(VALUE, f"{today}")),
        *rule_fields(words, settings, {}),
        field_of("without", words("routing.replay.without"), people_select(VALUE, (), choose)),
    ]
    title, submit = words("routing.replay.title"), words("routing.replay.button")
    close = words("button.cancel")
    return modal(ids.ROUTING_REPLAY_FORM, title, blocks, submit=submit, close=close, metadata=metadata)


def wait(words: Words, offers: int) -> Message:
    """It takes a moment."""
    said = md_plural(words, "routing.replay.wait", offers)
    return Message(said, [section(said)])


def tried(words: Words, found: Tried, rules: Mapping[str, Any], filled: Filled, zone: ZoneInfo) -> Message:
    """Who would have got what.

    Args:
        words: of the reader.
        found: how it came out.
        rules: those that stand.
        filled: the form that asked for it.
        zone: of the reader, for the days of the period.
    """
    first, last = (each.astimezone(zone).date() for each in found.trial.period)
    title = words("routing.replay.result", first=words.date(first), last=words.date(last))
    said = _said(words, found)
    blocks = [header(title), section(said), context(_what(words, found, filled, rules))]
    if found.unlike:
        blocks.append(context(md_plural(words, "routing.replay.unlike", found.unlike)))
    if found.shares:
        blocks += [_table(words, found), context(md(words, "routing.replay.fair"))]
    blocks += [section(text) for text in in_sections(_moved(words, found))]
    value = _value(filled) if found.trial.rules != rules else ""
    if value and len(value) <= VALUE_MAX:
        blocks.append(actions(button(words("routing.replay.use"), ids.ROUTING_USE, value, primary=True)))
    if found.trial.without:
        blocks.append(context(md(words, "routing.replay.without_hint")))
    return Message(f"{title}. {said}", blocks)


def _said(words: Words, found: Tried) -> Mrkdwn:
    if not found.leads:
        return md(words, "routing.replay.none")
    leads = words.number(found.leads)
    if not found.moved:
        return md(words, "routing.replay.same", leads=leads)
    return md_plural(words, "routing.replay.moved", len(found.moved), leads=leads)


def _what(words: Words, found: Tried, filled: Filled, rules: Mapping[str, Any]) -> Mrkdwn:
    """What was tried, in a line."""
    whom = _names(found, _several(filled, "people"))
    weight, cap, most = filled.get("weight"), filled.get("cap"), found.trial.rules.get("cap")
    parts = [md(words, "routing.replay.tried.weight", names=whom, n=str(weight))] if weight else []
    if cap:
        key = "routing.replay.tried.uncapped" if str(cap) == "0" else "routing.replay.tried.cap"
        parts.append(md(words, key, names=whom, n=str(cap)))
    if most or rules.get("cap"):
        parts.append(md(words, "routing.replay.tried.most" if most else "routing.replay.tried.no_most", n=most))
    without = _names(found, sorted(found.trial.without))
    parts += [md(words, "routing.replay.tried.without", names=without)] if without else []
    return md(words, "routing.replay.tried", what=Mrkdwn("; ".join(parts) or md(words, "routing.replay.tried.today")))


def _names(found: Tried, people: Iterable[str]) -> Mrkdwn:
    """Names where they are known, mentions of the others; neither pings."""
    return Mrkdwn(", ".join(escape(found.names[each]) if each in found.names else f"<@{each}>" for each in people))


def _table(words: Words, found: Tried) -> Block:
    """Everybody by name; of more than a table holds, those whose part changes most."""
    changing = sorted(found.shares, key=lambda each: -abs(each.got - each.then))[: TABLE_ROWS - 1]
    named = sorted(changing, key=lambda each: found.names.get(each.taker, each.taker).casefold())
    heads = [words(f"routing.replay.column.{name}") for name in ("who", "then", "would", "fair", "beyond")]
    return table(heads, [_cells(words, found, each) for each in named])


def _cells(words: Words, found: Tried, share: Share) -> Sequence[str]:
    beyond = _tenths(share.difference)
    sign = "+" if beyond > 0 else ""
    return (
        found.names.get(share.taker, share.taker),
        words.number(share.then),
        words.number(share.got),
        words.number(_tenths(share.fair)),
        f"{sign}{words.number(beyond)}",
    )


def _tenths(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / value.denominator
    return exact.quantize(Decimal("0.1"), ROUND_HALF_EVEN) + 0  # no minus in front of nothing


def _moved(words: Words, found: Tried) -> Iterable[Mrkdwn]:
    if not found.moved:
        return
    yield Mrkdwn(f"*{md(words, 'routing.replay.others')}*")
    for each in found.moved[:NAMED]:
        yield _line(words, found, each)
    if len(found.moved) > NAMED:
        yield md_plural(words, "routing.replay.more", len(found.moved) - NAMED)


def _line(words: Words, found: Tried, each: Moved) -> Mrkdwn:
    then, now = (escape(found.names.get(who, who)) if who else md(words, "routing.replay.nobody") for who in each[1:])
    return Mrkdwn(f"• *{escape(each.company)}*  {then} → {now}")


def _value(filled: Filled) -> str:
    """What the ordinary form is to be filled in with."""
    whole = {key: int(str(filled[name])) for key, name in (("w", "weight"), ("c", "cap")) if filled.get(name)}
    most = {"m": int(str(filled.get("most") or 0)) or None}
    return ids.pack(p=_several(filled, "people"), **whole, **most)


def _several(filled: Filled, field: str) -> list[str]:
    found = filled.get(field) or []
    return [found] if isinstance(found, str) else list(found)
