"""Next steps on somebody's desk: what is due, done, and still to come. One function, one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select, update

from bot.access.actor import Actor
from bot.accounts.model import Account, Contact
from bot.activity.model import NextStep, StepState
from bot.activity.versions import due_at
from bot.clock import instant
from bot.errors import Refused
from bot.store.engine import Store
from bot.store.sql import Prepared, table_of

step = table_of(NextStep)
account = table_of(Account)
contact = table_of(Contact)
company = account.alias("company")

AHEAD = timedelta(days=7)
"""How far Home looks ahead."""


@dataclass(frozen=True, slots=True)
class Step:
    """One next step; `who` is a company or a contact of `company`."""

    id: UUID
    person_id: str
    what: str
    day: date
    at: time | None
    state: str
    who: str | None = None
    company: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody's next steps on one day: due by then, done on it, and those of the week to come."""

    due: tuple[Step, ...] = ()
    done: tuple[Step, ...] = ()
    coming: tuple[Step, ...] = ()


def _steps() -> Select[Any]:
    return (
        select(
            step,
            func.coalesce(contact.c.name, account.c.name).label("who"),
            company.c.name.label("company"),
        )
        .outerjoin(account, _row(account, step.c.account_id))
        .outerjoin(contact, _row(contact, step.c.contact_id))
        .outerjoin(company, _row(company, contact.c.account_id))
    )


def _row(table: Any, key: Any) -> Any:
    return and_(table.c.workspace_id == step.c.workspace_id, table.c.id == key)


HERE = step.c.workspace_id == bindparam("workspace")
OF_DESK = Prepared(
    _steps()
    .where(
        HERE,
        step.c.person_id == bindparam("person"),
        or_(
            and_(step.c.state == StepState.OPEN, step.c.day <= bindparam("last")),
            and_(step.c.state == StepState.DONE, step.c.closed_at >= bindparam("since", type_=step.c.closed_at.type)),
        ),
    )
    .order_by(step.c.due_at, step.c.id)
)
ONE = Prepared(_steps().where(HERE, step.c.id == bindparam("step")))


def desk(tx: Connection, actor: Actor, today: date) -> Desk:
    """What waits for `actor` on their own `today`, what they have done on it, and what comes in the next week."""
    since = instant(today, time(0), actor.zone)
    values = {"workspace": actor.workspace_id, "person": actor.id, "last": today + AHEAD, "since": since}
    found = [_step(row) for row in OF_DESK.all(tx, values)]
    waiting = [each for each in found if each.state == StepState.OPEN]
    return Desk(
        due=tuple(each for each in waiting if each.day <= today),
        done=tuple(each for each in found if each.state == StepState.DONE),
        coming=tuple(each for each in waiting if each.day > today),
    )


def finish(store: Store, actor: Actor, step_id: UUID, now: datetime) -> Step:
    """A step is done; saying so twice is the same as once.

    Raises:
        Refused: when there is no such step of theirs, or it was taken back with its entry.
    """
    return _move(store, actor, step_id, (StepState.OPEN, StepState.DONE), {"state": StepState.DONE, "closed_at": now})


def reopen(store: Store, actor: Actor, step_id: UUID) -> Step:
    """A step that was called done is open after all.

    Raises:
        Refused: as `finish`.
    """
    return _move(store, actor, step_id, (StepState.DONE, StepState.OPEN), {"state": StepState.OPEN, "closed_at": None})


def postpone(store: Store, actor: Actor, step_id: UUID, day: date) -> Step:
    """Move an open step to another day, at the same hour.

    Raises:
        Refused: as `finish`; also when the step is done.
    """
    with store.read() as tx:
        due = due_at(tx, actor, day, _own(tx, actor, step_id).at)
    return _move(store, actor, step_id, (StepState.OPEN,), {"day": day, "due_at": due})


def _move(store: Store, actor: Actor, step_id: UUID, states: Sequence[str], values: dict[str, Any]) -> Step:
    with store.write() as tx:
        this = (step.c.workspace_id == actor.workspace_id) & (step.c.id == step_id) & (step.c.person_id == actor.id)
        moved = tx.execute(update(step).where(this, step.c.state.in_(states)).values(**values))
        if moved.rowcount == 0:
            raise Refused("step.gone")
        return _own(tx, actor, step_id)


def _own(tx: Connection, actor: Actor, step_id: UUID) -> Step:
    row = ONE.first(tx, {"workspace": actor.workspace_id, "step": step_id})
    if row is None or row.person_id != actor.id:
        raise Refused("step.gone")
    return _step(row)


def _step(row: Any) -> Step:
    return Step(row.id, row.person_id, row.what, row.day, row.at, row.state, row.who, row.company)
