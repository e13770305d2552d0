"""What every test can ask for, and what holds for all of them."""

import gc

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import (
    DATABASES,
    database_url,
    emptied_postgres,
    lasting,
    newest_postgres,
    newest_sqlite,
    postgres,
    store,
    unwalled,
)
from tests.lengths import length
from tests.sampled import copies, sampled, sampled_file

__all__ = [
    "copies",
    "database_url",
    "emptied_postgres",
    "lasting",
    "newest_postgres",
    "newest_sqlite",
    "postgres",
    "sampled",
    "sampled_file",
    "store",
    "unwalled",
]

LONG = ("tests/scenarios/", "tests/sandbox/test_page")
"""Modules that take long begin so."""

# No test asserts on time: a property that takes long on a busy machine holds all the same.
settings.register_profile(
    "baton", max_examples=length(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("baton")


gc.disable()  # while thousands of tests are found, nothing becomes garbage


def pytest_collection_finish() -> None:
    """What has been loaded stays: the collector need not go through it with every test."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Stories first, then what is clicked in the browser: their modules take long and stay together, and the quick ones
    fill what is left. What is marked `short_on` a database is left out on the other one in short.
    """
    left_out = [item for item in items if not length(0, 1) and _is_elsewhere(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
    items.sort(key=lambda item: next((n for n, long in enumerate(LONG) if item.nodeid.startswith(long)), len(LONG)))


def _is_elsewhere(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("short_on")
    given = item.callspec.params.values() if marker and isinstance(item, pytest.Function) else ()
    return any(each in DATABASES and each != marker.args[0] for each in given if isinstance(each, str) and marker)
