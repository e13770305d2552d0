"""The sales process as one reads and changes it: names and checklists of the stages, the reasons for a loss."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.deals.process import Process, point_said, process_of
from bot.deals.process_form import MOST_OWN_REASONS, MOST_POINTS
from bot.deals.states import KEPT, LOST_REASONS, Stage
from bot.words import LANGUAGES, Words, words_for
from bot.workspace.service import Saved
from handlers import ids
from handlers.ui.blocks import (
    TEXT_MAX,
    Block,
    Mrkdwn,
    button,
    context,
    cut,
    divider,
    escape,
    field_of,
    md,
    md_plural,
    modal,
    multi_select,
    option,
    section,
    text_input,
)

VALUE = "value"
SEPARATOR = " · "


def settings_line(words: Words) -> Block:
    """The way there from the settings."""
    show = button(words("scoring.open"), ids.PROCESS_OPEN, ids.pack())
    return section(md(words, "deals.process.line_of_settings"), show)


def board(words: Words, process: Process, head: Sequence[Mrkdwn] = ()) -> Block:
    """Every stage with its name and how many points it has, and the reasons that are offered."""
    blocks = [
        *([section(Mrkdwn("\n".join(head)))] if head else []),
        context(md(words, "deals.process.intro")),
        *(_stage(words, process, stage) for stage in Stage),
        divider(),
        section(_reasons(words, process), button(words("settings.change"), ids.PROCESS_REASONS, ids.pack())),
    ]
    title, close = words("deals.process.title"), words("settings.close")
    return modal(ids.PROCESS_BOARD, title, blocks, submit=None, close=close, metadata=ids.pack())


def stage_form(words: Words, stage: Stage, fields: Mapping[str, str], metadata: str) -> Block:
    """The names of a stage and its checklist; what is empty is as the product has it."""
    blocks = [
        context(md(words, "deals.process.form.intro", stage=words(f"deals.stage.{stage}"))),
        *(_name(words, stage, language, fields[language]) for language in LANGUAGES),
        field_of(
            "points",
            words("deals.process.form.points"),
            text_input(VALUE, fields["points"], multiline=True),
            hint=words("deals.process.form.points_hint", most=MOST_POINTS),
        ),
    ]
    return _form(words, ids.PROCESS_STAGE_FORM, blocks, metadata)


def reasons_form(words: Words, process: Process, fields: Mapping[str, str], metadata: str) -> Block:
    """Which standard reasons are offered, what they are called, and which there are besides."""
    worded = process.worded(words)
    options = {code: option(worded(f"deals.reason.{code}"), code) for code in LOST_REASONS if code not in KEPT}
    offered = [each for code, each in options.items() if code not in process.hidden]
    blocks = [
        field_of(
            "offered",
            words("deals.process.form.offered"),
            multi_select(VALUE, [*options.values()], offered, "–"),
            hint=words("deals.process.form.offered_hint"),
        ),
        field_of(
            "names",
            words("deals.process.form.names"),
            text_input(VALUE, fields["names"], multiline=True, placeholder=words("deals.process.form.names_example")),
            hint=words("deals.process.form.names_hint", codes=", ".join(LOST_REASONS)),
        ),
        field_of(
            "own",
            words("deals.process.form.own"),
            text_input(VALUE, fields["own"], multiline=True, placeholder=words("deals.process.form.own_example")),
            hint=words("deals.process.form.own_hint", most=MOST_OWN_REASONS),
        ),
    ]
    return _form(words, ids.PROCESS_REASONS_FORM, blocks, metadata)


def saved(words: Words, done: Saved) -> Mrkdwn:
    """What saving did."""
    return md(words, "deals.process.saved" if done.changes else "deals.process.as_it_was")


def process_changed(words: Words, before: Any, after: Any) -> Mrkdwn:
    """What is different in a process, part by part: `Needs: Needs → Discovery`."""
    was, now = (dict(_written(words, process_of(value))) for value in (before, after))
    parts = (_part(title, was[title], now[title]) for title in was if was[title] != now[title])
    return escape(cut("; ".join(parts), TEXT_MAX)) or md(words, "scoring.same")


def process_said(words: Words, value: Any) -> Mrkdwn:
    """A process in a few words: the names of its stages."""
    worded = process_of(value).worded(words)
    return escape(" → ".join(worded(f"deals.stage.{stage}") for stage in Stage if stage is not Stage.LOST))


def _stage(words: Words, process: Process, stage: Stage) -> Block:
    worded = process.worded(words)
    name, usual = (each(f"deals.stage.{stage}") for each in (worded, words))
    head = f"*{escape(name)}*" + (f" ({escape(usual)})" if name != usual else "")
    others = (language for language in LANGUAGES if language != words.language)
    parts = [process.worded(words_for(language))(f"deals.stage.{stage}") for language in others]
    said = SEPARATOR.join([*map(escape, parts), md_plural(words, "deals.process.points", len(process.points(stage)))])
    change = button(words("settings.change"), ids.PROCESS_STAGE, ids.pack(s=stage))
    return section(Mrkdwn(f"{head}\n{said}"), change)


def _reasons(words: Words, process: Process) -> Mrkdwn:
    worded = process.worded(words)
    names = SEPARATOR.join(worded(f"deals.reason.{code}") for code in process.reasons)
    return Mrkdwn(cut(f"*{md(words, 'deals.process.reasons')}*\n{escape(names)}", TEXT_MAX))


def _name(words: Words, stage: Stage, language: str, stands: str) -> Block:
    usual = words_for(language)(f"deals.stage.{stage}")
    label = words(f"deals.process.form.name_{language}")
    return field_of(language, label, text_input(VALUE, stands or None, placeholder=usual))


def _form(words: Words, callback: str, blocks: Sequence[Block], metadata: str) -> Block:
    title, save, close = words("deals.process.title"), words("settings.save"), words("button.cancel")
    return modal(callback, title, blocks, submit=save, close=close, metadata=metadata)


def _written(words: Words, process: Process) -> Iterator[tuple[str, list[str]]]:
    """Part by part, with the titles by which the product knows them."""
    for stage in Stage:
        title = words(f"deals.stage.{stage}")
        yield title, [process.worded(words_for(language))(f"deals.stage.{stage}") for language in LANGUAGES]
        points = [point_said(words, stage, each) for each in process.points(stage)]
        yield words("deals.process.checklist", stage=title), points
    worded = process.worded(words)
    yield words("deals.process.reasons"), [worded(f"deals.reason.{code}") for code in process.reasons]


def _part(title: str, before: Sequence[str], after: Sequence[str]) -> str:
    gone = [each for each in before if each not in after]
    new = [each for each in after if each not in before]
    if not gone and not new:
        gone, new = [*before], [*after]  # they only changed places
    return f"{title}: {', '.join(gone) or '–'} → {', '.join(new) or '–'}"
