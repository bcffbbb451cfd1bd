"""Words as they are typed on a telephone, and what they stand for: "hab p/ 2", "rate w/ breakfast", "2 nites 4 2"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Of several spellings the whole word counts, whatever stands beside it.
_WORDS = {
    "nyt": "night", "nyts": "nights", "nite": "night", "nites": "nights", "nts": "nights", "ppl": "people",
    "rm": "room", "rms": "rooms", "jus": "just", "dubble": "double", "dobble": "double", "singel": "single",
    "tonite": "tonight", "2nite": "tonight", "2day": "today", "2moro": "tomorrow", "2morrow": "tomorrow",
    "nxt": "next", "wknd": "weekend", "wkend": "weekend", "b4": "before", "gf": "girlfriend", "bf": "boyfriend",
    "xa": "para", "xfa": "por favor", "xfis": "por favor", "xf": "por favor", "pf": "por favor", "tmb": "también",
    "tb": "también", "tbn": "también", "tmbn": "también", "kiero": "quiero", "kero": "quiero", "kisiera": "quisiera",
    "ke": "que", "noxe": "noche", "noxes": "noches", "oy": "hoy", "aki": "aquí", "chekin": "check-in",
    "chekout": "check-out", "resrva": "reserva", "reseva": "reserva",
}  # fmt: skip
# What takes "4" and "2" for "for" and "two": a thing that is wanted for somebody.
_FOR_SOMEBODY = r"(?:rooms?|places?|space|table|much|price|cost|rates?|book(?:ing)?|available|availability|anything)"
_RULES: tuple[tuple[str, str], ...] = (
    (r"(?<!\w)p/ ?(?=\d|[^\W\d]{2,})", "para "),
    (r"(?<!\w)c/ ?(?=[^\W\d]{3,})", "con "),
    (r"(?<!\w)s/ ?(?=[^\W\d]{3,})", "sin "),
    (r"(?<!\w)w/o ?(?=\w{2,})", "without "),
    (r"(?<!\w)w/ ?(?=\w{2,})", "with "),
    (r"(?<!\w)\+(?= ?(?:barat|econ[oó]mic|grande|chic[oa]|temprano|tarde|tranquil)\w*)", "más"),
    (r"(?<!\w)x(?= (?:cu[aá]nto|favor|noche|persona|d[ií]a|la|el|una?|ahora|ac[aá]|aqu[ií])\b)", "por"),
    (r"(?<![\w'])q(?= (?!&|and\b)[^\W\d]{2,})", "que"),
    (r"(?<!\w)ay(?= (?:lugar|habitaci|cuarto|disponib|espacio|estacionamiento|alberca|piscina|desayuno|wifi))", "hay"),
    (r"(?<=[a-z] )n(?= [a-z])", "and"),
    (r"(?<!\w)im(?= (?:alone|coming|travell?ing|by myself|on my own|looking|interested)\b)", "i'm"),
)
_PATTERNS = (
    *((re.compile(words, re.IGNORECASE), meant) for words, meant in _RULES),
    (re.compile(rf"\b{_FOR_SOMEBODY} (?P<it>4)(?= (?:[1-9]|two|three|four|me|us|my|tonight|tomorrow)\b)"), "for"),
)
_WORD = re.compile(r"(?<![\w'@./-])\w{2,8}(?![\w'@/-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """Characters [start, end) of a message, and what they stand for."""

    start: int
    end: int
    meant: str


def shorthand_in(message: str) -> Iterator[Short]:
    """Every short form, in no order. One with a capital in mid-sentence is left alone: it may be a name."""
    for m in _WORD.finditer(message):
        meant = _WORDS.get(m.group().casefold())
        if meant and not _may_be_a_name(message, m):
            yield Short(start=m.start(), end=m.end(), meant=meant)
    for pattern, meant in _PATTERNS:
        for m in pattern.finditer(message):
            start, end = m.span("it") if "it" in pattern.groupindex else m.span()
            yield Short(start=start, end=end, meant=meant)


def _may_be_a_name(message: str, m: re.Match[str]) -> bool:
    written = m.group()
    return written[0].isupper() and m.start() > 0 and not message.isupper()
