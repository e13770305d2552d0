"""Speed to lead of everything that came to us within some days, by source."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.leads import queries
from bot.leads.queries import LeadRow, Touch
from bot.leads.rules import TOUCHES
from bot.leads.speed import RUNS_IN, speed_of, staff
from bot.leads.states import Happening


@dataclass(frozen=True, slots=True)
class Speeds:
    """How long it took until somebody reached out, in working time, of those that were reached; and how many of those
    to whom nobody has still wait.
    """

    took: tuple[timedelta, ...] = ()
    waiting: int = 0


def by_source(
    tx: Connection, workspace_id: str, since: datetime, until: datetime, now: datetime
) -> Mapping[str, Speeds]:
    """Of the leads received in [since, until), in a fixed number of look-ups; those that were put off have no clock."""
    rows = queries.came(tx, workspace_id, since, until)
    if not rows:
        return {}
    happened = queries.events_of(tx, workspace_id, [row.id for row in rows], list(Happening))
    touches = queries.with_leads(tx, workspace_id, happened)
    owners = sorted({row.owner_id for row in rows if row.owner_id})
    there = staff(tx, workspace_id, now, owners=owners, since=since)
    found: dict[str, Speeds] = {}
    for row in rows:
        first = _first(row, touches[row.id])
        held = found.get(row.source, Speeds())
        if first:
            worked = speed_of(row, there, first, now).worked
            found[row.source] = Speeds((*held.took, worked), held.waiting)
        elif row.state in RUNS_IN and all(each.what != Happening.NURTURED for each in happened[row.id]):
            found[row.source] = Speeds(held.took, held.waiting + 1)
    return found


def _first(row: LeadRow, touches: Iterable[Touch]) -> Touch | None:
    return next((each for each in touches if each.kind in TOUCHES and each.at >= row.received_at), None)
