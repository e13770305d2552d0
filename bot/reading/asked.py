"""A line that is asked back, for the commands that answer with a text and a corrected line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is asked back: the code under which the noun's catalogue says it, and what its words name."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A line that needs another look.

    `understood` is what was understood, written the way it is typed, or None; `example` is a line behind the command
    that would do, in plain text.
    """

    understood: str | None
    problem: Problem
    example: str
