"""Recognition in the settings: its line there, and its form."""

from collections.abc import Mapping
from typing import Any

from bot.recognition.form import MILESTONES
from bot.recognition.rules import MEASURED, WEIGHTS, Recognition
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import (
    Block,
    Mrkdwn,
    button,
    channel_select,
    checkboxes,
    context,
    escape,
    field_of,
    md,
    modal,
    number_input,
    option,
    section,
)
from handlers.ui.recognition import SEPARATOR, figure_name, weighed

VALUE = "value"


def recognition_form(words: Words, found: Recognition, metadata: str) -> Block:
    """The channel, a weight for each figure, and whether milestones are told, as they stand."""
    channel = channel_select(VALUE, found.channel, words("settings.choose"))
    told = option(words("recognition.form.told"), MILESTONES)
    blocks = [
        field_of("channel", words("recognition.form.channel"), channel, hint=words("recognition.form.channel_hint")),
        context(md(words, "recognition.form.weights")),
        *(_weight(words, found.weights, name) for name in MEASURED),
        field_of(
            MILESTONES,
            words("recognition.form.milestones"),
            checkboxes(VALUE, [told], [told] if found.has_milestones else []),
            hint=words("recognition.form.milestones_hint"),
        ),
    ]
    title, submit, close = words("recognition.form.title"), words("settings.save"), words("button.cancel")
    return modal(ids.RECOGNITION_FORM, title, blocks, submit=submit, close=close, metadata=metadata)


def _weight(words: Words, weights: Mapping[str, int], name: str) -> Block:
    element = number_input(VALUE, weights.get(name, 0), least=WEIGHTS[0], most=WEIGHTS[-1])
    return field_of(name, figure_name(words, name), element)


def saved(words: Words) -> Mrkdwn:
    """What was saved."""
    return md(words, "settings.saved", step=words("recognition.form.title"))


def settings_line(words: Words, value: Mapping[str, Any]) -> Block:
    """What stands, with the way to the form."""
    change = button(words("settings.change"), ids.RECOGNITION_OPEN, ids.pack())
    return section(md(words, "recognition.line_of_settings", value=recognition_said(words, value)), change)


def recognition_said(words: Words, value: Mapping[str, Any]) -> Mrkdwn:
    """`#team · Revenue 50, Deals 20 · milestones`."""
    found = Recognition.of(value)
    where = Mrkdwn(f"<#{found.channel}>") if found.channel else md(words, "recognition.form.off")
    told = words("recognition.form.milestones_on" if found.has_milestones else "recognition.form.milestones_off")
    return Mrkdwn(SEPARATOR.join([where, escape(weighed(words, found.weights)), escape(told)]))
