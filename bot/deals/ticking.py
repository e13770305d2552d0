"""Points of a stage's checklist are ticked, or not after all. One function, one transaction."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from bot.access.actor import Actor
from bot.deals import changes
from bot.deals.process import process_in
from bot.deals.service import Done, done, held, repeated
from bot.deals.states import Stage, What
from bot.errors import Refused
from bot.store.engine import Store
from bot.workspace import queries as workspace


def tick(
    store: Store,
    actor: Actor,
    deal_id: UUID,
    stage: Stage,
    points: Collection[str],
    seen: Collection[str],
    *,
    origin: str,
    now: datetime,
) -> Done:
    """Points of a stage are done, or not after all; in the history stands who said so, and when.

    Args:
        store: the database.
        actor: who says so.
        deal_id: the deal.
        stage: whose points they are.
        points: the codes that are ticked now.
        seen: those that were before: what somebody else has ticked meanwhile stays.
        origin: names the delivery behind it.
        now: the moment.

    Raises:
        Refused: when it is not theirs, or was changed this very moment.
    """
    with store.write() as tx:
        if before := repeated(tx, actor, origin):
            return before
        row = held(tx, actor, deal_id, now)
        known = [each.code for each in process_in(workspace.settings(tx, actor.workspace_id)).points(stage)]
        stand = {*row.ticked(stage)} - ({*seen} - {*points}) | ({*points} - {*seen})
        ticks = {**(row.ticks or {}), stage.value: [each for each in known if each in stand]}
        values = {"ticks": {name: codes for name, codes in ticks.items() if codes} or None}
        after = changes.change(tx, actor.workspace_id, row, What.TICKED, values, by=actor.id, origin=origin, now=now)
        if after is None:
            raise Refused("deals.changed_meanwhile", company=row.company)
        return done(tx, actor, after, row, now)
