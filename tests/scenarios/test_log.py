"""A rep logs what they did and sees it counted: every story over the wire, both ways, on both databases."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.conftest import Workspace
from tests.wire.team import GENERAL

STORY = "/log call Acme 15m connected - wants pricing next tue send quote"


def _today(zone: str) -> date:
    return datetime.now(ZoneInfo(zone)).date()


def test_a_call_is_stored_answered_and_counted(workspace: Workspace) -> None:
    team = workspace.team
    reply = team.types("U0ANA", STORY)
    today = _today("Europe/Madrid")
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7 or 7)
    assert "Logged: *call* with *Acme* · 15 min · connected" in reply.text
    assert ">wants pricing" in reply.text
    assert f"Next: *Tue {tuesday.day} {tuesday:%b}" in reply.text
    assert "send quote" in reply.text
    assert "1 of 10 calls today" in reply.text
    assert reply.buttons == ["Undo", "Edit"]
    assert "Acme" in reply.fallback
    assert "2 of 10 calls today" in team.types("U0ANA", "/log call Globex voicemail").text
    assert "5 of 10 calls today" in team.types("U0ANA", "/log 3 calls").text
    assert "5 of 10 calls today" in team.types("U0ANA", "/log email Acme").text


def test_undo_takes_back_and_bring_back_restores(workspace: Workspace) -> None:
    team = workspace.team
    first = team.types("U0DEVON", "/log call Initech 10m connected")
    assert "1 of 10" in first.text
    gone = team.presses("U0DEVON", first, "Undo")
    assert "Taken back: *call* with *Initech*" in gone.text
    assert "0 of 10" in gone.text
    back = team.presses("U0DEVON", gone, "Bring back")
    assert "1 of 10" in back.text
    again = team.types("U0DEVON", "/log undo")
    assert "Taken back: *call* with *Initech*" in again.text
    assert "nothing of yours left" in team.types("U0DEVON", "/log undo").text


def test_a_double_click_on_undo_counts_once(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0ARUN", "/log call Acme")
    reply = team.types("U0ARUN", "/log call Acme")
    assert "2 of 10" in reply.text
    team.taps("U0ARUN", reply, "Undo")
    team.taps("U0ARUN", reply, "Undo")
    assert "1 of 10" in team.types("U0ARUN", "/log today").text


def test_edit_opens_the_form_with_the_entry_and_saves_another_version(workspace: Workspace) -> None:
    team = workspace.team
    reply = team.types("U0MINA", "/log call Acme 15m voicemail - call again later")
    team.taps("U0MINA", reply, "Edit")
    form = team.form("U0MINA")
    assert form.title == "Edit the entry"
    assert form.initial("Kind") == "call"
    assert form.initial("Who") == "Acme"
    assert form.initial("Outcome") == "voicemail"
    assert form.initial("Note") == "call again later"
    form.fill(kind="demo", duration="1h30", outcome="connected")
    assert team.submits("U0MINA", form)["ok"]
    changed = team.sees_change("U0MINA", reply)
    assert "Changed: *demo* for *Acme* · 90 min · connected" in changed.text
    assert "0 of 10 calls today" in changed.text


def test_remove_from_the_list_of_the_day(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0SAM", "/log call Acme 5m")
    team.types("U0SAM", "/log call Globex 6m")
    today = team.types("U0SAM", "/log today")
    assert "2 of 10 calls today" in today.text
    assert today.buttons.count("Edit") == today.buttons.count("Remove") == 2
    left = team.presses("U0SAM", today, "Remove")
    assert "Taken back: *call* with *Globex*" in left.text
    assert "1 of 10 calls today" in left.text
    assert left.buttons.count("Remove") == 1
    week = team.types("U0SAM", "/log week")
    assert "1 call" in week.text


def test_the_form_logs_and_shows_its_errors_on_its_fields(workspace: Workspace) -> None:
    team = workspace.team
    assert team.sends("U0LENA", "/log")["ok"]
    form = team.form("U0LENA")
    form.fill(who="Acme Holding", duration="99999m")
    assert set(team.submits("U0LENA", form)["errors"]) == {"duration"}
    tomorrow = _today("Europe/Berlin") + timedelta(days=2)
    form.fill(duration="20m", day=tomorrow.isoformat())
    assert set(team.submits("U0LENA", form)["errors"]) == {"day"}
    form.fill(day=_today("Europe/Berlin").isoformat(), next_day=tomorrow.isoformat())
    assert set(team.submits("U0LENA", form)["errors"]) == {"next_what"}
    form.fill(next_what="send quote")
    seen = len(team.messages("U0LENA"))
    assert team.submits("U0LENA", form) == {"ok": True, "closed": True}
    reply = team.next_message("U0LENA", seen)
    assert "Logged: *call* with *Acme Holding* · 20 min" in reply.text
    assert "send quote" in reply.text
    assert "1 of 10" in reply.text


def test_log_as_activity_keeps_a_message(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0MARIA", "/log call Umbrella")
    team.sends("U0DANA", "Umbrella called: they want <!channel> & a discount")
    message = next(each for each in team.messages("U0MARIA") if "discount" in each.text)
    assert team.shortcut("U0MARIA", "log_message", GENERAL, message.raw["ts"])["ok"]
    form = team.form("U0MARIA")
    assert form.initial("Who") == "Umbrella"
    assert "they want" in form.initial("Note")
    seen = len(team.messages("U0MARIA"))
    assert team.submits("U0MARIA", form.fill(kind="note"))["ok"]
    reply = team.next_message("U0MARIA", seen)
    assert "Logged: *note* on *Umbrella*" in reply.text


def test_a_russian_rep_is_understood_and_answered_in_russian(workspace: Workspace) -> None:
    team = workspace.team
    reply = team.types("U0ROMAN", "/log звонок «Ромашка» 20 мин не взяли трубку - хочет цену след вт отправить КП")
    assert "Записано: *звонок* · *Ромашка* · 20 мин · не ответили" in reply.text
    assert "1 из 10 звонков сегодня" in reply.text
    assert "отправить КП" in reply.text
    assert reply.buttons == ["Отменить", "Изменить"]
    assert "Отменено" in team.types("U0ROMAN", "/log отмена").text


def test_a_retry_counts_once(workspace: Workspace) -> None:
    team = workspace.team
    first = team.types("U0OLGA", "/log call Acme 15m")
    assert "1 из 10" in first.text
    again = team.control(redeliver={"retry_num": 1, "retry_reason": "http_timeout"})
    assert "1 из 10" in str(again)
    assert "1 из 10" in team.types("U0OLGA", "/log сегодня").text


def test_a_close_spelling_is_offered_and_never_taken_silently(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0DANA", "/log call Wernham")
    asked = team.types("U0DANA", "/log call Wernhem 10m")
    assert "Wernham" in asked.buttons
    assert "/log call Wernhem 10m" in asked.text
    before = team.types("U0DANA", "/log today")
    assert "1 of 10" in before.text
    done = team.presses("U0DANA", asked, "Wernham")
    assert "Logged: *call* with *Wernham* · 10 min" in done.text
    assert "2 of 10" in done.text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("/log call Acme tomorrow", "still to come", id="a future day"),
        pytest.param("/log call Acme 2020-01-01", "90", id="too long ago"),
        pytest.param("/log call Acme 99999m", "99999m", id="an absurd length"),
        pytest.param("/log call Acme 2026-02-30", "2026-02-30", id="a day that does not exist"),
        pytest.param("/log frobnicate Acme", "frobnicate", id="an unknown kind"),
        pytest.param("/log call Acme - " + "x" * 3900, "x" * 100, id="a very long note"),
    ],
)
def test_what_is_not_understood_is_quoted_whole(workspace: Workspace, line: str, expected: str) -> None:
    before = workspace.team.types("U0MARIA", "/log today").text.splitlines()[1]
    reply = workspace.team.types("U0MARIA", line)
    assert "Logged" not in reply.text
    assert line.partition(" - ")[0] in reply.text
    assert expected in reply.text.replace("\n>", "")
    assert workspace.team.types("U0MARIA", "/log today").text.splitlines()[1] == before


def test_baton_takes_every_verb_and_explains_itself(workspace: Workspace) -> None:
    team = workspace.team
    assert "/log call Acme 15m connected" in team.types("U0DANA", "/baton").text
    assert "Logged: *e-mail* to *Globex*" in team.types("U0DANA", "/baton log email Globex").text
    assert "no command" in team.types("U0DANA", "/baton dance").text
    assert "Outcomes" in team.types("U0DANA", "/log help").text


def test_home_shows_the_day(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0LENA", "/log call Acme")
    assert "of 10 calls today" in str(team.home("U0LENA"))
