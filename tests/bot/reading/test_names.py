"""Names: one key for every way to type them, the longest wins, close ones are found."""

import pytest

from bot.reading.names import (
    Known,
    KnownName,
    candidate_names,
    close_names,
    find_names,
    name_key,
    phone_key,
    without_employers,
)
from bot.reading.text import read_line

ACME = KnownName("account:1", "Acme")
ACME_CORP = KnownName("account:2", "Acme Corp (EMEA)")
MONDAY = KnownName("account:3", "Monday")
DAISY = KnownName("account:4", 'ООО "Ромашка"', keys=("Ромашка",))
JANE = KnownName("contact:1", "Jane Roe", keys=("jane@acme.example", "+1 555 0100"), account="account:1")
KNOWN = Known((ACME, ACME_CORP, MONDAY, DAISY, JANE))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("  Acme   Corp ", "acme corp"),
        ("ACME\u00a0CORP", "acme corp"),
        ("Acme Corp (EMEA)", "acme corp emea"),
        ("Acme, Inc.", "acme inc"),
        ('ООО "Ромашка"', "ооо ромашка"),
        ("«Ёлка»", "елка"),
        ("Johnson & Johnson", "johnson & johnson"),
        ("Yahoo!", "yahoo"),
        ("!!!", "!!!"),
        ("3M", "3m"),
        ("jane@Acme.example", "jane@acme.example"),
    ],
)
def test_a_name_has_one_key(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+1 555 0100", "15550100"),
        ("(030) 901-820", "030901820"),
        ("8.800.555.35.35", "88005553535"),
        ("5550100", "5550100"),
        ("555 010", None),
        ("1" * 16, None),
        ("+1 555 0100 x2", None),
        ("", None),
    ],
)
def test_a_phone_number_is_its_digits(text: str, digits: str | None) -> None:
    assert phone_key(text) == digits


@pytest.mark.parametrize(
    ("typed", "refs"),
    [
        ("acme 15m", ["account:1"]),
        ("ACME CORP (EMEA) 15m", ["account:2"]),
        ("Acme Corp EMEA", ["account:2"]),
        ("“Acme Corp (EMEA)”", ["account:2"]),
        ("Acme Corp", ["account:1"]),
        ("ООО «Ромашка» 20 мин", ["account:4"]),
        ("с Ромашка", ["account:4"]),
        ("jane@acme.example", ["contact:1"]),
        ("+1 555 0100 15m", ["contact:1"]),
        ("+1-555-0100", ["contact:1"]),
        ("Acme Monday", ["account:1", "account:3"]),
        ("nobody here", []),
        ("<@U1|acme>", []),
        ("", []),
    ],
)
def test_the_longest_known_name_is_found(typed: str, refs: list[str]) -> None:
    found = find_names(read_line(typed).tokens, KNOWN)

    assert [name.ref for place in found for name in place.names] == refs


def test_namesakes_are_found_together() -> None:
    twins = (KnownName("contact:1", "Jane Roe"), KnownName("contact:2", "jane roe"))

    [place] = find_names(read_line("Jane Roe").tokens, Known(twins))

    assert place.names == twins


def test_a_person_stands_for_their_company_too() -> None:
    assert without_employers([(ACME,), (JANE,)]) == ((JANE,),)
    assert without_employers([(MONDAY,), (JANE,)]) == ((MONDAY,), (JANE,))
    assert without_employers([(ACME,), (ACME,)]) == ((ACME,),)


@pytest.mark.parametrize(
    ("typed", "refs"),
    [
        ("Acmee", ["account:1"]),
        ("Akme", ["account:1"]),
        ("Jane", ["contact:1"]),
        ("Jain Roe", ["contact:1"]),
        ("Ромашке", ["account:4"]),
        ("Acme Corporation EMEA", ["account:2"]),
        ("Globex", []),
        ("A", []),
    ],
)
def test_close_spellings_are_found(typed: str, refs: list[str]) -> None:
    known = Known((), (ACME, ACME_CORP, MONDAY, KnownName("account:4", "Ромашка"), JANE))

    assert [name.ref for name in close_names(typed, known)] == refs


def test_names_that_are_only_similar_do_not_stand_in_a_line() -> None:
    assert find_names(read_line("call Acme").tokens, Known((), (ACME,))) == []


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("call Acme 15m", {"acme", "acme 15m"}),
        ("call “Acme Corp (EMEA)” vm", {"acme corp emea"}),
        ("call <mailto:jane@acme.example|jane@acme.example> 10m", {"jane@acme.example"}),
        ("call +1 555 0100 voicemail", {"15550100"}),
        ("звонок ООО «Ёлка»", {"ооо елка", "елка"}),
    ],
)
def test_the_candidates_of_a_line_hold_every_name_in_it(line: str, keys: set[str]) -> None:
    assert keys <= candidate_names(line)


def test_the_note_holds_no_candidates() -> None:
    assert not any("globex" in key for key in candidate_names("call Acme - about Globex"))


def test_there_are_at_most_two_hundred_candidates() -> None:
    assert 100 < len(candidate_names("call " + " ".join(map(str, range(10_000, 12_000))))) <= 200
