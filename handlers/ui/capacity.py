"""What a team can be expected to sell beside its target: the arithmetic in a table, then who is missing, by when."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from bot.figures.exact import in_coins
from bot.scorecards.capacity import CapacityPage, Group
from bot.words import Words
from handlers import ids
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
    md_plural,
    section,
    table,
)
from handlers.ui.quota import as_of
from handlers.ui.quota_figures import exact_percent, money, percent, period_days

EXAMPLE = f"{ids.TEAM_COMMAND} capacity team North 2027-Q1"


def page(words: Words, found: CapacityPage) -> Message:
    """What `/team capacity` shows."""
    title = words("capacity.title", who=_who(words, found), period=period_days(words, found.period))
    lines = list(_lines(words, found))
    blocks: list[Block] = [header(title)]
    if found.groups:
        blocks.append(table([words(f"capacity.column.{each}") for each in COLUMNS], _rows(words, found)))
    blocks += [section(Mrkdwn("\n".join(lines))), actions(*_buttons(words, found))]
    blocks.append(context(as_of(words, found.when), md(words, "capacity.counted")))
    told = [": ".join((row[0], " × ".join(row[1:]))) for row in _rows(words, found)]
    return Message("\n".join([escape(title), *map(escape, told), *lines]), blocks)


def unclear(words: Words, rest: str) -> Message:
    """A line that is about no group and no period."""
    said = md(words, "capacity.unclear", text=rest, example=EXAMPLE)
    return Message(said, [section(said)])


COLUMNS = ("group", "heads", "quota", "adds")


def _who(words: Words, found: CapacityPage) -> str:
    if found.name:
        return found.name
    return words("capacity.who.whole" if found.is_whole else "capacity.who.reports")


def _rows(words: Words, found: CapacityPage) -> list[tuple[str, ...]]:
    return [
        (
            _group(words, each),
            words.number(each.heads.count),
            _amount(words, found, each.heads.quota),
            _amount(words, found, found.found.of(each.heads)),
        )
        for each in found.groups
    ]


def _group(words: Words, each: Group) -> str:
    if each.heads.ramp == 1:
        return words("capacity.ramped", role=each.role)
    return words("capacity.ramping", role=each.role, percent=percent(words, each.heads.ramp))


def _lines(words: Words, found: CapacityPage) -> Iterator[Mrkdwn]:
    if not found.groups:
        yield md(words, "capacity.nobody")
    else:
        expected = found.found.expected
        attained = exact_percent(words, expected.attainment)
        how = (
            md(words, "capacity.assumed")
            if expected.is_assumed
            else md_plural(words, "capacity.attained", found.cases, percent=attained)
        )
        yield md(words, "capacity.total", total=_amount(words, found, found.found.total), how=how)
    yield from _against(words, found)
    if found.quotas_of:
        yield md(words, "capacity.quotas_of", period=found.quotas_of.name)
    if found.without_quota:
        yield md_plural(words, "capacity.without_quota", found.without_quota)


def _against(words: Words, found: CapacityPage) -> Iterator[Mrkdwn]:
    """What the target asks beyond it, and by when somebody would have to start."""
    if found.target is None:
        command = f"{ids.QUOTA_COMMAND} set team {found.name or 'North'} revenue 500000 {found.period.name}"
        yield md(words, "capacity.no_target", command=command)
        return
    target = _amount(words, found, found.target)
    if found.missing is None:
        over = found.found.total - found.target
        if over >= 0 and found.groups:
            yield md(words, "capacity.enough", target=target, over=_amount(words, found, over))
        else:
            yield md(words, "capacity.unknown", target=target)
        return
    heads = words.number(Decimal(round(found.missing.heads * 100)) / 100)
    gap = _amount(words, found, found.missing.gap)
    yield md(words, "capacity.gap", target=target, gap=gap, heads=heads)
    by = words.date(found.hire_by)
    late = found.late
    if late is None:
        yield md_plural(words, "capacity.hire", found.missing.hires, day=by)
        return
    yield md(words, "capacity.too_late", day=by)
    start, share = words.date(late.start), percent(words, late.share)
    if late.hires is None:
        yield md(words, "capacity.late_none", start=start)
    else:
        yield md_plural(words, "capacity.late", late.hires, start=start, percent=share)


def _amount(words: Words, found: CapacityPage, value: Fraction | int) -> str:
    return money(words, in_coins(value, found.currency))


def _buttons(words: Words, found: CapacityPage) -> Iterator[Block]:
    for nth, (key, period) in enumerate((("earlier", found.earlier), ("later", found.later))):
        value = ids.pack(w=found.whose.value, n=found.name, d=period.name)
        yield button(words(f"figures.button.{key}", period=period.name), f"{ids.CAPACITY_PERIOD}.{nth}", value)
