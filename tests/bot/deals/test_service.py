"""Deals on both databases: every use case, its rights, its history, and of two at once one."""

from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest

from bot.audit import service as audit
from bot.deals import notices, queries, service
from bot.deals.closing import Win
from bot.deals.queries import DealRow
from bot.deals.rules import as_of, entered
from bot.deals.service import Wish
from bot.deals.states import Kind, Stage, What
from bot.delivery import queries as deliveries
from bot.errors import Refused
from bot.handoffs import service as handoffs
from bot.handoffs.giving import Giving, give
from bot.handoffs.states import Kind as Handed
from bot.money import Money
from bot.ops.causes import Workers
from bot.store.engine import Store
from tests.bot.deals.desk import HERE, MORNING, Team, eur


def qualified(team: Team, company: str = "Acme") -> DealRow:
    """Ana hands a company to Dana, who qualifies it."""
    row = give(team.store, team.ana, Giving(company, to="U0DANA"), origin=uuid4().hex, now=team.now)
    handoffs.accept(team.store, team.dana, row.id, team.now)
    handoffs.requalify(team.store, team.dana, row.id, {}, None, team.now)
    with team.store.read() as tx:
        return queries.of_account(tx, HERE, row.account_id)[0]


def test_opened_by_hand_it_begins_with_requalify(store: Store) -> None:
    team = Team(store)
    row = team.opens(money=eur(24_000), close_on=date(2027, 1, 30))
    assert (row.stage, row.kind, row.owner_id, row.company) == (Stage.REQUALIFY, Kind.NEW, "U0DANA", "Acme")
    assert (row.money, row.close_on, row.giver_id) == (eur(24_000), date(2027, 1, 30), None)
    history = team.history(row.id)
    assert [(each.what, each.by) for each in history] == [(What.OPENED, "U0DANA")]
    assert history[0].after["amount"] == 2_400_000


def test_out_of_a_qualified_hand_off_it_begins_with_needs_and_keeps_the_assist(store: Store) -> None:
    team = Team(store)
    row = qualified(team)
    assert (row.stage, row.owner_id, row.giver_id, row.money) == (Stage.NEEDS, "U0DANA", "U0ANA", None)
    assert row.handoff_id
    assert row.lead_id
    assert [each.id for each in team.told("handoff_giver")] == [row.giver_card]
    assert list(entered(team.history(row.id))) == [Stage.NEEDS]


def test_a_company_with_an_open_deal_of_the_same_owner_is_not_doubled(store: Store) -> None:
    team = Team(store)
    before = team.opens(money=eur(24_000))
    after = qualified(team)
    assert (after.id, after.stage, after.giver_id, after.money) == (before.id, Stage.NEEDS, "U0ANA", eur(24_000))
    assert [each.what for each in team.history(after.id)] == [What.OPENED, What.CHANGED]


def test_another_owner_s_open_deal_is_no_reason_to_open_none(store: Store) -> None:
    team = Team(store)
    other = team.opens(by=team.arun)
    assert qualified(team).id != other.id


def test_a_second_hand_off_of_an_open_deal_leaves_the_first_assist(store: Store) -> None:
    team = Team(store)
    first = qualified(team)
    giving = Giving("Acme", to="U0DANA", kind=Handed.UPSELL)
    row = give(store, team.cem, giving, origin="again", now=team.now)
    handoffs.accept(store, team.dana, row.id, team.now)
    handoffs.requalify(store, team.dana, row.id, {}, None, team.now)
    with store.read() as tx:
        upsell = queries.of_handoff(tx, HERE, row.id)
        again = queries.find(tx, HERE, first.id)
    assert upsell is not None
    assert again is not None
    assert (upsell.kind, upsell.giver_id, again.giver_id) == (Kind.UPSELL, "U0CEM", "U0ANA")


def test_opened_again_by_the_same_owner_is_a_change(store: Store) -> None:
    team = Team(store)
    first = team.opens(money=eur(24_000))
    done = service.open_deal(store, team.dana, "acme", None, Wish(money=eur(30_000)), origin="x", now=team.now)
    assert (done.row.id, done.row.money, done.is_new) == (first.id, eur(30_000), False)


