"""The table of commission plans: what a role is paid for, step by step.

All rows of a role and a first day are one plan. It takes the place of the role's plan of that day; plans that a file
does not speak of stay as they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Connection

from bot.audit.service import COMMAND_LINE
from bot.errors import Refused
from bot.pay import plan_lines, queries, rows, service
from bot.pay.plan import Kind, Plan, Step, plain, plans_of, problems
from bot.pay.rows import COLUMNS, REQUIRED
from bot.store.types import new_id
from bot.transfer.form import Asked, Changed, Form, Job, Outcome, Sheet
from bot.transfer.table import Problem, Table
from bot.words import words_for
from bot.workspace import queries as workspace

_Placed = Mapping[Step, Sequence[int]]
"""The lines that each step stands on: several where it stands there twice."""


def bring_in(tx: Connection, job: Job, table: Table) -> Outcome:
    """Let the plans of all rows stand."""
    service.turn_of_plans(tx, job.workspace_id)
    found: list[Problem] = []
    placed = _placed(table, found)
    steps = [step for step, lines in placed.items() for _ in lines]
    currency = workspace.settings(tx, job.workspace_id).currency
    wanted = plans_of(steps)
    for plan in wanted:
        found.extend(_problems(plan, placed, currency))
    if found:
        return Outcome((), 0, tuple(dict.fromkeys(found)))
    changed, unchanged = list[Changed](), 0
    for plan in job.track(wanted):
        origin = f"import:{new_id()}"
        if service.put(tx, job.workspace_id, plan, by=COMMAND_LINE, origin=origin, now=job.now):
            changed += _said(plan, placed)
        else:
            unchanged += len(plan.steps)
    return Outcome(tuple(sorted(changed, key=lambda each: each.line)), unchanged)


def take_out(tx: Connection, asked: Asked) -> Sheet:
    """A row for every step of the plans that stand."""
    return Sheet(COLUMNS, tuple(rows.write(queries.plans(tx, asked.workspace_id, asked.now))))


FORM = Form(columns=COLUMNS, required=REQUIRED, emails=(), bring_in=bring_in, take_out=take_out)


def _placed(table: Table, found: list[Problem]) -> _Placed:
    """The steps by the lines that they stand on; what cannot be read is added to `found`."""
    placed: dict[Step, list[int]] = {}
    for row in table.rows:
        reading = rows.read([(row.line, row.cells)])
        found.extend(Problem(row.line, _worded(each).removeprefix(f"Line {row.line}, ")) for each in reading.problems)
        for plan in reading.plans:
            for step in plan.steps:
                placed.setdefault(step, []).append(row.line)
    return placed


def _problems(plan: Plan, placed: _Placed, currency: str) -> Iterator[Problem]:
    """What is wrong with each step, on its lines; then what is wrong with several of them together."""
    of_steps = set[str]()
    for step in dict.fromkeys(plan.steps):
        for each in problems([Plan(plan.role, plan.start, (step,))], currency):
            of_steps.add(_worded(each))
            yield from (Problem(line, _worded(each)) for line in placed[step])
    for each in problems([plan], currency):
        if _worded(each) not in of_steps:
            concerned = [step for step in plan.steps if _is_about(each, step)] or plan.steps
            yield from (Problem(line, _worded(each)) for step in concerned for line in placed[step])


def _is_about(problem: Refused, step: Step) -> bool:
    """Whether a step is one of those that a problem names."""
    kind = problem.params.get("kind", Kind.TIER)
    lower = problem.params.get("lower", plain(step.lower or Decimal(0)))
    said = (step.kind, step.event, plain(step.lower or Decimal(0)))
    return said == (kind, problem.params.get("event"), lower)


def _worded(problem: Refused) -> str:
    return words_for("en")(problem.key, **problem.params)


def _who(plan: Plan) -> str:
    return f"{plan.role} from {plan.start}"


def _said(plan: Plan, placed: _Placed) -> Iterator[Changed]:
    for step in plan.steps:
        text = plan_lines.write(Plan(plan.role, plan.start, (step,)))
        yield from (Changed(line, _who(plan), (text,)) for line in placed[step])
