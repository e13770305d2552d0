"""The rules of the score change: leads keep old scores as lines, once, whoever is killed, whatever comes between."""

import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.access.actor import Actor
from bot.audit.service import latest
from bot.delivery.outcome import Parcel
from bot.errors import Refused
from bot.leads import notices, pages, queries, rescoring, rule_changes, service
from bot.leads.changes import NewLead
from bot.leads.queries import Event, LeadRow
from bot.leads.rescoring import PROGRESS, Progress
from bot.leads.rule_changes import Changed
from bot.leads.scoring_form import Scoring
from bot.leads.scoring_rules import STANDARD, Bounds, Rules, Title
from bot.leads.states import Happening
from bot.ops.causes import Workers
from bot.schedule import service as schedule
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.bot.leads.desk import HERE, Desk, on, origin
from tests.factories import a_member
from tests.lengths import length

STANDS = Scoring(STANDARD, 5)


def worth(**points: int) -> Rules:
    """The standard rules with other points for some sources."""
    return replace(STANDARD, sources={**STANDARD.sources, **points})


class Office(Desk):
    """The same team, with leads from webinars, and pages of three."""

    def __init__(self, store: Store, leads: int = 0) -> None:
        super().__init__(store, "ANA")
        self.leads = [self.comes(NewLead(f"Company {n}", source="webinar")) for n in range(leads)]
        self.now += timedelta(minutes=1)

    def saves(self, rules: Rules, seen: Rules = STANDARD, who: Actor | None = None) -> Changed:
        """Somebody saves the form that they opened on `seen`."""
        return rule_changes.change(self.store, who or self.sam, Scoring(rules, 5), Scoring(seen, 5), self.now)

    def ticks(self, times: int = 1) -> None:
        """So many ticks, a second or more apart."""
        for _ in range(times):
            self.now += timedelta(seconds=2)
            schedule.tick(self.store, {rescoring.RESCORE: rescoring.plan}, self.now)

    def lines(self, lead: LeadRow) -> list[tuple[int, int]]:
        """The old and new points in a timeline."""
        return [(each.detail["before"], each.detail["after"]) for each in self.rescored(lead)]

    def rescored(self, lead: LeadRow) -> list[Event]:
        with self.store.read() as tx:
            happened = queries.events(tx, HERE, lead.id)
        return [each for each in happened if each.what == Happening.RESCORED]

    def message(self, version: int = 1) -> Progress:
        """What the message about a pass shows now."""
        row = next(each for each in self.rows(PROGRESS) if each.occasion == str(version))
        found = rescoring.progress(self.store, parcel(row), self.now)
        assert found is not None
        return found


def parcel(row: Any) -> Parcel:
    names = [name for name in Parcel.__dataclass_fields__ if name != "was_unsure"]
    return Parcel(**{name: getattr(row, name) for name in names}, was_unsure=False)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring, "PAGE", 3)


def test_every_open_lead_keeps_its_old_score_once(store: Store) -> None:
    office = Office(store, 7)
    assert office.saves(worth(webinar=65)).is_rescoring
    office.ticks(5)
    for lead in office.leads:
        [event] = office.rescored(lead)
        assert event.by == "U0SAM"
        assert event.detail == {
            "rules": 1,
            "before": 20,
            "before_grade": "D",
            "after": 65,
            "after_grade": "B",
        }
        page = pages.card(store, office.sam, lead.id, office.now)
        assert page is not None
        assert (page.score.points, page.timeline[0].what) == (65, Happening.RESCORED)  # type: ignore[union-attr]
    found = office.message()
    assert (found.leads, found.done, found.tally, found.is_over) == (7, 7, rescoring.Tally(7, 0, 7), True)


def test_what_is_the_same_has_no_line(store: Store) -> None:
    office = Office(store, 1)
    other = office.comes(NewLead("Globex", source="event"))
    office.now += timedelta(minutes=1)
    office.saves(worth(event=12))
    office.ticks(2)
    assert (office.lines(office.leads[0]), office.lines(other)) == ([], [(15, 12)])
    assert office.message().tally == rescoring.Tally(0, 1, 0)


def test_other_bounds_give_another_grade_for_the_same_points(store: Store) -> None:
    office = Office(store, 1)
    office.saves(replace(STANDARD, grades=Bounds(50, 30, 15)))
    office.ticks(2)
    [event] = office.rescored(office.leads[0])
    assert (event.detail["before"], event.detail["after"], event.detail["after_grade"]) == (20, 20, "C")
    assert office.message().tally == rescoring.Tally(0, 0, 1)


