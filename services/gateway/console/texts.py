"""The console's words, one file a language. A word that one language lacks is an error at start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import yaml

from services.gateway.staff.domain.user import LANGUAGES


class Texts:
    """Words by language and dotted name."""

    def __init__(self) -> None:
        self._words = {language: dict(_flat(_read(language))) for language in LANGUAGES}
        everywhere = set.intersection(*(set(words) for words in self._words.values()))
        odd = {name for words in self._words.values() for name in words} - everywhere
        if odd:
            raise ValueError(f"not in every language of the console: {', '.join(sorted(odd))}")

    def knows(self, name: str) -> bool:
        """Whether there are words of this name."""
        return name in self._words[LANGUAGES[0]]

    def say(self, language: str, name: str, /, **values: object) -> str:
        """The words with values filled in. A name nobody wrote words for stays readable."""
        words = self._words[language].get(name)
        if words is None:
            return name.rpartition(".")[2].replace("_", " ")
        return words.format(**values) if values else words


def language_of(header: str) -> str:
    """The first language of an Accept-Language header that there are words for."""
    for part in header.split(","):
        language = part.split(";")[0].strip()[:2].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def _read(language: str) -> Mapping[str, Any]:
    content = resources.files(__package__).joinpath("texts", f"{language}.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(content))


def _flat(tree: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", str(value)
