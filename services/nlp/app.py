"""Composes the nlp service."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from hotel.nlp.v1 import nlp_pb2_grpc
from mesh.breaker import CircuitBreaker
from mesh.runtime import Runtime
from mesh.settings import ConfigurationError
from mesh.telemetry import get_logger

from services.nlp.adapters.composition import Models, load_rules
from services.nlp.adapters.engine import Engine
from services.nlp.adapters.outside_reader import AskingReader, Budget
from services.nlp.domain.ports import MessageReader
from services.nlp.features import SAFE, Features
from services.nlp.model.artefact import FOLDER, BrokenArtefact
from services.nlp.reloading import Reloader
from services.nlp.servicer import NlpServicer, Speech
from services.nlp.settings import Settings
from services.nlp.speech.composition import open_desk, open_voice
from services.nlp.speech.desk import Desk
from services.nlp.speech.weights import WrongWeights

# Who may call, method by method; ALLOWED_CALLERS adds other systems.
CALLERS = {"*": frozenset({"orchestrator", "gateway"})}

log = get_logger(__name__)


async def build(runtime: Runtime, settings: Settings) -> None:
    """Ready only once the model has answered a few messages. Raises ConfigurationError for an unusable artefact."""
    folder = Path(settings.nlp_model_folder) if settings.nlp_model_folder else FOLDER
    load = Models(folder=folder).load if settings.nlp_model else load_rules
    engine = Engine(load, threads=settings.nlp_threads)
    runtime.on_close(engine.close)
    try:
        await engine.warm_up()
    except BrokenArtefact as error:
        raise ConfigurationError([f"the intent model cannot be used: {error}"]) from error
    log.info("model_loaded", version=engine.version)
    runtime.background("model-reload", Reloader(engine).run)
    runtime.dependency("model", engine.check, hard=True)
    runtime.serve(
        nlp_pb2_grpc.add_NlpServiceServicer_to_server,
        NlpServicer(
            reader=_asking(runtime, settings, engine),
            default_region=settings.nlp_default_region,
            features=Features(runtime.flags(SAFE)),
            speech=await _speech(runtime, settings),
        ),
        allow=CALLERS,
    )


def _asking(runtime: Runtime, settings: Settings, engine: Engine) -> MessageReader:
    """The engine, and around it a model outside where one is set. Raises ConfigurationError without what that needs."""
    if not settings.outside_model_base_url:
        return engine
    if find_spec("httpx") is None or not settings.outside_model_name:
        raise ConfigurationError(["OUTSIDE_MODEL_BASE_URL: needs OUTSIDE_MODEL_NAME and the extra nlp-advanced"])
    from services.nlp.adapters.outside_model import open_outside_model  # noqa: PLC0415 (of the optional extra)

    outside = open_outside_model(
        base_url=settings.outside_model_base_url,
        key=settings.outside_model_key.get_secret_value(),
        model=settings.outside_model_name,
        seconds=settings.outside_model_seconds,
    )
    runtime.on_close(outside.close)
    budget = Budget(
        per_minute=settings.outside_model_per_minute, per_day=settings.outside_model_per_day, clock=runtime.clock
    )
    breaker = CircuitBreaker("outside_model", clock=runtime.clock, reason="OUTSIDE_MODEL")
    return AskingReader(engine, outside, seconds=settings.outside_model_seconds, budget=budget, breaker=breaker)


async def _speech(runtime: Runtime, settings: Settings) -> Speech:
    """What is installed of speech, loaded and warm. Raises ConfigurationError for weights that are not ours."""
    desk: Desk | None = None
    if settings.nlp_speech:
        try:
            desk = await open_desk(
                threads=settings.speech_threads,
                waiting=settings.speech_waiting,
                most_seconds=settings.speech_max_seconds,
            )
        except WrongWeights as error:
            raise ConfigurationError([f"the speech model cannot be used: {error}"]) from error
    if desk is not None:
        runtime.on_close(desk.close)
    voice = open_voice(settings.tts_engine)
    log.info("speech", hears=desk.version if desk is not None else "", speaks=voice is not None)
    return Speech(desk=desk, voice=voice, most_bytes=settings.speech_max_bytes)
