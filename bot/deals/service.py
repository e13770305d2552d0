"""What can be done about deals: one function, one transaction. Of two who change one at once, one wins.

`origin` names the delivery behind a change; the same one twice changes nothing the second time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, may
from bot.accounts import queries as account_queries
from bot.accounts import service as accounts
from bot.deals import audited, changes, checks, closing, dividing, notices, queries
from bot.deals.changes import NewDeal
from bot.deals.closing import Loss, Win
from bot.deals.line import read
from bot.deals.process import process_in
from bot.deals.queries import DealRow
from bot.deals.rules import LONGEST_STEP, Change
from bot.deals.said import DealLine
from bot.deals.states import Kind, Stage, What
from bot.errors import Refused
from bot.money import Money
from bot.people import queries as people
from bot.reading.names import Known, candidate_names, close_names, name_key
from bot.store.engine import Store
from bot.workspace import queries as workspace

NEAR = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be different about a deal; None leaves it as it is. `note` goes into its history. `split` is who has
    how many percent of it besides its owner; of nobody it is the owner's alone.
    """

    money: Money | None = None
    close_on: date | None = None
    stage: Stage | None = None
    next_step: str | None = None
    next_on: date | None = None
    owner_id: str | None = None
    note: str | None = None
    split: tuple[tuple[str, Decimal], ...] | None = None

    @property
    def is_split_only(self) -> bool:
        """Whether nothing but the shares is to be different."""
        return self.split is not None and self == Wish(split=self.split, note=self.note)


