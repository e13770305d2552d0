"""Reads a line of `/handoff`, and of `/team stuck`. Pure and total: every string has a reading."""

from dataclasses import dataclass, field, replace
from typing import cast

from bot.access.roles import Role
from bot.handoffs.said import Give, HandoffLine, Help, List, Nothing, Stuck, ToRole, Withdraw
from bot.handoffs.vocabulary import (
    ALSO_TO,
    AND,
    FROM,
    OWN_WORDS,
    ROLES,
    STUCK,
    TO,
    VERBS,
    WRITTEN_ROLES,
    Verb,
)
from bot.reading.asked import Problem, Unclear
from bot.reading.names import Known
from bot.reading.phrases import close_to, phrase_at
from bot.reading.subject import LONGEST_NAME, Subject, as_typed, leading_subject, places_in, subject_in
from bot.reading.text import Line, quoted, read_line

LONGEST_LINE = 3000
LONGEST_WHAT = 300
_SAMPLE = "Acme"
_SOMEBODY = "@dana"
_SHORTEST_SLIP = 4
_EN = {"to": "to", Verb.WITHDRAW: "withdraw", Verb.LIST: "list", Verb.HELP: "help", Verb.GIVE: "give"}
_RU = {"to": "кому", Verb.WITHDRAW: "отозвать", Verb.LIST: "список", Verb.HELP: "помощь", Verb.GIVE: "передать"}


def read(text: str, *, language: str, known: Known) -> HandoffLine:
    """What a line behind `/handoff` says.

    Args:
        text: as Slack sends it, with its escapes.
        language: `en` or `ru`, for the example in an answer; both are understood in every line.
        known: the names that the `candidate_names` of this text found.
    """
    reader = _Reader(read_line(text[:LONGEST_LINE]), language, known)
    if len(text) > LONGEST_LINE:
        problem = Problem("line_long", {"length": len(text), "limit": LONGEST_LINE})
        return Unclear(None, problem, reader.written(Give(_SAMPLE)))
    return reader.read()


def read_stuck(text: str, *, language: str, known: Known) -> Stuck | Unclear:
    """What `/team stuck` says, with or without that word in front. Its example is a line behind `/team`."""
    line = read_line(text[:LONGEST_LINE])
    word = "застрял" if language == "ru" else "stuck"
    first = _behind_stuck(line, known)
    dash = next((n for n in range(first, len(line.tokens)) if line.tokens[n].is_dash), len(line.tokens))
    subject, rest = leading_subject(line, first, dash, known) or (None, first)
    what = _what(line, rest)
    problem = (
        Problem("line_long", {"length": len(text), "limit": LONGEST_LINE}) if len(text) > LONGEST_LINE else None
    ) or _name_problem(line, subject, first, rest or dash)
    if problem is None and (subject is None or what is None):
        problem = Problem("what_missing", {"name": subject.name}) if subject else Problem("name_missing")
    if problem is None and what and len(what) > LONGEST_WHAT:
        problem = Problem("what_long", {"length": len(what), "limit": LONGEST_WHAT})
    if problem or subject is None or what is None:
        named = _spoken_name(subject) or _SAMPLE
        if problem and problem.code == "what_missing" and subject and subject.ref is None:
            first_word, _, said = named.partition(" ")
            named = first_word if any(map(str.isalnum, first_word)) else _SAMPLE
            what = said if any(map(str.isalnum, said)) else None
        name = as_typed(named, OWN_WORDS)
        usual = "нужно согласовать цену" if language == "ru" else "needs a pricing approval"
        example = f"{word} {name} {quoted((what or usual)[:LONGEST_WHAT].strip())}"
        assert problem
        return Unclear(f"{word} {name}" if subject else None, problem, example)
    return Stuck(subject.name, subject.ref, what)


def _behind_stuck(line: Line, known: Known) -> int:
    """The first token behind the command's own word, unless that begins a known name."""
    found = phrase_at(STUCK, [token.spoken for token in line.tokens], 0)
    places = places_in(line, 0, len(line.tokens), known)
    is_name = any(place.first == 0 and place.last > 1 for place in places)
    return found[1] if found and not is_name else 0


def _what(line: Line, at: int) -> str | None:
    while at < len(line.tokens) and (line.tokens[at].is_dash or line.tokens[at].spoken in (",", ":", ";")):
        at += 1
    text = line.said(at, len(line.tokens)).strip()
    return text if any(map(str.isalnum, text)) else None


