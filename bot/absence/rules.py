"""Rules of absence: plain values in, plain values out."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.absence.kinds import AbsenceKind
from bot.absence.vocabulary import Half, Verb
from bot.clock import instant
from bot.working_time.hours import Hours
from bot.working_time.presence import Span

LONGEST = timedelta(days=400)
"""Longer than a year of parental leave: more than that is a slip of the finger."""

FURTHEST = timedelta(days=2 * 366)
"""An absence that ends further away than this is a slip, too."""

AT_ONCE = timedelta(seconds=10)
"""Of two who say something at once, the one who began first may have their turn last."""

LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Away:
    """What somebody asks for, on their own calendar and clock.

    From `first` (at `start`, or when the day begins) to `last` (until `end`, or through that day). `half` is half of
    `first`. `from_now` was said as "until": it takes the place of the absence that runs. `kind` is None if unsaid.
    """

    first: date
    last: date
    start: time | None = None
    end: time | None = None
    half: Half | None = None
    from_now: bool = False
    kind: AbsenceKind | None = None
    note: str | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was stored: `away.problem.CODE`, and what its words name."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line that needs another look, with what was understood of it."""

    problem: Problem
    kind: AbsenceKind | None = None
    note: str | None = None
    person_id: str | None = None


Reading = Away | Asked | Verb


class Leave(NamedTuple):
    """An absence as it stands: [start_at, end_at) in UTC. Who may not know why sees no kind and no note."""

    id: UUID
    version: int
    person_id: str
    kind: str | None
    source: str
    start_at: datetime
    end_at: datetime
    note: str | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether it runs at `moment`."""
        return self.start_at <= moment < self.end_at

    def runs(self, now: datetime) -> bool:
        """Whether it runs when somebody says at `now` that it ends, or lasts until another day: also if it began in the
        seconds for which what they say waited for its turn.
        """
        return self.start_at < now + AT_ONCE and now < self.end_at

    def holds(self, other: "Leave") -> bool:
        """Whether `other` lies wholly inside it."""
        return self.start_at <= other.start_at and other.end_at <= self.end_at

    @property
    def span(self) -> Span:
        """When, as working time takes it."""
        return Span(self.start_at, self.end_at)


def without_reason(leave: Leave) -> Leave:
    """What colleagues see: that somebody is away, and until when."""
    return leave._replace(kind=None, note=None)


def check(away: Away, now: datetime) -> Problem | None:
    """What is wrong with the days and times, or None.

    Args:
        away: what was asked for.
        now: aware, where the person is.
    """
    local, today = now.replace(tzinfo=None), now.date()
    start = datetime.combine(away.first, away.start or time.min)
    end = datetime.combine(away.last, away.end) if away.end else datetime.combine(away.last, time.max)
    if end <= start or away.last < away.first:
        return Problem("end_before_start")
    if end <= local:
        return Problem("past")
    if away.last - today > FURTHEST:
        return Problem("too_far", {"day": away.last})
    if end - max(start, local) > LONGEST:
        return Problem("too_long", {"days": LONGEST.days})
    if away.note and len(away.note) > LONGEST_NOTE:
        return Problem("note_long", {"length": len(away.note), "limit": LONGEST_NOTE})
    return None


def interval(away: Away, zone: ZoneInfo, hours: Hours, now: datetime) -> tuple[datetime, datetime]:
    """The absence in UTC, from `now` at the earliest: what has passed is never told anew.

    It may be empty: half a day that is over.
    """
    if away.half:
        start, end = _half(away.first, away.half, zone, hours)
    else:
        start = instant(away.first, away.start or time.min, zone)
        end = instant(away.last, away.end, zone) if away.end else _midnight_after(away.last, zone)
    return max(start, now.astimezone(UTC)), end


def _half(day: date, half: Half, zone: ZoneInfo, hours: Hours) -> tuple[datetime, datetime]:
    """Half a day, cut at the middle of the person's hours of that day (09:00-17:30 at 13:15), or of their first
    working day where this one is none. A night shift is cut, and ends, on the day after.
    """
    shift = hours.week[day.weekday()] or next(each for each in hours.week if each)
    following = day + timedelta(days=1)
    cut = instant(day if shift.middle > shift.start else following, shift.middle, zone)
    if half is Half.MORNING:
        return instant(day, time.min, zone), cut
    end = instant(following, shift.end, zone) if shift.is_overnight else _midnight_after(day, zone)
    return cut, end


def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return instant(day + timedelta(days=1), time.min, zone)
