"""Reminders of training: three working days before its day, on the day, then weekly until it is done; and the jobs that
give a module to whoever takes up one of its roles.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, select

from bot.access.actor import Actor
from bot.coaching.model import Training, TrainingModule
from bot.coaching.rules import next_reminder
from bot.coaching.states import State
from bot.delivery import queries as deliveries
from bot.delivery import service as delivery
from bot.delivery.outcome import NotYet, Parcel
from bot.delivery.service import Letter, tell_all
from bot.noise import service as noise
from bot.noise.service import About
from bot.people import queries as people
from bot.reminders import pages, queries
from bot.reminders.deal_steps import step_moment
from bot.reminders.pages import Page
from bot.reminders.planning import NOT_SOON
from bot.reminders.queries import Standing
from bot.reminders.rules import Kind
from bot.schedule import service as schedule
from bot.schedule.service import Due
from bot.store.engine import Store
from bot.store.sql import Param, Prepared, one_of, one_of_ids, table_of
from bot.working_time.presence import presence

training = table_of(Training)
module = table_of(TrainingModule)

GIVEN = "training_given"
"""The kind of the ledger that says that a module is theirs; reminders of it are of `Kind.TRAINING`."""

ROLES = "training_roles"
"""The kind of the job that looks for new holders of a module's roles; its subject is the module's id in hex."""

LOOKS = timedelta(hours=1)
"""How often it does."""

SHOWS = 10
"""The last messages of each kind that are kept current."""

WORKSPACE: Param = bindparam("workspace")
TASK = select(
    *(training.c[name] for name in ("id", "person_id", "due_on", "state", "recorded_at", "recorded_by", "closed_at")),
    module.c.title,
    module.c.link,
).join(module, and_(module.c.workspace_id == training.c.workspace_id, module.c.id == training.c.module_id))
SOME = Prepared(TASK.where(training.c.workspace_id == WORKSPACE, one_of_ids(training.c.id, "several")))
OF_PERSON = Prepared(
    TASK.where(training.c.workspace_id == WORKSPACE, training.c.person_id == bindparam("person")).order_by(
        training.c.recorded_at, training.c.id
    )
)
IS_OPEN = and_(training.c.workspace_id == WORKSPACE, training.c.state == State.OPEN)
OPEN = Prepared(TASK.where(IS_OPEN))
OPEN_OF = Prepared(TASK.where(IS_OPEN, one_of(training.c.person_id, "people")))


@dataclass(frozen=True, slots=True)
class Task:
    """A training of one person, with what its module says."""

    id: UUID
    person_id: str
    due_on: date
    state: State
    recorded_at: datetime
    recorded_by: str
    closed_at: datetime | None
    title: str
    link: str | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state is State.OPEN


@dataclass(frozen=True, slots=True)
class TrainingPage(Page):
    """What a message about training shows: the trainings as they stand, and by whom the first was given."""

    tasks: tuple[Task, ...]
    by: str


def tasks(tx: Connection, workspace_id: str, ids: Collection[UUID]) -> list[Task]:
    """Trainings by id, in the order of their days."""
    found = [_task(row) for row in SOME.all(tx, {"workspace": workspace_id, "several": ids})]
    return sorted(found, key=lambda each: (each.due_on, each.title, each.id))


def of_person(tx: Connection, workspace_id: str, person_id: str) -> list[Task]:
    """Everything that somebody had to learn, the oldest first."""
    return [_task(row) for row in OF_PERSON.all(tx, {"workspace": workspace_id, "person": person_id})]


def watch_roles(tx: Connection, workspace_id: str, author_id: str, module_id: UUID, now: datetime) -> None:
    """Have new holders of a module's roles looked for."""
    schedule.put(tx, workspace_id, ROLES, author_id, now + LOOKS, module_id.hex)


def unwatch(tx: Connection, workspace_id: str, author_id: str, module_id: UUID) -> None:
    """Have them looked for no more."""
    schedule.take_out(tx, workspace_id, ROLES, author_id, module_id.hex)


def ensure(store: Store, workspace_id: str, person_ids: Collection[str], now: datetime) -> None:
    """See to it that these people (with none named: everybody) are reminded of what is still to be done: whose account
    had ended and lives again has no job for it any more.
    """
    with store.read() as tx:
        if not _unwatched(tx, workspace_id, person_ids, now):
            return
    with store.write() as tx:
        for standing, task in _unwatched(tx, workspace_id, person_ids, now):
            today = now.astimezone(standing.schedule.zone).date()
            if moment := _next(standing, task.due_on, today - timedelta(days=1), now):
                schedule.put(tx, workspace_id, Kind.TRAINING, task.person_id, moment, task.id.hex)


