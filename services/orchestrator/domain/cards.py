"""Card numbers in what a guest wrote: they are taken out before anything else is read in the words."""

from __future__ import annotations

import re

from mesh.masking import mask_words

# A masked number: stars in groups, with what is left of the digits.
_MASKED = re.compile(r"(?:\*[\s.\-/_]{0,3}){8,}[\d\s.\-]{0,12}")
# What stands beside one: the month and year it ends, and the code on its back.
_BESIDE = re.compile(
    r"\b(?:exp\w*|venc\w*|vence|val\w*|cad\w*)?\.?:?\s*(?:0?[1-9]|1[0-2])\s*/\s*(?:20)?\d\d\b"
    r"|\b(?:cvv|cvc|cvv2|c[oó]digo de seguridad|security code)\b\D{0,5}\d{3,4}\b",
    re.IGNORECASE,
)


def without_card(text: str) -> str | None:
    """The text without the card number in it, and what goes with one; None when there is no card number."""
    masked = mask_words(text)
    if _MASKED.search(masked) is None:
        return None
    return " ".join(_BESIDE.sub(" ", _MASKED.sub(" ", masked)).split())
