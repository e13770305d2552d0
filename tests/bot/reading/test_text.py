"""Typed text: Slack's escapes, quotes, and what folding takes for the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.text import escaped, fold, keyed, plain_text, quoted, read_line, storable
from tests.lengths import length

EXAMPLES = settings(max_examples=length(200, 5_000))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        pytest.param("a &amp; b", "a & b", id="ampersand"),
        pytest.param("5 &lt; 6 &gt; 4", "5 < 6 > 4", id="angle brackets"),
        pytest.param("&amp;lt;", "&lt;", id="unescaped exactly once"),
        pytest.param("&amp;amp;", "&amp;", id="an escaped escape"),
        pytest.param("<@U0DANA|dana>", "@dana", id="mention with its label"),
        pytest.param("<@U0DANA>", "<@U0DANA>", id="mention without a label"),
        pytest.param("<#C1|general>", "#general", id="channel"),
        pytest.param("<#C1>", "<#C1>", id="channel without a label"),
        pytest.param("<#C1|>", "<#C1|>", id="private channel"),
        pytest.param("<!channel>", "<!channel>", id="special mention"),
        pytest.param("<!subteam^S1|@sales>", "@sales", id="user group"),
        pytest.param("<!date^1^{date}|5 Nov>", "5 Nov", id="date"),
        pytest.param("<https://x.example|our CRM>", "https://x.example", id="link under a label"),
        pytest.param("<https://x.example/?a=1&amp;b=2>", "https://x.example/?a=1&b=2", id="link with an ampersand"),
        pytest.param("<http://acme.example|acme.example>", "acme.example", id="link that Slack made"),
        pytest.param("<mailto:jane@acme.example|jane@acme.example>", "jane@acme.example", id="address"),
        pytest.param("<mailto:jane@acme.example|Jane>", "jane@acme.example", id="address under a label"),
        pytest.param("<tel:+15550100|+1 555 0100>", "+15550100", id="phone number"),
        pytest.param("a <b> c", "a <b> c", id="brackets that mean nothing"),
        pytest.param("1 < 2", "1 < 2", id="one bracket"),
        pytest.param("&nbsp; &", "&nbsp; &", id="other entities stay"),
        pytest.param("a\x00b\ud800c", "a b c", id="what no store takes"),
    ],
)
def test_slack_s_escapes_are_undone_once(sent: str, shown: str) -> None:
    assert plain_text(sent) == shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param('call "Acme Corp" 15m', ["call", "Acme Corp", "15m"], id="straight"),
        pytest.param("call “Acme Corp” 15m", ["call", "Acme Corp", "15m"], id="English"),
        pytest.param("call „Acme Corp“ 15m", ["call", "Acme Corp", "15m"], id="German"),
        pytest.param("call «Acme Corp» 15m", ["call", "Acme Corp", "15m"], id="Russian"),
        pytest.param('call “Acme Corp" 15m', ["call", "Acme Corp", "15m"], id="mixed by a keyboard"),
        pytest.param('call "Acme" , 15m', ["call", "Acme", ",", "15m"], id="comma apart"),
        pytest.param('call "Acme",15m', ["call", "Acme", ",15m"], id="comma glued"),
        pytest.param('note "say ""hi"" now"', ["note", 'say "hi" now'], id="doubled inside"),
        pytest.param('«ООО "Ромашка"»', ['ООО "Ромашка"'], id="one kind inside another"),
        pytest.param('a 15" screen', ["a", '15"', "screen"], id="inches"),
        pytest.param('call "Acme 15m', ["call", '"Acme', "15m"], id="never closed"),
        pytest.param('""', [""], id="nothing in quotes"),
        pytest.param("mtg w/Initech w/o Bob", ["mtg", "w/", "Initech", "w/o", "Bob"], id="with, glued"),
        pytest.param("a\u00a0b\u202fc\u3000d\n\te", ["a", "b", "c", "d", "e"], id="spaces of all kinds"),
        pytest.param("hi<@U1|ana>there", ["hi", "@ana", "there"], id="a mention glued to words"),
    ],
)
def test_words_are_cut_at_spaces_quotes_and_mentions(typed: str, said: list[str]) -> None:
    assert [token.text for token in read_line(typed).tokens] == said


def test_a_mention_names_its_user_and_is_no_word() -> None:
    [_, token] = read_line("call <@U0DANA|dana maria>").tokens

    assert (token.user, token.text, token.word, token.plain) == ("U0DANA", "@dana maria", "", "")


def test_a_typed_mention_mentions_nobody() -> None:
    assert [token.user for token in read_line("&lt;@U0DANA&gt;").tokens] == [None]


@pytest.mark.parametrize("dash", ["-", "--", "–", "—", "−", "―"])
def test_dashes_of_all_kinds_are_dashes(dash: str) -> None:
    assert read_line(f"a {dash} b").tokens[1].is_dash


@pytest.mark.parametrize("word", ["-5m", "a-b", "----", '"-"'])
def test_other_words_are_no_dashes(word: str) -> None:
    assert not read_line(word).tokens[0].is_dash


@pytest.mark.parametrize("remark", ["👍", "☎️", ":thumbsup:", ":+1:", "@dana", "#sales", "<!channel>", "👩🏽‍💻"])
def test_emoji_and_handles_are_remarks(remark: str) -> None:
    assert read_line(remark).tokens[0].is_remark


@pytest.mark.parametrize("word", ["Acme", "&", "3M", "jane@acme.example", '"👍"', ":"])
def test_words_are_no_remarks(word: str) -> None:
    assert not read_line(word).tokens[0].is_remark


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ACME", "acme", id="case"),
        pytest.param("Ёлка", "елка", id="ё"),
        pytest.param("Ёлка", "елка", id="ё of two characters"),
        pytest.param("Ａｃｍｅ", "acme", id="width"),
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("“a”", '"a"', id="quotes"),
        pytest.param("a—b", "a-b", id="dashes"),
        pytest.param("don’t", "don't", id="apostrophes"),
        pytest.param("ac\u00adme\u200b", "acme", id="invisible marks"),
        pytest.param("☎\ufe0f", "☎", id="variation selector"),
        pytest.param("👍🏽", "👍", id="skin tone"),
        pytest.param("\u200fאקמי\u200f", "אקמי", id="direction marks"),
    ],
)
def test_folding_takes_for_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@EXAMPLES
@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@EXAMPLES
@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert keyed(keyed(text)) == keyed(text)


@EXAMPLES
@given(st.text(), st.text())
def test_the_key_of_two_words_is_their_keys(one: str, other: str) -> None:
    assert keyed(f"{one} {other}") == f"{keyed(one)} {keyed(other)}".strip()


@EXAMPLES
@given(st.text())
def test_what_is_escaped_is_read_back(text: str) -> None:
    assert plain_text(escaped(storable(text))) == storable(text)


@EXAMPLES
@given(st.text())
def test_what_is_quoted_is_one_word(text: str) -> None:
    [token] = read_line(escaped(quoted(storable(text)))).tokens

    assert token.quoted
    assert token.text == storable(text)


@EXAMPLES
@given(st.text(alphabet=st.sampled_from('ab "“”„«»<>@U1|&;ltgamp-\n\u00a0👍')))
def test_every_word_stands_where_it_says(text: str) -> None:
    line = read_line(text)

    places = [(token.start, token.end) for token in line.tokens]
    assert places == sorted(places)
    assert all(line.text[token.start : token.end].count(token.text) or token.quoted for token in line.tokens)
    between = "".join(
        line.text[end:start]
        for end, start in zip([0, *(end for _, end in places)], [*(s for s, _ in places), len(line.text)], strict=True)
    )
    assert between.strip() == ""
