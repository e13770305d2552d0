"""What open deals are weighed by: the share won of the deals that entered each stage, reckoned once for each day.

The database counts, by segment, by how far they came and how they ended, in one statement. The counts of a day are
kept, for a year of a large workspace is a second or more of work, and every look at a quota asks for them.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, case, exists, func, or_, select

from bot.deals.endings import ending
from bot.deals.rules import YEAR, months_later
from bot.deals.states import Kind, What
from bot.figures.conversion import WinShares
from bot.figures.rates import Rate
from bot.leads.queries import lead
from bot.performance.deals import DAY, STAGES, Calendar
from bot.performance.model import WinCount
from bot.reading.text import fold
from bot.store.engine import Store
from bot.store.sql import Param, Prepared, table_of, upsert

SETTLED = timedelta(seconds=10)
"""How long after the beginning of a day its counts are kept: what was recorded before is in the database by then."""

kept = table_of(WinCount)

WORKSPACE: Param = bindparam("workspace")
START: Param = bindparam("start", type_=ending.c.happened_at.type)
END: Param = bindparam("end", type_=ending.c.happened_at.type)
KNOWN: Param = bindparam("known", type_=ending.c.recorded_at.type)

_LATER = ending.alias("later")
_IS_LAST = ~exists().where(
    _LATER.c.workspace_id == ending.c.workspace_id,
    _LATER.c.deal_id == ending.c.deal_id,
    _LATER.c.n > ending.c.n,
    _LATER.c.recorded_at <= KNOWN,
)
_COUNTS = or_(
    ending.c.what == What.WON.value,
    and_(ending.c.what == What.LOST.value, or_(ending.c.reason.is_(None), ending.c.reason != "duplicate")),
)
_KNOWN_LEAD = and_(lead.c.workspace_id == ending.c.workspace_id, lead.c.recorded_at <= KNOWN)
_SEGMENT = case(
    (
        ending.c.lead_id.is_not(None),
        select(lead.c.segment).where(_KNOWN_LEAD, lead.c.id == ending.c.lead_id).scalar_subquery(),
    ),
    else_=select(lead.c.segment)
    .where(_KNOWN_LEAD, lead.c.account_id == ending.c.account_id)
    .order_by(lead.c.recorded_at, lead.c.id)
    .limit(1)
    .scalar_subquery(),
)
_ENDED = (
    select(_SEGMENT.label("segment"), ending.c.furthest, ending.c.what)
    .where(
        ending.c.workspace_id == WORKSPACE,
        ending.c.happened_at >= START,
        ending.c.happened_at < END,
        ending.c.recorded_at <= KNOWN,
        ending.c.kind != Kind.RENEWAL.value,
        _COUNTS,
        _IS_LAST,
    )
    .subquery()
)
COUNTED = Prepared(
    select(_ENDED.c.segment, _ENDED.c.furthest, _ENDED.c.what, func.count().label("deals")).group_by(
        _ENDED.c.segment, _ENDED.c.furthest, _ENDED.c.what
    )
)
KEPT = Prepared(
    select(kept.c.counts).where(
        kept.c.workspace_id == WORKSPACE,
        kept.c.day == bindparam("day", type_=kept.c.day.type),
        kept.c.began_at == bindparam("began", type_=kept.c.began_at.type),
    )
)


class Counted(NamedTuple):
    """So many deals of a segment (as it is written) that came as far as a stage, and were won or not."""

    segment: str | None
    furthest: str | None
    is_won: bool
    deals: int


def win_shares(tx: Connection, workspace_id: str, day: date) -> WinShares:
    """What open deals are weighed by on `day`, a day of the workspace's: of those that closed in the twelve months
    before it, by what was recorded when it began. The same all day, and whenever it is asked again.
    """
    began = _began(tx, workspace_id, day)
    row = KEPT.first(tx, {"workspace": workspace_id, "day": day, "began": began})
    return shares_of([Counted(*each) for each in row.counts] if row else _counted(tx, workspace_id, day))


def keep_shares(store: Store, workspace_id: str, day: date, now: datetime) -> None:
    """Keep the counts of a day that has begun, unless they are. They are read before anything is held for writing."""
    with store.read() as tx:
        began = _began(tx, workspace_id, day)
        if now < began + SETTLED or KEPT.first(tx, {"workspace": workspace_id, "day": day, "began": began}):
            return
        counts = [list(each) for each in _counted(tx, workspace_id, day)]
    values = {"workspace_id": workspace_id, "day": day, "began_at": began, "counts": counts}
    with store.write() as tx:
        upsert(tx, WinCount, values, ["began_at", "counts"])


def keep_today(store: Store, workspace_id: str, now: datetime) -> datetime:
    """Keep those of the day that runs where the workspace is; the moment (UTC) to ask for the next one."""
    with store.read() as tx:
        here = Calendar.of(tx, workspace_id)
    day = here.day(now - SETTLED)
    keep_shares(store, workspace_id, day, now)
    return here.start(day + DAY) + SETTLED


def shares_of(counts: Iterable[Counted]) -> WinShares:
    """The shares behind counts; case and blanks make no segment."""
    segments: dict[str, list[Counted]] = {}
    every = list(counts)
    for each in every:
        segment = fold(each.segment).strip() if each.segment else ""
        if segment:
            segments.setdefault(segment, []).append(each)
    return WinShares(_rates(every), {segment: _rates(several) for segment, several in segments.items()})


def _rates(counts: list[Counted]) -> dict[str, Rate]:
    won = sum(each.deals for each in counts if each.is_won)
    return {
        stage: Rate(won, sum(each.deals for each in counts if _reached(each) > place))
        for place, stage in enumerate(STAGES)
    }


def _reached(each: Counted) -> int:
    """How many stages it has entered: a won deal all of them, one that skips a stage that, too."""
    if each.is_won:
        return len(STAGES)
    return STAGES.index(each.furthest) + 1 if each.furthest in STAGES else 0


def _counted(tx: Connection, workspace_id: str, day: date) -> list[Counted]:
    known = _began(tx, workspace_id, day)
    here = Calendar.of(tx, workspace_id, known)
    start, end = here.start(months_later(day, -YEAR)), here.start(day)
    values = {"workspace": workspace_id, "start": start, "end": end, "known": known}
    return [_of_row(row) for row in COUNTED.all(tx, values)]


def _of_row(row: Any) -> Counted:
    return Counted(row.segment, row.furthest, row.what == What.WON, row.deals)


def _began(tx: Connection, workspace_id: str, day: date) -> datetime:
    """The moment at which a day begins where the workspace is."""
    return Calendar.of(tx, workspace_id).start(day)