def test_activities_points_by_hand_and_doubles_count_in_both(store: Store) -> None:
    office = Office(store, 2)
    row, double = office.leads
    office.claims("ANA", row)
    office.calls("ANA", "Company 0", "demo")
    office.calls("ANA", "Company 1", "meeting")
    service.add_points(store, office.sam, row.id, 7, "asked", origin=origin(), now=office.now)
    service.merge(store, office.sam, double.id, row.id, origin=origin(), now=office.now)
    before = pages.card(store, office.sam, row.id, office.now)
    office.saves(replace(STANDARD, sources={}))
    office.ticks(2)
    after = pages.card(store, office.sam, row.id, office.now)
    assert before
    assert after
    assert before.score.points == 20 + 25 + 20 + 5 + 7
    assert office.lines(row) == [(before.score.points, after.score.points)]
    assert office.message().leads == 1


def test_decided_leads_and_those_that_come_later_are_left_alone(store: Store) -> None:
    office = Office(store, 2)
    service.merge(store, office.sam, office.leads[0].id, office.leads[1].id, origin=origin(), now=office.now)
    office.saves(worth(webinar=50))
    late = office.comes(NewLead("Late", source="webinar"), at="11-18 12:00")
    office.ticks(3)
    assert office.lines(late) == []
    assert office.message().done == 1


def test_a_change_is_one_job_and_one_message_however_often_it_comes(store: Store) -> None:
    office = Office(store, 4)
    for _ in range(2):
        office.saves(worth(webinar=50))
    office.ticks(4)
    assert office.told(PROGRESS) == ["SAM"]
    assert [office.lines(each) for each in office.leads] == [[(20, 50)]] * 4


def test_the_speed_target_alone_scores_nothing_anew(store: Store) -> None:
    office = Office(store, 1)
    found = rule_changes.change(store, office.sam, Scoring(STANDARD, 15), STANDS, office.now)
    assert not found.is_rescoring
    assert [each.what for each in found.saved.changes] == [Setting.SPEED_MINUTES]
    assert office.rows(PROGRESS) == []
    assert rule_changes.overview(store, office.sam, office.now).scoring.speed_minutes == 15


def test_nothing_changed_saves_nothing(store: Store) -> None:
    office = Office(store)
    assert office.saves(STANDARD).saved.changes == ()
    assert rule_changes.overview(store, office.sam, office.now).version == 0


class Killed(Exception):
    """What a process that is killed does not survive."""


@pytest.mark.parametrize("at", [1, 2, 3])
def test_killed_in_the_middle_of_a_page_it_goes_on_where_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    office = Office(store, 8)
    office.saves(worth(webinar=50))
    times, write = iter(range(1, 100)), rescoring._write

    def dies(*args: Any, **values: Any) -> None:
        write(*args, **values)
        if next(times) == at:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(rescoring, "_write", dies)
        for _ in range(at):
            with suppress(Killed), store.write() as tx:
                due = [schedule.Due("", "1", office.now)]
                rescoring.plan(tx, HERE, due, office.now)
    assert sum(map(len, map(office.lines, office.leads))) == 3 * (at - 1)
    office.ticks(5)
    assert [office.lines(each) for each in office.leads] == [[(20, 50)]] * 8
    assert office.message().tally == rescoring.Tally(8, 0, 8)
    assert office.message().done == 8


def test_newer_rules_win_over_a_pass_that_runs(store: Store) -> None:
    office = Office(store, 8)
    office.saves(worth(webinar=50))
    office.ticks(1)
    office.saves(worth(webinar=90), worth(webinar=50), a_member(store, "U0OLE", "OPS"))
    office.ticks(6)
    lines = [office.lines(each) for each in office.leads]
    assert lines == [[(20, 50), (50, 90)]] * 3 + [[(20, 90)]] * 5
    first, second = office.message(1), office.message(2)
    assert (first.done, first.is_over, first.is_overtaken, first.by) == (3, True, True, "Ole")
    assert (second.done, second.is_over, second.is_overtaken) == (8, True, False)
    assert office.told(PROGRESS) == ["OLE", "SAM"]


def test_of_a_change_and_its_undoing_only_what_was_told_is_taken_back(store: Store) -> None:
    office = Office(store, 5)
    office.saves(worth(webinar=50))
    office.ticks(1)
    office.saves(STANDARD, worth(webinar=50))
    office.ticks(5)
    assert [office.lines(each) for each in office.leads] == [[(20, 50), (50, 20)]] * 3 + [[]] * 2


