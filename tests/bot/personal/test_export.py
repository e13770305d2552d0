"""One's own data, or everything, as files by the ledger: each kind once, only what one may have."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.delivery.outcome import Parcel
from bot.errors import Refused
from bot.personal import export
from bot.store.engine import Store
from bot.store.types import new_id
from bot.transfer.kinds import Kind
from tests.factories import a_person
from tests.sampled import HERE, NOW, double

ANA, SAM = a_person("U0ANA"), a_person("U0SAM", is_admin=True)


def lines(made: Any) -> list[str]:
    """The rows of a file, without its heading."""
    text: str = made.content.decode("utf-8-sig")
    return text.splitlines()[1:]


def files(store: Store, who: str, *, everything: bool) -> dict[Kind, list[str]]:
    """The files that somebody would get, by kind."""
    found = {}
    for kind in export.kinds(everything=everything):
        made = export.made(store, a_parcel(who, kind, everything=everything), NOW)
        if made:
            assert made.name == f"baton-{kind}-2026-11-24.csv"
            assert made.rows == len(lines(made))
            found[kind] = lines(made)
    return found


def a_parcel(who: str, kind: Kind, *, everything: bool) -> Parcel:
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
    assert all("ana@northwind.example" in line for found in mine.values() for line in found)
    assert len(mine[Kind.PEOPLE]) == 1


def test_everything_is_for_those_who_may_and_of_this_workspace(sampled: Callable[[], Store]) -> None:
    alone, beside = sampled(), sampled()
    double(beside)
    every = files(alone, "U0SAM", everything=True)
    assert files(beside, "U0SAM", everything=True) == every
    assert len(every[Kind.ACTIVITIES]) > len(files(alone, "U0ANA", everything=False)[Kind.ACTIVITIES])
    assert files(alone, "U0ANA", everything=True) == {}
    with pytest.raises(Refused):
        export.ask(alone, ANA, everything=True, origin="o", now=NOW)


def test_one_press_sends_each_file_once(sampled: Callable[[], Store]) -> None:
    store = sampled()
    for _ in range(2):
        assert export.ask(store, ANA, everything=False, origin="press", now=NOW) == len(Kind) - 1
    with store.read() as tx:
        count = tx.exec_driver_sql("SELECT count(*) FROM delivery WHERE kind = 'personal_file'").scalar()
    assert count == len(Kind) - 1
