"""Reads about digests: what people decided, and everything that decides when theirs come."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from bot.absence.schedule import schedules_of
from bot.digest.model import DigestChoice
from bot.digest.rules import UNDECIDED, Choice, Digest, moments, wants
from bot.people import queries as people
from bot.people.rules import Placed
from bot.reminders.queries import LOOKS_BACK
from bot.store.sql import Prepared, one_of, table_of
from bot.working_time.presence import Schedule
from bot.workspace import queries as workspace

choice = table_of(DigestChoice)

CHOICES = Prepared(
    select(choice.c.person_id, choice.c.digest, choice.c.weekday, choice.c.at, choice.c.is_off).where(
        choice.c.workspace_id == bindparam("workspace"), one_of(choice.c.person_id, "people")
    )
)
CHOOSERS = Prepared(select(choice.c.person_id).distinct().where(choice.c.workspace_id == bindparam("workspace")))


class Reader(NamedTuple):
    """Somebody who may get digests: who they are, when they work, what they decided."""

    person: Placed
    schedule: Schedule
    choices: Mapping[str, Choice]

    def choice(self, digest: Digest) -> Choice:
        """What they decided about a digest, or what holds by itself."""
        return self.choices.get(digest, UNDECIDED)

    def wants(self, digest: Digest) -> bool:
        """Whether they get it."""
        return self.person.may_work and wants(digest, self.person.roles, self.choice(digest))

    def next(self, digest: Digest, after: datetime) -> tuple[date, datetime] | None:
        """The day for which the next one was meant, and the moment at which it comes; None where none does."""
        return next(self.coming(digest, after), None)

    def coming(self, digest: Digest, after: datetime) -> Iterator[tuple[date, datetime]]:
        """All that come, in the order of their weeks."""
        if self.wants(digest):
            yield from moments(digest, self.schedule, after, self.choice(digest))


def readers(tx: Connection, workspace_id: str, person_ids: Collection[str], now: datetime) -> dict[str, Reader]:
    """These people, by id, in a fixed number of look-ups."""
    asked = sorted(person_ids)
    placed = people.placed(tx, workspace_id, asked, now)
    settings = workspace.settings(tx, workspace_id)
    working = schedules_of(tx, workspace_id, placed, now, settings, now - LOOKS_BACK)
    choices: dict[str, dict[str, Choice]] = {}
    for row in CHOICES.all(tx, {"workspace": workspace_id, "people": asked}):
        choices.setdefault(row.person_id, {})[row.digest] = Choice(row.weekday, row.at, row.is_off)
    return {each: Reader(found, working[each], choices.get(each, {})) for each, found in placed.items()}


def candidates(tx: Connection, workspace_id: str, day: date) -> set[str]:
    """Everybody who holds a role on `day`, or has decided something about digests."""
    chose = {row.person_id for row in CHOOSERS.all(tx, {"workspace": workspace_id})}
    return chose | people.members(tx, workspace_id, day).keys()
