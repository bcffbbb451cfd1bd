"""Room types and rate plans as guests call them, matched to what this hotel sells; small misspellings allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

from services.nlp.domain.language_lexicon import ENGLISH, SHARED, SPANISH
from services.nlp.domain.numbers import spelled_digits
from services.nlp.domain.room_parts import OF_EVERY_ROOM, NamePart, parts_of
from services.nlp.domain.screening import Pattern, screened
from services.nlp.domain.spelling import sound
from services.nlp.domain.text import Text, fold, word_set
from services.nlp.domain.types import Catalogue, CatalogueItem, Context, Entity, EntityType, Problem

# What guests say for the kinds of room most hotels have. A hotel's own names and synonyms come before these.
_CONCEPTS: dict[str, str] = {
    "twin": (
        r"(?:dobles? |doubles? )?(?:con |with )?(?:2|dos|two|a pair of) (?:cam(?:it)?as?|beds?|single beds?"
        r"|separate beds?|camas separadas|camas individuales|singles)"
        r"(?: (?:separadas|individuales|sencillas|single|matrimoniales|dobles|grandes))?|2 (?:queens|kings"
        r"|doubles? beds?)|camas? (?:separadas|gemelas|individuales)|(?:single"
        r"|separate|twin) beds"
        r"|twins?(?: (?:room|bed)(?:s|ded)?)?|(?:habitacion )?gemelar|doble dos camas"
    ),
    "double": (
        r"(?:habitacion|cuarto|hab) de matrimonio|dobles?(?: estandar| standard| matrimonial)?|matrimonial(?:es)?"
        r"|cama (?:matrimonial|doble|grande"
        r"|de matrimonio|queen|king)|double(?: bed)?(?: rooms?)?|doubles"
        r"|queen(?: (?:bed|size|room))*|(?:1|a|one|una|una sola) (?:big|large|queen|grande|sola)? ?(?:bed"
        r"|cama)\b(?! (?:extra|adicional|supletoria|mas|more))|king(?:[ -]?size)?(?: (?:bed|room))?|dbl"
    ),
    "family": (
        r"(?:habitacion |cuarto |la )?familiar(?:es)?|family (?:room|suite|size|one)s?|cuadruples?"
        r"|quad(?:ruple)?(?: rooms?)?|para (?:toda )?la familia"
    ),
    "suite": r"(?:junior |master |presidential )?suites?|suit\b(?! case)|suitte",
    "single": r"(?:habitacion |cuarto )?(?:individual|sencilla|simple)(?:es|s)?|singles?(?: rooms?)",
    "triple": r"triples?(?: rooms?)?",
    "apartment": r"(?:depto|dpto|dto|depa|departamento|apto|apartamento|apartment|apt|flat)s?",
}
_CONCEPT_PATTERN = screened(r"\b(?:" + "|".join(f"(?P<{k}>{v})" for k, v in _CONCEPTS.items()) + r")(?![a-z])")
_CONCEPT_WORDS: dict[str, tuple[str, ...]] = {
    "twin": ("twin", "dos camas", "two beds", "2 camas", "gemelar"),
    "double": ("double", "doble", "matrimonial", "queen"),
    "family": ("family", "familiar", "cuadruple"),
    "suite": ("suite",),
    "single": ("single", "individual", "sencilla"),
    "triple": ("triple",),
    "apartment": ("apartment", "departamento", "apartamento", "flat"),
}
_NOT_A_ROOM = screened(
    r"(?:\bel doble\b|double check|double the\b|double charg\w*|el doble de|cobr\w+ doble|doble cobro"
    r"|doble cargo|camas? individual de|"
    r"uso individual|single use|single occupancy|every single|single (?:night|day|time|person|parent|mother)"
    r"|simple(?:mente)? (?:pregunta|question)"
    r"|twins? (?:daughters|sons|babies|boys|girls)|(?:my|our|the) twins\b(?! room| bed)"
    r"|twins\W{1,3}(?:aged?|of|who|are|\(|\d)|gemel[oa]s\W{1,3}(?:de|que|son|\()"
    r"|(?:mis|los|las|nuestr[oa]s) gemel[oa]s|"
    r"not a single|una sola cama extra|(?:1|una?|an?|one|otra|another) (?:cama|bed) (?:extra|adicional|supletoria"
    r"|mas|more)\b|a single (?:thing|towel)"
    r"|(?:problema|asunto|emergencia|motivo|cuestion|tema|tradicion|viaje|ambiente|reunion|urgencia|evento|situacion"
    r"|paseo|razon|vacaciones|fiesta|comida|grupo|negocio|desgracia|perdida|compromiso)(?:e?s)? familiar(?:es)?"
    r"|family (?:emergenc(?:y|ies)|matters?|reasons?|issues?|problems?|trips?|holidays?|vacations?|reunions?"
    r"|gatherings?"
    r"|events?|weddings?|business|members?|friends?)\b"
    r"|(?:la|lo) mas (?:sencill[oa]|simple)\b|(?:mis|sus|unos|otros) familiares"
    r"|(?<!cama )(?<!camas )(?<!de )(?:\d{1,2}|somos|vamos|otro"
    r"|el otro) matrimonios?\b)"
)
_PLAN_CONCEPTS: dict[str, str] = {
    "nonrefundable": (
        r"no[ -]?reembolsable|non?[ -]?re?fundable|nrf|sin reembolso|sin (?:derecho a )?(?:cancelacion"
        r"|devolucion)|(?:la )?que no (?:se )?(?:devuelv\w+|reembols\w+|regresan|cancela)|no se devuelve"
        r"|no refund(?:s)?(?: rate| one)?|pre-?pag(?:o|ada)"
        r"|pre-?paid|no se puede cancelar|(?:one|rate) (?:that |which |i |you |we )?(?:can'?t"
        r"|cannot) (?:be )?(?:cancel|refund)\w*"
        r"|non refund\w*|no reembolable|non?[ -]ref\b|no reemb\b"
    ),
    "flexible": (
        r"(?:tarifa |rate |plan )?flex(?:ible)?s?(?: rate| plan)?|reembolsable|refundable|cancelacion (?:gratis"
        r"|gratuita|libre|flexible)|free cancell?ation"
        r"|cancell?able|cancelable|con cancelacion|felxible|flexibel|(?:la )?que se pued[ae] cancelar"
        r"|(?:the )?one (?:you|i|we) can cancel|with cancell?ation|(?:which|that) (?:you|i|we) can cancel"
        r"|la (?:normal|regular)|tarifa (?:normal|estandar|regular)|(?:the )?(?:normal|standard|regular) rate"
        r"|the (?:normal|regular) one"
    ),
}
_PLAN_PATTERN = screened(r"\b(?:" + "|".join(f"(?P<{k}>{v})" for k, v in _PLAN_CONCEPTS.items()) + r")(?![a-z])")
_PLAN_WORDS: dict[str, tuple[str, ...]] = {
    "nonrefundable": ("nrf", "no reembolsable", "non-refundable", "non refundable", "nonrefundable", "non_refundable"),
    "flexible": ("flex", "flexible", "refundable", "reembolsable"),
}
_NOT_A_PLAN = screened(
    r"(?:(?:fechas?|dates?|horarios?|times?|check[ -]?(?:in|out)|days?|dias?) (?:are |is |son |soy |somos "
    r"|muy |very )*flexibles?"
    r"|(?:soy|somos|i'?m|we'?re|i am|we are|are you|you|son|es usted) (?:muy |very |pretty |a bit |quite "
    r"|mas )*flexibles?|flexible (?:with|on|about|con|en) (?:the |my |our |las |los |el |la )?(?:dates?"
    r"|fechas?|time|hora|check|days))"
)
_CLOSE_ENOUGH = 0.84
# What leads up to the choice of something on offer: "ok, I'll take the …", "mejor la …".
_CHOOSING = re.compile(
    r"\W*(?:(?:ok|okay|yes|yeah|si|sure|vale|dale|bueno|perfect[oa]?|great|mejor|entonces|then|well|pues|y|and|so|va"
    r"|no|actually|i'?ll take|we'?ll take|i'?ll have|i want|i'?d like|i prefer|i'?d prefer"
    r"|let'?s (?:do|go with|go for|take)"
    r"|give me|me quedo con|nos quedamos con|quiero|queremos|quisiera|prefiero|preferimos|elijo|tomo|deme|dame|por"
    r"|the|la|las|el|una|a|\d{1,2}|de|del|con)\W+)*"
)
# "Bed in mixed dorm": what is sold is a place to sleep in a room with others.
_A_BED = re.compile(
    r"(?:bed|cama|litera|bunk)\b.*\b(?:dorm\w*|compartid\w|shared|mixt[oa])\b|(?:dorm(?:itory)? )?(?:bed|bunk|cama"
    r"|litera)$"
)
_IN_ROOM = re.compile(r"(?:bed|bunk|cama|litera) (?:in|en) (?:an? |the |una? |el |la )?(\w+ .+)$")
_BY_BEDS = re.compile(r"(?:\d|an?|una?|dos|two)? ?(?:\w+ )?(?:beds?|camas?|bunks?|literas?)")
# "Tom King": a surname, unless a bed or a room is spoken of.
_SURNAMES = frozenset({"king", "queen"})


_Words = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """Names of a catalogue, folded: whole phrases, parts of them, single words for near matches, the words of the kinds
    of room in the names of each code, and the codes of each concept."""

    phrases: tuple[tuple[str, re.Pattern[str], str], ...]
    parts: tuple[NamePart, ...]
    words: _Words
    kinds: tuple[tuple[str, frozenset[str]], ...]
    concepts: tuple[tuple[str, tuple[str, ...]], ...]
    sells_beds: bool

    def codes(self, concept: str, written: str) -> tuple[str, ...]:
        """Those that a word such as "king" may mean: the rooms whose names have it, else those of its concept."""
        wanted = _kind_words(written)
        named = tuple(code for code, kinds in self.kinds if wanted and wanted <= kinds)
        meant = dict(self.concepts).get(concept, ())
        return tuple(code for code in meant if code in named) or (named if wanted & _BEDS else ()) or meant


def find_rooms(text: Text, context: Context) -> list[Entity]:
    """Room types and rate plans. A kind of room the hotel does not have is reported with the problem "unknown"."""
    room_types, rate_plans = _indexes(context.catalogue)
    folded = text.folded
    excluded = [m.span() for pattern in (_NOT_A_ROOM, _NOT_A_PLAN) for m in pattern.finditer(folded)]
    begun = context.asks("room_type", "rate_plan")
    entities = _find(text, room_types, _CONCEPT_PATTERN, EntityType.ROOM_TYPE, excluded, begun=begun)
    plans = _find(text, rate_plans, _PLAN_PATTERN, EntityType.RATE_PLAN, excluded, begun=begun)
    return sorted(_agreeing(_longest(entities)) + _longest(plans), key=lambda e: e.span.start)


def _find(
    text: Text,
    index: _Index,
    concepts: Pattern,
    kind: EntityType,
    excluded: list[tuple[int, int]],
    *,
    begun: bool,
) -> list[Entity]:
    found: list[Entity] = []

    def add(start: int, end: int, codes: Sequence[str], confidence: float, problem: Problem = Problem.NONE) -> None:
        if any(s < end and start < e for s, e in excluded) or _is_surname(text, start, end):
            return
        span = text.span(start, end)
        words = text.original[span.start : span.end]
        several = tuple(codes) if len(codes) > 1 else ()
        found.append(
            Entity(type=kind, span=span, text=words, value=codes[0] if codes else words, confidence=confidence,
                   problem=problem, ambiguous=bool(several), alternatives=several)
        )  # fmt: skip

    for m in concepts.finditer(text.folded):
        if index.sells_beds and _BY_BEDS.fullmatch(m.group()):
            continue  # where beds are sold, two of them are no twin room
        concept = m.lastgroup or ""
        codes = index.codes(concept, m.group())
        if kind is EntityType.ROOM_TYPE:
            add(m.start(), m.end(), codes, 0.95 if codes else 0.8, Problem.NONE if codes else Problem.UNKNOWN)
        elif codes:
            add(m.start(), m.end(), codes[:1], 0.95)
    for name, pattern, code in index.phrases:
        for m in pattern.finditer(text.folded) if name in text.folded else ():
            add(m.start(), m.end(), (code,), 0.97)
    for part in index.parts:
        for m in part.pattern.finditer(text.folded) if part.words in text.folded else ():
            leads = _is_chosen(text.folded, m.start())
            nothing_else = leads and not re.search(r"[a-z]", text.folded[m.end() :])
            if part.alone or m["before"] or m["after"] or (leads and (begun or nothing_else)):
                add(m.start("word"), m.end(), part.codes, 0.85)
    if not found:
        for start, end, codes in _near_matches(text.folded, index.words, begun=begun):
            add(start, end, codes, 0.75)
    return found


def _is_chosen(folded: str, start: int) -> bool:
    """Whether nothing but a choice leads up to a word: "ok, la …", "Ana Ruiz. La …"."""
    begins = max(folded.rfind(mark, 0, start) for mark in ".,;!?\n") + 1
    return any(_CHOOSING.fullmatch(folded, at, start) for at in (0, begins))


def _is_surname(text: Text, start: int, end: int) -> bool:
    """A capitalised "King" right after another capitalised word: "Tom King", "Mrs Queen"."""
    if text.folded[start:end] not in _SURNAMES:
        return False
    span = text.span(start, end)
    before = re.search(r"(?P<word>[^\W\d_]+)\.?\s+$", text.original[: span.start])
    written = text.original[span.start : span.end]
    return before is not None and written[0].isupper() and before["word"][0].isupper()


def _near_matches(folded: str, words: _Words, *, begun: bool) -> Iterable[tuple[int, int, tuple[str, ...]]]:
    """Words that nearly are a name; with `begun` also those that only begin one: "la matri", "the promo"."""
    for m in _LONG_WORD.finditer(folded[:600]):
        written = m.group()
        if written in _REAL_WORDS:
            continue
        codes = _nearest(written, words) or (_begun(written, words) if begun else ())
        if codes:
            yield m.start(), m.end(), codes


def _begun(written: str, words: _Words) -> tuple[str, ...]:
    found = {codes for word, codes in words if word.startswith(written) and len(word) - len(written) >= _CUT_OFF}
    return found.pop() if len(found) == 1 else ()


@lru_cache(maxsize=8192)
def _nearest(written: str, words: _Words) -> tuple[str, ...]:
    """The codes of the first word that `written` sounds like or nearly is."""
    for word, codes in words:
        if written == word or abs(len(word) - len(written)) > 2:
            continue
        if sound(written) == sound(word):
            return codes
        alike = written[0] == word[0]
        if alike and SequenceMatcher(None, written, word, autojunk=False).ratio() >= _CLOSE_ENOUGH:
            return codes
    return ()


_CUT_OFF = 3
_KIND_WORDS = word_set(
    "doble double twin king queen matrimonial suite individual sencilla single simple triple familiar family"
)
_BEDS = word_set("king queen")
_PLURAL = re.compile(r"(?<=al|ar)es$|s$")
_ROOM_NOUN = re.compile(r"\b(?:habitacion|cuarto|recamara|pieza|room)\b")
_LONG_WORD = re.compile(r"[a-z]{5,}")
_REAL_WORDS = word_set(
    """
    familia familias family families flexibilidad trouble suites couple doblar doubt dobla sueltas suelte siete
    cancelala cancelalo canceladlo canceladla cancelela cancelelo cancelarla cancelarlo cancelado cancelada cancelaba
    matrimonio matrimonios reembolso reembolsar refund refunded saber sabor camara camaras dobles queen queens
    singular simple cancellation cancelation cancelacion cancelling canceling cancel cancels
    canceled cancelled cancelar cancelen
    """
)


@lru_cache(maxsize=64)
def _indexes(catalogue: Catalogue) -> tuple[_Index, _Index]:
    return _index(catalogue.room_types, _CONCEPT_WORDS), _index(catalogue.rate_plans, _PLAN_WORDS)


def _index(items: tuple[CatalogueItem, ...], concepts: dict[str, tuple[str, ...]]) -> _Index:
    phrases: list[tuple[str, re.Pattern[str], str]] = []
    words: dict[str, list[str]] = {}
    kinds: list[tuple[str, frozenset[str]]] = []
    exactly: dict[str, list[str]] = {}
    nearly: dict[str, list[str]] = {}
    for item in items:
        # A code that is a word of every day, such as CON, is none in what a guest writes.
        code = () if item.code.casefold() in SPANISH | ENGLISH | SHARED else (item.code,)
        folded = [fold(name).folded.strip() for name in (*item.names, *item.synonyms, *code) if name.strip()]
        kinds.append((item.code, frozenset(word for name in folded for word in _kind_words(name))))
        # "Bed in female dorm" is "the female dorm", too.
        also = [tail.group(1) for name in folded if (tail := _IN_ROOM.match(name))]
        also += [written for name in (*item.names, *item.synonyms) for written in _with_figures(name)]
        for name in (*folded, *also):
            plural = "" if name == item.code.casefold() else "(?:e?s)?"
            pattern = re.compile(rf"\b{re.escape(name)}{plural}(?![a-z]| (?:of|de) \d)")
            phrases.append((name, pattern, item.code))
            for word in re.findall(r"[a-z]{5,}", name):
                if word not in OF_EVERY_ROOM:
                    words.setdefault(word, []).append(item.code)
        left = set(folded)
        for (
            concept,
            keys,
        ) in concepts.items():  # in order: "doble dos camas" is a twin, "no reembolsable" not refundable
            named = {name for name in left if any(key == name or f" {key} " in f" {name} " for key in keys)}
            if concept == "single":  # "two single beds" are a twin room's
                named = {name for name in named if not re.search(r"\b(?:cama|bed)s?\b", name)}
            left -= named
            if named:
                plain = {_ROOM_NOUN.sub("", name).strip() for name in named}
                (exactly if plain & set(keys) else nearly).setdefault(concept, []).append(item.code)
    # "A double" is the double room where there is one, else any of those that are one of some kind.
    codes = {**nearly, **{concept: having[:1] for concept, having in exactly.items()}}
    for concept, having in codes.items():
        words |= dict.fromkeys(re.findall(r"[a-z]{5,}", " ".join(concepts[concept])), having)
    return _Index(
        phrases=tuple(phrases),
        parts=parts_of(items),
        words=tuple((word, tuple(dict.fromkeys(having))) for word, having in words.items()),
        kinds=tuple(kinds),
        concepts=tuple((concept, tuple(dict.fromkeys(having))) for concept, having in codes.items()),
        sells_beds=any(_A_BED.match(fold(name).folded) for item in items for name in item.names),
    )


def _with_figures(name: str) -> Iterable[str]:
    """ "1 bedroom apartment", "1-bedroom", "1 bed flat": how a name with a number stands in a text that was read."""
    for language in ("en", "es"):
        figures = spelled_digits(fold(name), language).folded.replace("-", " ")
        if not re.match(r"[1-9] bed(?:room)?s?\b|.* (?:de|con) [1-9] (?:dormitorio|recamara|habitacion)", figures):
            continue
        short = re.sub(r" (?:apartments?|flats?|rooms?|villas?|houses?)$", "", figures)
        beds = short.replace("bedroom", "bed")
        for written in dict.fromkeys((figures, short, f"{beds} flat", f"{beds} apartment")):
            yield written
            yield re.sub(r"^([1-9]) ", r"\1-", written)


def _kind_words(name: str) -> frozenset[str]:
    """The words for kinds of room in a name or in what a guest writes, in the singular."""
    return _KIND_WORDS & {_PLURAL.sub("", word) for word in re.findall(r"[a-z]+", name)}


def _longest(entities: list[Entity]) -> list[Entity]:
    """Of overlapping readings the longest; the hotel's own names win a tie."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda e: (e.span.start - e.span.end, -e.confidence)):
        if not any(entity.span.overlaps(other.span) for other in kept):
            kept.append(entity)
    return kept


def _agreeing(entities: list[Entity]) -> list[Entity]:
    """ "La doble vista al mar": of what each part may mean the one room that all of them may."""
    unsure = [entity for entity in entities if entity.ambiguous]
    sure = {entity.value for entity in entities if not entity.ambiguous}
    meant = set.intersection(*(set(entity.alternatives) for entity in unsure)) if unsure else set()
    if len(meant) == 1 and sure <= meant:
        (code,) = meant
        return [replace(entity, value=code, ambiguous=False, alternatives=()) for entity in entities]
    return [entity for entity in entities if not (entity.ambiguous and sure & set(entity.alternatives))]
