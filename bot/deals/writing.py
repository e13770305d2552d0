"""Writes lines of `/deal` that read back as what they were made of: the corrected examples."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.deals.states import Stage
from bot.deals.vocabulary import OWN_WORDS, Verb
from bot.money import Money
from bot.reading.subject import as_typed

SAMPLE = "Acme"
"""The company of an example where none was said."""

_EN = {"close": "close", "stage": "stage", "next": "next", "owner": "owner", "step": "send quote", "price": "price"}
_RU = {
    "close": "закрытие",
    "stage": "этап",
    "next": "далее",
    "owner": "кому",
    "step": "отправить КП",
    "price": "цена",
    "split": "разделить",
    "none": "нет",
    Stage.REQUALIFY: "повторная квалификация",
    Stage.NEEDS: "потребности",
    Stage.DEMO: "демо",
    Stage.CONCERNS: "возражения",
    Stage.NEGOTIATION: "переговоры",
    Verb.WON: "выиграна",
    Verb.LOST: "проиграна",
    Verb.REOPEN: "вернуть",
    Verb.RENEWED: "продлена",
    Verb.CHURNED: "ушли",
    Verb.UPSELL: "расширение",
}


def word(key: str, language: str) -> str:
    """How a word of `/deal` is typed in the language."""
    return (_RU if language == "ru" else _EN).get(key, str(key))


def name_of(name: str | None) -> str:
    """A name as it is typed; the sample for none."""
    return as_typed(name or SAMPLE, OWN_WORDS)


def line(
    name: str | None,
    language: str,
    *,
    verb: Verb | None = None,
    money: Money | None = None,
    reason: str | None = None,
    close_on: date | None = None,
    stage: Stage | None = None,
    owner: str | None = None,
    step: tuple[date | None, str] | None = None,
    split: Sequence[tuple[str, str]] | None = None,
    note: str | None = None,
) -> str:
    """`Acme 24000 close 2027-01-30 stage demo next 2026-11-24 send quote - note`; days that were won stand alone."""
    parts = [name_of(name)]
    if verb:
        parts.append(word(verb, language))
    if money:
        parts.append(_plain(money.amount))
    if reason:
        parts.append(word("price", language) if reason == "price" else reason)
    if close_on:
        parts.append(f"{close_on}" if verb in {Verb.WON, Verb.LOST} else f"{word('close', language)} {close_on}")
    if stage:
        parts.append(f"{word('stage', language)} {word(stage, language)}")
    if owner:
        parts.append(f"{word('owner', language)} {owner}")
    if split is not None:
        shares = [f"{name} {share}" for name, share in split] or [word("none", language)]
        parts.append(" ".join([word("split", language), *shares]))
    if step:
        parts.append(" ".join([word("next", language), *([f"{step[0]}"] if step[0] else []), step[1]]))
    return " ".join(parts) + (f" - {note}" if note else "")


def _plain(amount: Decimal) -> str:
    """`24000`, `24000.50`: three digits behind the point would be read as thousands, and get a fourth."""
    text = f"{amount:f}"
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0")
    return f"{whole}.{rest}0" if len(rest) == 3 else f"{whole}.{rest.ljust(2, '0')}" if rest else whole
