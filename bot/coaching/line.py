"""Reads a line of coaching: `feedback @ana "great call"`, `review @ana 2026-H2`, `training assign … to AE by 15 dec`.

Pure and total: every string is something to do or to show, or a question with a line that would do.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.access.spoken import ROLES
from bot.coaching.rules import FURTHEST, LONGEST_TEXT, LONGEST_TITLE, half_year
from bot.coaching.said import About, AssignForm, Give, Mine, Module, Progress, Review, Said, Unread
from bot.coaching.vocabulary import BY, EXAMPLES, FILLERS, FOR, KUDOS, TRAININGS, Of
from bot.quota.period_line import read_period
from bot.quota.periods import Kind, Period, period_of
from bot.quota.said import Asking
from bot.reading.asked import Problem
from bot.reading.phrases import phrase_at
from bot.reading.text import Line, Token, read_line
from bot.reading.when import Look, read_day
from bot.team.vocabulary import SELF, VERBS, Verb

LONGEST_LINE = 3000
SOMEBODY = "@ana"

_HALF = re.compile(r"(?:(\d{4})[ -]?)?(?:[hп]|пг|полугодие)[ -]?([12])(?:[ -](\d{4}))?")
_LINK = re.compile(r"https?://\S+\.\S+|https?://localhost\S*", re.IGNORECASE)
_LIKE_LINK = re.compile(r"[a-z][a-z0-9+.-]*:\S+|www\.\S+|\S+\.[a-z]{2,}/\S*", re.IGNORECASE)


def read(verb: Verb, text: str, asking: Asking, me: str) -> Said:
    """What a line behind `/team` says whose verb is one of coaching.

    Args:
        verb: which.
        text: the whole line, as Slack sends it.
        asking: today where the workspace is, the reader's language, the fiscal year's first month.
        me: the reader's Slack id.
    """
    line = read_line(text[:LONGEST_LINE])
    reader = _Reader(line, asking, me, list(_rest(line, me)))
    match verb:
        case Verb.FEEDBACK | Verb.KUDOS:
            return reader.feedback(is_kudos=verb is Verb.KUDOS)
        case Verb.REVIEW:
            return reader.review()
        case Verb.TRAINING:
            return reader.training()
    return reader.one_on_one()


def is_link(text: str) -> bool:
    """Whether it is an address of the web: only those are shown to be pressed."""
    return bool(_LINK.fullmatch(text.strip()))


def _rest(line: Line, me: str) -> list[Token]:
    """The tokens without the verb, of which the person may stand before it; "me" is a mention of the reader."""
    words = [token.spoken for token in line.tokens]
    at = int(bool(line.tokens) and bool(line.tokens[0].user or words[0] in SELF) and len(words) > 1)
    found = phrase_at(VERBS, words, at)
    rest = [*line.tokens[:at], *line.tokens[at + (found[1] if found else 1) :]]
    return [token._replace(user=me, word="") if token.spoken in SELF else token for token in rest]


@dataclass(slots=True)
class _Reader:
    line: Line
    asking: Asking
    me: str
    tokens: list[Token]
    problem: Problem | None = field(default=None)

    def ask(self, what: str, code: str, **params: Any) -> Unread:
        """A question, with a line that would do."""
        who = next((token.text for token in self.tokens if token.user and token.text.startswith("@")), SOMEBODY)
        quarter = period_of(Kind.QUARTER, self.asking.today, self.asking.first_month).name
        day = f"{self.asking.today + timedelta(days=14):%d.%m.%Y}"
        if self.asking.language == "en":
            day = (self.asking.today + timedelta(days=14)).isoformat()
        example = EXAMPLES[self.asking.language][what].format(who=who, period=quarter, day=day)
        return Unread(Problem(code, params), example)

    def feedback(self, *, is_kudos: bool) -> Said:
        """`@ana "great call"`, `@ana kudos "…"`, the words before or behind the person."""
        what = "kudos" if is_kudos else "feedback"
        at = next((n for n, token in enumerate(self.tokens) if token.user), None)
        if at is None:
            return self._without_person(what, is_kudos=is_kudos)
        before, behind = self.tokens[:at], self.tokens[at + 1 :]
        for several in (before, behind):
            if several and several[0].spoken in KUDOS | {"публично", "public"}:
                is_kudos = True
                del several[0]
        if (before or behind) and not _said(self.line, before + behind):
            return self.ask(what, "text_missing")
        text = " ".join(filter(None, (_said(self.line, before), _said(self.line, behind))))
        if len(text) > LONGEST_TEXT:
            return self.ask(what, "text_long", length=len(text), limit=LONGEST_TEXT)
        return Give(self.tokens[at].user, text or None, is_kudos)

    def _without_person(self, what: str, *, is_kudos: bool) -> Said:
        if not self.tokens:
            return Give(None, None, is_kudos)
        handle = next((token.text for token in self.tokens if not token.quoted and token.text.startswith("@")), None)
        return self.ask(what, "handle", text=handle) if handle else self.ask(what, "person_missing")

    def one_on_one(self) -> Said:
        """`@ana`, or nothing."""
        return self._people("oneonone") or About(next((token.user for token in self.tokens if token.user), None))

    def review(self) -> Said:
        """`@ana 2026-H2`, in any order; without a period the half of the year that runs."""
        words = [token.spoken.strip(",.;") for token in self.tokens]
        found: Period | None = None
        used: set[int] = set()
        for at in range(len(words)):
            period = self._period(words, at) if at not in used and words[at] else None
            if period and isinstance(period[0], Unread):
                return period[0]
            if period and isinstance(period[0], Period):
                found, used = period[0], used | set(range(at, at + period[1]))
        self.tokens = [token for n, token in enumerate(self.tokens) if n not in used]
        half = 1 if period_of(Kind.QUARTER, self.asking.today, self.asking.first_month).name[-1] in "12" else 2
        year = int(period_of(Kind.YEAR, self.asking.today, self.asking.first_month).name.removeprefix("FY"))
        meant = found or half_year(year, half, self.asking.first_month)
        assert meant is not None  # this year has two halves
        person = next((token.user for token in self.tokens if token.user), None)
        return self._people("review") or Review(person, meant)

    def _period(self, words: list[str], at: int) -> tuple[Period | Unread, int] | None:
        """The period at a place, with the number of its words."""
        for used in (2, 1):
            half = _HALF.fullmatch(" ".join(words[at : at + used]))
            if half and at + used <= len(words):
                year = half[1] or half[3] or period_of(Kind.YEAR, self.asking.today, self.asking.first_month).name[-4:]
                found = half_year(int(year), int(half[2]), self.asking.first_month)
                return self._in_time(found, half[0]), used
        said = read_period(
            words, self.asking.today, at=at, first_month=self.asking.first_month, look=Look.BACK
        )  # fmt: skip
        if said is None:
            return None
        text = " ".join(words[at : at + said.used])
        if len(said.periods) > 1:
            one, other = (each.name for each in said.periods)
            return self.ask("review", "period_ambiguous", text=text, one=one, other=other), said.used
        return self._in_time(next(iter(said.periods), None), text), said.used

    def _in_time(self, period: Period | None, text: str) -> Period | Unread:
        if period is None:
            return self.ask("review", "period_unread", text=text)
        return self.ask("review", "period_ahead", text=text) if period.first > self.asking.today else period

    def training(self) -> Said:
        """Nothing, `progress`, or a module that is assigned."""
        if not self.tokens:
            return Mine()
        verb = phrase_at(TRAININGS, [token.spoken for token in self.tokens], 0)
        if verb is None or (verb[0] is Of.PROGRESS and len(self.tokens) > verb[1]):
            text = self.line.said(self.line.tokens.index(self.tokens[0]), len(self.line.tokens))
            return self.ask("training", "words_unknown", text=text)
        if verb[0] is Of.PROGRESS:
            return Progress()
        self.tokens = self.tokens[verb[1] :]
        return self._module() if self.tokens else AssignForm()

    def _module(self) -> Said:
        title, at = self._title()
        read = _Clauses(self.tokens[at:], self.asking.today)
        read.scan()
        if len(title) > LONGEST_TITLE:
            return self.ask("training", "title_long", length=len(title), limit=LONGEST_TITLE)
        if not title:
            return self.ask("training", "title_missing")
        if read.problem:
            return self.ask("training", read.problem.code, **read.problem.params)
        if read.day is None:
            return self.ask("training", "day_missing")
        if not (read.people or read.roles):
            return self.ask("training", "whom_missing")
        return Module(title, read.link, read.day, tuple(read.people), tuple(read.roles))

    def _title(self) -> tuple[str, int]:
        """The quoted words, or those before the first clause; and where the clauses begin."""
        if self.tokens[0].quoted:
            return self.tokens[0].text, 1
        at = 0
        while at < len(self.tokens) and not self._ends_title(at):
            at += 1
        return _said(self.line, self.tokens[:at]).strip(" ,;-"), at

    def _ends_title(self, at: int) -> bool:
        token = self.tokens[at]
        words = [each.spoken for each in self.tokens]
        following = self.tokens[at + 1].user if at + 1 < len(self.tokens) else None
        begins = token.spoken in FOR and (following or phrase_at(ROLES, words, at + 1))
        by = token.spoken in BY and read_day(words, at + 1, self.asking.today, Look.AHEAD)
        return bool(token.user or begins or by or _LIKE_LINK.fullmatch(token.text))

    def _people(self, what: str) -> Unread | None:
        """What is wrong with a line of which only a person is left."""
        several = {token.user for token in self.tokens if token.user}
        others = [token for token in self.tokens if not token.user and token.spoken not in FILLERS | FOR]
        if len(several) > 1:
            return self.ask(what, "two_people")
        if others and others[0].text.startswith("@"):
            return self.ask(what, "handle", text=others[0].text)
        return self.ask(what, "words_unknown", text=" ".join(each.text for each in others)) if others else None


@dataclass(slots=True)
class _Clauses:
    """What stands behind the title of a module: a link, whom it is for, by when."""

    tokens: list[Token]
    today: date
    link: str | None = None
    day: date | None = None
    people: dict[str, None] = field(default_factory=dict)
    roles: dict[str, None] = field(default_factory=dict)
    problem: Problem | None = None

    def scan(self) -> None:
        """Read them, in any order."""
        at = 0
        while at < len(self.tokens):
            at += self._take(at)

    def _take(self, at: int) -> int:
        token, words = self.tokens[at], [each.spoken for each in self.tokens]
        if token.user:
            self.people[token.user] = None
            return 1
        if _LIKE_LINK.fullmatch(token.text):
            self._keep_link(token.text.strip(",;"))
            return 1
        by = int(token.spoken in BY)
        day = read_day(words, at + by, self.today, Look.AHEAD) if at + by < len(words) else None
        if day:
            self._keep_day(day.days, " ".join(words[at : at + by + day.used]))
            return by + day.used
        return self._role(words, at) or self._unknown(token)

    def _role(self, words: list[str], at: int) -> int:
        role = phrase_at(ROLES, words, at)
        if role:
            self.roles[role[0]] = None
            return role[1]
        parts = [part for part in re.split(r"[+/,&|]", words[at]) if part]
        if parts and all(part in ROLES for part in parts):
            self.roles.update(dict.fromkeys(ROLES[part] for part in parts))
            return 1
        return 0

    def _unknown(self, token: Token) -> int:
        if token.text.startswith("@"):
            self._complain("handle", text=token.text)
        elif token.spoken in BY:
            self._complain("day_missing")
        elif token.spoken not in FILLERS | FOR and not token.is_dash:
            self._complain("words_unknown", text=token.text)
        return 1

    def _keep_link(self, text: str) -> None:
        if not is_link(text):
            self._complain("link_bad", text=text)
        self.link = text

    def _keep_day(self, days: tuple[date, ...], text: str) -> None:
        if not days:
            self._complain("day_unread", text=text)
        elif len(days) > 1:
            self._complain("day_ambiguous", text=text, one=days[0], other=days[1])
        elif days[0] < self.today:
            self._complain("day_past", day=days[0])
        elif days[0] - self.today > FURTHEST:
            self._complain("day_far", day=days[0])
        self.day = days[0] if days else None

    def _complain(self, code: str, **params: Any) -> None:
        self.problem = self.problem or Problem(code, params)


def _said(line: Line, tokens: list[Token]) -> str:
    """What tokens that stand side by side say; a dash in front of it says nothing."""
    while tokens and tokens[0].is_dash:
        tokens = tokens[1:]
    if not tokens:
        return ""
    if len(tokens) == 1 and tokens[0].quoted:
        return tokens[0].text.strip()
    return line.text[tokens[0].start : tokens[-1].end].strip()
