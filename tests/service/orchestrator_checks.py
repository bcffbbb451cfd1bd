"""What a turn of a dialogue brought, checked against its `want`: numbers as numbers, dates in any clear form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hotel.common.v1 import handoff_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb

_MONTHS = {
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    "en": [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
}


@dataclass(slots=True)
class Seen:
    """What one turn brought."""

    replies: list[str] = field(default_factory=list)
    outcome: pb.Outcome = field(default_factory=pb.Outcome)
    send_after: datetime | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.replies)

    @property
    def written(self) -> list[str]:
        return [item.operation for item in self.outcome.pms_operations if item.succeeded]


def check(seen: Seen, want: Mapping[str, Any]) -> list[str]:
    """What of `want` did not come."""
    outcome = seen.outcome
    names = [item.name for item in outcome.intents]
    slots = dict(outcome.slots)
    count = want.get("replies", 1)
    sent = 0 if seen.send_after else len(seen.replies)
    faults: list[tuple[bool, str]] = [
        (sent != count, f"{sent} replies, wanted {count}"),
        ("intent" in want and want.get("intent") not in names, f"intents {names}, wanted {want.get('intent')}"),
        (not set(want.get("intents", ())) <= set(names), f"intents {names}, wanted {want.get('intents')}"),
        (not set(want.get("asks", ())) <= set(outcome.asks), f"asks {list(outcome.asks)}, wanted {want.get('asks')}"),
        ("pms" in want and want["pms"] != seen.written, f"pms {seen.written}, wanted {want.get('pms')}"),
        ("lang" in want and outcome.language not in _several(want["lang"]), f"language {outcome.language}"),
    ]
    for name, value in want.get("slots", {}).items():
        faults.append((slots.get(name) != str(value), f"{name} is {slots.get(name)!r}, wanted {value!r}"))
    for fact in want.get("says", ()):
        faults.append((not _says(seen, fact), f"does not say {fact!r}"))
    for fact in want.get("never_says", ()):
        faults.append((_says(seen, fact), f"says {fact!r}"))
    faults += _handoff_faults(outcome, want)
    if "scheduled_for" in want:
        wanted = datetime.fromisoformat(want["scheduled_for"])
        faults.append((seen.send_after != wanted, f"sent after {seen.send_after}, wanted {wanted}"))
    return [problem for wrong, problem in faults if wrong]


def _several(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _handoff_faults(outcome: pb.Outcome, want: Mapping[str, Any]) -> list[tuple[bool, str]]:
    if "handoff" not in want:
        return []
    handoff = outcome.handoff
    if want["handoff"] is False:
        return [(outcome.HasField("handoff"), "there is a hand-off")]
    found = {
        "to": handoff_pb2.Handoff.Desk.Name(handoff.desk).removeprefix("DESK_").lower(),
        "priority": handoff_pb2.Handoff.Priority.Name(handoff.priority).removeprefix("PRIORITY_").lower(),
        "sla_minutes": handoff.sla_minutes,
    }
    return [(found != want["handoff"], f"hand-off {found}, wanted {want['handoff']}")]


def _says(seen: Seen, fact: object) -> bool:
    text = _plain(seen.text)
    if fact == "confirmation_code":
        codes = [item.reference for item in seen.outcome.pms_operations if item.operation == "reservation.create"]
        return bool(codes) and all(_plain(code) in text for code in codes)
    if isinstance(fact, date) or re.fullmatch(r"\d{4}-\d\d-\d\d", str(fact)):
        return _says_date(text, date.fromisoformat(str(fact)))
    try:
        number = float(str(fact))
    except ValueError:
        return _plain(str(fact)) in text
    return number in [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def _says_date(text: str, day: date) -> bool:
    months = [_MONTHS[language][day.month - 1] for language in _MONTHS]
    forms = [
        day.isoformat(),
        *(f"{day.day} de {month}" for month in months),
        *(f"{month} {day.day}" for month in months),
    ]
    return any(re.search(rf"(?<!\d){re.escape(form)}(?!\d)", text) for form in forms)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in folded if not unicodedata.combining(character))
