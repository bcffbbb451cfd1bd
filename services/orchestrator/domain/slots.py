"""What was said, merged into what is known: several answers at once, corrections, dates that agree with nights."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.orchestrator.domain.analysis import ENTITY_FLOOR, Entity
from services.orchestrator.domain.state import DateReading, Slot, Trouble

# What a quote depends on: a change of any of them drops it.
STAY_SLOTS = ("check_in", "check_out", "nights", "adults", "children", "child_ages", "rooms")
# `room_kinds`: the rooms, of which one is to be chosen, that share a word the guest used.
CHOICE_SLOTS = ("room_type", "room_kinds", "rate_plan")
BOOKING_SLOTS = (*STAY_SLOTS, *CHOICE_SLOTS)

_ROLES = {"arrival": "check_in", "departure": "check_out", "mention": "date", "": "date"}
_PLAIN = {
    "adults": "adults",
    "children": "children",
    "rooms": "rooms",
    "room_type": "room_type",
    "rate_plan": "rate_plan",
    "guest_name": "guest_name",
    "reservation_code": "reservation",
    "email": "email",
    "phone": "phone",
    "arrival_time": "arrival_time",
    "room_number": "room",
}
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_LIMITS = {"adults": (1, 500), "children": (0, 100), "rooms": (1, 200), "nights": (1, 400), "child_age": (0, 17)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """The slots after a message, the names that changed, and what could not be used."""

    slots: Mapping[str, Slot]
    changed: frozenset[str] = frozenset()
    troubles: tuple[Trouble, ...] = ()


@dataclass(slots=True)
class _Dates:
    """The dates of one message as they were said."""

    check_in: date | None = None
    check_out: date | None = None
    nights: int | None = None
    # "3 or 4 nights".
    either: tuple[str, ...] = ()
    troubles: list[Trouble] = field(default_factory=list)


def merge(
    slots: Mapping[str, Slot],
    entities: Sequence[Entity],
    *,
    message_id: str,
    asked: Sequence[str],
    today: date,
    readings: Sequence[DateReading] = (),
    takes_name: bool = True,
) -> Merge:
    """The slots with one message's entities in them. `takes_name`: a name said now is the booker's."""
    sure = _without_parts_of_names([entity for entity in entities if entity.confidence >= ENTITY_FLOOR])
    sure = [entity for entity in sure if not _is_known_party(entity, slots, sure)]
    after = dict(slots)
    for entity in sure:
        name = _PLAIN.get(entity.type, "")
        if not name or entity.problem or not _acceptable(entity) or (name == "guest_name" and not takes_name):
            continue
        if name == "room_type":
            _merge_room(after, entity, message_id)
            continue
        value = _likely_hour(entity) if name == "arrival_time" else entity.value.strip()
        value = value.upper() if name == "reservation" else value
        after[name] = Slot(value=value, source=message_id, confidence=entity.confidence)
    _merge_children(after, sure, message_id)
    said = _dates_said(slots, sure, asked)
    _choose_month(said, sure, readings)
    _into_month_of_departure(said, sure, _as_date(_value(slots, "check_in")))
    _complete(said, readings)
    _merge_dates(after, said, message_id, today)
    changed = frozenset(name for name in after if name not in slots or slots[name].value != after[name].value)
    changed |= frozenset(name for name in slots if name not in after)
    return Merge(slots=after, changed=changed, troubles=tuple(said.troubles))


def _merge_room(after: dict[str, Slot], entity: Entity, message_id: str) -> None:
    """One room, or several that were meant by one word of their names: "the sea view", "la king"."""
    told, instead_of = ("room_kinds", "room_type") if entity.ambiguous else ("room_type", "room_kinds")
    value = ",".join(entity.alternatives) if entity.ambiguous else entity.value.strip()
    after[told] = Slot(value=value, source=message_id, confidence=entity.confidence)
    after.pop(instead_of, None)


def _is_known_party(entity: Entity, slots: Mapping[str, Slot], entities: Sequence[Entity]) -> bool:
    """ "For the three of us", said by two adults with a child, is nobody more."""
    adults, children = int(_value(slots, "adults") or 0), int(_value(slots, "children") or 0)
    told_too = any(item.type in ("children", "child_age") for item in entities)
    if entity.type != "adults" or not (adults and children) or told_too:
        return False
    return entity.value == str(adults + children)


def _likely_hour(entity: Entity) -> str:
    """Who comes "at 3" comes in the afternoon: of two hours that may be meant the later one."""
    return max((entity.value, *entity.alternatives)) if entity.ambiguous else entity.value.strip()


def _without_parts_of_names(entities: Sequence[Entity]) -> list[Entity]:
    """Tom King does not want a king room."""
    names = [entity for entity in entities if entity.type == "guest_name"]
    return [
        entity
        for entity in entities
        if entity.type not in CHOICE_SLOTS or not any(entity.overlaps(name) for name in names)
    ]


def _acceptable(entity: Entity) -> bool:
    if not entity.value.strip():
        return False
    if entity.type == "arrival_time":
        return _TIME.fullmatch(entity.value) is not None
    limits = _LIMITS.get(entity.type)
    if limits is None:
        return True
    return entity.value.isascii() and entity.value.isdigit() and limits[0] <= int(entity.value) <= limits[1]


def _merge_children(after: dict[str, Slot], entities: Sequence[Entity], message_id: str) -> None:
    ages = [entity.value for entity in entities if entity.type == "child_age" and _acceptable(entity)]
    told_children = any(entity.type == "children" for entity in entities)
    if ages:
        known = _value(after, "child_ages").split(",") if _value(after, "child_ages") else []
        if len(known) + len(ages) == int(_value(after, "children") or 0):
            # "Three children, the other one is 11": those whose ages are known keep them.
            ages = [*known, *ages]
        after["child_ages"] = Slot(value=",".join(ages), source=message_id)
        if not told_children and int(_value(after, "children") or 0) < len(ages):
            after["children"] = Slot(value=str(len(ages)), source=message_id)
    elif told_children and _count_ages(after) != int(_value(after, "children") or 0):
        after.pop("child_ages", None)
    if "adults" in after and "children" not in after:
        # Who names the adults and no children has none; the source stays the message that named the adults.
        after["children"] = Slot(value="0", source=after["adults"].source)


def _count_ages(slots: Mapping[str, Slot]) -> int:
    value = _value(slots, "child_ages")
    return len(value.split(",")) if value else 0


def _value(slots: Mapping[str, Slot], name: str) -> str:
    return slots[name].value if name in slots else ""


def _dates_said(slots: Mapping[str, Slot], entities: Sequence[Entity], asked: Sequence[str]) -> _Dates:
    said = _Dates()
    loose: list[date] = []
    for entity in _without_memories(entities, asked):
        if entity.type == "nights" and entity.ambiguous:
            said.either = entity.alternatives
        elif entity.type == "nights" and _acceptable(entity):
            said.nights = int(entity.value)
        if entity.type != "date":
            continue
        problem = entity.problem or ("ambiguous" if entity.ambiguous else "")
        value = _as_date(entity.value)
        if problem or value is None:
            readings = (entity.value, *(item for item in entity.alternatives if item != entity.value))
            said.troubles.append(
                Trouble(
                    kind=problem or "impossible",
                    value=entity.value,
                    alternatives=readings if entity.alternatives else (),
                )
            )
            continue
        match _ROLES.get(entity.role, entity.role):
            case "check_in":
                said.check_in = value
            case "check_out":
                said.check_out = value
            case "night":
                said.check_in, said.check_out = value, value + timedelta(days=1)
            case _:
                loose.append(value)
    _place_loose(said, loose, slots, asked)
    return said


def _without_memories(entities: Sequence[Entity], asked: Sequence[str]) -> list[Entity]:
    """A day that is over, and is no arrival or departure, only tells a story, unless days were asked for and it is the
    only one."""
    usable = any(entity.type == "date" and not entity.problem for entity in entities)
    usable = usable or not {"check_in", "check_out", "dates", "nights", "change"} & set(asked)
    return [
        entity
        for entity in entities
        if not (usable and entity.problem == "past" and entity.role in ("", "mention", "date"))
    ]


def _choose_month(said: _Dates, entities: Sequence[Entity], readings: Sequence[DateReading]) -> None:
    """A month alone tells which of the readings was meant, or moves the only one there is into it."""
    month = next((entity.value for entity in entities if entity.type == "month"), "")
    if not month or said.check_in or said.check_out or said.troubles:
        return
    meant = next((item for item in readings if item.check_in.isoformat().startswith(month)), None)
    if meant is None and len(readings) == 1:
        meant = _into_month(readings[0], month)
    if meant is not None:
        said.check_in, said.check_out = meant.check_in, meant.check_out


def _into_month_of_departure(said: _Dates, entities: Sequence[Entity], arrival: date | None) -> None:
    """ "For the 24th", and then "December, leaving the 26th": the day of arrival was one of that month."""
    month = next((entity.value for entity in entities if entity.type == "month"), "")
    if not (month and arrival and said.check_out) or said.check_in or not said.check_out.isoformat().startswith(month):
        return
    moved = _as_date(f"{month}-{arrival.day:02}")
    if moved is not None and arrival < moved < said.check_out:
        said.check_in = moved


def _into_month(reading: DateReading, month: str) -> DateReading | None:
    """The same days of another month; None when it has no such day."""
    moved = _as_date(f"{month}-{reading.check_in.day:02}")
    if moved is None:
        return None
    length = reading.check_out - reading.check_in if reading.check_out else None
    return DateReading(check_in=moved, check_out=moved + length if length else None)


def _complete(said: _Dates, readings: Sequence[DateReading]) -> None:
    """Who answers which arrival was meant has said which departure was meant too."""
    if said.check_out is not None or said.nights is not None:
        return
    said.check_out = next((item.check_out for item in readings if item.check_in == said.check_in), None)


def _place_loose(said: _Dates, loose: list[date], slots: Mapping[str, Slot], asked: Sequence[str]) -> None:
    """Dates without a role are what was asked for; two of them are arrival and departure."""
    arrival = _as_date(_value(slots, "check_in"))
    for value in loose:
        # Of dates that could not be used the arrival was good: what comes now is the other end.
        other_end = "dates" in asked and "check_out" not in slots and arrival is not None and value > arrival
        wants_out = "check_out" in asked or "nights" in asked or other_end
        if said.check_in is None and not (wants_out and "check_in" in slots):
            said.check_in = value
        elif said.check_out is None and (said.check_in is None or value > said.check_in):
            # A day before the arrival is the one that it takes the place of: "not the 10th but the 11th".
            said.check_out = value


def _merge_dates(after: dict[str, Slot], said: _Dates, message_id: str, today: date) -> None:
    if any(trouble.kind == "reversed" for trouble in said.troubles):
        return
    old_in, old_out = _as_date(_value(after, "check_in")), _as_date(_value(after, "check_out"))
    old_nights = int(_value(after, "nights") or 0) or None
    arrival, departure = _settle(said, old_in, old_out, old_nights)
    if arrival and arrival < today:
        said.troubles.append(Trouble(kind="past", value=arrival.isoformat()))
        return
    if arrival and departure and departure <= arrival:
        said.troubles.append(Trouble(kind="reversed", value=f"{arrival.isoformat()}/{departure.isoformat()}"))
        return
    if arrival and said.either and said.check_out is None and said.nights is None:
        said.troubles.append(Trouble(kind="nights", alternatives=said.either))
        departure = departure if old_out and arrival == old_in else None
    nights = (departure - arrival).days if arrival and departure else said.nights or old_nights
    _put(after, "check_in", arrival.isoformat() if arrival else "", message_id)
    _put(after, "check_out", departure.isoformat() if departure else "", message_id)
    _put(after, "nights", str(nights) if nights else "", message_id)


def _settle(
    said: _Dates, old_in: date | None, old_out: date | None, old_nights: int | None
) -> tuple[date | None, date | None]:
    """Arrival and departure after what was said, each of the two, the nights, or any pair of them."""
    first, last = said.check_in, said.check_out
    nights = timedelta(days=said.nights) if said.nights else None
    before = timedelta(days=old_nights) if old_nights else None
    if first is None and last is None:
        first, last = old_in, (old_in + nights if old_in and nights else old_out)
    elif first is None and last is not None:
        # The arrival is never moved by what is said of the departure and the nights.
        last = old_in + nights if old_in and nights else last
        length = nights or before
        first = old_in or (last - length if length else None)
    elif first is not None and last is None:
        # A new arrival alone keeps the departure while it is still later, else the length of the stay.
        stays = nights or before
        keeps = nights is None and old_in is not None and old_out is not None and old_out > first
        last = old_out if keeps else (first + stays if stays else None)
    return first, last


def _put(after: dict[str, Slot], name: str, value: str, message_id: str) -> None:
    if not value:
        after.pop(name, None)
    elif _value(after, name) != value:
        after[name] = Slot(value=value, source=message_id)


def _as_date(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
