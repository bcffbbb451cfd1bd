"""Hearing and speaking: one suite for every recogniser, the weights' hash, formats, the queue, the voice."""

from __future__ import annotations

import asyncio
import hashlib
import io
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mesh.errors import Busy, Invalid, NotInstalled

from services.nlp.speech import voice as voices
from services.nlp.speech.audio import RATE, ogg_of, samples_of
from services.nlp.speech.composition import installed, open_voice
from services.nlp.speech.desk import Desk
from services.nlp.speech.formats import MP3, OGG, WAV, format_of
from services.nlp.speech.ports import Abandoned, Recogniser
from services.nlp.speech.scripted import ScriptedRecogniser
from services.nlp.speech.types import Clip, Transcript
from services.nlp.speech.weights import PARTS, WrongWeights, checked
from services.nlp.speech.whisper import WhisperRecogniser
from tests.support.polling import until
from tests.support.sounds import ESPEAK, noise, silence, spoken

needs_extra = pytest.mark.skipif(not installed(), reason="SPEECH NOT TESTED: no speech extra here; `make test-speech`")
needs_espeak = pytest.mark.skipif(ESPEAK is None, reason="VOICE NOT TESTED: espeak-ng is not installed (apt-get)")
MOST_SECONDS = 12.0
SENTENCE = "I would like a double room for two people"


@pytest.fixture(scope="module", params=["scripted", pytest.param("whisper", marks=[needs_extra, needs_espeak])])
def recogniser(request: pytest.FixtureRequest) -> Recogniser:
    if request.param == "scripted":
        return ScriptedRecogniser({_sentence(): SENTENCE}, most_seconds=MOST_SECONDS)
    return WhisperRecogniser(threads=2, most_seconds=MOST_SECONDS)


def _sentence() -> bytes:
    return spoken(SENTENCE, "en-us") if ESPEAK else noise(3)


def _never() -> bool:
    return False


# One suite for every recogniser.


def test_words_are_heard_in_order_with_their_confidence(recogniser: Recogniser) -> None:
    heard = recogniser.recognise(Clip(audio=_sentence(), format=WAV, language="en"), _never)
    assert "double room" in heard.text.lower()
    assert " ".join(word.text for word in heard.words) == heard.text
    assert all(0 <= word.confidence <= 1 and word.start <= word.end <= heard.seconds + 1 for word in heard.words)
    assert [word.start for word in heard.words] == sorted(word.start for word in heard.words)
    assert 0 < heard.confidence <= 1
    assert heard.language == "en"
    assert 1.5 < heard.seconds < 5


def test_where_nobody_speaks_nothing_is_heard(recogniser: Recogniser) -> None:
    for audio in (silence(2), noise(2)):
        heard = recogniser.recognise(Clip(audio=audio, format=WAV, language="es"), _never)
        assert (heard.text, heard.confidence, heard.words) == ("", 0.0, ())
        assert heard.seconds == pytest.approx(2, abs=0.1)


def test_too_long_and_unreadable_audio_is_refused_with_the_word_for_it(recogniser: Recogniser) -> None:
    for audio, failure in (
        (silence(MOST_SECONDS + 1), "too_long"),
        (b"RIFF\x00\x00\x00\x00WAVEnonsense", "unsupported"),
        (b"\x00" * 2000, "unsupported"),
        (silence(1)[:30], "unsupported"),
    ):
        with pytest.raises(Invalid) as refused:
            recogniser.recognise(Clip(audio=audio, format=WAV, language="es"), _never)
        assert refused.value.metadata["failure"] == failure
        assert list(refused.value.fields) == ["audio_chunk"]


def test_who_is_gone_is_not_listened_to_any_more(recogniser: Recogniser) -> None:
    with pytest.raises(Abandoned):
        recogniser.recognise(Clip(audio=_sentence(), format=WAV, language="en"), lambda: True)


