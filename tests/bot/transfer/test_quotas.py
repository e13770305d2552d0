"""The table of targets: whose, of what, for when; what is wrong with a row; and the way out and in again."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.audit import service as audit
from bot.audit.service import COMMAND_LINE
from bot.errors import NotReady
from bot.people import service as people
from bot.quota import queries
from bot.quota.queries import Target
from bot.store.engine import Store
from bot.transfer import service, table
from bot.transfer.form import Outcome
from bot.transfer.kinds import Kind
from bot.transfer.table import BadFile
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.factories import NOW, a_member, a_profile

HERE = "T0BATON"
HEADER = "email,team,territory,metric,period,target\n"
ROWS = (
    "dana@x.example,,,revenue,2026-Q4,120000.50\n"
    "Ana@X.example,,,звонки,2026-W48,200\n"
    ",north,,revenue,2026,500000\n"
    ",,EMEA,deals,2026-11,0\n"
)


@pytest.fixture
def here(store: Store) -> Store:
    """A workspace that counts in euros: Dana and Ana in the team North, Dana for EMEA; Bo has left."""
    sam = a_member(store, "U0SAM", "OPS")
    workspace.change(store, sam, {Setting.CURRENCY: "EUR", Setting.ZONE: "Europe/Berlin"}, NOW)
    meet(store)
    return store


def meet(store: Store, here: str = HERE) -> None:
    a_member(
        store, "U0DANA", "AE", workspace_id=here, email="dana@x.example", team="North", territories=["EMEA", "DACH"]
    )
    a_member(store, "U0ANA", "SDR", workspace_id=here, email="ana@x.example", team="North")
    people.remember(store, here, a_profile(id="U0BO", email="bo@x.example", is_active=False), NOW)


def bring(store: Store, text: str, at: datetime = NOW, *, here: str = HERE, dry_run: bool = False) -> Outcome:
    rows = service.read(Kind.QUOTAS, text.encode())
    return service.bring_in(store, here, Kind.QUOTAS, rows, at, dry_run=dry_run)


def wrong(store: Store, text: str) -> list[str]:
    """What is wrong with the rows of a file; nothing of it was stored."""
    with pytest.raises(BadFile) as bad:
        bring(store, text)
    assert held(store) == {}
    return [str(problem) for problem in bad.value.problems]


def held(store: Store, known: datetime = NOW + timedelta(days=9), *, here: str = HERE) -> dict[str, str]:
    """The targets that hold, in figures."""
    with store.read() as tx:
        found = queries.in_time(tx, here, date.min, date.max, known)
    return {_called(each): str(each.money.amount if each.money else each.value) for each in found}


def _called(each: Target) -> str:
    return f"{each.name or each.subject.key} {each.metric} {each.period.name}"


def exported(store: Store, period: str | None = None, *, here: str = HERE) -> str:
    sheet = service.take_out(store, here, Kind.QUOTAS, NOW, period)
    return table.write(sheet.header, sheet.rows).decode("utf-8-sig").replace("\r\n", "\n")


def test_rows_become_targets(here: Store) -> None:
    outcome = bring(here, HEADER + ROWS)
    assert [(each.line, each.said) for each in outcome.changed] == [
        (2, ("revenue 2026-Q4 120000.50 EUR",)),
        (3, ("calls 2026-W48 200",)),
        (4, ("revenue 2026 500000.00 EUR",)),
        (5, ("deals 2026-11 0",)),
    ]
    assert held(here) == {
        "U0DANA revenue 2026-Q4": "120000.50",
        "U0ANA calls 2026-W48": "200",
        "North revenue 2026": "500000.00",
        "EMEA deals 2026-11": "0",
    }


def test_a_change_keeps_what_was_set_before_and_stands_in_the_audit_log(here: Store) -> None:
    bring(here, HEADER + "dana@x.example,,,revenue,2026-Q4,120000\n")
    later = NOW + timedelta(days=1)
    outcome = bring(here, HEADER + "dana@x.example,,,revenue,2026-Q4,130000\n", later)
    [changed] = outcome.changed
    assert changed.said == ("revenue 2026-Q4 130000.00 EUR (was 120000.00 EUR)",)
    assert held(here, NOW) == {"U0DANA revenue 2026-Q4": "120000.00"}
    assert held(here) == {"U0DANA revenue 2026-Q4": "130000.00"}
    with here.read() as tx:
        newest, first, *_ = audit.changes(tx, HERE, people=["U0DANA"])
    assert (newest.what, newest.before, newest.after) == ("quota revenue 2026-Q4", "120000.00 EUR", "130000.00 EUR")
    assert (first.after, newest.by, first.by) == ("120000.00 EUR", COMMAND_LINE, COMMAND_LINE)


def test_what_stands_so_already_changes_nothing(here: Store) -> None:
    bring(here, HEADER + ROWS)
    again = bring(here, HEADER + ROWS, NOW + timedelta(days=1))
    assert (again.changed, again.unchanged) == ((), 4)
    with here.read() as tx:
        subject = queries.Subject.person("U0DANA")
        assert len(queries.history(tx, HERE, subject, "revenue", "2026-Q4")) == 1


def test_a_rehearsal_stores_nothing(here: Store) -> None:
    assert len(bring(here, HEADER + ROWS, dry_run=True).changed) == 4
    assert held(here) == {}


METRICS = "write one of revenue, deals, meetings, sqls, calls, renewals"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",,,revenue,2026-Q4,1", "there is neither an email nor a team nor a territory: whose target is it?"),
        ("dana@x.example,North,,revenue,2026-Q4,1", "email and team: a target is for one of them; write two rows"),
        ("who@x.example,,,revenue,2026-Q4,1", "email: who@x.example belongs to nobody whom Baton knows"),
        (",South,,revenue,2026-Q4,1", "team: nobody is in South"),
        (",,APAC,revenue,2026-Q4,1", "territory: nobody is in APAC"),
        ("dana@x.example,,,margin,2026-Q4,1", f"metric: margin is none; {METRICS}"),
        ("dana@x.example,,,,2026-Q4,1", f"metric: there is none; {METRICS}"),
        ("dana@x.example,,,revenue,2026-Q5,1",
         "period: 2026-Q5 is none; write one such as 2026, 2026-Q4, 2026-11 or 2026-W46"),
        ("dana@x.example,,,revenue,,1",
         "period: there is none; write one such as 2026, 2026-Q4, 2026-11 or 2026-W46"),
        ("dana@x.example,,,revenue,2025-W53,1",
         "period: 2025-W53 is none; write one such as 2026, 2026-Q4, 2026-11 or 2026-W46"),
        ("dana@x.example,,,revenue,2026-Q4,", "target: there is none"),
        ("dana@x.example,,,revenue,2026-Q4,-5", "target: -5 is less than nothing"),
        ("dana@x.example,,,revenue,2026-Q4,120k", "target: 120k is no plain decimal; write 120000"),
        ("dana@x.example,,,revenue,2026-Q4,much", "target: much is no plain decimal; write it as 120000"),
        ("dana@x.example,,,revenue,2026-Q4,1.005", "target: 1.005 has more than the 2 decimals of EUR"),
        ("dana@x.example,,,revenue,2026-Q4,9999999999999", "target: 9999999999999 is more than anybody reaches"),
        ("dana@x.example,,,calls,2026-W48,1.5", "target: 1.5; calls are counted, so write a whole number"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named(here: Store, row: str, said: str) -> None:
    assert wrong(here, f"{HEADER}{row}\n") == [f"line 2: {said}"]


def test_everything_that_is_wrong_is_named_and_nothing_is_stored(here: Store) -> None:
    rows = f"{ROWS}who@x.example,,,margin,soon,-1\n"
    assert [line.split(":")[1] for line in wrong(here, HEADER + rows)] == [" email", " metric", " period", " target"]


def test_of_two_rows_about_the_same_both_are_named(here: Store) -> None:
    rows = "dana@x.example,,,revenue,2026-Q4,1\n,North,,calls,2026-11,5\nDANA@x.example,,,выручка,2026-q4,1\n"
    assert wrong(here, HEADER + rows) == [
        "line 2: dana@x.example has revenue 2026-Q4 on line 4, too; keep one of them",
        "line 4: DANA@x.example has revenue 2026-Q4 on line 2, too; keep one of them",
    ]


def test_another_currency_is_refused_and_the_own_one_may_stand(here: Store) -> None:
    header, row = "email,metric,period,target,currency\n", "dana@x.example,revenue,2026-Q4,100"
    assert wrong(here, f"{header}{row},USD\n") == [
        "line 2: currency: USD; this workspace counts in EUR, and Baton has no exchange rates"
    ]
    assert len(bring(here, f"{header}{row},eur\n").changed) == 1


def test_those_who_have_left_keep_their_past_targets(here: Store) -> None:
    bring(here, HEADER + "bo@x.example,,,revenue,2026-Q1,1000\n")
    assert held(here) == {"U0BO revenue 2026-Q1": "1000.00"}


def test_an_export_has_what_holds_now_by_period(here: Store) -> None:
    bring(here, HEADER + ROWS)
    assert exported(here) == (
        f"{HEADER},North,,revenue,2026,500000.00\ndana@x.example,,,revenue,2026-Q4,120000.50\n"
        ",,EMEA,deals,2026-11,0\nana@x.example,,,calls,2026-W48,200\n"
    )


def test_an_export_of_a_period_has_what_lies_in_it(here: Store) -> None:
    bring(here, HEADER + ROWS)
    assert exported(here, "2026-q4").count("\n") == 4
    assert exported(here, "2026-11") == f"{HEADER},,EMEA,deals,2026-11,0\nana@x.example,,,calls,2026-W48,200\n"
    assert exported(here, "2026-Q1") == HEADER


def test_a_period_that_is_none_is_refused_with_how_to_write_one(here: Store) -> None:
    said = "There is no period 2026-Q9; periods are written as 2026, 2026-Q4, 2026-11 or 2026-W47."
    with pytest.raises(NotReady) as refused:
        exported(here, "2026-Q9")
    assert str(refused.value) == said
    with pytest.raises(NotReady, match=r"Only .*quotas.* are exported by --period"):
        service.take_out(here, HERE, Kind.LEADS, NOW, "2026-Q4")


def test_a_workspace_that_moves_its_fiscal_year_still_knows_the_periods_that_it_has(here: Store) -> None:
    bring(here, HEADER + ROWS)
    before = exported(here)
    sam = people.find(here, HERE, "U0SAM", NOW)
    assert sam is not None
    workspace.change(here, sam, {Setting.FISCAL_MONTH: 7}, NOW)
    assert exported(here) == before
    assert exported(here, "2026-Q4").count("\n") == 4
    assert bring(here, before).unchanged == 4
    assert bring(here, HEADER + "dana@x.example,,,revenue,FY2027-Q2,7\n").changed


PEOPLE = ("dana@x.example", "ana@x.example", "bo@x.example")
SUBJECT = st.one_of(
    st.sampled_from([(email, "", "") for email in PEOPLE]),
    st.sampled_from([("", "North", ""), ("", "", "EMEA"), ("", "", "dach")]),
)
MONEY = st.decimals(0, 10**12, places=2).map(lambda amount: ("revenue", f"{amount:f}"))
COUNT = st.tuples(st.sampled_from(["calls", "deals", "sqls"]), st.integers(0, 10**9).map(str))
PERIODS = st.sampled_from(["2026", "2026-Q4", "2026-11", "2026-W48", "2025-Q1"])
A_ROW = st.tuples(SUBJECT, st.one_of(MONEY, COUNT), PERIODS)


@settings(max_examples=25)
@given(rows=st.lists(A_ROW, max_size=12, unique_by=lambda row: (row[0], row[1][0], row[2])))
def test_an_export_imported_again_changes_nothing_and_elsewhere_makes_the_same(
    lasting: Store, rows: list[tuple[tuple[str, ...], tuple[str, str], str]]
) -> None:
    here, there = (f"T{uuid.uuid4().hex}" for _ in range(2))
    for each in (here, there):
        meet(lasting, each)
    lines = [",".join((*subject, metric, period, target)) for subject, (metric, target), period in rows]
    bring(lasting, HEADER + "".join(f"{line}\n" for line in lines), here=here)
    before = exported(lasting, here=here)
    again = bring(lasting, before, NOW + timedelta(days=1), here=here)
    assert (again.changed, again.unchanged) == ((), len(rows))
    bring(lasting, before, here=there)
    assert exported(lasting, here=there) == before
