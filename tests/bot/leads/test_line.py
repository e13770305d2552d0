"""Lines of `/lead` as people type them, in English and Russian, and what they say."""

import re
from dataclasses import asdict
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.leads.line import read
from bot.leads.said import (
    ASKS,
    AddPoints,
    Claim,
    Help,
    LeadLine,
    Merge,
    New,
    Nothing,
    Nurture,
    Queue,
    Release,
    ScoringRules,
    Show,
    Sources,
    Why,
)
from bot.leads.vocabulary import SOURCES, Source
from bot.reading.asked import Unclear
from bot.reading.names import Known, KnownName, name_key
from bot.reading.text import escaped
from tests.bot.activity.lines import ACME, KNOWN, NOW, TODAY
from tests.lengths import length

EXAMPLES = settings(max_examples=length(200, 5_000), deadline=None)
JANUARY = date(2027, 1, 15)
REFS = {name.name: name.ref for name in KNOWN.names}


def reading(line: str, *, language: str = "en", known: Known = KNOWN) -> LeadLine:
    """The line as it is read on a Wednesday morning in Berlin."""
    return read(line, now=NOW, language=language, known=known)


def asked(line: str, *, language: str = "en") -> Unclear:
    """The question that the line is answered with."""
    found = reading(line, language=language)
    assert isinstance(found, Unclear), found
    return found


