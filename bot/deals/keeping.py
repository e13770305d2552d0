"""The lives of customers: what they bought when, when they left, and who cared for them at any moment.

By what was recorded at some moment; what was taken back (a win that was reopened, a departure that was none) is not in
it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from bot.deals.courses import Course, of_accounts
from bot.deals.endings import carer
from bot.deals.queries import customer_change
from bot.deals.rules import Change
from bot.deals.states import Kind, Stage, Turn
from bot.store.sql import Prepared, one_of

THEIRS = select(carer.c.account_id).where(
    carer.c.workspace_id == bindparam("workspace"), one_of(carer.c.person_id, "people")
)
"""Whom they care for, or once cared for or sold to."""


def _changes(*narrower: Any) -> Prepared:
    return Prepared(
        select(customer_change.c.account_id, *(customer_change.c[name] for name in Change._fields))
        .where(customer_change.c.workspace_id == bindparam("workspace"), *narrower)
        .order_by(customer_change.c.account_id, customer_change.c.n)
    )


EVERY = _changes()
OF_PEOPLE = _changes(customer_change.c.account_id.in_(THEIRS))


@dataclass(frozen=True, slots=True)
class Bought:
    """A won deal as it made a customer: its value in minor units where it is in the asked currency, else 0."""

    at: datetime
    deal_id: UUID
    owner_id: str
    is_upsell: bool
    value: int


@dataclass(frozen=True, slots=True)
class Life:
    """One customer: `bought` in order, `away` from leaving to coming back (None: not so far), and who cared for them
    from which moment on. Moments in UTC.
    """

    account_id: UUID
    bought: tuple[Bought, ...]
    away: tuple[tuple[datetime, datetime | None], ...] = ()
    cared: tuple[tuple[datetime, str | None], ...] = ()
    lead_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """The company."""
        return self.account_id

    def value(self, at: datetime) -> int | None:
        """What they pay for at a moment: the last deal that was no upsell, and the upsells since; None: no customer."""
        until = [each for each in self.bought if each.at < at]
        base = next((each for each in reversed(until) if not each.is_upsell), None)
        if base is None or any(left < at and (back is None or at <= back) for left, back in self.away):
            return None
        return base.value + sum(each.value for each in until if each.is_upsell and each.at >= base.at)

    def carer(self, at: datetime) -> str | None:
        """Who cared for them at a moment: somebody of customer success, else who had sold to them last."""
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
    here: dict[str, Any] = {"workspace": workspace_id}
    rows = EVERY.all(tx, here) if people is None else OF_PEOPLE.all(tx, {**here, "people": people})
    changes: dict[UUID, list[Change]] = {}
    for row in rows:
        if known is None or row.recorded_at <= known:
            changes.setdefault(row.account_id, []).append(Change(*row[1:]))
    won: dict[UUID, list[Course]] = {}
    for each in of_accounts(tx, workspace_id, list(changes), known) if changes else ():
        if each.stage == Stage.WON:
            won.setdefault(each.account_id, []).append(each)
    return [_life(account, won[account], changes[account], currency) for account in changes if account in won]


def _life(account_id: UUID, won: Iterable[Course], changes: Sequence[Change], currency: str) -> Life:
    ordered = sorted(won, key=lambda each: (each.closed_at or each.opened_at, each.id))
    first = ordered[0]
    return Life(
        account_id,
        tuple(_bought(each, currency) for each in ordered),
        tuple(_away(changes)),
        tuple((each.happened_at, each.after["csm_id"]) for each in changes if "csm_id" in each.after),
        first.lead_id,
    )


def _bought(course: Course, currency: str) -> Bought:
    assert course.closed_at is not None
    value = course.money.minor if course.money and course.money.currency == currency else 0
    return Bought(course.closed_at, course.id, course.owner_id, course.kind is Kind.UPSELL, value)


def _away(changes: Sequence[Change]) -> list[tuple[datetime, datetime | None]]:
    """When they had left, as it was said in the end."""
    found: list[tuple[datetime, datetime | None]] = []
    for each in changes:
        if "churned_at" not in each.after:
            continue
        if each.what == Turn.CHURNED:
            found.append((each.happened_at, None))
        elif found and each.what == Turn.UNDONE:
            found.pop()
        elif found:
            found[-1] = (found[-1][0], each.happened_at)
    return found
