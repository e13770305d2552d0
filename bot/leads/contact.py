"""How somebody is reached, as it is typed: an e-mail address, or a phone number in any of its forms. Pure."""

import re

from bot.leads.headcount import employees_at
from bot.reading.names import phone_key
from bot.reading.text import Line, Token, fold

EMAIL = re.compile(r"[^\s@,;:<>\"()]+@[^\s@,;:<>\"()]+\.[^\s@.,;:<>\"()]+")


def phone_at(line: Line, at: int, stop: int) -> int:
    """How many tokens from `at` on are a phone number; a number of people behind it is none of it."""
    begins = fold(line.tokens[at].text)[:1]
    if not (begins.isdigit() or begins in ("+", "(")):
        return 0
    used = 0
    for last in range(at + 1, stop + 1):
        newest = line.tokens[last - 1]
        is_other = fold(newest.text).startswith("+") or employees_at(line, last - 1, stop)[0]
        if newest.quoted or newest.user or (last - 1 > at and is_other) or not is_phone_like(newest):
            break
        if phone_key(phone_said(line, at, last)):
            used = last - at
    return used


def phone_said(line: Line, first: int, last: int) -> str:
    """These tokens in plain signs, with single spaces."""
    return " ".join(fold(line.said(first, last)).split())


def is_phone_like(token: Token) -> bool:
    """Whether it is made of what phone numbers are made of."""
    return set(fold(token.text)) <= set("+()-. 0123456789")
