"""Why somebody is away, and who says so."""

from enum import StrEnum


class AbsenceKind(StrEnum):
    """Why somebody is away; public holidays are the calendar's and have no rows."""

    VACATION = "vacation"
    SICK = "sick"
    TRAINING = "training"
    TRIP = "trip"
    PARENTAL = "parental"
    DAY_OFF = "day-off"
    OTHER = "other"


class Source(StrEnum):
    """Who says so: a person, or the status that they set in Slack."""

    PERSON = "person"
    SLACK = "slack"
