"""How deals look: the card with its stage's checklist, the list of mine, and what a line is answered with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.deals.pages import TIMELINE, Card, Overview, Shared
from bot.deals.queries import CustomerRow, DealRow
from bot.deals.rules import Change
from bot.deals.states import PIPELINE, Kind, Stage, What
from bot.money import Money
from bot.words import Words
from handlers import ids
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    escape,
    header,
    md,
    md_plural,
    modal,
    option,
    quote,
    section,
    select,
)
from handlers.ui.deal_points import left_open, points

SHOWN = 20
"""Deals in one list, and as many again of others."""

FIELDS = ("stage", "amount", "close_on", "next_step", "owner_id", "shares")
"""What a change may have changed, in the order in which it is told."""


def card(words: Words, page: Card, head: Mrkdwn | None = None, *more: Block) -> Message:
    """A deal: where it stands, what its stage asks for, how it came there, and what to do.

    Args:
        words: the reader's.
        page: the deal.
        head: what has just been done.
        more: blocks below that.
    """
    row = page.row
    title = row.company if row.kind is Kind.NEW else f"{row.company}, {words(f'deals.kind.{row.kind}')}"
    blocks = [*([section(head), *more] if head else []), header(title), _facts(words, page)]
    if row.stage is Stage.LOST and row.reason_note:
        blocks += quote(row.reason_note)
    blocks += points(words, page)
    if page.customer:
        blocks.append(context(customer_said(words, page.customer, page.name(page.customer.csm_id), page.today)))
    told = [each for each in page.changes if each.what != What.TICKED]  # the checklist itself tells of those
    lines = [line for each in told[-TIMELINE:] if (line := _line(words, page, each))]
    if lines:
        blocks.append(context(Mrkdwn("\n".join(reversed(lines)))))
    if page.can_change:
        blocks.append(actions(*_buttons(words, page)))
    return Message(f"{head} {_in_one_line(words, page)}" if head else _in_one_line(words, page), blocks)


def overview(words: Words, page: Overview) -> Message:
    """Open deals, what closes first on top; without any, how to open one."""
    title = words("deals.list.of", who=page.of) if page.of else words("deals.list.title")
    shared = _shared(words, page) if page.shared else []
    if not page.rows:
        empty = md(words, "deals.list.none" if page.of else "deals.list.empty", command=ids.DEAL_COMMAND)
        return Message(f"{escape(title)}. {empty}", [header(title), section(empty), *shared])
    said = in_all(words, page.rows)
    entries = [(row, _entry(words, row, page)) for row in page.rows]
    return Message(f"{escape(title)}: {said}", [header(title), context(said), *_listed(words, entries), *shared])


def _shared(words: Words, page: Overview) -> list[Block]:
    """Others' deals, each with whose it is and how much of it is meant here."""
    title = words("deals.list.shared_of", who=page.of) if page.of else words("deals.list.shared")
    return [header(title), *_listed(words, [(each.row, _shared_entry(words, each, page)) for each in page.shared])]


def _listed(words: Words, entries: Sequence[tuple[DealRow, Mrkdwn]]) -> Iterator[Block]:
    """Deals, each with the way to its card; those beyond `SHOWN` are counted."""
    for row, said in entries[:SHOWN]:
        yield section(said, button(words("deals.button.show"), ids.DEAL_SHOW, ids.pack(d=row.id.hex)))
    if len(entries) > SHOWN:
        yield context(md_plural(words, "deals.list.more", len(entries) - SHOWN))


def window(words: Words, message: Message) -> Block:
    """A card or a list in a window of its own, on top of Home."""
    title, close = words("deals.window"), words("settings.close")
    return modal(ids.DEAL_WINDOW, title, message.blocks, submit=None, close=close, metadata=ids.pack())


def done_head(words: Words, page: Card, change: Change | None, grouped: str | None) -> Mrkdwn:
    """What was stored, whole: of a change what it was before."""
    row = page.row
    read = [md(words, "deals.done.grouped", text=grouped, amount=_money(words, row.money))] if grouped else []
    if change is None:
        return Mrkdwn(SEPARATOR.join([md(words, "deals.done.same", company=row.company), *read]))
    said = md(words, f"deals.done.{change.what}", company=row.company, amount=_money(words, row.money))
    parts, told = [said], ("shares",) if change.what == What.WON else FIELDS
    if change.what in {What.OPENED, What.CHANGED, What.SPLIT} or told != FIELDS:
        parts += [_told(words, page, change, name) for name in told if name in change.after]
    if (before := _passed(change)) and (left := left_open(words, page, before)):
        parts.append(left)
    if change.what == What.WON and row.renewal_on:
        parts.append(md(words, "deals.done.renews", day=words.date(row.renewal_on)))
    if change.what == What.LOST:
        parts.append(Mrkdwn(escape(reason_said(words, row.reason))))
    return Mrkdwn(SEPARATOR.join([*parts, *read]))


