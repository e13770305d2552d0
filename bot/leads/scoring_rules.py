"""What everything about a lead is worth in one workspace: the rules behind its score, and which of them are nonsense.

The bounds of the grades and the part that a week leaves are the trade's, the points are ours; `OPS` edits all of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from bot.errors import Refused
from bot.reading.text import fold

MOST_POINTS = 100
"""No single rule is worth more than the whole scale, up or down."""

WHOLE = 100
"""The best score; the lowest is 0."""

FINEST_DECAY = 4
"""Decimal places of a decay: `0.9125` is fine enough, and its powers stay short enough to be exact."""

_WORD = re.compile(r"\w+")


class Grade(StrEnum):
    """The score in one letter."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Size:
    """Points for companies of `least` to `most` employees, both included; None: however many."""

    least: int
    most: int | None
    points: int

    def holds(self, employees: int | None) -> bool:
        """Whether a company of so many is of this size; one that is not known is of none."""
        return employees is not None and self.least <= employees and (self.most is None or employees <= self.most)

    def __str__(self) -> str:
        """The ends as they are shown: `11–50`, `201+`."""
        return f"{self.least}+" if self.most is None else f"{self.least}–{self.most}"


@dataclass(frozen=True, slots=True)
class Title:
    """Points for job titles in which one of these words stands, whole and in any case; a word may be several."""

    words: tuple[str, ...]
    points: int

    def stands_in(self, title: str | None) -> bool:
        """Whether a job title is one of these."""
        said = f" {_words(title or '')} "
        return any(f" {_words(word)} " in said for word in self.words)


