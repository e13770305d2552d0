"""The courses that deals took, folded from their changes: the closed ones and the open ones that figures are made of.

As they stand, or by what was recorded at some moment: both are the same fold, of more or of fewer changes.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, exists, or_, select, union

from bot.deals.endings import ending, owner
from bot.deals.queries import IS_OPEN, change, deal
from bot.deals.rules import Change, as_of
from bot.deals.states import CLOSED, PIPELINE, Kind, Stage, What
from bot.money import Money
from bot.people.queries import LATEST
from bot.store.sql import Param, Prepared, one_of, one_of_ids, unindexed

WORKSPACE: Param = bindparam("workspace")
START: Param = bindparam("start", type_=deal.c.closed_at.type)
END: Param = bindparam("end", type_=deal.c.closed_at.type)
KNOWN: Param = bindparam("known", type_=change.c.recorded_at.type)


@dataclass(frozen=True, slots=True)
class Course:
    """A deal as it stood, and the open stages that it ever stood in, by code. Moments in UTC."""

    id: UUID
    account_id: UUID
    owner_id: str
    giver_id: str | None
    lead_id: UUID | None
    kind: Kind
    stage: str
    entered: frozenset[str]
    opened_at: datetime
    closed_at: datetime | None
    money: Money | None
    close_on: date | None
    reason: str | None

    @property
    def is_open(self) -> bool:
        """Whether it was neither won nor lost."""
        return self.stage not in CLOSED


def _of(deals: Any) -> Prepared:
    """All changes of some deals, deal by deal and in order.

    What was recorded later is left out behind the database: SQLite would take the index of that time for all of them.
    """
    return Prepared(
        select(change.c.deal_id, *(change.c[name] for name in Change._fields))
        .where(change.c.workspace_id == WORKSPACE, change.c.deal_id.in_(deals))
        .order_by(change.c.deal_id, change.c.n)
    )


HERE = select(deal.c.id).where(deal.c.workspace_id == WORKSPACE)
THEIRS = one_of(deal.c.owner_id, "people")
IS_CLOSED = or_(*(deal.c.stage == each.value for each in sorted(CLOSED)))
IN_TIME = (IS_CLOSED, deal.c.closed_at >= START, deal.c.closed_at < END)


def _closed_by_then() -> Select[Any]:
    ends = or_(*(change.c.what == each.value for each in (What.WON, What.LOST)))
    return select(change.c.deal_id).where(
        change.c.workspace_id == WORKSPACE,
        ends,
        change.c.happened_at >= START,
        change.c.happened_at < END,
        change.c.recorded_at <= KNOWN,
    )


def _changed_since() -> Select[Any]:
    return select(change.c.deal_id).where(change.c.workspace_id == WORKSPACE, change.c.recorded_at > KNOWN)


CLOSED_NOW = _of(HERE.where(*IN_TIME))
CLOSED_NOW_OF = _of(HERE.where(THEIRS, *IN_TIME))
CLOSED_THEN = _of(_closed_by_then())
OPEN_NOW = _of(HERE.where(IS_OPEN))
OPEN_NOW_OF = _of(HERE.where(THEIRS, IS_OPEN))
OPEN_THEN = _of(union(HERE.where(IS_OPEN), _changed_since()))
"""What is open now, and what has changed since: whatever was open then is one or the other."""
CLOSED_THEN_OF = _of(
    select(ending.c.deal_id).where(
        ending.c.workspace_id == WORKSPACE,
        one_of(ending.c.owner_id, "people"),
        ending.c.happened_at >= START,
        ending.c.happened_at < END,
        ending.c.recorded_at <= KNOWN,
    )
)
_THEIRS_EVER = and_(owner.c.workspace_id == deal.c.workspace_id, owner.c.deal_id == deal.c.id)
_SINCE = exists().where(
    change.c.workspace_id == deal.c.workspace_id, change.c.deal_id == deal.c.id, unindexed(change.c.recorded_at) > KNOWN
)
OPEN_THEN_OF = _of(
    select(owner.c.deal_id)
    .join(deal, _THEIRS_EVER)
    .where(owner.c.workspace_id == WORKSPACE, one_of(owner.c.person_id, "people"), or_(IS_OPEN, _SINCE))
)
OF_ACCOUNTS = _of(HERE.where(one_of_ids(deal.c.account_id, "accounts")))


def closed(
    tx: Connection,
    workspace_id: str,
    start: datetime,
    end: datetime,
    people: Collection[str] | None = None,
    known: datetime | None = None,
) -> list[Course]:
    """The deals that closed in [start, end), of these owners or (None) of everybody, each by its last close.

    With `known`, by what was recorded then. One that was reopened is in no list until it closes again.
    """
    values = {"workspace": workspace_id, "start": start, "end": end, "known": known or LATEST}
    if people is None:
        rows = (CLOSED_NOW if known is None else CLOSED_THEN).all(tx, values)
    else:
        rows = (CLOSED_NOW_OF if known is None else CLOSED_THEN_OF).all(tx, {**values, "people": people})
    found = (each for each in _courses(rows, people, known) if not each.is_open)
    return [each for each in found if each.closed_at and start <= each.closed_at < end]


def still_open(
    tx: Connection, workspace_id: str, people: Collection[str] | None = None, known: datetime | None = None
) -> list[Course]:
    """The deals that are open, of these owners or (None) of everybody; with `known`, that were by what was recorded."""
    values = {"workspace": workspace_id, "known": known or LATEST}
    if people is None:
        rows = (OPEN_NOW if known is None else OPEN_THEN).all(tx, values)
    else:
        rows = (OPEN_NOW_OF if known is None else OPEN_THEN_OF).all(tx, {**values, "people": people})
    return [each for each in _courses(rows, people, known) if each.is_open]


def of_accounts(
    tx: Connection, workspace_id: str, account_ids: Collection[UUID], known: datetime | None = None
) -> list[Course]:
    """Every deal of these companies, by what was recorded at `known`."""
    values = {"workspace": workspace_id, "accounts": account_ids}
    return list(_courses(OF_ACCOUNTS.all(tx, values), None, known))


def _courses(rows: Iterable[Any], people: Collection[str] | None, known: datetime | None) -> Iterable[Course]:
    wanted = None if people is None else set(people)
    for deal_id, group in groupby(rows, key=lambda row: row.deal_id):
        changes = [Change(*row[1:]) for row in group if known is None or row.recorded_at <= known]
        stood = as_of(changes)
        if stood and (wanted is None or stood["owner_id"] in wanted):
            yield _course(deal_id, stood, changes)


def _course(deal_id: UUID, stood: Mapping[str, Any], changes: Iterable[Change]) -> Course:
    stages = {each.after["stage"] for each in changes if "stage" in each.after}
    amount, lead_id = stood.get("amount"), stood.get("lead_id")
    closed_at, close_on = stood.get("closed_at"), stood.get("close_on")
    return Course(
        id=deal_id,
        account_id=UUID(stood["account_id"]),
        owner_id=stood["owner_id"],
        giver_id=stood.get("giver_id"),
        lead_id=UUID(lead_id) if lead_id else None,
        kind=Kind(stood["kind"]),
        stage=stood["stage"],
        entered=frozenset(stages.intersection(stage.value for stage in PIPELINE)),
        opened_at=datetime.fromisoformat(stood["opened_at"]),
        closed_at=datetime.fromisoformat(closed_at) if closed_at else None,
        money=None if amount is None else Money(stood["currency"], amount),
        close_on=date.fromisoformat(close_on) if close_on else None,
        reason=stood.get("reason"),
    )


def is_duplicate(course: Course) -> bool:
    """Whether it was lost for being the double of another one, which says nothing of selling."""
    return course.stage == Stage.LOST and course.reason == "duplicate"
