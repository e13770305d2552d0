"""How a hand-off looks: the taker's card, its giver's one message, the record in the channel, what is told of it."""

from collections.abc import Iterable, Sequence

from bot.activity.entry import Kind as ActivityKind
from bot.deals.states import Stage
from bot.handoffs.changes import RULES
from bot.handoffs.giving import Giving
from bot.handoffs.pages import Lists, Page
from bot.handoffs.states import ASKED, SOLD_AGAIN, State
from bot.reading.asked import Unclear
from bot.reading.names import KnownName
from bot.reading.text import plain_text
from bot.words import Words
from handlers import ids
from handlers.ui import checklist
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
    in_sections,
    md,
    md_plural,
    quote,
    section,
)
from handlers.ui.handoff_trail import (
    SIGNS,
    day_of,
    due_by,
    kind_said,
    moment_of,
    standing,
    taker_said,
    trail_of,
    what_became,
)

COMMAND = ids.HANDOFF_COMMAND


LONGEST_CARRIED = 800
"""Characters of a note that a button carries."""

SHOWN = 20
"""Hand-offs in one list; two blocks each."""


def card(words: Words, page: Page) -> Message:
    """What an offer shows to whom it is made: who, why, until when, and what to do. Once it has ended, what became of
    it; accepted, the way to judge it.
    """
    title = words(f"handoffs.card.title.{page.row.kind}", company=page.row.company)
    is_mine = page.is_current and page.row.taker_id == (page.reader.id if page.reader else None)
    if not is_mine or page.row.state is State.WITHDRAWN:
        said = what_became(words, page)
        return Message(f"{title}. {said}", [section(Mrkdwn(f"*{escape(title)}*\n{said}"))])
    blocks = [header(title), *_who(words, page), *_facts(words, page), *checklist.answers(words, page.row)]
    blocks.append(context(_from(words, page)))
    blocks += _what_to_do(words, page)
    return Message(_notice(words, page, title), blocks)


def giver(words: Words, page: Page) -> Message:
    """The one message that its giver reads: where it stands, and how it came there."""
    to = md(words, "handoffs.giver.head", company=page.row.company, taker=taker_said(words, page))
    head = Mrkdwn(f"{to}{kind_said(words, page)}")
    stands = standing(words, page)
    blocks = [section(Mrkdwn(f"{head}\n{SIGNS.get(page.row.state, '')} {stands}"))]
    if page.row.reason_note and page.row.state in {State.REJECTED, State.WAITING}:
        blocks += quote(page.row.reason_note)
    became = _became(words, page)
    if became:
        blocks.append(section(became))
    trail = trail_of(words, page)
    if trail:
        blocks.append(context(trail))
    blocks += checklist.unknown(words, page.row)
    if page.row.state in {State.OFFERED, State.WAITING}:
        value = ids.pack(h=page.row.id.hex)
        blocks.append(actions(button(words("handoffs.button.withdraw"), ids.HANDOFF_WITHDRAW, value)))
    return Message(f"{page.row.company}: {became or stands}", blocks)


def _became(words: Words, page: Page) -> Mrkdwn | None:
    """What became of the deal: a win is its giver's assist."""
    deal = page.deal
    if deal is None or deal.is_open:
        return None
    if deal.stage is Stage.LOST:
        worded = page.process.worded(words)
        reason = worded(f"deals.reason.{deal.reason}") if deal.reason else words("deals.no_reason")
        return md(words, "handoffs.deal.lost", reason=reason)
    return md(words, "handoffs.deal.won", amount=words.money(deal.money) if deal.money else words("deals.no_amount"))


def record(words: Words, page: Page) -> Message:
    """What the channel of hand-offs reads, where a thread may be about it."""
    between = md(words, "handoffs.record", giver=page.name(page.row.giver_id), taker=taker_said(words, page))
    stands = standing(words, page)
    sign = SIGNS.get(page.row.state, "")
    blocks = [
        section(Mrkdwn(f"*{escape(page.row.company)}*{SEPARATOR}{between}{kind_said(words, page)}\n{sign} {stands}"))
    ]
    trail = trail_of(words, page)
    return Message(f"{page.row.company}: {stands}", [*blocks, *([context(trail)] if trail else [])])


