"""Who did what, and for whom, on which day, as it was known at some moment."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.access.roles import Role
from bot.handoffs.credited import Helped
from bot.pay.plan import Event, Plan, paid_role
from bot.people.rules import Stint, line_of


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody's roles and managers by day, in the workspace's zone, and what their hand-offs say.

    `given` is when the lead of a hand-off was given; `helped` who joined a company's deal, and when (UTC).
    """

    zone: ZoneInfo
    plans: tuple[Plan, ...]
    stints: Mapping[str, Sequence[Stint]]
    managers: Mapping[str, Mapping[date, str | None]]
    given: Mapping[UUID, datetime]
    helped: Mapping[UUID, Sequence[Helped]]

    def day(self, at: datetime) -> date:
        """The workspace's day of a moment."""
        return at.astimezone(self.zone).date()

    def roles(self, person_id: str, at: datetime) -> frozenset[Role]:
        """The roles that somebody held at a moment."""
        day = self.day(at)
        return frozenset(Role(each.role) for each in self.stints.get(person_id, ()) if each.covers(day))

    def role(self, person_id: str, event: Event, at: datetime, held_at: datetime | None = None) -> Role | None:
        """In which role somebody earns what happens at a moment: of those that they held then, or at `held_at`."""
        return paid_role(self.plans, self.roles(person_id, held_at or at), event, self.day(at))

    def above(self, person_id: str, at: datetime) -> list[str]:
        """The managers above somebody at a moment, nearest first."""
        day = self.day(at)

        def manager_of(person: str) -> str | None:
            days = self.managers.get(person, {})
            place = bisect_right(list(days), day)
            return list(days.values())[place - 1] if place else None

        return line_of(manager_of, person_id)

    def helpers(self, account_id: UUID, opened_at: datetime, won_at: datetime) -> list[str]:
        """Who joined a company's deal while it was open."""
        return [each.person_id for each in self.helped.get(account_id, ()) if opened_at <= each.at <= won_at]
