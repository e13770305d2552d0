"""Who gets the next lead: the worked table to the letter, the order of the looks, and what holds whatever happens."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.rules import (
    STEPS_BACK,
    Candidate,
    Choice,
    Lead,
    Presence,
    Verdict,
    given_back,
    phantom_after,
    phantom_on_return,
    route,
)

AN_HOUR = timedelta(hours=1)

# lead, then open, phantom, load and credit before the pick of ana (weight 2), ben and cem (weight 1), and who got it.
# cem is away for the first and back before the second; nothing is closed meanwhile.
WORKED = [
    ("L01", (8, 0, "4", "2/3"), (4, 0, "4", "1/3"), None, "ana", Verdict.LESS_CREDIT),
    ("L02", (9, 0, "9/2", "1/6"), (4, 0, "4", "7/12"), (0, 4, "4", "1/4"), "ben", Verdict.LESS_CREDIT),
    ("L03", (9, 0, "9/2", "2/3"), (5, 0, "5", "-1/6"), (0, 4, "4", "1/2"), "cem", Verdict.MORE_LOAD),
    ("L04", (9, 0, "9/2", "1"), (5, 0, "5", "1/12"), (1, 4, "5", "-1/4"), "ana", Verdict.MORE_LOAD),
    ("L05", (10, 0, "5", "1/2"), (5, 0, "5", "1/3"), (1, 4, "5", "0"), "ana", Verdict.LESS_CREDIT),
    ("L06", (11, 0, "11/2", "0"), (5, 0, "5", "7/12"), (1, 4, "5", "1/4"), "ben", Verdict.LESS_CREDIT),
    ("L07", (11, 0, "11/2", "1/2"), (6, 0, "6", "-1/6"), (1, 4, "5", "1/2"), "cem", Verdict.MORE_LOAD),
    ("L08", (11, 0, "11/2", "1"), (6, 0, "6", "1/12"), (2, 4, "6", "-1/4"), "ana", Verdict.MORE_LOAD),
]


def team() -> dict[str, Candidate]:
    """The three of the worked table, before its first lead."""
    return {
        "ana": Candidate("ana", open=8, weight=2),
        "ben": Candidate("ben", open=4),
        "cem": Candidate("cem", presence=Presence.AWAY),
    }


def after(candidates: dict[str, Candidate], choice: Choice) -> dict[str, Candidate]:
    """The candidates once the lead is on offer to the winner."""
    return {
        row.candidate: replace(
            candidates[row.candidate],
            credit=row.left,
            open=row.open + (row.candidate == choice.winner),
        )
        for row in choice.rows
    }


def test_the_worked_table_comes_out_to_the_letter() -> None:
    candidates = team()
    for lead, *expected, winner, decided_by in WORKED:
        if lead == "L02":
            loads = [candidates[each].load for each in ("ana", "ben")]
            back = replace(candidates["cem"], presence=Presence.IN, phantom=phantom_on_return(1, 0, loads))
            candidates = {**candidates, "cem": back}
        choice = route(Lead(str(lead)), list(candidates.values()))
        rows = {row.candidate: (row.open, row.phantom, row.load, row.credit) for row in choice.rows}
        for name, said in zip(("ana", "ben", "cem"), expected, strict=True):
            if said:
                is_open, phantom, load, credit = said
                assert rows[name] == (is_open, Fraction(phantom), Fraction(load), Fraction(credit)), (lead, name)
        assert (choice.winner, choice.decided_by) == (winner, decided_by), lead
        candidates = after(candidates, choice)


def test_without_a_phantom_load_the_returner_would_be_flooded() -> None:
    candidates, got = team(), []
    for lead, *_ in WORKED:
        if lead == "L02":
            candidates["cem"] = replace(candidates["cem"], presence=Presence.IN)
        choice = route(Lead(str(lead)), list(candidates.values()))
        got.append(choice.winner)
        candidates = after(candidates, choice)
    assert [n for n, name in enumerate(got, 1) if name == "cem"] == [2, 3, 4, 5, 7]


def test_from_an_empty_start_eight_leads_fall_by_weight() -> None:
    candidates = {"ana": Candidate("ana", weight=2), "ben": Candidate("ben"), "cem": Candidate("cem")}
    assert Counter(_winners(candidates, 8)) == {"ana": 4, "ben": 2, "cem": 2}


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        pytest.param({"open": 1}, {"open": 2}, Verdict.MORE_LOAD, id="fewer open"),
        pytest.param({"open": 3, "weight": 2}, {"open": 2}, Verdict.MORE_LOAD, id="fewer for their weight"),
        pytest.param({}, {"phantom": Fraction(1)}, Verdict.MORE_LOAD, id="a phantom load counts"),
        pytest.param({"credit": Fraction(1, 2)}, {}, Verdict.LESS_CREDIT, id="more credit"),
        pytest.param({"waited": AN_HOUR}, {}, Verdict.WAITED_LESS, id="waited longer"),
        pytest.param({"open": 9}, {"presence": Presence.AWAY}, Verdict.AWAY, id="the other is away"),
        pytest.param({"open": 9}, {"presence": Presence.OFF_HOURS}, Verdict.OFF_HOURS, id="the other is at home"),
        pytest.param({"open": 9}, {"open": 2, "cap": 2}, Verdict.FULL, id="the other is full"),
        pytest.param({"open": 9}, {"is_active": False}, Verdict.NOT_ACTIVE, id="the other is gone"),
        pytest.param({"open": 9}, {"has_passed": True}, Verdict.PASSED, id="the other has declined it"),
        pytest.param({"open": 9}, {"territories": frozenset({"AMER"})}, Verdict.OTHER_TERRITORY, id="elsewhere"),
        pytest.param({"open": 9}, {"segments": frozenset({"ENT"})}, Verdict.OTHER_SEGMENT, id="another segment"),
    ],
)
def test_each_look_decides_in_its_turn(one: dict[str, object], other: dict[str, object], verdict: Verdict) -> None:
    candidates = [Candidate("ben", **other), Candidate("ana", **one)]  # type: ignore[arg-type]
    choice = route(Lead("L1", "EMEA", "SMB"), candidates)
    assert choice.winner == "ana"
    assert {row.candidate: row.verdict for row in choice.rows} == {"ana": Verdict.CHOSEN, "ben": verdict}


def test_a_tie_falls_by_the_lot_of_the_lead() -> None:
    candidates = [Candidate("ben"), Candidate("cem")]
    assert route(Lead("L02"), candidates).winner == "cem"
    winners = Counter(route(Lead(f"L{n}"), candidates).winner for n in range(400))
    assert min(winners.values()) > 150


def test_who_is_at_home_gets_it_when_nobody_works() -> None:
    candidates = [Candidate("ana", presence=Presence.OFF_HOURS), Candidate("ben", presence=Presence.AWAY)]
    assert route(Lead("L1"), candidates).winner == "ana"


def test_nobody_is_an_answer_with_a_reason_for_everybody() -> None:
    choice = route(Lead("L1"), [Candidate("ana", presence=Presence.AWAY), Candidate("ben", cap=0)])
    assert (choice.winner, choice.decided_by) == (None, None)
    assert [row.verdict for row in choice.rows] == [Verdict.AWAY, Verdict.FULL]
    assert route(Lead("L1"), []).rows == ()


def test_a_phantom_load_is_gone_after_five_working_days() -> None:
    assert [phantom_after(Fraction(4), days) for days in range(STEPS_BACK + 2)] == [
        4,
        Fraction(16, 5),
        Fraction(12, 5),
        Fraction(8, 5),
        Fraction(4, 5),
        0,
        0,
    ]
    assert phantom_on_return(2, 3, [Fraction(9, 2), Fraction(5)]) == 6
    assert phantom_on_return(1, 9, [Fraction(4)]) == 0
    assert phantom_on_return(1, 0, []) == 0


def test_only_a_withdrawn_offer_gives_the_turn_back() -> None:
    assert given_back(Fraction(-1, 4)) == Fraction(3, 4)
    assert given_back(Fraction(1, 2)) == 1


def a_candidate(name: str) -> st.SearchStrategy[Candidate]:
    """Anybody."""
    fractions = st.fractions(-1, 1, max_denominator=12)
    return st.builds(
        Candidate,
        id=st.just(name),
        open=st.integers(0, 9),
        weight=st.integers(1, 4),
        cap=st.none() | st.integers(0, 9),
        credit=fractions,
        phantom=st.fractions(0, 5, max_denominator=5),
        waited=st.integers(0, 5).map(lambda hours: AN_HOUR * hours),
        presence=st.sampled_from(Presence),
        is_active=st.booleans(),
        has_passed=st.booleans(),
        territories=st.frozensets(st.sampled_from(["EMEA", "AMER"])),
        segments=st.frozensets(st.sampled_from(["SMB", "ENT"])),
    )


teams = st.integers(0, 8).flatmap(lambda size: st.tuples(*(a_candidate(f"ae{n}") for n in range(size))))
leads = st.builds(
    Lead, st.text("LX0123", min_size=1), st.none() | st.sampled_from(["EMEA", "AMER"]), st.none() | st.just("SMB")
)


@given(leads, teams)
def test_never_to_somebody_who_cannot_have_it(lead: Lead, candidates: Sequence[Candidate]) -> None:
    choice = route(lead, candidates)
    for each in candidates:
        if each.id == choice.winner:
            assert each.is_active
            assert not each.has_passed
            assert each.presence is not Presence.AWAY
            assert each.cap is None or each.open < each.cap
            assert not (lead.territory and each.territories) or lead.territory in each.territories
            assert not (lead.segment and each.segments) or lead.segment in each.segments


@given(leads, teams)
def test_everybody_has_a_reason_and_one_is_chosen_if_anybody_can(lead: Lead, candidates: Sequence[Candidate]) -> None:
    choice = route(lead, candidates)
    assert [row.candidate for row in choice.rows] == sorted(each.id for each in candidates)
    chosen = [row.candidate for row in choice.rows if row.verdict is Verdict.CHOSEN]
    assert chosen == ([choice.winner] if choice.winner else [])
    assert all(-1 <= row.left <= 1 for row in choice.rows)


@given(leads, teams, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_changes_nothing(
    lead: Lead, candidates: Sequence[Candidate], chance: object
) -> None:
    shuffled = list(candidates)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert route(lead, shuffled) == route(lead, candidates)


@given(leads, teams, st.permutations("abcdefgh"))
def test_other_names_change_only_who_wins_a_lot(
    lead: Lead, candidates: Sequence[Candidate], letters: list[str]
) -> None:
    """The lot is drawn from the names, so a tie in everything may fall to another of the tied; all else stays."""
    names = {each.id: letter for each, letter in zip(candidates, letters, strict=False)}
    choice, other = route(lead, candidates), route(lead, [replace(each, id=names[each.id]) for each in candidates])
    assert other.decided_by == choice.decided_by
    rows = {row.candidate: row for row in other.rows}
    for row in choice.rows:
        same = replace(rows[names[row.candidate]], candidate=row.candidate)
        if row.verdict in (Verdict.CHOSEN, Verdict.HASH):
            assert same.verdict in (Verdict.CHOSEN, Verdict.HASH)
            assert (same.load, same.credit, same.waited) == (row.load, row.credit, row.waited)
        else:
            assert same == row


@given(st.integers(2, 9), st.integers(1, 60))
def test_equals_who_are_all_there_never_differ_by_more_than_one(size: int, leads: int) -> None:
    got = Counter(_winners({f"ae{n}": Candidate(f"ae{n}") for n in range(size)}, leads))
    counts = [got[f"ae{n}"] for n in range(size)]
    assert max(counts) - min(counts) <= 1


@given(st.integers(2, 7), st.integers(0, 80), st.integers(10, 30))
def test_who_returns_gets_at_most_one_more_than_a_fair_share_of_any_ten(size: int, before: int, leads: int) -> None:
    names = [f"ae{n}" for n in range(size)]
    candidates = {name: Candidate(name) for name in names[1:]} | {names[0]: Candidate(names[0], presence=Presence.AWAY)}
    for n in range(before):
        candidates = after(candidates, route(Lead(f"B{n}"), list(candidates.values())))
    others = [candidates[name].load for name in names[1:]]
    back = replace(candidates[names[0]], presence=Presence.IN, phantom=phantom_on_return(1, 0, others))
    got = _winners({**candidates, names[0]: back}, leads)
    for start in range(len(got) - 9):
        assert got[start : start + 10].count(names[0]) <= Fraction(10, size).__ceil__() + 1


def _winners(candidates: dict[str, Candidate], leads: int) -> list[str | None]:
    """Who gets one lead after the other, with nothing closing meanwhile."""
    got = []
    for n in range(1, leads + 1):
        choice = route(Lead(f"L{n:02}"), list(candidates.values()))
        got.append(choice.winner)
        candidates = after(candidates, choice)
    return got
