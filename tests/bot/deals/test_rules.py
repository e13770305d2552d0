"""The rules of deals: figures out of the rows of changes, and days of months."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deals.rules import Change, Concern, as_of, concern, entered, months_later, next_notice, notice_on
from bot.deals.states import CLOSED, MOVES, PIPELINE, Stage, What

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def a_change(n: int, what: What, *, late: int = 0, **after: object) -> Change:
    """One that happened on the `n`th day, and was recorded `late` days after."""
    at = NOON + timedelta(days=n)
    return Change(n, what, {}, after, None, "U0DANA", at, at + timedelta(days=late))


OPENED = a_change(1, What.OPENED, stage="needs", amount=100, owner_id="U0DANA")
HISTORY = [
    OPENED,
    a_change(2, What.CHANGED, amount=200, close_on="2027-01-30"),
    a_change(3, What.CHANGED, stage="negotiation", late=4),
    a_change(4, What.WON, stage="won", amount=300, late=4),
]


@pytest.mark.parametrize(
    ("day", "amount", "stage"),
    [(1, 100, "needs"), (2, 200, "needs"), (4, 200, "needs"), (7, 200, "negotiation"), (8, 300, "won")],
)
def test_a_deal_as_it_was_known_on_a_day(day: int, amount: int, stage: str) -> None:
    found = as_of(HISTORY, NOON + timedelta(days=day))
    assert found is not None
    assert (found["amount"], found["stage"], found["owner_id"]) == (amount, stage, "U0DANA")


def test_before_it_was_recorded_there_was_no_deal() -> None:
    assert as_of(HISTORY, NOON) is None


@pytest.mark.parametrize(("stages", "found"), [
    (("needs", "won"), "needs demo concerns negotiation won"),
    (("requalify", "demo", "lost"), "requalify needs demo lost"),
    (("needs", "concerns", "demo", "negotiation"), "needs demo concerns negotiation"),
    (("negotiation", "won"), "negotiation won"),
    (("requalify", "lost"), "requalify lost"),
    (("needs", "won", "negotiation", "lost"), "needs demo concerns negotiation won lost"),
])  # fmt: skip
def test_a_skipped_stage_counts_as_entered(stages: tuple[str, ...], found: str) -> None:
    first, *others = stages
    history = [a_change(1, What.OPENED, stage=first)]
    history += [a_change(n, What.CHANGED, stage=stage) for n, stage in enumerate(others, 2)]
    assert " ".join(entered(history)) == found


def test_a_stage_is_entered_when_that_happened_and_counts_once_it_is_recorded() -> None:
    assert entered(HISTORY)[Stage.NEGOTIATION] == NOON + timedelta(days=3)
    assert Stage.NEGOTIATION not in entered(HISTORY, NOON + timedelta(days=6))
    assert entered(HISTORY)[Stage.DEMO] == NOON + timedelta(days=3)


@pytest.mark.parametrize(
    ("day", "months", "of_month", "found"),
    [
        ("2026-01-31", 1, None, "2026-02-28"),
        ("2028-01-31", 1, None, "2028-02-29"),
        ("2026-02-28", 1, 31, "2026-03-31"),
        ("2026-11-18", 12, None, "2027-11-18"),
        ("2028-02-29", 12, None, "2029-02-28"),
        ("2029-02-28", 36, 29, "2032-02-29"),
        ("2026-12-31", 2, None, "2027-02-28"),
        ("2026-03-31", -1, None, "2026-02-28"),
    ],
)
def test_months_clamp_and_keep_the_day_that_was_meant(day: str, months: int, of_month: int | None, found: str) -> None:
    assert months_later(date.fromisoformat(day), months, of_month) == date.fromisoformat(found)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_months_later_is_always_that_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day in {day.day, 28, 29, 30}
    assert months_later(later, 1, day.day).day >= later.day or later.day > 28


def test_notices_come_90_60_and_30_days_before() -> None:
    renewal = date(2027, 11, 18)
    days, at = [], date(2026, 11, 18)
    while found := next_notice(renewal, at):
        at, notice = found
        days.append(((renewal - at).days, notice))
    assert days == [(90, 90), (60, 60), (30, 30)]


@pytest.mark.parametrize(
    ("left", "notice"), [(91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (0, 30), (-1, None)]
)
def test_the_notice_that_stands_on_a_day(left: int, notice: int | None) -> None:
    assert notice_on(date(2027, 1, 1), date(2027, 1, 1) - timedelta(days=left)) == notice


def test_every_open_stage_leads_everywhere_and_what_is_closed_only_back() -> None:
    for stage in PIPELINE:
        assert MOVES[stage] == (set(PIPELINE) | CLOSED) - {stage}
    for stage in CLOSED:
        assert MOVES[stage] == set(PIPELINE)


TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("close_on", "step", "next_on", "found"),
    [
        ("2026-11-17", "send quote", "2026-11-24", Concern.PAST_DUE),
        ("2026-11-17", None, None, Concern.PAST_DUE),
        ("2026-11-18", None, None, Concern.NO_STEP),
        (None, "", None, Concern.NO_STEP),
        ("2027-01-30", "send quote", "2026-11-17", Concern.NO_STEP),
        ("2026-11-20", "send quote", "2026-11-18", Concern.STEP_TODAY),
        ("2026-11-18", "send quote", None, Concern.SOON),
        ("2026-12-02", "send quote", "2026-11-19", Concern.SOON),
        ("2026-12-03", "send quote", "2026-11-19", None),
        (None, "send quote", None, None),
    ],
)
def test_why_a_deal_is_looked_at(close_on: str | None, step: str | None, next_on: str | None, found: object) -> None:
    days = [date.fromisoformat(each) if each else None for each in (close_on, next_on)]
    assert concern(days[0], step, days[1], TODAY) is found


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 400))
def test_a_deal_presses_more_the_longer_nothing_is_done(close_on: date, later: int) -> None:
    order = [*Concern, None]
    now, then = (concern(close_on, "call", close_on, TODAY + timedelta(days=n)) for n in (0, later))
    assert order.index(then) <= order.index(now)
