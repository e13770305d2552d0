"""Amounts of money as people type them: `24k`, `24к€`, `24 k€`, `€24,000`, `24.000`, `24 000,50`, `1,5 млн`, `1.2m`.

Words are folded (see `bot.reading.text`); one that must not be read stands as "".
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bot.reading.numbers import read_number


class Amount(NamedTuple):
    """An amount that `used` words say; None where they look like one and cannot be read.

    `currencies` are the codes that its sign or word may mean, none where nothing was said: `$` is every dollar.
    `was_grouped`: a lone separator was taken to group thousands, so that `24.000` is not twenty-four.
    """

    used: int
    value: Decimal | None
    currencies: frozenset[str] = frozenset()
    was_grouped: bool = False


def _table(text: str) -> dict[str, frozenset[str]]:
    """`EUR CHF: € euro`: the codes, then what is typed for them."""
    table: dict[str, frozenset[str]] = {}
    for row in text.split(";"):
        codes, _, typed = row.partition(":")
        meant = frozenset(codes.split())
        for word in (*typed.split(), *(code.lower() for code in meant)):
            table[word] = meant if word not in {code.lower() for code in meant} else frozenset({word.upper()})
    return table


CURRENCIES = _table(
    "EUR: € euro euros евро;"
    "USD CAD AUD NZD SGD HKD MXN TWD ARS CLP COP: $ dollar dollars доллар доллара долларов долл бакс баксов;"
    "USD: us$ usd$; CAD: c$ ca$; AUD: a$ au$;"
    "GBP EGP: £ pound pounds фунт фунта фунтов;"
    "JPY CNY: ¥ yen yuan иена иены иен юань юаня юаней;"
    "RUB BYN: руб рублей рубля рубль р; RUB: ₽;"
    "UAH: ₴ грн гривна гривны гривен гривень; KZT: ₸ тг тенге; INR: ₹ rs rupee rupees рупий; TRY: ₺ лир;"
    "KRW: ₩; ILS: ₪; PLN: zł zl злотых злотый; CZK: kč; BRL: r$; GEL: ₾; AMD: ֏; AZN: ₼; NGN: ₦; PHP: ₱; VND: ₫;"
    "SEK NOK DKK ISK CZK: kr; CHF: fr; HUF: ft; RON: lei; ZAR: ;BGN: ; AED: ; SAR: ; THB: ฿; IDR: rp; UZS: ; KGS: ;"
)
UNITS = {
    **dict.fromkeys("k к тыс тысяч тысячи тысяча thousand".split(), Decimal(1_000)),
    **dict.fromkeys("m м mn mm mln mio млн million millions миллион миллиона миллионов".split(), Decimal(1_000_000)),
    **dict.fromkeys("bn млрд billion миллиард миллиарда миллиардов".split(), Decimal(1_000_000_000)),
}


def _any_of(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_CURRENCY, _UNIT = _any_of(list(CURRENCIES)), _any_of(list(UNITS))
_NUMBER = r"[0-9][0-9.,']*|[.,][0-9]+"
_GLUED = re.compile(rf"([+-]?)({_CURRENCY})?([+-]?)({_NUMBER})({_UNIT})?\.?({_CURRENCY})?")
_GROUP = re.compile(rf"([0-9]{{3}}(?:[.,][0-9]{{1,2}})?)({_UNIT})?\.?({_CURRENCY})?")
_UNIT_WORD = re.compile(rf"({_UNIT})\.?({_CURRENCY})?")
_GROUPS = re.compile(r"[0-9]{1,3}(?: [0-9]{3})*")
_APOSTROPHES = re.compile(r"[0-9]{1,3}(?:'[0-9]{3})+(?:[.,][0-9]+)?")


class _Parts(NamedTuple):
    """What the words of an amount say: its digits, and what stands behind them."""

    used: int
    digits: str
    unit: str | None
    currency: str | None


def read_amount(words: Sequence[str], at: int) -> Amount | None:
    """The amount that begins at `words[at]`, or None: whole, as typed, so perhaps 0, negative or absurd."""
    before = words[at] if at < len(words) else ""
    leads = int(before in CURRENCIES)
    found = _GLUED.fullmatch(words[at + leads]) if at + leads < len(words) and words[at + leads] else None
    if found is None:
        return None
    sign, ahead, sign_behind, digits, unit, behind = found.groups()
    parts = _Parts(1, digits, unit, behind)
    parts = _with_unit(_with_groups(parts, words, at + leads), words, at + leads)
    said = [CURRENCIES[each] for each in (before if leads else None, ahead, parts.currency) if each]
    meant = frozenset.intersection(*said) if said else frozenset()
    number = _number(parts.digits)
    value = None if number is None or (said and not meant) else number * UNITS.get(parts.unit or "", Decimal(1))
    if value is not None and "-" in (sign, sign_behind):
        value = -value
    return Amount(leads + parts.used, value, meant, _was_grouped(parts))


def fits(amount: Amount, currency: str) -> bool:
    """Whether an amount may be meant in this currency."""
    return not amount.currencies or currency in amount.currencies


def _with_groups(parts: _Parts, words: Sequence[str], at: int) -> _Parts:
    """`24 000,50`: groups of three digits behind a space."""
    while not (parts.unit or parts.currency) and _GROUPS.fullmatch(parts.digits):
        found = _GROUP.fullmatch(words[at + parts.used]) if at + parts.used < len(words) else None
        if found is None:
            break
        parts = _Parts(parts.used + 1, f"{parts.digits} {found[1]}", found[2], found[3])
    return parts


def _with_unit(parts: _Parts, words: Sequence[str], at: int) -> _Parts:
    """A unit and a currency in words of their own: `24 k€`, `1,5 млн руб`."""
    following = words[at + parts.used] if at + parts.used < len(words) else ""
    found = _UNIT_WORD.fullmatch(following) if not (parts.unit or parts.currency) else None
    if found:
        parts = parts._replace(used=parts.used + 1, unit=found[1], currency=found[2])
        following = words[at + parts.used] if at + parts.used < len(words) else ""
    if parts.currency is None and following in CURRENCIES:
        parts = parts._replace(used=parts.used + 1, currency=following)
    return parts


def _number(digits: str) -> Decimal | None:
    """The number; where spaces or apostrophes group its thousands, `.` and `,` are decimals."""
    if "'" in digits:
        digits = digits.replace("'", " ") if _APOSTROPHES.fullmatch(digits) else "?"
    if " " in digits:
        whole, mark, rest = digits.replace(" ", "").replace(",", ".").partition(".")
        return Decimal(f"{whole}{mark}{rest}") if whole.isdecimal() else None
    return read_number(digits.rstrip(".,"))


def _was_grouped(parts: _Parts) -> bool:
    """Whether one mark alone was taken for a group of thousands."""
    marks = [sign for sign in parts.digits if sign in ".,"]
    return len(marks) == 1 and bool(re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", parts.digits)) and parts.unit is None
