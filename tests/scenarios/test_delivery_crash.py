"""What Baton says of its own accord arrives once, although those who send it are killed without a warning."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery.states import State
from tests.databases import DATABASES
from tests.lengths import length
from tests.wire.drill import OFFER, REMINDER, Drill, Sending, a_slack, a_store
from tests.wire.nursery import Nursery
from tests.wire.sending import POINTS
from tests.wire.team import Team

ROWS = length(150, 1_000)
"""Under way while somebody is killed."""

KILLS = length(2, 170)
"""For each set-up; 510 in all at full length."""

SET_UPS = [
    pytest.param("sqlite", 1, id="sqlite-one-process"),
    pytest.param("postgresql", 1, id="postgresql-one-process"),
    pytest.param("postgresql", 3, id="postgresql-three-processes"),
]


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """The app may look whether its messages have arrived."""
    with a_slack(tmp_path_factory.mktemp("slack")) as team:
        yield team


@pytest.fixture(scope="module")
def slack_without_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """It may not."""
    with a_slack(tmp_path_factory.mktemp("slack"), is_readable=False) as team:
        yield team


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery("tests.wire.sending")
    yield found
    found.close()


@pytest.fixture(params=["slack"], ids=[""])
def drill(request: pytest.FixtureRequest, nursery: Nursery, database: str, tmp_path: Path) -> Iterator[Drill]:
    team = request.getfixturevalue(request.param)
    found = Drill(team, a_store(request, database, tmp_path), nursery, tmp_path)
    yield found
    found.close()


without_history = pytest.mark.parametrize("drill", ["slack_without_history"], ids=["no-history"], indirect=True)


@pytest.fixture
def chance() -> random.Random:
    """Chance that can be repeated."""
    seed = int(os.environ.get("BATON_TEST_SEED") or random.randrange(2**32))
    print(f"BATON_TEST_SEED={seed}")
    return random.Random(seed)


@pytest.mark.parametrize("database", DATABASES)
def test_a_death_at_any_point_of_a_rows_way_loses_and_doubles_nothing(drill: Drill, chance: random.Random) -> None:
    die_at_each_point(drill, chance)
    finish(drill)
    drill.check_once()


@without_history
@pytest.mark.parametrize("database", DATABASES)
def test_where_nobody_can_look_offers_are_not_lost_and_reminders_not_doubled(
    drill: Drill, chance: random.Random
) -> None:
    die_at_each_point(drill, chance)
    before = drill.uncertain()
    last = finish(drill)
    check_offers_and_reminders(drill)
    uncertain = drill.uncertain()
    print(f"{len(drill.told)} rows, uncertain {len(uncertain)}")
    assert last.counted(UNCERTAIN) == len(uncertain - before) > 0


@pytest.mark.long
@pytest.mark.timeout(120 + 10 * KILLS)
@pytest.mark.parametrize(("database", "senders"), SET_UPS)
def test_kills_at_any_moment_lose_and_double_nothing(drill: Drill, senders: int, chance: random.Random) -> None:
    sums = kill_at_random(drill, senders, chance, KILLS)
    drill.check_once()
    report(drill, senders, sums)


@pytest.mark.long
@pytest.mark.timeout(120 + 10 * KILLS)
@without_history
@pytest.mark.parametrize(("database", "senders"), SET_UPS[length(2, 0) :])
def test_kills_where_nobody_can_look_lose_no_offer_and_double_no_reminder(
    drill: Drill, senders: int, chance: random.Random
) -> None:
    sums = kill_at_random(drill, senders, chance, length(1, 30))
    check_offers_and_reminders(drill)
    report(drill, senders, sums)


def die_at_each_point(drill: Drill, chance: random.Random) -> None:
    """One process after the other dies on the way, each further along."""
    for point in POINTS:
        drill.tell(80, OFFER, REMINDER)
        sender = drill.sender("--die-at", point, "--at", str(chance.randint(*MOMENTS[point]))).start()
        assert sender.ended() == -signal.SIGKILL, sender.said()


def finish(drill: Drill) -> Sending:
    """A last process sends what the others have left; its lease is too long for it to count a row twice."""
    drill.lease = 20.0
    last = drill.sender().start()
    drill.finish()
    last.stop()
    return last


UNCERTAIN = 'baton_deliveries_uncertain_total{kind="drill_reminder"}'

MOMENTS = {"before_claim": (1, 1), "claimed": (1, 40), "sent": (1, 40), "stored": (1, 2)}
"""Which time the point is reached: the first row, or one of many."""


def kill_at_random(drill: Drill, how_many: int, chance: random.Random, kills: int) -> Counter[str]:
    """Kill one sender and start it again, so many times; then let all of them finish."""
    drill.lease = 2.0 * min(how_many, 2)
    senders = [drill.sender().start() for _ in range(how_many)]
    sums: Counter[str] = Counter()
    for _ in range(kills):
        drill.top_up(ROWS, OFFER, REMINDER)
        victim = chance.choice(senders)
        victim.wait()
        time.sleep(chance.uniform(0, ROWS / 1_500))  # well before all of them are sent
        victim.kill()
        sums.update(kills=1, held=drill.states()[State.CLAIMED])
        victim.start()
    drill.finish(length(60, 300))
    for sender in senders:
        sender.stop()
    return sums


def check_offers_and_reminders(drill: Drill) -> None:
    """No offer is lost, no reminder has come twice, and those that may be lost are known."""
    assert drill.lost(OFFER) == set()
    assert drill.doubled(REMINDER) == set()
    uncertain = drill.uncertain()
    assert {drill.told[key] for key in uncertain} <= {REMINDER}
    assert drill.lost(REMINDER) <= uncertain
    assert drill.states() == Counter({State.SENT: len(drill.told) - len(uncertain)}) + Counter(
        {State.DROPPED: len(uncertain)}
    )


def report(drill: Drill, senders: int, sums: Counter[str]) -> None:
    """One line for whoever reads the run."""
    database = "sqlite" if drill.store.is_sqlite else "postgresql"
    figures = f"{sums['kills']} kills, {len(drill.told)} rows, {sums['held']} held when killed"
    kinds = [f"{kind}: lost {len(drill.lost(kind))}, doubled {len(drill.doubled(kind))}" for kind in (OFFER, REMINDER)]
    print(f"{database}, {senders} at once: {figures}; {'; '.join(kinds)}; uncertain {len(drill.uncertain())}")
