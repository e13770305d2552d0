"""What people read of figures. Plain values, each as of one moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.attainment.pages import When
from bot.deals.process import Process
from bot.performance.figures import Figures
from bot.quota.periods import Period
from bot.quota.said import Figures as Asked

STANDARD = Process()


@dataclass(frozen=True, slots=True)
class Card:
    """The figures of one subject in a period, and in the one before it."""

    now: Figures
    before: Figures


@dataclass(frozen=True, slots=True)
class Row:
    """One of several: a person by name, or a source by its code."""

    name: str
    card: Card


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """The figures that were asked for. `name` is None for the reader's own; `asked` has the period filled in.

    `rows` are those of its people or of the sources, where these were asked for one by one, and then there is no card;
    `people` is how many are in a group, `process` what the workspace calls its stages.
    """

    asked: Asked
    period: Period
    earlier: Period
    later: Period | None
    name: str | None
    when: When
    currency: str
    card: Card | None = None
    rows: Sequence[Row] = ()
    people: int | None = None
    process: Process = STANDARD
