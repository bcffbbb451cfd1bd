"""The held-out messages (tests/data/nlu/held_out), written by other hands.

Only figures over all of them are ever shown. Their conventions are in the README beside them.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from services.nlp.domain.types import Context, KnownStay
from services.nlp.training.cases import CATALOGUE, FOLDER, LISTS, Case

_ZONE = ZoneInfo("America/Mexico_City")


def load_held_out(language: str, folder: Path = FOLDER / "held_out") -> list[Case]:
    """All cases of one language."""
    content = yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
    now = datetime.fromisoformat(content["reference_time"])
    return [_case(item, language, now) for item in content["cases"]]


def _case(item: dict[str, Any], language: str, now: datetime) -> Case:
    around = item.get("context", {})
    known = around.get("known") or {}
    asked = tuple(around.get("asked") or ())
    context = Context(
        now=now, time_zone=_ZONE, asked=asked, known=_known(known), catalogue=CATALOGUE, region="MX",
        language_prior=language if around else "",
    )  # fmt: skip
    return Case(
        language=language,
        style="held-out",
        text=item["text"],
        context=context,
        intents=tuple((name,) for name in item["intents"]),
        topics=(item["topic"],) if item.get("topic") else (),
        values={name: (_written(name, value),) for name, value in (item.get("entities") or {}).items()},
        problems=dict(item.get("problems") or {}),
        no_dates=bool(item.get("no_dates")),
        urgency=item.get("urgency", ""),
    )


def _known(slots: dict[str, Any]) -> KnownStay:
    def day(name: str) -> date | None:
        return date.fromisoformat(str(slots[name])) if name in slots else None

    def count(name: str) -> int | None:
        return int(slots[name]) if name in slots else None

    return KnownStay(
        check_in=day("check_in"), check_out=day("check_out"), nights=count("nights"), adults=count("adults"),
        children=count("children"),
    )  # fmt: skip


def _written(name: str, value: Any) -> str:
    return " ".join(str(one) for one in value) if name in LISTS else str(value).casefold()
