"""Reads about pay: plans and closed periods as they were known at some moment, paid statements, disputes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, or_, select

from bot.money import Money
from bot.pay.earned import Line
from bot.pay.kept import line_from, plan_from
from bot.pay.model import PayDispute, PayLine, PayPeriod, PayPlan, PayStatement
from bot.pay.period import Period
from bot.pay.plan import Plan
from bot.pay.statement import Statement, as_paid
from bot.pay.states import Standing
from bot.store.sql import Param, Prepared, one_of, table_of
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

plan = table_of(PayPlan)
period = table_of(PayPeriod)
statement = table_of(PayStatement)
line = table_of(PayLine)
dispute = table_of(PayDispute)

WORKSPACE: Param = bindparam("workspace")
KNOWN: Param = bindparam("known", type_=plan.c.recorded_at.type)


class Version(NamedTuple):
    """One version of a plan; `until` is when the next one took its place."""

    plan: Plan
    version: int
    at: datetime
    by: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Closed:
    """A period that was closed: what was recorded by `at` (UTC) is in its statements."""

    period: Period
    currency: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """What somebody says against a line, and what they were answered. Moments in UTC."""

    id: UUID
    person_id: str
    period: str
    line: Line
    text: str
    state: Standing
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    cards: tuple[UUID, ...]
    recorded_at: datetime


_PLAN = [plan.c[name] for name in "role start_day version steps recorded_at recorded_by superseded_at".split()]
PLANS = Prepared(
    select(*_PLAN)
    .where(
        plan.c.workspace_id == WORKSPACE,
        plan.c.recorded_at <= KNOWN,
        or_(plan.c.superseded_at.is_(None), plan.c.superseded_at > KNOWN),
    )
    .order_by(plan.c.role, plan.c.start_day)
)
VERSIONS = Prepared(
    select(*_PLAN)
    .where(plan.c.workspace_id == WORKSPACE, plan.c.role == bindparam("role"))
    .order_by(plan.c.start_day, plan.c.version)
)
BY_ORIGIN = Prepared(select(plan.c.role).where(plan.c.workspace_id == WORKSPACE, plan.c.origin == bindparam("origin")))
CLOSED = Prepared(
    select(period).where(period.c.workspace_id == WORKSPACE, period.c.recorded_at <= KNOWN).order_by(period.c.first_day)
)
LINES = Prepared(
    select(line.c.period, line.c.person_id, line.c.line)
    .where(line.c.workspace_id == WORKSPACE)
    .order_by(line.c.period, line.c.person_id, line.c.n)
)
LINES_OF = Prepared(
    select(line.c.period, line.c.person_id, line.c.line)
    .where(line.c.workspace_id == WORKSPACE, line.c.person_id == bindparam("person"))
    .order_by(line.c.period, line.c.n)
)
LINES_IN = Prepared(
    select(line.c.period, line.c.person_id, line.c.line)
    .where(line.c.workspace_id == WORKSPACE, line.c.person_id == bindparam("person"), one_of(line.c.period, "periods"))
    .order_by(line.c.period, line.c.n)
)
TOTALS_OF = Prepared(
    select(statement.c.period, statement.c.total).where(
        statement.c.workspace_id == WORKSPACE, statement.c.person_id == bindparam("person")
    )
)
BROUGHT = Prepared(
    select(statement.c.brought).where(
        statement.c.workspace_id == WORKSPACE,
        statement.c.period == bindparam("period"),
        statement.c.person_id == bindparam("person"),
    )
)
_DISPUTE = [dispute.c[name] for name in Dispute.__dataclass_fields__]
DISPUTE = Prepared(select(*_DISPUTE).where(dispute.c.workspace_id == WORKSPACE, dispute.c.id == bindparam("dispute")))
DISPUTE_BY_ORIGIN = Prepared(
    select(*_DISPUTE).where(dispute.c.workspace_id == WORKSPACE, dispute.c.origin == bindparam("origin"))
)
DISPUTES_OF = Prepared(
    select(*_DISPUTE)
    .where(
        and_(dispute.c.workspace_id == WORKSPACE, dispute.c.person_id == bindparam("person")),
        dispute.c.period == bindparam("period"),
    )
    .order_by(dispute.c.recorded_at, dispute.c.id)
)
OPEN_DISPUTES = Prepared(
    select(dispute.c.id).where(
        dispute.c.workspace_id == WORKSPACE,
        dispute.c.period == bindparam("period"),
        dispute.c.state == Standing.OPEN.value,
    )
)


def plans(tx: Connection, workspace_id: str, known: datetime) -> tuple[Plan, ...]:
    """The plans that stood at a moment."""
    return tuple(_version(row).plan for row in PLANS.all(tx, {"workspace": workspace_id, "known": known}))


def versions(tx: Connection, workspace_id: str, role: str) -> list[Version]:
    """Every version of every plan of a role, by first day."""
    return [_version(row) for row in VERSIONS.all(tx, {"workspace": workspace_id, "role": role})]


def was_changed_by(tx: Connection, workspace_id: str, origin: str) -> bool:
    """Whether a delivery has changed a plan before."""
    return BY_ORIGIN.first(tx, {"workspace": workspace_id, "origin": origin}) is not None


def closed(tx: Connection, workspace_id: str, known: datetime) -> list[Closed]:
    """The periods that were closed by a moment, in their order."""
    rows = CLOSED.all(tx, {"workspace": workspace_id, "known": known})
    return [
        Closed(Period(row.first_day, row.last_day, row.name), row.currency, row.closed_at, row.recorded_by)
        for row in rows
    ]


def paid_lines(
    tx: Connection, workspace_id: str, person_id: str | None = None, periods: Collection[str] | None = None
) -> dict[tuple[str, str], tuple[Line, ...]]:
    """The lines of all paid statements, or of one person's (in these periods), by person and period."""
    values: dict[str, Any] = {"workspace": workspace_id}
    if person_id is None:
        rows = LINES.all(tx, values)
    elif periods is None:
        rows = LINES_OF.all(tx, {**values, "person": person_id})
    else:
        rows = LINES_IN.all(tx, {**values, "person": person_id, "periods": periods})
    found: dict[tuple[str, str], list[Line]] = {}
    for row in rows:
        found.setdefault((row.person_id, row.period), []).append(line_from(row.line, row.period))
    return {key: tuple(lines) for key, lines in found.items()}


