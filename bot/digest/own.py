"""A rep's own week, from what was gathered of them and perhaps of many more."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.activity import steps
from bot.clock import instant
from bot.coaching.feedback import between
from bot.digest.gathering import Gathered
from bot.digest.pages import OwnPage
from bot.digest.team import figures_of, handoffs_of, mates_of
from bot.noise.lines import lines
from bot.quota.periods import Period

DAY = timedelta(days=1)

AHEAD = timedelta(days=7)
"""How far a rep's week looks forward."""


def own_page(tx: Connection, found: Gathered, reader: Actor) -> OwnPage:
    """What the reader did in a period, what it brought, where they stand, and what they have promised for next."""
    me, when = (reader.id,), replace(found.frame.when, wall=reader.zone)
    now, before = figures_of(found, me)
    is_running = when.today in found.period
    start, end = _span(reader, found.period)
    return OwnPage(
        found.period,
        found.earlier,
        when,
        found.frame.settings.currency,
        next(mates_of(found, me), None),
        now,
        before,
        handoffs_of(found, me),
        [win for win in found.wins if win.owner_id == reader.id],
        found.names,
        _ahead(tx, reader, when.today, when.at) if is_running else (),
        lines(tx, reader, start, end, when.at),
        tuple(between(tx, reader.workspace_id, reader.id, start, end)),
    )


def _span(reader: Actor, period: Period) -> tuple[datetime, datetime]:
    """A period on the reader's wall, in UTC."""
    first, end = (instant(day, time(0), reader.zone) for day in (period.first, period.last + DAY))
    return first, end


def _ahead(tx: Connection, reader: Actor, today: date, now: datetime) -> tuple[tuple[date, str], ...]:
    found = steps.open_until(tx, reader.workspace_id, reader.id, today + AHEAD)
    return tuple((each.due_at.astimezone(reader.zone).date(), each.what) for each in found if each.due_at > now)
