"""How a team, a territory or one's reports look in `/quota`: what they have together, then person by person."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.attainment.frame import Asked
from bot.attainment.pages import Course, GroupPage, GroupPart, Part, Row, When
from bot.quota.whose import Whose
from bot.words import Words
from handlers import ids
from handlers.ui import quota_figures as said
from handlers.ui.activity import SEPARATOR
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
    md,
    option,
    section,
    select,
)
from handlers.ui.quota import as_of

SHOWN = 15
"""People on one page."""

DOORS = 25
"""Buttons in one row; groups beyond them are asked for by name."""

LONGEST_LIST = 1500
"""Characters of their names."""

PARTS = 8
"""Parts that are told together; the rest is in the menu."""


def group(words: Words, page: GroupPage, offset: int = 0, head: Mrkdwn | None = None) -> Message:
    """Where a group stands. `offset` is the first of its people that is shown."""
    title = _title(words, page)
    blocks = [*([section(head)] if head else []), header(title)]
    lines = [together(words, page, each) for each in page.parts[:PARTS]]
    blocks += [section(line) for line in lines]
    rows = page.rows[offset : offset + SHOWN]
    if page.shown and rows:
        blocks.append(context(_people_title(words, page, page.shown.part)))
        is_mixed = len({row.course for row in rows}) > 1
        for course, mates in groupby(rows, key=lambda row: row.course):
            if is_mixed or course is not Course.ON:
                blocks.append(context(md(words, f"quota.course.{course.value}")))
            for row in mates:
                line = _row(words, page, page.shown.part, row)
                lines.append(line)
                show = button(words("quota.button.show"), ids.QUOTA_PERSON, _about_person(page, row))
                blocks.append(section(line, show))
    if not page.rows:
        lines.append(md(words, "quota.group.nobody"))
        blocks.append(section(lines[-1]))
    blocks += _controls(words, page, offset)
    blocks.append(context(as_of(words, page.when), md(words, "quota.group.days")))
    return Message(
        "\n".join([*([head] if head else []), f"{escape(title)}. {as_of(words, page.when)}", *lines]), blocks
    )


def which_group(words: Words, whose: Whose, names: Sequence[str], asked: Asked) -> Message:
    """A team or territory without its name: those whose figures the reader may see, as they were asked for."""
    if not names:
        text = md(words, "quota.group.none_to_see")
        return Message(text, [section(text)])
    text = md(words, f"quota.group.which_{whose.value}")
    about = {
        "m": asked.metric.code if asked.metric else None,
        "d": asked.period.name if asked.period else None,
        "a": asked.as_of.isoformat() if asked.as_of else None,
    }
    buttons = [
        button(name, f"{ids.QUOTA_GROUP}.{n}", ids.pack(w=whose.value, n=name, **about))
        for n, name in enumerate(names[:DOORS])
    ]
    blocks = [section(text), actions(*buttons)]
    if names[DOORS:]:
        rest = cut(", ".join(names[DOORS:]), LONGEST_LIST)
        blocks.append(context(md(words, "quota.group.others", names=rest, command=ids.QUOTA_COMMAND)))
    return Message(f"{text} {escape(', '.join(names))}", blocks)


def _title(words: Words, page: GroupPage) -> str:
    if page.whose is None:
        return words("quota.group.reports")
    return words(f"quota.group.{page.whose.value}", name=page.name)


def together(words: Words, page: GroupPage, each: GroupPart) -> Mrkdwn:
    """One metric in one period, all of them together, with what is not given to anybody."""
    part, rolled = each.part, each.rolled
    name = escape(said.metric_name(words, part.metric.code))
    course = (said.pace(words, part.standing), said.needed(words, part, page.currency))
    ahead = (said.run_rate(words, part, page.currency), said.by_pipeline(words, part))
    lines = [
        f"*{name}*{SEPARATOR}{escape(said.period_days(words, part.period))}",
        said.achieved(words, part, page.currency),
        *(SEPARATOR.join(one for one in each if one) for each in (course, ahead)),
    ]

    def amount(value: int) -> str:
        return said.figure(words, part.metric, value, page.currency)

    if rolled.target is not None:
        lines.append(md(words, "quota.group.given", given=amount(rolled.given), target=amount(rolled.target)))
        if rolled.unassigned:
            lines[-1] += f"{SEPARATOR}{md(words, 'quota.group.unassigned', amount=amount(rolled.unassigned))}"
        if rolled.over_assigned:
            lines[-1] += f"{SEPARATOR}{md(words, 'quota.group.over', amount=amount(rolled.over_assigned))}"
    elif rolled.given:
        lines.append(md(words, "quota.group.summed"))
    if rolled.without_target:
        lines.append(words.plural("quota.group.without", rolled.without_target))
    return Mrkdwn("\n".join(line for line in lines if line))


def _people_title(words: Words, page: GroupPage, part: Part) -> Mrkdwn:
    name = said.metric_name(words, part.metric.code)
    return md(words, "quota.group.people", metric=name, period=part.period.name, n=len(page.rows))


def _row(words: Words, page: GroupPage, part: Part, row: Row) -> Mrkdwn:
    """A person: achieved, target, bar, percent, and how they go."""
    own = Part(part.metric, part.period, row.standing, row.has_any)
    line = f"*{escape(row.name)}*{SEPARATOR}{said.achieved(words, own, page.currency)}"
    course = said.pace(words, row.standing)
    if row.is_gone:
        course = words("quota.group.gone")
    elif row.until:
        course = words("quota.group.until", day=words.day(row.until, page.when.today))
    return Mrkdwn(f"{line}\n{course}" if course else line)


def _about_person(page: GroupPage, row: Row) -> str:
    period = page.when.elsewhen(page.shown.part.period) if page.shown else None
    return ids.pack(p=row.person_id, a=page.when.as_of.isoformat() if page.when.as_of else None, d=period)


def reference(page: GroupPage, part: Part | None, offset: int = 0) -> str:
    """What a button or an option carries to come back to a page."""
    return ids.pack(
        w=page.whose.value if page.whose else None,
        n=page.subject.key if page.subject else None,
        m=part.metric.code if part else None,
        p=part.period.name if part else None,
        d=page.when.elsewhen(part.period) if part else None,
        o=offset,
        a=page.when.as_of.isoformat() if page.when.as_of else None,
    )


def _controls(words: Words, page: GroupPage, offset: int) -> list[Block]:
    """Another metric or period, further people, and what can be done."""
    elements = [*_menu(words, page), *_pages(words, page, offset)]
    if page.can_set:
        name = ids.pack(w=page.whose.value, n=page.name) if page.whose else ids.pack()
        elements.append(button(words("quota.button.set"), ids.QUOTA_SET, name))
    return [{**actions(*elements), "block_id": _about_group(page)}] if elements else []


def _menu(words: Words, page: GroupPage) -> Iterator[Block]:
    if len(page.parts) < 2 or page.shown is None:
        return
    shown = page.shown.part
    options = [option(_called(words, each.part), _chosen(each.part, page.when)) for each in page.parts]
    yield select(ids.QUOTA_PART, options, option(_called(words, shown), _chosen(shown, page.when)), "–")


def _about_group(page: GroupPage) -> str:
    """Which page a menu's block belongs to: an option has room for 150 characters, a block's id for 255."""
    return ids.pack(
        w=page.whose.value if page.whose else None,
        n=page.subject.key if page.subject else None,
        a=page.when.as_of.isoformat() if page.when.as_of else None,
    )


def _chosen(part: Part, when: When) -> str:
    """What an option of the menu carries: the part; of whom is said by its block."""
    return ids.pack(m=part.metric.code, p=part.period.name, d=when.elsewhen(part.period))


def _called(words: Words, part: Part) -> str:
    return f"{said.metric_name(words, part.metric.code)}, {part.period.name}"


def _pages(words: Words, page: GroupPage, offset: int) -> Iterator[Block]:
    part = page.shown.part if page.shown else None
    if offset:
        yield button(words("quota.button.before"), f"{ids.QUOTA_PAGE}.0", reference(page, part, max(0, offset - SHOWN)))
    if offset + SHOWN < len(page.rows):
        yield button(words("quota.button.after"), f"{ids.QUOTA_PAGE}.1", reference(page, part, offset + SHOWN))