def paid_totals(tx: Connection, workspace_id: str, person_id: str) -> dict[str, int]:
    """What the lines of each of somebody's paid statements add up to, by period, in minor units."""
    rows = TOTALS_OF.all(tx, {"workspace": workspace_id, "person": person_id})
    return {row.period: row.total for row in rows}


def paid_statement(
    tx: Connection, workspace_id: str, person_id: str, of: Closed, lines: Sequence[Line], as_of: datetime
) -> Statement:
    """A statement as it was paid; without a line where nothing was."""
    row = BROUGHT.first(tx, {"workspace": workspace_id, "period": of.period.name, "person": person_id})
    return as_paid(of.period, tuple(lines), Money(of.currency, row.brought if row else 0), as_of)


def find_dispute(tx: Connection, workspace_id: str, dispute_id: UUID) -> Dispute | None:
    """A dispute, or None."""
    row = DISPUTE.first(tx, {"workspace": workspace_id, "dispute": dispute_id})
    return _dispute(row) if row else None


def dispute_by_origin(tx: Connection, workspace_id: str, origin: str) -> Dispute | None:
    """The dispute that a delivery has made before."""
    row = DISPUTE_BY_ORIGIN.first(tx, {"workspace": workspace_id, "origin": origin})
    return _dispute(row) if row else None


def disputes(tx: Connection, workspace_id: str, person_id: str, period_name: str) -> list[Dispute]:
    """What somebody has said against lines of a statement, oldest first."""
    values = {"workspace": workspace_id, "person": person_id, "period": period_name}
    return [_dispute(row) for row in DISPUTES_OF.all(tx, values)]


def open_disputes(tx: Connection, workspace_id: str, period_name: str) -> int:
    """How many disputes of a period nobody has answered yet."""
    return len(OPEN_DISPUTES.all(tx, {"workspace": workspace_id, "period": period_name}))


def settings_at(tx: Connection, workspace_id: str, known: datetime) -> Settings:
    """Currency, fiscal year, zone and clawback window as the workspace had decided them at a moment."""
    return workspace.settings_at(tx, workspace_id, known)


def _version(row: Any) -> Version:
    found = plan_from(row.role, row.start_day, row.steps)
    return Version(found, row.version, row.recorded_at, row.recorded_by, row.superseded_at)


def _dispute(row: Any) -> Dispute:
    values = row._asdict()
    kept = {
        "line": line_from(row.line, row.period),
        "state": Standing(row.state),
        "cards": tuple(UUID(card) for card in row.cards),
    }
    return Dispute(**{**values, **kept})
