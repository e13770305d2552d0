"""The forms of `/quota`: a target to set, and what it would be if."""

from collections.abc import Iterable

from bot.quota.metrics import Metric
from bot.quota.periods import Period
from bot.words import Words
from handlers import ids
from handlers.ui import quota_figures as said
from handlers.ui.blocks import Block, field_of, modal, option, person_select, select, text_input

VALUE = "value"

SET_FIELDS = ("person", "group", "metric", "amount", "period")
WHAT_IF_FIELDS = ("metric", "amount")


def set_form(
    words: Words,
    metrics: Iterable[Metric],
    periods: Iterable[Period],
    metadata: str,
    *,
    person: str | None = None,
    group: str | None = None,
    metric: Metric | None = None,
    amount: str | None = None,
    period: Period | None = None,
) -> Block:
    """A target: whose, of what, how much, for which period; with what is known already."""
    offered = list(dict.fromkeys([*([period] if period else []), *periods]))
    choices = [option(said.period_days(words, each), each.name) for each in offered]
    chosen = next((each for each in choices if period and each["value"] == period.name), None)
    blocks = [
        field_of("person", words("quota.form.person"), person_select(VALUE, person, "–")),
        field_of("group", words("quota.form.group"), text_input(VALUE, group), hint=words("quota.form.group_hint")),
        field_of("metric", words("quota.form.metric"), _metrics(words, metrics, metric), optional=False),
        field_of(
            "amount", words("quota.form.amount"), text_input(VALUE, amount),
            hint=words("quota.form.amount_hint"), optional=False,
        ),
        field_of("period", words("quota.form.period"), select(VALUE, choices, chosen, "–"), optional=False),
    ]  # fmt: skip
    return modal(
        ids.QUOTA_SET_FORM,
        words("quota.form.title"),
        blocks,
        submit=words("form.save"),
        close=words("button.cancel"),
        metadata=metadata,
    )


def what_if_form(words: Words, metrics: Iterable[Metric], metric: Metric, metadata: str) -> Block:
    """So much more of what."""
    blocks = [
        field_of("metric", words("quota.form.metric"), _metrics(words, metrics, metric), optional=False),
        field_of(
            "amount", words("quota.form.more"), text_input(VALUE, None),
            hint=words("quota.form.more_hint"), optional=False,
        ),
    ]  # fmt: skip
    return modal(
        ids.QUOTA_WHAT_IF_FORM,
        words("quota.button.what_if"),
        blocks,
        submit=words("quota.form.show"),
        close=words("button.cancel"),
        metadata=metadata,
    )


def _metrics(words: Words, metrics: Iterable[Metric], metric: Metric | None) -> Block:
    options = [option(said.metric_name(words, each.code), each.code) for each in metrics]
    chosen = next((each for each in options if metric and each["value"] == metric.code), None)
    return select(VALUE, options, chosen, "–")
