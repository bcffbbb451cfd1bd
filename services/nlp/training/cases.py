"""Hand-written evaluation messages (tests/data/nlu): words, intents, entities and what had been asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from services.nlp.domain.types import Analysis, Catalogue, CatalogueItem, Context, EntityType, KnownStay

FOLDER = Path(__file__).resolve().parents[3] / "tests" / "data" / "nlu"
CATALOGUE = Catalogue(
    room_types=(
        CatalogueItem(code="DBL", names=("doble", "double")),
        CatalogueItem(code="TWN", names=("dos camas", "twin")),
        CatalogueItem(code="FAM", names=("familiar", "family")),
        CatalogueItem(code="SUI", names=("suite",)),
    ),
    rate_plans=(
        CatalogueItem(code="FLEX", names=("flexible",)),
        CatalogueItem(code="NRF", names=("no reembolsable", "non-refundable")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One message and what should be understood. `entities` counts (name, value); a date goes by its role."""

    language: str
    text: str
    intents: frozenset[str]
    entities: Counter[tuple[str, str]]
    context: Context


def load_cases(language: str, block: str = "messages", folder: Path = FOLDER) -> list[Case]:
    """The messages of one language: those the rules were corrected with, or the `unseen` ones."""
    content = yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
    now = datetime.fromisoformat(content["clock"])
    zone = ZoneInfo(content["time_zone"])
    return [_case(line, language, now, zone) for line in content[block].splitlines()]


def _case(line: str, language: str, now: datetime, zone: ZoneInfo) -> Case:
    fields = [field.strip() for field in f"{line} ## ## ##".split("##")]
    pairs = [tuple(pair.split("=", 1)) for pair in fields[2].split()]
    context = Context(
        now=now, time_zone=zone, asked=tuple(fields[3].split()), known=KnownStay(), catalogue=CATALOGUE, region="MX",
        language_prior=language if fields[3] else "",
    )  # fmt: skip
    return Case(
        language=language,
        text=fields[0],
        intents=frozenset(fields[1].split()),
        entities=Counter((name, value.replace("_", " ") if name == "guest_name" else value) for name, value in pairs),
        context=context,
    )


def entities_of(analysis: Analysis) -> Counter[tuple[str, str]]:
    """What was found, in the form of the cases. Holidays are told by their dates, unknown room types are left out."""
    found: Counter[tuple[str, str]] = Counter()
    for entity in analysis.entities:
        if entity.type in (EntityType.HOLIDAY, EntityType.MONEY) or entity.problem.value == "unknown":
            continue
        found[entity.role.value or entity.type.value, entity.value] += 1
    return found