def test_a_recogniser_names_its_weights(recogniser: Recogniser) -> None:
    assert recogniser.version


# Weights.


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, Path]:
    found = {PARTS[0]: tmp_path / "1", PARTS[1]: tmp_path / "2", "config.json": tmp_path / "c"}
    for name, path in found.items():
        path.write_bytes(name.encode())
    return found


def _hashes(*contents: str) -> list[str]:
    return [hashlib.sha256(content.encode()).hexdigest() for content in contents]


def test_the_parts_are_joined_and_believed_by_their_hash(parts: dict[str, Path]) -> None:
    model, config = _hashes(PARTS[0] + PARTS[1], "config.json")
    files = checked(parts, parts=PARTS, sha256=model, others={"config.json": config})
    assert files["model.bin"] == (PARTS[0] + PARTS[1]).encode()


@pytest.mark.parametrize("damaged", [PARTS[0], PARTS[1], "config.json"])
@pytest.mark.parametrize("how", ["changed", "missing"])
def test_other_weights_are_refused(parts: dict[str, Path], damaged: str, how: str) -> None:
    model, config = _hashes(PARTS[0] + PARTS[1], "config.json")
    if how == "missing":
        parts[damaged].unlink()
    else:
        parts[damaged].write_bytes(b"something else")
    with pytest.raises(WrongWeights):
        checked(parts, parts=PARTS, sha256=model, others={"config.json": config})


# Formats.


@pytest.mark.parametrize(
    ("mime", "kind"),
    [
        ("audio/ogg; codecs=opus", OGG),
        ("AUDIO/OGG", OGG),
        ("audio/wav", WAV),
        ("audio/mpeg", MP3),
        ("audio/amr", None),
        ("video/mp4", None),
        ("", None),
    ],
)
def test_formats_by_their_type(mime: str, kind: object) -> None:
    assert format_of(mime) is kind


