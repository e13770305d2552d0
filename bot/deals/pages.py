"""What people read of deals: a card, a list, what comes by itself. Plain values, from the state of that moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, may, refusal
from bot.clock import zone_or_utc
from bot.deals import dividing, notices, planning, queries, split
from bot.deals.after_sale import may_look_after
from bot.deals.process import Process, process_in
from bot.deals.queries import CustomerRow, DealRow
from bot.deals.rules import Change
from bot.deals.service import may_change, not_yours
from bot.deals.states import Stage
from bot.delivery.outcome import Parcel
from bot.errors import Refused
from bot.money import Money
from bot.people import queries as people
from bot.store.engine import Store
from bot.workspace import queries as workspace
from bot.workspace.checklists import Question

STANDARD = Process()

TIMELINE = 5
"""Changes on a card, the newest."""


@dataclass(frozen=True, slots=True)
class Card:
    """A deal as somebody reads it; `customer` is what the company is besides, `can_divide` whether its shares are for
    the reader to say.
    """

    row: DealRow
    changes: tuple[Change, ...]
    customer: CustomerRow | None
    names: Mapping[str, str]
    can_change: bool
    now: datetime
    zone: ZoneInfo
    process: Process = STANDARD
    can_divide: bool = False

    @property
    def today(self) -> date:
        """The reader's calendar day."""
        return self.now.astimezone(self.zone).date()

    def day(self, at: datetime) -> date:
        """The reader's calendar day of a moment."""
        return at.astimezone(self.zone).date()

    def name(self, person_id: str | None) -> str:
        """What somebody is called."""
        return self.names.get(person_id or "", person_id or "")

    @property
    def shares(self) -> dict[str, tuple[Decimal, Money | None]]:
        """Of a deal that several have: everybody's percent and money, the owner's first; of nobody else's nothing."""
        row = self.row
        if not row.shares:
            return {}
        amounts = split.credited(row.money, row.shares, row.owner_id) if row.money else {}
        return {
            person: (share, amounts.get(person)) for person, share in split.by_person(row.shares, row.owner_id).items()
        }

    @property
    def points(self) -> tuple[Question, ...]:
        """What the stage asks for."""
        return self.process.points(self.row.stage)

    def ticked(self, code: str) -> Change | None:
        """The change by which a point of the stage was done last; None of one that is not."""
        stage = self.row.stage
        if code not in self.row.ticked(stage):
            return None
        sides = ((each, each.before.get("ticks") or {}, each.after.get("ticks") or {}) for each in self.changes)
        done = [each for each, was, now in sides if code in now.get(stage, ()) and code not in was.get(stage, ())]
        return done[-1] if done else None

    def open_points(self, stage: Stage) -> int:
        """How many points of a stage are not done; 0 of a deal whose points nobody has ever ticked."""
        if not any(self.row.ticked(each) for each in Stage):
            return 0
        return sum(each.code not in self.row.ticked(stage) for each in self.process.points(stage))


@dataclass(frozen=True, slots=True)
class Shared:
    """An open deal of somebody else, the `owner` by name, of which one has so many percent; `money` None: no amount."""

    row: DealRow
    owner: str
    percent: Decimal
    money: Money | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Somebody's open deals, and those that they have a share of; `of` is their name, where they are not the reader."""

    rows: tuple[DealRow, ...]
    of: str | None
    now: datetime
    zone: ZoneInfo
    shared: tuple[Shared, ...] = ()

    @property
    def today(self) -> date:
        """The reader's calendar day."""
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Notice:
    """What a message of the ledger is about; `reader` is None for a channel, `days` those that a renewal is away."""

    kind: str
    language: str
    card: Card | None = None
    customer: CustomerRow | None = None
    by: str = ""
    days: int = 0
    today: date = date.min
    is_settled: bool = False
    process: Process = STANDARD
    reader: str = ""

    @property
    def share(self) -> str | None:
        """How many percent of the deal the reader has; None of none."""
        return (self.card.row.shares or {}).get(self.reader) if self.card else None


def card(store: Store, actor: Actor, deal_id: UUID, now: datetime) -> Card:
    """A deal, for whoever may change it, has a share of it, handed it off, or cares for the customer.

    Raises:
        Refused: when there is none, or it is none of theirs; it says whose.
    """
    with store.read() as tx:
        row = queries.find(tx, actor.workspace_id, deal_id)
        if row is None:
            raise Refused("deals.gone")
        found = _card(tx, actor.workspace_id, row, actor, actor.zone, now)
        cares = found.customer is not None and may_look_after(tx, actor, found.customer, now)
        if not (found.can_change or cares or actor.id in {row.giver_id, *(row.shares or ())}):
            raise not_yours(tx, actor, row, now)
        return found


