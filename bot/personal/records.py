"""What is kept of a person beside the tables that can be imported: every row that names them, in one wide table.

Of every table it is said here whose its rows are, or why they are not sent; a test holds that of new ones, too.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, or_, select
from sqlmodel import SQLModel

from bot.transfer.form import Sheet
from bot.transfer.kinds import Kind

RECORDS: Mapping[str, tuple[str, ...]] = {
    "person": ("id",),
    "role_assignment": ("person_id",),
    "placement": ("person_id",),
    "absence": ("person_id",),
    "next_step": ("person_id",),
    "handoff": ("giver_id", "taker_id"),
    "handoff_offer": ("taker_id",),
    "handoff_change": ("by", "taker_id"),
    "customer": ("owner_id", "csm_id"),
    "feedback": ("person_id", "author_id"),
    "one_on_one": ("person_id", "manager_id"),
    "action_item": ("person_id", "owner_id", "manager_id"),
    "training": ("person_id",),
    "milestone": ("subject", "by"),
    "pay_dispute": ("person_id",),
    "digest_choice": ("person_id",),
    "reminder_choice": ("person_id",),
    "quiet_hours": ("person_id",),
    "recognition_choice": ("person_id",),
    "moved_reminder": ("person_id",),
    "held_reminder": ("person_id",),
    "open_question": ("person_id",),
    "home_tab": ("person_id",),
    "routing_credit": ("person_id",),
    "audit_entry": ("person_id",),
}
"""The tables of the file, in its order, with the columns of which one names the person."""

IN_KIND: Mapping[str, Kind] = {
    "activity": Kind.ACTIVITIES,
    "deal": Kind.DEALS,
    "lead": Kind.LEADS,
    "pay_line": Kind.STATEMENTS,
    "pay_statement": Kind.STATEMENTS,
    "quota": Kind.QUOTAS,
}
"""Tables that have a file of their own."""

LEFT_OUT: Mapping[str, str] = {
    "account": "a customer of the company; who entered it is not about them",
    "activity_day": "sums of the activities",
    "contact": "somebody at a customer; who entered it is not about them",
    "customer_carer": "an index of the customers",
    "customer_change": "the history of a customer",
    "customer_leaving": "the end of a customer as it is counted",
    "deal_change": "the history of a deal",
    "deal_ending": "the end of a deal as it is counted",
    "deal_owner": "an index of the deals",
    "deal_share": "an index of the deals",
    "delivery": "what was said by message, which stands in one's own Slack",
    "erasure": "that somebody was erased, under a number that leads to nobody",
    "installation": "who installed Baton; it goes with the installation",
    "job": "when Baton is to do something next, made anew from the rest",
    "lead_event": "the history of a lead",
    "lead_rescoring": "work on everybody's leads",
    "pay_period": "a period of the company",
    "pay_plan": "a plan of the company",
    "training_module": "who is to learn it stands in the training",
    "win_count": "sums of everybody's deals",
    "workspace_setting": "a setting of the company",
}
"""Tables that name people and are not sent, and why."""

NOT_TOLD = frozenset(
    "activity_id announcement answered card cards choice deal_id giver_card handoff_id id is_leaving letters line_id n "
    "origin reminder_id step_id thread turn version workspace_id".split()
)
"""Columns of the machinery: ids of rows and messages, and what a route was weighed by, which names others."""

NAMED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "account_id": ("account", ("name",)),
    "contact_id": ("contact", ("name",)),
    "lead_id": ("lead", ("title",)),
    "module_id": ("training_module", ("title", "link")),
}
"""Ids that are told by what they stand for."""

PEOPLE = frozenset({"by", "recorded_by", "closed_by", "superseded_by", "answered_by", "subject", "value"})
"""Columns that hold a person's id under another name than `…_id`."""


def take_out(tx: Connection, workspace_id: str, person_id: str, emails: Mapping[str, str]) -> Sheet:
    """Every record of a person: `record` says its table, the further columns are those that any of them has. Moments
    are UTC, people stand by their e-mail where they have one.
    """
    found = [record for name, whose in RECORDS.items() for record in _of(tx, workspace_id, person_id, name, whose)]
    told = [{key: _cell(key, value, emails) for key, value in record.items()} for record in found]
    header = tuple(dict.fromkeys(key for record in told for key in record))
    return Sheet(header, tuple(tuple(record.get(key, "") for key in header) for record in told))


def _of(
    tx: Connection, workspace_id: str, person_id: str, name: str, whose: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    table = SQLModel.metadata.tables[name]
    theirs = or_(*(table.c[column] == person_id for column in whose))
    wanted = select(table).where(table.c.workspace_id == workspace_id, theirs, *_shown(table, person_id))
    order = [table.c[each] for each in ("recorded_at", "version") if each in table.c]
    for row in tx.execute(wanted.order_by(*order)).mappings():
        yield {"record": name, **_told(tx, workspace_id, person_id, dict(row))}


def _shown(table: Table, person_id: str) -> list[ColumnElement[bool]]:
    """What its author took back is nobody else's."""
    if table.name != "feedback":
        return []
    return [or_(table.c.withdrawn_at.is_(None), table.c.author_id == person_id)]


def _told(tx: Connection, workspace_id: str, person_id: str, row: dict[str, Any]) -> dict[str, Any]:
    """What a row says to this person: the notes of a one-to-one are the manager's own, unless they are shared."""
    if row.get("is_shared") is False and row["manager_id"] != person_id:
        row["notes"] = None
    told = dict[str, Any]()
    for key, value in row.items():
        if key in NAMED:
            told |= _named(tx, workspace_id, key, value)
        elif key not in NOT_TOLD:
            told[key] = value
    return told


def _named(tx: Connection, workspace_id: str, key: str, value: Any) -> dict[str, Any]:
    name, columns = NAMED[key]
    table = SQLModel.metadata.tables[name]
    row = tx.execute(select(table).where(table.c.workspace_id == workspace_id, table.c.id == value)).mappings().first()
    return {f"{key.removesuffix('_id')}_{column}": row and row[column] for column in columns}


def _cell(key: str, value: Any, emails: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, str):
        return emails.get(value, value) if key.endswith("_id") or key in PEOPLE else value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | bool) else str(value)
