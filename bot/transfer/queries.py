"""What imports and exports of every kind look up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from bot.clock import zone_or_utc
from bot.errors import NotReady
from bot.pay import queries as pay
from bot.people import queries as people
from bot.people.rules import Profile, zone_name
from bot.quota import queries as quota
from bot.quota.periods import Kind, Period, named, period_of
from bot.workspace import queries as workspace


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody who can be named in a file: `ids` by e-mail in small letters, `emails`, `names` and zones by id.

    Of two who share an e-mail it means the one whose account is alive; `gone` are those whose account is not.
    """

    ids: Mapping[str, str]
    emails: Mapping[str, str]
    names: Mapping[str, str]
    gone: frozenset[str] = frozenset()
    zones: Mapping[str, str] = field(default_factory=dict)

    def joined_by(self, newcomers: Iterable[Profile]) -> "Directory":
        """The same with people whom only Slack knows so far."""
        new = [each for each in newcomers if each.email]
        ids = {each.email.casefold(): each.id for each in new if each.email}
        zones = {each.id: zone_name(each.zone) for each in new}
        return replace(self, ids={**self.ids, **ids}, zones={**self.zones, **zones})


def directory(tx: Connection, workspace_id: str) -> Directory:
    """Everybody of a workspace, those whose account has ended among them."""
    rows = sorted(people.everybody(tx, workspace_id), key=lambda row: row.is_active)
    by_email = {row.email.casefold(): row for row in rows if row.email}
    return Directory(
        ids={email: row.id for email, row in by_email.items()},
        emails={row.id: row.email for row in by_email.values()},
        names={row.id: row.name for row in rows},
        gone=frozenset(row.id for row in rows if not row.is_active),
        zones={row.id: row.zone for row in rows},
    )


def today(tx: Connection, workspace_id: str, now: datetime) -> date:
    """The calendar day of `now` in the zone of the workspace's settings (UTC until it is set)."""
    return now.astimezone(zone_or_utc(workspace.settings(tx, workspace_id).zone)).date()


def period(tx: Connection, workspace_id: str, name: str, today: date) -> Period:
    """The period of a name; one of targets, or one that was closed, keeps its days, whatever the fiscal year is now.

    Raises:
        NotReady: when there is none.
    """
    settings = workspace.settings(tx, workspace_id)
    found = named(name.upper(), settings.fiscal_month)
    if found is not None:
        return found
    held = {each.period.name: each.period for each in quota.in_time(tx, workspace_id, date.min, date.max)}
    closed = [each.period for each in pay.closed(tx, workspace_id, people.LATEST)]
    held |= {each.name: Period(Kind.QUARTER, each.first, each.last, each.name) for each in closed}
    if name.upper() in held:
        return held[name.upper()]
    year, quarter, month, week = (period_of(kind, today, settings.fiscal_month).name for kind in reversed(Kind))
    raise NotReady(f"There is no period {name}; periods are written as {year}, {quarter}, {month} or {week}.")
