"""Training: assigned by role or by person, done, taken back, and how far it is. One function, one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, select, update

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.access.roles import Role
from bot.audit import service as audit
from bot.audit.service import Change
from bot.coaching import reach, reminding
from bot.coaching.model import Training, TrainingModule
from bot.coaching.reminding import Task
from bot.coaching.rules import due_for
from bot.coaching.said import Module
from bot.coaching.states import State
from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.errors import Refused
from bot.noise import service as noise
from bot.people import queries as people
from bot.people.rules import Member
from bot.reminders.rules import Kind
from bot.store.engine import Store
from bot.store.sql import Param, Prepared, insert_once, table_of
from bot.store.types import new_id

module = table_of(TrainingModule)
training = table_of(Training)

SHOWN = 20

WORKSPACE: Param = bindparam("workspace")
MODULE = Prepared(select(module).where(module.c.workspace_id == WORKSPACE, module.c.id == bindparam("of")))
MODULES_BY = Prepared(
    select(module)
    .where(module.c.workspace_id == WORKSPACE, module.c.withdrawn_at.is_(None))
    .order_by(module.c.recorded_at.desc(), module.c.id.desc())
)
BY_ORIGIN = Prepared(select(module).where(module.c.workspace_id == WORKSPACE, module.c.origin == bindparam("by")))
OF_MODULE = Prepared(
    select(training).where(training.c.workspace_id == WORKSPACE, training.c.module_id == bindparam("of"))
)


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody has to learn, open ones first by day; `may_assign` whether they give training themselves."""

    tasks: tuple[Task, ...]
    done: tuple[Task, ...]
    today: date
    may_assign: bool


@dataclass(frozen=True, slots=True)
class Learner:
    """One person of a module: by when, and whether it is done."""

    person_id: str
    name: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class ModulePage:
    """A module with everybody who has it, those who are late first."""

    id: UUID
    title: str
    link: str | None
    due_on: date
    roles: tuple[str, ...]
    by: str
    learners: tuple[Learner, ...]

    @property
    def done(self) -> int:
        """How many have done it."""
        return sum(each.done_on is not None for each in self.learners)


@dataclass(frozen=True, slots=True)
class Progress:
    """The modules that the reader may follow, the newest first."""

    modules: tuple[ModulePage, ...]
    today: date
    more: int


def let_assign(store: Store, actor: Actor, now: datetime) -> None:
    """Let pass who may give training to anybody at all.

    Raises:
        Refused: for everybody else, with who can.
    """
    with store.read() as tx:
        _let_assign(tx, actor, now)


def _let_assign(tx: Connection, actor: Actor, now: datetime) -> None:
    if not may(actor, Action.COACH, Relation.REPORT):
        can = people.who_can(tx, actor.workspace_id, actor.id, people.today_of(actor, now))
        raise Refused("coaching.training.not_yours", can=", ".join(can) or "OPS")


def assign(store: Store, actor: Actor, wish: Module, *, origin: str, now: datetime) -> ModulePage:
    """Give people a module: those who are named, and whoever holds one of its roles, now or later, within the reach of
    whoever assigns it.

    Raises:
        Refused: for somebody whom the actor does not lead, and when nobody would get it.
    """
    with store.write() as tx:
        _let_assign(tx, actor, now)
        made = BY_ORIGIN.first(tx, {"workspace": actor.workspace_id, "by": origin})
        if made:
            return _page(tx, actor, made)
        for person_id in wish.people:
            reach.let_coach(tx, actor, person_id, now, oneself="coaching.training.oneself")
        learners = dict.fromkeys([*wish.people, *_holders(tx, actor, wish.roles, now)])
        if not learners:
            raise Refused("coaching.training.nobody", roles=", ".join(wish.roles))
        values = {
            "workspace_id": actor.workspace_id,
            "id": new_id(),
            "title": wish.title,
            "link": wish.link,
            "due_on": wish.due_on,
            "roles": list(wish.roles),
            "origin": origin,
            "recorded_at": now,
            "recorded_by": actor.id,
            "withdrawn_at": None,
            "withdrawn_by": None,
        }
        insert_once(tx, TrainingModule, values)
        row = MODULE.first(tx, {"workspace": actor.workspace_id, "of": values["id"]})
        assert row is not None  # it was just stored
        _give(tx, row, learners, now, is_new=False)
        if wish.roles:
            reminding.watch_roles(tx, actor.workspace_id, actor.id, row.id, now)
        return _page(tx, actor, row)


