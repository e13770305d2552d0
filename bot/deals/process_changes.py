"""What can be done about the sales process: one function, one transaction. Whoever may change settings may."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.deals.process import Process, check, process_in, process_of
from bot.deals.states import Stage
from bot.store.engine import Store
from bot.workspace import queries
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from bot.workspace.service import Saved


@dataclass(frozen=True, slots=True)
class Page:
    """The process as it stands, and the version of its setting (0: nobody has changed anything)."""

    process: Process
    version: int


def standing(store: Store, workspace_id: str) -> Process:
    """The process of a workspace."""
    with store.read() as tx:
        return process_in(queries.settings(tx, workspace_id))


def editing(store: Store, actor: Actor, now: datetime) -> Page:
    """The process, for somebody who is about to change it.

    Raises:
        Refused: when the actor may not; it says who can.
    """
    with store.read() as tx:
        workspace.let_pass(tx, actor, now)
        process = process_in(queries.settings(tx, actor.workspace_id))
        return Page(process, queries.version(tx, actor.workspace_id, Setting.SALES_PROCESS))


def seen(store: Store, actor: Actor, version: int) -> Process:
    """What a form was opened with."""
    with store.read() as tx:
        return process_of(_value(tx, actor.workspace_id, version))


def change(store: Store, actor: Actor, wanted: Process, before: Process, now: datetime) -> Saved:
    """Save a process.

    Args:
        store: the database.
        actor: who decides.
        wanted: what is to stand.
        before: what the form was opened with: what its reader left alone stays as somebody else has made it meanwhile.
        now: the moment.

    Raises:
        Refused: when the actor may not (it says who can), or a name would mean two things.
    """
    value, known = _in_parts(wanted), _in_parts(before)
    values: dict[str, Any] = {} if value == known else {Setting.SALES_PROCESS: value}
    with store.write() as tx:
        saved = workspace.change_in(tx, actor, values, now, dict.fromkeys(values, known))
        check(process_in(queries.settings(tx, actor.workspace_id)))
        return saved


def _in_parts(process: Process) -> dict[str, Any]:
    """The process with every part of it, so that of two who begin at once each changes their own."""
    parts: dict[str, Any] = {"checks": {}, "reasons": {}, "used": {}, **process.to_json()}
    return {**parts, "stages": {stage.value: dict(process.names.get(stage, {})) for stage in Stage}}


def _value(tx: Connection, workspace_id: str, version: int) -> Any:
    found = queries.versions(tx, workspace_id, Setting.SALES_PROCESS, version) if version else []
    return found[0].value if found and found[0].version == version else None
