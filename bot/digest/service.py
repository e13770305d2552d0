"""What can be done with digests: read one, decide when they come, see to it that they do."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may, refusal
from bot.access.roles import Role
from bot.attainment import service as attainment
from bot.clock import zone_or_utc
from bot.delivery import queries as deliveries
from bot.delivery.outcome import NotYet, Parcel
from bot.delivery.states import UNSENT
from bot.digest import line, planning, queries
from bot.digest.gathering import Gathered, gather
from bot.digest.marketing import marketing_page
from bot.digest.model import DigestChoice
from bot.digest.own import own_page
from bot.digest.pages import MarketingPage, OwnPage, TeamPage
from bot.digest.rounds import Rounds
from bot.digest.rules import Choice, Digest, named, wants
from bot.digest.said import Decide, DigestLine, Whose
from bot.digest.said import Show as Asked
from bot.digest.team import team_page
from bot.errors import Refused
from bot.handoffs import sources
from bot.people import queries as people
from bot.performance.shares import keep_shares
from bot.quota import reach
from bot.quota.periods import Period
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.store.sql import upsert
from bot.workspace import queries as workspace

Page = TeamPage | OwnPage | MarketingPage

PEOPLE_AT_ONCE = 500

WHOSE = {Digest.OWN: Whose.MINE, Digest.TEAM: Whose.TEAM, Digest.MARKETING: Whose.MARKETING}
"""Whose week each digest tells; that of the month is a manager's team's, and everybody's for operations."""


@dataclass(frozen=True, slots=True)
class When:
    """When one digest comes to somebody next; `at` (UTC) is None where it does not come."""

    digest: Digest
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Somebody's digests: those that come, and those that their roles would bring."""

    lines: tuple[When, ...]


def understand(store: Store, actor: Actor, text: str, now: datetime) -> DigestLine:
    """What a line of `/digest` says."""
    with store.read() as tx:
        settings = workspace.settings(tx, actor.workspace_id)
    today = now.astimezone(zone_or_utc(settings.zone)).date()
    return line.read(text, today, settings.fiscal_month)


def page(store: Store, actor: Actor, asked: Asked, now: datetime) -> Page:
    """The digest that was asked for.

    Raises:
        Refused: when it is none of the reader's, or nobody is in it.
    """
    keep_shares(store, actor.workspace_id, asked.period.last, now)
    with store.read() as tx:
        return _page(tx, actor, asked.whose or _usual(tx, actor, now), asked.period, now)


def decide(store: Store, actor: Actor, decided: Decide, now: datetime) -> Overview:
    """Move digests, or have them come or not; returns what holds then."""
    with store.write() as tx:
        reader = queries.readers(tx, actor.workspace_id, [actor.id], now)[actor.id]
        for digest in [decided.digest] if decided.digest else _meant(reader, decided):
            before = reader.choice(digest)
            weekday = before.weekday if decided.weekday is None else decided.weekday
            _keep(tx, actor, digest, Choice(weekday, decided.at or before.at, not decided.is_on), now)
        _ensure(tx, actor.workspace_id, [actor.id], now)
        return _overview(tx, actor, now)


def has_own(store: Store, actor: Actor, now: datetime) -> bool:
    """Whether the actor's own week comes to them by itself."""
    with store.read() as tx:
        return queries.readers(tx, actor.workspace_id, [actor.id], now)[actor.id].wants(Digest.OWN)


def overview(store: Store, actor: Actor, now: datetime) -> Overview:
    """Which digests come to the actor, and when."""
    with store.read() as tx:
        return _overview(tx, actor, now)


def ensure(store: Store, workspace_id: str, person_ids: Collection[str], now: datetime) -> None:
    """See to it that these people (with none named: everybody) have the jobs that they should; see
    `bot.reminders.service.ensure`.
    """
    with store.read() as tx:
        everybody = sorted(person_ids or queries.candidates(tx, workspace_id, now.date()))
    for start in range(0, len(everybody), PEOPLE_AT_ONCE):
        several = everybody[start : start + PEOPLE_AT_ONCE]
        with store.read() as tx:
            wanting = sorted({each.person_id for each in _differences(tx, workspace_id, several, now)})
        if wanting:
            with store.write() as tx:
                _ensure(tx, workspace_id, wanting, now)


class Told(NamedTuple):
    """A digest that is sent: its page, the reader's language, and where the message stands that it belongs beneath."""

    page: Page
    language: str
    below: tuple[str, str] | None


def told(store: Store, rounds: Rounds, parcel: Parcel, now: datetime) -> Told | NotYet | None:
    """What a message of a digest shows. None for a reader whom it is nothing to any more, or who has nobody left to
    read of; `NotYet` for what stands in the thread of a message that is still under way.
    """
    with store.read() as tx:
        reader = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        settings = workspace.settings(tx, parcel.workspace_id)
        above = parcel.subject.get("below")
        card = deliveries.find(tx, parcel.workspace_id, UUID(above)) if above else None
    period = named(parcel.subject["period"], settings.fiscal_month)
    if reader is None or refusal(reader) or period is None:
        return None
    if card and card.state in UNSENT and not card.ts:
        return NotYet(now + planning.AFTER_CARD)
    if above and not (card and card.ts):
        return None  # the digest itself was not of use any more, so its details are not either
    digest = Digest(parcel.subject["digest"])
    try:
        found = _due(store, rounds, reader, digest, period, now)
    except Refused:
        return None
    return Told(found, reader.language, (card.channel, card.ts) if card else None)


