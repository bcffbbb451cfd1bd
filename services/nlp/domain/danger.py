"""Words of danger that are certain by themselves: smoke, fire, gas, poison, violence, somebody who does not wake.

They settle the intent by rule. The model does not learn from them, so that one can be added without a new training.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.nlp.domain.screening import screened

_DANGER = screened(
    r"\b(?:huele (?:\w+ ){0,2}a gas|olor a gas|smells? (?:\w+ ){0,2}?(?:of |like )?gas\b|sale (?:mucho )?humo"
    r"|smoke (?:is )?(?:coming|pouring|in the (?:corridor|hallway))"
    r"|(?:humo|chispas|llamas) (?:\w+ ){0,3}(?:enchufe|tomacorriente|contacto|cocina|techo|pared|elevador|ascensor)"
    r"|(?:smoke|sparks|flames) (?:\w+ ){0,3}(?:socket|outlet|plug|kitchen|ceiling|wall|vent|lift|elevator)"
    r"|(?:huele|olor) (?:\w+ ){0,2}a (?:quemado|humo)|se (?:esta )?(?:quemando|incendi\w+)"
    r"|burning smell|smells? (?:of |like )?(?:something )?burning"
    r"|(?:tomo|trago|ingirio) (?:\w+ ){0,3}(?:pastillas|cloro|veneno)"
    r"|(?:swallowed|took) (?:\w+ ){0,3}(?:pills|bleach|poison|battery)"
    r"|(?:hij[oa]|bebe|espos[oa]|marido|mujer|mama|papa|amig[oa]|el|ella) no (?:despierta|reacciona|respira)"
    r"|(?:won'?t|isn'?t|not) (?:wake|waking) up|(?:isn'?t|not) (?:responding|breathing)"
    r"|(?:hitting|beating|attacking|stabbing|golpeando|amenazando) (?:\w+ ){0,2}(?:me|him|her|girlfriend|wife"
    r"|boyfriend|mujer|novia|esposa|hombre|alguien)|been mugged|(?:me|nos) (?:\w+ ){0,3}(?:asaltar|asaltaron))\b"
)
_CERTAIN = 0.95


# What befell somebody elsewhere, or keeps them from coming.
_ELSEWHERE = screened(
    r"\b(?:family|personal|work) emergenc(?:y|ies)\b|\bemergencias? (?:familiar(?:es)?|personal(?:es)?"
    r"|laboral(?:es)?)\b"
    r"|\bemergenc\w+ (?:\w+ )?(?:(?:at|back) home|en (?:casa|(?:mi|la) familia))\b"
)
_AS_REASON = screened(
    r"\b(?:had|due to|because of|por|tuv\w+|tenido|surgi\w+|presento|hubo) (?:(?:an?|una?|1) )?(?:\w+ )?emergenc\w+"
)
_NOT_COMING = screened(
    r"\b(?:cancel\w*|anul\w*|postpone\w*|refund\w*|reembols\w*|devoluci\w+|no (?:vamos a|voy a|podemos|puedo|podremos"
    r"|podre) (?:ir|llegar|viajar|poder)|(?:can'?t|cannot|won'?t|unable to) (?:make|come|travel|be able))\b"
)


def is_elsewhere(folded: str) -> bool:
    """ "A family emergency" keeps somebody from coming, and nobody has to run."""
    as_reason = _AS_REASON.search(folded) and _NOT_COMING.search(folded)
    return bool(as_reason or _ELSEWHERE.search(folded))


def without_false_alarms(folded: str) -> str:
    """ "Labor Day" is no birth, and nobody here is in danger from what happened elsewhere."""
    calm = _ELSEWHERE.sub("reason", folded.replace("labor day", "labour day"))
    return _AS_REASON.sub("reason", calm) if is_elsewhere(folded) else calm


def with_danger(scores: Mapping[str, float], folded: str) -> dict[str, float]:
    """Scores of cues, raised where a word of danger stands."""
    return {**scores, "emergency": _CERTAIN} if _DANGER.search(folded) else dict(scores)
