"""Reads the figures of a person, a group, a source or the workspace for whoever may see them, in a fixed number of
look-ups. "As of" a day is its end where the workspace is, by what was recorded by then.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.attainment.pages import When
from bot.clock import instant, zone_or_utc
from bot.deals import courses
from bot.deals.process import process_in
from bot.errors import Refused
from bot.figures.conversion import WinShares
from bot.figures.exact import total
from bot.handoffs import sources
from bot.leads.vocabulary import Source
from bot.money import Money
from bot.people import ever
from bot.people import queries as people
from bot.people.queries import LATEST
from bot.people.rules import reports_below
from bot.performance.deals import Calendar
from bot.performance.facts import Facts, Group, Scope, Spells, read
from bot.performance.figures import Span, figures
from bot.performance.shares import keep_shares, win_shares
from bot.quota import queries, reach
from bot.quota.metrics import REVENUE
from bot.quota.periods import Kind, Period, following, period_of
from bot.quota.queries import Subject
from bot.quota.said import Figures as Asked
from bot.quota.whose import Whose
from bot.scorecards.pages import Card, FiguresPage, Row
from bot.store.engine import Store
from bot.workspace import queries as workspace
from bot.workspace.rules import Settings

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What holds for a whole page: its reader, moment and periods, and the settings by what was known then."""

    tx: Connection
    actor: Actor
    asked: Asked
    settings: Settings
    when: When
    known: datetime | None
    period: Period
    earlier: Period

    @property
    def here(self) -> str:
        """The workspace."""
        return self.actor.workspace_id

    @property
    def cutoff(self) -> datetime:
        """The moment by which rows must have been recorded."""
        return self.known or LATEST

    def span(self, period: Period) -> Span:
        """A period as it is looked at."""
        return Span(period.first, period.last, self.when.today, self.when.at)


@dataclass(frozen=True, slots=True)
class _Whom:
    """Whose figures those are: `people` None is everybody, `held` whose targets they are measured by."""

    name: str | None
    group: Group
    people: tuple[str, ...] | None
    subject: Subject | None = None
    held: tuple[str, ...] = ()


def page(store: Store, actor: Actor, asked: Asked, now: datetime) -> FiguresPage:
    """What was asked for, together; of sources each by itself.

    Raises:
        Refused: when it is none of the reader's; it says who can see it.
    """
    if asked.as_of:
        keep_shares(store, actor.workspace_id, asked.as_of, now)
    with store.read() as tx:
        frame = _frame(tx, actor, asked, now)
        whom = _whom(frame, now)
        facts, shares = _read(frame, whom)
        found = _page(frame, whom)
        if asked.by_source:
            return replace(found, rows=_by_source(frame, facts, shares))
        return replace(found, card=_card(frame, facts, whom.group, shares, _target(frame, whom)))


def how_many(store: Store, actor: Actor, asked: Asked, now: datetime) -> int:
    """How many deals a page goes through, nearly.

    Raises:
        Refused: as `page`.
    """
    with store.read() as tx:
        frame = _frame(tx, actor, asked, now)
        here, whom = Calendar.of(tx, frame.here), _whom(frame, now)
        first, end = here.start(frame.earlier.first), here.start(frame.period.last + _DAY)
        return courses.how_many_ended(tx, frame.here, first, end, whom.people)


def by_person(store: Store, actor: Actor, asked: Asked, now: datetime) -> FiguresPage:
    """The same of a group, person by person, by name: who is in it now, and whoever did something in it.

    Raises:
        Refused: as `page`.
    """
    if asked.as_of:
        keep_shares(store, actor.workspace_id, asked.as_of, now)
    with store.read() as tx:
        frame = _frame(tx, actor, asked, now)
        whom = _whom(frame, now)
        facts, shares = _read(frame, whom)
        spells = _spells(whom, facts)
        names = people.names(tx, frame.here, sorted(spells))
        rows = [
            Row(names.get(each, each), _card(frame, facts, Group({each: days}), shares, None))
            for each, days in spells.items()
        ]
        return replace(_page(frame, whom), rows=sorted(rows, key=lambda row: row.name.casefold()))


def _frame(tx: Connection, actor: Actor, asked: Asked, now: datetime) -> _Frame:
    settings = workspace.settings(tx, actor.workspace_id)
    zone = zone_or_utc(settings.zone)
    today = now.astimezone(zone).date()
    when, known = When(now, today, zone, actor.zone), None
    if asked.as_of and asked.as_of < today:
        known = instant(asked.as_of + _DAY, time.min, zone) - datetime.resolution
        settings = workspace.settings_at(tx, actor.workspace_id, known)
        when = When(known, asked.as_of, zone, actor.zone, asked.as_of)
    period = asked.period or period_of(Kind.QUARTER, when.today, settings.fiscal_month)
    earlier = following(period, settings.fiscal_month, by=-1)
    return _Frame(tx, actor, replace(asked, period=period), settings, when, known, period, earlier)


