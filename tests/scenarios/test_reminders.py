"""What Baton says unasked, over the wire: it comes once, can be acted on where it stands, and is moved or muted."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.access.roles import Role
from bot.activity.model import NextStep
from bot.delivery.model import Delivery
from bot.delivery.service import Letter, tell_all
from bot.delivery.states import State
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.reminders.rules import Kind
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from tests.scenarios.conftest import Workspace, clear_of_midnight
from tests.wire.team import Json, Shown, Team

HERE = "T0BATON"
ZONES = {
    "U0ANA": "Europe/Madrid",
    "U0DEVON": "America/New_York",
    "U0ARUN": "Asia/Kolkata",
    "U0LENA": "Europe/Prague",
    "U0MINA": "America/Los_Angeles",
    "U0DANA": "Europe/Berlin",
    "U0ROMAN": "Europe/Moscow",
    "U0OLGA": "Europe/Moscow",
}
PROMISES = {
    "U0ANA": ["send the quote"],
    "U0DEVON": ["call procurement", "book a room"],
    "U0ARUN": ["check the trial"],
    "U0ROMAN": ["отправить КП"],
}
AROUND_THE_CLOCK = ["00:00", "23:59"]
NO_HOLIDAYS = "XX"
"""No country: whatever day the tests run on is a working day."""

step, delivery = table_of(NextStep), table_of(Delivery)


@pytest.fixture(scope="module")
def office(corner: Workspace) -> Workspace:
    """Everybody sells, around the clock and every day; one works today only, for whom the week begins today."""
    while "everybody_is_known" not in corner.bot.said():
        assert corner.bot.is_running()
        sleep(0.05)
    _in_store(corner, _hire)
    return corner


def _hire(store: Store) -> None:
    now = datetime.now(UTC)
    with store.write() as tx:
        for person, zone in ZONES.items():
            today = now.astimezone(ZoneInfo(zone)).date()
            days = [today.weekday()] if person == "U0DANA" else range(7)
            hours = {str(day): AROUND_THE_CLOCK for day in days}
            aspects = {"hours": hours, "country": NO_HOLIDAYS}
            command = Assign(person, today - timedelta(days=30), (Role.SDR,), aspects=aspects)
            assignments.apply(tx, Stamp(HERE, "U0SAM", now), command, today=today)


def _in_store(corner: Workspace, act: Callable[[Store], Any]) -> Any:
    store = corner.store()
    try:
        return act(store)
    finally:
        store.close()


def a_minute_ago(person: str) -> datetime:
    """The minute before this one, on the person's wall."""
    clear_of_midnight(ZONES[person])
    return (datetime.now(ZoneInfo(ZONES[person])) - timedelta(minutes=1)).replace(second=0, microsecond=0)


def dm(person: str) -> str:
    """Where Baton writes to somebody."""
    return f"D{person.removeprefix('U')}"


def messages(team: Team, person: str) -> list[Shown]:
    """All that Baton has written to them, but for what answers them at once and is gone with the day."""
    return [each for each in team.messages(person, dm(person)) if not each.raw.get("ephemeral")]


def posts(team: Team, person: str) -> list[Json]:
    """Every try to write to them."""
    where = {person, dm(person)}
    return [
        call for call in team.calls() if call["method"] == "chat.postMessage" and call["args"].get("channel") in where
    ]


def is_due(corner: Workspace, *whats: str) -> None:
    """The moment of some follow-ups has come."""

    def act(store: Store) -> None:
        with store.write() as tx:
            for row in tx.execute(select(step.c.id, step.c.person_id).where(step.c.what.in_(whats))).all():
                local = a_minute_ago(row.person_id)
                values = {"day": local.date(), "at": local.time(), "due_at": local.astimezone(UTC)}
                tx.execute(update(step).where(step.c.id == row.id).values(**values))
                schedule.put(tx, HERE, Kind.FOLLOW_UP, row.person_id, local.astimezone(UTC), row.id.hex)

    _in_store(corner, act)


