"""Writes lines of `/quota` that read back as what they were made of: the corrected examples."""

from bot.money import Money
from bot.quota.metrics import Metric, Unit
from bot.quota.periods import Period
from bot.quota.said import Verb, Whom
from bot.quota.vocabulary import OWN_WORDS
from bot.quota.whose import Whose
from bot.reading.subject import as_typed

SOMEBODY = "@dana"
SOME_GROUP = {Whose.TEAM: "North", Whose.TERRITORY: "EMEA"}
"""Who an example is about where nobody was named."""

_RU = {
    Verb.SET: "задать",
    Verb.WHAT_IF: "что если",
    Verb.SUGGEST: "предложи",
    Verb.FIGURES: "показатели",
    Verb.STATEMENT: "расчёт",
    Verb.PLAN: "схема",
    Verb.DISPUTE: "оспорить",
    Whose.TEAM: "команда",
    Whose.TERRITORY: "территория",
    "as_of": "на",
    "none": "нет",
    "revenue": "выручка",
    "deals": "сделки",
    "meetings": "встречи",
    "sqls": "sqls",
    "calls": "звонки",
    "renewals": "продления",
}
_EN = {"as_of": "as of"}


def word(key: str, language: str) -> str:
    """How a word of `/quota` is typed in the language."""
    return (_RU if language == "ru" else _EN).get(key, str(key))


def whom_said(whom: Whom | None, language: str, spoken: str | None = None) -> str:
    """`@dana`, `team North`; `spoken` is how a person was mentioned."""
    if whom is None or whom.whose is Whose.PERSON:
        return spoken or (f"<@{whom.person}>" if whom and whom.person else SOMEBODY)
    name = whom.name or SOME_GROUP[whom.whose]
    return f"{word(whom.whose, language)} {as_typed(name, OWN_WORDS)}"


def amount_said(metric: Metric, value: int | None, currency: str, language: str) -> str:
    """A target as it is typed: whole units where it has no coins."""
    if value is None:
        return word("none", language)
    if metric.unit is Unit.COUNT:
        return str(value)
    amount = Money(currency, value).amount
    whole, _, coins = f"{amount:f}".partition(".")
    coins = coins.rstrip("0")
    if len(coins) == 3:  # three digits behind the point would be read as thousands
        coins += "0"
    return f"{whole}.{coins.ljust(2, '0')}" if coins else whole


def set_line(who: str, metric: Metric, value: int | None, period: Period | str, currency: str, language: str) -> str:
    """`set @dana revenue 120000 2026-Q4`."""
    name = period if isinstance(period, str) else period.name
    amount = amount_said(metric, value, currency, language)
    return f"{word(Verb.SET, language)} {who} {word(metric.code, language)} {amount} {name}"
