"""Many leads at once, from a list: the same rules as for one, a handful of statements, and nobody is sent a card.

Everything here runs inside a caller's transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from bot.accounts import queries as account_queries
from bot.accounts import service as accounts
from bot.accounts.service import NewContact
from bot.leads import queries
from bot.leads.arrival import sameness
from bot.leads.changes import FILLED_IN, TURN, NewLead
from bot.leads.model import Lead, LeadEvent, LeadKey
from bot.leads.queries import LeadRow
from bot.leads.rules import keys_of
from bot.leads.states import Happening, LeadState
from bot.leads.vocabulary import Source
from bot.reading.names import name_key
from bot.store.many import insert_many_once
from bot.store.sql import Prepared, PreparedChange, one_at_a_time, one_of_ids, table_of
from bot.store.types import quick_id

lead = table_of(Lead)
key = table_of(LeadKey)
event = table_of(LeadEvent)

AT_ONCE = 10_000
"""Rows that one statement inserts."""

UNSAID = frozenset({Source.UNKNOWN, Source.IMPORT})
"""Sources that say less than any other."""

NOT_FILLED = frozenset({None, Source.UNKNOWN})

KEPT = ("account_id", "contact_id", "state", "owner_id", "claimed_at", "more", *FILLED_IN)

STANDING = Prepared(
    select(lead.c.id, *(lead.c[name] for name in KEPT))
    .where(lead.c.workspace_id == bindparam("workspace"), one_of_ids(lead.c.id, "leads"))
    .with_for_update()
)
POINTS = Prepared(
    select(event.c.lead_id, event.c.detail).where(
        event.c.workspace_id == bindparam("workspace"),
        one_of_ids(event.c.lead_id, "leads"),
        event.c.what == Happening.SCORED,
    )
)
LISTED = Prepared(
    queries.leads(lead.c.more)
    .where(lead.c.workspace_id == bindparam("workspace"), queries.STANDS)
    .order_by(lead.c.received_at, lead.c.id)
)
ADDRESSES = Prepared(
    select(key.c.lead_id, key.c.value)
    .where(key.c.workspace_id == bindparam("workspace"), key.c.kind == "email")
    .order_by(key.c.value)
)
ALL_POINTS = Prepared(
    select(event.c.lead_id, event.c.detail).where(
        event.c.workspace_id == bindparam("workspace"), event.c.what == Happening.SCORED
    )
)
_CHANGING = tuple(name for name in KEPT if name != "account_id")
CHANGE = PreparedChange(
    update(lead)
    .where(lead.c.workspace_id == bindparam("workspace"), lead.c.id == bindparam("lead"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)


class Coming(NamedTuple):
    """A row of a list: a lead, and the points from people that it has there."""

    line: int
    new: NewLead
    points: int | None = None


class How(StrEnum):
    """What became of a row."""

    NEW = "new"
    KNOWN = "known"
    """It is about a lead that was there before."""
    DOUBLE = "double"
    """It is about the lead of an earlier row."""


class Came(NamedTuple):
    """What became of a row, and what it changed."""

    how: How
    lead_id: UUID
    changed: Mapping[str, Any]


class Listed(NamedTuple):
    """A lead with what a list has of it besides: notes, an address by which it is known, the sum of people's points."""

    row: LeadRow
    more: Mapping[str, Any]
    email: str | None
    points: int | None


@dataclass
class _Standing:
    """A lead while the list is gone through. `points` is None where nobody gave or took any."""

    id: UUID
    values: dict[str, Any]
    is_new: bool
    points: int | None = None
    is_changed: bool = False


@dataclass
class _Rows:
    """What is to be written."""

    leads: list[tuple[_Standing, dict[str, Any]]] = field(default_factory=list)
    contacts: list[NewContact] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


