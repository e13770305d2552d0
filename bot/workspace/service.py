"""What can be done about a workspace's settings: one function, one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import Connection, func, select

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.audit import service as audit
from bot.audit.service import Change
from bot.errors import Refused
from bot.installations import service as installations
from bot.installations.keys import Keyring
from bot.people import queries as people
from bot.store.engine import Store
from bot.store.sql import one_at_a_time, table_of
from bot.workspace import queries
from bot.workspace.model import WorkspaceSetting
from bot.workspace.rules import CARD, Card, Setting, Settings, check, left_alone, merged, still_stands

setting = table_of(WorkspaceSetting)


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands in the set-up list: the settings, and how many people have roles, now or from a day to come."""

    settings: Settings
    people: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving changed, and what somebody else changed of the same settings since the form was opened.

    Of that, `kept` still stands and `written_over` does not. `names` are the names of those who did it.
    """

    changes: tuple[Change, ...]
    kept: tuple[Change, ...] = ()
    written_over: tuple[Change, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def settings(store: Store, workspace_id: str) -> Settings:
    """What this workspace has decided."""
    with store.read() as tx:
        return queries.settings(tx, workspace_id)


def overview(store: Store, actor: Actor, now: datetime) -> Overview:
    """What stands, for somebody who may change it.

    Raises:
        Refused: when the actor may not; it says who can.
    """
    with store.read() as tx:
        let_pass(tx, actor, now)
        working = people.how_many_have_roles(tx, actor.workspace_id, people.today_of(actor, now))
        return Overview(queries.settings(tx, actor.workspace_id), working)


def change(
    store: Store, actor: Actor, values: Mapping[str, Any], now: datetime, seen: Mapping[str, Any] | None = None
) -> Saved:
    """Save settings.

    Args:
        store: the database.
        actor: who decides.
        values: plain JSON by name. A value that stands already is saved too: it is confirmed.
        now: the moment.
        seen: the values that the form was opened with. What its reader left as it was is not written over what
            somebody else has changed meanwhile.

    Raises:
        Refused: when the actor may not (it says who can), or a value is none that the setting can have.
    """
    with store.write() as tx:
        return change_in(tx, actor, values, now, seen or {})


def change_in(tx: Connection, actor: Actor, values: Mapping[str, Any], now: datetime, seen: Mapping[str, Any]) -> Saved:
    """The same in a running transaction, for whoever has more to do when a setting changes."""
    one_at_a_time(tx, _turn(actor.workspace_id))
    let_pass(tx, actor, now)
    for name, value in values.items():
        check(name, value)
    before = queries.values(tx, actor.workspace_id)
    others = _others(tx, actor, before, seen)
    changes = _save_all(tx, actor, _wanted(values, before, seen), before, now)
    after = queries.values(tx, actor.workspace_id)
    kept = tuple(each for each in others if still_stands(each.what, each.before, each.after, after[each.what]))
    written_over = tuple(each for each in others if each not in kept)
    return Saved(changes, kept, written_over, people.names(tx, actor.workspace_id, [each.by for each in others]))


def reword(store: Store, actor: Actor, role: str, card: Card, now: datetime) -> Saved:
    """Give a role card this workspace's own words; empty ones are the product's again.

    Raises:
        Refused: when the actor may not.
    """
    texts = {language: text.strip() for language, text in card.texts.items() if text.strip()}
    return change(store, actor, {f"{CARD}{role}": {"texts": texts, "base_share": card.base_share}}, now)


def take_on_setup(store: Store, actor: Actor, now: datetime, *, from_person: str | None) -> None:
    """Let the set-up list be `actor`'s who is an admin of the workspace: nobody's so far, or that of `from_person`
    who has left. Of two who come at once the first has it.
    """
    with store.write() as tx:
        one_at_a_time(tx, _turn(actor.workspace_id))
        if queries.settings(tx, actor.workspace_id).setup_by == from_person:
            _save(tx, actor.workspace_id, Setting.SETUP_BY, actor.id, by=actor.id, now=now)


def hide_setup(store: Store, actor: Actor, now: datetime) -> None:
    """Take the set-up list off Home; everything in it stays within reach of `/baton settings`.

    Raises:
        Refused: when the actor may not.
    """
    with store.write() as tx:
        one_at_a_time(tx, _turn(actor.workspace_id))
        let_pass(tx, actor, now)
        _save(tx, actor.workspace_id, Setting.SETUP_HIDDEN, True, by=actor.id, now=now)


def inlet_secret(store: Store, keys: Keyring, actor: Actor, now: datetime) -> str | None:
    """What senders of leads sign with; None where Baton is not installed by OAuth.

    Raises:
        Refused: when `actor` may not see it.
    """
    with store.read() as tx:
        let_pass(tx, actor, now)
    return installations.inlet_secret(store, keys, actor.workspace_id)


def renew_inlet_secret(store: Store, keys: Keyring, actor: Actor, now: datetime) -> str:
    """A new one in its place; the audit log keeps the last four letters of both.

    Raises:
        Refused: when `actor` may not change it.
    """
    with store.write() as tx:
        let_pass(tx, actor, now)
        before, after = installations.renew_secret(tx, keys, actor.workspace_id)
        change = Change(None, Setting.INLET, before and f"…{before[-4:]}", f"…{after[-4:]}")
        audit.record(tx, actor.workspace_id, [change], by=actor.id, now=now)
    return after


def refuse_change(tx: Connection, actor: Actor, now: datetime) -> NoReturn:
    """Say that `actor` may not change the workspace, and who can.

    Raises:
        Refused: always.
    """
    can = people.who_can(tx, actor.workspace_id, None, people.today_of(actor, now))
    raise Refused("refused.workspace" if can else "refused.workspace_alone", can=", ".join(can))


def _turn(workspace_id: str) -> str:
    return f"settings:{workspace_id}"


def let_pass(tx: Connection, actor: Actor, now: datetime) -> None:
    """Let those pass who may change settings.

    Raises:
        Refused: for everybody else; it says who can.
    """
    if not may(actor, Action.CHANGE_SETTINGS, Relation.COLLEAGUE):
        refuse_change(tx, actor, now)


def _wanted(values: Mapping[str, Any], before: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """What is to stand: nothing of it undoes what somebody else did and the reader did not touch."""
    return {
        name: merged(name, value, before, seen)
        for name, value in values.items()
        if not left_alone(name, value, before, seen)
    }


def _others(tx: Connection, actor: Actor, before: Mapping[str, Any], seen: Mapping[str, Any]) -> tuple[Change, ...]:
    """The newest change of each setting that stands otherwise than the reader saw it."""
    overtaken = [name for name, value in seen.items() if name in before and before[name] != value]
    newest = [audit.latest(tx, actor.workspace_id, None, name) for name in overtaken]
    return tuple(each for each in newest if each and each.by != actor.id)


def _save_all(
    tx: Connection, actor: Actor, wanted: Mapping[str, Any], before: Mapping[str, Any], now: datetime
) -> tuple[Change, ...]:
    changes = []
    for name, value in wanted.items():
        if name not in before or before[name] != value:
            _save(tx, actor.workspace_id, name, value, by=actor.id, now=now)
        if before.get(name) != value:
            changes.append(Change(None, name, before.get(name), value))
    audit.record(tx, actor.workspace_id, changes, by=actor.id, now=now)
    return tuple(changes)


def _save(tx: Connection, workspace_id: str, name: str, value: Any, *, by: str, now: datetime) -> None:
    of_name = (setting.c.workspace_id == workspace_id) & (setting.c.name == name)
    last = tx.execute(select(func.max(setting.c.version)).where(of_name)).scalar() or 0
    tx.execute(setting.update().where(of_name, setting.c.superseded_at.is_(None)).values(superseded_at=now))
    tx.execute(
        setting.insert().values(
            workspace_id=workspace_id, name=name, version=last + 1, value=value, recorded_at=now, recorded_by=by
        )
    )
