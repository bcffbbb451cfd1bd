"""What guests type is put in order and never refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.cleaning import MAX_KEPT_LENGTH, clean_line, clean_text, storable


@pytest.mark.parametrize(
    "words",
    [
        "please update my booking or cancel",
        "select a room from the union of both; drop the breakfast -- thanks",
        "te quiero <3 y 2 < 3 > 1",
        "mi correo es <maria@example.com>",
        "¿Habitación para año nuevo? 👨‍👩‍👧 &amp; perro",
        "noches: 3 <= 4",
    ],
)
def test_words_of_guests_stay_as_they_are(words: str) -> None:
    assert clean_text(words) == words


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("<p>Hola,</p><p>una <b>doble</b></p>", "Hola,\nuna doble"),
        ("uno<br>dos<BR/>tres", "uno\ndos\ntres"),
        ("<script>alert('x')</script>hola<style>p{}</style>", "hola"),
        ("<!-- nota -->hola", "hola"),
        ("<a href='https://x.example'>aqu&iacute;</a>&nbsp;mismo", "aquí mismo"),
        ("<b<b>>hola", "hola"),
        ("a\u0000b\u0007c\ud800d", "abcd"),
        ("uno\r\ndos\rtres\u2028cuatro", "uno\ndos\ntres\ncuatro"),
        ("\u202efdp.exe\u202c", "fdp.exe"),
        ("  a \t\u00a0 b  \n\n\n\n  c ", "a b\n\nc"),
        ("cafe\u0301", "café"),
        ("", ""),
        (" \n\t\u200b ", ""),
    ],
)
def test_what_is_no_word_goes(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


def test_too_long_a_text_is_cut_and_not_refused() -> None:
    assert len(clean_text("a" * 90_000)) == MAX_KEPT_LENGTH
    assert len(clean_text("a" * 90_000, limit=100)) == 100


@given(st.text(max_size=400))
def test_cleaning_twice_changes_nothing_and_leaves_nothing_unstorable(raw: str) -> None:
    cleaned = clean_text(raw)
    assert clean_text(cleaned) == cleaned
    assert len(cleaned) <= MAX_KEPT_LENGTH
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in cleaned)
    assert cleaned.encode("utf-8") is not None


@given(st.text(alphabet="<>/bp!-script &lt;gt;", max_size=80))
def test_cleaning_twice_changes_nothing_in_broken_html(raw: str) -> None:
    assert clean_text(clean_text(raw)) == clean_text(raw)


def test_a_line_stays_a_line() -> None:
    assert clean_line("José\n <b>Pérez</b>\t") == "José Pérez"


def test_identifiers_keep_everything_but_what_cannot_be_stored() -> None:
    assert storable(" wamid.HBg==/+_-\u0000\ud800 ") == "wamid.HBg==/+_-"
