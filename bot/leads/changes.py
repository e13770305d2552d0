"""The rows behind a lead: states, keys, the timeline. Everything here runs inside a caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update

from bot.accounts import service as accounts
from bot.errors import BotError, Refused
from bot.leads import queries
from bot.leads.model import Lead, LeadEvent, LeadKey
from bot.leads.rules import email_of, keys_of
from bot.leads.states import MOVES, Direction, Happening, LeadState
from bot.store.sql import insert_once, one_at_a_time, table_of
from bot.store.types import new_id

lead = table_of(Lead)
key = table_of(LeadKey)

TURN = "leads"
"""New leads of a workspace are taken in one after the other, so that two deliveries at once make one."""


@dataclass(frozen=True, slots=True)
class NewLead:
    """What is known of a lead when it comes. Moments in UTC; `more` are fields that Baton has no name for.

    `digest` is of a delivery's contents, where other ones could come under the same name.
    """

    company: str
    direction: Direction = Direction.INBOUND
    person: str | None = None
    email: str | None = None
    phone: str | None = None
    source: str = "unknown"
    title: str | None = None
    employees: int | None = None
    industry: str | None = None
    country: str | None = None
    territory: str | None = None
    segment: str | None = None
    said: str | None = None
    owner_id: str | None = None
    received_at: datetime | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """The lead that a delivery is about: a new one, or one that was known by its e-mail or its company's domain.

    The same delivery once more is answered alike, and `is_repeated`.
    """

    lead_id: UUID
    is_new: bool
    is_repeated: bool = field(default=False, compare=False)


class Contradicted(BotError):
    """A delivery that came before, by its name, says something else now."""


FILLED_IN = ("source", "title", "employees", "industry", "country", "territory", "segment", "said")
"""What a later delivery may add to a lead that does not have it yet."""


def receive(tx: Connection, workspace_id: str, new: NewLead, *, by: str | None, origin: str, now: datetime) -> Received:
    """Take in a lead. Who is known already, by e-mail or by the company's domain, is not doubled: what the delivery
    adds fills what was empty, and the timeline says that they came again.

    Args:
        tx: the running transaction.
        workspace_id: whose lead it is.
        new: what came.
        by: who brought it; None for the buyer.
        origin: names the delivery; the same one twice changes nothing more.
        now: the moment.

    Raises:
        Contradicted: when `origin` came before with another digest.
    """
    one_at_a_time(tx, f"{TURN}:{workspace_id}")
    before = queries.delivered(tx, workspace_id, origin)
    if before:
        if before.detail.get("digest") != new.digest:
            raise Contradicted
        return Received(before.lead_id, before.what == Happening.RECEIVED, is_repeated=True)
    keys = keys_of(new.email)
    known = queries.known_by(tx, workspace_id, keys) if keys else _of_company(tx, workspace_id, new.company)
    if known is None:
        return Received(add(tx, workspace_id, new, by=by, origin=origin, now=now), True)
    detail = {
        "source": new.source,
        "person": new.person,
        "email": email_of(new.email),
        "said": new.said,
        "more": dict(new.more) or None,
        "digest": new.digest,
    }
    if happened(tx, workspace_id, known, Happening.CAME_AGAIN, by=by, at=now, detail=detail, origin=origin, now=now):
        _fill_in(tx, workspace_id, known, new, by=by, now=now)
    return Received(known, False)


def come_again(
    tx: Connection, workspace_id: str, lead_id: UUID, new: NewLead, *, by: str | None, origin: str, now: datetime
) -> None:
    """Add to a lead that somebody was shown what they typed in of it."""
    detail = {"source": new.source, "person": new.person, "email": email_of(new.email), "said": new.said}
    if happened(tx, workspace_id, lead_id, Happening.CAME_AGAIN, by=by, at=now, detail=detail, origin=origin, now=now):
        _fill_in(tx, workspace_id, lead_id, new, by=by, now=now)


def happened(
    tx: Connection,
    workspace_id: str,
    lead_id: UUID,
    what: Happening,
    *,
    by: str | None,
    at: datetime,
    now: datetime,
    origin: str,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """Add a line to a timeline; False when the delivery `origin` has done so before."""
    values = {
        "workspace_id": workspace_id,
        "id": new_id(),
        "lead_id": lead_id,
        "what": what,
        "at": at,
        "by": by,
        "detail": {name: value for name, value in (detail or {}).items() if value is not None},
        "recorded_at": now,
        "origin": f"{what}:{origin}",
    }
    return insert_once(tx, LeadEvent, values)


def move(tx: Connection, workspace_id: str, lead_id: UUID, before: LeadState, after: LeadState, **more: object) -> bool:
    """Take a lead from one state to another, with what else changes; False when somebody was faster.

    Args:
        tx: the running transaction.
        workspace_id: whose lead it is.
        lead_id: the lead.
        before: where it has to stand.
        after: where it goes: a way that `MOVES` has.
        more: columns and their new values.
    """
    assert after in MOVES[before]
    moved = tx.execute(
        update(lead)
        .where(lead.c.workspace_id == workspace_id, lead.c.id == lead_id, lead.c.state == before)
        .values(state=after, **more)
    )
    return moved.rowcount == 1


def hold(tx: Connection, workspace_id: str, lead_id: UUID) -> queries.LeadRow:
    """The lead as it stands; other changes of it wait for this transaction.

    Raises:
        Refused: when there is none.
    """
    tx.execute(select(lead.c.id).where(lead.c.workspace_id == workspace_id, lead.c.id == lead_id).with_for_update())
    found = queries.find(tx, workspace_id, lead_id)
    if found is None or found.state is LeadState.MERGED:
        raise Refused("leads.gone")
    return found


def put_off(tx: Connection, workspace_id: str, lead_id: UUID, until: date) -> None:
    """Keep a lead that is kept warm already until another day."""
    this = (lead.c.workspace_id == workspace_id) & (lead.c.id == lead_id)
    tx.execute(update(lead).where(this).values(nurture_until=until))


def take_over(tx: Connection, workspace_id: str, row: queries.LeadRow, into: queries.LeadRow, now: datetime) -> None:
    """Give `into` what `row` has: the addresses it is known by, its timeline, and what `into` has not. The rows of the
    timeline are copied, for those of `row` stay what they were.
    """
    tx.execute(update(key).where(key.c.workspace_id == workspace_id, key.c.lead_id == row.id).values(lead_id=into.id))
    for n, line in enumerate(queries.events(tx, workspace_id, row.id)):
        if line.what == Happening.RESCORED:
            continue  # scores of what was one lead less
        what, origin = Happening(line.what), f"{row.id.hex}:{n}:{into.id.hex}"
        happened(tx, workspace_id, into.id, what, by=line.by, at=line.at, detail=line.detail, origin=origin, now=now)
    news = {name: getattr(row, name) for name in (*FILLED_IN, "contact_id") if getattr(into, name) in {None, "unknown"}}
    news = {name: value for name, value in news.items() if value is not None}
    if news:
        this = (lead.c.workspace_id == workspace_id) & (lead.c.id == into.id)
        tx.execute(update(lead).where(this).values(**news))


def _of_company(tx: Connection, workspace_id: str, company: str) -> UUID | None:
    """Without an address there is only the name to know them by: the newest lead of that company that still runs."""
    found = accounts.find_account(tx, workspace_id, company)
    several = queries.of_accounts(tx, workspace_id, [found]) if found else []
    return several[0].id if several else None


def add(tx: Connection, workspace_id: str, new: NewLead, *, by: str | None, origin: str, now: datetime) -> UUID:
    """Store a new lead beside all that are known: of a company, say, that was qualified before and comes back."""
    lead_id, received = new_id(), min(new.received_at or now, now)
    account_id = accounts.ensure_account(tx, workspace_id, new.company, by=by or "", now=now)
    values = {name: getattr(new, name) for name in FILLED_IN}
    values |= {
        "workspace_id": workspace_id,
        "id": lead_id,
        "account_id": account_id,
        "contact_id": _contact(tx, workspace_id, account_id, new, by=by, now=now),
        "direction": new.direction,
        "state": LeadState.WORKING if new.owner_id else LeadState.QUEUED,
        "owner_id": new.owner_id,
        "more": dict(new.more),
        "received_at": received,
        "claimed_at": received if new.owner_id else None,
        "recorded_at": now,
        "recorded_by": by or "",
        "origin": origin,
    }
    tx.execute(lead.insert().values(values))
    for kind, value in keys_of(new.email):
        insert_once(tx, LeadKey, {"workspace_id": workspace_id, "kind": kind, "value": value, "lead_id": lead_id})
    detail = {"source": new.source, "said": new.said, "digest": new.digest}
    happened(tx, workspace_id, lead_id, Happening.RECEIVED, by=by, at=received, detail=detail, origin=origin, now=now)
    return lead_id


def _contact(
    tx: Connection, workspace_id: str, account_id: UUID, new: NewLead, *, by: str | None, now: datetime
) -> UUID | None:
    name = new.person or email_of(new.email) or new.phone
    if not name:
        return None
    return accounts.add_contact(
        tx, workspace_id, account_id, name, email=email_of(new.email), phone=new.phone, by=by or "", now=now
    )


def _fill_in(tx: Connection, workspace_id: str, lead_id: UUID, new: NewLead, *, by: str | None, now: datetime) -> None:
    """Give a known lead what it did not have: the person who wrote now, and their address as one more key."""
    row = hold(tx, workspace_id, lead_id)
    news = {name: getattr(new, name) for name in FILLED_IN if getattr(row, name) in {None, "unknown"}}
    news = {name: value for name, value in news.items() if value is not None}
    if row.contact_id is None:
        news["contact_id"] = _contact(tx, workspace_id, row.account_id, new, by=by, now=now)
    for kind, value in keys_of(new.email):
        insert_once(tx, LeadKey, {"workspace_id": workspace_id, "kind": kind, "value": value, "lead_id": lead_id})
    if news:
        tx.execute(update(lead).where(lead.c.workspace_id == workspace_id, lead.c.id == lead_id).values(**news))
