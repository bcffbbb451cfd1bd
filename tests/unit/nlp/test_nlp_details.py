"""Rules of people, rooms, names, codes, contacts, times and numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.nlp.domain.numbers import spelled_digits
from services.nlp.domain.phones import PlainPhoneReader
from services.nlp.domain.text import fold
from services.nlp.domain.types import Catalogue, CatalogueItem
from tests.unit.nlp.reading import RULES, context, found, short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("somos dos adultos", {"adults=2"}),
        ("una doble para 3 noches y 2 personas", {"room_type=DBL", "nights=3", "adults=2"}),
        ("2 adultos y 2 niños de 4 y 8 años", {"adults=2", "children=2", "child_age=4", "child_age=8"}),
        ("party of six, two kids aged 3 and 5", {"adults=4", "children=2", "child_age=3", "child_age=5"}),
        ("somos cuatro, dos adultos y dos niños", {"adults=2", "children=2"}),
        ("mi esposa y yo con un bebé de 8 meses", {"adults=2", "children=1", "child_age=0"}),
        ("2 rooms for 4 people for 3 nights", {"rooms=2", "adults=4", "nights=3"}),
        ("viajo solo", {"adults=1"}),
        ("sin niños", {"children=0"}),
        ("1 niña de 3 y 1 niño de 5 años", {"children=2", "child_age=3", "child_age=5"}),
    ],
)
def test_people_and_rooms_are_told_apart(text: str, expected: set[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("dos", "adults", {"adults=2"}),
        ("just 2 please", "adults", {"adults=2"}),
        ("no", "children", {"children=0"}),
        ("4 y 8", "child_ages", {"child_age=4", "child_age=8"}),
        ("one is 3 and the other is 7", "child_ages", {"child_age=3", "child_age=7"}),
    ],
)
def test_bare_counts_answer_what_was_asked(text: str, asked: str, expected: set[str]) -> None:
    assert found(text, asked) == expected


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("3 and 10 thanks 🙏", "child_ages", {"child_age=3", "child_age=10"}),
        ("let's say 4, thank you so much!", "nights", {"nights=4"}),
        ("Hola, buenas tardes, perdón, 4", "nights", {"nights=4"}),
        ("sorry, 2 please", "adults", {"adults=2"}),
        ("double, flexible, Ann Lee. Many thanks 😊", "", {"room_type=DBL", "rate_plan=FLEX", "guest_name=Ann Lee"}),
        ("a nombre de juan pérez, muchas gracias de antemano", "", {"guest_name=Juan Pérez"}),
    ],
)
def test_courtesies_around_an_answer_are_no_part_of_it(text: str, asked: str, expected: set[str]) -> None:
    assert found(text, *([asked] if asked else [])) == expected


@pytest.mark.parametrize("text", ["ok thanks", "perfecto, muchas gracias", "that's all, cheers", "no gracias", "🙏"])
def test_who_only_takes_leave_is_read_whole(text: str) -> None:
    assert RULES.analyse(text, context()).content == text


@pytest.mark.parametrize("text", ["is it for 2 or 3 nights", "¿a partir de qué edad un niño se considera adulto?"])
def test_questions_count_nobody(text: str) -> None:
    assert not {e for e in found(text) if e.startswith(("adults", "children"))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la doble flexible está bien", {"room_type=DBL", "rate_plan=FLEX"}),
        ("y mejor dos camas", {"room_type=TWN"}),
        ("una doble con dos camas", {"room_type=TWN"}),
        ("tarifa no reembolsabel, habitación famliar", {"rate_plan=NRF", "room_type=FAM"}),
        ("non refundable rate for a twin pls", {"rate_plan=NRF", "room_type=TWN"}),
        ("a king bed", {"room_type=DBL"}),
        ("habitación individual", {"room_type=habitación individual!unknown"}),
        ("we're flexible with the dates", set()),
        ("me cobraron el doble", set()),
        ("una cama extra", set()),
        ("a family of four", {"adults=4"}),
    ],
)
def test_room_types_and_plans_are_the_hotels(text: str, expected: set[str]) -> None:
    assert found(text) == expected


NAMED_ROOMS = Catalogue(
    room_types=(
        CatalogueItem(code="COSY", names=("acogedora", "cosy double")),
        CatalogueItem(code="GARD", names=("jardín", "garden room")),
        CatalogueItem(code="LOFT", names=("loft",)),
    )
)


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("the garden one please", (), {"room_type=GARD"}),
        ("la habitación jardín", (), {"room_type=GARD"}),
        ("2 cosy rooms for 4 adults", (), {"rooms=2", "room_type=COSY", "adults=4"}),
        ("garden, please", ("room_type",), {"room_type=GARD"}),
        ("garden, please", (), set()),
        ("is there a garden?", ("room_type",), set()),
        ("can we have breakfast in the garden", (), set()),
    ],
)
def test_a_word_of_one_room_alone_tells_it_beside_a_noun_or_as_the_choice(
    text: str, asked: tuple[str, ...], expected: set[str]
) -> None:
    of_the_house = replace(context(*asked), catalogue=NAMED_ROOMS)
    assert {short(entity) for entity in RULES.analyse(text, of_the_house).entities} == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a nombre de Rosa Díaz", "Rosa Díaz"),
        ("Name is Emily Clark.", "Emily Clark"),
        ("book a double, flexible, Ann Lee", "Ann Lee"),
        ("hola soy María José Fernández de la Cruz, quiero reservar", "María José Fernández de la Cruz"),
        ("a nombre de juan perez garcia por favor", "Juan Perez Garcia"),
        ("a room for Mr. Smith", "Smith"),
    ],
)
def test_a_name_follows_its_cue_or_signs_the_message(text: str, name: str) -> None:
    assert f"guest_name={name}" in found(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("María López R1001", "María López"),
        ("Sarah Connor, sarah@example.com", "Sarah Connor"),
        ("reservame, Lucía Fernández, lucia@example.com", "Lucía Fernández"),
        ("Tom O'Neil tom@example.com", "Tom O'Neil"),
        ("Jorge Ibáñez, tel 5512345678", "Jorge Ibáñez"),
        ("R1001, Ana Ruiz", "Ana Ruiz"),
    ],
)
def test_a_name_stands_beside_a_code_an_address_or_a_number(text: str, name: str) -> None:
    assert f"guest_name={name}" in found(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Carlos Méndez", "Carlos Méndez"),
        ("emily clark", "Emily Clark"),
        ("sí, a nombre de Pedro", "Pedro"),
        ("es para mi mamá, Lucía Torres", "Lucía Torres"),
        ("ponlo a nombre de doña carmen rivas", "Carmen Rivas"),
        ("O'Brien", "O'Brien"),
    ],
)
def test_a_bare_name_answers_the_question_for_it(text: str, name: str) -> None:
    assert f"guest_name={name}" in found(text, "guest_name")


@pytest.mark.parametrize("text", ["yes", "¿cuánto cuesta el desayuno?", "soy vegetariano", "I'm tired"])
def test_other_words_are_no_name(text: str) -> None:
    assert not {e for e in found(text, "guest_name") if e.startswith("guest_name")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("booking R1002", "reservation_code=R1002"),
        ("la reserva erre mil uno", "reservation_code=R1001"),
        ("r 1 0 0 1", "reservation_code=R1001"),
        ("erre uno cero cero uno", "reservation_code=R1001"),
        ("reserva HA7K2M", "reservation_code=HA7K2M"),
        ("my confirmation code is KXMRTP", "reservation_code=KXMRTP"),
        ("mi correo maria.lopez@example.com", "email=maria.lopez@example.com"),
        ("juan punto perez arroba gmail punto com", "email=juan.perez@gmail.com"),
        ("mi teléfono es 55 1234 5678", "phone=+525512345678"),
        ("my number is +44 7700 900123", "phone=+447700900123"),
        ("estoy en la 204, necesito toallas", "room_number=204"),
        ("an extra key for room 312", "room_number=312"),
        ("hasta $1,200 pesos", "money=1200"),
        ("no more than €99.50", "money=99.50 EUR"),
        ("llego a las 10 de la noche", "arrival_time=22:00"),
        ("could we arrive at 10pm instead?", "arrival_time=22:00"),
        ("llegamos sobre las 15:30", "arrival_time=15:30"),
        ("can I arrive at 11?", "arrival_time=11:00?"),
        ("we leave at noon", "departure_time=12:00"),
    ],
)
def test_fixed_forms_are_normalised(text: str, expected: str) -> None:
    assert expected in found(text)


@pytest.mark.parametrize(
    ("written", "language", "digits"),
    [
        ("dos mil veintiséis", "es", "2026"),
        ("treinta y uno", "es", "31"),
        ("cuatro y ocho", "es", "4 y 8"),
        ("mil uno", "es", "1001"),
        ("once", "es", "11"),
        ("once", "en", "once"),
        ("twenty-third", "en", "23rd"),
        ("one hundred and two", "en", "102"),
        ("this one", "en", "this one"),
        ("the first time", "en", "the first time"),
        ("the first of June", "en", "the 1st of june"),
    ],
)
def test_number_words_become_digits(written: str, language: str, digits: str) -> None:
    assert spelled_digits(fold(written), language).folded == digits


def test_the_plain_phone_reader_knows_lengths() -> None:
    reader = PlainPhoneReader()
    assert reader.read("55 1234 5678", "MX") == "+525512345678"
    assert reader.read("+34 600 111 222", "MX") == "+34600111222"
    assert reader.read("1234", "MX") == ""
    assert reader.read("55 1234 5678", "") == ""
