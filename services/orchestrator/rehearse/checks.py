"""What a turn of a dialogue brought, checked against its `want`; only what is named there is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hotel.common.v1 import handoff_pb2
from hotel.orchestrator.v1 import orchestrator_pb2 as pb

from services.orchestrator.rehearse.vocabulary import WRITES
from services.orchestrator.rehearse.wording_facts import plain, says

# Asking for the dates of a stay is one question, whichever of them is named.
_SAME_QUESTION: Mapping[str, set[str]] = {
    "dates": {"check_in", "check_out", "nights"},
    "check_in": {"dates"},
    "check_out": {"dates", "nights"},
}


@dataclass(slots=True, kw_only=True)
class Seen:
    """What one turn brought: what was sent to the guest, the outcomes of its turns, and until when a message waits."""

    replies: list[str] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    outcomes: list[pb.Outcome] = field(default_factory=list)
    send_after: datetime | None = None
    # Of reservations that were made earlier in the dialogue.
    codes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.replies)

    @property
    def outcome(self) -> pb.Outcome:
        """The latest, or an empty one when nothing was heard."""
        return self.outcomes[-1] if self.outcomes else pb.Outcome()

    def made(self, named: Sequence[str] = ()) -> list[str]:
        """What was done at the hotel's system, in order: writes, and reads that are `named`."""
        done = [item.operation for made in self.outcomes for item in made.pms_operations if item.succeeded]
        return [name for name in done if name in WRITES or name in named]


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
    # What is not for a hotel is `out_of_scope` in the contract and `unsupported` in dialogues.
    names += ["unsupported"] if "out_of_scope" in names else []
    if "intent" in want and not set(names) & set(_several(want["intent"])):
        yield f"intents are {names}, wanted {' or '.join(_several(want['intent']))}"
    for name in want.get("intents", ()):
        if name not in names:
            yield f"intents are {names}, wanted {name}"
    if "lang" in want:
        several = _several(want["lang"])
        # A language is wanted; a region of it is as good.
        if not {seen.outcome.language, seen.outcome.language.partition("-")[0]} & set(several):
            yield f"language is {seen.outcome.language!r}, wanted {' or '.join(several)}"
    if "degraded" in want and seen.outcome.degraded != want["degraded"]:
        yield f"degraded is {seen.outcome.degraded}, wanted {want['degraded']}"


def _held(seen: Seen, want: Mapping[str, Any]) -> Iterator[str]:
    slots = dict(seen.outcome.slots)
    for name, value in (want.get("slots") or {}).items():
        if not _same(slots.get(name), value):
            yield f"{name} is {slots.get(name)!r}, wanted {value!r}"
    for flag, variant in (want.get("variants") or {}).items():
        if seen.outcome.variants.get(flag) != str(variant):
            yield f"variant of {flag} is {seen.outcome.variants.get(flag)!r}, wanted {variant!r}"
    yield from _asked(seen, want, slots)


def _asked(seen: Seen, want: Mapping[str, Any], slots: Mapping[str, str]) -> Iterator[str]:
    asked = list(seen.outcome.asks)
    for name in want.get("never_asks", ()):
        if name in asked:
            yield f"asks for {name}"
    if "asks" not in want:
        return
    for name in want["asks"]:
        if not {name, *_SAME_QUESTION.get(name, ())} & set(asked):
            yield f"asks {asked}, wanted {name}"
    if not want["asks"] and asked:
        yield f"asks {asked}, wanted nothing"
    known = [name for name in asked if slots.get(name) and name not in want["asks"]]
    if known:
        yield f"asks for {known}, which is known"


def _same(held: str | None, wanted: object) -> bool:
    if held is None or held == "":
        return wanted in (None, "", [])
    if isinstance(wanted, bool):
        return held.casefold() == str(wanted).casefold()
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return held.replace(" ", "") == ",".join(str(part).replace(" ", "") for part in wanted)
    return plain(held) == plain(str(wanted)) or _number(held) == _number(str(wanted)) is not None


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _several(value: Any) -> list[str]:
    return list(map(str, value)) if isinstance(value, list | tuple) else [str(value)]


def _said(seen: Seen, want: Mapping[str, Any]) -> Iterator[str]:
    counts = _several(want.get("replies", 1))
    if str(len(seen.replies)) not in counts:
        yield f"{len(seen.replies)} replies, wanted {' or '.join(counts)}"
    for fact in want.get("says", ()):
        alternatives = fact if isinstance(fact, list) else [fact]
        if not any(_is_said(seen, one) for one in alternatives):
            yield f"does not say {' or '.join(map(repr, alternatives))}{_codes_told(seen, alternatives)}"
    for fact in want.get("never_says", ()):
        if _is_said(seen, fact):
            yield f"says {fact!r}"
    titles = [plain(part) for choice in seen.choices for part in choice]
    for choice in want.get("choices", ()):
        if plain(str(choice)) not in titles:
            yield f"offers {[title for _, title in seen.choices]}, wanted {choice!r}"


def _is_said(seen: Seen, fact: Any) -> bool:
    if fact != "confirmation_code":
        return says(seen.text, fact)
    codes = codes_made(seen.outcomes) or seen.codes
    return bool(codes) and all(plain(code) in plain(seen.text) for code in codes)


def _codes_told(seen: Seen, alternatives: Sequence[Any]) -> str:
    return f", which is {codes_made(seen.outcomes) or seen.codes}" if "confirmation_code" in alternatives else ""


def codes_made(outcomes: Sequence[pb.Outcome]) -> list[str]:
    """The confirmation codes of reservations that were made."""
    made = [item for outcome in outcomes for item in outcome.pms_operations]
    return [item.reference for item in made if item.operation == "reservation.create" and item.succeeded]


def _written(seen: Seen, want: Mapping[str, Any]) -> Iterator[str]:
    if "pms" in want:
        made = seen.made(want["pms"] or ())
        if list(want["pms"] or ()) != made:
            yield f"pms is {made}, wanted {want['pms']}"
    for name in want.get("never_pms", ()):
        if name in seen.made([name]):
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
    if not there or any(str(found[name]) not in _several(value) for name, value in wanted.items()):
        yield f"hand-off is {found if there else None}, wanted {dict(wanted)}"


def _scheduled(seen: Seen, want: Mapping[str, Any]) -> Iterator[str]:
    if "scheduled_for" in want:
        wanted = want["scheduled_for"]
        moment = wanted if isinstance(wanted, datetime) else datetime.fromisoformat(str(wanted))
        if seen.send_after != moment:
            yield f"waits until {seen.send_after}, wanted {moment}"
