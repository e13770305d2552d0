"""A past time of hand-offs as a replay needs it: what happened to leads, in order, who was found fit for each, and how
everybody stood when it began. All of it is read off the rows of hand-offs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, func, select

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
from bot.store.sql import Prepared, one_of_ids, table_of
from bot.working_time.presence import Span
from bot.workspace.rules import Settings

handoff = table_of(Handoff)
offer = table_of(Offer)
change = table_of(HandoffChange)
account = table_of(Account)

OF_IT = and_(handoff.c.workspace_id == change.c.workspace_id, handoff.c.id == change.c.handoff_id)
OFFERS = Prepared(
    select(offer.c.handoff_id, offer.c.taker_id, offer.c.is_routed, offer.c.offered_at, offer.c.choice)
    .where(
        offer.c.workspace_id == bindparam("workspace"),
        one_of_ids(offer.c.handoff_id, "handoffs"),
        offer.c.offered_at < bindparam("end", type_=offer.c.offered_at.type),
    )
    .order_by(offer.c.handoff_id, offer.c.turn)
)

OLD = UUID(int=0)
"""In the place of the id of a change that was made before they had one."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

LOOKED_AT = 20
"""Choices before the time that are looked at for how everybody stood: one names all but those who were not there."""

AT_ONCE = 500
"""Hand-offs whose offers are read together: each offer holds all candidates of a choice."""

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
    """One offer; `is_routed` and `seen` only where the rules gave a lead for a sale."""

    taker: str
    at: datetime
    is_routed: bool
    seen: Mapping[str, Seen] | None


@dataclass(slots=True)
class _Found:
    """Who was seen as a candidate, from when to when."""

    first: dict[str, datetime] = field(default_factory=dict)
    last: dict[str, datetime] = field(default_factory=dict)

    def note(self, person_id: str, at: datetime) -> None:
        """They were there then."""
        self.first[person_id] = min(self.first.get(person_id, at), at)
        self.last[person_id] = max(self.last.get(person_id, at), at)


def past_of(tx: Connection, workspace_id: str, settings: Settings, period: Span, now: datetime) -> Past:
    """What happened in a period, and a little before it: since the last choice, which says how everybody stood.

    Takers have today's weights and caps, roles as they were when they were last asked, and the hours and absences that
    are known today.
    """
    begun, last, rows = _last_choice(tx, workspace_id, period.start)
    found = _Found()
    happened = _happened(tx, workspace_id, begun, period.end)
    asked = _asked(tx, workspace_id, happened, period.end, found)
    placed = _events(happened, asked, begun)
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
    during = (change.c.workspace_id == workspace_id, change.c.at >= period.start, change.c.at < period.end)
    offers = select(func.count()).select_from(change).where(*during, change.c.after == State.OFFERED.value)
    return int(tx.execute(offers).scalar_one())


def _last_choice(
    tx: Connection, workspace_id: str, before: datetime
) -> tuple[datetime, UUID | None, list[tuple[Any, bool]]]:
    """The last choice before a moment: when it was, the change that it made, and the rows of it and of those before
    it, newest first, each with whether it is the winner's of the last one.
    """
    made = and_(
        offer.c.workspace_id == change.c.workspace_id,
        offer.c.handoff_id == change.c.handoff_id,
        offer.c.offered_at == change.c.at,
        offer.c.taker_id == change.c.taker_id,
    )
    found = tx.execute(
        select(change.c.at, change.c.id, offer.c.choice)
        .join(offer, made)
        .join(handoff, OF_IT)
        .where(change.c.workspace_id == workspace_id, change.c.at < before, change.c.after == State.OFFERED.value)
        .where(handoff.c.kind == Kind.SALE.value, offer.c.is_routed)
        .order_by(change.c.at.desc(), change.c.id.desc())
        .limit(LOOKED_AT)
    ).all()
    if not found:
        return LONG_AGO, None, []
    winner = found[0].choice["winner"]
    rows = [(row, n == 0 and row["candidate"] == winner) for n, each in enumerate(found) for row in each.choice["rows"]]
    return found[0].at, found[0].id or OLD, rows


