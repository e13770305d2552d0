"""Figures on the wire, in both languages: one's own, a team's, by source without persons, as of a past day, refused.

Workspace in EUR and Berlin, Friday 20 November 2026, 10:00. Dana has won Acme (40,000) and Globex (21,000) and lost
Hooli: 2 of 3, which allows anything from 21 to 94 %.
"""

from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.access.roles import Role
from bot.leads import changes as leads
from bot.leads.changes import NewLead
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
    "U0DEVON": Role.MARKETING,
    "U0MARIA": Role.MANAGER,
    "U0SAM": Role.OPS,
}
PLACES: dict[str, dict[str, object]] = {person: {Aspect.TEAM: "North"} for person in ("U0DANA", "U0OLGA")}


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> MovedClock:
    return MovedClock(tmp_path_factory.mktemp("clock") / "now", EARLIER)


@pytest.fixture(scope="module", params=ONE_CORNER, ids="-".join)
def workspace(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: MovedClock
) -> Iterator[Workspace]:
    for found in a_quarter(request, tmp_path_factory, clock, ROLES, PLACES):
        with closing(found.store()) as store, store.write() as tx:
            new = NewLead("Acme", source="webinar", owner_id="U0DANA")
            leads.add(tx, "T0BATON", new, by="U0SAM", origin="acme", now=clock.now)
        yield found


def test_one_s_own_figures_each_with_its_cases(workspace: Workspace, clock: MovedClock) -> None:
    team = workspace.team
    nothing = said(team.types("U0DANA", "/quota figures"))
    assert "Win rate | none closed" in nothing
    for line in ("Acme won 40000 on 2 nov", "Globex won 21k on 9 nov", "Hooli 5k", "Hooli lost price"):
        team.types("U0DANA", f"/deal {line}")
    clock.set(NOW)
    team.types("U0DANA", "/deal Initech 30k close 10 dec")
    team.types("U0MARIA", "/quota set @dana revenue 120k 2026-Q4")
    mine = team.types("U0DANA", "/quota figures")
    read = said(mine)
    assert "Figures: me · 2026-Q4 (1 Oct to 31 Dec 2026)" in read
    assert "Sales volume | 61,000 EUR, 2 deals" in read
    assert "Win rate | 2 of 3 (21–94 %)" in read
    assert "Average deal | 30,500 EUR (21,000–40,000), 2 deals" in read
    assert "Open deals that are to close in the period: 30,000 EUR, 1 deal." in read
    assert "Coverage: 0.51× what is left of the target." in read  # 30,000 ÷ (120,000 − 61,000)
    assert "As of Fri 20 Nov 2026, 10:00" in read
    team.taps("U0DANA", mine, "How it is counted")
    assert "Won value ÷ won deals" in team.form("U0DANA").text
    before = said(team.presses("U0DANA", mine, "‹ 2026-Q3"))
    assert "Figures: me · 2026-Q3" in before
    assert "Win rate | none closed" in before


def test_the_same_in_russian_and_as_of_a_past_day(workspace: Workspace) -> None:
    read = said(workspace.team.types("U0OLGA", "/quota показатели"))
    assert "Показатели: мои · 2026-Q4 (1 окт – 31 дек 2026)" in read
    assert "Доля выигранных | закрытых нет" in read
    then = said(workspace.team.types("U0DANA", "/quota figures as of 11 nov"))
    assert "Win rate | none closed" in then  # all of it was said on the 12th
    assert "by what was known then" in then


def test_a_manager_reads_the_team_together_and_person_by_person(workspace: Workspace) -> None:
    team = workspace.team
    page = team.types("U0MARIA", "/quota figures team North")
    read = said(page)
    assert "Figures: team North · 2026-Q4" in read
    assert "2 people in it." in read
    apart = team.presses("U0MARIA", page, "By person")
    assert "Dana Lee | 61,000 EUR, 2 deals | 2 of 3 (21–94 %)" in said(apart)
    assert "| none won | none closed |" in said(apart)
    assert "By name: few cases do not tell who is better." in said(apart)
    together = team.presses("U0MARIA", apart, "Together")
    assert "Win rate | 2 of 3 (21–94 %)" in said(together)
    assert "Figures: Dana Lee · 2026-Q4" in said(team.types("U0MARIA", "/quota figures @dana"))
    assert "61,000 EUR" in said(team.types("U0MARIA", "/quota figures team"))


