"""Where people stand, read at one moment: their targets, what they achieved, their days, pipeline and pay, in a fixed
number of look-ups.

"As of" a day is the end of that day where the workspace is, by what was recorded by then; of today and later it is now.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, may
from bot.access.roles import Role
from bot.attainment.days import Calendar, calendars, of_workspace
from bot.attainment.pages import GroupPage, GroupPart, Part, PersonPage, Row, When, by_course, in_order
from bot.clock import instant, week_of, zone_or_utc
from bot.errors import Refused
from bot.figures.conversion import WinShares
from bot.figures.pipeline import pipeline
from bot.money import Money
from bot.pay import books
from bot.pay.plan import plan_on
from bot.pay.statement import Statement
from bot.pay.targets import of_quotas
from bot.people import queries as people
from bot.people.queries import LATEST
from bot.people.rules import Member, reports_below
from bot.performance.deals import open_deals, win_shares
from bot.quota import queries, reach
from bot.quota.achieved import RENEWED, Achieved, Scope, achieved
from bot.quota.metrics import RENEWALS, REVENUE, STANDARD, Metric, by_code
from bot.quota.pace import Days
from bot.quota.periods import Kind, Period, period_of
from bot.quota.queries import Subject, Target
from bot.quota.run_rate import MOST_WEEKS, Week
from bot.quota.shares import RollUp, roll_up
from bot.quota.standing import Standing
from bot.quota.whose import Whose
from bot.quota.working_days import WorkingDays
from bot.store.engine import Store
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

LOOKS_AHEAD = timedelta(days=92)
"""How far off a period may begin whose target is told beforehand."""

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
class _Frame:
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


def person(store: Store, actor: Actor, person_id: str | None, asked: Asked, now: datetime) -> PersonPage:
    """Where somebody stands with each metric and period; one's own without a person.

    Raises:
        Refused: when their figures are none of the reader's; it says who can see them.
    """
    with store.read() as tx:
        reach.let_act(tx, actor, Action.SEE_NUMBERS, Subject.person(person_id or actor.id), now)
        return _person(tx, actor, person_id or actor.id, asked, now)


def mine(tx: Connection, actor: Actor, now: datetime) -> PersonPage:
    """Where the reader stands, now."""
    return _person(tx, actor, actor.id, Asked(), now)


def of_reports(tx: Connection, actor: Actor, now: datetime) -> GroupPage:
    """Where those who report to the reader stand, now."""
    return _Group(tx, _frame(tx, actor, None, now), actor, None, now).page(Asked(), None)


def _person(tx: Connection, actor: Actor, whom: str, asked: Asked, now: datetime) -> PersonPage:
    frame = _frame(tx, actor, asked.as_of, now)
    member = people.member(tx, actor.workspace_id, whom, frame.when.today, frame.cutoff)
    if member is None:
        raise Refused("quota.refused.nobody", name=whom)
    return PersonPage(
        whom,
        None if whom == actor.id else member.name,
        _parts(tx, frame, member, asked),
        _pay(tx, frame, member, asked),
        frame.when,
        frame.settings.currency,
        may(actor, Action.SET_QUOTAS, people.relation(tx, actor, whom, now)),
        _coming(tx, frame, member, asked),
    )


def group(
    store: Store,
    actor: Actor,
    subject: Subject | None,
    asked: Asked,
    now: datetime,
    shown: tuple[str, str] | None = None,
) -> GroupPage:
    """Where a team or a territory stands, or (without one) those who report to the reader.

    What somebody achieved counts for the group that they were in on that day; their target counts for the one they are
    in on the page's day.

    Args:
        store: where everything is.
        actor: who reads.
        subject: the team or territory.
        asked: what of it.
        now: the moment.
        shown: the metric's code and the period's name of the part to see person by person; the first one if None.

    Raises:
        Refused: when not everybody in it is the reader's to see; it says who can see them.
    """
    with store.read() as tx:
        frame = _frame(tx, actor, asked.as_of, now)
        return _Group(tx, frame, actor, subject, now).page(asked, shown)


def groups_of(store: Store, actor: Actor, whose: Whose, now: datetime) -> tuple[str, ...]:
    """The teams or territories whose figures somebody may see, by name."""
    day = people.today_of(actor, now)
    with store.read() as tx:
        found = reach.groups(tx, actor.workspace_id, whose, day)
        return tuple(
            sorted(
                name
                for name, inside in found.values()
                if reach.may_of_group(tx, actor, Action.SEE_NUMBERS, inside, now)
            )
        )


def currency(store: Store, actor: Actor) -> str:
    """The workspace's currency."""
    with store.read() as tx:
        return workspace.settings(tx, actor.workspace_id).currency


