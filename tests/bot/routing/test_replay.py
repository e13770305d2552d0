"""A past period over again: what is the rules' to say, and what stays as it was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.routing.again import Seen
from bot.routing.replay import Ended, Event, How, Offered, replay
from bot.routing.rules import Choice, Lead, Verdict
from bot.routing.standing import Standing, Taker
from bot.working_time.hours import STANDARD
from bot.working_time.presence import Schedule, Span
from tests.bot.routing.quarter import PERIOD, quarter
from tests.lengths import length

BERLIN = Schedule(ZoneInfo("Europe/Berlin"), STANDARD)
START = datetime(2026, 11, 18, 9, tzinfo=UTC)
WEEK = Span(START - timedelta(days=2), START + timedelta(days=5))
TEAM = [Taker("ana", BERLIN), Taker("ben", BERLIN)]
ANA_FIRST = {"ana": Standing(seen_at=START), "ben": Standing(open=1, seen_at=START)}


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def fate(*events: Event, takers: list[Taker] = TEAM) -> list[tuple[str | None, str | None]]:
    return [(each.then, each.now) for each in replay(events, takers, WEEK, ANA_FIRST).fates]


def test_who_declined_it_then_declines_it_now_and_nobody_else_does() -> None:
    events: list[Event] = [
        Offered(after(0), Lead("L1"), "ana"),
        Ended(after(1), "L1", "ana", How.DECLINED),
        Offered(after(1), Lead("L1"), "ben"),
    ]
    assert fate(*events) == [("ben", "ben")]
    heavier = [TEAM[0], replace(TEAM[1], weight=3)]
    held: list[Event] = [Offered(after(-1), Lead("L0"), "ana"), *events]
    assert fate(*held, takers=heavier) == [("ana", "ana"), ("ben", "ben")]


def test_what_is_given_by_name_stays_so_and_counts_for_nobody() -> None:
    found = replay([Offered(after(0), Lead("L1"), "ben", is_routed=False)], TEAM, WEEK, ANA_FIRST)
    assert (found.fates, [each.got for each in found.shares]) == ((), [0, 0])


def test_what_is_withdrawn_is_nobodys_and_gives_the_turn_back() -> None:
    events: list[Event] = [Offered(after(0), Lead("L1"), "ana"), Ended(after(1), "L1", "ana", How.WITHDRAWN)]
    assert fate(*events, Offered(after(2), Lead("L2"), "ana")) == [(None, None), ("ana", "ana")]


def test_what_is_settled_makes_room_for_whoever_has_it() -> None:
    before = Ended(after(0), "L0", "ben", How.SETTLED)
    offers = [Offered(after(n), Lead(f"L{n}"), "ben") for n in (1, 2)]
    assert sorted(now or "" for _, now in fate(before, *offers)) == ["ana", "ben"]


def test_what_nobody_can_have_now_waits_for_whoever_can() -> None:
    capped = [replace(each, cap=1) for each in TEAM]
    offers = [Offered(after(n), Lead(f"L{n}"), "ana") for n in (1, 2)]
    assert fate(*offers, takers=capped) == [("ana", "ana"), ("ana", None)]
    assert fate(*offers, Ended(after(3), "L1", "ana", How.SETTLED), takers=capped) == [("ana", "ana"), ("ana", None)]
    later: list[Event] = [Ended(after(3), "L1", "ana", How.SETTLED), Offered(after(4), Lead("L3"), "ana")]
    assert fate(*offers, *later, takers=capped) == [("ana", "ana"), ("ana", "ana"), ("ana", None)]


def test_another_rule_can_be_tried() -> None:
    def always_ben(_lead: Lead, _candidates: object) -> Choice:
        return Choice("ben", Verdict.HASH)

    offers = [Offered(after(n), Lead(f"L{n}"), "ana") for n in range(3)]
    (ana, ben) = replay(offers, TEAM, WEEK, rule=always_ben).shares
    assert (ana.then, ana.got, ben.then, ben.got) == (3, 0, 0, 3)


def test_a_fair_share_is_by_weight_and_by_the_time_that_one_was_there() -> None:
    half = replace(BERLIN, absences=(Span(WEEK.start, START + timedelta(hours=30)),))
    team = [Taker("ana", BERLIN, weight=2), Taker("ben", half), Taker("cem", BERLIN, territories=frozenset({"AMER"}))]
    apart = [replace(each, territories=each.territories or frozenset({"EMEA"})) for each in team]
    offers = [Offered(after(n), Lead(f"L{n}", "EMEA"), "ana") for n in range(8)]
    found = replay(offers, apart, WEEK)
    (ana, ben, cem) = found.shares
    assert (ana.got, ben.got, cem.got) == (8, 0, 0)
    assert cem.fair == 0
    assert 0 < ben.fair < 8 / 3 < 16 / 3 < ana.fair
    assert sum(each.difference for each in found.shares) == 0


@settings(max_examples=length(4, 30))
@given(st.integers(0, 10**6))
def test_the_same_events_give_the_same_answer_which_is_the_one_of_then(seed: int) -> None:
    lived = quarter(30, seed)
    found = replay(lived.events, lived.takers, PERIOD)
    again = replay(lived.events, lived.takers[::-1], PERIOD)
    assert (again.fates, set(again.shares)) == (found.fates, set(found.shares))
    assert all(each.then == each.now for each in found.fates)


@settings(max_examples=length(4, 30))
@given(st.integers(0, 10**6))
def test_what_was_found_then_stands_in_for_hours_and_roles(seed: int) -> None:
    lived = quarter(30, seed)
    picks = iter(lived.picks)
    events = [
        replace(each, seen={row.candidate: Seen(row.verdict) for row in next(picks).choice.rows})
        if isinstance(each, Offered)
        else each
        for each in lived.events
    ]
    assert replay(events, lived.takers, PERIOD) == replay(lived.events, lived.takers, PERIOD)
    elsewhere = [replace(each, territories=frozenset({"ATLANTIS"}), segments=frozenset()) for each in lived.takers]
    again = replay(events, elsewhere, PERIOD)
    assert [each for each in again.fates if each.then != each.now] == []
    heavy = [replace(each, weight=each.weight + (each.id == "Berlin 1")) for each in lived.takers]
    assert replay(events, heavy, PERIOD).fates == replay(lived.events, heavy, PERIOD).fates
