"""The figures of a person, a group, a source or the workspace: one table, this period beside the one before.

Every rate stands with its number of cases; few cases as such, with the range that they allow. An arrow says that two
periods are told apart, and nobody is ranked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.figures.rates import Rate, has_changed
from bot.performance.deals import STAGES
from bot.performance.figures import Figures
from bot.quota.periods import Period
from bot.quota.said import Figures as Asked
from bot.quota.whose import Whose
from bot.scorecards.pages import Card, FiguresPage, Row
from bot.words import Words
from handlers import ids
from handlers.ui import figures_said as said
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
    modal,
    section,
    table,
)
from handlers.ui.lead_form import source_name
from handlers.ui.quota import as_of
from handlers.ui.quota_figures import period_days

ROWS = 99
"""Rows of a table beneath its heads."""

COUNTED = ("cases", "rates", "deals", "cycle", "conversion", "handoffs", "customers", "groups", "moment")
"""What is said of how it is counted, in this order."""


def page(words: Words, found: FiguresPage) -> Message:
    """What `/quota figures` shows."""
    words = found.process.worded(words)
    title, card = _title(words, found), found.card
    if card is None:
        return _one_by_one(words, found, title)
    head = [words("figures.column.figure"), found.period.name, found.earlier.name]
    blocks: list[Block] = [header(title)]
    is_both = found.asked.is_whole or found.asked.source is not None
    rows = list(lines_of(words, card, is_both=is_both))
    lines = [escape(each) for each in said.ahead(words, card.now)]
    blocks.append(table(head, rows))
    blocks += [section(Mrkdwn("\n".join(lines)))] if lines else []
    blocks += [actions(*_buttons(words, found)), context(*_small_print(words, found))]
    told = [f"{name}: {now}" for name, now, _ in rows]
    return Message("\n".join([f"{escape(title)}. {as_of(words, found.when)}", *map(escape, told), *lines]), blocks)


def by_person(words: Words, found: FiguresPage) -> Message:
    """The same person by person."""
    return _one_by_one(found.process.worded(words), found, _title(words, found))


def wait(words: Words, deals: int) -> Message:
    """It takes a moment."""
    text = md_plural(words, "figures.wait", deals)
    return Message(text, [section(text)])


def counted(words: Words) -> Block:
    """How every figure is made."""
    blocks = [section(md(words, f"figures.counted.{each}")) for each in COUNTED]
    title, close = words("figures.counted.title"), words("figures.close")
    return modal(ids.FIGURES_COUNTED_FORM, title, blocks, submit=None, close=close, metadata=ids.pack())


def reference(asked: Asked, period: str | None = None) -> str:
    """What a button carries to ask for the same again, or for another period."""
    whom = asked.whom
    return ids.pack(
        w=whom.whose.value,
        p=whom.person,
        n=whom.name,
        s=asked.source,
        b=int(asked.by_source),
        a=int(asked.is_whole),
        d=period or (asked.period.name if asked.period else None),
        t=asked.as_of.isoformat() if asked.as_of else None,
    )


def _title(words: Words, found: FiguresPage) -> str:
    return words("figures.title", who=_who(words, found), period=period_days(words, found.period))


def _who(words: Words, found: FiguresPage) -> str:
    asked, name = found.asked, found.name
    if asked.by_source:
        return words("figures.who.sources")
    if asked.source:
        return words("figures.who.source", name=source_name(words, asked.source))
    if asked.is_whole:
        return words("figures.who.whole")
    if asked.whom.whose is Whose.PERSON:
        return name or words("figures.who.own")
    return words(f"figures.who.{asked.whom.whose.value}", name=name) if name else words("figures.who.reports")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table. `cell` says a figure, None where there is nothing; `rate` is what it says, to be compared;
    `none` is said where one of the two periods has nothing.
    """

    name: str
    cell: Callable[[Words, Figures], str | None]
    none: str = "yet"
    rate: Callable[[Figures], Rate] | None = None


def _rate(name: str, of: Callable[[Figures], Rate], none: str) -> _Line:
    return _Line(name, lambda words, each: said.rate(words, of(each)), none, of)


def _stage(stage: str) -> _Line:
    return _rate(f"stage.{stage}", lambda each: each.conversions[stage], "entered")


