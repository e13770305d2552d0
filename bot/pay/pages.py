"""What people read of pay: a statement, a plan, a dispute. Plain values, from the state of that moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may, refusal
from bot.access.roles import Role
from bot.clock import zone_or_utc
from bot.delivery import queries as deliveries
from bot.delivery.outcome import NotYet, Parcel
from bot.delivery.states import UNSENT
from bot.errors import Refused
from bot.pay import books, chasing, queries, service
from bot.pay.books import Books
from bot.pay.earned import Line, Terms
from bot.pay.period import A_DAY, Period
from bot.pay.plan import Plan, plan_on
from bot.pay.queries import Closed, Dispute, Version
from bot.pay.standard import standard_plans
from bot.pay.statement import Statement
from bot.pay.states import Standing
from bot.pay.targets import Targets
from bot.people import queries as people
from bot.reading.text import keyed
from bot.store.engine import Store
from bot.workspace import queries as workspace
from bot.workspace.rules import BASE_SHARES

OWN = frozenset({service.MINE, service.ANSWER})
"""Messages to whoever disputes; the others are for whoever answers."""

AFTER_CARD = timedelta(seconds=2)
"""What an answer waits for the message that it belongs beneath."""


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A statement as somebody reads it.

    `of` is whose it is, where it is not the reader's own; `disputes` are by line, the newest of each. `zone` is the
    workspace's: days of pay are its days. `asked` is the moment of the past that was asked about, if one was.
    """

    person_id: str
    statement: Statement
    closed: Closed | None
    disputes: Mapping[str, Dispute]
    names: Mapping[str, str]
    of: str | None
    can_dispute: bool
    can_close: bool
    earlier: Period
    later: Period | None
    is_past: bool
    zone: ZoneInfo
    email: str | None = None
    can_answer: bool = False
    asked: datetime | None = None

    def is_disputed(self, line_id: str) -> bool:
        """Whether a dispute of a line waits for its answer."""
        dispute = self.disputes.get(line_id)
        return dispute is not None and dispute.state is Standing.OPEN

    def meant(self, number: int | None, name: str | None) -> tuple[Line, ...]:
        """The lines that somebody means by a number, counted from 1, or by a company, or the beginning of its name."""
        lines = self.statement.lines
        if number is not None:
            return lines[number - 1 : number] if number else ()
        wanted = keyed(name or "")
        exact = tuple(each for each in lines if keyed(each.subject) == wanted)
        return exact or tuple(each for each in lines if wanted and keyed(each.subject).startswith(wanted))

    def name(self, person_id: str | None) -> str:
        """What somebody is called."""
        return self.names.get(person_id or "", person_id or "")

    def day(self, at: datetime) -> date:
        """The workspace's day of a moment."""
        return at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The plans of a role: the one that holds today, those to come, and who changed them last; `period` is the pay
    period that runs, `base_share` the percent of the pay that is base.
    """

    role: Role
    plan: Plan | None
    coming: tuple[Plan, ...]
    versions: tuple[Version, ...]
    names: Mapping[str, str]
    currency: str
    clawback_days: int
    can_change: bool
    today: date
    zone: ZoneInfo
    period: Period
    base_share: int
    can: tuple[str, ...] = ()

    @property
    def next_start(self) -> date:
        """From when a change would hold, unless somebody wants it otherwise: the first plan from the beginning of the
        period that runs, another one from the next, so that nothing that was earned is paid anew.
        """
        return self.period.last + A_DAY if self.plan else self.period.first

    @property
    def to_change(self) -> Plan:
        """What would hold then without a change: what a change begins with."""
        known = [each for each in (self.plan, *self.coming) if each]
        return plan_on(known, self.role, self.next_start) or Plan(self.role, self.next_start, ())

    def version(self, start: date | None) -> Version | None:
        """The version that stands of the plan of a day."""
        return next((each for each in self.versions if each.plan.start == start and each.until is None), None)


@dataclass(frozen=True, slots=True)
class PlansPage:
    """Roles with the plan that holds today, and the day from which there is another one."""

    plans: tuple[tuple[Role, Plan | None, date | None], ...]
    can_change: bool


@dataclass(frozen=True, slots=True)
class DisputePage:
    """A dispute as its message shows it; `is_mine` for whoever disputes, else for whoever answers.

    `asked` are the names of those who are asked; `below` is where the message stands that an answer is put beneath
    (channel and ts), if it does.
    """

    dispute: Dispute
    language: str
    names: Mapping[str, str]
    is_mine: bool
    zone: ZoneInfo
    asked: tuple[str, ...] = ()
    below: tuple[str, str] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.dispute.state is Standing.OPEN

    def name(self, person_id: str | None) -> str:
        """What somebody is called."""
        return self.names.get(person_id or "", person_id or "")


def statement(
    store: Store,
    actor: Actor,
    targets: Targets,
    now: datetime,
    *,
    person_id: str | None = None,
    day: date | None = None,
    as_of: datetime | None = None,
) -> StatementPage:
    """A statement: one's own of the period that runs, unless a person, a day of another period or a moment is named.

    Raises:
        Refused: when it is none of the reader's; it says who can see it.
    """
    whom = person_id or actor.id
    with store.read() as tx:
        check_reader(tx, actor, whom, now)
        mine = books.books(tx, actor.workspace_id, whom, min(as_of or now, now), targets)
        page = _page(tx, actor, mine, day or mine.terms.day(now), now)
        return replace(page, asked=as_of, can_dispute=page.can_dispute and as_of is None)


def so_far(tx: Connection, workspace_id: str, person_id: str, targets: Targets, as_of: datetime) -> Statement:
    """What somebody has earned in the period that runs at a moment: the statement as it would be paid then."""
    mine = books.books(tx, workspace_id, person_id, as_of, targets)
    return mine.statement(tx, mine.terms.period_at(as_of))


def day_end(store: Store, actor: Actor, day: date) -> datetime:
    """The last moment of a day where the workspace is: what "as of" a day means."""
    with store.read() as tx:
        zone = zone_or_utc(queries.settings_at(tx, actor.workspace_id, people.LATEST).zone)
    after = datetime.combine(day + A_DAY, datetime.min.time(), zone)
    return after - datetime.resolution


def plan(store: Store, actor: Actor, role: Role, now: datetime) -> PlanPage:
    """The plans of a role, for those who hold it, lead others, or may change it.

    Raises:
        Refused: for everybody else; it says who can see them.
    """
    with store.read() as tx:
        can = tuple(people.who_can(tx, actor.workspace_id, None, people.today_of(actor, now)))
        can_change = may(actor, Action.CHANGE_SETTINGS, Relation.COLLEAGUE)
        if role not in actor.roles and not _sees_plans(actor):
            raise Refused("pay.plan.not_yours", role=role, can=", ".join(can) or "–")
        settings = queries.settings_at(tx, actor.workspace_id, people.LATEST)
        zone = zone_or_utc(settings.zone)
        today = now.astimezone(zone).date()
        closed = queries.closed(tx, actor.workspace_id, now)
        versions = queries.versions(tx, actor.workspace_id, role)
        standing = [each.plan for each in versions if each.until is None]
        return PlanPage(
            role,
            plan_on(standing, role, today),
            tuple(each for each in standing if each.start > today),
            tuple(versions),
            people.names(tx, actor.workspace_id, sorted({each.by for each in versions})),
            settings.currency,
            settings.clawback_days,
            can_change,
            today,
            zone,
            books.calendar(closed, settings.fiscal_month)(today),
            _base_share(tx, actor.workspace_id, role),
            can,
        )


def plans(store: Store, actor: Actor, now: datetime) -> PlansPage:
    """The plans that the reader may see, role by role; of a role that could have one also that it has none.

    Raises:
        Refused: where that is none at all; it says who can see them.
    """
    with store.read() as tx:
        settings = queries.settings_at(tx, actor.workspace_id, people.LATEST)
        today = now.astimezone(zone_or_utc(settings.zone)).date()
        known = queries.plans(tx, actor.workspace_id, now)
        possible = {each.role for each in (*known, *standard_plans(today))}
        sees_all = _sees_plans(actor)
        shown = [role for role in Role if role in possible and (sees_all or role in actor.roles)]
        if not shown:
            can = people.who_can(tx, actor.workspace_id, None, people.today_of(actor, now))
            raise Refused("pay.plans.not_yours", can=", ".join(can) or "–")
    return PlansPage(
        tuple((role, plan_on(known, role, today), _coming(known, role, today)) for role in shown),
        may(actor, Action.CHANGE_SETTINGS, Relation.COLLEAGUE),
    )


def dispute(store: Store, actor: Actor, dispute_id: UUID, now: datetime) -> DisputePage:
    """A dispute that the reader may answer.

    Raises:
        Refused: as `service.held`.
    """
    with store.read() as tx:
        return _dispute_page(tx, actor.workspace_id, service.held(tx, actor, dispute_id, now), actor.language)


def dispute_notice(store: Store, parcel: Parcel, now: datetime) -> DisputePage | NotYet | None:
    """What a message about a dispute shows; None for a reader who is no colleague any more, and `NotYet` for an answer
    while the message that it belongs beneath is still under way.
    """
    with store.read() as tx:
        reader = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        found = queries.find_dispute(tx, parcel.workspace_id, UUID(parcel.subject["dispute"]))
        if found is None or reader is None or refusal(reader):
            return None
        above = parcel.subject.get("below")
        card = deliveries.find(tx, parcel.workspace_id, UUID(above)) if above else None
        if card and card.state in UNSENT and not card.ts:
            return NotYet(now + AFTER_CARD)
        page = _dispute_page(tx, parcel.workspace_id, found, reader.language, is_mine=parcel.kind in OWN)
        asked = chasing.answerers(tx, parcel.workspace_id, found.person_id, people.today_of(reader, now))
        names = people.names(tx, parcel.workspace_id, asked)
        below = (card.channel, card.ts) if card and card.channel and card.ts else None
        return replace(page, asked=tuple(names.get(each, each) for each in asked), below=below)


def table(store: Store, parcel: Parcel, targets: Targets, now: datetime) -> tuple[StatementPage, str] | None:
    """The statement that is sent as a file, and its reader's language; None where they may not read it any more."""
    subject = parcel.subject
    with store.read() as tx:
        reader = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
    if reader is None or refusal(reader):
        return None
    day, as_of = date.fromisoformat(subject["day"]), datetime.fromisoformat(subject["as_of"])
    try:
        return statement(
            store, reader, targets, now, person_id=subject["person"], day=day, as_of=as_of
        ), reader.language
    except Refused:
        return None


