"""What a line of `/quota` says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.quota.metrics import Metric
from bot.quota.periods import Period
from bot.quota.queries import Subject
from bot.quota.whose import Whose
from bot.reading.asked import Unclear
from bot.reading.text import words_of

ASKS = words_of(
    "line_long handle two_people two_whom two_amounts two_metrics two_periods amount_unread amount_part amount_coin "
    "negative negative_more currency not_money too_large verb_missing period_unread period_ambiguous day_missing "
    "day_unread day_impossible day_ambiguous day_ahead group_missing group_unknown group_none words_unknown two_verbs"
)
"""Every code that a problem may have: `quota.ask.CODE` in the catalogue."""


class Verb(StrEnum):
    """What a line asks for besides showing figures."""

    SET = "set"
    WHAT_IF = "what-if"
    SUGGEST = "suggest"
    FIGURES = "figures"
    STATEMENT = "statement"
    PLAN = "plan"
    DISPUTE = "dispute"


OF_PAY = frozenset({Verb.STATEMENT, Verb.PLAN, Verb.DISPUTE})
"""What is about pay, and read by whoever knows pay."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Where a line is typed: the workspace's day, currency, fiscal year, teams and territories; the person's language.

    `of_pay` are the verbs of pay that somebody listens to, `own` the workspace's own metrics by name.
    """

    today: date
    language: str = "en"
    currency: str = "USD"
    first_month: int = 1
    teams: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    of_pay: frozenset[Verb] = frozenset()
    own: Mapping[str, Metric] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Whom:
    """Who a line is about: a person by Slack id, a team or territory by its name; None in both: oneself, or of a team
    (`whose`) those who report to oneself.
    """

    whose: Whose = Whose.PERSON
    person: str | None = None
    name: str | None = None

    @property
    def subject(self) -> Subject | None:
        """Whose targets those are; None where that is for the reader to say."""
        if self.person:
            return Subject.person(self.person)
        return Subject.named(self.whose, self.name) if self.name else None


@dataclass(frozen=True, slots=True)
class Help:
    """`/quota help`."""


@dataclass(frozen=True, slots=True)
class Show:
    """Figures: of whom, perhaps of one metric or period alone, perhaps as of the end of a day."""

    whom: Whom = field(default_factory=Whom)
    metric: Metric | None = None
    period: Period | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """`set` without all that it needs: the form, with what was said; `typed` is an amount of nobody knows what yet."""

    whom: Whom = field(default_factory=Whom)
    metric: Metric | None = None
    value: int | None = None
    period: Period | None = None
    typed: str | None = None


@dataclass(frozen=True, slots=True)
class Set:
    """A target to set, in the metric's unit; a value of None takes it back. `grouped` is an amount whose lone mark was
    taken to group thousands, as typed.
    """

    whom: Whom
    metric: Metric
    period: Period
    value: int | None
    grouped: str | None = None


@dataclass(frozen=True, slots=True)
class WhichPeriod:
    """A target without its period, or with one that there is not (`text`), or that may be two: these are offered."""

    whom: Whom
    metric: Metric
    value: int | None
    text: str | None
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What it would be if so much more were achieved; None: the form."""

    metric: Metric
    more: int | None


@dataclass(frozen=True, slots=True)
class Suggest:
    """Targets proposed from the past, for whom and for which period (None: the next quarter)."""

    whom: Whom = field(default_factory=Whom)
    metric: Metric | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period (None: the running quarter): of whom, of what came from one source, of each source
    (`by_source`), or of the whole workspace (`is_whole`); perhaps as of the end of a day.
    """

    whom: Whom = field(default_factory=Whom)
    period: Period | None = None
    as_of: date | None = None
    source: str | None = None
    by_source: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class OfPay:
    """A verb of pay, with the rest of the line as Slack sends it."""

    verb: Verb
    rest: str


QuotaLine = Help | Show | Form | Set | WhichPeriod | WhatIf | Suggest | Figures | OfPay | Unclear
