"""What people can do about reminders, and what each message shows when it is sent. One function, one transaction."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, delete

from bot.access.actor import Actor
from bot.activity import steps
from bot.deals import queries as deals
from bot.deals.steps import STEP, remind_of
from bot.delivery import queries as deliveries
from bot.delivery import service as delivery
from bot.errors import Refused
from bot.noise.acts import moves_of
from bot.noise.queries import Move
from bot.reminders import planning, queries
from bot.reminders.line import Decided
from bot.reminders.model import QuietHours, ReminderChoice
from bot.reminders.queries import Standing
from bot.reminders.rules import RECURRING, Choice, Kind, Quiet, may_be_quiet
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.sql import table_of, upsert

SHOWS_FOR = timedelta(hours=12)
"""How long the message about a day's activity is kept current."""

PEOPLE_AT_ONCE = 500

SOON = timedelta(hours=1)
"""A follow-up that is looked at again within this time is left alone when something changes about its owner."""

PROMISED = (Kind.FOLLOW_UP, STEP)
"""Jobs of what people have promised, in an entry or with a deal: one choice decides about both."""

quiet_hours = table_of(QuietHours)


class Act(StrEnum):
    """What a reader did with a reminder."""

    LOGGED = "logged"
    NOT_TODAY = "not_today"
    DONE = "done"
    LATER = "later"
    SEEN = "seen"
    STOPPED = "stopped"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of reminder as somebody has it: what they decided, whether it comes at all, and when next (UTC)."""

    kind: Kind
    choice: Choice
    is_on: bool
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that somebody decided about reminders."""

    lines: tuple[Line, ...]
    quiet: Quiet | None
    moved: tuple[Move, ...] = ()
    """The kinds that stand in their digest for now."""


def overview(store: Store, actor: Actor, now: datetime) -> Overview:
    """How `actor` is reminded."""
    with store.read() as tx:
        return _overview(tx, actor, now)


def decide(store: Store, actor: Actor, decided: Decided, now: datetime) -> Overview:
    """Move or mute a kind of reminder or all of them, or let them come again; or change the quiet hours.

    Raises:
        Refused: when a reminder would lie in the actor's quiet hours.
    """
    with store.write() as tx:
        standing = queries.standing(tx, actor.workspace_id, actor.id, now)
        kinds = [decided.kind] if decided.kind else list(Kind)
        is_of_quiet = decided.quiet is not None or decided.is_loud
        changed = {} if is_of_quiet else {kind: _decided(standing.choice(kind), decided) for kind in kinds}
        _choose(tx, actor, changed, decided.quiet if is_of_quiet else standing.quiet, now)
        return _overview(tx, actor, now)


def choose_all(store: Store, actor: Actor, choices: dict[Kind, Choice], quiet: Quiet | None, now: datetime) -> Overview:
    """Everything at once, as the form has it.

    Raises:
        Refused: as `decide`; nothing is stored then.
    """
    with store.write() as tx:
        _choose(tx, actor, choices, quiet, now)
        return _overview(tx, actor, now)


def ensure(store: Store, workspace_id: str, person_ids: Collection[str], now: datetime) -> None:
    """See to it that these people (with none named: everybody who may be reminded) have the jobs that they should.

    To be called when something has changed that decides about moments: roles, hours, zone, country, absence. A job
    whose moment has come is left to the tick; it also looks at the follow-ups of those who are named, who may be back.
    """
    with store.read() as tx:
        everybody = sorted(person_ids or queries.candidates(tx, workspace_id, now.date()))
    for start in range(0, len(everybody), PEOPLE_AT_ONCE):
        several = everybody[start : start + PEOPLE_AT_ONCE]
        with store.read() as tx:  # most of them have what they should, and others write meanwhile
            wanting = sorted({each.person_id for each in _differences(tx, workspace_id, several, now)})
        if wanting or person_ids:
            with store.write() as tx:
                _ensure(tx, workspace_id, wanting, now)
                for kind in PROMISED if person_ids else ():
                    schedule.hasten(tx, workspace_id, kind, several, now, now + SOON)


def act(store: Store, actor: Actor, delivery_id: UUID, what: Act, now: datetime) -> None:
    """Note what `actor` did with a reminder; the message shows it.

    Raises:
        Refused: when it is not theirs.
    """
    with store.write() as tx:
        _note(tx, actor, delivery_id, what, now)


def count_anew(store: Store, workspace_id: str, person_ids: Collection[str], now: datetime) -> None:
    """Let the day's reminders that these people got lately show what they have logged since."""
    for person_id in person_ids:
        with store.read() as tx:
            last = deliveries.last_sent(tx, workspace_id, Kind.DAILY, person_id, 1)
        if last and last[0].recorded_at > now - SHOWS_FOR:
            with store.write() as tx:
                delivery.change(tx, workspace_id, last[0].id, now)


def stop(store: Store, actor: Actor, delivery_id: UUID, now: datetime) -> None:
    """The reminder asked whether it should stop, and it should.

    Raises:
        Refused: when it is not theirs.
    """
    with store.write() as tx:
        kind = _note(tx, actor, delivery_id, Act.STOPPED, now)
        standing = queries.standing(tx, actor.workspace_id, actor.id, now)
        _choose(tx, actor, {kind: replace(standing.choice(kind), is_muted=True)}, standing.quiet, now)


