"""The figures of a person, a team, a territory, a source or the whole workspace in a period: pure, from what was read.

Deals count in the period in which they closed, offers in that in which they were made, customers in that on whose first
day they were customers. A deal that several have is one deal, its owner's: only of the money, won or open, each has
their share.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.figures import conversion, sales
from bot.figures.conversion import Handed, WinShares
from bot.figures.deals import OpenDeal, closed_once
from bot.figures.exact import total
from bot.figures.pipeline import Coverage, Covered, Pipeline, coverage, pipeline
from bot.figures.rates import Rate
from bot.figures.sales import Customers, CycleLength, DealSize, NoVelocity, Velocity, Volume
from bot.handoffs.states import State
from bot.money import Money
from bot.performance.deals import DAY, STAGES, Closed, Open
from bot.performance.facts import Asked, Facts, Group

FIRST_STAGE = STAGES[0]
"""The stage whose conversion is read from hand-offs: there an account executive checks what was handed over."""


@dataclass(frozen=True, slots=True)
class Span:
    """A period, and the moment from which it is looked at: `today` is that moment's day in the workspace's zone."""

    first: date
    last: date
    today: date
    at: datetime

    @property
    def is_over(self) -> bool:
        """Whether all its days are."""
        return self.today > self.last


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of the trade, each with its number of cases.

    `conversions` are by open stage, in their order. `taken` are the offers of leads to them, `given` those of the leads
    that they gave. `pipeline` is None of a period that is over, `coverage` without a target, too.
    """

    span: Span
    volume: Volume
    win_rate: Rate
    conversions: Mapping[str, Rate]
    size: DealSize | None
    cycle: CycleLength | None
    lost_cycle: CycleLength | None
    velocity: Velocity | NoVelocity
    open_deals: int
    oldest_open: int | None
    pipeline: Pipeline | None
    coverage: Coverage | Covered | None
    taken: Handed
    given: Handed
    customers: Customers


def figures(facts: Facts, group: Group, span: Span, shares: WinShares, target: Money | None = None) -> Figures:
    """The figures of a group in a period.

    Args:
        facts: what was read, of at least these people and days.
        group: whose.
        span: when.
        shares: what open deals are weighed by.
        target: what the group is to bring in within the period, for coverage.
    """
    sold = _ended(facts, group, span)
    closed = closed_once(each.deal for each in sold)
    mine = [each for each in facts.of(group, facts.open) if group.has(each.owner_id, span.today, each.source)]
    open_ones, promised = [each.deal for each in mine], _promised(facts, group, span, mine)
    volume = replace(sales.volume(closed, facts.here.currency), value=_sold(facts, group, span, sold))
    rate, size, cycle = conversion.win_rate(closed), sales.deal_size(closed), sales.cycle_length(closed)
    ahead = None
    if not span.is_over:
        ahead = pipeline(promised, shares, won=volume.value, first=span.first, last=span.last, today=span.today)
    taken = handed(_asked(facts.of(group, facts.taken), group, span, of_taker=True))
    return Figures(
        span=span,
        volume=volume,
        win_rate=rate,
        conversions={**conversion.conversions(closed, STAGES), FIRST_STAGE: taken.requalification},
        size=size,
        cycle=cycle,
        lost_cycle=sales.cycle_length(closed, won=False),
        velocity=sales.velocity(sum(each.stage != FIRST_STAGE for each in open_ones), rate, size, cycle),
        open_deals=len(open_ones),
        oldest_open=sales.oldest_open(open_ones, span.today),
        pipeline=ahead,
        coverage=coverage(ahead.open_amount, target, volume.value, ahead.win_share) if ahead else None,
        taken=taken,
        given=handed(_asked(facts.of(group, facts.given), group, span, of_taker=False)),
        customers=kept(facts, group, span),
    )


def _ended(facts: Facts, group: Group, span: Span) -> list[Closed]:
    """The group's deals that were won or lost in the period."""
    found = [each for each in facts.of(group, facts.closed) if span.first <= each.deal.closed <= span.last]
    if group.is_everybody:
        return found
    return [each for each in found if group.has(each.owner_id, each.deal.closed, each.source)]


def _sold(facts: Facts, group: Group, span: Span, sold: Iterable[Closed]) -> Money:
    """What was won: of a deal that several have, as much as is credited to people of the group."""
    amounts = [each.part(each.owner_id).amount for each in sold if each.deal.is_won]
    for person, each in facts.shared(group, facts.closed_shared):
        if span.first <= each.deal.closed <= span.last and group.has(person, each.deal.closed, each.source):
            amounts.append(each.part(person).amount if each.deal.is_won else None)
    return total((amount for amount in amounts if amount), facts.here.currency)


def _promised(facts: Facts, group: Group, span: Span, mine: Iterable[Open]) -> list[OpenDeal]:
    """The open deals with as much of their amounts as is the group's, each once."""
    deals = {each.deal.id: each.part(each.owner_id) for each in mine}
    for person, each in facts.shared(group, facts.open_shared):
        if group.has(person, span.today, each.source):
            part, so_far = each.part(person), deals.get(each.deal.id)
            both = [deal.amount for deal in (part, so_far) if deal and deal.amount]
            deals[part.id] = part._replace(amount=total(both, facts.here.currency) if both else None)
    return list(deals.values())


def _asked(found: Iterable[Asked], group: Group, span: Span, *, of_taker: bool) -> list[Asked]:
    return [
        each
        for each in found
        if span.first <= each.day <= span.last
        and group.has(each.offer.taker_id if of_taker else each.offer.giver_id, each.day, each.offer.source)
    ]


def handed(found: Iterable[Asked]) -> Handed:
    """Offers by how they ended, and what came of those that were accepted."""
    ended: dict[State | None, int] = {}
    for each in found:
        for what in (each.offer.ended, *([each.offer.judged] if each.offer.judged else [])):
            ended[what] = ended.get(what, 0) + 1
    return Handed(
        accepted=ended.get(State.ACCEPTED, 0),
        declined=ended.get(State.DECLINED, 0),
        expired=ended.get(State.EXPIRED, 0),
        withdrawn=ended.get(State.WITHDRAWN, 0),
        waiting=ended.get(None, 0),
        requalified=ended.get(State.REQUALIFIED, 0),
        rejected=ended.get(State.REJECTED, 0),
    )


def kept(facts: Facts, group: Group, span: Span) -> Customers:
    """The customers of the first day, and what became of them by the end of the period or, in it, by now."""
    start, end = facts.here.start(span.first), min(facts.here.start(span.last + DAY), span.at + datetime.resolution)
    changes = [
        (before, each.life.value(end))
        for person in (facts.kept if group.spells is None else group.spells)
        for each in facts.kept.get(person, ())
        if (before := each.life.value(start)) is not None
        and each.life.carer(start) == person
        and group.has(person, span.first, each.source)
    ]

    def money(minor: int) -> Money:
        return Money(facts.here.currency, minor)

    return Customers(
        at_start=len(changes),
        left=sum(after is None for _, after in changes),
        value=money(sum(before for before, _ in changes)),
        churned=money(sum(before for before, after in changes if after is None)),
        contracted=money(sum(max(0, before - after) for before, after in changes if after is not None)),
        expanded=money(sum(max(0, after - before) for before, after in changes if after is not None)),
    )