def _happened(tx: Connection, workspace_id: str, start: datetime, end: datetime) -> Sequence[Any]:
    """Every change of a time, by hand-off and in order."""
    of_account = and_(account.c.workspace_id == handoff.c.workspace_id, account.c.id == handoff.c.account_id)
    columns = [change.c[name] for name in ("id", "handoff_id", "n", "before", "after", "taker_id", "at")]
    return tx.execute(
        select(*columns, handoff.c.kind, handoff.c.lead_id, account.c.name.label("company"))
        .join(handoff, OF_IT)
        .join(account, of_account)
        .where(change.c.workspace_id == workspace_id, change.c.at >= start, change.c.at < end)
        .order_by(change.c.handoff_id, change.c.n)
    ).all()


def _asked(
    tx: Connection, workspace_id: str, happened: Sequence[Any], end: datetime, found: _Found
) -> dict[UUID, list[_Asked]]:
    """The offers of these hand-offs up to a moment, in order. Who was seen is noted."""
    kinds = {row.handoff_id: row.kind for row in happened}
    ids, asked = list(kinds), dict[UUID, list[_Asked]]()
    for n in range(0, len(ids), AT_ONCE):
        for row in OFFERS.all(tx, {"workspace": workspace_id, "handoffs": ids[n : n + AT_ONCE], "end": end}):
            is_routed = row.is_routed and kinds[row.handoff_id] == Kind.SALE
            seen = _seen(row.choice) if is_routed else None
            for each, was in (seen or {}).items():
                if was.verdict is not Verdict.NOT_ACTIVE:
                    found.note(each, row.offered_at)
            asked.setdefault(row.handoff_id, []).append(_Asked(row.taker_id, row.offered_at, is_routed, seen))
    return asked


def _seen(choice: Any) -> dict[str, Seen]:
    return {each["candidate"]: Seen(Verdict(each["verdict"]), _returned(each)) for each in choice["rows"]}


def _events(
    happened: Sequence[Any], asked: Mapping[UUID, list[_Asked]], start: datetime
) -> list[tuple[datetime, UUID, Event]]:
    """What happened, in order, each with its moment and the change that it comes from."""
    placed: list[tuple[datetime, UUID, Event]] = []
    for handoff_id, rows in groupby(happened, lambda row: row.handoff_id):
        offers = asked.get(handoff_id, [])
        last = next((each for each in reversed(offers) if each.at < start), None)
        coming = iter([each for each in offers if each.at >= start])
        for row in rows:
            each = next(coming) if row.after == State.OFFERED else None
            last = each or last
            placed += [(row.at, row.id or OLD, event) for event in _events_of(row, each, last)]
    return sorted(placed, key=lambda each: each[:2])


def _events_of(row: Any, asked: _Asked | None, last: _Asked | None) -> Iterator[Event]:
    """What one change means to those who take leads; `last` is the offer that runs, or ran last. Customers to sell to
    again, and help, go their own way: they lie on the same desks, and are not given anew.
    """
    key = row.handoff_id.hex if Kind(row.kind) in SOLD_AGAIN else f"{row.handoff_id.hex}:{row.n}"
    lead = Lead((row.lead_id or row.handoff_id).hex)
    if asked:
        yield Offered(row.at, lead, asked.taker, asked.is_routed, key, asked.seen)
        if Kind(row.kind) not in SOLD_AGAIN:
            yield Ended(row.at, key, asked.taker, How.SETTLED)
    elif Kind(row.kind) not in SOLD_AGAIN:
        return
    elif row.after == State.ACCEPTED and row.before == State.WAITING:
        yield Offered(row.at, lead, row.taker_id, is_routed=False, handoff=key, is_taken=True)
    elif row.after in ENDINGS:
        how, taker = ENDINGS[State(row.after)], row.taker_id if row.before != State.WAITING else None
        gives_no_turn_back = how is How.WITHDRAWN and last is not None and not last.is_routed
        yield Ended(row.at, key, taker or "", How.SETTLED if gives_no_turn_back else how)


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