class _Book:
    """The leads that a list may be about, those of its earlier rows among them."""

    def __init__(self, tx: Connection, workspace_id: str, several: Sequence[Coming], by: str, now: datetime) -> None:
        self.keys = [keys_of(each.new.email) for each in several]
        self.companies = [name_key(each.new.company) for each in several]
        values = {value for keys in self.keys for _, value in keys}
        known = queries.BY_KEY.all(tx, {"workspace": workspace_id, "values": values})
        plain = _without_address(tx, workspace_id, self._plain())
        self.standing = _stand(tx, workspace_id, {*(row.lead_id for row in known), *plain.values()})
        self.by_key = {(row.kind, row.value): self.standing[row.lead_id] for row in known}
        self.by_company = {company: self.standing[found] for company, found in plain.items()}
        names = {self.companies[n]: several[n].new.company for n in reversed(self._new())}
        self.accounts = accounts.ensure_accounts(tx, workspace_id, names, by=by, now=now)
        where = {each.values["account_id"] for each in self.standing.values()}
        self.people: set[tuple[UUID, str]] = set()
        for account_id, name, email in account_queries.people_at(tx, workspace_id, where):
            self.people |= {(account_id, name), (account_id, email or name)}

    def _plain(self) -> set[str]:
        """The companies of rows without an address."""
        return {company for company, keys in zip(self.companies, self.keys, strict=True) if not keys}

    def _new(self) -> list[int]:
        """The rows that nobody is known by: those that `find` will not find, when it is asked row by row."""
        keys, companies, found = set(self.by_key), set(self.by_company), []
        for n, own in enumerate(self.keys):
            if keys.isdisjoint(own) if own else self.companies[n] not in companies:
                found.append(n)
                companies.add(self.companies[n])
            keys.update(own)
        return found

    def find(self, n: int) -> _Standing | None:
        """The lead that row `n` is about, if there is one."""
        keys = self.keys[n]
        if not keys:
            return self.by_company.get(self.companies[n])
        return next((self.by_key[key] for key in keys if key in self.by_key), None)

    def add(self, n: int, standing: _Standing) -> list[tuple[str, str]]:
        """Let what row `n` brought be known as this lead; returns the keys that nobody had."""
        fresh = [key for key in self.keys[n] if key not in self.by_key]
        self.by_key |= dict.fromkeys(fresh, standing)
        if standing.is_new and not self.keys[n]:
            self.by_company[self.companies[n]] = standing
        elif standing.is_new:
            self.by_company.setdefault(self.companies[n], standing)
        return fresh


def take_in(
    tx: Connection, workspace_id: str, several: Sequence[Coming], *, by: str, origin: str, now: datetime
) -> list[Came]:
    """Take in a list, row by row in its order: each about a new lead or one that is known, as `changes.receive` has it.

    A known lead gets what it lacks, and one that stands in the queue the owner of its row. Points from a row are what
    it should have at the least; one without any gets them as they are.

    Args:
        tx: the running transaction.
        workspace_id: whose leads they are.
        several: the list.
        by: who brought it, for the rows' `recorded_by`.
        origin: a name that no list had before.
        now: the moment.
    """
    one_at_a_time(tx, f"{TURN}:{workspace_id}")
    book, rows = _Book(tx, workspace_id, several, by, now), _Rows()
    writer = _Writer(workspace_id, book, rows, by, origin, now)
    came = [writer.take(n, each) for n, each in enumerate(several)]
    _write(tx, workspace_id, rows, by, now)
    changed = [each for each in book.standing.values() if each.is_changed]
    CHANGE.each(tx, [_changes(workspace_id, each) for each in changed])
    return came


def listed(tx: Connection, workspace_id: str) -> list[Listed]:
    """Every lead that was not merged away, oldest first."""
    here = {"workspace": workspace_id}
    email = {row.lead_id: row.value for row in reversed(ADDRESSES.all(tx, here))}
    points: dict[UUID, int] = {}
    for row in ALL_POINTS.all(tx, here):
        points[row.lead_id] = points.get(row.lead_id, 0) + int(row.detail.get("points") or 0)
    found = []
    for row in LISTED.all(tx, here):
        values = row._asdict()
        more = values.pop("more")
        lead_row = LeadRow(**{**values, "state": LeadState(values["state"])})
        found.append(Listed(lead_row, more, email.get(row.id), points.get(row.id)))
    return found


