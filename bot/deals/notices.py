"""What is said about deals unasked: the win in its channel, the deal that somebody was given, the giver's message."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import Connection

from bot.deals.planning import RENEWAL
from bot.deals.queries import DealRow
from bot.deals.states import Kind
from bot.delivery import queries as deliveries
from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.delivery.states import IfUnsure
from bot.schedule import service as schedule
from bot.store.types import new_id
from bot.workspace import queries as workspace

WON, GIVEN, ASSIST, SHARED = "deal_won", "deal_given", "deal_assist", "deal_shared"
"""Kinds of the ledger: the announcement in the channel of wins, the word to whoever has a deal from now on, the one to
whoever found the buyer, where no message about a hand-off stands any more that could show it, and the one to whoever
has another share of a deal than before."""

MILESTONES = "milestones"
"""The kind of the job that looks whether a win is a milestone, or was one that is taken back."""

KINDS = (WON, GIVEN, ASSIST, SHARED, RENEWAL)


def announce(tx: Connection, workspace_id: str, row: DealRow, now: datetime) -> UUID | None:
    """Tell the channel of wins, where the workspace has one. A deal is told once: one that is won again shows that in
    its place. A renewal is no win of somebody new, and not told.

    Returns:
        The message in the ledger; None where there is none.
    """
    if row.announcement:
        delivery.change(tx, workspace_id, row.announcement, now)
        return row.announcement
    channel = workspace.settings(tx, workspace_id).wins_channel
    if not channel or row.kind is Kind.RENEWAL:
        return None
    letter = Letter(WON, channel, row.id.hex, {"deal": row.id.hex}, id=new_id())
    return letter.id if delivery.tell(tx, workspace_id, letter, now) else None


def look_for_milestones(tx: Connection, workspace_id: str, row: DealRow, now: datetime) -> None:
    """Have it looked at what a win, or its end, makes of the milestones of whoever has a share of it: they are reckoned
    above deals.
    """
    schedule.put(tx, workspace_id, MILESTONES, "", now, row.id.hex)


def refresh(tx: Connection, workspace_id: str, cards: Iterable[UUID | None], now: datetime) -> None:
    """Let messages of the ledger show how a deal stands: the announcement, that of whoever handed the lead off."""
    for each in cards:
        if each:
            delivery.change(tx, workspace_id, each, now)


def tell_giver(tx: Connection, workspace_id: str, row: DealRow, now: datetime) -> None:
    """Whoever handed the lead off reads of the win in the one message that they follow; a word of its own is for those
    who have none: it has aged out of the ledger, or the deal came by a list.
    """
    cards = [each for each in (row.giver_card, assist_id(row)) if each]
    known = deliveries.known(tx, workspace_id, cards)
    if known:
        refresh(tx, workspace_id, known, now)
    elif row.giver_id and row.giver_id != row.owner_id:
        subject = {"deal": row.id.hex}
        letter = Letter(ASSIST, row.giver_id, row.id.hex, subject, if_unsure=IfUnsure.RESEND, id=assist_id(row))
        delivery.tell(tx, workspace_id, letter, now)


def assist_id(row: DealRow) -> UUID:
    """The name of that word in the ledger."""
    return uuid5(row.id, ASSIST)


def tell_owner(tx: Connection, workspace_id: str, row: DealRow, by: str, now: datetime) -> None:
    """A deal has another owner: they hear of it."""
    if row.owner_id != by:
        subject = {"deal": row.id.hex, "by": by}
        occasion = f"{row.id.hex}:{row.version}"
        letter = Letter(GIVEN, row.owner_id, occasion, subject, now + timedelta(days=7), IfUnsure.RESEND)
        delivery.tell(tx, workspace_id, letter, now)


def tell_sharers(
    tx: Connection, workspace_id: str, before: DealRow | None, row: DealRow, by: str, now: datetime
) -> None:
    """Whoever has a share now, another one, or none any more hears of it; who has the deal itself has another word."""
    was, now_is = (before.shares if before else None) or {}, row.shares or {}
    for person_id in sorted({*was, *now_is} - {by, row.owner_id}):
        if was.get(person_id) != now_is.get(person_id):
            subject = {"deal": row.id.hex, "by": by}
            occasion = f"{row.id.hex}:{row.version}"
            letter = Letter(SHARED, person_id, occasion, subject, now + timedelta(days=7), IfUnsure.RESEND)
            delivery.tell(tx, workspace_id, letter, now)
