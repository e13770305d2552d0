"""Deals in Slack's limits: long and hostile words, long lists, every stage; both languages."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sandbox.checks.surfaces import message_reasons, view_reasons

from bot.deals import form, notices, planning
from bot.deals.pages import Card, Notice, Overview, Shared
from bot.deals.queries import CustomerRow, DealRow
from bot.deals.rules import Change
from bot.deals.said import Update, WhichDay, WhichStage, WhyLost
from bot.deals.service import Meant, Wish
from bot.deals.states import LOST_REASONS, PIPELINE, Kind, Stage, What
from bot.reading.asked import Problem, Unclear
from bot.reminders.deal_steps import Page, Promise
from bot.words import LANGUAGES, words_for
from handlers import deal_wishes as wishes
from handlers.ui import deal_forms, deal_notices, deal_steps, deals
from handlers.ui import deal_questions as ask
from handlers.ui.blocks import Message
from tests.factories import NOW, TODAY, a_person

HOSTILE = "<!channel> <@U0DANA> &lt; *b* `c` 🎉 \u202eמימין " + "x" * 80
LONG = (HOSTILE + " ") * 40
A_DAY = timedelta(days=1)


def a_deal(n: int = 7, text: str = "", **more: Any) -> DealRow:
    """A deal with Acme; `text` stands wherever somebody may have typed something."""
    values: dict[str, Any] = dict.fromkeys(DealRow.__dataclass_fields__)
    values |= {"id": UUID(int=n), "account_id": UUID(int=1), "company": text[:120] or "Acme", "kind": Kind.NEW}
    values |= {"stage": Stage.DEMO, "version": 2, "owner_id": "U0DANA", "giver_id": "U0ANA", "amount": 2_400_000}
    values |= {"currency": "EUR", "close_on": date(2027, 1, 30), "next_step": text[:300] or "send quote"}
    values |= {"next_on": date(2026, 11, 24), "opened_at": NOW - 12 * A_DAY, "staged_at": NOW - 3 * A_DAY}
    return DealRow(**{**values, "recorded_at": NOW, **more})


def closed(stage: Stage, text: str = "", **more: Any) -> DealRow:
    """A deal that was won or lost."""
    lost = {"reason": "competitor", "reason_note": text or "Rival"} if stage is Stage.LOST else {}
    return a_deal(text=text, stage=stage, closed_at=NOW, renewal_on=date(2027, 11, 18), **{**lost, **more})


def a_customer(text: str = "", **more: Any) -> CustomerRow:
    """Acme as a customer."""
    values: dict[str, Any] = dict.fromkeys(CustomerRow.__dataclass_fields__)
    values |= {"account_id": UUID(int=1), "version": 2, "deal_id": UUID(int=7), "owner_id": "U0DANA", "csm_id": "U0CEM"}
    values |= {"since_on": TODAY, "renewal_on": date(2027, 2, 16), "company": text[:120] or "Acme", "amount": 2_400_000}
    return CustomerRow(**{**values, "currency": "EUR", **more})


def changes(text: str) -> tuple[Change, ...]:
    """One of each kind."""
    before = {"stage": "needs", "amount": 100, "close_on": "2026-12-01", "next_step": "call", "owner_id": "U0ANA"}
    after = {"stage": "demo", "amount": 2_400_000, "currency": "EUR", "close_on": "2027-01-30", "owner_id": "U0DANA"}
    after |= {"next_step": text[:300] or "send quote", "next_on": "2026-11-24"}
    return tuple(
        Change(n, what, before if n > 1 else {}, after, text or "x", "U0DANA", NOW, NOW)
        for n, what in enumerate(What, 1)
    )


def a_card(row: DealRow | None = None, text: str = "", **more: Any) -> Card:
    """The card of a deal."""
    names = {"U0DANA": text[:80] or "Dana", "U0ANA": "Ana", "U0CEM": "Cem"}
    values: dict[str, Any] = {"row": row or a_deal(text=text), "changes": changes(text), "customer": a_customer(text)}
    return Card(**{**values, "names": names, "can_change": True, "now": NOW, "zone": a_person().zone, **more})


def fits(message: Message) -> Message:
    """The message, which Slack takes whole, and in which nothing that people typed pings."""
    payload = message.payload()
    assert message_reasons(payload) == {}
    assert len(payload["blocks"]) == len(message.blocks)
    for each in (whole(message), payload["text"]):
        assert "<!" not in each
        assert "<@" not in each
    return message


def whole(message: Message) -> str:
    """All of it that is mrkdwn."""
    found = [block["text"]["text"] for block in message.blocks if "text" in block and block["type"] != "header"]
    small = [each for block in message.blocks for each in (*block.get("elements", ()), *block.get("fields", ()))]
    boxes = [choice["text"]["text"] for each in small if each["type"] == "checkboxes" for choice in each["options"]]
    return "\n".join([*found, *(each["text"] for each in small if isinstance(each.get("text"), str)), *boxes])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", LONG], ids=["plain", "hostile"])
@pytest.mark.parametrize("stage", list(Stage))
def test_a_card_in_every_stage(language: str, text: str, stage: Stage) -> None:
    words = words_for(language)
    row = closed(stage, text) if stage in {Stage.WON, Stage.LOST} else a_deal(text=text, stage=stage)
    for can_change in (True, False):
        page = a_card(row, text, can_change=can_change)
        for change in (None, *page.changes):
            fits(deals.card(words, page, deals.done_head(words, page, change, "24.000")))


def test_a_card_says_what_the_stage_asks_for_and_how_it_came_there() -> None:
    said = whole(deals.card(words_for("en"), a_card()))
    for each in (
        "Demo, 3 days", "24,000.00\u00a0EUR", "Sat 30 Jan 2027", "Tue 24 Nov: send quote", "*Assist*\nAna",
        "Have whoever decides in the room", "Stage: Demo (was Needs)", "cared for by Cem",
    ):  # fmt: skip
        assert each in said, said
    assert "Позовите того, кто принимает решение" in whole(deals.card(words_for("ru"), a_card()))


def test_a_close_day_that_has_passed_is_said() -> None:
    row = a_deal(close_on=TODAY - A_DAY)
    assert "past due" in whole(deals.card(words_for("en"), a_card(row)))


def test_what_is_closed_can_only_be_reopened() -> None:
    *_, buttons = [b for b in deals.card(words_for("en"), a_card(closed(Stage.WON))).blocks if b["type"] == "actions"]
    assert [each["text"]["text"] for each in buttons["elements"]] == ["Reopen"]


def test_a_card_says_who_has_which_share_and_of_what() -> None:
    row = a_deal(shares={"U0ANA": "40", "U0CEM": "33.33"}, amount=2_499_999)
    said = whole(deals.card(words_for("en"), a_card(row))).replace("\u00a0", " ")
    # 24,999.99 × 40 % = 9,999.996; × 33.33 % = 8,332.4967; the rest, 6,667.49, is Dana's
    assert "*Shares*\nDana 26.67 %, 6,667.49 EUR\nAna 40 %, 10,000.00 EUR\nCem 33.33 %, 8,332.50 EUR" in said
    assert "*Shares*\nDana 60 %\nAna 40 %" in whole(
        deals.card(words_for("en"), a_card(a_deal(shares={"U0ANA": "40"}, amount=None)))
    )
    assert "Shares" not in whole(deals.card(words_for("en"), a_card(changes=())))


@pytest.mark.parametrize("stage", [Stage.DEMO, Stage.WON])
def test_who_may_divide_a_deal_has_the_button_for_it(stage: Stage) -> None:
    row = a_deal() if stage is Stage.DEMO else closed(stage)
    for can_divide in (True, False):
        *_, buttons = [
            block
            for block in deals.card(words_for("en"), a_card(row, can_divide=can_divide)).blocks
            if block["type"] == "actions"
        ]
        named = [each["text"]["text"] for each in buttons["elements"] if "text" in each]
        assert ("Split" in named) is can_divide


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", LONG], ids=["plain", "hostile"])
def test_what_is_told_of_shares_fits(language: str, text: str) -> None:
    words, row = words_for(language), closed(Stage.WON, text, shares={"U0ANA": "40", "U0CEM": "10.5"})
    told = Change(9, What.SPLIT, {"shares": {"U0ANA": "40"}}, {"shares": None}, None, "U0DANA", NOW, NOW)
    page = a_card(row, text, changes=(told,))
    fits(deals.card(words, page, deals.done_head(words, page, told, None)))
    for reader in ("U0ANA", "U0SAM"):
        fits(deal_notices.notice(words, Notice(notices.SHARED, language, page, by=text[:80], reader=reader)))
    for shares in (None, row.shares, {f"U{n}": "10" for n in range(5)}):
        view = deal_forms.split_form(words, a_deal(text=text, shares=shares), "{}")
        assert not view_reasons(view, "modal")


def test_a_share_is_told_with_what_it_comes_to() -> None:
    page = a_card(closed(Stage.WON, shares={"U0ANA": "40"}))
    notice = Notice(notices.SHARED, "en", page, by="Maria", reader="U0ANA")
    said = whole(deal_notices.notice(words_for("en"), notice)).replace("\u00a0", " ")
    assert said.startswith("40 % of the deal with *Acme* is yours: 9,600.00 EUR. It is Dana's deal; Maria")
    announced = whole(deal_notices.won(words_for("en"), Notice(notices.WON, "en", page)))
    assert "Shared with Ana" in announced
    gone = whole(deal_notices.notice(words_for("en"), Notice(notices.SHARED, "en", page, by="Maria", reader="U0X")))
    assert gone == "You have no share of the deal with *Acme* any more; Maria changed it."


def a_filled_split(*said: tuple[str, str]) -> dict[str, str]:
    """The form of shares, filled in."""
    filled = {f"{name}{n}": "" for n in range(1, 6) for name in ("who", "share")}
    for n, (who, share) in enumerate(said, 1):
        filled |= {f"who{n}": who, f"share{n}": share}
    return filled


def test_the_form_of_shares_is_read_as_it_is_typed() -> None:
    said = form.read_split(a_filled_split(("U0ANA", "40 %"), ("", ""), ("U0CEM", "33,33")))
    assert said == (("U0ANA", Decimal(40)), ("U0CEM", Decimal("33.33")))
    assert form.read_split(a_filled_split()) == ()
    assert form.read_split(a_filled_split(("U0ANA", ""), ("", "40"), ("U0CEM", "x"))) == {
        "share1": ("deals.form.share_unread", {}),
        "who2": ("deals.form.whose", {}),
        "share3": ("deals.form.share_unread", {}),
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 20, 70])
@pytest.mark.parametrize("of", [None, LONG[:80]])
def test_a_list(language: str, count: int, of: str | None) -> None:
    rows = tuple(a_deal(n, LONG if n % 2 else "", amount=None if n % 3 else n, close_on=None) for n in range(count))
    for shared in ((), tuple(Shared(row, LONG[:80], Decimal("33.33"), row.money) for row in rows)):
        message = fits(deals.overview(words_for(language), Overview(rows, of, NOW, a_person().zone, shared)))
        several = min(count, deals.SHOWN) * (2 if shared else 1)
        assert sum(1 for block in message.blocks if "accessory" in block) == several


def test_a_list_says_whose_a_shared_deal_is_and_how_much_of_it_is_mine() -> None:
    for language, said in (
        ("en", ("share: *40 %, 9,600.00 EUR*", "Dana's deal")),
        ("ru", ("доля: *40 %, 9 600,00 EUR*", "ответственный: Dana")),
    ):
        shared = (Shared(a_deal(), "Dana", Decimal(40), a_deal(amount=960_000).money),)
        page = Overview((), None, NOW, a_person().zone, shared)
        told = whole(deals.overview(words_for(language), page)).replace("\u00a0", " ")
        assert all(each in told for each in (*said, "/deal Acme 24000")), told


def test_an_empty_list_says_what_to_do() -> None:
    said = whole(deals.overview(words_for("en"), Overview((), None, NOW, a_person().zone)))
    assert "/deal Acme 24000 close 30 jan" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions(language: str) -> None:
    words = words_for(language)
    update = Update(LONG[:120], "account:1", note=LONG, next_step=LONG[:300], next_on=TODAY)
    wish = wishes.packed(update)
    days = (date(2027, 4, 3), date(2027, 3, 4))
    meant = Meant(LONG[:120], near=(("Acme", "account:1"), (LONG[:120], "account:2")), is_known=False)
    rows = [a_deal(n, LONG) for n in range(12)]
    for message in (
        ask.which_day(words, LONG, WhichDay(update, "03/04", days), wish, TODAY),
        ask.which_stage(words, LONG, WhichStage(update, LONG, PIPELINE), wish),
        ask.why_lost(words, LONG, WhyLost(LONG[:120], None, LONG, LOST_REASONS), wish),
        ask.for_nothing(words, "", "Acme", "account:1", wish),
        ask.close_spelling(words, LONG, meant, wish),
        ask.one_of_own(words, LONG, meant, LONG[:80], wish),
        ask.which_deal(words, LONG, rows, {"U0DANA": LONG[:80]}, wish),
        ask.nothing(words, meant),
        ask.unclear(words, LONG, Unclear("Acme", Problem("day_past", {"day": TODAY}), "Acme close eoq"), TODAY),
        ask.unclear(words, LONG, Unclear(None, Problem("currency", {"text": LONG, "currency": "EUR"}), "x"), TODAY),
    ):
        fits(message)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", LONG], ids=["plain", "hostile"])
def test_what_comes_by_itself(language: str, text: str) -> None:
    words = words_for(language)
    for row in (closed(Stage.WON, text), a_deal(text=text), closed(Stage.LOST, text), closed(Stage.WON, giver_id=None)):
        page = Notice(notices.WON, language, a_card(row, text), by=text[:80], today=TODAY)
        fits(deal_notices.notice(words, page))
        fits(deal_notices.given(words, page))
        fits(deal_notices.assist(words, page))
    for customer in (a_customer(text), a_customer(text, churned_at=NOW, reason="price"), a_customer(amount=None)):
        for is_settled in (True, False):
            page = Notice(planning.RENEWAL, language, None, customer, "", 90, TODAY, is_settled)
            fits(deal_notices.notice(words, page))
        fits(deals.left(words, customer, TODAY))
        fits(deals.stays(words, customer, TODAY))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", LONG], ids=["plain", "hostile"])
@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_reminder_of_next_steps(language: str, text: str, count: int) -> None:
    words = words_for(language)
    step = text[:300] or "send quote"
    rows = (a_deal(text=text), a_deal(text=text, next_step=None, next_on=None), closed(Stage.LOST, text), None)
    for row in rows:
        for waits in (True, False):
            promise = Promise(step, "0123456789ab", row, waits and row is not None)
            fits(deal_steps.reminder(words, Page(a_person(), TODAY, (promise,) * count)))


def test_an_announcement_names_the_assist_unless_it_is_the_owner_s_own() -> None:
    words = words_for("en")
    said = whole(deal_notices.won(words, Notice(notices.WON, "en", a_card(closed(Stage.WON)))))
    assert said == ":tada: *Acme* is won: Dana closed it for 24,000.00\u00a0EUR\nAssist: Ana"
    own = closed(Stage.WON, giver_id="U0DANA")
    assert "Assist" not in whole(deal_notices.won(words, Notice(notices.WON, "en", a_card(own))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms(language: str) -> None:
    words = words_for(language)
    for row in (a_deal(text=LONG), a_deal(amount=None, next_step=None, next_on=None, close_on=None)):
        for view in (
            deal_forms.edit_form(words, row, "{}"),
            deal_forms.won_form(words, row, "2026-11-18", LONG, "{}"),
            deal_forms.lost_form(words, row, LOST_REASONS, "competitor", LONG, "{}"),
            deal_forms.lost_form(words, row, LOST_REASONS, None, None, "{}"),
        ):
            assert view_reasons(view, "modal") == []


def test_what_the_reader_of_a_form_left_alone_is_not_changed() -> None:
    row = a_deal()
    filled = {"amount": "24000", "close_on": "2027-01-30", "stage": "demo", "next_step": "send quote"}
    filled |= {"next_on": "2026-11-24", "owner": "U0DANA", "note": ""}
    assert form.read(filled, form.seen(row), row, TODAY) == Wish()
    other = form.read({**filled, "amount": "30k", "stage": "concerns"}, form.seen(row), row, TODAY)
    assert isinstance(other, Wish)
    assert (other.money and other.money.minor, other.stage, other.close_on) == (3_000_000, Stage.CONCERNS, None)


@pytest.mark.parametrize(
    ("field", "text"),
    [("amount", "much"), ("amount", "$5"), ("amount", "-5"), ("amount", "24k 5k"), ("close_on", "2026-11-01")],
)
def test_what_is_wrong_with_a_form_stands_under_its_field(field: str, text: str) -> None:
    row = a_deal()
    filled = dict.fromkeys(form.FIELDS, "") | {field: text}
    found = form.read(filled, form.seen(row), row, TODAY)
    assert isinstance(found, dict)
    assert list(found) == [field]
    won = form.read_won({**filled, "on": "2026-11-19", "months": "12"}, row, TODAY, a_person().zone)
    assert isinstance(won, dict)
    assert "on" in won


def test_an_amount_whose_mark_groups_is_told_even_if_nothing_changes() -> None:
    page = a_card(a_deal())
    said = deals.done_head(words_for("en"), page, None, "24.000").replace("\u00a0", " ")
    assert "stands like that already" in said
    assert "I read 24.000 as" in said