def _frame(tx: Connection, actor: Actor, as_of: date | None, now: datetime) -> _Frame:
    workspace_id = actor.workspace_id
    settings = workspace.settings(tx, workspace_id)
    zone = zone_or_utc(settings.zone)
    today = now.astimezone(zone).date()
    if as_of is None or as_of >= today:
        return _Frame(workspace_id, When(now, today, zone, actor.zone), settings, None)
    at = instant(as_of + _DAY, time.min, zone) - datetime.resolution
    return _Frame(
        workspace_id, When(at, as_of, zone, actor.zone, as_of), workspace.settings_at(tx, workspace_id, at), at
    )


def _parts(tx: Connection, frame: _Frame, member: Member, asked: Asked) -> tuple[Part, ...]:
    first, last = _span_asked(frame, asked)
    held = queries.targets(tx, frame.workspace_id, Whose.PERSON, [member.id], first, last, frame.cutoff)
    targets = [each for each in held if asked.takes(each.metric, each.period.name)]
    wanted = {(each.metric, each.period.name): each for each in targets}
    fallback = asked.period or frame.quarter()
    spans = [fallback, *(each.period for each in targets)]
    found = _achieved(tx, frame, [member.id], spans)
    calendar = _calendar(tx, frame, member, min(_earliest(frame, spans), fallback.first))
    parts = [
        _part(frame, by_code(each.metric), each.period, each.value, found, [member.id], calendar)
        for each in wanted.values()
    ]
    told = {each.metric for each in targets}
    parts += [
        part
        for metric in STANDARD
        if metric.code not in told and (asked.metric is None or asked.metric == metric)
        for part in [_part(frame, metric, fallback, None, found, [member.id], calendar)]
        if part.has_any or asked.metric == metric
    ]
    promised = _promised(tx, frame, [member.id], parts)
    return tuple(sorted(promised, key=lambda part: in_order(part.metric, part.period)))


def _promised(tx: Connection, frame: _Frame, ids: list[str], parts: list[Part]) -> list[Part]:
    """The parts with what the open deals promise, where they are in money and not over."""
    today = frame.when.today
    if not any(part.metric == REVENUE and today <= part.period.last for part in parts):
        return parts
    deals = [each.deal for each in open_deals(tx, frame.workspace_id, ids, frame.known)]
    shares = win_shares(tx, frame.workspace_id, today) if deals else WinShares({}, {})
    return [
        replace(
            part,
            pipeline=pipeline(
                deals,
                shares,
                won=Money(frame.settings.currency, part.standing.achieved),
                first=part.period.first,
                last=part.period.last,
                today=today,
            ),
        )
        if part.metric == REVENUE and today <= part.period.last
        else part
        for part in parts
    ]


def _coming(tx: Connection, frame: _Frame, member: Member, asked: Asked) -> tuple[Target, ...]:
    """The targets of periods that begin within a quarter's time, the next ones first."""
    if asked.period or frame.when.as_of:
        return ()
    first, last = frame.when.today + _DAY, frame.when.today + LOOKS_AHEAD
    held = queries.targets(tx, frame.workspace_id, Whose.PERSON, [member.id], first, last)
    found = [each for each in held if each.period.first >= first and asked.takes(each.metric, each.period.name)]
    return tuple(sorted(found, key=lambda each: (each.period.first, *in_order(by_code(each.metric), each.period))))


def _span_asked(frame: _Frame, asked: Asked) -> tuple[date, date]:
    """The days whose targets are asked for."""
    return (asked.period.first, asked.period.last) if asked.period else (frame.when.today, frame.when.today)


def _earliest(frame: _Frame, spans: Iterable[Period]) -> date:
    """The first day that matters: of the periods, or of the past weeks that a range is drawn from."""
    return min([week_of(frame.when.today)[0] - MOST_WEEKS * _WEEK, *(each.first for each in spans)])