@dataclass(frozen=True, slots=True)
class Meant:
    """Which deals a typed name means: the open ones that the actor may change (`mine`), those of `others`, and those
    that are `closed`, newest first. Where nobody is called so, `near` are the names that may have been meant.
    """

    name: str
    ref: str | None = None
    mine: tuple[DealRow, ...] = ()
    others: tuple[DealRow, ...] = ()
    closed: tuple[DealRow, ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    is_known: bool = True

    @property
    def has_any(self) -> bool:
        """Whether there is a deal that may be meant, or a name."""
        return bool(self.mine or self.others or self.closed or self.near)


@dataclass(frozen=True, slots=True)
class Done:
    """A deal as it stands after a change, and that change; without one, nothing was different."""

    row: DealRow
    change: Change | None = None

    @property
    def is_new(self) -> bool:
        """Whether the deal was opened by it."""
        return self.change is not None and self.change.what == What.OPENED


def understand(store: Store, actor: Actor, text: str, now: datetime) -> DealLine:
    """Read what somebody typed behind `/deal`, with the names that their workspace knows."""
    with store.read() as tx:
        known = Known(tuple(account_queries.named(tx, actor.workspace_id, candidate_names(text))))
        settings = workspace.settings(tx, actor.workspace_id)
    return read(
        text,
        now=now.astimezone(actor.zone),
        language=actor.language,
        currency=settings.currency,
        fiscal_month=settings.fiscal_month,
        known=known,
        process=process_in(settings),
    )


def meant(store: Store, actor: Actor, name: str, ref: str | None, now: datetime) -> Meant:
    """The deals of the company that somebody names; for a name that nobody has, those that are spelt nearly so."""
    with store.read() as tx:
        exact = [] if ref else account_queries.named(tx, actor.workspace_id, [name_key(name)])
        refs = {each.ref for each in exact}
        ref = ref or (refs.pop() if len(refs) == 1 else None)
        account_id = accounts.known_account(tx, actor.workspace_id, name, ref)
        if account_id is None:
            similar = account_queries.similar(tx, actor.workspace_id, name_key(name))
            close = close_names(name, Known((), tuple(similar)))[:NEAR]
            return Meant(name, near=tuple((each.name, each.ref) for each in close), is_known=False)
        rows = queries.of_account(tx, actor.workspace_id, account_id)
        own = {each.id for each in rows if may_change(tx, actor, each.owner_id, now)}
        return Meant(
            accounts.name_of(tx, actor.workspace_id, account_id),
            f"account:{account_id}",
            mine=_own_first([each for each in rows if each.is_open and each.id in own], actor),
            others=tuple(each for each in rows if each.is_open and each.id not in own),
            closed=tuple(each for each in rows if not each.is_open and each.id in own),
        )


def account_of(meant: Meant) -> UUID | None:
    """The company behind a name, where there is one."""
    return UUID(meant.ref.partition(":")[2]) if meant.ref and meant.is_known else None


def owners(store: Store, actor: Actor, rows: Iterable[DealRow]) -> dict[str, str]:
    """The names of those whose deals these are."""
    ids = sorted({each.owner_id for each in rows})
    with store.read() as tx:
        return {each: each for each in ids} | people.names(tx, actor.workspace_id, ids)


def find_mine(store: Store, actor: Actor, deal_id: UUID, now: datetime) -> DealRow:
    """A deal that the actor may change.

    Raises:
        Refused: when there is none, or it is not theirs.
    """
    with store.read() as tx:
        row = queries.find(tx, actor.workspace_id, deal_id)
        if row is None:
            raise Refused("deals.gone")
        if not may_change(tx, actor, row.owner_id, now):
            raise not_yours(tx, actor, row, now)
        return row


def may_change(tx: Connection, actor: Actor, owner_id: str, now: datetime) -> bool:
    """Whether somebody may change a deal of this owner: their own, their reports', or with operations anybody's."""
    return may(actor, Action.CHANGE_DEALS, people.relation(tx, actor, owner_id, now))


def open_deal(
    store: Store,
    actor: Actor,
    name: str,
    ref: str | None,
    wish: Wish,
    *,
    kind: Kind = Kind.NEW,
    origin: str,
    now: datetime,
) -> Done:
    """Open a deal by hand, in `requalify` unless another stage is wished; one's own open deal with the company is
    changed instead.

    Raises:
        Refused: when the actor may have no deals, the owner who is named cannot have it, or the amount is none.
    """
    with store.write() as tx:
        if before := repeated(tx, actor, origin):
            return before
        owner_id = wish.owner_id or actor.id
        checks.check_owner(tx, actor, owner_id, now)
        checks.check_money(wish.money)
        side = accounts.side(tx, actor.workspace_id, name, ref, by=actor.id, now=now)
        account_id = accounts.account_of(tx, actor.workspace_id, side)
        changes.turn_of_account(tx, actor.workspace_id, account_id)
        rows = queries.of_account(tx, actor.workspace_id, account_id)
        known = next((each for each in rows if each.is_open and each.owner_id == owner_id and each.kind is kind), None)
        if known:
            return _change(tx, actor, changes.hold(tx, actor.workspace_id, known.id), wish, origin, now)
        new = _as_wished(tx, actor, account_id, owner_id, kind, wish, now)
        row = changes.open_deal(tx, actor.workspace_id, new, by=actor.id, origin=origin, now=now, note=wish.note)
        notices.tell_owner(tx, actor.workspace_id, row, actor.id, now)
        notices.tell_sharers(tx, actor.workspace_id, None, row, actor.id, now)
        return done(tx, actor, row, None, now)


def _as_wished(
    tx: Connection, actor: Actor, account_id: UUID, owner_id: str, kind: Kind, wish: Wish, now: datetime
) -> NewDeal:
    return NewDeal(
        account_id=account_id,
        owner_id=owner_id,
        currency=workspace.settings(tx, actor.workspace_id).currency,
        stage=wish.stage or Stage.REQUALIFY,
        kind=kind,
        money=wish.money,
        close_on=wish.close_on,
        next_step=wish.next_step,
        next_on=wish.next_on,
        shares=checks.shares_said(tx, actor, owner_id, wish.split or (), now),
    )


def change(store: Store, actor: Actor, deal_id: UUID, wish: Wish, *, origin: str, now: datetime) -> Done:
    """Change amount, close day, stage among the open ones, next step or owner.

    Raises:
        Refused: when it is not theirs to change, closed, or was changed meanwhile; it says who can, or who did.
    """
    with store.write() as tx:
        if before := repeated(tx, actor, origin):
            return before
        return _change(tx, actor, held(tx, actor, deal_id, now), wish, origin, now)


def win(store: Store, actor: Actor, deal_id: UUID, said: Win, *, origin: str, now: datetime) -> Done:
    """The deal is won. See `closing.win`.

    Raises:
        Refused: as there, or when it is not theirs.
    """
    with store.write() as tx:
        if before := repeated(tx, actor, origin):
            return before
        checks.check_money(said.money)
        row = held(tx, actor, deal_id, now)
        if said.split is not None:
            said = replace(said, shares=checks.shares_said(tx, actor, row.owner_id, said.split, now))
        after = closing.win(tx, actor.workspace_id, row, said, by=actor.id, origin=origin, now=now)
        notices.tell_sharers(tx, actor.workspace_id, row, after, actor.id, now)
        return done(tx, actor, after, row, now)


def lose(store: Store, actor: Actor, deal_id: UUID, said: Loss, *, origin: str, now: datetime) -> Done:
    """The deal is lost. See `closing.lose`.

    Raises:
        Refused: as there, or when it is not theirs.
    """
    with store.write() as tx:
        if before := repeated(tx, actor, origin):
            return before
        row = held(tx, actor, deal_id, now)
        after = closing.lose(tx, actor.workspace_id, row, said, by=actor.id, origin=origin, now=now)
        return done(tx, actor, after, row, now)


def reopen(store: Store, actor: Actor, deal_id: UUID, stage: Stage | None, *, origin: str, now: datetime) -> Done:
    """A closed deal is open again. See `closing.reopen`.

    Raises:
        Refused: when it is not theirs, or open anyway.
    """
    with store.write() as tx:
        if before := repeated(tx, actor, origin):
            return before
        row = held(tx, actor, deal_id, now)
        if row.is_open:
            raise Refused("deals.open_already", company=row.company)
        after = closing.reopen(tx, actor.workspace_id, row, stage, by=actor.id, origin=origin, now=now)
        return done(tx, actor, after, row, now)


def held(tx: Connection, actor: Actor, deal_id: UUID, now: datetime) -> DealRow:
    """A deal that somebody may change, kept as it stands.

    Raises:
        Refused: when there is none, or it is not theirs; it says whose, and who can.
    """
    row = changes.hold(tx, actor.workspace_id, deal_id)
    if may_change(tx, actor, row.owner_id, now):
        return row
    raise not_yours(tx, actor, row, now)


def not_yours(tx: Connection, actor: Actor, row: DealRow, now: datetime) -> Refused:
    """The refusal that says whose a deal is, and who else can change it."""
    who = people.names(tx, actor.workspace_id, [row.owner_id]).get(row.owner_id, row.owner_id)
    can = people.who_can(tx, actor.workspace_id, row.owner_id, people.today_of(actor, now))
    return Refused("deals.not_yours", company=row.company, who=who, can=", ".join(dict.fromkeys([who, *can])))


def _own_first(rows: list[DealRow], actor: Actor) -> tuple[DealRow, ...]:
    """One's own where one has any: whoever leads others means their own deal first."""
    own = tuple(each for each in rows if each.owner_id == actor.id)
    return own or tuple(rows)


def repeated(tx: Connection, actor: Actor, origin: str) -> Done | None:
    """What a delivery has done before."""
    deal_id = queries.touched_by(tx, actor.workspace_id, origin)
    row = queries.find(tx, actor.workspace_id, deal_id) if deal_id else None
    return Done(row, queries.changes(tx, actor.workspace_id, row.id)[-1]) if row else None


def _change(tx: Connection, actor: Actor, row: DealRow, wish: Wish, origin: str, now: datetime) -> Done:
    if not row.is_open:
        return _of_closed(tx, actor, row, wish, origin, now)
    checks.check_money(wish.money)
    values: dict[str, Any] = {
        name: getattr(wish, name) for name in ("close_on", "stage", "owner_id") if getattr(wish, name) is not None
    }
    if wish.money is not None:
        values |= {"amount": wish.money.minor or None, "currency": wish.money.currency}
    if wish.next_step is not None:
        values |= {"next_step": wish.next_step[:LONGEST_STEP] or None, "next_on": wish.next_on}
    if wish.owner_id not in {None, row.owner_id}:
        checks.check_owner(tx, actor, str(wish.owner_id), now)
    values |= _shares(tx, actor, row, wish, now)
    after = changes.change(
        tx, actor.workspace_id, row, What.CHANGED, values, by=actor.id, origin=origin, now=now, note=wish.note
    )
    if after is None:
        raise Refused("deals.changed_meanwhile", company=row.company)
    if after.owner_id != row.owner_id:
        notices.tell_owner(tx, actor.workspace_id, after, actor.id, now)
    notices.tell_sharers(tx, actor.workspace_id, row, after, actor.id, now)
    return done(tx, actor, after, row, now)


def _of_closed(tx: Connection, actor: Actor, row: DealRow, wish: Wish, origin: str, now: datetime) -> Done:
    """Of a closed deal nothing can be changed but the shares of a won one."""
    if not wish.is_split_only:
        closing.refuse_closed(tx, actor.workspace_id, row)
    after = dividing.divide_won(tx, actor, row, wish.split or (), note=wish.note, origin=origin, now=now)
    if after is None:
        raise Refused("deals.changed_meanwhile", company=row.company)
    notices.tell_sharers(tx, actor.workspace_id, row, after, actor.id, now)
    notices.refresh(tx, actor.workspace_id, [after.announcement], now)
    return done(tx, actor, after, row, now)


def _shares(tx: Connection, actor: Actor, row: DealRow, wish: Wish, now: datetime) -> dict[str, Any]:
    """The shares as they are to be; whoever has a share and gets the deal has the rest of it from then on."""
    owner_id = wish.owner_id or row.owner_id
    if wish.split is not None:
        return {"shares": checks.shares_said(tx, actor, owner_id, wish.split, now)}
    if row.shares and owner_id in row.shares:
        return {"shares": {person: share for person, share in row.shares.items() if person != owner_id} or None}
    return {}


def done(tx: Connection, actor: Actor, row: DealRow, before: DealRow | None, now: datetime) -> Done:
    """The change that was made; in the audit log, where it is to another's deal."""
    if before and before.version == row.version:
        return Done(row)
    last = queries.changes(tx, actor.workspace_id, row.id)[-1]
    audited.record(tx, actor, before, row, last, now)
    return Done(row, last)
