"""What can be done about companies and the people in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from bot.accounts.model import Account, Contact
from bot.reading.names import name_key
from bot.store.many import insert_many_once
from bot.store.sql import Prepared, insert_once, one_of, table_of
from bot.store.types import new_id, quick_id

account = table_of(Account)
contact = table_of(Contact)

CALLED = Prepared(
    select(account.c.id).where(account.c.workspace_id == bindparam("workspace"), account.c.name_key == bindparam("key"))
)
CALLED_SO = Prepared(
    select(account.c.name_key, account.c.id).where(
        account.c.workspace_id == bindparam("workspace"), one_of(account.c.name_key, "keys")
    )
)

WORKS_AT = Prepared(
    select(contact.c.account_id).where(
        contact.c.workspace_id == bindparam("workspace"), contact.c.id == bindparam("contact")
    )
)
NAME = Prepared(
    select(account.c.name).where(account.c.workspace_id == bindparam("workspace"), account.c.id == bindparam("account"))
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


def known_account(tx: Connection, workspace_id: str, name: str, ref: str | None) -> UUID | None:
    """The account that a typed name means, a contact's own one included; None where nobody is called so."""
    if ref is None:
        return find_account(tx, workspace_id, name)
    noun, _, key = ref.partition(":")
    return account_of(tx, workspace_id, Side(contact_id=UUID(key)) if noun == "contact" else Side(UUID(key)))


def account_of(tx: Connection, workspace_id: str, side: Side) -> UUID:
    """The account of a side: itself, or where the contact works."""
    if side.account_id:
        return side.account_id
    found = WORKS_AT.first(tx, {"workspace": workspace_id, "contact": side.contact_id})
    assert found is not None  # contacts are never deleted
    account_id: UUID = found.account_id
    return account_id


def name_of(tx: Connection, workspace_id: str, account_id: UUID) -> str:
    """What an account is called."""
    found = NAME.first(tx, {"workspace": workspace_id, "account": account_id})
    return str(found.name) if found else ""


def ensure_accounts(
    tx: Connection, workspace_id: str, names: Mapping[str, str], *, by: str, now: datetime
) -> dict[str, UUID]:
    """The ids of many accounts by their `name_key`; `names` are those to make where there are none, by the same."""
    found = find_accounts(tx, workspace_id, names)
    missing = [key for key in names if key not in found]
    rows = [
        {"workspace_id": workspace_id, "id": quick_id(), "name": names[key], "name_key": key}
        | {"recorded_at": now, "recorded_by": by}
        for key in missing
    ]
    insert_many_once(tx, Account, rows)
    return found | find_accounts(tx, workspace_id, missing)


def find_accounts(tx: Connection, workspace_id: str, keys: Collection[str]) -> dict[str, UUID]:
    """The ids of those accounts that there are, by their `name_key`."""
    return (
        {row.name_key: row.id for row in CALLED_SO.all(tx, {"workspace": workspace_id, "keys": keys})} if keys else {}
    )


@dataclass(frozen=True, slots=True)
class NewContact:
    """Somebody at an account, to be added with many others."""

    id: UUID
    account_id: UUID
    name: str
    email: str | None = None
    phone: str | None = None


def add_contacts(tx: Connection, workspace_id: str, people: Sequence[NewContact], *, by: str, now: datetime) -> None:
    """Many contacts at once; e-mails in small letters, phones in any form with digits."""
    recorded = {"workspace_id": workspace_id, "recorded_at": now, "recorded_by": by}
    insert_many_once(tx, Contact, [{**recorded, **_values(each)} for each in people])


def _values(person: NewContact) -> dict[str, object]:
    return {
        "account_id": person.account_id,
        "name": person.name,
        "name_key": name_key(person.name),
        "email": person.email,
        "id": person.id,
        **_phone(person.phone),
    }


def _phone(said: str | None) -> dict[str, str | None]:
    """A phone number to be found by, and to be shown."""
    digits = "".join(filter(str.isdigit, said or ""))
    return {"phone": digits or None, "phone_said": said if digits else None}


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
        contact.insert().values(
            workspace_id=workspace_id,
            id=contact_id,
            account_id=account_id,
            name=name,
            name_key=name_key(name),
            email=email.lower() if email else None,
            recorded_at=now,
            recorded_by=by,
            **_phone(phone),
        )
    )
    return contact_id
