"""What always holds of commission, whatever happened and in whatever order it came."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access.roles import Role
from bot.money import Money
from bot.pay.earned import Earned, LineKind, Terms
from bot.pay.explained import explanation, notice
from bot.pay.period import Period
from bot.pay.plan import Event, Kind, Step
from bot.pay.rules import Reckoned, reckon
from bot.pay.statement import statement
from bot.words import LANGUAGES, words_for
from tests.bot.pay.desk import CALENDAR, LATEST, Q1, Q3, Q4, TIERS, at, earned, fixed, flat, paid, terms, tier

CURRENCIES = ("JPY", "EUR", "BHD")
RATES = st.integers(0, 30_000).map(lambda n: Decimal(n).scaleb(-5))
DAYS = st.integers(0, 320)
FIRST = at("2026-07-01")


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Step, ...]:
    """One to four tiers, end to end, from 0 on; the last without an end."""
    bounds = ["0", *(str(n) for n in sorted(draw(st.sets(st.integers(1, 200), max_size=3)))), None]
    return tuple(tier(lower or "0", upper, str(draw(RATES))) for lower, upper in pairwise(bounds))


@st.composite
def histories(draw: st.DrawFn) -> list[Earned]:
    """Wins, re-qualified leads and losses of most of a year, entered late or not, some of them taken back."""
    found = []
    for n in range(draw(st.integers(0, 9))):
        happened = FIRST + timedelta(days=draw(DAYS), hours=draw(st.integers(0, 23)))
        event = draw(st.sampled_from([Event.WON, Event.WON, Event.WON, Event.REQUALIFIED, Event.CHURNED]))
        value = None if event is Event.REQUALIFIED else Money("EUR", draw(st.integers(0, 15_000_000)))
        recorded = happened + timedelta(days=draw(st.sampled_from([0, 0, 0, 3, 40, 120])))
        found.append(earned(f"E{n}", value, happened, event=event, recorded=recorded))
    for n, of in enumerate(draw(st.lists(st.sampled_from(found), max_size=5) if found else st.just([]))):
        happened = of.happened_at + timedelta(days=draw(st.integers(0, 150)))
        recorded = max(happened, of.recorded_at) + timedelta(days=draw(st.sampled_from([0, 0, 5, 60])))
        event = draw(st.sampled_from([Event.REOPENED, Event.CHURNED]))
        found.append(earned(f"R{n}", None, happened, event=event, recorded=recorded, reverses=of.id))
    return found


def by(draw_tiers: tuple[Step, ...] = TIERS, quota: int = 100_000, window: int = 90) -> Terms:
    """Terms with every kind of step."""
    steps = (*draw_tiers, flat(Event.WON, "0.0123"), fixed(Event.REQUALIFIED, "150"), fixed(Event.CHURNED, "-70"))
    return terms(*steps, quota=quota, window=window)


def with_paid(events: list[Earned], of: Terms) -> Terms:
    """The same with two quarters paid, each as it was when it was closed."""
    for period, day in ((Q3, "2026-10-15"), (Q4, "2027-01-15")):
        of = replace(of, paid={**of.paid, period.name: paid(events, of, period, day)})
    return of


def amount(found: Reckoned, *kinds: LineKind) -> int:
    """Minor units of all lines, or of some kinds."""
    return sum(line.amount.minor for line in found.lines if not kinds or line.kind in kinds)


@given(histories(), tiers())
def test_the_lines_of_all_statements_are_all_lines_and_each_total_is_their_sum(
    events: list[Earned], steps: tuple[Step, ...]
) -> None:
    of = with_paid(events, by(steps))
    whole = reckon(events, of, LATEST)
    statements = [statement(events, of, period, LATEST) for period in _periods(8)]
    assert sorted(line.id for each in statements for line in each.lines) == sorted(line.id for line in whole.lines)
    assert len({line.id for line in whole.lines}) == len(whole.lines)
    assert sum(each.total.minor for each in statements) == amount(whole)
    for before, each in pairwise(statements):
        assert each.total.minor == sum(line.amount.minor for line in each.lines)
        assert each.brought == before.carried
        assert each.due + each.carried == each.brought + each.total
        assert each.due.minor >= 0 >= each.carried.minor
        assert each.due.minor == 0 or each.carried.minor == 0


@given(histories(), tiers(), st.data())
def test_the_order_of_delivery_and_repeats_change_nothing(
    events: list[Earned], steps: tuple[Step, ...], data: st.DataObject
) -> None:
    of = with_paid(events, by(steps))
    others = [*data.draw(st.permutations(events)), *events[:2]]
    assert reckon(others, of, LATEST) == reckon(events, of, LATEST)
    rows = [replace(each) for each in events]  # as they come out of a table
    assert reckon(iter(rows), of, LATEST) == reckon(events, of, LATEST)


@given(histories(), DAYS)
def test_what_is_recorded_later_changes_no_answer_about_before(events: list[Earned], day: int) -> None:
    then = FIRST + timedelta(days=day)
    of = with_paid(events, by())
    known = [each for each in events if each.recorded_at <= then]
    assert reckon(events, of, then) == reckon(known, of, then)
    closed = {name: each for name, each in of.paid.items() if each.at <= then}
    assert reckon(events, of, then) == reckon(known, replace(of, paid=closed), then)


@given(histories(), tiers())
def test_a_paid_statement_is_as_it_was_paid_for_ever(events: list[Earned], steps: tuple[Step, ...]) -> None:
    of = with_paid(events, by(steps))
    for at_that_time, later in ((of.paid[Q3.name].at, LATEST), (of.paid[Q4.name].at, LATEST)):
        period = Q3 if at_that_time == of.paid[Q3.name].at else Q4
        assert statement(events, of, period, later).lines == statement(events, of, period, at_that_time).lines
    edited = replace(of, plans=by(steps, quota=1).plans, quotas={}, window=0)
    assert statement(events, edited, Q3, LATEST).lines == statement(events, of, Q3, LATEST).lines


@given(histories(), tiers())
def test_what_was_paid_once_is_never_taken_back_twice(events: list[Earned], steps: tuple[Step, ...]) -> None:
    of = with_paid(events, by(steps))
    found = reckon(events, of, LATEST).lines
    taken = {each.id: each.reverses for each in events}
    for each in events:
        mirrors = [line for line in found if line.kind is LineKind.CLAWBACK and taken[line.earned] == each.id]
        own = [line for line in found if line.earned == each.id and line.kind in {"fixed", "flat", "tier"}]
        if mirrors:
            assert [(line.step, -line.amount) for line in mirrors] == [(line.step, line.amount) for line in own]


@given(histories(), tiers())
def test_in_open_periods_what_was_taken_back_is_as_if_it_had_never_been(
    events: list[Earned], steps: tuple[Step, ...]
) -> None:
    of = by(steps, window=10_000)
    gone = {each.reverses for each in events if each.reverses}
    left = [each for each in events if each.id not in gone and not each.reverses]
    whole, rest = reckon(events, of, LATEST), reckon(left, of, LATEST)
    for period in _periods(8):
        kept = [sum(line.amount.minor for line in found.lines if line.period == period.name) for found in (whole, rest)]
        assert kept[0] == kept[1]
    assert {key: value for key, value in whole.attained.items() if value} == {
        key: value for key, value in rest.attained.items() if value
    }


VALUES = st.lists(st.integers(0, 20_000_000), min_size=1, max_size=8)


def wins(values: list[int], currency: str = "EUR") -> list[Earned]:
    """Deals of so many minor units, one a day."""
    when = at("2026-10-01")
    return [earned(f"E{n}", Money(currency, value), when + timedelta(days=n)) for n, value in enumerate(values)]


def f(steps: tuple[Step, ...], quota: Money, value: Money) -> Fraction:
    """What tiers pay for an attained value, in minor units and not rounded; written once more, band by band."""
    pays = Fraction(0)
    for step in steps:
        lower = quota.times((step.lower or Decimal(0)) / 100).minor
        upper = value.minor if step.upper is None else min(value.minor, quota.times(step.upper / 100).minor)
        pays += max(0, upper - lower) * Fraction(step.rate or 0)
    return pays


@given(VALUES, tiers(), st.sampled_from(CURRENCIES))
def test_tiers_pay_f_of_the_attained_value_within_half_a_coin_a_line(
    values: list[int], steps: tuple[Step, ...], currency: str
) -> None:
    of = terms(*steps, currency=currency)
    found = reckon(wins(values, currency), of, LATEST)
    exact = f(steps, of.quotas["2026-Q4", Event.WON], Money(currency, sum(values)))
    assert abs(amount(found) - exact) <= Fraction(len(found.lines), 2)
    assert sum(line.base.minor for line in found.lines if line.base) == sum(values)  # the bands leave no cent out


@given(VALUES, tiers(), st.integers(0, 10_000_000))
def test_tiers_are_monotone(values: list[int], steps: tuple[Step, ...], more: int) -> None:
    """One more deal, or a larger last one, never pays less; nor does a deal more than the highest rate of it."""
    of = terms(*steps)
    before, after = (amount(reckon(wins(each), of, LATEST)) for each in (values, [*values, more]))
    larger = amount(reckon(wins([*values[:-1], values[-1] + more]), of, LATEST))
    highest = max(Fraction(step.rate or 0) for step in steps)
    assert before <= after
    assert before <= larger
    assert after - before <= highest * more + Fraction(len(steps), 2)


@given(st.integers(0, 10**9), st.integers(0, 10**9), RATES, st.sampled_from(CURRENCIES))
def test_a_deal_in_two_parts_pays_the_same_flat_rate_within_one_coin(
    one: int, other: int, rate: Decimal, currency: str
) -> None:
    """Each line is rounded by itself: three roundings of at most half a coin each, and whole coins, make one at most.

    Where the parts come to whole coins there is no difference.
    """
    of = terms(flat(Event.WON, str(rate)), currency=currency)
    apart, whole = (amount(reckon(wins(each, currency), of, LATEST)) for each in ([one, other], [one + other]))
    assert abs(apart - whole) <= 1
    if one * rate % 1 == 0:
        assert apart == whole


@pytest.mark.parametrize(("one", "other", "difference"), [(50, 50, -1), (150, 150, 1), (50, 150, 0)])
def test_that_coin_is_real(one: int, other: int, difference: int) -> None:
    """At 1 %: 0.5 + 0.5 are 0 and 0 against 1; 1.5 + 1.5 are 2 and 2 against 3; 0.5 + 1.5 are 0 and 2 against 2."""
    of = terms(flat(Event.WON, "0.01"))
    apart, whole = (amount(reckon(wins(each), of, LATEST)) for each in ([one, other], [one + other]))
    assert apart - whole == difference


@given(histories(), st.sampled_from([None, 100_000]))
def test_everything_can_be_said_in_both_languages(events: list[Earned], quota: int | None) -> None:
    of = with_paid(events, replace(by(), plans=terms(*TIERS, quota=quota).plans))
    of = of if quota else replace(of, quotas={})
    strangers = [replace(each, role=Role.CSM, id=f"{each.id}-csm", reverses=None) for each in events[:2]]
    for period in (Q3, Q4, Q1):
        found = statement([*events, *strangers], of, period, LATEST)
        for words in map(words_for, LANGUAGES):
            texts = [explanation(words, line) for line in found.lines] + [notice(words, each) for each in found.notices]
            assert not [text for text in texts if re.search(r"pay\.\w+\.|[{}]", text)]


def test_an_open_tier_has_its_words() -> None:
    events = [earned("A", 10_000), earned("late", 100, "2026-07-01", recorded="2026-11-01")]
    of = terms(tier("0", None, "0.1"))
    of = replace(of, paid={Q3.name: paid([], of, Q3, "2026-10-15")})
    late, own = reckon(events, of, LATEST).lines
    assert explanation(words_for("en"), own).endswith("the part above 0 % of the quota.")
    assert explanation(words_for("en"), late).endswith(
        "It counts in 2026-Q3, which had been paid before this was entered."
    )
    assert {Kind(line.kind) for line in (late, own)} == {Kind.TIER}


def _periods(n: int) -> list[Period]:
    found = [CALENDAR(FIRST.date())]
    while len(found) < n:
        found.append(CALENDAR(found[-1].last + timedelta(days=1)))
    return found
