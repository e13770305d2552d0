"""What can be done about hand-offs: one function, one transaction. Every change happens once: of two people who press
at once one wins, and the other is told who did.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import Connection, update

from bot.absence.schedule import schedules
from bot.access.actor import Actor
from bot.accounts import queries as account_queries
from bot.accounts import service as accounts
from bot.deals import customers
from bot.deals import opening as deals
from bot.deals.opening import Handed
from bot.deals.states import Kind as DealKind
from bot.errors import Refused
from bot.handoffs import candidates, changes, queries
from bot.handoffs.changes import TOUCH, end_offer, offer_to_next, refresh
from bot.handoffs.model import Handoff
from bot.handoffs.queries import HandoffRow
from bot.handoffs.rules import DECLINE_REASONS, NEEDS_A_NOTE, REJECT_REASONS, Answer, answers_as_json, touch_due
from bot.handoffs.states import SOLD_AGAIN, Kind, Reason, State, may_take
from bot.leads.states import LeadState
from bot.people import queries as people
from bot.reading.names import name_key
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.working_time.presence import Reason as Away
from bot.working_time.presence import presence
from bot.workspace import queries as workspace

handoff = table_of(Handoff)


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


def accept(store: Store, actor: Actor, handoff_id: UUID, now: datetime) -> HandoffRow:
    """Take it. What waits in the queue can be taken by anybody who holds the role; the first one has it.

    Raises:
        Refused: when somebody else was faster, or it is not on offer to them any more.
    """
    with store.write() as tx:
        row = queries.read(tx, actor.workspace_id, handoff_id)
        if row.state is State.ACCEPTED and row.taker_id == actor.id:
            return row
        is_mine = row.state is State.OFFERED and row.taker_id == actor.id
        is_free = row.state is State.WAITING and may_take(row.kind, actor.roles) and row.giver_id != actor.id
        if not (is_mine or is_free):
            _refuse(tx, actor, row)
        working = candidates.schedule_of(tx, actor.workspace_id, actor.id, now)
        due = touch_due(working, now, workspace.settings(tx, actor.workspace_id).touch_days)
        is_sold = row.kind in SOLD_AGAIN
        more: dict[str, Any] = {"taker_id": actor.id, "accepted_at": now, "touch_due_at": due if is_sold else None}
        if not is_sold:
            more["settled_at"] = now
        if not changes.move(tx, actor.workspace_id, row, State.ACCEPTED, by=actor.id, now=now, **more):
            _refuse(tx, actor, queries.read(tx, actor.workspace_id, handoff_id))
        end_offer(tx, actor.workspace_id, row, State.ACCEPTED, now)
        if is_sold and due:
            schedule.put(tx, actor.workspace_id, TOUCH, actor.id, due, row.id.hex)
        if row.kind is Kind.CARE:
            origin = f"handoff:{row.id.hex}"
            customers.given_to(tx, actor.workspace_id, row.account_id, actor.id, by=actor.id, origin=origin, now=now)
        refresh(tx, actor.workspace_id, row.id, now)
        return queries.read(tx, actor.workspace_id, handoff_id)


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
        row = queries.read(tx, actor.workspace_id, handoff_id)
        if row.giver_id != actor.id:
            raise Refused(
                "handoffs.not_yours", who=people.name_of(tx, actor.workspace_id, row.giver_id), company=row.company
            )
        if row.state is State.WITHDRAWN:
            return row
        if row.state not in {State.OFFERED, State.WAITING}:
            _refuse(tx, actor, row)
        if not changes.move(tx, actor.workspace_id, row, State.WITHDRAWN, by=actor.id, now=now, settled_at=now):
            _refuse(tx, actor, queries.read(tx, actor.workspace_id, handoff_id))
        ended = end_offer(tx, actor.workspace_id, row, State.WITHDRAWN, now)
        if row.state is State.OFFERED:  # what waits was declined by its last taker, or expired with them
            changes.give_back_credit(tx, actor.workspace_id, row, ended)
        changes.lead_moves(tx, actor.workspace_id, row, LeadState.WORKING, now)
        refresh(tx, actor.workspace_id, row.id, now)
        return queries.read(tx, actor.workspace_id, handoff_id)


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


def touched(store: Store, workspace_id: str, person_ids: Collection[str], now: datetime) -> set[str]:
    """These people have logged something, or taken it back: what they accepted shows its first touch.

    Returns:
        The givers of those that show something else now.
    """
    with store.read() as tx:
        if not _to_show(tx, workspace_id, person_ids):
            return set()
    with store.write() as tx:
        shown = _to_show(tx, workspace_id, person_ids)
        for row, at in shown:
            this = (handoff.c.workspace_id == workspace_id) & (handoff.c.id == row.id)
            tx.execute(update(handoff).where(this).values(touched_at=at))
            refresh(tx, workspace_id, row.id, now)
        return {row.giver_id for row, _ in shown}


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
        return queries.read(tx, actor.workspace_id, handoff_id)


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
        row = queries.read(tx, actor.workspace_id, handoff_id)
        if row.state is not State.OFFERED or row.taker_id != actor.id:
            _refuse(tx, actor, row)
        if to:
            had = {each.taker_id for each in queries.offers(tx, actor.workspace_id, row.id)}
            held = {row.giver_id, *had}
            candidates.check_named(tx, actor.workspace_id, to, row.kind, row.company, now, held)
        if not changes.move(tx, actor.workspace_id, row, after, by=actor.id, now=now, reason=reason, note=note):
            _refuse(tx, actor, queries.read(tx, actor.workspace_id, handoff_id))
        end_offer(tx, actor.workspace_id, row, after, now, reason)
        offer_to_next(tx, actor.workspace_id, row.id, now, to=to, by=actor.id if to else None)
        return queries.read(tx, actor.workspace_id, handoff_id)


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
        row = queries.read(tx, actor.workspace_id, handoff_id)
        if row.state is after and row.taker_id == actor.id:
            return row
        if row.state is not State.ACCEPTED or row.taker_id != actor.id or row.kind not in SOLD_AGAIN:
            _refuse(tx, actor, row)
        more = {"settled_at": now}
        if not changes.move(tx, actor.workspace_id, row, after, by=actor.id, now=now, reason=reason, note=note, **more):
            _refuse(tx, actor, queries.read(tx, actor.workspace_id, handoff_id))
        if answers:
            _store_answers(tx, actor.workspace_id, row.id, {**row.answers, **answers})
        judged = LeadState.QUALIFIED if after is State.REQUALIFIED else LeadState.UNQUALIFIED
        changes.lead_moves(tx, actor.workspace_id, row, judged, now)
        if after is State.REQUALIFIED:
            _open_deal(tx, actor, row, now)
        refresh(tx, actor.workspace_id, row.id, now)
        return queries.read(tx, actor.workspace_id, handoff_id)


def _to_show(
    tx: Connection, workspace_id: str, person_ids: Collection[str]
) -> list[tuple[HandoffRow, datetime | None]]:
    """What these people accepted whose messages do not show the first touch as it stands, and that."""
    rows = queries.with_people(tx, workspace_id, sorted(person_ids))
    accepted = [each for each in rows if each.state is State.ACCEPTED and each.kind in SOLD_AGAIN]
    touches = queries.first_touches(tx, workspace_id, [each.id for each in accepted])
    return [(each, touches.get(each.id)) for each in accepted if touches.get(each.id) != each.touched_at]


def _open_deal(tx: Connection, actor: Actor, row: HandoffRow, now: datetime) -> None:
    """What was qualified is a deal of the taker's, and its giver has the assist."""
    kind = DealKind.UPSELL if row.kind is Kind.UPSELL else DealKind.NEW
    handed = Handed(row.id, row.account_id, row.lead_id, row.giver_id, actor.id, row.giver_card, kind)
    deals.from_handoff(tx, actor.workspace_id, handed, origin=f"handoff:{row.id.hex}", now=now)


def _store_answers(tx: Connection, workspace_id: str, handoff_id: UUID, answers: Mapping[str, Answer]) -> None:
    this = (handoff.c.workspace_id == workspace_id) & (handoff.c.id == handoff_id)
    tx.execute(update(handoff).where(this).values(answers=answers_as_json(answers)))


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


def _refuse(tx: Connection, actor: Actor, row: HandoffRow) -> NoReturn:
    """Say where it stands instead: who was faster, or what became of it.

    Raises:
        Refused: always.
    """
    last = queries.changes(tx, actor.workspace_id, row.id)[-1]
    who = people.name_of(tx, actor.workspace_id, row.taker_id) if row.taker_id else ""
    by = people.name_of(tx, actor.workspace_id, last.by) if last.by else who
    raise Refused(f"handoffs.late.{row.state}", company=row.company, who=who, by=by)


def _check_reason(reason: str, note: str | None, known: Collection[str]) -> None:
    if reason not in known:
        raise Refused("handoffs.reason_missing")
    if reason == NEEDS_A_NOTE and not (note or "").strip():
        raise Refused("handoffs.note_missing")
