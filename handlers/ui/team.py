"""How the team looks: the roster of a day, and one person."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from bot.access.actor import Actor
from bot.access.roles import Role
from bot.clock import zone_or_utc
from bot.people.rules import Member, Stint
from bot.team.queries import PersonCard, Roster
from bot.team.vocabulary import Group
from bot.words import Words
from bot.working_time.presence import Presence, Reason
from bot.workspace.names import country_name, hours_line
from handlers import ids
from handlers.ui.absence import described
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    cut,
    escape,
    header,
    in_sections,
    md,
    md_plural,
    section,
)
from handlers.ui.home import moment

SEPARATOR = " · "
PAGE = 40
"""People on one page of a roster: a few sections, and none of them cut."""

LINE_MAX = 250
MANAGERS_NAMED = 2
HISTORY_SHOWN = 12


class Entry(NamedTuple):
    """One person under one headline of a roster; who belongs under none stands at the end."""

    is_last: bool
    order: str
    heading: str
    member: Member


def roster(words: Words, found: Roster, reader: Actor, now: datetime, *, group: Group, page: int = 0) -> Message:
    """Everybody who holds a role, by team, role or territory, page by page."""
    is_today = found.day == found.today
    title = words("team.today") if is_today else words("team.on_day", day=words.date(found.day))
    count = md_plural(words, "team.people", len(found.members))
    entries = sorted(_entries(found, group), key=lambda entry: (*entry[:2], entry.member.name.casefold()))
    pages = max(1, -(-len(entries) // PAGE))
    page = min(max(page, 0), pages - 1)
    lines = _lines(words, found, entries, page, reader, now, group=group)
    texts = in_sections(lines) or [md(words, "team.nobody")]
    place = [md(words, "team.page", page=page + 1, pages=pages)] if pages > 1 else []
    blocks = [header(title), context(count, *place), *(section(text) for text in texts)]
    return Message(f"{title}. {count}.", [*blocks, actions(*_turns(words, found, group, page, pages))])


def person(words: Words, card: PersonCard, reader: Actor) -> Message:
    """Somebody's roles, place and hours, and what they may change of it."""
    member, today = card.member, card.now.astimezone(reader.zone).date()
    name = member.name if card.day == today else words("team.card.on", name=member.name, day=words.date(card.day))
    now = _now(words, card, reader)
    parts = [*_roles(words, card), *_place(words, card), *_hours(words, card)]
    history = _history(words, card)
    blocks = [header(name), *([section(now)] if now else []), *map(section, in_sections(parts))]
    blocks += [context(text) for text in in_sections(history)]
    if member.may_work and (card.may_assign or card.may_set_hours):
        blocks.append(actions(edit_button(words, member.id)))
    return Message("\n".join([name, *([now] if now else []), *parts]), blocks)


def edit_button(words: Words, person_id: str) -> Block:
    """`Edit`: the form of one person."""
    return button(words("button.edit"), ids.TEAM_EDIT, ids.pack(p=person_id))


def away(words: Words, member: Member, found: Roster, reader: Actor, now: datetime) -> list[Mrkdwn]:
    """`away until Fri 27 Nov`, for somebody who is; the reason only where the reader may know it."""
    leave = found.leaves.get(member.id)
    return [md(words, "team.away", until=described(words, leave, member, reader, now))] if leave else []


def span(words: Words, stint: Stint) -> str:
    """`since Mon 1 Jun 2026`, `from Tue 1 Dec 2026`, `Mon 1 Jun 2026 – Sun 22 Nov 2026`."""
    if stint.end is None:
        return words("team.since", day=words.date(stint.start))
    return f"{words.date(stint.start)} – {words.date(stint.end)}"


def _entries(found: Roster, group: Group) -> Iterator[Entry]:
    for member in found.members:
        standing = member.standing
        held = member.roles
        if group is Group.ROLE:
            yield from (Entry(False, f"{place:02}", role, member) for place, role in enumerate(Role) if role in held)
        elif group is Group.TERRITORY and standing.territories:
            yield from (Entry(False, each.casefold(), each, member) for each in standing.territories)
        elif group is Group.TEAM and standing.team:
            yield Entry(False, standing.team.casefold(), standing.team, member)
        elif group is Group.TEAM and standing.manager:
            yield Entry(True, f"0{standing.manager}", "", member)
        else:
            yield Entry(True, "1", "", member)


def _lines(
    words: Words, found: Roster, entries: Sequence[Entry], page: int, reader: Actor, now: datetime, *, group: Group
) -> list[Mrkdwn]:
    """The people of one page under their headlines, which come again where a page begins inside a group."""
    here = entries[page * PAGE : (page + 1) * PAGE]
    lines: list[Mrkdwn] = []
    for order, of_group in groupby(here, key=lambda entry: entry[:2]):
        everybody = [entry.member for entry in entries if entry[:2] == order]
        managers = list(dict.fromkeys(member.standing.manager for member in everybody))
        together = group is Group.TEAM and len(managers) == 1
        first, *rest = of_group
        lines.append(_heading(words, found, first, managers[0] if together else None, group))
        lines += [
            _line(words, found, entry.member, reader, now, group=group, with_manager=not together)
            for entry in (first, *rest)
        ]
    return lines


