"""What can go wrong, in the words of those who have to be told."""


class BotError(Exception):
    """Something that a person is told in their own language.

    `key` is a message of the catalogues and `params` fill it. One place turns these into replies
    (`handlers.answers`); only the listener of a form catches one, to show it under its field.
    """

    key = "error.unknown"

    def __init__(self, **params: object) -> None:
        super().__init__(self.key)
        self.params = params


class Refused(BotError):
    """The person may not do this; the message says who can."""

    def __init__(self, key: str, **params: object) -> None:
        self.key = key
        super().__init__(**params)


class StoreUnavailable(BotError):
    """Nothing was stored: the database is locked, full or away. The reply carries the person's own text."""

    key = "error.store"


class StoreUnsure(StoreUnavailable):
    """The database went away while it was told to keep what was done: nobody knows whether it has."""

    key = "error.store_unsure"


class Busy(BotError):
    """The request waited for its turn until nobody waits for its answer any more."""

    key = "error.busy"


class SlackUnavailable(BotError):
    """Slack did not say who somebody is, so nothing can be stored under their name."""

    key = "error.slack"


class NotReady(Exception):
    """Baton cannot start, told to whoever starts it in one line: what is wrong, and what to do."""
