"""The rules of routing, what they came to, and the forms in which operations change them."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bot.handoffs.fairness import Board, Share
from bot.people.rules import Member
from bot.words import Words
from bot.workspace.checklists import CHECKLISTS, CHOICES, written
from bot.workspace.rules import CAPS, HANDOFF_MINUTES, TOUCH_DAYS, WEIGHTS, Settings
from handlers import ids
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    context,
    escape,
    field_of,
    header,
    in_sections,
    md,
    modal,
    multi_select,
    number_input,
    option,
    people_select,
    person_select,
    section,
    select,
    text_input,
)
from handlers.ui.settings import checklist_name

VALUE = "value"


def board(words: Words, found: Board, *, saved: bool = False) -> Message:
    """`/team routing`: the rules, who takes what, the last thirty days."""
    title = words("routing.title")
    blocks: list[Block] = [section(md(words, "routing.saved"))] if saved else []
    blocks += [header(title), section(md(words, "routing.rules"))]
    takers = [_taker(words, found, each) for each in found.takers] or [md(words, "routing.nobody")]
    blocks += [section(text) for text in in_sections(takers)]
    blocks.append(context(_clock(words, found.settings)))
    if found.shares:
        blocks.append(header(words("routing.lately")))
        blocks += [section(text) for text in in_sections(_share(words, found, each) for each in found.shares)]
        blocks += [context(md(words, "routing.fair_hint"))] if found.given else []
    if found.may_change:
        blocks.append(
            actions(
                button(words("routing.edit"), ids.ROUTING_EDIT, ids.pack()),
                button(words("routing.handoffs"), ids.ROUTING_HANDOFFS, ids.pack()),
                button(words("routing.replay.button"), ids.ROUTING_REPLAY, ids.pack()),
            )
        )
    return Message(title, blocks)


def routing_form(words: Words, settings: Settings, metadata: str, tried: Mapping[str, Any] | None = None) -> Block:
    """Weights and limits for some people at once, and the limit of everybody else; filled in with what was `tried`."""
    blocks = [context(md(words, "routing.form.hint")), *rule_fields(words, settings, tried or {})]
    return _form(words, ids.ROUTING_FORM, words("routing.edit"), blocks, metadata)


def rule_fields(words: Words, settings: Settings, tried: Mapping[str, Any]) -> list[Block]:
    """The fields of weights and limits."""
    most, whom = tried.get("m", settings.routing.get("cap")), tried.get("p", ())
    return [
        field_of("people", words("settings.field.people"), people_select(VALUE, whom, words("settings.choose"))),
        field_of(
            "weight",
            words("routing.form.weight"),
            number_input(VALUE, tried.get("w"), least=WEIGHTS[0], most=WEIGHTS[-1]),
            hint=words("routing.form.weight_hint"),
        ),
        field_of(
            "cap",
            words("routing.form.cap"),
            number_input(VALUE, tried.get("c"), least=0, most=CAPS[-1]),
            hint=words("routing.form.cap_hint"),
        ),
        field_of(
            "most",
            words("routing.form.most"),
            number_input(VALUE, most, least=0, most=CAPS[-1]),
            hint=words("routing.form.most_hint"),
        ),
    ]


def handoffs_form(words: Words, settings: Settings, metadata: str) -> Block:
    """The clock, the first call, the checklist with its required answers, and who takes over what is stuck."""
    choose = words("settings.choose")
    stuck = person_select(VALUE, settings.routing.get("stuck"), choose)
    blocks = [
        *_clock_fields(words, settings),
        *_checklist_fields(words, settings, choose),
        field_of("stuck", words("routing.form.stuck"), stuck, hint=words("routing.form.stuck_hint")),
    ]
    return _form(words, ids.ROUTING_HANDOFFS_FORM, words("routing.handoffs"), blocks, metadata)


def _clock_fields(words: Words, settings: Settings) -> list[Block]:
    return [
        field_of(
            "minutes",
            words("routing.form.minutes"),
            number_input(VALUE, settings.handoff_minutes, least=HANDOFF_MINUTES[0], most=HANDOFF_MINUTES[-1]),
            optional=False,
            hint=words("routing.form.minutes_hint"),
        ),
        field_of(
            "days",
            words("routing.form.days"),
            number_input(VALUE, settings.touch_days, least=TOUCH_DAYS[0], most=TOUCH_DAYS[-1]),
            optional=False,
        ),
    ]


def _checklist_fields(words: Words, settings: Settings, choose: str) -> list[Block]:
    """Which checklist, what of it has to be answered, and a checklist of one's own."""
    lists = [option(checklist_name(words, code), code) for code in CHOICES]
    answers = [
        option(f"{name.upper()}{SEPARATOR}{words(f'handoffs.answer.{code}')}", code)
        for name, codes in CHECKLISTS.items()
        for code in codes
    ]
    required = [each for each in answers if each["value"] in settings.required_answers]
    return [
        field_of(
            "checklist",
            words("routing.form.checklist"),
            select(VALUE, lists, next(each for each in lists if each["value"] == settings.checklist), choose),
            optional=False,
        ),
        field_of(
            "required",
            words("routing.form.required"),
            multi_select(VALUE, answers, required, choose),
            hint=words("routing.form.required_hint"),
        ),
        field_of(
            "questions",
            words("routing.form.questions"),
            text_input(VALUE, written(settings.questions), multiline=True),
            hint=words("routing.form.questions_hint"),
        ),
    ]


def _form(words: Words, callback_id: str, title: str, blocks: list[Block], metadata: str) -> Block:
    submit, close = words("settings.save"), words("button.cancel")
    return modal(callback_id, title, blocks, submit=submit, close=close, metadata=metadata)


def _taker(words: Words, found: Board, member: Member) -> Mrkdwn:
    """`Dana Lee · EMEA · Enterprise · weight 2 · at most 10 open`; the usual is left out."""
    standing, cap, weight = member.standing, found.cap(member.id), found.weight(member.id)
    places = ", ".join((*standing.territories, *standing.segments))
    parts = [
        Mrkdwn(f"*{escape(member.name)}*"),
        escape(places) if places else md(words, "routing.everywhere"),
        *([md(words, "routing.weight", weight=weight)] if weight != 1 else []),
        *([md(words, "routing.cap", cap=cap)] if cap is not None else []),
    ]
    return Mrkdwn(SEPARATOR.join(parts))


def _clock(words: Words, settings: Settings) -> Mrkdwn:
    minutes = words.plural("routing.minutes", settings.handoff_minutes)
    days = words.plural("routing.days", settings.touch_days)
    return md(words, "routing.clock", minutes=minutes, days=days, checklist=checklist_name(words, settings.checklist))


def _share(words: Words, found: Board, share: Share) -> Mrkdwn:
    """Somebody's part beside the fair one, and what became of what they were offered; without what never happened."""
    name = found.names.get(share.taker_id, share.taker_id)
    counts = [("offered", share.offered), ("accepted", share.accepted)]
    counts += [each for each in (("declined", share.declined), ("expired", share.expired)) if each[1]]
    shown = SEPARATOR.join(words(f"routing.count.{what}", n=words.number(n)) for what, n in counts)
    head = Mrkdwn(f"\n*{escape(name)}*")
    if found.given:
        part, fair = (_percent(words, each, found.given) for each in (Fraction(share.given), share.fair))
        head = Mrkdwn(f"\n{md(words, 'routing.share', name=name, part=part, fair=fair)}")
    return Mrkdwn(f"{head}\n{shown}")


def _percent(words: Words, part: Fraction, whole: int) -> str:
    return f"{words.number(round(100 * part / whole))} %"
