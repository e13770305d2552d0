"""What can be done about leads: one function, one transaction.

`origin` names the delivery behind a change; the same one twice changes nothing the second time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, may
from bot.accounts import queries as account_queries
from bot.accounts import service as accounts
from bot.audit import service as audit
from bot.audit.service import Change
from bot.clock import instant
from bot.errors import Refused
from bot.leads import changes, notices, planning, queries
from bot.leads.changes import NewLead, Received
from bot.leads.line import read
from bot.leads.notices import NURTURE
from bot.leads.pages import may_change
from bot.leads.queries import LeadRow
from bot.leads.rules import email_of, keys_of, may_claim, placed
from bot.leads.said import LeadLine
from bot.leads.speed import staff
from bot.leads.states import Happening, LeadState
from bot.people import queries as people
from bot.reading.names import Known, candidate_names, close_names, find_names, name_key
from bot.reading.text import read_line
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.sql import one_at_a_time
from bot.working_time.presence import presence, start_of_work

OVER = frozenset({LeadState.QUALIFIED, LeadState.UNQUALIFIED})
"""What is decided; a company that comes back may be a new lead."""

NEAR = 3


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a typed name means: a lead, or none, and then `near` are those that may have been meant. `company` is a
    company that is known, but no lead.
    """

    name: str
    lead: LeadRow | None = None
    near: tuple[LeadRow, ...] = ()
    company: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a new lead: it stands (`is_new`), or it is `known` already and nothing was changed."""

    row: LeadRow
    is_new: bool = True


def take_in(
    store: Store,
    workspace_id: str,
    new: NewLead,
    *,
    by: str | None = None,
    origin: str,
    now: datetime,
    quietly: bool = False,
) -> Received:
    """A lead came, from wherever. Those who can claim it are told, unless it comes `quietly`, as one of a long list."""
    with store.write() as tx:
        return _take_in(tx, workspace_id, new, by=by, origin=origin, now=now, quietly=quietly)


def understand(store: Store, actor: Actor, line: str, now: datetime) -> LeadLine:
    """Read what somebody typed behind `/lead`, with the names that their workspace knows."""
    with store.read() as tx:
        known = Known(tuple(account_queries.named(tx, actor.workspace_id, candidate_names(line))))
    return read(line, now=now.astimezone(actor.zone), language=actor.language, known=known)


def meant(store: Store, actor: Actor, name: str, ref: str | None) -> Meant:
    """The lead of a known company or person; for other names those that are spelt nearly so."""
    with store.read() as tx:
        return _meant(tx, actor.workspace_id, name, ref)


def find(store: Store, actor: Actor, lead_id: UUID) -> LeadRow:
    """A lead as it stands.

    Raises:
        Refused: when there is none.
    """
    with store.read() as tx:
        row = queries.find(tx, actor.workspace_id, lead_id)
    if row is None:
        raise Refused("leads.gone")
    return row


def from_text(store: Store, actor: Actor, text: str) -> NewLead:
    """What a text says of a possible buyer: what `Turn into lead` starts from."""
    tokens = read_line(text).tokens
    with store.read() as tx:
        known = Known(tuple(account_queries.named(tx, actor.workspace_id, candidate_names(text))))
    places = find_names(tokens, known)
    name = places[0].names[0] if places else None
    email = next((found for token in tokens if (found := email_of(token.text.strip("<>(),;:.")))), None)
    if name is None:
        return NewLead("", email=email, said=text or None)
    person = name.name if name.account else None
    return NewLead((name.detail if person else name.name) or "", person=person, email=email, said=text or None)


def new(store: Store, actor: Actor, new: NewLead, *, origin: str, now: datetime, anyway: bool = False) -> Made:
    """A lead that somebody types in. One that is known is not doubled: it comes back as it stands, to be added to;
    `anyway` makes another one of a company that was decided about before.

    Raises:
        Refused: when an owner is named whom the actor may not give leads to; it says who can.
    """
    with store.write() as tx:
        one_at_a_time(tx, f"{changes.TURN}:{actor.workspace_id}")
        made = queries.touched_by(tx, actor.workspace_id, origin, Happening.RECEIVED)
        if made:
            return Made(changes.hold(tx, actor.workspace_id, made))
        known = known_as(tx, actor.workspace_id, new)
        if known and not (anyway and known.state in OVER):
            return Made(known, is_new=False)
        direction, owner = placed(actor, new.source, new.owner_id)
        _check_owner(tx, actor, owner, now)
        whole = replace(new, direction=direction, owner_id=owner)
        if known:
            lead_id = changes.add(tx, actor.workspace_id, whole, by=actor.id, origin=origin, now=now)
        else:
            lead_id = changes.receive(tx, actor.workspace_id, whole, by=actor.id, origin=origin, now=now).lead_id
        row = changes.hold(tx, actor.workspace_id, lead_id)
        notices.arrived(tx, actor.workspace_id, row, by=actor.id, now=now)
        return Made(row)


def add_to(store: Store, actor: Actor, lead_id: UUID, new: NewLead, *, origin: str, now: datetime) -> LeadRow:
    """What somebody typed in of a lead that is known: its timeline says so, and what was empty is filled in."""
    with store.write() as tx:
        row = changes.hold(tx, actor.workspace_id, lead_id)
        changes.come_again(tx, actor.workspace_id, row.id, new, by=actor.id, origin=origin, now=now)
        return changes.hold(tx, actor.workspace_id, lead_id)


def claim(store: Store, actor: Actor, lead_id: UUID, *, origin: str, now: datetime) -> LeadRow:
    """Take a lead out of the queue: of two who press at once the first has it.

    Raises:
        Refused: when somebody has it already (it says who), or the actor takes none (it says who can).
    """
    with store.write() as tx:
        row = changes.hold(tx, actor.workspace_id, lead_id)
        if row.owner_id == actor.id and row.state is LeadState.WORKING:
            return row
        if not may_claim(actor):
            _refuse_claim(tx, actor, now)
        is_free = row.owner_id is None and row.state in {LeadState.QUEUED, LeadState.NURTURE}
        more = {"owner_id": actor.id, "claimed_at": now, "nurture_until": None}
        if not is_free or not changes.move(tx, actor.workspace_id, row.id, row.state, LeadState.WORKING, **more):
            _refuse_taken(tx, actor, changes.hold(tx, actor.workspace_id, lead_id))
        return _changed(tx, actor, row, Happening.CLAIMED, {}, origin, now)


def release(store: Store, actor: Actor, lead_id: UUID, *, origin: str, now: datetime) -> LeadRow:
    """Give a lead back to the queue; whoever serves it is told anew.

    Raises:
        Refused: when it is not theirs to give, or is not worked on.
    """
    with store.write() as tx:
        row = _held(tx, actor, lead_id, now)
        if row.state is LeadState.QUEUED:
            return row
        if row.state not in {LeadState.WORKING, LeadState.NURTURE}:
            raise Refused("leads.not_now", company=row.company)
        more = {"owner_id": None, "claimed_at": None, "nurture_until": None}
        changes.move(tx, actor.workspace_id, row.id, row.state, LeadState.QUEUED, **more)
        after = _changed(tx, actor, row, Happening.RELEASED, {"owner": row.owner_id}, origin, now)
        notices.offer(tx, actor.workspace_id, after, now, without=actor.id)
        return after


def add_points(
    store: Store, actor: Actor, lead_id: UUID, points: int, why: str, *, origin: str, now: datetime
) -> LeadRow:
    """Points by hand, with why: they stand in the score's lines under the name of who gave them.

    Raises:
        Refused: when the lead is not theirs to judge; it says who can.
    """
    with store.write() as tx:
        row = _held(tx, actor, lead_id, now)
        return _changed(tx, actor, row, Happening.SCORED, {"points": points, "why": why}, origin, now)


def nurture(
    store: Store, actor: Actor, lead_id: UUID, until: date, note: str | None, *, origin: str, now: datetime
) -> LeadRow:
    """Keep a lead warm until a day: no clock runs, and on that day it is back with its owner, or in the queue.

    Raises:
        Refused: when it is not theirs to put off, or is with somebody else by a hand-off.
    """
    with store.write() as tx:
        row = _held(tx, actor, lead_id, now)
        if row.state is not LeadState.NURTURE:
            if row.state not in {LeadState.QUEUED, LeadState.WORKING, LeadState.UNQUALIFIED}:
                raise Refused("leads.not_now", company=row.company)
            changes.move(tx, actor.workspace_id, row.id, row.state, LeadState.NURTURE, nurture_until=until)
        else:
            changes.put_off(tx, actor.workspace_id, row.id, until)
        detail = {"until": until.isoformat(), "note": note}
        after = _changed(tx, actor, row, Happening.NURTURED, detail, origin, now)
        due_at = _morning(tx, actor.workspace_id, after, until, actor, now)
        schedule.put(tx, actor.workspace_id, NURTURE, "", due_at, row.id.hex)
        return after


def merge(store: Store, actor: Actor, lead_id: UUID, into_id: UUID, *, origin: str, now: datetime) -> LeadRow:
    """Make one lead of two: the first becomes a part of the second, which keeps both timelines and both addresses.

    Raises:
        Refused: when one of them is not theirs to merge, or the first was handed over.
    """
    with store.write() as tx:
        done = queries.touched_by(tx, actor.workspace_id, origin, Happening.MERGED)
        if done:
            return changes.hold(tx, actor.workspace_id, into_id)
        for each in sorted([lead_id, into_id]):  # two merges at once lock in one order
            changes.hold(tx, actor.workspace_id, each)
        row, into = _held(tx, actor, lead_id, now), _held(tx, actor, into_id, now)
        if row.id == into.id:
            raise Refused("leads.same", company=row.company)
        is_open = row.state in {LeadState.QUEUED, LeadState.WORKING, LeadState.NURTURE, LeadState.UNQUALIFIED}
        if not is_open or not changes.move(
            tx, actor.workspace_id, row.id, row.state, LeadState.MERGED, merged_into=into.id, nurture_until=None
        ):
            raise Refused("leads.not_now", company=row.company)
        changes.take_over(tx, actor.workspace_id, row, into, now)
        detail = {"lead": row.id.hex, "company": row.company, "person": row.person}
        after = _changed(tx, actor, into, Happening.MERGED, detail, origin, now)
        notices.refresh(tx, actor.workspace_id, row, now)
        return after


def known_as(tx: Connection, workspace_id: str, new: NewLead) -> LeadRow | None:
    """The lead that somebody is known as: by their address, its domain, or without one by the company's name."""
    keys = keys_of(new.email)
    known = queries.known_by(tx, workspace_id, keys) if keys else None
    if known is None and not keys:
        account_id = accounts.find_account(tx, workspace_id, new.company)
        return _likeliest(queries.of_accounts(tx, workspace_id, [account_id])) if account_id else None
    return queries.find(tx, workspace_id, known) if known else None


