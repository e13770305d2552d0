"""The table of deals on its way out: all of them, oldest first."""

from sqlalchemy import Connection

from bot.deals import bulk
from bot.deals.bulk import Listed
from bot.deals.process import Process, process_in
from bot.deals.states import Kind, Stage
from bot.transfer.form import Asked, Sheet
from bot.transfer.queries import Directory, directory
from bot.workspace import queries as workspace

OWNER, GIVER = "owner_email", "giver_email"
FIRST = ("company", "amount", "currency", "stage", "opened", "close", "closed", OWNER, GIVER)
FURTHER = ("kind", "reason", "renewal", "split")
"""Columns that an export has where they say something."""

COLUMNS = (*FIRST, *FURTHER)


def take_out(tx: Connection, asked: Asked) -> Sheet:
    """A row for every deal; those of people who have no e-mail of their own, be it for a share, are left out, and they
    are named.
    """
    known = directory(tx, asked.workspace_id)
    listed = bulk.listed(tx, asked.workspace_id)
    process = process_in(workspace.settings(tx, asked.workspace_id))
    rows = [_cells(each, known, process) for each in listed if _nameless(each, known) is None]
    nameless = {person for each in listed if (person := _nameless(each, known))}
    left_out = {known.names.get(person, person) for person in nameless}
    header = tuple(name for name in COLUMNS if name in FIRST or any(cells[name] for cells in rows))
    return Sheet(header, tuple(tuple(cells[name] for name in header) for cells in rows), tuple(sorted(left_out)))


def _nameless(each: Listed, known: Directory) -> str | None:
    """Somebody who has a deal, or a share of it, and no e-mail; without them it would be another deal."""
    people = (each.row.owner_id, *(each.row.shares or ()))
    return next((person for person in people if person not in known.emails), None)


def _cells(each: Listed, known: Directory, process: Process) -> dict[str, str]:
    row = each.row
    return {
        "company": row.company,
        "amount": "" if row.money is None else f"{row.money.amount:f}",
        "currency": row.currency,
        "stage": row.stage.value,
        "opened": each.opened_on.isoformat(),
        "close": row.close_on.isoformat() if row.close_on else "",
        "closed": each.closed_on.isoformat() if each.closed_on else "",
        OWNER: known.emails[row.owner_id],
        GIVER: known.emails.get(row.giver_id or "", ""),
        "kind": "" if row.kind is Kind.NEW else row.kind.value,
        "reason": process.written(row.reason or ""),
        "split": ";".join(f"{known.emails[person]}:{share}" for person, share in (row.shares or {}).items()),
        "renewal": row.renewal_on.isoformat() if row.renewal_on and row.stage is Stage.WON else "",
    }