def test_a_lead_that_came_under_the_rules_between_never_stood_under_the_first(store: Store) -> None:
    office = Office(store, 4)
    office.saves(worth(webinar=50))
    office.now += timedelta(seconds=1)
    between = office.comes(NewLead("Between", source="webinar"))
    office.now += timedelta(seconds=1)
    office.saves(worth(webinar=90), worth(webinar=50))
    office.ticks(6)
    assert office.lines(between) == [(50, 90)]
    assert office.lines(office.leads[0]) == [(20, 90)]


def test_a_later_change_starts_from_the_rules_before_it(store: Store) -> None:
    office = Office(store, 4)
    office.saves(worth(webinar=50))
    office.ticks(4)
    office.saves(worth(webinar=30), worth(webinar=50))
    office.ticks(4)
    assert [office.lines(each) for each in office.leads] == [[(20, 50), (50, 30)]] * 4


def test_of_two_who_change_different_parts_at_once_both_stand(store: Store) -> None:
    office = Office(store, 4)
    ole = a_member(store, "U0OLE", "OPS")
    wanted: Mapping[str, tuple[Actor, Rules]] = {
        "sources": (office.sam, worth(webinar=50)),
        "titles": (ole, replace(STANDARD, titles=(Title(("boss",), 9),))),
    }
    with Workers(2) as pool:
        list(pool.map(lambda each: office.saves(each[1], STANDARD, each[0]), wanted.values()))
    page = rule_changes.overview(store, office.sam, office.now)
    assert page.scoring.rules == replace(worth(webinar=50), titles=(Title(("boss",), 9),))
    assert page.version == 2
    office.ticks(6)
    assert [office.lines(each) for each in office.leads] == [[(20, 50)]] * 4


def test_of_two_who_change_the_same_part_the_later_is_told_what_stood(store: Store) -> None:
    office = Office(store)
    office.saves(worth(webinar=50, event=1))
    ole = a_member(store, "U0OLE", "OPS")
    found = office.saves(worth(webinar=60), STANDARD, ole).saved
    assert [each.by for each in found.written_over] == ["U0SAM"]
    rules = rule_changes.overview(store, office.sam, office.now).scoring.rules
    assert (rules.sources["webinar"], rules.sources["event"]) == (60, 1)


def test_what_two_made_nonsense_of_together_is_not_stored(store: Store) -> None:
    office = Office(store)
    office.saves(replace(STANDARD, industries={"SaaS": 5}))
    with pytest.raises(Refused, match="twice"):
        office.saves(replace(STANDARD, industries={"saas": 7}))
    assert rule_changes.overview(store, office.sam, office.now).scoring.rules.industries == {"SaaS": 5}


def test_two_processes_share_the_pages_and_tell_each_line_once(store: Store) -> None:
    office = Office(store, 9)
    office.saves(worth(webinar=50))
    office.ticks(1)
    office.saves(worth(webinar=90), worth(webinar=50))
    for _ in range(8):
        office.now += timedelta(seconds=2)
        with Workers(2) as pool:
            for done in [pool.submit(_tick, store, office) for _ in range(2)]:
                done.result()
    for lead in office.leads:
        lines = office.lines(lead)
        assert lines[-1][1] == 90
        assert len(lines) == len({after for _, after in lines})
    assert office.message(2).done == 9


def _tick(store: Store, office: Office) -> None:
    schedule.tick(store, {rescoring.RESCORE: rescoring.plan}, office.now)


