"""What people noted about the market: their entries of that kind, with the company."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, select

from bot.accounts.model import Account, Contact
from bot.activity.counted import SPAN, WORKSPACE, activity, total
from bot.activity.entry import Kind
from bot.store.sql import Prepared, one_of, table_of

account = table_of(Account)
contact = table_of(Contact)

WHO_NOTED = Prepared(
    select(total.c.person_id)
    .distinct()
    .where(
        total.c.workspace_id == WORKSPACE,
        one_of(total.c.person_id, "people"),
        total.c.day.between(*SPAN),
        total.c.kind == Kind.INTEL,
        total.c.quantity > 0,
    )
)
NOTES = Prepared(
    select(activity.c.person_id, activity.c.day, activity.c.note, account.c.name)
    .outerjoin(contact, and_(contact.c.workspace_id == activity.c.workspace_id, contact.c.id == activity.c.contact_id))
    .outerjoin(
        account,
        and_(
            account.c.workspace_id == activity.c.workspace_id,
            account.c.id == func.coalesce(activity.c.account_id, contact.c.account_id),
        ),
    )
    .where(
        activity.c.workspace_id == WORKSPACE,
        one_of(activity.c.person_id, "people"),
        activity.c.day.between(*SPAN),
        activity.c.kind == Kind.INTEL,
        activity.c.superseded_at.is_(None),
        activity.c.note.is_not(None),
    )
    .order_by(activity.c.day, activity.c.recorded_at, activity.c.id)
)


class Noted(NamedTuple):
    """One note: whose, of which day, and the company that it is about."""

    person_id: str
    day: date
    note: str
    company: str | None


def noted(tx: Connection, workspace_id: str, person_ids: Collection[str], first: date, last: date) -> list[Noted]:
    """What these people noted for the days `first` to `last`, the oldest first; the totals say who noted anything."""
    span = {"workspace": workspace_id, "first": first, "last": last}
    several = [row.person_id for row in WHO_NOTED.all(tx, {**span, "people": person_ids})]
    return [Noted(*row) for row in NOTES.all(tx, {**span, "people": several})] if several else []
