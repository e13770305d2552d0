"""A plan as people type it, a line for each step: `tier won 0-100 8%`, `fixed requalified 150`, `flat churned -1%`.

Rows of a file, `tier,won,0,100,,0.08`, are taken as well, so that a plan can be pasted from a table.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from bot.access.roles import Role
from bot.errors import Refused
from bot.pay.plan import Kind, Plan, Step, plain
from bot.pay.rows import COLUMNS, Reading, read

_BOUNDS = re.compile(r"(\d[\d.]*)?%?(?:-(\d[\d.]*)?%?)?")
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", ",": "."})
_BEFORE_PERCENT = re.compile(r"\s+%")
_BETWEEN_BOUNDS = re.compile(r"(?<=[\d%])\s+-\s+(?=\d)")

_A_ROW = re.compile(rf"\s*(?:{'|'.join(Kind)})\s*(?P<mark>[,;\t])", re.IGNORECASE)
_HEADER = re.compile(r"\s*kind\s*[,;\t]", re.IGNORECASE)
_OF_STEP = COLUMNS[2:]

SHOWN = 60
"""Characters of a line that a message repeats."""


def write(plan: Plan) -> str:
    """The lines that `read_plan` reads as the same plan."""
    return "\n".join(_line(step) for step in plan.steps)


def read_plan(text: str, role: Role, start: date) -> Reading:
    """The plan of a role from a day on, and what cannot be read, each with its line."""
    problems: list[Refused] = []
    lines = ((n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not _HEADER.match(line))
    found = read(_rows(lines, role, start, problems))
    return Reading(found.plans, (*problems, *found.problems))


def _rows(
    lines: Iterable[tuple[int, str]], role: Role, start: date, problems: list[Refused]
) -> Iterator[tuple[int, dict[str, str]]]:
    for n, line in lines:
        cells = _cells(line)
        if cells is None:
            problems.append(Refused("pay.problem.line", line=str(n), value=" ".join(line.split())[:SHOWN]))
        else:
            yield n, {"role": role, "from": start.isoformat(), **cells}


def _cells(line: str) -> dict[str, str] | None:
    """The cells of a line by column; None where it has too few words, or too many."""
    row = _A_ROW.match(line)
    if row:
        cells = line.split(row["mark"])
        return dict(zip(_OF_STEP, cells, strict=False)) if len(cells) <= len(_OF_STEP) else None
    return _of_words(line)


def _of_words(line: str) -> dict[str, str] | None:
    said = _BETWEEN_BOUNDS.sub("-", _BEFORE_PERCENT.sub("%", line.strip().translate(_DASHES)))
    words = said.casefold().split()
    is_tier = bool(words) and words[0] == Kind.TIER
    if len(words) not in ({3, 4} if is_tier else {3}):
        return None
    kind, event, *bounds, worth = words
    cells = {"kind": kind, "event": event, "amount" if kind == Kind.FIXED else "rate": worth}
    if bounds:
        found = _BOUNDS.fullmatch(bounds[0])
        if found is None:
            return None
        cells |= {"lower": found[1] or "0", "upper": found[2] or ""}
    return cells


def _line(step: Step) -> str:
    parts = [str(step.kind), str(step.event)]
    if step.kind is Kind.TIER:
        parts.append(f"{plain(step.lower or Decimal(0))}-{'' if step.upper is None else plain(step.upper)}")
    if step.kind is Kind.FIXED:
        parts.append(plain(step.amount or Decimal(0)))
    else:
        parts.append(f"{plain((step.rate or Decimal(0)) * 100)}%")
    return " ".join(parts)
