"""How feedback and kudos look: what was given, what one got, the messages of it; and a line that is asked back."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.coaching.feedback import FeedbackPage, Given, Notice, Remark
from bot.coaching.rules import LONGEST_TEXT, UNDO_WITHIN
from bot.coaching.said import Unread
from bot.reading.text import plain_text
from bot.words import Words
from handlers import ids
from handlers.ui.activity import SEPARATOR
from handlers.ui.blocks import (
    Block,
    Message,
    Mrkdwn,
    actions,
    button,
    checkboxes,
    context,
    cut,
    escape,
    field_of,
    header,
    md,
    md_plural,
    modal,
    option,
    person_select,
    quote,
    section,
    text_input,
)

VALUE = "value"
"""The action id inside each field; the field's own name is its block id."""

KUDOS = "kudos"
LONGEST_SHOWN = 300
COMMAND = ids.TEAM_COMMAND


def unread(words: Words, text: str, asked: Unread) -> Message:
    """The line whole, and one that would do."""
    params = {
        name: words.date(value) if isinstance(value, date) else value for name, value in asked.problem.params.items()
    }
    problem = Mrkdwn(escape(words(f"coaching.ask.{asked.problem.code}", **params)))
    example = md(words, "coaching.example", line=f"{COMMAND} {asked.example}")
    typed = f"{COMMAND} {plain_text(text)}"
    return Message(f"{problem} {example} {escape(typed)}", [section(problem), *quote(typed), section(example)])


def given(words: Words, found: Given) -> Message:
    """What was given and to whom it is told; kudos say where they stand, or how to give them a place."""
    remark = found.remark
    head = md(words, "coaching.given.kudos" if found.channel else "coaching.given.feedback", name=remark.name)
    small = [md(words, "coaching.given.undo", minutes=int(UNDO_WITHIN.total_seconds() // 60))]
    if found.channel:
        small.insert(0, md(words, "coaching.given.channel", channel=Mrkdwn(f"<#{found.channel}>")))
    elif remark.is_kudos:
        small.insert(0, md(words, "coaching.given.no_channel", command=f"{ids.BATON_COMMAND} settings"))
    undo = button(words("button.undo"), ids.COACH_UNDO, ids.pack(f=remark.id.hex))
    blocks = [section(head), *quote(remark.text), *(context(each) for each in small), actions(undo)]
    return Message(f"{head} {escape(cut(remark.text, LONGEST_SHOWN))} {' '.join(small)}", blocks)


def taken_back(words: Words, remark: Remark) -> Message:
    """It is as if it had not been said."""
    said = md(words, "coaching.taken_back", name=remark.name)
    return Message(said, [section(said), *quote(remark.text)])


def told(words: Words, page: Notice) -> Message:
    """For whoever it is about: from whom, and the words."""
    remark = page.remark
    if remark.is_withdrawn:
        said = md(words, "coaching.told.withdrawn", author=remark.author)
        return Message(said, [section(said)])
    head = md(words, "coaching.told.kudos" if remark.is_kudos else "coaching.told.feedback", author=remark.author)
    small = md(words, "coaching.told.small", command=f"{COMMAND} feedback")
    blocks = [section(head), *quote(remark.text), context(small)]
    return Message(f"{head} {escape(cut(remark.text, LONGEST_SHOWN))}", blocks)


def public(words: Words, page: Notice) -> Message:
    """For everybody in the channel of wins."""
    remark = page.remark
    if remark.is_withdrawn:
        said = md(words, "coaching.public.withdrawn", author=remark.author)
        return Message(said, [section(said)])
    head = md(words, "coaching.public.kudos", name=remark.name, author=remark.author)
    return Message(f"{head} {escape(cut(remark.text, LONGEST_SHOWN))}", [section(head), *quote(remark.text)])


def received(words: Words, page: FeedbackPage, zone: ZoneInfo, today: date) -> Message:
    """What was said of somebody, the newest first, and the way to say something."""
    title = words("coaching.received.of", name=page.name) if page.name else words("coaching.received.mine")
    lines = [remark_line(words, each, zone, today) for each in page.several]
    empty = md(words, "coaching.received.none_of" if page.name else "coaching.received.none")
    blocks: list[Block] = [header(title), *(section(line) for line in lines or [empty])]
    if page.more:
        blocks.append(context(md_plural(words, "coaching.more", page.more)))
    about = None if page.name is None else page.person_id
    blocks.append(actions(button(words("coaching.button.give"), ids.COACH_GIVE, ids.pack(p=about), primary=True)))
    blocks.append(context(md(words, "coaching.received.small", command=COMMAND)))
    return Message("\n".join([escape(title), *(lines or [empty])]), blocks)


def remark_line(words: Words, remark: Remark, zone: ZoneInfo, today: date) -> Mrkdwn:
    """`Kudos from Maria · Fri 13 Nov`, and the words below."""
    key = "coaching.remark.kudos" if remark.is_kudos else "coaching.remark.feedback"
    when = words.day(remark.at.astimezone(zone).date(), today)
    head = md(words, key, author=remark.author)
    text = escape(cut(" ".join(remark.text.split()), LONGEST_SHOWN))
    return Mrkdwn(f"{head}{SEPARATOR}{escape(when)}\n{text}")


def feedback_form(words: Words, person_id: str | None, metadata: str, *, is_kudos: bool = False) -> Block:
    """About whom, the words, and whether everybody may read them."""
    public = option(words("coaching.form.public"), KUDOS)
    text = text_input(VALUE, None, multiline=True, placeholder=words("coaching.form.text_example"))
    blocks = [
        field_of(
            "person",
            words("coaching.form.person"),
            person_select(VALUE, person_id, words("coaching.form.choose")),
            optional=False,
        ),
        field_of("text", words("coaching.form.text"), text | {"max_length": LONGEST_TEXT}, optional=False),
        field_of(
            "public",
            words("coaching.form.where"),
            checkboxes(VALUE, [public], [public] if is_kudos else []),
            hint=words("coaching.form.where_hint"),
        ),
    ]
    title, submit = words("coaching.form.title"), words("coaching.button.send")
    return modal(ids.COACH_FEEDBACK_FORM, title, blocks, submit=submit, close=words("button.cancel"), metadata=metadata)
