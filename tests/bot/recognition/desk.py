"""The desk of quotas, with the leaderboard in `C0TEAM` and the ticks of recognition."""

from datetime import datetime
from typing import Any

from bot.delivery.outcome import Parcel
from bot.quota.metrics import CALLS, DEALS
from bot.recognition import milestones, planning, service
from bot.recognition.rules import Recognition
from bot.schedule import service as schedule
from bot.store.engine import Store
from tests.bot.quota.desk import Desk, at, period

W46 = period("2026-W46")
MONDAY = at(16, 9)


class Board(Desk):
    """The week of Monday 9 November: 5 working days of the 66 of the quarter and the 21 of November.

    - Dana wins 10,000 of 20,000 (264,000 ÷ 66 × 5), one deal of two, and calls 60 times of 50 (210 ÷ 21 × 5): 50 of 85.
    - Ana calls 25 times of 50 and sells nothing: 7.5 of 65.
    - Arun has a target for half of the weight only.
    - Cem has targets and is on vacation all week.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.now = at(2, 9)
        self.decides(Recognition("C0TEAM"))
        for whom in ("U0DANA", "U0ANA", "U0CEM"):
            self.sets(26_400_000, whom=whom)
            self.sets(210, whom=whom, metric=CALLS, when=period("2026-11"))
        self.sets(26_400_000, by=self.sam, whom="U0ARUN")
        self.sets(2, metric=DEALS, when=W46)
        self.now = at(10)
        self.wins(self.opens("Acme"), 10_000)
        self.logs(count=60)
        self.logs(by=self.ana, count=25)
        self.now = MONDAY

    def decides(self, wanted: Recognition, seen: Recognition | None = None) -> None:
        """Operations decide."""
        service.decide(self.store, self.sam, wanted, (seen or Recognition()).to_json(), self.now)

    def ticks(self) -> None:
        """A look at the jobs."""
        schedule.tick(self.store, planning.PLANNERS, self.now)

    def job(self) -> datetime | None:
        """When the leaderboard comes next."""
        with self.store.read() as tx:
            found = schedule.moments(tx, "T0BATON", [planning.NOBODY], [planning.LEADERBOARD])
        return found.get((planning.LEADERBOARD, planning.NOBODY, ""))

    def boards(self) -> list[Any]:
        """The leaderboards in the ledger."""
        return self.told(planning.LEADERBOARD)

    def milestones(self) -> list[tuple[str, bool]]:
        """The occasion of each milestone in the ledger, and whether it is undone."""
        found = []
        for row in self.told(milestones.REACHED):
            page = service.told_milestone(self.store, parcel_of(row, ts="1.0"), self.now)
            found.append((row.occasion, bool(page and page.is_undone)))
        return sorted(found)


def parcel_of(row: Any, ts: str | None = None) -> Parcel:
    """A row of the ledger in the hands of a sender."""
    names = "workspace_id id kind recipient occasion place subject way if_unsure version".split()
    rest = "useful_until channel act recorded_at".split()
    values = {name: getattr(row, name) for name in [*names, *rest]}
    return Parcel(**values, attempts=1, was_unsure=False, tried_at=row.recorded_at, ts=ts)
