"""Reads a team's digest, in a fixed number of look-ups however many people are in it.

How a team stands is what `/quota team` shows: now, where the period runs or is the last one, else as of its last day.
What happened within the period is what is known of it now, as `/quota figures` shows it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import Connection

from bot.absence.schedule import schedules
from bot.access.actor import Actor
from bot.activity.summed import sums
from bot.attainment.days import calendars, of_workspace
from bot.attainment.frame import Asked, Frame, frame_of
from bot.attainment.mates import Leading, mates
from bot.attainment.pages import GroupPage, Part
from bot.attainment.service import SELLERS
from bot.attainment.together import Together
from bot.deals import lately
from bot.digest.attention import needs
from bot.digest.pages import Clocks, Handoffs, LateDeal, Mate, Movement, Pace, TeamPage
from bot.figures.deals import ClosedDeal, OpenDeal
from bot.figures.exact import total
from bot.figures.spread import spread
from bot.handoffs import lists
from bot.handoffs.queries import first_touches
from bot.handoffs.states import State
from bot.leads.rules import took
from bot.money import Money
from bot.people import queries as people
from bot.people.rules import Member
from bot.performance.facts import Asked as Offer
from bot.performance.facts import Facts, Group, Scope, read
from bot.performance.figures import Span, figures
from bot.performance.shares import win_shares
from bot.quota.achieved import NOT_LOGGED, Achieved, achieved
from bot.quota.achieved import Scope as Achievements
from bot.quota.metrics import DEALS, REVENUE, SQLS
from bot.quota.own import counted
from bot.quota.pace import Days, pace
from bot.quota.pace import Pace as OfPace
from bot.quota.periods import Kind, Period, following, period_of
from bot.working_time.presence import Schedule

_DAY = timedelta(days=1)
PACES = 6
"""Weeks that a chart goes back."""

LATE_SHOWN = 20
"""Deals past their close day that are named."""


@dataclass(frozen=True, slots=True)
class TeamDigest:
    """Reads one digest of `ids` (all of whom the actor may see) about a period, within a transaction at `now`."""

    tx: Connection
    actor: Actor
    ids: tuple[str, ...]
    period: Period
    now: datetime
    is_everybody: bool = False

    def page(self) -> TeamPage:
        """Read it."""
        tx, workspace_id = self.tx, self.actor.workspace_id
        frame = frame_of(tx, self.actor, None, self.now)
        earlier = following(self.period, frame.settings.fiscal_month, by=-1)
        standing = self._standing(frame)
        members = self._sellers(standing)
        facts = read(tx, Scope(workspace_id, self.ids, earlier.first, self.period.last))
        group = Group.of(*self.ids)
        shares = win_shares(tx, workspace_id, frame.when.today)
        spans = [Span(each.first, each.last, frame.when.today, self.now) for each in (self.period, earlier)]
        now, before = (figures(facts, group, span, shares) for span in spans)
        found = self._mates(frame, standing, members, facts, earlier)
        start, end = facts.here.start(self.period.first), facts.here.start(self.period.last + _DAY)
        wins = lately.won(tx, workspace_id, self.ids, start, end)
        whole = Together(tx, standing, self.actor, None, self.now, self.ids).page(
            Asked(as_of=standing.when.as_of), None
        )
        late = self._late(facts, frame.when.today)
        named = {each for win in wins for each in (win.owner_id, win.giver_id) if each}
        named |= {each.owner for each in late}
        return TeamPage(
            self.period,
            earlier,
            frame.when,
            frame.settings.currency,
            self.is_everybody,
            whole,
            found,
            now,
            before,
            self._handoffs(frame, members, facts, earlier),
            _movement(facts, self.period),
            wins,
            people.names(tx, workspace_id, sorted(named)),
            tuple(self._paces(standing, whole)),
            late,
        )

    def _standing(self, frame: Frame) -> Frame:
        as_of = stood_on(self.period, frame.when.today, frame.settings.fiscal_month)
        return frame_of(self.tx, self.actor, as_of, self.now) if as_of else frame

    def _sellers(self, standing: Frame) -> dict[str, Member]:
        day = min(standing.when.today, self.period.last)
        found = people.members(self.tx, self.actor.workspace_id, day, people=self.ids)
        return {each: member for each, member in found.items() if SELLERS & set(member.roles) and member.may_work}

    def _mates(
        self, frame: Frame, standing: Frame, members: Mapping[str, Member], facts: Facts, earlier: Period
    ) -> tuple[Mate, ...]:
        tx, workspace_id, period = self.tx, self.actor.workspace_id, self.period
        leading = mates(tx, standing, members)
        logged = [sums(tx, workspace_id, self.ids, each.first, each.last) for each in (period, earlier)]
        days = calendars(tx, workspace_id, members, frame.settings, period.first, self.now)
        brought = achieved(tx, self._brought(frame))
        untouched = self._untouched()
        breached = Counter(
            each.offer.taker_id
            for offers in facts.taken.values()
            for each in offers
            if each.offer.ended is State.EXPIRED and each.day in period
        )
        found = [
            self._mate(
                member,
                leading.get(each),
                (logged[0].get(each, {}), logged[1].get(each, {})),
                days[each].on(frame.when.today, period.first, period.last).gone,
                brought,
                (breached[each], untouched[each]),
                is_running=frame.when.today in period,
            )
            for each, member in members.items()
        ]
        return tuple(sorted(found, key=lambda mate: (mate.name.casefold(), mate.person_id)))

    def _mate(
        self,
        member: Member,
        leading: Leading | None,
        logged: tuple[Mapping[str, int], Mapping[str, int]],
        worked: Fraction,
        brought: Achieved,
        missed: tuple[int, int],
        *,
        is_running: bool,
    ) -> Mate:
        first, last = self.period.first, self.period.last
        sqls, deals, revenue = (brought.total(each, [member.id], first, last) for each in (SQLS, DEALS, REVENUE))
        return Mate(
            member.id,
            member.name,
            leading,
            *logged,
            worked,
            sqls,
            deals,
            revenue,
            needs=needs(
                leading.row if leading else None,
                done=sum(logged[0].values()),
                before=sum(logged[1].values()),
                worked=worked,
                breached=missed[0],
                untouched=missed[1],
                is_running=is_running,
            ),
        )

    def _brought(self, frame: Frame) -> Achievements:
        """Deals and leads of the period; what was logged is added up elsewhere."""
        first, last = self.period.first, self.period.last
        here, settings = frame.when.zone, frame.settings
        return Achievements(
            self.actor.workspace_id, self.ids, first, last, here, settings.currency, active_first=last + _DAY
        )

    def _paces(self, standing: Frame, whole: GroupPage) -> Iterator[Pace]:
        """The share of pace at the end of each of the last weeks of the leading target's period, the oldest first."""
        part = whole.shown.part if whole.shown else None
        today = standing.when.today
        if part is None or not part.standing.target or today not in part.period:
            return
        done = self._day_by_day(standing, part)
        calendar = of_workspace(standing.settings).days(part.period.first, part.period.last)
        running = period_of(Kind.WEEK, min(today, self.period.last))
        for week in (following(running, by=-back) for back in reversed(range(PACES))):
            end = min(week.last, today)
            if end not in part.period:
                continue
            days = part.standing.days if end == today else Days.on(end + _DAY, calendar)
            found = pace(done.total(part.metric, self.ids, part.period.first, end), part.standing.target, days)
            if isinstance(found, OfPace):
                yield Pace(week, found.share)

    def _day_by_day(self, standing: Frame, part: Part) -> Achieved:
        """What they achieved of the leading metric on each day of its period."""
        first, last = part.period.first, part.period.last
        settings = standing.settings
        active = last + _DAY if part.metric.code in NOT_LOGGED else first
        scope = Achievements(
            self.actor.workspace_id,
            self.ids,
            first,
            last,
            standing.when.zone,
            settings.currency,
            counted(settings.own_metrics),
            active,
        )
        return achieved(self.tx, scope, standing.known)

    def _untouched(self) -> Counter[str]:
        """Leads that each accepted and nobody has been in touch with in time, by now."""
        overdue = [
            each
            for each in lists.overdue(self.tx, self.actor.workspace_id, self.ids, self.now)
            if each.state is State.ACCEPTED
        ]
        touched = first_touches(self.tx, self.actor.workspace_id, [each.id for each in overdue])
        return Counter(each.taker_id for each in overdue if each.taker_id and each.id not in touched)

    def _handoffs(self, frame: Frame, members: Mapping[str, Member], facts: Facts, earlier: Period) -> Handoffs:
        offers = [each for several in facts.taken.values() for each in several if each.offer.taker_id in set(self.ids)]
        start = facts.here.start(earlier.first)
        working = schedules(self.tx, self.actor.workspace_id, members, self.now, frame.settings, start=start)
        within = [each for each in offers if each.day in self.period]
        return Handoffs(
            clocks(within, working),
            clocks([each for each in offers if each.day in earlier], working),
            Counter(each.offer.reason or "other" for each in within if each.offer.ended is State.DECLINED),
            Counter(each.offer.reason or "other" for each in within if each.offer.judged is State.REJECTED),
        )

    def _late(self, facts: Facts, today: date) -> tuple[LateDeal, ...]:
        """The open deals whose close day has passed, the largest first."""
        late = [
            each for several in facts.open.values() for each in several if each.deal.closes and each.deal.closes < today
        ]
        shown = sorted(late, key=lambda each: (-(each.deal.amount.minor if each.deal.amount else 0), each.deal.id))
        shown = shown[:LATE_SHOWN]
        names = lately.companies(self.tx, self.actor.workspace_id, [UUID(each.deal.id) for each in shown])
        return tuple(
            LateDeal(
                each.deal.id,
                names.get(UUID(each.deal.id), "–"),
                each.owner_id,
                each.deal.amount,
                (today - each.deal.closes).days,
            )
            for each in shown
            if each.deal.closes
        )


