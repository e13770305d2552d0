"""Where deals and customers came from: the source and the segment of their own lead, or the first of their company's.

By what was recorded at some moment; a lead's source and segment are what stands, for leads keep no versions.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Connection, FromClause, and_, bindparam, func, select

from bot.leads.queries import lead
from bot.people.queries import LATEST
from bot.reading.text import fold
from bot.store.sql import Param, Prepared, digits, one_of_ids, unindexed

UNKNOWN = "unknown"
"""The source of a deal whose company was never a lead."""

KNOWN: Param = bindparam("known", type_=lead.c.recorded_at.type)

_KNOWN_HERE = (
    lead.c.workspace_id == bindparam("workspace"),
    lead.c.recorded_at <= KNOWN,
)
LEADS = Prepared(
    select(digits(lead.c.id), lead.c.source, lead.c.segment).where(*_KNOWN_HERE, one_of_ids(lead.c.id, "leads"))
)
FIRST_LEADS = Prepared(
    select(digits(lead.c.account_id), lead.c.source, lead.c.segment)
    .where(*_KNOWN_HERE, one_of_ids(lead.c.account_id, "accounts"))
    .order_by(lead.c.recorded_at.desc(), lead.c.id.desc())
)
"""Those of companies, the first one last."""


class Origin(NamedTuple):
    """Where a deal came from: the source of its lead, and the segment that its company is in (folded), if any."""

    source: str = UNKNOWN
    segment: str | None = None


_FIRST = lead.alias("first_lead")


def lead_of(row: FromClause) -> ColumnElement[bool]:
    """What joins the lead that a row (of the columns `workspace_id`, `lead_id`, `account_id`) comes from."""
    first = (
        select(_FIRST.c.id)
        .where(
            _FIRST.c.workspace_id == row.c.workspace_id,
            _FIRST.c.account_id == row.c.account_id,
            unindexed(_FIRST.c.recorded_at) <= KNOWN,
        )
        .order_by(_FIRST.c.recorded_at, _FIRST.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return and_(
        lead.c.workspace_id == row.c.workspace_id,
        lead.c.id == func.coalesce(row.c.lead_id, first),
        unindexed(lead.c.recorded_at) <= KNOWN,
    )


class Rooted(Protocol):
    """What comes from a lead: a deal, a customer. Ids are hex digits."""

    @property
    def lead_id(self) -> str | None:
        """Its own lead, if any."""
        ...

    @property
    def account_id(self) -> str:
        """Its company."""
        ...


def origins_of(tx: Connection, workspace_id: str, found: Collection[Rooted], known: datetime | None) -> list[Origin]:
    """Where each came from, one by one."""
    when = {"workspace": workspace_id, "known": known or LATEST}
    leads = {each.lead_id for each in found if each.lead_id}
    accounts = {each.account_id for each in found if not each.lead_id}
    by_lead = {row.id: origin(row.source, row.segment) for row in _some(LEADS, tx, {**when, "leads": leads})}
    by_account = {
        row.account_id: origin(row.source, row.segment)
        for row in _some(FIRST_LEADS, tx, {**when, "accounts": accounts})
    }
    nowhere = Origin()
    return [
        by_lead.get(each.lead_id, nowhere) if each.lead_id else by_account.get(each.account_id, nowhere)
        for each in found
    ]


def _some(statement: Prepared, tx: Connection, values: Mapping[str, Any]) -> list[Any]:
    return statement.all(tx, values) if all(values.values()) else []


@lru_cache(maxsize=1024)
def origin(source: str | None, segment: str | None) -> Origin:
    """The origin behind a lead's source and segment, or (None) without a lead. Kept: a workspace has few of them."""
    return Origin(source or UNKNOWN, fold(segment).strip() or None if segment else None)
