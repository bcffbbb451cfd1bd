"""The transcriber over the nlp service."""

from __future__ import annotations

from collections.abc import AsyncIterator

import grpc.aio
from hotel.nlp.v1 import nlp_pb2, nlp_pb2_grpc
from mesh.errors import Busy, DomainError, Invalid, NotInstalled

from services.gateway.domain.message import HeardWord
from services.gateway.voice.ports import Heard, NotYet, Recording, Unheard

_CHUNK = 64 * 1024
_FAILURES = ("too_long", "too_large", "unsupported")
_AGAIN_SECONDS = 3.0


class NlpTranscriber:
    """`Transcriber` on a channel to the service. `seconds` is the deadline of one note."""

    def __init__(self, *, channel: grpc.aio.Channel, seconds: float) -> None:
        self._stub = nlp_pb2_grpc.NlpServiceStub(channel)
        self._seconds = seconds

    async def transcribe(self, recording: Recording, *, property_id: str, guest: str, language: str) -> Heard:
        config = nlp_pb2.TranscriptionConfig(
            mime_type=recording.mime_type, language=language, property_id=property_id, guest_id=guest
        )
        try:
            heard = await self._stub.Transcribe(_requests(config, recording.audio), timeout=self._seconds)
        except NotInstalled:
            raise Unheard("speech_off") from None
        except Invalid as error:
            failure = error.metadata.get("failure", "")
            raise Unheard(failure if failure in _FAILURES else "unsupported") from None
        except Busy as error:
            raise NotYet(error.reason, error.retry_after) from None
        except DomainError as error:
            raise NotYet(error.reason, _AGAIN_SECONDS) from None
        return Heard(
            text=heard.text,
            confidence=heard.confidence,
            words=tuple(HeardWord(text=word.text, confidence=word.confidence) for word in heard.words),
        )


async def _requests(config: nlp_pb2.TranscriptionConfig, audio: bytes) -> AsyncIterator[nlp_pb2.TranscribeRequest]:
    yield nlp_pb2.TranscribeRequest(config=config)
    for start in range(0, len(audio), _CHUNK):
        yield nlp_pb2.TranscribeRequest(audio_chunk=audio[start : start + _CHUNK])
