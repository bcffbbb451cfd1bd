"""What a model outside may say about a message, and what of it is believed.

It only proposes. Everything it says is checked as if a guest had written it: names of our catalogue, words that stand
in the message, values that are possible. It takes nothing away, it never consents or objects in the guest's name, and
what it adds is told with little confidence, so that it is read back before anything is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from services.nlp.domain.intents import CATALOGUE, INTENTS
from services.nlp.domain.text import fold
from services.nlp.domain.topics import topic_of, urgency_of
from services.nlp.domain.types import Analysis, Entity, EntityType, Intent, Message, Role, Span

# Consent and its withdrawal are read from the guest's own words alone.
NEVER_PROPOSED = frozenset({"confirm", "deny", "opt_in", "opt_out"})
PROPOSABLE = tuple(name for name in INTENTS if name not in NEVER_PROPOSED)
SURE_ENOUGH = 0.6
# Likelier than not, and no more.
_PROPOSED = 0.55
_ENTITY_CONFIDENCE = 0.5
_MOST_INTENTS, _MOST_ENTITIES = 2, 8
_MOST_QUOTE = 80
_FURTHEST = timedelta(days=730)
_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]+[^\W\d_]+){0,5}")
_COUNTS = {
    EntityType.NIGHTS: (1, 90),
    EntityType.ADULTS: (1, 30),
    EntityType.CHILDREN: (0, 20),
    EntityType.CHILD_AGE: (0, 17),
    EntityType.ROOMS: (1, 20),
}
_TOPICS = {label.name: label.topics for label in CATALOGUE}
_STAY_ROLES = {"check_in": Role.CHECK_IN, "check_out": Role.CHECK_OUT, "date": Role.DATE}


def unsure(message: Message, analysis: Analysis) -> bool:
    """Whether somebody else may know better: words, and no reading of them that is likely."""
    told = [intent.confidence for intent in analysis.intents if intent.name != "greeting"]
    return len(fold(message.text).words()) >= 2 and max(told, default=0.0) < SURE_ENOUGH


def with_proposals(message: Message, analysis: Analysis, answer: object) -> Analysis:
    """The analysis with what is believed of an answer of any shape: the very same analysis when that is nothing."""
    told = answer if isinstance(answer, Mapping) else {}
    intents = _with_intents(message, analysis, list(_names(told.get("intents"))))
    entities = _with_entities(message, analysis, told.get("entities"))
    if intents == analysis.intents and entities == analysis.entities:
        return analysis
    return replace(analysis, intents=intents, entities=entities, model_version=f"{analysis.model_version}+outside")


def _items(value: object, most: int) -> Iterator[Mapping[str, object]]:
    for item in value[: 4 * most] if isinstance(value, list) else ():
        if isinstance(item, Mapping):
            yield item


def _names(value: object) -> Iterator[tuple[str, str]]:
    """Intents of the catalogue with a topic of theirs, or without one."""
    for item in _items(value, _MOST_INTENTS):
        name, topic = item.get("name"), item.get("topic")
        if isinstance(name, str) and name in PROPOSABLE:
            yield name, topic if isinstance(topic, str) and topic in _TOPICS[name] else ""


def _with_intents(message: Message, analysis: Analysis, names: list[tuple[str, str]]) -> tuple[Intent, ...]:
    folded = fold(message.text).folded
    likely = {intent.name for intent in analysis.intents if intent.confidence >= _PROPOSED}
    added: dict[str, Intent] = {}
    for name, topic in names:
        if name in likely or (name == "out_of_scope" and likely) or len(added) == _MOST_INTENTS:
            continue
        added.setdefault(
            name,
            Intent(
                name=name,
                confidence=_PROPOSED,
                topic=topic or topic_of(name, folded),
                urgency=urgency_of(name, folded, message.text),
            ),
        )
    if not added:
        return analysis.intents
    kept = [intent for intent in analysis.intents if intent.name not in added]
    return tuple(sorted([*kept, *added.values()], key=lambda intent: -intent.confidence))


def _with_entities(message: Message, analysis: Analysis, value: object) -> tuple[Entity, ...]:
    found: list[Entity] = []
    for item in _items(value, _MOST_ENTITIES):
        entity = _entity(message, item)
        if entity is not None and _is_new(entity, [*analysis.entities, *found]) and len(found) < _MOST_ENTITIES:
            found.append(entity)
    stay = {entity.role: entity.value for entity in (*analysis.entities, *found) if entity.type is EntityType.DATE}
    if stay.get(Role.CHECK_OUT, "9") <= stay.get(Role.CHECK_IN, ""):
        found = [entity for entity in found if entity.type is not EntityType.DATE]
    if not found:
        return analysis.entities
    return tuple(sorted([*analysis.entities, *found], key=lambda entity: (entity.span.start, entity.span.end)))


def _is_new(entity: Entity, known: list[Entity]) -> bool:
    """Of a kind that nobody has read, in words that nobody has taken."""
    alike = any(other.type is entity.type and other.role is entity.role for other in known)
    return not alike and not any(other.span.overlaps(entity.span) for other in known)


@dataclass(frozen=True, slots=True)
class _Claim:
    """That words of the message mean a value."""

    message: Message
    quote: str
    value: str

    @property
    def figures(self) -> list[int]:
        return [int(figure) for figure in re.findall(r"[0-9]{1,4}", self.quote)]


def _entity(message: Message, item: Mapping[str, object]) -> Entity | None:
    kind, quote, value = item.get("type"), item.get("quote"), item.get("value")
    if not (isinstance(kind, str) and isinstance(quote, str) and 0 < len(quote) <= _MOST_QUOTE):
        return None
    start = message.text.find(quote) if any(character.isalnum() for character in quote) else -1
    check = _CHECKS.get(kind)
    if start < 0 or check is None or isinstance(value, bool) or not isinstance(value, str | int):
        return None
    checked = check(_Claim(message, quote, str(value)))
    role = _STAY_ROLES.get(str(item.get("role")), Role.DATE) if kind == EntityType.DATE else Role.NONE
    return None if checked is None else Entity(
        type=EntityType(kind), span=Span(start=start, end=start + len(quote)), text=quote, value=checked, role=role,
        confidence=_ENTITY_CONFIDENCE,
    )  # fmt: skip


def _count(least: int, most: int) -> Callable[[_Claim], str | None]:
    """A number in its bounds; where the quote has figures, it is one of them."""

    def check(claim: _Claim) -> str | None:
        if not re.fullmatch(r"[0-9]{1,3}", claim.value) or not least <= int(claim.value) <= most:
            return None
        return str(int(claim.value)) if not claim.figures or int(claim.value) in claim.figures else None

    return check


def _date(claim: _Claim) -> str | None:
    """A day on sale; where the quote has figures, its number is one of them."""
    try:
        day = date.fromisoformat(claim.value)
    except ValueError:
        return None
    today = claim.message.context.today
    near = today <= day <= today + _FURTHEST
    return day.isoformat() if near and (not claim.figures or day.day in claim.figures) else None


def _time(claim: _Claim) -> str | None:
    try:
        return time.fromisoformat(claim.value).strftime("%H:%M") if len(claim.value) == 5 else None
    except ValueError:
        return None


def _name(claim: _Claim) -> str | None:
    """The guest's own words and nothing else."""
    return claim.value if claim.value == claim.quote and _NAME.fullmatch(claim.value) else None


def _room_type(claim: _Claim) -> str | None:
    return claim.value if claim.value in {item.code for item in claim.message.context.catalogue.room_types} else None


def _rate_plan(claim: _Claim) -> str | None:
    return claim.value if claim.value in {item.code for item in claim.message.context.catalogue.rate_plans} else None


# Codes, addresses and phone numbers are not here: rules read them exactly, and they open doors.
_CHECKS: Mapping[str, Callable[[_Claim], str | None]] = {
    EntityType.DATE: _date,
    EntityType.ARRIVAL_TIME: _time,
    EntityType.GUEST_NAME: _name,
    EntityType.ROOM_TYPE: _room_type,
    EntityType.RATE_PLAN: _rate_plan,
    **{kind: _count(least, most) for kind, (least, most) in _COUNTS.items()},
}
PROPOSABLE_ENTITIES = tuple(_CHECKS)