def _achieved(tx: Connection, frame: _Frame, ids: list[str], spans: list[Period]) -> Achieved:
    last = max([frame.when.today, *(each.last for each in spans)])
    scope = Scope(frame.workspace_id, ids, _earliest(frame, spans), last, frame.when.zone, frame.settings.currency)
    return achieved(tx, scope, frame.known)


def _calendar(tx: Connection, frame: _Frame, member: Member, first: date) -> Calendar:
    found = calendars(tx, frame.workspace_id, {member.id: member}, frame.settings, first, frame.when.at, frame.known)
    return found[member.id]


def _part(
    frame: _Frame,
    metric: Metric,
    period: Period,
    target: int | None,
    found: Achieved,
    ids: list[str],
    calendar: Calendar,
) -> Part:
    days = calendar.days(period.first, period.last)
    done = found.total(metric, ids, period.first, period.last)
    weeks = tuple(_weeks(frame, metric, found, ids, calendar)) if frame.when.today in period else ()
    value = found.total(RENEWED, ids, period.first, period.last) if metric == RENEWALS else None
    return Part(
        metric,
        period,
        Standing(done, target, _days(frame, period, days), weeks),
        found.has_any(metric, ids, period.first, period.last),
        value,
    )


def _days(frame: _Frame, period: Period, days: WorkingDays) -> Days:
    return Days.on(frame.when.today, days) if frame.when.today <= period.last else Days(days.total, Fraction(0))


def _weeks(frame: _Frame, metric: Metric, found: Achieved, ids: list[str], calendar: Calendar) -> Iterator[Week]:
    """The whole weeks that are over, the latest last."""
    this = week_of(frame.when.today)[0]
    first = this - MOST_WEEKS * _WEEK
    days = calendar.days(first, this - _DAY)
    for back in range(MOST_WEEKS):
        start = first + back * _WEEK
        end = start + _WEEK - _DAY
        yield Week(found.total(metric, ids, start, end), days.between(start, end))


def _pay(tx: Connection, frame: _Frame, member: Member, asked: Asked) -> Statement | None:
    """What somebody has earned in the quarter that is asked about; None where no plan pays them."""
    if asked.metric is not None or (asked.period and asked.period.kind is not Kind.QUARTER):
        return None
    mine = books.books(tx, frame.workspace_id, member.id, frame.when.at, of_quotas)
    day = asked.period.first if asked.period else frame.when.today
    period = mine.terms.period_of(day)
    found = mine.statement(tx, period)
    is_paid = any(plan_on(mine.terms.plans, Role(role), max(day, period.first)) for role in member.roles)
    return found if is_paid or found.lines else None


