"""An answer whose connection is cut before it has come whole."""

import logging
from contextvars import ContextVar

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

_ordered: ContextVar[bool] = ContextVar("ordered", default=False)


class Cut(Response):
    """Sends the headers of an answer and ends without its body, upon which the server closes the connection."""

    def __init__(self, whole: Response) -> None:
        super().__init__()
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Called by the framework."""

        async def send_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)

        _ordered.set(True)
        await self._whole(scope, receive, send_headers)


def _is_news(_: logging.LogRecord) -> bool:
    return not _ordered.get()


# The server logs an answer without an end as a fault of the program. It does so in the task of the call, so that
# only the cut that a test ordered is left out.
logging.getLogger("uvicorn.error").addFilter(_is_news)
