"""What Baton is measured against: the same server around an app that does next to nothing.

Run as `python -m tests.bench.bare echo|signature PORT`.
"""

import signal
import sys
import threading

from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers.app import WORKERS
from handlers.server import Web, new_executor, web_app
from tests.wire.processes import SIGNING_SECRET


def echo() -> Starlette:
    """Bolt with Baton's own settings and one listener that says what it was told."""
    known = AuthorizeResult(enterprise_id=None, team_id="T0BATON", bot_id="B0", bot_user_id="U0BOT", bot_token="xoxb-x")
    executor = new_executor(WORKERS)
    app = App(
        client=WebClient("xoxb-x"),
        authorize=lambda: known,
        signing_secret=SIGNING_SECRET,
        process_before_response=True,
        listener_executor=executor,
    )

    @app.command("/log")
    def answer(ack: Ack, command: dict[str, str]) -> None:
        ack(text=command["text"], response_type="ephemeral")

    return web_app(lambda: None, lambda: b"", app, executor)


def signature() -> Starlette:
    """Nothing but the check of the signature."""
    verifier = SignatureVerifier(SIGNING_SECRET)

    async def check(request: Request) -> Response:
        body = await request.body()
        return PlainTextResponse("ok", 200 if verifier.is_valid_request(body, dict(request.headers)) else 401)

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(
        routes=[
            Route("/slack/events", check, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", healthz),
        ]
    )


def main(what: str, port: int) -> None:
    """Serve until SIGTERM."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    web = Web({"echo": echo, "signature": signature}[what](), "127.0.0.1", port)
    web.start()
    stopping.wait()
    web.stop()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
