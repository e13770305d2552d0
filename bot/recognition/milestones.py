"""Milestones: looked for after each win and each that is taken back, told once, and taken back in their place."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update

from bot.clock import zone_or_utc
from bot.deals import notices
from bot.deals import queries as deals
from bot.deals.states import Kind as Sold
from bot.deals.wins import Win, wins
from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.people import queries as people
from bot.quota import periods, reach
from bot.quota import queries as quotas
from bot.quota.achieved import Achieved, Scope, achieved
from bot.quota.metrics import DEALS, RENEWALS, REVENUE, by_code
from bot.quota.periods import Kind, Period, period_of
from bot.quota.queries import Subject, Target
from bot.quota.whose import Whose
from bot.recognition import queries
from bot.recognition.model import Milestone
from bot.recognition.queries import milestone
from bot.recognition.rules import WINS, Recognition, passed
from bot.schedule.service import Due
from bot.store.many import insert_many_once
from bot.store.types import new_id
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

JOB = notices.MILESTONES
"""The kind of the job that each win, and each that is taken back, puts in."""

REACHED = "milestone_reached"
"""The kind of its message in the ledger."""

OF_WINS, OF_TARGET = "wins", "target"
"""How the code of a milestone begins: `wins:10`, `target:2026-Q4`."""

BY_WINS = (REVENUE, DEALS, RENEWALS)
"""The metrics that a win counts towards. The target that is first among these is the one that is reached."""

_DAY = timedelta(days=1)
_EVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


def plan(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
    """See to whoever has a share of these deals, which were just won, or taken back."""
    settings = workspace.settings(tx, workspace_id)
    out = queries.left_out(tx, workspace_id)
    by_person: dict[str, set[UUID]] = {}
    for deal_id in (UUID(each.subject) for each in due):
        row = deals.find(tx, workspace_id, deal_id)
        for person_id in sorted({row.owner_id, *(row.shares or ())}) if row else ():
            by_person.setdefault(person_id, set()).add(deal_id)
    for person_id, theirs in by_person.items():
        others = {each for each in by_person if by_person[each] & theirs}
        Look(tx, workspace_id, settings, person_id, theirs, others, now, is_shown=person_id not in out).see_to()
    return dict.fromkeys(due)


class _Of(NamedTuple):
    """Whose milestone: a person or a team, what they are called, and who was in it when."""

    subject: Subject
    name: str | None
    spells: Mapping[str, Sequence[tuple[date, date]]]


@dataclass(frozen=True)
class Look:
    """One look at what somebody's wins have become: `fresh` are the deals that were just won, or taken back, `sharers`
    whoever has a share of them.
    """

    tx: Connection
    workspace_id: str
    settings: Settings
    person_id: str
    fresh: Collection[UUID]
    sharers: Collection[str]
    now: datetime
    is_shown: bool

    def see_to(self) -> None:
        """Tell what was reached, take back what does not stand any more, and let stand again what does."""
        mine = Subject.person(self.person_id)
        self._settle(mine, None, self._by_wins(), is_told=self.is_shown)
        alone = _Of(mine, None, {self.person_id: [(date.min, date.max)]})
        self._settle(mine, None, self._by_targets(alone), is_told=self.is_shown)
        for team in self._teams():
            self._settle(team.subject, team.name, self._by_targets(team), is_told=True)

    @cached_property
    def _wins(self) -> list[Win]:
        return wins(self.tx, self.workspace_id, [self.person_id], *_EVER)

    @property
    def _fresh(self) -> list[Win]:
        return [each for each in self._wins if each.deal_id in self.fresh]

    @property
    def _zone(self) -> ZoneInfo:
        return zone_or_utc(self.settings.zone)

    @property
    def _today(self) -> date:
        return self.now.astimezone(self._zone).date()

    def _by_wins(self) -> Iterator[tuple[str, bool, bool]]:
        """Each code, whether it holds, and whether it is these wins that have brought it."""
        count, fresh = (
            sum(each.is_owner and each.kind is not Sold.RENEWAL for each in found)
            for found in (self._wins, self._fresh)
        )
        new = passed(count - fresh, count)
        for each in WINS:
            yield f"{OF_WINS}:{each}", count >= each, each in new

    def _by_targets(self, whose: _Of) -> Iterator[tuple[str, bool, bool]]:
        """The same of the targets of quarters: those of these wins, and those that were reached before."""
        for quarter in self._quarters(whose.subject):
            target = self._target(whose.subject, quarter)
            done = self._achieved(whose, target, quarter) if target else 0
            holds = target is not None and done >= (target.value or 0)
            is_new = target is not None and holds and done - self._brought(whose, target, quarter) < (target.value or 0)
            yield f"{OF_TARGET}:{quarter.name}", holds, is_new

    def _quarters(self, subject: Subject) -> Iterable[Period]:
        month = self.settings.fiscal_month
        days = (each.at.astimezone(self._zone).date() for each in self._fresh)
        names = (each.code.partition(":")[2] for each in self._rows(subject) if each.code.startswith(OF_TARGET))
        found = [
            *(period_of(Kind.QUARTER, day, month) for day in days),
            *(periods.named(each, month) for each in names),
        ]
        return {each.name: each for each in found if each}.values()

    def _target(self, subject: Subject, quarter: Period) -> Target | None:
        given = quotas.targets(self.tx, self.workspace_id, subject.whose, [subject.key], quarter.first, quarter.last)
        several = [each for each in given if each.period == quarter and by_code(each.metric) in BY_WINS and each.value]
        return min(several, key=lambda each: BY_WINS.index(by_code(each.metric)), default=None)

    def _achieved(self, whose: _Of, target: Target, quarter: Period) -> int:
        first, last = quarter.first, quarter.last
        people_ids, currency = sorted(whose.spells), self.settings.currency
        scope = Scope(self.workspace_id, people_ids, first, last, self._zone, currency, active_first=last + _DAY)
        return _within(achieved(self.tx, scope), target.metric, whose.spells, quarter)

    def _brought(self, whose: _Of, target: Target, quarter: Period) -> int:
        """What the fresh wins bring towards a target: one that was reached without them is no news."""
        metric = by_code(target.metric)
        kinds = {Sold.RENEWAL} if metric == RENEWALS else {*Sold} - {Sold.RENEWAL}
        theirs = wins(self.tx, self.workspace_id, sorted(whose.spells.keys() & set(self.sharers)), *_EVER)
        fresh = [each for each in theirs if each.deal_id in self.fresh and each.kind in kinds]
        here = [each for each in fresh if each.at.astimezone(self._zone).date() in quarter]
        if metric != REVENUE:
            return sum(each.is_owner for each in here)
        return sum(each.money.minor for each in here if each.money and each.money.currency == self.settings.currency)

    def _teams(self) -> Iterator[_Of]:
        """The team that they are in, with who was in it since the first quarter that matters."""
        member = people.members(self.tx, self.workspace_id, self._today, people=[self.person_id]).get(self.person_id)
        name = member.standing.team if member else None
        if member and name:
            subject = Subject.named(Whose.TEAM, name)
            quarters = list(self._quarters(subject))
            first = min((each.first for each in quarters), default=self._today)
            last = max((each.last for each in quarters), default=self._today)
            yield _Of(subject, name, reach.spells(self.tx, self.workspace_id, subject, first, last))

    def _rows(self, subject: Subject) -> list[Any]:
        return queries.milestones(self.tx, self.workspace_id, subject.whose, [subject.key])

    def _settle(
        self, subject: Subject, name: str | None, codes: Iterable[tuple[str, bool, bool]], *, is_told: bool
    ) -> None:
        rows = {each.code: each for each in self._rows(subject)}
        for code, holds, is_new in list(codes):
            row = rows.get(code)
            if row is None and is_new and is_told:
                self._reach(subject, name, code)
            elif row is not None and holds == (row.undone_at is not None):
                self._turn(row, undone_at=None if holds else self.now)

    def _reach(self, subject: Subject, name: str | None, code: str) -> None:
        channel = self.settings.wins_channel
        if not channel or not Recognition.of(self.settings.recognition).has_milestones:
            return
        last = max(self._fresh, key=lambda each: each.at)
        milestone_id, announcement = new_id(), new_id()
        row = {
            "workspace_id": self.workspace_id,
            "id": milestone_id,
            "whose": subject.whose,
            "subject": subject.key,
            "code": code,
            "name": name,
            "by": self.person_id,
            "deal_id": last.deal_id,
            "announcement": announcement,
            "happened_at": last.at,
            "recorded_at": self.now,
            "undone_at": None,
        }
        insert_many_once(self.tx, Milestone, [row])
        occasion, about = f"{subject.whose}:{subject.key}:{code}", {"milestone": milestone_id.hex}
        letter = Letter(REACHED, channel, occasion, about, id=announcement)
        delivery.tell(self.tx, self.workspace_id, letter, self.now)

    def _turn(self, row: Any, undone_at: datetime | None) -> None:
        """It stands no more, or again; the message says so in its place."""
        mine = (milestone.c.workspace_id == self.workspace_id) & (milestone.c.id == row.id)
        self.tx.execute(update(milestone).where(mine).values(undone_at=undone_at))
        delivery.change(self.tx, self.workspace_id, row.announcement, self.now)


def _within(found: Achieved, metric: str, spells: Mapping[str, Sequence[tuple[date, date]]], quarter: Period) -> int:
    """What was achieved of a metric in a quarter, by each on the days on which they were in it."""
    return sum(
        value
        for person, theirs in spells.items()
        for day, value in found.sums.get((metric, person), {}).items()
        if day in quarter and any(first <= day <= last for first, last in theirs)
    )
