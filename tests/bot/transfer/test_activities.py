"""The table of activities: what a row makes, what it does not add twice, what is wrong with it, and the way out."""

import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.accounts import service as accounts
from bot.activity import bulk
from bot.activity import service as activity
from bot.activity.model import Activity, ActivityDay
from bot.audit import service as audit
from bot.audit.service import COMMAND_LINE
from bot.delivery.model import Delivery
from bot.errors import Refused
from bot.people import service as people
from bot.store.engine import Store
from bot.store.sql import table_of
from bot.transfer import activities, console, service, table
from bot.transfer.activities_out import COLUMNS
from bot.transfer.form import Outcome
from bot.transfer.kinds import Kind
from bot.transfer.table import BadFile
from tests.factories import NOW, a_member, a_profile, an_entry

T = TypeVar("T")

HERE = "T0BATON"
HEADER = "email,at,kind,who,minutes,outcome,note\n"
ROWS = (
    "ana@x.example,2026-11-16 09:30,call,Acme,15,connected,wants pricing\n"
    "ANA@x.example,2025-03-01,письмо,ACME,,,\n"
    'dana@x.example,2026-11-17T23:30:00+00:00,demo,"Globex, Inc.",45,,"=two\nlines"\n'
    "bo@x.example,2019-12-31T18:00:15,Call,,0,дозвонился,\n"
)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def here(store: Store) -> Store:
    """Ana in Madrid, Dana in Berlin, and Bo, who has left."""
    meet(store)
    return store


def meet(store: Store, here: str = HERE) -> None:
    a_member(store, "U0ANA", "SDR", workspace_id=here, email="ana@x.example", zone="Europe/Madrid")
    a_member(store, "U0DANA", "AE", workspace_id=here, email="dana@x.example", zone="Europe/Berlin")
    people.remember(store, here, a_profile(id="U0BO", email="bo@x.example", zone="UTC", is_active=False), NOW)


class Desk:
    """Files for one store."""

    def __init__(self, store: Store, folder: Path, here: str = HERE) -> None:
        self.store, self.path, self.here = store, folder / f"{uuid.uuid4().hex}.csv", here

    def bring(self, text: str | bytes, at: datetime = NOW, *, dry_run: bool = False) -> Outcome:
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode())
        rows = service.open_stream(Kind.ACTIVITIES, self.path)
        return service.bring_in(self.store, self.here, Kind.ACTIVITIES, rows, at, dry_run=dry_run)

    def wrong(self, text: str | bytes) -> list[str]:
        """What is wrong with the rows of a file; nothing of it was stored."""
        with pytest.raises(BadFile) as bad:
            self.bring(text)
        assert self.rows() == []
        return [str(problem) for problem in bad.value.problems]

    def rows(self) -> list[Any]:
        """All versions of all entries, in the order of days."""
        of = table_of(Activity)
        with self.store.read() as tx:
            return list(tx.execute(select(of).where(of.c.workspace_id == self.here).order_by(of.c.day, of.c.origin)))

    def listed(self) -> list[bulk.Listed]:
        """The entries that stand."""
        found = bulk.stored(self.store, self.here, date.min, date.max)
        return sorted(found, key=lambda each: (each.day, each.person_id, each.id))

    def totals(self) -> dict[tuple[str, str, str], tuple[int, int]]:
        """The kept totals of the days."""
        of = table_of(ActivityDay)
        with self.store.read() as tx:
            rows = tx.execute(select(of).where(of.c.workspace_id == self.here, of.c.quantity != 0))
            return {(row.person_id, str(row.day), row.kind): (row.quantity, row.minutes) for row in rows}

    def summed(self) -> dict[tuple[str, str, str], tuple[int, int]]:
        """The totals as they add up."""
        of = table_of(Activity)
        total = select(
            of.c.person_id, of.c.day, of.c.kind, func.sum(of.c.quantity), func.coalesce(func.sum(of.c.minutes), 0)
        ).where(of.c.workspace_id == self.here, of.c.superseded_at.is_(None))
        with self.store.read() as tx:
            rows = tx.execute(total.group_by(of.c.person_id, of.c.day, of.c.kind))
            return {(row[0], str(row[1]), row[2]): (row[3], row[4]) for row in rows}

    def exported(self, period: str | None = None) -> str:
        flow = service.flow_out(self.store, self.here, Kind.ACTIVITIES, NOW, period)
        return table.write(flow.header, flow.rows).decode("utf-8-sig").replace("\r\n", "\n")


