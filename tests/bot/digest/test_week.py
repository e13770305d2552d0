"""One fixed week, worked out by hand, on both databases; and every figure of it equal to what `/quota` shows.

The week is Monday 9 to Sunday 15 November 2026, read on Monday 16 at 08:30 UTC. In it:
- Dana (AE, target 120,000 for the quarter) logs 3 calls, wins Acme (40,000, assist Ana) and loses Globex.
- Ana (SDR, target 10 SQLs for November) logs 12 calls and 2 e-mails, and hands Acme and Initech to Dana.
- Cem (CSM, no target) logs nothing.
The week before Dana logged 1 call, Ana 20 calls.
"""

from datetime import UTC, datetime, time, timedelta
from fractions import Fraction

import pytest

from bot.absence import service as absence
from bot.absence.rules import Away
from bot.access.actor import Actor
from bot.access.roles import Role
from bot.activity.entry import Kind as Logged
from bot.attainment import service as attainment
from bot.attainment.frame import Asked
from bot.coaching import feedback
from bot.deals import queries
from bot.deals.queries import DealRow
from bot.delivery.outcome import NotYet
from bot.delivery.rules import LEASE
from bot.delivery.sender import BEGUN_WITHIN
from bot.digest import planning, posting, service
from bot.digest.pages import MarketingPage, Need, OwnPage, TeamPage
from bot.digest.rounds import FRESH, PATIENCE, Rounds
from bot.digest.rules import Digest, named
from bot.digest.said import Decide, Show, Whose
from bot.digest.table import file_of
from bot.errors import Refused
from bot.handoffs import service as handoffs
from bot.handoffs.giving import Giving, give
from bot.handoffs.rules import Answer, Known
from bot.money import Money
from bot.people import service as people
from bot.quota.metrics import DEALS, REVENUE, SQLS
from bot.quota.pace import Pace
from bot.quota.periods import Period, following
from bot.quota.said import Figures as FiguresAsked
from bot.quota.said import Whom
from bot.quota.whose import Whose as Group
from bot.schedule import service as schedule
from bot.scorecards import service as scorecards
from bot.store.engine import Store
from bot.words import LANGUAGES, words_for
from bot.workspace import service as workspaces
from bot.workspace.rules import Setting
from handlers.digest import in_turn
from handlers.ui import digest as ui
from handlers.ui import digest_details, digest_marketing
from handlers.ui.blocks import Message
from tests.bot.delivery.parcels import a_parcel
from tests.bot.quota.desk import HERE, Desk, at, on, period
from tests.factories import a_member, a_profile

W46 = period("2026-W46")
MONDAY = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
FOR_LEAD = {"need": Answer(Known.YES, "no overview")}


class Week(Desk):
    """The desk, with the week in it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.now = at(2, 9)
        self.sets(12_000_000)
        self.sets(10, whom="U0ANA", metric=SQLS, when=period("2026-11"))
        self.now = at(5)
        self.logs(by=self.ana, count=20)
        self.logs()
        self.now = at(10)
        self.logs(by=self.ana, count=12)
        self.logs(Logged.EMAIL, by=self.ana, count=2)
        self.logs(count=3)
        self.takes("Acme", minutes=20)
        self.now = at(11)
        self.takes("Initech", minutes=40)
        self.now = at(12)
        acme = next(row for row in self.open_deals() if row.company == "Acme")
        self.wins(acme, 40_000)
        self.loses(self.opens("Globex"))
        self.now = MONDAY

    def takes(self, company: str, *, minutes: int) -> None:
        """Ana hands a lead to Dana, who accepts it after so long and finds it qualified."""
        giving = Giving(company, to="U0DANA", answers=FOR_LEAD)
        row = give(self.store, self.ana, giving, origin=company, now=self.now)
        self.now += timedelta(minutes=minutes)
        handoffs.accept(self.store, self.dana, row.id, self.now)
        handoffs.requalify(self.store, self.dana, row.id, {}, None, self.now)

    def open_deals(self) -> list[DealRow]:
        """Dana's."""
        with self.store.read() as tx:
            return queries.open_of(tx, HERE, ["U0DANA"])

    def reads(self, who: Actor, whose: Whose | None = None, week: Period = W46) -> object:
        """What somebody reads of a week."""
        return service.page(self.store, who, Show(week, whose), self.now)


