"""Audio files to samples and back, by PyAV (ffmpeg), which comes with the speech extra. Blocking."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.nlp.speech.formats import AudioFormat
from services.nlp.speech.types import refused

RATE = 16_000
_OPUS_RATE = 48_000
_OPUS_BITS = 24_000


def samples_of(audio: bytes, kind: AudioFormat, *, most_seconds: float) -> NDArray[np.float32]:
    """Mono samples of -1 to 1 at 16,000 a second.

    Raises Invalid: `too_long` as soon as more than `most_seconds` are decoded, so that a small file cannot swell to
    hours; `unsupported` for what is not a file of that kind.
    """
    import av  # noqa: PLC0415 (of the optional extra)

    parts: list[NDArray[np.int16]] = []
    count = 0
    try:
        with av.open(io.BytesIO(audio), mode="r", format=kind.container) as container:
            stream = _stream(container, kind)
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in _frames(container, stream):
                for piece in resampler.resample(frame):
                    part: Any = piece.to_ndarray().reshape(-1)
                    parts.append(part)
                    count += len(part)
                if count > most_seconds * RATE:
                    raise refused("too_long", "audio_chunk", f"must be at most {most_seconds:g} seconds")
    except (av.FFmpegError, ValueError) as error:
        raise refused("unsupported", "audio_chunk", f"is not readable as {kind.container}") from error
    if not parts:
        raise refused("unsupported", "audio_chunk", "has no sound in it")
    return np.concatenate(parts).astype(np.float32) / 32768.0


def _stream(container: Any, kind: AudioFormat) -> Any:
    stream = next(iter(container.streams.audio), None)
    if stream is None or stream.codec_context.name not in kind.codecs:
        raise refused("unsupported", "audio_chunk", f"has no sound that is read from {kind.container}")
    return stream


def _frames(container: Any, stream: Any) -> Any:
    """Decoded frames and, last, None to flush the resampler. A damaged packet is left out, as players do."""
    import av  # noqa: PLC0415

    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue
    yield None


def ogg_of(wav: bytes) -> bytes:
    """A WAV file as OGG/Opus, the form in which WhatsApp shows a voice note."""
    import av  # noqa: PLC0415

    written = io.BytesIO()
    with (
        av.open(io.BytesIO(wav), mode="r", format="wav") as source,
        av.open(written, mode="w", format="ogg") as target,
    ):
        stream: Any = target.add_stream("libopus", rate=_OPUS_RATE, layout="mono")
        stream.bit_rate = _OPUS_BITS
        resampler = av.AudioResampler(format="s16", layout="mono", rate=_OPUS_RATE, frame_size=_OPUS_RATE // 50)
        for frame in _frames(source, source.streams.audio[0]):
            for piece in resampler.resample(frame):
                target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    return written.getvalue()
