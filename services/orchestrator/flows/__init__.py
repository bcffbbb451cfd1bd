"""The conversations the hotel can hold, as data: one file a flow, and the pieces that several share."""

from __future__ import annotations

from services.orchestrator.domain.flow import Flow
from services.orchestrator.flows import (
    arrival,
    availability,
    booking,
    cancellation,
    complaint,
    courtesies,
    handoff,
    inquiry,
    lookup,
    modification,
    price,
    privacy,
    promises,
    service,
    standing,
)

ALL: tuple[Flow, ...] = (
    availability.FLOW,
    booking.FLOW,
    booking.NAME_NEEDED,
    cancellation.FLOW,
    cancellation.PLEA,
    modification.FLOW,
    lookup.FLOW,
    arrival.FLOW,
    arrival.HOURS,
    complaint.FLOW,
    service.FLOW,
    inquiry.FLOW,
    *price.FLOWS,
    handoff.FLOW,
    privacy.FLOW,
    promises.FLOW,
    *courtesies.FLOWS,
    *standing.FLOWS,
)
