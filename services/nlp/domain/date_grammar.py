"""How single dates are written in folded text: one pattern a form, in order of precedence, with its reader."""

from __future__ import annotations

import re
from collections.abc import Callable

from services.nlp.domain.calendar import FULL_MONTHS, MONTHS, SHORT_WEEKDAYS, WEEKDAYS
from services.nlp.domain.date_point import (
    Point,
    read_day_month,
    read_following,
    read_from_now,
    read_iso,
    read_month,
    read_next_month_day,
    read_nth,
    read_numeric,
    read_ordinal_weekday,
    read_relative,
    read_relative_month,
    read_short_weekday,
    read_week,
    read_weekday,
    read_weekday_day,
    read_weekend,
)
from services.nlp.domain.date_words import COUNTED, ORDER

Reader = Callable[[re.Match[str], str], Point]
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
_FULL_MONTH = "(?:" + "|".join(sorted((m for m in FULL_MONTHS if m != "march"), key=len, reverse=True)) + ")"
_WEEKDAY = "(?:" + "|".join(WEEKDAYS) + ")"
_SHORT_WEEKDAY = "(?:" + "|".join(sorted(SHORT_WEEKDAYS, key=len, reverse=True)) + ")"
_ORDINAL = r"(?:st|nd|rd|th|ro|ero|er|o|°)?"
_NOT_COUNTED = rf"(?![a-z\d]|:\d|[.,]\d|\s*{COUNTED})"
_YEAR = (
    r"(?:\s*(?:,|/|-|\.)?\s*(?:del? (?:ano )?|of )?(?P<{0}>20\d\d)\b|\s*(?:/|\s'|\bdel? )(?P<{0}s>\d\d)\b(?!:"
    r"|\s*(?:{1})))"
)
_DAY = rf"(?<![\d:.,$€£#/])(?P<{{0}}>\d{{{{1,2}}}}){_ORDINAL}"
_ARTICLE = r"(?:(?<=\bel )|(?<=\bal )|(?<=\bdel )|(?<=\bdia )|(?<=\bthe )|(?<=\bdias ))"
_NOT_VERB = r"(?!(?<=may) (?:i|we|be|have|need|also|want|not|arrive|come|you|it)\b)"
# "Thursday evening, the 22nd" is one day.
_DAY_PART = r"(?: (?:early |late )?(?:morning|afternoon|evening|night)| (?:por|en) la (?:manana|tarde|noche)),? "
_THREE_LETTERS = "(?:" + "|".join(name for name in SHORT_WEEKDAYS if len(name) == 3) + ")"
# These are no other words of either language; the others need a word beside them.
_SHORT_ALONE = "weds|thurs|thur|thu|tues|fri|lun|mie|jue|vie|sab"
_NOT_THE_SEA = "".join(rf"(?<!\b{word} al mar)" for word in ("vista", "vistas", "frente", "junto", "da", "dan", "lado"))
_SHORT_CONTEXT = (
    r"(?:(?<=\bon )|(?<=\bthis )|(?<=\bnext )|(?<=\bfrom )|(?<=\bto )|(?<=\btill )|(?<=\buntil )|(?<=\bfor )"
    r"|(?<=\bel )|(?<=\beste )|(?<=\bdel )|(?<=\bal )|(?<=[a-z] - )|(?<=[a-z]-)"
    r"|(?<=\bgo )|(?<=\bleave )|(?<=\bleaving )|(?<=\barrive )|(?<=\barriving )|(?<=\bthere )|(?<=\bback )"
    r"|(?<=\barr )|(?<=\bdep )|(?<=\bthru )|(?<=\bthrough )|(?<=\btil )"
    rf"|(?<=\b{_THREE_LETTERS} [ay&] )|(?<=\b{_THREE_LETTERS}[/&])|(?<=\b{_THREE_LETTERS} and ))"
)


def _day(name: str) -> str:
    return _DAY.format(name)


