"""Targets proposed for a coming period from what was achieved before: for one person, or for all of a group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, may
from bot.attainment.days import Calendar, calendars
from bot.attainment.newcomers import ramp_of, worked_in
from bot.clock import zone_or_utc
from bot.money import digits
from bot.people import queries as people
from bot.people.rules import Member, Stint, reports_below
from bot.quota import reach
from bot.quota.achieved import Achieved, Scope, achieved
from bot.quota.metrics import Metric, Unit
from bot.quota.own import counted, metrics
from bot.quota.periods import Kind, Period, following, period_of
from bot.quota.queries import Subject
from bot.quota.ramp import curve_of
from bot.quota.suggestion import LOOKS_BACK, NothingToGoBy, Past, Suggestion, suggest
from bot.quota.whose import Whose
from bot.store.engine import Store
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

MOST_PEOPLE = 20
"""People for whom proposals are made at once."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A target proposed to somebody, or why there is nothing to propose; `name` is None where the page names them."""

    person_id: str
    name: str | None
    metric: Metric
    found: Suggestion | NothingToGoBy


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is proposed for a period. `name` is whom it is for, where it is one other person."""

    period: Period
    name: str | None
    proposals: tuple[Proposal, ...]
    growth: Fraction
    currency: str
    can_set: bool


def proposed(
    store: Store,
    actor: Actor,
    person_id: str | None,
    metric: Metric | None,
    period: Period | None,
    now: datetime,
    *,
    group: Whose | None = None,
    name: str | None = None,
) -> Proposals:
    """Propose targets of a metric, or (None) of all that the past says something of; for the next quarter by default.

    With a `group` for everybody in the team or territory of a `name`, or (without one) for one's reports.

    Raises:
        Refused: when somebody's past is none of the reader's; it says who can see it.
    """
    whom = person_id or actor.id
    with store.read() as tx:
        settings = workspace.settings(tx, actor.workspace_id)
        today = now.astimezone(zone_or_utc(settings.zone)).date()
        coming = period or following(period_of(Kind.QUARTER, today, settings.fiscal_month), settings.fiscal_month)
        subject = Subject.named(group, name) if group and name else None if group else Subject.person(whom)
        if subject:
            reach.let_act(tx, actor, Action.SEE_NUMBERS, subject, now)
        ids = _ids(tx, actor, subject, today)
        past = _Past(tx, actor.workspace_id, settings, coming, today, now)
        found = tuple(past.proposals(ids, metric))
        can_set = bool(ids) and all(
            may(actor, Action.SET_QUOTAS, people.relation(tx, actor, each, now)) for each in ids
        )
        names = people.names(tx, actor.workspace_id, ids)
    named = tuple(
        Proposal(each.person_id, names.get(each.person_id) if group else None, each.metric, each.found)
        for each in found
    )
    of = name if group else None if whom == actor.id else names.get(whom, whom)
    return Proposals(coming, of, named, _growth(settings), settings.currency, can_set)


def _ids(tx: Connection, actor: Actor, subject: Subject | None, today: date) -> list[str]:
    """Who they are; without a subject those who report to the actor."""
    if subject is None:
        return sorted(reports_below(people.managers(tx, actor.workspace_id, today), actor.id))[:MOST_PEOPLE]
    if subject.whose is Whose.PERSON:
        return [subject.key]
    return sorted(reach.in_group(tx, actor.workspace_id, subject, today))[:MOST_PEOPLE]


@dataclass(frozen=True, slots=True)
class _Past:
    """Reads what people achieved in the periods before one that is to come."""

    tx: Connection
    workspace_id: str
    settings: Settings
    coming: Period
    today: date
    now: datetime

    def proposals(self, ids: Sequence[str], metric: Metric | None) -> Iterable[Proposal]:
        """For each of these people, of one metric, or of each that they have a past in."""
        wanted = [metric] if metric else list(metrics(self.settings.own_metrics))
        mine = self._pasts(ids, wanted)
        lacking = {each for each in ids if any(len(mine[each, one.code]) < LOOKS_BACK for one in wanted)}
        peers = self._pasts(sorted(self._peers(ids)), wanted) if lacking else {}
        for person_id in ids:
            for one in wanted:
                own = mine[person_id, one.code]
                others = [
                    past
                    for (whom, code), pasts in peers.items()
                    if code == one.code and whom != person_id
                    for past in pasts
                ]
                days = self._days(person_id)
                found = suggest(own, others, days, growth=_growth(self.settings), unit=self._unit(one))
                if metric or self._says_something(found):
                    yield Proposal(person_id, None, one, found)

    @staticmethod
    def _says_something(found: Suggestion | NothingToGoBy) -> bool:
        return isinstance(found, Suggestion) and found.per_day > 0

    def _unit(self, metric: Metric) -> int:
        return 10 ** digits(self.settings.currency) if metric.unit is Unit.MONEY else 1

    def _periods(self) -> list[Period]:
        """The last whole periods that are over, the latest last."""
        first_month = self.settings.fiscal_month
        last = following(period_of(self.coming.kind, self.today, first_month), first_month, by=-1)
        return [following(last, first_month, by=-back) for back in reversed(range(LOOKS_BACK))]

    def _pasts(self, ids: Sequence[str], wanted: Sequence[Metric]) -> dict[tuple[str, str], list[Past]]:
        periods = self._periods()
        zone = zone_or_utc(self.settings.zone)
        codes = counted(self.settings.own_metrics)
        scope = Scope(self.workspace_id, ids, periods[0].first, periods[-1].last, zone, self.settings.currency, codes)
        done = achieved(self.tx, scope)
        members = people.members(self.tx, self.workspace_id, self.today, people=ids)
        own = self._calendars(members, periods[0].first)
        stints, curve = dict[str, list[Stint]](), curve_of(self.settings.ramp_curve)
        for each in people.stints_of(self.tx, self.workspace_id, ids):
            stints.setdefault(each.person_id, []).append(each)
        return {
            (person_id, metric.code): [
                past
                for period in periods
                if (
                    past := _past(person_id, metric, period, done, own.get(person_id), stints.get(person_id, []), curve)
                )
            ]
            for person_id in ids
            for metric in wanted
        }

    def _peers(self, ids: Sequence[str]) -> set[str]:
        """Who holds one of these people's roles today."""
        everybody = people.members(self.tx, self.workspace_id, self.today)
        roles = {role for each in ids if each in everybody for role in everybody[each].roles}
        return {each for each, member in everybody.items() if roles & set(member.roles)}

    def _days(self, person_id: str) -> Fraction:
        """Somebody's working days of the coming period."""
        members = people.members(self.tx, self.workspace_id, self.today, people=[person_id])
        calendar = self._calendars(members, self.coming.first).get(person_id)
        return calendar.days(self.coming.first, self.coming.last).total if calendar else Fraction(0)

    def _calendars(self, members: Mapping[str, Member], first: date) -> dict[str, Calendar]:
        return calendars(self.tx, self.workspace_id, members, self.settings, first, self.now)


def _growth(settings: Settings) -> Fraction:
    return Fraction(settings.quota_growth, 100)


def _past(
    person_id: str,
    metric: Metric,
    period: Period,
    done: Achieved,
    calendar: Calendar | None,
    stints: Sequence[Stint],
    curve: tuple[Fraction, ...],
) -> Past | None:
    """One period of somebody's; None where they held no role in it."""
    if calendar is None or not stints:
        return None
    held = [(each.start, each.end or date.max) for each in stints if each.meets(period.first, period.last)]
    if not held:
        return None
    days = calendar.days(period.first, period.last)
    there = worked_in(days, period, held)
    of_days = calendar.without_absences().days(period.first, period.last).total
    ramp = ramp_of(stints, calendar, curve)
    is_ramping = ramp.share(max(period.first, ramp.start)) < curve[-1]
    return Past(period.name, done.total(metric, [person_id], period.first, period.last), there, of_days, is_ramping)
