"""Dialogue files as values, checked whole before anything is played: an unknown key is an error naming it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import yaml

from services.orchestrator.rehearse import grammar, plain_yaml, spelling
from services.orchestrator.rehearse.lines import directory
from services.orchestrator.rehearse.vocabulary import FILE, MESSAGES, TURNS

_START = "2026-01-15T10:00:00+00:00"


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
    flags: Mapping[str, Any] = field(default_factory=dict)
    never_pms: tuple[str, ...] = ()
    never_says: tuple[Any, ...] = ()

    @property
    def channels(self) -> frozenset[str]:
        """Every channel that somebody writes on."""
        turns = [part for turn in self.turns for part in (turn, *turn.parts)]
        return frozenset(
            directory.channel_of(name) for name in (self.channel, *(turn.channel for turn in turns)) if name
        )

    @property
    def troubled(self) -> frozenset[str]:
        """Everything that has a fault at some time."""
        events = [event for turn in self.turns if turn.kind == "event" for event in turn.content]
        return frozenset({*self.faults, *(name for event in events for name in event.get("faults", ()))})


def read(path: Path) -> list[Dialogue]:
    """The dialogues of a file. Raises ScriptError with every problem of it."""
    try:
        content = plain_yaml.load(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScriptError([f"{path}: {error}"]) from None
    return parse(content, str(path))


def parse(content: Any, source: str) -> list[Dialogue]:
    """The dialogues of a file's content. Raises ScriptError."""
    if not isinstance(content, Mapping) or not isinstance(content.get("dialogues"), list):
        raise ScriptError([f"{source}: has no list of dialogues"])
    meta = content.get("meta") or {}
    problems = grammar.unknown(source, content, FILE)
    if not isinstance(meta, Mapping):
        problems, meta = [*problems, f"{source}: meta must describe the hotel"], {}
    found: list[Dialogue] = []
    for number, item in enumerate(content["dialogues"], start=1):
        where = f"{source}: {item.get('id', f'dialogue {number}') if isinstance(item, Mapping) else number}"
        one = _spelled(item)
        faults = list(grammar.problems_of(where, one))
        problems += faults
        if not faults:
            found.append(_dialogue(one, meta, source, where, problems))
    ids = [item.id for item in found]
    problems += [f"{source}: {name} is there twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    if problems:
        raise ScriptError(problems)
    return found


def _spelled(item: Any) -> Any:
    """A dialogue in the one form that the rest reads."""
    if not isinstance(item, Mapping):
        return item
    turns = item.get("turns")
    return {
        **item,
        **({"turns": [spelling.turn(turn) for turn in turns]} if isinstance(turns, list) else {}),
        **({"faults": spelling.faults(item["faults"])} if "faults" in item else {}),
        **{name: _list(item[name]) for name in ("never_pms", "never_says") if name in item},
    }


def _list(value: Any) -> Any:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _dialogue(
    item: Mapping[str, Any], meta: Mapping[str, Any], source: str, where: str, problems: list[str]
) -> Dialogue:
    meta = _merged(meta, {**(item.get("meta") or {}), **({"hotel": item["hotel"]} if item.get("hotel") else {})})
    clock = item.get("clock") or meta.get("default_clock") or _START
    start = moment(clock)
    if start is None:
        problems.append(f"{where}: clock {clock!r} is no time with its offset, such as 2026-11-20T10:00:00-06:00")
        start = datetime.fromisoformat(_START)
    return Dialogue(
        id=str(item["id"]),
        title=str(item.get("title", "")),
        source=source,
        clock=start,
        channel=str(item.get("channel") or meta.get("default_channel") or "whatsapp"),
        sender=_sender(item.get("from") or meta.get("default_from") or "+525500000099"),
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
    kind = next(key for key in item if key in TURNS)
    content = item[kind]
    if kind == "g" and isinstance(content, list):
        kind = "burst"
    if kind == "event" and isinstance(content, Mapping):
        content = [content]
    return Turn(
        kind=kind,
        content=content,
        options={key: item[key] for key in MESSAGES.get(kind, ()) if key in item},
        sender=_sender(item.get("from") or ""),
        channel=str(item.get("channel") or ""),
        times=int(item.get("deliver_times", 1)),
        want=item.get("want"),
        parts=tuple(_turn(part) for part in content) if kind in ("burst", "concurrent") else (),
    )


def moment(value: Any) -> datetime | None:
    """A time with its offset, None for anything else."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _sender(given: Any) -> str:
    """An address as its channel writes it: `María <maria@example.com>` and `+52 55 1234 5678` are written by people."""
    text = str(given).strip()
    if "@" in text:
        return parseaddr(text)[1] or text
    return re.sub(r"[\s().-]", "", text) if re.fullmatch(r"\+[\d\s().-]+", text) else text


def _merged(whole: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`whole` with what `over` says otherwise, level by level."""
    merged = dict(whole)
    for name, value in over.items():
        known = merged.get(name)
        merged[name] = _merged(known, value) if isinstance(known, Mapping) and isinstance(value, Mapping) else value
    return merged
