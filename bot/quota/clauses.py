"""The parts of a line of `/quota`, in whatever order they are typed. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bot.leads.vocabulary import SOURCES
from bot.quota.metrics import SINGLE, Metric, read_metric
from bot.quota.period_line import Said as SaidPeriod
from bot.quota.period_line import read_period
from bot.quota.queries import Subject
from bot.quota.said import OF_PAY, Asking, Verb, Whom
from bot.quota.vocabulary import AS_OF, BY_SOURCE, FILLERS, GROUPS, MINE, NONE, SOURCE, VERBS, WHOLE
from bot.quota.whose import Whose
from bot.reading.amounts import Amount, read_amount
from bot.reading.phrases import close_to, phrase_at
from bot.reading.text import Line, fold
from bot.reading.when import Day, Look, read_day

_A_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_SHORTEST_SLIP = 5
_LONGEST_NAME = 8
"""Words of a team's or territory's name at the most."""


@dataclass
class Found:
    """What a line says, part by part, each with what was typed where a question may name it."""

    verbs: list[Verb] = field(default_factory=list)
    verb_end: int = 0
    before_verb: list[tuple[int, int]] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    groups: list[Whom] = field(default_factory=list)
    unknown: list[tuple[Whose, str]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    by_source: bool = False
    is_whole: bool = False
    metrics: list[Metric] = field(default_factory=list)
    periods: list[tuple[SaidPeriod, str]] = field(default_factory=list)
    amounts: list[tuple[Amount, str]] = field(default_factory=list)
    is_none: bool = False
    day: tuple[Day | None, str] | None = None
    handle: str | None = None
    rest: list[str] = field(default_factory=list)

    @property
    def verb(self) -> Verb | None:
        """What the line asks for."""
        return self.verbs[0] if self.verbs else None

    @property
    def whom(self) -> Whom:
        """Who it is about."""
        if self.groups:
            return self.groups[0]
        return Whom(person=next(iter(self.people), None))

    @property
    def subjects(self) -> int:
        """How many it is about."""
        return len(self.groups) + len(self.people) + len(self.sources) + self.by_source + self.is_whole

    @property
    def metric(self) -> Metric | None:
        """Which metric."""
        return self.metrics[0] if self.metrics else None


class Scanner:
    """Goes through the tokens of a line and takes each part by the first reader that knows it."""

    def __init__(self, line: Line, asking: Asking) -> None:
        self._line, self._asking = line, asking
        self._words = [token.spoken for token in line.tokens]
        self._found = Found()
        verbs = {said[0] for at in range(len(self._words)) if (said := phrase_at(VERBS, self._words, at))}
        is_ahead, self._is_of_figures = bool(verbs - {Verb.FIGURES}), Verb.FIGURES in verbs
        self._look = Look.AHEAD if is_ahead else Look.BACK
        self._names = {
            Subject.named(whose, name).key: (whose, name)
            for whose, names in ((Whose.TERRITORY, asking.territories), (Whose.TEAM, asking.teams))
            for name in names
        }
        self._readers: tuple[Callable[[int], int], ...] = (
            self._person, self._remark, self._source, self._group, self._as_of, self._verb, self._period,
            self._metric, self._mine, self._none, self._date, self._amount, self._name, self._filler,
        )  # fmt: skip

    def scan(self) -> Found:
        """Everything that the line says."""
        at, unknown_from = 0, None
        while at < len(self._line.tokens):
            reader, used = next(((each, taken) for each in self._readers if (taken := each(at))), (None, 0))
            if not self._found.verbs and reader not in (self._mine, self._filler):
                self._found.before_verb.append((at, at + (used or 1)))
            if used and unknown_from is not None:
                self._found.rest.append(self._line.said(unknown_from, at))
                unknown_from = None
            elif not used and unknown_from is None:
                unknown_from = at
            at += used or 1
            if self._found.verb in OF_PAY:
                return self._found
        if unknown_from is not None:
            self._found.rest.append(self._line.said(unknown_from, at))
        return self._found

    def _person(self, at: int) -> int:
        token = self._line.tokens[at]
        if token.user:
            self._found.people.setdefault(token.user, token.text)
        return int(token.user is not None)

    def _remark(self, at: int) -> int:
        token = self._line.tokens[at]
        if token.is_remark and token.text.startswith(("@", "<@")) and not self._found.handle:
            self._found.handle = token.text
        return int(token.is_remark)

    def _verb(self, at: int) -> int:
        said = phrase_at(VERBS, self._words, at)
        if said is None:
            return 0
        verb, used = said
        if verb is not Verb.FIGURES and Verb.FIGURES in self._found.verbs:
            self._found.verbs.remove(Verb.FIGURES)  # `set @dana figures …`: one of the words for numbers
        is_filler = verb is Verb.FIGURES and self._found.verbs
        if verb not in self._found.verbs and not is_filler:
            self._found.verbs.append(verb)
            self._found.verb_end = at + used
        return used

    def _source(self, at: int) -> int:
        """`source webinar`, `source "Partner portal"`, `sources`, `all`: of figures only."""
        if not self._is_of_figures:
            return 0
        for table, name in ((BY_SOURCE, "by_source"), (WHOLE, "is_whole")):
            said = phrase_at(table, self._words, at)
            if said:
                setattr(self._found, name, True)
                return said[1]
        said = phrase_at(SOURCE, self._words, at)
        if said is None or at + said[1] >= len(self._words):
            return 0
        named = phrase_at(SOURCES, self._words, at + said[1])
        text = self._line.tokens[at + said[1]].text
        self._found.sources.append(named[0].value if named else fold(text).strip())
        return said[1] + (named[1] if named else 1)

    def _group(self, at: int) -> int:
        """`team North`, `territory "Rest of the world"`, `team` alone."""
        said = phrase_at(GROUPS, self._words, at)
        if said is None:
            return 0
        whose, used = said
        named, taken = self._group_name(whose, at + used)
        if taken and named is None:
            self._found.unknown.append((whose, self._line.said(at + used, at + used + taken)))
        else:
            self._found.groups.append(Whom(whose, name=named))
        return used + taken

    def _group_name(self, whose: Whose, at: int) -> tuple[str | None, int]:
        """The name that begins at a place and its length in tokens; None with a length for one that is not known."""
        known = {key: name for key, (of, name) in self._names.items() if of is whose}
        known |= {
            Subject.named(whose, name).key: name
            for name in (self._asking.teams if whose is Whose.TEAM else self._asking.territories)
        }
        tokens = self._line.tokens
        if at < len(tokens) and tokens[at].quoted:
            return known.get(Subject.named(whose, tokens[at].text).key), 1
        for used in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
            name = known.get(Subject.named(whose, self._line.said(at, at + used)).key)
            if name is not None:
                return name, used
        end = at
        while end < len(tokens) and not tokens[end].user and not self._is_ours(end):
            end += 1
        return None, end - at

    def _is_ours(self, at: int) -> bool:
        """Whether something else than a name begins here."""
        words = self._words
        return bool(
            self._line.tokens[at].is_dash
            or words[at] in FILLERS
            or any(phrase_at(table, words, at) for table in (VERBS, AS_OF, MINE, NONE))
            or read_metric(words, at, self._asking.own)
            or self._said_period(at)
            or read_amount(words, at)
        )

    def _as_of(self, at: int) -> int:
        said = phrase_at(AS_OF, self._words, at)
        if said is None:
            return 0
        used = said[1]
        day = read_day(self._words, at + used, self._asking.today, Look.BACK)
        if day is None:
            is_meant = used > 1 or self._words[at] in {"asof", "as-of"}
            if is_meant and self._found.day is None:
                self._found.day = (None, self._line.said(at + used, len(self._words)))
                return len(self._words) - at
            return 0
        self._found.day = (day, self._line.said(at + used, at + used + day.used))
        return used + day.used

    def _date(self, at: int) -> int:
        """A date alone."""
        if not _A_DATE.fullmatch(self._words[at]):
            return 0
        day = read_day(self._words, at, self._asking.today, Look.BACK)
        if day is None:
            return 0
        self._found.day = (day, self._line.said(at, at + day.used))
        return day.used

    def _period(self, at: int) -> int:
        if self._found.verb is Verb.WHAT_IF and self._words[at].isdecimal():
            return 0  # how much more, be it 2026
        said = self._said_period(at)
        if said is None:
            return 0
        self._found.periods.append((said, self._line.said(at, at + said.used)))
        return said.used

    def _said_period(self, at: int) -> SaidPeriod | None:
        words, asking = self._words, self._asking
        return read_period(words, asking.today, at=at, first_month=asking.first_month, look=self._look)

    def _metric(self, at: int) -> int:
        named = read_metric(self._words, at, self._asking.own)
        if named is None:
            close = self._slip(at)
            named = read_metric([close]) if close else None
        if named is None:
            return 0
        if named.metric not in self._found.metrics:
            self._found.metrics.append(named.metric)
        return named.used

    def _slip(self, at: int) -> str | None:
        word = self._words[at]
        if len(word) < _SHORTEST_SLIP or word in self._names or word in FILLERS:
            return None
        return close_to(word, [each for each in SINGLE if len(each) >= _SHORTEST_SLIP])

    def _mine(self, at: int) -> int:
        said = phrase_at(MINE, self._words, at)
        return said[1] if said else 0

    def _none(self, at: int) -> int:
        said = phrase_at(NONE, self._words, at) if self._found.verb is Verb.SET else None
        self._found.is_none = self._found.is_none or said is not None
        return said[1] if said else 0

    def _amount(self, at: int) -> int:
        amount = read_amount(self._words, at)
        if amount is None:
            return 0
        self._found.amounts.append((amount, self._line.said(at, at + amount.used)))
        return amount.used

    def _name(self, at: int) -> int:
        """A team or territory without the word for it."""
        tokens = self._line.tokens
        for used in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
            key = Subject.named(Whose.TEAM, self._line.said(at, at + used)).key
            if key in self._names:
                whose, name = self._names[key]
                self._found.groups.append(Whom(whose, name=name))
                return used
        return 0

    def _filler(self, at: int) -> int:
        return int(self._line.tokens[at].is_dash or self._words[at] in FILLERS)


def only_day(found: Found) -> date | None:
    """The day that figures are asked as of, where it is one."""
    day = found.day[0] if found.day else None
    return day.days[0] if day and len(day.days) == 1 else None
