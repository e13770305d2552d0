"""Who does what, from the chairs of those who say so and of those who look: every story over the wire."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.scenarios.conftest import Workspace
from tests.wire.team import PATIENCE, Team

SAM, MARIA, LENA, ANA, MINA, ARUN, DEVON, OLGA, DANA = "@sam @maria @lena @ana @mina @arun @devon @olga @dana".split()


@pytest.fixture
def team(corner: Workspace) -> Team:
    """The people in it; Maria and Sam are admins of the workspace in Slack."""
    return corner.team


def _today(zone: str = "Europe/London") -> date:
    return datetime.now(ZoneInfo(zone)).date()


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}".replace("Sep ", "Sept ")


def test_a_role_is_given_seen_undone_and_brought_back(team: Team) -> None:
    first = (_today() + timedelta(days=40)).replace(day=1)
    said = team.types("U0SAM", f"/team assign {ANA} SDR to {MARIA} territory EMEA, DACH team North from {first}")
    assert f"Ana Ruiz*, from {_day(first)}" in said.text
    assert f"*SDR* from {_day(first)}" in said.text
    assert "*Manager*: none → Maria Keller" in said.text
    assert "*Territory*: none → EMEA, DACH" in said.text
    assert "*Team*: none → North" in said.text
    assert said.buttons == ["Undo", "Edit"]
    assert f"SDR since {_day(first)}" in team.types("U0ANA", f"/team {ANA}").text
    gone = team.presses("U0SAM", said, "Undo")
    assert "Ana Ruiz*: taken back" in gone.text
    assert "SDR since" not in team.types("U0ANA", f"/team {ANA}").text
    assert "*SDR* from" in team.presses("U0SAM", gone, "Bring back").text
    roster = team.types("U0MINA", f"/team on {first}")
    assert f"The team on {_day(first)}" in roster.text
    assert "*North* · manager Maria Keller" in roster.text
    assert "• Ana Ruiz · SDR · EMEA, DACH" in roster.text


def test_a_role_that_is_held_is_refused_with_the_way_to_put_it_right(team: Team) -> None:
    team.types("U0SAM", f"/team assign {DEVON} AE from yesterday")
    refused = team.types("U0SAM", f"/team assign {DEVON} AE")
    yesterday = _today() - timedelta(days=1)
    assert f"Devon Clarke is AE already, since {_day(yesterday)}" in refused.text
    assert "`/team correct @Devon Clarke AE from 1 nov`" in refused.text
    start = _today() - timedelta(days=20)
    right = team.types("U0SAM", f"/team correct {DEVON} AE from {start}")
    assert "the days are put right" in right.text
    assert f"*AE*: from {_day(yesterday)} → from {_day(start)}" in right.text
    over = team.types("U0SAM", f"/team end {DEVON} AE")
    assert "Devon Clarke* is no longer AE from today" in over.text
    assert "Devon Clarke" not in team.types("U0SAM", "/team").text
    assert "Devon Clarke · AE" in team.types("U0SAM", f"/team on {start}").text
    assert "taken back" in team.presses("U0SAM", over, "Undo").text
    assert "Devon Clarke · AE" in team.types("U0SAM", "/team").text


def test_two_lines_in_one_person_are_warned_of_and_not_forbidden(team: Team) -> None:
    said = team.types("U0SAM", f"/team assign {MINA} sdr+mrr")
    assert "mixing the two costs about 20 % on both sides" in said.text
    by_role = team.presses("U0SAM", team.types("U0SAM", "/team"), "By role")
    assert "*Sales Development Rep*" in by_role.text
    assert by_role.text.count("Mina Park · SDR, MRR") == 2
    assert by_role.buttons[:2] == ["By team", "By territory"]


def test_a_role_card_in_russian(team: Team) -> None:
    team.types("U0SAM", f"/team assign {OLGA} AE")
    card = team.types("U0OLGA", "/team роль менеджер по продажам")
    assert "AE · Менеджер по продажам" in card.text
    assert "• Выясните потребности покупателя." in card.text
    assert "60 % оклад, 40 % переменная часть" in card.text
    assert "доля выигранных сделок" in card.text
    assert "• Ольга Смирнова" in card.text
    assert "Изменить" not in card.buttons
    assert "Market Response Rep" in team.presses("U0SAM", team.types("U0SAM", "/team role AE"), "MRR").text
    assert "Девять ролей" in team.types("U0OLGA", "/team роли").text


def test_a_workspace_words_a_card_its_own_way_and_takes_it_back(team: Team) -> None:
    card = team.types("U0SAM", "/team role CSM")
    team.taps("U0SAM", card, "Edit")
    form = team.form("U0SAM", "CSM")
    standard = form.initial("In English")
    assert "Renew on time" in str(standard)
    form.fill(text_en="Keep <!channel> happy\nRenew", share="80")
    seen = len(team.messages("U0SAM"))
    assert team.submits("U0SAM", form)["ok"]
    saved = team.next_message("U0SAM", seen)
    assert "• Keep &lt;!channel&gt; happy" in saved.text
    assert "80 % base, 20 % variable" in saved.text
    assert "Renew on time" not in team.types("U0ANA", "/team role CSM").text
    assert "Продлевайте вовремя" in team.types("U0OLGA", "/team role CSM").text
    team.taps("U0SAM", saved, "Edit")
    again = team.form("U0SAM", "CSM").fill(text_en=None, share=None)
    assert team.submits("U0SAM", again)["ok"]
    back = team.next_message("U0SAM", seen + 1)
    assert "Renew on time" in back.text
    assert "75 % base" in back.text


def test_a_rep_is_refused_and_told_who_can(team: Team) -> None:
    refused = team.types("U0ARUN", f"/team assign {MINA} AE")
    assert "For Mina Park that can be done by their manager, OPS, ADMIN" in refused.text
    assert "Sam Okafor" in refused.text
    assert "Roles are given by" in team.types("U0ARUN", "/team assign").text
    assert "Edit" not in team.types("U0ARUN", f"/team {MINA}").buttons


def test_everybody_says_when_they_work_and_whose_holidays_count(team: Team) -> None:
    said = team.types("U0ARUN", "/team hours 10–18:30 mon–thu")
    assert "*Hours*: none → Mon–Thu 10:00–18:30" in said.text
    assert "*Country*: none → Germany, Berlin (DE-BE)" in team.types("U0ARUN", "/team country de-be").text
    assert "no holiday calendar of “Atlantis”" in team.types("U0ARUN", "/team country Atlantis").text
    card = team.types("U0ARUN", f"/team {ARUN}")
    assert "*Hours* Mon–Thu 10:00–18:30" in card.text
    team.taps("U0ARUN", card, "Edit")
    assert team.form("U0ARUN").labels == ["Hours", "Country", "From"]


def test_a_manager_for_own_reports_and_nobody_else(team: Team) -> None:
    team.types("U0SAM", f"/team assign {LENA} MANAGER")
    team.types("U0SAM", f"/team assign {ARUN} to {LENA}")
    assert "*SDR* from" in team.types("U0LENA", f"/team assign {ARUN} SDR").text
    assert "For Ольга Смирнова that can be done by" in team.types("U0LENA", f"/team assign {OLGA} SDR").text
    granting = team.types("U0LENA", f"/team assign {ARUN} OPS")
    assert "The roles OPS and ADMIN reach everybody's data" in granting.text
    assert "Sam Okafor" in granting.text
    circle = team.types("U0SAM", f"/team assign {LENA} to {ARUN}")
    assert "a circle" in circle.text


def test_who_cannot_hold_a_role(team: Team) -> None:
    assert "Kim Osei is a guest" in team.types("U0SAM", "/team assign @kim AE").text
    unknown = team.types("U0SAM", "/team assign @nobody AE")
    assert "“@nobody” is no mention that Slack knows" in unknown.text
    team.sends("U0SAM", "/team assign")
    form = team.form("U0SAM", "Who").fill(person="U0GONE", roles=["AE"])
    assert "account of Jonas Weber is deactivated" in team.submits("U0SAM", form)["errors"]["person"]
    team.closes("U0SAM", form)


def test_reports_whose_manager_has_left_are_marked_and_leavers_are_not_listed(team: Team) -> None:
    team.changes_user("U0PIA", name="pia", real_name="Pia Lund", profile={"real_name": "Pia Lund"})
    team.types("U0SAM", "/team assign @pia MANAGER team Nordics")
    team.types("U0SAM", f"/team assign {DANA} AE to @pia team Nordics")
    assert "*Nordics*" in team.types("U0SAM", "/team").text
    team.changes_user("U0PIA", deleted=True)
    deadline = time.monotonic() + PATIENCE
    while "has left" not in (roster := team.types("U0SAM", "/team").text) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "*Nordics* · :warning: manager Pia Lund has left: somebody else is needed\n• Dana Lee · AE\n" in roster
    assert "• Pia Lund" not in roster
    assert "has left" in team.types("U0SAM", f"/team {DANA}").text


def test_the_form_changes_only_what_was_touched(team: Team) -> None:
    team.types("U0SAM", f"/team assign {OLGA} team South territory RU segment SMB")
    card = team.types("U0SAM", f"/team {OLGA}")
    team.taps("U0SAM", card, "Edit")
    form = team.form("U0SAM", "Ольга")
    assert form.initial("Team") == "South"
    meanwhile = team.types("U0MARIA", f"/team assign {OLGA} territory CIS")
    assert "RU → CIS" in meanwhile.text
    form.fill(team="East", segments=None, roles=["CSM"])
    seen = len(team.messages("U0SAM"))
    assert team.submits("U0SAM", form)["ok"]
    said = team.next_message("U0SAM", seen)
    assert "*Team*: South → East" in said.text
    assert "*Segment*: SMB → none" in said.text
    assert "*CSM* from" in said.text
    assert "Territory" not in said.text
    assert "*Territory* CIS" in team.types("U0MARIA", f"/team {OLGA}").text


def test_somebody_elses_change_since_the_form_was_opened_is_told(team: Team) -> None:
    team.types("U0SAM", "/team hours standard")
    team.types("U0SAM", f"/team assign {SAM} team Ops")
    team.taps("U0SAM", team.types("U0SAM", f"/team {SAM}"), "Edit")
    form = team.form("U0SAM", "Sam").fill(team="Revenue Ops")
    team.types("U0MARIA", f"/team assign {SAM} team Sales Ops")
    seen = len(team.messages("U0SAM"))
    assert team.submits("U0SAM", form)["ok"]
    said = team.next_message("U0SAM", seen)
    assert "*Team*: Sales Ops → Revenue Ops" in said.text
    assert "Maria Keller had changed it too: *Team*: Ops → Sales Ops" in said.text


def test_what_is_wrong_stands_under_its_own_field(team: Team) -> None:
    seen = team.sends("U0SAM", "/team assign")
    assert seen["ok"]
    form = team.form("U0SAM", "Who")
    wrong = form.fill(person="U0DEVON", hours="nine to five", country="Atlantis")
    errors = team.submits("U0SAM", wrong)["errors"]
    assert "nine to five" in errors["hours"]
    assert "Atlantis" in errors["country"]
    for field, filled, said in (
        ("manager", {"manager": "U0DEVON"}, "cannot be their own manager"),
        ("manager", {"manager": "U0GUEST"}, "Kim Osei is a guest"),
        ("person", {"person": "U0GUEST", "manager": None, "roles": ["AE"]}, "Kim Osei is a guest"),
        ("last", {"person": "U0DEVON", "roles": ["SDR"], "last": "2020-01-01"}, "would be before the first"),
    ):
        form.fill(hours=None, country=None, **filled)
        assert said in team.submits("U0SAM", form)["errors"][field]


def test_a_line_that_is_not_understood_is_whole_in_the_answer_and_in_the_form(team: Team) -> None:
    said = team.types("U0SAM", f"/team assign {LENA} SRD territory EMEA from 1 dec")
    assert "Did you mean SDR?" in said.text
    assert ">/team assign @lena SRD territory EMEA from 1 dec" in said.text
    assert "Understood: Lena Novak · SDR · Territory: EMEA" in said.text
    assert "`/team assign @lena SDR territory EMEA from 20" in said.text
    team.taps("U0SAM", said, "Open the form")
    form = team.form("U0SAM", "Lena")
    assert form.initial("Roles to add") == ["SDR"]
    assert form.initial("Territory") == "EMEA"
    seen = len(team.messages("U0SAM"))
    assert team.submits("U0SAM", form)["ok"]
    assert "*Territory*: none → EMEA" in team.next_message("U0SAM", seen).text


def test_two_admins_at_once_are_one_after_the_other(team: Team) -> None:
    team.types("U0SAM", f"/team assign {DEVON} team Zero")
    names = {"U0SAM": "One", "U0MARIA": "Two"}
    with ThreadPoolExecutor(2) as both:
        said = list(both.map(lambda who: team.types(who, f"/team assign {DEVON} team {names[who]}"), names))
    changes = {part for reply in said for part in reply.text.split("\n") if "*Team*" in part}
    assert changes in (
        {"*Team*: Zero → One", "*Team*: One → Two"},
        {"*Team*: Zero → Two", "*Team*: Two → One"},
    )


def test_away_and_what_is_still_to_come_are_reached_through_team(team: Team) -> None:
    last = _today("America/Los_Angeles") + timedelta(days=5)
    assert "until" in team.types("U0MINA", f"/team away until {last.day} {last:%b}").text
    roster = team.types("U0SAM", "/team")
    assert "away *until" in roster.text
    team.types("U0MINA", "/team back")
    assert "away *until" not in team.types("U0SAM", "/team").text
    assert "Nothing is assigned to you." in team.types("U0MINA", "/team training").text
    assert "/team assign" in team.types("U0MINA", "/team help").text
    assert "The team today" in team.types("U0MINA", "/baton team").text


def test_ending_and_correcting_have_a_form(team: Team) -> None:
    team.types("U0SAM", f"/team assign {MINA} CSM from {_today() - timedelta(days=9)}")
    team.sends("U0SAM", "/team end")
    form = team.form("U0SAM", "Empty: at once").fill(person="U0MINA", roles="AE")
    assert "does not hold the role AE" in team.submits("U0SAM", form)["errors"]["roles"]
    last = _today() + timedelta(days=30)
    seen = len(team.messages("U0SAM"))
    assert team.submits("U0SAM", form.fill(roles="CSM", last=last.isoformat()))["ok"]
    assert f"Mina Park* is CSM until {_day(last)}" in team.next_message("U0SAM", seen).text
    team.sends("U0SAM", "/team correct")
    form = team.form("U0SAM", "First day").fill(person="U0MINA", roles="CSM")
    assert "Which day" in team.submits("U0SAM", form)["errors"]["start"]
    assert team.submits("U0SAM", form.fill(start=(_today() - timedelta(days=5)).isoformat()))["ok"]
    assert "put right" in team.next_message("U0SAM", seen + 1).text
