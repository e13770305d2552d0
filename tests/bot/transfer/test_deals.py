"""The table of deals: what a row makes, what it changes, what is wrong with it, and the way out and in again."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.deals import process_changes, queries
from bot.deals.process import Process
from bot.deals.queries import DealRow
from bot.deals.rules import entered
from bot.deals.states import Kind as Sold
from bot.deals.states import Stage, What
from bot.delivery.model import Delivery
from bot.money import Money
from bot.people import service as people
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.transfer import service, table
from bot.transfer.form import Outcome, Sheet
from bot.transfer.kinds import Kind
from bot.transfer.table import BadFile
from bot.workspace import service as settings
from bot.workspace.checklists import Question
from bot.workspace.rules import Setting
from tests.factories import NOW, a_member, a_profile

HERE = "T0BATON"
HEADER = "company,amount,currency,stage,opened,close,closed,owner_email,giver_email\n"
TODAY = NOW.date()


@pytest.fixture
def here(store: Store) -> Store:
    """A workspace that counts in euros, with Dana and Ana, and Bo who has left."""
    sam = a_member(store, "U0SAM", "OPS")
    settings.change(
        store, sam, {Setting.CURRENCY: "EUR", Setting.ZONE: "Europe/Berlin", Setting.WINS_CHANNEL: "C0"}, NOW
    )
    meet(store, HERE)
    return store


def meet(store: Store, workspace: str) -> None:
    people.remember(store, workspace, a_profile(id="U0DANA", email="dana@x.example"), NOW)
    people.remember(store, workspace, a_profile(id="U0ANA", email="ana@x.example"), NOW)
    people.remember(store, workspace, a_profile(id="U0BO", email="bo@x.example", is_active=False), NOW)


def bring(store: Store, text: str, workspace: str = HERE, *, dry_run: bool = False) -> Outcome:
    rows = service.read(Kind.DEALS, text.encode())
    return service.bring_in(store, workspace, Kind.DEALS, rows, NOW, dry_run=dry_run)


def deals(store: Store, workspace: str = HERE) -> list[DealRow]:
    with store.read() as tx:
        return queries.every(tx, workspace)


def wrong(store: Store, text: str) -> list[str]:
    """What is wrong with the rows of a file; nothing of it was stored."""
    with pytest.raises(BadFile) as bad:
        bring(store, text)
    assert deals(store) == []
    return [str(problem) for problem in bad.value.problems]


def exported(store: Store, workspace: str = HERE) -> bytes:
    sheet: Sheet = service.take_out(store, workspace, Kind.DEALS, NOW)
    return table.write(sheet.header, sheet.rows)


ROWS = (
    "Acme,24000.50,EUR,negotiation,2026-10-01,2027-01-30,,dana@x.example,ana@x.example\n"
    "Globex,9500,eur,won,2026-09-01,,2026-10-05,dana@x.example,ana@x.example\n"
    "Initech,,,Lost,2026-08-01,,2026-11-01,bo@x.example,\n"
    "Ромашка,,,переговоры,,,,dana@x.example,\n"
)


def test_rows_become_deals_with_their_days(here: Store) -> None:
    outcome = bring(here, HEADER + ROWS)
    assert outcome.told == ("New deals: 4 (2 open, 1 won, 1 lost). Changed: 0 that were known.",)
    by_name = {row.company: row for row in deals(here)}
    acme, globex, initech, daisy = (by_name[name] for name in ("Acme", "Globex", "Initech", "Ромашка"))
    assert (acme.stage, acme.money, acme.giver_id) == (Stage.NEGOTIATION, Money("EUR", 2_400_050), "U0ANA")
    assert (str(acme.opened_at), acme.close_on) == ("2026-10-01 10:00:00+00:00", date(2027, 1, 30))
    assert (globex.stage, str(globex.closed_at)) == (Stage.WON, "2026-10-05 10:00:00+00:00")
    assert (initech.stage, initech.owner_id, initech.money, initech.reason) == (Stage.LOST, "U0BO", None, None)
    assert (daisy.stage, daisy.opened_at) == (Stage.NEGOTIATION, NOW.replace(hour=11))


def test_what_was_passed_on_the_way_counts_and_is_recorded_now(here: Store) -> None:
    bring(here, HEADER + ROWS)
    with here.read() as tx:
        happened = {row.company: queries.changes(tx, HERE, row.id) for row in queries.every(tx, HERE)}
    assert list(entered(happened["Globex"])) == [
        Stage.NEEDS, Stage.DEMO, Stage.CONCERNS, Stage.NEGOTIATION, Stage.WON,
    ]  # fmt: skip
    assert [each.what for each in happened["Globex"]] == [What.OPENED, What.WON]
    assert {each.recorded_at for each in happened["Globex"]} == {NOW}


def test_a_list_tells_nobody_and_makes_customers(here: Store) -> None:
    bring(here, HEADER + ROWS + "Old,1000,,won,2023-01-01,,2023-02-01,dana@x.example,\n")
    with here.read() as tx:
        assert tx.execute(table_of(Delivery).select()).all() == []
        found = {
            row.company: row for row in queries.customers(tx, HERE, [row.account_id for row in deals(here)]).values()
        }
    assert {name: str(row.renewal_on) for name, row in found.items()} == {"Globex": "2027-10-05", "Old": "2027-02-01"}


def test_further_columns_are_kept_as_notes(here: Store) -> None:
    bring(here, "Company;Owner email;Product;Region\nAcme;dana@x.example;Cloud;North\n")
    [row] = deals(here)
    with here.read() as tx:
        [opened] = queries.changes(tx, HERE, row.id)
    assert opened.note == "Product: Cloud; Region: North"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('Acme,"1.234,56",,,,,,dana@x.example,', "amount: 1.234,56 is no plain decimal; write 1234.56"),
        ('Acme,"24,000",,,,,,dana@x.example,', "amount: 24,000 is no plain decimal; write 24000"),
        ("Acme,24k,,,,,,dana@x.example,", "amount: 24k is no plain decimal; write 24000"),
        ("Acme,much,,,,,,dana@x.example,", "amount: much is no plain decimal; write it as 24000.50"),
        ("Acme,-5,,,,,,dana@x.example,", "amount: -5 is no plain decimal; write it as 24000.50"),
        ("Acme,1.005,,,,,,dana@x.example,", "amount: 1.005 has more than the 2 decimals of EUR"),
        ("Acme,5,USD,,,,,dana@x.example,",
         "currency: USD; this workspace counts in EUR, and Baton has no exchange rates"),
        ("Acme,5,,closing,,,,dana@x.example,", "stage: closing is none; write one of requalify, needs, demo, concerns, "
         "negotiation, won, lost"),
        ("Acme,,,won,2026-10-01,,2026-10-02,dana@x.example,",
         "amount: a deal that is won has one; write 0 if it was for "
         "nothing"),
        ("Acme,5,,won,2026-10-01,,,dana@x.example,", "closed: on which day was it won?"),
        ("Acme,5,,demo,2026-10-01,,2026-10-02,dana@x.example,",
         "closed: a deal in stage demo is open; write won or lost, or "
         "leave the day out"),
        ("Acme,5,,,2026-10-01,,2026-10-02,dana@x.example,",
         "stage: a deal that is closed was won or lost; write which"),
        ("Acme,5,,won,2026-10-03,,2026-10-02,dana@x.example,",
         "closed: 2026-10-02 is before it was opened, on 2026-10-03"),
        ("Acme,5,,,2027-10-03,,,dana@x.example,", "opened: 2027-10-03 is still to come"),
        ("Acme,5,,,1.10.2026,,,dana@x.example,", "opened: 1.10.2026 is no date; write it as 2026-12-31"),
        ("Acme,5,,,,,,who@x.example,", "owner_email: who@x.example belongs to nobody whom Baton knows"),
        ("Acme,5,,,,,,,", "owner_email: there is none, and every deal has an owner"),
        (",5,,,,,,dana@x.example,", "company: there is none"),
        ("Acme,5,,,,,,bo@x.example,", "owner_email: this account has ended, and an open deal needs somebody"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_with_its_line_and_nothing_is_stored(here: Store, row: str, said: str) -> None:
    good = "Globex,1,,,,,,dana@x.example,\n"
    assert wrong(here, f"{HEADER}{good}{row}\n") == [f"line 3: {said}"]


def test_every_bad_row_is_named(here: Store) -> None:
    said = wrong(here, HEADER + 'A,"1,5",,,,,,dana@x.example,\nB,1,USD,,,,,who@x.example,\n')
    assert [each.split(":")[0] for each in said] == ["line 2", "line 3", "line 3"]


def test_a_row_about_a_known_deal_changes_it(here: Store) -> None:
    bring(here, HEADER + ROWS)
    again = "Acme,30000,,won,2026-10-01,,2026-11-10,dana@x.example,\n"
    outcome = bring(here, HEADER + again)
    assert [(each.who, each.said) for each in outcome.changed] == [("Acme", ("amount 30000.00", "stage won"))]
    [acme] = [row for row in deals(here) if row.company == "Acme"]
    assert (acme.stage, acme.money, acme.giver_id) == (Stage.WON, Money("EUR", 3_000_000), "U0ANA")


def test_what_is_closed_is_changed_by_reopening_it_only(here: Store) -> None:
    bring(here, HEADER + ROWS)
    with pytest.raises(BadFile, match="line 2: stage: this deal is won already; reopen it in Slack"):
        bring(here, HEADER + "Globex,1,,won,2026-09-01,,2026-10-05,dana@x.example,\n")


def test_two_deals_of_one_day_are_two(here: Store) -> None:
    row = "Acme,{},,demo,2026-10-01,,,dana@x.example,\n"
    bring(here, HEADER + row.format(1) + row.format(2))
    outcome = bring(here, HEADER + row.format(1) + row.format(3))
    assert [row.amount for row in deals(here)] == [100, 300]
    assert (len(outcome.changed), outcome.unchanged) == (1, 1)


def test_a_dry_run_stores_nothing(here: Store) -> None:
    assert len(bring(here, HEADER + ROWS, dry_run=True).changed) == 4
    assert deals(here) == []


def test_an_export_imported_again_changes_nothing(here: Store) -> None:
    more = "Globex,9600,,won,2026-10-06,,2026-10-07,dana@x.example,,renewal\n"
    bring(here, HEADER + ROWS)
    bring(here, HEADER.strip() + ",kind\n" + more)
    before = exported(here)
    outcome = bring(here, before.decode("utf-8-sig"))
    assert (outcome.changed, outcome.unchanged) == ((), 5)
    assert exported(here) == before


@pytest.mark.usefixtures("unwalled")
def test_an_export_makes_the_same_deals_elsewhere(here: Store) -> None:
    bring(here, HEADER + ROWS)
    other = "T0OTHER"
    meet(here, other)
    sam = a_member(here, "U0SAM", "OPS", workspace_id=other)
    settings.change(here, sam, {Setting.CURRENCY: "EUR", Setting.ZONE: "Europe/Berlin"}, NOW)
    bring(here, exported(here).decode("utf-8-sig"), other)
    assert exported(here, other) == exported(here)
    assert [known(row) for row in deals(here, other)] == [known(row) for row in deals(here)]


@pytest.mark.usefixtures("unwalled")
def test_what_was_won_for_nothing_is_won_for_nothing_elsewhere(here: Store) -> None:
    bring(here, HEADER + "Acme,0,,won,2026-09-01,,2026-10-05,dana@x.example,\n")
    meet(here, "T0OTHER")
    sam = a_member(here, "U0SAM", "OPS", workspace_id="T0OTHER")
    settings.change(here, sam, {Setting.CURRENCY: "EUR", Setting.ZONE: "Europe/Berlin"}, NOW)
    bring(here, exported(here).decode("utf-8-sig"), "T0OTHER")
    assert [(row.stage, row.amount) for row in deals(here, "T0OTHER")] == [("won", 0)]


def test_shares_go_out_and_come_in_again(here: Store) -> None:
    header = HEADER.strip() + ",split\n"
    rows = (
        "Acme,24000.50,EUR,negotiation,2026-10-01,,,dana@x.example,,ana@x.example:40; Bo@x.example:20 %\n"
        "Globex,9500,EUR,won,2026-09-01,,2026-10-05,dana@x.example,,ana@x.example:33.33\n"
        "Initech,100,EUR,,2026-10-01,,,dana@x.example,,\n"
    )
    bring(here, header + rows)
    assert [row.shares for row in deals(here)] == [{"U0ANA": "33.33"}, {"U0ANA": "40", "U0BO": "20"}, None]
    out = exported(here).decode("utf-8-sig")
    assert "ana@x.example:40;bo@x.example:20" in out
    assert bring(here, out).changed == ()
    bring(here, header + "Acme,,,,2026-10-01,,,dana@x.example,,ana@x.example:10\n")
    assert deals(here)[1].shares == {"U0ANA": "10"}
    with pytest.raises(BadFile) as bad:
        bring(here, header + "Globex,,,,2026-09-01,,,dana@x.example,,ana@x.example:10\n")
    assert "won already" in str(bad.value)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("ana@x.example", "split: ana@x.example is no share; write it as ben@northwind.example:40"),
        ("ana@x.example:x", "split: ana@x.example:x is no share; write it as ben@northwind.example:40"),
        ("who@x.example:40", "split: who@x.example belongs to nobody whom Baton knows"),
        ("dana@x.example:40", "split: the owner has what the others leave, and is not named"),
        ("ana@x.example:100", "split: less than 100 together, for the owner has the rest"),
        ("ana@x.example:0", "split: a share is above 0"),
        ("ana@x.example:10;ana@x.example:20", "split: one share for each person"),
    ],
)
def test_a_share_that_is_none_is_named_with_its_line(here: Store, cell: str, said: str) -> None:
    assert wrong(here, HEADER.strip() + f",split\nAcme,5,,,,,,dana@x.example,,{cell}\n") == [f"line 2: {said}"]


def known(row: DealRow) -> dict[str, Any]:
    """What a list says of a deal."""
    names = ("company", "kind", "stage", "amount", "currency", "owner_id", "giver_id", "close_on", "renewal_on")
    return {name: getattr(row, name) for name in names} | {"opened": row.opened_at.date()}


def test_kinds_are_kept(here: Store) -> None:
    bring(here, HEADER.strip() + ",kind\n" + "Acme,5,,,2026-10-01,,,dana@x.example,,Upsell\n")
    assert [row.kind for row in deals(here)] == [Sold.UPSELL]
    assert wrong_kind(here) == "kind: gift is none; write one of new, renewal, upsell"


def wrong_kind(store: Store) -> str:
    with pytest.raises(BadFile) as bad:
        bring(store, HEADER.strip() + ",kind\n" + "Acme,5,,,2026-10-01,,,dana@x.example,,gift\n")
    return bad.value.problems[0].said


def test_a_list_of_yesterday_s_wins_is_asked_nothing_about_the_future(here: Store) -> None:
    yesterday = TODAY - timedelta(days=1)
    bring(here, HEADER + f"Acme,5,,won,{yesterday},,{yesterday},dana@x.example,\n")
    assert deals(here)[0].renewal_on == date(2027, 11, 17)


def test_stages_and_reasons_may_be_called_what_the_workspace_calls_them(here: Store) -> None:
    sam = people.find(here, HERE, "U0SAM", NOW)
    assert sam is not None
    own = Process(
        names={Stage.DEMO: {"en": "Pilot", "ru": "Пилот"}, Stage.LOST: {"en": "Gone"}},
        reason_names={"price": {"en": "Too dear"}},
        own_reasons=(Question("own1", "No permit", "Нет разрешения"),),
        hidden=frozenset({"legal"}),
    )
    process_changes.change(here, sam, own, Process(), NOW)
    rows = [("pilot", "", ""), ("Пилот", "", ""), ("demo", "", "")]
    lost = [("gone", "2026-11-10", reason) for reason in ("too dear", "Нет разрешения", "own1", "legal", "PRICE")]
    lines = [
        f"C{n},5,,{stage},2026-10-01,,{closed},dana@x.example,,{reason}\n"
        for n, (stage, closed, reason) in enumerate([*rows, *lost])
    ]
    bring(here, HEADER.strip() + ",reason\n" + "".join(lines))
    found = sorted(deals(here), key=lambda row: row.company)
    assert [row.stage for row in found] == [Stage.DEMO] * 3 + [Stage.LOST] * 5
    assert [row.reason for row in found[3:]] == ["price", "own1", "own1", "legal", "price"]
    before = exported(here)
    assert "No permit" in before.decode("utf-8-sig")
    outcome = bring(here, before.decode("utf-8-sig"))
    assert (outcome.changed, outcome.unchanged) == ((), 8)
    assert exported(here) == before
