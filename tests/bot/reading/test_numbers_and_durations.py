"""Numbers and lengths of time as people type them."""

from decimal import Decimal

import pytest

from bot.reading.duration import Length, read_length
from bot.reading.numbers import read_number, whole
from bot.reading.text import read_line


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("24000", "24000"),
        ("24.000", "24000"),
        ("24,000", "24000"),
        ("1,5", "1.5"),
        ("1.50", "1.50"),
        ("1.2", "1.2"),
        ("24,000.50", "24000.50"),
        ("24.000,50", "24000.50"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("0.5", "0.5"),
        (".5", "0.5"),
        (",500", "0.5"),
    ],
)
def test_a_lone_separator_groups_before_three_digits_and_is_the_decimal_otherwise(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "a", "-5", "1.", ".", ".5.5", "1.2.3", "1,2,3.4", "12,34.5", "1 000", "½"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_number(typed) is None


def test_an_endless_figure_is_a_large_one() -> None:
    assert whole("9" * 5_000) == 10**9


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("15m", 15),
        ("15min", 15),
        ("15 min", 15),
        ("15-min", 15),
        ("90 minutes", 90),
        ("1h", 60),
        ("1 hour", 60),
        ("2hrs", 120),
        ("1h30", 90),
        ("1h30m", 90),
        ("1h 30m", 90),
        ("1 h 30 min", 90),
        ("1h 30", 90),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("1:30h", 90),
        ("half an hour", 30),
        ("15м", 15),
        ("20 мин", 20),
        ("20 мин.", 20),
        ("20 минут", 20),
        ("2ч", 120),
        ("2 часа", 120),
        ("1,5 ч", 90),
        ("1ч30", 90),
        ("1 ч 30 мин", 90),
        ("1 час 5 минут", 65),
        ("полчаса", 30),
        ("полтора часа", 90),
        ("час", 60),
        ("0.5m", 1),
        ("0m", 0),
        ("-5m", -5),
        ("-1 h", -60),
        ("25h", 1500),
        ("99999m", 99999),
        ("99999999999m", 10**6),
    ],
)
def test_lengths_are_read_as_they_were_typed(typed: str, minutes: int) -> None:
    words = [token.word for token in read_line(typed).tokens]

    assert read_length(words, 0) == Length(len(words), minutes)


@pytest.mark.parametrize("typed", ["90", "m", "15x", "1h75x", "3M2", "a15m", "1m30", "hour", "", "15:30", "1..5h"])
def test_what_is_no_length_is_none(typed: str) -> None:
    assert read_length([typed], 0) is None


@pytest.mark.parametrize(
    ("typed", "used"), [("1h 30 nov", 1), ("1h 5", 1), ("2 h acme", 2), ("1 h 30 acme", 2), ("15m 20m", 1)]
)
def test_a_length_ends_where_something_else_begins(typed: str, used: int) -> None:
    found = read_length(typed.split(), 0)

    assert found is not None
    assert found.used == used
