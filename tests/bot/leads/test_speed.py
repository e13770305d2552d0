"""Speed to lead: what the clock shows, when it reminds and when whoever leads is told; on both databases."""

from datetime import timedelta

import pytest

from bot.leads import notices, pages
from bot.leads.changes import NewLead
from bot.leads.queries import LeadRow
from bot.leads.speed import Speed
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.bot.leads.desk import Desk
from tests.factories import a_member

MINUTE = timedelta(minutes=1)


def clock(desk: Desk, row: LeadRow) -> Speed:
    card = pages.card(desk.store, desk.sam, row.id, desk.now)
    assert card is not None
    assert card.speed is not None
    return card.speed


def test_a_form_on_friday_evening_and_a_call_on_monday_morning(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.comes(at="11-20 18:20")
    desk.at("11-23 09:00")
    desk.claims("ANA", row)
    desk.at("11-23 09:04")
    desk.calls("ANA")
    desk.at("11-23 12:00")
    found = clock(desk, row)
    assert (found.worked, found.wall, found.is_met) == (4 * MINUTE, timedelta(hours=62, minutes=44), True)
    assert [desk.told(notices.REMIND), desk.told(notices.LATE)] == [[], []]


def test_what_came_on_friday_is_reminded_of_on_monday_whoever_has_it(store: Store) -> None:
    desk = Desk(store, "ANA")
    row = desk.comes(at="11-20 18:20")
    desk.at("11-23 09:02")
    desk.claims("ANA", row)
    desk.at("11-23 09:05")
    desk.at("11-23 09:10")
    assert (desk.told(notices.REMIND), desk.told(notices.LATE)) == (["ANA"], ["MARIA"])


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        *[(kind, True) for kind in ("call", "email", "meeting", "demo", "social")],
        *[(kind, False) for kind in ("note", "intel")],
    ],
)
def test_what_ends_it(store: Store, kind: str, ends: bool) -> None:
    desk = Desk(store, "ANA")
    row = desk.comes()
    desk.at("11-18 10:02")
    desk.calls("ANA", kind=kind)
    assert (clock(desk, row).touch is not None) is ends


def test_in_the_queue_those_who_work_are_reminded_once_and_then_their_manager_told(store: Store) -> None:
    desk = Desk(store, "ANA", "BEN")
    desk.comes()
    desk.at("11-18 10:04")
    assert desk.told(notices.REMIND) == []
    desk.at("11-18 10:05")
    desk.at("11-18 10:06")
    assert (desk.told(notices.REMIND), desk.told(notices.LATE)) == (["ANA", "BEN"], [])
    desk.at("11-18 10:10")
    desk.at("11-18 11:10")
    assert (desk.told(notices.REMIND), desk.told(notices.LATE)) == (["ANA", "BEN"], ["MARIA"])


def test_without_managers_operations_is_told(store: Store) -> None:
    desk = Desk(store)
    a_member(store, "U0ANA", "MRR")
    desk.comes()
    desk.at("11-18 10:05")
    desk.at("11-18 10:10")
    assert desk.told(notices.LATE) == ["SAM"]


def test_a_claim_alone_ends_nothing_and_its_owner_is_reminded(store: Store) -> None:
    desk = Desk(store, "ANA", "BEN")
    row = desk.comes()
    desk.at("11-18 10:03")
    desk.claims("ANA", row)
    desk.at("11-18 10:05")
    desk.at("11-18 10:10")
    assert (desk.told(notices.REMIND), desk.told(notices.LATE)) == (["ANA"], ["MARIA"])


def test_before_a_claim_it_runs_while_anybody_works_and_then_in_the_owners_time(store: Store) -> None:
    desk = Desk(store, "ANA")
    a_member(store, "U0BEN", "MRR", hours={str(day): ["07:00", "09:02"] for day in range(5)})
    row = desk.comes(at="11-18 06:00")
    desk.at("11-18 07:01")
    desk.claims("ANA", row)  # at home, on the phone
    assert clock(desk, row).due_at == desk.now.replace(hour=9, minute=4)
    desk.at("11-18 09:04")
    assert desk.told(notices.REMIND) == ["ANA"]
    assert clock(desk, row).worked == 5 * MINUTE


def test_who_reached_out_in_time_is_left_alone(store: Store) -> None:
    desk = Desk(store, "ANA")
    desk.comes()
    desk.at("11-18 10:03")
    desk.calls("ANA", kind="email")
    desk.at("11-18 10:05")
    desk.at("11-18 10:10")
    assert [desk.told(notices.REMIND), desk.told(notices.LATE)] == [[], []]


def test_a_target_that_ends_with_the_shift_reminds_when_the_next_begins(store: Store) -> None:
    desk = Desk(store, "ANA")
    desk.comes(at="11-18 17:25")
    desk.at("11-18 17:30")
    assert desk.told(notices.REMIND) == []
    desk.at("11-19 09:00")
    assert (desk.told(notices.REMIND), desk.told(notices.LATE)) == (["ANA"], [])


def test_the_workspace_sets_its_target(store: Store) -> None:
    desk = Desk(store, "ANA")
    workspace.change(store, desk.sam, {Setting.SPEED_MINUTES: 30}, desk.now)
    desk.comes()
    desk.at("11-18 10:29")
    assert desk.told(notices.REMIND) == []
    desk.at("11-18 10:30")
    assert desk.told(notices.REMIND) == ["ANA"]


def test_what_we_found_ourselves_has_no_clock(store: Store) -> None:
    desk = Desk(store, "ANA")
    made = desk.comes(NewLead("Acme", direction="outbound", owner_id="U0SID"))  # type: ignore[arg-type]
    card = pages.card(store, desk.sam, made.id, desk.now)
    assert card is not None
    assert card.speed is None


def test_it_is_reckoned_by_the_clocks_of_the_place(store: Store) -> None:
    desk = Desk(store)
    a_member(store, "U0ANA", "MRR", zone="Europe/Berlin")
    row = desk.comes(at="10-23 15:28")  # 17:28 in Berlin, two minutes before the weekend in which summer time ends
    desk.at("10-23 15:29")
    assert f"{clock(desk, row).due_at:%m-%d %H:%M}" == "10-26 08:03"
