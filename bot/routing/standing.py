"""What routing remembers of somebody between two leads, and how it moves on: the bookkeeping around `route`.

Pure: the live service brings rows, a replay brings what it has kept, and both get the same answer from `choose`.
Nothing is told of leaves and returns: they are read off the schedules when the next lead comes.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from bot.routing import rules
from bot.routing.rules import STEPS_BACK, Candidate, Choice, Lead, given_back, phantom_after, phantom_on_return, route
from bot.working_time import presence
from bot.working_time.months import is_working, worked
from bot.working_time.presence import Reason, Schedule, Span, start_of_work, working_day_share, working_intervals

LONGEST_WAIT = timedelta(days=92)
"""Who has waited for longer has waited for a quarter."""

_DAY = timedelta(days=1)

Rule = Callable[[Lead, Sequence[Candidate]], Choice]


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who takes leads, with what the workspace says of them. `joined_at` and `left_at` are the ends of the
    role (or of the account); None is long ago, or not yet.
    """

    id: str
    schedule: Schedule
    weight: int = 1
    cap: int | None = None
    territories: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    joined_at: datetime | None = None
    left_at: datetime | None = None

    def is_active(self, now: datetime) -> bool:
        """Whether they hold the role at that moment."""
        return (self.joined_at is None or self.joined_at <= now) and (self.left_at is None or now < self.left_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is remembered of one taker.

    `phantom` is the one at the return. `seen_at` is the moment up to which absences are accounted for, None for
    somebody who has never been looked at.
    """

    open: int = 0
    credit: Fraction = Fraction(0)
    phantom: Fraction = Fraction(0)
    returned_at: datetime | None = None
    offered_at: datetime | None = None
    seen_at: datetime | None = None

    def with_credit(self, credit: Fraction) -> "Standing":
        """With another credit. Written out, as the next one: both are made for everybody at every lead."""
        return Standing(self.open, credit, self.phantom, self.returned_at, self.offered_at, self.seen_at)

    def seen(self, now: datetime) -> "Standing":
        """With absences accounted for up to now."""
        return Standing(self.open, self.credit, self.phantom, self.returned_at, self.offered_at, now)

    def given(self, now: datetime) -> "Standing":
        """With one more on offer, chosen by somebody and not by the rules: no credit is paid for it."""
        return replace(self, open=self.open + 1, offered_at=now)

    def taken(self) -> "Standing":
        """With one more that they helped themselves to."""
        return replace(self, open=self.open + 1)

    def closed(self) -> "Standing":
        """With one less: settled, declined, expired or moved on. Nothing is given back."""
        return replace(self, open=self.open - 1)

    def withdrawn(self) -> "Standing":
        """With one less that its giver took back, and with the turn for it."""
        return replace(self, open=self.open - 1, credit=given_back(self.credit))


NEW = Standing()
"""Of somebody who has never been looked at."""


def choose(
    lead: Lead,
    takers: Sequence[Taker],
    standings: Mapping[str, Standing],
    now: datetime,
    passed: Collection[str] = (),
    rule: Rule = route,
) -> tuple[Choice, dict[str, Standing]]:
    """Choose who gets a lead now.

    Args:
        lead: what is to be given.
        takers: everybody who might be asked.
        standings: what is remembered by their ids; who is not in it is new.
        now: the moment (aware).
        passed: the ids of those who have had this lead.
        rule: how the choice falls.

    Returns:
        The choice, and what is remembered after it: the same as before if nobody can take it.
    """
    known = caught_up(takers, standings, now)
    choice = rule(lead, candidates(takers, known, now, passed))
    return choice, after(known, choice, now) if choice.winner else dict(standings)


def caught_up(
    takers: Sequence[Taker],
    standings: Mapping[str, Standing],
    now: datetime,
    returns: Mapping[str, datetime] | None = None,
) -> dict[str, Standing]:
    """What is remembered once joiners, and those who are back after a working day or more, have their phantom load:
    what brings them level with those who are there and take the same leads. Who is away, or full, is no measure: what
    they have open stays low while the others' grows. `returns` are the moments at which some are known to have returned
    last; those of the others are read off their schedules.
    """
    known, last = {each.id: standings.get(each.id) or NEW for each in takers}, returns or {}
    active = [each for each in takers if each.is_active(now)]
    back = {each.id: moment for each in active if (moment := _begins(each, known[each.id], now, last.get(each.id)))}
    there = [each for each in active if each.id not in back] if back else []
    loads = {each.id: _load(each, known[each.id], now) for each in there if _can_take(each, known[each.id], now)}
    for each in active:
        standing = known[each.id]
        if each.id in back:
            others = [loads[other.id] for other in there if other.id in loads and share_leads(each, other)]
            phantom = phantom_on_return(each.weight, standing.open, others)
            standing = replace(standing, phantom=phantom, returned_at=back[each.id])
        known[each.id] = standing.seen(now)
    return {**standings, **known}


def candidates(
    takers: Sequence[Taker],
    standings: Mapping[str, Standing],
    now: datetime,
    passed: Collection[str] = (),
    presences: Mapping[str, rules.Presence] | None = None,
    *,
    waits: bool = True,
) -> list[Candidate]:
    """The candidates of a moment, for standings that are caught up. Whether they are in is read off their schedules but
    for those of whom `presences` says so. Without `waits` nobody has waited.
    """
    known = presences or {}
    return [
        _candidate(each, standings[each.id], now, each.id in passed, known.get(each.id), waits=waits) for each in takers
    ]


def after(standings: Mapping[str, Standing], choice: Choice, now: datetime) -> dict[str, Standing]:
    """What is remembered once the lead is on offer to the winner."""
    known = dict(standings)
    for row in choice.rows:
        standing = known[row.candidate].with_credit(row.left)
        known[row.candidate] = standing.given(now) if row.candidate == choice.winner else standing
    return known


def presence_at(schedule: Schedule, now: datetime) -> rules.Presence:
    """Whether somebody can take something: within their hours, outside them but there when these next begin, or away.

    On the evening before a leave or a public holiday they are away already: what they got would lie there.
    """
    if is_working(schedule, now):
        return rules.Presence.IN
    here = presence.presence(schedule, now)
    if here.reason is not Reason.OFF_HOURS or here.next_start is None:
        return rules.Presence.AWAY
    usual = presence.presence(replace(schedule, country=None, subdivision=None, absences=()), now)
    is_next = usual.next_start is not None and here.next_start <= usual.next_start
    return rules.Presence.OFF_HOURS if is_next else rules.Presence.AWAY


def last_return(schedule: Schedule, since: datetime, now: datetime) -> datetime | None:
    """The end of the last absence of a working day or more that ended after `since` and by `now`.

    Absences without work between them are one: an afternoon and the next morning, a week's leave and the next week's.
    """
    if not any(since < absence.end <= now for absence in schedule.absences):
        return None
    ended = (
        leave[-1].end for leave in _leaves(schedule) if since < leave[-1].end <= now and _is_a_day(schedule, leave)
    )
    return max(ended, default=None)


def steps_back(schedule: Schedule, returned_at: datetime, now: datetime) -> int:
    """The own working days that have begun since the one of the return, up to `STEPS_BACK`."""
    first = next(working_intervals(schedule, returned_at, now), None)
    if first is None:
        return 0
    steps, day, today = 0, first.start.astimezone(schedule.zone).date(), now.astimezone(schedule.zone).date()
    while day <= today and steps < STEPS_BACK:
        begins = start_of_work(schedule, day)
        steps += bool(begins and first.start < begins <= now and working_day_share(schedule, day))
        day += _DAY
    return steps


def share_leads(one: Taker, other: Taker) -> bool:
    """Whether some lead might be either's."""
    return all(
        not mine or not theirs or mine & theirs
        for mine, theirs in ((one.territories, other.territories), (one.segments, other.segments))
    )


def _begins(taker: Taker, standing: Standing, now: datetime, last: datetime | None) -> datetime | None:
    """The moment at which they joined or came back, if it has not been accounted for: `last` where that is known."""
    if last:
        return last if last != standing.returned_at else None
    if standing.seen_at is None:
        return taker.joined_at or now
    if taker.joined_at and standing.seen_at < taker.joined_at:
        return taker.joined_at
    return last_return(taker.schedule, standing.seen_at, now)


def _candidate(
    taker: Taker, standing: Standing, now: datetime, has_passed: bool, known: rules.Presence | None, *, waits: bool
) -> Candidate:
    is_active = taker.is_active(now)
    return Candidate(
        id=taker.id,
        open=standing.open,
        weight=taker.weight,
        cap=taker.cap,
        credit=standing.credit,
        phantom=_phantom(taker, standing, now),
        waited=_waited(taker.schedule, standing, now) if is_active and waits else timedelta(),
        presence=known or presence_at(taker.schedule, now),
        is_active=is_active,
        has_passed=has_passed,
        territories=taker.territories,
        segments=taker.segments,
    )


def _waited(schedule: Schedule, standing: Standing, now: datetime) -> timedelta:
    """Their working time since the last offer or the return."""
    since = now - LONGEST_WAIT
    for moment in (standing.returned_at, standing.offered_at):
        if moment and moment > since:
            since = moment
    return worked(schedule, since, now)


def _phantom(taker: Taker, standing: Standing, now: datetime) -> Fraction:
    if not standing.phantom or standing.returned_at is None:
        return Fraction(0)
    return phantom_after(standing.phantom, steps_back(taker.schedule, standing.returned_at, now))


def _load(taker: Taker, standing: Standing, now: datetime) -> Fraction:
    return (standing.open + _phantom(taker, standing, now)) / taker.weight


def _can_take(taker: Taker, standing: Standing, now: datetime) -> bool:
    is_full = taker.cap is not None and standing.open >= taker.cap
    return not is_full and not any(absence.start <= now < absence.end for absence in taker.schedule.absences)


def _leaves(schedule: Schedule) -> Iterator[list[Span]]:
    """Absences in order, those together that have no work between them."""
    leave: list[Span] = []
    for absence in sorted(schedule.absences):
        if leave and any(working_intervals(schedule, leave[-1].end, absence.start)):
            yield leave
            leave = []
        end = max(absence.end, leave[-1].end) if leave else absence.end
        leave.append(Span(absence.start, end))
    if leave:
        yield leave


def _is_a_day(schedule: Schedule, leave: Sequence[Span]) -> bool:
    """Whether they missed a working day or more."""
    always, then = replace(schedule, absences=()), replace(schedule, absences=tuple(leave))
    day, last = leave[0].start.astimezone(schedule.zone).date() - _DAY, leave[-1].end.astimezone(schedule.zone).date()
    missed = Decimal(0)
    while day <= last and missed < 1:
        missed += working_day_share(always, day) - working_day_share(then, day)
        day += _DAY
    return missed >= 1
