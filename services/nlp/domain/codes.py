"""Reservation codes: written ("R1001", "KZ7M3P"), beside a word that announces one, and spelled out letter by letter.

A code of the hotel's own books has six characters without vowels, 0 and 1, begins with a letter and has at least two
digits, so that no word is one. Codes of other systems are R and digits; other letters and digits are one where the
guest speaks of a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.nlp.domain.screening import screened
from services.nlp.domain.text import Text
from services.nlp.domain.types import Context, Entity, EntityType

_A_PHONE = re.compile(r"\s*(?:\+|00)\d|\s*\d{9,}\s*$")
_LETTERS = "bcdfghjklmnpqrstvwxyz"
_OWN = rf"(?<![a-z0-9])(?!mxn)(?=[a-z]*\d[a-z]*\d)(?P<code>[{_LETTERS}][{_LETTERS}2-9]{{5}})(?![a-z0-9])"
_OWN_CODE = screened(_OWN)
_OWN_FORM = re.compile(rf"(?=.*\d.*\d)[{_LETTERS}][{_LETTERS}2-9]{{5}}")
_TWO_DIGITS = screened(r"\d[\s\S]*\d")
_OWN_IN_TWO = re.compile(
    rf"(?<![a-z0-9])(?P<code>[{_LETTERS}][{_LETTERS}2-9]{{1,3}}[ -][{_LETTERS}2-9]{{2,4}})(?![a-z0-9])"
)
_FLIGHT = re.compile(r"\b(?:vuelo|flight|avion|plane)\W+(?:\w+\W+){0,3}$")
_CODE = screened(r"(?<![a-z0-9])(?P<code>r[ -]?\d{3,8})(?![a-z0-9])")
_SPELLED_CODE = screened(
    r"\b(?:erre|ere|ar|letra r|r|are)[ ,.-]*(?P<digits>\d{1,4}(?:[ ,.-]+(?:\d{1,4}|oh|o))*)(?![\d:])\b"
)
_CUE = (
    r"\b(?:codigo|code|confirmacion|confirmation|localizador|locator|reference|referencia|folio"
    r"|reserva(?:cion)?|booking|reservation|pnr|ref)\b"
)
_CUED_CODE = screened(
    rf"{_CUE}"
    r"(?: (?:de|of|la|mi|my|the|number|no|num|numero|code|codigo|confirmacion|confirmation|reserva"
    r"|reservacion|es|is|con|with|the)\b)*\s*[.:#]*\s*(?:is |es "
    r"|n[o°]?\.? )?(?P<code>[a-z0-9][a-z0-9-]{3,11})(?![a-z0-9@])"
)
_ANNOUNCED = screened(_CUE)
# "P701 es mi código", "booking W10".
_SPOKEN_OF = screened(r"\b(?:codigo|code|localizador|locator|reference|referencia|folio|pnr)\b")
_OTHER_CODE = re.compile(r"\b(?:postal|zip|promo\w*|descuento|discount|coupon|cupon|vuelo|flight|wifi|dress|area|qr)\b")
_SHORT_CODE = re.compile(r"(?<![a-z0-9])(?P<code>[a-z]{1,3}-?\d{2,6})(?![a-z0-9])")
_BESIDE_BOOKING = screened(
    r"\b(?:reserva(?:cion)?|booking|reservation)(?: (?:number|no|num|numero|n°))?[.:#]?\s*#?"
    r"(?P<code>[a-z]{1,3}-?\d{2,6})(?![a-z0-9:])"
)
# "cancel G55", "S301 Fischer", or a code and nothing else: the code of a hotel that has its own way of writing them.
_AFTER_WISH = screened(
    r"\b(?:cancel\w*|anul\w+|cambi\w+|modific\w+|change|modify|amend|extend|move|mover|check|ver|see) "
    r"(?:(?:mi|la|my|the) )?(?P<code>[a-z]{1,2}-?\d{2,6})(?![a-z0-9:])"
)
_LEADING = screened(r"\W*(?P<code>[a-z]{1,2}-?\d{3,6})(?=[\s,.;:-]+[a-z]|\W*$)")
_ALONE = screened(r"\W*(?P<code>[a-z]{1,2}-?\d{2,6})\W*")
_NOT_A_CODE = re.compile(r"(?:[a-z]+|\d{1,3}|20\d\d|\d+(?:st|nd|rd|th|pm|am|hs|h)|\d{1,2}-\d{1,2})$")
_NAMES_OF_LETTERS = (
    "b be bee beta bravo burro|c ce cee charlie casa|d de dee delta dedo|f efe ef foxtrot foca|g ge gee golf gato"
    "|h hache aitch hotel|j jota jay juliet juliett|k ka kay kilo|l ele el lima luna|m eme em mike mama"
    "|n ene en november|p pe pee papa|q cu cue queue quebec queso|r erre ere ar romeo|s ese ess sierra|t te tee tango"
    "|v ve vee uve victor vaca"
    "|w whisky whiskey doble double|x equis ex xray|y ye why wye yankee yate|z zeta zee zed zulu zapato"
)
_LETTER = {name: names[0] for names in _NAMES_OF_LETTERS.split("|") for name in names.split()}
# What is said between letters: "b de burro", "k as in kilo", "doble u", "i griega".
_EXAMPLE = re.compile(r"\s*,?\s*(?:de|como|as in|for|like)\s+(?P<word>[a-z]+)")
_EVERYDAY = frozenset(
    ("el", "de", "y", "te", "ese", "ve", "be", "see", "are", "why", "que", "es", "en", "ele", "d", "n", "x")
)
_TOKEN = re.compile(r"(?<!['a-z])[a-z]+|\d+")
_DOUBLES = {"doble ve": "w", "doble u": "w", "uve doble": "w", "double u": "w", "double you": "w", "i griega": "y"}
_DOUBLE = re.compile(rf"(?:{'|'.join(_DOUBLES)})\b")
_GAP = re.compile(r"[\s,.;:-]*")


def find_codes(text: Text, context: Context) -> Iterator[Entity]:
    """`text` has number words as digits."""
    folded = text.folded
    wanted = context.asks("reservation", "reservation_code", "verification", "confirmation_code")
    announced = wanted or bool(_ANNOUNCED.search(folded))
    taken: list[tuple[int, int]] = []
    for start, end, value, confidence in _found(text, announced=announced, wanted=wanted):
        if any(s < end and start < e for s, e in taken):
            continue
        taken.append((start, end))
        span = text.span(start, end)
        yield Entity(
            type=EntityType.RESERVATION_CODE, span=span, text=text.original[span.start : span.end], value=value.upper(),
            confidence=confidence,
        )  # fmt: skip


def _found(text: Text, *, announced: bool, wanted: bool) -> Iterator[tuple[int, int, str, float]]:
    """(start, end, code, confidence), surest first."""
    folded = text.folded
    for m in _CODE.finditer(folded):
        yield *m.span("code"), re.sub(r"[ -]", "", m["code"]), 0.97
    for m in _OWN_CODE.finditer(folded):
        if announced or not _FLIGHT.search(folded[: m.start()]):
            yield *m.span("code"), m["code"], 0.95 if announced else 0.9
    if announced:
        for m in _OWN_IN_TWO.finditer(folded):
            if _OWN_FORM.fullmatch(code := re.sub(r"[ -]", "", m["code"])):
                yield *m.span("code"), code, 0.85
    yield from (c for c in _letter_by_letter(folded) if announced or not _is_speech(folded[c[0] : c[1]]))
    for m in _SPELLED_CODE.finditer(folded):
        digits = re.sub(r"\D", "", re.sub(r"\boh?\b", "0", m["digits"]))
        if 3 <= len(digits) <= 8:
            yield m.start(), m.end(), f"r{digits}", 0.75
    for m in _CUED_CODE.finditer(folded):
        if _is_code(text, m):
            yield *m.span("code"), m["code"].strip("-"), 0.85
    yield from ((*m.span("code"), m["code"], 0.8) for m in _of_other_systems(folded))
    yield from ((*m.span("code"), m["code"], 0.8) for m in _unannounced(text, wanted=wanted))
    bare = re.fullmatch(r"\W*(?P<code>[a-z0-9-]{4,12})\W*", folded)
    if (
        bare
        and wanted
        and not _A_PHONE.match(text.original)
        and (re.search(r"\d", bare["code"]) or text.original.strip().isupper())
    ):
        yield *bare.span("code"), bare["code"], 0.85


def _of_other_systems(folded: str) -> Iterator[re.Match[str]]:
    yield from _BESIDE_BOOKING.finditer(folded)
    if _SPOKEN_OF.search(folded) and not _OTHER_CODE.search(folded):
        yield from _SHORT_CODE.finditer(folded)


def _unannounced(text: Text, *, wanted: bool) -> Iterator[re.Match[str]]:
    """Codes that nothing calls one: written with a capital where a code stands, or what was asked for."""
    alone = _ALONE.fullmatch(text.folded)
    if alone and wanted:
        yield alone
    # "It's H101 and the surname is Mehta".
    among = _SHORT_CODE.finditer(text.folded) if wanted else ()
    yield from (m for m in among if text.original[text.span(*m.span("code")).start].isupper())
    for m in (*_AFTER_WISH.finditer(text.folded), *filter(None, (_LEADING.match(text.folded), alone))):
        span = text.span(*m.span("code"))
        if text.original[span.start].isupper() and not _FLIGHT.search(text.folded[: m.start("code")]):
            yield m


def _is_code(text: Text, m: re.Match[str]) -> bool:
    """Letters and digits mixed, or capitals as written; never a plain word, a year, a date or a bare count."""
    code = m["code"]
    span = text.span(*m.span("code"))
    written = text.original[span.start : span.end]
    if code.isdigit():
        return len(code) >= 4 and not re.fullmatch(r"20\d\d", code)
    if code.isalpha():
        return written.isupper() and 5 <= len(code) <= 8 and not text.original.isupper()
    return not _NOT_A_CODE.match(code) and bool(re.search(r"\d", code))


def _letter_by_letter(folded: str) -> Iterator[tuple[int, int, str, float]]:
    """ "Ka zeta siete eme tres pe", "K as in kilo, Z, 7…": runs of letters and digits that make a whole code."""
    if not _TWO_DIGITS.search(folded):
        return
    at = 0
    while m := _TOKEN.search(folded, at):
        start, end, code = m.start(), m.start(), ""
        while len(code) < 6 and (step := _step(folded, end)):
            said, end = step
            code += said
        if _OWN_FORM.fullmatch(code):
            yield start, end, code, 0.8
            at = end
        else:
            at = m.end()


def _is_speech(stretch: str) -> bool:
    """ "El 3, 4 y 5 de": letters that are all everyday words as well spell nothing, unless a code was spoken of."""
    return all(word in _EVERYDAY for word in re.findall(r"[a-z]+", stretch))


def _step(folded: str, at: int) -> tuple[str, int] | None:
    """The next letter or digits and where they end; None where something else stands."""
    gap = _GAP.match(folded, at)
    at = gap.end() if gap else at
    if double := _DOUBLE.match(folded, at):
        return _DOUBLES[double.group()], double.end()
    m = _TOKEN.match(folded, at)
    if m is None or (m.group().isalpha() and m.group() not in _LETTER):
        return None
    if not m.group().isalpha():
        return (m.group(), m.end()) if len(m.group()) <= 4 else None
    letter = _LETTER[m.group()]
    example = _EXAMPLE.match(folded, m.end())
    if example and example["word"].startswith(letter) and len(example["word"]) > 1:
        return letter, example.end()
    return letter, m.end()
