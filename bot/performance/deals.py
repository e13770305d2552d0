"""Deals as the figures count them: new business and upsells, with their days in the workspace's calendar, in its
currency, with where they came from. A renewal is a metric of its own, and in none of these.

A deal comes from its lead, or without one from the first lead of its company. As of a moment (`known`, UTC) it is what
was recorded by then; only where a lead came from, and its segment, is what stands: leads keep no versions.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache, reduce
from operator import add
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from bot.clock import instant, zone_or_utc
from bot.deals import courses
from bot.deals.courses import Course, is_duplicate
from bot.deals.split import credited
from bot.deals.states import PIPELINE, Kind, Stage
from bot.figures.deals import ClosedDeal, OpenDeal
from bot.leads.queries import lead
from bot.money import Money
from bot.people.queries import LATEST
from bot.reading.text import fold
from bot.store.sql import Prepared, digits, one_of_ids
from bot.workspace import queries as workspace

STAGES = tuple(stage.value for stage in PIPELINE)
_WON = Stage.WON.value
DAY = timedelta(days=1)
UNKNOWN = "unknown"
"""The source of a deal whose company was never a lead."""


_KNOWN_HERE = (
    lead.c.workspace_id == bindparam("workspace"),
    lead.c.recorded_at <= bindparam("known", type_=lead.c.recorded_at.type),
)
LEADS = Prepared(
    select(digits(lead.c.id), lead.c.source, lead.c.segment).where(*_KNOWN_HERE, one_of_ids(lead.c.id, "leads"))
)
FIRST_LEADS = Prepared(
    select(digits(lead.c.account_id), lead.c.source, lead.c.segment)
    .where(*_KNOWN_HERE, one_of_ids(lead.c.account_id, "accounts"))
    .order_by(lead.c.recorded_at.desc(), lead.c.id.desc())
)
"""Those of companies, the first one last."""


class Origin(NamedTuple):
    """Where a deal came from: the source of its lead, and the segment that its company is in (folded), if any."""

    source: str = UNKNOWN
    segment: str | None = None


class Calendar(NamedTuple):
    """The workspace's zone and currency: what days and money are reckoned in."""

    zone: ZoneInfo
    currency: str

    @classmethod
    def of(cls, tx: Connection, workspace_id: str, known: datetime | None = None) -> "Calendar":
        """As the workspace has decided, or had by what was recorded at `known`."""
        settings = workspace.settings_at(tx, workspace_id, known) if known else workspace.settings(tx, workspace_id)
        return cls(zone_or_utc(settings.zone), settings.currency)

    def start(self, day: date) -> datetime:
        """The moment (UTC) at which a day begins."""
        return instant(day, time.min, self.zone)

    def day(self, at: datetime) -> date:
        """The day of a moment."""
        return at.astimezone(self.zone).date()


class Closed(NamedTuple):
    """A deal that was won or lost: whose it is, where it came from, and of one that several have, who has how much."""

    deal: ClosedDeal
    owner_id: str
    source: str
    parts: Mapping[str, Money] | None = None

    def part(self, person_id: str) -> ClosedDeal:
        """The deal as far as it is somebody's: with their share of its amount."""
        return self.deal if self.parts is None else self.deal._replace(amount=self.parts.get(person_id))


class Open(NamedTuple):
    """An open deal, likewise."""

    deal: OpenDeal
    owner_id: str
    source: str
    parts: Mapping[str, Money] | None = None

    def part(self, person_id: str) -> OpenDeal:
        """The deal as far as it is somebody's: with their share of its amount."""
        return self.deal if self.parts is None else self.deal._replace(amount=self.parts.get(person_id))


def closed_deals(
    tx: Connection,
    workspace_id: str,
    first: date,
    last: date,
    people: Collection[str] | None = None,
    known: datetime | None = None,
) -> list[Closed]:
    """The deals that closed on the days `first` to `last`, both included, of these owners or (None) of everybody."""
    here = Calendar.of(tx, workspace_id, known)
    start, end = here.start(first), here.start(last + DAY)
    return _all_closed(tx, workspace_id, courses.closed(tx, workspace_id, start, end, people, known), here, known)


def shared_closed(
    tx: Connection,
    workspace_id: str,
    first: date,
    last: date,
    people: Collection[str],
    known: datetime | None = None,
) -> list[Closed]:
    """The same of those of which any of these people have a share, whoever owns them."""
    here = Calendar.of(tx, workspace_id, known)
    start, end = here.start(first), here.start(last + DAY)
    found = courses.closed_shared(tx, workspace_id, start, end, people, known)
    return _all_closed(tx, workspace_id, found, here, known)


def _all_closed(
    tx: Connection, workspace_id: str, every: Iterable[Course], here: Calendar, known: datetime | None
) -> list[Closed]:
    found = _counted(every)
    origins = origins_of(tx, workspace_id, found, known)
    return [
        Closed(_closed(each, origin, here), each.owner_id, origin.source, _parts(each, here))
        for each, origin in zip(found, origins, strict=True)
    ]


