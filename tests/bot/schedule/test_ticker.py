"""The ticks: one act after the other, whatever becomes of one of them; ticks that come late are counted."""

import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from bot.errors import StoreUnavailable
from bot.schedule.ticker import EVERY, LATE, Ticker


class Meter:
    """Remembers the ticks."""

    def __init__(self) -> None:
        self.late: list[bool] = []
        self.three = threading.Event()

    def ticked(self, *, late: bool) -> None:
        """A tick is over."""
        self.late.append(late)
        if len(self.late) >= 3:
            self.three.set()


def raising(error: Exception) -> Callable[[], object]:
    """An act that fails."""

    def act() -> object:
        raise error

    return act


def test_a_tick_does_everything_in_order() -> None:
    done: list[int] = []
    meter = Meter()
    Ticker([lambda: done.append(1), lambda: done.append(2), lambda: done.append(3)], meter).tick()
    assert done == [1, 2, 3]
    assert meter.late == [False]


@pytest.mark.parametrize("error", [StoreUnavailable(), ZeroDivisionError()])
def test_an_act_that_fails_stops_neither_the_others_nor_the_next_tick(error: Exception) -> None:
    done: list[str] = []
    meter = Meter()
    running = Ticker([lambda: done.append("before"), raising(error), lambda: done.append("after")], meter)
    running.tick()
    running.tick()
    assert done == ["before", "after"] * 2
    assert len(meter.late) == 2


@pytest.mark.parametrize(
    ("seconds", "late"),
    [
        pytest.param(EVERY, False, id="in time"),
        pytest.param(LATE, False, id="just in time"),
        pytest.param(LATE + 0.1, True, id="late"),
        pytest.param(3600.0, True, id="after an hour's sleep"),
    ],
)
def test_a_tick_that_comes_long_after_the_one_before_is_late(
    seconds: float, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("bot.schedule.ticker.time", SimpleNamespace(monotonic=lambda: now[0]))
    meter = Meter()
    running = Ticker([], meter)
    running.tick()
    now[0] += seconds
    running.tick()
    now[0] += EVERY
    running.tick()
    assert meter.late == [False, late, False]


def test_it_ticks_by_itself_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.schedule.ticker.EVERY", 0.05)
    meter = Meter()
    running = Ticker([], meter)
    running.start()
    assert meter.three.wait(30)
    running.stop()
    ticks = len(meter.late)
    meter.three.clear()
    assert not meter.three.wait(0.5)
    assert len(meter.late) == ticks


def test_stopping_waits_for_the_tick_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def act() -> None:
        began.set()
        assert may_end.wait(30)
        ended.set()

    monkeypatch.setattr("bot.schedule.ticker.EVERY", 0.05)
    running = Ticker([act], Meter())
    running.start()
    assert began.wait(30)
    threading.Timer(0.2, may_end.set).start()
    running.stop()
    assert ended.is_set()


def test_what_never_ran_can_be_stopped() -> None:
    Ticker([], Meter()).stop()
