"""Next steps on somebody's desk: what is due, done, and still to come. One function, one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select, update

from bot.access.actor import Actor
from bot.accounts.model import Account, Contact
from bot.activity.model import FOLLOW_UP, NextStep, StepState
from bot.activity.versions import due_at, refresh_card, remind_of
from bot.clock import instant
from bot.errors import Refused
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.sql import Prepared, PreparedChange, insert_once, table_of
from bot.store.types import new_id

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
    due_at: datetime
    who: str | None = None
    company: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits to be done."""
        return self.state == StepState.OPEN

    @property
    def is_done(self) -> bool:
        """Whether it was done; what is neither was taken back."""
        return self.state == StepState.DONE


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
SOME = _steps().where(HERE, step.c.id.in_(bindparam("steps", expanding=True)))
REMINDED = PreparedChange(
    update(step)
    .where(HERE, step.c.id == bindparam("of_step", type_=step.c.id.type))
    .values(reminder_id=bindparam("by", type_=step.c.reminder_id.type))
)
CLOSED = Prepared(
    select(step.c.id)
    .where(
        HERE,
        step.c.person_id == bindparam("person"),
        step.c.state != StepState.OPEN,
        step.c.closed_at > bindparam("since", type_=step.c.closed_at.type),
    )
    .limit(1)
)
OPEN_UNTIL = Prepared(
    _steps()
    .where(
        HERE,
        step.c.person_id == bindparam("person"),
        step.c.state == StepState.OPEN,
        step.c.day <= bindparam("last"),
    )
    .order_by(step.c.due_at, step.c.id)
)


def desk(tx: Connection, actor: Actor, today: date) -> Desk:
    """What waits for `actor` on their own `today`, what they have done on it, and what comes in the next week."""
    since = instant(today, time(0), actor.zone)
    values = {"workspace": actor.workspace_id, "person": actor.id, "last": today + AHEAD, "since": since}
    found = [_step(row) for row in OF_DESK.all(tx, values)]
    waiting = [each for each in found if each.is_open]
    return Desk(
        due=tuple(each for each in waiting if each.day <= today),
        done=tuple(each for each in found if each.is_done),
        coming=tuple(each for each in waiting if each.day > today),
    )


def finish(store: Store, actor: Actor, step_id: UUID, now: datetime) -> Step:
    """A step is done; saying so twice is the same as once.

    Raises:
        Refused: when there is no such step of theirs, or it was taken back with its entry.
    """
    done = {"state": StepState.DONE, "closed_at": now}
    return _move(store, actor, step_id, (StepState.OPEN, StepState.DONE), done, now)


def reopen(store: Store, actor: Actor, step_id: UUID, now: datetime) -> Step:
    """A step that was called done is open after all.

    Raises:
        Refused: as `finish`.
    """
    is_open = {"state": StepState.OPEN, "closed_at": None}
    return _move(store, actor, step_id, (StepState.DONE, StepState.OPEN), is_open, now)


def postpone(store: Store, actor: Actor, step_id: UUID, day: date, now: datetime) -> Step:
    """Move an open step to another day, at the same hour; the reminder moves with it.

    Raises:
        Refused: as `finish`; also when the step is done.
    """
    with store.read() as tx:
        due = due_at(tx, actor, day, _own(tx, actor, step_id).at)
    return _move(store, actor, step_id, (StepState.OPEN,), {"day": day, "due_at": due}, now)


def promise(tx: Connection, owner: Actor, what: str, day: date, *, by: str, origin: str, now: datetime) -> UUID:
    """Put a step on the desk of `owner` that came out of something else; the id it has. Its reminder comes like any."""
    step_id, due = new_id(), due_at(tx, owner, day, None)
    values = {
        "workspace_id": owner.workspace_id,
        "id": step_id,
        "person_id": owner.id,
        "activity_id": None,
        "account_id": None,
        "contact_id": None,
        "what": what,
        "day": day,
        "at": None,
        "due_at": due,
        "state": StepState.OPEN,
        "recorded_at": now,
        "recorded_by": by,
        "origin": origin,
    }
    insert_once(tx, NextStep, values)
    remind_of(tx, owner.workspace_id, owner.id, step_id, due, now)
    return step_id


def settle(tx: Connection, workspace_id: str, person_id: str, step_id: UUID, now: datetime) -> None:
    """A step is done by what it came out of: its reminder shows that."""
    schedule.hold(tx, workspace_id, FOLLOW_UP, person_id, step_id.hex)
    this = (step.c.workspace_id == workspace_id) & (step.c.id == step_id) & (step.c.state == StepState.OPEN)
    done = tx.execute(
        update(step).where(this).values(state=StepState.DONE, closed_at=now).returning(step.c.reminder_id)
    )
    row = done.first()
    if row:
        refresh_card(tx, workspace_id, row.reminder_id, now)


def found(tx: Connection, workspace_id: str, step_ids: Collection[UUID]) -> dict[UUID, Step]:
    """Steps by id, those of them that there are."""
    rows = tx.execute(SOME, {"workspace": workspace_id, "steps": list(step_ids)})
    return {row.id: _step(row) for row in rows}


def open_until(tx: Connection, workspace_id: str, person_id: str, last: date) -> list[Step]:
    """What somebody still has to do that is due by `last`, the oldest first."""
    rows = OPEN_UNTIL.all(tx, {"workspace": workspace_id, "person": person_id, "last": last})
    return [_step(row) for row in rows]


def has_done(tx: Connection, workspace_id: str, person_id: str, since: datetime) -> bool:
    """Whether somebody has done any of their steps after `since` (UTC)."""
    return CLOSED.first(tx, {"workspace": workspace_id, "person": person_id, "since": since}) is not None


def reminded(tx: Connection, workspace_id: str, reminders: Mapping[UUID, UUID]) -> None:
    """Know which message of the ledger reminded of each of these steps, so that it can show how they stand."""
    REMINDED.each(
        tx, [{"workspace": workspace_id, "of_step": each, "by": reminder} for each, reminder in reminders.items()]
    )


def _move(
    store: Store, actor: Actor, step_id: UUID, states: Sequence[str], values: dict[str, Any], now: datetime
) -> Step:
    with store.write() as tx:
        schedule.hold(tx, actor.workspace_id, FOLLOW_UP, actor.id, step_id.hex)
        this = (step.c.workspace_id == actor.workspace_id) & (step.c.id == step_id) & (step.c.person_id == actor.id)
        change = update(step).where(this, step.c.state.in_(states)).values(**values)
        moved = tx.execute(change.returning(step.c.reminder_id, step.c.due_at)).first()
        if moved is None:
            raise Refused("step.gone")
        if values.get("state", StepState.OPEN) == StepState.OPEN:
            remind_of(tx, actor.workspace_id, actor.id, step_id, moved.due_at, now)
        refresh_card(tx, actor.workspace_id, moved.reminder_id, now)
        return _own(tx, actor, step_id)


def _own(tx: Connection, actor: Actor, step_id: UUID) -> Step:
    row = ONE.first(tx, {"workspace": actor.workspace_id, "step": step_id})
    if row is None or row.person_id != actor.id:
        raise Refused("step.gone")
    return _step(row)


def _step(row: Any) -> Step:
    return Step(row.id, row.person_id, row.what, row.day, row.at, row.state, row.due_at, row.who, row.company)
