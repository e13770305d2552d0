"""What can be done about companies and the people in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from bot.accounts.model import Account, Contact
from bot.reading.names import name_key
from bot.store.sql import Prepared, insert_once, table_of
from bot.store.types import new_id

account = table_of(Account)

CALLED = Prepared(
    select(account.c.id).where(account.c.workspace_id == bindparam("workspace"), account.c.name_key == bindparam("key"))
)


@dataclass(frozen=True, slots=True)
class Side:
    """Whom an activity was with: an account, or a contact of one."""

    account_id: UUID | None = None
    contact_id: UUID | None = None


def side(tx: Connection, workspace_id: str, name: str, ref: str | None, *, by: str, now: datetime) -> Side:
    """The rows behind a name that somebody typed: the known one that `ref` points at, or a new account."""
    if ref is None:
        return Side(account_id=ensure_account(tx, workspace_id, name, by=by, now=now))
    noun, _, key = ref.partition(":")
    return Side(contact_id=UUID(key)) if noun == "contact" else Side(account_id=UUID(key))


def ensure_account(tx: Connection, workspace_id: str, name: str, *, by: str, now: datetime) -> UUID:
    """The id of the account called `name`, made if there is none; two at once make one."""
    found = find_account(tx, workspace_id, name)
    if found is None:
        values = {"workspace_id": workspace_id, "id": new_id(), "name": name, "name_key": name_key(name)}
        insert_once(tx, Account, values | {"recorded_at": now, "recorded_by": by})
        found = find_account(tx, workspace_id, name)
    assert found is not None
    return found


def find_account(tx: Connection, workspace_id: str, name: str) -> UUID | None:
    """The account that is called `name`, or None."""
    found = CALLED.first(tx, {"workspace": workspace_id, "key": name_key(name)})
    return found.id if found else None


def add_contact(
    tx: Connection,
    workspace_id: str,
    account_id: UUID,
    name: str,
    *,
    email: str | None = None,
    phone: str | None = None,
    by: str,
    now: datetime,
) -> UUID:
    """A new contact at an account; e-mail in any case, phone in any form with digits."""
    contact_id = new_id()
    tx.execute(
        table_of(Contact)
        .insert()
        .values(
            workspace_id=workspace_id,
            id=contact_id,
            account_id=account_id,
            name=name,
            name_key=name_key(name),
            email=email.lower() if email else None,
            phone="".join(filter(str.isdigit, phone)) if phone else None,
            recorded_at=now,
            recorded_by=by,
        )
    )
    return contact_id
