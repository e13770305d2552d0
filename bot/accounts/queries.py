"""Reads about companies and the people in them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    and_,
    bindparam,
    func,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from bot.accounts.model import Account, Contact
from bot.reading.names import KnownName
from bot.store.sql import Param, table_of

account = table_of(Account)
contact = table_of(Contact)

SPELLING_REACH = 3
"""How much longer or shorter a name may be and still count as close; spares reading the whole book."""

SPELLING_LIMIT = 20_000
"""Names that one look for close spellings reads at the most."""

WORKSPACE: Param = bindparam("workspace")
KEYS: Param = bindparam("keys", expanding=True)
AS_LONG: tuple[Param, Param] = (bindparam("shortest"), bindparam("longest"))


def _everybody(accounts_where: ColumnElement[bool], contacts_where: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Companies and people in one statement: one way to the database and back."""
    companies = select(
        account.c.id.label("account_id"),
        account.c.name.label("company"),
        type_coerce(null(), contact.c.id.type).label("contact_id"),
        null().label("name"),
        null().label("email"),
        null().label("phone"),
    ).where(account.c.workspace_id == WORKSPACE, accounts_where)
    people = (
        select(account.c.id, account.c.name, contact.c.id, contact.c.name, contact.c.email, contact.c.phone)
        .join(
            account,
            and_(account.c.workspace_id == contact.c.workspace_id, account.c.id == contact.c.account_id),
        )
        .where(contact.c.workspace_id == WORKSPACE, contacts_where)
    )
    return union_all(companies, people)


NAMED = _everybody(
    account.c.name_key.in_(KEYS),
    or_(contact.c.name_key.in_(KEYS), contact.c.email.in_(KEYS), contact.c.phone.in_(KEYS)),
)
COMPANY = (
    select(account.c.name)
    .join(contact, and_(contact.c.workspace_id == account.c.workspace_id, contact.c.account_id == account.c.id))
    .where(contact.c.workspace_id == WORKSPACE, contact.c.id == bindparam("contact"))
)
SIMILAR = _everybody(
    func.length(account.c.name_key).between(*AS_LONG), func.length(contact.c.name_key).between(*AS_LONG)
).limit(SPELLING_LIMIT)


def named(tx: Connection, workspace_id: str, keys: Iterable[str]) -> list[KnownName]:
    """Everybody whose name, e-mail or phone is exactly one of `keys` (as `name_key` makes them)."""
    wanted = list(keys)
    if not wanted:
        return []
    return [_known(row) for row in tx.execute(NAMED, {"workspace": workspace_id, "keys": wanted})]


def similar_in_length(tx: Connection, workspace_id: str, name_key: str) -> list[KnownName]:
    """The companies and people whose names are about as long as `name_key`: where a misspelling may hide."""
    bounds = {"shortest": len(name_key) - SPELLING_REACH, "longest": len(name_key) + SPELLING_REACH}
    return [_known(row) for row in tx.execute(SIMILAR, {"workspace": workspace_id, **bounds})]


def company_of(tx: Connection, workspace_id: str, contact_id: UUID) -> str | None:
    """Where a contact works."""
    found: str | None = tx.execute(COMPANY, {"workspace": workspace_id, "contact": contact_id}).scalar_one_or_none()
    return found


def _known(row: Row[*tuple[Any, ...]]) -> KnownName:
    if row.contact_id is None:
        return KnownName(ref=f"account:{row.account_id}", name=row.company)
    return KnownName(
        ref=f"contact:{row.contact_id}",
        name=row.name,
        keys=tuple(key for key in (row.email, row.phone) if key),
        account=f"account:{row.account_id}",
        detail=row.company,
    )
