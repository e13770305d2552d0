"""Reads about activity: single entries, days, totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from bot.accounts.model import Account, Contact
from bot.activity.entry import Entry, FollowUp, Kind, Who
from bot.activity.model import Activity, ActivityDay, NextStep, StepState
from bot.store.sql import Param, Prepared, one_of, table_of

activity = table_of(Activity)
total = table_of(ActivityDay)
step = table_of(NextStep)
account = table_of(Account)
contact = table_of(Contact)
company = account.alias("company")


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


WORKSPACE: Param = bindparam("workspace")
PERSON: Param = bindparam("person")
HERE = activity.c.workspace_id == WORKSPACE
STANDS = activity.c.superseded_at.is_(None)
THE_ENTRY = activity.c.id == bindparam("entry")
THEIRS = activity.c.person_id == PERSON
SPAN: tuple[Param, Param] = (bindparam("first"), bindparam("last"))

CURRENT = Prepared(_entries().where(HERE, THE_ENTRY, STANDS))
LAST_VERSION = Prepared(_entries().where(HERE, THE_ENTRY).order_by(activity.c.version.desc()).limit(1))
BY_ORIGIN = Prepared(_entries().where(HERE, activity.c.origin == bindparam("origin")))
CLOSED_BY = Prepared(_entries().where(HERE, activity.c.superseded_origin == bindparam("origin")))
LATEST = Prepared(
    _entries()
    .where(HERE, THEIRS, STANDS, activity.c.recorded_by == PERSON)
    .order_by(activity.c.recorded_at.desc(), activity.c.id.desc())
    .limit(1)
)
SINCE = Prepared(
    select(activity.c.id)
    .where(HERE, THEIRS, STANDS, activity.c.recorded_at > bindparam("since", type_=activity.c.recorded_at.type))
    .limit(1)
)
WITH_ACCOUNT = Prepared(
    select(activity.c.id)
    .where(
        HERE,
        activity.c.account_id == bindparam("account", type_=activity.c.account_id.type),
        STANDS,
        activity.c.recorded_at > bindparam("since", type_=activity.c.recorded_at.type),
    )
    .limit(1)
)
BETWEEN = Prepared(
    _entries()
    .where(HERE, THEIRS, STANDS, activity.c.day.between(*SPAN))
    .order_by(activity.c.day.desc(), activity.c.happened_at.desc(), activity.c.id.desc())
)
TOTALS = Prepared(
    select(total.c.day, total.c.kind, total.c.quantity).where(
        total.c.workspace_id == WORKSPACE, total.c.person_id == PERSON, total.c.day.between(*SPAN), total.c.quantity > 0
    )
)
CALLS = Prepared(
    select(total.c.quantity).where(
        total.c.workspace_id == WORKSPACE,
        total.c.person_id == PERSON,
        total.c.day == bindparam("day"),
        total.c.kind == Kind.CALL,
    )
)

CALLS_OF = Prepared(
    select(total.c.person_id, total.c.day, total.c.quantity).where(
        total.c.workspace_id == WORKSPACE,
        one_of(total.c.person_id, "people"),
        total.c.day.between(*SPAN),
        total.c.kind == Kind.CALL,
    )
)


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
    row = CURRENT.first(tx, {"workspace": workspace_id, "entry": entry_id})
    return _stored(row) if row else None


def last_version(tx: Connection, workspace_id: str, entry_id: UUID) -> tuple[int, Stored] | None:
    """The version that stands or stood last, with its number."""
    row = LAST_VERSION.first(tx, {"workspace": workspace_id, "entry": entry_id})
    return (row.version, _stored(row)) if row else None


def by_origin(tx: Connection, workspace_id: str, origin: str) -> Stored | None:
    """The version of an entry that a delivery has already caused."""
    row = BY_ORIGIN.first(tx, {"workspace": workspace_id, "origin": origin})
    return _stored(row) if row else None


def closed_by(tx: Connection, workspace_id: str, origin: str) -> Stored | None:
    """The entry that a delivery has already taken back."""
    row = CLOSED_BY.first(tx, {"workspace": workspace_id, "origin": origin})
    return _stored(row) if row else None


def latest(tx: Connection, workspace_id: str, person_id: str) -> Stored | None:
    """The entry that this person recorded last and still stands; none that came by a list."""
    row = LATEST.first(tx, {"workspace": workspace_id, "person": person_id})
    return _stored(row) if row else None


def has_logged(tx: Connection, workspace_id: str, person_id: str, since: datetime) -> bool:
    """Whether anything stands that was recorded for a person after `since` (UTC), whatever day it is of."""
    return SINCE.first(tx, {"workspace": workspace_id, "person": person_id, "since": since}) is not None


def has_logged_with(tx: Connection, workspace_id: str, account_id: UUID, since: datetime) -> bool:
    """Whether anything with a company stands that was recorded after `since` (UTC), whoever logged it."""
    return WITH_ACCOUNT.first(tx, {"workspace": workspace_id, "account": account_id, "since": since}) is not None


def between(tx: Connection, workspace_id: str, person_id: str, first: date, last: date) -> list[Stored]:
    """What a person logged for the days from `first` to `last`, newest first."""
    span = {"workspace": workspace_id, "person": person_id, "first": first, "last": last}
    return [_stored(row) for row in BETWEEN.all(tx, span)]


def totals(tx: Connection, workspace_id: str, person_id: str, first: date, last: date) -> dict[tuple[date, str], int]:
    """How many of each kind a person did on each day, from the totals that are kept as entries are stored."""
    span = {"workspace": workspace_id, "person": person_id, "first": first, "last": last}
    return {(row.day, row.kind): row.quantity for row in TOTALS.all(tx, span)}


def calls_on(tx: Connection, workspace_id: str, person_id: str, day: date) -> int:
    """Calls that count towards the daily goal."""
    found = CALLS.first(tx, {"workspace": workspace_id, "person": person_id, "day": day})
    return found.quantity if found else 0


def calls_of(
    tx: Connection, workspace_id: str, people: Sequence[str], first: date, last: date
) -> dict[tuple[str, date], int]:
    """Calls of several people by person and day: each has a calendar day of their own."""
    span = {"workspace": workspace_id, "people": people, "first": first, "last": last}
    return {(row.person_id, row.day): row.quantity for row in CALLS_OF.all(tx, span)}


def _stored(row: Any) -> Stored:
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


def _ref(row: Any) -> str:
    return f"contact:{row.contact_id}" if row.contact_id else f"account:{row.account_id}"
