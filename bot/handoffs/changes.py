"""The rows behind a hand-off: states, offers, and who is told. Everything here runs inside a caller's transaction.

Whoever changes something takes, in this order, the job that may be about it (planners hold theirs already), the turn of
routing, and the hand-off itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.delivery.states import IfUnsure
from bot.handoffs import candidates, queries
from bot.handoffs.candidates import Field
from bot.handoffs.model import Handoff, HandoffChange, Offer
from bot.handoffs.queries import HandoffRow, OfferRow
from bot.handoffs.rules import clock_of
from bot.handoffs.states import MOVES, Kind, State
from bot.leads import changes as leads
from bot.leads import notices
from bot.leads import queries as lead_queries
from bot.leads.states import Happening, LeadState
from bot.people import queries as people
from bot.routing.rules import Choice, Lead, Presence, given_back, route
from bot.schedule import service as schedule
from bot.store.sql import one_at_a_time, table_of
from bot.store.types import new_id
from bot.working_time.presence import presence
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

handoff = table_of(Handoff)
offer = table_of(Offer)
change = table_of(HandoffChange)

CARD, GIVER, REMIND, BREACH, NOBODY, RECORD, UNTOUCHED, IDLE = (
    "handoff_offer",
    "handoff_giver",
    "handoff_remind",
    "handoff_breach",
    "handoff_nobody",
    "handoff_record",
    "handoff_untouched",
    "handoff_idle",
)
"""Kinds of the ledger: the taker's card, the giver's one message, the reminder at half time, the manager's word about
one that expired, operations' about one that nobody can take, the record in the channel, the reminder of one that was
accepted and not contacted, and its manager's word about that."""

CLOCK, TOUCH, QUEUE = "handoff_clock", "handoff_touch", "handoff_queue"
"""Kinds of jobs: an offer's clock, the first touch after an acceptance, another look at what nobody could take."""

LOOK_AGAIN = timedelta(minutes=30)
"""When what nobody could take is offered anew, if nobody's day begins earlier."""

RULES, OWNER, PERSON = "rules", "owner", "person"
"""What decided about a taker: the rules, that they have the account already, or somebody who named them."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Who gets it, by which rule, with the reasons for everybody."""

    taker_id: str | None
    rule: str
    choice: Choice


def turn_of_routing(tx: Connection, workspace_id: str) -> None:
    """Let choices of a workspace go one after the other, so that each sees the load of those before."""
    one_at_a_time(tx, f"routing:{workspace_id}")


def move(
    tx: Connection,
    workspace_id: str,
    row: HandoffRow,
    after: State,
    *,
    by: str | None,
    now: datetime,
    reason: str | None = None,
    note: str | None = None,
    **more: object,
) -> bool:
    """Take a hand-off from where `row` stands to another state; False when somebody was faster.

    Args:
        tx: the running transaction.
        workspace_id: whose it is.
        row: as it was read; what is written holds only if that still stands.
        after: where it goes: a way that `MOVES` has.
        by: who does it; None for Baton.
        now: the moment.
        reason: why, a code.
        note: the same in words.
        more: columns and their new values.
    """
    assert after in MOVES[row.state]
    this = (handoff.c.workspace_id == workspace_id) & (handoff.c.id == row.id)
    still = (handoff.c.state == row.state) & (handoff.c.turn == row.turn)
    values = {"state": after, "reason": reason, "reason_note": note, **more}
    if tx.execute(update(handoff).where(this, still).values(**values)).rowcount != 1:
        return False
    taker = more.get("taker_id", row.taker_id)
    note_change(tx, workspace_id, row, after, by=by, now=now, reason=reason, note=note, taker_id=taker)
    return True


def note_change(
    tx: Connection,
    workspace_id: str,
    row: HandoffRow,
    after: State,
    *,
    by: str | None,
    now: datetime,
    reason: str | None = None,
    note: str | None = None,
    taker_id: object = None,
) -> None:
    """Add the line of a change to the record, and to the lead's timeline."""
    of_it = (change.c.workspace_id == workspace_id) & (change.c.handoff_id == row.id)
    n = (tx.execute(select(func.max(change.c.n)).where(of_it)).scalar() or 0) + 1
    tx.execute(
        change.insert().values(
            workspace_id=workspace_id,
            handoff_id=row.id,
            n=n,
            before=row.state if n > 1 else None,
            after=after,
            taker_id=taker_id,
            by=by,
            reason=reason,
            note=note,
            at=now,
            recorded_at=now,
            id=new_id(),
        )
    )
    if row.lead_id:
        detail = {"handoff": row.id.hex, "state": after, "taker": taker_id, "reason": reason, "note": note}
        origin = f"{row.id.hex}:{n}"
        leads.happened(
            tx, workspace_id, row.lead_id, Happening.HANDOFF, by=by, at=now, detail=detail, origin=origin, now=now
        )


