"""What the ledger does about a database that was taken back to an earlier time (`baton restore`): what it thinks is
still to be said may have been said since.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, literal, not_, or_, update

from bot.delivery.claims import LET_GO
from bot.delivery.model import Delivery
from bot.delivery.states import UNSENT, IfUnsure, State, Way
from bot.store.sql import table_of

C = table_of(Delivery).c


class Open(NamedTuple):
    """A message that may have been sent before."""

    kind: str
    recipient: str
    occasion: str


def look_before_sending(tx: Connection, then: datetime, now: datetime) -> list[Open]:
    """Let every row be unsure that may have been sent between `then`, to which the database was taken back, and `now`
    (both UTC): the sender looks for it in Slack, and sends it only where it finds that it never came. Where nobody can
    look, it is not sent again, whatever its kind: better never than twice.

    Changes of cards that stand are sent anew, for a change said twice is said once. What has its moment ahead waits on.

    Returns:
        The rows that are looked for.
    """
    unsent, is_update = C.state.in_(sorted(UNSENT)), C.way == Way.UPDATE
    was_due = or_(C.not_before <= now, C.state != State.WAITING, C.attempts > 0, C.recorded_at >= now)
    change = update(table_of(Delivery))
    tx.execute(change.where(unsent, is_update).values(state=State.WAITING, not_before=now, **LET_GO))
    since = case((C.recorded_at >= now, _moment(then)), else_=func.coalesce(C.tried_at, C.waits_since))
    soonest = case((C.not_before < now, _moment(now)), else_=C.not_before)
    look = {"state": State.UNSURE, "if_unsure": IfUnsure.DROP, "attempts": 0, "tried_at": since, "not_before": soonest}
    looked_for = change.where(unsent, was_due, not_(is_update)).values(**look, **LET_GO)
    found = tx.execute(looked_for.returning(C.kind, C.recipient, C.occasion))
    return sorted(Open(*row) for row in found)


def _moment(moment: datetime) -> ColumnElement[datetime]:
    return literal(moment, C.not_before.type)
