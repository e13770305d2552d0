"""Reads what the market says: notes, and deals that were lost to a competitor, beside the period before."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from bot.activity.intel import noted
from bot.deals import lately
from bot.digest.themes import Market, Note, gathered
from bot.performance.deals import Calendar
from bot.quota.periods import Period

_DAY = timedelta(days=1)


def notes(tx: Connection, workspace_id: str, person_ids: Collection[str], first: date, last: date) -> list[Note]:
    """What these people noted, and what they lost to a competitor, from `first` to `last`."""
    here = Calendar.of(tx, workspace_id)
    start, end = here.start(first), here.start(last + _DAY)
    lost = lately.lost_to_competitors(tx, workspace_id, person_ids, start, end)
    return [
        *(
            Note(each.day, each.note, each.person_id, each.company)
            for each in noted(tx, workspace_id, person_ids, first, last)
        ),
        *(Note(here.day(each.at), each.note, each.owner_id, each.company, is_loss=True) for each in lost),
    ]


def market(several: Sequence[Note], period: Period, earlier: Period, competitors: Sequence[str]) -> Market:
    """What the market said in a period, beside the one before."""
    now, before = ([note for note in several if note.day in each] for each in (period, earlier))
    return gathered(now, before, competitors)
