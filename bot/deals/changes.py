"""The rows behind a deal: opened, changed, held. Everything here runs inside a caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from bot.deals import endings, queries, steps
from bot.deals.model import Deal, DealChange
from bot.deals.queries import DealRow
from bot.deals.rules import LONGEST_NOTE, LONGEST_STEP
from bot.deals.states import MOVES, Kind, Stage, What
from bot.errors import Refused
from bot.money import Money
from bot.store.sql import insert_once, one_at_a_time, table_of
from bot.store.types import new_id

deal = table_of(Deal)
change_table = table_of(DealChange)


@dataclass(frozen=True, slots=True)
class NewDeal:
    """A deal when it is opened; without a moment of its own it is opened now (UTC)."""

    account_id: UUID
    owner_id: str
    currency: str
    stage: Stage = Stage.REQUALIFY
    kind: Kind = Kind.NEW
    money: Money | None = None
    close_on: date | None = None
    next_step: str | None = None
    next_on: date | None = None
    giver_id: str | None = None
    lead_id: UUID | None = None
    handoff_id: UUID | None = None
    giver_card: UUID | None = None
    shares: dict[str, str] | None = None
    opened_at: datetime | None = None


TOLD = (
    "account_id kind stage owner_id giver_id lead_id handoff_id amount currency shares close_on next_step next_on "
    "opened_at"
).split()
"""The columns that the first change of a deal says, where they say something."""


def turn_of_account(tx: Connection, workspace_id: str, account_id: UUID) -> None:
    """Let deals of one company be opened one after the other, so that two at once do not double one."""
    one_at_a_time(tx, f"deals:{workspace_id}:{account_id.hex}")


def open_deal(
    tx: Connection,
    workspace_id: str,
    new: NewDeal,
    *,
    by: str,
    origin: str,
    now: datetime,
    note: str | None = None,
) -> DealRow:
    """A new deal, and the first line of its history. The same delivery twice opens one."""
    opened_at, deal_id = new.opened_at or now, new_id()
    whose = {"workspace_id": workspace_id, "id": deal_id, "recorded_at": now, "origin": origin}
    values = {**_first(new, opened_at), **whose}
    is_new = insert_once(tx, Deal, values)
    if is_new:
        after = {name: plain(values[name]) for name in TOLD if values[name] is not None}
        _note(tx, workspace_id, deal_id, 1, What.OPENED, {}, after, note, by, opened_at, now, origin)
        endings.keep_owner(tx, workspace_id, deal_id, new.owner_id)
        endings.keep_shares(tx, workspace_id, deal_id, new.shares or ())
    found = queries.by_origin(tx, workspace_id, origin)
    assert found is not None
    if is_new and found.next_on:
        steps.watch(tx, workspace_id, None, found, now)
    return found


def _first(new: NewDeal, opened_at: datetime) -> dict[str, Any]:
    """The columns that a new deal begins with."""
    return {
        "account_id": new.account_id,
        "kind": new.kind,
        "stage": new.stage,
        "version": 1,
        "owner_id": new.owner_id,
        "giver_id": new.giver_id,
        "lead_id": new.lead_id,
        "handoff_id": new.handoff_id,
        "giver_card": new.giver_card,
        "amount": new.money.minor if new.money else None,
        "currency": new.money.currency if new.money else new.currency,
        "close_on": new.close_on,
        "next_step": new.next_step and new.next_step[:LONGEST_STEP],
        "next_on": new.next_on,
        "ticks": None,
        "shares": new.shares,
        "reason": None,
        "reason_note": None,
        "renewal_on": None,
        "opened_at": opened_at,
        "staged_at": opened_at,
        "closed_at": None,
        "announcement": None,
    }


def hold(tx: Connection, workspace_id: str, deal_id: UUID) -> DealRow:
    """A deal as it stands, kept so until the transaction ends.

    Raises:
        Refused: when there is none.
    """
    this = (deal.c.workspace_id == workspace_id) & (deal.c.id == deal_id)
    tx.execute(select(deal.c.id).where(this).with_for_update())
    row = queries.find(tx, workspace_id, deal_id)
    if row is None:
        raise Refused("deals.gone")
    return row


def change(
    tx: Connection,
    workspace_id: str,
    row: DealRow,
    what: What,
    values: Mapping[str, Any],
    *,
    by: str,
    origin: str,
    now: datetime,
    happened_at: datetime | None = None,
    note: str | None = None,
) -> DealRow | None:
    """Change a deal from how `row` shows it; None when somebody was faster.

    Args:
        tx: the running transaction.
        workspace_id: whose it is.
        row: as it was read; what is written holds only if that still stands.
        what: the kind of change.
        values: columns and their new values. Those that stay as they are change nothing; if all do, and there is no
            note, nothing happens.
        by: who does it.
        origin: names the delivery behind it.
        now: the moment.
        happened_at: when it happened, if that was not now.
        note: what was said about it.
    """
    at = happened_at or now
    new = _differing(row, values, at)
    note = note[:LONGEST_NOTE] if note else None
    if not new and not note:
        return row
    if not _write(tx, workspace_id, row, new):
        return None
    told = [name for name in new if name not in UNTOLD]
    before, after = {name: plain(getattr(row, name)) for name in told}, {name: plain(new[name]) for name in told}
    _note(tx, workspace_id, row.id, row.version + 1, what, before, after, note, by, at, now, origin)
    return _followed(tx, workspace_id, row, what, now)


def _differing(row: DealRow, values: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Those values that are not the deal's already; with a stage the moment since which it is in it."""
    new = {name: value for name, value in values.items() if getattr(row, name) != value}
    if "stage" in new:
        assert new["stage"] in MOVES[row.stage]
        new["staged_at"] = at
    return new


