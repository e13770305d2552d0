"""Rules about people: plain values in, plain values out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from bot.access.roles import Role
from bot.clock import zone_or_utc
from bot.people.model import Aspect
from bot.working_time.hours import Hours

ROLES = tuple(Role)

STALE_AFTER = timedelta(days=1)
"""Slack's events tell of changes; asking once a day mends what was missed while Baton was down."""

TOP = 30
"""Floors of an organisation at the most: a line of managers longer than this can only be a circle."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody; `zone` (an IANA name) and `language` are None where it leaves them out.

    `away_kind` and `away_until` come from a status such as "Vacationing" that ends on its own.
    """

    id: str
    name: str
    email: str | None
    zone: str | None
    language: str | None
    is_active: bool = True
    is_guest: bool = False
    is_bot: bool = False
    is_foreign: bool = False
    is_admin: bool = False
    away_kind: str | None = None
    away_until: datetime | None = None


class Stint(NamedTuple):
    """One assignment of a role: its first day, and its last one (None while it goes on)."""

    id: UUID
    version: int
    person_id: str
    role: str
    start: date
    end: date | None

    def covers(self, day: date) -> bool:
        """Whether the role is held on `day`."""
        return self.start <= day and (self.end is None or day <= self.end)

    def meets(self, start: date, end: date | None) -> bool:
        """Whether it shares a day with the time from `start` to `end`."""
        return (end is None or self.start <= end) and (self.end is None or start <= self.end)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in the team on one day."""

    team: str | None = None
    manager: str | None = None
    territories: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    hours: Hours | None = None
    country: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with the roles that they hold on one day, and where they stand."""

    id: str
    name: str
    email: str | None
    zone: str
    language: str
    is_active: bool = True
    is_guest: bool = False
    is_bot: bool = False
    is_foreign: bool = False
    is_admin: bool = False
    stints: tuple[Stint, ...] = ()
    standing: Standing = field(default_factory=Standing)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles, in the order of the trade."""
        held = {stint.role for stint in self.stints}
        return tuple(role for role in ROLES if role in held)

    @property
    def may_work(self) -> bool:
        """Whether somebody can hold roles: a member of this workspace whose account is alive."""
        return self.is_active and not (self.is_guest or self.is_bot or self.is_foreign)


class Placed(NamedTuple):
    """Somebody in few words: all that decides whether and when they work, on the calendar day where they are."""

    id: str
    zone: str
    may_work: bool
    roles: frozenset[str]
    hours: Hours | None = None
    country: str | None = None


def standing_of(aspects: Mapping[str, Any]) -> Standing:
    """The standing behind stored values by aspect."""
    hours = aspects.get(Aspect.HOURS)
    return Standing(
        team=aspects.get(Aspect.TEAM),
        manager=aspects.get(Aspect.MANAGER),
        territories=tuple(aspects.get(Aspect.TERRITORIES) or ()),
        segments=tuple(aspects.get(Aspect.SEGMENTS) or ()),
        hours=Hours.from_json(hours) if hours else None,
        country=aspects.get(Aspect.COUNTRY),
        notes=aspects.get(Aspect.NOTES) or {},
    )


def line_of(manager_of: Callable[[str], str | None], person_id: str) -> list[str]:
    """The managers above somebody, nearest first. A circle (which cannot be stored) would end where it closes."""
    above: list[str] = []
    here = manager_of(person_id)
    while here and here not in above and here != person_id and len(above) < TOP:
        above.append(here)
        here = manager_of(here)
    return above


def line_above(managers: Mapping[str, str], person_id: str) -> list[str]:
    """The managers above somebody, nearest first, where `managers` gives each person's own."""
    return line_of(managers.get, person_id)


def reports_below(managers: Mapping[str, str], manager_id: str) -> set[str]:
    """Everybody who reports to `manager_id`, at any depth."""
    teams: dict[str, list[str]] = {}
    for person, manager in managers.items():
        teams.setdefault(manager, []).append(person)
    return set(_below(teams, manager_id)) - {manager_id}


def ever_below(managers: Mapping[str, Mapping[date, str | None]], manager_id: str) -> set[str]:
    """Whoever may have reported to `manager_id` on some day, where `managers` gives each person's by first day: those
    who did, and perhaps some whose line passed through others on different days.
    """
    teams: dict[str, list[str]] = {}
    for person, days in managers.items():
        for manager in {each for each in days.values() if each}:
            teams.setdefault(manager, []).append(person)
    return set(_below(teams, manager_id)) - {manager_id}


def _below(teams: Mapping[str, list[str]], top: str) -> Iterator[str]:
    seen, waiting = {top}, [top]
    while waiting:
        for person in teams.get(waiting.pop(), ()):
            if person not in seen:
                seen.add(person)
                waiting.append(person)
                yield person


def mixes_lines(roles: Iterable[str]) -> bool:
    """Whether inbound and outbound are mixed: it costs about a fifth on both sides, so it is worth a word."""
    return {Role.SDR, Role.MRR} <= set(roles)


def is_stale(checked_at: datetime | None, now: datetime) -> bool:
    """Whether Slack should be asked again who this is."""
    return checked_at is None or now - checked_at > STALE_AFTER


def zone_name(name: str | None) -> str:
    """A zone name that can be stored: Slack's own where it is a real one, `UTC` otherwise."""
    return zone_or_utc(name).key
