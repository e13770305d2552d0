"""From events to lines: what each event pays, and what is taken back.

A pure function of the events, the terms and the moment that is asked about: the order in which events are delivered,
or that one comes twice, changes nothing. Each line is rounded once, half to even, when it is made; nothing else is.
Tiers are marginal: in the order in which they were earned, then by id, each event is paid in the bands through which
it lifts the attained value of its period, with one line for each band. The bounds of bands are amounts of money,
percent of the quota rounded to the coin, so that the parts of a deal add up to it. The attained value goes on when a
plan changes in mid-period or the person changes roles: what is new is by which bands the events from that day on are
paid. Nothing that was earned before is paid anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import add

from bot.access.roles import Role
from bot.money import Money
from bot.pay.earned import Earned, Line, LineKind, Notice, Share, Terms
from bot.pay.period import Period
from bot.pay.plan import Event, Kind, Plan, Step, plan_on

_Place = tuple[bool, bool, Event]

TAKES_BACK = frozenset({Event.REOPENED, Event.SPLIT})
"""What only takes back."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The lines of all statements in the order of their moments, and what has to be said about them.

    `attained` is the value that counts in a period, by its name and the kind of event, whatever the role.
    """

    lines: tuple[Line, ...]
    notices: tuple[Notice, ...]
    attained: Mapping[tuple[str, Event], Money]


@dataclass(frozen=True, slots=True)
class Part:
    """What one step pays of an event: the value it is paid for (None: for no value), and the rounded amount."""

    step: Step
    base: Money | None
    amount: Money


def reckon(events: Iterable[Earned], terms: Terms, as_of: datetime) -> Reckoned:
    """All lines of one person as they stood at a moment, from everything that was recorded by then.

    What was recorded after the statement of its period was paid stands in the statement that was open then, measured
    by the quota and on top of the attained value of its own period. Statements that were paid are as they were paid.

    Raises:
        ValueError: when the events are of more than one person.
    """
    terms = terms.as_of(as_of)
    known = {each.id: each for each in events if each.recorded_at <= as_of}
    if len({each.person for each in known.values()}) > 1:
        raise ValueError("a statement is of one person")
    notices: list[Notice] = []
    counted = dict(_in_currency(known, terms, notices))
    taken = dict(_taken_back(counted, terms, notices))
    books = _books(counted, taken, terms)
    lines = [line for book in books for line in book.lines if line.period not in terms.paid]
    lines += (line for paid in terms.paid.values() for line in paid.lines)
    notices += (notice for book in books for notice in book.notices.values())
    return Reckoned(
        tuple(sorted(lines, key=lambda line: (line.at, line.earned))),
        tuple(notice for notice in notices if notice.period not in terms.paid),
        {(book.period.name, kind): value for book in books for kind, value in book.by_event().items()},
    )


def parts(event: Earned, plan: Plan, before: Money, quota: Money | None) -> Iterator[Part]:
    """What a plan pays of an event that lifts the attained value from `before`; tiers need a quota to pay. A deal
    that several have shares of is one deal, so that a fixed amount for it is paid by the share.
    """
    value = event.value or Money(before.currency, 0)
    for step in plan.steps:
        if step.event is not event.event:
            continue
        if step.kind is Kind.FIXED:
            share = event.share.percent.scaleb(-2) if event.share else Decimal(1)
            yield Part(step, None, Money.of((step.amount or Decimal(0)) * share, before.currency))
            continue
        base = value if step.kind is Kind.FLAT else _between(step, before, before + value, quota)
        if base:
            yield Part(step, base, base.times(step.rate or Decimal(0)))


def _between(step: Step, before: Money, after: Money, quota: Money | None) -> Money:
    """The part of the way from `before` to `after` that lies in the band of a tier."""
    if quota is None:
        return Money(before.currency, 0)
    lower = _bound(quota, step.lower or Decimal(0))
    upper = None if step.upper is None else _bound(quota, step.upper)

    def inside(attained: Money) -> Money:
        return max(lower, attained if upper is None else min(upper, attained))

    return inside(after) - inside(before)


def _bound(quota: Money, percent: Decimal) -> Money:
    return quota.times(percent.scaleb(-2))


def _in_currency(known: Mapping[str, Earned], terms: Terms, notices: list[Notice]) -> Iterator[tuple[str, Earned]]:
    """What is in the workspace's currency: Baton has no rates. The rest is said, and counts for nothing."""
    for key, each in sorted(known.items()):
        origin = known.get(each.reverses or "", each)
        if origin.value is None or origin.value.currency == terms.currency:
            yield key, each
        elif origin is each:
            params = {"subject": each.subject, "value": origin.value, "currency": terms.currency}
            notices.append(Notice(terms.period_at(each.happened_at).name, "pay.notice.currency", params))


