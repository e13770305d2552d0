"""Lines of `/log` as people type them, and what they say."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.activity.entry import AskedBack, Entry, FollowUp, Offer, Problem, Reminder, Understood, Verb, Who
from bot.activity.vocabulary import STANDARD, Term
from bot.reading.names import Known, KnownName
from tests.bot.activity.lines import ACME, JANE, KNOWN, NOW, WHO, a_step, an_entry, asked, reading, understood

MEETING, EMAIL, DEMO, SOCIAL, NOTE, INTEL = "meeting", "email", "demo", "social", "note", "intel"


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        pytest.param(
            "call Acme 15m connected - wants pricing by Friday next tue send quote",
            an_entry(
                "call",
                "Acme",
                15,
                "connected",
                note="wants pricing by Friday",
                follow_up=a_step("2026-11-24", "send quote"),
            ),
            id="1",
        ),
        pytest.param("звонок Acme 15м дозвонился", an_entry("call", "Acme", 15, "connected"), id="2"),
        pytest.param("3 calls", an_entry("call", count=3), id="3"),
        pytest.param("12 dials", an_entry("call", count=12), id="4"),
        pytest.param("email Globex yesterday", an_entry(EMAIL, "Globex", day="2026-11-17"), id="5"),
        pytest.param("demo Initech 45m 9:15", an_entry(DEMO, "Initech", 45, at="09:15"), id="6"),
        pytest.param("CALL ACME 15M NO ANSWER", an_entry("call", "Acme", 15, "no-answer"), id="7"),
        pytest.param("call “Acme Corp (EMEA)” vm", an_entry("call", "Acme Corp (EMEA)", None, "voicemail"), id="8"),
        pytest.param("  call    Acme  ", an_entry("call", "Acme"), id="9"),
        pytest.param("call Acme — left a message", an_entry("call", "Acme", note="left a message"), id="10"),
        pytest.param("call acme 1h30 connected", an_entry("call", "Acme", 90, "connected"), id="11"),
        pytest.param("звонок Ромашка 1,5 ч", an_entry("call", "Ромашка", 90), id="12"),
        pytest.param("звонок «Ромашка» 20 мин не взяли трубку", an_entry("call", "Ромашка", 20, "no-answer"), id="13"),
        pytest.param("встреча Initech вчера 2ч", an_entry(MEETING, "Initech", 120, day="2026-11-17"), id="14"),
        pytest.param("mtg w/ Initech 30 min", an_entry(MEETING, "Initech", 30), id="15"),
        pytest.param("📞 Acme 👍", an_entry("call", "Acme", note="👍"), id="16"),
        pytest.param("call <@U0DANA> Acme 10m", an_entry("call", "Acme", 10, colleagues=("U0DANA",)), id="17"),
        pytest.param(
            "call <mailto:jane@acme.example|jane@acme.example> 10m", an_entry("call", "Jane Roe", 10), id="18"
        ),
        pytest.param("call +1 555 0100 voicemail", an_entry("call", "Jane Roe", None, "voicemail"), id="19"),
        pytest.param("call Acme busy mon", an_entry("call", "Acme", None, "busy", day="2026-11-16"), id="20"),
        pytest.param("email Globex 2026-11-16", an_entry(EMAIL, "Globex", day="2026-11-16"), id="21"),
        pytest.param(
            "call Acme Friday 9:30 connected",
            an_entry("call", "Acme", None, "connected", day="2026-11-13", at="09:30"),
            id="22",
        ),
        pytest.param(
            'note Acme - "moving office, next week is bad"',
            an_entry(NOTE, "Acme", note="moving office, next week is bad"),
            id="23",
        ),
        pytest.param(
            "intel Globex - rival cut prices by 20%", an_entry(INTEL, "Globex", note="rival cut prices by 20%"), id="24"
        ),
        pytest.param("разведка - у конкурента скидка 20 %", an_entry(INTEL, note="у конкурента скидка 20 %"), id="25"),
        pytest.param(
            "call Acme callback next tmrw 9am call back",
            an_entry("call", "Acme", None, "callback", follow_up=a_step("2026-11-19", "call back", "09:00")),
            id="26",
        ),
        pytest.param(
            "звонок Acme - хочет цену след вт отправить КП",
            an_entry("call", "Acme", note="хочет цену", follow_up=a_step("2026-11-24", "отправить КП")),
            id="27",
        ),
        pytest.param(
            "звонок Acme перезвонить далее завтра 10:00 набрать Джейн",
            an_entry("call", "Acme", None, "callback", follow_up=a_step("2026-11-19", "набрать Джейн", "10:00")),
            id="28",
        ),
        pytest.param("call 3M 10m", an_entry("call", "3M", 10), id="29"),
        pytest.param("2 писма Globex", an_entry(EMAIL, "Globex", count=2), id="30"),
        pytest.param("li msg Jane Roe", an_entry(SOCIAL, "Jane Roe"), id="31"),
        pytest.param("call Acme 15m konektd", an_entry("call", "Acme", 15, note="konektd"), id="34"),
    ],
)
def test_the_ways_of_the_trade(line: str, entry: Entry) -> None:
    assert understood(line) == entry


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        pytest.param("", Verb.FORM, id="bare"),
        pytest.param(" \u00a0\t ", Verb.FORM, id="only spaces"),
        *((pytest.param(line, Verb.HELP, id=line)) for line in ("help", "HELP", "?", "помощь", "справка")),
        *((pytest.param(line, Verb.TODAY, id=line)) for line in ("today", "сегодня", "Today")),
        *((pytest.param(line, Verb.WEEK, id=line)) for line in ("week", "неделя", "my  week")),
        *((pytest.param(line, Verb.UNDO, id=line)) for line in ("undo", "отмена", "отменить")),
    ],
)
def test_verbs(line: str, verb: Verb) -> None:
    assert reading(line) is verb


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        # kinds
        ("calls", an_entry("call")),
        ("called Acme", an_entry("call", "Acme")),
        ("a call with Acme", an_entry("call", "Acme")),
        ("cold call Acme", an_entry("call", "Acme")),
        ("cal Acme", an_entry("call", "Acme")),
        ("emial Acme", an_entry(EMAIL, "Acme")),
        ("встречи Acme", an_entry(MEETING, "Acme")),
        ("встречу с Acme", an_entry(MEETING, "Acme")),
        ("демо для Acme 1 час", an_entry(DEMO, "Acme", 60)),
        ("5 звонков недозвон", an_entry("call", None, None, "no-answer", count=5)),
        ("3x calls", an_entry("call", count=3)),
        (":telephone_receiver: Acme", an_entry("call", "Acme")),
        ("☎️ Acme", an_entry("call", "Acme")),
        ("✉ Acme", an_entry(EMAIL, "Acme")),
        ("call: Acme, 15m, connected.", an_entry("call", "Acme", 15, "connected")),
        ("ｃａｌｌ Acme", an_entry("call", "Acme")),
        # the rest in any order
        ("call connected 15m yesterday Acme", an_entry("call", "Acme", 15, "connected", day="2026-11-17")),
        ("call 9:30 mon Acme", an_entry("call", "Acme", day="2026-11-16", at="09:30")),
        ("call to Acme for 15 min", an_entry("call", "Acme", 15)),
        ("call Acme at 9", an_entry("call", "Acme", at="09:00")),
        ("звонок в Ромашка в 9", an_entry("call", "Ромашка", at="09:00")),
        ("звонок в Ромашка в пятницу за 15 мин", an_entry("call", "Ромашка", 15, day="2026-11-13")),
        ("call Acme Fri 13 Nov", an_entry("call", "Acme", day="2026-11-13")),
        ("call Acme 10:00", an_entry("call", "Acme", at="10:00")),
        # outcomes
        ("call Acme left a vm", an_entry("call", "Acme", None, "voicemail")),
        ("call Acme didn’t pick up", an_entry("call", "Acme", None, "no-answer")),
        ("call Acme call back", an_entry("call", "Acme", None, "callback")),
        ("call Acme wrong number", an_entry("call", "Acme", None, "wrong-number")),
        ("call Acme wrong-number", an_entry("call", "Acme", None, "wrong-number")),
        ("звонок Acme не тот номер", an_entry("call", "Acme", None, "wrong-number")),
        ("звонок Acme просили перезвонить", an_entry("call", "Acme", None, "callback")),
        ("звонок Acme не берёт трубку", an_entry("call", "Acme", None, "no-answer")),
        # a slip of the finger in a word of ours
        ("call Acme conected", an_entry("call", "Acme", None, "connected")),
        ("call Acme no answr", an_entry("call", "Acme", None, "no-answer")),
        ("call Acme yesteday", an_entry("call", "Acme", day="2026-11-17")),
        ("call Acme 15 minuts", an_entry("call", "Acme", 15)),
        ("звонок Acme дозвонилсь", an_entry("call", "Acme", None, "connected")),
        ("call Newco conected 15 minuts", an_entry("call", "Newco", 15, "connected")),
        ("call Acme email", an_entry("call", "Acme", note="email")),
        ("звонок Acme отметил проблему", an_entry("call", "Acme", note="отметил проблему")),
        ("call Acme answer", an_entry("call", "Acme", note="answer")),
        # names
        ("call Acme Corp (EMEA) 15m", an_entry("call", "Acme Corp (EMEA)", 15)),
        ("call acme corp emea", an_entry("call", "Acme Corp (EMEA)")),
        ("call New Company Ltd 15m", an_entry("call", "New Company Ltd", 15)),
        ("call Johnson & Johnson 15m", an_entry("call", "Johnson & Johnson", 15)),
        ("call Area 51 Ltd", an_entry("call", "Area 51 Ltd")),
        ("call Foo 🎉", an_entry("call", "Foo", note="🎉")),
        ("call Foo 15m Bar", an_entry("call", "Foo", 15, note="Bar")),
        ('call "Acmee" 10m', an_entry("call", "Acmee", 10)),
        ('call "15m" 10m', an_entry("call", "15m", 10)),
        ('call "yesterday"', an_entry("call", "yesterday")),
        ("call <http://new.example|new.example> 5m", an_entry("call", "new.example", 5)),
        ("call bob@new.example 5m", an_entry("call", "bob@new.example", 5)),
        ("call +49 30 901820 5m", an_entry("call", "+49 30 901820", 5)),
        ("call Jane Roe Acme", an_entry("call", "Jane Roe")),
        ("call Acme, Jane Roe", an_entry("call", "Jane Roe")),
        # colleagues
        ("mtg <@U1|ana> and <@U2> Acme", an_entry(MEETING, "Acme", colleagues=("U1", "U2"))),
        ("mtg <@U1|ana> <@U1>", an_entry(MEETING, colleagues=("U1",))),
        ("mtg @ana Acme", an_entry(MEETING, "Acme", note="@ana")),
        # notes
        ("call Acme -", an_entry("call", "Acme")),
        ("call Acme - - x", an_entry("call", "Acme", note="- x")),
        ("call Acme -- x", an_entry("call", "Acme", note="x")),
        ("call Acme nice people - wants a call", an_entry("call", "Acme", note="nice people - wants a call")),
        ("call Acme - ask <@U1|ana>", an_entry("call", "Acme", note="ask @ana")),
        ("call Acme - ask <@U1> in <#C1|sales>", an_entry("call", "Acme", note="ask <@U1> in #sales")),
        ("call Acme - <!channel> R&amp;D &lt;3", an_entry("call", "Acme", note="<!channel> R&D <3")),
        ("call Acme - see <https://x.example|x>", an_entry("call", "Acme", note="see https://x.example")),
        ("call Acme - “Ёлка” – 20 %", an_entry("call", "Acme", note="“Ёлка” – 20 %")),
        ("call Acme wants pricing by Friday", an_entry("call", "Acme", note="wants pricing by Friday")),
        ("note Acme moving office", an_entry(NOTE, "Acme", note="moving office")),
        ("note moved to 3 calls and 2 emails", an_entry(NOTE, note="moved to 3 calls and 2 emails")),
        ("note yesterday Acme raised 20m today", an_entry(NOTE, "Acme", day="2026-11-17", note="raised 20m today")),
        ('intel "cut prices"', an_entry(INTEL, note="cut prices")),
        ('intel "Rival" - cut prices', an_entry(INTEL, "Rival", note="cut prices")),
    ],
)
def test_what_a_line_says(line: str, entry: Entry) -> None:
    assert understood(line) == entry


@pytest.mark.parametrize(
    ("line", "note", "step"),
    [
        ("call Acme next tue send quote", None, a_step("2026-11-24", "send quote")),
        ("call Acme next tue send quote - wants pricing", "wants pricing", a_step("2026-11-24", "send quote")),
        ("call Acme - x next 9am tmrw ring", "x", a_step("2026-11-19", "ring", "09:00")),
        ("call Acme - x next wed send", "x", a_step("2026-11-25", "send")),
        ("call Acme - a next mon b next tue c", "a next mon b", a_step("2026-11-24", "c")),
        ("call Acme - what is next for us", "what is next for us", None),
        ("call Acme - wants it next fri", "wants it next fri", None),
        ("call Acme - x next 31 nov send", "x next 31 nov send", None),
        ("call Acme - moving, next week is bad", "moving,", a_step("2026-11-23", "is bad")),
        ('call Acme - x next tue "ask - then call"', "x", a_step("2026-11-24", "ask - then call")),
        ("call Acme - x next in 2 hours ring", "x", a_step("2026-11-18", "ring", "12:00")),
        ("call Acme next 15 jan renew", None, a_step("2027-01-15", "renew")),
        ("звонок Acme потом через неделю уточнить", None, a_step("2026-11-25", "уточнить")),
        (
            "звонок Acme - думают далее в следующий вторник в 10 набрать",
            "думают",
            a_step("2026-11-24", "набрать", "10:00"),
        ),
        ("call Acme next tue: send it", None, a_step("2026-11-24", "send it")),
        ("call Acme next tue call Globex", None, a_step("2026-11-24", "call Globex")),
    ],
)
def test_the_next_step_is_taken_where_when_and_what_are_said(
    line: str, note: str | None, step: FollowUp | None
) -> None:
    assert understood(line) == an_entry("call", "Acme", note=note, follow_up=step)


@pytest.mark.parametrize(
    ("line", "problem", "field", "offered"),
    [
        pytest.param(
            "call Acme tomorrow", ("day_future", {"day": date(2026, 11, 19)}), "day", ["make_follow_up"], id="tomorrow"
        ),
        pytest.param(
            "demo Initech 45m 14:30",
            ("time_future", {"day": date(2026, 11, 18), "at": time(14, 30)}),
            "time",
            ["yesterday_at", "make_follow_up_at"],
            id="later today",
        ),
        pytest.param(
            "call Acme 2026-08-01",
            ("day_old", {"day": date(2026, 8, 1), "days": 109, "limit": 90}),
            "day",
            [],
            id="109 days back",
        ),
        pytest.param("call Acme 90", ("number_bare", {"number": "90"}), "duration", ["minutes"], id="no unit"),
        pytest.param(
            "call Acmee 10m",
            ("who_close", {"name": "Acmee", "names": ("Acme",)}),
            "who",
            ["take_name", "new_name"],
            id="close spelling",
        ),
        pytest.param(
            "3 звонка и 2 письма", ("two_kinds", {"kinds": ("call", "email")}), "kind", ["store_both"], id="two kinds"
        ),
        pytest.param(
            "500 calls", ("count_large", {"count": 500, "limit": 200}), "count", ["confirm_count"], id="500 calls"
        ),
        pytest.param(
            "call Acme 25h", ("duration_long", {"minutes": 1500, "hours": 12}), "duration", [], id="longer than a day"
        ),
        pytest.param(
            "call Acme next fri", ("follow_up_what", {"day": date(2026, 11, 20)}), "next_what", [], id="without WHAT"
        ),
        # beyond the trade's table
        pytest.param(
            "call Acme fri 20 nov",
            ("day_future", {"day": date(2026, 11, 20)}),
            "day",
            ["make_follow_up"],
            id="a day ahead",
        ),
        pytest.param("call Acme 31 nov", ("day_impossible", {"text": "31 nov"}), "day", [], id="31 nov"),
        pytest.param("call Acme 2026-02-30", ("day_impossible", {"text": "2026-02-30"}), "day", [], id="30 feb"),
        pytest.param(
            "call Acme 10/11",
            ("day_ambiguous", {"text": "10/11", "days": (date(2026, 11, 10), date(2026, 10, 11))}),
            "day",
            ["day", "day"],
            id="10/11",
        ),
        pytest.param(
            "call Acme mon yesterday",
            ("two_days", {"text": "mon", "days": (date(2026, 11, 16), date(2026, 11, 17))}),
            "day",
            ["day", "day"],
            id="two days",
        ),
        pytest.param("call Acme 25:00", ("time_impossible", {"text": "25:00"}), "time", [], id="25:00"),
        pytest.param(
            "call Acme 9:00 9:30",
            ("two_times", {"times": (time(9), time(9, 30))}),
            "time",
            ["time", "time"],
            id="two times",
        ),
        pytest.param("call Acme 0m", ("duration_zero", {}), "duration", [], id="0m"),
        pytest.param("call Acme -5m", ("duration_negative", {"minutes": -5}), "duration", [], id="-5m"),
        pytest.param(
            "call Acme 99999m", ("duration_long", {"minutes": 99999, "hours": 12}), "duration", [], id="99999m"
        ),
        pytest.param("call Acme 721m", ("duration_long", {"minutes": 721, "hours": 12}), "duration", [], id="721m"),
        pytest.param(
            "call Acme 15m 20m",
            ("two_durations", {"minutes": (15, 20)}),
            "duration",
            ["minutes", "minutes"],
            id="two lengths",
        ),
        pytest.param("call Acme 900", ("number_bare", {"number": "900"}), "duration", [], id="900"),
        pytest.param("calls 3", ("number_bare", {"number": "3"}), "duration", ["minutes", "count"], id="calls 3"),
        pytest.param("0 calls", ("count_zero", {}), "count", [], id="0 calls"),
        pytest.param("-3 calls", ("count_negative", {"count": -3}), "count", [], id="-3 calls"),
        pytest.param(
            "201 calls", ("count_large", {"count": 201, "limit": 200}), "count", ["confirm_count"], id="201 calls"
        ),
        pytest.param("1001 calls", ("count_absurd", {"count": 1001, "limit": 1000}), "count", [], id="1001 calls"),
        pytest.param(
            "call Acme busy connected",
            ("two_outcomes", {"outcomes": ("busy", "connected")}),
            "outcome",
            ["outcome", "outcome"],
            id="two outcomes",
        ),
        pytest.param(
            "call Acme and Globex",
            ("two_names", {"names": ("Acme", "Globex")}),
            "who",
            ["take_name", "take_name", "store_both"],
            id="two names",
        ),
        pytest.param(
            "call " + "very " * 30 + "long",
            ("name_long", {"length": 154, "limit": 120}),
            "who",
            ["as_note"],
            id="a sentence for a name",
        ),
        pytest.param("note Acme", ("note_missing", {"kind": "note"}), "note", [], id="an empty note"),
        pytest.param("разведка", ("note_missing", {"kind": "intel"}), "note", [], id="empty intel"),
        pytest.param(
            "call Acme - " + "x" * 3001, ("note_long", {"length": 3001, "limit": 3000}), "note", [], id="a long note"
        ),
        pytest.param(
            "call Acme - " + "x" * 10_000,
            ("line_long", {"length": 10_012, "limit": 10_000}),
            "note",
            [],
            id="a long line",
        ),
        pytest.param(
            "call Acme next 2026-11-01 send",
            ("follow_up_past", {"day": date(2026, 11, 1)}),
            "next_day",
            [],
            id="a step behind us",
        ),
        pytest.param(
            "call Acme next today 9am send",
            ("follow_up_time_past", {"day": date(2026, 11, 18), "at": time(9)}),
            "next_time",
            [],
            id="a step this morning",
        ),
        pytest.param(
            "call Acme next 2030-01-01 send",
            ("follow_up_far", {"day": date(2030, 1, 1), "last": date(2028, 11, 17)}),
            "next_day",
            [],
            id="a step too far",
        ),
        pytest.param(
            "call Acme next 31 nov send",
            ("follow_up_day_impossible", {"text": "31 nov"}),
            "next_day",
            [],
            id="a step on 31 nov",
        ),
        pytest.param(
            "call Acme next tue 25:00 send",
            ("follow_up_time_impossible", {"text": "tue 25:00"}),
            "next_time",
            [],
            id="a step at 25:00",
        ),
        pytest.param(
            "call Acme next 03/04 send",
            ("follow_up_day_ambiguous", {"text": "03/04", "days": (date(2027, 4, 3), date(2027, 3, 4))}),
            "next_day",
            ["day", "day"],
            id="a step on 03/04",
        ),
        pytest.param(
            "call Acme next tue " + "x" * 301,
            ("follow_up_what_long", {"length": 301, "limit": 300}),
            "next_what",
            [],
            id="a long step",
        ),
        pytest.param(
            "foo Acme 15m",
            ("kind_unknown", {"word": "foo"}),
            "kind",
            ["kind", "kind", "kind", "kind"],
            id="no kind of ours",
        ),
        pytest.param("metngs Acme 15m", ("kind_unknown", {"word": "metngs"}), "kind", ["kind"], id="a kind misspelt"),
        pytest.param("Acme call 15m", ("kind_unknown", {"word": "Acme"}), "kind", ["kind"], id="a kind further behind"),
    ],
)
def test_what_cannot_be_stored_is_asked_back(
    line: str, problem: tuple[str, dict[str, object]], field: str, offered: list[str]
) -> None:
    found = asked(line)

    assert found.problem == Problem(*problem)
    assert found.field == field
    assert [offer.label.removeprefix("log.offer.") for offer in found.offers] == offered


@pytest.mark.parametrize(
    ("line", "place", "entries"),
    [
        ("demo Initech 45m 14:30", 0, [an_entry(DEMO, "Initech", 45, day="2026-11-17", at="14:30")]),
        ("call Acme 90 - nice", 0, [an_entry("call", "Acme", 90, note="nice")]),
        ("calls 3", 1, [an_entry("call", count=3)]),
        ("call Acmee 10m", 0, [an_entry("call", "Acme", 10)]),
        ("call Acmee 10m", 1, [an_entry("call", "Acmee", 10)]),
        ("3 звонка и 2 письма", 0, [an_entry("call", count=3), an_entry(EMAIL, count=2)]),
        (
            "3 calls, 2 emails and a demo Acme yesterday",
            0,
            [
                an_entry("call", "Acme", count=3, day="2026-11-17"),
                an_entry(EMAIL, "Acme", count=2, day="2026-11-17"),
                an_entry(DEMO, "Acme", day="2026-11-17"),
            ],
        ),
        (
            "call and email Acme yesterday - nice next tue ring",
            0,
            [
                an_entry("call", "Acme", day="2026-11-17"),
                an_entry(EMAIL, "Acme", day="2026-11-17", note="nice", follow_up=a_step("2026-11-24", "ring")),
            ],
        ),
        ("500 calls", 0, [an_entry("call", count=500)]),
        ("call Acme busy connected 15m", 1, [an_entry("call", "Acme", 15, "connected")]),
        (
            "call Acme and Globex busy",
            2,
            [an_entry("call", "Acme", None, "busy"), an_entry("call", "Globex", None, "busy")],
        ),
        ("foo Acme 15m", 1, [an_entry(EMAIL, "Acme", 15, note="foo")]),
        ("metngs Acme 15m", 0, [an_entry(MEETING, "Acme", 15)]),
        ("Acme call 15m - nice", 0, [an_entry("call", "Acme", 15, note="nice")]),
        ("call Acme next 03/04 send", 1, [an_entry("call", "Acme", follow_up=a_step("2027-03-04", "send"))]),
    ],
)
def test_an_offer_holds_the_entries_that_it_promises(line: str, place: int, entries: list[Entry]) -> None:
    assert list(asked(line).offers[place].entries) == entries


@pytest.mark.parametrize(
    ("line", "reminder"),
    [
        ("call Acme tomorrow", Reminder(WHO["Acme"], a_step("2026-11-19", "call"))),
        (
            "call Acme tomorrow 9am - ask for the order",
            Reminder(WHO["Acme"], a_step("2026-11-19", "call - ask for the order", "09:00")),
        ),
        ("demo Initech 14:30", Reminder(WHO["Initech"], a_step("2026-11-18", "demo", "14:30"))),
        ("call tomorrow", Reminder(None, a_step("2026-11-19", "call"))),
    ],
)
def test_what_lies_ahead_is_offered_as_a_follow_up(line: str, reminder: Reminder) -> None:
    assert asked(line).offers[-1].reminder == reminder


@pytest.mark.parametrize(
    "line", ["call Acmee tomorrow", "call Acme tomorrow next tue ring", "call Acme 15m 20m tomorrow"]
)
def test_no_follow_up_is_offered_while_something_else_is_open(line: str) -> None:
    assert [offer for offer in asked(line).offers if offer.reminder] == []


def test_the_follow_up_of_a_russian_line_is_worded_in_russian() -> None:
    found = reading("звонок Acme завтра", language="ru")

    assert isinstance(found, AskedBack)
    assert found.offers[0].reminder == Reminder(WHO["Acme"], a_step("2026-11-19", "звонок"))


@pytest.mark.parametrize(
    ("line", "example"),
    [
        ("call Acme tomorrow", "call Acme"),
        ("demo Initech 45m 14:30", "demo Initech 45m 2026-11-17 14:30"),
        ("call Acme 90", "call Acme 1h30"),
        ("call Acme next fri", "call Acme next 2026-11-20 send the quote"),
        ("500 calls", "200 calls"),
        ("call Acmee 10m", "call Acme 10m"),
        ("note Acme", "note Acme - they asked for a discount"),
        ("3 звонка и 2 письма", "3 calls"),
        ('call "R&amp;D" 0m', 'call "R&D"'),
        ("call <@U1> Acme 0m", "call Acme"),
        ("foo Acme 15m", "call Acme 15m - foo"),
    ],
)
def test_a_corrected_line_is_shown(line: str, example: str) -> None:
    assert asked(line).example == example


@pytest.mark.parametrize(
    ("line", "partial"),
    [
        ("call Acme 15m tomorrow - nice", an_entry("call", "Acme", 15, note="nice")),
        ("call Acme 99999m busy", an_entry("call", "Acme", None, "busy")),
        ("call Acme next fri", an_entry("call", "Acme", follow_up=a_step("2026-11-20", ""))),
        ("foo Acme 15m", an_entry("", "Acme", 15, note="foo")),
        ("call Acmee 10m", an_entry("call", "Acmee", 10)),
    ],
)
def test_what_was_understood_is_kept(line: str, partial: Entry) -> None:
    assert asked(line).partial == partial


def test_what_sounds_like_an_outcome_is_offered_for_the_stored_line() -> None:
    found = reading("call Acme 15m konektd - nice")

    assert isinstance(found, Understood)
    assert found.entries == (an_entry("call", "Acme", 15, note="konektd - nice"),)
    assert found.offers == (
        Offer(
            "log.offer.outcome",
            {"outcome": "connected"},
            (an_entry("call", "Acme", 15, "connected", note="nice"),),
            amends=True,
        ),
    )


def test_a_known_name_that_goes_on_is_offered_as_a_longer_new_one() -> None:
    found = reading("call Acme Foods 15m")

    assert isinstance(found, Understood)
    assert found.entries == (an_entry("call", "Acme", 15, note="Foods"),)
    assert found.offers == (
        Offer("log.offer.new_name", {"name": "Acme Foods"}, (an_entry("call", "Acme Foods", 15),), amends=True),
    )


@pytest.mark.parametrize("line", ["call Acme nice people", "CALL ACME FOODS", "call Acme 15m Foods"])
def test_other_words_behind_a_known_name_are_only_remarks(line: str) -> None:
    found = reading(line)

    assert isinstance(found, Understood)
    assert found.offers == ()


def test_a_name_that_is_also_a_word_of_ours_yields_to_another_name() -> None:
    known = Known((ACME, KnownName("account:9", "Monday")))

    alone, together = (reading(line, known=known) for line in ("call Monday 15m", "call Acme Monday 15m"))

    assert isinstance(alone, Understood)
    assert alone.entries == (replace(an_entry("call", None, 15), who=Who("Monday", "account:9")),)
    assert isinstance(together, Understood)
    assert together.entries == (an_entry("call", "Acme", 15, day="2026-11-16"),)


def test_namesakes_are_told_apart_by_what_is_known_of_them() -> None:
    twins = Known((replace(JANE, detail="Acme"), KnownName("contact:2", "Jane Roe", detail="Globex")))

    found = reading("call Jane Roe 15m", known=twins)

    assert isinstance(found, AskedBack)
    assert found.problem == Problem("name_shared", {"name": "Jane Roe"})
    assert [(offer.label, offer.params["detail"], offer.entries[0].who) for offer in found.offers] == [
        ("log.offer.take_namesake", "Acme", Who("Jane Roe", "contact:1")),
        ("log.offer.take_namesake", "Globex", Who("Jane Roe", "contact:2")),
    ]


def test_a_workspace_adds_kinds_and_outcomes_of_its_own() -> None:
    own = STANDARD.extended(
        kinds=[Term("webinar", ("webinar", "webinars"), ("вебинар", "вебинара", "вебинаров"), "webcast")],
        outcomes=[Term("demo-booked", ("demo booked",), ("назначили демо",))],
    )

    for line in (
        "2 webinars demo booked",
        "2 вебинара назначили демо",
        "2 webcast demo-booked",
        "2 вебинра demo booked",
    ):
        found = reading(line, vocabulary=own)
        assert isinstance(found, Understood)
        assert found.entries == (an_entry("webinar", None, None, "demo-booked", count=2),)


def test_a_workspace_s_own_word_goes_before_the_standard_one() -> None:
    own = STANDARD.extended(kinds=[Term("roadshow", ("roadshow",), (), "demo")])

    assert reading("demo Acme", vocabulary=own) == Understood((an_entry("roadshow", "Acme"),))


def test_now_is_read_from_the_clock_of_the_person() -> None:
    late = NOW.replace(hour=23, minute=59)

    assert isinstance(reading("demo Initech 14:30", now=late, known=KNOWN), Understood)
