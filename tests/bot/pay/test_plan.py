"""Plans: which one holds, what in one is nonsense, the standard ones, and the rows of a table that they stand in."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access.roles import Role
from bot.errors import Refused
from bot.pay import rows
from bot.pay.plan import PAID_FOR, Event, Kind, Plan, Step, paid_role, plan_on, plans_of, problems
from bot.pay.rules import reckon
from bot.pay.standard import standard_plans
from bot.pay.statement import on_target
from bot.words import LANGUAGES, words_for
from bot.workspace.rules import BASE_SHARES
from tests.bot.pay.desk import LATEST, START, TIERS, earned, fixed, flat, money, plans, terms, tier, total

NEW = date(2026, 11, 2)


def found(*steps: Step, currency: str = "EUR") -> list[str]:
    """What is wrong with a plan, and that both languages can say it."""
    refused = problems(plans(*steps), currency)
    assert all(words_for(language)(each.key, **each.params) for language in LANGUAGES for each in refused)
    assert all(each.params["role"] and each.params["start"] for each in refused)
    return [each.key.removeprefix("pay.problem.") for each in refused]


@pytest.mark.parametrize(
    ("day", "start"), [(date(2019, 12, 31), None), (START, START), (date(2026, 11, 1), START), (NEW, NEW)]
)
def test_the_plan_that_holds_is_the_last_to_start(day: date, start: date | None) -> None:
    known = plans(flat(Event.WON, "0.1", start=NEW), flat(Event.WON, "0.2"), flat(Event.WON, "0.3", role=Role.CSM))
    plan = plan_on(known, Role.AE, day)
    assert (plan and plan.start) == start


def test_steps_make_a_plan_for_each_role_and_day_in_the_order_of_the_table() -> None:
    steps = [flat(Event.WON, "0.1", start=NEW), *TIERS, fixed(Event.REQUALIFIED, "1", role=Role.SDR)]
    assert plans_of(steps) == (
        Plan(Role.SDR, START, (steps[-1],)),
        Plan(Role.AE, START, TIERS),
        Plan(Role.AE, NEW, (steps[0],)),
    )


@pytest.mark.parametrize(
    ("held", "event", "role"),
    [
        ([Role.CSM, Role.AE], Event.WON, Role.AE),  # the first of the table that pays for it
        ([Role.AE, Role.CSM], Event.RENEWED, Role.CSM),
        ([Role.SDR, Role.AE], Event.WON, Role.AE),  # an SDR is not paid for wins
        ([Role.OPS, Role.ADMIN], Event.WON, Role.OPS),  # nobody pays: seen as the lack of a plan
        ([], Event.WON, None),
    ],
)
def test_of_several_roles_one_earns(held: list[Role], event: Event, role: Role | None) -> None:
    known = plans(*TIERS, flat(Event.WON, "1", role=Role.CSM), flat(Event.RENEWED, "1", role=Role.CSM))
    assert paid_role(known, held, event, NEW) is role


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (TIERS[0], []),
        (replace(TIERS[0], lower=None), []),
        (tier("50", "120", "0.1"), []),  # a threshold, and an end
        (tier("100", None, "0.04"), []),
        (fixed(Event.WON, "0"), []),
        (flat(Event.WON, "1"), []),
        (flat(Event.WON, "0.07625"), []),
        (fixed(Event.CHURNED, "-50"), []),
        (fixed(Event.CHURNED, "0"), []),
        (flat(Event.CHURNED, "-0.01"), []),
        (replace(TIERS[0], amount=Decimal(5)), ["spare_amount"]),
        (replace(TIERS[0], rate=None), ["no_rate"]),
        (replace(flat(Event.WON, "0.1"), rate=None), ["no_rate"]),
        (replace(flat(Event.WON, "0.1"), amount=Decimal(5)), ["spare_amount"]),
        (replace(fixed(Event.WON, "5"), amount=None), ["no_amount"]),
        (replace(fixed(Event.WON, "5"), rate=Decimal("0.1")), ["spare_rate"]),
        (replace(fixed(Event.WON, "5"), lower=Decimal(0)), ["spare_bounds"]),
        (replace(flat(Event.WON, "0.1"), upper=Decimal(50)), ["spare_bounds"]),
        (fixed(Event.REOPENED, "5"), ["not_paid"]),
        (flat(Event.REQUALIFIED, "0.1"), ["no_value"]),
        (tier("0", None, "0.1", event=Event.REQUALIFIED), ["no_value"]),
        (tier("0", None, "-0.1", event=Event.CHURNED), ["churned_tier"]),
        (tier("-1", None, "0.1"), ["below_nothing"]),
        (tier("100", "100", "0.1"), ["upside_down"]),
        (tier("100", "99.999", "0.1"), ["upside_down"]),
        (replace(tier("0", "5", "0.1"), upper=Decimal(0)), ["upside_down"]),
        (tier("0", "33.3333", "0.1"), ["fine_bound"]),
        (flat(Event.WON, "-0.1"), ["negative"]),
        (fixed(Event.RENEWED, "-5"), ["negative"]),
        (fixed(Event.CHURNED, "50"), ["paid_loss"]),
        (flat(Event.CHURNED, "0.01"), ["paid_loss"]),
        (flat(Event.WON, "8"), ["high_rate"]),
        (flat(Event.CHURNED, "-1.01"), ["high_rate"]),
        (flat(Event.WON, "0.076255"), ["fine_rate"]),
        (fixed(Event.WON, "0.005"), ["no_coin"]),
    ],
)
def test_a_step_has_what_it_pays_by_and_nothing_else(step: Step, expected: list[str]) -> None:
    assert found(step) == expected


@pytest.mark.parametrize(("currency", "amount", "is_coin"), [("JPY", "150.5", False), ("BHD", "0.005", True)])
def test_an_amount_has_coins(currency: str, amount: str, is_coin: bool) -> None:
    assert found(fixed(Event.WON, amount), currency=currency) == ([] if is_coin else ["no_coin"])


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (TIERS, []),
        (TIERS[::-1], []),  # whatever their order
        ((tier("0", "100", "0.1"), tier("100", None, "0.1"), tier("0", None, "0.1", event=Event.RENEWED)), []),
        ((tier("0", "100", "0.1"), tier("110", None, "0.1")), ["gap"]),
        ((tier("0", "100", "0.1"), tier("90", None, "0.1")), ["overlap"]),
        ((tier("0", "100", "0.1"), tier("0", "100", "0.1")), ["overlap"]),
        ((tier("0", None, "0.1"), tier("100", None, "0.1")), ["endless"]),
        ((flat(Event.WON, "0.1"), fixed(Event.WON, "5"), *TIERS), []),
        ((flat(Event.WON, "0.1"), flat(Event.WON, "0.2")), ["twice"]),
        ((fixed(Event.WON, "5"), fixed(Event.WON, "5")), ["twice"]),
        ((fixed(Event.WON, "5"), fixed(Event.RENEWED, "5")), []),
    ],
)
def test_tiers_fit_end_to_end_and_nothing_stands_there_twice(steps: tuple[Step, ...], expected: list[str]) -> None:
    assert found(*steps) == expected


def test_a_role_has_one_plan_from_a_day() -> None:
    plan = Plan(Role.AE, START, TIERS)
    others = (replace(plan, start=NEW), replace(plan, role=Role.CSM))
    assert [each.key for each in problems((plan, *others), "EUR")] == []
    assert [each.key for each in problems((plan, *others, plan), "EUR")] == ["pay.problem.same_day"]


# The standard plans


def test_standard_plans_make_sense_and_are_there_for_every_role_with_a_variable_part() -> None:
    known = standard_plans(START)
    assert problems(known, "EUR") == ()
    assert {plan.role for plan in known} == {role for role, share in BASE_SHARES.items() if share < 100}


@pytest.mark.parametrize(
    ("role", "earnings", "year"),
    [
        (Role.SDR, 60_000, [*[(Event.REQUALIFIED, None)] * 80, (Event.ASSIST_WON, 900_000)]),  # 12,000 + 9,000
        (Role.MRR, 60_000, [*[(Event.REQUALIFIED, None)] * 80, (Event.ASSIST_WON, 900_000)]),
        (Role.AE, 90_000, [(Event.WON, 450_000)]),  # 8 % × 450,000 = 36,000
        (Role.SPECIALIST, 80_000, [(Event.WON, 1_200_000)]),  # 2 % × 1,200,000 = 24,000
        (Role.CSM, 72_000, [(Event.RENEWED, 900_000)]),  # 2 % × 900,000 = 18,000
        (Role.MANAGER, 120_000, [(Event.WON, 1_800_000)]),  # 2 % × 1,800,000 = 36,000
    ],
)
def test_on_target_a_standard_plan_pays_the_variable_part(
    role: Role, earnings: int, year: list[tuple[Event, int | None]]
) -> None:
    by = replace(terms(quota=450_000), plans=standard_plans(START))
    events = [earned(f"{n}", value, event=event, role=role) for n, (event, value) in enumerate(year)]
    variable = on_target(money(earnings), BASE_SHARES[role]).variable
    assert total(reckon(events, by, LATEST).lines) == str(variable.amount)


# Rows


def row(**cells: str) -> tuple[int, dict[str, str]]:
    """The third line of a file."""
    usual = {"role": "AE", "from": "2026-01-01", "kind": "flat", "event": "won", "rate": "0.08"}
    return 3, usual | {name.rstrip("_"): cell for name, cell in cells.items()}


@pytest.mark.parametrize(
    ("cells", "step"),
    [
        ({}, flat(Event.WON, "0.08", start=date(2026, 1, 1))),
        ({"rate": "8%"}, flat(Event.WON, "0.08", start=date(2026, 1, 1))),
        (
            {"rate": "8 %", "kind": "Flat", "role": " ae ", "event": "WON"},
            flat(Event.WON, "0.08", start=date(2026, 1, 1)),
        ),
        ({"rate": "7.625 %"}, flat(Event.WON, "0.07625", start=date(2026, 1, 1))),
        ({"kind": "tier", "lower": "100 %", "upper": ""}, tier("100", None, "0.08", start=date(2026, 1, 1))),
        ({"kind": "tier", "upper": "112.5"}, tier("0", "112.5", "0.08", start=date(2026, 1, 1))),
        (
            {"kind": "fixed", "event": "churned", "amount": "-1250.50", "rate": ""},
            fixed(Event.CHURNED, "-1250.50", start=date(2026, 1, 1)),
        ),
    ],
)
def test_a_row_is_a_step(cells: dict[str, str], step: Step) -> None:
    assert rows.read([row(**cells)]) == rows.Reading(plans_of([step]), ())


@pytest.mark.parametrize(
    ("cells", "field", "what", "said"),
    [
        ({"role": "Boss"}, "role", "unknown", "Line 3, role: Boss is not known. Write one of SDR, MRR, AE,"),
        ({"role": ""}, "role", "missing", "Line 3, role: nothing stands there. Write one of SDR"),
        ({"kind": "bonus"}, "kind", "unknown", "Write one of fixed, flat, tier."),
        ({"event": "reopened"}, "event", "unknown", "one of won, requalified, assist_won, renewed, churned."),
        ({"from_": "1.2.2026"}, "from", "no_day", "Line 3, from: 1.2.2026 is no date. Write it as 2026-12-31."),
        ({"from_": "2026-02-29"}, "from", "no_day", "2026-02-29 is no date."),
        ({"from_": "20260101"}, "from", "no_day", "20260101 is no date."),
        ({"from_": ""}, "from", "day_missing", "Line 3, from: nothing stands there."),
        ({"rate": "0,08"}, "rate", "no_part", "0,08 is no rate. Write 8 percent as 0.08 or 8%."),
        ({"rate": "NaN"}, "rate", "no_part", "NaN is no rate"),
        ({"rate": "%"}, "rate", "no_part", "% is no rate"),
        ({"rate": "8e-2"}, "rate", "no_part", "8e-2 is no rate"),
        ({"amount": "1 250"}, "amount", "no_number", "1 250 is no amount. Write it as 150 or 1250.50."),
        ({"amount": "5%"}, "amount", "no_number", "5% is no amount"),
        ({"lower": "all"}, "lower", "no_percent", "all is no percentage of the quota. Write it as 100 or 112.5."),
        ({"upper": "∞"}, "upper", "no_percent", "∞ is no percentage"),
        ({"upper": "9" * 70}, "upper", "no_percent", "9" * 59 + "… is no"),
    ],
)
def test_an_error_names_the_line_and_the_field_and_says_what_to_write(
    cells: dict[str, str], field: str, what: str, said: str
) -> None:
    reading = rows.read([row(**cells), row()])
    assert len(reading.plans[0].steps) == 1  # the other row
    [problem] = reading.problems
    assert (problem.key, problem.params["field"], problem.params["line"]) == (f"pay.problem.{what}", field, "3")
    assert said in words_for("en")(problem.key, **problem.params)
    assert words_for("ru")(problem.key, **problem.params).startswith(f"Строка 3, {field}:")


def test_every_cell_that_is_wrong_is_named() -> None:
    reading = rows.read([row(role="x", kind="y", rate="z"), (4, {})])
    assert [(each.params["line"], each.params["field"]) for each in reading.problems] == [
        *(("3", field) for field in ("role", "kind", "rate")),
        *(("4", field) for field in rows.REQUIRED),
    ]
    assert reading.plans == ()


def test_plans_are_written_as_plain_decimals() -> None:
    steps = (tier("0", "100.0", "0.080"), tier("100", None, "0.12"), fixed(Event.CHURNED, "-1E+2"))
    assert rows.write(plans(*steps)) == [
        ("AE", "2020-01-01", "tier", "won", "0", "100", "", "0.08"),
        ("AE", "2020-01-01", "tier", "won", "100", "", "", "0.12"),
        ("AE", "2020-01-01", "fixed", "churned", "", "", "-100", ""),
    ]


def _decimals(places: int, most: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(-most, most, places=places, allow_nan=False, allow_infinity=False)


@st.composite
def _steps(draw: st.DrawFn) -> Step:
    kind = draw(st.sampled_from(Kind))
    lower = draw(_decimals(3, 500)) if kind is Kind.TIER else draw(st.none() | _decimals(3, 500))
    return Step(
        draw(st.sampled_from(Role)),
        draw(st.dates(date(2000, 1, 1), date(2100, 1, 1))),
        kind,
        draw(st.sampled_from(PAID_FOR)),
        lower,
        draw(st.none() | _decimals(3, 500)),
        draw(st.none() | _decimals(3, 10**9)),
        draw(st.none() | _decimals(5, 2)),
    )


@given(st.lists(_steps(), max_size=8))
def test_what_is_written_is_read_as_it_was(steps: list[Step]) -> None:
    known = plans_of(steps)
    cells = [dict(zip(rows.COLUMNS, cells, strict=True)) for cells in rows.write(known)]
    assert rows.read(enumerate(cells, 2)) == rows.Reading(known, ())


@given(st.lists(_steps(), max_size=8))
def test_whatever_a_file_says_its_problems_can_be_told(steps: list[Step]) -> None:
    assert all(isinstance(each, Refused) for each in problems(plans_of(steps), "JPY"))
    found(*steps, currency="JPY")
