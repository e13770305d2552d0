"""What can be done about the team: one function, one use case. Changes of people are `bot.people`'s own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.access.roles import Role
from bot.errors import Refused
from bot.people import assignments
from bot.people import queries as people
from bot.people.assignments import OF_ONESELF, Assign, Assigned
from bot.people.rules import Member
from bot.store.engine import Store
from bot.team import queries
from bot.team.draft import Draft
from bot.team.queries import PersonCard, RoleCard, Roster


@dataclass(frozen=True, slots=True)
class Done:
    """A change of somebody, and the names that it takes to tell it, by id."""

    assigned: Assigned
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Editing:
    """Somebody whom the actor may change: `whole`, or only what everybody may say of themselves."""

    member: Member
    whole: bool


def roster(store: Store, actor: Actor, day: date | None, now: datetime) -> Roster:
    """Who is, or on `day` was, what."""
    with store.read() as tx:
        return queries.roster(tx, actor, day or people.today_of(actor, now), now)


def person_card(store: Store, actor: Actor, person_id: str, day: date | None, now: datetime) -> PersonCard:
    """Somebody as they are, or on `day` were.

    Raises:
        Refused: when nobody knows them.
    """
    with store.read() as tx:
        found = queries.person_card(tx, actor, person_id, day or people.today_of(actor, now), now)
    if found is None:
        raise Refused("team.problem.unknown_person")
    return found


def role_card(store: Store, actor: Actor, role: Role, now: datetime) -> RoleCard:
    """What a role is for, and who holds it."""
    with store.read() as tx:
        return queries.role_card(tx, actor, role, now)


def holders(store: Store, actor: Actor, now: datetime) -> dict[Role, int]:
    """How many people hold each role today."""
    with store.read() as tx:
        return queries.holders(tx, actor.workspace_id, people.today_of(actor, now))


def strangers(store: Store, workspace_id: str, person_ids: Sequence[str]) -> list[str]:
    """Those of `person_ids` whom Baton has not met."""
    with store.read() as tx:
        known = people.names(tx, workspace_id, person_ids)
    return [person_id for person_id in person_ids if person_id not in known]


def names(store: Store, workspace_id: str, person_ids: Sequence[str]) -> dict[str, str]:
    """The names of those of `person_ids` whom Baton has met, by id."""
    with store.read() as tx:
        return people.names(tx, workspace_id, person_ids)


def assign(store: Store, actor: Actor, draft: Draft, now: datetime, *, seen_at: datetime | None = None) -> Done:
    """What a line or a form says of somebody, from its day on or from today.

    Raises:
        Refused: as `assignments.assign`.
    """
    assert draft.person_id is not None
    start = draft.start or people.today_of(actor, now)
    command = Assign(draft.person_id, start, draft.roles, draft.last, draft.aspects)
    return _told(store, actor, lambda: assignments.assign(store, actor, command, now, seen_at=seen_at))


def end(store: Store, actor: Actor, draft: Draft, now: datetime) -> Done:
    """Let a role end after its last day, or at once.

    Raises:
        Refused: as `assignments.end`.
    """
    assert draft.person_id is not None
    person_id, role = draft.person_id, draft.roles[0]
    return _told(store, actor, lambda: assignments.end(store, actor, person_id, role, draft.last, now))


def correct(store: Store, actor: Actor, draft: Draft, now: datetime) -> Done:
    """Put the days of a role right.

    Raises:
        Refused: as `assignments.correct`.
    """
    assert draft.person_id is not None
    person_id, role, days = draft.person_id, draft.roles[0], {"start": draft.start, "last": draft.last}
    return _told(store, actor, lambda: assignments.correct(store, actor, person_id, role, now, **days))


def undo(store: Store, actor: Actor, change_ids: Sequence[UUID], now: datetime) -> Done:
    """Undo changes that were just made, all or none.

    Raises:
        Refused: as `assignments.revert`.
    """
    return _told(store, actor, lambda: assignments.revert(store, actor, change_ids, now))


def editing(store: Store, actor: Actor, person_id: str, now: datetime) -> Editing:
    """Somebody to change in a form, as they stand today.

    Raises:
        Refused: when the actor may not, or when nobody knows the person.
    """
    with store.read() as tx:
        relation = people.relation(tx, actor, person_id, now)
        if not may(actor, Action.SET_HOURS, relation):
            assignments.refuse_change(tx, actor, person_id, now)
        member = people.member(tx, actor.workspace_id, person_id, people.today_of(actor, now))
    if member is None:
        raise Refused("team.problem.unknown_person")
    return Editing(member, whole=may(actor, Action.ASSIGN_ROLES, relation))


def let_assign(store: Store, actor: Actor, now: datetime) -> None:
    """Let pass whoever may change at least somebody.

    Raises:
        Refused: when the actor may change nobody, with who can.
    """
    if any(may(actor, Action.ASSIGN_ROLES, relation) for relation in Relation):
        return
    with store.read() as tx:
        can = people.who_can(tx, actor.workspace_id, actor.id, people.today_of(actor, now))
    raise Refused("team.problem.may_not" if can else "team.problem.may_not_alone", can=", ".join(can))


def own_part(draft: Draft) -> Draft:
    """What everybody may say of themselves."""
    aspects = {name: value for name, value in draft.aspects.items() if name in OF_ONESELF}
    return Draft(draft.person_id, start=draft.start, aspects=aspects, called=draft.called)


def _told(store: Store, actor: Actor, change: Callable[[], Assigned]) -> Done:
    done = change()
    with store.read() as tx:
        return Done(done, queries.names_in(tx, actor.workspace_id, [*done.changes, *done.overtaken]))
