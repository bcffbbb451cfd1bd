"""The service's knobs."""

from __future__ import annotations

from mesh.settings import MeshSettings
from pydantic import Field


class Settings(MeshSettings):
    """Settings of the orchestrator."""

    # Deadlines leave a service that was killed the time to come back: it answers in milliseconds when it is there.
    nlp_seconds: float = Field(5.0, gt=0, description="Deadline of understanding one message.")
    session_seconds: float = Field(1.5, gt=0, description="Deadline of one call to the session service.")
    pms_read_seconds: float = Field(5.0, gt=0, description="Deadline of a read from the pms service.")
    pms_write_seconds: float = Field(6.0, gt=0, description="Deadline of a write to the pms service.")
    hotel_information_seconds: float = Field(
        300.0, ge=0, description="How long what the hotel is and sells is used before it is read again."
    )
    fallback_time_zone: str = Field(
        "UTC",
        description="Zone of dates while nothing is known of the property, because the pms service never answered.",
    )
    doubtful_transcript_below: float = Field(
        0.6, ge=0, le=1, description="Voice notes heard with less confidence are read back and not acted on."
    )
    turn_attempts: int = Field(
        4, ge=1, le=10, description="How often a turn is done when the session changes meanwhile."
    )
