"""Everything that pay is reckoned from, read from the rows as they were known at one moment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cache, partial
from uuid import UUID

from sqlalchemy import Connection

from bot.access.roles import Role
from bot.clock import instant, zone_or_utc
from bot.deals import sold
from bot.deals.sold import Concerning, Settled
from bot.deals.states import Turn
from bot.handoffs import credited
from bot.handoffs.credited import Helped, Requalified
from bot.money import Money
from bot.pay import queries, statement
from bot.pay.earned import Earned, Line, Notice, Paid, Terms
from bot.pay.events import Events, gather
from bot.pay.period import A_DAY, Period, quarter_of
from bot.pay.plan import Event, Plan
from bot.pay.queries import Closed
from bot.pay.roster import Roster
from bot.pay.statement import Statement
from bot.pay.targets import Targets
from bot.people import ever
from bot.people import queries as people
from bot.people.rules import Stint, ever_below

BY_VALUE = (Event.WON, Event.ASSIST_WON, Event.RENEWED)
"""What counts towards a target of revenue."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for everybody of a workspace at a moment: plans, closed periods, currency, calendar, window.

    `lines` are those of paid statements: all of them, or, in the frame of one person, those that something is taken
    back from, beside the `totals` of their statements by period, in minor units.
    """

    workspace_id: str
    as_of: datetime
    terms: Terms
    closed: tuple[Closed, ...]
    lines: dict[tuple[str, str], tuple[Line, ...]]
    targets: Targets
    totals: Mapping[str, int] | None = None

    @property
    def plans(self) -> tuple[Plan, ...]:
        """All plans."""
        return self.terms.plans

    def closing(self, period: str) -> Closed | None:
        """How a period was closed, if it was."""
        return next((each for each in self.closed if each.period.name == period), None)

    def of(self, tx: Connection, person_id: str, events: Sequence[Earned]) -> Terms:
        """What one person is paid by: their targets in every period in which they earned something, and what they were
        paid. What was paid in another currency stays so, and adds up with nothing; such a target measures nothing.
        """
        terms = self.terms
        periods = {terms.period_at(each.happened_at) for each in events} | {terms.period_at(self.as_of)}
        quotas: dict[tuple[str, Event], Money] = {}
        for period in periods:
            target = self.targets(tx, self.workspace_id, person_id, period, self.as_of)
            if target is not None and target.currency == terms.currency:
                quotas |= {(period.name, event): target for event in BY_VALUE}
        return replace(
            terms, quotas=quotas, paid={each.period.name: self._paid(each, person_id) for each in self.closed}
        )

    def paid(self) -> frozenset[tuple[str, str]]:
        """Person and id of the events that kept lines are made of."""
        return frozenset((key[0], line.earned) for key, lines in self.lines.items() for line in lines)

    def _paid(self, closed: Closed, person_id: str) -> Paid:
        is_same = closed.currency == self.terms.currency
        lines = self.lines.get((person_id, closed.period.name), ()) if is_same else ()
        if self.totals is None:
            return Paid(closed.at, lines)
        minor = self.totals.get(closed.period.name, 0) if is_same else 0
        return Paid(closed.at, lines, Money(self.terms.currency, minor), closed.period.first)


@dataclass(frozen=True, slots=True)
class Books:
    """What one person earned, and what they are paid by, as known at a moment."""

    person_id: str
    frame: Frame
    events: tuple[Earned, ...]
    terms: Terms
    notices: tuple[Notice, ...]

    def statement(self, tx: Connection, period: Period) -> Statement:
        """The statement of a period: as it was paid if it was, else the commission so far."""
        frame = self.frame
        closed = frame.closing(period.name)
        if closed:
            kept = queries.paid_lines(tx, frame.workspace_id, self.person_id, [period.name])
            lines = kept.get((self.person_id, period.name), ())
            return queries.paid_statement(tx, frame.workspace_id, self.person_id, closed, lines, frame.as_of)
        found = statement.statement(self.events, self.terms, period, frame.as_of)
        own = tuple(each for each in self.notices if each.period == period.name)
        return replace(found, notices=(*own, *found.notices))


def books(tx: Connection, workspace_id: str, person_id: str, as_of: datetime, targets: Targets) -> Books:
    """One person's books by what was recorded at `as_of` (UTC)."""
    framed = frame(tx, workspace_id, as_of, targets, person_id)
    found = own_events(tx, framed, person_id)
    return books_of(tx, _with_lines(tx, framed, person_id, found.of(person_id)), person_id, found)


def _with_lines(tx: Connection, framed: Frame, person_id: str, mine: Sequence[Earned]) -> Frame:
    """The frame with the paid lines that one person's events take something back from."""
    terms = replace(framed.terms, paid={each.period.name: Paid(each.at, ()) for each in framed.closed})
    known = {each.id: each for each in mine}
    taken = [known[each.reverses] for each in mine if each.reverses in known]
    periods = {
        terms.open_period(each.recorded_at, terms.period_at(each.happened_at), terms.period_at(each.recorded_at)).name
        for each in taken
    }
    names = periods & terms.paid.keys()
    return replace(framed, lines=queries.paid_lines(tx, framed.workspace_id, person_id, names)) if names else framed


def books_of(tx: Connection, framed: Frame, person_id: str, found: Events) -> Books:
    """One person's books, out of what was found of everybody."""
    mine = tuple(found.of(person_id))
    terms = framed.of(tx, person_id, mine)
    notices = tuple(
        Notice(
            terms.period_at(each.at).name, "pay.notice.no_role", {"subject": each.subject, "day": terms.day(each.at)}
        )
        for each in found.unheld
        if each.person == person_id
    )
    return Books(person_id, framed, mine, terms, notices)


