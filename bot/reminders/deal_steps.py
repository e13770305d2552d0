"""Reminders of the next steps of deals: as the owner's day begins, once, under what they decided about follow-ups."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import refusal
from bot.activity.model import StepState
from bot.activity.steps import Step
from bot.clock import instant
from bot.deals import queries as deals
from bot.deals import steps
from bot.deals.process import Process, process_in
from bot.deals.queries import DealRow
from bot.delivery.outcome import NotYet, Parcel
from bot.delivery.service import Letter, tell_all
from bot.noise import service as noise
from bot.people import queries as people
from bot.reminders import queries
from bot.reminders.planning import LATE, NOT_SOON, admitted_of
from bot.reminders.queries import Standing
from bot.reminders.rules import Kind, Quiet, follow_up_moment
from bot.schedule.service import Due, Planner
from bot.store.engine import Store
from bot.working_time.presence import Schedule, presence, shift_of
from bot.workspace import queries as workspace

STANDARD = Process()


@dataclass(frozen=True, slots=True)
class Promise:
    """A step as it was when its owner was reminded, and the deal as it stands (None: there is none any more)."""

    step: str
    key: str
    row: DealRow | None
    waits: bool

    @property
    def is_done(self) -> bool:
        """Whether the deal waits for somebody to say what comes next."""
        return self.row is not None and self.row.is_open and not self.row.next_step

    @property
    def is_moved(self) -> bool:
        """Whether the same step is to be done on another day."""
        return not self.waits and self.row is not None and self.row.is_open and self.row.next_step == self.step


@dataclass(frozen=True, slots=True)
class Page:
    """What one reminder shows."""

    actor: Actor
    today: date
    promises: tuple[Promise, ...]
    process: Process = STANDARD


def plan(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Mapping[Due, datetime | None]:
    """Remind of the steps of today; several of one person come in one message."""
    audience = queries.audience(tx, workspace_id, {each.person_id for each in due}, now)
    following: dict[Due, datetime | None] = dict.fromkeys(due)
    together: dict[str, list[DealRow]] = defaultdict(list)
    for each in due:
        row, standing = deals.find(tx, workspace_id, UUID(each.subject)), audience.people.get(each.person_id)
        is_wanted = standing is not None and standing.wants(Kind.FOLLOW_UP)
        if row is None or standing is None or not is_wanted or not _is_theirs(row, each.person_id):
            continue
        moment = _moment(standing, row, now)
        if moment > now:
            following[each] = moment
        else:
            together[each.person_id].append(row)
    letters = [_letter(person_id, rows) for person_id, rows in together.items()]
    admitted = admitted_of(tx, workspace_id, letters, audience, now)
    tell_all(tx, workspace_id, [_with_what_waits(tx, workspace_id, letter, now) for letter in admitted], now)
    return following


PLANNERS: Mapping[str, Planner] = {steps.STEP: plan}


def page(store: Store, parcel: Parcel, now: datetime) -> Page | NotYet | None:
    """The steps as they stand; None where nothing is left to remind of before anybody was, `NotYet` where the reader
    has gone since that was planned.
    """
    with store.read() as tx:
        actor = people.actor(tx, parcel.workspace_id, parcel.recipient, now)
        if actor is None or refusal(actor):
            return None
        found = tuple(_promise(tx, parcel, each) for each in parcel.subject["deals"])
        waiting = [each.row for each in found if each.waits and each.row]
        if parcel.ts is None:
            standing = queries.standing(tx, parcel.workspace_id, parcel.recipient, now)
            if not waiting or not standing.wants(Kind.FOLLOW_UP):
                return None
            moment = min(_moment(standing, each, now) for each in waiting)
            if moment > now:
                return NotYet(moment)
        process = process_in(workspace.settings(tx, parcel.workspace_id))
    return Page(actor, people.today_of(actor, now), found, process)


def of_week(tx: Connection, workspace_id: str, person_id: str, last: date) -> list[Step]:
    """The next steps of somebody's open deals that are due by `last`, as what they have promised."""
    rows = [each for each in deals.open_of(tx, workspace_id, [person_id]) if _is_theirs(each, person_id)]
    return [_step(each) for each in rows if each.next_on and each.next_on <= last]


def _step(row: DealRow) -> Step:
    day = row.next_on or date.max
    due_at = datetime.combine(day, time.min, UTC)
    return Step(row.id, row.owner_id, row.next_step or "", day, None, StepState.OPEN, due_at, row.company)


def _is_theirs(row: DealRow, person_id: str) -> bool:
    return row.is_open and row.owner_id == person_id and bool(row.next_step) and row.next_on is not None


def _moment(standing: Standing, row: DealRow, now: datetime) -> datetime:
    return step_moment(standing.schedule, standing.quiet, row.next_on or now.date(), now)


def step_moment(schedule: Schedule, quiet: Quiet | None, day: date, now: datetime) -> datetime:
    """When to remind of a step of `day`: as work begins on it; what is late comes while they work."""
    shift = shift_of(schedule, day)
    due = shift.start if shift else instant(day, _usual_start(schedule), schedule.zone)
    wanted = follow_up_moment(schedule, quiet, due) or now + NOT_SOON
    if wanted > now - LATE:
        return follow_up_moment(schedule, quiet, max(wanted, now)) or now + NOT_SOON
    there = presence(schedule, now)
    return now if there.is_working else there.next_start or now + NOT_SOON


def _usual_start(schedule: Schedule) -> time:
    """When a day begins on which somebody does not work, and that they named all the same."""
    return next(shift.start for shift in schedule.hours.week if shift)


def _letter(person_id: str, rows: Sequence[DealRow]) -> Letter:
    ordered = sorted(rows, key=lambda row: (row.next_on or date.max, row.opened_at, row.id))
    subject = {"deals": [{"d": row.id.hex, "k": steps.key_of(row), "s": row.next_step} for row in ordered]}
    occasion = f"{ordered[0].id.hex}:{steps.key_of(ordered[0])}:{len(ordered)}"
    return Letter(steps.STEP, person_id, occasion, subject)


def _with_what_waits(tx: Connection, workspace_id: str, letter: Letter, now: datetime) -> Letter:
    """The reminder, and what was held back since the last one and still waits."""
    held = noise.waiting(tx, workspace_id, letter.recipient, letter.kind, now)
    if not held:
        return letter
    noise.said(tx, workspace_id, letter.recipient, letter.kind, now)
    own: list[dict[str, str]] = letter.subject["deals"]
    known = {(each["d"], each["k"]) for each in own}
    more = {(each["d"], each["k"]): each for one in held for each in one.subject["deals"]}
    still = [
        each
        for key, each in more.items()
        if key not in known
        and (row := deals.find(tx, workspace_id, UUID(each["d"])))
        and steps.waits(row, letter.recipient, each["k"])
    ]
    return letter._replace(subject={"deals": [*own, *still]})


def _promise(tx: Connection, parcel: Parcel, said: Mapping[str, str]) -> Promise:
    row = deals.find(tx, parcel.workspace_id, UUID(said["d"]))
    is_waiting = row is not None and steps.waits(row, parcel.recipient, said["k"])
    return Promise(said["s"], said["k"], row, is_waiting)
