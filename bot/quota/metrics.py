"""What targets are set for: the standard metrics, and those that a workspace adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from bot.figures.exact import in_coins
from bot.money import Money
from bot.reading.text import fold

_MOST_WORDS = 4


class Unit(StrEnum):
    """What a metric is counted in, in whole numbers: minor units of the workspace's currency, or a count."""

    MONEY = "money"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric by its code: `revenue`, or the name that a workspace gave its own."""

    code: str
    unit: Unit = Unit.COUNT

    @property
    def least(self) -> int:
        """What a target in parts is at least where it is anything: one, of what is counted."""
        return 1 if self.unit is Unit.COUNT else 0

    def money(self, value: Fraction | int, currency: str) -> Money | None:
        """A value, or what is made of one, as money; None of what is counted."""
        return in_coins(value, currency) if self.unit is Unit.MONEY else None


REVENUE = Metric("revenue", Unit.MONEY)
DEALS = Metric("deals")
MEETINGS = Metric("meetings")
"""Logged meetings and demos."""
SQLS = Metric("sqls")
"""Leads that were re-qualified."""
CALLS = Metric("calls")
RENEWALS = Metric("renewals")
"""How many; their value is shown beside."""

STANDARD = (REVENUE, DEALS, MEETINGS, SQLS, CALLS, RENEWALS)

_WORDS = {
    REVENUE: "revenue|revenues|rev|sales|bookings|выручка|выручку|выручке|выручки|продажи|оборот",
    DEALS: "deals|deal|wins|won deals|сделки|сделок|сделка|сделкам|выигранные сделки",
    MEETINGS: "meetings|meeting|mtgs|demos|встречи|встреч|встреча|встречам|демо",
    SQLS: "sqls|sql|requalified|requalified leads|re-qualified|re-qualified leads|qualified leads"
    "|подтвержденные лиды|подтвержденных лидов|квалифицированные лиды|квалифицированных лидов",
    CALLS: "calls|call|dials|звонки|звонков|звонка|звонок|звонкам",
    RENEWALS: "renewals|renewal|renewed|продления|продлений|продление|продлениям",
}
_BY_WORD = {tuple(words.split()): metric for metric, line in _WORDS.items() for words in line.split("|")}

SINGLE = tuple(sorted({word for name in _BY_WORD if len(name) == 1 for word in name}))
"""The names of one word, to tell slips by."""


def by_code(code: str) -> Metric:
    """The metric of a code; one that is no standard metric is counted."""
    return next((metric for metric in STANDARD if metric.code == code), Metric(code))


class Named(NamedTuple):
    """A metric, and how many words named it."""

    used: int
    metric: Metric


def read_metric(words: Sequence[str], at: int = 0, own: Mapping[str, Metric] | None = None) -> Named | None:
    """The metric that folded words name from a place on, the longest name first; None if they name none.

    Args:
        words: folded (`bot.reading.text.fold`); "" is a word that must not be read.
        at: the place of the first one.
        own: the workspace's own metrics by the names that it gave them.
    """
    names = {**{tuple(fold(name).split()): metric for name, metric in (own or {}).items()}, **_BY_WORD}
    longest = max([_MOST_WORDS, *map(len, names)])
    for used in range(min(longest, len(words) - at), 0, -1):
        metric = names.get(tuple(words[at : at + used]))
        if metric:
            return Named(used, metric)
    return None
