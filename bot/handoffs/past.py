"""A past time of hand-offs as a replay needs it: what happened to leads, in order, who was found fit for each, and how
everybody stood when it began. All of it is read off the rows of hand-offs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select

from bot.absence.schedule import schedules
from bot.accounts.model import Account
from bot.handoffs.candidates import taker_of
from bot.handoffs.model import Handoff, HandoffChange, Offer
from bot.handoffs.states import SOLD_AGAIN, TAKERS, Kind, State
from bot.people import queries as people
from bot.people.rules import Member
from bot.routing.again import Seen
from bot.routing.replay import Ended, Event, How, Offered
from bot.routing.rules import STEPS_BACK, Lead, Verdict
from bot.routing.standing import LONGEST_WAIT, Standing, Taker, steps_back
from bot.store.sql import table_of
from bot.working_time.presence import Span
from bot.workspace.rules import Settings

handoff = table_of(Handoff)
offer = table_of(Offer)
change = table_of(HandoffChange)
account = table_of(Account)

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

LOOKED_AT = 20
"""Choices before the time that are looked at for how everybody stood: one names all but those who were not there."""

AT_ONCE = 500
"""Rows that are read together: each holds all candidates of a choice."""

ENDINGS = {
    State.DECLINED: How.DECLINED,
    State.EXPIRED: How.EXPIRED,
    State.REASSIGNED: How.REASSIGNED,
    State.WITHDRAWN: How.WITHDRAWN,
    State.REQUALIFIED: How.SETTLED,
    State.REJECTED: How.SETTLED,
}


@dataclass(frozen=True, slots=True)
class Past:
    """What a replay is given; see `bot.routing.replay.replay`. `companies` are the names behind the keys of leads."""

    events: tuple[Event, ...]
    takers: tuple[Taker, ...]
    standings: Mapping[str, Standing]
    companies: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One offer; `seen` only where the rules gave a lead."""

    taker: str
    is_routed: bool
    seen: Mapping[str, Seen] | None


@dataclass(slots=True)
class _Found:
    """Who was seen as a candidate, from when to when."""

    first: dict[str, datetime] = field(default_factory=dict)
    last: dict[str, datetime] = field(default_factory=dict)

    def note(self, ids: Iterable[str], at: datetime) -> None:
        """They were there."""
        for each in ids:
            self.first.setdefault(each, at)
            self.last[each] = at


def past_of(tx: Connection, workspace_id: str, settings: Settings, period: Span, now: datetime) -> Past:
    """What happened in a period, and a little before it: since the last choice, which says how everybody stood.

    Takers have today's weights and caps, roles as they were when they were last asked, and the hours and absences that
    are known today.
    """
    begun, last, rows = _last_choice(tx, workspace_id, period.start)
    found = _Found()
    asked = _asked(tx, workspace_id, begun, period.end, found)
    happened = _happened(tx, workspace_id, begun, period.end)
    placed = _events(happened, asked, _named_before(tx, workspace_id, begun))
    events = [event for at, change_id, event in placed if last is None or (at, change_id) > (begun, last)]
    takers = _takers(tx, workspace_id, settings, found, begun, now)
    return Past(
        events=tuple(events),
        takers=tuple(takers),
        standings=_standings(rows, takers, _last_offers(tx, workspace_id, begun), begun),
        companies={row.handoff_id.hex: row.company for row in happened},
        names=people.names(tx, workspace_id, sorted(each.id for each in takers)),
    )


def how_many(tx: Connection, workspace_id: str, period: Span) -> int:
    """How many offers a period has: what a replay of it costs."""
    here = (offer.c.workspace_id == workspace_id, offer.c.offered_at >= period.start, offer.c.offered_at < period.end)
    return int(tx.execute(select(func.count()).select_from(offer).where(*here)).scalar_one())


def _of_sale(workspace_id: str) -> Any:
    return (
        select(offer.c.handoff_id, offer.c.turn, offer.c.offered_at, offer.c.card, offer.c.choice)
        .join(handoff, and_(handoff.c.workspace_id == offer.c.workspace_id, handoff.c.id == offer.c.handoff_id))
        .where(offer.c.workspace_id == workspace_id, handoff.c.kind == Kind.SALE.value, offer.c.is_routed)
    )


