"""Ages of children, in the order said: "aged 4 and 8", "niños de 5 y 9 años", "(10)", "10 month old"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from services.nlp.domain.companions import ADULT, BABY, CHILD, TWINS
from services.nlp.domain.screening import Pattern, screened

_AGE_UNIT = r"(?:anos?|anitos?|years?(?:[ -]olds?)?|yrs?(?:[ -]old)?|y/?o|yo|yr[ -]olds?)\b"
_AGE_LIST = (
    r"\d{1,2}(?:\s*(?:,|y|e|and|&|/|,\s*y|,\s*and|(?<=\d) (?=\d{1,2} (?:\d|y |and )))\s*(?:(?:el|la) (?:mayor|menor"
    r"|grande|chic[oa]|pequen[oa]"
    r"|del medio) (?:de |tiene )?"
    r"|the (?:eldest|oldest|older(?: one)?|youngest|younger(?: one)?|little one|middle one|other)(?: is)? "
    r"|el otro (?:de |tiene )?|la otra (?:de |tiene )?"
    r"|otro de |otra de |the other (?:one )?(?:is )?|1 de |1 is |casi |nearly |almost |just |just turned "
    r"|recien )*\d{1,2})*"
)
_AGES_AFTER = screened(
    rf"(?:{CHILD}|{BABY}|{TWINS}|{ADULT}|\b1\b|otro|otra)\W{{0,3}}(?:ya |they're |they are |son |que tienen "
    rf"|que tiene |tienen |tiene "
    r"|edades? |aged |ages |age |con edades de |who are |who is |who's |of |is |are )*"
    rf"\(?(?:de |aged |ages |age )?(?P<ages>{_AGE_LIST})\s*(?:now\b|{_AGE_UNIT}|\))"
)
_AGED = screened(rf"\b(?:aged|ages|age|edades|edad|de edades)\s*(?:de |son |:|are )*(?P<ages>{_AGE_LIST})")
_YEARS_OLD = screened(rf"(?<!\d)(?P<ages>{_AGE_LIST})[ -]*(?:years?[ -]olds?|yrs? old|yr old|y/?o|yo)\b")
_MONTHS_OLD = screened(r"\b(?P<n>\d{1,2})[ -](?:meses|months?(?:[ -]old)?|mesecitos)\b")
_LIST_ENDS = rf"(?=\s*(?:$|[.,;)!?]|y\b|and\b|con\b|with\b|del\b|from\b|por\b|for\b|para\b|{_AGE_UNIT}))"
# Where nobody sets a full stop the next thing begins with one of these.
_NEXT_THING = r"(?=\s+(?:do|does|is|are|can|could|have|any|so|what|how|we|i|it|hay|tienen|queremos|y|cuanto)\b)"
_CHILD_OF = screened(
    rf"(?:{CHILD}|{BABY}|{TWINS})\W{{1,3}}(?:de |of |who is |who's |who are |que tiene |que tienen |is |are )"
    rf"(?P<ages>{_AGE_LIST}){_LIST_ENDS}"
)
# "2 kids, 5 and 8": several bare numbers right after the children are their ages.
_CHILDREN_LISTED = screened(
    rf"(?:{CHILD}|{TWINS})[:,(]?\s*\(?(?P<ages>\d{{1,2}}(?:\s*,\s*\d{{1,2}})*\s*,?\s*(?:y|and|&)\s*\d{{1,2}})"
    r"(?=\s*(?:$|[.,;)!?]|years?|anos?|y\b|and\b))(?!,? (?:y|and) \d)"
)
# Later in a message that has named children: "… my daughter, she's twelve", "los pibes, son 3, de 4, 7 y 10".
_OF_THOSE = re.compile(
    rf"\b(?:she's|he's|she is|he is|they're|they are|ella tiene|el tiene|que tiene|tienen|tiene|ya tienen)"
    rf" (?P<ages>{_AGE_LIST})(?:{_LIST_ENDS}|{_NEXT_THING})"
    rf"|, de (?P<listed>\d{{1,2}}(?:, \d{{1,2}})* y \d{{1,2}})(?=\s*(?:$|[.;)]|anos))"
)
# "Tengo 3, de 2, 7 y 12": as many ages as there are.
_SO_MANY = screened(
    rf"(?:^\W*|\b(?:tengo|tenemos|llevo|llevamos|traigo|vamos con|son|i have|we have|i've got"
    rf"|we've got|there are|there's) )(?P<count>[1-5])\W{{1,3}}"
    rf"(?:de |tienen |aged |ages |of |they're |they are )(?P<ages>{_AGE_LIST})(?=\s*(?:$|[.;)!?]|{_AGE_UNIT}))"
)
# "One kid, 5".
_ONE_LISTED = screened(rf"\b(?:1|an?|una?) {CHILD}[,:]? \(?(?P<ages>\d{{1,2}})(?=\)?\s*(?:$|[.,;)!?]))")
_CHILD_NAMED = screened(rf"\b{CHILD}|\b{BABY}")
# Each word of the lead-in stands for itself, so that there is one way to read it and long repetitions cost nothing.
_BARE_AGES = screened(
    r"^\W*(?:(?:tienen?|son|de|they're|they|he's|she's|he|she|it's|is|are|aged?|el|mayor|uno|1|mi|hij[oa]|the|kids|los"
    rf"|la|menor|grande|chic[oa]|pequen[oa]|eldest|oldest|youngest|older|younger|little|ninos|nearly|almost|just"
    rf"|casi|recien|ya)\s+)*(?P<ages>{_AGE_LIST})(?:\s*(?:{_AGE_UNIT}))?\W*(?:respectivamente|respectively)?\W*$"
)
# "Yes, one of 7", "una, tiene 4": asked how many children there are.
_ONE_AGED = screened(
    rf"\b1(?: {CHILD})?,? (?:de|of|aged?|que tiene|tiene|who is|who's|she's|he's|she is"
    rf"|he is) (?P<ages>{_AGE_LIST}){_LIST_ENDS}"
)
# Asked for the ages: "one is 5 and the other is 11 months", "la mayor 9 y el chiquito de 2".
_EACH_AGED = screened(
    r"\b(?:(?:un[oa]|1) (?:is|tiene|es|de)|(?:el|la|the) (?:otr[oa]|other|mayor(?:cit[oa])?"
    r"|menor|grande"
    r"|chic[oa]|chiquit[oa]|pequen[oa]|mediana?|older|younger|eldest|oldest|youngest|little|big|small"
    r"|middle)(?: one| 1)?"
    r"(?: (?:is|has|tiene|es|de|con))?) (?:just |almost |casi |recien )?(?P<ages>\d{1,2})"
    r"\b(?! ?(?:mes|month|noche|night|dia|day|de [a-z]))"
)
_BOTH_AGED = screened(
    r"\b(?:l[oa]s 2|both|ambos|ambas)(?: (?:de|son de|tienen|are|aged?|of))* (?P<ages>\d{1,2})\b(?! ?(?:mes|month))"
)
_TWINS_BEFORE = re.compile(rf"{TWINS}\W{{0,3}}(?:[a-z]+\W)*$")
_OF_A_CHILD = re.compile(rf"{BABY}|{CHILD}|old")
# "Somos dos niñas, la otra de 12".
_THE_OTHER = screened(
    r"\b(?:la|el|the) (?:otr[oa]|other(?: one)?)(?: nin[oa]| girl| boy| es| is)?(?: tiene| has)? (?:de |of |aged? )?"
    r"(?P<ages>\d{1,2})\b(?! (?:noche|dia|night|day|de ))"
)
OLDEST_CHILD = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """Folded [start, end) is a list of numbers; `each` are the ages with their places, none of them an adult's."""

    start: int
    end: int
    each: tuple[tuple[int, int, int], ...]


