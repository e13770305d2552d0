"""Open leads are scored anew when the rules have changed, and each keeps its old score as a line of its timeline.

A card shows the new score at once, for it is computed when it is read; this is about what was. One pass for each change
of the rules, as a job: a page of leads in each tick, in one short transaction with its lines, its figures and the place
it has come to, so that whoever is killed leaves nothing half done and nothing is counted twice. A pass whose rules are
no longer the newest ends where it stands, and the newer one compares with what each lead's timeline says last. Pages
of a workspace go one after the other, so no line of an older pass can follow one of a newer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from bot.access.actor import Actor
from bot.delivery import queries as deliveries
from bot.delivery import service as delivery
from bot.delivery.outcome import Parcel
from bot.delivery.service import Letter
from bot.delivery.states import IfUnsure
from bot.leads import queries
from bot.leads.model import LeadEvent, Rescoring
from bot.leads.pages import known, rules_in
from bot.leads.queries import Event, OpenLead, Touch
from bot.leads.scoring import Score, score
from bot.leads.scoring_rules import Rules
from bot.leads.states import Happening
from bot.people import queries as people
from bot.schedule import service as schedule
from bot.schedule.service import Due, Following
from bot.store.engine import Store
from bot.store.many import insert_many_once
from bot.store.sql import insert_once, one_at_a_time, table_of
from bot.store.types import quick_id
from bot.workspace import queries as workspace
from bot.workspace.rules import Setting

rescoring = table_of(Rescoring)

RESCORE = "lead_rescore"
"""The job; its subject is the version of the rules."""

PROGRESS = "lead_rescoring"
"""The message to whoever changed the rules; its occasion is likewise."""

PAGE = 250
"""Leads of one transaction."""

PACE = timedelta(seconds=3)
"""Between two changes of the message: Slack takes some fifty updates a minute (docs.slack.dev, rate limits, tier 3)."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Tally(NamedTuple):
    """How many leads of a page got more points, fewer, another grade."""

    rose: int = 0
    fell: int = 0
    regraded: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pass has come, for its reader: `done` of `leads` (None until they are counted).

    One that is over and `is_overtaken` went no further, for there are newer rules, `by` somebody (None: by its reader).
    """

    reader: Actor
    leads: int | None
    done: int
    tally: Tally
    is_over: bool
    is_overtaken: bool = False
    by: str | None = None


class _Stage(NamedTuple):
    """Rules in one version, and since when they hold."""

    version: int
    since: datetime
    rules: Rules


def begin(tx: Connection, workspace_id: str, version: int, by: str, now: datetime) -> None:
    """Have the open leads scored anew by the rules that the running transaction has just saved as `version`."""
    unfinished = tx.execute(
        select(rescoring.c.base).where(rescoring.c.workspace_id == workspace_id, rescoring.c.ended_at.is_(None))
    )
    base = min([version - 1, *unfinished.scalars()])
    values = {"workspace_id": workspace_id, "version": version, "base": base, "by": by, "started_at": now}
    insert_once(tx, Rescoring, {**values, "done": 0, "rose": 0, "fell": 0, "regraded": 0, "is_overtaken": False})
    schedule.put(tx, workspace_id, RESCORE, "", now, str(version))
    about = {"version": version}
    delivery.tell(tx, workspace_id, Letter(PROGRESS, by, str(version), about, if_unsure=IfUnsure.RESEND), now)


def plan(tx: Connection, workspace_id: str, due: Sequence[Due], now: datetime) -> Following:
    """Go on with each pass by a page."""
    one_at_a_time(tx, f"{RESCORE}:{workspace_id}")
    following: dict[Due, datetime | None] = {}
    for each in due:
        run = _run(tx, workspace_id, int(each.subject))
        is_open = run is not None and run.ended_at is None
        following[each] = now if is_open and _go_on(tx, workspace_id, run, now) else None
    return following


def progress(store: Store, parcel: Parcel, now: datetime) -> Progress | None:
    """What the message about a pass shows at this moment."""
    workspace_id, version = parcel.workspace_id, int(parcel.subject["version"])
    with store.read() as tx:
        reader = people.actor(tx, workspace_id, parcel.recipient, now)
        run = _run(tx, workspace_id, version)
        newer = _newer(tx, workspace_id, version)
        by = newer.by if newer and newer.by != parcel.recipient else None
        names = people.names(tx, workspace_id, [by]) if by else {}
    if reader is None or run is None:
        return None
    tally = Tally(run.rose, run.fell, run.regraded)
    return Progress(reader, run.leads, run.done, tally, run.ended_at is not None, run.is_overtaken, names.get(by or ""))


def _run(tx: Connection, workspace_id: str, version: int) -> Any | None:
    this = (rescoring.c.workspace_id == workspace_id) & (rescoring.c.version == version)
    return tx.execute(select(rescoring).where(this)).first()


def _newer(tx: Connection, workspace_id: str, version: int) -> Any | None:
    """The pass that came next."""
    later = (rescoring.c.workspace_id == workspace_id) & (rescoring.c.version > version)
    return tx.execute(select(rescoring).where(later).order_by(rescoring.c.version).limit(1)).first()


def _go_on(tx: Connection, workspace_id: str, run: Any, now: datetime) -> bool:
    """One page more; False once there is nothing left to do."""
    if _newer(tx, workspace_id, run.version):
        _write(tx, workspace_id, run, now, ended_at=now, is_overtaken=True)
        return False
    leads = queries.how_many_open(tx, workspace_id, run.started_at) if run.leads is None else run.leads
    page = queries.open_page(tx, workspace_id, run.last_lead, run.started_at, PAGE)
    tally = _rescore(tx, workspace_id, run, page, now)
    is_through = len(page) < PAGE
    figures = {
        "last_lead": page[-1].id if page else run.last_lead,
        "leads": leads,
        "done": run.done + len(page),
        **{name: getattr(run, name) + more for name, more in tally._asdict().items()},
    }
    _write(tx, workspace_id, run, now, **figures, ended_at=now if is_through else None)
    return not is_through


def _write(tx: Connection, workspace_id: str, run: Any, now: datetime, **values: Any) -> None:
    """Where a pass has come to; its message shows that at its end, and in between no more often than `PACE`."""
    is_told = values.get("ended_at") is not None or run.told_at is None or now - run.told_at >= PACE
    this = (rescoring.c.workspace_id == workspace_id) & (rescoring.c.version == run.version)
    tx.execute(update(rescoring).where(this).values(**values, told_at=now if is_told else run.told_at))
    for each in deliveries.of_occasions(tx, workspace_id, PROGRESS, [str(run.version)]) if is_told else ():
        delivery.change(tx, workspace_id, each, now)


def _rescore(tx: Connection, workspace_id: str, run: Any, page: Sequence[OpenLead], now: datetime) -> Tally:
    """The lines of those leads of a page whose score is another one now."""
    stages = _stages(tx, workspace_id, run.base, run.version)
    whats = (Happening.SCORED, Happening.MERGED, Happening.RESCORED)
    happened = queries.events_of(tx, workspace_id, [row.id for row in page], whats)
    logged = queries.with_leads(tx, workspace_id, happened)
    lines, changes = [], []
    for row in page:
        stood = _stood(row, happened[row.id], stages)
        pair = _compared(row, logged[row.id], happened[row.id], stood, stages[-1], now)
        if pair:
            changes.append(pair)
            lines.append(_line(workspace_id, row, run, pair, now))
    insert_many_once(tx, LeadEvent, lines)
    return Tally(
        rose=sum(before.points < after.points for before, after in changes),
        fell=sum(before.points > after.points for before, after in changes),
        regraded=sum(before.grade != after.grade for before, after in changes),
    )


def _stages(tx: Connection, workspace_id: str, base: int, version: int) -> list[_Stage]:
    """The rules from `base` to `version`, in order."""
    saved = workspace.versions(tx, workspace_id, Setting.LEAD_RULES, max(1, base))
    first = [] if base else [_Stage(0, _LONG_AGO, rules_in(None))]
    return [
        *first,
        *(_Stage(each.version, each.recorded_at, rules_in(each.value)) for each in saved if each.version <= version),
    ]


def _stood(row: OpenLead, happened: Sequence[Event], stages: Sequence[_Stage]) -> _Stage:
    """Under which rules a lead stood: those that held when it came, or of which its timeline says last."""
    told = max((int(each.detail["rules"]) for each in happened if each.what == Happening.RESCORED), default=0)
    return next((each for each in reversed(stages) if each.since <= row.recorded_at or each.version == told), stages[0])


def _compared(
    row: OpenLead, logged: Sequence[Touch], happened: Sequence[Event], stood: _Stage, stands: _Stage, now: datetime
) -> tuple[Score, Score] | None:
    """A lead's score as it was and as it is; None where they are the same."""
    if stood is stands:
        return None
    facts = known(row, logged, happened)
    before, after = score(stood.rules, facts, now), score(stands.rules, facts, now)
    return None if (before.points, before.grade) == (after.points, after.grade) else (before, after)


def _line(workspace_id: str, row: OpenLead, run: Any, pair: tuple[Score, Score], now: datetime) -> Mapping[str, Any]:
    before, after = pair
    detail = {
        "rules": run.version,
        "before": before.points,
        "before_grade": before.grade.value,
        "after": after.points,
        "after_grade": after.grade.value,
    }
    return {
        "workspace_id": workspace_id,
        "id": quick_id(),
        "lead_id": row.id,
        "what": Happening.RESCORED.value,
        "at": now,
        "by": run.by,
        "detail": detail,
        "recorded_at": now,
        "origin": f"{Happening.RESCORED}:{run.version}:{row.id.hex}",
    }
