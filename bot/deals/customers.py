"""Customers: what won deals make of a company, who cares for it, and when it renews. Everything here runs inside a
caller's transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, update

from bot.clock import zone_or_utc
from bot.deals import endings, planning, queries
from bot.deals.changes import plain
from bot.deals.model import Customer, CustomerChange
from bot.deals.queries import CustomerRow, DealRow
from bot.deals.rules import YEAR, Change, months_later
from bot.deals.states import Kind, Stage, Turn
from bot.store.sql import insert_once, table_of
from bot.workspace import queries as workspace

customer = table_of(Customer)
change_table = table_of(CustomerChange)

NOBODY: Mapping[str, Any] = dict.fromkeys(("deal_id", "owner_id", "renewal_on", "renewal_day", "amount", "currency"))
"""What is left of a customer whose deals were all reopened."""


def day_of(tx: Connection, workspace_id: str, at: datetime) -> date:
    """The calendar day of a moment where the workspace is: what money's periods are made of."""
    return at.astimezone(zone_or_utc(workspace.settings(tx, workspace_id).zone)).date()


def renewal_of(
    known: CustomerRow | None, row: DealRow, won_on: date, *, on: date | None = None, months: int | None = None
) -> tuple[date, int]:
    """When a deal that is won on a day is to be renewed, and the day of the month that is meant: a renewal goes on from
    the day that the contract had, anything else from the day of the win.
    """
    if on is not None:
        return on, on.day
    if row.kind is Kind.RENEWAL and known and known.renewal_on:
        day = known.renewal_day or known.renewal_on.day
        return months_later(known.renewal_on, months or YEAR, day), day
    return months_later(won_on, months or YEAR), won_on.day


def bought(
    tx: Connection, workspace_id: str, row: DealRow, renewal_day: int | None, *, by: str, origin: str, now: datetime
) -> None:
    """A deal was won: the company is a customer, or stays one."""
    turn = Turn.RENEWED if row.kind is Kind.RENEWAL else Turn.WON
    known = _ensured(tx, workspace_id, row.account_id, now)
    values = _standing(tx, workspace_id, row.account_id, known)
    values["churned_at"] = values["reason"] = values["reason_note"] = None
    if renewal_day is not None and values["deal_id"] == row.id:
        values["renewal_day"] = renewal_day
    change(tx, workspace_id, known, turn, values, by=by, origin=origin, now=now, happened_at=row.closed_at)


def undone(tx: Connection, workspace_id: str, account_id: UUID, *, by: str, origin: str, now: datetime) -> None:
    """A won deal was reopened: what the others make of the company stands."""
    known = queries.find_customer(tx, workspace_id, account_id)
    if known:
        values = _standing(tx, workspace_id, account_id, known)
        change(tx, workspace_id, known, Turn.UNDONE, values, by=by, origin=origin, now=now)


def given_to(
    tx: Connection, workspace_id: str, account_id: UUID, csm_id: str, *, by: str, origin: str, now: datetime
) -> None:
    """Somebody of customer success has taken a company over: reminders of its renewal are theirs."""
    known = _ensured(tx, workspace_id, account_id, now)
    change(tx, workspace_id, known, Turn.GIVEN, {"csm_id": csm_id}, by=by, origin=origin, now=now)


def change(
    tx: Connection,
    workspace_id: str,
    known: CustomerRow,
    what: Turn,
    values: Mapping[str, Any],
    *,
    by: str,
    origin: str,
    now: datetime,
    happened_at: datetime | None = None,
    note: str | None = None,
) -> bool:
    """Change a customer from how `known` shows it, and let the reminders follow; False when somebody was faster."""
    new = {name: value for name, value in values.items() if getattr(known, name) != value}
    if not new:
        return True
    n = known.version + 1
    same = (customer.c.workspace_id == workspace_id) & (customer.c.account_id == known.account_id)
    changed = tx.execute(update(customer).where(same, customer.c.version == known.version).values(version=n, **new))
    if changed.rowcount != 1:
        return False
    said = Change(
        n,
        what,
        before={name: plain(getattr(known, name)) for name in new},
        after={name: plain(value) for name, value in new.items()},
        note=note,
        by=by,
        happened_at=happened_at or now,
        recorded_at=now,
    )
    key = {"workspace_id": workspace_id, "account_id": known.account_id}
    tx.execute(change_table.insert().values(**key, **said._asdict(), origin=origin))
    endings.keep_leaving(tx, workspace_id, known, new, said)
    endings.keep_carers(tx, workspace_id, known.account_id, new)
    if known.renewal_on and ("renewal_on" in new or "churned_at" in new):
        planning.settle(tx, workspace_id, known.account_id, known.renewal_on, now)
    planning.watch(tx, workspace_id, known.account_id, now)
    return True


def _ensured(tx: Connection, workspace_id: str, account_id: UUID, now: datetime) -> CustomerRow:
    """What is known of a company as a customer; an empty row where it was none."""
    first = {"workspace_id": workspace_id, "account_id": account_id, "version": 1, "recorded_at": now}
    values = {column.name: first.get(column.name) for column in customer.c}
    insert_once(tx, Customer, values)
    found = queries.find_customer(tx, workspace_id, account_id)
    assert found is not None
    return found


def _standing(tx: Connection, workspace_id: str, account_id: UUID, known: CustomerRow) -> dict[str, Any]:
    """What the won deals of a company make of it: the last one that is no upsell runs, upsells since then add to it."""
    won = [each for each in queries.of_account(tx, workspace_id, account_id) if each.stage is Stage.WON]
    ordered = sorted(won, key=lambda each: (each.closed_at or each.opened_at, each.id))
    base = next((each for each in reversed(ordered) if each.kind is not Kind.UPSELL), None)
    if base is None or base.closed_at is None:
        return {**NOBODY, "since_on": None}
    is_same = known.deal_id == base.id
    return {
        "deal_id": base.id,
        "owner_id": base.owner_id,
        "since_on": day_of(tx, workspace_id, min(each.closed_at for each in ordered if each.closed_at)),
        "renewal_on": base.renewal_on,
        "renewal_day": known.renewal_day if is_same else base.renewal_on and base.renewal_on.day,
        "amount": _worth(base, ordered),
        "currency": base.currency,
    }


def _worth(base: DealRow, ordered: Sequence[DealRow]) -> int | None:
    later = [
        each.amount
        for each in ordered
        if each.kind is Kind.UPSELL and each.currency == base.currency and each.closed_at and base.closed_at
        and each.closed_at >= base.closed_at
    ]  # fmt: skip
    known = [each for each in (base.amount, *later) if each is not None]
    return sum(known) if known else None
