"""What can be done about plans and disputes: one function, one transaction. Closing stands in `closing`.

`origin` names the delivery behind a change; the same one twice changes nothing the second time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from bot.access.actor import Actor
from bot.access.rights import Action, may
from bot.access.roles import Role
from bot.audit import service as audit
from bot.audit.service import Change
from bot.clock import zone_or_utc
from bot.delivery import service as delivery
from bot.delivery.service import Letter
from bot.delivery.states import IfUnsure, Way
from bot.errors import Refused
from bot.pay import books, chasing, plan_lines, queries
from bot.pay.earned import Line
from bot.pay.kept import line_as_json, steps_as_json
from bot.pay.line import PayLine, read
from bot.pay.model import PayDispute, PayPlan
from bot.pay.period import Period
from bot.pay.plan import Plan, problems
from bot.pay.queries import Dispute
from bot.pay.states import Standing
from bot.pay.targets import Targets
from bot.people import queries as people
from bot.quota.said import Asking, OfPay
from bot.store.engine import Store
from bot.store.sql import insert_once, one_at_a_time, table_of
from bot.store.types import new_id
from bot.workspace import queries as workspace
from bot.workspace.rules import Setting
from bot.workspace.service import change_in, let_pass

plan_table = table_of(PayPlan)
dispute_table = table_of(PayDispute)

DISPUTED, MINE, ANSWER, TABLE = "pay_dispute", "pay_dispute_mine", "pay_answer", "pay_table"
"""Kinds of the ledger: the card of whoever answers, that of whoever disputes, the answer beneath it, for a message that
changes in its place rings with nobody; and a statement as a file."""

LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class PlanWish:
    """A plan as it is to stand: its steps as lines, and the version of it that its author saw (None: there was none).

    `clawback_days`, where they are said, hold for all plans.
    """

    role: Role
    start: date
    text: str
    seen: int | None = None
    clawback_days: int | None = None


class Nonsense(Exception):
    """A plan that cannot be kept, with everything that is wrong with it."""

    def __init__(self, found: Iterable[Refused]) -> None:
        self.problems = tuple(found)
        super().__init__(", ".join(each.key for each in self.problems))


def understand(store: Store, actor: Actor, said: OfPay, now: datetime) -> PayLine:
    """Read what somebody typed behind a verb of pay, by their workspace's calendar."""
    with store.read() as tx:
        settings = workspace.settings(tx, actor.workspace_id)
    today = now.astimezone(zone_or_utc(settings.zone)).date()
    return read(said, Asking(today, actor.language, settings.currency, settings.fiscal_month))


def change_plan(store: Store, actor: Actor, wish: PlanWish, *, origin: str, now: datetime) -> None:
    """Let a role be paid otherwise from a day on. Without a line the plan of that day is taken back.

    Raises:
        Refused: when the actor may not (it says who can), or somebody has changed the plan meanwhile.
        Nonsense: when the plan cannot be read, or makes none.
    """
    with store.write() as tx:
        turn_of_plans(tx, actor.workspace_id)
        let_pass(tx, actor, now)
        if queries.was_changed_by(tx, actor.workspace_id, origin):
            return
        if wish.clawback_days is not None:
            change_in(tx, actor, {Setting.CLAWBACK_DAYS: wish.clawback_days}, now, {})
        wanted = _readable(tx, actor.workspace_id, wish)
        standing = _standing(tx, actor.workspace_id, wish.role, wish.start)
        if (standing.version if standing else None) != wish.seen:
            by = people.name_of(tx, actor.workspace_id, standing.by if standing else None)
            raise Refused("pay.plan.changed_meanwhile", role=wish.role, start=wish.start.isoformat(), by=by)
        put(tx, actor.workspace_id, wanted, by=actor.id, origin=origin, now=now)


