"""The writer of what is said about delivery itself."""

from collections.abc import Mapping
from datetime import datetime

from bot.delivery.mending import TROUBLE
from bot.delivery.outcome import Parcel
from bot.people import service as people
from bot.words import words_for
from handlers.answers import Desk
from handlers.courier import Writer
from handlers.ui import delivery as ui
from handlers.ui.blocks import Message


def writers(desk: Desk) -> Mapping[str, Writer]:
    """Tells operations that a channel does not take messages."""

    def trouble(parcel: Parcel, now: datetime) -> Message | None:
        reader = people.find(desk.store, parcel.workspace_id, parcel.recipient, now)
        if reader is None or not desk.door.admits(reader):
            return None
        return ui.trouble(words_for(reader.language), parcel.subject["channel"], parcel.subject["reason"])

    return {TROUBLE: trouble}
