"""What is looked after now and then, beside what jobs and requests ask for."""

import random
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from bot.clock import Clock
from bot.coaching import reminding as trainings
from bot.delivery import claims
from bot.digest import service as digests
from bot.errors import BotError
from bot.handoffs import glances
from bot.handoffs import service as handoffs
from bot.leads import planning as leads
from bot.ops.causes import caused_by
from bot.performance import shares
from bot.recognition import service as recognition
from bot.reminders import service as reminders
from bot.store.engine import Store
from bot.store.walls import within

log = structlog.get_logger()

REMINDERS_EVERY, LEDGER_EVERY = 15 * 60.0, 24 * 3600.0
"""Seconds between two looks for people without the jobs that they should have (an import is another process), and
between two clearings of the ledger."""

SPREAD = 0.5
"""The part of that time by which a look may come sooner: all workspaces get their first one as the process starts, and
not all the later ones together.
"""

LEDGER_PAGE = 2000

LEDGER_KEPT = timedelta(days=120)
"""How long a settled row is kept: ten weeks in a row are looked back upon."""


class Upkeep:
    """Called with every tick; what fails is tried again with the next. `concern` hears whose Home shows something else
    for it.
    """

    def __init__(
        self,
        store: Store,
        workspace_id: str,
        now: Clock,
        concern: Callable[[Collection[str]], None] = lambda _people: None,
    ) -> None:
        self._store, self._workspace_id, self._now, self._concern = store, workspace_id, now, concern
        self._reminders_at = self._ledger_at = 0.0
        self._shares_at = datetime.min.replace(tzinfo=UTC)

    def is_due(self, moment: float, now: datetime) -> bool:
        """Whether there is something to do, at a moment by `time.monotonic` and by the clock (UTC)."""
        return moment >= min(self._reminders_at, self._ledger_at) or now >= self._shares_at

    def __call__(self) -> None:
        """Do what is due."""
        with caused_by("upkeep", "job"), within(self._workspace_id):
            self._look_after()

    def _look_after(self) -> None:
        moment = time.monotonic()
        if moment >= self._reminders_at:
            reminders.ensure(self._store, self._workspace_id, (), self._now())
            digests.ensure(self._store, self._workspace_id, (), self._now())
            trainings.ensure(self._store, self._workspace_id, (), self._now())
            recognition.ensure(self._store, self._workspace_id, self._now())
            self._move_on(())
            self._reminders_at = moment + REMINDERS_EVERY * random.uniform(SPREAD, 1.0)  # noqa: S311 - to spread them
        if moment >= self._ledger_at:
            self._forget()
            self._ledger_at = moment + LEDGER_EVERY
        if self._now() >= self._shares_at:
            self._shares_at = shares.keep_today(self._store, self._workspace_id, self._now())

    def _forget(self) -> None:
        """Delete what was settled long ago, in pages: others write meanwhile."""
        before = self._now() - LEDGER_KEPT
        ids: list[UUID] | None = None
        while ids is None or len(ids) == LEDGER_PAGE:
            with self._store.read() as tx:
                ids = claims.settled_before(tx, self._workspace_id, before, LEDGER_PAGE)
            if ids:
                with self._store.write() as tx:
                    claims.forget(tx, self._workspace_id, ids)

    def day(self, person_ids: Collection[str]) -> None:
        """The day's figures of these people have changed."""
        now = self._now()
        try:
            with within(self._workspace_id):
                self._day_changed(person_ids, now)
        except BotError as error:
            log.warning("messages_not_current", reason=str(error.__cause__ or error))

    def _day_changed(self, person_ids: Collection[str], now: datetime) -> None:
        reminders.count_anew(self._store, self._workspace_id, person_ids, now)
        leads.touched(self._store, self._workspace_id, person_ids, now)
        self._concern(handoffs.touched(self._store, self._workspace_id, person_ids, now))

    def reminders(self, person_ids: Collection[str]) -> None:
        """Something changed about these people, or (none named) about everybody; what fails comes with a later tick."""
        try:
            with within(self._workspace_id):
                self._plan_anew(person_ids)
        except BotError as error:
            log.warning("reminders_not_planned", reason=str(error.__cause__ or error))
            self._reminders_at = 0.0

    def _plan_anew(self, person_ids: Collection[str]) -> None:
        self._move_on(person_ids)
        reminders.ensure(self._store, self._workspace_id, person_ids, self._now())
        digests.ensure(self._store, self._workspace_id, person_ids, self._now())
        trainings.ensure(self._store, self._workspace_id, person_ids, self._now())
        if not person_ids:
            recognition.ensure(self._store, self._workspace_id, self._now())

    def _move_on(self, person_ids: Collection[str]) -> None:
        now = self._now()
        if handoffs.move_on(self._store, self._workspace_id, person_ids, now):
            self._concern(glances.concerned_by_baton(self._store, self._workspace_id, now))
