"""What was found in one line before it is judged: every reading of every part, also the impossible ones."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from bot.activity.entry import Entry, FollowUp, Who
from bot.activity.limits import check_count, check_day, check_follow_up, check_minutes
from bot.activity.vocabulary import STANDARD, Vocabulary
from bot.reading.names import Known, KnownName
from bot.reading.when import Moment


@dataclass(frozen=True, slots=True)
class Situation:
    """Who reads, and when: `now` is aware, in the person's own zone."""

    now: datetime
    language: str
    known: Known
    vocabulary: Vocabulary = STANDARD


class SaidDay(NamedTuple):
    """A day as typed, and the days that it may be: none if there is no such day, two if that is open."""

    text: str
    days: tuple[date, ...]


class SaidTime(NamedTuple):
    """A time as typed, and the time that it is: None if there is no such time."""

    text: str
    at: time | None


class Step(NamedTuple):
    """`next WHEN WHAT`: WHEN as typed and as read, and WHAT, perhaps empty."""

    text: str
    when: Moment
    what: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One activity as found in a line.

    `places` are the known names that stand in it, each with its namesakes; `stranger` is a name that nobody
    knows, `close` are the known ones that it may be a misspelling of; `longer` is a known name together with
    what follows it, where that may be one longer name. `remarks` are the words that were left over, `numbers`
    the bare figures among them.
    """

    kind: str
    count: int = 1
    confirmed: bool = False
    places: tuple[tuple[KnownName, ...], ...] = ()
    stranger: str | None = None
    close: tuple[KnownName, ...] = ()
    longer: str | None = None
    lengths: tuple[int, ...] = ()
    days: tuple[SaidDay, ...] = ()
    times: tuple[SaidTime, ...] = ()
    outcomes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    note: str | None = None
    step: Step | None = None

    @property
    def who(self) -> Who | None:
        """The other side, as far as it is known."""
        if self.places:
            first = self.places[0]
            return Who(first[0].name, first[0].ref if len(first) == 1 else None)
        return Who(self.stranger) if self.stranger else None

    @property
    def text(self) -> str | None:
        """The note with the words that were left over in front of it."""
        remarks = " ".join(self.remarks)
        return " - ".join(part for part in (remarks, self.note) if part) or None

    @property
    def at(self) -> time | None:
        """The time, if one was said and there is such a time."""
        return self.times[0].at if self.times else None

    def day(self, today: date) -> date:
        """The day that was said; today if none was, or none that can be told."""
        return self.days[0].days[0] if self.days and len(self.days[0].days) == 1 else today

    def entry(self, now: datetime) -> Entry:
        """What was understood: parts that cannot be stored are left out of it."""
        day, at = self.day(now.date()), self.at
        if check_day(day, at, now):
            day, at = now.date(), None
        return Entry(
            kind=self.kind,
            day=day,
            count=1 if check_count(self.count, confirmed=self.confirmed) else self.count,
            who=self.who,
            minutes=next((length for length in self.lengths if not check_minutes(length)), None),
            outcome=self.outcomes[0] if self.outcomes else None,
            at=at,
            note=self.text,
            colleagues=self.colleagues,
            follow_up=self._follow_up(now),
        )

    def _follow_up(self, now: datetime) -> FollowUp | None:
        if self.step is None or not self.step.when.days:
            return None
        day, at, what = self.step.when.days[0], self.step.when.at, self.step.what
        problem = check_follow_up(day, at, what or "?", now)
        return None if problem else FollowUp(day, what, at)
