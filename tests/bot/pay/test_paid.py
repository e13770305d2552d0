"""What comes to light after a statement was paid: it stays as it was, and today's takes the lines."""

from dataclasses import replace
from datetime import date

import pytest

from bot.money import Money
from bot.pay.earned import Earned, LineKind, Paid, Terms
from bot.pay.period import Period
from bot.pay.plan import Event
from bot.pay.rules import reckon
from bot.pay.statement import Statement, statement
from tests.bot.pay.desk import (
    CALENDAR,
    LATEST,
    Q1,
    Q3,
    Q4,
    TIERS,
    at,
    earned,
    fixed,
    flat,
    money,
    paid,
    reopened,
    short,
    terms,
    tier,
    total,
)

TIER, CLAWBACK, ADJUSTMENT = LineKind.TIER, LineKind.CLAWBACK, LineKind.ADJUSTMENT
PAID_ON = "2026-10-15"

A, B, C = earned("A", 60_000, "2026-07-20"), earned("B", 55_000, "2026-08-03"), earned("C", 45_000, "2026-09-01")
ABC = [A, B, C]
D = earned("D", 10_000, "2026-10-05")


def closed(*events: Earned, by: Terms | None = None, on: str = PAID_ON, period: Period = Q3) -> Terms:
    """Terms under which a period was paid for some events."""
    by = by or terms(window=120)
    return replace(by, paid={**by.paid, period.name: paid(list(events), by, period, on)})


def test_a_paid_deal_that_is_reopened_is_mirrored_in_todays_statement_only() -> None:
    found = reckon([*ABC, D, reopened("A", "2026-11-02")], closed(*ABC), LATEST)
    assert total(found.lines, Q3) == "15500.00"  # as it was paid
    assert short(found.lines, Q4) == [
        ("D", TIER, "10000.00", "800.00"),  # 8 % × 10,000: the mirror moves nobody's place
        ("A-back", CLAWBACK, "-60000.00", "-4800.00"),
    ]
    assert found.lines[-1].at == at("2026-11-02")
    assert found.lines[-1].counts_in == Q3.name
    assert found.attained == {(Q3.name, Event.WON): money(160_000), (Q4.name, Event.WON): money(10_000)}


@pytest.mark.parametrize(("recorded", "lines"), [("2026-10-15", 2), ("2026-10-16", 1)])
def test_a_period_that_is_over_but_not_paid_takes_the_deal_back_itself(recorded: str, lines: int) -> None:
    """The very moment of paying is still on time."""
    back = reopened("A", "2026-10-10", recorded=recorded)
    on_time = recorded == PAID_ON
    found = reckon([*ABC, back], closed(*ABC, *([back] if on_time else [])), LATEST)
    taken = [line for line in found.lines if line.earned == "A-back"]
    assert {line.period for line in taken} == ({Q3.name} if on_time else {Q4.name})
    assert [line.kind for line in taken] == [CLAWBACK, ADJUSTMENT][:lines]
    assert total(found.lines, Q3) == ("8000.00" if on_time else "15500.00")


def test_the_mirror_is_of_what_was_paid_whatever_the_plan_says_today() -> None:
    by = replace(closed(*ABC), plans=terms(flat(Event.WON, "0.5")).plans)
    found = reckon([*ABC, reopened("B", "2026-11-02")], by, LATEST)
    assert total(found.lines, Q3) == "15500.00"
    assert short(found.lines, Q4) == [
        ("B-back", CLAWBACK, "-40000.00", "-3200.00"),
        ("B-back", CLAWBACK, "-15000.00", "-1800.00"),
    ]


def test_while_the_statement_of_today_is_paid_too_the_next_one_takes_it() -> None:
    by = closed(*ABC, D, by=closed(*ABC), on="2027-01-10", period=Q4)
    late = reopened("A", "2026-11-02", recorded="2027-01-11")
    assert {line.period for line in reckon([*ABC, D, late], by, LATEST).lines if line.earned == "A-back"} == {Q1.name}
    early = closed(*ABC, D, by=closed(*ABC), on="2026-12-20", period=Q4)  # paid before it was over
    soon = reopened("A", "2026-11-02", recorded="2026-12-28")
    assert {line.period for line in reckon([*ABC, D, soon], early, LATEST).lines if line.earned == "A-back"} == {
        Q1.name
    }


