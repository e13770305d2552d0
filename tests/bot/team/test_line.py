"""How people type `/team`: what each line is understood as, in English and Russian, and what is asked back."""

import re
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access.roles import Role
from bot.reading.text import escaped
from bot.team.draft import ASKS, CHANGES, AskedBack, Draft, Reading, Understood
from bot.team.line import LONGEST_LINE, read
from bot.team.vocabulary import Group, Verb
from bot.team.writing import write
from bot.working_time.hours import Hours

TODAY = date(2026, 11, 18)
"""A Wednesday."""

ME = "U0ME"
ANA, MARIA = "<@U0ANA|ana>", "<@U0MARIA|maria>"


def understand(line: str, language: str = "en") -> Reading:
    """The reading of a line in which `@ana` and `@maria` are mentions."""
    typed = line.replace("@ana", ANA).replace("@maria", MARIA)
    return read(typed, today=TODAY, me=ME, language=language)


def hours(*days: int, start: int = 9, end: int = 17) -> dict[str, list[str]]:
    """Hours as they are stored."""
    return Hours.of(dict.fromkeys(days, (time(start), time(end)))).to_json()


WORKWEEK = (0, 1, 2, 3, 4)
DECEMBER = date(2026, 12, 1)
PLACED = {"manager": "U0MARIA", "territories": ["EMEA"]}

