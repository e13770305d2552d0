"""Reads what stands behind a verb of pay: `/quota statement last quarter`, `/quota plan AE`, `/quota dispute 3 - why`.

Pure and total: every string is something to show or to dispute, or a question with a line that would do.
"""

import re
from dataclasses import dataclass
from datetime import date

from bot.access.roles import Role
from bot.access.spoken import ROLES
from bot.pay.standard import standard_plans
from bot.quota.clauses import Found, Scanner, only_day
from bot.quota.period_line import Said, read_period
from bot.quota.periods import Kind, Period, period_of
from bot.quota.said import Asking, OfPay, Verb
from bot.quota.vocabulary import FILLERS
from bot.quota.writing import word
from bot.reading.asked import Problem, Unclear
from bot.reading.phrases import phrase_at
from bot.reading.text import Line, read_line, words_of
from bot.reading.when import Look

ASKS = words_of(
    "handle two_people two_periods period_unread period_ambiguous period_ahead period_long day_missing "
    "day_unread day_impossible day_ambiguous day_ahead words_unknown role_unknown"
)
"""Every code that a problem may have: `pay.ask.CODE` in the catalogue."""

SOME_REASON = {"en": "it was 26,000", "ru": "сумма была 26 000"}
"""What is wrong, in an example."""

_LINE_WORDS = words_of("line row no number entry строка строку строки номер #")
_NUMBER = re.compile(r"[#№]?(\d{1,4})\.?")


@dataclass(frozen=True, slots=True)
class ShowStatement:
    """A statement: whose (None: one's own), of the quarter of which day (None: today), as of the end of which day."""

    person: str | None = None
    day: date | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class ShowPlan:
    """The plan of a role; None: all that one may see."""

    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """What somebody disputes: the line by its number or by its company, perhaps what is wrong with it."""

    number: int | None = None
    name: str | None = None
    day: date | None = None
    text: str | None = None

    @property
    def is_bare(self) -> bool:
        """Whether no line is named."""
        return self.number is None and self.name is None


PayLine = ShowStatement | ShowPlan | Against | Unclear


def read(said: OfPay, asking: Asking) -> PayLine:
    """What a line of pay says."""
    line = read_line(said.rest)
    if said.verb is Verb.STATEMENT:
        return _Statement(line, asking).read()
    return _Plan(line, asking).read() if said.verb is Verb.PLAN else _Against(line, asking).read()


@dataclass(frozen=True, slots=True)
class _Statement:
    """`[2026-Q4|q4|last quarter] [@rep] [as of 2026-10-31]`, in any order."""

    line: Line
    asking: Asking

    def read(self) -> ShowStatement | Unclear:
        found = Scanner(self.line, self.asking).scan()
        said = found.periods[0] if found.periods else None
        problem = self._problem(found) or (_period_problem(*said, self.asking) if said else None)
        if problem:
            return Unclear(None, problem, self.example(said, problem.code))
        return ShowStatement(next(iter(found.people), None), said and said[0].periods[0].first, only_day(found))

    def example(self, said: tuple[Said, str] | None = None, code: str = "") -> str:
        """The quarter that was meant, or the one that runs; as of a day where that was not clear."""
        language, quarter = self.asking.language, _quarter(said, self.asking)
        day = f" {word('as_of', language)} {self.asking.today.replace(day=1)}" if code.startswith("day_") else ""
        return f"{word(Verb.STATEMENT, language)} {quarter}{day}"

    def _problem(self, found: Found) -> Problem | None:
        foreign = found.groups or found.unknown or found.metrics or found.amounts or found.verbs
        if found.handle:
            return Problem("handle", {"text": found.handle})
        if len(found.people) > 1:
            return Problem("two_people", {"people": ", ".join(found.people.values())})
        if len(found.periods) > 1:
            return Problem("two_periods", {"one": found.periods[0][1], "other": found.periods[1][1]})
        if found.rest or foreign:
            return Problem("words_unknown", {"text": " … ".join(found.rest) or self.line.text.strip()})
        return self._day_problem(found)

    def _day_problem(self, found: Found) -> Problem | None:
        if found.day is None:
            return None
        day, text = found.day
        if day is None:
            return Problem("day_unread", {"text": text}) if text else Problem("day_missing")
        if not day.days:
            return Problem("day_impossible", {"text": text})
        if len(day.days) > 1:
            return Problem("day_ambiguous", {"text": text, "one": day.days[0], "other": day.days[1]})
        return Problem("day_ahead", {"day": day.days[0]}) if day.days[0] > self.asking.today else None


