"""What can be done about activity: one function, one transaction.

`origin` names the delivery from Slack behind a change. The same delivery twice changes nothing the second time
and is answered like the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from bot.access.actor import Actor
from bot.accounts import queries as account_queries
from bot.accounts import service as accounts
from bot.activity import queries, questions, versions
from bot.activity.entry import AskedBack, Entry, Kind, Offer, Reading, Reminder, Understood, Who
from bot.activity.limits import LONGEST_NOTE
from bot.activity.line import read
from bot.activity.queries import Stored
from bot.activity.questions import Question
from bot.clock import week_of
from bot.errors import Refused
from bot.reading.names import Known, KnownName, candidate_names, find_names, name_key
from bot.reading.text import read_line
from bot.store.engine import Store
from bot.store.types import new_id


@dataclass(frozen=True, slots=True)
class DayCount:
    """Calls of one day against the person's daily goal."""

    day: date
    calls: int
    goal: int


@dataclass(frozen=True, slots=True)
class Logged:
    """What a change left behind: the entries, the day's count, and the names that were new to the workspace."""

    entries: tuple[Stored, ...]
    count: DayCount
    reminder: Reminder | None = None
    new_names: tuple[str, ...] = ()
    question: UUID | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A person's own entries from `first` to `last`, newest first, with the totals by day and kind."""

    first: date
    last: date
    entries: tuple[Stored, ...]
    totals: dict[tuple[date, str], int]
    count: DayCount


def understand(store: Store, actor: Actor, line: str, now: datetime) -> Reading:
    """Read what somebody typed, with the names that their workspace knows."""
    local = now.astimezone(actor.zone)
    with store.read() as tx:
        known = Known(tuple(account_queries.named(tx, actor.workspace_id, candidate_names(line))))
        reading = read(line, now=local, language=actor.language, known=known)
        stranger = _new_name(reading)
        if stranger is None:
            return reading
        near = account_queries.similar(tx, actor.workspace_id, name_key(stranger))
        known = _with_near(known.names, stranger, near)
    return read(line, now=local, language=actor.language, known=known)


def known_names(store: Store, actor: Actor, name: str) -> Known:
    """Everybody who is called `name`, or nearly so: what a form needs to check its WHO."""
    with store.read() as tx:
        exact = account_queries.named(tx, actor.workspace_id, [name_key(name)])
        near = account_queries.similar(tx, actor.workspace_id, name_key(name))
        return _with_near(exact, name, near)


def from_text(store: Store, actor: Actor, text: str, now: datetime) -> Entry:
    """A note about whoever a text speaks of: what `Log as activity` starts from."""
    with store.read() as tx:
        known = Known(tuple(account_queries.named(tx, actor.workspace_id, candidate_names(text))))
    places = find_names(read_line(text).tokens, known)
    who = Who(places[0].names[0].name, places[0].names[0].ref) if places else None
    return Entry(Kind.NOTE, now.astimezone(actor.zone).date(), who=who, note=text[:LONGEST_NOTE] or None)


def log_line(store: Store, actor: Actor, line: str, read: Understood, *, origin: str, now: datetime) -> Logged:
    """Store what a line says, together with the improvements that the reply will offer."""
    with store.write() as tx:
        done = _log(tx, actor, read.entries, origin, now)
        if not read.offers:
            return done
        question = questions.keep(tx, actor, line, read.offers, now, amends=done.entries[0].id)
        return replace(done, question=question)


def log(store: Store, actor: Actor, entries: Sequence[Entry], *, origin: str, now: datetime) -> Logged:
    """Store new entries."""
    with store.write() as tx:
        return _log(tx, actor, entries, origin, now)


def amend(store: Store, actor: Actor, entry_id: UUID, entry: Entry, *, origin: str, now: datetime) -> Logged:
    """Put another version in the place of the actor's own entry; the form has no field for colleagues, so they stay.

    Raises:
        Refused: when the entry is not theirs, or was removed.
    """
    with store.write() as tx:
        version, _ = _held(tx, actor, entry_id)
        before = _own(tx, actor, entry_id)
        if queries.by_origin(tx, actor.workspace_id, origin):
            return _logged(tx, actor, [before])
        versions.close_version(tx, actor, entry_id, before.entry, origin=f"{origin}-", now=now)
        versions.detach_step(tx, actor, entry_id, now)
        whole = entry if entry.colleagues else replace(entry, colleagues=before.entry.colleagues)
        versions.add_version(tx, actor, entry_id, version + 1, whole, origin=origin, now=now)
        return _logged(tx, actor, [_own(tx, actor, entry_id)])


