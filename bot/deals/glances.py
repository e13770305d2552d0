"""What App Home shows of somebody's open deals: those that press, the most pressing first, in one look-up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.deals import queries
from bot.deals.queries import DealRow
from bot.deals.rules import Concern, concern


@dataclass(frozen=True, slots=True)
class Glance:
    """An open deal, and why it is looked at."""

    row: DealRow
    why: Concern


@dataclass(frozen=True, slots=True)
class Glances:
    """Somebody's open deals, and those among them that press."""

    rows: tuple[DealRow, ...] = ()
    pressing: tuple[Glance, ...] = ()


def glances(tx: Connection, actor: Actor, today: date) -> Glances:
    """The open deals of `actor` on their own `today`."""
    rows = queries.open_of(tx, actor.workspace_id, [actor.id])
    return Glances(tuple(rows), pressing(rows, today))


def pressing(rows: Iterable[DealRow], today: date) -> tuple[Glance, ...]:
    """Past due first, then forgotten ones, then what is due; of equals what closes first, then the oldest."""
    found = [(row, concern(row.close_on, row.next_step, row.next_on, today)) for row in rows]
    several = [Glance(row, why) for row, why in found if why is not None]
    return tuple(sorted(several, key=_order))


def _order(glance: Glance) -> tuple[int, date, date, str]:
    row = glance.row
    return list(Concern).index(glance.why), row.close_on or date.max, row.opened_at.date(), row.id.hex