def put(tx: Connection, workspace_id: str, wanted: Plan, *, by: str, origin: str, now: datetime) -> bool:
    """Let a plan stand in the place of the role's plan of the same day, and keep that; without steps, let none stand.

    Returns:
        Whether that changed anything.
    """
    before = _standing(tx, workspace_id, wanted.role, wanted.start)
    if (before.plan if before else Plan(wanted.role, wanted.start, ())) == wanted:
        return False
    this = (
        (plan_table.c.workspace_id == workspace_id)
        & (plan_table.c.role == wanted.role.value)
        & (plan_table.c.start_day == wanted.start)
    )
    tx.execute(
        update(plan_table).where(this, plan_table.c.superseded_at.is_(None)).values(superseded_at=now, superseded_by=by)
    )
    last = tx.execute(select(func.max(plan_table.c.version)).where(this)).scalar() or 0
    if wanted.steps:
        values = {
            "workspace_id": workspace_id,
            "role": wanted.role,
            "start_day": wanted.start,
            "version": last + 1,
            "steps": steps_as_json(wanted),
            "origin": origin,
            "recorded_at": now,
            "recorded_by": by,
            "superseded_at": None,
            "superseded_by": None,
        }
        insert_once(tx, PayPlan, values)
    was, now_said = _said(before.plan) if before else None, _said(wanted)
    audit.record(tx, workspace_id, [Change(None, f"plan {wanted.role}", was, now_said, wanted.start)], by=by, now=now)
    return True


def turn_of_plans(tx: Connection, workspace_id: str) -> None:
    """Let plans of one workspace be changed one after the other, and no period be closed meanwhile."""
    one_at_a_time(tx, f"pay:{workspace_id}")


def dispute(
    store: Store,
    actor: Actor,
    day: date,
    line_id: str,
    text: str,
    targets: Targets,
    *,
    origin: str,
    now: datetime,
) -> Dispute:
    """Say that one of one's own lines is wrong; whoever leads one gets a card, else operations.

    Args:
        store: the database.
        actor: whose statement it is.
        day: any day of its period.
        line_id: the line.
        text: what is wrong.
        targets: see `books`.
        origin: names the delivery behind it.
        now: the moment.

    Raises:
        Refused: when nothing is said, the line is none of theirs any more, or a dispute about it is open.
    """
    said = text.strip()[:LONGEST_TEXT]
    if not said:
        raise Refused("pay.dispute.empty")
    with store.write() as tx:
        if made := queries.dispute_by_origin(tx, actor.workspace_id, origin):
            return made
        period, line = _line(tx, actor, day, line_id, targets, now)
        readers = chasing.answerers(tx, actor.workspace_id, actor.id, people.today_of(actor, now))
        cards = tuple(new_id() for _ in [*readers, actor.id])
        found = Dispute(new_id(), actor.id, period.name, line, said, Standing.OPEN, None, None, None, cards, now)
        _keep(tx, actor.workspace_id, found, origin)
        _tell_of(tx, actor.workspace_id, found, readers, now)
        chasing.watch(tx, actor.workspace_id, found, readers, now)
        return found


def _line(
    tx: Connection, actor: Actor, day: date, line_id: str, targets: Targets, now: datetime
) -> tuple[Period, Line]:
    """A line of one's own statement of the period of `day`, as it stands now, with that period."""
    mine = books.books(tx, actor.workspace_id, actor.id, now, targets)
    period = mine.terms.period_of(day)
    for each in mine.statement(tx, period).lines:
        if each.id == line_id:
            return period, each
    raise Refused("pay.dispute.no_line")


def _tell_of(tx: Connection, workspace_id: str, found: Dispute, readers: Sequence[str], now: datetime) -> None:
    """A card to each of those who may answer, and the last one to whoever disputes."""
    subject = {"dispute": found.id.hex}
    for card, reader in zip(found.cards, [*readers, found.person_id], strict=True):
        kind = MINE if card == found.cards[-1] else DISPUTED
        letter = Letter(kind, reader, found.id.hex, subject, if_unsure=IfUnsure.RESEND, id=card)
        delivery.tell(tx, workspace_id, letter, now)


