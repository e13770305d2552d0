"""Reminders in Slack's limits: much promised, long and hostile words, whatever their reader did; both languages."""

import itertools
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sandbox.checks.surfaces import message_reasons, view_reasons

from bot.activity.model import StepState
from bot.activity.steps import Step
from bot.reminders.pages import DailyPage, DayOff, FollowUpPage, WeekPage
from bot.reminders.rules import Choice, Kind, Quiet
from bot.reminders.service import Act, Line, Overview
from bot.words import LANGUAGES, words_for
from handlers import ids
from handlers.ui import reminders as ui
from handlers.ui.blocks import Block, Message
from tests.factories import NOW, TODAY, a_person

HOSTILE = "<!channel> <@U0DANA> &lt; *b* `c` 🎉 \u202eמימין " + "x" * 250
LONGEST_WHAT, LONGEST_NAME = 300, 120
KEY = str(UUID(int=7))
DAY = timedelta(days=1)
MANY = [1, 10, 40]


def a_step(n: int = 0, day: date = TODAY, what: str = "", state: str = StepState.OPEN, **more: Any) -> Step:
    """Something promised to a contact of a company."""
    name = what[:LONGEST_NAME]
    values: dict[str, Any] = {"who": name or "Jane Roe", "company": name or "Acme", "at": time(10, 30)}
    values |= more
    return Step(UUID(int=n), "U0ANA", (what or f"step {n:02}")[:LONGEST_WHAT], day, state=state, due_at=NOW, **values)


def fields(kind: Kind, act: str | None = None, *, asks: bool = False) -> dict[str, Any]:
    """What every page has."""
    return {"key": KEY, "kind": kind, "actor": a_person(), "today": TODAY, "act": act, "asks": asks}


def a_day(calls: int = 12, goal: int = 40, **more: Any) -> DailyPage:
    """The day so far."""
    return DailyPage(**fields(Kind.DAILY, **more), day=TODAY, calls=calls, goal=goal)


def follow_ups(*steps: Step, **more: Any) -> FollowUpPage:
    """What was promised."""
    return FollowUpPage(**fields(Kind.FOLLOW_UP, **more), steps=steps)


def a_week(
    overdue: int = 0, steps: int = 0, what: str = "", days_off: tuple[DayOff, ...] = (), **more: Any
) -> WeekPage:
    """What a week brings."""
    late = tuple(a_step(n, TODAY - DAY, what) for n in range(overdue))
    coming = tuple(a_step(n, TODAY + DAY * (n % 5), what) for n in range(100, 100 + steps))
    coming = tuple(sorted(coming, key=lambda step: step.day))
    return WeekPage(**fields(Kind.WEEK_AHEAD, **more), monday=TODAY, overdue=late, steps=coming, days_off=days_off)


def fits(message: Message) -> Message:
    """The message, which Slack takes whole: no block is left out, nothing is cut, and nothing in it pings."""
    payload = message.payload()
    assert message_reasons(payload) == {}
    assert len(payload["blocks"]) == len(message.blocks)
    for text in (*texts(message), payload["text"]):
        assert "<!" not in text
        assert "<@" not in text
    assert not any(len(text) >= 3000 for text in texts(message))
    return message


def texts(message: Message) -> list[str]:
    """What stands in sections, headlines and small print."""
    found = [block["text"]["text"] for block in message.blocks if "text" in block]
    small = [each["text"] for block in message.blocks if block["type"] == "context" for each in block["elements"]]
    return found + small


def said(message: Message) -> str:
    """All of it."""
    return "\n".join(texts(message))


def elements(message: Message) -> list[Block]:
    """The buttons."""
    beside = [block["accessory"] for block in message.blocks if "accessory" in block]
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [*beside, *itertools.chain(*rows)]


def pressed(message: Message) -> list[str]:
    """What the buttons do."""
    return [element["action_id"] for element in elements(message)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("calls", "goal"), [(0, 40), (39, 40), (40, 40), (500, 1), (0, 0)])
