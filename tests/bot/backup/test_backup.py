"""Backup and restore: all of it or nothing, on either database and from one to the other."""

import gzip
import io
import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from contextvars import copy_context
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from bot import wiring
from bot.accounts.model import Account
from bot.backup import paper, service
from bot.backup.forms import Form
from bot.backup.paper import Heading, Sheet
from bot.delivery.model import Delivery
from bot.delivery.service import Letter, tell
from bot.delivery.states import IfUnsure, State, Way
from bot.errors import NotReady
from bot.installations.service import install
from bot.store import schema
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from bot.store.walls import everywhere
from tests.bot.backup.full import contents, fill
from tests.bot.delivery.parcels import HERE, Ledger, a_row
from tests.bot.installations.test_service import a_grant, a_keyring, opened
from tests.databases import as_plain_role, new_postgres_database
from tests.factories import NOW, a_member

LATER = NOW + timedelta(hours=6)


def nothing_due(_tx: Connection, _now: datetime) -> None:
    """No job is due."""


NewStore = Callable[[], Store]


@pytest.fixture
def new_store(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[NewStore]:
    """Makes a database of the other kind than `store`, that nobody has used, not even its schema."""
    made: list[Store] = []

    def make() -> Store:
        made.append(a_new_store(request, tmp_path, is_sqlite=not store.is_sqlite))
        return made[-1]

    yield make
    for each in made:
        each.close()


def a_new_store(request: pytest.FixtureRequest, folder: Path, *, is_sqlite: bool) -> Store:
    if is_sqlite:
        return Store(f"sqlite:///{folder}/new.db")
    return Store(as_plain_role(new_postgres_database(request.getfixturevalue("postgres"))))


def backup_of(store: Store, now: datetime = NOW) -> bytes:
    file = io.BytesIO()
    service.backup(store, file, now)
    return file.getvalue()


def restore(store: Store, content: bytes, now: datetime = LATER, **more: Any) -> service.Restored:
    return service.restore(store, io.BytesIO(content), now, **{"catch_up": nothing_due, "replace": False, **more})


def test_every_row_of_every_table_comes_back_on_either_database(store: Store, new_store: NewStore) -> None:
    fill(store)
    with everywhere(), store.write() as tx:  # what has its moment ahead is left as it is
        tx.execute(table_of(Delivery).update().values(state="sent"))
    before = contents(store)
    target = new_store()
    done = restore(target, backup_of(store))
    assert contents(target) == before
    assert service.figures(target) == service.figures(store) == done.figures
    assert all(rows for rows in before.values())


def test_on_the_same_database_too(store: Store, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    fill(store)
    with everywhere(), store.write() as tx:
        tx.execute(table_of(Delivery).update().values(state="sent"))
    with closing(a_new_store(request, tmp_path, is_sqlite=store.is_sqlite)) as target:
        restore(target, backup_of(store))
        assert contents(target) == contents(store)


def test_there_and_back_the_file_is_the_same_to_the_letter(store: Store, new_store: NewStore) -> None:
    fill(store)
    with everywhere(), store.write() as tx:
        tx.execute(table_of(Delivery).update().values(state="sent"))
    first, target = backup_of(store), new_store()
    restore(target, first)
    assert sorted(gzip.decompress(backup_of(target)).splitlines()) == sorted(gzip.decompress(first).splitlines())


def test_a_database_with_something_in_it_is_left_alone_until_told(store: Store, new_store: NewStore) -> None:
    fill(store)
    target = new_store()
    schema.upgrade(target)
    a_member(target, "U0BEN")
    before = contents(target)
    content = backup_of(store)
    with pytest.raises(NotReady, match=r"\(in person\).*--replace"):
        restore(target, content)
    assert contents(target) == before
    restore(target, content, replace=True)
    assert len(contents(target)["person"]) == 6


def test_tokens_stay_sealed_and_open_with_the_key_alone(store: Store, new_store: NewStore) -> None:
    install(store, a_keyring(), a_grant(token="xoxb-marked"), NOW)
    content, target = backup_of(store), new_store()
    assert b"xoxb-marked" not in gzip.decompress(content)
    restore(target, content)
    assert opened(target, a_keyring()) == "xoxb-marked"


def broken(content: bytes) -> Iterator[bytes]:
    """Backups that are not whole: cut off, with a changed byte, with a line too few or one too many, or none at all."""
    chance = random.Random(1)
    yield from (content[: chance.randrange(1, len(content))] for _ in range(3))
    for _ in range(3):
        place = chance.randrange(20, len(content) - 8)
        yield content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    lines = gzip.decompress(content).splitlines(keepends=True)
    row = next(n for n, line in enumerate(lines) if line.startswith(b"["))
    yield gzip.compress(b"".join(lines[:row] + lines[row + 1 :]))
    yield gzip.compress(b"".join(lines[: row + 1] + lines[row:]))
    yield gzip.compress(b"".join(lines[:-1]))
    yield gzip.compress(b"{}\n")
    yield gzip.compress(b"[]\n")
    yield b"email,roles\n"
    yield b""


@pytest.mark.short_on("sqlite")
def test_what_is_not_whole_changes_nothing(store: Store, new_store: NewStore) -> None:
    fill(store)
    target = new_store()
    schema.upgrade(target)
    a_member(target, "U0BEN")
    before = contents(target)
    for content in broken(backup_of(store)):
        with pytest.raises(NotReady, match=r"damaged|no backup|does not take"):
            restore(target, content, replace=True)
    assert contents(target) == before


def edited(content: bytes, **changes: Any) -> bytes:
    """A backup with another first line, checksum and all."""
    lines = gzip.decompress(content).splitlines(keepends=True)
    lines[0] = json.dumps({**json.loads(lines[0]), **changes}).encode() + b"\n"
    return gzip.compress(b"".join(lines))


@pytest.mark.parametrize("change", [{"schema": "later"}, {"baton_backup": 2}])
def test_a_backup_of_a_newer_baton_says_what_to_do(store: Store, change: dict[str, Any]) -> None:
    with pytest.raises(NotReady, match=r"newer Baton.*[Ii]nstall that version"):
        restore(store, edited(backup_of(store), **change))


def test_a_backup_of_an_older_baton_is_brought_up_to_date(new_store: NewStore) -> None:
    names = ("workspace_id", "id", "name", "name_key", "recorded_at", "recorded_by")
    forms = (Form.TEXT, Form.ID, Form.TEXT, Form.TEXT, Form.MOMENT, Form.TEXT)
    row = ["T0BATON", "0" * 31 + "1", "Acme", "acme", "2026-11-01 09:00:00.000000", "U0ANA"]
    file = io.BytesIO()
    paper.write(file, Heading("0001", NOW.isoformat(), "0.0.1"), [Sheet("account", names, forms, [row])])
    target = new_store()
    restore(target, file.getvalue())
    assert schema.standing(target) is schema.Schema.CURRENT
    assert [each[2] for each in contents(target)["account"]] == ["Acme"]


def test_another_schema_is_not_backed_up(new_store: NewStore) -> None:
    store = new_store()
    schema.upgrade(store, "0020")
    with pytest.raises(NotReady, match="baton migrate"):
        backup_of(store)


def test_a_database_that_baton_never_used_is_not_backed_up(new_store: NewStore) -> None:
    """It is not the one that was meant: another folder, another address."""
    with pytest.raises(NotReady, match="Is DATABASE_URL that of the running Baton"):
        backup_of(new_store())


def test_a_backup_shows_one_moment_while_others_write(store: Store, new_store: NewStore) -> None:
    stopping = threading.Event()

    def write() -> None:
        n = 0
        while not stopping.is_set():
            n += 1
            with store.write() as tx:
                tx.execute(insert(table_of(Account)).values(**an_account(n)))
                tx.execute(insert(table_of(Delivery)).values(**a_row({"state": State.SENT})))

    writer = threading.Thread(target=copy_context().run, args=(write,))
    writer.start()
    try:
        content = [backup_of(store) for _ in range(5)]
    finally:
        stopping.set()
        writer.join()
    counts = []
    for each in content:
        figures = json.loads(gzip.decompress(each).splitlines()[-1])["figures"]
        assert figures["account"]["rows"] == figures["delivery"]["rows"]
        counts.append(figures["account"]["rows"])
    assert counts == sorted(counts)
    restore(new_store(), content[-1])


def an_account(n: int) -> dict[str, Any]:
    name = f"company {n}"
    return {
        "workspace_id": HERE, "id": new_id(), "name": name, "name_key": name, "recorded_at": NOW, "recorded_by": "U0ANA"
    }  # fmt: skip


KILLED = """
import os, signal, sys
from pathlib import Path
from bot.backup.paper import new_file
with new_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_backup_leaves_the_one_before_and_no_half_one(tmp_path: Path) -> None:
    path = tmp_path / "nightly.baton"
    path.write_bytes(b"the one before")
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert ended.returncode == -9
    assert path.read_bytes() == b"the one before"
    assert [each.name for each in tmp_path.iterdir() if not each.name.endswith(".partial")] == ["nightly.baton"]


def test_a_whole_backup_stands_under_its_name_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "nightly.baton"
    with paper.new_file(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), paper.new_file(tmp_path / "nightly.baton"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


AN_HOUR = timedelta(hours=1)
HELD = {"claimed_by": "somebody", "lease_until": NOW + timedelta(seconds=60), "attempts": 1}


LEDGER: Mapping[str, tuple[dict[str, Any], State]] = {
    "waited": ({}, State.UNSURE),
    "an offer waited": ({"if_unsure": IfUnsure.RESEND}, State.UNSURE),
    "became due meanwhile": ({"not_before": NOW + AN_HOUR}, State.UNSURE),
    "under way": ({"state": State.CLAIMED, **HELD}, State.UNSURE),
    "unsure already": ({"state": State.UNSURE, "tried_at": NOW}, State.UNSURE),
    "its moment is ahead": ({"not_before": LATER + AN_HOUR}, State.WAITING),
    "was tried, and would be again": ({"not_before": LATER + AN_HOUR, "attempts": 3}, State.UNSURE),
    "a card to be changed": ({"way": Way.UPDATE, "channel": "D1", "ts": "1.1"}, State.WAITING),
    "a card being changed": ({"way": Way.UPDATE, "state": State.CLAIMED, **HELD}, State.WAITING),
    "sent": ({"state": State.SENT, "channel": "D1", "ts": "1.1"}, State.SENT),
    "dropped": ({"state": State.DROPPED, "reason": "stale"}, State.DROPPED),
    "failed": ({"state": State.FAILED, "reason": "not_in_channel"}, State.FAILED),
}
"""Rows as they stand in a backup, and what becomes of them."""


def test_what_may_have_been_sent_since_is_looked_for_first(store: Store, new_store: NewStore) -> None:
    Ledger(store).put(*({"occasion": name, **row} for name, (row, _) in LEDGER.items()))
    target = new_store()
    done = restore(target, backup_of(store))
    found = {row.occasion: row for row in Ledger(target).rows()}
    assert {name: row.state for name, row in found.items()} == {name: state for name, (_, state) in LEDGER.items()}
    unsure = {name: row for name, row in found.items() if row.state == State.UNSURE}
    for row in unsure.values():
        assert row.if_unsure == IfUnsure.DROP  # where nobody can look, better never than twice
        assert (row.tried_at, row.claimed_by) == (NOW, None)
    assert {each.occasion for each in done.opened} == unsure.keys()


def test_what_jobs_have_to_say_since_the_backup_is_looked_for_too(store: Store, new_store: NewStore) -> None:
    def catch_up(tx: Connection, now: datetime) -> None:
        tell(tx, HERE, Letter("drill", "U0ANA", "2026-11-18", if_unsure=IfUnsure.RESEND), now)

    target = new_store()
    done = restore(target, backup_of(store), catch_up=catch_up)
    (row,) = Ledger(target).rows()
    assert (row.state, row.if_unsure, row.tried_at) == (State.UNSURE, IfUnsure.DROP, NOW)
    assert [tuple(each) for each in done.opened] == [("drill", "U0ANA", "2026-11-18")]


def test_jobs_that_were_due_are_seen_to(store: Store, new_store: NewStore) -> None:
    a_member(store, "U0ANA", "SDR")
    with store.write() as tx:
        tx.execute(text("INSERT INTO job VALUES ('T0BATON', 'daily_activity', 'U0ANA', '', '2026-11-18 15:00:00')"))
    target = new_store()
    restore(target, backup_of(store), catch_up=wiring.catch_up)
    with target.read() as tx:
        (due,) = tx.execute(text("SELECT next_due_at FROM job")).scalars()
    assert str(due) > str(LATER)
