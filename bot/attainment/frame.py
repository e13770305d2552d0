"""What every page of attainment is read by: its moment, its span of days, and a part put together from the figures."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.attainment.days import Calendar
from bot.attainment.pages import Part, When
from bot.clock import instant, week_of, zone_or_utc
from bot.people.queries import LATEST
from bot.quota.achieved import NOT_LOGGED, RENEWED, Achieved, Scope, logged_together
from bot.quota.metrics import RENEWALS, Metric
from bot.quota.own import counted
from bot.quota.periods import Kind, Period, period_of
from bot.quota.run_rate import MOST_WEEKS, Week
from bot.quota.standing import Standing
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of it is asked for: of one metric or period alone, as of the end of a day; None is all of it, and now."""

    metric: Metric | None = None
    period: Period | None = None
    as_of: date | None = None

    def takes(self, metric: str, period: str) -> bool:
        """Whether a part is among it."""
        return (self.metric is None or self.metric.code == metric) and (
            self.period is None or self.period.name == period
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for a whole page: its moment, and the workspace's settings by what was known then."""

    workspace_id: str
    when: When
    settings: Settings
    known: datetime | None

    @property
    def cutoff(self) -> datetime:
        """The moment by which rows must have been recorded."""
        return self.known or LATEST

    def quarter(self) -> Period:
        """The fiscal quarter of its day."""
        return period_of(Kind.QUARTER, self.when.today, self.settings.fiscal_month)


def frame_of(tx: Connection, actor: Actor, as_of: date | None, now: datetime) -> Frame:
    """The frame of a page as of the end of a day; of today and later days, and without one, as it is now."""
    workspace_id = actor.workspace_id
    settings = workspace.settings(tx, workspace_id)
    zone = zone_or_utc(settings.zone)
    today = now.astimezone(zone).date()
    if as_of is None or as_of >= today:
        return Frame(workspace_id, When(now, today, zone, actor.zone), settings, None)
    at = instant(as_of + _DAY, time.min, zone) - datetime.resolution
    return Frame(
        workspace_id, When(at, as_of, zone, actor.zone, as_of), workspace.settings_at(tx, workspace_id, at), at
    )


def span_asked(frame: Frame, asked: Asked) -> tuple[date, date]:
    """The days whose targets are asked for."""
    return (asked.period.first, asked.period.last) if asked.period else (frame.when.today, frame.when.today)


def earliest(frame: Frame, spans: Iterable[Period]) -> date:
    """The first day that matters: of the periods, or of the past weeks that a range is drawn from."""
    return min([week_of(frame.when.today)[0] - MOST_WEEKS * _WEEK, *(each.first for each in spans)])


EVERYBODY = "everybody"
"""In the place of a person: a group, reckoned as one."""


def scope_of(frame: Frame, ids: Collection[str], wanted: Collection[tuple[str, Period]]) -> Scope:
    """All that matters for metrics (by code) in periods: of activity, what matters for those that it counts towards."""
    settings, spans = frame.settings, [period for _, period in wanted]
    return Scope(
        frame.workspace_id,
        ids,
        earliest(frame, spans),
        max([frame.when.today, *(each.last for each in spans)]),
        frame.when.zone,
        settings.currency,
        counted(settings.own_metrics),
        earliest(frame, [period for metric, period in wanted if metric not in NOT_LOGGED]),
        frozenset(metric for metric, _ in wanted),
    )


def logged_in(tx: Connection, frame: Frame, scope: Scope) -> Achieved:
    """What people logged as one."""
    return logged_together(tx, scope, EVERYBODY, frame.known)


def part_of(
    frame: Frame,
    metric: Metric,
    period: Period,
    target: int | None,
    found: Achieved,
    ids: list[str],
    calendar: Calendar,
) -> Part:
    """One metric in one period, of one person or several together; the calendar is whose days it is measured by."""
    done = found.total(metric, ids, period.first, period.last)
    weeks = tuple(_weeks(frame, metric, found, ids, calendar)) if frame.when.today in period else ()
    value = found.total(RENEWED, ids, period.first, period.last) if metric == RENEWALS else None
    return Part(
        metric,
        period,
        Standing(done, target, calendar.on(frame.when.today, period.first, period.last), weeks),
        found.has_any(metric, ids, period.first, period.last),
        value,
    )


def _weeks(frame: Frame, metric: Metric, found: Achieved, ids: list[str], calendar: Calendar) -> Iterator[Week]:
    """The whole weeks that are over, the latest last."""
    this = week_of(frame.when.today)[0]
    first = this - MOST_WEEKS * _WEEK
    days = calendar.days(first, this - _DAY)
    for back in range(MOST_WEEKS):
        start = first + back * _WEEK
        end = start + _WEEK - _DAY
        yield Week(found.total(metric, ids, start, end), days.between(start, end))
