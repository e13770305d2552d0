"""What those are told who can mend that something does not arrive."""

from bot.words import Words
from handlers import ids
from handlers.ui.blocks import Message, Mrkdwn, actions, button, context, md, section

RESTRICTED = "restricted"

OF_CHANNELS = ("channel_not_found", "is_archived", "not_in_channel", RESTRICTED)
"""Why a channel does not take messages, in the order of the catalogue; Slack has several words for the last."""


def trouble(words: Words, channel: str, reason: str) -> Message:
    """A channel (by its id) does not take messages, for a `reason` in Slack's word: what it means and what to do."""
    head = md(words, "delivery.trouble.head", channel=Mrkdwn(f"<#{channel}>"))
    what = md(words, f"delivery.trouble.{_key(reason)}")
    where = md(words, "delivery.trouble.where", command=f"{ids.BATON_COMMAND} settings")
    choose = button(words("settings.title"), ids.SETTINGS_OPEN, ids.pack())
    blocks = [section(Mrkdwn(f":warning: *{head}*\n{what}")), actions(choose), context(where)]
    return Message(f"{head}. {what}", blocks)


def greeting(words: Words) -> Message:
    """The word that shows whether a channel takes any, seen by whoever chose it."""
    said = words("delivery.channel.greeting")
    return Message(said, [context(md(words, "delivery.channel.greeting"))])


def refusing(words: Words, channel: str, reason: str) -> Mrkdwn:
    """Why the channel that was just chosen does not take messages, and what to do; for another `reason`, how to make
    sure.
    """
    shown, key = Mrkdwn(f"<#{channel}>"), _key(reason)
    if key not in OF_CHANNELS:
        return md(words, "delivery.channel.unsure", channel=shown)
    return md(words, "delivery.channel.refuses", channel=shown, what=md(words, f"delivery.trouble.{key}"))


def _key(reason: str) -> str:
    return RESTRICTED if reason.startswith(RESTRICTED) else reason
