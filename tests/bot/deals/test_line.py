"""Lines of `/deal` as people type them, in English and Russian, and what they say."""

import re
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.deals.line import STANDARD, read, suggested
from bot.deals.process import Process
from bot.deals.said import (
    ASKS,
    Churned,
    DealLine,
    ForNothing,
    Help,
    List,
    Lost,
    Nothing,
    Renewed,
    Reopen,
    Show,
    Update,
    Upsell,
    WhichDay,
    WhichStage,
    WhyLost,
    Won,
)
from bot.deals.states import LOST_REASONS, PIPELINE, Stage
from bot.money import Money
from bot.reading.asked import Unclear
from bot.reading.names import Known, KnownName
from bot.reading.text import escaped
from tests.bot.activity.lines import ACME, KNOWN, NOW
from tests.lengths import length

EXAMPLES = settings(max_examples=length(200, 5_000), deadline=None)
A, CORP, DAISY = "account:1", "account:2", "account:5"


def reading(
    line: str,
    *,
    language: str = "en",
    known: Known = KNOWN,
    currency: str = "EUR",
    month: int = 1,
    now: datetime = NOW,
    process: Process = STANDARD,
) -> DealLine:
    """The line behind `/deal`, on a Wednesday morning in Berlin."""
    return read(line, now=now, language=language, currency=currency, fiscal_month=month, known=known, process=process)


def eur(amount: str) -> Money:
    return Money.of(Decimal(amount), "EUR")


def day(iso: str) -> date:
    return date.fromisoformat(iso)


def as_slack_sends(typed: str) -> str:
    """The plain text of an example with the escapes of Slack: those of mentions by name or by id, too."""
    sent = re.sub(r"&lt;@(\w+)&gt;", r"<@\1>", escaped(typed))
    return re.sub(r"(?<!\S)@(\w+)", lambda found: f"<@U0{found[1].upper()}|{found[1]}>", sent, flags=re.ASCII)


def shares(**percent: str) -> tuple[tuple[str, Decimal], ...]:
    """`ben="40"`."""
    return tuple((f"U0{name.upper()}", Decimal(share)) for name, share in percent.items())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Acme split @ben 40", Update("Acme", A, split=shares(ben="40"))),
        ("Acme split @ben 40 %", Update("Acme", A, split=shares(ben="40"))),
        ("Acme split 40% @ben", Update("Acme", A, split=shares(ben="40"))),
        ("Acme split with @ben: 33,3%", Update("Acme", A, split=shares(ben="33.3"))),
        ("Acme split @ben 30 @cem 20", Update("Acme", A, split=shares(ben="30", cem="20"))),
        ("Acme split @ben 30, and @cem 20 %", Update("Acme", A, split=shares(ben="30", cem="20"))),
        ("Acme share @ben 30 close 30 jan", Update("Acme", A, close_on=day("2027-01-30"), split=shares(ben="30"))),
        ("Acme 24k split @ben 40", Update("Acme", A, money=eur("24000"), split=shares(ben="40"))),
        ("Acme split @ben 40 24k", Update("Acme", A, money=eur("24000"), split=shares(ben="40"))),
        ("Acme @dana split @ben 40", Update("Acme", A, owner="U0DANA", split=shares(ben="40"))),
        ("Acme split @ben 40 - he found them", Update("Acme", A, note="he found them", split=shares(ben="40"))),
        ("Acme split none", Update("Acme", A, split=())),
        ("Acme разделить с @ben 40", Update("Acme", A, split=shares(ben="40"))),
        ("Acme разделить @ben 30 и @cem 20 %", Update("Acme", A, split=shares(ben="30", cem="20"))),
        ("Acme доля @ben 33,33 %", Update("Acme", A, split=shares(ben="33.33"))),
        ("Acme разделить нет", Update("Acme", A, split=())),
        ("Acme won 24000 split @ben 40", Won("Acme", A, eur("24000"), split=shares(ben="40"))),
        ("Banana Split 24000", Update("Banana Split", money=eur("24000"))),
        ("Banana Split", Show("Banana Split")),
    ],
)
def test_shares_are_read(typed: str, expected: DealLine) -> None:
    assert reading(as_slack_sends(typed)) == expected