def check_reader(tx: Connection, actor: Actor, person_id: str, now: datetime) -> None:
    """Let those pass who may see somebody's numbers.

    Raises:
        Refused: for everybody else; it says who can.
    """
    if may(actor, Action.SEE_NUMBERS, people.relation(tx, actor, person_id, now)):
        return
    can = people.who_can(tx, actor.workspace_id, person_id, people.today_of(actor, now))
    name = people.name_of(tx, actor.workspace_id, person_id)
    raise Refused("pay.statement.not_yours", who=name, can=", ".join(can) or "–")


def _base_share(tx: Connection, workspace_id: str, role: Role) -> int:
    said = workspace.settings(tx, workspace_id).card(role).base_share
    return BASE_SHARES[role] if said is None else said


def _sees_plans(actor: Actor) -> bool:
    """Whether somebody may see every role's plan: who leads others, or keeps the plans."""
    return may(actor, Action.CHANGE_SETTINGS, Relation.COLLEAGUE) or may(actor, Action.SEE_NUMBERS, Relation.REPORT)


def _coming(plans: Sequence[Plan], role: Role, today: date) -> date | None:
    return min((each.start for each in plans if each.role is role and each.start > today), default=None)


def _page(tx: Connection, actor: Actor, mine: Books, day: date, now: datetime) -> StatementPage:
    terms, whom = mine.terms, mine.person_id
    period = terms.period_of(day)
    closed = mine.frame.closing(period.name)
    disputes = {each.line.id: each for each in queries.disputes(tx, actor.workspace_id, whom, period.name)}
    ids = {whom, *(each.answered_by or "" for each in disputes.values()), closed.by if closed else ""} - {""}
    member = people.member(tx, actor.workspace_id, whom, people.today_of(actor, now))
    names = people.names(tx, actor.workspace_id, sorted(ids))
    is_past = period.last < terms.day(now)
    can_close = may(actor, Action.CHANGE_SETTINGS, Relation.COLLEAGUE) and is_past and closed is None
    return StatementPage(
        whom,
        mine.statement(tx, period),
        closed,
        disputes,
        names,
        None if whom == actor.id else names.get(whom, whom),
        whom == actor.id,
        can_close,
        terms.period_of(period.first - A_DAY),
        _later(terms, period, now),
        is_past,
        terms.zone,
        member.email if member else None,
        service.may_answer(tx, actor, whom, now),
    )


def _later(terms: Terms, period: Period, now: datetime) -> Period | None:
    later = terms.period_of(period.last + A_DAY)
    return later if later.first <= terms.day(now) else None


def _dispute_page(
    tx: Connection, workspace_id: str, found: Dispute, language: str, *, is_mine: bool = False
) -> DisputePage:
    ids = sorted({found.person_id, found.answered_by or ""} - {""})
    zone = zone_or_utc(queries.settings_at(tx, workspace_id, people.LATEST).zone)
    return DisputePage(found, language, people.names(tx, workspace_id, ids), is_mine, zone)
