"""Everybody's statements, out of one frame: for exports, where a pass for each person would read everything anew."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from bot.pay import books
from bot.pay.books import Frame
from bot.pay.earned import Line
from bot.pay.events import Events
from bot.pay.period import A_DAY, Period


def lines(
    tx: Connection, framed: Frame, wanted: Callable[[Period], bool]
) -> Iterator[tuple[str, Period, tuple[Line, ...]]]:
    """The lines of all statements of the periods that are `wanted`, by period and person: those of a closed one as they
    were paid, else as they are known at the frame's moment.
    """
    earned = by_person(books.events(tx, framed))
    people = sorted({*earned, *(person for person, _ in framed.lines)})
    periods = [each for each in _periods(framed, earned) if wanted(each)]
    is_open = any(framed.closing(each.name) is None for each in periods)
    known = {person: books.books_of(tx, framed, person, earned[person]) for person in earned} if is_open else {}
    for period in periods:
        is_paid = framed.closing(period.name) is not None
        for person in people:
            if is_paid:
                found = framed.lines.get((person, period.name), ())
            else:
                found = known[person].statement(tx, period).lines if person in known else ()
            if found:
                yield person, period, found


def by_person(found: Events) -> dict[str, Events]:
    """What each person earned, and could not."""
    mine: dict[str, Events] = {}
    for each in found.earned:
        mine.setdefault(each.person, Events()).earned.append(each)
    for unheld in found.unheld:
        mine.setdefault(unheld.person, Events()).unheld.append(unheld)
    return mine


def _periods(framed: Frame, earned: dict[str, Events]) -> Iterator[Period]:
    """From the first in which anything was earned or paid to the one that runs."""
    terms = framed.terms
    moments = [each.happened_at for mine in earned.values() for each in mine.earned]
    days = [*map(terms.day, moments), *(each.period.first for each in framed.closed)]
    each = terms.period_of(min(days, default=terms.day(framed.as_of)))
    while each.first <= terms.day(framed.as_of):
        yield each
        each = terms.period_of(each.last + A_DAY)
