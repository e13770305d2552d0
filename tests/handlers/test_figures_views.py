"""How figures read: each with its cases, few cases with their range, nothing as nothing, in both languages."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.attainment.pages import When
from bot.deals.process import Process
from bot.deals.states import Stage
from bot.figures.conversion import Handed, WinShares
from bot.figures.deals import ClosedDeal
from bot.figures.rates import Rate
from bot.figures.sales import Customers, NoVelocity, cycle_length, deal_size, volume
from bot.money import Money
from bot.performance.deals import STAGES, Calendar
from bot.performance.facts import Facts, Group, Scope
from bot.performance.figures import Figures, Span, figures
from bot.quota.said import Figures as Asked
from bot.quota.said import Whom
from bot.scorecards.pages import Card, FiguresPage, Row
from bot.words import words_for
from handlers.ui import figures as ui
from handlers.ui import figures_said as said
from handlers.ui.blocks import Message
from tests.bot.quota.desk import Q4, period

EN, RU = words_for("en"), words_for("ru")
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
SPAN = Span(Q4.first, Q4.last, NOW.date(), NOW)
NOTHING = figures(
    Facts(Calendar(BERLIN, "EUR"), Scope("T0BATON", None, Q4.first, Q4.last)), Group(), SPAN, WinShares({}, {})
)


def some(**more: Any) -> Figures:
    """Figures of nothing, but for what is said."""
    values = {name: getattr(NOTHING, name) for name in Figures.__slots__}
    return Figures(**{**values, **more})


def page(now: Figures, before: Figures = NOTHING, asked: Asked | None = None, **more: Any) -> FiguresPage:
    """A page with one card."""
    when = When(NOW, NOW.date(), BERLIN, BERLIN)
    asked = asked or Asked(period=Q4)
    return FiguresPage(asked, Q4, period("2026-Q3"), None, None, when, "EUR", Card(now, before), **more)


def rows(message: Message) -> dict[str, list[str]]:
    """The cells of the table by their first one, with plain spaces."""
    table = next(block for block in message.blocks if block["type"] == "table")
    cells = [[cell["text"].replace("\u00a0", " ") for cell in row] for row in table["rows"]]
    return {first: rest for first, *rest in cells}


def a_deal(deal_id: str, amount: int | None, days: int, *, won: bool = True) -> ClosedDeal:
    """A deal that was closed after so many days."""
    closed = date(2026, 11, 10)
    money = None if amount is None else Money("EUR", amount * 100)
    return ClosedDeal(deal_id, won, date.fromordinal(closed.toordinal() - days), closed, money)


@pytest.mark.parametrize(
    ("rate", "english", "russian"),
    [
        (Rate(25, 70), "35.7 % (25 of 70)", "35,7 % (25 из 70)"),
        (Rate(3, 7), "3 of 7 (16–75 %)", "3 из 7 (16–75 %)"),
        (Rate(10, 20), "10 of 20 (30–70 %)", "10 из 20 (30–70 %)"),  # 40.1 points wide
        (Rate(0, 10), "0 % (0 of 10)", "0 % (0 из 10)"),
        (Rate(0, 0), None, None),
    ],
)
def test_a_rate_stands_with_its_cases(rate: Rate, english: str | None, russian: str | None) -> None:
    for words, expected in ((EN, english), (RU, russian)):
        found = said.rate(words, rate)
        assert (found and found.replace("\u00a0", " ")) == expected


def test_sizes_and_lengths_with_five_cases_and_with_fewer() -> None:
    amounts, lengths = (24_000, 18_000, 9_500, 31_000, 12_500), (12, 18, 21, 34, 95)
    deals = [a_deal(str(n), *each) for n, each in enumerate(zip(amounts, lengths, strict=True))]
    many = some(volume=volume(deals, "EUR"), size=deal_size(deals), cycle=cycle_length(deals))
    few = some(volume=volume(deals[:2], "EUR"), size=deal_size(deals[:2]), cycle=cycle_length(deals[:2]))
    found = rows(ui.page(EN, page(many, few)))
    assert found["Sales volume"] == ["95,000 EUR, 5 deals", "42,000 EUR, 2 deals"]
    assert found["Average deal"] == ["19,000 EUR, median 18,000, 5 deals", "21,000 EUR (18,000–24,000), 2 deals"]
    one = some(volume=volume(deals[:1], "EUR"), size=deal_size(deals[:1]))
    assert rows(ui.page(EN, page(one, few)))["Average deal"][0] == "24,000 EUR, 1 deal"
    assert found["Sales cycle"] == ["21 days (median), mean 36, 5 deals", "12, 18 days, 2 deals"]
    russian = rows(ui.page(RU, page(many, few)))
    assert russian["Средний чек"][0] == "19 000 EUR, медиана 18 000, 5 сделок"
    assert russian["Цикл сделки"] == ["медиана 21 день, среднее 36, 5 сделок", "12, 18 дн., 2 сделки"]


def test_what_there_is_nothing_of_is_no_zero() -> None:
    found = rows(ui.page(EN, page(NOTHING)))
    assert found == {
        "Figure": ["2026-Q4", "2026-Q3"],
        "Sales volume": ["none won", "none won"],
        "Win rate": ["none closed", "none closed"],
    }
    one = rows(ui.page(EN, page(some(win_rate=Rate(3, 7), velocity=NoVelocity.FEW_CLOSED))))
    assert one["Win rate"] == ["3 of 7 (16–75 %)", "none closed"]
    assert one["Sales velocity"] == ["too few closed", "nothing yet"]


def test_an_arrow_only_where_the_two_are_told_apart() -> None:
    found = rows(ui.page(EN, page(some(win_rate=Rate(24, 50)), some(win_rate=Rate(12, 50)))))
    assert found["Win rate"] == ["▲ 48 % (24 of 50)", "24 % (12 of 50)"]
    alike = rows(ui.page(EN, page(some(win_rate=Rate(25, 70)), some(win_rate=Rate(30, 60)))))
    assert alike["Win rate"][0] == "35.7 % (25 of 70)"


def test_retention_hand_offs_and_stages() -> None:
    kept = Customers(50, 4, *(Money("EUR", each * 100) for each in (1_000_000, 60_000, 20_000, 110_000)))
    stages = {**dict.fromkeys(STAGES, Rate(0, 0)), "needs": Rate(70, 100)}
    given = Handed(accepted=18, declined=1, expired=1, requalified=10, rejected=5)
    found = rows(ui.page(EN, page(some(customers=kept, conversions=stages, given=given))))
    assert found["Customers lost"][0] == "8 % (4 of 50)"
    assert found["Gross retention (GRR)"][0] == "92 %, 50 customers"
    assert found["Net retention (NRR)"][0] == "103 %, 50 customers"
    assert found["Needs → on"] == ["70 % (70 of 100)", "none came here"]
    assert "Demo → on" not in found
    assert found["Handed off: accepted"][0] == "90 % (18 of 20)"
    assert found["Handed off: re-qualified"][0] == "10 of 15 (42–85 %)"
    own = Process(names={Stage.NEEDS: {"en": "Discovery"}})
    assert "Discovery → on" in rows(ui.page(EN, page(some(conversions=stages), process=own)))
    whole = rows(ui.page(EN, page(some(given=given), asked=Asked(is_whole=True, period=Q4))))
    assert "Handed off: accepted" not in whole


def test_sources_and_people_have_a_row_each() -> None:
    card = Card(some(win_rate=Rate(3, 7)), NOTHING)
    asked = Asked(by_source=True, period=Q4)
    by_source = page(NOTHING, asked=asked, rows=(Row("webinar", card), Row("our friends", card)))
    found = rows(ui.page(RU, FiguresPage(**{**_fields(by_source), "card": None})))
    assert found["Вебинар"][:4] == ["выигранных нет", "3 из 7 (16–75 %)", "сюда не доходили", "выигранных нет"]
    assert "our friends" in found
    people = page(
        NOTHING, asked=Asked(Whom(), Q4), rows=tuple(Row(f"Person {n}", card) for n in range(120)), people=120
    )
    message = ui.by_person(EN, people)
    table = next(block for block in message.blocks if block["type"] == "table")
    assert len(table["rows"]) == 100
    assert "21 more are not shown." in str(message.blocks)


def _fields(found: FiguresPage) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FiguresPage.__slots__}


def test_how_it_is_counted_is_told_in_both_languages() -> None:
    for words in (EN, RU):
        assert len(ui.counted(words)["blocks"]) == len(ui.COUNTED)


def test_the_share_of_coverage_reads_with_two_digits() -> None:
    assert said._times(EN, Fraction(105, 59)) == "1.78×"
    assert said._times(RU, Fraction(4)) == "4×"
