"""Voice notes through the mesh: the stream's contract with a scripted recogniser, and figures of the real one."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hotel.nlp.v1 import nlp_pb2 as pb
from hotel.nlp.v1 import nlp_pb2_grpc
from hotel.nlp.v1.nlp_pb2_grpc import NlpServiceStub
from mesh.errors import Invalid, NotInstalled
from mesh.runtime import Runtime
from mesh.settings import ConfigurationError
from mesh.testing.mesh import running

from services.nlp.adapters.composition import load_rules
from services.nlp.adapters.engine import Engine
from services.nlp.app import build
from services.nlp.features import SAFE, Features
from services.nlp.servicer import NlpServicer, Speech
from services.nlp.settings import Settings
from services.nlp.speech import whisper
from services.nlp.speech.composition import installed
from services.nlp.speech.desk import Desk
from services.nlp.speech.scripted import ScriptedRecogniser
from services.nlp.speech.weights import WrongWeights
from tests.support.sounds import ESPEAK, noise, silence, spoken

needs_extra = pytest.mark.skipif(not installed(), reason="SPEECH NOT TESTED: no speech extra here; `make test-speech`")
needs_espeak = pytest.mark.skipif(ESPEAK is None, reason="VOICE NOT TESTED: espeak-ng is not installed (apt-get)")
CHUNK = 64 * 1024
NOTE = noise(2)


async def stream(audio: bytes, **config: object) -> AsyncIterator[pb.TranscribeRequest]:
    yield pb.TranscribeRequest(config=pb.TranscriptionConfig(**{"mime_type": "audio/wav", "language": "es", **config}))
    for start in range(0, len(audio), CHUNK):
        yield pb.TranscribeRequest(audio_chunk=audio[start : start + CHUNK])


async def of(*requests: pb.TranscribeRequest) -> AsyncIterator[pb.TranscribeRequest]:
    for request in requests:
        yield request


async def build_scripted(runtime: Runtime, settings: Settings) -> None:
    """The service as its app builds it, with a recogniser that needs no extra."""
    engine = Engine(load_rules, threads=1)
    runtime.on_close(engine.close)
    await engine.warm_up()
    desk = Desk(ScriptedRecogniser({NOTE: "quiero una doble"}, most_seconds=5), waiting=1)
    runtime.on_close(desk.close)
    servicer = NlpServicer(
        reader=engine,
        default_region="",
        features=Features(runtime.flags(SAFE)),
        speech=Speech(desk=desk, most_bytes=300_000),
    )
    runtime.serve(nlp_pb2_grpc.add_NlpServiceServicer_to_server, servicer)


@pytest.fixture(params=["inprocess", "grpc"])
async def stub(request: pytest.FixtureRequest) -> AsyncIterator[NlpServiceStub]:
    async with running({"nlp": (build_scripted, Settings())}, transport=request.param) as mesh:
        yield NlpServiceStub(mesh.channel("nlp"))


async def test_a_voice_note_comes_back_as_words(stub: NlpServiceStub) -> None:
    heard = await stub.Transcribe(stream(NOTE, language="es-MX", phrases=["doble"]), timeout=10)
    assert (heard.text, heard.language, heard.model_version) == ("quiero una doble", "es", "scripted")
    assert heard.duration_seconds == pytest.approx(2)
    assert [word.text for word in heard.words] == ["quiero", "una", "doble"]
    assert 0 < heard.confidence <= 1


@pytest.mark.parametrize(
    ("requests", "field", "failure"),
    [
        (of, "config", None),
        (lambda: of(pb.TranscribeRequest(audio_chunk=b"x")), "config", None),
        (lambda: of(*[pb.TranscribeRequest(config=pb.TranscriptionConfig(mime_type="audio/wav"))] * 2), "config", None),
        (lambda: stream(NOTE, mime_type="audio/amr"), "config.mime_type", "unsupported"),
        (lambda: stream(NOTE, mime_type=""), "config.mime_type", "unsupported"),
        (lambda: stream(b""), "audio_chunk", "unsupported"),
        (lambda: stream(b"\x00" * 1000), "audio_chunk", "unsupported"),
        (lambda: stream(silence(6)), "audio_chunk", "too_long"),
        (lambda: stream(b"\x00" * 300_001), "audio_chunk", "too_large"),
    ],
)
async def test_what_is_not_heard_is_refused_with_the_word_for_it(
    stub: NlpServiceStub, requests: Callable[[], AsyncIterator[pb.TranscribeRequest]], field: str, failure: str | None
) -> None:
    with pytest.raises(Invalid) as refused:
        await stub.Transcribe(requests(), timeout=10)
    assert list(refused.value.fields) == [field]
    assert refused.value.metadata.get("failure") == failure
    assert (await stub.Transcribe(stream(NOTE), timeout=10)).text  # and the next one is heard


async def test_without_the_extra_and_a_voice_the_reason_is_told() -> None:
    async with running({"nlp": (build, Settings(nlp_model=False, nlp_speech=False, tts_engine="none"))}) as mesh:
        stub = NlpServiceStub(mesh.channel("nlp"))
        with pytest.raises(NotInstalled) as deaf:
            await stub.Transcribe(stream(NOTE), timeout=5)
        with pytest.raises(NotInstalled) as mute:
            await stub.Synthesize(pb.SynthesizeRequest(text="hola", language="es"), timeout=5)
    assert deaf.value.reason == mute.value.reason == "SPEECH_NOT_AVAILABLE"


def flags(folder: Path, definition: dict[str, object]) -> str:
    path = folder / "flags.json"
    path.write_text(json.dumps({"flags": {"enable_audio_processing": definition}}))
    return str(path)


async def test_voice_is_on_and_off_by_property_through_one_flag(tmp_path: Path) -> None:
    rule = {"if": [{"==": [{"var": "property_id"}, "quiet"]}, "off", "on"]}
    variants = {"on": True, "off": False}
    definition = {"state": "ENABLED", "variants": variants, "defaultVariant": "on", "targeting": rule}
    settings = Settings(flags_file=flags(tmp_path, definition))
    async with running({"nlp": (build_scripted, settings)}) as mesh:
        stub = NlpServiceStub(mesh.channel("nlp"))
        assert (await stub.Transcribe(stream(NOTE, property_id="alameda"), timeout=5)).text
        with pytest.raises(NotInstalled) as refused:
            await stub.Transcribe(stream(NOTE, property_id="quiet"), timeout=5)
    assert refused.value.reason == "SPEECH_NOT_AVAILABLE"


# The real recogniser.


@needs_extra
async def test_other_weights_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def other() -> dict[str, bytes]:
        raise WrongWeights("model.bin of the speech model has sha256 0")

    monkeypatch.setattr(whisper, "weight_files", other)
    with pytest.raises(ConfigurationError, match="sha256"):
        async with running({"nlp": (build, Settings(nlp_model=False))}):
            pass


SENTENCES = {
    "es": [
        "Quiero reservar una habitación doble para dos personas del ocho al diez de diciembre",
        "Buenas tardes, a qué hora es el desayuno y cuánto cuesta el estacionamiento",
        "No funciona el aire acondicionado de la habitación doscientos cuatro",
        "Necesito cancelar mi reserva por favor",
    ],
    "en": [
        "I would like to book a double room for two people from the eighth to the tenth of December",
        "Good afternoon, what time is breakfast and how much is parking",
        "The air conditioning in room two hundred and four does not work",
        "I need to cancel my reservation please",
    ],
}
VOICES = {"es": ("es-419", "es+f3"), "en": ("en-us", "en-gb+f3")}


@needs_extra
@needs_espeak
async def test_figures_of_the_real_recogniser_on_synthetic_voices() -> None:
    """Robotic voices are harder than people; the bars only catch a recogniser that hears nothing."""
    async with running({"nlp": (build, Settings())}, transport="grpc") as mesh:
        stub = NlpServiceStub(mesh.channel("nlp"))
        for language, sentences in SENTENCES.items():
            errors = words = 0
            audio = wall = 0.0
            cpu = time.process_time()
            for voice in VOICES[language]:
                for sentence in sentences:
                    begun = time.perf_counter()
                    ask = stream(spoken(sentence, voice), language=language)
                    heard = await stub.Transcribe(ask, timeout=120)
                    wall += time.perf_counter() - begun
                    audio += heard.duration_seconds
                    wanted = _words(sentence)
                    errors += _edits(wanted, _words(heard.text))
                    words += len(wanted)
            cpu = time.process_time() - cpu
            print(
                f"\n{language}: word error rate {errors / words:.0%} of {words} words; {audio:.0f} s of audio, "
                f"{wall / audio:.2f} × real time, {cpu / audio:.2f} s of processor a second"
            )
            assert errors / words < 0.6
        print(f"resident, the test's own libraries included, {_resident_mib():.0f} MiB")


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@needs_extra
@needs_espeak
async def test_what_is_spoken_is_heard_again() -> None:
    async with running({"nlp": (build, Settings(nlp_model=False))}, transport="grpc") as mesh:
        stub = NlpServiceStub(mesh.channel("nlp"))
        note = await stub.Synthesize(pb.SynthesizeRequest(text=SENTENCES["en"][0], language="en"), timeout=30)
        assert note.mime_type == "audio/ogg; codecs=opus"
        heard = await stub.Transcribe(stream(note.audio, mime_type=note.mime_type, language=""), timeout=60)
    assert heard.language == "en"
    assert "double room" in heard.text.lower()


_NUMBERS = {"8th": "eighth", "10th": "tenth", "2": "two", "204": "two hundred and four", "8": "ocho", "10": "diez"}


def _words(text: str) -> list[str]:
    plain = " ".join(_NUMBERS.get(word, word) for word in re.findall(r"\w+", text.lower()))
    return plain.split()


def _edits(wanted: list[str], heard: list[str]) -> int:
    """Words changed, left out and added (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(wanted, 1):
        row, before = [number], row
        for column, other in enumerate(heard, 1):
            row.append(min(before[column] + 1, row[-1] + 1, before[column - 1] + (word != other)))
    return row[-1]