def _write(tx: Connection, workspace_id: str, row: DealRow, new: Mapping[str, Any]) -> bool:
    """Whether the deal still stood as `row` shows it, and has the new values now."""
    same = (deal.c.workspace_id == workspace_id) & (deal.c.id == row.id) & (deal.c.version == row.version)
    return tx.execute(update(deal).where(same).values(version=row.version + 1, **new)).rowcount == 1


def _followed(tx: Connection, workspace_id: str, before: DealRow, what: What, now: datetime) -> DealRow:
    """The changed deal, with what follows: its reminder, whose deal it ever was, and in part, how it ended."""
    found = queries.find(tx, workspace_id, before.id)
    assert found is not None
    is_moved = any(getattr(before, name) != getattr(found, name) for name in steps.COLUMNS)
    if is_moved and (before.next_on or found.next_on):
        steps.watch(tx, workspace_id, before, found, now)
    if found.owner_id != before.owner_id:
        endings.keep_owner(tx, workspace_id, found.id, found.owner_id)
    if found.shares != before.shares:
        endings.keep_shares(tx, workspace_id, found.id, found.shares or ())
    if what in endings.ENDS or (what is What.SPLIT and found.stage is Stage.WON):
        endings.keep_ending(tx, workspace_id, found, queries.changes(tx, workspace_id, found.id))
    return found


UNTOLD = frozenset({"staged_at", "announcement", "giver_card"})
"""Columns that follow from others, or are the ledger's business."""


def plain(value: Any) -> Any:
    """A value of a column as JSON: days and moments in ISO form, ids as their hex digits."""
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, date) else value


def _note(
    tx: Connection,
    workspace_id: str,
    deal_id: UUID,
    n: int,
    what: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    note: str | None,
    by: str,
    happened_at: datetime,
    now: datetime,
    origin: str,
) -> None:
    tx.execute(
        change_table.insert().values(
            workspace_id=workspace_id,
            deal_id=deal_id,
            n=n,
            what=what,
            before=before,
            after=after,
            note=note,
            by=by,
            happened_at=happened_at,
            recorded_at=now,
            origin=origin,
        )
    )