def _taken_back(
    known: Mapping[str, Earned], terms: Terms, notices: list[Notice]
) -> Iterator[tuple[str, Earned | None]]:
    """What each event takes back, by its id; None for one that changes nothing.

    Only the first that was recorded takes back. That a deal was divided anew is no loss, and has no window. A
    customer's leaving after the window stands for itself, and the plan says what it costs; within it the lost
    commission is the cost, once.
    """
    gone: set[str] = set()
    for each in sorted(known.values(), key=lambda each: (each.recorded_at, each.happened_at, each.id)):
        if each.reverses is None and each.event not in TAKES_BACK:
            continue
        target = known.get(each.reverses or "")
        if target is None or target.reverses is not None:
            notices.append(_said(each, terms, "pay.notice.unknown"))
            yield each.id, None
        elif target.id in gone:
            yield each.id, None
        elif each.event is Event.SPLIT or terms.covers(target.happened_at, each.happened_at):
            gone.add(target.id)
            yield each.id, target
        elif each.event is not Event.CHURNED:
            notices.append(_said(each, terms, "pay.notice.window_over"))
            yield each.id, None


def _said(event: Earned, terms: Terms, key: str) -> Notice:
    """A notice in the statement in which the event's lines would stand."""
    return Notice(_today(event, terms), key, {"subject": event.subject, "days": str(terms.window)})


def _today(event: Earned, terms: Terms) -> str:
    """The statement that takes what happens now, whatever it is about."""
    periods = terms.period_at(event.happened_at), terms.period_at(event.recorded_at)
    return terms.open_period(event.recorded_at, *periods).name


def _books(known: Mapping[str, Earned], taken: Mapping[str, Earned | None], terms: Terms) -> "list[_Book]":
    """The books of each period, kept up to the end: what was on time first, then what came after it was paid."""
    of: dict[Period, list[Earned]] = defaultdict(list)
    for each in known.values():
        origin = taken.get(each.id, each)
        if origin:
            of[terms.period_at(origin.happened_at)].append(each)
    books = []
    for period, events in sorted(of.items()):
        book = _Book(period, terms)
        for each in sorted(events, key=lambda each: book.place(each, taken.get(each.id))):
            book.enter(each, taken.get(each.id))
        books.append(book)
    return books


