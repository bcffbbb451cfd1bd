"""The words of dialogue files: every key that means something, by where it stands."""

from __future__ import annotations

from collections.abc import Mapping

FILE = frozenset({"meta", "dialogues", "version"})
# What explains a dialogue to people.
NOTES = frozenset({"note", "notes", "comment", "why", "rule", "description", "tags", "section"})
DIALOGUE = NOTES | {
    "id", "title", "lang", "from", "channel", "clock", "faults", "flags", "meta", "hotel", "turns",
    "never_pms", "never_says",
}  # fmt: skip
MEDIA = ("image", "video", "document", "sticker")
# What a guest can send, each with the keys that may stand beside it.
MESSAGES: Mapping[str, frozenset[str]] = {
    "g": frozenset({"forwarded", "group", "subject"}),
    "voice": frozenset({"confidence", "language", "seconds", "duration"}),
    **dict.fromkeys(MEDIA, frozenset({"filename", "mime_type"})),
    "location": frozenset({"name", "address"}),
    "contacts": frozenset(),
    "button": frozenset({"title"}),
    "reaction": frozenset({"of"}),
    "edit": frozenset(),
    "revoke": frozenset(),
    "unsupported": frozenset(),
}
AROUND = NOTES | {"from", "channel", "deliver_times", "want"}
TURNS = frozenset({*MESSAGES, "event", "burst", "concurrent"})
SPANS = ("advance_seconds", "advance_minutes", "advance_hours", "advance_days")
EVENT = frozenset({
    *SPANS, "advance_to", "staff_claims", "staff_says", "staff_releases", "staff_ack", "agent",
    "scheduled", "for", "due", "redeliver", "faults",
})  # fmt: skip
WANT = NOTES | {
    "intent", "intents", "slots", "asks", "never_asks", "says", "never_says", "lang", "pms", "never_pms", "handoff",
    "replies", "scheduled_for", "choices", "variants", "degraded",
}  # fmt: skip
# Of these one value may stand alone.
LISTS = ("intents", "asks", "never_asks", "says", "never_says", "pms", "never_pms", "choices")
HANDOFF = frozenset({"to", "priority", "sla_minutes"})
EDIT = frozenset({"of", "text"})
SERVICES = ("nlp", "session", "pms", "orchestrator", "gateway")
STORES = ("redis", "database")
FAULT_TARGETS = (*SERVICES, *STORES, "channel")
STATES = ("unavailable", "slow", "unknown_outcome", "timeout", "available")
WRITES = frozenset({
    "hold.create", "hold.release", "reservation.create", "reservation.update", "reservation.cancel",
    "guest.export", "guest.erase", "folio.charge",
})  # fmt: skip
