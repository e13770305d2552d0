"""The scorecard and its noise: the trade's own examples, and what holds of any leaderboard."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.ranking import counts_tie, estimates_tie, sums_tie
from bot.money import Money
from bot.recognition.rules import (
    USUAL_WEIGHTS,
    Done,
    Recognition,
    Scored,
    counted,
    in_places,
    passed,
    rated,
    scored,
    summed,
)

SHARES = {"calls": counted(520, Fraction(400)), "accepted": rated(18, 20)}


def test_the_trade_s_scorecard() -> None:
    done = {**SHARES, "revenue": summed([61_000], Fraction(120_000)), "deals": counted(4, Fraction(6))}
    found = scored(USUAL_WEIGHTS, done)
    assert found.card.score is not None
    assert [round(float(each.points or 0), 2) for each in found.card.items] == [25.42, 13.33, 15.0, 13.5]
    assert float(found.card.score) == 67.25


def test_a_figure_without_a_target_leaves_the_others() -> None:
    done = {**SHARES, "revenue": summed([61_000], Fraction(120_000)), "deals": counted(4, None)}
    found = scored(USUAL_WEIGHTS, done)
    assert found.card.counted == 80
    assert round(float(found.card.score or 0), 2) == 67.4
    assert round(float(sum(each.points for each in found.card.items if each.points)), 2) == 53.92


def test_less_than_sixty_percent_of_the_weight_is_no_score() -> None:
    nothing = {"revenue": summed([], None), "deals": counted(4, Fraction(6))}
    assert scored(USUAL_WEIGHTS, {**SHARES, **nothing}) == Scored(
        scored(USUAL_WEIGHTS, {**SHARES, **nothing}).card, None
    )


def one_figure(name: str, done: Done) -> Scored:
    return scored({name: 100}, {name: done})


@pytest.mark.parametrize(("one", "other", "tie"), [(7, 12, True), (40, 70, False), (0, 3, True), (0, 4, False)])
def test_of_one_count_the_rule_of_counts_holds(one: int, other: int, tie: bool) -> None:
    target = Fraction(100)
    first, second = (one_figure("calls", counted(each, target)).estimate for each in (one, other))
    assert first is not None
    assert second is not None
    assert estimates_tie(first, second) is tie is counts_tie(one, other)


def test_of_one_sum_the_rule_of_sums_holds() -> None:
    several = [19_000] * 5, [20_000] * 3
    first, second = (one_figure("revenue", summed(each, Fraction(200_000))).estimate for each in several)
    assert first is not None
    assert second is not None
    assert estimates_tie(first, second)
    assert sums_tie(*[[Money("EUR", each) for each in amounts] for amounts in several])


def test_revenue_and_deals_of_the_same_wins_are_noisier_than_two_things_apart() -> None:
    weights = {"revenue": 50, "deals": 50}
    both = {"revenue": summed([10, 10], Fraction(40)), "deals": counted(2, Fraction(4))}
    found = scored(weights, both).estimate
    assert found is not None
    # Each win brings 12.5 points by its money and 12.5 by itself: 25 a win, so 2 · 25².
    assert found.variance == 2 * 25**2


def a_person(name: str, calls: int) -> tuple[str, str, Scored]:
    return f"U{name}", name, one_figure("calls", counted(calls, Fraction(1000)))


def test_ties_share_a_place_and_stand_by_name() -> None:
    found = in_places([a_person("Zoe", 400), a_person("Ben", 410), a_person("Cem", 100), a_person("Ana", 900)])
    assert [(each.name, each.place) for each in found] == [("Ana", 1), ("Ben", 2), ("Zoe", 2), ("Cem", 4)]


def test_a_list_whose_first_and_last_tie_is_one_of_names() -> None:
    found = in_places([a_person("Zoe", 12), a_person("Ben", 7), a_person("Ana", 9)])
    assert [(each.name, each.place) for each in found] == [("Ana", None), ("Ben", None), ("Zoe", None)]


def test_whoever_is_left_out_is_not_there_and_leaves_no_gap() -> None:
    people = [a_person("Ana", 900), a_person("Ben", 400), a_person("Cem", 100)]
    assert [(each.name, each.place) for each in in_places(people, {"UAna"})] == [("Ben", 1), ("Cem", 2)]
    assert [(each.name, each.place) for each in in_places(people, {"UAna", "UBen"})] == [("Cem", None)]


people_lists = st.lists(st.integers(0, 600), min_size=1, max_size=9).map(
    lambda calls: [a_person(f"P{at}", each) for at, each in enumerate(calls)]
)


@given(people_lists, st.randoms(use_true_random=False))
def test_the_order_of_reading_changes_no_place(people: list[tuple[str, str, Scored]], random: object) -> None:
    shuffled = [*people]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_places(shuffled) == in_places(people)


@given(people_lists, st.data())
def test_leaving_changes_nobody_s_place_beside_another(
    people: list[tuple[str, str, Scored]], data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.sampled_from([person for person, _, _ in people])))
    before = {each.person_id: each.place or 0 for each in in_places(people)}
    after = list(in_places(people, gone))
    assert {each.person_id for each in after} == before.keys() - gone
    for one in after:
        for other in after:
            if one.place is not None:
                assert (one.place < (other.place or 0)) == (before[one.person_id] < before[other.person_id])
            else:
                assert before[one.person_id] == before[other.person_id]


@given(people_lists)
def test_better_is_never_placed_behind_worse_and_ties_never_apart(people: list[tuple[str, str, Scored]]) -> None:
    shown = {each.person_id: each.place or 1 for each in in_places(people)}
    estimates = {person: each.estimate for person, _, each in people if each.estimate}
    for one, first in estimates.items():
        for other, second in estimates.items():
            if first.value > second.value:
                assert shown[one] <= shown[other]
            if estimates_tie(first, second):
                assert shown[one] == shown[other]


@pytest.mark.parametrize(
    ("before", "now", "found"), [(0, 1, (1,)), (9, 10, (10,)), (10, 11, ()), (8, 26, (10, 25)), (10, 9, ())]
)
def test_milestones_among_wins(before: int, now: int, found: tuple[int, ...]) -> None:
    assert passed(before, now) == found


def test_what_nobody_decided_is_as_usual() -> None:
    assert Recognition.of({}) == Recognition()
    assert Recognition.of({"weights": {"revenue": 0, "calls": 5}}).weights == {"calls": 5}
    assert Recognition.of(Recognition("C0X", {"calls": 5}, False).to_json()) == Recognition("C0X", {"calls": 5}, False)