def rules_of(p: str) -> tuple[tuple[str, Reader], ...]:
    """Alternatives in order of precedence; p prefixes the group names of one rule."""
    year = _YEAR.format(p + "y", COUNTED)
    week_day = rf"(?:(?P<{p}w>{_WEEKDAY}|{_SHORT_WEEKDAY})(?:,?\.? |{_DAY_PART}(?:the |el ))\(?(?:the |el |dia )?)?"
    named = rf"(?:\b(?:{_WEEKDAY}|{_SHORT_WEEKDAY}),?\.? \(?(?:the |el |dia )?)?"
    return (
        (rf"{named}(?<!\d)(?P<{p}y>20\d\d)[-/.](?P<{p}m>\d\d?)[-/.](?P<{p}d>\d\d?)(?!\d)", read_iso),
        (
            (
                rf"{week_day}{_day(p + 'd')}\s*(?:de(?:l mes de)? |del |of "
                rf"|[/.-]\s?)?(?P<{p}m>{_MONTH})\b{_NOT_VERB}\.?(?:{year})?"
            ),
            read_day_month,
        ),
        (
            rf"{week_day}\b(?P<{p}m>{_MONTH})\.?\s*(?:the |el |dia )?{_day(p + 'd')}"
            rf"{_NOT_COUNTED}(?:{year})?",
            read_day_month,
        ),
        (
            (
                rf"{named}(?<![\d:.,$€£#/-])(?P<{p}a>\d\d?)(?P<{p}s>[/.-])(?P<{p}b>\d\d?)(?P={p}s)(?P<{p}y>20\d\d"
                rf"|\d\d)(?![\d/]"
                r"|[.,]\d)"
            ),
            read_numeric,
        ),
        (
            (
                rf"{named}(?<![\d:.,$€£#/])(?<!\d{{3}}-)(?!24/7|(?<!-)(?<!- )(?<!to )(?<!al )(?<!out )(?<!salida )1/2\b"
                rf"|50/50)(?P<{p}a>\d\d?)/(?P<{p}b>\d\d?)(?P<{p}y>)(?![\d/:%]|[.,]\d"
                r"|\s*(?:star|estrella|hora|pension|board|stars))"
            ),
            read_numeric,
        ),
        (
            (
                rf"\b(?P<{p}n>{'|'.join(ORDER)}) (?P<{p}w>{_WEEKDAY}|fin de semana|finde|weekend) (?:de|in"
                rf"|of)(?: el mes de)? (?P<{p}m>{_MONTH})\b(?: (?:de |del )?(?P<{p}y>20\d\d))?"
            ),
            read_ordinal_weekday,
        ),
        (
            rf"\b(?P<{p}w>{_WEEKDAY}|{_SHORT_WEEKDAY})(?:,?\.? |{_DAY_PART}(?:the |el ))\(?(?:the |el |dia )?"
            rf"{_day(p + 'd')}"
            rf"{_NOT_COUNTED}",
            read_weekday_day,
        ),
        (
            (
                rf"(?:\b(?:dia |the ))?{_day(p + 'd')} (?P<{p}rel>(?:de(?:l)? (?:este mes|proximo mes|mes que viene"
                r"|mes proximo|mes siguiente|mes que entra|mes)|of (?:this month|next month|the month)|next month))\b"
            ),
            read_next_month_day,
        ),
        (
            (
                rf"\b(?:(?P<{p}pre>(?:(?:an?|1|2|3) )?weeks? (?:on|from|after)(?: this| next| the| coming)*"
                r"|(?:an?|1|2|3) fortnight (?:on|from)(?: this)?|este|esta|proximo|this coming|this|next|coming"
                r"|following|siguiente"
                rf"|last|pasado)\s)?(?<!\blos )(?P<{p}w>{_WEEKDAY})\b(?:,? (?P<{p}post>(?:que viene|que entra"
                rf"|proximo|siguiente)(?: no,? (?:sino )?el (?:otro|siguiente|de despues))?"
                r"|pasado|after next|week\b(?! of)|fortnight|de esta semana|en 8(?: dias)?|en 15(?: dias)?"
                r"|que no (?:viene|es (?:este|ese)),? (?:sino )?el otro|no,? (?:sino )?el (?:otro|siguiente|de despues)"
                r"|(?:but |not )?the (?:one after|following one|next one)"
                r"|after(?: that| this| it)?(?=\W*(?:$|[?!.,;]|(?:instead|then|please|for|any)\b))))?"
                r"(?! santo\b)"
            ),
            read_weekday,
        ),
        (
            rf"(?:(?:{_SHORT_CONTEXT}|\b(?P<{p}pre>this coming|this|next|coming|last|proximo|este) )"
            rf"(?P<{p}w>{_SHORT_WEEKDAY})\b{_NOT_THE_SEA}|\b(?P<{p}x>{_SHORT_ALONE})\b"
            rf"|\b(?P<{p}v>{_SHORT_WEEKDAY})\b(?=(?:\s*[-/&]\s*| (?:to|thru|through|til|till|until|al?|and) )"
            rf"(?:{_SHORT_WEEKDAY}|{_WEEKDAY})\b| (?:nights?|nites?|noche)\b))",
            read_short_weekday,
        ),
        (
            (
                rf"\b(?P<{p}r>pasado manana|(?<=manana y )pasado|(?<=manana o )pasado|(?<=manana, )pasado"
                rf"|a week (?:today|tomorrow)|(?:today|tomorrow) week"
                rf"|(?:de )?(?:hoy|manana) en (?:8|15)|(?:the )?day after tomorrow|hoy (?:en|por) la noche"
                rf"|hoy(?! (?:en dia"
                r"|por hoy))|esta noche|tonight|tonite|2nite|2night|anoche"
                r"|last night(?! (?:would|will|is|being|on|of|the \d))|today(?!'s)|tomorrow|tomorow|tmrw|tmr"
                r"|2moro|2mrw|2morrow|tomoz|2day|mnn"
                r"|yesterday|anteayer|antier|ayer"
                r"|(?<!\bla )(?<!\besta )(?<!\bcada )(?<!\buna )(?<!\btoda )manana(?! (?:mismo )?en la manana))\b"
            ),
            read_relative,
        ),
        (
            (
                rf"(?<!times )(?<!veces )\b(?:in|en|dentro de|within) (?P<{p}n>\d\d?|an?|una?) (?P<{p}u>dia|semana|mes"
                r"|day|week|month|fortnight|quincena)(?:s"
                r"|es)?\b(?! (?:libre|o menos))"
            ),
            read_from_now,
        ),
        (
            (
                rf"\b(?P<{p}n>\d\d?|an?|una?) (?P<{p}u>dia|semana|day|week|fortnight|quincena)s? from"
                r" (?:today|now|tomorrow)\b"
            ),
            read_from_now,
        ),
        (
            (
                r"\bweek-?end after next\b|\b(?:this|the) week-?end,? no,? (?:but )?the (?:next one|one after"
                r"|following one)\b"
                r"|\b(?:(?:el|este) )?(?:fin de semana|finde)\W+(?:pero )?no (?:es )?(?:este|el que viene)\W+"
                r"(?:sino )?(?:para )?el (?:otro|siguiente|proximo|que sigue|de despues)\b"
                r"|\b(?:el|este) (?:fin de semana|finde) no,? (?:sino )?(?:para )?el (?:otro|siguiente|proximo"
                r"|que sigue|de despues)\b"
                r"|\bno (?:para |en )?(?:este|el) (?:fin de semana"
                r"|finde)(?: que viene)?,? (?:sino )?(?:para )?el (?:otro"
                r"|siguiente|proximo|de despues)\b"
                r"|\bnot (?:this|the coming) week-?end,? (?:but )?(?:the (?:next(?: one)?|one after|following(?: one)?)"
                r"|next(?: weekend)?)\b|\b(?:(?:este|el|proximo|otro|siguiente|this|the|next|coming|following"
                r"|last) )+(?:fin de semana"
                rf"|finde(?: semana)?|week-?end)\b(?! largo)"
                rf"(?! (?:de|in|of) {_MONTH}\b(?!\.? \d))"
                r"(?: (?:que viene|que entra|proximo|siguiente|pasado"
                r"|after next|despues de es[et]e"
                r"|after that|after))?"
                r"|\b(?:week-?end|fin de semana|finde)(?= (?:of|starting|commencing|del) (?:the |el )?\d)"
                r"|\b(?:fin de semana|finde) (?:que viene|que entra|proximo|siguiente)\b"
            ),
            read_weekend,
        ),
        (
            (
                r"\b(?:la semana (?:que viene|que entra|entrante|proxima|siguiente)|la (?:otra|siguiente) semana"
                r"|(?:la )?proxima semana|next week|the coming week)\b"
            ),
            read_week,
        ),
        (r"\b(?:el mes que viene|el proximo mes|proximo mes|next month|el mes proximo)\b", read_relative_month),
        (rf"{_ARTICLE}(?:dia )?{_day(p + 'd')}{_NOT_COUNTED}(?![/-]\d)(?! 1(?:\W*$|,? please))", read_nth),
        (
            (
                rf"(?<![\d:.,$€£#/])\b(?P<{p}d>\d\d?)(?:st|nd|rd|th)\b(?! (?:{COUNTED}|1(?:\W*$|,? please)|choice"
                rf"|time|street|ave|birthday"
                r"|anniversary|century|edition))"
            ),
            read_nth,
        ),
        (
            (
                r"(?:\b(?:(?:in|of|for|during|this|next|the|en|para|durante|de)(?: el mes de"
                r"| the month of)?(?: (?:early|mid"
                rf"|late|principios de|mediados de|finales de))?|early|mid|late)[ -](?P<{p}m>{_MONTH})\b(?!')"
                rf"(?!\.?,? (?:the |el )?\d\d?(?:st|nd|rd|th)?{_NOT_COUNTED})(?:(?: de| del"
                rf"|,)? (?P<{p}y>20\d\d))?)"
            ),
            read_month,
        ),
        (rf"\b(?P<{p}m>{_FULL_MONTH})\b(?:(?: de| del|,)? (?P<{p}y>20\d\d))?", read_month),
        (
            (
                r"\b(?:(?:para |y )?(?:el|la) (?:proximo|proxima|siguiente|que sigue)|(?:the )?(?:following|next) one"
                r"|the one after(?: that)?|the week after|the weekend after)\b(?=\s*[?!.]*\s*$)"
            ),
            read_following,
        ),
    )
