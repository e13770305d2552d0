"""The bookkeeping around a choice: leaves and returns, joiners, what is paid and what is given back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.rules import Lead, Presence, Verdict
from bot.routing.standing import Standing, Taker, caught_up, choose, last_return, presence_at, steps_back
from bot.working_time.hours import STANDARD, read_hours
from bot.working_time.presence import Schedule, Span
from tests.bot.routing.test_rules import WORKED

BERLIN = Schedule(ZoneInfo("Europe/Berlin"), STANDARD, "DE", "BE")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney")


def at(text: str) -> datetime:
    """`2026-11-20 15:50` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def away(*spans: str, schedule: Schedule = BERLIN) -> Schedule:
    """`2026-11-02 00:00 / 2026-11-16 00:00` in Berlin."""
    ends = ([datetime.fromisoformat(end).replace(tzinfo=BERLIN.zone) for end in each.split(" / ")] for each in spans)
    return replace(schedule, absences=tuple(Span(*(end.astimezone(UTC) for end in each)) for each in ends))


FORTNIGHT = away("2026-11-02 00:00 / 2026-11-16 00:00")
MONDAY = at("2026-11-16 08:30")


def winners(takers: Sequence[Taker], standings: dict[str, Standing], leads: Sequence[str], now: datetime) -> list[str]:
    """Who gets one lead a minute, with nothing closing."""
    got = []
    for n, lead in enumerate(leads):
        choice, standings = choose(Lead(lead), takers, standings, now + timedelta(minutes=n))
        got.append(choice.winner or "")
    return got


def test_the_worked_table_comes_out_of_rows_and_schedules() -> None:
    takers = [Taker("ana", BERLIN, weight=2), Taker("ben", BERLIN), Taker("cem", FORTNIGHT)]
    before = at("2026-11-13 16:00")
    seen = {"ana": Standing(8, seen_at=before), "ben": Standing(4, seen_at=before), "cem": Standing(seen_at=before)}
    choice, seen = choose(Lead("L01"), takers, seen, before)
    rest = winners(takers, seen, [str(lead) for lead, *_ in WORKED[1:]], MONDAY)
    assert [choice.winner, *rest] == [winner for *_, winner, _ in WORKED]


@pytest.mark.parametrize(
    ("schedule", "returned"),
    [
        pytest.param(FORTNIGHT, "2026-11-15 23:00", id="a fortnight"),
        pytest.param(away("2026-11-12 00:00 / 2026-11-13 00:00"), "2026-11-12 23:00", id="a day"),
        pytest.param(away("2026-11-12 10:00 / 2026-11-12 11:00"), None, id="an hour"),
        pytest.param(away("2026-11-12 13:15 / 2026-11-12 17:30"), None, id="an afternoon"),
        pytest.param(
            away("2026-11-12 13:15 / 2026-11-12 17:30", "2026-11-13 09:00 / 2026-11-13 13:15"),
            "2026-11-13 12:15",
            id="an afternoon and the next morning",
        ),
        pytest.param(
            away("2026-11-12 13:15 / 2026-11-12 17:30", "2026-11-13 13:15 / 2026-11-13 17:30"),
            None,
            id="two afternoons",
        ),
        pytest.param(away("2026-11-14 00:00 / 2026-11-16 00:00"), None, id="a weekend"),
        pytest.param(
            away("2026-11-02 00:00 / 2026-11-07 00:00", "2026-11-09 00:00 / 2026-11-14 00:00"),
            "2026-11-13 23:00",
            id="two weeks with a weekend between them",
        ),
        pytest.param(away("2026-11-12 00:00 / 2026-11-20 00:00"), None, id="still away"),
    ],
)
def test_who_was_away_for_a_working_day_or_more_has_returned(schedule: Schedule, returned: str | None) -> None:
    assert last_return(schedule, at("2026-11-12 12:00"), MONDAY) == (at(returned) if returned else None)
    assert last_return(schedule, MONDAY, MONDAY + timedelta(hours=1)) is None


