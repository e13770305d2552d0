"""How leads look: the card, the queue, what comes by itself, and what is asked back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.leads import notices, writing
from bot.leads.changes import NewLead
from bot.leads.pages import Card, Notice, QueuePage, Waiting
from bot.leads.queries import Event, LeadRow, Touch
from bot.leads.scoring import Line, Part
from bot.leads.service import Meant
from bot.leads.states import Direction, Happening, LeadState
from bot.reading.asked import Unclear
from bot.reading.text import plain_text
from bot.words import Words
from bot.workspace.names import country_name
from handlers import ids
from handlers.ui.activity import SEPARATOR, kind_name, outcome_name
from handlers.ui.blocks import (
    VALUE_MAX,
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    cut,
    divider,
    escape,
    header,
    in_sections,
    md,
    md_plural,
    quote,
    section,
)
from handlers.ui.lead_form import source_name

COMMAND = ids.LEAD_COMMAND

GRADE_SIGNS = {"A": ":large_green_circle:", "B": ":large_blue_circle:", "C": ":large_yellow_circle:"}
"""A grade as one sees it from afar; D has the white one."""

STATE_SIGNS = {
    LeadState.QUEUED: ":inbox_tray:",
    LeadState.WORKING: ":telephone_receiver:",
    LeadState.NURTURE: ":seedling:",
    LeadState.HANDED_OFF: ":handshake:",
    LeadState.QUALIFIED: ":white_check_mark:",
    LeadState.UNQUALIFIED: ":heavy_minus_sign:",
    LeadState.MERGED: ":link:",
}

IMPORTED = "imported"
"""Why there are points, for those that came with a list."""

SCORE_LINES = 6
"""Lines of a score on a card; the others are counted, with what they add up to."""

SAID = 600
NOTE = 140
"""Characters of what somebody wrote that a card shows, and one line of its timeline."""

HOURS_SHOWN = 100
"""Above it a length is told in days."""


def card(words: Words, page: Card, *, head: Mrkdwn | None = None, below: Sequence[Block] = ()) -> Message:
    """A lead with everything that one wants to know before one calls.

    Args:
        words: the reader's.
        page: what it shows.
        head: what has just happened to it, in front of all.
        below: what another noun has to say of it, between the lead and its timeline: hand-offs.
    """
    row = page.row
    blocks: list[Block] = [section(head)] if head else []
    blocks += [header(row.company), section(_who(words, page))]
    if row.said:
        blocks += quote(cut(row.said, SAID))
    blocks.append(section(_standing(words, page)))
    buttons = _buttons(words, page)
    if buttons:
        blocks.append(actions(*buttons))
    blocks += [divider(), *(section(text) for text in in_sections(_score(words, page)))]
    blocks += below
    blocks += [context(text) for text in in_sections(_timeline(words, page))]
    said = head or state(words, page)
    return Message(f"{escape(row.company)}. {said}", blocks)


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
        claim = button(words("leads.button.claim"), f"{ids.LEAD_CLAIM}.{n}", _carried("claim", each.row, q=page.number))
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
    who = md(words, "leads.known_who", what=_in_short(words, page))
    value = _new_value(typed, page.row)
    buttons = [
        button(words("leads.button.add"), ids.LEAD_ADD, value, primary=True),
        button(words("leads.button.show"), f"{ids.LEAD_DO}.0", _carried("show", page.row)),
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
        button(_option(each), f"{ids.LEAD_DO}.{n}", _carried(verb, each, **more)) for n, each in enumerate(meant.near)
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
    return card(words, found.card, head=_news(words, found.kind, found.card))


def state(words: Words, page: Card) -> Mrkdwn:
    """Where a lead stands, in a few words."""
    row, owner = page.row, page.name(page.row.owner_id)
    if row.state is LeadState.WORKING:
        return md(words, "leads.state.mine" if row.owner_id == page.reader.id else "leads.state.working", owner=owner)
    if row.state is LeadState.NURTURE and row.nurture_until:
        key = "leads.state.nurture" if row.owner_id else "leads.state.nurture_nobodys"
        return md(words, key, owner=owner, day=words.day(row.nurture_until, page.today))
    return md(words, f"leads.state.{row.state}", owner=owner)


def duration(words: Words, length: timedelta) -> str:
    """`4 min`, `62 h 44 min`, `12 days`."""
    minutes = int(length.total_seconds()) // 60
    if minutes < 1:
        return words("leads.length.now")
    if minutes < 60:
        return words("leads.length.minutes", minutes=minutes)
    if minutes < HOURS_SHOWN * 60:
        return words("leads.length.hours", hours=minutes // 60, minutes=f"{minutes % 60:02}")
    return words.plural("leads.length.days", minutes // (24 * 60))


def _lengths(words: Words, worked: timedelta, wall: timedelta) -> Mrkdwn:
    """Working time, and what the clock on the wall shows where that is another length."""
    shown = {"worked": duration(words, worked), "wall": duration(words, wall)}
    if shown["worked"] == shown["wall"]:
        return md(words, "leads.length.same", **shown)
    return md(words, "leads.length.both", **shown)


def _who(words: Words, page: Card) -> Mrkdwn:
    row = page.row
    person = [f"*{escape(row.person)}*"] if row.person and row.person != row.email else []
    about = [escape(row.title)] if row.title else []
    reach = [_mail(row.email)] if row.email else []
    reach += [escape(row.phone)] if row.phone else []
    company = [md_plural(words, "leads.employees", row.employees)] if row.employees else []
    company += [escape(text) for text in (row.industry, row.territory, row.segment) if text]
    company += [escape(_country(words, row.country))] if row.country else []
    came = md(
        words,
        "leads.came",
        source=source_name(words, row.source),
        day=words.day(page.facts.received, page.today),
    )
    lines: list[list[str]] = [[*person, *about], [*reach], [*company], [came]]
    return Mrkdwn("\n".join(SEPARATOR.join(line) for line in lines if line))


def _mail(email: str) -> Mrkdwn:
    safe = escape(email)
    return safe if any(sign in email for sign in "|<>&") else Mrkdwn(f"<mailto:{safe}|{safe}>")


def _country(words: Words, code: str) -> str:
    try:
        return country_name(code, words.language).rpartition(" (")[0] or code
    except (LookupError, ValueError, NotImplementedError):
        return code


def _standing(words: Words, page: Card) -> Mrkdwn:
    stands = f"{STATE_SIGNS[page.row.state]} {state(words, page)}"
    speed = _speed(words, page)
    return Mrkdwn(f"{stands}\n{speed}" if speed else stands)


def _speed(words: Words, page: Card) -> Mrkdwn | None:
    """How long it took until somebody reached out, or has taken so far: in working time, and on the wall."""
    found = page.speed
    if found is None:
        return None
    lengths = {"took": _lengths(words, found.worked, found.wall), "target": duration(words, found.target)}
    if found.touch:
        key = "leads.speed.met" if found.is_met else "leads.speed.missed"
        return md(words, key, **lengths)
    if found.due_at and found.is_met:
        return md(words, "leads.speed.runs", due=_moment(words, page, found.due_at), **lengths)
    return md(words, "leads.speed.late" if not found.is_met else "leads.speed.rests", **lengths)


def _buttons(words: Words, page: Card) -> list[Block]:
    row = page.row
    if page.can_claim:
        return [button(words("leads.button.claim"), ids.LEAD_CLAIM, _carried("claim", row), primary=True)]
    if row.state is not LeadState.WORKING:
        return []
    log = button(words("leads.button.log"), ids.LEAD_LOG, _carried("log", row), primary=row.owner_id == page.reader.id)
    back = button(words("leads.button.release"), f"{ids.LEAD_DO}.0", _carried("release", row))
    is_from_queue = row.direction == Direction.INBOUND and page.can_change
    return [log, *([back] if is_from_queue else [])]


def _score(words: Words, page: Card) -> list[Mrkdwn]:
    sign = GRADE_SIGNS.get(page.facts.grade, ":white_circle:")
    lines = [md(words, "leads.score.head", sign=sign, points=page.facts.points, grade=page.facts.grade)]
    ordered = sorted(page.score.lines, key=lambda line: -abs(line.points))
    lines += [_score_line(words, page, line) for line in ordered[:SCORE_LINES]]
    rest = ordered[SCORE_LINES:]
    if rest:
        points = _points(words, sum((line.points for line in rest), Decimal(0)))
        lines.append(Mrkdwn(words.plural("leads.score.more", len(rest), points=points)))
    if not ordered:
        lines.append(md(words, "leads.score.nothing"))
    return lines


def _score_line(words: Words, page: Card, line: Line) -> Mrkdwn:
    what, _, rest = line.what.partition(".")
    if line.part is Part.MANUAL:
        text = md(words, "leads.score.manual", why=_why(words, line.detail), who=page.name(line.by))
    elif what == "source":
        text = md(words, "leads.score.source", source=source_name(words, line.detail))
    elif what == "touch":
        text = escape(_touch_name(words, *_two(rest)).capitalize())
    elif what == "recency":
        days = int(line.detail)
        said = words.plural("leads.score.recency", days) if days else words("leads.score.recency_today")
        text = Mrkdwn(said)
    else:
        detail = _country(words, line.detail) if what == "country" else line.detail
        text = md(words, f"leads.score.{what}", detail=cut(detail, NOTE))
    ago = [words.plural("leads.score.weeks", line.weeks, base=line.base)] if line.weeks else []
    return Mrkdwn(SEPARATOR.join([f"`{_points(words, line.points)}` {text}", *ago]))


def _why(words: Words, why: str) -> str:
    """Why somebody gave points, or that a list brought them."""
    return words("leads.score.imported") if why == IMPORTED else cut(why, NOTE)


def _two(code: str) -> tuple[str, str | None]:
    kind, _, outcome = code.partition(".")
    return kind, outcome or None


def _touch_name(words: Words, kind: str, outcome: str | None) -> str:
    name = kind_name(words, kind)
    return f"{name}, {outcome_name(words, outcome)}" if outcome else name


def _points(words: Words, points: Decimal) -> str:
    shown = points.quantize(Decimal("0.1")).normalize() + Decimal(0)
    whole = words.number(abs(int(shown)) if shown == int(shown) else abs(shown))
    return f"{'−' if shown < 0 else '+'}{whole}"


def _timeline(words: Words, page: Card) -> list[Mrkdwn]:
    lines = [
        _touch(words, page, each) if isinstance(each, Touch) else _event(words, page, each) for each in page.timeline
    ]
    if page.more:
        lines.append(md_plural(words, "leads.more", page.more))
    return lines


def _touch(words: Words, page: Card, each: Touch) -> Mrkdwn:
    minutes = [words("log.minutes", minutes=each.minutes)] if each.minutes else []
    what = ", ".join([_touch_name(words, each.kind, each.outcome), *minutes])
    parts = [_moment(words, page, each.at), what.capitalize(), page.name(each.person_id)]
    note = [words("leads.words", text=cut(" ".join(each.note.split()), NOTE))] if each.note else []
    return escape(SEPARATOR.join([*parts, *note]))


def _event(words: Words, page: Card, each: Event) -> Mrkdwn:
    detail = each.detail
    shown = {
        "source": source_name(words, str(detail.get("source") or "unknown")),
        "points": f"{int(detail.get('points') or 0):+d}".replace("-", "−"),
        "why": _why(words, str(detail.get("why") or "")),
        "day": words.day(date.fromisoformat(detail["until"]), page.today) if detail.get("until") else "",
        "company": str(detail.get("company") or ""),
    }
    what = words(f"leads.happened.{each.what}", **shown)
    parts = [_moment(words, page, each.at), what, *([page.name(each.by)] if each.by else [])]
    said = detail.get("note") or (detail.get("said") if each.what == Happening.CAME_AGAIN else None)
    note = [words("leads.words", text=cut(" ".join(str(said).split()), NOTE))] if said else []
    return escape(SEPARATOR.join([*parts, *note]))


def _moment(words: Words, page: Card, at: datetime) -> str:
    """A moment on the reader's own wall; today only its time."""
    local = at.astimezone(page.reader.zone)
    clock = words.time(local.time())
    return clock if local.date() == page.today else f"{words.day(local.date(), page.today)} {clock}"


