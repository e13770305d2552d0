"""Reads marketing's week: what became of its leads, by source, with no person in it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.attainment.frame import frame_of
from bot.digest.market import market, notes
from bot.digest.pages import MarketingPage, SourceWeek
from bot.digest.rules import before
from bot.figures.exact import total
from bot.figures.spread import spread
from bot.handoffs import sources
from bot.leads.speeds import Speeds, by_source
from bot.money import Money
from bot.people import queries as people
from bot.performance.deals import Calendar, closed_deals
from bot.quota.periods import Period

_DAY = timedelta(days=1)


def marketing_page(tx: Connection, actor: Actor, period: Period, now: datetime) -> MarketingPage:
    """The leads that came within a period, and what was won within it, by source."""
    workspace_id = actor.workspace_id
    frame = frame_of(tx, actor, None, now)
    earlier = before(period, frame.settings.fiscal_month)
    here = Calendar.of(tx, workspace_id)
    (since, until), (start, end) = (
        (here.start(each.first), here.start(each.last + _DAY)) for each in (period, earlier)
    )
    came = {each.source: each.came for each in sources.between(tx, workspace_id, start, end)}
    speeds = by_source(tx, workspace_id, since, until, now)
    found = [
        SourceWeek(
            each,
            spread(speeds.get(each.source, Speeds()).took),
            speeds.get(each.source, Speeds()).waiting,
            came.get(each.source, 0),
        )
        for each in sources.between(tx, workspace_id, since, until)
    ]
    currency = frame.settings.currency
    everybody = [each.id for each in people.everybody(tx, workspace_id)]
    heard = notes(tx, workspace_id, everybody, earlier.first, period.last)
    return MarketingPage(
        period,
        earlier,
        frame.when,
        currency,
        tuple(found),
        sum(came.values()),
        _won(tx, workspace_id, period, currency),
        market(heard, period, earlier, frame.settings.competitors),
    )


def _won(tx: Connection, workspace_id: str, period: Period, currency: str) -> dict[str, tuple[int, Money]]:
    amounts: dict[str, list[Money | None]] = {}
    for each in closed_deals(tx, workspace_id, period.first, period.last):
        if each.deal.is_won:
            amounts.setdefault(each.source, []).append(each.deal.amount)
    return {
        source: (len(found), total((each for each in found if each), currency)) for source, found in amounts.items()
    }
