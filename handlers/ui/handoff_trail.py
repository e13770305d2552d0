"""How a hand-off stands and how it came there: its state, its steps, moments and lengths in the reader's words."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.handoffs.pages import Page
from bot.handoffs.queries import ChangeRow
from bot.handoffs.states import ASKED, SOLD_AGAIN, Kind, Reason, State
from bot.words import Words
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import Mrkdwn, escape, md, on_each_wall

SIGNS = {
    State.WAITING: ":inbox_tray:",
    State.OFFERED: ":hourglass_flowing_sand:",
    State.ACCEPTED: ":large_green_circle:",
    State.REQUALIFIED: ":white_check_mark:",
    State.REJECTED: ":leftwards_arrow_with_hook:",
    State.WITHDRAWN: ":heavy_minus_sign:",
}


def what_became(words: Words, page: Page) -> Mrkdwn:
    """For somebody who had it on offer once: what they did, and where it is."""
    ended = page.offer.ended if page.offer else None
    if page.row.state is State.WITHDRAWN:
        ended = State.WITHDRAWN
    reason = page.offer.reason if page.offer else None
    key = f"{ended}.{reason}" if ended == State.REASSIGNED and reason in set(Reason) else ended
    return md(words, f"handoffs.ended.{key}", giver=page.name(page.row.giver_id), taker=taker_said(words, page))


def standing(words: Words, page: Page) -> Mrkdwn:
    """Where it stands, in a few words."""
    row = page.row
    if row.state is State.OFFERED:
        key = "handoffs.state.asked" if row.kind in ASKED else "handoffs.state.offered"
        return md(words, key if page.offers[-1].due_at else f"{key}_no_clock", due=due_by(words, page))
    if row.state is State.ACCEPTED:
        return _accepted(words, page)
    if row.state is State.REJECTED:
        return md(words, "handoffs.state.rejected", reason=words(f"handoffs.reject.{row.reason}"))
    if row.state is State.REQUALIFIED and not (page.reader and page.reader.id == row.giver_id):
        return md(words, "handoffs.state.requalified_for", giver=page.name(row.giver_id))
    return md(words, f"handoffs.state.{row.state}")


def _accepted(words: Words, page: Page) -> Mrkdwn:
    row, took = page.row, _took(words, page)
    if row.kind not in SOLD_AGAIN:
        return md(words, "handoffs.state.taken_over" if row.kind is Kind.STUCK else "handoffs.state.done", took=took)
    if page.touch:
        return md(words, "handoffs.state.touched", took=took, at=moment_of(words, page, page.touch))
    due = moment_of(words, page, row.touch_due_at) if row.touch_due_at else "–"
    return md(words, "handoffs.state.accepted", took=took, due=due)


def trail_of(words: Words, page: Page) -> Mrkdwn | None:
    """How it came here: `14:08 offered to Devon · 14:20 Devon is away, moved on · 14:32 accepted`."""
    steps = [text for each in page.changes if (text := _step(words, page, each))]
    return Mrkdwn(SEPARATOR.join(steps)) if steps else None


def _step(words: Words, page: Page, each: ChangeRow) -> str:
    is_asked = each.after == State.OFFERED and page.row.kind in ASKED
    said = step(words, "asked" if is_asked else each.after, each.reason, page.name(each.taker_id))
    return f"{moment_of(words, page, each.at)} {escape(said)}"


def step(words: Words, after: str, reason: str | None, who: str) -> str:
    """One change of a hand-off as plain text: `accepted by Dana Lee`.

    Args:
        words: the reader's.
        after: the state that it came to, or `asked`.
        reason: why, a code.
        who: whom it lay with then.
    """
    key = f"handoffs.trail.{after}"
    why = words(f"handoffs.decline.{reason}") if after == State.DECLINED else ""
    why = words(f"handoffs.reject.{reason}") if after == State.REJECTED else why
    return words(f"{key}.{reason}" if after == State.REASSIGNED else key, who=who, reason=why)


def _took(words: Words, page: Page) -> str:
    """How long the answer took since the offer, on the wall."""
    offer = page.offers[-1] if page.offers else None
    began = offer.offered_at if offer else page.row.recorded_at
    return _length(words, (page.row.accepted_at or page.now) - began)


def _length(words: Words, span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 120:
        return words.plural("handoffs.minutes", minutes)
    return words.plural("handoffs.hours", round(minutes / 60))


def kind_said(words: Words, page: Page) -> Mrkdwn:
    """What it is, where it is no lead for a sale."""
    if page.row.kind is Kind.SALE:
        return Mrkdwn()
    return Mrkdwn(f"{SEPARATOR}{escape(words(f'handoffs.kind.{page.row.kind}'))}")


def taker_said(words: Words, page: Page) -> str:
    """Whom it lies with, or that nobody has it yet."""
    return page.name(page.row.taker_id) if page.row.taker_id else words("handoffs.nobody_yet")


def due_by(words: Words, page: Page) -> str:
    """By when the offer that runs is to be answered."""
    due_at = page.offers[-1].due_at if page.offers else None
    return moment_of(words, page, due_at) if due_at else "–"


def moment_of(words: Words, page: Page, at: datetime) -> str:
    """A moment on the wall of the page's reader; in a channel, on that of each."""
    said = clock(words, at, page.zone, page.now)
    if page.reader:
        return said
    is_today = at.astimezone(page.zone).date() == page.now.astimezone(page.zone).date()
    return on_each_wall(at, "{time}" if is_today else "{date_short} {time}", said)


def clock(words: Words, at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A moment on the reader's own wall, with its day where that is not today's."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    time = words.time(local.time())
    return time if local.date() == today else f"{words.day(local.date(), today)} {time}"


def day_of(words: Words, page: Page, at: datetime) -> str:
    """The day that a moment falls on where the reader is."""
    today = page.now.astimezone(page.zone).date()
    return words.day(at.astimezone(page.zone).date(), today)
