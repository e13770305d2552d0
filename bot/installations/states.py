"""What becomes of an installation."""

from enum import StrEnum


class State(StrEnum):
    """A workspace is served while it is `active`. `ended`: its rows wait to be purged, and a new installation brings
    everything back. `purging`: the rows are on their way out, and there is no way back. `purged`: nothing is left but
    the receipt.
    """

    ACTIVE = "active"
    ENDED = "ended"
    PURGING = "purging"
    PURGED = "purged"
