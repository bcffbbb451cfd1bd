"""A message as the wishes it is made of: sentences, and halves joined by "y además", "and do you", "por cierto"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from services.nlp.domain.screening import screened
from services.nlp.domain.text import Text

_MOST = 4
_LEAST_WORDS = 3
_NEW_WISH_ES = (
    r"(?:tambien|ademas|otra (?:cosa|pregunta)|de paso|por cierto|ya que estamos|queria|quiero|quisiera|necesito"
    r"|necesitamos|ocupo|me gustaria|me (?:puede|pueden|pod(?:es|eis)|podria|mandan|dice|dicen|pasas?|apuntas?)"
    r"|tienen|tenes|teneis|hay\b|aceptan|admiten|incluye|cuanto|(?:a|hasta|desde) que hora|que hora|hasta cuando|donde"
    r"|como (?:llego|se llega|es|hago)"
    r"|se puede|puedo|podemos|podria|saber|aparte|el (?:wifi|desayuno|estacionamiento|parking|aire|bano) "
    r"|la (?:piscina|alberca|pileta|clave) |pueden|podrian|dime"
    r"|q(?:ue)? (?:alguien|me|nos|manden|vengan?|suban?|traigan?)|le falta|no (?:hay|sirve|funciona|anda)|somos"
    r"|digame|decime|diganme|mand(?:ame|eme|enme|en (?!a alguien))|(?:pas|comuni(?:c|qu))[ae]me"
    r"|traeme|reservame|haceme|hazme|haganme|si (?:tienen|hay|aceptan|se puede|incluye))"
)
_NEW_WISH_EN = (
    r"(?:also|btw|by the way|one more thing|another (?:thing|question)|while (?:i'?m|you'?re) at it|do you|does"
    r"|is (?:there|the|it|breakfast|brekkie|brekky|dinner|parking|wifi)|are (?:there|dogs|pets|you|the)|can (?:i|we"
    r"|you)|could (?:i|we|you)"
    r"|may i|what|where|when|(?:until|till|from) (?:when|what time)|how (?:much|far|do|late|early|long)|i (?:want"
    r"|need|would|'d)|i'd"
    r"|we (?:want|need|would|'d)|we'd|please|let me know|tell me|if (?:you have|there is|there's|it's|i can|we can)"
    r"|whether|the (?:wifi|ac|shower|pool|tv) |re-?book|book me|make me|send (?:me|us|up)|put me"
    r"|bring (?:me|us))"
)
# Praise beside blame: "great pool, dreadful food", "all lovely apart from the mosquitoes".
_TURNED = (
    r"(?:pero|but|aunque|though|although|sin embargo|however|lastima|shame|pity|salvo|excepto|eso si|solo que"
    r"|menos (?:por|el|la|los|las)|lo (?:unico|malo|peor|bueno|mejor|demas)|por lo demas|en cambio|a pesar de"
    r"|apart from|aside from|except|otherwise|other than|despite|while the|only the|the only"
    r"|on the (?:plus|down|other))\b"
)
_PRAISE_OR_BLAME = (
    r"(?:loved|hated|liked|disliked|great|lovely|nice|good|excellent|amazing|terrible|awful|dreadful|horrible|bad|poor"
    r"|appalling|disappointing|(?:me |nos )?(?:encant|fascin|gust|odi)\w+|excelentes?|buenisim\w+|riquisim\w+|lind\w+"
    r"|bonit\w+|hermos\w+|pesim\w+|malisim\w+|fatal|horribles?)\b"
)
_CONTRAST = screened(rf",?\s+(?={_TURNED})|,\s*(?:y |and )?(?={_PRAISE_OR_BLAME})")
_JOINT = screened(
    rf"(?:[,;]\s*|\s+)(?=(?:y|e|pero|and|but|plus|oh and)\s+(?:{_NEW_WISH_ES}|{_NEW_WISH_EN}))"
    rf"|,\s*(?={_NEW_WISH_ES}|{_NEW_WISH_EN})"
    r"|\s+(?=(?:por cierto|de paso|ademas,?|aparte,|btw|by the way|also,?)\s)"
)
_ASKING = re.compile(
    r"\?|^\W*(?:\d\W+)?(?:whether|if (?:there|the|your?|we|it|breakfast|dogs|pets)|what|how|when"
    r"|si (?:hay|tienen|el|la|se|puedo|podemos)|cu[aá]nto|a qu[eé])\b"
    r"|\b(?:know|ask|wonder\w*|tell (?:me|us)|saber|preguntar\w*|d[ií]game) (?:whether|if|what|how|when|where"
    r"|si|cu[aá]\w+)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?;\n]+(?:\s+|$)|(?<=[a-z])\s*(?=¿)")


# What a part of a message may add to the whole. Courtesies and answers count only as the message's whole sense.
ADDED = (
    "reservation_request", "availability_check", "modification_request", "cancellation_request", "general_inquiry",
    "complaint", "compliment", "human_request", "service_request", "emergency", "privacy_request",
)  # fmt: skip
_SURE_ENOUGH = 0.6


def clauses_of(text: Text) -> tuple[str, ...]:
    """Stretches of the original that could each be a wish, at most four; empty where there is only one."""
    folded, original, starts = text.folded, text.original, text.starts
    contrasts = {m.end() for m in _CONTRAST.finditer(folded)}
    joints = {m.end() for pattern in (_SENTENCE, _JOINT) for m in pattern.finditer(folded)}
    cuts = [0, *sorted(contrasts | joints), len(folded)]
    pieces: list[str] = []
    for a, b in pairwise(cuts):
        short = "?" in folded[a:b] or a in contrasts or b in contrasts
        least = _LEAST_WORDS - short
        if len(re.findall(r"[a-z]+", folded[a:b])) < least:
            continue
        end = starts[b] if b < len(starts) else len(original)
        pieces.append(original[starts[a] : end].strip())
    if len(pieces) > _MOST:  # of a long letter its questions, and then how it begins
        pieces = sorted(sorted(pieces, key=lambda piece: not _ASKING.search(piece))[:_MOST], key=pieces.index)
    return tuple(pieces) if len(pieces) > 1 else ()


def with_clauses(
    whole: Mapping[str, float], parts: Sequence[Mapping[str, float]], *, names: Sequence[str] = ADDED
) -> dict[str, float]:
    """Scores of the message, raised to those of a part that is sure of a wish which the rest of the message drowns."""
    scores = dict(whole)
    for name in names:
        best = max((part.get(name, 0.0) for part in parts), default=0.0)
        if best >= _SURE_ENOUGH:
            scores[name] = max(scores.get(name, 0.0), best)
    return scores
