"""Where a dispute stands."""

from enum import StrEnum


class Standing(StrEnum):
    """A dispute is answered once; whoever is not content disputes again."""

    OPEN = "open"
    ANSWERED = "answered"
