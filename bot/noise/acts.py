"""What each kind of reminder asks for, and whether somebody did it: that is what makes a reminder worth its while."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.activity import queries as activity
from bot.activity import steps
from bot.activity.versions import EARLIEST
from bot.deals import queries as deals
from bot.deals.planning import RENEWAL, has_changed
from bot.deals.steps import STEP, waits
from bot.noise import queries
from bot.noise.queries import Move
from bot.noise.service import About, Acted, about_held


def has_logged(tx: Connection, workspace_id: str, person_id: str, since: datetime, about: About) -> bool:  # noqa: ARG001 - anything logged will do
    """The day's: anything was logged."""
    return activity.has_logged(tx, workspace_id, person_id, since)


def has_followed_up(tx: Connection, workspace_id: str, person_id: str, since: datetime, about: About) -> bool:
    """Follow-ups: any was done, or one of these was done or moved."""
    if steps.has_done(tx, workspace_id, person_id, since):
        return True
    told = [(at, UUID(each)) for at, subject in about() for each in subject["steps"]]
    found = steps.found(tx, workspace_id, {each for _, each in told})
    stand = ((at, found[each]) for at, each in told if each in found)
    return any(not step.is_open or step.due_at > at + EARLIEST for at, step in stand)


def has_moved_deals(tx: Connection, workspace_id: str, person_id: str, since: datetime, about: About) -> bool:  # noqa: ARG001 - a step waits or not
    """Next steps of deals: one of these was done, moved or replaced."""
    for said in (each for _, subject in about() for each in subject["deals"]):
        row = deals.find(tx, workspace_id, UUID(said["d"]))
        if row and not waits(row, person_id, said["k"]):
            return True
    return False


def has_cared(tx: Connection, workspace_id: str, person_id: str, since: datetime, about: About) -> bool:
    """Renewals: something was logged with one of these customers, or changed about them or their deals."""
    told = [(at, UUID(subject["account"])) for at, subject in about()]
    return has_changed(tx, workspace_id, person_id, since, about) or any(
        activity.has_logged_with(tx, workspace_id, account, at) for at, account in told
    )


def has_answered(tx: Connection, workspace_id: str, person_id: str, since: datetime, about: About) -> bool:  # noqa: ARG001 - a press is all it asks for
    """The week ahead asks for nothing but a press, which the message itself has."""
    return False


ACTS: Mapping[str, Acted] = {
    "daily_activity": has_logged,
    "follow_up": has_followed_up,
    "week_ahead": has_answered,
    STEP: has_moved_deals,
    RENEWAL: has_cared,
}


def moves_of(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> list[Move]:
    """The kinds of reminder that are in somebody's digest at `now`, those not that they have acted on since."""
    found = queries.last_moves(tx, workspace_id, [person_id], now)
    return [each for each in found.values() if each.stands(now) and not _is_acted_on(tx, workspace_id, each, now)]


def _is_acted_on(tx: Connection, workspace_id: str, move: Move, now: datetime) -> bool:
    has_acted = ACTS.get(move.kind)
    about = about_held(tx, workspace_id, move, now)
    return bool(has_acted and has_acted(tx, workspace_id, move.person_id, move.moved_at, about))
