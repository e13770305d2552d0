"""Plans as rows of a table, `role,from,kind,event,lower,upper,amount,rate`, and back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from bot.access.roles import Role
from bot.errors import Refused
from bot.pay.plan import PAID_FOR, Event, Kind, Plan, Step, plain, plans_of

COLUMNS = ("role", "from", "kind", "event", "lower", "upper", "amount", "rate")
REQUIRED = ("role", "from", "kind", "event")

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST = 60
"""Characters of a cell that a message repeats."""

_Code = TypeVar("_Code", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Reading:
    """The plans of all rows, and what is wrong with them; a row with a problem is in no plan.

    A problem is a `pay.problem.…` with `line`, `field`, `value` and, where there is a list, what may stand there.
    """

    plans: tuple[Plan, ...]
    problems: tuple[Refused, ...]


def read(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Reading:
    """Read rows: the number of each line, and its cells by column; a cell that is empty may be left out.

    Roles, kinds and events may stand in any case. Whether the plans make sense is for `plan.problems` to say.
    """
    problems: list[Refused] = []
    steps = [_Cells(line, cells, problems).step() for line, cells in rows]
    return Reading(plans_of(step for step in steps if step), tuple(problems))


def write(plans: Iterable[Plan]) -> list[tuple[str, ...]]:
    """The rows under `COLUMNS` that `read` reads as the same plans."""
    return [_row(step) for plan in plans for step in plan.steps]


def _row(step: Step) -> tuple[str, ...]:
    numbers = (step.lower, step.upper, step.amount, step.rate)
    cells = ("" if number is None else plain(number) for number in numbers)
    return (str(step.role), step.start.isoformat(), str(step.kind), str(step.event), *cells)


class _Cells:
    """The cells of one row; what cannot be understood is None and stands in the problems."""

    def __init__(self, line: int, cells: Mapping[str, str], problems: list[Refused]) -> None:
        self._line, self._problems = line, problems
        self._cells = {name: cell.strip() for name, cell in cells.items()}
        self._is_good = True

    def step(self) -> Step | None:
        """The row as a step, if it is one."""
        role, start = self._code("role", tuple(Role)), self._day("from")
        kind, event = self._code("kind", tuple(Kind)), self._code("event", PAID_FOR)
        lower, upper = self._percent("lower"), self._percent("upper")
        amount, rate = self._number("amount", "pay.problem.no_number"), self._rate()
        if not (role and start and kind and event and self._is_good):
            return None
        if kind is Kind.TIER and lower is None:
            lower = Decimal(0)
        return Step(role, start, kind, Event(event), lower, upper, amount, rate)

    def _refuse(self, what: str, field: str, **params: object) -> None:
        self._is_good = False
        value = self._cells.get(field, "")
        shown = value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
        self._problems.append(Refused(what, line=str(self._line), field=field, value=shown, **params))

    def _code(self, field: str, allowed: tuple[_Code, ...]) -> _Code | None:
        said = self._cells.get(field, "").casefold()
        found = next((code for code in allowed if code.casefold() == said), None)
        if found is None:
            what = "pay.problem.unknown" if said else "pay.problem.missing"
            self._refuse(what, field, allowed=", ".join(allowed))
        return found

    def _day(self, field: str) -> date | None:
        cell = self._cells.get(field, "")
        try:
            if _DAY.fullmatch(cell):
                return date.fromisoformat(cell)
        except ValueError:
            pass  # a day that no calendar has is refused like any other word
        self._refuse("pay.problem.no_day" if cell else "pay.problem.day_missing", field)
        return None

    def _number(self, field: str, what: str, *, unit: str = "") -> Decimal | None:
        """The number in a cell, without the unit that may stand behind it."""
        cell = self._cells.get(field, "")
        bare = cell.removesuffix(unit).rstrip()
        if cell and not _NUMBER.fullmatch(bare):
            self._refuse(what, field)
            return None
        return Decimal(bare) if cell else None

    def _percent(self, field: str) -> Decimal | None:
        """`100` or `100 %`."""
        return self._number(field, "pay.problem.no_percent", unit="%")

    def _rate(self) -> Decimal | None:
        """`0.08` or `8 %`."""
        number = self._number("rate", "pay.problem.no_part", unit="%")
        is_percent = self._cells.get("rate", "").endswith("%")
        return number.scaleb(-2) if number is not None and is_percent else number
