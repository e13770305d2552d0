"""Lines that look like something else than they say: nothing may be stored as its opposite or made up."""

from datetime import date

import pytest

from bot.activity.entry import AskedBack, Outcome, Understood
from bot.reading.names import Known, KnownName
from tests.bot.activity.lines import KNOWN, a_step, an_entry, asked, reading, understood


@pytest.mark.parametrize("word", ["next", "help", "далее", "undo", "Next", "помощь", "next help"])
def test_a_bare_command_word_is_no_new_name(word: str) -> None:
    assert understood(f"call {word}") == an_entry("call", note=word)


def test_a_quoted_command_word_is_a_new_name() -> None:
    assert understood('call "next"') == an_entry("call", "next")


@pytest.mark.parametrize(
    ("line", "who", "step"),
    [
        pytest.param("call Acme next tue send", "Acme", a_step("2026-11-24", "send"), id="a whole step wins"),
        pytest.param("call Next next tue send", "Next", a_step("2026-11-24", "send"), id="the name, then the step"),
        pytest.param('call "Next" tue', "Next", None, id="quoted"),
        pytest.param("call Next tue", "Next", None, id="no WHAT"),
        pytest.param("call Next Level tue send", "Next Level", None, id="part of a name"),
    ],
)
def test_a_company_called_like_a_follow_up_word_gives_way_to_a_whole_step(line: str, who: str, step: object) -> None:
    names = (*KNOWN.names, KnownName("account:8", "Next"), KnownName("account:9", "Next Level"))
    found = reading(line, known=Known(names))
    assert isinstance(found, Understood)
    [entry] = found.entries
    assert entry.who is not None
    assert (entry.who.name, entry.follow_up) == (who, step)


@pytest.mark.parametrize(
    "said",
    [
        "not connected",
        "never connected",
        "not reached",
        "didn't connect",
        "didn’t connect",
        "didnt connect",
        "did not connect",
        "couldn't connect",
        "wasn't busy",
        "no callback",
        "not conected",
        "не занято",
        "не перезвонить",
        "не просил перезвонить",
    ],
)
@pytest.mark.parametrize("who", ["Acme", "Newco", None])
def test_a_negated_outcome_is_a_remark(said: str, who: str | None) -> None:
    assert understood(f"call {who or ''} {said}") == an_entry("call", who, note=said)


def test_a_negation_is_no_misspelt_kind() -> None:
    assert asked("not connected call Acme").problem.code == "kind_unknown"


def test_an_answer_of_no_denies_nothing() -> None:
    assert understood("call Acme no, connected") == an_entry("call", "Acme", None, "connected", note="no,")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("no answer", Outcome.NO_ANSWER),
        ("not answered", Outcome.NO_ANSWER),
        ("didn't answer", Outcome.NO_ANSWER),
        ("не дозвонился", Outcome.NO_ANSWER),
        ("не тот номер", Outcome.WRONG_NUMBER),
    ],
)
def test_a_negation_of_the_vocabulary_is_an_outcome(said: str, outcome: str) -> None:
    assert understood(f"call Acme {said}") == an_entry("call", "Acme", None, outcome)


@pytest.mark.parametrize("said", ["...15m", "(15m)", "15m,"])
def test_other_punctuation_around_a_length_says_nothing(said: str) -> None:
    assert understood(f"call Acme {said}") == an_entry("call", "Acme", 15)


@pytest.mark.parametrize("length", [".5h", ",5h", ".5 h", ",5 ч", ".50h", ".500h"])
def test_a_leading_decimal_point_is_read(length: str) -> None:
    assert understood(f"call Acme {length}") == an_entry("call", "Acme", 30)


@pytest.mark.parametrize(
    "said",
    [
        "2 hours ago",
        "2h ago",
        "an hour ago",
        "half an hour ago",
        "two hours ago",
        "30 minutes ago",
        "час назад",
        "полчаса назад",
        "2 часа 15 минут назад",
        "several days ago",
        "twenty two days ago",
        "fifteen days ago",
        "сто дней назад",
        "every day ago",
        "a month ago",
    ],
)
@pytest.mark.parametrize("who", ["Acme", "Newco"])
def test_a_span_ago_that_names_no_day_is_asked_back(said: str, who: str) -> None:
    found: AskedBack = asked(f"call {who} {said}")
    assert (found.problem.code, found.problem.params) == ("day_impossible", {"text": said})
    assert found.partial == an_entry("call", who)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("two days ago", date(2026, 11, 16)),
        ("a couple of days ago", date(2026, 11, 16)),
        ("couple days ago", date(2026, 11, 16)),
        ("one day ago", date(2026, 11, 17)),
        ("a day ago", date(2026, 11, 17)),
        ("ten days ago", date(2026, 11, 8)),
        ("два дня назад", date(2026, 11, 16)),
        ("пару дней назад", date(2026, 11, 16)),
        ("две недели назад", date(2026, 11, 4)),
        ("день назад", date(2026, 11, 17)),
    ],
)
def test_days_ago_in_words(said: str, day: date) -> None:
    assert understood(f"call Acme {said}") == an_entry("call", "Acme", day=day.isoformat())
