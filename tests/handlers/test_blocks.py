"""The primitives keep text harmless and lengths inside Slack's limits, whatever people type."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox.checks import message_reasons

from bot.activity.entry import AskedBack, Entry, FollowUp, Kind, Offer, Problem, Who
from bot.activity.queries import Stored
from bot.activity.service import DayCount, Logged, Overview
from bot.words import words_for
from handlers.ui import activity as ui
from handlers.ui.blocks import Message, bar, cut, escape, md, quote
from tests.lengths import length

TODAY = datetime(2026, 11, 18, tzinfo=UTC).date()
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
ID = UUID(int=7)

HOSTILE = (
    "<!channel>",
    "<@U0DANA>",
    "<https://evil.example|your CRM>",
    "&lt;",
    "&amp;lt;",
    "*b*",
    "🎉",
    "\u202eמימין",
    "\n",
)
texts = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80)), min_size=1, max_size=40).map("".join)


def _all_mrkdwn(message: Message) -> list[str]:
    found = [message.payload()["text"]]
    for block in message.payload()["blocks"]:
        for part in [block.get("text"), *block.get("elements", [])]:
            if isinstance(part, dict) and part.get("type") == "mrkdwn":
                assert part["verbatim"] is True
                found.append(part["text"])
    return found


def _is_harmless(message: Message, *, colleagues: int = 0) -> None:
    """Slack takes it, and nothing in it is a mention or a link but the colleagues that were meant."""
    assert message_reasons(message.payload()) == {}
    for text in _all_mrkdwn(message):
        assert "<!" not in text
        assert "<http" not in text
        assert text.count("<@") <= colleagues
        assert len(text) <= 4000


@settings(max_examples=length(100, 3000))
@given(note=texts, who=texts, what=texts, language=st.sampled_from(["en", "ru"]))
def test_a_reply_is_harmless_whatever_stands_in_it(note: str, who: str, what: str, language: str) -> None:
    entry = Entry(Kind.CALL, TODAY, who=Who(who[:120]), note=note[:3000], follow_up=FollowUp(TODAY, what[:300]))
    stored = Stored(ID, "U0ANA", entry, NOW)
    words = words_for(language)
    result = Logged((stored,), DayCount(TODAY, 3, 40), new_names=(who[:120],))
    overview = Overview(TODAY, TODAY, (stored,) * 40, {(TODAY, "call"): 40}, DayCount(TODAY, 40, 40))
    asked = AskedBack(
        Problem("who_close", {"name": who, "names": (who, what)}),
        "who",
        partial=entry,
        offers=(Offer("log.offer.take_name", {"name": who}, (entry,)),),
        example=note[:500],
    )
    _is_harmless(ui.logged(words, result, TODAY))
    _is_harmless(ui.changed(words, result, TODAY))
    _is_harmless(ui.removed(words, result, TODAY))
    _is_harmless(ui.overview(words, overview, TODAY))
    _is_harmless(ui.overview(words, overview, TODAY, page=2, gone=stored))
    _is_harmless(ui.asked_back(words, asked, note[:4000], ID, TODAY))


@pytest.mark.parametrize("char", ["<", "&", ">", "x", "🎉"])
def test_a_note_of_three_thousand_characters_comes_back_whole(char: str) -> None:
    blocks = quote(char * 3000)
    assert message_reasons({"text": "t", "blocks": blocks}) == {}
    assert "".join(block["text"]["text"].removeprefix(">") for block in blocks) == escape(char) * 3000


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param("short", 10, "short", id="fits"),
        pytest.param("much too long", 8, "much to…", id="cut"),
        pytest.param("a &lt; b", 5, "a …", id="no half entity"),
    ],
)
def test_a_cut_leaves_no_half_entity(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected


def test_parameters_are_escaped_and_templates_are_not() -> None:
    assert md(words_for("en"), "log.bold", text="<b> & *") == "*&lt;b&gt; &amp; **"


@pytest.mark.parametrize(
    ("achieved", "target", "expected"),
    [
        (0, 40, "░░░░░░░░░░"),
        (12, 40, "███░░░░░░░"),
        (40, 40, "██████████"),
        (99, 40, "██████████"),
        (-3, 40, "░░░░░░░░░░"),
    ],
)
def test_the_bar_stays_between_empty_and_full(achieved: int, target: int, expected: str) -> None:
    assert bar(achieved, target) == expected


def test_a_bar_without_a_target_is_empty() -> None:
    assert bar(3, 0) == "░" * 10
