"""Pay for deals that several have shares of: the arithmetic by hand, on both databases, and what holds of any."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access.roles import Role
from bot.deals import service as deals
from bot.deals.queries import DealRow
from bot.deals.service import Wish
from bot.deals.sold import Ending, Sold
from bot.deals.split import checked
from bot.deals.states import Kind, What
from bot.pay.earned import Earned
from bot.pay.events import gather
from bot.pay.explained import explanation
from bot.pay.plan import Event, plans_of
from bot.pay.roster import Roster
from bot.pay.rules import reckon
from bot.pay.statement import Statement
from bot.people.rules import Stint
from bot.store.engine import Store
from bot.words import words_for
from tests.bot.pay.desk import LATEST, at, fixed, flat, terms
from tests.bot.pay.office import JANUARY, Q1, Office, lines
from tests.lengths import length


def by(**shares: str) -> tuple[tuple[str, Decimal], ...]:
    """`arun="40"`."""
    return tuple((f"U0{name.upper()}", Decimal(share)) for name, share in shares.items())


def divides(office: Office, row: DealRow, **shares: str) -> None:
    """Sam divides a deal."""
    deals.change(office.store, office.sam, row.id, Wish(split=by(**shares)), origin=uuid4().hex, now=office.now)


def bases(found: Statement) -> list[str]:
    """What lines pay for."""
    return [str(each.base.amount) for each in found.lines if each.base]


def test_everybody_who_sold_it_has_a_line_of_their_share_and_a_mirror_of_it(store: Store) -> None:
    office = Office(store, dana=100_000, arun=100_000)
    office.plans(Role.MANAGER, "flat won 2%")
    row = office.wins("Acme", 25_000, split=by(arun="40"))
    # Dana: 25,000 × 60 % = 15,000 × 8 % = 1,200. Arun: 10,000 × 8 % = 800. Together 25,000 × 8 % = 2,000.
    assert lines(office.statement()) == [("Acme", "won", "tier", "1200.00")]
    assert lines(office.statement(office.arun)) == [("Acme", "won", "tier", "800.00")]
    assert (bases(office.statement()), bases(office.statement(office.arun))) == (["15000.00"], ["10000.00"])
    # Maria leads Dana and not Arun: 15,000 × 2 % = 300
    assert lines(office.statement(office.maria)) == [("Acme", "won", "flat", "300.00")]
    said = explanation(words_for("en"), office.statement(office.arun).lines[0]).replace("\u00a0", " ")
    assert said.endswith("Your share: 40 % of 25,000.00 EUR.")
    office.passes()
    office.reopens(row)
    for who in (office.dana, office.arun, office.maria):
        assert office.total(who) == "0.00"
        assert [each.kind for each in office.statement(who).lines][1:] == ["clawback"]


def test_a_manager_of_all_who_sold_it_is_paid_for_it_once(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.plans(Role.MANAGER, "flat won 2%")
    office.wins("Acme", 25_000, split=by(cem="40"))
    assert lines(office.statement(office.maria)) == [("Acme", "won", "flat", "500.00")]  # 25,000 × 2 %
    assert office.statement(office.maria).lines[0].share is None


def test_who_found_the_buyer_and_who_helped_are_paid_by_the_whole(store: Store) -> None:
    office = Office(store, dana=100_000)
    lead = office.hands_over("Acme")  # 150
    office.passes(0.1)
    office.closes(office.deal_of(lead), 24_000, split=by(arun="50"))
    assert lines(office.statement(office.ana))[1:] == [("Acme", "assist_won", "flat", "240.00")]  # 24,000 × 1 %


def test_who_found_the_buyer_and_has_a_share_has_both(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.plans(Role.SDR, "fixed requalified 150\nflat assist_won 1%\nflat won 5%", seen=1)
    lead = office.hands_over("Acme")
    office.passes(0.1)
    row = office.closes(office.deal_of(lead), 24_000, split=by(ana="10"))
    assert sorted(lines(office.statement(office.ana)))[:2] == [
        ("Acme", "assist_won", "flat", "240.00"),  # 24,000 × 1 %
        ("Acme", "requalified", "fixed", "150.00"),
    ]
    assert office.total(office.ana) == "510.00"  # and 2,400 × 5 % = 120
    office.passes(0.1)
    office.reopens(row)
    assert office.total(office.ana) == "150.00"


def test_while_the_period_is_open_it_is_as_if_it_had_been_divided_so(store: Store) -> None:
    office = Office(store, dana=100_000, arun=100_000)
    row = office.wins("Acme", 60_000)
    before = office.now
    office.passes()
    office.wins("Globex", 55_000)  # 60,000 to 100,000: 40,000 × 8 %; 15,000 × 12 %: Dana has 4,800 + 3,200 + 1,800
    assert office.total() == "9800.00"
    office.passes()
    divides(office, row, arun="50")
    # 30,000 and 55,000 are 85,000 × 8 % = 6,800; Arun has 30,000 × 8 % = 2,400
    assert (office.total(), office.total(office.arun)) == ("6800.00", "2400.00")
    back = next(each for each in office.statement().lines if each.event is Event.SPLIT)
    assert (back.kind, str(back.amount.amount)) == ("clawback", "-4800.00")
    assert "divided anew" in explanation(words_for("en"), back)
    office.passes()
    divides(office, row)
    assert (office.total(), office.total(office.arun)) == ("9800.00", "0.00")
    assert office.total(as_of=before) == "4800.00"
    assert office.total(office.arun, as_of=before + timedelta(days=2, hours=1)) == "2400.00"
    office.passes()
    office.reopens(row)
    assert (office.total(), office.total(office.arun)) == ("4400.00", "0.00")  # 55,000 × 8 %


def test_what_was_paid_stays_and_the_difference_stands_in_today_s_statement(store: Store) -> None:
    office = Office(store, dana=100_000, arun=100_000)
    row = office.wins("Acme", 60_000)
    office.goes_to(JANUARY)
    office.shuts()
    office.passes()
    divides(office, row, arun="40")
    assert (office.total(), office.total(office.arun)) == ("4800.00", "0.00")  # as they were paid
    # Dana: the 4,800 back, and 36,000 × 8 % = 2,880; Arun 24,000 × 8 % = 1,920: together nothing
    assert (office.total(day=Q1), office.total(office.arun, Q1)) == ("-1920.00", "1920.00")


def test_a_change_of_shares_is_no_loss_and_has_no_window(store: Store) -> None:
    office = Office(store, dana=100_000, arun=100_000)
    row = office.wins("Acme", 60_000)
    office.goes_to(date(2027, 6, 1))  # long after the 90 days
    divides(office, row, arun="40")
    assert (office.total(), office.total(office.arun)) == ("2880.00", "1920.00")


DEAL, ACCOUNT = UUID(int=1), UUID(int=2)
SELLERS = ("U0", "U1", "U2", "U3")
OF_AE = (flat(Event.WON, "0.0775"), fixed(Event.WON, "50"))


def earned(minor: int, currency: str, shares: dict[str, str], again: dict[str, str] | None = None) -> list[Earned]:
    """What four account executives earn by a deal of the first, divided so (and then anew)."""
    first = Ending(
        3, What.WON, ACCOUNT, Kind.NEW, "U0", None, None, minor, currency,
        at("2026-10-01"), at("2026-11-02"), at("2026-11-02"), shares or None,
    )  # fmt: skip
    more = [first._replace(n=4, recorded_at=at("2026-11-05"), shares=again or None)] if again is not None else []
    stints = {each: [Stint(uuid4(), 1, each, Role.AE, date(2026, 1, 1), None)] for each in SELLERS}
    roster = Roster(ZoneInfo("UTC"), plans_of(OF_AE), stints, {}, {}, {})
    return gather([Sold(DEAL, "Acme", (first, *more))], [], [], roster, lambda won, lost: True).earned


PARTS = st.lists(st.decimals("0.01", "33", places=2), max_size=3).map(
    lambda shares: checked([(f"U{n}", share) for n, share in enumerate(shares, 1)], "U0")
)
MINOR, CURRENCY = st.integers(0, 10**10), st.sampled_from(["EUR", "JPY", "BHD"])


@settings(max_examples=length(150, 3_000), deadline=None)
@given(MINOR, CURRENCY, PARTS, st.one_of(st.none(), PARTS))
def test_shares_are_the_whole_to_the_coin_and_a_flat_rate_pays_the_same(
    minor: int, currency: str, shares: dict[str, str], again: dict[str, str] | None
) -> None:
    found = earned(minor, currency, shares, again)
    back = {each.reverses for each in found if each.reverses}
    by_person = [each for each in found if not each.reverses]
    stands = [each for each in by_person if (each.person, each.id) not in _taken_back(found)]
    assert sum(each.value.minor for each in stands if each.value) == minor
    assert len(back) <= len(by_person)
    of = terms(*OF_AE, currency=currency)
    paid = {who: reckon([each for each in found if each.person == who], of, LATEST).lines for who in SELLERS}
    whole = reckon(earned(minor, currency, {}), of, LATEST).lines
    # each of two lines is rounded once for each person: half a coin each, and the whole's own half
    apart = sum(line.amount.minor for lines_ in paid.values() for line in lines_)
    assert abs(apart - sum(line.amount.minor for line in whole)) <= len(SELLERS) + 1


def _taken_back(found: list[Earned]) -> set[tuple[str, str | None]]:
    return {(each.person, each.reverses) for each in found if each.reverses}
