"""What a lead's score is made of: the worked example to the letter, what each rule is worth, and what always holds."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.activity.entry import Kind, Outcome
from bot.errors import Refused
from bot.leads.scoring import Facts, Line, Manual, Part, Score, Touch, score
from bot.leads.scoring_rules import STANDARD, Bounds, Grade, Recent, Rules, Size, Title, check, problems

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
A_WEEK = timedelta(weeks=1)
NOTHING = Facts("unknown", NOW)


def touch(kind: str, outcome: str | None = None, ago: timedelta = A_WEEK) -> Touch:
    """An activity so long ago."""
    return Touch(kind, outcome, NOW - ago)


def codes(result: Score) -> dict[str, Decimal]:
    """The points of each line by its code."""
    return {line.what: line.points for line in result.lines}


# Fit 35, a webinar three weeks ago, a connected call a week ago, and 10 by hand: 35 + 20 × 0.729 + 15 × 0.9 + 10.
WORKED = Facts(
    "webinar",
    NOW - 3 * A_WEEK,
    employees=250,
    title="Head of Sales",
    touches=(touch("call", "connected"),),
    manual=(Manual(10, "asked for a quote", NOW - 2 * A_WEEK, "U1"),),
)


def test_the_worked_example_comes_out_to_the_letter() -> None:
    found = score(STANDARD, WORKED, NOW)
    assert found.lines == (
        Line(Part.FIT, "size", "250", 20, None, Decimal(20)),
        Line(Part.FIT, "title", "Head of Sales", 15, None, Decimal(15)),
        Line(Part.BEHAVIOUR, "source.webinar", "webinar", 20, 3, Decimal("14.580"), NOW - 3 * A_WEEK),
        Line(Part.BEHAVIOUR, "touch.call.connected", "call.connected", 15, 1, Decimal("13.5"), NOW - A_WEEK),
        Line(Part.MANUAL, "manual", "asked for a quote", 10, None, Decimal(10), NOW - 2 * A_WEEK, "U1"),
    )
    assert {part: found.of(part) for part in Part} == {
        Part.FIT: 35,
        Part.BEHAVIOUR: Decimal("28.08"),
        Part.MANUAL: 10,
    }
    assert (found.exact, found.points, found.grade) == (Decimal("73.08"), 73, Grade.B)


def test_of_an_unknown_lead_nothing_is_held_against_it() -> None:
    assert score(STANDARD, NOTHING, NOW) == Score(0, Grade.D, ())


@pytest.mark.parametrize(
    ("employees", "points"),
    [(None, 0), (0, 0), (1, 5), (10, 5), (11, 10), (50, 10), (51, 15), (200, 15), (201, 20), (300_000, 20)],
)
def test_both_ends_of_a_size_are_in_it(employees: int | None, points: int) -> None:
    assert codes(score(STANDARD, replace(NOTHING, employees=employees), NOW)).get("size", 0) == points


@pytest.mark.parametrize(
    ("title", "points"),
    [
        pytest.param(None, 0, id="not known"),
        pytest.param("", 0, id="empty"),
        pytest.param("VP Sales", 20, id="a word"),
        pytest.param("vice-president, EMEA", 20, id="a part of one with a hyphen"),
        pytest.param("Chief Revenue Officer", 20, id="any case"),
        pytest.param("Managing  Director", 20, id="two words before one of them"),
        pytest.param("Director of Operations", 15, id="the one alone"),
        pytest.param("Assistant to the Director", -5, id="helpers come first"),
        pytest.param("Product Owner", 5, id="not every owner owns"),
        pytest.param("Owner", 20, id="this one does"),
        pytest.param("Headhunter", 0, id="whole words"),
        pytest.param("Leadership coach", 0, id="whole words again"),
        pytest.param("Руководитель отдела продаж", 15, id="Russian"),
        pytest.param("Генеральный директор", 20, id="Russian, two words"),
        pytest.param("Стажёр", -5, id="ё is е"),
        pytest.param("Accountant", 0, id="none of them"),
    ],
)
def test_the_first_row_of_titles_that_matches_counts(title: str | None, points: int) -> None:
    assert codes(score(STANDARD, replace(NOTHING, title=title), NOW)).get("title", 0) == points


def test_what_a_workspace_says_of_industries_and_places_counts() -> None:
    rules = Rules(industries={"Software": 10, "Gambling": -20}, countries={"DE": 5}, territories={"EMEA": 3})
    facts = replace(NOTHING, industry="software ", country="de", territory="EMEA")
    assert codes(score(rules, facts, NOW)) == {"industry": 10, "country": 5, "territory": 3}
    assert codes(score(rules, replace(NOTHING, industry="gambling", country="AT"), NOW)) == {"industry": -20}
    assert codes(score(STANDARD, facts, NOW)) == {}


@pytest.mark.parametrize(
    ("logged", "what", "points"),
    [
        pytest.param(touch("demo"), "touch.demo", "22.5", id="a kind"),
        pytest.param(touch("meeting", "connected"), "touch.meeting", "18", id="a kind, whatever its outcome"),
        pytest.param(touch("call", "connected"), "touch.call.connected", "13.5", id="a kind with its outcome"),
        pytest.param(touch("call", "wrong-number"), "touch.call.wrong-number", "-9", id="less than nothing"),
        pytest.param(touch("call", "voicemail"), None, "0", id="an outcome without points"),
        pytest.param(touch("call"), None, "0", id="without an outcome"),
        pytest.param(touch("site-visit"), None, "0", id="a workspace's own kind"),
    ],
)
def test_a_touch_is_worth_its_kind_and_outcome(logged: Touch, what: str | None, points: str) -> None:
    found = codes(score(STANDARD, replace(NOTHING, touches=(logged,)), NOW))
    assert found == ({what: Decimal(points)} if what else {})


@pytest.mark.parametrize(
    ("ago", "weeks", "points"),
    [
        pytest.param(-A_WEEK, 0, "20", id="not yet"),
        pytest.param(timedelta(0), 0, "20", id="now"),
        pytest.param(A_WEEK - timedelta(microseconds=1), 0, "20", id="not a whole week"),
        pytest.param(A_WEEK, 1, "18", id="a week"),
        pytest.param(3 * A_WEEK + timedelta(days=6), 3, "14.58", id="the days over do not count"),
    ],
)
def test_behaviour_fades_by_whole_weeks(ago: timedelta, weeks: int, points: str) -> None:
    (line,) = score(STANDARD, Facts("webinar", NOW - ago), NOW).lines
    assert (line.weeks, line.points) == (weeks, Decimal(points))


def test_without_decay_it_stays_and_with_a_whole_one_it_is_gone_after_a_week() -> None:
    facts = [Facts("webinar", NOW - weeks * A_WEEK) for weeks in range(3)]
    for decay, points in ((1, [20, 20, 20]), (0, [20, 0, 0])):
        rules = replace(STANDARD, decay=Decimal(decay))
        assert [score(rules, each, NOW).points for each in facts] == points


def test_years_later_it_is_still_exact() -> None:
    weeks = 600
    found = score(STANDARD, Facts("webinar", NOW - weeks * A_WEEK), NOW)
    assert Fraction(found.exact) == 20 * Fraction(9, 10) ** weeks
    assert score(STANDARD, Facts("webinar", datetime.min.replace(tzinfo=UTC)), NOW).points == 0


@pytest.mark.parametrize(
    ("touches", "points"),
    [
        pytest.param([touch("email", ago=timedelta(hours=47))], 5, id="the day before yesterday"),
        pytest.param([touch("email", ago=timedelta(hours=48))], 0, id="longer ago"),
        pytest.param([touch("email", ago=timedelta(hours=1)), touch("demo")], 5, id="the last one"),
        pytest.param([touch("call", "voicemail", timedelta(hours=1))], 0, id="nobody answered"),
        pytest.param([touch("call", "wrong-number", timedelta(hours=1))], 0, id="nor is this a touch"),
        pytest.param([], 0, id="never"),
    ],
)
def test_a_lead_that_was_just_touched_is_warm(touches: list[Touch], points: int) -> None:
    assert codes(score(STANDARD, replace(NOTHING, touches=tuple(touches)), NOW)).get("recency", 0) == points


def test_the_shortest_stretch_that_holds_counts_and_fades_too() -> None:
    rules = Rules(touches={"email": 2}, recency=(Recent(14, 4), Recent(2, 9)))
    found = [
        codes(score(rules, replace(NOTHING, touches=(touch("email", ago=timedelta(days=days)),)), NOW))
        for days in (1, 2, 7, 14)
    ]
    assert [each.get("recency", 0) for each in found] == [9, 4, Decimal("3.6"), 0]


@pytest.mark.parametrize(
    ("points", "grade"), [(100, "A"), (80, "A"), (79, "B"), (60, "B"), (59, "C"), (40, "C"), (39, "D"), (0, "D")]
)
def test_a_grade_begins_at_its_bound(points: int, grade: str) -> None:
    assert Bounds().grade(points) == grade


@pytest.mark.parametrize(
    ("by_hand", "points"),
    [
        pytest.param((60, 60), 100, id="no more than the scale"),
        pytest.param((-5,), 0, id="no less than nothing"),
        pytest.param((90, -20), 70, id="taken away"),
        pytest.param((0,), 0, id="nothing given"),
    ],
)
def test_a_score_stays_within_its_scale(by_hand: tuple[int, ...], points: int) -> None:
    manual = tuple(Manual(each, "because", NOW, "U1") for each in by_hand)
    found = score(STANDARD, replace(NOTHING, manual=manual), NOW)
    assert found.points == points
    assert found.exact == sum(by_hand)


@pytest.mark.parametrize(("base", "points"), [(1, 0), (3, 2), (5, 2), (7, 4)])
def test_a_half_goes_to_the_even_point(base: int, points: int) -> None:
    rules = Rules(sources={"webinar": base}, decay=Decimal("0.5"))
    assert score(rules, Facts("webinar", NOW - A_WEEK), NOW).points == points


def test_the_sum_is_rounded_and_not_its_lines() -> None:
    rules = Rules(touches={"email": 3}, decay=Decimal("0.5"))
    touches = (touch("email"), touch("email", ago=timedelta(days=8)))
    assert score(rules, replace(NOTHING, touches=touches), NOW).points == 3


def test_the_standard_knows_every_standard_touch_and_source_and_is_not_nonsense() -> None:
    assert problems(STANDARD) == ()
    kinds, outcomes = set(map(str, Kind)), {f"call.{outcome}" for outcome in Outcome}
    assert kinds <= STANDARD.touches.keys() <= kinds | outcomes
    assert STANDARD.sources.keys() == set(
        "website webinar whitepaper newsletter event referral partner ads social outbound customer import "
        "unknown".split()
    )


def test_what_a_workspace_has_not_edited_is_as_in_the_standard() -> None:
    assert Rules.from_json(None) is STANDARD
    assert Rules.from_json({}) == STANDARD
    assert Rules.from_json({"decay": 0.8, "grades": {"A": 90, "B": 70, "C": 50}}) == replace(
        STANDARD, decay=Decimal("0.8"), grades=Bounds(90, 70, 50)
    )


def size(least: int, most: int | None) -> dict[str, Any]:
    """A size as JSON."""
    return {"from": least, "to": most, "points": 5}


@pytest.mark.parametrize(
    ("value", "what", "field"),
    [
        pytest.param({"decay": "-0.1"}, "decay", "decay", id="a negative decay"),
        pytest.param({"decay": "1.01"}, "decay", "decay", id="growing"),
        pytest.param({"decay": "NaN"}, "decay", "decay", id="not a number"),
        pytest.param({"decay": "Infinity"}, "decay", "decay", id="endless"),
        pytest.param({"decay": "0.98765"}, "decay", "decay", id="too fine"),
        pytest.param({"decay": "a lot"}, "shape", "decay", id="a word for a number"),
        pytest.param({"decay": True}, "shape", "decay", id="yes for a number"),
        pytest.param({"sizes": [size(10, 1)]}, "size", "sizes", id="ends before it begins"),
        pytest.param({"sizes": [size(-1, 5)]}, "size", "sizes", id="fewer than nobody"),
        pytest.param({"sizes": [size(11, 50), size(1, 11)]}, "overlap", "sizes", id="two sizes share a number"),
        pytest.param({"sizes": [size(1, None), size(50, 60)]}, "overlap", "sizes", id="one behind an open one"),
        pytest.param({"sizes": [size(1, None), size(1, None)]}, "overlap", "sizes", id="twice the same"),
        pytest.param({"sizes": ["1-10"]}, "shape", "sizes", id="a size as text"),
        pytest.param({"sizes": {"from": 1}}, "shape", "sizes", id="one size for a list"),
        pytest.param({"sources": {"webinar": 101}}, "points", "sources", id="more than the scale"),
        pytest.param({"touches": {"call": -101}}, "points", "touches", id="less than the scale"),
        pytest.param({"titles": [{"words": ["head"], "points": 999}]}, "points", "titles", id="a title"),
        pytest.param({"sizes": [size(1, 2) | {"points": -999}]}, "points", "sizes", id="a size"),
        pytest.param({"sources": {"webinar": 1.5}}, "shape", "sources", id="half a point"),
        pytest.param({"sources": {"webinar": "20"}}, "shape", "sources", id="points as text"),
        pytest.param({"sources": {"webinar": True}}, "shape", "sources", id="yes for points"),
        pytest.param({"sources": ["webinar"]}, "shape", "sources", id="a list for a table"),
        pytest.param({"industries": {"Software": 1, "software": 2}}, "twice", "industries", id="twice"),
        pytest.param({"industries": {" ": 1}}, "empty", "industries", id="nameless"),
        pytest.param({"titles": [{"words": [], "points": 1}]}, "empty", "titles", id="no words"),
        pytest.param({"titles": [{"words": ["head", "–"], "points": 1}]}, "empty", "titles", id="not a word"),
        pytest.param({"titles": [{"words": "head", "points": 1}]}, "shape", "titles", id="a text for words"),
        pytest.param({"titles": [{"words": [7], "points": 1}]}, "shape", "titles", id="a number for a word"),
        pytest.param({"recency": [{"days": 0, "points": 5}]}, "recency", "recency", id="no time at all"),
        pytest.param({"recency": [{"days": 2, "points": -5}]}, "recency", "recency", id="worse for being warm"),
        pytest.param(
            {"recency": [{"days": 2, "points": 5}, {"days": 9, "points": 6}]}, "recency", "recency", id="better later"
        ),
        pytest.param({"grades": {"A": 60, "B": 60, "C": 40}}, "grades", "grades", id="the same bound"),
        pytest.param({"grades": {"A": 40, "B": 60, "C": 80}}, "grades", "grades", id="upside down"),
        pytest.param({"grades": {"A": 101, "B": 60, "C": 40}}, "grades", "grades", id="never an A"),
        pytest.param({"grades": {"A": 80, "B": 60, "C": 0}}, "grades", "grades", id="never a D"),
        pytest.param({"grades": {"A": 80, "B": 60}}, "shape", "grades", id="a bound is missing"),
        pytest.param({"colours": {}}, "shape", "colours", id="no such part"),
        pytest.param([], "shape", "rules", id="no rules at all"),
    ],
)
def test_nonsense_is_refused_with_its_reason(value: Any, what: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check(value)
    assert (refused.value.key, refused.value.params["field"]) == (f"scoring.problem.{what}", field)


def test_all_that_is_wrong_is_said_at_once() -> None:
    rules = Rules(sizes=(Size(1, 9, 200), Size(9, None, 5)), decay=Decimal(2), grades=Bounds(1, 2, 3))
    assert [problem.key.rpartition(".")[2] for problem in problems(rules)] == ["points", "overlap", "decay", "grades"]


some_points = st.integers(-100, 100)


def a_rule(earned: st.SearchStrategy[int]) -> st.SearchStrategy[Rules]:
    """Rules with such points, of which none is nonsense."""
    table = st.dictionaries(st.sampled_from(["webinar", "DE", "call", "call.connected", "demo", "Софт"]), earned)
    titles = st.builds(Title, st.lists(st.sampled_from(["head", "vp", "директор"]), min_size=1).map(tuple), earned)
    return st.builds(
        Rules,
        sizes=st.sampled_from([(), ((1, 50), (51, None)), ((51, 200), (1, 50))]).flatmap(
            lambda ends: st.tuples(*(st.builds(Size, st.just(least), st.just(most), earned) for least, most in ends))
        ),
        industries=table,
        countries=table,
        territories=table,
        titles=st.lists(titles, max_size=3).map(tuple),
        sources=table,
        touches=table,
        recency=st.sampled_from([(), (Recent(2, 5),), (Recent(9, 1), Recent(3, 4))]),
        decay=st.decimals(0, 1, places=2),
        grades=st.sampled_from([Bounds(), Bounds(90, 50, 10)]),
    )


moments = st.integers(0, 400 * 24).map(lambda hours: NOW - timedelta(hours=hours))
some_touches = st.builds(
    Touch, st.sampled_from(["call", "demo", "note"]), st.none() | st.sampled_from(["connected", "busy"]), moments
)
some_manual = st.builds(Manual, some_points, st.text(max_size=3), moments, st.sampled_from(["U1", "U2"]))
any_rules = a_rule(some_points)
any_facts = st.builds(
    Facts,
    st.sampled_from(["webinar", "unknown"]),
    moments,
    employees=st.none() | st.integers(0, 300),
    industry=st.none() | st.just("софт"),
    country=st.none() | st.just("de"),
    territory=st.none() | st.just("EMEA"),
    title=st.none() | st.sampled_from(["Head of IT", "Коммерческий директор"]),
    touches=st.lists(some_touches, max_size=6).map(tuple),
    manual=st.lists(some_manual, max_size=4).map(tuple),
)


@given(any_rules, any_facts)
def test_the_lines_add_up_to_the_score(rules: Rules, facts: Facts) -> None:
    found = score(rules, facts, NOW)
    exact = sum((Fraction(line.points) for line in found.lines), Fraction(0))
    assert Fraction(found.exact) == exact == sum(Fraction(found.of(part)) for part in Part)
    assert found.points == max(0, min(100, round(exact)))
    assert found.grade is rules.grades.grade(found.points)


@given(any_rules, any_facts)
def test_each_line_is_its_base_after_so_many_weeks_and_only_behaviour_fades(rules: Rules, facts: Facts) -> None:
    for line in score(rules, facts, NOW).lines:
        assert line.base != 0
        assert (line.weeks is None) == (line.part is not Part.BEHAVIOUR)
        assert Fraction(line.points) == line.base * Fraction(rules.decay) ** (line.weeks or 0)


@given(any_rules, any_facts, st.integers(1, 100))
def test_points_given_by_hand_never_lower_a_score(rules: Rules, facts: Facts, points: int) -> None:
    more = replace(facts, manual=(*facts.manual, Manual(points, "why", NOW, "U1")))
    before, after = score(rules, facts, NOW), score(rules, more, NOW)
    assert after.points >= before.points
    assert Fraction(after.exact) == Fraction(before.exact) + points


@given(a_rule(st.integers(0, 100)), any_facts, st.timedeltas(timedelta(0), 9 * A_WEEK))
def test_what_earned_something_only_fades(rules: Rules, facts: Facts, later: timedelta) -> None:
    assert score(rules, facts, NOW + later).exact <= score(rules, facts, NOW).exact


@given(any_rules, any_facts, st.randoms(use_true_random=False))
def test_the_order_in_which_it_was_logged_changes_nothing(rules: Rules, facts: Facts, chance: object) -> None:
    touches, manual = list(facts.touches), list(facts.manual)
    chance.shuffle(touches)  # type: ignore[attr-defined]  # a random.Random
    chance.shuffle(manual)  # type: ignore[attr-defined]
    assert score(rules, replace(facts, touches=tuple(touches), manual=tuple(manual)), NOW) == score(rules, facts, NOW)


@given(any_rules)
def test_rules_come_back_from_json_as_they_went(rules: Rules) -> None:
    assert problems(rules) == ()
    assert check(rules.to_json()) == rules


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-200, 200) | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["from", "to", "points", "words", "days", "A", "B", "C"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(STANDARD.to_json())), json_values, max_size=3) | json_values)
def test_whatever_comes_is_refused_or_is_rules_that_score(value: Any) -> None:
    with suppress(Refused):
        assert 0 <= score(check(value), WORKED, NOW).points <= 100


@pytest.mark.parametrize(
    ("country", "points"),
    [("DE", 10), ("de", 10), ("Germany", 10), ("Германия", 10), ("DE-BE", 3), ("DE-BY", 10), ("FR", 0), ("Oz", 1)],
)
def test_a_country_counts_however_it_is_named_and_a_region_before_it(country: str, points: int) -> None:
    rules = replace(STANDARD, countries={"DE": 10, "DE-BE": 3, "Oz": 1})
    assert codes(score(rules, replace(NOTHING, country=country), NOW)).get("country", 0) == points
