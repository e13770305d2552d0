"""What was achieved, on both databases: every metric by hand, as of any moment, and a team as the sum of its people."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.activity import service as activity
from bot.activity.entry import Kind as Logged
from bot.deals import after_sale, queries
from bot.quota.achieved import RENEWED, Achieved, Scope, achieved, facts
from bot.quota.metrics import CALLS, DEALS, MEETINGS, RENEWALS, REVENUE, SQLS, STANDARD
from bot.store.engine import Store
from tests.bot.quota.desk import HERE, Q4, Desk, at, on

PEOPLE = ("U0ANA", "U0ARUN", "U0CEM", "U0DANA")
METRICS = (*STANDARD, RENEWED)


def of(desk: Desk, known: datetime | None = None, *, zone: str = "UTC", people: tuple[str, ...] = PEOPLE) -> Achieved:
    """What was achieved in the quarter."""
    with desk.store.read() as tx:
        return achieved(tx, Scope(HERE, people, Q4.first, Q4.last, ZoneInfo(zone), "EUR"), known)


def total(found: Achieved, person: str) -> dict[str, int]:
    """The sums of one person that are anything."""
    sums = {metric.code: found.total(metric, [person], Q4.first, Q4.last) for metric in METRICS}
    return {code: value for code, value in sums.items() if value}


def a_busy_week(desk: Desk) -> Iterator[datetime]:
    """Things happen, are put right and taken back; yields the moment behind each."""
    won = desk.wins(desk.opens("Acme"), 24_000)
    yield desk.now
    desk.wins(desk.opens("Globex"), 9_500, happened_at=at(2))
    yield desk.now
    first = desk.logs(count=3, who=None)
    desk.logs(Logged.MEETING)
    desk.logs(Logged.DEMO)
    desk.logs(Logged.EMAIL)
    yield desk.now
    activity.remove(desk.store, desk.dana, [first], origin="gone", now=desk.now)
    yield desk.now
    desk.reopens(won)
    yield desk.now
    desk.qualifies("Initech")
    yield desk.now
    globex = account_of(desk, "Globex")
    after_sale.renew(desk.store, desk.dana, globex, after_sale.Renewal(), origin="again", now=desk.now)
    yield desk.now


def account_of(desk: Desk, company: str) -> UUID:
    """A company that deals are with."""
    with desk.store.read() as tx:
        return next(each.account_id for each in queries.every(tx, HERE) if each.company == company)


def test_every_metric_by_hand(store: Store) -> None:
    desk = Desk(store)
    for _ in a_busy_week(desk):
        desk.now += timedelta(hours=1)
    # Acme was reopened, so revenue is Globex's 9,500; the three calls were taken back; the renewal is as before, 9,500
    assert total(of(desk), "U0DANA") == {
        REVENUE.code: 950_000,
        DEALS.code: 1,
        MEETINGS.code: 2,
        RENEWALS.code: 1,
        RENEWED.code: 950_000,
    }
    assert total(of(desk), "U0ANA") == {SQLS.code: 1}
    assert not of(desk).has_any(CALLS, ["U0ANA"], Q4.first, Q4.last)


def test_as_of_gives_the_same_answer_for_ever_and_recomputing_what_is_shown(store: Store) -> None:
    desk, then = Desk(store), dict[datetime, dict[str, dict[str, int]]]()
    for moment in a_busy_week(desk):
        then[moment] = {person: total(of(desk), person) for person in PEOPLE}  # as it was shown
        desk.now += timedelta(hours=1)
    for moment, shown in then.items():
        assert {person: total(of(desk, moment), person) for person in PEOPLE} == shown, moment
    assert {person: total(of(desk, desk.now), person) for person in PEOPLE} == list(then.values())[-1]
    before = min(then) - timedelta(seconds=1)
    assert not any(total(of(desk, before), person) for person in PEOPLE)


def test_a_team_is_the_sum_of_its_people(store: Store) -> None:
    desk = Desk(store)
    for _ in a_busy_week(desk):
        desk.now += timedelta(hours=1)
    desk.wins(desk.opens("Hooli", by=desk.arun), 1_000, by=desk.arun)
    found = of(desk)
    for metric in METRICS:
        apart = [of(desk, people=(each,)).total(metric, [each], Q4.first, Q4.last) for each in PEOPLE]
        assert found.total(metric, PEOPLE, Q4.first, Q4.last) == sum(apart), metric
    assert found.total(REVENUE, PEOPLE, Q4.first, Q4.last) == 950_000 + 100_000


def test_a_win_that_is_won_again_counts_once(store: Store) -> None:
    desk = Desk(store)
    won = desk.wins(desk.opens(), 24_000)
    desk.now += timedelta(hours=1)
    again = desk.reopens(won)
    desk.now += timedelta(hours=1)
    desk.wins(again, 26_000)
    assert total(of(desk), "U0DANA") == total(of(desk, desk.now), "U0DANA") == {"revenue": 2_600_000, "deals": 1}


def test_of_a_divided_deal_each_has_their_share_and_the_owner_the_deal(store: Store) -> None:
    desk = Desk(store)
    desk.wins(desk.opens(split=(("U0ARUN", Decimal(50)),)), 24_000)
    found = of(desk)
    assert {each: total(found, each) for each in ("U0DANA", "U0ARUN")} == {
        "U0DANA": {"revenue": 1_200_000, "deals": 1},
        "U0ARUN": {"revenue": 1_200_000},
    }
    assert found.total(REVENUE, PEOPLE, Q4.first, Q4.last) == 2_400_000
    assert found.total(DEALS, PEOPLE, Q4.first, Q4.last) == 1


def test_money_falls_on_the_workspace_s_day(store: Store) -> None:
    desk = Desk(store)
    desk.wins(desk.opens(), 24_000, happened_at=at(1, 3))  # still 31 October in New York
    day = {zone: of(desk, zone=zone).total(REVENUE, PEOPLE, on(1), on(1)) for zone in ("UTC", "America/New_York")}
    assert day == {"UTC": 2_400_000, "America/New_York": 0}
    assert of(desk, zone="America/New_York").total(REVENUE, PEOPLE, on(31, 10), on(31, 10)) == 2_400_000


def test_a_deal_in_another_currency_counts_as_a_deal_and_adds_no_money(store: Store) -> None:
    desk = Desk(store)
    desk.wins(desk.opens(), 24_000)
    with store.read() as tx:
        found = {each.metric for each in facts(tx, Scope(HERE, PEOPLE, Q4.first, Q4.last, ZoneInfo("UTC"), "USD"))}
    assert found == {DEALS.code}
