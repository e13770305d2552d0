"""How `/quota` looks: where one person stands, metric by metric, and how it is counted."""

from collections.abc import Iterator
from itertools import groupby

from bot.attainment.pages import Part, PersonPage, When
from bot.figures.pipeline import LeftOut, Pipeline
from bot.quota.metrics import REVENUE, by_code
from bot.quota.periods import Period
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
    escape,
    header,
    in_sections,
    md,
    modal,
    section,
)

COMING_SHOWN = 6


def person(words: Words, page: PersonPage, head: Mrkdwn | None = None) -> Message:
    """Where somebody stands; `head` is what has just been done."""
    title = _title(words, page)
    lines = [part_lines(words, page, part) for part in page.parts]
    blocks = [*([section(head)] if head else []), header(title)]
    for period, parts in groupby(page.parts, key=lambda part: part.period):
        blocks.append(context(_period(words, period, page)))
        blocks += [section(part_lines(words, page, part)) for part in parts]
    if not page.parts:
        empty = md(words, "quota.empty" if page.name is None else "quota.empty_of", command=ids.QUOTA_COMMAND)
        period = Mrkdwn(escape(said.period_days(words, page.period)))
        lines, blocks = [period, empty], [*blocks, context(period), section(empty)]
    if page.pay:
        earned = earned_so_far(words, page)
        lines.append(earned)
        blocks.append(section(earned))
    if page.coming:
        coming = _coming(words, page)
        lines.append(coming)
        blocks.append(context(coming))
    blocks.append(actions(*_buttons(words, page)))
    blocks.append(context(as_of(words, page.when)))
    return Message(
        "\n".join([*([head] if head else []), f"{escape(title)}. {as_of(words, page.when)}", *lines]), blocks
    )


def window(words: Words, message: Message) -> Block:
    """A page in a window of its own, where there is no conversation to answer in."""
    title, close = words("quota.window"), words("quota.button.close")
    return modal(ids.QUOTA_WINDOW, title, message.blocks, submit=None, close=close, metadata=ids.pack())


def earned_so_far(words: Words, page: PersonPage) -> Mrkdwn:
    """The commission of the quarter, as the statement has it."""
    assert page.pay is not None
    key = "quota.earned_paid" if page.pay.is_paid else "quota.earned"
    return md(words, key, amount=words.money(page.pay.total), period=page.pay.period.name)


def as_of(words: Words, when: When) -> Mrkdwn:
    """`As of Fri 20 Nov 2026, 10:00`."""
    local = when.at.astimezone(when.wall)
    if when.as_of:
        return md(words, "quota.as_of_day", day=words.date(when.as_of))
    return md(words, "quota.as_of", day=words.date(local.date()), time=words.time(local.time()))


def counted(words: Words, page: PersonPage) -> Block:
    """How every figure of the page was made."""
    texts: list[Mrkdwn] = []
    for part in page.parts:
        title = escape(said.metric_name(words, part.metric.code))
        texts.append(Mrkdwn(f"\n*{title}*{SEPARATOR}{escape(said.period_days(words, part.period))}"))
        texts.append(
            md(
                words,
                f"quota.counted.of.{part.metric.code}" if part.metric.code in said.NAMED else "quota.counted.of.own",
            )
        )
        texts += [escape(line) for line in said.counted_pace(words, part, page.currency)]
        if part.pipeline:
            texts.extend(pipeline_lines(words, part.pipeline))
    texts.append(Mrkdwn(f"\n{md(words, 'quota.counted.days')}"))
    if page.pay:
        texts.append(md(words, "quota.counted.pay", command=ids.QUOTA_COMMAND))
    blocks = [section(text) for text in in_sections(texts)]
    return modal(
        ids.QUOTA_COUNTED_FORM,
        words("quota.button.counted"),
        blocks,
        submit=None,
        close=words("quota.button.close"),
        metadata=ids.pack(),
    )