def has_come(corner: Workspace, kind: Kind, person: str, moment: datetime) -> None:
    """The moment of a job has come."""

    def act(store: Store) -> None:
        with store.write() as tx:
            schedule.put(tx, HERE, kind, person, moment.astimezone(UTC))

    _in_store(corner, act)


def jobs(corner: Workspace, person: str) -> set[str]:
    """What somebody is to be reminded of."""

    def act(store: Store) -> set[str]:
        with store.read() as tx:
            return {kind for kind, _, _ in schedule.moments(tx, HERE, [person], [*Kind])}

    found: set[str] = _in_store(corner, act)
    return found


@pytest.fixture(scope="module")
def cards(office: Workspace) -> dict[str, Shown]:
    """Four people have promised something, and its time has come for all of them: the message that each gets."""
    team = office.team
    clear_of_midnight(*(ZONES[person] for person in PROMISES))
    for person, whats in PROMISES.items():
        word = "след завтра" if person == "U0ROMAN" else "next tomorrow"
        for what in whats:
            assert what in team.types(person, f"/log call Acme {word} 10:00 {what}").text
    is_due(office, *(what for whats in PROMISES.values() for what in whats))
    return {person: team.next_message(person, 0, dm(person)) for person in PROMISES}


def test_a_follow_up_comes_once_and_done_changes_it_where_it_stands(office: Workspace, cards: dict[str, Shown]) -> None:
    team = office.team
    card = cards["U0ANA"]
    assert "*send the quote* · Acme" in card.text
    assert card.buttons == ["Done", "Later"]
    assert card.fallback == "Time for: send the quote · Acme"
    after = team.presses("U0ANA", card, "Done")
    assert ":white_check_mark: ~send the quote · Acme~" in after.text
    assert after.buttons == []
    assert "~send the quote" in team.opens_home("U0ANA").text
    assert [each.raw["ts"] for each in messages(team, "U0ANA")] == [card.raw["ts"]]
    assert len(posts(team, "U0ANA")) == 1


def test_done_on_home_changes_the_message_too(office: Workspace, cards: dict[str, Shown]) -> None:
    team = office.team
    card = cards["U0DEVON"]
    assert "2 follow-ups are due" in card.text
    assert card.buttons == ["Done", "Later"] * 2
    assert team.presses_in("U0DEVON", team.opens_home("U0DEVON"), "Done")
    after = team.sees_change("U0DEVON", card)
    assert after.text.count(":white_check_mark:") == 1
    assert "1 follow-up is due" in after.text
    assert after.buttons == ["Done", "Later"]
    assert len(messages(team, "U0DEVON")) == 1


def test_later_moves_it_and_its_reminder(office: Workspace, cards: dict[str, Shown]) -> None:
    team = office.team
    after = team.presses("U0ARUN", cards["U0ARUN"], "Later")
    assert ":arrow_right: check the trial · Acme ·" in after.text
    assert after.buttons == []
    assert Kind.FOLLOW_UP in jobs(office, "U0ARUN")
    assert "Coming up:" in team.opens_home("U0ARUN").text
    assert len(messages(team, "U0ARUN")) == 1


def test_the_day_is_asked_about_at_the_time_that_somebody_chose(office: Workspace) -> None:
    team, moment = office.team, a_minute_ago("U0LENA")
    said = team.types("U0LENA", f"/baton reminders daily {moment:%H:%M}")
    assert "Saved." in said.text
    assert f"on working days at {moment:%H:%M}" in said.text
    has_come(office, Kind.DAILY, "U0LENA", moment)
    card = team.next_message("U0LENA", 0, dm("U0LENA"))
    assert "*Anything left to log?*" in card.text
    assert "0 of 40 calls" in card.text
    assert card.buttons == ["Log", "Not today"]
    assert team.taps("U0LENA", card, "Log")["ok"]
    form = team.form("U0LENA", "Log an activity")
    assert team.submits("U0LENA", form.fill({"Who": "Globex"}))["ok"]
    after = team.presses("U0LENA", team.sees_change("U0LENA", card), "Not today")
    assert "I will ask again on your next working day." in after.text
    assert "1 of 40 calls" in after.text
    assert after.buttons == []
    assert len(messages(team, "U0LENA")) == len(posts(team, "U0LENA")) == 1


