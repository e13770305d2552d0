"""App Home within Slack's limits, whoever looks: nothing is lost below the hundredth block, and no name does harm."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from bot.access.roles import Role
from bot.activity import steps
from bot.activity.model import StepState
from bot.activity.service import DayCount, Overview
from bot.deals.glances import Glances as DealGlances
from bot.deals.glances import pressing
from bot.deals.queries import DealRow
from bot.handoffs.glances import Glances
from bot.handoffs.lists import Glance
from bot.handoffs.states import Kind, State
from bot.home.service import HomePage, Mate
from bot.people.rules import Member, Standing, Stint
from bot.words import words_for
from bot.working_time.presence import Presence, Reason
from bot.workspace.rules import Settings
from handlers.ui import home
from tests.factories import NOW, TODAY, a_person
from tests.handlers.test_deals_views import a_deal

IN = Presence(True, NOW + timedelta(hours=3), None, Reason.WORKING)
AWAY = Presence(False, None, NOW + timedelta(days=5), Reason.AWAY)
HOSTILE = "<!channel> *Ana* & co"


def a_mate(n: int, team: str | None, presence: Presence = IN, name: str = "") -> Mate:
    """Somebody of a team."""
    stint = Stint(uuid4(), 1, f"U{n}", Role.SDR, TODAY, None)
    member = Member(f"U{n}", name or f"Person {n:03}", None, "UTC", "en", stints=(stint,), standing=Standing(team=team))
    return Mate(member, presence, n, 40)


def a_step(n: int, day: Any = TODAY, state: str = StepState.OPEN) -> steps.Step:
    """Something promised."""
    return steps.Step(uuid4(), "U0ANA", f"step {n:02}", day, None, state, NOW, "Jane Roe", "Acme")


def a_page(**more: Any) -> HomePage:
    """A Home with nothing on it but what is said."""
    values = {
        "actor": a_person(),
        "now": NOW,
        "week": Overview(TODAY, TODAY, (), {}, DayCount(TODAY, 12, 40)),
        "desk": steps.Desk(),
        "handoffs": Glances(),
        "me": a_mate(0, "North").member,
        "presence": IN,
        "manager": None,
        "team": (),
        "reports": (),
        "settings": Settings(),
        "is_setting_up": False,
        "has_roles": True,
    }
    return HomePage(**{**values, **more})


def shown(page: HomePage, language: str = "en") -> tuple[list[dict[str, Any]], str]:
    """The blocks, and every word of them."""
    blocks = home.home(words_for(language), page)["blocks"]
    return blocks, json.dumps(blocks, ensure_ascii=False)


@pytest.mark.parametrize("people_in_a_team", [1, 2, 15, 150])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_manager_of_150_with_a_full_desk_who_also_sets_up_sees_all(people_in_a_team: int, language: str) -> None:
    page = a_page(
        reports=tuple(a_mate(n, f"Team {n // people_in_a_team:03}", AWAY if n % 7 else IN) for n in range(150)),
        team=tuple(a_mate(n, "North") for n in range(200, 300)),
        desk=steps.Desk(
            due=tuple(a_step(n) for n in range(30)),
            done=tuple(a_step(n, state=StepState.DONE) for n in range(30, 50)),
            coming=tuple(a_step(n, TODAY + timedelta(days=2)) for n in range(50, 80)),
        ),
        is_setting_up=True,
    )
    blocks, text = shown(page, language)
    assert len(blocks) < 100
    assert all(f"Person {n:03}" in text for n in range(150))
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks if block["type"] == "section")
    assert "/log" in text  # the last line of all


def test_long_names_are_more_sections_and_not_fewer_people() -> None:
    page = a_page(reports=tuple(a_mate(n, "T" * 80, name=f"{n:03} {'x' * 200}") for n in range(150)))
    blocks, text = shown(page)
    assert len(blocks) < 100
    assert all(f"{n:03} xxx" in text for n in range(150))


def test_names_do_no_harm() -> None:
    mates = (a_mate(1, HOSTILE, AWAY, HOSTILE),)
    _, text = shown(a_page(reports=mates, team=mates, manager=mates[0].member, me=mates[0].member))
    assert "<!channel>" not in text
    assert "&lt;!channel&gt;" in text


def test_what_is_overdue_says_since_when_and_today_says_today() -> None:
    late = a_step(1, TODAY - timedelta(days=2))
    _, text = shown(a_page(desk=steps.Desk(due=(late, a_step(2)))))
    assert "step 01 · Jane Roe (Acme) · :warning: since Mon 16 Nov" in text
    assert "step 02 · Jane Roe (Acme) · today" in text


def test_who_is_away_reads_when_they_are_expected_back() -> None:
    _, text = shown(a_page(presence=AWAY))
    assert "You are away, back Mon 23 Nov 14:00." in text
    _, text = shown(a_page(team=(a_mate(1, "North", AWAY),)))
    assert "Person 001 · SDR · :palm_tree: away, back Mon 23 Nov 14:00" in text


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "3 people · 1 away · 6 calls"), ("ru", "3 человека · 1 отсутствует · 6 звонков")],
)
def test_a_managers_first_line_sums_it_up(language: str, said: str) -> None:
    reports = tuple(a_mate(n, None, AWAY if n == 1 else IN) for n in (1, 2, 3))
    assert said in shown(a_page(reports=reports), language)[1]


def a_glance(n: int, **more: Any) -> Glance:
    """A hand-off of Ana's to Dana, on offer."""
    values = {"id": uuid4(), "kind": Kind.SALE, "state": State.OFFERED, "company": f"Company {n}", "giver_id": "UA"}
    values |= {"taker_id": "UD", "offered_to": "UD", "due_at": NOW + timedelta(hours=1), "ended": None}
    values |= {"recorded_at": NOW, "accepted_at": None, "touch_due_at": NOW + timedelta(days=1)}
    return Glance(**{**values, **more})


