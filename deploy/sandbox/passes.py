"""What Slack hands out for a short time: trigger ids and response urls."""

from dataclasses import dataclass

from sandbox.wire import Clock, SlackError, new_id

TRIGGER_SECONDS = 3.0  # docs.slack.dev/interactivity/handling-user-interaction
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    """Leave to open a modal for one person; `view_id` is set where it came from inside a modal."""

    user_id: str
    view_id: str | None
    expires: float
    used: bool = False


@dataclass
class ResponseUrl:
    """Leave to answer one interaction. `source_ts` is the message that was acted on, if there was one."""

    channel_id: str
    user_id: str
    source_ts: str | None
    expires: float
    uses_left: int = RESPONSE_URL_USES


class Passes:
    """All trigger ids and response urls given out so far."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}
        self._response_urls: dict[str, ResponseUrl] = {}

    def __contains__(self, trigger_id: str) -> bool:
        return trigger_id in self._triggers

    def trigger(self, user_id: str, view_id: str | None = None) -> str:
        """A new trigger id, good for three seconds and one use."""
        trigger_id = f"{new_id('')}.{new_id('')}".lower()
        self._triggers[trigger_id] = Trigger(user_id, view_id, self._clock.now() + TRIGGER_SECONDS)
        return trigger_id

    def valid_trigger(self, trigger_id: str) -> Trigger:
        """A trigger id that may still be used (then set `used`).

        Raises `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() > trigger.expires:
            raise SlackError("expired_trigger_id")
        return trigger

    def response_url(self, channel_id: str, user_id: str, source_ts: str | None = None) -> str:
        """The token of a new response url, good for 30 minutes and five posts."""
        token = new_id("").lower() + new_id("").lower()
        expires = self._clock.now() + RESPONSE_URL_SECONDS
        self._response_urls[token] = ResponseUrl(channel_id, user_id, source_ts, expires)
        return token

    def use_response_url(self, token: str) -> ResponseUrl:
        """Counts one post; raises `invalid_url`, `used_url` or `expired_url`."""
        found = self._response_urls.get(token)
        if found is None:
            raise SlackError("invalid_url")
        if self._clock.now() > found.expires:
            raise SlackError("expired_url")
        if found.uses_left == 0:
            raise SlackError("used_url")
        found.uses_left -= 1
        return found
