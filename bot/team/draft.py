"""What a line of `/team` says: who, which roles, from when until when, and where they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.reading.text import words_of
from bot.team.vocabulary import Group, Verb

CHANGES = frozenset({Verb.ASSIGN, Verb.END, Verb.CORRECT, Verb.HOURS, Verb.COUNTRY})
"""Verbs that change something of somebody."""

WITH_ROLE = frozenset({Verb.END, Verb.CORRECT})
"""Verbs of one role that is held."""

ASKS = words_of(
    "line_long verb_unknown verb_missing person_missing two_people handle role_missing roles_many role_close "
    "role_unknown words_unknown value_missing value_twice value_long hours_unread country_unread country_part "
    "day_impossible day_ambiguous two_days day_missing day_unmarked"
)
"""Every code that a problem may have."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Part of a change, as far as it was said.

    `aspects` are plain JSON by name, as `bot.people.assignments.Assign` takes them; None takes a value away. `called`
    is how each mention was typed, by Slack id.
    """

    person_id: str | None = None
    roles: tuple[str, ...] = ()
    start: date | None = None
    last: date | None = None
    aspects: Mapping[str, Any] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """Whether there is more than a person."""
        return bool(self.roles or self.start or self.last or self.aspects)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is asked back: `team.ask.CODE`, and what its words name."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understood:
    """A line that can be done. `day` and `group` are the roster's, `day` a person card's too."""

    verb: Verb
    draft: Draft = field(default_factory=Draft)
    day: date | None = None
    group: Group = Group.TEAM


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A line that needs another look: what is wrong, what was understood, and a line that would do."""

    problem: Problem
    verb: Verb
    draft: Draft
    example: str


Reading = Understood | AskedBack
