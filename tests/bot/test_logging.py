"""The log says where something happened and what caused it, and repeats nobody's words."""

import logging
import sys

from structlog.contextvars import get_contextvars

from bot.ops.causes import Workers, caused_by
from bot.ops.logging import Errors, where_it_happened


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


def test_errors_are_heard_of_by_their_event_and_never_by_their_words() -> None:
    heard: list[str] = []
    errors = Errors(heard.append)
    logging.getLogger("bot").error({"event": "unknown_error", "code": "1"})
    logging.getLogger("bot").warning({"event": "slack_refused"})
    logging.getLogger("slack_bolt.App").error("what somebody typed")
    errors.close()
    logging.getLogger("bot").error({"event": "job_failed"})
    assert heard == ["unknown_error", "slack_bolt"]


def test_work_names_what_caused_it_in_any_thread() -> None:
    with Workers(1) as workers:
        with caused_by("/log"):
            here = get_contextvars()
            there = workers.submit(get_contextvars).result()
        after = workers.submit(get_contextvars).result()
    assert here == there
    assert here["cause"] == "/log"
    assert after == {}
