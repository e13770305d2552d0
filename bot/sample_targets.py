"""What the sample team is to reach and is paid by: targets of the running quarter, standard plans, past wins."""

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.clock import zone_or_utc
from bot.deals import service as selling
from bot.deals.closing import Win
from bot.deals.service import Wish
from bot.money import Money
from bot.pay import service as pay
from bot.pay.standard import standard_plans
from bot.quota import service as quotas
from bot.quota.metrics import CALLS, REVENUE, SQLS, Metric
from bot.quota.periods import Kind, period_of
from bot.quota.queries import Subject
from bot.quota.service import Wanted
from bot.quota.whose import Whose
from bot.store.engine import Store
from bot.workspace import service as workspace

TARGETS: Mapping[Role, tuple[tuple[Metric, Kind, int], ...]] = {
    Role.AE: ((REVENUE, Kind.QUARTER, 9_000_000), (CALLS, Kind.WEEK, 40)),
    Role.SDR: ((SQLS, Kind.MONTH, 8), (CALLS, Kind.WEEK, 180)),
    Role.MRR: ((SQLS, Kind.MONTH, 12), (CALLS, Kind.WEEK, 150)),
}
OF_THE_TEAM = 30_000_000
"""Revenue of all account executives in the quarter, in minor units: more than is given to them."""

WEEKS = 12
BOUGHT = ("Halcyon", "Orbital", "Meridian", "Fieldstone", "Kestrel", "Larkspur", "Quarry", "Saffron", "Tidewater")


def fill(store: Store, team: Mapping[Role, list[Actor]], operations: Actor, team_name: str, now: datetime) -> None:
    """Targets as operations set them when the quarter began, plans since the year did, and a win or two a month.

    Args:
        store: with the team in it.
        team: by role.
        operations: who sets everything.
        team_name: of the account executives.
        now: the moment.
    """
    settings = workspace.settings(store, operations.workspace_id)
    today = now.astimezone(zone_or_utc(settings.zone)).date()
    with store.write() as tx:
        for plan in standard_plans(date(today.year, 1, 1)):
            pay.put(tx, operations.workspace_id, plan, by=operations.id, origin=f"sample:{plan.role}", now=now)
    for role, targets in TARGETS.items():
        for each in team.get(role, ()):
            for metric, kind, value in targets:
                wanted = Wanted(Subject.person(each.id), metric, period_of(kind, today, settings.fiscal_month), value)
                quotas.set_target(store, operations, wanted, origin=f"sample:{each.id}:{metric.code}", now=now)
    quarter = period_of(Kind.QUARTER, today, settings.fiscal_month)
    together = Wanted(Subject.named(Whose.TEAM, team_name), REVENUE, quarter, OF_THE_TEAM, team_name)
    quotas.set_target(store, operations, together, origin="sample:team", now=now)
    for seller in team.get(Role.AE, ()):
        _sell(store, seller, settings.currency, now)


def _sell(store: Store, seller: Actor, currency: str, now: datetime) -> None:
    """Some of the last weeks brought a deal of a few thousand."""
    dice = random.Random(seller.id)  # noqa: S311 - sample data, the same at every start
    for back in range(WEEKS, 1, -1):
        if dice.random() < 0.55:
            won = now - timedelta(weeks=back, hours=dice.randrange(5))
            name = f"sample:{seller.id}:{back}"
            company = f"{dice.choice(BOUGHT)} {dice.choice(('Works', 'Labs', 'Group', 'Partners'))}"
            worth = Money(currency, dice.randrange(40, 160) * 10_000)
            opened = won - timedelta(days=dice.randrange(9, 40))
            row = selling.open_deal(
                store, seller, company, None, Wish(money=worth), origin=f"{name}:opened", now=opened
            ).row
            selling.win(store, seller, row.id, Win(worth), origin=f"{name}:won", now=won)