def handed(**parts: Any) -> HomePage:
    return a_page(handoffs=Glances(names={"UA": "Ana Ruiz", "UD": "Dana Lee"}, **parts))


@pytest.mark.parametrize(
    ("language", "said", "button", "more"),
    [
        ("en", "answer by *15:00*", "Accept", "and 2 more: `/handoff list`"),
        ("ru", "ответ до *15:00*", "Принять", "и ещё 2: `/handoff список`"),
    ],
)
def test_what_is_on_my_desk_has_its_clock_and_its_button(language: str, said: str, button: str, more: str) -> None:
    _, text = shown(handed(desk=tuple(a_glance(n) for n in range(7))), language)
    assert text.count(said) == text.count(f'"{button}"') == 5
    assert more in text


def test_what_i_accepted_is_judged_at_home() -> None:
    row = a_glance(1, state=State.ACCEPTED)
    _, text = shown(handed(desk=(row,)))
    assert "accepted, first call by *Thu 19 Nov 14:00*" in text
    assert '"Qualified"' in text
    assert '"Not qualified"' in text
    assert "is it qualified?" in shown(handed(desk=(row,), touched={row.id: NOW}))[1]


def test_what_i_gave_says_with_whom_it_is() -> None:
    waits = a_glance(2, state=State.WAITING, taker_id=None)
    _, text = shown(handed(out=(a_glance(1), waits)))
    assert "*Company 1* → Dana Lee" in text
    assert "*Company 2* → nobody yet" in text


def test_what_came_late_says_with_whom_and_since_when() -> None:
    expired = a_glance(1, ended=State.EXPIRED, taker_id="UA")
    idle = a_glance(2, state=State.ACCEPTED, ended=State.ACCEPTED)
    _, text = shown(handed(late=(expired, idle)))
    assert "*Company 1* · Dana Lee" in text
    assert "no answer by 15:00 · now with Ana Ruiz" in text
    assert "no first call by Thu 19 Nov 14:00" in text


def test_a_full_home_with_all_hand_offs_stays_within_slacks_blocks() -> None:
    rows = tuple(a_glance(n, state=State.ACCEPTED) for n in range(30))
    page = a_page(
        handoffs=Glances(rows, rows, rows, rows),
        reports=tuple(a_mate(n, f"Team {n // 15:03}") for n in range(150)),
        team=tuple(a_mate(n, "North") for n in range(200, 300)),
        desk=steps.Desk(due=tuple(a_step(n) for n in range(30)), done=tuple(a_step(n) for n in range(30, 50))),
        deals=selling(*(a_deal(n, HOSTILE * 30, next_step=None) for n in range(70))),
        is_setting_up=True,
    )
    blocks, text = shown(page)
    assert len(blocks) < 100
    assert "/log" in text


def test_a_first_call_that_is_overdue_says_so() -> None:
    row = a_glance(1, state=State.ACCEPTED, touch_due_at=NOW - timedelta(hours=1))
    assert ":warning: accepted, the first call was due *13:00*" in shown(handed(desk=(row,)))[1]


def test_what_is_no_lead_says_what_it_is() -> None:
    _, text = shown(handed(desk=(a_glance(1, kind=Kind.STUCK),)))
    assert "*Company 1* · from Ana Ruiz · Stuck, help is wanted" in text


def selling(*rows: DealRow) -> DealGlances:
    """Somebody's open deals."""
    return DealGlances(rows, pressing(rows, TODAY))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "3 open deals · 72,000.00\u00a0EUR",
                "*Acme* · 24,000.00\u00a0EUR · Demo, 3 days\\n:warning: was to close Mon 16 Nov · next: Tue 24 Nov",
                ":warning: no next step · 12 days old",
                "today: send quote",
                '"All my deals"',
            ],
        ),
        (
            "ru",
            [
                "3 открытые сделки",
                ":warning: закрытие было пн 16 нояб",
                ":warning: нет следующего шага",
                "Все мои сделки",
            ],
        ),
    ],
)
def test_deals_that_press_come_one_by_one(language: str, said: list[str]) -> None:
    late = a_deal(1, close_on=TODAY - timedelta(days=2))
    page = a_page(deals=selling(a_deal(2, next_step=None, next_on=None), late, a_deal(3, next_on=TODAY)))
    _, text = shown(page, language)
    assert [each for each in said if each not in text] == []
    assert text.index("warning: " + ("was" if language == "en" else "закрытие")) < text.index(
        "warning: n" if language == "en" else "warning: нет"
    )


def test_deals_that_do_not_press_are_summed_up() -> None:
    _, text = shown(a_page(deals=selling(a_deal())))
    assert "1 open deal · 24,000.00\u00a0EUR" in text
    assert "None is past due" in text
    assert "My deals" not in shown(a_page())[1]


def test_few_deals_are_shown_and_the_rest_is_counted() -> None:
    rows = (a_deal(n, next_step=None) for n in range(9))
    _, text = shown(a_page(deals=selling(*rows)))
    assert text.count('"Open"') == 5
    assert "and 4 more that want a look" in text