def test_a_phantom_load_falls_by_own_working_days() -> None:
    returned = at("2026-12-21 23:00")  # a Tuesday in Berlin; Friday is a holiday
    days = [("22 08:00", 0), ("22 16:00", 0), ("23 07:00", 0), ("23 08:00", 1), ("24 12:00", 2), ("27 12:00", 2)]
    for day, steps in [*days, ("28 12:00", 3), ("29 12:00", 4), ("30 12:00", 5), ("31 12:00", 5)]:
        assert steps_back(BERLIN, returned, at(f"2026-12-{day}")) == steps, day
    assert steps_back(replace(BERLIN, hours=read_hours("mon 9-17")), returned, at("2027-01-04 12:00")) == 1


def test_who_is_full_is_no_measure_for_who_returns() -> None:
    takers = [Taker("ana", FORTNIGHT), Taker("ben", BERLIN), Taker("cem", BERLIN, cap=2)]
    before = at("2026-11-13 12:00")
    known = {"ana": Standing(1, seen_at=before), "ben": Standing(9, seen_at=before), "cem": Standing(2, seen_at=before)}
    assert caught_up(takers, known, MONDAY)["ana"].phantom == 8


def test_nor_is_who_takes_none_of_the_same_leads() -> None:
    west, east = frozenset({"AMER"}), frozenset({"EMEA"})
    takers = [Taker("ana", FORTNIGHT, territories=east), Taker("ben", BERLIN), Taker("cem", BERLIN, territories=west)]
    before = at("2026-11-13 12:00")
    known = {"ana": Standing(seen_at=before), "ben": Standing(9, seen_at=before), "cem": Standing(seen_at=before)}
    assert caught_up(takers, known, MONDAY)["ana"].phantom == 9


def test_who_joins_begins_level_with_the_others_and_a_whole_team_that_begins_begins_at_nothing() -> None:
    takers = [Taker("ana", BERLIN), Taker("ben", BERLIN, weight=2, joined_at=MONDAY)]
    known = {"ana": Standing(7, seen_at=at("2026-11-13 12:00"))}
    assert caught_up(takers, known, MONDAY)["ben"] == Standing(phantom=Fraction(14), returned_at=MONDAY, seen_at=MONDAY)
    assert {each.phantom for each in caught_up(takers, {}, MONDAY).values()} == {0}


def test_only_a_withdrawn_offer_gives_back_and_one_by_name_costs_nothing() -> None:
    standing = Standing(credit=Fraction(1, 4)).given(MONDAY)
    assert (standing.open, standing.credit, standing.offered_at) == (1, Fraction(1, 4), MONDAY)
    assert standing.closed() == replace(standing, open=0)
    assert replace(standing, credit=Fraction(-3, 4)).withdrawn() == replace(standing, open=0, credit=Fraction(1, 4))


def test_nothing_moves_on_when_nobody_can_take_it() -> None:
    known = {"ana": Standing(seen_at=at("2026-10-30 12:00"))}
    choice, after = choose(Lead("L1"), [Taker("ana", FORTNIGHT)], known, at("2026-11-04 12:00"))
    assert (choice.winner, after) == (None, known)


def test_one_waits_from_the_last_offer_or_from_the_return() -> None:
    takers = [Taker("ana", FORTNIGHT), Taker("ben", BERLIN)]
    seen = at("2026-10-30 12:00")
    known = {each.id: Standing(offered_at=seen, returned_at=seen, seen_at=seen) for each in takers}
    choice, _ = choose(Lead("L1"), takers, known, MONDAY)
    hours = {row.candidate: row.waited / timedelta(hours=1) for row in choice.rows}
    assert hours == {"ana": 0.5, "ben": 4.5 + 10 * 8.5 + 0.5}