@needs_extra
@needs_espeak
def test_ogg_and_mp3_are_decoded_and_nothing_passes_for_what_it_is_not() -> None:
    av = pytest.importorskip("av")
    said = spoken(SENTENCE, "en-us")
    seconds = len(samples_of(said, WAV, most_seconds=60)) / RATE
    ogg = ogg_of(said)
    assert ogg[:4] == b"OggS"
    assert len(ogg) < len(said) / 8
    assert len(samples_of(ogg, OGG, most_seconds=60)) / RATE == pytest.approx(seconds, abs=0.1)
    mp3 = io.BytesIO()
    with av.open(io.BytesIO(said)) as source, av.open(mp3, "w", format="mp3") as target:
        stream = target.add_stream("libmp3lame", rate=22_050)
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    assert len(samples_of(mp3.getvalue(), MP3, most_seconds=60)) / RATE == pytest.approx(seconds, abs=0.2)
    playlist = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n"
    for audio, kind in ((said, OGG), (ogg, WAV), (playlist, OGG), (playlist, MP3), (ogg[: len(ogg) // 3], WAV)):
        with pytest.raises(Invalid) as refused:
            samples_of(audio, kind, most_seconds=60)
        assert refused.value.metadata["failure"] == "unsupported"
    # A file that was cut off on its way still says what is in its first part.
    assert 0 < len(samples_of(ogg[: len(ogg) // 2], OGG, most_seconds=60)) / RATE < seconds
    with pytest.raises(Invalid) as too_long:
        samples_of(ogg, OGG, most_seconds=1)
    assert too_long.value.metadata["failure"] == "too_long"


# The queue.


class HeldUp:
    """A recogniser behind a gate: it answers once the gate is open, or the caller is gone."""

    version = "held up"

    def __init__(self, inner: Recogniser) -> None:
        self._inner = inner
        self.gate = threading.Event()
        self.begun = 0
        self.abandoned = 0

    def recognise(self, clip: Clip, cancelled: Callable[[], bool]) -> Transcript:
        self.begun += 1
        while not self.gate.wait(0.005):
            if cancelled():
                self.abandoned += 1
                raise Abandoned
        return self._inner.recognise(clip, cancelled)


@pytest.fixture
def held_up() -> Iterator[HeldUp]:
    recogniser = HeldUp(ScriptedRecogniser({noise(1): "hola"}, most_seconds=5))
    yield recogniser
    recogniser.gate.set()


async def test_so_many_wait_and_the_next_is_told_to_come_back(held_up: HeldUp) -> None:
    desk = Desk(held_up, waiting=2)
    clip = Clip(audio=noise(1), format=WAV, language="es")
    inside = [asyncio.create_task(desk.transcribe(clip)) for _ in range(3)]
    await until(lambda: held_up.begun == 1)
    with pytest.raises(Busy) as busy:
        await desk.transcribe(clip)
    assert busy.value.retry_after >= 1
    held_up.gate.set()
    assert [heard.text for heard in await asyncio.gather(*inside)] == ["hola"] * 3
    assert (await desk.transcribe(clip)).text == "hola"
    await desk.close()


async def test_who_leaves_makes_room(held_up: HeldUp) -> None:
    desk = Desk(held_up, waiting=0)
    clip = Clip(audio=noise(1), format=WAV, language="es")
    waiting = asyncio.create_task(desk.transcribe(clip))
    await until(lambda: held_up.begun == 1)
    waiting.cancel()
    await until(lambda: held_up.abandoned == 1)
    held_up.gate.set()
    heard: list[Transcript] = []

    async def again() -> None:
        while not heard:
            try:
                heard.append(await desk.transcribe(clip))
            except Busy:
                await asyncio.sleep(0)

    await asyncio.wait_for(again(), 10)
    assert heard[0].text == "hola"
    await desk.close()


# The voice.


@needs_espeak
async def test_a_voice_speaks_wav_of_its_true_length() -> None:
    voice = open_voice("espeak-ng")
    assert voice is not None
    audio, mime_type = await voice.synthesize("Su habitación está lista. ¡Bienvenida!", "es-MX", "audio/wav")
    assert mime_type == "audio/wav"
    with wave.open(io.BytesIO(audio)) as file:
        assert 1 < file.getnframes() / file.getframerate() < 6
        assert len(file.readframes(file.getnframes())) == file.getnframes() * 2


@needs_espeak
async def test_text_is_never_taken_for_an_option() -> None:
    voice = open_voice("espeak-ng")
    assert voice is not None
    audio, _ = await voice.synthesize("--version -w /etc/x", "en", "audio/wav")
    assert audio[:4] == b"RIFF"


@needs_espeak
@pytest.mark.parametrize(
    ("text", "language", "mime", "field"),
    [
        ("", "es", "audio/wav", "text"),
        ("   ", "es", "audio/wav", "text"),
        ("a" * 1001, "es", "audio/wav", "text"),
        ("hola", "tlh", "audio/wav", "language"),
        ("hola", "es", "audio/flac", "mime_type"),
        ("una habitación muy bonita " * 38, "es", "audio/wav", "mime_type"),
    ],
)
async def test_what_cannot_be_spoken_is_refused_with_its_field(text: str, language: str, mime: str, field: str) -> None:
    voice = open_voice("espeak-ng")
    assert voice is not None
    with pytest.raises(Invalid) as refused:
        await voice.synthesize(text, language, mime)
    assert list(refused.value.fields) == [field]


@needs_espeak
async def test_ogg_without_the_extra_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    voice = open_voice("espeak-ng")
    assert voice is not None
    monkeypatch.setattr(voices, "find_spec", lambda _: None)
    with pytest.raises(NotInstalled) as refused:
        await voice.synthesize("hola", "es", "")
    assert refused.value.reason == "SPEECH_NOT_AVAILABLE"


def test_no_engine_is_no_voice() -> None:
    assert open_voice("none") is None
