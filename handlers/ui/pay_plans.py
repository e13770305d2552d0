"""How a commission plan looks: each step as a sentence, an example that is worked out, what is to come and what was."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from bot.access.roles import Role
from bot.errors import Refused
from bot.money import Money
from bot.pay import plan_lines
from bot.pay.pages import PlanPage, PlansPage
from bot.pay.plan import Kind, Plan, Step
from bot.pay.queries import Version
from bot.pay.rules import Part
from bot.pay.worked import Example, worked
from bot.words import Words
from bot.workspace.rules import CLAWBACK_RANGE
from handlers import ids
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    cut,
    date_input,
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
    told,
)
from handlers.ui.role_cards import pay_mix

VALUE = "value"

VERSIONS = 5
"""Earlier versions that are shown, the newest."""

COMING = 3

LONGEST_ERROR = 2000
"""Characters beneath a field."""


def plan(words: Words, page: PlanPage, head: Mrkdwn | None = None) -> Message:
    """A role's plan as it holds today, by sentences and by example."""
    title = words("pay.plan.title", role=page.role)
    blocks: list[Block] = [*([section(head)] if head else []), header(title)]
    blocks += list(_standing(words, page, page.plan)) if page.plan else [section(_none(words, page))]
    for coming in page.coming[:COMING]:
        blocks += [divider(), section(md(words, "pay.plan.coming", day=words.date(coming.start)))]
        blocks += _sentences(words, coming, page.currency)
    earlier = [each for each in page.versions if each.plan not in (page.plan, *page.coming) or each.until]
    if earlier:
        blocks += [divider(), *_earlier(words, page, earlier)]
    if page.can_change:
        blocks.append(actions(*_buttons(words, page)))
    return Message(f"{head} {title}\n{told(blocks[2:])}" if head else f"{title}\n{told(blocks)}", blocks)


def plans(words: Words, page: PlansPage) -> Message:
    """Role by role: whether there is a plan, and the way to it."""
    title = words("pay.plans.title")
    blocks = [header(title)]
    for n, (role, standing, coming) in enumerate(page.plans):
        said = [f"*{role}*"]
        if standing:
            said.append(md(words, "pay.plans.since", day=words.date(standing.start)))
        if coming:
            said.append(md(words, "pay.plans.coming", day=words.date(coming)))
        if not standing and not coming:
            said.append(md(words, "pay.plans.none"))
        show = button(words("pay.button.show"), f"{ids.PAY_PLAN}.{n}", ids.pack(r=role))
        blocks.append(section(Mrkdwn(SEPARATOR.join(said)), show))
    return Message(f"{title}\n{told(blocks)}", blocks)


def plan_form(words: Words, page: PlanPage, start: date, steps: str, metadata: str) -> Block:
    """A plan to write: from when, its steps, and for how long commission is taken back."""
    blocks = [
        field_of(
            "start", words("pay.form.start"), date_input(VALUE, start.isoformat()), optional=False,
            hint=words("pay.form.start_hint"),
        ),
        field_of(
            "steps", words("pay.form.steps"), text_input(VALUE, steps, multiline=True),
            hint=words("pay.form.steps_hint", currency=page.currency),
        ),
        field_of(
            "window", words("pay.form.window"),
            number_input(VALUE, page.clawback_days, least=0, most=CLAWBACK_RANGE[-1]), optional=False,
            hint=words("pay.form.window_hint"),
        ),
    ]  # fmt: skip
    title, submit = words("pay.form.plan", role=page.role), words("form.save")
    return modal(ids.PAY_PLAN_FORM, title, blocks, submit=submit, close=words("button.cancel"), metadata=metadata)


def saved_head(words: Words, role: Role, start: date) -> Mrkdwn:
    """A plan was stored."""
    return md(words, "pay.plan.saved", role=role, day=words.date(start))


def wrong(words: Words, problems: Iterable[Refused]) -> str:
    """Everything that is wrong with a plan, a line for each."""
    return cut("\n".join(words(each.key, **each.params) for each in problems), LONGEST_ERROR)