def test_a_reminder_that_is_never_acted_on_asks_stops_and_comes_back(office: Workspace) -> None:
    team, moment = office.team, a_minute_ago("U0MINA")
    _in_store(office, ten_passed_by)
    team.types("U0MINA", f"/baton reminders daily {moment:%H:%M}")
    before = len(messages(team, "U0MINA"))
    has_come(office, Kind.DAILY, "U0MINA", moment)
    card = team.next_message("U0MINA", before, dm("U0MINA"))
    assert "You have not used the last ten of these. Should I stop sending them?" in card.text
    stopped = team.presses("U0MINA", card, "Stop these")
    assert "Stopped." in stopped.text
    assert stopped.buttons == ["Bring back"]
    assert Kind.DAILY not in jobs(office, "U0MINA")
    assert ":no_bell: off" in team.types("U0MINA", "/baton reminders").text
    back = team.presses("U0MINA", stopped, "Bring back")
    assert "Fine, they keep coming." in back.text
    assert Kind.DAILY in jobs(office, "U0MINA")


def ten_passed_by(store: Store) -> None:
    """Mina was reminded of ten days and did nothing."""
    now = datetime.now(UTC)
    days = [now.date() - timedelta(days=n) for n in range(60, 50, -1)]  # too long ago to move them
    with store.write() as tx:
        for day in days:
            subject = {"day": day.isoformat(), "calls": 0}
            letter = Letter(Kind.DAILY, "U0MINA", day.isoformat(), subject, id=new_id())
            tell_all(tx, HERE, [letter], datetime.combine(day, time(16, 30), UTC))
        shown = {"state": State.SENT, "shown": 1, "channel": "D0MINA", "ts": "1.1"}
        tx.execute(update(delivery).where(delivery.c.recipient == "U0MINA").values(**shown))


def test_the_week_is_told_on_its_first_day(office: Workspace) -> None:
    team = office.team
    clear_of_midnight(ZONES["U0DANA"])
    team.types("U0DANA", "/log call Hooli next in 2 days 14:00 send the contract")
    _in_store(office, this_week)
    team.types("U0DANA", "/baton reminders week on")
    has_come(office, Kind.WEEK_AHEAD, "U0DANA", datetime.now(ZoneInfo(ZONES["U0DANA"])))
    card = team.next_message("U0DANA", 0, dm("U0DANA"))
    assert "*Your week*\n1 follow-up" in card.text
    assert "send the contract · Hooli" in card.text
    after = team.presses("U0DANA", card, "Got it")
    assert after.buttons == []
    assert len(messages(team, "U0DANA")) == 1


def this_week(store: Store) -> None:
    """What Dana promised is still for today, whatever weekday that is."""
    today: date = datetime.now(ZoneInfo(ZONES["U0DANA"])).date()
    with store.write() as tx:
        tx.execute(update(step).where(step.c.person_id == "U0DANA").values(day=today))


def test_a_kind_is_muted_and_unmuted_in_the_overview(office: Workspace) -> None:
    team = office.team
    shown = team.types("U0ARUN", "/baton reminders")
    assert shown.buttons == ["Mute", "Mute", "Mute", "Mute", "Change"]
    muted = team.presses("U0ARUN", shown, "Mute")
    assert "Saved." in muted.text
    assert muted.buttons == ["Unmute", "Mute", "Mute", "Mute", "Change"]
    assert Kind.DAILY not in jobs(office, "U0ARUN")
    again = team.presses("U0ARUN", muted, "Unmute")
    assert again.buttons == ["Mute", "Mute", "Mute", "Mute", "Change"]
    assert Kind.DAILY in jobs(office, "U0ARUN")
    assert team.types("U0ARUN", "/baton reminders all off").text.count(":no_bell: off") == 4
    assert jobs(office, "U0ARUN") <= {Kind.FOLLOW_UP}


