"""Capacity on both databases: the trade's worked team, by when to hire, what is assumed, who may see it."""

from datetime import date
from fractions import Fraction

import pytest

from bot.absence import versions
from bot.absence.kinds import AbsenceKind, Source
from bot.absence.rules import Leave as Away
from bot.access.actor import Actor
from bot.errors import Refused
from bot.people import assignments
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.people.model import Aspect
from bot.quota.capacity import Missing, latest_start, ramped_after
from bot.quota.periods import Period
from bot.quota.ramp import DEFAULT_CURVE, curve_of
from bot.quota.said import Whom
from bot.quota.whose import Whose
from bot.scorecards import capacity
from bot.scorecards.capacity import CapacityPage
from bot.store.engine import Store
from bot.store.types import new_id
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.bot.deals.desk import HERE
from tests.bot.quota.desk import Desk, at, period
from tests.factories import a_member

NORTH = Whom(Whose.TEAM, name="North")
FULL = Fraction(1)
JANUARY, Q3, Q4 = period("2027-01"), period("2026-Q3"), period("2026-Q4")


def page(desk: Desk, by: Actor, whom: Whom = NORTH, when: Period | None = None) -> CapacityPage:
    """What somebody reads."""
    return capacity.page(desk.store, by, whom, when, desk.now)


def place(desk: Desk, person: str, team: str, start: date, *roles: str) -> None:
    """Somebody is in a team, perhaps in roles, from a day on."""
    with desk.store.write() as tx:
        command = Assign(person, start, roles, aspects={Aspect.TEAM: team})
        assignments.apply(tx, Stamp(HERE, "U0SAM", desk.now), command, today=desk.now.date())


def heads(found: CapacityPage) -> list[tuple[str, int, Fraction, int]]:
    """The groups in few words."""
    return [(each.role, each.heads.count, each.heads.ramp, each.heads.quota) for each in found.groups]


def a_team_of_ten(desk: Desk) -> None:
    """Seven ramped account executives at 150,000 a month, of whom Dana attained 85 % of a past quarter; three new ones
    from New Year on.
    """
    workspace.change(desk.store, desk.sam, {Setting.RAMP_CURVE: [40, 100]}, desk.now)
    old = ["U0DANA", *(f"U0OLD{n}" for n in range(6))]
    for each in old[1:]:
        a_member(desk.store, each, "AE")
    for each in old:
        place(desk, each, "North", date(2026, 10, 1))
        desk.sets(15_000_000, by=desk.sam, whom=each, when=JANUARY)
    for n in range(3):
        a_member(desk.store, f"U0NEW{n}")
        place(desk, f"U0NEW{n}", "North", date(2027, 1, 1), "AE")
    desk.sets(10_000_000, by=desk.sam, when=Q3)
    desk.wins(desk.opens("A"), 85_000, happened_at=at(20, month=9))
    desk.sets(120_000_000, by=desk.sam, group=(Whose.TEAM, "North"), when=JANUARY)


def test_the_worked_capacity_and_by_when_to_hire(store: Store) -> None:
    desk = Desk(store)
    a_team_of_ten(desk)
    found = page(desk, desk.sam, when=JANUARY)
    # 7 × 150,000 × 85 % = 892,500; 3 × 40 % × 150,000 × 85 % = 153,000; together 1,045,500 of 1,200,000
    # 154,500 are missing, ÷ (150,000 × 85 %) = 1.21
    assert heads(found) == [("AE", 7, FULL, 15_000_000), ("AE", 3, Fraction(40, 100), 15_000_000)]
    assert (found.found.expected.attainment, found.cases) == (Fraction(85, 100), 1)
    assert found.found.total == 104_550_000
    assert found.missing == Missing(Fraction(15_450_000), Fraction(154_500, 127_500), 2)
    assert (found.hire_by, found.late) == (date(2026, 12, 1), None)  # ramped after one month


