"""What a line of `/handoff` says. `ref` is that of a known name; None if it is new, misspelt or shared by several."""

from dataclasses import dataclass
from typing import Literal

from bot.reading.asked import Unclear
from bot.reading.text import words_of

ASKS = words_of(
    "line_long verb_close name_missing name_long two_people two_roles handle to_unread mention_unused what_missing "
    "what_long"
)
"""Every code that a problem may have: `handoffs.ask.CODE` in the catalogue."""

ToRole = Literal["AE", "SPECIALIST", "CSM"]


@dataclass(frozen=True, slots=True)
class Nothing:
    """A bare `/handoff`."""


@dataclass(frozen=True, slots=True)
class Help:
    """`/handoff help`."""


@dataclass(frozen=True, slots=True)
class List:
    """Mine, as giver or taker."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take back an offer that nobody has accepted."""

    name: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Give:
    """Hand a lead off: `to` is the Slack id that a mention names; routed if neither it nor a role was said."""

    name: str
    ref: str | None = None
    to: str | None = None
    role: ToRole | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Stuck:
    """Something in the way of a lead or a deal that somebody with the right to it is asked to take over."""

    name: str
    ref: str | None
    what: str


HandoffLine = Nothing | Help | List | Withdraw | Give | Unclear
