"""The lives of customers: what they bought when, when they left, and who cared for them at any moment.

By what was recorded at some moment; what was taken back (a win that was reopened, a departure that was none) is not in
it. Read from how deals ended and customers left, which is kept with the changes that say so.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from bot.deals.endings import carer, ending, leaving
from bot.deals.queries import customer_change
from bot.deals.states import Kind, Turn, What
from bot.people.queries import LATEST
from bot.store.sql import Prepared, one_of

THEIRS = select(carer.c.account_id).where(
    carer.c.workspace_id == bindparam("workspace"), one_of(carer.c.person_id, "people")
)
"""Whom they care for, or once cared for or sold to."""


class _Read(NamedTuple):
    """A statement about every customer, and about those of some people."""

    every: Prepared
    theirs: Prepared

    def rows(self, tx: Connection, values: Mapping[str, Any], known: datetime) -> list[Any]:
        """What was recorded by then: left out behind the database, for SQLite would take the index of that time."""
        found = (self.theirs if "people" in values else self.every).all(tx, values)
        return [row for row in found if row.recorded_at <= known]


def _read(statement: Select[Any], account_id: ColumnElement[UUID]) -> _Read:
    return _Read(Prepared(statement), Prepared(statement.where(account_id.in_(THEIRS))))


_SAID = "account_id deal_id n what owner_id lead_id kind amount currency happened_at recorded_at".split()
ENDINGS = _read(
    select(*(ending.c[name] for name in _SAID)).where(ending.c.workspace_id == bindparam("workspace")),
    ending.c.account_id,
)
LEAVINGS = _read(
    select(leaving.c.account_id, leaving.c.n, leaving.c.what, leaving.c.happened_at, leaving.c.recorded_at)
    .where(leaving.c.workspace_id == bindparam("workspace"))
    .order_by(leaving.c.account_id, leaving.c.n),
    leaving.c.account_id,
)
GIVEN = _read(
    select(
        customer_change.c.account_id,
        customer_change.c.n,
        customer_change.c.after,
        customer_change.c.happened_at,
        customer_change.c.recorded_at,
    )
    .where(customer_change.c.workspace_id == bindparam("workspace"), customer_change.c.what == Turn.GIVEN.value)
    .order_by(customer_change.c.account_id, customer_change.c.n),
    customer_change.c.account_id,
)


@dataclass(frozen=True, slots=True)
class Bought:
    """A won deal as it made a customer: its value in minor units where it is in the asked currency, else 0."""

    at: datetime
    deal_id: UUID
    owner_id: str
    is_upsell: bool
    value: int


@dataclass(frozen=True, slots=True)
class Life:
    """One customer: `bought` in order, `away` from leaving to coming back (None: not so far), and who cared for them
    from which moment on. Moments in UTC.
    """

    account_id: UUID
    bought: tuple[Bought, ...]
    away: tuple[tuple[datetime, datetime | None], ...] = ()
    cared: tuple[tuple[datetime, str | None], ...] = ()
    lead_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """The company."""
        return self.account_id

    @property
    def carers(self) -> set[str]:
        """Whoever cared for them at any moment, or sold to them."""
        return {each.owner_id for each in self.bought} | {person for _, person in self.cared if person}

    def value(self, at: datetime) -> int | None:
        """What they pay for at a moment: the last deal that was no upsell, and the upsells since; None: no customer."""
        until = [each for each in self.bought if each.at < at]
        base = next((each for each in reversed(until) if not each.is_upsell), None)
        if base is None or any(left < at and (back is None or at <= back) for left, back in self.away):
            return None
        return base.value + sum(each.value for each in until if each.is_upsell and each.at >= base.at)

    def carer(self, at: datetime) -> str | None:
        """Who cared for them at a moment: somebody of customer success, else who had sold to them last."""
        given = [person for since, person in self.cared if since < at]
        sold = [each.owner_id for each in self.bought if each.at < at and not each.is_upsell]
        return (given[-1] if given else None) or (sold[-1] if sold else None)


def lives(
    tx: Connection,
    workspace_id: str,
    currency: str,
    people: Collection[str] | None = None,
    known: datetime | None = None,
) -> list[Life]:
    """The customers for whom these people ever cared, or to whom they sold, or (None) all of them."""
    values: dict[str, Any] = {"workspace": workspace_id} | ({} if people is None else {"people": people})
    by_account: list[dict[UUID, list[Any]]] = []
    for statement in (ENDINGS, LEAVINGS, GIVEN):
        found: dict[UUID, list[Any]] = {}
        for row in statement.rows(tx, values, known or LATEST):
            found.setdefault(row.account_id, []).append(row)
        by_account.append(found)
    endings, leavings, given = by_account
    return [
        _life(account_id, won, leavings.get(account_id, ()), given.get(account_id, ()), currency)
        for account_id, rows in endings.items()
        if any(each.what == What.WON for each in _last(rows))
        for won in [rows]
    ]


def _last(rows: Iterable[Any]) -> list[Any]:
    """How each deal stands: its last ending, or that it was reopened."""
    found: dict[UUID, Any] = {}
    for row in rows:
        if row.deal_id not in found or row.n > found[row.deal_id].n:
            found[row.deal_id] = row
    return list(found.values())


def _life(account_id: UUID, rows: Sequence[Any], leavings: Iterable[Any], given: Iterable[Any], currency: str) -> Life:
    won = sorted(
        (each for each in _last(rows) if each.what == What.WON), key=lambda row: (row.happened_at, row.deal_id)
    )
    return Life(
        account_id,
        tuple(_bought(each, currency) for each in won),
        tuple(_away(leavings, rows)),
        tuple((each.happened_at, each.after.get("csm_id")) for each in given),
        won[0].lead_id,
    )


def _bought(row: Any, currency: str) -> Bought:
    value = row.amount if row.amount and row.currency == currency else 0
    return Bought(row.happened_at, row.deal_id, row.owner_id, row.kind == Kind.UPSELL, value)


def _away(leavings: Iterable[Any], endings: Iterable[Any]) -> list[tuple[datetime, datetime | None]]:
    """When they had left, as it was said in the end; what they bought since says that they are back."""
    found: list[tuple[datetime, datetime, datetime | None]] = []
    for each in leavings:
        if each.what == Turn.CHURNED:
            found.append((each.recorded_at, each.happened_at, None))
        elif found:
            found.pop()
    wins = sorted(_wins(endings), key=lambda row: row.recorded_at)
    return [
        (left, next((each.happened_at for each in wins if each.recorded_at > recorded), None))
        for recorded, left, _ in found
    ]


def _wins(endings: Iterable[Any]) -> list[Any]:
    """Every win, but not that a won deal was divided anew."""
    found, before = [], dict[UUID, str]()
    for each in sorted(endings, key=lambda row: (row.deal_id, row.n)):
        if each.what == What.WON and before.get(each.deal_id) != What.WON:
            found.append(each)
        before[each.deal_id] = each.what
    return found
