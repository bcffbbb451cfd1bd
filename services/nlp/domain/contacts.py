"""Things written in fixed forms: e-mail, phone, room numbers, money, and codes beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from services.nlp.domain.codes import find_codes
from services.nlp.domain.phones import named_region
from services.nlp.domain.ports import PhoneReader
from services.nlp.domain.screening import screened
from services.nlp.domain.text import Text
from services.nlp.domain.types import Context, Entity, EntityType, Span

_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_SPOKEN_EMAIL = screened(
    r"\b(?P<user>[a-z0-9_-]+(?: (?:punto|dot|guion bajo|guion|underscore|dash) [a-z0-9_-]+)*) (?:arroba|at sign|at) "
    r"(?P<host>[a-z0-9-]+(?: (?:punto|dot) [a-z]{2,})+)\b"
)
_SPOKEN_MARKS = {"punto": ".", "dot": ".", "guion bajo": "_", "underscore": "_", "guion": "-", "dash": "-"}
_PHONE = screened(r"(?<![\w@.])(?P<n>\+?\(?\d[\d\s().-]{6,18}\d)(?!\w|-\d)")
_ROOM = screened(
    r"\b(?:habitacion|hab\.?|cuarto|recamara|room|rm\.?|pieza|suite)(?: (?:numero|number|no\.?|num\.?|nro\.?"
    r"|es la|is|#))?\s*#?\s*(?:(?P<n>\d{3,4}[a-z]?)\b(?!\s*(?:pesos|euros|dollars|usd|mxn))"
    r"|(?P<small>\d{1,2})(?=\s*(?:$|[.,;!?\n])(?!\d)))"
)
# "Habitación 2" is a room of a small house, "una habitación, 2" and "habitación para 2" are none.
_SMALL_HOUSE = re.compile(
    r"\b(?:en|in|from|desde|es|is|numero|number|our|my|mi|nuestra|it'?s) (?:la |el |the )?$|^\W*(?:yes|si|la"
    r"|the)?\W*$"
)
_ROOM_ARTICLE = screened(
    r"\b(?:en|de|a|desde|para) la (?:#\s?)?(?P<n>\d{3,4})\b(?!\s*(?:pesos|euros|de la|am|pm))"
    r"|\b(?:del|al|en el|en) (?P<k>[1-8]\d{2})\b(?!\s*(?:%|[.,]\d|[a-z]*(?:peso|euro|dolar|usd|mxn|metro|km|kilo"
    r"|minuto|hora|dia|ano|anos)))"
    r"|\b(?:i'?m in|from|we'?re in|in|for|to) (?:#\s?)?(?P<m>\d{3,4})\b"
    r"(?! (?:pesos|euros|dollars|usd|minutes|the|instead|per|a night|each|or|years|people|guests|rooms))"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_AMOUNT = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_CURRENCY = (
    r"mxn|pesos mexicanos|pesos|us dollars|dolares|dolar|dollars?|usd|us\$|euros?|eur|€|libras|pounds?|gbp|£"
    r"|bucks|quid|cop|ars|clp|soles|varos"
)
_MONEY = screened(
    rf"(?P<sign>mxn \$?|usd ?\$?|us\$ ?|eur |mx\$ ?|\$ ?|€ ?|£ ?)(?P<a>{_AMOUNT})(?: ?(?P<after>{_CURRENCY})\b)?"
    rf"|(?<![\d.,])(?P<b>{_AMOUNT})(?P<k> ?k\b| mil\b)? ?(?P<unit>{_CURRENCY})(?![a-z])"
)
_CURRENCIES = {
    "mxn": "MXN",
    "mx$": "MXN",
    "pesos mexicanos": "MXN",
    "usd": "USD",
    "us$": "USD",
    "dolares": "USD",
    "dolar": "USD",
    "us dollars": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "bucks": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "eur": "EUR",
    "€": "EUR",
    "libras": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "gbp": "GBP",
    "£": "GBP",
    "quid": "GBP",
    "cop": "COP",
    "ars": "ARS",
    "clp": "CLP",
    "soles": "PEN",
    "usd$": "USD",
    "usd $": "USD",
    "mxn $": "MXN",
}


def find_contacts(text: Text, context: Context, phones: PhoneReader, spelled: Text) -> list[Entity]:
    """`text` has digits as the guest wrote them, `spelled` number words as digits as well."""
    entities = list(_emails(text))
    blocked = [e.span for e in entities]
    for finder in (find_codes, _rooms, _money):
        for entity in finder(spelled, context):
            if not any(entity.span.overlaps(b) for b in blocked):
                entities.append(entity)
                blocked.append(entity.span)
    for entity in _phones(text, context, phones):
        if not any(entity.span.overlaps(b) for b in blocked):
            entities.append(entity)
    return sorted(entities, key=lambda e: e.span.start)


def _entity(text: Text, kind: EntityType, start: int, end: int, value: str, *, confidence: float = 0.97) -> Entity:
    span: Span = text.span(start, end)
    return Entity(type=kind, span=span, text=text.original[span.start : span.end], value=value, confidence=confidence)


def _emails(text: Text) -> Iterator[Entity]:
    for m in _EMAIL.finditer(text.folded):
        yield _entity(text, EntityType.EMAIL, m.start(), m.end(), m.group(), confidence=0.99)
    for m in _SPOKEN_EMAIL.finditer(text.folded):
        if m.group().count(" at ") and " dot " not in m["host"] and " punto " not in m["host"]:
            continue
        value = f"{_said(m['user'])}@{_said(m['host'])}"
        yield _entity(text, EntityType.EMAIL, m.start(), m.end(), value, confidence=0.7)


def _said(words: str) -> str:
    for spoken, mark in _SPOKEN_MARKS.items():
        words = words.replace(f" {spoken} ", mark)
    return words.replace(" ", "")


def _rooms(text: Text, context: Context) -> Iterator[Entity]:
    for m in _ROOM.finditer(text.folded):
        group = m.lastgroup or "n"
        if group == "small" and not _SMALL_HOUSE.search(text.folded[: m.start()]):
            continue
        if not re.fullmatch(r"20[23]\d", m[group]):
            yield _entity(text, EntityType.ROOM_NUMBER, *m.span(group), m[group].upper(), confidence=0.95)
    for m in _ROOM_ARTICLE.finditer(text.folded):
        group = m.lastgroup or "n"
        if not _YEAR.fullmatch(m[group]):
            yield _entity(text, EntityType.ROOM_NUMBER, *m.span(group), m[group], confidence=0.8)
    bare = re.fullmatch(r"\W*(?:(?:estoy |estamos )?en )?(?:la |el |the )?(?P<n>\d{1,4})\W*", text.folded)
    if bare and context.asks("room", "room_number"):
        yield _entity(text, EntityType.ROOM_NUMBER, *bare.span("n"), bare["n"], confidence=0.95)


def _money(text: Text, _: Context) -> Iterator[Entity]:
    for m in _MONEY.finditer(text.folded):
        amount = _amount(m["a"] or m["b"])
        if m["k"]:
            amount *= 1000
        words = (m["after"] or m["unit"] or m["sign"] or "").strip()
        currency = _CURRENCIES.get(words, "")
        yield _entity(text, EntityType.MONEY, m.start(), m.end(), f"{amount} {currency}".strip(), confidence=0.95)


def _amount(written: str) -> Decimal:
    """ "1,200", "1.200", "1.200,50" and "1200.5" to a number: three digits after a mark are thousands."""
    cents = re.search(r"[.,](\d{1,2})$", written)
    whole = re.sub(r"\D", "", written[: cents.start()] if cents else written)
    return Decimal(f"{whole}.{cents[1]}" if cents else whole)


def _phones(text: Text, context: Context, phones: PhoneReader) -> Iterator[Entity]:
    for m in _PHONE.finditer(text.folded):
        digits = re.sub(r"\D", "", m["n"])
        if (
            not 8 <= len(digits) <= 15
            or re.fullmatch(r"20\d\d\D?\d\d?\D?\d\d?.*", m["n"])
            or re.search(r"\d{1,2}[.-]\d{1,2}[.-]20\d\d", m["n"])
        ):
            continue
        number = phones.read(m["n"], named_region(text.folded)) or phones.read(m["n"], context.region)
        if number:
            yield _entity(text, EntityType.PHONE, *m.span("n"), number, confidence=0.97)