@pytest.fixture
def desk(here: Store, tmp_path: Path) -> Desk:
    return Desk(here, tmp_path)


def test_rows_become_activities_on_the_days_of_their_people(desk: Desk) -> None:
    outcome = desk.bring(HEADER + ROWS)
    assert (outcome.more_changed, outcome.unchanged, outcome.told) == (
        4, 0, ("New activities: 4. Known already: 0.",),
    )  # fmt: skip
    bo, email, call, demo = desk.rows()
    assert (call.person_id, call.kind, call.day, call.at) == ("U0ANA", "call", date(2026, 11, 16), time(9, 30))
    assert (call.happened_at, call.minutes) == (datetime(2026, 11, 16, 8, 30, tzinfo=UTC), 15)
    assert call.outcome == "connected"
    assert (call.note, call.recorded_at, call.recorded_by, call.quantity) == ("wants pricing", NOW, COMMAND_LINE, 1)
    assert (email.kind, email.day, email.at, email.account_id) == ("email", date(2025, 3, 1), None, call.account_id)
    assert (demo.day, demo.at, demo.note) == (date(2026, 11, 18), time(0, 30), "=two\nlines")
    assert demo.happened_at == datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
    assert (bo.person_id, bo.day, bo.at, bo.minutes) == ("U0BO", date(2019, 12, 31), time(18, 0, 15), None)
    assert (bo.outcome, bo.account_id) == ("connected", None)
    assert [each.who for each in desk.listed()] == [None, "Acme", "Acme", "Globex, Inc."]


def test_the_totals_of_days_are_kept_and_add_to_what_was_logged(desk: Desk) -> None:
    ana = people.find(desk.store, HERE, "U0ANA", NOW)
    assert ana is not None
    activity.log(desk.store, ana, [an_entry(day=date(2026, 11, 16), count=3, minutes=5)], origin="1", now=NOW)
    desk.bring(HEADER + ROWS + "ana@x.example,2026-11-16,call,,7,,\n")
    assert desk.totals() == desk.summed()
    assert desk.totals()["U0ANA", "2026-11-16", "call"] == (5, 27)


def test_the_same_file_again_adds_nothing(desk: Desk) -> None:
    desk.bring(HEADER + ROWS)
    before, totals = desk.rows(), desk.totals()
    for at in (NOW, LATER):
        again = desk.bring(HEADER + ROWS, at)
        assert (again.more_changed, again.unchanged, again.told) == (
            0, 4, ("New activities: 0. Known already: 4.",),
        )  # fmt: skip
    assert (desk.rows(), desk.totals()) == (before, totals)


def test_two_rows_that_say_the_same_are_two_activities(desk: Desk) -> None:
    row = "ana@x.example,2026-11-16,call,Acme,,,\n"
    assert desk.bring(HEADER + 2 * row).more_changed == 2
    assert desk.bring(HEADER + 3 * row, LATER).more_changed == 1
    assert desk.bring(HEADER + 3 * row, LATER).more_changed == 0
    assert desk.totals() == {("U0ANA", "2026-11-16", "call"): (3, 0)}


