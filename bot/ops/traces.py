"""Optional traces: a span for each request, each run of a planner and each delivery, with what was done inside.

Off until `begin`: nothing of OpenTelemetry is imported, and a span costs a look at one name. The id of a request in the
log is the id of its trace, and the first half of it that of its first span; so whoever sends a row of the ledger can
link to what caused it, in whatever process that was.

Spans carry ids and kinds: never what people typed, a name, an address, or an error's own words.
"""

import secrets
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from types import ModuleType
from typing import Literal, Protocol

from bot.errors import NotReady

Kind = Literal["request", "job", "delivery", "call"]
"""What a span is of: somebody asked, the clock did, a row of the ledger is sent, somebody else is asked."""

Span = AbstractContextManager[None]

MISSING = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set, and what it needs is not installed: pip install 'baton[traces]' "
    "(or take the setting away)."
)


class Recorder(Protocol):
    """Keeps what it is told (`bot.ops.otel`)."""

    def begin(self, name: str, kind: Kind, trace: str | None, cause: str | None, about: dict[str, str]) -> Span:
        """A trace with this id, or one of its own; linked to the request `cause`."""

    def inner(self, name: str, kind: Kind | None, about: dict[str, str]) -> Span:
        """A part of what is under way; nothing where nothing is."""

    def note(self, about: dict[str, str]) -> None:
        """More about what is under way."""

    def fail(self, reason: str) -> None:
        """What is under way has failed, for this kind of reason."""

    def stop(self) -> None:
        """Give the last ones away."""


NOTHING: Span = nullcontext()

_recorders: list[Recorder] = []
"""The one that records, or none: as there is one log in a process."""


def begin(endpoint: str | None, headers: str | None) -> None:
    """Record from now on, and send it to the collector at `endpoint` (OTLP by HTTP) with these headers (`a=b,c=d`);
    nothing without one.

    Raises:
        NotReady: when the extra `traces` is not installed.
    """
    if endpoint:
        record(_otel().to_collector(endpoint, headers))


def check() -> None:
    """Make sure that traces could be recorded.

    Raises:
        NotReady: as `begin`.
    """
    _otel()


def _otel() -> ModuleType:
    try:
        return import_module("bot.ops.otel")  # only who wants traces has what it needs
    except ImportError:
        raise NotReady(MISSING) from None


def record(recorder: Recorder) -> None:
    """Let this one record."""
    _recorders[:] = [recorder]


def stop() -> None:
    """Record no more, and give away what there is."""
    while _recorders:
        _recorders.pop().stop()


def new_id() -> str:
    """The id of a request: 32 hex digits, as a trace has."""
    return secrets.token_hex(16)


def of_request(request: str, what: str, kind: Kind) -> Span:
    """What is done for a request, or by a planner, whose id in the log is `request`."""
    return (
        _recorders[0].begin(what, kind, request, None, {"request": request, "cause": what}) if _recorders else NOTHING
    )


def of_delivery(kind: str, row: str, request: str | None) -> Span:
    """A try to deliver a row of the ledger, linked to the request that caused it."""
    about = {"kind": kind, "delivery": row, **({"request": request} if request else {})}
    return _recorders[0].begin(f"deliver {kind}", "delivery", None, request, about) if _recorders else NOTHING


def inner(name: str, kind: Kind | None = None, **about: str) -> Span:
    """A part of what is under way: a transaction, a call of Slack's Web API."""
    return _recorders[0].inner(name, kind, about) if _recorders else NOTHING


def note(**about: str) -> None:
    """More about what is under way: ids and kinds."""
    if _recorders:
        _recorders[0].note(about)


def fail(reason: str) -> None:
    """What is under way has failed; `reason` is a kind of error, never its words."""
    if _recorders:
        _recorders[0].fail(reason)