@pytest.mark.parametrize("act", [None, *Act])
@pytest.mark.parametrize("asks", [False, True])
def test_the_day_fits(language: str, calls: int, goal: int, act: str | None, asks: bool) -> None:
    fits(ui.daily(words_for(language), a_day(calls, goal, act=act, asks=asks)))


def test_the_day_says_how_far_it_is_and_offers_the_likely_first() -> None:
    message = ui.daily(words_for("en"), a_day())
    assert "12 of 40 calls today" in said(message)
    assert message.text == "Anything left to log? 12 of 40 calls today"
    assert pressed(message) == [ids.REMIND_LOG, ids.REMIND_NOT_TODAY]
    assert [element.get("style") for element in elements(message)] == ["primary", None]


@pytest.mark.parametrize(
    ("page", "buttons", "words"),
    [
        pytest.param(a_day(act=Act.LOGGED), [ids.REMIND_LOG, ids.REMIND_NOT_TODAY], "/baton reminders", id="logged"),
        pytest.param(a_day(act=Act.NOT_TODAY), [], "next working day", id="not today"),
        pytest.param(a_day(40, act=None), [], "Goal reached", id="goal reached"),
        pytest.param(
            a_day(asks=True),
            [ids.REMIND_LOG, ids.REMIND_NOT_TODAY, ids.REMIND_STOP, ids.REMIND_KEEP],
            "Should I stop sending them?",
            id="asks",
        ),
        pytest.param(a_day(asks=True, act=Act.LOGGED), [ids.REMIND_LOG, ids.REMIND_NOT_TODAY], "", id="asked, logged"),
        pytest.param(a_day(asks=True, act=Act.STOPPED), [ids.REMIND_RESUME], "Stopped.", id="stopped"),
        pytest.param(a_day(act=Act.KEPT), [ids.REMIND_LOG, ids.REMIND_NOT_TODAY], "keep coming", id="kept"),
    ],
)
def test_what_its_reader_did_with_the_day(page: DailyPage, buttons: list[str], words: str) -> None:
    message = fits(ui.daily(words_for("en"), page))
    assert pressed(message) == buttons
    assert words in said(message)


def tells_of_more(message: Message, language: str, number: int) -> bool:
    """Whether a message says how many it leaves to Home, if it leaves any."""
    more = number - ui.STEPS_SHOWN
    return more <= 0 or words_for(language).plural("reminders.more", more) in said(message)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", MANY)
@pytest.mark.parametrize("what", ["", HOSTILE])
@pytest.mark.parametrize("asks", [False, True])
def test_any_number_of_follow_ups_fits(language: str, number: int, what: str, asks: bool) -> None:
    steps = (a_step(n, what=what) for n in range(number))
    message = fits(ui.follow_up(words_for(language), follow_ups(*steps, asks=asks)))
    assert pressed(message).count(ids.REMIND_DONE) == min(number, ui.STEPS_SHOWN)
    assert tells_of_more(message, language, number)


def test_one_follow_up_is_its_own_headline() -> None:
    message = ui.follow_up(words_for("en"), follow_ups(a_step(1)))
    assert texts(message)[0] == ":bell: *step 01* · Jane Roe (Acme) · today 10:30"
    assert message.text == "Time for: step 01 · Jane Roe (Acme)"
    assert elements(message)[0]["style"] == "primary"


def test_several_follow_ups_have_one_headline_and_no_button_that_outdoes_the_others() -> None:
    message = ui.follow_up(words_for("en"), follow_ups(a_step(1), a_step(2), a_step(3)))
    assert texts(message)[0] == "*3 follow-ups are due*"
    assert message.text == "3 follow-ups are due: step 01 · Jane Roe (Acme)"
    assert not any("style" in element for element in elements(message))