def test_the_week_by_hand(store: Store) -> None:
    desk = Week(store)
    page = desk.reads(desk.maria)
    assert isinstance(page, TeamPage)
    ana, cem, dana = sorted(page.mates, key=lambda mate: mate.person_id)[:3]
    assert (ana.person_id, cem.person_id, dana.person_id) == ("U0ANA", "U0CEM", "U0DANA")
    assert (ana.activity, ana.before) == ({"call": 12, "email": 2}, {"call": 20})
    assert (dana.activity, dana.before) == ({"call": 3}, {"call": 1})
    assert page.activity == {"call": 15, "email": 2}
    assert page.activity_before == {"call": 21}
    assert (ana.sqls, dana.deals, dana.revenue) == (2, 1, 4_000_000)
    assert (ana.worked, dana.worked) == (Fraction(5), Fraction(5))
    # Dana: Q4 has 66 working days without holidays, 22 in October; gone before Monday 16 November are 22 + 10 = 32.
    assert dana.leading is not None
    pace = dana.leading.standing.pace
    assert isinstance(pace, Pace)
    assert pace.expected == Fraction(12_000_000 * 32, 66)
    assert pace.share == Fraction(4_000_000 * 66, 12_000_000 * 32)
    # Ana: November has 21, of which 10 are gone: 2 of 10 against 10/21.
    assert ana.leading is not None
    assert ana.leading.standing.pace.share == Fraction(2, 10) / Fraction(10, 21)  # type: ignore[union-attr]
    # Behind by 10 points and more, the furthest first: Ana 20.0 % against 47.6 %, Dana 33.3 % against 48.5 %.
    assert [(mate.person_id, [each.need for each in mate.needs]) for mate in page.needing] == [
        ("U0CEM", [Need.SILENT]),
        ("U0ANA", [Need.BEHIND]),
        ("U0DANA", [Need.BEHIND]),
    ]
    movement = page.movement
    assert movement.opened == (3, Money("EUR", 4_000_000))
    assert movement.won == (1, Money("EUR", 4_000_000))
    assert movement.lost == (1, Money("EUR", 0))
    assert [(win.company, win.giver_id, win.money) for win in page.wins] == [("Acme", "U0ANA", Money("EUR", 4_000_000))]
    person, system = page.handoffs.now.person, page.handoffs.now.system
    assert person is not None
    assert system is not None
    assert (person.cases, person.median, person.p90) == (2, timedelta(minutes=20), None)
    assert system.median == timedelta(0)
    assert (page.now.taken.offered, page.now.taken.accepted, page.now.taken.requalified) == (2, 2, 2)
    assert page.handoffs.before.person is None


