"""The checklists of qualification: the trade's two usual ones, and a workspace's own questions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from rapidfuzz import fuzz

from bot.errors import Refused

CHECKLISTS: Mapping[str, tuple[str, ...]] = {
    "bant": ("budget", "authority", "need", "timing"),
    "meddic": ("metrics", "buyer", "criteria", "process", "pain", "champion"),
}
"""What is asked to qualify a lead (the trade's two usual checklists), by code."""

OWN = "own"
"""The checklist that a workspace writes itself."""

CHOICES = (*CHECKLISTS, OWN)

MOST = 8
LONGEST = 120
"""Characters of a question."""

ALIKE = 60
"""Percent of likeness (rapidfuzz) from which on a changed line is the same question in other words."""

Line = tuple[str, str, bool]

REQUIRED, OTHERWISE = "*", "|"
"""In front of a question whose answer is required; between its wording and the Russian one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Those of the usual checklists have their words in the catalogues; own ones bring theirs."""

    code: str
    text: str = ""
    russian: str = ""
    is_required: bool = False

    @property
    def line(self) -> str:
        """As one writes it."""
        said = f"{self.text} {OTHERWISE} {self.russian}" if self.russian else self.text
        return f"{REQUIRED} {said}" if self.is_required else said

    def said(self, language: str) -> str:
        """An own question in a language, if it has words of its own for that."""
        return self.russian if language == "ru" and self.russian else self.text


def usual(checklist: str) -> tuple[Question, ...]:
    """The questions of one of the trade's checklists."""
    return tuple(Question(code) for code in CHECKLISTS.get(checklist, ()))


def as_json(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Questions as they are stored: with a hand-off, so that it goes on showing what was asked."""
    return [
        {
            "code": each.code,
            **({"text": each.text} if each.text else {}),
            **({"russian": each.russian} if each.russian else {}),
            **({"is_required": True} if each.is_required else {}),
        }
        for each in questions
    ]


def from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions that `as_json` made this of."""
    return tuple(Question(**each) for each in stored)


def asked_then(stored: Sequence[Mapping[str, Any]] | None, answers: Collection[str]) -> tuple[Question, ...]:
    """The questions that are stored with a hand-off; of one from before they were, those of the usual checklist that
    its answers are of.
    """
    if stored is not None:
        return from_json(stored)
    return usual(next((name for name, codes in CHECKLISTS.items() if set(codes) & set(answers)), "bant"))


def read_questions(text: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """What operations wrote, one question a line, as it is stored: `{"next": 3, "asked": [{"code": "own1", …}]}`.

    A question whose words change a little keeps its code, and with it what is known; a code is never used for another.

    Args:
        text: the lines; `* What is in place? | Что стоит сейчас?` is required and has Russian words, too.
        before: what is stored.

    Raises:
        Refused: when a question is too long, stands there twice, or there are too many.
    """
    lines = lines_of(text)
    _check(lines)
    asked, number = coded(lines, list(from_json(before.get("asked", ()))), int(before.get("next", 1)))
    return {"next": number, "asked": as_json(asked)} if asked or before else {}


def lines_of(text: str) -> list[Line]:
    """The lines that say something: what they say, the same in Russian, and whether an answer is required."""
    return [found for line in text.splitlines() if (found := _line(line))[0]]


def coded(lines: Sequence[Line], known: list[Question], number: int) -> tuple[list[Question], int]:
    """Lines with the codes of the likest among those that are `known`, else with new ones from `number` on; and the
    next number.
    """
    codes = _codes(lines, known)
    found = []
    for n, (said, russian, is_required) in enumerate(lines):
        code = codes.get(n)
        if code is None:
            code, number = f"{OWN}{number}", number + 1
        found.append(Question(code, said, russian, is_required))
    return found, number


def written(stored: Mapping[str, Any]) -> str:
    """The lines that `read_questions` reads."""
    return "\n".join(each.line for each in from_json(stored.get("asked", ())))


def fingerprint(lines: str) -> str:
    """Short, and the same for the same questions however they are spaced: whether somebody has touched them."""
    said = "\n".join(" ".join(line.split()) for line in lines.splitlines() if line.strip())
    return sha256(said.encode()).hexdigest()[:16]


def _line(text: str) -> Line:
    said = " ".join(text.split())
    is_required = said.startswith(REQUIRED)
    parts = [part for each in said.split(OTHERWISE) if (part := each.strip(f" {REQUIRED}"))]
    first, second, *_ = (*parts, "", "")
    return first, second, is_required


def _check(lines: Sequence[Line]) -> None:
    if len(lines) > MOST:
        raise Refused("settings.problem.questions_many", most=MOST, n=len(lines))
    for said, russian, _ in lines:
        if max(len(said), len(russian)) > LONGEST:
            raise Refused("settings.problem.question_long", most=LONGEST, text=max(said, russian, key=len)[:40])
    twice = next((said for n, (said, *_) in enumerate(lines) if said in [each[0] for each in lines[:n]]), None)
    if twice:
        raise Refused("settings.problem.question_twice", text=twice[:40])


def _codes(lines: Sequence[Line], known: list[Question]) -> dict[int, str]:
    """Which of the known questions each line is: those in the same words first, then the likest."""
    found: dict[int, str] = {}
    alike = [(_likeness(line, each), n, each.code) for n, line in enumerate(lines) for each in known]
    for (likeness, _), n, code in sorted(alike, key=lambda each: each[0], reverse=True):
        if likeness >= ALIKE and n not in found and code not in found.values():
            found[n] = code
    return found


def _likeness(line: Line, question: Question) -> tuple[float, float]:
    """Percent: of the likest of the two wordings, and of both together."""
    first = fuzz.ratio(line[0].casefold(), question.text.casefold())
    second = fuzz.ratio(line[1].casefold(), question.russian.casefold()) if line[1] and question.russian else 0.0
    return max(first, second), first + second
