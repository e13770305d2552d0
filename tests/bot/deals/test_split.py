"""Shares of one deal: what they may be, and who is credited with what."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deals.split import MOST, by_person, checked, credited
from bot.errors import Refused
from bot.money import Money
from bot.words import words_for
from tests.bot.pay.desk import money


@pytest.mark.parametrize(
    ("value", "shares", "expected"),
    [
        (money("24999.99"), {"ben": "40"}, ["14999.99", "10000.00"]),  # 14,999.994 and 9,999.996
        (money("100.01"), {"ben": "50"}, ["50.01", "50.00"]),  # 50.005 each, half to even, a cent left
        (money("0.01"), {"ben": "30", "cem": "60"}, ["0.00", "0.00", "0.01"]),
        (money("0.02"), {"ben": "33", "cem": "33"}, ["0.00", "0.01", "0.01"]),  # 0.0066 each: 0.01
        (money(100, "JPY"), {"ben": "33", "cem": "66"}, ["1", "33", "66"]),
        (money("-100.01"), {"ben": "50"}, ["-50.01", "-50.00"]),
        (money("100.01"), {"ben": "33.33"}, ["66.68", "33.33"]),  # 33.333333, 66.676667
        (money("100.01"), None, ["100.01"]),
    ],
)
def test_shares_are_rounded_and_the_owner_has_the_remainder(
    value: Money, shares: dict[str, str] | None, expected: list[str]
) -> None:
    found = credited(value, shares, "ana")
    assert [str(each.amount) for each in found.values()] == expected
    assert next(iter(found)) == "ana"


SOME = st.lists(st.decimals("0.01", "19.99", places=2), max_size=MOST)


@given(st.integers(-(10**9), 10**9), SOME, st.sampled_from(["JPY", "EUR", "BHD"]))
def test_shares_add_up_to_the_coin(minor: int, others: list[Decimal], currency: str) -> None:
    kept = checked([(f"U{n}", share) for n, share in enumerate(others)], "me")
    found, whole = credited(Money(currency, minor), kept, "me"), Money(currency, minor)
    assert sum(each.minor for each in found.values()) == minor
    assert all(found[f"U{n}"] == whole.times(share / 100) for n, share in enumerate(others))
    assert sum(by_person(kept, "me").values()) == 100
    exact = whole.amount * by_person(kept, "me")["me"] / 100
    assert abs(found["me"].amount - exact) <= Money(currency, len(others)).amount  # half a coin for each other share


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ([("ben", "100")], "over"),  # the owner keeps something: else it is the other's deal
        ([("ben", "60"), ("cem", "40.01")], "over"),
        ([("ben", "0")], "none"),
        ([("ben", "-10")], "none"),
        ([("ben", "33.333")], "fine"),
        ([("ana", "40")], "owner"),
        ([("ben", "10"), ("ben", "20")], "twice"),
        ([(f"U{n}", "1") for n in range(MOST + 1)], "many"),
    ],
)
def test_what_no_share_can_be(said: list[tuple[str, str]], what: str) -> None:
    with pytest.raises(Refused) as refused:
        checked([(person, Decimal(share)) for person, share in said], "ana")
    assert refused.value.key == f"deals.split.{what}"
    for language in ("en", "ru"):
        assert words_for(language)(refused.value.key, **refused.value.params)


def test_a_share_is_kept_as_it_is_typed() -> None:
    assert checked([("ben", Decimal("40.00")), ("cem", Decimal("20"))], "ana") == {"ben": "40", "cem": "20"}
    assert checked([], "ana") == {}
