"""A manager sets and changes quotas, a rep sees where they stand, in both languages, on the day of the trade's example.

Workspace in EUR and Berlin, Friday 20 November 2026, 10:00: of the 65 working days of 2026-Q4 36 are gone and 29 left.
Dana has 61,000 of 120,000: 50.8 %, expected by now 120,000 × 36 ÷ 65 = 66,461.54, so 4.6 points behind; 59,000 ÷ 29 =
2,034.48 a day; by run rate 61,000 ÷ 36 × 65 = 110,138.89.
"""

from collections.abc import Iterator

import pytest

from bot.access.roles import Role
from bot.people.model import Aspect
from tests.scenarios.conftest import Workspace
from tests.scenarios.quarter import EARLIER, NOW, ONE_CORNER, a_quarter
from tests.wire.moved_clock import MovedClock
from tests.wire.team import Shown

NB = "\u00a0"
ROLES = {
    "U0ANA": Role.SDR,
    "U0DANA": Role.AE,
    "U0OLGA": Role.AE,
    "U0DEVON": Role.AE,
    "U0MARIA": Role.MANAGER,
    "U0SAM": Role.OPS,
}
TEAMS = {"U0DANA": "North", "U0OLGA": "North", "U0DEVON": "South"}
PLACES: dict[str, dict[str, object]] = {
    person: {Aspect.TEAM: team, Aspect.TERRITORIES: ["EMEA"]} for person, team in TEAMS.items()
}


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> MovedClock:
    return MovedClock(tmp_path_factory.mktemp("clock") / "now", EARLIER)


@pytest.fixture(scope="module", params=ONE_CORNER, ids="-".join)
def workspace(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: MovedClock
) -> Iterator[Workspace]:
    yield from a_quarter(request, tmp_path_factory, clock, ROLES, PLACES)


