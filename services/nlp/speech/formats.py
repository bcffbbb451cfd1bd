"""Which audio is read. The container is told to the decoder by name, so no file may pass itself off as another kind."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFormat:
    """A container as the decoder calls it, and the codecs that may be in it."""

    container: str
    codecs: frozenset[str]


OGG = AudioFormat(container="ogg", codecs=frozenset({"opus", "libopus", "vorbis"}))
WAV = AudioFormat(container="wav", codecs=frozenset({"pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_s32le", "pcm_f32le"}))
MP3 = AudioFormat(container="mp3", codecs=frozenset({"mp3", "mp3float"}))

_BY_TYPE = {
    "audio/ogg": OGG,
    "audio/opus": OGG,
    "application/ogg": OGG,
    "audio/wav": WAV,
    "audio/wave": WAV,
    "audio/x-wav": WAV,
    "audio/mpeg": MP3,
    "audio/mp3": MP3,
}


def format_of(mime_type: str) -> AudioFormat | None:
    """The format of a MIME type, parameters ignored; None for one that is not read."""
    return _BY_TYPE.get(mime_type.partition(";")[0].strip().lower())
