"""What a workspace can decide, what holds until it does, and what two who decide at once leave of each other's work."""

from datetime import date
from typing import Any

import pytest

from bot.access.roles import Role
from bot.errors import Refused
from bot.working_time.hours import STANDARD
from bot.workspace.fiscal import quarter_name
from bot.workspace.rules import (
    BASE_SHARES,
    SETTINGS_OF,
    Card,
    Setting,
    Settings,
    Step,
    check,
    currencies,
    daily_goal,
    left_alone,
    merged,
    settings_of,
    still_stands,
)

GOALS = "daily_goals"


def test_until_somebody_decides_the_usual_holds() -> None:
    settings = settings_of({})
    assert (settings.currency, settings.fiscal_month, settings.hours) == ("USD", 1, STANDARD)
    assert (settings.country, settings.zone, settings.handoffs_channel, settings.wins_channel) == (None,) * 4
    assert {role: settings.goal_of(role) for role in Role} == {
        role: 40 if role in {Role.SDR, Role.MRR} else 10 for role in Role
    }
    assert BASE_SHARES.keys() == set(Role)


@pytest.mark.parametrize(
    ("goals", "roles", "goal"),
    [
        pytest.param(None, [], 10, id="without a role"),
        pytest.param(None, ["AE", "SDR"], 40, id="the highest of several"),
        pytest.param({"SDR": 5}, ["AE", "SDR"], 10, id="the workspace's own"),
        pytest.param({"SDR": 0}, ["SDR"], 0, id="none at all"),
    ],
)
def test_the_goal_of_a_day(goals: dict[str, int] | None, roles: list[str], goal: int) -> None:
    assert daily_goal(goals, roles) == goal


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.ROLES])
def test_a_step_is_done_once_all_of_it_was_saved(step: Step) -> None:
    names = [str(name) for name in SETTINGS_OF[step]]
    assert Settings(saved=frozenset(names)).done(step)
    assert not any(Settings(saved=frozenset(names) - {name}).done(step) for name in names)


def test_a_setting_that_was_cleared_is_saved_and_empty() -> None:
    settings = settings_of({"wins_channel": None, "handoffs_channel": "C0HANDOFFS"})
    assert (settings.wins_channel, settings.handoffs_channel) == (None, "C0HANDOFFS")
    assert settings.done(Step.CHANNELS)


def test_a_role_card_keeps_the_workspaces_own_words() -> None:
    settings = settings_of({"role_card.AE": {"texts": {"en": "closes"}, "base_share": 50}})
    assert settings.card("AE") == Card({"en": "closes"}, 50)
    assert settings.card("SDR") == Card()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("currency", "EUR"),
        ("fiscal_month", 12),
        ("zone", "Europe/Berlin"),
        ("zone", None),
        (GOALS, {"SDR": 0, "AE": 500}),
        ("country", "DE"),
    ],
)
def test_a_value_that_a_setting_can_have(name: str, value: Any) -> None:
    check(name, value)


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        pytest.param("currency", "DEM", "currency", id="money of the past"),
        pytest.param("currency", "eur", "currency", id="not as it is written"),
        pytest.param("currency", "XXX", "currency", id="no money"),
        pytest.param("fiscal_month", 0, "month", id="month 0"),
        pytest.param("fiscal_month", 13, "month", id="month 13"),
        pytest.param("zone", "Berlin", "zone", id="a city alone"),
        pytest.param(GOALS, {"SDR": -1}, "goal", id="less than none"),
        pytest.param(GOALS, {"SDR": 501}, "goal", id="more than a day holds"),
    ],
)
def test_a_value_that_it_cannot_have(name: str, value: Any, key: str) -> None:
    with pytest.raises(Refused) as told:
        check(name, value)
    assert told.value.key == f"settings.problem.{key}"


def test_currencies_are_those_in_use() -> None:
    assert {"USD", "EUR", "RUB", "JPY", "KWD"} <= set(currencies())
    assert {"DEM", "XXX", "XAU", "USN"}.isdisjoint(currencies())


@pytest.mark.parametrize(
    ("value", "before", "seen", "alone"),
    [
        pytest.param("EUR", {}, {}, False, id="no form"),
        pytest.param("EUR", {"currency": "USD"}, {"currency": "USD"}, False, id="changed by the reader"),
        pytest.param("USD", {"currency": "USD"}, {"currency": "USD"}, False, id="confirmed"),
        pytest.param("USD", {}, {"currency": "USD"}, False, id="confirmed for the first time"),
        pytest.param("USD", {"currency": "EUR"}, {"currency": "USD"}, True, id="changed by somebody else"),
        pytest.param("GBP", {"currency": "EUR"}, {"currency": "USD"}, False, id="changed by both"),
    ],
)
def test_what_the_reader_left_alone(value: str, before: dict[str, Any], seen: dict[str, Any], alone: bool) -> None:
    assert left_alone("currency", value, before, seen) is alone


