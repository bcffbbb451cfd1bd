"""A voice by espeak-ng, a program of the machine's: robotic, in any of our languages, in a tenth of a second."""

from __future__ import annotations

import asyncio
import io
import shutil
import wave

from mesh.errors import Busy, Down, Invalid

# Voices by BCP-47 language: of the Americas, where the guests of most of our hotels come from.
VOICES = {"es": "es-419", "en": "en-us", "pt": "pt-br"}
_WORDS_A_MINUTE = 150
_SECONDS = 20.0
_AT_ONCE = 2
_WAITING = 8
_HEADER = 44


class EspeakSpeaker:
    """The port's Speaker. At most two voices at once and eight waiting."""

    def __init__(self, program: str) -> None:
        """`program` is its path; see `find`."""
        self._program = program
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._inside = 0

    async def speak(self, text: str, language: str) -> bytes:
        voice = VOICES.get(language.lower()[:2])
        if voice is None:
            raise Invalid("no voice for the language", fields={"language": f"must be one of {', '.join(VOICES)}"})
        if self._inside >= _AT_ONCE + _WAITING:
            raise Busy("OVERLOADED", "too many voices are waiting", retry_after=2.0)
        self._inside += 1
        try:
            async with self._slots:
                return _whole(await self._run(text, voice))
        finally:
            self._inside -= 1

    async def _run(self, text: str, voice: str) -> bytes:
        """Text goes in by standard input, so none of it is ever taken for an option."""
        arguments = ("-v", voice, "-s", str(_WORDS_A_MINUTE), "-b", "1", "--stdin", "--stdout")
        process = await asyncio.create_subprocess_exec(
            self._program,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(_SECONDS):
                spoken, _ = await process.communicate(text.encode())
        except TimeoutError:
            raise Down("UNAVAILABLE", "the voice took too long") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0 or len(spoken) <= _HEADER:
            raise Down("UNAVAILABLE", f"the voice ended with exit {process.returncode}")
        return spoken


def find(engine: str) -> str | None:
    """The program of an engine of ours; None when there is none, or it is not installed."""
    return shutil.which("espeak-ng") if engine in ("espeak", "espeak-ng") else None


def _whole(streamed: bytes) -> bytes:
    """The same WAV with its true length: a program that writes to a pipe does not know it when it begins."""
    with wave.open(io.BytesIO(streamed)) as source:
        channels, width, rate = source.getnchannels(), source.getsampwidth(), source.getframerate()
    written = io.BytesIO()
    with wave.open(written, "wb") as target:
        target.setnchannels(channels)
        target.setsampwidth(width)
        target.setframerate(rate)
        target.writeframes(streamed[_HEADER:])
    return written.getvalue()
