"""Money is exact, in the coins of its currency, and never two currencies at once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money import Money, digits
from bot.words import words_for


@pytest.mark.parametrize(("currency", "expected"), [("JPY", 0), ("EUR", 2), ("USD", 2), ("RUB", 2), ("BHD", 3)])
def test_a_currency_has_its_own_number_of_digits(currency: str, expected: int) -> None:
    assert digits(currency) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.525", "EUR", 1252),  # a half goes to the even cent
        ("12.575", "EUR", 1258),
        ("-12.525", "EUR", -1252),  # below nothing as above it
        ("123.5", "JPY", 124),
        ("122.5", "JPY", 122),
        ("1.2345", "BHD", 1234),
        ("1.2355", "BHD", 1236),
    ],
)
def test_an_amount_is_rounded_half_even_to_the_minor_unit(amount: str, currency: str, minor: int) -> None:
    assert Money.of(Decimal(amount), currency) == Money(currency, minor)


def test_a_part_is_rounded_once() -> None:
    assert Money("EUR", 2499999).times(Decimal("0.6")) == Money("EUR", 1499999)
    assert Money("EUR", 10001).times(Decimal("0.5")) == Money("EUR", 5000)


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="EUR and USD"):
        Money("EUR", 1) + Money("USD", 1)


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15), st.sampled_from(["JPY", "EUR", "BHD"]))
def test_money_adds_up_and_back(one: int, other: int, currency: str) -> None:
    first, second = Money(currency, one), Money(currency, other)
    assert first + second - second == first
    assert Money.of(first.amount, currency) == first
    assert bool(first) == (one != 0)


@pytest.mark.parametrize(
    ("language", "money", "exact", "rounded"),
    [
        ("en", Money("USD", 2400050), "24,000.50 USD", "24,000 USD"),
        ("ru", Money("RUB", 2400050), "24 000,50 RUB", "24 000 RUB"),
        ("en", Money("JPY", -1240), "-1,240 JPY", "-1,240 JPY"),
        ("ru", Money("BHD", 1500), "1,500 BHD", "2 BHD"),
        ("en", Money("EUR", 0), "0.00 EUR", "0 EUR"),
    ],
)
def test_money_is_shown_in_the_form_of_the_reader(language: str, money: Money, exact: str, rounded: str) -> None:
    words = words_for(language)
    plain = [words.money(money).replace("\u00a0", " "), words.money(money, rounded=True).replace("\u00a0", " ")]
    assert plain == [exact, rounded]
