"""Backup and restore, both while Baton runs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from sqlalchemy import Connection

from bot import __version__
from bot.backup import tables
from bot.backup.figures import Figures
from bot.backup.paper import AllFigures, Heading, Paper, Sheet, told_as_damage, with_lines, write
from bot.delivery.taken_back import Open, look_before_sending
from bot.errors import NotReady
from bot.store import schema
from bot.store.engine import Store
from bot.store.walls import everywhere

CatchUp = Callable[[Connection, datetime], object]
"""Sees to the jobs that are due (UTC), in the running transaction."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: its heading, the figures of each table, and the messages that may have been sent since."""

    heading: Heading
    figures: AllFigures
    opened: list[Open]


def backup(store: Store, file: IO[bytes], now: datetime) -> AllFigures:
    """Write everything as it stands at one moment; nobody who writes meanwhile is held up.

    Raises:
        NotReady: when the schema is another one than this code's, or there is none.
        StoreUnavailable: when the database does not answer.
    """
    with tables.snapshot(store) as tx:
        found = schema.revision_in(tx)
        if found is None:
            raise NotReady("There is nothing of Baton's in this database. Is DATABASE_URL that of the running Baton?")
        if found != schema.newest():
            raise NotReady(
                "The database has another schema than this Baton. Make the backup with the version that runs on it, "
                "or bring it up to date with `baton migrate` first."
            )
        return write(file, Heading(schema.newest(), now.isoformat(), __version__), tables.sheets(tx))


def restore(store: Store, file: IO[bytes], now: datetime, catch_up: CatchUp, *, replace: bool) -> Restored:
    """Put a backup into a database: all of it, or nothing. What is older than this code is brought up to date.

    Jobs that were due since the backup are seen to at once, and what they and the ledger have to say is looked for in
    Slack before it is sent (`look_before_sending`).

    Args:
        store: where to.
        file: a backup.
        now: the moment (UTC).
        catch_up: sees to the jobs.
        replace: whether what is in the database goes.

    Raises:
        NotReady: when the file is no whole backup, or was made by a newer Baton, or the database has something in it.
        StoreUnavailable: when the database does not answer, or others hold it for too long.
    """
    paper = Paper(file)
    with told_as_damage():
        then = datetime.fromisoformat(paper.heading.made_at).astimezone(UTC)
    if not schema.is_known(paper.heading.schema):
        raise NotReady(
            f"The backup was made by a newer Baton ({paper.heading.by}, schema {paper.heading.schema}). "
            "Install that version, or a later one, and restore there."
        )
    with everywhere(), store.write() as tx:
        _make_room(tx, replace=replace)
        schema.bring_to(tx, paper.heading.schema)
        tables.empty(tx, tables.present(tx))
        with told_as_damage():
            filled = [_filled(tx, sheet) for sheet in paper.sheets()]
        _compare(tx, filled, paper.found)
        schema.bring_to(tx)
        catch_up(tx, now)
        return Restored(paper.heading, paper.found, look_before_sending(tx, then, now))


def figures(store: Store) -> AllFigures:
    """The figures of each table as they stand now: two databases with the same ones hold the same."""
    with tables.snapshot(store) as tx:
        return {sheet.table: _counted(sheet) for sheet in tables.sheets(tx)}


def _make_room(tx: Connection, *, replace: bool) -> None:
    """Begin with a database that has none of our tables."""
    there = tables.present(tx)
    tables.hold(tx, there)
    full = None if replace else tables.anything_in(tx, there)
    if full:
        raise NotReady(
            f"The database has something in it already (in {full}). `--replace` throws all of that away; "
            "or name an empty one in DATABASE_URL."
        )
    tables.take_away(tx, there)


def _filled(tx: Connection, sheet: Sheet) -> Sheet:
    tables.fill(tx, sheet)
    return sheet


def _compare(tx: Connection, filled: list[Sheet], promised: AllFigures) -> None:
    """Look whether what now stands in the database is what stood in the file."""
    for sheet in filled:
        stored = sheet._replace(rows=tables.rows(tx, sheet.table, sheet.names, sheet.forms))
        if _counted(stored) != promised[sheet.table]:
            raise NotReady(f"The table {sheet.table} does not hold what the backup does. Nothing was changed.")


def _counted(sheet: Sheet) -> dict[str, object]:
    found = Figures(sheet.names, sheet.forms)
    for _ in found.counted(with_lines(sheet.rows)):
        pass
    return found.written()
