"""A team's digest, from what was gathered of its people and perhaps of many more."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.attainment.days import of_workspace
from bot.attainment.frame import EVERYBODY, Asked, logged_in, scope_of
from bot.attainment.pages import GroupPage, Part, Row
from bot.attainment.together import Together
from bot.deals import lately
from bot.digest.attention import needs
from bot.digest.gathering import Gathered
from bot.digest.market import market
from bot.digest.pages import Clocks, Handoffs, LateDeal, Mate, Movement, Pace, TeamPage
from bot.figures.deals import ClosedDeal, OpenDeal
from bot.figures.exact import total
from bot.figures.spread import spread
from bot.handoffs.states import State
from bot.leads.rules import took
from bot.money import Money
from bot.people.rules import Member
from bot.performance.facts import Asked as Offer
from bot.performance.facts import Group
from bot.performance.figures import Figures, Span, figures
from bot.quota.achieved import NOT_LOGGED, closed
from bot.quota.metrics import DEALS, REVENUE, SQLS
from bot.quota.pace import Days, pace
from bot.quota.pace import Pace as OfPace
from bot.quota.periods import Kind, following, period_of
from bot.working_time.presence import Schedule

_DAY = timedelta(days=1)
PACES = 6
"""Weeks that a chart goes back."""

LATE_SHOWN = 20
"""Deals past their close day that are named."""


def team_page(
    tx: Connection, found: Gathered, reader: Actor, ids: Collection[str], *, is_everybody: bool = False
) -> TeamPage:
    """The digest of `ids`, who are among those of whom was gathered, for a reader who may see them."""
    people, when = tuple(sorted(ids)), replace(found.frame.when, wall=reader.zone)
    together = Together(tx, found.standing, reader, None, when.at, people)
    whole = together.page(Asked(as_of=found.standing.when.as_of), None)
    now, before = figures_of(found, people)
    wins = [win for win in found.wins if win.owner_id in set(people)]
    return TeamPage(
        found.period,
        found.earlier,
        when,
        found.frame.settings.currency,
        is_everybody,
        whole,
        tuple(sorted(mates_of(found, people), key=lambda mate: (mate.name.casefold(), mate.person_id))),
        now,
        before,
        handoffs_of(found, people),
        _movement(found, people),
        wins,
        found.names,
        tuple(_paces(tx, found, people, whole)),
        _late(tx, found, people),
        sum(found.waiting[each] for each in people),
        market=market(
            [note for note in found.notes if note.by in set(people)],
            found.period,
            found.earlier,
            found.frame.settings.competitors,
        ),
    )


def figures_of(found: Gathered, ids: Collection[str]) -> tuple[Figures, Figures]:
    """The figures of the trade of these people, of the period and of the one before."""
    when, group = found.frame.when, Group.of(*ids)
    spans = (Span(each.first, each.last, when.today, when.at) for each in (found.period, found.earlier))
    now, before = (figures(found.facts, group, span, found.shares) for span in spans)
    return now, before


def mates_of(found: Gathered, ids: Collection[str]) -> Iterator[Mate]:
    """Those of these people who sell, one by one."""
    for person_id in ids:
        member = found.members.get(person_id)
        if member:
            yield _mate(found, member)


def _mate(found: Gathered, member: Member) -> Mate:
    period, today = found.period, found.frame.when.today
    now, before = (each.get(member.id, {}) for each in found.logged)
    worked = found.days[member.id].on(today, period.first, period.last).gone
    sqls, deals, revenue = (
        found.brought.total(metric, [member.id], period.first, period.last) for metric in (SQLS, DEALS, REVENUE)
    )
    parts = found.parts.get(member.id, ())
    why = needs(
        _row(member, parts[0]) if parts else None,
        done=sum(now.values()),
        before=sum(before.values()),
        worked=worked,
        breached=_breached(found, member.id),
        untouched=found.untouched[member.id],
        is_running=today in period,
    )
    return Mate(member.id, member.name, parts, now, before, worked, sqls, deals, revenue, why)


def _row(member: Member, part: Part) -> Row:
    return Row(member.id, member.name, part.standing, part.has_any, is_gone=not member.may_work)


def _breached(found: Gathered, person_id: str) -> int:
    taken = found.facts.taken.get(person_id, ())
    return sum(each.offer.ended is State.EXPIRED and each.day in found.period for each in taken)


def handoffs_of(found: Gathered, ids: Collection[str]) -> Handoffs:
    """How fast they took what was offered to them, and why they did not."""
    offers = [each for person_id in ids for each in found.facts.taken.get(person_id, ())]
    within = [each for each in offers if each.day in found.period]
    return Handoffs(
        clocks(within, found.working),
        clocks([each for each in offers if each.day in found.earlier], found.working),
        Counter(each.offer.reason or "other" for each in within if each.offer.ended is State.DECLINED),
        Counter(each.offer.reason or "other" for each in within if each.offer.judged is State.REJECTED),
    )


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


def _movement(found: Gathered, ids: Collection[str]) -> Movement:
    facts, period = found.facts, found.period
    over: list[ClosedDeal] = [each.deal for person_id in ids for each in facts.closed.get(person_id, ())]
    still: list[OpenDeal] = [each.deal for person_id in ids for each in facts.open.get(person_id, ())]
    every: list[ClosedDeal | OpenDeal] = [*over, *still]

    def told(deals: Iterable[ClosedDeal | OpenDeal]) -> tuple[int, Money]:
        several = list(deals)
        return len(several), total((each.amount for each in several if each.amount), facts.here.currency)

    ended = [each for each in over if each.closed in period]
    return Movement(
        told(each for each in every if each.opened in period),
        told(each for each in ended if each.is_won),
        told(each for each in ended if not each.is_won),
        told(still),
    )


def _late(tx: Connection, found: Gathered, ids: Collection[str]) -> tuple[LateDeal, ...]:
    """The open deals whose close day has passed, the largest first."""
    today = found.frame.when.today
    late = [
        (each.deal, each.owner_id, each.deal.closes)
        for person_id in ids
        for each in found.facts.open.get(person_id, ())
        if each.deal.closes and each.deal.closes < today
    ]
    shown = sorted(late, key=lambda each: (-(each[0].amount.minor if each[0].amount else 0), each[0].id))[:LATE_SHOWN]
    names = lately.companies(tx, found.frame.workspace_id, [UUID(deal.id) for deal, _, _ in shown])
    return tuple(
        LateDeal(deal.id, names.get(UUID(deal.id), "–"), owner, deal.amount, (today - closes).days)
        for deal, owner, closes in shown
    )


def _paces(tx: Connection, found: Gathered, ids: Collection[str], whole: GroupPage) -> Iterator[Pace]:
    """The share of pace at the end of each of the last weeks of the leading target's period, the oldest first."""
    part, frame = (whole.shown.part if whole.shown else None), found.standing
    today = frame.when.today
    if part is None or not part.standing.target or today not in part.period:
        return
    calendar = of_workspace(frame.settings).days(part.period.first, part.period.last)
    running = period_of(Kind.WEEK, min(today, found.period.last))
    weeks = [following(running, by=-back) for back in reversed(range(PACES))]
    ends = {week: min(week.last, today) for week in weeks if min(week.last, today) in part.period}
    scope = scope_of(frame, ids, [(part.metric.code, part.period)])
    if part.metric.code in NOT_LOGGED:
        done = closed(tx, scope, frame.known).together(EVERYBODY)
    else:
        done = logged_in(tx, frame, scope)
    for week, end in ends.items():
        standing = part.standing
        achieved, days = done.total(part.metric, [EVERYBODY], part.period.first, end), Days.on(end + _DAY, calendar)
        if end == today:
            achieved, days = standing.achieved, standing.days
        share = pace(achieved, standing.target, days)
        if isinstance(share, OfPace):
            yield Pace(week, share.share)
