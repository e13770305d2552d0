"""What Baton makes of the fields that forms and files have, under anybody's names."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.leads import arrival
from bot.leads.arrival import LEFT_OUT, Incomplete, moment_of, source_of

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
JANE = {"email": "Jane@Acme.example"}


def parts(fields: dict[str, Any]) -> dict[str, Any]:
    """What differs from a lead of which only the company is known."""
    new, plain = arrival.read(fields), arrival.read({"company": "Acme"})
    return {name: getattr(new, name) for name in plain.__slots__ if getattr(new, name) != getattr(plain, name)}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        pytest.param({"company": "Acme"}, {}, id="a company alone"),
        pytest.param({"Company Name": " Acme  \n"}, {}, id="another spelling, and spaces"),
        pytest.param({"companyName": "Acme", "fullName": "Jane Roe"}, {"person": "Jane Roe"}, id="camels"),
        pytest.param({"организация": "Acme", "ФИО": "Иван"}, {"person": "Иван"}, id="Russian"),
        pytest.param(
            {"company": "Acme", "last_name": "Roe", "First-Name": "Jane"}, {"person": "Jane Roe"}, id="two names"
        ),
        pytest.param({"company": "Acme", "lastname": "Roe"}, {"person": "Roe"}, id="half a name"),
        pytest.param(
            {"company": "Acme", "name": "Jane", "first_name": "J"}, {"person": "Jane"}, id="a whole name comes first"
        ),
        pytest.param(JANE, {"company": "acme.example", "email": "jane@acme.example"}, id="the domain as company"),
        pytest.param(
            {"email": "jane@gmail.com", "name": "Jane Roe"},
            {"company": "Jane Roe (jane@gmail.com)", "email": "jane@gmail.com", "person": "Jane Roe"},
            id="mail that anybody can have",
        ),
        pytest.param(
            {"email": "jane@gmail.com"}, {"company": "jane@gmail.com", "email": "jane@gmail.com"}, id="the address only"
        ),
        pytest.param(
            {"company": "Acme", "email": "n/a", "phone": "none"},
            {"more": {"email": "n/a", "phone": "none"}},
            id="an address and a number that are none",
        ),
        pytest.param({"company": "Acme", "phone": "+1 555 0100"}, {"phone": "+1 555 0100"}, id="a phone"),
        pytest.param({"company": "Acme", "phone": 15550100}, {"phone": "15550100"}, id="a phone that is a number"),
        pytest.param({"company": "Acme", "source": "Вебинар"}, {"source": "webinar"}, id="a source in Russian"),
        pytest.param({"company": "Acme", "lead source": "White Paper"}, {"source": "whitepaper"}, id="two words"),
        pytest.param(
            {"company": "Acme", "source": "Podcast 7"}, {"more": {"source": "Podcast 7"}}, id="a source of theirs"
        ),
        pytest.param({"company": "Acme", "employees": 250}, {"employees": 250}, id="a size"),
        pytest.param(
            {"company": "Acme", "size": "51-200"}, {"employees": 51, "more": {"size": "51-200"}}, id="a range"
        ),
        pytest.param(
            {"company": "Acme", "size": "1,000+ employees"},
            {"employees": 1000, "more": {"size": "1,000+ employees"}},
            id="thousands",
        ),
        pytest.param({"company": "Acme", "size": "10k"}, {"more": {"size": "10k"}}, id="a size in its own words"),
        pytest.param({"company": "Acme", "size": 10**12}, {"more": {"size": 10**12}}, id="larger than mankind"),
        pytest.param({"company": "Acme", "message": "a\nb"}, {"said": "a\nb"}, id="what they wrote"),
        pytest.param(
            {"company": "Acme", "message": "Hello", "comment": "Bye"},
            {"said": "Hello", "more": {"comment": "Bye"}},
            id="a second text",
        ),
        pytest.param(
            {"company": "Acme", "received_at": "2026-11-18T13:00:00+01:00"}, {"received_at": NOON}, id="when it came"
        ),
        pytest.param(
            {"company": "Acme", "received_at": "noon"}, {"more": {"received_at": "noon"}}, id="no moment at all"
        ),
        pytest.param(
            {"company": "Acme", "utm": {"medium": ["cpc", 1, None]}, "GDPR": True, "price": 1.5},
            {"more": {"utm": {"medium": ["cpc", 1, None]}, "GDPR": True, "price": 1.5}},
            id="fields without a name",
        ),
        pytest.param({"company": "Acme", "x": None, "y": "  ", "z": [], "email": ""}, {}, id="empty ones"),
        pytest.param({"company": ["Acme"]}, {}, id="a list of one"),
        pytest.param({"company": {"name": "Acme"}, **JANE}, {
            "company": "acme.example", "email": "jane@acme.example", "more": {"company": {"name": "Acme"}}
        }, id="a company with parts"),
        pytest.param(
            {"company": "Acme", "Desk": "1", "desk": "2"}, {"more": {"Desk": "1", "desk (2)": "2"}}, id="names alike"
        ),
        pytest.param({"company": "Ac\x00me\ud800 "}, {"company": "Ac me"}, id="what no store takes"),
        pytest.param(
            {"company": "Acme", "\x00": "a\ud800b"}, {"more": {"(no name)": "a b"}}, id="such a name and value"
        ),
    ],
)  # fmt: skip
def test_fields_are_understood_or_kept(fields: dict[str, Any], found: dict[str, Any]) -> None:
    assert parts(fields) == found


@pytest.mark.parametrize(
    "fields",
    [{}, {"name": "Jane Roe", "phone": "+1 555 0100"}, {"email": "jane"}, {"company": " ?! "}, {"company": {"a": 1}}],
)
def test_without_company_and_address_nobody_could_be_found(fields: dict[str, Any]) -> None:
    with pytest.raises(Incomplete):
        arrival.read(fields)


def test_what_is_too_long_is_cut_and_kept_whole() -> None:
    new = arrival.read({"company": "A" * 500, "message": "m" * 4000})
    assert (len(new.company), len(new.said or "")) == (120, 3000)
    assert new.more == {"company": "A" * 500, "message": "m" * 4000}


def test_notes_have_their_bounds_and_those_left_out_are_named() -> None:
    new = arrival.read({"company": "Acme", "a": "x" * 10_000, "b": "y" * 10_000, "c": 1})
    assert new.more == {"a": "x" * 10_000, "c": 1, LEFT_OUT: ["b"]}


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-18T12:00:00Z", NOON),
        ("2026-11-18 15:00+03:00", NOON),
        (NOON.timestamp(), NOON),
        (str(int(NOON.timestamp())), NOON),
        (int(1000 * NOON.timestamp()), NOON),
        ("2026-11-18T12:00:00", None),
        ("2026-11-18", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (1e300, None),
        (-1, None),
        (0, None),
        (True, None),
        ([NOON.timestamp()], None),
    ],
)
def test_a_moment_needs_a_zone(value: Any, moment: datetime | None) -> None:
    assert moment_of(value) == moment


def test_every_source_has_words_in_both_languages() -> None:
    assert {source_of(word) for word in ("сайт", "Ads", "исходящий поиск", "unknown")} == {
        "website", "ads", "outbound", "unknown",
    }  # fmt: skip


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
)
NAMES = st.sampled_from([*arrival.SLOTS]) | st.text()


@given(st.dictionaries(NAMES, JSON))
def test_whatever_comes_can_be_stored(fields: dict[str, Any]) -> None:
    new = arrival.read({**fields, "company": "Acme"})
    json.dumps(new.more, allow_nan=False).encode()
    texts = [getattr(new, name) for name in new.__slots__ if isinstance(getattr(new, name), str)]
    assert not any("\0" in text or not text.strip() for text in texts)
    assert "".join(texts).encode()
