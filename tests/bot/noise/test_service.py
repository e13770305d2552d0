"""Reminders in vain move, five a day, and come back: services and planners on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from bot.activity import steps
from bot.errors import Refused
from bot.home import service as home
from bot.noise import queries, service
from bot.noise.acts import moves_of
from bot.noise.lines import Line, lines
from bot.noise.queries import Move
from bot.noise.rules import End, Why
from bot.noise.service import MOVED
from bot.reminders import service as reminders
from bot.reminders.rules import Kind
from bot.reminders.service import Act
from bot.schedule import service as schedule
from bot.store.engine import Store
from tests.bot.reminders.desk import (
    ANA,
    HERE,
    a_rep,
    found,
    logs,
    on,
    promises,
    rows,
    sent,
    tick,
    whats,
)

DAILY, FOLLOW_UP = Kind.DAILY, Kind.FOLLOW_UP
WED, THU, FRI, MON, TUE = (f"11-{day} 16:30" for day in (18, 19, 20, 23, 24))


def ticks(store: Store, *moments: str) -> list[str]:
    """Ticks at some moments, of each of which Slack takes what it says; which kinds came, but for the week ahead."""
    said = []
    for moment in moments:
        before = {row.id for row in rows(store)}
        tick(store, moment)
        for row in rows(store):
            if row.id not in before:
                sent(store, row, on(moment))
                said.append(row.kind)
    return [kind for kind in said if kind != Kind.WEEK_AHEAD]


def standing(store: Store, now: str) -> list[Move]:
    """What stands in Ana's digest at a moment."""
    with store.read() as tx:
        return moves_of(tx, HERE, ANA, on(now))


def held(store: Store, until: str = "12-31 00:00") -> list[tuple[str, Why]]:
    """What was held back from her."""
    with store.read() as tx:
        several = queries.held_between(tx, HERE, ANA, on("11-01 00:00"), on(until))
    return [(each.kind, each.why) for each in several]


def three_in_vain(store: Store) -> None:
    """On Wednesday, Thursday and Friday Ana was reminded, and logged nothing."""
    a_rep(store)
    assert ticks(store, WED, THU, FRI) == [DAILY] * 3


def test_the_fourth_is_a_line_of_the_digest_and_that_is_said_once(store: Store) -> None:
    three_in_vain(store)
    assert ticks(store, MON) == [MOVED]
    assert ticks(store, TUE, "11-25 16:30") == []
    assert held(store) == [(DAILY, Why.MOVED)] * 3
    (move,) = standing(store, "11-25 16:30")
    assert (move.kind, move.moved_at, move.until) == (DAILY, on(MON), on("12-05 00:00"))


def test_a_tick_that_is_repeated_holds_back_once(store: Store) -> None:
    three_in_vain(store)
    ticks(store, MON)
    with store.write() as tx:
        schedule.put(tx, HERE, DAILY, ANA, on(MON))
    assert ticks(store, MON) == []
    assert held(store) == [(DAILY, Why.MOVED)]


def test_to_log_anything_brings_it_back_at_once(store: Store) -> None:
    three_in_vain(store)
    ticks(store, MON)
    logs(store, 1, "11-24", now=on("11-24 11:00"))
    assert standing(store, "11-24 11:01") == []
    assert ticks(store, TUE) == [DAILY]
    with store.read() as tx:
        assert queries.last_moves(tx, HERE, [ANA], on(TUE))[ANA, DAILY].ended_by == End.ACTED


def test_then_three_more_have_to_be_in_vain(store: Store) -> None:
    three_in_vain(store)
    ticks(store, MON)
    logs(store, 1, "11-24", now=on("11-24 11:00"))
    days = [f"11-{day} 16:30" for day in (24, 25, 26)]
    assert ticks(store, *days) == [DAILY] * 3
    assert ticks(store, "11-27 16:30") == [MOVED]


def test_after_ten_working_days_it_comes_by_itself(store: Store) -> None:
    three_in_vain(store)
    ticks(store, MON)
    assert ticks(store, *(f"{day:%m-%d} 16:30" for day in _working_days(date(2026, 11, 24), date(2026, 12, 4)))) == []
    assert standing(store, "12-04 23:59") != []
    assert standing(store, "12-05 00:00") == []
    assert ticks(store, "12-07 16:30") == [DAILY]


