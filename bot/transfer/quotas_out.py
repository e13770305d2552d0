"""The table of targets on its way out: those that hold now, by period."""

from datetime import date

from sqlalchemy import Connection

from bot.quota import queries
from bot.quota.queries import Target
from bot.quota.whose import Whose
from bot.transfer.form import Asked, Sheet
from bot.transfer.queries import Directory, directory
from bot.workspace import queries as workspace

WHOSE = {Whose.PERSON: "email", Whose.TEAM: "team", Whose.TERRITORY: "territory"}
"""The column that says whose a target is."""

FIRST = (*WHOSE.values(), "metric", "period", "target")
CURRENCY = "currency"
"""Stands in an export only where a target was set in another one than the workspace counts in now."""

COLUMNS = (*FIRST, CURRENCY)


def take_out(tx: Connection, asked: Asked) -> Sheet:
    """A row for every target in the days that are asked for; those of people without an e-mail of their own are left
    out, and named.
    """
    known = directory(tx, asked.workspace_id)
    first, last = (asked.period.first, asked.period.last) if asked.period else (date.min, date.max)
    found = queries.in_time(tx, asked.workspace_id, first, last)
    inside = [each for each in found if first <= each.period.first and each.period.last <= last]
    named = [each for each in inside if _name(each, known)]
    ours = workspace.settings(tx, asked.workspace_id).currency
    is_mixed = any(each.currency not in {None, ours} for each in named)
    header = COLUMNS if is_mixed else FIRST
    rows = sorted((_place(each, known), _cells(each, known)) for each in named)
    left_out = {known.names.get(each.subject.key, each.subject.key) for each in inside if not _name(each, known)}
    return Sheet(header, tuple(cells[: len(header)] for _, cells in rows), tuple(sorted(left_out)))


def _name(target: Target, known: Directory) -> str | None:
    is_person = target.subject.whose is Whose.PERSON
    return known.emails.get(target.subject.key) if is_person else target.name or target.subject.key


def _place(target: Target, known: Directory) -> tuple[date, date, int, str, str]:
    """Where it stands: by period, people before teams before territories."""
    period, whose = target.period, list(Whose).index(target.subject.whose)
    return period.first, period.last, whose, _name(target, known) or "", target.metric


def _cells(target: Target, known: Directory) -> tuple[str, ...]:
    whose = (_name(target, known) or "" if each is target.subject.whose else "" for each in WHOSE)
    amount = f"{target.money.amount:f}" if target.money else str(target.value)
    return (*whose, target.metric, target.period.name, amount, target.currency or "")
