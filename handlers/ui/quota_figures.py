"""Single figures of `/quota` in words: amounts and counts, percent, pace, what is needed, forecasts, periods.

A headline has no decimals, a line one; money has its coins where there are any. What is none is said in words, never 0.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from babel.dates import format_date

from bot.attainment.pages import Part
from bot.figures.exact import in_coins
from bot.money import Money
from bot.quota.metrics import STANDARD, Metric, Unit
from bot.quota.pace import Missed, Needed, NoPace, Pace, Reached
from bot.quota.periods import Kind, Period
from bot.quota.run_rate import RunRate, TooEarly
from bot.quota.standing import Standing
from bot.words import Words

NAMED = frozenset(metric.code for metric in STANDARD)


def metric_name(words: Words, code: str) -> str:
    """What a metric is called; a workspace's own as it calls it."""
    return words(f"quota.metric.{code}") if code in NAMED else f"{code[:1].upper()}{code[1:]}"


def figure(words: Words, metric: Metric, value: Fraction | int, currency: str) -> str:
    """A value in its unit: `61,000 EUR`, `2,034.48 EUR`, `21`; a count that is none of a whole has one decimal."""
    if metric.unit is Unit.MONEY:
        return money(words, in_coins(value, currency))
    return words.number(int(value)) if value == int(value) else tenths(words, Fraction(value))


def number(words: Words, metric: Metric, value: int, currency: str) -> str:
    """The same without its currency."""
    return figure(words, metric, value, currency).removesuffix(f"\u00a0{currency}")


def money(words: Words, amount: Money) -> str:
    """Money with its coins where there are any."""
    return words.money(amount, rounded=amount.amount == int(amount.amount))


def percent(words: Words, share: Fraction) -> str:
    """A share as a headline has it: `68 %`."""
    return f"{words.number(round(share * 100))}\u00a0%"


def exact_percent(words: Words, share: Fraction) -> str:
    """A share with one decimal: `50.8 %`."""
    return f"{tenths(words, share * 100)}\u00a0%"


def tenths(words: Words, value: Fraction) -> str:
    """A number with one decimal, which is left out where it is 0."""
    return words.number(Decimal(round(value * 10)) / 10)


def days(words: Words, value: Fraction) -> str:
    """So many working days, in words."""
    whole = int(value) if value == int(value) else None
    return words.plural("quota.days", whole) if whole is not None else words("quota.days_part", n=tenths(words, value))


def achieved(words: Words, part: Part, currency: str) -> str:
    """`*61,000* of 120,000 EUR  █████░░░░░ *51 %*`, or why there is no percent."""
    standing, metric = part.standing, part.metric
    done = figure(words, metric, standing.achieved, currency)
    if standing.target is None:
        return words("quota.no_target", done=done) if part.has_any else words("quota.nothing_yet")
    target = figure(words, metric, standing.target, currency)
    if standing.attainment is None:
        return words("quota.target_of_nothing", done=done, target=target)
    return words(
        "quota.achieved",
        done=number(words, metric, standing.achieved, currency),
        target=target,
        bar=standing.bar,
        percent=percent(words, standing.attainment),
    )


def pace(words: Words, standing: Standing) -> str | None:
    """How it goes against the working days that are gone."""
    found = standing.pace
    if isinstance(found, NoPace):
        return None if found is NoPace.NO_TARGET else words(f"quota.pace.{found.value}")
    points = tenths(words, abs(found.points) * 100)
    if points == "0":
        return words("quota.pace.on")
    return words("quota.pace.ahead" if found.points > 0 else "quota.pace.behind", points=points)


def needed(words: Words, part: Part, currency: str) -> str | None:
    """What each working day that is left has to bring."""
    found = part.standing.needed
    match found:
        case Needed():
            per_day = figure(words, part.metric, countable(part.metric, found.per_day), currency)
            return words("quota.needed.per_day", amount=per_day)
        case Reached(over):
            over_said = figure(words, part.metric, over, currency)
            return words("quota.needed.reached", over=over_said) if over else words("quota.needed.just")
        case Missed(by):
            return words("quota.needed.missed", by=figure(words, part.metric, by, currency))
    return None


