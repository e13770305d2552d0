"""What messages about a hand-off show when they are sent, or change: plain values, from the state of that moment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import refusal
from bot.clock import zone_or_utc
from bot.deals import queries as deals
from bot.deals.process import Process, process_in
from bot.deals.queries import DealRow
from bot.delivery.outcome import Parcel
from bot.handoffs import changes, planning, queries
from bot.handoffs.queries import ChangeRow, HandoffRow, OfferRow
from bot.handoffs.states import State
from bot.leads import pages as lead_pages
from bot.leads import queries as lead_queries
from bot.leads.queries import LeadRow, Touch
from bot.leads.scoring import Score
from bot.people import queries as people
from bot.store.engine import Store
from bot.workspace import queries as workspace

STANDARD = Process()

SHOWN_FOR = timedelta(days=7)
"""How long what was settled stays in the list."""


@dataclass(frozen=True, slots=True)
class Page:
    """A hand-off as somebody reads it.

    `reader` is None for a channel. `offer` is the one that the message is about, or the one that runs. `names` gives
    the names of everybody in it. `touch` is the taker's first one after the acceptance, `deal` what came of it.
    """

    reader: Actor | None
    language: str
    row: HandoffRow
    names: Mapping[str, str]
    offers: tuple[OfferRow, ...]
    changes: tuple[ChangeRow, ...]
    offer: OfferRow | None
    now: datetime
    zone: ZoneInfo
    lead: LeadRow | None = None
    last_touch: Touch | None = None
    touch: datetime | None = None
    person: str | None = None
    score: Score | None = None
    deal: DealRow | None = None
    process: Process = STANDARD

    @property
    def is_current(self) -> bool:
        """Whether the offer that the message is about is the one that runs."""
        return self.offer is not None and self.offer.turn == self.row.turn

    def name(self, person_id: str | None) -> str:
        """What somebody is called."""
        return self.names.get(person_id or "", person_id or "")


def page(store: Store, parcel: Parcel, now: datetime) -> Page | None:
    """What a message of the ledger shows. None where there is nothing to say any more: an offer that ended before it
    was sent, a reminder of what was answered meanwhile, a reader who is no colleague any more.
    """
    with store.read() as tx:
        row = queries.find(tx, parcel.workspace_id, UUID(parcel.subject["handoff"]))
        reader = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        is_channel = parcel.kind == changes.RECORD
        if row is None or (not is_channel and (reader is None or refusal(reader))):
            return None
        found = _page(tx, parcel.workspace_id, row, reader, now, turn=parcel.subject.get("turn"))
        is_first = parcel.ts is None
        if is_first and not _is_wanted(parcel.kind, found):
            return None
        return replace(found, person=parcel.subject.get("person"))


def page_for(store: Store, actor: Actor, handoff_id: UUID, now: datetime) -> Page | None:
    """The same for somebody who asks."""
    with store.read() as tx:
        row = queries.find(tx, actor.workspace_id, handoff_id)
        return _page(tx, actor.workspace_id, row, actor, now) if row else None


def newest(store: Store, actor: Actor, account_id: UUID, lead_id: UUID) -> HandoffRow | None:
    """The last hand-off of a lead."""
    with store.read() as tx:
        rows = queries.of_accounts(tx, actor.workspace_id, [account_id])
    return next((each for each in rows if each.lead_id == lead_id), None)


@dataclass(frozen=True, slots=True)
class Lists:
    """Somebody's hand-offs, newest first: on their desk, with others, what nobody could take so far, and what was
    settled lately, whichever side they were on.
    """

    on_desk: tuple[Page, ...]
    with_others: tuple[Page, ...]
    nobodys: tuple[Page, ...]
    settled: tuple[Page, ...]


def lists(store: Store, actor: Actor, now: datetime) -> Lists:
    """What `/handoff list` shows."""
    with store.read() as tx:
        taken = queries.taken_by(tx, actor.workspace_id, actor.id)
        given = queries.given_by(tx, actor.workspace_id, actor.id)
        lately = [each for each in (*taken, *given) if each.settled_at and each.settled_at > now - SHOWN_FOR]
        wanted = (
            [each for each in taken if each.is_open],
            [each for each in given if each.is_open],
            queries.waiting(tx, actor.workspace_id),
            sorted(lately, key=lambda each: each.settled_at or now, reverse=True),
        )
        return Lists(*(tuple(_page(tx, actor.workspace_id, row, actor, now) for row in rows) for rows in wanted))


def _page(
    tx: Connection, workspace_id: str, row: HandoffRow, reader: Actor | None, now: datetime, turn: int | None = None
) -> Page:
    offers = tuple(queries.offers(tx, workspace_id, row.id))
    happened = tuple(queries.changes(tx, workspace_id, row.id))
    ids = {row.giver_id, row.taker_id, *(each.taker_id for each in offers), *(each.by for each in happened)}
    ids |= {looked_at["candidate"] for each in offers for looked_at in each.choice.get("rows", ())}
    settings = workspace.settings(tx, workspace_id)
    lead = lead_queries.find(tx, workspace_id, row.lead_id) if row.lead_id else None
    logged = lead_queries.activities(tx, workspace_id, [lead.id]) if lead else []
    about = turn or row.turn
    speaker = reader or people.actor(tx, workspace_id, row.giver_id, now)  # a channel reads it in the giver's words
    return Page(
        reader=reader,
        language=speaker.language if speaker else "en",
        row=row,
        names=people.names(tx, workspace_id, sorted(each for each in ids if each)),
        offers=offers,
        changes=happened,
        offer=next((each for each in offers if each.turn == about), None),
        now=now,
        zone=speaker.zone if speaker and (reader or not settings.zone) else zone_or_utc(settings.zone),
        lead=lead,
        last_touch=logged[-1] if logged else None,
        touch=planning.first_touch(tx, workspace_id, row),
        deal=deals.of_handoff(tx, workspace_id, row.id) if row.state is State.REQUALIFIED else None,
        score=lead_pages.score(tx, workspace_id, lead, now) if lead else None,
        process=process_in(settings),
    )


def _is_wanted(kind: str, found: Page) -> bool:
    """Whether a message that does not stand yet still has something to say."""
    if kind == changes.CARD:
        return found.is_current and found.offer is not None and found.offer.ended_at is None
    if kind == changes.REMIND:
        return found.is_current and found.row.state is State.OFFERED
    if kind == changes.NOBODY:
        return found.row.state is State.WAITING
    if kind in {changes.UNTOUCHED, changes.IDLE}:
        return found.row.state is State.ACCEPTED and found.touch is None
    return True
