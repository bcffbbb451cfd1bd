"""What words say about a price: too high, the least one, what something costs, by night or by room, and its rule."""

from __future__ import annotations

import re

_TOO_DEAR = re.compile(
    r"\b(car[oa]s?|costos[oa]s?|barat[oa]s?|expensive|pricey|costly|steep|dear(?=\W*$)|cheap(er)?|too much( money)?"
    r"|demasiado|mucho dinero)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(booking(\.com)?|expedia|airbnb|agoda|trivago|kayak|hotels\.com|google|online|(your|the) (web)?site|otro hotel"
    r"|despegar|(other|another) hotels?|el sitio|la p[aá]gina)\b[^?]{0,50}\d{2,}"
    r"|\d{2,}[^?]{0,30}\b(on|at|en) (booking(\.com)?|expedia|airbnb|agoda|trivago|kayak|hotels\.com|google|despegar)\b",
    re.IGNORECASE,
)
_CHEAPEST = re.compile(
    r"\b(más|mas) (barat(?:it)?|económic|economic|sencill(?:it)?|básic|basic)[oa]s?\b|\b(más|mas) simple\b"
    r"|\bl[ao]s? (barat"
    r"|económic|economic)[oa]s?\b|\bcheapest\b"
    r"|\bleast expensive\b|\bcheaper (one|1|option|room|rate)\b|\blowest (price|rate)\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"\b(algo|algun[oa]?|otr[oa]|hay|tiene[ns]?|ten[eé]s|manejan?|some(thing)?|any(thing)?|got|have|is there)\b"
    r"[^.!?]{0,40}\b((más|mas) (barat|económic|economic)[oa]s?|cheaper|less expensive)\b"
    r"|\b(any|some|a|give|get|do|offer|little|small|alg[uú]n|un|hac\w+|dar?) (me |us |a |any |some |little |small "
    r"|bit of )*"
    r"(discount|descuento|rebaja)\b"
    r"|\b((do|give|cut|make) (me|us) (a|any|some) (\w+ )?(deal|price)|knock (\w+ ){1,3}off"
    r"|(better|special|best) (deal|price)"
    r"|(can|could) you do (it|that|better)( for)?|(h[aá]g[aá](me|nos)|hazme|haceme) (un )?(precio|descuento"
    r"|precito))\b",
    re.IGNORECASE,
)
_WHICH_IS_CHEAPEST = re.compile(
    r"^\W*(?:and |y |ok,? )?(?:what'?s|what is|which|cu[aá]l|qu[eé] (?:es|ser[ií]a))\b.*"
    r"\b(?:cheapest|lowest|(?:más|mas) (?:barat|económic|economic))",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\b(cu[aá]nto|how much|precios?|prices?|costs?|costo|costar[ií]an?|cuestan?|fee|charge[sd]?|cobran?"
    r"|(?:tell|give|show|remind) me (?:of )?(?:the |my )?(?:grand |final )?total|d[ií](?:me|game) el total)\b",
    re.IGNORECASE,
)
_ASKING_PRICE = re.compile(
    r"\b(what|how much|cu[aá]nto|qu[eé])\b[^.!]{0,25}\b(costs?|charge[sd]?|fee|lose|pay|price|total|cuesta|cobra\w*"
    r"|costar\w*"
    r"|pierdo|pag\w+|sale)\b",
    re.IGNORECASE,
)
_ABOUT_RATE = re.compile(
    r"\b(is|was) (the )?\w+ (rate )?the (one|rate) (that |which )?(i|we|you) (can|can'?t|cannot|could|couldn'?t)\b"
    r"|\b(is|are) (that|it|this|those|the \w+( one| rate)?) (non[- ]?)?(refundable|flexible|cancell?able)\b"
    r"|\b(es|son|ser[ií]a|sale) (esa |ese |eso |la \w+ )?(no )?(reembolsable|flexible|cancelable)s?\W*\?"
    r"|\b(this|that|it|es[aeo]|est[aeo])( one| rate| tarifa)?( is|'s| es| s[ií] es) (fully |non[- ]?|no )?"
    r"(refundable|cancell?able|reembolsable|cancelable)\W*(or (not|no)|right|yes|correct|o no|verdad|no)?\W*\?"
    r"|^\W*(fully |non[- ]?)?(refundable|cancell?able)\W*(or not|right|yes)?\W*\?"
    r"|^\W*(which|cu[aá]l)( one| rate| of (them|those)| tarifa| de (ellas|las dos))? (is|es|can (i|we)|puedo|se puede) "
    r"(the |la )?(fully |non[- ]?|no )?(refundable|cancel\w*|reembols\w+|flexible)",
    re.IGNORECASE,
)
_PER_NIGHT = re.compile(
    r"\b(?:por|x|cada|a|la|per|each|one|every) (?:noche|night|noite)\b|\bnightly\b|/ ?(?:noche|night)\b", re.IGNORECASE
)
_PER_PERSON = re.compile(
    r"\b(?:per (?:person|head|guest)|a head|apiece|pp|p/p|por (?:persona|cabeza)|por pessoa)\b"
    r"|\bhow much (?:\w+ ){0,4}each\b|\bcu[aá]nto (?:\w+ ){0,4}cada un[oa]\b",
    re.IGNORECASE,
)
_PER_ROOM = re.compile(
    r"\bcada (?:una?|habitaci[oó]n|cuarto|quarto)\b|\b(?:por|per|each|every|a) (?:habitaci[oó]n|cuarto|room"
    r"|quarto)\b|\beach\b",
    re.IGNORECASE,
)


def wants_cheapest(text: str) -> bool:
    """True when the least price decides; "is there anything cheaper?" decides nothing."""
    return _CHEAPEST.search(text) is not None and not asks_for_less(text)


def asks_for_less(text: str) -> bool:
    """True when somebody asks whether there is anything for less."""
    return _LESS.search(text) is not None or _WHICH_IS_CHEAPEST.search(text) is not None


def asks_price(text: str) -> bool:
    """True when the words ask what something costs."""
    return _PRICE.search(text) is not None


def cites_other_price(text: str) -> bool:
    """True for "booking.com has it for 180": what is asked here is more."""
    return _ELSEWHERE.search(text) is not None


def asks_for_price(text: str) -> bool:
    """True for "hang on, what will it cost me": a question, and not only a word about money."""
    return _ASKING_PRICE.search(text) is not None


def finds_it_dear(text: str) -> bool:
    """True when the price is what the words are about."""
    return _TOO_DEAR.search(text) is not None


def asks_about_rate(text: str) -> bool:
    """True for "but is that refundable?": the rule of what is on show, and no choice of another rate."""
    return _ABOUT_RATE.search(text) is not None


def asks_per_night(text: str) -> bool:
    """True when a price is wanted for one night; only asked where a price is what the words are about."""
    return asks_price(text) and _PER_NIGHT.search(text) is not None


def asks_per_person(text: str) -> bool:
    """True when somebody wants to know their own share."""
    return _PER_PERSON.search(text) is not None


def asks_per_room(text: str) -> bool:
    """True when a price is wanted for one of several rooms."""
    return asks_price(text) and _PER_ROOM.search(text) is not None
