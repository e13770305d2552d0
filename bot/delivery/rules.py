"""Rules of sending: how long to wait, and what follows from how a try ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.outcome import CannotLook, Found, Nothing, NotSent, Outcome, Parcel, Refused, Sent, TooFast, Unsure
from bot.delivery.states import IfUnsure, State, Way

LEASE = timedelta(seconds=60)
"""How long a process may hold a row. A try ends well before (`handlers.gateway.PATIENCE`), so a lease that has ended
belongs to a process that is gone."""

PACE = timedelta(seconds=1)
"""Between two messages to one channel (docs.slack.dev, rate limits: about one a second and channel)."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=10)

LOOK_AFTER = timedelta(seconds=2)
"""What a message has to appear in the history before somebody looks for it there."""

TOKEN_REASONS = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked", "team_access_not_granted"}
)
"""Slack's words for a token that is dead: rows that ended with one wait again once Slack takes the token."""

STALE, UNCERTAIN = "stale", "uncertain"
"""Reasons of our own for a dropped row: too late to be of use; perhaps arrived, and better never than twice."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a row goes: its state, why, and from when on it may be taken again (None: at once)."""

    state: State
    reason: str | None = None
    not_before: datetime | None = None


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
            return Step(State.SENT)
        case Nothing(reason):
            return Step(State.DROPPED, reason)
        case Refused(reason):
            return Step(State.FAILED, reason)
        case TooFast(seconds):
            return Step(State.WAITING, "ratelimited", now + timedelta(seconds=seconds))
        case NotSent(reason):
            return Step(State.WAITING, reason, now + pause_after(parcel.attempts, jitter))
        case Unsure(reason):
            pause = pause_after(parcel.attempts, jitter)
            again = State.WAITING if parcel.way == Way.UPDATE else State.UNSURE  # an update said twice is said once
            return Step(again, reason, now + max(pause, LOOK_AFTER))


def after_look(parcel: Parcel, found: Found) -> Outcome | None:
    """What follows from a look for an unsure message: how the try ends, or None for "send it"."""
    match found:
        case Sent():
            return found
        case NotSent(reason):
            return Unsure(reason)
        case TooFast():
            return Unsure("ratelimited")
        case CannotLook() if parcel.if_unsure == IfUnsure.DROP:
            return Nothing(UNCERTAIN)
    return None
