"""The rules of the score: as one reads them, the forms in which operations change them, and how far rescoring is."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import Refused
from bot.leads import scoring_lines as lines
from bot.leads.pages import rules_in
from bot.leads.rescoring import Progress
from bot.leads.rule_changes import Page
from bot.leads.scoring_form import DECAY, FIELDS, SPEED, TABLES, Form
from bot.leads.scoring_rules import WHOLE, Rules
from bot.words import Words
from bot.workspace.rules import SPEED_MINUTES
from handlers import ids
from handlers.ui.blocks import (
    TEXT_MAX,
    Block,
    Message,
    Mrkdwn,
    actions,
    bar,
    button,
    context,
    cut,
    divider,
    escape,
    field_of,
    header,
    in_sections,
    md,
    md_plural,
    modal,
    number_input,
    section,
    text_input,
)

VALUE = "value"
SEPARATOR = " · "

WRONG_LINES = 3
"""Lines of a table that are told at once; the others are counted."""


def board(words: Words, page: Page, head: Sequence[Mrkdwn] = ()) -> Message:
    """`/lead rules`: what everything is worth, and for those who may the forms to change it."""
    title = words("scoring.title")
    return Message(title, [*_head(head), header(title), *_rules(words, page)])


def board_view(words: Words, page: Page, head: Sequence[Mrkdwn] = ()) -> Block:
    """The same in a window, on top of the settings."""
    blocks = [*_head(head), *_rules(words, page)]
    title, close = words("scoring.title"), words("settings.close")
    return modal(ids.SCORING_BOARD, title, blocks, submit=None, close=close, metadata=ids.pack())


def scoring_line(words: Words) -> Block:
    """The way there from the settings."""
    return section(md(words, "scoring.line_of_settings"), button(words("scoring.open"), ids.SCORING_OPEN, ids.pack()))


def form(words: Words, which: Form, fields: Mapping[str, str], metadata: str) -> Block:
    """One of the three forms, with what stands; a table is a field with a rule a line."""
    blocks = [_field(words, name, fields[name]) for name in FIELDS[which]]
    intro = context(md(words, f"scoring.intro.{which}"))
    title, submit, close = words(f"scoring.form.{which}"), words("settings.save"), words("button.cancel")
    return modal(ids.SCORING_FORM, title, [intro, *blocks], submit=submit, close=close, metadata=metadata)


def mended(words: Words, problems: Mapping[str, Sequence[Refused]]) -> dict[str, str]:
    """What is wrong in a form, field by field, with the lines that are meant."""
    return {name: _wrong(words, found) for name, found in problems.items()}


def saved(words: Words, *, is_changed: bool, is_rescoring: bool) -> Mrkdwn:
    """What saving did."""
    key = "rescoring" if is_rescoring else "saved" if is_changed else "as_it_was"
    return md(words, f"scoring.done.{key}")


def progress(words: Words, found: Progress) -> Message:
    """The message that follows a pass over the leads."""
    done, leads = words.number(found.done), words.number(found.leads or 0)
    if found.is_overtaken:
        key = "scoring.progress.overtaken" if found.by else "scoring.progress.overtaken_by_reader"
        said = [md(words, key, done=done, leads=leads, who=found.by or "")]
    elif found.is_over:
        said = _summary(words, found)
    elif not found.leads:
        said = [md(words, "scoring.progress.begins")]
    else:
        said = [md(words, "scoring.progress.runs", done=done, leads=leads), Mrkdwn(bar(found.done, found.leads))]
    return Message(said[0], [section(Mrkdwn("\n".join(said)))])


def rules_changed(words: Words, before: Any, after: Any) -> Mrkdwn:
    """What is different in the rules, part by part: `Sources: webinar 20 → webinar 25`."""
    parts = (_part_changed(words, *each) for each in zip(_written(words, before), _written(words, after), strict=True))
    return Mrkdwn("; ".join(filter(None, parts))) or md(words, "scoring.same")


def _summary(words: Words, found: Progress) -> list[Mrkdwn]:
    if not found.done:
        return [md(words, "scoring.progress.none")]
    tally = {name: words.number(n) for name, n in found.tally._asdict().items()}
    how = "some" if any(found.tally) else "same"
    return [md_plural(words, "scoring.progress.over", found.done), md(words, f"scoring.progress.{how}", **tally)]


def _head(head: Sequence[Mrkdwn]) -> list[Block]:
    return [section(Mrkdwn("\n".join(head)))] if head else []


def _rules(words: Words, page: Page) -> list[Block]:
    rules, speed = page.scoring.rules, page.scoring.speed_minutes
    fit = [md(words, "scoring.part.fit"), *(_part(words, name, rules) for name in FIELDS[Form.FIT])]
    fades = md(words, "scoring.fades", left=lines.percent(rules.decay, words.language))
    did = [_part(words, name, rules) for name in FIELDS[Form.BEHAVIOUR] if name in TABLES]
    grades = md(words, "scoring.grades", a=rules.grades.a, b=rules.grades.b, c=rules.grades.c)
    target = md(words, "scoring.speed", minutes=words.plural("routing.minutes", speed))
    rest = [md(words, "scoring.part.grades"), grades, target]
    texts = [*in_sections(fit), *in_sections([md(words, "scoring.part.behaviour"), *did, fades]), *in_sections(rest)]
    return [*map(section, texts), divider(), _way(words, page)]


def _way(words: Words, page: Page) -> Block:
    """To the forms; for who may not, who can."""
    if page.may_change:
        labels = [(form, words(f"scoring.form.{form}")) for form in Form]
        return actions(
            *(button(label, f"{ids.SCORING_EDIT}.{n}", ids.pack(f=form)) for n, (form, label) in enumerate(labels))
        )
    key = "scoring.ask" if page.can else "scoring.ask_admin"
    return context(md(words, key, who=", ".join(page.can)))


def _part(words: Words, name: str, rules: Rules) -> Mrkdwn:
    """`Source: +30 referral · +25 customer, partner`: a table with the same points together, the most first."""
    rows = lines.named(name, rules, words.language)
    title = md(words, f"scoring.field.{name}")
    if not rows:
        return Mrkdwn(f"*{title}*: {md(words, 'scoring.none')}")
    if name == "titles":
        shown = [f"{_points(points)} {escape(text)}" for text, points in rows]
        first = md(words, "scoring.first_counts")
        return Mrkdwn(cut("\n".join([f"*{title}* ({first}):", *shown]), TEXT_MAX))
    if name in {"sizes", "recency"}:  # their ends say something
        shown = [f"{_points(points)} {escape(text)}" for text, points in rows]
    else:
        by_points: dict[int, list[str]] = {}
        for text, points in sorted(rows, key=lambda row: -row[1]):
            by_points.setdefault(points, []).append(escape(text))
        shown = [f"{_points(points)} {', '.join(texts)}" for points, texts in by_points.items()]
    return Mrkdwn(cut(f"*{title}*: {SEPARATOR.join(shown)}", TEXT_MAX))


def _points(points: int) -> str:
    return f"`{points:+d}`".replace("-", "−") if points else "`0`"


def _field(words: Words, name: str, text: str) -> Block:
    label = words(f"scoring.field.{name}")
    if name in TABLES:
        hint, example = words(f"scoring.hint.{name}"), words(f"scoring.example.{name}")
        return field_of(name, label, text_input(VALUE, text, multiline=True, placeholder=example), hint=hint)
    if name == DECAY:
        return field_of(name, label, text_input(VALUE, text), optional=False, hint=words("scoring.hint.decay"))
    most = SPEED_MINUTES[-1] if name == SPEED else WHOLE
    hint = words("scoring.hint.speed") if name == SPEED else ""
    return field_of(name, label, number_input(VALUE, int(text), least=1, most=most), optional=False, hint=hint)


def _wrong(words: Words, problems: Sequence[Refused]) -> str:
    shown = [words(each.key, **each.params) for each in problems[:WRONG_LINES]]
    rest = len(problems) - len(shown)
    return cut("\n".join([*shown, *([words.plural("scoring.more_wrong", rest)] if rest else [])]), TEXT_MAX)


def _written(words: Words, value: Any) -> list[tuple[str, list[str]]]:
    """The rules of a setting's value, part by part."""
    rules, language = rules_in(value), words.language
    tables = [(name, lines.rows(name, rules, language)) for form in FIELDS.values() for name in form if name in TABLES]
    grades = [f"{each.upper()} {getattr(rules.grades, each)}" for each in ("a", "b", "c")]
    return [*tables, (DECAY, [lines.percent(rules.decay, language)]), ("grades", grades)]


def _part_changed(words: Words, was: tuple[str, list[str]], now: tuple[str, list[str]]) -> str:
    name, before = was
    after = now[1]
    if before == after:
        return ""
    gone = [each for each in before if each not in after]
    new = [each for each in after if each not in before]
    if not gone and not new:
        gone, new = before, after  # they only changed places
    title = words("scoring.part.grades_in_short") if name == "grades" else words(f"scoring.field.{name}")
    return escape(f"{title}: {'; '.join(gone) or '–'} → {'; '.join(new) or '–'}")
