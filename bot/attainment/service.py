"""Where people stand, read at one moment: their targets, what they achieved, their days, pipeline and pay, in a fixed
number of look-ups.

"As of" a day is the end of that day where the workspace is, by what was recorded by then; of today and later it is now.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, may
from bot.access.roles import Role
from bot.attainment.days import Calendar, calendars
from bot.attainment.frame import (
    EVERYBODY,
    Asked,
    Frame,
    earliest,
    frame_of,
    logged_in,
    part_of,
    scope_of,
    span_asked,
)
from bot.attainment.pages import GroupPage, Part, PersonPage, in_order
from bot.attainment.promised import promised
from bot.attainment.together import Together
from bot.errors import Refused
from bot.pay import books
from bot.pay.plan import plan_on
from bot.pay.statement import Statement
from bot.pay.targets import of_quotas
from bot.people import queries as people
from bot.people.rules import Member, reports_below
from bot.performance.shares import keep_shares
from bot.quota import queries, reach
from bot.quota.achieved import achieved, closed
from bot.quota.metrics import by_code
from bot.quota.own import metrics
from bot.quota.periods import Kind
from bot.quota.queries import Subject, Target
from bot.quota.whose import Whose
from bot.store.engine import Store
from bot.workspace import queries as workspace

SELLERS = frozenset({Role.SDR, Role.MRR, Role.AE, Role.SPECIALIST, Role.CSM})
"""Roles that have work of their own to be measured by."""

LOOKS_AHEAD = timedelta(days=92)
"""How far off a period may begin whose target is told beforehand."""

_DAY = timedelta(days=1)


def person(store: Store, actor: Actor, person_id: str | None, asked: Asked, now: datetime) -> PersonPage:
    """Where somebody stands with each metric and period; one's own without a person.

    Raises:
        Refused: when their figures are none of the reader's; it says who can see them.
    """
    if asked.as_of:
        keep_shares(store, actor.workspace_id, asked.as_of, now)
    with store.read() as tx:
        reach.let_act(tx, actor, Action.SEE_NUMBERS, Subject.person(person_id or actor.id), now)
        return _person(tx, actor, person_id or actor.id, asked, now)


def mine(tx: Connection, actor: Actor, now: datetime, as_of: date | None = None) -> PersonPage:
    """Where the reader stands, now or as of the end of a day."""
    return _person(tx, actor, actor.id, Asked(as_of=as_of), now)


def of_reports(tx: Connection, actor: Actor, now: datetime) -> GroupPage:
    """Where those who report to the reader stand, now."""
    return Together(tx, frame_of(tx, actor, None, now), actor, None, now).page(Asked(), None)


def _person(tx: Connection, actor: Actor, whom: str, asked: Asked, now: datetime) -> PersonPage:
    frame = frame_of(tx, actor, asked.as_of, now)
    member = people.member(tx, actor.workspace_id, whom, frame.when.today, frame.cutoff)
    if member is None:
        raise Refused("quota.refused.nobody", name=whom)
    return PersonPage(
        whom,
        None if whom == actor.id else member.name,
        _parts(tx, frame, member, asked),
        _pay(tx, frame, member, asked),
        frame.when,
        frame.settings.currency,
        may(actor, Action.SET_QUOTAS, people.relation(tx, actor, whom, now)),
        asked.period or frame.quarter(),
        _coming(tx, frame, member, asked),
    )


def group(
    store: Store,
    actor: Actor,
    subject: Subject | None,
    asked: Asked,
    now: datetime,
    shown: tuple[str, str] | None = None,
) -> GroupPage:
    """Where a team or a territory stands, or (without one) those who report to the reader.

    What somebody achieved counts for the group that they were in on that day; their target counts for the one they are
    in on the page's day.

    Args:
        store: where everything is.
        actor: who reads.
        subject: the team or territory.
        asked: what of it.
        now: the moment.
        shown: the metric's code and the period's name of the part to see person by person; the first one if None.

    Raises:
        Refused: when not everybody in it is the reader's to see; it says who can see them.
    """
    if asked.as_of:
        keep_shares(store, actor.workspace_id, asked.as_of, now)
    with store.read() as tx:
        frame = frame_of(tx, actor, asked.as_of, now)
        return Together(tx, frame, actor, subject, now).page(asked, shown)


def groups_of(store: Store, actor: Actor, whose: Whose, now: datetime) -> tuple[str, ...]:
    """The teams or territories whose figures somebody may see, by name."""
    day = people.today_of(actor, now)
    with store.read() as tx:
        found = reach.groups(tx, actor.workspace_id, whose, day)
        return tuple(
            sorted(
                name
                for name, inside in found.values()
                if reach.may_of_group(tx, actor, Action.SEE_NUMBERS, inside, now)
            )
        )


def currency(store: Store, actor: Actor) -> str:
    """The workspace's currency."""
    with store.read() as tx:
        return workspace.settings(tx, actor.workspace_id).currency


