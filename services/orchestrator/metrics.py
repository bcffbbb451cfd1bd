"""Measurements of the orchestrator, on the default registry."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

REQUESTS = Counter("orchestrator_requests_total", "Turns and events handled.", ["operation", "status"])
DURATION = Histogram(
    "orchestrator_request_duration_seconds",
    "Time to handle a turn or event.",
    ["operation"],
    buckets=(0.005, 0.01, 0.025, 0.04, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
INTERACTIONS = Counter("guest_interactions_total", "Guest turns by channel and leading intent.", ["channel", "intent"])
HANDOFFS = Counter(
    "hotel_orchestrator_handoffs_total", "Conversations given to a person.", ["desk", "priority", "reason"]
)
# Containment is the receptionist's share of these; it is shown beside the doubted answers and never alone.
GUEST_TURNS = Counter(
    "hotel_orchestrator_guest_turns_total", "Guest turns by who had the conversation after them.", ["held_by"]
)
DOUBTED = Counter(
    "hotel_orchestrator_doubted_answers_total", "Turns that speak against an answer of ours, by what says so.", ["sign"]
)
UNPROVEN = Counter(
    "hotel_orchestrator_unproven_replies_total", "Replies held back: a figure had no source.", ["template"]
)
SCHEDULED = Counter("hotel_orchestrator_scheduled_total", "What was done because of the time, by kind.", ["kind"])
CONFLICTS = Counter("hotel_orchestrator_version_conflicts_total", "Turns done again because the session had changed.")
