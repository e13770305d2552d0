"""A sender with everything around it."""

from collections.abc import Iterator

import pytest

from bot.store.engine import Store
from tests.bot.delivery.parcels import Ledger
from tests.bot.delivery.post import Carrier, Counts, Post, Watched, a_sender, eventually


@pytest.fixture
def idle(store: Store) -> Iterator[Post]:
    """Everything in its place; the sender has not begun."""
    watched, carrier, counts = Watched(store.url.render_as_string(hide_password=False)), Carrier(), Counts()
    found = Post(watched, Ledger(watched), carrier, counts, a_sender(watched, carrier, counts))
    yield found
    carrier.goes_on.set()
    watched.away = False
    found.sender.stop()
    watched.close()


@pytest.fixture
def post(idle: Post) -> Post:
    """The same with a sender that works, and has nothing to do."""
    idle.sender.start()
    eventually(lambda: idle.store.reads)
    return idle
