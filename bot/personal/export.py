"""`/baton export`: one's own data, or everything, as the files that `baton export` writes, sent by direct message."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.delivery import service as delivery
from bot.delivery.outcome import Parcel
from bot.delivery.service import Letter
from bot.delivery.states import Way
from bot.people import queries as people
from bot.personal import records
from bot.store.engine import Store
from bot.transfer import queries, service, table
from bot.transfer.form import Flow, Sheet
from bot.transfer.kinds import LARGE, Kind
from bot.workspace.service import refuse_change

FILE = "personal_file"
"""The kind of the ledger: a file for whoever asked for it."""

RECORDS = "records"
"""What the file is of that has everything else of a person, beside the kinds."""

WHOSE = ("email", "owner_email")
"""The columns that say whose a row is, the first that a table has."""


class Made(NamedTuple):
    """A file, and the language of whoever gets it."""

    name: str
    content: bytes
    kind: str
    rows: int
    language: str


def kinds(*, everything: bool) -> Sequence[str]:
    """The files that are sent: every table that can be imported, or one's own with all other records. Commission plans
    are nobody's own.
    """
    return list(Kind) if everything else [*(kind for kind in Kind if kind is not Kind.PLANS), RECORDS]


def ask(store: Store, actor: Actor, *, everything: bool, origin: str, now: datetime) -> int:
    """Have the files sent, one for each kind that has any rows; asked twice for one press, once.

    Returns:
        How many kinds that are at the most.

    Raises:
        Refused: when `actor` may not have everything.
    """
    wanted = kinds(everything=everything)
    with store.write() as tx:
        if everything and not may(actor, Action.EXPORT_ALL, Relation.COLLEAGUE):
            refuse_change(tx, actor, now)
        letters = [
            Letter(FILE, actor.id, f"{origin}:{kind}", {"kind": kind, "all": everything}, way=Way.UPLOAD)
            for kind in wanted
        ]
        delivery.tell_all(tx, actor.workspace_id, letters, now)
    return len(wanted)


def made(store: Store, parcel: Parcel, now: datetime) -> Made | None:
    """The file as it stands when it is sent; None where there is nothing in it, or it is not its reader's any more."""
    kind, everything = str(parcel.subject["kind"]), bool(parcel.subject["all"])
    with store.read() as tx:
        reader = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        emails = queries.directory(tx, parcel.workspace_id).emails
    if reader is None or (everything and not may(reader, Action.EXPORT_ALL, Relation.COLLEAGUE)):
        return None
    if kind == RECORDS:
        with store.read() as tx:
            sheet: Sheet | Flow = records.take_out(tx, parcel.workspace_id, parcel.recipient, emails)
        rows: Iterable[tuple[str, ...]] = sheet.rows
    else:
        sheet = _table(store, parcel.workspace_id, Kind(kind), now)
        own = {parcel.recipient, emails.get(parcel.recipient, parcel.recipient)}
        rows = sheet.rows if everything else _own(sheet.header, sheet.rows, own)
    content = io.BytesIO()
    count = table.write_to(content, sheet.header, rows)
    day = _day(store, parcel.workspace_id, now)
    return Made(f"baton-{kind}-{day}.csv", content.getvalue(), kind, count, reader.language) if count else None


def _table(store: Store, workspace_id: str, kind: Kind, now: datetime) -> Sheet | Flow:
    """A table that can be imported."""
    return (service.flow_out if kind in LARGE else service.take_out)(store, workspace_id, kind, now)


def _day(store: Store, workspace_id: str, now: datetime) -> str:
    """The day that a file is of, by the workspace's calendar."""
    with store.read() as tx:
        return queries.today(tx, workspace_id, now).isoformat()


def _own(header: Sequence[str], rows: Iterable[tuple[str, ...]], own: set[str]) -> Iterator[tuple[str, ...]]:
    """The rows of one person."""
    place = next((header.index(name) for name in WHOSE if name in header), None)
    return (row for row in rows if place is not None and row[place] in own)
