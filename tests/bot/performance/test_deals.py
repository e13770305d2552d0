"""Closed and open deals as figures count them, and the shares by which open ones are weighed, on both databases."""

from datetime import timedelta
from typing import Any

from bot.deals import after_sale
from bot.deals.queries import DealRow
from bot.deals.states import Stage
from bot.figures.conversion import WinShares
from bot.figures.rates import Rate
from bot.leads import changes as leads
from bot.leads.changes import NewLead
from bot.performance.deals import STAGES, closed_deals, open_deals
from bot.performance.shares import win_shares
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.bot.deals.desk import HERE, MORNING, Team, eur
from tests.bot.quota.desk import on

TODAY = MORNING.date()


def a_lead(team: Team, company: str, source: str, segment: str | None = None) -> None:
    """A company that was a lead first."""
    with team.store.write() as tx:
        new = NewLead(company, source=source, segment=segment, owner_id="U0DANA")
        leads.add(tx, HERE, new, by="U0SAM", origin=company, now=team.now)


def ends(team: Team, company: str, stage: Stage, *, won: bool, reason: str = "price", **more: Any) -> DealRow:
    """A deal that went as far as `stage`, and was won or lost from there."""
    row = team.opens(company, money=eur(1_000))
    if stage is not Stage.REQUALIFY:
        row = team.changes(row, stage=stage).row
    return team.wins(row, 1_000, **more) if won else team.loses(row, reason)


def shares(team: Team, further: int = 1) -> WinShares:
    """What deals are weighed by so many days after `MORNING`."""
    with team.store.read() as tx:
        return win_shares(tx, HERE, TODAY + timedelta(days=further))


def test_win_shares_by_hand(store: Store) -> None:
    team = Team(store)
    ends(team, "A", Stage.NEEDS, won=True)
    ends(team, "B", Stage.NEGOTIATION, won=False)
    ends(team, "C", Stage.DEMO, won=False)
    ends(team, "D", Stage.REQUALIFY, won=False)
    ends(team, "E", Stage.DEMO, won=False, reason="duplicate")  # says nothing of selling
    team.opens("F")  # not closed
    # A was won, so it went through all five; B skipped to the last one; C to the third; D stayed in the first
    assert shares(team).workspace == {
        "requalify": Rate(1, 4),
        "needs": Rate(1, 3),
        "demo": Rate(1, 3),
        "concerns": Rate(1, 2),
        "negotiation": Rate(1, 2),
    }


def test_segments_are_counted_apart_and_case_makes_none(store: Store) -> None:
    team = Team(store)
    a_lead(team, "A", "webinar", "Mid-market")
    a_lead(team, "B", "event", "mid-Market ")
    a_lead(team, "C", "event")
    ends(team, "A", Stage.NEEDS, won=True)
    ends(team, "B", Stage.NEEDS, won=False)
    ends(team, "C", Stage.NEEDS, won=False)
    ends(team, "D", Stage.NEEDS, won=False)
    found = shares(team)
    assert found.workspace["needs"] == Rate(1, 4)
    assert found.by_segment.keys() == {"mid-market"}
    assert found.by_segment["mid-market"]["needs"] == Rate(1, 2)


def test_shares_are_those_of_the_day_s_beginning_for_ever(store: Store) -> None:
    team = Team(store)
    won = ends(team, "A", Stage.NEEDS, won=True)
    assert not shares(team, 0).workspace["needs"].cases  # nothing was closed before today
    next_day = shares(team, 1).workspace["needs"]
    team.now += timedelta(days=3)
    team.reopens(won)
    ends(team, "B", Stage.NEEDS, won=True, happened_at=MORNING)  # said three days late
    assert shares(team, 1).workspace["needs"] == next_day == Rate(1, 1)  # as it was known when that day began
    assert shares(team, 4).workspace["needs"] == Rate(1, 1)  # A is open again, B is won


