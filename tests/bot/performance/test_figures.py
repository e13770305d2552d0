"""The figures of people, groups and sources by hand, and what holds whatever happened, on both databases."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from bot.deals import after_sale, customers
from bot.deals.queries import DealRow
from bot.deals.states import Stage
from bot.figures.conversion import Handed, WinShares
from bot.figures.pipeline import Coverage, Covered, LeftOut
from bot.figures.rates import Rate, Showing
from bot.figures.sales import Customers, NoVelocity, Volume
from bot.handoffs import service as handoffs
from bot.handoffs.giving import Giving, give
from bot.handoffs.rules import Answer, Known
from bot.money import Money
from bot.people import service as people
from bot.performance.facts import Group, Scope, read
from bot.performance.figures import Figures, Span, figures
from bot.performance.shares import win_shares
from bot.quota.achieved import Scope as Achieving
from bot.quota.achieved import achieved
from bot.quota.metrics import DEALS, REVENUE
from bot.store.engine import Store
from tests.bot.deals.desk import HERE, Team, eur
from tests.bot.performance.test_deals import a_lead
from tests.bot.quota.desk import at, on
from tests.factories import a_profile

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)
EVERYBODY = Group()
NO_SHARES = WinShares({}, {})


def of(
    team: Team,
    group: Group = EVERYBODY,
    *,
    people: list[str] | None = None,
    first: date = FIRST,
    last: date = LAST,
    known: datetime | None = None,
    target: Money | None = None,
    shares: WinShares = NO_SHARES,
) -> Figures:
    """The figures of a group in the quarter, as it stands or as known at a moment."""
    moment = known or team.now
    with team.store.read() as tx:
        facts = read(tx, Scope(HERE, people, first, last, known))
        return figures(facts, group, Span(first, last, moment.date(), moment), shares, target)


def closes(team: Team, company: str, amount: int | None, opened: datetime, **more: Any) -> DealRow:
    """Dana's deal that was opened at a moment and is won today, or lost for a reason."""
    today, team.now = team.now, opened
    row = team.opens(company, money=eur(amount) if amount else None)
    team.now = today
    reason = more.pop("reason", None)
    return team.loses(row, reason) if reason else team.wins(row, amount, **more)


def offers(team: Team, company: str, end: str | None = None, to: str = "U0DANA") -> None:
    """Ana hands a lead to somebody, and it ends some way."""
    answers = {"need": Answer(Known.YES, "no overview")}
    row = give(team.store, team.ana, Giving(company, to=to, answers=answers), origin=uuid4().hex, now=team.now)
    taker = team.dana if to == "U0DANA" else team.arun
    if end in {"accepted", "qualified", "rejected"}:
        handoffs.accept(team.store, taker, row.id, team.now)
    if end == "qualified":
        handoffs.requalify(team.store, taker, row.id, {}, None, team.now)
    if end == "rejected":
        handoffs.reject(team.store, taker, row.id, "no-budget", None, team.now)
    if end == "declined":
        handoffs.decline(team.store, taker, row.id, "full", None, team.now)
    if end == "withdrawn":
        handoffs.withdraw(team.store, team.ana, row.id, team.now)


def test_the_worked_sales_figures(store: Store) -> None:
    team = Team(store)
    days = {"A": (24_000, 12), "B": (18_000, 18), "C": (9_500, 21), "D": (31_000, 34), "E": (12_500, 95)}
    for company, (amount, length) in days.items():
        closes(team, company, amount, team.now - timedelta(days=length))
    closes(team, "F", 5_000, team.now - timedelta(days=3), reason="price")
    closes(team, "G", 5_000, team.now - timedelta(days=3), reason="duplicate")
    found = of(team)
    # 24,000 + 18,000 + 9,500 + 31,000 + 12,500 = 95,000; ÷ 5 = 19,000; days 12, 18, 21, 34, 95: median 21, mean 36
    assert found.volume == Volume(eur(95_000), 5, 0)
    assert found.size is not None
    assert (found.size.mean, found.size.spread.median) == (eur(19_000), eur(18_000))
    assert found.cycle is not None
    assert (found.cycle.spread.median, int(found.cycle.mean)) == (21, 36)
    assert found.lost_cycle is not None
    assert found.lost_cycle.days == (3,)
    assert found.win_rate == Rate(5, 6)  # the duplicate says nothing of selling
    assert found.win_rate.showing is Showing.AS_CASES
    assert found.velocity is NoVelocity.FEW_CLOSED


