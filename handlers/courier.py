"""Carries the ledger's messages to Slack, and says in the ledger's words what became of them."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from socket import gaierror
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from bot.delivery.outcome import (
    CannotLook,
    Found,
    NotBegun,
    Nothing,
    NotSent,
    NotThere,
    NotYet,
    Outcome,
    Parcel,
    Refused,
    Sent,
    TooFast,
    Unsure,
    always,
)
from bot.delivery.rules import TOKEN_REASONS
from bot.delivery.states import Way
from bot.errors import NotReady, StoreUnavailable
from handlers.gateway import FAILURES, Gateway, Mark, Posted, asked_to_wait
from handlers.gateways import Gateways
from handlers.ui.blocks import Message

CLOCKS_DIFFER = timedelta(hours=1)
"""How far Slack's clock and ours may be apart."""

STILL_AT_IT = 20.0
"""Seconds for which Slack may still be at work on a call that it has not answered in time."""

MAY_BE_DONE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
"""Slack's words for a call of which part, or all, may have been done (docs.slack.dev, errors of any method)."""

TOO_FAST = frozenset({"ratelimited", "rate_limited"})

SLACKS_WORD = re.compile(r"[a-z][a-z0-9_.]*")
"""What Slack's errors look like. Where the SDK finds no JSON, it quotes in their place what somebody else answered."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to put into a conversation, with a line about it; or beneath another message of ours."""

    name: str
    content: bytes
    comment: str
    below: Posted | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A message beneath another one of ours; by itself where that does not stand."""

    message: Message
    below: Posted | None


Content = Message | File | Reply
Writer = Callable[[Parcel, datetime], Content | NotYet | None]
"""Makes the words of one kind of message, in its reader's language and from the state of that moment (UTC). None where
there is nothing to say any more, `NotYet` where the moment has not come after all."""


class Courier:
    """See `bot.delivery.outcome.Courier`.

    Args:
        gateways: Slack, workspace by workspace.
        writers: one for each kind.
        is_person: whether the recipient `id` of a `workspace` is somebody, and not a channel.
        clock: the moment.
    """

    def __init__(
        self,
        gateways: Gateways,
        writers: Mapping[str, Writer],
        is_person: Callable[[str, str], bool],
        clock: Callable[[], datetime],
    ) -> None:
        self._gateways, self._writers, self._is_person, self._clock = gateways, writers, is_person, clock
        self.kinds: Collection[str] = sorted(writers)

    def send(self, parcel: Parcel, in_time: Callable[[], bool] = always) -> Outcome:
        """Make the words and send them, if it is still `in_time` then."""
        try:
            content = self._writers[parcel.kind](parcel, self._clock())
            if isinstance(content, NotYet):
                return content
            if content is None:
                return Nothing("settled")
            return self._carry(parcel, content) if in_time() else NotBegun()
        except StoreUnavailable:
            return NotSent("store")
        except FAILURES as error:
            return outcome_of(error)

    def find(self, parcel: Parcel) -> Found:
        """Look in the recent history of the conversation or in the thread, where the app may."""
        try:
            if parcel.way == Way.POST:
                return self._find(parcel, None)
            if parcel.way in {Way.REPLY, Way.UPLOAD}:
                return self._find_beneath(parcel)
            return CannotLook()
        except StoreUnavailable:
            return NotSent("store")
        except LookupError:
            return CannotLook()
        except FAILURES as error:
            return _found_of(outcome_of(error))

    def _find(self, parcel: Parcel, below: Posted | None) -> Found:
        channel, since = below.channel if below else self._conversation(parcel), parcel.tried_at - CLOCKS_DIFFER
        found = self._of(parcel).find(channel, _mark(parcel), since, below=below)
        return Sent(*found) if found else NotThere()

    def _find_beneath(self, parcel: Parcel) -> Found:
        """Where it belongs only its words say. A file has no key: in a thread its name tells, elsewhere nothing."""
        match self._writers[parcel.kind](parcel, self._clock()):
            case None:
                return NotThere()  # nor is there anything to say any more
            case NotYet():
                return NotSent("not_yet")
            case File(below=None):
                return CannotLook()
            case File(name=name, below=Posted() as below):
                return Sent(below.channel, None) if self._of(parcel).has_file(below, name) else NotThere()
            case content:
                return self._find(parcel, content.below if isinstance(content, Reply) else None)

    def is_welcome(self, workspace_id: str) -> bool:
        """Whether Slack takes the token of a workspace (auth.test)."""
        try:
            self._gateways.of(workspace_id).identify()
        except (NotReady, *FAILURES):
            return False
        return True

    def _of(self, parcel: Parcel) -> Gateway:
        return self._gateways.of(parcel.workspace_id)

    def _carry(self, parcel: Parcel, content: Content) -> Outcome:
        gateway = self._of(parcel)
        if isinstance(content, File):
            where = content.below.channel if content.below else parcel.place or self._conversation(parcel)
            gateway.upload(where, content.name, content.content, content.comment, below=content.below)
            return Sent(where, None)
        if isinstance(content, Reply):
            where = content.below.channel if content.below else parcel.recipient
            return Sent(*gateway.post(where, content.message, _mark(parcel), below=content.below))
        if parcel.way == Way.EPHEMERAL:
            assert parcel.place is not None  # an ephemeral row names its channel
            gateway.post_for(parcel.place, parcel.recipient, content)
            return Sent(parcel.place, None)
        if parcel.way == Way.UPDATE and parcel.channel and parcel.ts:
            gateway.rewrite(Posted(parcel.channel, parcel.ts), content, _mark(parcel))
            return Sent(parcel.channel, parcel.ts)
        return Sent(*gateway.post(parcel.recipient, content, _mark(parcel)))

    def _conversation(self, parcel: Parcel) -> str:
        if self._is_person(parcel.workspace_id, parcel.recipient):
            return self._of(parcel).conversation_with(parcel.recipient)
        return parcel.recipient


def _mark(parcel: Parcel) -> Mark:
    return Mark(parcel.key, parcel.name)


def outcome_of(error: Exception) -> NotSent | Unsure | TooFast | Refused:
    """What a failed call says about the message: it did not arrive, may have, came too fast, or never will."""
    pause = asked_to_wait(error)
    if pause is not None:
        return TooFast(pause)
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, URLError) and isinstance(error.reason, gaierror | ConnectionRefusedError):
        return NotSent("no_connection")
    silent = isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError)
    return Unsure(type(error).__name__, STILL_AT_IT if silent else 0.0)


def _answered(error: SlackApiError) -> NotSent | Unsure | TooFast | Refused:
    status = getattr(error.response, "status_code", None) or error.response.get("status") or 0
    reason = str(error.response.get("error"))
    if reason in TOO_FAST:
        return TooFast(1.0)
    if not SLACKS_WORD.fullmatch(reason):
        return Unsure(f"http_{status}")
    if reason in MAY_BE_DONE or int(status) >= 500:
        return Unsure(reason)
    return Refused(reason, of_workspace=reason in TOKEN_REASONS)


def _found_of(outcome: NotSent | Unsure | TooFast | Refused) -> Found:
    """A look that failed: worth another one (a dead token is mended some day), unless Slack lets nobody look."""
    if isinstance(outcome, Refused) and not outcome.of_workspace:
        return CannotLook()
    return outcome if isinstance(outcome, TooFast) else NotSent(outcome.reason)