@dataclass(frozen=True, slots=True)
class _Group:
    """Reads a group's page."""

    tx: Connection
    frame: _Frame
    actor: Actor
    subject: Subject | None
    now: datetime

    def page(self, asked: Asked, shown: tuple[str, str] | None) -> GroupPage:
        """See `group`."""
        frame, tx = self.frame, self.tx
        first, last = _span_asked(frame, asked)
        name, inside = self._inside()
        self._let_see(inside)
        given = [
            each
            for each in queries.targets(tx, frame.workspace_id, Whose.PERSON, sorted(inside), first, last, frame.cutoff)
            if asked.takes(each.metric, each.period.name)
        ]
        own = self._own(first, last, asked)
        periods = self._periods(asked, [*given, *own])
        spells = self._spells(inside, _earliest(frame, periods.values()))
        found = self._found(spells, list(periods.values()))
        parts = tuple(
            GroupPart(self._part(by_code(metric), period, rolled, found, spells), rolled)
            for (metric, _), period in sorted(periods.items(), key=lambda each: in_order(by_code(each[0][0]), each[1]))
            for rolled in [self._rolled(metric, period, own, given, inside)]
        )
        chosen = next((each for each in parts if each.part.key == shown), parts[0] if parts else None)
        rows = self._rows(chosen.part, given, inside, spells, found) if chosen else ()
        can_set = reach.may_of_group(tx, self.actor, Action.SET_QUOTAS, inside, self.now)
        return GroupPage(self.subject, name, parts, chosen, rows, frame.when, frame.settings.currency, can_set)

    def _inside(self) -> tuple[str | None, set[str]]:
        """What the group is called, and who is in it on the page's day."""
        frame = self.frame
        if self.subject is None:
            managers = people.managers(self.tx, frame.workspace_id, frame.when.today, frame.cutoff)
            return None, set(reports_below(managers, self.actor.id))
        every = reach.groups(self.tx, frame.workspace_id, self.subject.whose, frame.when.today, frame.cutoff)
        name, inside = every.get(self.subject, (self.subject.key, set[str]()))
        return name, inside

    def _let_see(self, inside: set[str]) -> None:
        if self.subject is not None and not reach.may_of_group(
            self.tx, self.actor, Action.SEE_NUMBERS, inside, self.now
        ):
            raise reach.refusal(self.tx, self.actor, Action.SEE_NUMBERS, None, self.now)

    def _own(self, first: date, last: date, asked: Asked) -> list[Target]:
        """The group's own targets."""
        if self.subject is None:
            return []
        frame = self.frame
        found = queries.targets(
            self.tx, frame.workspace_id, self.subject.whose, [self.subject.key], first, last, frame.cutoff
        )
        return [each for each in found if asked.takes(each.metric, each.period.name)]

    def _periods(self, asked: Asked, targets: Iterable[Target]) -> dict[tuple[str, str], Period]:
        """The parts that there is a target for; without any, revenue of what is asked."""
        found = {(each.metric, each.period.name): each.period for each in targets}
        if not found:
            period = asked.period or self.frame.quarter()
            found[(asked.metric or REVENUE).code, period.name] = period
        return found

    def _spells(self, inside: set[str], first: date) -> dict[str, list[tuple[date, date]]]:
        """Who was in the group from `first` to the page's day, and on which days; of reports those of today, ever."""
        if self.subject is None:
            return {each: [(date.min, date.max)] for each in inside}
        frame = self.frame
        return reach.spells(self.tx, frame.workspace_id, self.subject, first, frame.when.today, frame.cutoff)

    def _found(self, spells: Mapping[str, list[tuple[date, date]]], periods: list[Period]) -> Achieved:
        """What was achieved while people were in the group."""
        every = _achieved(self.tx, self.frame, sorted(spells), periods)
        return Achieved(
            {
                key: {day: value for day, value in days.items() if _is_inside(spells[key[1]], day)}
                for key, days in every.sums.items()
            }
        )

    def _part(
        self,
        metric: Metric,
        period: Period,
        rolled: RollUp,
        found: Achieved,
        spells: Mapping[str, list[tuple[date, date]]],
    ) -> Part:
        target = rolled.target if rolled.target is not None else (rolled.given if rolled.given else None)
        return _part(self.frame, metric, period, target, found, sorted(spells), of_workspace(self.frame.settings))

    def _rolled(self, metric: str, period: Period, own: list[Target], given: list[Target], inside: set[str]) -> RollUp:
        key = (metric, period.name)
        target = next((each.value for each in own if (each.metric, each.period.name) == key), None)
        theirs = {each.subject.key: each.value for each in given if (each.metric, each.period.name) == key}
        return roll_up(target, {person_id: theirs.get(person_id) for person_id in inside})

    def _rows(
        self,
        part: Part,
        given: list[Target],
        inside: set[str],
        spells: Mapping[str, list[tuple[date, date]]],
        found: Achieved,
    ) -> tuple[Row, ...]:
        """Person by person: who is in it now, and who achieved something in it before they left."""
        frame, period = self.frame, part.period
        theirs = {each.subject.key: each.value for each in given if (each.metric, each.period.name) == part.key}
        left = {
            each
            for each in spells
            if each not in inside and found.has_any(part.metric, [each], period.first, period.last)
        }
        members = people.members(
            self.tx, frame.workspace_id, frame.when.today, frame.cutoff, people=sorted(inside | left)
        )
        days = calendars(self.tx, frame.workspace_id, members, frame.settings, period.first, frame.when.at, frame.known)
        rows = {}
        for person_id, member in members.items():
            own = _days(frame, period, days[person_id].days(period.first, period.last))
            done = found.total(part.metric, [person_id], period.first, period.last)
            until = None if person_id in inside else max(last for _, last in spells[person_id])
            standing = Standing(done, theirs.get(person_id), own)
            has_any = found.has_any(part.metric, [person_id], period.first, period.last)
            rows[person_id] = Row(person_id, member.name, standing, has_any, until)
        return by_course(rows)


def _is_inside(spells: list[tuple[date, date]], day: date) -> bool:
    return any(first <= day <= last for first, last in spells)