def test_every_figure_is_the_one_that_quota_shows(store: Store) -> None:
    desk = Week(store)
    page = desk.reads(desk.maria)
    assert isinstance(page, TeamPage)
    for mate in page.mates:
        parts = attainment.person(store, desk.maria, mate.person_id, Asked(), desk.now).parts
        held = [part for part in parts if part.standing.target is not None]
        assert [part.key for part in mate.parts] == [part.key for part in held]
        for mine, shown in zip(mate.parts, held, strict=True):
            assert (mine.standing.achieved, mine.standing.target) == (shown.standing.achieved, shown.standing.target)
            assert (mine.standing.pace, mine.standing.needed) == (shown.standing.pace, shown.standing.needed)
        week = attainment.person(store, desk.maria, mate.person_id, Asked(period=W46), desk.now)
        by_metric = {part.metric: part.standing.achieved for part in week.parts if part.period == W46}
        for metric, value in ((REVENUE, mate.revenue), (DEALS, mate.deals), (SQLS, mate.sqls)):
            assert by_metric.get(metric, 0) == value
    group = attainment.group(store, desk.maria, None, Asked(), desk.now)
    assert [each.part.standing for each in group.parts] == [each.part.standing for each in page.whole.parts]
    asked = FiguresAsked(Whom(Group.TEAM), W46)
    card = scorecards.page(store, desk.maria, asked, desk.now).card
    assert card is not None
    assert (card.now.volume, card.now.win_rate, card.now.size, card.now.cycle, card.now.taken, card.now.given) == (
        page.now.volume,
        page.now.win_rate,
        page.now.size,
        page.now.cycle,
        page.now.taken,
        page.now.given,
    )
    assert (card.before.volume, card.before.taken) == (page.before.volume, page.before.taken)
    assert sum(mate.revenue for mate in page.mates) == page.now.volume.value.minor == page.movement.won[1].minor


def test_a_week_of_some_time_ago_is_as_it_stood(store: Store) -> None:
    desk = Week(store)
    desk.now = at(20)
    desk.wins(desk.opens("Umbrella"), 10_000)
    desk.now = at(30)
    desk.wins(desk.opens("Later"), 70_000)
    desk.now = at(7, month=12)
    page = desk.reads(desk.maria, week=period("2026-W47"))
    assert isinstance(page, TeamPage)
    assert page.whole.when.as_of == on(22)
    dana = next(mate for mate in page.mates if mate.person_id == "U0DANA")
    then = attainment.person(store, desk.maria, "U0DANA", Asked(as_of=on(22)), desk.now).parts[0]
    assert dana.leading is not None
    assert dana.leading.standing.achieved == then.standing.achieved == 5_000_000
    assert dana.leading.standing.pace == then.standing.pace
    assert [win.company for win in page.wins] == ["Umbrella"]


def test_what_nobody_can_take_is_told_to_whoever_leads_its_giver(store: Store) -> None:
    desk = Week(store)
    people.remember(store, HERE, a_profile(id="U0DANA", name="Dana", is_active=False), desk.now)
    people.remember(store, HERE, a_profile(id="U0ARUN", name="Arun", is_active=False), desk.now)
    give(store, desk.ana, Giving("Nobodys", answers=FOR_LEAD), origin="n", now=desk.now)
    page = desk.reads(desk.maria)
    assert isinstance(page, TeamPage)
    assert page.queue == 1


def test_a_rep_reads_their_own(store: Store) -> None:
    desk = Week(store)
    desk.now = datetime(2026, 11, 13, 16, tzinfo=UTC)
    page = desk.reads(desk.ana)
    assert isinstance(page, OwnPage)
    assert page.mate is not None
    assert page.mate.activity == {"call": 12, "email": 2}
    assert page.now.given.offered == 2
    assert [part.metric for part in page.mate.parts] == [SQLS]
    with pytest.raises(Refused):
        desk.reads(desk.ana, Whose.TEAM)
    with pytest.raises(Refused):
        desk.reads(desk.ana, Whose.EVERYBODY)
    with pytest.raises(Refused):
        desk.reads(desk.ana, Whose.MARKETING)


def test_what_colleagues_said_stands_in_one_s_own_week(store: Store) -> None:
    desk = Week(store)
    desk.now = at(12, 12)
    feedback.give(store, desk.dana, "U0ANA", "great discovery call", is_kudos=True, origin="1", now=desk.now)
    desk.now = MONDAY
    feedback.give(store, desk.dana, "U0ANA", "the week after", is_kudos=False, origin="2", now=desk.now)
    page = desk.reads(desk.ana)
    assert isinstance(page, OwnPage)
    assert [(each.text, each.author) for each in page.praise] == [("great discovery call", "Dana")]