def test_each_follow_up_is_shown_as_it_stands() -> None:
    steps = (
        a_step(1, state=StepState.DONE),
        a_step(2, TODAY + DAY),
        a_step(3, state=StepState.WITHDRAWN),
        a_step(4, TODAY - DAY),
        a_step(5, at=None, who=None, company=None),
    )
    message = fits(ui.follow_up(words_for("en"), follow_ups(*steps)))
    assert texts(message)[:6] == [
        "*2 follow-ups are due*",
        ":white_check_mark: ~step 01 · Jane Roe (Acme)~",
        ":arrow_right: step 02 · Jane Roe (Acme) · Thu 19 Nov 10:30",
        "~step 03 · Jane Roe (Acme)~ · taken back",
        ":bell: *step 04* · Jane Roe (Acme) · :warning: since Tue 17 Nov 10:30",
        ":bell: *step 05* · today",
    ]
    assert pressed(message) == [ids.REMIND_DONE, ids.REMIND_LATER] * 2
    assert [ids.unpack(element["value"])["s"] for element in elements(message)[::2]] == [
        str(step.id) for step in steps[3:]
    ]


@pytest.mark.parametrize(("language", "head"), [("en", "*All taken care of*"), ("ru", "*Всё разобрано*")])
def test_when_nothing_is_left_the_headline_says_so(language: str, head: str) -> None:
    steps = (a_step(1, state=StepState.DONE), a_step(2, TODAY + DAY))
    message = fits(ui.follow_up(words_for(language), follow_ups(*steps)))
    assert texts(message)[0] == head
    assert pressed(message) == []


def test_follow_ups_that_have_stopped_offer_to_come_back_and_nothing_else() -> None:
    message = fits(ui.follow_up(words_for("en"), follow_ups(a_step(1), a_step(2), act=Act.STOPPED)))
    assert pressed(message) == [ids.REMIND_RESUME]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0, *MANY])
@pytest.mark.parametrize("what", ["", HOSTILE])
@pytest.mark.parametrize("asks", [False, True])
def test_any_week_fits(language: str, number: int, what: str, asks: bool) -> None:
    off = (DayOff(TODAY + 2 * DAY, what or "Christmas Day"), DayOff(TODAY + 3 * DAY, None))
    message = fits(ui.week_ahead(words_for(language), a_week(number, number, what, off, asks=asks)))
    if not what:
        assert all(f"step {n}" in said(message) for n in range(100, 100 + number))
    assert tells_of_more(message, language, number)


def test_a_week_stands_day_by_day_with_what_is_overdue_first() -> None:
    page = a_week(1, 2, days_off=(DayOff(TODAY + DAY, "Founders' Day"), DayOff(TODAY + 2 * DAY, None)))
    message = fits(ui.week_ahead(words_for("en"), page))
    assert message.text == "Your week: 2 follow-ups · 1 overdue"
    assert said(message).startswith(
        "*Your week*\n2 follow-ups · 1 overdue\n"
        "• step 00 · Jane Roe (Acme) · :warning: since Tue 17 Nov 10:30\n"
        "\n*Wed 18 Nov*\n• 10:30 step 100 · Jane Roe (Acme)\n"
        "\n*Thu 19 Nov*\n• :palm_tree: public holiday: Founders' Day\n• 10:30 step 101 · Jane Roe (Acme)\n"
        "\n*Fri 20 Nov*\n• :palm_tree: you are away"
    )
    assert pressed(message) == [ids.REMIND_SEEN]


@pytest.mark.parametrize(
    ("page", "said_of_it"),
    [
        pytest.param(a_week(days_off=(DayOff(TODAY, None),)), "nothing promised yet", id="a day off and nothing else"),
        pytest.param(a_week(overdue=2), "2 overdue", id="only what is late"),
        pytest.param(a_week(steps=1), "1 follow-up", id="one"),
    ],
)
def test_a_week_with_little_in_it(page: WeekPage, said_of_it: str) -> None:
    assert said(ui.week_ahead(words_for("en"), page)).split("\n")[1] == said_of_it


@pytest.mark.parametrize(
    ("act", "asks", "buttons"),
    [
        (None, False, [ids.REMIND_SEEN]),
        (None, True, [ids.REMIND_SEEN, ids.REMIND_STOP, ids.REMIND_KEEP]),
        (Act.SEEN, False, []),
        (Act.STOPPED, True, [ids.REMIND_RESUME]),
        (Act.KEPT, True, []),
    ],
)
def test_what_its_reader_did_with_the_week(act: str | None, asks: bool, buttons: list[str]) -> None:
    assert pressed(fits(ui.week_ahead(words_for("ru"), a_week(1, 1, act=act, asks=asks)))) == buttons


