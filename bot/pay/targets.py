"""What tiers are measured by: a person's target of revenue in a period, as quotas have it."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from bot.pay.period import Period


class Targets(Protocol):
    """Tells what somebody is to bring in within a period."""

    def __call__(
        self, tx: Connection, workspace_id: str, person_id: str, period: Period, as_of: datetime, /
    ) -> int | None:
        """The target in minor units by what was recorded at `as_of` (UTC), or None where there is none."""


def none_set(_tx: Connection, _workspace_id: str, _person_id: str, _period: Period, _as_of: datetime, /) -> None:
    """The targets of a workspace that has none: tiers pay nothing, and the statement says so."""
