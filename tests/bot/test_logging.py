"""The log says where something happened and what caused it, and repeats nobody's words."""

import sys

from structlog.contextvars import get_contextvars

from bot.ops.causes import Workers, caused_by
from bot.ops.logging import where_it_happened


def test_an_error_is_logged_without_its_words() -> None:
    try:
        try:
            int("what somebody typed")
        except ValueError as error:
            raise LookupError("in a row of theirs") from error
    except LookupError:
        found = sys.exc_info()
    assert found[0]
    said = where_it_happened(found)
    assert "test_an_error_is_logged_without_its_words" in said
    assert "builtins.LookupError\nwhich came of:" in said
    assert said.endswith("builtins.ValueError")
    assert "theirs" not in said.replace('raise LookupError("in a row of theirs") from error', "")
    assert "invalid literal" not in said


def test_work_names_what_caused_it_in_any_thread() -> None:
    with Workers(1) as workers:
        with caused_by("/log"):
            here = get_contextvars()
            there = workers.submit(get_contextvars).result()
        after = workers.submit(get_contextvars).result()
    assert here == there
    assert here["cause"] == "/log"
    assert after == {}
