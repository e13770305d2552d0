"""A workspace's own questions: how they are written, and that each keeps its code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.workspace.checklists import (
    LONGEST,
    MOST,
    Question,
    asked_then,
    fingerprint,
    from_json,
    read_questions,
    written,
)
from bot.workspace.rules import settings_of

FIRST = read_questions("* What do they use today? | Чем пользуются сейчас?\nHow many seats?", {})


def codes(stored: dict[str, object]) -> dict[str, str]:
    return {each.text: each.code for each in from_json(stored["asked"])}  # type: ignore[arg-type]


def test_a_line_is_a_question_with_a_star_and_russian_words() -> None:
    assert from_json(FIRST["asked"]) == (
        Question("own1", "What do they use today?", "Чем пользуются сейчас?", is_required=True),
        Question("own2", "How many seats?"),
    )
    assert written(FIRST) == "* What do they use today? | Чем пользуются сейчас?\nHow many seats?"
    used, seats = from_json(FIRST["asked"])
    assert [each.said("ru") for each in (used, seats)] == ["Чем пользуются сейчас?", "How many seats?"]
    assert used.said("en") == "What do they use today?"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How many seats?\n* What do they use today?", {"How many seats?": "own2", "What do they use today?": "own1"}),
        ("How many seats do they need?", {"How many seats do they need?": "own2"}),
        ("Who else is in the race?", {"Who else is in the race?": "own3"}),
        ("Which tool? | Чем пользуются сейчас?", {"Which tool?": "own1"}),
        ("What do they use now?\nHow many seats?", {"What do they use now?": "own1", "How many seats?": "own2"}),
    ],
    ids=["moved", "reworded", "another one", "known by its Russian words", "one of two"],
)
def test_a_question_keeps_its_code_and_another_gets_a_new_one(text: str, found: dict[str, str]) -> None:
    assert codes(read_questions(text, FIRST)) == found


def test_a_code_never_comes_back_for_another_question() -> None:
    without = read_questions("", FIRST)
    assert (without["asked"], without["next"]) == ([], 3)
    assert codes(read_questions("Who signs?", without)) == {"Who signs?": "own3"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("\n".join(f"Question {n}?" for n in range(MOST + 1)), "questions_many"),
        ("x" * (LONGEST + 1), "question_long"),
        (f"Short | {'ы' * (LONGEST + 1)}", "question_long"),
        ("Who signs?\nWho signs?", "question_twice"),
    ],
)
def test_what_cannot_be_asked_is_refused(text: str, problem: str) -> None:
    with pytest.raises(Refused) as refused:
        read_questions(text, FIRST)
    assert refused.value.key == f"settings.problem.{problem}"


LINES = st.lists(st.text("ab ?*|\tы", min_size=1, max_size=20), max_size=MOST)


@given(LINES)
def test_what_is_written_reads_as_what_it_is(lines: list[str]) -> None:
    try:
        stored = read_questions("\n".join(lines), {})
    except Refused:
        return
    assert read_questions(written(stored), stored) == stored
    assert fingerprint(written(stored)) == fingerprint(f"  {written(stored)}\n\n")
    assert len({each.code for each in from_json(stored.get("asked", ()))}) == len(stored.get("asked", ()))


def test_the_settings_ask_them_and_require_those_with_a_star() -> None:
    found = settings_of({"checklist": "own", "questions": FIRST, "required_answers": ["budget"]})
    assert [each.code for each in found.asked] == ["own1", "own2"]
    assert found.required_answers == ("own1",)
    usual = settings_of({"checklist": "bant", "questions": FIRST, "required_answers": ["budget"]})
    assert [each.code for each in usual.asked] == ["budget", "authority", "need", "timing"]
    assert usual.required_answers == ("budget",)


def test_a_hand_off_from_before_shows_the_checklist_of_its_answers() -> None:
    assert [each.code for each in asked_then(None, ["pain"])][-2:] == ["pain", "champion"]
    assert [each.code for each in asked_then(None, [])] == ["budget", "authority", "need", "timing"]
    assert asked_then([], ["pain"]) == ()
