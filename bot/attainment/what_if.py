"""What it would be if so much more were achieved today: attainment in every running period, and commission."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.attainment import service
from bot.attainment.frame import Asked
from bot.money import Money
from bot.pay import books, statement
from bot.pay.plan import Event, paid_role
from bot.pay.statement import WhatIf as PayIf
from bot.pay.targets import of_quotas
from bot.quota.metrics import DEALS, REVENUE, Metric, Unit
from bot.quota.periods import Period
from bot.quota.standing import WhatIf as Standings
from bot.quota.standing import what_if as standing_if
from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One metric in one period, as it is and as it would be."""

    metric: Metric
    period: Period
    standings: Standings


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything that `more` of a metric (in its unit) would change; `pay` is there where a plan pays for a win."""

    metric: Metric
    more: int
    changes: tuple[WhatIf, ...]
    pay: PayIf | None
    currency: str


def what_if(store: Store, actor: Actor, metric: Metric, more: int, now: datetime) -> Outlook:
    """As if the reader achieved `more` of a metric, in its unit, today; money is one won deal."""
    page = service.person(store, actor, None, Asked(), now)
    closed = {metric.code: more, **({DEALS.code: 1} if metric == REVENUE else {})}
    parts = [part for part in page.parts if part.metric.code in closed and page.when.today in part.period]
    if all(part.metric != metric for part in parts):
        parts = [*service.person(store, actor, None, Asked(metric=metric), now).parts, *parts]
    changes = tuple(
        WhatIf(part.metric, part.period, standing_if(part.standing, closed[part.metric.code])) for part in parts
    )
    if metric.unit is not Unit.MONEY:
        return Outlook(metric, more, changes, None, page.currency)
    with store.read() as tx:
        pay = _pay(tx, actor, Money(page.currency, more), now)
    return Outlook(metric, more, changes, pay, page.currency)


def _pay(tx: Connection, actor: Actor, value: Money, now: datetime) -> PayIf | None:
    mine = books.books(tx, actor.workspace_id, actor.id, now, of_quotas)
    held = [Role(role) for role in actor.roles]
    role = paid_role(mine.terms.plans, held, Event.WON, mine.terms.day(now))
    if role is None or not any(plan.role is role for plan in mine.terms.plans):
        return None
    return statement.what_if(mine.events, mine.terms, value, actor.id, role, now)
