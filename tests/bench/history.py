"""Years of a large workspace at once: deals with their changes, customers, statements and activity, written by the
database itself, set by set, as the use cases would have left them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

import psycopg
from sqlmodel import SQLModel

from bot.store.engine import Store
from tests.bench.staff import WORKSPACE

PEOPLE = 5_000
SELLERS = 2 * PEOPLE // 5
"""Every account executive of `staff.REPS`."""

SPACING = 5_256
"""Minutes between two deals of one seller: a hundred a year."""

CYCLE, MOVES, WORTH = 14_400, 2_880, 7_200
"""Minutes from the first line of a deal to its end, to its next stage and to its amount."""

A_DAY = 8
"""Activities of one person on a day: seven calls and a meeting."""

WON_OF, GIVEN_OF, LED_OF, LEFT_OF, REMOVED_OF = 3, 5, 2, 50, 100
"""One deal in so many is won, comes of a hand-off, of a lead, of a customer who has left; one entry was removed."""

ACCOUNT, DEAL, LEAD, ENTRY, REMOVED = range(1, 6)
SEEDED = (
    "account lead deal deal_change deal_ending deal_owner customer customer_leaving pay_statement pay_line activity "
    "activity_day"
).split()
YEARS = 6


class Raw(Protocol):
    """The driver's own connection."""

    def execute(self, sql: Any, /) -> Any:
        """Run one statement."""


class Words:
    """What the two databases write differently, around a moment (UTC)."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.is_sqlite, self.now = store.is_sqlite, now.astimezone(UTC).replace(microsecond=0, tzinfo=None)

    def series(self, size: int) -> str:
        """The numbers 0 to `size` - 1 as `i`."""
        if self.is_sqlite:
            rest = f"SELECT i + 1 FROM s WHERE i < {size - 1}"
            return f"(WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL {rest}) SELECT i FROM s)"
        return f"(SELECT generate_series(0, {size - 1}) AS i)"

    def hex(self, kind: int, number: str) -> str:
        """The digits of an id."""
        if self.is_sqlite:
            return f"printf('%08x700080000000%012x', {kind}, {number})"
        return f"'{kind:08x}700080000000' || lpad(to_hex({number}), 12, '0')"

    def id(self, kind: int, number: str) -> str:
        """An id."""
        return self.hex(kind, number) if self.is_sqlite else f"({self.hex(kind, number)})::uuid"

    def person(self, number: str) -> str:
        """The person of a number, as `ids` has them."""
        return f"printf('U1%06d', {number})" if self.is_sqlite else f"('U1' || lpad(({number})::text, 6, '0'))"

    def ago(self, minutes: str) -> str:
        """So many minutes before the moment."""
        if self.is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', '{self.now}', '-' || ({minutes}) || ' minutes')"
        return f"(timestamptz '{self.now}+00' - make_interval(mins => ({minutes})::int))"

    def iso(self, moment: str) -> str:
        """A moment as JSON has it."""
        if self.is_sqlite:
            return f"strftime('%Y-%m-%dT%H:%M:%S+00:00', {moment})"
        return f"""to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')"""

    def day(self, days: str) -> str:
        """So many days before the moment's."""
        if self.is_sqlite:
            return f"date('{self.now.date()}', '-' || ({days}) || ' days')"
        return f"(date '{self.now.date()}' - ({days})::int)"

    def quarter(self, moment: str) -> str:
        """The quarter of a moment."""
        if self.is_sqlite:
            return f"strftime('%Y', {moment}) || '-Q' || ((strftime('%m', {moment}) + 2) / 3)"
        return f"""to_char({moment} AT TIME ZONE 'UTC', 'YYYY"-Q"Q')"""

    def json(self, **values: str) -> str:
        """An object of such expressions."""
        said = ", ".join(f"'{name}', {value}" for name, value in values.items())
        return f"{'json_object' if self.is_sqlite else 'json_build_object'}({said})"


def ids() -> list[str]:
    """Everybody, by number."""
    return [f"U1{number:06d}" for number in range(PEOPLE)]


def write(store: Store, deals: int, activities: int, now: datetime) -> None:
    """So many deals, the newest first, and activities, up to a moment; every quarter that is over is closed."""
    words = Words(store, now)
    with _bulk(store) as raw:
        for sql in (
            *_deals(words, deals),
            *_changes(words),
            *_customers(words),
            *_pay(words),
            *_activities(words, activities),
            "DROP TABLE seeded",
        ):
            raw.execute(sql)


@contextmanager
def _bulk(store: Store) -> Iterator[Raw]:
    """A connection that hurries: nothing is lost that could not be made anew, and indexes are built at the end."""
    tables = [SQLModel.metadata.tables[name] for name in SEEDED]
    indexes = [index for table in tables for index in table.indexes]
    with store.engine.begin() as tx:
        for index in indexes:
            index.drop(tx)
    with _raw(store) as raw:
        yield raw
    with store.engine.begin() as tx:
        for index in indexes:
            index.create(tx)
    if not store.is_sqlite:
        with store.engine.begin() as tx:
            tx.exec_driver_sql("ANALYZE")  # as the server does by itself a minute after