def test_velocity_with_enough_cases(store: Store) -> None:
    team = Team(store)
    for n in range(6):
        closes(team, f"W{n}", 1_000, team.now - timedelta(days=10))
    for n in range(18):
        closes(team, f"L{n}", 1_000, team.now - timedelta(days=10), reason="price")
    for n in range(4):
        team.changes(team.opens(f"O{n}"), stage=Stage.DEMO)
    team.opens("P")  # nobody has re-qualified it yet
    found = of(team)
    # 6 of 24 = 25 %, 11.9 to 44.9 %: firm; 4 × 25 % × 1,000 ÷ 10 days = 100 a day
    assert not isinstance(found.velocity, NoVelocity)
    assert (found.velocity.per_day, found.velocity.open_deals) == (eur(100), 4)
    assert found.open_deals == 5


def test_conversions_stage_by_stage_and_the_first_from_hand_offs(store: Store) -> None:
    team = Team(store)
    for company, stage in (("A", Stage.NEEDS), ("B", Stage.DEMO), ("C", Stage.NEGOTIATION)):
        team.loses(team.changes(team.opens(company), stage=stage).row)
    team.wins(team.opens("D"), 100)
    offers(team, "E", "qualified")
    offers(team, "F", "rejected")
    assert of(team).conversions == {
        "requalify": Rate(1, 2),
        "needs": Rate(3, 4),  # all but A
        "demo": Rate(2, 3),  # B stayed; C went past concerns, so through it
        "concerns": Rate(2, 2),
        "negotiation": Rate(1, 2),
    }


def test_hand_offs_by_how_they_ended(store: Store) -> None:
    team = Team(store)
    for company, end in (("A", "qualified"), ("B", "rejected"), ("C", "accepted"), ("D", "withdrawn"), ("E", None)):
        offers(team, company, end)
    offers(team, "F", "declined")  # goes on to Arun, where it waits
    dana, arun, ana = (of(team, Group.of(each)) for each in ("U0DANA", "U0ARUN", "U0ANA"))
    assert dana.taken == Handed(accepted=3, declined=1, withdrawn=1, waiting=1, requalified=1, rejected=1)
    assert dana.taken.acceptance == Rate(3, 4)
    assert arun.taken == Handed(waiting=1)
    assert ana.given == of(team).taken == Handed(3, 1, 0, 1, 2, 1, 1)
    assert (ana.taken, dana.given) == (Handed(), Handed())


def test_who_is_away_has_refused_nothing(store: Store) -> None:
    team = Team(store)
    offers(team, "A")
    people.remember(store, HERE, a_profile(id="U0DANA", is_active=False), team.now)
    assert handoffs.move_on(store, HERE, ["U0DANA"], team.now) == 1
    assert of(team, Group.of("U0DANA")).taken == Handed(withdrawn=1)


