"""What the ticks do about customers: whoever cares for one is reminded 90, 60 and 30 days before it renews."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import Connection

from bot.absence.schedule import schedules
from bot.deals import queries
from bot.deals.queries import CustomerRow
from bot.deals.rules import NOTICES, next_notice, notice_on
from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.noise import service as noise
from bot.noise.service import About, Acted
from bot.people import queries as people
from bot.schedule import service as schedule
from bot.schedule.service import Due, Following, Planner
from bot.working_time.presence import Schedule, next_working_day, presence, start_of_work
from bot.workspace import queries as workspace

RENEWAL = "deal_renewal"
"""The kind of the job, and of the reminder in the ledger."""

LOOK_AGAIN = timedelta(days=1)
"""When a renewal is looked at anew whose keeper has no working day in sight."""


def watch(tx: Connection, workspace_id: str, account_id: UUID, now: datetime) -> None:
    """Have a customer's renewal looked at when it is time, or no more."""
    row = queries.find_customer(tx, workspace_id, account_id)
    moment = _next_look(tx, workspace_id, row, now) if row else None
    if moment is None:
        schedule.take_out(tx, workspace_id, RENEWAL, "", account_id.hex)
    else:
        schedule.put(tx, workspace_id, RENEWAL, "", moment, account_id.hex)


def settle(tx: Connection, workspace_id: str, account_id: UUID, renewal_on: date, now: datetime) -> None:
    """Let the reminders of a renewal show that it is settled."""
    for days in NOTICES:
        delivery.change(tx, workspace_id, letter_id(account_id, renewal_on, days), now)


def letter_id(account_id: UUID, renewal_on: date, days: int) -> UUID:
    """The name of one reminder in the ledger: one that can be told from what it is about."""
    return uuid5(account_id, f"{renewal_on}:{days}")


def planner(acted: Acted) -> Planner:
    """Reminds whoever cares for a customer, as their day begins; each notice once. `acted` says whether such a reminder
    was of any use to them.
    """

    def plan_renewals(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
        return {each: _see_to(tx, workspace_id, UUID(each.subject), acted, now) for each in due}

    return plan_renewals


def has_changed(tx: Connection, workspace_id: str, person_id: str, since: datetime, about: About) -> bool:  # noqa: ARG001 - whoever changed it
    """Whether one of the customers, or a deal of theirs, was changed since the reminder of its renewal."""
    for at, subject in about():
        account_id = UUID(subject["account"])
        found = queries.customer_changes(tx, workspace_id, account_id)
        for deal in queries.of_account(tx, workspace_id, account_id):
            found += queries.changes(tx, workspace_id, deal.id)
        if any(each.recorded_at > at for each in found):
            return True
    return False


PLANNERS: Mapping[str, Planner] = {RENEWAL: planner(has_changed)}


def keeper(tx: Connection, workspace_id: str, row: CustomerRow, now: datetime) -> str | None:
    """Who is reminded of a customer: their CSM, else who sold to them; of those who have left, the manager above them,
    else operations.
    """
    several = [each for each in (row.csm_id, row.owner_id) if each]
    members = people.members(tx, workspace_id, now.date(), people=several)
    for each in several:
        if each in members and members[each].may_work:
            return each
    above = [manager for each in several for manager in people.line_above(tx, workspace_id, each, now.date())]
    return next(iter((*above, *people.operators(tx, workspace_id, now.date()))), None)


def _see_to(tx: Connection, workspace_id: str, account_id: UUID, acted: Acted, now: datetime) -> datetime | None:
    row = queries.find_customer(tx, workspace_id, account_id)
    if row is None or not row.is_active or row.renewal_on is None:
        return None
    who = keeper(tx, workspace_id, row, now)
    if who is None:
        return now + LOOK_AGAIN
    working = _schedule(tx, workspace_id, who, now)
    today = now.astimezone(working.zone).date()
    notice = notice_on(row.renewal_on, today)
    if notice:
        there = presence(working, now)
        if not there.is_working:
            return there.next_start or now + LOOK_AGAIN
        subject = {"account": account_id.hex, "renewal": row.renewal_on.isoformat(), "days": notice}
        occasion = f"{account_id.hex}:{row.renewal_on}:{notice}"
        letter = Letter(RENEWAL, who, occasion, subject, now + timedelta(days=14))
        named = letter._replace(id=letter_id(account_id, row.renewal_on, notice))
        delivery.tell_all(tx, workspace_id, noise.admit(tx, workspace_id, [named], {who: working}, acted, now), now)
    return _of_next(working, row.renewal_on, today, now)


def _next_look(tx: Connection, workspace_id: str, row: CustomerRow, now: datetime) -> datetime | None:
    """When the planner is to look: at once where a notice stands."""
    if not row.is_active or row.renewal_on is None:
        return None
    who = keeper(tx, workspace_id, row, now)
    if who is None:
        return now + LOOK_AGAIN
    working = _schedule(tx, workspace_id, who, now)
    today = now.astimezone(working.zone).date()
    return now if notice_on(row.renewal_on, today) else _of_next(working, row.renewal_on, today, now)


def _of_next(working: Schedule, renewal_on: date, today: date, now: datetime) -> datetime | None:
    following = next_notice(renewal_on, today)
    if following is None:
        return None
    return _morning(working, following[0]) or now + (following[0] - today)


def _morning(working: Schedule, day: date) -> datetime | None:
    """When work begins on a day, or on the first working day behind it."""
    if start := start_of_work(working, day):
        return start
    following = next_working_day(working, day)
    return start_of_work(working, following) if following else None


def _schedule(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> Schedule:
    members = people.members(tx, workspace_id, now.date(), people=[person_id])
    return schedules(tx, workspace_id, members, now, workspace.settings(tx, workspace_id))[person_id]
