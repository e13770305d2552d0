"""A person is erased from every table there is, what they did still adds up, and nobody else is touched."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, func, insert, select

from bot.access.rights import refusal
from bot.activity.model import Activity, ActivityDay
from bot.delivery.model import Delivery
from bot.delivery.service import Letter, tell_all
from bot.errors import Refused
from bot.pay.model import PayLine, PayPeriod, PayStatement
from bot.people import service as people
from bot.people.rules import Profile
from bot.personal import erasure
from bot.serving import erase_all
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.walls import everywhere, within
from tests.bot.delivery.parcels import a_parcel
from tests.factories import a_person
from tests.sampled import HERE, NOW, THERE, double, everything_of, tables

SAM = a_person("U0SAM", is_admin=True)
LETTER = table_of(Delivery)


def totals(store: Store, workspace: str = HERE) -> tuple[int, int]:
    """What was logged, and what the day totals say."""
    activity, day = table_of(Activity), table_of(ActivityDay)
    with within(workspace), store.read() as tx:
        logged = select(func.count()).select_from(activity).where(activity.c.workspace_id == workspace)
        summed = select(func.sum(day.c.quantity)).where(day.c.workspace_id == workspace)
        return int(tx.scalar(logged) or 0), int(tx.scalar(summed) or 0)


def forget(store: Store, person_id: str = "U0ANA") -> erasure.Erased:
    """Erase somebody from the first page to the last; what the receipt says."""
    erasure.begin(store, SAM, person_id, NOW)
    assert erasure.go_on(store, HERE, NOW) == 1
    return receipt(store)


def receipt(store: Store) -> erasure.Erased:
    """What Sam is told, once."""
    with store.read() as tx:
        (row,) = tx.execute(select(LETTER).where(LETTER.c.kind == erasure.RECEIPT)).all()
    found = erasure.receipt(store, a_parcel(recipient=row.recipient, subject=row.subject), NOW)
    assert found
    assert found[0].id == "U0SAM"
    return found[1]


def with_a_past(store: Store) -> Store:
    """Ana was paid, too, was told things, and somebody is mentioned whose id hers is the beginning of."""
    with within(HERE), store.write() as tx:
        tell_all(tx, HERE, [Letter("drill", "U0ANA", "x", {"about": "U0ANA"}), Letter("drill", "U0SAM", "y")], NOW)
        tell_all(tx, HERE, [Letter("drill", "U0SAM", "z", {"about": ["U0ANA2", "<@U0ANA>"]})], NOW)
        paid = {"workspace_id": HERE, "period": "2026-Q3", "person_id": "U0ANA"}
        days = {"first_day": NOW.date(), "last_day": NOW.date(), "currency": "USD", "closed_at": NOW}
        made = {"recorded_at": NOW, "recorded_by": "U0SAM", "origin": "o"}
        tx.execute(insert(table_of(PayPeriod)).values({"workspace_id": HERE, "name": "2026-Q3", **days, **made}))
        tx.execute(insert(table_of(PayStatement)).values({**paid, "brought": 0, "total": 700}))
        lines = [{**paid, "n": n, "line": {"who": "U0ANA"}, "amount": 350} for n in range(2)]
        tx.execute(insert(table_of(PayLine)), lines)
    return store


@pytest.mark.short_on("postgresql")
def test_nothing_is_left_of_a_person_but_the_totals(copies: Callable[[], Store]) -> None:
    store = with_a_past(copies())
    double(store)
    before, others = totals(store), everything_of(store, THERE)
    assert before[0] > 100
    assert "U0ANA" in str(everything_of(store, HERE))
    assert "ana@northwind.example" in str(everything_of(store, HERE))
    with within(HERE):
        erased = forget(store)
    assert erased.gone > 0
    assert erased.changed > 100
    left = str(everything_of(store, HERE))
    assert "dana@northwind.example" in left
    for trace in ("U0ANA'", "U0ANA>", "'ana@northwind.example'", "Ana Ruiz"):
        assert trace not in left, [table for table, rows in everything_of(store, HERE).items() if trace in str(rows)]
    assert "U0ANA2" in left
    assert totals(store) == before
    assert everything_of(store, THERE) == others
    with everywhere():
        assert people.find(store, HERE, "U0ANA", NOW) is None
        assert people.find(store, THERE, "U0ANA", NOW) is not None


def test_the_door_is_closed_first_and_opens_when_it_is_over(sampled: Callable[[], Store]) -> None:
    store, ana = sampled(), Profile("U0ANA", "Ana Ruiz", "ana@northwind.example", None, "en")
    for _ in range(2):
        erasure.begin(store, SAM, "U0ANA", NOW)
    for _ in range(2):
        met = people.remember(store, HERE, ana, NOW)
        assert refusal(met) == "refused.deactivated"
    assert erasure.go_on(store, HERE, NOW) == 1
    assert erasure.go_on(store, HERE, NOW) == 0
    assert refusal(people.remember(store, HERE, ana, NOW)) is None


def test_the_receipt_names_in_the_log_what_it_follows_from(store: Store) -> None:
    for person_id in ("U0ANA", "U0SAM"):
        people.remember(store, HERE, Profile(person_id, person_id, f"{person_id}@x.example", None, "en"), NOW)
    erasure.begin(store, SAM, "U0ANA", NOW)
    erase_all(store, lambda _: None)
    with store.read() as tx:
        assert tx.scalar(select(LETTER.c.request).where(LETTER.c.kind == erasure.RECEIPT))


def test_either_database_is_gone_through_row_by_row(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "PAGE", 1)
    for person_id in ("U0ANA", "U0SAM"):
        people.remember(store, HERE, Profile(person_id, person_id, f"{person_id}@x.example", None, "en"), NOW)
    with_a_past(store)
    assert forget(store) == (1, 7)  # their own row among them
    assert "U0ANA'" not in str(everything_of(store, HERE)).replace("U0ANA2", "")


class Killed(Exception):
    """The process is gone."""


def test_whoever_is_killed_leaves_nothing_half_done(
    sampled: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, interrupted = with_a_past(sampled()), with_a_past(sampled())
    whole, note, left = forget(at_once), erasure._note, [0]

    def dies(tx: Connection, run: erasure.Run, **counts: int) -> int:
        """After the work of a page, before it is committed."""
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return note(tx, run, **counts)

    erasure.begin(interrupted, SAM, "U0ANA", NOW)
    monkeypatch.setattr(erasure, "PAGE", 100)
    monkeypatch.setattr(erasure, "_note", dies)
    for left[0] in (0, 1, 3):
        with pytest.raises(Killed):
            erasure.go_on(interrupted, HERE, NOW)
    left[0] = 1000
    assert erasure.go_on(interrupted, HERE, NOW) == 1
    assert receipt(interrupted) == whole
    assert totals(interrupted) == totals(at_once)
    assert "U0ANA'" not in str(everything_of(interrupted, HERE))


ADDS_UP = set(
    "absence activity activity_day audit_entry customer_carer deal_owner deal_share next_step pay_dispute pay_line "
    "pay_statement placement role_assignment routing_credit".split()
)
"""Tables in which somebody else's figures rest on what a person did or was."""


def test_of_every_table_it_is_decided_whether_its_rows_go() -> None:
    personal = {table.name for table in tables() if "person_id" in table.c}
    assert personal == (erasure.THEIRS.keys() - {"delivery"}) | ADDS_UP | {"erasure"}


@pytest.mark.parametrize(
    ("actor", "whom", "key"),
    [
        pytest.param(a_person("U0DEVON"), "U0ANA", "refused.workspace", id="not a rep"),
        pytest.param(SAM, "U0SAM", "personal.forget.self", id="nobody themselves"),
        pytest.param(SAM, "U0NOBODY", "personal.forget.nobody", id="nobody unknown"),
    ],
)
def test_who_is_not_erased(sampled: Callable[[], Store], actor: object, whom: str, key: str) -> None:
    store = sampled()
    before = everything_of(store, HERE)
    with pytest.raises(Refused) as refused:
        erasure.begin(store, actor, whom, NOW)  # type: ignore[arg-type]
    assert refused.value.key == key
    assert everything_of(store, HERE) == before
