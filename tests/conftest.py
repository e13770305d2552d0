"""What every test can ask for, and what holds for all of them."""

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import database_url, emptied_postgres, newest_postgres, newest_sqlite, postgres, store
from tests.lengths import length
from tests.sampled import sampled, sampled_file

__all__ = [
    "database_url",
    "emptied_postgres",
    "newest_postgres",
    "newest_sqlite",
    "postgres",
    "sampled",
    "sampled_file",
    "store",
]

LONG = ("tests/scenarios/", "tests/sandbox/test_page")
"""Modules that take long begin so."""

# No test asserts on time: a property that takes long on a busy machine holds all the same.
settings.register_profile(
    "baton", max_examples=length(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("baton")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories first, then what is clicked in the browser: their modules take long and stay together, and the quick ones
    fill what is left.
    """
    items.sort(key=lambda item: next((n for n, long in enumerate(LONG) if item.nodeid.startswith(long)), len(LONG)))
