"""The table of activities: what people did before Baton, or beside it. A file may have a million rows.

Its rows are read without holding Baton's database, and stored in one transaction. Two rows that say the same are two
activities; what stands already, however it came, is not added again. Nobody is sent anything.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.accounts.service import Side
from bot.activity import bulk
from bot.activity.bulk import IMPORTED, Coming, Listed, written
from bot.audit import service as audit
from bot.audit.service import COMMAND_LINE, Change
from bot.store.engine import Store
from bot.transfer.activities_out import COLUMNS, take_out
from bot.transfer.activity_rows import Reading, Understood
from bot.transfer.form import Counted, Job, LargeForm, Outcome
from bot.transfer.sides import Sides, batches, key_of
from bot.transfer.spool import Spool, Waiting, spool
from bot.transfer.stream import Stream
from bot.transfer.table import BadFile, Problem

AT_ONCE = 5_000
"""Rows that are read, and stored, in one go."""

MOST_TOLD = 1_000
"""Problems that are told one by one."""

APART = "\x1f"
KEY_BYTES = 12
"""Enough that of a billion activities no two that differ are taken for one."""


def bring_in(
    store: Store, job: Job, rows: Stream, keep: Callable[[Connection], None], *, dry_run: bool = False
) -> Outcome:
    """Take all rows in, or none.

    Args:
        store: the database.
        job: whose data it is, and when.
        rows: the file.
        keep: remembers people whom the file names and Baton had not met, once every row was understood.
        dry_run: only find out what is new.

    Raises:
        BadFile: with what is wrong with the rows, the first `MOST_TOLD` of it.
        NotReady: when there is no room on the disk for them to wait.
    """
    with spool() as waiting:
        sides = Sides(store, job.workspace_id)
        count = _read_all(job, rows, sides, waiting)
        _look_what_stands(store, job, waiting)
        fresh = waiting.compare()
        if fresh and not dry_run:
            with store.write() as tx:
                keep(tx)
                whom = sides.ensure(tx, by=COMMAND_LINE, now=job.now)
            _store_all(store, job, whom, Counted(waiting.fresh(), fresh), fresh)
    told = f"New activities: {fresh:,}. Known already: {count - fresh:,}."
    return Outcome((), count - fresh, told=(told,), more_changed=fresh)


FORM = LargeForm(
    columns=COLUMNS, required=("email", "at", "kind"), emails=("email",), bring_in=bring_in, take_out=take_out
)


def _read_all(job: Job, rows: Stream, sides: Sides, waiting: Spool) -> int:
    """Let every row wait that can be understood; returns how many there are.

    Raises:
        BadFile: when one cannot.
    """
    reading, count, told, bad_lines = Reading(job, rows.problems), 0, 0, 0
    for some in batches(job.track(rows.rows), AT_ONCE):
        understood = [found for row in some if (found := reading.read(row))]
        sides.learn(each.said for each in understood if each.said)
        if sides.refused:
            rows.problems.extend(
                Problem(each.line, sides.refused[each.said]) for each in understood if each.said in sides.refused
            )
        bad_lines += len({each.line for each in rows.problems[told:]})
        del rows.problems[MOST_TOLD:]
        told = len(rows.problems)
        if not bad_lines:
            waiting.add(_waiting(each, sides) for each in understood)
        count += len(understood)
    if rows.problems:
        bad_lines += len({each.line for each in rows.problems[told:]})
        raise BadFile(rows.problems, bad_lines)
    return count


def _look_what_stands(store: Store, job: Job, waiting: Spool) -> None:
    """Find what was stored before: what stands, and what once came by a list and was changed or removed since."""
    if waiting.days is None:
        return
    first, last = map(date.fromisoformat, waiting.days)
    waiting.hold(map(_key_of, bulk.stored(store, job.workspace_id, first, last)))
    with store.read() as tx:
        waiting.take(_numbered(bulk.origins(tx, job.workspace_id)))


def _store_all(store: Store, job: Job, whom: list[Side], fresh: Iterable[tuple[Waiting, int]], count: int) -> None:
    """Store the rows, count them into the totals of their days, and say so in the audit log."""
    sides: dict[int | None, tuple[str | None, str | None]] = {None: (None, None)}
    sides |= {n: (_hex(each.account_id), _hex(each.contact_id)) for n, each in enumerate(whom)}
    coming = (_coming(row, n, *sides[row.side]) for row, n in job.track(fresh))
    said = Change(None, "activities", None, f"{count} imported")
    try:
        with store.write() as tx:
            bulk.add(tx, job.workspace_id, coming, by=COMMAND_LINE, now=job.now)
            audit.record(tx, job.workspace_id, [said], by=COMMAND_LINE, now=job.now)
    except IntegrityError:
        raise BadFile([Problem(None, "another import has just brought some of these activities; try again")]) from None


def _hex(id_: Any) -> str | None:
    return id_.hex if id_ else None


def _waiting(row: Understood, sides: Sides) -> Waiting:
    side = None if row.said is None else sides.number(row.said)
    day, at = row.when.day.isoformat(), row.when.at.isoformat() if row.when.at else None
    key = _key(row.person, row, day, at, "" if side is None else sides.key(side))
    happened = written(row.when.happened_at)
    return Waiting(
        row.line, key, row.person, row.kind, row.quantity, row.outcome, row.minutes, side, row.note, day, at, happened
    )


def _key(person: str, each: Understood | Listed, day: str, at: str | None, who: str) -> bytes:
    """What tells an activity from others: person, moment on their wall, kind, count, who, minutes, outcome, note."""
    what = f"{each.kind}{APART}{each.quantity}{APART}{each.minutes}{APART}{each.outcome}"
    said = f"{person}{APART}{day}{APART}{at}{APART}{what}{APART}{who}{APART}{(each.note or '').strip()}"
    return blake2b(said.encode(), digest_size=KEY_BYTES).digest()


def _key_of(each: Listed) -> bytes:
    """The key of what stands."""
    at = each.at.isoformat() if each.at else None
    return _key(each.person_id, each, each.day.isoformat(), at, key_of(each.who, each.company) if each.who else "")


def _coming(row: Waiting, n: int, account_id: str | None, contact_id: str | None) -> Coming:
    return Coming(
        row.person,
        row.kind,
        row.quantity,
        row.outcome,
        row.minutes,
        account_id,
        contact_id,
        row.note,
        row.day,
        row.at,
        row.happened,
        f"{IMPORTED}{row.key.hex()}:{n}",
    )


def _numbered(origins: Iterable[str]) -> Iterator[tuple[bytes, int]]:
    """Key and number out of origins that `_coming` has made; others are of other lists."""
    for origin in origins:
        key, _, n = origin.removeprefix(IMPORTED).partition(":")
        if n.isdigit():
            yield bytes.fromhex(key), int(n)
