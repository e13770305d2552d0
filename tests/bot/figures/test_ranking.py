"""Places: nobody is ranked inside the noise."""

from collections.abc import Sequence
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.ranking import Ranking, counts_tie, rank_counts, rank_rates, rank_sums, rates_tie, sums_tie
from bot.figures.rates import Rate, difference
from bot.money import Money


def eur(*amounts: int) -> list[Money]:
    """Deals of so many euros."""
    return [Money("EUR", amount * 100) for amount in amounts]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (7, 12, True),  # 5 ≤ 1.96·√19 = 8.54
        (40, 70, False),  # 30 > 1.96·√110 = 20.56
        (0, 0, True),
        (0, 3, True),  # 3 ≤ 1.96·√3 = 3.39
        (0, 4, False),  # 4 > 1.96·2 = 3.92
    ],
)
def test_counts_tie_within_the_root_of_their_sum(one: int, other: int, expected: bool) -> None:
    assert counts_tie(one, other) == counts_tie(other, one) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # 95,000 and 60,000: 35,000 ≤ 1.96·√(5·19,000² + 3·20,000²) = 1.96·√(1.805e9 + 1.2e9) = 107,443
        (eur(19_000, 19_000, 19_000, 19_000, 19_000), eur(20_000, 20_000, 20_000), True),
        # 1,000 in a hundred, 400 in forty: 600 > 1.96·√(100·10² + 40·10²) = 231.9
        (eur(*[10] * 100), eur(*[10] * 40), False),
        # the same sums in one deal each: 600 ≤ 1.96·√(1,000² + 400²) = 2,110.9
        (eur(1000), eur(400), True),
        (eur(), eur(), True),
        (eur(5), eur(), True),  # 5 ≤ 1.96·5: one deal is no more than luck
        (eur(1, 1, 1, 1), eur(), False),  # 4 > 1.96·2 = 3.92
    ],
)
def test_sums_tie_within_the_root_of_their_squares(one: list[Money], other: list[Money], expected: bool) -> None:
    assert sums_tie(one, other) == sums_tie(other, one) == expected


def test_the_worked_sums_tie() -> None:
    # 95 in 5 deals vs 60 in 3 (thousand): 35 ≤ 1.96·√(24² + 18² + 9.5² + 31² + 12.5² + 15² + 20² + 25²) = 113.57
    assert sums_tie(eur(24_000, 18_000, 9_500, 31_000, 12_500), eur(15_000, 20_000, 25_000))


def test_rates_tie_where_their_difference_may_be_nothing() -> None:
    assert not rates_tie(Rate(24, 50), Rate(12, 50))  # +24.0 (5.2 to 40.6)
    assert rates_tie(Rate(25, 70), Rate(30, 60))  # −14.3 (−30.2 to 2.7)
    assert rates_tie(Rate(0, 0), Rate(30, 60))


def test_those_who_tie_share_a_place_and_the_next_one_counts_them() -> None:
    # 110 and 100: 10 ≤ 1.96·√210 = 28.4. 100 and 40: 60 > 1.96·√140 = 23.2. 40 and 7: 33 > 1.96·√47 = 13.4.
    ranking = rank_counts([("cem", 40), ("ana", 100), ("dana", 7), ("ben", 110)])
    assert ranking == Ranking((("ana", "ben"), ("cem",), ("dana",)))
    assert ranking.places == {"ana": 1, "ben": 1, "cem": 3, "dana": 4}


def test_a_tie_is_handed_on() -> None:
    # 60 and 45: 15 ≤ 20.1. 45 and 30: 15 ≤ 17.0. 60 and 30: 30 > 18.6. 8 is told apart from 30: 22 > 12.1.
    ranking = rank_counts([("ana", 60), ("ben", 45), ("cem", 30), ("dana", 8)])
    assert ranking.places == {"ana": 1, "ben": 1, "cem": 1, "dana": 4}


def test_a_list_whose_first_and_last_tie_has_no_places() -> None:
    ranking = rank_counts([("ana", 7), ("ben", 12)])
    assert ranking == Ranking((("ana", "ben"),))
    assert not ranking.has_places
    assert ranking.places == {}


