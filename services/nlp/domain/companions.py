"""People named by what they are to the guest: "my wife, our two boys and I", "mis papás y yo", "dos parejas"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.nlp.domain.screening import screened

ADULT = r"(?:adult[oae]?s?|adlts?|adts?|adltos?|grown[ -]?ups?|mayores(?! de)|grandes\b|ad\b)"
PERSON = (
    r"(?:pupils|students|teachers|players|teammates|members|employees|delegates|cyclists|hikers|skiers|men\b|lads\b"
    r"|lasses"
    r"|blokes|guys|alumn[oa]s|estudiantes|profesor(?:es|as)|jugador(?:es|as)|emplead[oa]s|integrantes"
    r"|personas?|persons?|persns?\b|people|ppl\b|peeps\b|pers\b|pax|guests?|ladies\b|gentlemen\b|women\b|huespedes"
    r"|huesped|of us|de nosotros)"
)
CHILD = (
    r"(?:nin[oa]s?\b|chic[oa]s\b|chiquit[oa]s|peques?\b|pequen[oa]s\b|menor(?:es)?\b(?! de)|infantes?"
    r"|chamac[oa]s?|criaturas?|pib[ea]s?|children|child\b|childs|kids?\b|kiddos?|little ones?|toddlers?"
    r"|minors?|hij[oa]s?\b|sons?\b|daughters?\b|boys?\b|girls?\b|guag?uas?|nen[ea]s?\b|teen(?:ager)?s?\b"
    r"|adolescentes?\b|sobrin[oa]s?\b|nephews?\b|nieces?\b|niet[oa]s?\b|grand(?:son|daughter|child|children|kid)s?\b"
    r"|hermanit[oa]s?\b|little (?:brother|sister)s?\b|hijit[oa]s?\b|bebit[oa]s?\b|teens?\b"
    r"|cri[oa]s\b|crio\b|chaval(?:es|as?|in(?:es)?)?\b|escuincl[ea]s?\b|chavit[oa]s?\b|gur(?:i|ises)\b"
    r"|carajit[oa]s?\b|cham[oa]s\b"
    r"|cipot[ea]s?\b|patoj[oa]s?\b|wawas?\b|nan[oa]s\b|ahijad[oa]s?\b|hijastr[oa]s?\b|bisniet[oa]s?\b|bairns?\b"
    r"|wee ones?\b"
    r"|littles\b|tots\b|youngsters?\b|tweens?\b|pre-?schoolers?\b|step-?(?:son|daughter|kid|child|children)s?\b"
    r"|god(?:son|daughter|child|children)s?\b)"
)
BABY = r"(?:beb[ea]s?\b|bebit[oa]s?|bab(?:y|ies)\b|infants?\b|newborns?|recien nacid[oa]s?)"
TWINS = r"(?:twins\b(?! room| bed)|gemel[oa]s\b|mellizos\b|mellizas\b)"

_OF = r"(?:mi|my|our|nuestr[oa]|el|la|the|un|una|an?|1|su|his|her)"
ONE_KIN = (
    r"(?:wife|husband|hubby|partner|girlfriend|boyfriend|fiancee?|spouse|missus|(?:better|other) half|mum|mom|mother"
    r"|buddy|pal|bestie|bff|flat ?mate|house ?mate|room ?mate|bloke|fella|companion|dad|father|friend|mate|colleague"
    r"|co-?worker|boss|(?<!little )sister|(?<!little )brother|cousin|aunt|uncle"
    r"|grandma|granny|gran|grandmother|grandpa|grandad|grandfather|(?:mother|father|sister|brother)[ -]in[ -]law"
    r"|espos[oa]|marido|mujer|novi[oa]|pareja|chic[oa](?! de)|senora|mama|papa|madre|padre|amig[oa]|coleg[oa]"
    r"|companer[oa]|asistente|cuidador[a]?|enfermer[oa]|ayudante|assistant|carer|caregiver|nurse"
    r"|jef[ea]|herman[oa]|prim[oa]"
    r"|ti[oa]|polol[oa]|enamorad[oa]|abuel[oa]|abuelit[oa]|suegr[oa]|cunad[oa]|soci[oa])(?![a-z])"
)
PAIR_KIN = (
    r"(?:parents|folks|in-laws|grandparents|mum and dad|mom and dad|padres|papas|papis|viejos|abuelos|suegros|tios)\b"
)
_KIN = screened(
    rf"\b(?:(?:my|our|mis|nuestros|los|the|his|her|sus) (?P<pair>{PAIR_KIN})"
    rf"|(?P<n>\d{{1,2}}) (?:(?:of )?my |de mis |other |more )?(?P<many>friends|mates|colleagues|co-?workers|sisters"
    r"|brothers|cousins|amig[oa]s|coleg[oa]s|companer[oa]s|herman[oa]s|prim[oa]s|soci[oa]s|ti[oa]s)"
    rf"|(?:{_OF} |(?<=\band )|(?<=& )|(?<=\bplus )|(?<=\bwith )|(?<=\by )|(?<=\bcon )|(?<=, )|^)"
    rf"(?:(?:best|good|old|mejor|dear|elderly) )?(?P<one>{ONE_KIN}))"
)
_SELF = screened(
    r"\b(?:yo|me|myself|para mi|i|mi persona|un servidor"
    r"|(?:voy|vengo|viajo|ire|llego|estare|vendre|viajaria|iria)(?= con\b)|i'm(?= (?:coming|travelling"
    r"|traveling) with\b))\b"
)
# The guest and children alone: "me and my two boys", "para mi hija y para mí", "a single mum with a girl of 7".
_WITH_CHILDREN = screened(
    rf"\b(?:(?:just |only |solo )?(?:me|myself|yo|i|para mi) (?:and|y|with|con|plus|mas)(?: (?:my|mi|mis|our))?(?: (?:1"
    rf"|2|3|4|5))? (?:\d{{1,2}}[ -](?:years?|yrs?)[ -]old )?(?:{CHILD}|{BABY})"
    rf"|(?:my|mi|mis|with|con) (?:(?:1|2|3|4|5) )?{CHILD} (?:and|y) (?:(?:for|para) )?(?:me|mi|yo|myself|i)\b"
    rf"|(?:an?|una?|1)(?: single)? (?:mum|mom|mother|dad|father|mama|papa|madre|padre)(?: solter[oa])? (?:with"
    rf"|con|and|y)"
    rf" (?:an? |una? |1 |2 |3 |her |his |su |sus )*(?:\d{{1,2}} year old )?{CHILD})"
)
_FOR_OTHERS = re.compile(
    r"\b(?:room|double|single|studio|apartment|suite|twin|stay|habitacion|cuarto|doble|book\w*"
    r"|reserv\w*)\b[^.?!]{0,20} (?:for|para) $"
    r"|\b(?:regal\w+|invit\w+|sorpre\w+|gift|treat\w*|surprise)\b[^.?!]{0,30} (?:a|to|for|para) $"
    r"|\b(?:treat\w*|surprise) $"
)
# "We two", "us two" beside others.
_US_TWO = screened(r"\b(?:us 2|the 2 of us|we 2|nosotros 2)\b")
_COUPLES = screened(
    r"(?:(?P<n>\d{1,2}) |\b(?P<one>an?|una?|the|la|el) )(?:parejas?|couples?|matrimonios?)\b(?! (?:of|de) |'s)(?!\s*\d)"
)
_A_COUPLE_OF = re.compile(r"\b(?:an?|the) couple (?!and\b|with\b|plus\b|\+)[a-z]")
# Set phrases for two people.
COUPLE = screened(
    r"\b(?:mi (?!reserv|hij|nin)\w+ y yo"
    r"|(?:ella|el) y yo|yo y mi (?!hij|nin|nen|beb|reserv|perr|gat|mascot)\w+"
    rf"|con (?:mi|su) (?:mejor )?{ONE_KIN}|my \w+ (?:partner|friend"
    r"|colleague) and (?:i|me)|my (?:friend|colleague|mother|father|mum|mom|dad|sister|brother) and (?:i|me)"
    r"|(?:my|the) (?:wife|husband|partner|girlfriend"
    r"|boyfriend|fiance|fiancee|spouse) and (?:i|me|myself)"
    r"|(?:me|i) and my (?:wife|husband|partner|girlfriend|boyfriend|fiance|fiancee)"
    rf"|with my (?:best )?{ONE_KIN}"
    r"|(?:para|for|somos|vamos en|viajamos en|en) (?:(?:una|un|a|1) )?(?:pareja|matrimonio|couple)|(?:los"
    r"|nosotros) 2\b|the 2 of us|both of us|(?:two"
    r"|2) of us|yo y mi amig[oa]|mi amig[oa] y yo|me and my friend|my friend and (?:i|me))\b"
)
_AND_THE_LAST = re.compile(
    rf" (?:and|y|e|plus|mas|&|\+) (?:our|my|the|mi|mis|nuestr[oa]s?|los|las)? ?(?:\d |an? |una? )?(?:{CHILD}|{BABY}"
    rf"|{TWINS}"
    rf"|{PAIR_KIN}|{ONE_KIN})"
)
# Between the guest and the others stands nothing but a list: "my wife, our three kids and me".
_LIST_WORDS = re.compile(
    r"(?:\W|\d|\b(?:and|y|e|plus|mas|with|con|also|tambien|my|our|mi|mis|nuestr[oa]s?|the|el|la|los|las|de|of|for|para"
    rf"|just|only|solo|both|ambos|somos|seriamos|vamos|we are|we're|there's|it's|it'll|be|is|{CHILD}|{BABY}|{TWINS}"
    r"|anos?|years?|old|yo|meses|months?|aged?|who|que|tiene|tienen|coming|travelling|traveling|un|una|an?"
    r"|myself|little|small|young|baby))*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Adults named by kinship, the guest included, in folded [start, end)."""

    start: int
    end: int
    adults: int


