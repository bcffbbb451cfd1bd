"""Under which names hotels keep what guests ask about, and which of a hotel's facts a question is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from services.orchestrator.domain.hotel import Fact
from services.orchestrator.domain.words import plain_words, words_of

# Other names for the topics of facts.
_ALIASES = {
    "wi_fi": "wifi",
    "internet": "wifi",
    "dogs": "pets",
    "pet": "pets",
    "late_check_out": "late_checkout",
    "early_check_in": "early_checkin",
    "car_park": "parking",
    "airport_transfer": "airport",
    "transfer": "airport",
    "swimming_pool": "pool",
    "check_in": "check_in_time",
    "checkin": "check_in_time",
    "checkin_time": "check_in_time",
    "check_out": "check_out_time",
    "checkout": "check_out_time",
    "checkout_time": "check_out_time",
    "cancellation": "cancellation_policy",
    "cancelation_policy": "cancellation_policy",
    "early_checkin": "check_in_time",
    "late_arrival": "check_in_time",
    "arrival": "check_in_time",
    "arrival_time": "check_in_time",
    "rooms": "room_types",
    "room_details": "room_types",
    "policy": "cancellation_policy",
    "transport": "airport",
    "taxi": "airport",
    "shuttle": "airport",
}
# Facts that answer a question about something wider, where the hotel has none of that name.
_NEAR = {
    "reception_hours": ("reception", "front_desk"),
    "accessibility": ("accessible", "elevator", "lift", "ascensor", "elevador", "wheelchair"),
    "restaurant": ("dinner", "lunch", "bar", "kitchen", "food", "meals"),
    "transport": ("taxi", "shuttle", "airport", "bus", "metro"),
    "children": ("kids", "crib", "cot", "family"),
    "day_pass": ("day_use", "pasadia", "pase_de_dia", "pase_por_el_dia", "full_day", "thermal_pools"),
    "airport": ("transfer", "shuttle", "traslado"),
    "spa": ("sauna", "massage", "jacuzzi"),
    "pool": ("swimming_pool", "piscina", "alberca", "jacuzzi"),
    "payment": ("payments", "cards", "cash"),
    "deposit": ("prepayment", "anticipo", "sena", "payment", "payments", "pago", "pagos"),
    "location": ("address", "directions"),
    "luggage": ("luggage_storage", "baggage"),
    "laundry": ("laundry_service", "washing"),
    "events": ("meeting_rooms", "weddings", "conference_rooms", "function_rooms"),
}
# Topics by the names that Spanish-speaking hotels give their facts.
_SPANISH = {
    "breakfast": ("desayuno", "desayunos"),
    "parking": ("estacionamiento", "parqueadero", "aparcamiento", "cochera", "garaje"),
    "wifi": ("internet", "wi_fi"),
    "pool": ("piscina", "alberca", "pileta"),
    "pets": ("mascotas", "perros", "animales"),
    "airport": ("aeropuerto", "traslado", "traslados"),
    "late_checkout": ("salida_tardia", "salida_tarde", "late_check_out"),
    "early_checkin": ("entrada_anticipada", "llegada_temprana", "early_check_in"),
    "payment": ("pago", "pagos", "formas_de_pago"),
    "luggage": ("equipaje", "maletas", "guarda_equipaje"),
    "laundry": ("lavanderia",),
    "restaurant": ("restaurante", "cena", "comidas"),
    "gym": ("gimnasio",),
    "smoking": ("fumar", "fumadores"),
    "children": ("ninos", "cuna"),
    "location": ("direccion", "ubicacion", "como_llegar"),
    "invoice": ("factura", "facturas", "facturacion"),
    "discount": ("descuento", "descuentos"),
    "accessibility": ("accesibilidad", "ascensor", "elevador"),
    "transport": ("transporte",),
    "events": ("eventos", "salones", "bodas", "sala_de_juntas"),
    "reception_hours": ("recepcion", "horario_recepcion", "horario_de_recepcion"),
}
# Words that may stand between those of a fact's name.
_WORDS_BETWEEN = 2
# The thing that is asked for: "do you have lockers", "do I need to bring a towel".
_THING = re.compile(
    r"\b(?:do you (?:have|provide|offer|rent|hire|sell|lend|supply)|(?:is|are) there|have you got|you got|got"
    r"|(?:need|have) to bring|should (?:i|we) bring|(?:can|could|may) (?:i|we) (?:rent|hire|borrow|buy|get|use|have)"
    r"|how do (?:i|we) (?:get|collect|pick up)|what about|how about|tienen|tienes|hay|ofrecen|cuentan con|(?:hay que"
    r"|tengo que|debo) (?:llevar|traer)"
    r"|(?:puedo|podemos) (?:alquilar|rentar|comprar|usar))\s+"
    r"(?:(?:an?|any|some|the|your|my|our|own|un|una|unos|unas|el|la|los|las|algun[oa]?s?)\s+)*"
    r"(?P<thing>[^\W\d_]{4,}(?:\s[^\W\d_]{4,})?)(?=\W*(?:$|[?.,;]|(?:i|we|to|that|in|on|for|at|and|or|y|o|en|para"
    r"|que)\b))",
    re.IGNORECASE,
)
_ONLY_A_THING = re.compile(
    r"^\W*(?:(?:hello|hi|hey|hola|and|y|or|o|also)\W+)*(?P<thing>[^\W\d_]{4,})\W*\?\W*$", re.IGNORECASE
)
# What is in every hotel's facts and tells none of them apart.
_OF_ALL = plain_words(
    """
    room rooms bed beds night nights guest guests person people price prices free time times place space anything
    something option options service services hotel house available availability discount view views breakfast
    habitacion habitaciones cuarto cama camas noche noches persona personas precio lugar algo servicio descuento
    """
)


def usual_name(topic: str) -> str:
    """What a topic is mostly called."""
    return _ALIASES.get(topic, topic)


def names_of(topic: str) -> tuple[str, ...]:
    """Names under which a hotel may keep the topic, the nearest first."""
    other = usual_name(topic)
    return (topic, *_SPANISH.get(topic, ()), *_NEAR.get(topic, ()), other, *_SPANISH.get(other, ()))


def fact_of(topic: str, facts: Collection[str]) -> str:
    """The fact under one of the topic's names, or under one of its own that has such a name in it: thermal_pools."""
    names = [name for name in names_of(topic) if name]
    parts = {fact: {part.rstrip("s") for part in fact.split("_")} for fact in facts}
    within = (fact for name in names for fact in facts if name in parts[fact])
    return next((name for name in names if name in facts), "") or next(within, "")


