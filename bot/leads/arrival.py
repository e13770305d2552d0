"""A lead as forms, programs and files tell of it: fields under anybody's names, and what Baton makes of them.

Pure and total: whatever stands in the fields can be stored, and what is not understood is kept as a note.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.activity.limits import LONGEST_NAME, LONGEST_NOTE
from bot.leads.changes import NewLead
from bot.leads.headcount import MOST_EMPLOYEES
from bot.leads.rules import domain_of, email_of
from bot.leads.states import Direction
from bot.leads.vocabulary import SOURCES, Source
from bot.reading.text import keyed, storable

_SPELLINGS = {
    "company": "company companyname organization organisation account компания организация",
    "person": "name fullname person contact contactname contactperson имя фио контакт",
    "first": "firstname givenname forename",
    "last": "lastname surname familyname",
    "email": "email emailaddress mail workemail businessemail почта",
    "phone": "phone phonenumber telephone tel mobile mobilephone телефон",
    "source": "source leadsource источник",
    "title": "title jobtitle position должность",
    "employees": "employees size companysize headcount numberofemployees сотрудников",
    "industry": "industry отрасль",
    "country": "country страна",
    "territory": "territory region территория регион",
    "segment": "segment сегмент",
    "said": "message said comment comments сообщение комментарий",
    "received_at": "receivedat received submittedat",
}
SLOTS = {spelling: slot for slot, words in _SPELLINGS.items() for spelling in words.split()}
"""What fields are called, without case, spaces and punctuation, by what they mean; the first of a meaning counts."""

LONGEST_EMAIL = 254
PHONE_DIGITS = range(5, 31)
MOST_KEPT = 16 * 1024
"""Bytes of further fields, as JSON."""

DEEPEST = 20
LEFT_OUT = "(left out)"
"""Under this name stand the names of fields for which there was no room."""

WIDEST_INT = 2**53
"""Beyond it a number is kept as text: few programs read it as it was."""


_SIZE = re.compile(
    r"[~≈>]?\s*(?P<least>\d{1,3}(?:[ ,.'’\u00a0\u202f]\d{3})+|\d{1,8})\s*"
    r"(?:\+|(?:-|–|—|to|до)\s*[\d ,.'’\u00a0\u202f]*\d)?(?:\s+[^\W\d]+)*"
)
_EPOCH = re.compile(r"\d{9,13}(?:\.\d+)?")
_NUMBERED = re.compile(r" \(\d+\)$")
_NOT_A_WORD = re.compile(r"[\W_]+")

OURS = frozenset({Source.OUTBOUND, Source.IMPORT, Source.CUSTOMER, Source.UNKNOWN})
"""Sources by which we may have spoken first."""


class Incomplete(Exception):
    """Neither an e-mail address nor a company: nobody could be found behind such a lead."""


@dataclass
class _Fields:
    """What was understood so far, and what is kept beside."""

    found: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def keep(self, name: str, value: Any) -> None:
        """As a note, under a name that differs from the others' by more than case."""
        name = storable(name)[:LONGEST_NAME] or "(no name)"
        taken = {_spelling(each) for each in self.more}
        several = (name, *(f"{name} ({n})" for n in range(2, len(taken) + 3)))
        self.more[next(each for each in several if _spelling(each) not in taken)] = _kept(value)


def read(fields: Mapping[str, Any], *, unnamed_source: Source = Source.UNKNOWN) -> NewLead:
    """The lead that `fields` tell of: values as JSON has them.

    A source that is none of ours is `unknown`; of a size like `51-200` the lower end counts; the company of somebody
    who does not name it is their address's domain, or they themselves where anybody can have such an address.

    Raises:
        Incomplete: when they name neither a company nor an e-mail address.
    """
    understood = _Fields()
    for name, value in fields.items():
        if not _is_empty(value):
            _take(understood, name, value)
    found = understood.found
    person = found.pop("person", None)
    parts = [found.pop(part) for part in ("first", "last") if part in found]
    person = person or " ".join(parts)[:LONGEST_NAME] or None
    email = found.get("email")
    company = found.pop("company", None) or _company(email, person)
    if company is None:
        raise Incomplete
    found.setdefault("source", unnamed_source)
    return NewLead(company, Direction.INBOUND, person, more=_bounded(understood.more), **found)


def moment_of(value: Any) -> datetime | None:
    """A moment: ISO 8601 with a zone, or seconds (or milliseconds) since 1970; None for everything else."""
    try:
        if isinstance(value, str) and not _EPOCH.fullmatch(value.strip()):
            moment = datetime.fromisoformat(value.strip())
            return moment.astimezone(UTC) if moment.tzinfo and moment.year > 1970 else None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        seconds = float(value)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def source_of(text: str) -> Source | None:
    """The source that people call so, in English or Russian; None for other words."""
    return SOURCES.get(keyed(text.replace("_", " ")))