def remove(store: Store, actor: Actor, entry_ids: Sequence[UUID], *, origin: str, now: datetime) -> Logged:
    """Take back entries of the actor's own, all or none; taking one back twice is the same as once.

    Raises:
        Refused: when one of them is not theirs, or there are none.
    """
    with store.write() as tx:
        gone = [_remove(tx, actor, each, f"{origin}#{each}", now) for each in entry_ids]
        return _logged(tx, actor, gone)


def undo_last(store: Store, actor: Actor, *, origin: str, now: datetime) -> Logged:
    """Take back what the actor recorded last.

    Raises:
        Refused: when there is nothing left to take back.
    """
    with store.write() as tx:
        last = queries.latest(tx, actor.workspace_id, actor.id)
        if last:
            versions.hold(tx, actor, last.id)  # before the question whether this delivery has been served
        done = queries.closed_by(tx, actor.workspace_id, origin)
        if done:
            return _logged(tx, actor, [done])
        if last is None:
            raise Refused("log.nothing_to_undo")
        return _logged(tx, actor, [_remove(tx, actor, last.id, origin, now)])


def restore(store: Store, actor: Actor, entry_ids: Sequence[UUID], *, origin: str, now: datetime) -> Logged:
    """Bring back entries that the actor took back, all or none; bringing one back twice is the same as once.

    Raises:
        Refused: when one of them is not theirs, or there are none.
    """
    with store.write() as tx:
        for entry_id in entry_ids:
            version, stored = _held(tx, actor, entry_id)
            if queries.current(tx, actor.workspace_id, entry_id) is None:
                versions.detach_step(tx, actor, entry_id, now)
                key = f"{origin}#{entry_id}"
                versions.add_version(tx, actor, entry_id, version + 1, stored.entry, origin=key, now=now)
        return _logged(tx, actor, [_own(tx, actor, each) for each in entry_ids])


def own_entry(store: Store, actor: Actor, entry_id: UUID) -> Stored:
    """The actor's own entry as it stands.

    Raises:
        Refused: when there is no such entry of theirs, or it was removed.
    """
    with store.read() as tx:
        return _own(tx, actor, entry_id)


def overview(store: Store, actor: Actor, first: date, last: date, now: datetime) -> Overview:
    """What the actor logged from `first` to `last`, with the count of that day, or of today where it is several."""
    today = now.astimezone(actor.zone).date()
    with store.read() as tx:
        entries = tuple(queries.between(tx, actor.workspace_id, actor.id, first, last))
        return Overview(
            first,
            last,
            entries,
            queries.totals(tx, actor.workspace_id, actor.id, first, last),
            _count_of(tx, actor, last if first == last else today),
        )


def this_week(store: Store, actor: Actor, now: datetime) -> Overview:
    """The actor's entries of the ISO week that is running where they are."""
    monday, sunday = week_of(now.astimezone(actor.zone).date())
    return overview(store, actor, monday, sunday, now)


def ask(store: Store, actor: Actor, line: str, offers: Sequence[Offer], now: datetime) -> UUID:
    """Keep a line that was asked back."""
    with store.write() as tx:
        return questions.keep(tx, actor, line, offers, now)


def asked(store: Store, actor: Actor, question_id: UUID) -> Question:
    """A question that this person was asked.

    Raises:
        Refused: when it is not theirs, or too old.
    """
    with store.read() as tx:
        return questions.find(tx, actor, question_id)


def take(store: Store, actor: Actor, question_id: UUID, choice: int, now: datetime) -> Logged:
    """Store what the button number `choice` under a question promised; a second press stores nothing more.

    Raises:
        Refused: when the question is not theirs, too old, or was answered with another button.
    """
    question = asked(store, actor, question_id)
    if not 0 <= choice < len(question.offers):
        raise Refused("log.question_gone")
    with store.write() as tx:
        questions.answer(tx, actor, question_id, choice)
    offer, origin = question.offers[choice], f"question:{question_id}"
    if offer.reminder:
        return remind(store, actor, offer.reminder, origin=origin, now=now)
    if offer.amends and question.entry_id:
        return amend(store, actor, question.entry_id, offer.entries[0], origin=origin, now=now)
    return log(store, actor, offer.entries, origin=origin, now=now)


