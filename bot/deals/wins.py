"""The deals that people have won, as they stand or as they stood: what targets are measured by.

Of a deal that several people have shares of, each has the win of their own share, so that together they are the whole.
"""

from collections.abc import Collection
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
_STANDS = select(deal.c.id, *(deal.c[name] for name in _SAID), deal.c.closed_at)
STANDING = Prepared(
    _STANDS.where(
        deal.c.workspace_id == WORKSPACE,
        one_of(deal.c.owner_id, "people"),
        deal.c.stage == Stage.WON.value,
        deal.c.closed_at >= START,
        deal.c.closed_at < END,
    )
)
_OF_THEIRS = select(share.c.deal_id).where(share.c.workspace_id == WORKSPACE, one_of(share.c.person_id, "people"))
SHARED = Prepared(
    _STANDS.where(
        deal.c.workspace_id == WORKSPACE,
        deal.c.id.in_(_OF_THEIRS),
        unindexed(deal.c.stage) == Stage.WON.value,
        unindexed(deal.c.closed_at) >= START,
        unindexed(deal.c.closed_at) < END,
    )
)
"""What they have, or once had, a share of: found by the person, whatever else was won."""
_LATER = ending.alias("later")
_STOOD = select(
    ending.c.deal_id.label("id"), *(ending.c[name] for name in _SAID), ending.c.happened_at.label("closed_at")
)


def _known_then(*whose: ColumnElement[bool]) -> Prepared:
    return Prepared(
        _STOOD.where(
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
    )


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
    when: dict[str, Any] = {"workspace": workspace_id, "people": person_ids, "start": start, "end": end}
    if known is not None:
        when["known"] = known
    owned, shared = (STANDING, SHARED) if known is None else (KNOWN_THEN, SHARED_THEN)
    people = frozenset(person_ids)
    found = [_whole(row) if not row.shares else _part(row, row.owner_id) for row in owned.all(tx, when)]
    found += [_part(row, each) for row in shared.all(tx, when) for each in row.shares or () if each in people]
    return found


def _whole(row: Any) -> Win:
    return Win(row.id, row.owner_id, KINDS[row.kind], _money(row.amount, row.currency), row.closed_at)


def _part(row: Any, person_id: str) -> Win:
    """Somebody's own share of a win."""
    money = _money(row.amount, row.currency)
    part = credited(money, row.shares, row.owner_id)[person_id] if money else money
    return Win(row.id, person_id, KINDS[row.kind], part, row.closed_at, person_id == row.owner_id)


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(currency, minor)
