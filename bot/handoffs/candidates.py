"""Everybody who might take a hand-off, as they stand at one moment: what `bot.routing.rules.route` decides by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from bot.absence.schedule import schedules
from bot.access.roles import Role
from bot.clock import zone_or_utc
from bot.errors import Refused
from bot.handoffs import queries
from bot.handoffs.model import RoutingCredit
from bot.handoffs.queries import CreditRow
from bot.handoffs.states import TAKERS, Kind, may_take
from bot.people import queries as people
from bot.people.rules import Member
from bot.routing import standing
from bot.routing.rules import Candidate, Choice, Row
from bot.routing.standing import LONGEST_WAIT, Standing, Taker
from bot.store.sql import upsert
from bot.working_time.presence import Reason, Schedule, presence
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

NOTHING = CreditRow(Fraction(0), 0, None, None)


@dataclass(frozen=True, slots=True)
class Field:
    """Those who might be asked, with what else is known of them."""

    candidates: tuple[Candidate, ...]
    members: Mapping[str, Member]
    schedules: Mapping[str, Schedule]
    standings: Mapping[str, Standing]
    """What is known of each before the choice; returns are accounted for."""


def field_of(
    tx: Connection,
    workspace_id: str,
    kind: Kind,
    settings: Settings,
    now: datetime,
    *,
    passed: Collection[str] = (),
    without: Collection[str] = (),
    named: str | None = None,
) -> Field:
    """Everybody who holds the role that takes this kind, today.

    Args:
        tx: a transaction.
        workspace_id: theirs.
        kind: what is to be given.
        settings: of the workspace; its routing rules give weights and caps.
        now: the moment.
        passed: those who have had this one.
        without: those who are not asked at all, such as its giver.
        named: somebody who may take it and was named, whether or not the rules would ask them.
    """
    everybody = people.members(tx, workspace_id, now.date())
    members = _holding(everybody, TAKERS[kind], without)
    if kind is Kind.STUCK and not any(each.may_work for each in members.values()):
        members = _holding(everybody, Role.OPS, without)
    if named in everybody:
        members[named] = everybody[named]
    working = schedules(tx, workspace_id, members, now, settings, start=now - LONGEST_WAIT)
    loads, kept = queries.loads(tx, workspace_id, kind), queries.credit_of(tx, workspace_id, kind)
    last = queries.last_offers(tx, workspace_id, sorted(members))
    takers = [taker_of(each, kind, working[each.id], settings.routing, now) for each in members.values()]
    standings = {each: _standing(kept.get(each, NOTHING), loads.get(each, 0), last.get(each)) for each in members}
    known = standing.caught_up(takers, standings, now)
    return Field(tuple(standing.candidates(takers, known, now, passed)), members, working, known)


def check_named(
    tx: Connection,
    workspace_id: str,
    person_id: str,
    kind: Kind,
    company: str,
    now: datetime,
    without: Collection[str] = (),
) -> None:
    """Let a named taker pass who can take it now: neither its giver nor anybody who has had it (`without`).

    Raises:
        Refused: with who they are, and what keeps them.
    """
    member = people.members(tx, workspace_id, now.date(), people=[person_id]).get(person_id)
    if member is None or not member.may_work or person_id in without:
        raise Refused("handoffs.cannot_take", who=member.name if member else person_id)
    if not may_take(kind, member.roles):
        raise Refused("handoffs.without_role", who=member.name, role=TAKERS[kind])
    if is_away(tx, workspace_id, person_id, now):
        raise Refused("handoffs.taker_away", who=member.name, company=company)


def is_away(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> bool:
    """Whether somebody is absent or on a holiday; after their hours they are not."""
    return presence(schedule_of(tx, workspace_id, person_id, now), now).reason in {Reason.AWAY, Reason.HOLIDAY}


def schedule_of(tx: Connection, workspace_id: str, person_id: str, now: datetime) -> Schedule:
    """The working time of one person, whatever they hold."""
    members = people.members(tx, workspace_id, now.date(), people=[person_id])
    return schedules(tx, workspace_id, members, now, workspace.settings(tx, workspace_id))[person_id]


def remember(tx: Connection, workspace_id: str, kind: Kind, choice: Choice, field: Field, now: datetime) -> None:
    """Keep the credits after a choice, and the phantom loads of those who have just returned."""
    for row in choice.rows:
        known = field.standings[row.candidate]
        after = CreditRow(row.left, int(known.phantom), known.returned_at, now)
        store_credit(tx, workspace_id, kind, row.candidate, after)


def store_credit(tx: Connection, workspace_id: str, kind: Kind, person_id: str, row: CreditRow) -> None:
    """Write what routing remembers of somebody."""
    values = {
        "workspace_id": workspace_id,
        "kind": kind,
        "person_id": person_id,
        "credit": str(row.credit),
        "phantom": row.phantom,
        "returned_at": row.returned_at,
        "seen_at": row.seen_at,
    }
    upsert(tx, RoutingCredit, values, ["credit", "phantom", "returned_at", "seen_at"])


def taker_of(member: Member, kind: Kind, schedule: Schedule, rules: Mapping[str, Any], now: datetime) -> Taker:
    """Somebody who takes a kind, with the weight and the cap that the rules give them."""
    begun = [stint.start for stint in member.stints if may_take(kind, [stint.role])]
    return Taker(
        id=member.id,
        schedule=schedule,
        weight=weight_of(rules, member.id),
        cap=cap_of(rules, member.id),
        territories=frozenset(member.standing.territories),
        segments=frozenset(member.standing.segments),
        joined_at=_begin_of(min(begun), member.zone) if begun else None,
        left_at=None if member.may_work else now,
    )


def weight_of(rules: Mapping[str, Any], person_id: str) -> int:
    """How many turns the rules give somebody beside one of the others."""
    return max(1, int((rules.get("weights") or {}).get(person_id, 1)))


def cap_of(rules: Mapping[str, Any], person_id: str) -> int | None:
    """How many open hand-offs the rules let somebody have; None is any number."""
    found = (rules.get("caps") or {}).get(person_id, rules.get("cap"))
    return int(found) if found is not None else None


def as_json(choice: Choice, rule: str, field: Field) -> dict[str, Any]:
    """A choice as it is stored with its offer: enough to explain it and to replay it."""
    return {
        "rule": rule,
        "winner": choice.winner,
        "decided_by": choice.decided_by,
        "rows": [_row_as_json(row, field.standings[row.candidate]) for row in choice.rows],
    }


def _row_as_json(row: Row, known: Standing) -> dict[str, Any]:
    return {
        "candidate": row.candidate,
        "verdict": row.verdict,
        "open": row.open,
        "phantom": str(row.phantom),
        "load": str(row.load),
        "credit": str(row.credit),
        "left": str(row.left),
        "waited": int(row.waited.total_seconds()),
        "returned": known.returned_at.astimezone(UTC).isoformat() if known.returned_at else None,
    }


def _holding(members: Mapping[str, Member], role: Role, without: Collection[str]) -> dict[str, Member]:
    return {each: member for each, member in members.items() if role in member.roles and each not in without}


def _standing(kept: CreditRow, is_open: int, offered_at: datetime | None) -> Standing:
    return Standing(is_open, kept.credit, Fraction(kept.phantom), kept.returned_at, offered_at, kept.seen_at)


def _begin_of(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone_or_utc(zone)).astimezone(UTC)
