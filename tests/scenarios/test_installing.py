"""Two workspaces install Baton side by side, with people, companies and ids that are the same; one of them leaves."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import update

from bot.installations.model import Installation
from bot.people import queries as people
from bot.store.sql import table_of
from tests.databases import DATABASES
from tests.scenarios.side_by_side import (
    NORTH,
    SAMS,
    SOUTH,
    Two,
    assert_told,
    eventually,
    people_of,
    row_of,
    rows_of,
    start_two,
    tell,
    told,
)
from tests.wire import inlet, processes
from tests.wire.installing import Browser, state_of


@pytest.fixture(params=DATABASES)
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Two]:
    """Nobody has installed anything yet."""
    yield from start_two(request, tmp_path, request.param)


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
        alone = processes.quick_baton(tmp_path, "check", **{**both, "SLACK_API_URL": "http://127.0.0.1:9/api/"})
        assert alone.code == 1
        assert alone.out.count("Slack cannot be reached at http://127.0.0.1:9/api/") == 2
        assert "install Baton there again" not in alone.out
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
