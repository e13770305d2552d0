"""Installations on both databases: tokens are sealed, states good once, a removal ends everything and loses nothing."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import select

from bot.errors import NotReady, Refused
from bot.installations import queries, service
from bot.installations.keys import CannotOpen, Keyring
from bot.installations.model import Installation
from bot.installations.service import Granted, Token
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.walls import everywhere
from tests.factories import NOW

HERE, THERE, WHOLE = "T0BATON", "T0OTHER", "E0WHOLE"
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def a_keyring(*keys: str) -> Keyring:
    """Keys as `BATON_ENCRYPTION_KEY` has them."""
    return Keyring(SecretStr(", ".join(keys or (OLD,))))


def a_grant(workspace: str = HERE, token: str = "xoxb-1", **more: object) -> Granted:
    """What Slack grants."""
    given = {"name": "Northwind", "scopes": "commands", "app_id": "A1", "bot_id": "B1", "bot_user_id": "U0BOT"}
    return Granted(workspace, token=Token(SecretStr(token), SecretStr("xoxe-1"), NOW), **{**given, **more})  # type: ignore[arg-type]


def stored(store: Store, workspace: str = HERE) -> Installation:
    """The row of a workspace."""
    with everywhere(), store.read() as tx:
        row: Installation | None = queries.find(tx, workspace)
    assert row is not None
    return row


def opened(store: Store, keys: Keyring, workspace: str = HERE) -> str | None:
    """The token of a workspace."""
    found = keys.open(stored(store, workspace).sealed_token)
    return found.get_secret_value() if found else None


def test_a_token_is_stored_sealed_only(store: Store) -> None:
    assert service.install(store, a_keyring(), a_grant(token="xoxb-very-secret"), NOW)
    with everywhere(), store.read() as tx:
        everything = repr(tx.execute(select(table_of(Installation))).all())
    assert "xox" not in everything
    assert opened(store, a_keyring()) == "xoxb-very-secret"
    assert "xox" not in repr(a_grant()) + repr(a_keyring()) + str(a_grant().token)


def test_installing_again_overwrites_the_token_and_its_scopes(store: Store) -> None:
    keys = a_keyring()
    assert service.install(store, keys, a_grant(), NOW)
    secret = stored(store).sealed_secret
    assert not service.install(store, keys, a_grant(token="xoxb-2", scopes="commands,im:write"), NOW)
    assert (opened(store, keys), stored(store).scopes, stored(store).version) == ("xoxb-2", "commands,im:write", 2)
    assert stored(store).sealed_secret == secret


def test_a_state_is_good_once_in_its_browser_and_for_ten_minutes(store: Store) -> None:
    state = service.issue_state(store, "mine", NOW)
    assert not service.take_state(store, state, "another", NOW)
    assert service.take_state(store, state, "mine", NOW)
    assert not service.take_state(store, state, "mine", NOW)
    late = service.issue_state(store, "mine", NOW)
    assert not service.take_state(store, late, "mine", NOW + timedelta(minutes=10))
    assert not service.take_state(store, "made up", "mine", NOW)


def test_a_removal_erases_the_tokens_and_is_heard_once(store: Store) -> None:
    keys = a_keyring()
    service.install(store, keys, a_grant(), NOW)
    token = service.end(store, keys, HERE, NOW)
    assert token
    assert token.get_secret_value() == "xoxb-1"
    assert service.end(store, keys, HERE, NOW) is None
    assert service.end(store, keys, THERE, NOW) is None
    gone = stored(store)
    assert (gone.state, gone.sealed_token, gone.sealed_refresh_token, gone.ended_at) == ("ended", None, None, NOW)
    with everywhere(), store.read() as tx:
        assert queries.served(tx) == []
        assert queries.gone(tx, [HERE, THERE]) == {HERE}
    assert service.install(store, keys, a_grant(token="xoxb-3"), NOW)
    assert (stored(store).state, stored(store).ended_at, opened(store, keys)) == ("active", None, "xoxb-3")


def test_an_organisation_is_one_token_for_the_workspaces_that_are_met(store: Store) -> None:
    keys = a_keyring()
    assert not service.join(store, keys, HERE, WHOLE, NOW)
    service.install(store, keys, a_grant(WHOLE, is_organisation=True, organisation_id=WHOLE), NOW)
    assert service.join(store, keys, HERE, WHOLE, NOW)
    assert service.join(store, keys, HERE, WHOLE, NOW)
    assert (stored(store).through, stored(store).sealed_token) == (WHOLE, None)
    with everywhere(), store.read() as tx:
        assert queries.served(tx) == [HERE]
    service.end(store, keys, WHOLE, NOW)
    assert stored(store).state == "ended"
    assert not service.join(store, keys, HERE, WHOLE, NOW)
    service.install(store, keys, a_grant(WHOLE, is_organisation=True, organisation_id=WHOLE), NOW)
    assert stored(store).state == "active"


def test_one_renews_a_token_and_an_old_answer_changes_nothing(store: Store) -> None:
    keys = a_keyring()
    service.install(store, keys, a_grant(), NOW)
    assert service.claim_renewal(store, HERE, 1, NOW)
    assert not service.claim_renewal(store, HERE, 1, NOW)
    assert service.claim_renewal(store, HERE, 1, NOW + timedelta(minutes=1))
    service.install(store, keys, a_grant(token="xoxb-newest"), NOW)
    service.keep_renewed(store, keys, HERE, 1, Token(SecretStr("xoxb-late")))
    assert opened(store, keys) == "xoxb-newest"
    service.keep_renewed(store, keys, HERE, 2, Token(SecretStr("xoxb-next"), SecretStr("xoxe-2"), NOW))
    assert opened(store, keys) == "xoxb-next"


def test_a_new_key_seals_everything_anew_page_by_page_and_may_be_begun_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAGE", 2)
    for n in range(5):
        service.install(store, a_keyring(), a_grant(f"T{n}", token=f"xoxb-{n}"), NOW)
    both = a_keyring(NEW, OLD)
    assert opened(store, both, "T3") == "xoxb-3"
    begun = service.reseal_all(store, both)
    assert next(begun) == (2, 0)
    assert list(service.reseal_all(store, both)) == [(0, 0), (2, 0), (1, 0)]
    assert [opened(store, a_keyring(NEW), f"T{n}") for n in range(5)] == [f"xoxb-{n}" for n in range(5)]
    with pytest.raises(CannotOpen):
        opened(store, a_keyring(OLD), "T0")
    assert list(service.reseal_all(store, a_keyring(OLD))) == [(0, 2), (0, 2), (0, 1)]


@pytest.mark.parametrize(
    "keys",
    ["", " , ", "short", "not base64 at all!", f"{OLD},short"],
    ids=["none", "commas", "short", "text", "second"],
)
def test_what_is_no_key_is_refused(keys: str) -> None:
    with pytest.raises(NotReady, match="BATON_ENCRYPTION_KEY"):
        Keyring(SecretStr(keys))


def test_nobody_installs_what_is_just_being_purged(store: Store) -> None:
    keys = a_keyring()
    service.install(store, keys, a_grant(), NOW)
    service.end(store, keys, HERE, NOW)
    with store.write() as tx:
        tx.exec_driver_sql("UPDATE installation SET state = 'purging'")
    with pytest.raises(Refused):
        service.install(store, keys, a_grant(), NOW)
