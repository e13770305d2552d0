"""How a replay reads: what was tried in words, the table within Slack's limits, the form that takes the rules over."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from bot.handoffs.trial import Moved, Trial, Tried
from bot.routing.replay import Share
from bot.words import words_for
from bot.working_time.presence import Span
from bot.workspace.form import Filled
from handlers import ids
from handlers.ui.blocks import Message
from handlers.ui.replay import NAMED, tried

PERIOD = Span(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
NAMES = {f"U{n}": f"Person {n}" for n in range(120)}


def shown(filled: Filled, rules: dict[str, Any], language: str = "en", **more: Any) -> Message:
    before = more.pop("before", {})
    values: dict[str, Any] = {"shares": (), "leads": 3, "moved": (), "unlike": 0, "names": NAMES, **more}
    found = Tried(Trial(PERIOD, rules, more.pop("without", frozenset())), **values)
    return tried(words_for(language), found, before, filled, ZoneInfo("Europe/Berlin"))


def texts(message: Message) -> str:
    return str(message.blocks)


def test_what_was_tried_in_words() -> None:
    both = shown({"people": ["U1", "U2"], "weight": "3", "cap": "5"}, {"weights": {"U1": 3}, "cap": 9})
    who = "Person 1, Person 2"
    assert f"Tried: {who}: weight 3; {who}: at most 5 open; everybody else: at most 9 open" in texts(both)
    usual = shown({"people": ["U1"], "cap": "0", "most": ""}, {}, before={"cap": 9})
    assert "Person 1: no limit of their own; everybody else: no limit" in texts(usual)
    assert "Tried: today's rules" in texts(shown({}, {}))
    assert "Проверено: сегодняшние правила" in texts(shown({}, {}, "ru"))


def test_of_more_people_than_a_table_holds_those_are_shown_whose_part_changes() -> None:
    shares = tuple(Share(f"U{n}", n % 3, 1, Fraction(4, 3)) for n in range(120))
    found = shown({}, {}, shares=shares)
    (table,) = (block for block in found.blocks if block["type"] == "table")
    assert len(table["rows"]) == 100
    cells = [[cell["text"] for cell in row] for row in table["rows"]]
    assert ["Person 0", "0", "1", "1.3", "-0.3"] in cells
    assert ["Person 119", "2", "1", "1.3", "-0.3"] in cells
    assert "Person 118" not in [row[0] for row in cells]


def test_a_dozen_leads_are_named_and_the_others_counted() -> None:
    moved = tuple(Moved(f"<Company> {n}", "U1", None) for n in range(NAMED + 2))
    found = shown({}, {}, moved=moved, leads=40, unlike=2)
    assert "*14 would have gone to somebody else.*" in texts(found)
    assert "&lt;Company&gt; 11*  Person 1 → nobody" in texts(found)
    assert "Company&gt; 12" not in texts(found)
    assert "and 2 more" in texts(found)
    assert "2 leads cannot be replayed exactly" in texts(found)


def test_the_form_that_takes_the_rules_over_is_offered_where_they_are_others() -> None:
    found = shown({"people": ["U1"], "weight": "3", "most": "7"}, {"weights": {"U1": 3}, "cap": 7})
    (use,) = (each for block in found.blocks if block["type"] == "actions" for each in block["elements"])
    assert ids.unpack(use["value"]) == {"p": ["U1"], "w": 3, "m": 7, "v": 1}
    assert "routing.use" not in texts(shown({}, {"cap": 7}, before={"cap": 7}))
