"""The review of a person and a period: what was said, agreed, learnt, won, and attained quarter by quarter."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.access.actor import Actor
from bot.attainment import service as attainment
from bot.attainment.frame import Asked
from bot.attainment.pages import Part
from bot.clock import instant, zone_or_utc
from bot.coaching import agenda, feedback, items, oneonones, reach, reminding
from bot.coaching.agenda import Won
from bot.coaching.feedback import Remark
from bot.coaching.items import Item
from bot.coaching.oneonones import Held
from bot.coaching.reminding import Task
from bot.coaching.rules import quarters_of
from bot.coaching.states import State
from bot.delivery import service as delivery
from bot.delivery.outcome import Parcel
from bot.delivery.service import Letter
from bot.delivery.states import Way
from bot.errors import Refused
from bot.money import Money
from bot.people import queries as people
from bot.quota.metrics import REVENUE
from bot.quota.periods import Kind, Period, named
from bot.store.engine import Store
from bot.transfer.table import write
from bot.workspace import queries as workspace

FILE = "review_file"
"""The kind of the ledger that sends a review as a file."""

COLUMNS = tuple("day what who text state due period achieved target percent amount currency".split())

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Review:
    """A review; `is_own`: the person reads it themselves. `parts` are those of quarters that have begun, in order."""

    person_id: str
    name: str
    is_own: bool
    period: Period
    today: date
    currency: str
    parts: tuple[Part, ...]
    remarks: tuple[Remark, ...]
    held: tuple[Held, ...]
    items: tuple[Item, ...]
    tasks: tuple[Task, ...]
    won: tuple[Won, ...]

    @property
    def kudos(self) -> tuple[Remark, ...]:
        """What was said in public."""
        return tuple(each for each in self.remarks if each.is_kudos)


def review(store: Store, actor: Actor, person_id: str | None, period: Period, now: datetime) -> Review:
    """Everything of somebody (None: of the reader) that a period has.

    Raises:
        Refused: when the reader is neither the person, nor above them, nor of operations; it says who is.
    """
    here, whom = actor.workspace_id, person_id or actor.id
    with store.read() as tx:
        reach.let_read(tx, actor, whom, now)
        settings = workspace.settings(tx, here)
        person = people.actor(tx, here, whom, now)
    if person is None:
        raise Refused("coaching.refused.stranger")
    zone = zone_or_utc(settings.zone)
    today = now.astimezone(zone).date()
    quarters = [each for each in quarters_of(period, settings.fiscal_month) if each.first <= today]
    start, after = (instant(day, time.min, zone) for day in (period.first, period.last + _DAY))
    end = min(after - datetime.resolution, now)
    parts = tuple(_attained(store, actor, person_id, quarters, today, now))
    with store.read() as tx:
        talks = oneonones.of_person(tx, actor, whom, shared_only=True)
        return Review(
            person_id=whom,
            name=person.name,
            is_own=whom == actor.id,
            period=period,
            today=today,
            currency=settings.currency,
            parts=parts,
            remarks=tuple(feedback.between(tx, here, whom, start, end)),
            held=tuple(each for each in talks if each.held_on in period),
            items=tuple(each for each in items.ever(tx, here, whom) if start <= each.recorded_at <= end),
            tasks=tuple(each for each in reminding.of_person(tx, here, whom) if _is_of(each, period)),
            won=agenda.won(tx, person, start, end),
        )


def _attained(
    store: Store, actor: Actor, person_id: str | None, quarters: Iterable[Period], today: date, now: datetime
) -> Iterator[Part]:
    """The targets of each quarter with what came of them."""
    for quarter in quarters:
        page = attainment.person(store, actor, person_id, _asked(quarter, today), now)
        yield from (part for part in page.parts if part.period.kind is Kind.QUARTER)


def _asked(quarter: Period, today: date) -> Asked:
    """One that is over as it stood on its last day."""
    return Asked(period=quarter, as_of=quarter.last if quarter.last < today else None)


def _is_of(task: Task, period: Period) -> bool:
    done = task.closed_at.date() if task.closed_at else None
    return task.state is not State.WITHDRAWN and (task.due_on in period or (done is not None and done in period))


def send(store: Store, actor: Actor, person_id: str, period: Period, *, origin: str, now: datetime) -> None:
    """Have a review sent to its reader as a file; whoever may read it is asked again when it is made."""
    span = [period.first.isoformat(), period.last.isoformat(), period.name]
    letter = Letter(FILE, actor.id, origin, {"person": person_id, "period": span}, way=Way.UPLOAD)
    with store.write() as tx:
        reach.let_read(tx, actor, person_id, now)
        delivery.tell(tx, actor.workspace_id, letter, now)


def of_parcel(store: Store, parcel: Parcel, now: datetime) -> tuple[Review, str] | None:
    """The review that a file is made of, with its reader's language; None where they may not read it any more."""
    with store.read() as tx:
        actor = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
    person_id = parcel.subject["person"]
    try:
        period = period_from(parcel.subject["period"])
        own = actor is not None and actor.id == person_id
        return (review(store, actor, None if own else person_id, period, now), actor.language) if actor else None
    except Refused:
        return None


def period_from(span: list[str]) -> Period:
    """A period as a button or a message carries it: first and last day, and its name."""
    first, last, name = span
    known = named(name)
    kind = known.kind if known else Kind.QUARTER
    return Period(kind, date.fromisoformat(first), date.fromisoformat(last), name)


def file_of(found: Review) -> tuple[str, bytes]:
    """A review as a file: its name, and a row for everything in it."""
    return f"review-{found.name}-{found.period.name}.csv".replace(" ", "-"), write(COLUMNS, list(_rows(found)))


def _rows(found: Review) -> Iterator[tuple[str, ...]]:
    for part in found.parts:
        yield _row(
            day=part.period.last, what=part.metric.code, period=part.period.name, **_figures(part, found.currency)
        )
    for remark in sorted(found.remarks, key=lambda each: each.at):
        what = "kudos" if remark.is_kudos else "feedback"
        yield _row(day=remark.at.astimezone(UTC).date(), what=what, who=remark.author, text=remark.text)
    for held in sorted(found.held, key=lambda each: each.held_on):
        yield _row(day=held.held_on, what="oneonone", who=held.manager, text=held.notes)
    for item in found.items:
        state = State.DONE if item.is_done else State.OPEN
        at = item.recorded_at.astimezone(UTC).date()
        yield _row(day=at, what="item", who=item.owner, text=item.text, state=state, due=item.due_on)
    for task in found.tasks:
        yield _row(
            day=(task.closed_at or task.recorded_at).astimezone(UTC).date(),
            what="training",
            text=task.title,
            state=task.state,
            due=task.due_on,
        )
    for won in found.won:
        amount = f"{won.money.amount:f}" if won.money else ""
        yield _row(day=won.day, what="won", text=won.company, amount=amount, currency=won.money and won.money.currency)


def _figures(part: Part, currency: str) -> dict[str, object]:
    """Achieved, target and percent; money in its main unit."""
    standing = part.standing
    is_money = part.metric == REVENUE

    def said(value: int | None) -> str:
        if value is None:
            return ""
        return f"{Money(currency, value).amount:f}" if is_money else str(value)

    share = standing.achieved * 100 // standing.target if standing.target else ""
    return {
        "achieved": said(standing.achieved),
        "target": said(standing.target),
        "percent": share,
        "currency": currency if is_money else "",
    }


def _row(**cells: object) -> tuple[str, ...]:
    return tuple("" if cells.get(name) is None else str(cells[name]) for name in COLUMNS)
