"""Text to a voice note in the form that was asked for."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec

from mesh.errors import Invalid, NotInstalled

from services.nlp.speech.ports import Speaker

OGG = "audio/ogg; codecs=opus"
WAV = "audio/wav"
_MOST_CHARACTERS = 1000
# A message between services holds a mebibyte; about twenty seconds of WAV, and of OGG far more than can be asked for.
_MOST_BYTES = 1_000_000


class Voice:
    """Speaks through a Speaker; OGG/Opus needs the speech extra, WAV does not."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def synthesize(self, text: str, language: str, mime_type: str) -> tuple[bytes, str]:
        """The file and its MIME type. Raises Invalid, NotInstalled, Busy, Down."""
        wanted = _wanted(mime_type)
        if not 1 <= len(text.strip()) <= len(text) <= _MOST_CHARACTERS:
            raise Invalid("length of the text", fields={"text": f"must have 1 to {_MOST_CHARACTERS} characters"})
        if wanted == OGG and find_spec("av") is None:
            raise NotInstalled("SPEECH_NOT_AVAILABLE", "OGG needs the speech extra; audio/wav does not")
        spoken = await self._speaker.speak(text, language)
        if wanted == OGG:
            from services.nlp.speech.audio import ogg_of  # noqa: PLC0415 (of the optional extra)

            spoken = await asyncio.to_thread(ogg_of, spoken)
        if len(spoken) > _MOST_BYTES:
            raise Invalid("too long for WAV", fields={"mime_type": f"must be {OGG} for a text of this length"})
        return spoken, wanted


def _wanted(mime_type: str) -> str:
    match mime_type.partition(";")[0].strip().lower():
        case "" | "audio/ogg":
            return OGG
        case "audio/wav":
            return WAV
    raise Invalid("unknown audio type", fields={"mime_type": f"must be {OGG} or {WAV}"})