CHANGED: list[tuple[str, dict[str, Any]]] = [
    ("assign @ana SDR", {"roles": ("SDR",)}),
    (
        "assign @ana SDR to @maria territory EMEA from 1 dec",
        {"roles": ("SDR",), "aspects": PLACED, "start": DECEMBER},
    ),
    (
        "ASSIGN TERRITORY EMEA FROM 1 DEC TO @maria @ana SDR",
        {"roles": ("SDR",), "aspects": PLACED, "start": DECEMBER},
    ),
    (
        "назначить @ana SDR к @maria территория EMEA с 1 декабря",
        {"roles": ("SDR",), "aspects": PLACED, "start": DECEMBER},
    ),
    ("assign @ana SDR+MRR", {"roles": ("SDR", "MRR")}),
    ("assign @ana SDR, AE", {"roles": ("SDR", "AE")}),
    ("assign @ana sdr and ae", {"roles": ("SDR", "AE")}),
    ("assign @ana, SDR/AE", {"roles": ("SDR", "AE")}),
    ("add @ana as an account executive", {"roles": ("AE",)}),
    ("set @ana sales development rep", {"roles": ("SDR",)}),
    ("назначь @ana менеджером по продажам", {"roles": ("AE",)}),
    ("назначить @ana специалист по входящим лидам", {"roles": ("MRR",)}),
    ("назначь @ana РОП команда Север", {"roles": ("MANAGER",), "aspects": {"team": "Север"}}),
    ("назначь @ana менеджер руководитель @maria", {"roles": ("MANAGER",), "aspects": {"manager": "U0MARIA"}}),
    ("assign @ana manager under @maria", {"roles": ("MANAGER",), "aspects": {"manager": "U0MARIA"}}),
    ("assign @ana manager: @maria", {"aspects": {"manager": "U0MARIA"}}),
    ("assign @ana reports to @maria", {"aspects": {"manager": "U0MARIA"}}),
    ("assign @ana SDR to me", {"roles": ("SDR",), "aspects": {"manager": ME}}),
    ("assign @ana no manager", {"aspects": {"manager": None}}),
    ("назначить @ana без руководителя", {"aspects": {"manager": None}}),
    ("assign @ana team none", {"aspects": {"team": None}}),
    ("assign @ana team North America SDR", {"roles": ("SDR",), "aspects": {"team": "North America"}}),
    ("assign @ana team “North, East” AE", {"roles": ("AE",), "aspects": {"team": "North, East"}}),
    ("assign @ana team Sales Ops", {"aspects": {"team": "Sales Ops"}}),
    ("assign @ana territory EMEA, DACH", {"aspects": {"territories": ["EMEA", "DACH"]}}),
    ("assign @ana territory EMEA,DACH and CIS", {"aspects": {"territories": ["EMEA", "DACH", "CIS"]}}),
    (
        "назначить @ana территория Центр и Юг сегмент «малый бизнес»",
        {"aspects": {"territories": ["Центр", "Юг"], "segments": ["малый бизнес"]}},
    ),
    ("assign @ana segment SMB from mon", {"aspects": {"segments": ["SMB"]}, "start": date(2026, 11, 23)}),
    ("assign @ana AE from 1 nov", {"roles": ("AE",), "start": date(2026, 11, 1)}),
    ("assign @ana AE from 2 january", {"roles": ("AE",), "start": date(2027, 1, 2)}),
    ("assign @ana AE since 2026-03-01", {"roles": ("AE",), "start": date(2026, 3, 1)}),
    ("assign @ana AE tomorrow", {"roles": ("AE",), "start": date(2026, 11, 19)}),
    ("assign @ana AE now", {"roles": ("AE",), "start": TODAY}),
    (
        "assign @ana AE from 1 dec until 30 jun",
        {"roles": ("AE",), "start": DECEMBER, "last": date(2027, 6, 30)},
    ),
    (
        "assign @ana AE from 1 dec until 1 nov",  # a slip, which is refused, and no assignment of eleven months
        {"roles": ("AE",), "start": DECEMBER, "last": date(2026, 11, 1)},
    ),
    ("назначить @ana AE с 1 декабря по 31 января", {"roles": ("AE",), "start": DECEMBER, "last": date(2027, 1, 31)}),
    ("assign @ana AE 1 dec – 31 jan", {"roles": ("AE",), "start": DECEMBER, "last": date(2027, 1, 31)}),
    ("assign @ana AE from 1 nov to today", {"roles": ("AE",), "start": date(2026, 11, 1), "last": TODAY}),
    ("assign @ana hours 9–17 mon–fri AE", {"roles": ("AE",), "aspects": {"hours": hours(*WORKWEEK)}}),
    (
        "assign @ana hours from 9 to 17 from 1 dec",
        {"aspects": {"hours": hours(*WORKWEEK)}, "start": DECEMBER},
    ),
    ("assign @ana hours standard", {"aspects": {"hours": None}}),
    ("assign @ana country de-be AE", {"roles": ("AE",), "aspects": {"country": "DE-BE"}}),
    ("assign @ana country Germany, Berlin", {"aspects": {"country": "DE-BE"}}),
    ("assign me SDR", {"person_id": ME, "roles": ("SDR",)}),
    ("@ana assign AE from tomorrow", {"roles": ("AE",), "start": date(2026, 11, 19)}),
]


@pytest.mark.parametrize(("line", "said"), [pytest.param(*case, id=case[0]) for case in CHANGED])
def test_a_change_in_any_order_and_both_languages(line: str, said: dict[str, Any]) -> None:
    reading = understand(line)
    assert isinstance(reading, Understood), reading
    draft = Draft(**{"person_id": "U0ANA", **said}, called=reading.draft.called)
    assert (reading.verb, reading.draft) == (Verb.ASSIGN, draft)