def test_pipeline_and_coverage_of_a_running_period(store: Store) -> None:
    team = Team(store)
    closes(team, "W", 61_000, team.now - timedelta(days=5))
    for n, amount in enumerate((40_000, 30_000, 20_000, 15_000)):
        team.opens(f"O{n}", money=eur(amount), close_on=on(15, 12))
    team.opens("Past", money=eur(9_000), close_on=team.now.date())
    team.opens("Later", money=eur(9_000), close_on=date(2027, 1, 5))
    team.opens("Nameless", close_on=on(15, 12))
    team.now += timedelta(days=1)
    # 40,000 + 30,000 + 20,000 + 15,000 = 105,000 open; 120,000 − 61,000 = 59,000 left: 1.78 times
    found = of(team, target=eur(120_000), shares=WinShares({"requalify": Rate(25, 100)}, {}))
    assert found.pipeline is not None
    assert found.pipeline.open_amount == eur(105_000)
    assert found.pipeline.forecast == eur(61_000) + eur(26_250)  # a quarter of it
    assert [len(found.pipeline.why(each)) for each in (LeftOut.PAST_DUE, LeftOut.OTHER_PERIOD, LeftOut.NO_AMOUNT)] == [
        1,
        1,
        1,
    ]
    assert found.coverage == Coverage(Fraction(105_000, 59_000), Fraction(4))
    assert of(team, target=eur(61_000)).coverage is Covered.REACHED
    assert of(team).coverage is None
    assert of(team, first=date(2026, 7, 1), last=date(2026, 9, 30), target=eur(1)).pipeline is None


def a_year_of_customers(team: Team) -> Iterator[datetime]:
    """Five customers from before the quarter, and one of it; yields each moment behind a change."""
    rows = {}
    for company, amount in (("A", 100), ("B", 200), ("C", 300), ("D", 400), ("E", 500)):
        rows[company] = team.wins(team.opens(company), amount, happened_at=at(20, month=9))
        yield team.now
    renew, churn = after_sale.renew, after_sale.churn
    said = {"A": after_sale.Renewal(eur(150)), "B": after_sale.Renewal(eur(120))}
    for company, renewal in said.items():
        renew(team.store, team.dana, rows[company].account_id, renewal, origin=company, now=team.now)
        yield team.now
    churn(team.store, team.dana, rows["C"].account_id, "price", None, origin="gone", now=team.now)
    yield team.now
    churn(team.store, team.dana, rows["D"].account_id, "price", None, origin="left", now=team.now)
    yield team.now
    after_sale.unchurn(team.store, team.dana, rows["D"].account_id, origin="not", now=team.now)
    yield team.now
    team.wins(team.opens("F"), 999)  # new in the quarter
    yield team.now


def test_retention_by_hand(store: Store) -> None:
    team = Team(store)
    for _ in a_year_of_customers(team):
        team.now += timedelta(hours=1)
    found = of(team).customers
    # at the start 100 + 200 + 300 + 400 + 500 = 1,500; A pays 50 more, B 80 less, C has left with 300, D has not
    assert found == Customers(5, 1, eur(1_500), eur(300), eur(80), eur(50))
    assert found.logo_churn == Rate(1, 5)
    assert found.gross_retention == Fraction(1_120, 1_500)
    assert found.net_retention == Fraction(1_170, 1_500)
    assert of(team, first=date(2026, 7, 1), last=date(2026, 9, 30)).customers.at_start == 0  # none on 1 July


def test_customers_count_for_who_cared_on_the_first_day(store: Store) -> None:
    team = Team(store)
    row = team.wins(team.opens("A"), 100, happened_at=at(20, month=9))
    with store.write() as tx:
        customers.given_to(tx, HERE, row.account_id, "U0CEM", by="U0SAM", origin="given", now=team.now)
    team.now += timedelta(hours=1)
    this, following = (FIRST, LAST), (date(2027, 1, 1), date(2027, 3, 31))
    for (first, last), owner, other in ((this, "U0DANA", "U0CEM"), (following, "U0CEM", "U0DANA")):
        team.now = max(team.now, at(20, month=11).replace(year=first.year, month=first.month))
        for person, customers_then in ((owner, 1), (other, 0)):
            found = of(team, Group.of(person), people=[person], first=first, last=last)
            assert found.customers.at_start == customers_then


def test_sources_split_everything_and_name_nobody(store: Store) -> None:
    team = Team(store)
    a_lead(team, "A", "webinar")
    a_lead(team, "B", "event")
    team.wins(team.opens("A"), 100, happened_at=at(20, month=9))
    team.wins(team.opens("B"), 250)
    team.opens("B", money=eur(30), close_on=on(15, 12), origin="again")
    team.wins(team.opens("Nobody"), 5)
    webinar, event, unknown = (of(team, Group(source=each)) for each in ("webinar", "event", "unknown"))
    assert (webinar.volume.deals, webinar.customers.at_start) == (0, 1)
    assert (event.volume.value, event.open_deals, event.customers.at_start) == (eur(250), 1, 0)
    assert unknown.volume.value == eur(5)


