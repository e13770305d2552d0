"""The forms of the set-up list, read field by field."""

from datetime import date
from typing import Any

import pytest

from bot.access.roles import Role
from bot.people.assignments import Assign
from bot.working_time.hours import Hours, read_hours
from bot.workspace import form
from bot.workspace.form import Fields
from bot.workspace.rules import MOST_CALLS_A_DAY, Settings, Step, check

GOALS: Fields = dict.fromkeys([role.value for role in Role], "10")
HOURS: Fields = {"start": "09:00", "end": "17:30", "days": ["0", "4"], "country": "", "zone": ""}
GROUP: Fields = {"people": ["U0ANA", "U0DEVON"], "roles": ["SDR"], "start": "2026-11-23"}
STEPS = [step for step in Step if step is not Step.ROLES]

SETTINGS = [
    pytest.param(Settings(), id="the usual"),
    pytest.param(
        Settings(
            goals={"SDR": 55},
            hours=read_hours("mon-thu 9-18, fri 9-15"),
            country="DE-BE",
            zone="Europe/Berlin",
            handoffs_channel="C0HANDOFFS",
            fiscal_month=7,
            currency="EUR",
        ),
        id="a workspace's own",
    ),
]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("step", STEPS)
def test_a_form_that_is_saved_untouched_says_what_stands(step: Step, settings: Settings, language: str) -> None:
    values, problems = form.read(step, form.standing(settings, step, "Europe/Madrid", language))
    assert problems == {}
    for name, value in values.items():
        check(name, value)
    expected: dict[Step, dict[str, Any]] = {
        Step.GOALS: {"daily_goals": {role: settings.goal_of(role) for role in Role}},
        Step.HOURS: {
            "working_hours": settings.hours.to_json(),
            "country": settings.country,
            "zone": settings.zone or "Europe/Madrid",
        },
        Step.CHANNELS: {"handoffs_channel": settings.handoffs_channel, "wins_channel": settings.wins_channel},
        Step.FISCAL_YEAR: {"fiscal_month": settings.fiscal_month},
        Step.CURRENCY: {"currency": settings.currency},
    }
    assert values == expected[step]


def test_different_hours_are_a_line_to_type_in() -> None:
    fields = form.hours_fields(read_hours("mon-thu 9-18, fri 9-15"), "ru")
    assert fields == {"hours": "пн–чт 09:00–18:00, пт 09:00–15:00"}
    assert form.hours_fields(read_hours("sun-thu 9-18"), "en")["days"] == ["0", "1", "2", "3", "6"]


@pytest.mark.parametrize(
    ("step", "filled", "values"),
    [
        (Step.HOURS, {**HOURS, "country": "germany", "zone": "berlin"}, {"country": "DE", "zone": "Europe/Berlin"}),
        (
            Step.HOURS,
            {"hours": "пн-чт 9-18, пт 9-15"},
            {"working_hours": read_hours("mon-thu 9-18, fri 9-15").to_json()},
        ),
        (Step.HOURS, {**HOURS, "start": "22:00", "end": "06:00"}, {"zone": None, "country": None}),
        (Step.CHANNELS, {"handoffs": "", "wins": "C0WINS"}, {"handoffs_channel": None, "wins_channel": "C0WINS"}),
        (Step.CURRENCY, {"currency": "eur"}, {"currency": "EUR"}),
        (
            Step.GOALS,
            {**GOALS, "AE": "0"},
            {"daily_goals": {role.value: 0 if role is Role.AE else 10 for role in Role}},
        ),
    ],
)
def test_what_was_filled_in(step: Step, filled: Fields, values: dict[str, Any]) -> None:
    read = form.read(step, filled)
    assert read.problems == {}
    assert read.values.items() >= values.items()


@pytest.mark.parametrize(
    ("step", "filled", "problems"),
    [
        pytest.param(Step.GOALS, {**GOALS, "AE": ""}, {"AE": "goal"}, id="no goal"),
        pytest.param(Step.GOALS, {**GOALS, "AE": "-1"}, {"AE": "goal"}, id="a negative goal"),
        pytest.param(Step.GOALS, {**GOALS, "AE": "12.5"}, {"AE": "goal"}, id="half a call"),
        pytest.param(Step.GOALS, {**GOALS, "AE": str(MOST_CALLS_A_DAY + 1)}, {"AE": "goal"}, id="too many calls"),
        pytest.param(Step.GOALS, {**GOALS, "AE": "9" * 5000}, {"AE": "goal"}, id="a goal without an end"),
        pytest.param(Step.GOALS, {**GOALS, "AE": "x", "SDR": "²"}, {"AE": "goal", "SDR": "goal"}, id="two at once"),
        pytest.param(Step.GOALS, {}, {role.value: "goal" for role in Role}, id="nothing at all"),
        pytest.param(Step.HOURS, {**HOURS, "start": ""}, {"start": "no_time"}, id="no start"),
        pytest.param(Step.HOURS, {**HOURS, "end": "25:00"}, {"end": "no_time"}, id="no such time"),
        pytest.param(Step.HOURS, {**HOURS, "end": "09:00"}, {"end": "empty_day"}, id="an end that is the start"),
        pytest.param(Step.HOURS, {**HOURS, "days": []}, {"days": "no_days"}, id="no days"),
        pytest.param(Step.HOURS, {**HOURS, "days": ["7", "x"]}, {"days": "no_days"}, id="no such days"),
        pytest.param(Step.HOURS, {"hours": "sometimes"}, {"hours": "hours"}, id="hours that say nothing"),
        pytest.param(Step.HOURS, {"hours": ""}, {"hours": "hours"}, id="no hours"),
        pytest.param(Step.HOURS, {**HOURS, "country": "DE-XX"}, {"country": "country"}, id="no such region"),
        pytest.param(Step.HOURS, {**HOURS, "zone": "Narnia"}, {"zone": "zone"}, id="no such zone"),
        pytest.param(
            Step.HOURS,
            {"start": "", "end": "", "days": [], "country": "X", "zone": "X"},
            dict.fromkeys(("start", "end"), "no_time") | {"days": "no_days", "country": "country", "zone": "zone"},
            id="everything wrong at once",
        ),
        pytest.param(Step.FISCAL_YEAR, {"month": ""}, {"month": "month"}, id="no month"),
        pytest.param(Step.FISCAL_YEAR, {"month": "13"}, {"month": "month"}, id="month 13"),
        pytest.param(Step.CURRENCY, {"currency": ""}, {"currency": "currency"}, id="no currency"),
        pytest.param(Step.CURRENCY, {"currency": "DEM"}, {"currency": "currency"}, id="money of the past"),
    ],
)
def test_a_mistake_stands_at_its_field(step: Step, filled: Fields, problems: dict[str, str]) -> None:
    read = form.read(step, filled)
    assert read.values == {}
    assert {field: told.key for field, told in read.problems.items()} == {
        field: f"settings.problem.{code}" for field, code in problems.items()
    }