def _working_days(first: date, last: date) -> Iterator[date]:
    days = (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
    return (day for day in days if day.weekday() < 5)


@pytest.mark.parametrize("moment", ["11-18 17:00", "11-19 10:00", "11-20 10:00", "11-23 10:00"])
def test_who_logs_in_between_goes_on_being_reminded(store: Store, moment: str) -> None:
    a_rep(store)
    days = (WED, THU, FRI, MON)
    said = ticks(store, *(day for day in days if day < moment))
    logs(store, 1, moment[:5], now=on(moment))
    assert said + ticks(store, *(day for day in days if day > moment)) == [DAILY] * 4


@pytest.mark.parametrize("act", [Act.NOT_TODAY, Act.LOGGED])
def test_an_answer_is_no_silence(store: Store, act: Act) -> None:
    three_in_vain(store)
    reminders.act(store, found(store), rows(store, DAILY)[0].id, act, on(FRI))
    assert ticks(store, MON) == [DAILY]


def test_bring_back_brings_it_back_and_the_message_shows_it(store: Store) -> None:
    three_in_vain(store)
    ticks(store, MON)
    (move,) = standing(store, MON)
    (message,) = [row for row in rows(store) if row.kind == MOVED]
    back = service.bring_back(store, found(store), move.id, on("11-24 09:00"))
    assert (back.ended_at, back.ended_by) == (on("11-24 09:00"), End.BROUGHT_BACK)
    (again,) = [row for row in rows(store) if row.kind == MOVED]
    assert again.version == message.version + 1
    assert service.bring_back(store, found(store), move.id, on("11-24 10:00")) == back
    assert ticks(store, TUE) == [DAILY]


def test_nobody_brings_back_what_is_anothers(store: Store) -> None:
    three_in_vain(store)
    ticks(store, MON)
    (move,) = standing(store, MON)
    ben = a_rep(store, "U0BEN")
    with pytest.raises(Refused):
        service.bring_back(store, ben, move.id, on(TUE))
    with pytest.raises(Refused):
        service.bring_back(store, found(store), UUID(int=1), on(TUE))
    assert standing(store, TUE) == [move]


def test_it_stands_on_home_in_the_overview_and_in_the_digest(store: Store) -> None:
    three_in_vain(store)
    ticks(store, MON, TUE)
    (move,) = standing(store, TUE)
    line = Line(DAILY, 2, (), move, was_moved=True)
    assert home.home(store, found(store), on("11-24 17:00")).instead == (line,)
    assert reminders.overview(store, found(store), on("11-24 17:00")).moved == (move,)
    with store.read() as tx:
        week = lines(tx, found(store), on("11-23 00:00"), on("11-30 00:00"), on("11-24 17:00"))
        before = lines(tx, found(store), on("11-16 00:00"), on("11-23 00:00"), on("11-24 17:00"))
    assert week == (line,)
    assert before == ()


def follow_ups_in_vain(store: Store) -> list[UUID]:
    """Three follow-ups, reminded of on three days, and none of them done; a fourth of the next."""
    a_rep(store, now=on("11-18 08:00"))
    days = ("11-18", "11-19", "11-20", "11-23")
    several = [promises(store, f"call {n}", day, time(10), now=on("11-18 08:00")) for n, day in enumerate(days)]
    assert ticks(store, *(f"{day} 10:00" for day in days[:3])).count(FOLLOW_UP) == 3
    return several


def test_follow_ups_in_vain_are_listed_in_the_digest(store: Store) -> None:
    follow_ups_in_vain(store)
    assert MOVED in ticks(store, "11-23 10:00")
    with store.read() as tx:
        (line,) = [
            each
            for each in lines(tx, found(store), on("11-23 00:00"), on("11-30 00:00"), on("11-23 12:00"))
            if each.kind == FOLLOW_UP
        ]
    assert (line.n, line.whats) == (1, ("call 3 · Acme",))


@pytest.mark.parametrize("do", ["finish", "postpone"])
def test_to_finish_or_move_one_brings_them_back_with_what_was_held_back(store: Store, do: str) -> None:
    several = follow_ups_in_vain(store)
    ticks(store, "11-23 10:00")
    held_one = several[-1]
    promises(store, "call Ben", "11-24", time(11), now=on("11-23 11:00"))
    if do == "finish":
        steps.finish(store, found(store), several[0], on("11-23 12:00"))
    else:
        steps.postpone(store, found(store), held_one, date(2026, 11, 26), on("11-23 12:00"))
    assert FOLLOW_UP not in [each.kind for each in standing(store, "11-23 12:01")]
    assert ticks(store, "11-24 11:00").count(FOLLOW_UP) == 1
    expected = ["call Ben", "call 3"] if do == "finish" else ["call Ben"]
    assert whats(store, rows(store, FOLLOW_UP)[-1]) == expected


def test_five_a_day_and_what_is_beyond_them_comes_with_the_next(store: Store) -> None:
    a_rep(store, now=on("11-18 08:00"))
    hours = range(9, 16)
    for hour in hours:
        promises(store, f"call at {hour}", "11-18", time(hour, 5), now=on("11-18 08:00"))
    said = ticks(store, *(f"11-18 {hour:02}:05" for hour in hours))
    assert said.count(FOLLOW_UP) == 5
    assert {why for _, why in held(store)} == {Why.ENOUGH}
    assert standing(store, "11-18 16:00") == []
    count = len(held(store))
    assert DAILY not in ticks(store, WED)
    promises(store, "call tomorrow", "11-19", time(10), now=on("11-18 17:00"))
    assert ticks(store, "11-19 10:00") == [FOLLOW_UP]
    assert len(whats(store, rows(store, FOLLOW_UP)[-1])) == 1 + count


def test_the_message_says_nothing_of_a_move_that_has_ended_before(store: Store) -> None:
    three_in_vain(store)
    tick(store, MON)
    (row,) = [row for row in rows(store) if row.kind == MOVED]
    assert row.useful_until == datetime(2026, 12, 5, tzinfo=UTC)
