"""An export that is imported again changes nothing, whatever happened to the team before."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.access.roles import Role
from bot.audit import service as audit
from bot.errors import Refused
from bot.people import assignments, queries
from bot.people import service as people
from bot.people.assignments import Assign
from bot.people.history import Stamp
from bot.store.engine import Store
from bot.transfer import service, table
from bot.transfer.kinds import Kind
from tests.factories import NOW, TODAY, a_profile

IDS = tuple(f"U{n}" for n in range(5))
DAY = st.integers(-60, 60).map(lambda n: TODAY + timedelta(days=n))
SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXT = st.one_of(
    st.sampled_from(["=1+1", "'-1", "a|b", "a\\", 'say "x"', "x,y;z\tw", "two\r\nlines", "Юг"]), st.text(SIGNS)
)
NAME = TEXT.map(str.strip).filter(bool)
NOTES = st.dictionaries(st.sampled_from(["Phone", "=Desk", "Likes; more", "Город"]), NAME, min_size=1)
ASPECTS = st.fixed_dictionaries(
    {},
    optional={
        "team": NAME,
        "manager": st.one_of(st.none(), st.sampled_from(IDS)),
        "territories": st.lists(NAME, max_size=3),
        "segments": st.lists(NAME, max_size=3),
        "notes": NOTES,
        "country": st.sampled_from(["DE", "ES"]),
    },
)
ROLES = st.lists(st.sampled_from([Role.SDR, Role.AE, Role.OPS]), max_size=2, unique=True).map(tuple)
SAID = st.builds(Assign, st.sampled_from(IDS), DAY, ROLES, st.one_of(st.none(), DAY), ASPECTS)


def a_team(store: Store, history: Sequence[Assign]) -> str:
    """A workspace in which all of `history` was said that could be."""
    workspace = f"T{uuid.uuid4().hex}"
    people.remember_all(store, workspace, [a_profile(id=each, email=f"+{each}@X.example") for each in IDS], NOW)
    for command in history:
        with suppress(Refused), store.write() as tx:
            assignments.apply(tx, Stamp(workspace, "U0", NOW), command, today=TODAY)
    return workspace


def stored(store: Store, workspace: str) -> dict[str, Any]:
    """All rows of the workspace that an import could touch."""
    with store.read() as tx:
        tables = (queries.person, queries.assignment, queries.placement, audit.entry)
        rows = {each.name: tx.execute(select(each).where(each.c.workspace_id == workspace)) for each in tables}
        return {name: sorted(map(str, found)) for name, found in rows.items()}


def changes_nothing(store: Store, history: Sequence[Assign]) -> int:
    """Export and import; returns the number of rows."""
    workspace = a_team(store, history)
    before = stored(store, workspace)
    sheet = service.take_out(store, workspace, Kind.PEOPLE, NOW)
    rows = service.read(Kind.PEOPLE, table.write(sheet.header, sheet.rows))
    outcome = service.bring_in(store, workspace, Kind.PEOPLE, rows, NOW)
    assert (outcome.changed, outcome.unchanged) == ((), len(sheet.rows))
    assert stored(store, workspace) == before
    return outcome.unchanged


@settings(max_examples=60, deadline=None)
@given(st.lists(SAID, max_size=12))
def test_an_export_imported_again_changes_nothing(lasting: Store, history: list[Assign]) -> None:
    changes_nothing(lasting, history)


@pytest.mark.usefixtures("unwalled")
def test_so_it_is_on_both_databases(store: Store) -> None:
    history = [
        Assign("U0", date(2019, 1, 7), ("SDR",)),  # too long ago to be assigned, so nobody holds it
        Assign("U0", date(2026, 10, 1), ("SDR", "AE"), None, {"team": "=In", "manager": "U1", "notes": {"=Desk": "5"}}),
        Assign("U1", date(2026, 9, 1), ("MANAGER",), date(2026, 12, 31), {"segments": ["50+", "a|b"]}),
        Assign("U1", date(2026, 8, 3), ("OPS",), date(2026, 10, 31)),
        Assign("U2", date(2026, 12, 1), ("AE",), None, {"territories": ["EMEA"], "team": "two\nlines"}),
        Assign("U0", date(2026, 12, 1), (), None, {"team": "Out"}),
        Assign("U3", date(2026, 9, 1), ("OPS",), date(2026, 9, 30), {"team": "past"}),
    ]
    assert changes_nothing(store, history) == 3
