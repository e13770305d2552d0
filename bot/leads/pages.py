"""What is shown of leads: a card, the queue, what a message says when it is sent. Plain values, as of one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import holds_everything, refusal
from bot.access.roles import Role
from bot.delivery.outcome import Parcel
from bot.leads import notices, queries, scoring
from bot.leads.odds import Odds, TooFew
from bot.leads.outcomes import odds
from bot.leads.queries import Event, LeadRow, OpenLead, Touch
from bot.leads.rules import may_claim, took
from bot.leads.scoring import Manual, Score
from bot.leads.scoring_rules import STANDARD, Rules
from bot.leads.speed import LOOKS_BACK, RUNS_IN, Speed, speed, staff
from bot.leads.states import Happening, LeadState
from bot.people import queries as people
from bot.store.engine import Store
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

TIMELINE = 8
"""Lines of a timeline on a card; the others are counted."""

QUEUE = 15
"""Leads on one page of the queue."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one tells of a lead in few words; `received` is the day where the reader is."""

    company: str
    person: str | None
    title: str | None
    said: str | None
    source: str
    received: date
    points: int
    grade: str
    last_touch: Touch | None


@dataclass(frozen=True, slots=True)
class Card:
    """A lead as somebody reads it. `timeline` is what happened, newest first, and `more` how much of it is left out;
    `names` has everybody in it. `can_claim` and `can_change` say what its reader may do.
    """

    reader: Actor
    row: LeadRow
    facts: Facts
    score: Score
    timeline: tuple[Event | Touch, ...]
    more: int
    speed: Speed | None
    odds: Odds | TooFew
    names: Mapping[str, str]
    now: datetime
    can_claim: bool = False
    can_change: bool = False

    @property
    def today(self) -> date:
        """The day where the reader is."""
        return people.today_of(self.reader, self.now)

    def name(self, person_id: str | None) -> str:
        """What somebody is called."""
        return self.names.get(person_id or "", person_id or "")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lead of the queue: how long it has waited on the wall, and in the working time of those who serve it (None:
    longer ago than anybody counts).
    """

    row: LeadRow
    wall: timedelta
    worked: timedelta | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue, oldest first, out of `count`. `servers` are the names of those who serve it."""

    leads: tuple[Waiting, ...]
    count: int
    number: int
    servers: tuple[str, ...]
    can_claim: bool

    @property
    def has_more(self) -> bool:
        """Whether younger ones stand on a further page."""
        return self.count > (self.number + 1) * QUEUE


@dataclass(frozen=True, slots=True)
class Notice:
    """What a message about leads shows to its reader: the card, or how many wait in a queue that nobody serves."""

    kind: str
    reader: Actor
    card: Card | None = None
    waiting: int = 0


def rules_of(settings: Settings) -> Rules:
    """What everything is worth in a workspace; rules that cannot be read any more are the standard ones."""
    return rules_in(settings.lead_rules)


def rules_in(value: Any) -> Rules:
    """The same, of the setting's value."""
    try:
        return Rules.from_json(value)
    except ValueError:
        return STANDARD


def score(tx: Connection, workspace_id: str, row: LeadRow, now: datetime) -> Score:
    """What a lead promises at this moment, line by line."""
    happened = queries.events(tx, workspace_id, row.id)
    return _score(tx, workspace_id, row, queries.with_lead(tx, workspace_id, row, happened), happened, now)


def facts(tx: Connection, workspace_id: str, row: LeadRow, zone: ZoneInfo, now: datetime) -> Facts:
    """What one tells of a lead in few words."""
    happened = queries.events(tx, workspace_id, row.id)
    logged = queries.with_lead(tx, workspace_id, row, happened)
    found = _score(tx, workspace_id, row, logged, happened, now)
    return _facts(row, found, logged, zone)


def card(store: Store, actor: Actor, lead_id: UUID, now: datetime) -> Card | None:
    """A lead's card; None for one that there is not. Of one that was merged away, that of the other."""
    with store.read() as tx:
        return card_in(tx, actor, lead_id, now)


def card_in(tx: Connection, reader: Actor, lead_id: UUID, now: datetime) -> Card | None:
    """The same in a running transaction."""
    row = queries.find(tx, reader.workspace_id, lead_id)
    while row and row.merged_into:  # never into one that was merged away before
        row = queries.find(tx, reader.workspace_id, row.merged_into)
    return _card(tx, reader, row, now) if row else None


