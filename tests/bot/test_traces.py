"""Traces: one for each request, with the id of the log, and nobody's words."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from bot.errors import NotReady
from bot.ops import causes, traces
from bot.ops.causes import Workers, caused_by
from bot.ops.otel import Otel
from bot.store.engine import Store

in_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@pytest.fixture
def kept() -> Iterator[InMemorySpanExporter]:
    """What was recorded."""
    found = InMemorySpanExporter()
    traces.record(Otel(SimpleSpanProcessor(found)))
    yield found
    traces.stop()


def spans(kept: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in kept.get_finished_spans()}


def trace_of(span: ReadableSpan) -> str:
    return f"{span.context.trace_id:032x}"


def test_a_request_is_a_trace_with_the_id_of_the_log(kept: InMemorySpanExporter) -> None:
    with caused_by("/log"):
        request = causes.request()
        traces.note(answer="Tell")
    with caused_by("log_reminder", "job"):
        job = causes.request()
    asked, planned = spans(kept)["/log"], spans(kept)["log_reminder"]
    assert (trace_of(asked), trace_of(planned)) == (request, job)
    assert (asked.parent, planned.parent) == (None, None)
    assert (asked.kind, planned.kind) == (SpanKind.SERVER, SpanKind.INTERNAL)
    assert asked.attributes == {"baton.request": request, "baton.cause": "/log", "baton.answer": "Tell"}
    assert asked.resource.attributes["service.name"] == "baton"


@in_sqlite
def test_what_is_done_for_it_is_a_part_of_its_trace_in_any_thread(store: Store, kept: InMemorySpanExporter) -> None:
    def later() -> None:
        with traces.inner("views.update", "call"):
            pass

    with Workers(1) as workers, caused_by("/log"):
        with store.read(), store.write():
            pass
        workers.submit(later)
    with store.read(), traces.inner("views.publish", "call"):
        traces.note(answer="of nothing")
    found = spans(kept)
    assert found.keys() == {"/log", "look", "transaction", "views.update"}
    assert len({trace_of(span) for span in found.values()}) == 1
    assert found["transaction"].parent == found["look"].context
    assert found["look"].parent == found["views.update"].parent == found["/log"].context


def test_a_delivery_has_a_trace_of_its_own_that_is_linked_to_what_caused_it(kept: InMemorySpanExporter) -> None:
    with caused_by("/handoff"):
        request = causes.request()
    for caused in (request, None, "of an older Baton"):
        with causes.follows(caused), traces.of_delivery("handoff_card", f"of {caused}", caused):
            pass
    asked, linked, *others = kept.get_finished_spans()
    assert trace_of(linked) != request
    assert [link.context.span_id for link in linked.links] == [asked.context.span_id]
    assert [link.context.trace_id for link in linked.links] == [asked.context.trace_id]
    assert [list(span.links) for span in others] == [[], []]


def test_a_failure_is_told_by_its_kind_and_not_its_words(kept: InMemorySpanExporter) -> None:
    with pytest.raises(LookupError), caused_by("/lead"), traces.inner("transaction"):
        raise LookupError("what somebody typed")
    with caused_by("/log"):
        traces.fail("ValueError")
    for span in kept.get_finished_spans():
        assert span.status.status_code is StatusCode.ERROR
        assert "somebody" not in span.to_json()
    kinds = [span.attributes["error.type"] for span in kept.get_finished_spans() if span.attributes]
    assert kinds == ["LookupError", "LookupError", "ValueError"]


def test_nothing_is_recorded_unless_somebody_wants_it() -> None:
    traces.begin(None, None)
    assert traces.inner("transaction") is traces.NOTHING
    with caused_by("/log"):
        assert len(causes.request() or "") == 32
        traces.note(answer="Tell")
        traces.fail("ValueError")
    wanted = "import sys, bot.ops.causes; sys.exit('opentelemetry' in sys.modules)"
    subprocess.run([sys.executable, "-c", wanted], check=True)


def test_who_wants_traces_and_cannot_have_them_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bot.ops.otel", None)
    with pytest.raises(NotReady, match=r"baton\[traces\]"):
        traces.begin("http://127.0.0.1:9", "authorization=x")
