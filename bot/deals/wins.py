"""The deals that people have won, as they stand or as they stood: what targets are measured by.

Of a deal that several people have shares of, each has the win of their own share, so that together they are the whole.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, exists, select

from bot.deals.endings import ending, share
from bot.deals.queries import deal
from bot.deals.split import credited
from bot.deals.states import KINDS, Kind, Stage, What
from bot.money import Money
from bot.store.sql import Param, Prepared, one_of, unindexed

WORKSPACE: Param = bindparam("workspace")
START: Param = bindparam("start", type_=deal.c.closed_at.type)
END: Param = bindparam("end", type_=deal.c.closed_at.type)
KNOWN: Param = bindparam("known", type_=ending.c.recorded_at.type)

_SAID = "owner_id kind amount currency shares".split()


class _Read(NamedTuple):
    """A statement of wins, and the same without their ids: where they are only added up, and there are thousands."""

    wins: Prepared
    credits: Prepared


def _standing(*which: ColumnElement[bool]) -> _Read:
    columns = [*(deal.c[name] for name in _SAID), deal.c.closed_at]
    every = (select(*ids, *columns).where(deal.c.workspace_id == WORKSPACE, *which) for ids in ([deal.c.id], []))
    return _Read(*map(Prepared, every))


STANDING = _standing(
    one_of(deal.c.owner_id, "people"),
    deal.c.stage == Stage.WON.value,
    deal.c.closed_at >= START,
    deal.c.closed_at < END,
)
_OF_THEIRS = select(share.c.deal_id).where(share.c.workspace_id == WORKSPACE, one_of(share.c.person_id, "people"))
SHARED = _standing(
    deal.c.id.in_(_OF_THEIRS),
    unindexed(deal.c.stage) == Stage.WON.value,
    unindexed(deal.c.closed_at) >= START,
    unindexed(deal.c.closed_at) < END,
)
"""What they have, or once had, a share of: found by the person, whatever else was won."""
_LATER = ending.alias("later")


def _known_then(*whose: ColumnElement[bool]) -> _Read:
    columns = [*(ending.c[name] for name in _SAID), ending.c.happened_at.label("closed_at")]
    stood = (
        ending.c.workspace_id == WORKSPACE,
        *whose,
        ending.c.what == What.WON.value,
        unindexed(ending.c.happened_at) >= START,
        unindexed(ending.c.happened_at) < END,
        ending.c.recorded_at <= KNOWN,
        ~exists().where(
            _LATER.c.workspace_id == ending.c.workspace_id,
            _LATER.c.deal_id == ending.c.deal_id,
            _LATER.c.n > ending.c.n,
            _LATER.c.recorded_at <= KNOWN,
        ),
    )
    every = (select(*ids, *columns).where(*stood) for ids in ([ending.c.deal_id.label("id")], []))
    return _Read(*map(Prepared, every))


KNOWN_THEN = _known_then(one_of(ending.c.owner_id, "people"))
SHARED_THEN = _known_then(ending.c.deal_id.in_(_OF_THEIRS))


class Win(NamedTuple):
    """A deal that is won: who is credited with how much of it (None: nobody said), and when (UTC). Of several who have
    shares, `is_owner` is the one whose deal it is: it counts as theirs, once.
    """

    deal_id: UUID
    person_id: str
    kind: Kind
    money: Money | None
    at: datetime
    is_owner: bool = True


def wins(
    tx: Connection,
    workspace_id: str,
    person_ids: Collection[str],
    start: datetime,
    end: datetime,
    known: datetime | None = None,
) -> list[Win]:
    """What these people won in [start, end), and had a share of. One that was reopened is no win until it is won again.

    With `known`, as it stood by what was recorded then: the last ending of each deal.
    """
    when, owned, shared = _asked(workspace_id, person_ids, start, end, known)
    people = frozenset(person_ids)
    found = [_whole(row) if not row.shares else _part(row, row.owner_id) for row in owned.wins.all(tx, when)]
    found += [_part(row, each) for row in shared.wins.all(tx, when) for each in row.shares or () if each in people]
    return found


class Credit(NamedTuple):
    """A win in few words: who is credited with how much of it, in minor units, and when (UTC). See `Win`."""

    person_id: str
    kind: str
    minor: int | None
    currency: str
    at: datetime
    is_owner: bool = True


def credited_wins(
    tx: Connection,
    workspace_id: str,
    person_ids: Collection[str],
    start: datetime,
    end: datetime,
    known: datetime | None = None,
) -> Iterator[Credit]:
    """The same wins in few words."""
    when, owned, shared = _asked(workspace_id, person_ids, start, end, known)
    people = frozenset(person_ids)
    for row in owned.credits.all(tx, when):
        minor = row.amount if not row.shares else _minor(row, row.owner_id)
        yield Credit(row.owner_id, row.kind, minor, row.currency, row.closed_at)
    for row in shared.credits.all(tx, when):
        for each in row.shares or ():
            if each in people:
                minor = _minor(row, each)
                yield Credit(each, row.kind, minor, row.currency, row.closed_at, each == row.owner_id)


def _asked(
    workspace_id: str, person_ids: Collection[str], start: datetime, end: datetime, known: datetime | None
) -> tuple[dict[str, Any], _Read, _Read]:
    """What is asked for, of what people have and of what they have a share of."""
    when: dict[str, Any] = {"workspace": workspace_id, "people": person_ids, "start": start, "end": end}
    if known is None:
        return when, STANDING, SHARED
    return {**when, "known": known}, KNOWN_THEN, SHARED_THEN


def _whole(row: Any) -> Win:
    return Win(row.id, row.owner_id, KINDS[row.kind], _money(row.amount, row.currency), row.closed_at)


def _part(row: Any, person_id: str) -> Win:
    """Somebody's own share of a win."""
    part = _money(_minor(row, person_id), row.currency)
    return Win(row.id, person_id, KINDS[row.kind], part, row.closed_at, person_id == row.owner_id)


def _minor(row: Any, person_id: str) -> int | None:
    money = _money(row.amount, row.currency)
    return credited(money, row.shares, row.owner_id)[person_id].minor if money else row.amount


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(currency, minor)