@pytest.mark.parametrize(
    ("typed", "code", "corrected"),
    [
        ("Acme split", "split_missing", "Acme split @ben 40"),
        ("Acme split ben 40", "split_missing", "Acme 40 split @ben 40"),
        ("Acme split 50/50 @ben", "split_missing", "Acme split @ben 40"),
        ("Acme split @ben", "split_share", "Acme split @ben 40"),
        ("Acme split @ben 0", "split_none", "Acme split @ben 40"),
        ("Acme split @ben -5", "split_none", "Acme split @ben 40"),
        ("Acme split @ben 33.333", "split_fine", "Acme split @ben 40"),
        ("Acme split @ben 100", "split_over", "Acme split @ben 40"),
        ("Acme split @ben 60 @cem 40", "split_over", "Acme split @ben 15 @cem 15"),
        ("Acme split @ben 10 @ben 20", "split_twice", "Acme split @ben 40"),
        ("Acme @ben split @ben 20", "split_owner", "Acme owner @ben split @cem 40"),
        ("Acme split @a 1 @b 1 @c 1 @d 1 @e 1 @f 1", "split_many", "Acme split @a 15 @b 15 @c 15 @d 15 @e 15"),
        ("Acme lost price split @ben 40", "split_unused", "Acme lost price"),
    ],
)
def test_shares_that_are_none_are_asked_about_with_some_that_would_do(typed: str, code: str, corrected: str) -> None:
    said = reading(as_slack_sends(typed))
    assert isinstance(said, Unclear)
    assert (said.problem.code, said.example) == (code, corrected)
    assert not isinstance(reading(as_slack_sends(said.example)), Unclear)


def test_somebody_who_is_no_mention_is_asked_about() -> None:
    said = reading("Acme split @ben 40")
    assert isinstance(said, Unclear)
    assert (said.problem.code, said.understood, said.example) == ("handle", "Acme", "Acme split @ben 40")


CLOSES = day("2027-01-30")
K24 = eur("24000")

TRADE = [
    ("Acme 24000 close 30 jan", Update("Acme", A, K24, CLOSES)),
    ("Acme 24k", Update("Acme", A, K24)),
    ("Acme 24к€ закрытие 30 янв", Update("Acme", A, K24, CLOSES)),
    ("Acme 24 k€", Update("Acme", A, K24)),
    ("Acme €24,000", Update("Acme", A, K24, grouped="€24,000")),
    ("Acme 24.000", Update("Acme", A, K24, grouped="24.000")),
    ("Acme 24 000,50", Update("Acme", A, eur("24000.50"))),
    ("Ромашка 1,5 млн", Update("Ромашка", DAISY, eur("1500000"))),
    ("Acme 1.2m", Update("Acme", A, eur("1200000"))),
    ("ACME STAGE NEGOTIATION", Update("Acme", A, stage=Stage.NEGOTIATION)),
    ("Acme этап переговоры", Update("Acme", A, stage=Stage.NEGOTIATION)),
    ("Acme Corp (EMEA) 24k close eoq", Update("Acme Corp (EMEA)", CORP, K24, day("2026-12-31"))),
    ("Acme won 24000 🎉", Won("Acme", A, K24)),
    ("Acme выиграна 24 тыс", Won("Acme", A, K24)),
    ("Acme lost price", Lost("Acme", A, "price")),
    ("Acme проиграна дорого", Lost("Acme", A, "price")),
    ("Acme close fri", Update("Acme", A, close_on=day("2026-11-20"))),
    ("Acme", Show("Acme", A)),
]
"""Cases 35 to 52 of the trade's page."""


