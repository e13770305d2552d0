"""One deal, several people, on both databases: who may divide it, what is kept, who hears of it, what counts."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.audit import service as audit
from bot.deals import after_sale, pages
from bot.deals.queries import DealRow
from bot.deals.states import Stage
from bot.deals.wins import wins
from bot.errors import Refused
from bot.money import Money
from bot.people import service as people
from bot.store.engine import Store
from bot.words import words_for
from tests.bot.deals.desk import HERE, MORNING, Team, eur
from tests.factories import a_profile


def by(**shares: str) -> tuple[tuple[str, Decimal], ...]:
    """`arun="40"`."""
    return tuple((f"U0{name.upper()}", Decimal(share)) for name, share in shares.items())


def credit(team: Team, known: Any = None, *who: str) -> dict[str, tuple[int | None, bool]]:
    """What each of these people has of what was won, in minor units, and whether it counts as their deal."""
    start, end = MORNING - timedelta(days=100), MORNING + timedelta(days=100)
    with team.store.read() as tx:
        found = wins(tx, HERE, who or ("U0DANA", "U0ARUN", "U0CEM"), start, end, known)
    return {each.person_id: (each.money.minor if each.money else None, each.is_owner) for each in found}


def test_each_is_credited_with_their_share_and_the_owner_with_the_deal(store: Store) -> None:
    team = Team(store)
    row = team.opens(money=Money("EUR", 24_999_99), split=by(arun="40"))
    assert row.shares == {"U0ARUN": "40"}
    team.wins(row, None)
    # 24,999.99 × 40 % = 9,999.996, which is 10,000.00; the rest, 14,999.99, is Dana's
    assert credit(team) == {"U0DANA": (14_999_99, True), "U0ARUN": (10_000_00, False)}
    assert credit(team, None, "U0ARUN") == {"U0ARUN": (10_000_00, False)}
    assert credit(team, None, "U0CEM") == {}


def test_shares_change_as_often_as_one_likes_and_are_taken_back(store: Store) -> None:
    team = Team(store)
    row = team.opens()
    row = team.changes(row, split=by(arun="30", cem="20")).row
    assert row.shares == {"U0ARUN": "30", "U0CEM": "20"}
    assert team.changes(row, split=by(cem="20", arun="30.00")).change is None  # the same in other words
    row = team.changes(row, split=()).row
    assert row.shares is None
    said = [(each.what, each.before.get("shares"), each.after.get("shares")) for each in team.history(row.id)]
    assert said == [
        ("opened", None, None),
        ("changed", None, {"U0ARUN": "30", "U0CEM": "20"}),
        ("changed", {"U0ARUN": "30", "U0CEM": "20"}, None),
    ]


def test_a_win_may_say_the_shares(store: Store) -> None:
    team = Team(store)
    team.wins(team.opens(), 24_000, split=by(cem="25"))
    assert credit(team) == {"U0DANA": (18_000_00, True), "U0CEM": (6_000_00, False)}


@pytest.mark.parametrize(
    ("shares", "what"),
    [
        ({"arun": "100"}, "over"),
        ({"arun": "0"}, "none"),
        ({"arun": "-10"}, "none"),
        ({"dana": "40"}, "owner"),
        ({"nobody": "40"}, "nobody"),
        ({"bo": "40"}, "nobody"),
        ({"mark": "40"}, "no_seller"),
        ({"sam": "40"}, "no_seller"),
        ({"maria": "40"}, "no_seller"),  # who is paid by what her reports sell
        ({"arun": "40", "bo": "10"}, "nobody"),
    ],
)
def test_what_no_share_can_be_is_refused_and_nothing_is_stored(store: Store, shares: dict[str, str], what: str) -> None:
    team = Team(store)
    people.remember(store, HERE, a_profile(id="U0BO", is_active=False), MORNING)
    row = team.opens()
    with pytest.raises(Refused) as refused:
        team.changes(row, money=eur(5), split=by(**shares))
    assert refused.value.key == f"deals.split.{what}"
    assert words_for("ru")(refused.value.key, **refused.value.params)
    assert len(team.history(row.id)) == 1
    with pytest.raises(Refused):
        team.opens("Globex", split=by(**shares))
    with pytest.raises(Refused):
        team.wins(row, 24_000, split=by(**shares))
    assert len(team.history(row.id)) == 1
    assert team.told("deal_shared") == []


def test_whoever_may_change_the_deal_divides_it(store: Store) -> None:
    team = Team(store)
    row = team.opens()
    for who in (team.arun, team.ana, team.mark):
        with pytest.raises(Refused) as refused:
            team.changes(row, by=who, split=by(arun="40"))
        assert refused.value.key == "deals.not_yours"
    assert team.changes(row, by=team.maria, split=by(arun="40")).row.shares == {"U0ARUN": "40"}


def test_who_gets_a_share_hears_of_it_once_and_reads_what_it_is(store: Store) -> None:
    team = Team(store)
    row = team.opens(money=eur(24_000))
    team.changes(row, by=team.maria, split=by(arun="40", cem="10"))
    assert [each.recipient for each in team.told("deal_shared")] == ["U0ARUN", "U0CEM"]
    row = team.changes(row, split=by(arun="40")).row
    team.changes(row, money=eur(30_000))
    assert [each.recipient for each in team.told("deal_shared")] == ["U0ARUN", "U0CEM", "U0CEM"]
    assert pages.card(store, team.arun, row.id, team.now).row.shares == {"U0ARUN": "40"}  # who may look, not change
    assert not pages.card(store, team.arun, row.id, team.now).can_change
    assert pages.card(store, team.dana, row.id, team.now).shares == {
        "U0DANA": (Decimal(60), eur(18_000)),
        "U0ARUN": (Decimal(40), eur(12_000)),
    }


def test_what_is_changed_of_another_s_is_in_the_audit_log(store: Store) -> None:
    team = Team(store)
    row = team.opens()
    team.changes(row, split=by(arun="40"))
    with store.read() as tx:
        found = audit.changes(tx, HERE, people=["U0ARUN", "U0DANA"])
    said = [(each.person_id, each.what, each.before, each.after, each.by) for each in found if "deal" in each.what]
    assert said == [("U0ARUN", "share of deal Acme", None, "40", "U0DANA")]


def test_who_gets_the_deal_has_the_rest_of_it(store: Store) -> None:
    team = Team(store)
    row = team.opens(split=by(cem="40", arun="20"))
    row = team.changes(row, by=team.maria, owner_id="U0CEM").row
    assert (row.owner_id, row.shares) == ("U0CEM", {"U0ARUN": "20"})


def test_a_won_deal_is_divided_anew_by_who_leads_its_owner_and_what_was_known_stays(store: Store) -> None:
    team = Team(store)
    row = team.wins(team.opens(), 24_000)
    before = team.now
    team.now += timedelta(days=2)
    for who, key in ((team.dana, "deals.split.won"), (team.arun, "deals.not_yours")):
        with pytest.raises(Refused) as refused:
            team.changes(row, by=who, split=by(arun="40"))
        assert refused.value.key == key
    row = team.changes(row, by=team.maria, split=by(arun="40")).row
    assert (row.stage, row.shares, row.closed_at) == (Stage.WON, {"U0ARUN": "40"}, before)
    assert credit(team) == {"U0DANA": (14_400_00, True), "U0ARUN": (9_600_00, False)}
    assert credit(team, before) == {"U0DANA": (24_000_00, True)}
    assert credit(team, team.now) == credit(team)
    team.now += timedelta(days=2)
    team.changes(row, by=team.sam, split=())
    assert credit(team) == {"U0DANA": (24_000_00, True)}
    assert credit(team, team.now - timedelta(days=1)) == {"U0DANA": (14_400_00, True), "U0ARUN": (9_600_00, False)}


def test_nothing_else_of_a_won_deal_changes_beside_its_shares(store: Store) -> None:
    team = Team(store)
    row = team.wins(team.opens(), 24_000)
    with pytest.raises(Refused) as refused:
        team.changes(row, by=team.maria, split=by(arun="40"), money=eur(1))
    assert refused.value.key == "deals.late.won"
    lost = team.loses(team.opens("Globex"))
    with pytest.raises(Refused) as refused:
        team.changes(lost, by=team.maria, split=by(arun="40"))
    assert refused.value.key == "deals.late.lost"
    assert credit(team) == {"U0DANA": (24_000_00, True)}


def test_what_a_customer_who_left_has_paid_is_divided_no_more(store: Store) -> None:
    team = Team(store)
    row = team.wins(team.opens(), 24_000)
    team.now += timedelta(days=1)
    after_sale.churn(store, team.sam, row.account_id, "price", None, origin="left", now=team.now)
    with pytest.raises(Refused) as refused:
        team.changes(row, by=team.maria, split=by(arun="40"))
    assert refused.value.key == "deals.split.left"
    team.now += timedelta(days=1)
    after_sale.unchurn(store, team.sam, row.account_id, origin="stays", now=team.now)
    team.changes(row, by=team.maria, split=by(arun="40"))
    customer = team.customer(row.account_id)
    assert customer
    assert (customer.is_active, customer.money) == (True, eur(24_000))


def test_a_reopened_deal_keeps_its_shares_and_counts_for_nobody(store: Store) -> None:
    team = Team(store)
    row: DealRow = team.reopens(team.wins(team.opens(split=by(arun="40")), 24_000))
    assert (row.shares, credit(team)) == ({"U0ARUN": "40"}, {})


def test_a_list_has_the_open_deals_that_one_has_a_share_of_as_long_as_one_has(store: Store) -> None:
    team = Team(store)
    team.opens("Own", by=team.arun)
    divided = team.opens("Acme", money=Money("EUR", 24_999_99), split=by(arun="40"))
    vague = team.opens("Vague", split=by(arun="10.5", cem="20"))
    left = team.opens("Left", split=by(arun="30"))
    team.changes(left, split=())
    team.wins(team.opens("Won", money=eur(5), split=by(arun="30")), None)
    page = pages.overview(store, team.arun, None, MORNING)
    assert [each.company for each in page.rows] == ["Own"]
    said = {each.row.id: (each.owner, each.percent, each.money) for each in page.shared}
    # 24,999.99 x 40 % = 9,999.996, which is 10,000.00
    assert said == {
        divided.id: ("Dana", Decimal(40), Money("EUR", 10_000_00)),
        vague.id: ("Dana", Decimal("10.5"), None),
    }
    assert pages.overview(store, team.dana, None, MORNING).shared == ()
    assert [each.row.id for each in pages.overview(store, team.sam, "U0CEM", MORNING).shared] == [vague.id]
