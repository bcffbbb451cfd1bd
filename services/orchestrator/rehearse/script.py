"""The format of dialogue files, checked whole before anything is played: an unknown key is an error naming it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

_FILE = frozenset({"meta", "dialogues"})
_DIALOGUE = frozenset(
    {"id", "title", "lang", "from", "channel", "clock", "faults", "flags", "turns", "never_pms", "never_says", "note"}
)
# What a guest can send, each with the keys that may stand beside it.
_MESSAGES: Mapping[str, frozenset[str]] = {
    "g": frozenset({"forwarded", "group"}),
    "voice": frozenset({"confidence"}),
    "image": frozenset(),
    "video": frozenset(),
    "document": frozenset(),
    "sticker": frozenset(),
    "location": frozenset(),
    "contacts": frozenset(),
    "button": frozenset({"title"}),
    "reaction": frozenset({"of"}),
    "edit": frozenset(),
    "revoke": frozenset(),
    "unsupported": frozenset(),
}
_AROUND = frozenset({"from", "channel", "deliver_times", "want", "note"})
_TURNS = frozenset({*_MESSAGES, "event", "burst", "concurrent"})
_EVENT = frozenset(
    {
        "advance_minutes",
        "advance_hours",
        "advance_days",
        "advance_to",
        "staff_claims",
        "staff_says",
        "staff_releases",
        "staff_ack",
        "scheduled",
        "for",
        "due",
        "redeliver",
        "faults",
    }
)
_WANT = frozenset(
    {
        "intent",
        "intents",
        "slots",
        "asks",
        "says",
        "never_says",
        "lang",
        "pms",
        "never_pms",
        "handoff",
        "replies",
        "scheduled_for",
        "choices",
        "variants",
    }
)
_HANDOFF = frozenset({"to", "priority", "sla_minutes"})
_EDIT = frozenset({"of", "text"})
SERVICES = ("nlp", "session", "pms", "orchestrator")
STATES = ("unavailable", "available")


class ScriptError(Exception):
    """A file cannot be played. `problems` has one line for each fault, beginning with where it is."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One step: `kind` is a key of the file such as `g` or `event`, `content` what stands under it."""

    kind: str
    content: Any
    options: Mapping[str, Any] = field(default_factory=dict)
    sender: str = ""
    channel: str = ""
    times: int = 1
    want: Mapping[str, Any] | None = None
    parts: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """One conversation from an empty history, at a hotel in its first state."""

    id: str
    title: str
    source: str
    clock: datetime
    channel: str
    sender: str
    turns: tuple[Turn, ...]
    meta: Mapping[str, Any]
    faults: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    never_pms: tuple[str, ...] = ()
    never_says: tuple[Any, ...] = ()


