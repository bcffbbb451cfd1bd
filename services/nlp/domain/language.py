"""Which of the hotel's languages a message is in. Very short messages lean on the conversation's language."""

from __future__ import annotations

import math
import re

from services.nlp.domain.language_lexicon import ENGLISH, SHARED, SPANISH
from services.nlp.domain.types import LANGUAGES, Language

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_SPANISH_SIGNS = re.compile(r"[ñ¿¡áíóúü]", re.IGNORECASE)
_ENGLISH_SIGNS = re.compile(
    r"\b(?:\w+n't|i'm|i've|i'd|i'll|\w+'s|\w+'re|\w+'ll)\b|\b\d+(?:st|nd|rd|th)\b|\d ?(?:pm|am)\b", re.IGNORECASE
)
_OF_ENGLISH_SIGNS = re.compile(r"['\d]")  # one of them stands in each
_SPANISH_ENDINGS = re.compile(
    r"(?:cion|ciones|mente|amos|emos|imos|ando|iendo|idad|ados|adas|ido|ada|ado|aba|aban|ito|ita|itos|itas"
    r"|eria|arla|arlo|ibles?|illa|ar|ir|o|a|os|as)$"
)
# Spanish words end in a vowel, n, r, s, l, d, z or j, have no s before a consonant at their start, no consonant before
# a last s, and of double letters only cc, ll, nn and rr.
_ENGLISH_SHAPES = re.compile(
    r"(?:tion|ing|ed|ness)$|[bcfghkmpqtvwxy]$|[bcdfgklmnprtwy]s$|^s[bcdfgklmnpqtvw]|^(?:wh|kn)"
    r"|w|k|gh|sh|th|ss|ff|zz|pp|tt|mm|bb|dd|gg|ee|oo"
)


# Words that both languages write alike ("gym?", "email?") are English where the model leans clearly that way.
_LIKELY_ENGLISH = 0.3


def detect(
    text: str, *, allowed: tuple[str, ...] = LANGUAGES, prior: str = "", model_spanish: float | None = None
) -> Language:
    """The most likely allowed language. `prior` is the conversation's language, `model_spanish` a model's opinion."""
    languages = tuple(code for code in LANGUAGES if code in allowed) or LANGUAGES
    if len(languages) == 1:
        return Language(code=languages[0], confidence=1.0)
    score, seen = _evidence(text)
    weight = 1.2 if seen >= 3 else 1.8 if seen == 2 else 2.4
    if prior.startswith("es"):
        score += weight
    elif prior.startswith("en"):
        score -= weight
    if model_spanish is not None and seen:
        bounded = min(max(model_spanish, 0.01), 0.99)
        score += math.log(bounded / (1 - bounded))
    spanish = 1 / (1 + math.exp(-score))
    if score == 0:
        likelier = languages[0] if model_spanish is None or model_spanish >= _LIKELY_ENGLISH else "en"
        return Language(code=prior[:2] if prior[:2] in languages else likelier, confidence=0.5)
    return Language(code="es" if spanish >= 0.5 else "en", confidence=round(max(spanish, 1 - spanish), 4))


def _evidence(text: str) -> tuple[float, int]:
    """Log odds of Spanish, and how many words spoke to it."""
    score = 0.0
    if _SPANISH_SIGNS.search(text):
        score += 2.5
    if _OF_ENGLISH_SIGNS.search(text):
        score -= 1.5 * len(_ENGLISH_SIGNS.findall(text))
    words = [_plain(w) for w in _WORD.findall(text)[:120]]
    seen = 0
    for word in words:
        if word in SHARED:
            continue
        if word in SPANISH:
            score, seen = score + 2.0, seen + 1
        elif word in ENGLISH:
            score, seen = score - 2.0, seen + 1
        elif len(word) > 2:
            seen += 1
            score += 0.5 * bool(_SPANISH_ENDINGS.search(word)) - 0.7 * bool(_ENGLISH_SHAPES.search(word))
    return max(-12.0, min(12.0, score)), seen


def _plain(word: str) -> str:
    return word.lower().translate(_ACCENTS)


_ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")