def companions(folded: str) -> Party | None:
    """The guest and those beside them in one list. None where nobody is listed, or where it is only talk of them."""
    couples = _couples(folded)
    kin = list(_KIN.finditer(folded))
    for own in _SELF.finditer(folded):
        listed = [k for k in kin if _one_list(folded, own, k, kin)]
        if listed:
            first, last = min(own.start(), listed[0].start()), max(own.end(), listed[-1].end())
            listed = [k for k in kin if first <= k.start() and k.end() <= last]  # a spoken list has no commas
            start = min(own.start(), listed[0].start())
            end = max(own.end(), listed[-1].end())
            return Party(start=start, end=end, adults=1 + sum(_count(k) for k in listed))
    if family := _WITH_CHILDREN.search(folded):
        return Party(start=family.start(), end=family.end(), adults=1)
    us = _US_TWO.search(folded)
    if us and (beside := [k for k in kin if _one_list(folded, us, k, kin)]):
        return Party(
            start=min(us.start(), beside[0].start()),
            end=max(us.end(), beside[-1].end()),
            adults=2 + sum(_count(k) for k in beside),
        )
    others = [k for k in kin if not k["n"] and _FOR_OTHERS.search(folded[: k.start()])]
    if len(others) == len(kin) == 1 and couples is None and not folded.startswith("'s", others[0].end()):
        # "A room for my parents", "a studio for my boss".
        return Party(start=others[0].start(), end=others[0].end(), adults=_count(others[0]))
    return couples


