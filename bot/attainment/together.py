"""Where a team, a territory or one's reports stand together, and person by person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action
from bot.attainment.days import calendars, of_workspace
from bot.attainment.frame import Asked, Frame, achieved_in, earliest, part_of, span_asked
from bot.attainment.pages import GroupPage, GroupPart, Part, Row, by_course, in_order
from bot.attainment.promised import promised
from bot.people import queries as people
from bot.people.rules import reports_below
from bot.quota import queries, reach
from bot.quota.achieved import NOT_LOGGED, Achieved
from bot.quota.metrics import REVENUE, Metric, by_code
from bot.quota.periods import Period
from bot.quota.queries import Subject, Target
from bot.quota.shares import RollUp, roll_up
from bot.quota.standing import Standing
from bot.quota.whose import Whose

EVERYBODY = "everybody"
"""In the place of a person: a group, reckoned as one."""


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
        name, inside = self._inside()
        self._let_see(inside)
        given = [
            each
            for each in queries.targets(tx, frame.workspace_id, Whose.PERSON, sorted(inside), first, last, frame.cutoff)
            if asked.takes(each.metric, each.period.name)
        ]
        own = self._own(first, last, asked)
        periods = self._periods(asked, [*given, *own])
        spells = self._spells(inside, earliest(frame, periods.values()))
        found = self._found(spells, periods)
        whole_group = found.together(EVERYBODY)
        rolled = [self._rolled(metric, period, own, given, inside) for (metric, _), period in periods.items()]
        alone = [
            self._part(by_code(metric), period, each, whole_group)
            for ((metric, _), period), each in zip(periods.items(), rolled, strict=True)
        ]
        whole = promised(tx, frame, sorted(inside), alone)
        every = [GroupPart(part, each) for part, each in zip(whole, rolled, strict=True)]
        parts = tuple(sorted(every, key=lambda each: in_order(each.part.metric, each.part.period)))
        chosen = next((each for each in parts if each.part.key == shown), parts[0] if parts else None)
        rows = self._rows(chosen.part, given, inside, spells, found) if chosen else ()
        can_set = reach.may_of_group(tx, self.actor, Action.SET_QUOTAS, inside, self.now)
        return GroupPage(self.subject, name, parts, chosen, rows, frame.when, frame.settings.currency, can_set)

    def _inside(self) -> tuple[str | None, set[str]]:
        """What the group is called, and who is in it on the page's day."""
        frame = self.frame
        if self.subject is None and self.people is not None:
            return None, set(self.people)
        if self.subject is None:
            managers = people.managers(self.tx, frame.workspace_id, frame.when.today, frame.cutoff)
            return None, set(reports_below(managers, self.actor.id))
        every = reach.groups(self.tx, frame.workspace_id, self.subject.whose, frame.when.today, frame.cutoff)
        name, inside = every.get(self.subject, (self.subject.key, set[str]()))
        return name, inside

    def _let_see(self, inside: set[str]) -> None:
        if self.subject is not None and not reach.may_of_group(
            self.tx, self.actor, Action.SEE_NUMBERS, inside, self.now
        ):
            raise reach.refusal(self.tx, self.actor, Action.SEE_NUMBERS, None, self.now)

    def _own(self, first: date, last: date, asked: Asked) -> list[Target]:
        """The group's own targets."""
        if self.subject is None:
            return []
        frame = self.frame
        found = queries.targets(
            self.tx, frame.workspace_id, self.subject.whose, [self.subject.key], first, last, frame.cutoff
        )
        return [each for each in found if asked.takes(each.metric, each.period.name)]

    def _periods(self, asked: Asked, targets: Iterable[Target]) -> dict[tuple[str, str], Period]:
        """The parts that there is a target for; without any, revenue of what is asked."""
        found = {(each.metric, each.period.name): each.period for each in targets}
        if not found:
            period = asked.period or self.frame.quarter()
            found[(asked.metric or REVENUE).code, period.name] = period
        return found

    def _spells(self, inside: set[str], first: date) -> dict[str, list[tuple[date, date]]]:
        """Who was in the group from `first` to the page's day, and on which days; of reports those of today, ever."""
        if self.subject is None:
            return {each: [(date.min, date.max)] for each in inside}
        frame = self.frame
        return reach.spells(self.tx, frame.workspace_id, self.subject, first, frame.when.today, frame.cutoff)

    def _found(
        self, spells: Mapping[str, list[tuple[date, date]]], periods: Mapping[tuple[str, str], Period]
    ) -> Achieved:
        """What was achieved while people were in the group."""
        active = [period for (metric, _), period in periods.items() if metric not in NOT_LOGGED]
        every = achieved_in(self.tx, self.frame, sorted(spells), [*periods.values()], active)
        first = earliest(self.frame, periods.values())
        whole = (first, self.frame.when.today)
        here = {person for person, each in spells.items() if any(_covers(spell, whole) for spell in each)}
        return Achieved(
            {
                key: days
                if key[1] in here
                else {day: value for day, value in days.items() if _is_inside(spells[key[1]], day)}
                for key, days in every.sums.items()
            }
        )

    def _part(self, metric: Metric, period: Period, rolled: RollUp, found: Achieved) -> Part:
        target = rolled.target if rolled.target is not None else (rolled.given if rolled.given else None)
        return part_of(self.frame, metric, period, target, found, [EVERYBODY], of_workspace(self.frame.settings))

    def _rolled(self, metric: str, period: Period, own: list[Target], given: list[Target], inside: set[str]) -> RollUp:
        key = (metric, period.name)
        target = next((each.value for each in own if (each.metric, each.period.name) == key), None)
        theirs = {each.subject.key: each.value for each in given if (each.metric, each.period.name) == key}
        return roll_up(target, {person_id: theirs.get(person_id) for person_id in inside})

    def _rows(
        self,
        part: Part,
        given: list[Target],
        inside: set[str],
        spells: Mapping[str, list[tuple[date, date]]],
        found: Achieved,
    ) -> tuple[Row, ...]:
        """Person by person: who is in it now, and who achieved something in it before they left."""
        frame, period = self.frame, part.period
        theirs = {each.subject.key: each.value for each in given if (each.metric, each.period.name) == part.key}
        left = {
            each
            for each in spells
            if each not in inside and found.has_any(part.metric, [each], period.first, period.last)
        }
        members = people.workers(
            self.tx, frame.workspace_id, frame.when.today, frame.cutoff, people=sorted(inside | left)
        )
        days = calendars(self.tx, frame.workspace_id, members, frame.settings, period.first, frame.when.at, frame.known)
        rows = {}
        for person_id, member in members.items():
            own = days[person_id].on(frame.when.today, period.first, period.last)
            done = found.total(part.metric, [person_id], period.first, period.last)
            until = None if person_id in inside else max(last for _, last in spells[person_id])
            standing = Standing(done, theirs.get(person_id), own)
            has_any = found.has_any(part.metric, [person_id], period.first, period.last)
            is_gone = not member.may_work and frame.known is None  # what was stays as it was
            rows[person_id] = Row(person_id, member.name, standing, has_any, until, is_gone)
        return by_course(rows)


def _covers(spell: tuple[date, date], span: tuple[date, date]) -> bool:
    return spell[0] <= span[0] and span[1] <= spell[1]


def _is_inside(spells: list[tuple[date, date]], day: date) -> bool:
    return any(first <= day <= last for first, last in spells)
