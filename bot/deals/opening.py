"""How deals begin: out of a hand-off that was qualified. Runs inside the transaction of whoever qualifies it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.deals import changes, queries
from bot.deals.changes import NewDeal
from bot.deals.queries import DealRow
from bot.deals.states import PIPELINE, Kind, Stage, What
from bot.workspace import queries as workspace


@dataclass(frozen=True, slots=True)
class Handed:
    """A hand-off that was re-qualified: who gave it, who took it, and the message in which its giver follows it."""

    handoff_id: UUID
    account_id: UUID
    lead_id: UUID | None
    giver_id: str
    owner_id: str
    giver_card: UUID
    kind: Kind = Kind.NEW


def from_handoff(tx: Connection, workspace_id: str, handed: Handed, *, origin: str, now: datetime) -> DealRow:
    """Open the deal of a hand-off in stage `needs`, for its giver to have the assist. A company with an open deal of
    the same owner is not doubled: that deal comes of the hand-off, unless it came of an earlier one, and is past
    `requalify`.
    """
    changes.turn_of_account(tx, workspace_id, handed.account_id)
    known = next((each for each in _open(tx, workspace_id, handed) if each.kind is handed.kind), None)
    if known is None:
        return changes.open_deal(
            tx, workspace_id, _new(tx, workspace_id, handed), by=handed.owner_id, origin=origin, now=now
        )
    row = changes.hold(tx, workspace_id, known.id)
    values: dict[str, object] = {}
    if row.handoff_id is None:
        values = {name: getattr(handed, name) for name in ("handoff_id", "lead_id", "giver_id", "giver_card")}
    if row.stage is Stage.REQUALIFY:
        values["stage"] = Stage.NEEDS
    changed = changes.change(tx, workspace_id, row, What.CHANGED, values, by=handed.owner_id, origin=origin, now=now)
    return changed or row


def _open(tx: Connection, workspace_id: str, handed: Handed) -> list[DealRow]:
    """The owner's open deals with the company, those that came of no hand-off first."""
    rows = queries.of_account(tx, workspace_id, handed.account_id)
    mine = [each for each in rows if each.stage in PIPELINE and each.owner_id == handed.owner_id]
    return sorted(mine, key=lambda each: each.handoff_id is not None)


def _new(tx: Connection, workspace_id: str, handed: Handed) -> NewDeal:
    return NewDeal(
        account_id=handed.account_id,
        owner_id=handed.owner_id,
        currency=workspace.settings(tx, workspace_id).currency,
        stage=Stage.NEEDS,
        kind=handed.kind,
        giver_id=handed.giver_id,
        lead_id=handed.lead_id,
        handoff_id=handed.handoff_id,
        giver_card=handed.giver_card,
    )
