"""The console's words, in both languages."""

import pytest

from services.gateway.console.texts import Texts


@pytest.mark.parametrize(("language", "words"), [("es", "La tiene Ana"), ("en", "Ana has it")])
def test_words_may_hold_a_name(language: str, words: str) -> None:
    assert Texts().say(language, "state.with", name="Ana") == words


def test_a_name_that_nobody_wrote_words_for_stays_readable() -> None:
    assert Texts().say("es", "state.never_heard_of") == "never heard of"
