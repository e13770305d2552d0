"""People in twelve zones, and the moments at which each is to read a digest: plain arithmetic of walls and calendars,
which knows nothing of Baton's own rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import holidays

DAY = timedelta(days=1)
PLACES = (
    ("Pacific/Auckland", "NZ"),
    ("Australia/Adelaide", "AU"),
    ("Asia/Tokyo", "JP"),
    ("Asia/Kathmandu", "NP"),
    ("Asia/Kolkata", "IN"),
    ("Europe/Moscow", "RU"),
    ("Europe/Vienna", "AT"),
    ("Europe/Dublin", "IE"),
    ("America/Sao_Paulo", "BR"),
    ("America/St_Johns", "CA"),
    ("America/New_York", "US"),
    ("America/Los_Angeles", "US"),
)
"""Monday 19 October 2026 is a holiday in Nepal, Monday 26 in New Zealand, Austria and Ireland, Monday 2 November in
Brazil, Tuesday 3 in Japan. Vienna and Dublin leave summer time on 25 October; St John's, New York and Los Angeles do on
1 November.
"""

START = datetime(2026, 10, 18, tzinfo=UTC)
"""Before Monday has begun anywhere."""
END = datetime(2026, 11, 4, 12, tzinfo=UTC)
"""After the last of those who work on Wednesday only."""

GROUP = 20
"""A manager and those who report to them, somebody of marketing among them."""

LONE = 399
"""A manager to whom nobody reports."""

NOON = time(13, 15)
"""The middle of everybody's hours, which are from 09:00 to 17:30."""


class Away(StrEnum):
    """How much of a day somebody is away."""

    WHOLE, MORNING, AFTERNOON = "whole", "morning", "afternoon"


ABSENCES: dict[int, dict[date, Away]] = {
    3: {date(2026, 10, 26) + DAY * n: Away.WHOLE for n in range(7)},
    6: {date(2026, 10, 26): Away.WHOLE},
    9: {date(2026, 10, 23): Away.AFTERNOON},
    12: {date(2026, 10, 26): Away.MORNING},
    15: {date(2026, 10, 22): Away.WHOLE, date(2026, 10, 23): Away.WHOLE},
}
"""Who is away when, by the rest that their number leaves."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of them, by number."""

    n: int
    id: str

    @property
    def zone(self) -> str:
        """Theirs; no two managers in a row have the same."""
        return PLACES[self._place][0]

    @property
    def _place(self) -> int:
        return (self.n + 3 * (self.n // GROUP)) % len(PLACES)

    @property
    def leads(self) -> bool:
        """Whether somebody reports to them."""
        return self.n % GROUP == 0

    @property
    def role(self) -> str:
        """What they are."""
        if self.leads or self.n == LONE:
            return "MANAGER"
        if self.n % GROUP == 1:
            return "OPS" if self.n % (4 * GROUP) == 1 else "MARKETING"
        return ("SDR", "AE", "AE", "CSM")[self.n % 4]

    @property
    def manager(self) -> int | None:
        """The number of whom they report to."""
        return None if self.role == "MANAGER" else self.n - self.n % GROUP

    @property
    def away(self) -> dict[date, Away]:
        """The days on which they are not there, or not all day."""
        return ABSENCES.get(self.n % 23, {})

    @property
    def is_off(self) -> bool:
        """Whether they want no digest."""
        return self.n % 29 == 4

    @property
    def moved(self) -> tuple[int, time] | None:
        """The weekday and time at which they want their week, where it is another."""
        if self.n % 29 != 8:
            return None
        return (1, time(10)) if self.role == "MANAGER" else (3, time(12))

    @property
    def weekly(self) -> str | None:
        """The digest that comes to them each week."""
        kinds = {"MANAGER": "digest_team" if self.leads else None, "MARKETING": "digest_marketing", "OPS": None}
        return kinds.get(self.role, "digest_own")

    def due(self, until: datetime) -> dict[tuple[str, str], datetime]:
        """What they get from START to then, and when: by kind and period."""
        found = {} if self.is_off else {**dict(self._weeks()), **dict(self._months())}
        return {what: at for what, at in found.items() if START < at <= until}

    def _weeks(self) -> Iterator[tuple[tuple[str, str], datetime]]:
        kind = self.weekly
        if kind is None:
            return
        weekday, at = self.moved or ((4, time(16)) if kind == "digest_own" else (0, time(8, 30)))
        for week in range(4):
            day = date(2026, 10, 12) + DAY * (7 * week + weekday)
            told = day if kind == "digest_own" else day - 7 * DAY
            if moment := (kind == "digest_own" and self._before(day, at)) or self._on(day, at, 7):
                yield (kind, f"{told:%G-W%V}"), moment

    def _months(self) -> Iterator[tuple[tuple[str, str], datetime]]:
        if (self.leads or self.role == "OPS") and (moment := self._on(date(2026, 11, 1), time(8, 30), 28)):
            yield ("digest_month", "2026-10"), moment

    def _before(self, day: date, at: time) -> datetime | None:
        """The last moment up to `day` in its week at which they are there at `at`."""
        found = (self._on(day - DAY * back, at, 1) for back in range(day.weekday() + 1))
        return next((moment for moment in found if moment), None)

    def _on(self, day: date, at: time, within: int) -> datetime | None:
        """The first moment from `day` on at which they are there at `at`, or come after it on that day."""
        closed = holidays.country_holidays(PLACES[self._place][1], years=[2026])
        for each in (day + DAY * n for n in range(within)):
            away = self.away.get(each)
            is_gone = away is Away.WHOLE or (away is Away.AFTERNOON and at >= NOON)
            if each.weekday() < 5 and each not in closed and not is_gone:
                wall = max(at, NOON) if away is Away.MORNING else at
                return datetime.combine(each, wall, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
        return None

    def absences(self) -> Iterator[tuple[datetime, datetime]]:
        """The same absences as spans in UTC."""
        for day, away in self.away.items():
            start = NOON if away is Away.AFTERNOON else time()
            end = datetime.combine(day, NOON) if away is Away.MORNING else datetime.combine(day + DAY, time())
            zone = ZoneInfo(self.zone)
            yield datetime.combine(day, start, tzinfo=zone).astimezone(UTC), end.replace(tzinfo=zone).astimezone(UTC)
