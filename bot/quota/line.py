"""Reads a line of `/quota`: what somebody typed, as something to show or to set, or a question. Pure and total."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.money import Money
from bot.quota import writing
from bot.quota.clauses import Found, Scanner, only_day
from bot.quota.metrics import REVENUE, Metric, Unit
from bot.quota.periods import Kind, Period, following, period_of, quarter
from bot.quota.said import (
    OF_PAY,
    Asking,
    Figures,
    Form,
    Help,
    OfPay,
    QuotaLine,
    Set,
    Show,
    Suggest,
    Verb,
    WhatIf,
    WhichPeriod,
    Whom,
)
from bot.quota.vocabulary import HELP
from bot.quota.whose import Whose
from bot.reading.amounts import Amount, fits
from bot.reading.asked import Problem, Unclear
from bot.reading.phrases import phrase_at
from bot.reading.text import Line, read_line

LONGEST_LINE = 1000
LARGEST = 10**12
"""The largest target, in whole units of the currency or as a count."""

USUAL = {Unit.MONEY: Decimal(120_000), Unit.COUNT: Decimal(20)}
"""The target of an example."""

_QUARTERS = 4
_A_YEAR = re.compile(r"\d{4}")


def read(text: str, asking: Asking) -> QuotaLine:
    """What a line behind `/quota` says, as Slack sends it, with its escapes. Every string has a reading."""
    line = read_line(text[:LONGEST_LINE])
    if len(text) > LONGEST_LINE:
        problem = Problem("line_long", {"length": len(text), "limit": LONGEST_LINE})
        return Unclear(None, problem, _Reader(line, Found(), asking).example(Problem("")))
    words = [token.spoken for token in line.tokens]
    if words and any(phrase_at(HELP, words, at) for at in (0, len(words) - 1)) and len(words) <= 2:
        return Help()
    return _Reader(line, Scanner(line, asking).scan(), asking).read()


@dataclass(frozen=True, slots=True)
class _Reader:
    line: Line
    found: Found
    asking: Asking

    def read(self) -> QuotaLine:
        verb = self.found.verb
        if verb in OF_PAY and verb in self.asking.of_pay:
            before = (self.line.typed(first, last) for first, last in self.found.before_verb)
            return OfPay(verb, " ".join([*before, self.line.typed(self.found.verb_end)]).strip())
        problem = self._problem()
        if problem:
            return Unclear(self._understood(), problem, self.example(problem))
        return self._set() if verb is Verb.SET else self._asked(verb)

    def _asked(self, verb: Verb | None) -> QuotaLine:
        """What is to be shown."""
        metric, period = self.found.metric, self._period
        if verb is Verb.WHAT_IF:
            return WhatIf(metric or REVENUE, self._value(metric or REVENUE))
        if verb is Verb.SUGGEST:
            return Suggest(self.found.whom, metric, period)
        if verb is Verb.FIGURES:
            return self._figures(period)
        return Show(self.found.whom, metric, period, only_day(self.found))

    def _figures(self, period: Period | None) -> Figures:
        found = self.found
        source = found.sources[0] if found.sources else None
        return Figures(found.whom, period, only_day(found), source, found.by_source, found.is_whole)

    @property
    def _period(self) -> Period | None:
        said = self.found.periods[0][0].periods if self.found.periods else ()
        return said[0] if len(said) == 1 else None

    def _set(self) -> QuotaLine:
        found, metric = self.found, self.found.metric
        has_whom = found.groups or found.people
        if metric is None or not has_whom or not (found.amounts or found.is_none):
            value = self._value(metric) if metric else None
            typed = found.amounts[0][1] if found.amounts and metric is None else None
            return Form(found.whom, metric, value, self._period, typed)
        value = self._value(metric)
        if self._period is None:
            text = found.periods[0][1] if found.periods else None
            return WhichPeriod(found.whom, metric, value, text, self._offered(text))
        return Set(found.whom, metric, self._period, value, self._grouped())

    def _offered(self, text: str | None) -> tuple[Period, ...]:
        """The periods that may be meant: those that it leaves open, the quarters of its year, or the coming ones."""
        open_ones = self.found.periods[0][0].periods if self.found.periods else ()
        if open_ones:
            return open_ones
        year = _A_YEAR.search(text or "")
        if year:
            named = (quarter(int(year[0]), number, self.asking.first_month) for number in range(1, _QUARTERS + 1))
            found = tuple(period for period in named if period)
            if found:
                return found
        first = period_of(Kind.QUARTER, self.asking.today, self.asking.first_month)
        return tuple(following(first, self.asking.first_month, by=by) for by in range(_QUARTERS))

    def _value(self, metric: Metric) -> int | None:
        value = self.found.amounts[0][0].value if self.found.amounts else None
        return None if value is None else self._minor(metric, value)

    def _minor(self, metric: Metric, value: Decimal) -> int:
        return Money.of(value, self.asking.currency).minor if metric.unit is Unit.MONEY else int(value)

    def _grouped(self) -> str | None:
        amount, text = self.found.amounts[0] if self.found.amounts else (None, "")
        return text if amount and amount.was_grouped else None

    def _problem(self) -> Problem | None:
        return (
            self._whom_problem()
            or self._twice_problem()
            or self._group_problem()
            or self._day_problem()
            or self._rest_problem()
            or self._amount_problem()
            or self._period_problem()
        )

    def _whom_problem(self) -> Problem | None:
        found = self.found
        if found.handle:
            return Problem("handle", {"text": found.handle})
        if len(found.people) > 1:
            return Problem("two_people", {"people": ", ".join(found.people.values())})
        if found.subjects > 1:
            return Problem("two_whom")
        return None

    def _twice_problem(self) -> Problem | None:
        found, language = self.found, self.asking.language
        if len(found.verbs) > 1:
            one, other = (writing.word(each, language) for each in found.verbs[:2])
            return Problem("two_verbs", {"one": one, "other": other})
        if len(found.metrics) > 1:
            one, other = (writing.word(each.code, language) for each in found.metrics[:2])
            return Problem("two_metrics", {"one": one, "other": other})
        if len(found.amounts) > 1:
            return Problem("two_amounts", {"one": found.amounts[0][1], "other": found.amounts[1][1]})
        if len(found.periods) > 1:
            return Problem("two_periods", {"one": found.periods[0][1], "other": found.periods[1][1]})
        return None

    def _group_problem(self) -> Problem | None:
        found = self.found
        nameless = [each.whose for each in found.groups if each.name is None]
        asked = [
            *((whose, text) for whose, text in found.unknown),
            *((whose, "") for whose in nameless if whose is Whose.TERRITORY or found.verb is Verb.SET),
        ]
        if not asked:
            return None
        whose, text = asked[0]
        names = self.asking.teams if whose is Whose.TEAM else self.asking.territories
        if not names:
            return Problem("group_none", {"word": writing.word(whose, self.asking.language)})
        code = "group_unknown" if text else "group_missing"
        return Problem(code, {"text": text, "names": ", ".join(names)})

    def _day_problem(self) -> Problem | None:
        if self.found.day is None:
            return None
        day, text = self.found.day
        if day is None:
            return Problem("day_unread", {"text": text}) if text else Problem("day_missing")
        if not day.days:
            return Problem("day_impossible", {"text": text})
        if len(day.days) > 1:
            return Problem("day_ambiguous", {"text": text, "one": day.days[0], "other": day.days[1]})
        return Problem("day_ahead", {"day": day.days[0]}) if day.days[0] > self.asking.today else None

    def _rest_problem(self) -> Problem | None:
        found = self.found
        if found.verb in OF_PAY:
            return Problem("words_unknown", {"text": self.line.said(0, len(self.line.tokens))})
        return Problem("words_unknown", {"text": " … ".join(found.rest)}) if found.rest else None

    def _amount_problem(self) -> Problem | None:
        if not self.found.amounts:
            return None
        amount, text = self.found.amounts[0]
        if amount.value is None:
            return Problem("amount_unread", {"text": text})
        if not 0 <= amount.value <= LARGEST:
            below = "negative_more" if self.found.verb is Verb.WHAT_IF else "negative"
            return Problem(below if amount.value < 0 else "too_large")
        if self.found.verb not in {Verb.SET, Verb.WHAT_IF}:
            return Problem("verb_missing", {"text": text})
        return self._unit_problem(amount, amount.value, text)

    def _unit_problem(self, amount: Amount, value: Decimal, text: str) -> Problem | None:
        """Whether an amount fits the metric: whole where things are counted, else in the workspace's currency."""
        metric = self.found.metric or (REVENUE if self.found.verb is Verb.WHAT_IF else None)
        if metric is None or metric.unit is Unit.MONEY:
            return self._money_problem(amount, value, text)
        if amount.currencies:
            return Problem("not_money", {"metric": writing.word(metric.code, self.asking.language)})
        return Problem("amount_part", {"text": text}) if value != int(value) else None

    def _money_problem(self, amount: Amount, value: Decimal, text: str) -> Problem | None:
        currency = self.asking.currency
        if not fits(amount, currency):
            return Problem("currency", {"text": text, "currency": currency})
        is_paid_out = Money.of(value, currency).amount == value
        return None if is_paid_out else Problem("amount_coin", {"text": text, "currency": currency})

    def _period_problem(self) -> Problem | None:
        """Of a target the period is asked with buttons; of what is shown, in words."""
        if self.found.verb is Verb.SET or not self.found.periods:
            return None
        said, text = self.found.periods[0]
        if not said.periods:
            return Problem("period_unread", {"text": text})
        names = [each.name for each in said.periods]
        return Problem("period_ambiguous", {"text": text, "one": names[0], "other": names[-1]}) if names[1:] else None

    def _understood(self) -> str | None:
        """The parts that are clear, as one types them."""
        parts = [each for each in self._parts() if each]
        return " ".join(parts) or None

    def _parts(self) -> list[str | None]:
        found, language = self.found, self.asking.language
        who = self._who() if found.people or any(each.name for each in found.groups) else None
        return [
            writing.word(found.verb, language) if found.verb and found.verb not in OF_PAY else None,
            who,
            *(writing.word(each.code, language) for each in found.metrics[:1]),
            *(text for _, text in found.amounts[:1]),
            *([self._period.name] if self._period else []),
            *([f"{writing.word('as_of', language)} {only_day(found)}"] if only_day(found) else []),
        ]

    def _who(self) -> str:
        spoken = next(iter(self.found.people.values()), None)
        whom = next((each for each in self.found.groups if each.name), None)
        return writing.whom_said(whom, self.asking.language, spoken)

    def example(self, problem: Problem) -> str:
        """A line that would do, as near to this one as it is understood."""
        found, asking = self.found, self.asking
        if problem.code.startswith("day_"):
            day = asking.today.replace(day=1)
            return f"{writing.word('as_of', asking.language)} {day}"
        metric = found.metric or REVENUE
        if found.verb is Verb.SET or (problem.code == "verb_missing" and (found.people or found.groups)):
            value = self._usual(metric, problem)
            period = self._period or period_of(Kind.QUARTER, asking.today, asking.first_month)
            who = self._example_whom()
            return writing.set_line(who, metric, value, period, asking.currency, asking.language)
        if found.verb is Verb.WHAT_IF or problem.code == "verb_missing":
            said = writing.amount_said(metric, self._usual(metric, problem), asking.currency, asking.language)
            code = "" if metric == REVENUE else f"{writing.word(metric.code, asking.language)} "
            return f"{writing.word(Verb.WHAT_IF, asking.language)} {code}{said}"
        if problem.code.startswith("group_") and (asking.teams or asking.territories):
            return self._example_whom()
        return self._example_whom() if found.people or found.groups or found.handle else self._simplest(metric)

    def _example_whom(self) -> str:
        whom = next((each for each in self.found.groups if each.name), None)
        for whose, names in ((Whose.TEAM, self.asking.teams), (Whose.TERRITORY, self.asking.territories)):
            asked = [each for each, _ in self.found.unknown] + [each.whose for each in self.found.groups]
            if whom is None and whose in asked and names:
                whom = Whom(whose, name=names[0])
        spoken = next(iter(self.found.people.values()), None)
        return writing.whom_said(whom, self.asking.language, spoken)

    def _simplest(self, metric: Metric) -> str:
        period = self._period or period_of(Kind.QUARTER, self.asking.today, self.asking.first_month)
        return f"{writing.word(metric.code, self.asking.language)} {period.name}"

    def _usual(self, metric: Metric, problem: Problem) -> int:
        amount = self.found.amounts[0][0] if self.found.amounts else None
        is_wrong = problem.code in {"amount_unread", "amount_part", "too_large"}
        value = abs(amount.value) if amount and amount.value and not is_wrong else USUAL[metric.unit]
        return self._minor(metric, value)
