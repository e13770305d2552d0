"""Rules about leads: by what they are known again, what counts as a touch, and how long somebody took."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.access.actor import Actor
from bot.access.rights import holds_everything
from bot.access.roles import Role
from bot.activity.entry import Kind
from bot.leads.states import Direction
from bot.working_time.clocks import runs_out
from bot.working_time.months import worked
from bot.working_time.presence import Schedule, Span, working_intervals

EMAIL = re.compile(r"[^@\s<>]+@(?P<domain>[^@\s<>]+\.[^@\s<>.]+)")

EVERYBODYS = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com aol.com "
    "gmx.de gmx.net gmx.com web.de t-online.de freenet.de proton.me protonmail.com zoho.com hey.com fastmail.com "
    "mail.ru inbox.ru list.ru bk.ru internet.ru yandex.ru ya.ru yandex.com rambler.ru qq.com 163.com 126.com "
    "orange.fr free.fr laposte.net wp.pl o2.pl libero.it".split()
)
"""Mail that anybody can have: its domain says nothing about a company."""

TOUCHES = frozenset({Kind.CALL, Kind.EMAIL, Kind.MEETING, Kind.DEMO, Kind.SOCIAL})
"""Kinds of activity by which a person reaches out: a note does not, nor does what the market says."""

TARGET = timedelta(minutes=5)
"""Speed to lead that a workspace aims for until it says otherwise."""


SELLERS = frozenset({Role.SDR, Role.AE, Role.SPECIALIST, Role.CSM})
"""Who keeps the leads that they bring. What the others bring stands in the queue."""

THEY_SPOKE_FIRST = frozenset("website webinar whitepaper newsletter event ads".split())
"""Sources of people who came to us, whoever types them in."""


def may_claim(actor: Actor) -> bool:
    """Whether somebody may take a lead out of the queue: whoever sorts inbound leads, leads a team, or runs it all."""
    return not {Role.MRR, Role.MANAGER}.isdisjoint(actor.roles) or holds_everything(
        actor.roles, is_admin=actor.is_admin
    )


def placed(actor: Actor, source: str, owner_id: str | None) -> tuple[Direction, str | None]:
    """Who spoke first, and whose a lead is that somebody types in: theirs who sell (or hold no role yet), else nobody's
    until it is claimed. An owner who was named has it.
    """
    sells = not actor.roles or not SELLERS.isdisjoint(actor.roles)
    is_inbound = source in THEY_SPOKE_FIRST or not sells
    return Direction.INBOUND if is_inbound else Direction.OUTBOUND, owner_id or (actor.id if sells else None)


def email_of(text: str | None) -> str | None:
    """An e-mail address as it is compared, or None for what is none."""
    found = EMAIL.fullmatch((text or "").strip())
    return found[0].lower() if found else None


def domain_of(email: str | None) -> str | None:
    """The company's domain behind an address; None for mail that anybody can have."""
    found = EMAIL.fullmatch(email or "")
    domain = found["domain"].lower().removeprefix("www.") if found else None
    return None if domain in EVERYBODYS else domain


def keys_of(email: str | None) -> list[tuple[str, str]]:
    """By what a lead with this address is known again: kind and value, the more exact one first."""
    address = email_of(email)
    found = [("email", address), ("domain", domain_of(address))]
    return [(kind, value) for kind, value in found if value]


def took(schedules: Iterable[Schedule], start: datetime, end: datetime) -> timedelta:
    """How long somebody took in working time: one person's own, or that of all who could have come first, in which
    it runs while any of them works.
    """
    spans = sorted(span for each in schedules for span in working_intervals(each, start, end))
    whole, reached = timedelta(), start
    for span in spans:
        begun = max(span.start, reached)
        if span.end > begun:
            whole += span.end - begun
            reached = span.end
    return whole


def due(schedules: Iterable[Schedule], start: datetime, limit: timedelta) -> datetime | None:
    """When `limit` of that working time is used up; None where nobody works within a year."""
    several = list(schedules)
    if len(several) == 1:
        return runs_out(several[0], start, limit)
    ends = [end for end in (runs_out(each, start, limit) for each in several) if end]
    if not ends:
        return None
    low, high = start, min(ends)
    spans = sorted(span for each in several for span in working_intervals(each, low, high))
    left, reached = limit, low
    for span in _merged(spans):
        begun = max(span.start, reached)
        if left <= span.end - begun:
            return begun + left
        left -= span.end - begun
        reached = span.end
    return high


def _merged(spans: Iterable[Span]) -> Iterable[Span]:
    running: Span | None = None
    for span in spans:
        if running and span.start <= running.end:
            running = Span(running.start, max(running.end, span.end))
        else:
            if running:
                yield running
            running = span
    if running:
        yield running


__all__ = [
    "EVERYBODYS",
    "TARGET",
    "TOUCHES",
    "domain_of",
    "due",
    "email_of",
    "keys_of",
    "may_claim",
    "placed",
    "took",
    "worked",
]
