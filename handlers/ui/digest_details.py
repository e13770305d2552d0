"""What stands in the thread beneath a team's digest: everything that the message has no room for, in a fixed order."""

from collections.abc import Iterator, Mapping

from bot.digest.pages import Clocks, TeamPage
from bot.scorecards.pages import Card
from bot.words import Words
from handlers.ui import digest as said
from handlers.ui import figures
from handlers.ui import quota_figures as quota
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import Block, Message, Mrkdwn, escape, header, in_sections, md, md_plural, section, table
from handlers.ui.digest_market import market

LOOKS = 25
"""People who need a look and are told apart; all of them are in the file."""

WINS = 20
"""Wins that are named."""

LATE = 10
"""Deals past their close day that are named."""


def details(words: Words, page: TeamPage) -> Message:
    """The message."""
    title = words("digest.details.title", title=said.team_title(words, page))
    blocks: list[Block] = [header(title)]
    for name, lines in _parts(words, page):
        if lines:
            heading = md(words, f"digest.details.{name}")
            blocks += [section(text) for text in in_sections([Mrkdwn(f"*{heading}*"), *lines])]
    rows = list(figures.lines_of(words, Card(page.now, page.before), is_both=page.is_everybody))
    heads = [words("figures.column.figure"), page.period.name, page.earlier.name]
    blocks.append(table(heads, rows))
    return Message(escape(title), blocks)


def _parts(words: Words, page: TeamPage) -> Iterator[tuple[str, list[Mrkdwn]]]:
    needing = [said.needing_line(words, mate) for mate in page.needing[said.NEEDING :]]
    yield "needing", _cut(words, needing, LOOKS)
    yield "standing", list(_standing(words, page))
    yield "activity", said.activity_lines(words, page.activity, page.activity_before)
    yield "handoffs", list(_handoffs(words, page))
    yield "pipeline", list(_pipeline(words, page))
    yield "wins", _cut(words, said.wins(words, page.wins, page.names), WINS)
    yield "market", list(market(words, page.market, page.names))
    yield "late", _cut(words, list(_late(words, page)), LATE)


def _cut(words: Words, lines: list[Mrkdwn], most: int) -> list[Mrkdwn]:
    more = len(lines) - most
    return [*lines[:most], *([md_plural(words, "digest.details.more", more)] if more > 0 else [])]


def _standing(words: Words, page: TeamPage) -> Iterator[Mrkdwn]:
    """Every target of the team: achieved, pace and the forecast both ways."""
    for each in page.whole.parts:
        part = each.part
        name = quota.metric_name(words, part.metric.code)
        found = [
            quota.achieved(words, part, page.currency).replace("*", ""),
            quota.pace(words, part.standing),
            quota.run_rate(words, part, page.currency),
            quota.by_pipeline(words, part),
        ]
        line = SEPARATOR.join(escape(text) for text in found if text)
        yield Mrkdwn(f"{escape(name)}, {escape(part.period.name)}: {line}")


def _handoffs(words: Words, page: TeamPage) -> Iterator[Mrkdwn]:
    for side, now, before in (
        ("taken", page.now.taken, page.before.taken),
        ("given", page.now.given, page.before.given),
    ):
        if now.offered or before.offered:
            counts = {
                name: words.number(getattr(now, name))
                for name in ("offered", "accepted", "declined", "expired", "waiting")
            }
            yield md(words, f"digest.handoffs.{side}", before=words.number(before.offered), **counts)
    yield from _clocks(words, page.handoffs.now, page.handoffs.before)
    for of, why in (("decline", page.handoffs.declined), ("reject", page.handoffs.rejected)):
        yield from _reasons(words, of, why)


def _clocks(words: Words, now: Clocks, before: Clocks) -> Iterator[Mrkdwn]:
    for name in ("person", "system"):
        here, there = getattr(now, name), getattr(before, name)
        if here or there:
            none = words("digest.nothing")
            yield md(
                words,
                f"digest.clock.{name}",
                now=said.spread_said(words, here) or none,
                before=said.spread_said(words, there) or none,
            )


def _reasons(words: Words, of: str, counts: Mapping[str, int]) -> Iterator[Mrkdwn]:
    if counts:
        ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        listed = ", ".join(f"{words(f'handoffs.{of}.{code}')} ({words.number(n)})" for code, n in ranked)
        yield md(words, f"digest.reasons.{of}", reasons=listed)


def _pipeline(words: Words, page: TeamPage) -> Iterator[Mrkdwn]:
    for name in ("opened", "won", "lost", "open"):
        n, worth = getattr(page.movement, name)
        figure = words.plural("digest.deals_worth", n, money=quota.money(words, worth))
        yield md(words, f"digest.pipeline.{name}", figure=figure)


def _late(words: Words, page: TeamPage) -> Iterator[Mrkdwn]:
    for each in page.late:
        amount = quota.money(words, each.amount) if each.amount else words("digest.no_amount")
        owner = page.names.get(each.owner, each.owner)
        yield md_plural(words, "digest.late", each.days, company=each.company, amount=amount, owner=owner)
