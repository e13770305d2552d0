"""Every address of the sandbox, for the app and for the page."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from sandbox import accounts, act, answers, control, look, webapi
from sandbox.record import hang
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError

HERE = Path(__file__).parent
GONE = {"used_url", "expired_url", "invalid_url", "message_not_found"}

Act = Callable[[Sandbox, Json], Awaitable[Json]]
Endpoint = Callable[[Request], Awaitable[Response]]


def web_app(sandbox: Sandbox, *others: Sandbox) -> Starlette:
    """The server of one sandbox; further workspaces stand below their ids (`/T0OTHER/ui/…`). Whose a call of the Web
    API is, its token says.
    """
    below: list[BaseRoute] = [Mount(f"/{each.team['id']}", web_app(each)) for each in others]
    pages = [*_page_routes(sandbox), *_look_routes(sandbox), *_act_routes(sandbox)]
    return Starlette(
        routes=[*below, *_wire_routes(sandbox), *_oauth_routes(sandbox), *pages],
        exception_handlers={SlackError: _refused, KeyError: _incomplete},
    )


def _oauth_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """Slack's page on which somebody allows the app what it asks for."""

    async def question(request: Request) -> Response:
        return HTMLResponse(sandbox.oauth.page(request.query_params, sandbox.app.name))

    async def answer(request: Request) -> Response:
        form = await request.form()
        allowed = form.get("answer") == "allow"
        team, user = str(form.get("team") or sandbox.team["id"]), str(form.get("user") or "")
        back = sandbox.oauth.answered(request.query_params, team, user, allowed=allowed)
        return RedirectResponse(back, 302)

    address = "/oauth/v2/authorize"
    return [Route(address, question, methods=["GET"]), Route(address, answer, methods=["POST"])]


def _wire_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """What the app talks to."""

    async def api(request: Request) -> Response:
        return await webapi.answer(sandbox, request.path_params["method"], request)

    async def link(socket: WebSocket) -> None:
        await sandbox.socket_mode.serve(socket)

    async def response_url(request: Request) -> Response:
        return await _response_url(sandbox, request)

    async def upload(request: Request) -> Response:
        file = sandbox.files.get(request.path_params["file_id"])
        if request.headers.get("content-type", "").startswith("multipart/"):
            form = await request.form()
            part = next(value for value in form.values() if not isinstance(value, str))
            file.content = await part.read()
        else:
            file.content = await request.body()
        return PlainTextResponse(f"OK - {len(file.content)}")

    return [
        Route("/api/{method}", api, methods=["GET", "POST"]),
        WebSocketRoute("/link", link),
        Route("/response/{token}", response_url, methods=["POST"]),
        Route("/upload/{file_id}", upload, methods=["POST"]),
    ]


async def _response_url(sandbox: Sandbox, request: Request) -> Response:
    fault = sandbox.faults.next_for("response_url")
    if fault and fault.error == "hang":
        await hang(request)
    if fault:
        sandbox.calls.add("response_url", {}, fault.error)
        return PlainTextResponse("internal error", 500)
    body: Json = {}
    try:
        body = dict(json.loads(await request.body()))
        answers.post_to_response_url(sandbox, request.path_params["token"], body)
    except (ValueError, TypeError):
        sandbox.calls.add("response_url", {}, "invalid_payload")
        return PlainTextResponse("invalid_payload", 400)
    except SlackError as refused:
        sandbox.calls.add("response_url", body, refused.error)
        return JSONResponse(refused.body(), 404 if refused.error in GONE else 400)
    sandbox.calls.add("response_url", body)
    return JSONResponse({"ok": True})


def _page_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """What a browser loads."""
    pages = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)

    async def index(_: Request) -> Response:
        page = pages.get_template("index.html")
        first = next(user["id"] for user in sandbox.people if not (user["deleted"] or user["is_bot"]))
        return HTMLResponse(page.render(team=sandbox.team, app_name=sandbox.app.name, first_person=first))

    async def file(request: Request) -> Response:
        found = sandbox.files.get(request.path_params["file_id"])
        return Response(found.content or b"", media_type=found.mimetype)

    return [
        Route("/", index),
        Mount("/static", StaticFiles(directory=HERE / "static", check_dir=False)),
        Route("/files/{file_id}/{name}", file),
    ]


def _look_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """What the page and the tests ask."""

    async def state(request: Request) -> Response:
        query = request.query_params
        return JSONResponse(look.state(sandbox, query["as"], query.get("people", "")))

    async def messages(request: Request) -> Response:
        query = request.query_params
        return JSONResponse(look.messages(sandbox, query["as"], query["channel"]))

    async def home(request: Request) -> Response:
        query = request.query_params
        return JSONResponse(await look.home(sandbox, query["as"], query.get("opened") != "0"))

    async def stream(request: Request) -> Response:
        user_id = look.viewer(sandbox, request.query_params["as"])["id"]
        return StreamingResponse(sandbox.hub.stream(user_id), media_type="text/event-stream")

    async def calls(_: Request) -> Response:
        return JSONResponse({"calls": sandbox.calls.listed()})

    async def posts(_: Request) -> Response:
        return JSONResponse(look.posts(sandbox))

    looks = {"state": state, "messages": messages, "home": home, "stream": stream, "calls": calls, "posts": posts}
    return [Route(f"/ui/{name}", endpoint) for name, endpoint in looks.items()]


def _act_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """What the page and the tests do."""
    acts: dict[str, Act] = {
        "type": act.type_text,
        "press": act.press,
        "submit": act.submit,
        "close": act.close,
        "shortcut": act.use_shortcut,
        "suggest": act.suggest,
        "status": accounts.set_status,
        "control": control.obey,
    }
    return [Route(f"/ui/{name}", _acting(sandbox, do), methods=["POST"]) for name, do in acts.items()]


def _acting(sandbox: Sandbox, do: Act) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return JSONResponse(await do(sandbox, await request.json()))

    return endpoint


async def _refused(_: Request, refused: Exception) -> Response:
    """What the sandbox refuses is an answer, not a failure."""
    body = refused.body() if isinstance(refused, SlackError) else {}
    return JSONResponse(body)


async def _incomplete(request: Request, missing: Exception) -> Response:
    if not request.url.path.startswith("/ui/"):
        raise missing
    return JSONResponse({"ok": False, "error": f"missing {missing}"}, 400)
