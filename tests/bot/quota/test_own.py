"""Metrics that a workspace adds: what is counted, in lines and files, and names that nobody could type."""

import pytest

from bot.activity.entry import Kind as Logged
from bot.errors import Refused
from bot.quota import own
from bot.quota.achieved import Scope, achieved
from bot.quota.line import read
from bot.quota.metrics import MEETINGS, Metric
from bot.quota.said import Asking, Set
from bot.store.engine import Store
from tests.bot.quota.desk import HERE, Q4, Desk
from tests.bot.quota.desk import on as day

OUTREACH = Metric("outreach")


def test_a_line_names_a_metric_and_the_kinds_that_count() -> None:
    text = "Outreach: email, соцсети\n\nПервые демо = демо"
    stored = own.read_own(text)
    assert stored == {"Outreach": ["email", "social"], "Первые демо": ["demo"]}
    assert own.read_own(own.written(stored)) == stored
    assert own.counted(stored) == {"email": ("outreach",), "social": ("outreach",), "demo": ("первые демо",)}
    assert own.read_own("") == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Outreach", "metric_kinds"),
        ("Outreach: tea", "metric_kinds"),
        ("Outreach: email, tea", "metric_kinds"),
        (": email", "metric_name"),
        ("2026: email", "metric_name"),
        ("a b c d: email", "metric_name"),
        ("x" * 31 + ": email", "metric_name"),
        ("Revenue: email", "metric_taken"),
        ("set: email", "metric_taken"),
        ("Team calls: email", "metric_taken"),
        ("Outreach: email\noutreach: social", "metric_twice"),
        ("\n".join(f"Metric {letter}: email" for letter in "abcdefghijk"), "metric_many"),
    ],
)
def test_what_nobody_could_type_is_no_name(text: str, problem: str) -> None:
    with pytest.raises(Refused) as refused:
        own.read_own(text)
    assert refused.value.key == f"settings.problem.{problem}"


def test_a_target_of_it_is_typed_as_any_other() -> None:
    asking = Asking(day(18), own=own.by_name({"Первые демо": ["demo"], "Outreach": ["email"]}))
    for line, metric in (
        ("set <@U0DANA> outreach 40 W48", OUTREACH),
        ("set <@U0DANA> Первые Демо 4 W48", Metric("первые демо")),
    ):
        said = read(line, asking)
        assert isinstance(said, Set), said
        assert said.metric == metric


def test_it_counts_what_was_logged_beside_the_standard_ones(store: Store) -> None:
    desk = Desk(store)
    desk.logs(Logged.EMAIL)
    desk.logs(Logged.SOCIAL)
    desk.logs(Logged.DEMO)
    desk.logs(Logged.CALL)
    codes = own.counted({"Outreach": ["email", "social"], "Shows": ["demo"]})
    with store.read() as tx:
        found = achieved(tx, Scope(HERE, ["U0DANA"], Q4.first, Q4.last, desk.dana.zone, "EUR", codes))
    sums = {metric.code: found.total(metric, ["U0DANA"], Q4.first, Q4.last) for metric in (OUTREACH, MEETINGS)}
    assert sums == {"outreach": 2, "meetings": 1}
    assert found.total(Metric("shows"), ["U0DANA"], Q4.first, Q4.last) == 1
