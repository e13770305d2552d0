"""What is said of reminders that moved, within Slack's limits, in both languages; and the market's lines."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sandbox.checks.surfaces import message_reasons

from bot.digest.themes import Note, gathered
from bot.noise.lines import Line
from bot.noise.queries import Move
from bot.noise.rules import COUNTED, End
from bot.noise.service import MOVED, MovedPage
from bot.words import LANGUAGES, words_for
from handlers.ui import noise as ui
from handlers.ui.blocks import Message, Mrkdwn
from handlers.ui.digest_market import market
from tests.factories import a_person

NOW = datetime(2026, 11, 19, 16, 30, tzinfo=UTC)
MOVE = Move(UUID(int=1), "U0ANA", "daily_activity", NOW, datetime(2026, 12, 3, tzinfo=UTC))
KINDS = [kind for kind in COUNTED if kind != MOVED]


def text_of(message: Message) -> str:
    """All that it says, once Slack would take it."""
    payload: dict[str, Any] = message.payload()
    assert message_reasons({"channel": "C1", **payload}) == {}
    return str(payload)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_move_names_its_kind_its_last_day_and_the_way_back(kind: str, language: str) -> None:
    words, move = words_for(language), MOVE._replace(kind=kind)
    page = MovedPage(a_person("U0ANA"), move, None)
    said = text_of(ui.moved(words, page, has_digest=True))
    assert words(f"noise.kind.{kind}") in said
    assert words(f"noise.act.{kind}") in said
    assert words.date(date(2026, 12, 2)) in said
    assert words("button.restore") in said
    assert said != text_of(ui.moved(words, page, has_digest=False))
    for why in End:
        ended = text_of(ui.moved(words, replace(page, ended_by=why), has_digest=True))
        assert words("button.restore") not in ended
        assert "noise." not in ended


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_instead_of_reminders_fits_however_much_it_is(language: str) -> None:
    words = words_for(language)
    whats = tuple(f"send <quote> {n} · {'Acme & Co ' * 12}" for n in range(40))
    lines = [Line(kind, 40, whats, MOVE._replace(kind=kind) if n % 2 else None) for n, kind in enumerate(KINDS)]
    said = text_of(Message(Mrkdwn("–"), ui.instead(words, lines, ZoneInfo("UTC"), ui.DIGEST)))
    assert "&lt;quote&gt; 4" in said
    assert "quote&gt; 5 " not in said
    assert ui.instead(words, [], ZoneInfo("UTC"), ui.DIGEST) == []


def test_why_something_was_held_back_is_said_as_it_was() -> None:
    words = words_for("en")
    said = [
        str(ui.instead(words, [line], ZoneInfo("UTC"), ui.HOME))
        for line in (
            Line("daily_activity", 1, (), MOVE, was_moved=True),
            Line("daily_activity", 1, (), None, was_moved=True),
            Line("follow_up", 2, ("call Acme",)),
        )
    ]
    assert "until Wed 2 Dec 2026" in said[0]
    assert "for a while" in said[1]
    assert "2 reminders held back · more than five" in said[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_market_is_told_once_a_note_and_without_persons_where_none_is_to_be_named(language: str) -> None:
    words = words_for(language)
    notes = [
        Note(date(2026, 11, 16), "Globex *cut* <prices>", "U0ANA", "Acme"),
        Note(date(2026, 11, 17), "x" * 900, "U0BEN"),
    ]
    heard = gathered(notes, notes[:1], ["Globex"])
    lines = list(market(words, heard, {"U0ANA": "Ana"}))
    assert sum("&lt;prices&gt;" in line for line in lines) == 1
    assert any("Ana" in line for line in lines)
    assert not any("Ana" in line for line in market(words, heard, None))
    assert max(map(len, lines)) < 400
    assert list(market(words, gathered([], [], []), None)) == []
