"""A team moves in by CSV before anybody has opened Baton, and out again: the commands, over Slack's wire."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.people import queries
from bot.store.engine import Store
from tests.databases import DATABASES, as_superuser, new_database
from tests.wire import processes
from tests.wire.processes import BOT_TOKEN, Ended
from tests.wire.team import Team

HERE = "T0BATON"
NOWHERE = "http://127.0.0.1:9/api/"
SINCE = datetime.now(UTC).date() - timedelta(days=30)
FILE = f"""\
Email;Roles;Team;Manager_email;Territory;From;Desk
ana@northwind.example;SDR;Inbound;maria@northwind.example;EMEA|DACH;{SINCE};12
roman@northwind.example;sdr+mrr;Исходящие;maria@northwind.example;;{SINCE};"=HYPERLINK(""x"")"
maria@northwind.example;MANAGER;;sam@northwind.example;;{SINCE};
"""


Baton = Callable[..., Ended]


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database with the newest schema and nothing in it."""
    return new_database(request, tmp_path, request.param)


@pytest.fixture
def baton(tmp_path: Path, slack: str, database_url: str) -> Baton:
    """`baton …` run to its end in a folder of its own, with the sandbox as Slack, on a new database."""
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": f"{slack}/api/", "DATABASE_URL": database_url}

    def run(*words: str, **more: str) -> Ended:
        return processes.quick_baton(tmp_path, *words, **(settings | more))

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file as Excel saves it."""
    path = tmp_path / "team.csv"
    path.write_bytes(FILE.replace("\n", "\r\n").encode("utf-8-sig"))
    return path


def standing(database_url: str, day: date) -> dict[str, tuple[tuple[str, ...], str | None, str | None]]:
    """Roles, team and manager of everybody who holds a role, by id."""
    with closing(Store(as_superuser(database_url))) as store, store.read() as tx:
        held = queries.members(tx, HERE, day)
    return {each.id: (each.roles, each.standing.team, each.standing.manager) for each in held.values()}


@pytest.mark.short_on("postgresql")
def test_a_team_moves_in_and_out_and_in_again(baton: Baton, file: Path, database_url: str) -> None:
    rehearsed = baton("import", "people", "team.csv", "--dry-run")
    assert (rehearsed.code, rehearsed.err) == (0, "")
    assert rehearsed.out.startswith(f"line 2: ana@northwind.example: SDR from {SINCE}, team Inbound, ")
    assert rehearsed.out.endswith("3 rows would change something, 0 nothing.\nColumns kept as notes: Desk.\n")
    assert standing(database_url, SINCE) == {}
    said = "3 rows changed something, 0 nothing.\nColumns kept as notes: Desk.\n"
    assert baton("import", "people", "team.csv") == Ended(0, said, "")
    assert standing(database_url, SINCE) == {
        "U0ANA": (("SDR",), "Inbound", "U0MARIA"),
        "U0ROMAN": (("SDR", "MRR"), "Исходящие", "U0MARIA"),
        "U0MARIA": (("MANAGER",), None, "U0SAM"),
    }
    assert baton("export", "people", "out.csv") == Ended(0, "3 rows written to out.csv.\n", "")
    assert "'=HYPERLINK" in (file.parent / "out.csv").read_text()
    again = baton("import", "people", "out.csv", SLACK_API_URL=NOWHERE)
    assert again == Ended(0, "0 rows changed something, 3 nothing.\nColumns kept as notes: Desk.\n", "")


@pytest.mark.short_on("sqlite")
def test_every_bad_row_is_named_and_nothing_is_stored(baton: Baton, file: Path, database_url: str) -> None:
    rows = [
        "kim@northwind.example;SDR",
        "jonas@northwind.example;AE",
        "nobody@x.example;AE",
        "sam@northwind.example;CEO",
    ]
    file.write_text(f"{FILE}{chr(10).join(rows)}\n")
    ended = baton("import", "people", "team.csv")
    assert (ended.code, ended.out) == (1, "")
    *lines, last = ended.err.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"line {n}" for n in (5, 6, 7, 8)]
    assert last == "Slack was asked, too. Nothing was changed: team.csv has errors in 4 lines."
    with closing(Store(as_superuser(database_url))) as store, store.read() as tx:
        assert queries.EVERYBODY.all(tx, {"workspace": HERE}) == []


@pytest.mark.short_on("postgresql")
def test_slack_is_asked_only_while_somebody_is_unknown(baton: Baton, slack: str, file: Path) -> None:
    with closing(Team(slack)) as team:

        def listed() -> int:
            return len([call for call in team.calls() if call["method"] == "users.list"])

        before = listed()
        assert baton("import", "people", "team.csv").code == 0
        after = listed()
        assert baton("import", "people", "team.csv").code == 0
        assert before < after == listed()


@pytest.mark.parametrize(
    ("words", "more", "said"),
    [
        pytest.param(
            ["import", "people", "team.csv"],
            {"SLACK_API_URL": NOWHERE},
            "baton: The database does not know this workspace, and Slack cannot be reached",
            id="no Slack at the first import",
        ),
        pytest.param(
            ["import", "people", "team.csv"],
            {"SLACK_BOT_TOKEN": "xoxb-wrong"},
            "baton: Slack does not take SLACK_BOT_TOKEN (invalid_auth).",
            id="a wrong token",
        ),
        pytest.param(
            ["export", "people", "x.csv"],
            {"DATABASE_URL": "sqlite:////no/such/x.db"},
            "baton: The database of DATABASE_URL cannot be used",
            id="no database",
        ),
        pytest.param(
            ["export", "people", "x.csv"], {}, "baton: The database has no workspace yet", id="nothing to export"
        ),
    ],
)
@pytest.mark.short_on("sqlite")
def test_a_baton_that_is_not_ready_says_so_in_one_line(
    baton: Baton, file: Path, words: list[str], more: dict[str, str], said: str
) -> None:
    ended = baton(*words, **more)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.startswith(said)


@pytest.mark.short_on("sqlite")
def test_a_kind_that_there_is_not_is_refused(baton: Baton) -> None:
    ended = baton("import", "horses", "team.csv")
    assert (ended.code, ended.out) == (2, "")
    assert "'horses'" in ended.err
    assert "'people'" in ended.err
