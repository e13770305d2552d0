"""The forms of a workspace's sales process: what they hold, and the process that somebody makes of them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.deals import vocabulary as said
from bot.deals.process import POINTS, Names, Process, check, phrase_of, standard_points
from bot.deals.states import KEPT, LOST_REASONS, Stage
from bot.errors import Refused
from bot.reading.amounts import read_amount
from bot.reading.text import storable
from bot.reading.when import Look, read_day
from bot.words import LANGUAGES
from bot.workspace.checklists import OTHERWISE, Line, Question, coded, lines_of

LONGEST = 75
"""Characters of a name or a point: more than that no choice in Slack shows."""

MOST_POINTS = 10
MOST_OWN_REASONS = 15

REASONS = "reasons"
"""Where the numbers of own reasons are counted."""

NONE = "-"
"""A checklist that there is not; an empty field is the standard one."""

STAGE_FIELDS = (*LANGUAGES, "points")
REASON_FIELDS = ("names", "own")

_BULLET = re.compile(r"^\s*[•◦▪·\-–—]\s+", re.MULTILINE)
_COMMAND_WORDS = frozenset().union(
    *(said.CLOSE, said.STAGE, said.NEXT, said.OWNER, said.ALSO_OWNER, said.RENEWS, said.FOR, said.MONTHS),
    *(said.YEARS, said.AMOUNT, said.FILLERS, said.HELP, said.LIST, said.VERBS, said.ENDS),
)
_ANY_DAY = date(2026, 1, 1)

Problems = dict[str, Refused]
"""What is wrong, by field."""


def stage_fields(process: Process, stage: Stage) -> dict[str, str]:
    """What the form of a stage holds when it opens."""
    names = process.names.get(stage, {})
    points = "\n".join(each.line for each in _written(process, stage)) or NONE
    return {**{language: names.get(language, "") for language in LANGUAGES}, "points": points}


def read_stage(filled: Mapping[str, str], stage: Stage, process: Process) -> Process | Problems:
    """The process with what somebody filled in about one stage; an empty field is the standard again."""
    names = _names({language: filled[language] for language in LANGUAGES})
    problems = {field: problem for field, name in names.items() if (problem := _name_problem(name, stage))}
    lines = lines_of(_BULLET.sub("", filled["points"]))
    if problem := _points_problem(lines):
        problems["points"] = problem
    if problems:
        return problems
    points, number = coded(lines, _written(process, stage), process.used.get(stage, 1))
    found = tuple(_lean(each, stage) for each in points)
    checks = {each: several for each, several in process.checks.items() if each is not stage}
    if filled["points"].strip() in {*"-–—"}:
        checks[stage] = ()
    elif found and found != tuple(map(Question, POINTS)):
        checks[stage] = found
    wanted = replace(process, names={**process.names, stage: names}, checks=checks)
    if number > 1:
        wanted = replace(wanted, used={**process.used, stage.value: number})
    return _checked(wanted, {phrase_of(name): field for field, name in names.items()}, LANGUAGES[0])


def reason_fields(process: Process) -> dict[str, str]:
    """What the form of the reasons holds when it opens, besides those that are offered."""
    names = "\n".join(
        f"{code}: {each.get('en', '')} {OTHERWISE} {each.get('ru', '')}".rstrip(f" {OTHERWISE}")
        for code, each in process.reason_names.items()
        if each
    )
    own = (each.line for each in process.own_reasons if each.code not in process.hidden)
    return {"names": names, "own": "\n".join(own)}


def read_reasons(filled: Mapping[str, str], offered: Sequence[str], process: Process) -> Process | Problems:
    """The process with what somebody filled in about the reasons for a loss."""
    problems: Problems = {}
    names = _other_names(filled["names"], problems)
    lines = lines_of(_BULLET.sub("", filled["own"]))
    if len(lines) > MOST_OWN_REASONS:
        problems["own"] = Refused("deals.process.problem.reasons_many", most=MOST_OWN_REASONS, n=len(lines))
    for english, russian, _ in lines:
        if problem := _line_problem(english) or (russian and _line_problem(russian)) or None:
            problems.setdefault("own", problem)
    if problems:
        return problems
    own, number = coded(lines, _known_reasons(process, lines), process.used.get(REASONS, 1))
    stand = {each.code for each in own}
    gone = [each for each in process.own_reasons if each.code not in stand]
    wanted = replace(
        process,
        reason_names=names,
        own_reasons=(*(replace(each, is_required=False) for each in own), *gone),
        hidden=frozenset(LOST_REASONS) - KEPT - set(offered) | {each.code for each in gone},
    )
    if number > 1:
        wanted = replace(wanted, used={**process.used, REASONS: number})
    return _checked(wanted, {phrase_of(name): "names" for each in names.values() for name in each.values()}, "own")


def _known_reasons(process: Process, lines: Sequence[Line]) -> list[Question]:
    """Own reasons that a line may be another wording of; one that was taken away comes back in its own words only."""
    said = {line[0].casefold() for line in lines}
    return [each for each in process.own_reasons if each.code not in process.hidden or each.text.casefold() in said]


def _checked(wanted: Process, fields: Mapping[str, str], otherwise: str) -> Process | Problems:
    """The process, unless a name in it means two things; that stands under the field that has the name."""
    try:
        return check(wanted)
    except Refused as refused:
        return {fields.get(phrase_of(str(refused.params["name"])), otherwise): refused}


def _written(process: Process, stage: Stage) -> list[Question]:
    """The points of a stage with all their words."""
    standard = {each.code: each for each in standard_points(stage)}
    return [each if each.text else standard[each.code] for each in process.points(stage)]


def _lean(point: Question, stage: Stage) -> Question:
    """A point without the words that are the product's own."""
    usual = next((each for each in standard_points(stage) if each.code == point.code), None)
    is_usual = usual is not None and usual.text == point.text and point.russian in {"", usual.russian}
    return Question(point.code) if is_usual else replace(point, is_required=False)


