"""Pay on both databases: a quarter from the first deal to the statement, closing, plans, disputes, and their rights."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from bot.access.roles import Role
from bot.audit import service as audit
from bot.delivery.states import Way
from bot.errors import Refused
from bot.handoffs import service as handoffs
from bot.handoffs.giving import Giving, give
from bot.handoffs.states import Kind
from bot.ops.causes import Workers
from bot.pay import closing, pages, plan_lines, queries, service
from bot.pay.closing import Closing
from bot.pay.service import Nonsense, PlanWish
from bot.pay.states import Standing
from bot.store.engine import Store
from bot.workspace import service as workspace
from bot.workspace.rules import Setting
from tests.bot.pay.office import HERE, JANUARY, LEADS, MORNING, Q1, Q4, TIERS, Office, eur, lines
from tests.factories import a_member


def test_a_quarter_of_an_account_executive_to_the_cent(store: Store) -> None:
    office = Office(store, dana=100_000)
    a = office.wins("Acme", 60_000)  # 0 to 60 %: 60,000 × 8 % = 4,800
    assert office.total() == "4800.00"
    office.passes()
    b = office.wins("Globex", 55_000)  # to 100 %: 40,000 × 8 % = 3,200; beyond: 15,000 × 12 % = 1,800
    office.passes()
    office.wins("Initech", 45_000)  # to 150 %: 35,000 × 12 % = 4,200; beyond: 10,000 × 15 % = 1,500
    assert office.total() == "15500.00"
    before = office.now
    office.passes()
    a = office.reopens(a)  # f(100,000) = 8,000: −4,800, and the others move down by 8,000 − 10,700 = −2,700
    found = office.statement()
    assert lines(found)[-2:] == [
        ("Acme", "reopened", "clawback", "-4800.00"),
        ("Acme", "reopened", "adjustment", "-2700.00"),
    ]
    assert office.total() == "8000.00"
    office.closes(a, 60_000)  # from 100 % on: 50,000 × 12 % = 6,000 and 10,000 × 15 % = 1,500
    assert office.total() == "15500.00"
    office.plans(Role.AE, "flat won 10%", date(2026, 12, 1))
    office.goes_to(date(2026, 12, 2))
    office.wins("Umbrella", 20_000)  # by the plan of its own day: 20,000 × 10 % = 2,000
    assert office.total() == "17500.00"
    office.goes_to(JANUARY)
    assert str(office.shuts().total.amount) == "17500.00"
    office.passes()
    office.reopens(b)  # Globex was paid 3,200 + 1,800: in today's statement, and the old one stays
    assert office.total() == "17500.00"
    then = office.statement(day=Q1)
    assert lines(then) == [
        ("Globex", "reopened", "clawback", "-3200.00"),
        ("Globex", "reopened", "clawback", "-1800.00"),
    ]
    assert (str(then.total.amount), str(then.due.amount), str(then.carried.amount)) == ("-5000.00", "0.00", "-5000.00")
    assert office.total(as_of=before) == "15500.00"


def test_a_leads_giver_is_paid_when_it_is_requalified_and_when_it_is_won(store: Store) -> None:
    office = Office(store, dana=100_000)
    lead = office.hands_over("Acme")  # 150
    office.passes()
    office.ends("U0ANA", Role.SDR, office.now.date() - timedelta(days=1))
    office.passes()
    row = office.closes(office.deal_of(lead), 24_000)  # 24,000 × 1 % = 240, though she has left the role
    assert lines(office.statement(office.ana)) == [
        ("Acme", "requalified", "fixed", "150.00"),
        ("Acme", "assist_won", "flat", "240.00"),
    ]
    office.passes()
    office.reopens(row)
    assert office.total(office.ana) == "150.00"


def test_the_manager_and_the_specialist_have_their_part(store: Store) -> None:

    office = Office(store, dana=100_000)
    office.plans(Role.MANAGER, "flat won 2%")
    office.plans(Role.SPECIALIST, "flat won 3%")
    lead = office.hands_over("Acme")
    office.passes(0.1)
    helped = give(store, office.dana, Giving("Acme", to="U0SOFIA", kind=Kind.HELP), origin=uuid4().hex, now=office.now)
    handoffs.accept(store, office.sofia, helped.id, office.now)
    office.passes(0.1)
    office.closes(office.deal_of(lead), 10_000)
    office.wins("Globex", 10_000, by=office.arun)  # who reports to nobody, and had no help
    assert [office.total(each) for each in (office.maria, office.sofia)] == ["200.00", "300.00"]
    assert office.total(office.arun) == "0.00"
    assert [each.key for each in office.statement(office.arun).notices] == ["pay.notice.no_quota"]


def test_customer_success_is_paid_for_renewals_and_loses_by_leaving(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.plans(Role.CSM, "flat renewed 2%\nflat churned -1%")
    row = office.wins("Acme", 10_000)

    cared = give(store, office.dana, Giving("Acme", to="U0CEM", kind=Kind.CARE), origin=uuid4().hex, now=office.now)
    handoffs.accept(store, office.cem, cared.id, office.now)
    office.passes(100)
    office.renews(row, 12_000)
    assert office.total(office.cem, Q1) == "240.00"  # 12,000 × 2 %
    office.passes(20)
    office.leaves(row)  # within the window of the renewal: it is lost, and that is the cost, once
    assert office.total(office.cem, Q1) == "0.00"
    assert office.total(day=Q1) == "0.00"  # Dana's win is 120 days old
    office.passes(1)
    office.stays(row)
    assert office.total(office.cem, Q1) == "240.00"


def test_who_left_after_the_window_costs_what_the_plan_says(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.plans(Role.AE, f"{TIERS}\nfixed churned -50", seen=1)
    row = office.wins("Acme", 10_000)
    office.passes(95)
    office.leaves(row)
    assert lines(office.statement(day=Q1)) == [("Acme", "churned", "fixed", "-50.00")]


def test_a_loss_that_was_paid_and_was_none_is_earned_anew(store: Store) -> None:
    office = Office(store, dana=100_000)
    row = office.wins("Acme", 10_000)
    office.passes()
    office.leaves(row)
    assert office.total() == "0.00"
    office.goes_to(JANUARY)
    office.shuts()
    office.passes()
    office.stays(row)
    assert office.total() == "0.00"
    assert office.total(day=Q1) == "800.00"


def test_who_holds_no_role_is_told_so(store: Store) -> None:
    office = Office(store)
    office.ends("U0DANA", Role.AE, MORNING.date() - timedelta(days=1))
    office.wins("Acme", 10_000, by=office.sam)
    office.passes()
    found = office.statement(office.sam)
    assert [each.key for each in found.notices] == ["pay.notice.no_plan"]
    office.ends("U0SAM", Role.OPS, office.now.date() - timedelta(days=1))
    office.wins("Globex", 10_000, by=office.sam)
    assert [each.key for each in office.statement(office.sam).notices] == ["pay.notice.no_role", "pay.notice.no_plan"]


def test_the_clawback_window_is_the_workspace_s(store: Store) -> None:
    office = Office(store, dana=100_000)
    row = office.wins("Acme", 10_000)
    office.plans(Role.AE, TIERS, seen=1, clawback_days=3)
    office.passes(5)
    office.reopens(row)
    assert office.total() == "800.00"
    assert [each.key for each in office.statement().notices] == ["pay.notice.window_over"]


def test_what_was_asked_as_of_a_moment_is_answered_alike_for_ever(store: Store) -> None:
    office = Office(store, dana=100_000)
    row = office.wins("Acme", 60_000)
    then = office.now + timedelta(hours=1)
    office.passes()
    first = office.statement(as_of=then)
    office.wins("Globex", 55_000, happened_at=MORNING - timedelta(days=20))  # earned earlier, entered later
    office.reopens(row)
    office.plans(Role.AE, "flat won 50%", seen=1)
    office.goes_to(JANUARY)
    workspace.change(store, office.sam, {Setting.CURRENCY: "USD", Setting.FISCAL_MONTH: 4}, office.now)
    assert office.statement(as_of=then) == first


def test_a_closed_period_is_as_it_was_paid_whatever_comes(store: Store) -> None:
    office = Office(store, dana=100_000)
    row = office.wins("Acme", 60_000)
    office.goes_to(JANUARY)
    office.shuts()
    before = office.statement()
    assert before.is_paid
    office.passes()
    office.reopens(row)
    office.plans(Role.AE, "flat won 50%", seen=1)
    office.wins("Globex", 10_000, happened_at=datetime(2026, 12, 1, 12, tzinfo=UTC))
    workspace.change(store, office.sam, {Setting.CURRENCY: "USD", Setting.FISCAL_MONTH: 2}, office.now)
    after = office.statement()
    assert (after.lines, after.total, after.brought, after.notices) == (
        before.lines, before.total, before.brought, before.notices,
    )  # fmt: skip
    assert office.page(day=Q4).statement.period.name == "2026-Q4"


def test_what_is_entered_after_closing_stands_in_today_s_statement(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.wins("Acme", 60_000)
    office.goes_to(JANUARY)
    office.shuts()
    office.passes()
    office.wins("Globex", 55_000, happened_at=datetime(2026, 12, 1, 12, tzinfo=UTC))
    found = office.statement(day=Q1)  # on top of the 60,000 of its own quarter: 3,200 and 1,800
    assert [str(each.amount.amount) for each in found.lines] == ["3200.00", "1800.00"]
    assert {each.counts_in for each in found.lines} == {"2026-Q4"}


@pytest.mark.parametrize(
    ("day", "on", "key"),
    [(Q4, date(2026, 12, 31), "pay.close.runs"), (Q1, date(2027, 4, 5), "pay.close.earlier")],
)
def test_only_what_is_over_is_closed_one_after_the_other(store: Store, day: date, on: date, key: str) -> None:
    office = Office(store, dana=100_000)
    office.wins("Acme", 60_000)
    office.goes_to(on)
    with pytest.raises(Refused) as refused:
        office.shuts(day)
    assert refused.value.key == key
    assert closing.preview(store, office.sam, Q4, office.quotas, office.now).total == eur(4_800) if day == Q1 else True


def test_of_two_who_close_a_period_one_does(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.wins("Acme", 60_000)
    office.goes_to(JANUARY)
    barrier = Barrier(2)

    def shut(who: str) -> str:
        barrier.wait()
        try:
            found: Closing = office.shuts(by=office.sam if who == "sam" else office.olga)
        except Refused as refused:
            return refused.key
        return str(found.total.amount)

    with Workers(2) as both:
        said = sorted(both.map(shut, ("sam", "olga")))
    assert said == ["4800.00", "pay.close.already"]
    with store.read() as tx:
        assert len(queries.closed(tx, HERE, office.now)) == 1
        assert len(queries.paid_lines(tx, HERE)) == 1


def test_only_operations_close_and_change_plans(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.goes_to(JANUARY)
    for who in (office.dana, office.maria, office.ana):
        with pytest.raises(Refused, match=r"refused\.workspace"):
            office.shuts(by=who)
        with pytest.raises(Refused) as refused:
            office.plans(Role.AE, "flat won 10%", seen=1, by=who)
        assert "Olga" in str(refused.value.params["can"])


def test_a_plan_keeps_who_changed_it_from_what_to_what(store: Store) -> None:
    office = Office(store)
    office.plans(Role.AE, "flat won 9%", seen=1, by=office.olga)
    with store.read() as tx:
        versions = queries.versions(tx, HERE, Role.AE)
        logged = audit.latest(tx, HERE, None, "plan AE")
    assert [(each.version, each.by, each.until) for each in versions] == [
        (1, "U0SAM", office.now),
        (2, "U0OLGA", None),
    ]
    assert plan_lines.write(versions[0].plan) == TIERS
    assert logged is not None
    assert (logged.before, logged.after) == (TIERS.replace("\n", "; "), "flat won 9%")
    assert logged.start_day == date(2026, 10, 1)


def test_of_two_who_change_a_plan_the_second_is_told(store: Store) -> None:
    office = Office(store)
    office.plans(Role.AE, "flat won 9%", seen=1, by=office.olga)
    with pytest.raises(Refused) as refused:
        office.plans(Role.AE, "flat won 7%", seen=1)
    assert (refused.value.key, refused.value.params["by"]) == ("pay.plan.changed_meanwhile", "Olga")
    wish = PlanWish(Role.AE, date(2026, 10, 1), "flat won 8%", 2)
    for _ in range(2):
        service.change_plan(store, office.sam, wish, origin="once", now=office.now)
    with store.read() as tx:
        assert len(queries.versions(tx, HERE, Role.AE)) == 3


def test_a_plan_without_a_line_is_taken_back(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.wins("Acme", 60_000)
    office.plans(Role.AE, "", seen=1)
    assert office.total() == "0.00"
    assert [each.key for each in office.statement().notices] == ["pay.notice.no_plan"]
    office.plans(Role.AE, TIERS)
    assert office.total() == "4800.00"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("tier won 0-100 8%\nbonus won 3", ["pay.problem.unknown"]),
        ("flat won\nflat won ten", ["pay.problem.line", "pay.problem.no_part"]),
        ("tier won 0-100 8%\ntier won 120- 12%", ["pay.problem.gap"]),
        ("flat requalified 8%", ["pay.problem.no_value"]),
    ],
)
def test_nonsense_is_no_plan(store: Store, text: str, keys: list[str]) -> None:
    office = Office(store)
    with pytest.raises(Nonsense) as found:
        office.plans(Role.AE, text, seen=1)
    assert [each.key for each in found.value.problems] == keys
    with store.read() as tx:
        assert len(queries.versions(tx, HERE, Role.AE)) == 1


def test_statements_are_read_by_whose_they_are_those_above_and_operations(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.wins("Acme", 60_000)
    for reader in (office.dana, office.maria, office.sam):
        assert str(office.page(by=reader).statement.total.amount) == "4800.00"
    for reader in (office.arun, office.ana):
        with pytest.raises(Refused) as refused:
            office.page(by=reader)
        assert refused.value.key == "pay.statement.not_yours"
        assert str(refused.value.params["can"]).startswith("Maria")
    assert (office.page().can_dispute, office.page(by=office.maria).can_dispute) == (True, False)


def test_plans_are_read_by_whoever_is_paid_by_them_leads_or_keeps_them(store: Store) -> None:
    office = Office(store)
    for reader in (office.dana, office.maria, office.sam):
        assert pages.plan(store, reader, Role.AE, office.now).plan is not None
    with pytest.raises(Refused, match=r"pay\.plan\.not_yours"):
        pages.plan(store, office.ana, Role.AE, office.now)


def test_a_dispute_goes_to_the_manager_and_its_answer_to_both(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.wins("Acme", 60_000)
    line = office.statement().lines[0]
    found = office.disputes(line.id, origin="one")
    assert office.disputes(line.id, origin="one") == found
    assert [each.recipient for each in office.told(service.DISPUTED)] == ["U0MARIA"]
    assert [each.recipient for each in office.told(service.MINE)] == ["U0DANA"]
    with pytest.raises(Refused, match=r"pay\.dispute\.open_already"):
        office.disputes(line.id)
    assert office.page().disputes[line.id].text == "It was 26,000"
    done = service.answer(store, office.maria, found.id, "You are right", now=office.now)
    assert (done.state, done.answer, done.answered_by) == (Standing.ANSWERED, "You are right", "U0MARIA")
    with store.read() as tx:
        logged = audit.latest(tx, HERE, "U0DANA", f"dispute 2026-Q4 {line.subject}")
    assert logged is not None
    assert logged.after == "You are right"
    with pytest.raises(Refused) as late:
        service.answer(store, office.sam, found.id, "No", now=office.now)
    assert (late.value.key, late.value.params["by"]) == ("pay.answer.late", "Maria")
    office.passes()
    assert office.disputes(line.id, "Still not").id != found.id


def test_who_agrees_needs_no_words_and_the_answer_rings_beneath_the_question(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.wins("Acme", 60_000)
    found = office.disputes(office.statement().lines[0].id)
    for _ in range(2):
        done = service.answer(store, office.maria, found.id, "", agrees=True, now=office.now)
    assert (done.state, done.answer, done.answered_by) == (Standing.AGREED, None, "U0MARIA")
    (letter,) = office.told(service.ANSWER)
    (mine,) = office.told(service.MINE)
    assert (letter.recipient, letter.way) == ("U0DANA", Way.REPLY)
    assert UUID(letter.subject["below"]) == mine.id
    with pytest.raises(Refused, match=r"pay\.answer\.late"):
        service.answer(store, office.sam, found.id, "It is right", now=office.now)


def test_lines_are_meant_by_their_number_or_by_the_beginning_of_a_company_s_name(store: Store) -> None:
    office = Office(store, dana=100_000)
    for company in ("Acme Corp", "Acme Corp (EMEA)", "Globex"):
        office.wins(company, 10_000)
    page = office.page()

    def meant(number: int | None = None, name: str | None = None) -> list[str]:
        return [each.subject for each in page.meant(number, name)]

    assert (meant(2), meant(0), meant(4)) == (["Acme Corp (EMEA)"], [], [])
    assert (meant(name="acme corp"), meant(name="GLOB")) == (["Acme Corp"], ["Globex"])
    assert (meant(name="acme"), meant(name="corp")) == (["Acme Corp", "Acme Corp (EMEA)"], [])


def test_the_plans_that_somebody_may_see(store: Store) -> None:
    office = Office(store)
    office.plans(Role.AE, "flat won 9%", date(2027, 1, 1))
    seen = pages.plans(store, office.sam, office.now)
    assert [role for role, _, _ in seen.plans] == [
        Role.SDR, Role.MRR, Role.AE, Role.SPECIALIST, Role.CSM, Role.MANAGER,
    ]  # fmt: skip
    ae = next(each for each in seen.plans if each[0] is Role.AE)
    assert ae[1] is not None
    assert ae[2] == date(2027, 1, 1)
    assert [role for role, _, _ in pages.plans(store, office.dana, office.now).plans] == [Role.AE]
    marketing = a_member(store, "U0LENA", "MARKETING")
    with pytest.raises(Refused, match=r"pay\.plans\.not_yours"):
        pages.plans(store, marketing, office.now)


def test_a_first_plan_begins_with_the_period_and_another_one_with_the_next(store: Store) -> None:
    office = Office(store)
    assert pages.plan(store, office.sam, Role.CSM, office.now).next_start == date(2026, 10, 1)
    page = pages.plan(store, office.sam, Role.AE, office.now)
    assert (page.next_start, page.to_change) == (date(2027, 1, 1), page.plan)
    office.plans(Role.AE, "flat won 9%", date(2027, 1, 1))
    page = pages.plan(store, office.sam, Role.AE, office.now)
    assert plan_lines.write(page.to_change) == "flat won 9%"
    assert pages.plan(store, office.sam, Role.SPECIALIST, office.now).to_change.steps == ()


def test_of_two_answers_one_counts(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.wins("Acme", 60_000)
    found = office.disputes(office.statement().lines[0].id)
    barrier = Barrier(2)

    def answered(text: str) -> str:
        barrier.wait()
        who = office.maria if text == "yes" else office.sam
        try:
            return str(service.answer(store, who, found.id, text, now=office.now).answer)
        except Refused as refused:
            return refused.key

    with Workers(2) as both:
        said = set(both.map(answered, ("yes", "no")))
    assert said in ({"yes", "pay.answer.late"}, {"no", "pay.answer.late"})


def test_a_dispute_is_of_one_s_own_line_and_not_answered_by_oneself(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.wins("Acme", 60_000)
    office.wins("Globex", 10_000, by=office.arun)
    with pytest.raises(Refused, match=r"pay\.dispute\.no_line"):
        office.disputes("none")
    with pytest.raises(Refused, match=r"pay\.dispute\.empty"):
        office.disputes(office.statement().lines[0].id, "  ")
    found = office.disputes(office.statement().lines[0].id)
    for who in (office.dana, office.arun):
        with pytest.raises(Refused) as refused:
            service.answer(store, who, found.id, "yes", now=office.now)
        assert refused.value.key == "pay.answer.not_yours"


def test_whoever_has_no_manager_asks_operations(store: Store) -> None:
    office = Office(store, arun=100_000)
    office.wins("Globex", 10_000, by=office.arun)
    line = office.statement(office.arun).lines[0]
    service.dispute(store, office.arun, Q4, line.id, "?", office.quotas, origin="x", now=office.now)
    assert {each.recipient for each in office.told(service.DISPUTED)} == {"U0SAM", "U0OLGA"}


def test_what_is_said_before_closing_says_who_lacks_something(store: Store) -> None:
    office = Office(store, dana=100_000)
    office.wins("Acme", 60_000)
    office.wins("Globex", 10_000, by=office.arun)
    office.disputes(office.statement().lines[0].id)
    office.goes_to(JANUARY)
    found = closing.preview(store, office.sam, Q4, office.quotas, office.now)
    assert (found.lacking, found.open_disputes, found.due) == (("Arun", "Maria"), 1, eur(4_800))
    assert [person for person, _ in found.statements] == ["U0DANA"]
    assert LEADS
