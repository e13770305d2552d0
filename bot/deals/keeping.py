"""The lives of customers: what they bought when, when they left, and who cared for them at any moment.

By what was recorded at some moment; what was taken back (a win that was reopened, a departure that was none) is not in
it. Read from how deals ended and customers left, which is kept with the changes that say so.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, select

from bot.deals.courses import IS_LAST, KNOWN, WORKSPACE
from bot.deals.endings import carer, ending, leaving
from bot.deals.queries import customer_change
from bot.deals.states import Kind, Turn, What
from bot.people.queries import LATEST
from bot.store.sql import Prepared, digits, one_of, unindexed

THEIRS = select(carer.c.account_id).where(carer.c.workspace_id == WORKSPACE, one_of(carer.c.person_id, "people"))
"""Whom they care for, or once cared for or sold to."""


class _Read(NamedTuple):
    """A statement about every customer, and about those of some people."""

    every: Prepared
    theirs: Prepared

    def rows(self, tx: Connection, values: Mapping[str, Any]) -> dict[str, list[Any]]:
        """What was recorded by then, by company."""
        found: dict[str, list[Any]] = {}
        for row in (self.theirs if "people" in values else self.every).all(tx, values):
            found.setdefault(row.account_id, []).append(row)
        return found


def _read(statement: Select[Any], account_id: ColumnElement[UUID]) -> _Read:
    return _Read(Prepared(statement), Prepared(statement.where(account_id.in_(THEIRS))))


_UPSELL = Kind.UPSELL.value
_WON = (ending.c.workspace_id == WORKSPACE, ending.c.what == What.WON.value)
_KNOWN = unindexed(ending.c.recorded_at) <= KNOWN
_HAVE_LEFT = select(leaving.c.account_id).where(leaving.c.workspace_id == WORKSPACE)
BOUGHT = _read(
    select(
        *(digits(ending.c[name]) for name in ("account_id", "deal_id", "lead_id")),
        *(ending.c[name] for name in "owner_id kind amount currency happened_at".split()),
    ).where(*_WON, _KNOWN, IS_LAST),
    ending.c.account_id,
)
"""What is won: by the last ending of each deal."""
ENDINGS = _read(
    select(
        *(digits(ending.c[name]) for name in ("account_id", "deal_id")),
        *(ending.c[name] for name in "n what happened_at recorded_at".split()),
    )
    .where(ending.c.workspace_id == WORKSPACE, ending.c.account_id.in_(_HAVE_LEFT), _KNOWN)
    .order_by(ending.c.deal_id, ending.c.n),
    ending.c.account_id,
)
"""How deals of those ended who have ever left."""
LEAVINGS = _read(
    select(digits(leaving.c.account_id), *(leaving.c[name] for name in "what happened_at recorded_at".split()))
    .where(leaving.c.workspace_id == WORKSPACE, unindexed(leaving.c.recorded_at) <= KNOWN)
    .order_by(leaving.c.account_id, leaving.c.n),
    leaving.c.account_id,
)
GIVEN = _read(
    select(digits(customer_change.c.account_id), customer_change.c.after, customer_change.c.happened_at)
    .where(
        customer_change.c.workspace_id == WORKSPACE,
        customer_change.c.what == Turn.GIVEN.value,
        unindexed(customer_change.c.recorded_at) <= KNOWN,
    )
    .order_by(customer_change.c.account_id, customer_change.c.n),
    customer_change.c.account_id,
)


class Bought(NamedTuple):
    """A won deal as it made a customer: its value in minor units where it is in the asked currency, else 0."""

    at: datetime
    owner_id: str
    is_upsell: bool
    value: int


class Life(NamedTuple):
    """One customer: `bought` in order, at least once, `away` from leaving to coming back (None: not so far), and who
    cared for them from which moment on. Most have bought once, and that is all. Ids are hex digits, moments in UTC.
    """

    account_id: str
    bought: tuple[Bought, ...]
    away: tuple[tuple[datetime, datetime | None], ...] = ()
    cared: tuple[tuple[datetime, str | None], ...] = ()
    lead_id: str | None = None

    @property
    def carers(self) -> set[str]:
        """Whoever cared for them at any moment, or sold to them."""
        if len(self.bought) == 1 and not self.away and not self.cared:
            return {self.bought[0].owner_id}
        return {each.owner_id for each in self.bought} | {person for _, person in self.cared if person}

    def value(self, at: datetime) -> int | None:
        """What they pay for at a moment: the last deal that was no upsell, and the upsells since; None: no customer."""
        if len(self.bought) == 1 and not self.away and not self.cared:
            only = self.bought[0]
            return None if only.is_upsell or only.at >= at else only.value
        until = [each for each in self.bought if each.at < at]
        base = next((each for each in reversed(until) if not each.is_upsell), None)
        if base is None or any(left < at and (back is None or at <= back) for left, back in self.away):
            return None
        return base.value + sum(each.value for each in until if each.is_upsell and each.at >= base.at)

    def carer(self, at: datetime) -> str | None:
        """Who cared for them at a moment: somebody of customer success, else who had sold to them last."""
        if len(self.bought) == 1 and not self.away and not self.cared:
            only = self.bought[0]
            return None if only.is_upsell or only.at >= at else only.owner_id
        given = [person for since, person in self.cared if since < at]
        sold = [each.owner_id for each in self.bought if each.at < at and not each.is_upsell]
        return (given[-1] if given else None) or (sold[-1] if sold else None)


def lives(
    tx: Connection,
    workspace_id: str,
    currency: str,
    people: Collection[str] | None = None,
    known: datetime | None = None,
) -> list[Life]:
    """The customers for whom these people ever cared, or to whom they sold, or (None) all of them."""
    values: dict[str, Any] = {"workspace": workspace_id, "known": known or LATEST}
    if people is not None:
        values["people"] = people
    bought, endings, leavings, given = (each.rows(tx, values) for each in (BOUGHT, ENDINGS, LEAVINGS, GIVEN))
    return [
        Life(
            account_id,
            tuple([_bought(each, currency) for each in rows]),
            tuple(_away(leavings[account_id], endings[account_id])) if account_id in leavings else (),
            tuple((each.happened_at, each.after.get("csm_id")) for each in given.get(account_id, ())),
            rows[0].lead_id,
        )
        for account_id, found in bought.items()
        for rows in [found if len(found) == 1 else sorted(found, key=attrgetter("happened_at", "deal_id"))]
    ]


def _bought(row: Any, currency: str) -> Bought:
    value = row.amount if row.amount and row.currency == currency else 0
    return Bought(row.happened_at, row.owner_id, row.kind == _UPSELL, value)


def _away(leavings: Iterable[Any], endings: Iterable[Any]) -> list[tuple[datetime, datetime | None]]:
    """When they had left, as it was said in the end; what they bought since says that they are back."""
    found: list[tuple[datetime, datetime, datetime | None]] = []
    for each in leavings:
        if each.what == Turn.CHURNED:
            found.append((each.recorded_at, each.happened_at, None))
        elif found:
            found.pop()
    wins = sorted(_wins(endings), key=lambda row: row.recorded_at)
    return [
        (left, next((each.happened_at for each in wins if each.recorded_at > recorded), None))
        for recorded, left, _ in found
    ]


def _wins(endings: Iterable[Any]) -> list[Any]:
    """Every win, but not that a won deal was divided anew. The endings are those of each deal in order."""
    found, before = [], dict[str, str]()
    for each in endings:
        if each.what == What.WON and before.get(each.deal_id) != What.WON:
            found.append(each)
        before[each.deal_id] = each.what
    return found
