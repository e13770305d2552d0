"""The table of leads on its way out: all that were not merged away, oldest first."""

import json
from typing import Any

from sqlalchemy import Connection

from bot.leads import arrival, bulk
from bot.leads.bulk import Listed
from bot.transfer.form import Asked, Sheet
from bot.transfer.queries import Directory, directory
from bot.transfer.table import folded

OWNER, SCORE = "owner_email", "score"
FIRST = ("company", "name", "email", "phone", "source", OWNER, SCORE)
FURTHER = ("title", "employees", "industry", "country", "territory", "segment", "message", "received_at")
"""Columns that an export has where they say something."""

COLUMNS = (*FIRST, *FURTHER)
SLOT_OF = {"name": "person", "message": "said"}


def take_out(tx: Connection, asked: Asked) -> Sheet:
    """A row for every lead; where a note has the sender's own words, those instead of what Baton made of them."""
    known = directory(tx, asked.workspace_id)
    listed = bulk.listed(tx, asked.workspace_id)
    rows, notes, names = [], [], dict[str, str]()
    for each in listed:
        cells, used = _cells(each, known)
        beside = {_column(name): _note(value) for name, value in each.more.items() if name not in used}
        for name in beside:
            names.setdefault(folded(name), name)
        rows.append(cells)
        notes.append({folded(name): text for name, text in beside.items()})
    said = [name for name in COLUMNS if name in FIRST or any(cells[name] for cells in rows)]
    table = [
        (*(cells[name] for name in said), *(beside.get(name, "") for name in names))
        for cells, beside in zip(rows, notes, strict=True)
    ]
    return Sheet((*said, *names.values()), tuple(table))


def _cells(each: Listed, known: Directory) -> tuple[dict[str, str], set[str]]:
    """The cells by column, and the names of the notes that stand in them."""
    row = each.row
    worth: dict[str, Any] = {
        "company": row.company,
        "person": row.person,
        "email": row.email or each.email,
        "phone": row.phone,
        **{name: getattr(row, name) for name in ("source", "title", "employees", "industry", "country")},
        **{name: getattr(row, name) for name in ("territory", "segment", "said")},
    }
    cells, used = {}, set()
    for column in COLUMNS:
        slot = SLOT_OF.get(column, column)
        value = worth.get(slot)
        original = arrival.original(slot, value, each.more) if slot in ORIGINALS else None
        if original is not None:
            used.add(original)
            value = each.more[original]
        cells[column] = "" if value is None else _note(value)
    cells["received_at"] = row.received_at.isoformat()
    cells[OWNER] = known.emails.get(row.owner_id or "", "")
    cells[SCORE] = "" if each.points is None else str(each.points)
    return cells, used


ORIGINALS = frozenset({"source", "employees", "title", "industry", "country", "territory", "segment", "said"})
"""Slots of which a note may say more."""


def _column(name: str) -> str:
    """A note's name as a column's: none by which it would be read as anything but a note."""
    return f"{name} (2)" if folded(name) in COLUMNS or arrival.has_slot(name) else name


def _note(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
