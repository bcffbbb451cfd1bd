"""The project's own messages (tests/data/nlu), one a line: words ## intents ## entities ## asked.

In `dev/` they stand by style of author and may have several accepted readings ("a|b"), topics and problems; the older
ones in the folder itself are a block that rules were corrected with, and an `unseen` one whose mistakes are not read.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from services.nlp.domain.types import Context
from services.nlp.training.cases import CATALOGUE, FOLDER, STAY, Case

_LINE_BREAK = "⏎"


def load_own(language: str, folder: Path = FOLDER) -> list[Case]:
    """Messages whose mistakes may be read: those of `dev/`, and those that the rules were corrected with before."""
    return [*load_dev(language, folder), *_block(language, folder / f"{language}.yaml", "messages")]


def load_unseen(language: str, folder: Path = FOLDER) -> list[Case]:
    """Messages whose mistakes are not read."""
    return _block(language, folder / f"{language}.yaml", "unseen")


def load_dev(language: str, folder: Path = FOLDER) -> list[Case]:
    """The development messages of all styles."""
    content = _content(folder / "dev" / f"{language}.yaml")
    return [
        _case(line, language, style, content)
        for style, block in content["styles"].items()
        for line in block.splitlines()
    ]


def _block(language: str, path: Path, name: str) -> list[Case]:
    content = _content(path)
    return [_case(line, language, name, content) for line in content[name].splitlines()]


def _content(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _case(line: str, language: str, style: str, content: dict[str, Any]) -> Case:
    words, wish, found, asked = [field.strip() for field in f"{line} ## ## ##".split("##")][:4]
    values, problems, dates = _entities(found)
    context = Context(
        now=datetime.fromisoformat(content["clock"]), time_zone=ZoneInfo(content["time_zone"]),
        asked=tuple(asked.split()), catalogue=CATALOGUE, region="MX", language_prior=language if asked else "",
    )  # fmt: skip
    names = [tuple(name.split("|")) for name in wish.split() if "=" not in name]
    topics = next((part.split("=")[1] for part in wish.split() if part.startswith("topic=")), "")
    return Case(
        language=language,
        style=style,
        text=words.replace(_LINE_BREAK, "\n"),
        context=context,
        intents=tuple(names),
        topics=tuple(topics.split("|")) if topics else (),
        values=values,
        problems=problems,
        dates=dates,
        no_dates=not {*STAY, "nights"} & {*values, *problems},
    )


def _entities(words: str) -> tuple[dict[str, tuple[str, ...]], dict[str, str], tuple[str, ...]]:
    """Values, problems ("check_in!past") and days that are only mentioned ("date=2026-11-19"). Months are not asked."""
    several: dict[str, list[str]] = defaultdict(list)
    problems: dict[str, str] = {}
    for word in words.split():
        name, _, value = word.partition("=")
        if not value:
            part, _, problem = name.partition("!")
            problems[part] = problem
        elif name == "night":
            several["check_in"].append(value)
            several["single_night"].append(value)
        else:
            spaced = value if name == "email" else value.replace("_", " ")
            several["child_ages" if name == "child_age" else name].append(spaced if name in STAY else spaced.casefold())
    several.pop("month", None)
    dates = tuple(several.pop("date", ()))
    ages = several.pop("child_ages", [])
    values = {name: tuple(found[-1].split("|")) for name, found in several.items()}
    if ages:
        values["child_ages"] = (" ".join(ages),)
    return values, problems, dates
