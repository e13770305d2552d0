"""What the ticks do about digests: whoever's moment has come gets rows in the delivery ledger. What a digest says is
read when it is sent.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.delivery.service import Letter, tell_all
from bot.delivery.states import Way
from bot.digest import queries
from bot.digest.rules import Digest, about, spanning
from bot.quota.periods import Period
from bot.schedule.service import Due, Planner
from bot.store.types import new_id
from bot.workspace import queries as workspace

USEFUL = timedelta(days=4)
"""How late a digest may come and still be read: until the week is nearly over."""

NOT_SOON = timedelta(days=1)
"""When somebody is looked at again who is away for longer than anybody can see ahead."""

AFTER_CARD = timedelta(seconds=2)
"""When what stands in a thread is tried again whose first message is still under way."""

DETAILS, TABLE = "digest_details", "digest_table"
"""What stands in the thread beneath a digest, as kinds of the ledger: the details, and all of it as a file."""

BENEATH = ((DETAILS, Way.REPLY), (TABLE, Way.UPLOAD))

WITH_THREAD = frozenset({Digest.TEAM, Digest.MONTH})


def _planner(digest: Digest) -> Planner:
    def plan(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
        first_month = workspace.settings(tx, workspace_id).fiscal_month
        readers = queries.readers(tx, workspace_id, {each.person_id for each in due}, now)
        letters: list[Letter] = []
        following: dict[Due, datetime | None] = {}
        for each in due:
            reader = readers.get(each.person_id)
            following[each] = None
            if reader is None or not reader.wants(digest):
                continue
            # What the job was put in for: the newest of the moments that have come. Hours, absences and zones may have
            # changed since, so that the moment is another one now.
            days, moment = last_days(reader, digest, now)
            if days and now - moment <= USEFUL:
                told = [about(digest, day, first_month) for day in days]
                letters += letters_of(digest, each.person_id, told[-1], moment, since=told[0])
            coming = reader.next(digest, now)
            following[each] = coming[1] if coming else now + NOT_SOON
        tell_all(tx, workspace_id, letters, now)
        return following

    return plan


def last_days(reader: queries.Reader, digest: Digest, now: datetime) -> tuple[list[date], datetime]:
    """The newest moment of a digest that has come within the time in which it is of use, with the days it was for, the
    oldest first: several where somebody is back from weeks of leave; none where none has come.
    """
    found: dict[datetime, list[date]] = {}
    for day, moment in reader.coming(digest, now - USEFUL):
        if moment > now:
            break
        found.setdefault(moment, []).append(day)
    newest = max(found, default=now)
    return found.get(newest, []), newest


def letters_of(
    digest: Digest, person_id: str, period: Period, moment: datetime, *, since: Period | None = None
) -> list[Letter]:
    """The digest of a period, or of all weeks from `since` on, and what stands in its thread. Each comes once a period,
    whoever makes it and however often.
    """
    card, until = new_id(), moment + USEFUL
    told = spanning(since, period) if since and digest is not Digest.MONTH else period
    subject = {"digest": digest.value, "period": told.name}
    letters = [Letter(digest.value, person_id, period.name, subject, until, id=card)]
    if digest in WITH_THREAD:
        beneath = {**subject, "below": card.hex}
        occasion = f"{digest}:{period.name}"
        letters += [Letter(kind, person_id, occasion, beneath, until, way=way) for kind, way in BENEATH]
    return letters


PLANNERS: Mapping[str, Planner] = {digest.value: _planner(digest) for digest in Digest}
