"""What became of leads: the closed ones with their features, from which the share won of others like them is drawn.

A lead is won when a first deal of its was (or one of its company's that nobody linked to a lead), and lost when that
was, or when it was found not qualified.
"""

import time
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, and_, case, func, or_, select

from bot.deals.queries import deal
from bot.deals.states import Kind, Stage
from bot.leads.odds import Counts, Odds, Tally, TooFew, share
from bot.leads.queries import HERE, LeadRow, lead
from bot.leads.states import LeadState
from bot.reading.text import fold
from bot.store.sql import Prepared

SIZES = ((10, "1–10"), (50, "11–50"), (200, "51–200"))
LARGEST = "201+"
"""Employees in four bands, as the standard rules of the score have them."""

KEPT_FOR = 100
"""How many times as long as it took to count the counts are kept: counting stays within a hundredth of the work."""

_OF_LEAD = and_(
    deal.c.workspace_id == lead.c.workspace_id,
    deal.c.account_id == lead.c.account_id,
    deal.c.kind == Kind.NEW.value,
    or_(deal.c.lead_id == lead.c.id, deal.c.lead_id.is_(None)),
)
_SIZE = case(
    (lead.c.employees.is_(None), None), *((lead.c.employees <= most, name) for most, name in SIZES), else_=LARGEST
)
_ENDS = (
    select(
        lead.c.source,
        lead.c.country,
        lead.c.industry,
        lead.c.territory,
        lead.c.segment,
        _SIZE.label("size"),
        func.max(case((deal.c.stage == Stage.WON.value, 1), else_=0)).label("won"),
    )
    .select_from(lead)
    .outerjoin(deal, _OF_LEAD)
    .where(
        HERE,
        or_(
            lead.c.state == LeadState.UNQUALIFIED.value,
            deal.c.stage == Stage.WON.value,
            deal.c.stage == Stage.LOST.value,
        ),
    )
    .group_by(lead.c.id, lead.c.source, lead.c.country, lead.c.industry, lead.c.territory, lead.c.segment, _SIZE)
    .subquery()
)
_FEATURES = ("source", "country", "industry", "territory", "segment", "size")
CLOSED = Prepared(
    select(*(_ENDS.c[name] for name in _FEATURES), _ENDS.c.won, func.count().label("n")).group_by(
        *(_ENDS.c[name] for name in _FEATURES), _ENDS.c.won
    )
)


class _Kept(NamedTuple):
    counts: Counts
    until: float


_counted: WeakKeyDictionary[Engine, dict[str, _Kept]] = WeakKeyDictionary()


def odds(tx: Connection, workspace_id: str, row: LeadRow) -> Odds | TooFew:
    """The share won among closed leads like this one, or how far the workspace is from knowing one."""
    return share(counts(tx, workspace_id), features_of(row))


def counts(tx: Connection, workspace_id: str) -> Counts:
    """The closed leads of a workspace by the values of their features, as of a moment ago."""
    kept = _counted.setdefault(tx.engine, {})
    began = time.monotonic()
    if workspace_id not in kept or kept[workspace_id].until <= began:
        found = _count(tx, workspace_id)
        ended = time.monotonic()
        kept[workspace_id] = _Kept(found, ended + KEPT_FOR * (ended - began))
    return kept[workspace_id].counts


def features_of(row: LeadRow) -> dict[str, str]:
    """What leads are compared by; what is not known is empty."""
    size = next((name for most, name in SIZES if row.employees and row.employees <= most), LARGEST)
    values = {name: getattr(row, name) for name in _FEATURES if name != "size"}
    return {name: _plain(value) for name, value in {**values, "size": size if row.employees else None}.items()}


def _count(tx: Connection, workspace_id: str) -> Counts:
    by_values: dict[tuple[str, ...], list[int]] = {}
    for row in CLOSED.all(tx, {"workspace": workspace_id}):
        values = tuple(_plain(getattr(row, name)) for name in _FEATURES)
        tally = by_values.setdefault(values, [0, 0])
        tally[0 if row.won else 1] += row.n
    return Counts.of_tallies(
        (dict(zip(_FEATURES, values, strict=True)), Tally(*tally)) for values, tally in by_values.items()
    )


def _plain(value: str | None) -> str:
    return fold(value).strip() if value else ""
