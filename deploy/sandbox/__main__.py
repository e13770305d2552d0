"""`python -m sandbox`: a small Slack on this machine."""

import argparse
import json
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import uvicorn

from sandbox.manifest import App, read_manifest
from sandbox.oauth import Oauth
from sandbox.server import HERE, web_app
from sandbox.state import Sandbox, Settings

SECONDS_TO_CLOSE = 1


class Server(uvicorn.Server):
    """Ends open streams as soon as it is told to stop."""

    def __init__(self, config: uvicorn.Config, sandbox: Sandbox) -> None:
        super().__init__(config)
        self._sandbox = sandbox

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called on SIGTERM and SIGINT."""
        self._sandbox.close()
        super().handle_exit(sig, frame)


def arguments(options: Sequence[str] | None) -> argparse.Namespace:
    """The command line, or these options."""
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8765, help="0 for any free one")
    parser.add_argument("--manifest", type=Path, required=True, help="the app's manifest, as pasted into Slack")
    team = "people and channels; several for several workspaces, of which the further ones stand below their ids"
    parser.add_argument("--team", type=Path, nargs="+", default=[HERE / "team.json"], help=team)
    parser.add_argument("--client-id", default="", help="the app is installed by OAuth, and not there before")
    parser.add_argument("--client-secret", default="sandbox-client-secret")
    parser.add_argument("--events-url", default="", help="where the app listens, if not by Socket Mode")
    parser.add_argument("--bot-token", default="xoxb-sandbox")
    parser.add_argument("--app-token", default="xapp-sandbox")
    parser.add_argument("--signing-secret", default="sandbox-secret")
    return parser.parse_args(options)


def listening(host: str, port: int) -> socket.socket:
    """A socket on which the server will listen; port 0 takes any free one."""
    return socket.create_server((host, port), backlog=512)


def _workspaces(given: argparse.Namespace, app: App, base_url: str) -> list[Sandbox]:
    """The sandbox of each team."""
    oauth = None
    if given.client_id:
        oauth = Oauth(given.client_id, given.client_secret, app.redirect_urls, app.rotates)
    found: list[Sandbox] = []
    for file in given.team:
        team = json.loads(file.read_text(encoding="utf-8"))
        address = f"{base_url}/{team['team']['id']}" if found else base_url
        settings = Settings(address, given.bot_token, given.app_token, given.signing_secret)
        found.append(Sandbox(settings, app, team, oauth))
    return found


def main(options: Sequence[str] | None = None) -> None:
    """Serves until SIGTERM or SIGINT, then ends with 0."""
    given = arguments(options)
    app = read_manifest(json.loads(given.manifest.read_text(encoding="utf-8")), given.events_url)
    listener = listening(given.host, given.port)
    base_url = f"http://{given.host}:{listener.getsockname()[1]}"
    sandbox, *others = _workspaces(given, app, base_url)
    config = uvicorn.Config(
        web_app(sandbox, *others), log_level="warning", access_log=False, timeout_graceful_shutdown=SECONDS_TO_CLOSE
    )
    # uvicorn raises the signal again after it has closed; that must not end this process with an error.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    sys.stdout.write(f"sandbox: {base_url}\n")
    sys.stdout.flush()
    Server(config, sandbox).run(sockets=[listener])


if __name__ == "__main__":
    main()