def test_a_win_entered_after_its_period_was_paid_comes_today_on_top_of_that_period() -> None:
    late = earned("L", 30_000, "2026-07-01", recorded="2026-11-02")
    found = reckon([*ABC[:2], late, D], closed(*ABC[:2]), LATEST)
    assert total(found.lines, Q3) == "9800.00"
    assert short(found.lines, Q4) == [
        ("L", TIER, "30000.00", "3600.00"),  # from 115,000 to 145,000 of the third quarter: 12 %
        ("D", TIER, "10000.00", "800.00"),  # and the fourth begins at nothing
    ]
    assert [(line.period, line.counts_in) for line in found.lines if line.earned == "L"] == [(Q4.name, Q3.name)]


def test_a_late_win_that_is_reopened_before_it_was_paid_leaves_its_place_to_the_next() -> None:
    late = [
        earned("L", 35_000, "2026-07-01", recorded="2026-11-02"),
        earned("M", 10_000, "2026-07-02", recorded="2026-11-03"),
    ]
    found = reckon([*ABC[:2], *late, reopened("L", "2026-11-04")], closed(*ABC[:2], by=terms(window=150)), LATEST)
    assert short(found.lines, Q4) == [
        ("L", TIER, "35000.00", "4200.00"),  # from 115,000 to 150,000: 12 %
        ("M", TIER, "10000.00", "1500.00"),  # from 150,000: 15 %
        ("L-back", CLAWBACK, "-35000.00", "-4200.00"),
        ("L-back", ADJUSTMENT, None, "-300.00"),  # M alone: 12 % × 10,000 = 1,200 against 1,500
    ]


def test_a_second_reopening_that_happened_earlier_takes_nothing_back_again() -> None:
    first = reopened("A", "2026-10-20")
    by = closed(*ABC, first, by=closed(*ABC), on="2027-01-10", period=Q4)
    second = replace(first, id="again", happened_at=at("2026-10-19"), recorded_at=at("2027-01-11"))
    assert reckon([*ABC, first, second], by, LATEST).lines == reckon([*ABC, first], by, LATEST).lines


def test_as_of_a_moment_before_it_was_paid_a_statement_is_as_it_was_then() -> None:
    late = earned("L", 30_000, "2026-07-01", recorded="2026-11-02")
    back = reopened("A", "2026-11-03")
    by = closed(*ABC)
    for day in ("2026-08-31", "2026-10-15", "2026-11-01", "2026-11-02", "2026-11-03"):
        known = [each for each in (*ABC, late, back) if each.recorded_at <= at(day)]
        assert reckon([*ABC, late, back], by, at(day)) == reckon(known, by, at(day))
    assert total(reckon([*ABC, late, back], by, at("2026-08-31")).lines) == "9800.00"  # A and B
    unpaid = terms(window=120)
    assert reckon([*ABC, late, back], by, at("2026-10-14")) == reckon(ABC, unpaid, at("2026-10-14"))


# Less than nothing


def read(events: list[Earned], by: Terms, period: Period, as_of: str = "2027-06-01") -> Statement:
    """A statement as of a day."""
    return statement(events, by, period, at(as_of))


def test_a_negative_total_is_carried_forward_and_said() -> None:
    won = earned("E", 100_000, "2027-02-01")
    events = [*ABC, D, reopened("A", "2026-11-02"), won]
    by = closed(*ABC)
    third, fourth, first = (read(events, by, period) for period in (Q3, Q4, Q1))
    assert (third.total, third.due, third.carried) == (money(15_500), money(15_500), money(0))
    # 800 − 4,800
    assert (fourth.brought, fourth.total, fourth.due, fourth.carried) == (
        money(0),
        money(-4_000),
        money(0),
        money(-4_000),
    )
    # 8 % × 100,000 − 4,000
    assert (first.brought, first.total, first.due, first.carried) == (
        money(-4_000),
        money(8_000),
        money(4_000),
        money(0),
    )
    assert [[(each.key, each.params) for each in found.notices] for found in (third, fourth, first)] == [
        [],
        [("pay.notice.carried", {"amount": money(4_000)})],
        [("pay.notice.brought", {"amount": money(4_000)})],
    ]
    assert (third.is_paid, fourth.is_paid) == (True, False)


