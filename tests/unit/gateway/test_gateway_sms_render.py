"""What an SMS costs and how it is said cheaply."""

import pytest

from services.gateway.channels.offers import number_in
from services.gateway.channels.sms.gsm7 import cheapest, is_gsm7, segments
from services.gateway.channels.sms.render import MAX_BODY, Part, render
from services.gateway.domain.message import Choice, OutboundMessage


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ñé¿¡ü" * 32, 1),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("á" * 134, 2),
        ("á" * 135, 3),
        ("🌊" * 35, 1),
        ("🌊" * 36, 2),
        ("a" * 159 + "á", 3),
        # A sign of two units is never parted: 152 letters, then one that does not fit.
        ("a" * 152 + "€" + "a" * 151 + "€", 3),
    ],
)
def test_segments_are_counted_as_they_are_billed(text: str, count: int) -> None:
    assert segments(text) == count


def test_accents_are_given_up_only_where_that_saves_a_segment() -> None:
    short = "Sí, hay lugar."
    assert cheapest(short) == short
    long = "Sí, tenemos una habitación doble para dos personas del jueves 3 al domingo 6 de diciembre."
    assert (segments(long), segments(cheapest(long))) == (2, 1)
    assert (
        cheapest(long) == "Sì, tenemos una habitacion doble para dos personas del jueves 3 al domingo 6 de diciembre."
    )


def test_a_word_that_is_another_without_its_accent_keeps_one() -> None:
    said = "Sí: para mí y para tú. El sitio, mío; más túnel. " * 4
    assert cheapest(said) == "Sì: para mì y para tù. El sitio, mio; mas tunel. " * 4


def test_typography_is_ascii_at_no_loss() -> None:
    assert cheapest("“Hola” – dijo…\u00a0‘sí’ • 2×1 → ok") == "\"Hola\" - dijo... 'sí' - 2x1 -> ok"


def test_letters_of_the_alphabet_keep_their_signs() -> None:
    text = "El año que viene, señor: ¿café o té? ¡Güero! " * 4
    assert cheapest(text) == text
    assert is_gsm7(text)


def test_ornaments_go_where_they_cost_a_segment() -> None:
    text = "Confirmado 🎉 " + "habitacion lista " * 6
    assert "🎉" not in cheapest(text)
    assert "🎉" in cheapest("Confirmado 🎉")


@pytest.mark.parametrize("text", ["您好，" * 40, "Привет " * 30, "100 ₿ " * 40])
def test_what_has_no_cheap_spelling_stays_as_it_is(text: str) -> None:
    assert cheapest(text) == text


def test_choices_are_numbered_lines() -> None:
    choices = (Choice(id="a", title="Doble", description="1,450 MXN"), Choice(id="b", title="Suite"))
    content = OutboundMessage(text="¿Cuál prefiere?", language="es-MX", choices=choices)
    assert [part.body for part in render(content, "+5255")] == [
        "¿Cuál prefiere?\n\n1) Doble - 1,450 MXN\n2) Suite\nResponda con el número."
    ]


def test_whatsapp_through_twilio_is_not_billed_by_its_alphabet() -> None:
    words = "Sí, está confirmada. " * 10
    assert render(OutboundMessage(text=words), "whatsapp:+5255") == [Part(body=words.strip())]


def test_long_words_go_in_parts_that_twilio_takes() -> None:
    bodies = [part.body for part in render(OutboundMessage(text="palabra " * 600), "+5255")]
    assert all(len(body) <= MAX_BODY for body in bodies)
    assert " ".join(bodies).split() == ["palabra"] * 600


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2", 2), (" 2. ", 2), ("2)", 2), ("#2", 2), ("la 2", 2), ("Opción 2", 2), ("la opcion 2", 2), ("option 3", 3),
        ("número 1", 1), ("10", 10), ("2 noches", None), ("del 2 al 5", None), ("0", None), ("", None), ("dos", None),
        ("100", None), ("²", None),
    ],
)  # fmt: skip
def test_a_bare_number_names_a_choice_and_nothing_else_does(words: str, number: int | None) -> None:
    assert number_in(words) == number
