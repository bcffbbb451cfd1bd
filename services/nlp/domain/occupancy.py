"""Adults, children, their ages and rooms; never confused with nights, dates, times or money."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.nlp.domain.child_ages import find_ages
from services.nlp.domain.child_counts import (
    ABOUT_AGES,
    BY_KIN,
    count_by_ages,
    count_children,
    count_grown_up,
    count_unnumbered,
)
from services.nlp.domain.companions import ADULT, BABY, CHILD, COUPLE, PERSON, companions
from services.nlp.domain.counting import BETWEEN, NUMBER, ONE, Counts, number_of
from services.nlp.domain.date_words import PEOPLE_THEN_DAY
from services.nlp.domain.party_changes import PartyChange, find_party_changes
from services.nlp.domain.room_counts import find_room_counts
from services.nlp.domain.screening import screened
from services.nlp.domain.text import Text
from services.nlp.domain.types import Context, Entity, EntityType

_ADULTS = screened(rf"\b(?:{NUMBER}|{ONE}){BETWEEN}{ADULT}")
_PEOPLE = screened(rf"(?:{NUMBER}|\b{ONE}){BETWEEN}{PERSON}")
_FOR_N = screened(
    r"\b(?:for|para|pa|somos|seriamos|seremos|vamos a ser|van a ser|iriamos|iremos|venimos|vamos|vendriamos|viajamos"
    r"|fueramos|vendran|we are|we're"
    r"|we'll be|we'd be|we will be|we would be|we were|if we were|there are"
    r"|there will be"
    r"|party of|family of|group of|familia de|grupo de|table for)(?: solo| nosotros| los| just| only"
    r"| about| unos| ahora| ya| now| actually)? (?P<n>\d{1,2})\b"
    r"(?!\s*(?:%|:|/|\.\d|,\d|-\d|\d\d\b|and what|de la |de el|(?:de|of) (?:ene|feb|mar|abr|may|jun|jul|ago|sep"
    r"|oct|nov|dic"
    r"|jan|apr|aug|dec)"
    r"|noche|night|nite|dia|day|semana|week|mes|month|hora|hour|hr|h\b|hs\b|min|am\b|pm\b|a\.m|p\.m|o'?clock"
    r"|room|hab|cuarto|recamara"
    r"|nin|kid|child|adult|bebe|baby|st\b|nd\b|rd\b|th\b|enero|febrero|marzo|abril|mayo|junio"
    r"|julio|agosto|sept|octubre"
    r"|noviembre|diciembre|jan|feb|apr|jun|jul|aug|oct|nov|dec|march|may|doble|double|single|twin|suite|cama"
    r"|bed|euro|peso|dollar"
    r"|dolar|usd|mxn|ano|year|al \d|to \d|hasta|perr|dog|coche|car\b|km|people|person|pax|guest|huesped|of us"
    r"|parejas?|couples?|matrimonios?"
    r"|or \d|o \d|y \d+ (?:nin|kid)))"
)
_ALL_OF_US = screened(
    r"\b(?:los|las|nosotros|nosotras) (?P<n>[2-9]|1\d) (?=necesit\w+|quer\w+|vamos|somos"
    r"|viaj\w+|lleg\w+)"
)
# "Three rooms, each for two".
_EACH = screened(r"\b(?:each|cada un[ao]|cada (?:habitacion|cuarto)|de a)(?: (?:for|with|para|con))?\b")
_SO_MANY_EACH = screened(
    rf"(?<![\d.,:/$-])(?P<n>\d{{1,2}}){BETWEEN}(?:{ADULT}|{PERSON}) (?:each\b|apiece|in each|per room"
    r"|(?:por|en|para) cada (?:una?\b|habitacion|cuarto)|cada una\b|por (?:habitacion|cuarto)\b)"
)
_TAKEN_FOR_A_TIME = screened(r"\b(?:alarm|taxi|cab|uber|wake|ride|alarma|despiert\w+)\b")
_ME = screened(
    r"\b(?:para mi(?=\s*(?:$|[.,;!?]|solo|nada mas|del? \d|el \d|por \d))"
    r"|solo yo|yo sol(?:it)?[oa]|(?:viajo|voy|ire|vengo|llego) sol(?:it)?[oa]"
    r"|sol(?:it)?[oa] yo|ju?st me|only me|just myself|by myself|on my own|for myself|(?:travell?ing|coming) alone"
    r"|solo travell?er|solo para mi|only myself|nada mas yo|nomas yo|unicamente yo|yo nada mas|yo no ?mas"
    r"|(?:de |para )?uso individual|single use|single occupancy)\b"
)
_LABELLED = screened(
    r"\b(?:(?P<adults>adult[oae]?s?|personas|people|guests|pax)|(?P<children>children|kids|ninos|menores)"
    r"|(?<!\d )(?P<rooms>rooms|habitaciones|cuartos))\s?[:=]\s?(?P<n>\d{1,2})\b(?P<many>\s*(?:,|y|and)\s*\d)?"
)
_SORTS = screened(
    rf"{NUMBER} (?:of us )?(?:(?P<young>girls|boys|chic[oa]s)|pupils|students|teachers|adults|players|coaches|men|women"
    rf"|guys"
    r"|lads|lasses|ladies|blokes|colleagues|alumn[oa]s|estudiantes|profesor(?:es|as)|hombres|mujeres|varones|senoras"
    r"|senores)\b"
)
_OWN_CHILDREN = screened(
    r"\b(?:my|our|mis|nuestr[oa]s|with|con|have|tengo|tenemos|llev\w+|kids?|children|nin[oa]s?|hij[oa]s?) (?:\d{1,2} )?"
    r"(?:girls|boys|chic[oa]s)\b|\b(?:kids?|children|nin[oa]s|hij[oa]s)\b"
)
_BARE_COUNT = re.compile(
    r"^\W*(?:(?:y si|what if|and if|fueramos|fuesemos|vamos|vienen"
    r"|solo|solamente|just|only|para|for|somos|seremos|seriamos|we are|we're|unicamente|serian|son"
    r"|nosotros|nada mas|pues|ah|eh|um|bueno|it's|no|sorry|perdon|mejor|actually|los|the|si|yes|ok)[ ,]+)*"
    r"(?P<n>\d{1,2})(?:\s+(?:por favor|please|nada mas|only|total|en total|in total|gracias|thanks))*\W*$"
)
_ONLY_SO_MANY = re.compile(
    r"\b(?:so|now|just|only|solo|nomas|entonces)(?: (?:it'?s|we'?re|there'?s|there'?ll be|just|only|solo|somos|the"
    r"|now))*"
    r" (?P<n>[1-9]\d?)(?: (?:now|then|left|ahora|nomas))*\W*$"
)
# "2, the double then": the answer, and something more.
_COUNT_FIRST = re.compile(r"^\W*(?P<n>\d{1,2})\s*[,.;]\s+(?=[a-z])")
_SUM = screened(
    r"\b(?:(?:asi que|entonces|o sea que?|en total|total) (?:ahora )?(?:seri?amos|somos|seremos|vamos|serian|son)"
    r"|(?:so|then|now) (?:we'?d be|we would be|we'?re|we are|we'?ll be|that makes|that'?s|it'?s|it makes)|in total"
    r"|en total:?)"
)
_WITH_ONE = re.compile(r"\s*(?:con|with)\b")
# Asked how many adults come: "x2", "2p", "solo", "me"; "2 and a baby", which leaves the baby to those who count it.
_SHORT_COUNT = re.compile(r"^\W*(?:x ?(?P<n>[1-9])|(?P<m>[1-9]) ?p)\W*$")
_ALONE = re.compile(r"^\W*(?:(?:voy|vengo|viajo|i'?m|soy) )?(?:solo|sola|solit[oa]|yo|me|myself|alone|single)\W*$")
_COUNT_AND_CHILD = re.compile(
    rf"^\W*(?:somos |para |for |we are |we're )?(?P<n>[1-9]) (?:y|e|and|con|with|plus|mas|\+) (?:(?:an?|una?|1|my"
    rf"|our|mi|nuestr[oa]) )?(?:{CHILD}|{BABY})"
)
_NONE = re.compile(
    r"^\W*(?:no|none|ningun[oa]?|nobody|nadie|no (?:kids|children|ninos|hay|llevamos)|nope|sin ninos|cero"
    r"|zero|0)\b[^\d]{0,25}$"
)
# "Instead of 2 adults", "no dos": a count that is given up.
_INSTEAD_OF = screened(
    r"\b(?:en (?:lugar|vez) de|instead of|rather than|(?:son|somos|,) no) \d{1,2}(?: [a-z]+)?(?! \d)"
)
# "One of us has an allergy" counts nobody; "just one of us" does.
_ONE_OF_US = screened(
    r"(?<!just )(?<!only )(?<!solo )\b(?:1|one|un[oa]?) (?:of (?:us|them)|de (?:nosotr[oa]s|ell[oa]s))\b"
)
# "2 or 3 people" is no count yet.
_ONE_OR_OTHER = re.compile(r"(?<!\d)\d{1,2} (?:o|u|or) (?:quiza |maybe |perhaps )?$")
_ONE_MORE = re.compile(r"\s*(?:mas|more|extra|adicional(?:es)?|additional)\b")
_ADDED = re.compile(
    r"\b(?:otra|another|extra|additional|(?:agregar|anadir|sumar|add|adding|agrego|sumo)(?: a| an| otra)?)\s*$"
)
_PLUS = screened(r"(?<![\d/])(?P<a>\d)\s?\+\s?(?P<c>\d)(?!\d)")
_SHORT = screened(r"\b(?P<a>\d)\s?a(?:d|dl)?\.?,? ?(?:\+ ?|y |and |e )?(?P<c>\d)\s?(?:n|c|ch|m)\b")


def find_occupancy(
    text: Text, context: Context, *, blocked: list[tuple[int, int]], kinds: Sequence[tuple[int, int]] = ()
) -> list[Entity]:
    """Counts of one message. `blocked` are folded stretches already read as dates or nights, `kinds` those that name a
    kind of room."""
    found = Counts(text=text, taken=list(blocked))
    folded = text.folded
    changes = find_party_changes(folded)
    found.taken += [(change.start, change.end) for change in changes if not change.children]
    found.taken += [m.span() for m in (*_INSTEAD_OF.finditer(folded), *_ONE_OF_US.finditer(folded))]
    for ages in find_ages(
        folded, asked=context.asks("child_ages"), children_asked=context.asks("children"), taken=found.taken
    ):
        found.taken.append((ages.start, ages.end))
        for start, end, years in ages.each:
            found.put(EntityType.CHILD_AGE, start, end, years)
    _compact(found, folded)
    _labelled(found, folded)
    for m in () if ABOUT_AGES.search(folded) else _ADULTS.finditer(folded):
        found.add(EntityType.ADULTS, m.start(), m.end(), number_of(m))
    _sorts(found, folded)
    count_children(found, folded)
    if not context.asks("child_ages"):  # who is asked for the ages has said how many
        count_by_ages(found)
    for counts in find_room_counts(folded, kinds):
        for count in counts:
            found.add(EntityType.ROOMS, count.start, count.end, count.rooms)
        if found.count(EntityType.ROOMS):
            break
    _people(found, folded, joined=any(change.children > 0 for change in changes))
    _each_of_several(found, folded)
    count_grown_up(found, folded)
    count_unnumbered(found, folded)
    _bare(found, folded, context)
    _corrected(found, folded, context)
    _changed(found, changes, context)
    found.entities.sort(key=lambda e: e.span.start)
    return _one_total(_as_summed_up(found))


def _compact(found: Counts, folded: str) -> None:
    for pattern in (_PLUS, _SHORT):
        for m in pattern.finditer(folded):
            found.add(EntityType.ADULTS, *m.span("a"), int(m["a"]), 0.8)
            found.add(EntityType.CHILDREN, *m.span("c"), int(m["c"]), 0.8)


def _labelled(found: Counts, folded: str) -> None:
    """ "Adults: 2, children: 1", as in forms."""
    kinds = {"adults": EntityType.ADULTS, "children": EntityType.CHILDREN, "rooms": EntityType.ROOMS}
    for m in _LABELLED.finditer(folded):
        if not (m["many"] and m["children"]):  # "kids: 4, 7" are ages
            kind = next(kind for name, kind in kinds.items() if m[name])
            found.add(kind, m.start(), m.end("n"), int(m["n"]))


def _sorts(found: Counts, folded: str) -> None:
    """ "Three girls", "22 pupils and 3 teachers": grown-ups by the sort of people they are, where no adults are named
    and nobody speaks of their own."""
    told = {e.type for e in found.entities}
    if told & {EntityType.ADULTS, EntityType.CHILD_AGE} or companions(folded) or _OWN_CHILDREN.search(folded):
        return
    sorts = list(_SORTS.finditer(folded))
    if len(sorts) > 1 or (sorts and sorts[0]["young"]):
        found.add(EntityType.ADULTS, sorts[0].start(), sorts[-1].end(), sum(int(m["n"]) for m in sorts), 0.85)


def _people(found: Counts, folded: str, *, joined: bool) -> None:
    """People without a word for age: all adults, less the children named beside them.

    `joined`: the children are new, and a number beside them counts them in.
    """
    adults_known = any(e.type is EntityType.ADULTS for e in found.entities)
    couple, alone = COUPLE.search(folded), _ME.search(folded)
    total = next((m for m in _PEOPLE.finditer(folded) if m["n"] or not re.match(r"an?|una?|one", m["one"] or "")), None)
    total = total or next(
        (
            m
            for m in _PEOPLE.finditer(folded)
            if not re.search(
                r"\b(?:hablar|talk|speak|real|alguna?|con|with|to|que|otra|habra|hay|there|es|is|actual|me|an"
                r"|pasa\w*)\W*$",
                folded[: m.start()],
            )
        ),
        None,
    )
    if total and (_ONE_MORE.match(folded, total.end()) or _ADDED.search(folded[: total.start()])):
        total = None  # "another person" says how many more, not how many
    head = None if _TAKEN_FOR_A_TIME.search(folded) else _FOR_N.search(folded) or PEOPLE_THEN_DAY.search(folded)
    children = found.count(EntityType.CHILDREN)
    if adults_known:
        return
    party = companions(folded)
    if party and total and party.adults > number_of(total):  # "my parents and the two of us"
        total = None
    each = _EACH.search(folded)
    for m in (total, head or _ALL_OF_US.search(folded)):
        if m is None or _ONE_OR_OTHER.search(folded[: m.start("n")] if m["n"] else ""):
            continue
        start, end = m.span("n") if m["n"] else m.span()
        people = number_of(m) * (max(1, found.count(EntityType.ROOMS)) if each and each.end() <= m.end() else 1)
        counted_in = joined or _includes_children(folded, m)
        if (people, children) == (2, 1) and _WITH_ONE.match(folded, m.end()):
            counted_in = False  # "somos 2 con un bebé": a couple and their child
        adults = people - children if children and people > children and counted_in else people
        found.add(EntityType.ADULTS, start, end, adults, 0.95 if not children else 0.75)
        if any(e.type is EntityType.ADULTS for e in found.entities):
            return
    if party:
        found.put(EntityType.ADULTS, party.start, party.end, party.adults, 0.85)
    elif couple:
        found.add(EntityType.ADULTS, couple.start(), couple.end(), 2, 0.85)
    elif alone:
        found.add(EntityType.ADULTS, alone.start(), alone.end(), 1, 0.85)


def _each_of_several(found: Counts, folded: str) -> None:
    """ "2 rooms, 2 people each": so many in every one of them."""
    rooms, m = found.count(EntityType.ROOMS), _SO_MANY_EACH.search(folded)
    if m and rooms > 1:
        found.entities = [e for e in found.entities if e.type is not EntityType.ADULTS]
        found.put(EntityType.ADULTS, m.start(), m.end(), int(m["n"]) * rooms, 0.9)


def _changed(found: Counts, changes: tuple[PartyChange, ...], context: Context) -> None:
    """More or fewer than are known, where no number of them is said."""
    gone = [change for change in changes if change.children < 0]
    named = [e for e in found.entities if e.type is EntityType.CHILDREN and e.confidence <= BY_KIN]
    if gone:  # "my son isn't coming" names a child, and brings none
        found.entities = [e for e in found.entities if e not in named]
    told = {e.type for e in found.entities if not (changes and e in named)}
    for kind, known in ((EntityType.ADULTS, context.known.adults), (EntityType.CHILDREN, context.known.children)):
        of_adults = kind is EntityType.ADULTS
        counts = [(c, c.adults if of_adults else c.children) for c in changes]
        more = sum(count for _, count in counts)
        if not more or known is None or (of_adults and kind in told) or (EntityType.ADULTS in told and not of_adults):
            continue
        found.entities = [e for e in found.entities if e.type is not kind]
        change = next(c for c, count in counts if count)
        if known + more >= (1 if of_adults else 0):
            found.put(kind, change.start, change.end, known + more, 0.85)


def _includes_children(folded: str, m: re.Match[str]) -> bool:
    """ "somos 4 con 2 niños" counts the children in; "2 personas y 1 niño" does not."""
    after = folded[m.end() : m.end() + 30]
    if re.match(r"\s*(?:y|and|\+|mas|plus)\s+\d", after):
        return False
    return bool(
        re.match(
            r"\s*(?:[,:(]|en total|in total|total|con|with|incl\b|including|incluyendo|contando|counting|\d|de los)",
            after,
        )
    )


def _bare(found: Counts, folded: str, context: Context) -> None:
    """A bare number or "none" answers what we asked."""
    m = _BARE_COUNT.match(folded) or _COUNT_FIRST.match(folded)
    if context.asks("adults") and not found.count(EntityType.ADULTS):
        _bare_adults(found, folded)
    asked = next(
        (
            kind
            for name, kind in (
                ("adults", EntityType.ADULTS),
                ("children", EntityType.CHILDREN),
                ("rooms", EntityType.ROOMS),
            )
            if context.asks(name)
        ),
        None,
    )
    if asked is None:
        return
    if m and not any(e.type is asked for e in found.entities):
        found.add(asked, *m.span("n"), int(m["n"]), 0.9)
    elif asked is EntityType.CHILDREN and _NONE.match(folded):
        found.add(asked, 0, len(folded), 0, 0.9)


def _bare_adults(found: Counts, folded: str) -> None:
    """ "x2", "2 and a baby", "solo": how many adults come, said in a word to who asked."""
    if m := _SHORT_COUNT.match(folded):
        found.add(EntityType.ADULTS, 0, len(folded), int(m["n"] or m["m"]), 0.9)
    elif m := _COUNT_AND_CHILD.match(folded):
        found.add(EntityType.ADULTS, *m.span("n"), int(m["n"]), 0.9)
    elif _ALONE.match(folded):
        found.add(EntityType.ADULTS, 0, len(folded), 1, 0.9)


def _corrected(found: Counts, folded: str, context: Context) -> None:
    """ "So only 2", once it is known how many come, and nothing else is asked that a number could answer."""
    m = _ONLY_SO_MANY.search(folded)
    open_count = context.asks("nights", "check_out", "dates", "rooms", "child_ages", "children", "check_in")
    if m and context.known.adults is not None and not open_count and not found.count(EntityType.ADULTS):
        found.add(EntityType.ADULTS, *m.span("n"), int(m["n"]), 0.85)


def _as_summed_up(found: Counts) -> list[Entity]:
    """ "One more child, so we'd be 2 adults and 3 children of 5, 6 and 8": of children told twice the sum counts."""
    sums = [m.end() for m in _SUM.finditer(found.text.folded)]
    if not sums:
        return found.entities
    at = found.text.span(0, sums[-1]).end
    kinds = {e.type for e in found.entities if e.span.start >= at}
    if EntityType.CHILDREN not in kinds:
        return found.entities
    summed = {EntityType.CHILDREN} | ({EntityType.CHILD_AGE} & kinds)
    return [e for e in found.entities if e.span.start >= at or e.type not in summed]


def _one_total(entities: list[Entity]) -> list[Entity]:
    """Children named in several parts ("1 niña de 3 y 1 niño de 5") become one count over all parts."""
    parts = [e for e in entities if e.type is EntityType.CHILDREN]
    if len(parts) < 2:
        return entities
    total = Entity(
        type=EntityType.CHILDREN,
        span=parts[0].span,
        text=parts[0].text,
        value=str(sum(int(e.value) for e in parts)),
        confidence=min(e.confidence for e in parts),
    )
    rest = [e for e in entities if e.type is not EntityType.CHILDREN]
    return sorted([*rest, total], key=lambda e: e.span.start)
