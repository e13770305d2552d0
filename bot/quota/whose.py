"""Who a target is for."""

from enum import StrEnum


class Whose(StrEnum):
    """Who a target is for."""

    PERSON = "person"
    TEAM = "team"
    TERRITORY = "territory"
