"""Everybody who might take a hand-off, as they stand at one moment: what `bot.routing.rules.route` decides by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from bot.absence.schedule import schedules
from bot.access.roles import Role
from bot.clock import zone_or_utc
from bot.handoffs import queries
from bot.handoffs.model import RoutingCredit
from bot.handoffs.queries import CreditRow
from bot.handoffs.states import TAKERS, Kind
from bot.people import queries as people
from bot.people.rules import Member
from bot.routing.rules import (
    STEPS_BACK,
    Candidate,
    Choice,
    Presence,
    Row,
    phantom_after,
    phantom_on_return,
)
from bot.store.sql import upsert
from bot.working_time.clocks import worked
from bot.working_time.presence import Reason, Schedule, presence, shift_of, working_days
from bot.workspace.rules import Settings

LOOKS_BACK = timedelta(days=60)
"""How far back absences, and the wait since the last offer, are looked at."""

NOTHING = CreditRow(Fraction(0), 0, None)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Field:
    """Those who might be asked, with what else is known of them."""

    candidates: tuple[Candidate, ...]
    members: Mapping[str, Member]
    schedules: Mapping[str, Schedule]
    returns: Mapping[str, CreditRow]
    """What has to be remembered of those who have just returned."""


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
    working = schedules(tx, workspace_id, members, now, settings, start=now - LOOKS_BACK)
    loads, kept = queries.loads(tx, workspace_id, kind), queries.credit_of(tx, workspace_id, kind)
    last = queries.last_offers(tx, workspace_id, sorted(members))
    rules = settings.routing
    plain = {
        each: Candidate(
            id=each,
            open=loads.get(each, 0),
            weight=_weight(rules, each),
            cap=_cap(rules, each),
            credit=kept.get(each, NOTHING).credit,
            waited=_waited(working[each], last.get(each), now),
            presence=_presence(working[each], now),
            is_active=member.may_work,
            has_passed=each in passed,
            territories=frozenset(member.standing.territories),
            segments=frozenset(member.standing.segments),
        )
        for each, member in members.items()
    }
    returns: dict[str, CreditRow] = {}
    found = [
        _with_phantom(each, plain, members[each.id], working[each.id], kept.get(each.id, NOTHING), returns, now)
        for each in plain.values()
    ]
    return Field(tuple(found), members, working, returns)


def remember(tx: Connection, workspace_id: str, kind: Kind, choice: Choice, field: Field, now: datetime) -> None:
    """Keep the credits after a choice, and the phantom loads of those who have just returned."""
    kept = queries.credit_of(tx, workspace_id, kind)
    for row in choice.rows:
        before = kept.get(row.candidate, NOTHING)
        after = field.returns.get(row.candidate, before)._replace(credit=row.left)
        if after != before:
            store_credit(tx, workspace_id, kind, row.candidate, after, now)


def store_credit(tx: Connection, workspace_id: str, kind: Kind, person_id: str, row: CreditRow, now: datetime) -> None:
    """Write what routing remembers of somebody."""
    values = {
        "workspace_id": workspace_id,
        "kind": kind,
        "person_id": person_id,
        "credit": str(row.credit),
        "phantom": row.phantom,
        "returned_at": row.returned_at,
        "seen_at": now,
    }
    upsert(tx, RoutingCredit, values, ["credit", "phantom", "returned_at", "seen_at"])


def as_json(choice: Choice, rule: str) -> dict[str, Any]:
    """A choice as it is stored with its offer: enough to explain it and to replay it."""
    return {
        "rule": rule,
        "winner": choice.winner,
        "decided_by": choice.decided_by,
        "rows": [_row_as_json(row) for row in choice.rows],
    }


def _row_as_json(row: Row) -> dict[str, Any]:
    return {
        "candidate": row.candidate,
        "verdict": row.verdict,
        "open": row.open,
        "phantom": str(row.phantom),
        "load": str(row.load),
        "credit": str(row.credit),
        "left": str(row.left),
        "waited": int(row.waited.total_seconds()),
    }


def _holding(members: Mapping[str, Member], role: Role, without: Collection[str]) -> dict[str, Member]:
    return {each: member for each, member in members.items() if role in member.roles and each not in without}


def _weight(rules: Mapping[str, Any], person_id: str) -> int:
    return max(1, int((rules.get("weights") or {}).get(person_id, 1)))


def _cap(rules: Mapping[str, Any], person_id: str) -> int | None:
    found = (rules.get("caps") or {}).get(person_id, rules.get("cap"))
    return int(found) if found is not None else None


def _presence(schedule: Schedule, now: datetime) -> Presence:
    found = presence(schedule, now)
    if found.is_working:
        return Presence.IN
    if found.reason in {Reason.AWAY, Reason.HOLIDAY} or _is_away_when_next_in(schedule, now):
        return Presence.AWAY
    return Presence.OFF_HOURS


def _is_away_when_next_in(schedule: Schedule, now: datetime) -> bool:
    """Whether the next shift is one of an absence or a public holiday: whoever is off hours comes back to it else."""
    without = replace(schedule, absences=())
    here, there = presence(schedule, now), presence(without, now)
    return here.next_start != there.next_start


def _waited(schedule: Schedule, since: datetime | None, now: datetime) -> timedelta:
    return worked(schedule, max(since or now - LOOKS_BACK, now - LOOKS_BACK), now)


def _with_phantom(
    candidate: Candidate,
    everybody: Mapping[str, Candidate],
    member: Member,
    schedule: Schedule,
    kept: CreditRow,
    returns: dict[str, CreditRow],
    now: datetime,
) -> Candidate:
    """With the load that stands for what others got while this one was away, or before they joined."""
    back = _returned(member, schedule, now)
    if back is None or candidate.presence is Presence.AWAY:
        return candidate
    others = [each.load for each in everybody.values() if each.id != candidate.id and each.is_active]
    if kept.returned_at != back:
        level = int(phantom_on_return(candidate.weight, candidate.open, others))
        kept = kept._replace(phantom=level, returned_at=back)
        returns[candidate.id] = kept
    days = _own_days_since(schedule, back, now)
    left = phantom_after(Fraction(kept.phantom), days)
    waited = worked(schedule, max(back, now - candidate.waited - LOOKS_BACK), now)
    return replace(candidate, phantom=left, waited=min(candidate.waited, waited))


def _returned(member: Member, schedule: Schedule, now: datetime) -> datetime | None:
    """When somebody came back lately from an absence of a working day or more, or began in their role."""
    ended = [each.end for each in schedule.absences if each.end <= now and _is_long(schedule, each.start, each.end)]
    begun = [_begin_of(stint.start, member.zone) for stint in member.stints if stint.role == Role.AE]
    found = [each for each in (*ended, *begun) if now - LOOKS_BACK < each <= now]
    last = max(found, default=None)
    return last if last and _own_days_since(schedule, last, now) < STEPS_BACK else None


def _begin_of(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone_or_utc(zone))


def _is_long(schedule: Schedule, start: datetime, end: datetime) -> bool:
    """Whether an absence takes a whole shift of somebody's."""
    day, last = start.astimezone(schedule.zone).date(), end.astimezone(schedule.zone).date()
    while day <= last:
        shift = shift_of(schedule, day)
        if shift and start <= shift.start and shift.end <= end:
            return True
        day += _DAY
    return False


def _own_days_since(schedule: Schedule, since: datetime, now: datetime) -> int:
    first, today = since.astimezone(schedule.zone).date(), now.astimezone(schedule.zone).date()
    return int(working_days(schedule, first, today - _DAY)) if first < today else 0
