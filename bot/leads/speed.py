"""Speed to lead: how long it took, or has taken so far, until somebody reached out to a lead that came to us.

It runs in the working time of whoever has the lead; before that, while any of those works who serve the queue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.absence.schedule import schedules
from bot.access.roles import Role
from bot.leads import queries
from bot.leads.queries import LeadRow, Touch
from bot.leads.rules import due, took
from bot.leads.states import Direction, Happening, LeadState
from bot.people import queries as people
from bot.people.rules import Member
from bot.working_time.presence import Schedule, presence
from bot.workspace import queries as workspace

LOOKS_BACK = timedelta(days=60)
"""What came before that is no question of minutes any more: only days are told of it."""

RUNS_IN = frozenset({LeadState.QUEUED, LeadState.WORKING})


@dataclass(frozen=True, slots=True)
class Staff:
    """Those who serve the queue, and whoever else is asked about, with when they work; and the target."""

    serving: Mapping[str, Member]
    schedules: Mapping[str, Schedule]
    target: timedelta

    @property
    def of_queue(self) -> list[Schedule]:
        """When those work who serve the queue."""
        return [self.schedules[each] for each in self.serving]

    def there(self, now: datetime) -> list[str]:
        """Those of them who work at this moment."""
        return [each for each in self.serving if presence(self.schedules[each], now).is_working]

    def next_start(self, now: datetime) -> datetime | None:
        """When the first of them begins next."""
        starts = (presence(each, now).next_start for each in self.of_queue)
        return min((each for each in starts if each), default=None)


@dataclass(frozen=True, slots=True)
class Speed:
    """The clock of one lead: `touch` ended it, or it runs. `worked` is working time, `wall` what a clock on the wall
    shows; at `due_at` the target is used up, at `late_at` twice that (None: nobody works that long within a year).
    """

    target: timedelta
    worked: timedelta
    wall: timedelta
    touch: Touch | None
    due_at: datetime | None
    late_at: datetime | None

    @property
    def is_met(self) -> bool:
        """Whether the target was kept, or still may be."""
        return self.worked <= self.target


def staff(
    tx: Connection, workspace_id: str, now: datetime, *, owners: Sequence[str] = (), since: datetime | None = None
) -> Staff:
    """Who serves the queue today, and when they and `owners` work, from `since` on."""
    held = people.members(tx, workspace_id, now.date())
    serving = {each: member for each, member in held.items() if member.may_work and Role.MRR in member.roles}
    more = people.members(tx, workspace_id, now.date(), people=sorted({*owners} - serving.keys()))
    settings = workspace.settings(tx, workspace_id)
    start = max(since or now, now - LOOKS_BACK - timedelta(days=1))
    working = schedules(tx, workspace_id, {**serving, **more}, now, settings, start=start)
    return Staff(serving, working, timedelta(minutes=settings.speed_minutes))


def speed(tx: Connection, workspace_id: str, row: LeadRow, now: datetime) -> Speed | None:
    """The clock of a lead; None for one that has none: we spoke first, it came long ago, or was put into nurture
    before anybody reached out.
    """
    if row.direction != Direction.INBOUND or now - row.received_at > LOOKS_BACK:
        return None
    touch = queries.first_touch(tx, workspace_id, row)
    if touch is None and (row.state not in RUNS_IN or _was_put_off(tx, workspace_id, row)):
        return None
    found = staff(tx, workspace_id, now, owners=[row.owner_id] if row.owner_id else (), since=row.received_at)
    return speed_of(row, found, touch, now)


def speed_of(row: LeadRow, staff: Staff, touch: Touch | None, now: datetime) -> Speed:
    """The same, of what was read."""
    end = max(touch.at if touch else now, row.received_at)
    own = staff.schedules.get(row.owner_id or "")
    claimed = max(row.claimed_at or end, row.received_at) if own else end
    claimed = min(claimed, end)  # who reached out before anybody claimed it ended the clock
    waited = took(staff.of_queue, row.received_at, claimed)
    worked = waited + (took([own], claimed, end) if own else timedelta())
    due_at, late_at = (_due(row, staff, own, times * staff.target) for times in (1, 2))
    return Speed(staff.target, worked, end - row.received_at, touch, due_at, late_at)


def _due(row: LeadRow, staff: Staff, own: Schedule | None, limit: timedelta) -> datetime | None:
    if own is None:
        return due(staff.of_queue, row.received_at, limit)
    claimed = max(row.claimed_at or row.received_at, row.received_at)
    waited = took(staff.of_queue, row.received_at, claimed)
    if waited >= limit:
        return due(staff.of_queue, row.received_at, limit)
    return due([own], claimed, limit - waited)


def _was_put_off(tx: Connection, workspace_id: str, row: LeadRow) -> bool:
    return any(each.what == Happening.NURTURED for each in queries.events(tx, workspace_id, row.id))