def facts_named(text: str, facts: Collection[str]) -> tuple[str, ...]:
    """The facts whose whole names stand in the words."""
    words = [word.rstrip("s") for word in words_of(text)]
    return tuple(name for name in facts if _stands([part.rstrip("s") for part in name.split("_")], words))


def facts_asked(text: str, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """Those that no topic of ours leads to: lockers and a curfew, by their names; and what "and towels?" is about."""
    named = tuple(name for name in facts_named(text, facts) if name not in _NAMES_OF_TOPICS)
    alone = fact_speaking_of(text, facts) if _ONLY_A_THING.match(text) else ""
    return named or ((alone,) if alone else ())


def fact_speaking_of(text: str, facts: Mapping[str, Fact]) -> str:
    """The only fact that speaks of the thing that is asked for; empty when none does, or several do."""
    asked = _THING.search(text) or _ONLY_A_THING.search(text)
    stem = words_of(asked["thing"])[-1].rstrip("s") if asked else ""
    if not stem or stem in _OF_ALL:
        return ""
    found = [name for name, fact in facts.items() if any(word.startswith(stem) for word in _words(name, fact))]
    return found[0] if len(found) == 1 else ""


def _words(name: str, fact: Fact) -> list[str]:
    return words_of(" ".join((name.replace("_", " "), *fact.texts.values())))


def _stands(parts: Sequence[str], words: Sequence[str]) -> bool:
    """Whether all parts of a name stand close together: a ski club that wants a room asks for no ski room."""
    near = len(parts) + _WORDS_BETWEEN
    return any(set(parts) <= set(words[at : at + near]) for at in range(len(words)))


_NAMES_OF_TOPICS = frozenset(
    (
        *_ALIASES,
        *_ALIASES.values(),
        *_SPANISH,
        *_NEAR,
        *(n for table in (_SPANISH, _NEAR) for names in table.values() for n in names),
    )
)
