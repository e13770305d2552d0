"""Many deals at once, out of a list: nobody is told of any. Runs inside a caller's transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.accounts import service as accounts
from bot.clock import instant, zone_or_utc
from bot.deals import changes, closing, queries
from bot.deals.changes import NewDeal
from bot.deals.closing import Win
from bot.deals.queries import DealRow
from bot.deals.rules import YEAR, months_later
from bot.deals.states import CLOSED, Kind, Stage, What
from bot.money import Money
from bot.reading.names import name_key
from bot.workspace import queries as workspace


@dataclass(frozen=True, slots=True)
class Coming:
    """A deal of a list. What is None is not said: of a new deal it is the usual, of a known one it stays as it is. Days
    are the workspace's.
    """

    line: int
    company: str
    owner_id: str
    stage: Stage | None = None
    kind: Kind = Kind.NEW
    money: Money | None = None
    opened_on: date | None = None
    close_on: date | None = None
    closed_on: date | None = None
    giver_id: str | None = None
    reason: str | None = None
    renewal_on: date | None = None
    note: str | None = None
    is_owner_gone: bool = False
    shares: dict[str, str] | None = None


class Unfit(Exception):
    """A row that cannot be taken; `why` is a code."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line, self.why = line, why


class How(StrEnum):
    """What became of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Came:
    """The deal of a row, and what the row changed about it."""

    row: DealRow
    how: How
    changed: tuple[str, ...] = ()


@dataclass
class _List:
    """What the rows of a list share."""

    tx: Connection
    workspace_id: str
    by: str
    origin: str
    now: datetime
    zone: ZoneInfo
    currency: str
    ids: dict[str, UUID]
    known: dict[tuple[UUID, str, str, date], list[DealRow]] = field(default_factory=dict)
    last_turns: dict[tuple[UUID, str, str, date], int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The workspace's calendar day."""
        return self.now.astimezone(self.zone).date()

    def day(self, at: datetime) -> date:
        """The workspace's calendar day of a moment."""
        return at.astimezone(self.zone).date()

    def moment(self, day: date) -> datetime:
        """The noon of a day; of today, and of a day that is still to come, this moment."""
        return min(instant(day, time(12), self.zone), self.now)


def take_in(
    tx: Connection, workspace_id: str, coming: Sequence[Coming], *, by: str, origin: str, now: datetime
) -> Iterator[Came | Unfit]:
    """Take all of them in, in their order. Known is a deal of the same company, owner and kind that was opened on the
    same day: the first such row is about the first such deal, the second about the second.

    Args:
        tx: the running transaction.
        workspace_id: whose they are.
        coming: the rows.
        by: who brings the list.
        origin: names the list; each row adds its line.
        now: the moment.
    """
    settings = workspace.settings(tx, workspace_id)
    names = {name_key(each.company): each.company for each in coming}
    ids = accounts.ensure_accounts(tx, workspace_id, names, by=by, now=now)
    found = _List(tx, workspace_id, by, origin, now, zone_or_utc(settings.zone), settings.currency, ids)
    for row in queries.every(tx, workspace_id):
        key = (row.account_id, row.owner_id, row.kind.value, found.day(row.opened_at))
        found.known.setdefault(key, []).append(row)
    for each in coming:
        try:
            yield _take(found, each)
        except Unfit as unfit:
            yield unfit


@dataclass(frozen=True, slots=True)
class Listed:
    """A deal as a list has it; days are the workspace's."""

    row: DealRow
    opened_on: date
    closed_on: date | None


def listed(tx: Connection, workspace_id: str) -> list[Listed]:
    """All deals, oldest first."""
    zone = zone_or_utc(workspace.settings(tx, workspace_id).zone)
    return [
        Listed(
            row, row.opened_at.astimezone(zone).date(), row.closed_at.astimezone(zone).date() if row.closed_at else None
        )
        for row in queries.every(tx, workspace_id)
    ]


