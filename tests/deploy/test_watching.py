"""Alerts and the dashboard ask for figures that there are, and whoever is woken finds what to do."""

import json
import re
from typing import Any

import pytest

from bot.delivery.rules import TOKEN_REASONS
from bot.ops.metrics import Backlog, Metrics
from handlers import door, server
from tests.deploy.places import DEPLOY, REPOSITORY, read_yaml

NAME = re.compile(r"\b(?:baton|process)_[a-z_]+")
LABELS = re.compile(r"(baton_[a-z_]+)\{([^}]*)\}")


def exposed() -> dict[str, set[str]]:
    """Every figure of /metrics with its labels, as it looks once everything has happened."""
    metrics = Metrics(lambda: Backlog([("sent", "drill", 1)], 0.0))
    metrics.settled("drill", "failed", "x")
    metrics.settled("drill", "waiting", "x")
    metrics.waits("post", 1)
    metrics.cannot_look("drill")
    metrics.ticked(late=True)
    metrics.saw_to(1)
    metrics.delivered("forged")
    metrics.refused("slow")
    metrics.acked("/log", 0.1)
    metrics.erred("unknown_error")
    found: dict[str, set[str]] = {}
    for line in metrics.page().decode().splitlines():
        if not line.startswith("#"):
            name, labels = re.fullmatch(r"([a-z_]+)(?:\{(.*)\})? .*", line).groups()  # type: ignore[union-attr]
            found.setdefault(name, set()).update(re.findall(r"(\w+)=", labels or ""))
    return found


def alerts() -> list[dict[str, Any]]:
    return [rule for group in read_yaml("monitoring", "alerts.yaml")["groups"] for rule in group["rules"]]


def asked() -> list[str]:
    """Every expression of an alert or of the dashboard."""
    board = json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text())
    return [rule["expr"] for rule in alerts()] + [
        target["expr"] for panel in board["panels"] for target in panel["targets"]
    ]


@pytest.mark.parametrize("expression", asked())
def test_every_figure_that_is_asked_for_is_there(expression: str) -> None:
    there = exposed()
    assert set(NAME.findall(expression)) - there.keys() == set()
    for name, labels in LABELS.findall(expression):
        assert set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", labels)) <= there[name] | {"job", "instance"}
    for labels in re.findall(r"by \(([^)]*)\)", expression):
        known = set().union(*(there[name] for name in NAME.findall(expression))) | {"job", "instance"}
        assert {label.strip() for label in labels.split(",")} <= known
    assert expression.count("(") == expression.count(")")


def test_every_figure_is_on_the_dashboard_and_in_the_readme() -> None:
    board = (DEPLOY / "monitoring" / "dashboard.json").read_text()
    page = (REPOSITORY / "README.md").read_text()
    names = {name for name in exposed() if not name.endswith(("_created", "_sum", "_bucket"))}
    assert {"process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds"} <= names
    names = {name for name in names if name.startswith("baton_")}  # the others are the Prometheus client's own
    for name in names:
        assert name.removesuffix("_count") in board, name
        assert f"`{name.removesuffix('_count')}" in page, name


def test_whoever_is_woken_finds_what_to_do() -> None:
    book = (DEPLOY / "RUNBOOK.md").read_text()
    paragraphs = dict(re.findall(r"^## (Baton\w+)\n\n(.+?)(?=\n#|\Z)", book, re.MULTILINE | re.DOTALL))
    names = [rule["alert"] for rule in alerts()]
    assert len(names) == len(set(names))
    assert paragraphs.keys() == set(names)
    assert all(len(text) > 100 for text in paragraphs.values())
    assert set(re.findall(r"Baton[A-Z]\w+", book)) <= set(names)


@pytest.mark.parametrize(
    "reason",
    [door.HEAD, door.BODY, door.SLOW, door.IDLE, door.MANY, server.UNSIGNED, server.STALE, server.FORGED,
     server.REPLAYED, server.STATE],
)  # fmt: skip
def test_every_reason_for_which_requests_are_refused_is_explained(reason: str) -> None:
    page = (REPOSITORY / "README.md").read_text()
    book = (DEPLOY / "RUNBOOK.md").read_text()
    assert f"`{reason}`" in page.split("`baton_requests_refused_total{reason}`")[1].split("\n")[0]
    assert f"`{reason}`" in book.split("## BatonRequestsRefused")[1].split("\n# ")[0]


def test_every_alert_says_how_bad_it_is_and_what_happened() -> None:
    for rule in alerts():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]


def test_dead_tokens_are_those_that_the_sender_knows() -> None:
    (rule,) = [rule for rule in alerts() if rule["alert"] == "BatonTokenDead"]
    reasons = re.search(r'reason=~"([^"]+)"', rule["expr"])
    assert reasons
    assert set(reasons.group(1).split("|")) == TOKEN_REASONS


def test_events_of_the_log_that_the_runbook_names_are_logged() -> None:
    book = (DEPLOY / "RUNBOOK.md").read_text()
    code = "".join(path.read_text() for each in ("bot", "handlers") for path in (REPOSITORY / each).rglob("*.py"))
    for event in ("slack_refused", "tick_failed", "job_failed"):
        assert f"`{event}`" in book
        assert f'"{event}"' in code
