"""Entries written as the lines that say them."""

from dataclasses import replace

import pytest

from bot.activity.entry import Entry, Who
from bot.activity.writing import write, written_length
from tests.bot.activity.lines import TODAY, a_step, an_entry


@pytest.mark.parametrize(
    ("entry", "english", "russian"),
    [
        (an_entry("call"), "call 2026-11-18", "звонок 2026-11-18"),
        (an_entry("call", count=3), "3 calls 2026-11-18", "3 звонка 2026-11-18"),
        (
            an_entry("call", "Acme", 90, "no-answer", at="09:05"),
            "call Acme 1h30 no-answer 2026-11-18 09:05",
            "звонок Acme 1ч30 недозвон 2026-11-18 09:05",
        ),
        (an_entry("demo", "Foo"), 'demo "Foo" 2026-11-18', 'демо "Foo" 2026-11-18'),
        (an_entry("demo", "3M"), 'demo "3M" 2026-11-18', 'демо "3M" 2026-11-18'),
        (an_entry("demo", 'A "B" & C'), 'demo "A ""B"" &amp; C" 2026-11-18', 'демо "A ""B"" &amp; C" 2026-11-18'),
        (
            an_entry("meeting", colleagues=("U1", "U2"), note="a < b"),
            "meeting 2026-11-18 <@U1> <@U2> - a &lt; b",
            "встреча 2026-11-18 <@U1> <@U2> - a &lt; b",
        ),
        (
            an_entry("call", note="what is next", follow_up=a_step("2026-11-24", "ring", "09:00")),
            'call 2026-11-18 - "what is next" next 2026-11-24 09:00 ring',
            'звонок 2026-11-18 - "what is next" далее 2026-11-24 09:00 ring',
        ),
        (
            an_entry("call", follow_up=a_step("2026-11-24", "9:00 sharp - ring")),
            'call 2026-11-18 next 2026-11-24 "9:00 sharp - ring"',
            'звонок 2026-11-18 далее 2026-11-24 "9:00 sharp - ring"',
        ),
    ],
)
def test_an_entry_as_a_line(entry: Entry, english: str, russian: str) -> None:
    assert write(entry, language="en") == english
    assert write(entry, language="ru") == russian


def test_today_may_be_left_out() -> None:
    assert write(an_entry("call", "Acme"), language="en", today=TODAY) == "call Acme"


def test_a_known_name_that_is_also_a_word_of_ours_is_quoted() -> None:
    entry = replace(an_entry("call"), who=Who("Busy", "account:9"))

    assert write(entry, language="en", today=TODAY) == 'call "Busy"'


@pytest.mark.parametrize(
    ("minutes", "english", "russian"),
    [(3, "3 min", "3 мин"), (15, "15m", "15м"), (60, "1h", "1ч"), (65, "1h05", "1ч05"), (720, "12h", "12ч")],
)
def test_lengths_as_they_are_typed(minutes: int, english: str, russian: str) -> None:
    assert written_length(minutes, "en") == english
    assert written_length(minutes, "ru") == russian
