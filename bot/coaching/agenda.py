"""The agenda of a one-to-one, made from the numbers: what both should have before them. It reads and keeps nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.activity import queries as activity
from bot.attainment import service as attainment
from bot.attainment.frame import Asked
from bot.attainment.pages import PersonPage
from bot.clock import instant
from bot.coaching import feedback, items, oneonones, reach
from bot.coaching.feedback import Remark
from bot.coaching.items import Item
from bot.coaching.oneonones import Held
from bot.coaching.rules import EVERY, is_overdue
from bot.deals import queries as deals
from bot.deals.glances import Glance, pressing
from bot.deals.wins import wins
from bot.handoffs import lists
from bot.handoffs import queries as handoffs
from bot.handoffs.glances import is_unanswered
from bot.handoffs.lists import Glance as HandoffGlance
from bot.money import Money
from bot.people import queries as people
from bot.store.engine import Store

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Count:
    """How many of one kind somebody logged in the last seven days, and in the seven before."""

    kind: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Won:
    """A deal that was won, by company; `money` is None where nobody said."""

    company: str
    money: Money | None
    day: date


@dataclass(frozen=True, slots=True)
class Agenda:
    """Everything for one one-to-one. `is_own`: the person reads it themselves, without the manager's own notes.

    `since` is the day of the last one, else a fortnight ago: what is new is new since then. `late` are hand-offs past
    their moment; `waiting` are on their desk within it.
    """

    person_id: str
    name: str
    is_own: bool
    today: date
    since: date
    last: Held | None
    is_overdue: bool
    standing: PersonPage
    pressing: tuple[Glance, ...]
    late: tuple[HandoffGlance, ...]
    waiting: tuple[HandoffGlance, ...]
    counts: tuple[Count, ...]
    opened: int
    won: tuple[Won, ...]
    remarks: tuple[Remark, ...]
    items: tuple[Item, ...]

    @property
    def open_items(self) -> tuple[Item, ...]:
        """What is still to be done, from whichever one-to-one."""
        return tuple(each for each in self.items if not each.is_done)

    @property
    def done_items(self) -> tuple[Item, ...]:
        """What was done since the last one."""
        return tuple(each for each in self.items if each.is_done)


def agenda(store: Store, actor: Actor, person_id: str, now: datetime) -> Agenda:
    """The agenda of a one-to-one with somebody, or (of oneself) one's own part of it.

    Raises:
        Refused: when the reader neither leads the person nor is of operations; it says who does.
    """
    with store.read() as tx:
        if person_id != actor.id:
            reach.let_coach(tx, actor, person_id, now, oneself="coaching.refused.own_one_on_one")
    standing = attainment.person(store, actor, None if person_id == actor.id else person_id, Asked(), now)
    with store.read() as tx:
        return _agenda(tx, actor, person_id, standing, now)


def _agenda(tx: Connection, actor: Actor, person_id: str, standing: PersonPage, now: datetime) -> Agenda:
    here, is_own = actor.workspace_id, person_id == actor.id
    person = people.actor(tx, here, person_id, now)
    assert person is not None  # their standing was just read
    today = people.today_of(person, now)
    held = oneonones.of_person(tx, actor, person_id, shared_only=is_own)
    last = held[0] if held else None
    since = last.held_on if last else today - EVERY
    start = instant(since, time.min, person.zone)
    rows = deals.open_of(tx, here, [person_id])
    late, waiting = _handoffs(tx, here, person_id, start, now)
    return Agenda(
        person_id,
        person.name,
        is_own,
        today,
        since,
        last,
        is_overdue(last.held_on if last else None, today),
        standing,
        pressing(rows, today),
        late,
        waiting,
        _counts(tx, here, person_id, today),
        sum(row.opened_at >= start for row in rows),
        won(tx, person, start, now),
        tuple(feedback.between(tx, here, person_id, start, now)),
        tuple(items.of(tx, here, person_id, last.recorded_at if last else start)),
    )


def _handoffs(
    tx: Connection, workspace_id: str, person_id: str, start: datetime, now: datetime
) -> tuple[tuple[HandoffGlance, ...], tuple[HandoffGlance, ...]]:
    """What is past its moment with somebody (expired since then, or without a first touch), and what lies within it."""
    overdue = lists.overdue(tx, workspace_id, [person_id], now)
    expired = lists.expired(tx, workspace_id, [person_id], start)
    desk = lists.desk_of(tx, workspace_id, person_id)
    touched = handoffs.first_touches(tx, workspace_id, sorted({each.id for each in (*overdue, *desk)}))
    late = [*(each for each in overdue if is_unanswered(each) or each.id not in touched), *expired]
    known = {each.id for each in late}
    return tuple(late), tuple(each for each in desk if each.id not in known)


def _counts(tx: Connection, workspace_id: str, person_id: str, today: date) -> tuple[Count, ...]:
    newest, before = Counter[str](), Counter[str]()
    first = today - 2 * _WEEK + timedelta(days=1)
    for (day, kind), quantity in activity.totals(tx, workspace_id, person_id, first, today).items():
        (newest if day > today - _WEEK else before)[kind] += quantity
    kinds = sorted(newest.keys() | before.keys(), key=lambda each: (-newest[each], -before[each], each))
    return tuple(Count(each, newest[each], before[each]) for each in kinds)


def won(tx: Connection, person: Actor, start: datetime, now: datetime) -> tuple[Won, ...]:
    """What somebody won in [start, end), the oldest first."""
    found = []
    for win in sorted(wins(tx, person.workspace_id, [person.id], start, now), key=lambda each: each.at):
        row = deals.find(tx, person.workspace_id, win.deal_id)
        if row:
            found.append(Won(row.company, win.money, win.at.astimezone(person.zone).date()))
    return tuple(found)