def test_the_form_chooses_times_and_quiet_hours(office: Workspace) -> None:
    team = office.team
    shown = team.types("U0DEVON", "/baton reminders")
    team.taps("U0DEVON", shown, "Change")
    form = team.form("U0DEVON", "Your reminders")
    assert "needs" not in form.text
    refused = team.submits("U0DEVON", form.fill({"Quiet from": "20:00"}))
    assert "Quiet hours need a start and an end" in refused["errors"]["quiet_end"]
    chosen = {"The day's activity at": "15:00", "Remind me of follow-ups": "15", "The week ahead": "off"}
    assert team.submits("U0DEVON", form.fill({**chosen, "Quiet until": "07:00"}))["ok"]
    after = team.sees_change("U0DEVON", shown)
    for said in ("on working days at 15:00", "15 minutes before their time", ":no_bell: off", "20:00 to 07:00"):
        assert said in after.text
    team.taps("U0DEVON", after, "Change")
    form = team.form("U0DEVON", "Your reminders")
    assert [form.initial(label) for label in ("The day's activity at", "Quiet from")] == ["15:00", "20:00"]
    team.closes("U0DEVON", form)


def test_a_time_in_quiet_hours_is_refused_in_a_line_and_in_the_form(office: Workspace) -> None:
    team = office.team
    assert "20:00 to 07:00" in team.types("U0SAM", "/baton reminders quiet 20-7").text
    refused = team.types("U0SAM", "/baton reminders daily 21:00")
    assert "21:00 lies in your quiet hours (20:00 to 07:00)." in refused.text
    assert "/baton reminders daily 21:00" in refused.text
    team.taps("U0SAM", team.types("U0SAM", "/baton reminders"), "Change")
    form = team.form("U0SAM", "Your reminders").fill({"The day's activity": "on", "The day's activity at": "21:00"})
    assert "21:00 lies in your quiet hours" in team.submits("U0SAM", form)["errors"]["quiet_end"]
    team.closes("U0SAM", form)


@pytest.mark.parametrize(
    ("person", "line", "said"),
    [
        pytest.param("U0ANA", "every full moon, please", "I could not tell what to change:", id="English"),
        pytest.param("U0ROMAN", "каждое полнолуние, пожалуйста", "Не понял, что изменить:", id="Russian"),
    ],
)
def test_a_line_that_says_nothing_is_quoted_back_whole(office: Workspace, person: str, line: str, said: str) -> None:
    answer = office.team.types(person, f"/baton reminders {line}")
    assert said in answer.text
    assert f"/baton reminders {line}" in answer.text
    assert len(answer.buttons) == 5


def test_a_russian_rep_is_reminded_in_russian(office: Workspace, cards: dict[str, Shown]) -> None:
    team = office.team
    card = cards["U0ROMAN"]
    assert "*отправить КП* · Acme" in card.text
    assert card.buttons == ["Готово", "Позже"]
    assert card.fallback == "Пора: отправить КП · Acme"
    assert ":white_check_mark: ~отправить КП" in team.presses("U0ROMAN", card, "Готово").text
    assert len(messages(team, "U0ROMAN")) == 1


def test_a_russian_rep_moves_the_day_and_mutes_the_week(office: Workspace) -> None:
    team, moment = office.team, a_minute_ago("U0OLGA")
    said = team.types("U0OLGA", f"/baton напоминания день {moment:%H:%M}")
    assert f"по рабочим дням в {moment:%H:%M}" in said.text
    has_come(office, Kind.DAILY, "U0OLGA", moment)
    card = team.next_message("U0OLGA", 0, dm("U0OLGA"))
    assert "*Всё записали?*" in card.text
    assert card.buttons == ["Записать", "Не сегодня"]
    assert "сегодня больше не напомню" in team.presses("U0OLGA", card, "Не сегодня").text
    assert ":no_bell: отключено" in team.types("U0OLGA", "/baton напоминания неделя выкл").text
    assert jobs(office, "U0OLGA") == {Kind.DAILY}
