"""The part of a hotel file that says that the hotel has a PMS of its own, and what follows for the rest of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class PmsPart(BaseModel):
    """Which PMS keeps the rooms. Its key is not written here: it comes from the environment, as PMS_API_KEY."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    backend: Literal["qloapps"]
    base_url: str = Field("", pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$")
    hotel_id: int = Field(ge=1)
    host: str = Field("", pattern=r"^[A-Za-z0-9.:-]{0,253}$")
    room_types: dict[str, int]
    requests_per_second: float = Field(20.0, gt=0, le=1000)


def pms_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """One line for everything in a file with a PMS that the PMS says better, and for room types it is not told of."""
    pms = content.get("pms")
    if not isinstance(pms, Mapping):
        return
    types = content.get("room_types")
    known, mapped = (part if isinstance(part, Mapping) else {} for part in (types, pms.get("room_types")))
    for room_type in known:
        if room_type not in mapped:
            yield f"pms.room_types.{room_type}: is missing: which room type is it in the PMS?"
    for room_type in mapped:
        if room_type not in known:
            yield f"pms.room_types.{room_type}: no such room type"
    if content.get("reservations"):
        yield "reservations: the PMS has them; leave them out"
    for index, part in enumerate(content.get("inventory") or []):
        for field in ("left", "net_price"):
            if isinstance(part, Mapping) and part.get(field):
                yield f"inventory[{index}].{field}: the PMS says it; leave it out"
