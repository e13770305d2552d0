"""A team's digest: one sentence that says the point, who needs a look and why, a chart, the figures, person by person.

It fits a message for a team of any size: it carries what matters, and the thread beneath it the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from babel.dates import format_date

from bot.attainment.pages import When
from bot.deals.lately import Won
from bot.digest.pages import LateDeal, Mate, Need, OwnPage, Reason, TeamPage
from bot.digest.rules import SPAN
from bot.figures.spread import Spread
from bot.money import Money
from bot.quota.pace import NoPace, Pace
from bot.quota.periods import Kind, Period
from bot.words import Words
from handlers import ids
from handlers.ui import figures_said
from handlers.ui.activity import SEPARATOR, kind_name
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    escape,
    header,
    md,
    section,
    table,
    titled,
)
from handlers.ui.charts import bar_chart, line_chart
from handlers.ui.lead_card import duration
from handlers.ui.quota_figures import metric_name, money, percent

NEEDING = 3
"""People who are told apart in the message, and named in its first sentence; the rest is in the thread."""

ROWS = 12
"""People in the message's table."""

KINDS = 6
"""Kinds of activity in a chart."""

FEWEST = 5
"""Cases on both sides from which on two medians are compared: with fewer they swing by themselves."""

NOTABLE = timedelta(minutes=10), Fraction(1, 5)
"""How far two medians have to be apart to be worth a word: at least so long, and such a part of the earlier one."""


def team(words: Words, page: TeamPage, *, has_thread: bool = True) -> Message:
    """The message; without a thread beneath it, it has a button for what would stand there."""
    title, point = team_title(words, page), headline(words, page)
    blocks: list[Block] = [header(title), section(point)]
    for nth, mate in enumerate(page.needing[:NEEDING]):
        blocks += [section(needing_line(words, mate)), actions(*_doors(words, mate, nth))]
    others = _others(words, page)
    blocks += [context(others)] if others else []
    chart = _chart(words, page)
    blocks += [chart] if chart else []
    blocks.append(titled(_fields(words, page)))
    if page.mates:
        heads = [words(f"digest.column.{each}") for each in ("person", "pace", "activity", "sqls", "won")]
        blocks.append(table(heads, [_row(words, page, mate) for mate in _shown(page)]))
    if not has_thread:
        value = ids.pack(d=page.period.name, e=int(page.is_everybody))
        blocks.append(actions(button(words("digest.button.details"), ids.DIGEST_DETAILS, value)))
    blocks.append(context(*small_print(words, page, has_thread=has_thread)))
    lines = [needing_line(words, mate) for mate in page.needing[:NEEDING]]
    return Message("\n".join([f"{escape(title)}. {point}", *lines]), blocks)


def team_title(words: Words, page: TeamPage) -> str:
    """`Your team · week 47`."""
    whose = "everybody" if page.is_everybody else "team"
    return words(f"digest.title.{whose}", period=period_name(words, page.period))


def period_name(words: Words, period: Period) -> str:
    """`week 47`, `October 2026`, `2026-Q3`."""
    first, span, last = period.name.partition(SPAN)
    if span:
        return words("digest.period.weeks", first=int(first[-2:]), last=int(last[-2:]))
    if period.kind is Kind.WEEK:
        return words("digest.period.week", number=int(period.name[-2:]))
    if period.kind is Kind.MONTH:
        return format_date(period.first, "LLLL y", locale=words.language)
    return period.name


def headline(words: Words, page: TeamPage) -> Mrkdwn:
    """What a person would say who had ten seconds."""
    parts = [_standing(words, page), _pace_of_handoffs(words, page), _who(words, page)]
    return Mrkdwn(" ".join(each for each in parts if each))


def _standing(words: Words, page: TeamPage) -> Mrkdwn:
    if page.is_empty:
        return md(words, "digest.headline.nothing")
    part = page.whole.shown.part if page.whole.shown else None
    if part is None or part.standing.target is None:
        return md(words, "digest.headline.no_target")
    found = part.standing.pace
    if isinstance(found, NoPace):
        return md(words, f"digest.headline.{found.value}")
    metric = metric_name(words, part.metric.code)
    return md(words, "digest.headline.pace", percent=percent(words, found.share), metric=metric)


def _pace_of_handoffs(words: Words, page: TeamPage) -> Mrkdwn | None:
    now, before = page.handoffs.now.person, page.handoffs.before.person
    if not now or not before or min(now.cases, before.cases) < FEWEST:
        return None
    apart = abs(now.median - before.median)
    if apart < NOTABLE[0] or apart < before.median * float(NOTABLE[1]):
        return None
    way = "faster" if now.median < before.median else "slower"
    return md(words, f"digest.headline.{way}", time=duration(words, apart), than=_than(words, page.period))


