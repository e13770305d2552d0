"""Importing and exporting a table of any kind: one function, one transaction."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.errors import NotReady
from bot.people import queries as people_queries
from bot.people import service as people
from bot.people.rules import Profile
from bot.store.engine import Store
from bot.store.walls import everywhere
from bot.transfer import queries, table
from bot.transfer.form import Asked, Flow, Form, Job, LargeForm, Outcome, Sheet, Track, unseen
from bot.transfer.kinds import FORMS, LARGE, Kind
from bot.transfer.stream import Stream
from bot.transfer.table import BadFile, Table


def read(kind: Kind, data: bytes) -> Table:
    """The rows of a file.

    Raises:
        BadFile: when it cannot be read at all.
        NotReady: when this kind is only exported.
    """
    if FORMS[kind].bring_in is None:
        raise NotReady(f"Files of {kind} are only exported.")
    return table.read(data, FORMS[kind].columns, FORMS[kind].required)


def open_stream(kind: Kind, path: Path) -> Stream:
    """The rows of a file of a kind that may be large.

    Raises:
        BadFile: when it cannot be read at all.
    """
    return Stream(path, LARGE[kind].columns, LARGE[kind].required)


def strangers(store: Store, workspace_id: str, kind: Kind, rows: Table | Stream) -> set[str]:
    """The e-mails, in small letters, that a file names and nobody whom Baton has met has."""
    with store.read() as tx:
        known = queries.directory(tx, workspace_id).ids
    named = {email for column in _form(kind).emails for email in rows.named(column)}
    return {email.casefold() for email in named if email} - known.keys()


def bring_in(
    store: Store,
    workspace_id: str,
    kind: Kind,
    rows: Table | Stream,
    now: datetime,
    *,
    newcomers: Sequence[Profile] = (),
    dry_run: bool = False,
    track: Track = unseen,
) -> Outcome:
    """Take all rows of a file, or none.

    Args:
        store: the database.
        workspace_id: whose data it is.
        kind: what the file is about.
        rows: what `read` found in it, or `open_stream`.
        now: the moment.
        newcomers: people whom the file names and Slack knows, to be remembered with it.
        dry_run: only find out what would change.
        track: shows how far it has come.

    Raises:
        BadFile: with everything that is wrong with any row.
        StoreUnavailable: when the database does not answer.
    """
    if isinstance(rows, Stream):
        return _bring_in_large(store, workspace_id, kind, rows, now, newcomers, track, dry_run=dry_run)
    with store.write() as tx:
        people.keep(tx, workspace_id, newcomers, now)
        job = Job(workspace_id, now, queries.today(tx, workspace_id, now), queries.directory(tx, workspace_id), track)
        form = FORMS[kind].bring_in
        assert form is not None  # or there would be no `rows`
        outcome = form(tx, job, rows)
        if rows.problems or outcome.problems:
            raise BadFile([*rows.problems, *outcome.problems])
        if dry_run:
            tx.rollback()
    return outcome


def _bring_in_large(
    store: Store,
    workspace_id: str,
    kind: Kind,
    rows: Stream,
    now: datetime,
    newcomers: Sequence[Profile],
    track: Track,
    *,
    dry_run: bool,
) -> Outcome:
    def keep(tx: Connection) -> None:
        people.keep(tx, workspace_id, newcomers, now)

    with store.read() as tx:
        known = queries.directory(tx, workspace_id).joined_by(newcomers)
        job = Job(workspace_id, now, queries.today(tx, workspace_id, now), known, track)
    return LARGE[kind].bring_in(store, job, rows, keep, dry_run=dry_run)


def take_out(store: Store, workspace_id: str, kind: Kind, now: datetime, period: str | None = None) -> Sheet:
    """The table of a workspace as it stands, or what of it is of the `period` of a name.

    Raises:
        NotReady: when there is no such period, or the kind knows none.
        StoreUnavailable: when the database does not answer.
    """
    with store.read() as tx:
        return FORMS[kind].take_out(tx, _asked(tx, workspace_id, kind, now, period))


def flow_out(store: Store, workspace_id: str, kind: Kind, now: datetime, period: str | None = None) -> Flow:
    """The same of a kind that may be large.

    Raises:
        NotReady: as `take_out`.
        StoreUnavailable: likewise; also while its rows are gone through.
    """
    with store.read() as tx:
        asked = _asked(tx, workspace_id, kind, now, period)
    return LARGE[kind].take_out(store, asked)


def _asked(tx: Connection, workspace_id: str, kind: Kind, now: datetime, period: str | None) -> Asked:
    today = queries.today(tx, workspace_id, now)
    if period is None:
        return Asked(workspace_id, now, today)
    if not _form(kind).has_periods:
        able = [each for each in Kind if _form(each).has_periods]
        raise NotReady(f"Only {', '.join(able[:-1])} and {able[-1]} are exported by --period.")
    return Asked(workspace_id, now, today, queries.period(tx, workspace_id, period, today))


def _form(kind: Kind) -> Form | LargeForm:
    return LARGE[kind] if kind in LARGE else FORMS[kind]


def workspaces(store: Store) -> list[str]:
    """Every workspace of the database."""
    with everywhere(), store.read() as tx:
        return people_queries.workspaces(tx)
