"""Sounds for tests: silence and noise made here, and sentences spoken by espeak-ng where it is installed."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import wave

ESPEAK = shutil.which("espeak-ng")


def wav(samples: bytes, *, rate: int = 16_000) -> bytes:
    """16-bit mono samples as a file."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)
    return written.getvalue()


def silence(seconds: float, *, rate: int = 16_000) -> bytes:
    return wav(b"\0\0" * int(seconds * rate), rate=rate)


def noise(seconds: float, *, seed: int = 1) -> bytes:
    """The same quiet noise each time."""
    return wav(b"".join(random.Random(seed).randint(-300, 300).to_bytes(2, "little", signed=True)
                        for _ in range(int(seconds * 16_000))))  # fmt: skip


def spoken(text: str, voice: str, *, words_a_minute: int = 140) -> bytes:
    """A WAV file of a sentence, without its empty end. Needs espeak-ng."""
    assert ESPEAK is not None
    command = [ESPEAK, "-v", voice, "-s", str(words_a_minute), "-b", "1", "--stdin", "--stdout"]
    said = subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(said)) as file:
        rate = file.getframerate()
    return wav(said[44:], rate=rate)
