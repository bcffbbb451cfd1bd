"""Recordings and words without a channel and without a recogniser: what a test puts into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.gateway.voice.ports import Heard, NotYet, Recording, Unheard

Outcome = Heard | Unheard | NotYet


@dataclass(slots=True)
class ScriptedTranscriber:
    """Says of each recording what it was told, `unsupported` of any other. A list is one outcome after another."""

    script: Mapping[bytes, Outcome | list[Outcome]]
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    async def transcribe(self, recording: Recording, *, property_id: str, guest: str, language: str) -> Heard:
        self.asked.append((property_id, guest, language))
        outcome = self.script.get(recording.audio, Unheard("unsupported"))
        if isinstance(outcome, list):
            outcome = outcome.pop(0) if len(outcome) > 1 else outcome[0]
        if isinstance(outcome, Heard):
            return outcome
        raise outcome


@dataclass(slots=True)
class MemoryMedia:
    """Recordings by media id; `failed` for any other."""

    recordings: Mapping[str, Recording]

    async def fetch(self, media_id: str, *, most_bytes: int) -> Recording:
        recording = self.recordings.get(media_id)
        if recording is None:
            raise Unheard("failed")
        if len(recording.audio) > most_bytes:
            raise Unheard("too_large")
        return recording