def _than(words: Words, period: Period) -> str:
    return words(f"digest.than.{period.kind.value}")


def _who(words: Words, page: TeamPage) -> Mrkdwn:
    names = [mate.name for mate in page.needing]
    if not names:
        return md(words, "digest.headline.nobody" if page.mates else "digest.headline.empty")
    if len(names) == 1:
        return md(words, "digest.headline.one", name=names[0])
    if len(names) == 2:
        return md(words, "digest.headline.two", one=names[0], other=names[1])
    told = {"one": names[0], "other": names[1], "third": names[2]}
    if len(names) == NEEDING:
        return md(words, "digest.headline.three", **told)
    return md(words, "digest.headline.many", more=words.number(len(names) - NEEDING), **told)


def needing_line(words: Words, mate: Mate) -> Mrkdwn:
    """Who needs a look, and why."""
    reasons = ", ".join(reason(words, each) for each in mate.needs)
    return md(words, "digest.needs.line", name=mate.name, reasons=reasons)


def reason(words: Words, found: Reason) -> str:
    """Why somebody needs a look."""
    if found.need is Need.BEHIND:
        return words("digest.needs.behind", percent=percent(words, Fraction(found.n)))
    if found.need is Need.FEWER:
        return words("digest.needs.fewer", n=words.number(int(found.n)), before=words.number(found.before))
    return words.plural(f"digest.needs.{found.need.value}", int(found.n))


def _doors(words: Words, mate: Mate, nth: int) -> Iterator[Block]:
    agenda = ids.pack(p=mate.person_id)
    yield button(words("digest.button.oneonone"), f"{ids.DIGEST_ONEONONE}.{nth}", agenda, primary=nth == 0)
    yield button(words("digest.button.quota"), ids.DIGEST_STANDS, ids.pack(p=mate.person_id))


def _others(words: Words, page: TeamPage) -> Mrkdwn | None:
    """What else wants a look: more people, deals past their day, leads that nobody has."""
    found = []
    more = len(page.needing) - NEEDING
    if more > 0:
        found.append(words.plural("digest.more.people", more))
    if page.late:
        found.append(_late(words, page.late))
    if page.queue:
        found.append(words.plural("digest.more.queue", page.queue))
    return escape(SEPARATOR.join(found)) if found else None


def _late(words: Words, late: Sequence[LateDeal]) -> str:
    """How many there are, and the largest; in Russian 21 are counted as one is, and still not one."""
    amount = money(words, late[0].amount) if late[0].amount else words("digest.no_amount")
    if len(late) == 1:
        return words("digest.more.late_one", company=late[0].company, amount=amount)
    return words.plural("digest.more.late", len(late), company=late[0].company, amount=amount)


def _chart(words: Words, page: TeamPage) -> Block | None:
    """How the team's pace went, week by week; before there is any, what it did beside the period before."""
    if len(page.paces) > 1:
        labels = [words("digest.chart.week", number=int(each.week.name[-2:])) for each in page.paces]
        shares = [round(each.share * 100) for each in page.paces]
        series = {words("digest.chart.team"): shares, words("digest.chart.target"): [100] * len(shares)}
        return line_chart(words("digest.chart.pace"), labels, series, words("digest.chart.of_pace"))
    now, before = page.activity, page.activity_before
    kinds = sorted({*now, *before}, key=lambda kind: -now.get(kind, 0) - before.get(kind, 0))[:KINDS]
    if not kinds:
        return None
    labels = [kind_name(words, kind) for kind in kinds]
    series = {
        period_name(words, page.period): [now.get(kind, 0) for kind in kinds],
        period_name(words, page.earlier): [before.get(kind, 0) for kind in kinds],
    }
    return bar_chart(words("digest.chart.activity"), labels, series, words("digest.chart.entries"))


def _fields(words: Words, page: TeamPage) -> Iterator[tuple[str, str]]:
    won, now = page.movement.won, page.now
    yield words("digest.field.won"), _won(words, won[0], page)
    yield words("digest.field.activity"), _activity(words, page)
    handed = now.taken if now.taken.offered else now.given
    yield (
        words("digest.field.handoffs"),
        words("digest.handoffs", offered=words.number(handed.offered), accepted=words.number(handed.accepted)),
    )
    yield words("digest.field.to_accept"), spread_said(words, page.handoffs.now.person) or words("digest.nothing")
    yield words("digest.field.win_rate"), figures_said.rate(words, now.win_rate) or words("figures.none.closed")
    open_deals, open_money = page.movement.open
    yield words("digest.field.open"), words.plural("digest.deals_worth", open_deals, money=money(words, open_money))