def _take_in(
    tx: Connection, workspace_id: str, new: NewLead, *, by: str | None, origin: str, now: datetime, quietly: bool
) -> Received:
    received = changes.receive(tx, workspace_id, new, by=by, origin=origin, now=now)
    row = queries.find(tx, workspace_id, received.lead_id)
    if row is None or quietly:
        return received
    if received.is_new and not received.is_repeated:
        notices.arrived(tx, workspace_id, row, by=by, now=now)
    elif row.state is LeadState.NURTURE and not received.is_repeated:
        planning.bring_back(tx, workspace_id, row, f"again:{origin}", now)
    elif row.owner_id != by and not received.is_repeated:
        notices.came_again(tx, workspace_id, row, origin, now)
    return received


def _meant(tx: Connection, workspace_id: str, name: str, ref: str | None) -> Meant:
    exact = [] if ref else account_queries.named(tx, workspace_id, [name_key(name)])
    refs = [ref] if ref else [each.ref for each in exact]
    found = _leads_of(tx, workspace_id, refs)
    if len(found) == 1:
        return Meant(name, found[0])
    if found:
        return Meant(name, near=tuple(found[:NEAR]))
    if refs:
        account_id = accounts.known_account(tx, workspace_id, name, refs[0])
        return Meant(name, company=accounts.name_of(tx, workspace_id, account_id) if account_id else name)
    close = close_names(name, Known((), tuple(account_queries.similar(tx, workspace_id, name_key(name)))), 9)
    return Meant(name, near=tuple(_leads_of(tx, workspace_id, [each.ref for each in close])[:NEAR]))