def left(words: Words, customer: CustomerRow, today: date) -> Message:
    """A customer has left; with the way back."""
    said = Mrkdwn(f"*{escape(customer.company)}*{SEPARATOR}{customer_said(words, customer, '', today)}")
    undo = button(words("deals.button.undo"), ids.DEAL_UNCHURN, ids.pack(c=customer.account_id.hex))
    return Message(said, [section(said), actions(undo)])


def stays(words: Words, customer: CustomerRow, today: date) -> Message:
    """They have not left after all."""
    said = Mrkdwn(f"*{escape(customer.company)}*{SEPARATOR}{customer_said(words, customer, '', today)}")
    return Message(said, [section(said)])


def customer_said(words: Words, customer: CustomerRow, csm: str, today: date) -> Mrkdwn:
    """What a company is as a customer, in one line."""
    if customer.churned_at:
        reason = f": {reason_said(words, customer.reason)}" if customer.reason else ""
        return md(words, "deals.customer.left", day=words.date(customer.churned_at.date()), reason=reason)
    parts = []
    if customer.since_on:
        parts.append(md(words, "deals.customer.since", day=words.date(customer.since_on)))
    if customer.renewal_on:
        key = "deals.customer.renews" if customer.renewal_on >= today else "deals.customer.renewal_passed"
        parts.append(md(words, key, day=words.date(customer.renewal_on)))
    if customer.csm_id and csm:
        parts.append(md(words, "deals.customer.csm", who=csm))
    return Mrkdwn(SEPARATOR.join(parts))


def reason_said(words: Words, reason: str | None) -> str:
    """A reason for a loss, in words."""
    return words(f"deals.reason.{reason}") if reason else words("deals.no_reason")


def stage_options(words: Words, of: str = "") -> list[Block]:
    """The open stages to choose from; each carries the deal `of` which it is, if that is not said elsewhere."""
    if not of:
        return [option(words(f"deals.stage.{stage}"), stage) for stage in PIPELINE]
    return [option(words(f"deals.stage.{stage}"), ids.pack(d=of, s=stage)) for stage in PIPELINE]


def _facts(words: Words, page: Card) -> Block:
    row = page.row
    fields = [("stage", _since(words, page)), ("amount", _money(words, row.money))]
    if row.is_open:
        fields += [("close_on", _closes(words, row, page.today)), ("next_step", _next(words, row, page.today))]
    elif row.closed_at:
        fields.append(("closed", words.date(page.day(row.closed_at))))
    if row.stage is Stage.LOST:
        fields.append(("reason", reason_said(words, row.reason)))
    fields.append(("owner", page.name(row.owner_id)))
    if row.shares:
        fields.append(("shares", "\n".join(_divided(words, page))))
    if row.giver_id:
        fields.append(("assist", page.name(row.giver_id)))
    return {
        "type": "section",
        "fields": [
            {"type": "mrkdwn", "text": f"*{words(f'deals.field.{name}')}*\n{escape(text)[:1900]}", "verbatim": True}
            for name, text in fields
        ],
    }


def _divided(words: Words, page: Card) -> Iterator[str]:
    """`Dana 60 %, 14,999.99 EUR`: everybody's share, the owner's first."""
    for person, (share, money) in page.shares.items():
        amount = f", {words.money(money)}" if money is not None else ""
        yield f"{page.name(person)} {words.number(share)} %{amount}"


def _since(words: Words, page: Card) -> str:
    """The stage, and how long it has stood there."""
    days = (page.today - page.day(page.row.staged_at)).days
    stage = words(f"deals.stage.{page.row.stage}")
    if not page.row.is_open:
        return stage
    return f"{stage}, {words.plural('deals.days', days)}" if days > 0 else f"{stage}, {words('deals.since_today')}"


def _money(words: Words, money: Money | None) -> str:
    return words.money(money) if money is not None else words("deals.no_amount")


def _closes(words: Words, row: DealRow, today: date) -> str:
    if row.close_on is None:
        return words("deals.no_day")
    day = words.day(row.close_on, today)
    return words("deals.past_due", day=day) if row.close_on < today else day


def _next(words: Words, row: DealRow, today: date) -> str:
    if not row.next_step:
        return words("deals.no_step")
    return f"{words.day(row.next_on, today)}: {row.next_step}" if row.next_on else row.next_step


def _passed(change: Change) -> Stage | None:
    """The stage that a change moved a deal on from: to a later one, or to its win."""
    before, after = change.before.get("stage"), change.after.get("stage")
    ahead = [*PIPELINE, Stage.WON]
    if before not in PIPELINE or after not in ahead:
        return None
    return Stage(before) if ahead.index(Stage(after)) > ahead.index(Stage(before)) else None


def _line(words: Words, page: Card, each: Change) -> Mrkdwn:
    """One line of the timeline."""
    day = words.day(page.day(each.happened_at), page.today)
    said = [md(words, f"deals.happened.{each.what}", who=page.name(each.by))]
    if each.what in {What.CHANGED, What.SPLIT}:
        said += [_told(words, page, each, name) for name in FIELDS if name in each.after]
    elif each.what == What.OPENED:
        said.append(md(words, "deals.told.stage", value=words(f"deals.stage.{each.after['stage']}")))
    note = f"{SEPARATOR}{escape(each.note[:200])}" if each.note else ""
    return Mrkdwn(f"{escape(day)}{SEPARATOR}{SEPARATOR.join(said)}{note}")


