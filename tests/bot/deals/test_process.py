"""A sales process of one's own: what its forms take and refuse, and how lines of `/deal` read its names."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deals.line import suggested
from bot.deals.process import POINTS, Process, check, point_said, process_of, standard_points
from bot.deals.process_form import read_reasons, read_stage, reason_fields, stage_fields
from bot.deals.said import Lost, Show, Update, WhichStage, WhyLost, Won
from bot.deals.states import KEPT, LOST_REASONS, Stage
from bot.errors import Refused
from bot.money import Money
from bot.words import LANGUAGES, words_for
from bot.workspace.checklists import Question
from tests.bot.deals.test_line import reading
from tests.lengths import length

EXAMPLES = settings(max_examples=length(100, 2_000), deadline=None)
OWN = Process(
    names={
        Stage.NEEDS: {"en": "Discovery", "ru": "Выявление задач"},
        Stage.DEMO: {"en": "2. Pilot & test"},
        Stage.WON: {"en": "Signed", "ru": "Подписано"},
    },
    reason_names={"price": {"en": "Too dear", "ru": "Не по карману"}},
    own_reasons=(Question("own1", "Not certified", "Нет сертификата"),),
    hidden=frozenset({"legal", "silent"}),
    used={"reasons": 2},
)
EUR_24K = Money("EUR", 2_400_000)
ALL = [each for each in LOST_REASONS if each not in KEPT]


def a_stage(stage: Stage = Stage.NEEDS, process: Process = OWN, **filled: str) -> Any:
    """The form of a stage, with what is filled in anew."""
    return read_stage({**stage_fields(process, stage), **filled}, stage, process)


def reasons(process: Process = OWN, offered: list[str] | None = None, **filled: str) -> Any:
    """The form of the reasons."""
    shown = [each for each in ALL if each not in process.hidden] if offered is None else offered
    return read_reasons({**reason_fields(process), **filled}, shown, process)


def wrong(found: Any) -> dict[str, str]:
    """What is wrong, by field."""
    assert isinstance(found, dict), found
    return {field: problem.key.removeprefix("deals.process.problem.") for field, problem in found.items()}


@pytest.mark.parametrize(
    ("field", "name", "problem"),
    [
        ("en", "x" * 76, "long"),
        ("ru", "x" * 76, "long"),
        ("en", "24000", "number"),
        ("en", "24k", "number"),
        ("ru", "1,5 млн", "number"),
        ("en", "!?", "number"),
        ("en", "— —", "number"),
        ("en", "next", "word"),
        ("en", "Close", "word"),
        ("en", "help", "word"),
        ("en", "lost", "word"),
        ("ru", "далее", "word"),
        ("ru", "Закрытие", "word"),
        ("en", "Friday", "word"),
        ("en", "tomorrow", "word"),
        ("ru", "завтра", "word"),
        ("en", "Negotiation", "twice"),
        ("en", "objections", "twice"),
        ("ru", "Переговоры", "twice"),
        ("en", "2. pilot & TEST", "twice"),
        ("ru", "«Подписано»", "twice"),
        ("en", "Подписано", "twice"),
    ],
)
def test_a_name_that_would_not_do_is_refused_under_its_field(field: str, name: str, problem: str) -> None:
    filled: dict[str, Any] = {field: name}
    assert wrong(a_stage(**filled)) == {field: problem}


@pytest.mark.parametrize("name", ["Discovery", "needs", "x" * 75, "1. Intro", "3rd call", "Звонок", "Q&A", "🎯 Fit"])
def test_a_name_that_can_be_typed_is_taken(name: str) -> None:
    found = a_stage(en=name)
    assert isinstance(found, Process)
    assert found.names[Stage.NEEDS]["en"] == name


def test_an_empty_name_is_the_product_s_again() -> None:
    found = a_stage(en="  ", ru="")
    assert not found.names[Stage.NEEDS]
    assert found.worded(words_for("en"))("deals.stage.needs") == "Needs"
    assert "needs" not in found.to_json()["stages"]


def test_only_the_name_that_is_there_is_another_one() -> None:
    words = [OWN.worded(words_for(language)) for language in LANGUAGES]
    assert [each("deals.stage.needs") for each in words] == ["Discovery", "Выявление задач"]
    assert [each("deals.stage.demo") for each in words] == ["2. Pilot & test", "Демо"]
    assert [each("deals.check.title.won") for each in words] == ["Signed", "Подписано"]
    assert [each("deals.reason.price") for each in words] == ["Too dear", "Не по карману"]
    assert [each("deals.reason.own1") for each in words] == ["Not certified", "Нет сертификата"]
    assert words[0].plural("deals.days", 2) == "2 days"
    assert Process().worded(words_for("en")) is words_for("en")


def test_braces_in_a_name_are_letters_like_others() -> None:
    process = a_stage(en="Fit {0} {company}")
    assert process.worded(words_for("en"))("deals.stage.needs") == "Fit {0} {company}"


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        ("\n".join(f"point {n}" for n in range(30)), "points_many"),
        ("\n".join(f"point {n}" for n in range(11)), "points_many"),
        ("x" * 76, "point_long"),
        ("fine | " + "я" * 76, "point_long"),
        ("Ask why\nask WHY", "point_twice"),
    ],
)
def test_a_checklist_that_would_not_do(points: str, problem: str) -> None:
    assert wrong(a_stage(points=points)) == {"points": problem}


@pytest.mark.parametrize("stage", list(Stage))
def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(stage: Stage) -> None:
    assert a_stage(stage).to_json() == OWN.to_json()
    assert a_stage(stage, Process()).to_json() == {}
    assert reasons().to_json() == OWN.to_json()
    assert reasons(Process()).to_json() == {}


def test_a_point_keeps_its_code_when_it_is_reworded_and_a_code_is_never_another_point() -> None:
    first = a_stage(points="• Who signs? | Кто подписывает?\n- Budget known\n")
    assert [(each.code, each.text, each.russian) for each in first.points(Stage.NEEDS)] == [
        ("own1", "Who signs?", "Кто подписывает?"),
        ("own2", "Budget known", ""),
    ]
    second = a_stage(process=first, points="Budget known?\nDecision day")
    assert [each.code for each in second.points(Stage.NEEDS)] == ["own2", "own3"]
    third = a_stage(process=second, points="Budget known?\nDecision day\nWho signs?")
    assert [each.code for each in third.points(Stage.NEEDS)] == ["own2", "own3", "own4"]


def test_standard_points_keep_their_words_in_both_languages() -> None:
    usual = standard_points(Stage.DEMO)
    found = a_stage(Stage.DEMO, points="\n".join([usual[2].text, usual[0].line, "Record it"]))
    points = found.points(Stage.DEMO)
    assert [each.code for each in points] == ["third", "first", "own1"]
    assert point_said(words_for("ru"), Stage.DEMO, points[0]) == usual[2].russian
    assert a_stage(Stage.DEMO, found, points="").points(Stage.DEMO) == tuple(map(Question, POINTS))
    assert a_stage(Stage.DEMO, found, points=" - ").points(Stage.DEMO) == ()
    assert stage_fields(a_stage(Stage.DEMO, found, points="-"), Stage.DEMO)["points"] == "-"


@pytest.mark.parametrize(
    ("filled", "problem"),
    [
        ({"names": "cheap: Cheaper"}, {"names": "code"}),
        ({"names": "Too dear"}, {"names": "code"}),
        ({"names": "price: 100"}, {"names": "number"}),
        ({"names": "price: " + "x" * 76}, {"names": "long"}),
        ({"names": "price: Budget"}, {"names": "twice"}),
        ({"names": "price: Cost\nbudget: cost"}, {"names": "twice"}),
        ({"own": "Too dear"}, {"names": "twice"}),
        ({"own": "Competitor"}, {"own": "twice"}),
        ({"own": "Не решили"}, {"own": "twice"}),
        ({"own": "Grant ran out\ngrant RAN out"}, {"own": "twice"}),
        ({"own": "12"}, {"own": "number"}),
        ({"own": "ok | " + "я" * 76}, {"own": "long"}),
        ({"own": "\n".join(f"reason {chr(97 + n)}" for n in range(16))}, {"own": "reasons_many"}),
    ],
)
def test_reasons_that_would_not_do(filled: dict[str, Any], problem: dict[str, str]) -> None:
    assert wrong(reasons(**filled)) == problem


def test_reasons_are_renamed_added_and_taken_away() -> None:
    names, own = "price: | Дорого нам\nOTHER: Else", "Grant ran out | Грант иссяк"
    found = reasons(Process(), offered=["price", "timing", "legal"], names=names, own=own)
    assert found.reasons == ("price", "timing", "legal", "own1", "duplicate", "other")
    said = [found.worded(words_for(language)) for language in LANGUAGES]
    assert [each("deals.reason.price") for each in said] == ["Price", "Дорого нам"]
    assert [each("deals.reason.other") for each in said] == ["Else", "Другое"]
    assert [each("deals.reason.own1") for each in said] == ["Grant ran out", "Грант иссяк"]


def test_a_reason_that_was_taken_away_still_has_its_name_and_gets_its_code_back() -> None:
    gone = reasons(own="")
    assert "own1" not in gone.reasons
    assert gone.worded(words_for("en"))("deals.reason.own1") == "Not certified"
    assert gone.reason_of("not certified") == "own1"
    assert reason_fields(gone)["own"] == ""
    assert reasons(gone, own="Not certified").reasons == reasons().reasons
    assert [each.code for each in reasons(gone, own="Grant ran out").own_reasons] == ["own2", "own1"]


def test_the_word_of_a_hidden_reason_is_free_for_another() -> None:
    assert isinstance(reasons(own="Legal"), Process)
    assert wrong(reasons(offered=ALL, own="Legal")) == {"own": "twice"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("legal", "legal"),
        ("PRICE", "price"),
        ("too dear", "price"),
        ("Нет сертификата", "own1"),
        ("own1", "own1"),
        ("no decision", "no-decision"),
        ("nonsense", None),
    ],
)
def test_a_list_may_say_a_reason_by_code_or_name(text: str, code: str | None) -> None:
    assert OWN.reason_of(text) == code


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Acme stage discovery", Update("Acme", "account:1", stage=Stage.NEEDS)),
        (
            "Acme этап выявление задач 24k",
            Update("Acme", "account:1", EUR_24K, stage=Stage.NEEDS),
        ),
        ("Acme needs", Update("Acme", "account:1", stage=Stage.NEEDS)),
        ("Acme stage 2. Pilot & test", Update("Acme", "account:1", stage=Stage.DEMO)),
        ("Acme 2. pilot & test 24k", Update("Acme", "account:1", EUR_24K, stage=Stage.DEMO)),
        ("Acme stage demo", Update("Acme", "account:1", stage=Stage.DEMO)),
        ("Acme signed 24k", Won("Acme", "account:1", EUR_24K)),
        ("Acme подписано 24k", Won("Acme", "account:1", EUR_24K)),
        ("Acme stage signed", Won("Acme", "account:1")),
        ("Acme won", Won("Acme", "account:1")),
        ("Acme lost too dear", Lost("Acme", "account:1", "price")),
        ("Acme проиграна не по карману", Lost("Acme", "account:1", "price")),
        ("Acme lost price", Lost("Acme", "account:1", "price")),
        ("Acme lost not certified", Lost("Acme", "account:1", "own1")),
        ("Acme lost нет сертификата - sad", Lost("Acme", "account:1", "own1", "sad")),
        ("Acme discovry", Update("Acme", "account:1", stage=Stage.NEEDS)),
        ("Acme", Show("Acme", "account:1")),
    ],
)
def test_a_line_reads_own_names_beside_the_standard_words(line: str, said: object) -> None:
    assert reading(line, process=OWN) == said


def test_a_hidden_reason_is_asked_about() -> None:
    found = reading("Acme lost legal", process=OWN)
    assert isinstance(found, WhyLost)
    assert found.note == "legal"
    assert set(found.reasons) == set(OWN.reasons)
    assert "legal" not in found.reasons
    assert suggested("rival was cheaper", OWN)[:2] == ("competitor", "price")


def test_a_stage_that_is_none_is_asked_about_still() -> None:
    found = reading("Acme stage closing", process=OWN)
    assert isinstance(found, WhichStage)
    assert found.stages[0] is Stage.NEGOTIATION


def test_what_cannot_be_read_is_the_standard_process() -> None:
    values: list[Any] = [None, {}, [], "x", {"stages": {"closing": {}}}, {"checks": {"needs": 5}}, {"stages": 3}]
    for value in values:
        assert process_of(value) == Process()


NAMES = st.text(max_size=90)


@EXAMPLES
@given(NAMES, NAMES, st.lists(NAMES, max_size=12))
def test_whatever_is_typed_into_a_stage_s_form_is_taken_whole_or_refused(en: str, ru: str, points: list[str]) -> None:
    found = a_stage(Stage.CONCERNS, en=en, ru=ru, points="\n".join(points))
    if isinstance(found, Process):
        assert process_of(found.to_json()) == process_of(replace(found).to_json())
        assert check(found) is found
        assert a_stage(Stage.CONCERNS, found).to_json() == found.to_json()
        assert len({each.code for each in found.points(Stage.CONCERNS)}) == len(found.points(Stage.CONCERNS)) <= 10
        for name in found.names[Stage.CONCERNS].values():
            assert 0 < len(name) <= 75
    else:
        assert found
        assert all(isinstance(problem, Refused) for problem in found.values())


@EXAMPLES
@given(st.lists(NAMES, max_size=8), st.lists(NAMES, max_size=6), st.sets(st.sampled_from(ALL)))
def test_whatever_is_typed_about_reasons_is_taken_whole_or_refused(
    names: list[str], own: list[str], offered: set[str]
) -> None:
    lines = (f"{code}: {name}" for code, name in zip(ALL, names, strict=False))
    found = reasons(offered=sorted(offered), names="\n".join(lines), own="\n".join(own))
    if isinstance(found, Process):
        assert {*KEPT, *offered} <= {*found.reasons}
        assert reasons(found, offered=sorted(offered)).to_json() == found.to_json()
        said = [found.worded(words_for("en"))(f"deals.reason.{code}") for code in found.reasons]
        assert all(said)
