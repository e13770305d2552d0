"""Reads about activity: single entries, days, totals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, func, select

from bot.accounts.model import Account, Contact
from bot.activity.entry import Entry, FollowUp, Kind, Who
from bot.activity.model import Activity, ActivityDay, NextStep, StepState
from bot.store.sql import table_of

activity = table_of(Activity)
total = table_of(ActivityDay)
step = table_of(NextStep)
account = table_of(Account)
contact = table_of(Contact)
company = account.alias("company")


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it stands in the store; `company` is where the contact works, when WHO is a contact."""

    id: UUID
    person_id: str
    entry: Entry
    recorded_at: datetime
    company: str | None = None


def current(tx: Connection, workspace_id: str, entry_id: UUID) -> Stored | None:
    """The newest version of an entry, or None when it was removed or never was."""
    row = tx.execute(
        _entries().where(
            activity.c.workspace_id == workspace_id,
            activity.c.id == entry_id,
            activity.c.superseded_at.is_(None),
        )
    ).one_or_none()
    return _stored(row) if row else None


def last_version(tx: Connection, workspace_id: str, entry_id: UUID) -> tuple[int, Stored] | None:
    """The version that stands or stood last, with its number."""
    row = tx.execute(
        _entries()
        .where(activity.c.workspace_id == workspace_id, activity.c.id == entry_id)
        .order_by(activity.c.version.desc())
        .limit(1)
    ).one_or_none()
    return (row.version, _stored(row)) if row else None


def by_origin(tx: Connection, workspace_id: str, origins: Iterable[str]) -> list[Stored]:
    """The entries that a delivery has already caused, in the order they were asked for."""
    rows = tx.execute(
        _entries()
        .where(activity.c.workspace_id == workspace_id, activity.c.origin.in_(list(origins)))
        .order_by(activity.c.id)
    )
    return [_stored(row) for row in rows]


def closed_by(tx: Connection, workspace_id: str, origin: str) -> Stored | None:
    """The entry that a delivery has already taken back."""
    row = tx.execute(
        _entries().where(activity.c.workspace_id == workspace_id, activity.c.superseded_origin == origin)
    ).one_or_none()
    return _stored(row) if row else None


def latest(tx: Connection, workspace_id: str, person_id: str) -> Stored | None:
    """The entry that this person recorded last and still stands."""
    row = tx.execute(
        _entries()
        .where(
            activity.c.workspace_id == workspace_id,
            activity.c.person_id == person_id,
            activity.c.superseded_at.is_(None),
        )
        .order_by(activity.c.recorded_at.desc(), activity.c.id.desc())
        .limit(1)
    ).one_or_none()
    return _stored(row) if row else None


def between(tx: Connection, workspace_id: str, person_id: str, first: date, last: date) -> list[Stored]:
    """What a person logged for the days from `first` to `last`, newest first."""
    rows = tx.execute(
        _entries()
        .where(
            activity.c.workspace_id == workspace_id,
            activity.c.person_id == person_id,
            activity.c.day.between(first, last),
            activity.c.superseded_at.is_(None),
        )
        .order_by(activity.c.day.desc(), activity.c.happened_at.desc(), activity.c.id.desc())
    )
    return [_stored(row) for row in rows]


def totals(tx: Connection, workspace_id: str, person_id: str, first: date, last: date) -> dict[tuple[date, str], int]:
    """How many of each kind a person did on each day, from the totals that are kept as entries are stored."""
    rows = tx.execute(
        select(total.c.day, total.c.kind, total.c.quantity).where(
            total.c.workspace_id == workspace_id,
            total.c.person_id == person_id,
            total.c.day.between(first, last),
            total.c.quantity > 0,
        )
    )
    return {(row.day, row.kind): row.quantity for row in rows}


def calls_on(tx: Connection, workspace_id: str, person_id: str, day: date) -> int:
    """Calls that count towards the daily goal."""
    found = tx.execute(
        select(func.coalesce(func.sum(total.c.quantity), 0)).where(
            total.c.workspace_id == workspace_id,
            total.c.person_id == person_id,
            total.c.day == day,
            total.c.kind == Kind.CALL,
        )
    )
    return int(found.scalar_one())


def _entries() -> Select[Any]:
    who = func.coalesce(contact.c.name, account.c.name).label("who")
    return (
        select(
            activity,
            who,
            company.c.name.label("company"),
            step.c.day.label("step_day"),
            step.c.at.label("step_at"),
            step.c.what.label("step_what"),
        )
        .outerjoin(account, _same(activity.c.account_id, account))
        .outerjoin(contact, _same(activity.c.contact_id, contact))
        .outerjoin(company, _same(contact.c.account_id, company))
        .outerjoin(step, and_(_step_of_entry(), step.c.state != StepState.DONE))
    )


def _same(column: Any, other: Any) -> Any:
    return and_(other.c.workspace_id == activity.c.workspace_id, other.c.id == column)


def _step_of_entry() -> Any:
    """The step that stands with the entry: an edit withdraws the old one by detaching it."""
    return and_(step.c.workspace_id == activity.c.workspace_id, step.c.activity_id == activity.c.id)


def _stored(row: Row[Any]) -> Stored:
    follow_up = FollowUp(row.step_day, row.step_what, row.step_at) if row.step_what else None
    entry = Entry(
        kind=row.kind,
        day=row.day,
        count=row.quantity,
        who=Who(row.who, _ref(row)) if row.who else None,
        minutes=row.minutes,
        outcome=row.outcome,
        at=row.at,
        note=row.note,
        colleagues=tuple(row.colleagues),
        follow_up=follow_up,
    )
    return Stored(row.id, row.person_id, entry, row.recorded_at, row.company)


def _ref(row: Row[Any]) -> str:
    return f"contact:{row.contact_id}" if row.contact_id else f"account:{row.account_id}"