def as_slack_sends(typed: str) -> str:
    """The plain text of an example with the escapes of Slack: those of mentions by name or by id, too."""
    sent = re.sub(r"&lt;@(\w+)&gt;", r"<@\1>", escaped(typed))
    return re.sub(r"(?<!\S)@(\w+)", lambda found: f"<@U0{found[1].upper()}|{found[1]}>", sent, flags=re.ASCII)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", Nothing()),
        (" \u00a0\t", Nothing()),
        *((line, Help()) for line in ("help", "HELP", "?", "помощь", "справка", "help new", "score help")),
        *((line, Queue()) for line in ("queue", "Queue!", "очередь", "ОЧЕРЕДЬ")),
        *((line, ScoringRules()) for line in ("rules", "Scoring rules", "правила", "ПРАВИЛА БАЛЛОВ", "скоринг")),
        ("rules Acme", Show("rules Acme")),
        ("Acme", Show("Acme", "account:1")),
        ("acme corp (emea)", Show("Acme Corp (EMEA)", "account:2")),
        ("“Acme”", Show("Acme", "account:1")),
        ("show Acme", Show("Acme", "account:1")),
        ("покажи Ромашка", Show("Ромашка", "account:5")),
        ("«Ромашка»", Show("Ромашка", "account:5")),
        ("3M", Show("3M", "account:6")),
        ("Jane Roe", Show("Jane Roe", "contact:1")),
        ("Jane Roe Acme", Show("Jane Roe", "contact:1")),
        ("<mailto:jane@acme.example|jane@acme.example>", Show("Jane Roe", "contact:1")),
        ("+1 555 0100", Show("Jane Roe", "contact:1")),
        ("Acme Robotics", Show("Acme Robotics")),
        ("Acmee", Show("Acmee")),
        ('"queue"', Show("queue")),
        ("Queue Systems", Show("Queue Systems")),
        ("why Acme", Why("Acme", "account:1")),
        ("Why ACME?", Why("Acme", "account:1")),
        ("почему Ромашка", Why("Ромашка", "account:5")),
        ("claim Acme", Claim("Acme", "account:1")),
        ("CLAIM\u00a0ACME", Claim("Acme", "account:1")),
        ("взять Ромашка", Claim("Ромашка", "account:5")),
        ("беру «Ромашка»", Claim("Ромашка", "account:5")),
        ("claim Newco", Claim("Newco")),
        ("release Acme", Release("Acme", "account:1")),
        ("вернуть Ромашка", Release("Ромашка", "account:5")),
    ],
)
def test_what_shows_takes_and_gives_back(line: str, said: LeadLine) -> None:
    assert reading(line) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "new Acme, Jane Roe, jane@acme.example, +1 555 0100, source webinar",
            New("Acme", "Jane Roe", "jane@acme.example", "+1 555 0100", Source.WEBINAR),
        ),
        (
            "new Newco, source webinar, +1 555 0199, bob@new.example, Bob Stone",
            New("Newco", "Bob Stone", "bob@new.example", "+1 555 0199", Source.WEBINAR),
        ),
        (
            "new Newco, Bob, <mailto:bob@new.example|bob@new.example>, <tel:+15550199|+1 555 0199>",
            New("Newco", "Bob", "bob@new.example", "+15550199"),
        ),
        ("new Newco,Bob,bob@new.example", New("Newco", "Bob", "bob@new.example")),
        ("new Newco;Bob;BOB@New.example", New("Newco", "Bob", "bob@new.example")),
        ("new Newco\nBob Stone\nbob@new.example", New("Newco", "Bob Stone", "bob@new.example")),
        (
            "new Newco bob@new.example +1 555 0199 source ads",
            New("Newco", None, "bob@new.example", "+1 555 0199", Source.ADS),
        ),
        ("new Newco bob@new.example Bob Stone", New("Newco", "Bob Stone", "bob@new.example")),
        ("new Acme Jane Roe", New("Acme", "Jane Roe")),
        ("new Newco from webinar", New("Newco", source=Source.WEBINAR)),
        ("new Newco, webinar", New("Newco", source=Source.WEBINAR)),
        ("new Newco, source: white paper", New("Newco", source=Source.WHITEPAPER)),
        ("new Newco source=referral", New("Newco", source=Source.REFERRAL)),
        ("new Newco, source webinr", New("Newco", source=Source.WEBINAR)),
        ("новый Ромашка, источник вебинар", New("Ромашка", source=Source.WEBINAR)),
        ("новый лид Ромашка, source вебинар", New("Ромашка", source=Source.WEBINAR)),
        ("добавить Ромашка, с сайта", New("Ромашка", source=Source.WEBSITE)),
        ("новый Ромашка источник исходящий поиск", New("Ромашка", source=Source.OUTBOUND)),
        ("new Newco, Bob Stone, CTO", New("Newco", "Bob Stone", title="CTO")),
        ("new Newco, CTO, Bob Stone", New("Newco", "Bob Stone", title="CTO")),
        ("new Newco, Bob Stone (VP Sales)", New("Newco", "Bob Stone", title="VP Sales")),
        ("new Newco, title Purchasing Lead", New("Newco", title="Purchasing Lead")),
        (
            "новый Ромашка, Иван Петров, директор по закупкам",
            New("Ромашка", "Иван Петров", title="директор по закупкам"),
        ),
        ("новый Ромашка, должность: главный бухгалтер", New("Ромашка", title="главный бухгалтер")),
        ("new Newco, 120 employees", New("Newco", employees=120)),
        ("new Newco, 1,200 employees", New("Newco", employees=1200)),
        ("new Newco, size 2k", New("Newco", employees=2000)),
        ("new Newco, 200+ people", New("Newco", employees=200)),
        ("новый Ромашка, 1 200 сотрудников", New("Ромашка", employees=1200)),
        ("новый Ромашка, штат 3 тыс", New("Ромашка", employees=3000)),
        ("new Newco, Germany", New("Newco", country="DE")),
        ("new Newco, country us", New("Newco", country="US")),
        ("новый Ромашка, Россия", New("Ромашка", country="RU")),
        ("new Newco, Jordan, jordan@new.example", New("Newco", "Jordan", "jordan@new.example")),
        ("new Newco, <@U0DANA|dana>", New("Newco", owner="U0DANA")),
        ("new Newco owner <@U0DANA>", New("Newco", owner="U0DANA")),
        ("new Newco - met at the fair, likes 3 calls", New("Newco", note="met at the fair, likes 3 calls")),
        ("new Newco — source foo", New("Newco", note="source foo")),
        ('new Newco, Bob, "asked for a quote today"', New("Newco", "Bob", note="asked for a quote today")),
        ("new Newco, note: call, Bob", New("Newco", "Bob", note="call")),
        ('new "Foo, Bar & Co", Bob', New("Foo, Bar & Co", "Bob")),
        ('new "source webinar"', New("source webinar")),
        ("new “Newco” Bob Stone bob@new.example", New("Newco", "Bob Stone", "bob@new.example")),
        ("new Acme, Inc., Bob", New("Acme, Inc.", "Bob")),
        ("new Acme Corp (EMEA), Bob", New("Acme Corp (EMEA)", "Bob")),
        ("новый ООО «Ёлка», Иван", New("ООО «Ёлка»", "Иван")),
        ("new Area 51 Ltd", New("Area 51 Ltd")),
        ("new Open Source Ltd", New("Open Source Ltd")),
        ("new 3M", New("3M")),
        ("new R&amp;D House", New("R&D House")),
        ("new Newco 🎉", New("Newco 🎉")),
        ("new company Newco", New("Newco")),
    ],
)
def test_a_new_lead(line: str, said: New) -> None:
    assert reading(line) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('score Acme +10 "asked for a quote"', AddPoints("Acme", "account:1", 10, "asked for a quote")),
        ("score Acme +10 “asked for 3 quotes”", AddPoints("Acme", "account:1", 10, "asked for 3 quotes")),
        ("score Acme 10 asked for a quote", AddPoints("Acme", "account:1", 10, "asked for a quote")),
        ("score Acme –5 no budget", AddPoints("Acme", "account:1", -5, "no budget")),
        ("score Acme −5 - no budget", AddPoints("Acme", "account:1", -5, "no budget")),
        ("score Acme +10 points because they called", AddPoints("Acme", "account:1", 10, "they called")),
        ("score +10 Acme asked", AddPoints("Acme", "account:1", 10, "asked")),
        ("score 3M 10 asked", AddPoints("3M", "account:6", 10, "asked")),
        ("score Area 51 +10 asked", AddPoints("Area 51", None, 10, "asked")),
        ("score Acme Corp (EMEA) -100 gone", AddPoints("Acme Corp (EMEA)", "account:2", -100, "gone")),
        ("балл Ромашка +10 за просили КП", AddPoints("Ромашка", "account:5", 10, "просили КП")),
        ("оценка «Ромашка» -5 «нет бюджета»", AddPoints("Ромашка", "account:5", -5, "нет бюджета")),
        ("scoer Acme +10 asked", AddPoints("Acme", "account:1", 10, "asked")),
        ("nurture Acme until 15 jan", Nurture("Acme", "account:1", JANUARY)),
        ("NURTURE ACME UNTIL 15 JAN", Nurture("Acme", "account:1", JANUARY)),
        ("nurture Acme 2027-01-15", Nurture("Acme", "account:1", JANUARY)),
        ("nurture until 15 jan Acme", Nurture("Acme", "account:1", JANUARY)),
        ("nurture Acme till 15.01 - budget in spring", Nurture("Acme", "account:1", JANUARY, "budget in spring")),
        ("nurture Acme fri", Nurture("Acme", "account:1", date(2026, 11, 20))),
        ("nurture Acme in 2 weeks", Nurture("Acme", "account:1", date(2026, 12, 2))),
        ("nurture Acme for 30 days", Nurture("Acme", "account:1", date(2026, 12, 18))),
        ("nurture Acme for 3 months", Nurture("Acme", "account:1", date(2027, 2, 18))),
        ("nurture Friday Ltd until 15 jan", Nurture("Friday Ltd", None, JANUARY)),
        ("прогрев Acme до 15 янв", Nurture("Acme", "account:1", JANUARY)),
        ("прогрев Ромашка на 2 недели", Nurture("Ромашка", "account:5", date(2026, 12, 2))),
        ("прогреть Ромашка через месяц", Nurture("Ромашка", "account:5", date(2026, 12, 18))),
        ("nurtur Acme until 15 jan", Nurture("Acme", "account:1", JANUARY)),
        ("merge Acme into Acme Corp (EMEA)", Merge("Acme", "account:1", "Acme Corp (EMEA)", "account:2")),
        ("merge Acme -> Globex", Merge("Acme", "account:1", "Globex", "account:3")),
        ("merge “Way into Ltd” into Globex", Merge("Way into Ltd", None, "Globex", "account:3")),
        ("объединить Acme с Globex", Merge("Acme", "account:1", "Globex", "account:3")),
        ("слить Newco в Ромашка", Merge("Newco", None, "Ромашка", "account:5")),
    ],
)
def test_what_changes_a_lead(line: str, said: LeadLine) -> None:
    assert reading(line) == said