def test_marketing_reads_sources_and_nobody(store: Store) -> None:
    desk = Week(store)
    page = desk.reads(desk.mark)
    assert isinstance(page, MarketingPage)
    assert sum(each.quality.came for each in page.sources) == 2
    assert sum(each.quality.won for each in page.sources) == 1
    assert sum(n for n, _ in page.won.values()) == 1
    for name in ("Ana", "Dana", "U0ANA", "U0DANA"):
        assert name not in repr(page.sources)


def test_operations_read_everybody(store: Store) -> None:
    desk = Week(store)
    page = desk.reads(desk.sam)
    assert isinstance(page, TeamPage)
    assert page.is_everybody
    assert {"U0ARUN", "U0DANA", "U0ANA", "U0CEM"} == {mate.person_id for mate in page.mates}


def test_a_manager_of_nobody_is_told_so(store: Store) -> None:
    desk = Week(store)
    alone = a_member(store, "U0LONE", "MANAGER")
    with pytest.raises(Refused) as told:
        desk.reads(alone, Whose.TEAM)
    assert told.value.key == "digest.refused.no_reports"


@pytest.mark.parametrize("name", ["2020-W05", "2026-W47"])
def test_a_week_without_anything_divides_by_nothing(store: Store, name: str) -> None:
    desk = Week(store)
    page = desk.reads(desk.maria, week=period(name))
    assert isinstance(page, TeamPage)
    assert page.activity == {}
    assert page.now.win_rate.cases == 0
    own = desk.reads(desk.dana, week=period(name))
    assert isinstance(own, OwnPage)
    desk.reads(desk.mark, week=period(name))


def test_the_file_has_a_row_a_person(store: Store) -> None:
    desk = Week(store)
    page = desk.reads(desk.maria)
    assert isinstance(page, TeamPage)
    name, content = file_of(page)
    lines = content.decode("utf-8-sig").splitlines()
    assert name == "digest-2026-W46.csv"
    assert len(lines) == 1 + len(page.mates)
    dana = next(line for line in lines if line.startswith("Dana"))
    assert dana.split(",")[1:6] == ["revenue", "2026-Q4", "40000.00", "120000.00", "33.3"]


def test_after_weeks_of_leave_one_digest_tells_of_all_of_them(store: Store) -> None:
    desk = Week(store)
    desk.now = at(6)
    absence.declare(store, desk.maria, Away(on(9), on(20)), desk.now)
    desk.now = datetime(2026, 11, 23, 8, 30, 1, tzinfo=UTC)
    with store.write() as tx:
        schedule.put(tx, HERE, Digest.TEAM, "U0MARIA", desk.now)
    schedule.tick(store, planning.PLANNERS, desk.now)
    (card,) = desk.told("digest_team")
    assert (card.occasion, card.subject["period"]) == ("2026-W47", "2026-W45–W47")
    weeks = named(card.subject["period"])
    assert weeks is not None
    page = desk.reads(desk.maria, week=weeks)
    assert isinstance(page, TeamPage)
    assert (page.activity, page.activity_before) == ({"call": 36, "email": 2}, {})
    shown = ui.team(words_for("en"), page)
    assert "Your team · weeks 45–47" in shown.text
    assert "Covers W45–W47: you were away" in str(shown.blocks)


def test_what_is_due_is_posted_once(store: Store) -> None:
    desk = Week(store)
    week = posting.week(store, HERE, "2026-w46", desk.now)
    assert week == W46
    assert posting.week(store, HERE, None, desk.now) == following(period("2026-W47"), by=-1)
    names = posting.post(store, HERE, week, desk.now)
    assert names == ["Ana", "Arun", "Cem", "Dana", "Maria", "Mark"]
    assert posting.post(store, HERE, week, desk.now) == []
    assert len(desk.told("digest_team")) == 1
    assert [row.way for row in desk.told("digest_details")] == ["reply"]
    assert [row.way for row in desk.told("digest_table")] == ["upload"]
    assert {row.recipient for row in desk.told("digest_own")} == {"U0DANA", "U0ANA", "U0ARUN", "U0CEM"}
    # The running week's has not become due.
    assert posting.post(store, HERE, period("2026-W47"), desk.now) == []