def resume(store: Store, actor: Actor, delivery_id: UUID, now: datetime) -> None:
    """It should not have stopped after all.

    Raises:
        Refused: when it is not theirs.
    """
    with store.write() as tx:
        kind = _note(tx, actor, delivery_id, Act.KEPT, now)
        standing = queries.standing(tx, actor.workspace_id, actor.id, now)
        _choose(tx, actor, {kind: replace(standing.choice(kind), is_muted=False)}, standing.quiet, now)


def _overview(tx: Connection, actor: Actor, now: datetime) -> Overview:
    standing = queries.standing(tx, actor.workspace_id, actor.id, now)
    planned = schedule.moments(tx, actor.workspace_id, [actor.id], [*Kind])
    lines = tuple(
        Line(kind, standing.choice(kind), standing.wants(kind), planned.get((kind, actor.id, ""))) for kind in Kind
    )
    return Overview(lines, standing.quiet, tuple(moves_of(tx, actor.workspace_id, actor.id, now)))


def _decided(before: Choice, decided: Decided) -> Choice:
    """Who says a time wants the reminder, muted or not."""
    if decided.is_on is not None:
        return replace(before, is_muted=not decided.is_on)
    at = decided.at if decided.at is not None else before.at
    early = decided.early if decided.early is not None else before.early
    return Choice(at, early, is_muted=False)


def _choose(tx: Connection, actor: Actor, choices: dict[Kind, Choice], quiet: Quiet | None, now: datetime) -> None:
    standing = queries.standing(tx, actor.workspace_id, actor.id, now)
    after = {**{kind: standing.choice(kind) for kind in Kind}, **choices}
    for choice in after.values():
        _let_pass(standing, choice, quiet)
    for kind, choice in choices.items():
        values = {"workspace_id": actor.workspace_id, "person_id": actor.id, "kind": kind, "recorded_at": now}
        decided = {"at": choice.at, "early": choice.early, "is_muted": choice.is_muted}
        upsert(tx, ReminderChoice, {**values, **decided}, [*decided, "recorded_at"])
    if quiet != standing.quiet:
        _keep_quiet(tx, actor, quiet, now)
    if standing.choice(Kind.FOLLOW_UP).is_muted and Kind.FOLLOW_UP in choices:
        _remind_again(tx, actor, now)
    if Kind.FOLLOW_UP in choices or quiet != standing.quiet:
        for promised in PROMISED:
            schedule.hasten(tx, actor.workspace_id, promised, [actor.id], now, now)
    _ensure(tx, actor.workspace_id, [actor.id], now)


def _keep_quiet(tx: Connection, actor: Actor, quiet: Quiet | None, now: datetime) -> None:
    mine = {"workspace_id": actor.workspace_id, "person_id": actor.id}
    if quiet is None:
        theirs = (quiet_hours.c.workspace_id == actor.workspace_id) & (quiet_hours.c.person_id == actor.id)
        tx.execute(delete(quiet_hours).where(theirs))
    else:
        hours = {"start": quiet.start, "end": quiet.end, "recorded_at": now}
        upsert(tx, QuietHours, {**mine, **hours}, [*hours])


def _let_pass(standing: Standing, choice: Choice, quiet: Quiet | None) -> None:
    if quiet and choice.at and not choice.is_muted and may_be_quiet(standing.schedule, quiet, choice.at):
        hours = {"at": choice.at, "start": quiet.start, "end": quiet.end}
        raise Refused("reminders.problem.quiet", **{name: f"{each:%H:%M}" for name, each in hours.items()})


def _remind_again(tx: Connection, actor: Actor, now: datetime) -> None:
    """While follow-ups were muted their jobs ended; those that are still to come get new ones."""
    for step in steps.open_until(tx, actor.workspace_id, actor.id, date.max):
        if step.due_at > now:
            schedule.put(tx, actor.workspace_id, Kind.FOLLOW_UP, actor.id, now, step.id.hex)
    for row in deals.open_of(tx, actor.workspace_id, [actor.id]):
        remind_of(tx, actor.workspace_id, row, now)


class _Difference(NamedTuple):
    """A job that stands at one moment (None: not at all) and should at another."""

    kind: Kind
    person_id: str
    before: datetime | None
    after: datetime | None


def _differences(tx: Connection, workspace_id: str, person_ids: Sequence[str], now: datetime) -> Iterator[_Difference]:
    audience = queries.audience(tx, workspace_id, person_ids, now)
    planned = schedule.moments(tx, workspace_id, person_ids, RECURRING)
    for person_id in person_ids:
        standing = audience.people.get(person_id)
        for kind, following in ((Kind.DAILY, planning.next_daily), (Kind.WEEK_AHEAD, planning.next_week_ahead)):
            before, after = planned.get((kind, person_id, "")), following(standing, now)
            if before != after and not (before and before <= now):
                yield _Difference(kind, person_id, before, after)


def _ensure(tx: Connection, workspace_id: str, person_ids: Sequence[str], now: datetime) -> None:
    for kind, person_id, _, after in list(_differences(tx, workspace_id, person_ids, now)):
        if after:
            schedule.put(tx, workspace_id, kind, person_id, after)
        else:
            schedule.take_out(tx, workspace_id, kind, person_id)


def _note(tx: Connection, actor: Actor, delivery_id: UUID, what: Act, now: datetime) -> Kind:
    row = deliveries.find(tx, actor.workspace_id, delivery_id)
    if row is None or row.recipient != actor.id:
        raise Refused("reminders.gone")
    delivery.act(tx, actor.workspace_id, delivery_id, actor.id, what, now)
    return Kind(row.kind)
