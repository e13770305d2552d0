"""`python -m tests.bench.yes PORT [SECONDS]`: a Slack that takes every message at once, or after so many seconds, in a
process of its own.
"""

import asyncio
import sys
import time
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

ANSWERS: dict[str, dict[str, Any]] = {
    "users.list": {"members": []},
    "conversations.open": {"channel": {"id": "D0BENCH"}},
    "conversations.history": {"messages": []},
    "files.completeUploadExternal": {"files": [{"id": "F0BENCH"}]},
}


def app(pause: float = 0.0) -> Starlette:
    """Says yes, with the moment at which the message arrived for its name, as Slack does."""

    async def api(request: Request) -> Response:
        await request.body()
        arrived, method = f"{time.time():.6f}", request.path_params["method"]
        await asyncio.sleep(pause)
        found = dict(ANSWERS.get(method, {}))
        if method == "files.getUploadURLExternal":
            found = {"upload_url": f"{request.base_url}api/upload", "file_id": "F0BENCH"}
        return JSONResponse({"ok": True, "channel": "D0BENCH", "ts": arrived, **found})

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route("/healthz", healthz), Route("/api/{method}", api, methods=["POST"])])


if __name__ == "__main__":
    pause = float(sys.argv[2]) if sys.argv[2:] else 0.0
    uvicorn.run(app(pause), port=int(sys.argv[1]), log_level="warning", access_log=False)
