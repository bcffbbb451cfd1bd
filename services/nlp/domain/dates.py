"""Dates, nights and stays of a message as entities: finds, resolves, combines and reports doubt."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from services.nlp.domain.calendar import FULL_MONTHS
from services.nlp.domain.date_reading import Hints, Reading
from services.nlp.domain.date_resolution import month_of, resolve
from services.nlp.domain.date_roles import Mention, find_mentions, is_an_event
from services.nlp.domain.date_words import PEOPLE_THEN_DAY
from services.nlp.domain.durations import Duration, find_bare_count, find_durations
from services.nlp.domain.screening import screened
from services.nlp.domain.text import Text
from services.nlp.domain.types import Context, Entity, EntityType, Problem, Role

_LIKELY, _SURE = 0.6, 0.95
_LONGEST_BARE_STAY = 14
_COMES_OR_GOES = r"(?:arr|dep|check[ -]?in|check[ -]?out|llegada|salida|entrada|arrival|departure)"
_DAY_DOT_MONTH = r"(?<![\d.,$€£])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])"
_MONTH = "|".join(sorted(FULL_MONTHS, key=len, reverse=True))
# "March, not April", "no en abril sino en marzo".
_DENIED_MONTH = screened(
    rf"\b(?P<said>{_MONTH}),? (?:not|no|y no)(?: in| en)? (?:{_MONTH})\b"
    rf"|\b(?:not|no)(?: in| en)? (?:{_MONTH}),? (?:but|sino|es|it'?s)(?: in| en)? (?P<rather>{_MONTH})\b"
)
# "Change the dates to 9-11", "what about 27-29", with a stay on the table.
_SPEAKS_OF_DAYS = screened(
    r"\b(?:dates?|fechas?|dias)\b(?: to| be| a| al| para| for| is| son| del?|:| from)* \d{1,2} ?(?:-|to|al?) ?\d"
    r"|\b(?:what|how) about (?:the )?\d{1,2}(?:st|nd|rd|th)? ?(?:-|to|until) ?(?:the )?\d"
)
_AND = re.compile(r"\s*(?:and|y|e|&)\s+(?:(?:on|the|el|dia|also|tambien)\s+)*")
# "Del 3.12 al 6.12", "3.12. - 6.12.": dots between day and month only in pairs and beside what
# a guest does there, since one alone is a price or a time.
_DOTTED_STAY = screened(
    rf"{_DAY_DOT_MONTH}\.?(?: ?- ?| (?:al?|to|till|until|hasta)(?: the| el)? ){_DAY_DOT_MONTH}(?!\d|[.,]\d"
    r"| ?(?:[ap]\.?m|h|k|%|[a-z]*(?:usd|mxn|eur|pesos|dolares)))"
    rf"|\b{_COMES_OR_GOES}[.:]? (?:(?:on|el|the|es|is) )?{_DAY_DOT_MONTH}(?!\d|[.,]\d| ?(?:[ap]\.?m|h\b|hs|hrs))"
)
_COMES = r"(?:entr\w+|lleg\w+|check[ -]?in|arriv\w+|in|del?|from)"
_GOES = r"(?:sal\w+|check[ -]?out|leav\w+|depart\w+|out|al?|to|until|hasta)"
_DAY_DASH_MONTH = r"(?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|1[0-2])(?![\d-])"
# "Entrando el 18-12 y saliendo el 21-12": a dash between day and month only where both days are told so.
_DASHED_STAY = screened(
    rf"\b{_COMES}:?(?: (?:on|el|the"
    rf"|dia))* (?P<first>{_DAY_DASH_MONTH})(?P<between>.{{1,24}}?)(?<!\d)(?P<second>{_DAY_DASH_MONTH})"
)
# "Will I be refunded for tomorrow night?": money for a night, and no night to come for.
_NIGHT_OF_MONEY = screened(
    r"\b(?:devuelv\w+|devolv\w+|reembols\w+|regresan|refund\w*|money back|charged?|cobr\w+)\b[^.?!]{0,20}"
    r"\b(?:(?:noche )?de (?:hoy|manana)|tomorrow(?: night)?|tonight)\b"
)
# "I'll confirm tonight", "le aviso mañana": when somebody answers, and not when they come.
_WHEN_ANSWERED = screened(
    r"\b(?:(?:i'?ll|i will|we'?ll|we will) (?:\w+ )?(?:confirm|let you know|tell you|decide|get back to you"
    r"|call(?: you)?"
    r"|write|pay)|(?:te|le|les|lo|la) (?:aviso|confirmo|digo|escribo|llamo|pago|avisamos|confirmamos))"
    r"(?: (?!que\b)\w+){0,2}? (?:tonight|today|tomorrow(?: morning| night)?|hoy|manana(?: por la \w+)?|esta noche"
    r"|(?:on |el )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|el (?:lunes|martes|miercoles|jueves|viernes|sabado"
    r"|domingo))\b"
)
_MOVED_TO = re.compile(r"\W*(?:(?:mejor|si|yes|ok|a|al|para|por|to|on|for|el|the|dia)\b\W*)*")
# "For Christmas, Thursday to Sunday": a weekday this long before the feast belongs to it.
_EVE_OF_A_FEAST = timedelta(days=3)


def find_dates(text: Text, context: Context, language: str) -> list[Entity]:
    """All date, month, holiday and nights entities. Derived dates share the span of the words they come from."""
    asked = Role.CHECK_OUT if context.asks("check_out") and not context.asks("check_in") else Role.CHECK_IN
    dates_asked = context.asks("check_in", "check_out", "dates", "arrival", "departure")
    dates_asked = dates_asked or (context.known.check_in is not None and bool(_SPEAKS_OF_DAYS.search(text.folded)))
    folded = _DASHED_STAY.sub(_dashes_to_slashes, _DOTTED_STAY.sub(_with_slashes, text.folded))
    folded = _DENIED_MONTH.sub(_in_the_other, folded)
    for no_day in (_NIGHT_OF_MONEY, _WHEN_ANSWERED, PEOPLE_THEN_DAY):
        folded = no_day.sub(_blank, folded)
    mentions = find_mentions(
        folded, dates_were_asked=dates_asked, asked_role=asked, stay_known=context.known.check_in is not None
    )
    if context.asks("change") and len(mentions) == 1 and _MOVED_TO.fullmatch(folded[: mentions[0].point.start]):
        mentions = [replace(mentions[0], role=Role.CHECK_IN)]  # "change it" - "to what?" - "to the 17th"
    durations = find_durations(folded)
    either = [d for d in durations if d.least]  # "between 3 and 4 nights" names no day
    mentions = [m for m in mentions if not any(d.start < m.point.end and m.point.start < d.end for d in either)]
    bare = find_bare_count(text.folded) if not durations else None
    if bare and context.asks("check_out") and _is_length(bare, context):
        mentions, durations = [], [bare]
    elif bare and context.asks("nights") and not mentions:
        durations = [bare]
    readings = _resolve_all(mentions, _hints(mentions, context, language, folded))
    mentions = _slept_both(mentions, readings, folded)
    named_days = any(m.point.kind == "weekday" for m in mentions)
    loose = _of_another_month(mentions, readings)
    entities = [
        e
        for m, r in zip(mentions, readings, strict=True)
        if not (m.point.kind == "week" and (named_days or m.role is Role.NONE))
        and not (loose and m.point.kind == "weekday")
        for e in _entities(text, m, r, dates_asked)
    ]
    entities += [_nights_entity(text, d) for d in durations]
    return _stay(entities, context)


def _of_another_month(mentions: list[Mention], readings: list[Reading]) -> bool:
    """ "A long weekend in February, Thursday to Sunday", said in November: which of its Thursdays is not told."""
    months = {r.month for r in readings if r.month}
    days = [(m.point, r.on) for m, r in zip(mentions, readings, strict=True) if not r.month]
    return bool(months and days) and all(
        p.kind == "weekday" and not p.modifier and not p.holiday and on and f"{on:%Y-%m}" not in months
        for p, on in days
    )


def _blank(words: re.Match[str]) -> str:
    return "_" * len(words.group())


def _with_slashes(dotted: re.Match[str]) -> str:
    return re.sub(r"(?<=\d)\.(?=\d)", "/", dotted.group()).replace(". ", "  ")


def _dashes_to_slashes(dashed: re.Match[str]) -> str:
    if not re.search(rf"\b{_GOES}\b", dashed["between"]):
        return dashed.group()
    return re.sub(r"(?<=\d)-(?=\d)", "/", dashed.group())


def _in_the_other(denied: re.Match[str]) -> str:
    """The same number of characters, so that positions stay."""
    return f"in {denied['said'] or denied['rather']}".ljust(len(denied.group()))


def _is_length(bare: Duration, context: Context) -> bool:
    """Asked until when, who says "2" on the 20th means two nights: the 2nd is over and the next a long time off."""
    arrival = context.known.check_in
    return arrival is not None and bare.nights <= min(arrival.day, _LONGEST_BARE_STAY)


def _hints(mentions: list[Mention], context: Context, language: str, folded: str) -> Hints:
    known = context.known
    near = known.check_in if known.check_in and known.check_in >= context.today else None
    hints = Hints(
        today=context.today,
        region=context.region,
        near=near,
        known_check_in=known.check_in,
        known_check_out=known.check_out,
        spoken_of=known.check_out or known.check_in or known.booked_until,
    )
    months = [found for m in mentions if (found := month_of(m.point, hints))]
    weeks = [resolve(m.point, hints).on for m in mentions if m.point.kind == "week"]
    holidays = [resolve(m.point, hints) for m in mentions if m.point.kind == "holiday"]
    feasts = [reading.on for reading in holidays]
    feast = next((r.on - _eve(r) for r in holidays if r.on), None)
    points = [m.point for m in mentions]
    event = next((resolve(p, hints).on for p in points if is_an_event(p, points, folded)), None)
    numeric = [m.point for m in mentions if m.point.kind == "numeric"]
    # "12/05 to 12/08" is a stay of three nights in December before it is one of three months.
    same_month = len(numeric) == 2 and numeric[0].first == numeric[1].first and numeric[0].second < numeric[1].second
    certain = any(p.second > 12 for p in numeric)
    month_first = certain or (language == "en" and same_month)
    day_first = any(p.first > 12 for p in numeric)
    same = all(p.first == p.second for p in numeric)
    order_is_known = language != "en" or certain or day_first or same
    return replace(
        hints,
        near=event or next(iter(feasts), None) or _day_of_a_month(mentions, hints) or near,
        feast=max(feast, context.today) if feast else None,
        month=months[0] if months else known.month,
        week=weeks[0] if weeks and any(m.point.kind == "weekday" for m in mentions) else None,
        month_first=month_first and not day_first,
        order_is_known=order_is_known,
    )


def _eve(feast: Reading) -> timedelta:
    """How long before it the weekdays beside its name may be: a long weekend begins on its eve, a week on its day."""
    if not feast.on or not feast.until or feast.one_night:
        return _EVE_OF_A_FEAST
    return timedelta(days=1 if feast.until - feast.on <= _EVE_OF_A_FEAST else 0)


def _day_of_a_month(mentions: list[Mention], hints: Hints) -> date | None:
    """The only day with a month: "the wedding is on 12 June, we'd stay from the 11th to the 14th"."""
    named = [m.point for m in mentions if m.point.kind == "day" and m.point.month]
    bare = any(m.point.kind == "day" and not m.point.month for m in mentions)
    return resolve(named[0], hints).on if bare and len(named) == 1 else None


def _resolve_all(mentions: list[Mention], hints: Hints) -> list[Reading]:
    """Arrivals first, since a departure is read as the first such day after its arrival."""
    readings: dict[int, Reading] = {}
    arrivals: dict[int, date] = {}
    for index, mention in enumerate(mentions):
        if mention.role is Role.CHECK_IN or (mention.role is Role.NIGHT and not mention.pair):
            reading = _resolve_arrival(mention, hints)
            readings[index] = reading
            if reading.on:
                arrivals.setdefault(mention.pair, reading.on)
    for index, mention in enumerate(mentions):
        if index in readings:
            continue
        after = arrivals.get(mention.pair) if mention.role in (Role.CHECK_OUT, Role.NIGHT) else None
        leaving = mention.role is Role.CHECK_OUT and hints.near == hints.known_check_in
        reading = resolve(mention.point, replace(hints, after=after, leaving=leaving))
        readings[index] = _a_year_ago(reading, hints) if mention.over and not mention.point.year else reading
    return [readings[index] for index in range(len(mentions))]


def _a_year_ago(reading: Reading, hints: Hints) -> Reading:
    """The day of a stay that was, before today."""
    if reading.on is None or reading.on <= hints.today or (reading.on.month, reading.on.day) == (2, 29):
        return reading
    on = reading.on.replace(year=reading.on.year - 1)
    return replace(reading, on=on, value=on.isoformat(), problem=Problem.PAST if on < hints.today else Problem.NONE)


def _slept_both(mentions: list[Mention], readings: list[Reading], folded: str) -> list[Mention]:
    """ "Tomorrow and Friday", said on a Wednesday, are two nights; which days are in a row only the calendar knows."""
    roles = list(mentions)
    for index, ((a, b), (first, second)) in enumerate(zip(pairwise(mentions), pairwise(readings), strict=True)):
        of_a_stay = (
            a.role is Role.CHECK_IN
            and b.role is Role.CHECK_OUT
            and (a.pair == b.pair != 0 or not (a.certain or b.certain))
        )
        joined = _AND.fullmatch(folded[a.point.end : b.point.start])
        if of_a_stay and joined and first.on and second.on == first.on + timedelta(days=1):
            roles[index + 1] = replace(b, role=Role.NIGHT, pair=b.pair or len(mentions))
    return roles


def _resolve_arrival(mention: Mention, hints: Hints) -> Reading:
    point = mention.point
    if point.month >= 0:
        return resolve(point, hints)
    named = replace(
        point, month=-point.month
    )  # "del 28 al 3 de enero": the 28th of the month before, unless that is over
    reading = resolve(named, hints)
    far = reading.on is not None and (reading.on - hints.today).days > 300
    if (far or reading.problem is Problem.PAST) and not named.year:
        following = replace(named, month=named.month % 12 + 1)
        return resolve(following, hints)
    return reading


def _entities(text: Text, mention: Mention, reading: Reading, dates_asked: bool) -> list[Entity]:
    span = text.span(mention.point.start, mention.point.end)
    words = text.original[span.start : span.end]
    if reading.month:
        month = Entity(type=EntityType.MONTH, span=span, text=words, value=reading.month, problem=reading.problem)
        return [month]
    if not reading.value:
        return []
    if mention.role is Role.NONE:  # the feast that says which days "del 24 al 27" are
        return [Entity(type=EntityType.HOLIDAY, span=span, text=words, value=reading.holiday)]
    role = Role.NIGHT if reading.one_night and mention.role is Role.CHECK_IN and not mention.pair else mention.role
    sure = mention.certain or dates_asked
    entity = Entity(
        type=EntityType.DATE,
        span=span,
        text=words,
        value=reading.value,
        role=role,
        confidence=_SURE if sure else _LIKELY,
        problem=reading.problem,
        ambiguous=reading.ambiguous,
        alternatives=reading.alternatives,
    )
    found = [entity]
    if mention.role is Role.NIGHT and mention.pair and reading.on:  # "las noches del 3 y 4": out on the 5th
        found = [replace(entity, role=Role.CHECK_OUT, value=_next(reading.on), derived=True)]
    elif reading.until and role is Role.CHECK_OUT and mention.point.kind == "weekend":
        found = [replace(entity, value=reading.until.isoformat())]
    elif reading.until and not mention.pair and role in (Role.CHECK_IN, Role.NIGHT):
        if mention.point.kind == "week":
            found = [replace(entity, role=Role.DATE)]
        else:
            departure = replace(entity, role=Role.CHECK_OUT, value=reading.until.isoformat(), derived=True)
            nights = (reading.until - reading.on).days if reading.on else 0
            found.append(_as_unsure_as(entity, departure, nights))
    elif role is Role.NIGHT and reading.on:
        departure = replace(entity, role=Role.CHECK_OUT, value=_next(reading.on), derived=True)
        found.append(_as_unsure_as(entity, departure, 1))
    if reading.holiday:
        found.append(Entity(type=EntityType.HOLIDAY, span=span, text=words, value=reading.holiday))
    return found


def _next(day: date) -> str:
    return (day + timedelta(days=1)).isoformat()


def _nights_entity(text: Text, duration: Duration) -> Entity:
    span = text.span(duration.start, duration.end)
    return Entity(
        type=EntityType.EXTRA_NIGHTS if duration.more else EntityType.NIGHTS,
        span=span,
        text=text.original[span.start : span.end],
        value=str(duration.nights),
        confidence=_SURE if duration.certain else _LIKELY,
        ambiguous=bool(duration.least),
        alternatives=tuple(map(str, range(duration.least, duration.nights + 1))) if duration.least else (),
    )


def _stay(entities: list[Entity], context: Context) -> list[Entity]:
    """Start plus nights gives the end; a departure on or before the arrival is marked on both, never swapped."""
    arrival = next((e for e in entities if e.type is EntityType.DATE and e.role in (Role.CHECK_IN, Role.NIGHT)), None)
    departure = next((e for e in entities if e.type is EntityType.DATE and e.role is Role.CHECK_OUT), None)
    nights = next((e for e in entities if e.type is EntityType.NIGHTS), None)
    if nights and arrival and departure and not departure.derived and _is_a_window(arrival, departure, nights):
        return [replace(e, role=Role.DATE) if e.role in (Role.CHECK_IN, Role.CHECK_OUT) else e for e in entities]
    said = next((e for e in entities if e.role is Role.CHECK_OUT and not e.derived), None)
    if arrival and arrival.role is Role.NIGHT and said and departure and departure.derived:
        stay = replace(arrival, role=Role.CHECK_IN)  # "in on Christmas Eve, gone by the 27th"
        entities = [stay if e is arrival else e for e in entities if e is not departure]
        arrival, departure = stay, said
    if nights and departure and departure.derived and arrival:
        entities = [e for e in entities if e is not departure]
        departure = None
    if arrival and arrival.role is Role.NIGHT and nights and int(nights.value) > 1:
        stay = replace(arrival, role=Role.CHECK_IN)  # "from tonight, two nights"
        entities = [stay if e is arrival else e for e in entities]
        arrival = stay
    start = _date(arrival) or (None if arrival or departure else context.known.check_in)
    if nights and nights.ambiguous:
        return sorted(entities, key=lambda e: (e.span.start, e.derived))
    if nights and departure is None and start:
        departure = _derived(nights, start + timedelta(days=int(nights.value)), Role.CHECK_OUT, nights.confidence)
        entities.append(_as_unsure_as(arrival, departure, int(nights.value)) if arrival else departure)
    elif nights and departure and arrival is None and (end := _date(departure)) and not context.known.check_in:
        arrival = _derived(nights, end - timedelta(days=int(nights.value)), Role.CHECK_IN, nights.confidence)
        entities.append(_as_unsure_as(departure, arrival, -int(nights.value)))
    elif arrival and departure and (a := _date(arrival)) and (d := _date(departure)) and d <= a:
        pair = (arrival, departure)
        entities = [
            replace(e, problem=Problem.REVERSED) if e in pair and e.problem is Problem.NONE else e for e in entities
        ]
    return sorted(entities, key=lambda e: (e.span.start, e.derived))


def _is_a_window(arrival: Entity, departure: Entity, nights: Entity) -> bool:
    """ "Three nights between the 10th and the 20th": days among which the stay may lie, and not its ends."""
    start, end = _date(arrival), _date(departure)
    return start is not None and end is not None and (end - start).days >= 2 * int(nights.value)


def _date(entity: Entity | None) -> date | None:
    if entity is None or entity.problem is Problem.IMPOSSIBLE:
        return None
    return date.fromisoformat(entity.value)


def _as_unsure_as(said: Entity, derived: Entity, days: int) -> Entity:
    """What follows from a day that may be one of two may be one of two, each as many days from its own."""
    ways = tuple((date.fromisoformat(on) + timedelta(days=days)).isoformat() for on in said.alternatives)
    return replace(derived, ambiguous=said.ambiguous, alternatives=ways)


def _derived(source: Entity, on: date, role: Role, confidence: float) -> Entity:
    return Entity(
        type=EntityType.DATE,
        span=source.span,
        text=source.text,
        value=on.isoformat(),
        role=role,
        confidence=confidence,
        derived=True,
    )
