"""Digests within Slack's limits for a team of any size, in both languages; and what can be read in ten seconds."""

from dataclasses import replace
from typing import Any

import pytest
from sandbox.checks.surfaces import message_reasons

from bot.digest.pages import LateDeal, Need
from bot.words import LANGUAGES, words_for
from handlers.ui import digest as ui
from handlers.ui import digest_details as details_ui
from handlers.ui import digest_text
from handlers.ui.blocks import Message
from tests.handlers.digest_pages import a_team_page

SIZES = (0, 1, 2, 8, 40, 300, 1000)
MOST_BLOCKS = 25
"""Half of what Slack takes: a message that is read in ten seconds is no longer than that."""


def payload_of(message: Message) -> dict[str, Any]:
    """What Slack takes, whole."""
    payload = message.payload()
    assert message_reasons({"channel": "C1", **payload}) == {}
    assert len(payload["blocks"]) == len(message.blocks)
    return payload


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_a_team_of_any_size_fits_a_message(size: int, language: str) -> None:
    words, page = words_for(language), a_team_page(size)
    for message in (ui.team(words, page), details_ui.details(words, page)):
        payload = payload_of(message)
        said = f"{payload['text']}\n{digest_text.text(message)}"
        assert len(payload["blocks"]) <= MOST_BLOCKS
        assert not any(nonsense in said for nonsense in ("NaN", "∞", "None", "Fraction(", "digest."))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sentence_names_who_needs_help(language: str) -> None:
    page = a_team_page(8)
    assert page.needing
    point = ui.headline(words_for(language), page)
    assert all(mate.name in point for mate in page.needing[: ui.NEEDING])
    message = ui.team(words_for(language), page)
    shown = [block["text"]["text"] for block in message.blocks if block["type"] == "section" and "text" in block]
    assert page.needing[0].name in shown[0]
    assert page.needing[0].name in shown[1]
    assert len(shown) == 1 + min(ui.NEEDING, len(page.needing))


def test_the_gravest_needs_come_first_and_nobody_is_ranked_otherwise() -> None:
    page = a_team_page(300)
    order = list(Need)
    gravest = [min(order.index(each.need) for each in mate.needs) for mate in page.needing]
    assert gravest == sorted(gravest)
    rows = next(block for block in ui.team(words_for("en"), page).blocks if block["type"] == "table")["rows"]
    assert [row[0]["text"] for row in rows[1:4]] == [mate.name for mate in page.needing[:3]]


def test_a_headline_counts_whom_it_does_not_name() -> None:
    page = a_team_page(300)
    for n, end in ((1, "* needs you."), (2, "* and *"), (3, "* need you."), (4, "* and 1 more need you.")):
        few = replace(page, mates=tuple(page.needing[:n]))
        assert end in ui.headline(words_for("en"), few)
        assert sum(mate.name in ui.headline(words_for("en"), few) for mate in few.mates) == min(n, ui.NEEDING)
    thread = str(details_ui.details(words_for("en"), page).blocks)
    assert f"and {len(page.needing) - ui.NEEDING - details_ui.LOOKS} more" in thread


def test_the_english_of_a_week() -> None:
    page = a_team_page(8)
    point = ui.headline(words_for("en"), page)
    assert " of pace* (Revenue)." in point
    assert "Hand-offs land *1 h 15 min faster* than the week before." in point
    assert ("need you." in point) or ("needs you." in point)
    assert ui.team_title(words_for("en"), page) == "Your team · week 47"
    assert ui.team_title(words_for("ru"), page) == "Ваша команда · неделя 47"


def test_a_team_without_anybody_and_anything() -> None:
    text = ui.headline(words_for("en"), a_team_page(0))
    assert text == "Nothing was recorded in this time. Nobody here sells yet."


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (1, "1 сделка просрочена: Acme, сумма не указана"),
        (2, "2 сделки просрочены, крупнейшая — Acme, сумма не указана"),
        (21, "21 сделка просрочена, крупнейшая — Acme, сумма не указана"),
    ],
)
def test_of_twenty_one_late_deals_the_largest_is_named(late: int, said: str) -> None:
    page = replace(a_team_page(8), late=(LateDeal("", "Acme", "U0DANA", None, 3),) * late)
    assert said in str(ui.team(words_for("ru"), page).blocks)