def remind(store: Store, actor: Actor, reminder: Reminder, *, origin: str, now: datetime) -> Logged:
    """Store a next step that has no activity behind it."""
    who = reminder.who
    with store.write() as tx:
        side = accounts.Side()
        if who:
            side = accounts.side(tx, actor.workspace_id, who.name, who.ref, by=actor.id, now=now)
        versions.add_step(tx, actor, side, reminder.follow_up, origin=origin, now=now)
        return Logged((), _count_of(tx, actor, now.astimezone(actor.zone).date()), reminder)


def _with_near(names: Sequence[KnownName], typed: str, near: Sequence[KnownName]) -> Known:
    """The names of two looks, where somebody may have added the very name that was typed between the two."""
    added = [each for each in near if name_key(each.name) == name_key(typed) and each not in names]
    return Known((*names, *added), tuple(near))


def _new_name(reading: Reading) -> str | None:
    if isinstance(reading, Understood):
        return next((each.who.name for each in reading.entries if each.who and each.who.ref is None), None)
    if isinstance(reading, AskedBack) and reading.partial and reading.partial.who:
        return None if reading.partial.who.ref else reading.partial.who.name
    return None


def _log(tx: Connection, actor: Actor, entries: Sequence[Entry], origin: str, now: datetime) -> Logged:
    new = tuple(each.who.name for each in entries if each.who and each.who.ref is None)
    each_stored = [_store(tx, actor, each, f"{origin}#{n}", now) for n, each in enumerate(entries)]
    stored = tuple(entry for entry, _ in each_stored)
    total = each_stored[0][1]
    if len(entries) == 1 and entries[0].kind == Kind.CALL and total is not None:
        return Logged(stored, DayCount(entries[0].day, total, actor.daily_goal), new_names=new)
    return replace(_logged(tx, actor, stored), new_names=new)


def _store(tx: Connection, actor: Actor, entry: Entry, origin: str, now: datetime) -> tuple[Stored, int | None]:
    """The new entry with the day's sum of its kind, or the one that the same delivery has made before."""
    entry_id = new_id()
    total = versions.add_version(tx, actor, entry_id, 1, entry, origin=origin, now=now)
    if total is not None:
        return Stored(entry_id, actor.id, entry, now, _company(tx, actor, entry)), total
    before = queries.by_origin(tx, actor.workspace_id, origin)
    assert before is not None
    return before, None


def _company(tx: Connection, actor: Actor, entry: Entry) -> str | None:
    noun, _, key = ((entry.who and entry.who.ref) or "").partition(":")
    return account_queries.company_of(tx, actor.workspace_id, UUID(key)) if noun == "contact" else None


def _held(tx: Connection, actor: Actor, entry_id: UUID) -> tuple[int, Stored]:
    """The actor's own entry as it stands or stood last, with the version's number; other changes of it wait."""
    versions.hold(tx, actor, entry_id)
    found = queries.last_version(tx, actor.workspace_id, entry_id)
    if found is None or found[1].person_id != actor.id:
        raise Refused("log.not_yours")
    return found


def _own(tx: Connection, actor: Actor, entry_id: UUID) -> Stored:
    found = queries.current(tx, actor.workspace_id, entry_id)
    if found is None or found.person_id != actor.id:
        raise Refused("log.not_yours")
    return found


def _remove(tx: Connection, actor: Actor, entry_id: UUID, origin: str, now: datetime) -> Stored:
    _, stored = _held(tx, actor, entry_id)
    if versions.close_version(tx, actor, stored.id, stored.entry, origin=origin, now=now):
        versions.withdraw_step(tx, actor, stored.id, now)
    return stored


def _logged(tx: Connection, actor: Actor, entries: Sequence[Stored]) -> Logged:
    if not entries:
        raise Refused("log.not_yours")
    return Logged(tuple(entries), _count_of(tx, actor, entries[0].entry.day))


def _count_of(tx: Connection, actor: Actor, day: date) -> DayCount:
    calls = queries.calls_on(tx, actor.workspace_id, actor.id, day)
    return DayCount(day, calls, actor.daily_goal)
