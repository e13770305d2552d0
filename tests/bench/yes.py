"""`python -m tests.bench.yes PORT`: a Slack that takes every message at once, in a process of its own."""

import sys
import time

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


def app() -> Starlette:
    """Says yes, with the moment at which the message arrived for its name, as Slack does."""

    async def api(request: Request) -> Response:
        await request.body()
        return JSONResponse({"ok": True, "channel": "D0BENCH", "ts": f"{time.time():.6f}"})

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route("/healthz", healthz), Route("/api/{method}", api, methods=["POST"])])


if __name__ == "__main__":
    uvicorn.run(app(), port=int(sys.argv[1]), log_level="warning", access_log=False)
