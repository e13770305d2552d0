"""Leaderboards and milestones in Slack's limits, in both languages; the trade's example as somebody reads it."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from sandbox.checks.surfaces import message_reasons, view_reasons

from bot.attainment.pages import When
from bot.clock import zone_or_utc
from bot.figures.scorecard import Card
from bot.quota.periods import Kind, period_of
from bot.recognition import form
from bot.recognition.pages import Leaderboard, Milestone
from bot.recognition.rules import USUAL_WEIGHTS, Recognition, Standing, counted, rated, scored, summed
from bot.words import LANGUAGES, words_for
from handlers import ids
from handlers.ui import recognition as ui
from handlers.ui import recognition_form as form_ui

W46 = period_of(Kind.WEEK, date(2026, 11, 12))
UTC_ZONE = zone_or_utc("UTC")
WHEN = When(datetime(2026, 11, 16, 9, tzinfo=UTC), date(2026, 11, 16), UTC_ZONE, UTC_ZONE)
EN, RU = words_for("en"), words_for("ru")


def a_card(deals: int | None = 6) -> Card:
    """The trade's example, with or without a target for deals."""
    done = {
        "revenue": summed([61_000], Fraction(120_000)),
        "deals": counted(4, None if deals is None else Fraction(deals)),
        "calls": counted(520, Fraction(400)),
        "accepted": rated(18, 20),
    }
    return scored(USUAL_WEIGHTS, done).card


def a_page(*standings: Standing, without: int = 0, is_out: bool | None = None, mine: Card | None = None) -> Leaderboard:
    return Leaderboard(W46, WHEN, USUAL_WEIGHTS, standings, without, "en", is_out, mine)


def test_the_trade_s_example_reaches_its_reader() -> None:
    said = ui.own_leaderboard(EN, a_page(Standing("U0DANA", "Dana", a_card()), is_out=False, mine=a_card()))
    shown = str(said.blocks)
    for part in ("51\\xa0% × 50 = 25.42", "67\\xa0% × 20 = 13.33", "100\\xa0% × 15 = 15.00", "90\\xa0% × 15 = 13.50"):
        assert part in shown
    assert "67.25 ÷ 100 × 100 = 67.25" in shown


def test_a_missing_target_makes_the_whole_smaller() -> None:
    said = ui.own_card(EN, a_card(deals=None))
    assert "Deals: no target" in said
    assert "53.92 ÷ 80 × 100 = 67.40" in said
    assert "53,92 ÷ 80 × 100 = 67,40" in ui.own_card(RU, a_card(deals=None))


def test_no_score_says_how_much_is_missing() -> None:
    card = scored({"calls": 40, "sqls": 60}, {"calls": counted(1, Fraction(1)), "sqls": counted(1, None)}).card
    assert "targets cover 40 of 100" in ui.own_card(EN, card)


def test_places_are_shared_and_a_list_of_ties_has_none() -> None:
    places = a_page(*(Standing(f"U{at}", f"P{at}", a_card(), place) for at, place in enumerate((1, 2, 2, 4))))
    assert "*2.* P1 · 67.2\n*2.* P2 · 67.2\n*4.* P3" in ui.leaderboard(EN, places).blocks[1]["text"]["text"]
    ties = a_page(Standing("U1", "Ana", a_card()), Standing("U2", "Ben", a_card()))
    text = ui.leaderboard(EN, ties).blocks[1]["text"]["text"]
    assert "too close to tell anybody apart" in text
    assert "• Ana · 67.2\n• Ben · 67.2" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("people", [0, 1, 2, 3, 1000])
@pytest.mark.parametrize("name", ["Ana", "x" * 200, "<!channel> & *b* " * 4, "Ж" * 80], ids=str.__len__)
def test_any_size_and_any_name_fit_slack(language: str, people: int, name: str) -> None:
    words = words_for(language)
    several = tuple(Standing(f"U{at}", name, a_card(), (at + 1) if people > 2 else None) for at in range(people))
    page = a_page(*several, without=people, is_out=bool(people % 2), mine=a_card())
    for message in (ui.leaderboard(words, page), ui.own_leaderboard(words, page)):
        assert message_reasons({"channel": "C1", **message.payload()}) == {}
        assert "<!channel>" not in str(message.payload())


@pytest.mark.parametrize("language", LANGUAGES)
def test_milestones_and_decisions_fit_slack(language: str) -> None:
    words = words_for(language)
    several = [
        Milestone("Dana", False, 1, None, False, language),
        Milestone("Dana", False, 10, None, False, language),
        Milestone("Dana", False, 0, "2026-Q4", False, language),
        Milestone("North", True, 0, "2026-Q4", False, language),
        Milestone("Dana", False, 10, None, True, language),
    ]
    texts = [ui.milestone(words, each) for each in several]
    texts += [ui.decided(words, is_out=out, is_new=new) for out in (True, False) for new in (True, False)]
    assert len({each.text for each in texts}) == len(texts)
    for each in texts:
        assert message_reasons({"channel": "C1", **each.payload()}) == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("found", [Recognition(), Recognition("C0TEAM", {"calls": 100}, False)])
def test_the_form_fits_slack(language: str, found: Recognition) -> None:
    view = form_ui.recognition_form(words_for(language), found, ids.pack(seen=found.to_json()))
    assert view_reasons(view, "modal") == []


def test_what_is_filled_in_is_read() -> None:
    filled = {"channel": "C0TEAM", "revenue": "40", "calls": "", "milestones": ["milestones"]}
    assert form.read(filled) == (Recognition("C0TEAM", {"revenue": 40}), {})
    assert form.read({"revenue": "40"}).wanted == Recognition(None, {"revenue": 40}, False)


@pytest.mark.parametrize(
    ("filled", "problems"),
    [
        ({"revenue": "101", "deals": "-1", "calls": "1.5"}, {"revenue", "deals", "calls"}),
        ({"revenue": "0"}, {"revenue"}),
        ({"revenue": "²"}, {"revenue"}),
    ],
)
def test_what_is_no_weight_is_asked_back(filled: dict[str, str], problems: set[str]) -> None:
    assert form.read(filled).problems.keys() == problems
