"""Coaching over the wire, in both languages: a one-to-one whose item comes back, feedback and kudos, and a training
from its assignment to its reminder to done.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.access.roles import Role
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.workspace import service as workspaces
from bot.workspace.rules import Setting
from tests.factories import a_person
from tests.scenarios.conftest import CORNERS, Workspace, start_workspace
from tests.scenarios.settling import AROUND_THE_CLOCK, conversation, reads, settle
from tests.wire.moved_clock import MovedClock
from tests.wire.screens import Screen

ROLES = {
    "U0ANA": Role.SDR,
    "U0DANA": Role.AE,
    "U0OLGA": Role.AE,
    "U0MARIA": Role.MANAGER,
    "U0SAM": Role.OPS,
}
SETTINGS: dict[str, Any] = {Setting.CURRENCY: "EUR", Setting.ZONE: "Europe/Berlin"}


def on(month: int, day: int, hour: int = 12) -> datetime:
    """An hour of a day of 2026, in UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> MovedClock:
    return MovedClock(tmp_path_factory.mktemp("clock") / "now", on(10, 5))


@pytest.fixture(scope="module", params=CORNERS[:1], ids="-".join)
def workspace(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: MovedClock
) -> Iterator[Workspace]:
    mode, database = request.param
    environment: dict[str, Any] = {**clock.settings}
    for found in start_workspace(request, tmp_path_factory.mktemp("coaching"), mode, database, **environment):
        for person in ("U0DANA", "U0MARIA"):  # in Slack they may do everything, here only what their roles may
            found.team.changes_user(person, is_admin=False, is_owner=False, is_primary_owner=False)
        settle(found, ROLES, SETTINGS, since=date(2026, 1, 1), now=clock.now)
        yield found


def said(shown: Screen) -> str:
    """The words of it, with plain spaces and without stars."""
    return shown.text.replace("\u00a0", " ").replace("*", "")


