"""What a plan comes to, by example: reckoned by the rules that pay is reckoned by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import reduce
from operator import add

from bot.money import Money, digits
from bot.pay.earned import Earned
from bot.pay.plan import PAID_FOR, Event, Kind, Plan
from bot.pay.rules import Part, parts

QUOTA = Decimal(100_000)
DEALS = (Decimal(60_000), Decimal(60_000))
"""Of what is paid in tiers: the second one goes beyond the quota."""
DEAL = Decimal(10_000)
WITHOUT_COINS = 100
"""How much more everything is in a currency that has none, as it is worth less."""

_THEN = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Example:
    """One event that is paid, what it is worth (None: nothing by itself), and what each step pays for it."""

    event: Event
    value: Money | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Worked:
    """Some events in their order, the quota that tiers are measured by (None: there are none), and what it all pays."""

    quota: Money | None
    examples: tuple[Example, ...]
    total: Money


def worked(plan: Plan, currency: str) -> Worked:
    """An example for a plan: two deals where it has tiers, and one of each thing that it pays for besides."""
    scale = 1 if digits(currency) else WITHOUT_COINS
    is_tiered = any(step.kind is Kind.TIER for step in plan.steps)
    quota = Money.of(QUOTA * scale, currency) if is_tiered else None
    nothing = Money(currency, 0)
    examples = tuple(each for event in PAID_FOR for each in _of(plan, event, nothing, quota, scale))
    paid = (part.amount for each in examples for part in each.parts)
    return Worked(quota, examples, reduce(add, paid, nothing))


def _of(plan: Plan, event: Event, nothing: Money, quota: Money | None, scale: int) -> Iterator[Example]:
    steps = [step for step in plan.steps if step.event is event]
    if not steps:
        return
    before = nothing
    for amount in DEALS if any(step.kind is Kind.TIER for step in steps) else (DEAL,):
        value = None if event is Event.REQUALIFIED else Money.of(amount * scale, nothing.currency)
        earned = Earned(str(event), "", plan.role, event, value, _THEN, _THEN, "")
        yield Example(event, value, tuple(parts(earned, plan, before, quota)))
        before += value or nothing
