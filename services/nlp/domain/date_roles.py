"""Which points belong together as a stay, and which is arrival or departure, from the words around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.nlp.domain.calendar import HOLIDAY_BY_KEY
from services.nlp.domain.date_neighbours import with_neighbours
from services.nlp.domain.date_pairs import MARKED, Pair, find_pairs, mask
from services.nlp.domain.date_point import Point
from services.nlp.domain.date_points import find_points
from services.nlp.domain.types import Role

_ARRIVAL_WORDS = (
    r"lleg\w+|entrada|entro|entrar|entrando|entramos|entrariamos|ingres\w+|check(?:ing)?[ -]?in|desde|a partir de(?:l)?"
    r"|from|arriv\w+|get(?:ting)? (?:there|in)|com(?:e|ing)\b|start\w*|begin\w*|beginning|as of|empez\w+"
    r"|in on|viaj\w+|aterriz\w+|land(?:ing)?"
)
_DEPARTURE_WORDS = (
    r"salgo|salimos|salida|salir\w*|saliendo|saldr\w+"
    r"|(?<!cuanto )(?<!me )(?<!nos )(?<!le )(?<!que )salen?(?= (?:el|la|manana|pasado|hasta)\b)"
    r"|check(?:ing)?[ -]?out|checkout|hasta|nos vamos|me voy|irnos|irme"
    r"|regres\w+|volvemos|vuelvo|leav\w+|depart\w+|partida|until|untill|till|'?til|through|thru|to|end\w*|al"
    r"|fly(?:ing)? (?:out|home)"
    r"|go(?:ing)? home|out on"
    r"|head(?:ing)? (?:back|home|off)|(?:gone|out|home) by|and go"
    r"|marcho|marchamos|dejamos|dej\w+ (?:(?:la|el) )?(?:hab\w*|cuarto|recamara|pieza|libre)"
    r"|entreg\w+ (?:la|el|las) (?:hab\w*|cuarto|recamara|llaves?)|desaloj\w+|desocup\w+|retir\w+"
    r"|vacat(?:e|ing) (?:the |our |my )?room|hand(?:ing)? (?:back|in) the keys?"
)
_ROLE_BEFORE = re.compile(rf"\b(?:(?P<arrive>{_ARRIVAL_WORDS})|(?P<depart>{_DEPARTURE_WORDS}))\b")
_ROLE_AFTER = re.compile(
    r"\W{0,3}(?:de |como |is |es |as |for |la |my |our )?(?:(?P<arrive>entrada|llegada|arrival|check[ -]?in|checkin)"
    r"|(?P<depart>salida|departure|check[ -]?out|checkout))\b"
)
# "Check-out on the 20th, check-in the 15th": the second word is that of the day after it.
_NEXT_ONE_WITH_ITS_ROLE = re.compile(
    r"\s*[,;]\s*(?:entrada|llegada|arrival|salida|departure|check[ -]?in|check[ -]?out)"
    rf"(?: date| fecha)?(?:\s*(?:on|is|es|el|the|would be|seria|[:=]))*\s*{MARKED}"
)
_LAST_NIGHT = re.compile(
    r"\b(?:(?:last|final) night|ultima noche)(?: there)?(?: would be| will be| is| being| seria| es)?(?: on| of)?"
    r"(?: the| el| la)?(?: del?)?\s*$"
)
# These say a role only right before the date: "to Sunday", not "to sleep in town on Thursday".
_ADJACENT = frozenset(
    {"and go", "untill", "to", "al", "from", "desde", "through", "thru", "til", "till", "'til", "until", "hasta"}
)
_ONLY_ARTICLES = re.compile(r"\s*(?:(?:the|el|la|dia|on|this|next|late|around|about|early|este|proximo)\s+)*")
_MOVES_THE_ARRIVAL = re.compile(
    r"\b(?:move|shift|change|push|bring|reschedule|switch|bump|postpone|cambi\w+|mover|mueve\w*|pas[ae]\w*"
    r"|recorr\w+|corr[ae]\w*|reprogram\w+|adelant\w+|posp\w+|retras\w+|atras\w+|posterg\w+|aplaz\w+|demor\w+)\b"
    r"(?!.*\b(?:salida|departure|check[ -]?out)\b).*\b(?:to|al|para)(?: the| el| dia)*\s*$"
)
_NIGHT_BEFORE = re.compile(
    # "At 11 de la noche, on the 10th" is an hour.
    r"(?:(?<!\d de )\bla noche|(?<!una )(?<!1 )(?<!\d de la )\bnoche|\bthe night|(?<!1 )(?<!one )\bnight)"
    r"(?: solamente| only)?,?(?: del?| of| on| para| for| el)?(?: el| the| dia)?\s*$"
)
_NIGHT_AFTER = re.compile(r"\s+(?:(?:por|en|a) la (?:noche|noxe)|night\b|nite\b)")
_EITHER_DAY = re.compile(r"\s*,?\s*(?:or|o|u)\s*(?:on |the |el |for |para )*")
_FAREWELL = re.compile(
    r"(?:\b(?:see (?:you|ya|u)(?: all| guys)?|talk (?:to you )?|speak|nos vemos)(?: on| el| the)*"
    r"|(?:^\W*|[.,;!?]\s*|\b(?:gracias|thanks|ok|vale|perfecto|listo|bye|chao)\s+)(?:hasta(?: el)?|until|till))\s*$"
)
# The other day of a change: "the 21st rather than the 20th", "hasta el jueves en vez del miércoles".
_GIVEN_UP = re.compile(
    r"\b(?:instead of|rather than|in place of|not|en (?:lugar|vez) de|(?:y |ya )?no)(?:l| el| the| on| from| al"
    r"| para)*\s*$"
)
# "No llegamos el 10 sino el 11", "we can't make it on the 10th, only on the 11th": the second is the arrival.
_BUT_RATHER = r"\W*(?:sino(?: hasta)?|but(?: rather)?|only)(?: (?:el|la|on|the|hasta|until|till))*\s*"
_NOT_BUT = re.compile(rf"{_BUT_RATHER}$")
_ONLY_ANOTHER = re.compile(rf"{_BUT_RATHER}{MARKED}")
_UNTIL = re.compile(r"\b(?:hasta|until|till|'?til)(?: (?:el|la|the))*\s*$")
_CANNOT = re.compile(
    r"\b(?:no|can ?not|can'?t|won'?t|not|couldn'?t|unable)\b[^.?!]{0,30}\b(?:lleg\w+|entr\w+|estar|ir|make it"
    r"|get there|arrive|come"
    r"|be there|reach)\b"
)
# "Move it from the 3rd to the 10th", "pasarla del 3 al 10": one day becomes another, and nobody stays between them.
_MOVES_A_DAY = re.compile(
    r"\b(?:(?:move|shift|switch|push|postpone|reschedule|bring|bump)\w*(?: \w+){1,4}?"
    r"|chang\w+ (?:my |our |the )?(?:check[ -]?in|check[ -]?out|arrival|departure)(?: day| date)?"
    r"|cambi\w+ (?:mi |la |nuestra )?(?:fecha de |dia de )?(?:entrada|llegada|salida)"
    r"|(?:pas|muev|mov|corr|recorr|adelant|pospon|reprogram|aplaz)\w*(?:la|lo|las|los| (?:la|mi"
    r"|nuestra) \w+(?: \w+)?))\s*$"
)
_CHANGES = re.compile(
    r"\b(?:mov|shift|switch|chang|push|postpon|reschedul|cambi|pas[ae]|muev|corr|recorr|adelant|pospon|reprogram"
    r"|aplaz)\w*"
)
_FROM = re.compile(r"\s*\b(?:del?|from|desde)(?: the| el)?\s*$")
_TO = re.compile(r"\)?\s*(?:to|al?|por|para|for)\b")
_DEPARTING = re.compile(r"\b(?:check[ -]?out|checkout|departure|salida)\b")
# A stay that was booked and is named to be changed: "I have a booking from the 2nd to the 6th, but …".
_BOOKED_BEFORE = re.compile(
    r"\b(?:(?:have|had|got|made) (?:an? |my |our )?(?:\w+ )?(?:booking|reservation)|i(?:'ve| have)? booked"
    r"|we(?:'ve| have)? booked"
    r"|tengo (?:una |la )?reserva\w*|tenemos (?:una )?reserva\w*|hice una reserva\w*|reserve"
    r"|mi reserva\w* es)\b[^.?!\n]*$"
)
# A stay that is over: "I was there from the 2nd to the 5th and left a jumper", "estuve del 2 al 5".
_STAYED_BEFORE = re.compile(
    r"\b(?:(?:i|we) (?:was|were) (?:there|here|with you|at your|in your|guests|a guest|in room)"
    r"|(?:i|we) (?:stayed|slept)|(?:i|we)(?: have|'ve) stayed|estuv(?:e|imos)|me hospede|nos hospedamos"
    r"|nos alojamos|me aloje|dormimos)\b[^.?!\n]*$"
)
# A booking that is given up for another one: "cancel the 12th to the 14th and rebook me for the 19th".
_GIVES_UP = re.compile(r"\b(?:cancel\w*|anul\w*|scrap|drop|forget|olvid\w+)\b[^.?!;\n]*$")
_TAKES_ANOTHER = re.compile(
    r"\b(?:re-?book|book|make|get|give|reserve|put|new|another|instead|otr[oa]|nuev[oa]|haz\w*|hac(?:e|eme|er\w*)"
    r"|hag\w+|reserv\w+|pon\w*|dame|mejor)\b"
)
_BUT = re.compile(
    r"\b(?:but|instead|pero|want to|need to|would like to|quiero|quisiera|necesito|mejor|cambi\w+|change)\b"
)
# "Tomorrow, no wait, Friday": the first of the two was a slip.
_SLIP = re.compile(
    rf"\W*\b(?:and |y |but |pero )?(?:(?:it )?(?:should (?:have been|be)|was (?:supposed|meant) to be|tenia que ser"
    rf"|debia ser|debio ser|deberia (?:ser|haber sido))(?: the| el| on)*\s*{MARKED})"
    r"|\W*\b(?:(?:no|sorry|perdon|wait|espera|actually|mejor dicho|digo|i mean|i meant|rather|better|mejor)\b\W*){1,3}"
    rf"(?:(?:el|the|on|para|for|make it|make that|que sea)\s)*{MARKED}"
)
# "I checked out on the 3rd and left my charger": that stay is over.
_GONE = re.compile(
    r"\b(?:checked (?:out|in)|(?:i|we) left|(?:i|we) stayed|sali|me fui|nos fuimos)(?: on| the| el)*\s*$"
)
_EVENT = re.compile(
    r"\b(?:wedding|conference|concert|party|event|festival|marathon|race|match|game|birthday|graduation|exhibition|fair"
    r"|show|congress|meeting|funeral|anniversary|boda|congreso|concierto|fiesta|evento|maraton|carrera|partido"
    r"|cumpleanos|graduacion|feria|junta|aniversario|bautizo)\b[^.?!\n]{0,30}$"
)
_LONGER = re.compile(r"\b(?:exten[ds]\w*|alarg\w+|prolong\w+|ampli\w+|stay (?:on|longer)|quedar\w* mas)\b")
_REFERS = re.compile(r"\b(?:refer\w+|meant|mean)(?: to)?(?: al| a| the| el)?\s*$")
# "And the weekend after?" is another stay, whatever was asked.
_ANOTHER = re.compile(r"siguiente|following|\botro\b|after")
# "Nos vamos el puente": who goes for days that have a name comes to the hotel.
_GO = frozenset({"nos vamos", "me voy", "irnos", "irme"})
_OF_DAYS = ("holiday", "weekend", "ordinal_weekend")
_REACH, _WORD_BEFORE = 45, 10
_BREAK = re.compile(r"[!?\n;]|\.(?:\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A point with its role. `certain` is false when the role is only likely; `pair` numbers the stay it belongs to;
    `over`: of a stay that was."""

    point: Point
    role: Role
    certain: bool = True
    pair: int = 0
    over: bool = False


