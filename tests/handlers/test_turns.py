"""Requests of Slack's take turns: only so many are worked on at a time, and how long one waited is known."""

import asyncio
import threading
import time
from typing import cast

import httpx
import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.applications import Starlette

from bot.store.patience import PATIENCE, left
from handlers import server
from handlers.replays import STAMP
from handlers.server import new_executor, web_app

WORK = 0.05


class Busy:
    """Works on everything for a moment, and sees how many it has in hand, and how much patience each has left."""

    def __init__(self) -> None:
        self.in_hand = self.most = 0
        self.left: list[float] = []
        self._turn = threading.Lock()

    def dispatch(self, _: BoltRequest) -> BoltResponse:
        with self._turn:
            self.in_hand += 1
            self.most = max(self.most, self.in_hand)
            self.left.append(left())
        time.sleep(WORK)
        with self._turn:
            self.in_hand -= 1
        return BoltResponse(status=200)


async def all_at_once(pages: Starlette, requests: int) -> list[int]:
    transport, stamp = httpx.ASGITransport(pages), {STAMP: str(int(time.time()))}
    async with httpx.AsyncClient(transport=transport, base_url="http://baton") as http:
        sent = (http.post("/slack/events", content="x=1", headers=stamp) for _ in range(requests))
        return [each.status_code for each in await asyncio.gather(*sent)]


def test_only_so_many_are_worked_on_at_a_time_and_waiting_takes_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "AT_ONCE", 2)
    bolt = Busy()
    with new_executor(8) as executor:
        pages = web_app(lambda: None, lambda: b"", cast(App, bolt), executor)
        assert asyncio.run(all_at_once(pages, 8)) == [200] * 8
    assert bolt.most == 2
    assert min(bolt.left) < PATIENCE - 2 * WORK
