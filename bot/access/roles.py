"""The nine sales roles."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody does in the team; a person holds one or more at a time."""

    SDR = "SDR"
    MRR = "MRR"
    AE = "AE"
    SPECIALIST = "SPECIALIST"
    CSM = "CSM"
    MANAGER = "MANAGER"
    OPS = "OPS"
    ADMIN = "ADMIN"
    MARKETING = "MARKETING"
