"""Reads about leads: single ones, those behind a name or a key, the queue, and when somebody reached out first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, bindparam, func, or_, select, union, union_all

from bot.accounts.model import Account, Contact
from bot.activity.model import Activity
from bot.leads.model import Lead, LeadEvent, LeadKey
from bot.leads.rules import TOUCHES
from bot.leads.states import Direction, Happening, LeadState
from bot.store.sql import Prepared, one_of, one_of_ids, table_of

lead = table_of(Lead)
key = table_of(LeadKey)
event = table_of(LeadEvent)
account = table_of(Account)
contact = table_of(Contact)
activity = table_of(Activity)

HERE = lead.c.workspace_id == bindparam("workspace")


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead as it stands, with the names behind it."""

    id: UUID
    account_id: UUID
    contact_id: UUID | None
    company: str
    person: str | None
    email: str | None
    phone: str | None
    direction: str
    state: LeadState
    owner_id: str | None
    source: str
    title: str | None
    employees: int | None
    industry: str | None
    country: str | None
    territory: str | None
    segment: str | None
    said: str | None
    nurture_until: date | None
    merged_into: UUID | None
    received_at: datetime
    claimed_at: datetime | None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.company


class Touch(NamedTuple):
    """Somebody reached out, or noted something, about a lead."""

    lead_id: UUID
    person_id: str
    kind: str
    outcome: str | None
    minutes: int | None
    at: datetime
    note: str | None


class Event(NamedTuple):
    """One line of a timeline."""

    what: str
    at: datetime
    by: str | None
    detail: dict[str, Any]


class OpenLead(NamedTuple):
    """What the score of an open lead is reckoned from."""

    id: UUID
    source: str
    title: str | None
    employees: int | None
    industry: str | None
    country: str | None
    territory: str | None
    received_at: datetime
    recorded_at: datetime


class Delivered(NamedTuple):
    """What came of a delivery: its lead, and whether that was received then or came again."""

    lead_id: UUID
    what: str
    detail: dict[str, Any]


def leads(*more: ColumnElement[Any]) -> Select[Any]:
    """Leads with the names behind them, as `LeadRow` has them, and further columns."""
    names = [name for name in LeadRow.__dataclass_fields__ if name not in {"company", "person", "email", "phone"}]
    return (
        select(
            *(lead.c[name] for name in names),
            account.c.name.label("company"),
            contact.c.name.label("person"),
            contact.c.email,
            func.coalesce(contact.c.phone_said, contact.c.phone).label("phone"),
            *more,
        )
        .join(account, and_(account.c.workspace_id == lead.c.workspace_id, account.c.id == lead.c.account_id))
        .outerjoin(contact, and_(contact.c.workspace_id == lead.c.workspace_id, contact.c.id == lead.c.contact_id))
    )