def sentence(words: Words, step: Step, currency: str) -> str:
    """What a step pays, in words."""
    event = words(f"pay.for.{step.event}")
    if step.kind is Kind.FIXED:
        return words("pay.step.fixed", event=event, amount=words.money(Money.of(step.amount or Decimal(0), currency)))
    params = {"event": event, "rate": words.number((step.rate or Decimal(0)) * 100)}
    if step.kind is Kind.FLAT:
        return words("pay.step.flat", **params)
    key = "accelerator" if step.is_accelerator else "tier"
    params["lower"] = words.number(step.lower or Decimal(0))
    if step.upper is None:
        return words(f"pay.step.{key}", **params)
    return words(f"pay.step.{key}_to", **params, upper=words.number(step.upper))


def _standing(words: Words, page: PlanPage, standing: Plan) -> Iterator[Block]:
    version = page.version(standing.start)
    said = [md(words, "pay.plan.since", day=words.date(standing.start))]
    if version:
        day = words.date(version.at.astimezone(page.zone).date())
        said.append(md(words, "pay.plan.by", n=version.version, who=page.names.get(version.by, version.by), day=day))
    yield context(Mrkdwn(SEPARATOR.join(said)))
    yield from _sentences(words, standing, page.currency)
    yield section(md_plural(words, "pay.plan.window", page.clawback_days))
    yield context(pay_mix(words, page.base_share))
    yield from _worked(words, standing, page.currency)


def _none(words: Words, page: PlanPage) -> Mrkdwn:
    """That nothing is paid, and what to do about it."""
    if page.coming:
        return md(words, "pay.plan.none_yet", role=page.role)
    return md(words, "pay.plan.none" if page.can_change else "pay.plan.none_ask", role=page.role)


def _sentences(words: Words, of: Plan, currency: str) -> list[Block]:
    lines = [Mrkdwn(f"• {escape(sentence(words, step, currency))}") for step in of.steps]
    return [section(text) for text in in_sections(lines)]


def _worked(words: Words, of: Plan, currency: str) -> Iterator[Block]:
    found = worked(of, currency)
    intro = (
        md(words, "pay.worked.quota", quota=words.money(found.quota)) if found.quota else md(words, "pay.worked.plain")
    )
    lines = [intro, *(Mrkdwn(f"• {_example(words, each, currency)}") for each in found.examples)]
    lines.append(md(words, "pay.worked.total", total=words.money(found.total)))
    yield from (section(text) for text in in_sections(lines))


def _example(words: Words, each: Example, currency: str) -> str:
    event = words(f"pay.event.{each.event}")
    paid = " + ".join(_part(words, part) for part in each.parts) or words.money(Money(currency, 0))
    if each.value is None:
        return escape(f"{event}: {paid}")
    return escape(f"{event}, {words.money(each.value)}: {paid}")


def _part(words: Words, part: Part) -> str:
    if part.base is None or part.step.rate is None:
        return words.money(part.amount)
    rate = words.number(part.step.rate * 100)
    return f"{words.money(part.base)} × {rate} % = {words.money(part.amount)}"


def _earlier(words: Words, page: PlanPage, versions: list[Version]) -> list[Block]:
    newest = sorted(versions, key=lambda each: each.at, reverse=True)[:VERSIONS]
    lines = [md(words, "pay.plan.earlier"), *(_version(words, page, each) for each in newest)]
    return [context(text) for text in in_sections(lines)]


def _version(words: Words, page: PlanPage, each: Version) -> Mrkdwn:
    steps = plan_lines.write(each.plan).replace("\n", "; ")
    day = words.date(each.at.astimezone(page.zone).date())
    who = page.names.get(each.by, each.by)
    params: Mapping[str, object] = {"day": words.date(each.plan.start), "n": each.version, "who": who, "on": day}
    return md(words, "pay.plan.version", **params, steps=cut(steps, 400))


def _buttons(words: Words, page: PlanPage) -> Iterator[Block]:
    value = ids.pack(r=page.role)
    yield button(words("pay.button.edit"), ids.PAY_PLAN_EDIT, value)
    if page.plan is None and not page.coming:
        yield button(words("pay.button.standard"), ids.PAY_PLAN_STANDARD, value, primary=True)
