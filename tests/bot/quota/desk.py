"""A team with targets: a manager, an SDR, two account executives, operations; deals, calls and leads of theirs."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from bot.access.actor import Actor
from bot.activity import service as activity
from bot.activity.entry import Kind as Logged
from bot.handoffs import service as handoffs
from bot.handoffs.giving import Giving, give
from bot.handoffs.rules import Answer, Known
from bot.quota import service
from bot.quota.metrics import REVENUE, Metric
from bot.quota.periods import Period, named
from bot.quota.queries import Subject
from bot.quota.service import Done, Wanted
from bot.quota.whose import Whose
from tests.bot.deals.desk import Team as Deals
from tests.factories import an_entry

HERE = "T0BATON"


def period(name: str) -> Period:
    """The period of a name."""
    found = named(name)
    assert found is not None
    return found


Q4 = period("2026-Q4")


class Desk(Deals):
    """The people of the deals' team, with their targets."""

    def sets(
        self,
        value: int | None,
        *,
        by: Actor | None = None,
        whom: str = "U0DANA",
        group: tuple[Whose, str] | None = None,
        metric: Metric = REVENUE,
        when: Period = Q4,
        origin: str = "",
    ) -> Done:
        """Maria (or `by`) sets a target of Dana's (or of `whom`, or of a group), in the metric's unit."""
        subject = Subject.named(*group) if group else Subject.person(whom)
        wanted = Wanted(subject, metric, when, value, group[1] if group else None)
        return service.set_target(self.store, by or self.maria, wanted, origin=origin or uuid4().hex, now=self.now)

    def logs(self, kind: str = Logged.CALL, *, by: Actor | None = None, **more: Any) -> UUID:
        """Dana (or `by`) logs something today."""
        who = by or self.dana
        day = self.now.astimezone(who.zone).date()
        entry = an_entry(kind, more.pop("day", day), **more)
        return activity.log(self.store, who, [entry], origin=uuid4().hex, now=self.now).entries[0].id

    def qualifies(self, company: str = "Acme") -> None:
        """Ana hands a lead to Dana, who accepts and re-qualifies it."""
        answers = {"need": Answer(Known.YES, "no overview")}
        row = give(
            self.store, self.ana, Giving(company, to="U0DANA", answers=answers), origin=uuid4().hex, now=self.now
        )
        handoffs.accept(self.store, self.dana, row.id, self.now)
        handoffs.requalify(self.store, self.dana, row.id, {}, None, self.now)


def at(day: int, hour: int = 10, month: int = 11) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def on(day: int, month: int = 11) -> date:
    """A day of 2026."""
    return date(2026, month, day)
