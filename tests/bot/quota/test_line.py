"""Lines of `/quota` as people type them (the trade's table), those that are asked back, and that none is without an
answer: every example reads as something to do.
"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.line import read
from bot.quota.metrics import CALLS, REVENUE, Metric
from bot.quota.said import ASKS, Asking, Figures, Form, Help, OfPay, Set, Show, Suggest, Verb, WhatIf, WhichPeriod, Whom
from bot.quota.whose import Whose
from bot.reading.asked import Unclear
from tests.bot.quota.desk import period

HERE = Asking(date(2026, 11, 18), "en", "EUR", 1, ("North", "South East"), ("EMEA", "DACH"))
DANA = Whom(person="U0DANA")
NORTH, EMEA = Whom(Whose.TEAM, name="North"), Whom(Whose.TERRITORY, name="EMEA")


def to_set(metric: Metric, name: str, value: int | None, grouped: str | None = None, whom: Whom = DANA) -> Set:
    return Set(whom, metric, period(name), value, grouped)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", Show()),
        ("<@U0DANA>", Show(DANA)),
        ("территория emea", Show(EMEA)),
        ("EMEA", Show(EMEA)),
        ("team", Show(Whom(Whose.TEAM))),
        ("команда South East звонки", Show(Whom(Whose.TEAM, name="South East"), CALLS)),
        ("revenue q3", Show(metric=REVENUE, period=period("2026-Q3"))),
        ("set <@U0DANA> revenue 120k 2026-Q4", to_set(REVENUE, "2026-Q4", 12_000_000)),
        ("set <@U0DANA> выручка 120 000 4 кв", to_set(REVENUE, "2026-Q4", 12_000_000)),
        ("задать <@U0DANA> план по выручке на 4 кв 120к", to_set(REVENUE, "2026-Q4", 12_000_000)),
        ("2026-Q4 120000€ set revenue <@U0DANA>", to_set(REVENUE, "2026-Q4", 12_000_000)),
        ("set <@U0DANA> calls 200 W48", to_set(CALLS, "2026-W48", 200)),
        ("set <@U0DANA> calls 2000 q4", to_set(CALLS, "2026-Q4", 2000)),
        ("set <@U0DANA> reveneu 24.000 q4", to_set(REVENUE, "2026-Q4", 2_400_000, "24.000")),
        ("set <@U0DANA> revenue none q4", to_set(REVENUE, "2026-Q4", None)),
        ("SET TEAM NORTH REVENUE 1.5M Q4", to_set(REVENUE, "2026-Q4", 150_000_000, whom=NORTH)),
        ("set", Form()),
        ("set <@U0DANA> 120k q4", Form(DANA, period=period("2026-Q4"), typed="120k")),
        ("set <@U0DANA> q4", Form(DANA, period=period("2026-Q4"))),
        ("what-if 50k", WhatIf(REVENUE, 5_000_000)),
        ("что если 50 000", WhatIf(REVENUE, 5_000_000)),
        ("what if", WhatIf(REVENUE, None)),
        ("what-if 1000.5", WhatIf(REVENUE, 100_050)),
        ("what-if 2026", WhatIf(REVENUE, 202_600)),
        ("set <@U0DANA> revenue 5000.50 q4", to_set(REVENUE, "2026-Q4", 500_050)),
        ("на 31.10.2026", Show(as_of=date(2026, 10, 31))),
        ("as of 31 oct", Show(as_of=date(2026, 10, 31))),
        ("<@U0DANA> as of 2026-10-31", Show(DANA, as_of=date(2026, 10, 31))),
        ("suggest <@U0DANA> calls", Suggest(DANA, CALLS)),
        ("figures", Figures()),
        ("показатели <@U0DANA> q3", Figures(DANA, period("2026-Q3"))),
        ("figures team north as of 31 oct", Figures(NORTH, as_of=date(2026, 10, 31))),
        ("kpis team", Figures(Whom(Whose.TEAM))),
        ("figures source webinar last quarter", Figures(source="webinar", period=period("2026-Q3"))),
        ("показатели источник вебинар", Figures(source="webinar")),
        ('figures source "Partner Portal"', Figures(source="partner portal")),
        ("figures sources", Figures(by_source=True)),
        ("показатели по источникам 2026-11", Figures(by_source=True, period=period("2026-11"))),
        ("figures all", Figures(is_whole=True)),
        ("set <@U0DANA> figures calls 200 w48", to_set(CALLS, "2026-W48", 200)),
        ("помощь", Help()),
    ],
)
def test_what_is_understood(typed: str, said: object) -> None:
    assert read(typed, HERE) == said


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("set <@U0DANA> revenue 120000", ["2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"]),
        ("set <@U0DANA> revenue 120000 2026-Q5", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]),
    ],
)
def test_a_period_that_is_missing_or_does_not_exist_is_asked_with_four(typed: str, names: list[str]) -> None:
    said = read(typed, HERE)
    assert isinstance(said, WhichPeriod)
    assert (said.value, [each.name for each in said.periods]) == (12_000_000, names)


@pytest.mark.parametrize(
    ("typed", "code", "example"),
    [
        ("@dana", "handle", "@dana"),
        ("&lt;@U0DANA&gt;", "handle", "@dana"),
        ("what-if -5", "negative_more", "what-if 5"),
        ("<@U0DANA> <@U0ANA>", "two_people", "<@U0DANA>"),
        ("<@U0DANA> team north", "two_whom", "team North"),
        ("figures all team north", "two_whom", "team North"),
        ("figures sources source ads", "two_whom", "revenue 2026-Q4"),
        ("set <@U0DANA> revenue $5k q4", "currency", "set <@U0DANA> revenue 5000 2026-Q4"),
        ("set <@U0DANA> revenue -5 q4", "negative", "set <@U0DANA> revenue 5 2026-Q4"),
        ("set <@U0DANA> calls 1.5 w48", "amount_part", "set <@U0DANA> calls 20 2026-W48"),
        ("set <@U0DANA> calls 5€ w48", "not_money", "set <@U0DANA> calls 5 2026-W48"),
        ("<@U0DANA> revenue 5000 q4", "verb_missing", "set <@U0DANA> revenue 5000 2026-Q4"),
        ("50000", "verb_missing", "what-if 50000"),
        ("team blah", "group_unknown", "team North"),
        ("territory", "group_missing", "territory EMEA"),
        ("as of 31.12.2027", "day_ahead", "as of 2026-11-01"),
        ("as of", "day_missing", "as of 2026-11-01"),
        ("blorp", "words_unknown", "revenue 2026-Q4"),
        ("statement q4", "words_unknown", "revenue 2026-Q4"),
    ],
)
def test_what_is_asked_back_comes_with_a_line_that_would_do(typed: str, code: str, example: str) -> None:
    said = read(typed, HERE)
    assert isinstance(said, Unclear)
    assert (said.problem.code, said.example) == (code, example)


@pytest.mark.parametrize(
    ("currency", "typed", "example"),
    [
        ("JPY", "set <@U0DANA> revenue 120000.5 q4", "set <@U0DANA> revenue 120000 2026-Q4"),
        ("JPY", "what-if 50.5", "what-if 50"),
        ("EUR", "set <@U0DANA> revenue 1.234567k q4", "set <@U0DANA> revenue 1234.57 2026-Q4"),
    ],
)
def test_an_amount_finer_than_a_coin_is_asked_back_never_rounded(currency: str, typed: str, example: str) -> None:
    said = read(typed, replace(HERE, currency=currency))
    assert isinstance(said, Unclear)
    assert (said.problem.code, said.example) == ("amount_coin", example)
    assert said.problem.params["currency"] == currency


def test_verbs_of_pay_go_to_whoever_listens() -> None:
    listening = Asking(HERE.today, of_pay=frozenset({Verb.STATEMENT}))
    assert read("<@U0DANA> statement Q4", listening) == OfPay(Verb.STATEMENT, "<@U0DANA> Q4")
    assert read("show my statement", listening) == OfPay(Verb.STATEMENT, "")
    assert read("statement Q4", listening) == OfPay(Verb.STATEMENT, "Q4")
    assert read("statement", listening) == OfPay(Verb.STATEMENT, "")
    said = "<@U0DANA|dana> Q4 of R&amp;D &lt;3"
    assert read(f"statement {said}", listening) == OfPay(Verb.STATEMENT, said)


WORDS = (
    'set|<@U0DANA>|revenue|120k|2026-Q4|team|north|EMEA|на|as of|31 oct|q4|q9|50 000|что|если|план|-|none|w48|"x y"|'
    "@foo|звонки|statement|figures|sources|source|all|показатели|1.5|€|-5|03/04|suggest|territory|нет|2026|4 кв"
).split("|")


@given(st.lists(st.sampled_from(WORDS), max_size=8), st.sampled_from(["en", "ru"]))
def test_every_line_has_an_answer_and_every_example_reads(words: list[str], language: str) -> None:
    here = Asking(HERE.today, language, "EUR", 1, HERE.teams, HERE.territories)
    said = read(" ".join(words), here)
    if isinstance(said, Unclear):
        assert said.problem.code in ASKS
        assert not isinstance(read(said.example.replace("@dana", "<@U0DANA>"), here), Unclear)


@given(st.text(max_size=40))
def test_any_text_has_a_reading(text: str) -> None:
    read(text, HERE)