@pytest.mark.parametrize(("line", "said"), TRADE, ids=[f"case {n}" for n in range(35, 53)])
def test_the_lines_of_the_trade(line: str, said: DealLine) -> None:
    assert reading(line) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", Nothing()),
        (" \u00a0 ", Nothing()),
        *((line, Help()) for line in ("help", "HELP", "?", "помощь", "won help", "negotiation ?")),
        *((line, List()) for line in ("list", "mine", "мои сделки", "pipeline")),
        ("<@U0DANA|dana>", List("U0DANA")),
        ("list <@U0DANA>", List("U0DANA")),
        ("acme", Show("Acme", A)),
        ("«Ромашка»", Show("Ромашка", DAISY)),
        ("3M", Show("3M", "account:6")),
        ("3M 3mln", Update("3M", "account:6", eur("3000000"))),
        ("Newco", Show("Newco")),
        ("Newco Ltd 24k", Update("Newco Ltd", None, K24)),
        ("Bank of America 24k", Update("Bank of America", None, K24)),
        ('"Studio 54" 24k', Update("Studio 54", None, K24)),
        ("demo", Show("demo")),
        ("Demo Corp demo", Update("Demo Corp", None, stage=Stage.DEMO)),
        ("24000 Acme", Update("Acme", A, K24)),
        ("Acme EUR 24000", Update("Acme", A, K24)),
        ("Acme for 24k", Update("Acme", A, K24)),
        ("Acme на 24 тыс. евро", Update("Acme", A, K24)),
        ("Acme 1 200 000 close 2027-01-30", Update("Acme", A, eur("1200000"), CLOSES)),
        ("Acme close 30 jan 24000", Update("Acme", A, K24, CLOSES)),
        ("Acme close 30 jan 2400", Update("Acme", A, eur("2400"), CLOSES)),
        ("Acme close 30 jan 2027 24k", Update("Acme", A, K24, CLOSES)),
        ("Acme 30 jan", Update("Acme", A, close_on=CLOSES)),
        ("Acme by 30 jan 24k", Update("Acme", A, K24, CLOSES)),
        ("Acme до 30 января 24к", Update("Acme", A, K24, CLOSES)),
        ("Acme close: fri", Update("Acme", A, close_on=day("2026-11-20"))),
        ("Acme closes on friday", Update("Acme", A, close_on=day("2026-11-20"))),
        ("Acme close today", Update("Acme", A, close_on=day("2026-11-18"))),
        ("Acme close next month", Update("Acme", A, close_on=day("2026-12-01"))),
        ("Acme close eom", Update("Acme", A, close_on=day("2026-11-30"))),
        ("Acme закрытие до конца квартала", Update("Acme", A, close_on=day("2026-12-31"))),
        ("Acme к концу года 5к", Update("Acme", A, eur("5000"), day("2026-12-31"))),
        ("Acme eoq", Update("Acme", A, close_on=day("2026-12-31"))),
        ("Acme negotiation", Update("Acme", A, stage=Stage.NEGOTIATION)),
        ("Acme переговоры 24к", Update("Acme", A, K24, stage=Stage.NEGOTIATION)),
        ("Acme stage needs assessment", Update("Acme", A, stage=Stage.NEEDS)),
        ("Acme negotation", Update("Acme", A, stage=Stage.NEGOTIATION)),
        ("Acme 24k negotiaton", Update("Acme", A, K24, stage=Stage.NEGOTIATION)),
        ("Acme стадия демо", Update("Acme", A, stage=Stage.DEMO)),
        ("Acme next tue send quote", Update("Acme", A, next_step="send quote", next_on=day("2026-11-24"))),
        ("Acme next send quote", Update("Acme", A, next_step="send quote")),
        ("Acme далее завтра отправить КП", Update("Acme", A, next_step="отправить КП", next_on=day("2026-11-19"))),
        (
            "Acme 24k demo - liked it next tue send quote",
            Update("Acme", A, K24, None, Stage.DEMO, "send quote", day("2026-11-24"), note="liked it"),
        ),
        ("Acme - the next big thing", Update("Acme", A, note="the next big thing")),
        ("Acme - 5000", Update("Acme", A, note="5000")),
        ("Acme owner <@U0DANA|dana>", Update("Acme", A, owner="U0DANA")),
        ("Acme to <@U0DANA>", Update("Acme", A, owner="U0DANA")),
        ("Acme 24k <@U0DANA>", Update("Acme", A, K24, owner="U0DANA")),
        ("Acme кому <@U0DANA>", Update("Acme", A, owner="U0DANA")),
        ("won Acme 24000", Won("Acme", A, K24)),
        ("Acme won", Won("Acme", A)),
        ("Acme closed won 24k", Won("Acme", A, K24)),
        ("Acme stage won 24k", Won("Acme", A, K24)),
        ("Acme won 24k yesterday", Won("Acme", A, K24, day("2026-11-17"))),
        ("Acme won on friday for 24k", Won("Acme", A, K24, day("2026-11-13"))),
        ("Acme won 24k renews 30 nov", Won("Acme", A, K24, renewal_on=day("2026-11-30"))),
        ("Acme won 24k for 24 months", Won("Acme", A, K24, months=24)),
        ("Acme выиграна 24к на 2 года", Won("Acme", A, K24, months=24)),
        ("Acme won 24k until 30 nov 2027", Won("Acme", A, K24, renewal_on=day("2027-11-30"))),
        ("Acme won 24k - great team", Won("Acme", A, K24, note="great team")),
        ("Acme won big 24k", Won("Acme", A, K24, note="big")),
        ("Acme won 0", ForNothing(Won("Acme", A, eur("0")))),
        ("Acme closed lost budget", Lost("Acme", A, "budget")),
        ("Acme lost because of price", Lost("Acme", A, "price", "because")),
        ("Acme lost prise", Lost("Acme", A, "price")),
        ("Acme lost no decision", Lost("Acme", A, "no-decision")),
        ("Acme lost competitor Rival Inc", Lost("Acme", A, "competitor", "Rival Inc")),
        ("Acme lost other - they moved", Lost("Acme", A, "other", "they moved")),
        ("Acme lost timing yesterday", Lost("Acme", A, "timing", None, day("2026-11-17"))),
        ("Ромашка проиграна ушли к конкуренту", Lost("Ромашка", DAISY, "competitor")),
        ("Acme проиграли: нет бюджета", Lost("Acme", A, "budget")),
        ("Acme reopen", Reopen("Acme", A)),
        ("Acme вернуть этап демо", Reopen("Acme", A, Stage.DEMO)),
        ("Acme renewed", Renewed("Acme", A)),
        ("Acme renewed 26000", Renewed("Acme", A, eur("26000"))),
        ("Acme продлена 26к до 30 ноября 2027", Renewed("Acme", A, eur("26000"), day("2027-11-30"))),
        ("Acme churned", Churned("Acme", A)),
        ("Acme churned price - too dear", Churned("Acme", A, "price", "too dear")),
        ("Acme ушли нет денег", Churned("Acme", A, "budget")),
        ("Acme upsell 5000", Upsell(Update("Acme", A, eur("5000")))),
        ("Acme расширение 5к закрытие 30 янв", Upsell(Update("Acme", A, eur("5000"), CLOSES))),
    ],
)
def test_what_a_line_says(line: str, said: DealLine) -> None:
    assert reading(line) == said


