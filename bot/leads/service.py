"""What can be done about leads: one function, one transaction.

`origin` names the delivery behind a change; the same one twice changes nothing the second time.
"""

from datetime import datetime

from bot.leads import changes
from bot.leads.changes import NewLead, Received
from bot.store.engine import Store


def take_in(
    store: Store, workspace_id: str, new: NewLead, *, by: str | None = None, origin: str, now: datetime
) -> Received:
    """A lead came, from wherever."""
    with store.write() as tx:
        return changes.receive(tx, workspace_id, new, by=by, origin=origin, now=now)