def read(path: Path) -> list[Dialogue]:
    """The dialogues of a file. Raises ScriptError with every problem of it."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScriptError([f"{path}: {error}"]) from None
    return parse(content, str(path))


def parse(content: Any, source: str) -> list[Dialogue]:
    """The dialogues of a file's content. Raises ScriptError."""
    if not isinstance(content, Mapping) or not isinstance(content.get("dialogues"), list):
        raise ScriptError([f"{source}: has no list of dialogues"])
    meta = content.get("meta") or {}
    problems = [*_unknown(source, content, _FILE)]
    found: list[Dialogue] = []
    for number, item in enumerate(content["dialogues"], start=1):
        where = f"{source}: {item.get('id', f'dialogue {number}') if isinstance(item, Mapping) else number}"
        faults = list(_faults(where, item))
        problems += faults
        if not faults:
            found.append(_dialogue(item, meta, source, where, problems))
    ids = [item.id for item in found]
    problems += [f"{source}: {name} is there twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    if problems:
        raise ScriptError(problems)
    return found


def _dialogue(
    item: Mapping[str, Any], meta: Mapping[str, Any], source: str, where: str, problems: list[str]
) -> Dialogue:
    clock = item.get("clock") or meta.get("default_clock") or "2026-01-15T10:00:00+00:00"
    start = clock if isinstance(clock, datetime) else _moment(str(clock))
    if start is None or start.tzinfo is None:
        problems.append(f"{where}: clock {clock!r} is no time with its offset, such as 2026-11-20T10:00:00-06:00")
        start = datetime.fromisoformat("2026-01-15T10:00:00+00:00")
    return Dialogue(
        id=str(item["id"]),
        title=str(item.get("title", "")),
        source=source,
        clock=start,
        channel=str(item.get("channel") or meta.get("default_channel") or "whatsapp"),
        sender=str(item.get("from") or "+525500000099"),
        turns=tuple(_turn(turn) for turn in item["turns"]),
        meta=meta,
        faults=item.get("faults") or {},
        flags=item.get("flags") or {},
        never_pms=tuple(item.get("never_pms") or ()),
        never_says=tuple(item.get("never_says") or ()),
    )


def _turn(item: Any) -> Turn:
    if isinstance(item, str):
        return Turn(kind="g", content=item)
    kind = next(key for key in item if key in _TURNS)
    content = item[kind]
    if kind == "g" and isinstance(content, list):
        kind = "burst"
    return Turn(
        kind=kind,
        content=content,
        options={key: item[key] for key in _MESSAGES.get(kind, ()) if key in item},
        sender=str(item.get("from", "")),
        channel=str(item.get("channel", "")),
        times=int(item.get("deliver_times", 1)),
        want=item.get("want"),
        parts=tuple(_turn(part) for part in content) if kind in ("burst", "concurrent") else (),
    )


# -- what is wrong with a file


def _faults(where: str, item: Any) -> Iterator[str]:
    if not isinstance(item, Mapping):
        yield f"{where}: is no dialogue"
        return
    yield from _unknown(where, item, _DIALOGUE)
    if "id" not in item:
        yield f"{where}: id is missing"
    yield from _fault_faults(f"{where}.faults", item.get("faults"))
    turns = item.get("turns")
    if not isinstance(turns, list) or not turns:
        yield f"{where}: turns are missing"
        return
    for number, turn in enumerate(turns, start=1):
        yield from _turn_faults(f"{where} turn {number}", turn)


def _turn_faults(where: str, turn: Any) -> Iterator[str]:
    if isinstance(turn, str):
        return
    if not isinstance(turn, Mapping):
        yield f"{where}: is no turn"
        return
    kinds = [key for key in turn if key in _TURNS]
    if len(kinds) != 1:
        yield f"{where}: must have one of {', '.join(sorted(_TURNS))}, has {sorted(map(str, turn))}"
        return
    kind, content = kinds[0], turn[kinds[0]]
    yield from _unknown(where, turn, {kind, *_AROUND, *_MESSAGES.get(kind, ())})
    if kind == "event":
        yield from _event_faults(f"{where}.event", content)
    elif kind == "edit" and (not isinstance(content, Mapping) or set(content) != _EDIT):
        yield f"{where}.edit: must have of and text"
    elif kind in ("burst", "concurrent") or (kind == "g" and isinstance(content, list)):
        for number, part in enumerate(content if isinstance(content, list) else [None], start=1):
            yield from _turn_faults(f"{where}.{kind}[{number}]", part)
    yield from _want_faults(f"{where}.want", turn.get("want"))


def _event_faults(where: str, event: Any) -> Iterator[str]:
    if not isinstance(event, Mapping) or not event:
        yield f"{where}: is no event"
        return
    yield from _unknown(where, event, _EVENT)
    if "scheduled" in event and "for" not in event:
        yield f"{where}: scheduled needs for, the code of a reservation"
    yield from _fault_faults(f"{where}.faults", event.get("faults"))


def _fault_faults(where: str, faults: Any) -> Iterator[str]:
    if faults is None:
        return
    if not isinstance(faults, Mapping):
        yield f"{where}: must name services"
        return
    yield from _unknown(where, faults, SERVICES)
    for name, state in faults.items():
        if state not in STATES:
            yield f"{where}.{name}: must be one of {', '.join(STATES)}, is {state!r}"


def _want_faults(where: str, want: Any) -> Iterator[str]:
    if want is None:
        return
    if not isinstance(want, Mapping):
        yield f"{where}: must say what must hold"
        return
    yield from _unknown(where, want, _WANT)
    for name in ("intents", "asks", "says", "never_says", "never_pms", "choices"):
        if name in want and not isinstance(want[name], list):
            yield f"{where}.{name}: must be a list"
    handoff = want.get("handoff")
    if isinstance(handoff, Mapping):
        yield from _unknown(f"{where}.handoff", handoff, _HANDOFF)


def _unknown(where: str, item: Mapping[Any, Any], known: Any) -> list[str]:
    names = sorted(str(key) for key in item if key not in known)
    return [f"{where}: unknown {', '.join(names)}"] if names else []


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
