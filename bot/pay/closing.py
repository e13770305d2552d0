"""Closing a period: from then on its statements are as they were paid. One function, one transaction."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import add

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.audit import service as audit
from bot.audit.service import Change
from bot.errors import Refused
from bot.money import Money
from bot.pay import books, everybody, queries
from bot.pay.books import Frame
from bot.pay.events import Events
from bot.pay.kept import line_as_json
from bot.pay.model import PayLine, PayPeriod, PayStatement
from bot.pay.period import A_DAY, Period
from bot.pay.service import turn_of_plans
from bot.pay.statement import Statement
from bot.pay.targets import Targets
from bot.people import queries as people
from bot.store.engine import Store
from bot.store.many import insert_many_once
from bot.store.sql import insert_once
from bot.workspace.service import let_pass

SETTLED = timedelta(seconds=10)
"""What was recorded later than this before the closing counts as after it: what is on its way into the database when a
period is closed is in the next statement, and in none twice. Longer than any transaction takes."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing a period comes to, or came to: whose statements, and who lacks a plan or a target in it."""

    period: Period
    statements: tuple[tuple[str, Statement], ...]
    lacking: tuple[str, ...]
    open_disputes: int
    currency: str

    @property
    def total(self) -> Money:
        """All statements together."""
        return reduce(add, (each.total for _, each in self.statements), Money(self.currency, 0))

    @property
    def due(self) -> Money:
        """What is paid out."""
        return reduce(add, (each.due for _, each in self.statements), Money(self.currency, 0))


def preview(store: Store, actor: Actor, day: date, targets: Targets, now: datetime) -> Closing:
    """What closing the period of a day would come to.

    Raises:
        Refused: as `close`.
    """
    with store.read() as tx:
        let_pass(tx, actor, now)
        framed = books.frame(tx, actor.workspace_id, now, targets)
        return _made(tx, framed, _closable(tx, framed, day), books.events(tx, framed))


def close(store: Store, actor: Actor, day: date, targets: Targets, *, origin: str, now: datetime) -> Closing:
    """Close the period of a day: keep everybody's statement as it stands. Of two who do so at once one wins.

    Raises:
        Refused: when the actor may not (it says who can), the period is not over, an earlier one has lines and is
            open, or it was closed before; it says by whom.
    """
    known = now - SETTLED
    with store.write() as tx:
        turn_of_plans(tx, actor.workspace_id)
        let_pass(tx, actor, now)
        framed = books.frame(tx, actor.workspace_id, now, targets)
        period = _closable(tx, framed, day)
        settled = replace(framed, as_of=known)
        found = _made(tx, settled, period, books.events(tx, settled))
        values = {
            "workspace_id": actor.workspace_id,
            "name": period.name,
            "first_day": period.first,
            "last_day": period.last,
            "currency": settled.terms.currency,
            "closed_at": known,
            "recorded_at": now,
            "recorded_by": actor.id,
            "origin": origin,
        }
        if not insert_once(tx, PayPeriod, values):
            raise Refused("pay.close.gone", period=period.name)
        insert_many_once(tx, PayStatement, [_statement_row(actor, *each) for each in found.statements])
        insert_many_once(tx, PayLine, [row for each in found.statements for row in _line_rows(actor, *each)])
        said = Change(None, f"statements {period.name}", None, f"{found.total.amount} {found.currency}")
        audit.record(tx, actor.workspace_id, [said], by=actor.id, now=now)
        return found


def _closable(tx: Connection, framed: Frame, day: date) -> Period:
    """The period of a day, if it may be closed."""
    period = framed.terms.period_of(day)
    closed = framed.closing(period.name)
    if closed:
        by = people.name_of(tx, framed.workspace_id, closed.by)
        raise Refused("pay.close.already", period=period.name, by=by)
    if framed.terms.day(framed.as_of) <= period.last:
        raise Refused("pay.close.runs", period=period.name, day=period.last.isoformat())
    return period


def _made(tx: Connection, framed: Frame, period: Period, found: Events) -> Closing:
    """Everybody's statement of a period, and who lacks something.

    Raises:
        Refused: when an earlier period is open and has lines.
    """
    statements: list[tuple[str, Statement]] = []
    lacking: list[str] = []
    for person, earned in sorted(everybody.by_person(found).items()):
        mine = books.books_of(tx, framed, person, earned)
        _check_earlier(tx, mine, period)
        made = mine.statement(tx, period)
        if made.lines or made.brought:
            statements.append((person, made))
        if any(each.key in LACKS for each in made.notices):
            lacking.append(person)
    names = people.names(tx, framed.workspace_id, lacking)
    return Closing(
        period,
        tuple(statements),
        tuple(names.get(each, each) for each in lacking),
        queries.open_disputes(tx, framed.workspace_id, period.name),
        framed.terms.currency,
    )


LACKS = frozenset({"pay.notice.no_plan", "pay.notice.no_quota", "pay.notice.no_role"})


def _check_earlier(tx: Connection, mine: books.Books, period: Period) -> None:
    """Periods are closed in their order: what is left to be worked off goes from one to the next."""
    first = min((mine.terms.day(each.happened_at) for each in mine.events), default=period.first)
    earlier = mine.terms.period_of(first)
    while earlier.first < period.first:
        if mine.frame.closing(earlier.name) is None and mine.statement(tx, earlier).lines:
            raise Refused("pay.close.earlier", period=period.name, earlier=earlier.name)
        earlier = mine.terms.period_of(earlier.last + A_DAY)


def _statement_row(actor: Actor, person_id: str, made: Statement) -> dict[str, object]:
    return {
        "workspace_id": actor.workspace_id,
        "period": made.period.name,
        "person_id": person_id,
        "brought": made.brought.minor,
        "total": made.total.minor,
    }


def _line_rows(actor: Actor, person_id: str, made: Statement) -> Iterator[dict[str, object]]:
    for n, line in enumerate(made.lines, 1):
        yield {
            "workspace_id": actor.workspace_id,
            "period": made.period.name,
            "person_id": person_id,
            "n": n,
            "line": line_as_json(line),
            "amount": line.amount.minor,
        }
