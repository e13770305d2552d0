"""What holds for every line, whatever somebody types."""

from collections.abc import Iterator
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.activity.entry import AskedBack, Entry, Reading, Understood
from bot.activity.limits import MOST_CONFIRMED, MOST_DAYS_AHEAD, MOST_DAYS_BACK, MOST_MINUTES
from bot.activity.line import write
from bot.reading.names import candidate_names
from bot.reading.text import escaped
from tests.bot.activity.lines import KNOWN, NOW, TODAY, reading
from tests.lengths import length

EXAMPLES = settings(max_examples=length(200, 5_000), deadline=None)

KINDS = [
    "call",
    "3 calls",
    "звонок",
    "2 письма",
    "note",
    "intel",
    "разведка",
    "mtg w/",
    "📞",
    "demo",
    "250 calls",
    "foo",
]
PARTS = [
    *("Acme", "ACME", "Acme Corp (EMEA)", "Ромашка", "3M", "Jane Roe", "jane@acme.example", "+1 555 0100", "Acmee"),
    *('"Acme"', '"New ""Co"" Ltd"', "«ООО Ёлка»", "“a", "New Co", "Next", '"next tue x"', '" "', '""', "R&amp;D"),
    *("15m", "1h30", "1,5 ч", "90", "0m", "-5m", "99999m", "13h", "20 мин", "1 h 30", "½h", "٣m"),
    *("yesterday", "fri", "в пятницу", "2026-11-16", "31 nov", "03/04", "10/11", "31 oct", "tomorrow", "2020-01-01"),
    *("9:15", "14:30", "9am", "25:00", "at 9", "в 10"),
    *("connected", "left vm", "не взяли трубку", "busy", "no answer", "konektd", "conected", "call back"),
    *("not connected", "did not", "не", "wasn't busy", ".5h", ",5", "2 hours ago", "two days ago", "days ago", "help"),
    *("-", "—", "--", "- -", "and", "и", ",", "with", "с", "2 emails", "by"),
    *("next", "след", "next tue send quote", "далее завтра 10:00 набрать", "next 2026-12-01 9:00 at 5", "next fri"),
    *("next in 2 hours x", "next 31 nov x", "next 03/04 y", "потом через неделю -", 'next mon "a - b"', "next tue “x"),
    *("<@U1|ana>", "<@U2>", "<!channel>", "<#C1|sales>", "&lt;@U1&gt;", "&amp;lt;", "<https://x.example|x>", "@dana"),
    *(
        "👍",
        ":+1:",
        "👩🏽‍💻",
        "\u200fאקמי\u200f",
        "\u202e",
        "\u200b",
        "\u00a0",
        "ﷺ",
        "ǅ",
        "İ",
        "'",
        '"',
        "”",
        "\x00",
        "\n",
    ),
]
LINES = st.tuples(
    st.sampled_from(KINDS), st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=5)), max_size=9)
).map(lambda parts: " ".join([parts[0], *parts[1]]))


def promised(found: Reading) -> Iterator[Entry]:
    """Every entry that is stored, or that a button would store."""
    if isinstance(found, Understood):
        yield from found.entries
    if isinstance(found, Understood | AskedBack):
        for offer in found.offers:
            yield from offer.entries


@EXAMPLES
@given(st.text())
@example("<@U1|")
@example('"' * 50)
@example("call " + "٣" * 30 + "m")
@example("call Acme ²m ½ Ⅷ next ² x")
def test_every_text_has_a_reading(text: str) -> None:
    assert reading(text) is not None
    assert len(candidate_names(text)) <= 200


@EXAMPLES
@given(LINES)
def test_what_is_stored_happened_within_ninety_days_and_has_a_sane_size(line: str) -> None:
    for entry in promised(reading(line)):
        assert TODAY - timedelta(days=MOST_DAYS_BACK) <= entry.day <= TODAY
        assert entry.at is None or entry.day < TODAY or entry.at <= NOW.time()
        assert entry.minutes is None or 1 <= entry.minutes <= MOST_MINUTES
        assert 1 <= entry.count <= MOST_CONFIRMED


@EXAMPLES
@given(LINES)
def test_what_comes_next_lies_ahead_and_says_what(line: str) -> None:
    found = reading(line)
    offers = found.offers if isinstance(found, AskedBack) else ()
    reminded = [offer.reminder.follow_up for offer in offers if offer.reminder]
    planned = [entry.follow_up for entry in promised(found) if entry.follow_up]
    for step in [*reminded, *planned]:
        assert TODAY <= step.day <= TODAY + timedelta(days=MOST_DAYS_AHEAD)
        assert step.at is None or step.day > TODAY or step.at > NOW.time()
        assert step.what


@EXAMPLES
@given(LINES, st.sampled_from(["en", "ru"]))
@example('call Acme - "a" and "b"', "en")
@example('call Acme - say "next tue" x next tue y', "en")
@example('call Acme - "', "en")
@example("call Acme next tue at 5 ring", "en")
@example("call Acme - - next tue -", "en")
@example('call "a ""b"" <!channel>" - &lt;&amp;amp;&gt;', "ru")
@example("note next", "en")
@example('call Acme next tue "noon meeting"', "en")
@example('call Acme next tue 9:00 "pm x"', "en")
@example("call Acme “a next 2026-12-01 9:00 at 5", "en")
@example("call ٣m", "en")
@example('note " next tue “x next tue “x', "en")
@example("200 calls", "ru")
def test_an_entry_written_as_a_line_is_read_back(line: str, language: str) -> None:
    for entry in promised(reading(line)):
        if entry.count <= 200:
            written = write(entry, language=language)
            again = reading(written)
            assert isinstance(again, Understood), written
            assert again.entries == (entry,), written


@EXAMPLES
@given(LINES, st.sampled_from(["en", "ru"]))
def test_the_example_in_an_answer_can_be_typed(line: str, language: str) -> None:
    found = reading(line, language=language)
    if isinstance(found, AskedBack) and found.example:
        assert isinstance(reading(escaped(found.example)), Understood), found.example


@EXAMPLES
@given(LINES)
def test_a_name_is_either_known_or_new(line: str) -> None:
    refs = {name.ref: name.name for name in KNOWN.names}
    for entry in promised(reading(line)):
        assert entry.who is None or entry.who.ref is None or refs[entry.who.ref] == entry.who.name
        assert entry.who is None or entry.who.name.strip()


@EXAMPLES
@given(LINES)
def test_every_known_name_that_is_found_was_asked_for(line: str) -> None:
    candidates = candidate_names(line)
    for entry in promised(reading(line)):
        if entry.who and entry.who.ref and not isinstance(reading(line), AskedBack):
            [known] = [name for name in KNOWN.names if name.ref == entry.who.ref]
            assert any(known in KNOWN.named(key) for key in candidates)
