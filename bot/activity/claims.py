"""Finds in the words of one activity what each of them says; what nobody claims is a name or a remark."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, Protocol, TypeVar

from bot.activity.draft import Draft, SaidDay, SaidTime, Situation
from bot.activity.limits import MOST_DAYS_BACK
from bot.activity.vocabulary import AUXILIARIES, COMMAND_WORDS, DROPPED, is_negation
from bot.reading.duration import read_length
from bot.reading.names import Place, close_names, phone_key, without_employers
from bot.reading.text import Line, Token, keyed
from bot.reading.when import DUE, Day, Look, read_day, read_time, read_unclear_ago

_FIGURE = re.compile(r"-?[.,]?\d[\d.,]*")
_MOST_CORRECTED = 8


class _Read(Protocol):
    @property
    def used(self) -> int: ...


_R = TypeVar("_R", bound=_Read)
_Reader = Callable[[Sequence[str], int], _R | None]


class Claims:
    """The tokens of one activity, each claimed by the first reading that has a use for it."""

    def __init__(self, line: Line, bounds: tuple[int, int], places: tuple[Place, ...], situation: Situation) -> None:
        self._line = line
        self._first, self._last = bounds
        places = _without_words_of_ours(line, places, situation)
        self._places = places
        self._situation = situation
        tokens = line.tokens[self._first : self._last]
        self._words = [token.plain for token in tokens]
        self._free = [token.user is None for token in tokens]
        self._colleagues = tuple(dict.fromkeys(token.user for token in tokens if token.user))
        for place in places:
            self._claim(place.first - self._first, place.last - place.first)
        self._lengths: list[tuple[int, int]] = []
        self._days: list[tuple[int, SaidDay]] = []
        self._times: list[tuple[int, SaidTime]] = []
        self._outcomes: list[tuple[int, str]] = []
        self._denied: set[int] = set()
        self._read_all()
        if self._correct():
            self._read_all()

    def as_draft(self, kind: str, count: int) -> Draft:
        """The activity, with what was left over sorted into names, figures and remarks."""
        pieces = list(self._pieces())
        stranger = None if self._places else _stranger(pieces)
        return Draft(
            kind=kind,
            count=count,
            places=without_employers([place.names for place in self._places]),
            stranger=" ".join(stranger.text.split()) if stranger else None,
            close=close_names(stranger.text, self._situation.known) if stranger and stranger.sort == "word" else (),
            longer=self._longer(pieces),
            lengths=tuple(dict.fromkeys(minutes for _, minutes in self._lengths)),
            days=tuple(said for _, said in self._days),
            times=tuple(said for _, said in self._times),
            outcomes=tuple(dict.fromkeys(code for _, code in self._outcomes)),
            numbers=tuple(piece.text for piece in pieces if piece.sort == "figure"),
            colleagues=self._colleagues,
            remarks=tuple(piece.text for piece in pieces if piece.sort != "figure" and piece is not stranger),
        )

    def as_text(self, kind: str, count: int) -> Draft:
        """A note or a piece of intelligence without a dash: from the first word left over on, all of it is the text."""
        begin = next(
            (n for n, free in enumerate(self._free) if (free and self._words[n] not in DROPPED) or n in self._denied),
            None,
        )
        until = len(self._free) if begin is None else begin
        text = None if begin is None else self._line.said(self._first + begin, self._last)
        return Draft(
            kind=kind,
            count=count,
            places=without_employers([place.names for place in self._places])[:1],
            lengths=tuple(minutes for n, minutes in self._lengths if n < until),
            days=tuple(said for n, said in self._days if n < until),
            times=tuple(said for n, said in self._times if n < until),
            outcomes=tuple(code for n, code in self._outcomes if n < until),
            colleagues=self._colleagues,
            note=text or None,
        )

    def _read_all(self) -> None:
        self._times += [(n, SaidTime(text, found.at)) for n, text, found in self._take(read_time)]
        self._lengths += [(n, found.minutes) for n, _, found in self._take(read_length)]
        self._days += [(n, SaidDay(text, found.days)) for n, text, found in self._take(_past_day(self._situation))]
        self._days += [(n, SaidDay(text, found.days)) for n, text, found in self._take(read_unclear_ago)]
        for n, _, found in self._take(self._situation.vocabulary.outcome_phrases.at):
            if n and self._words[n - 1] and is_negation(self._token(n - 1).text):
                self._deny(n, found.used)
            else:
                self._outcomes.append((n, found.code))

    def _deny(self, place: int, used: int) -> None:
        """An outcome behind its negation is a remark, together with it: `did not connect`."""
        first = place - 1
        if first and self._words[first - 1] in AUXILIARIES:
            first -= 1
        self._claim(first, place + used - first)
        self._denied.update(range(first, place + used))

    def _take(self, read: _Reader[_R]) -> Iterator[tuple[int, str, _R]]:
        for n in range(len(self._words)):
            due = n > 0 and self._words[n - 1] in DUE  # `wants pricing by Friday` is no day of what happened
            found = read(self._words, n) if self._words[n] and not due else None
            if found:
                self._claim(n, found.used)
                yield n, self._line.said(self._first + n, self._first + n + found.used), found

    def _claim(self, place: int, used: int) -> None:
        self._words[place : place + used] = [""] * used
        self._free[place : place + used] = [False] * used

    def _correct(self) -> bool:
        """Put right the words of ours with a slip in them; whether there were any.

        Beside a known name only among words that are all ours, for what else stands there is a remark.
        """
        vocabulary = self._situation.vocabulary
        any_corrected = False
        for first, last in _stretches([bool(word) for word in self._words], wanted=True):
            if last - first > _MOST_CORRECTED:
                continue
            words = self._words[first:last]
            corrected = [vocabulary.corrected(word) or word for word in words]
            if corrected != words and (not self._places or all(map(vocabulary.is_ours, corrected))):
                self._words[first:last] = corrected
                any_corrected = True
        return any_corrected

    def _pieces(self) -> Iterator["_Piece"]:
        """What was left over, cut where one sort of thing ends and another begins."""
        sorts = self._sorts()
        for (sort, _), group in groupby(
            enumerate(sorts), key=lambda item: (item[1], None if item[1] in _RUNNING else item[0])
        ):
            places = [n for n, _ in group]
            if sort == "word":
                places = self._trimmed(places)
            if sort and places:
                first, last = self._first + places[0], self._first + places[-1] + 1
                if text := self._line.said(first, last):
                    yield _Piece(sort, first, last, text)

    def _sorts(self) -> list[str]:
        """For every token what sort of thing it is, "" if it is claimed."""
        sorts = [self._sort(n) for n in range(len(self._free))]
        for first, last in _stretches(sorts, "figure"):
            said = self._line.text[self._token(first).start : self._token(last - 1).end]
            if phone_key(said):
                sorts[first:last] = ["phone"] * (last - first)
            elif sorts[last : last + 1] == ["word"]:
                sorts[first:last] = ["word"] * (last - first)
        return sorts

    def _sort(self, n: int) -> str:
        token = self._token(n)
        if n in self._denied:
            return "remark"
        if not self._free[n]:
            return ""
        if token.quoted:
            return "quoted"
        if token.is_remark:
            return "remark"
        if token.text[0].isalpha():
            return "address" if "@" in token.text else "word"
        figure = _FIGURE.fullmatch(token.word) or phone_key(token.word) or token.word.strip("+()-").isdecimal()
        return "figure" if figure else "word"

    def _trimmed(self, places: list[int]) -> list[int]:
        said = [n for n in places if self._token(n).word not in DROPPED and any(map(str.isalnum, self._token(n).text))]
        return [n for n in places if said[0] <= n <= said[-1]] if said else []

    def _longer(self, pieces: Sequence["_Piece"]) -> str | None:
        if len(self._places) != 1:
            return None
        place = self._places[0]
        follows = next((piece for piece in pieces if piece.first == place.last and piece.sort == "word"), None)
        if follows is None or not follows.text[0].isupper() or follows.text.isupper():
            return None
        return self._line.said(place.first, follows.last)

    def _token(self, n: int) -> Token:
        return self._line.tokens[self._first + n]


class _Piece(NamedTuple):
    sort: str
    first: int
    last: int
    text: str


_RUNNING = frozenset(("word", "phone", "remark", ""))


def _stranger(pieces: Sequence[_Piece]) -> _Piece | None:
    """The piece that names somebody unknown: a quoted one before all others."""
    for sorts in (("quoted",), ("address", "phone", "word")):
        for piece in pieces:
            if piece.sort in sorts and not _is_command(piece):
                return piece
    return None


def _is_command(piece: _Piece) -> bool:
    """Whether it is nothing but words that command: `next`, `help`. In quotes they are a name."""
    return piece.sort == "word" and COMMAND_WORDS.issuperset(keyed(piece.text).split())


def _stretches(sorts: Sequence[object], wanted: object) -> Iterator[tuple[int, int]]:
    for sort, group in groupby(range(len(sorts)), key=sorts.__getitem__):
        places = list(group)
        if sort == wanted:
            yield places[0], places[-1] + 1


def _without_words_of_ours(line: Line, places: tuple[Place, ...], situation: Situation) -> tuple[Place, ...]:
    """Of several known names, those that are not also a day or an outcome: somebody may be called "Monday"."""
    if len(places) < 2:
        return places
    kept = tuple(place for place in places if not _is_word_of_ours(line.tokens[place.first : place.last], situation))
    return kept or places


def _is_word_of_ours(tokens: Sequence[Token], situation: Situation) -> bool:
    words = [token.plain for token in tokens]
    found = situation.vocabulary.outcome_phrases.at(words, 0) or _past_day(situation)(words, 0)
    return bool(words[0]) and found is not None and found.used == len(words)


def _past_day(situation: Situation) -> _Reader[Day]:
    """Reads a day behind us; one without a year that lies out of reach there is meant ahead."""
    today = situation.now.date()

    def read(words: Sequence[str], place: int) -> Day | None:
        found = read_day(words, place, today, Look.BACK)
        if found is None or len(found.days) != 1 or (today - found.days[0]).days <= MOST_DAYS_BACK:
            return found
        ahead = read_day(words, place, today, Look.AHEAD)
        near = ahead and ahead.days and (ahead.days[0] - today).days <= MOST_DAYS_BACK
        return ahead if near else found

    return read
