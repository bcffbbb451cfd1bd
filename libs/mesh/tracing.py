"""OpenTelemetry traces, one for each guest turn, through every hop and through the rows in between.

Spans are made here rather than by the stock gRPC instrumentation: that one records a raised exception as success and
costs as much as the rest of an empty mesh (docs/adr/0005).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import grpc
from opentelemetry import context as otel_context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased, Sampler, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from mesh.interception import Call, Proceed
from mesh.telemetry import CORRELATION_ID, SERVICE
from mesh.values import new_id

CORRELATION_HEADER = "x-correlation-id"
_PROPAGATOR = TraceContextTextMapPropagator()
_TRACERS: dict[str, Tracer] = {}
_OFF = TracerProvider(sampler=ALWAYS_OFF).get_tracer("mesh")


def configure(service: str, *, environment: str, ratio: float, processors: Sequence[SpanProcessor]) -> TracerProvider:
    """Gives a service its tracer. Without processors nothing is recorded, but trace ids still go along.

    Sampling is decided at the root and followed by everyone below it.
    """
    sampler: Sampler = ParentBased(TraceIdRatioBased(ratio)) if processors else ALWAYS_OFF
    provider = TracerProvider(
        sampler=sampler,
        resource=Resource.create({"service.name": service, "deployment.environment.name": environment}),
        shutdown_on_exit=False,
    )
    for processor in processors:
        provider.add_span_processor(processor)
    _TRACERS[service] = provider.get_tracer("mesh")
    return provider


@contextmanager
def span(
    name: str,
    attributes: Mapping[str, AttributeValue] | None = None,
    *,
    parent: str | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
) -> Iterator[Span]:
    """A span around a piece of work. `parent` is a traceparent that came by another way, as in a row of a table.

    Nothing below a span that is not kept is kept either: there no span is made, and the one above goes along.
    """
    above = _PROPAGATOR.extract({"traceparent": parent}) if parent else None
    given = get_current_span(above)
    given_context = given.get_span_context()
    if given_context.is_valid and not given_context.trace_flags.sampled:
        attached = otel_context.attach(above) if above is not None else None
        try:
            yield given
        finally:
            if attached is not None:
                otel_context.detach(attached)
        return
    tracer = _TRACERS.get(SERVICE.get(), _OFF)
    with tracer.start_as_current_span(
        name, context=above, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except BaseException as error:
            # The type only: texts of exceptions may quote what a guest wrote.
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def current_traceparent() -> str:
    """The present span as a W3C traceparent, to be stored beside work that is taken up later. May be empty."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent", "")


async def serving(call: Call, proceed: Proceed) -> Any:
    """The server's half, outermost in the chain: continues the caller's trace and records the answer's status."""
    above = _PROPAGATOR.extract(call.metadata)
    CORRELATION_ID.set(call.metadata.get(CORRELATION_HEADER) or new_id("cor"))
    attached = otel_context.attach(above)
    try:
        with span(call.path.lstrip("/"), _attributes(call.path), kind=SpanKind.SERVER) as current:
            try:
                return await proceed()
            finally:
                code = call.code()
                current.set_attribute("rpc.grpc.status_code", code.value[0])
                if code in SERVER_FAULTS:
                    current.set_status(Status(StatusCode.ERROR, code.name))
    finally:
        otel_context.detach(attached)


def exemplar() -> dict[str, str] | None:
    """The present trace as a label of a measurement, when it is one that is kept: from a slow bucket to its trace."""
    context = get_current_span().get_span_context()
    return {"trace_id": format(context.trace_id, "032x")} if context.trace_flags.sampled else None


@contextmanager
def calling(path: str) -> Iterator[list[tuple[str, str]]]:
    """The client's half: a span around the call, and the metadata that carries it to the callee."""
    with span(path.lstrip("/"), _attributes(path), kind=SpanKind.CLIENT) as current:
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        headers = list(carrier.items())
        if correlation_id := CORRELATION_ID.get():
            headers.append((CORRELATION_HEADER, correlation_id))
        try:
            yield headers
        except grpc.RpcError as error:
            current.set_attribute("rpc.grpc.status_code", error.code().value[0])
            raise
        else:
            current.set_attribute("rpc.grpc.status_code", 0)


# Statuses that are the server's doing; the others are answers.
SERVER_FAULTS = {
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.UNIMPLEMENTED,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DATA_LOSS,
}


def _attributes(path: str) -> dict[str, AttributeValue]:
    _, service, method = path.split("/")
    return {"rpc.system": "grpc", "rpc.service": service, "rpc.method": method}
