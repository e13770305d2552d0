"""Reads about hand-offs: single ones with their offers and changes, lists, loads, and what routing remembers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from bot.accounts.model import Account, Contact
from bot.activity.model import Activity
from bot.errors import Refused
from bot.handoffs.model import Handoff, HandoffChange, Offer, RoutingCredit
from bot.handoffs.rules import Answer, answers_from
from bot.handoffs.states import OPEN, SOLD_AGAIN, Kind, State
from bot.leads.rules import TOUCHES
from bot.store.sql import Prepared, one_of, one_of_ids, table_of
from bot.workspace.checklists import Question, asked_then

handoff = table_of(Handoff)
offer = table_of(Offer)
change = table_of(HandoffChange)
credit = table_of(RoutingCredit)
account = table_of(Account)
contact = table_of(Contact)
activity = table_of(Activity)

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
    questions: tuple[Question, ...]
    note: str | None
    meeting_at: datetime | None
    reason: str | None
    reason_note: str | None
    giver_card: UUID
    thread: UUID | None
    touch_due_at: datetime | None
    recorded_at: datetime
    accepted_at: datetime | None
    touched_at: datetime | None
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


class Asked(NamedTuple):
    """One offer, for counting."""

    taker_id: str
    is_routed: bool
    ended: str | None
    choice: dict[str, Any]


class CreditRow(NamedTuple):
    """What routing remembers of one person."""

    credit: Fraction
    phantom: int
    returned_at: datetime | None
    seen_at: datetime | None


def _handoffs() -> Select[Any]:
    names = [name for name in HandoffRow.__dataclass_fields__ if name != "company"]
    return select(*(handoff.c[name] for name in names), account.c.name.label("company")).join(
        account, and_(account.c.workspace_id == handoff.c.workspace_id, account.c.id == handoff.c.account_id)
    )


IS_SOLD_AGAIN = or_(*(handoff.c.kind == each.value for each in sorted(SOLD_AGAIN)))


def _still_open() -> ColumnElement[bool]:
    return or_(*(handoff.c.state == each.value for each in sorted(OPEN)))


ASKED_SINCE = Prepared(
    select(offer.c.taker_id, offer.c.is_routed, offer.c.ended, offer.c.choice)
    .select_from(offer)
    .join(handoff, and_(handoff.c.workspace_id == offer.c.workspace_id, handoff.c.id == offer.c.handoff_id))
    .where(HERE, IS_SOLD_AGAIN, offer.c.offered_at >= bindparam("since", type_=offer.c.offered_at.type))
)
OF_ACCOUNT = contact.alias("of_account")
FIRST_TOUCHES = Prepared(
    select(handoff.c.id, func.min(activity.c.happened_at, type_=activity.c.happened_at.type).label("at"))
    .select_from(handoff)
    .join(
        activity,
        and_(
            activity.c.workspace_id == handoff.c.workspace_id,
            activity.c.superseded_at.is_(None),
            activity.c.person_id == handoff.c.taker_id,
            activity.c.happened_at >= handoff.c.accepted_at,
            or_(*(activity.c.kind == each.value for each in sorted(TOUCHES))),
            or_(
                activity.c.account_id == handoff.c.account_id,
                activity.c.contact_id.in_(
                    select(OF_ACCOUNT.c.id).where(
                        OF_ACCOUNT.c.workspace_id == handoff.c.workspace_id,
                        OF_ACCOUNT.c.account_id == handoff.c.account_id,
                    )
                ),
            ),
        ),
    )
    .where(HERE, one_of_ids(handoff.c.id, "handoffs"))
    .group_by(handoff.c.id)
)
BY_BATON = Prepared(
    select(handoff.c.giver_id, change.c.taker_id, change.c.before, change.c.after)
    .select_from(handoff)
    .join(change, and_(change.c.workspace_id == handoff.c.workspace_id, change.c.handoff_id == handoff.c.id))
    .where(HERE, change.c.by.is_(None), change.c.at == bindparam("at", type_=change.c.at.type))
)
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
    select(credit.c.person_id, credit.c.credit, credit.c.phantom, credit.c.returned_at, credit.c.seen_at).where(
        credit.c.workspace_id == bindparam("workspace"), credit.c.kind == bindparam("kind")
    )
)


def find(tx: Connection, workspace_id: str, handoff_id: UUID) -> HandoffRow | None:
    """A hand-off, or None."""
    row = ONE.first(tx, {"workspace": workspace_id, "handoff": handoff_id})
    return _row(row) if row else None


def read(tx: Connection, workspace_id: str, handoff_id: UUID) -> HandoffRow:
    """A hand-off.

    Raises:
        Refused: when there is none.
    """
    row = find(tx, workspace_id, handoff_id)
    if row is None:
        raise Refused("handoffs.gone")
    return row


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


def asked_since(tx: Connection, workspace_id: str, since: datetime) -> list[Asked]:
    """Every offer of a lead or a customer to sell to since then."""
    return [Asked(*row) for row in ASKED_SINCE.all(tx, {"workspace": workspace_id, "since": since})]


def first_touches(tx: Connection, workspace_id: str, handoff_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When the takers first reached out since they accepted, of those that did."""
    rows = FIRST_TOUCHES.all(tx, {"workspace": workspace_id, "handoffs": handoff_ids}) if handoff_ids else []
    return {row.id: row.at for row in rows}


def by_baton(tx: Connection, workspace_id: str, at: datetime) -> list[Any]:
    """Whom Baton's own changes of one moment concern: a row with `giver_id`, `taker_id`, `before` and `after` each."""
    return BY_BATON.all(tx, {"workspace": workspace_id, "at": at})


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
    return {row.person_id: CreditRow(Fraction(row.credit), row.phantom, row.returned_at, row.seen_at) for row in rows}


def _row(row: Any) -> HandoffRow:
    values = row._asdict()
    kind, state = Kind(values["kind"]), State(values["state"])
    answers, questions = answers_from(values["answers"]), asked_then(values["questions"], values["answers"])
    return HandoffRow(**{**values, "kind": kind, "state": state, "answers": answers, "questions": questions})
