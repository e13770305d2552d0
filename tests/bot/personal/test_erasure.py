"""A person is erased from every table there is, what they did still adds up, and nobody else is touched."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from bot.activity.model import Activity, ActivityDay
from bot.delivery.service import Letter, tell_all
from bot.errors import Refused
from bot.people import service as people
from bot.personal import erasure
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.factories import a_person
from tests.sampled import HERE, NOW, THERE, double, everything_of, tables

SAM = a_person("U0SAM", is_admin=True)


def totals(store: Store, workspace: str = HERE) -> tuple[int, int]:
    """What was logged, and what the day totals say."""
    activity, day = table_of(Activity), table_of(ActivityDay)
    with store.read() as tx:
        logged = select(func.count()).select_from(activity).where(activity.c.workspace_id == workspace)
        summed = select(func.sum(day.c.quantity)).where(day.c.workspace_id == workspace)
        return int(tx.scalar(logged) or 0), int(tx.scalar(summed) or 0)


def test_nothing_is_left_of_a_person_but_the_totals(sampled: Callable[[], Store]) -> None:
    store = sampled()
    with store.write() as tx:
        tell_all(tx, HERE, [Letter("drill", "U0ANA", "x", {"about": "U0ANA"}), Letter("drill", "U0SAM", "y")], NOW)
    double(store)
    before, others = totals(store), everything_of(store, THERE)
    assert before[0] > 100
    assert "U0ANA" in str(everything_of(store, HERE))
    assert "ana@northwind.example" in str(everything_of(store, HERE))
    erased = erasure.forget(store, SAM, "U0ANA", NOW)
    assert erased.gone > 0
    assert erased.changed > 100
    left = str(everything_of(store, HERE))
    assert "dana@northwind.example" in left
    for trace in ("U0ANA", "'ana@northwind.example'", "Ana Ruiz"):
        assert trace not in left, [table for table, rows in everything_of(store, HERE).items() if trace in str(rows)]
    assert totals(store) == before
    assert everything_of(store, THERE) == others
    assert people.find(store, HERE, "U0ANA", NOW) is None
    assert people.find(store, THERE, "U0ANA", NOW) is not None


ADDS_UP = set(
    "absence activity activity_day audit_entry customer_carer deal_owner deal_share next_step pay_dispute pay_line "
    "pay_statement placement role_assignment routing_credit".split()
)
"""Tables in which somebody else's figures rest on what a person did or was."""


def test_of_every_table_it_is_decided_whether_its_rows_go() -> None:
    personal = {table.name for table in tables() if "person_id" in table.c}
    assert personal == (erasure.THEIRS.keys() - {"delivery"}) | ADDS_UP


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
        erasure.forget(store, actor, whom, NOW)  # type: ignore[arg-type]
    assert refused.value.key == key
    assert everything_of(store, HERE) == before