@pytest.mark.parametrize(
    ("line", "code", "corrected"),
    [
        ("new", "company_missing", "new Acme"),
        ("new jane@acme.example, Bob", "company_missing", "new Acme, Bob, jane@acme.example"),
        ("new Newco Bob Stone bob@x.example", "company_end", "new Newco, Bob Stone, bob@x.example"),
        ("new Acme Bob bob@x.example", "company_end", "new Acme, Bob, bob@x.example"),
        ("new Newco, source foo", "source_unknown", "new Newco, source webinar"),
        ("new Newco, 120", "number_bare", "new Newco, employees 120"),
        ("new Newco, 50-200 employees", "employees_unread", "new Newco"),
        ("new Newco, 0 employees", "employees_unread", "new Newco"),
        ("new Newco, bob@new", "email_unread", "new Newco"),
        ("new Newco, email bob", "email_unread", "new Newco"),
        ("new Newco, phone 12", "phone_unread", "new Newco"),
        ("new Newco, +1 55", "phone_unread", "new Newco"),
        ("new Newco, country Atlantis", "country_unknown", "new Newco"),
        ("new Newco, @dana", "handle", "new Newco"),
        ("new Newco, owner Dana", "owner_unread", "new Newco"),
        ("new Newco, a@b.example, c@d.example", "said_twice", "new Newco, a@b.example"),
        ("new Newco, <@U1|ana> <@U2|bob>", "said_twice", "new Newco, @ana"),
        ("Newco, Bob, bob@new.example", "verb_missing", "new Newco, Bob, bob@new.example"),
        ("quee", "verb_close", "queue"),
        ("scoer Newco", "verb_close", 'score Newco +10 "asked for a quote"'),
        ("<@U0DANA|dana>", "mention_unused", "show Acme"),
        ("claim Acme <@U0DANA|dana>", "mention_unused", "claim Acme"),
        ("@dana", "handle", "show Acme"),
        ("claim", "name_missing", "claim Acme"),
        ("why !", "name_missing", "why Acme"),
        ("score", "name_missing", 'score Acme +10 "asked for a quote"'),
        ("score Acme", "points_missing", 'score Acme +10 "asked for a quote"'),
        ("score Acme +10%", "points_unread", 'score Acme +10 "asked for a quote"'),
        ("score Acme 0 asked", "points_zero", 'score Acme +10 "asked"'),
        ("score Acme 500 asked", "points_range", 'score Acme +100 "asked"'),
        ("score Acme - 10 asked", "points_sign", 'score Acme +10 "asked"'),
        ("score Acme +10", "why_missing", 'score Acme +10 "asked for a quote"'),
        (f"score Acme +10 {'x' * 301}", "why_long", f'score Acme +10 "{"x" * 300}"'),
        ("nurture Acme", "day_missing", "nurture Acme until 2026-12-18"),
        ("nurture until 15 jan", "name_missing", "nurture Acme until 2027-01-15"),
        ("nurture Acme until spring", "day_unread", "nurture Acme until 2026-12-18"),
        ("nurture Acme until 31 nov", "day_impossible", "nurture Acme until 2026-12-18"),
        ("nurture Acme until 03/04", "day_ambiguous", "nurture Acme until 2027-04-03"),
        ("nurture Acme until 2026-11-01", "day_past", "nurture Acme until 2026-12-18"),
        ("nurture Acme until today", "day_past", "nurture Acme until 2026-12-18"),
        ("nurture Acme until 2036-11-01", "day_far", "nurture Acme until 2026-12-18"),
        ("nurture Acme until fri or so", "words_unknown", "nurture Acme until 2026-11-20"),
        ("merge", "name_missing", "merge Acme into Globex"),
        ("merge Acme into", "merge_into_missing", "merge Acme into Globex"),
        ("merge Globex", "merge_into_missing", "merge Globex into Acme"),
        ("merge Acme and Globex", "merge_direction", "merge Acme into Globex"),
        ("merge Acme Globex", "merge_direction", "merge Acme into Globex"),
        ("merge Acme into ACME", "merge_same", "merge Acme into Globex"),
        ("claim " + "x" * 121, "name_long", "claim " + "x" * 120),
        ("x" * 3001, "line_long", "new Acme"),
    ],
)
def test_what_is_asked_back(line: str, code: str, corrected: str) -> None:
    found = asked(line)
    assert (found.problem.code, found.example) == (code, corrected)
    assert not isinstance(reading(as_slack_sends(found.example)), Unclear)