def _last_choice(
    tx: Connection, workspace_id: str, before: datetime
) -> tuple[datetime, UUID | None, list[tuple[Any, bool]]]:
    """The last choice before a moment: when it was, the change that it made, and the rows of it and of those before
    it, newest first, each with whether it is the winner's of the last one.
    """
    newest = _of_sale(workspace_id).where(offer.c.offered_at < before)
    found = tx.execute(newest.order_by(offer.c.offered_at.desc(), offer.c.card.desc()).limit(LOOKED_AT)).all()
    if not found:
        return LONG_AGO, None, []
    last = found[0]
    made = tx.execute(
        select(func.max(change.c.n))
        .where(change.c.workspace_id == workspace_id, change.c.handoff_id == last.handoff_id)
        .where(change.c.at == last.offered_at, change.c.after == State.OFFERED.value)
    ).scalar_one()
    of_it = (change.c.workspace_id == workspace_id, change.c.handoff_id == last.handoff_id, change.c.n == made)
    winner = last.choice["winner"]
    rows = [(row, n == 0 and row["candidate"] == winner) for n, each in enumerate(found) for row in each.choice["rows"]]
    return last.offered_at, tx.execute(select(change.c.id).where(*of_it)).scalar_one(), rows


def _asked(
    tx: Connection, workspace_id: str, start: datetime, end: datetime, found: _Found
) -> dict[UUID, list[_Asked]]:
    """The offers of a time by hand-off, in order. Who was seen is noted."""
    during = (offer.c.offered_at >= start, offer.c.offered_at < end)
    seen: dict[tuple[UUID, int], dict[str, Seen]] = {}
    choices = _of_sale(workspace_id).where(*during).order_by(offer.c.offered_at)
    for row in tx.execute(choices.execution_options(yield_per=AT_ONCE)):
        there = {each["candidate"]: Seen(Verdict(each["verdict"]), _returned(each)) for each in row.choice["rows"]}
        found.note((each for each in there if there[each].verdict is not Verdict.NOT_ACTIVE), row.offered_at)
        seen[row.handoff_id, row.turn] = there
    asked: dict[UUID, list[_Asked]] = {}
    plain = select(offer.c.handoff_id, offer.c.turn, offer.c.taker_id, offer.c.is_routed)
    for row in tx.execute(plain.where(offer.c.workspace_id == workspace_id, *during).order_by(offer.c.turn)):
        each = _Asked(row.taker_id, row.is_routed, seen.get((row.handoff_id, row.turn)))
        asked.setdefault(row.handoff_id, []).append(each)
    return asked


def _happened(tx: Connection, workspace_id: str, start: datetime, end: datetime) -> Sequence[Any]:
    """Every change of a time, by hand-off and in order."""
    of_it = and_(handoff.c.workspace_id == change.c.workspace_id, handoff.c.id == change.c.handoff_id)
    of_account = and_(account.c.workspace_id == handoff.c.workspace_id, account.c.id == handoff.c.account_id)
    columns = [change.c[name] for name in ("id", "handoff_id", "n", "before", "after", "taker_id", "at")]
    return tx.execute(
        select(*columns, handoff.c.kind, handoff.c.lead_id, account.c.name.label("company"))
        .join(handoff, of_it)
        .join(account, of_account)
        .where(change.c.workspace_id == workspace_id, change.c.at >= start, change.c.at < end)
        .order_by(change.c.handoff_id, change.c.n)
    ).all()


def _named_before(tx: Connection, workspace_id: str, start: datetime) -> set[UUID]:
    """Hand-offs whose last offer before a time was not the rules' choice: a withdrawal gives nobody a turn back."""
    rows = tx.execute(
        select(offer.c.handoff_id, offer.c.is_routed)
        .where(
            offer.c.workspace_id == workspace_id,
            offer.c.offered_at < start,
            or_(offer.c.ended_at.is_(None), offer.c.ended_at >= start),
        )
        .order_by(offer.c.turn)
    )
    last = {row.handoff_id: row.is_routed for row in rows}
    return {each for each, is_routed in last.items() if not is_routed}


def _events(
    happened: Sequence[Any], asked: Mapping[UUID, list[_Asked]], named_before: set[UUID]
) -> list[tuple[datetime, UUID, Event]]:
    """What happened, in order, each with its moment and the change that it comes from."""
    placed: list[tuple[datetime, UUID, Event]] = []
    for handoff_id, rows in groupby(happened, lambda row: row.handoff_id):
        offers = iter(asked.get(handoff_id, ()))
        is_named = handoff_id in named_before
        for row in rows:
            each = next(offers) if row.after == State.OFFERED else None
            is_named = not each.is_routed if each else is_named
            placed += [(row.at, row.id, event) for event in _events_of(row, each, is_named=is_named)]
    return sorted(placed, key=lambda each: each[:2])


