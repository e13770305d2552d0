"""What is handed over, the states that it passes through, and why: words that others use, too."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from bot.access.roles import Role


class Kind(StrEnum):
    """What is handed over; who takes it follows from that."""

    SALE = "sale"
    """A qualified lead, to an account executive who re-qualifies it."""
    HELP = "help"
    """A complex deal, to a specialist who joins it; its owner does not change."""
    CARE = "care"
    """A new customer, to customer success."""
    UPSELL = "upsell"
    """A customer who may want more, to an account executive."""
    STUCK = "stuck"
    """What a rep is stuck on, to whoever takes such things over."""


TAKERS: Mapping[Kind, Role] = {
    Kind.SALE: Role.AE,
    Kind.HELP: Role.SPECIALIST,
    Kind.CARE: Role.CSM,
    Kind.UPSELL: Role.AE,
    Kind.STUCK: Role.ADMIN,
}
"""The role that a kind is offered to."""

ASKED = frozenset({Kind.HELP, Kind.STUCK})
"""Kinds by which somebody asks for help with what stays theirs; the others change hands."""

SOLD_AGAIN = frozenset({Kind.SALE, Kind.UPSELL})
"""Kinds that are re-qualified; the others end at `accepted`."""


def may_take(kind: Kind, roles: Collection[str]) -> bool:
    """Whether somebody in these roles takes a kind: operations, too, what somebody is stuck on."""
    return TAKERS[kind] in roles or (kind is Kind.STUCK and Role.OPS in roles)


class State(StrEnum):
    """Where a hand-off stands."""

    WAITING = "waiting"
    """Nobody can take it now; it stands in the visible queue, and operations knows."""
    OFFERED = "offered"
    DECLINED = "declined"
    REASSIGNED = "reassigned"
    EXPIRED = "expired"
    """These three last as long as it takes to offer it to the next."""
    ACCEPTED = "accepted"
    REQUALIFIED = "requalified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_ON_OFFER = frozenset({State.OFFERED, State.WAITING})

MOVES: Mapping[State, frozenset[State]] = {
    State.WAITING: frozenset({State.OFFERED, State.ACCEPTED, State.WITHDRAWN}),
    State.OFFERED: frozenset({State.ACCEPTED, State.DECLINED, State.REASSIGNED, State.EXPIRED, State.WITHDRAWN}),
    State.DECLINED: _ON_OFFER,
    State.REASSIGNED: _ON_OFFER,
    State.EXPIRED: _ON_OFFER,
    State.ACCEPTED: frozenset({State.REQUALIFIED, State.REJECTED, State.REASSIGNED}),
    State.REQUALIFIED: frozenset(),
    State.REJECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
"""Every way from state to state. `accepted` becomes `reassigned` only when its taker has left."""

OPEN = frozenset({State.WAITING, State.OFFERED, State.ACCEPTED})
"""States in which something is still to be done (of a kind that ends at `accepted`, only until then)."""


class Reason(StrEnum):
    """Why Baton itself moved an offer on; people's reasons are the workspace's codes."""

    AWAY = "away"
    GONE = "gone"
    """Deactivated, or without the role."""
    NO_ANSWER = "no_answer"
    TO_SOMEBODY = "to_somebody"
    """The taker named somebody else."""