def _one_list(folded: str, own: re.Match[str], kin: re.Match[str], others: list[re.Match[str]]) -> bool:
    """Only list words and other relatives lie between the guest and this one, and a joint is among them."""
    start, end = (own.end(), kin.start()) if own.start() < kin.start() else (kin.end(), own.start())
    if start > end or end - start > 80:
        return False
    between = list(folded[start:end])
    for other in others:
        if other is not kin and start <= other.start() and other.end() <= end:
            between[other.start() - start : other.end() - start] = "," * (other.end() - other.start())
    text = "".join(between)
    joined = re.search(r"\b(?:and|y|e|plus|mas|con|with)\b|[&+,]", text)
    if own.end() <= kin.start():  # "me my wife and our two kids": the last of a spoken list has the joint
        joined = joined or _AND_THE_LAST.match(folded, kin.end())
    return bool(joined) and _LIST_WORDS.fullmatch(text) is not None and not re.search(r"[.;!?\n]", text)


def _count(kin: re.Match[str]) -> int:
    if kin["pair"]:
        return 2
    return int(kin["n"]) if kin["n"] else 1


def _couples(folded: str) -> Party | None:
    for m in _COUPLES.finditer(folded):
        if _A_COUPLE_OF.match(folded, m.start()):
            continue
        number = int(m["n"]) if m["n"] else 1
        if 0 < number <= 12:
            return Party(start=m.start(), end=m.end(), adults=2 * number)
    return None
