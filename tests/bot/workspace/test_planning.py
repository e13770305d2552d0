"""The ramp curve and the growth of proposed targets: what is taken, what is not, and what it changes."""

from typing import Any

import pytest

from bot.errors import Refused
from bot.store.engine import Store
from bot.workspace import form, service
from bot.workspace.rules import QUOTA_GROWTH, RAMP_CURVE, Setting, settings_of
from tests.bot.deals.desk import HERE, MORNING, Team


@pytest.mark.parametrize(
    ("ramp", "growth", "values"),
    [
        ("25 50 75 100", "10", ([25, 50, 75, 100], 10)),
        ("33 %, 66 %, 100 %", "0 %", ([33, 66, 100], 0)),
        ("50/100", "−5", ([50, 100], -5)),
        ("100", "200", ([100], 200)),
    ],
)
def test_what_is_taken(ramp: str, growth: str, values: tuple[list[int], int]) -> None:
    reading = form.read_planning({"ramp": ramp, "growth": growth})
    assert not reading.problems
    assert (reading.values[Setting.RAMP_CURVE], reading.values[Setting.QUOTA_GROWTH]) == values


@pytest.mark.parametrize(
    ("ramp", "growth", "fields"),
    [
        ("", "10", {"ramp"}),
        ("25 50 75 0", "10", {"ramp"}),
        ("25 101", "10", {"ramp"}),
        ("25 -5 100", "10", {"ramp"}),
        ("half all", "much", {"ramp", "growth"}),
        (" ".join(["1"] * 25), "10", {"ramp"}),
        ("100", "201", {"growth"}),
        ("100", "1.5", {"growth"}),
        ("100", "", {"growth"}),
    ],
)
def test_what_is_not(ramp: str, growth: str, fields: set[str]) -> None:
    reading = form.read_planning({"ramp": ramp, "growth": growth})
    assert set(reading.problems) == fields
    assert not reading.values


def test_the_usual_holds_until_somebody_says_otherwise(store: Store) -> None:
    team = Team(store)
    usual = service.settings(store, HERE)
    assert (usual.ramp_curve, usual.quota_growth) == (RAMP_CURVE, QUOTA_GROWTH)
    saved = service.change(store, team.sam, {Setting.RAMP_CURVE: [50, 100], Setting.QUOTA_GROWTH: 0}, MORNING)
    assert {each.what for each in saved.changes} == {Setting.RAMP_CURVE, Setting.QUOTA_GROWTH}  # audited
    found = service.settings(store, HERE)
    assert (found.ramp_curve, found.quota_growth) == ((50, 100), 0)


@pytest.mark.parametrize(
    "values", [{Setting.RAMP_CURVE: []}, {Setting.RAMP_CURVE: [True]}, {Setting.QUOTA_GROWTH: None}]
)
def test_nonsense_is_refused_by_the_service_too(store: Store, values: dict[str, Any]) -> None:
    team = Team(store)
    with pytest.raises(Refused):
        service.change(store, team.sam, values, MORNING)


def test_a_rep_changes_none_of_it(store: Store) -> None:
    team = Team(store)
    with pytest.raises(Refused):
        service.change(store, team.dana, {Setting.QUOTA_GROWTH: 50}, MORNING)
    assert settings_of({}).quota_growth == QUOTA_GROWTH
