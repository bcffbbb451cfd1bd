"""Rules of intents, answers, language and robustness, without the model."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.nlp.domain.language import detect
from tests.unit.nlp.reading import intents, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quisiera reservar una habitación", {"reservation_request"}),
        ("Hola, buenas", {"greeting"}),
        ("tengo que cancelar mi reserva de diciembre", {"cancellation_request"}),
        ("I want to talk to a human", {"human_request"}),
        ("la suite del 24 al 26 de diciembre para 2", {"reservation_request"}),
        ("double 8-10 December for 2?", {"availability_check"}),
        ("¿Aceptan perros? Y quiero una doble del 3 al 4 de diciembre", {"general_inquiry", "reservation_request"}),
        ("STOP", {"opt_out"}),
        ("BAJA", {"opt_out"}),
        ("borren mis datos personales", {"privacy_request"}),
        ("necesito toallas por favor", {"service_request"}),
        ("¡auxilio, hay un incendio!", {"emergency"}),
        ("gracias, hasta luego", {"goodbye"}),
    ],
)
def test_plain_wishes_need_no_model(text: str, expected: set[str]) -> None:
    assert intents(text) == expected


def test_a_complaint_has_topic_and_urgency() -> None:
    text = "no funciona el aire y hace un calor horrible, es la segunda vez que lo digo!!"
    complaint = read(text).intents[0]
    assert (complaint.name, complaint.topic) == ("complaint", "air_conditioning")
    assert complaint.urgency >= 0.8


def test_a_stay_that_is_over_is_not_urgent() -> None:
    complaint = read("our room was dirty when we stayed").intent("complaint")
    assert complaint is not None
    assert complaint.urgency < 0.4


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("what's the wifi password?", "wifi"),
        ("¿aceptan perros?", "pets"),
        ("¿está incluido el desayuno?", "breakfast"),
        ("is late checkout possible?", "late_checkout"),
        ("can I check in early?", "early_checkin"),
        ("what time is check out?", "check_out_time"),
        ("do you have an airport shuttle?", "airport"),
        ("¿se puede fumar?", "smoking"),
        ("could we arrive at 10pm instead?", "arrival_time"),
    ],
)
def test_a_question_has_its_topic(text: str, topic: str) -> None:
    inquiry = read(text).intent("general_inquiry")
    assert inquiry is not None
    assert inquiry.topic == topic


@pytest.mark.parametrize(
    "text",
    [
        "sí",
        "si",
        "yes please book it",
        "sí, confirmo",
        "dale",
        "👍🏽",
        "ok",
        "sí, cancélala",
        "va",
        "that's right",
        "sii",
    ],
)
def test_a_yes_confirms_what_was_asked(text: str) -> None:
    assert read(text, "confirm").intents[0].name == "confirm"


@pytest.mark.parametrize(
    "text", ["no", "no gracias", "nope", "mejor no", "not yet", "todavía no", "👎", "no, perdón, el nombre está mal"]
)
def test_a_no_denies_what_was_asked(text: str) -> None:
    assert read(text, "confirm").intents[0].name == "deny"


@pytest.mark.parametrize(
    "text", ["si llego tarde hay problema?", "si me enfermo, ¿me devuelven?", "sale caro?", "va a llover"]
)
def test_a_condition_is_no_yes(text: str) -> None:
    assert "confirm" not in intents(text, "confirm")


@pytest.mark.parametrize(
    ("text", "asked"),
    [("Carlos Méndez", "guest_name"), ("del 3 al 6 de diciembre", "check_in"), ("dos", "adults"), ("none", "children")],
)
def test_details_that_were_asked_are_information(text: str, asked: str) -> None:
    assert "provide_info" in intents(text, asked)


def test_a_quoted_thread_is_not_the_guests_own_word() -> None:
    mail = (
        "Could we arrive at 10pm instead?\n\nOn Thu, 19 Nov 2026 at 18:02, Hotel Alameda <hola@alameda.example> "
        "wrote:\n"
        "> Please confirm if you want to cancel R1002.\n> Your stay 21-23 November."
    )
    analysis = read(mail)
    assert [e.value for e in analysis.entities] == ["22:00"]
    assert "cancellation_request" not in {i.name for i in analysis.intents}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("una habitación", "es"),
        ("room for two", "en"),
        ("gracias", "es"),
        ("thanks", "en"),
        ("quiero 2 nights", "es"),
        ("yes", "en"),
    ],
)
def test_a_few_words_tell_the_language(text: str, language: str) -> None:
    assert detect(text).code == language


@pytest.mark.parametrize("text", ["ok", "hotel", "12", "", "👍"])
def test_words_of_both_languages_follow_the_conversation(text: str) -> None:
    assert detect(text, prior="en").code == "en"
    assert detect(text, prior="es").code == "es"


def test_only_languages_of_the_hotel_are_answered() -> None:
    assert detect("quiero una habitación", allowed=("en",)).code == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "😀😀",
        "\x00\x01\u202e",
        "مرحبا أريد غرفة",
        "??",
        "\ud800",
        "a" * 4000,
        "1 " * 2000,
        "del " * 1000,
        "í\u0301\u0301",
        "١٢٣ ２",
    ],
)
def test_odd_input_has_an_answer(text: str) -> None:
    analysis = read(text)
    assert analysis.language.code in ("es", "en")
    assert all(0 <= intent.confidence <= 1 for intent in analysis.intents)


HOTEL_WORDS = [
    "del",
    "al",
    "3",
    "31",
    "99",
    "de",
    "diciembre",
    "12/13",
    "2026",
    "y",
    "noches",
    "para",
    "el",
    "R1001",
    ",",
    "nombre",
]


@pytest.mark.parametrize(
    "word", ["si ", "no ", "yes please ", "he is ", "1, ", "a nombre de ", "juan punto ", "lunes ", "12/"]
)
def test_a_word_repeated_thousands_of_times_is_read_to_the_end(word: str) -> None:
    asked = ("confirm", "child_ages", "guest_name", "check_in", "adults", "arrival_time", "reservation")
    assert read((word * 4000)[:4000], *asked).language.code in ("es", "en")


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_has_an_analysis_with_spans_inside_it(text: str) -> None:
    for entity in read(text, "guest_name", "check_in").entities:
        assert 0 <= entity.span.start < entity.span.end <= len(text)
        assert text[entity.span.start : entity.span.end] == entity.text


@given(
    st.lists(
        st.sampled_from(HOTEL_WORDS),
        max_size=14,
    )
)
@settings(max_examples=200, deadline=None)
def test_any_order_of_hotel_words_has_an_analysis(words: list[str]) -> None:
    read(" ".join(words), "check_in")
