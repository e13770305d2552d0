"""What can be done about hand-offs: one function, one transaction. Every change happens once: of two people who press
at once one wins, and the other is told who did.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import Connection, update

from bot.absence.schedule import schedules
from bot.access.actor import Actor
from bot.access.rights import Relation, holds_everything
from bot.access.roles import Role
from bot.accounts import queries as account_queries
from bot.accounts import service as accounts
from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.delivery.states import IfUnsure
from bot.errors import Refused
from bot.handoffs import changes, queries
from bot.handoffs.changes import RECORD, TOUCH, end_offer, offer_to_next, refresh
from bot.handoffs.line import read as read_line
from bot.handoffs.line import read_stuck
from bot.handoffs.model import Handoff
from bot.handoffs.queries import HandoffRow
from bot.handoffs.rules import DECLINE_REASONS, NEEDS_A_NOTE, REJECT_REASONS, Answer, missing, touch_due
from bot.handoffs.said import HandoffLine, Stuck
from bot.handoffs.states import SOLD_AGAIN, TAKERS, Kind, Reason, State, may_take
from bot.leads import changes as leads
from bot.leads import queries as lead_queries
from bot.leads.changes import NewLead
from bot.leads.queries import LeadRow
from bot.leads.states import Direction, LeadState
from bot.people import queries as people
from bot.reading.asked import Unclear
from bot.reading.names import Known, KnownName, candidate_names, close_names, name_key
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.sql import insert_once, table_of
from bot.store.types import new_id
from bot.working_time.presence import Reason as Away
from bot.working_time.presence import presence
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

handoff = table_of(Handoff)

GIVERS = frozenset({Role.SDR, Role.MRR, Role.AE, Role.SPECIALIST, Role.CSM, Role.MANAGER, Role.OPS, Role.ADMIN})
"""Who gives: everybody who sells or leads. Marketing partners send leads, and see no persons."""

LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Giving:
    """What somebody gives: the company, to whom or to which role, and what they know of it."""

    company: str
    ref: str | None = None
    to: str | None = None
    kind: Kind = Kind.SALE
    answers: Mapping[str, Answer] = field(default_factory=dict)
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
        near = account_queries.similar_in_length(tx, actor.workspace_id, key)
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


def named(store: Store, actor: Actor, text: str) -> HandoffRow:
    """The hand-off of the company that a text names.

    Raises:
        Refused: when there is none.
    """
    with store.read() as tx:
        known = account_queries.named(tx, actor.workspace_id, [name_key(text)])
    return found(store, actor, text.strip(), known[0].ref if known else None)


def check_taker(store: Store, actor: Actor, row: HandoffRow) -> None:
    """Let somebody decide about a hand-off that lies with them.

    Raises:
        Refused: when it does not; it says where it is.
    """
    if row.taker_id != actor.id or row.state not in {State.OFFERED, State.ACCEPTED}:
        with store.read() as tx:
            _refuse(tx, actor, row)


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
        _check_giver(actor, giving)
        settings = workspace.settings(tx, actor.workspace_id)
        lacking = missing(giving.answers, settings.required_answers) if giving.kind is Kind.SALE else []
        if lacking:
            raise Refused("handoffs.answers_missing", codes=",".join(lacking))
        if giving.to:
            _check_taker(tx, actor, giving, now)
        side = accounts.side(tx, actor.workspace_id, giving.company, giving.ref, by=actor.id, now=now)
        account_id = accounts.account_of(tx, actor.workspace_id, side)
        _refuse_second(tx, actor, account_id, giving)
        lead = _lead(tx, actor, account_id, origin, now) if giving.kind is Kind.SALE else None
        row_id = _insert(tx, actor, account_id, lead, giving, origin, now)
        to = giving.to or _named_for_stuck(tx, actor, giving, settings, now)
        offer_to_next(tx, actor.workspace_id, row_id, now, to=to, by=actor.id)
        return _read(tx, actor.workspace_id, row_id)


def accept(store: Store, actor: Actor, handoff_id: UUID, now: datetime) -> HandoffRow:
    """Take it. What waits in the queue can be taken by anybody who holds the role; the first one has it.

    Raises:
        Refused: when somebody else was faster, or it is not on offer to them any more.
    """
    with store.write() as tx:
        row = _read(tx, actor.workspace_id, handoff_id)
        if row.state is State.ACCEPTED and row.taker_id == actor.id:
            return row
        is_mine = row.state is State.OFFERED and row.taker_id == actor.id
        is_free = row.state is State.WAITING and may_take(row.kind, actor.roles) and row.giver_id != actor.id
        if not (is_mine or is_free):
            _refuse(tx, actor, row)
        due = touch_due(_schedule(tx, actor.workspace_id, actor.id, now), now, _touch_days(tx, actor.workspace_id))
        is_sold = row.kind in SOLD_AGAIN
        more: dict[str, Any] = {"taker_id": actor.id, "accepted_at": now, "touch_due_at": due if is_sold else None}
        if not is_sold:
            more["settled_at"] = now
        if not changes.move(tx, actor.workspace_id, row, State.ACCEPTED, by=actor.id, now=now, **more):
            _refuse(tx, actor, _read(tx, actor.workspace_id, handoff_id))
        end_offer(tx, actor.workspace_id, row, State.ACCEPTED, now)
        if is_sold and due:
            schedule.put(tx, actor.workspace_id, TOUCH, actor.id, due, row.id.hex)
        refresh(tx, actor.workspace_id, row.id, now)
        return _read(tx, actor.workspace_id, handoff_id)


def decline(store: Store, actor: Actor, handoff_id: UUID, reason: str, note: str | None, now: datetime) -> HandoffRow:
    """Give it back with a reason; it goes to the next in line.

    Raises:
        Refused: when it is not on offer to them any more, or the reason needs a word.
    """
    _check_reason(reason, note, DECLINE_REASONS)
    return _pass_on(store, actor, handoff_id, State.DECLINED, reason, note, None, now)


def reassign(
    store: Store, actor: Actor, handoff_id: UUID, to: str | None, note: str | None, now: datetime
) -> HandoffRow:
    """Pass it to a colleague who was named, or to whoever the rules choose.

    Raises:
        Refused: when it is not on offer to them any more, or that colleague cannot take it.
    """
    return _pass_on(store, actor, handoff_id, State.REASSIGNED, Reason.TO_SOMEBODY, note, to, now)


def withdraw(store: Store, actor: Actor, handoff_id: UUID, now: datetime) -> HandoffRow:
    """Take it back, before anybody has accepted it.

    Raises:
        Refused: when it is somebody else's, or was accepted meanwhile.
    """
    with store.write() as tx:
        changes.turn_of_routing(tx, actor.workspace_id)
        row = _read(tx, actor.workspace_id, handoff_id)
        if row.giver_id != actor.id:
            raise Refused("handoffs.not_yours", who=_name(tx, actor, row.giver_id), company=row.company)
        if row.state is State.WITHDRAWN:
            return row
        if row.state not in {State.OFFERED, State.WAITING}:
            _refuse(tx, actor, row)
        if not changes.move(tx, actor.workspace_id, row, State.WITHDRAWN, by=actor.id, now=now, settled_at=now):
            _refuse(tx, actor, _read(tx, actor.workspace_id, handoff_id))
        ended = end_offer(tx, actor.workspace_id, row, State.WITHDRAWN, now)
        if row.state is State.OFFERED:  # what waits was declined by its last taker, or expired with them
            changes.give_back_credit(tx, actor.workspace_id, row, ended)
        changes.lead_moves(tx, actor.workspace_id, row, LeadState.WORKING)
        refresh(tx, actor.workspace_id, row.id, now)
        return _read(tx, actor.workspace_id, handoff_id)


def requalify(
    store: Store, actor: Actor, handoff_id: UUID, answers: Mapping[str, Answer], note: str | None, now: datetime
) -> HandoffRow:
    """`Qualified`: the moment that credits the giver (the trade's SQL).

    Raises:
        Refused: when it is not theirs to judge, or was judged before.
    """
    return _judge(store, actor, handoff_id, State.REQUALIFIED, None, note, answers, now)


def reject(store: Store, actor: Actor, handoff_id: UUID, reason: str, note: str | None, now: datetime) -> HandoffRow:
    """`Not qualified`, with a reason that goes back to the giver.

    Raises:
        Refused: as `requalify`, or when the reason needs a word.
    """
    _check_reason(reason, note, REJECT_REASONS)
    return _judge(store, actor, handoff_id, State.REJECTED, reason, note, {}, now)


def move_on(store: Store, workspace_id: str, person_ids: Collection[str], now: datetime) -> int:
    """Let what lies with those who are away, or gone, go to the next: offers of both, and of those who are gone what
    they had accepted, too. With nobody named, of everybody.

    Returns:
        How many went on.
    """
    with store.read() as tx:
        if not _lying(tx, workspace_id, person_ids, now):
            return 0
    with store.write() as tx:
        changes.turn_of_routing(tx, workspace_id)
        lying = _lying(tx, workspace_id, person_ids, now)
        for row, reason in lying:
            if changes.move(tx, workspace_id, row, State.REASSIGNED, by=None, now=now, reason=reason):
                end_offer(tx, workspace_id, row, State.REASSIGNED, now, reason)
                offer_to_next(tx, workspace_id, row.id, now)
        return len(lying)


def found(store: Store, actor: Actor, company: str, ref: str | None) -> HandoffRow:
    """The hand-off of a company that somebody means: the newest that still runs (one's own first), else the newest.

    Raises:
        Refused: when there is none.
    """
    with store.read() as tx:
        account_id = accounts.known_account(tx, actor.workspace_id, company, ref)
        rows = queries.of_accounts(tx, actor.workspace_id, [account_id]) if account_id else []
    running = [each for each in rows if each.is_open]
    own = [each for each in running if actor.id in {each.giver_id, each.taker_id}]
    row = next(iter((*own, *running, *rows)), None)
    if row is None:
        raise Refused("handoffs.none", company=company)
    return row


def read(store: Store, actor: Actor, handoff_id: UUID) -> HandoffRow:
    """A hand-off as it stands.

    Raises:
        Refused: when there is none.
    """
    with store.read() as tx:
        return _read(tx, actor.workspace_id, handoff_id)


def _pass_on(
    store: Store,
    actor: Actor,
    handoff_id: UUID,
    after: State,
    reason: str,
    note: str | None,
    to: str | None,
    now: datetime,
) -> HandoffRow:
    with store.write() as tx:
        changes.turn_of_routing(tx, actor.workspace_id)
        row = _read(tx, actor.workspace_id, handoff_id)
        if row.state is not State.OFFERED or row.taker_id != actor.id:
            _refuse(tx, actor, row)
        if to:
            had = {each.taker_id for each in queries.offers(tx, actor.workspace_id, row.id)}
            _check_taker(tx, actor, Giving(row.company, to=to, kind=row.kind), now, without={row.giver_id, *had})
        if not changes.move(tx, actor.workspace_id, row, after, by=actor.id, now=now, reason=reason, note=note):
            _refuse(tx, actor, _read(tx, actor.workspace_id, handoff_id))
        end_offer(tx, actor.workspace_id, row, after, now, reason)
        offer_to_next(tx, actor.workspace_id, row.id, now, to=to, by=actor.id if to else None)
        return _read(tx, actor.workspace_id, handoff_id)


def _judge(
    store: Store,
    actor: Actor,
    handoff_id: UUID,
    after: State,
    reason: str | None,
    note: str | None,
    answers: Mapping[str, Answer],
    now: datetime,
) -> HandoffRow:
    with store.write() as tx:
        row = _read(tx, actor.workspace_id, handoff_id)
        if row.state is after and row.taker_id == actor.id:
            return row
        if row.state is not State.ACCEPTED or row.taker_id != actor.id or row.kind not in SOLD_AGAIN:
            _refuse(tx, actor, row)
        more = {"settled_at": now}
        if not changes.move(tx, actor.workspace_id, row, after, by=actor.id, now=now, reason=reason, note=note, **more):
            _refuse(tx, actor, _read(tx, actor.workspace_id, handoff_id))
        if answers:
            _store_answers(tx, actor.workspace_id, row.id, {**row.answers, **answers})
        is_sold = after is State.REQUALIFIED
        changes.lead_moves(tx, actor.workspace_id, row, LeadState.QUALIFIED if is_sold else LeadState.UNQUALIFIED)
        refresh(tx, actor.workspace_id, row.id, now)
        return _read(tx, actor.workspace_id, handoff_id)


def _store_answers(tx: Connection, workspace_id: str, handoff_id: UUID, answers: Mapping[str, Answer]) -> None:
    this = (handoff.c.workspace_id == workspace_id) & (handoff.c.id == handoff_id)
    tx.execute(update(handoff).where(this).values(answers=_as_json(answers)))


def _as_json(answers: Mapping[str, Answer]) -> dict[str, Any]:
    return {code: {"known": each.known, "text": each.text} for code, each in answers.items() if each.text}


def _lying(
    tx: Connection, workspace_id: str, person_ids: Collection[str], now: datetime
) -> list[tuple[HandoffRow, Reason]]:
    """What lies with those who are away, or gone, and the reason."""
    named = sorted(person_ids)
    rows = queries.with_people(tx, workspace_id, named) if named else queries.on_desks(tx, workspace_id)
    takers = sorted({row.taker_id for row in rows if row.taker_id})
    members = people.members(tx, workspace_id, now.date(), people=takers)
    working = schedules(tx, workspace_id, members, now, workspace.settings(tx, workspace_id))
    found = []
    for row in rows:
        member = members.get(row.taker_id or "")
        if member is None or not row.is_open:
            continue
        is_in_role = row.kind is Kind.STUCK or may_take(row.kind, member.roles)  # a workspace names whom it likes
        is_gone = not member.may_work or (row.state is State.OFFERED and not is_in_role)
        is_away = row.state is State.OFFERED and presence(working[member.id], now).reason is Away.AWAY
        if is_gone or is_away:
            found.append((row, Reason.GONE if is_gone else Reason.AWAY))
    return found


def _insert(
    tx: Connection,
    actor: Actor,
    account_id: UUID,
    lead: LeadRow | None,
    giving: Giving,
    origin: str,
    now: datetime,
) -> UUID:
    row_id, giver_card = new_id(), new_id()
    channel = workspace.settings(tx, actor.workspace_id).handoffs_channel
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
        "answers": _as_json(giving.answers),
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
        raise Refused("handoffs.owned", company=lead.company, who=_name(tx, actor, lead.owner_id))
    owner = lead.owner_id or actor.id
    if lead.state is not LeadState.HANDED_OFF:
        leads.move(tx, actor.workspace_id, lead.id, lead.state, LeadState.HANDED_OFF, owner_id=owner)
    return lead


def _reaches(tx: Connection, actor: Actor, owner_id: str, now: datetime) -> bool:
    """Whether somebody may act for the owner: their manager, or operations."""
    if holds_everything(actor.roles, is_admin=actor.is_admin):
        return True
    return people.relation(tx, actor, owner_id, now) is Relation.REPORT


def _check_giver(actor: Actor, giving: Giving) -> None:
    if actor.roles and not actor.roles & GIVERS:
        raise Refused("handoffs.marketing")
    if giving.to == actor.id:
        raise Refused("handoffs.to_yourself")


def _check_taker(tx: Connection, actor: Actor, giving: Giving, now: datetime, *, without: Collection[str] = ()) -> None:
    """Let a named taker pass who can take it now: neither its giver nor anybody who has had it (`without`).

    Raises:
        Refused: with who they are, and what keeps them.
    """
    assert giving.to is not None
    member = people.members(tx, actor.workspace_id, now.date(), people=[giving.to]).get(giving.to)
    role = TAKERS[giving.kind]
    if member is None or not member.may_work or giving.to in without:
        raise Refused("handoffs.cannot_take", who=member.name if member else giving.to)
    if not may_take(giving.kind, member.roles):
        raise Refused("handoffs.without_role", who=member.name, role=role)
    there = presence(_schedule(tx, actor.workspace_id, giving.to, now), now)
    if there.reason in {Away.AWAY, Away.HOLIDAY}:
        raise Refused("handoffs.taker_away", who=member.name, company=giving.company)


def _named_for_stuck(tx: Connection, actor: Actor, giving: Giving, settings: Settings, now: datetime) -> str | None:
    """Whom the workspace names for what is stuck, if they are there and not the one who is stuck."""
    named = settings.routing.get("stuck") if giving.kind is Kind.STUCK else None
    if not named or named == actor.id:
        return None
    member = people.members(tx, actor.workspace_id, now.date(), people=[named]).get(named)
    if member is None or not member.may_work:
        return None
    is_away = presence(_schedule(tx, actor.workspace_id, named, now), now).reason in {Away.AWAY, Away.HOLIDAY}
    return None if is_away else str(named)


def _refuse_second(tx: Connection, actor: Actor, account_id: UUID, giving: Giving) -> None:
    for each in queries.of_accounts(tx, actor.workspace_id, [account_id]):
        if each.is_open and each.kind is giving.kind:
            taker = _name(tx, actor, each.taker_id) if each.taker_id else ""
            giver = _name(tx, actor, each.giver_id)
            key = f"handoffs.under_way.{each.state}"
            raise Refused(key, company=each.company, taker=taker, giver=giver)


def _refuse(tx: Connection, actor: Actor, row: HandoffRow) -> NoReturn:
    """Say where it stands instead: who was faster, or what became of it.

    Raises:
        Refused: always.
    """
    last = queries.changes(tx, actor.workspace_id, row.id)[-1]
    who = _name(tx, actor, row.taker_id) if row.taker_id else ""
    by = _name(tx, actor, last.by) if last.by else who
    raise Refused(f"handoffs.late.{row.state}", company=row.company, who=who, by=by)


def _check_reason(reason: str, note: str | None, known: Collection[str]) -> None:
    if reason not in known:
        raise Refused("handoffs.reason_missing")
    if reason == NEEDS_A_NOTE and not (note or "").strip():
        raise Refused("handoffs.note_missing")


def _schedule(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> Any:
    members = people.members(tx, workspace_id, now.date(), people=[person_id])
    return schedules(tx, workspace_id, members, now, workspace.settings(tx, workspace_id))[person_id]


def _touch_days(tx: Connection, workspace_id: str) -> int:
    return workspace.settings(tx, workspace_id).touch_days


def _name(tx: Connection, actor: Actor, person_id: str | None) -> str:
    return people.names(tx, actor.workspace_id, [person_id or ""]).get(person_id or "", person_id or "")


def _read(tx: Connection, workspace_id: str, handoff_id: UUID) -> HandoffRow:
    row = queries.find(tx, workspace_id, handoff_id)
    if row is None:
        raise Refused("handoffs.gone")
    return row