def has_slot(name: str) -> bool:
    """Whether a field of this name is one that Baton has a name for."""
    return _spelling(name) in SLOTS


def sameness(name: str) -> str:
    """What two names of notes have in common when they mean the same: `Job title`, `title` and `title (2)`."""
    found = _spelling(_NUMBERED.sub("", name))
    return SLOTS.get(found, found)


def original(slot: str, worth: Any, notes: Mapping[str, Any]) -> str | None:
    """The note that says in the sender's words what stands in the slot, or could not; its name."""
    for name, value in notes.items():
        if sameness(name) == slot and _text(value) is not None and _worth(slot, value) in {worth, None}:
            return name
    return None


def employees_of(value: Any) -> int | None:
    """A company's size; of a range (`51-200`, `1,000+`) its lower end."""
    found = _SIZE.fullmatch(_text(value) or "")
    number = int(re.sub(r"\D", "", found["least"])) if found else 0
    return number if 0 < number <= MOST_EMPLOYEES else None


def _take(understood: _Fields, name: str, value: Any) -> None:
    """Put a field into its slot; a second one for the same, and what is not plainly understood, is a note (too)."""
    slot = SLOTS.get(_spelling(name))
    if slot is None or slot in understood.found:
        understood.keep(name, value)
        return
    worth = _worth(slot, value)
    if worth is not None:
        understood.found[slot] = worth
    if worth is None or _loses(slot, worth, value):
        understood.keep(name, value)


def _worth(slot: str, value: Any) -> Any:
    """What a field is worth in its slot; None when it says nothing there."""
    if slot in _READERS:
        return _READERS[slot](value)
    text = " ".join((_text(value) or "").split())
    return _cut(text, LONGEST_NAME) if any(map(str.isalnum, text)) else None  # `-` and `?` name nobody


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _email(value: Any) -> str | None:
    text = _text(value) or ""
    return email_of(text) if len(text) <= LONGEST_EMAIL else None


def _phone(value: Any) -> str | None:
    text = _text(value) or ""
    return text if sum(map(str.isdecimal, text)) in PHONE_DIGITS else None


def _loses(slot: str, worth: Any, value: Any) -> bool:
    """Whether the slot says less than the field did."""
    if slot == "employees":
        return str(worth) != _text(value)
    if slot == "source":
        return source_of(_text(value) or "") is None
    return isinstance(worth, str) and worth.endswith("…") and worth != _text(value)


def _company(email: str | None, person: str | None) -> str | None:
    if email is None:
        return None
    domain = domain_of(email)
    if domain:
        return domain[:LONGEST_NAME]
    return f"{person} ({email})"[:LONGEST_NAME] if person else email[:LONGEST_NAME]


def _text(value: Any) -> str | None:
    """A field as one text; None for what has parts that are named."""
    if isinstance(value, list):
        parts = [_text(each) for each in value if not _is_empty(each)]
        return ", ".join(part for part in parts if part) if parts and all(parts) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return storable(str(value)) or None


def _is_empty(value: Any) -> bool:
    return value is None or value in ([], {}) or (isinstance(value, str) and not storable(value))


def _spelling(name: str) -> str:
    return _NOT_A_WORD.sub("", name.casefold())


def _kept(value: Any, depth: int = 0) -> Any:
    """A value that every database takes as JSON."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        if depth == DEEPEST:
            return "…"
        return {storable(str(name)): _kept(each, depth + 1) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_kept(each, depth + 1) for each in value] if depth < DEEPEST else "…"
    is_wide = isinstance(value, float) and not math.isfinite(value)
    is_wide = is_wide or (isinstance(value, int) and abs(value) > WIDEST_INT)
    return str(value) if is_wide else value


def _bounded(more: Mapping[str, Any]) -> dict[str, Any]:
    """As many of the notes as there is room for, in their order, and the names of the rest."""
    room, kept, left = MOST_KEPT, {}, []
    for name, value in more.items():
        size = len(json.dumps([name, value]))
        if size <= room:
            kept[name], room = value, room - size
        else:
            left.append(name)
    return kept | {LEFT_OUT: left[:20]} if left else kept


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "received_at": moment_of,
    "employees": employees_of,
    "email": _email,
    "phone": _phone,
    "source": lambda value: source_of(_text(value) or "") or (_text(value) and Source.UNKNOWN),
    "said": lambda value: _cut(_text(value) or "", LONGEST_NOTE) or None,
}