def test_every_change_keeps_what_was(store: Store) -> None:
    team = Team(store)
    row = team.opens(money=eur(24_000))
    wish = Wish(eur(30_000), date(2027, 1, 30), Stage.DEMO, "send quote", date(2026, 11, 24), note="two more seats")
    done = service.change(store, team.dana, row.id, wish, origin="x", now=team.now)
    assert (done.row.stage, done.row.money, done.row.next_step) == (Stage.DEMO, eur(30_000), "send quote")
    assert done.change is not None
    assert done.change.before == {
        "amount": 2_400_000, "close_on": None, "stage": "requalify", "next_step": None, "next_on": None,
    }  # fmt: skip
    assert done.change.after["amount"] == 3_000_000
    assert done.change.note == "two more seats"


def test_a_change_that_changes_nothing_leaves_no_line(store: Store) -> None:
    team = Team(store)
    row = team.opens(money=eur(24_000))
    done = team.changes(row, money=eur(24_000))
    assert done.change is None
    assert len(team.history(row.id)) == 1


def test_the_same_delivery_twice_changes_once(store: Store) -> None:
    team = Team(store)
    rows = [team.opens(origin="one") for _ in range(2)]
    assert rows[0].id == rows[1].id
    for _ in range(2):
        service.change(store, team.dana, rows[0].id, Wish(money=eur(9)), origin="two", now=team.now)
        won = service.win(store, team.dana, rows[0].id, Win(eur(9)), origin="three", now=team.now)
    assert won.row.stage is Stage.WON
    assert [each.what for each in team.history(rows[0].id)] == [What.OPENED, What.CHANGED, What.WON]


def test_won_is_announced_once_and_makes_a_customer(store: Store) -> None:
    team = Team(store)
    row = team.wins(qualified(team))
    assert (row.stage, row.money, row.closed_at) == (Stage.WON, eur(24_000), team.now)
    announced = team.told(notices.WON)
    assert [(each.recipient, each.id) for each in announced] == [("C0WINS", row.announcement)]
    customer = team.customer(row.account_id)
    assert customer is not None
    assert (customer.is_active, customer.renewal_on, customer.money) == (True, date(2027, 11, 18), eur(24_000))
    assert team.told("handoff_giver")[0].version > 2  # the giver's one message shows it


def test_a_giver_whose_message_has_aged_out_gets_a_word_of_its_own(store: Store) -> None:
    team = Team(store)
    row = qualified(team)
    with store.write() as tx:
        tx.execute(deliveries.delivery.delete().where(deliveries.delivery.c.id == row.giver_card))
    team.wins(row)
    assert [each.recipient for each in team.told(notices.ASSIST)] == ["U0ANA"]
    team.wins(team.reopens(row))
    assert [each.version for each in team.told(notices.ASSIST)] == [3]  # mended, and mended again


def test_a_giver_who_has_a_message_reads_of_the_win_there_only(store: Store) -> None:
    team = Team(store)
    team.wins(qualified(team))
    assert team.told(notices.ASSIST) == []


def test_without_a_channel_of_wins_nothing_is_announced(store: Store) -> None:
    team = Team(store, wins=None)
    assert team.wins(team.opens()).announcement is None
    assert team.told(notices.WON) == []


def test_a_win_needs_an_amount_and_one_of_nothing_a_confirmation(store: Store) -> None:
    team = Team(store)
    row = team.opens()
    with pytest.raises(Refused, match=r"deals\.amount_missing"):
        team.wins(row, None)
    with pytest.raises(Refused, match=r"deals\.won_for_nothing"):
        team.wins(row, 0)
    assert team.wins(row, 0, is_sure=True).stage is Stage.WON


def test_a_win_takes_the_amount_that_stands(store: Store) -> None:
    team = Team(store)
    assert team.wins(team.opens(money=eur(9_500)), None).money == eur(9_500)