def overview(store: Store, actor: Actor, person_id: str | None, now: datetime) -> Overview:
    """The open deals of somebody, or one's own, and those of others that they have a share of.

    Raises:
        Refused: when their numbers are none of the reader's; it says who can see them.
    """
    whom = person_id or actor.id
    with store.read() as tx:
        name = people.names(tx, actor.workspace_id, [whom]).get(whom, whom)
        if not may(actor, Action.SEE_NUMBERS, people.relation(tx, actor, whom, now)):
            can = people.who_can(tx, actor.workspace_id, whom, people.today_of(actor, now))
            raise Refused("deals.not_seen", who=name, can=", ".join(can))
        rows = queries.open_of(tx, actor.workspace_id, [whom])
        shared = _shared(tx, actor.workspace_id, whom)
    return Overview(tuple(rows), None if whom == actor.id else name, now, actor.zone, shared)


def _shared(tx: Connection, workspace_id: str, whom: str) -> tuple[Shared, ...]:
    rows = queries.shared_open_of(tx, workspace_id, whom)
    owners = people.names(tx, workspace_id, sorted({each.owner_id for each in rows})) if rows else {}
    return tuple(
        Shared(
            each,
            owners.get(each.owner_id, each.owner_id),
            split.shares_of(each.shares)[whom],
            split.credited(each.money, each.shares, each.owner_id)[whom] if each.money else None,
        )
        for each in rows
    )


def notice(store: Store, parcel: Parcel, now: datetime) -> Notice | None:
    """What a message of the ledger shows. None where there is nothing to say any more: a win that was taken back before
    it was told, a customer who has renewed, a reader who is no colleague any more.
    """
    with store.read() as tx:
        reader = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        if parcel.kind != notices.WON and (reader is None or refusal(reader)):
            return None
        if parcel.kind == planning.RENEWAL:
            assert reader is not None
            return _renewal(tx, parcel, reader, now)
        row = queries.find(tx, parcel.workspace_id, UUID(parcel.subject["deal"]))
        speaker = reader or (people.actor(tx, parcel.workspace_id, row.owner_id, now) if row else None)
        language = speaker.language if speaker else "en"  # a channel reads of a win in the winner's words
        is_first = parcel.ts is None
        is_of_win = parcel.kind in {notices.WON, notices.ASSIST}
        if row is None or (is_first and is_of_win and row.stage is not Stage.WON):
            return None
        zone = reader.zone if reader else zone_or_utc(workspace.settings(tx, parcel.workspace_id).zone)
        found = _card(tx, parcel.workspace_id, row, reader, zone, now, parcel.subject.get("by"))
        by, process = found.name(parcel.subject.get("by")), found.process
        return Notice(parcel.kind, language, found, by=by, today=found.today, process=process, reader=parcel.recipient)


def _renewal(tx: Connection, parcel: Parcel, reader: Actor, now: datetime) -> Notice | None:
    account_id = UUID(parcel.subject["account"])
    known = queries.find_customer(tx, parcel.workspace_id, account_id)
    if known is None:
        return None
    is_settled = not known.is_active or str(known.renewal_on) != parcel.subject["renewal"]
    if is_settled and parcel.ts is None:
        return None
    today = now.astimezone(reader.zone).date()
    days, process = int(parcel.subject["days"]), process_in(workspace.settings(tx, parcel.workspace_id))
    return Notice(parcel.kind, reader.language, None, known, "", days, today, is_settled, process)


def _card(
    tx: Connection,
    workspace_id: str,
    row: DealRow,
    reader: Actor | None,
    zone: ZoneInfo,
    now: datetime,
    *others: str | None,
) -> Card:
    happened = queries.changes(tx, workspace_id, row.id)
    customer = queries.find_customer(tx, workspace_id, row.account_id)
    ids = _people_of(row, happened, customer, others)
    return Card(
        row=row,
        changes=tuple(happened),
        customer=customer if customer and customer.deal_id else None,
        names=people.names(tx, workspace_id, ids),
        can_change=reader is not None and may_change(tx, reader, row.owner_id, now),
        now=now,
        zone=zone,
        process=process_in(workspace.settings(tx, workspace_id)),
        can_divide=reader is not None and dividing.may_divide(tx, reader, row, now),
    )


def _people_of(
    row: DealRow, happened: Sequence[Change], customer: CustomerRow | None, others: Sequence[str | None]
) -> list[str]:
    """Everybody who is named in it."""
    ids: set[Any] = {row.owner_id, row.giver_id, *others, *(each.by for each in happened)}
    ids |= {each.after.get("owner_id") for each in happened} | {each.before.get("owner_id") for each in happened}
    ids |= {customer.csm_id, customer.owner_id} if customer else set()
    for side in (side for each in happened for side in (each.before, each.after)):
        ids |= set(side.get("shares") or ())
    ids |= set(row.shares or ())
    return sorted(each for each in ids if each)
