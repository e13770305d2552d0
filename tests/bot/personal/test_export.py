"""One's own data, or everything, as files by the ledger: each kind once, only what one may have."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Engine, String, Table, Time, Uuid, create_engine, delete, insert
from sqlmodel import AutoString, SQLModel

from bot.delivery.outcome import Parcel
from bot.errors import Refused
from bot.personal import export, records
from bot.store.engine import Store
from bot.store.types import Instant, new_id
from bot.store.walls import within
from bot.transfer.kinds import Kind
from tests.factories import a_person
from tests.sampled import HERE, NOW, THERE, double, everything_of, tables

ANA, SAM = a_person("U0ANA"), a_person("U0SAM", is_admin=True)


def lines(made: Any) -> list[str]:
    """The rows of a file, without its heading."""
    text: str = made.content.decode("utf-8-sig")
    return text.splitlines()[1:]


def files(store: Store, who: str, *, everything: bool) -> dict[str, list[str]]:
    """The files that somebody would get, by kind."""
    found = {}
    for kind in export.kinds(everything=everything):
        made = export.made(store, a_parcel(who, kind, everything=everything), NOW)
        if made:
            assert made.name == f"baton-{kind}-2026-11-24.csv"
            assert made.rows == len(lines(made))
            found[kind] = lines(made)
    return found


def a_parcel(who: str, kind: str, *, everything: bool) -> Parcel:
    """A row of the ledger as the sender holds it."""
    return Parcel(
        workspace_id=HERE, id=new_id(), kind=export.FILE, recipient=who, occasion="x", place=None,
        subject={"kind": kind, "all": everything}, way="upload", if_unsure="drop", version=1, attempts=1,
        was_unsure=False, tried_at=NOW, useful_until=None, channel=None, ts=None, act=None, recorded_at=NOW,
    )  # fmt: skip


def test_mine_is_what_names_me(sampled: Callable[[], Store]) -> None:
    store = sampled()
    double(store)
    mine = files(store, "U0ANA", everything=False)
    assert {Kind.PEOPLE, Kind.ACTIVITIES} <= mine.keys()
    assert Kind.PLANS not in mine
    own = {kind: found for kind, found in mine.items() if kind != export.RECORDS}
    assert all("ana@northwind.example" in line for found in own.values() for line in found)
    assert {line.split(",")[0] for line in mine[export.RECORDS]} >= {"person", "role_assignment", "next_step"}
    assert len(mine[Kind.PEOPLE]) == 1


@pytest.mark.short_on("postgresql")
def test_everything_is_for_those_who_may_and_of_this_workspace(copies: Callable[[], Store]) -> None:
    alone, beside = copies(), copies()
    double(beside)
    with within(HERE):
        every = files(alone, "U0SAM", everything=True)
        assert files(beside, "U0SAM", everything=True) == every
        assert len(every[Kind.ACTIVITIES]) > len(files(alone, "U0ANA", everything=False)[Kind.ACTIVITIES])
        assert files(alone, "U0ANA", everything=True) == {}
    with within(HERE), pytest.raises(Refused):
        export.ask(alone, ANA, everything=True, origin="o", now=NOW)


def test_one_press_sends_each_file_once(sampled: Callable[[], Store]) -> None:
    store = sampled()
    for _ in range(2):
        assert export.ask(store, ANA, everything=False, origin="press", now=NOW) == len(Kind)
    with store.read() as tx:
        count = tx.exec_driver_sql("SELECT count(*) FROM delivery WHERE kind = 'personal_file'").scalar()
    assert count == len(Kind)


def names_people(table: Table) -> bool:
    """Whether a text column of it can hold a person's id, by its name."""
    texts = {column.name for column in table.c if isinstance(column.type, String | AutoString)} - {"workspace_id"}
    return any(name.endswith(("_id", "_by")) or name in {"by", "recipient", "whose"} for name in texts)


def test_of_every_table_that_names_people_it_is_decided_whether_it_is_sent(sampled: Callable[[], Store]) -> None:
    by_name = {table.name for table in tables() if names_people(table)}
    in_fact = {name for name, rows in everything_of(sampled(), HERE).items() if "U0ANA" in str(rows)}
    sent, kinds, left_out = map(set, (records.RECORDS, records.IN_KIND, records.LEFT_OUT))
    assert (by_name | in_fact) - (sent | kinds | left_out) == set(), "neither exported nor left out with a reason"
    assert (sent | kinds | left_out) - {table.name for table in tables()} == set()
    assert len(sent) + len(kinds) + len(left_out) == len(sent | kinds | left_out)


def value_of(column: Column[Any]) -> Any:
    """Something that a column can hold; a text says where it stands."""
    if isinstance(column.type, String | AutoString):
        return f"{column.table.name}.{column.name}"
    given = {Uuid: new_id(), Instant: NOW, Date: NOW.date(), Time: NOW.time(), Boolean: False, JSON: ["x"]}
    return next((value for kind, value in given.items() if isinstance(column.type, kind)), 1)


@pytest.fixture(scope="module")
def blank() -> Engine:
    """Every table, without rows; what a row refers to need not be there."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    return engine


@pytest.mark.parametrize("name", sorted(records.RECORDS))
def test_a_record_is_sent_to_whom_it_names_and_to_nobody_else(blank: Engine, name: str) -> None:
    table = SQLModel.metadata.tables[name]
    with blank.begin() as tx:
        for whose in records.RECORDS[name]:
            row = {each.name: value_of(each) for each in table.c if each.computed is None} | {"withdrawn_at": None}
            row = {key: value for key, value in row.items() if key in table.c}
            tx.execute(insert(table), [{**row, "workspace_id": HERE, whose: "U0ANA"}])
            mine = records.take_out(tx, HERE, "U0ANA", {"U0ANA": "ana@x"})
            assert [line[0] for line in mine.rows] == [name]
            assert records.take_out(tx, HERE, "U0SAM", {}).rows == records.take_out(tx, THERE, "U0ANA", {}).rows == ()
            told = dict(zip(mine.header, mine.rows[0], strict=True))
            texts = {each.name for each in table.c if isinstance(each.type, String | AutoString)}
            assert texts - records.NOT_TOLD - told.keys() == set()
            tx.execute(delete(table))


def test_what_is_between_others_stays_there(blank: Engine) -> None:
    oneonone, feedback = (SQLModel.metadata.tables[name] for name in ("one_on_one", "feedback"))
    parts = {"workspace_id": HERE, "person_id": "U0ANA", "recorded_at": NOW}
    with blank.begin() as tx:
        held = {**parts, "version": 1, "manager_id": "U0SAM", "held_on": NOW.date(), "is_shared": False}
        tx.execute(insert(oneonone), [{**held, "id": new_id(), "notes": "for Sam alone", "origin": "1"}])
        shared = {**held, "held_on": NOW.date() - timedelta(days=7), "is_shared": True}
        tx.execute(insert(oneonone), [{**shared, "id": new_id(), "notes": "for both", "origin": "2"}])
        said = {**parts, "id": new_id(), "author_id": "U0SAM", "is_kudos": False, "letters": [], "origin": "3"}
        tx.execute(insert(feedback), [{**said, "text": "taken back", "withdrawn_at": NOW}])
        mine, theirs = (str(records.take_out(tx, HERE, who, {}).rows) for who in ("U0ANA", "U0SAM"))
    assert [text in mine for text in ("for both", "for Sam alone", "taken back")] == [True, False, False]
    assert [text in theirs for text in ("for both", "for Sam alone", "taken back")] == [True, True, True]