def find_mentions(folded: str, *, dates_were_asked: bool, asked_role: Role, stay_known: bool = False) -> list[Mention]:
    """All dates of a message with their roles, in order. `stay_known`: there is one that a departure may be of."""
    points = with_neighbours(folded, find_points(folded, dates_were_asked=dates_were_asked))
    masked = mask(folded, points)
    pairs = find_pairs(masked, points, dates_were_asked=dates_were_asked)
    mentions: list[Mention] = []
    taken = [(pair.first.start, pair.second.end) for pair in pairs]
    singles = [p for p in points if not any(s <= p.start < e for s, e in taken)]
    for number, pair in enumerate(pairs, start=1):
        later = any(p.start > pair.second.end for p in singles) or number < len(pairs)
        mentions += _mentions_of(pair, number, masked, later=later)
    if not points and dates_were_asked:
        singles = _bare_answer(folded)
    # "Día 5 entrada, día 7 salida": with each role behind its day, none belongs to the day after it.
    all_behind = (
        len(singles) > 1
        and not _ROLE_BEFORE.search(masked[: singles[0].start])
        and all(_ROLE_AFTER.match(masked, p.end) for p in singles)
    )
    for point in singles:
        until = dates_were_asked or stay_known or (point is points[0] and len(points) > 1)
        if all_behind:
            role, certain = _role_behind(point, masked), True
        else:
            role, certain = _role_of(point, masked, asked=until)
        if _LAST_NIGHT.search(masked[max(0, point.start - 45) : point.start]):
            mentions.append(Mention(point=point, role=Role.NIGHT, pair=len(pairs) + 1))
            continue
        if _gives_way(point, points, masked) or _is_the_event(point, points, masked):
            role, certain = Role.DATE, True
        other = any(p.end < point.start and _EITHER_DAY.fullmatch(folded[p.end : point.start]) for p in singles)
        if other and not certain:  # "the 5th or the 12th" are two ways to one stay, and not its ends
            certain = True
        mentions.append(Mention(point=point, role=role, certain=certain))
    mentions.sort(key=lambda m: m.point.start)
    return _fill_roles(_feasts_beside_days(mentions), asked_role, longer=bool(_LONGER.search(folded)))


