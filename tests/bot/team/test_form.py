"""The form says only what its reader touched, and what is wrong stands under its own field."""

from datetime import date
from typing import Any

import pytest

from bot.people.rules import Member, Standing
from bot.team.draft import Draft
from bot.team.form import FIELD_OF, initial, read_days_form, read_form
from bot.working_time.hours import STANDARD

TODAY = date(2026, 11, 18)
ANA = Member(
    "U0ANA", "Ana", None, "UTC", "en", standing=Standing("North", "U0MARIA", ("EMEA", "DACH"), (), STANDARD, "DE-BE")
)
SHOWN = initial(ANA, Draft(), "en")
DATES = {"start": "2026-12-01", "last": ""}


def test_it_opens_with_what_stands() -> None:
    assert SHOWN == {
        "manager": "U0MARIA",
        "team": "North",
        "territories": "EMEA, DACH",
        "segments": "",
        "hours": "Mon–Fri 09:00–17:30",
        "country": "DE-BE",
    }


def test_what_a_line_said_stands_over_it() -> None:
    draft = Draft("U0ANA", aspects={"team": "South", "manager": None, "territories": ["CIS", "RU"]})
    assert initial(ANA, draft, "en") == SHOWN | {"team": "South", "manager": "", "territories": "CIS, RU"}
    assert initial(None, draft, "en") == {"team": "South", "manager": "", "territories": "CIS, RU"}


def test_fields_that_are_left_alone_are_not_part_of_the_change() -> None:
    draft, problems = read_form("U0ANA", {**SHOWN, **DATES, "roles": ["AE"]}, SHOWN, frozenset(), TODAY)
    assert problems == {}
    assert draft == Draft("U0ANA", ("AE",), date(2026, 12, 1))


def test_fields_that_a_line_filled_in_are() -> None:
    draft, _ = read_form("U0ANA", {**SHOWN, **DATES}, SHOWN, frozenset({"team"}), TODAY)
    assert draft.aspects == {"team": "North"}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        pytest.param("team", " South ", "South", id="another team"),
        pytest.param("team", "", None, id="no team"),
        pytest.param("manager", "U0LENA", "U0LENA", id="another manager"),
        pytest.param("territories", "CIS; cis , RU", ["CIS", "cis", "RU"], id="several"),
        pytest.param("segments", "SMB", ["SMB"], id="one"),
        pytest.param("hours", "", None, id="the hours of the workspace"),
        pytest.param("country", "Россия", "RU", id="a country by its name"),
    ],
)
def test_a_field_that_was_touched(field: str, text: str, value: Any) -> None:
    draft, problems = read_form("U0ANA", {**SHOWN, **DATES, field: text}, SHOWN, frozenset(), TODAY)
    assert problems == {}
    assert draft.aspects == {field: value}


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        pytest.param("hours", "nine to five", "hours_unread", id="hours"),
        pytest.param("country", "Atlantis", "country_unread", id="a country"),
        pytest.param("country", "DE-XX", "country_part", id="a region"),
        pytest.param("team", "x" * 81, "value_long", id="a long name"),
        pytest.param("territories", ",".join(f"T{n}" for n in range(13)), "value_long", id="too many"),
    ],
)
def test_what_cannot_be_read(field: str, text: str, code: str) -> None:
    _, problems = read_form("U0ANA", {**SHOWN, **DATES, field: text}, SHOWN, frozenset(), TODAY)
    assert {name: problem.code for name, problem in problems.items()} == {field: code}


def test_an_empty_first_day_is_today_and_the_form_may_ask_whom() -> None:
    draft, _ = read_form("", {"person": "U0BEN", "roles": ["AE"], "start": ""}, {}, frozenset(), TODAY)
    assert draft == Draft("U0BEN", ("AE",), TODAY)


def test_the_days_of_a_role() -> None:
    filled = {"person": "U0BEN", "roles": "AE", "last": "2026-11-30"}
    assert read_days_form("", filled) == Draft("U0BEN", ("AE",), None, date(2026, 11, 30))
    assert read_days_form("U0ANA", {"roles": "AE"}).person_id == "U0ANA"


def test_every_field_that_a_refusal_names_is_one_of_the_form() -> None:
    assert set(FIELD_OF.values()) <= {"manager", "roles", "start", "last"}
