"""Protobuf to domain values and back. Refuses malformed requests with the field's path."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from hotel.nlp.v1 import nlp_pb2 as pb
from mesh.errors import Invalid
from mesh.values import Money
from mesh.wire import date_to_proto, money_to_proto, time_from_proto, time_of_day_to_proto

from services.nlp.domain.types import (
    LANGUAGES,
    MAX_TEXT_CHARACTERS,
    Analysis,
    Catalogue,
    CatalogueItem,
    Context,
    Entity,
    EntityType,
    Intent,
    KnownStay,
    Message,
)

_COUNTS = {
    EntityType.NIGHTS, EntityType.EXTRA_NIGHTS, EntityType.ADULTS, EntityType.CHILDREN, EntityType.CHILD_AGE,
    EntityType.ROOMS,
}  # fmt: skip
_TIMES = {EntityType.ARRIVAL_TIME, EntityType.DEPARTURE_TIME}


def message_from(request: pb.AnalyzeRequest, *, default_region: str, careful: bool = False, path: str = "") -> Message:
    """What is to be understood. Raises Invalid with the field's path."""
    if len(request.text) > MAX_TEXT_CHARACTERS:
        problem = f"must be at most {MAX_TEXT_CHARACTERS} characters, has {len(request.text)}"
        raise Invalid("text is too long", fields={f"{path}text": problem})
    context = _context(request, default_region=default_region, path=path)
    return Message(text=request.text, context=context, languages=_languages(request), careful=careful)


def _context(request: pb.AnalyzeRequest, *, default_region: str, path: str) -> Context:
    """Everything but the words. Known slots that cannot be read are left out: they only help."""
    now = time_from_proto(request.reference_time, f"{path}reference_time")
    if now is None:
        raise Invalid("reference_time is missing", fields={f"{path}reference_time": "is required"})
    return Context(
        now=now,
        time_zone=_zone(request.time_zone, path),
        asked=tuple(request.context.asked_slots),
        known=_known(dict(request.context.known_slots)),
        language_prior=request.language_hint.lower()[:2],
        catalogue=_catalogue(request.catalogue),
        region=request.region.upper() or default_region,
    )


def _languages(request: pb.AnalyzeRequest) -> tuple[str, ...]:
    """Languages of the hotel that we know; all of ours where none is named or known."""
    allowed = {code.lower()[:2] for code in request.allowed_languages}
    return tuple(code for code in LANGUAGES if code in allowed) or LANGUAGES


@lru_cache(maxsize=128)
def _time_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _zone(name: str, path: str) -> ZoneInfo:
    if not name:
        raise Invalid("time_zone is missing", fields={f"{path}time_zone": "is required"})
    try:
        return _time_zone(name)
    except (KeyError, ValueError, OSError):
        raise Invalid("unknown time zone", fields={f"{path}time_zone": "must be an IANA time zone"}) from None


def _known(slots: dict[str, str]) -> KnownStay:
    return KnownStay(
        check_in=_date(slots.get("check_in", "")),
        check_out=_date(slots.get("check_out", "")),
        nights=_count(slots.get("nights", "")),
        adults=_count(slots.get("adults", "")),
        children=_count(slots.get("children", "")),
        month=_month(slots.get("month", "")),
        booked_until=_date(slots.get("booked_until", "")),
    )


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _month(written: str) -> tuple[int, int] | None:
    first = _date(f"{written}-01")
    return (first.year, first.month) if first else None


def _count(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() else None


def _catalogue(message: pb.Catalogue) -> Catalogue:
    def items(messages: object) -> tuple[CatalogueItem, ...]:
        return tuple(CatalogueItem(code=m.id, names=tuple(m.names)) for m in messages)  # type: ignore[attr-defined]

    return Catalogue(room_types=items(message.room_types), rate_plans=items(message.rate_plans))


def response_from(analysis: Analysis) -> pb.AnalyzeResponse:
    """The answer on the wire."""
    return pb.AnalyzeResponse(
        language=pb.LanguageGuess(code=analysis.language.code, confidence=analysis.language.confidence),
        intents=[_intent(intent) for intent in analysis.intents],
        entities=[_entity(entity) for entity in analysis.entities],
        out_of_scope_score=analysis.out_of_scope,
        model_version=analysis.model_version,
        content=analysis.content,
    )


def _intent(intent: Intent) -> pb.Intent:
    return pb.Intent(name=intent.name, confidence=intent.confidence, topic=intent.topic, urgency=intent.urgency)


def _entity(entity: Entity) -> pb.Entity:
    told = entity.told or entity.span
    message = pb.Entity(
        type=entity.type.value,
        role=entity.role.value,
        start=entity.span.start,
        end=entity.span.end,
        value=entity.value,
        confidence=entity.confidence,
        ambiguous=entity.ambiguous,
        alternatives=entity.alternatives,
        problem=entity.problem.value,
        content_start=told.start,
        content_end=told.end,
    )
    if entity.type is EntityType.DATE and (on := _date(entity.value)):
        message.date.CopyFrom(date_to_proto(on))
    elif entity.type in _COUNTS:
        message.count = int(entity.value)
    elif entity.type in _TIMES:
        message.time_of_day.CopyFrom(time_of_day_to_proto(time.fromisoformat(entity.value)))
    elif entity.type is EntityType.MONEY and " " in entity.value:
        amount, currency = entity.value.split(" ")
        message.money.CopyFrom(money_to_proto(Money(Decimal(amount), currency)))
    return message
