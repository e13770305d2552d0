"""Lines of `/handoff` and of `/team stuck` as people type them, in English and Russian, and what they say."""

import re
from dataclasses import asdict

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.handoffs.line import read, read_stuck
from bot.handoffs.said import ASKS, Give, HandoffLine, Help, List, Nothing, Stuck, Withdraw
from bot.reading.asked import Unclear
from bot.reading.names import Known, KnownName, name_key
from bot.reading.text import escaped
from tests.bot.activity.lines import ACME, KNOWN
from tests.lengths import length

EXAMPLES = settings(max_examples=length(200, 5_000), deadline=None)
A, CORP, DAISY = "account:1", "account:2", "account:5"


def reading(line: str, *, language: str = "en", known: Known = KNOWN) -> HandoffLine:
    """The line behind `/handoff`."""
    return read(line, language=language, known=known)


def stuck(line: str, *, language: str = "en") -> Stuck | Unclear:
    """The line behind `/team stuck`."""
    return read_stuck(line, language=language, known=KNOWN)


def as_slack_sends(typed: str) -> str:
    """The plain text of an example with the escapes of Slack: those of mentions by name or by id, too."""
    sent = re.sub(r"&lt;@(\w+)&gt;", r"<@\1>", escaped(typed))
    return re.sub(r"(?<!\S)@(\w+)", lambda found: f"<@U0{found[1].upper()}|{found[1]}>", sent, flags=re.ASCII)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", Nothing()),
        (" \u00a0 ", Nothing()),
        *((line, Help()) for line in ("help", "HELP", "?", "помощь", "справка", "withdraw help")),
        *((line, List()) for line in ("list", "List", "mine", "список", "мои", "СПИСОК")),
        ("withdraw Acme", Withdraw("Acme", A)),
        ("Withdraw acme corp (emea)", Withdraw("Acme Corp (EMEA)", CORP)),
        ("withdraw Acme from <@U0DANA|dana>", Withdraw("Acme", A)),
        ("отозвать Acme", Withdraw("Acme", A)),
        ("отозвать «Ромашка»", Withdraw("Ромашка", DAISY)),
        ("отозвать Ромашка у <@U0DANA>", Withdraw("Ромашка", DAISY)),
        ("withdraw Newco", Withdraw("Newco")),
        ("withdrw Acme", Withdraw("Acme", A)),
        ("Acme", Give("Acme", A)),
        ("ACME", Give("Acme", A)),
        ("give Acme", Give("Acme", A)),
        ("передать Ромашка", Give("Ромашка", DAISY)),
        ("Acme Corp (EMEA)", Give("Acme Corp (EMEA)", CORP)),
        ("Jane Roe of Acme", Give("Jane Roe", "contact:1")),
        ("Acme Robotics", Give("Acme Robotics")),
        ("3M", Give("3M", "account:6")),
        ('"list"', Give("list")),
        ("Acme to <@U0DANA|dana>", Give("Acme", A, "U0DANA")),
        ("Acme <@U0DANA|dana>", Give("Acme", A, "U0DANA")),
        ("Acme TO <@U0DANA>", Give("Acme", A, "U0DANA")),
        ("Acme for <@U0DANA|dana>", Give("Acme", A, "U0DANA")),
        ("<@U0DANA|dana> Acme", Give("Acme", A, "U0DANA")),
        ("Acme <@U0DANA|dana> <@U0DANA|dana>", Give("Acme", A, "U0DANA")),
        ("Acme -> <@U0DANA>", Give("Acme", A, "U0DANA")),
        ("Acme для <@U0DANA|dana>", Give("Acme", A, "U0DANA")),
        ("Acme кому <@U0DANA|dana>", Give("Acme", A, "U0DANA")),
        ("кому <@U0DANA> Acme", Give("Acme", A, "U0DANA")),
        ("передать «Ромашка» на <@U0DANA>", Give("Ромашка", DAISY, "U0DANA")),
        ("Acme to specialist - needs an API expert", Give("Acme", A, None, "SPECIALIST", "needs an API expert")),
        ("Acme to a specialist — needs it", Give("Acme", A, None, "SPECIALIST", "needs it")),
        ("Acme to specialist “needs it”", Give("Acme", A, None, "SPECIALIST", "needs it")),
        ('Acme "to specialist"', Give("Acme", A, note="to specialist")),
        ("Acme to CSM", Give("Acme", A, None, "CSM")),
        ("acme to csm", Give("Acme", A, None, "CSM")),
        ("Acme CSM", Give("Acme", A, None, "CSM")),
        ("Acme to customer success", Give("Acme", A, None, "CSM")),
        ("Acme to AE", Give("Acme", A, None, "AE")),
        ("Acme to AE <@U0DANA|dana>", Give("Acme", A, "U0DANA", "AE")),
        ("Acme to <@U0DANA|dana>, CSM", Give("Acme", A, "U0DANA", "CSM")),
        ("Ромашка эксперту - нужен API", Give("Ромашка", DAISY, None, "SPECIALIST", "нужен API")),
        ("Ромашка для эксперта по продажам", Give("Ромашка", DAISY, None, "SPECIALIST")),
        ("Ромашка кому менеджеру по работе с клиентами", Give("Ромашка", DAISY, None, "CSM")),
        ("Acme - ask <@U0DANA|dana> first", Give("Acme", A, note="ask @dana first")),
        ("Acme to <@U0DANA|dana> needs a demo", Give("Acme", A, "U0DANA", note="needs a demo")),
        ("ООО «Ёлка» кому <@U0DANA>", Give("ООО «Ёлка»", None, "U0DANA")),
        ("“Back to Work” to CSM", Give("Back to Work", None, None, "CSM")),
    ],
)
def test_what_a_line_says(line: str, said: HandoffLine) -> None:
    assert reading(line) == said