def _parts(tx: Connection, frame: Frame, member: Member, asked: Asked) -> tuple[Part, ...]:
    first, last = span_asked(frame, asked)
    held = queries.targets(tx, frame.workspace_id, Whose.PERSON, [member.id], first, last, frame.cutoff)
    targets = [each for each in held if asked.takes(each.metric, each.period.name)]
    wanted = {(each.metric, each.period.name): each for each in targets}
    fallback = asked.period or frame.quarter()
    with_targets = [(each.metric, each.period) for each in wanted.values()]
    others = [each for each in metrics(frame.settings.own_metrics) if asked.metric is None or asked.metric == each]
    told = {each.metric for each in targets}
    without_target = [(each.code, fallback) for each in others if each.code not in told]
    spans = [fallback, *(each.period for each in targets)]
    measured = _measured(tx, frame, member) if targets else [member.id]
    own = achieved(tx, scope_of(frame, [member.id], [*with_targets, *without_target]), frame.known)
    found, ids = own, [member.id]
    if len(measured) > 1:
        scope = scope_of(frame, measured, with_targets)
        found, ids = closed(tx, scope, frame.known).together(EVERYBODY), [EVERYBODY]
        found = found.with_those(logged_in(tx, frame, scope))
    calendar = _calendar(tx, frame, member, min(earliest(frame, spans), fallback.first))
    with_target = [
        part_of(frame, by_code(each.metric), each.period, each.value, found, ids, calendar) for each in wanted.values()
    ]
    without = [
        part
        for code, period in without_target
        for part in [part_of(frame, by_code(code), period, None, own, [member.id], calendar)]
        if part.has_any or asked.metric == part.metric
    ]
    whole = [*promised(tx, frame, measured, with_target), *promised(tx, frame, [member.id], without)]
    return tuple(sorted(whole, key=lambda part: in_order(part.metric, part.period)))


def _measured(tx: Connection, frame: Frame, member: Member) -> list[str]:
    """Whose work somebody's targets are measured by: a manager's by everybody below, unless the manager sells, too."""
    if Role.MANAGER not in member.roles or SELLERS & set(member.roles):
        return [member.id]
    managers = people.managers(tx, frame.workspace_id, frame.when.today, frame.cutoff)
    return [member.id, *sorted(reports_below(managers, member.id))]


def _coming(tx: Connection, frame: Frame, member: Member, asked: Asked) -> tuple[Target, ...]:
    """The targets of periods that begin within a quarter's time, the next ones first."""
    if asked.period or frame.when.as_of:
        return ()
    first, last = frame.when.today + _DAY, frame.when.today + LOOKS_AHEAD
    held = queries.targets(tx, frame.workspace_id, Whose.PERSON, [member.id], first, last)
    found = [each for each in held if each.period.first >= first and asked.takes(each.metric, each.period.name)]
    return tuple(sorted(found, key=lambda each: (each.period.first, *in_order(by_code(each.metric), each.period))))


def _calendar(tx: Connection, frame: Frame, member: Member, first: date) -> Calendar:
    found = calendars(tx, frame.workspace_id, {member.id: member}, frame.settings, first, frame.when.at, frame.known)
    return found[member.id]


def _pay(tx: Connection, frame: Frame, member: Member, asked: Asked) -> Statement | None:
    """What somebody has earned in the quarter that is asked about; None where no plan pays them, or it is to come."""
    if asked.metric is not None or (asked.period and asked.period.kind is not Kind.QUARTER):
        return None
    if asked.period and asked.period.first > frame.when.today:
        return None
    mine = books.books(tx, frame.workspace_id, member.id, frame.when.at, of_quotas)
    day = asked.period.first if asked.period else frame.when.today
    period = mine.terms.period_of(day)
    found = mine.statement(tx, period)
    is_paid = any(plan_on(mine.terms.plans, Role(role), max(day, period.first)) for role in member.roles)
    return found if is_paid or found.lines else None
