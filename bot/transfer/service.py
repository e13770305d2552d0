"""Importing and exporting a table of any kind: one function, one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import NotReady
from bot.people import queries as people_queries
from bot.people import service as people
from bot.people.rules import Profile
from bot.store.engine import Store
from bot.transfer import queries, table
from bot.transfer.form import Asked, Job, Outcome, Sheet, Track, unseen
from bot.transfer.kinds import FORMS, Kind
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


def strangers(store: Store, workspace_id: str, kind: Kind, rows: Table) -> set[str]:
    """The e-mails, in small letters, that a file names and nobody whom Baton has met has."""
    with store.read() as tx:
        known = queries.directory(tx, workspace_id).ids
    named = (row.cells.get(column, "").casefold() for row in rows.rows for column in FORMS[kind].emails)
    return {email for email in named if email and email not in known}


def bring_in(
    store: Store,
    workspace_id: str,
    kind: Kind,
    rows: Table,
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
        rows: what `read` found in it.
        now: the moment.
        newcomers: people whom the file names and Slack knows, to be remembered with it.
        dry_run: only find out what would change.
        track: shows how far it has come.

    Raises:
        BadFile: with everything that is wrong with any row.
        StoreUnavailable: when the database does not answer.
    """
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


def take_out(store: Store, workspace_id: str, kind: Kind, now: datetime, period: str | None = None) -> Sheet:
    """The table of a workspace as it stands, or what of it is of the `period` of a name.

    Raises:
        NotReady: when there is no such period, or the kind knows none.
        StoreUnavailable: when the database does not answer.
    """
    with store.read() as tx:
        asked = Asked(workspace_id, now, queries.today(tx, workspace_id, now))
        if period is not None:
            if not FORMS[kind].has_periods:
                able = " and ".join(each for each, form in FORMS.items() if form.has_periods)
                raise NotReady(f"Only {able} are exported by --period.")
            asked = replace(asked, period=queries.period(tx, workspace_id, period, asked.today))
        return FORMS[kind].take_out(tx, asked)


def workspaces(store: Store) -> list[str]:
    """Every workspace of the database."""
    with store.read() as tx:
        return people_queries.workspaces(tx)