def test_a_win_of_yesterday_happened_yesterday_and_is_known_today(store: Store) -> None:
    team = Team(store)
    yesterday = MORNING - timedelta(days=1)
    row = team.wins(team.opens(), happened_at=yesterday)
    last = team.history(row.id)[-1]
    assert (row.closed_at, last.happened_at, last.recorded_at) == (yesterday, yesterday, MORNING)
    stood = as_of(team.history(row.id), yesterday)
    assert stood is None


@pytest.mark.parametrize(
    ("reason", "note", "key"),
    [
        (None, None, "deals.reason_missing"),
        ("nonsense", None, "deals.reason_missing"),
        ("competitor", None, "deals.note_missing.competitor"),
        ("other", " ", "deals.note_missing.other"),
    ],
)
def test_a_loss_needs_a_reason_and_some_reasons_a_word(store: Store, reason: str, note: str, key: str) -> None:
    team = Team(store)
    row = team.opens()
    with pytest.raises(Refused) as refused:
        team.loses(row, reason, note)
    assert refused.value.key == key
    assert len(team.history(row.id)) == 1


def test_lost_keeps_why(store: Store) -> None:
    team = Team(store)
    row = team.loses(team.opens(), "competitor", "Rival")
    assert (row.stage, row.reason, row.reason_note, row.closed_at) == (Stage.LOST, "competitor", "Rival", MORNING)
    assert team.customer(row.account_id) is None


def test_what_is_closed_is_reopened_before_anything_else(store: Store) -> None:
    team = Team(store)
    row = team.wins(team.opens())
    for again in (lambda: team.wins(row), lambda: team.loses(row), lambda: team.changes(row, money=eur(1))):
        with pytest.raises(Refused, match=r"deals\.late\.won"):
            again()
    row = team.reopens(row)
    with pytest.raises(Refused, match=r"deals\.open_already"):
        team.reopens(row)


def test_reopened_it_is_where_it_was_and_the_win_is_taken_back(store: Store) -> None:
    team = Team(store)
    row = team.changes(qualified(team), stage=Stage.NEGOTIATION).row
    won = team.wins(row)
    row = team.reopens(won)
    assert (row.stage, row.closed_at, row.renewal_on) == (Stage.NEGOTIATION, None, None)
    customer = team.customer(row.account_id)
    assert customer is not None
    assert not customer.is_active
    assert team.told(notices.WON)[0].version == 2  # mended in its place
    again = team.wins(row, 30_000)
    assert again.announcement == won.announcement
    assert len(team.told(notices.WON)) == 1


def test_reopening_one_of_two_wins_leaves_a_customer(store: Store) -> None:
    team = Team(store)
    first = team.wins(team.opens(), 10_000)
    team.now += timedelta(days=3)
    second = team.wins(team.opens(), 20_000)
    team.reopens(second)
    customer = team.customer(first.account_id)
    assert customer is not None
    assert (customer.deal_id, customer.money, customer.renewal_on) == (first.id, eur(10_000), date(2027, 11, 18))


def test_who_may_change_whose(store: Store) -> None:
    team = Team(store)
    row = team.opens()
    for colleague in (team.arun, team.ana, team.cem, team.mark):
        with pytest.raises(Refused, match=r"deals\.not_yours") as refused:
            team.changes(row, by=colleague, money=eur(1))
        assert refused.value.params["can"] == "Dana, Maria, Sam"
    assert team.changes(row, by=team.maria, money=eur(2)).row.money == eur(2)
    assert team.changes(row, by=team.sam, money=eur(3)).row.money == eur(3)
    arun = team.opens("Globex", by=team.arun)
    with pytest.raises(Refused, match=r"deals\.not_yours"):
        team.changes(arun, by=team.maria, money=eur(1))
    with pytest.raises(Refused, match=r"deals\.marketing"):
        team.opens("Initech", by=team.mark)


def test_nothing_is_no_amount_of_an_open_deal(store: Store) -> None:
    team = Team(store)
    row = team.opens(money=eur(0))
    assert row.amount is None
    row = team.changes(row, money=eur(500)).row
    assert team.changes(row, money=eur(0)).row.amount is None
    with pytest.raises(Refused) as refused:
        team.wins(row, None)
    assert refused.value.key == "deals.amount_missing"


