"""Where a team, a territory or one's reports stand together, and person by person."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action
from bot.attainment.days import calendars, each_on, of_workspace
from bot.attainment.frame import EVERYBODY, Asked, Frame, earliest, logged_in, part_of, scope_of, span_asked
from bot.attainment.pages import GroupPage, GroupPart, Part, Row, by_course, in_order
from bot.attainment.promised import promised
from bot.people import queries as people
from bot.people.rules import reports_below
from bot.quota import queries, reach
from bot.quota.achieved import Achieved, closed, logged, logged_of_each
from bot.quota.metrics import REVENUE, Metric, by_code
from bot.quota.periods import Period
from bot.quota.queries import Goal, Subject
from bot.quota.reach import Roster
from bot.quota.shares import RollUp, roll_up
from bot.quota.standing import Standing
from bot.quota.whose import Whose

Span = tuple[date, date]
ALWAYS: Span = (date.min, date.max)
Spells = Mapping[str, list[Span]]
"""Who was in a group, and on which days."""

ENOUGH = 20
"""People who came and left on the same days from whom on the database adds up, and not day by day."""


class Stays(NamedTuple):
    """Who was in a group, by the days on which they were, and what they achieved on those; of what they logged there is
    only that of whoever came or left alone.
    """

    alike: Mapping[Span, list[str]]
    found: Achieved


@dataclass(frozen=True, slots=True)
class Together:
    """Reads the page of a team or territory; without a subject, of these `people` or else of the actor's reports."""

    tx: Connection
    frame: Frame
    actor: Actor
    subject: Subject | None
    now: datetime
    people: tuple[str, ...] | None = None

    def page(self, asked: Asked, shown: tuple[str, str] | None) -> GroupPage:
        """See `group`."""
        frame, tx = self.frame, self.tx
        first, last = span_asked(frame, asked)
        roster = self._roster()
        inside = roster.inside
        self._let_see(inside)
        given = [
            each
            for each in queries.goals(tx, frame.workspace_id, Whose.PERSON, sorted(inside), first, last, frame.cutoff)
            if asked.takes(each.metric, each.period.name)
        ]
        own = self._own(first, last, asked)
        theirs = _by_part(given)
        periods = self._periods(asked, [*given, *own])
        spells = roster.since(earliest(frame, periods.values()))
        wanted = [(metric, period) for (metric, _), period in periods.items()]
        stays = self._stays(spells, wanted)
        whole_group = self._whole_group(stays, wanted)
        of_group = {each.part: each.value for each in own}
        rolled = [
            roll_up(of_group.get(part), {each: theirs.get(part, _NOBODY).get(each) for each in inside})
            for part in periods
        ]
        alone = [
            self._part(by_code(metric), period, each, whole_group)
            for ((metric, _), period), each in zip(periods.items(), rolled, strict=True)
        ]
        whole = promised(tx, frame, sorted(inside), alone)
        every = [GroupPart(part, each) for part, each in zip(whole, rolled, strict=True)]
        parts = tuple(sorted(every, key=lambda each: in_order(each.part.metric, each.part.period)))
        chosen = next((each for each in parts if each.part.key == shown), parts[0] if parts else None)
        targets = theirs.get(chosen.part.key, _NOBODY) if chosen else _NOBODY
        rows = self._rows(chosen.part, targets, inside, spells, stays) if chosen else ()
        can_set = reach.may_of_group(tx, self.actor, Action.SET_QUOTAS, inside, self.now)
        name = roster.name or (self.subject.key if self.subject else None)
        return GroupPage(self.subject, name, parts, chosen, rows, frame.when, frame.settings.currency, can_set)

    def _roster(self) -> Roster:
        """What the group is called, and who was in it up to the page's day; without a name those of today, ever."""
        frame, day = self.frame, self.frame.when.today
        if self.subject is None:
            return Roster(None, {each: [ALWAYS] for each in self._people()}, date.max)
        return reach.roster(self.tx, frame.workspace_id, self.subject, day, frame.cutoff)

    def _people(self) -> Collection[str]:
        """Those who were named, else those who report to the reader."""
        if self.people is not None:
            return self.people
        managers = people.managers(self.tx, self.frame.workspace_id, self.frame.when.today, self.frame.cutoff)
        return reports_below(managers, self.actor.id)

    def _let_see(self, inside: set[str]) -> None:
        if self.subject is not None and not reach.may_of_group(
            self.tx, self.actor, Action.SEE_NUMBERS, inside, self.now
        ):
            raise reach.refusal(self.tx, self.actor, Action.SEE_NUMBERS, None, self.now)

    def _own(self, first: date, last: date, asked: Asked) -> list[Goal]:
        """The group's own targets."""
        if self.subject is None:
            return []
        frame = self.frame
        found = queries.goals(
            self.tx, frame.workspace_id, self.subject.whose, [self.subject.key], first, last, frame.cutoff
        )
        return [each for each in found if asked.takes(each.metric, each.period.name)]

    def _periods(self, asked: Asked, targets: Iterable[Goal]) -> dict[tuple[str, str], Period]:
        """The parts that there is a target for; without any, revenue of what is asked."""
        found = {each.part: each.period for each in targets}
        if not found:
            period = asked.period or self.frame.quarter()
            found[(asked.metric or REVENUE).code, period.name] = period
        return found

    def _stays(self, spells: Spells, wanted: Collection[tuple[str, Period]]) -> Stays:
        """Who was in it all the time, who came and left together, and what the others achieved meanwhile."""
        whole = (earliest(self.frame, [period for _, period in wanted]), self.frame.when.today)
        alike: dict[Span, list[str]] = {}
        for person_id, theirs in spells.items():
            span = ALWAYS if any(_covers(spell, whole) for spell in theirs) else theirs[0]
            if span == ALWAYS or len(theirs) == 1:
                alike.setdefault(span, []).append(person_id)
        several = {span: mates for span, mates in alike.items() if span == ALWAYS or len(mates) >= ENOUGH}
        apart = sorted(set(spells).difference(*several.values()))
        scope = scope_of(self.frame, sorted(spells), wanted)
        if spells and ALWAYS not in several:
            days = [day for theirs in spells.values() for spell in theirs for day in spell]
            scope = scope.within(min(days), max(days))
        every = closed(self.tx, scope, self.frame.known)
        if apart:
            every = every.with_those(logged(self.tx, scope_of(self.frame, apart, wanted), self.frame.known))
        asked = (scope.first, scope.last)
        sums = {
            key: days
            if any(_covers(spell, asked) for spell in spells[key[1]])
            else {day: value for day, value in days.items() if _is_inside(spells[key[1]], day)}
            for key, days in every.sums.items()
        }
        return Stays(several, Achieved(sums))

    def _whole_group(self, stays: Stays, wanted: Collection[tuple[str, Period]]) -> Achieved:
        """What they achieved while they were in the group, as one."""
        found = stays.found.together(EVERYBODY)
        for span, mates in stays.alike.items():
            scope = scope_of(self.frame, mates, wanted).within(*span)
            found = found.with_those(logged_in(self.tx, self.frame, scope))
        return found

    def _of_each(self, part: Part, stays: Stays) -> dict[str, int]:
        """What each achieved in a part while they were in the group; who has nothing is left out."""
        metric, period = part.metric, part.period
        found = stays.found.of_each(metric, period.first, period.last)
        for span, mates in stays.alike.items():
            scope = scope_of(self.frame, mates, [(metric.code, period)]).within(period.first, period.last)
            found |= logged_of_each(self.tx, scope.within(*span), metric, self.frame.known)
        return found

    def _part(self, metric: Metric, period: Period, rolled: RollUp, found: Achieved) -> Part:
        target = rolled.target if rolled.target is not None else (rolled.given if rolled.given else None)
        return part_of(self.frame, metric, period, target, found, [EVERYBODY], of_workspace(self.frame.settings))

    def _rows(
        self,
        part: Part,
        targets: Mapping[str, int],
        inside: set[str],
        spells: Spells,
        stays: Stays,
    ) -> tuple[Row, ...]:
        """Person by person: who is in it now, and who achieved something in it before they left."""
        frame, period = self.frame, part.period
        done = self._of_each(part, stays)
        left = set(done) - inside
        members = people.workers(
            self.tx, frame.workspace_id, frame.when.today, frame.cutoff, people=sorted(inside | left)
        )
        today, at = frame.when.today, frame.when.at
        every = calendars(self.tx, frame.workspace_id, members, frame.settings, period.first, at, frame.known)
        days = each_on(every, today, period.first, period.last)
        rows = {}
        for person_id, member in members.items():
            until = None if person_id in inside else max(last for _, last in spells[person_id])
            standing = Standing(done.get(person_id, 0), targets.get(person_id), days[person_id])
            is_gone = not member.may_work and frame.known is None  # what was stays as it was
            rows[person_id] = Row(person_id, member.name, standing, person_id in done, until, is_gone)
        return by_course(rows)


_NOBODY: Mapping[str, int] = {}


def _by_part(given: Iterable[Goal]) -> dict[tuple[str, str], dict[str, int]]:
    """What each person is to reach, by metric and period."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for each in given:
        found.setdefault(each.part, {})[each.key] = each.value
    return found


def _covers(spell: tuple[date, date], span: tuple[date, date]) -> bool:
    return spell[0] <= span[0] and span[1] <= spell[1]


def _is_inside(spells: list[tuple[date, date]], day: date) -> bool:
    return any(first <= day <= last for first, last in spells)
