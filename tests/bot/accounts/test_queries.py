"""Companies and the people in them are found by whatever a rep types, in their own workspace only."""

from dataclasses import dataclass
from uuid import UUID, uuid4

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
        assert [each.name for each in queries.similar(tx, ELSEWHERE, "globe")] == ["Globex"]
        assert queries.similar(tx, ELSEWHERE, "acne") == []


def test_no_keys_find_nobody(book: Book) -> None:
    with book.store.read() as tx:
        assert queries.named(tx, HERE, []) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("acne", {"Acme"}, id="the end of what is short"),
        pytest.param("acme inc", set(), id="four longer"),
        pytest.param("acmeinc", {"Acme"}, id="three longer"),
        pytest.param("jame roe", {"Jane Roe"}, id="the beginning is wrong"),
        pytest.param("janet roe", {"Jane Roe"}, id="a letter too many"),
        pytest.param("jan roe", {"Jane Roe"}, id="a letter too few"),
        pytest.param("jane row", {"Jane Roe"}, id="the end is wrong"),
    ],
)
def test_close_spellings_are_looked_for_among_names_about_as_long(book: Book, typed: str, found: set[str]) -> None:
    with book.store.read() as tx:
        assert {each.name for each in queries.similar(tx, HERE, typed)} == found


NAMES = ("Acme", "Ромашка", "Globex Energy", "ООО Вектор", "Zürich Insurance Group", "Ян")
LETTERS = "aeё z"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_with_one_letter_wrong_is_found(unwalled: Store, name: str) -> None:
    key = name_key(name)
    wrong = {key[:n] + letter + key[n + more :] for n in range(len(key) + 1) for letter in LETTERS for more in (0, 1)}
    wrong |= {key[:n] + key[n + 1 :] for n in range(len(key))}
    with unwalled.write() as tx:
        accounts.ensure_account(tx, HERE, name, by="U0ANA", now=NOW)
        missed = {each for each in wrong if name not in {one.name for one in queries.similar(tx, HERE, each)}}
    assert missed == set()


def test_a_misspelling_reads_a_few_of_many_names(unwalled: Store) -> None:
    many = {name_key(each): each for each in (f"ООО {uuid4().hex[:12]}" for _ in range(2 * queries.SPELLING_LIMIT))}
    with unwalled.write() as tx:
        accounts.ensure_accounts(tx, HERE, many, by="U0ANA", now=NOW)
        accounts.ensure_account(tx, HERE, "ООО Ромашка Юг", by="U0ANA", now=NOW)
        found = [each.name for each in queries.similar(tx, HERE, name_key("ООО Ромошка Юг"))]
    assert "ООО Ромашка Юг" in found
    assert len(found) <= queries.SPELLING_LIMIT + len(NAMES)


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
