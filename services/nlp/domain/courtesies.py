"""Greetings and excuses before what is said, and thanks behind it: courtesies, no part of an answer or a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.nlp.domain.clauses import ADDED, with_clauses
from services.nlp.domain.text import Text, word_set

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
# What a message can be beside thanks; the rest of the catalogue it is as a whole.
_BESIDE = (*ADDED, "opt_out", "opt_in")
# Thanks behind a question take no leave.
_STAYS = 0.3
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What of a message says something: `text` has no thanks at its end, and begins with `opening` characters that
    greet or excuse."""

    text: str
    opening: int

    @property
    def told(self) -> str:
        """What comes after the opening."""
        return self.text[self.opening :]


def content_of(message: Text) -> Content:
    """All of it where little else is said than courtesies."""
    folded, end = message.folded, len(message.folded)
    thanks = _THANKS.search(folded)
    if thanks and not all(word in _LEAVE for word in _WORD.findall(folded[: thanks.start()])):
        end = thanks.start()
    text = message.original if end == len(folded) else message.original[: message.span(0, end).end]
    opening = _OPENING.match(folded)
    told = folded[opening.end() : end].strip() if opening else ""
    return Content(text=text, opening=message.starts[opening.end()] if opening and told else 0)


def with_courtesies(whole: Mapping[str, float], rest: Mapping[str, float], *, asks: bool) -> dict[str, float]:
    """Scores of a message, which courtesies drown, raised to what the rest of it is sure of."""
    scores = with_clauses(whole, [rest], names=_BESIDE)
    if asks:
        scores["goodbye"] = min(whole["goodbye"], _STAYS)
    return scores
