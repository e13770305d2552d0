"""What a digest shows. Plain values, each as of one moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from bot.attainment.pages import GroupPage, Part, When
from bot.coaching.feedback import Remark
from bot.deals.lately import Won
from bot.digest.themes import NOTHING, Market
from bot.figures.spread import Spread
from bot.handoffs.sources import Quality
from bot.money import Money
from bot.noise.lines import Line
from bot.performance.figures import Figures
from bot.quota.periods import Period


class Need(StrEnum):
    """Why somebody needs a look, the gravest first."""

    UNTOUCHED = "untouched"
    """Leads that they accepted and nobody has been in touch with in time."""
    SILENT = "silent"
    """Nothing logged on all the days that they worked."""
    BEHIND = "behind"
    """Ten points or more behind pace."""
    BREACHED = "breached"
    """Offers that they let expire."""
    FEWER = "fewer"
    """Less activity than the period before, by more than chance."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A need with what it is measured by: how many, or of `BEHIND` the share of pace; `before` of `FEWER`."""

    need: Need
    n: int | Fraction
    before: int = 0


@dataclass(frozen=True, slots=True)
class Mate:
    """One rep of a team in the period.

    `parts` are their targets on the page's day, the leading one first, with how they stand;
    `activity` and `before` are what they logged, by kind, now and in the period before; `worked` their working days in
    it, gone ones. Money is in the workspace's currency.
    """

    person_id: str
    name: str
    parts: tuple[Part, ...]
    activity: Mapping[str, int]
    before: Mapping[str, int]
    worked: Fraction
    sqls: int = 0
    deals: int = 0
    revenue: int = 0
    needs: tuple[Reason, ...] = ()

    @property
    def leading(self) -> Part | None:
        """The target that they are measured by first, if there is one."""
        return self.parts[0] if self.parts else None

    @property
    def done(self) -> int:
        """How many activities they logged."""
        return sum(self.activity.values())


@dataclass(frozen=True, slots=True)
class LateDeal:
    """An open deal whose close day has passed."""

    deal_id: str
    company: str
    owner: str
    amount: Money | None
    days: int


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long hand-offs took: the system until it had offered a lead to somebody (wall time), and a person until they
    accepted (their own working time). None of no cases.
    """

    system: Spread[timedelta] | None
    person: Spread[timedelta] | None


@dataclass(frozen=True, slots=True)
class Handoffs:
    """The team's hand-offs: how fast, now and before, and why not, by reason with the number of leads."""

    now: Clocks
    before: Clocks
    declined: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Movement:
    """What came into the pipeline within the period and what left it: numbers of deals, with their money."""

    opened: tuple[int, Money]
    won: tuple[int, Money]
    lost: tuple[int, Money]
    open: tuple[int, Money]


@dataclass(frozen=True, slots=True)
class Pace:
    """The share of pace that a team had reached at the end of a week."""

    week: Period
    share: Fraction


@dataclass(frozen=True, slots=True)
class TeamPage:
    """A manager's digest, of everybody below; or of the whole workspace (`is_everybody`).

    `now` and `before` are the figures of the period and of the one before it, `whole` where the team stands.
    """

    period: Period
    earlier: Period
    when: When
    currency: str
    is_everybody: bool
    whole: GroupPage
    mates: tuple[Mate, ...]
    now: Figures
    before: Figures
    handoffs: Handoffs
    movement: Movement
    wins: Sequence[Won]
    names: Mapping[str, str]
    paces: tuple[Pace, ...] = ()
    late: tuple[LateDeal, ...] = ()
    queue: int = 0
    market: Market = NOTHING

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all happened in the period."""
        moved = (self.movement.opened, self.movement.won, self.movement.lost)
        handed = self.now.taken.offered + self.now.given.offered
        return not (self.activity or handed or any(n for n, _ in moved))

    @property
    def activity(self) -> dict[str, int]:
        """What all of them logged together, by kind."""
        return _added(mate.activity for mate in self.mates)

    @property
    def activity_before(self) -> dict[str, int]:
        """The same of the period before."""
        return _added(mate.before for mate in self.mates)

    @property
    def needing(self) -> list[Mate]:
        """Who needs a look, the gravest first."""
        return sorted((mate for mate in self.mates if mate.needs), key=_gravity)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A rep's own week: where they stand, what they did beside the period before, what it brought, and what they have
    promised for the days `ahead`. `mate` is None of somebody who does not sell.
    """

    period: Period
    earlier: Period
    when: When
    currency: str
    mate: Mate | None
    now: Figures
    before: Figures
    handoffs: Handoffs
    wins: Sequence[Won]
    names: Mapping[str, str]
    ahead: tuple[tuple[date, str], ...] = ()
    instead: tuple[Line, ...] = ()
    """What stands in the place of reminders that were in vain, or too many for a day."""
    praise: tuple[Remark, ...] = ()
    """What colleagues said of them within it, the newest first."""


@dataclass(frozen=True, slots=True)
class SourceWeek:
    """What became, by now, of the leads of one source that came within the period; `speed` is the working time until
    somebody reached out, `untouched` how many still wait for that, `before` how many came in the period before.
    """

    quality: Quality
    speed: Spread[timedelta] | None
    untouched: int
    before: int


@dataclass(frozen=True, slots=True)
class MarketingPage:
    """Marketing's week: by source, never by person. `market` is what the market says."""

    period: Period
    earlier: Period
    when: When
    currency: str
    sources: tuple[SourceWeek, ...]
    came_before: int
    won: Mapping[str, tuple[int, Money]]
    """Deals that were won within the period, by where their lead once came from."""
    market: Market = NOTHING


_ORDER = list(Need)


def _gravity(mate: Mate) -> tuple[int, int, Fraction | int, str]:
    first = min(mate.needs, key=lambda each: _ORDER.index(each.need))
    deep = first.n if first.need is Need.BEHIND else -first.n
    return _ORDER.index(first.need), -len(mate.needs), deep, mate.name.casefold()


def _added(several: Iterable[Mapping[str, int]]) -> dict[str, int]:
    whole: dict[str, int] = {}
    for each in several:
        for kind, n in each.items():
            whole[kind] = whole.get(kind, 0) + n
    return whole
