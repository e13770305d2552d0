"""Reads a line of `/lead`: what somebody typed, as something to do or to show, or a question. Pure and total."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.leads import writing
from bot.leads.fields import NewLead, read_new
from bot.leads.said import (
    AddPoints,
    Claim,
    Help,
    LeadLine,
    Merge,
    New,
    Nothing,
    Nurture,
    Queue,
    Release,
    ScoringRules,
    Show,
    Sources,
    Why,
)
from bot.leads.until import MOST_DAYS_AHEAD, day_problem, until_at
from bot.leads.vocabulary import AND, BECAUSE, INTO, POINTS, VERBS, Source, Verb
from bot.reading.asked import Problem, Unclear
from bot.reading.names import Known, name_key
from bot.reading.numbers import whole
from bot.reading.phrases import close_to, phrase_at
from bot.reading.subject import LONGEST_NAME, Subject, leading_subject, places_in, subject_in
from bot.reading.text import Line, read_line

LONGEST_LINE = 3000
LONGEST_WHY = 300
MOST_POINTS = 100
_POINTS = re.compile(r"([+-]?)(\d+)")
_ALMOST_POINTS = re.compile(r"[+-]?\d\S*")
_SHORTEST_SLIP = 4
_ABOUT: dict[Verb, type[Show | Why | Claim | Release]] = {
    Verb.SHOW: Show,
    Verb.WHY: Why,
    Verb.CLAIM: Claim,
    Verb.RELEASE: Release,
}
_ALONE: dict[Verb, type[Queue | Help | ScoringRules | Sources]] = {
    Verb.QUEUE: Queue,
    Verb.HELP: Help,
    Verb.RULES: ScoringRules,
    Verb.SOURCES: Sources,
}


def read(text: str, *, now: datetime, language: str, known: Known) -> LeadLine:
    """What a line behind `/lead` says. Every string has a reading.

    Args:
        text: as Slack sends it, with its escapes.
        now: aware, in the zone of the person who typed.
        language: `en` or `ru`, for the example in an answer; both are understood in every line.
        known: the names that the `candidate_names` of this text found.
    """
    reader = _Reader(read_line(text[:LONGEST_LINE]), now.date(), language, known)
    if len(text) > LONGEST_LINE:
        return reader.ask("line_long", {"length": len(text), "limit": LONGEST_LINE}, None, reader.sample())
    return reader.read()


@dataclass(frozen=True, slots=True)
class _Reader:
    line: Line
    today: date
    language: str
    known: Known

    @property
    def words(self) -> list[str]:
        return [token.spoken for token in self.line.tokens]

    @property
    def end(self) -> int:
        return len(self.line.tokens)

    def read(self) -> LeadLine:
        if not self.line.tokens:
            return Nothing()
        words = self.words
        verb = phrase_at(VERBS, words, 0)
        alone = self._alone(words)
        if alone:
            return alone
        named = next((place for place in places_in(self.line, 0, self.end, self.known) if place.first == 0), None)
        wins = named is not None and (verb is None or named.last > verb[1] or verb[1] == self.end)
        if verb is None or wins or verb[0] in _ALONE:
            return self._without_verb(is_name=wins)
        return self._behind(*verb)

    def ask(self, code: str, params: dict[str, object], understood: str | None, example: str) -> Unclear:
        return Unclear(understood, Problem(code, params), example)

    def sample(self) -> str:
        return writing.new(New(writing.SAMPLE), self.language)

    def _alone(self, words: list[str]) -> LeadLine | None:
        """A line that is a verb without a name; `help` also beside another verb."""
        verb = phrase_at(VERBS, words, 0)
        if verb is None:
            return None
        if verb[1] == self.end and verb[0] in _ALONE:
            return _ALONE[verb[0]]()
        following = phrase_at(VERBS, words, verb[1]) if verb[1] < self.end else None
        both = following is not None and verb[1] + following[1] == self.end
        return Help() if both and following and Verb.HELP in (verb[0], following[0]) else None

    def _behind(self, verb: Verb, at: int) -> LeadLine:
        """What stands behind the verb, from token `at` on."""
        readers: dict[Verb, Callable[[int], LeadLine]] = {
            Verb.NEW: self._new,
            Verb.SCORE: self._score,
            Verb.NURTURE: self._nurture,
            Verb.MERGE: self._merge,
        }
        return readers[verb](at) if verb in readers else self._about(verb, at)

    def _without_verb(self, *, is_name: bool) -> LeadLine:
        if not is_name and (slip := self._slip()):
            return slip
        subject = subject_in(self.line, 0, self.end, self.known)
        if subject is None or subject.ref is None:
            found = read_new(self.line, 0, self.known)
            lead = found.lead
            more = (lead.person, lead.email, lead.phone, lead.source, lead.employees)
            if lead.company and len([each for each in more if each]) >= (1 if lead.email or lead.phone else 2):
                return self._ask_new(found, Problem("verb_missing", {"verb": writing.word("new", self.language)}))
        return self._about(Verb.SHOW, 0)

    def _slip(self) -> LeadLine | None:
        """A verb with one letter wrong: taken if what stands behind it makes sense of it, else asked back."""
        word = self.words[0]
        close = close_to(word, (phrase for phrase in VERBS if len(phrase) >= _SHORTEST_SLIP and " " not in phrase))
        if len(word) < _SHORTEST_SLIP or close is None:
            return None
        verb = VERBS[close]
        written = writing.word(verb, self.language)
        params: dict[str, object] = {"word": self.line.tokens[0].text, "verb": written}
        if verb in _ALONE:
            return self.ask("verb_close", params, None, written) if self.end == 1 else None
        if self.end == 1:
            return None
        found = self._behind(verb, 1)
        if isinstance(found, Unclear):
            return self.ask("verb_close", params, found.understood, found.example)
        if isinstance(found, New) or getattr(found, "ref", None):
            return found
        return self.ask("verb_close", params, None, self._written(found))

    def _written(self, said: LeadLine) -> str:
        if isinstance(said, AddPoints):
            return writing.score(said.name, said.points, said.why, self.language)
        if isinstance(said, Nurture):
            return writing.nurture(said.name, said.until, said.note, self.language)
        if isinstance(said, Merge):
            return writing.merge(said.name, said.into, self.language)
        verb = next((verb for verb, kind in _ABOUT.items() if isinstance(said, kind)), Verb.SHOW)
        return writing.about(verb, getattr(said, "name", None), self.language)

    def _about(self, verb: Verb, at: int) -> LeadLine:
        """A verb that says no more than which lead."""
        subject = subject_in(self.line, at, self.end, self.known)
        problem = self._name_problem(subject, at, self.end)
        if problem or subject is None:
            problem = problem or Problem("name_missing", {"verb": writing.word(verb, self.language)})
            understood = None if verb is Verb.SHOW else writing.word(verb, self.language)
            named = self._unmentioned(at, self.end)
            return Unclear(understood, problem, writing.about(verb, named, self.language))
        return _ABOUT[verb](subject.name, subject.ref)

    def _unmentioned(self, first: int, last: int) -> str | None:
        """The words that name no person, for an example."""
        words = [token.text for token in self.line.tokens[first:last] if not token.user and token.text[:1] != "@"]
        text = " ".join(" ".join(words).split())[:LONGEST_NAME].strip()
        return text if any(map(str.isalnum, text)) else None

    def _name_problem(self, subject: Subject | None, first: int, last: int) -> Problem | None:
        for token in self.line.tokens[first:last] if subject is None or subject.ref is None else ():
            if token.user:
                return Problem("mention_unused", {"text": token.text})
            if not token.quoted and token.text.startswith("@"):
                return Problem("handle", {"text": token.text})
        if subject and subject.ref is None and len(subject.name) > LONGEST_NAME:
            return Problem("name_long", {"field": "company", "length": len(subject.name), "limit": LONGEST_NAME})
        return None

    def _new(self, at: int) -> LeadLine:
        found = read_new(self.line, at, self.known)
        return self._ask_new(found, found.problem) if found.problem else found.lead

    def _ask_new(self, found: NewLead, problem: Problem) -> Unclear:
        lead = found.lead
        understood = writing.new(lead, self.language, found.called) if lead.company else None
        return Unclear(understood, problem, writing.new(_repaired(lead, problem), self.language, found.called))

    def _score(self, at: int) -> LeadLine:
        spot = self._points_at(at)
        if spot is None:
            return self._without_points(at)
        first, last, points = spot
        if first > at:
            subject, why_at = subject_in(self.line, at, first, self.known), last
        else:
            leading = leading_subject(self.line, last, self._dash(last), self.known)
            subject, why_at = leading or (None, self.end)
        why = self._why(why_at)
        understood = writing.about("score", subject.name, self.language) if subject else None
        problem = (
            self._name_problem(subject, at, first)
            or (None if subject else Problem("name_missing", {"verb": writing.word("score", self.language)}))
            or self._points_problem(first, points)
            or _why_problem(why, points)
        )
        if problem or subject is None or why is None:
            name = subject.name if subject else None
            fixed = max(-MOST_POINTS, min(MOST_POINTS, points)) or 10
            problem = problem or Problem("why_missing", {"points": points})
            example = writing.score(name, fixed, why and why[:LONGEST_WHY].strip(), self.language)
            return Unclear(understood, problem, example)
        return AddPoints(subject.name, subject.ref, points, why)

    def _points_at(self, at: int) -> tuple[int, int, int] | None:
        """Where the points stand, with their sign and unit, and how many: the first number that is in no name."""
        named = {n for place in places_in(self.line, at, self.end, self.known) for n in range(place.first, place.last)}
        words = self.words
        for n in range(at, self.end):
            found = _POINTS.fullmatch(words[n]) if n not in named else None
            if found is None:
                continue
            first = n
            if not found[1] and n + 1 < self.end and words[n + 1][:1] in ("+", "-"):
                following = _POINTS.fullmatch(words[n + 1])
                found, n = (following, n + 1) if following and n > at else (found, n)  # noqa: PLW2901
                first = n
            number = -whole(found[2]) if found[1] == "-" else whole(found[2])
            if first > at and words[first - 1] in ("+", "-", "--"):
                first -= 1
            last = n + 1
            while last < self.end and words[last] in POINTS:
                last += 1
            return first, last, number
        return None

    def _points_problem(self, first: int, points: int) -> Problem | None:
        if self.line.tokens[first].is_dash:
            return Problem("points_sign", {"points": points})
        if points == 0:
            return Problem("points_zero")
        if abs(points) > MOST_POINTS:
            return Problem("points_range", {"points": points, "least": -MOST_POINTS, "most": MOST_POINTS})
        return None

    def _without_points(self, at: int) -> Unclear:
        dash = self._dash(at)
        leading = leading_subject(self.line, at, dash, self.known)
        subject, rest = leading or (None, self.end)
        problem = self._name_problem(subject, at, rest)
        almost = next((n for n in range(at + 1, dash) if _ALMOST_POINTS.fullmatch(self.words[n])), None)
        if problem is None and subject is None:
            problem = Problem("name_missing", {"verb": writing.word("score", self.language)})
        if problem is None and almost is not None:
            problem = Problem("points_unread", {"text": self.line.tokens[almost].text})
        name = subject.name if subject else None
        why = self._why(rest) if almost is None else None
        return Unclear(
            writing.about("score", name, self.language) if name else None,
            problem or Problem("points_missing"),
            writing.score(name, 10, why and why[:LONGEST_WHY].strip(), self.language),
        )

    def _why(self, at: int) -> str | None:
        while at < self.end and (self.line.tokens[at].is_dash or self.words[at] in BECAUSE | {","}):
            at += 1
        text = self.line.said(at, self.end).strip()
        return text if any(map(str.isalnum, text)) else None

    def _dash(self, at: int) -> int:
        """Where the note begins, from token `at` on; the end of the line without one."""
        return next((n for n in range(at, self.end) if self.line.tokens[n].is_dash), self.end)

    def _nurture(self, at: int) -> LeadLine:
        dash = self._dash(at)
        note = self.line.said(dash + 1, self.end).strip() or None
        spot = until_at(self.line, at, dash, self.known, self.today)
        first, last, days = spot or (dash, dash, None)
        around = [(at, first), (last, dash)]
        stretch = next((each for each in around if each[0] < each[1]), (at, at))
        subject = subject_in(self.line, *stretch, self.known)
        problem = self._name_problem(subject, *stretch)
        if problem is None and subject is None:
            problem = Problem("name_missing", {"verb": writing.word("nurture", self.language)})
        said, behind = self.line.said(first, last), self.line.said(first + 1, last)
        problem = problem or day_problem(said, behind, days, self.today)
        if problem is None and stretch[0] == at and last < dash:
            problem = Problem("words_unknown", {"text": self.line.said(last, dash)})
        name = subject.name if subject else None
        if problem or subject is None or not days:
            usual = self.today + timedelta(days=30)
            ahead = [day for day in days or () if self.today < day <= self.today + timedelta(days=MOST_DAYS_AHEAD)]
            understood = writing.about("nurture", name, self.language) if name else None
            example = writing.nurture(name, ahead[0] if ahead else usual, note, self.language)
            return Unclear(understood, problem or Problem("day_missing"), example)
        return Nurture(subject.name, subject.ref, days[0], note)

    def _merge(self, at: int) -> LeadLine:
        cut, is_sure = self._joint(at)
        if cut is None:
            return self._half_a_merge(at)
        left = subject_in(self.line, at, cut[0], self.known)
        right = subject_in(self.line, cut[1], self.end, self.known)
        problem = self._name_problem(left, at, cut[0]) or self._name_problem(right, cut[1], self.end)
        name, into = left.name if left else None, right.name if right else None
        if problem is None and left is None:
            problem = Problem("name_missing", {"verb": writing.word("merge", self.language)})
        if problem is None and right is None:
            problem = Problem("merge_into_missing", {"name": name})
        if problem is None and _is_same(left, right):
            problem, into = Problem("merge_same", {"name": name}), None
        if problem is None and not is_sure:
            problem = Problem("merge_direction", {"name": name, "into": into})
        if problem or left is None or right is None:
            assert problem
            understood = writing.about("merge", name, self.language) if name else None
            return Unclear(understood, problem, writing.merge(name, into, self.language))
        return Merge(left.name, left.ref, right.name, right.ref)

    def _joint(self, at: int) -> tuple[tuple[int, int] | None, bool]:
        """What stands between the two, and whether it says which one stays."""
        words = self.words
        places = places_in(self.line, at, self.end, self.known)
        for place in places:
            words[place.first : place.last] = [""] * (place.last - place.first)
        for table in (INTO, AND):
            found = [n for n in range(at + 1, self.end - 1) if words[n] in table]
            if found:
                beside = [n for n in found if any(n in (place.first - 1, place.last) for place in places)]
                n = (beside or found)[0]
                return (n, n + 1), table is INTO
        if len(places) == 2 and places[0].first == at and places[1] == (places[0].last, self.end, places[1].names):
            return (places[0].last, places[0].last), False
        return None, False

    def _half_a_merge(self, at: int) -> Unclear:
        last = self.end
        while last > at and self.words[last - 1] in INTO | AND:
            last -= 1
        subject = subject_in(self.line, at, last, self.known)
        problem = self._name_problem(subject, at, last)
        if problem is None and subject is None:
            problem = Problem("name_missing", {"verb": writing.word("merge", self.language)})
        name = subject.name if subject else None
        understood = writing.about("merge", name, self.language) if name else None
        problem = problem or Problem("merge_into_missing", {"name": name})
        return Unclear(understood, problem, writing.merge(name, None, self.language))


def _repaired(lead: New, problem: Problem) -> New:
    """The lead of an example: with what is missing, and with a comma where it was not clear."""
    if problem.code == "company_end":
        company, *rest = lead.company.split()
        company = company if any(map(str.isalnum, company)) else writing.SAMPLE
        return replace(lead, company=company, person=lead.person or " ".join(rest) or None)
    if not lead.company:
        lead = replace(lead, company=writing.SAMPLE)
    if problem.code == "source_unknown" and not lead.source:
        lead = replace(lead, source=Source.WEBINAR)
    if problem.code == "number_bare" and problem.params["text"].isdecimal():
        lead = replace(lead, employees=max(1, min(whole(problem.params["text"]), 10_000_000)))
    return replace(
        lead,
        person=lead.person and lead.person[:LONGEST_NAME].strip(),
        title=lead.title and lead.title[:LONGEST_NAME].strip(),
    )


def _why_problem(why: str | None, points: int) -> Problem | None:
    if why is None:
        return Problem("why_missing", {"points": points})
    return Problem("why_long", {"length": len(why), "limit": LONGEST_WHY}) if len(why) > LONGEST_WHY else None


def _is_same(left: Subject | None, right: Subject | None) -> bool:
    if left is None or right is None:
        return False
    return left.ref == right.ref if left.ref or right.ref else name_key(left.name) == name_key(right.name)
