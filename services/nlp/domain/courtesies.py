"""Greetings and excuses before what is said, and thanks behind it: courtesies, no part of an answer or a request."""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.nlp.domain.text import fold, word_set

_THANKS = re.compile(
    r"(?:[\s,;()-]|\b(?:and|y)\b|[🙏🤗😊🙂😀😃😄☺✨🌹🫶\ufe0f\U0001f3fb-\U0001f3ff])*"
    r"(?:\b(?:many |so many )?(?:thanks|thank you|thank u|thankyou|thx|tks|thnx|tysm|ty|cheers)"
    r"(?: (?:so|very) much| a (?:lot|million|bunch)| again| in advance| guys| mate)?"
    r"|\b(?:muchas |muchisimas |mil |desde ya |de antemano )?(?:gracias|graciasss*|grax|grcs)"
    r"(?: (?:de antemano|por adelantado|desde ya|totales|de nuevo))?"
    r"|[🙏🤗😊🙂😀😃😄☺✨🌹🫶])"
    r"[\s,;.!🙏🤗😊🙂😀😃😄☺✨🌹🫶\ufe0f\U0001f3fb-\U0001f3ff]*$"
)
_OPENING = re.compile(
    r"\W*(?:(?:hi|hello|hey|hiya|hola|buenas?(?: (?:tardes|noches|dias))?|buenos dias"
    r"|good (?:morning|afternoon|evening)"
    r"|sorry|perdon|disculp[ae]n?|excuse me|pardon|um+|uh+|eh+|er+|mmm+)(?: (?:there|again|de nuevo))?[\s,.!;:-]+)+"
)
# What only the message as a whole can be.
_OF_THE_WHOLE = frozenset({"greeting", "goodbye", "confirm", "deny", "provide_info", "out_of_scope"})
# Thanks behind a question take no leave.
_STAYS = 0.3
_SURE_ENOUGH = 0.6
# What is said with thanks to take leave: "ok thanks" is no yes, and "perfecto, gracias" neither.
_LEAVE = word_set(
    """
    ok k okay okey oki vale dale va ta listo bueno bien perfecto perfecta genial excelente super claro entendido anotado
    great perfect good fine cool lovely brilliant alright right sure noted understood wonderful awesome nice got it
    please por favor si yes yeah yep no nope not now ahora entonces then so and y all set eso es todo that is s nada mas
    else muy very well ah oh pues ya igual igualmente de hola hi hello hey buenas buenos dias tardes noches
    sorry perdon disculpe disculpa there again
    """
)
_WORD = re.compile(r"[a-z]+|\d+")


def without_thanks(message: str) -> str:
    """The message up to the thanks at its end; all of it where little else is said."""
    folded = fold(message)
    found = _THANKS.search(folded.folded)
    if found is None or all(word in _LEAVE for word in _WORD.findall(folded.folded[: found.start()])):
        return message
    return message[: folded.span(0, found.start()).end]


def opening_of(message: str) -> int:
    """How many characters greet or excuse before something else is said; 0 where nothing else is."""
    folded = fold(message)
    found = _OPENING.match(folded.folded)
    rest = folded.folded[found.end() :].strip() if found else ""
    return folded.starts[found.end()] if found and rest else 0


def with_courtesies(whole: Mapping[str, float], rest: Mapping[str, float], *, asks: bool) -> dict[str, float]:
    """Scores of a message, which courtesies drown, raised to what the rest of it is sure of."""
    sure = {name: score for name, score in rest.items() if score >= _SURE_ENOUGH and name not in _OF_THE_WHOLE}
    scores = {name: max(score, sure.get(name, 0.0)) for name, score in whole.items()}
    if asks:
        scores["goodbye"] = min(whole["goodbye"], _STAYS)
    return scores
