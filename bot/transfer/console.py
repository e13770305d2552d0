"""`baton import` and `baton export` at a terminal: what is read, asked, shown and said."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

from rich.console import Console
from rich.progress import track

from bot.errors import NotReady, SlackUnavailable, StoreUnavailable
from bot.people.rules import Profile
from bot.store.engine import Store
from bot.store.walls import within
from bot.transfer import service, table
from bot.transfer.cells import shown
from bot.transfer.form import Outcome
from bot.transfer.kinds import LARGE, Kind
from bot.transfer.stream import Stream
from bot.transfer.table import BadFile, Problem, Table

T = TypeVar("T")

STANDARD = Path("-")
"""The standard output, of what is taken out."""


@dataclass(frozen=True, slots=True)
class Slack:
    """Whom Slack lists: of which workspace (`team_id`), and everybody page by page.

    `team_id` raises NotReady or OSError, `everyone` SlackUnavailable, when Slack does not answer.
    """

    team_id: Callable[[], str]
    everyone: Callable[[str], Iterator[list[Profile]]]


class Terminal(NamedTuple):
    """Where results are written, and where everything else is."""

    out: Console
    err: Console


def terminal() -> Terminal:
    """That of this process."""
    return Terminal(*(Console(stderr=err, soft_wrap=True, highlight=False, markup=False) for err in (False, True)))


def bring_in(
    store: Store,
    slack: Slack | None,
    kind: Kind,
    path: Path,
    workspace_id: str | None,
    now: datetime,
    *,
    dry_run: bool,
) -> bool:
    """Import a file and say what came of it; False when something is wrong with the file.

    Raises:
        NotReady: when the workspace is not clear, or the database does not answer.
    """
    screen = terminal()
    said = ""
    try:
        rows = service.open_stream(kind, path) if kind in LARGE else service.read(kind, _content(path))
        workspace_id = workspace(store, workspace_id, slack)
        show = partial(_track, screen, f"Reading {path.name}")
        with within(workspace_id):
            newcomers, said = _look_up(store, workspace_id, kind, rows, slack)
            outcome = service.bring_in(
                store, workspace_id, kind, rows, now, newcomers=newcomers, dry_run=dry_run, track=show
            )
    except BadFile as bad:
        _tell_problems(screen, path, bad, said)
        return False
    except StoreUnavailable:
        raise _no_store() from None
    _tell_outcome(screen, outcome, rows, dry_run=dry_run)
    return True


def take_out(
    store: Store, kind: Kind, path: Path, workspace_id: str | None, now: datetime, period: str | None = None
) -> bool:
    """Write a file and say what is in it; False when it cannot be written. A table that cannot be made leaves the file
    that was there.

    Raises:
        NotReady: as `bring_in`, and when there is no such period.
    """
    screen = terminal()
    try:
        here = workspace(store, workspace_id)
        take_out = service.flow_out if kind in LARGE else service.take_out
        with within(here):
            sheet = take_out(store, here, kind, now, period)
            with _to(path) as file:
                count = table.write_to(file, sheet.header, _track(screen, f"Writing {path.name}", sheet.rows))
    except StoreUnavailable:
        raise _no_store() from None
    except OSError as error:
        screen.err.print(f"{path} cannot be written: {error.strerror}.")
        return False
    said = screen.err if path == STANDARD else screen.out
    said.print(f"{_counted(count, 'row')} written to {path}.")
    if sheet.left_out:
        who = ", ".join(map(shown, sheet.left_out))
        screen.err.print(f"Left out, for Slack tells no e-mail of their own: {who}.")
    return True


def _to(path: Path) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdout.buffer) if path == STANDARD else path.open("wb")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadFile([Problem(None, f"the file cannot be read: {error.strerror}")]) from None


def workspace(store: Store, wanted: str | None, slack: Slack | None = None) -> str:
    """The workspace that is meant: the one that is named, or else the only one.

    Raises:
        NotReady: when there are several or none, or not the one that is named.
    """
    known = service.workspaces(store)
    if wanted in known or (wanted is None and len(known) == 1):
        return wanted or known[0]
    if wanted is None and known:
        raise NotReady(f"The database has several workspaces; say which: --workspace {' or '.join(known)}.")
    own = _own_workspace(slack)
    if own is not None and wanted in {None, own}:
        return own
    if wanted is None:
        raise NotReady(
            "The database has no workspace yet: start `baton run` once, or set SLACK_BOT_TOKEN; where many workspaces "
            "are served, install Baton in one."
        )
    raise NotReady(f"The database has no workspace {wanted}; it has {', '.join(known) or 'none'}.")


def _own_workspace(slack: Slack | None) -> str | None:
    """The workspace of the bot token.

    Raises:
        NotReady: when Slack does not say.
    """
    try:
        return slack.team_id() if slack else None
    except OSError as error:
        raise NotReady(f"The database does not know this workspace, and Slack cannot be reached ({error}).") from None


def _look_up(
    store: Store, workspace_id: str, kind: Kind, rows: Table | Stream, slack: Slack | None
) -> tuple[list[Profile], str]:
    """People of a file whom only Slack knows; and where was looked, for those whom nobody knows."""
    missing = service.strangers(store, workspace_id, kind, rows)
    if not missing:
        return [], ""
    only = "Only people whom Baton has met were looked for:"
    if slack is None:
        return [], f"{only} SLACK_BOT_TOKEN is not set."
    try:
        own = slack.team_id()
        if own != workspace_id:
            return [], f"{only} SLACK_BOT_TOKEN is of the workspace {own}."
        return _found(slack.everyone(workspace_id), missing), "Slack was asked, too."
    except (NotReady, OSError, SlackUnavailable) as error:
        return [], f"{only} Slack did not answer ({_reason(error)})."


def _reason(error: Exception) -> str:
    return str(error.__cause__ or error).rstrip(".")


def _found(pages: Iterable[list[Profile]], missing: set[str]) -> list[Profile]:
    """Those whose e-mail is `missing`. Two may share one (an account that has ended), so every page is read."""
    return [each for page in pages for each in page if each.email and each.email.casefold() in missing]


def _track(screen: Terminal, what: str, things: Iterable[T], /) -> Iterable[T]:
    """A progress bar for whoever watches."""
    watched = screen.err.is_terminal
    return track(things, f"{what} …", console=screen.err, transient=True, disable=not watched)


def _tell_problems(screen: Terminal, path: Path, bad: BadFile, said: str) -> None:
    for problem in bad.problems:
        screen.err.print(str(problem))
    if bad.lines and bad.lines > bad.named:
        screen.err.print(f"… and {_counted(bad.lines - bad.named, 'more line')}.")
    count = "" if bad.lines is None else f" in {_counted(bad.lines, 'line')}"
    screen.err.print(" ".join(filter(None, [said, f"Nothing was changed: {path} has errors{count}."])))


def _tell_outcome(screen: Terminal, outcome: Outcome, rows: Table | Stream, *, dry_run: bool) -> None:
    if dry_run:
        for row in outcome.changed:
            screen.out.print(f"line {row.line}: {shown(row.who)}: {', '.join(row.said)}")
    verb = "would change" if dry_run else "changed"
    count = len(outcome.changed) + outcome.more_changed
    screen.out.print(f"{_counted(count, 'row')} {verb} something, {outcome.unchanged} nothing.")
    for line in outcome.told:
        screen.out.print(line)
    notes = rows.more if outcome.notes is None else outcome.notes
    if notes:
        screen.out.print(f"Columns kept as notes: {', '.join(map(shown, notes))}.")
    if rows.encoding != table.UTF_8:
        screen.out.print(f"The file was read as {rows.encoding}.")


def _counted(n: int, thing: str) -> str:
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def _no_store() -> NotReady:
    return NotReady("The database does not answer, and nothing was changed. Try again when it does.")