def pipeline_lines(words: Words, pipeline: Pipeline) -> Iterator[Mrkdwn]:
    """The weighted forecast deal by deal, and what it leaves out."""
    won = said.money(words, pipeline.won)
    if pipeline.closing and pipeline.forecast is not None and pipeline.weighted is not None:
        yield md(
            words,
            "quota.counted.pipeline",
            won=won,
            weighted=said.money(words, pipeline.weighted),
            open=said.money(words, pipeline.open_amount),
            value=said.money(words, pipeline.forecast),
        )
    if pipeline.unweighed:
        yield md(words, "quota.counted.unweighed", n=len(pipeline.unweighed))
    for reason in (LeftOut.PAST_DUE, LeftOut.NO_CLOSE_DAY, LeftOut.NO_AMOUNT):
        deals = pipeline.why(reason)
        if deals:
            yield md(words, f"quota.counted.left_out.{reason.value}", n=len(deals))


def _title(words: Words, page: PersonPage) -> str:
    if not page.parts:
        return words("quota.title.empty_of", name=page.name) if page.name else words("quota.title.empty")
    period = page.parts[0].period
    what = said.period_title(words, period, page.when.today)
    if page.name:
        return words("quota.title.of", name=page.name, what=what)
    return words(f"quota.title.own_{period.kind.value}", what=what)


def _period(words: Words, period: Period, page: PersonPage) -> Mrkdwn:
    """The period with its days, and how many of them are left to work."""
    standing = next(part.standing for part in page.parts if part.period == period)
    told = escape(said.period_days(words, period))
    left = standing.days.left if page.when.today in period else 0
    return (
        Mrkdwn(f"{told}{SEPARATOR}{md(words, 'quota.left', days=said.days(words, standing.days.left))}")
        if left
        else Mrkdwn(told)
    )


def part_lines(words: Words, page: PersonPage, part: Part) -> Mrkdwn:
    """A metric in up to three lines: what is achieved, how it goes, where it leads."""
    name = escape(said.metric_name(words, part.metric.code))
    first = Mrkdwn(f"*{name}*{SEPARATOR}{said.achieved(words, part, page.currency)}")
    if part.value and part.metric != REVENUE:
        worth = md(words, "quota.worth", amount=said.figure(words, REVENUE, part.value, page.currency))
        first = Mrkdwn(f"{first}{SEPARATOR}{worth}")
    course = [said.pace(words, part.standing), said.needed(words, part, page.currency)]
    ahead = [said.run_rate(words, part, page.currency), said.by_pipeline(words, part)]
    lines = [first, *(SEPARATOR.join(found) for each in (course, ahead) if (found := [one for one in each if one]))]
    return Mrkdwn("\n".join(lines))


def _coming(words: Words, page: PersonPage) -> Mrkdwn:
    """Targets of periods that are to begin."""
    told = []
    for each in page.coming[:COMING_SHOWN]:
        amount = said.figure(words, by_code(each.metric), each.value or 0, page.currency)
        told.append(f"{said.metric_name(words, each.metric)} {amount}, {each.period.name}")
    return md(words, "quota.coming", targets=SEPARATOR.join(told))


def _buttons(words: Words, page: PersonPage) -> Iterator[Block]:
    about = reference(page.person_id if page.name else None, page.when, page.period)
    if page.parts:
        yield button(words("quota.button.counted"), ids.QUOTA_COUNTED, about)
    if page.pay:
        yield button(words("quota.button.statement"), f"{ids.PAY_SHOW}.0", _statement(page))
    if page.name is None and page.when.as_of is None:
        yield button(words("quota.button.what_if"), ids.QUOTA_WHAT_IF, ids.pack())
    if page.can_set:
        yield button(words("quota.button.set"), ids.QUOTA_SET, ids.pack(p=page.person_id))
    yield button(words("quota.button.suggest"), ids.QUOTA_SUGGEST, about)


def _statement(page: PersonPage) -> str:
    """The lines that the commission adds up to, as of the same moment."""
    assert page.pay is not None
    whose, as_of = page.person_id if page.name else None, page.pay.as_of.isoformat() if page.when.as_of else None
    return ids.pack(p=whose, d=page.pay.period.first.isoformat(), a=as_of, n=0)


def reference(person_id: str | None, when: When, period: Period) -> str:
    """What a button carries to come back to a page; the period where it is not one that runs."""
    return ids.pack(p=person_id, a=when.as_of.isoformat() if when.as_of else None, d=when.elsewhen(period))
