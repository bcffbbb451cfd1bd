"""A collector for tests: takes spans over OTLP/gRPC as the real one does, and keeps them."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Received:
    """One span. Ids are hexadecimal; `parent` is empty at the root."""

    name: str
    kind: str
    service: str
    trace: str
    id: str
    parent: str
    attributes: dict[str, Value]
    resource: dict[str, Value]


@dataclass(slots=True)
class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Where it listens, and what came; `raw` is all of it as it was on the wire, where texts are UTF-8."""

    endpoint: str = ""
    raw: list[bytes] = field(default_factory=list)
    spans: list[Received] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def Export(self, request, context):  # type: ignore[no-untyped-def]
        del context
        with self._lock:
            self.raw.append(request.SerializeToString())
            for part in request.resource_spans:
                resource = {one.key: _value(one.value) for one in part.resource.attributes}
                for scope in part.scope_spans:
                    self.spans += [_received(span, resource) for span in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector on a free port."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    here = Collector()
    add: Any = trace_service_pb2_grpc.add_TraceServiceServicer_to_server
    add(here, server)
    here.endpoint = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield here
    server.stop(None)


def _received(span: Span, resource: dict[str, Value]) -> Received:
    return Received(
        name=span.name,
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        service=str(resource["service.name"]),
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        attributes={one.key: _value(one.value) for one in span.attributes},
        resource=resource,
    )


def _value(value: AnyValue) -> Value:
    found: Value = getattr(value, str(value.WhichOneof("value")))
    return found
