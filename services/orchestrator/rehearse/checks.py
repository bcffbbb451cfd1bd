"""What a turn of a dialogue brought, checked against its `want`; only what is named there is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotel.common.v1 import handoff_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb

from services.orchestrator.rehearse.wording_facts import plain, says


@dataclass(slots=True, kw_only=True)
class Seen:
    """What one turn brought: what was sent to the guest, the outcomes of its turns, and until when a message waits."""

    replies: list[str] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    outcomes: list[pb.Outcome] = field(default_factory=list)
    send_after: datetime | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.replies)

    @property
    def outcome(self) -> pb.Outcome:
        """The latest, or an empty one when nothing was heard."""
        return self.outcomes[-1] if self.outcomes else pb.Outcome()

    @property
    def written(self) -> list[str]:
        """What was written at the hotel's system, in order."""
        return [item.operation for made in self.outcomes for item in made.pms_operations if item.succeeded]


def check(seen: Seen, want: Mapping[str, Any]) -> list[str]:
    """What of `want` did not come. Without `replies` one message is expected."""
    return [
        *_understood(seen, want),
        *_held(seen, want),
        *_said(seen, want),
        *_written(seen, want),
        *_handed_over(seen.outcome, want),
        *_scheduled(seen, want),
    ]


def _understood(seen: Seen, want: Mapping[str, Any]) -> Iterator[str]:
    names = [item.name for outcome in seen.outcomes for item in outcome.intents]
    wanted = [want["intent"]] if "intent" in want else []
    for name in (*wanted, *want.get("intents", ())):
        if name not in names:
            yield f"intents are {names}, wanted {name}"
    if "lang" in want:
        several = [want["lang"]] if isinstance(want["lang"], str) else list(want["lang"])
        if seen.outcome.language not in several:
            yield f"language is {seen.outcome.language!r}, wanted {' or '.join(several)}"


def _held(seen: Seen, want: Mapping[str, Any]) -> Iterator[str]:
    slots = dict(seen.outcome.slots)
    for name, value in (want.get("slots") or {}).items():
        if not _same(slots.get(name), value):
            yield f"{name} is {slots.get(name)!r}, wanted {value!r}"
    for flag, variant in (want.get("variants") or {}).items():
        if seen.outcome.variants.get(flag) != str(variant):
            yield f"variant of {flag} is {seen.outcome.variants.get(flag)!r}, wanted {variant!r}"
    if "asks" not in want:
        return
    asked = list(seen.outcome.asks)
    for name in want["asks"]:
        if name not in asked:
            yield f"asks {asked}, wanted {name}"
    known = [name for name in asked if slots.get(name) and name not in want["asks"]]
    if known:
        yield f"asks for {known}, which is known"


def _same(held: str | None, wanted: object) -> bool:
    if held is None:
        return wanted in (None, "")
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return held == ",".join(map(str, wanted))
    return held == str(wanted) or plain(held) == plain(str(wanted))


def _said(seen: Seen, want: Mapping[str, Any]) -> Iterator[str]:
    count = want.get("replies", 1)
    if len(seen.replies) != count:
        yield f"{len(seen.replies)} replies, wanted {count}"
    for fact in want.get("says", ()):
        if fact == "confirmation_code":
            if not _codes(seen) or not all(plain(code) in plain(seen.text) for code in _codes(seen)):
                yield f"does not say the confirmation code {_codes(seen)}"
        elif not says(seen.text, fact):
            yield f"does not say {fact!r}"
    for fact in want.get("never_says", ()):
        if says(seen.text, fact):
            yield f"says {fact!r}"
    titles = [plain(part) for choice in seen.choices for part in choice]
    for choice in want.get("choices", ()):
        if plain(str(choice)) not in titles:
            yield f"offers {[title for _, title in seen.choices]}, wanted {choice!r}"


def _codes(seen: Seen) -> list[str]:
    made = [item for outcome in seen.outcomes for item in outcome.pms_operations]
    return [item.reference for item in made if item.operation == "reservation.create" and item.succeeded]


def _written(seen: Seen, want: Mapping[str, Any]) -> Iterator[str]:
    if "pms" in want and list(want["pms"] or ()) != seen.written:
        yield f"pms is {seen.written}, wanted {want['pms']}"
    for name in want.get("never_pms", ()):
        if name in seen.written:
            yield f"{name} happened"


def _handed_over(outcome: pb.Outcome, want: Mapping[str, Any]) -> Iterator[str]:
    if "handoff" not in want:
        return
    wanted, handoff = want["handoff"], outcome.handoff
    there = outcome.HasField("handoff")
    if not wanted:
        if there and handoff.state != handoff_pb2.Handoff.STATE_RELEASED:
            yield "there is a hand-off"
        return
    found = {
        "to": handoff_pb2.Handoff.Desk.Name(handoff.desk).removeprefix("DESK_").lower(),
        "priority": handoff_pb2.Handoff.Priority.Name(handoff.priority).removeprefix("PRIORITY_").lower(),
        "sla_minutes": handoff.sla_minutes,
    }
    wanted = wanted if isinstance(wanted, Mapping) else {}
    if not there or any(found[name] != value for name, value in wanted.items()):
        yield f"hand-off is {found if there else None}, wanted {dict(wanted)}"


def _scheduled(seen: Seen, want: Mapping[str, Any]) -> Iterator[str]:
    if "scheduled_for" in want:
        wanted = want["scheduled_for"]
        moment = wanted if isinstance(wanted, datetime) else datetime.fromisoformat(str(wanted))
        if seen.send_after != moment:
            yield f"waits until {seen.send_after}, wanted {moment}"
