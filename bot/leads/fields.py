"""Reads a new lead: the company first, then its fields in any order, with commas between them or without."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.leads.contact import EMAIL, is_phone_like, phone_at, phone_said
from bot.leads.headcount import MOST_EMPLOYEES, employees_at, headcount_at
from bot.leads.parts import parted
from bot.leads.said import New
from bot.leads.vocabulary import (
    ALSO_FIRST_NAMES,
    BEFORE_OWNER,
    EMPLOYEES,
    FROM,
    LABELS,
    SOURCES,
    TITLES,
    Field,
    Source,
)
from bot.reading.asked import Problem
from bot.reading.names import Known, phone_key
from bot.reading.phrases import close_to, phrase_at
from bot.reading.subject import LEGAL_FORMS, LONGEST_NAME, cleaned, places_in
from bot.reading.text import Line, Token, fold, keyed
from bot.workspace.places import country_of

_MOST_OF_A_PERSON = 4
_MOST_QUOTED_OF_A_PERSON = 3
_FREE = frozenset({Field.COMPANY, Field.PERSON, Field.TITLE, Field.NOTE})


class NewLead(NamedTuple):
    """As much of a new lead as was understood (`company` "" if none was), how its owner's mention was typed, and
    what stands in the way.
    """

    lead: New
    called: str | None
    problem: Problem | None


def read_new(line: Line, first: int, known: Known) -> NewLead:
    """The lead that the tokens from `first` on describe."""
    return _NewReader(line, first, known).read()


@dataclass
class _NewReader:
    line: Line
    first: int
    known: Known
    said: dict[Field, list[Any]] = field(default_factory=dict)
    loose: list[tuple[int, int]] = field(default_factory=list)
    company: tuple[int, int] | None = None
    called: str | None = None
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> NewLead:
        while self.first < len(self.line.tokens) and self.line.tokens[self.first].is_dash:
            self.first += 1
        dash = next((n for n in range(self.first + 1, len(self.line.tokens)) if self.line.tokens[n].is_dash), None)
        end = len(self.line.tokens) if dash is None else dash
        note = "" if dash is None else self.line.said(dash + 1, len(self.line.tokens))
        self.line, parts = parted(self.line, self.first, end, self.known)
        for number, (start, stop) in enumerate(parts):
            self._part(start, stop, is_first=number == 0)
        company = self._company(is_only=len(parts) == 1)
        remarks = self._classify()
        notes = [*map(str, self.said.get(Field.NOTE, ())), *remarks, note]
        self._check_once()
        lead = New(
            company,
            self._first(Field.PERSON),
            self._first(Field.EMAIL),
            self._first(Field.PHONE),
            self._first(Field.SOURCE),
            self._first(Field.TITLE),
            self._first(Field.EMPLOYEES),
            self._first(Field.COUNTRY),
            " - ".join(each for each in notes if each) or None,
            self._first(Field.OWNER),
        )
        self._check_lengths(lead)
        return NewLead(lead, self.called, self.problems[0] if self.problems else None)

    def _first(self, name: Field) -> Any:
        return next(iter(self.said.get(name, ())), None)

    def _part(self, start: int, stop: int, *, is_first: bool) -> None:
        """Take what can be told by its form or by the word in front of it; the rest stays loose."""
        names = {place.first: place for place in places_in(self.line, start, stop, self.known)}
        at = begun = start
        while at < stop:
            place = names.get(at)
            is_name = place and not self._is_address(place.first, place.last)
            if place and is_name:
                if any(name.account for name in place.names):
                    self._leave(begun, at)
                    self._put(Field.PERSON, place.names[0].name)
                    begun = place.last
                at = place.last
                continue
            leads = is_first and at == start
            used = self._claim(at, start, stop, is_first=is_first, leads=leads)
            if used:
                self._leave(begun, at)
                begun = at + used
            elif self.line.tokens[at].quoted and at == begun and self._stands_alone(at, stop):
                self._leave(at, at + 1)
                begun = at + 1
                used = 1
            at += used or 1
        self._leave(begun, stop)

    def _stands_alone(self, at: int, stop: int) -> bool:
        following = self.line.tokens[at + 1].spoken if at + 1 < stop else ""
        return following not in LEGAL_FORMS

    def _is_address(self, first: int, last: int) -> bool:
        said = fold(self.line.said(first, last))
        return "@" in said or phone_key(said) is not None

    def _leave(self, first: int, last: int) -> None:
        if first < last:
            self.loose.append((first, last))

    def _put(self, name: Field, value: Any) -> None:
        self.said.setdefault(name, []).append(value)

    def _claim(self, at: int, start: int, stop: int, *, is_first: bool, leads: bool) -> int:
        """How many tokens from `at` on say something by themselves; what they say is put down."""
        token = self.line.tokens[at]
        if token.user:
            self._put(Field.OWNER, token.user)
            self.called = self.called or token.text
            return 1
        if token.quoted:
            return 0
        return (
            self._address(at, stop)
            or self._label(at, start, stop, is_first=is_first, leads=leads)
            or (0 if leads else self._origin(at, stop))
            or (0 if leads else self._employees(at, stop))
            or self._before_owner(at, stop)
        )

    def _before_owner(self, at: int, stop: int) -> int:
        tokens = self.line.tokens
        return int(tokens[at].spoken in BEFORE_OWNER and at + 1 < stop and tokens[at + 1].user is not None)

    def _address(self, at: int, stop: int) -> int:
        """An e-mail address or a phone number."""
        word = self.line.tokens[at].spoken
        if EMAIL.fullmatch(word):
            self._put(Field.EMAIL, word)
            return 1
        if "@" in word:
            self.problems.append(
                Problem("handle" if word.startswith("@") else "email_unread", {"text": self.line.tokens[at].text})
            )
            return 1
        used = phone_at(self.line, at, stop)
        if used:
            self._put(Field.PHONE, phone_said(self.line, at, at + used).rstrip("-.( "))
        return used

    def _label(self, at: int, start: int, stop: int, *, is_first: bool, leads: bool) -> int:
        """A value behind the word that names it, with the word."""
        words = [token.spoken for token in self.line.tokens[:stop]]
        found = phrase_at(LABELS, words, at)
        if found is None:
            return 0
        name, used = found
        value = at + used
        has_colon = self.line.tokens[value - 1].text[-1:] in (":", "=")
        if leads and not has_colon and name is not Field.COMPANY:
            return 0
        if name in _FREE:
            begins = has_colon or (at == start and (not is_first or name is Field.COMPANY))
            return self._free_value(name, value, stop) + used if begins and value < stop else 0
        return self._short_value(name, at, value, stop, sure=has_colon or (at == start and not is_first))

    def _free_value(self, name: Field, value: int, stop: int) -> int:
        """A text, up to the next address or mention."""
        end = self._end_of_value(value, stop)
        if name is not Field.COMPANY:
            self._put(name, cleaned(self.line.said(value, end)))
        elif self.company is None:
            self.company = (value, end)
        else:
            self._leave(value, end)
        return end - value

    def _end_of_value(self, value: int, stop: int) -> int:
        if self.line.tokens[value].quoted:
            return value + 1
        return next(
            (
                n
                for n in range(value + 1, stop)
                if self.line.tokens[n].user or EMAIL.fullmatch(self.line.tokens[n].spoken)
            ),
            stop,
        )

    def _short_value(self, name: Field, at: int, value: int, stop: int, *, sure: bool) -> int:
        """A value of a form of its own; `sure` if the word in front of it can be nothing else."""
        text = cleaned(self.line.said(value, stop))
        used = 0
        if name is Field.SOURCE:
            return self._source(at, value, stop)
        if value < stop and name in (Field.EMAIL, Field.PHONE):
            found = EMAIL.fullmatch(self.line.tokens[value].spoken) or phone_at(self.line, value, stop)
            used = self._address(value, stop) if found else 0
        elif value < stop and name is Field.OWNER:
            used = self._claim_owner(value)
        elif value < stop and name is Field.EMPLOYEES:
            used, number = headcount_at(self.line, value, stop)
            if number is not None:
                self._put_employees(number, cleaned(self.line.said(value, value + used)))
                used += int(value + used < stop and self.line.tokens[value + used].spoken in EMPLOYEES)
        elif value < stop and (country := _country(text)):
            self._put(Field.COUNTRY, country)
            used = stop - value
        if used:
            return value + used - at
        if not sure:
            return 0
        code = "country_unknown" if name is Field.COUNTRY else f"{name}_unread"
        self.problems.append(Problem(code, {"text": text}))
        return stop - at

    def _claim_owner(self, at: int) -> int:
        token = self.line.tokens[at]
        if not token.user:
            return 0
        self._put(Field.OWNER, token.user)
        self.called = self.called or token.text
        return 1

    def _source(self, at: int, value: int, stop: int) -> int:
        if value >= stop or self.line.tokens[value].spoken in LEGAL_FORMS:
            return 0
        words = [token.word if token.quoted else token.spoken for token in self.line.tokens[:stop]]
        found = phrase_at(SOURCES, words, value + int(words[value] in FROM and value + 1 < stop))
        if found:
            skipped = int(words[value] in FROM and phrase_at(SOURCES, words, value) is None)
            self._put(Field.SOURCE, found[0])
            return value + skipped + found[1] - at
        close = close_to(words[value], (phrase for phrase in SOURCES if len(phrase) > 4))
        if close:
            self._put(Field.SOURCE, SOURCES[close])
        else:
            text = cleaned(self.line.said(value, stop))
            self.problems.append(Problem("source_unknown", {"text": text, "sources": tuple(map(str, Source))}))
            return stop - at
        return value + 1 - at

    def _origin(self, at: int, stop: int) -> int:
        """`from webinar`."""
        words = [token.spoken for token in self.line.tokens[:stop]]
        found = phrase_at(SOURCES, words, at + 1) if words[at] in FROM and at + 1 < stop else None
        if found is None:
            return 0
        self._put(Field.SOURCE, found[0])
        return found[1] + 1

    def _employees(self, at: int, stop: int) -> int:
        used, number = employees_at(self.line, at, stop)
        if used:
            said = cleaned(self.line.said(at, at + used))
            if number is None:
                self.problems.append(Problem("employees_unread", {"text": said}))
            else:
                self._put_employees(number, said)
        return used

    def _put_employees(self, number: int, said: str) -> None:
        if 1 <= number <= MOST_EMPLOYEES:
            self._put(Field.EMPLOYEES, number)
        else:
            self.problems.append(Problem("employees_unread", {"text": said}))

    def _company(self, *, is_only: bool) -> str:
        """The company: what was called so, else what the line begins with."""
        if self.company is None and self.loose and self.loose[0][0] == 0:
            self.company = self.loose.pop(0)
            if is_only and self._goes_on(*self.company):
                text = cleaned(self.line.said(*self.company))
                self.problems.append(Problem("company_end", {"text": text}))
        name = cleaned(self.line.said(*self.company)) if self.company else ""
        if any(map(str.isalnum, name)):
            return name
        self.problems.insert(0, Problem("company_missing", {"text": name}))
        return ""

    def _goes_on(self, first: int, last: int) -> bool:
        """Whether a person may stand behind the company without a comma: `Acme Jane Roe jane@acme.example`."""
        tokens = self.line.tokens[first:last]
        if tokens[0].quoted or tokens[0].word in LEGAL_FORMS or tokens[-1].word in LEGAL_FORMS:
            return False
        place = next((each for each in places_in(self.line, first, last, self.known) if each.first == first), None)
        if place and place.last == last:
            return False
        personal = Field.EMAIL in self.said or Field.PHONE in self.said
        if Field.PERSON in self.said:
            return False
        return (place is not None and personal) or (len(tokens) > 2 and personal)

    def _classify(self) -> Iterator[str]:
        """Put down what the loose words are: a source, a country, a title, a person; yields the others."""
        others = []
        for first, last in self.loose:
            if not self._whole_value(first, last, is_only=len(self.loose) == 1):
                others += list(self._named(first, last))
        return iter(others)

    def _whole_value(self, first: int, last: int, *, is_only: bool) -> bool:
        """A source or a country that stands alone."""
        if self.line.tokens[first].quoted:
            return False
        said = keyed(self.line.said(first, last))
        country = None if is_only and said in ALSO_FIRST_NAMES else _country(said)
        if said in SOURCES:
            self._put(Field.SOURCE, SOURCES[said])
        elif country and Field.COUNTRY not in self.said:
            self._put(Field.COUNTRY, country)
        else:
            return False
        return True

    def _named(self, first: int, last: int) -> Iterator[str]:
        """A person, a title, or both: `Jane Roe, CTO`, `Jane Roe (CTO)`."""
        tokens = self.line.tokens[first:last]
        text = cleaned(self.line.said(first, last))
        if not any(map(str.isalnum, text)):
            if text:
                yield text
            return
        if all(is_phone_like(token) for token in tokens) and not tokens[0].quoted:
            looks = len(tokens) > 1 or fold(text)[0] in "+(" or "-" in fold(text)
            self.problems.append(Problem("phone_unread" if looks else "number_bare", {"text": text}))
            return
        cut = next((n for n, token in enumerate(tokens) if _begins_title(token)), len(tokens))
        if cut < len(tokens) and Field.TITLE not in self.said and len(tokens) - cut <= 2 * _MOST_OF_A_PERSON:
            who = (first, first + cut)
            if cut == 0 or self._may_be_person(*who):
                self._put(Field.TITLE, cleaned(self.line.said(first + cut, last)).strip("()"))
                if cut:
                    self._put(Field.PERSON, cleaned(self.line.said(*who)))
                return
        if self._may_be_person(first, last):
            self._put(Field.PERSON, text)
        else:
            yield text

    def _may_be_person(self, first: int, last: int) -> bool:
        tokens = self.line.tokens[first:last]
        text = self.line.said(first, last)
        if Field.PERSON in self.said or any(token.is_remark for token in tokens) or any(map(str.isdigit, text)):
            return False
        if tokens[0].quoted:
            return len(tokens) == 1 and len(text.split()) <= _MOST_QUOTED_OF_A_PERSON
        return len(tokens) <= _MOST_OF_A_PERSON

    def _check_once(self) -> None:
        for name in (Field.PERSON, Field.EMAIL, Field.PHONE, Field.SOURCE, Field.EMPLOYEES, Field.COUNTRY, Field.OWNER):
            values = {keyed(str(value)): str(value) for value in self.said.get(name, ())}
            if len(values) > 1:
                self.problems.append(Problem("said_twice", {"field": name.value, "texts": tuple(values.values())}))

    def _check_lengths(self, lead: New) -> None:
        for name, text in (("company", lead.company), ("person", lead.person), ("title", lead.title)):
            if text and len(text) > LONGEST_NAME:
                self.problems.append(Problem("name_long", {"field": name, "length": len(text), "limit": LONGEST_NAME}))


def _begins_title(token: Token) -> bool:
    return not token.quoted and (token.word in TITLES or token.text.startswith("("))


def _country(text: str) -> str | None:
    """The country that the text names: a short text, by its code or name."""
    if not text or len(text) > LONGEST_NAME:
        return None
    try:
        return country_of(text)
    except ValueError:
        return None
