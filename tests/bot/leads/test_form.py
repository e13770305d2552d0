"""The form of a lead: what was filled in, or everything that is wrong with it."""

import pytest

from bot.leads import form
from bot.leads.changes import NewLead


def test_what_was_filled_in() -> None:
    filled = {
        "company": " Acme  GmbH ",
        "person": "Jane Roe",
        "email": "Jane@Acme.example",
        "phone": "+49 30 555 0100",
        "source": "webinar",
        "employees": "1,200",
        "country": "germany",
        "said": "wants\na demo",
    }
    assert form.read(filled) == NewLead(
        "Acme GmbH",
        person="Jane Roe",
        email="jane@acme.example",
        phone="+49 30 555 0100",
        source="webinar",
        employees=1200,
        country="DE",
        said="wants\na demo",
    )


def test_a_company_is_enough() -> None:
    assert form.read({"company": "3M"}) == NewLead("3M")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("company", "—"),
        ("company", "x" * 121),
        ("person", "x" * 121),
        ("title", "x" * 121),
        ("email", "jane"),
        ("phone", "call me"),
        ("employees", "many"),
        ("employees", "0"),
        ("employees", "99999999999"),
        ("country", "Atlantis"),
    ],
)
def test_what_is_wrong(field: str, text: str) -> None:
    found = form.read({"company": "Acme", field: text})
    assert not isinstance(found, NewLead)
    assert set(found) == {field}