class _Writer:
    """Turns rows of a list into rows of tables."""

    def __init__(self, workspace_id: str, book: _Book, rows: _Rows, by: str, origin: str, now: datetime) -> None:
        self._workspace_id, self._book, self._rows = workspace_id, book, rows
        self._by, self._origin, self._now = by, origin, now

    def take(self, n: int, coming: Coming) -> Came:
        """One row."""
        standing = self._book.find(n)
        if standing is None:
            standing = self._add(n, coming)
            changed, how = self._changed_by_new(coming), How.NEW
        else:
            how = How.DOUBLE if standing.is_new else How.KNOWN
            changed = self._merge(n, standing, coming)
        if points := self._points(standing, coming):
            changed["score"] = points
        return Came(how, standing.id, changed)

    def _add(self, n: int, coming: Coming) -> _Standing:
        new, received = coming.new, min(coming.new.received_at or self._now, self._now)
        account_id = self._book.accounts[self._book.companies[n]]
        values = {name: getattr(new, name) for name in FILLED_IN} | {
            "account_id": account_id,
            "contact_id": self._contact(account_id, new),
            "state": LeadState.WORKING if new.owner_id else LeadState.QUEUED,
            "owner_id": new.owner_id,
            "claimed_at": received if new.owner_id else None,
            "more": dict(new.more),
        }
        standing = _Standing(quick_id(), values, is_new=True)
        own = {"direction": new.direction, "received_at": received, "recorded_at": self._now, "recorded_by": self._by}
        own |= {"workspace_id": self._workspace_id, "id": standing.id, "origin": f"{self._origin}:{coming.line}"}
        self._rows.leads.append((standing, own))
        self._keys(n, standing)
        self._event(standing, coming, Happening.RECEIVED, received, {"source": new.source, "said": new.said})
        return standing

    def _changed_by_new(self, coming: Coming) -> dict[str, Any]:
        return {"new": coming.new.company, "owner_id": coming.new.owner_id}

    def _merge(self, n: int, standing: _Standing, coming: Coming) -> dict[str, Any]:
        """Give a lead what it lacks; returns what that was."""
        new, values = coming.new, standing.values
        news = {name: getattr(new, name) for name in FILLED_IN if values[name] in NOT_FILLED}
        news = {name: value for name, value in news.items() if value is not None and value not in UNSAID}
        had = {sameness(name) for name in values["more"]}
        more = {name: value for name, value in new.more.items() if sameness(name) not in had}
        account_id = values["account_id"]
        contact_id = None if self._is_known_there(account_id, new) else self._contact(account_id, new)
        fresh = self._keys(n, standing)
        if contact_id and values["contact_id"] is None:
            news["contact_id"] = contact_id
        said = {**news, **more}
        said.pop("contact_id", None)
        if contact_id or fresh:
            said["contact"] = new.person or new.email or new.phone
        if more:
            news["more"] = {**values["more"], **more}
        if said:
            detail = {"source": new.source, "person": new.person, "email": new.email, "said": new.said}
            self._event(standing, coming, Happening.CAME_AGAIN, self._now, {**detail, "more": more or None})
        if new.owner_id and values["state"] == LeadState.QUEUED:
            news |= {"state": LeadState.WORKING, "owner_id": new.owner_id, "claimed_at": self._now}
            said["owner_id"] = new.owner_id
            self._event(standing, coming, Happening.CLAIMED, self._now, {"owner": new.owner_id}, by=new.owner_id)
        values |= news
        standing.is_changed = standing.is_changed or bool(news)
        return said

    def _is_known_there(self, account_id: UUID, new: NewLead) -> bool:
        """Whether the account has somebody with this address; or this name, where no address says more."""
        return (account_id, new.email or name_key(new.person or new.phone or "")) in self._book.people

    def _points(self, standing: _Standing, coming: Coming) -> int | None:
        wanted = coming.points
        if wanted is None or (standing.points is not None and wanted <= standing.points):
            return None
        points = wanted - (standing.points or 0)
        standing.points = wanted
        if points:
            self._event(standing, coming, Happening.SCORED, self._now, {"points": points, "why": "imported"})
        return points

    def _contact(self, account_id: UUID, new: NewLead) -> UUID | None:
        name = new.person or new.email or new.phone
        if name is None:
            return None
        contact = NewContact(quick_id(), account_id, name, new.email, new.phone)
        self._rows.contacts.append(contact)
        self._book.people |= {(account_id, name_key(name)), (account_id, new.email or name_key(name))}
        return contact.id

    def _keys(self, n: int, standing: _Standing) -> list[tuple[str, str]]:
        fresh = self._book.add(n, standing)
        for kind, value in fresh:
            row = {"workspace_id": self._workspace_id, "kind": kind, "lead_id": standing.id, "value": value}
            self._rows.keys.append(row)
        return fresh

    def _event(
        self,
        standing: _Standing,
        coming: Coming,
        what: Happening,
        at: datetime,
        detail: Mapping[str, Any],
        by: str | None = None,
    ) -> None:
        self._rows.events.append(
            {
                "workspace_id": self._workspace_id,
                "lead_id": standing.id,
                "what": what,
                "at": at,
                "by": by,
                "detail": {name: value for name, value in detail.items() if value is not None},
                "recorded_at": self._now,
                "origin": f"{what}:{self._origin}:{coming.line}",
                "id": quick_id(),
            }
        )


