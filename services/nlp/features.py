"""Features of the service that can be turned on and off for some guests, and what holds where nothing is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mesh.flags import Flags

# Better and slower models may be asked where the fast one is unsure.
ADVANCED = "advanced_nlp_models"
# Voice notes are heard and spoken.
AUDIO = "enable_audio_processing"

SAFE: Mapping[str, bool] = {ADVANCED: False, AUDIO: True}


class Asker(Protocol):
    """Every request that says for whom it is."""

    property_id: str
    guest_id: str


class Features:
    """Asks the flags."""

    def __init__(self, flags: Flags) -> None:
        self._flags = flags

    def advanced(self, request: Asker) -> bool:
        return self._on(ADVANCED, request)

    def audio(self, request: Asker) -> bool:
        return self._on(AUDIO, request)

    def _on(self, name: str, request: Asker) -> bool:
        return self._flags.decide(name, guest=request.guest_id, property_id=request.property_id).enabled
