"""What happens to installations: somebody installs Baton, Slack renews a token, somebody takes Baton away again."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from bot.errors import Refused
from bot.installations import queries
from bot.installations.keys import CannotOpen, Keyring
from bot.installations.model import Installation, InstallState
from bot.installations.states import State
from bot.store.engine import Store
from bot.store.sql import insert_once, one_at_a_time, table_of
from bot.store.walls import everywhere, within

installation, install_state = table_of(Installation), table_of(InstallState)

STATE_LIVES = timedelta(minutes=10)
"""As long as Slack's own code does (docs.slack.dev, installing with OAuth)."""

RENEWAL_TAKES = timedelta(seconds=30)
"""How long one process has for renewing a token before another one may try."""

PAGE = 200
"""Installations whose tokens are sealed anew in one transaction."""

SEALED = ("sealed_token", "sealed_refresh_token", "sealed_secret")


@dataclass(frozen=True, slots=True)
class Token:
    """A bot token as Slack gives it out; with rotation it expires, and `refresh` gets the next one."""

    access: SecretStr
    refresh: SecretStr | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """What somebody has installed: `workspace_id` is the organisation's where `is_organisation`."""

    workspace_id: str
    name: str
    token: Token
    scopes: str
    app_id: str
    bot_id: str
    bot_user_id: str
    installed_by: str | None = None
    organisation_id: str | None = None
    is_organisation: bool = False


def issue_state(store: Store, browser: str, now: datetime) -> str:
    """A state for one way to Slack and back, good for that browser only."""
    state = secrets.token_urlsafe(32)
    with store.write() as tx:
        tx.execute(delete(install_state).where(install_state.c.expires_at <= now))
        row = {"state_hash": _hash(state), "browser_hash": _hash(browser), "expires_at": now + STATE_LIVES}
        tx.execute(insert(install_state).values(row))
    return state


def take_state(store: Store, state: str, browser: str, now: datetime) -> bool:
    """Whether this state was issued to that browser, has not expired, and was not taken before; now it is."""
    this = and_(install_state.c.state_hash == _hash(state), install_state.c.browser_hash == _hash(browser))
    with store.write() as tx:
        return tx.execute(delete(install_state).where(this, install_state.c.expires_at > now)).rowcount == 1


def install(store: Store, keys: Keyring, granted: Granted, now: datetime) -> bool:
    """Keep what was granted, in the place of what was; whatever a workspace had is there again.

    Returns:
        Whether the workspace is new, or is back: False for one that was installed anew while it was served.

    Raises:
        Refused: while the rows of the last time are on their way out.
    """
    with everywhere(), store.write() as tx:
        known = _hold(tx, granted.workspace_id)
        if known is not None and known.state == State.PURGING:
            raise Refused("install.purging")
        keeps_secret = known is not None and known.sealed_secret is not None
        secret = known.sealed_secret if known and keeps_secret else keys.seal(secrets.token_urlsafe(32))
        values = {**_granted(keys, granted, now), "sealed_secret": secret}
        if known is None:
            tx.execute(insert(installation).values(workspace_id=granted.workspace_id, version=1, **values))
        else:
            tx.execute(
                update(installation).where(_is(granted.workspace_id)).values(version=known.version + 1, **values)
            )
        if granted.is_organisation:
            _change(tx, and_(installation.c.through == granted.workspace_id, _in(State.ENDED)), **ALIVE)
    return known is None or known.state != State.ACTIVE


def join(store: Store, keys: Keyring, workspace_id: str, organisation_id: str, now: datetime) -> bool:
    """A workspace of an organisation in which Baton is installed as a whole; False when it is not.

    Slack does not say beforehand which workspaces an organisation's admins have chosen, so each is met when something
    comes from it.
    """
    with everywhere(), store.write() as tx:
        above = queries.find(tx, organisation_id)
        known = _hold(tx, workspace_id)
        if above is None or not above.is_organisation or above.state != State.ACTIVE:
            return False
        if known is not None:
            if known.state in (State.PURGING, State.ACTIVE):
                return bool(known.state == State.ACTIVE)
            _change(tx, _is(workspace_id), through=organisation_id, organisation_id=organisation_id, **ALIVE)
            return True
        values = {"organisation_id": organisation_id, "through": organisation_id, "app_id": above.app_id}
        secret = keys.seal(secrets.token_urlsafe(32))
        row = {**BLANK, **values, "workspace_id": workspace_id, "sealed_secret": secret, "installed_at": now}
        insert_once(tx, Installation, row)
    return True


def end(store: Store, keys: Keyring, workspace_id: str, now: datetime) -> SecretStr | None:
    """Baton was removed: from now on nothing is done or said there, and the tokens are erased.

    Returns:
        The token that was erased, for whoever has it revoked. None when there was none, or this was known before.
    """
    with everywhere(), store.write() as tx:
        known = _hold(tx, workspace_id)
        if known is None or known.state != State.ACTIVE:
            return None
        _change(tx, _is(workspace_id), **_ended(now))
        if known.is_organisation:
            _change(tx, and_(installation.c.through == workspace_id, _in(State.ACTIVE)), **_ended(now))
    try:
        return keys.open(known.sealed_token)
    except CannotOpen:
        return None


