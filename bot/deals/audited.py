"""What of a change of a deal stands in the audit log: whatever it changes of somebody else's."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.audit import service as audit
from bot.audit.service import Change as Audited
from bot.deals.queries import DealRow
from bot.deals.rules import Change


def record(tx: Connection, actor: Actor, before: DealRow | None, row: DealRow, last: Change, now: datetime) -> None:
    """Record the last change of a deal, as far as it is of somebody else: of its owner, of who has a share."""
    owner_id = before.owner_id if before else row.owner_id
    whole = Audited(owner_id, f"deal {row.company}", _shown(last.before) or None, _shown(last.after))
    others = [each for each in (whole, *_shares(before, row, owner_id)) if each.person_id != actor.id]
    if others:
        audit.record(tx, actor.workspace_id, others, by=actor.id, now=now)


def _shares(before: DealRow | None, row: DealRow, owner_id: str) -> Iterator[Audited]:
    """Everybody whose share is another one than before, in percent."""
    was, now_is = (before.shares if before else None) or {}, row.shares or {}
    for person_id in sorted({*was, *now_is} - {owner_id}):
        if was.get(person_id) != now_is.get(person_id):
            yield Audited(person_id, f"share of deal {row.company}", was.get(person_id), now_is.get(person_id))


def _shown(columns: Mapping[str, Any]) -> str:
    """Columns of a change, for the audit log."""
    shown = {name: value for name, value in columns.items() if name not in {"account_id", "lead_id"}}
    if ticks := shown.get("ticks"):
        shown["ticks"] = "; ".join(f"{stage}: {', '.join(codes)}" for stage, codes in ticks.items())
    if shares := shown.get("shares"):
        shown["shares"] = "; ".join(f"{person} {share}" for person, share in shares.items())
    return ", ".join(f"{name} {value}" for name, value in shown.items())
