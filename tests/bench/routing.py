"""What a choice among five hundred costs, and how fair a quarter of ten thousand leads comes out."""

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.routing import standing
from bot.routing.replay import Share, replay
from bot.routing.rules import Lead, route
from bot.routing.standing import Standing, Taker
from bot.working_time.hours import STANDARD
from bot.working_time.presence import Schedule, Span
from tests.bot.routing.quarter import OFFICES, PERIOD, SEED, Office, Quarter, beyond, chances, leaves, quarter

AES, RULES, ROUNDS = 500, 50, 40
LEADS = 10_000
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
WEEK = timedelta(days=7)


def measure() -> None:
    """Print the tables."""
    _choice()
    _quarter()


def _choice() -> None:
    """In turn in every round. All are within their hours and every lead is nearly everybody's: the most to look at."""
    takers, known = _team()
    looked = standing.caught_up(takers, known, NOW)
    candidates = standing.candidates(takers, looked, NOW)
    what: dict[str, Callable[[Lead], object]] = {
        "the choice itself": lambda lead: route(lead, candidates),
        "with hours, holidays and waiting worked out anew": lambda lead: standing.choose(lead, takers, known, NOW),
    }
    took: dict[str, list[float]] = {name: [] for name in what}
    for n in range(ROUNDS):
        for name, does in what.items():
            lead, began = Lead(f"L{n}", f"T{n % RULES}", f"S{n % 2}"), time.process_time()
            does(lead)
            took[name].append(1000 * (time.process_time() - began))
    print(f"\n| one lead among {AES} AEs under {RULES} territory and segment rules | median ms of processor time |")
    print("|---|---|")
    for name, each in took.items():
        print(f"| {name} | {statistics.median(each):.1f} |")


def _team() -> tuple[list[Taker], dict[str, Standing]]:
    chance = random.Random(SEED)
    schedule = Schedule(ZoneInfo("Europe/Berlin"), STANDARD, "DE", "BE")
    every = frozenset(f"T{n}" for n in range(RULES))
    takers = [
        Taker(f"U{n:04}", schedule, 1 + n % 2, 60, every - {f"T{n % RULES}"}, frozenset({"S0", "S1"}))
        for n in range(AES)
    ]
    known = {
        each.id: Standing(
            open=each.weight * chance.randint(8, 10),
            credit=Fraction(chance.randint(-(10**6), 10**6), 10**6),
            returned_at=NOW - timedelta(days=60),
            offered_at=NOW - timedelta(hours=chance.randint(1, 100)),
            seen_at=NOW - timedelta(minutes=5),
        )
        for each in takers
    }
    return takers, known


def _quarter() -> None:
    lived = quarter(LEADS, SEED)
    shares = {each.taker: each for each in replay(lived.events, lived.takers, PERIOD).shares}
    heads = (f"{LEADS:,} leads in a quarter", "people", "leads", "fair share", "of it", "each of them")
    print(f"\n| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    for office in OFFICES:
        for weight in sorted(set(office.weights)):
            _print_group(lived, shares, office, int(weight))
    back = [(each, Span(leave.end, leave.end + WEEK)) for each in lived.takers for leave in leaves(each)]
    before = [(each, Span(leave.start - WEEK, leave.start)) for each in lived.takers for leave in leaves(each)]
    first = max(beyond(chances(lived, each, week)[:10]) for each, week in back)
    print(
        f"\n{len(back)} returns after a fortnight: of the first ten leads at most {first} beyond the fair share, "
        f"of any ten in the week after {_worst(lived, back)}, in the week before the leave {_worst(lived, before)}"
    )


def _print_group(lived: Quarter, shares: dict[str, Share], office: Office, weight: int) -> None:
    group = [shares[each.id] for each in lived.takers if each.id.startswith(office.name) and each.weight == weight]
    got, fair = sum(each.got for each in group), float(sum(each.fair for each in group))
    parts = sorted(float(each.got / each.fair) for each in group)
    cells = (f"{office.name}, weight {weight}", len(group), f"{got:,}", f"{fair:,.0f}", f"{got / fair:.2f}")
    print(f"| {' | '.join(map(str, cells))} | {parts[0]:.2f} to {parts[-1]:.2f} |")


def _worst(lived: Quarter, whose: list[tuple[Taker, Span]]) -> int:
    """The most that somebody got beyond their fair share of any ten leads in a row."""
    runs = [chances(lived, taker, span) for taker, span in whose]
    return max(beyond(run[start : start + 10]) for run in runs for start in range(max(1, len(run) - 9)))


if __name__ == "__main__":
    measure()