def _unwatched(
    tx: Connection, workspace_id: str, person_ids: Collection[str], now: datetime
) -> list[tuple[Standing, Task]]:
    """The open trainings of people who may work of which nobody is to be reminded."""
    whom = {"workspace": workspace_id, "people": sorted(person_ids)}
    found = [_task(row) for row in (OPEN_OF if person_ids else OPEN).all(tx, whom)]
    planned = schedule.moments(tx, workspace_id, sorted({each.person_id for each in found}), [Kind.TRAINING])
    lacking = [each for each in found if (Kind.TRAINING, each.person_id, each.id.hex) not in planned]
    audience = queries.audience(tx, workspace_id, {each.person_id for each in lacking}, now).people if lacking else {}
    return [
        (standing, each) for each in lacking if (standing := audience.get(each.person_id)) and standing.person.may_work
    ]


def remind_of(tx: Connection, who: Actor, training_id: UUID, due_on: date, now: datetime) -> None:
    """Have somebody reminded of a training. What it is given with says it for the first day."""
    standing = queries.standing(tx, who.workspace_id, who.id, now)
    moment = _next(standing, due_on, people.today_of(who, now), now)
    if moment:
        schedule.put(tx, who.workspace_id, Kind.TRAINING, who.id, moment, training_id.hex)


def forget(tx: Connection, workspace_id: str, task: Task, now: datetime) -> None:
    """Nobody is reminded of it any more, and the messages about it show why."""
    schedule.take_out(tx, workspace_id, Kind.TRAINING, task.person_id, task.id.hex)
    for kind in (GIVEN, Kind.TRAINING):
        for each in deliveries.last_told(tx, workspace_id, kind, task.person_id, SHOWS):
            if task.id.hex in each.subject["trainings"]:
                delivery.change(tx, workspace_id, each.id, now)


def plan(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
    """Remind those who are there; several trainings of one person come in one message. Who has muted them is looked at
    again on the next day of theirs.
    """
    audience = queries.audience(tx, workspace_id, {each.person_id for each in due}, now)
    known = {each.id: each for each in tasks(tx, workspace_id, [UUID(each.subject) for each in due])}
    following: dict[Due, datetime | None] = dict.fromkeys(due)
    together: dict[str, list[Task]] = defaultdict(list)
    for each in due:
        task, standing = known.get(UUID(each.subject)), audience.people.get(each.person_id)
        if task is None or not task.is_open or standing is None or not standing.person.may_work:
            continue
        there = presence(standing.schedule, now)
        if not there.is_working:
            following[each] = there.next_start or now + NOT_SOON
            continue
        following[each] = _next(standing, task.due_on, now.astimezone(standing.schedule.zone).date(), now)
        if standing.wants(Kind.TRAINING):
            together[each.person_id].append(task)
    letters = [_letter(person_id, several, now) for person_id, several in together.items()]
    schedules = {each: audience.people[each].schedule for each in together}
    tell_all(tx, workspace_id, noise.admit(tx, workspace_id, letters, schedules, has_finished, now), now)
    return following


def has_finished(tx: Connection, workspace_id: str, person_id: str, since: datetime, about: About) -> bool:  # noqa: ARG001 - any of theirs will do
    """Whether somebody has finished a training since a moment."""
    return any(each.closed_at and each.closed_at > since for each in of_person(tx, workspace_id, person_id))


def page(store: Store, parcel: Parcel, now: datetime) -> TrainingPage | NotYet | None:
    """The trainings as they stand; None where none is open before anybody was told."""
    with store.read() as tx:
        found = pages.common(tx, parcel, now) if parcel.kind == Kind.TRAINING else _given(tx, parcel, now)
        several = tasks(tx, parcel.workspace_id, [UUID(each) for each in parcel.subject["trainings"]])
        if found is None or not several or (parcel.ts is None and not any(each.is_open for each in several)):
            return None
        by = people.name_of(tx, parcel.workspace_id, several[0].recorded_by)
        return TrainingPage(
            found.key, found.kind, found.actor, found.today, found.act, found.asks, tuple(several), by
        )  # fmt: skip


def _given(tx: Connection, parcel: Parcel, now: datetime) -> Page | None:
    """What says that a training is theirs is no reminder: it comes in any case, and asks nothing."""
    actor = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
    if actor is None or not actor.is_active:
        return None
    return Page(parcel.key, Kind.TRAINING, actor, people.today_of(actor, now), parcel.act, asks=False)


def _next(standing: Standing, due_on: date, after: date, now: datetime) -> datetime | None:
    """The moment of the first reminder of a day behind `after`: as its reader begins to work on it."""
    day = next_reminder(standing.schedule, due_on, after)
    return step_moment(standing.schedule, standing.quiet, day, now) if day else None


def _letter(person_id: str, several: Sequence[Task], now: datetime) -> Letter:
    ordered = sorted(several, key=lambda each: (each.due_on, each.title, each.id))
    subject = {"trainings": [each.id.hex for each in ordered]}
    return Letter(Kind.TRAINING, person_id, f"{ordered[0].id.hex}:{now:%Y%m%d}:{len(ordered)}", subject)


def _task(row: Any) -> Task:
    return Task(
        row.id, row.person_id, row.due_on, State(row.state), row.recorded_at, row.recorded_by, row.closed_at,
        row.title, row.link,
    )  # fmt: skip
