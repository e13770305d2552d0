"""The Web API: tokens, scopes, ordered faults, and the way to each method."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox import organisation
from sandbox.cut import Cut
from sandbox.methods import chat, conversations, uploads, users, views
from sandbox.methods.call import Args, Method
from sandbox.record import Fault, hang
from sandbox.state import Sandbox
from sandbox.wire import Json, SlackError

METHODS: Mapping[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **uploads.METHODS,
    **users.METHODS,
    **views.METHODS,
}


IN_JSON = {"blocks", "attachments", "metadata", "view", "files"}
DONE_ALL_THE_SAME = {"lost", "reset", "slow"}


async def answer(sandbox: Sandbox, name: str, request: Request) -> Response:
    """One call, with Slack's answer: 200 also for errors, 429 for `ratelimited`."""
    given = await _given(request)
    token = _token(request, given)
    sandbox = _whose(sandbox, token, given)
    fault = sandbox.faults.next_for(name, str(given.get("channel") or ""))
    if fault and fault.error not in DONE_ALL_THE_SAME:
        sandbox.calls.add(name, _readable(given), fault.error)
        return await _faulty(fault, request)
    try:
        body = _run(sandbox, name, given, token)
    except SlackError as refused:
        body = refused.body()
    unseen = fault.error if fault and fault.error != "slow" else ""
    sandbox.calls.add(name, _readable(given), body.get("error", "") or unseen)
    response = _response(sandbox, body)
    return await _spoilt(fault, response) if fault else response


def _run(sandbox: Sandbox, name: str, given: Json, token: str) -> Json:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    _check_token(sandbox, method, token)
    organisation.check_team(name, given, sandbox.tokens.is_whole)
    args = Args(given)
    scopes = method.scopes(sandbox, args) if callable(method.scopes) else method.scopes
    if scopes and not set(scopes) & set(sandbox.scopes):
        provided = ",".join(sandbox.scopes)
        raise SlackError("missing_scope", needed=",".join(scopes), provided=provided)
    return {"ok": True, **method.run(sandbox, args)}


def _check_token(sandbox: Sandbox, method: Method, token: str) -> None:
    if method.caller == "anyone":
        return
    if not token:
        raise SlackError("not_authed")
    tokens = sandbox.tokens
    own = (tokens.bot, tokens.before)
    if token not in (*own, tokens.app):
        raise SlackError("invalid_auth")
    if token not in ((tokens.app,) if method.caller == "app" else own):
        raise SlackError("not_allowed_token_type")
    if token in own and tokens.revoked:
        raise SlackError("token_revoked")
    if token in tokens.expired:
        raise SlackError("token_expired")


def _whose(sandbox: Sandbox, token: str, given: Json) -> Sandbox:
    """The workspace of a token, where there are several; of an organisation's token that of what the call names."""
    teams = sandbox.oauth.teams.values()
    found = [team for team in teams if token and token in (team.tokens.bot, team.tokens.before)]
    return organisation.meant(found or [sandbox], given)


async def _given(request: Request) -> Json:
    """The arguments, from the address, a form, or JSON; a body that is neither is no argument."""
    given: Json = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await request.body()
        try:
            loaded = json.loads(body or b"{}")
        except ValueError:
            loaded = {}
        return given | (loaded if isinstance(loaded, dict) else {})
    form = await request.form()
    return given | {key: value for key, value in form.items() if isinstance(value, str)}


def _readable(given: Json) -> Json:
    """The arguments with those parsed that a form carries as JSON text."""
    args = Args(given)
    readable = dict(given)
    for name in IN_JSON & given.keys():
        with suppress(SlackError):
            readable[name] = args.parsed(name)
    return readable


def _token(request: Request, given: Json) -> str:
    header = request.headers.get("authorization", "")
    if header.startswith("Basic "):
        given["client_id"], _, given["client_secret"] = b64decode(header.removeprefix("Basic ")).decode().partition(":")
        return ""
    return header.removeprefix("Bearer ").strip() or str(given.pop("token", ""))


async def _faulty(fault: Fault, request: Request) -> Response:
    """The answer to a call that is not done."""
    if fault.error == "hang":
        await hang(request)
    if fault.error == "http_500":
        return Response("internal error", 500)
    return _too_many(fault.retry_after) if fault.error == "ratelimited" else JSONResponse(_failed(fault.error))


async def _spoilt(fault: Fault, response: Response) -> Response:
    """What becomes of the answer to a call that was done."""
    if fault.error == "slow":
        await asyncio.sleep(fault.seconds)
        return response
    return Cut(response) if fault.error == "reset" else Response("internal error", 500)


def _response(sandbox: Sandbox, body: Json) -> Response:
    if body.get("error") == "ratelimited":
        return _too_many(1)
    return JSONResponse(body, headers={"X-OAuth-Scopes": ",".join(sandbox.scopes)})


def _too_many(retry_after: int) -> Response:
    return JSONResponse(_failed("ratelimited"), 429, headers={"Retry-After": str(retry_after)})


def _failed(error: str) -> Json:
    return SlackError(error).body()
