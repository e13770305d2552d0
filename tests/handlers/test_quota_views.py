"""`/quota` in Slack's limits, whatever a group is called and however many are in it; nothing is foretold of nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sandbox.checks.surfaces import message_reasons

from bot.attainment.frame import Asked
from bot.attainment.pages import GroupPage, GroupPart, Part, PersonPage, Row, When
from bot.attainment.what_if import Outlook, WhatIf
from bot.quota.metrics import REVENUE, STANDARD, Metric
from bot.quota.pace import Days
from bot.quota.periods import Kind, Period, period_of
from bot.quota.queries import Subject
from bot.quota.shares import RollUp
from bot.quota.standing import Standing
from bot.quota.standing import WhatIf as Standings
from bot.quota.whose import Whose
from bot.words import LANGUAGES, words_for
from handlers import ids
from handlers.quota import chosen_part
from handlers.ui import quota as ui
from handlers.ui import quota_figures as figures_ui
from handlers.ui import quota_groups as groups_ui
from handlers.ui import quota_said as said_ui
from handlers.ui.blocks import Block, Message

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 18)
WHEN = When(datetime(2026, 11, 18, 9, tzinfo=UTC), TODAY, BERLIN, BERLIN)
Q4 = period_of(Kind.QUARTER, TODAY)
DAYS = Days(Fraction(34), Fraction(31))
NAMES = ("North", "x" * 80, '"' * 80, "\\" * 80, "<!channel> & *b* " * 4, "Ж" * 80)


def a_part(metric: Metric = REVENUE, period: Period = Q4, **more: Any) -> Part:
    values: dict[str, Any] = {"achieved": 0, "target": None, "has_any": False, **more}
    return Part(metric, period, Standing(values["achieved"], values["target"], DAYS), values["has_any"])


def a_group(name: str, whose: Whose = Whose.TERRITORY, people: int = 200, **more: Any) -> GroupPage:
    own = Metric("w" * 30)
    parts = tuple(GroupPart(a_part(each, target=10), RollUp(10, 0, people)) for each in (*STANDARD, own))
    rows = tuple(Row(f"U{n}", f"Person {n:03}", Standing(0, None, DAYS), False) for n in range(people))
    when = When(**{**{each: getattr(WHEN, each) for each in WHEN.__slots__}, **more})
    return GroupPage(Subject.named(whose, name), name, parts, parts[0], rows, when, "EUR", True)


def a_person_page(*parts: Part, **more: Any) -> PersonPage:
    values: dict[str, Any] = {"pay": None, "when": WHEN, "currency": "EUR", "can_set": False, "period": Q4, **more}
    return PersonPage("U0DANA", None, parts, **values)


def payload_of(message: Message) -> dict[str, Any]:
    """What Slack takes, whole."""
    payload = message.payload()
    assert message_reasons({"channel": "C1", **payload}) == {}
    assert len(payload["blocks"]) == len(message.blocks)
    return payload


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_another_part_of_a_group_can_be_chosen_whatever_the_group_is_called(name: str, language: str) -> None:
    page = a_group(name, as_of=date(2026, 11, 17))
    blocks = payload_of(groups_ui.group(words_for(language), page, 30))["blocks"]
    menu, block = menu_of(blocks)
    for part, option in zip(page.parts, menu["options"], strict=True):
        value = chosen_part({"block_id": block["block_id"], "selected_option": option})
        assert (value["m"], value["p"]) == part.part.key
        assert Subject.named(Whose(value["w"]), value["n"]) == page.subject
        assert value["a"] == "2026-11-17"


def menu_of(blocks: list[Block]) -> tuple[Block, Block]:
    """The menu, and the block that it stands in."""
    rows = (block for block in blocks if block["type"] == "actions")
    return next((each, block) for block in rows for each in block["elements"] if each["action_id"] == ids.QUOTA_PART)


def test_of_nothing_yet_and_without_a_target_nothing_is_foretold() -> None:
    words = words_for("en")
    assert "Forecast" not in payload_of(ui.person(words, a_person_page(a_part())))["text"]
    assert "Forecast by run rate 0" in payload_of(ui.person(words, a_person_page(a_part(target=100))))["text"]


def test_where_there_is_nothing_the_period_is_named() -> None:
    page = a_person_page(period=period_of(Kind.QUARTER, date(2025, 5, 1)))
    assert "2025-Q2 (1 Apr to 30 Jun 2025)" in payload_of(ui.person(words_for("en"), page))["text"]


@pytest.mark.parametrize(
    ("kind", "day", "first_month", "said"),
    [
        (Kind.QUARTER, TODAY, 1, "2026-Q4 (1 Oct to 31 Dec 2026)"),
        (Kind.QUARTER, TODAY, 2, "FY2027-Q4 (1 Nov 2026 to 31 Jan 2027)"),
        (Kind.YEAR, TODAY, 7, "FY2027 (1 Jul 2026 to 30 Jun 2027)"),
        (Kind.WEEK, date(2027, 1, 1), 1, "2026-W53 (28 Dec 2026 to 3 Jan 2027)"),
    ],
)
def test_a_period_in_two_years_is_told_with_both(kind: Kind, day: date, first_month: int, said: str) -> None:
    assert figures_ui.period_days(words_for("en"), period_of(kind, day, first_month)) == said


def test_who_left_the_company_is_told_so_and_not_how_far_behind_they_are() -> None:
    page = a_group("North", people=1)
    row = Row("U0DANA", "Dana", Standing(0, 100, DAYS), False, is_gone=True)
    text = payload_of(groups_ui.group(words_for("en"), replace(page, rows=(row,))))["text"]
    assert "Dana" in text
    assert text.endswith("no longer works here")


def test_every_team_can_be_chosen_or_is_named() -> None:
    names = [f"Team {n:02}" for n in range(40)]
    blocks = payload_of(groups_ui.which_group(words_for("en"), Whose.TEAM, names, Asked()))["blocks"]
    assert all(name in str(blocks) for name in names)


def test_what_if_there_is_a_target_of_nothing() -> None:
    now, then = (Standing(achieved, 0, DAYS) for achieved in (0, 1_000_000))
    found = Outlook(REVENUE, 1_000_000, (WhatIf(REVENUE, Q4, Standings(now, then)),), None, "EUR")
    text = payload_of(said_ui.what_if(words_for("en"), found))["text"].replace("\u00a0", " ")
    assert "Revenue, 2026-Q4: 10,000 EUR, with a target of 0 EUR" in text


def test_buttons_of_a_page_of_the_past_come_back_to_it() -> None:
    q3 = period_of(Kind.QUARTER, date(2026, 8, 1))
    mine = ui.person(words_for("en"), a_person_page(a_part(period=q3, has_any=True), period=q3))
    assert {each["d"] for each in carried(mine) if "a" in each} == {"2026-Q3"}
    page = a_group("North", people=20)
    part = GroupPart(a_part(period=q3, target=10), RollUp(10, 0, 20))
    team = groups_ui.group(words_for("en"), replace(page, parts=(part,), shown=part))
    assert {each["d"] for each in carried(team) if "a" in each} == {"2026-Q3"}
    which = groups_ui.which_group(words_for("en"), Whose.TEAM, ["North"], Asked(REVENUE, q3, TODAY))
    assert [(each["m"], each["d"], each["a"]) for each in carried(which)] == [("revenue", "2026-Q3", "2026-11-18")]


def carried(message: Message) -> list[dict[str, Any]]:
    """What the buttons carry."""
    inside = [each for block in message.blocks for each in (*block.get("elements", []), block.get("accessory") or {})]
    return [ids.unpack(each["value"]) for each in inside if each.get("type") == "button"]
