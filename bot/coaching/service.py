"""Reading what somebody typed behind a verb of coaching."""

from datetime import datetime

from bot.access.actor import Actor
from bot.clock import zone_or_utc
from bot.coaching.line import read
from bot.coaching.said import Said
from bot.quota.said import Asking
from bot.store.engine import Store
from bot.team.vocabulary import Verb
from bot.workspace import queries as workspace


def understand(store: Store, actor: Actor, verb: Verb, text: str, now: datetime) -> Said:
    """What the line says: due days by the reader's calendar, periods by the workspace's."""
    with store.read() as tx:
        settings = workspace.settings(tx, actor.workspace_id)
    zone = zone_or_utc(settings.zone) if verb is Verb.REVIEW else actor.zone
    today = now.astimezone(zone).date()
    return read(verb, text, Asking(today, actor.language, settings.currency, settings.fiscal_month), actor.id)
