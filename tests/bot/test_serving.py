"""Who is looked after, tick by tick, where many workspaces are served."""

from typing import cast

import pytest

from bot import serving
from bot.errors import StoreUnavailable
from bot.serving import Rounds
from bot.upkeep import Upkeep


def rounds(served: list[str], seen: list[str]) -> Rounds:
    """Rounds among these, which note whom they have looked after; one of them always fails."""

    def make(workspace_id: str) -> Upkeep:
        def look() -> None:
            seen.append(workspace_id)
            if workspace_id == "T2":
                raise StoreUnavailable

        return cast(Upkeep, look)

    return Rounds(make, lambda: tuple(served))


def test_one_tick_looks_after_all_for_whom_there_is_time() -> None:
    seen: list[str] = []
    rounds(["T1", "T2", "T3"], seen)()
    assert seen == ["T1", "T2", "T3"]


def test_the_next_tick_goes_on_where_the_time_was_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "SHARE", 0.0)
    seen: list[str] = []
    tick = rounds(served := ["T1", "T2", "T3", "T4"], seen)
    for _ in range(2):
        tick()
    served.remove("T3")
    for _ in range(4):
        tick()
    assert seen == ["T1", "T2", "T4", "T1", "T2"]
