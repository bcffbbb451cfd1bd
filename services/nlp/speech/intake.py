"""The request stream of Transcribe as a Clip, and a Transcript as its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

from hotel.nlp.v1 import nlp_pb2 as pb
from mesh.errors import Invalid

from services.nlp.domain.types import LANGUAGES
from services.nlp.speech.formats import AudioFormat, format_of
from services.nlp.speech.types import Clip, Transcript, refused

_MOST_PHRASE_CHARACTERS = 60


async def configuration(requests: AsyncIterator[pb.TranscribeRequest]) -> pb.TranscriptionConfig:
    """The first request's. Raises Invalid for a stream that begins with anything else."""
    async for request in requests:
        if request.WhichOneof("content") == "config":
            return request.config
        break
    raise Invalid("no configuration", fields={"config": "is required in the first request"})


async def clip_from(
    requests: AsyncIterator[pb.TranscribeRequest], config: pb.TranscriptionConfig, *, most_bytes: int
) -> Clip:
    """The rest of the stream. Never holds more than `most_bytes`. Raises Invalid, with metadata `failure`."""
    kind = _format(config)
    audio = bytearray()
    async for request in requests:
        if request.WhichOneof("content") != "audio_chunk":
            raise Invalid("a second configuration", fields={"config": "belongs in the first request only"})
        audio += request.audio_chunk
        if len(audio) > most_bytes:
            raise refused("too_large", "audio_chunk", f"must be at most {most_bytes} bytes in all")
    if not audio:
        raise refused("unsupported", "audio_chunk", "is empty")
    language = config.language.lower()[:2]
    return Clip(
        audio=bytes(audio),
        format=kind,
        language=language if language in LANGUAGES else "",
        phrases=tuple(phrase[:_MOST_PHRASE_CHARACTERS] for phrase in config.phrases),
    )


def _format(config: pb.TranscriptionConfig) -> AudioFormat:
    kind = format_of(config.mime_type)
    if kind is None:
        raise refused("unsupported", "config.mime_type", "must be audio/ogg, audio/wav or audio/mpeg")
    return kind


def response_from(transcript: Transcript, version: str) -> pb.TranscribeResponse:
    """The answer on the wire."""
    return pb.TranscribeResponse(
        text=transcript.text,
        language=transcript.language,
        confidence=transcript.confidence,
        words=[
            pb.TranscribedWord(text=w.text, confidence=w.confidence, start_seconds=w.start, end_seconds=w.end)
            for w in transcript.words
        ],
        duration_seconds=transcript.seconds,
        model_version=version,
    )
