"""What a replay costs of ten thousand leads over a quarter among forty account executives, from the rows on."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bot.absence.schedule import schedules
from bot.access.roles import Role
from bot.accounts.model import Account
from bot.handoffs import candidates, past, trial
from bot.handoffs.candidates import Field, taker_of
from bot.handoffs.model import Handoff, HandoffChange, Offer
from bot.handoffs.states import Kind, State
from bot.handoffs.trial import Trial
from bot.people import queries as people
from bot.routing.rules import Lead
from bot.routing.standing import LONGEST_WAIT, Standing, Taker, choose
from bot.store import schema
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.store.types import new_id
from bot.working_time.presence import Span
from bot.workspace.rules import Settings
from tests.bot.routing.quarter import SEED
from tests.factories import a_member

HERE = "T0BATON"
LEADS, AES, DAYS = 10_000, 40, 91
START = datetime(2026, 8, 20, tzinfo=UTC)
END = START + timedelta(days=DAYS)


@dataclass(slots=True)
class _Rows:
    """What a quarter leaves behind, by table."""

    accounts: list[dict[str, Any]]
    handoffs: list[dict[str, Any]]
    offers: list[dict[str, Any]]
    changes: list[dict[str, Any]]


def measure(new: Mapping[str, Callable[[], str]]) -> None:
    """Print the table, for a fresh database of each kind."""
    print(f"\n| {LEADS:,} leads in a quarter, {AES} AEs: s of processor time | {' | '.join(new)} |")
    print(f"|---{'|---' * len(new)}|")
    took = [list(_seconds(url())) for url in new.values()]
    for name, *each in zip(("reading them", "reading, and two replays", "the same of 30 days"), *took, strict=True):
        print(f"| {name} | {' | '.join(f'{seconds:.1f}' for seconds in each)} |")


def _seconds(url: str) -> Iterator[float]:
    store = Store(url)
    schema.upgrade(store)
    sam = a_member(store, "U0SAM", "OPS")
    _fill(store)
    began = time.process_time()
    with store.read() as tx:
        past.past_of(tx, HERE, Settings(), Span(START, END), END)
    yield time.process_time() - began
    for start in (START, END - timedelta(days=30)):
        began = time.process_time()
        found = trial.tried(store, sam, Trial(Span(start, END), {"weights": {"U0AE01": 3}}), END)
        yield time.process_time() - began
        assert found.unlike == 0, found.unlike
    store.close()


def _fill(store: Store) -> None:
    for n in range(AES):
        a_member(store, f"U0AE{n:02}", "AE", zone=("Europe/Berlin", "America/New_York", "Asia/Kolkata")[n % 3])
    with store.read() as tx:
        members = {each: one for each, one in people.members(tx, HERE, START.date()).items() if Role.AE in one.roles}
        working = schedules(tx, HERE, members, END, Settings(), start=START - LONGEST_WAIT)
    rows = _lived([taker_of(each, Kind.SALE, working[each.id], {}, END) for each in members.values()])
    with store.write() as tx:
        for model, found in (
            (Account, rows.accounts),
            (Handoff, rows.handoffs),
            (Offer, rows.offers),
            (HandoffChange, rows.changes),
        ):
            tx.execute(table_of(model).insert(), found)


def _lived(takers: Sequence[Taker]) -> _Rows:
    """Leads come evenly; one in eight offers is declined, and what is accepted is settled after up to five days."""
    chance, rows = random.Random(SEED), _Rows([], [], [], [])
    standings: dict[str, Standing] = {}
    then: list[tuple[datetime, str]] = []
    for n in range(LEADS):
        now = START + timedelta(days=DAYS) * n / LEADS
        for at, taker in sorted(each for each in then if each[0] <= now):
            standings[taker] = standings[taker].closed()
            then.remove((at, taker))
        account, lead = new_id(), new_id()
        named = {"name": f"C{n}", "name_key": f"c{n}", "recorded_at": now, "recorded_by": "U0SAM"}
        rows.accounts.append({"workspace_id": HERE, "id": account, **named})
        passed: list[str] = []
        while True:
            choice, standings = choose(Lead(lead.hex), takers, standings, now, passed)
            assert choice.winner
            is_declined = chance.random() < 1 / 8 and len(passed) < 3
            _offered(rows, lead, len(passed) + 1, choice, standings, now, is_declined=is_declined)
            if not is_declined:
                break
            standings[choice.winner] = standings[choice.winner].closed()
            passed.append(choice.winner)
            now += timedelta(microseconds=1)
        settled = now + timedelta(days=chance.uniform(0.1, 5))
        then.append((settled, choice.winner))
        _settled(rows, lead, account, choice.winner, now, settled, len(passed) + 1)
    return rows


def _offered(
    rows: _Rows, lead: UUID, turn: int, choice: Any, known: dict[str, Standing], now: datetime, *, is_declined: bool
) -> None:
    as_stored = candidates.as_json(choice, "rules", Field((), {}, {}, known))
    ended = State.DECLINED if is_declined else State.ACCEPTED
    rows.offers.append(
        {
            "workspace_id": HERE,
            "handoff_id": lead,
            "turn": turn,
            "taker_id": choice.winner,
            "is_routed": True,
            "card": new_id(),
            "choice": as_stored,
            "offered_at": now,
            "ended_at": now,
            "ended": ended,
        }
    )
    _changed(rows, lead, State.OFFERED, choice.winner, now)
    _changed(rows, lead, ended, choice.winner, now)


def _changed(rows: _Rows, lead: UUID, after: State, taker: str, at: datetime) -> None:
    n = 1 + sum(1 for each in rows.changes[-20:] if each["handoff_id"] == lead)
    row = {"workspace_id": HERE, "handoff_id": lead, "n": n, "before": None, "after": after, "taker_id": taker}
    rows.changes.append({**row, "at": at, "recorded_at": at, "id": new_id()})


def _settled(rows: _Rows, lead: UUID, account: UUID, taker: str, now: datetime, settled: datetime, turn: int) -> None:
    _changed(rows, lead, State.REQUALIFIED, taker, settled)
    rows.handoffs.append(
        {
            "workspace_id": HERE,
            "id": lead,
            "kind": Kind.SALE,
            "account_id": account,
            "giver_id": "U0SAM",
            "taker_id": taker,
            "state": State.REQUALIFIED,
            "turn": turn,
            "answers": {},
            "questions": [],
            "giver_card": new_id(),
            "recorded_at": now,
            "settled_at": settled,
            "origin": lead.hex,
        }
    )
