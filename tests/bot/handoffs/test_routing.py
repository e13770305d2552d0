"""Routing as it is lived: over the real service, who gets how many, and when what they got is due."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.absence import service as absence
from bot.absence.rules import Away
from bot.handoffs import queries, service
from bot.handoffs.queries import HandoffRow
from bot.handoffs.states import State
from bot.people import service as people
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.bot.handoffs.desk import HERE, MORNING, Team
from tests.factories import a_member, a_profile
from tests.lengths import length

ALL = ("DANA", "ARUN", "OLGA")


def gets(team: Team, how_many: int, first: int = 0) -> list[str]:
    """Who gets so many, a minute apart."""
    got = []
    for n in range(first, first + how_many):
        row = team.gives(f"Company {n}")
        got.append(row.taker_id or "")
        team.now += timedelta(minutes=1)
    return got


def deactivate(team: Team, person: str) -> None:
    people.remember(team.store, HERE, a_profile(id=person, name=person, zone="UTC", is_active=False), team.now)


@pytest.mark.parametrize("takers", [ALL[:2], ALL, (*ALL, "RITA", "IVAN")], ids=len)
def test_nobody_is_more_than_one_ahead(store: Store, takers: tuple[str, ...]) -> None:
    team = Team(store, *takers)
    got: Counter[str] = Counter({f"U0{each}": 0 for each in takers})
    for who in gets(team, 40):
        got[who] += 1
        assert max(got.values()) - min(got.values()) <= 1


@pytest.mark.parametrize(
    ("days_open", "days"),
    [(2, 8), (None, 1)],
    ids=["settled on the next day but one", "nothing is settled, on day one"],
)
@pytest.mark.short_on("sqlite")
def test_whoever_returns_is_not_flooded(store: Store, days_open: int | None, days: int) -> None:
    team = Team(store, *ALL)
    dana = team.takers[0]
    given: list[tuple[int, HandoffRow]] = []
    absence.declare(store, dana, Away(date(2026, 11, 18), date(2026, 12, 1), from_now=True), team.now)
    got: list[str | None] = []
    workdays = [day for day in range(14 + days + 2 * (days > 2)) if (MORNING + timedelta(days=day)).weekday() < 5]
    for today, day in enumerate(workdays):
        team.now = MORNING + timedelta(days=day)
        for then, row in given:
            if days_open and then == today - days_open:
                service.reject(store, team.taker(row), row.id, "no-need", None, team.now)
        for n in range(length(6, 10) if days > 1 else 10):
            row = team.gives(f"Company {day}.{n}")
            row = service.accept(store, team.taker(row), row.id, team.now)
            given.append((today, row))
            got += [row.taker_id] if day >= 14 else []
            assert row.taker_id != dana.id or day >= 14
            team.now += timedelta(minutes=1)
    tens = [got[start : start + 10].count(dana.id) for start in range(len(got) - 9)]
    assert max(tens) <= 10 / 3 + 1, tens
    assert got.count(dana.id) >= len(got) / 5  # and not starved


def test_whoever_is_deactivated_gets_nothing_from_that_moment(store: Store) -> None:
    team = Team(store, *ALL)
    gets(team, 6)
    deactivate(team, "U0DANA")
    assert "U0DANA" not in gets(team, 6, 6)
    service.move_on(store, HERE, ["U0DANA"], team.now)
    with store.read() as tx:
        assert queries.with_people(tx, HERE, ["U0DANA"]) == []


def test_a_cap_is_kept_and_what_is_beyond_all_of_them_waits(store: Store) -> None:
    team = Team(store, *ALL)
    workspace.change(store, team.sam, {Setting.ROUTING: {"caps": {"U0DANA": 1}, "cap": 3}}, team.now)
    got = Counter(gets(team, 9))
    assert got == {"U0DANA": 1, "U0ARUN": 3, "U0OLGA": 3, "": 2}
    assert team.gives("Hooli", to="U0DANA").taker_id == "U0DANA"  # whoever names them knows better


def test_the_owner_keeps_their_account_unless_they_are_full_or_gone(store: Store) -> None:
    team = Team(store, *ALL)
    row = service.accept(store, team.takers[2], team.gives(to="U0OLGA").id, team.now)
    service.requalify(store, team.takers[2], row.id, {}, None, team.now)
    for n in range(3):
        team.gives(f"Company {n}", to="U0OLGA")
    again = team.gives()
    assert again.taker_id == "U0OLGA"
    with store.read() as tx:
        assert queries.offers(tx, HERE, again.id)[0].choice["rule"] == "owner"
        assert queries.credit_of(tx, HERE, again.kind) == {}  # it was nobody's turn
    service.withdraw(store, team.ana, again.id, team.now)
    workspace.change(store, team.sam, {Setting.ROUTING: {"caps": {"U0OLGA": 3}}}, team.now)
    again = team.gives()
    assert again.taker_id != "U0OLGA"
    service.withdraw(store, team.ana, again.id, team.now)
    deactivate(team, "U0OLGA")
    assert team.gives().taker_id in {"U0DANA", "U0ARUN"}


NEW_YORK, KOLKATA = "America/New_York", "Asia/Kolkata"
AT = "at {:%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("given", "due"),
    [
        # Friday, 17:30 in Kolkata is 07:00 in New York: from 09:00 to 10:00 there
        (datetime(2027, 2, 12, 12, 0, tzinfo=UTC), datetime(2027, 2, 12, 15, 0, tzinfo=UTC)),
        # Friday, 17:00 in New York: half an hour then, and half of one on Tuesday: Monday is Washington's Birthday
        (datetime(2027, 2, 12, 22, 0, tzinfo=UTC), datetime(2027, 2, 16, 14, 30, tzinfo=UTC)),
        # Friday, 17:30 in New York, to the second the end of the day: an hour of Tuesday
        (datetime(2027, 2, 12, 22, 30, tzinfo=UTC), datetime(2027, 2, 16, 15, 0, tzinfo=UTC)),
        # the clocks go forward on Sunday, 14 March 2027: 09:30 on Monday is 13:30 in UTC, no more 14:30
        (datetime(2027, 3, 12, 22, 0, tzinfo=UTC), datetime(2027, 3, 15, 13, 30, tzinfo=UTC)),
        # and back on Sunday, 7 November 2027: 17:00 is 21:00 in UTC on Friday, and 09:30 is 14:30 on Monday
        (datetime(2027, 11, 5, 21, 0, tzinfo=UTC), datetime(2027, 11, 8, 14, 30, tzinfo=UTC)),
    ],
    ids=AT.format,
)
def test_when_an_offer_is_due(store: Store, given: datetime, due: datetime) -> None:
    team = Team(store)
    dana = a_member(store, "U0DANA", "AE", zone=NEW_YORK)
    indira = a_member(store, "U0INDIRA", "SDR", zone=KOLKATA)
    team.now = given
    row = team.gives(by=indira, to=dana.id)
    with store.read() as tx:
        assert queries.offers(tx, HERE, row.id)[0].due_at == due
    team.now = due - timedelta(minutes=5)
    team.passes(minutes=4)
    assert team.row(row.id).state is State.OFFERED
    team.passes(minutes=1)
    assert team.states(row.id) == ["offered DANA", "expired DANA", "waiting"]


def test_on_the_evening_before_a_public_holiday_the_rules_ask_whoever_comes_sooner(store: Store) -> None:
    team = Team(store)
    a_member(store, "U0DANA", "AE", zone=NEW_YORK)
    team.now = datetime(2027, 2, 12, 23, 0, tzinfo=UTC)  # Friday, 18:00 there; Monday is Washington's Birthday
    row = team.gives()
    assert row.state is State.WAITING
    a_member(store, "U0ARUN", "AE", zone="Europe/Berlin")
    assert team.gives("Globex").taker_id == "U0ARUN"


def test_half_a_day_away_is_half_a_day_of_the_clock(store: Store) -> None:
    team = Team(store, "DANA")
    team.now += timedelta(hours=2, minutes=45)  # 12:45
    half = Away(team.now.date(), team.now.date(), start=time(13, 15), end=time(17, 30))
    absence.declare(store, team.takers[0], half, team.now)
    row = team.gives()
    with store.read() as tx:
        assert queries.offers(tx, HERE, row.id)[0].due_at == datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
    team.now += timedelta(minutes=30)
    assert service.move_on(store, HERE, (), team.now) == 1  # the afternoon begins: it does not lie there


def test_what_waits_is_offered_when_the_first_begins_and_not_half_an_hour_later(store: Store) -> None:
    team = Team(store, "DANA")
    day = team.now.date()
    absence.declare(store, team.takers[0], Away(day, day, end=time(13, 15), from_now=True), team.now)
    team.now += timedelta(minutes=10)
    row = team.gives()
    assert row.state is State.WAITING
    team.passes(hours=3)
    assert team.row(row.id).state is State.WAITING
    team.passes(minutes=5)
    assert team.row(row.id).taker_id == "U0DANA"


@pytest.mark.parametrize("seed", range(length(1, 5)))
def test_half_a_day_away_gets_nothing_and_no_phantom(store: Store, seed: int) -> None:
    team = Team(store, *ALL)
    gets(team, 6)
    day = team.now.date()
    absence.declare(store, team.takers[seed % 3], Away(day, day, end=time(13, 15), from_now=True), team.now)
    away = team.takers[seed % 3].id
    assert away not in gets(team, 6, 6)
    team.now = MORNING.replace(hour=13, minute=20)
    with store.read() as tx:
        before = queries.credit_of(tx, HERE, team.gives("Initech").kind)[away]
    assert before.phantom == 0
