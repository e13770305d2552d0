"""A group's page is what its people did day by day, however the database adds it up: people come, leave and move."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest

from bot.access.actor import Actor
from bot.activity.entry import Kind as Logged
from bot.attainment import service, together
from bot.attainment.frame import Asked
from bot.attainment.pages import GroupPage, Part
from bot.clock import week_of
from bot.errors import Refused
from bot.quota import reach
from bot.quota.achieved import Achieved, Scope, achieved
from bot.quota.metrics import CALLS, DEALS, MEETINGS, REVENUE, SQLS, Metric
from bot.quota.periods import Period
from bot.quota.run_rate import MOST_WEEKS
from bot.store.engine import Store
from tests.bot.attainment.test_pages import NORTH, Sellers
from tests.bot.quota.desk import HERE, Q4, at, on, period
from tests.lengths import length

PEOPLE = ("U0ANA", "U0ARUN", "U0CEM", "U0DANA")
TARGETS: tuple[tuple[Metric, Period], ...] = (
    (REVENUE, period("2026")),
    (DEALS, Q4),
    (CALLS, period("2026-W48")),
    (CALLS, period("2026-11")),
    (MEETINGS, Q4),
    (SQLS, Q4),
)
OCTOBER = period("2026-10")
ASKED = (Asked(), Asked(as_of=on(20)), Asked(as_of=on(3)), Asked(period=OCTOBER))
BEGINS, ENDS = at(1, 9, 10), at(26, 18, 11)


def wander(desk: Sellers, seed: int) -> None:
    """Two months in which anything happens: Cem is there all the time, Ana comes and goes once, the others often."""
    chance, desk.now = Random(seed), BEGINS
    for person, since in zip(PEOPLE, (on(13, 10), on(1, 10), date(2025, 1, 1), on(1, 10)), strict=True):
        desk.puts(person, "North", since)
    desk.puts("U0ANA", "South", on(12))
    for metric, when in (*TARGETS, (CALLS, OCTOBER), (REVENUE, OCTOBER)):
        desk.sets(100, metric=metric, when=when, by=desk.sam)

    desk.now = at(1, 9)  # the day after October, in the middle of a stretch of days unless it is cut there
    desk.logs(by=desk.cem, count=50, who=None)
    desk.now = BEGINS

    def someone() -> Actor:
        return chance.choice((desk.ana, desk.arun, desk.cem, desk.dana))

    def moves() -> None:
        since = desk.now.date() - timedelta(days=chance.choice((0, 3, 20)))
        desk.puts(chance.choice(("U0ARUN", "U0DANA")), chance.choice(("North", "north", "South")), since)

    steps: list[Callable[[], object]] = [
        lambda: desk.logs(Logged.CALL, by=someone(), count=chance.randint(1, 9), who=None),
        lambda: desk.logs(chance.choice((Logged.MEETING, Logged.DEMO, Logged.EMAIL)), by=someone()),
        lambda: desk.wins(desk.opens(f"Company {desk.now}", by=desk.arun), chance.randint(1, 9_000), by=desk.arun),
        lambda: desk.wins(desk.opens(f"Company {desk.now}"), chance.randint(1, 9_000)),
        lambda: desk.qualifies(f"Lead {desk.now}"),
        moves,
    ]
    while desk.now < ENDS:
        try:
            chance.choice(steps)()
        except Refused:
            continue
        finally:
            desk.now += timedelta(hours=chance.choice((1, 7, 30)))


def by_hand(desk: Sellers, page: GroupPage) -> tuple[Achieved, dict[str, list[tuple[date, date]]]]:
    """What each did on the days on which they were in the group, read day by day."""
    first, today = date(2026, 1, 1), page.when.today
    known = page.when.at if page.when.as_of else None
    with desk.store.read() as tx:
        spells = reach.spells(tx, HERE, NORTH, first, today, *([known] if known else []))
        scope = Scope(HERE, sorted(spells), first, max(today, date(2026, 12, 31)), page.when.zone, page.currency)
        every = achieved(tx, scope, known)
    return Achieved(
        {
            key: {
                day: value for day, value in days.items() if any(start <= day <= end for start, end in spells[key[1]])
            }
            for key, days in every.sums.items()
        }
    ), spells


def weeks(found: Achieved, part: Part, today: date) -> list[int]:
    """What was achieved in each of the weeks behind."""
    this = week_of(today)[0]
    starts = [this - back * timedelta(weeks=1) for back in range(MOST_WEEKS, 0, -1)]
    return [found.total(part.metric, PEOPLE, start, start + timedelta(days=6)) for start in starts]


@pytest.mark.parametrize(("seed", "enough"), [(11, 1), (11, 9), *[(3, 1)] * length(0, 1)])
@pytest.mark.short_on("postgresql")
def test_what_the_database_adds_up_is_what_they_did_day_by_day(
    store: Store, monkeypatch: pytest.MonkeyPatch, seed: int, enough: int
) -> None:
    monkeypatch.setattr(together, "ENOUGH", enough)
    desk = Sellers(store)
    wander(desk, seed)
    something = 0
    for asked in ASKED:
        for metric, when in (*TARGETS, (CALLS, OCTOBER)):
            page = service.group(store, desk.sam, NORTH, asked, desk.now, (metric.code, when.name))
            found, spells = by_hand(desk, page)
            assert spells.keys() <= set(PEOPLE)
            for each in page.parts:
                part, whole = each.part, (each.part.period.first, each.part.period.last)
                assert part.standing.achieved == found.total(part.metric, PEOPLE, *whole), part.key
                assert part.has_any == found.has_any(part.metric, PEOPLE, *whole), part.key
                lately = weeks(found, part, page.when.today) if page.when.today in part.period else []
                assert [week.achieved for week in part.standing.weeks] == lately, part.key
                something += part.standing.achieved
            if page.shown:
                part = page.shown.part
                span = (part.period.first, part.period.last)
                theirs = {row.person_id: (row.standing.achieved, row.has_any) for row in page.rows}
                assert theirs.keys() >= {each for each in spells if found.has_any(part.metric, [each], *span)}
                for person, shown in theirs.items():
                    one = (found.total(part.metric, [person], *span), found.has_any(part.metric, [person], *span))
                    assert shown == one, (part.key, person)
                assert sum(value for value, _ in theirs.values()) == part.standing.achieved
    assert something


@pytest.mark.parametrize("enough", [1, 9])
@pytest.mark.short_on("sqlite")
def test_a_manager_s_own_page_is_the_sum_of_those_below(
    store: Store, monkeypatch: pytest.MonkeyPatch, enough: int
) -> None:
    monkeypatch.setattr(together, "ENOUGH", enough)
    desk = Sellers(store)
    wander(desk, 5)
    for metric, when in TARGETS:
        desk.sets(1_000, whom="U0MARIA", metric=metric, when=when, by=desk.sam)
    page = service.person(store, desk.maria, None, Asked(), desk.now)
    with store.read() as tx:
        found = achieved(tx, Scope(HERE, [*PEOPLE, "U0MARIA"], date(2026, 1, 1), on(31, 12), page.when.zone, "EUR"))
    reports = {row.person_id for row in service.group(store, desk.maria, None, Asked(), desk.now).rows}
    told = {part.key: part for part in page.parts if part.standing.target}
    assert told
    assert reports
    for part in told.values():
        whole = found.total(part.metric, [*reports, "U0MARIA"], part.period.first, part.period.last)
        assert part.standing.achieved == whole, part.key
