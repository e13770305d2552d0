"""Whose rows a transaction may touch: the second lock between workspaces, row-level security on PostgreSQL.

Who lets work in says for whom (`within`), and every transaction that begins meanwhile, in this thread and in those that
`Workers` runs for it, sees and changes that workspace's rows alone. Without a word it sees none. On SQLite nothing is
held back: it has no such lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SETTING = "baton.workspace"
"""Where PostgreSQL keeps whose transaction it is."""

ALL = "*"
"""What stands there for a look over all workspaces; no workspace has such an id."""

_whose: ContextVar[str] = ContextVar("whose", default="")


@contextmanager
def within(workspace_id: str) -> Iterator[None]:
    """Let transactions that begin in this block touch this workspace's rows alone. (Not across a `yield` of a
    generator: whoever takes what is yielded would be within, too.)
    """
    token = _whose.set("" if workspace_id == ALL else workspace_id)
    try:
        yield
    finally:
        _whose.reset(token)


@contextmanager
def everywhere() -> Iterator[None]:
    """Let transactions that begin in this block touch every workspace's rows: for looks over all of them, installations
    and whole databases. Each place that does so is named in `tests/bot/store/test_walls.py`.
    """
    token = _whose.set(ALL)
    try:
        yield
    finally:
        _whose.reset(token)


def whose() -> str:
    """The workspace of transactions that begin now; `ALL`, or empty for none."""
    return _whose.get()


def put_up(table: str) -> tuple[str, ...]:
    """The statements of PostgreSQL's that put the wall up in a table with a `workspace_id`; for the migration that
    makes it. The setting is read once a statement, not once a row; the owner of the table is held, too.
    """
    setting = f"(SELECT nullif(current_setting('{SETTING}', true), ''))"
    return (
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f"CREATE POLICY within_workspace ON \"{table}\" USING (workspace_id = {setting} OR {setting} = '{ALL}')",
    )