def _heading(words: Words, found: Roster, entry: Entry, manager: str | None, group: Group) -> Mrkdwn:
    """`*North* · manager Maria`."""
    title = words(f"role.{entry.heading}") if group is Group.ROLE else entry.heading
    named = escape(title) if title else md(words, f"team.without.{group}")
    led = [_manager(words, found, manager)] if manager else []
    return Mrkdwn(cut(SEPARATOR.join([f"*{named}*", *led]), LINE_MAX))


def _line(
    words: Words, found: Roster, member: Member, reader: Actor, now: datetime, *, group: Group, with_manager: bool
) -> Mrkdwn:
    """`Ana Ruiz · SDR · EMEA · away until Fri 27 Nov`; what the headline says is left out."""
    standing = member.standing
    parts: list[str] = [escape(member.name)]
    parts += [", ".join(member.roles)]
    if group is not Group.TEAM and standing.team:
        parts.append(escape(standing.team))
    if group is not Group.TERRITORY and standing.territories:
        parts.append(escape(", ".join(standing.territories)))
    if with_manager and standing.manager:
        parts.append(_manager(words, found, standing.manager))
    if not member.is_active:
        parts.append(md(words, "team.has_left"))
    shown = cut(SEPARATOR.join(parts), LINE_MAX)
    return Mrkdwn(SEPARATOR.join([f"• {shown}", *away(words, member, found, reader, now)]))


def _manager(words: Words, found: Roster, manager_id: str) -> Mrkdwn:
    """The manager by name; today one who has left is marked, for the reports need another."""
    manager = found.managers.get(manager_id)
    name = manager.name if manager else manager_id
    gone = found.day >= found.today and not (manager and manager.may_work)
    return md(words, "team.manager_gone" if gone else "team.manager", name=name)


def _turns(words: Words, found: Roster, group: Group, page: int, pages: int) -> list[Block]:
    """The other orders, and the pages before and behind."""
    day = found.day.isoformat() if found.day != found.today else None
    turns = [(f"team.by.{other}", other, 0, other is not group) for other in Group]
    turns += [("button.previous", group, page - 1, page > 0), ("button.next", group, page + 1, page + 1 < pages)]
    return [
        button(words(key), f"{ids.TEAM_ROSTER}.{n}", ids.pack(g=to, d=day, n=number))
        for n, (key, to, number, is_there) in enumerate(turns)
        if is_there
    ]


def _now(words: Words, card: PersonCard, reader: Actor) -> Mrkdwn | None:
    """Their time, whether they work at this moment, and when next; who cannot work here says why."""
    if not card.member.may_work:
        return md(words, "team.card.gone")
    if card.presence is None:
        return None
    local = card.now.astimezone(zone_or_utc(card.member.zone))
    time = md(words, "team.card.time", time=words.time(local.time()), zone=card.member.zone)
    absent = (
        [md(words, "team.away", until=described(words, card.leave, card.member, reader, card.now))]
        if card.leave
        else []
    )
    return Mrkdwn(SEPARATOR.join([time, *absent, _presence(words, card, card.presence)]))


def _presence(words: Words, card: PersonCard, now: Presence) -> Mrkdwn:
    zone = card.member.zone
    if now.is_working and now.until:
        return md(words, "team.card.working", until=words.time(now.until.astimezone(zone_or_utc(zone)).time()))
    if now.next_start is None:
        return md(words, "team.card.not_working")
    key = "team.card.holiday" if now.reason is Reason.HOLIDAY else "team.card.next"
    return md(words, key, start=moment(words, now.next_start, zone, card.now))


def _roles(words: Words, card: PersonCard) -> list[Mrkdwn]:
    held = [stint for stint in card.stints if stint.covers(card.day)]
    lines = [
        md(words, "team.card.role", role=stint.role, name=words(f"role.{stint.role}"), span=span(words, stint))
        for stint in held
    ]
    return lines or [md(words, "team.card.no_role")]


def _history(words: Words, card: PersonCard) -> list[Mrkdwn]:
    """Roles that are over or to come, the latest first."""
    others = [stint for stint in reversed(card.stints) if not stint.covers(card.day)]
    lines = [Mrkdwn(f"{stint.role} {escape(span(words, stint))}") for stint in others[:HISTORY_SHOWN]]
    more = [md_plural(words, "team.card.more", len(others) - HISTORY_SHOWN)] if len(others) > HISTORY_SHOWN else []
    return [md(words, "team.card.history"), *lines, *more] if lines else []


def _place(words: Words, card: PersonCard) -> list[Mrkdwn]:
    standing, manager = card.member.standing, card.manager
    gone = manager is not None and not manager.may_work
    pairs = (
        ("team", standing.team),
        ("manager_gone" if gone else "manager", manager.name if manager else standing.manager),
        ("territories", ", ".join(standing.territories)),
        ("segments", ", ".join(standing.segments)),
    )
    return [md(words, f"team.card.{name}", value=value) for name, value in pairs if value]


def _hours(words: Words, card: PersonCard) -> list[Mrkdwn]:
    """Working hours, their own or the workspace's, and whose holidays count."""
    schedule = card.schedule
    key = "team.card.own_hours" if card.member.standing.hours else "team.card.hours"
    lines = [md(words, key, hours=hours_line(schedule.hours, words.language))]
    if schedule.country is None:
        return [*lines, md(words, "team.card.no_country")]
    code = "-".join(filter(None, (schedule.country, schedule.subdivision)))
    country = country_name(code, words.language)
    return [*lines, md(words, "team.card.country" if card.has_calendar else "team.card.no_calendar", country=country)]