def test_hours_turn_from_one_form_into_the_other() -> None:
    hours = read_hours("mon-thu 9-18, fri 9-15")
    assert form.other_hours_fields(hours, "en", as_line=False) == {
        "start": "09:00",
        "end": "18:00",
        "days": ["0", "1", "2", "3", "4"],
    }
    assert isinstance(form.read_hours_fields(form.other_hours_fields(hours, "en", as_line=True)), Hours)


def test_a_group_is_one_command_for_each_person() -> None:
    more = {"team": " Outbound ", "manager": "U0MARIA", "territory": "DACH, Nordics;DACH", "segment": "SMB,"}
    aspects = {"team": "Outbound", "manager": "U0MARIA", "territories": ["DACH", "Nordics"], "segments": ["SMB"]}
    commands, problems = form.read_group({**GROUP, **more})
    assert problems == {}
    assert commands == [
        Assign(person, date(2026, 11, 23), ("SDR",), aspects=aspects) for person in ("U0ANA", "U0DEVON")
    ]


def test_what_is_left_empty_stays_as_it_is() -> None:
    assert [command.aspects for command in form.read_group(GROUP).commands] == [{}, {}]
    assert form.read_group({**GROUP, "roles": [], "team": "Outbound"}).commands[0].roles == ()


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        pytest.param({"people": []}, {"people": "nobody"}, id="nobody"),
        pytest.param({"roles": []}, {"roles": "no_role"}, id="nothing to be"),
        pytest.param({"roles": ["BOSS"]}, {"roles": "no_role"}, id="no such role"),
        pytest.param({"start": ""}, {"start": "no_day"}, id="no day"),
        pytest.param({"start": "2026-02-30"}, {"start": "no_day"}, id="no such day"),
        pytest.param({"team": "x" * 81}, {"team": "long"}, id="a name without an end"),
        pytest.param({"territory": f"DACH, {'x' * 81}"}, {"territory": "long"}, id="one of several too long"),
        pytest.param(
            {"people": [], "roles": [], "start": ""},
            {"people": "nobody", "roles": "no_role", "start": "no_day"},
            id="all",
        ),
    ],
)
def test_a_mistake_of_a_group_stands_at_its_field(change: Fields, problems: dict[str, str]) -> None:
    group = form.read_group({**GROUP, **change})
    assert group.commands == []
    assert {field: told.key for field, told in group.problems.items()} == {
        field: f"settings.problem.{code}" for field, code in problems.items()
    }


def test_weights_and_limits_of_some_leave_the_others_alone() -> None:
    rules = {"weights": {"U1": 2, "U2": 3}, "caps": {"U2": 5}, "stuck": "U9"}
    filled = {"people": ["U2", "U3"], "weight": "1", "cap": "0", "most": "20"}
    assert form.read_routing(filled, rules).values == {"routing": {"weights": {"U1": 2}, "cap": 20, "stuck": "U9"}}
    filled = {"people": ["U3"], "weight": "4", "cap": "", "most": ""}
    expected = {"weights": {"U1": 2, "U2": 3, "U3": 4}, "caps": {"U2": 5}, "stuck": "U9"}
    assert form.read_routing(filled, rules).values == {"routing": expected}


@pytest.mark.parametrize(
    ("filled", "field"),
    [
        ({"weight": "2"}, "people"),
        ({"cap": "2"}, "people"),
        ({"people": ["U1"]}, "weight"),
        ({"people": ["U1"], "weight": "0"}, "weight"),
        ({"people": ["U1"], "cap": "many"}, "cap"),
        ({"most": "501"}, "most"),
    ],
)
def test_what_is_wrong_about_weights_and_limits(filled: form.Filled, field: str) -> None:
    assert form.read_routing(filled, {}).problems.keys() == {field}


def test_the_settings_of_hand_offs_and_only_the_questions_of_the_checklist() -> None:
    filled = {"minutes": "90", "days": "2", "checklist": "meddic", "required": ["pain", "budget"], "stuck": "U9"}
    read = form.read_handoffs(filled, {"cap": 5})
    assert read.values == {
        "handoff_minutes": 90,
        "touch_days": 2,
        "checklist": "meddic",
        "questions": {},
        "required_answers": ["pain"],
        "routing": {"cap": 5, "stuck": "U9"},
    }
    wrong = form.read_handoffs({"minutes": "4", "days": "11", "checklist": "none"}, {})
    assert wrong.values == {}
    assert wrong.problems.keys() == {"minutes", "days", "checklist"}
