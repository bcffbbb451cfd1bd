"""A stand-in for an OpenTelemetry collector: takes and counts spans, so that exporting is part of what is measured."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import grpc.aio
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Receives OTLP over gRPC."""

    def __init__(self) -> None:
        self.spans = 0
        self._port = 0

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        collector = cls()
        server = grpc.aio.server()
        trace_service_pb2_grpc.add_TraceServiceServicer_to_server(collector, server)
        collector._port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            yield collector
        finally:
            await server.stop(None)

    def told(self) -> dict[str, str]:
        """What a mesh must be told to send its spans here."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self._port}"}

    async def Export(
        self, request: trace_service_pb2.ExportTraceServiceRequest, context: Any
    ) -> trace_service_pb2.ExportTraceServiceResponse:
        self.spans += sum(len(scope.spans) for resource in request.resource_spans for scope in resource.scope_spans)
        return trace_service_pb2.ExportTraceServiceResponse()