@pytest.mark.parametrize(
    ("line", "code", "corrected"),
    [
        ("to <@U0DANA|dana>", "name_missing", "Acme to @dana"),
        ("<@U0DANA>", "name_missing", "Acme to <@U0DANA>"),
        ("CSM", "name_missing", "Acme"),
        ("!!!", "name_missing", "Acme"),
        ("withdraw", "name_missing", "withdraw Acme"),
        ("Acme <@U1|ana> <@U2|bob>", "two_people", "Acme to @ana"),
        ("Acme to <@U1|ana> or <@U2|bob>", "two_people", "Acme to @ana"),
        ("Acme to CSM or AE", "two_roles", "Acme to CSM"),
        ("Acme @dana", "handle", "Acme to @dana"),
        ("Acme to Dana", "to_unread", "Acme to @dana"),
        ("Acme кому Дана", "to_unread", "Acme to @dana"),
        ("Acme to SDR - hot", "to_unread", "Acme to @dana - hot"),
        ("Acme to", "to_unread", "Acme to @dana"),
        ("withdraw @dana", "handle", "withdraw Acme"),
        ("withdraw <@U1|ana> Acme", "mention_unused", "withdraw Acme"),
        ("withdrw Newco", "verb_close", "withdraw Newco"),
        ("списк", "verb_close", "list"),
        ("x" * 121, "name_long", "x" * 120),
        ("x" * 3001, "line_long", "Acme"),
    ],
)
def test_what_is_asked_back(line: str, code: str, corrected: str) -> None:
    found = reading(line)
    assert isinstance(found, Unclear), found
    assert (found.problem.code, found.example) == (code, corrected)
    assert not isinstance(reading(as_slack_sends(found.example)), Unclear)


@pytest.mark.parametrize(
    ("line", "corrected"),
    [("Ромашка кому", "Ромашка кому @dana"), ("отозвать", "отозвать Acme"), ("lits", "список")],
)
def test_the_answer_is_written_in_the_language_of_the_person(line: str, corrected: str) -> None:
    found = reading(line, language="ru")
    assert isinstance(found, Unclear), found
    assert found.example == corrected


