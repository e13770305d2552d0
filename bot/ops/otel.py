"""Traces by OpenTelemetry: the only module that knows it, and imported only where traces are wanted."""

import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.util.re import parse_env_headers

from bot import __version__
from bot.ops.traces import NOTHING, Kind, Span

PATIENCE = 2.0
"""Seconds for a collector, unless OTEL_EXPORTER_OTLP_TIMEOUT says otherwise: a process that stops waits no longer."""

LAST_WORDS = 3.0
"""Seconds in which a process that stops gives its last spans away."""

KINDS: dict[Kind | None, SpanKind] = {
    "request": SpanKind.SERVER,
    "job": SpanKind.INTERNAL,
    "delivery": SpanKind.CONSUMER,
    "call": SpanKind.CLIENT,
}

REQUEST = re.compile("[0-9a-f]{32}")


class Ids(RandomIdGenerator):
    """Gives the trace of a request the request's own id, and its first span the first half of that."""

    def __init__(self) -> None:
        self._thread = threading.local()

    @contextmanager
    def named(self, request: str | None) -> Iterator[None]:
        """Let the trace that begins within the block have this id."""
        self._thread.request = request
        try:
            yield
        finally:
            self._thread.request = None

    def generate_trace_id(self) -> int:
        """Of the trace that is just beginning."""
        request = getattr(self._thread, "request", None)
        return int(request, 16) if request else super().generate_trace_id()

    def generate_span_id(self) -> int:
        """Of the span that is just beginning."""
        request = getattr(self._thread, "request", None)
        return _first_span(request) if request else super().generate_span_id()


class Otel:
    """A `bot.ops.traces.Recorder`.

    Args:
        processor: gets every span that has ended.
    """

    def __init__(self, processor: SpanProcessor) -> None:
        self._ids = Ids()
        own = Resource({"service.name": "baton", "service.version": __version__})
        # The environment goes before (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES); it names the sampler, too.
        self._provider = TracerProvider(
            resource=Resource.create().merge(own).merge(OTELResourceDetector().detect()),
            id_generator=self._ids,
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("baton", __version__)

    def begin(self, name: str, kind: Kind, trace: str | None, cause: str | None, about: dict[str, str]) -> Span:
        """See `bot.ops.traces.Recorder`, as all of the following."""
        with self._ids.named(trace):
            span = self._tracer.start_span(name, Context(), KINDS[kind], _named(about), _links(cause))
        return _during(span)

    def inner(self, name: str, kind: Kind | None, about: dict[str, str]) -> Span:
        """Looks over all workspaces, and what ticks write, belong to nothing; of those there is one a second."""
        if not trace.get_current_span().get_span_context().is_valid:
            return NOTHING
        return _during(self._tracer.start_span(name, None, KINDS.get(kind, SpanKind.INTERNAL), _named(about)))

    def note(self, about: dict[str, str]) -> None:
        """More about the current span."""
        if (span := trace.get_current_span()).is_recording():
            span.set_attributes(_named(about))

    def fail(self, reason: str) -> None:
        """The current span has failed."""
        if (span := trace.get_current_span()).is_recording():
            _fail(span, reason)

    def stop(self) -> None:
        """A collector that does not answer holds up nobody's stop."""
        ending = threading.Thread(target=self._provider.shutdown, name="last-spans", daemon=True)
        ending.start()
        ending.join(LAST_WORDS)


def to_collector(endpoint: str, headers: str | None) -> Otel:
    """Sends what ends in batches, from a thread of its own; what a collector does not take is lost."""
    timeout = None if os.environ.get("OTEL_EXPORTER_OTLP_TIMEOUT") else PATIENCE
    own = parse_env_headers(headers, liberal=True) if headers else None
    logging.getLogger("opentelemetry").setLevel(logging.ERROR)  # one line for what was lost, none for each try before
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", headers=own, timeout=timeout)
    return Otel(BatchSpanProcessor(exporter))


@contextmanager
def _during(span: trace.Span) -> Iterator[None]:
    """Errors are told by their kind: the SDK would record their words."""
    with trace.use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield
        except BaseException as error:
            _fail(span, type(error).__name__)
            raise


def _fail(span: trace.Span, reason: str) -> None:
    span.set_attribute(ERROR_TYPE, reason)
    span.set_status(Status(StatusCode.ERROR))


def _named(about: dict[str, str]) -> dict[str, str]:
    return {f"baton.{name}": value for name, value in about.items()}


def _links(request: str | None) -> list[Link]:
    """To the first span of a request, wherever it was made."""
    if not request or not REQUEST.fullmatch(request):
        return []
    is_kept = TraceFlags(TraceFlags.SAMPLED)
    return [Link(SpanContext(int(request, 16), _first_span(request), is_remote=True, trace_flags=is_kept))]


def _first_span(request: str) -> int:
    return int(request[:16], 16)
