"""A past period over again under other weights and limits: who would have got what. Nothing of it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.clock import instant
from bot.errors import Refused
from bot.handoffs import past
from bot.handoffs.candidates import cap_of, weight_of
from bot.handoffs.past import Past
from bot.people import queries as people
from bot.routing.replay import Replayed, Share, replay
from bot.routing.standing import Taker
from bot.store.engine import Store
from bot.working_time.presence import Span
from bot.workspace import queries as workspace
from bot.workspace.form import Filled, read_routing
from bot.workspace.rules import Setting

PERIODS = (7, 30, 90)
"""Days back that are offered."""

DAYS = "days"
"""From one day to another instead."""

LONGEST = timedelta(days=367)


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: the rules of routing as they would be, and who would have been left out."""

    period: Span
    rules: Mapping[str, Any]
    without: frozenset[str] = frozenset()


class Moved(NamedTuple):
    """A lead that would have gone to somebody else; None for nobody."""

    company: str
    then: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class Tried:
    """How it would have been.

    `leads` are those that the rules gave; of these `moved` would have gone to somebody else. `unlike` is how many go
    to somebody else even under today's rules: what cannot be had back as it was.
    """

    trial: Trial
    shares: tuple[Share, ...]
    leads: int
    moved: tuple[Moved, ...]
    unlike: int
    names: Mapping[str, str] = field(default_factory=dict)


def read(filled: Filled, rules: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> Trial | dict[str, Refused]:
    """What somebody filled in, or what is wrong with it by field.

    Args:
        filled: `period` (days back, or `DAYS` with `first` and `last`), `without`, and the fields of `read_routing`.
        rules: those that stand.
        zone: where its days begin.
        now: the moment.
    """
    found = read_routing(filled, rules)
    problems, period = dict(found.problems), _period(filled, zone, now)
    if period is None:
        problems["first"] = Refused("routing.replay.no_days", most=LONGEST.days)
    if problems or period is None:
        return problems
    without = filled.get("without") or ()
    return Trial(period, found.values[Setting.ROUTING], frozenset([without] if isinstance(without, str) else without))


def check_may_try(store: Store, actor: Actor, now: datetime) -> None:
    """Let somebody pass who sees everybody's numbers.

    Raises:
        Refused: when the actor does not; it says who does.
    """
    if may(actor, Action.SEE_NUMBERS, Relation.COLLEAGUE):
        return
    with store.read() as tx:
        can = people.who_can(tx, actor.workspace_id, None, people.today_of(actor, now))
    raise Refused("refused.workspace" if can else "refused.workspace_alone", can=", ".join(can))


def size_of(store: Store, actor: Actor, period: Span) -> int:
    """How many offers a period has."""
    with store.read() as tx:
        return past.how_many(tx, actor.workspace_id, period)


def tried(store: Store, actor: Actor, trial: Trial, now: datetime) -> Tried:
    """Go through a period again. Of ten thousand leads it takes some seconds, so call it where nobody waits.

    Raises:
        Refused: when the actor may not see everybody's numbers; it says who may.
    """
    check_may_try(store, actor, now)
    with store.read() as tx:
        settings = workspace.settings(tx, actor.workspace_id)
        found = past.past_of(tx, actor.workspace_id, settings, trial.period, now)
    as_it_was = _replayed(found, found.takers, trial.period)
    takers = [_under(trial, each) for each in found.takers if each.id not in trial.without]
    is_same = takers == list(found.takers)
    result = as_it_was if is_same else _replayed(found, takers, trial.period)
    return Tried(
        trial=trial,
        shares=_shares(result, as_it_was),
        leads=len(result.fates),
        moved=tuple(
            Moved(found.companies.get(each.lead, ""), each.then, each.now)
            for each in result.fates
            if each.then != each.now
        ),
        unlike=sum(each.then != each.now for each in as_it_was.fates),
        names=found.names,
    )


def _period(filled: Filled, zone: ZoneInfo, now: datetime) -> Span | None:
    back = str(filled.get("period") or "")
    if back != DAYS:
        return Span(now - timedelta(days=int(back)), now) if back in map(str, PERIODS) else None
    try:
        first, last = (date.fromisoformat(str(filled.get(field) or "")) for field in ("first", "last"))
    except ValueError:
        return None
    start, end = instant(first, time(), zone), instant(last + timedelta(days=1), time(), zone)
    return Span(start, min(end, now)) if start < min(end, now) and end - start <= LONGEST else None


def _replayed(found: Past, takers: Sequence[Taker], period: Span) -> Replayed:
    return replay(found.events, takers, period, found.standings)


def _under(trial: Trial, taker: Taker) -> Taker:
    return replace(taker, weight=weight_of(trial.rules, taker.id), cap=cap_of(trial.rules, taker.id))


def _shares(result: Replayed, as_it_was: Replayed) -> tuple[Share, ...]:
    """The share of everybody who got some, or would have; who is left out gets none."""
    found = {each.taker: each for each in result.shares}
    every = [found.get(each.taker, replace(each, got=0, fair=each.fair * 0)) for each in as_it_was.shares]
    return tuple(each for each in every if each.then or each.got or each.fair)