def offer_to_next(
    tx: Connection, workspace_id: str, handoff_id: UUID, now: datetime, *, to: str | None = None, by: str | None = None
) -> datetime | None:
    """Offer a hand-off that stands between two takers to the next one: to somebody who was named, else by the rules.

    When nobody can take it, it waits in the visible queue, operations is told, and it is looked at again.

    Returns:
        When that will be; None if it does not wait.
    """
    turn_of_routing(tx, workspace_id)
    row = queries.find(tx, workspace_id, handoff_id)
    assert row is not None
    settings = workspace.settings(tx, workspace_id)
    passed = [each.taker_id for each in queries.offers(tx, workspace_id, row.id)]
    field = candidates.field_of(
        tx, workspace_id, row.kind, settings, now, passed=passed, without=[row.giver_id], named=to
    )
    pick = choose(tx, workspace_id, row, field, to=to)
    again = None
    if pick.taker_id is None:
        again = _let_wait(tx, workspace_id, row, field, now)
    else:
        _offer(tx, workspace_id, row, pick, field, settings, now, by=by)
    refresh(tx, workspace_id, row.id, now)
    return again


def choose(tx: Connection, workspace_id: str, row: HandoffRow, field: Field, *, to: str | None = None) -> Pick:
    """Who gets it: whoever was named, the one who has the account already, or the one whose turn it is."""
    found = lead_queries.find(tx, workspace_id, row.lead_id) if row.lead_id else None
    lead = Lead((row.lead_id or row.id).hex, found.territory if found else None, found.segment if found else None)
    choice = route(lead, field.candidates)
    if to is not None:
        return Pick(to, PERSON, choice)
    owner = _owner(tx, workspace_id, row)
    free = {each.id for each in field.candidates if each.is_active and not each.has_passed}
    can = {each.id for each in field.candidates if each.presence is not Presence.AWAY} & free
    if owner in can and not _is_full(field, owner):
        return Pick(owner, OWNER, choice)
    return Pick(choice.winner, RULES, choice)


def end_offer(
    tx: Connection, workspace_id: str, row: HandoffRow, ended: State, now: datetime, reason: str | None = None
) -> OfferRow | None:
    """The offer that runs has ended; its card shows that. None where there was none."""
    last = next((each for each in queries.offers(tx, workspace_id, row.id) if each.turn == row.turn), None)
    if last is None or last.ended_at:
        return last
    tx.execute(
        update(offer)
        .where(offer.c.workspace_id == workspace_id, offer.c.handoff_id == row.id, offer.c.turn == row.turn)
        .values(ended_at=now, ended=ended, reason=reason)
    )
    delivery.change(tx, workspace_id, last.card, now)
    return last


def refresh(tx: Connection, workspace_id: str, handoff_id: UUID, now: datetime) -> None:
    """Let everything that shows a hand-off show how it stands: its giver's message, the card, the record."""
    row = queries.find(tx, workspace_id, handoff_id)
    assert row is not None
    delivery.change(tx, workspace_id, row.giver_card, now)
    for each in queries.offers(tx, workspace_id, handoff_id):
        if each.turn == row.turn:
            delivery.change(tx, workspace_id, each.card, now)
    if row.thread:
        delivery.change(tx, workspace_id, row.thread, now)


def give_back_credit(tx: Connection, workspace_id: str, row: HandoffRow, ended: OfferRow | None) -> None:
    """An offer that its giver withdrew costs its taker no turn; one that was declined, or expired, does."""
    if ended is None or not ended.is_routed:
        return
    kept = queries.credit_of(tx, workspace_id, row.kind).get(ended.taker_id)
    if kept:
        back = kept._replace(credit=given_back(kept.credit))
        candidates.store_credit(tx, workspace_id, row.kind, ended.taker_id, back)