@pytest.mark.parametrize(
    ("line", "verb", "said"),
    [
        pytest.param(line, verb, said, id=line)
        for line, verb, said in (
            ("end @ana SDR", Verb.END, {"roles": ("SDR",)}),
            ("end @ana SDR fri", Verb.END, {"roles": ("SDR",), "last": date(2026, 11, 20)}),
            ("end @ana SDR on 30 nov", Verb.END, {"roles": ("SDR",), "last": date(2026, 11, 30)}),
            ("снять @ana SDR 30 ноября", Verb.END, {"roles": ("SDR",), "last": date(2026, 11, 30)}),
            ("remove SDR @ana until 2 nov", Verb.END, {"roles": ("SDR",), "last": date(2026, 11, 2)}),
            ("correct @ana SDR from 1 nov", Verb.CORRECT, {"roles": ("SDR",), "start": date(2026, 11, 1)}),
            ("correct @ana SDR from mon", Verb.CORRECT, {"roles": ("SDR",), "start": date(2026, 11, 16)}),
            (
                "исправить @ana SDR с 1 ноября до 30 ноября",
                Verb.CORRECT,
                {"roles": ("SDR",), "start": date(2026, 11, 1), "last": date(2026, 11, 30)},
            ),
            ("hours 9-17 mon-fri", Verb.HOURS, {"person_id": ME, "aspects": {"hours": hours(*WORKWEEK)}}),
            (
                "часы пн-чт 10-19",
                Verb.HOURS,
                {"person_id": ME, "aspects": {"hours": hours(0, 1, 2, 3, start=10, end=19)}},
            ),
            ("hours @ana 9-17", Verb.HOURS, {"aspects": {"hours": hours(*WORKWEEK)}}),
            ("@ana hours 9-17", Verb.HOURS, {"aspects": {"hours": hours(*WORKWEEK)}}),
            ("hours", Verb.HOURS, {"person_id": ME}),
            ("country DE-BE", Verb.COUNTRY, {"person_id": ME, "aspects": {"country": "DE-BE"}}),
            ("страна Россия", Verb.COUNTRY, {"person_id": ME, "aspects": {"country": "RU"}}),
            ("country UK", Verb.COUNTRY, {"person_id": ME, "aspects": {"country": "GB"}}),
            ("assign", Verb.ASSIGN, {"person_id": None}),
            ("assign @ana", Verb.ASSIGN, {}),
            ("end", Verb.END, {"person_id": None}),
        )
    ],
)
def test_ends_corrections_hours_and_countries(line: str, verb: Verb, said: dict[str, Any]) -> None:
    reading = understand(line)
    assert isinstance(reading, Understood), reading
    draft = Draft(**{"person_id": "U0ANA", **said}, called=reading.draft.called)
    assert (reading.verb, reading.draft) == (verb, draft)


MARCH = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("line", "reading"),
    [
        pytest.param(line, reading, id=line or "nothing")
        for line, reading in (
            ("", Understood(Verb.ROSTER)),
            ("   ", Understood(Verb.ROSTER)),
            ("list", Understood(Verb.ROSTER)),
            ("состав", Understood(Verb.ROSTER)),
            ("by role", Understood(Verb.ROSTER, group=Group.ROLE)),
            ("по территориям", Understood(Verb.ROSTER, group=Group.TERRITORY)),
            ("on 3 march", Understood(Verb.ROSTER, day=MARCH)),
            ("2026-03-03", Understood(Verb.ROSTER, day=MARCH)),
            ("3 марта", Understood(Verb.ROSTER, day=MARCH)),
            ("на 3 марта", Understood(Verb.ROSTER, day=MARCH)),
            ("As of March 3rd", Understood(Verb.ROSTER, day=MARCH)),
            ("by role on 3 march", Understood(Verb.ROSTER, day=MARCH, group=Group.ROLE)),
            ("yesterday", Understood(Verb.ROSTER, day=date(2026, 11, 17))),
            ("mon", Understood(Verb.ROSTER, day=date(2026, 11, 16))),
            ("2026-12-24", Understood(Verb.ROSTER, day=date(2026, 12, 24))),
            ("role AE", Understood(Verb.ROLE, Draft(roles=(Role.AE,)))),
            ("роль РОП", Understood(Verb.ROLE, Draft(roles=(Role.MANAGER,)))),
            ("role «менеджер по продажам»", Understood(Verb.ROLE, Draft(roles=(Role.AE,)))),
            ("sdr", Understood(Verb.ROLE, Draft(roles=(Role.SDR,)))),
            ("roles", Understood(Verb.ROLES)),
            ("role", Understood(Verb.ROLES)),
            ("роли", Understood(Verb.ROLES)),
            ("help", Understood(Verb.HELP)),
            ("?", Understood(Verb.HELP)),
            ("away until fri", Understood(Verb.AWAY)),
            ("back", Understood(Verb.BACK)),
            ("вернулась", Understood(Verb.BACK)),
            ("capacity", Understood(Verb.CAPACITY)),
            ("мощность команда Север 2027-Q1", Understood(Verb.CAPACITY)),
            ("feedback", Understood(Verb.FEEDBACK)),
            ("routing", Understood(Verb.ROUTING)),
            ("распределение", Understood(Verb.ROUTING)),
            ('stuck Acme "needs approval"', Understood(Verb.STUCK)),
            ("застряла Ромашка - нужна скидка", Understood(Verb.STUCK)),
            ("oneonone @ana", Understood(Verb.ONE_ON_ONE)),
            ("один на один @ana", Understood(Verb.ONE_ON_ONE)),
            ('@ana kudos "thanks"', Understood(Verb.KUDOS)),
            ("ревью @ana 2026-H2", Understood(Verb.REVIEW)),
            ("обучение", Understood(Verb.TRAINING)),
            ("away @ana until fri", Understood(Verb.AWAY)),
        )
    ],
)
def test_looking(line: str, reading: Understood) -> None:
    assert understand(line) == reading