def test_a_known_name_goes_before_the_words_of_the_command() -> None:
    known = Known((ACME, KnownName("a", "Withdraw to CSM"), KnownName("b", "Give"), KnownName("c", "Acme to Go")))

    assert reading("withdraw to csm", known=known) == Give("Withdraw to CSM", "a")
    assert reading("withdraw Withdraw to CSM", known=known) == Withdraw("Withdraw to CSM", "a")
    assert reading("give", known=known) == Give("Give", "b")
    assert reading("Acme to Go to CSM", known=known) == Give("Acme to Go", "c", None, "CSM")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('Acme "needs a pricing approval"', Stuck("Acme", A, "needs a pricing approval")),
        ("stuck Acme “needs a pricing approval”", Stuck("Acme", A, "needs a pricing approval")),
        ("STUCK ACME needs a pricing approval", Stuck("Acme", A, "needs a pricing approval")),
        ("acme corp (emea): needs it", Stuck("Acme Corp (EMEA)", CORP, "needs it")),
        ("Acme - needs it - now", Stuck("Acme", A, "needs it - now")),
        ('Newco Ltd "needs it"', Stuck("Newco Ltd", None, "needs it")),
        ('"Newco" needs it', Stuck("Newco", None, "needs it")),
        ("Newco — needs it", Stuck("Newco", None, "needs it")),
        ("застряла Ромашка «нужна скидка»", Stuck("Ромашка", DAISY, "нужна скидка")),
        ("Ромашка нужна скидка от <@U0DANA|dana>", Stuck("Ромашка", DAISY, "нужна скидка от @dana")),
    ],
)
def test_what_is_stuck(line: str, said: Stuck) -> None:
    assert stuck(line) == said


@pytest.mark.parametrize(
    ("line", "code", "corrected"),
    [
        ("", "name_missing", 'stuck Acme "needs a pricing approval"'),
        ("stuck", "name_missing", 'stuck Acme "needs a pricing approval"'),
        ("Acme", "what_missing", 'stuck Acme "needs a pricing approval"'),
        ('Acme ""', "what_missing", 'stuck Acme "needs a pricing approval"'),
        ("Newco needs it", "what_missing", 'stuck Newco "needs it"'),
        (f"Acme {'x' * 301}", "what_long", f'stuck Acme "{"x" * 300}"'),
        ('<@U1|ana> "needs it"', "mention_unused", 'stuck Acme "needs it"'),
        ('@dana "needs it"', "handle", 'stuck Acme "needs it"'),
        (f'{"x" * 121} "it"', "name_long", f'stuck {"x" * 120} "it"'),
        ("x" * 3001, "line_long", f'stuck {"x" * 120} "needs a pricing approval"'),
    ],
)
def test_what_is_asked_back_of_what_is_stuck(line: str, code: str, corrected: str) -> None:
    found = stuck(line)
    assert isinstance(found, Unclear), found
    assert (found.problem.code, found.example) == (code, corrected)
    assert isinstance(stuck(as_slack_sends(found.example)), Stuck)


def test_what_is_stuck_is_asked_in_russian() -> None:
    found = stuck("Ромашка", language="ru")
    assert isinstance(found, Unclear)
    assert (found.understood, found.example) == ("застрял Ромашка", 'застрял Ромашка "нужно согласовать цену"')


