"""Words beside dates: things that are counted and are no days, ordinals, and days told from today."""

from services.nlp.domain.calendar import MONTHS
from services.nlp.domain.screening import screened

# A number before one of these is a count of them, and no day of a month.
COUNTED = (
    r"(?:adult|person|people|guest|pax\b|night|noche|nite|room|hab|cuarto|recamara|nin[oa]s?\b|chico|kid"
    r"|child|bed\b|beds"
    r"|cama|hora|hour|hrs?\b|hs\b|h\b|am\b|pm\b|a\.m|p\.m|o'?clock|de la (?:tarde|manana|noche)|%|por (?:ciento"
    r"|100)|star"
    r"|estrella|euro|eur\b|usd|mxn|peso|dolar|dollar|pound|gbp|single|double|doble|twin|triple|suite|sencill|individual"
    r"|dias?\b|days?\b|semana|week|menor|hij[oa]|minut|min\b|huesped|of us|de nosotros|mas\b|more|anos?\b|years?\b|yo\b"
    r"|kg|kilo|grado|piso|floor|planta|perr|dog|meses|months?\b|bebe|baby|bab|toall|towel|veces|times|metro|km"
    r"|x\b(?! ?\d)"
    r"|carrito|coche|auto|car\b|cars|maleta|bag|amig|friend|senor|couple|pareja|familia|mascota|pet"
    r"|rates?\b|tarifa|prices?\b|precios?\b|options?\b|opcion|offers?\b|ofertas?\b|types?\b|tipos?\b|plan(?:s|es)?\b)"
)
_MONTHS = "|".join(sorted(MONTHS, key=len, reverse=True))
# "A double for 2 dec 9 to 11": who comes, and then the day.
PEOPLE_THEN_DAY = screened(
    rf"\b(?:for|para|pa) (?P<n>[1-9])(?= (?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?! ?(?::|{COUNTED})))"
)
ORDER = {
    "primer": 1,
    "primera": 1,
    "primero": 1,
    "first": 1,
    "1st": 1,
    "segundo": 2,
    "segunda": 2,
    "second": 2,
    "2nd": 2,
    "tercer": 3,
    "tercera": 3,
    "third": 3,
    "3rd": 3,
    "cuarto": 4,
    "fourth": 4,
    "4th": 4,
    "ultimo": -1,
    "ultima": -1,
    "last": -1,
}
# Days from today.
RELATIVE = {
    "hoy": 0,
    "today": 0,
    "ayer": -1,
    "yesterday": -1,
    "tomorrow": 1,
    "manana": 1,
    "anteayer": -2,
    "tmrw": 1,
    "pasado manana": 2,
    "pasado": 2,
    "day after tomorrow": 2,
    "antier": -2,
    "tmr": 1,
    "2moro": 1,
    "2mrw": 1,
    "2morrow": 1,
    "tomoz": 1,
    "2day": 0,
    "mnn": 1,
    "a week today": 7,
    "today week": 7,
    "a week tomorrow": 8,
    "tomorrow week": 8,
    "de hoy en 8": 7,
    "hoy en 8": 7,
    "de hoy en 15": 14,
    "hoy en 15": 14,
    "de manana en 8": 8,
    "manana en 8": 8,
    "de manana en 15": 15,
    "manana en 15": 15,
    "tomorow": 1,
}
