"""Where action items and trainings stand."""

from enum import StrEnum


class State(StrEnum):
    """Open until somebody says that it is done; what was taken back is neither."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"