def _without_address(tx: Connection, workspace_id: str, companies: Collection[str]) -> dict[str, UUID]:
    """By company the lead that a row without an address is about: one without an address, too, or else the newest."""
    of = {found: company for company, found in accounts.find_accounts(tx, workspace_id, companies).items()}
    found: dict[str, tuple[bool, UUID]] = {}
    for row in queries.of_accounts(tx, workspace_id, of) if of else ():
        company, is_plain = of[row.account_id], row.email is None
        if company not in found or (is_plain and not found[company][0]):
            found[company] = (is_plain, row.id)
    return {company: lead_id for company, (_, lead_id) in found.items()}


def _stand(tx: Connection, workspace_id: str, ids: Iterable[UUID]) -> dict[UUID, _Standing]:
    """Known leads as they stand; other changes of them wait for this transaction."""
    some = {"workspace": workspace_id, "leads": list(ids)}
    if not some["leads"]:
        return {}
    found = {}
    for row in STANDING.all(tx, some):
        values = row._asdict()
        found[row.id] = _Standing(values.pop("id"), values, is_new=False)
    for row in POINTS.all(tx, some):
        found[row.lead_id].points = (found[row.lead_id].points or 0) + int(row.detail.get("points") or 0)
    return found


def _write(tx: Connection, workspace_id: str, rows: _Rows, by: str, now: datetime) -> None:
    """In the order in which they point at each other. What later rows of the list added to a new lead is in it."""
    for contacts in _parts(rows.contacts):
        accounts.add_contacts(tx, workspace_id, contacts, by=by, now=now)
    leads = [{**standing.values, **own} for standing, own in rows.leads]
    for model, several in ((Lead, leads), (LeadKey, rows.keys), (LeadEvent, rows.events)):
        for part in _parts(several):
            insert_many_once(tx, model, part)


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE))


def _changes(workspace_id: str, standing: _Standing) -> dict[str, Any]:
    values = {f"new_{name}": standing.values[name] for name in _CHANGING}
    return {"workspace": workspace_id, "lead": standing.id, **values}
