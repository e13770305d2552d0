"""Themes and competitors of notes about the market, as tables; and how notes are grouped."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.themes import QUOTES, Group, Note, Theme, gathered, named_in, themes_of

C, P, O, F, R = Theme.COMPETITOR, Theme.PRICE, Theme.OBJECTION, Theme.PRODUCT, Theme.OTHER  # noqa: E741
LISTED = ("Globex", "Stark Industries", "Альфа Софт")
MONDAY = date(2026, 11, 16)


def a_note(text: str, *, day: int = 0, is_loss: bool = False) -> Note:
    """Somebody's, of a day of the week."""
    return Note(MONDAY.replace(day=16 + day), text, "U0ANA", "Acme", is_loss)


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("rival cut prices by 20%", {C, P}),
        ("у конкурента скидка 20 %", {C, P}),
        ("Globex is in the room", {C}),
        ("GLOBEX: new pricing page", {C, P}),
        ("too expensive for them", {P}),
        ("им дорого", {P}),
        ("слишком высокая цена, сравнивают с аналогами", {C, P}),
        ("worried about security", {O}),
        ("боятся, что юристы не согласуют", {O}),
        ("возражение: нет бюджета", {O, P}),
        ("they miss an integration with SAP", {F}),
        ("Stark Industries launched a mobile app", {C, F}),
        ("«Альфа Софт» выпустила новую версию", {C, F}),
        ("не хватает интеграции с 1С", {F}),
        ("the market is quiet", {R}),
        ("рынок стоит", {R}),
        ("!!!", {R}),
        ("a globexian habit", {R}),  # no part of another word
    ],
)
def test_a_note_is_about_all_that_it_names(text: str, themes: set[Theme]) -> None:
    assert themes_of(a_note(text), LISTED) == themes


@pytest.mark.parametrize(
    ("text", "is_loss", "named"),
    [
        ("lost the pilot to Globex", False, ("Globex",)),
        ("Globex and stark  industries", False, ("Globex", "Stark Industries")),
        ("ушли к Альфа-Софт", False, ("Альфа Софт",)),
        ("Initech", False, ()),
        ("Initech.", True, ("Initech",)),
        ("globex", True, ("Globex",)),
        ("they were cheaper and had been there for years", True, ()),
    ],
)
def test_competitors_are_found_by_name(text: str, is_loss: bool, named: tuple[str, ...]) -> None:
    assert named_in(a_note(text, is_loss=is_loss), LISTED) == named


def test_a_loss_to_a_competitor_is_about_competitors() -> None:
    assert themes_of(a_note("Initech", is_loss=True), ()) == {C}


def test_notes_are_counted_beside_the_period_before_and_the_newest_are_told() -> None:
    now = [a_note(f"Globex cut prices {n}", day=n) for n in range(5)] + [a_note("Initech", day=1, is_loss=True)]
    before = [a_note("globex again"), a_note("worried about the risk")]
    market = gathered(now, before, LISTED)
    assert (market.n, market.before) == (6, 2)
    assert [(each.name, each.n, each.before) for each in market.competitors] == [("Globex", 5, 1), ("Initech", 1, 0)]
    assert [(each.name, each.n, each.before) for each in market.themes] == [(C, 6, 1), (P, 5, 0), (O, 0, 1)]
    assert [note.day.day for note in market.competitors[0].quotes] == [20, 19, 18]
    assert market.people == {"U0ANA"}


TEXTS = st.text("Globex cut price risk цена SAP app.!-%", max_size=30)


@given(st.lists(TEXTS, max_size=8), st.lists(TEXTS, max_size=8))
def test_no_note_is_lost_or_counted_twice_in_a_theme(now: list[str], before: list[str]) -> None:
    market = gathered([a_note(each) for each in now], [a_note(each) for each in before], LISTED)
    groups: list[Group] = [*market.themes, *market.competitors]
    assert all(each.n <= len(now) and each.before <= len(before) for each in groups)
    assert sum(each.n for each in market.themes) >= len(now)
    assert sum(each.before for each in market.themes) >= len(before)
    assert all(len(each.quotes) == min(each.n, QUOTES) for each in groups)