def run_rate(words: Words, part: Part, currency: str) -> str | None:
    """The forecast by the run rate, with its range; none of what has neither begun nor a target."""
    found, standing = part.standing.forecast, part.standing
    is_idle = standing.target is None and not part.has_any
    if found is None or is_idle or not standing.days.left:
        return None
    if isinstance(found, TooEarly):
        if found.least >= standing.days.total:
            return None  # of a week there is none before it is over
        return words("quota.forecast.early", least=days(words, found.least))
    value = figure(words, part.metric, countable(part.metric, found.value), currency)
    said = words("quota.forecast.run_rate", value=value)
    if standing.forecast_attainment is not None:
        said = words("quota.forecast.of_target", said=said, percent=percent(words, standing.forecast_attainment))
    span = _range(words, part, found, currency)
    return words("quota.forecast.range", said=said, span=span) if span else said


def by_pipeline(words: Words, part: Part) -> str | None:
    """The forecast by the open deals of each stage, or why it cannot be weighed."""
    found = part.pipeline
    if found is None or not found.closing:
        return None
    if found.forecast is None:
        return words("quota.forecast.unweighed", open=money(words, found.open_amount))
    said = words("quota.forecast.pipeline", value=money(words, found.forecast))
    target = part.standing.target
    if target:
        share = Fraction(found.forecast.minor, target)
        said = words("quota.forecast.of_target", said=said, percent=percent(words, share))
    return said


def _range(words: Words, part: Part, found: RunRate, currency: str) -> str | None:
    """From where to where it may fall: in percent of the target, else in the metric's unit."""
    if found.low is None or found.high is None:
        return None
    target = part.standing.target
    if target:
        low, high = (words.number(round(each / target * 100)) for each in (found.low, found.high))
        return words("quota.forecast.from_to", low=low, high=f"{high}\u00a0%")
    low, high = (figure(words, part.metric, countable(part.metric, each), currency) for each in (found.low, found.high))
    return words("quota.forecast.from_to", low=low, high=high)


def countable(metric: Metric, value: Fraction) -> Fraction:
    """What is counted is shown with one decimal at the most."""
    return value if metric.unit is Unit.MONEY else Fraction(round(value * 10), 10)


def period_days(words: Words, period: Period) -> str:
    """Its name, once with its days: `2026-Q4 (1 Oct to 31 Dec 2026)`; with two years where it is in two."""
    first, last = (
        format_date(day, "d MMM", locale=words.language).replace(".", "") for day in (period.first, period.last)
    )
    if period.first.year != period.last.year:
        first = f"{first} {period.first.year}"
    return words("quota.period.days", name=period.name, first=first, last=f"{last} {period.last.year}")


def period_title(words: Words, period: Period, today: date) -> str:
    """A period as one speaks of it: `fourth quarter`, `November`, `week 48`; with its name where it is not running."""
    if period.kind is Kind.QUARTER and period.name[-1] in "1234":
        said = words(f"quota.period.quarter_{_ORDINALS[period.name[-1]]}")
    elif period.kind is Kind.MONTH:
        said = format_date(period.first, "LLLL", locale=words.language)
    elif period.kind is Kind.WEEK:
        said = words("quota.period.week", number=int(period.name[-2:]))
    else:
        said = words("quota.period.year", name=period.name)
    is_told = period.kind is Kind.YEAR or (today in period and not period.name.startswith("FY"))
    return said if is_told else f"{said}, {period.name}"


_ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth"}


def counted_pace(words: Words, part: Part, currency: str) -> list[str]:
    """Pace, what is needed and the forecast with their arithmetic."""

    def told(value: Fraction | int) -> str:
        return figure(words, part.metric, countable(part.metric, Fraction(value)), currency)

    standing = part.standing
    days = {"gone": tenths(words, standing.days.gone), "total": tenths(words, standing.days.total)}
    left = tenths(words, standing.days.left)
    found, needs, forecast, lines = standing.pace, standing.needed, standing.forecast, []
    if isinstance(found, Pace) and standing.target is not None:
        way = words("quota.counted.ahead" if found.gap >= 0 else "quota.counted.behind")
        made = {"expected": told(found.expected), "target": told(standing.target), "gap": told(abs(found.gap))}
        lines.append(words("quota.counted.pace", pace=exact_percent(words, found.share), way=way, **made, **days))
    if isinstance(needs, Needed):
        lines.append(words("quota.counted.needed", missing=told(needs.missing), left=left, per_day=told(needs.per_day)))
    if isinstance(forecast, RunRate) and standing.days.left:
        made = {"done": told(standing.achieved), "value": told(forecast.value)}
        lines.append(words("quota.counted.run_rate", **made, **days))
        if forecast.weeks:
            lines.append(words.plural("quota.counted.weeks", forecast.weeks))
    return lines
