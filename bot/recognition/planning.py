"""What the ticks do about leaderboards: on the week's first working day of the workspace its channel gets a row in the
delivery ledger. What it says is read when it is sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Connection

from bot.attainment.days import of_workspace
from bot.delivery.service import Letter, tell
from bot.digest.rules import Choice, Digest, moments
from bot.quota.periods import Kind, Period, following, period_of
from bot.recognition import milestones
from bot.recognition.rules import Recognition
from bot.schedule.service import Due, Planner
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

LEADERBOARD = "leaderboard_week"
"""The kind of its job, of which a workspace has one, and of its message in the ledger."""

NOBODY = ""
"""In the place of a person: the job is the workspace's."""

USUAL = Choice(weekday=0, at=time(9))
"""When it comes: on Monday, or on the next working day, as a manager's digest does half an hour before."""

USEFUL = timedelta(days=4)
"""How late it may come: until the week is nearly over."""

WEEKS_SHOWN = 13
"""How many weeks back a leaderboard that stands in its channel changes when somebody wants to be left out."""


def next_moment(settings: Settings, after: datetime) -> datetime | None:
    """When the next one comes behind a moment (UTC); None where there is none, or no working day ahead."""
    if not Recognition.of(settings.recognition).channel:
        return None
    return next((moment for _, moment in _moments(settings, after)), None)


def message_id(workspace_id: str, week: str) -> UUID:
    """The name of a week's leaderboard in the ledger, so that it is found again."""
    return uuid5(NAMESPACE_OID, f"{workspace_id}:{LEADERBOARD}:{week}")


def shown_ids(workspace_id: str, today: date) -> list[UUID]:
    """Those of the last weeks, wherever they are."""
    this = period_of(Kind.WEEK, today)
    return [message_id(workspace_id, following(this, by=-back).name) for back in range(1, WEEKS_SHOWN + 1)]


def _moments(settings: Settings, after: datetime) -> Iterator[tuple[date, datetime]]:
    return moments(Digest.TEAM, of_workspace(settings).schedule, after, USUAL)


def _plan(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
    settings = workspace.settings(tx, workspace_id)
    channel = Recognition.of(settings.recognition).channel
    come = [each for each in _moments(settings, now - USEFUL) if each[1] <= now]
    if channel and come:
        day, moment = come[-1]
        tell(tx, workspace_id, _letter(workspace_id, channel, _week_before(day), moment), now)
    return dict.fromkeys(due, next_moment(settings, now))


def _week_before(day: date) -> Period:
    return following(period_of(Kind.WEEK, day), by=-1)


def _letter(workspace_id: str, channel: str, week: Period, moment: datetime) -> Letter:
    subject = {"week": week.name}
    return Letter(LEADERBOARD, channel, week.name, subject, moment + USEFUL, id=message_id(workspace_id, week.name))


PLANNERS: Mapping[str, Planner] = {LEADERBOARD: _plan, milestones.JOB: milestones.plan}
