"""The share won of leads like one: the worked numbers to the letter, when there is none yet, and what always holds."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.leads.odds import LEAST, SEEN_LEAST, Counts, Odds, Tally, TooFew, Why, estimate, share

# 40 won and 60 lost, by source and country.
WORKED = Counts(
    Tally(40, 60),
    {
        "source": {"webinar": Tally(15, 10), "website": Tally(15, 10), "cold": Tally(10, 40)},
        "country": {"DE": Tally(20, 40), "other": Tally(20, 20)},
    },
)

# The same with five more, lost, of a partner and from another country.
WITH_A_PARTNER = Counts(
    Tally(40, 65),
    {
        "source": {**WORKED.by_value["source"], "partner": Tally(0, 5)},
        "country": {"DE": Tally(20, 40), "other": Tally(20, 25)},
    },
)


def percent(odds: Odds | TooFew | None) -> str:
    """The share as it is shown."""
    assert isinstance(odds, Odds)
    return f"{float(odds.share * 100):.2f}"


def features(source: str, country: str = "DE") -> dict[str, str]:
    """A lead from somewhere."""
    return {"source": source, "country": country}


def test_the_worked_example_comes_out_to_the_letter() -> None:
    odds = estimate(WORKED, features("webinar"))
    won = Fraction("0.4") * Fraction("15.1") / Fraction("40.3") * Fraction("20.1") / Fraction("40.2")
    lost = Fraction("0.6") * Fraction("10.1") / Fraction("60.3") * Fraction("40.1") / Fraction("60.2")
    assert odds is not None
    assert (f"{float(won):.6f}", f"{float(lost):.6f}") == ("0.074938", "0.066943")
    assert odds.share == won / (won + lost)
    assert (percent(odds), odds.cases, odds.ignored) == ("52.82", (40, 60), ())
    assert [(each.feature, each.value, each.tally) for each in odds.used] == [
        ("country", "DE", (20, 40)),
        ("source", "webinar", (15, 10)),
    ]


@pytest.mark.parametrize(
    ("counts", "source", "seen_least", "expected"),
    [
        pytest.param(WORKED, "webinar", 1, "52.82", id="webinar"),
        pytest.param(WORKED, "cold", 1, "15.87", id="cold"),
        pytest.param(WORKED, "cold", SEEN_LEAST, "15.87", id="cold was seen often enough"),
        pytest.param(WITH_A_PARTNER, "partner", 1, "1.56", id="five partners would damn them all"),
        pytest.param(WITH_A_PARTNER, "partner", SEEN_LEAST, "33.35", id="but they are too few to count"),
    ],
)
def test_a_value_that_was_seldom_seen_says_nothing(counts: Counts, source: str, seen_least: int, expected: str) -> None:
    assert percent(estimate(counts, features(source), seen_least)) == expected


def test_what_does_not_count_is_named_with_its_reason() -> None:
    lead = {"source": "partner", "country": "", "industry": "software", "size": "11-50"}
    counts = Counts(Tally(40, 65), {**WITH_A_PARTNER.by_value, "industry": {"retail": Tally(40, 65)}})
    odds = estimate(counts, lead, SEEN_LEAST)
    assert odds is not None
    assert (odds.share, odds.used) == (Fraction(40, 105), ())
    assert [(each.feature, each.why, each.tally) for each in odds.ignored] == [
        ("country", Why.NOT_SET, (0, 0)),
        ("industry", Why.NEVER_SEEN, (0, 0)),
        ("size", Why.NEVER_SEEN, (0, 0)),
        ("source", Why.TOO_RARE, (0, 5)),
    ]


@pytest.mark.parametrize(
    ("won", "lost", "is_shown"),
    [(0, 0, False), (50, 0, False), (0, 50, False), (49, 51, False), (500, 49, False), (50, 50, True), (90, 500, True)],
)
def test_it_is_shown_from_fifty_won_and_fifty_lost(won: int, lost: int, is_shown: bool) -> None:
    found = share(Counts(Tally(won, lost)), {})
    expected = Odds(Fraction(won, won + lost), Tally(won, lost)) if is_shown else TooFew(Tally(won, lost), LEAST)
    assert found == expected


def test_what_is_shown_leaves_seldom_values_aside() -> None:
    counts = Counts(Tally(50, 50), {"source": {"partner": Tally(9, 0), "event": Tally(10, 0), "cold": Tally(31, 50)}})
    partner, event = share(counts, {"source": "partner"}), share(counts, {"source": "event"})
    assert isinstance(partner, Odds)
    assert isinstance(event, Odds)
    assert partner.share == Fraction(1, 2) < event.share


@pytest.mark.parametrize("closed", [Tally(0, 0), Tally(7, 0), Tally(0, 7)])
def test_without_any_won_or_any_lost_there_is_no_figure(closed: Tally) -> None:
    assert estimate(Counts(closed, {"source": {"webinar": closed}}), {"source": "webinar"}) is None


def test_a_factor_says_which_way_a_value_pulls() -> None:
    odds = estimate(WORKED, features("webinar"))
    assert odds is not None
    assert {each.feature: each.factor > 1 for each in odds.used} == {"source": True, "country": False}


def test_closed_leads_are_counted_by_each_value_that_is_set() -> None:
    closed: list[tuple[dict[str, str], bool]] = [
        ({"source": "webinar", "country": "DE"}, True),
        ({"source": "webinar", "country": ""}, False),
        ({"source": "cold"}, False),
        ({}, True),
    ]
    assert Counts.of(closed) == Counts(
        Tally(2, 2),
        {"source": {"webinar": Tally(1, 1), "cold": Tally(0, 1)}, "country": {"DE": Tally(1, 0)}},
    )
    assert Counts.of([]) == Counts()


some_features = st.dictionaries(st.sampled_from(["source", "country", "size"]), st.sampled_from(["a", "b", "c", ""]))
some_closed = st.lists(st.tuples(some_features, st.booleans()), max_size=40)


@given(some_closed, some_features, st.integers(0, 5))
def test_a_share_is_never_certain(
    closed: Sequence[tuple[Mapping[str, str], bool]], lead: Mapping[str, str], seen_least: int
) -> None:
    odds = estimate(Counts.of(closed), lead, seen_least)
    assert (odds is None) == (len({is_won for _, is_won in closed}) < 2)
    if odds:
        assert 0 < odds.share < 1
        assert {each.feature for each in odds.used} | {each.feature for each in odds.ignored} == lead.keys()
        assert len(odds.used) + len(odds.ignored) == len(lead)


@given(some_closed, some_features, st.randoms(use_true_random=False))
def test_no_order_changes_anything(
    closed: Sequence[tuple[Mapping[str, str], bool]], lead: Mapping[str, str], chance: object
) -> None:
    leads, pairs = list(closed), list(lead.items())
    chance.shuffle(leads)  # type: ignore[attr-defined]  # a random.Random
    chance.shuffle(pairs)  # type: ignore[attr-defined]
    assert estimate(Counts.of(leads), dict(pairs)) == estimate(Counts.of(closed), lead)


@given(some_closed, some_features)
def test_were_won_and_lost_the_other_way_round_so_would_be_the_share(
    closed: Sequence[tuple[Mapping[str, str], bool]], lead: Mapping[str, str]
) -> None:
    one = estimate(Counts.of(closed), lead)
    other = estimate(Counts.of((values, not is_won) for values, is_won in closed), lead)
    assume(one and other)
    assert one is not None
    assert other is not None
    assert one.share + other.share == 1


@given(st.integers(50, 300), st.integers(50, 300), some_features)
def test_what_is_shown_is_between_nothing_and_everything(won: int, lost: int, lead: Mapping[str, str]) -> None:
    tallies = {"source": {"a": Tally(won, 0), "b": Tally(0, lost)}}
    found = share(Counts(Tally(won, lost), tallies), lead)
    assert isinstance(found, Odds)
    assert 0 < found.share < 1