def test_what_was_logged_in_slack_is_not_added_again(desk: Desk) -> None:
    ana = people.find(desk.store, HERE, "U0ANA", NOW)
    assert ana is not None
    entries = [
        an_entry(day=date(2026, 11, 17), at=time(9, 5), who="Acme", minutes=15, note="- said \"no\", twice"),
        an_entry(day=date(2026, 11, 18), who=None, count=3),
    ]  # fmt: skip
    activity.log(desk.store, ana, entries, origin="1", now=NOW)
    text = desk.exported()
    assert text.splitlines()[0] == "email,at,kind,who,minutes,outcome,note,count"
    assert desk.bring(text, LATER).more_changed == 0


def test_what_somebody_changed_or_removed_since_does_not_come_back(desk: Desk) -> None:
    desk.bring(HEADER + ROWS)
    ana = people.find(desk.store, HERE, "U0ANA", NOW)
    assert ana is not None
    email, call, *_ = [each for each in desk.listed() if each.person_id == "U0ANA"]
    activity.remove(desk.store, ana, [email.id], origin="2", now=LATER)
    other = an_entry(day=call.day, at=call.at, who="Acme", note="another note")
    activity.amend(desk.store, ana, call.id, other, origin="3", now=LATER)
    assert desk.bring(HEADER + ROWS, LATER).more_changed == 0
    assert desk.totals() == desk.summed()
    assert len(desk.listed()) == 3


def test_undo_takes_back_what_one_logged_and_not_what_came_by_a_list(desk: Desk) -> None:
    ana = people.find(desk.store, HERE, "U0ANA", NOW)
    assert ana is not None
    mine = activity.log(desk.store, ana, [an_entry()], origin="1", now=NOW).entries[0].id
    desk.bring(HEADER + ROWS, LATER)
    assert [each.id for each in activity.undo_last(desk.store, ana, origin="2", now=LATER).entries] == [mine]
    with pytest.raises(Refused):
        activity.undo_last(desk.store, ana, origin="3", now=LATER)


def test_a_rehearsal_says_what_is_new_and_stores_nothing(desk: Desk) -> None:
    desk.bring(HEADER + ROWS.splitlines(keepends=True)[0])
    before = desk.rows()
    outcome = desk.bring(HEADER + ROWS, LATER, dry_run=True)
    assert (outcome.more_changed, outcome.unchanged) == (3, 1)
    assert desk.rows() == before


def test_an_import_is_one_line_of_the_audit_log_and_tells_nobody(desk: Desk) -> None:
    desk.bring(HEADER + ROWS)
    with desk.store.read() as tx:
        newest = audit.changes(tx, HERE)[0]
        assert tx.execute(table_of(Delivery).select()).all() == []
    assert (newest.what, newest.after, newest.by) == ("activities", "4 imported", COMMAND_LINE)


