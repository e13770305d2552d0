"""Companies and the people in them are found by whatever a rep types, in their own workspace only."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import func, select

from bot.accounts import queries
from bot.accounts import service as accounts
from bot.accounts.model import Account
from bot.reading.names import name_key
from bot.store.engine import Store
from bot.store.sql import table_of
from tests.factories import NOW

HERE, ELSEWHERE = "T0BATON", "T0OTHER"


@dataclass
class Book:
    """Acme with Jane Roe in it, and a Globex of another workspace."""

    store: Store
    acme: UUID
    jane: UUID

    def named(self, text: str, workspace_id: str = HERE) -> list[str]:
        """The refs that a name, e-mail or phone finds."""
        with self.store.read() as tx:
            return [each.ref for each in queries.named(tx, workspace_id, [name_key(text), text.lower()])]


@pytest.fixture
def book(unwalled: Store) -> Book:
    with unwalled.write() as tx:
        acme = accounts.ensure_account(tx, HERE, "Acme", by="U0ANA", now=NOW)
        jane = accounts.add_contact(
            tx, HERE, acme, "Jane Roe", email="Jane@Acme.example", phone="+1 (555) 010-0000", by="U0ANA", now=NOW
        )
        accounts.ensure_account(tx, ELSEWHERE, "Globex", by="U0BOB", now=NOW)
    return Book(unwalled, acme, jane)


@pytest.mark.parametrize("typed", ["Acme", "ACME", "«acme»", "ａｃｍｅ", "acme."])
def test_a_company_is_found_however_it_is_typed(book: Book, typed: str) -> None:
    assert book.named(typed) == [f"account:{book.acme}"]


@pytest.mark.parametrize("typed", ["Jane Roe", "jane  roe", "JANE@acme.example", "15550100000"])
def test_a_contact_is_found_by_name_mail_and_phone(book: Book, typed: str) -> None:
    assert book.named(typed) == [f"contact:{book.jane}"]


def test_a_contact_brings_the_company_along(book: Book) -> None:
    with book.store.read() as tx:
        (found,) = queries.named(tx, HERE, ["jane roe"])
        assert queries.company_of(tx, HERE, book.jane) == "Acme"
        assert queries.company_of(tx, ELSEWHERE, book.jane) is None
    assert (found.account, found.detail) == (f"account:{book.acme}", "Acme")
    assert set(found.keys) == {"jane@acme.example", "15550100000"}


def test_another_workspaces_names_are_not_found(book: Book) -> None:
    assert book.named("Globex") == []
    assert book.named("Acme", ELSEWHERE) == []
    with book.store.read() as tx:
        assert [each.name for each in queries.similar_in_length(tx, ELSEWHERE, "acme")] == ["Globex"]


def test_no_keys_find_nobody(book: Book) -> None:
    with book.store.read() as tx:
        assert queries.named(tx, HERE, []) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("acne", {"Acme"}, id="as long"),
        pytest.param("acmeinc", {"Acme", "Jane Roe"}, id="three longer, one shorter"),
        pytest.param("acme incs", {"Jane Roe"}, id="five longer than the one, one longer than the other"),
        pytest.param("the acme company", set(), id="far longer"),
    ],
)
def test_close_spellings_are_looked_for_among_names_about_as_long(book: Book, typed: str, found: set[str]) -> None:
    with book.store.read() as tx:
        assert {each.name for each in queries.similar_in_length(tx, HERE, typed)} == found


@pytest.mark.parametrize("typed", ["Acme", "acme", "«ACME»", "Acme "])
def test_a_company_is_made_once_for_every_way_to_type_it(book: Book, typed: str) -> None:
    with book.store.write() as tx:
        assert accounts.ensure_account(tx, HERE, typed, by="U0ANA", now=NOW) == book.acme
        assert accounts.ensure_account(tx, ELSEWHERE, typed, by="U0ANA", now=NOW) != book.acme
        table = table_of(Account)
        made = tx.execute(select(func.count()).where(table.c.workspace_id == HERE, table.c.name_key == "acme"))
        assert made.scalar_one() == 1


@pytest.mark.parametrize(
    ("ref", "account", "contact"),
    [
        pytest.param("account", True, False, id="a company"),
        pytest.param("contact", False, True, id="a person"),
        pytest.param(None, True, False, id="a name without a ref that is known all the same"),
    ],
)
def test_the_side_of_an_entry_is_a_company_or_a_person(
    book: Book, ref: str | None, account: bool, contact: bool
) -> None:
    key = {"account": book.acme, "contact": book.jane}.get(ref or "")
    with book.store.write() as tx:
        side = accounts.side(tx, HERE, "Acme", f"{ref}:{key}" if ref else None, by="U0ANA", now=NOW)
    assert side == accounts.Side(book.acme if account else None, book.jane if contact else None)
