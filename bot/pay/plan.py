"""A commission plan: what a role is paid for from a day on, step by step, and what in it is nonsense."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, pairwise

from bot.access.roles import Role
from bot.errors import Refused
from bot.money import digits

FINEST_RATE = 5
"""Decimal places of a rate: 0.07625 is 7.625 %."""

FINEST_BOUND = 3
"""Decimal places of a bound in percent."""

ACCELERATES_FROM = Decimal(100)
"""Percent of the quota: a tier from here on is an accelerator."""


class Kind(StrEnum):
    """How a step pays."""

    FIXED = "fixed"
    """`amount` for each event."""
    FLAT = "flat"
    """`rate` times the event's value."""
    TIER = "tier"
    """`rate` times that part of the period's attained value which lies between `lower` and `upper` percent of the
    quota."""


class Event(StrEnum):
    """What can be paid for, and what takes it back."""

    WON = "won"
    REQUALIFIED = "requalified"
    ASSIST_WON = "assist_won"
    """A lead that the person handed off was won."""
    RENEWED = "renewed"
    CHURNED = "churned"
    """The customer left: pays negative amounts, or takes back what was paid for them."""
    REOPENED = "reopened"
    """Only takes back; no step pays for it."""
    SPLIT = "split"
    """A won deal was divided anew: likewise, for what it paid by the shares of before."""


PAID_FOR = tuple(event for event in Event if event not in {Event.REOPENED, Event.SPLIT})


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a plan of `role` that holds from `start` on.

    `lower` and `upper` are percent of the quota, the lower end included and the upper one not, None: no end.
    `amount` is in major units of the workspace's currency, `rate` a part of one (0.08 is 8 %).
    """

    role: Role
    start: date
    kind: Kind
    event: Event
    lower: Decimal | None = None
    upper: Decimal | None = None
    amount: Decimal | None = None
    rate: Decimal | None = None

    @property
    def is_accelerator(self) -> bool:
        """Whether it pays only for what goes beyond the quota."""
        return self.kind is Kind.TIER and (self.lower or 0) >= ACCELERATES_FROM


@dataclass(frozen=True, slots=True)
class Plan:
    """What a role is paid from `start` on, until the role's next plan starts. Days are the workspace's."""

    role: Role
    start: date
    steps: tuple[Step, ...]

    def pays_for(self, event: Event) -> bool:
        """Whether any step speaks of the event."""
        return any(step.event is event for step in self.steps)


def plans_of(steps: Iterable[Step]) -> tuple[Plan, ...]:
    """The plans that steps make up: one for each role and first day, in the order of the roles' table and of time."""

    def place(step: Step) -> tuple[int, date]:
        return list(Role).index(step.role), step.start

    grouped = groupby(sorted(steps, key=place), key=lambda step: (step.role, step.start))
    return tuple(Plan(role, start, tuple(of)) for (role, start), of in grouped)


def plan_on(plans: Iterable[Plan], role: Role, day: date) -> Plan | None:
    """The plan of a role that holds on a day: the last to start by then."""
    begun = [plan for plan in plans if plan.role is role and plan.start <= day]
    return max(begun, key=lambda plan: plan.start, default=None)


def paid_role(plans: Iterable[Plan], held: Collection[Role], event: Event, day: date) -> Role | None:
    """In which of several roles somebody earns a win, a renewal or a loss: once, in the first that pays for it.

    First in the order of the roles' table. Where none pays it is the first one held, so that the lack of a plan is
    seen; None if no role is held. What a hand-off earns is earned in the role in which the lead was given.
    """
    mine = [role for role in Role if role in held]
    known = tuple(plans)
    paying = (role for role in mine if (plan := plan_on(known, role, day)) and plan.pays_for(event))
    return next(paying, mine[0] if mine else None)


def problems(plans: Sequence[Plan], currency: str) -> tuple[Refused, ...]:
    """Everything that is nonsense in plans: `pay.problem.WHAT`, each with `role` and `start` of the plan it is in.

    `lower`, `upper`, `amount`, `rate` and the like are given as people write them. A tier that begins above 0
    (nothing is paid below it) and a last one that ends are no problem: a workspace may mean that.
    """
    return (*_of_days(plans), *(problem for plan in plans for problem in _of_plan(plan, currency)))


