"""Reads about companies and the people in them."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from bot.accounts.model import Account, Contact
from bot.reading.names import KnownName
from bot.store.sql import table_of

account = table_of(Account)
contact = table_of(Contact)

SPELLING_REACH = 3
"""How much longer or shorter a name may be and still count as close; spares reading the whole book."""

SPELLING_LIMIT = 20_000
"""Names that one look for close spellings reads at the most."""


def named(tx: Connection, workspace_id: str, keys: Iterable[str]) -> list[KnownName]:
    """Everybody whose name, e-mail or phone is exactly one of `keys` (as `name_key` makes them)."""
    wanted = list(keys)
    if not wanted:
        return []
    companies = tx.execute(
        select(account.c.id, account.c.name).where(
            account.c.workspace_id == workspace_id, account.c.name_key.in_(wanted)
        )
    )
    people = tx.execute(
        _contacts().where(
            contact.c.workspace_id == workspace_id,
            or_(contact.c.name_key.in_(wanted), contact.c.email.in_(wanted), contact.c.phone.in_(wanted)),
        )
    )
    return [*(_company(row) for row in companies), *(_person(row) for row in people)]


def similar_in_length(tx: Connection, workspace_id: str, name_key: str) -> Iterator[KnownName]:
    """The companies and people whose names are about as long as `name_key`: where a misspelling may hide."""
    shortest, longest = len(name_key) - SPELLING_REACH, len(name_key) + SPELLING_REACH
    for table, columns, build in (
        (account, select(account.c.id, account.c.name), _company),
        (contact, _contacts(), _person),
    ):
        rows = tx.execute(
            columns.where(
                table.c.workspace_id == workspace_id, func.length(table.c.name_key).between(shortest, longest)
            ).limit(SPELLING_LIMIT)
        )
        yield from (build(row) for row in rows)


def _contacts() -> Any:
    return select(
        contact.c.id,
        contact.c.account_id,
        contact.c.name,
        contact.c.email,
        contact.c.phone,
        account.c.name.label("company"),
    ).join(
        account,
        (account.c.workspace_id == contact.c.workspace_id) & (account.c.id == contact.c.account_id),
    )


def _company(row: Row[*tuple[Any, ...]]) -> KnownName:
    return KnownName(ref=f"account:{row.id}", name=row.name)


def _person(row: Row[*tuple[Any, ...]]) -> KnownName:
    keys = tuple(key for key in (row.email, row.phone) if key)
    return KnownName(
        ref=f"contact:{row.id}",
        name=row.name,
        keys=keys,
        account=f"account:{row.account_id}",
        detail=row.company,
    )
