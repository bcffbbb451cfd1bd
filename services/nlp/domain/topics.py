"""What a question, complaint or service request is about, and how urgent a complaint is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.nlp.domain.question_topics_lexicon import INQUIRY
from services.nlp.domain.screening import Pattern, screened
from services.nlp.domain.topics_lexicon import COMPLAINT, SERVICE

# Things one asks about side by side: "is there parking and a pool?".
_FACILITIES = frozenset(
    {"breakfast", "parking", "wifi", "pool", "gym", "spa", "pets", "airport", "laundry", "restaurant", "taxes"}
)


def _compiled(table: tuple[tuple[str, str], ...]) -> tuple[tuple[str, Pattern], ...]:
    return tuple((topic, screened(pattern)) for topic, pattern in table)


_TABLES = {
    "general_inquiry": _compiled(INQUIRY),
    "complaint": _compiled(COMPLAINT),
    "service_request": _compiled(SERVICE),
}
_URGENT = re.compile(
    r"\b(?:urgent\w*|ahora(?: mismo)?|ya\b|right now|now\b|immediately|inmediat\w+|asap|cuanto antes"
    r"|segunda vez|tercera vez|otra vez|second time|third time|again|still|sigue sin|todavia no"
    r"|no (?:puedo|podemos|pude|hemos podido) dormir|can'?t sleep|hours?|horas|inund\w+|flood\w*|sin (?:agua"
    r"|luz)|no hay (?:agua|luz)|no (?:water|power|electricity)"
    r"|horrible|inaceptable|unacceptable|insoportable|unbearable|bebe|baby|madrugada|at 3|de la noche|robaron"
    r"|stolen|bed ?bugs?|chinches|peligr\w+|danger\w*|gas\b|leak\w*|gote\w+|twice|dos veces|three times|3 veces"
    r"|2 veces"
    r"|3 times|all night|toda la noche|locked out|me quede (?:afuera|fuera)|asthma|asma|wheelchair"
    r"|silla de ruedas|enferm\w+|smoke|humo|sparks?|chispas?|burning|pouring|overflow\w*|desbord\w*|stuck|trapped"
    r"|atrapad[oa]s?"
    r"|encerrad[oa]s?|insulin\w*|medicin\w+|medication|pregnan\w+|embarazada|threat\w*|amenaz\w+|intruder|strangers?"
    r"|scared|miedo|hurry|apurense|(?:1|2|3|4) ?am|desde ayer|since yesterday|hace (?:2|3|4|5) dias|(?:2|3|4|5) days"
    r"|sick|toddler|nobody|nadie|no one)\b"
)
_AT_ONCE = re.compile(
    r"\b(?:urgent\w*|urge\b|right (?:now|away)|straight away|asap|immediately|inmediat\w+|at once|ahora mismo"
    r"|ya mismo"
    r"|cuanto antes|as soon as possible|lo antes posible|de inmediato|emergenc\w+)\b"
)
_PAST_STAY = re.compile(
    r"\b(?:estuvimos|me hospede|nos hospedamos|mi estancia (?:pasada|fue)|nuestra estancia (?:fue|estuvo)"
    r"|la semana pasada|el mes pasado|last (?:week|month|year)|we stayed|i stayed|our stay was|my stay was"
    r"|was|were|fue\b|estaba|had\b)\b"
)
_OVER = re.compile(
    r"\b(?:stayed (?:with you|there|here|at your)|(?:we|i) stayed|nos hospedamos|me hospede|nos alojamos|me aloje"
    r"|(?:my|our) (?:last |recent )?stay (?:was|last)|(?:mi|nuestra) estancia (?:fue|pasada)|estuv(?:e|imos) (?:ahi"
    r"|alla|con ustedes|hospedad\w+))\b"
)
# "Where do I park, and how much is it": the price of what was asked for.
_AND_WHAT_FOR = re.compile(
    r"\b(?:y|and) (?:cuanto (?:cuesta|vale|es|cobran|sale)|how much (?:is (?:it|that)|does (?:it|that) cost))\b"
    r"|\b(?:is|are|would) there (?:be )?(?:an? |any )?(?:extra |additional )?(?:fee|charge|cost|supplement"
    r"|surcharge)s?\b"
    r"|\bdo you charge(?: (?:for (?:it|that|this|them|her|him)|extra|anything))?(?=\W*$|[.?!])"
    r"|\b(?:hay|tiene|tienen) (?:algun |un )?(?:cargo|costo|coste|recargo|suplemento)\b"
)


def topic_of(intent: str, folded: str) -> str:
    """The topic with the earliest mention among those of the intent; order of the table breaks ties. "" for none."""
    best: tuple[int, int, str] | None = None
    for rank, (topic, pattern) in enumerate(_TABLES.get(intent, ())):
        m = pattern.search(folded)
        if m and (best is None or (rank // 40, rank) < best[:2]):
            best = (rank // 40, rank, topic)
    return best[2] if best else ""


def topics_of(intent: str, folded: str) -> tuple[str, ...]:
    """All topics mentioned, most specific first."""
    return tuple(topic for topic, pattern in _TABLES.get(intent, ()) if pattern.search(folded))


def topics_asked(folded: str, questions: Sequence[str]) -> tuple[str, ...]:
    """Topics of a message of several questions: one of each question, and every facility that a question names."""
    found: list[str] = []
    for question in questions or (folded,):
        topics = topics_of("general_inquiry", question)
        named = _as_mentioned(question, [topic for topic in topics if topic in _FACILITIES])
        found += named if len(named) > 1 else topics[:1]
    if found == ["price"] and _AND_WHAT_FOR.search(folded):
        found = []
    return tuple(dict.fromkeys(found)) or topics_of("general_inquiry", folded)[:1]


def _as_mentioned(folded: str, topics: Sequence[str]) -> list[str]:
    """Topics of a question in the order of their words, in which they are answered."""
    first = {topic: m.start() for topic, pattern in _TABLES["general_inquiry"] if (m := pattern.search(folded))}
    return sorted(topics, key=lambda topic: first[topic])


def urgency_of(intent: str, folded: str, original: str) -> float:
    """0-1: health, safety, sleep, repetition and loudness raise it; a stay that is over lowers it."""
    if intent == "emergency":
        return 1.0
    if intent not in ("complaint", "service_request"):
        return 0.0
    urgency = 0.5 if intent == "complaint" else 0.3
    urgency += 0.2 * min(2, len(_URGENT.findall(folded)))
    if _AT_ONCE.search(folded):
        urgency += 0.2
    if "!!" in original or (len(original) > 12 and original.upper() == original and any(c.isalpha() for c in original)):
        urgency += 0.15
    if _PAST_STAY.search(folded) and not _URGENT.search(folded):
        urgency -= 0.3
    if _OVER.search(folded) and not _AT_ONCE.search(folded):
        urgency = min(urgency, 0.4)  # whoever has left waits for an answer and for nobody to come
    return round(min(1.0, max(0.05, urgency)), 2)