def _names(filled: Mapping[str, str]) -> Names:
    tidy = {language: " ".join(storable(text).split()) for language, text in filled.items()}
    return {language: name for language, name in tidy.items() if name}


def _name_problem(name: str, stage: Stage) -> Refused | None:
    phrase = phrase_of(name)
    if said.STAGES.get(phrase) is stage:
        return None
    words = phrase.split()
    day = read_day(words, 0, _ANY_DAY, Look.AHEAD) if words else None
    if phrase in _COMMAND_WORDS or (day and day.used == len(words)):
        return Refused("deals.process.problem.word", name=name)
    return _line_problem(name)


def _line_problem(name: str) -> Refused | None:
    if len(name) > LONGEST:
        return Refused("deals.process.problem.long", most=LONGEST, n=len(name))
    words = phrase_of(name).split()
    amount = read_amount(words, 0) if words else None
    if not any(map(str.isalpha, name)) or (amount and amount.used == len(words)):
        return Refused("deals.process.problem.number", name=name)
    return None


def _points_problem(lines: Sequence[Line]) -> Refused | None:
    if len(lines) > MOST_POINTS:
        return Refused("deals.process.problem.points_many", most=MOST_POINTS, n=len(lines))
    longest = max((text for line in lines for text in line[:2]), key=len, default="")
    if len(longest) > LONGEST:
        return Refused("deals.process.problem.point_long", most=LONGEST, n=len(longest), text=longest[:40])
    texts = [line[0].casefold() for line in lines]
    twice = next((line[0] for n, line in enumerate(lines) if texts[n] in texts[:n]), None)
    return Refused("deals.process.problem.point_twice", text=twice[:40]) if twice else None


def _other_names(text: str, problems: Problems) -> dict[str, Names]:
    """`price: Too expensive | Слишком дорого`, one a line."""
    found: dict[str, Names] = {}
    for line in filter(str.strip, text.splitlines()):
        code, _, rest = line.partition(":")
        code = code.strip().casefold()
        english, _, russian = rest.partition(OTHERWISE)
        if code not in LOST_REASONS:
            shown = line.strip()[:40]
            problems["names"] = Refused("deals.process.problem.code", text=shown, codes=", ".join(LOST_REASONS))
            return {}
        found[code] = _names({"en": english, "ru": russian})
        for name in found[code].values():
            if problem := _line_problem(name):
                problems.setdefault("names", problem)
    return {code: names for code, names in found.items() if names}
