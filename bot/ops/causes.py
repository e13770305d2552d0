"""What a line of the log was caused by: one id from a request, or a job, to all that follows from it, in any thread
and, by the rows of the ledger, in any process.
"""

import contextvars
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import ParamSpec, TypeVar

from structlog.contextvars import bound_contextvars, get_contextvars

from bot.ops import traces

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def caused_by(what: str, kind: traces.Kind = "request") -> Iterator[None]:
    """Let every line within the block name this cause, under an id of its own, which its trace has, too.

    Args:
        what: a command, the id of a button, a kind of job: never what people typed.
        kind: whether somebody asked or the clock did.
    """
    request = traces.new_id()
    with bound_contextvars(request=request, cause=what), traces.of_request(request, what, kind):
        yield


def follows(request: str | None) -> AbstractContextManager[None]:
    """Let every line within the block name the request that all of this follows from, perhaps in another process."""
    return bound_contextvars(request=request)


def request() -> str | None:
    """The id of what is under way; None where nobody asked for it."""
    found: str | None = get_contextvars().get("request")
    return found


class Workers(ThreadPoolExecutor):
    """Threads whose lines name what caused them: whoever gave them the work."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As every executor does."""
        return super().submit(contextvars.copy_context().run, fn, *args, **kwargs)  # type: ignore[arg-type]  # `run` takes it all
