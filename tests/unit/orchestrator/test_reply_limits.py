"""Wordings within what channels take: titles that fit buttons, and texts that cost no more SMS than they must."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from services.gateway.channels.sms.gsm7 import cheapest, is_gsm7, plain, segments
from services.gateway.channels.whatsapp.render import MAX_BUTTON_TITLE
from services.orchestrator.wording import FOLDER, MOST_TITLE_CHARACTERS

LANGUAGES = ("es", "en", "pt")
_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TABLES = ("formats", "topics")


def wordings(language: str) -> Iterator[tuple[str, str]]:
    """Name and own words of every wording: what values put in between is the hotel's and the guest's."""
    for file in sorted((FOLDER / language).glob("*.yaml")):
        if file.stem not in _TABLES:
            for name, text in yaml.safe_load(file.read_text(encoding="utf-8")).items():
                yield f"{file.stem}.{name}", _CODE.sub("", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_of_choices_stand_whole_on_a_button(language: str) -> None:
    titles = {name: text for name, text in wordings(language) if name.startswith("choices.")}
    assert titles
    assert MOST_TITLE_CHARACTERS <= MAX_BUTTON_TITLE
    assert {name: text for name, text in titles.items() if len(text) > MAX_BUTTON_TITLE} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wording_can_be_said_in_the_cheap_letters_of_sms(language: str) -> None:
    """What goes out in UCS-2 all the same fits one segment with its accents: without them it would cost no less."""
    dear = {name: text for name, text in wordings(language) if not is_gsm7(cheapest(text))}
    assert {name: segments(plain(text)) for name, text in dear.items() if segments(plain(text)) > 1} == {}
    # Accents that the alphabet lacks are the only reason; á, í, ó and ú in Spanish.
    reasons = {letter for text in dear.values() for letter in plain(text) if not is_gsm7(letter)}
    assert reasons <= {"es": set("áíóúÁÍÓÚ"), "en": set(), "pt": set("áâãçêíóôõúÁÂÃÊÍÓÔÕÚ")}[language]
    assert bool(dear) is (language != "en")
