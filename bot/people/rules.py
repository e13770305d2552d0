"""Rules about people: plain values in, plain values out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import zone_or_utc
from bot.people.model import Role

DAILY_GOAL = 10
DAILY_GOAL_OF_CALLERS = 40
CALLERS = frozenset({Role.SDR, Role.MRR})

STALE_AFTER = timedelta(days=1)
"""Slack's events tell of changes; asking once a day mends what was missed while Baton was down."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of somebody; `zone` (an IANA name) and `language` are None where it leaves them out."""

    id: str
    name: str
    email: str | None
    zone: str | None
    language: str | None
    is_active: bool = True
    is_guest: bool = False
    is_bot: bool = False
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who does something: who, where, in which language, and the roles they hold today."""

    workspace_id: str
    id: str
    name: str
    language: str
    zone: ZoneInfo
    roles: frozenset[str] = frozenset()
    is_active: bool = True
    is_guest: bool = False
    is_bot: bool = False
    is_admin: bool = False
    checked_at: datetime | None = None

    @property
    def daily_goal(self) -> int:
        """Calls a day that this person aims for."""
        return daily_goal(self.roles)


def daily_goal(roles: Iterable[str]) -> int:
    """Calls a day until somebody sets another figure: 40 for those who call for a living, 10 for the others."""
    return DAILY_GOAL_OF_CALLERS if CALLERS.intersection(roles) else DAILY_GOAL


def is_stale(checked_at: datetime | None, now: datetime) -> bool:
    """Whether Slack should be asked again who this is."""
    return checked_at is None or now - checked_at > STALE_AFTER


def refusal(actor: Actor) -> str | None:
    """The message key that tells this person why Baton does nothing for them; None for colleagues."""
    if actor.is_bot:
        return "refused.bot"
    if not actor.is_active:
        return "refused.deactivated"
    if actor.is_guest:
        return "refused.guest"
    return None


def zone_name(name: str | None) -> str:
    """A zone name that can be stored: Slack's own where it is a real one, `UTC` otherwise."""
    return zone_or_utc(name).key
