"""How long the long tests run: short in `make test`, in full with `BATON_TEST_LONG` set."""

import os


def length(short: int, long: int) -> int:
    """The number of examples, rounds or seconds that a test takes here."""
    return long if os.environ.get("BATON_TEST_LONG") else short
