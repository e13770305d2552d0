"""Reads the forms of a deal: as they are filled in, or what is wrong with which field. Pure."""

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import instant
from bot.deals.closing import Win
from bot.deals.queries import DealRow
from bot.deals.rules import LARGEST, LONGEST_STEP, MOST_DAYS_BACK
from bot.deals.service import Wish
from bot.deals.split import MOST
from bot.deals.states import Stage
from bot.money import Money
from bot.reading.amounts import fits, read_amount
from bot.reading.text import read_line, storable

FIELDS = ("amount", "close_on", "stage", "next_step", "next_on", "owner", "note")

_SHARE = re.compile(r"-?\d{1,9}([.,]\d{1,9})?", re.ASCII)

Problems = dict[str, tuple[str, dict[str, Any]]]
"""By field: the message's key, and what fills it."""


def seen(row: DealRow) -> dict[str, Any]:
    """What the form shows when it is opened: what its reader leaves alone is not changed."""
    return {
        "amount": row.amount,
        "close_on": row.close_on and row.close_on.isoformat(),
        "stage": row.stage.value,
        "next_step": row.next_step,
        "next_on": row.next_on and row.next_on.isoformat(),
        "owner": row.owner_id,
    }


def read(filled: Mapping[str, str], before: Mapping[str, Any], row: DealRow, today: date) -> Wish | Problems:
    """What the form wants to be different.

    Args:
        filled: its fields as plain texts.
        before: what it was opened with, as `seen`.
        row: the deal as it stands.
        today: the calendar day of the reader.
    """
    problems: Problems = {}
    money = _money("amount", filled["amount"], row.currency, problems) if filled["amount"] else None
    close_on = _day(filled["close_on"])
    is_new_day = filled["close_on"] != (before.get("close_on") or "")
    if close_on and is_new_day and close_on < today:
        problems["close_on"] = ("deals.form.day_past", {})
    if len(filled["next_step"]) > LONGEST_STEP:
        problems["next_step"] = ("deals.form.step_long", {"limit": LONGEST_STEP})
    if problems:
        return problems
    step = storable(filled["next_step"])
    is_new_step = (step, filled["next_on"]) != (before.get("next_step") or "", before.get("next_on") or "")
    return Wish(
        money=money if money is not None and (money.minor or None) != before.get("amount") else None,
        close_on=close_on if is_new_day else None,
        stage=Stage(filled["stage"]) if filled["stage"] and filled["stage"] != before.get("stage") else None,
        next_step=step if is_new_step else None,
        next_on=_day(filled["next_on"]) if is_new_step else None,
        owner_id=filled["owner"] if filled["owner"] not in {"", before.get("owner")} else None,
        note=storable(filled["note"]) or None,
    )


def read_won(filled: Mapping[str, str], row: DealRow, today: date, zone: ZoneInfo) -> Win | Problems:
    """What the form says of a win; 0 in it is meant."""
    problems: Problems = {}
    money = _money("amount", filled["amount"], row.currency, problems)
    on = _day(filled["on"]) or today
    if on > today:
        problems["on"] = ("deals.form.day_ahead", {})
    if (today - on).days > MOST_DAYS_BACK:
        problems["on"] = ("deals.form.day_old", {"limit": MOST_DAYS_BACK})
    if problems:
        return problems
    at = None if on == today else instant(on, time(12), zone)
    months = int(filled["months"]) if filled["months"].isdecimal() else None
    return Win(money, at, None, months, storable(filled["note"]) or None, is_sure=True)


def read_split(filled: Mapping[str, str]) -> tuple[tuple[str, Decimal], ...] | Problems:
    """Who has how many percent, by the fields `who1`, `share1` and so on; of nobody the deal is its owner's alone."""
    problems: Problems = {}
    said: list[tuple[str, Decimal]] = []
    for n in range(1, MOST + 1):
        who, text = filled[f"who{n}"], filled[f"share{n}"].removesuffix("%").strip()
        share = _SHARE.fullmatch(text)
        if who and share:
            said.append((who, Decimal(text.replace(",", "."))))
        elif who or text:
            problems[f"share{n}" if who else f"who{n}"] = ("deals.form.share_unread" if who else "deals.form.whose", {})
    return problems or tuple(said)


def _money(field: str, text: str, currency: str, problems: Problems) -> Money | None:
    words = [token.spoken for token in read_line(text).tokens]
    found = read_amount(words, 0) if words else None
    if found is None or found.used != len(words) or found.value is None:
        problems[field] = ("deals.form.amount_unread", {})
    elif not fits(found, currency):
        problems[field] = ("deals.form.other_currency", {"currency": currency})
    elif not 0 <= found.value <= LARGEST:
        problems[field] = ("deals.negative" if found.value < 0 else "deals.too_large", {})
    else:
        return Money.of(found.value, currency)
    return None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
