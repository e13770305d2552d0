"""An organisation of two thousand people: everybody is learnt, and what shows many of them fits into Slack."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.people.model import Person
from bot.store import schema
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.bench import staff
from tests.wire import processes
from tests.wire.bigteam import write_team
from tests.wire.processes import Child
from tests.wire.team import Json, Team

PEOPLE = 2_000
RECOMMENDED_PAGE = 200
VIEW_BLOCKS = 100
ONE_OF_A_ROSTER = re.compile(r"^• (.+?) · ", re.MULTILINE)


@dataclass
class Company:
    """The sandbox and the bot, and everybody who has a role: Slack ids in order, names by id."""

    team: Team
    bot: Child
    store: Store
    users: list[Json]
    ids: list[str]

    @property
    def names(self) -> dict[str, str]:
        return {user["id"]: user["real_name"] for user in self.users}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Roles were imported long ago; Slack is short of breath on the second page of its list."""
    folder = tmp_path_factory.mktemp("two-thousand")
    ids = write_team(folder / "team.json", PEOPLE)
    users = json.loads((folder / "team.json").read_text(encoding="utf-8"))["users"]
    store = Store(f"sqlite:///{folder}/baton.db")
    schema.upgrade(store)
    staff.employ(store, ids, datetime.now(UTC).date())
    port, slack_port = processes.free_port(), processes.free_port()
    address = f"http://127.0.0.1:{slack_port}"
    sandbox = processes.sandbox(folder, "socket", port, slack_port, folder / "team.json")
    bot = processes.quick_bot(folder, "socket", port, address, f"sqlite:///{folder}/baton.db")
    team = Team(address)
    try:
        sandbox.start()
        processes.wait_until(f"{address}/ui/calls", sandbox)
        team.control(fail={"method": "users.list", "error": "ratelimited", "retry_after": 1, "after": 1})
        bot.start()
        _wait_for("everybody_is_known", bot)
        yield Company(team, bot, store, users, ids)
    finally:
        store.close()
        team.close()
        for child in (bot, sandbox):
            if child.is_running():
                child.stop()
    assert "Traceback" not in bot.said()


def _wait_for(said: str, bot: Child) -> None:
    deadline = time.monotonic() + processes.STARTS_WITHIN
    while said not in bot.said():
        assert time.monotonic() < deadline, bot.said()
        time.sleep(0.05)


def test_everybody_is_learnt_page_by_page_though_slack_asks_to_wait(company: Company) -> None:
    asked = [call for call in company.team.calls() if call["method"] == "users.list"]
    refused = [call["args"] for call in asked if call["error"] == "ratelimited"]
    answered = [call["args"] for call in asked if call["ok"]]
    assert refused == [answered[1]]
    assert {int(args["limit"]) for args in answered} == {RECOMMENDED_PAGE}
    assert len({args.get("cursor") for args in answered}) == len(answered) == PEOPLE // RECOMMENDED_PAGE + 1
    assert _known(company.store) == {user["id"] for user in company.users if not user.get("is_bot")}


def _known(store: Store) -> set[str]:
    with store.read() as tx:
        return set(tx.execute(select(table_of(Person).c.id)).scalars())


def test_home_of_a_manager_names_each_of_150_reports_and_slack_takes_it(company: Company) -> None:
    manager = staff.managers_of(company.ids)[0]
    reports = {company.names[each] for each in staff.reports_of(company.ids, manager)}
    home = company.team.opens_home(manager)
    assert len(reports) == staff.REPORTS
    assert [name for name in reports if f"*{name}*" not in home.text] == []
    assert len(home.blocks) <= VIEW_BLOCKS
    assert {call["error"] for call in company.team.calls() if call["method"] == "views.publish"} == {None}


def test_the_roster_leads_page_by_page_to_everybody_once(company: Company) -> None:
    reader = company.ids[1]
    page = company.team.types(reader, "/team")
    found = ONE_OF_A_ROSTER.findall(page.text)
    while "Next" in page.buttons:
        page = company.team.presses(reader, page, "Next")
        found += ONE_OF_A_ROSTER.findall(page.text)
    assert sorted(found) == sorted(company.names[each] for each in company.ids)
    assert [call for call in company.team.calls() if call["error"] not in (None, "ratelimited")] == []
