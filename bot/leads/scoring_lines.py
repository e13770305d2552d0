"""The rules of the score as lines that people type, a rule a line, and back: `webinar 20`, `51-200 15`, `head, ceo 15`.

Pure. What is written here is read as what it was made of; what cannot be read is quoted with a line that would do.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from babel.core import Locale

from bot.activity.vocabulary import STANDARD as ACTIVITY
from bot.errors import Refused
from bot.leads import writing
from bot.leads.headcount import MOST_EMPLOYEES
from bot.leads.scoring_rules import FINEST_DECAY, MOST_POINTS, Recent, Rules, Size, Title
from bot.leads.vocabulary import SOURCES
from bot.reading.numbers import whole
from bot.reading.phrases import close_to
from bot.reading.text import fold, keyed, storable
from bot.workspace.places import territory_of

LONGEST = 3000
"""Characters of a table: as many as a field of Slack's takes (docs.slack.dev, plain-text input)."""

LONGEST_NAME = 80
LONGEST_AGO = 365
"""Days within which a last touch can still count."""

SHOWN = 80
"""Characters of a line that are quoted."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"))
_UNIT = r"(?:\s*(?:points?|pts?|балл\w*|очк\w*)\.?)?"
_LINE = re.compile(rf"(?P<name>.*?)(?:\s*[:=→|;]\s*|,\s+|\s+)(?P<sign>[+-]?)(?P<gap>\s*)(?P<digits>\d+){_UNIT}")
_PART_OF_A_POINT = re.compile(rf".*\s[+-]?(?P<whole>\d+)[.,]\d+{_UNIT}")
_POINTS_ALONE = re.compile(rf"[+-]?\s*(?P<digits>\d+){_UNIT}")
_POINTS_FIRST = re.compile(rf"(?P<points>[+-]?\d+){_UNIT}[\s:;|=]+(?P<name>\D.*)")
_COUNT = r"\d{1,3}(?:[ .,]\d{3})+|\d+"
_STAFF = r"(?:\s*(?:employees|people|staff|сотр\w*|чел\w*)\.?)?"
_SIZE = re.compile(
    rf"(?:from |от |с )?(?P<least>{_COUNT})(?:\s?(?:-|\.\.|…|to|до|по)\s?(?P<most>{_COUNT})|\s?(?P<more>\+)){_STAFF}"
)
_SIZE_FROM = re.compile(rf"(?:from|от|с|>=|≥)\s?(?P<least>{_COUNT}){_STAFF}")
_SIZE_TO = re.compile(rf"(?:up to|to|до|<=|≤)\s?(?P<most>{_COUNT}){_STAFF}")
_AGO = re.compile(
    r"(?:(?:within|in|less than|under|за|до|меньше|менее|<)\s?)?(?P<n>\d+)\s?"
    r"(?P<unit>d|days?|д|дн\w*|день|сут\w*|w|weeks?|н|нед\w*)?\.?"
)
_WEEK = 7
_PERCENT = re.compile(r"(?P<number>\d{1,3}(?:[.,]\d+)?)\s*(?P<sign>%|percent|per cent|проц\w*)?")
_EDGES = " \t:=→|;,-"
_LONE_PLUS = re.compile(r"[ \t:=→|;,]\+$")
"""What would be taken for the sign of the points that follow."""
_QUOTES = (("“", "”"), ("„", "“"), ("«", "»"), ('"', '"'))


class Reading(NamedTuple):
    """What a table says, and what is wrong with its lines: `scoring.line.WHAT`, with the line and one that would do."""

    value: Any
    problems: tuple[Refused, ...] = ()


def read(part: str, text: str, language: str) -> Reading:
    """Read the lines of one part of the rules (a name of `Rules`, other than `decay` and `grades`)."""
    rows, problems = [], []
    for line in _lines(text):
        try:
            rows.append((line, *_ROWS[part](line, language)))
        except Refused as problem:
            problems.append(_that_would_do(part, problem, language))
    if len(text) > LONGEST:
        problems.append(Refused("scoring.line.table_long", length=str(len(text)), most=str(LONGEST)))
    value, more = _GATHERED[part](rows, language)
    return Reading(value, (*problems, *more))


def _that_would_do(part: str, problem: Refused, language: str) -> Refused:
    """The problem with an example in which nothing else is wrong either."""
    try:
        _ROWS[part](str(problem.params["example"]), language)
    except Refused as other:
        return Refused(problem.key, **{**problem.params, "example": other.params["example"]})
    return problem


def written(part: str, rules: Rules, language: str) -> str:
    """One part of the rules as those lines, in the words of a language."""
    text = "\n".join(rows(part, rules, language))
    is_long = part == "countries" and len(text) > LONGEST
    return "\n".join(_line(code, points) for code, points in rules.countries.items()) if is_long else text


def rows(part: str, rules: Rules, language: str) -> list[str]:
    """The same, line by line."""
    return [_line(name, points) for name, points in named(part, rules, language)]


def named(part: str, rules: Rules, language: str) -> list[tuple[str, int]]:
    """What each row of a part is called in a language, and what it is worth."""
    if part == "sizes":
        return [(str(each).replace("–", "-"), each.points) for each in rules.sizes]
    if part == "titles":
        return [(", ".join(each.words), each.points) for each in rules.titles]
    if part == "recency":
        return [(days(each.days, language), each.points) for each in rules.recency]
    table: Mapping[str, int] = getattr(rules, part)
    return [(_NAMES[part](name, language) if part in _NAMES else name, points) for name, points in table.items()]


def read_decay(text: str) -> Decimal | None:
    """What a week leaves, in percent (`90`, `90 %`, `91,25 %`) or as a part (`0.9`); None for anything else.

    A bare 1 may be either, and is neither.
    """
    found = _PERCENT.fullmatch(storable(text).lower())
    if found is None:
        return None
    number = Decimal(found["number"].replace(",", "."))
    if not found["sign"] and number == 1:
        return None
    part = number if not found["sign"] and number < 1 else number / 100
    is_fine = part <= 1 and part == round(part, FINEST_DECAY)
    return part.normalize() + Decimal(0) if is_fine else None


def percent(part: Decimal, language: str) -> str:
    """`90 %`, `91,25 %`: a part in percent, as `read_decay` reads it."""
    number = f"{(part * 100).normalize() + Decimal(0):f}"
    return f"{number.replace('.', ',') if language == 'ru' else number} %"


def days(n: int, language: str) -> str:
    """`2 days`."""
    return f"{n} {_DAYS[language][Locale.parse(language).plural_form(n)]}"


_DAYS = {
    "en": {"one": "day", "other": "days"},
    "ru": {"one": "день", "few": "дня", "many": "дней", "other": "дней"},
}


def country(code: str, language: str) -> str:
    """A country as it is typed: by its name, one with a region by its code."""
    name = Locale.parse(language).territories.get(code)
    return name if name and territory_of(name) == code else code


def touch(code: str, language: str) -> str:
    """`call connected`."""
    kind, _, outcome = code.partition(".")
    said = ACTIVITY.kind(kind).written(language)
    return f"{said} {ACTIVITY.outcome(outcome).written(language)}" if outcome else said


_NAMES: Mapping[str, Callable[[str, str], str]] = {"countries": country, "sources": writing.word, "touches": touch}


def _line(name: str, points: int) -> str:
    return f"{name} {points}"


def _lines(text: str) -> Iterable[str]:
    for line in text.splitlines():
        if shown := " ".join(storable(line).split()):
            yield shown


def _wrong(code: str, line: str, example: str, **more: str) -> Refused:
    cut = line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
    return Refused(f"scoring.line.{code}", line=cut, example=example, **more)


def _split(line: str, sample: str) -> tuple[str, int]:
    """What stands in front of the points, and they."""
    plain = line.translate(_DASHES)
    if found := _POINTS_ALONE.fullmatch(plain):
        raise _wrong("name_missing", line, _line(sample, min(whole(found["digits"]), MOST_POINTS)))
    if found := _PART_OF_A_POINT.fullmatch(plain):
        raise _wrong("points_whole", line, f"{line[: found.start('whole')]}{found['whole']}")
    found = _LINE.fullmatch(plain)
    name = _cleaned(line[: found.end("name")]) if found else ""
    if found is None or not name:
        raise _wrong("points_missing", line, _with_points(line, plain))
    points = whole(found["digits"])
    if found["sign"] and found["gap"]:
        raise _wrong("points_sign", line, _line(name, min(points, MOST_POINTS)))
    if points > MOST_POINTS:
        raise _wrong("points_range", line, _line(name, MOST_POINTS), most=str(MOST_POINTS))
    return name, -points if found["sign"] == "-" else points


def _with_points(line: str, plain: str) -> str:
    if found := _POINTS_FIRST.fullmatch(plain):
        points = max(-MOST_POINTS, min(MOST_POINTS, int(found["points"])))
        return _line(_cleaned(line[found.start("name") :]), points)
    return _line(_cleaned(line) or line, 10)


def _cleaned(name: str) -> str:
    """A name without what parts it from the points, and without its quotes."""
    before = None
    while before != name:
        before, name = name, _LONE_PLUS.sub("", name.rstrip(_EDGES)).lstrip(" \t:=→|;,")
        for opening, closing in _QUOTES:
            if len(name) > 1 and name[0] == opening and name[-1] == closing and opening not in name[1:-1]:
                name = name[1:-1].strip()
    return name


def _size(line: str, _language: str) -> tuple[tuple[int, int | None], int]:
    plain = line.translate(_DASHES).lower()
    try:
        name, points = _split(line, "201+")
    except Refused as problem:
        raise _wrong("points_missing", line, _line(line, 10)) if _ends(plain) else problem from None
    least, most = _ends(name.translate(_DASHES).lower()) or (-1, None)
    is_reversed = most is not None and most < least
    if least < 0 or is_reversed or max(least, most or 0) > MOST_EMPLOYEES:
        digits = re.sub(r"\D", "", name)
        bare = f"{whole(digits)}+" if digits and whole(digits) <= MOST_EMPLOYEES else "51-200"
        raise _wrong("size", line, _line(f"{most}-{least}" if is_reversed else bare, points))
    return (least, most), points


def _ends(text: str) -> tuple[int, int | None] | None:
    if found := _SIZE.fullmatch(text):
        return _count(found["least"]), _count(found["most"]) if found["most"] else None
    if found := _SIZE_FROM.fullmatch(text):
        return _count(found["least"]), None
    if found := _SIZE_TO.fullmatch(text):
        return 0, _count(found["most"])
    return None


def _count(digits: str) -> int:
    return whole(re.sub(r"\D", "", digits))


def _named(line: str, language: str) -> tuple[str, int]:
    sample = "SaaS" if language == "en" else "Розница"
    name, points = _split(line, sample)
    if not fold(name).strip():
        raise _wrong("name_missing", line, _line(sample, points))
    if len(name) > LONGEST_NAME:
        raise _wrong("name_long", line, _line(_cleaned(name[:LONGEST_NAME]), points), most=str(LONGEST_NAME))
    return name, points


def _country(line: str, language: str) -> tuple[str, int]:
    sample = country("DE", language)
    name, points = _split(line, sample)
    code = territory_of(name)
    if code is None:
        raise _wrong("country", line, _line(sample, points), name=name[:SHOWN])
    return code, points


def _source(line: str, language: str) -> tuple[str, int]:
    sample = writing.word("webinar", language)
    name, points = _split(line, sample)
    source = SOURCES.get(keyed(name))
    if source is None:
        close = close_to(keyed(name), SOURCES)
        meant = writing.word(SOURCES[close], language) if close else sample
        raise _wrong("source", line, _line(meant, points), name=name[:SHOWN])
    return source.value, points


def _touch(line: str, language: str) -> tuple[str, int]:
    name, points = _split(line, touch("call.connected", language))
    words = keyed(re.sub(r"[,:·]", " ", name)).split()
    kinds, outcomes = ACTIVITY.kind_phrases.meaning, ACTIVITY.outcome_phrases.meaning
    for at in range(len(words), 0, -1):
        kind, rest = kinds.get(" ".join(words[:at])), " ".join(words[at:])
        if kind and (not rest or rest in outcomes):
            return f"{kind}.{outcomes[rest]}" if rest else kind, points
    raise _wrong("touch", line, _line(touch(_likely(words), language), points), name=name[:SHOWN])


def _likely(words: Sequence[str]) -> str:
    """What an activity may have meant of which not all is understood."""
    kinds = ACTIVITY.kind_phrases.meaning
    at = next((at for at in range(len(words), 0, -1) if " ".join(words[:at]) in kinds), None)
    if at is None:
        return "call.connected"
    kind, outcome = kinds[" ".join(words[:at])], ACTIVITY.sounds_like(" ".join(words[at:]))
    return f"{kind}.{outcome}" if outcome else kind


def _title(line: str, language: str) -> tuple[tuple[str, ...], int]:
    sample = "head, director" if language == "en" else "руководитель, директор"
    name, points = _split(line, sample)
    words = tuple(dict.fromkeys(filter(None, (_cleaned(each) for each in name.split(",")))))
    if not words or not all(any(map(str.isalnum, fold(word))) for word in words):
        raise _wrong("name_missing", line, _line(sample, points))
    if long := next((word for word in words if len(word) > LONGEST_NAME), None):
        raise _wrong("name_long", line, _line(_cleaned(long[:LONGEST_NAME]), points), most=str(LONGEST_NAME))
    return words, points


def _recent(line: str, language: str) -> tuple[int, int]:
    if found := _AGO.fullmatch(line.lower()):
        raise _wrong("points_missing", line, _line(days(max(1, min(int(found["n"]), LONGEST_AGO)), language), 5))
    name, points = _split(line, days(2, language))
    found = _AGO.fullmatch(name.lower())
    ago = whole(found["n"]) * (_WEEK if (found["unit"] or "")[:1] in ("w", "н") else 1) if found else 0
    if not 1 <= ago <= LONGEST_AGO:
        raise _wrong("days", line, _line(days(2, language), max(0, points)), most=str(LONGEST_AGO))
    if points < 0:
        raise _wrong("recency_negative", line, _line(days(ago, language), -points))
    return ago, points


_ROWS: Mapping[str, Callable[[str, str], tuple[Any, int]]] = {
    "sizes": _size,
    "industries": _named,
    "countries": _country,
    "territories": _named,
    "titles": _title,
    "sources": _source,
    "touches": _touch,
    "recency": _recent,
}

_Rows = Sequence[tuple[str, Any, int]]


def _table(rows: _Rows, _language: str) -> tuple[Any, list[Refused]]:
    found: dict[str, int] = {}
    first: dict[str, str] = {}
    problems = []
    for line, name, points in rows:
        key = fold(name).strip()
        if key in first:
            problems.append(_wrong("twice", line, first[key]))
        else:
            found[name], first[key] = points, line
    return found, problems


def _sizes(rows: _Rows, _language: str) -> tuple[Any, list[Refused]]:
    sizes: list[Size] = []
    problems = []
    for line, (least, most), points in rows:
        other = next((each for each in sizes if _overlap(each, least, most)), None)
        if other:
            problems.append(_wrong("overlap", line, _apart(other, least, most, points), other=str(other)))
        sizes.append(Size(least, most, points))
    return tuple(sizes), problems


def _overlap(size: Size, least: int, most: int | None) -> bool:
    return (most is None or size.least <= most) and (size.most is None or least <= size.most)


def _apart(other: Size, least: int, most: int | None, points: int) -> str:
    """The line with ends beside those of the other one, on whichever side there is room."""
    if other.most is not None and (most is None or most > other.most):
        end = "+" if most is None else f"-{most}"
        return _line(f"{other.most + 1}{end}", points)
    if least < other.least:
        return _line(f"{least}-{other.least - 1}", points)
    return _line(str(other).replace("–", "-"), points)


def _titles(rows: _Rows, _language: str) -> tuple[Any, list[Refused]]:
    return tuple(Title(words, points) for _, words, points in rows), []


def _recency(rows: _Rows, language: str) -> tuple[Any, list[Refused]]:
    found = [Recent(ago, points) for _, ago, points in rows]
    problems = []
    for n, (line, ago, points) in enumerate(rows):
        for other in found[:n]:
            if ago == other.days:
                problems.append(_wrong("twice", line, _line(days(other.days, language), other.points)))
            elif (ago < other.days) == (points <= other.points):
                fixed = other.points + 1 if ago < other.days else max(0, other.points - 1)
                problems.append(_wrong("recency_order", line, _line(days(ago, language), fixed)))
            else:
                continue
            break
    return tuple(found), problems


_GATHERED: Mapping[str, Callable[[_Rows, str], tuple[Any, list[Refused]]]] = {
    **dict.fromkeys(("industries", "countries", "territories", "sources", "touches"), _table),
    "sizes": _sizes,
    "titles": _titles,
    "recency": _recency,
}
