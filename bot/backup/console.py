"""`baton backup` and `baton restore` at a terminal. `-` is the standard output, or input."""

import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import IO

from rich.console import Console

from bot.backup import paper, service
from bot.backup.paper import AllFigures
from bot.backup.service import CatchUp, Restored
from bot.errors import NotReady, StoreUnavailable
from bot.store.engine import Store

STANDARD = Path("-")

NAMED = 20
"""Messages that are named one by one; of more, the rest are counted."""


def back_up(store: Store, path: Path, now: datetime) -> None:
    """Write a backup and say what is in it, on stderr: the file may be the standard output.

    Raises:
        NotReady: with what to do.
    """
    try:
        with _to(path) as file:
            figures = service.backup(store, file, now)
    except OSError as error:
        raise NotReady(f"{path} cannot be written: {error.strerror}.") from None
    except StoreUnavailable:
        raise NotReady("The database does not answer, so there is no backup. Try again.") from None
    _say(f"{_counted(figures)} written to {path}.")


def restore(store: Store, path: Path, now: datetime, catch_up: CatchUp, *, replace: bool) -> None:
    """Restore a backup and say what came of it.

    Raises:
        NotReady: with what to do.
    """
    try:
        with _from(path) as file:
            done = service.restore(store, file, now, catch_up, replace=replace)
    except OSError as error:
        raise NotReady(f"{path} cannot be read: {error.strerror}.") from None
    except StoreUnavailable:
        raise NotReady("The database does not answer, or others hold it. Nothing was changed; try again.") from None
    _tell(done)


def _to(path: Path) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdout.buffer) if path == STANDARD else paper.new_file(path)


def _from(path: Path) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if path == STANDARD else path.open("rb")


def _tell(done: Restored) -> None:
    _say(f"{_counted(done.figures)} restored, as they stood at {done.heading.made_at}. Start running processes anew.")
    if not done.opened:
        return
    _say(
        f"{len(done.opened)} of Baton's messages may have been sent since. Each is looked for in Slack and sent "
        "only if it never came; where nobody can look, it is not sent:"
    )
    for each in done.opened[:NAMED]:
        _say(f"  {each.kind} to {each.recipient} ({each.occasion})")
    if len(done.opened) > NAMED:
        _say(f"  and {len(done.opened) - NAMED} more")


def _counted(figures: AllFigures) -> str:
    rows = sum(int(str(each["rows"])) for each in figures.values())
    return f"{rows:,} rows of {len(figures)} tables"


def _say(line: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(line)