def _mentions_of(pair: Pair, number: int, masked: str, *, later: bool) -> list[Mention]:
    """Both ends of a stay; of a change from one day to another the new one; of a stay that is given up neither."""
    before = masked[max(0, pair.first.start - 60) : pair.first.start]
    start = _FROM.search(before)
    lead = before[: start.start()] if start else ""
    if start and not later and _MOVES_A_DAY.search(lead):
        role = Role.CHECK_OUT if _DEPARTING.search(lead) else Role.CHECK_IN
        return [Mention(point=pair.first, role=Role.DATE), Mention(point=pair.second, role=role)]
    given_up = _GIVES_UP.search(before) and _TAKES_ANOTHER.search(masked, pair.second.end)
    if _STAYED_BEFORE.search(before):
        return [Mention(point=point, role=Role.DATE, over=True) for point in (pair.first, pair.second)]
    if later and (
        given_up
        or (_BOOKED_BEFORE.search(before) and _BUT.match(masked[pair.second.end :].lstrip(" ,.")))
        or (_CHANGES.search(before) and _TO.match(masked, pair.second.end))
    ):
        return [Mention(point=pair.first, role=Role.DATE), Mention(point=pair.second, role=Role.DATE)]
    return [
        Mention(point=pair.first, role=Role.CHECK_IN, pair=number),
        Mention(point=pair.second, role=Role.NIGHT if pair.last_night else Role.CHECK_OUT, pair=number),
    ]


