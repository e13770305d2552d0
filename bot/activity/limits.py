"""What an entry may hold, checked the same way for a typed line and for the form.

Every function answers with the problem, or None. `now` is aware, in the person's own zone.
"""

from datetime import date, datetime, time, timedelta

from bot.activity.entry import Problem
from bot.activity.vocabulary import TEXT_KINDS

MOST_MINUTES = 12 * 60
MOST_DAYS_BACK = 90
MOST_DAYS_AHEAD = 2 * 365
MOST_AT_ONCE = 200
MOST_CONFIRMED = 1000
"""How many of a kind one line stores: the first without a question, the second after one."""

LONGEST_LINE = 10_000
LONGEST_NOTE = 3_000
LONGEST_NAME = 120
LONGEST_WHAT = 300
"""Lengths in characters: a note fills one of Slack's text objects, which take 3,000."""

_FIELDS = {
    "kind": "kind_unknown two_kinds",
    "who": "who_close name_shared two_names name_long",
    "count": "count_unreadable count_zero count_negative count_large count_absurd",
    "outcome": "two_outcomes",
    "duration": "duration_unreadable duration_zero duration_negative duration_long two_durations number_bare",
    "day": "day_impossible day_ambiguous two_days day_future day_old",
    "time": "time_impossible two_times time_future",
    "note": "note_missing note_long line_long",
    "next_day": "follow_up_day_missing follow_up_day_impossible follow_up_day_ambiguous follow_up_past follow_up_far",
    "next_time": "follow_up_time_impossible follow_up_time_past",
    "next_what": "follow_up_what follow_up_what_long",
}
FIELD_OF = {code: field for field, codes in _FIELDS.items() for code in codes.split()}
"""The form's field that each problem belongs to."""


def check_count(count: int, *, confirmed: bool = False) -> Problem | None:
    """`count` activities of a kind in one line; `confirmed` when the person was asked already."""
    if count == 0:
        return Problem("count_zero")
    if count < 0:
        return Problem("count_negative", {"count": count})
    if count > MOST_CONFIRMED:
        return Problem("count_absurd", {"count": count, "limit": MOST_CONFIRMED})
    if count > MOST_AT_ONCE and not confirmed:
        return Problem("count_large", {"count": count, "limit": MOST_AT_ONCE})
    return None


def check_minutes(minutes: int) -> Problem | None:
    """A length in whole minutes."""
    if minutes == 0:
        return Problem("duration_zero")
    if minutes < 0:
        return Problem("duration_negative", {"minutes": minutes})
    if minutes > MOST_MINUTES:
        return Problem("duration_long", {"minutes": minutes, "hours": MOST_MINUTES // 60})
    return None


def check_day(day: date, at: time | None, now: datetime) -> Problem | None:
    """When it happened: up to now, and not more than ninety days ago."""
    today = now.date()
    if day > today:
        return Problem("day_future", {"day": day})
    if day == today and at is not None and at > now.time():
        return Problem("time_future", {"day": day, "at": at})
    days = (today - day).days
    if days > MOST_DAYS_BACK:
        return Problem("day_old", {"day": day, "days": days, "limit": MOST_DAYS_BACK})
    return None


def check_follow_up(day: date, at: time | None, what: str, now: datetime) -> Problem | None:
    """A next step: from now on, within two years, with words for what to do."""
    today = now.date()
    if day < today:
        return Problem("follow_up_past", {"day": day})
    if day == today and at is not None and at <= now.time():
        return Problem("follow_up_time_past", {"day": day, "at": at})
    if (day - today).days > MOST_DAYS_AHEAD:
        return Problem("follow_up_far", {"day": day, "last": today + timedelta(days=MOST_DAYS_AHEAD)})
    if not what:
        return Problem("follow_up_what", {"day": day})
    if len(what) > LONGEST_WHAT:
        return Problem("follow_up_what_long", {"length": len(what), "limit": LONGEST_WHAT})
    return None


def check_note(kind: str, note: str | None) -> Problem | None:
    """The note, which `note` and `intel` cannot do without."""
    if note is None:
        return Problem("note_missing", {"kind": kind}) if kind in TEXT_KINDS else None
    if len(note) > LONGEST_NOTE:
        return Problem("note_long", {"length": len(note), "limit": LONGEST_NOTE})
    return None


def check_name(name: str) -> Problem | None:
    """A name that nobody knows yet."""
    if len(name) > LONGEST_NAME:
        return Problem("name_long", {"length": len(name), "limit": LONGEST_NAME})
    return None