def queue(store: Store, actor: Actor, now: datetime, number: int = 0) -> QueuePage:
    """One page of the queue."""
    with store.read() as tx:
        rows = queries.queue(tx, actor.workspace_id)
        number = min(number, max(0, len(rows) - 1) // QUEUE)
        shown = rows[number * QUEUE : (number + 1) * QUEUE]
        found = staff(tx, actor.workspace_id, now, since=min((row.received_at for row in shown), default=now))
    waiting = tuple(
        Waiting(
            row,
            now - row.received_at,
            took(found.of_queue, row.received_at, now) if now - row.received_at <= LOOKS_BACK else None,
        )
        for row in shown
    )
    names = tuple(sorted(each.name for each in found.serving.values()))
    return QueuePage(waiting, len(rows), number, names, may_claim(actor))


def notice(store: Store, parcel: Parcel, now: datetime) -> Notice | None:
    """What a message of the ledger shows; None where there is nothing to say any more."""
    with store.read() as tx:
        reader = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        if reader is None or refusal(reader):
            return None
        if parcel.kind == notices.UNSERVED:
            count = len(queries.queue(tx, parcel.workspace_id))
            served = staff(tx, parcel.workspace_id, now).serving
            return Notice(parcel.kind, reader, waiting=count) if count and not served else None
        found = card_in(tx, reader, UUID(parcel.subject["lead"]), now)
    if found is None or (parcel.ts is None and not _is_wanted(parcel.kind, found)):
        return None
    return Notice(parcel.kind, reader, found)


def _is_wanted(kind: str, found: Card) -> bool:
    """Whether a message that does not stand yet still has something to say."""
    row, is_touched = found.row, found.speed is not None and found.speed.touch is not None
    if kind == notices.INBOUND:
        return row.state is LeadState.QUEUED and found.can_claim
    if kind == notices.REMIND:
        return row.state in RUNS_IN and not is_touched and row.owner_id in {None, found.reader.id}
    if kind == notices.LATE:
        return row.state in RUNS_IN and not is_touched
    return row.owner_id == found.reader.id


def _card(tx: Connection, reader: Actor, row: LeadRow, now: datetime) -> Card:
    workspace_id = reader.workspace_id
    happened = queries.events(tx, workspace_id, row.id)
    logged = queries.with_lead(tx, workspace_id, row, happened)
    found = _score(tx, workspace_id, row, logged, happened, now)
    timeline: Sequence[Event | Touch] = sorted([*happened, *logged], key=lambda each: each.at, reverse=True)
    shown = tuple(timeline[:TIMELINE])
    named = {row.owner_id, *(each.person_id if isinstance(each, Touch) else each.by for each in shown)}
    named |= {line.by for line in found.lines}
    named |= {str(each.detail[role]) for each in happened for role in ("owner", "taker") if role in each.detail}
    is_free = row.owner_id is None and row.state in {LeadState.QUEUED, LeadState.NURTURE}
    return Card(
        reader=reader,
        row=row,
        facts=_facts(row, found, logged, reader.zone),
        score=found,
        timeline=shown,
        more=len(timeline) - len(shown),
        speed=speed(tx, workspace_id, row, now),
        odds=odds(tx, workspace_id, row),
        names=people.names(tx, workspace_id, sorted(each for each in named if each)),
        now=now,
        can_claim=is_free and may_claim(reader),
        can_change=may_change(tx, reader, row, now),
    )


def may_change(tx: Connection, actor: Actor, row: LeadRow, now: datetime) -> bool:
    """Whether somebody may give points, put off, give back or merge: the owner, those above them, operations; what is
    nobody's is everybody's who sells.
    """
    if row.owner_id == actor.id or holds_everything(actor.roles, is_admin=actor.is_admin):
        return True
    if row.owner_id is None:
        return set(actor.roles) != {Role.MARKETING}
    return actor.id in people.line_above(tx, actor.workspace_id, row.owner_id, people.today_of(actor, now))


def _score(
    tx: Connection, workspace_id: str, row: LeadRow, logged: Sequence[Touch], happened: Sequence[Event], now: datetime
) -> Score:
    return scoring.score(rules_of(workspace.settings(tx, workspace_id)), known(row, logged, happened), now)


def known(row: LeadRow | OpenLead, logged: Sequence[Touch], happened: Sequence[Event]) -> scoring.Facts:
    """What a lead's score is reckoned from: itself, what was logged with it, and the points in its timeline."""
    manual = tuple(
        Manual(int(each.detail["points"]), str(each.detail.get("why") or ""), each.at, each.by or "")
        for each in happened
        if each.what == Happening.SCORED
    )
    return scoring.Facts(
        source=row.source,
        received_at=row.received_at,
        employees=row.employees,
        industry=row.industry,
        country=row.country,
        territory=row.territory,
        title=row.title,
        touches=tuple(scoring.Touch(each.kind, each.outcome, each.at) for each in logged),
        manual=manual,
    )


def _facts(row: LeadRow, found: Score, logged: Sequence[Touch], zone: ZoneInfo) -> Facts:
    return Facts(
        company=row.company,
        person=row.person,
        title=row.title,
        said=row.said,
        source=row.source,
        received=row.received_at.astimezone(zone).date(),
        points=found.points,
        grade=found.grade,
        last_touch=logged[-1] if logged else None,
    )
