"""How leads look: the card, the queue, what comes by itself, and what is asked back."""

from dataclasses import asdict
from datetime import date
from typing import Any

from bot.leads import notices, writing
from bot.leads.changes import NewLead
from bot.leads.pages import Card, Notice, QueuePage, Waiting
from bot.leads.queries import LeadRow
from bot.leads.service import Meant
from bot.leads.states import LeadState
from bot.reading.asked import Unclear
from bot.reading.text import plain_text
from bot.words import Words
from handlers import ids
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    VALUE_MAX,
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    cut,
    escape,
    header,
    md,
    md_plural,
    quote,
    section,
)
from handlers.ui.lead_card import NOTE, buttons, card, carried, duration, in_short, lengths, speed, state
from handlers.ui.lead_form import source_name

COMMAND = ids.LEAD_COMMAND


def queue(words: Words, page: QueuePage, *, head: Mrkdwn | None = None) -> Message:
    """`/lead queue`: oldest first, each with how long it waits and `Claim`."""
    title = words("leads.queue.title")
    blocks: list[Block] = [section(head)] if head else []
    blocks.append(header(title))
    if not page.leads:
        empty = md(words, "leads.queue.empty")
        return Message(f"{title}. {empty}", [*blocks, section(empty), *_served_by(words, page)])
    count = md_plural(words, "leads.queue.count", page.count)
    blocks.append(context(count))
    for n, each in enumerate(page.leads):
        claim = button(words("leads.button.claim"), f"{ids.LEAD_CLAIM}.{n}", carried("claim", each.row, q=page.number))
        blocks.append(section(_waiting(words, each), claim if page.can_claim else None))
    turns = [(page.number - 1, "button.older", page.number > 0), (page.number + 1, "button.newer", page.has_more)]
    buttons = [
        button(words(key), f"{ids.LEAD_PAGE}.{n}", ids.pack(q=number))
        for n, (number, key, is_there) in enumerate(turns)
        if is_there
    ]
    blocks += [actions(*buttons)] if buttons else []
    return Message(f"{title}: {count}", [*blocks, *_served_by(words, page)])


def made(words: Words, page: Card) -> Message:
    """The answer to a new lead."""
    key = "leads.made_queued" if page.row.state is LeadState.QUEUED else "leads.made"
    owner = page.name(page.row.owner_id)
    return card(words, page, head=md(words, key, company=page.row.company, owner=owner))


def known(words: Words, page: Card, typed: NewLead, line: str, *, may_be_new: bool) -> Message:
    """A new lead that is known already: nothing was changed; it can be added to, or shown."""
    head = md(words, "leads.known", company=page.row.company)
    who = md(words, "leads.known_who", what=in_short(words, page))
    value = _new_value(typed, page.row)
    buttons = [
        button(words("leads.button.add"), ids.LEAD_ADD, value, primary=True),
        button(words("leads.button.show"), f"{ids.LEAD_DO}.0", carried("show", page.row)),
    ]
    if may_be_new:
        buttons.append(button(words("leads.button.new_anyway"), ids.LEAD_ANYWAY, value))
    blocks = [section(Mrkdwn(f"*{head}*\n{who}")), *(quote(line) if line else []), actions(*buttons)]
    return Message(f"{head} {who}", blocks)


def not_found(words: Words, meant: Meant, verb: str, typed: str, more: dict[str, Any]) -> Message:
    """A name without a lead: those that it may be, to choose from, and the way to make one."""
    if meant.near:
        said = md(words, "leads.close", name=meant.name)
    elif meant.company:
        said = md(words, "leads.no_lead", name=meant.company)
    else:
        said = md(words, "leads.nobody", name=meant.name)
    buttons = [
        button(_option(each), f"{ids.LEAD_DO}.{n}", carried(verb, each, **more)) for n, each in enumerate(meant.near)
    ]
    name = (meant.company or meant.name)[:NOTE]
    buttons.append(button(words("leads.button.new", name=cut(name, 40)), ids.LEAD_OPEN_FORM, ids.pack(c=name)))
    blocks = [section(said), *(quote(typed) if typed else []), actions(*buttons)]
    return Message(f"{said} {escape(typed)}", blocks)


def unclear(words: Words, text: str, asked: Unclear, today: date) -> Message:
    """The line whole, what was understood of it, and one that would do."""
    problem = escape(words(f"leads.ask.{asked.problem.code}", **_params(words, asked.problem.params, today)))
    parts = [problem]
    if asked.understood:
        parts.append(md(words, "leads.understood", line=f"{COMMAND} {asked.understood}"))
    parts.append(md(words, "leads.example", line=f"{COMMAND} {asked.example}"))
    typed = f"{COMMAND} {plain_text(text)}"
    form = button(words("button.form"), ids.LEAD_OPEN_FORM, ids.pack())
    blocks = [section(problem), *quote(typed), *(section(part) for part in parts[1:]), actions(form)]
    return Message(" ".join([*parts, escape(typed)]), blocks)