def _feasts_beside_days(mentions: list[Mention]) -> list[Mention]:
    """ "Para Navidad, del 24 al 27": the feast says when, the days say which. It has no role of its own then."""
    days = any(m.point.kind in ("day", "numeric", "weekday") and m.role is not Role.CHECK_OUT for m in mentions)
    feasts = [m for m in mentions if m.point.kind == "holiday"]
    narrower = any(not HOLIDAY_BY_KEY[m.point.holiday].period for m in feasts)  # "Semana Santa, desde el jueves santo"
    return [
        replace(m, role=Role.NONE)
        if m in feasts and m.role is Role.DATE and (days or (narrower and HOLIDAY_BY_KEY[m.point.holiday].period))
        else m
        for m in mentions
    ]


def _bare_answer(folded: str) -> list[Point]:
    """A bare "12" or "the 12" right after we asked for a date."""
    m = re.fullmatch(
        r"\W*(?:(?:(?:para|for) (?=el |the |dia )|(?:perdon|sorry|digo|uy|ah|oops),?|on"
        r"|el|the|dia|seria|it would be|mejor)\s*)*(?P<d>\d\d?)(?:st|nd"
        r"|rd|th)?\W*",
        folded,
    )
    if m and 1 <= int(m["d"]) <= 31:
        return [Point(kind="day", start=m.start("d"), end=m.end("d"), day=int(m["d"]))]
    return []