@dataclass(frozen=True, slots=True)
class Recent:
    """Points while the last touch that earned something is less than `days` times 24 hours ago."""

    days: int
    points: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest points of each grade; below `c` it is a D."""

    a: int = 80
    b: int = 60
    c: int = 40

    def grade(self, points: int) -> Grade:
        """The grade of a rounded score."""
        steps = ((self.a, Grade.A), (self.b, Grade.B), (self.c, Grade.C))
        return next((grade for bound, grade in steps if points >= bound), Grade.D)


@dataclass(frozen=True, slots=True)
class Rules:
    """What everything is worth in one workspace.

    Of `titles` the first row that matches counts, so assistants of directors come before directors; of `recency` the
    shortest. `touches` are looked up as `KIND.OUTCOME`, then as `KIND`. Industries and
    territories are compared as typed, in any case, and so are countries (ISO 3166 codes, those of regions like `DE-BE`
    too), however they are named; a source, touch or place without a row is worth nothing. `decay` is the part that a
    week leaves.
    """

    sizes: tuple[Size, ...] = ()
    industries: Mapping[str, int] = field(default_factory=dict)
    countries: Mapping[str, int] = field(default_factory=dict)
    territories: Mapping[str, int] = field(default_factory=dict)
    titles: tuple[Title, ...] = ()
    sources: Mapping[str, int] = field(default_factory=dict)
    touches: Mapping[str, int] = field(default_factory=dict)
    recency: tuple[Recent, ...] = ()
    decay: Decimal = Decimal("0.9")
    grades: Bounds = Bounds()

    @classmethod
    def from_json(cls, value: Any) -> "Rules":
        """The rules that `to_json` made this of; what it does not speak of is as in `STANDARD`, which None is whole.

        Raises:
            ValueError: when it made nothing of the kind; the text is the name of the part that cannot be read.
        """
        if value is None:
            return STANDARD
        if not isinstance(value, Mapping):
            raise ValueError("rules")  # noqa: TRY004  # the one error that a caller has to expect
        unknown = sorted(str(name) for name in value.keys() - _READERS.keys())
        if unknown:
            raise ValueError(unknown[0])
        standard = STANDARD.to_json()
        return cls(**{name: _read(name, value.get(name, standard[name])) for name in _READERS})

    def to_json(self) -> dict[str, Any]:
        """Plain JSON of everything."""
        return {
            "sizes": [{"from": each.least, "to": each.most, "points": each.points} for each in self.sizes],
            "industries": dict(self.industries),
            "countries": dict(self.countries),
            "territories": dict(self.territories),
            "titles": [{"words": list(each.words), "points": each.points} for each in self.titles],
            "sources": dict(self.sources),
            "touches": dict(self.touches),
            "recency": [{"days": each.days, "points": each.points} for each in self.recency],
            "decay": str(self.decay),
            "grades": {"A": self.grades.a, "B": self.grades.b, "C": self.grades.c},
        }


def problems(rules: Rules) -> tuple[Refused, ...]:
    """Everything that is nonsense in rules: `scoring.problem.WHAT`, each with the `field` of `to_json` it is in."""
    return (
        *_problems_of_points(rules),
        *_problems_of_names(rules),
        *_problems_of_sizes(rules.sizes),
        *_problems_of_recency(rules.recency),
        *_problems_of_decay(rules.decay),
        *_problems_of_grades(rules.grades),
    )


def check(value: Any) -> Rules:
    """Let rules pass that a workspace can have, and read them.

    Args:
        value: plain JSON, as `Rules.to_json` makes it.

    Raises:
        Refused: `scoring.problem.…` with the first that is wrong.
    """
    try:
        rules = Rules.from_json(value)
    except ValueError as error:
        raise Refused("scoring.problem.shape", field=str(error)) from error
    for problem in problems(rules):
        raise problem
    return rules


@lru_cache(maxsize=1024)
def _words(text: str) -> str:
    """The folded words of a text, parted by one space: `Вице-президент` is `вице президент`."""
    return " ".join(_WORD.findall(fold(text)))


def _read(name: str, value: Any) -> Any:
    try:
        return _READERS[name](value)
    except (TypeError, KeyError, ValueError, ArithmeticError, AttributeError) as error:
        raise ValueError(name) from error


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"not a whole number: {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value


def _rows(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise TypeError(f"not a list: {value!r}")
    return value


def _table(value: Any) -> dict[str, int]:
    return {_text(name): _whole(points) for name, points in value.items()}


def _sizes(value: Any) -> tuple[Size, ...]:
    rows = [(_whole(row["from"]), row.get("to"), _whole(row["points"])) for row in _rows(value)]
    return tuple(Size(least, None if most is None else _whole(most), points) for least, most, points in rows)


def _titles(value: Any) -> tuple[Title, ...]:
    return tuple(Title(tuple(map(_text, _rows(row["words"]))), _whole(row["points"])) for row in _rows(value))


def _recency(value: Any) -> tuple[Recent, ...]:
    return tuple(Recent(_whole(row["days"]), _whole(row["points"])) for row in _rows(value))


def _decay(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"not a number: {value!r}")
    return Decimal(str(value))


def _grades(value: Any) -> Bounds:
    return Bounds(*(_whole(value[grade]) for grade in (Grade.A, Grade.B, Grade.C)))


_READERS = {
    "sizes": _sizes,
    "industries": _table,
    "countries": _table,
    "territories": _table,
    "titles": _titles,
    "sources": _table,
    "touches": _table,
    "recency": _recency,
    "decay": _decay,
    "grades": _grades,
}


def _tables(rules: Rules) -> dict[str, Mapping[str, int]]:
    return {
        "industries": rules.industries,
        "countries": rules.countries,
        "territories": rules.territories,
        "sources": rules.sources,
        "touches": rules.touches,
    }


def _problems_of_points(rules: Rules) -> Iterator[Refused]:
    rows: dict[str, Iterable[int]] = {name: table.values() for name, table in _tables(rules).items()}
    rows |= {
        name: [row.points for row in of]
        for name, of in (("sizes", rules.sizes), ("titles", rules.titles), ("recency", rules.recency))
    }
    for name, all_points in rows.items():
        for points in all_points:
            if abs(points) > MOST_POINTS:
                yield Refused("scoring.problem.points", field=name, value=str(points), most=str(MOST_POINTS))


def _problems_of_names(rules: Rules) -> Iterator[Refused]:
    for name, table in _tables(rules).items():
        seen: set[str] = set()
        for key in table:
            folded = fold(key).strip()
            if not folded:
                yield Refused("scoring.problem.empty", field=name)
            elif folded in seen:
                yield Refused("scoring.problem.twice", field=name, value=key)
            seen.add(folded)
    for row in rules.titles:
        if not row.words or not all(map(_words, row.words)):
            yield Refused("scoring.problem.empty", field="titles")


def _problems_of_sizes(sizes: Sequence[Size]) -> Iterator[Refused]:
    for each in sizes:
        if each.least < 0 or (each.most is not None and each.most < each.least):
            yield Refused("scoring.problem.size", field="sizes", value=str(each))
    for one, other in pairwise(sorted(sizes, key=lambda each: each.least)):
        if one.most is None or other.least <= one.most:
            yield Refused("scoring.problem.overlap", field="sizes", one=str(one), other=str(other))


def _problems_of_recency(recency: Sequence[Recent]) -> Iterator[Refused]:
    """The longer ago, the fewer points, and never less than none: a score does not rise because nobody called."""
    rows = sorted(recency, key=lambda each: each.days)
    is_falling = all(one.days < other.days and one.points > other.points for one, other in pairwise(rows))
    if not is_falling or any(row.days < 1 or row.points < 0 for row in rows):
        yield Refused("scoring.problem.recency", field="recency")


def _problems_of_decay(decay: Decimal) -> Iterator[Refused]:
    if not decay.is_finite() or not 0 <= decay <= 1 or decay != round(decay, FINEST_DECAY):
        yield Refused("scoring.problem.decay", field="decay", value=str(decay), places=str(FINEST_DECAY))


def _problems_of_grades(grades: Bounds) -> Iterator[Refused]:
    if not WHOLE >= grades.a > grades.b > grades.c > 0:
        bounds = {"a": str(grades.a), "b": str(grades.b), "c": str(grades.c)}
        yield Refused("scoring.problem.grades", field="grades", **bounds)


_HELPERS = ("assistant", "intern", "trainee", "student", "ассистент", "помощник", "стажер", "студент", "секретарь")
_PRODUCT_OWNERS = ("product owner", "владелец продукта")
_CHIEFS = (
    *("chief", "ceo", "cto", "cfo", "coo", "cio", "cmo", "cro", "president", "vp", "svp", "evp", "founder", "owner"),
    *("managing director", "general manager", "президент", "основатель", "владелец", "собственник", "гендиректор"),
    *("генеральный директор", "исполнительный директор", "коммерческий директор", "финансовый директор"),
)
_HEADS = ("head", "director", "руководитель", "директор", "начальник")
_MANAGERS = ("manager", "lead", "менеджер", "управляющий")

STANDARD = Rules(
    sizes=(Size(1, 10, 5), Size(11, 50, 10), Size(51, 200, 15), Size(201, None, 20)),
    titles=(
        Title(_HELPERS, -5),
        Title(_PRODUCT_OWNERS, 5),
        Title(_CHIEFS, 20),
        Title(_HEADS, 15),
        Title(_MANAGERS, 5),
    ),
    sources={
        "referral": 30,
        "customer": 25,
        "partner": 25,
        "website": 20,
        "webinar": 20,
        "event": 15,
        "whitepaper": 10,
        "ads": 10,
        "newsletter": 5,
        "social": 5,
        "outbound": 0,
        "import": 0,
        "unknown": 0,
    },
    touches={
        "demo": 25,
        "meeting": 20,
        "call.connected": 15,
        "call.callback": 10,
        "call.wrong-number": -10,
        "call": 0,
        "email": 2,
        "social": 2,
        "note": 0,
        "intel": 0,
    },
    recency=(Recent(2, 5),),
)
"""What holds until a workspace edits it. Which industries and places fit is for the workspace to say: none are worth
more than others until it does.
"""