def _waiting(words: Words, each: Waiting) -> Mrkdwn:
    row = each.row
    names = [f"*{escape(row.company)}*", *([escape(row.person)] if row.person and row.person != row.email else [])]
    source = escape(source_name(words, row.source))
    wall = duration(words, each.wall)
    if each.worked is None:
        waits = md(words, "leads.queue.waits_long", wall=wall)
    else:
        waits = md(words, "leads.queue.waits", took=_lengths(words, each.worked, each.wall))
    said = [escape(cut(" ".join(row.said.split()), NOTE))] if row.said else []
    return Mrkdwn("\n".join([SEPARATOR.join([*names, source]), waits, *said]))


def _served_by(words: Words, page: QueuePage) -> list[Block]:
    if page.can_claim and page.servers:
        return []
    key = "leads.queue.served" if page.servers else "leads.queue.unserved"
    return [context(md(words, key, who=", ".join(page.servers)))]


def _news(words: Words, kind: str, page: Card) -> Mrkdwn:
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
    if row.owner_id == page.reader.id:
        return md(words, "leads.news.mine")
    return md(words, "leads.news.taken", owner=owner) if row.owner_id else state(words, page)


def _late(words: Words, page: Card, *, is_manager: bool) -> Message:
    row, found = page.row, page.speed
    if found is None or found.touch or (not is_manager and row.owner_id not in {None, page.reader.id}):
        said = md(words, "leads.late.settled", company=row.company)
        stands = _speed(words, page) or state(words, page)
        return Message(said, [section(said), context(stands)])
    took = _lengths(words, found.worked, found.wall)
    key = "manager" if is_manager else "reminder"
    whose = "nobodys" if row.owner_id is None else "owned"
    said = md(words, f"leads.late.{key}_{whose}", company=row.company, owner=page.name(row.owner_id), took=took)
    buttons = _buttons(words, page)
    about = _in_short(words, page)
    blocks = [section(said), context(about), *([actions(*buttons)] if buttons else [])]
    return Message(said, blocks)


def _in_short(words: Words, page: Card) -> Mrkdwn:
    row = page.row
    names = [escape(row.company), *([escape(row.person)] if row.person else [])]
    reach = [escape(each) for each in (row.phone, row.email) if each and each != row.person]
    score = md(words, "leads.score.short", points=page.facts.points, grade=page.facts.grade)
    return Mrkdwn(SEPARATOR.join([*names, *reach, score, state(words, page)]))


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


def _carried(verb: str, row: LeadRow, **more: Any) -> str:
    """What a button carries: what to do, and to which lead."""
    return ids.pack(a=verb, l=row.id.hex, **more)


def _new_value(typed: NewLead, row: LeadRow) -> str:
    """A lead that was typed in, on a button: of what they said as much as there is room for; the line stands above."""
    fields = {name: value for name, value in asdict(typed).items() if value and name not in {"direction", "more"}}
    said = str(fields.pop("said", "") or "")
    bare = ids.pack(l=row.id.hex, n=fields)
    while said and len(ids.pack(l=row.id.hex, n={**fields, "said": said})) > VALUE_MAX:
        said = cut(said, len(said) - max(1, len(said) // 10))
    return ids.pack(l=row.id.hex, n={**fields, "said": said}) if said else bare
