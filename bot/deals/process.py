"""A workspace's sales process: what its stages are called and ask for, and why deals are lost. Pure.

Codes and their order are the product's; names, points and further reasons are the workspace's. What it leaves as it is
has its words in the catalogues.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.deals.states import KEPT, LOST_REASONS, Stage
from bot.deals.vocabulary import REASONS, STAGES, Verb
from bot.errors import Refused
from bot.reading.text import read_line
from bot.words import LANGUAGES, OwnWords, Words, words_for
from bot.workspace.checklists import Question, as_json, from_json
from bot.workspace.rules import Settings

POINTS = ("first", "second", "third")
"""The codes of the standard points of every stage."""

Names = Mapping[str, str]
"""An own name by language; without one in a language the product's holds there."""

_QUOTES = re.compile(r'["«»“”„]')


@dataclass(frozen=True, slots=True)
class Process:
    """What a workspace has made of the standard process; empty, it is that one.

    `checks` are the checklists that differ from the standard ones, `names` those of stages and `reason_names` those of
    standard reasons. `hidden` reasons are not offered, but deals that have one go on saying it. `used` is the number of
    the next own point of a stage, or of the next own reason (under `reasons`), for a code is never used again.
    """

    names: Mapping[Stage, Names] = field(default_factory=dict)
    checks: Mapping[Stage, tuple[Question, ...]] = field(default_factory=dict)
    reason_names: Mapping[str, Names] = field(default_factory=dict)
    own_reasons: tuple[Question, ...] = ()
    hidden: frozenset[str] = frozenset()
    used: Mapping[str, int] = field(default_factory=dict)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons that are offered: the standard ones, own ones before the last two."""
        standard = [each for each in LOST_REASONS if each not in KEPT and each not in self.hidden]
        own = [each.code for each in self.own_reasons if each.code not in self.hidden]
        return (*standard, *own, *(each for each in LOST_REASONS if each in KEPT))

    def points(self, stage: Stage) -> tuple[Question, ...]:
        """What a stage asks for."""
        return self.checks.get(stage, tuple(map(Question, POINTS)))

    def worded(self, words: Words) -> Words:
        """The same language with this workspace's names in it."""
        own = dict(self._own_texts(words.language))
        return OwnWords(words, own) if own else words

    def _own_texts(self, language: str) -> Iterator[tuple[str, str]]:
        for stage, names in self.names.items():
            if names.get(language):
                yield from ((f"deals.stage.{stage}", names[language]), (f"deals.check.title.{stage}", names[language]))
        for reason, names in self.reason_names.items():
            if names.get(language):
                yield f"deals.reason.{reason}", names[language]
        yield from ((f"deals.reason.{each.code}", each.said(language)) for each in self.own_reasons)

    @property
    def stage_phrases(self) -> dict[str, Stage]:
        """What people type for a stage: the standard words, and this workspace's."""
        return {**STAGES, **self.own_stage_phrases}

    @property
    def own_stage_phrases(self) -> dict[str, Stage]:
        """What this workspace calls its stages."""
        return {phrase_of(name): stage for stage, names in self.names.items() for name in names.values()}

    @property
    def verb_phrases(self) -> dict[str, Verb]:
        """What people type for the two ends, in this workspace's words."""
        ends = {stage: names for stage, names in self.names.items() if stage in {Stage.WON, Stage.LOST}}
        return {phrase_of(name): Verb(stage.value) for stage, names in ends.items() for name in names.values()}

    @property
    def reason_phrases(self) -> dict[str, str]:
        """What people type for a reason that is offered."""
        standard = {phrase: code for phrase, code in REASONS.items() if code not in self.hidden}
        own = {phrase: code for phrase, code in self._own_reason_phrases() if code not in self.hidden}
        return {**standard, **own}

    def reason_of(self, text: str) -> str | None:
        """The reason that a code or a name means, be it offered or not."""
        phrases = {**REASONS, **dict(self._own_reason_phrases()), **{each.code: each.code for each in self.own_reasons}}
        return text.casefold() if text.casefold() in LOST_REASONS else phrases.get(phrase_of(text))

    def written(self, code: str) -> str:
        """A reason for a list, as `reason_of` reads it: its code, of an own one what it is called."""
        return next((each.text for each in self.own_reasons if each.code == code), code)

    def _own_reason_phrases(self) -> Iterator[tuple[str, str]]:
        for reason, names in self.reason_names.items():
            yield from ((phrase_of(name), reason) for name in names.values())
        for each in self.own_reasons:
            yield from ((phrase_of(name), each.code) for name in (each.text, each.russian) if name)

    def to_json(self) -> dict[str, Any]:
        """As it is stored; what is standard is left out."""
        stages = {stage: dict(names) for stage, names in self.names.items() if names}
        checks = {stage: as_json(points) for stage, points in self.checks.items()}
        names = {reason: dict(names) for reason, names in self.reason_names.items() if names}
        parts = {"stages": stages, "checks": checks, "reasons": names, "own_reasons": as_json(self.own_reasons)}
        parts |= {"hidden": sorted(self.hidden), "used": dict(self.used)}
        return {str(name): part for name, part in parts.items() if part}