def test_the_market_is_gathered_by_competitor_and_theme_for_the_team_and_for_marketing(store: Store) -> None:
    week = Week(store)
    workspaces.change(store, a_member(store, "U0OPS", Role.OPS), {Setting.COMPETITORS: ["Globex"]}, MONDAY)
    for day, note in ((5, "Globex cut prices"), (10, "globex offers 20% off"), (11, "they miss an integration")):
        week.now = at(day, 10)
        week.logs(Logged.INTEL, note=note, who=None)
    week.now = at(12, 10)
    week.loses(week.opens("Initech"), "competitor", "Hooli")
    week.now = MONDAY
    team = service.page(store, week.maria, Show(W46), MONDAY)
    assert isinstance(team, TeamPage)
    heard = team.market
    assert (heard.n, heard.before) == (3, 1)
    assert [(each.name, each.n, each.before) for each in heard.competitors] == [("Globex", 1, 1), ("Hooli", 1, 0)]
    assert [(each.name, each.n, each.before) for each in heard.themes] == [
        ("competitor", 2, 1),
        ("price", 0, 1),
        ("product", 1, 0),
    ]
    assert heard.themes[0].quotes[0].company == "Initech"
    lena = a_member(store, "U0LENA", Role.MARKETING)
    marketing = service.page(store, lena, Show(W46), MONDAY)
    assert isinstance(marketing, MarketingPage)
    assert marketing.market == heard
    for language in LANGUAGES:
        words = words_for(language)
        thread = str(digest_details.details(words, team).blocks)
        message = str(digest_marketing.marketing(words, marketing).blocks)
        assert "they miss an integration" in thread
        assert "they miss an integration" in message
        assert "Dana" in thread
        assert "Dana" not in message


def test_a_round_is_gathered_once_though_its_readers_come_in_any_order(store: Store) -> None:
    desk = Week(store)
    rounds, shortly = Rounds(store), timedelta(milliseconds=5)
    found = rounds.of(desk.maria, W46, desk.now)
    # Each looks at the clock before it waits for its turn, so that a later one may have looked earlier.
    assert rounds.of(desk.dana, W46, desk.now - shortly) is found
    assert rounds.of(desk.dana, W46, desk.now + FRESH) is found
    later = rounds.of(desk.dana, W46, desk.now + FRESH + shortly)
    assert later is not found
    # What a clock showed before it was set back is not kept.
    assert rounds.of(desk.dana, W46, desk.now) is not later


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_who_waits_in_vain_for_a_turn_comes_again_instead_of_holding_the_row(store: Store) -> None:
    rounds, said = Rounds(store, patience=timedelta(0)), Message("The week")
    write = in_turn(rounds, lambda *_: said)
    with rounds.turn():
        assert write(a_parcel(), MONDAY) == NotYet(MONDAY + 2 * PATIENCE)
    assert write(a_parcel(), MONDAY) is said
    assert PATIENCE < BEGUN_WITHIN * LEASE


def test_on_brings_back_all_that_off_has_stopped(store: Store) -> None:
    desk = Week(store)
    service.decide(store, desk.maria, Decide(True, None, 1, time(10)), desk.now)
    off = service.decide(store, desk.maria, Decide(False), desk.now)
    assert {line.digest: line.at for line in off.lines} == dict.fromkeys([Digest.TEAM, Digest.MONTH])
    on = service.decide(store, desk.maria, Decide(True), desk.now)
    comes = {line.digest: line.at for line in on.lines}
    assert comes.keys() == {Digest.TEAM, Digest.MONTH}
    assert None not in comes.values()
    assert comes[Digest.TEAM] == datetime(2026, 11, 17, 10, tzinfo=UTC)
