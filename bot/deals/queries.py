"""Reads about deals and customers: single ones, lists, and the changes that every figure is made of."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, or_, select

from bot.accounts.model import Account
from bot.deals.model import Customer, CustomerChange, Deal, DealChange, DealShare
from bot.deals.rules import Change
from bot.deals.states import PIPELINE, Kind, Stage
from bot.money import Money
from bot.store.sql import Prepared, one_of, one_of_ids, table_of

deal = table_of(Deal)
change = table_of(DealChange)
share = table_of(DealShare)
customer = table_of(Customer)
customer_change = table_of(CustomerChange)
account = table_of(Account)

HERE = deal.c.workspace_id == bindparam("workspace")
IS_OPEN = or_(*(deal.c.stage == each.value for each in PIPELINE))


@dataclass(frozen=True, slots=True)
class DealRow:
    """A deal as it stands, with the name of the company. Moments in UTC."""

    id: UUID
    account_id: UUID
    kind: Kind
    stage: Stage
    version: int
    owner_id: str
    giver_id: str | None
    lead_id: UUID | None
    handoff_id: UUID | None
    giver_card: UUID | None
    amount: int | None
    currency: str
    close_on: date | None
    next_step: str | None
    next_on: date | None
    ticks: dict[str, list[str]] | None
    shares: dict[str, str] | None
    reason: str | None
    reason_note: str | None
    renewal_on: date | None
    opened_at: datetime
    staged_at: datetime
    closed_at: datetime | None
    announcement: UUID | None
    recorded_at: datetime
    company: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to be won or lost."""
        return self.stage in PIPELINE

    def ticked(self, stage: Stage) -> tuple[str, ...]:
        """The codes of the points of a stage that are done."""
        return tuple((self.ticks or {}).get(stage, ()))

    @property
    def money(self) -> Money | None:
        """The amount with its currency, where there is one."""
        return None if self.amount is None else Money(self.currency, self.amount)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A company that bought, as it stands, with its name. `deal_id` None: it has bought nothing (any more)."""

    account_id: UUID
    version: int
    deal_id: UUID | None
    owner_id: str | None
    csm_id: str | None
    since_on: date | None
    renewal_on: date | None
    renewal_day: int | None
    amount: int | None
    currency: str | None
    churned_at: datetime | None
    reason: str | None
    reason_note: str | None
    company: str

    @property
    def is_active(self) -> bool:
        """Whether they are a customer now."""
        return self.deal_id is not None and self.churned_at is None

    @property
    def money(self) -> Money | None:
        """What is renewed."""
        return Money(self.currency, self.amount) if self.amount is not None and self.currency else None


def _deals() -> Select[Any]:
    names = [name for name in DealRow.__dataclass_fields__ if name != "company"]
    return select(*(deal.c[name] for name in names), account.c.name.label("company")).join(
        account, and_(account.c.workspace_id == deal.c.workspace_id, account.c.id == deal.c.account_id)
    )


def _customers() -> Select[Any]:
    names = [name for name in CustomerRow.__dataclass_fields__ if name != "company"]
    return select(*(customer.c[name] for name in names), account.c.name.label("company")).join(
        account, and_(account.c.workspace_id == customer.c.workspace_id, account.c.id == customer.c.account_id)
    )


def _changes(table: Any) -> list[Any]:
    return [table.c[name] for name in Change._fields]


NEWEST_FIRST = (deal.c.opened_at.desc(), deal.c.id.desc())
ONE = Prepared(_deals().where(HERE, deal.c.id == bindparam("deal")))
BY_ORIGIN = Prepared(_deals().where(HERE, deal.c.origin == bindparam("origin")))
TOUCHED_BY = Prepared(
    select(change.c.deal_id).where(
        change.c.workspace_id == bindparam("workspace"), change.c.origin == bindparam("origin")
    )
)
OF_HANDOFF = Prepared(_deals().where(HERE, deal.c.handoff_id == bindparam("handoff")))
OF_ACCOUNT = Prepared(_deals().where(HERE, deal.c.account_id == bindparam("account")).order_by(*NEWEST_FIRST))
OPEN_OF = Prepared(_deals().where(HERE, one_of(deal.c.owner_id, "people"), IS_OPEN))
_SHARED = select(share.c.deal_id).where(
    share.c.workspace_id == bindparam("workspace"), share.c.person_id == bindparam("person")
)
SHARED_OPEN = Prepared(_deals().where(HERE, deal.c.id.in_(_SHARED), IS_OPEN))
EVERY = Prepared(_deals().where(HERE).order_by(deal.c.opened_at, deal.c.id))
CHANGES = Prepared(
    select(*_changes(change))
    .where(change.c.workspace_id == bindparam("workspace"), change.c.deal_id == bindparam("deal"))
    .order_by(change.c.n)
)
ALL_CHANGES = Prepared(
    select(change.c.deal_id, *_changes(change))
    .where(
        change.c.workspace_id == bindparam("workspace"),
        change.c.recorded_at <= bindparam("known", type_=change.c.recorded_at.type),
    )
    .order_by(change.c.deal_id, change.c.n)
)
CUSTOMER = Prepared(
    _customers().where(customer.c.workspace_id == bindparam("workspace"), one_of_ids(customer.c.account_id, "accounts"))
)
CUSTOMER_CHANGES = Prepared(
    select(*_changes(customer_change))
    .where(
        customer_change.c.workspace_id == bindparam("workspace"), customer_change.c.account_id == bindparam("account")
    )
    .order_by(customer_change.c.n)
)
CUSTOMER_TOUCHED_BY = Prepared(
    select(customer_change.c.account_id).where(
        customer_change.c.workspace_id == bindparam("workspace"), customer_change.c.origin == bindparam("origin")
    )
)


def find(tx: Connection, workspace_id: str, deal_id: UUID) -> DealRow | None:
    """A deal, or None."""
    row = ONE.first(tx, {"workspace": workspace_id, "deal": deal_id})
    return _row(row) if row else None


def by_origin(tx: Connection, workspace_id: str, origin: str) -> DealRow | None:
    """The deal that a delivery has opened before."""
    row = BY_ORIGIN.first(tx, {"workspace": workspace_id, "origin": origin})
    return _row(row) if row else None


def touched_by(tx: Connection, workspace_id: str, origin: str) -> UUID | None:
    """The deal that a delivery has changed before."""
    row = TOUCHED_BY.first(tx, {"workspace": workspace_id, "origin": origin})
    return row.deal_id if row else None


def of_handoff(tx: Connection, workspace_id: str, handoff_id: UUID) -> DealRow | None:
    """The deal that came of a hand-off."""
    row = OF_HANDOFF.first(tx, {"workspace": workspace_id, "handoff": handoff_id})
    return _row(row) if row else None


def of_account(tx: Connection, workspace_id: str, account_id: UUID) -> list[DealRow]:
    """Every deal of a company, newest first."""
    return [_row(row) for row in OF_ACCOUNT.all(tx, {"workspace": workspace_id, "account": account_id})]


def open_of(tx: Connection, workspace_id: str, person_ids: Collection[str]) -> list[DealRow]:
    """The open deals of these people: what closes first comes first, what has no day last."""
    return _as_they_close(OPEN_OF.all(tx, {"workspace": workspace_id, "people": person_ids}))


def shared_open_of(tx: Connection, workspace_id: str, person_id: str) -> list[DealRow]:
    """The open deals of others that somebody has a share of, likewise."""
    rows = _as_they_close(SHARED_OPEN.all(tx, {"workspace": workspace_id, "person": person_id}))
    return [each for each in rows if person_id in (each.shares or ())]


def every(tx: Connection, workspace_id: str) -> list[DealRow]:
    """All deals of a workspace, oldest first."""
    return [_row(row) for row in EVERY.all(tx, {"workspace": workspace_id})]


def changes(tx: Connection, workspace_id: str, deal_id: UUID) -> list[Change]:
    """Every change of a deal, in order."""
    return [Change(*row) for row in CHANGES.all(tx, {"workspace": workspace_id, "deal": deal_id})]


def all_changes(tx: Connection, workspace_id: str, known: datetime) -> dict[UUID, list[Change]]:
    """The changes of every deal that were recorded by `known`, in order: what figures of that moment are made of."""
    found: dict[UUID, list[Change]] = {}
    for row in ALL_CHANGES.all(tx, {"workspace": workspace_id, "known": known}):
        found.setdefault(row.deal_id, []).append(Change(*row[1:]))
    return found


def customers(tx: Connection, workspace_id: str, account_ids: Collection[UUID]) -> dict[UUID, CustomerRow]:
    """Those of these companies that have bought, or are cared for, by account."""
    rows = CUSTOMER.all(tx, {"workspace": workspace_id, "accounts": account_ids})
    return {row.account_id: CustomerRow(**row._asdict()) for row in rows}


def find_customer(tx: Connection, workspace_id: str, account_id: UUID) -> CustomerRow | None:
    """What is known of a company as a customer, or None."""
    return customers(tx, workspace_id, [account_id]).get(account_id)


def customer_changes(tx: Connection, workspace_id: str, account_id: UUID) -> list[Change]:
    """Every change of a customer, in order."""
    rows = CUSTOMER_CHANGES.all(tx, {"workspace": workspace_id, "account": account_id})
    return [Change(*row) for row in rows]


def customer_touched_by(tx: Connection, workspace_id: str, origin: str) -> UUID | None:
    """The customer that a delivery has changed before."""
    row = CUSTOMER_TOUCHED_BY.first(tx, {"workspace": workspace_id, "origin": origin})
    return row.account_id if row else None


def _as_they_close(rows: Iterable[Any]) -> list[DealRow]:
    return sorted(map(_row, rows), key=lambda each: (each.close_on or date.max, each.opened_at, each.id))


def _row(row: Any) -> DealRow:
    values = row._asdict()
    return DealRow(**{**values, "kind": Kind(values["kind"]), "stage": Stage(values["stage"])})
