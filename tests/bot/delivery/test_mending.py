"""Who can mend a channel that does not take messages is told, once a week at the most; of the rest nobody is."""

from datetime import timedelta
from typing import Any

import pytest

from bot.access.roles import Role
from bot.delivery.mending import TROUBLE, tell_who_can_mend
from bot.store.engine import Store
from tests.bot.delivery.parcels import Ledger, a_parcel
from tests.factories import NOW, a_member

CHANNEL = "C0WINS"


@pytest.fixture
def staff(store: Store) -> Ledger:
    """A rep, two of operations, an admin of the workspace, and nothing said yet."""
    a_member(store, "U0ANA", Role.SDR)
    a_member(store, "U0OLI", Role.OPS)
    a_member(store, "U0OZ", Role.OPS)
    a_member(store, "U0ADA", is_admin=True)
    return Ledger(store)


def refused(ledger: Ledger, reason: str = "is_archived", *, weeks: int = 0, **more: Any) -> None:
    """Slack does not take a message for the channel."""
    parcel = a_parcel(**{"recipient": CHANNEL, **more})
    with ledger.store.write() as tx:
        tell_who_can_mend(tx, parcel, reason, NOW + timedelta(weeks=weeks))


def told(ledger: Ledger) -> list[tuple[str, str, str]]:
    """Who was told of what, in order."""
    return sorted((row.recipient, row.subject["channel"], row.subject["reason"]) for row in ledger.rows())


def test_operations_and_then_admins_are_told_which_channel_and_why(staff: Ledger) -> None:
    refused(staff)
    assert told(staff) == [(person, CHANNEL, "is_archived") for person in ("U0ADA", "U0OLI", "U0OZ")]
    assert {row.kind for row in staff.rows()} == {TROUBLE}


def test_the_same_trouble_is_told_once_a_week(staff: Ledger) -> None:
    for _ in range(3):
        refused(staff)
    assert len(staff.rows()) == 3
    refused(staff, weeks=1)
    assert len(staff.rows()) == 6


def test_another_channel_and_another_reason_are_other_troubles(staff: Ledger) -> None:
    refused(staff)
    refused(staff, "not_in_channel")
    refused(staff, recipient="C0HANDOFFS")
    assert len(staff.rows()) == 9


def test_of_a_file_it_is_the_channel_that_is_told(staff: Ledger) -> None:
    refused(staff, recipient="U0ANA", place=CHANNEL)
    assert {channel for _, channel, _ in told(staff)} == {CHANNEL}


@pytest.mark.parametrize(
    ("reason", "more"),
    [
        pytest.param("msg_too_long", {}, id="ours to mend"),
        pytest.param("token_revoked", {}, id="cannot be told in Slack"),
        pytest.param("channel_not_found", {"recipient": "U0ANA"}, id="a person is no channel"),
        pytest.param("is_archived", {"kind": TROUBLE}, id="about itself"),
    ],
)
def test_what_nobody_can_mend_in_slack_is_told_to_nobody(staff: Ledger, reason: str, more: dict[str, Any]) -> None:
    refused(staff, reason, **more)
    assert staff.rows() == []
