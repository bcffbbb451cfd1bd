"""Checks across a hotel file: what one part says of another. Works on raw content, however broken it is elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any


def dangling_references(content: Mapping[str, Any]) -> list[str]:
    """One line for every name that leads nowhere and every text without one of the hotel's languages."""
    return [*_languages(content), *_inventory(content), *_reservations(content), *_oversold(content)]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _languages(content: Mapping[str, Any]) -> Iterator[str]:
    languages = [str(language) for language in _sequence(_mapping(content.get("property")).get("languages"))]
    texts: list[tuple[str, object]] = [
        (f"facts.{topic}", text) for topic, text in _mapping(content.get("facts")).items()
    ]
    for group, fields in (("room_types", ("name", "beds")), ("rate_plans", ("name",))):
        for key, part in _mapping(content.get(group)).items():
            texts += [(f"{group}.{key}.{field}", _mapping(part).get(field)) for field in fields]
    for path, text in texts:
        if not isinstance(text, Mapping):
            continue
        for language in languages:
            if language not in text:
                yield f"{path}: has no text in {language}"
        for language in text:
            if language not in languages:
                yield f"{path}.{language}: is not one of the hotel's languages"


def _inventory(content: Mapping[str, Any]) -> Iterator[str]:
    known = _mapping(content.get("room_types"))
    for index, part in enumerate(_sequence(content.get("inventory"))):
        for field in ("left", "net_price"):
            for room_type in _mapping(_mapping(part).get(field)):
                if room_type not in known:
                    yield f"inventory[{index}].{field}.{room_type}: no such room type"


def _reservations(content: Mapping[str, Any]) -> Iterator[str]:
    room_types, rate_plans = _mapping(content.get("room_types")), _mapping(content.get("rate_plans"))
    parts = [_mapping(part) for part in _sequence(content.get("reservations"))]
    codes = Counter(part.get("code") for part in parts if isinstance(part.get("code"), str))
    for index, part in enumerate(parts):
        path = f"reservations[{index}]"
        room_type = _mapping(room_types.get(part.get("room_type", ""), {}))
        if codes[part.get("code")] > 1:
            yield f"{path}.code: {part['code']} is there twice"
        if isinstance(part.get("room_type"), str) and part["room_type"] not in room_types:
            yield f"{path}.room_type: no such room type"
        if isinstance(part.get("rate_plan"), str) and part["rate_plan"] not in rate_plans:
            yield f"{path}.rate_plan: no such rate plan"
        rooms = _sequence(room_type.get("rooms"))
        if part.get("room") and rooms and part["room"] not in rooms:
            yield f"{path}.room: is not a room of {part['room_type']}"
        people = _whole(part.get("adults")) + len(_sequence(part.get("child_ages")))
        if room_type and people > _whole(room_type.get("max_occupancy")):
            yield f"{path}: more people than a {part['room_type']} sleeps"


def _oversold(content: Mapping[str, Any]) -> Iterator[str]:
    """More reservations than rooms on a night cannot be loaded, and would be somebody's night on a bench."""
    taken: Counter[tuple[str, date]] = Counter()
    for part in map(_mapping, _sequence(content.get("reservations"))):
        first, until = _date(part.get("check_in")), _date(part.get("check_out"))
        if first and until:
            for offset in range(max(0, min((until - first).days, 1000))):
                taken[str(part.get("room_type")), first + timedelta(days=offset)] += 1
    for key, part in _mapping(content.get("room_types")).items():
        room_type = _mapping(part)
        units = _whole(room_type.get("units")) or len(_sequence(room_type.get("rooms")))
        over = sorted(night for (owner, night), count in taken.items() if owner == key and count > units)
        if over:
            yield f"reservations: more {key} reserved than the hotel has on {over[0].isoformat()}"


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _date(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
