"""An admin sets Baton up, from nothing to a working team of ten, and everybody can read what was done."""

from collections.abc import Iterator

import pytest

from tests.scenarios.conftest import Workspace
from tests.wire.team import Form, Home, Team
from tests.wire.values import Value

MARIA, SAM, DANA, ARUN, ANA = "U0MARIA", "U0SAM", "U0DANA", "U0ARUN", "U0ANA"

GROUPS: list[tuple[list[str], list[str], dict[str, Value]]] = [
    ([ANA, "U0DEVON", "U0ROMAN"], ["SDR"], {"manager": MARIA, "team": "Outbound", "territory": "EMEA, DACH"}),
    ([DANA, ARUN, "U0OLGA"], ["AE"], {"manager": MARIA, "team": "Deals"}),
    (["U0MINA"], ["CSM"], {"manager": MARIA, "segment": "SMB"}),
    ([MARIA], ["MANAGER"], {}),
    ([SAM], ["OPS"], {}),
    (["U0LENA"], ["MARKETING"], {}),
]


@pytest.fixture
def settings(set_up: Workspace) -> Iterator[Form]:
    """The settings as Maria has them open; nothing of hers stays open afterwards."""
    yield open_settings(set_up.team, MARIA)
    for form in reversed(set_up.team.forms(MARIA)):
        set_up.team.closes(MARIA, form)


def open_settings(team: Team, person: str, word: str = "settings") -> Form:
    team.sends(person, f"/baton {word}")
    return team.form(person)


def step(team: Team, person: str, screen: Form | Home, nth: int, title: str) -> Form:
    """Press the button beside the step with this title, be it `Set` or `Change`."""
    labels = [label for label in screen.buttons if label in {"Set", "Change"}]
    same = labels[: nth + 1].count(labels[nth]) - 1
    assert team.presses_in(person, screen, labels[nth], same)
    form = team.form(person, title)
    assert form.title == title
    return form


def save(team: Team, person: str, form: Form, said: str, /, **fields: Value) -> Form:
    """Fill a form in and save it; returns the form that then says `said`."""
    assert team.submits(person, form.fill(**fields))["ok"]
    return team.form(person, said)


@pytest.fixture(scope="module")
def set_up(corner: Workspace) -> Workspace:
    """Maria, an admin, goes through the whole list: by Home as long as it lasts, then by the settings."""
    team = corner.team
    home = team.opens_home(MARIA)
    assert "Set up Baton for your team" in home.text
    assert "0 of 6 done" in home.text
    hand_out_roles(team, step(team, MARIA, home, 0, "Roles"))
    home = team.home_when(MARIA, "1 of 6 done")
    form = step(team, MARIA, home, 1, "Daily goals")
    assert form.initial("SDR") == "40"
    assert team.submits(MARIA, form.fill(SDR="50"))["ok"]
    home = team.home_when(MARIA, "2 of 6 done")
    assert "SDR: 50 · MRR: 40" in home.text
    decide_the_rest(team, open_settings(team, MARIA))
    return corner


def hand_out_roles(team: Team, form: Form) -> None:
    """Group by group: the form comes back empty each time, and says what was stored."""
    working = 0
    for people, roles, more in GROUPS:
        working += len(people)
        said = f"{working} {'people have' if working > 1 else 'person has'} roles."
        form = save(team, MARIA, form, said, people=people, roles=roles, **more)
        assert form.initial("people") == []
    assert working == 10
    assert "Lena Novak: MARKETING from" in form.text
    team.closes(MARIA, form)


def decide_the_rest(team: Team, listed: Form) -> None:
    """Four steps from the list of settings, which shows each as soon as it is saved."""
    form = step(team, MARIA, listed, 2, "Working time")
    listed = save(team, MARIA, form, "Saved: Working time", end="18:00", country="germany", zone="berlin")
    assert "✓ *Working time*\nMon–Fri 09:00–18:00 · Germany (DE) · Europe/Berlin" in listed.text
    form = step(team, MARIA, listed, 3, "Channels")
    listed = save(team, MARIA, form, "Saved: Channels", handoffs="C0HANDOFFS")
    assert "Hand-offs: <#C0HANDOFFS> · wins: none" in listed.text
    form = step(team, MARIA, listed, 4, "Fiscal year")
    listed = save(team, MARIA, form, "Saved: Fiscal year", month="7")
    assert "First month: July" in listed.text
    form = step(team, MARIA, listed, 5, "Currency")
    listed = save(team, MARIA, form, "Saved: Currency", currency="Euro (EUR)")
    assert "6 of 6 done" in listed.text
    team.closes(MARIA, listed)


def test_from_nothing_to_a_working_team_of_ten(set_up: Workspace) -> None:
    team = set_up.team
    home = team.home_when(MARIA, "All set: your team can start.")
    assert "Ana Ruiz" in home.text
    assert team.presses_in(MARIA, home, "Hide")
    assert "of 50 calls today" in team.types(ANA, "/log call Acme 15m").text
    assert "All set" not in team.home_when(MARIA, "*Ana Ruiz*  1 of 50").text


def test_the_log_tells_all_of_it_in_english_and_in_russian(set_up: Workspace) -> None:
    team = set_up.team
    page = team.types(SAM, "/baton audit")
    assert "Everything that was changed" in page.text
    assert "Maria Keller · Currency: US Dollar (USD) → Euro (EUR)" in page.text
    assert "Maria Keller · Daily goals: SDR 40 → 50" in page.text
    assert "Working hours: Mon–Fri 09:00–17:30 → Mon–Fri 09:00–18:00" in page.text
    assert "Country: none → Germany (DE)" in page.text
    assert page.buttons == ["Older"]
    older = team.presses(SAM, page, "Older")
    assert "Maria Keller · Dana Lee · manager: none → Maria Keller from" in older.text
    assert older.buttons == ["Older", "Newer"]

    team.changes_user(MARIA, locale="ru-RU")
    page = team.types(MARIA, "/baton журнал сегодня")
    assert "Журнал изменений" in page.text
    assert "Валюта: доллар США (USD) → евро (EUR)" in page.text
    assert "Дневные цели: SDR 40 → 50" in page.text
    assert "Рабочие часы: пн–пт 09:00–17:30 → пн–пт 09:00–18:00" in page.text
    team.changes_user(MARIA, locale="en-US")