def _leads_of(tx: Connection, workspace_id: str, refs: Sequence[str]) -> list[LeadRow]:
    """The likeliest lead behind each of these companies and people, each once."""
    found: dict[UUID, LeadRow] = {}
    for ref in refs:
        account_id = accounts.known_account(tx, workspace_id, "", ref)
        rows = queries.of_accounts(tx, workspace_id, [account_id]) if account_id else []
        contact = UUID(ref.partition(":")[2]) if ref.startswith("contact:") else None
        row = _likeliest([each for each in rows if each.contact_id == contact] if contact else []) or _likeliest(rows)
        if row:
            found[row.id] = row
    return list(found.values())


def _likeliest(rows: Sequence[LeadRow]) -> LeadRow | None:
    """The newest that still runs, else the newest."""
    return next((each for each in rows if each.state not in OVER), rows[0] if rows else None)


def _held(tx: Connection, actor: Actor, lead_id: UUID, now: datetime) -> LeadRow:
    row = changes.hold(tx, actor.workspace_id, lead_id)
    if may_change(tx, actor, row, now):
        return row
    owner = people.names(tx, actor.workspace_id, [row.owner_id]) if row.owner_id else {}
    can = [*owner.values(), *people.who_can(tx, actor.workspace_id, row.owner_id, people.today_of(actor, now))]
    raise Refused("leads.not_yours", company=row.company, can=", ".join(dict.fromkeys(can)))


