"""The person who does something."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: where, in which language, with the roles they hold today and the calls a day they aim for."""

    workspace_id: str
    id: str
    name: str
    language: str
    zone: ZoneInfo
    roles: frozenset[str] = frozenset()
    daily_goal: int = 10
    is_active: bool = True
    is_guest: bool = False
    is_bot: bool = False
    is_foreign: bool = False
    is_admin: bool = False
    checked_at: datetime | None = None
