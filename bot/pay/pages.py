"""What people read of pay: a statement, a plan, a dispute. Plain values, from the state of that moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may, refusal
from bot.access.roles import Role
from bot.clock import zone_or_utc
from bot.delivery.outcome import Parcel
from bot.errors import Refused
from bot.pay import books, queries, service
from bot.pay.books import Books
from bot.pay.earned import Terms
from bot.pay.period import A_DAY, Period
from bot.pay.plan import Plan, plan_on
from bot.pay.queries import Closed, Dispute, Version
from bot.pay.statement import Statement
from bot.pay.states import Standing
from bot.pay.targets import Targets
from bot.people import queries as people
from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A statement as somebody reads it.

    `of` is whose it is, where it is not the reader's own; `disputes` are by line, the newest of each. `zone` is the
    workspace's: days of pay are its days.
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

    def name(self, person_id: str | None) -> str:
        """What somebody is called."""
        return self.names.get(person_id or "", person_id or "")

    def day(self, at: datetime) -> date:
        """The workspace's day of a moment."""
        return at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The plans of a role: the one that holds today, those to come, and who changed them last."""

    role: Role
    plan: Plan | None
    coming: tuple[Plan, ...]
    versions: tuple[Version, ...]
    names: Mapping[str, str]
    currency: str
    clawback_days: int
    can_change: bool
    today: date
    can: tuple[str, ...] = ()

    def version(self, start: date | None) -> Version | None:
        """The version that stands of the plan of a day."""
        return next((each for each in self.versions if each.plan.start == start and each.until is None), None)


@dataclass(frozen=True, slots=True)
class DisputePage:
    """A dispute as its message shows it; `is_mine` for whoever disputes, else for whoever answers."""

    dispute: Dispute
    language: str
    names: Mapping[str, str]
    is_mine: bool

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
        return _page(tx, actor, mine, day or mine.terms.day(now), now)


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
        if not (role in actor.roles or can_change or may(actor, Action.SEE_NUMBERS, Relation.REPORT)):
            raise Refused("pay.plan.not_yours", role=role, can=", ".join(can) or "–")
        settings = queries.settings_at(tx, actor.workspace_id, people.LATEST)
        today = now.astimezone(zone_or_utc(settings.zone)).date()
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
            can,
        )


def roles_with_plans(store: Store, actor: Actor, now: datetime) -> tuple[Role, ...]:
    """The roles that have a plan, in the order of the trade."""
    with store.read() as tx:
        held = {each.role for each in queries.plans(tx, actor.workspace_id, now)}
    return tuple(role for role in Role if role in held)


def dispute(store: Store, actor: Actor, dispute_id: UUID, now: datetime) -> DisputePage:
    """A dispute that the reader may answer.

    Raises:
        Refused: as `service.held`.
    """
    with store.read() as tx:
        return _dispute_page(tx, actor.workspace_id, service.held(tx, actor, dispute_id, now), actor.language)


def dispute_notice(store: Store, parcel: Parcel, now: datetime) -> DisputePage | None:
    """What a message about a dispute shows; None for a reader who is no colleague any more."""
    with store.read() as tx:
        reader = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        found = queries.find_dispute(tx, parcel.workspace_id, UUID(parcel.subject["dispute"]))
        if found is None or reader is None or refusal(reader):
            return None
        return _dispute_page(tx, parcel.workspace_id, found, reader.language, is_mine=parcel.kind == service.MINE)


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
    )


def _later(terms: Terms, period: Period, now: datetime) -> Period | None:
    later = terms.period_of(period.last + A_DAY)
    return later if later.first <= terms.day(now) else None


def _dispute_page(
    tx: Connection, workspace_id: str, found: Dispute, language: str, *, is_mine: bool = False
) -> DisputePage:
    ids = sorted({found.person_id, found.answered_by or ""} - {""})
    return DisputePage(found, language, people.names(tx, workspace_id, ids), is_mine)