@pytest.mark.parametrize(
    ("line", "understood", "corrected"),
    [
        ("прогрев Ромашка", "прогрев Ромашка", "прогрев Ромашка до 2026-12-18"),
        ("балл Ромашка 10", "балл Ромашка", 'балл Ромашка +10 "просили цену"'),
        ("новый Ромашка, источник чудо, Иван", "новый Ромашка, Иван", "новый Ромашка, Иван, источник вебинар"),
        ("объединить Ромашка", "объединить Ромашка", "объединить Ромашка в Globex"),
        ("взять", "взять", "взять Acme"),
    ],
)
def test_the_answer_is_written_in_the_language_of_the_person(line: str, understood: str, corrected: str) -> None:
    found = asked(line, language="ru")
    assert (found.understood, found.example) == (understood, corrected)


def test_a_known_name_goes_before_the_words_of_the_command() -> None:
    known = Known((ACME, KnownName("a", "Claim Masters"), KnownName("b", "Until 15 Jan"), KnownName("c", "Why")))

    assert reading("claim masters", known=known) == Show("Claim Masters", "a")
    assert reading("claim Claim Masters", known=known) == Claim("Claim Masters", "a")
    assert reading("nurture Until 15 Jan until fri", known=known) == Nurture("Until 15 Jan", "b", date(2026, 11, 20))
    assert reading("why", known=known) == Show("Why", "c")
    assert reading("why Why", known=known) == Why("Why", "c")