def _changed(
    tx: Connection,
    actor: Actor,
    row: LeadRow,
    what: Happening,
    detail: Mapping[str, Any],
    origin: str,
    now: datetime,
) -> LeadRow:
    """The line of a change, its part in the audit log, and everything that shows the lead or reckons with it."""
    is_new = changes.happened(
        tx, actor.workspace_id, row.id, what, by=actor.id, at=now, detail=detail, origin=origin, now=now
    )
    after = changes.hold(tx, actor.workspace_id, row.id)
    if not is_new:
        return after
    if row.owner_id and row.owner_id != actor.id:
        told = {name: value for name, value in detail.items() if value is not None}
        change = Change(
            row.owner_id, f"lead {row.company}", row.state.value, ", ".join([what, *map(str, told.values())])
        )
        audit.record(tx, actor.workspace_id, [change], by=actor.id, now=now)
    notices.watch(tx, actor.workspace_id, after, now)
    notices.refresh(tx, actor.workspace_id, after, now)
    return after


def _check_owner(tx: Connection, actor: Actor, owner_id: str | None, now: datetime) -> None:
    """Leads are given by whoever leads the person, by operations, and by oneself to oneself."""
    if owner_id in {None, actor.id}:
        return
    assert owner_id is not None
    relation = people.relation(tx, actor, owner_id, now)
    member = people.member(tx, actor.workspace_id, owner_id, people.today_of(actor, now))
    if member is None or not member.may_work:
        raise Refused("leads.problem.owner", name=member.name if member else owner_id)
    if not may(actor, Action.ASSIGN_ROLES, relation):
        can = people.who_can(tx, actor.workspace_id, owner_id, people.today_of(actor, now))
        raise Refused("leads.not_given", name=member.name, can=", ".join(can))


def _refuse_claim(tx: Connection, actor: Actor, now: datetime) -> NoReturn:
    serving = sorted(each.name for each in staff(tx, actor.workspace_id, now).serving.values())
    can = serving[:NEAR] or people.who_can(tx, actor.workspace_id, None, people.today_of(actor, now))
    raise Refused("leads.claim_not_yours", can=", ".join(can))


def _refuse_taken(tx: Connection, actor: Actor, row: LeadRow) -> NoReturn:
    if row.owner_id is None:
        raise Refused("leads.not_now", company=row.company)
    who = people.names(tx, actor.workspace_id, [row.owner_id]).get(row.owner_id, row.owner_id)
    raise Refused("leads.taken", company=row.company, who=who)


def _morning(tx: Connection, workspace_id: str, row: LeadRow, day: date, actor: Actor, now: datetime) -> datetime:
    """When the day begins for whoever gets the lead back: its owner, else the first of those who serve the queue."""
    found = staff(tx, workspace_id, now, owners=[row.owner_id] if row.owner_id else ())
    own = found.schedules.get(row.owner_id or "")
    several = [own] if own else found.of_queue
    starts = [start_of_work(each, day) for each in several]
    known = [each for each in starts if each]
    if known:
        return min(known)
    midnight = instant(day, datetime.min.time(), actor.zone)
    later = [presence(each, midnight).next_start for each in several]
    return min((each for each in later if each), default=midnight)
