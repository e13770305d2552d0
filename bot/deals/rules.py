"""Rules of deals: how one stood at some moment, which stages it has entered, when a customer renews."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from bot.deals.states import PIPELINE, Stage, What

YEAR = 12
"""Months after which a customer renews, unless something else was said."""

NOTICES = (90, 60, 30)
"""Days before the renewal on which whoever cares for the customer is reminded."""

MOST_MONTHS = 120
"""The longest contract that is taken for one."""

MOST_DAYS_BACK = 90
"""How long ago a deal may have been won or lost when somebody says so, as for activity."""

LARGEST = 10**12
"""The largest amount of a deal, in whole units of the currency."""

LONGEST_STEP = 300
LONGEST_NOTE = 2000

LAST_YEARS = 5
"""How many years ahead a deal is expected to close at the most."""

SOON = timedelta(days=14)
"""A deal that is to close within this time is looked at."""


class Concern(StrEnum):
    """Why an open deal wants to be looked at, the most pressing first."""

    PAST_DUE = "past_due"
    """The day on which it was to close has passed."""
    NO_STEP = "no_step"
    """Nobody knows what comes next, or that should have been done by now: it is forgotten."""
    STEP_TODAY = "step_today"
    SOON = "soon"
    """It is to close soon."""


def concern(close_on: date | None, next_step: str | None, next_on: date | None, today: date) -> Concern | None:
    """The most pressing of what is wrong with an open deal on its owner's `today`, or coming up."""
    if close_on and close_on < today:
        return Concern.PAST_DUE
    if is_forgotten(next_step, next_on, today):
        return Concern.NO_STEP
    if next_on == today:
        return Concern.STEP_TODAY
    return Concern.SOON if close_on and close_on <= today + SOON else None


def is_forgotten(next_step: str | None, next_on: date | None, today: date) -> bool:
    """Whether a deal has no next step, or one whose day has passed."""
    return not next_step or (next_on is not None and next_on < today)


class Change(NamedTuple):
    """One change of a deal or a customer: the columns that it changed, as they were and as they became."""

    n: int
    what: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    note: str | None
    by: str
    happened_at: datetime
    recorded_at: datetime


def as_of(changes: Iterable[Change], known: datetime | None = None) -> dict[str, Any] | None:
    """The columns as they stood by what was recorded at `known` (UTC; None: by everything), or None before the first
    change. Plain JSON: days and moments in ISO form, amounts in minor units.
    """
    found: dict[str, Any] | None = None
    for each in sorted(changes, key=lambda change: change.n):
        if known is None or each.recorded_at <= known:
            found = {**(found or {}), **each.after}
    return found


def entered(changes: Iterable[Change], known: datetime | None = None) -> dict[Stage, datetime]:
    """When a deal first entered each stage. One that was skipped counts as entered with the one behind it; what lies in
    front of where it was opened does not, nor does what lies behind where it was lost.
    """
    found: dict[Stage, datetime] = {}
    first = 0
    for each in sorted(changes, key=lambda change: change.n):
        stage = each.after.get("stage")
        if stage is None or (known is not None and each.recorded_at > known):
            continue
        if each.what == What.OPENED and stage in PIPELINE:
            first = PIPELINE.index(Stage(stage))
        for passed in (*_up_to(Stage(stage), first), Stage(stage)):
            found.setdefault(passed, each.happened_at)
    return found


def _up_to(stage: Stage, first: int) -> tuple[Stage, ...]:
    """The open stages that a deal in `stage` has been through."""
    if stage is Stage.LOST:
        return ()
    last = len(PIPELINE) if stage is Stage.WON else PIPELINE.index(stage)
    return PIPELINE[first:last]


def months_later(day: date, months: int, of_month: int | None = None) -> date:
    """The same day of a later month, or that month's last one: 31 January and one month are 28 or 29 February.

    `of_month` is the day that was meant first (31), so that February does not move March's.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(of_month or day.day, monthrange(year, month + 1)[1]))


def next_notice(renewal_on: date, after: date) -> tuple[date, int] | None:
    """The next day behind `after` on which a renewal is reminded of, and how many days before it that is."""
    days = ((renewal_on - timedelta(days=each), each) for each in NOTICES)
    return next((each for each in days if each[0] > after), None)


def notice_on(renewal_on: date, today: date) -> int | None:
    """The notice that stands on `today`: the latest one whose day has come, while the renewal is still ahead."""
    left = (renewal_on - today).days
    return min((each for each in NOTICES if left <= each), default=None) if left >= 0 else None
