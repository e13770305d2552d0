"""A lead's card: who it is, how it stands, its score line by line, what happened."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.leads.odds import Odds, TooFew
from bot.leads.pages import Card
from bot.leads.queries import Event, LeadRow, Touch
from bot.leads.scoring import Line, Part
from bot.leads.states import Direction, Happening, LeadState
from bot.words import Words
from bot.workspace.names import country_name
from handlers import ids
from handlers.ui.activity import SEPARATOR, kind_name, outcome_name
from handlers.ui.blocks import (
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
from handlers.ui.handoff_trail import step
from handlers.ui.lead_form import source_name

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


def card(
    words: Words, page: Card, *, head: Mrkdwn | None = None, below: Sequence[Block] = (), is_asked: bool = True
) -> Message:
    """A lead with everything that one wants to know before one calls.

    Args:
        words: the reader's.
        page: what it shows.
        head: what has just happened to it, in front of all.
        below: what another noun has to say of it, between the lead and its timeline: hand-offs.
        is_asked: whether somebody wants to see it; what comes by itself does not say what is not known.
    """
    row = page.row
    blocks: list[Block] = [section(head)] if head else []
    blocks += [header(row.company), section(_who(words, page))]
    if row.said:
        blocks += quote(cut(row.said, SAID))
    blocks.append(section(_standing(words, page)))
    pressable = buttons(words, page)
    if pressable:
        blocks.append(actions(*pressable))
    scored = [*_score(words, page), *([_odds(words, page.odds)] if is_asked or isinstance(page.odds, Odds) else [])]
    blocks += [divider(), *(section(text) for text in in_sections(scored))]
    blocks += below
    blocks += [context(text) for text in in_sections(_timeline(words, page))]
    said = head or state(words, page)
    return Message(f"{escape(row.company)}. {said}", blocks)


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


def lengths(words: Words, worked: timedelta, wall: timedelta) -> Mrkdwn:
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
    fast = speed(words, page)
    return Mrkdwn(f"{stands}\n{fast}" if fast else stands)


def speed(words: Words, page: Card) -> Mrkdwn | None:
    """How long it took until somebody reached out, or has taken so far: in working time, and on the wall."""
    found = page.speed
    if found is None:
        return None
    said = {"took": lengths(words, found.worked, found.wall), "target": duration(words, found.target)}
    if found.touch:
        key = "leads.speed.met" if found.is_met else "leads.speed.missed"
        return md(words, key, **said)
    if found.due_at and found.is_met:
        return md(words, "leads.speed.runs", due=_moment(words, page, found.due_at), **said)
    return md(words, "leads.speed.late" if not found.is_met else "leads.speed.rests", **said)


def buttons(words: Words, page: Card) -> list[Block]:
    """What its reader can do with it now, the likely thing first."""
    row = page.row
    if page.can_claim:
        return [button(words("leads.button.claim"), ids.LEAD_CLAIM, carried("claim", row), primary=True)]
    if row.state is not LeadState.WORKING:
        return []
    log = button(words("leads.button.log"), ids.LEAD_LOG, carried("log", row), primary=row.owner_id == page.reader.id)
    back = button(words("leads.button.release"), f"{ids.LEAD_DO}.0", carried("release", row))
    is_from_queue = row.direction == Direction.INBOUND and page.can_change
    hand_over = button(words("leads.button.handoff"), ids.HANDOFF_GIVE, ids.pack(c=row.company, r=row.account_id.hex))
    return [log, *([hand_over] if page.can_change else []), *([back] if is_from_queue else [])]


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


def _odds(words: Words, found: Odds | TooFew) -> Mrkdwn:
    """The share won of leads like this one, and of how many cases; or that there are too few."""
    cases = {"won": words.number(found.cases.won), "lost": words.number(found.cases.lost)}
    if isinstance(found, TooFew):
        return md(words, "leads.odds.too_few", least=words.number(found.least), **cases)
    percent = min(99, max(1, round(100 * found.share)))  # an estimate is never sure
    head = md(words, "leads.odds.share", percent=words.number(percent), **cases)
    parts = [
        md(words, f"leads.odds.{each.feature}", won=words.number(each.tally.won), seen=words.number(each.tally.seen))
        for each in found.used
    ]
    return Mrkdwn("\n".join([head, *([SEPARATOR.join(parts)] if parts else [])]))


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
    what = words(f"leads.happened.{each.what}", **{**detail, **shown})
    if each.what == Happening.HANDOFF:
        what = f"{what}{SEPARATOR}{step(words, detail['state'], detail.get('reason'), page.name(detail.get('taker')))}"
    is_said = each.what == Happening.HANDOFF and each.by == detail.get("taker")
    parts = [_moment(words, page, each.at), what, *([page.name(each.by)] if each.by and not is_said else [])]
    said = detail.get("note") or (detail.get("said") if each.what == Happening.CAME_AGAIN else None)
    note = [words("leads.words", text=cut(" ".join(str(said).split()), NOTE))] if said else []
    return escape(SEPARATOR.join([*parts, *note]))


def _moment(words: Words, page: Card, at: datetime) -> str:
    """A moment on the reader's own wall; today only its time."""
    local = at.astimezone(page.reader.zone)
    clock = words.time(local.time())
    return clock if local.date() == page.today else f"{words.day(local.date(), page.today)} {clock}"


def in_short(words: Words, page: Card) -> Mrkdwn:
    """A lead in one line of small print."""
    row = page.row
    names = [escape(row.company), *([escape(row.person)] if row.person else [])]
    reach = [escape(each) for each in (row.phone, row.email) if each and each != row.person]
    score = md(words, "leads.score.short", points=page.facts.points, grade=page.facts.grade)
    return Mrkdwn(SEPARATOR.join([*names, *reach, score, state(words, page)]))


def carried(verb: str, row: LeadRow, **more: Any) -> str:
    """What a button carries: what to do, and to which lead."""
    return ids.pack(a=verb, l=row.id.hex, **more)
