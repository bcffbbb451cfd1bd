"""What words say about rooms: what kinds there are, which to take, several kinds at once, one of several."""

from __future__ import annotations

import re

_OF_THE_CATALOGUE = re.compile(
    r"\b(camas?|beds?|capacidad|capacity|cab(en|emos)|sleeps?|fits?|tipos?|types?|kinds?|sorts?"
    r"|qu[eé] (habitaciones|cuartos)"
    r"|(what|which) rooms|(how|your) (are the )?rooms|about (your|the) rooms|personas?|people|guests|c[oó]mo (es"
    r"|son)|queen|king|twin"
    r"|what (?:else|other rooms?) (?:do you have|have you got|is there)"
    r"|qu[eé] (?:m[aá]s|otr[ao]s?) (?:hay|tienen?s?|ten[eé]s)"
    r"|individuales"
    r"|matrimonial|grandes?|bigger|larger|biggest|largest|spacious|ampli[ao]s?|espacios[ao]s?"
    r"|size|tama[nñ]o|opciones|options|diferenci\w*|differ\w*|recom(?:iend|end|mend)\w*|aconsej\w*|suggest|conviene)\b",
    re.IGNORECASE,
)
_A_ROOM = r"(?:un[ao]?|otr[ao]|an?|one|two|three|another|dos|tres|uma?|dois|duas|[1-3])"
_LIST_OF_ROOMS = re.compile(
    rf"\b{_A_ROOM}\s+(?:\w+\s+){{1,4}}(?:y|e|and|\+|&|m[aá]s|plus)\s+{_A_ROOM}\s"
    r"|\buna\b.{3,60}\by (?:la )?otra\b(?! (?:cosa|pregunta|duda|consulta))"
    r"|\bone\b.{3,60}\band (?:another|the other)\b"
    r"|\b(?:for (?:us|me|my|our)|para (?:nosotros|m[ií]))\b.{3,40}\b(?:for|para) (?:the|our|my|him|her|them|kids"
    r"|los|las"
    r"|mis?|ellos)\b",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"\b(?:diferencias?|difference|compar(?!t)\w+|cu[aá]l (?:(?:es|ser[ií]a) mejor|(?:me|nos) (?:conviene"
    r"|recomiend\w+))|which (?:one )?(?:is|would be) better|versus|vs"
    r"|(?:bigger|larger|smaller|better|nicer|quieter) than"
    r"|(?:m[aá]s (?:grande|chic[oa]|amplia|c[oó]mod[oa])|mejor|mayor) que)\b",
    re.IGNORECASE,
)
_ONE_OF_SEVERAL = re.compile(
    r"\b(?:one|1|una?|uno) (?:of (?:them|the (?:two |2 )?(?:rooms|doubles|twins|ones)|those|these|our rooms|my rooms)"
    r"|de (?:ellas|ellos|las (?:dos|2|tres|3|habitaciones|dobles)|los (?:dos|2|cuartos)|esas|estas))\b",
    re.IGNORECASE,
)
_WANTS_ADVICE = re.compile(
    r"\brecom(?:iend|end|mend)\w*|\baconsej\w*|\bsuger\w*|\bsugier\w*|\bsuggest\w*|\badvise\b|\bconviene\b",
    re.IGNORECASE,
)


def lists_rooms(text: str) -> bool:
    """True for "one double and one family room", whatever the kinds are called; "a double or a suite?" lists none."""
    return _LIST_OF_ROOMS.search(text) is not None


def asks_about_beds(text: str) -> bool:
    """True for what the catalogue of rooms answers: kinds, beds, how many fit in; "is there a safe?" it does not."""
    return _OF_THE_CATALOGUE.search(text) is not None


def compares(text: str) -> bool:
    """True when two things are weighed against each other, and none of them is chosen."""
    return _COMPARING.search(text) is not None


def names_one_of_several(text: str) -> bool:
    """True for "one of them"; only asked where there are several rooms."""
    return _ONE_OF_SEVERAL.search(text) is not None


def wants_advice(text: str) -> bool:
    """True when somebody asks which one to take."""
    return _WANTS_ADVICE.search(text) is not None
