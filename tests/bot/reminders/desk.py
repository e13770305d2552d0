"""What the tests of reminders share: people with a job to be reminded of, ticks at a moment, and what came of them."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bot.absence import service as absence
from bot.absence.rules import Away
from bot.access.actor import Actor
from bot.access.roles import Role
from bot.activity import service as activity
from bot.activity.model import NextStep
from bot.delivery.model import Delivery
from bot.delivery.states import State
from bot.people import service as people
from bot.reminders import planning, service
from bot.reminders.line import Decided
from bot.reminders.rules import Kind
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.factories import NOW, a_follow_up, a_member, an_entry

HERE = "T0BATON"
ANA = "U0ANA"

delivery = table_of(Delivery)
step = table_of(NextStep)


def on(text: str) -> datetime:
    """`11-18 16:30` of 2026, in UTC, where everybody is who is not said to be elsewhere."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def a_rep(store: Store, person_id: str = ANA, *roles: str, now: datetime = NOW, **more: Any) -> Actor:
    """Somebody who sells, with the jobs that they should have."""
    actor = a_member(store, person_id, *(roles or (Role.AE,)), **more)
    service.ensure(store, HERE, [person_id], now)
    return actor


def found(store: Store, person_id: str = ANA, now: datetime = NOW) -> Actor:
    """Somebody as they stand."""
    actor = people.find(store, HERE, person_id, now)
    assert actor is not None
    return actor


def decides(store: Store, decided: Decided, person_id: str = ANA, now: datetime = NOW) -> service.Overview:
    """Somebody says something about their reminders."""
    return service.decide(store, found(store, person_id, now), decided, now)


def is_away(store: Store, first: str, last: str, *, start: time | None = None, end: time | None = None) -> None:
    """Ana is away from one day of 2026 to another, both included; nobody sees to her jobs."""
    away = Away(date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}"), start, end)
    absence.declare(store, found(store), away, NOW)


def tick(store: Store, text: str) -> int:
    """One tick."""
    return schedule.tick(store, planning.PLANNERS, on(text))


def jobs(store: Store, person_id: str = ANA) -> dict[str, str]:
    """When somebody's jobs are due, by kind; a follow-up's is that of the last of them."""
    with store.read() as tx:
        moments = schedule.moments(tx, HERE, [person_id], [*Kind])
    return {kind: f"{at:%m-%d %H:%M}" for (kind, _, _), at in sorted(moments.items())}


def put(store: Store, kind: Kind, text: str, person_id: str = ANA) -> None:
    """A job stands at a moment, whatever should be."""
    with store.write() as tx:
        schedule.put(tx, HERE, kind, person_id, on(text))


def rows(store: Store, kind: Kind | None = None) -> list[Any]:
    """The ledger, oldest first."""
    with store.read() as tx:
        every = tx.execute(select(delivery).order_by(delivery.c.recorded_at, delivery.c.id)).all()
    return [row for row in every if kind in {None, row.kind}]


def logs(store: Store, calls: int, day: str, person_id: str = ANA, now: datetime = NOW) -> None:
    """Somebody logs calls of a day."""
    entry = an_entry(day=date.fromisoformat(f"2026-{day}"), who=None, count=calls)
    activity.log(store, found(store, person_id), [entry], origin=f"test:{day}:{calls}:{now}", now=now)


def promises(
    store: Store, what: str, day: str, at: time | None = time(10), person_id: str = ANA, now: datetime = NOW
) -> UUID:
    """Somebody sets a next step with a call to Acme; returns its id."""
    entry = an_entry(follow_up=a_follow_up(what, date.fromisoformat(f"2026-{day}"), at=at))
    activity.log(store, found(store, person_id), [entry], origin=f"test:{person_id}:{what}", now=now)
    with store.read() as tx:
        ids: list[UUID] = [*tx.scalars(select(step.c.id).where(step.c.what == what, step.c.person_id == person_id))]
    return ids[0]


def whats(store: Store, row: Any) -> list[str]:
    """What a row of the ledger reminds of."""
    with store.read() as tx:
        names = {each.id.hex: each.what for each in tx.execute(select(step.c.id, step.c.what))}
    return [names[each] for each in row.subject["steps"]]


def sent(store: Store, row: Any, at: datetime) -> None:
    """Slack took a row, at a moment."""
    with store.write() as tx:
        shown = {"state": State.SENT, "shown": 1, "channel": "D0ANA", "ts": "1.1", "settled_at": at}
        tx.execute(delivery.update().where(delivery.c.id == row.id).values(**shown))