@pytest.mark.parametrize(
    ("value", "before", "seen", "result"),
    [
        pytest.param({"SDR": 50, "AE": 10}, {}, {GOALS: {"SDR": 40, "AE": 10}}, {"SDR": 50, "AE": 10}, id="the first"),
        pytest.param(
            {"SDR": 50, "AE": 10},
            {GOALS: {"SDR": 40, "AE": 15}},
            {GOALS: {"SDR": 40, "AE": 10}},
            {"SDR": 50, "AE": 15},
            id="two different roles",
        ),
        pytest.param(
            {"SDR": 50, "AE": 10},
            {GOALS: {"SDR": 45, "AE": 10}},
            {GOALS: {"SDR": 40, "AE": 10}},
            {"SDR": 50, "AE": 10},
            id="the same role",
        ),
    ],
)
def test_goals_of_two_admins_come_together_role_by_role(
    value: dict[str, int], before: dict[str, Any], seen: dict[str, Any], result: dict[str, int]
) -> None:
    assert merged(GOALS, value, before, seen) == result


@pytest.mark.parametrize(
    ("name", "before", "after", "value", "stands"),
    [
        ("currency", "USD", "EUR", "EUR", True),
        ("currency", "USD", "EUR", "GBP", False),
        (GOALS, {"SDR": 40, "AE": 10}, {"SDR": 45, "AE": 10}, {"SDR": 45, "AE": 12}, True),
        (GOALS, {"SDR": 40, "AE": 10}, {"SDR": 45, "AE": 10}, {"SDR": 50, "AE": 10}, False),
        (GOALS, None, {"SDR": 45}, {"SDR": 45, "AE": 12}, True),
        (GOALS, None, {"SDR": 40, "AE": 12}, {"SDR": 50, "AE": 12}, True),
    ],
)
def test_whether_a_change_still_stands(name: str, before: Any, after: Any, value: Any, stands: bool) -> None:
    assert still_stands(name, before, after, value) is stands


@pytest.mark.parametrize(
    ("day", "first_month", "name"),
    [
        (date(2026, 11, 18), 1, "2026-Q4"),
        (date(2026, 11, 18), 7, "FY2027-Q2"),
        (date(2026, 11, 18), 10, "FY2027-Q1"),
        (date(2026, 11, 18), 12, "FY2026-Q4"),
        (date(2026, 6, 30), 7, "FY2026-Q4"),
        (date(2026, 1, 1), 1, "2026-Q1"),
        (date(2026, 1, 31), 2, "FY2026-Q4"),
        (date(2026, 2, 1), 2, "FY2027-Q1"),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_that_it_ends_in(day: date, first_month: int, name: str) -> None:
    assert quarter_name(day, first_month) == name


@pytest.mark.parametrize(
    ("name", "good", "wrong"),
    [
        ("handoff_minutes", [5, 480], [4, 481, "60", None]),
        ("touch_days", [1, 10], [0, 11]),
        ("checklist", ["bant", "meddic"], ["spin"]),
        ("required_answers", [[], ["budget"], ["pain"]], [["colour"]]),
        (
            "routing",
            [{}, {"weights": {"U1": 100}, "caps": {"U1": 1}, "cap": 500, "stuck": "U2"}, {"cap": None}],
            [{"weights": {"U1": 0}}, {"weights": {"U1": 1.5}}, {"caps": {"U1": True}}, {"cap": 0}, {"else": 1}],
        ),
    ],
)
def test_what_a_setting_of_hand_offs_can_be(name: str, good: list[Any], wrong: list[Any]) -> None:
    for value in good:
        check(name, value)
    for value in wrong:
        with pytest.raises(Refused):
            check(name, value)


def test_two_who_change_the_rules_at_once_keep_each_others_part() -> None:
    seen = {"weights": {"U1": 2, "U2": 3}, "cap": 5}
    before = {"weights": {"U1": 2, "U2": 3, "U3": 4}, "cap": 5}
    value = {"weights": {"U1": 2}, "cap": 6}
    assert merged("routing", value, {"routing": before}, {"routing": seen}) == {"weights": {"U1": 2, "U3": 4}, "cap": 6}


def test_only_the_questions_of_the_chosen_checklist_are_required() -> None:
    assert settings_of({"checklist": "bant", "required_answers": ["pain", "need"]}).required_answers == ("need",)


def test_of_the_rules_of_the_score_each_part_is_the_one_who_changed_it() -> None:
    seen = {"sources": {"webinar": 20, "event": 15}, "decay": "0.9"}
    stands = {"sources": {"webinar": 25, "event": 15}, "decay": "0.9"}
    wanted = {"sources": {"webinar": 20, "event": 10}, "decay": "0.8"}
    found = merged(Setting.LEAD_RULES, wanted, {Setting.LEAD_RULES: stands}, {Setting.LEAD_RULES: seen})
    assert found == {"sources": {"webinar": 25, "event": 10}, "decay": "0.8"}
    assert still_stands(Setting.LEAD_RULES, seen, stands, found)
    assert not still_stands(Setting.LEAD_RULES, seen, stands, wanted)
