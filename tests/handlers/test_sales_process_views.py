"""The sales process within Slack's limits: board, forms, cards with their checklists; long and hostile words."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sandbox.checks.surfaces import message_reasons, view_reasons

from bot.deals import process_form
from bot.deals.process import Process
from bot.deals.rules import Change
from bot.deals.states import LOST_REASONS, Stage, What
from bot.words import LANGUAGES, words_for
from bot.workspace.checklists import Question
from bot.workspace.rules import Setting
from handlers import ids
from handlers.ui import deals, sales_process
from handlers.ui.settings import change_text, value_text
from tests.factories import NOW
from tests.handlers.test_deals_views import HOSTILE, a_card, a_deal, changes, closed, whole

LONGEST = (HOSTILE * 2)[:75]
FULL = Process(
    names={stage: {"en": f"{LONGEST[:70]} {n}", "ru": f"{LONGEST[:70]} я{n}"} for n, stage in enumerate(Stage)},
    checks={stage: tuple(Question(f"own{n}", f"{n} {LONGEST[:70]}", LONGEST) for n in range(1, 11)) for stage in Stage},
    reason_names={code: {"en": f"{code} {LONGEST}"[:75]} for code in LOST_REASONS},
    own_reasons=tuple(Question(f"own{n}", f"{n} {LONGEST[:70]}") for n in range(1, 16)),
)
OWN = Process(
    names={Stage.DEMO: {"en": "Pilot"}}, checks={Stage.DEMO: (Question("own1", "Sign the NDA", "Подписать NDA"),)}
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("process", [Process(), OWN, FULL], ids=["standard", "own", "full"])
def test_every_window_of_it(language: str, process: Process) -> None:
    words = words_for(language)
    views = [
        sales_process.board(words, process, [sales_process.settings_line(words)["text"]["text"]]),
        sales_process.reasons_form(words, process, process_form.reason_fields(process), ids.pack(seen=1)),
        *(
            sales_process.stage_form(words, stage, process_form.stage_fields(process, stage), ids.pack(s=stage, seen=1))
            for stage in Stage
        ),
    ]
    for view in views:
        assert view_reasons(view, "modal") == []
        shown = [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"]
        assert "<!" not in "".join(shown)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", list(Stage))
def test_a_card_of_a_workspace_with_the_longest_words(language: str, stage: Stage) -> None:
    row = closed(stage) if stage in {Stage.WON, Stage.LOST} else a_deal(stage=stage)
    for can_change in (True, False):
        page = a_card(row, process=FULL, can_change=can_change)
        message = deals.card(FULL.worded(words_for(language)), page, None)
        assert message_reasons(message.payload()) == {}
        assert [each for each in mrkdwn(message.blocks) if "<!" in each or "<@" in each] == []
        assert "<!" not in message.text


def mrkdwn(part: Any) -> Iterator[str]:
    """Every text that Slack would make mentions of."""
    if isinstance(part, dict):
        yield from [part["text"]] if part.get("type") == "mrkdwn" else []
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from mrkdwn(each)


def test_own_names_and_points_stand_on_the_card_with_who_ticked_them() -> None:
    ticked = Change(7, What.TICKED, {"ticks": None}, {"ticks": {"demo": ["own1"]}}, None, "U0ANA", NOW, NOW)
    page = a_card(a_deal(ticks={"demo": ["own1"]}), changes=(*changes(""), ticked), process=OWN)
    message = deals.card(OWN.worded(words_for("en")), page)
    text = json.dumps(message.blocks, ensure_ascii=False)
    assert "Pilot, 3 days" in text
    assert "*Pilot*" in text
    [boxes] = [each for block in message.blocks for each in block.get("elements", ()) if each["type"] == "checkboxes"]
    assert boxes["initial_options"] == boxes["options"]
    assert boxes["options"][0]["text"]["text"] == "Sign the NDA"
    assert boxes["options"][0]["description"]["text"] == "Ana, Wed 18 Nov"
    reader = deals.card(OWN.worded(words_for("ru")), a_card(a_deal(), process=OWN, can_change=False))
    assert "• Подписать NDA" in whole(reader)


def test_the_block_of_a_checklist_comes_back_as_it_went() -> None:
    block = ids.ticks_block("0" * 32, Stage.NEGOTIATION, [f"own{n}" for n in range(990, 1000)])
    assert len(block) <= 255
    assert ids.read_ticks_block(block) == ("0" * 32, "negotiation", [f"own{n}" for n in range(990, 1000)])
    assert ids.read_ticks_block(ids.ticks_block("ab", "demo", [])) == ("ab", "demo", [])
    with pytest.raises(ValueError, match="checklist"):
        ids.read_ticks_block("a:b:c:d")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("needs", "demo", True),
        ("needs", "won", True),
        ("demo", "needs", False),
        ("needs", "lost", False),
        ("won", "demo", False),
    ],
)
def test_moving_on_with_open_points_is_said(before: str, after: str, *, said: bool) -> None:
    change = Change(3, What.CHANGED, {"stage": before}, {"stage": after}, None, "U0DANA", NOW, NOW)
    page = a_card(a_deal(stage=Stage(after), ticks={"needs": ["first"]}))
    head = deals.done_head(words_for("en"), page, change, None)
    assert ("2 points of “Needs” are still open" in head) is said


def test_a_stage_without_a_checklist_has_none_on_the_card() -> None:
    process = Process(checks={Stage.DEMO: ()})
    blocks = deals.card(words_for("en"), a_card(process=process)).blocks
    assert not [each for block in blocks for each in block.get("elements", ()) if each["type"] == "checkboxes"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Demo: Demo, Демо → Pilot, Демо; Checklist of Demo:"), ("ru", "Демо: Demo → Pilot")],
)
def test_the_audit_log_says_what_is_different(language: str, said: str) -> None:
    words = words_for(language)
    name: Any = Setting.SALES_PROCESS
    text = change_text(words, name, None, OWN.to_json())
    assert said.split(";", maxsplit=1)[0].split(":", maxsplit=1)[0] in text
    assert "Pilot" in text
    assert "Pilot" in value_text(words, name, OWN.to_json()) or language == "ru"
    assert len(change_text(words, name, {}, FULL.to_json())) <= 12_000
