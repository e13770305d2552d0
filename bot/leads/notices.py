"""What Baton says of its own accord about leads, and the jobs behind it. Everything here runs inside a caller's
transaction; the words are made when a message is sent.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.delivery import queries as deliveries
from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.delivery.states import IfUnsure
from bot.leads import queries
from bot.leads.queries import LeadRow
from bot.leads.speed import LOOKS_BACK, RUNS_IN, Staff, speed_of, staff
from bot.leads.states import Direction, Happening, LeadState
from bot.people import queries as people
from bot.schedule import service as schedule
from bot.working_time.presence import presence

INBOUND, GIVEN, BACK, AGAIN = "lead.inbound", "lead.given", "lead.back", "lead.again"
REMIND, LATE, UNSERVED = "lead.remind", "lead.late", "lead.unserved"
KINDS = (INBOUND, GIVEN, BACK, AGAIN, REMIND, LATE, UNSERVED)
"""Messages: a lead in the queue, one that somebody was given, one that is back from nurture, one that came again; one
that nobody has reached out to, the same for the manager, and a queue that nobody serves.
"""

WAKE, SPEED, NURTURE, NOBODY = "lead.wake", "lead.speed", "lead.nurture", "lead.nobody"
"""Jobs: tell those who begin to work, look at the clock, bring back from nurture, look whether anybody serves."""

FRESH = timedelta(days=1)
"""What came longer ago than this, by its own date, is nothing to hurry for: a list that somebody imports."""

LOOK_AGAIN = timedelta(hours=1)


def arrived(tx: Connection, workspace_id: str, row: LeadRow, *, by: str | None, now: datetime) -> None:
    """A lead has come: tell those who can claim it, or the one who has it, and let its clock run."""
    if row.state is LeadState.QUEUED:
        offer(tx, workspace_id, row, now, without=by)
    elif row.owner_id and row.owner_id != by:
        _tell(tx, workspace_id, Letter(GIVEN, row.owner_id, row.id.hex, _about(row), if_unsure=IfUnsure.RESEND), now)
    watch(tx, workspace_id, row, now, is_new=True)


def offer(tx: Connection, workspace_id: str, row: LeadRow, now: datetime, *, without: str | None = None) -> None:
    """Show a lead of the queue to everybody who serves it and works now; without any of them, to the first who begins.
    A queue that nobody serves is told to operations.
    """
    found = staff(tx, workspace_id, now)
    if not found.serving:
        schedule.put(tx, workspace_id, NOBODY, "", now)
        return
    there = found.there(now)
    if there:
        occasion = _occasion(tx, workspace_id, row)
        letters = [
            Letter(INBOUND, each, occasion, _about(row), if_unsure=IfUnsure.RESEND) for each in there if each != without
        ]
        delivery.tell_all(tx, workspace_id, letters, now)
    else:
        schedule.put(tx, workspace_id, WAKE, "", found.next_start(now) or now + LOOK_AGAIN, row.id.hex)


def watch(tx: Connection, workspace_id: str, row: LeadRow, now: datetime, *, is_new: bool = False) -> None:
    """Let the clock of a lead be looked at when its target is used up. With a change of hands it runs in other hours;
    one that was told of before is not told of again.
    """
    is_timed = row.direction == Direction.INBOUND and row.state in RUNS_IN
    if not is_timed or now - row.received_at > (FRESH if is_new else LOOKS_BACK):
        schedule.take_out(tx, workspace_id, SPEED, "", row.id.hex)
        return
    owners = [row.owner_id] if row.owner_id else ()
    found = staff(tx, workspace_id, now, owners=owners, since=row.received_at)
    clock = speed_of(row, found, None, now)
    if clock.late_at and clock.late_at <= now and not is_new:
        schedule.take_out(tx, workspace_id, SPEED, "", row.id.hex)
        return
    due_at = clock.due_at if clock.due_at and clock.due_at > now else clock.late_at
    schedule.put(tx, workspace_id, SPEED, "", due_at or now + LOOK_AGAIN, row.id.hex)


def refresh(tx: Connection, workspace_id: str, row: LeadRow, now: datetime) -> None:
    """Let every message about a lead show what has changed."""
    for kind in (INBOUND, GIVEN, BACK, REMIND, LATE):
        for each in deliveries.of_occasions(tx, workspace_id, kind, _occasions(tx, workspace_id, row)):
            delivery.change(tx, workspace_id, each, now)


def remind(tx: Connection, workspace_id: str, row: LeadRow, found: Staff, now: datetime) -> None:
    """The target is used up: once, to whoever has it, or to those who can claim it and work now."""
    recipients = [row.owner_id] if row.owner_id else found.there(now)
    for each in recipients:
        _tell(tx, workspace_id, Letter(REMIND, each, row.id.hex, _about(row), now + FRESH), now)


def escalate(tx: Connection, workspace_id: str, row: LeadRow, found: Staff, now: datetime) -> None:
    """Twice the target is used up: once, to the manager of whoever has it, or of those who could; else to
    operations.
    """
    behind = [row.owner_id] if row.owner_id else sorted(found.serving)
    above = [people.line_above(tx, workspace_id, each, now.date())[:1] for each in behind]
    managers = list(dict.fromkeys(manager for line in above for manager in line))
    for each in managers or people.operators(tx, workspace_id, now.date()):
        _tell(tx, workspace_id, Letter(LATE, each, row.id.hex, _about(row), now + 2 * FRESH), now)


def back_from_nurture(tx: Connection, workspace_id: str, row: LeadRow, now: datetime) -> None:
    """Its day has come: tell its owner, or those who serve the queue."""
    if row.owner_id:
        occasion = _occasion(tx, workspace_id, row)
        _tell(tx, workspace_id, Letter(BACK, row.owner_id, occasion, _about(row), if_unsure=IfUnsure.RESEND), now)
    else:
        offer(tx, workspace_id, row, now)


def came_again(tx: Connection, workspace_id: str, row: LeadRow, origin: str, now: datetime) -> None:
    """The buyer has spoken once more: tell whoever has the lead."""
    if row.owner_id:
        occasion = f"{row.id.hex}:{origin}"
        _tell(tx, workspace_id, Letter(AGAIN, row.owner_id, occasion, _about(row), now + 2 * FRESH), now)


def unserved(tx: Connection, workspace_id: str, now: datetime) -> None:
    """Tell operations that leads wait which nobody can be told of: while they work, once a day."""
    operators = people.operators(tx, workspace_id, now.date())
    found = staff(tx, workspace_id, now, owners=operators)
    for each in operators:
        if each in found.schedules and presence(found.schedules[each], now).is_working:
            _tell(tx, workspace_id, Letter(UNSERVED, each, f"{now:%Y-%m-%d}", {}, now + FRESH), now)


def _tell(tx: Connection, workspace_id: str, letter: Letter, now: datetime) -> None:
    delivery.tell(tx, workspace_id, letter, now)


def _about(row: LeadRow) -> dict[str, str]:
    return {"lead": row.id.hex}


def _occasion(tx: Connection, workspace_id: str, row: LeadRow) -> str:
    """The lead's id; and which time, for one that has come back."""
    return _occasions(tx, workspace_id, row)[-1]


def _occasions(tx: Connection, workspace_id: str, row: LeadRow) -> list[str]:
    times = sum(_comes_back(each.what) for each in queries.events(tx, workspace_id, row.id))
    return [row.id.hex, *(f"{row.id.hex}:{n}" for n in range(1, times + 1))]


def _comes_back(what: str) -> bool:
    coming_back: Collection[str] = (Happening.RELEASED, Happening.RETURNED)
    return what in coming_back
