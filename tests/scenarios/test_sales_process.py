"""What one sees of one's open deals, what reminds of them, and a sales process of one's own: over the wire."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.access.roles import Role
from bot.deals.model import Deal
from bot.schedule.model import Job
from bot.store.sql import table_of
from bot.workspace.rules import Setting
from tests.scenarios.conftest import Workspace
from tests.scenarios.settling import reads, settle

ROLES = {"U0DANA": Role.AE, "U0OLGA": Role.AE, "U0MARIA": Role.MANAGER, "U0SAM": Role.OPS}


@pytest.fixture(scope="module")
def workspace(corner: Workspace) -> Workspace:
    settle(corner, ROLES, {Setting.CURRENCY: "EUR"})
    return corner


def day(ahead: int) -> str:
    """So many days from now, where everybody is within one."""
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


def test_home_shows_deals_that_press_and_opens_them(workspace: Workspace) -> None:
    team = workspace.team
    assert "My deals" not in team.opens_home("U0DANA").text
    team.types("U0DANA", f"/deal Acme 24k close {day(60)} next {day(20)} send quote")
    home = team.home_when("U0DANA", "1 open deal · 24,000.00\u00a0EUR")
    assert "None is past due" in home.text
    team.types("U0DANA", "/deal Globex 5k stage demo")
    home = team.home_when("U0DANA", "no next step")
    assert "*Globex* · 5,000.00\u00a0EUR · Demo" in home.text
    assert "*Acme*" not in home.text
    assert team.presses_in("U0DANA", home, "Open")
    card = team.form("U0DANA", "Globex")
    assert team.chooses("U0DANA", card, "Stage", "Negotiation")
    card = team.form("U0DANA", "Stage: Negotiation (was Demo)")
    team.home_when("U0DANA", "Globex* · 5,000.00\u00a0EUR · Negotiation")
    assert team.presses_in("U0DANA", card, "Edit")
    form = team.form("U0DANA", "Expected to close").fill(next_step="call them", next_on=day(3))
    assert team.submits("U0DANA", form)["ok"]
    team.form("U0DANA", "call them")
    home = team.home_when("U0DANA", "None is past due")
    assert team.presses_in("U0DANA", home, "All my deals")
    listed = team.form("U0DANA", "My open deals")
    assert listed.buttons == ["Open", "Open"]
    assert team.presses_in("U0DANA", listed, "Open")
    assert "Acme" in team.form("U0DANA", "send quote").text


def test_who_gives_a_deal_away_has_it_on_home_no_more(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0OLGA", "/deal Ромашка 7k")
    assert "Мои сделки" in team.opens_home("U0OLGA").text
    team.opens_home("U0DANA")
    team.types("U0MARIA", "/deal Ромашка кому @dana")
    team.home_when("U0DANA", "*Ромашка*")
    home = team.opens_home("U0OLGA")
    assert "Мои сделки" not in home.text


def test_a_next_step_reminds_of_itself_and_asks_for_the_next(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0DANA", f"/deal Umbrella 9k stage demo next {day(2)} send contract")
    _is_today(workspace, "send contract")
    told = reads(workspace, "U0DANA", "send contract", "*Umbrella* · 9,000.00\u00a0EUR · Demo")
    assert told.buttons == ["Done", "Later", "Open"]
    assert team.taps("U0DANA", told, "Done")["ok"]
    done = team.sees_change("U0DANA", told)
    assert "~send contract~ · Umbrella" in done.text
    team.taps("U0DANA", done, "Set the next step")
    form = team.form("U0DANA", "Next step").fill(next_step="call the lawyer", next_on=day(5))
    assert team.submits("U0DANA", form)["ok"]
    assert "call the lawyer" in team.types("U0DANA", "/deal Umbrella").text
    team.types("U0OLGA", f"/deal Василёк 9к далее {day(2)} отправить договор")
    _is_today(workspace, "отправить договор")
    told = reads(workspace, "U0OLGA", "отправить договор", "*Василёк*")
    assert told.buttons == ["Готово", "Позже", "Открыть"]
    assert team.taps("U0OLGA", told, "Позже")["ok"]
    assert ":arrow_right: отправить договор" in team.sees_change("U0OLGA", told).text


def test_a_process_of_one_s_own_is_read_on_cards_in_lines_and_on_home(workspace: Workspace) -> None:
    team = workspace.team
    assert "OPS" not in team.types("U0DANA", "/deal Hooli 8k stage demo").text
    assert "Sam" in team.types("U0OLGA", "/baton настройки").text
    _opens_process(workspace)
    assert team.presses_in("U0SAM", team.form("U0SAM", "*Demo*"), "Change", 2)
    form = team.form("U0SAM", "Stage: *Demo*")
    for name, points, wrong in (
        ("Negotiation", "Ask", "would mean two things"),
        ("24000", "Ask", "is no name that can be typed"),
        ("next", "Ask", "means something else"),
        ("x" * 76, "Ask", "76 characters are too many"),
        ("Pilot", "\n".join(f"point {n}" for n in range(30)), "30 points are too many"),
    ):
        answer = team.submits("U0SAM", form.fill(en=name, points=points))
        assert wrong in str(answer["errors"])
    form = form.fill(en="Pilot", ru="Пилот", points="Sign the NDA | Подписать NDA\nAgree what success is")
    assert team.submits("U0SAM", form)["ok"]
    board = team.form("U0SAM", "*Pilot* (Demo)")
    assert "2 points" in board.text
    assert team.presses_in("U0SAM", board, "Change", 7)
    own = {"names": "price: Too dear | Не по карману", "own": "No permit | Нет разрешения"}
    form = team.form("U0SAM", "Reasons to choose from").fill(offered=["price", "competitor", "timing"], **own)
    assert team.submits("U0SAM", form)["ok"]
    team.form("U0SAM", "Too dear · Chose a competitor · Put off · No permit · Duplicate · Other")
    card = team.types("U0DANA", "/deal Hooli")
    assert "Pilot, since today" in card.text
    assert team.chooses("U0DANA", card, "deal.tick", ["own1"])
    ticked = team.sees_change("U0DANA", card)
    assert "Sign the NDA" in ticked.text
    assert "Dana Lee, " in ticked.text
    moved = team.types("U0DANA", "/deal Hooli negotiation")
    assert "Stage: Negotiation (was Pilot)" in moved.text
    assert "1 point of “Pilot” is still open" in moved.text
    assert "Stage: Pilot (was Negotiation)" in team.types("U0DANA", "/deal Hooli stage пилот").text
    assert "Hooli* · 8,000.00\u00a0EUR · Pilot" in team.opens_home("U0DANA").text
    assert "Ответственный" in team.types("U0OLGA", "/deal Пятёрочка 5к пилот").text
    assert "Пилот" in team.types("U0OLGA", "/deal Пятёрочка").text
    asked = team.types("U0OLGA", "/deal Пятёрочка проиграна")
    assert asked.buttons == ["Выбрали конкурента", "Не по карману", "Отложено", "Нет разрешения", "Дубль", "Другое"]
    assert "Нет разрешения" in team.presses("U0OLGA", asked, "Нет разрешения").text
    assert "Why was *Hooli* lost?" in team.types("U0DANA", "/deal Hooli lost legal").text
    assert "Too dear" in team.types("U0DANA", "/deal Hooli lost too dear").text
    audit = team.types("U0SAM", "/baton audit")
    assert "Sales process" in audit.text
    assert "Pilot" in audit.text


def test_a_card_s_checklist_is_ticked_in_its_window_too(workspace: Workspace) -> None:
    team = workspace.team
    team.types("U0DANA", "/deal Stark 9k stage needs")
    home = team.home_when("U0DANA", "*Stark*")
    assert team.presses_in("U0DANA", home, "All my deals")
    listed = team.form("U0DANA", "My open deals")
    assert team.presses_in("U0DANA", listed, "Open", len(listed.buttons) - 1)
    card = team.form("U0DANA", "Stark")
    assert team.chooses("U0DANA", card, "deal.tick", ["first", "second"])
    assert "Dana Lee, " in team.form("U0DANA", "Dana Lee, ").text


def _opens_process(workspace: Workspace) -> None:
    """Sam comes to the sales process from the settings."""
    team = workspace.team
    team.sends("U0SAM", "/baton settings")
    settings = team.form("U0SAM", "Sales process")
    assert team.presses_in("U0SAM", settings, "Open", 1)


def _is_today(workspace: Workspace, step: str) -> None:
    """The day of a step has come, and the hour."""
    with closing(workspace.store()) as store, store.write() as tx:
        deal, job = table_of(Deal), table_of(Job)
        today = datetime.now(UTC).date()
        moved = tx.execute(update(deal).where(deal.c.next_step == step).values(next_on=today).returning(deal.c.id))
        subjects = [each.hex for each in moved.scalars()]
        tx.execute(update(job).where(job.c.subject.in_(subjects)).values(next_due_at=datetime.now(UTC)))
