"""The table of leads: who may buy, and who works on it.

A row is about one lead, by its e-mail, its company's domain or, without an address, its company's name. Who is known
already gets what was lacking. With an owner it is worked on; without one it stands in the queue. Nobody is sent
anything about it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.audit.service import COMMAND_LINE
from bot.leads import arrival, bulk
from bot.leads.bulk import Came, Coming, How
from bot.leads.rules import email_of
from bot.leads.states import Direction
from bot.leads.vocabulary import Source
from bot.store.types import new_id
from bot.transfer import leads_out
from bot.transfer.cells import Cells, shown
from bot.transfer.form import Changed, Form, Job, Outcome
from bot.transfer.leads_out import COLUMNS, OWNER, SCORE
from bot.transfer.table import Problem, Row, Table

MOST_POINTS = 1000

_POINTS = re.compile(r"[+-]?\d{1,4}")


def bring_in(tx: Connection, job: Job, table: Table) -> Outcome:
    """Take all rows in, in their order."""
    problems: list[Problem] = []
    coming = [found for row in job.track(table.rows) if (found := _coming(row, job, problems))]
    if problems:
        return Outcome((), 0, tuple(problems))
    origin = f"import:{new_id()}"
    came = bulk.take_in(tx, job.workspace_id, coming, by=COMMAND_LINE, origin=origin, now=job.now)
    changed = [
        Changed(row.line, _who(row), tuple(_described(one, job.directory.emails)))
        for row, one in zip(coming, came, strict=True)
        if one.changed
    ]
    notes = tuple(name for name in table.more if not arrival.has_slot(name))
    return Outcome(tuple(changed), len(came) - len(changed), told=(_told(coming, came),), notes=notes)


FORM = Form(columns=COLUMNS, required=(), emails=(OWNER,), bring_in=bring_in, take_out=leads_out.take_out)


def _coming(row: Row, job: Job, problems: list[Problem]) -> Coming | None:
    cells = Cells(row, problems)
    owner, points = cells.person(OWNER, job.directory.ids), _points(cells)
    if owner in job.directory.gone:
        cells.refuse(f"{OWNER}: the account of {shown(cells.text(OWNER) or '')} has ended")
    email = cells.text("email")
    if email is not None and email_of(email) is None:
        cells.refuse(f"email: {shown(email)} is no address")
    fields = {name: cell for name, cell in row.cells.items() if name not in {OWNER, SCORE}}
    try:
        new = arrival.read({**fields, **row.more}, unnamed_source=Source.IMPORT)
    except arrival.Incomplete:
        if email is None:
            cells.refuse("there is neither a company nor an email")
        return None
    if not cells.is_good:
        return None
    is_ours = new.source in arrival.OURS if owner else new.source == Source.OUTBOUND
    direction = Direction.OUTBOUND if is_ours else Direction.INBOUND
    return Coming(row.line, replace(new, owner_id=owner, direction=direction), points)


def _points(cells: Cells) -> int | None:
    cell = cells.text(SCORE)
    if cell is None:
        return None
    points = int(cell) if _POINTS.fullmatch(cell) else MOST_POINTS + 1
    if abs(points) > MOST_POINTS:
        cells.refuse(f"{SCORE}: {shown(cell)} is no whole number from -{MOST_POINTS} to {MOST_POINTS}")
    return points


def _who(coming: Coming) -> str:
    return coming.new.email or coming.new.company


def _described(came: Came, emails: Mapping[str, str]) -> Iterator[str]:
    """What a row changed, in a few words."""
    changed = dict(came.changed)
    owner = changed.pop("owner_id", None)
    company = changed.pop("new", None)
    if company is not None:
        yield f"new, {shown(company)}"
        yield f"for {emails.get(owner, owner)}" if owner else "in the queue"
    elif owner:
        yield f"for {emails.get(owner, owner)}"
    yield from (f"{shown(name)} {shown(_plain(value))}" for name, value in changed.items())


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _told(coming: list[Coming], came: list[Came]) -> str:
    how = Counter(each.how for each in came)
    owned = sum(1 for row, one in zip(coming, came, strict=True) if one.how is How.NEW and row.new.owner_id)
    return (
        f"New leads: {how[How.NEW]:,} ({how[How.NEW] - owned:,} in the queue, {owned:,} with an owner). "
        f"Merged: {how[How.KNOWN]:,} with leads that were known, {how[How.DOUBLE]:,} with an earlier row."
    )
