"""Names of months, weekdays and holidays in Spanish and English, and the dates they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan", "febrero febr feb february", "marzo mzo mar march", "abril abr april apr",
            "mayo may", "junio jun june", "julio jul july", "agosto ago august aug",
            "septiembre setiembre september sept sep", "octubre oct october", "noviembre nov november",
            "diciembre dic december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
FULL_MONTHS: tuple[str, ...] = tuple(name for name in MONTHS if len(name) > 4 or name in ("mayo", "june", "july"))

WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        ("lunes monday", "martes tuesday", "miercoles wednesday", "jueves thursday", "viernes friday",
         "sabado saturday", "domingo sunday")
    )
    for name in names.split()
}  # fmt: skip
SHORT_WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        ("lun mon", "mar tue tues", "mie wed weds", "jue thu thur thurs", "vie fri", "sab sat", "dom sun")
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A named day or period: how guests write it (a folded regular expression) and when it is.

    `dates` gives first night and the morning after the last one; `one_night` marks an eve, where the night is meant.
    `regional` has them for countries that keep it on other days.
    """

    key: str
    pattern: str
    dates: Callable[[int], tuple[date, date]]
    one_night: bool = False
    period: bool = False
    regional: Mapping[str, Callable[[int], tuple[date, date]]] = field(default_factory=dict)

    def dates_in(self, region: str, year: int) -> tuple[date, date]:
        """Its days at a hotel of that country."""
        return self.regional.get(region, self.dates)(year)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth (1-5, or -1 for the last) weekday of a month; None where the month has no such day."""
    if nth == -1:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return found if found.month == month else None


def _fixed(month: int, day: int, nights: int = 1) -> Callable[[int], tuple[date, date]]:
    return lambda year: (date(year, month, day), date(year, month, day) + timedelta(days=nights))


def _from_easter(start: int, end: int) -> Callable[[int], tuple[date, date]]:
    return lambda year: (easter(year) + timedelta(days=start), easter(year) + timedelta(days=end))


def _nth(month: int, weekday: int, nth: int, nights: int = 1) -> Callable[[int], tuple[date, date]]:
    def dates(year: int) -> tuple[date, date]:
        start = nth_weekday(year, month, weekday, nth) or date(year, month, 1)
        return start, start + timedelta(days=nights)

    return dates


def _long_weekend(month: int, nth: int) -> Callable[[int], tuple[date, date]]:
    """From the Friday before the nth Monday of a month to that Monday."""

    def dates(year: int) -> tuple[date, date]:
        monday = nth_weekday(year, month, 0, nth) or date(year, month, 1)
        return monday - timedelta(days=3), monday

    return dates


def _monday_from(month: int, day: int) -> Callable[[int], tuple[date, date]]:
    """The long weekend of a feast that is kept on the Monday from its day on."""

    def dates(year: int) -> tuple[date, date]:
        on = date(year, month, day)
        monday = on + timedelta(days=-on.weekday() % 7)
        return monday - timedelta(days=3), monday

    return dates


# The national day of the hotel's own country.
_NATIONAL_DAYS = {
    "AR": _fixed(7, 9), "BO": _fixed(8, 6), "CL": _fixed(9, 18), "CO": _fixed(7, 20), "CR": _fixed(9, 15),
    "DO": _fixed(2, 27), "EC": _fixed(8, 10), "GT": _fixed(9, 15), "HN": _fixed(9, 15), "NI": _fixed(9, 15),
    "PA": _fixed(11, 3), "PE": _fixed(7, 28), "PY": _fixed(5, 14), "SV": _fixed(9, 15), "US": _fixed(7, 4),
    "UY": _fixed(8, 25), "VE": _fixed(7, 5),
}  # fmt: skip

HOLIDAYS: tuple[Holiday, ...] = (
    Holiday(key="christmas_eve", pattern=r"noche ?buena|christmas eve|xmas eve", dates=_fixed(12, 24), one_night=True),
    Holiday(key="christmas", pattern=r"(?:dia de |la )?navidad|christmas(?: day)?|xmas", dates=_fixed(12, 25)),
    Holiday(
        key="new_years_eve",
        pattern=r"noche ?vieja|noche de fin de ano|fin de ano|ano viejo|new year'?s'? eve|nye",
        dates=_fixed(12, 31),
        one_night=True,
    ),
    Holiday(key="new_year", pattern=r"dia de ano nuevo|ano nuevo|new year'?s?'?(?: day)?", dates=_fixed(1, 1)),
    Holiday(key="epiphany_eve", pattern=r"noche de (?:los )?reyes(?: magos)?", dates=_fixed(1, 5), one_night=True),
    Holiday(
        key="epiphany",
        pattern=r"dia de (?:los )?reyes(?: magos)?|(?:(?<=hasta )|(?<=por )|(?<=en ))reyes|epiphany",
        dates=_fixed(1, 6),
    ),
    Holiday(
        key="epiphany_bridge",
        pattern=r"puente de (?:los )?reyes(?: magos)?",
        dates=_fixed(1, 6),
        regional={"CO": _monday_from(1, 6)},
    ),
    Holiday(key="valentine", pattern=r"(?:dia de )?san valentin|valentine'?s?(?: day)?", dates=_fixed(2, 14)),
    Holiday(key="holy_thursday", pattern=r"jueves santo|maundy thursday", dates=_from_easter(-3, -2)),
    Holiday(key="good_friday", pattern=r"viernes santo|good friday", dates=_from_easter(-2, -1)),
    Holiday(key="holy_saturday", pattern=r"sabado (?:santo|de gloria)|holy saturday", dates=_from_easter(-1, 0)),
    Holiday(key="easter_monday", pattern=r"lunes de pascua|easter monday", dates=_from_easter(1, 2)),
    Holiday(key="holy_week", pattern=r"semana santa|holy week|easter week", dates=_from_easter(-7, 0), period=True),
    Holiday(key="easter_weekend", pattern=r"(?:the )?easter (?:weekend|break)", dates=_from_easter(-2, 1), period=True),
    Holiday(
        key="easter",
        pattern=r"(?:domingo de )?(?:pascua|resurreccion)(?! de)|easter(?: sunday)?",
        dates=_from_easter(0, 1),
    ),
    Holiday(key="carnival", pattern=r"carnaval(?:es)?|carnival|mardi gras", dates=_from_easter(-50, -46), period=True),
    Holiday(
        key="constitution_bridge",
        pattern=r"puente de (?:la )?(?:constitucion|diciembre|la inmaculada)",
        dates=_fixed(12, 5, 3),
        period=True,
    ),
    Holiday(key="may_day", pattern=r"puente de mayo|dia del trabajo|dia del trabajador|may day", dates=_fixed(5, 1)),
    Holiday(key="all_saints", pattern=r"(?:dia|puente) de todos los santos|all saints'? day", dates=_fixed(11, 1)),
    Holiday(
        key="day_of_the_dead",
        pattern=r"(?:puente de )?(?:dia de (?:los )?)?muertos|day of the dead",
        dates=_fixed(11, 2),
    ),
    Holiday(key="halloween", pattern=r"halloween", dates=_fixed(10, 31)),
    Holiday(
        key="independence_mx",
        pattern=r"(?:puente|dia) de (?:la )?independencia|fiestas patrias|grito de independencia",
        dates=_fixed(9, 15),
        regional=_NATIONAL_DAYS,
    ),
    Holiday(
        key="revolution_mx_bridge", pattern=r"puente de (?:la )?revolucion", dates=_long_weekend(11, 3), period=True
    ),
    Holiday(key="revolution_mx", pattern=r"dia de la revolucion", dates=_nth(11, 0, 3)),
    Holiday(key="february_mx_bridge", pattern=r"puente de febrero", dates=_long_weekend(2, 1), period=True),
    Holiday(
        key="juarez_mx_bridge",
        pattern=r"puente de (?:marzo|(?:benito )?juarez)",
        dates=_long_weekend(3, 3),
        period=True,
    ),
    Holiday(key="hispanic_day", pattern=r"puente del pilar|dia de la hispanidad", dates=_fixed(10, 12)),
    Holiday(key="independence_us", pattern=r"(?:the )?(?:4th|fourth) of july|independence day", dates=_fixed(7, 4)),
    Holiday(key="thanksgiving", pattern=r"thanksgiving(?: day)?|accion de gracias", dates=_nth(11, 3, 4)),
    Holiday(key="black_friday", pattern=r"black friday", dates=_nth(11, 4, 4)),
    Holiday(key="memorial_weekend", pattern=r"memorial (?:day )?weekend", dates=_long_weekend(5, -1), period=True),
    Holiday(key="memorial_day", pattern=r"memorial day", dates=_nth(5, 0, -1)),
    Holiday(key="labor_weekend", pattern=r"labou?r day weekend", dates=_long_weekend(9, 1), period=True),
    Holiday(key="labor_day", pattern=r"labou?r day", dates=_nth(9, 0, 1)),
    Holiday(key="presidents_weekend", pattern=r"presidents'? day weekend", dates=_long_weekend(2, 3), period=True),
    Holiday(key="presidents_day", pattern=r"presidents'? day", dates=_nth(2, 0, 3)),
    Holiday(
        key="may_bank_holiday",
        pattern=r"(?:early )?may bank holiday(?: weekend)?",
        dates=_long_weekend(5, 1),
        period=True,
    ),
    Holiday(
        key="spring_bank_holiday",
        pattern=r"(?:late may|spring) bank holiday(?: weekend)?"
        r"|bank holiday(?: weekend)? (?:at|in) (?:the )?(?:end of|late) may",
        dates=_long_weekend(5, -1),
        period=True,
    ),
    Holiday(
        key="august_bank_holiday",
        pattern=r"(?:august|summer) bank holiday(?: weekend)?",
        dates=_long_weekend(8, -1),
        period=True,
    ),
    Holiday(key="boxing_day", pattern=r"boxing day", dates=_fixed(12, 26)),
    Holiday(key="st_patrick", pattern=r"st\.? patrick'?s(?: day)?|saint patrick'?s(?: day)?", dates=_fixed(3, 17)),
)
HOLIDAY_BY_KEY: dict[str, Holiday] = {holiday.key: holiday for holiday in HOLIDAYS}