def test_shares_look_back_twelve_months(store: Store) -> None:
    team = Team(store)
    ends(team, "A", Stage.NEEDS, won=True)
    a_year = (TODAY.replace(year=TODAY.year + 1) - TODAY).days
    assert shares(team, a_year).workspace["needs"].cases == 1
    assert shares(team, a_year + 1).workspace["needs"].cases == 0


def test_renewals_are_no_deals_of_the_pipeline_and_count_in_no_share(store: Store) -> None:
    team = Team(store)
    won = ends(team, "A", Stage.NEEDS, won=True)
    after_sale.renew(store, team.dana, won.account_id, after_sale.Renewal(), origin="again", now=team.now)
    assert shares(team).workspace["needs"] == Rate(1, 1)


def test_closed_deals_say_what_the_figures_need(store: Store) -> None:
    team = Team(store)
    a_lead(team, "A", "webinar", "SMB")
    row = team.opens("A", money=eur(500))
    team.now += timedelta(days=2)
    row = team.changes(row, stage=Stage.CONCERNS).row
    team.wins(row, 900)
    with store.read() as tx:
        (found,) = closed_deals(tx, HERE, TODAY, on(30))
        assert closed_deals(tx, HERE, TODAY, on(30), ["U0DANA"]) == [found]
        assert closed_deals(tx, HERE, TODAY, on(30), ["U0DANA"], team.now) == [found]
        assert not closed_deals(tx, HERE, TODAY, on(30), ["U0ARUN"])
        assert not closed_deals(tx, HERE, on(21), on(30))
        assert not closed_deals(tx, HERE, TODAY, on(30), known=team.now - timedelta(seconds=1))
    assert (found.owner_id, found.source) == ("U0DANA", "webinar")
    assert (found.deal.opened, found.deal.closed) == (TODAY, on(20))
    assert (found.deal.amount, found.deal.segment) == (eur(900), "smb")
    assert found.deal.entered == {"concerns"}  # the furthest says all


def test_days_are_the_workspace_s_and_money_is_in_its_currency(store: Store) -> None:
    team = Team(store)
    ends(team, "A", Stage.NEEDS, won=True, happened_at=MORNING.replace(hour=3))
    workspace.change(store, team.sam, {Setting.ZONE: "America/New_York", Setting.CURRENCY: "USD"}, team.now)
    with store.read() as tx:
        (found,) = closed_deals(tx, HERE, TODAY - timedelta(days=1), TODAY - timedelta(days=1))
    assert found.deal.closed == TODAY - timedelta(days=1)  # 22:00 of the day before, in New York
    assert found.deal.amount is None


def test_open_deals_as_they_stand_and_as_they_stood(store: Store) -> None:
    team = Team(store)
    stays = team.opens("A", money=eur(500), close_on=on(28))
    closes = team.opens("B", money=eur(700))
    before = team.now
    team.now += timedelta(hours=1)
    team.changes(stays, stage=Stage.DEMO, money=eur(600))
    team.wins(closes, 700)
    team.changes(team.opens("C"), by=team.maria, owner_id="U0CEM")
    with store.read() as tx:
        now = {each.deal.id: each for each in open_deals(tx, HERE, ["U0DANA"])}
        then = {each.deal.id: each for each in open_deals(tx, HERE, ["U0DANA"], before)}
        everybody = open_deals(tx, HERE)
        assert open_deals(tx, HERE, ["U0DANA"], team.now) == list(now.values())
        assert not open_deals(tx, HERE, known=before - timedelta(seconds=1))
    assert {each.deal.stage for each in now.values()} == {"demo"}
    assert now[stays.id.hex].deal.amount == eur(600)
    assert now[stays.id.hex].deal.closes == on(28)
    assert then.keys() == {stays.id.hex, closes.id.hex}
    assert (then[stays.id.hex].deal.stage, then[stays.id.hex].deal.amount) == ("requalify", eur(500))
    assert {each.owner_id for each in everybody} == {"U0DANA", "U0CEM"}


def test_stages_are_the_open_ones_in_their_order() -> None:
    assert STAGES == ("requalify", "needs", "demo", "concerns", "negotiation")
