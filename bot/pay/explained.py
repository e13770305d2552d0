"""What a line and a notice say to whoever reads them."""

from datetime import date

from bot.money import Money
from bot.pay.earned import Line, LineKind, Notice
from bot.words import Words


def explanation(words: Words, line: Line) -> str:
    """Why a line is what it is, in one sentence that can be checked by hand."""
    params = {"event": words(f"pay.event.{line.event}")}
    if line.base:
        params["base"] = words.money(line.base)
    if line.step:
        params |= {
            name: words.number(number)
            for name, number in (
                ("lower", line.step.lower),
                ("upper", line.step.upper),
                ("rate", line.step.rate and line.step.rate * 100),
            )
            if number is not None
        }
    said = words(line.key, **params)
    if line.share and line.kind is not LineKind.ADJUSTMENT:
        of = {"percent": words.number(line.share.percent), "whole": words.money(line.share.whole)}
        said = f"{said} {words('pay.line.share', **of)}"
    if line.counts_in != line.period and line.kind is not LineKind.CLAWBACK:
        return f"{said} {words('pay.line.late', period=line.counts_in)}"
    return said


def notice(words: Words, found: Notice) -> str:
    """What has to be said about a statement."""
    params = {name: _said(words, value) for name, value in found.params.items()}
    if "event" in params:
        params["event"] = words(f"pay.event.{params['event']}")
    return words(found.key, **params)


def _said(words: Words, value: object) -> str:
    if isinstance(value, Money):
        return words.money(value)
    return words.date(value) if isinstance(value, date) else str(value)
