"""The table of activities on its way out: every entry that stands, in the order in which they were recorded."""

from collections.abc import Iterator
from datetime import date

from bot.activity import bulk
from bot.activity.bulk import Listed
from bot.store.engine import Store
from bot.transfer.form import Asked, Flow
from bot.transfer.queries import Directory, directory

FIRST = ("email", "at", "kind", "who", "minutes", "outcome", "note")
COUNT, COMPANY = "count", "company"
FURTHER = (COUNT, COMPANY)
"""Columns that an export has where they say something: how many an entry stands for, and where somebody works."""

COLUMNS = (*FIRST, *FURTHER)


def take_out(store: Store, asked: Asked) -> Flow:
    """A row for every entry of the days that are asked for, which are those on the person's wall, as are times.

    Those of people without an e-mail of their own are left out, and named.
    """
    with store.read() as tx:
        known = directory(tx, asked.workspace_id)
        says = {COUNT: bulk.has_counts(tx, asked.workspace_id), COMPANY: bulk.has_contacts(tx, asked.workspace_id)}
    header = tuple(name for name in COLUMNS if says.get(name, True))
    left_out: list[str] = []
    return Flow(header, _rows(store, asked, known, header, left_out), left_out)


def _rows(
    store: Store, asked: Asked, known: Directory, header: tuple[str, ...], left_out: list[str]
) -> Iterator[tuple[str, ...]]:
    first, last = (asked.period.first, asked.period.last) if asked.period else (date.min, date.max)
    unnamed = set[str]()
    for each in bulk.stored(store, asked.workspace_id, first, last):
        if each.person_id in known.emails:
            cells = _cells(each, known.emails[each.person_id])
            yield tuple(cells[name] for name in header)
        else:
            unnamed.add(known.names.get(each.person_id, each.person_id))
    left_out.extend(sorted(unnamed))


def _cells(each: Listed, email: str) -> dict[str, str]:
    return {
        "email": email,
        "at": f"{each.day}T{each.at}" if each.at else each.day.isoformat(),
        "kind": each.kind,
        "who": each.who or "",
        "minutes": "" if each.minutes is None else str(each.minutes),
        "outcome": each.outcome or "",
        "note": each.note or "",
        COUNT: "" if each.quantity == 1 else str(each.quantity),
        COMPANY: each.company or "",
    }