def standing(*, is_on: bool = True, quiet: Quiet | None = None, early: int = 0, at: time | None = None) -> Overview:
    """What somebody decided."""
    next_at = NOW + timedelta(hours=2, minutes=30) if is_on else None
    choices = {Kind.DAILY: Choice(at=at), Kind.FOLLOW_UP: Choice(early=early), Kind.WEEK_AHEAD: Choice(at=at)}
    choices[Kind.TRAINING] = Choice()
    times: dict[Kind, datetime | None] = {
        Kind.DAILY: next_at,
        Kind.FOLLOW_UP: None,
        Kind.WEEK_AHEAD: next_at,
        Kind.TRAINING: None,
    }
    lines = (Line(kind, replace(choices[kind], is_muted=not is_on), is_on, times[kind]) for kind in Kind)
    return Overview(tuple(lines), quiet)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "found",
    [
        pytest.param(standing(), id="as it is"),
        pytest.param(standing(is_on=False), id="all off"),
        pytest.param(standing(quiet=Quiet(time(20), time(7)), early=15, at=time(15)), id="all chosen"),
    ],
)
@pytest.mark.parametrize("is_new", [False, True])
def test_the_overview_fits(language: str, found: Overview, is_new: bool) -> None:
    message = fits(ui.overview(words_for(language), found, a_person(), NOW, is_new=is_new))
    assert pressed(message) == [*(f"{ids.REMIND_MUTE}.{n}" for n in range(4)), ids.REMIND_OPEN_FORM]


def test_the_overview_says_when_each_comes_next_where_its_reader_is() -> None:
    message = ui.overview(words_for("en"), standing(at=time(15), early=15), a_person(zone="Asia/Tokyo"), NOW)
    assert (
        "*The day's activity*\non working days at 15:00, only while you are below your goal\nnext: Thu 19 Nov 01:30"
        in said(message)
    )
    assert "*Follow-ups*\n15 minutes before their time" in said(message)
    assert "*Quiet hours*\nnone" in said(message)


def test_what_is_off_can_be_put_on() -> None:
    message = ui.overview(words_for("en"), standing(is_on=False), a_person(), NOW)
    assert said(message).count(":no_bell: off") == 4
    assert [ids.unpack(element["value"])["on"] for element in elements(message)[:4]] == [True] * 4


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("line", ["every full moon", HOSTILE, "<" * 4000, "слово\nдругое"])
def test_a_line_that_says_nothing_is_quoted_back_whole(language: str, line: str) -> None:
    message = fits(ui.not_understood(words_for(language), line, standing(), a_person(), NOW))
    quoted = "".join(text.removeprefix(">") for text in texts(message) if text.startswith(">"))
    plain = quoted.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\n>", "\n")
    assert plain.count("<") == line.replace("&lt;", "<").count("<")
    assert "every" in plain or line != "every full moon"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "found", [standing(), standing(is_on=False, quiet=Quiet(time(20), time(0)), early=60, at=time(0))]
)
def test_the_form_fits_and_shows_what_stands(language: str, found: Overview) -> None:
    view = ui.reminders_form(words_for(language), found, ids.pack())
    assert view_reasons(view, "modal") == []
    fields_shown = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert fields_shown["daily"]["initial_option"]["value"] == ("on" if found.lines[0].is_on else "off")
    assert fields_shown["early"]["initial_option"]["value"] == str(found.lines[1].choice.early)
    assert fields_shown["daily_at"].get("initial_time") == ("00:00" if found.quiet else None)
    assert fields_shown["quiet_start"].get("initial_time") == ("20:00" if found.quiet else None)


@pytest.mark.parametrize(
    ("number", "head"),
    [(2, "*Вас ждут 2 шага*"), (5, "*Вас ждут 5 шагов*"), (21, "*Вас ждёт 21 шаг*")],
)
def test_russian_counts_agree_with_their_noun(number: int, head: str) -> None:
    message = ui.follow_up(words_for("ru"), follow_ups(*(a_step(n) for n in range(number))))
    assert texts(message)[0] == head
