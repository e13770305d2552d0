"""The table of people on its way out, and its changes in words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.audit import service as audit
from bot.audit.service import Change
from bot.people import history, queries
from bot.people.model import Aspect
from bot.people.rules import Member, Stint
from bot.transfer.cells import joined, shown
from bot.transfer.form import Asked, Sheet
from bot.transfer.queries import Directory, directory
from bot.transfer.table import folded

COLUMNS = ("email", "roles", "team", "manager_email", "territory", "segment", "from")

TOGETHER = "+"
"""Between the roles that one person holds: `SDR+AE`."""

COLUMN_OF = {
    Aspect.TEAM: "team",
    Aspect.MANAGER: "manager_email",
    Aspect.TERRITORIES: "territory",
    Aspect.SEGMENTS: "segment",
}
IN_TABLE = {*COLUMN_OF, Aspect.NOTES}

EVERY_CHANGE = 2**31 - 1
"""More than an audit log holds."""


def take_out(tx: Connection, asked: Asked) -> Sheet:
    """A row for everybody who holds a role today, or else from a later day on; its `from` is since when it is so."""
    workspace_id, today = asked.workspace_id, asked.today
    known = directory(tx, workspace_id)
    stints: dict[str, list[Stint]] = {}
    for stint in queries.stints_of(tx, workspace_id, list(known.names)):
        stints.setdefault(stint.person_id, []).append(stint)
    days = {person_id: day for person_id, all_of in stints.items() if (day := _day_of_row(all_of, today))}
    named = {person_id: day for person_id, day in days.items() if person_id in known.emails}
    members = _members(tx, workspace_id, named)
    placed = _placed_on(tx, workspace_id, named)
    notes = _note_columns(members)
    since = {member.id: _since(stints[member.id], named[member.id], placed.get(member.id, [])) for member in members}
    rows = tuple((*_cells(each, known, since[each.id]), *_notes(each, notes)) for each in members)
    left_out = tuple(sorted(known.names[person_id] for person_id in days.keys() - named.keys()))
    return Sheet((*COLUMNS, *notes.values()), rows, left_out)


def described(change: Change, emails: Mapping[str, str]) -> Iterator[str]:
    """A change in a few words; managers by their e-mail."""
    if change.what.startswith(history.ROLE):
        yield _role_described(change.what.removeprefix(history.ROLE), change)
    elif change.what == Aspect.NOTES:
        before = change.before or {}
        news = (name for name, text in change.after.items() if before.get(name) != text)
        yield from (_turned(name, before.get(name), change.after[name]) for name in news)
    else:
        before, after = (_value(change.what, value, emails) for value in (change.before, change.after))
        yield _turned(COLUMN_OF[Aspect(change.what)], before, after)


def _role_described(role: str, change: Change) -> str:
    if change.after is None:
        return f"{role} taken back"
    return f"{role} until {change.after['until']}" if change.before else f"{role} from {change.after['from']}"


def _turned(name: str, before: str | None, after: str | None) -> str:
    was = f" (was {shown(before)})" if before else ""
    return f"{shown(name)} {shown(after or '')}{was}"


def _day_of_row(stints: Sequence[Stint], today: date) -> date | None:
    """Today for somebody who holds a role, the first day of the next one for somebody who will, None for others."""
    if any(stint.covers(today) for stint in stints):
        return today
    return min((stint.start for stint in stints if stint.start > today), default=None)


def _members(tx: Connection, workspace_id: str, days: Mapping[str, date]) -> list[Member]:
    """Everybody as they stand on their row's day, by name."""
    people_of: dict[date, list[str]] = {}
    for person_id, day in days.items():
        people_of.setdefault(day, []).append(person_id)
    found: list[Member] = []
    for day, people in people_of.items():
        found.extend(queries.members(tx, workspace_id, day, people=people).values())
    return sorted(found, key=lambda member: (member.name, member.id))


def _placed_on(tx: Connection, workspace_id: str, days: Mapping[str, date]) -> dict[str, list[date]]:
    """The days by their row's day on which something of their place in the team began to hold."""
    found: dict[str, list[date]] = {}
    for change in audit.changes(tx, workspace_id, limit=EVERY_CHANGE):
        day = days.get(change.person_id or "")
        if day and change.person_id and change.what in IN_TABLE and change.start_day and change.start_day <= day:
            found.setdefault(change.person_id, []).append(change.start_day)
    return found


def _since(stints: Sequence[Stint], day: date, placed: Sequence[date]) -> date:
    """The last day by `day` on which a role began, or one was over, or something else changed."""
    begun = [stint.start for stint in stints if stint.covers(day)]
    over = [stint.end + timedelta(days=1) for stint in stints if stint.end and stint.end < day]
    return max(*begun, *over, *placed, date.min)


def _cells(member: Member, known: Directory, since: date) -> tuple[str, ...]:
    standing = member.standing
    return (
        known.emails[member.id],
        TOGETHER.join(member.roles),
        standing.team or "",
        known.emails.get(standing.manager or "", ""),
        joined(standing.territories),
        joined(standing.segments),
        since.isoformat(),
    )


def _note_columns(members: Sequence[Member]) -> dict[str, str]:
    """The names of all notes, each written as it was met first, by that name folded."""
    columns: dict[str, str] = {}
    for member in members:
        for name in member.standing.notes:
            columns.setdefault(folded(name), name)
    return columns


def _notes(member: Member, columns: Mapping[str, str]) -> list[str]:
    noted = {folded(name): text for name, text in member.standing.notes.items()}
    return [noted.get(name, "") for name in columns]


def _value(what: str, value: Any, emails: Mapping[str, str]) -> str | None:
    if not value:
        return None
    if what == Aspect.MANAGER:
        return emails.get(str(value), str(value))
    return joined(value) if isinstance(value, list) else str(value)
