"""What pay is made of: every win and what took it back, and the customers who left, each with two times.

Everybody's, or what concerns one person: what they or those below sold, what came of leads they gave and of companies
they joined, the customers they care for. Of a company that left all wins are among it: the ids of losses count them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, or_, select, union

from bot.deals.endings import ending, leaving, share
from bot.deals.queries import account
from bot.deals.states import Kind, What
from bot.store.sql import Param, Prepared, one_of, one_of_ids, unindexed


class Ending(NamedTuple):
    """A win, or that it was taken back, with the deal as it stood then; a win behind a win divides it anew."""

    n: int
    what: str
    account_id: UUID
    kind: Kind
    owner_id: str
    giver_id: str | None
    handoff_id: UUID | None
    amount: int | None
    currency: str
    opened_at: datetime
    happened_at: datetime
    recorded_at: datetime
    shares: Mapping[str, str] | None = None


class Leaving(NamedTuple):
    """That a customer left, or had not after all: the deal that ran, who cared for them, what they were to renew."""

    n: int
    what: str
    deal_id: UUID | None
    csm_id: str | None
    amount: int | None
    currency: str | None
    happened_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Sold:
    """A deal that was won at some time: each win, and what undid it, in order."""

    deal_id: UUID
    company: str
    endings: tuple[Ending, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A customer who left at some time, and whether that was taken back, in order."""

    account_id: UUID
    company: str
    leavings: tuple[Leaving, ...]


class Settled(NamedTuple):
    """A stretch of time [first, end) in UTC whose doings are settled: what happened and was recorded in it is not asked
    for, unless something later concerns it. Of nothing, everything is asked for.
    """

    first: datetime = datetime.min.replace(tzinfo=UTC)
    end: datetime = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Concerning:
    """Whose deals: of `owners` or with shares of theirs, of leads that the `person` gave, of the companies that they
    joined; and who cares.
    """

    person: str
    owners: Collection[str]
    joined: Collection[UUID]
    settled: Settled


WORKSPACE: Param = bindparam("workspace")
KNOWN: Param = bindparam("known", type_=ending.c.recorded_at.type)
PERSON: Param = bindparam("person")
FIRST: Param = bindparam("first", type_=ending.c.happened_at.type)
LAST: Param = bindparam("end", type_=ending.c.happened_at.type)

HERE = and_(ending.c.workspace_id == WORKSPACE, ending.c.what != What.LOST.value, ending.c.recorded_at <= KNOWN)
LEFT_HERE = and_(leaving.c.workspace_id == WORKSPACE, leaving.c.recorded_at <= KNOWN)
OWNED = one_of(ending.c.owner_id, "owners")
SHARED = ending.c.deal_id.in_(
    select(share.c.deal_id).where(share.c.workspace_id == WORKSPACE, one_of(share.c.person_id, "owners"))
)
GIVEN = ending.c.giver_id == PERSON
JOINED = one_of_ids(ending.c.account_id, "joined")
CARED = leaving.c.csm_id == PERSON


def _unsettled(table: Any) -> tuple[ColumnElement[bool], ...]:
    """What lies outside of the settled stretch: each alone is found by an index."""
    happened, recorded = unindexed(table.c.happened_at), unindexed(table.c.recorded_at)
    return happened < FIRST, happened >= LAST, recorded >= LAST


def _deals() -> Any:
    """The deals of which something concerns them that is not settled."""
    owned = [select(ending.c.deal_id).where(HERE, OWNED, each) for each in _unsettled(ending)]
    others = [select(ending.c.deal_id).where(HERE, each, or_(*_unsettled(ending))) for each in (SHARED, GIVEN, JOINED)]
    return union(*owned, *others)


def _sold(*narrower: ColumnElement[bool]) -> Prepared:
    return Prepared(
        select(ending.c.deal_id, account.c.name.label("company"), *(ending.c[name] for name in Ending._fields))
        .join(account, and_(account.c.workspace_id == ending.c.workspace_id, account.c.id == ending.c.account_id))
        .where(HERE, *narrower)
        .order_by(unindexed(ending.c.deal_id) if narrower else ending.c.deal_id, ending.c.n)
    )


def _left(*narrower: ColumnElement[bool]) -> Prepared:
    return Prepared(
        select(leaving.c.account_id, account.c.name.label("company"), *(leaving.c[name] for name in Leaving._fields))
        .join(account, and_(account.c.workspace_id == leaving.c.workspace_id, account.c.id == leaving.c.account_id))
        .where(LEFT_HERE, *narrower)
        .order_by(leaving.c.account_id, leaving.c.n)
    )


def _accounts() -> Any:
    """These companies, and those they care for or had a part in whose leaving is not settled."""
    these = select(leaving.c.account_id).where(LEFT_HERE, one_of_ids(leaving.c.account_id, "accounts"))
    theirs = and_(ending.c.workspace_id == leaving.c.workspace_id, ending.c.account_id == leaving.c.account_id)
    lately = select(leaving.c.account_id).where(LEFT_HERE, or_(*_unsettled(leaving)))
    parts: list[Select[Any]] = [
        lately.join(ending, theirs).where(HERE, each) for each in (OWNED, SHARED, GIVEN, JOINED)
    ]
    return union(these, lately.where(CARED), *parts)


SOLD = _sold()
SOLD_TO = _sold(JOINED)
SOLD_OF = _sold(ending.c.deal_id.in_(_deals()))
LEFT = _left()
LEFT_FROM = _left(leaving.c.account_id.in_(_accounts()))


def everything(tx: Connection, workspace_id: str, known: datetime) -> tuple[list[Sold], list[Left]]:
    """Every deal that was ever won and every customer who ever left, by what was recorded at `known` (UTC)."""
    values = {"workspace": workspace_id, "known": known}
    return _of_deals(SOLD.all(tx, values)), _of_customers(LEFT.all(tx, values))


def concerning(tx: Connection, workspace_id: str, whose: Concerning, known: datetime) -> tuple[list[Sold], list[Left]]:
    """The same as far as it concerns somebody: at least that, in the same order."""
    values = {
        "workspace": workspace_id,
        "known": known,
        "person": whose.person,
        "owners": whose.owners,
        "joined": whose.joined,
        "first": whose.settled.first,
        "end": whose.settled.end,
    }
    found = {each.deal_id: each for each in _of_deals(SOLD_OF.all(tx, values))}
    accounts = {each.endings[0].account_id for each in found.values()}
    left = _of_customers(LEFT_FROM.all(tx, {**values, "accounts": accounts}))
    if left:
        of_those = {"joined": [each.account_id for each in left], "workspace": workspace_id, "known": known}
        found |= {each.deal_id: each for each in _of_deals(SOLD_TO.all(tx, of_those))}
    return [found[each] for each in sorted(found)], left


def _of_deals(rows: list[Any]) -> list[Sold]:
    return [
        Sold(deal_id, company, tuple(Ending(*each)._replace(kind=Kind(each[3])) for each in endings))
        for deal_id, company, endings in _in_groups(rows)
    ]


def _of_customers(rows: list[Any]) -> list[Left]:
    return [
        Left(account_id, company, tuple(Leaving(*each) for each in leavings))
        for account_id, company, leavings in _in_groups(rows)
    ]


def _in_groups(rows: list[Any]) -> Iterator[tuple[UUID, str, list[Any]]]:
    for (of, company), each in groupby(rows, key=lambda row: (row[0], row[1])):
        yield of, company, [row[2:] for row in each]