@contextmanager
def _raw(store: Store) -> Iterator[Raw]:
    if store.is_sqlite:
        raw = sqlite3.connect(str(store.url.database), isolation_level=None)
        for pragma in ("synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            raw.execute(f"PRAGMA {pragma}")
        yield raw
        raw.close()
        return
    url = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        for setting in ("synchronous_commit = off", "session_replication_role = replica", "work_mem = '256MB'"):
            connection.execute(f"SET {setting}".encode())
        yield connection


def _deals(words: Words, deals: int) -> Iterator[str]:
    """Each seller's newest deal first; what is younger than a cycle is open."""
    turn, place = f"i / {SELLERS}", f"i % {SELLERS}"
    age = f"({turn}) * {SPACING} + ({place}) * 37 % {SPACING}"
    yield f"""CREATE TABLE seeded AS SELECT i, {words.person(f"5 * (({place}) / 2) + 2 + i % 2")} AS owner,
        CASE WHEN i % {GIVEN_OF} = 0 THEN {words.person(f"5 * (({place}) / 2)")} END AS giver, {age} AS age,
        {age} > {CYCLE} AS is_closed, {age} > {CYCLE} AND ({turn}) % {WON_OF} = 0 AS is_won,
        100000 + i % 9000 * 1000 AS amount FROM {words.series(deals)} AS numbers"""
    yield f"""INSERT INTO account (workspace_id, id, name, name_key, recorded_at, recorded_by)
        SELECT '{WORKSPACE}', {words.id(ACCOUNT, "i")}, 'Company ' || i, 'company ' || i, {words.ago("age")}, owner
        FROM seeded"""
    yield f"""INSERT INTO lead (workspace_id, id, account_id, direction, state, owner_id, source, segment, more,
        received_at, recorded_at, recorded_by, origin) SELECT '{WORKSPACE}', {words.id(LEAD, "i")},
        {words.id(ACCOUNT, "i")}, 'inbound', 'qualified', owner, 'webinar',
        CASE i / {LED_OF} % 3 WHEN 0 THEN 'SMB' WHEN 1 THEN 'Enterprise' END, '{{}}', {words.ago("age")},
        {words.ago("age")}, owner, 'seed:' || i FROM seeded WHERE i % {LED_OF} = 0"""
    lead = f"CASE WHEN i % {LED_OF} = 0 THEN {words.id(LEAD, 'i')} END"
    yield f"""INSERT INTO deal (workspace_id, id, account_id, kind, stage, version, owner_id, giver_id, lead_id, amount,
        currency, close_on, reason, opened_at, staged_at, closed_at, recorded_at, origin)
        SELECT '{WORKSPACE}', {words.id(DEAL, "i")}, {words.id(ACCOUNT, "i")}, 'new',
        CASE WHEN is_won THEN 'won' WHEN is_closed THEN 'lost' ELSE 'needs' END, CASE WHEN is_closed THEN 4 ELSE 1 END,
        owner, giver, {lead}, amount, 'USD', {words.day("-20")}, CASE WHEN is_closed AND NOT is_won THEN 'price' END,
        {words.ago("age")}, {words.ago("age")}, CASE WHEN is_closed THEN {words.ago(f"age - {CYCLE}")} END,
        {words.ago("age")}, 'seed:' || i FROM seeded"""
    yield f"""INSERT INTO deal_owner (workspace_id, person_id, deal_id)
        SELECT '{WORKSPACE}', owner, {words.id(DEAL, "i")} FROM seeded"""
    ended = words.ago(f"age - {CYCLE}")
    yield f"""INSERT INTO deal_ending (workspace_id, deal_id, n, what, account_id, kind, furthest, owner_id, giver_id,
        lead_id, amount, currency, reason, opened_at, happened_at, recorded_at) SELECT '{WORKSPACE}',
        {words.id(DEAL, "i")}, 4, CASE WHEN is_won THEN 'won' ELSE 'lost' END, {words.id(ACCOUNT, "i")}, 'new', 'demo',
        owner, giver, {lead}, amount, 'USD', CASE WHEN NOT is_won THEN 'price' END, {words.ago("age")}, {ended}, {ended}
        FROM seeded WHERE is_closed"""


def _changes(words: Words) -> Iterator[str]:
    """Opened; of closed ones the next stage, the amount, the end, too."""
    opened = words.json(
        account_id=words.hex(ACCOUNT, "i"),
        kind="'new'",
        stage="'needs'",
        owner_id="owner",
        giver_id="giver",
        amount="amount",
        currency="'USD'",
        opened_at=words.iso(words.ago("age")),
    )
    closed_at = words.iso(words.ago(f"age - {CYCLE}"))
    won, lost = (words.json(stage=f"'{stage}'", closed_at=closed_at) for stage in ("won", "lost"))
    steps = (
        (1, "'opened'", opened, 0, "true"),
        (2, "'changed'", words.json(stage="'demo'"), MOVES, "is_closed"),
        (3, "'changed'", words.json(amount="amount"), WORTH, "is_closed"),
        (4, "'won'", won, CYCLE, "is_won"),
        (4, "'lost'", lost, CYCLE, "is_closed AND NOT is_won"),
    )
    for n, what, after, later, which in steps:
        at = words.ago(f"age - {later}")
        yield f"""INSERT INTO deal_change (workspace_id, deal_id, n, what, "before", "after", "by", happened_at,
            recorded_at, origin) SELECT '{WORKSPACE}', {words.id(DEAL, "i")}, {n}, {what}, '{{}}', {after}, owner, {at},
            {at}, 'seed:' || i || ':{n}' FROM seeded WHERE {which}"""


def _customers(words: Words) -> Iterator[str]:
    yield f"""INSERT INTO customer (workspace_id, account_id, version, deal_id, owner_id, amount, currency, recorded_at)
        SELECT '{WORKSPACE}', {words.id(ACCOUNT, "i")}, 2, {words.id(DEAL, "i")}, owner, amount, 'USD',
        {words.ago("age")} FROM seeded WHERE is_won"""
    left = words.ago(f"(age - {CYCLE}) / 2")
    yield f"""INSERT INTO customer_leaving (workspace_id, account_id, n, what, deal_id, amount, currency, happened_at,
        recorded_at) SELECT '{WORKSPACE}', {words.id(ACCOUNT, "i")}, 3, 'churned', {words.id(DEAL, "i")}, amount, 'USD',
        {left}, {left} FROM seeded WHERE is_won AND i % {LEFT_OF} = 0"""


def _pay(words: Words) -> Iterator[str]:
    """A line for each win in a quarter that is closed."""
    for first, last, name in quarters(words.now.date()):
        closed = last + timedelta(days=4)
        yield f"""INSERT INTO pay_period (workspace_id, name, first_day, last_day, currency, closed_at, recorded_at,
            recorded_by, origin) VALUES ('{WORKSPACE}', '{name}', '{first}', '{last}', 'USD', '{closed} 09:00:00',
            '{closed} 09:00:10', 'U0SAM', 'seed:{name}')"""
    at = words.ago(f"age - {CYCLE}")
    kept = f"""SELECT i, owner, {words.quarter(at)} AS period, amount / 20 AS paid, {words.iso(at)} AS moment
        FROM seeded WHERE is_won AND {words.quarter(at)} < '{_name(words.now.date())}'"""
    yield f"""INSERT INTO pay_statement (workspace_id, period, person_id, brought, total)
        SELECT '{WORKSPACE}', period, owner, 0, sum(paid) FROM ({kept}) AS kept GROUP BY period, owner"""
    line = words.json(
        id=f"{words.hex(DEAL, 'i')} || ':4/1'",
        counts_in="period",
        at="moment",
        event="'won'",
        earned=f"{words.hex(DEAL, 'i')} || ':4'",
        subject="'Company ' || i",
        kind="'flat'",
        currency="'USD'",
        amount="paid",
        base="paid * 20",
        step="NULL",
    )
    place = "row_number() OVER (PARTITION BY period, owner ORDER BY i)"
    yield f"""INSERT INTO pay_line (workspace_id, period, person_id, n, line, amount)
        SELECT '{WORKSPACE}', period, owner, {place}, {line}, paid FROM ({kept}) AS kept"""


def quarters(today: date) -> Iterator[tuple[date, date, str]]:
    """The quarters that are over, the last years' first."""
    first = date(today.year - YEARS, 1, 1)
    while _name(first) < _name(today):
        after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
        yield first, after - timedelta(days=1), _name(first)
        first = after


def _name(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _activities(words: Words, activities: int) -> Iterator[str]:
    """A day of everybody's after the other, the newest first."""
    back = f"1 + i / {PEOPLE * A_DAY}"
    at = words.ago(f"({back}) * 1440")
    kind = f"CASE WHEN i / {PEOPLE} % {A_DAY} = 0 THEN 'meeting' ELSE 'call' END"
    columns = (
        "workspace_id, id, version, person_id, kind, quantity, colleagues, day, happened_at, recorded_at, recorded_by"
    )
    person = words.person(f"i % {PEOPLE}")
    row = f"1, {person}, {kind}, 1, '[]', {words.day(back)}, {at}, {at}, {person}"
    numbers = f"{words.series(activities)} AS numbers"
    yield f"INSERT INTO activity ({columns}) SELECT '{WORKSPACE}', {words.id(ENTRY, 'i')}, {row} FROM {numbers}"
    gone = words.ago(f"({back}) * 1440 - 60")
    yield f"""INSERT INTO activity ({columns}, superseded_at, superseded_by) SELECT '{WORKSPACE}',
        {words.id(REMOVED, "i")}, {row}, {gone}, 'U0SAM' FROM {numbers} WHERE i % {REMOVED_OF} = 0"""
    yield f"""INSERT INTO activity_day (workspace_id, person_id, day, kind, quantity, minutes)
        SELECT '{WORKSPACE}', {person}, {words.day(back)}, {kind}, count(*), 0 FROM {numbers} GROUP BY 2, 3, 4"""
