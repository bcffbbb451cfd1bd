"""NlpService over gRPC: validates, converts, delegates."""

# ruff: noqa: ARG002 (gRPC gives every method its request and context)
from __future__ import annotations

from collections.abc import AsyncIterator
from time import perf_counter
from typing import Any

from hotel.nlp.v1 import nlp_pb2 as pb
from hotel.nlp.v1 import nlp_pb2_grpc
from mesh.errors import Invalid, NotInstalled

from services.nlp import metrics
from services.nlp.domain.ports import MessageReader
from services.nlp.domain.types import Message
from services.nlp.requests import message_from, response_from

_MAX_BATCH = 100


class NlpServicer(nlp_pb2_grpc.NlpServiceServicer):
    """Stateless: an answer depends on its request and the model version alone."""

    def __init__(self, *, reader: MessageReader, default_region: str) -> None:
        self._reader = reader
        self._default_region = default_region

    async def Analyze(self, request: pb.AnalyzeRequest, context: Any) -> pb.AnalyzeResponse:
        return (await self._analyse([self._message(request)]))[0]

    async def AnalyzeBatch(self, request: pb.AnalyzeBatchRequest, context: Any) -> pb.AnalyzeBatchResponse:
        if not 1 <= len(request.requests) <= _MAX_BATCH:
            raise Invalid("batch size", fields={"requests": f"must have 1 to {_MAX_BATCH} requests"})
        # A bad one is refused before any work is done.
        messages = [self._message(one, f"requests[{index}].") for index, one in enumerate(request.requests)]
        return pb.AnalyzeBatchResponse(responses=await self._analyse(messages))

    async def Transcribe(
        self, request_iterator: AsyncIterator[pb.TranscribeRequest], context: Any
    ) -> pb.TranscribeResponse:
        raise _no_speech()

    async def Synthesize(self, request: pb.SynthesizeRequest, context: Any) -> pb.SynthesizeResponse:
        raise _no_speech()

    def _message(self, request: pb.AnalyzeRequest, path: str = "") -> Message:
        return message_from(request, default_region=self._default_region, path=path)

    async def _analyse(self, messages: list[Message]) -> list[pb.AnalyzeResponse]:
        started = perf_counter()
        analyses = await self._reader.analyse(messages)
        seconds = (perf_counter() - started) / len(messages)
        for analysis in analyses:
            metrics.ANALYZE_SECONDS.labels(analysis.language.code).observe(seconds)
            for intent in analysis.intents:
                metrics.INTENTS.labels(intent.name).inc()
        return [response_from(analysis) for analysis in analyses]


def _no_speech() -> NotInstalled:
    return NotInstalled("SPEECH_NOT_AVAILABLE", "this installation has no speech extra")
