"""A process that does nothing but send: `python -m tests.wire.sending`.

Its store, gateway, courier and sender are Baton's own, and so is what they do; only the messages are a drill's. It can
be told to die of SIGKILL at a point on a row's way, which it does from outside of the product: around it, and around
the functions that it calls.
"""

import argparse
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar

from slack_sdk import WebClient
from sqlalchemy import Connection

from bot import clock
from bot.delivery import claims, gates, queries
from bot.delivery.outcome import Outcome, Parcel, Sent, always
from bot.delivery.sender import Sender
from bot.ops.metrics import Backlog, Metrics
from bot.store.engine import Store
from handlers import courier as couriers
from handlers import gateway as slack
from handlers.courier import Courier, Writer
from handlers.gateways import OneWorkspace
from handlers.ui.blocks import Message
from tests.wire.processes import BOT_TOKEN

READY = "the sender works"
POINTS = ("before_claim", "claimed", "sent", "stored")
P = ParamSpec("P")
T = TypeVar("T")

KINDS = ("drill_offer", "drill_reminder", "drill_card")
TICK = 0.2


class Death:
    """Comes when `point` is reached for the time number `at`; never without a point."""

    def __init__(self, point: str | None, at: int) -> None:
        self._point, self._left = point, at
        self._lock = threading.Lock()

    def reached(self, point: str) -> None:
        """A row, or several at once, are at `point`."""
        if point == self._point:
            with self._lock:
                self._left -= 1
                if self._left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)


class MortalStore(Store):
    """Baton's store, in which the process may die just before it takes rows, or just after it has stored some."""

    def __init__(self, url: str, death: Death) -> None:
        super().__init__(url)
        self._death, self._has_settled = death, False
        claims.take = self._before(claims.take, lambda: death.reached("before_claim"))
        claims.settle = self._before(claims.settle, lambda: setattr(self, "_has_settled", True))

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with super().write() as tx:
            yield tx
        if self._has_settled:
            self._death.reached("stored")

    def _before(self, function: Callable[P, T], do: Callable[[], object]) -> Callable[P, T]:
        def both(*args: P.args, **named: P.kwargs) -> T:
            do()
            return function(*args, **named)

        return both


class MortalCourier(Courier):
    """Baton's courier, in whose hands the process may die."""

    death: Death

    def send(self, parcel: Parcel, in_time: Callable[[], bool] = always) -> Outcome:
        self.death.reached("claimed")
        outcome = super().send(parcel, in_time)
        if isinstance(outcome, Sent):
            self.death.reached("sent")
        return outcome


def write(parcel: Parcel, _: datetime) -> Message:
    """Says the occasion, and how often the message was changed."""
    return Message(f"{parcel.kind} {parcel.occasion}, version {parcel.version}")


def is_person(_: str, recipient: str) -> bool:
    """Recipients of a drill are people and, by their first letter, channels."""
    return recipient.startswith("U")


def arguments(options: Sequence[str] | None) -> argparse.Namespace:
    """The command line, or these options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--slack", required=True, help="address of the sandbox")
    parser.add_argument("--lease", type=float, required=True, help="seconds for which a row is held")
    parser.add_argument("--patience", type=float, required=True, help="seconds for one call of the Web API")
    parser.add_argument("--halt", type=float, default=gates.HALT, help="seconds between two tries of a dead token")
    parser.add_argument("--die-at", choices=POINTS)
    parser.add_argument("--at", type=int, default=1, help="which time the point is reached")
    return parser.parse_args(options)


def build(given: argparse.Namespace) -> tuple[Store, Sender, Metrics]:
    """Everything that sends, as `bot.wiring` puts it together."""
    slack.PATIENCE, couriers.STILL_AT_IT, gates.HALT = given.patience, given.patience, given.halt
    logging.getLogger("slack_sdk.web").setLevel(logging.CRITICAL)
    death = Death(given.die_at, given.at)
    store = MortalStore(given.database, death)
    gateway = slack.Gateway(WebClient(BOT_TOKEN, base_url=f"{given.slack}/api/"), ThreadPoolExecutor(1))
    writers: dict[str, Writer] = dict.fromkeys(KINDS, write)
    workspace_id = str(gateway.identify()["team_id"])
    courier = MortalCourier(OneWorkspace(gateway, workspace_id), writers, is_person, clock.utc_now)
    courier.death = death
    metrics = Metrics(partial(backlog, store))
    return store, Sender(store, courier, workspace_id, clock.utc_now, metrics, timedelta(seconds=given.lease)), metrics


def backlog(store: Store) -> Backlog:
    """What the ledger holds."""
    with store.read() as tx:
        return Backlog(queries.unsent_rows(tx), 0.0)


def main(options: Sequence[str] | None = None) -> None:
    """Send until SIGTERM; what was counted is the last that it says."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    store, sender, metrics = build(arguments(options))
    sender.start()
    print(READY, flush=True)
    while not stopping.wait(TICK):
        sender.wake()
    sender.stop()
    print(metrics.page().decode(), flush=True)
    store.close()


if __name__ == "__main__":
    main()
