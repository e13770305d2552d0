"""Takes a line of `/deal` apart: everything in it that says something of a deal, and what is left over: the name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from bot.deals.process import Process
from bot.deals.rules import LAST_YEARS, months_later
from bot.deals.sharing import Named, read_sharing
from bot.deals.states import PIPELINE, Stage
from bot.deals.vocabulary import (
    ALSO_OWNER,
    AMOUNT,
    CLOSE,
    ENDS,
    FILLERS,
    FOR,
    MONTHS,
    NEXT,
    OWNER,
    RENEWS,
    STAGE,
    VERBS,
    YEARS,
    Verb,
)
from bot.reading.amounts import Amount, read_amount
from bot.reading.names import Known
from bot.reading.numbers import whole
from bot.reading.phrases import phrase_at
from bot.reading.subject import places_in
from bot.reading.text import Line
from bot.reading.when import DUE, Day, Look, read_day


class Days(NamedTuple):
    """The days that were said, as `bot.reading.when.Day`, and the words; None for words that say no day."""

    days: tuple[date, ...] | None
    text: str


@dataclass
class Found:
    """What a line says; `stretches` are the tokens that say nothing of a deal: the name first, then remarks."""

    verbs: list[Verb] = field(default_factory=list)
    amounts: list[tuple[Amount, str]] = field(default_factory=list)
    close: Days | None = None
    renewal: Days | None = None
    months: int | None = None
    stages: list[Stage] = field(default_factory=list)
    no_stage: str | None = None
    reason: str | None = None
    people: dict[str, str] = field(default_factory=dict)
    handle: str | None = None
    step: str | None = None
    step_days: Days | None = None
    is_step_said: bool = False
    split: tuple[Named, ...] | None = None
    is_split_bare: bool = False
    stretches: list[tuple[int, int]] = field(default_factory=list)

    @property
    def verb(self) -> Verb | None:
        """What is asked for besides a change."""
        return self.verbs[0] if self.verbs else None


class Scanner:
    """Reads the tokens of a line up to its note.

    Args:
        line: the line.
        stop: the first token of the note's dash, or the end.
        today: the calendar day where the person is.
        fiscal_month: the first month of the fiscal year, for ends of quarters.
        known: names that the workspace knows.
        process: its names of stages and reasons.
    """

    def __init__(self, line: Line, stop: int, today: date, fiscal_month: int, known: Known, process: Process) -> None:
        self.line, self.stop, self.today, self.fiscal_month = line, stop, today, fiscal_month
        self.stages, self.reasons = process.stage_phrases, process.reason_phrases
        self.own_stages = process.own_stage_phrases
        self.verbs = {**VERBS, **process.verb_phrases}
        self.places = {place.first: place.last for place in places_in(line, 0, stop, known)}
        self.words = [token.plain for token in line.tokens[:stop]]
        for first, last in self.places.items():
            self.words[first:last] = [""] * (last - first)
        said = (phrase_at(self.verbs, self.words, n) for n in range(stop))
        self.is_over = any(each and each[0] in {Verb.WON, Verb.LOST} for each in said)
        self.found = Found()
        self._has_begun = False

    def scan(self) -> Found:
        """Everything that the line says."""
        n = 0
        while n < self.stop:
            used = self._known(n) or self._person(n) or self._clause(n)
            if not used:
                self._leave(n, n + 1)
            n += used or 1
        said = [each for each in self.found.stretches if self._trimmed(each)[0] < each[1]]
        self.found.stretches = [self._trimmed(each) if n == 0 else each for n, each in enumerate(said)]
        return self.found

    def _known(self, n: int) -> int:
        last = self.places.get(n)
        if last is None:
            return 0
        self._leave(n, last)
        return last - n

    def _leave(self, first: int, last: int) -> None:
        """These tokens are a part of the name, or a remark."""
        self._has_begun = True
        stretches = self.found.stretches
        if stretches and stretches[-1][1] == first:
            stretches[-1] = (stretches[-1][0], last)
        else:
            stretches.append((first, last))

    def _trimmed(self, stretch: tuple[int, int]) -> tuple[int, int]:
        first, last = stretch
        while first < last and self._says_nothing(last - 1):
            last -= 1
        while first < last and self._says_nothing(first) and self.words[first] != "the":
            first += 1
        return (first, last) if first < last else (stretch[1], stretch[1])

    def _says_nothing(self, n: int) -> bool:
        token = self.line.tokens[n]
        return n not in self.places and (token.is_remark or (not token.quoted and self.words[n] in FILLERS | {","}))

    def _person(self, n: int) -> int:
        """Somebody who is mentioned: the owner, with or without a word for it."""
        leads = int(self.words[n] in OWNER | ALSO_OWNER and n + 1 < self.stop)
        token = self.line.tokens[n + leads]
        if token.user:
            self.found.people.setdefault(token.user, token.text)
            return leads + 1
        if not token.quoted and token.text.startswith("@") and len(token.text) > 1:
            self.found.handle = self.found.handle or token.text
            return leads + 1
        return 0

    def _clause(self, n: int) -> int:
        """How many tokens from `n` on say something of a deal."""
        if not self.words[n]:
            return 0
        readers: tuple[Callable[[int], int], ...] = (self._verb, self._amount)
        if self._has_begun:
            readers = (
                self._next,
                self._split,
                self._reason,
                self._own_stage,
                self._verb,
                self._stage,
                self._close,
                self._renews,
                self._months,
                self._due,
                self._bare_day,
                self._amount,
                self._bare_stage,
            )
        return next((used for read in readers if (used := read(n))), 0)

    def _verb(self, n: int) -> int:
        found = phrase_at(self.verbs, self.words, n)
        if found is None or (not self._has_begun and found[1] == self.stop):
            return found[1] if found and self._note_verb(found[0]) else 0
        self._note_verb(found[0])
        return found[1]

    def _note_verb(self, verb: Verb) -> bool:
        if verb not in self.found.verbs:
            self.found.verbs.append(verb)
        return True

    def _reason(self, n: int) -> int:
        if self.found.reason or self.found.verb not in {Verb.LOST, Verb.CHURNED}:
            return 0
        leads = int(self.words[n] in FILLERS)
        found = phrase_at(self.reasons, self.words, n + leads) if n + leads < self.stop else None
        if found is None:
            return 0
        self.found.reason = found[0]
        return leads + found[1]

    def _stage(self, n: int) -> int:
        if self.words[n] not in STAGE:
            return 0
        found = phrase_at(self.stages, self.words, n + 1)
        if found:
            self._take_stage(found[0])
            return 1 + found[1]
        last = min(n + 2, self.stop)
        self.found.no_stage = self.line.said(n + 1, last)
        return last - n

    def _own_stage(self, n: int) -> int:
        """The workspace's own name of a stage goes before the words of the command: `1. Intro call`."""
        return self._bare_stage(n, self.own_stages)

    def _bare_stage(self, n: int, table: Mapping[str, Stage] | None = None) -> int:
        found = phrase_at(self.stages if table is None else table, self.words, n)
        if found:
            self._take_stage(found[0])
        return found[1] if found else 0

    def _take_stage(self, stage: Stage) -> None:
        if stage in PIPELINE:
            self.found.stages.append(stage)
        else:
            self._note_verb(Verb(stage.value))

    def _close(self, n: int) -> int:
        if self.words[n] not in CLOSE:
            return 0
        at = n + 1
        while at < self.stop - 1 and self.words[at] in FILLERS and not self._day(at):
            at += 1
        day = self._day(at)
        if day is None and self.words[n] in {"closed", "закрыть"} and at >= self.stop:
            return 0
        last = at + day.used if day else min(at + 1, self.stop)
        self.found.close = Days(day.days if day else None, self.line.said(at, last))
        return last - n

    def _renews(self, n: int) -> int:
        """`renews 30 nov 2027`, `renewal in 24 months`."""
        if self.words[n] not in RENEWS:
            return 0
        at = n + 1
        while at < self.stop and self.words[at] in FILLERS | FOR and not self._months(at) and not self._ahead(at):
            at += 1
        if self.found.months is not None:
            return at - n + self._months(at)
        day = self._ahead(at)
        last = at + day.used if day else min(at + 1, self.stop)
        self.found.renewal = Days(day.days if day else None, self.line.said(at, last))
        return last - n

    def _months(self, n: int) -> int:
        """`for 24 months`, `на 2 года`."""
        leads = int(self.words[n] in FOR) if n < self.stop else 0
        count, unit = (self.words[n + leads + k] if n + leads + k < self.stop else "" for k in (0, 1))
        factor = 1 if unit in MONTHS else 12 if unit in YEARS else 0
        if not count.isdecimal() or not factor:
            return 0
        self.found.months = whole(count) * factor
        return leads + 2

    def _due(self, n: int) -> int:
        """`by 30 jan`; of a contract that was won or renewed, `until 30 nov 2027`."""
        day = self._ahead(n) if self.words[n] in DUE else None
        if day is None:
            return 0
        said = Days(day.days, self.line.said(n, n + day.used))
        if self.is_over or Verb.RENEWED in self.found.verbs:
            self.found.renewal = self.found.renewal or said
        else:
            self.found.close = self.found.close or said
        return day.used

    def _bare_day(self, n: int) -> int:
        """A day without a word for what happens then."""
        day = self._day(n)
        is_number = read_amount(self.words, n) is not None
        if day is None or (is_number and day.used == 1) or self.found.close:
            return 0
        self.found.close = Days(day.days, self.line.said(n, n + day.used))
        return day.used

    def _amount(self, n: int) -> int:
        leads = int(self.words[n] in AMOUNT and n + 1 < self.stop and self._has_begun)
        found = read_amount(self.words, n + leads)
        if found is None:
            return 0
        last = n + leads + found.used
        self.found.amounts.append((found, self.line.said(n + leads, last)))
        return last - n

    def _split(self, n: int) -> int:
        """`split @ben 40`. Without anybody it is asked about behind a known name, and else a part of a new one."""
        said = read_sharing(self.line.tokens, self.words, n)
        if said is None:
            return 0
        if said.is_bare and not any(last <= n for last in self.places.values()):
            return 0
        self.found.is_split_bare = said.is_bare
        self.found.split = (*(self.found.split or ()), *said.named)
        self.found.handle = self.found.handle or said.handle
        return said.used

    def _next(self, n: int) -> int:
        """`next tue send quote`: everything behind it is the next step."""
        if self.words[n] not in NEXT:
            return 0
        self._take_step(n, self.words, self.stop)
        return self.stop - n

    def take_step_of_note(self, first: int) -> int:
        """The last `next WHEN WHAT` of a note that begins at token `first`; returns where the note ends."""
        end = len(self.line.tokens)
        words = [token.plain for token in self.line.tokens]
        for n in range(end - 1, first, -1):
            if words[n] in NEXT and n + 1 < end:
                day = read_day(words, n + 1, self.today, Look.AHEAD)
                if day and len(day.days) == 1 and n + 1 + day.used < end:
                    self._take_step(n, words, end)
                    return n
        return end

    def _take_step(self, n: int, words: list[str], stop: int) -> None:
        day = read_day(words, n + 1, self.today, Look.AHEAD) if n + 1 < stop else None
        at = n + 1 + (day.used if day else 0)
        while at < stop and (words[at] in {",", ":"} or self.line.tokens[at].is_dash):
            at += 1
        self.found.is_step_said = True
        self.found.step_days = Days(day.days, self.line.said(n + 1, n + 1 + day.used)) if day else None
        text = self.line.said(at, stop).strip()
        self.found.step = text if any(map(str.isalnum, text)) else None

    def _day(self, n: int) -> Day | None:
        """The day at `n`: ahead, or back where a deal is over."""
        if n >= self.stop:
            return None
        return self._within_reach(n, Look.BACK) if self.is_over else self._ahead(n)

    def _ahead(self, n: int) -> Day | None:
        leads = int(n < self.stop and self.words[n] in DUE)
        ends = phrase_at(ENDS, self.words, n + leads) if n + leads < self.stop else None
        if ends:
            return Day(leads + ends[1], (self._end_of(ends[0]),))
        return self._within_reach(n, Look.AHEAD) if n < self.stop else None

    def _within_reach(self, n: int, look: Look) -> Day | None:
        """The day at `n`; a figure behind it that would be a year far off is none (`30 jan 2400`)."""
        day = read_day(self.words, n, self.today, look)
        if day is None or day.used < 2 or not self.words[n + day.used - 1].isdecimal():
            return day
        if all(abs(each.year - self.today.year) <= LAST_YEARS for each in day.days):
            return day
        return read_day(self.words[: n + day.used - 1], n, self.today, look) or day

    def _end_of(self, what: str) -> date:
        """The last day of the fiscal quarter or year, or of the month, that runs."""
        month = self.today.month
        months = {
            "month": 0,
            "quarter": 2 - (month - self.fiscal_month) % 3,
            "year": 11 - (month - self.fiscal_month) % 12,
        }[what]
        return months_later(self.today.replace(day=1), months, 31)