def test_what_is_carried_goes_through_a_period_without_a_line() -> None:
    after = CALENDAR(date(2027, 5, 1))
    found = read([*ABC, reopened("A", "2026-11-02")], closed(*ABC), after)
    assert (found.brought, found.lines, found.due, found.carried) == (money(-4_800), (), money(0), money(-4_800))
    assert [each.key for each in found.notices] == ["pay.notice.brought", "pay.notice.carried"]


def test_a_statement_of_nothing_is_nothing() -> None:
    found = read([], terms(), Q4)
    assert (found.lines, found.total, found.due, found.carried, found.notices) == ((), *[money(0)] * 3, ())


def test_a_statement_that_was_paid_keeps_lines_that_nobody_would_compute_today() -> None:
    foreign = Paid(at(PAID_ON), tuple(replace(line, amount=Money("EUR", 1)) for line in closed(A).paid[Q3.name].lines))
    by = replace(terms(fixed(Event.WON, "7")), paid={Q3.name: foreign})
    assert read([A], by, Q3).total == Money("EUR", 1)
    assert read([A], by, Q3, PAID_ON).total == Money("EUR", 1)
    assert read([A], by, Q3, PAID_ON).is_paid
    assert not read([A], by, Q3, "2026-10-14").is_paid
    assert read([A], by, Q3, "2026-10-14").total == money(7)


def test_a_notice_stands_in_the_statement_that_it_speaks_of() -> None:
    by = terms(*TIERS, tier("0", None, "0.1", event=Event.RENEWED))
    found = [read([A, earned("R", 5, "2026-10-02", event=Event.RENEWED)], by, period).notices for period in (Q3, Q4)]
    assert [[each.params["event"] for each in of] for of in found] == [[], [Event.RENEWED]]


def test_what_is_late_is_paid_in_the_order_in_which_it_was_recorded() -> None:
    """So that what the next statement paid of it stands when more of it comes to light."""
    first = earned("L", 35_000, "2026-07-02", recorded="2026-11-02")
    second = earned("M", 10_000, "2026-07-01", recorded="2027-02-01")
    by = closed(*ABC[:2])
    by = closed(*ABC[:2], first, by=by, on="2027-01-10", period=Q4)
    found = reckon([*ABC[:2], first, second], by, LATEST)
    assert short(found.lines, Q4) == [("L", TIER, "35000.00", "4200.00")]  # from 115,000 to 150,000: 12 %
    assert short(found.lines, Q1) == [("M", TIER, "10000.00", "1500.00")]  # from 150,000: 15 %


def test_what_is_late_is_measured_by_the_quota_of_its_own_period() -> None:
    late = earned("L", 30_000, "2026-07-01", recorded="2026-11-02")
    by = closed(*ABC[:2])
    by = replace(by, quotas={**by.quotas, (Q4.name, Event.WON): money(10)})
    assert short(reckon([*ABC[:2], late], by, LATEST).lines, Q4) == [("L", TIER, "30000.00", "3600.00")]  # 12 %


def test_a_win_that_was_recorded_after_it_was_taken_back_is_none() -> None:
    late = earned("L", 30_000, "2026-09-01", recorded="2026-11-02")
    back = reopened("L", "2026-09-02", recorded="2026-09-02")
    found = reckon([A, late, back], closed(A), LATEST)
    assert total(found.lines, Q3) == "4800.00"
    assert total(found.lines, Q4) == "0.00"


def test_a_mirror_stands_in_the_period_in_which_the_deal_was_reopened_while_that_is_open() -> None:
    back = reopened("A", "2026-12-28", recorded="2027-01-04")
    found = reckon([*ABC, back], closed(*ABC, by=terms(window=200)), LATEST)
    assert short(found.lines, Q4) == [("A-back", CLAWBACK, "-60000.00", "-4800.00")]


def test_a_statement_that_was_paid_asks_for_nothing_more() -> None:
    by = terms(quota=None)
    assert [each.key for each in read([A], by, Q3).notices] == ["pay.notice.no_quota"]
    assert read([A], closed(A, by=by), Q3).notices == ()
