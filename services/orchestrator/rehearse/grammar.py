"""What is wrong with a dialogue file, line by line with where it is. Names are those that `spelling` gives."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from services.orchestrator.rehearse.vocabulary import (
    AROUND,
    DIALOGUE,
    EDIT,
    EVENT,
    FAULT_TARGETS,
    HANDOFF,
    LISTS,
    MESSAGES,
    SPANS,
    STATES,
    TURNS,
    WANT,
)


def problems_of(where: str, item: Any) -> Iterator[str]:
    """Everything that is wrong with a dialogue."""
    if not isinstance(item, Mapping):
        yield f"{where}: is no dialogue"
        return
    yield from unknown(where, item, DIALOGUE)
    if "id" not in item:
        yield f"{where}: id is missing"
    for name in ("meta", "hotel", "flags"):
        if item.get(name) is not None and not isinstance(item[name], Mapping):
            yield f"{where}.{name}: must have names and values"
    yield from _faults(f"{where}.faults", item.get("faults"))
    turns = item.get("turns")
    if not isinstance(turns, list) or not turns:
        yield f"{where}: turns are missing"
        return
    for number, turn in enumerate(turns, start=1):
        yield from _turn(f"{where} turn {number}", turn)


def unknown(where: str, item: Mapping[Any, Any], known: Iterable[str]) -> list[str]:
    """The keys that mean nothing there, each with the nearest that does."""
    known = list(known)
    names = []
    for name in sorted(str(key) for key in item if key not in known):
        near = difflib.get_close_matches(name, known, n=1)
        names.append(f"{name} (did you mean {near[0]}?)" if near else name)
    return [f"{where}: unknown {', '.join(names)}"] if names else []


def _turn(where: str, turn: Any) -> Iterator[str]:
    if isinstance(turn, str):
        return
    if not isinstance(turn, Mapping):
        yield f"{where}: is no turn"
        return
    kinds = [key for key in turn if key in TURNS]
    if len(kinds) != 1:
        yield f"{where}: must have one of {', '.join(sorted(TURNS))}, has {sorted(map(str, turn))}"
        return
    kind, content = kinds[0], turn[kinds[0]]
    yield from unknown(where, turn, {kind, *AROUND, *MESSAGES.get(kind, ())})
    if not isinstance(turn.get("deliver_times", 1), int) or not 1 <= turn.get("deliver_times", 1) <= 100:
        yield f"{where}.deliver_times: must be a number from 1 to 100"
    yield from _content(where, kind, content, turn)
    yield from _want(f"{where}.want", turn.get("want"))


def _content(where: str, kind: str, content: Any, turn: Mapping[str, Any]) -> Iterator[str]:
    match kind:
        case "event":
            for event in content if isinstance(content, list) else [content]:
                yield from _event(f"{where}.event", event)
        case "edit" if not isinstance(content, Mapping) or set(content) != EDIT:
            yield f"{where}.edit: must have of and text"
        case "location" if not _is_point(content):
            yield f"{where}.location: must be [latitude, longitude]"
        case "voice" if not _is_share(turn.get("confidence", 1)):
            yield f"{where}.confidence: must be a number from 0 to 1"
        case "g" if content is None or isinstance(content, Mapping):
            yield f"{where}.g: must be what the guest writes"
        case "burst" | "concurrent" | "g" if kind != "g" or isinstance(content, list):
            parts = content if isinstance(content, list) and content else [None]
            for number, part in enumerate(parts, start=1):
                yield from _turn(f"{where}.{kind}[{number}]", part)


def _event(where: str, event: Any) -> Iterator[str]:
    if not isinstance(event, Mapping) or not event:
        yield f"{where}: is no event"
        return
    yield from unknown(where, event, EVENT)
    if "scheduled" in event and "for" not in event:
        yield f"{where}: scheduled needs for, the code of a reservation"
    for name in SPANS:
        if name in event and (isinstance(event[name], bool) or not isinstance(event[name], int | float)):
            yield f"{where}.{name}: must be a number"
    for name in ("advance_to", "due"):
        if name in event and _has_no_offset(event[name]):
            yield f"{where}.{name}: {event[name]!r} is no time with its offset, such as 2026-11-20T10:00:00-06:00"
    yield from _faults(f"{where}.faults", event.get("faults"))


def _faults(where: str, faults: Any) -> Iterator[str]:
    if faults is None:
        return
    if not isinstance(faults, Mapping):
        yield f"{where}: must name services"
        return
    yield from unknown(where, faults, FAULT_TARGETS)
    for name, state in faults.items():
        if state not in STATES:
            yield f"{where}.{name}: must be one of {', '.join(STATES)}, is {state!r}"


def _want(where: str, want: Any) -> Iterator[str]:
    if want is None:
        return
    if not isinstance(want, Mapping):
        yield f"{where}: must say what must hold"
        return
    yield from unknown(where, want, WANT)
    for name in LISTS:
        if name in want and not isinstance(want[name], list):
            yield f"{where}.{name}: must be a list"
    for name in ("slots", "variants"):
        if name in want and not isinstance(want[name], Mapping | None):
            yield f"{where}.{name}: must have names and values"
    replies = want.get("replies", 1)
    if not all(isinstance(one, int) for one in (replies if isinstance(replies, list) else [replies])):
        yield f"{where}.replies: must be a number, or a list of numbers of which one is right"
    handoff = want.get("handoff")
    if isinstance(handoff, Mapping):
        yield from unknown(f"{where}.handoff", handoff, HANDOFF)
    if "scheduled_for" in want and _has_no_offset(want["scheduled_for"]):
        yield f"{where}.scheduled_for: {want['scheduled_for']!r} is no time with its offset"


def _is_point(content: Any) -> bool:
    return (
        isinstance(content, list | tuple)
        and len(content) == 2
        and all(isinstance(part, int | float) and not isinstance(part, bool) for part in content)
    )


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _has_no_offset(value: Any) -> bool:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return True
    return moment.tzinfo is None