def _take(here: _List, each: Coming) -> Came:
    account_id = here.ids[name_key(each.company)]
    key = (account_id, each.owner_id, each.kind.value, each.opened_on or here.today)
    turn = here.last_turns[key] = here.last_turns.get(key, -1) + 1
    rows = here.known.get(key, [])
    return _change(here, rows[turn], each) if turn < len(rows) else _open(here, account_id, each)


def _open(here: _List, account_id: UUID, each: Coming) -> Came:
    """A new deal: opened where deals begin, then moved to where it stands, so that the stages between count."""
    if each.is_owner_gone and each.stage not in CLOSED:
        raise Unfit(each.line, "gone")
    first = Stage.NEEDS if each.giver_id else Stage.REQUALIFY
    new = NewDeal(
        account_id=account_id,
        owner_id=each.owner_id,
        currency=here.currency,
        stage=first,
        kind=each.kind,
        money=each.money,
        close_on=each.close_on,
        giver_id=each.giver_id,
        shares=each.shares,
        opened_at=here.moment(each.opened_on or here.today),
    )
    origin = f"{here.origin}:{each.line}"
    row = changes.open_deal(here.tx, here.workspace_id, new, by=here.by, origin=origin, now=here.now, note=each.note)
    stage = each.stage or first
    if stage is not first:
        row = _moved(here, row, each, stage, row.opened_at)
    return Came(row, How.NEW)


def _change(here: _List, row: DealRow, each: Coming) -> Came:
    """A deal that is known: what the row says and what stands differ, or not."""
    wanted: dict[str, Any] = {"close_on": each.close_on, "giver_id": each.giver_id if row.giver_id is None else None}
    wanted["shares"] = each.shares
    if each.money is not None:
        wanted |= {"amount": each.money.minor, "currency": each.money.currency}
    values = {name: value for name, value in wanted.items() if value is not None and getattr(row, name) != value}
    stage = each.stage or row.stage
    is_same_day = not each.closed_on or (row.closed_at is not None and here.day(row.closed_at) == each.closed_on)
    if not row.is_open:
        if values.keys() & {"amount", "currency", "shares"} or stage is not row.stage or not is_same_day:
            raise Unfit(each.line, f"closed.{row.stage}")
        values.pop("close_on", None)
    if not values and stage is row.stage:
        return Came(row, How.SAME)
    after = _stored(here, row, What.CHANGED, values, each, f"{here.origin}:{each.line}", None) if values else row
    if stage is not row.stage:
        after = _moved(here, after, each, stage, here.now)
    return Came(after, How.CHANGED, (*values, *(["stage"] if stage is not row.stage else [])))


def _moved(here: _List, row: DealRow, each: Coming, stage: Stage, at: datetime) -> DealRow:
    """The deal in another stage, where closed ones say when that was."""
    origin = f"{here.origin}:{each.line}:{stage}"
    if stage not in CLOSED:
        return _stored(here, row, What.CHANGED, {"stage": stage}, each, origin, at)
    closed_at = here.moment(each.closed_on or here.today)
    if stage is Stage.LOST:
        values = {"stage": stage, "closed_at": closed_at, "reason": each.reason}
        return _stored(here, row, What.LOST, values, each, origin, closed_at)
    renewal = each.renewal_on or _renewal(here, here.day(closed_at))
    win = Win(each.money, closed_at, renewal, is_sure=True, is_quiet=True)
    return closing.win(here.tx, here.workspace_id, row, win, by=here.by, origin=origin, now=here.now)


def _renewal(here: _List, won_on: date) -> date:
    """The first day ahead on which a year ends: of an old customer, nobody has said that they left."""
    years = 1
    while months_later(won_on, YEAR * years) < here.today:
        years += 1
    return months_later(won_on, YEAR * years)


def _stored(
    here: _List, row: DealRow, what: What, values: dict[str, Any], each: Coming, origin: str, at: datetime | None
) -> DealRow:
    after = changes.change(
        here.tx, here.workspace_id, row, what, values, by=here.by, origin=origin, now=here.now, happened_at=at
    )
    if after is None:
        raise Unfit(each.line, "meanwhile")
    return after
