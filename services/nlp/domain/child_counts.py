"""How many children come: counted, named by kin or by their ages, or only said to be there."""

from __future__ import annotations

import re

from services.nlp.domain.child_ages import OLDEST_CHILD
from services.nlp.domain.companions import BABY, CHILD, TWINS
from services.nlp.domain.counting import BETWEEN, NUMBER, ONE, Counts, number_of
from services.nlp.domain.screening import screened
from services.nlp.domain.types import Entity, EntityType

_CHILDREN = screened(rf"(?:{NUMBER}|\b(?P<two>un par de|a couple of)|\b{ONE}){BETWEEN}{CHILD}")
_BABIES = screened(
    rf"(?:{NUMBER}|\b{ONE}|\b(?:el|la|the|mi|my|our|nuestr[oa]|plus|mas|and|y|con|with)){BETWEEN}{BABY}(?!'s)"
)
_NO_CHILDREN = screened(
    r"\b(?:sin (?:ninos|hijos|menores|chicos)|no (?:hay |llevamos |vamos con |viajamos con )?(?:ninos"
    r"|children|kids|menores)"
    r"|without (?:children|kids)|(?:ningun|0) (?:nin[oa]s?|children|kids)|solo adultos|adults only"
    r"|only adults|just adults|sin (?:los |mis |las |nuestros )(?:ninos|hijos|menores|chicos|nenes|peques)"
    r"|solo(?: los| nosotros los)? adultos"
    r"|no (?:viajan |van )?ninos)\b"
)
_MY_CHILDREN = screened(
    r"\b(?:mis|my|nuestros|our|los|the) (?P<n>\d{1,2}) (?:hij[oa]s|nin[oa]s|kids|children|sons|daughters|boys|girls)\b"
)
_MY_CHILD = screened(r"\b(?:mi|my|nuestr[oa]|our) (?:hij[oa]|nin[oa]|son|daughter|kid|child|little (?:boy|girl))\b")
_GROWN_UP = screened(
    rf"{CHILD}[,:]? \(?(?:(?:aged|ages|who are|they are|they're|de|son de|que tienen|tienen) )*"
    r"(?P<ages>\d{2}(?:(?:, | and | y |, and | & )\d{2})*)(?! (?:noche|night|dia|day))(?=\W|$)"
)
_AND_CHILD = screened(
    rf"(?:{CHILD}|{BABY})\W{{0,3}}(?:de |of )?(?:\d{{1,2}}\W{{0,3}}(?:anos?|years?(?: old)?|yo)?)?\W{{0,3}}"
    r"(?P<next>(?:and|y|&|,) (?:mi |my |our |the |la |el |his |her )?(?:son|daughter|boy|girl|hij[oa]|nin[oa]|nen[ea]"
    r"|baby|bebe|nephew|niece|sobrin[oa])\b)"
)
_BOTH_CHILDREN = screened(
    rf"\b(?:both|ambos|ambas|los 2|las 2) (?:of )?(?:the |my |our |mis )?{CHILD}"
    rf"|\b(?:my|our|the|mis|nuestr[oa]s|l[oa]s|with|con|y|and|2) {TWINS}|^\W*{TWINS}(?=\W*(?:aged?|of|de|who|\(|\d))"
)
_PART_CHILDREN = screened(
    r"\b(?P<n>\d{1,2}) (?:of (?:them|us|whom|which) (?:are |being )?|are |being |son |serian |de ellos (?:son )?"
    rf"|de nosotros (?:son )?|de los cuales son )(?:just |only |solo )?{CHILD}"
)
_WITH_KIDS = screened(
    r"(?:\b(?:and|with|plus|y|con|e)|&|,) (?P<kids>(?:my|our|the|mis|nuestros|los) (?:kids|children|little ones|boys"
    r"|girls|hijos|ninos"
    r"|peques))\b(?! (?:club|menu|room|pool|bed|meal))"
)
# Confidence of a child that is only named: "my son".
BY_KIN = 0.8
# "At what age is a child an adult?" counts nobody.
ABOUT_AGES = screened(r"\b(?:que edad|what age|which age|cuantos anos|how old|considera\w*|considered)\b")


def count_by_ages(found: Counts) -> None:
    """Children named by their ages alone are as many as the ages."""
    ages = [e for e in found.entities if e.type is EntityType.CHILD_AGE]
    parts = [e for e in found.entities if e.type is EntityType.CHILDREN]
    if not ages or (parts and not (len(parts) == 1 and parts[0].value == "1" and parts[0].confidence <= BY_KIN)):
        return
    found.entities = [e for e in found.entities if e not in parts]
    place = parts[0] if parts else ages[0]
    found.entities.append(
        Entity(type=EntityType.CHILDREN, span=place.span, text=place.text, value=str(len(ages)), confidence=0.85)
    )


def count_children(found: Counts, folded: str) -> None:
    if ABOUT_AGES.search(folded):
        return
    none = _NO_CHILDREN.search(folded)
    if none:
        found.add(EntityType.CHILDREN, none.start(), none.end(), 0)
        return
    for m in _BABIES.finditer(folded):
        if re.search(r"\b(?:cuna|cot|crib|bed|cama) (?:de|para|for|of)\s*$", folded[: m.start()]):
            continue
        found.add(EntityType.CHILDREN, m.start(), m.end(), number_of(m))
        if not any(e.type is EntityType.CHILD_AGE for e in found.entities):
            for _ in range(min(number_of(m), 9)):
                found.put(EntityType.CHILD_AGE, m.start(), m.end(), 0, 0.8)
    for m in _CHILDREN.finditer(folded):
        found.add(EntityType.CHILDREN, m.start(), m.end(), number_of(m))
    for m in _MY_CHILDREN.finditer(folded):
        found.add(EntityType.CHILDREN, m.start(), m.end(), int(m["n"]))
    for m in _BOTH_CHILDREN.finditer(folded):
        found.add(EntityType.CHILDREN, m.start(), m.end(), 2)
    for m in _PART_CHILDREN.finditer(folded):
        found.add(EntityType.CHILDREN, m.start(), m.end(), int(m["n"]))
    for m in (*_MY_CHILD.finditer(folded), *_AND_CHILD.finditer(folded)):
        found.add(EntityType.CHILDREN, m.start(), m.end(), 1, BY_KIN)


def count_grown_up(found: Counts, folded: str) -> None:
    """ "Our two sons, 19 and 22": children of somebody, and adults."""
    m = _GROWN_UP.search(folded)
    adults = found.count(EntityType.ADULTS)
    if m is None or not adults or any(e.type is EntityType.CHILD_AGE for e in found.entities):
        return
    ages = re.findall(r"\d{2}", m["ages"])
    children = [e for e in found.entities if e.type is EntityType.CHILDREN]
    if any(int(age) <= OLDEST_CHILD for age in ages) or sum(int(e.value) for e in children) not in (0, len(ages)):
        return
    found.entities = [e for e in found.entities if e not in children and e.type is not EntityType.ADULTS]
    found.taken.append(m.span())
    found.put(EntityType.ADULTS, m.start(), m.end(), adults + len(ages), 0.85)


def count_unnumbered(found: Counts, folded: str) -> None:
    """ "My husband, me and our kids": two at least, until their ages are told."""
    told = {e.type for e in found.entities}
    m = None if told & {EntityType.CHILDREN, EntityType.CHILD_AGE} else _WITH_KIDS.search(folded)
    if m and EntityType.ADULTS in told:
        found.add(EntityType.CHILDREN, m.start("kids"), m.end("kids"), 2, 0.6)
