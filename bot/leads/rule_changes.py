"""What can be done about the rules of the score: one function, one transaction. Everybody may read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.leads import rescoring, scoring_rules
from bot.leads.notices import SPEED
from bot.leads.pages import rules_in, rules_of
from bot.leads.scoring_form import Scoring
from bot.people import queries as people
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.workspace import queries
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from bot.workspace.service import Saved


@dataclass(frozen=True, slots=True)
class Page:
    """The rules as somebody reads them. `version` is theirs (0: nobody has changed the standard ones); `can` are the
    names of those who may change them, for a reader who may not.
    """

    scoring: Scoring
    version: int
    may_change: bool
    can: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """What saving did: what was changed, and whether the leads are scored anew."""

    saved: Saved
    is_rescoring: bool


def overview(store: Store, actor: Actor, now: datetime) -> Page:
    """The rules that stand."""
    with store.read() as tx:
        may_change = may(actor, Action.CHANGE_SETTINGS, Relation.COLLEAGUE)
        can = () if may_change else people.who_can(tx, actor.workspace_id, None, people.today_of(actor, now))
        return _page(tx, actor, may_change=may_change, can=can)


def editing(store: Store, actor: Actor, now: datetime) -> Page:
    """The same, for somebody who is about to change them.

    Raises:
        Refused: when the actor may not; it says who can.
    """
    with store.read() as tx:
        workspace.let_pass(tx, actor, now)
        return _page(tx, actor, may_change=True)


def seen(store: Store, actor: Actor, version: int, speed_minutes: int) -> Scoring:
    """What a form was opened with."""
    with store.read() as tx:
        found = queries.versions(tx, actor.workspace_id, Setting.LEAD_RULES, version) if version else []
    value = found[0].value if found and found[0].version == version else None
    return Scoring(rules_in(value), speed_minutes)


def change(store: Store, actor: Actor, wanted: Scoring, before: Scoring, now: datetime) -> Changed:
    """Save rules, and have the open leads scored anew by them; the old scores stay in their timelines.

    Args:
        store: the database.
        actor: who decides.
        wanted: what is to stand.
        before: what the form was opened with: parts that its reader left alone stay as somebody else has made them
            meanwhile.
        now: the moment.

    Raises:
        Refused: when the actor may not (it says who can), or the rules are nonsense: `scoring.problem.…`.
    """
    values, known = _plain(wanted), _plain(before)
    values = {name: value for name, value in values.items() if value != known[name]}
    with store.write() as tx:
        saved = workspace.change_in(tx, actor, values, now, {name: known[name] for name in values})
        if any(each.what == Setting.SPEED_MINUTES for each in saved.changes):
            schedule.hasten(tx, actor.workspace_id, SPEED, [""], now, now)  # clocks run by the new target at once
        change = next((each for each in saved.changes if each.what == Setting.LEAD_RULES), None)
        if change is None:
            return Changed(saved, False)
        after = scoring_rules.check(change.after)
        is_rescoring = after != rules_in(change.before)
        if is_rescoring:
            version = queries.version(tx, actor.workspace_id, Setting.LEAD_RULES)
            rescoring.begin(tx, actor.workspace_id, version, actor.id, now)
        return Changed(saved, is_rescoring)


def _plain(scoring: Scoring) -> dict[str, Any]:
    return {Setting.LEAD_RULES: scoring.rules.to_json(), Setting.SPEED_MINUTES: scoring.speed_minutes}


def _page(tx: Connection, actor: Actor, *, may_change: bool, can: Sequence[str] = ()) -> Page:
    settings = queries.settings(tx, actor.workspace_id)
    version = queries.version(tx, actor.workspace_id, Setting.LEAD_RULES)
    return Page(Scoring(rules_of(settings), settings.speed_minutes), version, may_change, tuple(can))