MOMENTS = "write it as 2026-11-20, 2026-11-20 14:30 or with +01:00 behind"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",2026-11-16,call,,,,", "email: there is none; whose activity is it?"),
        ("who@x.example,2026-11-16,call,,,,", "email: who@x.example belongs to nobody whom Baton knows"),
        ("ana@x.example,,call,,,,", "at: there is no day"),
        ("ana@x.example,16.11.2026,call,,,,", f"at: 16.11.2026 is no moment; {MOMENTS}"),
        ("ana@x.example,2026-11-16 25:00,call,,,,", f"at: 2026-11-16 25:00 is no moment; {MOMENTS}"),
        ("ana@x.example,0001-01-01T00:00:00+14:00,call,,,,",
         f"at: 0001-01-01T00:00:00+14:00 is no moment; {MOMENTS}"),
        ("ana@x.example,2026-11-19,call,,,,", "at: 2026-11-19 is still to come"),
        ("ana@x.example,2026-11-18 15:01,call,,,,", "at: 2026-11-18 15:01 is still to come"),
        ("ana@x.example,2026-11-18T15:01:00+01:00,call,,,,", "at: 2026-11-18T15:01:00+01:00 is still to come"),
        ("ana@x.example,2026-11-16,,,,,",
         "kind: there is none; write one of call, email, meeting, demo, social, note, intel"),
        ("ana@x.example,2026-11-16,fax,,,,",
         "kind: fax is none; write one of call, email, meeting, demo, social, note, intel"),
        ("ana@x.example,2026-11-16,call,,,great,", "outcome: great is none; write one of connected, voicemail, "
         "no-answer, busy, callback, wrong-number"),
        ("ana@x.example,2026-11-16,call,,15m,,", "minutes: 15m is no whole number from 0 to 720"),
        ("ana@x.example,2026-11-16,call,,721,,", "minutes: 721 is no whole number from 0 to 720"),
        ("ana@x.example,2026-11-16,note,Acme,,,", "note: there is none, and a note is nothing without it"),
        (f"ana@x.example,2026-11-16,call,,,,{'x' * 3001}", "note: more than 3000 characters"),
        (f"ana@x.example,2026-11-16,call,{'x' * 121},,,", "who: more than 120 characters"),
        ("ana@x.example,2026-11-16,call,,,,,,more", "cell 9 stands under no column"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_with_its_line(desk: Desk, row: str, said: str) -> None:
    good = "ana@x.example,2026-11-16,call,,,,\n"
    assert desk.wrong(f"{HEADER}{good}{row}\n{good}") == [f"line 3: {said}"]


def test_an_offset_that_is_tomorrow_elsewhere_is_no_future(desk: Desk) -> None:
    desk.bring(HEADER + "ana@x.example,2026-11-19T01:00:00+14:00,call,,,,\nana@x.example,2026-11-18,email,,,,\n")
    found = {row.kind: (row.day, row.happened_at) for row in desk.rows()}
    today = date(2026, 11, 18)
    assert found == {"call": (today, datetime(2026, 11, 18, 11, 0, tzinfo=UTC)), "email": (today, NOW)}


@pytest.mark.parametrize(
    ("at", "happened_at"),
    [
        ("2026-10-25 01:30", datetime(2026, 10, 24, 23, 30, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # comes twice: the first
        ("2026-10-25 03:30", datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # is skipped: the first moment after
        ("2026-03-28 02:30", datetime(2026, 3, 28, 1, 30, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 7, 1, 10, 0, tzinfo=UTC)),  # midday
    ],
)
def test_times_are_those_on_the_persons_wall(desk: Desk, at: str, happened_at: datetime) -> None:
    desk.bring(f"{HEADER}dana@x.example,{at},call,,,,\n")
    assert [row.happened_at for row in desk.rows()] == [happened_at]


def test_of_many_bad_rows_the_first_are_told_and_all_are_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(activities, "MOST_TOLD", 3)
    monkeypatch.setattr(activities, "AT_ONCE", 2)
    row = "ana@x.example,soon,fax,,,,\n"
    desk.path.write_text(HEADER + 5 * row + 'ana@x.example,"\n')
    assert not console.bring_in(desk.store, None, Kind.ACTIVITIES, desk.path, HERE, NOW, dry_run=False)
    *told, more, last = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in told] == ["line 2", "line 2", "line 3"]
    assert more == "… and 4 more lines."
    assert last == f"Nothing was changed: {desk.path} has errors in 6 lines."
    assert desk.rows() == []


def test_a_contact_is_found_by_name_address_or_number_and_a_namesake_by_the_company(desk: Desk) -> None:
    with desk.store.write() as tx:
        acme = accounts.ensure_account(tx, HERE, "Acme", by="U0", now=NOW)
        globex = accounts.ensure_account(tx, HERE, "Globex", by="U0", now=NOW)
        jane = accounts.add_contact(
            tx, HERE, acme, "Jane Roe", email="jane@acme.example", phone="+1 555 0100", by="U0", now=NOW
        )
        accounts.add_contact(tx, HERE, acme, "John Doe", by="U0", now=NOW)
        john = accounts.add_contact(tx, HERE, globex, "John Doe", by="U0", now=NOW)
    row = "ana@x.example,2026-11-{},call,{}\n"
    header = "email,at,kind,who,company\n"
    said = desk.wrong(header + row.format("16", "John Doe,"))
    assert said == ["line 2: who: John Doe is at Acme and at Globex; say which in a column company, or write an e-mail"]
    who = ["jane roe,", "Jane@acme.example,", "+1 555-0100,", "John Doe,GLOBEX", "acme,", ",Acme", "Joan Poe,Initech"]
    desk.bring(header + "".join(row.format(10 + n, each) for n, each in enumerate(who)))
    found = desk.rows()
    assert [each.contact_id for each in found[:4]] == [jane, jane, jane, john]
    assert [each.account_id for each in found] == [None, None, None, None, acme, acme, None]
    assert [(each.who, each.company) for each in desk.listed()] == [
        *[("Jane Roe", "Acme")] * 3, ("John Doe", "Globex"), ("Acme", None), ("Acme", None), ("Joan Poe", "Initech"),
    ]  # fmt: skip
    assert desk.bring(desk.exported(), LATER).more_changed == 0


def test_names_that_are_the_same_however_written_are_one_company(desk: Desk) -> None:
    rows = [f"ana@x.example,2026-11-1{n},call,{who},,,\n" for n, who in enumerate(["Ёлка", '"""елка"""', "ЁЛКА "])]
    desk.bring(HEADER + "".join(rows))
    assert len({row.account_id for row in desk.rows()}) == 1


def test_further_columns_are_kept_in_the_note(desk: Desk) -> None:
    desk.bring("Email;At;Kind;Note;CRM id;Desk\nana@x.example;2026-11-16;call;hi;77;\n")
    assert [row.note for row in desk.rows()] == ["hi; CRM id: 77"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_file_is_read_in_any_of_its_encodings(desk: Desk, encoding: str) -> None:
    rows = [f"ana@x.example,2026-11-16,звонок,Ромашка {n},,,ждёт ответа\n" for n in range(3)]
    outcome = desk.bring((HEADER + "".join(rows)).encode(encoding))
    assert outcome.more_changed == 3
    assert {row.note for row in desk.rows()} == {"ждёт ответа"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b"email,at\n", "line 1: there is no column kind"),
        (HEADER.encode() + b"ana@x.example,2026-11-16,call,\0,,,\n", f"line 2: {table.NO_TEXT}"),
        (HEADER.encode() + "ana@x.example,2026-11-16,call,Ромашка,,,да\n".encode() * 9 + b"\xff\xfe\n",
         f"line 11: {table.NO_TEXT}"),
        ((HEADER + "ana@x.example,2026-11-16,call,Acme,,,\n").encode("utf-16")[:-1], f"line 2: {table.NO_TEXT}"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(desk: Desk, data: bytes, said: str) -> None:
    assert said in desk.wrong(data)


def test_newcomers_are_remembered_with_their_activities(desk: Desk) -> None:
    desk.path.write_text(HEADER + "new@x.example,2026-11-16 23:30,call,,,,\n")
    rows = service.open_stream(Kind.ACTIVITIES, desk.path)
    assert service.strangers(desk.store, HERE, Kind.ACTIVITIES, rows) == {"new@x.example"}
    newcomer = a_profile(id="U0NEW", email="New@x.example", zone="America/New_York")
    for dry_run in (True, False):
        service.bring_in(
            desk.store, HERE, Kind.ACTIVITIES, rows, NOW, newcomers=[newcomer], dry_run=dry_run
        )  # fmt: skip
        assert people.is_known(desk.store, HERE, "U0NEW") is not dry_run
    assert [row.happened_at for row in desk.rows()] == [datetime(2026, 11, 17, 4, 30, tzinfo=UTC)]


def test_an_export_has_what_stands_by_period(desk: Desk) -> None:
    desk.bring(HEADER + ROWS)
    assert desk.exported("2026-W47") == (
        f"{HEADER}ana@x.example,2026-11-16T09:30:00,call,Acme,15,connected,wants pricing\n"
        'dana@x.example,2026-11-18T00:30:00,demo,"Globex, Inc.",45,,"\'=two\nlines"\n'
    )
    assert desk.exported("2018") == HEADER


@pytest.mark.usefixtures("unwalled")
def test_workspaces_do_not_see_each_other(desk: Desk, tmp_path: Path) -> None:
    other = Desk(desk.store, tmp_path, "T0OTHER")
    meet(desk.store, "T0OTHER")
    desk.bring(HEADER + ROWS)
    assert (other.rows(), other.exported()) == ([], HEADER)
    assert other.bring(HEADER + ROWS).more_changed == 4
    assert other.totals() == desk.totals()


def test_others_log_while_a_file_is_read_and_on_postgresql_while_it_is_stored(desk: Desk) -> None:
    ana = people.find(desk.store, HERE, "U0ANA", NOW)
    assert ana is not None
    phases = []

    def track(things: Iterable[T], /) -> Iterator[T]:
        phases.append(things)
        for n, each in enumerate(things):
            if n == 1 and (len(phases) == 1 or not desk.store.is_sqlite):
                entry = an_entry(day=date(2026, 11, 16), who="Globex, Inc.")
                activity.log(desk.store, ana, [entry], origin=f"log:{len(phases)}", now=NOW)
            yield each

    desk.path.write_text(HEADER + ROWS)
    rows = service.open_stream(Kind.ACTIVITIES, desk.path)
    assert service.bring_in(desk.store, HERE, Kind.ACTIVITIES, rows, NOW, track=track).more_changed == 4
    assert len(phases) == 2
    assert len(desk.listed()) == (5 if desk.store.is_sqlite else 6)
    assert desk.totals() == desk.summed()


def test_of_two_imports_at_once_one_wins_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.bring(HEADER + ROWS.splitlines(keepends=True)[0])
    before, totals = desk.rows(), desk.totals()
    monkeypatch.setattr(activities, "_look_what_stands", lambda *_: None)
    with pytest.raises(BadFile, match="another import has just brought some of these activities; try again"):
        desk.bring(HEADER + ROWS, LATER)
    assert (desk.rows(), desk.totals()) == (before, totals)


WHO = st.sampled_from(["", "Acme", "acme", "Ромашка", "Jane Roe", "=1+1", "+1 555 0100"])
DAY = st.dates(date(2024, 1, 1), date(2026, 11, 16)).map(str)
AT = st.one_of(
    DAY,
    st.tuples(DAY, st.times()).map(lambda said: f"{said[0]} {said[1].isoformat('minutes')}"),
    st.tuples(DAY, st.times()).map(lambda said: f"{said[0]}T{said[1]}-05:00"),
)
NOTE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
A_ROW = st.tuples(
    st.sampled_from(["ana@x.example", "dana@x.example", "bo@x.example"]),
    AT,
    st.sampled_from(["call", "email", "demo"]),
    WHO,
    st.one_of(st.just(""), st.integers(0, 720).map(str)),
    st.sampled_from(["", "busy", "connected"]),
    NOTE,
    st.sampled_from(["", "1", "2", "1000"]),
    st.sampled_from(["", "", "Globex"]),
)


@settings(max_examples=40)
@given(rows=st.lists(A_ROW, max_size=12), seed=st.integers(0, 99))
def test_an_export_imported_again_adds_nothing_and_elsewhere_makes_the_same(
    lasting: Store, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("files")
    here, there = (Desk(lasting, folder, f"T{uuid.uuid4().hex}") for _ in range(2))
    for each in (here, there):
        meet(lasting, each.here)
    assert here.bring(table.write(COLUMNS, rows)).more_changed == len(rows)
    assert here.totals() == here.summed()
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert here.bring(table.write(COLUMNS, shuffled), LATER).more_changed == 0
    assert here.bring(here.exported(), LATER).more_changed == 0
    assert there.bring(here.exported()).more_changed == len(rows)
    assert there.exported() == here.exported()
    assert there.totals() == here.totals()