def test_of_several_that_are_called_the_same_none_is_taken() -> None:
    assert reading("claim Acme", known=Known((ACME, KnownName("z", "ACME")))) == Claim("Acme")


def test_every_source_is_known_by_its_code_and_in_russian() -> None:
    assert {SOURCES[source] for source in Source} == set(Source)
    assert len({source for phrase, source in SOURCES.items() if not phrase.isascii()}) == len(Source)


VERBS = ["new", "новый", "score", "балл", "nurture", "прогрев", "claim", "merge", "объединить", "why", "show", ""]
PARTS = [
    *("Acme", "ACME", "Acme Corp (EMEA)", "Ромашка", "3M", "Jane Roe", "Newco", "Bob Stone", "Area 51"),
    *('"Acme"', '"New ""Co"" Ltd"', "«ООО Ёлка»", "“a", '""', '" "', "R&amp;D", "Inc.", "Ltd", "GmbH"),
    *("jane@acme.example", "a@b.example", "a@b", "+1 555 0100", "+1 555 0199", "(030) 901820", "+1 55", "120"),
    *("source webinar", "источник вебинар", "source", "source foo", "from ads", "webinar", "с сайта", "src:ads"),
    *("CTO", "title", "title VP Sales", "директор по закупкам", "(CEO)"),
    *("120 employees", "a:b@c.d", "1,200 people", "size 0", "50-200 чел"),
    *("Germany", "Россия", "country", "country Atlantis", "us", "Jordan"),
    *("note x", "note:", "contact: Bob", "company Foo"),
    *("+10", "-5", "10", "0", "500", "-", "—", "--", "+", "10%", "points", "because", "за", "+٣", "²"),
    *("until 15 jan", "до 15 янв", "until", "fri", "31 nov", "03/04", "2020-01-01", "in 2 weeks"),
    *("на месяц", "for 9999 months"),
    *("into", "в", "and", "->", "to", ",", ";", "\n", ", ,", "until spring", "help", "queue", "rules", "scoer"),
    *("<@U1|ana>", "<@U2>", "@dana", "<!channel>", "<#C1|sales>", "&lt;@U1&gt;"),
    *("<https://x.example|x>", "owner", "owner Dana"),
    *("👍", ":+1:", "\u200b", "\u00a0", "\u202e", "İ", "ﷺ", "'", '"', "”", "\x00", "x" * 130),
]
LINES = st.tuples(
    st.sampled_from(VERBS), st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=5)), max_size=9)
).map(lambda parts: " ".join([parts[0], *parts[1]]))
LANGUAGES = st.sampled_from(["en", "ru"])