def reminder(words: Words, page: Page) -> Message:
    """Half of the time is over."""
    due = due_by(words, page)
    said = md(words, "handoffs.remind", company=page.row.company, giver=page.name(page.row.giver_id), due=due)
    if not page.is_current or page.row.state is not State.OFFERED:
        return Message(said, [section(said)])
    return Message(said, [section(said), actions(*_offer_buttons(words, page))])


def breach(words: Words, page: Page) -> Message:
    """What a manager reads when a report of theirs has not answered."""
    who = page.name(page.person)
    said = md(words, "handoffs.breach", who=who, company=page.row.company, giver=page.name(page.row.giver_id))
    stands = Mrkdwn(f"{SIGNS.get(page.row.state, '')} {standing(words, page)}")
    return Message(said, [section(said), context(stands)])


def nobody(words: Words, page: Page) -> Message:
    """What operations reads when nobody can take something."""
    said = md(words, "handoffs.nobody", company=page.row.company, giver=page.name(page.row.giver_id))
    if page.row.state is not State.WAITING:
        return Message(said, [section(Mrkdwn(f"~{said}~\n{standing(words, page)}"))])
    hint = md(words, "handoffs.nobody_hint", command=f"{ids.LEAD_COMMAND} why {page.row.company}")
    return Message(said, [section(said), context(hint)])


def untouched(words: Words, page: Page) -> Message:
    """Accepted, and nobody has called yet."""
    if page.touch or page.row.state is not State.ACCEPTED:
        said = md(words, "handoffs.touched", company=page.row.company)
        return Message(said, [section(said)])
    said = md(words, "handoffs.untouched", company=page.row.company, giver=page.name(page.row.giver_id))
    example = md(words, "handoffs.untouched_hint", command=f"{ids.LOG_COMMAND} call {page.row.company} 15m")
    return Message(said, [section(said), context(example)])


def idle(words: Words, page: Page) -> Message:
    """What a manager reads when a report of theirs has accepted something and not reached out."""
    said = md(words, "handoffs.idle", who=page.name(page.person), company=page.row.company)
    return Message(said, [section(said)])


def given(words: Words, page: Page) -> Message:
    """The answer to whoever has just handed something over; the rest comes in the one message that follows it."""
    if page.row.state is State.OFFERED:
        key = "handoffs.given_asked" if page.row.kind in ASKED else "handoffs.given"
        said = md(words, key, company=page.row.company, taker=taker_said(words, page), due=due_by(words, page))
    else:
        said = md(words, "handoffs.given_waiting", company=page.row.company)
    return Message(said, [section(said)])


def done(words: Words, page: Page) -> Message:
    """The answer to a press that changed something."""
    said = Mrkdwn(f"*{escape(page.row.company)}*{SEPARATOR}{standing(words, page)}")
    return Message(said, [section(said)])


def overview(words: Words, found: Lists) -> Message:
    """`/handoff list`: what is on one's desk, what one gave, what nobody could take, and what was settled."""
    title = words("handoffs.list.title")
    blocks: list[Block] = [header(title)]
    if not (found.on_desk or found.with_others or found.nobodys or found.settled):
        empty = md(words, "handoffs.list.empty", command=COMMAND)
        return Message(f"{title}. {empty}", [*blocks, section(empty)])
    blocks += _group(words, "handoffs.list.desk", found.on_desk, takes=True)
    blocks += _group(words, "handoffs.list.nobodys", found.nobodys, takes=True)
    blocks += _group(words, "handoffs.list.others", found.with_others, takes=False)
    blocks += _group(words, "handoffs.list.settled", found.settled, takes=False)
    count = md(words, "handoffs.list.count", desk=len(found.on_desk), others=len(found.with_others))
    return Message(count, blocks)


def why(words: Words, page: Page) -> Message:
    """`/lead why`: every candidate of every offer, and what decided it."""
    title = words("handoffs.why.title", company=page.row.company)
    lines: list[Mrkdwn] = []
    for offer in page.offers:
        key = f"handoffs.why.rule.{offer.choice.get('rule', 'rules')}"
        at = moment_of(words, page, offer.offered_at)
        lines.append(Mrkdwn(f"\n*{at}*{SEPARATOR}{md(words, key, who=page.name(offer.taker_id))}"))
        for row in sorted(offer.choice.get("rows", ()), key=lambda each: each["candidate"] != offer.taker_id):
            verdict = md(words, f"handoffs.why.verdict.{row['verdict']}")
            shown = page.name(row["candidate"])
            figures = md(words, "handoffs.why.figures", open=row["open"], load=row["load"], credit=row["credit"])
            mark = ":small_blue_diamond:" if row["candidate"] == offer.taker_id else "•"
            lines.append(Mrkdwn(f"{mark} {escape(shown)}{SEPARATOR}{verdict}{SEPARATOR}{figures}"))
    if not lines:
        lines.append(md(words, "handoffs.why.nobody"))
    return Message(title, [header(title), *(section(text) for text in in_sections(lines))])