def test_it_may_be_too_late_to_be_ramped(store: Store) -> None:
    desk = Desk(store)
    place(desk, "U0DANA", "North", date(2026, 10, 1))
    desk.sets(6_600_000, by=desk.sam)
    desk.sets(8_000_000, by=desk.sam, group=(Whose.TEAM, "North"))
    found = page(desk, desk.sam, when=Q4)
    # from Thu 19 Nov: 22 days at 25 % and 9 at 50 % are 10 of the 66 days; 14,000 ÷ (66,000 × 10 ÷ 66) = 1.4
    assert found.found.expected.is_assumed
    assert found.missing is not None
    assert (int(found.missing.gap), found.missing.hires) == (1_400_000, 1)
    assert found.hire_by == date(2026, 7, 1)
    assert found.late is not None
    assert (found.late.start, found.late.share, found.late.hires) == (date(2026, 11, 19), Fraction(10, 66), 2)


def test_quotas_of_the_last_period_that_has_some(store: Store) -> None:
    desk = Desk(store)
    place(desk, "U0DANA", "North", date(2026, 10, 1))
    place(desk, "U0ARUN", "North", date(2026, 10, 1))
    desk.sets(6_000_000, by=desk.sam)
    found = page(desk, desk.sam)
    assert (found.period.name, found.quotas_of) == ("2027-Q1", Q4)
    assert heads(found) == [("AE", 2, FULL, 6_000_000)]  # Arun with the median of the role
    assert (found.target, found.missing) == (None, None)


def test_nobody_s_quota_is_known(store: Store) -> None:
    desk = Desk(store)
    place(desk, "U0DANA", "North", date(2026, 10, 1))
    place(desk, "U0CEM", "North", date(2026, 10, 1))
    found = page(desk, desk.sam)
    assert (found.groups, found.without_quota, found.missing) == ((), 1, None)


def test_a_long_absence_stops_the_curve(store: Store) -> None:
    desk = Desk(store)
    desk.sets(6_000_000, by=desk.sam)
    a_member(store, "U0NINA")
    place(desk, "U0NINA", "South", date(2026, 10, 1), "AE")
    south = Whom(Whose.TEAM, name="South")
    assert heads(page(desk, desk.sam, south)) == [("AE", 1, FULL, 6_000_000)]  # three months are over on New Year
    first, after = at(19), at(1, month=1).replace(year=2027)
    away = Away(new_id(), 1, "U0NINA", AbsenceKind.PARENTAL, Source.PERSON, first, after, None)
    with store.write() as tx:
        versions.add(tx, Stamp(HERE, "U0SAM", desk.now), away)
    ((_, count, share, _),) = heads(page(desk, desk.sam, south))
    assert count == 1
    assert Fraction(1, 2) < share < 1  # in January she is in her second month, not in her fourth


@pytest.mark.parametrize(
    ("who", "whom", "is_seen"),
    [
        ("sam", NORTH, True),
        ("sam", Whom(), True),
        ("maria", Whom(), True),
        ("maria", NORTH, False),  # Arun is in it, and does not report to her
        ("dana", NORTH, False),
        ("dana", Whom(), False),
        ("mark", Whom(), False),
    ],
)
def test_who_sees_it(store: Store, who: str, whom: Whom, is_seen: bool) -> None:
    desk = Desk(store)
    for person in ("U0DANA", "U0ARUN"):
        place(desk, person, "North", date(2026, 10, 1))
    actor: Actor = getattr(desk, who)
    if is_seen:
        assert page(desk, actor, whom).is_whole == (who == "sam" and whom == Whom())
    else:
        with pytest.raises(Refused):
            page(desk, actor, whom)


@pytest.mark.parametrize(
    ("curve", "months"), [((25, 50, 75, 100), 3), ((100,), 0), ((50, 100, 100), 1), ((100, 50, 100), 2), ((10, 20), 1)]
)
def test_how_long_it_takes_to_be_ramped(curve: tuple[int, ...], months: int) -> None:
    assert ramped_after(curve_of(curve)) == months


@pytest.mark.parametrize(
    ("first", "start"),
    [
        (date(2027, 1, 1), date(2026, 10, 1)),
        (date(2027, 5, 31), date(2027, 2, 28)),
        (date(2026, 3, 2), date(2025, 12, 2)),
    ],
)
def test_the_last_day_to_start(first: date, start: date) -> None:
    assert latest_start(first, DEFAULT_CURVE) == start
