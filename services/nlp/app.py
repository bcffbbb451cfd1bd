"""Composes the nlp service."""

from __future__ import annotations

from pathlib import Path

from hotel.nlp.v1 import nlp_pb2_grpc
from mesh.runtime import Runtime
from mesh.settings import ConfigurationError
from mesh.telemetry import get_logger

from services.nlp.adapters.composition import Models, load_rules
from services.nlp.adapters.engine import Engine
from services.nlp.model.artefact import FOLDER, BrokenArtefact
from services.nlp.reloading import Reloader
from services.nlp.servicer import NlpServicer
from services.nlp.settings import Settings

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
        NlpServicer(reader=engine, default_region=settings.nlp_default_region),
        allow=CALLERS,
    )
