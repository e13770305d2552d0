"""The words of activity: every one of them means one thing, and Baton's own are read back."""

from itertools import chain

import pytest

from bot.activity.entry import Kind, Outcome
from bot.activity.vocabulary import AND, DROPPED, FOLLOW_UPS, STANDARD, VERBS, Term
from bot.reading.when import MEANINGS


def test_every_standard_kind_and_outcome_has_its_words() -> None:
    assert [term.code for term in STANDARD.kinds] == list(Kind)
    assert [term.code for term in STANDARD.outcomes] == list(Outcome)
    assert all(term.en and term.ru for term in (*STANDARD.kinds, *STANDARD.outcomes))


@pytest.mark.parametrize("terms", [STANDARD.kinds, STANDARD.outcomes], ids=["kinds", "outcomes"])
def test_no_word_belongs_to_two_terms(terms: tuple[Term, ...]) -> None:
    words = list(chain.from_iterable(set(term.typed) for term in terms))

    assert sorted(words) == sorted(set(words))


def test_words_of_the_grammar_are_no_kinds_outcomes_or_days() -> None:
    grammar = FOLLOW_UPS | AND | DROPPED

    assert not grammar & {*STANDARD.kind_phrases.meaning, *STANDARD.outcome_phrases.meaning, *MEANINGS}
    assert not set(VERBS) & {*STANDARD.kind_phrases.meaning}


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("term", STANDARD.kinds, ids=lambda term: str(term.code))
def test_a_written_kind_is_read_back(term: Term, language: str) -> None:
    for count in (1, 2, 5, 21):
        words = term.written(language, count).split()
        assert STANDARD.kind_phrases.at(words, 0) == (term.code, len(words))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("term", STANDARD.outcomes, ids=lambda term: str(term.code))
def test_a_written_outcome_is_read_back(term: Term, language: str) -> None:
    words = term.written(language).split()

    assert STANDARD.outcome_phrases.at(words, 0) == (term.code, len(words))


@pytest.mark.parametrize(
    ("language", "count", "written"),
    [
        ("en", 1, "call"),
        ("en", 2, "calls"),
        ("ru", 1, "звонок"),
        ("ru", 2, "звонка"),
        ("ru", 5, "звонков"),
        ("ru", 11, "звонков"),
        ("ru", 21, "звонок"),
    ],
)
def test_kinds_are_counted_in_the_forms_of_the_language(language: str, count: int, written: str) -> None:
    assert STANDARD.kind("call").written(language, count) == written


def test_a_kind_that_was_taken_out_is_written_by_its_code() -> None:
    assert STANDARD.kind("webinar").written("ru", 5) == "webinar"


def test_a_term_with_english_words_only_is_written_with_them_in_russian_too() -> None:
    assert Term("webinar", ("webinar", "webinars")).written("ru", 5) == "webinars"


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [("metngs", ("meeting",)), ("emails", ("email",)), ("qqq", ()), ("", ())],
)
def test_the_nearest_kinds(typed: str, kinds: tuple[str, ...]) -> None:
    assert STANDARD.near_kinds(typed)[:1] == kinds


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("conected", "connected"),
        ("yesteday", "yesterday"),
        ("tuseday", "tuesday"),
        ("minutees", "minutes"),
        ("sonday", None),
        ("busi", None),
        ("email", None),
        ("pricing", None),
    ],
)
def test_one_slip_is_put_right_where_it_leaves_no_doubt(typed: str, word: str | None) -> None:
    assert STANDARD.corrected(typed) == word


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("konektd", "connected"),
        ("voismail", "voicemail"),
        ("дазванился", "connected"),
        ("pricing", None),
        ("email", None),
        ("", None),
    ],
)
def test_what_sounds_like_an_outcome(typed: str, outcome: str | None) -> None:
    assert STANDARD.sounds_like(typed) == outcome
