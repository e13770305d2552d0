"""How lines of coaching are read, in both languages, and what is asked back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.line import read
from bot.coaching.said import ASKS, About, AssignForm, Give, Mine, Module, Progress, Review, Said, Unread
from bot.quota.said import Asking
from bot.team.vocabulary import COACHING, VERBS, Verb
from tests.factories import TODAY

ANA = "<@U0ANA|ana>"
ME = "U0MARIA"


def understand(text: str, language: str = "en") -> Said:
    word = text.split(maxsplit=1)[0].lower()
    verb = next((VERBS[word] for word in text.lower().split() if VERBS.get(word) in COACHING), Verb.ONE_ON_ONE)
    assert word
    return read(verb, text, Asking(TODAY, language, "USD", 1), ME)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(line, said, id=line)
        for line, said in (
            ("feedback", Give(None, None, False)),
            (f"feedback {ANA}", Give("U0ANA", None, False)),
            (f'feedback {ANA} "great discovery call"', Give("U0ANA", "great discovery call", False)),
            (f"feedback {ANA} great discovery call", Give("U0ANA", "great discovery call", False)),
            (f"feedback {ANA} - great call", Give("U0ANA", "great call", False)),
            (f'feedback "great call" {ANA}', Give("U0ANA", "great call", False)),
            (f'{ANA} feedback "great call"', Give("U0ANA", "great call", False)),
            (f"отзыв {ANA} «отличный звонок»", Give("U0ANA", "отличный звонок", False)),
            (f'feedback {ANA} kudos "saved it"', Give("U0ANA", "saved it", True)),
            (f'kudos {ANA} "saved it"', Give("U0ANA", "saved it", True)),
            (f"спасибо {ANA} за продление", Give("U0ANA", "за продление", True)),
            ("feedback me nice", Give(ME, "nice", False)),
            ("oneonone", About()),
            (f"oneonone {ANA}", About("U0ANA")),
            (f"встреча с {ANA}", About("U0ANA")),
            ("training", Mine()),
            ("обучение", Mine()),
            ("training progress", Progress()),
            ("обучение прогресс", Progress()),
            ("training assign", AssignForm()),
            (
                'training assign "MEDDIC basics" <https://learn.example/m> to AE by 15 dec',
                Module("MEDDIC basics", "https://learn.example/m", date(2026, 12, 15), (), ("AE",)),
            ),
            (
                f"training assign MEDDIC for beginners to {ANA} and SDR+MRR by 2026-12-01",
                Module("MEDDIC for beginners", None, date(2026, 12, 1), ("U0ANA",), ("SDR", "MRR")),
            ),
            (
                f"обучение назначить «Основы» https://learn.example для {ANA} до 15 дек",
                Module("Основы", "https://learn.example", date(2026, 12, 15), ("U0ANA",), ()),
            ),
        )
    ],
)
def test_what_is_understood(line: str, said: Said) -> None:
    assert understand(line) == said


@pytest.mark.parametrize(
    ("line", "person", "name", "first", "last"),
    [
        (f"review {ANA} 2026-H2", "U0ANA", "2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        (f"review {ANA} H1 2026", "U0ANA", "2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        (f"review 2026-Q4 {ANA}", "U0ANA", "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (f"ревью {ANA} 2026", "U0ANA", "2026", date(2026, 1, 1), date(2026, 12, 31)),
        (f"review {ANA} last quarter", "U0ANA", "2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("review", None, "2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
    ],
)
def test_the_period_of_a_review(line: str, person: str | None, name: str, first: date, last: date) -> None:
    said = understand(line)
    assert isinstance(said, Review)
    assert (said.person, said.period.name, said.period.first, said.period.last) == (person, name, first, last)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('feedback "great call"', "person_missing"),
        ("feedback @ana great", "handle"),
        (f'feedback {ANA} ""', "text_missing"),
        (f"отзыв {ANA} «»", "text_missing"),
        (f"feedback {ANA} {'x' * 2001}", "text_long"),
        (f"oneonone {ANA} <@U0BOB>", "two_people"),
        ("oneonone @ana", "handle"),
        (f"oneonone {ANA} tomorrow", "words_unknown"),
        (f"review {ANA} 2027-H1", "period_ahead"),
        (f"review {ANA} 2026-Q5", "period_unread"),
        ("training something", "words_unknown"),
        ('training assign "" to AE by 15 dec', "title_missing"),
        (f'training assign "{"x" * 200}" to AE by 15 dec', "title_long"),
        ('training assign "MEDDIC" ftp://learn.example/x to AE by 15 dec', "link_bad"),
        ('training assign "MEDDIC" javascript:alert(1) to AE by 15 dec', "link_bad"),
        ('training assign "MEDDIC" to AE', "day_missing"),
        ('training assign "MEDDIC" to AE by', "day_missing"),
        ('training assign "MEDDIC" to AE by 2026-11-01', "day_past"),
        ('training assign "MEDDIC" to AE by yesterday', "day_past"),
        ('training assign "MEDDIC" to AE by 2036-01-01', "day_far"),
        ('training assign "MEDDIC" to AE by 2026-02-30', "day_unread"),
        ('training assign "MEDDIC" by 15 dec', "whom_missing"),
        ('training assign "MEDDIC" to everybody by 15 dec', "whom_missing"),
        ('training assign "MEDDIC" to @ana by 15 dec', "handle"),
    ],
)
def test_what_is_asked_back(line: str, code: str) -> None:
    for language in ("en", "ru"):
        said = understand(line, language)
        assert isinstance(said, Unread), said
        assert said.problem.code == code
        assert code in ASKS
        if SOMEBODY not in said.example:
            assert not isinstance(understand(said.example, language), Unread), said.example


SOMEBODY = "@ana"


@given(st.sampled_from(sorted(COACHING)), st.text(max_size=80))
def test_every_string_has_a_reading(verb: Verb, text: str) -> None:
    for line in (text, f"{verb} {text}", f"{verb} {ANA} {text}", f"training assign {text} to AE by 15 dec"):
        said = read(verb, line, Asking(TODAY, "en", "USD", 4), ME)
        assert not isinstance(said, Unread) or said.problem.code in ASKS
