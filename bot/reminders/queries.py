"""Reads about reminders: what people decided, and everything that decides when they are reminded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from bot.absence.schedule import schedules_of
from bot.people import queries as people
from bot.people.rules import Placed
from bot.reminders.model import QuietHours, ReminderChoice
from bot.reminders.rules import FOR_ALL, REMINDED, Choice, Kind, Quiet
from bot.store.sql import Prepared, one_of, table_of
from bot.working_time.presence import Schedule
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings, daily_goal

NOTHING: Mapping[str, Choice] = {}
UNDECIDED = Choice()

choice = table_of(ReminderChoice)
quiet = table_of(QuietHours)

LOOKS_BACK = timedelta(days=8)
"""How far back absences decide about moments: those of a week that has begun, wherever its Monday is."""

CHOICES = Prepared(
    select(choice.c.person_id, choice.c.kind, choice.c.at, choice.c.early, choice.c.is_muted).where(
        choice.c.workspace_id == bindparam("workspace"), one_of(choice.c.person_id, "people")
    )
)
QUIET = Prepared(
    select(quiet.c.person_id, quiet.c.start, quiet.c.end).where(
        quiet.c.workspace_id == bindparam("workspace"), one_of(quiet.c.person_id, "people")
    )
)
CHOOSERS = Prepared(select(choice.c.person_id).distinct().where(choice.c.workspace_id == bindparam("workspace")))


class Standing(NamedTuple):
    """Somebody who may be reminded: who they are, when they work, what they decided."""

    person: Placed
    schedule: Schedule
    quiet: Quiet | None = None
    choices: Mapping[str, Choice] = NOTHING

    def choice(self, kind: Kind) -> Choice:
        """What they decided about a kind, or what holds by itself."""
        return self.choices.get(kind, UNDECIDED)

    def wants(self, kind: Kind) -> bool:
        """Whether they are reminded: those who sell, and whoever asked for it, unless they muted it."""
        if not self.person.may_work or self.choice(kind).is_muted:
            return False
        return kind in FOR_ALL or kind in self.choices or not REMINDED.isdisjoint(self.person.roles)


@dataclass(frozen=True, slots=True)
class Audience:
    """Several people of one workspace, by id, as they stand at one moment."""

    people: dict[str, Standing]
    settings: Settings
    _goals: dict[frozenset[str], int] = field(default_factory=dict)

    def goal(self, person_id: str) -> int:
        """The calls a day that one of them aims for."""
        roles = self.people[person_id].person.roles
        if roles not in self._goals:
            self._goals[roles] = daily_goal(self.settings.goals, roles)
        return self._goals[roles]


def audience(tx: Connection, workspace_id: str, person_ids: Collection[str], now: datetime) -> Audience:
    """Everything that decides about the reminders of `person_ids`, in a fixed number of look-ups."""
    asked = sorted(person_ids)
    placed = people.placed(tx, workspace_id, asked, now)
    settings = workspace.settings(tx, workspace_id)
    working = schedules_of(tx, workspace_id, placed, now, settings, now - LOOKS_BACK)
    whom = {"workspace": workspace_id, "people": asked}
    quiets = {row.person_id: Quiet(row.start, row.end) for row in QUIET.all(tx, whom)}
    choices: dict[str, dict[str, Choice]] = {}
    for row in CHOICES.all(tx, whom):
        choices.setdefault(row.person_id, {})[row.kind] = Choice(row.at, row.early, row.is_muted)
    found = {
        each: Standing(found, working[each], quiets.get(each), choices.get(each, NOTHING))
        for each, found in placed.items()
    }
    return Audience(found, settings)


def standing(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> Standing:
    """The same of one person, whom Baton has met."""
    return audience(tx, workspace_id, [person_id], now).people[person_id]


def candidates(tx: Connection, workspace_id: str, day: date) -> set[str]:
    """Everybody who holds a role on `day`, or has decided something about reminders."""
    chose = {row.person_id for row in CHOOSERS.all(tx, {"workspace": workspace_id})}
    return chose | people.members(tx, workspace_id, day).keys()
