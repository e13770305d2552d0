"""Reads the clauses of a change, in any order: mentions, roles, days, and values behind the words that name them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from bot.access.spoken import ROLES
from bot.people.model import Aspect
from bot.reading.phrases import phrase_at
from bot.reading.text import Line, Token
from bot.reading.when import WEEKDAYS, Look, read_day
from bot.team.draft import Draft, Problem
from bot.team.vocabulary import (
    BEFORE_DAY,
    BEFORE_PERSON,
    FIELDS,
    FILLERS,
    JOINTS,
    MANAGER_WORDS,
    NOBODY,
    NOW,
    SELF,
    STANDARD_HOURS,
    WITHOUT,
    Sign,
    begins_clause,
)
from bot.working_time.holidays import subdivisions
from bot.working_time.hours import read_hours
from bot.workspace import places

LONGEST_VALUE = 80
MOST_VALUES = 12
_LONGEST_HOURS = 16
_LONGEST_COUNTRY = 5
_PARTS_NAMED = 8
_BETWEEN_ROLES = re.compile(r"[+/,&|]")
_BETWEEN_VALUES = re.compile(r"[,;+]")

_SLIP = timedelta(days=90)


class Said(NamedTuple):
    """A day that somebody named in `used` words: the days that it may be, either way from today; none if there is no
    such day. `is_unclear` is `03/04`.
    """

    text: str
    used: int
    days: tuple[date, ...]
    is_weekday: bool = False
    is_unclear: bool = False

    def nearest(self, today: date, look: Look) -> date:
        """The day that is meant: a weekday in the direction of `look`, another day the nearest."""
        if self.is_weekday:
            return max(self.days) if look is Look.AHEAD else min(self.days)
        return min(self.days, key=lambda day: (abs(day - today), today - day))

    def behind(self, start: date) -> date:
        """The day that is meant as an end: the first that is not before `start`. One that lies a little before it is
        rather a slip than nearly a year later, so it is left for the refusal.
        """
        slips = [day for day in self.days if timedelta() < start - day < _SLIP]
        return min((day for day in self.days if day >= start and not slips), default=max(slips or self.days))


@dataclass(slots=True)
class Clauses:
    """What the clauses of a line say."""

    people: list[Token] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    start: Said | None = None
    until: Said | None = None
    bare: Said | None = None
    """A day without a word in front of it, or behind "on"."""
    aspects: dict[str, Any] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    problem: Problem | None = None

    def complain(self, code: str, **params: Any) -> None:
        """Keep the first thing that is wrong."""
        self.problem = self.problem or Problem(code, params)

    def draft(self, start: date | None, last: date | None) -> Draft:
        """Everything as a draft, with the days that were meant."""
        person = self.people[0].user if self.people else None
        return Draft(person, tuple(dict.fromkeys(self.roles)), start, last, self.aspects, self.called)


def read_clauses(line: Line, at: int, today: date, me: str) -> Clauses:
    """What stands in `line` from token `at` on.

    Args:
        line: as it was typed.
        at: a token.
        today: where the person who types is.
        me: their Slack id, for "me".
    """
    scanner = _Scanner(line, today, me)
    while at < len(line.tokens):
        at += scanner.take(at)
    found = scanner.found
    if len({token.user for token in found.people}) > 1:
        found.complain("two_people", people=[token.text for token in found.people])
    return found


def read_said_day(line: Line, words: Sequence[str], at: int, today: date) -> Said | None:
    """The day at token `at` of `line`, whose words are `words`; None if there is none."""
    if at < len(words) and words[at] in NOW:
        return Said(line.tokens[at].text, 1, (today,))
    found = [day for look in Look if at < len(words) and (day := read_day(words, at, today, look))]
    if not found:
        return None
    used = found[0].used
    unclear = next((day.days for day in found if len(day.days) > 1), None)
    days = unclear or tuple(dict.fromkeys(day for each in found for day in each.days))
    weekday = any(word in WEEKDAYS for word in words[at : at + used])
    return Said(line.said(at, at + used), used, days, weekday, unclear is not None)


class _Scanner:
    """Reads one line, token by token."""

    def __init__(self, line: Line, today: date, me: str) -> None:
        self._line = line
        self._tokens = [
            token._replace(user=me, word="") if token.spoken in SELF and me else token for token in line.tokens
        ]
        self._words = [token.spoken for token in self._tokens]
        self._today = today
        self.found = Clauses()

    def take(self, at: int) -> int:
        """Keep what begins at token `at`; how many tokens that took."""
        token = self._tokens[at]
        if token.user:
            return self._person(token)
        if _is_handle(token):
            self.found.complain("handle", text=token.text)
            return 1
        return (
            self._manager(at)
            or self._field(at)
            or self._day(at)
            or self._role(at)
            or self._filler(at)
            or self._unknown(at)
        )

    def _person(self, token: Token) -> int:
        self.found.people.append(token)
        self.found.called[str(token.user)] = token.text if token.text.startswith("@") else ""
        return 1

    def _manager(self, at: int) -> int:
        """`to @maria`, `руководитель: @maria`; `no manager`, `manager none`."""
        words = self._words
        if self._is_without_manager(at):
            self._set(Aspect.MANAGER, None)
            return 2
        phrase = phrase_at(BEFORE_PERSON, words, at)
        behind = at + phrase[1] if phrase else len(words)
        while behind < len(words) and words[behind] in FILLERS:
            behind += 1
        if behind >= len(words) or not self._tokens[behind].user:
            return 0
        manager = self._tokens[behind]
        self._set(Aspect.MANAGER, manager.user)
        self.found.called[str(manager.user)] = manager.text if manager.text.startswith("@") else ""
        return behind + 1 - at

    def _is_without_manager(self, at: int) -> bool:
        first, second = [*self._words[at : at + 2], "", ""][:2]
        return (first in WITHOUT and second in MANAGER_WORDS) or (first in MANAGER_WORDS and second in NOBODY)

    def _field(self, at: int) -> int:
        phrase = phrase_at(FIELDS, self._words, at)
        if phrase is None:
            return 0
        aspect, start = phrase[0], at + phrase[1]
        while start < len(self._tokens) and (self._tokens[start].user or self._tokens[start].is_dash):
            if self._tokens[start].user:
                self._person(self._tokens[start])
            start += 1
        return start + self._value(aspect, start) - at

    def _value(self, aspect: Aspect, start: int) -> int:
        """Keep the value of `aspect` that begins at token `start`; how many tokens it takes."""
        last = self._end_of_value(start)
        if start >= last:
            self.found.complain("value_missing", what=aspect)
            return 0
        if self._words[start] in NOBODY or (aspect is Aspect.HOURS and self._words[start] in STANDARD_HOURS):
            self._set(aspect, None)
            return 1
        if aspect is Aspect.HOURS:
            return self._hours(start, last)
        if aspect is Aspect.COUNTRY:
            return self._country(start, last)
        values = list(_values(self._line, self._tokens[start:last]))
        if any(len(value) > LONGEST_VALUE for value in values) or len(values) > MOST_VALUES:
            self.found.complain("value_long", limit=LONGEST_VALUE, most=MOST_VALUES)
        else:
            self._set(aspect, self._one_text(start, last) if aspect is Aspect.TEAM else values)
        return last - start

    def _one_text(self, start: int, last: int) -> str:
        text = self._line.said(start, last)
        return text if last - start == 1 and self._tokens[start].quoted else text.strip(" ,;")

    def _end_of_value(self, start: int) -> int:
        """The first token behind `start` that begins something else."""
        last = start
        while last < len(self._tokens) and (last == start or not self._begins_clause(last)):
            if self._tokens[last].user:
                return last
            last += 1
        return last

    def _begins_clause(self, at: int) -> bool:
        if self._tokens[at].user or _is_handle(self._tokens[at]):
            return True
        if self._is_under(at) or self._is_without_manager(at) or begins_clause(self._words, at):
            return True
        marked = phrase_at(BEFORE_DAY, self._words, at)
        said = read_said_day(self._line, self._words, at + marked[1] if marked else at, self._today)
        return said is not None and (marked is not None or said.used > 1 or "-" in self._words[at])

    def _is_under(self, at: int) -> bool:
        phrase = phrase_at(BEFORE_PERSON, self._words, at)
        behind = at + phrase[1] if phrase else len(self._tokens)
        return behind < len(self._tokens) and bool(self._tokens[behind].user)

    def _hours(self, start: int, last: int) -> int:
        """The longest stretch that reads as hours: "from 9 to 17" is one, though "from" begins a day elsewhere."""
        furthest = min(len(self._tokens), start + _LONGEST_HOURS)
        for end in range(furthest, start, -1):
            try:
                self._set(Aspect.HOURS, read_hours(self._line.said(start, end).strip(" ,;")).to_json())
            except ValueError:
                continue
            return end - start
        self.found.complain("hours_unread", text=self._line.said(start, last))
        return last - start

    def _country(self, start: int, last: int) -> int:
        for end in range(min(last, start + _LONGEST_COUNTRY), start, -1):
            if code := self._country_code(self._line.said(start, end).strip(" ,;.")):
                self._set(Aspect.COUNTRY, code)
                return end - start
        self.found.complain("country_unread", text=self._line.said(start, last))
        return last - start

    def _country_code(self, text: str) -> str | None:
        problem, code = read_country(text)
        if problem and code:
            self.found.complain(problem.code, **problem.params)
        return code

    def _day(self, at: int) -> int:
        sign, skipped = self._before_day(at)
        said = read_said_day(self._line, self._words, at + skipped, self._today)
        if said is None:
            return 0
        if not said.days:
            self.found.complain("day_impossible", text=said.text)
        elif said.is_unclear:
            self.found.complain("day_ambiguous", text=said.text, days=said.days)
        else:
            self._keep_day(sign, said)
        return skipped + said.used

    def _before_day(self, at: int) -> tuple[Sign, int]:
        """What a day behind token `at` would be; a dash behind a day leads to an end."""
        if self._tokens[at].is_dash and (self.found.start or self.found.bare):
            return Sign.UNTIL, 1
        return phrase_at(BEFORE_DAY, self._words, at) or (Sign.ON, 0)

    def _keep_day(self, sign: Sign, said: Said) -> None:
        name = {Sign.FROM: "start", Sign.UNTIL: "until"}.get(sign, "bare")
        before: Said | None = getattr(self.found, name)
        if before and before.days != said.days:
            self.found.complain("two_days", first=before.text, second=said.text)
        setattr(self.found, name, before or said)

    def _role(self, at: int) -> int:
        phrase = phrase_at(ROLES, self._words, at)
        if phrase:
            self.found.roles.append(phrase[0])
            return phrase[1]
        token = self._tokens[at]
        parts = [part for part in _BETWEEN_ROLES.split(self._words[at] or token.word) if part]
        roles = [ROLES[part] for part in parts if part in ROLES]
        if not roles or len(roles) < len(parts):
            return 0
        self.found.roles += roles
        return 1

    def _filler(self, at: int) -> int:
        said_nothing = self._words[at] in FILLERS or self._tokens[at].is_dash
        return int(said_nothing or not any(map(str.isalnum, self._tokens[at].text)))

    def _unknown(self, at: int) -> int:
        self.found.unknown.append(self._tokens[at].text)
        return 1

    def _set(self, aspect: Aspect, value: Any) -> None:
        if aspect in self.found.aspects and self.found.aspects[aspect] != value:
            self.found.complain("value_twice", what=aspect)
        self.found.aspects[aspect] = value


def _is_handle(token: Token) -> bool:
    """Whether somebody is named of whom Slack made no mention."""
    return not token.quoted and token.text.startswith("@")


def read_country(text: str) -> tuple[Problem | None, str | None]:
    """The code of the country that a text names, `DE` or `DE-BE`, and what is wrong with it."""
    try:
        return None, places.country_of(text)
    except ValueError:
        country, _, part = text.partition("-")
    problem, code = read_country(country) if part else (None, None)
    if problem or code is None:
        return Problem("country_unread", {"text": text}), None
    parts = sorted(subdivisions(code), key=lambda each: (len(each), each))[:_PARTS_NAMED]
    return Problem("country_part", {"text": text, "country": code, "parts": ", ".join(parts) or "–"}), code


def read_values(text: str) -> list[str]:
    """The values of a list that somebody typed: `EMEA, DACH`."""
    return list(dict.fromkeys(piece for part in _BETWEEN_VALUES.split(text) if (piece := " ".join(part.split()))))


def _values(line: Line, tokens: Sequence[Token]) -> Iterator[str]:
    """The values of a list, parted by commas or by "and"; a quoted text is one."""
    first, seen = 0, set()
    for place, token in enumerate([*tokens, None]):
        closes = token is None or token.quoted or token.spoken in JOINTS
        if closes:
            whole = line.text[tokens[first].start : tokens[place - 1].end] if place > first else ""
            pieces = [*read_values(whole), *([token.text] if token and token.quoted else [])]
            yield from (piece for piece in pieces if piece and piece.casefold() not in seen)
            seen |= {piece.casefold() for piece in pieces}
            first = place + 1
