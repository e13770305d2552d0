"""What somebody gives: the line or the form of a hand-off, and the hand-off that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Relation, holds_everything
from bot.access.roles import Role
from bot.accounts import queries as account_queries
from bot.accounts import service as accounts
from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.delivery.states import IfUnsure
from bot.errors import Refused
from bot.handoffs import candidates, changes, queries
from bot.handoffs.changes import RECORD, offer_to_next
from bot.handoffs.known import answers_known
from bot.handoffs.line import read as read_line
from bot.handoffs.line import read_stuck
from bot.handoffs.model import Handoff
from bot.handoffs.queries import HandoffRow
from bot.handoffs.rules import Answer, answers_as_json, missing
from bot.handoffs.said import HandoffLine, Stuck
from bot.handoffs.states import Kind, State, may_take
from bot.leads import changes as leads
from bot.leads import notices
from bot.leads import queries as lead_queries
from bot.leads.changes import NewLead
from bot.leads.queries import LeadRow
from bot.leads.states import Direction, LeadState
from bot.people import queries as people
from bot.reading.asked import Unclear
from bot.reading.names import Known, KnownName, candidate_names, close_names, name_key
from bot.store.engine import Store
from bot.store.sql import insert_once
from bot.store.types import new_id
from bot.workspace import queries as workspace
from bot.workspace.checklists import as_json
from bot.workspace.rules import Settings

GIVERS = frozenset({Role.SDR, Role.MRR, Role.AE, Role.SPECIALIST, Role.CSM, Role.MANAGER, Role.OPS, Role.ADMIN})
"""Who gives: everybody who sells or leads. Marketing partners send leads, and see no persons."""


LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Giving:
    """What somebody gives: the company, to whom or to which role, and what they know of it; without any `answers`, what
    is known already.
    """

    company: str
    ref: str | None = None
    to: str | None = None
    kind: Kind = Kind.SALE
    answers: Mapping[str, Answer] | None = None
    note: str | None = None
    meeting_at: datetime | None = None


def understand(store: Store, actor: Actor, text: str) -> HandoffLine:
    """Read what somebody typed, with the names that their workspace knows."""
    with store.read() as tx:
        known = Known(tuple(account_queries.named(tx, actor.workspace_id, candidate_names(text))))
    return read_line(text, language=actor.language, known=known)


def understand_stuck(store: Store, actor: Actor, text: str) -> Stuck | Unclear:
    """The same for what somebody is stuck on."""
    with store.read() as tx:
        known = Known(tuple(account_queries.named(tx, actor.workspace_id, candidate_names(text))))
    return read_stuck(text, language=actor.language, known=known)


def close_to(store: Store, actor: Actor, name: str) -> tuple[KnownName, ...]:
    """Known names that a new one may be a misspelling of: no lead is to lie with a company that does not exist."""
    key = name_key(name)
    with store.read() as tx:
        if account_queries.named(tx, actor.workspace_id, [key]):
            return ()
        near = account_queries.similar(tx, actor.workspace_id, key)
    return close_names(name, Known((), tuple(near)))


def with_ref(store: Store, actor: Actor, giving: Giving) -> Giving:
    """What a form says of a company, with whom Baton knows by that name.

    Raises:
        Refused: when nothing is named.
    """
    if not giving.company.strip():
        raise Refused("handoffs.company_missing")
    with store.read() as tx:
        known = account_queries.named(tx, actor.workspace_id, [name_key(giving.company)])
    refs = {each.ref for each in known}
    return replace(giving, ref=refs.pop() if len(refs) == 1 else None)


def prepared(store: Store, actor: Actor, giving: Giving) -> Giving:
    """What a form starts from: what is known of the company, beside what was said."""
    with store.read() as tx:
        return _with_answers(tx, actor, giving, workspace.settings(tx, actor.workspace_id))


def give(store: Store, actor: Actor, giving: Giving, *, origin: str, now: datetime) -> HandoffRow:
    """Hand something over: to the one who was named, else to whoever the rules choose.

    Raises:
        Refused: when it is under way already, belongs to somebody else, answers are missing that the workspace
            requires, or the person who was named cannot take it; each says what to do.
    """
    with store.write() as tx:
        changes.turn_of_routing(tx, actor.workspace_id)
        made = queries.by_origin(tx, actor.workspace_id, origin)
        if made:
            return made
        giving = _to_their_role(tx, actor, giving, now)
        _check_giver(actor, giving)
        settings = workspace.settings(tx, actor.workspace_id)
        giving = _with_answers(tx, actor, giving, settings)
        lacking = missing(giving.answers or {}, settings.required_answers) if giving.kind is Kind.SALE else []
        if lacking:
            raise Refused("handoffs.answers_missing", codes=",".join(lacking))
        if giving.to:
            candidates.check_named(tx, actor.workspace_id, giving.to, giving.kind, giving.company, now)
        side = accounts.side(tx, actor.workspace_id, giving.company, giving.ref, by=actor.id, now=now)
        account_id = accounts.account_of(tx, actor.workspace_id, side)
        _refuse_second(tx, actor, account_id, giving)
        lead = _lead(tx, actor, account_id, origin, now) if giving.kind is Kind.SALE else None
        row_id = _insert(tx, actor, account_id, lead, giving, settings, origin, now)
        to = giving.to or _named_for_stuck(tx, actor, giving, settings, now)
        offer_to_next(tx, actor.workspace_id, row_id, now, to=to, by=actor.id)
        return queries.read(tx, actor.workspace_id, row_id)


def _with_answers(tx: Connection, actor: Actor, giving: Giving, settings: Settings) -> Giving:
    if giving.answers is not None or giving.kind is not Kind.SALE:
        return giving
    account_id = accounts.known_account(tx, actor.workspace_id, giving.company, giving.ref)
    known = answers_known(tx, actor.workspace_id, account_id, settings.asked) if account_id else {}
    return replace(giving, answers=known)


def _insert(
    tx: Connection,
    actor: Actor,
    account_id: UUID,
    lead: LeadRow | None,
    giving: Giving,
    settings: Settings,
    origin: str,
    now: datetime,
) -> UUID:
    row_id, giver_card = new_id(), new_id()
    channel = settings.handoffs_channel
    thread = new_id() if channel else None
    values = {
        "workspace_id": actor.workspace_id,
        "id": row_id,
        "kind": giving.kind,
        "account_id": account_id,
        "lead_id": lead.id if lead else None,
        "giver_id": actor.id,
        "taker_id": None,
        "state": State.WAITING,
        "turn": 0,
        "answers": answers_as_json(giving.answers or {}),
        "questions": as_json(settings.asked),
        "note": giving.note[:LONGEST_NOTE] if giving.note else None,
        "meeting_at": giving.meeting_at,
        "giver_card": giver_card,
        "thread": thread,
        "recorded_at": now,
        "origin": origin,
    }
    insert_once(tx, Handoff, values)
    subject = {"handoff": row_id.hex}
    mine = Letter(changes.GIVER, actor.id, row_id.hex, subject, if_unsure=IfUnsure.RESEND, id=giver_card)
    delivery.tell(tx, actor.workspace_id, mine, now)
    if channel and thread:
        delivery.tell(tx, actor.workspace_id, Letter(RECORD, channel, row_id.hex, subject, id=thread), now)
    return row_id


def _lead(tx: Connection, actor: Actor, account_id: UUID, origin: str, now: datetime) -> LeadRow:
    """The lead that is handed over: the company's newest one that can be, else a new one of the giver's.

    Raises:
        Refused: when somebody else works on it.
    """
    rows = lead_queries.of_accounts(tx, actor.workspace_id, [account_id])
    lead = next((each for each in rows if each.state not in {LeadState.QUALIFIED, LeadState.HANDED_OFF}), None)
    if lead is None:
        name = accounts.name_of(tx, actor.workspace_id, account_id)
        new = NewLead(name, Direction.OUTBOUND, source="outbound", owner_id=actor.id)
        lead_id = leads.add(tx, actor.workspace_id, new, by=actor.id, origin=f"handoff:{origin}", now=now)
        lead = lead_queries.find(tx, actor.workspace_id, lead_id)
        assert lead is not None
    may_give = lead.owner_id in {None, actor.id} or _reaches(tx, actor, lead.owner_id, now)
    if not may_give:
        raise Refused("handoffs.owned", company=lead.company, who=people.name_of(tx, actor.workspace_id, lead.owner_id))
    owner = lead.owner_id or actor.id
    if lead.state is not LeadState.HANDED_OFF:
        leads.move(tx, actor.workspace_id, lead.id, lead.state, LeadState.HANDED_OFF, owner_id=owner)
        notices.refresh(tx, actor.workspace_id, lead, now)
    return lead


def _reaches(tx: Connection, actor: Actor, owner_id: str, now: datetime) -> bool:
    """Whether somebody may act for the owner: their manager, or operations."""
    if holds_everything(actor.roles, is_admin=actor.is_admin):
        return True
    return people.relation(tx, actor, owner_id, now) is Relation.REPORT


def _to_their_role(tx: Connection, actor: Actor, giving: Giving, now: datetime) -> Giving:
    """What an account executive hands to customer success, or to a specialist, by name is what those take."""
    if giving.kind is not Kind.SALE or not giving.to or Role.AE not in actor.roles:
        return giving
    member = people.member(tx, actor.workspace_id, giving.to, now.date())
    roles = member.roles if member else ()
    takes = [kind for kind in (Kind.SALE, Kind.CARE, Kind.HELP) if may_take(kind, roles)]
    return replace(giving, kind=takes[0]) if takes else giving


def _check_giver(actor: Actor, giving: Giving) -> None:
    if actor.roles and not actor.roles & GIVERS:
        raise Refused("handoffs.marketing")
    if giving.to == actor.id:
        raise Refused("handoffs.to_yourself")


def _named_for_stuck(tx: Connection, actor: Actor, giving: Giving, settings: Settings, now: datetime) -> str | None:
    """Whom the workspace names for what is stuck, if they are there and not the one who is stuck."""
    named = settings.routing.get("stuck") if giving.kind is Kind.STUCK else None
    if not named or named == actor.id:
        return None
    member = people.members(tx, actor.workspace_id, now.date(), people=[named]).get(named)
    if member is None or not member.may_work:
        return None
    return None if candidates.is_away(tx, actor.workspace_id, named, now) else str(named)


def _refuse_second(tx: Connection, actor: Actor, account_id: UUID, giving: Giving) -> None:
    for each in queries.of_accounts(tx, actor.workspace_id, [account_id]):
        if each.is_open and each.kind is giving.kind:
            taker = people.name_of(tx, actor.workspace_id, each.taker_id) if each.taker_id else ""
            giver = people.name_of(tx, actor.workspace_id, each.giver_id)
            key = f"handoffs.under_way.{each.state}"
            raise Refused(key, company=each.company, taker=taker, giver=giver)
