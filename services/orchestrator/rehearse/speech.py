"""Voice notes without a recogniser: a recording that says itself what is heard in it, and a service that reads that."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import grpc
from hotel.nlp.v1 import nlp_pb2
from mesh.inprocess import Registry
from mesh.interception import Chain, Handler

MIME_TYPE = "audio/ogg"
_PATH = "/hotel.nlp.v1.NlpService/Transcribe"


def recording(transcript: Any, options: Mapping[str, Any]) -> bytes:
    """What the guest's phone recorded: the words, and with how much confidence they are heard."""
    return json.dumps({"text": str(transcript or ""), "confidence": float(options.get("confidence", 1.0))}).encode()


class Hearing(Registry):
    """The nlp service as it is, but that it hears what a recording says of itself."""

    def __init__(self, whole: Registry) -> None:
        super().__init__(Chain("", ()))
        self._whole = whole

    def find(self, path: str) -> Handler | None:
        if path != _PATH:
            return self._whole.find(path)
        return grpc.stream_unary_rpc_method_handler(
            _transcribe,
            request_deserializer=nlp_pb2.TranscribeRequest.FromString,
            response_serializer=nlp_pb2.TranscribeResponse.SerializeToString,
        )


async def _transcribe(requests: AsyncIterator[nlp_pb2.TranscribeRequest], context: Any) -> nlp_pb2.TranscribeResponse:
    del context
    audio = b"".join([request.audio_chunk async for request in requests])
    heard = json.loads(audio)
    return nlp_pb2.TranscribeResponse(text=heard["text"], confidence=heard["confidence"])
