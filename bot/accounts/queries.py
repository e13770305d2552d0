"""Reads about companies and the people in them."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    cast,
    func,
    null,
    select,
    union_all,
)

from bot.accounts.model import Account, Contact
from bot.reading.names import KnownName
from bot.store.sql import Param, Prepared, one_of, one_of_ids, table_of

account = table_of(Account)
contact = table_of(Contact)

SPELLING_REACH = 3
"""How much longer or shorter a name may be and still count as close."""

SPELLING_LIMIT = 500
"""Names with one stretch in common that a look for close spellings reads at the most: thousands begin with `The ` or
`ООО `, and of those the other stretches tell.
"""

STRETCH = 4
"""Letters of a name's stretches (`bot.accounts.model`)."""

WORKSPACE: Param = bindparam("workspace")
AS_LONG: tuple[Param, Param] = (bindparam("shortest"), bindparam("longest"))


def _companies(where: ColumnElement[bool]) -> Select[Any]:
    return select(
        account.c.id.label("account_id"),
        account.c.name.label("company"),
        cast(null(), contact.c.id.type).label("contact_id"),
        null().label("name"),
        null().label("email"),
        null().label("phone"),
    ).where(account.c.workspace_id == WORKSPACE, where)


def _people(where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(account.c.id, account.c.name, contact.c.id, contact.c.name, contact.c.email, contact.c.phone)
        .join(
            account,
            and_(account.c.workspace_id == contact.c.workspace_id, account.c.id == contact.c.account_id),
        )
        .where(contact.c.workspace_id == WORKSPACE, where)
    )


def _alike(table: Table) -> Iterator[ColumnElement[bool]]:
    """About as long, and with one stretch in common."""
    in_common = (
        table.c.head == bindparam("head"),
        one_of(table.c.middle, "middles"),
        table.c.tail == bindparam("tail"),
    )
    return (and_(each, func.length(table.c.name_key).between(*AS_LONG)) for each in in_common)


def _some(found: Select[Any]) -> Select[Any]:
    """Some of them: a limit within a union stands in brackets, which SQLite has none of."""
    some = found.limit(SPELLING_LIMIT).subquery()
    return select(*some.c)


# An OR over the three columns of a contact would read every contact of the workspace: each has its own index.
NAMED = Prepared(
    union_all(
        _companies(one_of(account.c.name_key, "keys")),
        _people(one_of(contact.c.name_key, "keys")),
        _people(one_of(contact.c.email, "emails")),
        _people(one_of(contact.c.phone, "phones")),
    )
)
COMPANY = Prepared(
    select(account.c.name)
    .join(contact, and_(contact.c.workspace_id == account.c.workspace_id, contact.c.account_id == account.c.id))
    .where(contact.c.workspace_id == WORKSPACE, contact.c.id == bindparam("contact"))
)
PEOPLE_AT = Prepared(
    select(contact.c.account_id, contact.c.name_key, contact.c.email).where(
        contact.c.workspace_id == WORKSPACE, one_of_ids(contact.c.account_id, "accounts")
    )
)
SIMILAR = Prepared(
    union_all(
        *(_some(_companies(each)) for each in _alike(account)),
        *(_some(_people(each)) for each in _alike(contact)),
    )
)


def named(tx: Connection, workspace_id: str, keys: Collection[str]) -> list[KnownName]:
    """Everybody whose name, e-mail or phone is exactly one of `keys` (as `name_key` makes them)."""
    if not keys:
        return []
    emails = [key for key in keys if "@" in key]
    phones = [key for key in keys if key.isdigit()]
    found = NAMED.all(tx, {"workspace": workspace_id, "keys": keys, "emails": emails, "phones": phones})
    return [_known(row) for row in dict.fromkeys(found)]


def similar(tx: Connection, workspace_id: str, name_key: str) -> list[KnownName]:
    """The companies and people who may be meant by the misspelt `name_key`: about as long, and with the beginning, the
    letters behind it or the end in common. One wrong, missing or additional letter leaves one of the three as it is.
    """
    values = {
        "workspace": workspace_id,
        "head": name_key[:STRETCH],
        "middles": [name_key[n : n + STRETCH] for n in (STRETCH, STRETCH - 1, STRETCH + 1)],  # one too few, too many
        "tail": name_key[-STRETCH:],
        "shortest": len(name_key) - SPELLING_REACH,
        "longest": len(name_key) + SPELLING_REACH,
    }
    return [_known(row) for row in dict.fromkeys(SIMILAR.all(tx, values))]


def people_at(tx: Connection, workspace_id: str, account_ids: Collection[UUID]) -> list[tuple[UUID, str, str | None]]:
    """Everybody at these accounts: where, under which `name_key`, with which e-mail."""
    found = PEOPLE_AT.all(tx, {"workspace": workspace_id, "accounts": account_ids})
    return [(row.account_id, row.name_key, row.email) for row in found]


def company_of(tx: Connection, workspace_id: str, contact_id: UUID) -> str | None:
    """Where a contact works."""
    found = COMPANY.first(tx, {"workspace": workspace_id, "contact": contact_id})
    return found.name if found else None


def _known(row: Any) -> KnownName:
    if row.contact_id is None:
        return KnownName(ref=f"account:{row.account_id}", name=row.company)
    return KnownName(
        ref=f"contact:{row.contact_id}",
        name=row.name,
        keys=tuple(key for key in (row.email, row.phone) if key),
        account=f"account:{row.account_id}",
        detail=row.company,
    )
