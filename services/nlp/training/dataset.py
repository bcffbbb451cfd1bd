"""The utterances of `data/` as labelled examples: expanded, typed badly, combined. Same seed, same examples."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from services.nlp.domain.intents import INTENTS
from services.nlp.domain.types import LANGUAGES
from services.nlp.training.slots import Slots, in_haste

DATA = Path(__file__).resolve().parent.parent / "data"
SEED = 20261122
_EXPANSIONS = 3
_COMBINED = ("general_inquiry", "reservation_request", "availability_check", "complaint", "service_request",
             "modification_request", "cancellation_request", "human_request", "compliment")  # fmt: skip
_OPENINGS = {
    "es": ["Hola, ", "Buenas, ", "Buenos días, ", "hola ", "Buenas tardes, ", "Hola buenas noches ", "ola ", "Hola! "],
    "en": ["Hi, ", "Hello, ", "hey ", "Good morning, ", "hi there ", "Hello! ", "Good evening, ", "hey there, "],
}
_ENDINGS = {
    "es": [" gracias", " por favor", " porfa", ", gracias"],
    "en": [" thanks", " please", ", thank you", " pls"],
}
_JOINTS = {
    "es": [". ", " y ", ", además ", ". También ", ". Por cierto, ", ", y otra cosa: ", "? Y ", "\n"],
    "en": [". ", " and ", ", also ", ". Also ", ". Oh, and ", ", and one more thing: ", "? And ", "\n"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One line of a data file. `style` is the file's group: by it the evaluation split is made."""

    language: str
    style: str
    words: str
    labels: tuple[str, ...]

    @property
    def group(self) -> str:
        """Examples of one group never stand on both sides of a split."""
        return f"{self.language}/{self.labels[0]}/{self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One message with what it should be understood as. `weight` evens out lines with many expansions."""

    language: str
    text: str
    labels: tuple[str, ...]
    group: str
    style: str = ""
    weight: float = 1.0


def templates(folder: Path = DATA) -> list[Template]:
    """All lines of all files, in the order of the files' names."""
    found: list[Template] = []
    for language in LANGUAGES:
        for path in sorted((folder / language).glob("*.yaml")):
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            for style, block in content.items():
                if style != "intent":
                    found.extend(_template(language, style, line, content["intent"]) for line in block.splitlines())
    return found


def _template(language: str, style: str, line: str, intent: str) -> Template:
    words, _, more = line.partition("##")
    return Template(language=language, style=style, words=words.strip(), labels=(intent, *more.split()))


def examples(lines: list[Template], seed: int = SEED) -> list[Example]:
    """Expanded lines with hasty copies, openings and endings, and pairs of two wishes."""
    found: list[Example] = []
    for language in LANGUAGES:
        random_ = random.Random(f"{seed}/{language}")  # noqa: S311 (repeatable, not secret)
        slots = Slots(language, random_)
        own = [line for line in lines if line.language == language]
        for line in own:
            found.extend(_expanded(line, slots, random_))
        found.extend(_pairs(own, slots, random_))
    return found


def _expanded(line: Template, slots: Slots, random_: random.Random) -> Iterator[Example]:
    variety = len(re.findall(r"\{", line.words)) * 2 + len(re.findall(r"\|", line.words)) + 1
    sentences = list(dict.fromkeys(slots.fill(line.words) for _ in range(min(_EXPANSIONS * 2, variety * 2))))
    for sentence in sentences[: min(_EXPANSIONS, variety)]:
        weight = 1 / min(_EXPANSIONS, variety) ** 0.5
        yield _example(line, sentence, line.labels, weight)
        yield _example(line, in_haste(sentence, random_), line.labels, weight * 0.5)
        if line.labels[0] not in ("greeting", "goodbye", "confirm", "deny"):
            opening = random_.choice(_OPENINGS[line.language])
            yield _example(line, opening + sentence, line.labels, weight * 0.5)
            yield _example(
                line, sentence.rstrip(".?!") + random_.choice(_ENDINGS[line.language]), line.labels, weight * 0.4
            )


def _example(line: Template, text: str, labels: tuple[str, ...], weight: float) -> Example:
    return Example(language=line.language, text=text, labels=labels, group=line.group, style=line.style, weight=weight)


def _pairs(lines: list[Template], slots: Slots, random_: random.Random) -> Iterator[Example]:
    """Two wishes in one message. The group is that of the first line."""
    by_intent = {intent: [t for t in lines if t.labels == (intent,)] for intent in _COMBINED}
    for _ in range(500):
        a, b = random_.sample(_COMBINED, 2)
        first, second = random_.choice(by_intent[a]), random_.choice(by_intent[b])
        joint = random_.choice(_JOINTS[first.language])
        text = slots.fill(first.words).rstrip(".?!") + joint + slots.fill(second.words)
        yield Example(language=first.language, text=text, labels=(a, b), group=first.group, style="pairs", weight=0.5)


def problems(folder: Path = DATA, *, least: int = 150) -> list[str]:
    """What is wrong with the data: unknown names, duplicates, thin intents, slots that do not exist."""
    lines = templates(folder)
    found = list(_line_problems(lines))
    if found:
        return found
    texts = {(language, intent): set[str]() for language in LANGUAGES for intent in INTENTS}
    for example in examples(lines):
        texts[example.language, example.labels[0]].add(example.text.lower())
    return [
        f"{language}/{intent}: {len(those)} utterances, at least {least} are wanted"
        for (language, intent), those in texts.items()
        if len(those) < least
    ]


def _line_problems(lines: list[Template]) -> Iterator[str]:
    known = {language: Slots(language, random.Random(0)).names() for language in LANGUAGES}  # noqa: S311
    seen: dict[tuple[str, str], str] = {}
    for line in lines:
        where = f"{line.language}/{line.labels[0]}: {line.words!r}"
        yield from (f"{where}: unknown intent {label!r}" for label in line.labels if label not in INTENTS)
        slots = re.findall(r"\{(\w*)\}", line.words)
        yield from (f"{where}: unknown slot {slot!r}" for slot in slots if slot not in known[line.language])
        if line.words.count("(") != line.words.count(")"):
            yield f"{where}: parentheses do not match"
        key = (line.language, line.words.lower())
        if key in seen:
            yield f"{where}: already in {seen[key]}"
        seen[key] = line.labels[0]
