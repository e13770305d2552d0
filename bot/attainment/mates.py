"""Where several people stand, each by the target that comes first on their own page."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from bot.attainment.days import calendars
from bot.attainment.frame import Frame, earliest, scope_of
from bot.attainment.pages import Row, in_order
from bot.people.rules import Member
from bot.quota import queries
from bot.quota.achieved import achieved
from bot.quota.metrics import Metric, by_code
from bot.quota.periods import Period
from bot.quota.queries import Target
from bot.quota.standing import Standing
from bot.quota.whose import Whose


class Leading(NamedTuple):
    """The target that somebody is measured by first, and how they stand."""

    metric: Metric
    period: Period
    row: Row


def mates(tx: Connection, frame: Frame, members: Mapping[str, Member]) -> dict[str, Leading]:
    """The leading part of each of `members` who has a target on the frame's day, in a fixed number of look-ups.

    The figures are those of their `/quota`: what they achieved themselves, against their own working days.
    """
    leading = _leading(tx, frame, sorted(members))
    if not leading:
        return {}
    periods = list({each.period.name: each.period for each in leading.values()}.values())
    wanted = {(each.metric, each.period) for each in leading.values()}
    found = achieved(tx, scope_of(frame, sorted(leading), wanted), frame.known)
    measured = {each: members[each] for each in leading}
    first = min(earliest(frame, periods), *(each.first for each in periods))
    days = calendars(tx, frame.workspace_id, measured, frame.settings, first, frame.when.at, frame.known)
    parts = dict[str, Leading]()
    for person_id, target in leading.items():
        metric, period = by_code(target.metric), target.period
        done = found.total(metric, [person_id], period.first, period.last)
        standing = Standing(done, target.value, days[person_id].on(frame.when.today, period.first, period.last))
        has_any = found.has_any(metric, [person_id], period.first, period.last)
        row = Row(person_id, members[person_id].name, standing, has_any, is_gone=not members[person_id].may_work)
        parts[person_id] = Leading(metric, period, row)
    return parts


def _leading(tx: Connection, frame: Frame, ids: Collection[str]) -> dict[str, Target]:
    """Everybody's target that comes first."""
    today, found = frame.when.today, dict[str, Target]()
    for each in queries.targets(tx, frame.workspace_id, Whose.PERSON, ids, today, today, frame.cutoff):
        held = found.get(each.subject.key)
        if held is None or _place(each) < _place(held):
            found[each.subject.key] = each
    return found


def _place(target: Target) -> tuple[object, ...]:
    return in_order(by_code(target.metric), target.period)
