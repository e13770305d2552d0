"""What cannot arrive and can be mended inside Slack is told, once a week at the most, to those who can."""

from datetime import datetime

from sqlalchemy import Connection

from bot.delivery.outcome import Parcel
from bot.delivery.service import Letter, tell_all
from bot.people import queries as people

TROUBLE = "delivery_trouble"

MENDABLE = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "file_uploads_disabled",
    }
)
"""Slack's words for a channel that does not take messages. The rest is told to whoever runs Baton, by the log: a dead
token cannot be told in Slack, a message that is too long is ours to mend, and for an account that ended there is
nothing to mend.
"""


def tell_who_can_mend(tx: Connection, parcel: Parcel, reason: str, now: datetime) -> None:
    """Tell operations (without any, the admins of the workspace) that a channel does not take messages; and whoever
    asked for this one (`asked_by` of its subject).
    """
    where = parcel.place or parcel.recipient
    if reason not in MENDABLE or parcel.kind == TROUBLE or people.names(tx, parcel.workspace_id, [where]):
        return
    year, week, _ = now.isocalendar()
    asked_by = parcel.subject.get("asked_by")
    readers = [*people.operators(tx, parcel.workspace_id, now.date()), *([asked_by] if asked_by else [])]
    letters = [
        Letter(TROUBLE, person, f"{where}:{reason}:{year}-W{week:02}", {"channel": where, "reason": reason})
        for person in dict.fromkeys(readers)
    ]
    tell_all(tx, parcel.workspace_id, letters, now)
