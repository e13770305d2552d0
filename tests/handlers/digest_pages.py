"""Digests of teams of any size, made up but in proportion: what views and pictures are made from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.attainment.pages import GroupPage, GroupPart, Part, Row, When
from bot.deals.lately import Won
from bot.deals.states import Kind as Sold
from bot.digest.attention import needs
from bot.digest.pages import Clocks, Handoffs, LateDeal, Mate, Movement, Pace, TeamPage
from bot.figures.conversion import Handed, WinShares
from bot.figures.spread import spread
from bot.money import Money
from bot.performance.deals import Calendar
from bot.performance.facts import Facts, Group, Scope
from bot.performance.figures import Span, figures
from bot.quota.metrics import REVENUE, SQLS
from bot.quota.pace import Days
from bot.quota.pace import Pace as PaceNow
from bot.quota.periods import Kind, Period, following, period_of
from bot.quota.shares import RollUp
from bot.quota.standing import Standing

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
WHEN = When(NOW, TODAY, BERLIN, BERLIN)
W47 = period_of(Kind.WEEK, date(2026, 11, 20))
Q4 = period_of(Kind.QUARTER, TODAY)
NOVEMBER = period_of(Kind.MONTH, TODAY)
GONE = Days(Fraction(37), Fraction(28))
FIRST = "Ana Arun Dana Devon Mina Roman Ольга Zoë Maximilian-Alexander Björk".split()
LAST = "Ruiz Mehta Lee Clarke Park Иванова Смирнова Øst von Hohenzollern-Sigmaringen Li".split()


def a_team_page(size: int, *, period: Period = W47, seed: int = 7) -> TeamPage:
    """A week of a team of so many; everything in it grows with the team, and is the same for the same seed."""
    dice = Random(seed)
    mates = tuple(_mate(dice, n) for n in range(size))
    earlier = following(period, by=-1)
    span = Span(period.first, period.last, TODAY, NOW)
    facts = Facts(Calendar(BERLIN, "EUR"), Scope("T0", None, earlier.first, period.last))
    empty = figures(facts, Group(), span, WinShares({}, {}))
    total = Money("EUR", sum(mate.revenue for mate in mates))
    taken = Handed(accepted=2 * size, expired=size // 4)
    now = replace(empty, volume=replace(empty.volume, value=total), taken=taken)
    target = 12_000_000 * size
    achieved = sum(mate.revenue for mate in mates) * 4
    part = Part(REVENUE, Q4, Standing(achieved, target, GONE), bool(size))
    group = GroupPart(part, RollUp(None, target, 0))
    whole = GroupPage(None, None, (group,) if size else (), group if size else None, (), WHEN, "EUR", True)
    won = tuple(
        Won(UUID(int=n), f"Company {n}", mate.person_id, "U0", Sold.NEW, Money("EUR", mate.revenue), NOW)
        for n, mate in enumerate(mates)
        if mate.revenue
    )
    late = tuple(
        LateDeal(str(n), f"Umbrella {n}", mates[n].person_id, Money("EUR", 4_800_000 - n), 3 + n)
        for n in range(size // 4)
    )
    offered = [timedelta(minutes=dice.randrange(4, 300)) for _ in range(size * 2)]
    before = [each + timedelta(minutes=75) for each in offered]
    return TeamPage(
        period,
        earlier,
        WHEN,
        "EUR",
        False,
        whole,
        mates,
        now,
        empty,
        Handoffs(
            Clocks(spread([timedelta(seconds=2)] * len(offered)), spread(offered)),
            Clocks(spread([timedelta(seconds=2)] * len(before)), spread(before)),
            {"full": size // 3, "not-mine": size // 5} if size > 4 else {},
            {"no-budget": size // 4} if size > 3 else {},
        ),
        Movement((size, total), (len(won), total), (size // 2, total), (size * 6, Money("EUR", 30_000_00 * size))),
        won,
        {mate.person_id: mate.name for mate in mates} | {"U0": "Ana Ruiz"},
        _paces(dice, part.standing) if size else (),
        late,
        size // 8,
    )


def _paces(dice: Random, standing: Standing) -> tuple[Pace, ...]:
    """Those of six weeks; the last one is what the standing of today says."""
    assert isinstance(standing.pace, PaceNow)
    shares = [Fraction(dice.randrange(78, 112), 100) for _ in range(5)]
    return tuple(Pace(following(W47, by=n - 5), share) for n, share in enumerate([*shares, standing.pace.share]))


def _mate(dice: Random, n: int) -> Mate:
    name = f"{FIRST[n % len(FIRST)]} {LAST[(n // len(FIRST) + n) % len(LAST)]}"
    seller = n % 3 != 1
    standing = (
        Standing(dice.randrange(2_000_000, 12_000_000), 12_000_000, GONE)
        if seller
        else Standing(dice.randrange(2, 16), 14, GONE)
    )
    person = f"U{n:05}"
    row = Row(person, name, standing, True)
    calls, before = dice.randrange(0, 240), dice.randrange(60, 240)
    activity = {"call": calls, "email": calls // 2, "demo": calls // 30} if dice.random() > 0.05 else {}
    done = sum(activity.values())
    found = needs(
        row,
        done=done,
        before=before,
        worked=Fraction(5),
        breached=int(dice.random() < 0.08),
        untouched=dice.randrange(1, 4) if dice.random() < 0.06 else 0,
        is_running=False,
    )
    period = Q4 if seller else NOVEMBER
    won = dice.randrange(500_000, 4_000_000) if seller and dice.random() < 0.4 else 0
    return Mate(
        person,
        name,
        (Part(REVENUE if seller else SQLS, period, standing, True),),
        activity,
        {"call": before},
        Fraction(5),
        0 if seller else dice.randrange(0, 9),
        bool(won),
        won,
        needs=found,
    )
