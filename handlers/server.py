"""The pages of this process: health for whoever runs it, leads from outside, and Slack's requests by signed HTTP."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from http import HTTPStatus

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.ops.causes import Workers
from bot.store.patience import patient
from handlers import webhooks
from handlers.door import BODY_MAX, Door, Refused
from handlers.install import INSTALL, REDIRECT, Installer, Page
from handlers.replays import FRESH, SIGNATURE, STAMP, Served
from handlers.webhooks import Answer, Inlet

log = structlog.get_logger()

DRAIN = 8.0
"""Seconds that requests in hand have to finish when the process is told to stop."""

AT_ONCE = 24
"""Requests of Slack's that are worked on at a time. What all threads work on at once comes late for everybody; of those
that wait for their turn, it is known for how long (`bot.store.patience`).
"""

UNSIGNED, STALE, FORGED, REPLAYED, STATE = "unsigned", "stale", "forged", "replayed", "state"
"""Reasons beside the door's: not signed at all; by its stamp too old or ahead; with another secret or over another
body; answered already; and a way back from Slack's page that did not begin in this browser, or is used up.
"""

Check = Callable[[], str | None]
"""Why this process cannot serve right now, or None when it can."""


class TooLarge(Exception):
    """A body over its limit."""


def web_app(
    check: Check,
    metrics: Callable[[], bytes],
    bolt: App | None,
    executor: Executor,
    inlet: Inlet | None = None,
    installer: Installer | None = None,
    refused: Refused = lambda _reason: None,
) -> Starlette:
    """The pages: `/healthz`, `/readyz`, `/metrics`, `/webhooks/leads`, `/slack/events` where Slack comes by HTTP, and
    `/slack/install` with the way back from it where many workspaces are served.

    Bolt and the inlet are called in a thread of `executor`: called from the event loop they would stop every other
    request. `refused` counts what Slack did not sign or sent before, and ways back from Slack that are none.
    """

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        reason = await asyncio.get_running_loop().run_in_executor(executor, check)
        if reason is None:
            return PlainTextResponse("ok\n")
        return PlainTextResponse(f"{reason}\n", HTTPStatus.SERVICE_UNAVAILABLE)

    async def metrics_page(_: Request) -> Response:
        page = await asyncio.get_running_loop().run_in_executor(executor, metrics)
        return Response(page, media_type=CONTENT_TYPE_LATEST)

    routes = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics_page)]
    if inlet:
        routes.append(Route("/webhooks/leads", _leads(inlet, executor), methods=["POST"]))
    if bolt:
        routes.append(Route("/slack/events", _slack_events(bolt, executor, refused), methods=["POST"]))
    if installer:
        routes.extend(_installation(installer, executor, refused))
    pages = Starlette(routes=routes)
    pages.router.redirect_slashes = False  # what nobody was told of is nowhere
    return pages


def _installation(installer: Installer, executor: Executor, refused: Refused) -> list[Route]:
    def page(made: Page) -> Response:
        return HTMLResponse(made.body, made.status, made.headers)

    async def start(request: Request) -> Response:
        made = await asyncio.get_running_loop().run_in_executor(executor, installer.start, request.headers)
        return page(made)

    async def back(request: Request) -> Response:
        query = dict(request.query_params)
        made = await asyncio.get_running_loop().run_in_executor(executor, installer.back, query, request.headers)
        if made.status == HTTPStatus.BAD_REQUEST:
            refused(STATE)
        return page(made)

    return [Route(INSTALL, start, methods=["GET"]), Route(REDIRECT, back, methods=["GET"])]


def _slack_events(bolt: App, executor: Executor, refused: Refused) -> Callable[[Request], Awaitable[Response]]:
    served, turns = Served(), asyncio.Semaphore(AT_ONCE)

    def dispatch(body: str, request: Request, came: float) -> tuple[BoltResponse, bool]:
        """The answer, and whether Bolt asked whose the request is: then it has looked at the signature, too, of which
        it lets go a form with `ssl_check`.
        """
        headers: dict[str, str | Sequence[str]] = {**request.headers}
        asked = BoltRequest(body=body, query=request.url.query, headers=headers)
        with patient(came):
            return bolt.dispatch(asked), asked.context.authorize_result is not None

    async def slack_events(request: Request) -> Response:
        came = time.monotonic()
        try:
            body = (await _body(request, BODY_MAX)).decode()
        except TooLarge:
            return PlainTextResponse("body too large\n", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except (ClientDisconnect, UnicodeDecodeError):
            return PlainTextResponse("body not readable\n", HTTPStatus.BAD_REQUEST)
        if _age(request.headers) is None:
            refused(UNSIGNED)
            return PlainTextResponse("not signed\n", HTTPStatus.UNAUTHORIZED)
        if served.has(request.headers, time.time()):
            refused(REPLAYED)
            return PlainTextResponse("answered already\n", HTTPStatus.UNAUTHORIZED)
        try:
            async with turns:
                dispatched = asyncio.get_running_loop().run_in_executor(executor, dispatch, body, request, came)
                answer, is_slacks = await dispatched
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            log.warning("body_not_understood", reason=type(error).__name__)  # signed, but no payload of Slack's
            return PlainTextResponse("body not understood\n", HTTPStatus.BAD_REQUEST)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            refused(_why(request.headers))
        elif answer.status == HTTPStatus.OK and is_slacks:
            served.add(request.headers, time.time())
        return _response(answer)

    return slack_events


def _why(headers: Mapping[str, str]) -> str:
    """Why Bolt took a signature for none."""
    age = _age(headers)
    if age is None or not headers.get(SIGNATURE):
        return UNSIGNED
    return STALE if age > FRESH else FORGED


def _age(headers: Mapping[str, str]) -> float | None:
    """Seconds between a request's stamp and now; None where it has none."""
    stamp = headers.get(STAMP, "")
    return abs(time.time() - int(stamp)) if stamp.isdecimal() and len(stamp) < 20 else None


