"""Rules of the score as lines: how people type them, what is asked back, and that what is shown is read back alike."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.activity.entry import Kind, Outcome
from bot.leads import scoring_form, scoring_lines
from bot.leads.scoring_form import FIELDS, TABLES, Form, Scoring
from bot.leads.scoring_lines import named, percent, read, read_decay, written
from bot.leads.scoring_rules import STANDARD, Bounds, Recent, Rules, Size, Title, problems
from bot.leads.vocabulary import Source
from bot.words import LANGUAGES
from bot.workspace.places import territory_of

STANDS = Scoring(STANDARD, 5)


@pytest.mark.parametrize(
    ("part", "line", "value"),
    [
        ("sources", "webinar 20", {"webinar": 20}),
        ("sources", "  Webinar :  20 ", {"webinar": 20}),
        ("sources", "webinar=20", {"webinar": 20}),
        ("sources", "webinar\t20", {"webinar": 20}),
        ("sources", "webinar, 20 points", {"webinar": 20}),
        ("sources", "webinar → +20", {"webinar": 20}),
        ("sources", "webinar −5", {"webinar": -5}),
        ("sources", "white paper 10\nвыставка 0", {"whitepaper": 10, "event": 0}),
        ("sources", "исходящий поиск 3 балла", {"outbound": 3}),
        ("touches", "call connected 10", {"call.connected": 10}),
        ("touches", "Call, connected: 10", {"call.connected": 10}),
        ("touches", "звонок дозвонился 10", {"call.connected": 10}),
        ("touches", "phone call no answer -1", {"call.no-answer": -1}),
        ("touches", "demo 25\n\n  \nmeeting 20", {"demo": 25, "meeting": 20}),
        ("sizes", "1-10 5", (Size(1, 10, 5),)),
        ("sizes", "51–200 15\n201+ 20", (Size(51, 200, 15), Size(201, None, 20))),
        ("sizes", "51 to 200 employees 15", (Size(51, 200, 15),)),
        ("sizes", "от 51 до 200 15", (Size(51, 200, 15),)),
        ("sizes", "1 000+ 15", (Size(1000, None, 15),)),
        ("sizes", "1,000-5,000: 15", (Size(1000, 5000, 15),)),
        ("sizes", "0-1 100", (Size(0, 1, 100),)),
        ("sizes", "up to 10 5", (Size(0, 10, 5),)),
        ("sizes", "от 500 20", (Size(500, None, 20),)),
        ("titles", "head, director 15", (Title(("head", "director"), 15),)),
        ("titles", "managing director, ceo, 20", (Title(("managing director", "ceo"), 20),)),
        ("industries", "Financial services 10", {"Financial services": 10}),
        ("industries", '"Web 2.0" 10', {"Web 2.0": 10}),
        ("industries", "«Розница»: 5", {"Розница": 5}),
        ("industries", "C++ 5", {"C++": 5}),
        ("industries", "Retail:+: 5", {"Retail": 5}),
        ("industries", "1-10 5", {"1-10": 5}),
        ("territories", "EMEA -5", {"EMEA": -5}),
        ("countries", "Germany 10\nde-be 3\nuk 2", {"DE": 10, "DE-BE": 3, "GB": 2}),
        ("recency", "2 days 5\n1 week 3", (Recent(2, 5), Recent(7, 3))),
        ("recency", "within 2d 5\nменьше 10 дней 1", (Recent(2, 5), Recent(10, 1))),
        ("recency", "2 5", (Recent(2, 5),)),
    ],
)
def test_what_people_type(part: str, line: str, value: Any) -> None:
    assert read(part, line, "en") == (value, ())


@pytest.mark.parametrize(
    ("part", "line", "code", "example"),
    [
        ("sources", "webinar", "points_missing", "webinar 10"),
        ("sources", "20 webinar", "points_missing", "webinar 20"),
        ("sources", "webinar20", "points_missing", "webinar 10"),
        ("sources", "20", "name_missing", "webinar 20"),
        ("sources", "webinar 7.5", "points_whole", "webinar 7"),
        ("sources", "webinar 7,5", "points_whole", "webinar 7"),
        ("sources", "webinar - 20", "points_sign", "webinar 20"),
        ("sources", "webinar 120", "points_range", "webinar 100"),
        ("sources", "webinar -1" + "0" * 60, "points_range", "webinar 100"),
        ("sources", "webnar 20", "source", "webinar 20"),
        ("sources", "carrier pigeon 20", "source", "webinar 20"),
        ("sources", "webinar 20\nwebcast 10", "twice", "webinar 20"),
        ("touches", "call konektd 4", "touch", "call connected 4"),
        ("touches", "dance 4", "touch", "call connected 4"),
        ("sizes", "201 20", "size", "201+ 20"),
        ("sizes", "200-51 20", "size", "51-200 20"),
        ("sizes", "many 20", "size", "51-200 20"),
        ("sizes", "51-200", "points_missing", "51-200 10"),
        ("sizes", "1-50 5\n40-200 10", "overlap", "51-200 10"),
        ("sizes", "51-200 5\n10-60 10", "overlap", "10-50 10"),
        ("sizes", "201+ 5\n300+ 10", "overlap", "201+ 10"),
        ("titles", "head, director", "points_missing", "head, director 10"),
        ("titles", "!! 5", "name_missing", "head, director 5"),
        ("countries", "Germny 5", "country", "Germany 5"),
        ("industries", "SaaS 5\nsaas 7", "twice", "SaaS 5"),
        ("industries", "x" * 81 + " 5", "name_long", "x" * 80 + " 5"),
        ("recency", "2 days", "points_missing", "2 days 5"),
        ("recency", "0 days 5", "days", "2 days 5"),
        ("recency", "99999999999 days 5", "days", "2 days 5"),
        ("recency", "2 days -5", "recency_negative", "2 days 5"),
        ("recency", "2 days 5\n7 days 8", "recency_order", "7 days 4"),
        ("recency", "7 days 3\n2 days 3", "recency_order", "2 days 4"),
        ("recency", "7 days 3\n1 week 2", "twice", "7 days 3"),
    ],
)
def test_what_is_asked_back_quotes_the_line_and_shows_one_that_would_do(
    part: str, line: str, code: str, example: str
) -> None:
    [problem] = read(part, line, "en").problems
    last = line.splitlines()[-1]
    assert problem.key == f"scoring.line.{code}"
    assert problem.params["example"] == example
    assert str(problem.params["line"]).removesuffix("…") in last


@pytest.mark.parametrize("part", sorted(TABLES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_of_several_wrong_lines_each_is_told(part: str, language: str) -> None:
    assert len(read(part, "12\n\n34 %", language).problems) == 2


def test_examples_are_in_the_language_of_whoever_typed() -> None:
    assert read("sources", "12", "ru").problems[0].params["example"] == "вебинар 12"
    assert read("touches", "танец 4", "ru").problems[0].params["example"] == "звонок дозвонился 4"
    assert read("recency", "0 дней 5", "ru").problems[0].params["example"] == "2 дня 5"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("90", "0.9"),
        ("90 %", "0.9"),
        ("90%", "0.9"),
        ("0.9", "0.9"),
        ("0,9", "0.9"),
        ("91,25 %", "0.9125"),
        ("100", "1"),
        ("0", "0"),
        ("1 %", "0.01"),
        ("1", None),
        ("101", None),
        ("91.2577 %", None),
        ("", None),
        ("-5", None),
        ("90 days", None),
    ],
)
def test_a_decay(text: str, part: str | None) -> None:
    assert read_decay(text) == (None if part is None else Decimal(part))


POINTS = st.integers(-100, 100)
TYPED = st.text(st.characters(codec="utf-8"), max_size=60)
NAMES = st.text("SaaS Розница&/.-+2() :,", min_size=1, max_size=20)


def table(names: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(names, POINTS, max_size=6)


@st.composite
def sizes(draw: st.DrawFn) -> tuple[Size, ...]:
    ends = sorted(draw(st.sets(st.integers(0, 10_000), max_size=8)))
    is_open: bool = draw(st.booleans())
    found = [Size(least, most, draw(POINTS)) for least, most in zip(ends[::2], ends[1::2], strict=False)]
    if found and is_open:
        found[-1] = Size(found[-1].least, None, found[-1].points)
    return tuple(draw(st.permutations(found)))


@st.composite
def recency(draw: st.DrawFn) -> tuple[Recent, ...]:
    ago = sorted(draw(st.sets(st.integers(1, 365), max_size=4)))
    points = sorted(draw(st.sets(st.integers(0, 100), min_size=len(ago), max_size=len(ago))), reverse=True)
    return tuple(draw(st.permutations([Recent(n, of) for n, of in zip(ago, points, strict=True)])))


@st.composite
def whole_rules(draw: st.DrawFn) -> Rules:
    """Rules that could have been typed: names are what reading leaves of them."""
    codes = [kind + rest for kind in Kind for rest in ("", *(f".{outcome}" for outcome in Outcome))]
    countries = st.sampled_from(["DE", "RU", "US", "DE-BE", "CD", "CI", "HK", "SY", "GB"])
    bounds = sorted(draw(st.sets(st.integers(1, 100), min_size=3, max_size=3)))
    return Rules(
        sizes=draw(sizes()),
        industries=read("industries", "\n".join(f"{name} 1" for name in draw(st.lists(NAMES))), "en").value,
        countries=draw(table(countries)),
        territories=draw(table(st.sampled_from(["EMEA", "Apac North", "Юг", "NA-1", "Web 2.0"]))),
        titles=read("titles", "\n".join(f"{name} 7" for name in draw(st.lists(NAMES))), "en").value,
        sources=draw(table(st.sampled_from([source.value for source in Source]))),
        touches=draw(table(st.sampled_from(codes))),
        recency=draw(recency()),
        decay=Decimal(draw(st.integers(0, 10_000))).scaleb(-4).normalize() + Decimal(0),
        grades=Bounds(bounds[2], bounds[1], bounds[0]),
    )


@given(rules=whole_rules(), speed=st.integers(1, 1440), language=st.sampled_from(LANGUAGES))
def test_what_is_shown_is_read_back_as_it_is(rules: Rules, speed: int, language: str) -> None:
    assert problems(rules) == ()
    shown, found = Scoring(rules, speed), STANDS
    for form in Form:
        found, wrong = scoring_form.read(form, scoring_form.standing(form, shown, language), found, language)
        assert wrong == {}
    assert found == shown
    assert found.rules.to_json() == rules.to_json()


@given(part=st.sampled_from(sorted(TABLES)), text=TYPED, points=POINTS, language=st.sampled_from(LANGUAGES))
def test_every_text_has_a_reading_that_a_workspace_can_have_and_that_is_shown_alike(
    part: str, text: str, points: int, language: str
) -> None:
    for typed in (text, f"{text} {points}", f"{text}: {points}\n{text[::-1]} {points}"):
        found = read(part, typed, language)
        for problem in found.problems:
            assert problem.params["line"]
            assert problem.params["example"]
        rules = replace(STANDARD, **{part: found.value})
        if not found.problems:
            assert problems(rules) == ()
        again = read(part, written(part, rules, language), language)
        assert again == (found.value, ())


@given(part=st.sampled_from(["sources", "countries", "touches", "sizes", "recency"]), points=POINTS)
def test_an_example_would_do(part: str, points: int) -> None:
    bad = {"sources": "pigeon", "countries": "Nowhere", "touches": "dance", "sizes": "lots", "recency": "never"}
    for language in LANGUAGES:
        for line in (bad[part], f"{bad[part]} {points}"):
            example = str(read(part, line, language).problems[0].params["example"])
            if not example.startswith(bad[part]):
                assert read(part, example, language).problems == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_with_a_name_is_read_by_it(language: str) -> None:
    everything = Rules(
        sources={source.value: 1 for source in Source},
        touches={f"{kind}.{outcome}": 1 for kind in Kind for outcome in Outcome},
        countries=dict.fromkeys(("DE", "RU", "CD", "CG", "CI", "HK", "GE", "BA", "SY", "XK", "AX", "CQ"), 1),
    )
    for part in ("sources", "touches", "countries"):
        assert read(part, written(part, everything, language), language) == (getattr(everything, part), ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_the_world_fits_into_a_field(language: str) -> None:
    codes = sorted({code for each in range(26 * 26) if (code := territory_of(_code(each))) and len(code) == 2})
    rules = replace(STANDARD, countries=dict.fromkeys(codes, 100))
    shown = written("countries", rules, language)
    assert len(codes) > 200
    assert len(shown) <= scoring_lines.LONGEST
    assert read("countries", shown, language).value == rules.countries


def _code(n: int) -> str:
    return chr(65 + n // 26) + chr(65 + n % 26)


def test_a_table_longer_than_a_field_is_not_taken() -> None:
    text = "\n".join(f"Industry number {n} 1" for n in range(200))
    assert [each.key for each in read("industries", text, "en").problems] == ["scoring.line.table_long"]


def test_the_form_of_grades_and_speed() -> None:
    filled = {"a": "85", "b": "65", "c": "45", "speed": "10"}
    found = scoring_form.read(Form.GRADES, filled, STANDS, "en")
    assert (found.scoring.rules.grades, found.scoring.speed_minutes) == (Bounds(85, 65, 45), 10)
    wrong = scoring_form.read(Form.GRADES, {"a": "60", "b": "60", "c": "0", "speed": "1500"}, STANDS, "en")
    assert {field: each[0].key for field, each in wrong.problems.items()} == {
        "b": "scoring.line.grades",
        "c": "scoring.line.bound",
        "speed": "scoring.line.speed",
    }
    assert wrong.scoring == STANDS


def test_a_form_changes_its_own_fields_only() -> None:
    found = scoring_form.read(Form.FIT, {"sizes": "1-10 7"}, STANDS, "en").scoring.rules
    assert found == replace(STANDARD, sizes=(Size(1, 10, 7),), titles=())


def test_with_something_wrong_nothing_is_taken() -> None:
    filled = {**scoring_form.standing(Form.BEHAVIOUR, STANDS, "en"), "sources": "webinar 50\nnews", "decay": "a lot"}
    found = scoring_form.read(Form.BEHAVIOUR, filled, STANDS, "en")
    assert found.problems.keys() == {"sources", "decay"}
    assert found.problems["decay"][0].params == {"line": "a lot", "example": "90 %"}
    assert found.scoring == STANDS


@pytest.mark.parametrize("form", list(Form))
def test_every_field_opens_with_what_stands(form: Form) -> None:
    assert tuple(scoring_form.standing(form, STANDS, "en")) == FIELDS[form]


def test_rows_by_their_names() -> None:
    assert named("touches", replace(STANDARD, touches={"call.no-answer": -1}), "ru") == [("звонок недозвон", -1)]
    assert percent(Decimal("0.9125"), "ru") == "91,25 %"