def test_a_win_counts_for_the_team_its_owner_was_in_on_that_day(store: Store) -> None:
    team = Team(store)
    team.wins(team.opens("A"), 100, happened_at=at(2))
    team.wins(team.opens("B"), 50, happened_at=at(10))
    north, south = ({"U0DANA": [(on(1), on(5))]}, {"U0DANA": [(on(6), date.max)]})
    assert [of(team, Group(each)).volume.value for each in (north, south)] == [eur(100), eur(50)]


def additive(found: Figures) -> dict[str, int]:
    """What adds up over people."""
    customers = found.customers
    return {
        "value": found.volume.value.minor,
        "deals": found.volume.deals,
        "won": found.win_rate.hits,
        "closed": found.win_rate.cases,
        "open": found.open_deals,
        "ahead": found.pipeline.open_amount.minor if found.pipeline else 0,
        **{f"taken.{name}": getattr(found.taken, name) for name in Handed.__slots__},
        **{f"given.{name}": getattr(found.given, name) for name in Handed.__slots__},
        "customers": customers.at_start,
        "left": customers.left,
        "worth": customers.value.minor,
        "lost": customers.churned.minor,
    }


PEOPLE = ("U0ANA", "U0ARUN", "U0CEM", "U0DANA", "U0MARIA", "U0SAM")


def a_busy_autumn(team: Team) -> Iterator[datetime]:
    """Everything at once; yields the moment behind each."""
    yield from a_year_of_customers(team)
    for n, end in enumerate(("qualified", "rejected", "declined", "withdrawn", "accepted")):
        offers(team, f"Lead {n}", end)
        yield team.now
    won = team.wins(team.opens("Y"), 700)
    yield team.now
    team.reopens(won)
    yield team.now
    mine = team.opens("Z", by=team.arun, money=eur(40), close_on=on(10, 12))
    yield team.now
    team.changes(mine, by=team.sam, owner_id="U0DANA")
    yield team.now
    team.loses(team.changes(team.opens("X"), stage=Stage.CONCERNS).row)
    yield team.now


def every_figure(team: Team, known: datetime | None = None) -> Mapping[str, Figures]:
    """Everybody's, from one read."""
    moment = known or team.now
    with team.store.read() as tx:
        facts = read(tx, Scope(HERE, None, FIRST, LAST, known))
        span = Span(FIRST, LAST, moment.date(), moment)
        return {each: figures(facts, Group.of(each), span, NO_SHARES) for each in PEOPLE}


def test_a_whole_is_the_sum_of_its_people(store: Store) -> None:
    team = Team(store)
    for _ in a_busy_autumn(team):
        team.now += timedelta(hours=1)
    together, apart = additive(of(team)), [additive(each) for each in every_figure(team).values()]
    assert {name: sum(each[name] for each in apart) for name in together} == together
    assert additive(of(team, Group.of(*PEOPLE))) == together


def test_reading_some_people_gives_what_reading_everybody_does(store: Store) -> None:
    team = Team(store)
    for _ in a_busy_autumn(team):
        team.now += timedelta(hours=1)
    for known in (None, team.now - timedelta(hours=3)):
        every = every_figure(team, known)
        for person in PEOPLE:
            assert of(team, Group.of(person), people=[person], known=known) == every[person], person


def test_as_of_gives_the_same_answer_for_ever(store: Store) -> None:
    team, then = Team(store), dict[datetime, Mapping[str, Figures]]()
    for moment in a_busy_autumn(team):
        then[moment] = every_figure(team)  # as it was shown
        team.now += timedelta(hours=1)
    for moment, shown in then.items():
        assert every_figure(team, moment) == shown, moment