def unclear(words: Words, text: str, asked: Unclear, command: str = COMMAND) -> Message:
    """The line whole, what was understood of it, and one that would do."""
    problem = Mrkdwn(escape(words(f"handoffs.ask.{asked.problem.code}", **asked.problem.params)))
    parts = [problem]
    if asked.understood:
        parts.append(md(words, "handoffs.understood", line=f"{command} {asked.understood}"))
    parts.append(md(words, "handoffs.example", line=f"{command} {asked.example}"))
    typed = f"{command} {plain_text(text)}"
    blocks = [section(problem), *quote(typed), *(section(part) for part in parts[1:])]
    return Message(" ".join([*parts, escape(typed)]), blocks)


def close_spelling(words: Words, giving: Giving, known: Iterable[KnownName]) -> Message:
    """A name that is almost a known one: asked, never silently taken."""
    said = md(words, "handoffs.close", name=giving.company)
    options = [(each.name, each.name, each.ref) for each in known]
    options.append((words("handoffs.close_new", name=giving.company), giving.company, ""))
    buttons = [
        button(
            label,
            f"{ids.HANDOFF_NAMED}.{n}",
            ids.pack(c=name, r=ref, to=giving.to, k=giving.kind, n=(giving.note or "")[:LONGEST_CARRIED]),
        )
        for n, (label, name, ref) in enumerate(options)
    ]
    return Message(said, [section(said), actions(*buttons)])


def _group(words: Words, key: str, pages: Sequence[Page], *, takes: bool) -> Iterable[Block]:
    if not pages:
        return
    yield section(Mrkdwn(f"*{md(words, key)}*"))
    for page in pages[:SHOWN]:
        way = _way(words, page, takes=takes)
        sign = SIGNS.get(page.row.state, "")
        yield section(Mrkdwn(f"*{escape(page.row.company)}*{SEPARATOR}{way}\n{sign} {standing(words, page)}"))
        buttons = _buttons(words, page) if takes else []
        if buttons:
            yield actions(*buttons)
    if len(pages) > SHOWN:
        yield context(md_plural(words, "handoffs.list.more", len(pages) - SHOWN))


def _way(words: Words, page: Page, *, takes: bool) -> Mrkdwn:
    """Whom it comes from, or whom it lies with: the other side of its reader's."""
    giver, taker = page.name(page.row.giver_id), taker_said(words, page)
    if takes or (page.reader and page.reader.id == page.row.taker_id):
        return md(words, "handoffs.list.from", who=giver)
    return md(words, "handoffs.list.to", who=taker)


def _who(words: Words, page: Page) -> list[Block]:
    lead = page.lead
    if lead is None:
        return quote(page.row.note) if page.row.note else []
    person = [f"*{escape(lead.person)}*"] if lead.person else []
    about = [escape(text) for text in (lead.title, lead.territory or lead.country, lead.segment) if text]
    size = [md_plural(words, "handoffs.card.people", lead.employees)] if lead.employees else []
    first = SEPARATOR.join([*person, *about, *size])
    wishes = [escape(text) for text in (page.row.note, lead.said) if text]
    lines = [text for text in (first, *wishes) if text]
    return [section(Mrkdwn("\n".join(lines)))] if lines else []


def _facts(words: Words, page: Page) -> list[Block]:
    found: list[tuple[str, Mrkdwn]] = []
    if page.score:
        score = md(words, "handoffs.card.points", grade=page.score.grade, points=page.score.points)
        found.append(("handoffs.card.score", score))
    if page.lead:
        source = words(f"handoffs.source.{page.lead.source}") if page.lead.source in SOURCES else page.lead.source
        day = day_of(words, page, page.lead.received_at)
        found.append(("handoffs.card.source", Mrkdwn(f"{escape(source)}, {day}")))
    if page.last_touch:
        touch = page.last_touch
        minutes = [words("log.minutes", minutes=touch.minutes)] if touch.minutes else []
        kind = words(f"kind.{touch.kind}") if touch.kind in set(ActivityKind) else touch.kind
        shown = ", ".join([kind.capitalize(), moment_of(words, page, touch.at), *minutes])
        found.append(("handoffs.card.last_touch", escape(shown)))
    if page.row.meeting_at:
        found.append(("handoffs.card.meeting", escape(moment_of(words, page, page.row.meeting_at))))
    if page.lead and (page.lead.email or page.lead.phone):
        reach = SEPARATOR.join(escape(each) for each in (page.lead.email, page.lead.phone) if each)
        found.append(("handoffs.card.contact", Mrkdwn(reach)))
    fields = [{"type": "mrkdwn", "text": f"*{words(key)}*\n{text}", "verbatim": True} for key, text in found]
    return [{"type": "section", "fields": fields}] if fields else []