def test_a_list_of_nobody_or_of_one_has_no_places() -> None:
    assert rank_counts([]).places == {}
    assert rank_counts([("ana", 7)]).places == {}


def test_rates_of_too_few_cases_have_no_place() -> None:
    ranking = rank_rates([("few", Rate(7, 7)), ("low", Rate(12, 50)), ("none", Rate(0, 0)), ("high", Rate(24, 50))])
    assert ranking == Ranking((("high",), ("low",)), unranked=("few", "none"))
    assert ranking.places == {"high": 1, "low": 2}


def test_sums_are_ranked_by_their_sum() -> None:
    many, few = eur(*[10] * 100), eur(*[10] * 40)
    assert rank_sums([("few", few), ("many", many)]).places == {"many": 1, "few": 2}


def test_one_lucky_deal_takes_the_places_from_all() -> None:
    # 1,000 and 400 in tens: 600 > 231.9. 390 in one deal: 610 ≤ 1.96·√(100·10² + 390²) = 789.1 from the first as well
    many, few, luck = eur(*[10] * 100), eur(*[10] * 40), eur(390)
    assert not sums_tie(many, few)
    assert rank_sums([("few", few), ("luck", luck), ("many", many)]) == Ranking((("few", "luck", "many"),))
    # and 1,000 in one deal from above: 600 ≤ 1.96·√(1,000² + 40·10²) = 1,964; 900 and 400 in tens are told apart
    assert not sums_tie(eur(*[10] * 90), few)
    assert rank_sums([("luck", eur(1000)), ("many", eur(*[10] * 90)), ("few", few)]) == Ranking(
        (("luck", "many", "few"),)
    )


counts = st.lists(st.integers(0, 10**6) | st.integers(0, 60), max_size=12)


@given(counts)
def test_no_two_that_tie_stand_in_different_places(values: Sequence[int]) -> None:
    ranking = rank_counts(enumerate(values))
    placed = ranking.places
    assert sorted(key for group in ranking.groups for key in group) == list(range(len(values)))
    for one, other in combinations(placed, 2):
        if counts_tie(values[one], values[other]):
            assert placed[one] == placed[other]
        elif placed[one] != placed[other]:
            assert (placed[one] < placed[other]) == (values[one] > values[other])
    if values and counts_tie(max(values), min(values)):
        assert placed == {}


deals = st.lists(st.lists(st.integers(1, 1000), max_size=8).map(lambda amounts: eur(*amounts)), max_size=7)


@given(deals)
def test_nor_do_two_whose_deals_do(values: Sequence[list[Money]]) -> None:
    placed = rank_sums(enumerate(values)).places
    for one, other in combinations(placed, 2):
        assert placed[one] == placed[other] or not sums_tie(values[one], values[other])


some_rates = st.lists(st.integers(0, 90).flatmap(lambda n: st.builds(Rate, st.integers(0, n), st.just(n))), max_size=7)


@given(some_rates)
def test_nor_do_two_whose_rates_do(values: Sequence[Rate]) -> None:
    ranking = rank_rates(enumerate(values))
    placed = ranking.places
    assert {*ranking.unranked} == {key for key, rate in enumerate(values) if not rate.is_firm}
    for one, other in combinations(placed, 2):
        assert placed[one] == placed[other] or not rates_tie(values[one], values[other])


def test_rates_tie_exactly_where_their_difference_is_not_sure() -> None:
    for one, other in product([Rate(hits, cases) for cases in (3, 12, 30) for hits in range(cases + 1)], repeat=2):
        found = difference(one, other)
        assert found is not None
        assert rates_tie(one, other) == (not found.is_sure), (one, other)


@given(counts, st.randoms(use_true_random=False))
def test_places_do_not_depend_on_the_order_of_the_list(values: list[int], chance: object) -> None:
    pairs = list(enumerate(values))
    chance.shuffle(pairs)  # type: ignore[attr-defined]  # a random.Random
    assert rank_counts(pairs).places == rank_counts(enumerate(values)).places