@dataclass(frozen=True, slots=True)
class _Plan:
    """`[AE]`: a role by its code, or as people call it."""

    line: Line
    asking: Asking

    def read(self) -> ShowPlan | Unclear:
        words, at = [token.spoken for token in self.line.tokens], 0
        roles: list[Role] = []
        while at < len(words):
            said = phrase_at(ROLES, words, at)
            if said:
                roles.append(said[0])
            elif words[at] not in FILLERS and not self.line.tokens[at].is_dash:
                return self._unknown()
            at += said[1] if said else 1
        return ShowPlan(roles[0] if roles else None) if len(set(roles)) < 2 else self._unknown()

    def example(self) -> str:
        """The plan of those who close."""
        return f"{word(Verb.PLAN, self.asking.language)} {Role.AE}"

    def _unknown(self) -> Unclear:
        names = ", ".join(plan.role for plan in standard_plans(self.asking.today))
        return Unclear(None, Problem("role_unknown", {"text": self.line.text.strip(), "names": names}), self.example())


@dataclass(frozen=True, slots=True)
class _Against:
    """`[LINE] [2026-Q4] [- what is wrong]`: the line by its number, or by its company."""

    line: Line
    asking: Asking

    def read(self) -> Against | Unclear:
        tokens = self.line.tokens
        dash = next((at for at, token in enumerate(tokens) if token.is_dash), len(tokens))
        text = self.line.said(dash + 1, len(tokens)).strip() or None
        words = [token.spoken for token in tokens[:dash]]
        at, said, rest = 0, None, []
        while at < dash:
            period = _read_period(words, at, self.asking)
            if period and said is None:
                said = (period, self.line.said(at, at + period.used))
            elif words[at] not in _LINE_WORDS and words[at] not in FILLERS:
                rest.append(at)
            at += period.used if period else 1
        problem = _period_problem(*said, self.asking) if said else None
        if problem:
            return Unclear(None, problem, self.example(said))
        name = self.line.said(rest[0], rest[-1] + 1).strip() if rest else ""
        number = _NUMBER.fullmatch(name)
        day = said[0].periods[0].first if said else None
        return Against(int(number[1]) if number else None, (not number and name) or None, day, text)

    def example(self, said: tuple[Said, str] | None = None) -> str:
        """The first line of the quarter that was meant, or of the one that runs."""
        language = self.asking.language
        return f"{word(Verb.DISPUTE, language)} 1 {_quarter(said, self.asking)} - {SOME_REASON[language]}"


def _read_period(words: list[str], at: int, asking: Asking) -> Said | None:
    return read_period(words, asking.today, at=at, first_month=asking.first_month, look=Look.BACK)


def _period_problem(said: Said, text: str, asking: Asking) -> Problem | None:
    """A statement covers a quarter; a week or month means the one that it begins in, a year none."""
    if not said.periods:
        return Problem("period_unread", {"text": text})
    if len(said.periods) > 1:
        return Problem("period_ambiguous", {"text": text, "one": said.periods[0].name, "other": said.periods[1].name})
    if said.periods[0].kind is Kind.YEAR:
        return Problem("period_long", {"text": text})
    return Problem("period_ahead", {"text": text}) if said.periods[0].first > asking.today else None


def _quarter(said: tuple[Said, str] | None, asking: Asking) -> str:
    """The name of a quarter that would do."""
    meant: Period | None = said[0].periods[0] if said and said[0].periods else None
    day = meant.last if meant else asking.today
    return period_of(Kind.QUARTER, min(day, asking.today), asking.first_month).name
