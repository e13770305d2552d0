"""The week, told, over the wire: a rep's on Friday afternoon and a manager's on Monday morning, each on their own wall
and once, in both languages, over a change of the clocks and a killed bot.

Berlin, in the week from Monday 19 to Sunday 25 October 2026; on that Sunday Europe leaves summer time. So 16:00 on
Friday is 14:00 UTC in Berlin, 13:00 in Moscow and 20:00 in New York, and 08:30 on Monday 26 is 07:30 UTC in Berlin,
where the Monday before it was 06:30.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from signal import SIGKILL
from typing import Any

import pytest

from bot.access.roles import Role
from bot.people.model import Aspect
from bot.workspace.rules import Setting
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.scenarios.settling import conversation, reads, settle
from tests.wire.moved_clock import MovedClock
from tests.wire.team import PATIENCE, Json, Shown, Team
from tests.wire.waiting import until

NB = "\u00a0"
ROLES = {
    "U0ANA": Role.SDR,
    "U0DANA": Role.AE,
    "U0OLGA": Role.AE,
    "U0LENA": Role.MARKETING,
    "U0MARIA": Role.MANAGER,
    "U0SAM": Role.OPS,
}
ZONES = dict.fromkeys(ROLES, "Europe/Berlin") | {"U0ANA": "America/New_York", "U0OLGA": "Europe/Moscow"}
WEDNESDAY = datetime(2026, 10, 21, 9, tzinfo=UTC)
SETTINGS: dict[str, Any] = {Setting.CURRENCY: "EUR", Setting.ZONE: "Europe/Berlin", Setting.COUNTRY: "XX"}


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> MovedClock:
    return MovedClock(tmp_path_factory.mktemp("clock") / "now", WEDNESDAY)


@pytest.fixture(scope="module", params=CORNERS[:1], ids="-".join)
def workspace(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: MovedClock
) -> Iterator[Workspace]:
    mode, database = request.param
    folder = tmp_path_factory.mktemp("digest")
    environment: dict[str, Any] = {**clock.settings}
    for found in start_workspace(request, folder, mode, database, **environment):
        settle(found, ROLES, SETTINGS, aspects={Aspect.COUNTRY: "XX"}, since=date(2026, 1, 1), now=clock.now)
        for person, zone in ZONES.items():
            found.team.changes_user(person, tz=zone)
        yield found


def digests(team: Team, person: str) -> list[Shown]:
    """What Baton has written to somebody by itself, threads left out."""
    return [each for each in team.messages(person, conversation(person)) if not each.raw.get("thread_ts")]


def written(call: Json) -> str:
    """What a call carries, as it is read."""
    return json.dumps(call["args"], ensure_ascii=False).replace(NB, " ")


def posts(team: Team, *said: str) -> list[Json]:
    """Every try to post something that says all of this."""
    return [
        call
        for call in team.calls()
        if call["method"] == "chat.postMessage" and all(each in written(call) for each in said)
    ]


def eventually(look: Any) -> Any:
    """What is found, once it is."""
    return until(look, "it never came", PATIENCE)


def test_everybody_reads_their_own_week_on_friday_at_four(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    team.types("U0MARIA", "/quota set @dana revenue 120000 2026-Q4")
    team.types("U0MARIA", "/quota set @ana sqls 10 2026-10")
    team.types("U0ANA", "/log 12 calls")
    team.types("U0DANA", "/log call Acme 15m connected - wants pricing next tue send quote")
    team.types("U0DANA", "/deal Acme won 24000")
    team.types("U0OLGA", "/log 3 звонка")
    clock.set(datetime(2026, 10, 23, 13, 0, 1, tzinfo=UTC))  # 16:00 in Moscow, 15:00 in Berlin
    olga = reads(workspace, "U0OLGA", "Ваша сводка · неделя 43")
    assert "3 активности" in olga.text
    assert "• звонок: 3 (раньше 0)" in olga.text
    assert posts(team, "Your week 43") == []
    clock.set(datetime(2026, 10, 23, 14, 0, 1, tzinfo=UTC))
    dana = reads(workspace, "U0DANA", "Your week 43").text.replace(NB, " ")
    assert "1 activity · won 24,000 EUR" in dana
    assert "*24,000* of 120,000 EUR" in dana
    assert "*Acme*, 24,000 EUR: Dana Lee" in dana
    assert "Tue 27 Oct 2026: send quote" in dana
    assert len(posts(team, "Your week 43")) == 1
    clock.set(datetime(2026, 10, 23, 20, 0, 1, tzinfo=UTC))
    assert "12 activities" in reads(workspace, "U0ANA", "Your week 43").text


def test_a_manager_reads_the_team_on_monday_whatever_the_clocks_did(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    clock.set(datetime(2026, 10, 26, 6, 30, 1, tzinfo=UTC))  # 08:30 by the clock of the week before
    workspace.bot.stop(SIGKILL)
    workspace.bot.start()
    workspace.wait()
    assert posts(team, "Your team · week 43") == []
    clock.set(datetime(2026, 10, 26, 7, 30, 1, tzinfo=UTC))
    shown = reads(workspace, "U0MARIA", "Your team · week 43", "of pace")
    read = shown.text.replace(NB, " ")
    # Dana: 24,000 of 120,000; of Q4's 66 working days (no holidays) 17 are gone, so 30,909.09 are expected: 77.6 %.
    # Ana: none of 10 leads, with 17 of October's 22 days gone.
    assert "*78 % of pace* (Revenue)." in read
    assert "*Ana Ruiz* needs you." in read
    assert ":small_red_triangle_down: *Ana Ruiz* · 0 % of pace" in read
    assert "1 deal · 24,000 EUR" in read
    assert "16 (0 before)" in read
    details = eventually(lambda: posts(team, "Your team · week 43: details"))
    assert details[0]["args"]["thread_ts"] == shown.raw["ts"]
    assert "*Acme*, 24,000 EUR: Dana Lee" in written(details[0])
    files = eventually(lambda: [each for each in team.calls() if each["method"] == "files.completeUploadExternal"])
    assert files[0]["args"]["thread_ts"] == shown.raw["ts"]
    team.taps("U0MARIA", shown, "Where they stand")
    assert "*0* of 10" in team.form("U0MARIA", "Ana Ruiz").text
    marketing = reads(workspace, "U0LENA", "Leads by source · week 43").text
    assert "Dana" not in marketing
    workspace.bot.stop(SIGKILL)
    workspace.bot.start()
    workspace.wait()
    clock.set(datetime(2026, 10, 26, 9, 0, tzinfo=UTC))
    asked = team.types("U0MARIA", "/digest last")
    assert "*78 % of pace* (Revenue)." in asked.text.replace(NB, " ")
    seen = len(team.messages("U0MARIA"))
    team.taps("U0MARIA", asked, "Details")
    assert "*Acme*, 24,000 EUR: Dana Lee" in team.next_message("U0MARIA", seen).text.replace(NB, " ")
    team.taps("U0MARIA", asked, "One-to-one")
    assert "One-to-one with Ana Ruiz" in team.next_message("U0MARIA", seen + 1).text
    assert len(posts(team, "Your team · week 43", "of pace")) == 1
    assert len(posts(team, "Your team · week 43: details")) == 1
    assert len(posts(team, "Your week 43")) == 2


def test_it_is_moved_and_stopped(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    moved = team.types("U0MARIA", "/digest on tue 10:00").text
    assert "*Your team's week*: next on Tue 27 Oct 2026, 10:00" in moved
    assert "*The month and the quarter*: next on Mon 2 Nov 2026, 08:30" in moved
    assert "*Ваша неделя*: ближайшая" in team.types("U0OLGA", "/digest когда").text
    off = team.types("U0DANA", "/digest off").text
    assert "*Your own week*: does not come" in off
    # The week that Maria has read does not come a second time on Tuesday; the next one does, a week later.
    clock.set(datetime(2026, 10, 27, 9, 0, 1, tzinfo=UTC))
    clock.set(datetime(2026, 11, 3, 9, 0, 1, tzinfo=UTC))
    reads(workspace, "U0MARIA", "Your team · week 44")
    assert len(posts(team, "Your team · week 43", "of pace")) == 1
    assert posts(team, "Your week 44", "Dana Lee") == []


@pytest.mark.parametrize(
    ("person", "line", "said"),
    [
        ("U0MARIA", "/digest 2026-W54", "There is no such period: 2026-w54."),
        ("U0MARIA", "/digest 2027-W02", "2027-W02 has not begun yet."),
        ("U0MARIA", "/digest frobnicate", "What is meant by “frobnicate”?"),
        ("U0MARIA", "/digest 2020-W05", "Your team · week 5\nNothing was recorded in this time."),
        ("U0OLGA", "/digest помощь", "/digest: сводка за неделю"),
        ("U0DANA", "/digest team", "Nobody reports to you yet"),
        ("U0ANA", "/digest marketing", "Sam"),
        ("U0SAM", "/digest last", "Everybody · week 43"),
        ("U0SAM", "/baton digest monthly", "Everybody · October 2026"),
    ],
)
def test_every_line_has_a_clear_answer(
    workspace: Workspace, clock: MovedClock, person: str, line: str, said: str
) -> None:
    if line == "/digest last":
        clock.set(datetime(2026, 10, 27, 9, tzinfo=UTC))
    assert said in workspace.team.types(person, line).text
