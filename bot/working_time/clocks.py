"""Clocks that run in somebody's own working time: when a limit is used up. How long somebody took, `months` knows.

Working time is the overlap with the person's shifts, less holidays and absences, cut in UTC: wall-clock hours are never
added to a local time, so a clock is right over a weekend in which the clocks change.
"""

from datetime import datetime, timedelta

from bot.working_time.presence import HORIZON, Schedule, working_intervals


def runs_out(schedule: Schedule, start: datetime, limit: timedelta) -> datetime | None:
    """The moment (UTC) at which `limit` of the person's working time has passed since `start` (aware).

    What ends with a shift ends then, and not when the next one begins. None where it does not end within `HORIZON`.
    """
    left = limit
    for part in working_intervals(schedule, start, start + HORIZON):
        if left <= part.end - part.start:
            return part.start + left
        left -= part.end - part.start
    return None