def test_a_manager_sets_quotas_and_a_rep_sees_where_they_stand(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    empty = team.types("U0DANA", "/quota")
    assert "No target is set for you yet, and nothing is counted in this period." in empty.text
    first = team.types("U0MARIA", "/quota set @dana revenue 100k 2026-Q4")
    assert "Dana Lee: *Revenue 100,000 EUR* for 2026-Q4 (1 Oct to 31 Dec 2026)." in first.text.replace(NB, " ")
    team.types("U0DANA", "/deal Acme won 40000 on 2 nov")
    team.types("U0DANA", "/deal Globex won 21k on 9 nov")
    team.types("U0DANA", "/deal Initech 30k close 10 dec")
    clock.set(NOW)
    changed = said(team.types("U0MARIA", "/quota set @dana выручка 120.000 q4"))
    assert "Dana Lee: *Revenue 120,000 EUR* for 2026-Q4" in changed
    assert "“120.000” was read as 120,000 EUR." in changed
    assert "Before: 100,000 EUR, set Thu 12 Nov 2026 by Maria Keller." in changed
    team.types("U0MARIA", "/quota set @dana calls 200 W48")
    mine = team.types("U0DANA", "/quota")
    read = said(mine)
    assert "Your fourth quarter" in read
    assert "29 working days left" in read
    assert "*61,000* of 120,000 EUR  █████░░░░░ *51 %*" in read
    assert "4.6 points behind pace · 2,034.48 EUR a working day gets to 100 %" in read
    assert "Forecast by run rate 110,138.89 EUR, 92 %" in read
    assert "open in the pipeline 30,000 EUR, too few closed deals to weigh it" in read
    assert "*Deals* · *2*, no target set" in read
    assert "*Coming* Calls 200, 2026-W48" in read
    assert "As of Fri 20 Nov 2026, 10:00" in read
    team.taps("U0DANA", mine, "How it is counted")
    how = team.form("U0DANA").text.replace(NB, " ")
    assert "66,461.54 EUR = 120,000 EUR × 36 ÷ 65 working days. That is 91.8 % of it, 5,461.54 EUR behind." in how
    assert "61,000 EUR ÷ 36 × 65 = 110,138.89 EUR" in how
    assert "59,000 EUR ÷ 29 days left = 2,034.48 EUR a day" in how


def test_as_it_stood_on_a_past_day_a_changed_quota_is_the_old_one(workspace: Workspace) -> None:
    then = said(workspace.team.types("U0DANA", "/quota as of 15 nov"))
    assert "*61,000* of 100,000 EUR" in then
    assert "As of the end of Sun 15 Nov 2026, by what was known then" in then
    assert "Your fourth quarter" in said(workspace.team.types("U0DANA", "/quota на 15.11.2026"))
    before = said(workspace.team.types("U0DANA", "/quota as of 2026-11-01"))
    assert "61,000" not in before


def test_a_team_s_target_shows_what_is_unassigned_and_everybody_in_it(workspace: Workspace) -> None:
    team = workspace.team
    set_ = said(team.types("U0MARIA", "/quota set team North revenue 300k 2026-Q4"))
    assert "North: 120,000 EUR of 300,000 EUR is given to people · *180,000 EUR unassigned*" in set_
    page = team.types("U0MARIA", "/quota team North")
    read = said(page)
    assert "*61,000* of 300,000 EUR  ██░░░░░░░░ *20 %*" in read
    assert "*180,000 EUR unassigned*" in read
    assert "1 person without a target" in read
    dana = team.presses("U0MARIA", page, "Open")
    assert "Dana Lee: fourth quarter" in said(dana)
    assert "Territory EMEA" in said(team.types("U0MARIA", "/quota территория emea"))
    later = team.types("U0MARIA", "/quota set team North revenue 400k 2027-Q1")
    assert "of 400,000 EUR" in said(team.presses("U0MARIA", later, "Open"))
    later = team.types("U0MARIA", "/quota set @olga revenue 90k 2027-Q1")
    assert "of 90,000 EUR" in said(team.presses("U0MARIA", later, "Open"))
    reports = said(team.types("U0MARIA", "/quota team"))
    assert "Your reports" in reports
    assert "person by person, 4 in all" in reports
    asked = team.types("U0SAM", "/quota team")
    assert asked.buttons == ["North", "South"]
    assert "Team South" in said(team.presses("U0SAM", asked, "South"))


def test_what_if_shows_attainment_before_and_then(workspace: Workspace) -> None:
    team = workspace.team
    found = said(team.types("U0DANA", "/quota what-if 50k"))
    assert "111,000 EUR of 120,000 EUR  █████████▎ *92 %* instead of 51 %" in found
    assert "*Deals, 2026-Q4*: 3, no target set" in found
    team.taps("U0DANA", team.types("U0DANA", "/quota"), "What if…")
    form = team.form("U0DANA", "How much more").fill(amount="much")
    assert "I do not understand “much”." in str(team.submits("U0DANA", form)["errors"])
    seen = len(team.messages("U0DANA"))
    assert team.submits("U0DANA", team.form("U0DANA").fill(amount="59k"))["ok"]
    assert "*100 %* instead of 51 %" in said(team.next_message("U0DANA", seen))


def test_what_is_refused_or_asked_back_stores_nothing(workspace: Workspace) -> None:
    team = workspace.team
    assert "Maria Keller, Sam Okafor" in team.types("U0OLGA", "/quota @dana").text
    assert "План сотруднику Dana Lee вы задать не можете" in team.types("U0OLGA", "/quota set @dana revenue 1 q4").text
    asked = team.types("U0MARIA", "/quota set @olga revenue 120000")
    assert asked.buttons[0].replace(NB, " ") == "2026-Q4 (1 Oct to 31 Dec 2026)"
    none = team.types("U0MARIA", "/quota set @olga revenue 120000 2026-Q5")
    assert "There is no period “2026-Q5”." in none.text
    assert len(none.buttons) == 4
    for line, why in REFUSED.items():
        answer = team.types("U0MARIA", line).text
        assert why in answer, (line, answer)
        assert line in answer
    assert "План вам пока не задан" in team.types("U0OLGA", "/quota").text
    chosen = said(team.presses("U0MARIA", asked, asked.buttons[0]))
    assert "*Revenue 120,000 EUR* for 2026-Q4" in chosen
    mine = said(team.types("U0OLGA", "/baton quota"))
    assert "Ваш четвёртый квартал" in mine
    assert "*Выручка* · *0* из 120 000 EUR  ░░░░░░░░░░ *0 %*" in mine
    assert "отставание от темпа: 55,4 п. п. · до 100 % нужно 4 137,93 EUR в рабочий день" in mine
    assert "По состоянию на пт 20 нояб 2026, 10:00" in mine


def test_home_shows_where_i_and_where_my_team_stands(workspace: Workspace) -> None:
    team = workspace.team
    mine = team.opens_home("U0DANA")
    read = mine.text.replace(NB, " ")
    assert "Where I stand" in read
    assert "*61,000* of 120,000 EUR" in read
    assert team.presses_in("U0DANA", mine, "All my figures")
    window = team.form("U0DANA", "Your fourth quarter")
    assert team.presses_in("U0DANA", window, "How it is counted")
    assert "66,461.54" in team.form("U0DANA", "Pace: by now").text
    managers = team.opens_home("U0MARIA")
    assert "Where my team stands" in managers.text
    assert "Ten points behind pace or more: Ольга Смирнова" in managers.text
    assert team.presses_in("U0MARIA", managers, "Person by person")
    assert team.presses_in("U0MARIA", team.form("U0MARIA", "Your reports"), "Open")
    assert team.form("U0MARIA", "Ольга Смирнова: fourth quarter")


def test_a_metric_of_one_s_own_is_set_and_counted_like_any_other(workspace: Workspace) -> None:
    team = workspace.team
    team.sends("U0SAM", "/baton settings")
    assert team.presses_in("U0SAM", team.form("U0SAM", "Ramp and growth"), "Change", 3)
    form = team.form("U0SAM", "Own metrics, one on each line")
    wrong = team.submits("U0SAM", form.fill(metrics="Revenue: email"))
    assert "has a word in it that `/quota` knows already" in str(wrong["errors"])
    assert team.submits("U0SAM", team.form("U0SAM", "Own metrics").fill(metrics="Outreach: email, social"))["ok"]
    assert "*Outreach 3*" in said(team.types("U0MARIA", "/quota set @dana outreach 3 2026-Q4"))
    team.types("U0DANA", "/log email Acme")
    assert "*Outreach* · *1* of 3" in said(team.types("U0DANA", "/quota"))


REFUSED = {
    "/quota set @olga revenue -5000 2026-Q4": "A target is not below zero.",
    "/quota set @olga revenue $24k 2026-Q4": "this workspace counts in EUR",
    "/quota set @olga revenue 9999999999999999 2026-Q4": "more than I keep",
    "/quota set @olga calls 2.5 W48": "no whole number",
    "/quota set @olga calls 200€ W48": "a number without a currency",
    "/quota set @olga revenue 1000 2000 2026-Q4": "Two amounts",
    "/quota set @olga @dana revenue 1000 2026-Q4": "One person at a time",
    "/quota set team Nowhere revenue 1000 2026-Q4": "There are: North, South.",
    "/quota as of 2027-01-01": "is still to come",
    "/quota what-if much": "I do not understand",
}
"""Every line is answered whole, with what is wrong and one that would do."""


def test_a_target_by_the_form_taken_back_and_twice_the_same(workspace: Workspace) -> None:
    team = workspace.team
    team.sends("U0MARIA", "/quota set @devon deals")
    form = team.form("U0MARIA", "For whom")
    assert "I do not understand “lots”." in str(
        team.submits("U0MARIA", form.fill(amount="lots", period="2026-Q4"))["errors"]
    )
    seen = len(team.messages("U0MARIA"))
    assert team.submits("U0MARIA", team.form("U0MARIA").fill(amount="8", period="2026-Q4"))["ok"]
    assert "Devon Clarke: *Deals 8* for 2026-Q4" in said(team.next_message("U0MARIA", seen))
    again = said(team.types("U0MARIA", "/quota set @devon deals 8 2026-Q4"))
    assert "Devon Clarke has Deals 8 for 2026-Q4 (1 Oct to 31 Dec 2026) already" in again
    gone = said(team.types("U0MARIA", "/quota set @devon deals none 2026-Q4"))
    assert "Devon Clarke has no target of Deals for 2026-Q4" in gone
    assert "No target is set yet" in said(team.types("U0MARIA", "/quota @devon"))
    assert "quota deals 2026-Q4" in team.types("U0MARIA", "/baton audit").text


def said(shown: Shown) -> str:
    """What is read, with plain spaces."""
    return shown.text.replace(NB, " ")
