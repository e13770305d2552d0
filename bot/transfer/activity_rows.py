"""One row of the table of activities, as it is understood."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.activity.limits import LONGEST_NAME, LONGEST_NOTE, MOST_CONFIRMED, MOST_MINUTES
from bot.activity.versions import moment_of
from bot.activity.vocabulary import STANDARD, TEXT_KINDS, Phrases
from bot.clock import instant, zone_or_utc
from bot.reading.text import keyed
from bot.transfer.cells import Cells, shown
from bot.transfer.form import Job
from bot.transfer.sides import Said
from bot.transfer.table import Problem, Row

FIRST_YEAR = 1970

A_DAY = timedelta(days=1)

_DAY_LENGTH = len("2026-11-20")


class When(NamedTuple):
    """A day and perhaps a time on the person's wall, and the moment in UTC."""

    day: date
    at: time | None
    happened_at: datetime


class Wall:
    """The clock on somebody's wall. Each day is looked up once: nearly all of them have one offset from UTC."""

    def __init__(self, zone: ZoneInfo, now: datetime) -> None:
        self.zone, self._now = zone, now
        self._today = now.astimezone(zone).date()
        self._begins: dict[date, datetime | None] = {}

    def moment(self, day: date, at: time | None) -> datetime:
        """The UTC moment of a day and a time."""
        begins = self._begins[day] if day in self._begins else self._look_up(day)
        if at is None:
            return moment_of(day, at, self.zone, self._now)
        if begins is None:
            return instant(day, at, self.zone)
        return begins + timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)

    def is_to_come(self, when: When) -> bool:
        """Whether something has not happened yet."""
        return when.day > self._today if when.at is None else when.happened_at > self._now

    def _look_up(self, day: date) -> datetime | None:
        begins, ends = (instant(each, time.min, self.zone) for each in (day, day + A_DAY))
        is_plain = ends - begins == A_DAY and begins.astimezone(self.zone).time() == time.min
        self._begins[day] = begins if is_plain else None
        return self._begins[day]


class Understood(NamedTuple):
    """A row, without whom it was with."""

    line: int
    person: str
    kind: str
    quantity: int
    outcome: str | None
    minutes: int | None
    note: str | None
    when: When
    said: Said | None


@dataclass(slots=True)
class Person:
    """Somebody of a file."""

    id: str
    wall: Wall


class Reading:
    """Rows, as they are understood; what is wrong with them is added to `problems`."""

    def __init__(self, job: Job, problems: list[Problem]) -> None:
        directory = job.directory
        self._problems = problems
        self._ids = directory.ids
        walls = {name: Wall(zone_or_utc(name), job.now) for name in {*directory.zones.values(), "UTC"}}
        self._people = {
            each: Person(each, walls[directory.zones.get(each, "UTC")]) for each in set(directory.ids.values())
        }
        self._kinds, self._outcomes = _Codes("kind", STANDARD.kind_phrases), _Codes("outcome", STANDARD.outcome_phrases)

    def read(self, row: Row) -> Understood | None:
        """A row, if there is nothing wrong with it."""
        cells = Cells(row, self._problems)
        person, kind, outcome = self._person(cells), self._kind(cells), self._outcomes.read(cells)
        when = self._when(cells, person.wall) if person else None
        quantity, minutes = _whole(cells, "count", 1, MOST_CONFIRMED), _whole(cells, "minutes", 0, MOST_MINUTES)
        note, said = _note(cells, row, kind), _said(cells)
        if not cells.is_good or person is None or kind is None or when is None:
            return None
        return Understood(row.line, person.id, kind, quantity or 1, outcome, minutes or None, note, when, said)

    def _person(self, cells: Cells) -> Person | None:
        if cells.text("email") is None:
            cells.refuse("email: there is none; whose activity is it?")
            return None
        found = cells.person("email", self._ids)
        return self._people[found] if found else None

    def _kind(self, cells: Cells) -> str | None:
        if cells.text("kind") is None:
            cells.refuse(f"kind: there is none; write one of {', '.join(_codes(STANDARD.kind_phrases))}")
        return self._kinds.read(cells)

    def _when(self, cells: Cells, wall: Wall) -> When | None:
        """`2026-11-20`, `2026-11-20 14:30` on the person's wall, or with an offset."""
        cell = cells.text("at")
        if cell is None:
            cells.refuse("at: there is no day")
            return None
        try:
            found = _moment(cell, wall)
        except (ValueError, OverflowError):
            found = None
        if found is None:
            cells.refuse(
                f"at: {shown(cell)} is no moment; write it as 2026-11-20, 2026-11-20 14:30 or with +01:00 behind"
            )
        elif wall.is_to_come(found):
            cells.refuse(f"at: {shown(cell)} is still to come")
        return found


class _Codes:
    """Reads the cells of a column that hold a code, or a word that people type for it; each word is looked up once."""

    def __init__(self, column: str, phrases: Phrases) -> None:
        self._column, self._phrases = column, phrases
        self._known: dict[str, str] = {}

    def read(self, cells: Cells) -> str | None:
        """The code; None for an empty cell."""
        cell = cells.text(self._column)
        if cell is None:
            return None
        if cell not in self._known:
            code = self._phrases.meaning.get(keyed(cell))
            if code is None:
                allowed = ", ".join(_codes(self._phrases))
                cells.refuse(f"{self._column}: {shown(cell)} is none; write one of {allowed}")
                return None
            self._known[cell] = code
        return self._known[cell]


def _codes(phrases: Phrases) -> list[str]:
    return list(dict.fromkeys(phrases.meaning.values()))


def _moment(cell: str, wall: Wall) -> When | None:
    """A moment in ISO form; with an offset as the person's wall showed it then."""
    if len(cell) <= _DAY_LENGTH:
        day, at = date.fromisoformat(cell), None
    else:
        said = datetime.fromisoformat(cell).replace(microsecond=0)
        if said.tzinfo and said.year >= FIRST_YEAR:
            local = said.astimezone(wall.zone)
            return When(local.date(), local.time(), said.astimezone(UTC))
        day, at = said.date(), said.time()
    return When(day, at, wall.moment(day, at)) if day.year >= FIRST_YEAR else None


def _whole(cells: Cells, column: str, least: int, most: int) -> int | None:
    cell = cells.text(column)
    if cell is None:
        return None
    if cell.isascii() and cell.isdigit() and least <= int(cell[:9]) <= most:
        return int(cell)
    cells.refuse(f"{column}: {shown(cell)} is no whole number from {least} to {most}")
    return None


def _note(cells: Cells, row: Row, kind: str | None) -> str | None:
    """The note, with further columns behind it."""
    note = cells.text("note")
    if row.more:
        further = (f"{name}: {text}" for name, text in row.more.items())
        note = "; ".join(filter(None, (note, *further)))
    if note is None and kind in TEXT_KINDS:
        cells.refuse(f"note: there is none, and a {kind} is nothing without it")
    elif note and len(note) > LONGEST_NOTE:
        cells.refuse(f"note: more than {LONGEST_NOTE} characters")
    return note


def _said(cells: Cells) -> Said | None:
    who, company = cells.text("who"), cells.text("company")
    if who and len(who) > LONGEST_NAME:
        cells.refuse(f"who: more than {LONGEST_NAME} characters")
    if company and len(company) > LONGEST_NAME:
        cells.refuse(f"company: more than {LONGEST_NAME} characters")
    return Said(who or company or "", company) if who or company else None
