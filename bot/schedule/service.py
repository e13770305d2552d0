"""Jobs: put one in, take one out, and see to those that are due.

Any number of processes may tick at once: on PostgreSQL each passes by the jobs that another is just seeing to, and what
a job causes is a row of the delivery ledger, which is made once whoever makes it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import structlog
from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, select, update
from sqlalchemy.exc import OperationalError

from bot.errors import StoreUnavailable
from bot.schedule.model import Job
from bot.store.engine import Store
from bot.store.sql import Prepared, one_of, table_of, upsert

log = structlog.get_logger()

job = table_of(Job)

PAGE = 1000
"""Jobs that one transaction sees to; on SQLite everybody else's writing waits that long."""

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


def take_out(tx: Connection, workspace_id: str, kind: str, person_id: str, subject: str = "") -> None:
    """Have it done no more."""
    tx.execute(delete(job).where(*_is(workspace_id, kind), job.c.person_id == person_id, job.c.subject == subject))


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


def tick(store: Store, planners: Mapping[str, Planner], now: datetime) -> int:
    """See to everything that is due at `now` (UTC), page by page.

    Returns:
        How many jobs that were.

    Raises:
        StoreUnavailable: when the database does not answer; what is committed stays.
    """
    with store.read() as tx:
        if not _due(tx, now, 1):
            return 0
    seen_to = 0
    while True:
        with store.write() as tx:
            page = _due(tx, now, PAGE)
            for (workspace_id, kind), due in page.items():
                _see_to(tx, workspace_id, kind, due, planners[kind], now)
        done = sum(len(due) for due in page.values())
        seen_to += done
        if done < PAGE:
            return seen_to


def _due(tx: Connection, now: datetime, most: int) -> dict[tuple[str, str], list[Due]]:
    """The jobs that wait longest, by workspace and kind."""
    rows = tx.execute(
        select(job)
        .where(job.c.next_due_at <= now)
        .order_by(job.c.next_due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found: dict[tuple[str, str], list[Due]] = defaultdict(list)
    for row in rows:
        found[row.workspace_id, row.kind].append(Due(row.person_id, row.subject, row.next_due_at))
    return found


def _see_to(tx: Connection, workspace_id: str, kind: str, due: Sequence[Due], planner: Planner, now: datetime) -> None:
    """One that fails is put off, and holds up none of the others."""
    try:
        with tx.begin_nested():
            _move(tx, workspace_id, kind, planner(tx, workspace_id, due, now))
    except (OperationalError, StoreUnavailable):
        raise  # that is the database, not the job
    except Exception:
        if len(due) > 1:
            for each in due:
                _see_to(tx, workspace_id, kind, [each], planner, now)
            return
        log.exception("job_failed", kind=kind, person=due[0].person_id, subject=due[0].subject)
        _move(tx, workspace_id, kind, {due[0]: now + AFTER_FAILURE})


def _move(tx: Connection, workspace_id: str, kind: str, moved: Following) -> None:
    """Write the next moments: people of one zone share theirs, so these are few statements."""
    together: dict[tuple[datetime | None, str], list[str]] = defaultdict(list)
    for due, due_at in moved.items():
        together[due_at, due.subject].append(due.person_id)
    for (due_at, subject), person_ids in together.items():
        which = and_(*_is(workspace_id, kind), job.c.subject == subject, one_of(job.c.person_id, "people"))
        change = delete(job).where(which) if due_at is None else update(job).where(which).values(next_due_at=due_at)
        tx.execute(change, {"people": sorted(person_ids)})


def _is(workspace_id: str, kind: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return job.c.workspace_id == workspace_id, job.c.kind == kind
