"""What people say, and secrets, stand in no log and on no page: all is fed with marked words, and all of it is read."""

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.access.roles import Role
from bot.delivery.mending import TROUBLE
from bot.delivery.service import Letter, tell_all
from bot.ops.causes import caused_by, request
from bot.reminders.rules import Kind
from bot.schedule.service import put
from bot.store.types import new_id
from handlers import webhooks
from tests.deploy.places import REPOSITORY
from tests.scenarios.conftest import Workspace, start_workspace
from tests.scenarios.settling import settle
from tests.wire import processes, rubbish, signed
from tests.wire.collector import Collector, a_collector
from tests.wire.processes import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, http
from tests.wire.team import PATIENCE

NAME, COMPANY, MAIL, PHONE, NOTE = "Zyxwana", "Qorvexa", "qzx@qorvexa.example", "5550199887", "wombatical"
WEBHOOK_SECRET, COLLECTOR_SECRET = "a-marked-webhook-secret", "a-marked-collector-secret"
MARKED = (
    NAME,
    COMPANY,
    "qorvexa",
    "qzx@",
    PHONE,
    "555 019",
    NOTE,
    WEBHOOK_SECRET,
    COLLECTOR_SECRET,
    SIGNING_SECRET,
    BOT_TOKEN,
    APP_TOKEN,
)

ROLES = {"U0ANA": Role.SDR, "U0DANA": Role.AE, "U0MARIA": Role.MANAGER, "U0SAM": Role.OPS}

LINES = (
    ("U0ANA", "/log", f'call "{COMPANY}" 15m connected - {NOTE} {PHONE} next tue {NOTE}'),
    ("U0ANA", "/log", f"calll {NOTE} {COMPANY}"),
    ("U0ANA", "/lead", f"new {COMPANY}, {NAME} Roe, {MAIL}, +1 555 019 9887, source webinar"),
    ("U0ANA", "/lead", f'score {COMPANY} +10 "{NOTE}"'),
    ("U0ANA", "/handoff", f"{COMPANY} to <@U0DANA> - {NOTE}"),
    ("U0DANA", "/deal", f'"{COMPANY}" 24000 close 30 jan'),
    ("U0DANA", "/deal", f"{COMPANY} next tue {NOTE}"),
    ("U0DANA", "/deal", f"{COMPANY} lost {NOTE}"),
    ("U0MARIA", "/quota", f"dispute 3 2026-Q4 - {NOTE}"),
    ("U0MARIA", "/team", f'stuck {COMPANY} "{NOTE}"'),
    ("U0ANA", "/baton", f"{NOTE} {COMPANY}"),
    ("U0GUEST", "/log", f"call {COMPANY}"),
)


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """Where the bot sends its traces."""
    with a_collector() as found:
        yield found


@pytest.fixture(scope="module", params=["json", "console"])
def fed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, collector: Collector
) -> Iterator[Workspace]:
    """A bot that says as much as it can, and was told everything marked, in every way that comes to mind."""
    folder = tmp_path_factory.mktemp("silence")
    more = {"LOG_LEVEL": "debug", "LOG_FORMAT": request.param, "BATON_WEBHOOK_SECRET": WEBHOOK_SECRET}
    more |= collector.settings(f"authorization={COLLECTOR_SECRET}")
    for found in start_workspace(request, folder, "http", "sqlite", **more):
        settle(found, ROLES)
        type_all(found)
        send_leads(found)
        send_rubbish(found)
        with_the_database_locked(found)
        found.team.control(fail={"method": "chat.postMessage", "error": "invalid_blocks", "times": 1})
        signed.post(found.port, line("U0ANA", "/lead", f"release {COMPANY}"))
        found.team.control(fail={"method": "chat.postMessage", "error": "reset", "times": 1})
        signed.post(found.port, line("U0MARIA", "/team", f'stuck {COMPANY} "{NOTE} once more"'))
        with_the_failures_over(found)
        yield found
        found.bot.log.write_text("")  # rubbish leaves tracebacks


def line(person: str, command: str, text: str) -> str:
    return signed.command(person, text).replace("command=%2Flog", f"command=%2F{command[1:]}", 1)


def type_all(workspace: Workspace) -> None:
    for person, command, text in LINES:
        assert signed.post(workspace.port, line(person, command, text)).status_code == 200