def find_ages(folded: str, *, asked: bool, children_asked: bool, taken: list[tuple[int, int]]) -> Iterator[Ages]:
    """All lists of ages, without what is already `taken`; an adult's age is a list without anything in it."""
    own = list(taken)
    patterns = [_AGES_AFTER, _AGED, _YEARS_OLD, _CHILD_OF, _CHILDREN_LISTED, _ONE_LISTED]
    patterns += ([_BARE_AGES, _EACH_AGED] if asked else []) + ([_ONE_AGED] if children_asked else [])
    found = chain(_by(patterns, folded), _as_many_as_told(folded), _of_those(folded), _in_months(folded, asked=asked))
    for ages in chain(_both(folded) if asked else (), found):
        if not any(start < ages.end and ages.start < end for start, end in own):
            own.append((ages.start, ages.end))
            yield ages


def _by(patterns: Sequence[Pattern], folded: str) -> Iterator[Ages]:
    for pattern in patterns:
        for m in pattern.finditer(folded):
            ages = _young(folded, *m.span("ages"))
            twins = len(ages.each) == 1 and _TWINS_BEFORE.search(folded[: ages.start])
            yield replace(ages, each=ages.each * 2) if twins else ages


def _both(folded: str) -> Iterator[Ages]:
    """ "Los dos de 4": of two children."""
    for m in _BOTH_AGED.finditer(folded):
        yield Ages(start=m.start(), end=m.end(), each=_young(folded, *m.span("ages")).each * 2)


def _as_many_as_told(folded: str) -> Iterator[Ages]:
    for m in _SO_MANY.finditer(folded):
        ages = _young(folded, *m.span("ages"))
        if len(ages.each) == len(_numbers(folded, ages.start, ages.end)) == int(m["count"]):
            yield ages


def _of_those(folded: str) -> Iterator[Ages]:
    named = _CHILD_NAMED.search(folded)
    for m in _OF_THOSE.finditer(folded, named.end()) if named else ():
        yield _young(folded, *m.span("ages" if m["ages"] else "listed"))
    for m in _THE_OTHER.finditer(folded) if named else ():
        yield _young(folded, *m.span("ages"))


def _in_months(folded: str, *, asked: bool) -> Iterator[Ages]:
    for m in _MONTHS_OLD.finditer(folded):
        if asked or _OF_A_CHILD.search(folded):
            yield Ages(start=m.start(), end=m.end(), each=((m.start(), m.end(), int(m["n"]) // 12),))


def _young(folded: str, start: int, end: int) -> Ages:
    """The list in folded [start, end), without the ages of adults."""
    return Ages(start=start, end=end, each=tuple(n for n in _numbers(folded, start, end) if n[2] <= OLDEST_CHILD))


def _numbers(folded: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """Each number of folded [start, end) with its place."""
    return [(start + n.start(), start + n.end(), int(n.group())) for n in re.finditer(r"\d{1,2}", folded[start:end])]
