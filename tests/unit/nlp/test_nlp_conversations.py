"""Turns as guests of a small hotel write them, read by the trained model together with the rules."""

from __future__ import annotations

from datetime import date

import pytest

from services.nlp.adapters.composition import load_analyser
from services.nlp.domain.analysis import Analyser
from tests.unit.nlp.reading import context, short


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return load_analyser()


@pytest.mark.parametrize(
    ("text", "asked", "intents", "entities"),
    [
        ("buenas noches", (), {"greeting"}, set()),
        ("me gustaría apartar un cuarto", (), {"reservation_request"}, set()),
        ("del 9 al 12 de enero", ("check_in",), {"provide_info"}, {"check_in=2027-01-09", "check_out=2027-01-12"}),
        ("somos tres adultos", ("adults",), {"provide_info"}, {"adults=3"}),
        ("la suite no reembolsable", ("room_type", "rate_plan"), {"provide_info"}, {"room_type=SUI", "rate_plan=NRF"}),
        ("Valeria Montes", ("guest_name",), {"provide_info"}, {"guest_name=Valeria Montes"}),
        ("sí, todo correcto", ("confirm",), {"confirm"}, set()),
        (
            "Hello! Twin for 2 adults, Jan 5 to Jan 7, non-refundable please. My name is Olive Hart.",
            (),
            {"reservation_request"},
            {"room_type=TWN", "adults=2", "check_in=2027-01-05", "check_out=2027-01-07", "rate_plan=NRF",
             "guest_name=Olive Hart"},
        ),
        ("yes, go ahead and book it", ("confirm",), {"confirm"}, set()),
        ("la familiar la noche del 5 de enero, somos 4", (), {"reservation_request"},
         {"room_type=FAM", "night=2027-01-05", "check_out=2027-01-06", "adults=4"}),
        ("entrada el 20 de enero y salida el 18, para dos", (), {"reservation_request"},
         {"check_in=2027-01-20!reversed", "check_out=2027-01-18!reversed", "adults=2"}),
        ("¿Hay alberca? Y quiero una suite del 9 al 10 de enero para dos", (),
         {"general_inquiry", "reservation_request"},
         {"room_type=SUI", "check_in=2027-01-09", "check_out=2027-01-10", "adults=2"}),
        ("book a suite 11-12 January for 1, non-refundable, Zoe Park", (), {"reservation_request"},
         {"room_type=SUI", "check_in=2027-01-11", "check_out=2027-01-12", "adults=1", "rate_plan=NRF",
          "guest_name=Zoe Park"}),
        ("necesito cancelar mi reserva de enero", (), {"cancellation_request"}, {"month=2027-01"}),
        ("sí, anúlala", ("confirm",), {"confirm"}, set()),
        ("no sale agua caliente y es la tercera vez que aviso!!", (), {"complaint"}, set()),
        ("can I speak to a real person", (), {"human_request"}, set()),
        ("family room 14-16 January for 4?", (), {"availability_check"},
         {"room_type=FAM", "check_in=2027-01-14", "check_out=2027-01-16", "adults=4"}),
        ("necesito factura", (), {"general_inquiry"}, set()),
        ("quiero otra noche", (), {"modification_request"}, {"extra_nights=1"}),
        ("sin reembolso está bien", ("guest_name",), {"provide_info"}, {"rate_plan=NRF"}),
        ("sip", ("guest_name",), {"confirm"}, set()),
        ("Sí resérvalo, Beto Cruz flexible", ("rate_plan",), {"provide_info"},
         {"guest_name=Beto Cruz", "rate_plan=FLEX"}),
        ("Me urge un cuarto", (), {"reservation_request"}, set()),
        ("espera, ¿cuánto era?", ("confirm",), {"general_inquiry"}, set()),
        ("we'd like to organise a dinner for 30 people", (), {"service_request"}, {"adults=30"}),
        ("can you make an exception please, it's a medical emergency", (), {"human_request"}, set()),
    ],
)  # fmt: skip
def test_a_turn_is_understood(
    analyser: Analyser, text: str, asked: tuple[str, ...], intents: set[str], entities: set[str]
) -> None:
    analysis = analyser.analyse(text, context(*asked))
    assert {intent.name for intent in analysis.intents if intent.confidence >= 0.5} == intents
    assert {short(entity) for entity in analysis.entities} == entities


def test_a_correction_of_the_nights_keeps_the_arrival(analyser: Analyser) -> None:
    known = context("confirm", check_in=date(2026, 12, 3), check_out=date(2026, 12, 5))
    analysis = analyser.analyse("no, mejor 4 noches", known)
    assert {short(entity) for entity in analysis.entities} == {"nights=4", "check_out=2026-12-07"}


@pytest.mark.parametrize("text", ["ahora le digo", "ahorita te digo", "un momento, déjame ver"])
def test_asking_for_time_is_no_refusal(analyser: Analyser, text: str) -> None:
    deny = analyser.analyse(text, context("confirm")).intent("deny")
    assert deny is None or deny.confidence < 0.5


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("¿a qué hora es el desayuno? ¿y hay estacionamiento?", ["breakfast", "parking"]),
        ("do you have a pool and how much is parking?", ["pool", "parking"]),
        ("Is there wifi? Can I bring my dog?", ["wifi", "pets"]),
        ("¿tienen gimnasio y spa?", ["gym", "spa"]),
    ],
)
def test_every_question_of_a_message_has_its_topic(analyser: Analyser, text: str, topics: list[str]) -> None:
    analysis = analyser.analyse(text, context())
    asked = [i.topic for i in analysis.intents if i.name == "general_inquiry" and i.confidence >= 0.5]
    assert asked == topics


def test_the_first_words_of_an_email_count_and_the_quoted_ones_do_not(analyser: Analyser) -> None:
    text = "May we come at 9pm instead?\n\nOn Thu, 19 Nov 2026 at 18:02, Hotel <a@example.com> wrote:\n> cancel R1002?"
    analysis = analyser.analyse(text, context())
    assert "cancellation_request" not in {intent.name for intent in analysis.intents}
    assert {short(entity) for entity in analysis.entities} == {"arrival_time=21:00"}
