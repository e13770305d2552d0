"""Metrics, as people name them."""

import pytest

from bot.money import Money
from bot.quota.metrics import (
    CALLS,
    DEALS,
    MEETINGS,
    RENEWALS,
    REVENUE,
    SQLS,
    STANDARD,
    Metric,
    Named,
    Unit,
    read_metric,
)
from bot.reading.text import fold


@pytest.mark.parametrize(
    ("text", "metric", "used"),
    [
        ("revenue 120000 2026-Q4", REVENUE, 1),
        ("Выручка 120 000", REVENUE, 1),
        ("deals", DEALS, 1),
        ("сделки", DEALS, 1),
        ("won deals 5", DEALS, 2),
        ("meetings", MEETINGS, 1),
        ("встречи", MEETINGS, 1),
        ("SQLs", SQLS, 1),
        ("подтверждённые лиды 4", SQLS, 2),
        ("calls 200 W48", CALLS, 1),
        ("звонков", CALLS, 1),
        ("renewals", RENEWALS, 1),
        ("продления", RENEWALS, 1),
    ],
)
def test_a_metric_is_named_in_english_or_russian(text: str, metric: Metric, used: int) -> None:
    assert read_metric(fold(text).split()) == Named(used, metric)


def test_every_standard_metric_is_named_by_its_code() -> None:
    assert [read_metric([metric.code]) for metric in STANDARD] == [Named(1, metric) for metric in STANDARD]
    assert [metric.code for metric in STANDARD] == ["revenue", "deals", "meetings", "sqls", "calls", "renewals"]


def test_a_workspace_adds_its_own() -> None:
    pilots, big = Metric("pilots"), Metric("deals over 50k", Unit.MONEY)
    own = {"Pilots": pilots, "Deals over  50k": big, "calls": Metric("other")}
    assert read_metric(["pilots"], own=own) == Named(1, pilots)
    assert read_metric(["set", "deals", "over", "50k"], 1, own) == Named(3, big)  # the longest name first
    assert read_metric(["deals", "over"], own=own) == Named(1, DEALS)
    assert read_metric(["calls"], own=own) == Named(1, CALLS)


@pytest.mark.parametrize("words", [[], ["pilots"], [""], ["120000"]])
def test_other_words_name_none(words: list[str]) -> None:
    assert read_metric(words) is None


def test_money_and_counts_are_told_apart() -> None:
    assert (REVENUE.money(12_050, "EUR"), CALLS.money(40, "EUR")) == (Money("EUR", 12_050), None)
    assert (REVENUE.least, CALLS.least) == (0, 1)
    assert [metric.unit for metric in STANDARD].count(Unit.MONEY) == 1