LINES = (
    _Line("volume", said.volume, "won"),
    _rate("win_rate", lambda each: each.win_rate, "closed"),
    *(_stage(stage) for stage in STAGES),
    _Line("size", said.size, "won"),
    _Line("cycle", said.cycle, "won"),
    _Line("lost", said.lost_cycle, "lost"),
    _Line("velocity", said.velocity),
    _rate("taken", lambda each: each.taken.acceptance, "offered"),
    _rate("given", lambda each: each.given.acceptance, "offered"),
    _rate("requalified", lambda each: each.given.requalification, "checked"),
    _rate("churn", lambda each: each.customers.logo_churn, "customers"),
    _Line("gross", said.gross, "customers"),
    _Line("net", said.net, "customers"),
)
ALWAYS = frozenset({"volume", "win_rate"})
OF_BOTH = frozenset({"given", "requalified"})
"""Of everybody together, and of a source, whoever gave was taken from: once is enough."""

OF_MANY = ("volume", "win_rate", "size", "cycle", "taken")
OF_SOURCES = ("volume", "win_rate", "size", "taken", "stage.requalify")


def lines_of(words: Words, card: Card, *, is_both: bool) -> Iterator[tuple[str, str, str]]:
    """Name, now, before. What there was nothing of in either period is left out; `is_both` where whoever gave was taken
    from.
    """
    for line in LINES:
        now, before = line.cell(words, card.now), line.cell(words, card.before)
        if (now is None and before is None and line.name not in ALWAYS) or (is_both and line.name in OF_BOTH):
            continue
        none = words(f"figures.none.{line.none}")
        arrow = _arrow(line.rate(card.now), line.rate(card.before)) if line.rate else ""
        yield _name(words, line), f"{arrow}{now or none}", before or none


def _name(words: Words, line: _Line) -> str:
    kind, _, stage = line.name.partition(".")
    return words("figures.row.stage", stage=words(f"deals.stage.{stage}")) if stage else words(f"figures.row.{kind}")


def _arrow(now: Rate, before: Rate) -> str:
    if not has_changed(now, before) or now.share is None or before.share is None:
        return ""
    return "▲ " if now.share > before.share else "▼ "


def _one_by_one(words: Words, found: FiguresPage, title: str) -> Message:
    """People or sources, a row each."""
    wanted = [line for line in LINES if line.name in (OF_SOURCES if found.asked.by_source else OF_MANY)]
    first = "source" if found.asked.by_source else "person"
    rows = [(_row_name(words, found, row), *_cells(words, wanted, row)) for row in found.rows]
    if not rows:
        nothing = md(words, "figures.nothing")
        return Message(
            f"{escape(title)}. {nothing}", [header(title), section(nothing), actions(*_buttons(words, found))]
        )
    heads = [words(f"figures.column.{first}"), *(_name(words, line) for line in wanted)]
    blocks = [header(title), table(heads, rows)]
    more = len(rows) - ROWS
    notes = [md_plural(words, "figures.more", more)] if more > 0 else []
    blocks += [actions(*_buttons(words, found)), context(*notes, *_small_print(words, found))]
    told = [f"{name}: {', '.join(cells)}" for name, *cells in rows]
    return Message("\n".join([f"{escape(title)}. {as_of(words, found.when)}", *map(escape, told)]), blocks)


def _row_name(words: Words, found: FiguresPage, row: Row) -> str:
    return source_name(words, row.name) if found.asked.by_source else row.name


def _cells(words: Words, wanted: Sequence[_Line], row: Row) -> Iterator[str]:
    return (line.cell(words, row.card.now) or words(f"figures.none.{line.none}") for line in wanted)


def _buttons(words: Words, found: FiguresPage) -> Iterator[Block]:
    def of(key: str, period: Period, nth: int) -> Block:
        value = reference(found.asked, period.name)
        return button(words(f"figures.button.{key}", period=period.name), f"{ids.FIGURES_PERIOD}.{nth}", value)

    yield of("earlier", found.earlier, 0)
    if found.later:
        yield of("later", found.later, 1)
    if found.people and found.card:
        yield button(words("figures.button.people"), ids.FIGURES_PEOPLE, reference(found.asked))
    if found.rows and not found.asked.by_source:
        yield button(words("figures.button.together"), f"{ids.FIGURES_PERIOD}.2", reference(found.asked))
    yield button(words("figures.button.counted"), ids.FIGURES_COUNTED, ids.pack())


def _small_print(words: Words, found: FiguresPage) -> Iterator[Mrkdwn]:
    yield as_of(words, found.when)
    if found.people:
        yield md_plural(words, "figures.people", found.people)
    if found.rows:
        yield md(words, "figures.unranked")
    elif found.card:
        yield md(words, "figures.arrows")