def test_a_day_that_may_be_two_is_asked_with_both() -> None:
    found = reading("Acme 24k close 03/04")
    assert found == WhichDay(Update("Acme", A, K24), "03/04", (day("2027-04-03"), day("2027-03-04")))


@pytest.mark.parametrize(
    ("line", "text", "first"),
    [
        ("Acme stage closing", "closing", Stage.NEGOTIATION),
        ("Acme 24k stage demoing", "demoing", Stage.REQUALIFY),
        ("Acme этап договор", "договор", Stage.NEGOTIATION),
        ("Acme stage discovery", "discovery", Stage.NEEDS),
    ],
)
def test_a_stage_that_there_is_not_shows_the_list_the_likeliest_first(line: str, text: str, first: Stage) -> None:
    found = reading(line)
    assert isinstance(found, WhichStage)
    assert (found.text, found.stages[0]) == (text, first)
    assert sorted(found.stages) == sorted(PIPELINE)


@pytest.mark.parametrize(
    ("line", "note", "first"),
    [
        ("Acme lost", None, ("competitor", "price")),
        ("Acme lost - went with Rival, cheaper", "went with Rival, cheaper", ("competitor", "price")),
        ("Acme проиграна - отложили на год", "отложили на год", ("timing", "competitor", "price")),
        ("Acme lost it all", "it all", ("competitor", "price")),
    ],
)
def test_a_loss_without_a_reason_asks_and_keeps_the_note(line: str, note: str | None, first: tuple[str, ...]) -> None:
    found = reading(line)
    assert isinstance(found, WhyLost)
    assert (found.note, found.reasons[: len(first)]) == (note, first)
    assert sorted(found.reasons) == sorted(LOST_REASONS)


