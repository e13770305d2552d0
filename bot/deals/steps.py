"""The next step of a deal: its owner is reminded on its day, whoever said it. Runs inside a caller's transaction."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from bot.clock import instant
from bot.deals.queries import DealRow
from bot.delivery import queries as deliveries
from bot.delivery import service as delivery
from bot.people import queries as people
from bot.schedule import service as schedule

STEP = "deal_step"
"""The kind of the job, whose subject is the deal's id in hex, and of the reminder in the ledger."""

COLUMNS = frozenset({"next_step", "next_on", "owner_id", "stage"})
"""What decides whether anybody is reminded."""

IN_A_WHILE = timedelta(hours=1)
"""After this one is reminded of a step that is due already when it is said."""

SHOWS = 10
"""The last reminders of an owner that are kept current."""


def key_of(row: DealRow) -> str:
    """Tells one step of a deal from the next one, in a reminder and on its buttons."""
    return sha256(f"{row.next_on}:{row.next_step}".encode()).hexdigest()[:12]


def waits(row: DealRow, person_id: str, key: str) -> bool:
    """Whether it is still this person's, and this step is still to be done."""
    return row.is_open and row.owner_id == person_id and bool(row.next_step) and key_of(row) == key


def watch(tx: Connection, workspace_id: str, before: DealRow | None, after: DealRow, now: datetime) -> None:
    """Have whoever owns the deal now reminded of its step on the day, and nobody of one that was done, moved or
    replaced; a reminder that stands shows it.
    """
    if before:
        schedule.take_out(tx, workspace_id, STEP, before.owner_id, before.id.hex)
        _show(tx, workspace_id, before, now)
    remind_of(tx, workspace_id, after, now)


def remind_of(tx: Connection, workspace_id: str, row: DealRow, now: datetime) -> None:
    """Put in the job of a step that is still to come: for when its owner begins to work on its day."""
    owner = people.actor(tx, workspace_id, row.owner_id, now)
    if owner is None or not row.is_open or not row.next_step or row.next_on is None:
        return
    if row.next_on >= people.today_of(owner, now):
        due = instant(row.next_on, people.start_of_work(tx, owner, row.next_on), owner.zone)
        schedule.put(tx, workspace_id, STEP, owner.id, due if due > now else now + IN_A_WHILE, row.id.hex)


def _show(tx: Connection, workspace_id: str, row: DealRow, now: datetime) -> None:
    for each in deliveries.last_told(tx, workspace_id, STEP, row.owner_id, SHOWS):
        if any(one["d"] == row.id.hex for one in each.subject["deals"]):
            delivery.change(tx, workspace_id, each.id, now)
