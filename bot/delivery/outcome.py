"""What became of one try to send, in words that know no Slack."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row of the ledger in the hands of this process.

    `was_unsure` says that it may have arrived before, at `tried_at` (UTC) or after. `attempts` counts this one.
    `request` is the id in the log of what caused it.
    """

    workspace_id: str
    id: UUID
    kind: str
    recipient: str
    occasion: str
    place: str | None
    subject: Mapping[str, Any]
    way: str
    if_unsure: str
    version: int
    attempts: int
    was_unsure: bool
    tried_at: datetime
    useful_until: datetime | None
    channel: str | None
    ts: str | None
    act: str | None
    recorded_at: datetime
    request: str | None = None

    @property
    def key(self) -> str:
        """The name that the message carries in Slack, by which it is found again."""
        return str(self.id)

    @property
    def name(self) -> str:
        """What makes it this message to its recipient and no other: the same for a row that is made once more, after
        its database was taken back to an earlier time.
        """
        return f"{self.kind}:{self.occasion}"


@dataclass(frozen=True, slots=True)
class Sent:
    """It stands in `channel` at `ts`; both None for what Slack gives no name (ephemeral messages, files)."""

    channel: str | None
    ts: str | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing was said, for there is nothing to say any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive, and may when it is tried again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have arrived; nobody can tell for so many seconds at the least."""

    reason: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TooFast:
    """It did not arrive: this way of sending is closed for so many seconds. That is no fault of the row."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never arrive as it is. `of_workspace` says that nothing of this workspace's will (a dead token)."""

    reason: str
    of_workspace: bool = False


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing was said, for its moment has not come: it waits until then (UTC)."""

    until: datetime


@dataclass(frozen=True, slots=True)
class NotBegun:
    """Nobody came round to it in time, or this process is about to stop: somebody else may."""


Outcome = Sent | Nothing | NotYet | NotBegun | NotSent | Unsure | TooFast | Refused


@dataclass(frozen=True, slots=True)
class NotThere:
    """Somebody looked, and it has not arrived."""


@dataclass(frozen=True, slots=True)
class CannotLook:
    """Nobody can tell whether it arrived."""


Found = Sent | NotThere | CannotLook | NotSent | TooFast
"""What a look for an unsure message finds; `NotSent` and `TooFast` mean that the look itself should be tried again."""


def always() -> bool:
    """Nothing presses."""
    return True


class Courier(Protocol):
    """Takes parcels to where people read."""

    kinds: Collection[str]
    """What it has the words for."""

    def send(self, parcel: Parcel, in_time: Callable[[], bool] = always) -> Outcome:
        """Make the words and send them, if it still is `in_time` once they are made: some take long, and the parcel may
        be in other hands by then. Raises nothing that is somebody else's business.
        """

    def find(self, parcel: Parcel) -> Found:
        """Look whether a parcel that was tried before has arrived."""

    def is_welcome(self, workspace_id: str) -> bool:
        """Whether the token of a workspace is taken at this moment."""
