"""The states that a lead passes through, and what can happen to it: words that others use, too."""

from collections.abc import Mapping
from enum import StrEnum


class Direction(StrEnum):
    """Who spoke first."""

    INBOUND = "inbound"
    """They did: a form, a webinar. It stands in the queue until an MRR claims it."""
    OUTBOUND = "outbound"
    """We did. It stays with the SDR who found it."""


class LeadState(StrEnum):
    """Where a lead stands."""

    QUEUED = "queued"
    """Inbound, and nobody's yet."""
    WORKING = "working"
    """Its owner calls, writes, qualifies."""
    NURTURE = "nurture"
    """Kept warm until a day; no clock runs."""
    HANDED_OFF = "handed_off"
    """Given to an account executive, who has not re-qualified it yet."""
    QUALIFIED = "qualified"
    """Re-qualified (SQL): the moment that credits its giver."""
    UNQUALIFIED = "unqualified"
    """Not qualified, with a reason."""
    MERGED = "merged"
    """It was another one's double; its timeline stands there."""


MOVES: Mapping[LeadState, frozenset[LeadState]] = {
    LeadState.QUEUED: frozenset({LeadState.WORKING, LeadState.NURTURE, LeadState.HANDED_OFF, LeadState.MERGED}),
    LeadState.WORKING: frozenset(
        {LeadState.QUEUED, LeadState.NURTURE, LeadState.HANDED_OFF, LeadState.UNQUALIFIED, LeadState.MERGED}
    ),
    LeadState.NURTURE: frozenset({LeadState.QUEUED, LeadState.WORKING, LeadState.HANDED_OFF, LeadState.MERGED}),
    LeadState.HANDED_OFF: frozenset({LeadState.WORKING, LeadState.QUALIFIED, LeadState.UNQUALIFIED}),
    LeadState.QUALIFIED: frozenset(),
    LeadState.UNQUALIFIED: frozenset({LeadState.WORKING, LeadState.NURTURE, LeadState.HANDED_OFF, LeadState.MERGED}),
    LeadState.MERGED: frozenset(),
}
"""Every way from state to state."""


class Happening(StrEnum):
    """What happened to a lead; activities stand in their own table and are read beside these."""

    RECEIVED = "received"
    CAME_AGAIN = "came_again"
    """The same buyer, once more: another form, another import."""
    CLAIMED = "claimed"
    RELEASED = "released"
    CHANGED = "changed"
    SCORED = "scored"
    """Somebody added points, with why."""
    RESCORED = "rescored"
    """The rules of the score changed, and with them its points: `before` and `after`, each with its grade."""
    NURTURED = "nurtured"
    RETURNED = "returned"
    """Its day has come: back from nurture."""
    MERGED = "merged"
    HANDOFF = "handoff"
    """A hand-off changed its state."""
