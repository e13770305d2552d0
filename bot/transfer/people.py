"""The table of people: what each does in the team from a day on.

A row says what somebody does from its `from` day on (today, where it names none). The roles that it lists begin
then unless they are held already, and those held then that it does not list end the day before; what begins later
stays. An empty cell leaves things as they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.access.roles import Role
from bot.audit import service as audit
from bot.audit.service import COMMAND_LINE, Change
from bot.errors import Refused
from bot.people import assignments, history, queries
from bot.people.assignments import FURTHEST, Assign
from bot.people.history import Stamp
from bot.people.model import Aspect
from bot.people.rules import Stint, line_above
from bot.transfer import people_out
from bot.transfer.cells import Cells, shown
from bot.transfer.form import Changed, Form, Job, Outcome
from bot.transfer.people_out import COLUMNS, TOGETHER, described
from bot.transfer.table import Problem, Row, Table, folded
from bot.words import words_for

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that was understood. No roles, and aspects that are not there, leave things as they are."""

    line: int
    email: str
    person_id: str
    start: date
    roles: tuple[str, ...]
    aspects: Mapping[str, Any]
    notes: Mapping[str, str]


def bring_in(tx: Connection, job: Job, table: Table) -> Outcome:
    """Make the changes of all rows, managers before those who report to them, so that their order does not matter."""
    problems: list[Problem] = []
    understood = _understood(table.rows, job, problems)
    ids = [wanted.person_id for wanted in understood]
    stints: dict[str, list[Stint]] = {}
    for stint in queries.stints_of(tx, job.workspace_id, ids):
        stints.setdefault(stint.person_id, []).append(stint)
    changed = []
    for wanted in job.track(_managers_first(understood)):
        try:
            changes = _change(tx, job, wanted, stints.get(wanted.person_id, []))
        except Refused as refused:
            problems.append(Problem(wanted.line, words_for("en")(refused.key, **refused.params)))
            continue
        if changes:
            said = tuple(text for change in changes for text in described(change, job.directory.emails))
            changed.append(Changed(wanted.line, wanted.email, said))
    changed.sort(key=lambda each: each.line)
    return Outcome(tuple(changed), len(understood) - len(changed), tuple(problems))


FORM = Form(
    columns=COLUMNS,
    required=("email",),
    emails=("email", "manager_email"),
    bring_in=bring_in,
    take_out=people_out.take_out,
)


def _understood(rows: Iterable[Row], job: Job, problems: list[Problem]) -> list[Wanted]:
    """The rows that make sense, one for each person."""
    found: dict[str, Wanted] = {}
    for row in rows:
        wanted = _wanted(row, job, problems)
        if wanted is None:
            continue
        first = found.setdefault(wanted.person_id, wanted)
        if first is not wanted:
            problems.append(Problem(row.line, f"{shown(wanted.email)} stands in line {first.line} already"))
    return list(found.values())


def _wanted(row: Row, job: Job, problems: list[Problem]) -> Wanted | None:
    cells = Cells(row, problems)
    person_id, manager = (cells.person(column, job.directory.ids) for column in FORM.emails)
    if cells.text("email") is None:
        cells.refuse("there is no e-mail")
    start, roles = cells.day("from") or job.today, _roles(cells)
    aspects: dict[str, Any] = {
        Aspect.TEAM: cells.text("team"),
        Aspect.MANAGER: manager,
        Aspect.TERRITORIES: cells.names("territory"),
        Aspect.SEGMENTS: cells.names("segment"),
    }
    if not cells.is_good or person_id is None:
        return None
    said = {aspect: value for aspect, value in aspects.items() if value is not None}
    return Wanted(row.line, cells.text("email") or "", person_id, start, roles, said, row.more)


def _roles(cells: Cells) -> tuple[str, ...]:
    named = [name.strip() for name in (cells.text("roles") or "").split(TOGETHER)]
    unknown = [name for name in named if name and name.upper() not in Role.__members__]
    if unknown:
        are = "is no role" if len(unknown) == 1 else "are no roles"
        cells.refuse(f"{shown(', '.join(unknown))} {are}; there are {', '.join(Role)}")
    return tuple(dict.fromkeys(name.upper() for name in named if name))


def _managers_first(understood: list[Wanted]) -> list[Wanted]:
    """From the top of the organisation down: each new line of managers then stands before it is asked for circles."""
    managers = {
        wanted.person_id: wanted.aspects[Aspect.MANAGER] for wanted in understood if Aspect.MANAGER in wanted.aspects
    }
    return sorted(understood, key=lambda wanted: len(line_above(managers, wanted.person_id)))


def _change(tx: Connection, job: Job, wanted: Wanted, stints: list[Stint]) -> list[Change]:
    """Let a row hold; nothing if it does already.

    Raises:
        Refused: when it cannot.
    """
    held = [stint for stint in stints if stint.covers(wanted.start)]
    lasting = {stint.role for stint in held if stint.end is None or stint.end >= job.today}
    begun = tuple(role for role in wanted.roles if role not in lasting)
    ended = [stint for stint in held if wanted.roles and stint.role not in wanted.roles]
    aspects = _news(tx, job, wanted)
    stamp = Stamp(job.workspace_id, COMMAND_LINE, job.now)
    changes = _end(tx, stamp, ended, wanted.start, job.today) if ended else []
    if begun or aspects:
        changes += _apply(tx, stamp, Assign(wanted.person_id, wanted.start, begun, aspects=aspects), job.today)
    return changes


def _news(tx: Connection, job: Job, wanted: Wanted) -> dict[str, Any]:
    """The aspects that are not yet as the row says."""
    stored = queries.aspects(tx, job.workspace_id, wanted.person_id, wanted.start)
    notes = stored.get(Aspect.NOTES) or {}
    known = {folded(name): name for name in notes}
    noted = {known.get(folded(name), name): text for name, text in wanted.notes.items()}
    said = dict(wanted.aspects)
    if noted:
        said[Aspect.NOTES] = {**notes, **noted}
    return {aspect: value for aspect, value in said.items() if (stored.get(aspect) or None) != value}


def _end(tx: Connection, stamp: Stamp, ended: list[Stint], start: date, today: date) -> list[Change]:
    """Let assignments end the day before `start`; one that began on that very day was never held."""
    if abs(start - today) > FURTHEST:
        raise Refused("team.problem.too_far", day=start)
    changes = []
    for stint in ended:
        change = history.change_of(stint, stint._replace(end=start - A_DAY) if stint.start < start else None)
        history.rewrite(tx, stamp, stint, change)
        changes.append(change)
    audit.record(tx, stamp.workspace_id, changes, by=stamp.by, now=stamp.at)
    return changes


def _apply(tx: Connection, stamp: Stamp, command: Assign, today: date) -> tuple[Change, ...]:
    done = assignments.apply(tx, stamp, command, today=today)
    if done.already:  # not held from this day on, and yet in the way: asked for alone, it is refused with its reason
        assignments.apply(tx, stamp, Assign(command.person_id, command.start, (done.already[0].role,)), today=today)
    return done.changes