def send_leads(workspace: Workspace) -> None:
    good = json.dumps({"company": COMPANY, "name": NAME, "email": MAIL, "phone": PHONE, "message": NOTE})
    for body in (good, good[:-2], json.dumps({"name": NAME}), json.dumps([NOTE])):
        for mac in (webhooks.signature(WEBHOOK_SECRET, body.encode()), NOTE):
            with http(f"http://127.0.0.1:{workspace.port}") as client:
                headers = {"X-Baton-Signature": mac, "Idempotency-Key": NOTE}
                assert client.post("/webhooks/leads", content=body, headers=headers).status_code < 500


def send_rubbish(workspace: Workspace) -> None:
    """Payloads whose parts make readers raise with what they could not read."""
    spoilt: list[Any] = [
        {"type": "block_actions", "actions": [{"action_id": "log.undo", "value": NOTE}]},
        {"type": "block_actions", "actions": [{"action_id": "handoff.accept", "value": f'{{"v":1,"h":"{NOTE}"}}'}]},
        {"type": "block_actions", "actions": [{"action_id": "log.edit", "value": f'{{"v":1,"e":["{NOTE}"]}}'}]},
        {"type": "view_submission", "view": {"callback_id": "log.form", "private_metadata": NOTE, "state": NOTE}},
        {"type": NOTE, NOTE: NOTE},
        {NOTE: [NOTE]},
        NOTE,
    ]
    for each in spoilt:
        who = (
            {"user": {"id": "U0ANA"}, "team": {"id": signed.TEAM}, "trigger_id": "1"} if isinstance(each, dict) else {}
        )
        body = rubbish.form({**who, **each} if isinstance(each, dict) else each)
        assert signed.post(workspace.port, body).status_code < 500
        forged = {**signed.headers(body), "X-Slack-Signature": f"v0={NOTE}"}
        assert signed.post(workspace.port, body, forged).status_code in {400, 401}


