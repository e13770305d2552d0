"""Plans and lines as plain JSON, and back: what the tables of pay keep of them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.access.roles import Role
from bot.money import Money
from bot.pay.earned import Line, LineKind, Share
from bot.pay.plan import Event, Plan, Step, plain
from bot.pay.rows import COLUMNS, read, write

_OF_PLAN = ("role", "from")


def steps_as_json(plan: Plan) -> list[dict[str, str]]:
    """The cells of each step; role and first day are the plan's."""
    return [
        {name: cell for name, cell in zip(COLUMNS, row, strict=True) if cell and name not in _OF_PLAN}
        for row in write([plan])
    ]


def plan_from(role: str, start: date, steps: Iterable[Mapping[str, str]]) -> Plan:
    """A plan as it was kept."""
    of_plan = {"role": role, "from": start.isoformat()}
    found = read((n, {**of_plan, **cells}) for n, cells in enumerate(steps, 1))
    assert not found.problems, found.problems
    return found.plans[0] if found.plans else Plan(Role(role), start, ())


def line_as_json(line: Line) -> dict[str, Any]:
    """All of a line but the period that it stands in."""
    return {
        "id": line.id,
        "counts_in": line.counts_in,
        "at": line.at.isoformat(),
        "event": line.event,
        "earned": line.earned,
        "subject": line.subject,
        "kind": line.kind,
        "currency": line.amount.currency,
        "amount": line.amount.minor,
        "base": line.base and line.base.minor,
        **({"share": [plain(line.share.percent), line.share.whole.minor]} if line.share else {}),
        "step": line.step and dict(zip(COLUMNS, write([_alone(line.step)])[0], strict=True)),
    }


def line_from(kept: Mapping[str, Any], period: str) -> Line:
    """A line as it was kept."""
    currency, base, share = kept["currency"], kept["base"], kept.get("share")
    return Line(
        id=kept["id"],
        period=period,
        counts_in=kept["counts_in"],
        at=datetime.fromisoformat(kept["at"]),
        event=Event(kept["event"]),
        earned=kept["earned"],
        subject=kept["subject"],
        kind=LineKind(kept["kind"]),
        base=None if base is None else Money(currency, base),
        amount=Money(currency, kept["amount"]),
        step=read([(1, kept["step"])]).plans[0].steps[0] if kept["step"] else None,
        share=Share(Decimal(share[0]), Money(currency, share[1])) if share else None,
    )


def _alone(step: Step) -> Plan:
    return Plan(step.role, step.start, (step,))
