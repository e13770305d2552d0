"""Where a dispute stands."""

from enum import StrEnum


class Standing(StrEnum):
    """A dispute is answered once; whoever is not content disputes again."""

    OPEN = "open"
    AGREED = "agreed"
    """The line is wrong. It stays as it is: what it comes of is mended, and the statement follows."""
    ANSWERED = "answered"
    """The line is explained."""
