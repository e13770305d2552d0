"""What App Home shows of hand-offs: stored moments only, in a fixed number of look-ups however many there are; and whom
a change concerns who may be looking.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import holds_everything
from bot.clock import instant
from bot.handoffs import lists, queries
from bot.handoffs.lists import Glance
from bot.handoffs.states import State
from bot.people import queries as people
from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class Glances:
    """Somebody's hand-offs at a glance.

    `late` are those of a manager's reports that were not answered in time, or accepted and not followed by a first
    touch; `waiting` is operations' queue. `touched` says when the taker first reached out, where they did.
    """

    desk: tuple[Glance, ...] = ()
    out: tuple[Glance, ...] = ()
    late: tuple[Glance, ...] = ()
    waiting: tuple[Glance, ...] = ()
    touched: Mapping[UUID, datetime] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, person_id: str | None) -> str:
        """What somebody is called."""
        return self.names.get(person_id or "", person_id or "")


def glances(tx: Connection, actor: Actor, reports: Collection[str], now: datetime) -> Glances:
    """What concerns `actor`, whose reports (at any depth) are given."""
    here = actor.workspace_id
    desk, out = lists.desk_of(tx, here, actor.id), lists.out_of(tx, here, actor.id)
    late = _late(tx, actor, reports, now) if reports else []
    waiting = lists.queue(tx, here) if _operates(tx, actor, now) else []
    accepted = {each.id for each in (*desk, *out, *late) if each.state is State.ACCEPTED}
    touched = queries.first_touches(tx, here, sorted(accepted))
    late = [each for each in late if is_unanswered(each) or each.id not in touched]
    whole = (*desk, *out, *late, *waiting)
    named = {each for row in whole for each in (row.giver_id, row.taker_id, row.offered_to) if each}
    names = people.names(tx, here, sorted(named)) if named else {}
    return Glances(tuple(desk), tuple(out), tuple(late), tuple(waiting), touched, names)


def concerned(store: Store, workspace_id: str, handoff_id: UUID, now: datetime) -> set[str]:
    """Who may be looking at a hand-off on their Home: its giver, whoever had it on offer, and operations where it waits
    or waited just now.
    """
    with store.read() as tx:
        row = queries.find(tx, workspace_id, handoff_id)
        if row is None:
            return set()
        found = {row.giver_id, *(each.taker_id for each in queries.offers(tx, workspace_id, handoff_id))}
        lately = queries.changes(tx, workspace_id, handoff_id)[-1:]
        if any(State.WAITING in {each.before, each.after} for each in lately):
            found.update(people.operators(tx, workspace_id, now.date()))
        return found


def concerned_by_baton(store: Store, workspace_id: str, at: datetime) -> set[str]:
    """The same of everything that Baton itself did at that very moment: what expired, moved on, or could be taken."""
    with store.read() as tx:
        rows = queries.by_baton(tx, workspace_id, at)
        found = {each for row in rows for each in (row.giver_id, row.taker_id) if each}
        if any(State.WAITING in {row.before, row.after} for row in rows):
            found.update(people.operators(tx, workspace_id, at.date()))
        return found


def is_unanswered(glance: Glance) -> bool:
    """Whether what is late of it is an answer to an offer; else it is the first touch."""
    return glance.ended == State.EXPIRED or glance.state is not State.ACCEPTED


def _operates(tx: Connection, actor: Actor, now: datetime) -> bool:
    """Whether somebody keeps things running by role; the first admin of Slack does where nobody has the role."""
    if holds_everything(actor.roles, is_admin=False):
        return True
    return actor.is_admin and people.operators(tx, actor.workspace_id, now.date())[:1] == [actor.id]


def _late(tx: Connection, actor: Actor, reports: Collection[str], now: datetime) -> list[Glance]:
    """What expired on the manager's own today, and what is past its moment, the newest first."""
    midnight = instant(now.astimezone(actor.zone).date(), time.min, actor.zone)
    found = [
        *lists.overdue(tx, actor.workspace_id, sorted(reports), now),
        *lists.expired(tx, actor.workspace_id, sorted(reports), midnight),
    ]
    return sorted(found, key=_missed, reverse=True)


def _missed(glance: Glance) -> float:
    at = glance.due_at if is_unanswered(glance) else glance.touch_due_at
    return at.timestamp() if at else 0.0