@pytest.mark.parametrize(
    ("schedule", "moment", "presence"),
    [
        pytest.param(BERLIN, "2026-11-20 12:00", Presence.IN, id="at work"),
        pytest.param(BERLIN, "2026-11-20 20:00", Presence.OFF_HOURS, id="on a Friday evening"),
        pytest.param(BERLIN, "2026-12-25 12:00", Presence.AWAY, id="at Christmas"),
        pytest.param(BERLIN, "2026-12-24 20:00", Presence.AWAY, id="on Christmas Eve"),
        pytest.param(BERLIN, "2026-12-27 12:00", Presence.OFF_HOURS, id="on the Sunday after it"),
        pytest.param(FORTNIGHT, "2026-11-04 12:00", Presence.AWAY, id="on leave"),
        pytest.param(FORTNIGHT, "2026-10-31 12:00", Presence.AWAY, id="at the weekend before it"),
        pytest.param(FORTNIGHT, "2026-11-16 04:00", Presence.OFF_HOURS, id="on the morning after it"),
        pytest.param(
            away("2026-11-20 13:00 / 2026-11-20 15:00"), "2026-11-20 13:00", Presence.AWAY, id="for two hours"
        ),
    ],
)
def test_presence_is_now_or_when_the_hours_next_begin(schedule: Schedule, moment: str, presence: Presence) -> None:
    assert presence_at(schedule, at(moment)) is presence


@st.composite
def teams(draw: st.DrawFn) -> list[Taker]:
    """Some people in several zones, with absences around the middle of November."""
    days = st.integers(0, 30).map(lambda n: date(2026, 11, 1) + timedelta(days=n))
    takers = []
    for n in range(draw(st.integers(1, 6))):
        spans = []
        for start in draw(st.lists(days, max_size=3)):
            first = datetime.combine(start, time(draw(st.integers(0, 23))), tzinfo=UTC)
            spans.append(Span(first, first + timedelta(hours=draw(st.integers(1, 400)))))
        zone = draw(st.sampled_from(ZONES))
        takers.append(
            Taker(
                id=f"ae{n}",
                schedule=Schedule(ZoneInfo(zone), STANDARD, absences=tuple(spans)),
                weight=draw(st.integers(1, 3)),
                cap=draw(st.none() | st.integers(0, 4)),
                territories=draw(st.frozensets(st.sampled_from(["EMEA", "AMER"]))),
                left_at=draw(st.none() | days.map(lambda day: datetime.combine(day, time(), tzinfo=UTC))),
            )
        )
    return takers


@given(teams(), st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_never_to_somebody_away_gone_full_or_elsewhere_and_what_is_kept_adds_up(
    takers: list[Taker], gaps: list[int]
) -> None:
    by_id, standings, now, given_out = (
        {each.id: each for each in takers},
        dict[str, Standing](),
        at("2026-11-02 09:00"),
        0,
    )
    for n, gap in enumerate(gaps):
        now += timedelta(hours=gap)
        choice, standings = choose(Lead(f"L{n}", "EMEA"), takers, standings, now)
        assert [row.candidate for row in choice.rows] == sorted(by_id)
        assert (choice.winner is None) == all(row.verdict is not Verdict.CHOSEN for row in choice.rows)
        if choice.winner:
            winner, given_out = by_id[choice.winner], given_out + 1
            assert not any(each.start <= now < each.end for each in winner.schedule.absences)
            assert winner.left_at is None or now < winner.left_at
            assert winner.cap is None or standings[winner.id].open <= winner.cap
            assert not winner.territories or "EMEA" in winner.territories
    assert sum(each.open for each in standings.values()) == given_out


@given(st.lists(st.integers(1, 3), min_size=2, max_size=6), st.integers(0, 40), st.integers(10, 25))
def test_on_the_day_of_the_return_a_fortnight_is_not_caught_up_with(
    weights: list[int], before: int, leads: int
) -> None:
    """At most one more than the fair share of any ten, whatever the weights, while nothing is settled."""
    takers = [Taker(f"ae{n}", BERLIN if n else FORTNIGHT, weight) for n, weight in enumerate(weights)]
    known: dict[str, Standing] = {each.id: Standing(seen_at=at("2026-10-30 12:00")) for each in takers}
    now = at("2026-11-04 09:00")
    for n in range(before):
        _, known = choose(Lead(f"B{n}"), takers, known, now + timedelta(minutes=n))
    got = winners(takers, known, [f"L{n}" for n in range(leads)], MONDAY)
    fair = ceil(Fraction(10 * weights[0], sum(weights)))
    assert all(got[start : start + 10].count("ae0") <= fair + 1 for start in range(leads - 9)), Counter(got)