def keep_alive(store: Store, workspace_id: str) -> None:
    """A workspace that is served by a token of the settings is not on its way out, whatever was before."""
    with within(workspace_id), store.write() as tx:
        if queries.find(tx, workspace_id) is not None:
            _change(tx, and_(_is(workspace_id), _in(State.ENDED, State.PURGED)), **ALIVE)


def claim_renewal(store: Store, workspace_id: str, version: int, now: datetime) -> bool:
    """Whether the caller is the one to renew this token: two who do it at once would end each other's."""
    is_free = or_(installation.c.renewing_until.is_(None), installation.c.renewing_until < now)
    mine = and_(_is(workspace_id), _in(State.ACTIVE), installation.c.version == version, is_free)
    with within(workspace_id), store.write() as tx:
        claim = update(installation).where(mine).values(renewing_until=now + RENEWAL_TAKES)
        return tx.execute(claim).rowcount == 1


def keep_renewed(store: Store, keys: Keyring, workspace_id: str, version: int, token: Token) -> None:
    """Keep the token that has come for the one of `version`; a new installation meanwhile has a newer one."""
    with within(workspace_id), store.write() as tx:
        this = and_(_is(workspace_id), _in(State.ACTIVE), installation.c.version == version)
        _change(tx, this, **_sealed(keys, token))


def inlet_secret(store: Store, keys: Keyring, workspace_id: str) -> str | None:
    """What senders of leads sign with for a workspace; None where Baton is not installed."""
    with within(workspace_id), store.read() as tx:
        return _secret_of(queries.find(tx, workspace_id), keys)


def renew_secret(tx: Connection, keys: Keyring, workspace_id: str) -> tuple[str | None, str]:
    """Let senders of leads sign with something else from now on; the secret that was, and the new one."""
    before, after = _secret_of(_hold(tx, workspace_id), keys), secrets.token_urlsafe(32)
    _change(tx, and_(_is(workspace_id), _in(State.ACTIVE)), sealed_secret=keys.seal(after))
    return before, after


def _secret_of(row: Any | None, keys: Keyring) -> str | None:
    found = keys.open(row.sealed_secret) if row is not None and row.state == State.ACTIVE else None
    return found.get_secret_value() if found else None


def reseal_all(store: Store, keys: Keyring) -> Iterator[tuple[int, int]]:
    """Seal everything with the first key, page by page; what is sealed with it already stays as it is, so it can be
    begun again at any point.

    Yields:
        How many rows of the page were changed, and how many cannot be opened with any of the keys.
    """
    last = ""
    while True:
        with everywhere(), store.write() as tx:
            after = select(installation).where(installation.c.workspace_id > last)
            rows = tx.execute(after.order_by(installation.c.workspace_id).limit(PAGE).with_for_update()).all()
            changed = [_reseal(tx, keys, row) for row in rows]
        if not rows:
            return
        last = rows[-1].workspace_id
        yield sum(each is True for each in changed), sum(each is None for each in changed)


def _reseal(tx: Connection, keys: Keyring, row: Any) -> bool | None:
    """Whether a row was changed; None when it cannot be opened."""
    old = {name: getattr(row, name) for name in SEALED}
    try:
        new = {name: keys.reseal(sealed) for name, sealed in old.items()}
    except CannotOpen:
        return None
    if new == old:
        return False
    tx.execute(update(installation).where(_is(row.workspace_id)).values(**new))
    return True


ALIVE = {"state": State.ACTIVE.value, "ended_at": None, "purged": None, "purged_at": None}
BLANK = {"is_organisation": False, "scopes": "", "state": State.ACTIVE.value, "version": 1}


def _granted(keys: Keyring, granted: Granted, now: datetime) -> dict[str, Any]:
    return {
        **ALIVE,
        **_sealed(keys, granted.token),
        "name": granted.name,
        "organisation_id": granted.organisation_id,
        "is_organisation": granted.is_organisation,
        "through": None,
        "app_id": granted.app_id,
        "bot_id": granted.bot_id,
        "bot_user_id": granted.bot_user_id,
        "scopes": granted.scopes,
        "installed_by": granted.installed_by,
        "installed_at": now,
    }


def _sealed(keys: Keyring, token: Token) -> dict[str, Any]:
    return {
        "sealed_token": keys.seal(token.access.get_secret_value()),
        "sealed_refresh_token": keys.seal(token.refresh.get_secret_value() if token.refresh else None),
        "expires_at": token.expires_at,
        "renewing_until": None,
    }


def _ended(now: datetime) -> dict[str, Any]:
    erased = {"sealed_token": None, "sealed_refresh_token": None, "expires_at": None, "renewing_until": None}
    return {"state": State.ENDED.value, "ended_at": now, **erased}


def _hold(tx: Connection, workspace_id: str) -> Any | None:
    """The row of a workspace, and its turn: of two who install or remove at once the second sees what the first did."""
    one_at_a_time(tx, f"installation:{workspace_id}")
    return queries.find(tx, workspace_id)


def _change(tx: Connection, which: ColumnElement[bool], **values: Any) -> None:
    tx.execute(update(installation).where(which).values(version=installation.c.version + 1, **values))


def _is(workspace_id: str) -> ColumnElement[bool]:
    return installation.c.workspace_id == workspace_id


def _in(*states: State) -> ColumnElement[bool]:
    return or_(*(installation.c.state == state for state in states))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
