"""Rules of sending: how long to wait, and what follows from how a try ended."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.delivery.outcome import (
    CannotLook,
    Found,
    NotBegun,
    Nothing,
    NotSent,
    NotYet,
    Outcome,
    Parcel,
    Refused,
    Sent,
    TooFast,
    Unsure,
)
from bot.delivery.states import IfUnsure, State, Way

LEASE = timedelta(seconds=60)
"""How long a process may hold a row. A try begins in its first fifth, or renews the lease once its words are made, and
takes three times `handlers.gateway.PATIENCE` at the worst (to connect, to agree on a key, to hear the answer), so a
lease that has ended belongs to a process that is gone, or that will not send any more. (A file is three such calls: one
that is slow all the way may come twice.) The clocks of several processes must agree to within some seconds."""

PACE = timedelta(seconds=1)
"""Between two messages to one channel (docs.slack.dev, rate limits: about one a second and channel)."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=10)

LOOK_AFTER = timedelta(seconds=2)
"""What a message has to appear in the history before somebody looks for it there."""

TOKEN_REASONS = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked", "team_access_not_granted"}
)
"""Slack's words for a token that is dead: rows that ended with one wait again once Slack takes the token."""

FIRST_VERSION = 1
"""Of what a message shows; every change of one that may stand already raises it."""

STALE, UNCERTAIN = "stale", "uncertain"
"""Reasons of our own for a dropped row: too late to be of use; perhaps arrived, and better never than twice."""

RATE_LIMITED = "ratelimited"
"""Why a row waits, or could not be looked for."""

UNFORESEEN = "unforeseen"
MOST_UNFORESEEN = 8
"""Tries of a row whose words cannot be made, or whose answer cannot be read, before it is given up."""

LOOK = "look"
"""The way of looking into the history, among the ways that can be closed."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a row goes: its state, why, and from when on it may be taken again (None: at once). `is_try` says whether
    that counts as one.
    """

    state: State
    reason: str | None = None
    not_before: datetime | None = None
    is_try: bool = True


def pause_after(attempts: int, jitter: float) -> timedelta:
    """The wait before the next try: doubled each time from a second to ten minutes, less up to half of it.

    Args:
        attempts: tries so far, at least 1.
        jitter: from 0 to 1; what failed together is not to come back together.
    """
    whole = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 20))
    return whole * (1 - jitter / 2)


def step_after(parcel: Parcel, outcome: Outcome, now: datetime, jitter: float) -> Step:
    """Where a row goes after a try that ended in `outcome` at `now` (UTC); `jitter` as in `pause_after`."""
    match outcome:
        case Sent():
            step = Step(State.SENT)
        case Nothing(reason):
            step = Step(State.DROPPED, reason)
        case Refused(reason):
            step = Step(State.FAILED, reason)
        case TooFast(seconds):
            step = Step(State.WAITING, RATE_LIMITED, now + timedelta(seconds=seconds), is_try=False)
        case NotYet(until):
            step = Step(State.WAITING, "not_yet", until, is_try=False)
        case NotBegun():
            step = Step(State.UNSURE if parcel.was_unsure else State.WAITING, "not_begun", is_try=False)
        case NotSent(reason):
            step = Step(State.WAITING, reason, now + pause_after(parcel.attempts, jitter))
        case Unsure():
            step = _step_of_unsure(parcel, outcome, now, jitter)
    return step


def _step_of_unsure(parcel: Parcel, outcome: Unsure, now: datetime, jitter: float) -> Step:
    if outcome.reason == UNFORESEEN and parcel.attempts >= MOST_UNFORESEEN:
        return Step(State.FAILED, outcome.reason)
    pause = max(pause_after(parcel.attempts, jitter), LOOK_AFTER, timedelta(seconds=outcome.seconds))
    again = State.WAITING if parcel.way == Way.UPDATE else State.UNSURE  # an update said twice is said once
    return Step(again, outcome.reason, now + pause)


def as_first_shown(parcel: Parcel) -> Parcel:
    """What is known of a message that was found: it stands, but a change may have come after it was sent."""
    return replace(parcel, version=FIRST_VERSION)


def after_look(parcel: Parcel, found: Found) -> Outcome | None:
    """What follows from a look for an unsure message: how the try ends, or None for "send it"."""
    match found:
        case Sent():
            return found
        case NotSent(reason):
            return Unsure(reason)
        case TooFast(seconds):
            return Unsure(RATE_LIMITED, seconds)
        case CannotLook() if parcel.if_unsure == IfUnsure.DROP:
            return Nothing(UNCERTAIN)
    return None
