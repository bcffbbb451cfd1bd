"""The held-out messages (tests/data/nlu/held_out), written by other hands: what is wanted, and what was read, alike.

Only figures over all of them are ever shown. Their conventions are in the README beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from services.nlp.domain.types import Analysis, Context, Entity, EntityType, KnownStay, Problem, Role
from services.nlp.training.cases import CATALOGUE, FOLDER

_ZONE = ZoneInfo("America/Mexico_City")
_LISTS = {"child_ages"}
_TYPES = {
    "nights": EntityType.NIGHTS,
    "adults": EntityType.ADULTS,
    "children": EntityType.CHILDREN,
    "child_ages": EntityType.CHILD_AGE,
    "rooms": EntityType.ROOMS,
    "room_type": EntityType.ROOM_TYPE,
    "rate_plan": EntityType.RATE_PLAN,
    "guest_name": EntityType.GUEST_NAME,
    "reservation_code": EntityType.RESERVATION_CODE,
    "email": EntityType.EMAIL,
    "phone": EntityType.PHONE,
    "room_number": EntityType.ROOM_NUMBER,
    "arrival_time": EntityType.ARRIVAL_TIME,
}
STAY = ("check_in", "check_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutCase:
    """One message and what is meant. A value is a tuple of accepted texts: one, or several where it is ambiguous."""

    language: str
    text: str
    context: Context
    intents: frozenset[str]
    topic: str = ""
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    no_dates: bool = False
    urgency: str = ""


def load_held_out(language: str, folder: Path = FOLDER / "held_out") -> list[HeldOutCase]:
    """All cases of one language."""
    content = yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
    now = datetime.fromisoformat(content["reference_time"])
    return [_case(item, language, now) for item in content["cases"]]


def _case(item: dict[str, Any], language: str, now: datetime) -> HeldOutCase:
    around = item.get("context", {})
    known = around.get("known") or {}
    asked = tuple(around.get("asked") or ())
    context = Context(
        now=now, time_zone=_ZONE, asked=asked, known=_known(known), catalogue=CATALOGUE, region="MX",
        language_prior=language if around else "",
    )  # fmt: skip
    return HeldOutCase(
        language=language,
        text=item["text"],
        context=context,
        intents=frozenset(item["intents"]),
        topic=item.get("topic", ""),
        values={name: (_written(name, value),) for name, value in (item.get("entities") or {}).items()},
        problems=dict(item.get("problems") or {}),
        no_dates=bool(item.get("no_dates")),
        urgency=item.get("urgency", ""),
    )


def _known(slots: dict[str, Any]) -> KnownStay:
    def day(name: str) -> date | None:
        return date.fromisoformat(str(slots[name])) if name in slots else None

    def count(name: str) -> int | None:
        return int(slots[name]) if name in slots else None

    return KnownStay(
        check_in=day("check_in"), check_out=day("check_out"), nights=count("nights"), adults=count("adults"),
        children=count("children"),
    )  # fmt: skip


def _written(name: str, value: Any) -> str:
    return " ".join(str(one) for one in value) if name in _LISTS else str(value).casefold()


def values_of(analysis: Analysis) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """What was read, in the form of the cases: values with their accepted readings, and problems of stay dates."""
    values: dict[str, tuple[str, ...]] = {}
    problems: dict[str, str] = {}
    for entity in analysis.entities:
        if entity.type is EntityType.DATE:
            _date(entity, values, problems)
    for name, kind in _TYPES.items():
        found = [e for e in analysis.entities if e.type is kind and e.problem is Problem.NONE]
        if found and name in _LISTS:
            values[name] = (" ".join(e.value for e in found),)
        elif found:
            values[name] = tuple(v.casefold() for v in (found[-1].value, *found[-1].alternatives))
    return values, problems


def _date(entity: Entity, values: dict[str, tuple[str, ...]], problems: dict[str, str]) -> None:
    name = "check_in" if entity.role is Role.NIGHT else entity.role.value
    if name not in STAY:
        return
    problem = "ambiguous" if entity.ambiguous else entity.problem.value
    if problem and not (name == "check_in" and problem == Problem.REVERSED.value):
        problems.setdefault(name, problem)
    if entity.problem is Problem.IMPOSSIBLE:
        return
    readings = (entity.value, *entity.alternatives)
    values.setdefault(name, readings)
    if entity.role is Role.NIGHT:
        values.setdefault("single_night", readings)


def mentioned_dates(analysis: Analysis) -> set[str]:
    """Every date that was read, whatever its role."""
    return {
        value
        for e in analysis.entities
        if e.type is EntityType.DATE and e.problem is not Problem.IMPOSSIBLE
        for value in (e.value, *e.alternatives)
    }
