"""Two workspaces install Baton side by side, with people, companies and ids that are the same; one of them leaves."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sandbox.server import HERE as SANDBOX
from sqlalchemy import func, select, update
from sqlmodel import SQLModel

import bot
from bot.delivery import service as delivery
from bot.delivery.mending import TROUBLE
from bot.delivery.service import Letter
from bot.installations import queries as installations
from bot.installations.model import Installation
from bot.people import queries as people
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.databases import DATABASES, as_superuser, new_database
from tests.wire import inlet, processes
from tests.wire.installing import Browser, state_of
from tests.wire.processes import Child
from tests.wire.team import PATIENCE, Team
from tests.wire.waiting import until

for path in Path(str(bot.__file__)).parent.glob("*/model.py"):
    import_module(f"bot.{path.parent.name}.model")

NORTH, SOUTH = "T0BATON", "T0SOUTH"


@dataclass
class Two:
    """Slack with two workspaces, and a bot that both may install."""

    teams: dict[str, Team]
    baton: Child
    port: int
    slack: str
    database_url: str
    folder: Path

    def store(self) -> Store:
        """What the bot has stored."""
        return Store(as_superuser(self.database_url))

    def stop(self) -> None:
        """Stop the bot, if it runs."""
        if self.baton.is_running():
            assert self.baton.stop() == 0

    def restart(self, **more: str) -> None:
        """Stop the bot and start it again, with other settings."""
        self.stop()
        self.baton = processes.quick_bot(self.folder, "many", self.port, self.slack, self.database_url, **more)
        self.baton.start()
        self.wait()

    def wait(self) -> None:
        """Until it serves."""
        processes.wait_until(f"http://127.0.0.1:{self.port}/readyz", self.baton)

    def installs(self, *teams: str) -> None:
        """Both, or these, install Baton."""
        browser = Browser(self.port)
        for team in teams or self.teams:
            page = browser.installs(team)
            assert page.status_code == 200, page.text
            assert "Baton is there" in page.text


@pytest.fixture(params=DATABASES)
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Two]:
    """Nobody has installed anything yet."""
    yield from start_two(request, tmp_path, request.param)


def start_two(
    request: pytest.FixtureRequest,
    folder: Path,
    database: str,
    *,
    rotates: bool = False,
    organisation: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Two]:
    """Start Slack and a bot, hand them over, and stop both. The people of two workspaces of an organisation have ids of
    their own.
    """
    port, slack_port = processes.free_port(), processes.free_port()
    address, url = f"http://127.0.0.1:{slack_port}", new_database(request, folder, database)
    north, south = folder / "north.json", folder / "south.json"
    given = json.loads((SANDBOX / "team.json").read_text())
    north.write_text(json.dumps({**given, "team": {**given["team"], **organisation}}))
    if organisation:
        given = json.loads(re.sub(r"\b([UC])0(?!BOT)", r"\g<1>1", json.dumps(given)))
    named = {"id": SOUTH, "name": "Southwind", "domain": "southwind", **organisation}
    south.write_text(json.dumps({**given, "team": named}))
    sandbox = processes.sandbox(folder, "many", port, slack_port, north, south, rotates=rotates)
    sandbox.start()
    processes.wait_until(f"{address}/ui/calls", sandbox)
    baton = processes.quick_bot(folder, "many", port, address, url)
    baton.start()
    teams = {NORTH: Team(address), SOUTH: Team(f"{address}/{SOUTH}")}
    found = Two(teams, baton, port, address, url, folder)
    try:
        found.wait()
        yield found
    finally:
        for team in teams.values():
            team.close()
        code = found.baton.stop() if found.baton.is_running() else None
        sandbox.stop()
    assert code in {0, None}, found.baton.said()
    assert "Traceback" not in found.baton.said()
    assert "xox" not in found.baton.said()


def test_two_workspaces_side_by_side_see_nothing_of_each_other(two: Two) -> None:
    two.installs()
    north, south = two.teams.values()
    assert "1 of 10 calls today" in north.types("U0ANA", "/log call Acme 15m connected - wants pricing").text
    assert "2 of 10 calls today" in north.types("U0ANA", "/log call Acme").text
    assert "1 of 10 calls today" in south.types("U0ANA", "/log call Acme 15m").text
    assert "pricing" not in south.types("U0ANA", "/log today").text


@pytest.mark.short_on("sqlite")
def test_a_state_is_good_once_and_in_its_own_browser(two: Two) -> None:
    ours, theirs = Browser(two.port), Browser(two.port)
    page = ours.starts()
    assert len(state_of(page)) > 30
    stolen = ours.answers(page, NORTH)
    theirs.get("/slack/install")
    refused = theirs.get(stolen)
    assert refused.status_code == 400
    assert "not valid any more" in refused.text
    assert Browser(two.port).get(stolen).status_code == 400
    assert Browser(two.port, "ru-RU").get("/slack/oauth_redirect?code=x&state=y").status_code == 400
    assert two.teams[NORTH].sends("U0ANA", "/log call Acme")["error"] == "unknown_command"
    assert "Baton is there" in ours.get(stolen).text
    assert ours.get(stolen).status_code == 400
    assert "1 of 10" in two.teams[NORTH].types("U0ANA", "/log call Acme").text


@pytest.mark.short_on("postgresql")
def test_who_says_no_at_slack_changes_nothing(two: Two) -> None:
    browser = Browser(two.port)
    back = browser.answers(browser.starts(), NORTH, allow=False)
    page = browser.get(back)
    assert "Slack was told no" in page.text
    assert two.teams[NORTH].sends("U0ANA", "/log call Acme")["error"] == "unknown_command"


def tell(two: Two, workspace: str, occasion: str, sam: str = "U0SAM") -> None:
    """Have Sam told of a channel that takes no messages: something that Baton says of its own accord."""
    letter = Letter(TROUBLE, sam, occasion, {"channel": "C0WINS", "reason": "is_archived"})
    with closing(two.store()) as store, store.write() as tx:
        delivery.tell(tx, workspace, letter, datetime.now(UTC))


def told(team: Team, sam: str = "U0SAM") -> int:
    """How often Sam was told so."""
    return sum("C0WINS" in each.text for each in team.messages(sam, f"D{sam[1:]}"))


def row_of(two: Two, workspace: str) -> Any:
    """What is stored of an installation."""
    with closing(two.store()) as store, store.read() as tx:
        return installations.find(tx, workspace)


def eventually(look: Callable[[], object], otherwise: str) -> None:
    """Wait until something is so."""
    until(look, otherwise, PATIENCE)


@pytest.mark.short_on("postgresql")
def test_removing_it_is_silence_and_installing_it_again_brings_everything_back(two: Two) -> None:
    two.installs()
    north, south = two.teams.values()
    north.types("U0SAM", "/log call Acme")
    south.types("U0SAM", "/log call Acme")
    for workspace, team in two.teams.items():
        tell(two, workspace, "first")
        eventually(lambda team=team: told(team) == 1, "the first message did not come")  # type: ignore[misc]
    north.control(uninstall=True)
    north.control(tell_of_removal="tokens_revoked")
    north.control(tell_of_removal="app_uninstalled")
    gone = row_of(two, NORTH)
    assert (gone.state, gone.sealed_token, gone.sealed_refresh_token) == ("ended", None, None)
    north.control(forget_calls=True)
    for workspace in two.teams:
        tell(two, workspace, "second")
    eventually(lambda: told(south) == 2, "the other workspace is served on")
    north.sends("U0ANA", "/log call Acme")
    assert [call["method"] for call in north.calls() if call["method"] != "response_url"] == []
    assert any("not installed" in each.text for each in north.messages("U0ANA"))
    assert told(north) == 1
    two.installs(NORTH)
    eventually(lambda: told(north) == 2, "what waited did not come")
    assert "2 of 10 calls today" in north.types("U0SAM", "/log call Acme").text
    north.control(tell_of_removal="app_uninstalled")
    assert "3 of 10 calls today" in north.types("U0SAM", "/log call Acme").text
    assert row_of(two, NORTH).sealed_secret == gone.sealed_secret


SAMS = {NORTH: "U0SAM", SOUTH: "U1SAM"}


def assert_told(two: Two, workspace: str, times: int) -> None:
    """In an organisation each workspace's Sam is told, the other's is not."""
    team, sam = two.teams[workspace], SAMS[workspace]
    eventually(lambda: told(team, sam) == times, f"{sam} was not told {times} times")


def people_of(two: Two, workspace: str) -> set[str]:
    """Whom Baton knows there."""
    with closing(two.store()) as store, store.read() as tx:
        return {each.id for each in people.everybody(tx, workspace)}


def test_an_organisation_installs_it_once_for_all_its_workspaces(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    organisation = {"enterprise_id": "E0WIND", "enterprise_name": "Wind Group"}
    for two in start_two(request, tmp_path, "sqlite", organisation=organisation):
        two.installs("E0WIND")
        north, south = two.teams.values()
        assert "1 of 10 calls" in north.types("U0ANA", "/log call Acme 15m connected - wants pricing").text
        assert "pricing" not in south.types("U1ANA", "/log today", "C1GENERAL").text
        south.sends("U1ANA", "/log", "C1GENERAL")
        form = south.form("U1ANA", "Log an activity").fill({"Who": "Globex"})
        assert south.submits("U1ANA", form)["ok"]
        eventually(lambda: rows_of(two, SOUTH).get("activity") == 1, "the form was not taken")  # noqa: B023
        for workspace, team in two.teams.items():
            people_there = {each["id"] for each in team.state(SAMS[workspace])["users"] if not each["is_bot"]}
            eventually(lambda: people_of(two, workspace) >= people_there, "not everybody was learned of")  # noqa: B023
            assert not people_of(two, workspace) & set(SAMS.values()) - {SAMS[workspace]}
            assert rows_of(two, workspace)["activity"] == 1
            tell(two, workspace, "first", SAMS[workspace])
            assert_told(two, workspace, 1)
        assert rows_of(two, "E0WIND") == {"installation": 1}
        south.control(uninstall=True)
        assert [row_of(two, each).state for each in ("E0WIND", NORTH, SOUTH)] == ["ended"] * 3
        for workspace, team in two.teams.items():
            team.control(forget_calls=True)
            tell(two, workspace, "second", SAMS[workspace])
        south.sends("U1ANA", "/log call Acme", "C1GENERAL")
        assert any("not installed" in each.text for each in south.messages("U1ANA", "C1GENERAL"))
        assert [call["method"] for call in (*north.calls(), *south.calls()) if call["method"] != "response_url"] == []
        two.installs("E0WIND")
        for workspace in two.teams:
            assert_told(two, workspace, 2)
        assert "2 of 10 calls" in north.types("U0ANA", "/log call Acme").text
        assert "2 of 10 calls" in south.types("U1ANA", "/log call Acme", "C1GENERAL").text


def rows_of(two: Two, workspace: str) -> dict[str, int]:
    """How many rows each table has of a workspace."""
    found = {}
    with closing(two.store()) as store, store.read() as tx:
        for table in SQLModel.metadata.sorted_tables:
            if "workspace_id" in table.c:
                count = select(func.count()).select_from(table).where(table.c.workspace_id == workspace)
                found[table.name] = int(tx.scalar(count) or 0)
    return {name: count for name, count in found.items() if count}


@pytest.mark.short_on("sqlite")
def test_after_the_days_every_row_is_purged_once_with_a_receipt(two: Two) -> None:
    two.installs()
    for team in two.teams.values():
        team.types("U0ANA", "/log call Acme 15m connected - wants pricing next tue send quote")
    two.teams[NORTH].control(uninstall=True)
    before, south = rows_of(two, NORTH), rows_of(two, SOUTH)
    assert before["activity"] == 1, before
    two.restart(BATON_PURGE_DAYS="0")
    eventually(lambda: "workspace_purged" in two.baton.said(), "nothing was purged")
    assert rows_of(two, NORTH) == {"installation": 1}
    left = row_of(two, NORTH)
    assert (left.state, left.name, left.installed_by, left.sealed_secret) == ("purged", None, None, None)
    assert left.purged == {name: count for name, count in before.items() if name != "installation"}
    kept = rows_of(two, SOUTH)
    assert {name for name, count in south.items() if name != "job" and kept.get(name, 0) < count} == set()
    receipt = next(line for line in two.baton.said().splitlines() if "workspace_purged" in line)
    assert "activity" in receipt
    assert "Acme" not in two.baton.said()
    assert "ana@" not in two.baton.said()
    two.restart(BATON_PURGE_DAYS="0")
    assert "2 of 10 calls today" in two.teams[SOUTH].types("U0ANA", "/log call Acme").text
    assert two.baton.said().count("workspace_purged") == 1
    two.installs(NORTH)
    assert "1 of 10 calls today" in two.teams[NORTH].types("U0ANA", "/log call Acme").text


def test_a_token_that_ends_is_renewed_before_it_is_used(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    for two in start_two(request, tmp_path, "sqlite", rotates=True):
        two.installs(NORTH)
        first = row_of(two, NORTH)
        assert first.expires_at - datetime.now(UTC) > timedelta(hours=11)
        two.stop()  # it would renew the token before it has expired at Slack
        with closing(two.store()) as store, store.write() as tx:
            soon = update(table_of(Installation)).values(expires_at=datetime.now(UTC), version=first.version + 1)
            tx.execute(soon)
        team = two.teams[NORTH]
        team.control(expire=True)
        two.restart()
        tell(two, NORTH, "first")
        team.opens_home("U0SAM")
        eventually(lambda team=team: told(team) == 1, "the message did not come with the next token")  # type: ignore[misc]
        second = row_of(two, NORTH)
        assert second.sealed_token != first.sealed_token
        assert second.expires_at - datetime.now(UTC) > timedelta(hours=11)


def test_a_key_is_changed_and_a_wrong_one_is_refused(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    new = Fernet.generate_key().decode()
    for two in start_two(request, tmp_path, "sqlite"):
        two.installs()
        settings = {
            **processes.SETTINGS["many"],
            "DATABASE_URL": two.database_url,
            "SLACK_API_URL": f"{two.slack}/api/",
        }
        refused = processes.quick_baton(tmp_path, "run", **{**settings, "BATON_ENCRYPTION_KEY": new, "BATON_PORT": "0"})
        assert refused.code == 2
        assert "BATON_ENCRYPTION_KEY is not the key" in refused.err
        checked = processes.quick_baton(tmp_path, "check", **{**settings, "BATON_ENCRYPTION_KEY": new})
        assert checked.code == 1
        assert "install Baton there again" not in checked.out  # the key is wrong, not the tokens
        both = {**settings, "BATON_ENCRYPTION_KEY": f"{new},{processes.KEY}"}
        checked = processes.quick_baton(tmp_path, "check", **both)
        assert checked.code == 0, checked.out
        assert "2 installed" in checked.out
        changed = processes.quick_baton(tmp_path, "rotate-key", **both)
        assert changed.out.startswith("2 encrypted anew")
        assert processes.quick_baton(tmp_path, "rotate-key", **both).out.startswith("0 encrypted anew")
        two.restart(BATON_ENCRYPTION_KEY=new)
        for team in two.teams.values():
            assert "1 of 10" in team.types("U0ANA", "/log call Acme").text
        two.teams[NORTH].control(revoke=True)
        checked = processes.quick_baton(tmp_path, "check", **{**settings, "BATON_ENCRYPTION_KEY": new})
        assert checked.code == 1
        assert "Slack does not take the token of Northwind Sales: install Baton there again" in checked.out
        assert "xox" not in checked.out + changed.out
        wrong = processes.quick_baton(tmp_path, "check", **{**both, "SLACK_CLIENT_SECRET": "wrong"})
        assert "Slack says bad_client_secret" in wrong.out


@pytest.mark.short_on("sqlite")
def test_leads_come_in_by_the_secret_of_their_own_workspace_only(two: Two) -> None:
    two.installs()
    secrets = {}
    for name, team in two.teams.items():
        team.types("U0MARIA", "/log today")
        team.sends("U0MARIA", "/baton settings")
        settings = team.form("U0MARIA", "Leads from outside")
        assert "30 days later everything it stored here is deleted. `/baton export all`" in settings.text
        assert team.presses_in("U0MARIA", settings, "Show the secret")
        shown = team.form("U0MARIA", "X-Baton-Workspace")
        assert name in shown.text
        secrets[name] = re.findall(r"`([\w-]{43})`", shown.text)[0]
    assert len(set(secrets.values())) == 2
    lead = inlet.body_of(company="Globex", email="jane@globex.example")

    def sent(workspace: str | None, signed_by: str) -> int:
        named = {"X-Baton-Workspace": workspace} if workspace else {}
        return inlet.post(two.port, lead, inlet.headers(lead, secret=secrets[signed_by]) | named).status_code

    assert sent(None, NORTH) == 401
    assert sent(NORTH, SOUTH) == 401
    assert sent("T0NOBODY", NORTH) == 401
    assert sent(NORTH, NORTH) == 201
    assert rows_of(two, SOUTH).get("lead") is None
    north = two.teams[NORTH]
    assert north.presses_in("U0MARIA", north.form("U0MARIA", "X-Baton-Workspace"), "New secret")
    eventually(
        lambda: secrets[NORTH] not in north.form("U0MARIA", "X-Baton-Workspace").text, "the secret is still the old one"
    )
    assert sent(NORTH, NORTH) == 401
    assert "…" in north.types("U0MARIA", "/baton audit").text
    two.teams[SOUTH].control(uninstall=True)
    assert sent(SOUTH, SOUTH) == 401


@pytest.mark.short_on("postgresql")
def test_people_of_another_workspace_see_and_do_nothing(two: Two) -> None:
    two.installs(NORTH)
    team = two.teams[NORTH]
    team.changes_user("U0JOE", name="joe", real_name="Joe Elsewhere", team_id="T0ELSE")
    team.control(join={"channel": "C0GENERAL", "user": "U0JOE"})
    assert "people of this Slack workspace" in team.types("U0JOE", "/log call Acme").text
    assert rows_of(two, NORTH).get("activity") is None
    team.sends("U0MARIA", "/log call Acme")
    assert rows_of(two, "T0ELSE") == {}


@pytest.mark.short_on("sqlite")
def test_my_data_comes_as_files_and_a_person_is_erased(two: Two) -> None:
    two.installs(NORTH)
    team = two.teams[NORTH]
    assert "1 of 10" in team.types("U0ANA", "/log call Acme 15m").text
    assert "on its way" in team.types("U0ANA", "/baton export").text

    def files(who: str) -> list[str]:
        return [str(each.raw.get("files")) for each in team.messages(who, f"D{who[1:]}")]

    eventually(lambda: any("baton-activities" in each for each in files("U0ANA")), "no file came")
    assert not any("baton-plans" in each for each in files("U0ANA"))
    assert "OPS, ADMIN or an admin" in team.types("U0ANA", "/baton export all").text
    shown = team.types("U0MARIA", "/baton export")
    assert "Everything is on its way" in team.presses("U0MARIA", shown, "Everything").text
    asked = team.types("U0MARIA", "/baton forget @ana")
    assert "Erase everything about Ana Ruiz?" in asked.text
    assert team.taps("U0MARIA", asked, "Erase")["ok"]
    eventually(lambda: any("It has begun" in each.text for each in team.messages("U0MARIA")), "nobody was answered")
    direct = "D0MARIA"
    eventually(lambda: any("is erased" in each.text for each in team.messages("U0MARIA", direct)), "nobody was erased")
    assert rows_of(two, NORTH)["activity"] == 1
    with closing(two.store()) as store, store.read() as tx:
        assert "U0ANA" not in people.names(tx, NORTH, ["U0ANA"])
