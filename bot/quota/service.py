"""What can be done about targets: one function, one transaction. A change adds a row; what was set before stays.

`origin` names the delivery behind a change; the same one twice changes nothing the second time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action
from bot.audit import service as audit
from bot.audit.service import Change
from bot.clock import zone_or_utc
from bot.errors import Refused
from bot.people import queries as people
from bot.people.queries import LATEST
from bot.quota import queries, reach
from bot.quota.line import read
from bot.quota.metrics import Metric, Unit
from bot.quota.model import Quota
from bot.quota.own import by_name, metrics
from bot.quota.periods import Period, coming, named
from bot.quota.queries import Subject, Target
from bot.quota.said import Asking, OfPay, QuotaLine, Show, Verb, Whom
from bot.quota.shares import RollUp, roll_up
from bot.quota.whose import Whose
from bot.store.engine import Store
from bot.store.sql import insert_once, one_at_a_time
from bot.store.types import new_id
from bot.workspace import queries as workspace

AUDITED = "quota"
"""The beginning of what the audit log calls a target: `quota revenue 2026-Q4`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target to set, in the metric's unit; None takes it back. `name` is that of a team or territory."""

    subject: Subject
    metric: Metric
    period: Period
    value: int | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A target as it was set, the one before it with who set that, and how the team's target adds up now, if there is a
    team. `is_change` says whether anything is different.
    """

    target: Target
    before: Target | None
    name: str
    is_change: bool = True
    team: str | None = None
    rolled: RollUp | None = None
    before_by: str | None = None


def understand(
    store: Store, actor: Actor, text: str, now: datetime, of_pay: frozenset[Verb] = frozenset()
) -> QuotaLine:
    """Read what somebody typed behind `/quota`, with the teams and territories that their workspace has; `of_pay` are
    the verbs of pay that somebody listens to.
    """
    today = people.today_of(actor, now)
    with store.read() as tx:
        settings = workspace.settings(tx, actor.workspace_id)
        asking = Asking(
            today=now.astimezone(zone_or_utc(settings.zone)).date(),
            language=actor.language,
            currency=settings.currency,
            first_month=settings.fiscal_month,
            teams=(),
            territories=(),
            of_pay=of_pay,
            own=by_name(settings.own_metrics),
        )
        found = read(text, asking)
        if isinstance(found, OfPay) or (isinstance(found, Show) and found.whom == Whom()):
            return found  # one's own, and the most asked for: names cost more than the rest in a large workspace
        teams, territories = (
            reach.names(tx, actor.workspace_id, whose, today) for whose in (Whose.TEAM, Whose.TERRITORY)
        )
        return read(text, replace(asking, teams=teams, territories=territories))


def named_period(store: Store, actor: Actor, name: str) -> Period | None:
    """The period of a name in the workspace's fiscal year."""
    with store.read() as tx:
        return named(name, workspace.settings(tx, actor.workspace_id).fiscal_month)


def metrics_of(store: Store, actor: Actor) -> tuple[Metric, ...]:
    """The metrics of a workspace, its own ones last."""
    with store.read() as tx:
        return metrics(workspace.settings(tx, actor.workspace_id).own_metrics)


def offered(store: Store, actor: Actor, now: datetime) -> tuple[Period, ...]:
    """The periods that targets are set for now: the running and the coming ones of each kind."""
    with store.read() as tx:
        settings = workspace.settings(tx, actor.workspace_id)
    today = now.astimezone(zone_or_utc(settings.zone)).date()
    return coming(today, settings.fiscal_month)


def set_target(store: Store, actor: Actor, wanted: Wanted, *, origin: str, now: datetime) -> Done:
    """Let a target hold from now on; what was set before is kept, and found by whoever asks how it was then.

    Raises:
        Refused: when the actor may not set it, or nobody can have it; it says who can.
    """
    with store.write() as tx:
        turn(tx, actor.workspace_id)
        repeated = queries.by_origin(tx, actor.workspace_id, origin)
        if repeated:
            return _told(tx, actor, repeated, now)
        let_set(tx, actor, wanted.subject, now)
        settings = workspace.settings(tx, actor.workspace_id)
        target = put(tx, actor.workspace_id, wanted, settings.currency, by=actor.id, origin=origin, now=now)
        return _told(tx, actor, target, now, is_change=target.at == now)


def turn(tx: Connection, workspace_id: str) -> None:
    """Let targets be set one after the other: each finds what the one before it has set."""
    one_at_a_time(tx, f"quota:{workspace_id}")


