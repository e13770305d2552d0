"""What `/baton audit` is asked for, on a Wednesday."""

from datetime import date

import pytest

from bot.audit.line import Asked, read

TODAY = date(2026, 11, 18)
ANA = "U0ANA"


def november(first: int, last: int) -> tuple[date, date]:
    return date(2026, 11, first), date(2026, 11, last)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Asked()),
        ("<@U0ANA|ana>", Asked(ANA)),
        ("today", Asked(days=november(18, 18))),
        ("вчера", Asked(days=november(17, 17))),
        ("mon", Asked(days=november(16, 16))),
        ("2026-11-02", Asked(days=november(2, 2))),
        ("since 2 nov to 5 nov", Asked(days=november(2, 5))),
        ("2 nov – 5 nov", Asked(days=november(2, 5))),
        ("с 2 ноября по 5 ноября", Asked(days=november(2, 5))),
        ("mon - wed", Asked(days=november(16, 18))),
        ("mon - fri", Asked(days=november(9, 13))),
        ("this week", Asked(days=november(16, 22))),
        ("last week", Asked(days=november(9, 15))),
        ("for last week", Asked(days=november(9, 15))),
        ("за прошлую неделю", Asked(days=november(9, 15))),
        ("this month", Asked(days=november(1, 18))),
        ("last month", Asked(days=(date(2026, 10, 1), date(2026, 10, 31)))),
        ("<@U0ANA> last week", Asked(ANA, november(9, 15))),
        ("Last Week of <@U0ANA>", None),
        ("yesterday <@U0ANA|ana>", Asked(ANA, november(17, 17))),
        ("me yesterday", Asked("U0SAM", november(17, 17))),
        ("мои", Asked("U0SAM")),
    ],
)
def test_what_is_asked_for(text: str, asked: Asked | None) -> None:
    assert read(text, "U0SAM", TODAY) == asked


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<@U0ANA> <@U0BEN>", id="two people"),
        pytest.param("everything since the war", id="unknown words"),
        pytest.param("03/04", id="a day that may be two"),
        pytest.param("31 feb", id="no such day"),
        pytest.param("2026-11-09 - 2026-11-02", id="backwards"),
        pytest.param("mon -", id="an open end"),
        pytest.param("ana", id="a name that Slack did not make a mention of"),
        pytest.param("yesterday evening", id="a word too many"),
    ],
)
def test_what_cannot_be_told_is_asked_back(text: str) -> None:
    assert read(text, "U0SAM", TODAY) is None
