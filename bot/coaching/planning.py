"""What the ticks do about coaching."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.coaching import reminding, training
from bot.reminders.rules import Kind
from bot.schedule.service import Due, Planner


def plan_roles(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
    """Give each module to the new holders of its roles."""
    return {
        each: now + reminding.LOOKS if training.take_in(tx, workspace_id, UUID(each.subject), now) else None
        for each in due
    }


PLANNERS: Mapping[str, Planner] = {Kind.TRAINING: reminding.plan, reminding.ROLES: plan_roles}
