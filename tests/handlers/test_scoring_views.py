"""The rules of the score in Slack's limits and in both languages: standard ones, none, and as many as a field takes."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sandbox.checks.surfaces import message_reasons, view_reasons

from bot.errors import Refused
from bot.leads import scoring_form, scoring_lines
from bot.leads.rescoring import Progress, Tally
from bot.leads.rule_changes import Page
from bot.leads.scoring_form import FIELDS, TABLES, Form, Scoring
from bot.leads.scoring_rules import STANDARD, Bounds, Recent, Rules, Size, Title
from bot.words import LANGUAGES, words_for
from bot.workspace.rules import Setting
from handlers import ids
from handlers.ui import scoring as ui
from handlers.ui.settings import change_text
from tests.factories import a_person

HOSTILE = "<!channel> <@U0DANA> &lt; *b* `c` 🎉 \u202eמימין "
FULL = replace(
    STANDARD,
    sizes=tuple(Size(n * 10, n * 10 + 9, n - 90) for n in range(180)),
    industries={f"{HOSTILE}{n}": n % 100 for n in range(50)},
    territories={f"T{n:03}" * 12: 1 for n in range(50)},
    titles=tuple(Title((f"{HOSTILE}{n}", "head & <b>"), n) for n in range(45)),
    recency=tuple(Recent(n + 1, 100 - n) for n in range(100)),
    decay=Decimal("0.9125"),
)
RULES = {"standard": STANDARD, "none": Rules(), "full": FULL}


def page(rules: Rules, **more: Any) -> Page:
    """The rules as somebody reads them who may change them."""
    return Page(**{"scoring": Scoring(rules, 5), "version": 3, "may_change": True, **more})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rules", list(RULES.values()), ids=list(RULES))
def test_everything_is_within_slacks_limits(language: str, rules: Rules) -> None:
    words = words_for(language)
    for may_change, can in ((True, ()), (False, (f"Sam {HOSTILE}",)), (False, ())):
        found = page(rules, may_change=may_change, can=can)
        message = ui.board(words, found, [ui.saved(words, is_changed=True, is_rescoring=True)])
        assert not message_reasons({"channel": "C1", **message.payload()})
        assert not view_reasons(ui.board_view(words, found), "modal")
    for form in Form:
        fields = scoring_form.standing(form, page(rules).scoring, language)
        metadata = ids.pack(f=form, seen=3, speed=5, board=False, url="https://hooks.slack.example/" + "x" * 200)
        assert not view_reasons(ui.form(words, form, fields, metadata), "modal")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_shows_whole_what_it_is_opened_with(language: str) -> None:
    scoring = Scoring(FULL, 5)
    for form in (Form.FIT, Form.BEHAVIOUR):
        fields = scoring_form.standing(form, scoring, language)
        blocks = ui.form(words_for(language), form, fields, ids.pack())["blocks"]
        shown = {block["block_id"]: block["element"].get("initial_value") or "" for block in blocks[1:]}
        assert shown == {name: fields[name] for name in FIELDS[form]}
        found = scoring_form.read(form, shown, scoring, language)
        assert (found.scoring, found.problems) == (scoring, {})


def test_the_rules_in_people_s_words() -> None:
    text = str(ui.board(words_for("en"), page(STANDARD)).blocks)
    for said in (
        "*Company size*: `+5` 1-10 · `+10` 11-50 · `+15` 51-200 · `+20` 201+",
        "*Job title* (the first line that fits):\\n`−5` assistant, intern",
        "*Industry*: nothing is worth points yet",
        "`+30` referral · `+25` customer, partner · `+20` website, webinar",
        "`+15` call connected",
        "`−10` call wrong-number",
        "`0` outbound, import, unknown",
        "*Last touch within*: `+5` 2 days",
        "Each week leaves 90 % of these points.",
        "A from 80 points, B from 60, C from 40, below that D.",
        "within 5 minutes of working time",
    ):
        assert said in text
    russian = str(ui.board(words_for("ru"), page(STANDARD, may_change=False, can=("Sam Lee",))).blocks)
    assert "`+20` сайт, вебинар" in russian
    assert "обратитесь: Sam Lee" in russian
    assert "actions" not in {
        block["type"] for block in ui.board(words_for("ru"), page(STANDARD, may_change=False)).blocks
    }


def test_nobody_is_pinged_by_a_name_in_the_rules() -> None:
    rules = replace(STANDARD, industries={"<!channel>": 1}, titles=(Title(("<@U0DANA>",), 1),))
    text = str(ui.board(words_for("en"), page(rules)).blocks)
    assert "&lt;!channel&gt;" in text
    assert "<!channel>" not in text
    assert "<@U0DANA>" not in text
    changed = change_text(words_for("en"), Setting.LEAD_RULES, None, rules.to_json())
    assert "<!channel>" not in changed


PROGRESS = {
    "begins": (Progress(a_person(), None, 0, Tally(), False), "Rescoring the open leads"),
    "runs": (Progress(a_person(), 5000, 1200, Tally(7, 1, 2), False), "Rescoring: 1,200 of 5,000"),
    "over": (
        Progress(a_person(), 5000, 5000, Tally(1200, 300, 410), True),
        "Rose: 1,200, fell: 300, another grade: 410",
    ),
    "same": (Progress(a_person(), 1, 1, Tally(), True), "1 open lead is rescored by the new rules.\nEvery score is as"),
    "none": (Progress(a_person(), 0, 0, Tally(), True), "There are no open leads to rescore yet"),
    "other": (Progress(a_person(), 50, 12, Tally(), True, True, "Ole <!here>"), "12 of 50: Ole &lt;!here&gt; changed"),
    "reader": (Progress(a_person(), 50, 12, Tally(), True, True), "12 of 50: you changed the rules again"),
}


@pytest.mark.parametrize("found", list(PROGRESS.values()), ids=list(PROGRESS))
def test_how_far_rescoring_is(found: tuple[Progress, str]) -> None:
    message = ui.progress(words_for("en"), found[0])
    assert found[1] in message.blocks[0]["text"]["text"]
    for language in LANGUAGES:
        assert not message_reasons({"channel": "C1", **ui.progress(words_for(language), found[0]).payload()})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", sorted(TABLES))
def test_every_problem_has_its_words(language: str, part: str) -> None:
    typed = (
        "x",
        "7",
        "x - 5",
        "x 5.5",
        "x 500",
        "x 5",
        "x 5\nX 5",
        "x" * 90 + " 5",
        "5-1 5",
        "1-9 5\n3-20 5",
        "0 days 5",
        "2 days -5",
        "2 days 5\n9 days 9",
        "y 1\n" * 1000,
    )
    for text in typed:
        problems = scoring_lines.read(part, text, "en").problems
        said = ui.mended(words_for(language), {part: problems})[part] if problems else ""
        assert "{" not in said
        assert len(said) <= 3000


def test_of_many_wrong_lines_three_are_told_and_the_rest_counted() -> None:
    problems = scoring_lines.read("sources", "a\nb\nc\nd\ne", "en").problems
    said = ui.mended(words_for("en"), {"sources": problems})["sources"].splitlines()
    assert said[0] == "“a”: the points are missing at its end. Like this: webinar 10"
    assert said[-1] == "2 more lines are not clear either."
    assert len(said) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_fields_have_their_words_too(language: str) -> None:
    wrong = {"a": "0", "b": "200", "c": "x", "speed": ""}
    found = scoring_form.read(Form.GRADES, wrong, Scoring(STANDARD, 5), language).problems
    found |= scoring_form.read(
        Form.GRADES, {"a": "9", "b": "9", "c": "9", "speed": "5"}, Scoring(STANDARD, 5), "en"
    ).problems
    found |= scoring_form.read(Form.BEHAVIOUR, {"decay": "lots"}, Scoring(STANDARD, 5), language).problems
    assert set(ui.mended(words_for(language), found)) == {"a", "b", "c", "speed", "decay"}
    for problem in (
        Refused("scoring.problem.twice", field="industries", value="saas"),
        Refused("scoring.problem.grades", field="grades", a="1", b="2", c="3"),
    ):
        assert "{" not in ui.mended(words_for(language), {"a": (problem,)})["a"]


def test_a_change_in_the_audit_log_says_what_is_different() -> None:
    after = replace(
        STANDARD,
        sources={**STANDARD.sources, "webinar": 25},
        industries={"SaaS": 10},
        decay=Decimal("0.8"),
        grades=Bounds(90, 60, 40),
        titles=STANDARD.titles[::-1],
    )
    text = change_text(words_for("en"), Setting.LEAD_RULES, None, after.to_json())
    for said in (
        "Source: webinar 20 → webinar 25",
        "Industry: – → SaaS 10",
        "in percent: 90 % → 80 %",
        "Grades: A 80 → A 90",
        "Job title: assistant",
    ):
        assert said in text
    assert change_text(words_for("en"), Setting.LEAD_RULES, None, STANDARD.to_json()) == "the same"
    assert change_text(words_for("en"), Setting.SPEED_MINUTES, None, 15) == "5 → 15"
