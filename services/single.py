"""The five services as parts of one process, without sockets between them: for one small hotel, rehearsals and tests.

Each service's `build` is the one its own process runs.
"""

from collections.abc import Mapping
from typing import Any

from mesh.process import Build
from mesh.runtime import Runtime
from mesh.settings import ConfigurationError, MeshSettings

from services.gateway import app as gateway
from services.gateway import settings as gateway_settings
from services.nlp import app as nlp
from services.nlp import settings as nlp_settings
from services.orchestrator import app as orchestrator
from services.orchestrator import settings as orchestrator_settings
from services.pms import app as pms
from services.pms import settings as pms_settings
from services.pms.adapters.dialogue_hotel import from_dialogue_meta
from services.pms.adapters.hotel_file import HotelFileError
from services.session import app as session
from services.session import settings as session_settings

# Callees before callers: the gateway comes last and leaves first.
PARTS: list[tuple[str, type[MeshSettings], Build]] = [
    ("nlp", nlp_settings.Settings, nlp.build),
    ("session", session_settings.Settings, session.build),
    ("pms", pms_settings.Settings, pms.build),
    ("orchestrator", orchestrator_settings.Settings, orchestrator.build),
    ("gateway", gateway_settings.Settings, gateway.build),
]


def hotel_of(*, meta: Mapping[str, Any] | None = None, path: str = "") -> tuple[str, Build]:
    """The property and the pms service of one hotel: that of a file, else of dialogues' `meta`, else of HOTEL_FILES.

    Texts of a `meta` are terse; where a file of HOTEL_FILES describes the same hotel its wording is taken.
    Raises ConfigurationError naming every problem.
    """
    known = pms.hotel_files_of([path] if path else pms_settings.Settings().hotel_file_paths)
    chosen = known[0]
    if not path and meta is not None and "hotel" in meta:
        same = next((one for one in known if one.hotel.name == meta["hotel"].get("name")), None)
        try:
            chosen = from_dialogue_meta(meta, same)
        except HotelFileError as error:
            raise ConfigurationError([f"meta: {problem}" for problem in error.problems]) from None

    # In books of its own, even where the hotel keeps them in another system: nothing real is sold here.
    own_books = chosen.model_copy(update={"pms": None})

    async def build(runtime: Runtime, settings: Any) -> None:
        await pms.build_with(runtime, settings, [own_books])

    return chosen.hotel.property_id, build


def hotel_file_of(property_id: str, path: str = "") -> str:
    """The file that describes a property: `path`, else the one of HOTEL_FILES. Raises ConfigurationError."""
    paths = [path] if path else pms_settings.Settings().hotel_file_paths
    for candidate, content in zip(paths, pms.hotel_files_of(paths), strict=True):
        if path or content.hotel.property_id == property_id:
            return candidate
    raise ConfigurationError([f"HOTEL_FILES: no file describes {property_id}"])
