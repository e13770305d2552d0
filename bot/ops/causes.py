"""What a line of the log was caused by: one id from a request, or a job, to all that follows from it, in any thread."""

import contextvars
import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import ParamSpec, TypeVar

from structlog.contextvars import bound_contextvars

P = ParamSpec("P")
T = TypeVar("T")


def caused_by(what: str) -> AbstractContextManager[None]:
    """Let every line within the block name this cause, under an id of its own.

    Args:
        what: a command, the id of a button, a kind of job: never what people typed.
    """
    return bound_contextvars(request=secrets.token_hex(6), cause=what)


class Workers(ThreadPoolExecutor):
    """Threads whose lines name what caused them: whoever gave them the work."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As every executor does."""
        return super().submit(contextvars.copy_context().run, fn, *args, **kwargs)  # type: ignore[arg-type]  # `run` takes it all