def plain(number: Decimal) -> str:
    """A number as it stands in a file: `0.08`, `150`, never `1E+2`."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _refused(what: str, plan: Plan, **params: object) -> Refused:
    return Refused(what, role=str(plan.role), start=plan.start.isoformat(), **params)


def _of_days(plans: Sequence[Plan]) -> Iterator[Refused]:
    seen: set[tuple[Role, date]] = set()
    for plan in plans:
        if (plan.role, plan.start) in seen:
            yield _refused("pay.problem.same_day", plan)
        seen.add((plan.role, plan.start))


def _of_plan(plan: Plan, currency: str) -> Iterator[Refused]:
    for step in plan.steps:
        named = {"kind": str(step.kind), "event": str(step.event)}
        for what, more in (*_of_shape(step), *_of_bounds(step), *_of_signs(step), *_of_size(step, currency)):
            yield _refused(what, plan, **named, **more)
    yield from _of_repeats(plan)
    for event in PAID_FOR:
        yield from _of_tiers(plan, event)


_Found = Iterator[tuple[str, dict[str, str]]]


def _of_shape(step: Step) -> _Found:
    """A step has what its kind pays by, and nothing that would look as if it counted."""
    is_fixed = step.kind is Kind.FIXED
    if is_fixed and step.amount is None:
        yield "pay.problem.no_amount", {}
    if not is_fixed and step.rate is None:
        yield "pay.problem.no_rate", {}
    if not is_fixed and step.amount is not None:
        yield "pay.problem.spare_amount", {"amount": plain(step.amount)}
    if is_fixed and step.rate is not None:
        yield "pay.problem.spare_rate", {"rate": plain(step.rate)}
    if step.kind is not Kind.TIER and (step.lower, step.upper) != (None, None):
        yield "pay.problem.spare_bounds", {}
    if step.event not in PAID_FOR:
        yield "pay.problem.not_paid", {}
    if step.event is Event.REQUALIFIED and not is_fixed:
        yield "pay.problem.no_value", {}
    if step.event is Event.CHURNED and step.kind is Kind.TIER:
        yield "pay.problem.churned_tier", {}


def _of_bounds(step: Step) -> _Found:
    lower, upper = step.lower or Decimal(0), step.upper
    if lower < 0:
        yield "pay.problem.below_nothing", {"lower": plain(lower)}
    if upper is not None and upper <= lower:
        yield "pay.problem.upside_down", {"lower": plain(lower), "upper": plain(upper)}
    for bound in (step.lower, step.upper):
        if bound is not None and bound != round(bound, FINEST_BOUND):
            yield "pay.problem.fine_bound", {"bound": plain(bound), "places": str(FINEST_BOUND)}


def _of_signs(step: Step) -> _Found:
    """Only a loss takes money away, and it gives none."""
    for name, value in (("amount", step.amount), ("rate", step.rate)):
        if value is not None and step.event is not Event.CHURNED and value < 0:
            yield "pay.problem.negative", {"field": name, "value": plain(value)}
        if value is not None and step.event is Event.CHURNED and value > 0:
            yield "pay.problem.paid_loss", {"field": name, "value": plain(value)}


def _of_size(step: Step, currency: str) -> _Found:
    if step.rate is not None and abs(step.rate) > 1:
        yield "pay.problem.high_rate", {"rate": plain(step.rate), "percent": plain(step.rate * 100)}
    if step.rate is not None and step.rate != round(step.rate, FINEST_RATE):
        yield "pay.problem.fine_rate", {"rate": plain(step.rate), "places": str(FINEST_RATE)}
    if step.amount is not None and step.amount != round(step.amount, digits(currency)):
        yield "pay.problem.no_coin", {"amount": plain(step.amount), "currency": currency}


def _of_repeats(plan: Plan) -> Iterator[Refused]:
    seen: set[tuple[Kind, Event]] = set()
    for step in plan.steps:
        if step.kind is not Kind.TIER and (step.kind, step.event) in seen:
            yield _refused("pay.problem.twice", plan, kind=str(step.kind), event=str(step.event))
        seen.add((step.kind, step.event))


def _of_tiers(plan: Plan, event: Event) -> Iterator[Refused]:
    """Each tier begins where the one before it ends."""
    tiers = [step for step in plan.steps if step.kind is Kind.TIER and step.event is event]
    for one, other in pairwise(sorted(tiers, key=lambda step: step.lower or Decimal(0))):
        lower = other.lower or Decimal(0)
        named = {"event": str(event), "lower": plain(lower), "upper": "" if one.upper is None else plain(one.upper)}
        if one.upper is None:
            yield _refused("pay.problem.endless", plan, **named)
        elif lower < one.upper:
            yield _refused("pay.problem.overlap", plan, **named)
        elif lower > one.upper:
            yield _refused("pay.problem.gap", plan, **named)