class _Book:
    """What counts in one period, event by event.

    What is attained as a manager is apart, and so is what one helped with: what others sell lifts no sale of one's own
    into a higher band. Who moves between other roles goes on where they were.
    """

    def __init__(self, period: Period, terms: Terms) -> None:
        self.period, self._terms = period, terms
        self._live: list[Earned] = []
        self._attained: dict[_Place, Money] = defaultdict(lambda: terms.nothing)
        self._made: dict[str, list[Line]] = {}
        self._stands_in: dict[str, str] = {}
        self.notices: dict[tuple[str, str], Notice] = {}

    @property
    def lines(self) -> list[Line]:
        """All lines so far, also those of statements that were paid."""
        return [line for lines in self._made.values() for line in lines]

    def by_event(self) -> dict[Event, Money]:
        """What is attained by each kind of event, in all roles together."""
        found: dict[Event, Money] = {}
        for (*_, event), value in self._attained.items():
            found[event] = found.get(event, self._terms.nothing) + value
        return found

    def place(self, event: Earned, target: Earned | None) -> tuple[bool, datetime, datetime, bool, str]:
        """The order of entering: as it was earned, then by id; what is taken back was there before."""
        earned, recorded = event.happened_at, event.recorded_at
        if target:
            earned, recorded = max(earned, target.happened_at), max(recorded, target.recorded_at)
        is_late = not self._terms.is_open(self.period.name, recorded)
        return is_late, recorded if is_late else earned, earned, target is not None, event.id

    def enter(self, event: Earned, target: Earned | None) -> None:
        """Pay an event, or take back what another one paid."""
        if target:
            self._made[event.id] = self._taken_back(event, target)
        else:
            self._made[event.id] = self._paid(event)

    def _paid(self, event: Earned) -> list[Line]:
        terms = self._terms
        period = terms.open_period(event.recorded_at, self.period, terms.period_at(event.recorded_at)).name
        self._stands_in[event.id] = period
        self._live.append(event)
        plan = self._plan(event)
        found = parts(event, plan, self._attained[_place(event)], self._quota(event)) if plan else ()
        lines = [
            self._line(event, period, n, LineKind(part.step.kind), part.amount, part.base, part.step, event.share)
            for n, part in enumerate(found, 1)
        ]
        self._attained[_place(event)] += event.value or terms.nothing
        self._notice(event, period, plan)
        return lines

    def _taken_back(self, event: Earned, target: Earned) -> list[Line]:
        """Mirrors of the target's lines. While its statement is open, the period is as if it had never been."""
        stands_in = self._stands_in[target.id]
        is_open = self._terms.is_open(stands_in, event.recorded_at)
        period = stands_in if is_open else _today(event, self._terms)
        lines = [
            self._line(
                event,
                period,
                n,
                LineKind.CLAWBACK,
                -line.amount,
                -line.base if line.base else None,
                line.step,
                line.share,
            )
            for n, line in enumerate(self._lines_of(target), 1)
        ]
        if is_open:
            mirrored = self._sum(line.amount for line in lines if line.step and line.step.kind is Kind.TIER)
            rest = self._without(target) - mirrored
            if rest:
                lines.append(self._line(event, period, len(lines) + 1, LineKind.ADJUSTMENT, rest))
        return lines

    def _lines_of(self, target: Earned) -> list[Line]:
        """The lines that an event was paid by: as they were paid, if they were."""
        paid = self._terms.paid.get(self._stands_in[target.id])
        return [line for line in paid.lines if line.earned == target.id] if paid else self._made[target.id]

    def _without(self, target: Earned) -> Money:
        """Take an event out of what counts; by how much the tiers pay more or less then."""
        before = self._by_tiers(_place(target))
        self._live.remove(target)
        self._attained[_place(target)] -= target.value or self._terms.nothing
        return self._by_tiers(_place(target)) - before

    def _by_tiers(self, place: _Place) -> Money:
        """What tiers pay for all that counts there now."""
        attained = amount = self._terms.nothing
        for event in self._live:
            if _place(event) != place:
                continue
            plan = self._plan(event)
            if plan:
                found = parts(event, plan, attained, self._quota(event))
                amount += self._sum(part.amount for part in found if part.step.kind is Kind.TIER)
            attained += event.value or self._terms.nothing
        return amount

    def _plan(self, event: Earned) -> Plan | None:
        return plan_on(self._terms.plans, event.role, self._terms.day(event.happened_at))

    def _quota(self, event: Earned) -> Money | None:
        return self._terms.quota(self.period.name, event.event)

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return reduce(add, amounts, self._terms.nothing)

    def _line(
        self,
        event: Earned,
        period: str,
        n: int,
        kind: LineKind,
        amount: Money,
        base: Money | None = None,
        step: Step | None = None,
        share: Share | None = None,
    ) -> Line:
        return Line(
            id=f"{event.id}/{n}",
            period=period,
            counts_in=self.period.name,
            at=event.happened_at,
            event=event.event,
            earned=event.id,
            subject=event.subject,
            kind=kind,
            base=base,
            amount=amount,
            step=step,
            share=share,
        )

    def _notice(self, event: Earned, period: str, plan: Plan | None) -> None:
        """Say what could not be paid, and who can mend it; each once."""
        if plan is None:
            day = self._terms.day(event.happened_at)
            params = {"role": event.role, "day": day}
            self.notices.setdefault((event.role, period), Notice(period, "pay.notice.no_plan", params))
        elif event.value and self._quota(event) is None and _has_tiers(plan, event.event):
            params = {"event": event.event, "period": self.period.name}
            self.notices.setdefault((event.event, period), Notice(period, "pay.notice.no_quota", params))


def _place(event: Earned) -> _Place:
    """Where an event's value adds up: by its kind, as a manager or not, as help or not."""
    return event.role is Role.MANAGER, event.is_help, event.event


def _has_tiers(plan: Plan, event: Event) -> bool:
    return any(step.kind is Kind.TIER and step.event is event for step in plan.steps)