def with_the_database_locked(workspace: Workspace) -> None:
    """Nothing can be stored, and everybody is told with their own words."""
    holding = sqlite3.connect(workspace.database_url.removeprefix("sqlite:///"), isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    try:
        assert NOTE in signed.post(workspace.port, line("U0ANA", "/log", f"call {COMPANY} - {NOTE}")).text
    finally:
        holding.execute("ROLLBACK")
        holding.close()


def with_the_failures_over(workspace: Workspace) -> None:
    """There is enough to say that both have come, and none is left for what is said later."""
    with closing(workspace.store()) as store, store.write() as tx:
        letters = [trouble(f"to fail, {person}", person) for person in ("U0DANA", "U0MARIA")]
        tell_all(tx, signed.TEAM, letters, datetime.now(UTC))
    eventually(lambda: {"invalid_blocks", "reset"} <= {call["error"] for call in workspace.team.calls()})


def is_silent(said: str) -> bool:
    found = [word for word in MARKED if word.lower() in said.lower()]
    assert found == [], [each[:300] for each in said.splitlines() if found[0].lower() in each.lower()][:5]
    return True


def test_the_log_says_nothing_of_it(fed: Workspace) -> None:
    said = fed.bot.said()
    assert "answered" in said
    assert "unknown_error" in said
    assert "store_unavailable" in said
    assert "lead_not_taken" in said
    assert is_silent(said)


def test_the_traces_say_nothing_of_it(fed: Workspace, collector: Collector) -> None:
    eventually(lambda: {"/log", "/handoff", "webhook", "chat.postMessage", "transaction"} <= collector.names())
    assert is_silent(collector.said())
    assert collector.headers["authorization"] == COLLECTOR_SECRET


def test_the_pages_say_nothing_of_it(fed: Workspace) -> None:
    with http(f"http://127.0.0.1:{fed.port}") as client:
        for page in ("/metrics", "/readyz", "/healthz", "/nowhere", "/slack/events", "/webhooks/leads"):
            assert is_silent(client.get(page).text)


@pytest.mark.parametrize("fed", ["json"], indirect=True)
def test_a_request_is_followed_to_what_was_said_because_of_it(fed: Workspace, collector: Collector) -> None:
    told = [row for row in logged(fed, "to_be_said") if row.get("cause") == "/handoff"]
    (asked,) = {row["request"] for row in told}
    assert [row["cause"] for row in logged(fed, "answered") if row["request"] == asked] == ["/handoff"]
    follow(fed, collector, asked, [each for row in told for each in row["deliveries"]])


@pytest.mark.parametrize("fed", ["json"], indirect=True)
def test_a_request_is_followed_from_one_process_to_another(fed: Workspace, collector: Collector) -> None:
    """This process says something, and the bot sends it."""
    letter = trouble("a drill")
    with closing(fed.store()) as store, caused_by("drill"), store.write() as tx:
        tell_all(tx, signed.TEAM, [letter], datetime.now(UTC))
        asked = request()
    assert asked
    follow(fed, collector, asked, [str(letter.id)])


def follow(workspace: Workspace, collector: Collector, asked: str, deliveries: Sequence[str]) -> None:
    """The id stands in the rows, in the log lines of their sending, and in the links of their traces."""

    def sent() -> bool:
        tried = [row for row in logged(workspace, "tried_to_deliver") if row["state"] == "sent"]
        return {*deliveries} <= {row["delivery"] for row in tried if row["request"] == asked}

    eventually(sent)
    with closing(workspace.store()) as store, store.read() as tx:
        rows = tx.exec_driver_sql("SELECT count(*) FROM delivery WHERE request = ?", (asked,)).scalar()
    assert rows == len(deliveries)
    eventually(lambda: collector.linked_to(asked) == {*deliveries})


def logged(workspace: Workspace, event: str) -> list[dict[str, Any]]:
    lines = [json.loads(each) for each in workspace.bot.said().splitlines() if each.startswith("{")]
    return [row for row in lines if row["event"] == event]


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


MOVE_ELSEWHERE = {"baton_delivery_oldest_unsent_seconds", "baton_deliveries_uncertain_total", "baton_late_ticks_total"}
"""What takes longer to bring about than this story: test_delivery, test_delivery_crash and test_ticker do."""


@pytest.mark.parametrize("fed", ["json"], indirect=True)
def test_every_figure_that_the_readme_names_moves_and_there_is_no_other(fed: Workspace) -> None:
    fed.team.control(fail={"method": "chat.postMessage", "error": "ratelimited", "retry_after": 1, "times": 1})
    with closing(fed.store()) as store, store.write() as tx:
        put(tx, signed.TEAM, Kind.DAILY, "U0ANA", datetime.now(UTC))
        tell_all(tx, signed.TEAM, [trouble("another drill")], datetime.now(UTC))
        tell_all(tx, signed.TEAM, [trouble("a drill of tomorrow", "U0ROMAN")], datetime.now(UTC) + timedelta(days=1))
    page = (REPOSITORY / "README.md").read_text().split("| metric | tells |")[1].split("\n\n")[0]
    named = set(re.findall(r"`(baton_\w+)", page))
    assert set(figures(fed)) <= named
    eventually(lambda: named - {name for name, value in figures(fed).items() if value} <= MOVE_ELSEWHERE)


def figures(workspace: Workspace) -> dict[str, float]:
    """The sums of Baton's own."""
    with http(f"http://127.0.0.1:{workspace.port}") as client:
        lines = re.findall(r"^(baton_\w+?)(?:_bucket|_sum|_count)?(?:{.*})? (\S+)$", client.get("/metrics").text, re.M)
    sums: dict[str, float] = {}
    for name, value in lines:
        if not name.endswith("_created"):
            sums[name] = sums.get(name, 0) + float(value)
    return sums


def trouble(occasion: str, person: str = "U0SAM") -> Letter:
    """Something to say, as if a use case had."""
    return Letter(TROUBLE, person, occasion, {"channel": "C0GENERAL", "reason": "is_archived"}, id=new_id())


@pytest.mark.parametrize("verb", ["run", "migrate", "check", "backup", "restore"])
def test_what_cannot_start_says_nothing_of_its_secrets(tmp_path: Path, verb: str) -> None:
    url = "postgresql://baton:marked-password@127.0.0.1:9/baton?sslpassword=marked-too"
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-marked",
        "SLACK_SIGNING_SECRET": "marked-secret",
        "SLACK_CLIENT_SECRET": "marked-3",
    }
    words = (verb, "file.baton") if verb in {"backup", "restore"} else (verb,)
    ended = processes.quick_baton(
        tmp_path, *words, DATABASE_URL=url, SLACK_API_URL="http://127.0.0.1:9/api/", LOG_LEVEL="debug", **secrets
    )
    assert ended.code != 0
    assert "marked" not in ended.out + ended.err