def test_it_is_what_targets_are_measured_by(store: Store) -> None:
    team = Team(store)
    for _ in a_busy_autumn(team):
        team.now += timedelta(hours=1)
    with store.read() as tx:
        scope = Achieving(HERE, PEOPLE, FIRST, LAST, team.dana.zone, "EUR")
        measured = achieved(tx, scope)
    for person, found in every_figure(team).items():
        assert found.volume.value.minor == measured.total(REVENUE, [person], FIRST, LAST), person
        assert found.volume.deals == measured.total(DEALS, [person], FIRST, LAST), person


@pytest.mark.parametrize("people", [None, ["U0DANA"]])
def test_nothing_is_no_figure(store: Store, people: list[str] | None) -> None:
    team = Team(store)
    found = of(team, EVERYBODY, people=people)
    assert found.win_rate.showing is Showing.NOTHING_YET
    assert (found.size, found.cycle, found.lost_cycle, found.oldest_open) == (None, None, None, None)
    assert found.customers.gross_retention is None
    with store.read() as tx:
        assert not win_shares(tx, HERE, team.now.date()).by_segment


def test_a_divided_deal_is_one_deal_and_its_money_is_everybody_s_share(store: Store) -> None:
    team = Team(store)
    team.now = at(10)
    split = (("U0ARUN", Decimal(40)), ("U0CEM", Decimal("33.33")))
    team.wins(team.opens("A", split=split), 1_000)  # Arun 400.00, Cem 333.30, Dana 266.70
    team.wins(team.opens("B"), 500)
    team.opens("C", money=eur(600), close_on=on(20), split=split[:1])  # Arun 240, Dana 360
    dana, arun, cem, both, everybody = (
        of(team, group, people=people)
        for group, people in (
            (Group.of("U0DANA"), ["U0DANA"]),
            (Group.of("U0ARUN"), ["U0ARUN"]),
            (Group.of("U0CEM"), ["U0CEM"]),
            (Group.of("U0DANA", "U0ARUN"), ["U0ARUN", "U0DANA"]),
            (EVERYBODY, None),
        )
    )
    assert dana.volume == Volume(Money("EUR", 766_70), 2, 0)
    assert arun.volume == Volume(eur(400), 0, 0)
    assert cem.volume == Volume(Money("EUR", 333_30), 0, 0)
    assert both.volume == Volume(Money("EUR", 1_166_70), 2, 0)
    assert everybody.volume == Volume(eur(1_500), 2, 0)
    assert [each.win_rate.cases for each in (dana, arun, both, everybody)] == [2, 0, 2, 2]
    assert dana.size is not None
    assert dana.size.mean == eur(750)  # of whole deals: 1,000 and 500
    assert [each.open_deals for each in (dana, arun, both, everybody)] == [1, 0, 1, 1]
    assert [each.pipeline.open_amount for each in (dana, arun, both, everybody) if each.pipeline] == [
        eur(360), eur(240), eur(600), eur(600),
    ]  # fmt: skip
    assert [len(each.pipeline.closing) for each in (both, everybody) if each.pipeline] == [1, 1]
    by_source = of(team, Group(source="unknown"))
    assert by_source.volume.value == eur(1_500)


def test_the_volume_of_people_is_what_they_have_achieved_with_shares_too(store: Store) -> None:
    team = Team(store)
    row = team.wins(team.opens("A", split=(("U0ARUN", Decimal("33.33")),)), 1_000)
    known = team.now
    team.now += timedelta(days=1)
    team.changes(row, by=team.maria, split=(("U0CEM", Decimal(10)),))
    for person, then, now in (("U0DANA", 666_70, 900_00), ("U0ARUN", 333_30, 0), ("U0CEM", 0, 100_00)):
        for moment, expected in ((known, then), (team.now, now), (None, now)):
            with store.read() as tx:
                scope = Achieving(HERE, [person], FIRST, LAST, ZoneInfo("UTC"), "EUR")
                done = achieved(tx, scope, moment).total(REVENUE, [person], FIRST, LAST)
            assert done == expected
            assert of(team, Group.of(person), people=[person], known=moment).volume.value.minor == expected
