"""What everybody reads in the course of a story, word by word: every message, and every change of one."""

import difflib
import os
import re
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from bot.delivery.model import Delivery
from bot.delivery.states import UNSENT
from bot.schedule.model import Job
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.wire.moved_clock import MovedClock
from tests.wire.nursery import TICK
from tests.wire.team import PATIENCE, Shown, Team

WRITE = "BATON_TEST_TRANSCRIPTS"
"""The variable that lets a run write the transcripts instead of comparing them: read them before you keep them."""


QUIET = 5 * TICK
"""Seconds without anything due after which nothing follows any more: longer than from one tick to the next."""

SOON = timedelta(seconds=3)
"""A message to somebody who has just got another waits a second."""

job, delivery = table_of(Job), table_of(Delivery)
DUE = select(job.c.kind).where(job.c.next_due_at <= bindparam("now", type_=job.c.next_due_at.type))
UNSAID = select(delivery.c.kind).where(
    or_(*(delivery.c.state == each.value for each in sorted(UNSENT))),
    delivery.c.not_before <= bindparam("now", type_=delivery.c.not_before.type),
)


class Transcript:
    """A story as its people read it.

    Args:
        team: the people.
        store: of the bot, to know when everything has been said.
        clock: of the bot.
        places: the conversations to watch: who looks, and where.
        zone: whose wall the times of the story are told by.
    """

    def __init__(
        self, team: Team, store: Store, clock: MovedClock, places: Sequence[tuple[str, str]], zone: ZoneInfo
    ) -> None:
        self._team, self._store, self._clock, self._places, self._zone = team, store, clock, places, zone
        self._seen: dict[tuple[str, str], str] = {}
        self._lines: list[str] = []
        self.messages: dict[str, int] = {}
        """How many messages stand with each person, or in each channel."""

    def types(self, person: str, text: str) -> Shown:
        """Somebody types a command and reads the reply."""
        reply = self._team.types(person, text)
        self.note(person, f"types `{text}` and reads:", _said(reply))
        return reply

    def note(self, who: str, what: str, *said: str) -> None:
        """Something happens."""
        self._lines += [f"{who} {what}", *(f"    {line}" for text in said for line in text.splitlines()), ""]

    def at(self, moment: datetime, title: str) -> None:
        """It becomes a later hour; what it brings about is written down."""
        self._clock.set(moment)
        self._lines += [f"== {moment.astimezone(self._zone):%a %H:%M}: {title} ==", ""]
        self.watch()

    def watch(self) -> None:
        """Wait until all is said, and write down what is new."""
        self._until_said()
        for person, channel in self._places:
            shown = self._team.messages(person, channel)
            self.messages[channel] = len(shown)
            for each in shown:
                key, said = (channel, str(each.raw["ts"])), _said(each)
                before = self._seen.get(key)
                if said != before:
                    self._seen[key] = said
                    self.note(_place(person, channel), "gets a message:" if before is None else "sees it change:", said)

    @property
    def text(self) -> str:
        """The whole."""
        return "\n".join(self._lines)

    def compare(self, path: Path) -> None:
        """Hold it against the one that stands, or write that."""
        if os.environ.get(WRITE):
            path.write_text(self.text, encoding="utf-8")
        known, told = path.read_text(encoding="utf-8").splitlines(), self.text.splitlines()
        assert told == known, "\n".join(
            difflib.unified_diff(known, told, "as it stands", "as it was told", lineterm="")
        )

    def _until_said(self) -> None:
        """Until no job is due and no message waits; what is to be said later may."""
        now = time.monotonic()
        deadline, quiet_since = now + PATIENCE, now
        while now < deadline:
            with self._store.read() as tx:
                if any(tx.execute(look, {"now": self._clock.now + SOON}).first() for look in (DUE, UNSAID)):
                    quiet_since = now
            if now - quiet_since > QUIET:
                return
            time.sleep(0.05)
            now = time.monotonic()
        raise AssertionError("something is still to be done or said")


def _place(person: str, channel: str) -> str:
    return person if channel.startswith("D") else f"#{channel}"


def _said(shown: Shown) -> str:
    """The words without the labels of buttons, and those on a line of their own; what notifications say above all."""
    labels = [f"[{label}]" for label in shown.buttons]
    words = [line for line in shown.text.splitlines() if line not in shown.buttons]
    is_told_twice = re.sub(r"\W", "", shown.fallback) in re.sub(r"\W", "", words[0])
    head = [] if is_told_twice else [f"({shown.fallback})"]
    return "\n".join([*head, *words, *([" ".join(labels)] if labels else [])])