def take_in(tx: Connection, workspace_id: str, module_id: UUID, now: datetime) -> bool:
    """Give a module to those who hold one of its roles by now and did not have it; they have a fortnight at the least.

    Returns:
        Whether it still stands, and is to be looked at again.
    """
    row = MODULE.first(tx, {"workspace": workspace_id, "of": module_id})
    author = people.actor(tx, workspace_id, row.recorded_by, now) if row else None
    if row is None or row.withdrawn_at or author is None:
        return False
    have = {each.person_id for each in OF_MODULE.all(tx, {"workspace": workspace_id, "of": module_id})}
    new = [each for each in _holders(tx, author, row.roles, now) if each not in have]
    _give(tx, row, new, now, is_new=True)
    return True


def _give(tx: Connection, row: Any, learners: Iterable[str], now: datetime, *, is_new: bool) -> None:
    for person_id in learners:
        who = people.actor(tx, row.workspace_id, person_id, now)
        if who is None:
            continue
        due_on = due_for(row.due_on, people.today_of(who, now), is_new=is_new)
        values = {
            "workspace_id": row.workspace_id,
            "id": new_id(),
            "module_id": row.id,
            "person_id": person_id,
            "due_on": due_on,
            "state": State.OPEN,
            "recorded_at": now,
            "recorded_by": row.recorded_by,
            "closed_at": None,
        }
        if insert_once(tx, Training, values):
            subject = {"trainings": [values["id"].hex]}
            letter = Letter(reminding.GIVEN, person_id, values["id"].hex, subject)
            delivery.tell(tx, row.workspace_id, letter, now)
            reminding.remind_of(tx, who, values["id"], due_on, now)
            what = Change(person_id, "training", None, row.title, due_on)
            audit.record(tx, row.workspace_id, [what], by=row.recorded_by, now=now)


def finish(store: Store, actor: Actor, training_id: UUID, now: datetime) -> Task:
    """Somebody has done a training; the messages about it show that. Twice is the same as once.

    Raises:
        Refused: when it is not theirs, or was taken back.
    """
    with store.write() as tx:
        this = and_(training.c.workspace_id == actor.workspace_id, training.c.id == training_id)
        mine = and_(this, training.c.person_id == actor.id, training.c.state == State.OPEN)
        done = tx.execute(update(training).where(mine).values(state=State.DONE, closed_at=now)).rowcount
        task = next(iter(reminding.tasks(tx, actor.workspace_id, [training_id])), None)
        if task is None or task.person_id != actor.id or task.state is State.WITHDRAWN:
            raise Refused("coaching.training.gone")
        if done:
            noise.acted(tx, actor.workspace_id, actor.id, Kind.TRAINING, now)
            reminding.forget(tx, actor.workspace_id, task, now)
        return task


def withdraw(store: Store, actor: Actor, module_id: UUID, now: datetime) -> None:
    """Take a module back: nobody is reminded of it any more; what was done stays done.

    Raises:
        Refused: when somebody else assigned it and the actor is not of operations; it says who can.
    """
    with store.write() as tx:
        row = MODULE.first(tx, {"workspace": actor.workspace_id, "of": module_id})
        if row is None:
            raise Refused("coaching.training.gone")
        if row.recorded_by != actor.id and not may(actor, Action.COACH, Relation.COLLEAGUE):
            raise Refused("coaching.training.not_yours", can=people.name_of(tx, actor.workspace_id, row.recorded_by))
        this = and_(module.c.workspace_id == actor.workspace_id, module.c.id == module_id)
        gone = {"withdrawn_at": now, "withdrawn_by": actor.id}
        if not tx.execute(update(module).where(this, module.c.withdrawn_at.is_(None)).values(**gone)).rowcount:
            return
        reminding.unwatch(tx, actor.workspace_id, row.recorded_by, module_id)
        for each in OF_MODULE.all(tx, {"workspace": actor.workspace_id, "of": module_id}):
            _close(tx, actor, each, row.title, now)


