"""Leads that forms and programs send: who signed it, whether it is fresh, what it says, and what they are answered."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, NamedTuple, NoReturn, Protocol

import structlog

from bot.errors import BotError
from bot.leads import arrival, service
from bot.leads.changes import Contradicted, NewLead, Received
from bot.ops import traces
from bot.ops.causes import caused_by
from bot.store.engine import Store
from bot.store.walls import within

log = structlog.get_logger()

BODY_MAX = 64 * 1024
"""Bytes of a delivery's body."""

FRESH = timedelta(minutes=5)
"""How old, or how far ahead, the moment may be at which a delivery says that it was sent."""

RETRY_AFTER = 10
"""Seconds after which a sender may try again while the database is away."""

SIGNATURE = "x-baton-signature"
WORKSPACE = "x-baton-workspace"
KEYS = ("idempotency-key", "x-idempotency-key")
KEY_FIELD, SENT_FIELD = "idempotency_key", "sent_at"
ENVELOPE = frozenset({KEY_FIELD, SENT_FIELD})
"""Fields that speak of the delivery, not of the lead; those of one more try may differ."""

UNSET = "No secret is set: set BATON_WEBHOOK_SECRET and sign each body with it.\n"

Headers = Mapping[str, str]
"""By their names in small letters."""


class Answer(NamedTuple):
    """What the sender is told; `result` is what whoever watches counts."""

    status: HTTPStatus
    result: str
    body: Mapping[str, Any] | str
    headers: Mapping[str, str] = {}


class Delivery(NamedTuple):
    """What was delivered: `key` names it, for all of its tries."""

    key: str
    new: NewLead


