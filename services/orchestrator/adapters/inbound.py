"""Messages of every channel as the dialogue takes them: words, taps, reactions, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from hotel.common.v1 import message_pb2

from services.orchestrator.domain.events import Input, Reacted, Tapped, Unreadable
from services.orchestrator.listening import Words

_MEDIA = message_pb2.MediaContent.Kind


def inputs_from_proto(message: message_pb2.InboundMessage, *, doubtful_below: float) -> Words | Input:
    """One message. `doubtful_below`: transcripts less sure than this are read back and not acted on."""
    message_id = message.message_id
    match message.WhichOneof("content"):
        case "text":
            return Words(message_id=message_id, text=message.text.text, forwarded=message.forwarded)
        case "voice":
            return _voice(message_id, message.voice, doubtful_below)
        case "media":
            return _media(message)
        case "button":
            return Tapped(message_id=message_id, choice_id=message.button.button_id, title=message.button.title)
        case "reaction":
            return Reacted(message_id=message_id)
        case other:
            return Unreadable(message_id=message_id, kind=other or "unknown")


def _media(message: message_pb2.InboundMessage) -> Words | Input:
    """What is written under a picture is often the actual request."""
    media = message.media
    # A kind that a newer gateway knows and we do not is still something that cannot be read.
    kind = _MEDIA.Name(media.kind).removeprefix("KIND_").lower() if media.kind in _MEDIA.values() else "unknown"
    if media.caption.strip():
        return Words(message_id=message.message_id, text=media.caption, forwarded=message.forwarded, under=kind)
    return Unreadable(message_id=message.message_id, kind=kind)


def _voice(message_id: str, voice: message_pb2.VoiceContent, doubtful_below: float) -> Words | Input:
    if not voice.transcript.strip():
        return Unreadable(message_id=message_id, kind="voice")
    return Words(
        message_id=message_id,
        text=voice.transcript,
        doubtful=voice.confidence < doubtful_below,
        doubts=tuple(_doubts(voice, doubtful_below)),
        spoken=True,
    )


def _doubts(voice: message_pb2.VoiceContent, doubtful_below: float) -> Iterator[tuple[int, int]]:
    """Where in the transcript the words stand that were heard with less confidence."""
    end = 0
    for word in voice.words:
        start = voice.transcript.find(word.text, end)
        if start < 0:
            continue
        end = start + len(word.text)
        if word.confidence < doubtful_below:
            yield start, end