def open_deals(
    tx: Connection, workspace_id: str, people: Collection[str] | None = None, known: datetime | None = None
) -> list[Open]:
    """The open deals of these owners or (None) of everybody."""
    return _all_open(tx, workspace_id, courses.still_open(tx, workspace_id, people, known), known)


def shared_open(
    tx: Connection, workspace_id: str, people: Collection[str], known: datetime | None = None
) -> list[Open]:
    """The same of those of which any of these people have a share, whoever owns them."""
    return _all_open(tx, workspace_id, courses.still_open_shared(tx, workspace_id, people, known), known)


def _all_open(tx: Connection, workspace_id: str, every: Iterable[Course], known: datetime | None) -> list[Open]:
    here = Calendar.of(tx, workspace_id, known)
    found = _counted(every)
    origins = origins_of(tx, workspace_id, found, known)
    return [
        Open(_open(each, origin, here), each.owner_id, origin.source, _parts(each, here))
        for each, origin in zip(found, origins, strict=True)
    ]


def promised_deals(
    tx: Connection, workspace_id: str, people: Collection[str], known: datetime | None = None
) -> list[OpenDeal]:
    """The open deals of these people, each with as much of its amount as is theirs: all of it, or their shares."""
    deals: dict[str, OpenDeal] = {}
    for each in (*open_deals(tx, workspace_id, people, known), *shared_open(tx, workspace_id, people, known)):
        deals[each.deal.id] = each.deal if each.parts is None else each.deal._replace(amount=_of(each.parts, people))
    return list(deals.values())


def _of(parts: Mapping[str, Money], people: Collection[str]) -> Money | None:
    """What several have together of a deal whose amount is known; None where it is not."""
    theirs = [money for person, money in parts.items() if person in people]
    return reduce(add, theirs) if theirs else None


def _parts(course: Course, here: Calendar) -> Mapping[str, Money] | None:
    """Who has how much of a deal that several have; of one without an amount nobody has any yet."""
    if not course.shares:
        return None
    money = _money(course, here)
    return credited(money, course.shares, course.owner_id) if money else {}


def _counted(found: Iterable[Course]) -> list[Course]:
    return [each for each in found if each.kind is not Kind.RENEWAL]


class Rooted(Protocol):
    """What comes from a lead: a deal, a customer. Ids are hex digits."""

    @property
    def lead_id(self) -> str | None:
        """Its own lead, if any."""
        ...

    @property
    def account_id(self) -> str:
        """Its company."""
        ...


def origins_of(tx: Connection, workspace_id: str, found: Collection[Rooted], known: datetime | None) -> list[Origin]:
    """Where each came from, one by one."""
    when = {"workspace": workspace_id, "known": known or LATEST}
    leads = {each.lead_id for each in found if each.lead_id}
    accounts = {each.account_id for each in found if not each.lead_id}
    by_lead = {row.id: _origin(row.source, row.segment) for row in _some(LEADS, tx, {**when, "leads": leads})}
    by_account = {
        row.account_id: _origin(row.source, row.segment)
        for row in _some(FIRST_LEADS, tx, {**when, "accounts": accounts})
    }
    nowhere = Origin()
    return [
        by_lead.get(each.lead_id, nowhere) if each.lead_id else by_account.get(each.account_id, nowhere)
        for each in found
    ]


def _some(statement: Prepared, tx: Connection, values: Mapping[str, Any]) -> list[Any]:
    return statement.all(tx, values) if all(values.values()) else []


@lru_cache(maxsize=1024)
def _origin(source: str, segment: str | None) -> Origin:
    """Kept: a workspace has few of them."""
    return Origin(source, fold(segment).strip() or None if segment else None)


def _closed(course: Course, origin: Origin, here: Calendar) -> ClosedDeal:
    assert course.closed_at is not None
    return ClosedDeal(
        id=course.id,
        is_won=course.stage == _WON,
        opened=here.day(course.opened_at),
        closed=here.day(course.closed_at),
        amount=_money(course, here),
        entered=_entered(course.furthest),
        segment=origin.segment,
        is_duplicate=is_duplicate(course),
    )


@lru_cache(maxsize=32)
def _entered(furthest: str | None) -> frozenset[str]:
    return frozenset({furthest} if furthest else ())


def _open(course: Course, origin: Origin, here: Calendar) -> OpenDeal:
    return OpenDeal(
        id=course.id,
        stage=course.stage,
        opened=here.day(course.opened_at),
        amount=_money(course, here),
        closes=course.close_on,
        segment=origin.segment,
    )


def _money(course: Course, here: Calendar) -> Money | None:
    """The amount, where it is in the workspace's currency: Baton has no rates."""
    return course.money if course.money and course.money.currency == here.currency else None