def test_a_manager_holds_a_one_to_one_and_what_is_not_done_comes_back(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    team.types("U0MARIA", "/quota set @dana revenue 100k 2026-Q4")
    team.types("U0DANA", "/deal Acme won 60000")
    due = team.types("U0MARIA", "/team oneonone")
    assert "3 one-to-ones are due" in said(due)
    assert "Dana Lee · none yet" in said(due)
    stands = said(team.types("U0MARIA", "/quota @dana"))
    agenda = team.types("U0MARIA", "/team 1:1 @dana")
    assert "There was no one-to-one yet" in said(agenda)
    assert "Acme won · 60,000.00 EUR" in said(agenda)
    revenue = next(line for line in stands.splitlines() if line.startswith("Revenue"))
    assert revenue in said(agenda)
    assert "60,000 of 100,000 EUR" in revenue
    team.taps("U0MARIA", agenda, "Notes and items")
    form = team.form("U0MARIA")
    assert "Only you read them" in form.text
    form.fill(notes="seems tired, go easy", theirs="send the deck by yesterday", mine="ask legal")
    assert team.submits("U0MARIA", form)["errors"].keys() == {"theirs"}
    form.fill(theirs="send the deck by 12 oct\ncall Globex")
    assert team.submits("U0MARIA", form)["ok"]
    stored = team.sees_change("U0MARIA", agenda)
    for line in ("Stored.", "send the deck · Dana Lee · by Mon 12 Oct", "call Globex · Dana Lee", "ask legal · Maria"):
        assert line in said(stored), said(stored)
    told = reads(workspace, "U0DANA", "has noted your one-to-one", "send the deck")
    assert "tired" not in said(told)
    mine = team.types("U0DANA", "/team oneonone")
    assert "ask legal" not in said(mine)
    assert "tired" not in said(mine)
    assert "ask legal · Maria Keller" in said(team.presses("U0DANA", mine, "My agenda"))
    clock.set(on(10, 12))
    reminder = reads(workspace, "U0DANA", "send the deck", "today")
    clock.set(on(10, 21))
    again = team.types("U0MARIA", "/team oneonone @dana")
    assert "Last one Mon 5 Oct, 16 days ago, with Maria Keller · due: more than two weeks" in said(again)
    assert "send the deck · Dana Lee · due Mon 12 Oct" in said(again)
    team.presses("U0DANA", reminder, "Done")
    after = team.types("U0MARIA", "/team oneonone @dana")
    assert "✓ send the deck · Dana Lee" in said(after)
    after = team.presses("U0MARIA", after, "Done")
    assert "✓ call Globex · Dana Lee" in said(after)
    assert "seems tired" in said(team.presses("U0MARIA", after, "Earlier ones"))
    refused = said(team.types("U0OLGA", "/team oneonone @dana"))
    assert "руководители, OPS или ADMIN" in refused
    assert "Maria Keller" in refused
    assert "Mine to do" in said(team.types("U0MARIA", "/team oneonone"))
    assert "My one-to-one" in said(team.types("U0SAM", "/team oneonone @sam"))


def test_one_to_ones_in_russian(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    agenda = team.types("U0MARIA", "/team встреча @olga")
    team.taps("U0MARIA", agenda, "Notes and items")
    form = team.form("U0MARIA")
    day = f"{clock.now + timedelta(days=7):%d.%m}"
    form.fill(notes="мы договорились о пилоте", is_shared=["shared"], theirs=f"отправить договор до {day}")
    assert team.submits("U0MARIA", form)["ok"]
    told = reads(workspace, "U0OLGA", "записывает итоги вашей встречи", "отправить договор", "о пилоте")
    assert "/team oneonone" in said(told)
    mine = team.types("U0OLGA", "/team один на один")
    assert "Мои задачи" in said(mine)
    assert "Задач со встреч у вас нет." in said(team.presses("U0OLGA", mine, "Готово"))


def test_feedback_is_told_once_and_kudos_stand_in_the_channel(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    given = team.types("U0OLGA", "/team отзыв @dana «отличный разговор с клиентом»")
    assert "Спасибо! Отзыв сохранён" in said(given)
    reads(workspace, "U0DANA", "has feedback for you", "отличный разговор с клиентом")
    without = said(team.types("U0ANA", '/team kudos @olga "saved the renewal"'))
    assert "no channel of wins yet" in without
    assert "/invite @Baton" in without
    with closing(workspace.store()) as store:
        ops = a_person("U0SAM", is_admin=True)
        workspaces.change(store, ops, {Setting.WINS_CHANNEL: "C0WINS"}, clock.now)
    kudos = team.types("U0ANA", '/team feedback @olga kudos "great demo"')
    assert "everybody in the channel" in said(kudos)
    reads(workspace, "U0SAM", "Благодарность для", "Ana Ruiz", "great demo", channel="C0WINS")
    reads(workspace, "U0OLGA", "благодарит вас при всех", "great demo")
    assert "Taken back" in said(team.presses("U0ANA", kudos, "Undo"))
    reads(workspace, "U0SAM", "Ana Ruiz забирает", channel="C0WINS")
    read = said(team.types("U0MARIA", "/team feedback @olga"))
    assert "Kudos from Ana Ruiz" in read
    assert "great demo" not in read
    assert "saved the renewal" in read
    assert "saved the renewal" in said(team.types("U0OLGA", "/team отзыв"))
    assert "Feedback is for others" in said(team.types("U0ANA", '/team feedback @ana "I am great"'))
    assert "guest" in said(team.types("U0ANA", '/team feedback @guest "hello"'))
    assert "no words between the quotes" in said(team.types("U0ANA", '/team feedback @dana ""'))


def test_a_training_from_its_assignment_to_its_reminder_to_done(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    clock.set(on(11, 2))
    refused = said(team.types("U0DANA", '/team training assign "MEDDIC" to AE by 2026-11-30'))
    assert "Managers give training" in refused
    line = '/team training assign "MEDDIC basics" https://learn.example/meddic to AE by 2026-11-30'
    made = said(team.types("U0MARIA", line))
    assert "is assigned to 2 people" in made
    assert "0 of 2 done" in made
    reads(workspace, "U0DANA", "Maria Keller has a training for you", "MEDDIC basics")
    reads(workspace, "U0OLGA", "назначает вам обучение", "до пн 30 нояб")
    assert "MEDDIC basics" in said(team.types("U0OLGA", "/team обучение"))
    with closing(workspace.store()) as store, store.write() as tx:
        command = Assign("U0ANA", clock.now.date(), (Role.AE,), aspects={**AROUND_THE_CLOCK})
        assignments.apply(tx, Stamp("T0BATON", "U0SAM", clock.now), command, today=clock.now.date())
    clock.set(on(11, 2, 14))
    reads(workspace, "U0ANA", "has a training for you", "MEDDIC basics")  # who takes the role up gets it, too
    clock.set(on(11, 27, 1))  # everybody works every day here: three working days before is three days before
    reminder = reads(workspace, "U0DANA", "A training is waiting for you", "MEDDIC basics")
    reads(workspace, "U0OLGA", "Вас ждёт 1 обучение", "MEDDIC basics")
    done = team.presses("U0DANA", reminder, "Done")
    assert "Nothing is left to do here" in said(done)
    assert "1 of 3 done" in said(team.types("U0MARIA", "/team training progress"))
    muted = said(team.types("U0OLGA", "/baton reminders обучение выкл"))
    assert "Обучение" in muted
    clock.set(on(11, 30, 1))
    reads(workspace, "U0ANA", "A training is waiting for you", "due today")
    waiting = [each for each in team.messages("U0OLGA", conversation("U0OLGA")) if "Вас ждёт" in each.text]
    assert len(waiting) == 1


def test_a_review_and_its_file(workspace: Workspace) -> None:
    team = workspace.team
    seen = len(team.messages("U0MARIA", conversation("U0MARIA")))
    team.sends("U0MARIA", "/team review @dana 2026-H2")
    shown = reads(workspace, "U0MARIA", "Review of Dana Lee, 2026-H2", channel="C0GENERAL")
    for part in (
        "2026-Q4 · Revenue",
        "Acme · 60,000.00 EUR",
        "отличный разговор",
        "✓ send the deck",
        "MEDDIC basics",
    ):
        assert part in said(shown), said(shown)
    assert "tired" not in said(shown)
    team.taps("U0MARIA", shown, "CSV")
    file = team.next_message("U0MARIA", seen, conversation("U0MARIA"))
    assert "review-" in str(file.raw)
    seen = len(team.messages("U0OLGA"))
    team.sends("U0OLGA", "/team ревью @dana 2026-Q4")
    assert "это делают руководители" in said(team.next_message("U0OLGA", seen))
