"""Finds single dates in folded text ("3 de diciembre", "next Friday", "el 15", "Nochevieja"), unresolved."""

from __future__ import annotations

import re

from services.nlp.domain.calendar import HOLIDAYS
from services.nlp.domain.date_grammar import Reader, rules_of
from services.nlp.domain.date_point import Point
from services.nlp.domain.screening import screened


def _compile() -> tuple[re.Pattern[str], dict[str, tuple[str, Reader]]]:
    parts: list[str] = []
    readers: dict[str, tuple[str, Reader]] = {}
    for holiday in HOLIDAYS:
        name = f"hol_{holiday.key}"
        parts.append(rf"(?P<{name}>\b(?:{holiday.pattern})\b(?:,? (?:del? )?(?P<{name}_y>20\d\d))?)")
    for index in range(len(rules_of("x"))):
        prefix = f"r{index}_"
        pattern, reader = rules_of(prefix)[index]
        parts.append(f"(?P<rule_{index}>{pattern})")
        readers[f"rule_{index}"] = (prefix, reader)
    # No date begins in the middle of a word, and looking there takes most of the time.
    return re.compile(r"(?=\w)(?:(?<![a-z])|(?=\d))(?:" + "|".join(parts) + ")"), readers


_POINT, _READERS = _compile()
_RULE_NAMES = tuple(_READERS)
_HOLIDAY_NAMES = tuple(f"hol_{h.key}" for h in HOLIDAYS)
_FAREWELL = screened(
    r"^\W*(?:(?:gracias|ok|bueno|vale|muchas|chau|chao|adios|listo|nos vemos|bye)\W+)*hasta manana\W*$"
)


def find_points(folded: str, *, dates_were_asked: bool = False) -> list[Point]:
    """All single dates, in order, without overlaps. "Hasta mañana" is a farewell, unless it was asked until when."""
    if not dates_were_asked and _FAREWELL.match(folded):
        return []
    points: list[Point] = []
    for m in _POINT.finditer(folded):
        holiday = next((name for name in _HOLIDAY_NAMES if m[name]), "")
        if holiday:
            year = int(m[f"{holiday}_y"] or 0)
            points.append(Point(kind="holiday", start=m.start(), end=m.end(), holiday=holiday[4:], year=year))
            continue
        rule = next(name for name in _RULE_NAMES if m[name] is not None)
        prefix, reader = _READERS[rule]
        points.append(reader(m, prefix))
    return points