@pytest.mark.parametrize("line", ["@ana", "show @ana", "card @ana", "@ana on 3 march", "@ana 3 марта"])
def test_a_person(line: str) -> None:
    found = understand(line)
    assert isinstance(found, Understood)
    assert (found.verb, found.draft.person_id) == (Verb.CARD, "U0ANA")
    assert found.day == (MARCH if "3" in line else None)


@pytest.mark.parametrize("line", ["me", "я"])
def test_myself(line: str) -> None:
    assert understand(line) == Understood(Verb.CARD, Draft(ME))


@pytest.mark.parametrize(
    ("line", "code", "example"),
    [
        pytest.param(*case, id=case[0])
        for case in (
            ("assign SDR", "person_missing", "assign @ana SDR"),
            ("assign @ana SRD", "role_close", "assign @ana SDR"),
            ("assign @ana Wizard", "words_unknown", "assign @ana SDR"),
            ("assign @ana SDR from 30 feb", "day_impossible", "assign @ana SDR"),
            ("assign @ana SDR from 03/04", "day_ambiguous", "assign @ana SDR"),
            ("assign @ana SDR from 1 dec from 2 dec", "two_days", "assign @ana SDR from 2026-12-01"),
            ("assign @ana SDR territory", "value_missing", "assign @ana SDR"),
            ("assign @ana team North team South", "value_twice", "assign @ana team South"),
            ("assign @ana hours nine to five", "hours_unread", "assign @ana SDR"),
            ("assign @ana country Atlantis", "country_unread", "assign @ana SDR"),
            ("country DE-XX", "country_part", "country DE"),
            ("assign @ana @maria SDR", "two_people", "assign @ana SDR"),
            ("assign @bob SDR", "handle", "assign @ana SDR"),
            ("@bob", "handle", "@ana"),
            ("@ana SDR", "verb_missing", "assign @ana SDR"),
            ("assgin @ana SDR", "verb_unknown", "assign @ana SDR"),
            ("roel AE", "verb_unknown", "role AE"),
            ("blah blah", "verb_unknown", "assign @ana SDR"),
            ("role Wizard", "role_unknown", "role AE"),
            ("role acount executive", "role_close", "role AE"),
            ("end @ana", "role_missing", "end @ana SDR"),
            ("end @ana SDR AE", "roles_many", "end @ana SDR"),
            ("correct @ana SDR", "day_missing", "correct @ana SDR from 2026-11-01"),
            ("correct @ana SDR 3 nov", "day_unmarked", "correct @ana SDR from 2026-11-01"),
            ("on 30 feb", "day_impossible", "on 2026-11-01"),
            ("on 03/04", "day_ambiguous", "on 2026-11-01"),
            ("list of cats", "words_unknown", "on 2026-11-01"),
            (f"assign @ana team {'x' * 81}", "value_long", "assign @ana SDR"),
            ("a" * (LONGEST_LINE + 1), "line_long", "assign @ana SDR"),
        )
    ],
)
def test_what_is_asked_back(line: str, code: str, example: str) -> None:
    reading = understand(line)
    assert isinstance(reading, AskedBack), reading
    assert (reading.problem.code, reading.example) == (code, example)
    again = understand(reading.example)
    assert isinstance(again, Understood), f"the example {reading.example!r} is not understood itself"


