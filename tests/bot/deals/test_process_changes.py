"""The sales process on both databases: who may change it, what two make of it at once, and deals that go by it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from bot.access.actor import Actor
from bot.audit import service as audit
from bot.deals import pages, process_changes, queries, service, ticking
from bot.deals.closing import Loss
from bot.deals.process import Process
from bot.deals.process_form import read_reasons, read_stage, reason_fields, stage_fields
from bot.deals.queries import DealRow
from bot.deals.states import KEPT, LOST_REASONS, Stage, What
from bot.errors import Refused
from bot.handoffs import pages as handoff_pages
from bot.handoffs import service as handoffs
from bot.handoffs.giving import Giving, give
from bot.store.engine import Store
from bot.words import words_for
from bot.workspace.checklists import Question
from bot.workspace.rules import Setting
from bot.workspace.service import Saved
from handlers.ui.handoffs import giver
from tests.bot.deals.desk import HERE, MORNING, Team


def saves(team: Team, stage: Stage, by: Actor | None = None, before: Process | None = None, **filled: str) -> Saved:
    """Sam (or `by`) fills in the form of a stage, which was opened with `before`."""
    seen = process_changes.standing(team.store, HERE) if before is None else before
    wanted = read_stage({**stage_fields(seen, stage), **filled}, stage, seen)
    assert isinstance(wanted, Process), wanted
    return process_changes.change(team.store, by or team.sam, wanted, seen, team.now)


def ticks(team: Team, row: DealRow, *points: str, seen: tuple[str, ...] = (), by: Actor | None = None) -> DealRow:
    """Dana (or `by`) sees these points ticked, and ticks those."""
    where = (team.store, by or team.dana, row.id, row.stage)
    return ticking.tick(*where, points, seen, origin=uuid4().hex, now=team.now).row


def test_operations_change_it_and_the_audit_log_says_so(store: Store) -> None:
    team = Team(store)
    saved = saves(team, Stage.NEEDS, en="Discovery", points="Who signs?")
    assert [each.what for each in saved.changes] == [Setting.SALES_PROCESS]
    stands = process_changes.standing(store, HERE)
    assert stands.names[Stage.NEEDS]["en"] == "Discovery"
    with store.read() as tx:
        logged = audit.latest(tx, HERE, None, Setting.SALES_PROCESS)
    assert logged is not None
    assert logged.by == "U0SAM"
    assert saves(team, Stage.NEEDS).changes == ()


@pytest.mark.parametrize("who", ["dana", "ana", "maria", "mark"])
def test_others_are_refused_with_who_can(store: Store, who: str) -> None:
    team = Team(store)
    actor = getattr(team, who)
    with pytest.raises(Refused, match="workspace"):
        process_changes.editing(store, actor, MORNING)
    with pytest.raises(Refused, match="workspace"):
        saves(team, Stage.NEEDS, actor, en="Discovery")
    assert process_changes.standing(store, HERE) == Process()


def test_two_who_have_a_form_open_at_once_do_not_undo_each_other(store: Store) -> None:
    team = Team(store)
    opened = process_changes.standing(store, HERE)
    saves(team, Stage.NEEDS, before=opened, en="Discovery")
    saves(team, Stage.DEMO, before=opened, en="Pilot", points="Record it")
    stands = process_changes.standing(store, HERE)
    names = {stage: names["en"] for stage, names in stands.names.items()}
    assert names == {Stage.NEEDS: "Discovery", Stage.DEMO: "Pilot"}
    assert [each.text for each in stands.points(Stage.DEMO)] == ["Record it"]


def test_two_who_give_two_stages_one_name_at_once_are_told(store: Store) -> None:
    team = Team(store)
    opened = process_changes.standing(store, HERE)
    saves(team, Stage.NEEDS, before=opened, en="Discovery")
    with pytest.raises(Refused, match="twice"):
        saves(team, Stage.DEMO, before=opened, ru="discovery")
    assert Stage.DEMO not in process_changes.standing(store, HERE).names


def test_a_form_knows_what_it_was_opened_with(store: Store) -> None:
    team = Team(store)
    assert process_changes.editing(store, team.sam, MORNING).version == 0
    saves(team, Stage.NEEDS, en="Discovery")
    version = process_changes.editing(store, team.sam, MORNING).version
    saves(team, Stage.NEEDS, en="Fit")
    assert process_changes.seen(store, team.sam, version).names[Stage.NEEDS]["en"] == "Discovery"
    assert process_changes.seen(store, team.sam, 0) == Process()


def test_only_reasons_that_are_offered_are_taken(store: Store) -> None:
    team = Team(store)
    before = process_changes.standing(store, HERE)
    offered = [each for each in LOST_REASONS if each not in KEPT | {"legal"}]
    wanted = read_reasons({**reason_fields(before), "own": "Grant ran out"}, offered, before)
    assert isinstance(wanted, Process)
    process_changes.change(store, team.sam, wanted, before, MORNING)
    row = team.opens("Acme")
    with pytest.raises(Refused, match="reason_missing"):
        team.loses(row, "legal")
    with pytest.raises(Refused, match="reason_missing"):
        team.loses(row, "own2")
    assert team.loses(row, "own1").reason == "own1"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "The deal was lost: Grant ran out"), ("ru", "Сделка проиграна: Грант иссяк")]
)
def test_whoever_gave_the_lead_reads_why_in_the_workspace_s_words(store: Store, language: str, said: str) -> None:
    team = Team(store)
    row = give(store, team.ana, Giving("Acme", to="U0DANA"), origin="given", now=team.now)
    handoffs.accept(store, team.dana, row.id, team.now)
    handoffs.requalify(store, team.dana, row.id, {}, None, team.now)
    before = process_changes.standing(store, HERE)
    own = replace(before, own_reasons=(Question("own1", "Grant ran out", "Грант иссяк"),))
    process_changes.change(store, team.sam, own, before, MORNING)
    with store.read() as tx:
        deal = queries.of_account(tx, HERE, row.account_id)[0]
    team.loses(deal, "own1")
    page = handoff_pages.page_for(store, team.ana, row.id, team.now)
    assert page is not None
    assert said in giver(words_for(language), page).text


def test_a_tick_is_kept_with_who_and_when(store: Store) -> None:
    team = Team(store)
    row = team.opens("Acme", stage=Stage.DEMO)
    ticks(team, row, "first", "third")
    card = pages.card(store, team.dana, row.id, team.now)
    assert card.row.ticked(Stage.DEMO) == ("first", "third")
    done = card.ticked("first")
    assert done is not None
    assert (done.what, done.by, done.happened_at) == (What.TICKED, "U0DANA", MORNING)
    assert card.ticked("second") is None
    assert card.open_points(Stage.DEMO) == 1
    team.now += timedelta(hours=1)
    ticks(team, row, "first", seen=("first", "third"))
    again = pages.card(store, team.dana, row.id, team.now)
    assert again.row.ticked(Stage.DEMO) == ("first",)
    first = again.ticked("first")
    assert first is not None
    assert first.happened_at == MORNING


def test_what_another_ticked_meanwhile_stays(store: Store) -> None:
    team = Team(store)
    row = team.opens("Acme", stage=Stage.DEMO)
    ticks(team, row, "first")
    ticks(team, row, "second", by=team.maria)
    assert ticks(team, row, seen=("first",)).ticked(Stage.DEMO) == ("second",)
    with store.read() as tx:
        logged = audit.latest(tx, HERE, "U0DANA", "deal Acme")
    assert logged is not None
    assert logged.by == "U0MARIA"


def test_ticks_are_kept_stage_by_stage_and_a_second_delivery_changes_nothing(store: Store) -> None:
    team = Team(store)
    row = team.opens("Acme", stage=Stage.DEMO)
    for _ in range(2):
        ticking.tick(store, team.dana, row.id, Stage.DEMO, ["first"], [], origin="press", now=team.now)
    moved = team.changes(row, stage=Stage.NEGOTIATION).row
    ticks(team, moved, "second")
    back = team.changes(moved, stage=Stage.DEMO).row
    assert back.ticks == {"demo": ["first"], "negotiation": ["second"]}
    assert [each.what for each in team.history(row.id)].count(What.TICKED) == 2


def test_points_that_there_are_not_are_not_ticked_nor_by_whom_it_is_none_of(store: Store) -> None:
    team = Team(store)
    row = team.opens("Acme", stage=Stage.DEMO)
    assert ticks(team, row, "own7").ticks is None
    with pytest.raises(Refused, match="not_yours"):
        ticks(team, row, "first", by=team.arun)
    closed = service.lose(store, team.dana, row.id, Loss("price"), origin="lost", now=team.now).row
    assert ticks(team, closed, "first").ticked(Stage.LOST) == ("first",)
