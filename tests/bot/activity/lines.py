"""What the tests of a line share: a Wednesday morning in Berlin, and the names that are known there."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.activity.entry import AskedBack, Entry, FollowUp, Kind, Reading, Understood, Who
from bot.activity.line import read
from bot.activity.vocabulary import STANDARD, Vocabulary
from bot.reading.names import Known, KnownName

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
TODAY = NOW.date()

ACME = KnownName("account:1", "Acme")
JANE = KnownName("contact:1", "Jane Roe", keys=("jane@acme.example", "+1 555 0100"), account="account:1")
KNOWN = Known(
    (
        ACME,
        KnownName("account:2", "Acme Corp (EMEA)"),
        KnownName("account:3", "Globex"),
        KnownName("account:4", "Initech"),
        KnownName("account:5", "Ромашка"),
        KnownName("account:6", "3M"),
        JANE,
    )
)
WHO = {name.name: Who(name.name, name.ref) for name in KNOWN.names}


def reading(
    line: str, *, now: datetime = NOW, language: str = "en", known: Known = KNOWN, vocabulary: Vocabulary = STANDARD
) -> Reading:
    """The line as it is read that morning."""
    return read(line, now=now, language=language, known=known, vocabulary=vocabulary)


def understood(line: str) -> Entry:
    """The one entry that the line says."""
    found = reading(line)
    assert isinstance(found, Understood), found
    [entry] = found.entries
    return entry


def asked(line: str) -> AskedBack:
    """The question that the line is answered with."""
    found = reading(line)
    assert isinstance(found, AskedBack), found
    return found


def an_entry(
    kind: str = Kind.CALL,
    who: str | None = None,
    minutes: int | None = None,
    outcome: str | None = None,
    *,
    day: str = "2026-11-18",
    at: str | None = None,
    count: int = 1,
    note: str | None = None,
    colleagues: tuple[str, ...] = (),
    follow_up: FollowUp | None = None,
) -> Entry:
    """An entry of today; `who` is a known name, or a new one."""
    return Entry(
        kind=kind,
        day=date.fromisoformat(day),
        count=count,
        who=WHO.get(who, Who(who)) if who else None,
        minutes=minutes,
        outcome=outcome,
        at=time.fromisoformat(at) if at else None,
        note=note,
        colleagues=colleagues,
        follow_up=follow_up,
    )


def a_step(day: str, what: str, at: str | None = None) -> FollowUp:
    """A next step."""
    return FollowUp(date.fromisoformat(day), what, time.fromisoformat(at) if at else None)