def _from(words: Words, page: Page) -> Mrkdwn:
    sender = md(words, "handoffs.card.from", giver=page.name(page.row.giver_id))
    rule = page.offer.choice.get("rule") if page.offer else None
    reason = _in_line(words, page) if rule == RULES else md(words, f"handoffs.card.why.{rule}") if rule else None
    return Mrkdwn(SEPARATOR.join([sender, *([reason] if reason else [])]))


def _in_line(words: Words, page: Page) -> Mrkdwn:
    """Why the rules chose them: where the lead is, what they have open, what told them from the others."""
    rows = page.offer.choice.get("rows", ()) if page.offer else ()
    row = next((each for each in rows if each["candidate"] == page.offer.taker_id), None) if page.offer else None
    if row is None:
        return md(words, "handoffs.card.why.rules")
    reasons = [page.lead.territory] if page.lead and page.lead.territory else []
    open_now = row["open"]
    reasons.append(words.plural("handoffs.card.open", open_now) if open_now else words("handoffs.card.open_none"))
    decided_by = page.offer.choice.get("decided_by") if page.offer else None
    if decided_by:
        reasons.append(words(f"handoffs.card.by.{decided_by}"))
    return md(words, "handoffs.card.why.rules_with", reasons=", ".join(reasons))


def _what_to_do(words: Words, page: Page) -> list[Block]:
    buttons = _buttons(words, page)
    stands = Mrkdwn(f"{SIGNS.get(page.row.state, '')} {_for_taker(words, page)}")
    return [*([actions(*buttons)] if buttons else []), context(stands)]


def _for_taker(words: Words, page: Page) -> Mrkdwn:
    if page.row.state is State.OFFERED:
        due = due_by(words, page)
        key = "handoffs.card.answer_by" if page.offer and page.offer.due_at else "handoffs.card.no_clock"
        return md(words, key, due=due)
    if page.row.state is State.ACCEPTED and page.row.kind in SOLD_AGAIN:
        if page.touch:
            return md(words, "handoffs.card.judge")
        due_at = page.row.touch_due_at
        return md(words, "handoffs.card.first_call", due=moment_of(words, page, due_at) if due_at else "–")
    if page.row.state is State.ACCEPTED:
        return md(words, "handoffs.card.yours", giver=page.name(page.row.giver_id))
    return standing(words, page)


def _buttons(words: Words, page: Page) -> list[Block]:
    if page.row.state is State.OFFERED:
        return _offer_buttons(words, page)
    value = ids.pack(h=page.row.id.hex)
    if page.row.state is State.WAITING:
        return [button(words("handoffs.button.accept"), ids.HANDOFF_ACCEPT, value, primary=True)]
    if page.row.state is State.ACCEPTED and page.row.kind in SOLD_AGAIN:
        return [
            button(words("handoffs.button.qualified"), ids.HANDOFF_QUALIFIED, value, primary=True),
            button(words("handoffs.button.not_qualified"), ids.HANDOFF_REJECT, value),
        ]
    return []


def _offer_buttons(words: Words, page: Page) -> list[Block]:
    value = ids.pack(h=page.row.id.hex)
    return [
        button(words("handoffs.button.accept"), ids.HANDOFF_ACCEPT, value, primary=True),
        button(words("handoffs.button.decline"), ids.HANDOFF_DECLINE, value),
        button(words("handoffs.button.reassign"), ids.HANDOFF_REASSIGN, value),
    ]


def _notice(words: Words, page: Page, title: str) -> str:
    said = _for_taker(words, page)
    return f"{title}. {said}"


SOURCES = frozenset(
    "website webinar whitepaper newsletter event referral partner ads social outbound customer import unknown".split()
)
