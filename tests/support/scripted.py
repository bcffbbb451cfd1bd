"""Servicers whose behaviour a test scripts, on real contracts: for testing the mesh beneath them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from hotel.nlp.v1 import nlp_pb2, nlp_pb2_grpc
from hotel.pms.v1 import pms_pb2, pms_pb2_grpc
from mesh.auth import AllowList
from mesh.runtime import Runtime
from mesh.settings import MeshSettings

Behaviour = Callable[[nlp_pb2.AnalyzeRequest], Awaitable[nlp_pb2.AnalyzeResponse]]
Build = Callable[[Runtime, MeshSettings], Awaitable[None]]


async def answer(request: nlp_pb2.AnalyzeRequest) -> nlp_pb2.AnalyzeResponse:
    """Says what it heard."""
    return nlp_pb2.AnalyzeResponse(model_version=request.text)


class ScriptedNlp(nlp_pb2_grpc.NlpServiceServicer):
    """`Analyze` does what the test says; `Transcribe` counts; the rest is not implemented."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour

    async def Analyze(self, request: nlp_pb2.AnalyzeRequest, context: object) -> nlp_pb2.AnalyzeResponse:
        return await self._behaviour(request)

    async def Transcribe(
        self, requests: AsyncIterator[nlp_pb2.TranscribeRequest], context: object
    ) -> nlp_pb2.TranscribeResponse:
        return nlp_pb2.TranscribeResponse(text=str([request.audio_chunk async for request in requests]))


class ScriptedPms(pms_pb2_grpc.PmsServiceServicer):
    """`WatchReservations` streams numbered events, then raises what it was given or waits for ever."""

    def __init__(self, end: Exception | None) -> None:
        self._end = end

    async def WatchReservations(
        self, request: pms_pb2.WatchReservationsRequest, context: object
    ) -> AsyncIterator[pms_pb2.WatchReservationsResponse]:
        for number in range(3):
            response = pms_pb2.WatchReservationsResponse()
            response.event.resume_token = str(number)
            yield response
        if self._end is not None:
            raise self._end
        await asyncio.Event().wait()


def nlp(behaviour: Behaviour = answer, allow: AllowList | None = None) -> Build:
    """A build function for a service that serves a scripted nlp."""

    async def build(runtime: Runtime, settings: MeshSettings) -> None:
        runtime.serve(nlp_pb2_grpc.add_NlpServiceServicer_to_server, ScriptedNlp(behaviour), allow=allow)  # type: ignore[abstract] # what it leaves out is UNIMPLEMENTED

    return build


def pms(end: Exception | None = None) -> Build:
    """A build function for a service that serves a scripted pms."""

    async def build(runtime: Runtime, settings: MeshSettings) -> None:
        runtime.serve(pms_pb2_grpc.add_PmsServiceServicer_to_server, ScriptedPms(end))  # type: ignore[abstract] # as above

    return build
