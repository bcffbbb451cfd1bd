"""A message to be understood, what is meant by it, and what was read of it, both in the same form."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from services.nlp.domain.types import (
    Analysis,
    Catalogue,
    CatalogueItem,
    Context,
    Entity,
    EntityType,
    Problem,
    Role,
)

FOLDER = Path(__file__).resolve().parents[3] / "tests" / "data" / "nlu"
CATALOGUE = Catalogue(
    room_types=(
        CatalogueItem(code="DBL", names=("doble", "double")),
        CatalogueItem(code="TWN", names=("dos camas", "twin")),
        CatalogueItem(code="FAM", names=("familiar", "family")),
        CatalogueItem(code="SUI", names=("suite",)),
    ),
    rate_plans=(
        CatalogueItem(code="FLEX", names=("flexible",)),
        CatalogueItem(code="NRF", names=("no reembolsable", "non-refundable")),
    ),
)
STAY = ("check_in", "check_out")
LISTS = frozenset({"child_ages"})
TYPES = {
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
Values = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One message and what is meant. Each intent, topic and value is a tuple of accepted readings, mostly one.

    `dates` are days that must be noticed, whatever their role. With `no_dates` a stay date or length is a false alarm.
    """

    language: str
    style: str
    text: str
    context: Context
    intents: tuple[tuple[str, ...], ...]
    topics: tuple[str, ...] = ()
    values: Values = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    no_dates: bool = False
    urgency: str = ""

    def wanted(self, told: set[str]) -> set[str]:
        """The intents meant; of several accepted ones that which was told, else the first."""
        return {next((name for name in accepted if name in told), accepted[0]) for accepted in self.intents}


def values_of(analysis: Analysis) -> tuple[Values, dict[str, str]]:
    """What was read, in the form of the cases: values with their accepted readings, and problems of stay dates."""
    values: Values = {}
    problems: dict[str, str] = {}
    for entity in analysis.entities:
        if entity.type is EntityType.DATE:
            _date(entity, values, problems)
    for name, kind in TYPES.items():
        found = [e for e in analysis.entities if e.type is kind and e.problem is Problem.NONE]
        if found and name in LISTS:
            values[name] = (" ".join(e.value for e in found),)
        elif found:
            values[name] = tuple(v.casefold() for v in (found[-1].value, *found[-1].alternatives))
    return values, problems


def _date(entity: Entity, values: Values, problems: dict[str, str]) -> None:
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
