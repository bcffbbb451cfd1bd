"""One fixed clock and hotel for the tests of understanding, and short forms of what was found."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.nlp.domain.analysis import Analyser
from services.nlp.domain.types import Analysis, Context, Entity, KnownStay
from services.nlp.training.cases import CATALOGUE

FRIDAY = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("America/Mexico_City"))
RULES = Analyser()


def context(
    *asked: str, now: datetime = FRIDAY, check_in: date | None = None, check_out: date | None = None, prior: str = ""
) -> Context:
    """A conversation in which `asked` was asked and a stay may be known."""
    return Context(
        now=now,
        time_zone=ZoneInfo("America/Mexico_City"),
        asked=asked,
        known=KnownStay(check_in=check_in, check_out=check_out),
        catalogue=CATALOGUE,
        language_prior=prior,
    )


def read(
    text: str, *asked: str, now: datetime = FRIDAY, check_in: date | None = None, check_out: date | None = None
) -> Analysis:
    """What the rules alone understand."""
    return RULES.analyse(text, context(*asked, now=now, check_in=check_in, check_out=check_out))


def short(entity: Entity) -> str:
    """check_in=2026-12-03, with ! and the problem, or ? when ambiguous."""
    name = entity.role.value or entity.type.value
    problem = f"!{entity.problem.value}" if entity.problem else ""
    return f"{name}={entity.value}{problem}{'?' if entity.ambiguous else ''}"


def found(text: str, *asked: str, check_in: date | None = None, check_out: date | None = None) -> set[str]:
    """All entities of a message in short form."""
    return {short(entity) for entity in read(text, *asked, check_in=check_in, check_out=check_out).entities}


def intents(text: str, *asked: str) -> set[str]:
    """Names of intents that the rules alone hold for likelier than not."""
    return {intent.name for intent in read(text, *asked).intents if intent.confidence >= 0.5}