def _told(words: Words, page: Card, change: Change, name: str) -> Mrkdwn:
    """One thing that a change changed: what it is, and what it was."""
    what = words(f"deals.field.{name.removesuffix('_id')}")
    value = _value(words, page, change.after, name)
    is_change = change.what in {What.CHANGED, What.SPLIT}
    if is_change and change.before.get(name) is not None and name != "next_step":
        return md(words, "deals.told.was", what=what, value=value, before=_value(words, page, change.before, name))
    return md(words, "deals.told.is", what=what, value=value)


def _value(words: Words, page: Card, side: Mapping[str, Any], name: str) -> str:
    """What stood in a column before or after a change."""
    value = side.get(name)
    if value is None:
        return "–"
    shown: dict[str, Callable[[], str]] = {
        "stage": lambda: words(f"deals.stage.{value}"),
        "amount": lambda: words.money(Money(str(side.get("currency") or page.row.currency), int(value))),
        "close_on": lambda: words.day(date.fromisoformat(value), page.today),
        "owner_id": lambda: page.name(value),
        "shares": lambda: ", ".join(f"{page.name(who)} {words.number(Decimal(part))} %" for who, part in value.items()),
    }
    if name in shown:
        return shown[name]()
    on = side.get("next_on")
    return f"{words.day(date.fromisoformat(on), page.today)}: {value}" if on else str(value)


def _buttons(words: Words, page: Card) -> list[Block]:
    row, value = page.row, ids.pack(d=page.row.id.hex)
    edit = button(words("deals.button.edit"), ids.DEAL_EDIT, value)
    divide = [button(words("deals.button.split"), ids.DEAL_SPLIT, value)] if page.can_divide else []
    if not row.is_open:
        return [button(words("deals.button.reopen"), ids.DEAL_REOPEN, value), *divide]
    options = stage_options(words, row.id.hex)
    stands = next(each for each, stage in zip(options, PIPELINE, strict=True) if stage is row.stage)
    return [
        select(ids.DEAL_STAGE, options, stands, words("deals.field.stage")),
        button(words("deals.button.won"), ids.DEAL_WON, value, primary=True),
        button(words("deals.button.lost"), ids.DEAL_LOST, value),
        edit,
        *divide,
    ]


def _entry(words: Words, row: DealRow, page: Overview) -> Mrkdwn:
    """A deal in a list: amount, stage with its age, close day, next step."""
    days = (page.today - row.opened_at.astimezone(page.zone).date()).days
    second = [
        md(words, "deals.list.closes", day=_closes(words, row, page.today)),
        md(words, "deals.list.next", step=_next(words, row, page.today)),
        Mrkdwn(words.plural("deals.list.age", days)),
    ]
    return Mrkdwn(f"{entry_head(words, row, page.today, page.zone)}\n{SEPARATOR.join(second)}")


def _shared_entry(words: Words, each: Shared, page: Overview) -> Mrkdwn:
    """The same of a deal of somebody else: the share in the place of the next step, which is its owner's."""
    part = f"{words.number(each.percent)} %"
    share = part if each.money is None else f"{part}, {words.money(each.money)}"
    second = [
        md(words, "deals.list.share", share=share),
        md(words, "deals.list.owner", who=each.owner),
        md(words, "deals.list.closes", day=_closes(words, each.row, page.today)),
    ]
    return Mrkdwn(f"{entry_head(words, each.row, page.today, page.zone)}\n{SEPARATOR.join(second)}")


def entry_head(words: Words, row: DealRow, today: date, zone: ZoneInfo) -> Mrkdwn:
    """`Acme · 24,000.00 EUR · Demo, 3 days`: how long it has stood in its stage, by the reader's calendar."""
    in_stage = (today - row.staged_at.astimezone(zone).date()).days
    stage = words(f"deals.stage.{row.stage}")
    said = f"{stage}, {words.plural('deals.days', in_stage)}" if in_stage > 0 else stage
    return Mrkdwn(SEPARATOR.join([f"*{escape(row.company)}*", escape(_money(words, row.money)), escape(said)]))


def in_all(words: Words, rows: Sequence[DealRow]) -> Mrkdwn:
    """`7 open deals · 123,000.00 EUR`: how many, and the amounts that are known, by currency."""
    sums: dict[str, int] = {}
    for row in rows:
        if row.amount is not None:
            sums[row.currency] = sums.get(row.currency, 0) + row.amount
    amounts = [words.money(Money(currency, minor)) for currency, minor in sums.items()]
    return Mrkdwn(SEPARATOR.join([md_plural(words, "deals.list.count", len(rows)), *amounts]))


def _in_one_line(words: Words, page: Card) -> str:
    row = page.row
    return escape(SEPARATOR.join([row.company, words(f"deals.stage.{row.stage}"), _money(words, row.money)]))
