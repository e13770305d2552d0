"""The states a message passes through, and how it is sent: words of the ledger that others use, too."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a row stands."""

    WAITING = "waiting"
    """To be sent, at once or from `not_before` on."""
    CLAIMED = "claimed"
    """In the hands of one process until its lease ends."""
    UNSURE = "unsure"
    """It may have arrived: whoever held it died or heard no answer. The next to take it looks before it sends."""
    SENT = "sent"
    """It stands in Slack, at `channel` and `ts`, as of the version `shown`."""
    DROPPED = "dropped"
    """There was nothing left to say: too late, settled meanwhile, or better not said than said twice."""
    FAILED = "failed"
    """It cannot arrive, for a `reason` that trying again does not mend."""


UNSENT = frozenset({State.WAITING, State.CLAIMED, State.UNSURE})

MOVES: Mapping[State, frozenset[State]] = {
    State.WAITING: frozenset({State.CLAIMED, State.DROPPED, State.UNSURE}),  # the database was taken back to then
    State.CLAIMED: frozenset({State.SENT, State.WAITING, State.UNSURE, State.DROPPED, State.FAILED}),
    State.UNSURE: frozenset({State.CLAIMED, State.SENT, State.WAITING}),  # the answer came after all
    State.SENT: frozenset({State.WAITING}),  # the card shows something new
    State.DROPPED: frozenset(),
    State.FAILED: frozenset({State.WAITING}),  # the token lives again
}
"""Every way from state to state; a test walks the code's statements and finds no other."""


class Way(StrEnum):
    """What sending the row means next."""

    POST = "post"
    UPDATE = "update"
    """The message stands; it gets another content in its place."""
    EPHEMERAL = "ephemeral"
    """Seen by the recipient only, in the channel `place`; it can be neither changed nor found again."""
    REPLY = "reply"
    """Beneath another message of ours; it is looked for in that thread."""
    UPLOAD = "upload"
    """A file, in the channel `place`, with the recipient, or in a thread, where it is looked for by its name."""


class IfUnsure(StrEnum):
    """What to do with a message that may have arrived where nobody can look."""

    RESEND = "resend"
    """Better twice than never: offers, hand-offs."""
    DROP = "drop"
    """Better never than twice: reminders."""
