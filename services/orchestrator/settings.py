"""The service's knobs."""

from __future__ import annotations

from mesh.settings import MeshSettings
from pydantic import Field, field_validator

STAY_MESSAGES = ("pre_arrival", "in_stay", "post_stay")


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
    scheduler_seconds: float = Field(
        5.0, gt=0, description="How often deadlines of conversations and messages around stays are looked for."
    )
    records_seconds: float = Field(5.0, gt=0, description="Deadline of exporting or erasing what is kept of a guest.")
    message_seconds: float = Field(2.0, gt=0, description="Deadline of handing one message to the gateway.")
    stay_messages: str = Field(
        "",
        description="Messages we start, as kind=hours, comma separated: pre_arrival before check-in, in_stay after it, "
        "post_stay after check-out. Empty: none.",
    )
    turn_attempts: int = Field(
        4, ge=1, le=10, description="How often a turn is done when the session changes meanwhile."
    )

    @field_validator("stay_messages")
    @classmethod
    def _readable(cls, value: str) -> str:
        _hours_by_kind(value)
        return value

    @property
    def stay_message_hours(self) -> dict[str, float]:
        """Hours by kind of message."""
        return _hours_by_kind(self.stay_messages)


def _hours_by_kind(value: str) -> dict[str, float]:
    """Raises ValueError naming the first part that is none."""
    hours: dict[str, float] = {}
    for part in filter(None, (item.strip() for item in value.split(","))):
        kind, _, number = (piece.strip() for piece in part.partition("="))
        if kind not in STAY_MESSAGES or not number.replace(".", "", 1).isdigit():
            raise ValueError(f"{part!r} is not kind=hours with a kind of {', '.join(STAY_MESSAGES)}")
        hours[kind] = float(number)
    return hours
