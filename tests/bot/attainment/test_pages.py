"""Where people stand, on both databases: by hand, a team as the sum of its people, and the same answer for ever."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest

from bot.absence import service as absence
from bot.absence.rules import Away
from bot.attainment import service
from bot.attainment.frame import Asked
from bot.attainment.pages import Course, GroupPage, PersonPage
from bot.attainment.suggesting import proposed
from bot.attainment.what_if import what_if
from bot.deals.states import Stage
from bot.errors import Refused
from bot.people import assignments
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.people.model import Aspect
from bot.quota.metrics import CALLS, DEALS, REVENUE, SQLS
from bot.quota.queries import Subject
from bot.quota.whose import Whose
from bot.store.engine import Store
from tests.bot.deals.desk import eur
from tests.bot.quota.desk import HERE, Desk, at, on, period
from tests.factories import a_profile

NORTH, SOUTH = (Subject.named(Whose.TEAM, name) for name in ("North", "South"))


class Sellers(Desk):
    """The desk, with teams to be in and pages to read."""

    def puts(self, person: str, team: str, since: date) -> None:
        """Sam puts somebody in a team from a day on."""
        with self.store.write() as tx:
            change = Assign(person, since, aspects={Aspect.TEAM: team})
            assignments.apply(tx, Stamp(HERE, "U0SAM", self.now), change, today=self.now.date())

    def is_away(self, first: date, last: date) -> None:
        """Dana is away on these days."""
        absence.declare(self.store, self.dana, Away(first, last), self.now)

    def stands(self, as_of: date | None = None, **asked: object) -> PersonPage:
        """Where Dana stands, as Maria reads it."""
        return service.person(self.store, self.maria, "U0DANA", Asked(as_of=as_of, **asked), self.now)  # type: ignore[arg-type]

    def team(self, subject: Subject, as_of: date | None = None) -> GroupPage:
        """Where a team stands, as operations read it."""
        return service.group(self.store, self.sam, subject, Asked(as_of=as_of), self.now)


def test_who_left_the_company_is_behind_no_more_and_what_they_won_stays_the_team_s(store: Store) -> None:
    desk = Sellers(store)
    desk.puts("U0DANA", "North", on(2))
    desk.sets(12_000_000)
    desk.wins(desk.opens("Acme"), 10_000, happened_at=at(9))
    desk.now = at(20, 9)
    assert [row.course for row in desk.team(NORTH).rows] == [Course.BEHIND]
    people.remember(store, HERE, a_profile(id="U0DANA", name="Dana", is_active=False), desk.now)
    page = desk.team(NORTH)
    assert [(row.course, row.is_gone) for row in page.rows] == [(Course.NONE, True)]
    assert page.parts[0].part.standing.achieved == 1_000_000
    assert [row.is_gone for row in desk.team(NORTH, as_of=on(19)).rows] == [False]


def test_the_trades_example_to_the_cent(store: Store) -> None:
    desk = Sellers(store)
    desk.sets(12_000_000)
    desk.wins(desk.opens("Acme"), 40_000, happened_at=at(2))
    desk.wins(desk.opens("Globex"), 21_000, happened_at=at(9))
    desk.now = at(20, 9)
    revenue = desk.stands().parts[0]
    # The desk's country has no holidays: 66 days, of which 22 + 14 = 36 are gone before Friday 20 November.
    assert revenue.standing.days.gone == 36
    assert revenue.standing.days.left == 30
    assert revenue.standing.achieved == 6_100_000
    assert revenue.standing.attainment == Fraction(61, 120)
    pace = revenue.standing.pace
    assert pace.expected == Fraction(12_000_000 * 36, 66)  # type: ignore[union-attr]
    assert revenue.standing.needed.per_day == Fraction(5_900_000, 30)  # type: ignore[union-attr]


def test_what_has_no_target_is_told_where_something_happened_and_only_there(store: Store) -> None:
    desk = Sellers(store)
    desk.sets(100, metric=CALLS, when=period("2026-W47"))
    desk.logs(count=3, who=None)
    desk.wins(desk.opens("Acme"), 10_000)
    parts = {part.key: part.standing.target for part in desk.stands().parts}
    assert parts == {
        (REVENUE.code, "2026-Q4"): None,
        (DEALS.code, "2026-Q4"): None,
        (CALLS.code, "2026-W47"): 100,
    }
    assert [part.key for part in desk.stands(metric=SQLS).parts] == [(SQLS.code, "2026-Q4")]
    assert [part.standing.achieved for part in desk.stands(period=period("2026-Q3")).parts] == []


def test_own_absence_leaves_fewer_days_and_asks_more_of_each(store: Store) -> None:
    desk = Sellers(store)
    desk.sets(6_600_000)
    before = desk.stands().parts[0].standing.days.left
    desk.now += timedelta(days=1)
    desk.is_away(on(23), on(27))
    found = desk.stands().parts[0].standing
    assert found.days.left == before - 1 - 5
    known_before = desk.stands(as_of=on(18)).parts[0].standing.days
    assert known_before.total == 66  # nobody knew of the leave on the 18th


def a_busy_month(desk: Sellers) -> Iterator[date]:
    """Targets, wins, a lost one and a leave, day after day; yields each day that is over."""
    desk.puts("U0DANA", "North", on(1))
    desk.puts("U0ARUN", "North", on(1))
    desk.sets(10_000_000)
    won = desk.wins(desk.opens("Acme"), 30_000)
    yield desk.now.date()
    desk.now += timedelta(days=1)
    desk.sets(12_000_000)
    desk.sets(30_000_000, group=(Whose.TEAM, "North"), by=desk.sam)
    desk.wins(desk.opens("Globex", by=desk.arun), 7_000, by=desk.arun)
    yield desk.now.date()
    desk.now += timedelta(days=1)
    desk.reopens(won)
    desk.logs(count=7, who=None)
    desk.is_away(on(23), on(27))
    yield desk.now.date()
    desk.now += timedelta(days=1)
    desk.puts("U0ARUN", "South", desk.now.date())
    desk.wins(desk.opens("Initech"), 5_000, happened_at=at(2))
    yield desk.now.date()
    desk.now += timedelta(days=1)


def test_as_of_a_day_the_answer_is_the_same_whatever_comes_later(store: Store) -> None:
    desk = Sellers(store)
    pages: dict[date, Any] = {}
    teams: dict[date, Any] = {}
    for day in a_busy_month(desk):
        for known in (*pages, day):
            later = desk.now.replace(hour=23, minute=59)
            page = service.person(store, desk.maria, "U0DANA", Asked(as_of=known), later + timedelta(days=1))
            team = service.group(store, desk.sam, NORTH, Asked(as_of=known), later + timedelta(days=1))
            assert pages.setdefault(known, (page.parts, page.pay)) == (page.parts, page.pay), known
            assert teams.setdefault(known, (team.parts, team.rows)) == (team.parts, team.rows), known
    assert [page[0][0].standing.achieved for page in pages.values()] == [3_000_000, 3_000_000, 0, 500_000]
    assert [page[0][0].standing.target for page in pages.values()] == [10_000_000, *[12_000_000] * 3]


def test_what_was_won_counts_for_the_team_that_they_were_in(store: Store) -> None:
    desk = Sellers(store)
    for _ in a_busy_month(desk):
        pass
    north, south = desk.team(NORTH), desk.team(SOUTH)
    # Arun won 7,000 while in North; Dana's Acme was reopened, and her Initech of 5,000 is left: 12,000.
    assert north.shown is not None
    assert north.shown.part.standing.achieved == 1_200_000
    rows = {row.name: (row.standing.achieved, row.until) for row in north.rows}
    assert rows == {"Dana": (500_000, None), "Arun": (700_000, on(20))}
    assert south.shown is not None
    assert south.shown.part.standing.achieved == 0
    assert [row.name for row in south.rows] == ["Arun"]


def test_a_team_is_the_sum_of_its_people_and_shows_what_is_not_given(store: Store) -> None:
    desk = Sellers(store)
    for _ in a_busy_month(desk):
        pass
    page = desk.team(NORTH)
    for each in page.parts:
        shown = service.group(store, desk.sam, NORTH, Asked(), desk.now, each.part.key)
        assert sum(row.standing.achieved for row in shown.rows) == each.part.standing.achieved
    assert page.shown is not None
    rolled = page.shown.rolled
    assert (rolled.target, rolled.given, rolled.unassigned) == (30_000_000, 12_000_000, 18_000_000)


def test_open_deals_weigh_by_the_share_of_their_stage_that_was_won(store: Store) -> None:
    desk = Sellers(store)
    desk.now = at(10, month=9)
    for number in range(30):  # 15 of 30 that came to negotiation were won: a half
        row = desk.opens(f"Company {number}", stage=Stage.NEGOTIATION)
        desk.wins(row, 1_000) if number % 2 else desk.loses(row)
    desk.now = at(18)
    desk.sets(10_000_000)
    desk.wins(desk.opens("Acme"), 30_000)
    desk.opens("Globex", money=eur(40_000), stage=Stage.NEGOTIATION, close_on=on(10, month=12))
    desk.opens("Initech", money=eur(99_000), stage=Stage.NEGOTIATION, close_on=date(2027, 1, 10))  # another quarter's
    pipeline = desk.stands().parts[0].pipeline
    assert pipeline is not None
    assert pipeline.weighted == eur(20_000)
    assert pipeline.forecast == eur(50_000)
    # Maria has a target of calls: what she sold herself stands beside it, without what her reports have open
    desk.sets(10, whom="U0MARIA", by=desk.sam, metric=CALLS)
    desk.wins(desk.opens("Hooli", by=desk.maria), 5_000, by=desk.maria)
    page = service.person(store, desk.maria, None, Asked(), desk.now)
    own = next(part for part in page.parts if part.metric == REVENUE)
    assert own.standing.achieved == 500_000
    assert own.pipeline is not None
    assert own.pipeline.closing == ()


def test_a_manager_s_target_is_measured_by_everybody_below(store: Store) -> None:
    desk = Sellers(store)
    desk.sets(10_000_000, whom="U0MARIA", by=desk.sam)
    desk.wins(desk.opens("Acme"), 30_000)
    desk.wins(desk.opens("Globex", by=desk.arun), 7_000, by=desk.arun)  # who reports to nobody
    desk.logs(count=5, who=None)
    page = service.person(store, desk.sam, "U0MARIA", Asked(), desk.now)
    assert {part.key: part.standing.achieved for part in page.parts} == {(REVENUE.code, "2026-Q4"): 3_000_000}
    reports = service.group(store, desk.maria, None, Asked(), desk.now)
    assert reports.parts[0].part.standing.achieved == 3_000_000


def test_who_is_behind_comes_first_and_the_rest_by_name(store: Store) -> None:
    desk = Sellers(store)
    desk.sets(12_000_000)
    desk.sets(1_000_000, whom="U0CEM")
    desk.wins(desk.opens("Acme"), 100_000)
    page = service.group(store, desk.maria, None, Asked(), desk.now)
    assert [(row.name, row.course) for row in page.rows] == [
        ("Cem", Course.BEHIND),
        ("Dana", Course.ON),
        ("Ana", Course.NONE),
    ]


def test_others_figures_are_refused_with_who_can_see_them(store: Store) -> None:
    desk = Sellers(store)
    with pytest.raises(Refused) as refused:
        service.person(store, desk.arun, "U0DANA", Asked(), desk.now)
    assert "Maria" in str(refused.value.params["can"])
    desk.puts("U0DANA", "North", on(1))
    with pytest.raises(Refused):
        service.group(store, desk.arun, NORTH, Asked(), desk.now)
    assert service.group(store, desk.maria, NORTH, Asked(), desk.now).rows


def test_what_if_leaves_everything_as_it_is(store: Store) -> None:
    desk = Sellers(store)
    desk.sets(10_000_000)
    desk.sets(4, metric=DEALS)
    desk.wins(desk.opens("Acme"), 50_000)
    found = what_if(store, desk.dana, REVENUE, 2_500_000, desk.now)
    then = {each.metric.code: each.standings.then.attainment for each in found.changes}
    assert then == {REVENUE.code: Fraction(3, 4), DEALS.code: Fraction(2, 4)}
    assert desk.stands().parts[0].standing.achieved == 5_000_000


def test_a_target_is_proposed_from_the_last_four_quarters(store: Store) -> None:
    desk = Sellers(store)
    assignments.correct(store, desk.sam, "U0DANA", "AE", desk.now, start=date(2025, 1, 1), last=None)
    for month, amount in ((1, 64_000), (4, 65_000), (7, 99_000), (10, 66_000)):
        desk.now = at(15, month=month)
        desk.wins(desk.opens(uuid4().hex[:8]), amount)
    desk.now = datetime(2027, 1, 4, 10, tzinfo=UTC)
    page = proposed(store, desk.maria, "U0DANA", REVENUE, period("2027-Q1"), desk.now)
    (each,) = page.proposals
    # A day: 64,000 ÷ 64 = 1,000; 65,000 ÷ 65 = 1,000; 99,000 ÷ 66 = 1,500; 66,000 ÷ 66 = 1,000; the median is 1,000.
    # 2027-Q1 has 64 working days: 64 × 1,000 × 1.1 = 70,400, in round numbers 70,500 (the third digit is 0 or 5).
    assert each.found.per_day == 100_000  # type: ignore[union-attr]
    assert each.found.target == 7_050_000  # type: ignore[union-attr]
    assert page.can_set
