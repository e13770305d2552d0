"""What can be done about recognition: read a leaderboard, be left out or come back, decide where it is posted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.clock import zone_or_utc
from bot.delivery import queries as deliveries
from bot.delivery import service as delivery
from bot.delivery.outcome import Parcel
from bot.errors import Refused
from bot.people import queries as people
from bot.quota import periods
from bot.quota.periods import Kind, Period, following, period_of
from bot.quota.whose import Whose
from bot.recognition import milestones, planning, queries
from bot.recognition.model import RecognitionChoice
from bot.recognition.pages import Leaderboard, Milestone
from bot.recognition.queries import Week
from bot.recognition.rules import Recognition
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.sql import upsert
from bot.workspace import queries as workspace
from bot.workspace import service as settings_of
from bot.workspace.rules import Setting
from bot.workspace.service import Saved


def leaderboard(store: Store, actor: Actor, week: Period | None, now: datetime) -> Leaderboard:
    """The leaderboard of a week, for one reader; without a week, of the last whole one, which is the one that stands in
    the channel.

    Raises:
        Refused: where the workspace has none; it says who can have it posted.
    """
    with store.read() as tx:
        settings = workspace.settings(tx, actor.workspace_id)
        if not Recognition.of(settings.recognition).channel:
            can = people.who_can(tx, actor.workspace_id, None, people.today_of(actor, now))
            raise Refused("recognition.refused.off", can=", ".join(can) or "OPS")
        today = now.astimezone(zone_or_utc(settings.zone)).date()
        week = week or following(period_of(Kind.WEEK, today), by=-1)
        return Week(tx, actor.workspace_id, week, now, actor.zone).leaderboard(actor.id)


def show(store: Store, actor: Actor, now: datetime, *, is_out: bool) -> bool:
    """Leave the actor out of what is told of people in channels, or not any more; at once, and in the leaderboards that
    stand there already. False when it was so before.
    """
    with store.write() as tx:
        workspace_id = actor.workspace_id
        if (actor.id in queries.left_out(tx, workspace_id)) == is_out:
            return False
        key = {"workspace_id": workspace_id, "person_id": actor.id}
        decided = {"is_out": is_out, "recorded_at": now}
        upsert(tx, RecognitionChoice, {**key, **decided}, [*decided])
        today = now.astimezone(zone_or_utc(workspace.settings(tx, workspace_id).zone)).date()
        for each in deliveries.known(tx, workspace_id, planning.shown_ids(workspace_id, today)):
            delivery.change(tx, workspace_id, each, now)
        return True


def deciding(store: Store, actor: Actor, now: datetime) -> Recognition:
    """What stands, for somebody who is about to change it.

    Raises:
        Refused: when the actor may not; it says who can.
    """
    with store.read() as tx:
        settings_of.let_pass(tx, actor, now)
        return Recognition.of(workspace.settings(tx, actor.workspace_id).recognition)


def decide(store: Store, actor: Actor, wanted: Recognition, seen: Mapping[str, Any], now: datetime) -> Saved:
    """Decide where the leaderboard is posted, what it weighs, and whether milestones are told.

    Raises:
        Refused: when the actor may not; it says who can.
    """
    with store.write() as tx:
        values: dict[str, Any] = {Setting.RECOGNITION: wanted.to_json()}
        done = settings_of.change_in(tx, actor, values, now, {Setting.RECOGNITION: seen})
        _ensure(tx, actor.workspace_id, now)
        return done


def ensure(store: Store, workspace_id: str, now: datetime) -> None:
    """See to it that the workspace has the job that it should, at the moment that its hours and holidays say."""
    with store.read() as tx:
        if not _difference(tx, workspace_id, now):
            return
    with store.write() as tx:
        _ensure(tx, workspace_id, now)


def told(store: Store, parcel: Parcel, now: datetime) -> Leaderboard | None:
    """What a leaderboard in its channel shows; None where nobody has a score, or it was switched off meanwhile."""
    with store.read() as tx:
        settings = workspace.settings(tx, parcel.workspace_id)
        week = periods.named(parcel.subject["week"])
        if week is None or (not parcel.ts and Recognition.of(settings.recognition).channel != parcel.recipient):
            return None
        found = Week(tx, parcel.workspace_id, week, now).leaderboard()
        return found if found.standings or parcel.ts else None


def told_milestone(store: Store, parcel: Parcel, now: datetime) -> Milestone | None:
    """What the message of a milestone shows; None where it is nothing to tell: undone before it was told, or of
    somebody who does not want it.
    """
    with store.read() as tx:
        workspace_id = parcel.workspace_id
        row = queries.find_milestone(tx, workspace_id, UUID(parcel.subject["milestone"]))
        if row is None:
            return None
        is_team = row.whose == Whose.TEAM
        out = not is_team and row.subject in queries.left_out(tx, workspace_id)
        if not parcel.ts and (row.undone_at or out):
            return None
        by = people.actor(tx, workspace_id, row.by, now)
        name = row.name if is_team else people.name_of(tx, workspace_id, row.subject)
        what, _, which = row.code.partition(":")
        wins = int(which) if what == milestones.OF_WINS else 0
        language = by.language if by else "en"
        return Milestone(name or "–", is_team, wins, None if wins else which, row.undone_at is not None, language)


def _difference(tx: Connection, workspace_id: str, now: datetime) -> bool:
    key = (planning.LEADERBOARD, planning.NOBODY, "")
    planned = schedule.moments(tx, workspace_id, [planning.NOBODY], [planning.LEADERBOARD]).get(key)
    should = planning.next_moment(workspace.settings(tx, workspace_id), now)
    return planned != should and not (planned and should and planned <= now)


def _ensure(tx: Connection, workspace_id: str, now: datetime) -> None:
    if not _difference(tx, workspace_id, now):
        return
    moment = planning.next_moment(workspace.settings(tx, workspace_id), now)
    if moment:
        schedule.put(tx, workspace_id, planning.LEADERBOARD, planning.NOBODY, moment)
    else:
        schedule.take_out(tx, workspace_id, planning.LEADERBOARD, planning.NOBODY)
