"""Whom a stretch of a line names, and how a name is typed so that it is read back."""

import pytest

from bot.reading.names import Known, KnownName
from bot.reading.subject import Subject, as_typed, leading_subject, subject_in
from bot.reading.text import read_line

KNOWN = Known(
    (
        KnownName("account:1", "Acme"),
        KnownName("account:2", "Acme Corp (EMEA)"),
        KnownName("account:3", "Globex"),
        KnownName("contact:1", "Jane Roe", keys=("jane@acme.example",), account="account:1"),
        KnownName("contact:2", "Jan Poe"),
        KnownName("contact:3", "Jan Poe"),
    )
)


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("acme", Subject("Acme", "account:1")),
        ("ACME CORP EMEA", Subject("Acme Corp (EMEA)", "account:2")),
        ("“Acme”", Subject("Acme", "account:1")),
        ("the lead Acme please", Subject("Acme", "account:1")),
        ("Acme 👍", Subject("Acme", "account:1")),
        ("Jane Roe of Acme", Subject("Jane Roe", "contact:1")),
        ("<mailto:jane@acme.example|jane@acme.example>", Subject("Jane Roe", "contact:1")),
        ("Jan Poe", Subject("Jan Poe")),
        ("Acme Robotics", Subject("Acme Robotics")),
        ("Acme Globex", Subject("Acme Globex")),
        ("  Newco   Ltd, ", Subject("Newco Ltd")),
        ('"Acme, 15 jan"', Subject("Acme, 15 jan")),
        ("", None),
        ('""', None),
        ("👍", None),
        ("!!!", None),
    ],
)
def test_a_stretch_names_one_or_what_was_typed(line: str, subject: Subject | None) -> None:
    read = read_line(line)
    assert subject_in(read, 0, len(read.tokens), KNOWN) == subject


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("Acme needs a price", "Acme", "needs a price"),
        ("Acme Corp EMEA needs it", "Acme Corp (EMEA)", "needs it"),
        ("Jane Roe of Acme needs it", "Jane Roe", "needs it"),
        ("Acme Globex", "Acme", "Globex"),
        ('Acme "Jane Roe"', "Acme", "Jane Roe"),
        ("Newco Ltd “needs it”", "Newco Ltd", "needs it"),
        ("«Newco» needs it", "Newco", "needs it"),
        ("ООО «Ёлка» ждёт", "ООО «Ёлка»", "ждёт"),
        ("Newco needs it", "Newco needs it", ""),
    ],
)
def test_a_line_begins_with_a_name_and_goes_on(line: str, name: str, rest: str) -> None:
    read = read_line(line)
    found = leading_subject(read, 0, len(read.tokens), KNOWN)
    assert found is not None
    assert (found[0].name, read.said(found[1], len(read.tokens))) == (name, rest)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Acme", "Acme"),
        ("Big Blue", "Big Blue"),
        ("Into Ltd", '"Into Ltd"'),
        ("Acme Corp (EMEA)", '"Acme Corp (EMEA)"'),
        ('ООО "Ёлка"', '"ООО ""Ёлка"""'),
        ("3M", '"3M"'),
    ],
)
def test_a_name_is_typed_so_that_it_is_read_back(name: str, typed: str) -> None:
    assert as_typed(name, frozenset({"into"})) == typed
