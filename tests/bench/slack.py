"""The least of a Slack: it says yes, and notes the moment at which a Home arrives.

The sandbox reads and checks all that it is sent, which is another process's time on the same two cores.
"""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any

YES: dict[str, dict[str, Any]] = {
    "auth.test": {"team_id": "T0BATON", "team": "Northwind", "bot_id": "B0", "user_id": "U0BOT"},
    "users.list": {"members": []},
    "conversations.open": {"channel": {"id": "D0"}},
    "chat.postMessage": {"channel": "D0", "ts": "1.000001"},
}


class Slack:
    """Serves until `stop`; `published` holds the moment (`time.perf_counter`) and the view of each Home, in order."""

    def __init__(self) -> None:
        self.published: Queue[tuple[float, dict[str, Any]]] = Queue()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        published = self.published

        class Api(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                now, method = time.perf_counter(), self.path.rpartition("/")[2]
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps({"ok": True, **YES.get(method, {})}).encode())
                if method == "views.publish":
                    published.put((now, json.loads(body)))

            def log_message(self, *_: Any) -> None:
                """Nobody reads it."""

        return Api