def _close(tx: Connection, actor: Actor, row: Any, title: str, now: datetime) -> None:
    this = and_(training.c.workspace_id == actor.workspace_id, training.c.id == row.id)
    gone = {"state": State.WITHDRAWN, "closed_at": now}
    if tx.execute(update(training).where(this, training.c.state == State.OPEN).values(**gone)).rowcount:
        for task in reminding.tasks(tx, actor.workspace_id, [row.id]):
            reminding.forget(tx, actor.workspace_id, task, now)
        audit.record(
            tx, actor.workspace_id, [Change(row.person_id, "training", title, None)], by=actor.id, now=now
        )  # fmt: skip


def mine(store: Store, actor: Actor, now: datetime) -> Mine:
    """What the reader has to learn, and has learnt."""
    with store.read() as tx:
        found = reminding.of_person(tx, actor.workspace_id, actor.id)
        waiting = sorted((each for each in found if each.is_open), key=lambda each: (each.due_on, each.title))
        done = [each for each in found if each.state is State.DONE][::-1]
        may_assign = may(actor, Action.COACH, Relation.REPORT)
        return Mine(tuple(waiting), tuple(done[:SHOWN]), people.today_of(actor, now), may_assign)


def progress(store: Store, actor: Actor, now: datetime) -> Progress:
    """How far the modules are that the reader has assigned; operations see everybody's.

    Raises:
        Refused: for those who give no training, with who does.
    """
    with store.read() as tx:
        _let_assign(tx, actor, now)
        rows = MODULES_BY.all(tx, {"workspace": actor.workspace_id})
        if not may(actor, Action.COACH, Relation.COLLEAGUE):
            rows = [row for row in rows if row.recorded_by == actor.id]
        pages = tuple(_page(tx, actor, row) for row in rows[:SHOWN])
        return Progress(pages, people.today_of(actor, now), max(0, len(rows) - SHOWN))


def _holders(tx: Connection, author: Actor, roles: Sequence[str], now: datetime) -> list[str]:
    """Who holds one of `roles` today and is led by the author: their reports, or with operations everybody."""
    if not roles:
        return []
    members = people.members(tx, author.workspace_id, people.today_of(author, now))
    wanted = {Role(role) for role in roles}
    held: list[Member] = [each for each in members.values() if each.may_work and wanted & set(each.roles)]
    if not may(author, Action.COACH, Relation.COLLEAGUE):
        below = people.reports(tx, author, now) if may(author, Action.COACH, Relation.REPORT) else set[str]()
        held = [each for each in held if each.id in below]
    return sorted(each.id for each in held if each.id != author.id)


def _page(tx: Connection, actor: Actor, row: Any) -> ModulePage:
    rows = OF_MODULE.all(tx, {"workspace": actor.workspace_id, "of": row.id})
    standing = [each for each in rows if each.state != State.WITHDRAWN]
    names = people.names(tx, actor.workspace_id, sorted({row.recorded_by, *(each.person_id for each in standing)}))
    learners = [
        Learner(
            each.person_id,
            names.get(each.person_id, each.person_id),
            each.due_on,
            each.closed_at.astimezone(actor.zone).date() if each.closed_at else None,
        )
        for each in standing
    ]
    ordered = sorted(learners, key=lambda each: (each.done_on is not None, each.due_on, each.name.casefold()))
    by = names.get(row.recorded_by, row.recorded_by)
    return ModulePage(row.id, row.title, row.link, row.due_on, tuple(row.roles), by, tuple(ordered))
