"""Jobs: put one in, take one out, and see to those that are due.

Any number of processes may tick at once: on PostgreSQL each passes by the jobs that another is just seeing to, and what
a job causes is a row of the delivery ledger, which is made once whoever makes it.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

import structlog
from sqlalchemy import ColumnElement, Connection, Integer, and_, bindparam, delete, literal_column, select, update
from sqlalchemy.exc import OperationalError

from bot.errors import StoreUnavailable
from bot.installations.queries import is_served
from bot.ops import traces
from bot.ops.causes import caused_by
from bot.schedule.model import Job
from bot.store.engine import Store
from bot.store.sql import Prepared, one_of, table_of, upsert
from bot.store.walls import everywhere, within

log = structlog.get_logger()

job = table_of(Job)

PAGE = 1000
"""Jobs that one transaction sees to; on SQLite everybody else's writing waits that long."""

SOONEST = timedelta(seconds=1)
"""A job is seen to once in a tick, whatever its planner says comes next."""

AFTER_FAILURE = timedelta(minutes=5)
"""When a job is tried again that could not be seen to."""


class Due(NamedTuple):
    """A job whose moment has come, on one person and perhaps one subject."""

    person_id: str
    subject: str
    next_due_at: datetime


Following = Mapping[Due, datetime | None]
"""The next moment (UTC) of each job, or None for one that is over."""