def _page(frame: _Frame, whom: _Whom) -> FiguresPage:
    later = following(frame.period, frame.settings.fiscal_month)
    is_group = whom.group.source is None and not frame.asked.by_source and len(whom.held) > 1
    return FiguresPage(
        frame.asked,
        frame.period,
        frame.earlier,
        later if later.first <= frame.when.today else None,
        whom.name,
        frame.when,
        frame.settings.currency,
        people=len(whom.held) if is_group else None,
        process=process_in(frame.settings),
    )


def _whom(frame: _Frame, now: datetime) -> _Whom:
    asked = frame.asked
    if asked.source or asked.by_source:
        return _of_source(frame, now)
    if asked.is_whole:
        return _of_everybody(frame, now)
    if asked.whom.whose is Whose.PERSON:
        return _of_person(frame, now)
    return _of_group(frame, now) if asked.whom.name else _of_reports(frame)


def _of_source(frame: _Frame, now: datetime) -> _Whom:
    """By source everybody sees them who sees what became of leads: no person is named."""
    if not sources.may_read(frame.actor):
        can = people.who_can(frame.tx, frame.here, frame.actor.id, people.today_of(frame.actor, now))
        raise Refused("figures.refused.sources", can=", ".join(can) or "OPS")
    return _Whom(frame.asked.source, Group(source=frame.asked.source), None)


def _of_everybody(frame: _Frame, now: datetime) -> _Whom:
    if not may(frame.actor, Action.SEE_NUMBERS, Relation.COLLEAGUE):
        raise reach.refusal(frame.tx, frame.actor, Action.SEE_NUMBERS, None, now)
    held = ever.holders(frame.tx, frame.here, frame.when.today, frame.cutoff)
    return _Whom(None, Group(), None, held=tuple(sorted(held)))


def _of_person(frame: _Frame, now: datetime) -> _Whom:
    whom = frame.asked.whom.person or frame.actor.id
    reach.let_act(frame.tx, frame.actor, Action.SEE_NUMBERS, Subject.person(whom), now)
    name = None if whom == frame.actor.id else people.name_of(frame.tx, frame.here, whom)
    return _Whom(name, Group.of(whom), (whom,), held=(whom,))


def _of_reports(frame: _Frame) -> _Whom:
    managers = people.managers(frame.tx, frame.here, frame.when.today, frame.cutoff)
    below = tuple(sorted(reports_below(managers, frame.actor.id)))
    if not below:
        raise Refused("quota.refused.no_reports")
    return _Whom(None, Group.of(*below), below, held=below)


def _of_group(frame: _Frame, now: datetime) -> _Whom:
    whom = frame.asked.whom
    assert whom.name is not None
    subject = Subject.named(whom.whose, whom.name)
    reach.let_act(frame.tx, frame.actor, Action.SEE_NUMBERS, subject, now)
    last = max(frame.when.today, frame.period.last)
    spells = reach.spells(frame.tx, frame.here, subject, frame.earlier.first, last, frame.cutoff)
    inside = reach.in_group(frame.tx, frame.here, subject, frame.when.today, frame.cutoff)
    return _Whom(whom.name, Group(spells), tuple(sorted(spells)), subject, tuple(sorted(inside)))


def _read(frame: _Frame, whom: _Whom) -> tuple[Facts, WinShares]:
    scope = Scope(frame.here, whom.people, frame.earlier.first, frame.period.last, frame.known)
    return read(frame.tx, scope), win_shares(frame.tx, frame.here, frame.when.today)


def _card(frame: _Frame, facts: Facts, group: Group, shares: WinShares, target: Money | None) -> Card:
    now, before = (frame.span(each) for each in (frame.period, frame.earlier))
    return Card(figures(facts, group, now, shares, target), figures(facts, group, before, shares))


def _target(frame: _Frame, whom: _Whom) -> Money | None:
    """What a group is to bring in within just this period: its own target, else the sum of its people's."""
    own = _held(frame, whom.subject.whose, (whom.subject.key,)) if whom.subject else []
    theirs = own or _held(frame, Whose.PERSON, whom.held)
    return total(theirs, frame.settings.currency) if theirs else None


def _held(frame: _Frame, whose: Whose, keys: tuple[str, ...]) -> list[Money]:
    """The targets of revenue that hold for just this period."""
    found = queries.goals_for(frame.tx, frame.here, whose, keys, REVENUE.code, frame.period, frame.cutoff)
    currency = frame.settings.currency
    return [Money(currency, each.value) for each in found if each.currency == currency and each.value]


def _by_source(frame: _Frame, facts: Facts, shares: WinShares) -> tuple[Row, ...]:
    """The sources that anything came from, in the trade's order, then those with other names."""
    usual = [each.value for each in Source]
    found = facts.sources()
    ordered = [*(each for each in usual if each in found), *sorted(found - set(usual))]
    return tuple(Row(each, _card(frame, facts, Group(source=each), shares, None)) for each in ordered)


def _spells(whom: _Whom, facts: Facts) -> Spells:
    """Each person of a group with their days in it: who is in it now, and whoever has anything to show."""
    shown = {*whom.held, *facts.persons()}
    if whom.group.spells is None:
        return {each: [(date.min, date.max)] for each in shown}
    return {each: days for each, days in whom.group.spells.items() if each in shown}
