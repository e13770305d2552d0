"""Lines of pay as people type them, in both languages, and that none is without an answer."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access.roles import Role
from bot.pay.line import ASKS, Against, PayLine, ShowPlan, ShowStatement
from bot.pay.line import read as read_pay
from bot.quota.line import read
from bot.quota.said import OF_PAY, Asking, Help, OfPay
from bot.reading.asked import Unclear

HERE = Asking(date(2026, 11, 18), "en", "EUR", 1, ("North",), ("EMEA",), OF_PAY)
Q3, Q4 = date(2026, 7, 1), date(2026, 10, 1)


def pay(typed: str, here: Asking = HERE) -> PayLine:
    """What stands behind `/quota`, as pay reads it."""
    said = read(typed, here)
    assert isinstance(said, OfPay), said
    return read_pay(said, here)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("statement", ShowStatement()),
        ("statement q4", ShowStatement(day=Q4)),
        ("statement 2026-Q4", ShowStatement(day=Q4)),
        ("расчёт за 4 кв", ShowStatement(day=Q4)),
        ("statement last quarter", ShowStatement(day=Q3)),
        ("расчет прошлый квартал", ShowStatement(day=Q3)),
        ("statement <@U0DANA> q3", ShowStatement("U0DANA", Q3)),
        ("statement as of 2026-10-31", ShowStatement(as_of=date(2026, 10, 31))),
        ("statement q4 <@U0DANA> as of 31 oct", ShowStatement("U0DANA", Q4, date(2026, 10, 31))),
        ("расчёт <@U0DANA> на 31.10.2026", ShowStatement("U0DANA", as_of=date(2026, 10, 31))),
        ("statement nov", ShowStatement(day=date(2026, 11, 1))),
        ("STATEMENT FOR Q1", ShowStatement(day=date(2026, 1, 1))),
        ("plan", ShowPlan()),
        ("plan AE", ShowPlan(Role.AE)),
        ("commission plan for sdr", ShowPlan(Role.SDR)),
        ("схема AE", ShowPlan(Role.AE)),
        ("схема вознаграждения менеджер по продажам", ShowPlan(Role.AE)),
        ("dispute", Against()),
        ("dispute 3", Against(3)),
        ("dispute line #3 q3", Against(3, day=Q3)),
        ("оспорить строку 2 3 кв - сумма была 26 000", Against(2, day=Q3, text="сумма была 26 000")),
        ("dispute Acme Corp (EMEA) - 26,000 in q4", Against(name="Acme Corp (EMEA)", text="26,000 in q4")),
        ('dispute "Q4 Ltd" 2026-Q3', Against(name="Q4 Ltd", day=Q3)),
        ("dispute - all wrong", Against(text="all wrong")),
    ],
)
def test_what_is_understood(typed: str, said: PayLine) -> None:
    assert pay(typed) == said


@pytest.mark.parametrize(
    ("typed", "code", "example"),
    [
        ("statement @dana", "handle", "statement 2026-Q4"),
        ("statement <@U0DANA> <@U0ANA>", "two_people", "statement 2026-Q4"),
        ("statement q3 q2", "two_periods", "statement 2026-Q3"),
        ("statement q7", "period_unread", "statement 2026-Q4"),
        ("statement 2027-Q1", "period_ahead", "statement 2026-Q4"),
        ("statement 2025", "period_long", "statement 2025-Q4"),
        ("statement as of", "day_missing", "statement 2026-Q4 as of 2026-11-01"),
        ("statement as of 31.12.2026", "day_ahead", "statement 2026-Q4 as of 2026-11-01"),
        ("statement as of 31.2.2026", "day_impossible", "statement 2026-Q4 as of 2026-11-01"),
        ("statement as of 03/04", "day_ambiguous", "statement 2026-Q4 as of 2026-11-01"),
        ("statement as of blorp", "day_unread", "statement 2026-Q4 as of 2026-11-01"),
        ("statement blorp", "words_unknown", "statement 2026-Q4"),
        ("statement calls", "words_unknown", "statement 2026-Q4"),
        ("plan blorp", "role_unknown", "plan AE"),
        ("plan AE SDR", "role_unknown", "plan AE"),
        ("dispute 3 2024", "period_long", "dispute 1 2024-Q4 - it was 26,000"),
    ],
)
def test_what_is_asked_back_comes_with_a_line_that_would_do(typed: str, code: str, example: str) -> None:
    said = pay(typed)
    assert isinstance(said, Unclear)
    assert (said.problem.code, said.example) == (code, example)


def test_a_fiscal_year_that_begins_in_february_leaves_open_which_quarter_is_meant() -> None:
    here = Asking(HERE.today, first_month=2, of_pay=OF_PAY)
    said = pay("statement 2026-Q4", here)
    assert said == ShowStatement(day=date(2025, 11, 1))
    assert pay("statement fy2027-q3", here) == ShowStatement(day=date(2026, 8, 1))


WORDS = (
    "<@U0DANA>|q4|2026-Q4|q9|as of|31 oct|на|03/04|@foo|AE|sdr|менеджер|3|#2|line|строка|-|wrong|Acme|“x y”|2025|"
    "calls|team|last quarter|помощь|120k|set|plan|N"
).split("|")


@given(
    st.sampled_from(["statement", "plan", "dispute", "расчёт", "схема", "оспорить"]),
    st.lists(st.sampled_from(WORDS), max_size=7),
    st.sampled_from(["en", "ru"]),
    st.sampled_from([1, 2, 7]),
)
def test_every_line_has_an_answer_and_every_example_reads(
    verb: str, words: list[str], language: str, first_month: int
) -> None:
    here = Asking(HERE.today, language, "EUR", first_month, HERE.teams, HERE.territories, OF_PAY)
    if words in (["помощь"], ["help"]):
        assert isinstance(read(f"{verb} {words[0]}", here), Help)  # of `/quota` as a whole
        return
    said = pay(" ".join([verb, *words]), here)
    if isinstance(said, Unclear):
        assert said.problem.code in ASKS
        assert not isinstance(pay(said.example, here), Unclear)
