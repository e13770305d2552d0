"""The table of commission plans: what rows make, what is wrong with them, and the way out and in again."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access.roles import Role
from bot.audit import service as audit
from bot.pay import plan_lines, queries, rows
from bot.pay.plan import Event, Plan, Step
from bot.pay.plan import Kind as How
from bot.store.engine import Store
from bot.transfer import service, table
from bot.transfer.form import Outcome
from bot.transfer.kinds import Kind
from bot.transfer.table import BadFile
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.factories import NOW, a_member

HERE = "T0BATON"
HEADER = "role,from,kind,event,lower,upper,amount,rate\n"
AE = "AE,2026-10-01,tier,won,0,100,,0.08\nAE,2026-10-01,tier,won,100,,,12 %\n"
SDR = "sdr,2026-10-01,Fixed,requalified,,,150,\nSDR,2026-10-01,flat,assist_won,,,,0.01\n"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def here(store: Store) -> Store:
    """A workspace that counts in euros."""
    workspace.change(store, a_member(store, "U0SAM", "OPS"), {Setting.CURRENCY: "EUR"}, NOW)
    return store


def bring(store: Store, text: str, *, dry_run: bool = False, here: str = HERE) -> Outcome:
    return service.bring_in(store, here, Kind.PLANS, service.read(Kind.PLANS, text.encode()), NOW, dry_run=dry_run)


def plans(store: Store, here: str = HERE) -> dict[tuple[str, str], str]:
    """The plans that stand, in lines."""
    with store.read() as tx:
        found = queries.plans(tx, here, LATER)
    return {(plan.role.value, plan.start.isoformat()): plan_lines.write(plan) for plan in found}


def exported(store: Store, here: str = HERE) -> str:
    sheet = service.take_out(store, here, Kind.PLANS, LATER)
    return table.write(sheet.header, sheet.rows).decode("utf-8-sig").replace("\r\n", "\n")


def test_rows_of_a_role_and_a_day_become_one_plan(here: Store) -> None:
    outcome = bring(here, HEADER + AE + SDR)
    assert plans(here) == {
        ("AE", "2026-10-01"): "tier won 0-100 8%\ntier won 100- 12%",
        ("SDR", "2026-10-01"): "fixed requalified 150\nflat assist_won 1%",
    }
    assert [(each.line, each.who, each.said) for each in outcome.changed] == [
        (2, "AE from 2026-10-01", ("tier won 0-100 8%",)),
        (3, "AE from 2026-10-01", ("tier won 100- 12%",)),
        (4, "SDR from 2026-10-01", ("fixed requalified 150",)),
        (5, "SDR from 2026-10-01", ("flat assist_won 1%",)),
    ]


def test_a_file_takes_the_place_of_its_plans_and_leaves_the_others(here: Store) -> None:
    bring(here, HEADER + AE + SDR)
    outcome = bring(here, HEADER + "AE,2026-10-01,flat,won,,,,0.1\nAE,2027-01-01,flat,won,,,,0.2\n" + SDR)
    assert (len(outcome.changed), outcome.unchanged) == (2, 2)
    assert plans(here) == {
        ("AE", "2026-10-01"): "flat won 10%",
        ("AE", "2027-01-01"): "flat won 20%",
        ("SDR", "2026-10-01"): "fixed requalified 150\nflat assist_won 1%",
    }
    with here.read() as tx:
        changes = audit.changes(tx, HERE)
        assert [version.version for version in queries.versions(tx, HERE, "AE")] == [1, 2, 1]
    old = [(each.before, each.after) for each in changes if each.what == "plan AE" and each.before]
    assert old == [("tier won 0-100 8%; tier won 100- 12%", "flat won 10%")]


def test_a_rehearsal_stores_nothing(here: Store) -> None:
    assert len(bring(here, HEADER + AE, dry_run=True).changed) == 2
    assert plans(here) == {}


ON = "from 2026-10-01"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("KING,2026-10-01,flat,won,,,,0.1", ["line 2: role: KING is not known. Write one of SDR, MRR, AE, "
         "SPECIALIST, CSM, MANAGER, OPS, ADMIN, MARKETING."]),
        ("AE,soon,flat,won,,,,0.1", ["line 2: from: soon is no date. Write it as 2026-12-31."]),
        ("AE,,flat,won,,,,0.1", ["line 2: from: nothing stands there. Write the first day of the plan as 2026-12-31."]),
        ("AE,2026-10-01,bonus,won,,,,0.1", ["line 2: kind: bonus is not known. Write one of fixed, flat, tier."]),
        ("AE,2026-10-01,flat,won,,,,lots", ["line 2: rate: lots is no rate. Write 8 percent as 0.08 or 8%."]),
        ("AE,2026-10-01,fixed,won,,,many,", ["line 2: amount: many is no amount. Write it as 150 or 1250.50."]),
        ("AE,2026-10-01,flat,won,,,,0.1\nAE,2026-10-01,flat,won,,,,8",
         [f"line 2: AE {ON}: flat for won stands there twice. Keep one of them.",
          f"line 3: AE {ON}, flat for won: a rate of 8 is 800 %. Write 0.08 for 8 %.",
          f"line 3: AE {ON}: flat for won stands there twice. Keep one of them."]),
        ("AE,2026-10-01,fixed,won,,,1.005,\nSDR,2026-10-01,flat,requalified,,,,0.1",
         [f"line 2: AE {ON}, fixed for won: 1.005 is finer than the smallest coin of EUR.",
          f"line 3: SDR {ON}, flat for requalified: a re-qualified lead has no value yet. Pay a fixed amount for it."]),
        ("AE,2026-10-01,tier,won,0,100,,0.1\nAE,2026-10-01,tier,won,120,,,0.2",
         [f"line 3: AE {ON}, tiers for won: nothing is paid between 100 and 120. Let the next one begin at 100."]),
        ("AE,2026-10-01,tier,won,100,,,0.2\nAE,2026-10-01,tier,won,0,110,,0.1",
         [f"line 2: AE {ON}, tiers for won: one ends at 110 and the next begins before that, at 100. Let both be the "
          "same."]),
        ("AE,2026-10-01,tier,won,0,,,0.1\nAE,2026-10-01,tier,won,100,,,0.1",
         [f"line 3: AE {ON}, tiers for won: one has no end, so none can begin at 100. Give it an upper end."]),
        ("AE,2026-10-01,tier,won,0,100,,0.1\nAE,2026-10-01,tier,won,0,100,,0.1",
         [f"line {line}: AE {ON}, tiers for won: one ends at 100 and the next begins before that, at 0. Let both be "
          "the same." for line in (2, 3)]),
        ("AE,2026-10-01,flat,churned,,,,0.1", [f"line 2: AE {ON}, flat for churned: rate is 0.1, which would pay for a "
         "lost customer. Write it with a minus."]),
    ],
)  # fmt: skip
def test_every_bad_row_is_named_with_its_line(here: Store, lines: str, said: list[str]) -> None:
    with pytest.raises(BadFile) as bad:
        bring(here, f"{HEADER}{lines}\n{SDR.replace('10-01', '10-02')}")
    assert sorted(map(str, bad.value.problems)) == sorted(said)
    assert plans(here) == {}


def test_an_export_has_every_step_and_changes_nothing_when_it_comes_back(here: Store) -> None:
    bring(here, HEADER + AE + SDR)
    assert exported(here) == (
        f"{HEADER}AE,2026-10-01,tier,won,0,100,,0.08\nAE,2026-10-01,tier,won,100,,,0.12\n"
        "SDR,2026-10-01,fixed,requalified,,,150,\nSDR,2026-10-01,flat,assist_won,,,,0.01\n"
    )
    outcome = bring(here, exported(here))
    assert (outcome.changed, outcome.unchanged) == ((), 4)


RATE = st.decimals(0, 1, places=5)
BOUNDS = st.lists(st.integers(1, 300), min_size=1, max_size=4, unique=True).map(sorted)


@st.composite
def a_plan(draw: st.DrawFn) -> Plan:
    """Tiers without a gap, or an amount, or a part."""
    role, start = draw(st.sampled_from(Role)), draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    event = draw(st.sampled_from([Event.WON, Event.RENEWED, Event.ASSIST_WON]))
    bounds = [Decimal(each) for each in draw(BOUNDS)]
    tiers = [
        Step(role, start, How.TIER, event, lower, upper, rate=draw(RATE))
        for lower, upper in pairwise([Decimal(0), *bounds, None])
        if lower is not None
    ]
    fixed = Step(role, start, How.FIXED, Event.REQUALIFIED, amount=draw(st.decimals(0, 10**6, places=2)))
    flat = Step(role, start, How.FLAT, Event.CHURNED, rate=-draw(RATE))
    return Plan(role, start, (*tiers, *draw(st.sampled_from([(), (fixed,), (fixed, flat)]))))


@settings(max_examples=25)
@given(wanted=st.lists(a_plan(), max_size=4, unique_by=lambda plan: (plan.role, plan.start)))
def test_plans_come_out_as_they_went_in(lasting: Store, wanted: list[Plan]) -> None:
    here = f"T{uuid.uuid4().hex}"
    cells = table.write(rows.COLUMNS, rows.write(wanted)).decode("utf-8-sig")
    bring(lasting, cells, here=here)
    with lasting.read() as tx:
        found = queries.plans(tx, here, LATER)
    assert {(plan.role, plan.start): plan for plan in found} == {(plan.role, plan.start): plan for plan in wanted}
    assert bring(lasting, exported(lasting, here), here=here).changed == ()
