"""The table of deals: what may be bought, how far it is, and what became of it.

A row is about one deal, known by its company, owner, kind and the day it was opened; any other is a new one. Nobody is
told of it, and no win of a list is announced. Amounts are plain decimals in the workspace's money.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from bot.audit.service import COMMAND_LINE
from bot.deals import bulk, split
from bot.deals.bulk import Came, Coming, How, Unfit
from bot.deals.process import Process, phrase_of, process_in
from bot.deals.rules import LARGEST, LONGEST_NOTE
from bot.deals.states import CLOSED, Kind, Stage
from bot.errors import Refused
from bot.money import Money
from bot.reading.subject import LONGEST_NAME
from bot.store.types import new_id
from bot.transfer import deals_out
from bot.transfer.cells import Cells, shown
from bot.transfer.deals_out import COLUMNS, GIVER, OWNER
from bot.transfer.form import Changed, Form, Job, Outcome
from bot.transfer.table import Problem, Row, Table
from bot.workspace import queries as workspace

_WHY = {
    "closed.won": "stage: this deal is won already; reopen it in Slack before anything about it is changed",
    "closed.lost": "stage: this deal is lost already; reopen it in Slack before anything about it is changed",
    "gone": f"{OWNER}: this account has ended, and an open deal needs somebody",
    "meanwhile": "somebody else changed this deal this very moment",
}

_WRONG = {
    "deals.split.twice": "one share for each person",
    "deals.split.many": f"the owner and {split.MOST} others at the most",
    "deals.split.owner": "the owner has what the others leave, and is not named",
    "deals.split.none": "a share is above 0",
    "deals.split.fine": f"{split.FINEST} decimals at the most",
    "deals.split.over": "less than 100 together, for the owner has the rest",
}
_SHARE = re.compile(r"\d{1,9}(\.\d{1,9})? ?%?", re.ASCII)


def bring_in(tx: Connection, job: Job, table: Table) -> Outcome:
    """Take all rows in, in their order."""
    problems: list[Problem] = []
    settings = workspace.settings(tx, job.workspace_id)
    currency, process = settings.currency, process_in(settings)
    coming = [
        found for row in job.track(table.rows) if (found := _Reading(row, job, currency, process, problems).read())
    ]
    if problems:
        return Outcome((), 0, tuple(problems))
    origin = f"import:{new_id()}"
    came = list(bulk.take_in(tx, job.workspace_id, coming, by=COMMAND_LINE, origin=origin, now=job.now))
    unfit = [Problem(each.line, _WHY[each.why]) for each in came if isinstance(each, Unfit)]
    if unfit:
        return Outcome((), 0, tuple(unfit))
    taken = [each for each in came if isinstance(each, Came)]
    changed = [
        Changed(row.line, row.company, tuple(_described(each)))
        for row, each in zip(coming, taken, strict=True)
        if each.how is not How.SAME
    ]
    return Outcome(tuple(changed), len(taken) - len(changed), told=(_told(taken),))


FORM = Form(
    columns=COLUMNS,
    required=("company", OWNER),
    emails=(OWNER, GIVER),
    bring_in=bring_in,
    take_out=deals_out.take_out,
)


@dataclass(slots=True)
class _Reading:
    """One row, as it is understood."""

    row: Row
    job: Job
    currency: str
    process: Process
    problems: list[Problem]

    def read(self) -> Coming | None:
        cells = Cells(self.row, self.problems)
        company, owner, giver = cells.text("company"), self._owner(cells), cells.person(GIVER, self.job.directory.ids)
        stage, money = self._stage(cells), self._money(cells)
        opened, close, closed = (cells.day(name) for name in ("opened", "close", "closed"))
        kind, reason, renewal = self._kind(cells), self._reason(cells), cells.day("renewal")
        shares = self._shares(cells, owner)
        if company is None:
            cells.refuse("company: there is none")
        elif len(company) > LONGEST_NAME:
            cells.refuse(f"company: more than {LONGEST_NAME} characters")
        self._check_days(cells, stage, opened, closed)
        if stage is Stage.WON and money is None and cells.text("amount") is None:
            cells.refuse("amount: a deal that is won has one; write 0 if it was for nothing")
        if not cells.is_good or company is None or owner is None:
            return None
        return Coming(
            self.row.line,
            company,
            owner,
            stage,
            kind,
            money,
            opened_on=opened,
            close_on=close,
            closed_on=closed,
            giver_id=giver,
            reason=reason,
            renewal_on=renewal,
            note=self._note(),
            is_owner_gone=owner in self.job.directory.gone,
            shares=shares,
        )

    def _owner(self, cells: Cells) -> str | None:
        if cells.text(OWNER) is None:
            cells.refuse(f"{OWNER}: there is none, and every deal has an owner")
        return cells.person(OWNER, self.job.directory.ids)

    def _stage(self, cells: Cells) -> Stage | None:
        cell = cells.text("stage")
        found = self.process.stage_phrases.get(phrase_of(cell)) if cell is not None else None
        if cell is not None and found is None:
            cells.refuse(f"stage: {shown(cell)} is none; write one of {', '.join(Stage)}")
        return found

    def _kind(self, cells: Cells) -> Kind:
        cell = cells.text("kind")
        if cell is None:
            return Kind.NEW
        if cell.casefold() not in set(Kind):
            cells.refuse(f"kind: {shown(cell)} is none; write one of {', '.join(Kind)}")
            return Kind.NEW
        return Kind(cell.casefold())

    def _reason(self, cells: Cells) -> str | None:
        cell = cells.text("reason")
        found = self.process.reason_of(cell) if cell is not None else None
        if cell is not None and found is None:
            cells.refuse(f"reason: {shown(cell)} is none; write one of {', '.join(self.process.reasons)}")
        return found

    def _shares(self, cells: Cells, owner: str | None) -> dict[str, str] | None:
        """`ben@northwind.example:40;cem@northwind.example:20`: who has how many percent besides the owner."""
        cell, said = cells.text("split"), list[tuple[str, Decimal]]()
        for part in filter(None, map(str.strip, re.split(r"[;|]", cell or ""))):
            email, _, share = part.rpartition(":")
            person = self.job.directory.ids.get(email.strip().casefold())
            if not _SHARE.fullmatch(share.strip()):
                cells.refuse(f"split: {shown(part)} is no share; write it as ben@northwind.example:40")
            elif person is None:
                cells.refuse(f"split: {shown(email.strip())} belongs to nobody whom Baton knows")
            else:
                said.append((person, Decimal(share.strip().removesuffix("%"))))
        try:
            return split.checked(said, owner or "") or None
        except Refused as error:
            cells.refuse(f"split: {_WRONG[error.key]}")
            return None

    def _money(self, cells: Cells) -> Money | None:
        cells.check_currency("currency", self.currency)
        amount = cells.decimal("amount", "24000.50")
        if amount is None:
            return None
        if amount > LARGEST:
            cells.refuse(f"amount: {shown(cells.text('amount') or '')} is more than any deal is worth")
            return None
        cells.check_coins("amount", amount, self.currency)
        return Money.of(amount, self.currency)

    def _check_days(self, cells: Cells, stage: Stage | None, opened: date | None, closed: date | None) -> None:
        for name, day in (("opened", opened), ("closed", closed)):
            if day and day > self.job.today:
                cells.refuse(f"{name}: {day} is still to come")
        if closed and stage is not None and stage not in CLOSED:
            cells.refuse(f"closed: a deal in stage {stage} is open; write won or lost, or leave the day out")
        if closed and stage is None:
            cells.refuse("stage: a deal that is closed was won or lost; write which")
        if stage in CLOSED and cells.text("closed") is None:
            cells.refuse(f"closed: on which day was it {stage}?")
        if opened and closed and closed < opened:
            cells.refuse(f"closed: {closed} is before it was opened, on {opened}")

    def _note(self) -> str | None:
        """Further columns, as the note of the deal's first line."""
        return "; ".join(f"{name}: {text}" for name, text in self.row.more.items())[:LONGEST_NOTE] or None


def _described(came: Came) -> Iterator[str]:
    """What a row changed, in a few words."""
    row = came.row
    if came.how is How.NEW:
        yield f"new, {row.stage}"
        if row.money:
            yield f"{row.money.amount:f} {row.currency}"
        return
    for name in came.changed:
        if name == "shares":
            yield "split"
        elif name != "currency":
            value = row.money.amount if name == "amount" and row.money else getattr(row, name)
            yield f"{name} {shown(str(value))}"


def _told(came: list[Came]) -> str:
    new = Counter(_standing(each.row.stage) for each in came if each.how is How.NEW)
    changed = sum(1 for each in came if each.how is How.CHANGED)
    return (
        f"New deals: {new.total():,} ({new['open']:,} open, {new['won']:,} won, {new['lost']:,} lost). "
        f"Changed: {changed:,} that were known."
    )


def _standing(stage: Stage) -> str:
    return stage.value if stage in CLOSED else "open"