class Planner(Protocol):
    """Sees to the due jobs of one kind."""

    def __call__(self, tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
        """Do what is due, in the running transaction, and say what becomes of each job."""


def put(tx: Connection, workspace_id: str, kind: str, person_id: str, due_at: datetime, subject: str = "") -> None:
    """Have something done at `due_at` (UTC); a job that is there already gets the new moment."""
    key = {"workspace_id": workspace_id, "kind": kind, "person_id": person_id, "subject": subject}
    upsert(tx, Job, {**key, "next_due_at": due_at}, ["next_due_at"])


def hold(tx: Connection, workspace_id: str, kind: str, person_id: str, subject: str) -> None:
    """Take the turn of a job before what it is about: planners lock in that order, too."""
    this = and_(*_is(workspace_id, kind), job.c.person_id == person_id, job.c.subject == subject)
    tx.execute(select(job.c.kind).where(this).with_for_update())


def take_out(tx: Connection, workspace_id: str, kind: str, person_id: str, subject: str = "") -> None:
    """Have it done no more."""
    tx.execute(delete(job).where(*_is(workspace_id, kind), job.c.person_id == person_id, job.c.subject == subject))


def hasten(
    tx: Connection, workspace_id: str, kind: str, person_ids: Collection[str], now: datetime, after: datetime
) -> None:
    """Have those jobs of these people looked at at once that stand at a moment behind `after`: what put them off may be
    over.
    """
    theirs = and_(*_is(workspace_id, kind), one_of(job.c.person_id, "people"), job.c.next_due_at > after)
    tx.execute(update(job).where(theirs).values(next_due_at=now), {"people": sorted(person_ids)})


OF_PEOPLE = Prepared(
    select(job.c.kind, job.c.person_id, job.c.subject, job.c.next_due_at).where(
        job.c.workspace_id == bindparam("workspace"), one_of(job.c.person_id, "people"), one_of(job.c.kind, "kinds")
    )
)


def moments(
    tx: Connection, workspace_id: str, person_ids: Collection[str], kinds: Collection[str]
) -> dict[tuple[str, str, str], datetime]:
    """The next moment of the jobs of these people, by kind, person and subject."""
    found = OF_PEOPLE.all(tx, {"workspace": workspace_id, "people": person_ids, "kinds": kinds})
    return {(row.kind, row.person_id, row.subject): row.next_due_at for row in found}


IS_DUE = and_(job.c.next_due_at <= bindparam("now", type_=job.c.next_due_at.type), one_of(job.c.kind, "kinds"))
# Not the column itself: to find distinct ones SQLite would rather go through every job in the order of the key.
WHOSE = job.c.workspace_id.concat(literal_column("''")).label("workspace_id")
SOMEWHERE = Prepared(select(WHOSE).distinct().where(IS_DUE, is_served(job.c.workspace_id)))
WAITING = Prepared(
    select(job)
    .where(job.c.workspace_id == bindparam("workspace"), IS_DUE)
    .order_by(job.c.next_due_at, job.c.kind, job.c.person_id)
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(skip_locked=True)
)


def tick(store: Store, planners: Mapping[str, Planner], now: datetime) -> int:
    """See to everything that is due at `now` (UTC), wherever Baton is served.

    Returns:
        How many jobs that were.

    Raises:
        StoreUnavailable: when the database does not answer; what is committed stays.
    """
    return sum(seen_to for _, seen_to in tick_by_workspace(store, planners, now))


def tick_by_workspace(store: Store, planners: Mapping[str, Planner], now: datetime) -> Iterator[tuple[str, int]]:
    """The same, page by page, the workspaces in turn: which, and how many jobs that were. So one with thousands delays
    none of the others by more than a page. In a workspace from which Baton was removed nothing is due.
    """
    with everywhere(), store.read() as tx:
        ahead = deque(somewhere_due(tx, planners, now))
    while ahead:
        workspace_id = ahead.popleft()
        seen_to, is_more = _see_to_page(store, workspace_id, planners, now)
        if is_more:
            ahead.append(workspace_id)
        yield workspace_id, seen_to


def _see_to_page(store: Store, workspace_id: str, planners: Mapping[str, Planner], now: datetime) -> tuple[int, bool]:
    """How many jobs that were, and whether there may be more."""
    with within(workspace_id), store.write() as tx:
        page, is_more = _due(tx, workspace_id, planners, now)
        for kind, due in page.items():
            _see_to(tx, workspace_id, kind, due, planners, now)
    return sum(len(due) for due in page.values()), is_more


def catch_up(planners: Mapping[str, Planner], tx: Connection, now: datetime) -> int:
    """See to everything that is due at `now` inside somebody else's transaction; returns how many jobs that were."""
    seen_to = 0
    for workspace_id in somewhere_due(tx, planners, now):
        while page := _due(tx, workspace_id, planners, now)[0]:
            for kind, due in page.items():
                _see_to(tx, workspace_id, kind, due, planners, now)
            seen_to += sum(len(due) for due in page.values())
    return seen_to


def somewhere_due(tx: Connection, kinds: Collection[str], now: datetime) -> list[str]:
    """The workspaces in which jobs of these kinds are due; a look over all that are served."""
    return [row.workspace_id for row in SOMEWHERE.all(tx, {"kinds": [*kinds], "now": now})]


def _due(tx: Connection, workspace_id: str, kinds: Collection[str], now: datetime) -> tuple[dict[str, list[Due]], bool]:
    """The jobs of these kinds that wait longest, by kind, and whether they fill a page. The last person of a full one
    has the next one to themselves, for what is due of one person belongs together.
    """
    rows = WAITING.all(tx, {"workspace": workspace_id, "kinds": [*kinds], "now": now, "most": PAGE})
    last = [row for row in rows if len(rows) == PAGE > 1 and _whose(row) == _whose(rows[-1])]
    found: dict[str, list[Due]] = defaultdict(list)
    for row in rows[: -len(last)] if 0 < len(last) < len(rows) else rows:
        found[row.kind].append(Due(row.person_id, row.subject, row.next_due_at))
    return found, len(rows) == PAGE


def _whose(row: Any) -> tuple[str, str, datetime]:
    return row.kind, row.person_id, row.next_due_at


def _see_to(
    tx: Connection, workspace_id: str, kind: str, due: Sequence[Due], planners: Mapping[str, Planner], now: datetime
) -> None:
    """One that fails is put off, and holds up none of the others."""
    try:
        with caused_by(kind, "job"), tx.begin_nested():
            traces.note(workspace=workspace_id)
            _move(tx, workspace_id, kind, planners[kind](tx, workspace_id, due, now), now)
    except (OperationalError, StoreUnavailable):
        raise  # that is the database, not the job
    except Exception as error:
        if len(due) > 1:
            log.warning("jobs_failed_together", kind=kind, jobs=len(due), reason=type(error).__name__)
            for each in due:
                _see_to(tx, workspace_id, kind, [each], planners, now)
            return
        log.exception("job_failed", kind=kind, person=due[0].person_id, subject=due[0].subject)
        _move(tx, workspace_id, kind, {due[0]: now + AFTER_FAILURE}, now)


def _move(tx: Connection, workspace_id: str, kind: str, moved: Following, now: datetime) -> None:
    """Write the next moments: people of one zone share theirs, so these are few statements. (A kind has one job a
    person, or subjects that are nobody else's.)
    """
    together: dict[datetime | None, list[Due]] = defaultdict(list)
    for due, due_at in moved.items():
        together[due_at and max(due_at, now + SOONEST)].append(due)
    for due_at, several in together.items():
        people, subjects = {each.person_id for each in several}, {each.subject for each in several}
        which = and_(*_is(workspace_id, kind), one_of(job.c.person_id, "people"), one_of(job.c.subject, "subjects"))
        change = delete(job).where(which) if due_at is None else update(job).where(which).values(next_due_at=due_at)
        tx.execute(change, {"people": sorted(people), "subjects": sorted(subjects)})


def _is(workspace_id: str, kind: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return job.c.workspace_id == workspace_id, job.c.kind == kind
