"""How many people work for a company, as it is typed: `120 employees`, `1,200+`, `1.5k`, `12 тысяч`. Pure."""

import re

from bot.leads.vocabulary import EMPLOYEES, THOUSANDS
from bot.reading.numbers import read_number
from bot.reading.text import Line

MOST_EMPLOYEES = 10_000_000
_AMOUNT = re.compile(r"(\d[\d.,]*?)\+?([kк]?)")
_GROUP = re.compile(r"\d{3}")


def employees_at(line: Line, at: int, stop: int) -> tuple[int, int | None]:
    """The tokens of `120 employees`, and the number; None for a number that cannot be read."""
    used, number = headcount_at(line, at, stop)
    if used and at + used < stop and line.tokens[at + used].spoken in EMPLOYEES:
        return used + 1, number
    return 0, None


def headcount_at(line: Line, at: int, stop: int) -> tuple[int, int | None]:
    """The tokens of a number of people, and the number; one more than the most for all that is above."""
    tokens = line.tokens
    word = tokens[at].spoken
    if not word[:1].isdigit():
        return 0, None
    used = 1
    while at + used < stop and len(word) < 9 and word.isdecimal() and _GROUP.fullmatch(tokens[at + used].spoken):
        if len(tokens[at].spoken) > 3:
            break
        word += tokens[at + used].spoken
        used += 1
    found = _AMOUNT.fullmatch(word)
    number = read_number(found[1]) if found else None
    if found is None or number is None:
        return used, None
    thousands = bool(found[2])
    if at + used < stop and tokens[at + used].spoken in THOUSANDS:
        used, thousands = used + 1, True
    heads = number * (1000 if thousands else 1)
    if heads > MOST_EMPLOYEES:
        return used, MOST_EMPLOYEES + 1
    return used, int(heads) if heads == int(heads) else None
