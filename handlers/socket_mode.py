"""Socket Mode over the SDK's builtin client, which reconnects by itself.

Source of the protocol: docs.slack.dev/apis/events-api/using-socket-mode.
"""

import socket
import threading
import time
from select import select

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.errors import NotReady
from bot.store.patience import patient

DRAIN = 8.0
"""Seconds that requests in hand have to finish when the process is told to stop."""

PING = 2.0
"""Seconds between looks at the connection. The client gives one up after four pings without an answer and then
connects anew, so a Slack that went away without a word is missed for ten seconds at the most."""

TURN = 0.5
"""Seconds of one read: so long may a change to a new connection wait for the old one."""


class Client(SocketModeClient):
    """The builtin client, quick to change over.

    It closes an old connection between two reads of it and answers nothing meanwhile; its own reads last three
    seconds, which is Slack's deadline for the answer.
    """

    def connect(self) -> None:
        """Open a connection, in the place of the one there was."""
        super().connect()
        if self.current_session and self.current_session.sock:
            self.current_session.sock.settimeout(TURN)

    def _monitor_current_session(self) -> None:
        """Look after the connection every `PING` seconds.

        One that Slack has ended without a word goes first: the builtin client would read its end over and over,
        and take it for a living one, until five pings have failed.
        """
        session = self.current_session
        if session and session.sock and _has_ended(session.sock):
            session.disconnect()
        super()._monitor_current_session()  # type: ignore[no-untyped-call]  # as the SDK has it


class Socket:
    """Keeps a connection to Slack and answers what comes over it.

    Args:
        app: answers the requests.
        app_token: opens connections (`xapp-…`).
        workers: how many requests are worked on at once.
    """

    def __init__(self, app: App, app_token: str, workers: int) -> None:
        self._app = app
        self._client = Client(app_token, web_client=app.client, ping_interval=PING, concurrency=workers)
        self._client.socket_mode_request_listeners.append(self._answer)

    def start(self) -> None:
        """Open the first connection; the later ones are the client's own business.

        Raises:
            NotReady: when Slack refuses the app token, or cannot be reached.
        """
        try:
            # Asked for here, because the client would log a refusal before raising it: twice told is not one line.
            opened = self._app.client.apps_connections_open(app_token=self._client.app_token)
            self._client.wss_uri = opened["url"]
            self._client.connect()
        except SlackApiError as error:
            raise NotReady(
                f"Slack does not take SLACK_APP_TOKEN ({error.response['error']}). "
                "Make an app-level token (xapp-…) with connections:write under Basic Information of your app."
            ) from None
        except OSError as error:
            raise NotReady(f"Slack's Socket Mode cannot be reached: {error}.") from None

    def is_connected(self) -> bool:
        """Whether Slack can reach this process."""
        return self._client.is_connected()

    def stop(self) -> None:
        """Take nothing new, finish and answer what is in hand, then close."""
        self._client.auto_reconnect_enabled = self._client.default_auto_reconnect_enabled = False
        self._take_the_last()
        finishing = threading.Thread(target=self._client.message_workers.shutdown, daemon=True)
        finishing.start()
        finishing.join(DRAIN)
        self._client.close()

    def _answer(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        with patient(time.monotonic()):
            answer = run_bolt_app(self._app, request)
        send_response(client, request, answer, time.time())

    def _take_the_last(self) -> None:
        """End the loop that takes messages with none left in it; the connection stays for the answers."""
        self._client.closed = True
        self._client.enqueue_message("")  # wakes the loop
        self._client.message_processor.shutdown()  # type: ignore[no-untyped-call]  # as the SDK has it
        while not self._client.message_queue.empty():
            self._client.process_message()  # type: ignore[no-untyped-call]


def _has_ended(connection: socket.socket) -> bool:
    """Whether nothing but the end is left to read (below TLS, where looking does not take)."""
    try:
        readable, _, _ = select([connection], [], [], 0)
        return bool(readable) and not socket.socket.recv(connection, 1, socket.MSG_PEEK)
    except (OSError, ValueError):  # gone meanwhile
        return False
