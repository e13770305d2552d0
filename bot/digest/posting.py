"""`baton digest`: what is due beside the clock, and what the workspace's week says, for whoever runs Baton."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.clock import zone_or_utc
from bot.delivery import queries as deliveries
from bot.delivery.service import tell_all
from bot.digest import planning, queries
from bot.digest.gathering import gather
from bot.digest.pages import TeamPage
from bot.digest.rules import Digest, about
from bot.digest.team import team_page
from bot.errors import NotReady
from bot.people import queries as people
from bot.performance.shares import keep_shares
from bot.quota import periods
from bot.quota.periods import Kind, Period, following, period_of
from bot.store.engine import Store
from bot.workspace import queries as workspace

WEEKLY = (Digest.TEAM, Digest.OWN, Digest.MARKETING)


def week(store: Store, workspace_id: str, name: str | None, now: datetime) -> Period:
    """The week that is meant: the one of that name, or the last one that is over.

    Raises:
        NotReady: for one that does not exist or has not begun.
    """
    with store.read() as tx:
        settings = workspace.settings(tx, workspace_id)
    today = now.astimezone(zone_or_utc(settings.zone)).date()
    if name is None:
        return following(period_of(Kind.WEEK, today), by=-1)
    found = periods.named(name.upper())
    if found is None or found.kind is not Kind.WEEK:
        raise NotReady(f"There is no week {name}; a week is written like {period_of(Kind.WEEK, today).name}.")
    if found.first > today:
        raise NotReady(f"{found.name} begins on {found.first}, so there is nothing to tell of it yet.")
    return found


def everybody(store: Store, workspace_id: str, period: Period, now: datetime) -> TeamPage:
    """The week of everybody who sells.

    Raises:
        NotReady: where nobody does.
    """
    keep_shares(store, workspace_id, period.last, now)
    with store.read() as tx:
        reader = _operator(tx, workspace_id)
        ids = tuple(sorted(people.members(tx, workspace_id, now.astimezone(reader.zone).date())))
        if not ids:
            raise NotReady("Nobody holds a role yet: `baton import people FILE.csv`, or /team assign in Slack.")
        return team_page(tx, gather(tx, reader, ids, period, now), reader, ids, is_everybody=True)


def post(store: Store, workspace_id: str, period: Period, now: datetime) -> Sequence[str]:
    """Put the digests of a week into the ledger for everybody who gets them and to whom the week's has become due; the
    running Baton sends them. Who has got theirs already gets it not again.

    Returns:
        The names of those to whom one goes now.
    """
    with store.write() as tx:
        ids = sorted(queries.candidates(tx, workspace_id, now.date()))
        first_month = workspace.settings(tx, workspace_id).fiscal_month
        letters = []
        for person_id, reader in queries.readers(tx, workspace_id, ids, now).items():
            for digest in WEEKLY:
                if reader.wants(digest) and _is_due(reader, digest, period, first_month, now):
                    letters += planning.letters_of(digest, person_id, period, now)
        tell_all(tx, workspace_id, letters, now)
        stored = deliveries.known(tx, workspace_id, [each.id for each in letters if each.id])
        names = people.names(tx, workspace_id, sorted({each.recipient for each in letters if each.id in stored}))
    return sorted(names.values())


def _is_due(reader: queries.Reader, digest: Digest, period: Period, first_month: int, now: datetime) -> bool:
    """Whether the moment at which somebody's digest of a week comes has passed."""
    after = now - (now.date() - period.first + timedelta(days=8))
    while coming := reader.next(digest, after):
        day, moment = coming
        if moment > now or about(digest, day, first_month).first > period.first:
            break
        if about(digest, day, first_month) == period:
            return True
        after = moment
    return False


def _operator(tx: Connection, workspace_id: str) -> Actor:
    """Whoever runs Baton sees what operations see."""
    settings = workspace.settings(tx, workspace_id)
    zone = zone_or_utc(settings.zone)
    return Actor(workspace_id, "", "", "en", zone, frozenset({Role.OPS}))