def process_in(settings: Settings) -> Process:
    """The process of a workspace."""
    return process_of(settings.sales_process)


def process_of(value: Any) -> Process:
    """The process that `to_json` made this of. What cannot be read counts as standard, so that no card is missing."""
    try:
        found = dict(value or {})
        return Process(
            names={Stage(code): names for code, names in found.get("stages", {}).items() if names},
            checks={Stage(code): from_json(points) for code, points in found.get("checks", {}).items()},
            reason_names={code: names for code, names in found.get("reasons", {}).items() if names},
            own_reasons=from_json(found.get("own_reasons", ())),
            hidden=frozenset(found.get("hidden", ())) - KEPT,
            used=found.get("used", {}),
        )
    except (TypeError, ValueError, AttributeError):
        return Process()


def phrase_of(name: str) -> str:
    """A name as a line of `/deal` has it: without quotes and signs."""
    return " ".join(token.plain for token in read_line(_QUOTES.sub(" ", name)).tokens if token.plain)


def point_said(words: Words, stage: Stage, point: Question) -> str:
    """A point in a language: its own words, or the product's."""
    return point.said(words.language) if point.text else words(f"deals.check.{stage}.{point.code}")


def standard_points(stage: Stage) -> tuple[Question, ...]:
    """The standard points of a stage in both languages, for a form to begin with."""
    english, russian = (words_for(language) for language in LANGUAGES)
    keys = {code: f"deals.check.{stage}.{code}" for code in POINTS}
    return tuple(Question(code, english(key), russian(key)) for code, key in keys.items())


def check(process: Process) -> Process:
    """Let a process pass in which every name means one thing: two people may have made nonsense of it together.

    Raises:
        Refused: `deals.process.problem.twice` with the name.
    """
    reasons = {phrase: code for phrase, code in REASONS.items() if code not in process.hidden}
    shown = [code for code in LOST_REASONS if code not in process.hidden]
    _check_names(_named(process.names), {**STAGES, **_usual("stage", Stage)})
    own = {each.code: {"en": each.text, "ru": each.russian} for each in process.own_reasons}
    named = [each for each in _named({**process.reason_names, **own}) if each[0] not in process.hidden]
    _check_names(named, {**reasons, **_usual("reason", shown)})
    return process


def _check_names(named: Iterable[tuple[str, str]], standard: Mapping[str, str]) -> None:
    said: dict[str, str] = {}
    for code, name in named:
        phrase = phrase_of(name)
        if said.setdefault(phrase, code) != code or standard.get(phrase, code) != code:
            raise Refused("deals.process.problem.twice", name=name)


def _usual(family: str, codes: Iterable[str]) -> dict[str, str]:
    """What the product calls each, in either language."""
    return {phrase_of(words_for(language)(f"deals.{family}.{code}")): code for code in codes for language in LANGUAGES}


def _named(several: Mapping[Any, Names]) -> list[tuple[str, str]]:
    return [(str(code), name) for code, names in several.items() for name in names.values() if name]