@pytest.mark.parametrize(
    ("person", "said", "line"),
    [
        (ANA, "What concerns you", "Maria Keller · Ana Ruiz · team: none → Outbound from"),
        (ARUN, "What concerns you", "Maria Keller · Arun Mehta · AE: given, from"),
        (SAM, "What concerns Ana Ruiz", "Maria Keller · Ana Ruiz · territory: none → EMEA, DACH from"),
    ],
)
def test_everybody_reads_what_concerns_them(set_up: Workspace, person: str, said: str, line: str) -> None:
    whom = " @ana" if person == SAM else ""
    page = set_up.team.types(person, f"/baton audit{whom}")
    assert said in page.text
    assert said in page.text
    assert page.raw["ephemeral"]
    assert "Currency" not in page.text
    assert line.split(" → ", maxsplit=1)[0] in page.text


def test_a_rep_is_refused_and_told_who_can(set_up: Workspace) -> None:
    for word in ("settings", "настройки"):
        told = set_up.team.types(ANA, f"/baton {word}").text
        assert told.startswith("OPS, ADMIN or an admin of this Slack workspace can do that. You can ask: Sam Okafor")
    told = set_up.team.types(ANA, "/baton audit @dana").text
    assert "You can ask: Maria Keller" in told
    assert set_up.team.types(ANA, "/baton").buttons == []
    assert set_up.team.types(SAM, "/baton").buttons == ["Settings", "Audit log"]


def test_what_the_log_cannot_read_is_quoted_whole(set_up: Workspace) -> None:
    told = set_up.team.types(SAM, "/baton audit since the war").text
    assert "I could not read which changes you want to see." in told
    assert "/baton audit since the war" in told


def test_a_form_is_left_and_taken_up_again_with_what_stands(set_up: Workspace, settings: Form) -> None:
    team = set_up.team
    form = step(team, MARIA, settings, 1, "Daily goals")
    team.closes(MARIA, form.fill(SDR="11"))
    form = step(team, MARIA, team.form(MARIA), 1, "Daily goals")
    assert form.initial("SDR") == "50"


def test_mistakes_stand_at_their_fields_and_nothing_is_stored(set_up: Workspace, settings: Form) -> None:
    team = set_up.team
    form = step(team, MARIA, settings, 2, "Working time")
    answer = team.submits(MARIA, form.fill(end="09:00", country="Atlantis", zone="Narnia"))
    assert answer["errors"].keys() == {"end", "country", "zone"}
    assert "No time zone is called “Narnia”" in answer["errors"]["zone"]
    team.closes(MARIA, form)
    form = step(team, MARIA, team.form(MARIA), 0, "Roles")
    answer = team.submits(MARIA, form.fill(people=["U0MINA", "U0GUEST"], roles=["AE"]))
    assert answer["errors"].keys() == {"people"}
    assert "Kim Osei" in answer["errors"]["people"]
    answer = team.submits(MARIA, form.fill(people=["U0MINA"], roles=["AE"], manager="U0MINA"))
    assert answer["errors"].keys() == {"manager"}
    assert "Mina Park: AE" not in set_up.team.types(SAM, "/baton audit").text


def test_hours_can_be_different_by_day(set_up: Workspace, settings: Form) -> None:
    team = set_up.team
    form = step(team, MARIA, settings, 2, "Working time")
    assert team.presses_in(MARIA, form, "Different hours by day")
    form = team.form(MARIA, "The same hours every day")
    assert form.initial("Hours") == "Mon–Fri 09:00–18:00"
    assert form.initial("Country") == "DE"
    listed = save(team, MARIA, form, "Saved: Working time", hours="mon-thu 9-18, fri 9-15")
    assert "Mon–Thu 09:00–18:00, Fri 09:00–15:00" in listed.text
    form = step(team, MARIA, listed, 2, "Working time")
    assert form.initial("Hours") == "Mon–Thu 09:00–18:00, Fri 09:00–15:00"
    assert team.presses_in(MARIA, form, "The same hours every day")
    form = team.form(MARIA, "Different hours by day")
    assert (form.initial("Start"), form.initial("Days")) == ("09:00", ["0", "1", "2", "3", "4"])
    save(team, MARIA, form, "Mon–Fri 09:00–18:00 · Germany (DE) · Europe/Berlin")


def test_two_admins_at_once_keep_what_the_other_did(set_up: Workspace, settings: Form) -> None:
    team = set_up.team
    mine = step(team, MARIA, settings, 1, "Daily goals")
    theirs = step(team, SAM, open_settings(team, SAM), 1, "Daily goals")
    team.closes(SAM, save(team, SAM, theirs, "Saved: Daily goals", AE="12"))
    listed = save(team, MARIA, mine, "Saved: Daily goals", CSM="14", SDR="50")
    assert "Meanwhile Sam Okafor changed “Daily goals”: AE 10 → 12. That stands" in listed.text
    assert "CSM: 14 · AE: 12" in listed.text
    page = team.types(SAM, "/baton audit today").text
    assert "Sam Okafor · Daily goals: AE 10 → 12" in page
    assert "Maria Keller · Daily goals: CSM 10 → 14" in page