def test_what_a_manager_changes_is_in_the_audit_log(store: Store) -> None:
    team = Team(store)
    row = team.opens(money=eur(1))
    team.changes(row, by=team.maria, money=eur(2))
    with store.read() as tx:
        found = audit.changes(tx, HERE, people=["U0DANA"])
    assert [(each.what, each.by) for each in found if each.what.startswith("deal")] == [("deal Acme", "U0MARIA")]


def test_a_deal_gets_another_owner_from_whoever_leads_both(store: Store) -> None:
    team = Team(store)
    row = team.opens()
    with pytest.raises(Refused, match=r"deals\.not_given"):
        team.changes(row, owner_id="U0ARUN")
    with pytest.raises(Refused, match=r"deals\.not_given"):
        team.changes(row, by=team.maria, owner_id="U0ARUN")
    row = team.changes(row, by=team.sam, owner_id="U0ARUN").row
    assert row.owner_id == "U0ARUN"
    assert [each.recipient for each in team.told(notices.GIVEN)] == ["U0ARUN"]
    with pytest.raises(Refused, match=r"deals\.no_owner"):
        team.changes(row, by=team.sam, owner_id="U0NOBODY")


@pytest.mark.parametrize("money", [Money("EUR", -1), Money("EUR", 10**15)])
def test_amounts_that_nobody_means_are_refused(store: Store, money: Money) -> None:
    team = Team(store)
    with pytest.raises(Refused):
        team.opens(money=money)


def test_of_two_at_once_one_wins_and_the_other_hears_who(store: Store) -> None:
    team = Team(store)
    for n in range(5):
        row, start = team.opens(f"Acme {n}"), Barrier(2)

        def presses(who: object, row: DealRow = row, start: Barrier = start) -> str:
            start.wait()
            try:
                team.wins(row, by=who)  # type: ignore[arg-type]
            except Refused as refused:
                return refused.key
            return "won"

        with Workers(2) as pool:
            said = sorted(pool.map(presses, (team.dana, team.maria)))
        assert said == ["deals.late.won", "won"]
        assert [each.what for each in team.history(row.id)] == [What.OPENED, What.WON]


def test_opened_twice_at_once_it_is_one_deal(store: Store) -> None:
    team = Team(store)
    start = Barrier(2)

    def opens(_: int) -> object:
        start.wait()
        return team.opens("Globex").id

    with Workers(2) as pool:
        assert len(set(pool.map(opens, range(2)))) == 1


def test_past_figures_come_of_the_rows_alone(store: Store) -> None:
    team = Team(store)
    row = team.opens(money=eur(10))
    team.now += timedelta(days=1)
    team.changes(row, money=eur(20), stage=Stage.DEMO)
    team.now += timedelta(days=1)
    row = team.wins(row, 30)
    with store.read() as tx:
        known = queries.all_changes(tx, HERE, MORNING + timedelta(hours=25))
    stood = as_of(known[row.id])
    assert stood is not None
    assert (stood["amount"], stood["stage"]) == (2_000, "demo")
    now = as_of(team.history(row.id))
    assert now is not None
    assert {name: now[name] for name in ("amount", "stage", "owner_id")} == {
        "amount": 3_000, "stage": "won", "owner_id": "U0DANA",
    }  # fmt: skip


def test_a_name_means_one_s_own_open_deals_before_those_of_others(store: Store) -> None:
    team = Team(store)
    hers, his = team.opens(), team.opens(by=team.arun)
    found = service.meant(store, team.dana, "acme", None, team.now)
    assert ([each.id for each in found.mine], [each.id for each in found.others]) == ([hers.id], [his.id])
    assert [each.id for each in service.meant(store, team.maria, "Acme", None, team.now).mine] == [hers.id]
    assert {each.id for each in service.meant(store, team.sam, "Acme", None, team.now).mine} == {hers.id, his.id}
    near = service.meant(store, team.dana, "Acmee", None, team.now)
    assert (near.is_known, [name for name, _ in near.near]) == (False, ["Acme"])
