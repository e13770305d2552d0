"""How deals ended, and those that are open: what figures are made of.

As they stand, or by what was recorded at some moment. Of closed ones the ending says all; an open one is read from its
row, or, as of a moment, folded from its changes.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, select, union

from bot.deals.endings import ending, owner, share
from bot.deals.queries import IS_OPEN, change, deal
from bot.deals.rules import Change, as_of
from bot.deals.states import CLOSED, KINDS, Kind
from bot.money import Money
from bot.store.sql import Param, Prepared, digits, one_of, unindexed

WORKSPACE: Param = bindparam("workspace")
START: Param = bindparam("start", type_=ending.c.happened_at.type)
END: Param = bindparam("end", type_=ending.c.happened_at.type)
KNOWN: Param = bindparam("known", type_=change.c.recorded_at.type)


class Course(NamedTuple):
    """A deal as it stood. `furthest` is the last of the open stages that it ever stood in; `shares` are in percent, of
    whom but the owner. Ids are hex digits, for there may be a hundred thousand. Moments in UTC.
    """

    id: str
    account_id: str
    owner_id: str
    lead_id: str | None
    kind: Kind
    stage: str
    furthest: str | None
    opened_at: datetime
    closed_at: datetime | None
    money: Money | None
    close_on: date | None
    reason: str | None
    shares: Mapping[str, str] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it was neither won nor lost."""
        return self.stage not in CLOSED


_LATER = ending.alias("later_ending")
IS_LAST = ~exists().where(
    _LATER.c.workspace_id == ending.c.workspace_id,
    _LATER.c.deal_id == ending.c.deal_id,
    _LATER.c.n > ending.c.n,
    unindexed(_LATER.c.recorded_at) <= KNOWN,
)


def _endings(*narrower: Any) -> Prepared:
    when = (ending.c.happened_at >= START, ending.c.happened_at < END)
    return Prepared(select(func.count().label("n")).where(ending.c.workspace_id == WORKSPACE, *when, *narrower))


ENDINGS = _endings()
ENDINGS_OF = _endings(one_of(ending.c.owner_id, "people"))
OF_THEIRS = select(share.c.deal_id).where(share.c.workspace_id == WORKSPACE, one_of(share.c.person_id, "people"))
"""The deals of others that they have, or once had, a share of."""

_STANDS = [
    *(digits(deal.c[name]) for name in ("id", "account_id", "lead_id")),
    *(deal.c[name] for name in "owner_id kind stage opened_at amount currency close_on shares".split()),
]
HERE = select(deal.c.id).where(deal.c.workspace_id == WORKSPACE)


def _open(*narrower: Any) -> Prepared:
    return Prepared(select(*_STANDS).where(deal.c.workspace_id == WORKSPACE, *narrower))


OPEN = _open(IS_OPEN)
OPEN_OF = _open(one_of(deal.c.owner_id, "people"), IS_OPEN)
OPEN_SHARED = _open(deal.c.id.in_(OF_THEIRS), IS_OPEN)


def _of(deals: Any) -> Prepared:
    """All changes of some deals, deal by deal and in order.

    What was recorded later is left out behind the database: SQLite would take the index of that time for all of them.
    """
    return Prepared(
        select(digits(change.c.deal_id), *(change.c[name] for name in Change._fields))
        .where(change.c.workspace_id == WORKSPACE, change.c.deal_id.in_(deals))
        .order_by(change.c.deal_id, change.c.n)
    )


def _changed_since() -> Select[Any]:
    return select(change.c.deal_id).where(change.c.workspace_id == WORKSPACE, change.c.recorded_at > KNOWN)


