"""The stages of a deal, what happens to it, and why it is lost: words that others use, too."""

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """Where a deal stands: the account executive's six duties, and the two ends."""

    REQUALIFY = "requalify"
    NEEDS = "needs"
    DEMO = "demo"
    CONCERNS = "concerns"
    NEGOTIATION = "negotiation"
    WON = "won"
    LOST = "lost"


PIPELINE = (Stage.REQUALIFY, Stage.NEEDS, Stage.DEMO, Stage.CONCERNS, Stage.NEGOTIATION)
"""The open stages, in their order."""

CLOSED = frozenset({Stage.WON, Stage.LOST})

MOVES: Mapping[Stage, frozenset[Stage]] = {
    **{stage: (frozenset(PIPELINE) | CLOSED) - {stage} for stage in PIPELINE},
    Stage.WON: frozenset(PIPELINE),
    Stage.LOST: frozenset(PIPELINE),
}
"""Every way from stage to stage. What is closed is reopened before it can end otherwise."""


class Kind(StrEnum):
    """What is sold."""

    NEW = "new"
    RENEWAL = "renewal"
    """The same again, to a customer."""
    UPSELL = "upsell"
    """More, to a customer."""


KINDS = {kind.value: kind for kind in Kind}
"""Looked up, and not made by the enumeration, which takes ten times as long: there are very many deals."""


class What(StrEnum):
    """What happened to a deal."""

    OPENED = "opened"
    CHANGED = "changed"
    """Amount, close day, next step, owner, or the stage among the open ones."""
    TICKED = "ticked"
    """Points of a stage's checklist, done or not done after all."""
    SPLIT = "split"
    """Who has a share of it, and how much; also of one that is won."""
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"


class Turn(StrEnum):
    """What happened to a customer."""

    WON = "won"
    RENEWED = "renewed"
    CHURNED = "churned"
    GIVEN = "given"
    """Somebody else cares for them now."""
    UNDONE = "undone"
    """The deal that made them one was reopened, or its renewal day was mended."""


LOST_REASONS = (
    "price",
    "competitor",
    "no-decision",
    "timing",
    "feature",
    "budget",
    "silent",
    "legal",
    "duplicate",
    "other",
)
"""The standard list; `duplicate` is left out of win rates."""

KEPT = frozenset({"duplicate", "other"})
"""Reasons that every workspace has: figures know the one, and the other is for whatever nobody foresaw."""

NEED_A_NOTE = frozenset({"competitor", "other"})
"""Reasons that are asked about: which one, and what."""

ASKED_FIRST = ("competitor", "price")
"""The reasons that lead the list when somebody is asked why."""
