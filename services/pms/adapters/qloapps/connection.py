"""Where a hotel's QloApps is and what is what in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One hotel of one installation.

    `host` is the domain the shop is configured with, where that is not the one in `base_url`: QloApps answers any other
    Host header with an empty redirect. `room_types` maps our room types to QloApps' ids. `requests_per_second` is our
    own limit, before the shop has to ask.
    """

    property_id: str
    base_url: str
    hotel_id: int
    currency: str
    room_types: Mapping[str, int]
    api_key: str = field(repr=False)
    host: str = ""
    requests_per_second: float = 20.0
    read_seconds: float = 5.0
    write_seconds: float = 30.0

    def room_type_id(self, pms_id: int) -> str:
        """Our id of a QloApps room type; empty when we do not sell it."""
        return next((ours for ours, theirs in self.room_types.items() if theirs == pms_id), "")
