"""Reads about hand-offs: single ones with their offers and changes, lists, loads, and what routing remembers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from bot.accounts.model import Account
from bot.handoffs.model import Handoff, HandoffChange, Offer, RoutingCredit
from bot.handoffs.rules import Answer, Known
from bot.handoffs.states import OPEN, SOLD_AGAIN, Kind, State
from bot.store.sql import Prepared, one_of, one_of_ids, table_of

handoff = table_of(Handoff)
offer = table_of(Offer)
change = table_of(HandoffChange)
credit = table_of(RoutingCredit)
account = table_of(Account)

HERE = handoff.c.workspace_id == bindparam("workspace")


@dataclass(frozen=True, slots=True)
class HandoffRow:
    """A hand-off as it stands, with the name of the company."""

    id: UUID
    kind: Kind
    account_id: UUID
    lead_id: UUID | None
    giver_id: str
    taker_id: str | None
    state: State
    turn: int
    answers: dict[str, Answer]
    note: str | None
    meeting_at: datetime | None
    reason: str | None
    reason_note: str | None
    giver_card: UUID
    thread: UUID | None
    touch_due_at: datetime | None
    recorded_at: datetime
    accepted_at: datetime | None
    settled_at: datetime | None
    company: str

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN and not (self.state is State.ACCEPTED and self.kind not in SOLD_AGAIN)


class OfferRow(NamedTuple):
    """One offer of a hand-off; moments in UTC."""

    handoff_id: UUID
    turn: int
    taker_id: str
    is_routed: bool
    card: UUID
    choice: dict[str, Any]
    offered_at: datetime
    remind_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    ended: str | None
    reason: str | None


class ChangeRow(NamedTuple):
    """One change of state."""

    n: int
    before: str | None
    after: str
    taker_id: str | None
    by: str | None
    reason: str | None
    note: str | None
    at: datetime


class CreditRow(NamedTuple):
    """What routing remembers of one person."""

    credit: Fraction
    phantom: int
    returned_at: datetime | None


def _handoffs() -> Select[Any]:
    names = [name for name in HandoffRow.__dataclass_fields__ if name != "company"]
    return select(*(handoff.c[name] for name in names), account.c.name.label("company")).join(
        account, and_(account.c.workspace_id == handoff.c.workspace_id, account.c.id == handoff.c.account_id)
    )


def _still_open() -> ColumnElement[bool]:
    return or_(*(handoff.c.state == each.value for each in sorted(OPEN)))


ONE = Prepared(_handoffs().where(HERE, handoff.c.id == bindparam("handoff")))
BY_ORIGIN = Prepared(_handoffs().where(HERE, handoff.c.origin == bindparam("origin")))
OF_ACCOUNTS = Prepared(
    _handoffs()
    .where(HERE, one_of_ids(handoff.c.account_id, "accounts"))
    .order_by(handoff.c.recorded_at.desc(), handoff.c.id.desc())
)
GIVEN = Prepared(
    _handoffs()
    .where(HERE, handoff.c.giver_id == bindparam("person"))
    .order_by(handoff.c.recorded_at.desc(), handoff.c.id.desc())
    .limit(50)
)
TAKEN = Prepared(
    _handoffs()
    .where(HERE, handoff.c.taker_id == bindparam("person"))
    .order_by(handoff.c.recorded_at.desc(), handoff.c.id.desc())
    .limit(50)
)
WAITING = Prepared(_handoffs().where(HERE, handoff.c.state == State.WAITING).order_by(handoff.c.recorded_at))
WITH_PEOPLE = Prepared(_handoffs().where(HERE, one_of(handoff.c.taker_id, "people"), _still_open()))
ON_DESKS = Prepared(_handoffs().where(HERE, handoff.c.taker_id.is_not(None), _still_open()))
OFFERS = Prepared(
    select(*(offer.c[name] for name in OfferRow._fields))
    .where(offer.c.workspace_id == bindparam("workspace"), offer.c.handoff_id == bindparam("handoff"))
    .order_by(offer.c.turn)
)
CHANGES = Prepared(
    select(*(change.c[name] for name in ChangeRow._fields))
    .where(change.c.workspace_id == bindparam("workspace"), change.c.handoff_id == bindparam("handoff"))
    .order_by(change.c.n)
)
LOADS = Prepared(
    select(handoff.c.taker_id, func.count().label("open"))
    .where(HERE, handoff.c.taker_id.is_not(None), _still_open(), handoff.c.kind == bindparam("kind"))
    .group_by(handoff.c.taker_id)
)
LAST_OFFERS = Prepared(
    select(offer.c.taker_id, func.max(offer.c.offered_at, type_=offer.c.offered_at.type).label("at"))
    .where(offer.c.workspace_id == bindparam("workspace"), one_of(offer.c.taker_id, "people"))
    .group_by(offer.c.taker_id)
)
CREDITS = Prepared(
    select(credit.c.person_id, credit.c.credit, credit.c.phantom, credit.c.returned_at).where(
        credit.c.workspace_id == bindparam("workspace"), credit.c.kind == bindparam("kind")
    )
)


def find(tx: Connection, workspace_id: str, handoff_id: UUID) -> HandoffRow | None:
    """A hand-off, or None."""
    row = ONE.first(tx, {"workspace": workspace_id, "handoff": handoff_id})
    return _row(row) if row else None


def by_origin(tx: Connection, workspace_id: str, origin: str) -> HandoffRow | None:
    """The hand-off that a delivery has made before."""
    row = BY_ORIGIN.first(tx, {"workspace": workspace_id, "origin": origin})
    return _row(row) if row else None


def of_accounts(tx: Connection, workspace_id: str, account_ids: Collection[UUID]) -> list[HandoffRow]:
    """All hand-offs of these companies, newest first."""
    return [_row(row) for row in OF_ACCOUNTS.all(tx, {"workspace": workspace_id, "accounts": account_ids})]


def given_by(tx: Connection, workspace_id: str, person_id: str) -> list[HandoffRow]:
    """What somebody gave, newest first; the last fifty."""
    return [_row(row) for row in GIVEN.all(tx, {"workspace": workspace_id, "person": person_id})]


def taken_by(tx: Connection, workspace_id: str, person_id: str) -> list[HandoffRow]:
    """What is on offer to somebody or was taken by them, newest first; the last fifty."""
    return [_row(row) for row in TAKEN.all(tx, {"workspace": workspace_id, "person": person_id})]


def waiting(tx: Connection, workspace_id: str) -> list[HandoffRow]:
    """What nobody could take so far, oldest first."""
    return [_row(row) for row in WAITING.all(tx, {"workspace": workspace_id})]


def with_people(tx: Connection, workspace_id: str, person_ids: Collection[str]) -> list[HandoffRow]:
    """What is on offer to these people, or accepted by them and not settled."""
    return [_row(row) for row in WITH_PEOPLE.all(tx, {"workspace": workspace_id, "people": person_ids})]


def on_desks(tx: Connection, workspace_id: str) -> list[HandoffRow]:
    """The same of everybody."""
    return [_row(row) for row in ON_DESKS.all(tx, {"workspace": workspace_id})]


def offers(tx: Connection, workspace_id: str, handoff_id: UUID) -> list[OfferRow]:
    """Every offer of a hand-off, in order."""
    return [OfferRow(*row) for row in OFFERS.all(tx, {"workspace": workspace_id, "handoff": handoff_id})]


def changes(tx: Connection, workspace_id: str, handoff_id: UUID) -> list[ChangeRow]:
    """Every change of state, in order."""
    return [ChangeRow(*row) for row in CHANGES.all(tx, {"workspace": workspace_id, "handoff": handoff_id})]


def loads(tx: Connection, workspace_id: str, kind: Kind) -> dict[str, int]:
    """How many hand-offs of a kind are on offer to each person or accepted by them, and not settled."""
    if kind not in SOLD_AGAIN:
        return {}
    found: dict[str, int] = {}
    for each in SOLD_AGAIN:
        for row in LOADS.all(tx, {"workspace": workspace_id, "kind": each}):
            found[row.taker_id] = found.get(row.taker_id, 0) + row.open
    return found


def last_offers(tx: Connection, workspace_id: str, person_ids: Collection[str]) -> dict[str, datetime]:
    """When each of these people was last offered something."""
    rows = LAST_OFFERS.all(tx, {"workspace": workspace_id, "people": person_ids})
    return {row.taker_id: row.at for row in rows}


def credit_of(tx: Connection, workspace_id: str, kind: Kind) -> dict[str, CreditRow]:
    """What routing remembers of everybody, for one kind."""
    rows = CREDITS.all(tx, {"workspace": workspace_id, "kind": kind})
    return {row.person_id: CreditRow(Fraction(row.credit), row.phantom, row.returned_at) for row in rows}


def _row(row: Any) -> HandoffRow:
    values = row._asdict()
    answers = {code: Answer(Known(each["known"]), each["text"]) for code, each in values["answers"].items()}
    return HandoffRow(**{**values, "kind": Kind(values["kind"]), "state": State(values["state"]), "answers": answers})
