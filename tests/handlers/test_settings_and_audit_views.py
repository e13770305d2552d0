"""The settings and the audit log as they are read: forms within Slack's limits, sentences that ping nobody."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sandbox.checks.surfaces import message_reasons, view_reasons

from bot.access.roles import Role
from bot.audit.line import Asked
from bot.audit.log import PAGE, Page, Reach
from bot.audit.service import COMMAND_LINE, Change
from bot.words import words_for
from bot.working_time.hours import read_hours
from bot.workspace import form
from bot.workspace.rules import Settings, Step, currencies
from bot.workspace.service import Overview
from handlers import ids
from handlers.ui import audit as audit_ui
from handlers.ui import settings as ui
from handlers.ui import settings_forms as forms
from handlers.ui.blocks import Block, home_view
from tests.factories import NOW, TODAY, a_person

NAMES = {"U0ANA": "Ana Ruiz", "U0MARIA": "Maria Keller", "U0BEN": "Ben <@U0EVIL> *Cho*", "U0SAM": "Sam Okafor"}
ALL_SAVED = frozenset(
    "daily_goals working_hours country zone handoffs_channel wins_channel fiscal_month currency".split()
)
LONG = Settings(
    goals={role: number for number, role in enumerate(Role)},
    hours=read_hours("mon 8-9, tue 9-10, wed 10-11, thu 11-12, fri 12-13, sat 13-14, sun 14-15"),
    country="DE-BW",
    zone="America/Argentina/ComodRivadavia",
    handoffs_channel="C0HANDOFFS",
    wins_channel="C0WINS",
    saved=ALL_SAVED,
)


def views(language: str, settings: Settings) -> Iterator[tuple[Block, str]]:
    """Everything that shows these settings."""
    words = words_for(language)
    yield ui.settings_view(words, Overview(settings, 3)), "modal"
    yield home_view(ui.setup_list(words, settings, roles_done=False)), "home"
    yield home_view(ui.setup_list(words, settings, roles_done=True)), "home"
    yield forms.roles_form(words, TODAY, ids.pack(list=True, nth=3)), "modal"
    for step in Step:
        if step is not Step.ROLES:
            filled = form.standing(settings, step, "Europe/Berlin", language)
            metadata = ids.pack(step=step, seen=form.read(step, filled).values, list=True)
            yield forms.step_form(words, step, filled, TODAY, metadata), "modal"


@pytest.mark.parametrize("settings", [pytest.param(Settings(), id="nothing set"), pytest.param(LONG, id="all set")])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_slack_takes_every_form_and_list(language: str, settings: Settings) -> None:
    for view, kind in views(language, settings):
        assert view_reasons(view, kind) == []


@pytest.mark.parametrize(
    ("settings", "roles_done", "progress", "labels"),
    [
        (Settings(), False, "0 of 6 done", ["Set"] * 6 + ["Hide"]),
        (
            Settings(saved=frozenset({"currency", "country"})),
            True,
            "2 of 6 done",
            ["Change"] + ["Set"] * 4 + ["Change", "Hide"],
        ),
        (Settings(saved=ALL_SAVED), False, "5 of 6 done", ["Set"] + ["Change"] * 5 + ["Hide"]),
    ],
)
def test_the_list_ticks_what_is_done(settings: Settings, *, roles_done: bool, progress: str, labels: list[str]) -> None:
    blocks = ui.setup_list(words_for("en"), settings, roles_done)
    assert progress in json.dumps(blocks)
    buttons = [block["accessory"] for block in blocks if "accessory" in block] + blocks[-1]["elements"]
    assert [each["text"]["text"] for each in buttons] == labels


def test_once_all_is_done_one_line_is_left() -> None:
    blocks = ui.setup_list(words_for("en"), Settings(saved=ALL_SAVED), roles_done=True)
    assert [block["type"] for block in blocks] == ["header", "section"]
    assert "All set" in blocks[1]["text"]["text"]
    assert blocks[1]["accessory"]["action_id"] == ids.SETTINGS_HIDE


@pytest.mark.parametrize(
    ("language", "label"),
    [("en", "July (now is FY2027-Q2)"), ("ru", "июль (сейчас FY2027-Q2)")],
)
def test_each_month_says_what_todays_quarter_would_be_called(language: str, label: str) -> None:
    view = forms.step_form(words_for(language), Step.FISCAL_YEAR, {"month": "1"}, date(2026, 11, 18), ids.pack())
    element = view["blocks"][0]["element"]
    assert [each["text"]["text"] for each in element["options"]][6] == label
    assert element["initial_option"]["text"]["text"].endswith("2026-Q4)")


def test_every_currency_can_be_chosen_once() -> None:
    view = forms.step_form(words_for("ru"), Step.CURRENCY, {"currency": "RUB"}, TODAY, ids.pack())
    element = view["blocks"][0]["element"]
    values = [each["value"] for group in element["option_groups"] for each in group["options"]]
    assert sorted(values) == sorted(currencies())
    assert element["initial_option"]["text"]["text"] == "российский рубль (RUB)"


def a_change(
    whom: str | None, what: str, before: Any, after: Any, start: date | None = None, by: str = "U0SAM"
) -> Change:
    return Change(whom, what, before, after, start, at=NOW, by=by)


def days(first: str, last: str | None = None, **more: str) -> dict[str, str | None]:
    return {"id": "0", "from": first, "until": last, **more}


@pytest.mark.parametrize(
    ("change", "english", "russian"),
    [
        (
            a_change("U0ANA", "role.SDR", None, days("2026-11-23")),
            "SDR: given, from Mon 23 Nov",
            "SDR: назначено, с пн 23 нояб",
        ),
        (
            a_change("U0ANA", "role.SDR", days("2026-11-23"), days("2026-11-23", "2026-12-31")),
            "SDR: from Mon 23 Nov → Mon 23 Nov – Thu 31 Dec",
            "SDR: с пн 23 нояб → пн 23 нояб – чт 31 дек",
        ),
        (
            a_change("U0ANA", "role.SDR", days("2026-11-23"), None),
            "SDR: taken back, it was from Mon 23 Nov",
            "SDR: отменено, было с пн 23 нояб",
        ),
        (
            a_change("U0ANA", "manager", None, "U0MARIA", TODAY),
            "manager: none → Maria Keller from Wed 18 Nov",
            "руководитель: нет → Maria Keller с ср 18 нояб",
        ),
        (
            a_change("U0ANA", "manager", "U0MARIA", "U0GONE", TODAY),
            "manager: Maria Keller → somebody who is not known any more from Wed 18 Nov",
            "руководитель: Maria Keller → кто-то, о ком больше ничего не известно с ср 18 нояб",
        ),
        (
            a_change("U0ANA", "territories", ["DACH"], ["DACH", "<!channel>"], TODAY),
            "territory: DACH → DACH, &lt;!channel&gt; from Wed 18 Nov",
            "территория: DACH → DACH, &lt;!channel&gt; с ср 18 нояб",
        ),
        (
            a_change("U0ANA", "hours", None, {"0": ["09:00", "13:00"]}, TODAY),
            "working hours: none → Mon 09:00–13:00 from Wed 18 Nov",
            "рабочие часы: нет → пн 09:00–13:00 с ср 18 нояб",
        ),
        (
            a_change("U0ANA", "country", "DE", "DE-BE", TODAY),
            "country: Germany (DE) → Germany, Berlin (DE-BE) from Wed 18 Nov",
            "страна: Германия (DE) → Германия, Berlin (DE-BE) с ср 18 нояб",
        ),
        (
            a_change("U0ANA", "notes", {}, {"desk": "4th floor"}, TODAY),
            "notes: none → desk: 4th floor from Wed 18 Nov",
            "заметки: нет → desk: 4th floor с ср 18 нояб",
        ),
        (
            a_change(None, "daily_goals", None, {"SDR": 50, "AE": 10}),
            "Daily goals: SDR 40 → 50",
            "Дневные цели: SDR 40 → 50",
        ),
        (
            a_change(None, "currency", None, "USD"),
            "Currency: US Dollar (USD), confirmed",
            "Валюта: доллар США (USD), подтверждено",
        ),
        (
            a_change(None, "currency", "USD", "EUR"),
            "Currency: US Dollar (USD) → Euro (EUR)",
            "Валюта: доллар США (USD) → евро (EUR)",
        ),
        (
            a_change(None, "fiscal_month", 1, 7),
            "First month of the fiscal year: January → July",
            "Первый месяц финансового года: январь → июль",
        ),
        (
            a_change(None, "wins_channel", "C0WINS", None),
            "Channel for wins: <#C0WINS> → none",
            "Канал побед: <#C0WINS> → нет",
        ),
        (
            a_change(None, "zone", None, "Europe/Berlin"),
            "Time zone: none → Europe/Berlin",
            "Часовой пояс: нет → Europe/Berlin",
        ),
        (
            a_change(None, "role_card.AE", None, {"texts": {"en": "closes\ndeals"}, "base_share": 50}),
            "role card AE: en: standard → “closes deals”; base pay standard → 50 %",
            "карточка роли AE: en: стандартно → «closes deals»; оклад стандартно → 50 %",
        ),
        (
            a_change("U0ANA", "something_new", {"a": 1}, 5, TODAY),
            "something_new: a: 1 → 5 from Wed 18 Nov",
            "something_new: a: 1 → 5 с ср 18 нояб",
        ),
    ],
)
def test_a_change_is_a_sentence(change: Change, english: str, russian: str) -> None:
    for language, said in (("en", english), ("ru", russian)):
        assert audit_ui.sentence(words_for(language), change, NAMES, ZoneInfo("UTC"), TODAY) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        pytest.param("Europe/Berlin", "Mon 23 Nov – Fri 27 Nov", id="whole days where the reader is"),
        pytest.param("Europe/London", "Sun 22 Nov 23:00 – Fri 27 Nov 23:00", id="hours where they are not"),
    ],
)
def test_an_absence_stands_on_the_readers_calendar(zone: str, said: str) -> None:
    vacation = days("2026-11-22T23:00:00+00:00", "2026-11-27T23:00:00+00:00", kind="vacation")
    change = a_change("U0ANA", "absence", None, vacation, date(2026, 11, 22))
    found = audit_ui.sentence(words_for("en"), change, NAMES, ZoneInfo(zone), TODAY)
    assert found.endswith(f": given, {said}")


def page(*changes: Change, **more: Any) -> Page:
    return Page(more.pop("asked", Asked()), more.pop("reach", Reach.EVERYTHING), changes, NAMES, **more)


def shown(found: Page, zone: str = "UTC") -> str:
    message = audit_ui.log_page(words_for("en"), found, a_person(zone=zone), NOW)
    assert message_reasons(message.payload()) == {}
    return "\n".join(block["text"]["text"] for block in message.blocks if block["type"] == "section")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (a_change("U0ANA", "team", None, "South"), "Sam Okafor · Ana Ruiz · team: none → South"),
        (a_change("U0SAM", "team", None, "South"), "Sam Okafor · team: none → South"),
        (a_change(None, "currency", "USD", "EUR"), "Sam Okafor · Currency: US Dollar (USD) → Euro (EUR)"),
        (a_change("U0ANA", "team", None, "South", by=COMMAND_LINE), "Command line · Ana Ruiz · team: none → South"),
        (
            a_change("U0BEN", "team", None, "<!here>", by="U0GONE"),
            "somebody who is not known any more · Ben &lt;@U0EVIL&gt; *Cho* · team: none → &lt;!here&gt;",
        ),
    ],
)
def test_a_line_says_when_who_and_whom(change: Change, line: str) -> None:
    assert shown(page(change), "Asia/Tokyo") == f"*Wed 18 Nov 23:00*  {line}"


def test_a_long_page_fits_into_one_message() -> None:
    text = "&" * 3000
    changes = [a_change("U0ANA", "role_card.AE", {"texts": {"en": text, "ru": text}}, {"texts": {}})] * PAGE
    assert shown(page(*changes)).count("role card AE") == PAGE


@pytest.mark.parametrize(
    ("number", "has_older", "ways"),
    [(0, False, []), (0, True, [(1, "0")]), (1, True, [(2, "0"), (0, "1")]), (2, False, [(1, "1")])],
)
def test_pages_lead_to_their_neighbours(number: int, *, has_older: bool, ways: list[tuple[int, str]]) -> None:
    asked = Asked("U0ANA", (date(2026, 11, 1), TODAY))
    found = page(a_change("U0ANA", "team", None, "South"), asked=asked, number=number, has_older=has_older)
    blocks = audit_ui.log_page(words_for("en"), found, a_person(), NOW).blocks
    buttons = blocks[-1]["elements"] if blocks[-1]["type"] == "actions" else []
    assert [audit_ui.asked_by(ids.unpack(each["value"])) for each in buttons] == [(asked, to) for to, _ in ways]
    assert [each["action_id"] for each in buttons] == [f"{ids.AUDIT_PAGE}.{place}" for _, place in ways]


def test_an_empty_log_says_so_and_of_which_days() -> None:
    empty = page(asked=Asked(days=(date(2026, 11, 9), date(2026, 11, 15))), reach=Reach.OWN)
    message = audit_ui.log_page(words_for("en"), empty, a_person(), datetime(2026, 11, 18, tzinfo=UTC))
    assert message.text == "Audit log. What concerns you · Mon 9 Nov – Sun 15 Nov\nNothing was changed."
