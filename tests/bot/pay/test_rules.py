"""What each event pays, by every kind of step and at every edge. The arithmetic stands beside the figures."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import pytest

from bot.access.roles import Role
from bot.money import Money
from bot.pay.earned import LineKind
from bot.pay.period import quarter_of
from bot.pay.plan import Event
from bot.pay.rules import reckon
from tests.bot.pay.desk import (
    LATEST,
    LEADS,
    Q3,
    Q4,
    TIERS,
    at,
    days,
    earned,
    fixed,
    flat,
    money,
    reopened,
    short,
    terms,
    tier,
    total,
)

FIXED, FLAT, TIER = LineKind.FIXED, LineKind.FLAT, LineKind.TIER
CLAWBACK, ADJUSTMENT = LineKind.CLAWBACK, LineKind.ADJUSTMENT

A, B, C = earned("A", 60_000, "2026-10-05"), earned("B", 55_000, "2026-11-02"), earned("C", 45_000, "2026-12-01")
ABC = [A, B, C]
PAID_ABC = [  # f(160,000) = 15,500
    ("A", TIER, "60000.00", "4800.00"),  # 8 % × 60,000
    ("B", TIER, "40000.00", "3200.00"),  # 8 % × (100,000 − 60,000)
    ("B", TIER, "15000.00", "1800.00"),  # 12 % × (115,000 − 100,000)
    ("C", TIER, "35000.00", "4200.00"),  # 12 % × (150,000 − 115,000)
    ("C", TIER, "10000.00", "1500.00"),  # 15 % × (160,000 − 150,000)
]


def test_what_one_s_reports_sell_lifts_no_sale_of_one_s_own() -> None:
    theirs = [earned("R1", 95_000, "2026-10-05", role=Role.MANAGER), earned("R2", 50_000, role=Role.MANAGER)]
    mine = earned("A", 24_000, "2026-11-02")
    by = terms(*TIERS, flat(Event.WON, "0.02", role=Role.MANAGER))
    found = reckon([*theirs, mine, reopened("R1", "2026-11-20")], by, LATEST)
    assert short(tuple(line for line in found.lines if line.earned == "A")) == [("A", TIER, "24000.00", "1920.00")]
    assert short(tuple(line for line in found.lines if line.earned == "R1-back")) == [
        ("R1-back", CLAWBACK, "-95000.00", "-1900.00")  # 2 %, and no tier of the manager's own is moved by it
    ]
    assert found.attained == {("2026-Q4", Event.WON): money(74_000)}


def test_what_a_specialist_helped_with_lifts_no_sale_of_their_own_into_a_higher_tier() -> None:
    by = terms(*TIERS, flat(Event.WON, "0.03", role=Role.SPECIALIST))
    helped = replace(earned("H", 95_000, "2026-10-05", role=Role.SPECIALIST), is_help=True)
    found = reckon([helped, earned("A", 20_000, "2026-10-06")], by, LATEST)
    # 95,000 × 3 % = 2,850 for the help; 20,000 × 8 % = 1,600: the first 20 % of the quota, and not beyond 100 %
    assert [str(line.amount.amount) for line in found.lines] == ["2850.00", "1600.00"]


def test_fixed_pays_an_amount_for_each() -> None:
    events = [earned(f"R{n}", None, event=Event.REQUALIFIED, role=Role.SDR) for n in range(6)]
    found = reckon(events, terms(*LEADS), LATEST)
    assert short(found.lines) == [(f"R{n}", FIXED, None, "150.00") for n in range(6)]
    assert total(found.lines) == "900.00"  # 6 × 150


def test_flat_pays_a_part_of_each() -> None:
    found = reckon([earned("A", 24_000)], terms(flat(Event.WON, "0.08"), quota=None), LATEST)
    assert short(found.lines) == [("A", FLAT, "24000.00", "1920.00")]  # 8 % × 24,000
    assert found.notices == ()  # without tiers nobody needs a quota


def test_each_tier_pays_for_its_own_part() -> None:
    found = reckon(ABC, terms(), LATEST)
    assert short(found.lines) == PAID_ABC
    assert total(found.lines) == "15500.00"
    assert found.attained == {("2026-Q4", Event.WON): money(160_000)}
    assert [line.step for line in found.lines] == [TIERS[0], TIERS[0], TIERS[1], TIERS[1], TIERS[2]]
    assert [line.id for line in found.lines] == ["A/1", "B/1", "B/2", "C/1", "C/2"]


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        # 0.01 at 8, 12 or 15 % is less than half a cent
        pytest.param("99999.99", "0.01", [(0, "0.01", "0.00")], id="a cent, up to the bound"),
        pytest.param("99999.99", "0.02", [(0, "0.01", "0.00"), (1, "0.01", "0.00")], id="a cent beyond it"),
        pytest.param("100000", "0.01", [(1, "0.01", "0.00")], id="a cent, from the bound on"),
        pytest.param("99900", "100", [(0, "100.00", "8.00")], id="up to the bound"),  # 8 % × 100
        pytest.param("100000", "100", [(1, "100.00", "12.00")], id="from the bound on"),  # 12 % × 100
        pytest.param("100000", "50000", [(1, "50000.00", "6000.00")], id="the whole of a band"),  # 12 % × 50,000
        pytest.param("149900", "100", [(1, "100.00", "12.00")], id="up to the second bound"),  # 12 % × 100
        pytest.param("150000", "100", [(2, "100.00", "15.00")], id="from the second bound on"),  # 15 % × 100
        pytest.param(
            "99999.99",
            "50000.02",
            [(0, "0.01", "0.00"), (1, "50000.00", "6000.00"), (2, "0.01", "0.00")],
            id="a cent on either side of a whole band",
        ),
    ],
)
def test_a_bound_belongs_to_the_band_above_it(first: str, then: str, expected: list[tuple[int, str, str]]) -> None:
    found = reckon([earned("A", first), earned("B", then, "2026-10-06")], terms(), LATEST)
    lines = [line for line in found.lines if line.earned == "B"]
    assert [
        (line.step, base, amount) for line, (_, _, base, amount) in zip(lines, short(tuple(lines)), strict=True)
    ] == [(TIERS[band], base, amount) for band, base, amount in expected]


def test_what_was_earned_first_is_paid_first_and_at_one_moment_the_id_decides() -> None:
    swapped = [replace(A, happened_at=B.happened_at), replace(B, happened_at=A.happened_at), C]
    # B first: 8 % × 55,000; then A: 8 % × 45,000 and 12 % × 15,000
    assert short(reckon(swapped, terms(), LATEST).lines)[:3] == [
        ("B", TIER, "55000.00", "4400.00"),
        ("A", TIER, "45000.00", "3600.00"),
        ("A", TIER, "15000.00", "1800.00"),
    ]
    together = [replace(each, happened_at=A.happened_at) for each in (C, B, A)]
    assert short(reckon(together, terms(), LATEST).lines) == PAID_ABC


def test_an_accelerator_comes_on_top_of_a_flat_rate() -> None:
    found = reckon([earned("A", 120_000)], terms(flat(Event.WON, "0.05"), tier("100", None, "0.03")), LATEST)
    assert short(found.lines) == [
        ("A", FLAT, "120000.00", "6000.00"),  # 5 % × 120,000
        ("A", TIER, "20000.00", "600.00"),  # 3 % × (120,000 − 100,000)
    ]
    assert [line.key for line in found.lines] == ["pay.line.flat", "pay.line.accelerator"]


def test_below_the_first_tier_and_beyond_a_last_one_that_ends_nothing_is_paid() -> None:
    found = reckon([earned("A", 30_000), earned("B", 200_000, "2026-10-06")], terms(tier("50", "120", "0.1")), LATEST)
    assert short(found.lines) == [("B", TIER, "70000.00", "7000.00")]  # 10 % × (120,000 − 50,000)
    assert found.notices == ()


@pytest.mark.parametrize("quota", [None, 0, -1])
def test_without_a_quota_tiers_do_not_pay_and_operations_are_asked(quota: int | None) -> None:
    steps = (*TIERS, fixed(Event.WON, "100"), flat(Event.WON, "0.01"))
    found = reckon(ABC[:2], terms(*steps, quota=quota), LATEST)
    assert short(found.lines) == [  # 100 for each; 1 % × 60,000; 1 % × 55,000
        ("A", FIXED, None, "100.00"),
        ("A", FLAT, "60000.00", "600.00"),
        ("B", FIXED, None, "100.00"),
        ("B", FLAT, "55000.00", "550.00"),
    ]
    assert [(each.key, each.period, each.params) for each in found.notices] == [
        ("pay.notice.no_quota", "2026-Q4", {"event": Event.WON, "period": "2026-Q4"})
    ]


def test_without_a_plan_nothing_is_paid_and_operations_are_asked() -> None:
    events = [earned("A", 100, role=Role.CSM), earned("B", 100, "2026-10-06", role=Role.CSM)]
    found = reckon(events, terms(), LATEST)
    assert found.lines == ()
    assert [(each.key, each.params) for each in found.notices] == [
        ("pay.notice.no_plan", {"role": Role.CSM, "day": date(2026, 10, 5)})
    ]


def test_another_currency_is_said_and_not_added() -> None:
    foreign = earned("X", Money("USD", 100))
    found = reckon([foreign, reopened("X", "2026-10-06"), A], terms(), LATEST)
    assert short(found.lines) == PAID_ABC[:1]
    assert [(each.key, each.params["value"]) for each in found.notices] == [("pay.notice.currency", foreign.value)]


def test_a_deal_of_nothing_pays_nothing_but_what_is_fixed() -> None:
    found = reckon([earned("A", 0)], terms(*TIERS, flat(Event.WON, "0.01"), fixed(Event.WON, "50")), LATEST)
    assert short(found.lines) == [("A", FIXED, None, "50.00")]


def test_the_statement_of_two_people_is_none() -> None:
    with pytest.raises(ValueError, match="one person"):
        reckon([A, replace(B, person="U2")], terms(), LATEST)


# SDR and MRR


def test_a_lead_pays_when_it_is_requalified_and_again_when_it_is_won() -> None:
    events = [
        earned("R", None, "2026-09-30", event=Event.REQUALIFIED, role=Role.SDR),
        earned("W", 24_000, "2026-11-20", event=Event.ASSIST_WON, role=Role.SDR),  # an AE since October
        earned("own", 10_000, "2026-11-20", role=Role.AE),
    ]
    found = reckon(events, terms(*LEADS, *TIERS), LATEST)
    assert short(found.lines, Q3) == [("R", FIXED, None, "150.00")]
    assert short(found.lines, Q4) == [
        ("W", FLAT, "24000.00", "240.00"),  # 1 % × 24,000; with the 150 above 390.00
        ("own", TIER, "10000.00", "800.00"),  # 8 % × 10,000
    ]
    assert found.attained["2026-Q4", Event.WON] == money(10_000)  # an assist is no win of one's own


# A deal that is taken back


def test_a_deal_reopened_in_an_open_period_leaves_it_as_if_it_had_never_been() -> None:
    found = reckon([*ABC, reopened("A", "2026-12-10")], terms(), LATEST)
    assert short(found.lines) == [
        *PAID_ABC,
        ("A-back", CLAWBACK, "-60000.00", "-4800.00"),
        ("A-back", ADJUSTMENT, None, "-2700.00"),  # f(100,000) − (15,500 − 4,800) = 8,000 − 10,700
    ]
    assert total(found.lines) == total(reckon([B, C], terms(), LATEST).lines) == "8000.00"  # 8 % × 100,000
    assert found.attained == {("2026-Q4", Event.WON): money(100_000)}
    assert {line.at for line in found.lines[-2:]} == {at("2026-12-10")}
    assert [line.key for line in found.lines[-2:]] == ["pay.line.reopened", "pay.line.adjustment"]
    assert [line.id for line in found.lines[-2:]] == ["A-back/1", "A-back/2"]


def test_every_line_of_a_deal_has_its_mirror() -> None:
    steps = (*TIERS, flat(Event.WON, "0.01"), fixed(Event.WON, "50"))
    found = reckon([A, B, reopened("B", "2026-12-10")], terms(*steps), LATEST)
    assert short(found.lines)[3:] == [
        ("B", TIER, "40000.00", "3200.00"),
        ("B", TIER, "15000.00", "1800.00"),
        ("B", FLAT, "55000.00", "550.00"),
        ("B", FIXED, None, "50.00"),
        ("B-back", CLAWBACK, "-40000.00", "-3200.00"),
        ("B-back", CLAWBACK, "-15000.00", "-1800.00"),
        ("B-back", CLAWBACK, "-55000.00", "-550.00"),
        ("B-back", CLAWBACK, None, "-50.00"),
    ]  # and no adjustment: the last deal moves no other
    assert total(found.lines) == "5450.00"  # A: 4,800 + 600 + 50


def test_what_is_won_after_a_deal_was_reopened_takes_its_place() -> None:
    found = reckon([A, B, reopened("A", "2026-11-10"), C], terms(), LATEST)
    assert short(found.lines)[3:] == [
        ("A-back", CLAWBACK, "-60000.00", "-4800.00"),
        ("A-back", ADJUSTMENT, None, "-600.00"),  # f(55,000) − (9,800 − 4,800) = 4,400 − 5,000
        ("C", TIER, "45000.00", "3600.00"),  # from 55,000 to 100,000 at 8 %
    ]
    assert total(found.lines) == "8000.00"


def test_two_deals_are_taken_back_one_after_the_other() -> None:
    found = reckon([*ABC, reopened("A", "2026-12-10"), reopened("B", "2026-12-11")], terms(), LATEST)
    assert short(found.lines)[7:] == [
        ("B-back", CLAWBACK, "-40000.00", "-3200.00"),
        ("B-back", CLAWBACK, "-15000.00", "-1800.00"),
        ("B-back", ADJUSTMENT, None, "600.00"),  # f(45,000) − (8,000 − 5,000) = 3,600 − 3,000
    ]
    assert total(found.lines) == "3600.00"


def test_a_deal_is_taken_back_once() -> None:
    left = earned("A-left", None, "2026-12-12", event=Event.CHURNED, reverses="A")
    found = reckon([*ABC, reopened("A", "2026-12-10"), left], terms(*TIERS, fixed(Event.CHURNED, "-70")), LATEST)
    assert total(found.lines) == "8000.00"  # and the loss costs nothing more


@pytest.mark.parametrize(
    ("window", "day", "is_taken"),
    [
        (90, "2026-10-05", True),  # the day of the win is the first
        (90, "2027-01-02", True),  # 5 Oct + 89 days: 27 of October, 30 + 31, and 2 Jan makes 90
        (90, "2027-01-03", False),
        (1, "2026-10-05", True),
        (1, "2026-10-06", False),
        (0, "2026-10-05", False),
    ],
)
def test_the_window_counts_from_the_day_of_the_win(window: int, day: str, is_taken: bool) -> None:
    found = reckon([A, reopened("A", at(day, 23))], terms(window=window), LATEST)
    assert total(found.lines) == ("0.00" if is_taken else "4800.00")
    assert [each.key for each in found.notices] == ([] if is_taken else ["pay.notice.window_over"])


def test_the_window_counts_days_of_the_workspace_over_a_leap_day() -> None:
    won = earned("A", 60_000, at("2028-02-28", 23))
    by = terms(window=3, periods=("2028-Q1",))
    assert total(reckon([won, reopened("A", at("2028-03-01", 23))], by, LATEST).lines) == "0.00"  # 28, 29, 1
    assert total(reckon([won, reopened("A", at("2028-03-02", 0))], by, LATEST).lines) == "4800.00"


@pytest.mark.parametrize(("day", "costs"), [("2027-01-02", "-4800.00"), ("2027-01-03", "-70.00")])
def test_a_customer_who_leaves_costs_the_commission_within_the_window_and_the_plans_amount_after_it(
    day: str, costs: str
) -> None:
    by = terms(*TIERS, fixed(Event.CHURNED, "-70"))
    left = earned("A-left", None, day, event=Event.CHURNED, reverses="A")
    found = reckon([A, left], by, LATEST)
    assert [line[3] for line in short(found.lines) if line[0] == "A-left"] == [costs]
    assert found.lines[-1].key == ("pay.line.churned" if costs == "-4800.00" else "pay.line.fixed")
    assert found.notices == ()


def test_a_loss_of_somebody_elses_win_costs_what_the_plan_says() -> None:
    steps = (flat(Event.CHURNED, "-0.01", role=Role.CSM), flat(Event.RENEWED, "0.02", role=Role.CSM))
    events = [
        earned("N", 20_000, event=Event.RENEWED, role=Role.CSM),
        earned("L", 12_345, "2026-11-01", event=Event.CHURNED, role=Role.CSM),
    ]
    assert short(reckon(events, terms(*steps), LATEST).lines) == [
        ("N", FLAT, "20000.00", "400.00"),  # 2 % × 20,000
        ("L", FLAT, "12345.00", "-123.45"),  # −1 % × 12,345
    ]


@pytest.mark.parametrize("of", ["nothing", "A-back"])
def test_what_takes_back_something_unknown_changes_nothing_and_is_said(of: str) -> None:
    odd = earned("odd", None, "2026-12-11", event=Event.REOPENED, reverses=of)
    before = [A, reopened("A", "2026-12-10")]
    found = reckon([*before, odd, replace(odd, id="odder", reverses=None)], terms(), LATEST)
    assert found.lines == reckon(before, terms(), LATEST).lines
    assert [each.key for each in found.notices] == ["pay.notice.unknown"] * 2


def test_a_deal_reopened_in_the_minute_of_its_win_is_taken_back_whatever_the_ids_say() -> None:
    undone = earned("0", None, A.happened_at, event=Event.REOPENED, reverses="A")
    earlier = replace(undone, happened_at=A.happened_at - days(0) - (at("2026-10-05", 2) - at("2026-10-05", 1)))
    assert total(reckon([A, undone], terms(), LATEST).lines) == "0.00"
    assert total(reckon([A, earlier], terms(), LATEST).lines) == "0.00"


# Plans and people that change


def test_a_plan_that_changes_in_mid_period_pays_what_comes_after_and_the_quota_goes_on() -> None:
    new = date(2026, 11, 2)
    later = (tier("0", "100", "0.10", start=new), tier("100", None, "0.20", start=new))
    found = reckon(ABC, terms(*TIERS, *later), LATEST)
    assert short(found.lines) == [
        ("A", TIER, "60000.00", "4800.00"),  # by the old plan, 8 %
        ("B", TIER, "40000.00", "4000.00"),  # by the new one from its first day on, 10 %, from 60,000 on
        ("B", TIER, "15000.00", "3000.00"),  # 20 % × 15,000
        ("C", TIER, "45000.00", "9000.00"),  # 20 % × 45,000
    ]
    back = reckon([*ABC, reopened("A", "2026-12-10")], terms(*TIERS, *later), LATEST)
    assert short(back.lines)[4:] == [
        ("A-back", CLAWBACK, "-60000.00", "-4800.00"),
        # B and C alone: 10 % × 55,000 + 10 % × 45,000 = 10,000 against 16,000
        ("A-back", ADJUSTMENT, None, "-6000.00"),
    ]


def test_the_plan_of_an_event_is_that_of_its_day_in_the_workspace() -> None:
    steps = (flat(Event.WON, "0.10"), flat(Event.WON, "0.20", start=date(2026, 11, 1)))
    events = [
        earned("A", 100, datetime(2026, 10, 31, 22, 59, tzinfo=UTC)),  # 23:59 in Berlin, winter time
        earned("B", 100, datetime(2026, 10, 31, 23, 0, tzinfo=UTC)),
    ]
    assert [line[3] for line in short(reckon(events, terms(*steps), LATEST).lines)] == ["10.00", "20.00"]


def test_the_year_ends_where_the_workspace_is() -> None:
    late = earned("A", 100, datetime(2027, 1, 1, 7, 30, tzinfo=UTC))  # 23:30 on 31 Dec in Los Angeles
    assert {line.period for line in reckon([late], terms(), LATEST).lines} == {"2027-Q1"}


def test_who_moves_to_another_role_goes_on_where_they_were() -> None:
    steps = (*TIERS, tier("0", "100", "0.02", role=Role.CSM), tier("100", None, "0.04", role=Role.CSM))
    found = reckon([A, replace(B, role=Role.CSM), C], terms(*steps), LATEST)
    assert short(found.lines) == [
        ("A", TIER, "60000.00", "4800.00"),
        ("B", TIER, "40000.00", "800.00"),  # 2 % × 40,000
        ("B", TIER, "15000.00", "600.00"),  # 4 % × 15,000
        ("C", TIER, "35000.00", "4200.00"),  # an AE's again, from 115,000 on
        ("C", TIER, "10000.00", "1500.00"),
    ]


def test_who_moves_to_another_team_with_another_quota_is_measured_by_the_periods_one() -> None:
    # 43 of 65 days at 120,000 and 22 at 60,000: 79,384.62 + 20,307.69 = 99,692.31
    found = reckon(ABC[:2], terms(quota="99692.31"), LATEST)
    assert short(found.lines)[1:] == [
        ("B", TIER, "39692.31", "3175.38"),  # 8 % × (99,692.31 − 60,000) = 3,175.3848
        ("B", TIER, "15307.69", "1836.92"),  # 12 % × (115,000 − 99,692.31) = 1,836.9228
    ]


# Coins and calendars


@pytest.mark.parametrize(
    ("currency", "value", "rate", "amount"),
    [
        ("EUR", "250.50", "0.05", "12.52"),  # 12.525, the half to the even cent
        ("EUR", "251.50", "0.05", "12.58"),  # 12.575
        ("JPY", "2470", "0.05", "124"),  # 123.5
        ("JPY", "2450", "0.05", "122"),  # 122.5
        ("BHD", "24.690", "0.05", "1.234"),  # 1.2345
        ("BHD", "24.710", "0.05", "1.236"),  # 1.2355
    ],
)
def test_a_line_is_rounded_half_even_to_the_coin_and_its_mirror_alike(
    currency: str, value: str, rate: str, amount: str
) -> None:
    deal = earned("A", money(value, currency))
    for step in (flat(Event.WON, rate), tier("0", None, rate)):
        found = reckon([deal, reopened("A", "2026-10-06")], terms(step, currency=currency), LATEST)
        assert [line[3] for line in short(found.lines)] == [amount, f"-{amount}"]


def test_the_bound_of_a_band_is_an_amount_of_money() -> None:
    # 33.335 % of 100.01 = 33.3383335, to the cent 33.34
    found = reckon(
        [earned("A", 50)], terms(tier("0", "33.335", "0.1"), tier("33.335", None, "0.2"), quota="100.01"), LATEST
    )
    assert short(found.lines) == [
        ("A", TIER, "33.34", "3.33"),  # 3.334
        ("A", TIER, "16.66", "3.33"),  # 3.332
    ]


def test_a_fiscal_year_from_february_has_its_own_quarters() -> None:
    february = partial(quarter_of, first_month=2)
    by = terms(period_of=february, periods=("FY2028-Q4", "FY2029-Q1"))
    events = [earned("A", 60_000, "2028-01-31"), earned("B", 55_000, "2028-02-29"), earned("C", 45_000, "2028-04-30")]
    found = reckon(events, by, LATEST)
    assert [(line.period, *line_short) for line, line_short in zip(found.lines, short(found.lines), strict=True)] == [
        ("FY2028-Q4", "A", TIER, "60000.00", "4800.00"),
        ("FY2029-Q1", "B", TIER, "55000.00", "4400.00"),  # begins anew: 8 % × 55,000
        ("FY2029-Q1", "C", TIER, "45000.00", "3600.00"),  # 8 % × 45,000, to the bound exactly
    ]


@pytest.mark.parametrize(
    ("day", "first_month", "first", "last", "name"),
    [
        (date(2026, 11, 18), 1, date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        (date(2026, 11, 18), 7, date(2026, 10, 1), date(2026, 12, 31), "FY2027-Q2"),
        (date(2028, 2, 29), 2, date(2028, 2, 1), date(2028, 4, 30), "FY2029-Q1"),
        (date(2028, 2, 29), 12, date(2027, 12, 1), date(2028, 2, 29), "FY2028-Q1"),
        (date(2027, 1, 31), 2, date(2026, 11, 1), date(2027, 1, 31), "FY2027-Q4"),
    ],
)
def test_a_quarter_has_its_days(day: date, first_month: int, first: date, last: date, name: str) -> None:
    found = quarter_of(day, first_month)
    assert (found.first, found.last, found.name) == (first, last, name)
    assert quarter_of(found.first, first_month) == quarter_of(found.last, first_month) == found


def test_a_rate_of_the_finest_kind_is_exact() -> None:
    assert total(reckon([earned("A", 100_000)], terms(flat(Event.WON, "0.07625")), LATEST).lines) == "7625.00"
    assert Decimal("0.07625") * 100_000 == 7625


def test_wins_and_renewals_climb_their_own_tiers() -> None:
    """And a win that is taken back moves no renewal."""
    renewals = tuple(replace(step, event=Event.RENEWED) for step in TIERS)
    by = terms(*TIERS, *renewals)
    by = replace(by, quotas={**by.quotas, ("2026-Q4", Event.RENEWED): money(50_000)})
    renewed = earned("N", 60_000, "2026-10-20", event=Event.RENEWED)
    found = reckon([A, renewed, B, reopened("A", "2026-12-10")], by, LATEST)
    assert short(found.lines)[1:] == [
        ("N", TIER, "50000.00", "4000.00"),  # 8 % × 50,000
        ("N", TIER, "10000.00", "1200.00"),  # 12 % × 10,000
        ("B", TIER, "40000.00", "3200.00"),
        ("B", TIER, "15000.00", "1800.00"),
        ("A-back", CLAWBACK, "-60000.00", "-4800.00"),
        ("A-back", ADJUSTMENT, None, "-600.00"),  # f(55,000) − 5,000 = 4,400 − 5,000
    ]
    assert found.attained == {("2026-Q4", Event.WON): money(55_000), ("2026-Q4", Event.RENEWED): money(60_000)}


def test_operations_are_asked_only_for_a_quota_that_something_would_be_paid_by() -> None:
    tiers_of_renewals = tuple(replace(step, event=Event.RENEWED) for step in TIERS)
    assert reckon([A], terms(flat(Event.WON, "0.1"), *tiers_of_renewals, quota=None), LATEST).notices == ()
    assert reckon([earned("zero", 0)], terms(quota=None), LATEST).notices == ()