def _won(words: Words, n: int, page: TeamPage) -> str:
    if not n:
        return words("digest.nothing_won")
    return words.plural("digest.deals_worth", n, money=money(words, page.now.volume.value))


def _activity(words: Words, page: TeamPage) -> str:
    now, before = sum(page.activity.values()), sum(page.activity_before.values())
    return words("digest.now_before", now=words.number(now), before=words.number(before))


def spread_said(words: Words, found: Spread[timedelta] | None) -> str | None:
    """`22 min median, 3 h 10 at 90 %`; of fewer than ten the median alone."""
    if found is None:
        return None
    median = duration(words, found.median)
    if found.p90 is None:
        return words.plural("digest.median_few", found.cases, median=median)
    return words("digest.median", median=median, p90=duration(words, found.p90))


def _shown(page: TeamPage) -> Sequence[Mate]:
    """Who stands in the message: those who need a look first, then by name; nobody is ranked."""
    needing = page.needing
    named = {mate.person_id for mate in needing}
    return [*needing, *(mate for mate in page.mates if mate.person_id not in named)][:ROWS]


def _row(words: Words, page: TeamPage, mate: Mate) -> list[str]:
    return [
        mate.name,
        pace_said(words, mate),
        words.number(mate.done),
        words.number(mate.sqls),
        won_said(words, page.currency, mate),
    ]


def pace_said(words: Words, mate: Mate) -> str:
    """Somebody's share of pace, or that there is none."""
    found = mate.leading.standing.pace if mate.leading else None
    return percent(words, found.share) if isinstance(found, Pace) else words("digest.no_pace")


def won_said(words: Words, currency: str, mate: Mate) -> str:
    """What somebody won: money, or the number of deals of which nobody said what they are worth."""
    if mate.revenue:
        return money(words, Money(currency, mate.revenue))
    return words.number(mate.deals) if mate.deals else words("digest.no_pace")


def small_print(words: Words, page: TeamPage | OwnPage, *, has_thread: bool = True) -> Iterator[Mrkdwn]:
    """Which days, as of when, and where the rest is."""
    yield from days_and_moment(words, page.period, page.when)
    if isinstance(page, TeamPage) and page.whole.when.as_of:
        yield md(words, "digest.small.as_of", day=words.date(page.whole.when.as_of))
    if isinstance(page, TeamPage) and len(page.mates) > ROWS:
        key = "digest.small.rows" if has_thread else "digest.small.rows_alone"
        yield md(words, key, shown=words.number(ROWS), all=words.number(len(page.mates)))
    yield md(words, "digest.small.same")


def days_and_moment(words: Words, period: Period, when: When) -> Iterator[Mrkdwn]:
    """`Mon 16 Nov to Sun 22 Nov · as of Mon 23 Nov 2026, 08:30`."""
    local = when.at.astimezone(when.wall)
    at = words("digest.moment", day=words.date(local.date()), time=words.time(local.time()))
    yield md(words, "digest.small.days", days=_days(words, period), at=at)
    if SPAN in period.name:
        yield md(words, "digest.small.covers", weeks=period.name.partition("-")[2])


def _days(words: Words, period: Period) -> str:
    first, last = (format_date(day, "EEE d MMM", locale=words.language) for day in (period.first, period.last))
    return words("digest.days", first=first, last=last)


def wins(words: Words, found: Sequence[Won], names: Mapping[str, str]) -> list[Mrkdwn]:
    """The deals that were won, each with the assist."""
    lines = []
    for each in found:
        amount = money(words, each.money) if each.money else words("digest.no_amount")
        said = {"company": each.company, "amount": amount, "name": names.get(each.owner_id, each.owner_id)}
        if each.giver_id and each.giver_id != each.owner_id:
            lines.append(md(words, "digest.win.assist", giver=names.get(each.giver_id, each.giver_id), **said))
        else:
            lines.append(md(words, "digest.win.alone", **said))
    return lines


def activity_lines(words: Words, now: Mapping[str, int], before: Mapping[str, int]) -> list[Mrkdwn]:
    """What was logged by kind, the most first, beside the period before."""
    kinds = sorted({*now, *before}, key=lambda kind: (-now.get(kind, 0), -before.get(kind, 0), kind))
    return [
        md(
            words,
            "digest.activity",
            kind=kind_name(words, kind),
            now=words.number(now.get(kind, 0)),
            before=words.number(before.get(kind, 0)),
        )
        for kind in kinds
    ]
