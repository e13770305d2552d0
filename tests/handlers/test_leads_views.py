"""Leads in Slack's limits: long and hostile words, long timelines and queues, every state; both languages."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from sandbox.checks.surfaces import message_reasons, view_reasons

from bot.leads import notices
from bot.leads.changes import NewLead
from bot.leads.odds import Odds, Tally, TooFew, Used
from bot.leads.pages import QUEUE, TIMELINE, Card, Facts, Notice, QueuePage, Waiting
from bot.leads.queries import Event, LeadRow, Touch
from bot.leads.scoring import Line, Part, Score
from bot.leads.scoring_rules import Grade
from bot.leads.service import Meant
from bot.leads.speed import Speed
from bot.leads.states import Direction, Happening, LeadState
from bot.reading.asked import Problem, Unclear
from bot.words import LANGUAGES, words_for
from handlers.ui import lead_card, lead_form
from handlers.ui import leads as ui
from handlers.ui.blocks import Message, Mrkdwn
from tests.factories import NOW, TODAY, a_person

HOSTILE = "<!channel> <@U0DANA> &lt; *b* `c` 🎉 \u202eמימין " + "x" * 80
LONG = (HOSTILE + " ") * 20
MINUTE = timedelta(minutes=1)
STATES = [state for state in LeadState if state is not LeadState.MERGED]


def a_lead(n: int = 7, text: str = "", **more: Any) -> LeadRow:
    """A lead of Acme; `text` stands wherever somebody may have typed something."""
    values: dict[str, Any] = dict.fromkeys(LeadRow.__dataclass_fields__)
    values |= {"id": UUID(int=n), "account_id": UUID(int=1), "company": text[:120] or "Acme", "state": LeadState.QUEUED}
    values |= {"person": text[:120] or "Jane Roe", "email": "jane@acme.example", "phone": "15550100"}
    values |= {"direction": Direction.INBOUND, "source": "webinar", "title": text[:120] or "CTO", "country": "DE"}
    values |= {"said": text or "wants a demo", "received_at": NOW - 7 * MINUTE, "employees": 80, "industry": text[:120]}
    return LeadRow(**{**values, **more})


def lines(count: int, text: str) -> tuple[Line, ...]:
    """Where points come from."""
    kinds = [
        Line(Part.FIT, "size", "80", 15, None, Decimal(15)),
        Line(Part.FIT, "country", "DE", 5, None, Decimal(5)),
        Line(Part.FIT, "title", text[:120] or "CTO", 20, None, Decimal(20)),
        Line(Part.BEHAVIOUR, "source.webinar", "webinar", 20, 3, Decimal("14.58"), NOW),
        Line(Part.BEHAVIOUR, "touch.call.connected", "call.connected", 15, 1, Decimal("13.5"), NOW),
        Line(Part.BEHAVIOUR, "recency", "0", 5, 0, Decimal(5), NOW),
        Line(Part.MANUAL, "manual", text[:300] or "asked", -10, None, Decimal(-10), NOW, "U0ANA"),
    ]
    return tuple(kinds[n % len(kinds)] for n in range(count))


def a_card(row: LeadRow | None = None, text: str = "", count: int = 7, **more: Any) -> Card:
    """The card of a lead."""
    row = row or a_lead(text=text)
    facts = Facts(row.company, row.person, row.title, row.said, row.source, TODAY, 58, Grade.C, None)
    detail = {"points": 10, "why": text or "x", "until": "2026-12-01", "company": text, "said": text}
    detail |= {"before": 61, "before_grade": "B", "after": 73, "after_grade": "A"}
    happened = [Event(what, NOW, "U0ANA", detail) for what in Happening]
    touch = Touch(row.id, "U0ANA", "call", "connected", 15, NOW, text or "wants pricing")
    timeline = tuple([touch, *happened][:TIMELINE])
    values: dict[str, Any] = {
        "reader": a_person(),
        "row": row,
        "facts": facts,
        "score": Score(58, Grade.C, lines(count, text)),
        "timeline": timeline,
        "more": 12,
        "speed": a_clock(),
        "odds": TooFew(Tally(12, 30)),
        "names": {"U0ANA": text[:80] or "Ana", "U0BEN": "Ben"},
        "now": NOW,
    }
    return Card(**{**values, **more})


def a_clock(worked: timedelta = 4 * MINUTE, **more: Any) -> Speed:
    """The clock of a lead."""
    values: dict[str, Any] = {"wall": timedelta(hours=62, minutes=44), "touch": None}
    values |= {"due_at": NOW, "late_at": NOW + 5 * MINUTE}
    return Speed(**{"target": 5 * MINUTE, "worked": worked, **values, **more})


def fits(message: Message) -> Message:
    """The message, which Slack takes whole, and in which nothing that people typed pings."""
    payload = message.payload()
    assert message_reasons(payload) == {}
    assert len(payload["blocks"]) == len(message.blocks)
    for each in (*texts(message), payload["text"]):
        assert "<!" not in each
        assert "<@" not in each
    return message


def texts(message: Message) -> list[str]:
    """What stands in sections, headlines and small print."""
    found = [block["text"]["text"] for block in message.blocks if "text" in block and block["type"] != "header"]
    return found + [
        each["text"] for block in message.blocks if block["type"] == "context" for each in block["elements"]
    ]


def whole(message: Message) -> str:
    """All of it."""
    return "\n".join(texts(message))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", LONG], ids=["plain", "hostile"])
@pytest.mark.parametrize("state", STATES)
def test_a_card_in_every_state(language: str, text: str, state: LeadState) -> None:
    for owner in (None, "U0ANA", "U0BEN"):
        row = a_lead(text=text, state=state, owner_id=owner, nurture_until=date(2026, 12, 1))
        for may in (False, True):
            page = a_card(row, text, 40, can_claim=may and owner is None, can_change=may)
            fits(lead_card.card(words_for(language), page, head=Mrkdwn("*New*")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in notices.KINDS if kind != notices.UNSERVED])
def test_what_comes_by_itself(language: str, kind: str) -> None:
    for owner in (None, "U0ANA", "U0BEN"):
        state = LeadState.WORKING if owner else LeadState.QUEUED
        row = a_lead(text=LONG, state=state, owner_id=owner)
        for clock in (None, a_clock(), a_clock(7 * MINUTE), a_clock(touch=a_card().timeline[0])):
            page = a_card(row, LONG, speed=clock)
            fits(ui.notice(words_for(language), Notice(kind, page.reader, page)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_queue_that_nobody_serves(language: str) -> None:
    for waiting in (1, 3, 1000):
        fits(ui.notice(words_for(language), Notice(notices.UNSERVED, a_person(), waiting=waiting)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", LONG], ids=["plain", "hostile"])
@pytest.mark.parametrize("count", [0, 1, QUEUE, 3 * QUEUE])
def test_a_queue(language: str, text: str, count: int) -> None:
    rows = tuple(
        Waiting(a_lead(n, text), n * 60 * MINUTE, n * MINUTE if n % 2 else None) for n in range(min(count, QUEUE))
    )
    for servers in ((), ("Ana", "Ben")):
        for may in (False, True):
            page = QueuePage(rows, count, 1 if count > QUEUE else 0, servers, may)
            claims = [block for block in fits(ui.queue(words_for(language), page)).blocks if "accessory" in block]
            assert len(claims) == (len(rows) if may else 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions(language: str) -> None:
    words, row = words_for(language), a_lead(text=LONG)
    typed = NewLead(LONG[:120], person=LONG[:120], email="a@b.example", title=LONG[:120], said=LONG * 2)
    fits(ui.known(words, a_card(row, LONG), typed, LONG, may_be_new=True))
    for meant in (Meant(LONG[:120]), Meant("x", near=(row, row, row)), Meant("x", company=LONG[:120])):
        fits(ui.not_found(words, meant, "score", LONG, {"p": 10, "y": LONG[:300]}))
    day = date(2026, 12, 1)
    problems: dict[str, dict[str, Any]] = {
        "day_ambiguous": {"text": LONG, "days": (day, day)},
        "name_long": {"field": "company", "length": 200, "limit": 120},
        "said_twice": {"field": "owner", "texts": (LONG, LONG)},
        "points_range": {"points": 500, "least": -100, "most": 100},
        "source_unknown": {"text": LONG, "sources": ("website", "webinar")},
    }
    for code, params in problems.items():
        fits(ui.unclear(words, LONG, Unclear("new Acme", Problem(code, params), "new Acme"), TODAY))


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms(language: str) -> None:
    words = words_for(language)
    lead = NewLead(LONG[:3000], person=LONG, email=LONG, phone="1", source="webinar", employees=5, said=LONG * 3)
    for each in (NewLead(""), lead):
        assert view_reasons(lead_form.new_form(words, each, "{}"), "modal") == []
    blocks = lead_card.card(words, a_card(a_lead(text=LONG), LONG, 40)).blocks
    assert view_reasons(lead_form.known_form(words, blocks, LONG, "{}"), "modal") == []


def test_both_clocks_are_told_apart() -> None:
    touched = a_clock(touch=a_card().timeline[0])
    said = whole(lead_card.card(words_for("en"), a_card(speed=touched)))
    assert "First touch after *4 min* of working time (62 h 44 min on the clock), target 5 min" in said
    same = whole(lead_card.card(words_for("ru"), a_card(speed=replace(a_clock(), wall=4 * MINUTE))))
    assert "Касания ещё не было: *4 мин* рабочего времени, цель 5 мин" in same


def test_every_line_of_a_score_says_where_it_comes_from() -> None:
    said = whole(lead_card.card(words_for("en"), a_card()))
    for each in ("`+14.6` Source: Webinar · 3 weeks ago, 20 when new", "`−10` “asked” · Ana", "1 more line: +5"):
        assert each in said


def test_what_is_older_is_counted() -> None:
    assert "and 12 more" in whole(lead_card.card(words_for("en"), a_card()))
    assert "и ещё 12" in whole(lead_card.card(words_for("ru"), a_card()))


def test_another_noun_has_its_place() -> None:
    below = [{"type": "section", "text": {"type": "mrkdwn", "text": "handed over"}}]
    blocks = fits(lead_card.card(words_for("en"), a_card(), below=below)).blocks
    kinds = [block["type"] for block in blocks]
    assert blocks.index(below[0]) < kinds.index("context")


@pytest.mark.parametrize(
    ("length", "english", "russian"),
    [
        (timedelta(seconds=20), "under 1 min", "меньше 1 мин"),
        (4 * MINUTE, "4 min", "4 мин"),
        (timedelta(hours=62, minutes=4), "62 h 04 min", "62 ч 04 мин"),
        (timedelta(days=5), "5 days", "5 дней"),
    ],
)
def test_lengths(length: timedelta, english: str, russian: str) -> None:
    assert [lead_card.duration(words_for(language), length) for language in ("en", "ru")] == [english, russian]


def test_a_moment_of_another_day_has_its_day() -> None:
    old = Event(Happening.CLAIMED, datetime(2026, 11, 3, 9, 4, tzinfo=NOW.tzinfo), "U0ANA", {})
    assert "Tue 3 Nov 09:04 · Claimed · Ana" in whole(lead_card.card(words_for("en"), a_card(timeline=(old,))))


@pytest.mark.parametrize(
    ("language", "share", "cases"),
    [
        ("en", "about *53 %* were won: an estimate from 50 won and 60 lost ones", "this source 15 of 25"),
        ("ru", "выиграно около *53 %*: оценка по 50 выигранным и 60 проигранным", "этот источник: 15 из 25"),
    ],
)
def test_a_share_won_is_an_estimate_with_its_cases(language: str, share: str, cases: str) -> None:
    used = (Used("source", "webinar", Tally(15, 10), Fraction(3, 2)),)
    found = Odds(Fraction(5282, 10000), Tally(50, 60), used)
    text = whole(lead_card.card(words_for(language), a_card(odds=found)))
    assert share in text
    assert cases in text


def test_too_few_cases_are_said_to_whoever_asks_and_no_share_is_sure() -> None:
    words = words_for("en")
    few = "Too few closed leads to say what share of such is won: 12 won and 30 lost, it takes 50 of each."
    assert few in whole(lead_card.card(words, a_card()))
    assert few not in whole(lead_card.card(words, a_card(), is_asked=False))
    sure = Odds(Fraction(9999, 10000), Tally(50, 60))
    assert "about *99 %*" in whole(lead_card.card(words, a_card(odds=sure), is_asked=False))