def _leads(inlet: Inlet, executor: Executor) -> Callable[[Request], Awaitable[Response]]:
    async def leads(request: Request) -> Response:
        refusal = inlet.refusal(_length(request))
        if refusal:
            return _answer(refusal)
        try:
            body = await _body(request, webhooks.BODY_MAX)
        except TooLarge:
            refusal = inlet.refusal(webhooks.BODY_MAX + 1)
            assert refusal is not None  # that is too much
            return _answer(refusal)
        except ClientDisconnect:
            return PlainTextResponse("body not readable\n", HTTPStatus.BAD_REQUEST)
        answer = await asyncio.get_running_loop().run_in_executor(executor, inlet.take, body, request.headers)
        return _answer(answer)

    return leads


def _answer(answer: Answer) -> Response:
    kind = PlainTextResponse if isinstance(answer.body, str) else JSONResponse
    return kind(answer.body, answer.status, answer.headers)


def _length(request: Request) -> int:
    """The bytes that a request says it has; 0 where it does not say."""
    length = request.headers.get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 20 else 0


async def _body(request: Request, most: int) -> bytes:
    if _length(request) > most:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge
    return bytes(body)


def _response(answer: BoltResponse) -> Response:
    if answer.status >= HTTPStatus.BAD_REQUEST:
        log.warning("request_not_served", status=answer.status)
    response = Response(answer.body, answer.status)
    for name, values in answer.headers.items():
        for value in values:
            if name.lower() != "content-length":
                response.headers.append(name, value)
    return response


class Web:
    """uvicorn in a thread of its own, so that the main thread keeps the signals."""

    def __init__(self, app: Starlette, host: str, port: int, refused: Refused = lambda _reason: None) -> None:
        """Take the port; `refused` counts those whom the door does not let in.

        Raises:
            OSError: when it is taken.
        """
        self._socket = socket.create_server((host, port), backlog=1024, reuse_port=False)
        config = uvicorn.Config(
            app,
            http=Door(refused).protocol,  # type: ignore[arg-type]  # uvicorn calls it as it would the class
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=int(DRAIN),
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="http", daemon=True)

    @property
    def port(self) -> int:
        """The port that was taken."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing new, finish what is in hand."""
        self._server.should_exit = True
        self._thread.join(DRAIN + 1)

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


def new_executor(workers: int) -> ThreadPoolExecutor:
    """The threads that listeners run in."""
    return Workers(workers, thread_name_prefix="listener")