OPEN = or_(
    *(lead.c.state == state for state in (LeadState.QUEUED, LeadState.WORKING, LeadState.NURTURE, LeadState.HANDED_OFF))
)
IS_OLDER = lead.c.recorded_at <= bindparam("at", type_=lead.c.recorded_at.type)
OPEN_COUNT = Prepared(select(func.count().label("leads")).where(HERE, OPEN, IS_OLDER))
OPEN_PAGE = Prepared(
    select(
        lead.c.id,
        lead.c.source,
        lead.c.title,
        lead.c.employees,
        lead.c.industry,
        lead.c.country,
        lead.c.territory,
        lead.c.received_at,
        lead.c.recorded_at,
    )
    .where(HERE, OPEN, IS_OLDER, lead.c.id > bindparam("after", type_=lead.c.id.type))
    .order_by(lead.c.id)
    .limit(bindparam("most", type_=Integer()))
)
NOTES = Prepared(select(lead.c.more).where(HERE, lead.c.id == bindparam("lead")))
STANDS = lead.c.state != LeadState.MERGED
SOME = Prepared(leads().where(HERE, one_of_ids(lead.c.id, "leads")))
OF_ACCOUNTS = Prepared(
    leads().where(HERE, STANDS, one_of_ids(lead.c.account_id, "accounts")).order_by(lead.c.received_at.desc())
)
DELIVERED = Prepared(
    select(event.c.lead_id, event.c.what, event.c.detail).where(
        event.c.workspace_id == bindparam("workspace"), one_of(event.c.origin, "origins")
    )
)
# Kind by kind, as the index has them: by their values alone every key of the workspace would be read.
BY_KEY = Prepared(
    union_all(
        *(
            select(key.c.kind, key.c.value, key.c.lead_id).where(
                key.c.workspace_id == bindparam("workspace"), key.c.kind == kind, one_of(key.c.value, "values")
            )
            for kind in ("email", "domain")
        )
    )
)
QUEUE = Prepared(leads().where(HERE, lead.c.state == LeadState.QUEUED).order_by(lead.c.received_at, lead.c.id))
CAME = Prepared(
    leads().where(
        HERE,
        lead.c.direction == Direction.INBOUND.value,
        lead.c.received_at >= bindparam("since", type_=lead.c.received_at.type),
        lead.c.received_at < bindparam("until", type_=lead.c.received_at.type),
    )
)
OWNED = Prepared(
    leads()
    .where(HERE, lead.c.owner_id == bindparam("person"), lead.c.state == LeadState.WORKING)
    .order_by(lead.c.received_at, lead.c.id)
)
EVENTS = Prepared(
    select(event.c.what, event.c.at, event.c.by, event.c.detail)
    .where(event.c.workspace_id == bindparam("workspace"), event.c.lead_id == bindparam("lead"))
    .order_by(event.c.at, event.c.id)
)
EVENTS_OF = Prepared(
    select(event.c.lead_id, event.c.what, event.c.at, event.c.by, event.c.detail)
    .where(
        event.c.workspace_id == bindparam("workspace"),
        one_of_ids(event.c.lead_id, "leads"),
        one_of(event.c.what, "whats"),
    )
    .order_by(event.c.at, event.c.id)
)
TOLD = (
    lead.c.id.label("lead_id"),
    activity.c.person_id,
    activity.c.kind,
    activity.c.outcome,
    activity.c.minutes,
    activity.c.happened_at.label("at"),
    activity.c.note,
    activity.c.id.label("activity_id"),
)
STANDING = and_(activity.c.workspace_id == lead.c.workspace_id, activity.c.superseded_at.is_(None))
PERSON = and_(contact.c.workspace_id == lead.c.workspace_id, contact.c.account_id == lead.c.account_id)
# Company and people apart, each by its index: with an "or" every activity of the workspace would be read.
TOUCHED = Prepared(
    union(
        select(*TOLD)
        .join(activity, and_(STANDING, activity.c.account_id == lead.c.account_id))
        .where(HERE, one_of_ids(lead.c.id, "leads")),
        select(*TOLD)
        .join(contact, PERSON)
        .join(activity, and_(STANDING, activity.c.contact_id == contact.c.id))
        .where(HERE, one_of_ids(lead.c.id, "leads")),
    )
)


def some(tx: Connection, workspace_id: str, lead_ids: Collection[UUID]) -> dict[UUID, LeadRow]:
    """Those of these leads that there are, by id."""
    return {row.id: _row(row) for row in SOME.all(tx, {"workspace": workspace_id, "leads": lead_ids})}


def find(tx: Connection, workspace_id: str, lead_id: UUID) -> LeadRow | None:
    """A lead, or None."""
    return some(tx, workspace_id, [lead_id]).get(lead_id)


def of_accounts(tx: Connection, workspace_id: str, account_ids: Collection[UUID]) -> list[LeadRow]:
    """The leads of these companies that were not merged away, newest first."""
    return [_row(row) for row in OF_ACCOUNTS.all(tx, {"workspace": workspace_id, "accounts": account_ids})]


def delivered(tx: Connection, workspace_id: str, origin: str) -> Delivered | None:
    """What a delivery of this name has done before."""
    origins = [f"{what}:{origin}" for what in (Happening.RECEIVED, Happening.CAME_AGAIN)]
    found = DELIVERED.first(tx, {"workspace": workspace_id, "origins": origins})
    return Delivered(*found) if found else None


def touched_by(tx: Connection, workspace_id: str, origin: str, *whats: Happening) -> UUID | None:
    """The lead to which a delivery of this name has done one of these before."""
    found = DELIVERED.first(tx, {"workspace": workspace_id, "origins": [f"{what}:{origin}" for what in whats]})
    return found.lead_id if found else None


def known_by(tx: Connection, workspace_id: str, keys: Sequence[tuple[str, str]]) -> UUID | None:
    """The lead that is known by one of these keys; the first of them that anybody has."""
    rows = BY_KEY.all(tx, {"workspace": workspace_id, "values": [value for _, value in keys]})
    found = {(row.kind, row.value): row.lead_id for row in rows}
    return next((found[each] for each in keys if each in found), None)


def queue(tx: Connection, workspace_id: str) -> list[LeadRow]:
    """Inbound leads that nobody has claimed, oldest first."""
    return [_row(row) for row in QUEUE.all(tx, {"workspace": workspace_id})]


