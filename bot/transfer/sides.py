"""Whom the activities of a file were with: companies and people that are known, and those that come with it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from bot.accounts import queries as account_queries
from bot.accounts import service as accounts
from bot.accounts.service import NewContact, Side
from bot.reading.names import Known, KnownName, name_key, phone_key
from bot.store.engine import Store
from bot.store.types import quick_id
from bot.transfer.cells import shown

T = TypeVar("T")

AT_ONCE = 2_000
"""Names that one statement looks up."""

APART = "\x1e"
"""Between a person's name and their company's."""


class Said(NamedTuple):
    """Who stands in a row, and at which company."""

    who: str
    company: str | None


@dataclass(frozen=True, slots=True)
class _Meant:
    """A company, or somebody at one. What is not known yet has a name instead of an id."""

    key: str
    account_id: UUID | None = None
    contact_id: UUID | None = None
    account: str | None = None
    contact: str | None = None


class Sides:
    """Everybody who stands in a file, by number; each name is looked up once."""

    def __init__(self, store: Store, workspace_id: str) -> None:
        self._store, self._workspace_id = store, workspace_id
        self._meant: list[_Meant] = []
        self._numbers: dict[Said, int] = {}
        self.refused: dict[Said, str] = {}

    def learn(self, said: Iterable[Said]) -> None:
        """Find out who is meant; who cannot be told stands in `refused`, with the reason."""
        fresh = list(dict.fromkeys(each for each in said if each not in self._numbers and each not in self.refused))
        for some in batches(fresh, AT_ONCE):
            known = self._known({key for each in some for key in _keys(each)})
            for each in some:
                self._keep(each, _meant(each, known))

    def number(self, said: Said) -> int:
        """The number of somebody who was learned."""
        return self._numbers[said]

    def key(self, number: int) -> str:
        """The name by which activities with them are the same, however it is written."""
        return self._meant[number].key

    def ensure(self, tx: Connection, *, by: str, now: datetime) -> list[Side]:
        """The rows of all of them, by number; those that are not there yet are made."""
        names, people = dict[str, str](), dict[str, NewContact]()
        for each in self._meant:
            if each.account:
                names.setdefault(name_key(each.account), each.account)
        ids: dict[str, Any] = {}
        for keys in batches(list(names), AT_ONCE):
            some = {key: names[key] for key in keys}
            ids |= accounts.ensure_accounts(tx, self._workspace_id, some, by=by, now=now)
        for each in self._meant:
            if each.contact and each.key not in people:
                people[each.key] = _new_contact(each, ids)
        accounts.add_contacts(tx, self._workspace_id, list(people.values()), by=by, now=now)
        return [_side(each, ids, people) for each in self._meant]

    def _known(self, keys: Collection[str]) -> Known:
        with self._store.read() as tx:
            return Known(tuple(account_queries.named(tx, self._workspace_id, keys)))

    def _keep(self, said: Said, meant: "_Meant | str") -> None:
        if isinstance(meant, str):
            self.refused[said] = meant
        else:
            self._numbers[said] = len(self._meant)
            self._meant.append(meant)


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """All of `things`, so many at once."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


@lru_cache(maxsize=20_000)
def key_of(who: str, company: str | None) -> str:
    """The name by which activities are the same."""
    return f"{name_key(who)}{APART}{name_key(company)}" if company else name_key(who)


def _keys(said: Said) -> Iterator[str]:
    yield name_key(said.who)
    phone = phone_key(said.who)
    if phone:
        yield phone
    if said.company:
        yield name_key(said.company)


def _meant(said: Said, known: Known) -> _Meant | str:
    """Who is meant, or why nobody can tell: a company before a person, and of namesakes the one at the company."""
    found = {each.ref: each for key in (name_key(said.who), phone_key(said.who) or "") for each in known.named(key)}
    companies = [each for each in found.values() if each.account is None]
    people = [each for each in found.values() if each.account is not None]
    if said.company and name_key(said.company) != name_key(said.who):
        return _at_company(said.who, said.company, people, known)
    if companies:
        return _Meant(key_of(companies[0].name, None), _id(companies[0].ref))
    if len(people) > 1:
        places = " and at ".join(shown(each.detail) for each in people[:3])
        return f"who: {shown(said.who)} is at {places}; say which in a column company, or write an e-mail"
    if people:
        return _person(people[0])
    return _Meant(name_key(said.who), account=said.who)


def _at_company(who: str, company: str, people: list[KnownName], known: Known) -> _Meant:
    there = [each for each in people if name_key(each.detail) == name_key(company)]
    if there:
        return _person(there[0])
    at = next((each for each in known.named(name_key(company)) if each.account is None), None)
    if at is None:
        return _Meant(key_of(who, company), account=company, contact=who)
    return _Meant(key_of(who, company), _id(at.ref), contact=who)


def _person(known: KnownName) -> _Meant:
    return _Meant(key_of(known.name, known.detail), contact_id=_id(known.ref))


def _id(ref: str) -> UUID:
    return UUID(ref.partition(":")[2])


def _new_contact(meant: _Meant, ids: Mapping[str, Any]) -> NewContact:
    assert meant.contact
    account_id = meant.account_id or ids[name_key(meant.account or "")]
    return NewContact(quick_id(), account_id, meant.contact)


def _side(meant: _Meant, ids: Mapping[str, Any], people: Mapping[str, NewContact]) -> Side:
    if meant.contact:
        return Side(contact_id=people[meant.key].id)
    if meant.contact_id:
        return Side(contact_id=meant.contact_id)
    return Side(account_id=meant.account_id or ids[name_key(meant.account or "")])