def test_who_may_not_is_told_who_can_and_may_read_all_the_same(store: Store) -> None:
    office = Office(store)
    page = rule_changes.overview(store, office.sid, office.now)
    assert (page.may_change, page.can, page.scoring) == (False, ("Sam",), STANDS)
    for attempt in (
        lambda: rule_changes.editing(store, office.sid, office.now),
        lambda: office.saves(worth(webinar=50), STANDARD, office.sid),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.params["can"] == "Sam"
    assert rule_changes.editing(store, office.sam, office.now).may_change


def test_what_a_form_was_opened_with_is_found_by_its_version(store: Store) -> None:
    office = Office(store)
    office.saves(worth(webinar=50))
    office.saves(worth(webinar=60), worth(webinar=50))
    found = [rule_changes.seen(store, office.sam, version, 5).rules for version in (0, 1, 2)]
    assert found == [STANDARD, worth(webinar=50), worth(webinar=60)]


def test_the_change_is_in_the_audit_log(store: Store) -> None:
    office = Office(store)
    office.saves(worth(webinar=50))
    with store.read() as tx:
        change = latest(tx, HERE, None, Setting.LEAD_RULES)
    assert change
    assert (change.by, change.before, change.after["sources"]["webinar"]) == ("U0SAM", None, 50)


def test_the_message_changes_no_more_often_than_slack_likes(store: Store) -> None:
    office = Office(store, 9)
    office.saves(worth(webinar=50))
    versions = []
    for _ in range(5):
        office.now += timedelta(seconds=1.1)
        schedule.tick(store, {rescoring.RESCORE: rescoring.plan}, office.now)
        versions.append(office.rows(PROGRESS)[0].version)
    assert versions == [2, 2, 2, 3, 3]


def test_rules_saved_by_other_ways_still_make_a_workspace_score(store: Store) -> None:
    office = Office(store, 1)
    workspace.change(store, office.sam, {Setting.LEAD_RULES: {"sources": {"webinar": 70}}}, office.now)
    seen = rule_changes.overview(store, office.sam, office.now)
    assert seen.version == 1
    office.saves(replace(seen.scoring.rules, sources={"webinar": 10}), seen.scoring.rules)
    office.ticks(3)
    assert office.lines(office.leads[0]) == [(70, 10)]


def test_a_workspace_without_leads_is_done_at_once(store: Store) -> None:
    office = Office(store)
    office.saves(worth(webinar=50))
    office.ticks(1)
    found = office.message()
    assert (found.leads, found.done, found.is_over) == (0, 0, True)
    with store.read() as tx:
        assert tx.execute(select(schedule.job.c.kind).where(schedule.job.c.kind == rescoring.RESCORE)).all() == []


def test_a_moment_in_november(store: Store) -> None:
    """Decay moves both figures alike, and is no change of the rules."""
    office = Office(store, 1)
    office.now = on("12-02 10:00")
    office.saves(worth(webinar=50))
    office.ticks(2)
    assert office.lines(office.leads[0]) == [(16, 40)]


def test_a_shorter_target_holds_for_clocks_that_run_already(store: Store) -> None:
    office = Office(store)
    workspace.change(store, office.sam, {Setting.SPEED_MINUTES: 60}, office.now)
    office.comes(NewLead("Acme", email="jane@acme.example"), at="11-18 10:30")
    office.at("11-18 10:40")
    assert office.told(notices.REMIND) == []
    rule_changes.change(store, office.sam, Scoring(STANDARD, 8), Scoring(STANDARD, 60), office.now)
    office.at("11-18 10:41")
    assert office.told(notices.REMIND) == ["ANA"]


def test_the_old_scores_of_a_double_do_not_go_into_the_other_s_timeline(store: Store) -> None:
    office = Office(store, 2)
    office.saves(worth(webinar=50))
    office.ticks(2)
    into, double = office.leads
    service.merge(store, office.sam, double.id, into.id, origin=origin(), now=office.now)
    assert office.lines(into) == [(20, 50)]
    office.saves(worth(webinar=70), worth(webinar=50))
    office.ticks(2)
    assert office.lines(into) == [(20, 50), (50, 70)]


@pytest.mark.parametrize("seed", range(length(2, 40)))
def test_whatever_comes_between_each_line_goes_on_from_the_one_before(store: Store, seed: int) -> None:
    """The first line begins with the score of the day it came, the last one ends with the score that stands."""
    lot, office, rules = random.Random(seed), Office(store), STANDARD
    arrived: dict[UUID, int] = {}
    for _ in range(30):
        office.now += timedelta(seconds=1)
        match lot.choice(["comes", "comes", "changes", "ticks", "ticks", "dies"]):
            case "comes":
                source = lot.choice(["webinar", "event"])
                row = office.comes(NewLead(f"Company {len(arrived)}", source=source))
                arrived[row.id] = rules.sources[source]
            case "changes":
                wanted = worth(webinar=lot.randrange(101), event=lot.randrange(101))
                office.saves(wanted, rules)
                rules = wanted
            case "ticks":
                office.ticks(1)
            case "dies":
                _dies(store, office)
    office.ticks(2 + len(arrived))
    for lead_id, points in arrived.items():
        row = office.row(lead_id)
        chain = office.lines(row)
        assert [before for before, _ in chain] == [points, *(after for _, after in chain[:-1])][: len(chain)]
        assert all(before != after for before, after in chain)
        assert (chain[-1][1] if chain else points) == rules.sources[row.source]


def _dies(store: Store, office: Office) -> None:
    """A page is done, and its process ends before the commit."""
    with suppress(Killed), store.write() as tx:
        due = [schedule.Due("", str(version), office.now) for version in _versions(office)]
        rescoring.plan(tx, HERE, due, office.now)
        raise Killed


def _versions(office: Office) -> list[int]:
    with office.store.read() as tx:
        return list(tx.execute(select(rescoring.rescoring.c.version)).scalars())
