"""Reads a line of `/team`: what somebody typed, as something to do, or a question to ask back. Pure and total."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.access.spoken import ROLES
from bot.reading.phrases import close_to, phrase_at
from bot.reading.text import Line, fold, read_line
from bot.reading.when import Look, read_day
from bot.team.clauses import Clauses, read_clauses, read_said_day
from bot.team.draft import CHANGES, WITH_ROLE, AskedBack, Draft, Problem, Reading, Understood
from bot.team.vocabulary import BEFORE_DAY, COACHING, GROUPS, SELF, VERBS, Verb
from bot.team.writing import example

LONGEST_LINE = 3000
_SHORTEST_CLOSE = 4
_LOOKING = frozenset({Verb.ROSTER, Verb.ROLE, Verb.ROLES})


def read(text: str, *, today: date, me: str, language: str) -> Reading:
    """What a line behind `/team` asks for.

    Args:
        text: as Slack sends it, with its escapes.
        today: the calendar day where the person is.
        me: their Slack id.
        language: `en` or `ru`, for the example in an answer; both are understood.
    """
    reader = _Reader(read_line(text[:LONGEST_LINE]), today, me, language)
    if len(text) > LONGEST_LINE:
        return reader.ask(Problem("line_long", {"length": len(text), "limit": LONGEST_LINE}), Verb.ASSIGN)
    return reader.read()


@dataclass(frozen=True, slots=True)
class _Reader:
    """One line, and who typed it when."""

    line: Line
    today: date
    me: str
    language: str

    @property
    def words(self) -> list[str]:
        """The words of the line; "" for what is none."""
        return [token.spoken for token in self.line.tokens]

    def read(self) -> Reading:
        """The reading of the whole line."""
        verb = phrase_at(VERBS, self.words, 0)
        if self._is_person(0):
            return self._person(0)
        found = self._one_role() or self._roster(0)
        if found or verb is None:
            return found or self._without_verb()
        return self._behind(*verb)

    def _behind(self, verb: Verb, at: int) -> Reading:
        """What stands behind the verb, from token `at` on."""
        if verb in CHANGES:
            return self._change(verb, 0 if verb in (Verb.HOURS, Verb.COUNTRY) else at)
        if verb not in _LOOKING:
            return Understood(verb)
        if self._is_person(at):
            return self._person(at)
        if verb is Verb.ROSTER:
            return self._roster(at) or self._unread(at)
        return self._role(at)

    def ask(self, problem: Problem, verb: Verb, draft: Draft | None = None) -> AskedBack:
        """A question with the line that would have done."""
        draft = draft or Draft()
        return AskedBack(problem, verb, draft, example(verb, draft, self.today, self.language))

    def _is_person(self, at: int) -> bool:
        tokens = self.line.tokens
        return at < len(tokens) and bool(tokens[at].user or tokens[at].spoken in SELF)

    def _one_role(self) -> Understood | None:
        """A line that names a role, and nothing else."""
        role = phrase_at(ROLES, self.words, 0)
        return Understood(Verb.ROLE, Draft(roles=(role[0],))) if role and role[1] == len(self.words) else None

    def _roster(self, at: int) -> Understood | None:
        """The order and the day of a roster, each once, from token `at` to the end of the line."""
        found = Understood(Verb.ROSTER)
        if group := phrase_at(GROUPS, self.words, at):
            found, at = replace(found, group=group[0]), at + group[1]
        if day := self._day_at(at):
            found, at = replace(found, day=day[0]), day[1]
        return found if at == len(self.words) else None

    def _day_at(self, at: int) -> tuple[date, int] | None:
        """A day that happened, perhaps behind "on", and the place behind it."""
        marked = phrase_at(BEFORE_DAY, self.words, at)
        start = at + marked[1] if marked else at
        found = read_day(self.words, start, self.today, Look.BACK) if start < len(self.words) else None
        return (found.days[0], start + found.used) if found and len(found.days) == 1 else None

    def _person(self, at: int) -> Reading:
        """A person: their card today or on a day, or a change whose verb was left out."""
        token, rest = self.line.tokens[at], at + 1
        draft = Draft(token.user or self.me, called={token.user: token.text} if token.user else {})
        if rest == len(self.line.tokens):
            return Understood(Verb.CARD, draft)
        day = self._day_at(rest)
        if day and day[1] == len(self.line.tokens):
            return Understood(Verb.CARD, draft, day[0])
        verb = phrase_at(VERBS, self.words, rest)
        if verb and verb[0] in COACHING:
            return Understood(verb[0])
        if verb and verb[0] in CHANGES:
            skipped = 0 if verb[0] in (Verb.HOURS, Verb.COUNTRY) else verb[1]
            tokens = (*self.line.tokens[:rest], *self.line.tokens[rest + skipped :])
            return replace(self, line=self.line._replace(tokens=tokens))._change(verb[0], at)
        read = self._change(Verb.ASSIGN, at)
        return self.ask(Problem("verb_missing"), Verb.ASSIGN, read.draft) if read.draft.says_something else read

    def _change(self, verb: Verb, at: int) -> Reading:
        clauses = read_clauses(self.line, at, self.today, self.me)
        draft = self._draft(verb, clauses)
        if verb in (Verb.HOURS, Verb.COUNTRY) and draft.person_id is None:
            draft = replace(draft, person_id=self.me)
        problem = clauses.problem or self._what_is_missing(verb, clauses, draft)
        if problem == Problem("value_missing", {"what": verb}) and not draft.says_something:
            return Understood(verb, draft)
        if problem and problem.code == "role_close":
            draft = replace(draft, roles=(*draft.roles, problem.params["role"]))
        return self.ask(problem, verb, draft) if problem else Understood(verb, draft)

    def _draft(self, verb: Verb, said: Clauses) -> Draft:
        """The days as they are meant: a weekday in the past for what is put right, ahead for the rest."""
        look = Look.BACK if verb is Verb.CORRECT else Look.AHEAD
        begins = said.start or (said.bare if verb not in WITH_ROLE else None)
        ends = said.until or (said.bare if verb is Verb.END else None)
        start = begins.nearest(self.today, look) if begins else None
        if ends is None:
            return said.draft(start, None)
        near = verb in WITH_ROLE and start is None
        return said.draft(start, ends.nearest(self.today, look) if near else ends.behind(start or self.today))

    def _what_is_missing(self, verb: Verb, said: Clauses, draft: Draft) -> Problem | None:
        if said.unknown:
            return self._unknown(said.unknown)
        if draft.person_id is None and draft.says_something:
            return Problem("person_missing")
        if verb not in WITH_ROLE or draft == Draft():
            return None
        if len(draft.roles) != 1:
            return Problem("roles_many" if draft.roles else "role_missing", {"roles": draft.roles})
        if verb is Verb.CORRECT and said.bare:
            return Problem("day_unmarked", {"text": said.bare.text})
        return None if verb is Verb.END or draft.start or draft.last else Problem("day_missing")

    def _unknown(self, words: Sequence[str]) -> Problem:
        close = close_to(fold(words[0]).strip(".,;:!?"), ROLES)
        if close:
            return Problem("role_close", {"text": words[0], "role": ROLES[close]})
        return Problem("words_unknown", {"text": " ".join(words)})

    def _role(self, at: int) -> Reading:
        """`role AE`, `role account executive`; without one all of them."""
        if at >= len(self.line.tokens):
            return Understood(Verb.ROLES)
        role = phrase_at(ROLES, [token.word for token in self.line.tokens], at)
        if role and at + role[1] == len(self.line.tokens):
            return Understood(Verb.ROLE, Draft(roles=(role[0],)))
        text = self.line.said(at, len(self.line.tokens))
        close = close_to(fold(text), ROLES)
        if close:
            return self.ask(
                Problem("role_close", {"text": text, "role": ROLES[close]}), Verb.ROLE, Draft(roles=(ROLES[close],))
            )
        return self.ask(Problem("role_unknown", {"text": text}), Verb.ROLE)

    def _unread(self, at: int) -> AskedBack:
        """What stands behind a roster is neither an order nor a day."""
        said = read_said_day(self.line, self.words, at, self.today)
        text = said.text if said else self.line.said(at, len(self.line.tokens))
        if said and said.is_unclear:
            return self.ask(Problem("day_ambiguous", {"text": text, "days": said.days}), Verb.ROSTER)
        return self.ask(Problem("day_impossible" if said else "words_unknown", {"text": text}), Verb.ROSTER)

    def _without_verb(self) -> Reading:
        token = self.line.tokens[0]
        marked = phrase_at(BEFORE_DAY, self.words, 0)
        at = marked[1] if marked else 0
        if read_said_day(self.line, self.words, at, self.today):
            return self._unread(at)
        if token.text.startswith("@"):
            return self.ask(Problem("handle", {"text": token.text}), Verb.CARD)
        close = close_to(token.spoken, filter(_is_long, VERBS)) or close_to(token.spoken, ROLES)
        verb = VERBS.get(close, Verb.ROLE) if close else Verb.ASSIGN
        draft = self._draft(verb, read_clauses(self.line, 1, self.today, self.me))
        if close in ROLES:
            draft = replace(draft, roles=(ROLES[close],))
        return self.ask(Problem("verb_unknown", {"word": token.text}), verb, draft)


def _is_long(verb: str) -> bool:
    """Whether a slip in it can be told from another short word."""
    return len(verb) >= _SHORTEST_CLOSE
