"""Plans that a workspace can start from. What they pay on target is the variable part of each role's usual mix."""

from datetime import date
from decimal import Decimal

from bot.access.roles import Role
from bot.pay.plan import Event, Kind, Plan, Step, plans_of


def standard_plans(start: date) -> tuple[Plan, ...]:
    """The standard plan of every role that has a variable part, from `start` on.

    In a year on target, in the workspace's currency (to be edited where that is worth more or less than a euro):

    - SDR, MRR, 60,000 at 65/35: 80 re-qualified leads × 150 + 1 % of 900,000 won from them = 21,000.
    - AE, 90,000 at 60/40: 8 % of a quota of 450,000 = 36,000; 12 % from 100 % of it, 15 % from 150 %.
    - SPECIALIST, 80,000 at 70/30: 2 % of 1,200,000 won with their help = 24,000.
    - CSM, 72,000 at 75/25: 2 % of 900,000 renewed = 18,000; who leaves costs 1 % of what they paid.
    - MANAGER, 120,000 at 70/30: 2 % of the 1,800,000 that their reports win = 36,000.
    """
    return plans_of(
        Step(role, start, kind, event, lower, upper, amount, rate)
        for role, kind, event, lower, upper, amount, rate in _STEPS
    )


_OF_LEADS = (
    (Kind.FIXED, Event.REQUALIFIED, None, None, Decimal(150), None),
    (Kind.FLAT, Event.ASSIST_WON, None, None, None, Decimal("0.01")),
)

_STEPS = (
    *((role, *step) for role in (Role.SDR, Role.MRR) for step in _OF_LEADS),
    (Role.AE, Kind.TIER, Event.WON, Decimal(0), Decimal(100), None, Decimal("0.08")),
    (Role.AE, Kind.TIER, Event.WON, Decimal(100), Decimal(150), None, Decimal("0.12")),
    (Role.AE, Kind.TIER, Event.WON, Decimal(150), None, None, Decimal("0.15")),
    (Role.SPECIALIST, Kind.FLAT, Event.WON, None, None, None, Decimal("0.02")),
    (Role.CSM, Kind.FLAT, Event.RENEWED, None, None, None, Decimal("0.02")),
    (Role.CSM, Kind.FLAT, Event.CHURNED, None, None, None, Decimal("-0.01")),
    (Role.MANAGER, Kind.FLAT, Event.WON, None, None, None, Decimal("0.02")),
)
