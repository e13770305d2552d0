"""The forms of a deal: what can be changed, how it was won, why it was lost."""

from collections.abc import Sequence
from datetime import date

from bot.deals.queries import DealRow
from bot.deals.split import MOST
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import (
    Block,
    date_input,
    field_of,
    md,
    modal,
    number_input,
    option,
    person_select,
    section,
    select,
    text_input,
)
from handlers.ui.deals import reason_said, stage_options

VALUE = "value"

LONGEST_CONTRACT = 120
"""Months."""

FEWEST_SHOWN = 2
"""Persons that the form of shares has room for, at the least."""


def edit_form(words: Words, row: DealRow, metadata: str) -> Block:
    """Everything about an open deal that can be changed."""
    options = stage_options(words)
    stands = next((each for each in options if each["value"] == row.stage), None)
    blocks = [
        field_of(
            "amount", words("deals.form.amount", currency=row.currency), text_input(VALUE, _amount(row)),
            hint=words("deals.form.amount_hint"),
        ),
        field_of("close_on", words("deals.form.close_on"), date_input(VALUE, _iso(row.close_on))),
        field_of("stage", words("deals.form.stage"), select(VALUE, options, stands, "–"), optional=False),
        field_of("next_step", words("deals.form.next_step"), text_input(VALUE, row.next_step)),
        field_of("next_on", words("deals.form.next_on"), date_input(VALUE, _iso(row.next_on))),
        field_of("owner", words("deals.form.owner"), person_select(VALUE, row.owner_id, "–"), optional=False),
        field_of("note", words("deals.form.note"), text_input(VALUE, None, multiline=True)),
    ]  # fmt: skip
    return _about(words, ids.DEAL_FORM, row.company, blocks, words("form.save"), metadata)


def won_form(words: Words, row: DealRow, today: str, note: str | None, metadata: str) -> Block:
    """For how much, when, and for how long."""
    blocks = [
        field_of(
            "amount", words("deals.form.amount", currency=row.currency), text_input(VALUE, _amount(row)),
            hint=words("deals.form.won_hint"), optional=False,
        ),
        field_of("on", words("deals.form.won_on"), date_input(VALUE, today), optional=False),
        field_of(
            "months", words("deals.form.months"), number_input(VALUE, 12, least=1, most=LONGEST_CONTRACT),
            hint=words("deals.form.months_hint"), optional=False,
        ),
        field_of("note", words("deals.form.note"), text_input(VALUE, note, multiline=True)),
    ]  # fmt: skip
    return _about(words, ids.DEAL_WON_FORM, row.company, blocks, words("deals.button.won"), metadata)


def split_form(words: Words, row: DealRow, metadata: str) -> Block:
    """Who has a share besides the owner, and how many percent."""
    stand = [*(row.shares or {}).items(), *[(None, None)] * MOST]
    blocks = [section(md(words, "deals.form.split", company=row.company))]
    for n, (who, share) in enumerate(stand[: max(FEWEST_SHOWN, min(MOST, len(row.shares or ()) + 1))], 1):
        person = person_select(VALUE, who, "–")
        blocks += [
            field_of(f"who{n}", words("deals.form.who"), person),
            field_of(f"share{n}", words("deals.form.share"), text_input(VALUE, share)),
        ]
    return _about(words, ids.DEAL_SPLIT_FORM, row.company, blocks, words("form.save"), metadata)


def lost_form(
    words: Words, row: DealRow, reasons: Sequence[str], reason: str | None, note: str | None, metadata: str
) -> Block:
    """Why: one reason of those that are offered, and a word where one is needed."""
    options = [option(reason_said(words, code), code) for code in reasons]
    stands = next((each for each in options if each["value"] == reason), None)
    blocks = [
        field_of("reason", words("deals.form.reason"), select(VALUE, options, stands, "–"), optional=False),
        field_of(
            "note", words("deals.form.reason_note"), text_input(VALUE, note, multiline=True),
            hint=words("deals.form.reason_hint"),
        ),
    ]  # fmt: skip
    return _about(words, ids.DEAL_LOST_FORM, row.company, blocks, words("deals.button.lost"), metadata)


def _amount(row: DealRow) -> str | None:
    return None if row.money is None else f"{row.money.amount:f}".removesuffix(".00")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _about(words: Words, callback: str, company: str, blocks: list[Block], submit: str, metadata: str) -> Block:
    return modal(callback, company, blocks, submit=submit, close=words("button.cancel"), metadata=metadata)