def _role_of(point: Point, masked: str, *, asked: bool) -> tuple[Role, bool]:  # noqa: PLR0911 (a list of cases)
    """`asked`: days were asked for, or another day follows, so that "hasta el domingo" is no farewell."""
    # A word before its own reach, "cuánto" of "cuánto sale", says what the word means.
    before = masked[max(0, point.start - _REACH - _WORD_BEFORE) : point.start]
    pieces = re.split(MARKED, before)
    clause = _BREAK.split(pieces[-1])[-1]
    if _GONE.search(clause):
        return Role.DATE, True
    if _REFERS.search(before):
        return Role.DATE, False
    if _GIVEN_UP.search(clause) or (_FAREWELL.search(clause) and not asked):
        return Role.DATE, True
    if point.kind == "night" or _NIGHT_BEFORE.search(before):
        return Role.NIGHT, True
    found = [
        m
        for m in _ROLE_BEFORE.finditer(clause)
        if m.start() >= len(clause) - _REACH
        and (m.group() not in _ADJACENT or _ONLY_ARTICLES.fullmatch(clause[m.end() :]))
    ]
    if _MOVES_THE_ARRIVAL.search(clause) or _comes_later(clause, masked[: point.start]):
        return Role.CHECK_IN, True
    after = None if _NEXT_ONE_WITH_ITS_ROLE.match(masked, point.end) else _ROLE_AFTER.match(masked, point.end)
    if after and not (found and found[-1].end() >= len(clause) - 12):
        return (Role.CHECK_IN if after["arrive"] else Role.CHECK_OUT), True
    if found and found[-1].group() in _GO and point.kind in _OF_DAYS:
        return Role.DATE, False
    if found:
        return (Role.CHECK_IN if found[-1]["arrive"] else Role.CHECK_OUT), True
    if point.modifier == "night" or _NIGHT_AFTER.match(masked, point.end):
        return Role.NIGHT, True
    return Role.DATE, False


def _comes_later(clause: str, before: str) -> bool:
    """ "Not on the 10th but the 11th", "we won't get there until the 12th"."""
    return bool(_NOT_BUT.search(clause) or _UNTIL.search(clause)) and bool(_CANNOT.search(before))


def _role_behind(point: Point, masked: str) -> Role:
    after = _ROLE_AFTER.match(masked, point.end)
    return Role.CHECK_IN if after and after["arrive"] else Role.CHECK_OUT


def is_an_event(point: Point, points: Sequence[Point], folded: str) -> bool:
    """ "The wedding is on Saturday 12 December. A room for Friday and Saturday?": a day that others are near."""
    others = any(p.kind == "weekday" and not p.modifier for p in points)
    return point.kind == "day" and bool(point.month) and others and bool(_EVENT.search(folded[: point.start]))


def _is_the_event(point: Point, points: list[Point], masked: str) -> bool:
    """A day that another one is only told from, as by `_beside_an_event`."""
    if is_an_event(point, points, masked):
        return True
    days = [p for p in points if p.kind == "day" and p.offset]
    return not point.offset and any((p.day, p.month) == (point.day, point.month) for p in days)


def _gives_way(point: Point, points: list[Point], masked: str) -> bool:
    """The day of a booking that is given up for one on a later day of the message, and a day that was a slip."""
    if _SLIP.match(masked, point.end):
        return True
    before = masked[max(0, point.start - 60) : point.start]
    follows = any(other.start >= point.end for other in points)
    if follows and _CANNOT.search(before) and _ONLY_ANOTHER.match(masked, point.end):
        return True
    if _BOOKED_BEFORE.search(before) and (m := _CHANGES.search(masked, point.end)):
        return any(other.start >= m.end() for other in points)
    return follows and bool(_GIVES_UP.search(before) and _TAKES_ANOTHER.search(masked, point.end))


def _fill_roles(mentions: list[Mention], asked: Role, *, longer: bool) -> list[Mention]:
    """Dates without a role word take the role we asked for, else the one that is still free, in order."""
    filled: list[Mention] = []
    free = [Role.CHECK_IN, Role.CHECK_OUT]
    if asked is Role.CHECK_OUT:
        free.reverse()
    for mention in mentions:
        if mention.certain and mention.role in free:
            free.remove(mention.role)
    if any(m.certain and m.role is Role.NIGHT and not m.pair for m in mentions) or (
        longer and Role.CHECK_OUT not in free
    ):
        free = []
    gone = min((m.point.start for m in mentions if m.certain and m.role is Role.CHECK_OUT), default=None)
    for mention in mentions:
        if gone is not None and mention.point.start > gone and mention.point.kind == "relative" and not mention.certain:
            filled.append(mention)  # "until Sunday, and clean the room today"
            continue
        stay_like = mention.point.kind not in ("month", "relative_month", "week")
        fillable = (
            mention.role is Role.DATE and not mention.certain and stay_like and free and not _is_past(mention.point)
        )
        role = free.pop(0) if fillable else mention.role
        another = fillable and mention.point.kind == "weekend" and _ANOTHER.search(mention.point.modifier)
        filled.append(replace(mention, role=Role.CHECK_IN if another else role))
    return filled


def _is_past(point: Point) -> bool:
    said = "pasado" in point.modifier or "last" in point.modifier
    return (point.kind == "relative" and point.offset < 0) or (said and not point.holiday)
