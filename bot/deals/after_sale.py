"""What can be done about customers: renewed, churned, more sold to them. One function, one transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.deals import changes, closing, customers, queries, service
from bot.deals.changes import NewDeal
from bot.deals.closing import Loss, Win
from bot.deals.process import process_in
from bot.deals.queries import CustomerRow
from bot.deals.service import Done
from bot.deals.states import PIPELINE, Kind, Stage, Turn
from bot.errors import Refused
from bot.money import Money
from bot.people import queries as people
from bot.store.engine import Store
from bot.workspace import queries as workspace


@dataclass(frozen=True, slots=True)
class Renewal:
    """What somebody says of a renewal: the amount (None: as before), and when it is renewed next."""

    money: Money | None = None
    renewal_on: date | None = None
    months: int | None = None
    note: str | None = None


def renew(store: Store, actor: Actor, account_id: UUID, said: Renewal, *, origin: str, now: datetime) -> Done:
    """A customer stays: a deal of its own, won, of whoever cares for them.

    Raises:
        Refused: when they are no customer, or not the actor's; it says who can.
    """
    with store.write() as tx:
        done = service.repeated(tx, actor, origin)
        if done:
            return done
        known = _held(tx, actor, account_id, now)
        open_ones = _open_renewals(tx, actor, account_id)
        row = open_ones[0] if open_ones else None
        if row is None:
            new = NewDeal(
                account_id=account_id,
                owner_id=known.csm_id or known.owner_id or actor.id,
                currency=workspace.settings(tx, actor.workspace_id).currency,
                stage=Stage.NEGOTIATION,
                kind=Kind.RENEWAL,
                money=known.money,
            )
            row = changes.open_deal(tx, actor.workspace_id, new, by=actor.id, origin=f"{origin}:opened", now=now)
        win = Win(said.money, None, said.renewal_on, said.months, said.note, is_sure=True)
        after = closing.win(tx, actor.workspace_id, row, win, by=actor.id, origin=origin, now=now)
        return service.done(tx, actor, after, row, now)


def churn(
    store: Store, actor: Actor, account_id: UUID, reason: str | None, note: str | None, *, origin: str, now: datetime
) -> CustomerRow:
    """A customer has left: nobody is reminded of their renewal any more, and one that was open is lost.

    Raises:
        Refused: as `renew`, or when they had left before.
    """
    with store.write() as tx:
        assert reason is None or process_in(workspace.settings(tx, actor.workspace_id)).reason_of(reason)
        if queries.customer_touched_by(tx, actor.workspace_id, origin):
            return _read(tx, actor, account_id)
        known = _held(tx, actor, account_id, now)
        values = {"churned_at": now, "reason": reason, "reason_note": note}
        if not customers.change(
            tx, actor.workspace_id, known, Turn.CHURNED, values, by=actor.id, origin=origin, now=now, note=note
        ):
            raise Refused("deals.changed_meanwhile", company=known.company)
        for n, row in enumerate(_open_renewals(tx, actor, account_id)):
            loss = Loss(reason or "other", note or "churned")
            closing.lose(tx, actor.workspace_id, row, loss, by=actor.id, origin=f"{origin}:{n}", now=now)
        return _read(tx, actor, account_id)


def unchurn(store: Store, actor: Actor, account_id: UUID, *, origin: str, now: datetime) -> CustomerRow:
    """They have not left after all.

    Raises:
        Refused: when they are not the actor's.
    """
    with store.write() as tx:
        known = _held(tx, actor, account_id, now, has_left=True)
        values = dict.fromkeys(("churned_at", "reason", "reason_note"))
        customers.change(tx, actor.workspace_id, known, Turn.UNDONE, values, by=actor.id, origin=origin, now=now)
        return _read(tx, actor, account_id)


def check_customer(store: Store, actor: Actor, account_id: UUID, company: str) -> None:
    """Let a company pass that has bought something: only those are sold more.

    Raises:
        Refused: with what to do instead.
    """
    with store.read() as tx:
        known = queries.find_customer(tx, actor.workspace_id, account_id)
    if known is None or not known.is_active:
        raise Refused("deals.no_customer", company=company)


def may_look_after(tx: Connection, actor: Actor, known: CustomerRow, now: datetime) -> bool:
    """Whether somebody may say that a customer stays or leaves: whoever cares for them or sold to them, those above,
    operations.
    """
    return any(service.may_change(tx, actor, each, now) for each in (known.csm_id, known.owner_id) if each)


def _held(tx: Connection, actor: Actor, account_id: UUID, now: datetime, *, has_left: bool = False) -> CustomerRow:
    changes.turn_of_account(tx, actor.workspace_id, account_id)
    known = queries.find_customer(tx, actor.workspace_id, account_id)
    if known is None or known.deal_id is None:
        raise Refused("deals.no_customer", company=known.company if known else "")
    if not may_look_after(tx, actor, known, now):
        several = [each for each in (known.csm_id, known.owner_id) if each]
        names = people.names(tx, actor.workspace_id, several)
        can = people.who_can(tx, actor.workspace_id, several[0], people.today_of(actor, now))
        said = ", ".join(dict.fromkeys([*(names.get(each, each) for each in several), *can]))
        raise Refused("deals.not_your_customer", company=known.company, can=said)
    if known.churned_at and not has_left:
        raise Refused("deals.left_already", company=known.company)
    return known


def _open_renewals(tx: Connection, actor: Actor, account_id: UUID) -> list[queries.DealRow]:
    rows = queries.of_account(tx, actor.workspace_id, account_id)
    return [each for each in rows if each.kind is Kind.RENEWAL and each.stage in PIPELINE]


def _read(tx: Connection, actor: Actor, account_id: UUID) -> CustomerRow:
    found = queries.find_customer(tx, actor.workspace_id, account_id)
    assert found is not None
    return found
