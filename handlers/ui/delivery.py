"""What those are told who can mend that something does not arrive."""

from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Message, Mrkdwn, actions, button, context, md, section

RESTRICTED = "restricted"


def trouble(words: Words, channel: str, reason: str) -> Message:
    """A channel (by its id) does not take messages, for a `reason` in Slack's word: what it means and what to do."""
    key = RESTRICTED if reason.startswith(RESTRICTED) else reason
    head = md(words, "delivery.trouble.head", channel=Mrkdwn(f"<#{channel}>"))
    what = md(words, f"delivery.trouble.{key}")
    where = md(words, "delivery.trouble.where", command=f"{ids.BATON_COMMAND} settings")
    choose = button(words("settings.title"), ids.SETTINGS_OPEN, ids.pack())
    blocks = [section(Mrkdwn(f":warning: *{head}*\n{what}")), actions(choose), context(where)]
    return Message(f"{head}. {what}", blocks)