def _due(store: Store, rounds: Rounds, reader: Actor, digest: Digest, period: Period, now: datetime) -> Page:
    whose = WHOSE.get(digest) or (Whose.EVERYBODY if _sees_all(reader) else Whose.TEAM)
    if whose is Whose.MARKETING:
        with store.read() as tx:
            return _page(tx, reader, whose, period, now)
    found = rounds.of(reader, period, now)
    with store.read() as tx:
        return _page(tx, reader, whose, period, now, found)


def _page(
    tx: Connection, actor: Actor, whose: Whose, period: Period, now: datetime, found: Gathered | None = None
) -> Page:
    """The digest, from what was gathered of everybody, or else what is gathered now of those who are in it."""

    def gathered(ids: Collection[str]) -> Gathered:
        return found if found and found.ids.issuperset(ids) else gather(tx, actor, ids, period, now)

    if whose is Whose.MINE:
        return own_page(tx, gathered((actor.id,)), actor)
    if whose is Whose.TEAM:
        below = tuple(sorted(people.reports(tx, actor, now)))
        if not below:
            raise Refused("digest.refused.no_reports")
        return team_page(tx, gathered(below), actor, below)
    if whose is Whose.MARKETING:
        sources.let_read(tx, actor, now)
        return marketing_page(tx, actor, period, now)
    if not _sees_all(actor):
        raise reach.refusal(tx, actor, Action.SEE_NUMBERS, None, now)
    everybody = tuple(sorted(people.members(tx, actor.workspace_id, people.today_of(actor, now))))
    if not everybody:
        raise Refused("digest.refused.nobody")
    return team_page(tx, gathered(everybody), actor, everybody, is_everybody=True)


def _usual(tx: Connection, actor: Actor, now: datetime) -> Whose:
    """Whose week somebody reads who does not say: a manager's team, everybody for operations, else their own."""
    if Role.MANAGER in actor.roles and people.reports(tx, actor, now):
        return Whose.TEAM
    if Role.MARKETING in actor.roles:
        return Whose.MARKETING
    if _sees_all(actor) and not attainment.SELLERS & set(actor.roles):
        return Whose.EVERYBODY
    return Whose.MINE


def _sees_all(actor: Actor) -> bool:
    return may(actor, Action.SEE_NUMBERS, Relation.COLLEAGUE)


def _meant(reader: queries.Reader, decided: Decide) -> Sequence[Digest]:
    """The digests that a line without a name means: all that come, to stop them; all that are for the reader's roles,
    to bring them back; another day or time is for the first of those that come, or would.
    """
    ours = [digest for digest in Digest if wants(digest, reader.person.roles)] or [Digest.OWN]
    coming = [digest for digest in Digest if reader.wants(digest)] or ours
    if not decided.is_on:
        return coming
    return ours if decided.weekday is None and decided.at is None else coming[:1]


def _keep(tx: Connection, actor: Actor, digest: Digest, choice: Choice, now: datetime) -> None:
    key = {"workspace_id": actor.workspace_id, "person_id": actor.id, "digest": digest.value}
    decided = {"weekday": choice.weekday, "at": choice.at, "is_off": bool(choice.is_off), "recorded_at": now}
    upsert(tx, DigestChoice, {**key, **decided}, [*decided])


def _overview(tx: Connection, actor: Actor, now: datetime) -> Overview:
    reader = queries.readers(tx, actor.workspace_id, [actor.id], now)[actor.id]
    lines = []
    for digest in Digest:
        coming = reader.next(digest, now)
        if coming or wants(digest, reader.person.roles) or digest in reader.choices:
            lines.append(When(digest, coming[1] if coming else None))
    return Overview(tuple(lines))


class _Difference(NamedTuple):
    """A job that stands at one moment (None: not at all) and should at another."""

    digest: Digest
    person_id: str
    after: datetime | None


def _differences(tx: Connection, workspace_id: str, person_ids: Sequence[str], now: datetime) -> Iterator[_Difference]:
    found = queries.readers(tx, workspace_id, person_ids, now)
    planned = schedule.moments(tx, workspace_id, person_ids, list(Digest))
    for person_id in person_ids:
        reader = found.get(person_id)
        for digest in Digest:
            before = planned.get((digest, person_id, ""))
            coming: tuple[date, datetime] | None = reader.next(digest, now) if reader else None
            after = coming[1] if coming else None
            if before != after and not (before and before <= now):
                yield _Difference(digest, person_id, after)


def _ensure(tx: Connection, workspace_id: str, person_ids: Sequence[str], now: datetime) -> None:
    for digest, person_id, after in list(_differences(tx, workspace_id, person_ids, now)):
        if after:
            schedule.put(tx, workspace_id, digest, person_id, after)
        else:
            schedule.take_out(tx, workspace_id, digest, person_id)
