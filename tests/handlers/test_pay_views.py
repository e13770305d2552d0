"""Pay in Slack's limits and in both languages: long statements, plans of any kind, disputes with hostile words."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sandbox.checks.surfaces import message_reasons, view_reasons

from bot.access.roles import Role
from bot.errors import Refused
from bot.money import Money
from bot.pay import plan_lines
from bot.pay.closing import Closing
from bot.pay.earned import Line, LineKind, Notice
from bot.pay.line import ASKS
from bot.pay.pages import DisputePage, PlanPage, PlansPage, StatementPage
from bot.pay.period import quarter_of
from bot.pay.plan import Event, Kind, Plan, Step
from bot.pay.queries import Closed, Dispute, Version
from bot.pay.standard import standard_plans
from bot.pay.statement import Statement
from bot.pay.states import Standing
from bot.reading.asked import Problem, Unclear
from bot.words import LANGUAGES, Words, words_for
from handlers import ids
from handlers.ui import pay as ui
from handlers.ui import pay_disputes as dispute_ui
from handlers.ui import pay_plans as plan_ui
from handlers.ui.blocks import Message

HOSTILE = "<!channel> <@U0DANA> &lt; *b* `c` 🎉 \u202eמימין " + "x" * 60
LONG = (HOSTILE + " ") * 15
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 18)
BERLIN = ZoneInfo("Europe/Berlin")
Q4 = quarter_of(TODAY, 1)
TIER = Step(Role.AE, Q4.first, Kind.TIER, Event.WON, Decimal(0), Decimal(100), rate=Decimal("0.08"))
TIERS = "tier won 0-100 8%\ntier won 100-150 12%\ntier won 150- 15%"


def eur(amount: int) -> Money:
    return Money("EUR", amount * 100)


def a_line(n: int = 1, subject: str = "Acme", **more: Any) -> Line:
    values: dict[str, Any] = {"event": Event.WON, "earned": f"e{n}", "subject": subject, "kind": LineKind.TIER}
    values |= {"base": eur(60_000), "amount": eur(4_800), "step": TIER, "period": Q4.name, "counts_in": Q4.name}
    return Line(**{**values, "id": f"{UUID(int=n).hex}:{n}/1", "at": datetime(2026, 10, 5, 22, 30, tzinfo=UTC), **more})


def a_dispute(line: Line, state: Standing = Standing.OPEN, text: str = "It was 26,000") -> Dispute:
    answered = {} if state is Standing.OPEN else {"answer": text, "answered_by": "U0MARIA", "answered_at": NOW}
    values: dict[str, Any] = {"answer": None, "answered_by": None, "answered_at": None, **answered}
    return Dispute(UUID(int=9), "U0DANA", Q4.name, line, text, state, **values, cards=(), recorded_at=NOW)


def a_page(*lines: Line, name: str = "Dana", **more: Any) -> StatementPage:
    notices = tuple(more.pop("notices", ()))
    found = Statement(Q4, lines, more.pop("brought", eur(0)), notices, NOW)
    values: dict[str, Any] = {"closed": None, "disputes": {}, "names": {"U0DANA": name, "U0MARIA": "Maria"}}
    values |= {"of": None, "can_dispute": True, "can_close": False, "later": None, "is_past": False, "zone": BERLIN}
    return StatementPage("U0DANA", found, **{**values, "earlier": quarter_of(date(2026, 8, 1), 1), **more})


def a_plan_page(text: str = TIERS, role: Role = Role.AE, **more: Any) -> PlanPage:
    plans = plan_lines.read_plan(text, role, Q4.first).plans
    plan = plans[0] if plans else None
    versions = (Version(plan, 1, NOW, "U0SAM", None),) if plan else ()
    values: dict[str, Any] = {"coming": (), "versions": versions, "names": {"U0SAM": "Sam"}, "currency": "EUR"}
    values |= {"clawback_days": 90, "can_change": True, "today": TODAY, "zone": BERLIN, "period": Q4, "base_share": 60}
    return PlanPage(role, plan, **{**values, **more})


def fits(message: Message) -> str:
    """The text of a message that Slack takes whole, and in which nothing that people typed pings."""
    payload = message.payload()
    assert message_reasons({"channel": "C1", **payload}) == {}
    assert len(payload["blocks"]) == len(message.blocks)
    text = " ".join([payload["text"], *marked_up(message.blocks)])
    assert "<!" not in text
    assert "<@" not in text
    return text.replace("\u00a0", " ")


def marked_up(part: Any) -> Iterator[str]:
    """Every text in which Slack would make mentions."""
    if isinstance(part, list):
        yield from (text for each in part for text in marked_up(each))
    elif isinstance(part, dict) and part.get("type") == "mrkdwn":
        yield part["text"]
    elif isinstance(part, dict):
        yield from (text for each in part.values() for text in marked_up(each))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_of_any_length_fits_page_by_page_and_loses_no_line(language: str) -> None:
    words = words_for(language)
    lines = tuple(a_line(n, subject=f"C{n:04} {HOSTILE}") for n in range(1, 258))
    disputes = {each.id: a_dispute(each, list(Standing)[n % 3], LONG) for n, each in enumerate(lines) if n % 2}
    disputes |= {each.id: a_dispute(each, text=LONG) for each in lines[:60]}
    notices = [Notice(Q4.name, "pay.notice.window_over", {"subject": LONG, "days": "90"})] * 30
    page = a_page(*lines, name=HOSTILE, disputes=disputes, notices=notices, can_close=True, brought=eur(-3))
    page = replace(page, can_answer=True, can_dispute=False)
    shown = [fits(ui.statement(words, page, at, ui.choose_head(words, page))) for at in range(15)]
    for n in range(1, 258):
        assert [at for at, text in enumerate(shown) if f"C{n:04}" in text] == [(n - 1) // ui.SHOWN]
    assert fits(ui.statement(words, page, 99, ui.choose_head(words, page))) == shown[-1]


def test_who_reads_the_text_alone_reads_every_line_and_every_step() -> None:
    words = words_for("en")
    page = a_page(
        a_line(),
        a_line(2, subject="Globex"),
        notices=[Notice(Q4.name, "pay.notice.window_over", {"subject": "Initech", "days": "90"})],
    )
    text = ui.statement(words, page).payload()["text"].replace("\u00a0", " ")
    assert text.startswith("Your commission, 2026-Q4: total 9,600.00 EUR")
    assert "1. Acme · Tue 6 Oct 2026 · 60,000.00 EUR × 8 % = 4,800.00 EUR" in text
    assert "2. Globex" in text
    assert "Initech" in text
    plan = plan_ui.plan(words, a_plan_page()).payload()["text"].replace("\u00a0", " ")
    assert "8 % of that part of its value which lies from 0 to 100 % of the quota" in plan
    assert "AE" in plan_ui.plans(words, PlansPage(((Role.AE, None, None),), False)).payload()["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_around_a_statement_fits(language: str) -> None:
    words = words_for(language)
    page = a_page(a_line(subject=LONG), name=LONG, of=LONG, later=quarter_of(date(2027, 1, 1), 1))
    closed = Closed(Q4, "EUR", NOW, "U0DANA")
    for each in (page, replace(page, closed=closed, asked=NOW), a_page(name=LONG)):
        fits(ui.statement(words, each, head=ui.choose_head(words, each)))
        fits(ui.no_line(words, each, LONG))
        fits(ui.sent(words, each))
        assert ui.table_comment(words, each)
    fits(ui.which_line(words, page, page.statement.lines * 40, LONG))
    closing = Closing(Q4, (("U0DANA", page.statement),), (LONG,) * 20, 3, "EUR")
    metadata = ids.pack(url="https://hooks.slack.example/" + "x" * 200, p="U0DANA", d="2026-10-01", a=NOW.isoformat())
    fits(ui.closing(words, closing, ids.unpack(ui.where(page))))
    fits(ui.closing_now(words))
    assert not view_reasons(dispute_ui.dispute_form(words, page, page.statement.lines[0], LONG, metadata), "modal")
    for code in ASKS:
        params = dict.fromkeys(("text", "people", "names", "one", "other"), LONG) | {"day": TODAY}
        fits(ui.unclear(words, LONG, Unclear(None, Problem(code, params), "statement 2026-Q4")))


def test_a_line_can_be_checked_by_hand() -> None:
    words = words_for("en")
    clawback = a_line(2, event=Event.REOPENED, kind=LineKind.CLAWBACK, base=eur(-60_000), amount=eur(-4_800))
    fixed = a_line(3, event=Event.REQUALIFIED, kind=LineKind.FIXED, base=None, amount=eur(150), step=None)
    text = fits(ui.statement(words, a_page(a_line(), clawback, fixed)))
    for said in (
        "1. *Acme* · Tue 6 Oct 2026 · 60,000.00 EUR × 8 % = *4,800.00 EUR*",  # 22:30 UTC is the next day
        "Deal won: 8 % of 60,000.00 EUR, the part from 0 to 100 % of the quota.",
        "2. *Acme* · Tue 6 Oct 2026 · -60,000.00 EUR × 8 % = *-4,800.00 EUR*",
        "3. *Acme* · Tue 6 Oct 2026 · *150.00 EUR*",
        "Deal won: 4,800.00 EUR (1 line)",
        "Deal reopened: -4,800.00 EUR (1 line)",
        "*Total*\n150.00 EUR",
        "as of Wed 18 Nov 2026 10:00 (Europe/Berlin)",
    ):
        assert said in text, said
    assert "Carried" not in text


def test_what_is_paid_out_and_what_is_carried_stand_there() -> None:
    page = a_page(a_line(amount=eur(-300)), brought=eur(-200))
    text = fits(ui.statement(words_for("en"), page))
    for name, amount in (("Brought forward", -200), ("Total", -300), ("To be paid", 0), ("Carried", -500)):
        assert f"*{name}" in text
        assert f"\n{amount}.00 EUR" in text


def test_only_lines_of_one_s_own_without_an_open_dispute_can_be_disputed() -> None:
    words, lines = words_for("en"), (a_line(1), a_line(2), a_line(3))
    disputes = {lines[0].id: a_dispute(lines[0]), lines[1].id: a_dispute(lines[1], Standing.ANSWERED)}
    page = a_page(*lines, disputes=disputes)

    def buttons(shown: StatementPage) -> list[str]:
        blocks = ui.statement(words, shown).blocks
        return [ids.unpack(each["accessory"]["value"])["l"] for each in blocks if "accessory" in each]

    assert buttons(page) == [lines[1].id, lines[2].id]
    assert buttons(replace(page, can_dispute=False)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plans_of_every_kind_fit(language: str) -> None:
    words = words_for(language)
    texts = {Role.AE: f"{TIERS}\nflat churned -1%\nfixed won 10"} | {
        plan.role: plan_lines.write(plan) for plan in standard_plans(Q4.first) if plan.role is not Role.AE
    }
    for role, text in texts.items():
        fits(plan_ui.plan(words, a_plan_page(text, role), plan_ui.saved_head(words, role, TODAY)))
    many = "\n".join(f"tier won {n}-{n + 1} {n}%" for n in range(100))
    plan = plan_lines.read_plan(many, Role.AE, Q4.first).plans[0]
    versions = tuple(Version(plan, n, NOW, "U0SAM", NOW) for n in range(30))
    page = a_plan_page(many, coming=(plan,) * 9, versions=versions, names={"U0SAM": LONG})
    fits(plan_ui.plan(words, page))
    for each in (page, a_plan_page(""), a_plan_page("", can_change=False)):
        fits(plan_ui.plan(words, each))
        form = plan_ui.plan_form(words, each, TODAY, many, ids.pack(r=Role.SPECIALIST, s={"2026-10-01": 3}))
        assert not view_reasons(form, "modal")
    roles = tuple((role, plan, TODAY) for role in Role)
    fits(plan_ui.plans(words, PlansPage((*roles, (Role.AE, None, None)), True)))
    wrong = [Refused("pay.problem.line", line="1", value=HOSTILE)] * 100
    assert len(plan_ui.wrong(words, wrong)) <= plan_ui.LONGEST_ERROR


def test_a_plan_reads_as_sentences_with_an_example_that_is_worked_out() -> None:
    text = fits(plan_ui.plan(words_for("en"), a_plan_page()))
    for said in (
        "For a deal that is won: 8 % of that part of its value which lies from 0 to 100 % of the quota.",
        "Accelerator for a deal that is won: 15 % of that part of its value which lies above 150 % of the quota.",
        "with a quota of 100,000.00 EUR",
        "Deal won, 60,000.00 EUR: 40,000.00 EUR × 8 % = 3,200.00 EUR + 20,000.00 EUR × 12 % = 2,400.00 EUR",
        "Together *10,400.00 EUR*.",
        "within 90 days",
        "60 % base, 40 % variable",
        "version 1, by Sam on Wed 18 Nov 2026",
    ):
        assert said in text, said
    assert "Earlier versions" not in text


def test_the_standard_plan_is_offered_to_who_may_set_it_and_only_where_there_is_none() -> None:
    def labels(page: PlanPage) -> list[str]:
        message = plan_ui.plan(words_for("en"), page)
        return [
            each["text"]["text"] for block in message.blocks if block["type"] == "actions" for each in block["elements"]
        ]

    assert labels(a_plan_page("")) == ["Edit", "Start with the standard plan"]
    assert labels(a_plan_page()) == ["Edit"]
    assert labels(a_plan_page("", can_change=False)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", Standing)
def test_disputes_fit(language: str, state: Standing) -> None:
    words, text = words_for(language), (LONG * 3)[:2000]
    page = partial(DisputePage, a_dispute(a_line(subject=LONG), state, text), language, {"U0DANA": LONG}, zone=BERLIN)
    for is_mine in (True, False):
        found = page(is_mine=is_mine, asked=(LONG,) * 3)
        for show in (dispute_ui.card, dispute_ui.mine, dispute_ui.answered, dispute_ui.reminder, dispute_ui.raised):
            fits(show(words, found))
        assert not view_reasons(dispute_ui.explain_form(words, found, ids.pack(q="x")), "modal")


def test_a_card_offers_two_answers_until_there_is_one() -> None:
    def buttons(state: Standing) -> list[str]:
        found = DisputePage(a_dispute(a_line(), state), "en", {"U0MARIA": "Maria"}, is_mine=False, zone=BERLIN)
        blocks = dispute_ui.card(words_for("en"), found).blocks
        return [each["action_id"] for block in blocks if block["type"] == "actions" for each in block["elements"]]

    assert buttons(Standing.OPEN) == [ids.PAY_AGREE, ids.PAY_EXPLAIN]
    assert buttons(Standing.AGREED) == buttons(Standing.ANSWERED) == []


@pytest.mark.parametrize("show", [dispute_ui.reminder, dispute_ui.raised])
def test_a_dispute_that_waits_says_so_and_is_answered_from_there(show: Callable[[Words, DisputePage], Message]) -> None:
    def told(state: Standing) -> str:
        names = {"U0DANA": "Dana"}
        found = DisputePage(a_dispute(a_line(), state), "en", names, is_mine=False, zone=BERLIN, asked=("Maria",))
        return str(show(words_for("en"), found).blocks)

    assert "since" in told(Standing.OPEN)
    assert ids.PAY_AGREE in told(Standing.OPEN)
    assert "since" not in told(Standing.AGREED)
    assert ids.PAY_AGREE not in told(Standing.AGREED)


def test_a_plan_that_a_row_of_a_table_says_is_the_same_as_in_words() -> None:
    rows = "kind,event,lower,upper,amount,rate\ntier,won,0,100,,0.08\nTIER;won;100;150;;12%\ntier\twon\t150\t\t\t0.15"
    found = plan_lines.read_plan(rows, Role.AE, Q4.first)
    assert found.problems == ()
    assert found.plans == plan_lines.read_plan(TIERS, Role.AE, Q4.first).plans
    assert Plan(Role.AE, Q4.first, ()).steps == ()
    wrong = plan_lines.read_plan("tier,won,0,100,,0.08,more", Role.AE, Q4.first)
    assert [each.key for each in wrong.problems] == ["pay.problem.line"]


def test_who_reads_a_dispute_s_text_alone_reads_its_line_and_its_answer() -> None:
    dispute = replace(a_dispute(a_line(), Standing.ANSWERED), text="It was 26,000", answer="The contract says 60,000")
    found = DisputePage(dispute, "en", {"U0MARIA": "Maria"}, is_mine=True, zone=BERLIN)
    for shown in (dispute_ui.mine, dispute_ui.card):
        text = shown(words_for("en"), found).payload()["text"].replace("\u00a0", " ")
        assert "60,000.00 EUR × 8 % = 4,800.00 EUR" in text
        assert "The contract says 60,000" in text
    assert "The contract says 60,000" in dispute_ui.answered(words_for("en"), found).payload()["text"]
