"""Where several people stand, each by their own targets, in a number of look-ups that depends on the targets' kinds."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from bot.attainment.days import calendars
from bot.attainment.frame import Frame, scope_of
from bot.attainment.pages import Part, in_order
from bot.people.rules import Member
from bot.quota import queries
from bot.quota.achieved import NOT_LOGGED, closed, logged_of_each
from bot.quota.metrics import by_code
from bot.quota.periods import Period
from bot.quota.standing import Standing
from bot.quota.whose import Whose

Key = tuple[str, Period]
"""A metric, by its code, in a period."""


def mates(tx: Connection, frame: Frame, members: Mapping[str, Member]) -> dict[str, tuple[Part, ...]]:
    """The parts of each of `members` who has targets on the frame's day, in the order of their own page.

    The figures are those of their `/quota`: what they achieved themselves, against their own working days. The past
    weeks that a forecast's range is drawn from are left out.
    """
    today = frame.when.today
    targets = queries.goals(tx, frame.workspace_id, Whose.PERSON, sorted(members), today, today, frame.cutoff)
    if not targets:
        return {}
    wanted = sorted({(each.metric, each.period) for each in targets}, key=lambda key: (key[0], key[1].name))
    done = _done(tx, frame, sorted({each.key for each in targets}), wanted)
    first = min(period.first for _, period in wanted)
    days = calendars(tx, frame.workspace_id, members, frame.settings, first, frame.when.at, frame.known)
    found: dict[str, list[Part]] = {}
    for each in targets:
        person_id, period = each.key, each.period
        value = done[each.metric, period].get(person_id)
        own = days[person_id].on(today, period.first, period.last)
        part = Part(by_code(each.metric), period, Standing(value or 0, each.value, own), value is not None)
        found.setdefault(person_id, []).append(part)
    return {each: tuple(sorted(parts, key=_place)) for each, parts in found.items()}


def _done(tx: Connection, frame: Frame, ids: Collection[str], wanted: Collection[Key]) -> dict[Key, Mapping[str, int]]:
    """What each has achieved of each metric in each period; who has nothing is left out."""
    brought = closed(tx, scope_of(frame, ids, wanted), frame.known)
    done: dict[Key, Mapping[str, int]] = {}
    for code, period in wanted:
        if code in NOT_LOGGED:
            done[code, period] = brought.of_each(by_code(code), period.first, period.last)
        else:
            scope = scope_of(frame, ids, [(code, period)]).within(period.first, period.last)
            done[code, period] = logged_of_each(tx, scope, by_code(code), frame.known)
    return done


def _place(part: Part) -> tuple[object, ...]:
    return in_order(part.metric, part.period)
