"""Many activities at once, from a list: a handful of statements, whatever their number, and nobody is sent anything.

Everything here but `stored` runs inside a caller's transaction.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, exists, func, select, text

from bot.accounts.model import Account, Contact
from bot.activity.model import Activity, ActivityDay
from bot.store.engine import Store
from bot.store.many import insert_all
from bot.store.sql import Prepared, table_of
from bot.store.types import quick_id

activity = table_of(Activity)
total = table_of(ActivityDay)
account = table_of(Account)
contact = table_of(Contact)
company = account.alias("company")

IMPORTED = "import:"
"""What origins of a list begin with."""

AT_ONCE = 5_000
"""Rows that one statement reads or inserts."""

CACHE_KB = 64 * 1024
"""What SQLite keeps of its indexes in memory while many rows come; for everyday changes it is 2 MB."""

FIRST_ID = UUID(int=0)

WORKSPACE = activity.c.workspace_id == bindparam("workspace")
STANDS = activity.c.superseded_at.is_(None)


class Coming(NamedTuple):
    """A row of a list, its values as `insert_all` takes them.

    `day` and `at` are on the person's wall, `happened_at` is UTC; `origin` begins as `IMPORTED`.
    """

    person_id: str
    kind: str
    quantity: int
    outcome: str | None
    minutes: int | None
    account_id: str | None
    contact_id: str | None
    note: str | None
    day: str
    at: str | None
    happened_at: str
    origin: str


_OF_ALL = ("workspace_id", "version", "colleagues", "recorded_at", "recorded_by")


class Listed(NamedTuple):
    """An entry that stands, with the name of whoever it was with and, of a contact, where they work."""

    id: UUID
    person_id: str
    kind: str
    quantity: int
    outcome: str | None
    minutes: int | None
    note: str | None
    day: date
    at: time | None
    who: str | None
    company: str | None


def _with(other: Any, column: Any) -> Any:
    return and_(other.c.workspace_id == activity.c.workspace_id, other.c.id == column)


_COLUMNS = [activity.c[name] for name in Listed._fields if name not in {"who", "company"}]
PAGE = Prepared(
    select(*_COLUMNS, func.coalesce(contact.c.name, account.c.name).label("who"), company.c.name.label("company"))
    .outerjoin(account, _with(account, activity.c.account_id))
    .outerjoin(contact, _with(contact, activity.c.contact_id))
    .outerjoin(company, and_(company.c.workspace_id == contact.c.workspace_id, company.c.id == contact.c.account_id))
    .where(
        WORKSPACE,
        STANDS,
        activity.c.id > bindparam("after", type_=activity.c.id.type),
        activity.c.day.between(bindparam("first"), bindparam("last")),
    )
    .order_by(activity.c.id)
    .limit(AT_ONCE)
)
ORIGINS = Prepared(
    select(activity.c.origin)
    .where(
        WORKSPACE,
        activity.c.origin > bindparam("after", type_=activity.c.origin.type),
        activity.c.origin.like(f"{IMPORTED}%"),
    )
    .order_by(activity.c.origin)
    .limit(AT_ONCE)
)
HAS_COUNTS = Prepared(select(exists().where(WORKSPACE, STANDS, activity.c.quantity > 1).label("found")))
HAS_CONTACTS = Prepared(select(exists().where(WORKSPACE, STANDS, activity.c.contact_id.is_not(None)).label("found")))

_COUNT_IN = (
    f"INSERT INTO {total.name} (workspace_id, person_id, day, kind, quantity, minutes) "  # noqa: S608 - our own names
    "SELECT workspace_id, person_id, day, kind, sum(quantity), coalesce(sum(minutes), 0) "
    f"FROM {activity.name} WHERE workspace_id = :workspace AND recorded_at = :now AND recorded_by = :by "
    "AND superseded_at IS NULL AND {} GROUP BY workspace_id, person_id, day, kind "
    "ON CONFLICT (workspace_id, person_id, day, kind) DO UPDATE SET "
    f"quantity = {total.name}.quantity + excluded.quantity, minutes = {total.name}.minutes + excluded.minutes"
)
_TYPES = (bindparam("since", type_=activity.c.id.type), bindparam("now", type_=activity.c.recorded_at.type))
COUNT_IN = text(_COUNT_IN.format("id >= :since")).bindparams(*_TYPES)
# The sign keeps SQLite from going by the id, and so through everybody's rows for each person.
COUNT_IN_OF_ONE = text(_COUNT_IN.format("person_id = :person AND +id >= :since")).bindparams(*_TYPES)


def stored(store: Store, workspace_id: str, first: date, last: date) -> Iterator[Listed]:
    """The entries of the days `first` to `last` that stand, in the order of recording.

    Some thousands are read at once, each time in a look of its own, so that neither memory nor the database is held.
    """
    span = {"workspace": workspace_id, "first": first, "last": last}
    after = FIRST_ID
    while True:
        with store.read() as tx:
            some = PAGE.all(tx, {**span, "after": after})
        if not some:
            return
        yield from (Listed(*row) for row in some)
        after = some[-1].id


def origins(tx: Connection, workspace_id: str) -> Iterator[str]:
    """The origin of everything that ever came by a list, whatever became of it."""
    after = ""
    while found := ORIGINS.all(tx, {"workspace": workspace_id, "after": after}):
        yield from (row.origin for row in found)
        after = found[-1].origin


def has_counts(tx: Connection, workspace_id: str) -> bool:
    """Whether any entry stands for more than one activity."""
    return bool(HAS_COUNTS.all(tx, {"workspace": workspace_id})[0].found)


def has_contacts(tx: Connection, workspace_id: str) -> bool:
    """Whether any entry is with a person of a company."""
    return bool(HAS_CONTACTS.all(tx, {"workspace": workspace_id})[0].found)


def add(tx: Connection, workspace_id: str, rows: Iterable[Coming], *, by: str, now: datetime) -> None:
    """Insert `rows`, and add them to the totals of their days, with one statement each.

    SQLite sorts what it adds up in memory, so there the totals are one statement for each person.

    Raises:
        IntegrityError: when the origin of one is there already.
    """
    of_all, since, people = (workspace_id, 1, "[]", written(now), by), quick_id(), set[str]()
    whole = ((*of_all, quick_id().hex, *row) for row in _noted(rows, people))
    is_sqlite = tx.dialect.name == "sqlite"
    if is_sqlite:
        tx.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KB}")
    insert_all(tx, Activity, (*_OF_ALL, "id", *Coming._fields), whole)
    values = {"workspace": workspace_id, "since": UUID(since.hex), "by": by, "now": now}
    if is_sqlite:
        for each in sorted(people):
            tx.execute(COUNT_IN_OF_ONE, {**values, "person": each})
    else:
        tx.execute(COUNT_IN, values)


def _noted(rows: Iterable[Coming], people: set[str]) -> Iterator[Coming]:
    """The rows, with whose they are."""
    for row in rows:
        people.add(row.person_id)
        yield row


def written(moment: datetime) -> str:
    """A moment (UTC) as `Coming` has it."""
    return moment.isoformat(" ", "microseconds").removesuffix("+00:00")