def answer(store: Store, actor: Actor, dispute_id: UUID, text: str, *, agrees: bool = False, now: datetime) -> Dispute:
    """Answer a dispute: say that it is right (`agrees`, which needs no words), or explain the line. Of two who do so at
    once one wins. Both messages show it in their place, and whoever disputes hears of it beneath theirs.

    Raises:
        Refused: when nothing is said, it is not the actor's to answer (it says who can), or somebody was faster.
    """
    said = text.strip()[:LONGEST_TEXT]
    if not said and not agrees:
        raise Refused("pay.answer.empty")
    state = Standing.AGREED if agrees else Standing.ANSWERED
    with store.write() as tx:
        known = held(tx, actor, dispute_id, now)
        if (known.state, known.answered_by, known.answer or "") == (state, actor.id, said):
            return known
        this = (dispute_table.c.workspace_id == actor.workspace_id) & (dispute_table.c.id == dispute_id)
        values = {"state": state.value, "answer": said or None, "answered_by": actor.id, "answered_at": now}
        changed = tx.execute(
            update(dispute_table).where(this, dispute_table.c.state == Standing.OPEN.value).values(**values)
        )
        if changed.rowcount != 1:
            by = people.name_of(tx, actor.workspace_id, known.answered_by)
            raise Refused("pay.answer.late", by=by)
        _tell_answered(tx, actor, known, now)
        what = Change(known.person_id, f"dispute {known.period} {known.line.subject}", known.text, said or state)
        audit.record(tx, actor.workspace_id, [what], by=actor.id, now=now)
        return held(tx, actor, dispute_id, now)


def _tell_answered(tx: Connection, actor: Actor, known: Dispute, now: datetime) -> None:
    for card in known.cards:
        delivery.change(tx, actor.workspace_id, card, now)
    chasing.settle(tx, actor.workspace_id, known.id, now)
    subject = {"dispute": known.id.hex, "below": known.cards[-1].hex}
    letter = Letter(ANSWER, known.person_id, known.id.hex, subject, way=Way.REPLY)
    delivery.tell(tx, actor.workspace_id, letter, now)


def held(tx: Connection, actor: Actor, dispute_id: UUID, now: datetime) -> Dispute:
    """A dispute that somebody may answer: of a report, or with operations of anybody but themselves.

    Raises:
        Refused: when there is none, or it is not theirs to answer; it says who can.
    """
    known = queries.find_dispute(tx, actor.workspace_id, dispute_id)
    if known is None:
        raise Refused("pay.dispute.gone")
    if not may_answer(tx, actor, known.person_id, now):
        can = people.who_can(tx, actor.workspace_id, known.person_id, people.today_of(actor, now))
        raise Refused("pay.answer.not_yours", can=", ".join(can) or "–")
    return known


def may_answer(tx: Connection, actor: Actor, person_id: str, now: datetime) -> bool:
    """Whether somebody may answer what a person disputes: nobody does that for themselves."""
    return actor.id != person_id and may(actor, Action.SET_QUOTAS, people.relation(tx, actor, person_id, now))


def send_table(
    store: Store, actor: Actor, person_id: str, day: date, as_of: datetime, *, origin: str, now: datetime
) -> None:
    """Have a statement sent to its reader as a file; whoever may read it is checked when it is made."""
    subject = {"person": person_id, "day": day.isoformat(), "as_of": as_of.isoformat()}
    letter = Letter(TABLE, actor.id, origin, subject, way=Way.UPLOAD)
    with store.write() as tx:
        delivery.tell(tx, actor.workspace_id, letter, now)


def _readable(tx: Connection, workspace_id: str, wish: PlanWish) -> Plan:
    reading = plan_lines.read_plan(wish.text, wish.role, wish.start)
    currency = workspace.settings(tx, workspace_id).currency
    found = reading.problems or problems(reading.plans, currency)
    if found:
        raise Nonsense(found)
    return reading.plans[0] if reading.plans else Plan(wish.role, wish.start, ())


def _standing(tx: Connection, workspace_id: str, role: Role, start: date) -> queries.Version | None:
    every = queries.versions(tx, workspace_id, role)
    return next((each for each in every if each.plan.start == start and each.until is None), None)


def _said(plan: Plan) -> str | None:
    return plan_lines.write(plan).replace("\n", "; ") or None


def _keep(tx: Connection, workspace_id: str, found: Dispute, origin: str) -> None:
    values = {
        "workspace_id": workspace_id,
        "id": found.id,
        "person_id": found.person_id,
        "period": found.period,
        "line_id": found.line.id,
        "line": line_as_json(found.line),
        "text": found.text,
        "state": found.state,
        "answer": None,
        "answered_by": None,
        "answered_at": None,
        "cards": [each.hex for each in found.cards],
        "recorded_at": found.recorded_at,
        "origin": origin,
    }
    if not insert_once(tx, PayDispute, values):
        raise Refused("pay.dispute.open_already")
