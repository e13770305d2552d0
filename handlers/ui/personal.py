"""What people read about the data about them: files that come, and what would be erased."""

from bot.access.actor import Actor
from bot.access.rights import Action, Relation, may
from bot.personal.erasure import Erased
from bot.personal.export import Made
from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Message, actions, button, context, md, md_plural, section


def on_their_way(words: Words, reader: Actor, *, everything: bool) -> Message:
    """The files come by direct message; who may have everything is offered it."""
    said = md(words, "personal.export.everything" if everything else "personal.export.mine")
    blocks = [section(said)]
    if not everything and may(reader, Action.EXPORT_ALL, Relation.COLLEAGUE):
        blocks.append(actions(button(words("personal.export.button"), ids.EXPORT_ALL, ids.pack())))
    return Message(said, blocks)


def comment(words: Words, made: Made) -> str:
    """The line above a file."""
    return md_plural(words, "personal.export.file", made.rows, kind=words(f"personal.kind.{made.kind}"))


def sure(words: Words, person_id: str, name: str) -> Message:
    """What goes and what stays, and the button."""
    said = md(words, "personal.forget.sure", name=name)
    ask = button(words("personal.forget.button"), ids.FORGET, ids.pack(p=person_id))
    ask |= {"style": "danger"}
    small = context(md(words, "personal.forget.account"))
    return Message(said, [section(said), section(md(words, "personal.forget.what")), actions(ask), small])


def begun(words: Words) -> Message:
    """It is on its way."""
    said = md(words, "personal.forget.begun")
    return Message(said, [section(said)])


def forgotten(words: Words, erased: Erased) -> Message:
    """It is done."""
    gone, changed = (words.number(each) for each in erased)
    said = md(words, "personal.forget.done", gone=gone, changed=changed)
    return Message(said, [section(said)])


def whom(words: Words) -> Message:
    """`/baton forget` without a person."""
    said = md(words, "personal.forget.whom")
    return Message(said, [section(said)])