OPEN_THEN = _of(union(HERE.where(IS_OPEN), _changed_since()))
"""What is open now, and what has changed since: whatever was open then is one or the other."""
_WAS_KNOWN = unindexed(deal.c.recorded_at) <= KNOWN
_ENDED_SINCE = select(ending.c.deal_id).where(
    ending.c.workspace_id == WORKSPACE, one_of(ending.c.owner_id, "people"), ending.c.recorded_at > KNOWN
)
_PASSED_ON = and_(
    owner.c.workspace_id == deal.c.workspace_id, owner.c.deal_id == deal.c.id, owner.c.person_id != deal.c.owner_id
)
OPEN_THEN_OF = _of(
    union(
        HERE.where(one_of(deal.c.owner_id, "people"), IS_OPEN, _WAS_KNOWN),
        HERE.where(deal.c.id.in_(_ENDED_SINCE), _WAS_KNOWN),
        select(owner.c.deal_id)
        .join(deal, _PASSED_ON)
        .where(owner.c.workspace_id == WORKSPACE, one_of(owner.c.person_id, "people"), _WAS_KNOWN),
    )
)
"""What is theirs and open now, what ended since as theirs, and what was theirs and is another's now: whatever was
theirs and open then is one of these. Most that they ever had is none of them, and is not looked at.
"""
OPEN_THEN_SHARED = _of(OF_THEIRS)


def how_many_ended(
    tx: Connection, workspace_id: str, start: datetime, end: datetime, people: Collection[str] | None = None
) -> int:
    """How often deals of these owners or (None) of everybody ended, or were reopened, in [start, end)."""
    values = {"workspace": workspace_id, "start": start, "end": end}
    found = ENDINGS.first(tx, values) if people is None else ENDINGS_OF.first(tx, {**values, "people": people})
    return int(found.n) if found else 0


def still_open(
    tx: Connection, workspace_id: str, people: Collection[str] | None = None, known: datetime | None = None
) -> list[Course]:
    """The deals that are open, of these owners or (None) of everybody; with `known`, that were by what was recorded.

    The oldest first.
    """
    here = {"workspace": workspace_id}
    theirs = here if people is None else {**here, "people": people}
    if known is None:
        standing = (OPEN if people is None else OPEN_OF).all(tx, theirs)
        return sorted(map(_standing, standing), key=lambda each: each.id)
    rows = (OPEN_THEN if people is None else OPEN_THEN_OF).all(tx, {**theirs, "known": known})
    return [each for each in _folded(rows, people, known) if each.is_open]


def still_open_shared(
    tx: Connection, workspace_id: str, people: Collection[str], known: datetime | None = None
) -> list[Course]:
    """The same of those deals of which any of these people have a share, whoever owns them."""
    theirs = {"workspace": workspace_id, "people": people}
    if known is None:
        found = [_standing(row) for row in OPEN_SHARED.all(tx, theirs)]
    else:
        found = [each for each in _folded(OPEN_THEN_SHARED.all(tx, theirs), None, known) if each.is_open]
    return [each for each in found if not {*people}.isdisjoint(each.shares or ())]


def _standing(row: Any) -> Course:
    return Course(
        id=row.id,
        account_id=row.account_id,
        owner_id=row.owner_id,
        lead_id=row.lead_id,
        kind=KINDS[row.kind],
        stage=row.stage,
        furthest=row.stage,
        opened_at=row.opened_at,
        closed_at=None,
        money=_money(row.amount, row.currency),
        close_on=row.close_on,
        reason=None,
        shares=row.shares,
    )


def _folded(rows: Iterable[Any], people: Collection[str] | None, known: datetime) -> Iterable[Course]:
    wanted = None if people is None else set(people)
    for deal_id, group in groupby(rows, key=lambda row: row.deal_id):
        stood = as_of((Change(*row[1:]) for row in group), known)
        if stood and (wanted is None or stood["owner_id"] in wanted):
            yield _course(deal_id, stood)


def _course(deal_id: str, stood: Mapping[str, Any]) -> Course:
    lead_id, close_on = stood.get("lead_id"), stood.get("close_on")
    return Course(
        id=deal_id,
        account_id=UUID(stood["account_id"]).hex,
        owner_id=stood["owner_id"],
        lead_id=UUID(lead_id).hex if lead_id else None,
        kind=Kind(stood["kind"]),
        stage=stood["stage"],
        furthest=stood["stage"],
        opened_at=datetime.fromisoformat(stood["opened_at"]),
        closed_at=None,
        money=_money(stood.get("amount"), stood["currency"]),
        close_on=date.fromisoformat(close_on) if close_on else None,
        reason=None,
        shares=stood.get("shares"),
    )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(currency, minor)