@EXAMPLES
@given(st.text())
@example("<@U1|")
@example('"' * 50)
@example("score " + "9" * 5_000)
@example("new " + "1" * 200 + " employees")
@example("nurture x for " + "9" * 50 + " months")
def test_every_text_has_a_reading(text: str) -> None:
    assert reading(text) is not None


@EXAMPLES
@given(LINES, LANGUAGES)
@example("new Jane Roe", "en")
@example("new { Acme Acme jane@acme.example", "en")
def test_what_is_asked_is_known_and_its_example_can_be_typed(line: str, language: str) -> None:
    found = reading(line, language=language)
    if isinstance(found, Unclear):
        assert found.problem.code in ASKS
        assert found.understood is None or found.understood.strip()
        again = reading(as_slack_sends(found.example), language=language)
        assert not isinstance(again, Unclear | Nothing | Help), (found, again)


@EXAMPLES
@given(LINES)
def test_what_is_understood_is_sane(line: str) -> None:
    found = reading(line)
    if isinstance(found, AddPoints):
        assert 0 < abs(found.points) <= 100
        assert found.why
    if isinstance(found, Nurture):
        assert found.until > TODAY
    if not isinstance(found, Unclear | Nothing | Help | Queue | ScoringRules | Sources):
        name = found.company if isinstance(found, New) else found.name
        assert any(map(str.isalnum, name))
        assert len(name) <= 120
    ref = getattr(found, "ref", None)
    assert ref is None or REFS[found.name] == ref  # type: ignore[union-attr]


def same(said: LeadLine) -> object:
    """What was said, but for the way it was typed."""
    if isinstance(said, Unclear):
        return said.problem.code
    return type(said), {
        key: name_key(value) if isinstance(value, str) else value for key, value in asdict(said).items()
    }


UNLIKE = set("<&“”\"':İﷺ٣²x")
"""What stands in parts that mean something else in capitals or in other quotes."""
TYPED = st.tuples(
    st.sampled_from(VERBS),
    st.lists(st.sampled_from([part for part in PARTS if part.isprintable() and not set(part) & UNLIKE]), max_size=7),
    st.sampled_from(["", '"asked for it"', '- "no budget"']),
).map(lambda parts: " ".join([parts[0], *parts[1], parts[2]]))  # fmt: skip


@EXAMPLES
@given(TYPED)
@example("new Acme 120 employees -5 ")
def test_case_quotes_dashes_and_spaces_change_nothing(line: str) -> None:
    said = same(reading(line))
    assert same(reading(line.upper())) == said
    assert same(reading(line.lower())) == said
    assert same(reading(line.replace(" ", "\u00a0"))) == said
    assert same(reading(line.replace(" ", "  "))) == said
    assert same(reading(line.replace("-", "–"))) == said
    assert same(reading(re.sub('"([^"]*)"', r"«\1»", line))) == said
    assert same(reading(re.sub('"([^"]*)"', r"“\1”", line))) == said
