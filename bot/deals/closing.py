"""How deals end, and begin again: won, lost, reopened. Everything here runs inside a caller's transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

from sqlalchemy import Connection

from bot.deals import changes, customers, notices, queries
from bot.deals.process import process_in
from bot.deals.queries import DealRow
from bot.deals.states import NEED_A_NOTE, Stage, What
from bot.errors import Refused
from bot.money import Money
from bot.people import queries as people
from bot.workspace import queries as workspace


@dataclass(frozen=True, slots=True)
class Win:
    """What somebody says of a win: the amount (None: as it stands), when, and when it renews; `is_sure` that a win for
    nothing is meant. `split` is who has how many percent of it (None: as it stands), `shares` the same as it is kept.
    """

    money: Money | None = None
    happened_at: datetime | None = None
    renewal_on: date | None = None
    months: int | None = None
    note: str | None = None
    is_sure: bool = False
    is_quiet: bool = False
    """Whether its channel is told nothing: one of a long list."""
    split: tuple[tuple[str, Decimal], ...] | None = None
    shares: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a deal was lost, a code and a word about it."""

    reason: str | None
    note: str | None = None
    happened_at: datetime | None = None


def win(tx: Connection, workspace_id: str, row: DealRow, said: Win, *, by: str, origin: str, now: datetime) -> DealRow:
    """A deal is won: its channel hears of it, its giver's message shows it, the company is a customer.

    Raises:
        Refused: when it is closed already, nobody knows the amount, or it is for nothing and nobody has confirmed that.
    """
    if not row.is_open:
        refuse_closed(tx, workspace_id, row)
    money = row.money if said.money is None else said.money
    if money is None:
        raise Refused("deals.amount_missing", company=row.company)
    if not money and not said.is_sure:
        raise Refused("deals.won_for_nothing", company=row.company)
    at = said.happened_at or now
    won_on = customers.day_of(tx, workspace_id, at)
    known = queries.find_customer(tx, workspace_id, row.account_id)
    renewal_on, renewal_day = customers.renewal_of(known, row, won_on, on=said.renewal_on, months=said.months)
    values: dict[str, Any] = {
        "stage": Stage.WON,
        "closed_at": at,
        "amount": money.minor,
        "currency": money.currency,
        "renewal_on": renewal_on,
        "shares": row.shares if said.split is None else said.shares,
        "announcement": row.announcement if said.is_quiet else notices.announce(tx, workspace_id, row, now),
    }
    after = _changed(tx, workspace_id, row, What.WON, values, said.note, at, by, origin, now)
    customers.bought(tx, workspace_id, after, renewal_day, by=by, origin=origin, now=now)
    if not said.is_quiet:
        notices.tell_giver(tx, workspace_id, after, now)
        notices.look_for_milestones(tx, workspace_id, after, now)
    return after


def lose(
    tx: Connection, workspace_id: str, row: DealRow, said: Loss, *, by: str, origin: str, now: datetime
) -> DealRow:
    """A deal is lost, for a reason.

    Raises:
        Refused: when it is closed already, there is no reason, or the reason needs a word.
    """
    if not row.is_open:
        refuse_closed(tx, workspace_id, row)
    check_reason(tx, workspace_id, said.reason, said.note)
    at = said.happened_at or now
    values = {"stage": Stage.LOST, "closed_at": at, "reason": said.reason, "reason_note": said.note}
    after = _changed(tx, workspace_id, row, What.LOST, values, said.note, at, by, origin, now)
    notices.refresh(tx, workspace_id, [after.giver_card], now)
    return after


def reopen(
    tx: Connection, workspace_id: str, row: DealRow, stage: Stage | None, *, by: str, origin: str, now: datetime
) -> DealRow:
    """A closed deal is open again: in the stage that it was closed from, or another one. Its win is taken back
    everywhere it was told.
    """
    values = {
        "stage": stage or last_stage(tx, workspace_id, row),
        **dict.fromkeys(("closed_at", "reason", "reason_note", "renewal_on")),
    }
    after = _changed(tx, workspace_id, row, What.REOPENED, values, None, now, by, origin, now)
    if row.stage is Stage.WON:
        customers.undone(tx, workspace_id, row.account_id, by=by, origin=origin, now=now)
        notices.look_for_milestones(tx, workspace_id, after, now)
    notices.refresh(tx, workspace_id, [after.announcement, after.giver_card, notices.assist_id(after)], now)
    return after


def last_stage(tx: Connection, workspace_id: str, row: DealRow) -> Stage:
    """The stage that a closed deal was closed from."""
    for each in reversed(queries.changes(tx, workspace_id, row.id)):
        if each.what in {What.WON, What.LOST} and "stage" in each.before:
            return Stage(each.before["stage"])
    return Stage.NEGOTIATION


def check_reason(tx: Connection, workspace_id: str, reason: str | None, note: str | None) -> None:
    """Let a reason pass that the workspace offers, and that says enough.

    Raises:
        Refused: when there is none, or it needs a word.
    """
    if reason not in process_in(workspace.settings(tx, workspace_id)).reasons:
        raise Refused("deals.reason_missing")
    if reason in NEED_A_NOTE and not (note or "").strip():
        raise Refused(f"deals.note_missing.{reason}")


def refuse_closed(tx: Connection, workspace_id: str, row: DealRow) -> NoReturn:
    """Say that a deal is closed, and by whom.

    Raises:
        Refused: always.
    """
    last = next((each for each in reversed(queries.changes(tx, workspace_id, row.id)) if "stage" in each.after), None)
    by = last.by if last else row.owner_id
    raise Refused(f"deals.late.{row.stage}", company=row.company, by=people.names(tx, workspace_id, [by]).get(by, by))


def _changed(
    tx: Connection,
    workspace_id: str,
    row: DealRow,
    what: What,
    values: dict[str, Any],
    note: str | None,
    at: datetime,
    by: str,
    origin: str,
    now: datetime,
) -> DealRow:
    after = changes.change(
        tx, workspace_id, row, what, values, by=by, origin=origin, now=now, happened_at=at, note=note
    )
    if after is None:
        raise Refused("deals.changed_meanwhile", company=row.company)
    return after
