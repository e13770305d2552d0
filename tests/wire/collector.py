"""A collector of traces: takes what comes by OTLP over HTTP, and keeps it."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Collector:
    """What came, and how."""

    port: int
    came: list[ExportTraceServiceRequest] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def settings(self, headers: str) -> dict[str, str]:
        """With which a bot sends its traces here, at once."""
        address = f"http://127.0.0.1:{self.port}"
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": address,
            "OTEL_EXPORTER_OTLP_HEADERS": headers,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
        }

    def spans(self) -> list[Span]:
        """All of them."""
        return [
            span
            for each in [*self.came]
            for resource in each.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def names(self) -> set[str]:
        """What they are called."""
        return {span.name for span in self.spans()}

    def linked_to(self, request: str) -> set[str]:
        """The rows of the ledger whose deliveries are linked to the first span of a request."""
        wanted = (request, request[:16])
        return {
            _attribute(span, "baton.delivery")
            for span in self.spans()
            if (*((link.trace_id.hex(), link.span_id.hex()) for link in span.links),) == (wanted,)
        }

    def said(self) -> str:
        """Everything, word by word."""
        return "\n".join(map(str, [*self.came]))


def _attribute(span: Span, name: str) -> str:
    return next((each.value.string_value for each in span.attributes if each.key == name), "")


@contextmanager
def a_collector() -> Iterator[Collector]:
    """One that answers until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            found.headers = {name.lower(): value for name, value in self.headers.items()}
            found.came.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200 if self.path == "/v1/traces" else 404)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Collector(int(server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()
