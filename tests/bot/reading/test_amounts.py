"""Amounts as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.amounts import CURRENCIES, fits, read_amount
from bot.reading.text import read_line


def words(line: str) -> list[str]:
    return [token.spoken for token in read_line(line).tokens]


@pytest.mark.parametrize(("line", "value", "used"), [
    ("24000", "24000", 1), ("24k", "24000", 1), ("24к€", "24000", 1), ("24 k€", "24000", 2), ("24 k €", "24000", 3),
    ("€24,000", "24000", 1), ("€ 24,000", "24000", 2), ("24.000", "24000", 1), ("24 000,50", "24000.50", 2),
    ("24\u00a0000,50", "24000.50", 2), ("24\u202f000.50 €", "24000.50", 3), ("1,5 млн", "1500000.0", 2),
    ("1.2m", "1200000.0", 1), ("1,5 млн. руб.", "1500000.0", 3), ("24 тыс", "24000", 2), ("24 тыс. евро", "24000", 3),
    ("24тыс", "24000", 1), ("24 тысячи", "24000", 2), ("1 000 000", "1000000", 3), ("1,000,000", "1000000", 1),
    ("1.234,56", "1234.56", 1), ("1,234.56", "1234.56", 1), ("24'000", "24000", 1), ("24'000.50", "24000.50", 1),
    ("24000.123", "24000.123", 1), ("0", "0", 1), ("0,5k", "500.0", 1), ("-5000", "-5000", 1), ("−5000", "-5000", 1),
    ("€-5000", "-5000", 1), ("-€5k", "-5000", 1), ("EUR 24000", "24000", 2), ("24000 eur", "24000", 2),
    ("24keur", "24000", 1), ("2bn", "2000000000", 1), ("24000€", "24000", 1), ("24 30", "24", 1),
    ("24000 000", "24000", 1), ("24 000 000 000", "24000000000", 4), (".5m", "500000.0", 1), ("500р", "500", 1),
    ("1 млн €", "1000000", 3), ("24.50", "24.50", 1), ("24,5", "24.5", 1), ("100kr", "100", 1),
])  # fmt: skip
def test_an_amount(line: str, value: str, used: int) -> None:
    found = read_amount(words(line), 0)
    assert found is not None
    assert (found.value, found.used) == (Decimal(value), used)


@pytest.mark.parametrize(
    "line", ["", "acme", "14:30", "2026-11-18", "30th", "20%", "24h", "€", "k", "24kk", "a24", "3m€x"]
)
def test_what_is_none(line: str) -> None:
    assert read_amount([*words(line), ""], 0) is None


@pytest.mark.parametrize("line", ["1.2.3,4,5", "1,2,3", "24''000", "€24$"])
def test_what_looks_like_one_and_cannot_be_read(line: str) -> None:
    found = read_amount(words(line), 0)
    assert found is not None
    assert found.value is None


@pytest.mark.parametrize(("line", "currency", "is_it"), [
    ("24k", "EUR", True), ("24k€", "EUR", True), ("$24k", "EUR", False), ("$24k", "USD", True), ("$24k", "CAD", True),
    ("24 usd", "CAD", False), ("24 руб", "RUB", True), ("24 руб", "EUR", False), ("£5", "GBP", True),
    ("kr 5", "SEK", True), ("us$5", "CAD", False), ("24 долларов", "USD", True), ("5 chf", "CHF", True),
    ("5 chf", "EUR", False),
])  # fmt: skip
def test_the_currency_that_was_said(line: str, currency: str, is_it: bool) -> None:
    found = read_amount(words(line), 0)
    assert found is not None
    assert fits(found, currency) is is_it


@pytest.mark.parametrize(("line", "was"), [
    ("24.000", True), ("24,000", True), ("24000", False), ("24.000,50", False), ("24,00", False), ("24.000k", False),
    ("1.000.000", False), ("24 000", False),
])  # fmt: skip
def test_a_lone_separator_is_said(line: str, was: bool) -> None:
    found = read_amount(words(line), 0)
    assert found is not None
    assert found.was_grouped is was


PARTS = st.sampled_from(
    [*CURRENCIES, "24", "000", "1,5", "24.000", "k", "тыс", "-", "-5", "'", ".", "m€", "9" * 40, "x"]
)


@given(st.lists(PARTS | st.text(max_size=4), min_size=1, max_size=6))
def test_every_line_has_a_reading(parts: list[str]) -> None:
    said = words(" ".join(parts))
    for at in range(len(said)):
        found = read_amount(said, at)
        assert found is None or 1 <= found.used <= len(said) - at