class TurnedAway(Exception):
    """A delivery that is not taken, with what its sender is answered."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(answer.result)


class Doors(Protocol):
    """Who may send leads to whom."""

    @property
    def are_open(self) -> bool:
        """Whether anybody may."""

    def door(self, headers: Headers) -> "Door":
        """The one that a sender means, open or not.

        Raises:
            TurnedAway: when the sender says too little.
        """


class Door(NamedTuple):
    """The way into a workspace; the secret is what senders sign with, and None where nobody may send anything."""

    workspace_id: str
    secret: str | None


class OneDoor:
    """The only workspace there is."""

    def __init__(self, workspace_id: str, secret: str | None) -> None:
        self._door = Door(workspace_id, secret)

    @property
    def are_open(self) -> bool:
        """Whether a secret is set."""
        return self._door.secret is not None

    def door(self, headers: Headers) -> Door:  # noqa: ARG002 - there is one
        """The only one."""
        return self._door


class ManyDoors:
    """A sender names the workspace (`X-Baton-Workspace`), and signs with the secret of that one, so that what is signed
    for one enters no other.
    """

    are_open = True

    def __init__(self, secret_of: Callable[[str], str | None]) -> None:
        self._secret_of = secret_of

    def door(self, headers: Headers) -> Door:
        """That of the workspace; one that nobody knows, or that has gone, looks like one with another secret."""
        named = headers.get(WORKSPACE, "").strip()
        if not named:
            _turn_away(HTTPStatus.UNAUTHORIZED, "unsigned", "the header X-Baton-Workspace is missing")
        return Door(named, self._secret_of(named))


class Inlet:
    """Takes leads in.

    Args:
        store: the database.
        doors: who may send leads to whom.
        clock: the moment.
        counted: told the result of every delivery.
    """

    def __init__(
        self, store: Store, doors: Doors, clock: Callable[[], datetime], counted: Callable[[str], None]
    ) -> None:
        self._store, self._doors = store, doors
        self._clock, self._counted = clock, counted

    def refusal(self, length: int) -> Answer | None:
        """The answer to a delivery of which no more than `length` bytes need be read; None when it may be taken."""
        if not self._doors.are_open:
            return self._told(Answer(HTTPStatus.SERVICE_UNAVAILABLE, "unset", UNSET))
        if length > BODY_MAX:
            return self._told(_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"more than {BODY_MAX} bytes"))
        return None

    def take(self, body: bytes, headers: Headers) -> Answer:
        """Store the lead, and say what came of it."""
        with caused_by("webhook"):
            answer = self._answered(body, headers)
            traces.note(answer=answer.result)
            return answer

    def _answered(self, body: bytes, headers: Headers) -> Answer:
        try:
            return self._told(self._take(body, headers))
        except TurnedAway as turned:
            return self._told(turned.answer)
        except Contradicted:
            said = "this idempotency key came before with other contents"
            return self._told(_error(HTTPStatus.CONFLICT, "conflict", said))
        except RecursionError:
            return self._told(_error(HTTPStatus.BAD_REQUEST, "unreadable", "the body is nested too deeply"))
        except BotError:
            return self._told(_away())
        except Exception:
            log.exception("webhook_failed")  # the sender comes again, and whoever runs Baton has what happened
            return self._told(_away())

    def _take(self, body: bytes, headers: Headers) -> Answer:
        door = self._doors.door(headers)
        verify(door.secret, body, headers)
        now = self._clock()
        delivery = read(body, headers, now)
        origin = f"webhook:{delivery.key}"
        traces.note(workspace=door.workspace_id)
        with within(door.workspace_id):
            return _taken(service.take_in(self._store, door.workspace_id, delivery.new, origin=origin, now=now))

    def _told(self, answer: Answer) -> Answer:
        self._counted(answer.result)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            log.warning("lead_not_taken", result=answer.result)
        return answer


def verify(secret: str | None, body: bytes, headers: Headers) -> None:
    """Let through what was signed with `secret`; without one, nothing.

    Raises:
        TurnedAway: when it was not.
    """
    given = headers.get(SIGNATURE, "").strip().removeprefix("sha256=").strip()
    if not given:
        _turn_away(HTTPStatus.UNAUTHORIZED, "unsigned", "the header X-Baton-Signature is missing")
    if secret is None or not hmac.compare_digest(
        signature(secret, body).encode(), given.lower().encode("utf-8", "replace")
    ):
        _turn_away(HTTPStatus.UNAUTHORIZED, "forged", "the signature is not of this body")


def signature(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of the raw body, as hex digits."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def read(body: bytes, headers: Headers, now: datetime) -> Delivery:
    """What a signed body says.

    Raises:
        TurnedAway: when it is no JSON object, old, or not enough to find anybody.
    """
    fields = _fields(body)
    if fields.get(SENT_FIELD) is not None:
        _check_fresh(fields[SENT_FIELD], now)
    contents = {name: value for name, value in fields.items() if name not in ENVELOPE}
    try:
        new = arrival.read(contents)
    except arrival.Incomplete:
        _turn_away(
            HTTPStatus.UNPROCESSABLE_ENTITY, "incomplete", "neither email nor company is there; one of them is needed"
        )
    digest = _digest(json.dumps(contents, sort_keys=True).encode())
    return Delivery(_key(fields, headers) or _digest(body), replace(new, digest=digest))


def _fields(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body, parse_constant=_no_number)
    except ValueError:
        _turn_away(HTTPStatus.BAD_REQUEST, "unreadable", "the body is no JSON")
    if not isinstance(fields, dict):
        _turn_away(HTTPStatus.BAD_REQUEST, "unreadable", "the body is no JSON object")
    return fields


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _check_fresh(sent_at: Any, now: datetime) -> None:
    sent = arrival.moment_of(sent_at)
    if sent is None:
        said = "sent_at is no moment: ISO 8601 with a zone, or seconds since 1970"
    elif abs(now - sent) > FRESH:
        said = "sent_at is more than five minutes away from now"
    else:
        return
    _turn_away(HTTPStatus.UNAUTHORIZED, "old", said)


def _key(fields: Mapping[str, Any], headers: Headers) -> str | None:
    """The sender's own name for the delivery, at one length; the header's before the body's."""
    named = [headers.get(name, "").strip() for name in KEYS]
    own = fields.get(KEY_FIELD)
    named.append(str(own).strip() if isinstance(own, str | int) and not isinstance(own, bool) else "")
    found = next(filter(None, named), None)
    return _digest(b"key:" + found.encode("utf-8", "surrogatepass")) if found else None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _taken(received: Received) -> Answer:
    result = "new" if received.is_new else "known"
    body = {"lead_id": str(received.lead_id), "result": result, "repeated": received.is_repeated}
    if received.is_repeated:
        return Answer(HTTPStatus.OK, "repeated", body)
    return Answer(HTTPStatus.CREATED if received.is_new else HTTPStatus.OK, result, body)


def _away() -> Answer:
    answer = _error(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "nothing was stored; send it again")
    return answer._replace(headers={"Retry-After": str(RETRY_AFTER)})


def _error(status: HTTPStatus, result: str, said: str) -> Answer:
    return Answer(status, result, {"error": result, "message": said})


def _turn_away(status: HTTPStatus, result: str, said: str) -> NoReturn:
    raise TurnedAway(_error(status, result, said))