def stood_on(period: Period, today: date, first_month: int) -> date | None:
    """The day as of which a period is told how people stood: its last one; None (now) of the one that runs, and of the
    one before it, which is read as the next one begins.
    """
    is_last = today in following(period, first_month)
    return None if period.last >= today or is_last else period.last


def clocks(offers: Iterable[Offer], working: Mapping[str, Schedule]) -> Clocks:
    """Both clocks of offers: of the system those of a lead's first offer, of people those that were accepted."""
    several = list(offers)
    system = [each.offer.at - each.offer.given_at for each in several if each.offer.turn == 1]
    person = [
        took([working[each.offer.taker_id]], each.offer.at, each.offer.ended_at)
        for each in several
        if each.offer.ended is State.ACCEPTED and each.offer.ended_at and each.offer.taker_id in working
    ]
    return Clocks(spread(system), spread(person))


def _movement(facts: Facts, period: Period) -> Movement:
    currency = facts.here.currency
    closed: list[ClosedDeal] = [each.deal for several in facts.closed.values() for each in several]
    still: list[OpenDeal] = [each.deal for several in facts.open.values() for each in several]
    every: list[ClosedDeal | OpenDeal] = [*closed, *still]

    def told(deals: Iterable[ClosedDeal | OpenDeal]) -> tuple[int, Money]:
        found = list(deals)
        return len(found), total((each.amount for each in found if each.amount), currency)

    ended = [each for each in closed if each.closed in period]
    return Movement(
        told(each for each in every if each.opened in period),
        told(each for each in ended if each.is_won),
        told(each for each in ended if not each.is_won),
        told(still),
    )
