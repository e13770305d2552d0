"""Rules of hand-offs: the checklists of qualification, the reasons, and when a clock runs out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.handoffs.states import ASKED, SOLD_AGAIN, Kind
from bot.working_time.clocks import runs_out
from bot.working_time.presence import Schedule, next_working_day, work_on
from bot.workspace.checklists import Question

DECLINE_REASONS = ("not-mine", "existing", "full", "incomplete", "unreachable", "conflict", "other")
REJECT_REASONS = ("no-need", "no-budget", "no-authority", "no-timing", "bad-fit", "no-contact", "not-buyer", "other")

DECLINE_REASONS_OF: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(SOLD_AGAIN, DECLINE_REASONS),
    Kind.CARE: ("not-mine", "full", "incomplete", "conflict", "other"),
    **dict.fromkeys(ASKED, ("full", "incomplete", "conflict", "other")),
}
"""Those that make sense for a kind."""

NEEDS_A_NOTE = "other"

NO_WORDS = frozenset({"no", "none", "нет", "не"})


class Known(StrEnum):
    """What is known about a question; unknown is not no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the checklist."""

    known: Known = Known.UNKNOWN
    text: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """Two moments of an offer (UTC): half-way, when its reader is reminded, and the end; None where that lies too far
    off to say.
    """

    remind_at: datetime | None
    due_at: datetime | None


def answer_of(text: str | None) -> Answer:
    """What somebody typed under a question: nothing is unknown, a leading no is no, all else is yes."""
    said = " ".join((text or "").split())
    if not said:
        return Answer()
    first = said.casefold().split()[0].strip(".,;:!–—-")
    return Answer(Known.NO if first in NO_WORDS else Known.YES, said)


def is_known(answers: Mapping[str, Answer], question: Question) -> bool:
    """Whether the answer to a question is known, be it no."""
    return answers.get(question.code, Answer()).known is not Known.UNKNOWN


def answers_as_json(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Answers as they are stored; what nobody has said is not."""
    return {code: {"known": each.known, "text": each.text} for code, each in answers.items() if each.text}


def answers_from(stored: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers that `answers_as_json` made this of."""
    return {code: Answer(Known(each["known"]), each["text"]) for code, each in stored.items()}


def missing(answers: Mapping[str, Answer], required: Sequence[str]) -> list[str]:
    """The required questions that nobody has answered."""
    return [code for code in required if answers.get(code, Answer()).known is Known.UNKNOWN]


def clock_of(schedule: Schedule, offered_at: datetime, limit: timedelta) -> Clock:
    """When an offer reminds, and when it ends, in the taker's own working time."""
    return Clock(runs_out(schedule, offered_at, limit / 2), runs_out(schedule, offered_at, limit))


def touch_due(schedule: Schedule, accepted_at: datetime, days: int) -> datetime | None:
    """By when whoever accepted should have reached out: the end of that many own working days after the day."""
    day = accepted_at.astimezone(schedule.zone).date()
    for _ in range(days):
        following = next_working_day(schedule, day)
        if following is None:
            return None
        day = following
    stretches = work_on(schedule, day)
    return stretches[-1].end if stretches else None