def lead_moves(tx: Connection, workspace_id: str, row: HandoffRow, after: LeadState, now: datetime) -> None:
    """Let the lead behind a hand-off for a sale follow it, and what shows the lead, too."""
    found = lead_queries.find(tx, workspace_id, row.lead_id) if row.lead_id and row.kind is Kind.SALE else None
    if found and found.state is not after:
        leads.move(tx, workspace_id, found.id, found.state, after)
        notices.refresh(tx, workspace_id, found, now)


def tell_managers(
    tx: Connection, workspace_id: str, kind: str, row: HandoffRow, occasion: str, person_id: str, now: datetime
) -> None:
    """Tell somebody's manager (without one, operations) of something about a hand-off that lies with them."""
    above = people.line_above(tx, workspace_id, person_id, now.date())[:1]
    subject = {"handoff": row.id.hex, "person": person_id, "turn": row.turn}
    for each in above or people.operators(tx, workspace_id, now.date()):
        letter = Letter(kind, each, occasion, subject, now + timedelta(days=2), IfUnsure.DROP)
        delivery.tell(tx, workspace_id, letter, now)


def _owner(tx: Connection, workspace_id: str, row: HandoffRow) -> str | None:
    """Who has the account: the last to accept a hand-off of it."""
    for each in queries.of_accounts(tx, workspace_id, [row.account_id]):
        is_sale = each.kind in {Kind.SALE, Kind.UPSELL} and each.id != row.id
        if is_sale and row.kind in {Kind.SALE, Kind.UPSELL} and each.state in {State.ACCEPTED, State.REQUALIFIED}:
            return each.taker_id
    return None


def _is_full(field: Field, person_id: str | None) -> bool:
    each = next(each for each in field.candidates if each.id == person_id)
    return each.cap is not None and each.open >= each.cap


def _offer(
    tx: Connection,
    workspace_id: str,
    row: HandoffRow,
    pick: Pick,
    field: Field,
    settings: Settings,
    now: datetime,
    *,
    by: str | None,
) -> None:
    taker, turn, card = pick.taker_id, row.turn + 1, new_id()
    assert taker is not None
    if not move(tx, workspace_id, row, State.OFFERED, by=by, now=now, taker_id=taker, turn=turn):
        return
    if pick.rule == RULES:
        candidates.remember(tx, workspace_id, row.kind, pick.choice, field, now)
    working = field.schedules.get(taker) or candidates.schedule_of(tx, workspace_id, taker, now)
    clock = clock_of(working, now, timedelta(minutes=settings.handoff_minutes))
    tx.execute(
        offer.insert().values(
            workspace_id=workspace_id,
            handoff_id=row.id,
            turn=turn,
            taker_id=taker,
            is_routed=pick.rule == RULES,
            card=card,
            choice=candidates.as_json(pick.choice, pick.rule, field),
            offered_at=now,
            remind_at=clock.remind_at,
            due_at=clock.due_at,
        )
    )
    subject = {"handoff": row.id.hex, "turn": turn}
    letter = Letter(CARD, taker, f"{row.id.hex}:{turn}", subject, if_unsure=IfUnsure.RESEND, id=card)
    delivery.tell(tx, workspace_id, letter, now)
    first = clock.remind_at or clock.due_at or now + LOOK_AGAIN
    schedule.put(tx, workspace_id, CLOCK, taker, first, f"{row.id.hex}:{turn}")


def _let_wait(tx: Connection, workspace_id: str, row: HandoffRow, field: Field, now: datetime) -> datetime | None:
    before = queries.changes(tx, workspace_id, row.id)
    if not before or before[-1].after != State.WAITING:
        if row.state is State.WAITING:
            note_change(tx, workspace_id, row, State.WAITING, by=row.giver_id, now=now)
        elif not move(tx, workspace_id, row, State.WAITING, by=None, now=now, taker_id=None):
            return None
        subject = {"handoff": row.id.hex}
        for each in people.operators(tx, workspace_id, now.date()):
            occasion = f"{row.id.hex}:{len(before)}"  # it may wait twice without an offer between: whoever took it left
            letter = Letter(NOBODY, each, occasion, subject, if_unsure=IfUnsure.RESEND)
            delivery.tell(tx, workspace_id, letter, now)
    starts = [presence(each, now).next_start for each in field.schedules.values()]
    again = min(each for each in (*starts, now + LOOK_AGAIN) if each)
    schedule.put(tx, workspace_id, QUEUE, "", again, row.id.hex)
    return again
