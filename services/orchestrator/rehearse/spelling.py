"""One form for what a file may spell in several ways. What is not known is left as it is, for `grammar` to name.

People write `event: staff_claims`, `event: {staff_claims: true}` or `event: {staff_takes: Ana}` and mean one thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.orchestrator.rehearse.vocabulary import FAULT_TARGETS, LISTS, MEDIA, STATES

_NO = frozenset({"no", "false", "off", "none", "never"})
_YES = frozenset({"yes", "true", "on"})
_KINDS = {"guest": "g", "text": "g", "message": "g", "audio": "voice", "voice_note": "voice", "delete": "revoke",
          "photo": "image", "contact": "contacts", "events": "event", "messages": "burst"}  # fmt: skip
_AROUND = {"delivered_times": "deliver_times", "deliveries": "deliver_times", "times": "deliver_times",
           "sender": "from", "expect": "want"}  # fmt: skip
_EVENTS = {
    "advance_minute": "advance_minutes", "minutes": "advance_minutes", "minutes_pass": "advance_minutes",
    "wait_minutes": "advance_minutes", "advance_hour": "advance_hours", "hours": "advance_hours",
    "hours_pass": "advance_hours", "advance_day": "advance_days", "days": "advance_days", "days_pass": "advance_days",
    "seconds": "advance_seconds", "clock": "advance_to", "set_clock": "advance_to", "now": "advance_to",
    "advance_until": "advance_to", "time": "advance_to", "at": "advance_to",
    "staff_claim": "staff_claims", "staff_claimed": "staff_claims", "staff_takes": "staff_claims",
    "staff_takes_over": "staff_claims", "staff_say": "staff_says", "staff_said": "staff_says",
    "staff_writes": "staff_says", "staff_answers": "staff_says", "staff_replies": "staff_says",
    "staff_message": "staff_says", "staff_release": "staff_releases", "staff_released": "staff_releases",
    "staff_returns": "staff_releases", "staff_gives_back": "staff_releases", "staff_closes": "staff_releases",
    "staff_acks": "staff_ack", "staff_acknowledges": "staff_ack", "staff_acked": "staff_ack",
    "scheduled_message": "scheduled", "reservation": "for",
    "redelivered": "redeliver", "redelivery": "redeliver", "duplicate": "redeliver", "duplicates": "redeliver",
    "duplicate_webhook": "redeliver", "duplicated_webhook": "redeliver", "duplicate_webhooks": "redeliver",
    "webhook_redelivered": "redeliver", "redeliver_webhook": "redeliver", "deliver_again": "redeliver",
    "fault": "faults",
}  # fmt: skip
_TARGETS = {"valkey": "redis", "cache": "redis", "postgres": "database", "postgresql": "database", "db": "database",
            "whatsapp": "channel", "graph": "channel", "channels": "channel", "sessions": "session"}  # fmt: skip
_STATES = {
    "down": "unavailable", "away": "unavailable", "off": "unavailable", "error": "unavailable", "errors": "unavailable",
    "unreachable": "unavailable", "fails": "unavailable", "failing": "unavailable", "broken": "unavailable",
    "up": "available", "ok": "available", "on": "available", "back": "available", "none": "available",
    "normal": "available", "healthy": "available", "restored": "available", "recovered": "available",
    "latency": "slow", "delayed": "slow", "timeouts": "timeout", "times_out": "timeout", "timed_out": "timeout",
    "hangs": "timeout", "unknown": "unknown_outcome", "outcome_unknown": "unknown_outcome",
    "lost_answer": "unknown_outcome", "timeout_after_commit": "unknown_outcome",
    "timeout_after_write": "unknown_outcome",
}  # fmt: skip
_WANTS = {"language": "lang", "never_say": "never_says", "not_says": "never_says", "hand_off": "handoff"}
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)\s*")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def truth(value: Any) -> bool:
    """Whether a value means yes; words such as `no` and `off` do not."""
    return value.strip().casefold() not in (_NO | {""}) if isinstance(value, str) else bool(value)


def turn(item: Any) -> Any:
    """A turn with its kind, its options and its event by their names here."""
    if not isinstance(item, Mapping):
        return item
    found = _renamed(item, {**_KINDS, **_AROUND})
    for kind in ("voice", *MEDIA, "button", "reaction", "revoke"):
        if isinstance(found.get(kind), Mapping):
            found |= _spread(kind, found[kind])
    if isinstance(found.get("location"), Mapping):
        found["location"] = _point(found["location"])
    if "edit" in found and not isinstance(found["edit"], Mapping):
        found["edit"] = {"of": found.pop("of", "last"), "text": found["edit"]}
    if "event" in found:
        found["event"] = event(found["event"])
    if "want" in found:
        found["want"] = want(found["want"])
    for kind in ("burst", "concurrent", "g"):
        if isinstance(found.get(kind), list):
            found[kind] = [turn(part) for part in found[kind]]
    return found


def event(given: Any) -> Any:
    """An event as a mapping of what happens; a list of events stays one."""
    if isinstance(given, list):
        return [event(part) for part in given]
    if isinstance(given, str):
        return event({given: True})
    if not isinstance(given, Mapping):
        return given
    found = _renamed(given, _EVENTS)
    if span := _SPAN.fullmatch(str(found.get("advance", ""))):
        del found["advance"]
        found[f"advance_{_UNITS[span[2][0]]}"] = float(span[1])
    elif isinstance(found.get("advance"), Mapping):
        found |= {f"advance_{name}": value for name, value in found.pop("advance").items()}
    if troubles := _troubles(found):
        found["faults"] = {name: state for each in troubles for name, state in each.items()}
    for name in ("staff_ack", "staff_releases"):
        if name in found:
            found[name] = truth(found[name])
    return found


def faults(given: Any) -> Any:
    """Faults by what has them. Nothing, or `none`, means that nothing has one: an empty mapping."""
    if given is None or (isinstance(given, str) and given.casefold() in _NO):
        return {}
    if isinstance(given, str):
        given = [given]
    if isinstance(given, list):
        given = dict.fromkeys(given, "unavailable")
    if not isinstance(given, Mapping):
        return given
    return {_TARGETS.get(str(name), str(name)): _state(state) for name, state in given.items()}


def want(given: Any) -> Any:
    """What must hold, with lists where one value may stand alone."""
    if not isinstance(given, Mapping):
        return given
    found = _renamed(given, _WANTS)
    for name in LISTS:
        if name in found and not isinstance(found[name], list):
            value = found[name]
            found[name] = [] if value is None or (name != "says" and str(value).casefold() in _NO) else [value]
    if "handoff" in found and not isinstance(found["handoff"], Mapping):
        found["handoff"] = truth(found["handoff"])
    return found


def seconds_of(event: Mapping[str, Any]) -> timedelta:
    """How much time passes in an event, without what is told as a moment."""
    spans = {name: float(event.get(f"advance_{name}") or 0) for name in ("seconds", "minutes", "hours", "days")}
    return timedelta(**spans)


def _state(given: Any) -> Any:
    if given is None or given is False:
        return "available"
    if given is True:
        return "unavailable"
    word = str(given).strip().casefold().replace(" ", "_").replace("-", "_")
    return _STATES.get(word, word) if word in STATES or word in _STATES else given


def _troubles(found: dict[str, Any]) -> list[Mapping[str, Any]]:
    """Takes out of an event what it says of services, wherever it says it; what is no mapping stays for `grammar`."""
    troubles = []
    if "faults" in found and isinstance(told := faults(found["faults"]), Mapping):
        del found["faults"]
        troubles.append(told)
    for name in [key for key in found if _TARGETS.get(key, key) in FAULT_TARGETS]:
        troubles.append({_TARGETS.get(name, name): _state(found.pop(name))})
    for name in [key for key in found if key in ("recover", "restore")]:
        several = found.pop(name)
        several = several if isinstance(several, list) else [several]
        troubles.append({_TARGETS.get(str(one), str(one)): "available" for one in several})
    return troubles


def _spread(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """`voice: {transcript: …, confidence: …}` as `voice: …, confidence: …`."""
    main = {"voice": ("transcript", "text"), "button": ("id", "payload", "title"), "reaction": ("emoji",),
            "revoke": ("of", "id")}.get(kind, ("caption", "text"))  # fmt: skip
    name = next((one for one in main if one in content), None)
    rest = {key: value for key, value in content.items() if key != name}
    return {kind: content[name] if name else None, **rest}


def _point(content: Mapping[str, Any]) -> Any:
    latitude = next((content[name] for name in ("lat", "latitude") if name in content), None)
    longitude = next((content[name] for name in ("lon", "lng", "long", "longitude") if name in content), None)
    return [latitude, longitude]


def _renamed(item: Mapping[Any, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """With names as they are here; where both stand there, the one that is meant stays and the other is told."""
    return {key if names.get(str(key)) in item else names.get(str(key), str(key)): value for key, value in item.items()}
