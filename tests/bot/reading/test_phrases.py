"""Tables of phrases: the longest that stands at a place, and what one slip makes of one."""

import pytest

from bot.reading.phrases import close_to, phrase_at, phrases

TABLE = phrases({"role": "role, Role Card, роль", "list": "list, СПИСОК, ещё"})


@pytest.mark.parametrize(
    ("words", "at", "found"),
    [
        (["role"], 0, ("role", 1)),
        (["role", "card", "ae"], 0, ("role", 2)),
        (["a", "список"], 1, ("list", 1)),
        (["еще"], 0, ("list", 1)),
        (["card"], 0, None),
        (["role", ""], 0, ("role", 1)),
        ([""], 0, None),
        ([], 0, None),
        (["role"], 3, None),
    ],
)
def test_the_longest_phrase_at_a_place_is_found(words: list[str], at: int, found: tuple[str, int] | None) -> None:
    assert phrase_at(TABLE, words, at) == found


@pytest.mark.parametrize(
    ("word", "close"),
    [("lst", "list"), ("lists", "list"), ("lsit", "list"), ("спсок", "список"), ("loost", None), ("li", None)],
)
def test_one_slip_is_forgiven(word: str, close: str | None) -> None:
    assert close_to(word, TABLE) == close