def came(tx: Connection, workspace_id: str, since: datetime, until: datetime) -> list[LeadRow]:
    """The leads that came to us in [since, until)."""
    return [_row(row) for row in CAME.all(tx, {"workspace": workspace_id, "since": since, "until": until})]


def owned_by(tx: Connection, workspace_id: str, person_id: str) -> list[LeadRow]:
    """The leads that somebody works on, oldest first."""
    return [_row(row) for row in OWNED.all(tx, {"workspace": workspace_id, "person": person_id})]


def events(tx: Connection, workspace_id: str, lead_id: UUID) -> list[Event]:
    """What happened to a lead, oldest first, without the activities."""
    return [Event(*row) for row in EVENTS.all(tx, {"workspace": workspace_id, "lead": lead_id})]


def how_many_open(tx: Connection, workspace_id: str, at: datetime) -> int:
    """How many leads are open of those that were there at a moment (UTC): neither decided nor merged away."""
    found = OPEN_COUNT.first(tx, {"workspace": workspace_id, "at": at})
    return found.leads if found else 0


def open_page(tx: Connection, workspace_id: str, after: UUID | None, at: datetime, most: int) -> list[OpenLead]:
    """The next of them behind `after`, by id."""
    values = {"workspace": workspace_id, "after": after or UUID(int=0), "at": at, "most": most}
    return [OpenLead(*row) for row in OPEN_PAGE.all(tx, values)]


def events_of(
    tx: Connection, workspace_id: str, lead_ids: Collection[UUID], whats: Collection[Happening]
) -> dict[UUID, list[Event]]:
    """What happened of these kinds to each of these leads, oldest first."""
    found: dict[UUID, list[Event]] = {lead_id: [] for lead_id in lead_ids}
    values = {"workspace": workspace_id, "leads": list(lead_ids), "whats": [str(what) for what in whats]}
    for row in EVENTS_OF.all(tx, values):
        found[row.lead_id].append(Event(row.what, row.at, row.by, row.detail))
    return found


def activities(tx: Connection, workspace_id: str, lead_ids: Collection[UUID]) -> list[Touch]:
    """Everything that was logged with the companies of these leads, and the people there, oldest first."""
    rows = TOUCHED.all(tx, {"workspace": workspace_id, "leads": lead_ids})
    rows.sort(key=lambda row: (row.at, row.activity_id))
    return [Touch(*row[:-1]) for row in rows]


def with_lead(tx: Connection, workspace_id: str, row: LeadRow, happened: Sequence[Event] | None = None) -> list[Touch]:
    """Everything that was logged with a lead, and with those that were merged into it, oldest first."""
    lines = events(tx, workspace_id, row.id) if happened is None else happened
    return with_leads(tx, workspace_id, {row.id: lines})[row.id]


def with_leads(tx: Connection, workspace_id: str, happened: Mapping[UUID, Sequence[Event]]) -> dict[UUID, list[Touch]]:
    """The same of several leads, by their timelines."""
    whose = {
        UUID(each.detail["lead"]): lead_id
        for lead_id, lines in happened.items()
        for each in lines
        if each.what == Happening.MERGED and "lead" in each.detail
    }
    are_whole = {*happened} - {*whose.values()}
    whose |= {lead_id: lead_id for lead_id in happened}
    found: dict[UUID, list[Touch]] = {lead_id: [] for lead_id in happened}
    for each in activities(tx, workspace_id, list(whose)):
        lead_id = whose[each.lead_id]
        found[lead_id].append(each._replace(lead_id=lead_id))
    # What was logged with both of two that are one is told once.
    return {each: touches if each in are_whole else list(dict.fromkeys(touches)) for each, touches in found.items()}


def first_touch(tx: Connection, workspace_id: str, row: LeadRow) -> Touch | None:
    """The first time that somebody reached out since the lead came: that ends its speed-to-lead clock."""
    touches = (each for each in with_lead(tx, workspace_id, row) if each.kind in TOUCHES)
    return next((each for each in touches if each.at >= row.received_at), None)


def notes(tx: Connection, workspace_id: str, lead_id: UUID) -> dict[str, Any]:
    """The further fields that a lead came with, under the names that they came under."""
    row = NOTES.first(tx, {"workspace": workspace_id, "lead": lead_id})
    return dict(row.more) if row else {}


def _row(row: Any) -> LeadRow:
    values = row._asdict()
    return LeadRow(**{**values, "state": LeadState(values["state"])})
