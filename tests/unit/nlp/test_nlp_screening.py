"""Screened patterns find what `re` finds; what they need is read off them rightly."""

from __future__ import annotations

import gc
import re

import pytest

from services.nlp.domain.analysis import Analyser
from services.nlp.domain.needed_runs import needed_runs, plain
from services.nlp.domain.screening import Pattern, screened
from services.nlp.domain.text import fold
from services.nlp.domain.types import LANGUAGES
from services.nlp.training.dataset import examples, templates
from services.nlp.training.held_out import load_held_out
from services.nlp.training.own_messages import load_own


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"\b(?:taxi|cab)s?\b", {" taxi ", " taxis ", " cab ", " cabs "}),
        (r"room (?P<n>\d{1,2})", {"room 0", "room 00"}),
        (r"^\W*(?:si|no)\b", {"si ", "no "}),
        (r"(?<!un )\w+ noches?(?! mas)", {" noche", " noches"}),
        (r"wake (?:me|us) up(?= at)", {"wake me up", "wake us up"}),
        (r"a la 204\.$", {"a la 000  "}),
        (r"[^.]*\bhoy\b|\d+(?:am|pm)", {" hoy ", "am", "pm"}),
        (r"(?:adios )+", {"adios "}),
        (r"(?P<a>\d\d)/(?P=a)", {"00 "}),
        (r"al\bgo", set()),  # no text has this
        (r"hola|\w+", None),
        (r"(?:por favor)?", None),
        (r"(?i)hola", None),
        (r"(?i:hola) hotel", {" hotel"}),
        (r"(?a)\bano\b", None),
    ],
)
def test_runs_that_a_pattern_needs(pattern: str, needed: set[str] | None) -> None:
    assert needed_runs(re.compile(pattern)) == needed


@pytest.mark.parametrize("text", ["", "habitación 204, por favor", "٣ noches ½ ②", "\u200b👍\ud800\0_"])
def test_a_plain_text_is_as_long_and_has_the_same_edges(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert [m.start() for m in re.finditer(r"\b", plain(text))] == [m.start() for m in re.finditer(r"\b", text)]
    assert [m.start() for m in re.finditer("0", plain(text))] == [m.start() for m in re.finditer(r"\d", text)]


def test_screened_patterns_find_what_they_would_find_without() -> None:
    """All patterns of the service, on hand-written and generated messages."""
    assert Analyser().version  # all modules of the reader are loaded
    patterns = [found for found in gc.get_objects() if isinstance(found, Pattern)]
    assert len(patterns) > 200
    written = [case.text for language in LANGUAGES for case in (*load_own(language), *load_held_out(language))]
    made = [example.text for example in examples(templates())]
    for text in dict.fromkeys(fold(text).folded for text in (*written[::3], *made[::40])):
        for pattern in patterns:
            expected = [m.span() for m in pattern.compiled.finditer(text)]
            assert [m.span() for m in pattern.finditer(text)] == expected, (pattern.pattern, text)


def test_a_pattern_made_after_a_text_was_read_is_tried_on_it() -> None:
    text = "quisiera una zambomba"
    assert not screened("chirimoya").search(text)
    assert screened("zambomba").search(text)
    assert screened("zambomba").sub("z", text) == "quisiera una z"
