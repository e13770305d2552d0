"""The table of leads: what a row makes, whom it is merged with, what is wrong with it, and the way out and in again."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.delivery.model import Delivery
from bot.leads import arrival, queries
from bot.leads import service as leads
from bot.leads.changes import NewLead
from bot.leads.states import Direction, Happening, LeadState
from bot.people import service as people
from bot.schedule.model import Job
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.transfer import service, table
from bot.transfer.form import Outcome, Sheet
from bot.transfer.kinds import Kind
from bot.transfer.table import BadFile
from tests.factories import NOW, a_profile
from tests.lengths import length

HERE = "T0BATON"
HEADER = "company,name,email,phone,source,owner_email,score\n"


@pytest.fixture
def here(store: Store) -> Store:
    """A workspace with Ana, and Bo who has left."""
    people.remember(store, HERE, a_profile(id="U0ANA", email="ana@x.example"), NOW)
    people.remember(store, HERE, a_profile(id="U0BO", email="bo@x.example", is_active=False), NOW)
    return store


def bring(store: Store, text: str, workspace: str = HERE, *, dry_run: bool = False) -> Outcome:
    rows = service.read(Kind.LEADS, text.encode())
    return service.bring_in(store, workspace, Kind.LEADS, rows, NOW, dry_run=dry_run)


def all_leads(store: Store, workspace: str = HERE) -> list[Any]:
    """Every lead with its notes, by company."""
    with store.read() as tx:
        found = tx.execute(queries.leads(queries.lead.c.more).where(queries.lead.c.workspace_id == workspace)).all()
    return sorted(found, key=lambda row: row.company)


def happened(store: Store, company: str) -> list[tuple[str, dict[str, Any]]]:
    (row,) = [each for each in all_leads(store) if each.company == company]
    with store.read() as tx:
        return [(each.what, each.detail) for each in queries.events(tx, HERE, row.id)]


def test_rows_become_leads_in_the_queue_and_on_desks(here: Store) -> None:
    text = (
        f"{HEADER}Acme,Jane Roe,Jane@acme.example,+1 555 0100,webinar,,15\nGlobex,,,,,ANA@x.example,\n"
        "Hooli,,g@hooli.example,,referral,ana@x.example,\nPied Piper,,r@pp.example,,Podcast,,\n"
    )
    outcome = bring(here, text)
    assert (len(outcome.changed), outcome.unchanged) == (4, 0)
    assert outcome.told == (
        "New leads: 4 (2 in the queue, 2 with an owner). Merged: 0 with leads that were known, 0 with an earlier row.",
    )
    acme, globex, hooli, piper = all_leads(here)
    assert (acme.person, acme.email, acme.phone, acme.source) == (
        "Jane Roe", "jane@acme.example", "+1 555 0100", "webinar",
    )  # fmt: skip
    assert (acme.state, acme.owner_id, acme.direction) == (LeadState.QUEUED, None, Direction.INBOUND)
    assert (globex.state, globex.owner_id, globex.direction) == (LeadState.WORKING, "U0ANA", Direction.OUTBOUND)
    assert (globex.source, globex.claimed_at, hooli.direction) == ("import", NOW, Direction.INBOUND)
    assert (piper.source, piper.more) == ("unknown", {"source": "Podcast"})
    assert happened(here, "Acme") == [
        (Happening.RECEIVED, {"source": "webinar"}),
        (Happening.SCORED, {"points": 15, "why": "imported"}),
    ]


def test_nobody_is_sent_anything_about_an_import(here: Store) -> None:
    bring(
        here,
        HEADER + "".join(f"C{n},,p@c{n}.example,,webinar,{'ana@x.example' if n % 2 else ''},\n" for n in range(50)),
    )
    with here.read() as tx:
        counts = [tx.scalar(select(func.count()).select_from(table_of(model))) for model in (Delivery, Job)]
    assert counts == [0, 0]


def test_rows_are_merged_with_whom_they_are_about(here: Store) -> None:
    leads.take_in(here, HERE, NewLead("Acme", person="Jane Roe", email="jane@acme.example"), origin="x", now=NOW)
    leads.take_in(here, HERE, NewLead("Globex"), origin="y", now=NOW)
    text = (
        "Company;Name;Email;Size;Desk;Owner_email;Score\n"
        "Acme Corp;Joe;joe@acme.example;250;7;;\n"
        "globex;;;12;;ana@x.example;5\n"
        "Initech;Bill;bill@initech.example;;;;10\n"
        "Initech Ltd;Peter;peter@initech.example;40;8;;30\n"
        "Initech;Peter;PETER@initech.example;;;;20\n"
    )
    outcome = bring(here, text)
    assert (len(outcome.changed), outcome.unchanged, outcome.notes) == (4, 1, ("Desk",))
    assert outcome.told == (
        "New leads: 1 (1 in the queue, 0 with an owner). Merged: 2 with leads that were known, 2 with an earlier row.",
    )
    acme, globex, initech = all_leads(here)
    assert (acme.person, acme.employees, acme.more) == ("Jane Roe", 250, {"Desk": "7"})
    assert (globex.state, globex.owner_id, globex.employees) == (LeadState.WORKING, "U0ANA", 12)
    assert (initech.person, initech.employees, initech.more) == ("Bill", 40, {"Desk": "8"})
    assert [what for what, _ in happened(here, "Acme")] == [Happening.RECEIVED, Happening.CAME_AGAIN]
    points = [detail["points"] for what, detail in happened(here, "Initech") if what == Happening.SCORED]
    assert points == [10, 20]
    with here.read() as tx:
        assert queries.known_by(tx, HERE, [("email", "joe@acme.example")]) == acme.id
        names = tx.scalars(select(queries.contact.c.name).order_by(queries.contact.c.name)).all()
        assert names == ["Bill", "Jane Roe", "Joe", "Peter"]
        assert tx.scalars(select(queries.account.c.name).order_by(queries.account.c.name)).all() == [
            "Acme", "Globex", "Initech",
        ]  # fmt: skip
    again = bring(here, text)
    assert (again.changed, again.unchanged) == ((), 5)


def test_who_works_on_a_lead_keeps_it(here: Store) -> None:
    people.remember(here, HERE, a_profile(id="U0EVA", email="eva@x.example"), NOW)
    bring(here, f"{HEADER}Acme,,,,,ana@x.example,\n")
    assert bring(here, f"{HEADER}Acme,,,,,eva@x.example,\n").changed == ()
    assert [row.owner_id for row in all_leads(here)] == ["U0ANA"]


def test_a_rehearsal_says_what_would_be_and_changes_nothing(here: Store) -> None:
    rehearsed = bring(here, f"{HEADER}Acme,Jane,jane@acme.example,,,ana@x.example,-5\n", dry_run=True)
    assert [str(each.said) for each in rehearsed.changed] == ["('new, Acme', 'for ana@x.example', 'score -5')"]
    assert all_leads(here) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",Jane,,+1 555 0100,,,", "line 2: there is neither a company nor an email"),
        ("Acme,,jane(at)acme,,,,", "line 2: email: jane(at)acme is no address"),
        (",,jane,,,,", "line 2: email: jane is no address"),
        ("Acme,,,,,who@x.example,", "line 2: owner_email: who@x.example belongs to nobody whom Baton knows"),
        ("Acme,,,,,bo@x.example,", "line 2: owner_email: the account of bo@x.example has ended"),
        ("Acme,,,,,,many", "line 2: score: many is no whole number from -1000 to 1000"),
        ("Acme,,,,,,1001", "line 2: score: 1001 is no whole number from -1000 to 1000"),
        ("Acme,,,,,,1.5", "line 2: score: 1.5 is no whole number from -1000 to 1000"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(here: Store, row: str, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        bring(here, f"{HEADER}{row}\nGlobex,,,,,,\n")
    assert str(refused.value) == said
    assert all_leads(here) == []


def test_lists_of_other_programs_are_understood(here: Store) -> None:
    text = "First Name\tLast Name\tCompany Name\tE-mail\tJob Title\nJane\tRoe\tAcme\tjane@acme.example\tCFO\n"
    assert bring(here, text).notes == ()
    (row,) = all_leads(here)
    assert (row.company, row.person, row.title) == ("Acme", "Jane Roe", "CFO")


def exported(store: Store, workspace: str) -> bytes:
    sheet: Sheet = service.take_out(store, workspace, Kind.LEADS, NOW)
    return table.write(sheet.header, sheet.rows)


def stored(store: Store, workspace: str) -> dict[str, Any]:
    """All rows of the workspace that an import could touch."""
    tables = (queries.lead, queries.key, queries.event, queries.account, queries.contact)
    with store.read() as tx:
        rows = {each.name: tx.execute(select(each).where(each.c.workspace_id == workspace)) for each in tables}
        return {name: sorted(map(str, found)) for name, found in rows.items()}


def changes_nothing(store: Store, workspace: str) -> int:
    """Export and import; returns the number of rows."""
    before, rows = stored(store, workspace), service.read(Kind.LEADS, exported(store, workspace))
    outcome = service.bring_in(store, workspace, Kind.LEADS, rows, NOW)
    assert outcome.changed == ()
    assert stored(store, workspace) == before
    return outcome.unchanged


TEXT = st.sampled_from(
    ["=1+1", "'-1", 'say "x"', "x,y;z\tw", "two\r\nlines", "Юг", "51-200", "1,000+", "12", "Podcast"]
)
WORTH = TEXT | st.text(max_size=8) | st.integers(-5, 10**9) | st.just({"a": [1]}) | st.lists(TEXT, max_size=2)
EMAILS = st.sampled_from(["a@acme.example", "b@acme.example", "a@globex.example", "a@gmail.com", "b@gmail.com", "-"])
COMPANIES = st.sampled_from(["Acme", "ACME", "Globex", "Pied Piper", "=Co", "51-200"])
NAMES = st.sampled_from("source size employees title message comment country phone name Desk desk =Desk".split())
ARRIVALS = st.builds(
    lambda company, email, more: {**company, **email, **more},
    st.fixed_dictionaries({}, optional={"company": COMPANIES}),
    st.fixed_dictionaries({}, optional={"email": EMAILS}),
    st.dictionaries(NAMES | st.text(max_size=5), WORTH, max_size=4),
)


def a_workspace(store: Store, arrivals: list[dict[str, Any]], owners: list[bool]) -> str:
    """A workspace in which all of these came, some of them to Ana."""
    workspace = f"T{uuid.uuid4().hex}"
    people.remember(store, workspace, a_profile(id="U0ANA", email="ana@x.example"), NOW)
    for n, fields in enumerate(arrivals):
        try:
            new = arrival.read(fields)
        except arrival.Incomplete:
            continue
        owner = "U0ANA" if n < len(owners) and owners[n] else None
        leads.take_in(store, workspace, replace(new, owner_id=owner), origin=str(n), now=NOW)
    return workspace


@settings(max_examples=length(60, 1000))
@example([{"email": "a@acme.example", "comment": {"a": [1]}}], [])
@given(st.lists(ARRIVALS, max_size=8), st.lists(st.booleans(), max_size=8))
def test_an_export_imported_again_changes_nothing(
    lasting: Store, arrivals: list[dict[str, Any]], owners: list[bool]
) -> None:
    changes_nothing(lasting, a_workspace(lasting, arrivals, owners))


KNOWN_IN_A_FILE = ("company", "person", "email", "phone", "source", "owner_id", "employees", "title", "country", "said")


@pytest.mark.usefixtures("unwalled")
@pytest.mark.parametrize("text", [
    f"{HEADER}Acme,Jane,jane@acme.example,+49 30 1234,webinar,ana@x.example,15\nGlobex,,,,,,-5\n",
    "email;size;Desk;message\na@gmail.com;51-200;=7;\"two\nlines\"\nb@acme.example;12;;\n",
])  # fmt: skip
def test_an_export_makes_the_same_leads_elsewhere_on_both_databases(here: Store, text: str) -> None:
    bring(here, text)
    assert changes_nothing(here, HERE) == 2
    people.remember(here, "T0OTHER", a_profile(id="U0ANA", email="ana@x.example"), NOW)
    service.bring_in(here, "T0OTHER", Kind.LEADS, service.read(Kind.LEADS, exported(here, HERE)), NOW)
    assert exported(here, "T0OTHER") == exported(here, HERE)
    both = [
        [[row._mapping[name] for name in KNOWN_IN_A_FILE] for row in all_leads(here, each)]
        for each in (HERE, "T0OTHER")
    ]
    assert both[0] == both[1]
