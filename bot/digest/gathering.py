"""Everything that the digests of many people are made of, read once: a fixed number of look-ups for however many.

How people stand is what `/quota` shows: now, where the period runs or is the last one, else as of its last day. What
happened within the period is what is known of it now, as `/quota figures` shows it.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.absence.schedule import schedules
from bot.access.actor import Actor
from bot.activity.summed import sums
from bot.attainment.days import Calendar, calendars
from bot.attainment.frame import Frame, frame_of
from bot.attainment.mates import mates
from bot.attainment.pages import Part
from bot.attainment.service import SELLERS
from bot.deals import lately
from bot.deals.lately import Won
from bot.digest.market import notes
from bot.digest.rules import before
from bot.digest.themes import Note
from bot.figures.conversion import WinShares
from bot.handoffs import lists
from bot.handoffs.queries import first_touches
from bot.handoffs.states import State
from bot.people import queries as people
from bot.people.rules import Member
from bot.performance.facts import Facts, Scope, read
from bot.performance.shares import win_shares
from bot.quota.achieved import Achieved, closed
from bot.quota.achieved import Scope as Achievements
from bot.quota.periods import Period, following
from bot.working_time.presence import Schedule

_DAY = timedelta(days=1)
Logged = Mapping[str, Mapping[str, int]]
"""By person and kind."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was read of `ids` about a period at one moment.

    `frame` is how things are now, `standing` that of how people stand; `parts` are everybody's targets, `logged` what
    they logged in the period and in the one before, `brought` the deals and leads of the period by person, `untouched`
    the leads that each accepted and nobody has been in touch with in time, `waiting` those that each handed over and
    nobody can take.
    """

    period: Period
    earlier: Period
    frame: Frame
    standing: Frame
    ids: frozenset[str]
    members: Mapping[str, Member]
    facts: Facts
    shares: WinShares
    parts: Mapping[str, tuple[Part, ...]]
    logged: tuple[Logged, Logged]
    days: Mapping[str, Calendar]
    working: Mapping[str, Schedule]
    brought: Achieved
    untouched: Counter[str]
    waiting: Counter[str]
    wins: Sequence[Won]
    names: Mapping[str, str]
    notes: Sequence[Note]


def gather(tx: Connection, reader: Actor, ids: Collection[str], period: Period, now: datetime) -> Gathered:
    """Read it, of people whom the caller may see."""
    workspace_id, asked = reader.workspace_id, sorted(ids)
    frame = frame_of(tx, reader, None, now)
    earlier = before(period, frame.settings.fiscal_month)
    as_of = stood_on(period, frame.when.today, frame.settings.fiscal_month)
    standing = frame_of(tx, reader, as_of, now) if as_of else frame
    members = _sellers(tx, workspace_id, asked, min(standing.when.today, period.last))
    facts = read(tx, Scope(workspace_id, asked, earlier.first, period.last))
    start, end = facts.here.start(period.first), facts.here.start(period.last + _DAY)
    wins = lately.won(tx, workspace_id, asked, start, end)
    named = {each for win in wins for each in (win.owner_id, win.giver_id) if each}
    since = facts.here.start(earlier.first)
    return Gathered(
        period,
        earlier,
        frame,
        standing,
        frozenset(asked),
        members,
        facts,
        win_shares(tx, workspace_id, frame.when.today),
        mates(tx, standing, members),
        (
            sums(tx, workspace_id, asked, period.first, period.last),
            sums(tx, workspace_id, asked, earlier.first, earlier.last),
        ),
        calendars(tx, workspace_id, members, frame.settings, period.first, now),
        schedules(tx, workspace_id, members, now, frame.settings, start=since),
        closed(tx, _achievements(frame, asked, period)),
        _untouched(tx, workspace_id, asked, now),
        Counter(each.giver_id for each in lists.queue(tx, workspace_id)),
        wins,
        people.names(tx, workspace_id, sorted(named | set(asked))),
        notes(tx, workspace_id, asked, earlier.first, period.last),
    )


def stood_on(period: Period, today: date, first_month: int) -> date | None:
    """The day as of which a period is told how people stood: its last one; None (now) of the one that runs, and of the
    one before it, which is read as the next one begins.
    """
    is_last = today in following(period, first_month)
    return None if period.last >= today or is_last else period.last


def _sellers(tx: Connection, workspace_id: str, ids: Sequence[str], day: date) -> dict[str, Member]:
    found = people.members(tx, workspace_id, day, people=ids)
    return {each: member for each, member in found.items() if SELLERS & set(member.roles) and member.may_work}


def _achievements(frame: Frame, ids: Collection[str], period: Period) -> Achievements:
    settings = frame.settings
    return Achievements(frame.workspace_id, ids, period.first, period.last, frame.when.zone, settings.currency)


def _untouched(tx: Connection, workspace_id: str, ids: Sequence[str], now: datetime) -> Counter[str]:
    overdue = [each for each in lists.overdue(tx, workspace_id, ids, now) if each.state is State.ACCEPTED]
    touched = first_touches(tx, workspace_id, [each.id for each in overdue])
    return Counter(each.taker_id for each in overdue if each.taker_id and each.id not in touched)