def _events_of(row: Any, asked: _Asked | None, *, is_named: bool) -> Iterator[Event]:
    """What one change means to those who take leads. A customer to sell to again, and help, go their own way: they lie
    on the same desks, and are not given anew.
    """
    key = row.handoff_id.hex if Kind(row.kind) in SOLD_AGAIN else f"{row.handoff_id.hex}:{row.n}"
    lead = Lead((row.lead_id or row.handoff_id).hex)
    if asked:
        is_routed = asked.is_routed and row.kind == Kind.SALE
        yield Offered(row.at, lead, asked.taker, is_routed, key, asked.seen if is_routed else None)
        if Kind(row.kind) not in SOLD_AGAIN:
            yield Ended(row.at, key, asked.taker, How.SETTLED)
    elif Kind(row.kind) not in SOLD_AGAIN:
        return
    elif row.after == State.ACCEPTED and row.before == State.WAITING:
        yield Offered(row.at, lead, row.taker_id, is_routed=False, handoff=key, is_taken=True)
    elif row.after in ENDINGS:
        how = ENDINGS[State(row.after)]
        gives_back = row.kind == Kind.SALE and not is_named
        taker = row.taker_id if row.before != State.WAITING else None
        yield Ended(row.at, key, taker or "", How.SETTLED if how is How.WITHDRAWN and not gives_back else how)


def _last_offers(tx: Connection, workspace_id: str, until: datetime) -> dict[str, datetime]:
    last = func.max(offer.c.offered_at, type_=offer.c.offered_at.type).label("at")
    here = (offer.c.workspace_id == workspace_id, offer.c.offered_at <= until)
    rows = tx.execute(select(offer.c.taker_id, last).where(*here).group_by(offer.c.taker_id))
    return {row.taker_id: row.at for row in rows}


def _takers(
    tx: Connection, workspace_id: str, settings: Settings, found: _Found, start: datetime, now: datetime
) -> list[Taker]:
    """Everybody who was a candidate: with their standing of today, or of the day on which they were last seen."""
    role, today = TAKERS[Kind.SALE], now.date()
    here = {each: member for each, member in people.members(tx, workspace_id, today).items() if role in member.roles}
    members: dict[str, Member] = {each: here[each] for each in found.last if each in here}
    gone = sorted((found.last[each].date(), each) for each in found.last.keys() - here.keys())
    for day, ids in groupby(gone, lambda each: each[0]):
        members |= people.members(tx, workspace_id, day, people=[each for _, each in ids])
    working = schedules(tx, workspace_id, members, now, settings, start=start - LONGEST_WAIT)
    takers = []
    for each, member in sorted(members.items()):
        taker = taker_of(member, Kind.SALE, working[each], settings.routing, now)
        stays = each in here and member.may_work
        takers.append(
            replace(
                taker,
                joined_at=min(filter(None, (taker.joined_at, found.first[each]))),
                left_at=None if stays else found.last[each] + timedelta.resolution,
            )
        )
    return takers


def _standings(
    rows: Sequence[tuple[Any, bool]], takers: Sequence[Taker], offered: Mapping[str, datetime], at: datetime
) -> dict[str, Standing]:
    """How everybody stood after the last choice before the time; who was not looked at is new."""
    known = {each.id: each for each in takers}
    standings: dict[str, Standing] = {}
    for row, is_winner in rows:
        person = row["candidate"]
        if person in known and person not in standings:
            returned_at, phantom = _return(known[person], row, at)
            standings[person] = Standing(
                open=row["open"] + is_winner,
                credit=Fraction(row["left"]),
                phantom=phantom,
                returned_at=returned_at,
                offered_at=offered.get(person),
                seen_at=at,
            )
    return standings


def _return(taker: Taker, row: Any, at: datetime) -> tuple[datetime | None, Fraction]:
    """When somebody returned or joined, and the phantom load that they came with, by what is left of it."""
    returned_at, left = _returned(row) or taker.joined_at, Fraction(row["phantom"])
    if not left or returned_at is None:
        return returned_at, Fraction(0)
    return returned_at, left * STEPS_BACK / max(1, STEPS_BACK - steps_back(taker.schedule, returned_at, at))


def _returned(row: Any) -> datetime | None:
    return _moment(row["returned"]) if row.get("returned") else None


_moment = lru_cache(maxsize=4096)(datetime.fromisoformat)
"""A few returns stand in every row of a long time."""