def test_marketing_reads_by_source_and_sees_no_person(workspace: Workspace) -> None:
    team = workspace.team
    every = said(team.types("U0DEVON", "/quota figures sources"))
    assert "Webinar | 40,000 EUR, 1 deal" in every
    assert "Dana" not in every
    one = said(team.types("U0DEVON", "/quota figures source webinar 2026-Q4"))
    assert "Win rate | 1 of 1 (21–100 %)" in one
    assert "Dana" not in one


def test_whom_it_is_not_for_is_told_who_can(workspace: Workspace) -> None:
    team = workspace.team
    for person, line in (
        ("U0OLGA", "/quota figures @dana"),
        ("U0OLGA", "/quota figures all"),
        ("U0OLGA", "/quota figures sources"),
        ("U0DEVON", "/quota figures @dana"),
        ("U0DEVON", "/quota figures team North"),
    ):
        answer = said(team.types(person, line))
        assert "Sam Okafor" in answer, (line, answer)
        assert "61,000" not in answer
    assert "Figures: everybody" in said(team.types("U0SAM", "/quota figures all"))
    assert "There are: North." in said(team.types("U0SAM", "/quota figures team Nowhere"))


def test_capacity_says_who_is_missing_and_by_when(workspace: Workspace) -> None:
    team = workspace.team
    empty = said(team.types("U0MARIA", "/team capacity team North"))
    assert "Capacity: North · 2027-Q1" in empty
    assert "No target is set for just this period" in empty
    assert "/quota set team North revenue 500000 2027-Q1" in empty
    team.types("U0MARIA", "/quota set team North revenue 300k 2027-Q1")
    page = team.types("U0MARIA", "/team capacity North q1")
    read = said(page)
    assert "AE, ramped | 2 | 120,000 EUR | 240,000 EUR" in read  # Olga with the median of the role, which is Dana's
    assert "100 % attainment, assumed" in read
    assert "The target is 300,000 EUR: *60,000 EUR* are missing, 0.5 ramped heads." in read
    assert "they would have had to start by Thu 1 Oct 2026" in read
    assert "Quotas are those of 2026-Q4" in read
    later = team.presses("U0MARIA", page, "2027-Q2 ›")
    assert "Capacity: North · 2027-Q2" in said(later)
    russian = said(team.types("U0OLGA", "/team мощность"))
    assert "Sam Okafor" in russian
    assert "I read a team or territory and a period here" in said(team.types("U0SAM", "/team capacity @dana"))
    assert "Capacity: everybody · 2027-Q1" in said(team.types("U0SAM", "/team capacity"))


def test_operations_change_the_ramp_curve(workspace: Workspace) -> None:
    team = workspace.team
    team.sends("U0SAM", "/baton settings")
    settings = team.form("U0SAM")
    assert "New people carry 25 / 50 / 75 / 100 % of a quota by month" in settings.text.replace(NB, " ")
    team.taps("U0SAM", settings, "Change", settings.buttons.count("Change") - 1)
    form = team.form("U0SAM", "What new people carry")
    assert "Up to 24 numbers" in str(team.submits("U0SAM", form.fill(ramp="fast"))["errors"])
    assert team.submits("U0SAM", team.form("U0SAM", "What new people carry").fill(ramp="50 100", growth="5"))["ok"]
    now = said(team.types("U0SAM", "/team capacity team North 2027-Q1"))
    assert "*1 person to hire*, who starts by *Tue 1 Dec 2026*" in now
    assert "25 / 50 / 75 / 100 → 50 / 100" in said(team.types("U0SAM", "/baton audit"))


def said(shown: Shown) -> str:
    """What is read, with plain spaces."""
    return shown.text.replace(NB, " ")