@pytest.mark.parametrize(
    ("line", "code", "corrected"),
    [
        ("Acme $24k", "currency", "Acme 24000"),
        ("Acme 24k usd close 30 jan", "currency", "Acme 24000 close 2027-01-30"),
        ("Acme -5000", "negative", "Acme 5000"),
        ("Acme won -5000", "negative", "Acme won 5000"),
        ("Acme 24k 30k", "two_amounts", "Acme 24000"),
        ("Acme 1,2,3", "amount_unread", "Acme 24000"),
        ("Acme 5000 млрд", "too_large", "Acme 24000"),
        ("24000", "name_missing", "Acme 24000"),
        ("won", "name_missing", "Acme won"),
        ("won 24000", "name_missing", "Acme won 24000"),
        ("!!!", "name_missing", "Acme"),
        ("Acme close", "day_missing", "Acme close 2026-12-18"),
        ("Acme close soon", "day_unread", "Acme close 2026-12-18"),
        ("Acme close 31 feb", "day_impossible", "Acme close 2026-12-18"),
        ("Acme close yesterday", "day_past", "Acme close 2026-12-18"),
        ("Acme close 2026-11-17 24k", "day_past", "Acme 24000 close 2026-12-18"),
        ("Acme close 2040-01-01", "day_far", "Acme close 2026-12-18"),
        ("Acme won 24k tomorrow", "day_ahead", "Acme won 24000 2026-11-18"),
        ("Acme won 24k 2026-08-01", "day_old", "Acme won 24000 2026-11-18"),
        ("Acme won 24k 03/04", "day_ambiguous", "Acme won 24000 2026-11-18"),
        ("Acme won 24k for 300 months", "day_far", "Acme won 24000"),
        ("Acme stage", "stage_missing", "Acme stage negotiation"),
        ("Acme next tue", "step_missing", "Acme next 2026-11-24 send quote"),
        ("Acme next", "step_missing", "Acme next send quote"),
        ("Acme won lost", "two_verbs", "Acme won"),
        ("Acme won stage demo", "both_ways", "Acme won"),
        ("Acme 24k very soon", "words_unknown", "Acme 24000 - very soon"),
        ("Acme @dana 24k", "handle", "Acme 24000 owner @dana"),
        ("Acme 24k <@U1|ana> <@U2|bob>", "two_people", "Acme 24000 owner @ana"),
        ("Acme won 24k <@U1|ana>", "mention_unused", "Acme won 24000"),
        ("x" * 121, "name_long", "x" * 120),
        ("x" * 3001, "line_long", "Acme 24000 close 2026-12-18"),
    ],
)
def test_what_is_asked_back(line: str, code: str, corrected: str) -> None:
    found = reading(line)
    assert isinstance(found, Unclear), found
    assert (found.problem.code, found.example) == (code, corrected)
    assert not isinstance(reading(as_slack_sends(found.example)), Unclear)


@pytest.mark.parametrize(
    ("line", "corrected"),
    [
        ("Acme $24k закрытие 30 янв", "Acme 24000 закрытие 2027-01-30"),
        ("Acme этап", "Acme этап переговоры"),
        ("Acme выиграна -5", "Acme выиграна 5"),
        ("Acme далее", "Acme далее отправить КП"),
    ],
)
def test_the_answer_is_written_in_the_language_of_the_person(line: str, corrected: str) -> None:
    found = reading(line, language="ru")
    assert isinstance(found, Unclear), found
    assert found.example == corrected


@pytest.mark.parametrize(
    ("line", "month", "closes"),
    [
        ("Acme eoq", 2, "2027-01-31"),
        ("Acme eoq", 12, "2026-11-30"),
        ("Acme eoy", 7, "2027-06-30"),
        ("Acme eoy", 1, "2026-12-31"),
        ("Acme eoq", 10, "2026-12-31"),
    ],
)
def test_the_end_of_a_quarter_is_the_fiscal_one(line: str, month: int, closes: str) -> None:
    assert reading(line, month=month) == Update("Acme", A, close_on=day(closes))


def test_an_amount_is_of_the_workspace_s_money() -> None:
    assert reading("Acme $24k", currency="USD") == Update("Acme", A, Money("USD", 2_400_000))
    assert reading("Acme 24к руб", currency="RUB") == Update("Acme", A, Money("RUB", 2_400_000))
    assert reading("Acme ¥24000", currency="JPY") == Update("Acme", A, Money("JPY", 24_000))


