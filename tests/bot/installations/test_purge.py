"""Purging on both databases: page by page, once, from wherever it was left, and nothing of anybody else's."""

from datetime import timedelta

import pytest
import structlog
from sqlalchemy import func, select

from bot.access.roles import Role
from bot.installations import purge, queries, service
from bot.people import service as people
from bot.people.model import Person
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.bot.installations.test_service import HERE, THERE, a_grant, a_keyring, stored
from tests.factories import NOW, a_member, a_profile

OVER = NOW + timedelta(days=31)
BEFORE = OVER - timedelta(days=30)


@pytest.fixture
def removed(unwalled: Store) -> Store:
    """Two workspaces with the same people, of which one was removed a month ago."""
    for workspace in (HERE, THERE):
        service.install(unwalled, a_keyring(), a_grant(workspace), NOW)
        people.remember_all(unwalled, workspace, [a_profile(id=f"U{n}") for n in range(7)], NOW)
    a_member(unwalled, "U0SAM", Role.OPS)
    service.end(unwalled, a_keyring(), HERE, NOW)
    return unwalled


def persons(store: Store, workspace: str) -> int:
    """How many people a workspace has."""
    person = table_of(Person)
    with store.read() as tx:
        count = select(func.count()).select_from(person).where(person.c.workspace_id == workspace)
        return int(tx.scalar(count) or 0)


def test_before_the_days_are_over_nothing_goes(removed: Store) -> None:
    with removed.read() as tx:
        assert queries.over(tx, NOW) == []
        assert queries.over(tx, BEFORE) == [HERE]
    assert not purge.purge(removed, HERE, NOW, OVER)
    assert not purge.purge(removed, THERE, BEFORE, OVER)
    assert persons(removed, HERE) == 8


def test_everything_goes_once_and_the_receipt_counts_it(removed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "PAGE", 3)
    with structlog.testing.capture_logs() as said:
        assert purge.purge(removed, HERE, BEFORE, OVER)
        assert not purge.purge(removed, HERE, BEFORE, OVER)
    assert [each["event"] for each in said] == ["workspace_purged"]
    assert said[0]["by_table"]["person"] == 8
    assert said[0]["by_table"] == stored(removed).purged
    assert (persons(removed, HERE), persons(removed, THERE)) == (0, 7)


def test_what_was_left_half_way_is_continued_and_counted_whole(removed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "PAGE", 3)
    note, notes = purge._note, 0

    def dies(*what: object) -> None:
        nonlocal notes
        notes += 1
        if notes == 3:
            raise KeyboardInterrupt
        note(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(purge, "_note", dies)
    with pytest.raises(KeyboardInterrupt):
        purge.purge(removed, HERE, BEFORE, OVER)
    with removed.read() as tx:
        assert queries.over(tx, NOW) == [HERE]
    assert purge.purge(removed, HERE, NOW, OVER)
    purged = stored(removed).purged
    assert purged is not None
    assert purged["person"] == 8
