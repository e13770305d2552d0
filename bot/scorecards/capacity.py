"""What a team can be expected to sell in a period beside its target, whom that lacks, and by when they have to start.

Heads are those who carry a target of revenue, or hold a selling role in which others do. Who is ramped counts with
their own target, everybody else with the median of their role: a target that is set for somebody new is ramped already.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import ceil

from sqlalchemy import Connection

from bot.absence import queries as absences
from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.access.roles import Role
from bot.attainment.days import Calendar, calendars, of_workspace
from bot.attainment.pages import When
from bot.clock import instant, zone_or_utc
from bot.figures.spread import spread
from bot.people import queries as people
from bot.people.rules import Member, Stint, reports_below
from bot.quota import queries, reach
from bot.quota.achieved import Scope, achieved
from bot.quota.capacity import QUARTERS, Capacity, Heads, Missing, capacity, latest_start
from bot.quota.metrics import REVENUE
from bot.quota.periods import Kind, Period, following, period_of
from bot.quota.queries import Subject, Target
from bot.quota.ramp import Leave, Ramp, curve_of, ramped
from bot.quota.said import Whom
from bot.quota.whose import Whose
from bot.store.engine import Store
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

SELLING = (Role.AE, Role.SPECIALIST, Role.CSM, Role.SDR, Role.MRR)
"""Who may carry a target of revenue of their own; of several roles the first counts. A manager's is their team's."""

_DAY = timedelta(days=1)
_LOOKS_BACK = timedelta(days=2 * 366)
"""How long before a period an absence may begin that still stops the curve of somebody in it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Heads of one role."""

    role: Role
    heads: Heads


@dataclass(frozen=True, slots=True)
class Late:
    """It is too late to be ramped: whoever starts on `start` carries `share` of a quota, so that so many are needed."""

    start: date
    share: Fraction
    hires: int | None


@dataclass(frozen=True, slots=True)
class CapacityPage:
    """What a group can be expected to sell in a period. `name` is None for one's reports, or everybody (`is_whole`).

    `quotas_of` is the period whose targets were taken where this one has none; `cases` the quarters of ramped people
    that the attainment is drawn from; `without_quota` heads of whom nobody knows what they are to bring in.
    """

    period: Period
    name: str | None
    is_whole: bool
    groups: tuple[Group, ...]
    found: Capacity
    cases: int
    target: int | None
    full_quota: int | None
    missing: Missing | None
    hire_by: date
    late: Late | None
    quotas_of: Period | None
    without_quota: int
    whose: Whose
    earlier: Period
    later: Period
    when: When
    currency: str


def page(store: Store, actor: Actor, whom: Whom, period: Period | None, now: datetime) -> CapacityPage:
    """The capacity of a team or territory, or (without a name) of one's reports, for operations of everybody; in the
    coming quarter unless a period is named.

    Raises:
        Refused: when it is none of the reader's; it says who can see it.
    """
    with store.read() as tx:
        settings = workspace.settings(tx, actor.workspace_id)
        zone = zone_or_utc(settings.zone)
        when = When(now, now.astimezone(zone).date(), zone, actor.zone)
        coming = following(period_of(Kind.QUARTER, when.today, settings.fiscal_month), settings.fiscal_month)
        return _Staff(tx, actor, settings, when, period or coming).page(whom, now)


@dataclass(frozen=True, slots=True)
class _Staff:
    """Reads it."""

    tx: Connection
    actor: Actor
    settings: Settings
    when: When
    period: Period

    @property
    def here(self) -> str:
        return self.actor.workspace_id

    @property
    def curve(self) -> tuple[Fraction, ...]:
        return curve_of(self.settings.ramp_curve)

    def page(self, whom: Whom, now: datetime) -> CapacityPage:
        ids, target = self._ids(whom, now), self._target(whom)
        quotas_of, quotas = self._quotas()
        medians = self._medians(quotas_of, quotas)
        heads, without = self._heads(ids, quotas, medians)
        attainments = self._attainments(sorted(ids))
        found = capacity([each.heads for each in heads], attainments)
        full = self._full_quota(heads, medians)
        missing = found.missing(target, full) if target is not None and full else None
        return CapacityPage(
            period=self.period,
            name=whom.name,
            is_whole=whom.name is None and self._is_everybody,
            groups=heads,
            found=found,
            cases=len(attainments),
            target=target,
            full_quota=full,
            missing=missing,
            hire_by=latest_start(self.period.first, self.curve),
            late=self._late(found, missing, full),
            quotas_of=None if quotas_of == self.period else quotas_of,
            without_quota=without,
            whose=whom.whose,
            earlier=following(self.period, self.settings.fiscal_month, by=-1),
            later=following(self.period, self.settings.fiscal_month),
            when=self.when,
            currency=self.settings.currency,
        )

    @property
    def _is_everybody(self) -> bool:
        return may(self.actor, Action.SEE_NUMBERS, Relation.COLLEAGUE)

    def _ids(self, whom: Whom, now: datetime) -> set[str]:
        """Who is in the group in the period: when it begins, or today, and when it ends."""
        days = {max(self.when.today, self.period.first), self.period.last}
        if whom.name:
            subject = Subject.named(whom.whose, whom.name)
            reach.let_act(self.tx, self.actor, Action.SEE_NUMBERS, subject, now)
            return set[str]().union(*(reach.in_group(self.tx, self.here, subject, day) for day in days))
        if self._is_everybody:
            return set[str]().union(*(people.members(self.tx, self.here, day) for day in days))
        below = reports_below(people.managers(self.tx, self.here, self.when.today), self.actor.id)
        if not below:
            raise reach.refusal(self.tx, self.actor, Action.SEE_NUMBERS, None, now)
        return below

    def _target(self, whom: Whom) -> int | None:
        """The group's own target of revenue in the period; of everybody, or one's reports, those of the teams in it."""
        subject = Subject.named(whom.whose, whom.name) if whom.name else None
        found = [
            each
            for each in self._targets(self.period)
            if (each.subject == subject if subject else each.subject.whose is Whose.TEAM)
        ]
        if subject is None and not self._is_everybody:
            teams = reach.groups(self.tx, self.here, Whose.TEAM, self.when.today)
            below = reports_below(people.managers(self.tx, self.here, self.when.today), self.actor.id)
            mine = {team for team, (_, inside) in teams.items() if inside <= below | {self.actor.id}}
            found = [each for each in found if each.subject in mine]
        return sum(each.value or 0 for each in found) if found else None

    def _targets(self, period: Period) -> list[Target]:
        """Every target of revenue for just this period."""
        wanted = (REVENUE.code, period.name, self.settings.currency)
        found = queries.in_time(self.tx, self.here, period.first, period.last)
        return [each for each in found if (each.metric, each.period.name, each.currency) == wanted]

    def _quotas(self) -> tuple[Period, dict[str, int]]:
        """What each person is to bring in: in the period, else in the last one before it that has targets."""
        for back in range(QUARTERS + 1):
            period = following(self.period, self.settings.fiscal_month, by=-back)
            found = {
                each.subject.key: each.value
                for each in self._targets(period)
                if each.subject.whose is Whose.PERSON and each.value
            }
            if found:
                return period, found
        return self.period, {}

    def _stints(self, ids: Collection[str]) -> dict[str, list[Stint]]:
        """The selling stints of people, oldest first; of several roles the first of `SELLING`."""
        found: dict[str, dict[str, list[Stint]]] = {}
        for each in people.stints_of(self.tx, self.here, sorted(ids)):
            found.setdefault(each.person_id, {}).setdefault(each.role, []).append(each)
        chosen = {}
        for person_id, by_role in found.items():
            role = next((role for role in SELLING if any(self._meets(each) for each in by_role.get(role, ()))), None)
            if role:
                chosen[person_id] = by_role[role]
        return chosen

    def _meets(self, stint: Stint) -> bool:
        return stint.meets(min(self.when.today, self.period.first), self.period.last)

    def _medians(self, period: Period, quotas: Mapping[str, int]) -> dict[Role, int]:
        """What somebody ramped in a role is to bring in: the median of those who are."""
        by_role: dict[Role, list[int]] = {}
        everybody: dict[Role, list[int]] = {}
        for person_id, stints in self._stints(quotas).items():
            role, quota = Role(stints[0].role), quotas[person_id]
            everybody.setdefault(role, []).append(quota)
            if Ramp(stints[0].start, self.curve).share(period.first) == self.curve[-1]:
                by_role.setdefault(role, []).append(quota)
        middles = {role: spread(by_role.get(role) or found) for role, found in everybody.items()}
        return {role: middle.median for role, middle in middles.items() if middle}

    def _heads(
        self, ids: Collection[str], quotas: Mapping[str, int], medians: Mapping[Role, int]
    ) -> tuple[tuple[Group, ...], int]:
        """The heads by role, ramp and quota, the fullest first, and how many there are without a quota."""
        stints = self._stints(ids)
        members = people.members(self.tx, self.here, self.period.last, people=sorted(stints))
        days = self._calendars(members)
        leaves = self._leaves(members, days)
        counted: Counter[tuple[Role, Fraction, int]] = Counter()
        without = 0
        for person_id, held in stints.items():
            if person_id not in members or not members[person_id].may_work:
                continue
            role = Role(held[0].role)
            share = self._share(held, days[person_id], leaves.get(person_id, ()))
            quota = quotas.get(person_id) if share == self.curve[-1] else None
            quota = quota or medians.get(role) or quotas.get(person_id)
            if quota and share:
                counted[role, share, quota] += 1
            elif share and role is Role.AE:
                without += 1
        order = sorted(counted, key=lambda each: (SELLING.index(each[0]), -each[1], -each[2]))
        return tuple(
            Group(role, Heads(counted[role, share, quota], share, quota)) for role, share, quota in order
        ), without

    def _share(self, stints: Sequence[Stint], calendar: Calendar, leaves: Iterable[Leave]) -> Fraction:
        """The part of a full quota of the period that somebody carries, by their curve and their days in the role."""
        days = calendar.without_absences().days(self.period.first, self.period.last)
        ramp = Ramp(stints[0].start, self.curve, tuple(leaves))
        held = [(each.start, each.end or date.max) for each in stints]
        found = ramped(1, days, ramp, held)
        return found.exact if found else Fraction(0)

    def _calendars(self, members: Mapping[str, Member]) -> dict[str, Calendar]:
        first = min(self.when.today, self.period.first)
        return calendars(self.tx, self.here, members, self.settings, first, self.when.at)

    def _leaves(self, members: Mapping[str, Member], days: Mapping[str, Calendar]) -> dict[str, list[Leave]]:
        """The absences that may stop somebody's curve."""
        zone = self.when.zone
        start = instant(self.period.first - _LOOKS_BACK, time.min, zone)
        end = instant(self.period.last + _DAY, time.min, zone)
        found: dict[str, list[Leave]] = {}
        for person_id, spans in absences.spans(self.tx, self.here, sorted(members), start, end).items():
            own = days[person_id].schedule.zone
            for each in spans:
                first = each.start_at.astimezone(own).date()
                last = (each.end_at - datetime.resolution).astimezone(own).date()
                worked = days[person_id].without_absences().days(first, last).total
                found.setdefault(person_id, []).append(Leave(first, last, worked))
        return found

    def _attainments(self, ids: Sequence[str]) -> list[Fraction]:
        """What ramped people attained in the last four quarters that are over, a value for each person and quarter."""
        month = self.settings.fiscal_month
        running = period_of(Kind.QUARTER, self.when.today, month)
        quarters = [following(running, month, by=-back) for back in range(1, QUARTERS + 1)]
        first, last = quarters[-1].first, quarters[0].last
        held = queries.targets(self.tx, self.here, Whose.PERSON, ids, first, last)
        targets = {
            (each.subject.key, each.period.name): each.value
            for each in held
            if each.metric == REVENUE.code and each.currency == self.settings.currency and each.value
        }
        done = achieved(self.tx, Scope(self.here, ids, first, last, self.when.zone, self.settings.currency))
        starts = {person_id: found[0].start for person_id, found in self._stints(ids).items()}
        return [
            Fraction(done.total(REVENUE, [person_id], quarter.first, quarter.last), target)
            for person_id, start in starts.items()
            for quarter in quarters
            if (target := targets.get((person_id, quarter.name)))
            and Ramp(start, self.curve).share(quarter.first) == self.curve[-1]
        ]

    def _full_quota(self, heads: Iterable[Group], medians: Mapping[Role, int]) -> int | None:
        """What one more ramped head is to bring in: the middle of those in the group, else of account executives."""
        own = spread(
            each.heads.quota for each in heads if each.heads.ramp == self.curve[-1] for _ in range(each.heads.count)
        )
        return own.median if own else medians.get(Role.AE)

    def _late(self, found: Capacity, missing: Missing | None, full: int | None) -> Late | None:
        """Whoever starts tomorrow, where that is too late to be ramped."""
        start = self.when.today + _DAY
        if missing is None or full is None or start <= latest_start(self.period.first, self.curve):
            return None
        days = of_workspace(self.settings).days(self.period.first, self.period.last)
        share = ramped(1, days, Ramp(start, self.curve))
        adds = full * found.expected.attainment * share.exact if share else Fraction(0)
        return Late(start, share.exact if share else Fraction(0), ceil(missing.gap / adds) if adds > 0 else None)