def _spoken_name(subject: Subject | None) -> str | None:
    """The name for an example, without people in it."""
    if subject is None:
        return None
    words = [word for word in subject.name.split() if word[:1] not in ("@", "<")]
    text = " ".join(words)[:LONGEST_NAME].strip()
    return text if any(map(str.isalnum, text)) else None


def _name_problem(line: Line, subject: Subject | None, first: int, last: int) -> Problem | None:
    for token in line.tokens[first:last] if subject is None or subject.ref is None else ():
        if token.user:
            return Problem("mention_unused", {"text": token.text})
        if not token.quoted and token.text.startswith("@"):
            return Problem("handle", {"text": token.text})
    if subject and subject.ref is None and len(subject.name) > LONGEST_NAME:
        return Problem("name_long", {"length": len(subject.name), "limit": LONGEST_NAME})
    return None


@dataclass
class _Found:
    """What a line names besides the lead."""

    people: dict[str, str] = field(default_factory=dict)
    roles: dict[Role, str] = field(default_factory=dict)
    handle: str | None = None
    unread: str | None = None
    stretches: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Reader:
    line: Line
    language: str
    known: Known

    @property
    def words(self) -> list[str]:
        return [token.spoken for token in self.line.tokens]

    @property
    def end(self) -> int:
        return len(self.line.tokens)

    def read(self) -> HandoffLine:
        verb = phrase_at(VERBS, self.words, 0)
        alone = self._alone(verb)
        if alone:
            return alone
        named = next((place for place in places_in(self.line, 0, self.end, self.known) if place.first == 0), None)
        wins = named is not None and (verb is None or named.last > verb[1] or verb[1] == self.end)
        if verb is None or wins:
            return (None if wins else self._slip()) or self._give(0)
        if verb[0] is Verb.WITHDRAW:
            return self._withdraw(verb[1])
        return self._give(verb[1] if verb[0] is Verb.GIVE else 0)

    def _alone(self, verb: tuple[Verb, int] | None) -> Nothing | List | Help | None:
        """A line without a name in it."""
        if verb is None:
            return None if self.line.tokens else Nothing()
        if verb[1] == self.end:
            return Help() if verb[0] is Verb.HELP else List() if verb[0] is Verb.LIST else None
        following = phrase_at(VERBS, self.words, verb[1])
        both = following is not None and verb[1] + following[1] == self.end
        return Help() if both and following and Verb.HELP in (verb[0], following[0]) else None

    def written(self, give: Give, called: str | None = None) -> str:
        """The line behind `/handoff`."""
        words = _RU if self.language == "ru" else _EN
        parts = [as_typed(give.name, OWN_WORDS)]
        if give.role or give.to:
            parts.append(words["to"])
        if give.role:
            parts.append(WRITTEN_ROLES[Role(give.role)])
        if give.to:
            parts.append(called or f"<@{give.to}>")
        return " ".join(parts) + (f" - {give.note}" if give.note else "")

    def _word(self, verb: Verb) -> str:
        return (_RU if self.language == "ru" else _EN)[verb]

    def _slip(self) -> HandoffLine | None:
        """A verb with one letter wrong: taken if a known name stands behind it, else asked back."""
        word = self.words[0]
        close = close_to(word, (phrase for phrase in VERBS if len(phrase) >= _SHORTEST_SLIP and " " not in phrase))
        verb = VERBS[close] if close and len(word) >= _SHORTEST_SLIP else None
        if verb is None or (self.end == 1) is not (verb in (Verb.LIST, Verb.HELP)):
            return None
        problem = Problem("verb_close", {"word": self.line.tokens[0].text, "verb": self._word(verb)})
        if self.end == 1:
            return Unclear(None, problem, self._word(verb))
        found = self._withdraw(1) if verb is Verb.WITHDRAW else self._give(1)
        if isinstance(found, Unclear):
            return Unclear(found.understood, problem, found.example)
        name = as_typed(found.name, OWN_WORDS)
        return found if found.ref else Unclear(None, problem, f"{self._word(verb)} {name}")

    def _withdraw(self, at: int) -> Withdraw | Unclear:
        last = self.end
        if last > at and self.line.tokens[last - 1].user:
            last -= 1 + int(last - 1 > at and self.words[last - 2] in FROM | ALSO_TO | TO)
        subject = subject_in(self.line, at, last, self.known)
        problem = _name_problem(self.line, subject, at, last)
        if problem is None and subject is None:
            problem = Problem("name_missing")
        if problem or subject is None:
            assert problem
            name = as_typed(_spoken_name(subject) or _SAMPLE, OWN_WORDS)
            return Unclear(self._word(Verb.WITHDRAW), problem, f"{self._word(Verb.WITHDRAW)} {name}")
        return Withdraw(subject.name, subject.ref)

    def _give(self, at: int) -> Give | Unclear:
        dash = next((n for n in range(at + 1, self.end) if self.line.tokens[n].is_dash), self.end)
        found = self._scan(at, dash)
        subject, remarks = self._subject(found)
        note = " - ".join(each for each in (*remarks, self.line.said(dash + 1, self.end).strip()) if each) or None
        role = next(iter(found.roles), None)
        to = next(iter(found.people), None)
        give = Give(
            subject.name if subject else _SAMPLE,
            subject.ref if subject else None,
            to,
            cast("ToRole", role.value) if role else None,
            note,
        )
        problem = self._problem(found, subject)
        if problem is None:
            return give
        called = found.people.get(to) if to else None
        understood = self.written(give, called) if subject else None
        name = _spoken_name(subject) or _SAMPLE
        give = replace(give, name=name)
        if problem.code in ("handle", "to_unread") and not to:
            give, called = replace(give, to="U0DANA"), _SOMEBODY
        return Unclear(understood, problem, self.written(give, called))

    def _problem(self, found: _Found, subject: Subject | None) -> Problem | None:
        problems = (
            len(found.people) > 1 and Problem("two_people", {"people": tuple(found.people.values())}),
            found.handle and Problem("handle", {"text": found.handle}),
            len(found.roles) > 1 and Problem("two_roles", {"roles": tuple(found.roles.values())}),
            subject is None and Problem("name_missing"),
            found.unread is not None and Problem("to_unread", {"text": found.unread}),
            _name_problem(self.line, subject, 0, 0),
        )
        return next((problem for problem in problems if problem), None)

    def _scan(self, at: int, dash: int) -> _Found:
        """Everything that says whom the lead goes to; the stretches between are the lead and remarks."""
        found = _Found()
        inside = {place.first: place.last for place in places_in(self.line, at, dash, self.known)}
        begun = n = at
        while n < dash:
            if n in inside:
                n = inside[n]
                continue
            used = self._clause(n, at, dash, found)
            if used:
                if begun < n:
                    found.stretches.append((begun, n))
                begun = n + used
            n += used or 1
        if begun < dash:
            found.stretches.append((begun, dash))
        return found

    def _clause(self, n: int, at: int, dash: int, found: _Found) -> int:
        """How many tokens from `n` on say whom it goes to."""
        word = self.words[n]
        is_marker = word in TO or word in ALSO_TO
        start = n + int(is_marker)
        end = self._targets(start, at, dash, found, is_marked=is_marker)
        if end > start:
            return end - n
        if word not in TO:
            return 0
        found.unread = self.line.said(start, dash)
        return dash - n

    def _targets(self, start: int, at: int, dash: int, found: _Found, *, is_marked: bool) -> int:
        """Where the people and roles that stand from `start` on end."""
        words = self.words[:dash]
        end = n = start
        while n < dash:
            token = self.line.tokens[n]
            role = phrase_at(ROLES, words, n)
            if token.user:
                found.people.setdefault(token.user, token.text)
                n = end = n + 1
            elif not token.quoted and token.text.startswith("@") and len(token.text) > 1:
                found.handle = found.handle or token.text
                n = end = n + 1
            elif role and (is_marked or end > start or self._is_bare_role(n, role[1], at, dash)):
                found.roles.setdefault(role[0], self.line.said(n, n + role[1]))
                n = end = n + role[1]
            elif words[n] in AND and end > start:
                n += 1
            else:
                break
        return end

    def _is_bare_role(self, n: int, used: int, at: int, dash: int) -> bool:
        """Whether a role without "to" is one, and not a part of the name: behind the name, before nothing more."""
        following = self.line.tokens[n + used] if n + used < dash else None
        return n > at and (following is None or following.quoted or following.user is not None)

    def _subject(self, found: _Found) -> tuple[Subject | None, list[str]]:
        """The lead, and what else was said."""
        if not found.stretches:
            return None, []
        (first, last), *others = found.stretches
        remarks = [self.line.said(*each) for each in others]
        end = last
        if not self.line.tokens[first].quoted:
            leading = leading_subject(self.line, first, last, self.known)
            behind = leading[1] if leading else last
            if behind < last and self.line.tokens[behind].quoted:
                end = behind
        elif last - first > 1:
            end = first + 1
        subject = subject_in(self.line, first, end, self.known)
        is_role = phrase_at(ROLES, self.words, first)
        if subject and subject.ref is None and is_role and first + is_role[1] == end:
            return None, remarks
        return subject, [self.line.said(end, last), *remarks] if end < last else remarks