def notice(words: Words, found: Notice) -> Message:
    """What comes by itself: a lead in the queue, one that nobody has reached out to, a queue that nobody serves."""
    if found.card is None:
        said = md_plural(words, "leads.unserved", found.waiting)
        hint = md(words, "leads.unserved_hint", command=f"{ids.TEAM_COMMAND} assign @ana MRR", queue=f"{COMMAND} queue")
        return Message(said, [section(said), context(hint)])
    if found.kind in {notices.REMIND, notices.LATE}:
        return _late(words, found.card, is_manager=found.kind == notices.LATE)
    return card(words, found.card, head=_news(words, found.kind, found.card), is_asked=False)


def _waiting(words: Words, each: Waiting) -> Mrkdwn:
    row = each.row
    names = [f"*{escape(row.company)}*", *([escape(row.person)] if row.person and row.person != row.email else [])]
    source = escape(source_name(words, row.source))
    wall = duration(words, each.wall)
    if each.worked is None:
        waits = md(words, "leads.queue.waits_long", wall=wall)
    else:
        waits = md(words, "leads.queue.waits", took=lengths(words, each.worked, each.wall))
    said = [escape(cut(" ".join(row.said.split()), NOTE))] if row.said else []
    return Mrkdwn("\n".join([SEPARATOR.join([*names, source]), waits, *said]))


def _served_by(words: Words, page: QueuePage) -> list[Block]:
    if page.can_claim and page.servers:
        return []
    key = "leads.queue.served" if page.servers else "leads.queue.unserved"
    return [context(md(words, key, who=", ".join(page.servers)))]


def _news(words: Words, kind: str, page: Card) -> Mrkdwn | None:
    """In front of a card that came by itself: what is new, or what became of it."""
    row, owner = page.row, page.name(page.row.owner_id)
    if kind == notices.AGAIN:
        return md(words, "leads.news.again")
    if kind == notices.BACK and row.owner_id == page.reader.id:
        return md(words, "leads.news.back")
    if kind == notices.GIVEN and row.owner_id == page.reader.id:
        return md(words, "leads.news.given")
    if row.state is LeadState.QUEUED:
        return md(words, "leads.news.queued")
    if row.state is not LeadState.WORKING:
        return None
    return md(words, "leads.news.mine" if row.owner_id == page.reader.id else "leads.news.taken", owner=owner)


def _late(words: Words, page: Card, *, is_manager: bool) -> Message:
    row, found = page.row, page.speed
    if found is None or found.touch or (not is_manager and row.owner_id not in {None, page.reader.id}):
        said = md(words, "leads.late.settled", company=row.company)
        stands = speed(words, page) or state(words, page)
        return Message(said, [section(said), context(stands)])
    took = lengths(words, found.worked, found.wall)
    key = "manager" if is_manager else "reminder"
    whose = "nobodys" if row.owner_id is None else "owned"
    said = md(words, f"leads.late.{key}_{whose}", company=row.company, owner=page.name(row.owner_id), took=took)
    pressable = buttons(words, page)
    about = in_short(words, page)
    blocks = [section(said), context(about), *([actions(*pressable)] if pressable else [])]
    return Message(said, blocks)


def _option(row: LeadRow) -> str:
    return f"{row.company} ({row.person})" if row.person and row.person != row.email else row.company


def _params(words: Words, params: Any, today: date) -> dict[str, Any]:
    return {name: _param(words, name, value, today) for name, value in params.items()}


def _param(words: Words, name: str, value: Any, today: date) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_param(words, name.removesuffix("s"), each, today) for each in value)
    if isinstance(value, date):
        return words.day(value, today)
    if name == "field":
        return words(f"leads.form.{value}").lower()
    if name == "source":
        return writing.word(str(value), words.language)
    if isinstance(value, int):
        return words.number(value).replace("-", "−")
    return str(value)


def _new_value(typed: NewLead, row: LeadRow) -> str:
    """A lead that was typed in, on a button: of what they said as much as there is room for; the line stands above."""
    fields = {name: value for name, value in asdict(typed).items() if value and name not in {"direction", "more"}}
    said = str(fields.pop("said", "") or "")
    bare = ids.pack(l=row.id.hex, n=fields)
    while said and len(ids.pack(l=row.id.hex, n={**fields, "said": said})) > VALUE_MAX:
        said = cut(said, len(said) - max(1, len(said) // 10))
    return ids.pack(l=row.id.hex, n={**fields, "said": said}) if said else bare
