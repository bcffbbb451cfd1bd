"""NlpService over gRPC: validates, converts, delegates."""

# ruff: noqa: ARG002 (gRPC gives every method its request and context)
from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from hotel.nlp.v1 import nlp_pb2 as pb
from hotel.nlp.v1 import nlp_pb2_grpc
from mesh.errors import Invalid, NotInstalled
from mesh.flags import Flags

from services.nlp import metrics
from services.nlp.domain.ports import MessageReader
from services.nlp.domain.types import Message
from services.nlp.features import SAFE, Features
from services.nlp.requests import message_from, response_from
from services.nlp.speech.desk import Desk
from services.nlp.speech.intake import clip_from, configuration
from services.nlp.speech.intake import response_from as transcribed
from services.nlp.speech.voice import Voice

_MAX_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What of speech this installation has."""

    desk: Desk | None = None
    voice: Voice | None = None
    most_bytes: int = 16 * 1024 * 1024


class NlpServicer(nlp_pb2_grpc.NlpServiceServicer):
    """Stateless: an answer depends on its request and the model version alone."""

    def __init__(
        self,
        *,
        reader: MessageReader,
        default_region: str,
        features: Features | None = None,
        speech: Speech | None = None,
    ) -> None:
        self._reader = reader
        self._default_region = default_region
        self._features = features or Features(Flags(SAFE))
        self._speech = speech or Speech()

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
        config = await configuration(request_iterator)
        desk = self._hearing(config)
        clip = await clip_from(request_iterator, config, most_bytes=self._speech.most_bytes)
        return transcribed(await desk.transcribe(clip), desk.version)

    async def Synthesize(self, request: pb.SynthesizeRequest, context: Any) -> pb.SynthesizeResponse:
        voice = self._speech.voice
        if voice is None or not self._features.audio(request):
            raise _no_speech("no voice is installed" if voice is None else "voice is off for this guest")
        audio, mime_type = await voice.synthesize(request.text, request.language, request.mime_type)
        return pb.SynthesizeResponse(audio=audio, mime_type=mime_type)

    def _hearing(self, config: pb.TranscriptionConfig) -> Desk:
        desk = self._speech.desk
        if desk is None or not self._features.audio(config):
            raise _no_speech("the speech extra is not installed" if desk is None else "voice is off for this guest")
        return desk

    def _message(self, request: pb.AnalyzeRequest, path: str = "") -> Message:
        careful = self._features.advanced(request)
        return message_from(request, default_region=self._default_region, careful=careful, path=path)

    async def _analyse(self, messages: list[Message]) -> list[pb.AnalyzeResponse]:
        started = perf_counter()
        analyses = await self._reader.analyse(messages)
        seconds = (perf_counter() - started) / len(messages)
        for analysis in analyses:
            metrics.ANALYZE_SECONDS.labels(analysis.language.code).observe(seconds)
            for intent in analysis.intents:
                metrics.INTENTS.labels(intent.name).inc()
        return [response_from(analysis) for analysis in analyses]


def _no_speech(why: str) -> NotInstalled:
    return NotInstalled("SPEECH_NOT_AVAILABLE", why)
