"""Reads a rep's own week."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.activity import steps
from bot.attainment import service as attainment
from bot.clock import instant
from bot.digest.pages import OwnPage
from bot.digest.team import TeamDigest
from bot.noise.lines import lines
from bot.quota.periods import Period

DAY = timedelta(days=1)

AHEAD = timedelta(days=7)
"""How far a rep's week looks forward."""


def own_page(tx: Connection, actor: Actor, period: Period, now: datetime) -> OwnPage:
    """What the reader did in a period, what it brought, where they stand, and what they have promised for next."""
    team = TeamDigest(tx, actor, (actor.id,), period, now).page()
    standing = attainment.mine(tx, actor, now, team.whole.when.as_of)
    return OwnPage(
        period,
        team.earlier,
        team.when,
        team.currency,
        standing,
        next((mate for mate in team.mates), None),
        team.now,
        team.before,
        team.handoffs,
        team.wins,
        team.names,
        _ahead(tx, actor, team.when.today, now) if period.last >= team.when.today else (),
        lines(tx, actor, *_span(actor, period), now),
    )


def _span(actor: Actor, period: Period) -> tuple[datetime, datetime]:
    """A period on the reader's wall, in UTC."""
    first, end = (instant(day, time(0), actor.zone) for day in (period.first, period.last + DAY))
    return first, end


def _ahead(tx: Connection, actor: Actor, today: date, now: datetime) -> tuple[tuple[date, str], ...]:
    found = steps.open_until(tx, actor.workspace_id, actor.id, today + AHEAD)
    return tuple((each.due_at.astimezone(actor.zone).date(), each.what) for each in found if each.due_at > now)