def test_what_was_understood_is_kept_in_a_question() -> None:
    reading = understand("назначить @ana SDR к @maria территория EMEA с 30 февраля", "ru")
    assert isinstance(reading, AskedBack)
    assert (reading.draft.person_id, reading.draft.roles, reading.draft.aspects) == ("U0ANA", ("SDR",), PLACED)
    assert reading.example == "назначить @ana SDR к @maria территория EMEA"


PIECES = (
    "assign end correct hours country role roles away team territory segment from until to by on назначить снять с до "
    "SDR sdr+mrr AE, менеджер 1 dec 03/04 30 feb fri 9-17 mon-fri DE-BE EMEA, “North @bob - — none me ? + , 2026-12-01"
).split()
lines = st.lists(st.one_of(st.sampled_from([*PIECES, ANA, MARIA, "\x00", "\u202e"]), st.text(max_size=12)), max_size=14)


@given(lines.map(" ".join), st.sampled_from(["en", "ru"]))
def test_every_string_has_a_reading(line: str, language: str) -> None:
    reading = read(line, today=TODAY, me=ME, language=language)
    if isinstance(reading, AskedBack):
        assert reading.problem.code in ASKS
    elif reading.verb in CHANGES:
        assert reading.draft.person_id or not reading.draft.says_something


names = st.text(st.characters(categories=("L", "N", "Zs", "Po", "Pd")), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
values = names.filter(lambda name: any(map(str.isalnum, name)) and not set(name) & set("\"'“”„«»‟＂"))
drafts = st.builds(
    Draft,
    person_id=st.just("U0ANA"),
    roles=st.lists(st.sampled_from(sorted(Role)), min_size=1, max_size=3, unique=True).map(tuple),
    start=st.none() | st.dates(date(2024, 1, 1), date(2029, 12, 31)),
    aspects=st.fixed_dictionaries(
        {},
        optional={
            "team": values,
            "territories": st.lists(values, min_size=1, max_size=3, unique_by=str.casefold),
            "segments": st.lists(values, min_size=1, max_size=2, unique_by=str.casefold),
            "manager": st.sampled_from(["U0MARIA", None]),
            "country": st.sampled_from(["DE", "DE-BE", "RU"]),
            "hours": st.just(hours(*WORKWEEK)),
        },
    ),
)


@given(drafts, st.sampled_from(["en", "ru"]))
def test_a_written_line_reads_as_what_it_was_made_of(draft: Draft, language: str) -> None:
    line = re.sub("&lt;(@U0[A-Z]+)&gt;", r"<\1>", escaped(write(Verb.ASSIGN, draft, language)))
    reading = read(line, today=TODAY, me=ME, language=language)
    assert isinstance(reading, Understood), (line, reading)
    again = reading.draft
    assert (again.person_id, again.roles, again.start) == (draft.person_id, draft.roles, draft.start), line
    assert dict(again.aspects) == dict(draft.aspects), line