def test_a_known_name_goes_before_the_words_of_the_command() -> None:
    known = Known((ACME, KnownName("a", "Won Ltd"), KnownName("b", "Stage Demo"), KnownName("c", "Price 24k")))
    assert reading("won ltd 24k", known=known) == Update("Won Ltd", "a", K24)
    assert reading("stage demo won 24k", known=known) == Won("Stage Demo", "b", K24)
    assert reading("price 24k lost budget", known=known) == Lost("Price 24k", "c", "budget")


@given(st.text())
def test_every_note_has_a_list_of_all_reasons(note: str) -> None:
    assert sorted(suggested(note)) == sorted(LOST_REASONS)


PARTS = [
    *("Acme", "ACME", "Acme Corp (EMEA)", "Ромашка", "3M", "Jane Roe", "Newco", "of", "Studio 54"),
    *('"Acme"', '"New ""Co"" Ltd"', "«ООО Ёлка»", "“a", '""', "R&amp;D", "ООО", "jane@acme.example"),
    *("24k", "24к€", "€24,000", "24.000", "24 000,50", "1,5 млн", "$5", "-5000", "0", "1,2,3", "9" * 30, "k", "€"),
    *("close", "закрытие", "eoq", "fri", "30 jan", "30 янв", "03/04", "2026-01-01", "31 feb", "до", "by", "until"),
    *("stage", "этап", "demo", "negotation", "переговоры", "closing", "won", "lost", "проиграна", "price", "дорого"),
    *(
        "competitor",
        "other",
        "reopen",
        "вернуть",
        "renewed",
        "churned",
        "upsell",
        "for 24 months",
        "renews",
        "на 2 года",
    ),
    *("next", "next tue send quote", "далее", "owner", "to", "кому", "<@U1|ana>", "<@U2>", "@dana", "@", "<!channel>"),
    *("-", "—", "--", "they like it", "👍", ":+1:", "\u200b", "\u00a0", "\u202e", "İ", "ﷺ", "'", '"', "\x00", "\n"),
    *("x" * 130, "help", "list", "price.", "won!", ","),
]
LINES = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=5)), max_size=9).map(" ".join)
LANGUAGES = st.sampled_from(["en", "ru"])


@EXAMPLES
@given(st.text())
@example("<@U1|")
@example('"' * 50)
@example("close " * 500)
def test_every_text_has_a_reading(text: str) -> None:
    assert reading(text) is not None


@EXAMPLES
@given(LINES, LANGUAGES, st.sampled_from(["EUR", "JPY", "BHD"]))
def test_what_is_asked_is_known_and_its_example_can_be_typed(line: str, language: str, currency: str) -> None:
    found = reading(line, language=language, currency=currency)
    if isinstance(found, Unclear):
        assert found.problem.code in ASKS
        assert found.understood is None or found.understood.strip()
        again = reading(as_slack_sends(found.example), language=language, currency=currency)
        assert not isinstance(again, Unclear | Nothing), (found, again)


@EXAMPLES
@given(LINES)
def test_what_is_understood_is_sane(line: str) -> None:
    refs = {name.name: name.ref for name in KNOWN.names}
    found = reading(line)
    if isinstance(found, Unclear | Nothing | Help | List):
        return
    values = asdict(found)
    said = values.get("update") or values.get("won") or values
    assert any(map(str.isalnum, said["name"]))
    assert len(said["name"]) <= 120
    assert said["ref"] is None or refs[said["name"]] == said["ref"]
    money = said.get("money")
    assert money is None or 0 <= money["minor"] <= 10**14
    for name in ("close_on", "renewal_on"):
        assert said.get(name) is None or said[name] >= NOW.date()
    assert said.get("on") is None or said["on"] <= NOW.date()


@EXAMPLES
@given(st.sampled_from([line for line, _ in TRADE]), st.sampled_from("abc"))
def test_case_dashes_and_spaces_change_nothing(line: str, how: str) -> None:
    changed = {"a": line.upper(), "b": line.replace(" ", "\u00a0"), "c": line.replace(" ", "  ")}[how]
    one, other = (re.sub(r"grouped='[^']*'|grouped=None", "", str(reading(each))) for each in (line, changed))
    assert one == other
