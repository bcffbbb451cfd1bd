"""Features that can be turned on and off for some guests, and what holds where nothing is said about them."""

from __future__ import annotations

from collections.abc import Mapping

# Guests are answered in their own language; without it in the hotel's first one.
MANY_LANGUAGES = "multi_language_support"
# One thing more is offered, once, after a booking.
UPSELLING = "ai_upselling"
# Voice notes are understood; without it the guest is asked to write.
AUDIO = "enable_audio_processing"

SAFE: Mapping[str, bool] = {MANY_LANGUAGES: True, UPSELLING: False, AUDIO: True}
ON_BY_DEFAULT = frozenset(name for name, on in SAFE.items() if on)
