"""Plans, targets and a team's past come by CSV while the bot runs, are seen in Slack, and go out again as files."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.access.roles import Role
from bot.workspace.rules import Setting
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.scenarios.settling import settle
from tests.wire import processes
from tests.wire.moved_clock import MovedClock
from tests.wire.processes import BOT_TOKEN, Ended

NB = "\u00a0"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ROLES = {"U0ANA": Role.SDR, "U0DANA": Role.AE, "U0MARIA": Role.MANAGER, "U0SAM": Role.OPS}
SETTINGS: dict[str, Any] = {Setting.CURRENCY: "EUR", Setting.ZONE: "UTC"}
PLANS = """\
role,from,kind,event,lower,upper,amount,rate
AE,2026-10-01,tier,won,0,100,,0.08
AE,2026-10-01,tier,won,100,,,12%
"""
QUOTAS = "email,metric,period,target\ndana@northwind.example,revenue,2026-Q4,120000\n"
ACTIVITIES = """\
Email;At;Kind;Who;Minutes;Outcome;Note
ana@northwind.example;2026-11-20T08:15:00Z;звонок;Ромашка;15;дозвонился;ждёт предложения
ana@northwind.example;2026-11-20T08:40:00Z;call;;;no-answer;
dana@northwind.example;2024-02-29;demo;Globex;45;;
"""


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> MovedClock:
    return MovedClock(tmp_path_factory.mktemp("clock") / "now", NOW)


@pytest.fixture(scope="module", params=CORNERS[1:], ids="-".join)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: MovedClock
) -> Iterator[Workspace]:
    mode, database = request.param
    environment: dict[str, Any] = {**clock.settings}
    for found in start_workspace(request, tmp_path_factory.mktemp("files"), mode, database, **environment):
        settle(found, ROLES, SETTINGS, since=date(2026, 1, 1), now=clock.now)
        yield found


def baton(running: Workspace, clock: MovedClock, *words: str) -> Ended:
    """`baton …` run to its end beside the bot, by its clock."""
    more = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": f"{running.team.address}/api/", **clock.settings}
    return processes.quick_baton(running.folder, *words, DATABASE_URL=running.database_url, **more)


def put(running: Workspace, name: str, text: str) -> None:
    (running.folder / name).write_bytes(text.encode("cp1251"))


def taken(running: Workspace, name: str) -> list[dict[str, str]]:
    """The rows of a file that was exported."""
    text = (running.folder / name).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_plans_and_targets_by_file_pay_for_a_win(running: Workspace, clock: MovedClock) -> None:
    put(running, "plans.csv", PLANS)
    assert baton(running, clock, "import", "plans", "plans.csv") == Ended(
        0, "2 rows changed something, 0 nothing.\n", ""
    )
    put(running, "quotas.csv", QUOTAS)
    rehearsed = baton(running, clock, "import", "quotas", "quotas.csv", "--dry-run")
    assert rehearsed.out.startswith("line 2: dana@northwind.example: revenue 2026-Q4 120000.00 EUR\n")
    assert baton(running, clock, "import", "quotas", "quotas.csv").code == 0
    assert "120,000 EUR" in running.team.types("U0DANA", "/quota").text.replace(NB, " ")
    running.team.types("U0DANA", "/deal Acme won 40000 on 2 nov")
    assert baton(running, clock, "export", "statements", "paid.csv", "--period", "2026-Q4").code == 0
    [line] = taken(running, "paid.csv")
    assert (line["email"], line["subject"], line["base"], line["amount"], line["currency"]) == (
        "dana@northwind.example", "Acme", "40000.00", "3200.00", "EUR",
    )  # fmt: skip
    assert baton(running, clock, "export", "quotas", "out.csv", "--period", "2026-Q4").code == 0
    assert [row["target"] for row in taken(running, "out.csv")] == ["120000.00"]
    refused = baton(running, clock, "import", "statements", "paid.csv")
    assert (refused.code, refused.err) == (2, "baton: Files of statements are only exported.\n")


def test_a_teams_past_comes_by_file_and_counts(running: Workspace, clock: MovedClock) -> None:
    put(running, "past.csv", ACTIVITIES)
    told = "New activities: 3. Known already: 0.\nThe file was read as Windows-1251.\n"
    done = baton(running, clock, "import", "activities", "past.csv")
    assert done == Ended(0, f"3 rows changed something, 0 nothing.\n{told}", "")
    assert "3 of 40" in running.team.types("U0ANA", "/log call Acme").text
    assert "ждёт предложения" in running.team.types("U0ANA", "/log today").text
    again = baton(running, clock, "import", "activities", "past.csv")
    assert again.out.startswith("0 rows changed something, 3 nothing.\n")
    assert baton(running, clock, "export", "activities", "out.csv", "--period", "2026-11").code == 0
    assert [(row["who"], row["outcome"]) for row in taken(running, "out.csv")] == [
        ("Ромашка", "connected"), ("", "no-answer"), ("Acme", ""),
    ]  # fmt: skip
    assert baton(running, clock, "import", "activities", "out.csv").out.startswith("0 rows changed something, 3 ")


def test_every_bad_row_is_named_and_nothing_is_stored(running: Workspace, clock: MovedClock) -> None:
    put(running, "bad.csv", ACTIVITIES + "who@x.example;2026-11-19;fax;;;;\nana@northwind.example;завтра;call;;;;\n")
    before = baton(running, clock, "export", "activities", "before.csv")
    ended = baton(running, clock, "import", "activities", "bad.csv")
    assert (ended.code, ended.out) == (1, "")
    *lines, last = ended.err.splitlines()
    assert [line.split(":")[:2] for line in lines] == [
        ["line 5", " email"], ["line 5", " kind"], ["line 6", " at"],
    ]  # fmt: skip
    assert last == "Slack was asked, too. Nothing was changed: bad.csv has errors in 2 lines."
    assert baton(running, clock, "export", "activities", "before.csv") == before
