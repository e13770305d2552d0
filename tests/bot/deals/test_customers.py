"""Customers on both databases: what won deals make of a company, renewals and their reminders, who leaves."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from bot.absence import service as absence
from bot.absence.rules import Away
from bot.deals import after_sale, planning, queries, service
from bot.deals.after_sale import Renewal
from bot.deals.queries import CustomerRow, DealRow
from bot.deals.service import Wish
from bot.deals.states import Kind, Stage, Turn
from bot.errors import Refused
from bot.handoffs import service as handoffs
from bot.handoffs.giving import Giving, give
from bot.handoffs.states import Kind as Handed
from bot.people import service as people
from bot.schedule import service as schedule
from bot.store.engine import Store
from tests.bot.deals.desk import HERE, MORNING, Team, eur
from tests.factories import a_profile


def bought(team: Team, amount: int = 24_000, **said: Any) -> DealRow:
    """Dana sells something to Acme."""
    return team.wins(team.opens(), amount, **said)


def renewed(team: Team, row: DealRow, amount: int | None = None, *, by: Any = None, **said: Any) -> DealRow:
    """Dana (or `by`) says that they stay."""
    renewal = Renewal(eur(amount) if amount else None, **said)
    who = by or team.dana
    return after_sale.renew(team.store, who, row.account_id, renewal, origin=uuid4().hex, now=team.now).row


def churned(team: Team, row: DealRow, reason: str | None = "price", *, by: Any = None) -> CustomerRow:
    """Dana (or `by`) says that they have left."""
    who = by or team.dana
    return after_sale.churn(team.store, who, row.account_id, reason, "too dear", origin=uuid4().hex, now=team.now)


def cared_for(team: Team, row: DealRow) -> None:
    """Dana hands the customer to Cem, who takes it."""
    giving = Giving(row.company, to="U0CEM", kind=Handed.CARE)
    handed = give(team.store, team.dana, giving, origin=uuid4().hex, now=team.now)
    handoffs.accept(team.store, team.cem, handed.id, team.now)


def standing(team: Team, row: DealRow) -> CustomerRow:
    """The customer as it stands."""
    found = team.customer(row.account_id)
    assert found is not None
    return found


def lives(team: Team, until: date) -> None:
    """Time goes by until a day, from job to job."""
    end = datetime.combine(until, datetime.min.time(), UTC)
    while True:
        with team.store.read() as tx:
            due = tx.scalar(select(func.min(schedule.job.c.next_due_at, type_=schedule.job.c.next_due_at.type)).where(
                schedule.job.c.kind == planning.RENEWAL
            ))  # fmt: skip
        if due is None or due > end:
            team.now = end
            return
        team.now = max(team.now, due)
        schedule.tick(team.store, planning.PLANNERS, team.now)


def reminded(team: Team) -> list[tuple[str, str, int]]:
    """Who was reminded, on which day, how many days before."""
    return [
        (row.recipient, f"{row.recorded_at:%Y-%m-%d %H:%M}", row.subject["days"]) for row in team.told(planning.RENEWAL)
    ]


def test_a_customer_renews_twelve_months_after_the_win(store: Store) -> None:
    team = Team(store)
    customer = standing(team, bought(team))
    assert (customer.since_on, customer.renewal_on, customer.owner_id) == (
        date(2026, 11, 18), date(2027, 11, 18), "U0DANA",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "renewal"),
    [({"months": 24}, "2028-11-18"), ({"months": 3}, "2027-02-18"), ({"renewal_on": date(2027, 1, 31)}, "2027-01-31")],
)
def test_or_when_that_was_said(store: Store, said: dict[str, Any], renewal: str) -> None:
    team = Team(store)
    assert str(standing(team, bought(team, **said)).renewal_on) == renewal


def test_the_31st_stays_the_31st_behind_a_february(store: Store) -> None:
    team = Team(store)
    row = bought(team, renewal_on=date(2027, 1, 31))
    days = []
    for _ in range(3):
        renewed(team, row, months=1)
        days.append(str(standing(team, row).renewal_on))
    assert days == ["2027-02-28", "2027-03-31", "2027-04-30"]


def test_a_renewal_is_a_won_deal_of_its_own_and_no_news_for_the_channel(store: Store) -> None:
    team = Team(store)
    row = bought(team)
    team.now += timedelta(days=400)  # late: the contract goes on from its own day
    renewal = renewed(team, row, 26_000)
    assert (renewal.kind, renewal.stage, renewal.money, renewal.owner_id) == (
        Kind.RENEWAL, Stage.WON, eur(26_000), "U0DANA",
    )  # fmt: skip
    customer = standing(team, row)
    assert (customer.renewal_on, customer.money, customer.since_on) == (
        date(2028, 11, 18), eur(26_000), date(2026, 11, 18),
    )  # fmt: skip
    assert len(team.told("deal_won")) == 1


def test_renewed_without_an_amount_it_is_worth_what_it_was(store: Store) -> None:
    team = Team(store)
    row = bought(team, 10_000)
    extra = service.open_deal(
        store, team.dana, "Acme", None, Wish(money=eur(2_000)), kind=Kind.UPSELL, origin="u", now=team.now
    )
    team.wins(extra.row, None)
    assert standing(team, row).money == eur(12_000)
    assert renewed(team, row).money == eur(12_000)


def test_the_same_delivery_renews_once(store: Store) -> None:
    team = Team(store)
    row = bought(team)
    for _ in range(2):
        after_sale.renew(store, team.dana, row.account_id, Renewal(), origin="one", now=team.now)
    assert standing(team, row).renewal_on == date(2028, 11, 18)


def test_reopening_a_renewal_brings_the_old_day_back(store: Store) -> None:
    team = Team(store)
    row = bought(team)
    team.now += timedelta(days=1)
    renewal = renewed(team, row)
    team.reopens(renewal)
    assert standing(team, row).renewal_on == date(2027, 11, 18)


def test_reminders_come_90_60_and_30_days_before_in_the_morning_once_each(store: Store) -> None:
    team = Team(store)
    row = bought(team, renewal_on=date(2027, 3, 31))
    lives(team, date(2027, 4, 10))
    assert reminded(team) == [
        ("U0DANA", "2026-12-31 09:00", 90),
        ("U0DANA", "2027-02-01 09:00", 60),  # 30 January is a Saturday
        ("U0DANA", "2027-03-01 09:00", 30),
    ]
    assert standing(team, row).is_active  # late is not left


def test_they_go_to_whoever_cares_for_the_customer(store: Store) -> None:
    team = Team(store)
    row = bought(team, renewal_on=date(2027, 3, 31))
    cared_for(team, row)
    assert standing(team, row).csm_id == "U0CEM"
    lives(team, date(2027, 1, 10))
    people.remember(store, HERE, a_profile(id="U0CEM", zone="UTC", is_active=False), team.now)
    lives(team, date(2027, 4, 1))
    assert [(who, days) for who, _, days in reminded(team)] == [("U0CEM", 90), ("U0DANA", 60), ("U0DANA", 30)]


def test_who_is_away_hears_of_it_once_they_are_back(store: Store) -> None:
    team = Team(store)
    bought(team, renewal_on=date(2027, 3, 31))
    absence.declare(store, team.dana, Away(date(2026, 12, 28), date(2027, 1, 5)), MORNING)
    lives(team, date(2027, 1, 20))
    assert reminded(team) == [("U0DANA", "2027-01-06 09:00", 90)]


def test_a_notice_that_stands_when_the_deal_is_won_comes_at_once(store: Store) -> None:
    team = Team(store)
    bought(team, renewal_on=date(2026, 12, 10))
    schedule.tick(store, planning.PLANNERS, team.now)
    assert [days for _, _, days in reminded(team)] == [30]
    lives(team, date(2026, 12, 20))
    assert len(reminded(team)) == 1


def test_nobody_is_reminded_of_a_customer_who_has_left_or_renewed(store: Store) -> None:
    team = Team(store)
    gone, stays = bought(team, renewal_on=date(2027, 3, 31)), team.wins(
        team.opens("Globex"), renewal_on=date(2027, 3, 31)
    )  # fmt: skip
    churned(team, gone)
    renewed(team, stays)
    lives(team, date(2027, 4, 10))
    assert reminded(team) == []
    lives(team, date(2028, 4, 10))
    assert {days for _, _, days in reminded(team)} == {90, 60, 30}


def test_who_left_is_kept_with_why_and_when(store: Store) -> None:
    team = Team(store)
    row = bought(team)
    customer = churned(team, row)
    assert (customer.is_active, customer.churned_at, customer.reason) == (False, team.now, "price")
    with store.read() as tx:
        happened = queries.customer_changes(tx, HERE, row.account_id)
    assert [each.what for each in happened] == [Turn.WON, Turn.CHURNED]
    assert happened[-1].note == "too dear"
    with pytest.raises(Refused, match=r"deals\.left_already"):
        churned(team, row)
    with pytest.raises(Refused, match=r"deals\.left_already"):
        renewed(team, row)


def test_one_who_has_not_left_after_all_is_reminded_again(store: Store) -> None:
    team = Team(store)
    row = bought(team, renewal_on=date(2027, 3, 31))
    churned(team, row)
    again = after_sale.unchurn(store, team.dana, row.account_id, origin="x", now=team.now)
    assert (again.is_active, again.reason) == (True, None)
    lives(team, date(2027, 1, 10))
    assert len(reminded(team)) == 1


def test_who_left_and_buys_again_is_a_customer_again(store: Store) -> None:
    team = Team(store)
    churned(team, bought(team))
    team.now += timedelta(days=30)
    again = bought(team, 5_000)
    customer = standing(team, again)
    assert (customer.is_active, customer.deal_id, customer.reason) == (True, again.id, None)


def test_an_open_renewal_is_lost_with_the_customer(store: Store) -> None:
    team = Team(store)
    row = bought(team)
    renewal = service.open_deal(
        store, team.dana, "Acme", None, Wish(money=eur(1)), kind=Kind.RENEWAL, origin="r", now=team.now
    )
    churned(team, row)
    with store.read() as tx:
        found = queries.find(tx, HERE, renewal.row.id)
    assert found is not None
    assert (found.stage, found.reason) == (Stage.LOST, "price")


def test_only_those_who_look_after_a_customer_say_that_they_stay_or_leave(store: Store) -> None:
    team = Team(store)
    row = bought(team)
    cared_for(team, row)
    for stranger in (team.arun, team.ana):
        with pytest.raises(Refused, match=r"deals\.not_your_customer") as refused:
            churned(team, row, by=stranger)
        assert refused.value.params["can"] == "Cem, Dana, Maria, Sam"
    assert renewed(team, row, by=team.cem).owner_id == "U0CEM"
    assert not churned(team, row, by=team.maria).is_active


def test_who_has_bought_nothing_is_no_customer(store: Store) -> None:
    team = Team(store)
    row = team.opens()
    for ask in (lambda: renewed(team, row), lambda: churned(team, row)):
        with pytest.raises(Refused, match=r"deals\.no_customer"):
            ask()
    with pytest.raises(Refused, match=r"deals\.no_customer"):
        after_sale.check_customer(store, team.dana, row.account_id, "Acme")
