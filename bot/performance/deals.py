"""Deals as the figures count them: new business and upsells, with their days in the workspace's calendar, in its
currency, with where they came from. A renewal is a metric of its own, and in none of these.

A deal comes from its lead, or without one from the first lead of its company. As of a moment (`known`, UTC) it is what
was recorded by then; only where a lead came from, and its segment, is what stands: leads keep no versions.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache, reduce
from operator import add
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, bindparam, case, or_, select

from bot.clock import instant, zone_or_utc
from bot.deals import courses
from bot.deals.courses import END, IS_LAST, KNOWN, OF_THEIRS, START, WORKSPACE, Course
from bot.deals.endings import ending
from bot.deals.split import credited
from bot.deals.states import PIPELINE, Kind, What
from bot.figures.deals import ClosedDeal, OpenDeal
from bot.leads.queries import lead
from bot.money import Money
from bot.people.queries import LATEST
from bot.performance.origins import Origin, lead_of, origin, origins_of
from bot.store.sql import Prepared, digits, one_of, unindexed
from bot.workspace import queries as workspace

STAGES = tuple(stage.value for stage in PIPELINE)
DAY = timedelta(days=1)
_IS_WON, _IS_LOST = (ending.c.what == each.value for each in (What.WON, What.LOST))


def _ended(*narrower: Any) -> Prepared:
    """What ended, but renewals, in few columns: there may be a hundred thousand rows."""
    return Prepared(
        select(
            digits(ending.c.deal_id).label("id"),
            *(ending.c[name] for name in "owner_id furthest opened_at happened_at shares".split()),
            case((ending.c.currency == bindparam("currency"), ending.c.amount)).label("amount"),
            case((_IS_WON, 1), else_=0).label("is_won"),
            case((and_(_IS_LOST, ending.c.reason == "duplicate"), 1), else_=0).label("is_duplicate"),
            lead.c.source,
            lead.c.segment,
        )
        .select_from(ending.outerjoin(lead, lead_of(ending)))
        .where(
            ending.c.workspace_id == WORKSPACE,
            ending.c.happened_at >= START,
            ending.c.happened_at < END,
            unindexed(ending.c.recorded_at) <= KNOWN,
            or_(_IS_WON, _IS_LOST),
            ending.c.kind != Kind.RENEWAL.value,
            IS_LAST,
            *narrower,
        )
    )


ENDED = _ended()
ENDED_OF = _ended(one_of(ending.c.owner_id, "people"))
ENDED_SHARED = _ended(ending.c.deal_id.in_(OF_THEIRS))


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
    """The deals that closed on the days `first` to `last`, both included, of these owners or (None) of everybody.

    Each by its last close: one that was reopened is in no list until it closes again.
    """
    here = Calendar.of(tx, workspace_id, known)
    return [_closed(row, here) for row in ended(tx, _when(workspace_id, here, first, last, known), people)]


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
    return [_closed(row, here) for row in ended_shared(tx, _when(workspace_id, here, first, last, known), people)]


def ended(tx: Connection, when: Mapping[str, Any], people: Collection[str] | None) -> list[Any]:
    """The rows behind `closed_deals`, by the values of `ENDED`."""
    return ENDED.all(tx, when) if people is None else ENDED_OF.all(tx, {**when, "people": people})


def ended_shared(tx: Connection, when: Mapping[str, Any], people: Collection[str]) -> list[Any]:
    """The rows behind `shared_closed`, likewise."""
    some = set(people)
    rows = ENDED_SHARED.all(tx, {**when, "people": people})
    return [row for row in rows if not some.isdisjoint(row.shares or ())]


def _when(workspace_id: str, here: Calendar, first: date, last: date, known: datetime | None) -> dict[str, Any]:
    span = {"start": here.start(first), "end": here.start(last + DAY)}
    return {"workspace": workspace_id, "currency": here.currency, **span, "known": known or LATEST}


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
        Open(
            _open(each, came, here), each.owner_id, came.source, _parts(_money(each, here), each.shares, each.owner_id)
        )
        for each, came in zip(found, origins, strict=True)
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


def _parts(money: Money | None, shares: Mapping[str, str] | None, owner_id: str) -> Mapping[str, Money] | None:
    """Who has how much of a deal that several have; of one without an amount nobody has any yet."""
    if not shares:
        return None
    return credited(money, shares, owner_id) if money else {}


def _counted(found: Iterable[Course]) -> list[Course]:
    return [each for each in found if each.kind is not Kind.RENEWAL]


def _closed(row: Any, here: Calendar) -> Closed:
    source, segment = origin(row.source, row.segment)
    money = Money(here.currency, row.amount) if row.amount else None
    opened, closed = here.day(row.opened_at), here.day(row.happened_at)
    entered, is_won, is_duplicate = _entered(row.furthest), row.is_won == 1, row.is_duplicate == 1
    deal = ClosedDeal(row.id, is_won, opened, closed, money, entered, segment, is_duplicate)
    return Closed(deal, row.owner_id, source, _parts(money, row.shares, row.owner_id) if row.shares else None)


@lru_cache(maxsize=32)
def _entered(furthest: str | None) -> frozenset[str]:
    return frozenset({furthest} if furthest else ())


def _open(course: Course, came: Origin, here: Calendar) -> OpenDeal:
    return OpenDeal(
        id=course.id,
        stage=course.stage,
        opened=here.day(course.opened_at),
        amount=_money(course, here),
        closes=course.close_on,
        segment=came.segment,
    )


def _money(course: Course, here: Calendar) -> Money | None:
    """The amount, where it is in the workspace's currency: Baton has no rates."""
    return course.money if course.money and course.money.currency == here.currency else None
