"""The table of targets: who is to reach what, in which period.

A row is about one metric of a person, a team or a territory in one period, and sets its target as `/quota set` does:
from now on, with what was set before kept. A file that says the same twice is refused, for nobody could tell which of
the two is meant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.audit.service import COMMAND_LINE
from bot.money import Money
from bot.quota import queries, reach, service
from bot.quota.line import LARGEST
from bot.quota.metrics import STANDARD, Metric, Unit, read_metric
from bot.quota.own import by_name
from bot.quota.periods import Period, named
from bot.quota.queries import Subject
from bot.quota.service import Wanted
from bot.quota.whose import Whose
from bot.reading.text import fold
from bot.store.types import new_id
from bot.transfer import quotas_out
from bot.transfer.cells import Cells, shown
from bot.transfer.form import Changed, Form, Job, Outcome
from bot.transfer.quotas_out import COLUMNS, CURRENCY, WHOSE
from bot.transfer.table import Problem, Row, Table
from bot.workspace import queries as workspace

PERIODS = "2026, 2026-Q4, 2026-11 or 2026-W46"
"""How periods are written."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows are read by: the workspace's money and calendar, and the teams, territories and periods that it has."""

    job: Job
    currency: str
    first_month: int
    names: Mapping[Subject, str]
    periods: Mapping[str, Period]
    own: Mapping[str, Metric]


@dataclass(frozen=True, slots=True)
class _Coming:
    """A row that was understood, and how a message calls it."""

    line: int
    who: str
    wanted: Wanted

    @property
    def what(self) -> tuple[Subject, str, str]:
        """What the row is about: no two may say the same."""
        return self.wanted.subject, self.wanted.metric.code, self.wanted.period.name


def bring_in(tx: Connection, job: Job, table: Table) -> Outcome:
    """Set the targets of all rows."""
    service.turn(tx, job.workspace_id)
    known = _known(tx, job)
    problems: list[Problem] = []
    coming = [found for row in table.rows if (found := _read(row, known, problems))]
    problems.extend(_doubles(coming))
    if problems:
        return Outcome((), 0, tuple(problems))
    origin = f"import:{new_id()}"
    changed = [said for each in job.track(coming) if (said := _set(tx, known, each, origin))]
    return Outcome(tuple(changed), len(coming) - len(changed))


FORM = Form(
    columns=COLUMNS,
    required=("metric", "period", "target"),
    emails=("email",),
    bring_in=bring_in,
    take_out=quotas_out.take_out,
    has_periods=True,
)


def _known(tx: Connection, job: Job) -> _Known:
    """Teams and territories are those that somebody is in today, and those that have a target."""
    settings = workspace.settings(tx, job.workspace_id)
    held = queries.in_time(tx, job.workspace_id, date.min, date.max)
    names = {each.subject: each.name or each.subject.key for each in held}
    for whose in (Whose.TEAM, Whose.TERRITORY):
        groups = reach.groups(tx, job.workspace_id, whose, job.today)
        names |= {subject: name for subject, (name, _) in groups.items()}
    periods = {each.period.name: each.period for each in held}
    return _Known(job, settings.currency, settings.fiscal_month, names, periods, by_name(settings.own_metrics))


def _read(row: Row, known: _Known, problems: list[Problem]) -> _Coming | None:
    cells = Cells(row, problems)
    whose, metric, period = _subject(cells, known), _metric(cells, known.own), _period(cells, known)
    cells.check_currency(CURRENCY, known.currency)
    value = _value(cells, metric, known.currency)
    if not cells.is_good or whose is None or metric is None or period is None or value is None:
        return None
    subject, name, who = whose
    return _Coming(row.line, who, Wanted(subject, metric, period, value, name))


def _subject(cells: Cells, known: _Known) -> tuple[Subject, str | None, str] | None:
    """Whose target it is, the name of a team or territory, and what was written."""
    said = [(whose, cell) for whose, column in WHOSE.items() if (cell := cells.text(column))]
    if not said:
        cells.refuse("there is neither an email nor a team nor a territory: whose target is it?")
        return None
    if len(said) > 1:
        cells.refuse(f"{' and '.join(WHOSE[whose] for whose, _ in said)}: a target is for one of them; write two rows")
        return None
    whose, cell = said[0]
    if whose is Whose.PERSON:
        person = cells.person("email", known.job.directory.ids)
        return (Subject.person(person), None, cell) if person else None
    subject = Subject.named(whose, cell)
    if subject not in known.names:
        cells.refuse(f"{WHOSE[whose]}: nobody is in {shown(cell)}")
        return None
    return subject, known.names[subject], cell


def _metric(cells: Cells, own: Mapping[str, Metric]) -> Metric | None:
    cell = cells.text("metric")
    words = fold(cell or "").split()
    found = read_metric(words, own=own) if words else None
    if found is None or found.used != len(words):
        said = f"{shown(cell)} is none" if cell else "there is none"
        cells.refuse(f"metric: {said}; write one of {', '.join([*(metric.code for metric in STANDARD), *own])}")
        return None
    return found.metric


def _period(cells: Cells, known: _Known) -> Period | None:
    """By its name; one that targets stand in already keeps its days, whatever the fiscal year is now."""
    cell = (cells.text("period") or "").upper()
    found = named(cell, known.first_month) or known.periods.get(cell)
    if found is None:
        cells.refuse(f"period: {f'{shown(cell)} is none' if cell else 'there is none'}; write one such as {PERIODS}")
    return found


def _value(cells: Cells, metric: Metric | None, currency: str) -> int | None:
    """The target in the metric's unit."""
    cell = cells.text("target")
    if cell is None:
        cells.refuse("target: there is none")
        return None
    if cell.startswith("-"):
        cells.refuse(f"target: {shown(cell)} is less than nothing")
        return None
    amount = cells.decimal("target", "120000")
    if amount is None or metric is None:
        return None
    if amount > LARGEST:
        cells.refuse(f"target: {shown(cell)} is more than anybody reaches")
    elif metric.unit is Unit.MONEY:
        cells.check_coins("target", amount, currency)
        return Money.of(amount, currency).minor
    elif amount != int(amount):
        cells.refuse(f"target: {shown(cell)}; {metric.code} are counted, so write a whole number")
    return int(amount)


def _doubles(coming: list[_Coming]) -> Iterator[Problem]:
    """Every row of those that are about the same, each with the line of another one."""
    lines: dict[tuple[Subject, str, str], list[int]] = {}
    for each in coming:
        lines.setdefault(each.what, []).append(each.line)
    for each in coming:
        others = [line for line in lines[each.what] if line != each.line]
        if others:
            metric, period = each.wanted.metric.code, each.wanted.period.name
            yield Problem(
                each.line, f"{shown(each.who)} has {metric} {period} on line {others[0]}, too; keep one of them"
            )


def _set(tx: Connection, known: _Known, coming: _Coming, origin: str) -> Changed | None:
    """The change that a row makes, if it makes any."""
    wanted = coming.wanted
    past = queries.history(tx, known.job.workspace_id, *coming.what)
    now, own = known.job.now, f"{origin}:{coming.line}"
    target = service.put(tx, known.job.workspace_id, wanted, known.currency, by=COMMAND_LINE, origin=own, now=now)
    before = past[-1] if past else None
    if before and before.id == target.id:
        return None
    was = service.shown(before)
    said = f"{wanted.metric.code} {wanted.period.name} {service.shown(target)}"
    return Changed(coming.line, coming.who, (f"{said} (was {was})" if was else said,))