def let_set(tx: Connection, actor: Actor, subject: Subject, now: datetime) -> None:
    """Let pass who may set targets of a person, a team or a territory that can have one.

    Raises:
        Refused: with who can, or why nobody.
    """
    reach.let_act(tx, actor, Action.SET_QUOTAS, subject, now)
    if subject.whose is Whose.PERSON:
        member = people.member(tx, actor.workspace_id, subject.key, people.today_of(actor, now))
        if member is None or not member.may_work:
            raise Refused("quota.refused.nobody", name=member.name if member else subject.key)


def put(
    tx: Connection, workspace_id: str, wanted: Wanted, currency: str, *, by: str, origin: str, now: datetime
) -> Target:
    """The row of a target, and its line in the audit log; none of either where it stands so already. See `turn`."""
    subject, metric, period = wanted.subject, wanted.metric, wanted.period
    is_money = metric.unit is Unit.MONEY
    past = queries.history(tx, workspace_id, subject, metric.code, period.name)
    before = past[-1] if past else None
    if before and (before.value, before.currency) == (wanted.value, currency if is_money else None):
        return before
    target = Target(
        new_id(), subject, wanted.name, metric.code, period, wanted.value, currency if is_money else None, now, by
    )
    values = {
        "workspace_id": workspace_id,
        "id": target.id,
        "whose": subject.whose,
        "subject": subject.key,
        "name": wanted.name,
        "metric": metric.code,
        "period": period.name,
        "first_day": period.first,
        "last_day": period.last,
        "target": wanted.value,
        "currency": target.currency,
        "recorded_at": now,
        "recorded_by": by,
        "origin": origin,
    }
    insert_once(tx, Quota, values)
    person = subject.key if subject.whose is Whose.PERSON else None
    what = " ".join(filter(None, [AUDITED, wanted.name, metric.code, period.name]))
    audited = Change(person, what, shown(before), shown(target))
    audit.record(tx, workspace_id, [audited], by=by, now=now)
    return target


def shown(target: Target | None) -> str | None:
    """A target in figures, for the audit log."""
    if target is None or target.value is None:
        return None
    return f"{target.money.amount:f} {target.currency}" if target.money is not None else str(target.value)


def _told(tx: Connection, actor: Actor, target: Target, now: datetime, *, is_change: bool = True) -> Done:
    """A target with what was before it, and what its team has of its own."""
    past = queries.history(tx, actor.workspace_id, target.subject, target.metric, target.period.name)
    earlier = [each for each in past if each.id != target.id and each.at <= target.at]
    before = earlier[-1] if earlier else None
    by = people.name_of(tx, actor.workspace_id, before.by) if before else None
    name = target.name or people.name_of(tx, actor.workspace_id, target.subject.key)
    team = _team_of(tx, actor.workspace_id, target, people.today_of(actor, now))
    if team is None:
        return Done(target, before, name, is_change, before_by=by)
    rolled = rolled_up(tx, actor.workspace_id, team[1], target, team[2])
    return Done(target, before, name, is_change, team[0], rolled, by)


def _team_of(tx: Connection, workspace_id: str, target: Target, day: date) -> tuple[str, Subject, set[str]] | None:
    """The group that a target counts in: its own, or the team of the person."""
    whose = Whose.TEAM if target.subject.whose is Whose.PERSON else target.subject.whose
    for subject, (name, inside) in reach.groups(tx, workspace_id, whose, day).items():
        if subject == target.subject or (target.subject.whose is Whose.PERSON and target.subject.key in inside):
            return name, subject, inside
    return None


def rolled_up(
    tx: Connection,
    workspace_id: str,
    group: Subject,
    like: Target,
    inside: set[str],
    known: datetime = LATEST,
) -> RollUp:
    """A group's own target of one metric and period beside the sum of its people's."""
    span = (like.period.first, like.period.last)
    own = _like(like, queries.targets(tx, workspace_id, group.whose, [group.key], *span, known))
    theirs = _like(like, queries.targets(tx, workspace_id, Whose.PERSON, sorted(inside), *span, known))
    return roll_up(own.get(group.key), {person: theirs.get(person) for person in inside})


def _like(like: Target, targets: Iterable[Target]) -> dict[str, int | None]:
    """Those of one metric and period, by whose they are."""
    wanted = (like.metric, like.period.name)
    return {each.subject.key: each.value for each in targets if (each.metric, each.period.name) == wanted}