def frame(tx: Connection, workspace_id: str, as_of: datetime, targets: Targets, person_id: str | None = None) -> Frame:
    """What holds for everybody, with all paid lines; with a person, the totals of what they were paid."""
    settings = queries.settings_at(tx, workspace_id, as_of)
    closed = tuple(queries.closed(tx, workspace_id, as_of))
    terms = Terms(
        currency=settings.currency,
        zone=zone_or_utc(settings.zone),
        period_of=calendar(closed, settings.fiscal_month),
        plans=queries.plans(tx, workspace_id, as_of),
        window=settings.clawback_days,
    )
    names = {each.period.name for each in closed}
    if person_id is not None:
        totals = queries.paid_totals(tx, workspace_id, person_id) if closed else {}
        return Frame(workspace_id, as_of, terms, closed, {}, targets, totals)
    lines = queries.paid_lines(tx, workspace_id) if closed else {}
    return Frame(
        workspace_id, as_of, terms, closed, {key: each for key, each in lines.items() if key[1] in names}, targets
    )


def events(tx: Connection, framed: Frame) -> Events:
    """What everybody earned by what was recorded then."""
    workspace_id, known = framed.workspace_id, framed.as_of
    leads = credited.requalified(tx, workspace_id, known)
    stints, helped = people.all_stints(tx, workspace_id, known), credited.helped(tx, workspace_id, known)
    roster = _roster(framed, stints, ever.managers_ever(tx, workspace_id, known), leads, helped)
    return gather(*sold.everything(tx, workspace_id, known), leads, roster, framed.terms.covers, framed.paid())


def own_events(tx: Connection, framed: Frame, person_id: str) -> Events:
    """At least what one person earned that may still change a statement: what the closed periods have settled is in
    their lines. Reads what concerns the person and nothing else, so it costs the same in any workspace.
    """
    settled = settled_by(framed)
    found = _own_events(tx, framed, person_id, settled)
    if settled != Settled() and any(_is_late(framed, each, settled) for each in found.of(person_id)):
        return _own_events(tx, framed, person_id, Settled())
    return found


def settled_by(framed: Frame) -> Settled:
    """The time of the closed periods that follow each other up to the last one.

    What happened and was recorded in it stands in their statements: in that of its own period, or, if that was closed
    by then, in that of the period in which it was recorded; a period is closed when it is over.
    """
    periods = [each.period for each in framed.closed]
    if not periods:
        return Settled()
    first = periods[-1].first
    for each in reversed(periods[:-1]):
        if each.last + A_DAY == first:
            first = each.first
    zone = framed.terms.zone
    return Settled(instant(first, time.min, zone), instant(periods[-1].last + A_DAY, time.min, zone))


def _is_late(framed: Frame, event: Earned, settled: Settled) -> bool:
    """Whether it was recorded since, and counts in a period that was closed by then: on top of all that does."""
    closed = framed.closing(framed.terms.period_at(event.happened_at).name)
    return closed is not None and event.recorded_at > closed.at and event.recorded_at >= settled.end


def _own_events(tx: Connection, framed: Frame, person_id: str, settled: Settled) -> Events:
    workspace_id, known = framed.workspace_id, framed.as_of
    stints = people.stints_of(tx, workspace_id, [person_id], known)
    roles = {Role(each.role) for each in stints}
    managers = ever.managers_ever(tx, workspace_id, known) if Role.MANAGER in roles else {}
    helped = credited.helped_by(tx, workspace_id, person_id, known) if Role.SPECIALIST in roles else []
    whose = Concerning(
        person_id, sorted({person_id, *ever_below(managers, person_id)}), {each.account_id for each in helped}, settled
    )
    deals, left = sold.concerning(tx, workspace_id, whose, known)
    given = {each.handoff_id for deal in deals for each in deal.endings if each.handoff_id}
    leads = credited.requalified_of(tx, workspace_id, person_id, known, settled, given)
    roster = _roster(framed, stints, managers, leads, helped)
    is_undone = any(each.what == Turn.UNDONE for customer in left for each in customer.leavings)
    closed = [each.period.name for each in framed.closed]
    lines = queries.paid_lines(tx, workspace_id, person_id, closed) if is_undone else {}
    return gather(deals, left, leads, roster, framed.terms.covers, replace(framed, lines=lines).paid())


def _roster(
    framed: Frame,
    stints: Iterable[Stint],
    managers: Mapping[str, Mapping[date, str | None]],
    leads: Iterable[Requalified],
    helped: Iterable[Helped],
) -> Roster:
    by_person: dict[str, list[Stint]] = {}
    for each in stints:
        by_person.setdefault(each.person_id, []).append(each)
    by_account: dict[UUID, list[Helped]] = {}
    for helper in helped:
        by_account.setdefault(helper.account_id, []).append(helper)
    given = {lead.handoff_id: lead.given_at for lead in leads}
    return Roster(framed.terms.zone, framed.plans, by_person, managers, given, by_account)


def calendar(closed: Sequence[Closed], first_month: int) -> Callable[[date], Period]:
    """The period of a day: the one that was closed with it, else the fiscal quarter, as far as none was closed."""
    return cache(partial(_period_of, tuple(each.period for each in closed), first_month))


def _period_of(closed: tuple[Period, ...], first_month: int, day: date) -> Period:
    for each in closed:
        if each.first <= day <= each.last:
            return each
    found = quarter_of(day, first_month)
    first = max([found.first, *(each.last + A_DAY for each in closed if each.last < day)])
    last = min([found.last, *(each.first - A_DAY for each in closed if each.first > day)])
    is_taken = found.name in {each.name for each in closed}
    return Period(first, last, f"{found.name} ({first:%Y-%m})" if is_taken else found.name)