VERBS = ["", "give", "передать", "withdraw", "отозвать", "withdrw", "list", "help", "stuck", "застрял"]
PARTS = [
    *("Acme", "ACME", "Acme Corp (EMEA)", "Ромашка", "3M", "Jane Roe", "Newco", "of", "Back to Work"),
    *('"Acme"', '"New ""Co"" Ltd"', "«ООО Ёлка»", "“a", '""', '" "', "R&amp;D", "ООО", "jane@acme.example"),
    *("to", "TO", "кому", "для", "for", "на", "->", "from", "and", "or", "или", ",", "to Dana", "кому Дана"),
    *("CSM", "csm", "AE", "specialist", "a specialist", "эксперту", "эксперту по продажам", "SDR", "customer success"),
    *("<@U1|ana>", "<@U2>", "@dana", "@", "<!channel>", "<#C1|sales>", "&lt;@U1&gt;", "<https://x.example|x>"),
    *("-", "—", "--", "needs it", "нужна скидка", ":", "👍", ":+1:", "\u200b", "\u00a0", "\u202e", "İ", "ﷺ"),
    *("'", '"', "”", "\x00", "\n", "x" * 130),
]
LINES = st.tuples(
    st.sampled_from(VERBS), st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=5)), max_size=9)
).map(lambda parts: " ".join([parts[0], *parts[1]]))
LANGUAGES = st.sampled_from(["en", "ru"])


@EXAMPLES
@given(st.text())
@example("<@U1|")
@example('"' * 50)
@example("to " * 500)
def test_every_text_has_a_reading(text: str) -> None:
    assert reading(text) is not None
    assert stuck(text) is not None


@EXAMPLES
@given(LINES, LANGUAGES)
@example("give =", "en")
@example(" ООО", "en")
@example(" ' Acme", "en")
def test_what_is_asked_is_known_and_its_example_can_be_typed(line: str, language: str) -> None:
    for found in (reading(line, language=language), stuck(line, language=language)):
        if isinstance(found, Unclear):
            assert found.problem.code in ASKS
            assert found.understood is None or found.understood.strip()
    found = reading(line, language=language)
    if isinstance(found, Unclear):
        again = reading(as_slack_sends(found.example), language=language)
        assert not isinstance(again, Unclear | Nothing), (found, again)
    about = stuck(line, language=language)
    if isinstance(about, Unclear):
        assert isinstance(stuck(as_slack_sends(about.example), language=language), Stuck), about


@EXAMPLES
@given(LINES)
def test_what_is_understood_is_sane(line: str) -> None:
    refs = {name.name: name.ref for name in KNOWN.names}
    for found in (reading(line), stuck(line)):
        if isinstance(found, Give | Withdraw | Stuck):
            assert any(map(str.isalnum, found.name))
            assert len(found.name) <= 120
            assert found.ref is None or refs[found.name] == found.ref


def same(said: HandoffLine | Stuck) -> object:
    """What was said, but for the way it was typed."""
    if isinstance(said, Unclear):
        return said.problem.code
    return type(said), {key: name_key(str(value)) for key, value in asdict(said).items()}


UNLIKE = set("<&“”\"':İﷺx")
"""What stands in parts that mean something else in capitals or in other quotes."""
TYPED = st.tuples(
    st.sampled_from(VERBS),
    st.lists(
        st.sampled_from(["<@U1>", *(part for part in PARTS if part.isprintable() and not set(part) & UNLIKE)]),
        max_size=7,
    ),
    st.sampled_from(["", '"needs it"', '- "needs it"']),
).map(lambda parts: " ".join([parts[0], *parts[1], parts[2]]))


@EXAMPLES
@given(TYPED)
def test_case_quotes_dashes_and_spaces_change_nothing(line: str) -> None:
    for look in (reading, stuck):
        said = same(look(line))
        assert same(look(line.upper())) == said
        assert same(look(line.lower().replace("<@u1>", "<@U1>"))) == said
        assert same(look(line.replace(" ", "\u00a0"))) == said
        assert same(look(line.replace(" ", "  "))) == said
        assert same(look(re.sub("(?<= )-(?= )", "—", line))) == said
        assert same(look(re.sub('"([^"]*)"', r"«\1»", line))) == said
        assert same(look(re.sub('"([^"]*)"', r"“\1”", line))) == said
