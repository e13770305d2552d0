"""Reads of recognition: who is left out, milestones, and the leaderboard of a week."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from bot.attainment.days import Calendar, calendars
from bot.attainment.pages import When
from bot.attainment.service import SELLERS
from bot.clock import instant, zone_or_utc
from bot.handoffs.offered import offered
from bot.handoffs.states import State
from bot.people import queries as people
from bot.people.rules import Member
from bot.quota import queries as quotas
from bot.quota.achieved import Fact, Scope, facts
from bot.quota.metrics import REVENUE
from bot.quota.periods import Period
from bot.quota.queries import Target
from bot.quota.whose import Whose
from bot.recognition.model import Milestone, RecognitionChoice
from bot.recognition.pages import Leaderboard
from bot.recognition.rules import ACCEPTED, Done, Recognition, Scored, counted, in_places, rated, scored, summed
from bot.recognition.weekly import reach_of, weekly
from bot.store.sql import Prepared, one_of, table_of
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

choice = table_of(RecognitionChoice)
milestone = table_of(Milestone)

_DAY = timedelta(days=1)

LEFT_OUT = Prepared(
    select(choice.c.person_id).where(choice.c.workspace_id == bindparam("workspace"), choice.c.is_out.is_(True))
)
MILESTONES = Prepared(
    select(milestone).where(
        milestone.c.workspace_id == bindparam("workspace"),
        milestone.c.whose == bindparam("whose"),
        one_of(milestone.c.subject, "subjects"),
    )
)
ONE_MILESTONE = Prepared(
    select(milestone).where(milestone.c.workspace_id == bindparam("workspace"), milestone.c.id == bindparam("id"))
)


def left_out(tx: Connection, workspace_id: str) -> set[str]:
    """Who does not want to be shown."""
    return {row.person_id for row in LEFT_OUT.all(tx, {"workspace": workspace_id})}


def milestones(tx: Connection, workspace_id: str, whose: Whose, subjects: Collection[str]) -> list[Any]:
    """All that these people, or teams, ever reached."""
    return MILESTONES.all(tx, {"workspace": workspace_id, "whose": whose, "subjects": subjects})


def find_milestone(tx: Connection, workspace_id: str, milestone_id: UUID) -> Any | None:
    """One of them."""
    return ONE_MILESTONE.first(tx, {"workspace": workspace_id, "id": milestone_id})


@dataclass(frozen=True)
class Week:
    """Reads everybody's scorecards of a week, as far as it has come at `now`, in a fixed number of look-ups."""

    tx: Connection
    workspace_id: str
    week: Period
    now: datetime
    wall: ZoneInfo | None = None

    def leaderboard(self, reader_id: str | None = None) -> Leaderboard:
        """Whoever sells and was at work on a day of it: by place, without those who are left out. With the card of its
        reader, if it has one.
        """
        out = left_out(self.tx, self.workspace_id)
        found = [(each.id, each.name, self._scored(each.id)) for each in self._sellers.values()]
        standings = in_places(found, out)
        without = sum(each.estimate is None and person not in out for person, _, each in found)
        spoken = Counter(self._sellers[each.person_id].language for each in standings)
        language = max(sorted(spoken), key=lambda each: spoken[each], default="en")
        mine = next((each.card for person, _, each in found if person == reader_id), None)
        is_out = reader_id in out if reader_id else None
        when = When(self.now, self._today, self._zone, self.wall or self._zone)
        return Leaderboard(self.week, when, self._recognition.weights, standings, without, language, is_out, mine)

    @cached_property
    def _settings(self) -> Settings:
        return workspace.settings(self.tx, self.workspace_id)

    @cached_property
    def _recognition(self) -> Recognition:
        return Recognition.of(self._settings.recognition)

    @property
    def _zone(self) -> ZoneInfo:
        return zone_or_utc(self._settings.zone)

    @property
    def _today(self) -> date:
        return self.now.astimezone(self._zone).date()

    @property
    def _last(self) -> date:
        """The last day that counts: of a week that runs, today."""
        return min(self.week.last, self._today)

    @cached_property
    def _sellers(self) -> Mapping[str, Member]:
        """Who sold at the week's end, and worked on a day of it."""
        return {
            each: member
            for each, member in self._members.items()
            if self._calendars[each].days(self.week.first, self._last).total
        }

    @cached_property
    def _members(self) -> Mapping[str, Member]:
        found = people.members(self.tx, self.workspace_id, self._last)
        return {each: member for each, member in found.items() if SELLERS & set(member.roles) and member.may_work}

    @cached_property
    def _calendars(self) -> Mapping[str, Calendar]:
        return calendars(self.tx, self.workspace_id, self._members, self._settings, self.week.first, self.now)

    @cached_property
    def _targets(self) -> Mapping[str, list[Target]]:
        every = quotas.targets(
            self.tx, self.workspace_id, Whose.PERSON, sorted(self._sellers), self.week.first, self._last
        )
        found: dict[str, list[Target]] = {}
        for each in every:
            found.setdefault(each.subject.key, []).append(each)
        return found

    @cached_property
    def _facts(self) -> Mapping[tuple[str, str], list[int]]:
        scope = Scope(
            self.workspace_id,
            sorted(self._sellers),
            self.week.first,
            self._last,
            self._zone,
            self._settings.currency,
        )
        return _by_person(facts(self.tx, scope))

    @cached_property
    def _answers(self) -> Mapping[str, Counter[State]]:
        """How the week's offers ended, by taker."""
        start = instant(self.week.first, time.min, self._zone)
        end = instant(self._last + _DAY, time.min, self._zone)
        found: dict[str, Counter[State]] = {}
        for each in offered(self.tx, self.workspace_id, start, end, sorted(self._sellers)):
            if each.ended:
                found.setdefault(each.taker_id, Counter())[each.ended] += 1
        return found

    def _scored(self, person_id: str) -> Scored:
        weights = self._recognition.weights
        targets = self._weekly(person_id)
        return scored(weights, {name: self._done(person_id, name, targets) for name in weights})

    def _done(self, person_id: str, name: str, targets: Mapping[str, Fraction]) -> Done:
        if name == ACCEPTED:
            ended = self._answers.get(person_id, Counter())
            return rated(ended[State.ACCEPTED], ended[State.ACCEPTED] + ended[State.EXPIRED])
        values = self._facts.get((name, person_id), [])
        return summed(values, targets.get(name)) if name == REVENUE.code else counted(sum(values), targets.get(name))

    def _weekly(self, person_id: str) -> Mapping[str, Fraction]:
        targets = self._targets.get(person_id, [])
        first, last = reach_of(targets, self.week)
        mine = self._calendars[person_id]
        there, usual = mine.days(self.week.first, self._last), mine.without_absences().days(first, last)
        return weekly(targets, there, usual, self.week.first, self._last)


def _by_person(found: Iterable[Fact]) -> Mapping[tuple[str, str], list[int]]:
    values: dict[tuple[str, str], list[int]] = {}
    for each in found:
        values.setdefault((each.metric, each.person_id), []).append(each.value)
    return values
